/*
 * cashflow_amount.c: see cashflow_amount.h.
 */
#include "measures/cashflow_amount.h"

#include <stdio.h>
#include <stdlib.h>
#include <math.h>

#define BASE 10000

/* Digits to this base that any numeric has: 131072 before the point, 16383 behind it, and room for sums. */
#define LOWEST	(-4200)
#define HIGHEST	33000

/* What carrying can add: a limb has 64 bits. */
#define CARRY_ROOM 5

/* Powers of the base in 64 bits. */
static const int64_t powers[] = {1, BASE, BASE * INT64_C(10000), BASE * INT64_C(100000000), BASE * INT64_C(1000000000000)};

#define NPOWERS ((int) (sizeof(powers) / sizeof(powers[0])))

/* ---- 64 bits ---- */

/* More places for the same value; false if that does not fit. */
static bool
scale_up(int64_t *number, int by)
{
	if (by >= NPOWERS)
		return *number == 0;
	return !__builtin_mul_overflow(*number, powers[by], number);
}

static bool
add_short(CashflowAmount *into, const CashflowAmount *from)
{
	int64_t		a = into->number;
	int64_t		b = from->number;
	int			more = from->places - into->places;

	if (more != 0 && !(more > 0 ? scale_up(&a, more) : scale_up(&b, -more)))
		return false;
	if (__builtin_add_overflow(a, b, &a) || a == INT64_MIN)
		return false;
	into->number = a;
	if (more > 0)
		into->places = from->places;
	return true;
}

/* digits[i] * 10000^(high - i), if it fits. */
static bool
pack_short(const DecimalDigits *number, CashflowAmount *amount)
{
	int			places = number->ndigits - 1 - number->weight;
	__int128	value = 0;

	if (number->ndigits == 0)
	{
		amount->number = 0;
		amount->places = 0;
		return true;
	}
	/* nine digits fit 128 bits, and with zeros for places there are no more of them */
	if (number->ndigits > 9 || places > CASHFLOW_PLACES_MAX || places < -4)
		return false;
	for (int i = 0; i < number->ndigits; i++)
		value = value * BASE + decimal_digit(number, i);
	if (places < 0)
	{
		if (value > INT64_MAX)
			return false;
		value *= powers[-places];
		places = 0;
	}
	if (value > INT64_MAX)
		return false;
	amount->number = number->negative ? -(int64_t) value : (int64_t) value;
	amount->places = (uint8_t) places;
	return true;
}

/* ---- more ---- */

/* Makes room for digits from `low` to below `end`. */
static CashflowWide *
wide_cover(HostArena arena, CashflowWide *wide, int32_t low, int32_t end)
{
	CashflowWide *grown;

	if (wide != NULL && low >= wide->low && end <= wide->low + (int32_t) wide->n)
		return wide;
	if (wide != NULL)
	{
		int32_t		wide_end = wide->low + (int32_t) wide->n;

		low = low < wide->low ? low : wide->low;
		end = end > wide_end ? end : wide_end;
	}
	grown = host_alloc0(arena, sizeof(CashflowWide) + (size_t) (end - low) * sizeof(int64_t));
	grown->low = low;
	grown->n = (uint32_t) (end - low);
	if (wide != NULL)
	{
		memcpy(grown->limbs + (wide->low - low), wide->limbs, wide->n * sizeof(int64_t));
		host_free(wide);
	}
	return grown;
}

static void
widen(HostArena arena, CashflowAmount *amount)
{
	int64_t		rest = amount->number;
	CashflowWide *wide;

	if (amount->places == CASHFLOW_IS_WIDE)
		return;
	wide = wide_cover(arena, NULL, -(int32_t) amount->places, CARRY_ROOM - (int32_t) amount->places);
	for (int i = 0; rest != 0; i++, rest /= BASE)
		wide->limbs[i] = rest % BASE;
	amount->wide = wide;
	amount->places = CASHFLOW_IS_WIDE;
}

/* A wide sum with all carried over: digits from 0 to 9999 and a sign, without zeros at either end. */
typedef struct Carried
{
	uint16_t   *digits;			/* the lowest first */
	int32_t		low;
	uint32_t	n;				/* none: zero */
	bool		negative;
} Carried;

static Carried
carry(const CashflowWide *wide)
{
	Carried		result = {host_alloc(NULL, (wide->n + CARRY_ROOM) * sizeof(uint16_t)), wide->low, wide->n + CARRY_ROOM, false};
	int64_t		over = 0;
	uint32_t	skip = 0;

	/* a second time with the signs turned, if the total is below zero */
	for (int sign = 1; sign >= -1; sign -= 2)
	{
		over = 0;
		for (uint32_t i = 0; i < result.n; i++)
		{
			int64_t		limb = over + (i < wide->n ? sign * wide->limbs[i] : 0);
			int64_t		digit = limb % BASE;

			if (digit < 0)
				digit += BASE;
			result.digits[i] = (uint16_t) digit;
			over = (limb - digit) / BASE;
		}
		if (over == 0)
			break;
		result.negative = true;
	}
	host_assert(over == 0);
	while (result.n > 0 && result.digits[result.n - 1] == 0)
		result.n--;
	while (skip < result.n && result.digits[skip] == 0)
		skip++;
	memmove(result.digits, result.digits + skip, (result.n - skip) * sizeof(uint16_t));
	result.n -= skip;
	result.low += (int32_t) skip;
	return result;
}

/* The number in 64 bits, if it fits; else what was carried has to be used. */
static bool
shorten(const Carried *carried, CashflowAmount *amount)
{
	uint16_t	digits[9];
	DecimalDigits number = {(const uint8_t *) digits, (int) carried->n, carried->low + (int) carried->n - 1, carried->negative};

	if (carried->n > 9)
		return false;
	for (uint32_t i = 0; i < carried->n; i++)
		digits[i] = carried->digits[carried->n - 1 - i];
	return pack_short(&number, amount);
}

/* ---- what others call ---- */

void
cashflow_amount_set(HostArena arena, CashflowAmount *amount, const DecimalDigits *number)
{
	CashflowWide *wide;
	int32_t		low = number->weight - number->ndigits + 1;

	if (pack_short(number, amount))
		return;
	if (low < LOWEST || number->weight >= HIGHEST)
		host_fail(HOST_LIMIT, NULL, "an amount of %d digits is out of range", number->ndigits * 4);
	wide = wide_cover(arena, NULL, low, number->weight + 1);
	for (int i = 0; i < number->ndigits; i++)
		wide->limbs[number->ndigits - 1 - i] = number->negative ? -decimal_digit(number, i) : decimal_digit(number, i);
	amount->wide = wide;
	amount->places = CASHFLOW_IS_WIDE;
}

void
cashflow_amount_add(HostArena arena, CashflowAmount *into, const CashflowAmount *from)
{
	CashflowAmount other = *from;

	if (into->places != CASHFLOW_IS_WIDE && from->places != CASHFLOW_IS_WIDE && add_short(into, from))
		return;
	widen(arena, into);
	widen(NULL, &other);
	into->wide = wide_cover(arena, into->wide, other.wide->low, other.wide->low + (int32_t) other.wide->n);
	/* far from overflow: a row adds less than 10000 to a limb */
	for (uint32_t i = 0; i < other.wide->n; i++)
		into->wide->limbs[(int32_t) i + other.wide->low - into->wide->low] += other.wide->limbs[i];
	if (from->places != CASHFLOW_IS_WIDE)
		host_free(other.wide);
}

void
cashflow_amount_free(CashflowAmount *amount)
{
	if (amount->places == CASHFLOW_IS_WIDE)
		host_free(amount->wide);
	amount->number = 0;
	amount->places = 0;
}

/* Of at most 2^53 and a power of ten up to 10^22 the quotient is the nearest; all else is left to strtod. */
static double
short_double(int64_t number, int places)
{
	static const double divisors[CASHFLOW_PLACES_MAX + 1] = {1, 1e4, 1e8, 1e12, 1e16, 1e20};
	char		text[40];

	for (; places > 0 && number % BASE == 0; places--)
		number /= BASE;
	if (number <= INT64_C(1) << 53 && number >= -(INT64_C(1) << 53))
		return (double) number / divisors[places];
	/* without a point, which depends on the locale */
	snprintf(text, sizeof(text), "%llde-%d", (long long) number, places * 4);
	return strtod(text, NULL);
}

double
cashflow_amount_double(const CashflowAmount *amount)
{
	CashflowAmount exact;
	Carried		carried;
	double		value;

	if (amount->places != CASHFLOW_IS_WIDE)
		return short_double(amount->number, amount->places);
	carried = carry(amount->wide);
	if (shorten(&carried, &exact))
		value = short_double(exact.number, exact.places);
	else
	{
		char	   *text = host_alloc(NULL, (size_t) carried.n * 4 + 40);
		char	   *at = text;

		if (carried.negative)
			*at++ = '-';
		for (uint32_t i = carried.n; i-- > 0;)
			at += snprintf(at, 5, "%04d", carried.digits[i]);
		snprintf(at, 20, "e%d", carried.low * 4);
		value = strtod(text, NULL);
		host_free(text);
	}
	host_free(carried.digits);
	if (isinf(value))
		host_fail(HOST_LIMIT, NULL, "a sum of amounts is beyond the range of double precision");
	return value;
}

/* A byte: the places, or that it is wide and its sign. */
#define WIRE_POSITIVE	(CASHFLOW_PLACES_MAX + 1)
#define WIRE_NEGATIVE	(CASHFLOW_PLACES_MAX + 2)

void
cashflow_amount_write(WireWriter *writer, const CashflowAmount *amount)
{
	CashflowAmount exact = *amount;
	Carried		carried = {NULL};

	if (amount->places == CASHFLOW_IS_WIDE)
		carried = carry(amount->wide);
	if (amount->places == CASHFLOW_IS_WIDE && !shorten(&carried, &exact))
	{
		wire_write_byte(writer, carried.negative ? WIRE_NEGATIVE : WIRE_POSITIVE);
		wire_write_int(writer, carried.low);
		wire_write_uint(writer, carried.n);
		for (uint32_t i = 0; i < carried.n; i++)
			wire_write_uint(writer, carried.digits[i]);
	}
	else
	{
		for (; exact.places > 0 && exact.number % BASE == 0; exact.places--)
			exact.number /= BASE;
		wire_write_byte(writer, exact.places);
		wire_write_int(writer, exact.number);
	}
	host_free(carried.digits);
}

static void
read_wide(WireReader *reader, HostArena arena, bool negative, CashflowAmount *amount)
{
	int64_t		low = wire_read_int(reader);
	size_t		n = wire_read_count(reader, 1);
	CashflowAmount exact;
	CashflowWide *wide;
	Carried		carried;

	if (low < LOWEST || low > HIGHEST || n == 0 || n > (size_t) (HIGHEST - low))
	{
		wire_read_fail(reader, "amount out of range");
		return;
	}
	wide = wide_cover(arena, NULL, (int32_t) low, (int32_t) (low + (int64_t) n));
	for (size_t i = 0; i < n; i++)
	{
		int64_t		digit = (int64_t) wire_read_uint_max(reader, BASE - 1, "digit of an amount out of range");

		wide->limbs[i] = negative ? -digit : digit;
	}
	carried = carry(wide);
	if (carried.n != n || shorten(&carried, &exact))
		wire_read_fail(reader, "amount not in shortest form");
	host_free(carried.digits);
	amount->wide = wide;
	amount->places = CASHFLOW_IS_WIDE;
}

void
cashflow_amount_read(WireReader *reader, HostArena arena, CashflowAmount *amount)
{
	uint8_t		head = wire_read_byte(reader);

	amount->number = 0;
	amount->places = 0;
	if (head == WIRE_POSITIVE || head == WIRE_NEGATIVE)
		read_wide(reader, arena, head == WIRE_NEGATIVE, amount);
	else if (head > CASHFLOW_PLACES_MAX)
		wire_read_fail(reader, "amount of too many places");
	else
	{
		amount->number = wire_read_int(reader);
		amount->places = head;
		if (amount->number == INT64_MIN || (head > 0 && amount->number % BASE == 0))
			wire_read_fail(reader, "amount not in shortest form");
	}
	if (reader->failure != NULL)
		cashflow_amount_free(amount);
}
