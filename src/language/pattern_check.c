/*
 * pattern_check.c: see pattern_check.h. A pattern that could never mean anything is refused with the
 * reason, rather than answered with zeros.
 */
#include "language/pattern_check.h"

#include <stdio.h>
#include <string.h>

#include "language/duration.h"

static bool
label_covers(const Label *wide, const Label *narrow)
{
	if (!wide->prefix)
		return !narrow->prefix && wide->length == narrow->length &&
			memcmp(wide->bytes, narrow->bytes, wide->length) == 0;
	return narrow->length >= wide->length && memcmp(wide->bytes, narrow->bytes, wide->length) == 0;
}

/* A label of `step` that an event barred by `no` would always have; NULL if there is none. */
static const Label *
barred_label(const Pattern *pattern, LabelSet no, const Step *step)
{
	for (uint32_t n = no.first; n < no.first + no.count; n++)
		for (uint32_t l = step->labels.first; l < step->labels.first + step->labels.count; l++)
			if (label_covers(&pattern->labels[n], &pattern->labels[l]))
				return &pattern->labels[l];
	return NULL;
}

static bool
limit_passed(LanguageError *error, size_t place, const char *message)
{
	language_error(error, place, message, NULL);
	error->limit = true;
	return false;
}

static bool
duration_fits(int64_t span)
{
	return span >= 0 && span <= DURATION_MAX;
}

static bool
check_arrow(const Pattern *pattern, int s, size_t place, LanguageError *error)
{
	const Arrow *arrow = &pattern->steps[s].arrow;
	const Label *barred = NULL;

	if ((arrow->has_min && !duration_fits(arrow->min_span)) ||
		(arrow->has_max && !duration_fits(arrow->max_span)))
		return language_error(error, place, "the duration is too long", NULL);
	if (arrow->has_min && arrow->has_max && arrow->min_span > arrow->max_span)
		return language_error(error, place, "the minimum of the arrow is greater than its maximum", NULL);
	if (arrow->next && arrow->no.count > 0)
		return language_error(error, place, "between neighbours there is nothing to exclude",
							  "Leave out either \"next\" or \"no ...\".");
	if (arrow->next && pattern->reuse_rows)
		return language_error(error, place, "an event that may serve two steps is not its own neighbour",
							  "Leave out \"reuse rows\", or write \"->\".");
	barred = barred_label(pattern, arrow->no, &pattern->steps[s - 1]);
	if (barred == NULL)
		barred = barred_label(pattern, arrow->no, &pattern->steps[s]);
	if (barred != NULL)
	{
		language_error(error, place, "the arrow excludes a step that it joins",
					   "Exclude only events that are neither of the two steps.");
		/* A long label is not named rather than cut: where its characters end depends on the encoding. */
		if (barred->length <= LANGUAGE_NAMED_BYTES)
			snprintf(error->message, sizeof(error->message),
					 "the arrow excludes \"%.*s\", which is a step that it joins",
					 (int) barred->length, barred->bytes);
		return false;
	}
	return true;
}

static bool
check_any_order(const Pattern *pattern, const PatternPlaces *places, LanguageError *error)
{
	if (pattern->strictly_increasing)
		return language_error(error, places->strictly_increasing,
							  "in any order, no step is later than another",
							  "Leave out either \"any order\" or \"strictly increasing\".");
	if (pattern->open)
		return language_error(error, places->open, "in any order, every step may be the first already",
							  "Leave out either \"any order\" or \"open\".");
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Arrow *arrow = &pattern->steps[s].arrow;

		if (s > 0 && (arrow->next || arrow->has_max || arrow->has_min || arrow->no.count > 0))
			return language_error(error, places->arrow[s],
								  "in any order, nothing can be said about what follows what",
								  "Write plain \"->\", or leave out \"any order\".");
		if (pattern->steps[s].optional)
			return language_error(error, places->step[s],
								  "in any order, every step may be missing already",
								  "Leave out either \"any order\" or \"?\".");
	}
	return true;
}

bool
pattern_check_at(const Pattern *pattern, const PatternPlaces *places, LanguageError *error)
{
	int			noptional = 0;
	int64_t		least = 0;

	if (pattern->nsteps < 1)
		return language_error(error, 0, "expected a step", NULL);
	if (pattern->nsteps > PATTERN_MAX_STEPS)
		return limit_passed(error, 0, "a pattern has at most 63 steps");
	if (pattern->nlabels > PATTERN_MAX_LABELS)
		return limit_passed(error, 0, "a pattern has at most 1000 labels");
	for (uint32_t l = 0; l < pattern->nlabels; l++)
		if (pattern->labels[l].length > PATTERN_MAX_LABEL_BYTES)
			return limit_passed(error, 0, "the label is longer than 1024 bytes");
	if (pattern->has_within && !duration_fits(pattern->within))
		return language_error(error, places->within, "the duration is too long", NULL);
	if (pattern->any_order)
		return check_any_order(pattern, places, error);
	if (pattern->steps[0].optional)
		return language_error(error, places->step[0], "the first step can't be optional",
							  "Begin with a step that every actor takes.");
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];

		if (step->optional && ++noptional > PATTERN_MAX_OPTIONAL)
			return limit_passed(error, places->step[s], "a pattern has at most 8 optional steps");
		if (s > 0 && !check_arrow(pattern, s, places->arrow[s], error))
			return false;
		if (s > 0 && !step->optional && step->arrow.has_min)
			least = step->arrow.min_span > DURATION_MAX - least ? DURATION_MAX :
				least + step->arrow.min_span;
	}
	if (pattern->has_within && least > pattern->within)
		return language_error(error, places->within,
							  "the minimum times of the arrows do not fit in the window",
							  "Make the window longer, or the minimum times shorter.");
	if (pattern->open && pattern->first_entry)
		return language_error(error, places->open,
							  "\"first entry\" begins at the first step, \"open\" at any",
							  "Leave out one of them.");
	if (pattern->reuse_rows && pattern->strictly_increasing)
		return language_error(error, places->reuse_rows, "no event is later than itself",
							  "Leave out either \"reuse rows\" or \"strictly increasing\".");
	return true;
}

bool
pattern_check(const Pattern *pattern, LanguageError *error)
{
	const PatternPlaces nowhere = {0};

	return pattern_check_at(pattern, &nowhere, error);
}
