/*
 * survey_summary.c: see survey_summary.h.
 */
#include "measures/survey_summary.h"

#include "language/stored_literal.h"
#include "measures/rows.h"

void
survey_summary_init(SurveySummary *summary, const char *text, size_t length, const SurveyKind *kind)
{
	summary->text = text;
	summary->length = length;
	summary->kind = *kind;
}

/* Where a score is, or would be. */
static size_t
find(const SurveySummary *summary, int64_t score)
{
	size_t		low = 0;
	size_t		high = summary->used;

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (summary->scores[middle].score < score)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
survey_summary_add(SurveySummary *summary, int64_t score, int64_t count)
{
	size_t		at = find(summary, score);

	rows_merge(&summary->total, count);
	if (at < summary->used && summary->scores[at].score == score)
	{
		summary->scores[at].count += count;
		if (summary->scores[at].count == 0)
		{
			memmove(&summary->scores[at], &summary->scores[at + 1], (summary->used - at - 1) * sizeof(SurveyScore));
			summary->used--;
		}
		return;
	}
	if (summary->used == SURVEY_SCORES_MAX)
		host_fail(HOST_LIMIT, "Round the scores, or take kpi.ratio(score, 1) for the mean of any numbers.",
				  "a survey has more than %d different scores", SURVEY_SCORES_MAX);
	if (summary->used == summary->size)
	{
		size_t		size = summary->size == 0 ? 12 : summary->size * 2;

		summary->scores = summary->size == 0 ? host_alloc(NULL, host_array_size(size, sizeof(SurveyScore))) :
			host_realloc(summary->scores, host_array_size(size, sizeof(SurveyScore)));
		summary->size = size;
	}
	memmove(&summary->scores[at + 1], &summary->scores[at], (summary->used - at) * sizeof(SurveyScore));
	summary->scores[at] = (SurveyScore) {score, count};
	summary->used++;
}

void
survey_summary_merge(SurveySummary *into, const SurveySummary *from)
{
	if (from->text == NULL)
		return;
	if (into->text == NULL)
		survey_summary_init(into, from->text, from->length, &from->kind);
	for (size_t i = 0; i < from->used; i++)
		survey_summary_add(into, from->scores[i].score, from->scores[i].count);
}

const char *
survey_summary_check(const SurveySummary *summary)
{
	const SurveyKind *kind = &summary->kind;
	int64_t		total = 0;

	for (size_t i = 0; i < summary->used; i++)
	{
		const SurveyScore *score = &summary->scores[i];

		if (score->score < -SURVEY_SCORE_MAX || score->score > SURVEY_SCORE_MAX ||
			(kind->bounded && (score->score < kind->low || score->score > kind->high)) ||
			(kind->whole && score->score % SURVEY_UNIT != 0))
			return "score outside of the scale";
		if (i > 0 && score->score <= score[-1].score)
			return "scores out of order";
		if (score->count <= 0 || __builtin_add_overflow(total, score->count, &total))
			return "count out of range";
	}
	return total == summary->total ? NULL : "counts that do not add up";
}

/* The kind; the number of different scores; each as its distance from the one before (the first one signed), and its count. */
void
survey_summary_write(WireWriter *writer, const SurveySummary *summary)
{
	wire_write_uint(writer, summary->text == NULL ? 0 : summary->length);
	if (summary->text == NULL)
		return;
	wire_write_bytes(writer, summary->text, summary->length);
	wire_write_uint(writer, summary->used);
	for (size_t i = 0; i < summary->used; i++)
	{
		if (i == 0)
			wire_write_int(writer, summary->scores[0].score);
		else
			wire_write_uint(writer, (uint64_t) (summary->scores[i].score - summary->scores[i - 1].score));
		wire_write_uint(writer, (uint64_t) summary->scores[i].count);
	}
}

static void
read_scores(WireReader *reader, SurveySummary *summary)
{
	size_t		count = wire_read_count(reader, 2);
	int64_t		score = 0;

	if (count > SURVEY_SCORES_MAX)
		wire_read_fail(reader, "too many different scores");
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		int64_t		step = i == 0 ? wire_read_int(reader) :
			(int64_t) wire_read_uint_max(reader, 2 * SURVEY_SCORE_MAX, "score out of range");
		int64_t		people = rows_read(reader);

		if ((i > 0 && step == 0) || __builtin_add_overflow(score, step, &score) || people == 0 ||
			people > INT64_MAX - summary->total)
			wire_read_fail(reader, "score or count out of range");
		if (reader->failure == NULL)
			survey_summary_add(summary, score, people);
	}
}

void
survey_summary_read(WireReader *reader, bool utf8, SurveySummary *summary)
{
	size_t		length;
	const char *violated;
	char	   *canonical;
	size_t		canonical_length;
	SurveyKind	kind;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	memset(summary, 0, sizeof(*summary));
	if (text == NULL)
		return;
	if (!survey_kind_parse(text, length, utf8, NULL, &kind, &error))
	{
		wire_read_fail(reader, "not a survey kind");
		return;
	}
	canonical = survey_kind_print(&kind, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length, "survey kind not in canonical form"))
		return;
	survey_summary_init(summary, text, length, &kind);
	read_scores(reader, summary);
	if (wire_read_done(reader) && (violated = survey_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}

int64_t
survey_summary_between(const SurveySummary *summary, int64_t low, int64_t high)
{
	int64_t		people = 0;

	for (size_t i = find(summary, low); i < summary->used && summary->scores[i].score <= high; i++)
		people += summary->scores[i].count;
	return people;
}
