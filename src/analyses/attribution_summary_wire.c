/*
 * attribution_summary_wire.c: the invariants of a summary of attribution, and its stored form.
 */
#include "analyses/attribution_summary.h"

#include <stdlib.h>
#include <string.h>

#include "engine/period.h"
#include "language/stored_literal.h"

/* ---- invariants ---- */

static bool
add_up(CreditSum *sum, const CreditSum *more)
{
	if (more->conversions.number < 0 || more->conversions.decimals != 0)
		return false;
	amount_sum_merge(&sum->conversions, &more->conversions);
	amount_sum_merge(&sum->revenue, &more->revenue);
	return true;
}

/* Whether a sum is `times` a whole number of conversions and their revenue. */
static bool
is_times(const CreditSum *sum, int64_t times, int64_t count, const AmountSum *revenue)
{
	AmountSum	product = {0, revenue->decimals};

	if (__builtin_mul_overflow(revenue->number, (__int128) times, &product.number))
		return false;
	return sum->conversions.number == (__int128) count * times && amount_sum_equal(&sum->revenue, &product);
}

/* Conversions of paths with so many touches: 1, 2, or more. */
static void
sum_lengths(const AttributionPeriod *period, uint32_t least, uint32_t most, int64_t *count, AmountSum *revenue)
{
	*count = 0;
	*revenue = (AmountSum) {0};
	for (uint32_t i = 0; i < period->lengths.used; i++)
	{
		const ConversionCount *entry = &period->lengths.counts[i];

		if (entry->key < least || entry->key > most)
			continue;
		*count += entry->count;
		amount_sum_merge(revenue, &entry->revenue);
	}
}

static const char *
check_counts(const ConversionCounts *counts, uint32_t most)
{
	int64_t		total = 0;

	for (uint32_t i = 0; i < counts->used; i++)
	{
		if (counts->counts[i].key > most || (i > 0 && counts->counts[i].key <= counts->counts[i - 1].key))
			return "length or lag out of range";
		if (counts->counts[i].count < 1 || __builtin_add_overflow(total, counts->counts[i].count, &total))
			return "count out of range";
	}
	return NULL;
}

static const char *
check_credits(const AttributionPeriod *period, int64_t touched)
{
	static const struct
	{
		CreditKind	kind;
		uint32_t	least;
		uint32_t	most;
		int64_t		times;
	}			rules[] = {
		{CREDIT_ONLY, 1, 1, 1}, {CREDIT_FIRST_OF_TWO, 2, 2, 1}, {CREDIT_LAST_OF_TWO, 2, 2, 1},
		{CREDIT_FIRST_OF_MANY, 3, ATTRIBUTION_MAX_TOUCHES, 1}, {CREDIT_LAST_OF_MANY, 3, ATTRIBUTION_MAX_TOUCHES, 1},
		{CREDIT_LAST_NON_DIRECT, 1, ATTRIBUTION_MAX_TOUCHES, 1},
		{CREDIT_LINEAR, 1, ATTRIBUTION_MAX_TOUCHES, ATTRIBUTION_UNIT},
		{CREDIT_MIDDLE, 3, ATTRIBUTION_MAX_TOUCHES, ATTRIBUTION_UNIT},
		{CREDIT_DECAY, 1, ATTRIBUTION_MAX_TOUCHES, ATTRIBUTION_UNIT},
		{CREDIT_EVEN, 1, ATTRIBUTION_MAX_TOUCHES, ATTRIBUTION_UNIT}
	};
	CreditSum	sums[CREDIT_KINDS];

	memset(sums, 0, sizeof(sums));
	for (uint32_t c = 0; c < period->ncredits; c++)
	{
		if (period->credits[c] == NULL)
			continue;
		for (int kind = 0; kind < CREDIT_KINDS; kind++)
			if (!add_up(&sums[kind], &period->credits[c]->sums[kind]))
				return "credit that cannot be";
		if (period->credits[c]->sums[CREDIT_TOUCHED].conversions.number < 1 ||
			period->credits[c]->sums[CREDIT_TOUCHED].conversions.number > touched ||
			period->credits[c]->sums[CREDIT_ASSISTED].conversions.number >
			period->credits[c]->sums[CREDIT_TOUCHED].conversions.number)
			return "credit that cannot be";
	}
	for (size_t r = 0; r < sizeof(rules) / sizeof(rules[0]); r++)
	{
		int64_t		count;
		AmountSum	money;

		sum_lengths(period, rules[r].least, rules[r].most, &count, &money);
		if (!is_times(&sums[rules[r].kind], rules[r].times, count, &money))
			return "credits that do not add up to the conversions";
	}
	return NULL;
}

/* Whatever comes to a channel leaves it. */
static const char *
check_transitions(const AttributionSummary *summary, const AttributionPeriod *period, int64_t touched)
{
	uint32_t	nchannels = summary->channels->count;
	HostInt128 *flow = host_alloc0(NULL, (nchannels + 1) * sizeof(HostInt128));
	__int128	ends[2] = {0, 0};
	const char *violated = NULL;

	for (size_t i = 0; i < period->transitions.size && violated == NULL; i++)
	{
		const CountEntry *entry = &period->transitions.places[i];
		uint32_t	from = entry->key.part[0];
		uint32_t	to = entry->key.part[1];

		if (entry->count == 0)
			continue;
		if (entry->count < 0 || from > nchannels || to > nchannels + 1 || entry->key.part[2] != 0 || entry->key.part[3] != 0 ||
			(from == ATTRIBUTION_START && to <= ATTRIBUTION_LOST))
			violated = "transition that cannot be";
		else if (to <= ATTRIBUTION_LOST)
			ends[to] += entry->count;
		else
			flow[to - 1] += entry->count;
		if (violated == NULL && from != ATTRIBUTION_START)
			flow[from] -= entry->count;
	}
	for (uint32_t c = 1; c <= nchannels && violated == NULL; c++)
		if (flow[c] != 0)
			violated = "transitions that do not add up";
	if (violated == NULL && (ends[ATTRIBUTION_CONVERTED] != touched || ends[ATTRIBUTION_LOST] != period->lost))
		violated = "transitions that do not add up";
	host_free(flow);
	return violated;
}

static const char *
check_paths(const AttributionSummary *summary, const AttributionPeriod *period, int64_t touched, const AmountSum *revenue)
{
	uint32_t	most = attribution_level_touches(summary->level);
	__int128	conversions = 0;
	__int128	lost = 0;
	AmountSum	sum = {0};

	if (most > (uint32_t) summary->spec.touches)
		most = (uint32_t) summary->spec.touches;
	for (uint32_t i = 0; i < period->npaths; i++)
	{
		const AttributionPath *path = &period->paths[i];
		const uint16_t *channels = period->numbers + path->first;
		bool		cut = channels[0] == ATTRIBUTION_OTHER;

		if (path->length - cut > most || (cut && path->length - 1 != attribution_level_touches(summary->level)))
			return "path of another length than there is";
		for (uint32_t c = cut; c < path->length; c++)
			if (channels[c] >= summary->channels->count)
				return "channel that is not there";
		if (path->conversions < 0 || path->lost < 0 || (path->conversions == 0 && (path->lost == 0 || path->revenue.number != 0)))
			return "path that nobody took";
		conversions += path->conversions;
		lost += path->lost;
		amount_sum_merge(&sum, &path->revenue);
	}
	if (conversions != touched || lost != period->lost || !amount_sum_equal(&sum, revenue))
		return "paths that do not add up to the conversions";
	return NULL;
}

const char *
attribution_summary_check(const AttributionSummary *summary)
{
	uint32_t	npaths = 0;

	if (summary->text == NULL)
		return NULL;
	if (summary->channels->count > ATTRIBUTION_MAX_CHANNELS || summary->npaths > ATTRIBUTION_MAX_PATHS)
		return "more channels or paths than are kept";
	for (size_t p = 0; p < summary->nperiods; p++)
	{
		const AttributionPeriod *period = &summary->periods[p];
		const char *violated = check_counts(&period->lengths, (uint32_t) summary->spec.touches);
		int64_t		conversions;
		int64_t		touched;
		AmountSum	revenue;
		__int128	lagged = 0;
		AmountSum	lagged_revenue = {0};

		if (violated == NULL)
			violated = check_counts(&period->lags, (uint32_t) (summary->spec.lookback / PERIOD_DAY));
		if (violated != NULL)
			return violated;
		attribution_period_total(period, &conversions, &revenue);
		attribution_period_touched(period, &touched, &revenue);
		for (uint32_t i = 0; i < period->lags.used; i++)
		{
			lagged += period->lags.counts[i].count;
			amount_sum_merge(&lagged_revenue, &period->lags.counts[i].revenue);
		}
		if (period->lost < 0 || period->cut < 0 || period->cut > conversions || (conversions == 0 && period->lost == 0) ||
			lagged != touched || !amount_sum_equal(&lagged_revenue, &revenue))
			return "count out of range";
		violated = check_credits(period, touched);
		if (violated == NULL)
			violated = check_transitions(summary, period, touched);
		if (violated == NULL)
			violated = check_paths(summary, period, touched, &revenue);
		if (violated != NULL)
			return violated;
		npaths += period->npaths;
	}
	return npaths == summary->npaths ? NULL : "more or fewer paths than there are";
}

/* ---- order ---- */

static int
compare_labels(const TimelineLabel *a, const TimelineLabel *b)
{
	uint32_t	length = a->length < b->length ? a->length : b->length;
	int			order = memcmp(a->bytes, b->bytes, length);

	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

typedef struct RankedChannel
{
	const TimelineLabel *label;
	uint16_t	number;
} RankedChannel;

static int
by_bytes(const void *a, const void *b)
{
	return compare_labels(((const RankedChannel *) a)->label, ((const RankedChannel *) b)->label);
}

uint16_t *
attribution_summary_order(const AttributionSummary *summary)
{
	uint32_t	count = summary->channels->count;
	RankedChannel *ranked = host_alloc(NULL, (count + 1) * sizeof(RankedChannel));
	uint16_t   *order = host_alloc(NULL, (count + 1) * sizeof(uint16_t));

	for (uint32_t c = 0; c < count; c++)
		ranked[c] = (RankedChannel) {&summary->channels->labels[c], (uint16_t) c};
	qsort(ranked, count, sizeof(RankedChannel), by_bytes);
	for (uint32_t c = 0; c < count; c++)
		order[c] = ranked[c].number;
	host_free(ranked);
	return order;
}

/* A path with the numbers that its channels have in the bytes; there ATTRIBUTION_OTHER follows the channels. */
typedef struct SortedPath
{
	const AttributionPath *path;
	const uint16_t *channels;
} SortedPath;

static int
by_channels(const void *a, const void *b)
{
	const SortedPath *left = a;
	const SortedPath *right = b;

	for (uint32_t i = 0; i < left->path->length && i < right->path->length; i++)
		if (left->channels[i] != right->channels[i])
			return left->channels[i] < right->channels[i] ? -1 : 1;
	return (left->path->length > right->path->length) - (left->path->length < right->path->length);
}

/* ---- writing ---- */

static void
write_counts(WireWriter *writer, const ConversionCounts *counts)
{
	uint32_t	before = 0;

	wire_write_uint(writer, counts->used);
	for (uint32_t i = 0; i < counts->used; i++)
	{
		wire_write_uint(writer, counts->counts[i].key - before);
		wire_write_uint(writer, (uint64_t) counts->counts[i].count);
		amount_sum_write(writer, &counts->counts[i].revenue);
		before = counts->counts[i].key;
	}
}

/* In one encoding also where it is nothing. */
static void
write_sum(WireWriter *writer, const AmountSum *sum)
{
	static const AmountSum nothing = {0, 0};

	amount_sum_write(writer, sum->number == 0 ? &nothing : sum);
}

static void
write_credits(WireWriter *writer, const AttributionSummary *summary, const AttributionPeriod *period, const uint16_t *order)
{
	for (uint32_t c = 0; c < summary->channels->count; c++)
	{
		const ChannelCredits *credits = order[c] < period->ncredits ? period->credits[order[c]] : NULL;

		wire_write_byte(writer, credits != NULL);
		if (credits == NULL)
			continue;
		for (int kind = 0; kind < CREDIT_KINDS; kind++)
		{
			write_sum(writer, &credits->sums[kind].conversions);
			write_sum(writer, &credits->sums[kind].revenue);
		}
	}
}

static void
write_transitions(WireWriter *writer, const AttributionPeriod *period, const uint16_t *rank)
{
	CountTable	ranked;

	count_table_begin(&ranked, &attribution_transitions_rule, 0);
	for (size_t i = 0; i < period->transitions.size; i++)
	{
		CountEntry	entry = period->transitions.places[i];

		if (entry.count == 0)
			continue;
		if (entry.key.part[0] != ATTRIBUTION_START)
			entry.key.part[0] = rank[entry.key.part[0] - 1] + 1u;
		if (entry.key.part[1] > ATTRIBUTION_LOST)
			entry.key.part[1] = rank[entry.key.part[1] - 2] + 2u;
		count_table_put(&ranked, entry.key, entry.count);
	}
	count_table_write(writer, &ranked);
	host_free(ranked.places);
}

static void
write_paths(WireWriter *writer, const AttributionSummary *summary, const AttributionPeriod *period, const uint16_t *rank)
{
	SortedPath *sorted = host_alloc(NULL, host_array_size(period->npaths + 1, sizeof(SortedPath)));
	uint16_t   *numbers = host_alloc(NULL, host_array_size(period->nnumbers + 1, sizeof(uint16_t)));
	const uint16_t *before = NULL;
	uint32_t	before_length = 0;

	for (size_t i = 0; i < period->nnumbers; i++)
		numbers[i] = period->numbers[i] == ATTRIBUTION_OTHER ? (uint16_t) summary->channels->count :
			rank[period->numbers[i]];
	for (uint32_t i = 0; i < period->npaths; i++)
		sorted[i] = (SortedPath) {&period->paths[i], numbers + period->paths[i].first};
	qsort(sorted, period->npaths, sizeof(SortedPath), by_channels);
	wire_write_uint(writer, period->npaths);
	for (uint32_t i = 0; i < period->npaths; i++)
	{
		const AttributionPath *path = sorted[i].path;
		uint32_t	shared = 0;

		while (shared < before_length && shared < path->length && before[shared] == sorted[i].channels[shared])
			shared++;
		wire_write_uint(writer, shared);
		wire_write_uint(writer, path->length - shared);
		for (uint32_t c = shared; c < path->length; c++)
			wire_write_uint(writer, sorted[i].channels[c]);
		wire_write_uint(writer, (uint64_t) path->conversions);
		wire_write_uint(writer, (uint64_t) path->lost);
		if (path->conversions > 0)
			write_sum(writer, &path->revenue);
		before = sorted[i].channels;
		before_length = path->length;
	}
	host_free(sorted);
	host_free(numbers);
}

void
attribution_summary_write(WireWriter *writer, const AttributionSummary *summary)
{
	uint16_t   *order;
	uint16_t   *rank;
	uint32_t	nchannels;

	host_assert(attribution_summary_check(summary) == NULL);
	wire_write_uint(writer, summary->length);
	if (summary->text == NULL)
		return;
	nchannels = summary->channels->count;
	order = attribution_summary_order(summary);
	rank = host_alloc(NULL, (nchannels + 1) * sizeof(uint16_t));
	wire_write_bytes(writer, summary->text, summary->length);
	wire_write_uint(writer, (uint64_t) summary->level);
	wire_write_uint(writer, nchannels);
	for (uint32_t c = 0; c < nchannels; c++)
	{
		const TimelineLabel *label = &summary->channels->labels[order[c]];

		rank[order[c]] = (uint16_t) c;
		wire_write_uint(writer, label->length);
		wire_write_bytes(writer, label->bytes, label->length);
	}
	wire_write_uint(writer, summary->nperiods);
	for (size_t p = 0; p < summary->nperiods; p++)
	{
		const AttributionPeriod *period = &summary->periods[p];

		if (p == 0)
			wire_write_int(writer, period->number);
		else
			wire_write_uint(writer, (uint64_t) (period->number - summary->periods[p - 1].number));
		wire_write_uint(writer, (uint64_t) period->lost);
		wire_write_uint(writer, (uint64_t) period->cut);
		write_counts(writer, &period->lengths);
		write_counts(writer, &period->lags);
		write_credits(writer, summary, period, order);
		write_transitions(writer, period, rank);
		write_paths(writer, summary, period, rank);
	}
	host_free(order);
	host_free(rank);
}

/* ---- reading ---- */

static int64_t
read_count(WireReader *reader)
{
	return (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
}

static void
read_channels(WireReader *reader, AttributionSummary *summary)
{
	size_t		count = wire_read_count(reader, 1);

	if (count > ATTRIBUTION_MAX_CHANNELS)
		wire_read_fail(reader, "more channels than are kept");
	for (size_t c = 0; c < count && reader->failure == NULL; c++)
	{
		size_t		length = (size_t) wire_read_uint_max(reader, TIMELINE_LABEL_MAX, "channel too long");
		TimelineLabel label = {(const char *) wire_read_bytes(reader, length), (uint32_t) length};

		if (reader->failure != NULL)
			return;
		if (length == 0 || (c > 0 && compare_labels(&summary->channels->labels[c - 1], &label) >= 0))
			wire_read_fail(reader, "channels out of order");
		else
			attribution_summary_channel(summary, label.bytes, length);
	}
}

static void
read_counts(WireReader *reader, ConversionCounts *counts)
{
	size_t		count = wire_read_count(reader, 5);
	uint32_t	key = 0;

	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		uint64_t	step = wire_read_uint_max(reader, ATTRIBUTION_MAX_DAYS, "length or lag out of range");
		int64_t		number = read_count(reader);
		AmountSum	revenue;

		amount_sum_read(reader, &revenue);
		key += (uint32_t) step;
		if (key > ATTRIBUTION_MAX_DAYS || (i > 0 && step == 0) || number == 0)
			wire_read_fail(reader, "length or lag out of range");
		if (reader->failure == NULL)
			conversion_counts_add(counts, key, number, &revenue);
	}
}

static void
read_credits(WireReader *reader, AttributionSummary *summary, AttributionPeriod *period, bool *used)
{
	for (uint32_t c = 0; c < summary->channels->count && reader->failure == NULL; c++)
	{
		ChannelCredits *credits;

		if (wire_read_uint_max(reader, 1, "neither credit nor none") == 0)
			continue;
		if (reader->failure != NULL)
			return;
		if (summary->ncredits == ATTRIBUTION_MAX_CREDITS)
		{
			wire_read_fail(reader, "more channels than are kept");
			return;
		}
		used[c] = true;
		credits = attribution_period_credits(summary, period, (uint16_t) c);
		for (int kind = 0; kind < CREDIT_KINDS && reader->failure == NULL; kind++)
		{
			amount_sum_read(reader, &credits->sums[kind].conversions);
			amount_sum_read(reader, &credits->sums[kind].revenue);
		}
	}
}

static void
read_transitions(WireReader *reader, AttributionSummary *summary, AttributionPeriod *period, bool *used)
{
	count_table_read(reader, &attribution_transitions_rule, &period->transitions);
	summary->ntransitions += period->transitions.used;
	if (summary->ntransitions > ATTRIBUTION_MAX_TRANSITIONS)
		wire_read_fail(reader, "more transitions than are kept");
	for (size_t i = 0; i < period->transitions.size && reader->failure == NULL; i++)
	{
		const CountEntry *entry = &period->transitions.places[i];

		if (entry->count != 0 && entry->key.part[1] > ATTRIBUTION_LOST &&
			entry->key.part[1] - 2 < summary->channels->count)
			used[entry->key.part[1] - 2] = true;
	}
}

static void
read_paths(WireReader *reader, AttributionSummary *summary, AttributionPeriod *period)
{
	size_t		count = wire_read_count(reader, 4);
	uint32_t	nchannels = summary->channels->count;
	uint16_t	channels[ATTRIBUTION_MAX_TOUCHES + 1] = {0};
	uint32_t	length = 0;

	if (count > ATTRIBUTION_MAX_PATHS - summary->npaths)
		wire_read_fail(reader, "more paths than are kept");
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		uint32_t	shared = (uint32_t) wire_read_uint_max(reader, length, "path out of order");
		uint32_t	rest = (uint32_t) wire_read_uint_max(reader, ATTRIBUTION_MAX_TOUCHES + 1 - shared, "path too long");
		int64_t		conversions;
		int64_t		lost;
		AmountSum	revenue = {0};

		if (rest == 0)
			wire_read_fail(reader, "path out of order");
		for (uint32_t c = shared; c < shared + rest && reader->failure == NULL; c++)
		{
			uint16_t	number = (uint16_t) wire_read_uint_max(reader, nchannels, "channel that is not there");

			if (number == nchannels)
				number = ATTRIBUTION_OTHER;
			if (number == ATTRIBUTION_OTHER && c > 0)
				wire_read_fail(reader, "channel that is not there");
			else if (c == shared && c < length && number <= channels[c])
				wire_read_fail(reader, "path out of order");
			channels[c] = number;
		}
		length = shared + rest;
		conversions = read_count(reader);
		lost = read_count(reader);
		if (conversions > 0)
			amount_sum_read(reader, &revenue);
		if (reader->failure != NULL)
			return;
		if (length - (channels[0] == ATTRIBUTION_OTHER) > attribution_level_touches(summary->level))
			wire_read_fail(reader, "path of another length than there is");
		else
			attribution_period_path(summary, period, channels, length, conversions, lost, &revenue);
	}
}

static void
read_period(WireReader *reader, AttributionSummary *summary, int64_t *number, bool *used)
{
	const PeriodClause *periods = &summary->spec.periods;
	AttributionPeriod *period;

	if (summary->nperiods == 0)
		*number = wire_read_int(reader);
	else
	{
		uint64_t	step = wire_read_uint(reader);

		if (step == 0 || step > INT64_MAX || __builtin_add_overflow(*number, (int64_t) step, number))
			wire_read_fail(reader, "periods out of order");
	}
	if (reader->failure == NULL &&
		(periods->grain == GRAIN_NONE ? *number != 0 : !period_is_valid(periods->grain, periods->week_start, *number)))
		wire_read_fail(reader, "period out of range");
	if (reader->failure != NULL)
		return;
	period = attribution_summary_period(summary, *number);
	period->lost = read_count(reader);
	period->cut = read_count(reader);
	read_counts(reader, &period->lengths);
	read_counts(reader, &period->lags);
	read_credits(reader, summary, period, used);
	if (reader->failure == NULL)
		read_transitions(reader, summary, period, used);
	if (reader->failure == NULL)
		read_paths(reader, summary, period);
}

/* Reads the spec; its canonical text is all that is accepted. */
static bool
read_spec(WireReader *reader, bool utf8, AttributionSummary *summary)
{
	size_t		length;
	char	   *canonical;
	size_t		canonical_length;
	AttributionSpec spec;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	if (text == NULL)
		return false;
	if (!attribution_spec_parse(text, length, utf8, NULL, &spec, &error))
	{
		wire_read_fail(reader, "not an attribution spec");
		return false;
	}
	canonical = attribution_spec_print(&spec, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length,
							  "attribution spec not in canonical form"))
		return false;
	attribution_summary_init(summary, text, length, &spec);
	return true;
}

void
attribution_summary_read(WireReader *reader, bool utf8, AttributionSummary *summary)
{
	size_t		count;
	int64_t		number = 0;
	bool	   *used;
	const char *violated;

	memset(summary, 0, sizeof(*summary));
	if (!read_spec(reader, utf8, summary))
		return;
	summary->level = (int) wire_read_uint_max(reader, ATTRIBUTION_LEVELS - 1, "level out of range");
	read_channels(reader, summary);
	used = host_alloc0(NULL, summary->channels->count + 1);
	count = wire_read_count(reader, 8);
	for (size_t p = 0; p < count && reader->failure == NULL; p++)
		read_period(reader, summary, &number, used);
	for (uint32_t c = 0; c < summary->channels->count && reader->failure == NULL; c++)
		if (!used[c])
			wire_read_fail(reader, "channel that nothing came by");
	host_free(used);
	if (wire_read_done(reader) && (violated = attribution_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
