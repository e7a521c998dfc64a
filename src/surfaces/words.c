/*
 * words.c: see words.h.
 */
#include "surfaces/words.h"

const char *const tongue_code[TONGUES] = {[ENGLISH] = "en", [KOREAN] = "ko"};

static const char *const words[WORDS][TONGUES] = {
#define W(name, english, korean) [WORD_##name] = {english, korean},
	WORD_LIST(W)
#undef W
};

static const char *const names[WORDS] = {
#define W(name, english, korean) [WORD_##name] = #name,
	WORD_LIST(W)
#undef W
};

const char *
word_in(Tongue tongue, Word word)
{
	return words[word][tongue];
}

void
word_name(char *name, Word word)
{
	const char *from = names[word];
	size_t		i = 0;

	for (; from[i] != '\0' && i < WORD_NAME_MAX - 1; i++)
		name[i] = (char) (from[i] >= 'A' && from[i] <= 'Z' ? from[i] - 'A' + 'a' : from[i]);
	name[i] = '\0';
}
