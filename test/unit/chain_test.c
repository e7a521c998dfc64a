/*
 * chain_test.c: the matcher (src/language/chain.h), by hand and against the naive one.
 *
 * KPI_SEED chooses other random cases, KPI_CASES how many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/event_pages.h"
#include "language/duration.h"
#include "naive_chain.h"

#define SECOND INT64_C(1000000)
#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

static const EntrySpan any_time = {MOMENT_MIN, MOMENT_MAX};

/* ---- one actor ---- */

typedef struct Actor
{
	NaiveEvent	events[NAIVE_MAX_EVENTS];
	int			count;
	EntrySpan	entry;
} Actor;

static int
compare_engine_events(const void *a, const void *b)
{
	const Event *x = a;
	const Event *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->code > y->code) - (x->code < y->code);
}

static uint64_t
code_of(const Program *program, const NaiveEvent *event)
{
	return event->label ? program_label_code(program, event->label, strlen(event->label))
		: program_mask_code(program, event->mask);
}

/* Feeds the events as the engine does. */
static void
chase_actor(const Program *program, Chaser *chaser, const Actor *actor, Chase *chase)
{
	static unsigned calls;
	/* not on the stack: a sanitizer sees reads past the end */
	Event	   *events = malloc(sizeof(Event) * (size_t) (actor->count + 1));
	Event	   *exact;
	EventSeq	seq;
	size_t		count = 0;

	for (int i = 0; i < actor->count; i++)
	{
		events[count].at = actor->events[i].at;
		events[count].code = code_of(program, &actor->events[i]);
		if (events[count].code != 0)
			count++;
	}
	qsort(events, count, sizeof(Event), compare_engine_events);
	exact = malloc(sizeof(Event) * count + (count == 0));
	if (count > 0)
		memcpy(exact, events, sizeof(Event) * count);
	memset(chase, 0x5a, sizeof(*chase));
	seq = event_seq_of_array(exact, count);
	if (calls++ % 256 != 0)
		chaser_run(chaser, &seq, actor->entry, chase);
	else
	{
		/* as events too many for memory, at some place in a file */
		HostFile   *file = host_file_make(NULL);
		size_t		before = calls / 256 % 600;	/* events of others */
		Event		other = {INT64_MAX, 1};
		EventPages *pages;

		for (size_t i = 0; i < before; i++)
			host_file_write(file, &other, sizeof(Event));
		host_file_write(file, exact, count * sizeof(Event));
		pages = event_pages_make(file, 2, 0, 0);
		seq = event_pages_seq(pages, before, count);
		chaser_run(chaser, &seq, actor->entry, chase);
		event_pages_free(pages);
		host_file_close(file);
	}
	free(exact);
	free(events);
}

/* NULL, or what is wrong with the fast result. */
static const char *
difference(const Pattern *pattern, const Actor *actor, const NaiveChase *naive, const Chase *fast)
{
	int			first = -1;
	int			last = -1;

	if (fast->level != naive->level)
		return "level";
	if (fast->reached != naive->reached)
		return "reached";
	if (pattern->open && fast->continued != naive->continued)
		return "continued";
	if (pattern->open && fast->closed != naive->closed)
		return "closed";
	if (fast->completions != naive->completions)
		return "completions";
	if (naive->best_level == 0)
		return fast->taken == 0 ? NULL : "taken without a chain";
	for (int step = 0; step < PATTERN_MAX_STEPS; step++)
		if (fast->taken & (UINT64_C(1) << step))
		{
			if (first < 0)
				first = step;
			last = step;
		}
	if (last + 1 != naive->best_level)
		return "taken";
	if (fast->at[last] != naive->best_end)
		return "end of the best chain";
	if (fast->at[first] != naive->best_start)
		return "start of the best chain";
	if (!naive_is_chain(pattern, actor->events, actor->count, actor->entry, fast->taken, fast->at))
		return "taken and at are no chain";
	return NULL;
}

/* ---- printing ---- */

static void
print_time(int64_t at)
{
	if (at == MOMENT_MIN)
		printf("-infinity");
	else if (at == MOMENT_MAX)
		printf("infinity");
	else
		printf("%lld", (long long) at);
}

static void
print_bits(const char *name, uint64_t bits, int count)
{
	printf(" %s ", name);
	for (int i = 0; i < count; i++)
		putchar(bits & (UINT64_C(1) << i) ? '1' : '0');
}

static void
print_actor(const Actor *actor)
{
	printf("#   events:");
	for (int i = 0; i < actor->count; i++)
	{
		const NaiveEvent *event = &actor->events[i];

		putchar(' ');
		if (event->label)
			printf("\"%s\"", event->label);
		else
		{
			printf("{");
			for (int k = 0; k < 64; k++)
				if (event->mask & (UINT64_C(1) << k))
					printf("%s%d", event->mask & ((UINT64_C(1) << k) - 1) ? "," : "", k + 1);
			printf("}");
		}
		putchar('@');
		print_time(actor->events[i].at);
	}
	printf("\n#   entry: ");
	print_time(actor->entry.from);
	printf(" .. ");
	print_time(actor->entry.to);
	printf("\n");
}

static void
print_difference(const char *what, const Pattern *pattern, const Actor *actor,
				 const NaiveChase *naive, const Chase *fast)
{
	size_t		length;

	printf("# differs: %s\n#   pattern: %s\n", what, pattern_print(pattern, true, &length));
	print_actor(actor);
	printf("#   naive: level %d", naive->level);
	print_bits("reached", naive->reached, pattern->nsteps);
	print_bits("continued", naive->continued, pattern->nsteps);
	print_bits("closed", naive->closed, pattern->nsteps);
	printf(" completions %lld, best: level %d, ", (long long) naive->completions,
		   naive->best_level);
	print_time(naive->best_start);
	printf(" .. ");
	print_time(naive->best_end);
	printf("\n#   fast:  level %d", fast->level);
	print_bits("reached", fast->reached, pattern->nsteps);
	print_bits("continued", fast->continued, pattern->nsteps);
	print_bits("closed", fast->closed, pattern->nsteps);
	printf(" completions %lld, best:", (long long) fast->completions);
	for (int step = 0; step < pattern->nsteps; step++)
		if (fast->taken & (UINT64_C(1) << step))
		{
			printf(" %d@", step + 1);
			print_time(fast->at[step]);
		}
	printf("\n");
	fflush(stdout);
}

/* ---- by hand ---- */

/*
 * Events are written `label@seconds`, for masks `{1,3}@seconds`; a time may be inf or -inf. Times are
 * expected in seconds; `reached` one digit a step. Without `best`, only the naive matcher vouches for the
 * chain that got deepest.
 */
typedef struct HandCase
{
	const char *source;
	const char *pattern;
	const char *events;
	const char *reached;
	int64_t		completions;
	const char *best;			/* "start end" */
	const char *continued;		/* `open` */
	const char *closed;
	const char *entry;			/* "from to" */
} HandCase;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"	/* what is not said is NULL */

static const HandCase hand_cases[] = {
	/* reference/funnels.md, section 7 */
	{"funnels.md 7, case 1", "a -> b -> c", "a@0 b@1 c@2", "111", 1, "0 2"},
	{"funnels.md 7, case 2", "a -> b -> c", "a@0 d@1 b@2 c@3", "111", 1, "0 3"},
	{"funnels.md 7, case 3", "a -> b -> c", "a@0 a@1 b@2 b@3 c@4 c@5", "111", 1, "1 4"},
	{"funnels.md 7, case 4", "a -> b -> c", "a@0 b@1 a@2 c@3", "111", 1, "0 3"},
	{"funnels.md 7, case 5", "a -> b -> c", "a@0 c@1 b@2", "110", 0, "0 2"},
	{"funnels.md 7, case 6", "a -> b -> c", "c@5 b@5 a@5", "111", 1, "5 5"},
	{"funnels.md 7, case 6 increase", "a -> b -> c strictly increasing", "c@5 b@5 a@5", "100", 0, "5 5"},
	{"funnels.md 7, case 7", "a -> b -> c", "a@1 a@2 b@2 c@3", "111", 1, "2 3"},
	{"funnels.md 7, case 7 increase", "a -> b -> c strictly increasing", "a@1 a@2 b@2 c@3", "111", 1, "1 3"},
	{"funnels.md 7, case 8", "1 -> 2 -> 3", "{1,2,3}@0", "100", 0, "0 0"},
	{"funnels.md 7, case 8 reuse", "1 -> 2 -> 3 reuse rows", "{1,2,3}@0", "111", 1, "0 0"},
	{"funnels.md 7, case 9", "1 -> 2 -> 3", "{1,2}@0 {2,3}@2", "110", 0, "0 2"},
	{"funnels.md 7, case 9 reuse", "1 -> 2 -> 3 reuse rows", "{1,2}@0 {2,3}@2", "111", 1, "0 2"},
	{"funnels.md 7, case 10", "a -> b within 10 seconds", "a@0 b@10", "11", 1, "0 10"},
	{"funnels.md 7, case 10, one more", "a -> b within 10 seconds", "a@0 b@11", "10", 0, "0 0"},
	{"funnels.md 7, case 11", "a -> b -> c within 1 hour", "a@46800 a@48600 b@49500 c@51300", "111", 1, "48600 51300"},
	{"funnels.md 7, case 11 anchor", "a -> b -> c within 1 hour first entry", "a@46800 a@48600 b@49500 c@51300", "110", 0, "46800 49500"},
	{"funnels.md 7, case 12", "s1 -[no X]-> s2 within 10 seconds", "s1@0 X@5 s2@8", "10", 0, "0 0"},
	{"funnels.md 7, case 12 again", "s1 -[no X]-> s2 within 10 seconds", "s1@0 X@5 s2@8 s1@100 s2@105", "11", 1, "100 105"},
	{"funnels.md 7, case 13", "v1 -> v2", "v1@1 v3@2 v2@3", "11", 1, "1 3"},
	{"funnels.md 7, case 13 next", "v1 => v2", "v1@1 v3@2 v2@3", "10", 0, "1 1"},

	/* '=>': every event of the actor counts, also one that no step names */
	{"next", "a => b", "a@1 b@2", "11", 1, "1 2"},
	{"next, later clean", "a => b", "a@1 x@2 b@3 a@4 b@5", "11", 1, "4 5"},
	{"next, tie with b", "a => b", "a@1 x@2 b@2", "11", 1, "1 2"},
	{"next, tie with a", "a => b", "x@1 a@1 b@2", "11", 1, "1 2"},
	{"next, tie of three", "a => b => c", "x@1 c@1 b@1 a@1", "111", 1, "1 1"},
	{"next, pushed to the end", "a => b => c", "a@1 b@2 x@2 c@2", "111", 1, "1 2"},
	{"next, no place for x", "a => b => c", "a@1 b@2 x@2 c@3", "110", 0, "1 2"},
	{"next, once on each side", "a => b => c", "a@1 x@1 b@2 c@3 x@3", "111", 1, "1 3"},
	{"next, same label", "a => a", "a@1 a@1", "11", 1, "1 1"},
	{"next, strictly", "a => b strictly increasing", "a@1 b@1", "10", 0, "1 1"},
	{"next, strictly, b out of the way", "a => b strictly increasing", "a@1 b@1 b@2", "11", 1, "1 2"},
	{"next, strictly, possible", "a => b strictly increasing", "a@1 x@1 b@2", "11", 1, "1 2"},
	{"next, empty label between", "a => b", "a@1 @2 b@3", "10", 0, "1 1"},
	{"next, empty mask between", "1 => 2", "{1}@1 {}@2 {2}@3", "10", 0, "1 1"},
	{"next and a bound", "a -[next, <= 1 second]-> b", "a@1 b@3 a@4 b@5", "11", 1, "4 5"},

	/* '<=' and '>=' */
	{"<=, at the bound", "a -[<= 5 seconds]-> b", "a@1 b@6", "11", 1, "1 6"},
	{"<=, past the bound", "a -[<= 5 seconds]-> b", "a@1 b@7", "10", 0, "1 1"},
	{"<= wants the later b", "a -> b -[<= 2 seconds]-> c", "a@0 b@1 b@5 c@7", "111", 1, "0 7"},
	{"<= starts as late as possible", "a -> b -[<= 2 seconds]-> c", "a@0 a@4 b@5 c@7", "111", 1, "4 7"},
	{">=, at the bound", "a -[>= 5 seconds]-> b", "a@1 b@6", "11", 1, "1 6"},
	{">=, below the bound", "a -[>= 5 seconds]-> b", "a@1 b@5", "10", 0, "1 1"},
	{">= wants the earlier a", "a -[>= 5 seconds]-> b within 6 seconds", "a@0 a@2 b@6", "11", 1, "0 6"},
	{">= then within", "a -[>= 5 seconds]-> b -> c within 6 seconds", "a@0 a@2 b@6 c@7", "110", 0, "0 6"},
	{"<= and >=", "a -[>= 2 seconds, <= 3 seconds]-> b", "a@0 b@1 b@4 a@5 b@7", "11", 1, "5 7"},

	/* `no` */
	{"no", "a -[no x]-> b", "a@1 x@2 b@3", "10", 0, "1 1"},
	{"no, an earlier chain stays", "a -[no x]-> b", "a@1 b@2 x@3", "11", 1, "1 2"},
	{"no, a later clean one", "a -[no x]-> b", "a@1 x@2 a@3 b@4", "11", 1, "3 4"},
	{"no, tie with a", "a -[no x]-> b", "a@1 x@1 b@2", "11", 1, "1 2"},
	{"no, tie with b", "a -[no x]-> b", "a@1 b@2 x@2", "11", 1, "1 2"},
	{"no, both sides", "a -[no x]-> b -[no x]-> c", "a@1 b@2 x@2 c@3", "110", 0, "1 2"},
	{"no, both sides, reuse", "a -[no x]-> b -[no x]-> c reuse rows", "a@1 b@2 x@2 c@3", "111", 1, "1 3"},
	{"no, one side", "a -[no x]-> b -> c", "a@1 b@2 x@2 c@3", "111", 1, "1 3"},
	{"no of one of two", "a -[no x|y]-> b", "a@1 y@2 b@3 b@4", "10", 0, "1 1"},
	{"no by prefix", "a -[no err*]-> b", "a@1 err5@2 b@3", "10", 0, "1 1"},

	/* optional steps */
	{"optional, taken", "a -> b? -> c", "a@1 b@2 c@3", "111", 1, "1 3"},
	{"optional, left out", "a -> b? -> c", "a@1 c@3", "101", 1, "1 3"},
	{"optional, its arrow does not count", "a => b? -> c", "a@1 x@2 c@3", "101", 1, "1 3"},
	{"optional, the next arrow counts", "a -> b? => c", "a@1 x@2 c@3", "100", 0, "1 1"},
	{"optional, saves the next arrow", "a -> b? => c", "a@1 x@2 b@3 c@4", "111", 1, "1 4"},
	{"optional at the end, without", "a -> b?", "a@1", "10", 1, "1 1"},
	{"optional at the end, with", "a -> b?", "a@1 b@2 a@3", "11", 2, "1 2"},
	{"optional, two", "a -> b? -> c? -> d", "a@1 c@2 d@3", "1011", 1, "1 3"},
	{"optional does not replace", "a -> b? -> c -> d", "a@1 b@2 d@3", "1100", 0, "1 2"},

	/* labels */
	{"same label twice, one event", "a -> a", "a@1", "10", 0, "1 1"},
	{"same label twice", "a -> a", "a@1 a@1", "11", 1, "1 1"},
	{"same label twice, strictly", "a -> a strictly increasing", "a@1 a@1", "10", 0, "1 1"},
	{"alternatives", "a|b -> c|d", "b@1 d@2", "11", 1, "1 2"},
	{"prefix", "a* -> ab -> abc", "abx@1 ab@2 abc@3", "111", 1, "1 3"},
	{"prefix and whole label", "a -> a*", "ab@1 a@2 ab@3", "11", 1, "2 3"},
	{"prefix and whole label, no", "c -[no a*]-> b -> a", "c@1 ax@2 b@3 a@3 c@4 b@5 ab@6", "110", 0, "4 5"},
	{"prefix, too short", "ab* -> c", "a@1 c@2", "00", 0, NULL},
	{"any event", "* -> * -> *", "x@1 y@1", "110", 0, "1 1"},
	{"any event, next", "a => * => b", "a@1 x@2 b@3", "111", 1, "1 3"},
	{"any event of no condition", "1 -> *", "{1}@1 {}@2", "11", 1, "1 2"},
	{"a tie that needs the right row", "1 -> 2", "{1,2}@1 {1}@1", "11", 1, "1 1"},
	{"a tie of three that fits one way", "1 -> 2 -> 3", "{1,2,3}@1 {1}@1 {1,2}@1", "111", 1, "1 1"},
	{"condition 63", "63 -> 1", "{63}@1 {1,64}@2", "11", 1, "1 2"},
	{"condition 64 is nobody's", "1 => 2", "{1}@1 {64}@2 {2}@3", "10", 0, "1 1"},

	/* any order */
	{"any order", "a -> b -> c any order", "c@1 a@2 b@3", "111", 1, "1 3"},
	{"any order, two of three", "a -> b -> c any order", "c@1 a@2", "110", 0, "1 2"},
	{"any order, window", "a -> b any order within 10 seconds", "b@0 a@10", "11", 1, "0 10"},
	{"any order, past the window", "a -> b any order within 10 seconds", "b@0 a@11", "10", 0, "0 0"},
	{"any order, one event, one step", "1 -> 2 any order", "{1,2}@1", "10", 0, "1 1"},
	{"any order, reuse", "1 -> 2 any order reuse rows", "{1,2}@1", "11", 1, "1 1"},
	{"any order, fits one way", "1 -> 2 -> 3 any order", "{1,2}@1 {2,3}@2 {1}@3", "111", 1, "1 3"},
	{"any order, twice", "a -> b -> c any order", "a@1 b@2 c@3 c@4 b@5 a@6", "111", 2, "1 3"},
	{"any order, the latest start", "a -> b any order", "a@1 a@2 b@3", "11", 1, "2 3"},
	{"any order, first entry", "a -> b -> c any order within 10 seconds first entry", "a@0 b@5 a@6 c@11", "110", 0, "0 5"},
	{"any order, first entry counts", "a -> b any order first entry", "a@0 a@5 b@6", "11", 1, "0 6"},

	/* open */
	{"open", "a -> b -> c open", "b@1 c@2", "011", 0, NULL, "001", "000"},
	{"open, closed", "a -> b -> c open", "a@1 b@2", "110", 0, "1 2", "010", "110"},
	{"open, both", "a -> b -> c open", "b@1 c@2 a@3", "111", 0, "3 3", "001", "100"},
	{"open, the later one may not enter", "a -> b -> c within 3 seconds open", "a@0 b@1 b@2 c@4", "111", 0, "0 1", "011", "110", "0 1"},
	{"open, the later one may enter", "a -> b -> c within 3 seconds open", "a@0 b@1 b@2 c@5", "111", 0, "0 1", "011", "110"},
	{"open, optional", "a -> b? -> c open", "b@1", "010", 0, NULL, "000", "000"},

	/* entry */
	{"entry too early", "a -> b", "a@0 b@1", "00", 0, NULL, NULL, NULL, "1 9"},
	{"entry at the ends", "a -> b", "a@0 a@1 b@9", "11", 1, "1 9", NULL, NULL, "1 1"},
	{"only the entry counts", "a -> b", "a@1 b@9", "11", 1, "1 9", NULL, NULL, "0 1"},
	{"first entry in the span", "a -> b within 1 second first entry", "a@0 a@2 b@3 a@5", "11", 1, "2 3", NULL, NULL, "1 9"},
	{"first entry is given away", "a -> b within 1 second first entry", "a@0 a@2 b@3", "10", 0, "0 0"},
	{"first entry, one completion", "a -> b first entry", "a@0 b@1 a@2 b@3", "11", 1, "0 1"},
	{"open entry", "a -> b -> c open", "b@0 c@1", "001", 0, NULL, "000", "000", "1 9"},

	/* completions */
	{"completions", "a -> b", "a@1 b@2 a@3 b@4", "11", 2, "1 2"},
	{"completions share no instant", "a -> b", "a@1 b@2 a@2 b@3", "11", 1, "2 2"},
	{"completions of one step", "a", "a@1 a@1 a@2", "1", 2, "1 1"},
	{"completions are the most", "a -> b -> c", "a@1 a@2 b@3 c@4 a@5 b@6 b@7 c@8", "111", 2, "2 4"},
	{"completions within", "a -> b within 2 seconds", "a@0 b@3 a@4 b@6 a@7 b@7", "11", 2, "4 6"},

	/* infinite times */
	{"both at -infinity", "a -> b within 1 hour", "b@-inf a@-inf", "11", 1, NULL},
	{"from -infinity", "a -> b within 1 hour", "a@-inf b@0", "10", 0, NULL},
	{"from -infinity, no window", "a -> b", "a@-inf b@0", "11", 1, NULL},
	{"to infinity, bound", "a -[>= 100 days]-> b", "a@0 b@inf", "11", 1, NULL},
	{"to infinity, within", "a -> b within 100 days", "a@0 b@inf", "10", 0, "0 0"},

	{"no events", "a -> b", "", "00", 0, NULL},
	{"only others", "a -> b", "x@1 y@2", "00", 0, NULL},
};

#pragma GCC diagnostic pop

static int64_t
read_time(const char **text)
{
	char	   *end;
	long long	seconds;

	if (strncmp(*text, "inf", 3) == 0)
	{
		*text += 3;
		return MOMENT_MAX;
	}
	if (strncmp(*text, "-inf", 4) == 0)
	{
		*text += 4;
		return MOMENT_MIN;
	}
	seconds = strtoll(*text, &end, 10);
	*text = end;
	return seconds * SECOND;
}

static uint64_t
read_bits(const char *digits)
{
	uint64_t	bits = 0;

	for (int i = 0; digits && digits[i]; i++)
		if (digits[i] == '1')
			bits |= UINT64_C(1) << i;
	return bits;
}

/* Fills `actor`; the labels point into `labels`. Returns whether the events are masks. */
static bool
read_events(const char *text, Actor *actor, char *labels)
{
	bool		masks = false;

	memset(actor, 0, sizeof(*actor));
	actor->entry = any_time;
	while (*text)
	{
		NaiveEvent *event = &actor->events[actor->count++];

		if (*text == '{')
		{
			masks = true;
			text++;
			while (*text != '}')
			{
				char	   *end;

				event->mask |= UINT64_C(1) << (strtol(text, &end, 10) - 1);
				text = end + (*end == ',');
			}
			text++;
		}
		else
		{
			event->label = labels;
			while (*text != '@')
				*labels++ = *text++;
			*labels++ = '\0';
		}
		text++;					/* the '@' */
		event->at = read_time(&text);
		while (*text == ' ')
			text++;
	}
	return masks;
}

static bool
hand_case_holds(const HandCase *hand)
{
	Pattern		pattern;
	LanguageError error;
	Actor		actor;
	char		labels[500];
	bool		masks = read_events(hand->events, &actor, labels);
	NaiveChase	naive;
	NaiveChase	by_hand;
	Program    *program;
	Chase		fast;
	const char *different;

	if (!pattern_parse(hand->pattern, strlen(hand->pattern), true, NULL, &pattern, &error))
	{
		printf("# %s: %s at %zu\n", hand->pattern, error.message, error.offset);
		return false;
	}
	if (hand->entry)
	{
		const char *text = hand->entry;

		actor.entry.from = read_time(&text);
		text++;
		actor.entry.to = read_time(&text);
	}
	naive_chase(&pattern, actor.events, actor.count, actor.entry, &naive);

	by_hand = naive;
	by_hand.reached = read_bits(hand->reached);
	by_hand.level = 0;
	for (int step = 0; step < pattern.nsteps; step++)
		if (by_hand.reached & (UINT64_C(1) << step))
			by_hand.level = step + 1;
	by_hand.completions = hand->completions;
	if (pattern.open)
	{
		by_hand.continued = read_bits(hand->continued);
		by_hand.closed = read_bits(hand->closed);
	}
	if (hand->best)
	{
		const char *text = hand->best;

		by_hand.best_start = read_time(&text);
		text++;
		by_hand.best_end = read_time(&text);
	}

	program = program_make(NULL, &pattern, masks);
	chase_actor(program, chaser_make(NULL, program), &actor, &fast);
	if (memcmp(&naive, &by_hand, sizeof(naive)) != 0)
	{
		print_difference("naive from by hand", &pattern, &actor, &naive, &fast);
		return false;
	}
	different = difference(&pattern, &actor, &by_hand, &fast);
	if (different)
		print_difference(different, &pattern, &actor, &naive, &fast);
	return different == NULL;
}

/* Levels 3, 3, 1, 0 make 1, 0, 2 actors end at the steps, 3, 2, 2 reach them. */
static bool
counting_holds(void)
{
	static const char *const actors[] = {"a@1 b@2 c@3", "a@1 b@1 c@1", "a@1 c@2", "b@1"};
	static const char text[] = "a -> b -> c";
	Pattern		pattern;
	LanguageError error;
	Program    *program;
	Chaser	   *chaser;
	int			ended[3] = {0};
	int			reached[3] = {0};

	if (!pattern_parse(text, strlen(text), true, NULL, &pattern, &error))
		return false;
	program = program_make(NULL, &pattern, false);
	chaser = chaser_make(NULL, program);
	for (int i = 0; i < LENGTH(actors); i++)
	{
		char		labels[100];
		Actor		actor;
		Chase		chase;

		read_events(actors[i], &actor, labels);
		chase_actor(program, chaser, &actor, &chase);
		if (chase.level > 0)
			ended[chase.level - 1]++;
		for (int step = 0; step < 3; step++)
			if (chase.reached & (UINT64_C(1) << step))
				reached[step]++;
	}
	return ended[0] == 1 && ended[1] == 0 && ended[2] == 2 && reached[0] == 3 && reached[1] == 2 &&
		reached[2] == 2;
}

static void
test_by_hand(void)
{
	for (int i = 0; i < LENGTH(hand_cases); i++)
	{
		CHECK(hand_case_holds(&hand_cases[i]), "by hand: %s: %s", hand_cases[i].source,
				   hand_cases[i].pattern);
		FORGET();
	}
	CHECK(counting_holds(), "by hand: funnels.md 7, case 15");
	FORGET();
}

/* ---- labels that stand for conditions ---- */

static void
make_of_masks(void *pattern)
{
	program_make(NULL, pattern, true);
}

static void
test_conditions(void)
{
	static const char *const good[] = {"1", "9", "10", "63", "*"};
	static const char *const bad[] = {"0", "64", "100", "01", "a", "1a", "1*", "\"-1\"", "\" 1\"",
	"18446744073709551617"};

	for (int i = 0; i < LENGTH(good) + LENGTH(bad); i++)
	{
		bool		is_good = i < LENGTH(good);
		const char *label = is_good ? good[i] : bad[i - LENGTH(good)];
		char		text[100];
		Pattern		pattern;
		LanguageError error;

		snprintf(text, sizeof(text), "1 -> %s", label);
		CHECK(pattern_parse(text, strlen(text), true, NULL, &pattern, &error) &&
				   host_unit_try(make_of_masks, &pattern) == is_good &&
				   (is_good || host_unit_error == HOST_BAD_VALUE),
				   "conditions: %s is %s", label, is_good ? "one" : "none");
		FORGET();
	}
}

/* ---- random cases ---- */

static uint64_t random_state;

static uint64_t
random_bits(void)
{
	uint64_t	z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 .. count - 1 */
static int
random_below(int count)
{
	return (int) (random_bits() % (uint64_t) count);
}

static bool
chance(int percent)
{
	return random_below(100) < percent;
}

/* A pattern with the memory it needs, so that it can be copied and changed. */
#define MOST_STEPS 5
#define MOST_LABELS 40

typedef struct RandomPattern
{
	Pattern		pattern;
	Step		steps[MOST_STEPS];
	Label		labels[MOST_LABELS];
	bool		masks;
	const char *const *family;	/* of labels */
} RandomPattern;

/*
 * What patterns name, and what else events are: nobody's, or beginning as others do. Labels of several
 * lengths, since they are compared by pieces.
 */
#define STEP_LABELS 4
#define EVENT_LABELS 7

static const char *const label_families[][EVENT_LABELS] = {
	{"a", "b", "ab", "c", "abc", "A", ""},
	{"view", "views", "vie", "viewers", "vien", "view_cart", "v"},
	{"checkout", "checkouz", "checkout1", "cheekout", "checkou", "xheckout", "checkout12"},
	{"landing_page/2024", "landing_page/2025", "landing_page/202", "landing-page/2024",
	"landing_page/20245", "Landing_page/2024", "landing_page/"},
	{"a_label_of_sixteen", "a_label_of_sixt", "a_label_of_sixteem", "a_label_0f_sixteen",
	"a_label_of_sixteens", "a_label_of_sixte", "a_label_of_sixtd"},
};
static const char *const conditions[] = {"1", "2", "30", "63"};
static const int condition_bits[] = {0, 1, 29, 62, 2, 63};

static void
copy_pattern(RandomPattern *to, const RandomPattern *from)
{
	*to = *from;
	to->pattern.steps = to->steps;
	to->pattern.labels = to->labels;
}

static LabelSet
random_labels(RandomPattern *random, int alphabet)
{
	Pattern    *pattern = &random->pattern;
	LabelSet	set = {pattern->nlabels, 0};
	int			wanted = chance(75) ? 1 : 2;
	int			first = random_below(alphabet);

	for (int i = 0; i < wanted; i++)
	{
		Label	   *label = &random->labels[pattern->nlabels++];

		label->bytes = (random->masks ? conditions : random->family)[(first + i) % alphabet];
		label->length = (uint32_t) strlen(label->bytes);
		label->prefix = !random->masks && chance(15);
		set.count++;
	}
	return set;
}

static int64_t
random_span(bool far)
{
	if (far && chance(50))
		return DURATION_MAX - random_below(4);
	return random_below(5);
}

static void
random_pattern(RandomPattern *random, bool far)
{
	Pattern    *pattern = &random->pattern;
	int			alphabet = 2 + random_below(STEP_LABELS - 1);
	bool		plain;			/* arrows */
	int			richness = random_below(3); /* of arrows */

	memset(random, 0, sizeof(*random));
	random->masks = chance(40);
	random->family = label_families[chance(60) ? 0 : random_below(LENGTH(label_families))];
	pattern->steps = random->steps;
	pattern->labels = random->labels;
	pattern->nsteps = 1 + random_below(MOST_STEPS);
	pattern->any_order = chance(15);
	plain = pattern->any_order && !chance(5);
	for (int i = 0; i < pattern->nsteps; i++)
	{
		Step	   *step = &random->steps[i];
		Arrow	   *arrow = &step->arrow;

		step->any = chance(8);
		if (!step->any)
			step->labels = random_labels(random, alphabet);
		if (i == 0 || plain)
			continue;
		step->optional = chance(18);
		if (richness == 0 && !chance(10))
			continue;
		arrow->next = chance(15 * richness);
		arrow->has_max = chance(12 * richness);
		arrow->max_span = arrow->has_max ? random_span(far) : 0;
		arrow->has_min = chance(12 * richness);
		arrow->min_span = arrow->has_min ? random_span(far) : 0;
		if (chance(20 * richness))
			arrow->no = random_labels(random, alphabet);
	}
	pattern->has_within = chance(50);
	pattern->within = pattern->has_within ? random_span(far) + random_below(2) * (far ? 0 : 3) : 0;
	pattern->strictly_increasing = chance(20);
	pattern->first_entry = chance(20);
	pattern->reuse_rows = chance(20);
	pattern->open = chance(20);

	/* often just one option */
	if (chance(30))
	{
		int			only = random_below(5);

		pattern->any_order = only == 0;
		pattern->strictly_increasing = only == 1;
		pattern->first_entry = only == 2;
		pattern->reuse_rows = only == 3;
		pattern->open = only == 4;
		for (int i = 0; i < pattern->nsteps && chance(80); i++)
		{
			pattern->steps[i].optional = false;
			memset(&pattern->steps[i].arrow, 0, sizeof(Arrow));
		}
	}
}

static int64_t
random_time(bool far, int instants)
{
	static const int64_t far_times[] = {MOMENT_MIN, MOMENT_MIN + 1, MOMENT_MIN + 2,
	-DURATION_MAX / 2, -1, 0, 1, DURATION_MAX / 2, DURATION_MAX / 2 - 1, DURATION_MAX, MOMENT_MAX - 2,
	MOMENT_MAX - 1, MOMENT_MAX};

	if (far)
		return far_times[random_below(LENGTH(far_times))];
	return random_below(instants);
}

static void
random_event(const RandomPattern *random, int alphabet, NaiveEvent *event)
{
	event->label = NULL;
	event->mask = 0;
	if (!random->masks)
		event->label = random->family[random_below(alphabet)];
	else
		for (int k = 0; k < LENGTH(condition_bits); k++)
			if (chance(30))
				event->mask |= UINT64_C(1) << condition_bits[k];
}

/* An event that fulfils the step, and maybe others. */
static void
random_event_for(const RandomPattern *random, int step, int alphabet, NaiveEvent *event)
{
	const LabelSet *labels = &random->steps[step].labels;
	const Label *label;

	random_event(random, alphabet, event);
	if (labels->count == 0)
		return;
	label = &random->labels[labels->first + (uint32_t) random_below((int) labels->count)];
	if (random->masks)
		event->mask = (chance(50) ? event->mask : 0) |
			UINT64_C(1) << (strtol(label->bytes, NULL, 10) - 1);
	else
		event->label = label->bytes;
}

static void
random_actor(const RandomPattern *random, bool far, Actor *actor)
{
	uint64_t	most_orders = chance(90) ? 24 : chance(90) ? 120 : 720;
	int			instants = chance(10) ? 1 : 2 + random_below(8);
	int			alphabet = chance(30) ? EVENT_LABELS : 2 + random_below(3);
	int			nsteps = random->pattern.nsteps;
	int			passes = chance(60) ? 1 + random_below(2) : 0;
	int64_t		at = 0;

	actor->count = 0;
	/* some that may well complete the pattern, */
	for (int i = 0; i < passes * nsteps && actor->count < 7; i++)
	{
		NaiveEvent *event = &actor->events[actor->count];

		if (chance(10))
			continue;
		random_event_for(random, i % nsteps, alphabet, event);
		if (chance(20))
			i--;				/* a step is often done twice */
		if (far && chance(30))
			at = random_time(far, instants);
		else if (at <= MOMENT_MAX - 4)
			at += chance(50) ? 0 : random_below(4);
		event->at = at;
		actor->count++;
	}
	/* and others */
	for (int more = chance(30) ? 0 : random_below(8); more > 0 && actor->count < 7; more--)
	{
		NaiveEvent *event = &actor->events[actor->count++];

		random_event(random, alphabet, event);
		event->at = random_time(far, instants);
	}
	while (naive_orders(actor->events, actor->count) > most_orders)
		actor->events[random_below(actor->count)].at = random_time(far, ++instants);

	actor->entry = any_time;
	if (chance(random->pattern.open ? 60 : 30))
	{
		/* ends that are the times of events matter most */
		if (chance(60))
			actor->entry.from = chance(30) || actor->count == 0 ? random_time(far, instants)
				: actor->events[random_below(actor->count)].at;
		if (chance(80))
			actor->entry.to = chance(30) || actor->count == 0 ? random_time(far, instants)
				: actor->events[random_below(actor->count)].at;
		if (actor->entry.from > actor->entry.to && !chance(5))
		{
			int64_t		from = actor->entry.from;

			actor->entry.from = actor->entry.to;
			actor->entry.to = from;
		}
	}
}

/* ---- making a counterexample small ---- */

static bool
still_differs(const RandomPattern *random, const Actor *actor)
{
	LanguageError error;
	Program    *program;
	NaiveChase	naive;
	Chase		fast;

	if (!pattern_check(&random->pattern, &error))
		return false;
	program = program_make(NULL, &random->pattern, random->masks);
	chase_actor(program, chaser_make(NULL, program), actor, &fast);
	naive_chase(&random->pattern, actor->events, actor->count, actor->entry, &naive);
	return difference(&random->pattern, actor, &naive, &fast) != NULL;
}

/* The change number `change` makes a pattern simpler; false when there is no such change. */
static bool
simplify(RandomPattern *random, int change)
{
	Pattern    *pattern = &random->pattern;
	int			step = change / 8;

	if (step < pattern->nsteps)
	{
		Step	   *chosen = &pattern->steps[step];

		switch (change % 8)
		{
			case 0:
				for (int i = step; i + 1 < pattern->nsteps; i++)
					pattern->steps[i] = pattern->steps[i + 1];
				pattern->nsteps--;
				pattern->steps[0].optional = false;
				memset(&pattern->steps[0].arrow, 0, sizeof(Arrow));
				return pattern->nsteps > 0;
			case 1:
				chosen->optional = false;
				break;
			case 2:
				chosen->arrow.next = false;
				break;
			case 3:
				chosen->arrow.has_max = false;
				break;
			case 4:
				chosen->arrow.has_min = false;
				break;
			case 5:
				chosen->arrow.no.count = 0;
				break;
			case 6:
				if (chosen->labels.count > 1)
					chosen->labels.count--;
				break;
			case 7:
				if (chosen->labels.count > 0)
					pattern->labels[chosen->labels.first].prefix = false;
				break;
		}
		return true;
	}
	switch (change - 8 * pattern->nsteps)
	{
		case 0:
			pattern->has_within = false;
			return true;
		case 1:
			pattern->strictly_increasing = false;
			return true;
		case 2:
			pattern->first_entry = false;
			return true;
		case 3:
			pattern->reuse_rows = false;
			return true;
		case 4:
			pattern->open = false;
			return true;
	}
	return false;
}

static void
shrink(RandomPattern *random, Actor *actor)
{
	bool		smaller = true;

	while (smaller)
	{
		smaller = false;
		for (int i = 0; i < actor->count; i++)
		{
			Actor		less = *actor;

			less.count--;
			less.events[i] = less.events[less.count];
			if (still_differs(random, &less))
			{
				*actor = less;
				smaller = true;
			}
		}
		if (memcmp(&actor->entry, &any_time, sizeof(any_time)) != 0)
		{
			Actor		less = *actor;

			less.entry = any_time;
			if (still_differs(random, &less))
				*actor = less;
		}
		for (int change = 0; change < 8 * MOST_STEPS + 5; change++)
		{
			RandomPattern simpler;

			copy_pattern(&simpler, random);
			if (simplify(&simpler, change) &&
				memcmp(simpler.steps, random->steps, sizeof(simpler.steps)) +
				memcmp(simpler.labels, random->labels, sizeof(simpler.labels)) +
				(simpler.pattern.nsteps != random->pattern.nsteps) +
				(simpler.pattern.has_within != random->pattern.has_within) +
				(simpler.pattern.strictly_increasing != random->pattern.strictly_increasing) +
				(simpler.pattern.first_entry != random->pattern.first_entry) +
				(simpler.pattern.reuse_rows != random->pattern.reuse_rows) +
				(simpler.pattern.open != random->pattern.open) != 0 &&
				still_differs(&simpler, actor))
			{
				copy_pattern(random, &simpler);
				smaller = true;
			}
		}
	}
}

/* ---- the comparison ---- */

/* How often an option took part in a case that got past the first step. */
enum
{
	WITH_NEXT, WITH_MAX, WITH_MIN, WITH_NO, WITH_OPTIONAL, WITH_WITHIN, WITH_STRICT, WITH_ANY_ORDER,
	WITH_FIRST_ENTRY, WITH_REUSE, WITH_OPEN, WITH_MASKS, WITH_FAR, FEATURES
};

static const char *const feature_names[FEATURES] = {"next", "<=", ">=", "no", "optional", "within",
	"strictly increasing", "any order", "first entry", "reuse rows", "open", "masks", "far times"
};

static uint64_t
features_of(const RandomPattern *random, bool far)
{
	const Pattern *pattern = &random->pattern;
	uint64_t	features = 0;

	for (int i = 1; i < pattern->nsteps; i++)
	{
		const Step *step = &pattern->steps[i];

		features |= (uint64_t) step->arrow.next << WITH_NEXT;
		features |= (uint64_t) step->arrow.has_max << WITH_MAX;
		features |= (uint64_t) step->arrow.has_min << WITH_MIN;
		features |= (uint64_t) (step->arrow.no.count > 0) << WITH_NO;
		features |= (uint64_t) step->optional << WITH_OPTIONAL;
	}
	features |= (uint64_t) pattern->has_within << WITH_WITHIN;
	features |= (uint64_t) pattern->strictly_increasing << WITH_STRICT;
	features |= (uint64_t) pattern->any_order << WITH_ANY_ORDER;
	features |= (uint64_t) pattern->first_entry << WITH_FIRST_ENTRY;
	features |= (uint64_t) pattern->reuse_rows << WITH_REUSE;
	features |= (uint64_t) pattern->open << WITH_OPEN;
	features |= (uint64_t) random->masks << WITH_MASKS;
	features |= (uint64_t) far << WITH_FAR;
	return features;
}

/* The same for all that the field means; what is not taken has no time. */
static bool
same_chase(const Pattern *pattern, const Chase *a, const Chase *b)
{
	if (a->level != b->level || a->reached != b->reached || a->completions != b->completions ||
		a->taken != b->taken)
		return false;
	if (pattern->open && (a->continued != b->continued || a->closed != b->closed))
		return false;
	for (int step = 0; step < pattern->nsteps; step++)
		if ((a->taken & (UINT64_C(1) << step)) && a->at[step] != b->at[step])
			return false;
	return true;
}

static bool
entries_hold(const RandomPattern *random, const Program *program, const Actor *actor)
{
	const Pattern *pattern = &random->pattern;

	for (int i = 0; i < actor->count; i++)
	{
		uint64_t	code = code_of(program, &actor->events[i]);
		bool		enters = false;

		for (int step = 0; step < (pattern->open || pattern->any_order ? pattern->nsteps : 1); step++)
			enters |= naive_fulfils(pattern, step, &actor->events[i]);
		if (enters != (code != 0 && program_is_entry(program, code)))
			return false;
	}
	return true;
}

static void
test_random(long cases, long most_differences)
{
	long		done = 0;
	long		patterns = 0;
	long		refused = 0;
	long		differences = 0;
	long		reused = 0;
	long		entries = 0;
	long		unreadable = 0;
	long		by_level[MOST_STEPS + 1] = {0};
	long		completed = 0;
	long		took_part[FEATURES] = {0};
	long		together[FEATURES][FEATURES] = {{0}};

	while (done < cases && differences < most_differences && unreadable < 10)
	{
		RandomPattern random;
		LanguageError error;
		bool		far = chance(8);
		uint64_t	features;
		Program    *program;
		Chaser	   *chaser;

		random_pattern(&random, far);
		if (!pattern_check(&random.pattern, &error))
		{
			refused++;
			continue;
		}
		patterns++;
		features = features_of(&random, far);
		if (chance(25))
		{
			/* by way of its text */
			Pattern		parsed;
			size_t		length;
			const char *text = pattern_print(&random.pattern, true, &length);

			if (!pattern_parse(text, length, true, NULL, &parsed, &error))
			{
				printf("# %s: %s\n", text, error.message);
				unreadable++;
				continue;
			}
			program = program_make(NULL, &parsed, random.masks);
		}
		else
			program = program_make(NULL, &random.pattern, random.masks);
		chaser = chaser_make(NULL, program);
		for (int i = 0; i < 8; i++, done++)
		{
			Actor		actor;
			NaiveChase	naive;
			Chase		fast;
			const char *different;

			random_actor(&random, far, &actor);
			naive_chase(&random.pattern, actor.events, actor.count, actor.entry, &naive);
			chase_actor(program, chaser, &actor, &fast);
			different = difference(&random.pattern, &actor, &naive, &fast);
			if (different)
			{
				differences++;
				print_difference(different, &random.pattern, &actor, &naive, &fast);
				if (still_differs(&random, &actor))
				{
					shrink(&random, &actor);
					program = program_make(NULL, &random.pattern, random.masks);
					naive_chase(&random.pattern, actor.events, actor.count, actor.entry, &naive);
					chase_actor(program, chaser_make(NULL, program), &actor, &fast);
					different = difference(&random.pattern, &actor, &naive, &fast);
					printf("# made small:\n");
					print_difference(different, &random.pattern, &actor, &naive, &fast);
				}
				else
					printf("# a fresh chaser does not differ\n");
				break;
			}

			if (chance(25))
			{
				Chase		fresh;

				chase_actor(program, chaser_make(NULL, program), &actor, &fresh);
				if (!same_chase(&random.pattern, &fast, &fresh))
					reused++;
			}
			if (!entries_hold(&random, program, &actor))
				entries++;

			by_level[naive.level]++;
			completed += naive.completions > 0;
			for (int a = 0; naive.level > 1 && a < FEATURES; a++)
				for (int b = 0; (features & (UINT64_C(1) << a)) && b < FEATURES; b++)
					if (features & (UINT64_C(1) << b))
						together[a][b]++;
		}
		FORGET();
	}
	for (int a = 0; a < FEATURES; a++)
		took_part[a] = together[a][a];

	printf("# %ld histories of %ld patterns (%ld refused by pattern_check); level 0 to 5:", done,
		   patterns, refused);
	for (int i = 0; i <= MOST_STEPS; i++)
		printf(" %ld", by_level[i]);
	printf("; complete: %ld\n# past the first step:", completed);
	for (int a = 0; a < FEATURES; a++)
		printf("%s %s %ld", a ? "," : "", feature_names[a], took_part[a]);
	printf("\n# never together:");
	for (int a = 0; a < FEATURES; a++)
		for (int b = 0; b < a; b++)
			if (together[a][b] == 0)
				printf(" (%s, %s)", feature_names[b], feature_names[a]);
	printf("\n");
	CHECK(differences == 0, "random: %ld histories, the same as by brute force", done);
	CHECK(unreadable == 0, "random: the text of a pattern can be read again");
	CHECK(reused == 0, "random: a chaser used before finds the same as a new one");
	CHECK(entries == 0, "random: program_is_entry");
}

/* ---- the naive matcher against formulas ---- */

/* For some events x at s and y at t <= s+ of different rows, with nothing forbidden in between. */
static bool
pair_exists(const Actor *actor, const char *x, const char *y, bool strictly, int64_t within,
			bool next, const char *no)
{
	for (int i = 0; i < actor->count; i++)
		for (int k = 0; k < actor->count; k++)
		{
			const NaiveEvent *a = &actor->events[i];
			const NaiveEvent *b = &actor->events[k];
			bool		clean = true;

			if (i == k || strcmp(a->label, x) != 0 || strcmp(b->label, y) != 0)
				continue;
			if (strictly ? a->at >= b->at : a->at > b->at)
				continue;
			if (b->at - a->at > within)
				continue;
			/* an event of either instant can stand before a, or behind b */
			for (int m = 0; m < actor->count; m++)
				if (actor->events[m].at > a->at && actor->events[m].at < b->at &&
					(next || (no && strcmp(actor->events[m].label, no) == 0)))
					clean = false;
			if (clean)
				return true;
		}
	return false;
}

static void
test_naive(void)
{
	long		wrong = 0;

	for (int i = 0; i < 20000; i++)
	{
		Step		steps[2] = {{.labels = {0, 1}}, {.labels = {1, 1}}};
		Label		labels[3] = {{"a", 1, false}, {"b", 1, false}, {"c", 1, false}};
		Pattern		pattern = {.nsteps = 2, .steps = steps, .nlabels = 3, .labels = labels};
		RandomPattern any_label = {.family = label_families[0]};
		Actor		actor;
		NaiveChase	naive;

		random_actor(&any_label, false, &actor);
		actor.entry = any_time;
		labels[1].bytes = chance(20) ? "a" : "b";
		pattern.strictly_increasing = chance(30);
		pattern.has_within = chance(50);
		pattern.within = random_below(4);
		if (chance(40))
			steps[1].arrow.no = (LabelSet) {2, 1};
		labels[2].bytes = chance(30) ? "a" : chance(30) ? "b" : "c";
		steps[1].arrow.next = chance(30);
		naive_chase(&pattern, actor.events, actor.count, actor.entry, &naive);
		if ((naive.level == 2) !=
			pair_exists(&actor, "a", labels[1].bytes, pattern.strictly_increasing,
						pattern.has_within ? pattern.within : INT64_MAX, steps[1].arrow.next,
						steps[1].arrow.no.count ? labels[2].bytes : NULL))
		{
			wrong++;
			print_actor(&actor);
		}
	}
	CHECK(wrong == 0, "the naive matcher finds the pairs that a formula finds");
}

static long
number_from_environment(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtol(text, NULL, 10) : otherwise;
}

int
main(void)
{
	long		seed = number_from_environment("KPI_SEED", 20240229);
	long		cases = number_from_environment("KPI_CASES", 600000);

	printf("# KPI_SEED=%ld KPI_CASES=%ld\n", seed, cases);
	random_state = (uint64_t) seed;
	test_naive();
	test_by_hand();
	test_conditions();
	test_random(cases, number_from_environment("KPI_DIFFERENCES", 1));
	return DONE();
}
