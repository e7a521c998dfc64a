/*
 * attribution_test.c: summaries of attribution: sums against a plain list of paths, merging in parts and in any order, paths
 * that are too many, damaged bytes; and the models against their definitions: Markov chains by taking each channel away
 * and solving again, Shapley values by all orders of the players.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyses/attribution_summary_credit.h"
#include "check.h"
#include "models/markov.h"
#include "models/shapley.h"
#include "random.h"

#define HOUR INT64_C(3600000000)

static AttributionSummary *
empty_summary(const char *text)
{
	AttributionSummary *summary = host_alloc0(NULL, sizeof(AttributionSummary));
	AttributionSpec spec;
	LanguageError error;
	size_t		length;
	char	   *canonical;

	if (!attribution_spec_parse(text, strlen(text), true, NULL, &spec, &error))
		abort();
	canonical = attribution_spec_print(&spec, true, &length);
	attribution_summary_init(summary, canonical, length, &spec);
	return summary;
}

/* A path as it is given to a summary. */
typedef struct NaivePath
{
	uint32_t	length;
	int			channels[ATTRIBUTION_MAX_TOUCHES];
	int64_t		at[ATTRIBUTION_MAX_TOUCHES];
	int64_t		converts_at;
	int64_t		value;			/* cents; with `converts` */
	bool		converts;
	int64_t		period;
} NaivePath;

static NaivePath
random_path(int nchannels, int most)
{
	NaivePath	path = {.converts = chance(40), .value = (int64_t) (random_bits() % 10000) - 100};
	int64_t		at = (int64_t) (random_bits() % 1000) * HOUR;

	path.length = (uint32_t) (random_bits() % (unsigned) (most + 1));
	if (!path.converts && path.length == 0)
		path.length = 1;
	for (uint32_t i = 0; i < path.length; i++)
	{
		path.channels[i] = (int) (random_bits() % (unsigned) nchannels);
		path.at[i] = at;
		at += (int64_t) (random_bits() % 18) * HOUR;
	}
	path.converts_at = at;
	path.period = (int64_t) (random_bits() % 3);
	return path;
}

static void
add(AttributionSummary *summary, const NaivePath *path)
{
	AttributionTouch touches[ATTRIBUTION_MAX_TOUCHES];
	AttributionPeriod *period = attribution_summary_period(summary, summary->spec.periods.grain == GRAIN_NONE ? 0 :
														   path->period);
	AmountSum	revenue = {path->value, 2};
	char		name[16];

	for (uint32_t i = 0; i < path->length; i++)
	{
		snprintf(name, sizeof(name), "c%d", path->channels[i]);
		touches[i].at = path->at[i];
		touches[i].channel = attribution_summary_channel(summary, name, strlen(name));
		touches[i].direct = path->channels[i] == 0;
	}
	if (path->converts)
		attribution_summary_convert(summary, period, touches, path->length, false, path->converts_at, 1, &revenue);
	else
		attribution_summary_lose(summary, period, touches, path->length);
}

static WireWriter
bytes_of(const AttributionSummary *summary)
{
	WireWriter	writer;

	wire_writer_init(&writer, 0);
	attribution_summary_write(&writer, summary);
	return writer;
}

static bool
same_bytes(const AttributionSummary *a, const AttributionSummary *b)
{
	WireWriter	left = bytes_of(a);
	WireWriter	right = bytes_of(b);

	return left.length == right.length && memcmp(left.bytes, right.bytes, left.length) == 0;
}

/* From a copy of just so many bytes, that the sanitizer sees what is read beyond. NULL: refused. */
static AttributionSummary *
read_bytes(const uint8_t *bytes, size_t length)
{
	uint8_t    *copy = host_alloc(NULL, length);
	AttributionSummary *summary = host_alloc0(NULL, sizeof(AttributionSummary));
	WireReader	reader;

	memcpy(copy, bytes, length);
	wire_reader_init(&reader, copy, length);
	attribution_summary_read(&reader, true, summary);
	host_free(copy);
	return wire_read_done(&reader) ? summary : NULL;
}

/* ---- sums and parts ---- */

#define NPATHS 3000

static void
test_parts(const char *text, int nchannels, int most, size_t npaths)
{
	NaivePath  *paths = malloc(npaths * sizeof(NaivePath));
	AttributionSummary *whole = empty_summary(text);
	AttributionSummary *backwards = empty_summary(text);
	AttributionSummary *parts[5];
	AttributionSummary *merged = host_alloc0(NULL, sizeof(AttributionSummary));
	AttributionSummary *again;

	for (int p = 0; p < 5; p++)
		parts[p] = empty_summary(text);
	for (size_t i = 0; i < npaths; i++)
		paths[i] = random_path(nchannels, most);
	for (size_t i = 0; i < npaths; i++)
	{
		add(whole, &paths[i]);
		add(backwards, &paths[npaths - 1 - i]);
		add(parts[i < npaths / 2 ? 0 : 1 + i % 4], &paths[i]);
	}
	CHECK(attribution_summary_check(whole) == NULL, "invariants: %s", text);
	CHECK(same_bytes(whole, backwards), "any order: %s, level %d", text, whole->level);
	for (int p = 4; p >= 0; p--)
		attribution_summary_merge(merged, parts[p]);
	CHECK(same_bytes(whole, merged), "in parts: %s", text);
	again = read_bytes(bytes_of(whole).bytes, bytes_of(whole).length);
	CHECK(again != NULL && same_bytes(whole, again), "read again: %s", text);
	add(again, &paths[0]);
	add(whole, &paths[0]);
	CHECK(same_bytes(whole, again), "read, and added to: %s", text);
	free(paths);
	FORGET();
}

/* What a path does for the order of others is nothing: its parts are those that decay, rounded, and one all together. */
static void
test_decay(void)
{
	AttributionSpec spec = {.half_life = 168 * HOUR};
	int			wrong = 0;

	for (int round = 0; round < 2000; round++)
	{
		AttributionTouch touches[ATTRIBUTION_MAX_TOUCHES];
		int64_t		parts[ATTRIBUTION_MAX_TOUCHES];
		uint32_t	length = 1 + (uint32_t) (random_bits() % ATTRIBUTION_MAX_TOUCHES);
		int64_t		at = 0;
		int64_t		sum = 0;
		double		weights = 0;

		for (uint32_t i = 0; i < length; i++)
		{
			at += (int64_t) (random_bits() % 60) * (round % 3) * HOUR * (chance(5) ? 1000 : 1);
			touches[i] = (AttributionTouch) {.at = at};
		}
		attribution_decay(&spec, touches, length, parts);
		for (uint32_t i = 0; i < length; i++)
			weights += pow(0.5, (double) (at - touches[i].at) / (double) spec.half_life);
		for (uint32_t i = 0; i < length; i++)
		{
			double		share = pow(0.5, (double) (at - touches[i].at) / (double) spec.half_life) / weights;

			sum += parts[i];
			wrong += parts[i] < 0 || fabs((double) parts[i] / (double) ATTRIBUTION_UNIT - share) > 1e-13;
		}
		wrong += sum != ATTRIBUTION_UNIT;
	}
	CHECK(wrong == 0, "time decay");
	for (int n = 1; n <= ATTRIBUTION_MAX_TOUCHES; n++)
		wrong += ATTRIBUTION_UNIT % n != 0;
	CHECK(wrong == 0, "parts of a conversion divide it");
}

/* ---- Markov chains ---- */

/* The probability of a conversion where `without` is taken away, by plain elimination with pivots; and its worth. */
static void
conversions_without(int nchannels, const double *count, const double *worth, int without, double *probability, double *value)
{
	/* states: the channels, then the start; count: [from][to], to: channels, conversion, lost */
	int			n = nchannels + 1;
	int			width = nchannels + 2;
	double	   *a = malloc((size_t) n * (size_t) (n + 2) * sizeof(double));

	for (int i = 0; i < n; i++)
	{
		double		total = 0;

		for (int j = 0; j < width; j++)
			total += count[i * width + j];
		for (int j = 0; j < n + 2; j++)
			a[i * (n + 2) + j] = i == j;
		a[i * (n + 2) + n] = a[i * (n + 2) + n + 1] = 0;
		if (total == 0 || i == without)
			continue;
		for (int j = 0; j < nchannels; j++)
			if (j != without)
				a[i * (n + 2) + j] -= count[i * width + j] / total;
		a[i * (n + 2) + n] = count[i * width + nchannels] / total;
		a[i * (n + 2) + n + 1] = i < nchannels ? worth[i] / total : 0;
	}
	for (int p = 0; p < n; p++)
	{
		int			best = p;

		for (int i = p + 1; i < n; i++)
			if (fabs(a[i * (n + 2) + p]) > fabs(a[best * (n + 2) + p]))
				best = i;
		for (int k = 0; k < n + 2; k++)
		{
			double		swap = a[p * (n + 2) + k];

			a[p * (n + 2) + k] = a[best * (n + 2) + k];
			a[best * (n + 2) + k] = swap;
		}
		for (int i = 0; i < n; i++)
		{
			double		times = a[i * (n + 2) + p] / a[p * (n + 2) + p];

			for (int k = 0; i != p && k < n + 2; k++)
				a[i * (n + 2) + k] -= times * a[p * (n + 2) + k];
		}
	}
	*probability = a[nchannels * (n + 2) + n] / a[nchannels * (n + 2) + nchannels];
	*value = a[nchannels * (n + 2) + n + 1] / a[nchannels * (n + 2) + nchannels];
	free(a);
}

static void
test_markov(void)
{
	int			wrong = 0;
	int			unsound = 0;
	double		greatest = 0;

	for (int round = 0; round < 200; round++)
	{
		int			nchannels = 1 + (int) (random_bits() % 12);
		int			width = nchannels + 2;
		AttributionSummary *summary = empty_summary("");
		AttributionOptions options = {0.4, 0.4, 1, false};
		double	   *count = calloc((size_t) (nchannels + 1) * (size_t) width, sizeof(double));
		double		worth[12] = {0};
		double		effects[13];
		double		worth_effects[13];
		double		probability;
		double		value;
		double		sum = 0;
		AttributionCredit credits[13];
		int64_t		touched = 0;
		__int128	credited = 0;

		for (int i = 0; i < 5 + round * 3; i++)
		{
			NaivePath	path = random_path(nchannels, 1 + round % 12);
			int			from = nchannels;

			path.value += 101;
			add(summary, &path);
			touched += path.converts && path.length > 0;
			for (uint32_t t = 0; t < path.length; t++)
			{
				count[from * width + path.channels[t]]++;
				from = path.channels[t];
			}
			if (path.length > 0)
			{
				count[from * width + (path.converts ? nchannels : nchannels + 1)]++;
				worth[from] += path.converts ? (double) path.value / 100 : 0;
			}
		}
		if (summary->nperiods == 0)
			continue;
		attribution_period_removal(summary, &summary->periods[0], 1, effects, worth_effects);
		conversions_without(nchannels, count, worth, -1, &probability, &value);
		for (uint32_t c = 0; c < summary->channels->count; c++)
		{
			int			channel = atoi(summary->channels->labels[c].bytes + 1);
			double		less;
			double		less_value;
			double		error;

			conversions_without(nchannels, count, worth, channel, &less, &less_value);
			error = probability > 0 ? fabs(effects[c] - (1 - less / probability)) : fabs(effects[c]);
			error = fmax(error, value > 0 ? fabs(worth_effects[c] - (1 - less_value / value)) : fabs(worth_effects[c]));
			greatest = fmax(greatest, error);
			wrong += !(error < 1e-10);
			sum += effects[c];
		}
		attribution_period_credit(summary, &summary->periods[0], MODEL_MARKOV, &options, credits);
		for (uint32_t c = 0; c < summary->channels->count; c++)
		{
			credited += credits[c].conversions.number;
			unsound += sum > 0 && fabs(credits[c].share - effects[c] / sum) > 1e-12;
		}
		unsound += credited != (__int128) touched * 1000000;
		free(count);
		FORGET();
	}
	CHECK(wrong == 0, "removal effects are those of the definition, within %.0e", greatest);
	CHECK(unsound == 0, "credits are shares of all removal effects, and add up");
}

/* A chain of a higher order is one of order 1 whose states are groups: the share of conversions that come by a channel, by walking. */
static void
test_markov_order(void)
{
	int			wrong = 0;

	for (int order = 2; order <= 3; order++)
		for (int round = 0; round < 30; round++)
		{
			int			nchannels = 3;
			AttributionSummary *summary = empty_summary("");
			double		effects[4];
			double		worth_effects[4];
			int			nstates = 0;
			int			states[400][3];
			double	   *count = calloc(401 * 402, sizeof(double));
			double		base[2] = {0, 0};

			/* states by their last channels, from -1 on */
			for (int i = 0; i < 60; i++)
			{
				NaivePath	path = random_path(nchannels, 6);
				int			from = 400;
				int			state[3] = {-1, -1, -1};

				add(summary, &path);
				for (uint32_t t = 0; t < path.length; t++)
				{
					int			to = 0;

					memmove(state, state + 1, 2 * sizeof(int));
					state[2] = path.channels[t];
					if (order == 2)
						state[0] = -1;
					while (to < nstates && memcmp(states[to], state, sizeof(state)) != 0)
						to++;
					if (to == nstates)
						memcpy(states[nstates++], state, sizeof(state));
					count[from * 402 + to]++;
					from = to;
				}
				if (path.length > 0)
					count[from * 402 + (path.converts ? 400 : 401)]++;
			}
			attribution_period_removal(summary, &summary->periods[0], order, effects, worth_effects);
			for (int without = -1; without < nchannels; without++)
			{
				double		now[401] = {0};
				double		converted = 0;

				/* the probability flows on until there is nothing left of it */
				now[400] = 1;
				for (int step = 0; step < 3000; step++)
				{
					double		next[401] = {0};

					for (int i = 0; i <= 400; i++)
					{
						double		total = 0;

						if (now[i] == 0)
							continue;
						for (int j = 0; j < 402; j++)
							total += count[i * 402 + j];
						for (int j = 0; j < nstates; j++)
							if (states[j][2] != without)
								next[j] += now[i] * count[i * 402 + j] / total;
						converted += now[i] * count[i * 402 + 400] / total;
					}
					memcpy(now, next, sizeof(now));
				}
				base[without >= 0] = converted;
				for (uint32_t c = 0; without >= 0 && c < summary->channels->count; c++)
					if (atoi(summary->channels->labels[c].bytes + 1) == without)
						wrong += !(fabs(effects[c] - (1 - base[1] / base[0])) < 1e-9);
			}
			free(count);
			FORGET();
		}
	CHECK(wrong == 0, "removal effects in chains of orders 2 and 3");
}

/* By hand: two paths in three come by a, of which every second converts; b is in between. */
static void
test_markov_by_hand(void)
{
	static const MarkovStep steps[] = {
		{MARKOV_START, 0, 2, 0}, {MARKOV_START, 1, 1, 0}, {0, 1, 2, 0}, {0, 0, 7, 0}, {1, MARKOV_CONVERTED, 1, 10},
		{1, MARKOV_LOST, 2, 0}, {2, MARKOV_LOST, 5, 0}
	};
	static const uint32_t groups[] = {0, 1, 2};
	double		effects[3];
	double		worth[3];

	markov_removal_effects(3, groups, 3, steps, 7, effects, worth);
	CHECK(fabs(effects[0] - 2.0 / 3) < 1e-15 && fabs(effects[1] - 1) < 1e-15 && effects[2] == 0 && fabs(worth[0] - 2.0 / 3) < 1e-15,
		  "a chain by hand");
	FORGET();
}

/* ---- Shapley values ---- */

/* What a player adds to those before, over all orders. */
static void
all_orders(int n, const double *worth, double *values, int *order, int depth, uint32_t set)
{
	for (int p = 0; p < n; p++)
	{
		if (set & UINT32_C(1) << p)
			continue;
		order[depth] = p;
		if (depth + 1 < n)
		{
			all_orders(n, worth, values, order, depth + 1, set | UINT32_C(1) << p);
			continue;
		}
		for (int i = 0, before = 0; i < n; i++)
		{
			values[order[i]] += worth[before | 1 << order[i]] - worth[before];
			before |= 1 << order[i];
		}
	}
}

static void
test_shapley(void)
{
	int			wrong = 0;

	for (int n = 1; n <= 8; n++)
		for (int round = 0; round < 3; round++)
		{
			double		worth[256];
			double		values[8];
			double		wanted[8] = {0};
			int			order[8];
			double		orders = 1;

			worth[0] = 0;
			for (int set = 1; set < 1 << n; set++)
				worth[set] = (double) (random_bits() % 1000) / 10;
			shapley_values(n, worth, values);
			all_orders(n, worth, wanted, order, 0, 0);
			for (int i = 2; i <= n; i++)
				orders *= i;
			for (int p = 0; p < n; p++)
				wrong += !(fabs(values[p] - wanted[p] / orders) < 1e-9);
		}
	CHECK(wrong == 0, "Shapley values of up to 8 players over all orders");
}

/* Both forms of a summary against the game that they are of. */
static void
test_shapley_of_paths(void)
{
	int			wrong = 0;

	for (int round = 0; round < 100; round++)
	{
		int			n = 1 + round % 8;
		AttributionSummary *summary = empty_summary("");
		double		converted[256] = {0};
		double		all[256] = {0};
		double		rates[256] = {0};
		double		values[8];
		double		rate_values[8];
		double		sum = 0;
		AttributionCredit credits[9];
		AttributionOptions options = {0.4, 0.4, 1, false};

		for (int i = 0; i < 300; i++)
		{
			NaivePath	path = random_path(n, 5);
			uint32_t	set = 0;

			if (path.length == 0)
				continue;
			add(summary, &path);
			for (uint32_t t = 0; t < path.length; t++)
				set |= UINT32_C(1) << path.channels[t];
			/* what a coalition is worth: the paths that it could have made alone */
			for (uint32_t coalition = 0; coalition < UINT32_C(1) << n; coalition++)
				if ((set & ~coalition) == 0)
				{
					converted[coalition] += path.converts;
					all[coalition]++;
				}
		}
		for (int set = 0; set < 1 << n; set++)
			rates[set] = all[set] > 0 ? converted[set] / all[set] : 0;
		shapley_values(n, converted, values);
		shapley_values(n, rates, rate_values);
		for (int p = 0; p < n; p++)
			sum += rate_values[p];
		attribution_period_credit(summary, &summary->periods[0], MODEL_SHAPLEY, &options, credits);
		for (uint32_t c = 0; c < summary->channels->count; c++)
			wrong += !(fabs(amount_sum_double(&credits[c].conversions) -
							values[atoi(summary->channels->labels[c].bytes + 1)]) < 1.1e-6);
		options.rate = true;
		attribution_period_credit(summary, &summary->periods[0], MODEL_SHAPLEY, &options, credits);
		for (uint32_t c = 0; c < summary->channels->count; c++)
			wrong += !(fabs(credits[c].share - rate_values[atoi(summary->channels->labels[c].bytes + 1)] / sum) < 1e-9);
		FORGET();
	}
	CHECK(wrong == 0, "Shapley values of paths, of their number and of their rate");
}

/* ---- known structure ---- */

/*
 * Everybody comes by "opener", then with equal chance by "helper" or "idle", then by "closer" if it was the helper; who has met
 * both converts. So without any of the three nobody does, and "idle" earns nothing in a chain.
 */
static void
test_structure(void)
{
	static const char *const names[] = {"opener", "helper", "idle", "closer"};
	AttributionSummary *summary = empty_summary("");
	AmountSum	revenue = {10, 0};
	double		effects[5];
	double		revenue_effects[5];
	int			wrong = 0;

	for (int i = 0; i < 1000; i++)
	{
		AttributionTouch touches[3] = {{.at = 0}, {.at = HOUR}, {.at = 2 * HOUR}};
		AttributionPeriod *period = attribution_summary_period(summary, 0);
		bool		helped = i % 2 == 0;

		touches[0].channel = attribution_summary_channel(summary, names[0], 6);
		touches[1].channel = attribution_summary_channel(summary, names[helped ? 1 : 2], helped ? 6 : 4);
		touches[2].channel = attribution_summary_channel(summary, names[3], 6);
		if (helped)
			attribution_summary_convert(summary, period, touches, 3, false, 3 * HOUR, 1, &revenue);
		else
			attribution_summary_lose(summary, period, touches, 2);
	}
	attribution_period_removal(summary, &summary->periods[0], 1, effects, revenue_effects);
	for (uint32_t c = 0; c < summary->channels->count; c++)
	{
		double		wanted = summary->channels->labels[c].length == 4 ? 0 : 1;

		wrong += fabs(effects[c] - wanted) > 1e-12 || fabs(revenue_effects[c] - wanted) > 1e-12;
	}
	CHECK(wrong == 0, "who is needed for every conversion, and who for none");
	FORGET();
}

/* ---- damage ---- */

static void
test_damage(void)
{
	int			accepted = 0;
	int			changed = 0;

	for (int round = 0; round < 200; round++)
	{
		AttributionSummary *summary = empty_summary(round % 2 == 0 ? "" : "by month in UTC touches 5");
		WireWriter	writer;
		uint8_t    *bytes;
		size_t		length;

		for (int i = 0; i < 8; i++)
		{
			NaivePath	path = random_path(3, 4);

			add(summary, &path);
		}
		writer = bytes_of(summary);
		length = writer.length;
		bytes = malloc(length);
		memcpy(bytes, writer.bytes, length);
		FORGET();
		for (size_t cut = 0; cut < length && round < 20; cut++)
		{
			changed += read_bytes(bytes, cut) != NULL;
			FORGET();
		}
		for (int i = 0; i < 200; i++)
		{
			size_t		place = 1 + random_bits() % (length - 1);
			uint8_t		before = bytes[place];
			AttributionSummary *read;

			bytes[place] = chance(50) ? (uint8_t) random_bits() : (uint8_t) (before + (chance(50) ? 1 : -1));
			read = read_bytes(bytes, length);
			if (read != NULL)
			{
				AttributionOptions options = {0.3, 0.5, 2, true};
				AttributionCredit credits[10];

				writer = bytes_of(read);
				accepted++;
				changed += writer.length != length || memcmp(writer.bytes, bytes, length) != 0;
				for (size_t p = 0; p < read->nperiods; p++)
					for (int model = 0; model < ATTRIBUTION_MODELS; model++)
						attribution_period_credit(read, &read->periods[p], (AttributionModel) model, &options, credits);
				attribution_summary_merge(read, read_bytes(bytes, length));
			}
			bytes[place] = before;
			FORGET();
		}
		free(bytes);
	}
	CHECK(accepted > 0 && changed == 0, "damaged bytes: %d accepted as what they say, %d as something else", accepted, changed);
}

int
main(void)
{
	test_parts("", 3, 5, NPATHS);
	test_parts("by week", 30, 40, NPATHS);
	test_parts("touches 9 by month", 200, 9, NPATHS);
	test_parts("by day", 8, 20, 50000);
	test_parts("", 900, 12, 30000);
	test_decay();
	test_markov_by_hand();
	test_markov();
	test_markov_order();
	test_shapley();
	test_shapley_of_paths();
	test_structure();
	test_damage();
	return DONE();
}
