/*
 * exact_sum.c: see exact_sum.h.
 */
#include "engine/exact_sum.h"

/* Beyond this a digit could leave 64 bits. */
#define LOAD_MAX ((uint64_t) (INT64_MAX / ((int64_t) EXACT_BASE * EXACT_BASE)) - 2)

static int
sign_of(const ExactNumber *number)
{
	return number->size == 0 ? 0 : number->negative ? -1 : 1;
}

int
exact_number_compare(const ExactNumber *a, const ExactNumber *b)
{
	int			sign = sign_of(a);
	int			order = 0;

	if (sign != sign_of(b))
		return sign < sign_of(b) ? -1 : 1;
	if (sign == 0)
		return 0;
	if (exact_number_high(a) != exact_number_high(b))
		return exact_number_high(a) < exact_number_high(b) ? -sign : sign;
	for (int i = 0; order == 0 && i < a->size && i < b->size; i++)
		order = (a->digits[i] > b->digits[i]) - (a->digits[i] < b->digits[i]);
	if (order == 0)
		order = (a->size > b->size) - (a->size < b->size);
	return order * sign;
}

/* ---- adding ---- */

/* Makes room for digits at the places from `low` to `high`, and one more at each end that has to grow. */
static void __attribute__((noinline))
grow(ExactSum *sum, int low, int high)
{
	int			new_low = low;
	int			new_high = high;
	int64_t    *digits;

	if (sum->size > 0)
	{
		new_low = low < sum->low ? low - 1 : sum->low;
		new_high = high >= sum->low + sum->size ? high + 1 : sum->low + sum->size - 1;
	}
	digits = host_alloc0(NULL, host_array_size((size_t) (new_high - new_low + 1), sizeof(int64_t)));
	if (sum->size > 0)
	{
		memcpy(digits + (sum->low - new_low), sum->digits, (size_t) sum->size * sizeof(int64_t));
		host_free(sum->digits);
	}
	sum->digits = digits;
	sum->low = new_low;
	sum->size = new_high - new_low + 1;
}

/* Digits 0 .. 9999 with a sign of their own to each; what leaves at the top is returned. */
static int64_t
carry_digits(int64_t *digits, int size)
{
	int64_t		carry = 0;

	for (int i = 0; i < size; i++)
	{
		int64_t		digit = digits[i] + carry;

		carry = digit / EXACT_BASE;
		digit %= EXACT_BASE;
		if (digit < 0)
		{
			digit += EXACT_BASE;
			carry--;
		}
		digits[i] = digit;
	}
	return carry;
}

/* Room for what is carried out of the highest digit of a sum: 64 bits are five digits. */
#define CARRY_ROOM 5

/* Carries within the sum, so that it can be added to again. */
static void __attribute__((noinline))
relieve(ExactSum *sum)
{
	int			top = sum->low + sum->size + CARRY_ROOM - 1;
	int64_t		carry;

	if (sum->size == 0)
		return;
	grow(sum, sum->low, top);
	carry = carry_digits(sum->digits, sum->size);
	/* of a negative sum -1 is left, which goes back into the highest digit */
	sum->digits[sum->size - 1] += carry * EXACT_BASE;
	sum->load = 1;
}

static inline void
reserve(ExactSum *sum, int low, int high, uint64_t load)
{
	if (low < sum->low || high >= sum->low + sum->size || sum->size == 0)
		grow(sum, low, high);
	if (sum->load > LOAD_MAX - load)
		relieve(sum);
	sum->load += load;
}

void
exact_sum_add(ExactSum *sum, const ExactNumber *number, bool away)
{
	int64_t    *at;

	if (number->size == 0)
		return;
	reserve(sum, number->low, exact_number_high(number), 1);
	at = sum->digits + (exact_number_high(number) - sum->low);
	if (number->negative != away)
		for (int i = 0; i < number->size; i++)
			at[-i] -= number->digits[i];
	else
		for (int i = 0; i < number->size; i++)
			at[-i] += number->digits[i];
}

void
exact_sum_add_product(ExactSum *sum, const ExactNumber *a, const ExactNumber *b, bool away)
{
	int64_t    *at;
	bool		negative = (a->negative != b->negative) != away;
	int			high = exact_number_high(a) + exact_number_high(b);

	if (a->size == 0 || b->size == 0)
		return;
	reserve(sum, a->low + b->low, high, (uint64_t) (a->size < b->size ? a->size : b->size));
	at = sum->digits + (high - sum->low);
	for (int i = 0; i < a->size; i++)
	{
		int64_t		digit = negative ? -a->digits[i] : a->digits[i];

		for (int j = 0; j < b->size; j++)
			at[-i - j] += digit * b->digits[j];
	}
}

void
exact_sum_merge(ExactSum *into, const ExactSum *from)
{
	ExactSum	other = *from;

	if (from->size == 0)
		return;
	if (other.load > LOAD_MAX / 2)
	{
		other.digits = host_alloc(NULL, host_array_size((size_t) from->size, sizeof(int64_t)));
		memcpy(other.digits, from->digits, (size_t) from->size * sizeof(int64_t));
		relieve(&other);
	}
	reserve(into, other.low, other.low + other.size - 1, other.load);
	for (int i = 0; i < other.size; i++)
		into->digits[other.low - into->low + i] += other.digits[i];
	if (other.digits != from->digits)
		host_free(other.digits);
}

/* ---- looking ---- */

ExactValue
exact_sum_value(const ExactSum *sum)
{
	ExactValue	value = {0};
	size_t		size = (size_t) sum->size + CARRY_ROOM;
	int64_t    *digits;
	size_t		first = 0;
	size_t		end = size;

	if (sum->size == 0)
		return value;
	digits = host_alloc0(NULL, host_array_size(size, sizeof(int64_t)));
	memcpy(digits, sum->digits, (size_t) sum->size * sizeof(int64_t));
	if (carry_digits(digits, (int) size) < 0)
	{
		/* the complement: take it from 0 */
		value.negative = true;
		for (size_t i = 0; i < size; i++)
			digits[i] = -digits[i];
		digits[size - 1] += EXACT_BASE;
		carry_digits(digits, (int) size);
	}
	while (end > 0 && digits[end - 1] == 0)
		end--;
	while (first < end && digits[first] == 0)
		first++;
	value.size = (int) (end - first);
	if (value.size > 0)
	{
		value.low = sum->low + (int) first;
		if (value.low + value.size - 1 > EXACT_PLACE_MAX || value.low < EXACT_PLACE_MIN)
			host_fail(HOST_LIMIT, NULL, "a sum is beyond the range of numeric");
		value.digits = host_alloc(NULL, host_array_size((size_t) value.size, sizeof(int16_t)));
		for (int i = 0; i < value.size; i++)
			value.digits[i] = (int16_t) digits[end - 1 - (size_t) i];
	}
	else
		value.negative = false;
	host_free(digits);
	return value;
}

/* The digit at a place. */
static int
digit_at(const ExactValue *value, int place)
{
	int			i = value->low + value->size - 1 - place;

	return i >= 0 && i < value->size ? value->digits[i] : 0;
}

char *
exact_value_print(const ExactValue *value)
{
	int			high = value->size == 0 || value->low + value->size - 1 < 0 ? 0 : value->low + value->size - 1;
	int			low = value->size == 0 || value->low > 0 ? 0 : value->low;
	char	   *text = host_alloc(NULL, (size_t) (high - low + 1) * EXACT_DECIMALS + 3);
	char	   *at = text;
	bool		some = false;

	if (value->negative)
		*at++ = '-';
	for (int place = high; place >= low; place--)
	{
		int			digit = digit_at(value, place);

		if (place == -1)
			*at++ = '.';
		for (int power = EXACT_BASE / 10; power > 0; power /= 10)
		{
			some |= digit / power % 10 != 0 || place < 0 || (place == 0 && power == 1);
			if (some)
				*at++ = (char) ('0' + digit / power % 10);
		}
	}
	if (low < 0)
		while (at[-1] == '0')
			at--;
	*at = '\0';
	return text;
}

/* ---- the stored form ---- */

/*
 * Twice the number of digits, and 1 if it is negative; unless there are none, the place of the lowest digit and the digits, the
 * highest first.
 */
void
exact_sum_write(WireWriter *writer, const ExactSum *sum)
{
	ExactValue	value = exact_sum_value(sum);

	wire_write_uint(writer, (uint64_t) value.size * 2 + value.negative);
	if (value.size == 0)
		return;
	wire_write_int(writer, value.low);
	for (int i = 0; i < value.size; i++)
		wire_write_uint(writer, (uint64_t) value.digits[i]);
	host_free(value.digits);
}

void
exact_sum_read(WireReader *reader, ExactSum *sum)
{
	uint64_t	head = wire_read_uint(reader);
	bool		negative = head & 1;
	uint64_t	size = head / 2;
	int64_t		low;

	memset(sum, 0, sizeof(*sum));
	if (head == 0)
		return;
	low = wire_read_int(reader);
	/* a digit takes a byte at least */
	if (size == 0 || size > (uint64_t) (reader->end - reader->at) || low < EXACT_PLACE_MIN ||
		low > EXACT_PLACE_MAX || low + (int64_t) size - 1 > EXACT_PLACE_MAX)
	{
		wire_read_fail(reader, "sum out of range");
		return;
	}
	sum->digits = host_alloc(NULL, host_array_size((size_t) size, sizeof(int64_t)));
	sum->low = (int32_t) low;
	sum->size = (int32_t) size;
	sum->load = 1;
	for (int i = sum->size - 1; i >= 0; i--)
	{
		int64_t		digit = (int64_t) wire_read_uint_max(reader, EXACT_BASE - 1, "digit of a sum out of range");

		sum->digits[i] = negative ? -digit : digit;
	}
	if (sum->digits[0] == 0 || sum->digits[sum->size - 1] == 0)
		wire_read_fail(reader, "sum not in shortest form");
	if (reader->failure != NULL)
		*sum = (ExactSum) {0};
}
