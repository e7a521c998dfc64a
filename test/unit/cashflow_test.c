/*
 * cashflow_test.c: exact sums against digits added by hand; tables in every order, merged and written; day counts; present values,
 * modified rates and paybacks against their formulas.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/date.h"
#include "measures/cashflow_measures.h"
#include "random.h"

/* ---- sums ---- */

#define PLACES	60				/* decimal digits behind the point, and in all, of the sums by hand */
#define DIGITS	160

/* A sum by hand: digits of any sign, the lowest first. */
typedef struct Hand
{
	int			digits[DIGITS];
} Hand;

/* A random number: its digits to the base 10000, and added to the sum by hand. */
static DecimalDigits
random_number(int kind, Hand *hand)
{
	static int16_t digits[16];
	DecimalDigits number = {(const uint8_t *) digits, 1 + (int) (random_bits() % (kind == 2 ? 14 : 3)), 0, chance(50)};

	number.weight = number.ndigits - 1 - (int) (random_bits() % (kind == 2 ? 15 : 2));
	if (kind == 1)
	{
		/* as large as 64 bits or a little larger */
		number.ndigits = 5;
		number.weight = 4 - (int) (random_bits() % 6);
	}
	for (int i = 0; i < number.ndigits; i++)
		digits[i] = (int16_t) (random_bits() % 10000);
	digits[0] += digits[0] == 0;
	digits[number.ndigits - 1] += digits[number.ndigits - 1] == 0;
	for (int i = 0; i < number.ndigits; i++)
	{
		int			rest = digits[i];

		for (int k = 0; k < 4; k++, rest /= 10)
			hand->digits[PLACES + 4 * (number.weight - i) + k] += number.negative ? -(rest % 10) : rest % 10;
	}
	return number;
}

/* What strtod makes of all its digits. */
static double
hand_double(const Hand *hand)
{
	Hand		sum = *hand;
	char		text[DIGITS + 20];
	char	   *at = text;
	int			over = 0;

	for (int sign = 1; sign >= -1; sign -= 2)
	{
		over = 0;
		for (int i = 0; i < DIGITS; i++)
		{
			int			digit = over + sign * hand->digits[i];

			sum.digits[i] = (digit % 10 + 10) % 10;
			over = (digit - sum.digits[i]) / 10;
		}
		if (over == 0)
			break;
		*at++ = '-';
	}
	for (int i = DIGITS; i-- > 0;)
		*at++ = (char) ('0' + sum.digits[i]);
	snprintf(at, 20, "e-%d", PLACES);
	return strtod(text, NULL);
}

static size_t
amount_bytes(const CashflowAmount *amount, uint8_t *bytes)
{
	WireWriter	writer;

	wire_writer_init(&writer, 0);
	cashflow_amount_write(&writer, amount);
	memcpy(bytes, writer.bytes, writer.length);
	return writer.length;
}

static void
sums(void)
{
	int			wrong = 0;
	int			wide = 0;
	int			wrong_bytes = 0;

	for (int i = 0; i < 3000; i++)
	{
		Hand		hand = {{0}};
		Hand		unused;
		CashflowAmount forth = {{0}, 0, 0};
		CashflowAmount back = {{0}, 0, 0};
		CashflowAmount parts[12];
		CashflowAmount again;
		int			n = 1 + (int) (random_bits() % 12);
		uint8_t		bytes[2][2000];
		size_t		length;
		WireReader	reader;

		memset(&unused, 0, sizeof(unused));
		for (int k = 0; k < n; k++)
		{
			DecimalDigits number = random_number(k > 0 && chance(50) ? 0 : i % 3, &hand);

			cashflow_amount_set(NULL, &parts[k], &number);
			/* some are taken back again */
			if (chance(30))
			{
				CashflowAmount taken;

				number.negative = !number.negative;
				cashflow_amount_set(NULL, &taken, &number);
				cashflow_amount_add(NULL, &parts[k], &taken);
				for (int digit = 0; digit < number.ndigits; digit++)
				{
					int			rest = decimal_digit(&number, digit);

					for (int d = 0; d < 4; d++, rest /= 10)
						hand.digits[PLACES + 4 * (number.weight - digit) + d] += number.negative ? -(rest % 10) : rest % 10;
				}
			}
		}
		for (int k = 0; k < n; k++)
		{
			cashflow_amount_add(NULL, &forth, &parts[k]);
			cashflow_amount_add(NULL, &back, &parts[n - 1 - k]);
		}
		wide += forth.places == CASHFLOW_IS_WIDE;
		wrong += cashflow_amount_double(&forth) != hand_double(&hand);
		length = amount_bytes(&forth, bytes[0]);
		wrong_bytes += amount_bytes(&back, bytes[1]) != length || memcmp(bytes[0], bytes[1], length) != 0;
		wire_reader_init(&reader, bytes[0], length);
		cashflow_amount_read(&reader, NULL, &again);
		wrong_bytes += !wire_read_done(&reader) || amount_bytes(&again, bytes[1]) != length ||
			memcmp(bytes[0], bytes[1], length) != 0;
		FORGET();
	}
	CHECK(wrong == 0, "3000 sums, %d of them wide, are the nearest doubles: %d wrong", wide, wrong);
	CHECK(wrong_bytes == 0, "equal sums are equal bytes in whatever order, and read as they were");
}

static void
too_large(void *unused)
{
	int16_t		digit = 1;
	DecimalDigits number = {(const uint8_t *) &digit, 1, 100, false};
	CashflowAmount amount;

	(void) unused;
	cashflow_amount_set(NULL, &amount, &number);
	(void) cashflow_amount_double(&amount);
}

static void
large_sums(void)
{
	int16_t		digit = 1;
	DecimalDigits number = {(const uint8_t *) &digit, 1, 32767, false};
	CashflowAmount sum = {{0}, 0, 0};
	CashflowAmount amount;

	CHECK(!host_unit_try(too_large, NULL) && host_unit_error == HOST_LIMIT, "1e400 is refused: %s", host_unit_message);
	/* the largest numeric there is, taken away again, leaves what was there */
	number.weight = -4095;
	cashflow_amount_set(NULL, &amount, &number);
	cashflow_amount_add(NULL, &sum, &amount);
	number.weight = 32767;
	for (int i = 0; i < 2; i++)
	{
		number.negative = i == 1;
		cashflow_amount_set(NULL, &amount, &number);
		cashflow_amount_add(NULL, &sum, &amount);
	}
	number.weight = -4095;
	number.negative = true;
	cashflow_amount_set(NULL, &amount, &number);
	cashflow_amount_add(NULL, &sum, &amount);
	number.weight = 0;
	number.negative = false;
	cashflow_amount_set(NULL, &amount, &number);
	cashflow_amount_add(NULL, &sum, &amount);
	CHECK(cashflow_amount_double(&sum) == 1, "1e-16380 + 1e131068 - 1e131068 - 1e-16380 + 1 = 1");
	FORGET();
}

/* ---- tables ---- */

/* Adds `number` of units to a day; a value of 64 bits or, if `wide`, of more. */
static Cashflow *
add(Cashflow *flow, int32_t day, int number, bool wide)
{
	int16_t		digits[7] = {0};
	DecimalDigits amount = {(const uint8_t *) digits, 1, 0, number < 0};

	digits[0] = (int16_t) abs(number);
	if (number == 0)
		amount.ndigits = 0;
	if (wide)
	{
		digits[6] = 1;
		amount.ndigits = 7;
	}
	return cashflow_add(NULL, flow, day, &amount);
}

static void
write_flow(Cashflow *flow, WireWriter *writer)
{
	wire_writer_init(writer, 0);
	cashflow_write(writer, NULL, flow);
}

static bool
same_bytes(const WireWriter *a, const WireWriter *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

static void
tables(void)
{
	int			wrong = 0;
	int			wrong_sums = 0;
	CashflowTerms terms = {0.25, -0.5, 1, DAYS_30_360};

	for (int i = 0; i < 500; i++)
	{
		int			n = 1 + (int) (random_bits() % (i % 10 == 0 ? 3000 : 60));
		int			ndays = 1 + (int) (random_bits() % (2 * n));
		int32_t		base = chance(10) ? INT32_MIN : chance(10) ? INT32_MAX - ndays : (int32_t) (random_bits() % 20000) - 10000;
		int32_t    *days = malloc(n * sizeof(int32_t));
		int		   *numbers = malloc(n * sizeof(int));
		int64_t    *sums = calloc((size_t) ndays, sizeof(int64_t));
		bool		wide = i % 3 == 0;
		Cashflow   *whole = cashflow_make(NULL, &terms);
		Cashflow   *shuffled = cashflow_make(NULL, &terms);
		Cashflow   *parts[3];
		Cashflow   *merged = cashflow_make(NULL, &terms);
		Cashflow   *again;
		WireWriter	bytes[4];
		WireReader	reader;

		for (int p = 0; p < 3; p++)
			parts[p] = cashflow_make(NULL, &terms);
		for (int k = 0; k < n; k++)
		{
			int			day = (int) (random_bits() % (unsigned) ndays);

			days[k] = base + day;
			numbers[k] = (int) (random_bits() % 19999) - 9999;
			sums[day] += numbers[k];
			whole = add(whole, days[k], numbers[k], wide && k % 2 == 0);
			/* asked in between, as in windows */
			if (chance(5))
				cashflow_settle(NULL, whole);
			parts[k % 3] = add(parts[k % 3], days[k], numbers[k], wide && k % 2 == 0);
		}
		for (int k = n; k-- > 0;)
			shuffled = add(shuffled, days[k], numbers[k], wide && k % 2 == 0);
		for (int p = 0; p < 3; p++)
			merged = cashflow_merge(NULL, merged, parts[p]);
		write_flow(whole, &bytes[0]);
		write_flow(shuffled, &bytes[1]);
		write_flow(merged, &bytes[2]);
		wire_reader_init(&reader, bytes[0].bytes, bytes[0].length);
		again = cashflow_read(&reader, NULL);
		wrong += !wire_read_done(&reader);
		write_flow(again, &bytes[3]);
		for (int b = 1; b < 4; b++)
			wrong += !same_bytes(&bytes[0], &bytes[b]);
		for (uint32_t k = 0; k < whole->n; k++)
		{
			wrong_sums += k > 0 && whole->sums[k].day <= whole->sums[k - 1].day;
			if (!wide)
				wrong_sums += cashflow_amount_double(&whole->sums[k]) != (double) sums[(int64_t) whole->sums[k].day - base];
		}
		free(days);
		free(numbers);
		free(sums);
		FORGET();
	}
	CHECK(wrong == 0, "500 flows by rows in any order, merged, written and read are the same");
	CHECK(wrong_sums == 0, "sums are those of their days, in order");
}

/* ---- days ---- */

static double
years(DayCount convention, int year1, int month1, int day1, int year2, int month2, int day2)
{
	return day_count_years(convention, days_of_date(year1, month1, day1), days_of_date(year2, month2, day2));
}

static void
day_counts(void)
{
	/* from, to, days by the bond basis of ISDA 2006, 4.16(f) */
	static const int bond[][7] = {
		{2007, 1, 15, 2007, 1, 30, 15}, {2007, 1, 15, 2007, 2, 15, 30}, {2007, 9, 30, 2008, 3, 31, 180}, {2007, 9, 30, 2007, 10, 31, 30},
		{2007, 1, 15, 2007, 1, 31, 16}, {2007, 1, 31, 2007, 2, 28, 28}, {2007, 2, 28, 2007, 3, 31, 33}, {2006, 8, 31, 2007, 2, 28, 178},
		{2007, 2, 26, 2008, 2, 29, 363}, {2008, 2, 29, 2009, 2, 28, 359}, {2008, 2, 29, 2008, 3, 31, 32}, {2008, 8, 31, 2009, 2, 28, 178},
	};
	int			wrong = 0;
	double		worst = 0;
	DayCount	convention;

	for (size_t i = 0; i < sizeof(bond) / sizeof(bond[0]); i++)
	{
		const int  *b = bond[i];

		wrong += years(DAYS_30_360, b[0], b[1], b[2], b[3], b[4], b[5]) != b[6] / 360.0;
	}
	CHECK(wrong == 0, "30/360");
	/* ISDA, EMU and market conventions, 1998 */
	CHECK(fabs(years(DAYS_ACT_ACT, 2003, 11, 1, 2004, 5, 1) - (61 / 365.0 + 121 / 366.0)) < 1e-15, "act/act: 2003-11-01 to 2004-05-01");
	/* by days, each of which is a part of its year */
	for (int i = 0; i < 300; i++)
	{
		int64_t		from = (int64_t) (random_bits() % 40000) - 20000;
		int64_t		to = from + (int64_t) (random_bits() % 5000);
		double		by_days = 0;

		for (int64_t day = from; day < to; day++)
		{
			int64_t		year;
			int			month,
						day_of_month;

			date_of_days(day, &year, &month, &day_of_month);
			by_days += 1.0 / (365 + (days_of_month(year, 2) == 29));
		}
		worst = fmax(worst, fabs(by_days - day_count_years(DAYS_ACT_ACT, from, to)));
		wrong += day_count_years(DAYS_ACT_365, from, to) != (double) (to - from) / 365;
		wrong += day_count_years(DAYS_ACT_360, from, to) != (double) (to - from) / 360;
	}
	CHECK(wrong == 0 && worst < 1e-11, "act/365, act/360, act/act day by day, worst %.2g", worst);
	for (int c = 0; c <= DAYS_ACT_ACT; c++)
	{
		double		before = 0;

		for (int64_t day = -3; day < 3000; day++)
		{
			double		now = day_count_years((DayCount) c, -3, day);

			wrong += now < before;
			before = now;
		}
	}
	CHECK(wrong == 0, "later days are not earlier");
	CHECK(day_count_parse("ACT/Act", 7, &convention) && convention == DAYS_ACT_ACT && day_count_parse("30/360", 6, &convention) &&
		  convention == DAYS_30_360, "names in either case");
	CHECK(!day_count_parse("act/36", 6, &convention) && !day_count_parse("act/3650", 8, &convention) &&
		  !day_count_parse("", 0, &convention), "other names are none");
}

/* ---- measures ---- */

static Cashflow *
flow_of(const CashflowTerms *terms, int n, const int *numbers)
{
	Cashflow   *flow = cashflow_make(NULL, terms);

	for (int i = 0; i < n; i++)
		flow = add(flow, i, numbers[i], false);
	return flow;
}

static double
payback(double rate, int n, const int *numbers)
{
	CashflowTerms terms = {rate, 0, 0, 0};
	double		elapsed;

	return cashflow_payback(NULL, flow_of(&terms, n, numbers), CASHFLOW_PERIODS, &elapsed) ? elapsed : NAN;
}

#define PAYBACK(rate, ...) payback(rate, sizeof((int[]) {__VA_ARGS__}) / sizeof(int), (int[]) {__VA_ARGS__})

static void
paybacks(void)
{
	CHECK(PAYBACK(0, -100, 40, 40, 40) == 2.5, "half of the third period is enough");
	CHECK(PAYBACK(0, -100, 50, 50) == 2, "at the end of the second");
	CHECK(isnan(PAYBACK(0, -100, 50, 49)), "never");
	CHECK(PAYBACK(0, -100, 150, -200, 300) == 2.0 / 3, "the first time counts");
	CHECK(PAYBACK(0, 100, -150, 100) == 1.5, "after it has lacked something");
	CHECK(PAYBACK(0, 100, 50) == 0 && PAYBACK(0, 0) == 0, "at once, if it never did");
	CHECK(isnan(payback(0, 0, NULL)), "nothing for nothing");
	CHECK(fabs(PAYBACK(0.1, -1000, 1100) - 1) < 1e-12, "discounted, at the end of the period to the rounding");
	CHECK(isnan(PAYBACK(0.1, -1000, 1099)), "discounted, never");
	CHECK(fabs(PAYBACK(0.25, -100, 100, 100) - (1 + 20.0 / 64)) < 1e-12, "discounted, 20 of 64 in the second period");
	FORGET();
}

static void
values(void)
{
	double		worst = 0;
	double		worst_modified = 0;
	CashflowTerms terms = {0};
	int			none[] = {5, 6};
	double		result;

	for (int i = 0; i < 300; i++)
	{
		int			numbers[40];
		int			n = 2 + (int) (random_bits() % 38);
		long double value = 0;
		long double size = 0;
		long double gains = 0;
		long double losses = 0;

		terms.rate = (double) (random_bits() % 1000) / 1000 - 0.3;
		terms.reinvest_rate = (double) (random_bits() % 1000) / 1000 - 0.3;
		terms.first = (uint8_t) (i % 2);
		for (int k = 0; k < n; k++)
		{
			numbers[k] = k < 2 ? 100 - 200 * k : (int) (random_bits() % 2001) - 1000;
			value += numbers[k] * powl(1 + (long double) terms.rate, -(k + terms.first));
			size += fabsl(numbers[k] * powl(1 + (long double) terms.rate, -(k + terms.first)));
			if (numbers[k] < 0)
				losses -= numbers[k] * powl(1 + (long double) terms.rate, -k);
			else
				gains += numbers[k] * powl(1 + (long double) terms.reinvest_rate, n - 1 - k);
		}
		(void) cashflow_present_value(NULL, flow_of(&terms, n, numbers), CASHFLOW_PERIODS, &result);
		worst = fmax(worst, (double) (fabsl(result - value) / size));
		(void) cashflow_modified_rate(NULL, flow_of(&terms, n, numbers), &result);
		worst_modified = fmax(worst_modified, (double) fabsl(result - (powl(gains / losses, 1.0L / (n - 1)) - 1)));
		FORGET();
	}
	CHECK(worst < 2e-15, "present values, worst %.2g of the parts", worst);
	CHECK(worst_modified < 1e-12, "modified rates, worst %.2g", worst_modified);
	CHECK(!cashflow_modified_rate(NULL, flow_of(&terms, 2, none), &result), "no modified rate without losses");
	CHECK(!cashflow_present_value(NULL, flow_of(&terms, 0, NULL), CASHFLOW_DAYS, &result), "no value of nothing");
	FORGET();
}

/* A thousand days that touch 64 bits take 16 bytes each. */
static void
memory(void)
{
	CashflowTerms terms = {0};
	Cashflow   *flow;

	host_unit_peak = host_unit_bytes;
	flow = cashflow_make(NULL, &terms);
	for (int i = 0; i < 12; i++)
		flow = add(flow, (i * 7) % 12, 100 + i, false);
	CHECK(host_unit_bytes <= 256, "a flow of twelve days takes %d bytes", (int) host_unit_bytes);
	for (int i = 0; i < 100000; i++)
		flow = add(flow, (int32_t) ((random_bits() >> 20) % 20), 1, false);
	CHECK(host_unit_bytes <= 1024, "a hundred thousand rows of twenty days take %d bytes", (int) host_unit_bytes);
	FORGET();
}

int
main(void)
{
	if (getenv("KPI_SEED") != NULL)
		random_state = strtoull(getenv("KPI_SEED"), NULL, 10);
	sums();
	large_sums();
	tables();
	day_counts();
	paybacks();
	values();
	memory();
	return DONE();
}
