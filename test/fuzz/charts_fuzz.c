/*
 * charts_fuzz.c: whatever the labels and numbers are, a chart is well-formed XML in which nothing acts.
 */
#include <math.h>

#include "fuzz.h"

#include "surfaces/chart.h"
#include "well_formed.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT;

#define LABELS		8

static double
take_value(Input *input)
{
	uint64_t	bits = take(input, 8);
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Kind, size and numbers of labels and series; then numbers; the rest are the labels, cut where a zero is. */
void
fuzz_one(const Input *input)
{
	Input		rest = *input;
	unsigned	kind = (unsigned) take(&rest, 1);
	unsigned	flags = (unsigned) take(&rest, 1);
	size_t		n = take(&rest, 1) % 12;
	size_t		m = 1 + take(&rest, 1) % 10;
	double	   *values = host_alloc0(NULL, (n * m + 1) * sizeof(double));
	double	   *extras = host_alloc(NULL, (n + 1) * sizeof(double));
	bool	   *incomplete = host_alloc(NULL, n * m + 1);
	Text		texts[LABELS];
	Text	   *labels = host_alloc(NULL, (n + m) * sizeof(Text));
	Text	   *series = labels + n;
	int			status = (int) (take(&rest, 1) % (KPI_STATUSES + 1)) - 1;
	ChartOptions options = {
		.percent = flags & 1, .tongue = flags & 2 ? KOREAN : ENGLISH, .ascii = flags & 4, .bare = flags & 8,
		.width = CHART_WIDTH_MIN + (int) (take(&rest, 2) % 1000), .height = flags & 16 ? CHART_HEIGHT_MIN + (int) (take(&rest, 2) % 600) : 0,
	};
	const char *failure;
	Markup		out;

	for (size_t i = 0; i < n * m; i++)
	{
		values[i] = take_value(&rest);
		incomplete[i] = (size_t) flags % (i + 2) == 0;
	}
	for (size_t i = 0; i < n; i++)
		extras[i] = flags & 32 ? take_value(&rest) : NAN;
	for (int i = 0; i < LABELS; i++)
	{
		const uint8_t *zero = rest.length > 0 ? memchr(rest.bytes, 0, rest.length) : NULL;
		size_t		length = zero != NULL ? (size_t) (zero - rest.bytes) : rest.length;

		texts[i] = (Text) {(const char *) rest.bytes, length};
		rest.bytes += length;
		rest.length -= length;
		take(&rest, 1);
	}
	options.title = texts[0];
	options.unit = texts[1];
	for (size_t i = 0; i < n + m; i++)
		labels[i] = texts[2 + i % (LABELS - 2)];

	markup_init(&out, options.ascii);
	switch (kind % 7)
	{
		case 0:
			bar_chart(&out, &options, &(ChartTable) {labels, n, series, m, flags & 64, values});
			break;
		case 1:
			line_chart(&out, &options, &(ChartTable) {labels, n, series, m, flags & 64, values},
					   &(LineExtras) {.targets = extras, .low = flags & 128 ? extras : NULL, .high = flags & 128 ? values : NULL, .forecast = extras, .status = status, .shades = flags & 1});
			break;
		case 2:
			funnel_chart(&out, &options, &(FunnelChart) {labels, values, extras, extras, extras, n});
			break;
		case 3:
			heat_map(&out, &options, &(HeatMap) {.rows = labels, .nrows = n, .columns = series, .ncolumns = m, .values = values, .incomplete = incomplete, .sizes = extras, .row_name = texts[2], .column_name = texts[3]});
			break;
		case 4:
			bullet_chart(&out, &options, &(BulletChart) {take_value(&rest), values[0], n > 1 ? values[1] : NAN, n > 2 ? values[2] : NAN, NAN, n > 3 ? values[3] : NAN, status});
			break;
		case 5:
			sparkline_chart(&out, &options, values, n * m);
			break;
		default:
			markup_text(&out, texts[0]);
			markup_text_within(&out, texts[1], (double) options.width / 20);
			break;
	}
	failure = ill_formed(out.bytes, out.length, options.ascii);
	if (failure != NULL)
		fprintf(stderr, "%s: %s\n", failure, out.bytes);
	MUST(failure == NULL);
}
