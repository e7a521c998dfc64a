/*
 * words.h: what charts and pages say, in the languages that they speak.
 */
#ifndef KPI_WORDS_H
#define KPI_WORDS_H

#include "host.h"
#include "surfaces/word_list.h"

typedef enum Tongue
{
	ENGLISH,
	KOREAN,
	TONGUES
} Tongue;

typedef enum Word
{
#define W(name, english, korean) WORD_##name,
	WORD_LIST(W)
#undef W
	WORDS
} Word;

/* en, ko */
extern const char *const tongue_code[TONGUES];

extern const char *word_in(Tongue tongue, Word word);

/* The name of a word, in small letters: what SQL knows it by; at most so long, terminated. */
#define WORD_NAME_MAX	32
extern void word_name(char *name, Word word);

#endif							/* KPI_WORDS_H */
