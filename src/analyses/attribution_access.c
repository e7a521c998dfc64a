/*
 * attribution_access.c: reading a kpi.attribution: credit by model, and what is known of paths.
 */
#include "analyses/attribution.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "analyses/attribution_summary_credit.h"
#include "engine/period.h"

PG_FUNCTION_INFO_V1(attribution_credit);
PG_FUNCTION_INFO_V1(attribution_removal_effects);
PG_FUNCTION_INFO_V1(attribution_assisted);
PG_FUNCTION_INFO_V1(attribution_transitions);
PG_FUNCTION_INFO_V1(attribution_top_paths);
PG_FUNCTION_INFO_V1(attribution_path_lengths);
PG_FUNCTION_INFO_V1(attribution_time_lags);
PG_FUNCTION_INFO_V1(attribution_path_error);
PG_FUNCTION_INFO_V1(attribution_cut_paths);
PG_FUNCTION_INFO_V1(attribution_spec_of);

/* ---- what they share ---- */

static Datum
channel_datum(const AttributionSummary *summary, uint32 channel)
{
	if (channel >= summary->channels->count)
		return PointerGetDatum(cstring_to_text("(other)"));
	return PointerGetDatum(cstring_to_text_with_len(summary->channels->labels[channel].bytes,
													summary->channels->labels[channel].length));
}

/* The first column of a row: the period, null where all time is one. */
static void
put_period(const AttributionSummary *summary, const AttributionPeriod *period, Datum *value, bool *null)
{
	const PeriodClause *periods = &summary->spec.periods;

	*null = periods->grain == GRAIN_NONE;
	*value = *null ? (Datum) 0 :
		TimestampGetDatum(period_start(periods->grain, periods->week_start, period->number));
}

/* Which channels some path of a period has. */
static bool *
find_present(const AttributionSummary *summary, const AttributionPeriod *period)
{
	bool	   *present = palloc0(summary->channels->count + 1);

	for (size_t i = 0; i < period->transitions.size; i++)
	{
		const CountEntry *entry = &period->transitions.places[i];

		if (entry->count != 0 && entry->key.part[1] > ATTRIBUTION_LOST)
			present[entry->key.part[1] - 2] = true;
	}
	return present;
}

/* All periods as one. The summary's channels are in order. */
static AttributionPeriod *
all_periods(const AttributionSummary *summary)
{
	AttributionSummary *whole;
	AttributionPeriod *period;

	if (summary->nperiods == 1)
		return &summary->periods[0];
	whole = palloc(sizeof(AttributionSummary));
	attribution_summary_init(whole, summary->text, summary->length, &summary->spec);
	whole->level = summary->level;
	for (uint32 c = 0; c < summary->channels->count; c++)
		attribution_summary_channel(whole, summary->channels->labels[c].bytes, summary->channels->labels[c].length);
	period = attribution_summary_period(whole, 0);
	for (size_t p = 0; p < summary->nperiods; p++)
	{
		const AttributionPeriod *part = &summary->periods[p];

		for (size_t i = 0; i < part->transitions.size; i++)
		{
			const CountEntry *entry = &part->transitions.places[i];

			if (entry->count != 0)
				attribution_period_transition(whole, period, entry->key.part[0], entry->key.part[1], entry->count);
		}
		for (uint32 i = 0; i < part->npaths; i++)
			attribution_period_path(whole, period, part->numbers + part->paths[i].first, part->paths[i].length,
									part->paths[i].conversions, part->paths[i].lost, &part->paths[i].revenue);
		for (uint32 i = 0; i < part->lengths.used; i++)
			conversion_counts_add(&period->lengths, part->lengths.counts[i].key, part->lengths.counts[i].count,
								  &part->lengths.counts[i].revenue);
		for (uint32 i = 0; i < part->lags.used; i++)
			conversion_counts_add(&period->lags, part->lags.counts[i].key, part->lags.counts[i].count,
								  &part->lags.counts[i].revenue);
	}
	return period;
}

static int
order_argument(int order)
{
	if (order < 1 || order > ATTRIBUTION_MAX_ORDER)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("a Markov chain of order %d is not known", order),
				errhint("Orders are: 1, 2, 3."));
	return order;
}

static Datum
ratio_datum(double number, double of, bool *null)
{
	*null = of == 0;
	return *null ? (Datum) 0 : Float8GetDatum(number / of);
}

/* ---- credit ---- */

static AttributionModel
model_argument(text *argument)
{
	char	   *name = text_to_cstring(argument);

	for (int m = 0; m < ATTRIBUTION_MODELS; m++)
		if (pg_strcasecmp(name, attribution_model_names[m]) == 0)
			return (AttributionModel) m;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("unknown model of attribution \"%s\"", name),
			errhint("Models are: first, last, last_non_direct, linear, position, time_decay, markov, shapley."));
}

static AttributionOptions
options_arguments(FunctionCallInfo fcinfo)
{
	AttributionOptions options = {
		.first_weight = PG_GETARG_FLOAT8(2), .last_weight = PG_GETARG_FLOAT8(3),
		.order = order_argument(PG_GETARG_INT32(4)), .rate = PG_GETARG_BOOL(5)
	};

	/* 0.1 + 0.9 may be a little more than 1 */
	if (!(options.first_weight >= 0 && options.last_weight >= 0 && options.first_weight + options.last_weight <= 1 + 1e-12))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("weights %g and %g of the first and the last touch are not parts of one conversion",
					   options.first_weight, options.last_weight),
				errhint("Weights are from 0 on, and together not more than 1."));
	return options;
}

typedef struct RankedCredit
{
	AmountSum	conversions;	/* all of one number of decimals */
	uint32		channel;
} RankedCredit;

static int
most_first(const void *a, const void *b)
{
	const RankedCredit *left = a;
	const RankedCredit *right = b;

	if (left->conversions.number != right->conversions.number)
		return left->conversions.number > right->conversions.number ? -1 : 1;
	return (left->channel > right->channel) - (left->channel < right->channel);
}

static void
put_credit(ReturnSetInfo *result, const AttributionSummary *summary, const AttributionPeriod *period, Datum channel,
		   const AmountSum *conversions, const AmountSum *revenue, double number)
{
	Datum		values[5];
	bool		nulls[5] = {0};
	int64		total;
	AmountSum	total_revenue;

	attribution_period_total(period, &total, &total_revenue);
	put_period(summary, period, &values[0], &nulls[0]);
	values[1] = channel;
	values[2] = NumericGetDatum(amount_sum_numeric(conversions));
	values[3] = NumericGetDatum(amount_sum_numeric(revenue));
	values[4] = ratio_datum(number, (double) total, &nulls[4]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
attribution_credit(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttributionSummary summary;
	AttributionModel model = model_argument(PG_GETARG_TEXT_PP(1));
	AttributionOptions options = options_arguments(fcinfo);
	uint32		count;
	AttributionCredit *credits;
	RankedCredit *ranked;

	materialize_rows(fcinfo);
	attribution_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	count = summary.channels->count;
	credits = palloc(mul_size(count + 1, sizeof(AttributionCredit)));
	ranked = palloc(mul_size(count + 1, sizeof(RankedCredit)));
	for (size_t p = 0; p < summary.nperiods; p++)
	{
		const AttributionPeriod *period = &summary.periods[p];
		bool	   *present = find_present(&summary, period);
		uint32		nranked = 0;
		int64		touched;
		AmountSum	revenue;

		attribution_period_touched(period, &touched, &revenue);
		attribution_period_credit(&summary, period, model, &options, credits);
		for (uint32 c = 0; c <= count; c++)
			if (c == count ? credits[c].share != 0 : present[c])
				ranked[nranked++] = (RankedCredit) {credits[c].conversions, c};
		qsort(ranked, nranked, sizeof(RankedCredit), most_first);
		for (uint32 i = 0; i < nranked; i++)
		{
			const AttributionCredit *credit = &credits[ranked[i].channel];

			put_credit(result, &summary, period, channel_datum(&summary, ranked[i].channel), &credit->conversions,
					   &credit->revenue, credit->share * (double) touched);
		}
		if (period->lengths.used > 0 && period->lengths.counts[0].key == 0)
		{
			AmountSum	none = {period->lengths.counts[0].count, 0};

			put_credit(result, &summary, period, CStringGetTextDatum("(none)"), &none,
					   &period->lengths.counts[0].revenue, (double) none.number);
		}
		pfree(present);
	}
	return (Datum) 0;
}

Datum
attribution_removal_effects(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttributionSummary summary;
	int			order = order_argument(PG_GETARG_INT32(1));
	uint32		count;
	double	   *effects;
	double	   *revenue_effects;

	materialize_rows(fcinfo);
	attribution_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	count = summary.channels->count;
	effects = palloc(mul_size(count + 1, sizeof(double)));
	revenue_effects = palloc(mul_size(count + 1, sizeof(double)));
	for (size_t p = 0; p < summary.nperiods; p++)
	{
		const AttributionPeriod *period = &summary.periods[p];
		bool	   *present = find_present(&summary, period);
		int64		touched;
		AmountSum	revenue;

		attribution_period_touched(period, &touched, &revenue);
		attribution_period_removal(&summary, period, order, effects, revenue_effects);
		for (uint32 c = 0; c <= count; c++)
		{
			Datum		values[4];
			bool		nulls[4] = {0};

			if (c == count ? effects[c] == 0 : !present[c])
				continue;
			put_period(&summary, period, &values[0], &nulls[0]);
			values[1] = channel_datum(&summary, c);
			nulls[2] = touched == 0;
			values[2] = Float8GetDatum(effects[c]);
			nulls[3] = touched == 0 || revenue.number == 0;
			values[3] = Float8GetDatum(revenue_effects[c]);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
		pfree(present);
	}
	return (Datum) 0;
}

/* ---- assists ---- */

Datum
attribution_assisted(PG_FUNCTION_ARGS)
{
	static const CreditKind firsts[] = {CREDIT_ONLY, CREDIT_FIRST_OF_TWO, CREDIT_FIRST_OF_MANY};
	static const CreditKind lasts[] = {CREDIT_ONLY, CREDIT_LAST_OF_TWO, CREDIT_LAST_OF_MANY};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttributionSummary summary;

	materialize_rows(fcinfo);
	attribution_open(PG_GETARG_DATUM(0), &summary);
	for (size_t p = 0; p < summary.nperiods; p++)
	{
		const AttributionPeriod *period = &summary.periods[p];
		bool	   *present = find_present(&summary, period);

		for (uint32 c = 0; c < summary.channels->count; c++)
		{
			static const ChannelCredits nothing;
			const CreditSum *sums = (c < period->ncredits && period->credits[c] != NULL ? period->credits[c] : &nothing)->sums;
			int64		first = 0;
			int64		last = 0;
			Datum		values[8];
			bool		nulls[8] = {0};

			if (!present[c])
				continue;
			for (int k = 0; k < 3; k++)
			{
				first += (int64) sums[firsts[k]].conversions.number;
				last += (int64) sums[lasts[k]].conversions.number;
			}
			put_period(&summary, period, &values[0], &nulls[0]);
			values[1] = channel_datum(&summary, c);
			values[2] = Int64GetDatum((int64) sums[CREDIT_TOUCHED].conversions.number);
			values[3] = Int64GetDatum((int64) sums[CREDIT_ASSISTED].conversions.number);
			values[4] = Int64GetDatum(first);
			values[5] = Int64GetDatum(last);
			values[6] = NumericGetDatum(amount_sum_numeric(&sums[CREDIT_ASSISTED].revenue));
			values[7] = ratio_datum((double) sums[CREDIT_ASSISTED].conversions.number, (double) last, &nulls[7]);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
		pfree(present);
	}
	return (Datum) 0;
}

/* ---- transitions ---- */

Datum
attribution_transitions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttributionSummary summary;
	const CountTable *transitions;
	CountEntry *entries;
	double	   *totals;

	materialize_rows(fcinfo);
	attribution_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	transitions = &all_periods(&summary)->transitions;
	entries = count_table_sorted(transitions);
	totals = palloc0(mul_size(summary.channels->count + 1, sizeof(double)));
	for (size_t i = 0; i < transitions->used; i++)
		totals[entries[i].key.part[0]] += (double) entries[i].count;
	for (size_t i = 0; i < transitions->used; i++)
	{
		uint32		from = entries[i].key.part[0];
		uint32		to = entries[i].key.part[1];
		Datum		values[4];
		bool		nulls[4] = {0};

		values[0] = from == ATTRIBUTION_START ? CStringGetTextDatum("(start)") : channel_datum(&summary, from - 1);
		values[1] = to == ATTRIBUTION_CONVERTED ? CStringGetTextDatum("(conversion)") :
			to == ATTRIBUTION_LOST ? CStringGetTextDatum("(null)") : channel_datum(&summary, to - 2);
		values[2] = Int64GetDatum(entries[i].count);
		values[3] = ratio_datum((double) entries[i].count, totals[from], &nulls[3]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- paths ---- */

/* By conversions; then those who were most often taken; then by their channels, as they are stored. */
static int
best_first(const void *a, const void *b)
{
	const AttributionPath *left = a;
	const AttributionPath *right = b;

	if (left->conversions != right->conversions)
		return left->conversions > right->conversions ? -1 : 1;
	if (left->lost != right->lost)
		return left->lost > right->lost ? -1 : 1;
	return (left->first > right->first) - (left->first < right->first);
}

/* The paths of all periods, by their channels: of one period they are so. */
typedef struct SortedPath
{
	AttributionPath path;
	const uint16_t *channels;
} SortedPath;

static int
by_channels(const void *a, const void *b)
{
	const SortedPath *left = a;
	const SortedPath *right = b;

	for (uint32 i = 0; i < left->path.length && i < right->path.length; i++)
		if (left->channels[i] != right->channels[i])
			return left->channels[i] < right->channels[i] ? -1 : 1;
	return (left->path.length > right->path.length) - (left->path.length < right->path.length);
}

static Datum
path_array(const AttributionSummary *summary, const uint16_t *channels, uint32 length)
{
	Datum		labels[ATTRIBUTION_MAX_TOUCHES + 1];

	for (uint32 i = 0; i < length; i++)
		labels[i] = channel_datum(summary, channels[i]);
	return PointerGetDatum(construct_array(labels, (int) length, TEXTOID, -1, false, TYPALIGN_INT));
}

static void
put_path(ReturnSetInfo *result, Datum path, int64 conversions, int64 lost, const AmountSum *revenue, int64 total)
{
	Datum		values[6];
	bool		nulls[6] = {0};

	values[0] = path;
	values[1] = Int64GetDatum(conversions);
	values[2] = Int64GetDatum(lost);
	values[3] = ratio_datum((double) conversions, (double) conversions + (double) lost, &nulls[3]);
	values[4] = NumericGetDatum(amount_sum_numeric(revenue));
	values[5] = ratio_datum((double) conversions, (double) total, &nulls[5]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
attribution_top_paths(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttributionSummary summary;
	AttributionPeriod *period;
	SortedPath *sorted;
	AttributionPath *paths;
	int64		most = PG_ARGISNULL(1) ? PG_INT64_MAX : PG_GETARG_INT32(1);
	int64		total = 0;
	AttributionPath rest = {0};

	materialize_rows(fcinfo);
	if (most < 1)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("number of paths " INT64_FORMAT " is not positive", most),
				errhint("Leave it out for the ten most frequent ones, or give null for all."));
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	attribution_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	period = all_periods(&summary);
	sorted = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(period->npaths + 1, sizeof(SortedPath)));
	paths = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(period->npaths + 1, sizeof(AttributionPath)));
	for (uint32 i = 0; i < period->npaths; i++)
		sorted[i] = (SortedPath) {period->paths[i], period->numbers + period->paths[i].first};
	qsort(sorted, period->npaths, sizeof(SortedPath), by_channels);
	for (uint32 i = 0; i < period->npaths; i++)
	{
		paths[i] = sorted[i].path;
		paths[i].first = i;
		total += paths[i].conversions;
	}
	qsort(paths, period->npaths, sizeof(AttributionPath), best_first);
	for (uint32 i = 0; i < period->npaths; i++)
	{
		const AttributionPath *path = &paths[i];

		if (i < most)
		{
			put_path(result, path_array(&summary, sorted[path->first].channels, path->length), path->conversions, path->lost,
					 &path->revenue, total);
			continue;
		}
		rest.conversions += path->conversions;
		rest.lost += path->lost;
		amount_sum_merge(&rest.revenue, &path->revenue);
	}
	if (rest.conversions > 0 || rest.lost > 0)
	{
		uint16_t	other = ATTRIBUTION_OTHER;

		put_path(result, path_array(&summary, &other, 1), rest.conversions, rest.lost, &rest.revenue, total);
	}
	return (Datum) 0;
}

/* ---- lengths and lags ---- */

static Datum
put_counts(FunctionCallInfo fcinfo, bool lags)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttributionSummary summary;
	const ConversionCounts *counts;
	double		total = 0;

	materialize_rows(fcinfo);
	attribution_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	counts = lags ? &all_periods(&summary)->lags : &all_periods(&summary)->lengths;
	for (uint32 i = 0; i < counts->used; i++)
		total += (double) counts->counts[i].count;
	for (uint32 i = 0; i < counts->used; i++)
	{
		const ConversionCount *entry = &counts->counts[i];
		Datum		values[4];
		bool		nulls[4] = {0};

		values[0] = Int32GetDatum((int32) entry->key);
		values[1] = Int64GetDatum(entry->count);
		values[2] = NumericGetDatum(amount_sum_numeric(&entry->revenue));
		values[3] = ratio_datum((double) entry->count, total, &nulls[3]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
attribution_path_lengths(PG_FUNCTION_ARGS)
{
	return put_counts(fcinfo, false);
}

Datum
attribution_time_lags(PG_FUNCTION_ARGS)
{
	return put_counts(fcinfo, true);
}

/* ---- the rest ---- */

Datum
attribution_path_error(PG_FUNCTION_ARGS)
{
	AttributionSummary summary;
	int64		count = 0;

	attribution_open(PG_GETARG_DATUM(0), &summary);
	for (size_t p = 0; p < summary.nperiods; p++)
	{
		const AttributionPeriod *period = &summary.periods[p];

		for (uint32 i = 0; i < period->npaths; i++)
			if (period->numbers[period->paths[i].first] == ATTRIBUTION_OTHER)
				count += period->paths[i].conversions + period->paths[i].lost;
	}
	PG_RETURN_INT64(count);
}

Datum
attribution_cut_paths(PG_FUNCTION_ARGS)
{
	AttributionSummary summary;
	int64		count = 0;

	attribution_open(PG_GETARG_DATUM(0), &summary);
	for (size_t p = 0; p < summary.nperiods; p++)
		count += summary.periods[p].cut;
	PG_RETURN_INT64(count);
}

Datum
attribution_spec_of(PG_FUNCTION_ARGS)
{
	AttributionSummary summary;

	attribution_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary.text, summary.length);
}
