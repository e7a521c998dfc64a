/*
 * golden_test.c: the values of test/golden, whose bytes stay readable for ever, read and written again by the plain C code
 * alone: on any machine, whatever the order of its bytes and the size of its words.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "analyses/activity_summary.h"
#include "analyses/attribution_summary.h"
#include "analyses/funnel_summary.h"
#include "analyses/ltv_summary.h"
#include "analyses/paths_summary.h"
#include "analyses/retention_summary.h"
#include "analyses/sessions_summary.h"
#include "engine/timeline.h"
#include "engine/wire.h"
#include "language/formula.h"
#include "measures/ratio_summary.h"
#include "measures/roi_summary.h"
#include "measures/survey_summary.h"
#include "models/fit.h"

#ifndef GOLDEN
#define GOLDEN "../golden"
#endif

/* One stored value behind its version byte: whether it can be read and is written as the same bytes. */
typedef bool (*Again) (const uint8_t *bytes, size_t length);

static bool
same(const WireWriter *writer, const uint8_t *bytes, size_t length)
{
	return writer->length == length && memcmp(writer->bytes, bytes, length) == 0;
}

/* A summary; merged with itself it stays in order, too. */
#define SUMMARY_AGAIN(name, Type) \
static bool \
name##_again(const uint8_t *bytes, size_t length) \
{ \
	WireReader	reader; \
	WireWriter	writer; \
	Type		summary; \
	Type		other; \
	bool		good; \
	\
	wire_reader_init(&reader, bytes, length); \
	name##_summary_read(&reader, true, &summary); \
	if (!wire_read_done(&reader) || name##_summary_check(&summary) != NULL) \
		return false; \
	wire_writer_init(&writer, 0); \
	name##_summary_write(&writer, &summary); \
	good = same(&writer, bytes, length); \
	wire_reader_init(&reader, bytes, length); \
	name##_summary_read(&reader, true, &other); \
	name##_summary_merge(&summary, &other); \
	return good && name##_summary_check(&summary) == NULL; \
}

/* The text of a literal, which prints as itself. */
#define LITERAL_AGAIN(name, Type, parse, print) \
static bool \
name##_again(const uint8_t *bytes, size_t length) \
{ \
	Type		literal; \
	LanguageError error; \
	char	   *printed; \
	size_t		printed_length; \
	\
	if (!parse) \
		return false; \
	printed = print; \
	return printed_length == length && memcmp(printed, bytes, length) == 0; \
}

static bool
any_zone(const char *zone)
{
	return strchr(zone, ' ') == NULL;
}

#define TEXT (const char *) bytes, length, true

SUMMARY_AGAIN(activity, ActivitySummary)
SUMMARY_AGAIN(attribution, AttributionSummary)
SUMMARY_AGAIN(funnel, FunnelSummary)
SUMMARY_AGAIN(ltv, LtvSummary)
SUMMARY_AGAIN(paths, PathsSummary)
SUMMARY_AGAIN(retention, RetentionSummary)
SUMMARY_AGAIN(sessions, SessionsSummary)
SUMMARY_AGAIN(ratio, RatioSummary)
SUMMARY_AGAIN(roi, RoiSummary)
SUMMARY_AGAIN(survey, SurveySummary)

LITERAL_AGAIN(pattern, Pattern, pattern_parse(TEXT, any_zone, &literal, &error), pattern_print(&literal, true, &printed_length))
LITERAL_AGAIN(activity_spec, ActivitySpec, activity_spec_parse(TEXT, any_zone, &literal, &error), activity_spec_print(&literal, true, &printed_length))
LITERAL_AGAIN(attribution_spec, AttributionSpec, attribution_spec_parse(TEXT, any_zone, &literal, &error), attribution_spec_print(&literal, true, &printed_length))
LITERAL_AGAIN(ltv_spec, LtvSpec, ltv_spec_parse(TEXT, any_zone, &literal, &error), ltv_spec_print(&literal, true, &printed_length))
LITERAL_AGAIN(path_spec, PathSpec, path_spec_parse(TEXT, &literal, &error), path_spec_print(&literal, true, &printed_length))
LITERAL_AGAIN(retention_spec, RetentionSpec, retention_spec_parse(TEXT, any_zone, &literal, &error), retention_spec_print(&literal, true, &printed_length))
LITERAL_AGAIN(session_spec, SessionSpec, session_spec_parse(TEXT, any_zone, &literal, &error), session_spec_print(&literal, true, &printed_length))
LITERAL_AGAIN(survey_kind, SurveyKind, survey_kind_parse(TEXT, any_zone, &literal, &error), survey_kind_print(&literal, true, &printed_length))

static bool
formula_again(const uint8_t *bytes, size_t length)
{
	/* too large for the stack of a test */
	Formula    *formula = host_alloc0(NULL, sizeof(Formula));
	LanguageError error;
	char	   *printed;
	size_t		printed_length;

	if (!formula_parse(TEXT, formula, &error))
		return false;
	printed = formula_print(formula, true, &printed_length);
	return printed_length == length && memcmp(printed, bytes, length) == 0;
}

static bool
ltv_model_again(const uint8_t *bytes, size_t length)
{
	WireReader	reader;
	WireWriter	writer;
	Fit			fit;

	wire_reader_init(&reader, bytes, length);
	fit_read(&reader, &fit);
	if (!wire_read_done(&reader) || fit_check(&fit) != NULL)
		return false;
	wire_writer_init(&writer, 0);
	fit_write(&writer, &fit);
	return same(&writer, bytes, length);
}

/* Written from its events, and built from them in another order. */
static bool
timeline_again(const uint8_t *bytes, size_t length)
{
	WireReader	reader;
	WireWriter	writer;
	WireWriter	built;
	Timeline	timeline;
	TimelineEvent *events;
	TimelineBuilder *builder = timeline_builder_make(NULL);

	wire_reader_init(&reader, bytes, length);
	timeline_open(&reader, &timeline);
	if (reader.failure != NULL || !timeline_check(&reader, &timeline))
		return false;
	events = host_alloc(NULL, (timeline.count + 1) * sizeof(TimelineEvent));
	timeline_decode(&timeline, events);
	wire_writer_init(&writer, 0);
	timeline_write(&writer, timeline.labels, timeline.nlabels, events, timeline.count);
	for (uint64_t i = timeline.count; i > 0; i--)
	{
		const TimelineEvent *event = &events[i - 1];

		timeline_builder_add(builder, event->at, timeline.labels[event->label], event->has_value, event->number,
							 timeline.decimals);
	}
	wire_writer_init(&built, 0);
	timeline_builder_write(builder, &built);
	return same(&writer, bytes, length) && same(&built, bytes, length);
}

static const struct
{
	const char *name;
	Again		again;
	int			cases;			/* at least */
}			types[] = {
	{"activity", activity_again, 5}, {"activity_spec", activity_spec_again, 2}, {"attribution", attribution_again, 5},
	{"attribution_spec", attribution_spec_again, 2}, {"formula", formula_again, 2}, {"funnel", funnel_again, 7},
	{"ltv", ltv_again, 7}, {"ltv_model", ltv_model_again, 6}, {"ltv_spec", ltv_spec_again, 2},
	{"path_spec", path_spec_again, 2}, {"paths", paths_again, 7}, {"pattern", pattern_again, 4},
	{"ratio", ratio_again, 5}, {"retention", retention_again, 6}, {"retention_spec", retention_spec_again, 4},
	{"roi", roi_again, 3}, {"session_spec", session_spec_again, 2}, {"sessions", sessions_again, 4},
	{"survey", survey_again, 5}, {"survey_kind", survey_kind_again, 4}, {"timeline", timeline_again, 8}
};

/* ---- the files ---- */

/* Takes hexadecimal digits as bytes; how many. */
static size_t
from_hex(const char *digits, uint8_t *bytes)
{
	size_t		length = 0;
	unsigned	byte;

	for (; sscanf(digits, "%2x", &byte) == 1; digits += 2)
		bytes[length++] = (uint8_t) byte;
	return length;
}

static void
check_case(const char *type, int version, const char *name, Again again, const uint8_t *bytes, size_t length)
{
	CHECK(length > 0 && bytes[0] == version && again(bytes + 1, length - 1), "%s %d, %s: %zu bytes", type, version, name,
		  length);
	FORGET();
}

static void
check_file(const char *path, const char *type, int version, Again again, int least)
{
	FILE	   *file = fopen(path, "r");
	static char line[1 << 20];
	static uint8_t bytes[1 << 20];
	char		name[200] = "";
	size_t		length = 0;
	int			cases = 0;

	CHECK(file != NULL, "%s", path);
	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL)
	{
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "case ", 5) == 0)
		{
			if (name[0] != '\0')
				check_case(type, version, name, again, bytes, length);
			snprintf(name, sizeof(name), "%.100s", line + 5);
			length = 0;
			cases++;
		}
		else if (strncmp(line, "bytes ", 6) == 0)
			length += from_hex(line + 6, bytes + length);
	}
	check_case(type, version, name, again, bytes, length);
	CHECK(cases >= least, "%s %d: %d cases", type, version, cases);
	fclose(file);
}

int
main(void)
{
	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
	{
		char		path[300];

		/* of each version that a type has had */
		for (int version = 1; version < 256; version++)
		{
			FILE	   *file;

			snprintf(path, sizeof(path), "%s/%d/%s.golden", GOLDEN, version, types[t].name);
			file = fopen(path, "r");
			if (file == NULL && version > 1)
				break;
			if (file != NULL)
				fclose(file);
			check_file(path, types[t].name, version, types[t].again, version == 1 ? types[t].cases : 1);
		}
	}
	return DONE();
}
