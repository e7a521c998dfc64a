/*
 * timeline_selectivity.c: what the planner asks about `timeline @@ pattern`: how many rows it finds, and that
 * kpi.matches is the same and can use the same index.
 *
 * The estimate: a complete pass needs an event for every required step, so the scarcest of the steps
 * bounds it. The share of the timelines that have a label is what ANALYZE found; alternatives, also those
 * behind a prefix, are taken as independent. That the events also come in the right order, in time and undisturbed is
 * assumed of half of the timelines that have them all.
 */
#include "kpi_track.h"

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "language/pattern_value.h"

#define SHARE_UNKNOWN 0.1		/* of the timelines that have a label, without statistics */
#define SHARE_IN_ORDER 0.5		/* of those with all labels that a chain runs through in order */

PG_FUNCTION_INFO_V1(timeline_match_sel);
PG_FUNCTION_INFO_V1(timeline_match_joinsel);
PG_FUNCTION_INFO_V1(timeline_match_support);

/* ---- shares of labels ---- */

typedef struct LabelShares
{
	AttStatsSlot slot;			/* labels by their bytes, and shares; no values: nothing is known */
	double		other;			/* of a label that is not among them */
} LabelShares;

/* Of the other labels the greatest share is known that one may have; half of it is taken. */
static void
shares_open(const VariableStatData *variable, LabelShares *shares)
{
	memset(shares, 0, sizeof(*shares));
	shares->other = SHARE_UNKNOWN;
	if (!HeapTupleIsValid(variable->statsTuple) ||
		!get_attstatsslot(&shares->slot, variable->statsTuple, STATISTIC_KIND_MCELEM, InvalidOid,
						  ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
		return;
	if (shares->slot.valuetype != TEXTOID || shares->slot.nnumbers < shares->slot.nvalues + 2)
		shares->slot.nvalues = 0;	/* not ours */
	else
		shares->other = Min(SHARE_UNKNOWN, shares->slot.numbers[shares->slot.nvalues] / 2);
}

/* Compares a common label with one of the pattern, of which a prefix is equal to all that begins so. */
static int
compare_common(Datum common, const Label *label)
{
	struct varlena *text = (struct varlena *) DatumGetPointer(common);
	size_t		length = VARSIZE_ANY_EXHDR(text);
	int			order = memcmp(VARDATA_ANY(text), label->bytes, Min(length, label->length));

	if (order != 0 || length == label->length)
		return order;
	return length < label->length ? -1 : label->prefix ? 0 : 1;
}

/* The share of the timelines that have none of the events of a label. */
static double
share_without(const LabelShares *shares, const Label *label)
{
	double		without = 1;
	int			low = 0;
	int			high = shares->slot.nvalues;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (compare_common(shares->slot.values[middle], label) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == shares->slot.nvalues || compare_common(shares->slot.values[low], label) != 0)
		return 1 - shares->other;
	for (; low < shares->slot.nvalues && compare_common(shares->slot.values[low], label) == 0; low++)
		without *= 1 - shares->slot.numbers[low];
	return without;
}

/* ---- estimates ---- */

static double
pattern_share(const Pattern *pattern, const LabelShares *shares)
{
	double		scarcest = 1;
	int			required = 0;

	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];
		double		without = 1;

		if (step->optional)
			continue;
		required++;
		if (step->any)
			continue;
		for (uint32 i = step->labels.first; i < step->labels.first + step->labels.count; i++)
			without *= share_without(shares, &pattern->labels[i]);
		scarcest = Min(scarcest, 1 - without);
	}
	if (required > 1 && !pattern->any_order)
		scarcest *= SHARE_IN_ORDER;
	return scarcest;
}

static double
match_share(PlannerInfo *root, List *args, int relation)
{
	VariableStatData variable;
	Node	   *other;
	bool		on_left;
	LabelShares shares;
	double		share = SHARE_UNKNOWN * SHARE_IN_ORDER;

	if (list_length(args) != 2 ||
		!get_restriction_variable(root, args, relation, &variable, &other, &on_left))
		return share;
	if (IsA(other, Const) && ((Const *) other)->constisnull)
		share = 0;				/* strict */
	else if (on_left && IsA(other, Const))
	{
		shares_open(&variable, &shares);
		share = pattern_share(&compiled_pattern_peek(((Const *) other)->constvalue)->pattern, &shares);
		free_attstatsslot(&shares.slot);
	}
	if (HeapTupleIsValid(variable.statsTuple))
		share *= 1 - ((Form_pg_statistic) GETSTRUCT(variable.statsTuple))->stanullfrac;
	ReleaseVariableStats(variable);
	CLAMP_PROBABILITY(share);
	return share;
}

Datum
timeline_match_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(match_share((PlannerInfo *) PG_GETARG_POINTER(0), (List *) PG_GETARG_POINTER(2),
								 PG_GETARG_INT32(3)));
}

/* Of timelines with patterns from another table nothing is known. */
Datum
timeline_match_joinsel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(SHARE_UNKNOWN * SHARE_IN_ORDER);
}

/* ---- kpi.matches(timeline, pattern) ---- */

/* The condition on the index that kpi.matches(timeline, pattern) amounts to; NIL if there is none. */
static List *
index_condition(SupportRequestIndexCondition *request)
{
	Node	   *timeline;
	Node	   *pattern;
	Oid			operator;

	if (!is_funcclause(request->node) || request->indexarg != 0)
		return NIL;
	timeline = linitial(((FuncExpr *) request->node)->args);
	pattern = lsecond(((FuncExpr *) request->node)->args);
	operator = get_opfamily_member(request->opfamily, exprType(timeline), exprType(pattern), 1);
	/* Whatever the family is: the operator has to be that of this function. */
	if (!OidIsValid(operator) || get_opcode(operator) != request->funcid ||
		!is_pseudo_constant_for_index(request->root, pattern, request->index))
		return NIL;
	request->lossy = false;
	return list_make1(make_opclause(operator, BOOLOID, false, (Expr *) timeline, (Expr *) pattern,
									InvalidOid, request->indexcollation));
}

Datum
timeline_match_support(PG_FUNCTION_ARGS)
{
	Node	   *node = (Node *) PG_GETARG_POINTER(0);

	if (IsA(node, SupportRequestIndexCondition))
		PG_RETURN_POINTER(index_condition((SupportRequestIndexCondition *) node));
	if (IsA(node, SupportRequestSelectivity))
	{
		SupportRequestSelectivity *request = (SupportRequestSelectivity *) node;

		request->selectivity = request->is_join ? SHARE_UNKNOWN * SHARE_IN_ORDER :
			match_share(request->root, request->args, request->varRelid);
		PG_RETURN_POINTER(request);
	}
	PG_RETURN_POINTER(NULL);
}
