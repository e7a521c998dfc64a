/*
 * amount.c: see amount.h.
 */
#include "engine/amount.h"

bool
amount_pack(int64_t number, int decimals, int64_t *word)
{
	while (decimals > 0 && number % 10 == 0)
	{
		number /= 10;
		decimals--;
	}
	if (number > AMOUNT_NUMBER_MAX || number < -AMOUNT_NUMBER_MAX || decimals > DECIMAL_PLACES_MAX)
		return false;
	*word = number * 64 + decimals * 2 + 1;
	return true;
}

static void
too_large(void)
{
	host_fail(HOST_LIMIT, NULL, "a sum of values exceeds 38 digits");
}

static const __int128 sum_max = ((__int128) 1 << 126) - 1;

static void
scale_up(AmountSum *sum, int decimals)
{
	for (; sum->decimals < decimals; sum->decimals++)
		if (__builtin_mul_overflow(sum->number, 10, &sum->number))
			too_large();
}

void
amount_sum_add_number(AmountSum *sum, HostInt128 number, int decimals)
{
	AmountSum	other = {number, (uint8_t) decimals};

	scale_up(sum, decimals);
	scale_up(&other, sum->decimals);
	if (__builtin_add_overflow(sum->number, other.number, &sum->number) ||
		sum->number > sum_max || sum->number < -sum_max)
		too_large();
}

void
amount_sum_add(AmountSum *sum, int64_t word)
{
	amount_sum_add_number(sum, amount_number(word), amount_decimals(word));
}

/* Without zeros at the end of the decimals. */
static AmountSum
shortest(const AmountSum *sum)
{
	AmountSum	result = *sum;

	while (result.decimals > 0 && result.number % 10 == 0)
	{
		result.number /= 10;
		result.decimals--;
	}
	return result;
}

void
amount_sum_merge(AmountSum *into, const AmountSum *from)
{
	AmountSum	other = shortest(from);

	amount_sum_add_number(into, other.number, other.decimals);
}

bool
amount_sum_equal(const AmountSum *a, const AmountSum *b)
{
	AmountSum	left = shortest(a);
	AmountSum	right = shortest(b);

	return left.number == right.number && (left.number == 0 || left.decimals == right.decimals);
}

double
amount_sum_double(const AmountSum *sum)
{
	AmountSum	value = shortest(sum);
	double		power = 1;

	/* powers up to 10^22 are exact, so there are two roundings */
	for (int d = 0; d < value.decimals; d++)
		power *= 10;
	return (double) value.number / power;
}

void
amount_sum_write(WireWriter *writer, const AmountSum *sum)
{
	AmountSum	value = shortest(sum);
	unsigned __int128 rest = value.number < 0 ? -(unsigned __int128) value.number : (unsigned __int128) value.number;

	/* the sign beside the decimals, then the number in two halves */
	wire_write_byte(writer, (uint8_t) (value.decimals * 2 + (value.number < 0)));
	wire_write_uint(writer, (uint64_t) rest);
	wire_write_uint(writer, (uint64_t) (rest >> 64));
}

void
amount_sum_read(WireReader *reader, AmountSum *sum)
{
	uint8_t		head = wire_read_byte(reader);
	uint64_t	low = wire_read_uint(reader);
	uint64_t	high = wire_read_uint_max(reader, INT64_MAX >> 1, "sum out of range");

	sum->number = (__int128) high << 64 | low;
	sum->decimals = head / 2;
	if (sum->decimals > DECIMAL_PLACES_MAX || (sum->number == 0 && head != 0) ||
		(sum->decimals > 0 && sum->number % 10 == 0))
		wire_read_fail(reader, "sum not in shortest form");
	if (head & 1)
		sum->number = -sum->number;
	if (reader->failure != NULL)
		*sum = (AmountSum) {0};
}

size_t
amount_sum_print(const AmountSum *sum, char *text)
{
	AmountSum	value = shortest(sum);
	unsigned __int128 rest = value.number < 0 ? -(unsigned __int128) value.number : (unsigned __int128) value.number;
	char		digits[AMOUNT_SUM_TEXT];
	int			ndigits = 0;
	int			decimals = value.decimals;
	char	   *at = text;

	do
	{
		digits[ndigits++] = (char) ('0' + (int) (rest % 10));
		rest /= 10;
		if (--decimals == 0)
			digits[ndigits++] = '.';
	} while (rest > 0 || decimals >= 0);
	if (value.number < 0)
		*at++ = '-';
	while (ndigits > 0)
		*at++ = digits[--ndigits];
	*at = '\0';
	return (size_t) (at - text);
}

bool
amount_sum_parse(const char *text, AmountSum *sum)
{
	bool		negative = *text == '-';
	bool		point = false;
	bool		digit = false;

	*sum = (AmountSum) {0};
	for (text += negative; *text != '\0'; text++)
	{
		if (*text == '.' && !point && digit)
		{
			point = true;
			digit = false;
			continue;
		}
		if (*text < '0' || *text > '9' || sum->number > (sum_max - 9) / 10 ||
			(point && sum->decimals == DECIMAL_PLACES_MAX))
			return false;
		sum->number = sum->number * 10 + (*text - '0');
		sum->decimals += point;
		digit = true;
	}
	if (negative)
		sum->number = -sum->number;
	*sum = shortest(sum);
	return digit;
}
