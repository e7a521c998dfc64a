/*
 * random.h: random numbers that are the same on every run.
 */
#ifndef KPI_RANDOM_H
#define KPI_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

static uint64_t random_state = 20240229;

/* 64 random bits (xorshift). */
static inline uint64_t
random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* True so many times in a hundred. */
static inline bool
chance(int percent)
{
	return random_bits() % 100 < (uint64_t) percent;
}

#endif							/* KPI_RANDOM_H */
