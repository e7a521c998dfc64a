/*
 * timeline_text_test.c: timelines as text: what is printed can be read again, dates against counting days, numbers,
 * and texts at random. KPI_SEED chooses others.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/moment.h"
#include "language/moment_text.h"
#include "language/timeline_text.h"
#include "random.h"

/* ---- times ---- */

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Counts the days from 4800 BC to 4800 AD; the ends of months are looked at. */
static void
test_days(void)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t		day = 0;
	long		wrong = 0;
	long		seen = 0;

	for (int year = 0; year > -4799; year--)
		day -= 365 + is_leap(year);
	for (int year = 1; year < 2000; year++)
		day -= 365 + is_leap(year);
	for (int year = -4798; year <= 4800; year++)
		for (int month = 1; month <= 12; month++)
			for (int d = 1; d <= days[month - 1] + (month == 2 && is_leap(year)); d++, day++)
			{
				int64_t		at = day * INT64_C(86400000000) + INT64_C(86399999999);
				int64_t		again;
				char		text[MOMENT_TEXT_MAX];
				char		expected[64];
				size_t		place = 0;
				LanguageError error;

				if (!moment_is_valid(at) || (d > 1 && d < 28))
					continue;
				seen++;
				snprintf(expected, sizeof(expected), "%04d-%02d-%02d%s 23:59:59.999999Z", year > 0 ? year : 1 - year,
						 month, d, year > 0 ? "" : " BC");
				moment_print(text, at, MOMENT_PLAIN);
				wrong += strcmp(text, expected) != 0;
				wrong += !moment_parse(text, strlen(text), &place, MOMENT_PLAIN, &again, &error) || again != at;
				place = 0;
				moment_print(text, at, MOMENT_ISO);
				wrong += !moment_parse(text, strlen(text), &place, MOMENT_ISO, &again, &error) || again != at;
			}
	CHECK(wrong == 0 && seen > 500000, "%ld days as text", seen);
}

static void
test_moments(void)
{
	static const int64_t edges[] = {
		MOMENT_MIN, MOMENT_MAX, MOMENT_FIRST, MOMENT_FIRST + 1, MOMENT_BEHIND - 1, -1, 0, 1
	};
	long		wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		int64_t		at = round < 8 ? edges[round] :
			(int64_t) ((uint64_t) MOMENT_FIRST + random_bits() % ((uint64_t) MOMENT_BEHIND - (uint64_t) MOMENT_FIRST));
		int64_t		again;
		size_t		place = 0;
		char		text[MOMENT_TEXT_MAX];
		MomentStyle style = chance(50) ? MOMENT_PLAIN : MOMENT_ISO;
		LanguageError error;

		moment_print(text, at, style);
		wrong += !moment_parse(text, strlen(text), &place, style, &again, &error) || again != at ||
			place != strlen(text);
	}
	CHECK(wrong == 0, "times of all ages");
}

/* ---- numbers ---- */

static void
test_numbers(void)
{
	static const char *const bad[] = {
		"", "-", ".", "1.", ".5", "-.5", "+1", "1e5", "1 ", " 1", "1..2", "--1", "0x1", "9223372036854775808",
		"-9223372036854775809", "0.0000000000000000001", "922337203685477580.8001"
	};
	long		wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		int64_t		number = (int64_t) (random_bits() >> random_bits() % 64) * (chance(50) ? 1 : -1);
		int			decimals = (int) (random_bits() % 19);
		int64_t		again;
		uint8_t		again_decimals;
		char		text[DECIMAL_TEXT_MAX];
		char		longer[DECIMAL_TEXT_MAX + 8];

		if (round < 38)
		{
			number = round % 2 == 0 ? INT64_MIN : INT64_MAX;
			decimals = round / 2;
		}
		decimal_print(text, number, decimals);
		if (strlen(text) >= sizeof(text) || decimal_parse(text, strlen(text), &again, &again_decimals) != NULL)
		{
			wrong++;
			continue;
		}
		/* zeros at the end make no difference */
		snprintf(longer, sizeof(longer), "%s%s00", text, strchr(text, '.') != NULL ? "" : ".");
		wrong += decimal_parse(longer, strlen(longer), &again, &again_decimals) != NULL;
		wrong += again_decimals > 0 && again % 10 == 0;
		while (decimals > again_decimals && number % 10 == 0)
		{
			number /= 10;
			decimals--;
		}
		wrong += number != again || decimals != again_decimals;
	}
	CHECK(wrong == 0, "numbers are read as they are printed");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		int64_t		number;
		uint8_t		decimals;

		wrong += decimal_parse(bad[i], strlen(bad[i]), &number, &decimals) == NULL;
	}
	CHECK(wrong == 0, "what is no number, or too large, is refused");
}

/* ---- timelines ---- */

static void
test_timelines(void)
{
	static const char *const pieces[] = {
		"{", "}", ", ", " ", "2024-01-01 00:00:00Z", "1999-12-31T23:59:59.5+09:00", "infinity", "view", "\"a b\"",
		"\"\"\"\"", "=", " = 1.5", " = -20", "\xea\xb5\xac", "\xff", "0044-03-15 BC 12:00:00Z", "\"", "-", "."
	};
	long		read = 0;
	long		refused = 0;
	long		wrong = 0;

	for (int round = 0; round < 40000; round++)
	{
		char		text[1000] = "{";
		int			events = (int) (random_bits() % 6);
		WireWriter	bytes;
		WireWriter	again;
		WireReader	reader;
		Timeline	timeline;
		LanguageError error;
		TimelineBuilder *builder = timeline_builder_make(NULL);
		char	   *printed;
		size_t		length;

		for (int e = 0; e < events; e++)
		{
			if (e > 0)
				strcat(text, ", ");
			strcat(text, pieces[4 + random_bits() % 3]);
			strcat(text, " ");
			strcat(text, pieces[7 + random_bits() % 3]);
			strcat(text, pieces[chance(50) ? 3 : 11 + random_bits() % 2]);
		}
		strcat(text, "}");
		/* a piece somewhere, or a byte */
		if (chance(60))
		{
			const char *piece = pieces[random_bits() % (sizeof(pieces) / sizeof(pieces[0]))];
			size_t		place = random_bits() % (strlen(text) + 1);
			size_t		cut = random_bits() % 3;

			if (cut > strlen(text) - place)
				cut = strlen(text) - place;
			memmove(text + place + strlen(piece), text + place + cut, strlen(text + place + cut) + 1);
			memcpy(text + place, piece, strlen(piece));
		}
		length = strlen(text);
		wire_writer_init(&bytes, 0);
		/* the copy ends where memory ends, so that the sanitizer sees every read behind it */
		if (!timeline_parse(memcpy(host_alloc(NULL, length), text, length), length, true, builder, &error))
		{
			refused++;
			wrong += error.offset > length || error.message[0] == '\0';
			FORGET();
			continue;
		}
		read++;
		timeline_builder_write(builder, &bytes);
		wire_reader_init(&reader, bytes.bytes, bytes.length);
		timeline_open(&reader, &timeline);
		wrong += !timeline_check(&reader, &timeline);
		printed = timeline_print(&timeline, true, &length);
		builder = timeline_builder_make(NULL);
		wire_writer_init(&again, 0);
		wrong += !timeline_parse(printed, length, true, builder, &error);
		timeline_builder_write(builder, &again);
		wrong += again.length != bytes.length || memcmp(again.bytes, bytes.bytes, bytes.length) != 0;
		FORGET();
	}
	CHECK(wrong == 0 && read > 5000 && refused > 5000, "%ld texts read back, %ld refused", read, refused);
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");

	if (seed != NULL && *seed != '\0')
		random_state = (uint64_t) strtoull(seed, NULL, 10);
	test_days();
	test_moments();
	test_numbers();
	test_timelines();
	return DONE();
}
