/*
 * chart_functions.c: kpi.bar_chart() and the other charts, as SQL calls them. They check what they are given; the files of the charts
 * draw. Labels come in the encoding of the database and are drawn in UTF-8; where that is another one, what is drawn is
 * ASCII with references, which every encoding has.
 */
#include "kpi_track.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "surfaces/chart.h"

PG_FUNCTION_INFO_V1(chart_bars);
PG_FUNCTION_INFO_V1(chart_lines);
PG_FUNCTION_INFO_V1(chart_funnel);
PG_FUNCTION_INFO_V1(chart_heat_map);
PG_FUNCTION_INFO_V1(chart_bullet);
PG_FUNCTION_INFO_V1(chart_sparkline);
PG_FUNCTION_INFO_V1(chart_status_mark);
PG_FUNCTION_INFO_V1(chart_style);
PG_FUNCTION_INFO_V1(markup_escape);
PG_FUNCTION_INFO_V1(figure);
PG_FUNCTION_INFO_V1(words);
PG_FUNCTION_INFO_V1(text_graphics_bar);
PG_FUNCTION_INFO_V1(text_graphics_sparkline);

#define TEXT_BAR_MAX		1000
#define FIGURES_MAX			1000000

static bool
in_utf8(void)
{
	return GetDatabaseEncoding() == PG_UTF8;
}

/* ---- arguments ---- */

/* A datum of type text in UTF-8, or in bytes that nobody knows the encoding of. */
static Text
text_of(Datum datum)
{
	text	   *value = DatumGetTextPP(datum);
	char	   *bytes = VARDATA_ANY(value);
	int			length = VARSIZE_ANY_EXHDR(value);
	char	   *converted = bytes;

	if (!in_utf8() && GetDatabaseEncoding() != PG_SQL_ASCII)
		converted = pg_server_to_any(bytes, length, PG_UTF8);
	return (Text) {converted, converted == bytes ? (size_t) length : strlen(converted)};
}

static Text
text_argument(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? TEXT("") : text_of(PG_GETARG_DATUM(i));
}

static double
figure_argument(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? NAN : PG_GETARG_FLOAT8(i);
}

static bool
flag_argument(FunctionCallInfo fcinfo, int i)
{
	return !PG_ARGISNULL(i) && PG_GETARG_BOOL(i);
}

/* Labels, empty for nulls. */
static Text *
labels_argument(FunctionCallInfo fcinfo, int i, const char *name, size_t *count)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n = array_argument(fcinfo, i, TEXTOID, name, &elements, &nulls);
	Text	   *labels = palloc(sizeof(Text) * Max(n, 1));

	for (int t = 0; t < n; t++)
		labels[t] = nulls[t] ? TEXT("") : text_of(elements[t]);
	*count = n;
	return labels;
}

/* Numbers, in rows if there are two dimensions; NAN for nulls. `rows` is 1 if there is one dimension, and may be NULL. NULL for a null. */
static double *
figures_argument(FunctionCallInfo fcinfo, int i, const char *name, size_t *rows, size_t *count)
{
	ArrayType  *array;
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	double	   *figures;

	*count = 0;
	if (rows != NULL)
		*rows = 1;
	if (PG_ARGISNULL(i))
		return NULL;
	array = PG_GETARG_ARRAYTYPE_P(i);
	if (ARR_NDIM(array) > (rows != NULL ? 2 : 1))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s have %d dimensions", name, ARR_NDIM(array)),
				errhint(rows != NULL ? "Give a list, or a list of lists of one length." : "Give a list: an array of one dimension."));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, &n);
	if (n > FIGURES_MAX)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("%d %s are too many for a picture", n, name),
				errhint("Draw fewer, such as sums by month."));
	figures = palloc(sizeof(double) * Max(n, 1));
	for (int f = 0; f < n; f++)
		figures[f] = nulls[f] ? NAN : DatumGetFloat8(elements[f]);
	if (rows != NULL && ARR_NDIM(array) == 2)
		*rows = ARR_DIMS(array)[0];
	*count = n;
	return figures;
}

/* As many numbers as there are labels; NULL for a null. */
static double *
matching_argument(FunctionCallInfo fcinfo, int i, const char *name, size_t expected, const char *things)
{
	size_t		count;
	double	   *figures = figures_argument(fcinfo, i, name, NULL, &count);

	if (figures != NULL && count != expected)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%zu %s and %zu %s", expected, things, count, name),
				errhint("Give one for each; null where there is none."));
	return figures;
}

static int
size_argument(FunctionCallInfo fcinfo, int i, const char *name, int least, int most, int otherwise)
{
	int			size;

	if (PG_ARGISNULL(i))
		return otherwise;
	size = PG_GETARG_INT32(i);
	if (size < least || size > most)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s %d is not possible", name, size),
				errhint("It is in pixels, from %d to %d.", least, most));
	return size;
}

/* The language by its code, with or without a region: ko, ko-KR. */
static Tongue
tongue_argument(FunctionCallInfo fcinfo, int i)
{
	char	   *code;

	if (PG_ARGISNULL(i))
		return ENGLISH;
	code = text_to_cstring(PG_GETARG_TEXT_PP(i));
	for (int t = 0; t < TONGUES; t++)
		if (pg_strncasecmp(code, tongue_code[t], 2) == 0 && (code[2] == '\0' || code[2] == '-' || code[2] == '_'))
			return t;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("lang \"%s\" is not known", code),
			errhint("There are en (English) and ko (Korean)."));
}

/* KpiStatus, -1 for a null. */
static int
status_argument(FunctionCallInfo fcinfo, int i)
{
	char	   *word;

	if (PG_ARGISNULL(i))
		return -1;
	word = text_to_cstring(PG_GETARG_TEXT_PP(i));
	for (int s = 0; s < KPI_STATUSES; s++)
		if (strcmp(word, kpi_status_name[s]) == 0)
			return s;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("status \"%s\" is not known", word),
			errhint("There are achieved, on_track, at_risk, behind, missed, no_data, stale, uncertain and not_started."));
}

/* title, unit, percent, width, height, lang, embedded: the last arguments of every chart. */
static ChartOptions
options_arguments(FunctionCallInfo fcinfo, int first, int width)
{
	return (ChartOptions) {
		.title = text_argument(fcinfo, first),
		.unit = text_argument(fcinfo, first + 1),
		.percent = flag_argument(fcinfo, first + 2),
		.width = size_argument(fcinfo, first + 3, "width", CHART_WIDTH_MIN, CHART_WIDTH_MAX, width),
		.height = size_argument(fcinfo, first + 4, "height", CHART_HEIGHT_MIN, CHART_HEIGHT_MAX, 0),
		.tongue = tongue_argument(fcinfo, first + 5),
		.bare = flag_argument(fcinfo, first + 6),
		.ascii = !in_utf8(),
	};
}

static Datum
markup_datum(const Markup *markup)
{
	return PointerGetDatum(cstring_to_text_with_len(markup->bytes, markup->length));
}

/* labels, values, series: arguments 0 to 2. False if there is nothing to draw: a null. */
static bool
table_arguments(FunctionCallInfo fcinfo, ChartTable *table)
{
	size_t		nseries;
	size_t		count;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return false;
	table->labels = labels_argument(fcinfo, 0, "labels", &table->nlabels);
	table->values = figures_argument(fcinfo, 1, "values", &table->nseries, &count);
	if (count != table->nlabels * table->nseries)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%zu labels and %zu values", table->nlabels, count / table->nseries),
				errhint("Give a value for each label, null where there is none; of several series a list of such lists."));
	table->has_series = !PG_ARGISNULL(2);
	table->series = labels_argument(fcinfo, 2, "series", &nseries);
	if (table->has_series && nseries != table->nseries && count > 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%zu names of series and %zu series of values", nseries, table->nseries),
				errhint("Give each series its name."));
	if (!table->has_series || nseries < table->nseries)
	{
		Text	   *names = palloc0(sizeof(Text) * Max(table->nseries, 1));

		for (size_t s = 0; s < table->nseries; s++)
			names[s] = s < nseries ? table->series[s] : TEXT("");
		table->series = names;
		/* several without names still are several */
		table->has_series = table->has_series && nseries > 0;
	}
	return true;
}

/* ---- charts ---- */

/* (labels, values, series, options ...) */
Datum
chart_bars(PG_FUNCTION_ARGS)
{
	ChartTable	table;
	ChartOptions options;
	Markup		out;

	if (!table_arguments(fcinfo, &table))
		PG_RETURN_NULL();
	options = options_arguments(fcinfo, 3, 640);
	markup_init(&out, options.ascii);
	bar_chart(&out, &options, &table);
	return markup_datum(&out);
}

/* (labels, values, series, targets, low, high, forecast, status, shades, options ...) */
Datum
chart_lines(PG_FUNCTION_ARGS)
{
	ChartTable	table;
	LineExtras	extras;
	ChartOptions options;
	Markup		out;

	if (!table_arguments(fcinfo, &table))
		PG_RETURN_NULL();
	extras = (LineExtras) {
		.targets = matching_argument(fcinfo, 3, "targets", table.nlabels, "labels"),
		.low = matching_argument(fcinfo, 4, "low", table.nlabels, "labels"),
		.high = matching_argument(fcinfo, 5, "high", table.nlabels, "labels"),
		.forecast = matching_argument(fcinfo, 6, "forecast", table.nlabels, "labels"),
		.status = status_argument(fcinfo, 7),
		.shades = flag_argument(fcinfo, 8),
	};
	options = options_arguments(fcinfo, 9, 640);
	markup_init(&out, options.ascii);
	line_chart(&out, &options, &table, &extras);
	return markup_datum(&out);
}

/* (names, counts, from_first, from_previous, dropped, options ...) */
Datum
chart_funnel(PG_FUNCTION_ARGS)
{
	FunnelChart funnel;
	ChartOptions options;
	Markup		out;
	double	   *from_first;
	double	   *from_previous;
	double	   *dropped;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	funnel.names = labels_argument(fcinfo, 0, "names", &funnel.nsteps);
	funnel.counts = matching_argument(fcinfo, 1, "counts", funnel.nsteps, "names");
	from_first = matching_argument(fcinfo, 2, "from_first", funnel.nsteps, "names");
	from_previous = matching_argument(fcinfo, 3, "from_previous", funnel.nsteps, "names");
	dropped = matching_argument(fcinfo, 4, "dropped", funnel.nsteps, "names");
	options = options_arguments(fcinfo, 5, 640);
	/* what is not told is computed */
	for (int kind = 0; kind < 3; kind++)
	{
		double	  **figures = kind == 0 ? &from_first : kind == 1 ? &from_previous : &dropped;

		if (*figures != NULL)
			continue;
		*figures = palloc(sizeof(double) * Max(funnel.nsteps, 1));
		for (size_t s = 0; s < funnel.nsteps; s++)
		{
			double		before = funnel.counts[kind == 0 || s == 0 ? 0 : s - 1];

			if (kind == 2)
				(*figures)[s] = Max(before - funnel.counts[s], 0);
			else
				(*figures)[s] = before != 0 ? funnel.counts[s] / before : NAN;
		}
	}
	funnel.from_first = from_first;
	funnel.from_previous = from_previous;
	funnel.dropped = dropped;
	markup_init(&out, options.ascii);
	funnel_chart(&out, &options, &funnel);
	return markup_datum(&out);
}

/* (rows, columns, values, incomplete, sizes, row_name, column_name, skipped, options ...) */
Datum
chart_heat_map(PG_FUNCTION_ARGS)
{
	HeatMap		map = {0};
	ChartOptions options;
	Markup		out;
	size_t		value_rows;
	size_t		count;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	map.rows = labels_argument(fcinfo, 0, "rows", &map.nrows);
	map.columns = labels_argument(fcinfo, 1, "columns", &map.ncolumns);
	map.values = figures_argument(fcinfo, 2, "values", &value_rows, &count);
	if (count != map.nrows * map.ncolumns)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%zu rows, %zu columns and %zu values", map.nrows, map.ncolumns, count),
				errhint("Give a value for each cell, row by row; null where there is none."));
	if (!PG_ARGISNULL(3))
	{
		ArrayType  *array = PG_GETARG_ARRAYTYPE_P(3);
		Datum	   *elements;
		bool	   *nulls;
		int			n;
		bool	   *incomplete;

		deconstruct_array(array, BOOLOID, 1, true, TYPALIGN_CHAR, &elements, &nulls, &n);
		if ((size_t) n != count)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("%zu values and %d that say whether they are incomplete", count, n),
					errhint("Give one for each value."));
		incomplete = palloc(Max(n, 1));
		for (int i = 0; i < n; i++)
			incomplete[i] = !nulls[i] && DatumGetBool(elements[i]);
		map.incomplete = incomplete;
	}
	map.sizes = matching_argument(fcinfo, 4, "sizes", map.nrows, "rows");
	map.row_name = text_argument(fcinfo, 5);
	map.column_name = text_argument(fcinfo, 6);
	map.skipped = PG_ARGISNULL(7) ? 0 : Max(PG_GETARG_INT32(7), 0);
	options = options_arguments(fcinfo, 8, 640);
	markup_init(&out, options.ascii);
	heat_map(&out, &options, &map);
	return markup_datum(&out);
}

/* (actual, target, expected, low, high, status, forecast, options ...) */
Datum
chart_bullet(PG_FUNCTION_ARGS)
{
	BulletChart bullet = {
		.actual = figure_argument(fcinfo, 0),
		.target = figure_argument(fcinfo, 1),
		.expected = figure_argument(fcinfo, 2),
		.low = figure_argument(fcinfo, 3),
		.high = figure_argument(fcinfo, 4),
		.status = status_argument(fcinfo, 5),
		.forecast = figure_argument(fcinfo, 6),
	};
	ChartOptions options = options_arguments(fcinfo, 7, 360);
	Markup		out;

	markup_init(&out, options.ascii);
	bullet_chart(&out, &options, &bullet);
	return markup_datum(&out);
}

/* (values, options ...) */
Datum
chart_sparkline(PG_FUNCTION_ARGS)
{
	ChartOptions options;
	Markup		out;
	double	   *values;
	size_t		count;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	values = figures_argument(fcinfo, 0, "values", NULL, &count);
	options = options_arguments(fcinfo, 1, 120);
	markup_init(&out, options.ascii);
	sparkline_chart(&out, &options, values, count);
	return markup_datum(&out);
}

/* ---- pieces of pages ---- */

/* (status, lang) */
Datum
chart_status_mark(PG_FUNCTION_ARGS)
{
	Markup		out;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	markup_init(&out, !in_utf8());
	status_mark(&out, status_argument(fcinfo, 0), tongue_argument(fcinfo, 1));
	return markup_datum(&out);
}

Datum
chart_style(PG_FUNCTION_ARGS)
{
	Markup		out;

	markup_init(&out, true);
	paint_style(&out, (UINT64_C(1) << PAINTS) - 1);
	return markup_datum(&out);
}

Datum
markup_escape(PG_FUNCTION_ARGS)
{
	Markup		out;

	markup_init(&out, !in_utf8());
	markup_text(&out, text_of(PG_GETARG_DATUM(0)));
	return markup_datum(&out);
}

/* A text of ours in the encoding of the database; English if that has no characters for the language. */
static Tongue
spoken(Tongue tongue)
{
	int			encoding = GetDatabaseEncoding();

	return tongue == KOREAN && encoding != PG_UTF8 && encoding != PG_EUC_KR ? ENGLISH : tongue;
}

static text *
own_text(const char *bytes)
{
	return cstring_to_text(in_utf8() || GetDatabaseEncoding() == PG_SQL_ASCII ? bytes : pg_any_to_server(bytes, strlen(bytes), PG_UTF8));
}

/* (lang): name and text of each word */
Datum
words(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Tongue		tongue = spoken(tongue_argument(fcinfo, 0));

	materialize_rows(fcinfo);
	for (int w = 0; w < WORDS; w++)
	{
		char		name[WORD_NAME_MAX];
		Datum		values[2];
		bool		nulls[2] = {0};

		word_name(name, w);
		values[0] = CStringGetTextDatum(name);
		values[1] = PointerGetDatum(own_text(word_in(tongue, w)));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* (value, style, lang) */
Datum
figure(PG_FUNCTION_ARGS)
{
	double		value;
	char	   *style;
	Tongue		tongue = spoken(tongue_argument(fcinfo, 2));
	char		shown[FIGURE_MAX];

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	value = PG_GETARG_FLOAT8(0);
	style = text_to_cstring(PG_GETARG_TEXT_PP(1));
	/* not every encoding has a dash and infinity */
	if (!in_utf8() && !isfinite(value))
		PG_RETURN_TEXT_P(cstring_to_text(isnan(value) ? "-" : value < 0 ? "-inf" : "inf"));
	if (strcmp(style, "plain") == 0)
		figure_plain(shown, value, tongue);
	else if (strcmp(style, "short") == 0)
		figure_short(shown, value, 3, tongue);
	else if (strcmp(style, "exact") == 0)
		figure_exact(shown, value);
	else if (strcmp(style, "percent") == 0)
		figure_percent(shown, value);
	else
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("style \"%s\" is not known", style),
				errhint("There are plain, short, exact and percent."));
	PG_RETURN_TEXT_P(own_text(shown));
}

/* ---- in characters ---- */

/* (value, max, width) */
Datum
text_graphics_bar(PG_FUNCTION_ARGS)
{
	int			width;
	char	   *text;
	size_t		length;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	width = PG_GETARG_INT32(2);
	if (width < 1 || width > TEXT_BAR_MAX)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("width %d is not possible", width),
				errhint("It is in characters, from 1 to %d.", TEXT_BAR_MAX));
	text = palloc(width * 3 + 1);
	length = text_bar(text, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), width, !in_utf8());
	PG_RETURN_TEXT_P(cstring_to_text_with_len(text, length));
}

/* (values) */
Datum
text_graphics_sparkline(PG_FUNCTION_ARGS)
{
	size_t		count;
	double	   *values = figures_argument(fcinfo, 0, "values", NULL, &count);
	char	   *text = palloc(count * 3 + 1);
	size_t		length = text_sparkline(text, values, count, !in_utf8());

	PG_RETURN_TEXT_P(cstring_to_text_with_len(text, length));
}
