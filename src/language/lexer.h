/*
 * lexer.h: the words and signs that all the little languages are made of.
 */
#ifndef KPI_LEXER_H
#define KPI_LEXER_H

#include "host.h"

typedef enum TokenKind
{
	TOKEN_END,
	TOKEN_WORD,					/* letters, digits, _ . : / - */
	TOKEN_QUOTED,				/* "..." */
	TOKEN_STAR,					/* '*' by itself; behind a word or a quoted text it is its prefix flag */
	TOKEN_QUESTION,
	TOKEN_BAR,
	TOKEN_COMMA,
	TOKEN_ARROW,				/* -> */
	TOKEN_NEXT_ARROW,			/* => */
	TOKEN_OPEN_ARROW,			/* -[ */
	TOKEN_CLOSE_ARROW,			/* ]-> */
	TOKEN_AT_MOST,				/* <= */
	TOKEN_AT_LEAST,				/* >= */
	TOKEN_NUMBER,				/* this and the next ones: only in arithmetic */
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_SLASH,
	TOKEN_PERCENT,
	TOKEN_OPEN,					/* ( */
	TOKEN_CLOSE,				/* ) */
	TOKEN_BAD					/* `complaint` says why */
} TokenKind;

typedef struct Token
{
	TokenKind	kind;
	size_t		start;			/* offsets into the text */
	size_t		end;
	const char *bytes;			/* of a word, number or quoted text, without the quotes; may be part of the text */
	size_t		length;
	bool		prefix;			/* a '*' follows directly */
	const char *complaint;
	const char *advice;			/* what to write instead, or NULL */
} Token;

typedef struct Lexer
{
	const char *text;
	size_t		length;
	size_t		at;
	bool		utf8;
	bool		arithmetic;		/* signs and numbers of arithmetic: words are names, a '*' is never a prefix flag */
} Lexer;

/* The next token. Copying a Lexer before and back afterwards looks ahead. */
extern Token lexer_next(Lexer *lexer);

/* Bytes of the character at `at` if it may stand in a bare word, else 0. */
extern size_t lexer_word_char(const char *text, size_t length, size_t at, bool utf8);

/* The same for a bare name in arithmetic, where - and / are operators: letters, digits, _ and '.'; neither a digit nor a '.' is the first. */
extern size_t lexer_name_char(const char *text, size_t length, size_t at, bool utf8, bool first);

/* Whether a token is the bare word `word` (lower case), in any case. */
extern bool token_is(const Token *token, const char *word);

#endif							/* KPI_LEXER_H */
