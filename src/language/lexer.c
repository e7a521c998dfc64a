/*
 * lexer.c: see lexer.h.
 */
#include "language/lexer.h"

#include <string.h>

/* ---- characters ---- */

/* Decodes one UTF-8 character; returns its bytes, 0 if ill-formed. */
static size_t
decode_utf8(const char *text, size_t length, uint32_t *point)
{
	const uint8_t *bytes = (const uint8_t *) text;
	size_t		size = bytes[0] < 0x80 ? 1 : bytes[0] < 0xc2 ? 0 : bytes[0] < 0xe0 ? 2 :
		bytes[0] < 0xf0 ? 3 : bytes[0] < 0xf5 ? 4 : 0;

	if (size == 0 || size > length)
		return 0;
	*point = size == 1 ? bytes[0] : bytes[0] & (0xff >> (size + 1));
	for (size_t i = 1; i < size; i++)
	{
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (bytes[i] & 0x3f);
	}
	if ((size == 3 && *point < 0x800) || (size == 4 && (*point < 0x10000 || *point > 0x10ffff)) ||
		(*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return size;
}

/* Characters beyond ASCII that are not letters, digits or marks of any script. */
static bool
is_foreign_sign(uint32_t point)
{
	static const struct
	{
		uint32_t	from;
		uint32_t	to;
	}			signs[] = {
		{0x80, 0xa9}, {0xab, 0xb4}, {0xb6, 0xb9}, {0xbb, 0xbf}, {0xd7, 0xd7}, {0xf7, 0xf7},
		{0x2000, 0x200b}, {0x200e, 0x206f}, {0x2190, 0x2bff}, {0x3000, 0x3004}, {0x3008, 0x3020},
		{0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xfeff, 0xfeff}, {0xff01, 0xff0f}, {0xff1a, 0xff20},
		{0xff3b, 0xff40}, {0xff5b, 0xff65}, {0xfff0, 0xffff},
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (point >= signs[i].from && point <= signs[i].to)
			return true;
	return false;
}

size_t
lexer_word_char(const char *text, size_t length, size_t at, bool utf8)
{
	unsigned char byte = (unsigned char) text[at];
	uint32_t	point;
	size_t		size;

	if (byte >= 0x80)
	{
		if (!utf8)
			return 1;
		size = decode_utf8(text + at, length - at, &point);
		return size > 0 && !is_foreign_sign(point) ? size : 0;
	}
	if (byte == '-')
		return at + 1 < length && (text[at + 1] == '>' || text[at + 1] == '[') ? 0 : 1;
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		(byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte == ':' || byte == '/';
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

size_t
lexer_name_char(const char *text, size_t length, size_t at, bool utf8, bool first)
{
	char		byte = text[at];

	if (byte == '-' || byte == '/' || byte == ':' || (first && (byte == '.' || is_digit(byte))))
		return 0;
	return lexer_word_char(text, length, at, utf8);
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' || byte == '\v';
}

/* ---- tokens ---- */

static void
complain(Token *token, const char *complaint, const char *advice)
{
	token->kind = TOKEN_BAD;
	token->complaint = complaint;
	token->advice = advice;
}

/*
 * A quoted text; lexer->at is behind the opening quote. Without a doubled quote in it the token's bytes
 * are those of the text; memory is taken only for what is copied.
 */
static void
lex_quoted(Lexer *lexer, Token *token)
{
	const char *begin = lexer->text + lexer->at;
	size_t		doubled = 0;
	bool		closed = false;
	char	   *bytes;

	token->kind = TOKEN_QUOTED;
	while (!closed && lexer->at < lexer->length && lexer->text[lexer->at] != '\0')
	{
		size_t		size = 1;
		uint32_t	point;

		if (lexer->text[lexer->at] == '"')
		{
			if (lexer->at + 1 < lexer->length && lexer->text[lexer->at + 1] == '"')
			{
				doubled++;
				size = 2;
			}
			else
				closed = true;
		}
		else if (lexer->utf8)
			size = decode_utf8(lexer->text + lexer->at, lexer->length - lexer->at, &point);
		if (size == 0)
		{
			complain(token, "invalid UTF-8", NULL);
			return;
		}
		lexer->at += size;
	}
	if (!closed)
	{
		complain(token, lexer->arithmetic ? "the quoted name is not closed" : "the quoted label is not closed",
				 "Close it with a double quote.");
		return;
	}
	token->bytes = begin;
	token->length = (size_t) (lexer->text + lexer->at - 1 - begin);
	if (token->length == 0)
		complain(token, lexer->arithmetic ? "a quoted name must not be empty" : "a quoted label must not be empty", NULL);
	else if (doubled > 0)
	{
		bytes = host_alloc(NULL, token->length - doubled);
		for (size_t from = 0, to = 0; from < token->length; from++)
		{
			bytes[to++] = begin[from];
			from += begin[from] == '"';
		}
		token->bytes = bytes;
		token->length -= doubled;
	}
}

/* What to say of a sign that sequences of events do not have; `point` is the character's, 0 where bytes are no UTF-8. */
static void
complain_in_sequence(Token *token, char byte, uint32_t point)
{
	if (point == 0x2192 || point == 0x27f6)
		complain(token, "an arrow is written with two ASCII characters", "Write \"->\".");
	else if (point == 0x21d2 || point == 0x27f9)
		complain(token, "an arrow is written with two ASCII characters", "Write \"=>\".");
	else if (byte == '<' || byte == '>')
		complain(token, "spans are bounded with <= or >=", "Write \"<=\" or \">=\".");
	else if (byte == '[' || byte == ']')
		complain(token, "unexpected character", "An arrow with bounds is written \"-[\" ... \"]->\".");
	else if (byte == '\'')
		complain(token, "labels are quoted with double quotes", "Write \"like this\".");
	else
		complain(token, "unexpected character", "Labels with such characters are put in double quotes.");
}

/* The same for arithmetic. */
static void
complain_in_arithmetic(Token *token, char byte, uint32_t point)
{
	if (point == 0xd7 || point == 0x22c5 || point == 0xb7)
		complain(token, "unexpected character", "Write \"*\" to multiply.");
	else if (point == 0xf7 || point == 0x2215 || point == 0x2044 || byte == ':')
		complain(token, "unexpected character", "Write \"/\" to divide.");
	else if (point == 0x2212 || point == 0x2013)
		complain(token, "unexpected character", "Write \"-\" to subtract.");
	else if (byte == '\'')
		complain(token, "names are quoted with double quotes", "Write \"like this\".");
	else
		complain(token, "unexpected character",
				 "Operators are + - * /; a name with other characters than letters, digits, _ and . is put in double quotes.");
}

static void
lex_bad(Lexer *lexer, Token *token)
{
	char		byte = lexer->text[lexer->at];
	uint32_t	point = 0;
	size_t		size = 1;

	if ((unsigned char) byte >= 0x80 && lexer->utf8)
		size = decode_utf8(lexer->text + lexer->at, lexer->length - lexer->at, &point);
	if (size == 0)
		complain(token, "invalid UTF-8", NULL);
	else if (byte == '\0')
		complain(token, "unexpected zero byte", NULL);
	else if (lexer->arithmetic)
		complain_in_arithmetic(token, byte, point);
	else
		complain_in_sequence(token, byte, point);
	lexer->at += size == 0 ? 1 : size;
}

static void
skip_digits(Lexer *lexer)
{
	while (lexer->at < lexer->length && is_digit(lexer->text[lexer->at]))
		lexer->at++;
}

static bool
digit_at(const Lexer *lexer, size_t at)
{
	return at < lexer->length && is_digit(lexer->text[at]);
}

/* A number, if one begins here: digits, with a point or without, and an exponent. What runs into it makes it none. */
static bool
lex_number(Lexer *lexer, Token *token)
{
	size_t		size;

	if (!digit_at(lexer, lexer->at) && !(lexer->text[lexer->at] == '.' && digit_at(lexer, lexer->at + 1)))
		return false;
	token->kind = TOKEN_NUMBER;
	skip_digits(lexer);
	if (lexer->at < lexer->length && lexer->text[lexer->at] == '.')
	{
		lexer->at++;
		skip_digits(lexer);
	}
	if (lexer->at < lexer->length && (lexer->text[lexer->at] == 'e' || lexer->text[lexer->at] == 'E'))
	{
		size_t		sign = lexer->at + 1;

		if (sign < lexer->length && (lexer->text[sign] == '+' || lexer->text[sign] == '-'))
			sign++;
		if (digit_at(lexer, sign))
		{
			lexer->at = sign;
			skip_digits(lexer);
		}
	}
	token->bytes = lexer->text + token->start;
	token->length = lexer->at - token->start;
	while (lexer->at < lexer->length &&
		   (size = lexer_name_char(lexer->text, lexer->length, lexer->at, lexer->utf8, false)) > 0)
	{
		complain(token, "this is not a number", "A name that begins with a digit is put in double quotes.");
		lexer->at += size;
	}
	return true;
}

typedef struct Sign
{
	const char *sign;
	TokenKind	kind;
} Sign;

/* A sign, if one begins here. */
static bool
lex_sign(Lexer *lexer, Token *token)
{
	static const Sign of_sequences[] = {
		{"]->", TOKEN_CLOSE_ARROW}, {"->", TOKEN_ARROW}, {"=>", TOKEN_NEXT_ARROW},
		{"-[", TOKEN_OPEN_ARROW}, {"<=", TOKEN_AT_MOST}, {">=", TOKEN_AT_LEAST},
		{"*", TOKEN_STAR}, {"?", TOKEN_QUESTION}, {"|", TOKEN_BAR}, {",", TOKEN_COMMA}, {NULL, TOKEN_END}
	};
	static const Sign of_arithmetic[] = {
		{"+", TOKEN_PLUS}, {"-", TOKEN_MINUS}, {"*", TOKEN_STAR}, {"/", TOKEN_SLASH}, {"%", TOKEN_PERCENT},
		{"(", TOKEN_OPEN}, {")", TOKEN_CLOSE}, {",", TOKEN_COMMA}, {NULL, TOKEN_END}
	};

	for (const Sign *sign = lexer->arithmetic ? of_arithmetic : of_sequences; sign->sign != NULL; sign++)
	{
		size_t		size = strlen(sign->sign);

		if (lexer->length - lexer->at >= size && memcmp(lexer->text + lexer->at, sign->sign, size) == 0)
		{
			token->kind = sign->kind;
			lexer->at += size;
			return true;
		}
	}
	return false;
}

/* A word, if one begins here; in arithmetic, a name. */
static bool
lex_word(Lexer *lexer, Token *token)
{
	size_t		size;

	while (lexer->at < lexer->length &&
		   (size = lexer->arithmetic ?
			lexer_name_char(lexer->text, lexer->length, lexer->at, lexer->utf8, lexer->at == token->start) :
			lexer_word_char(lexer->text, lexer->length, lexer->at, lexer->utf8)) > 0)
		lexer->at += size;
	if (lexer->at == token->start)
		return false;
	token->kind = TOKEN_WORD;
	token->bytes = lexer->text + token->start;
	token->length = lexer->at - token->start;
	return true;
}

Token
lexer_next(Lexer *lexer)
{
	Token		token = {.kind = TOKEN_END};

	while (lexer->at < lexer->length && is_blank(lexer->text[lexer->at]))
		lexer->at++;
	token.start = lexer->at;
	token.end = lexer->at;
	if (lexer->at == lexer->length)
		return token;
	if (lex_sign(lexer, &token))
	{
		token.end = lexer->at;
		return token;
	}
	if (lexer->text[lexer->at] == '"')
	{
		lexer->at++;
		lex_quoted(lexer, &token);
	}
	else if (!(lexer->arithmetic && lex_number(lexer, &token)) && !lex_word(lexer, &token))
		lex_bad(lexer, &token);
	if (!lexer->arithmetic && token.kind != TOKEN_BAD && lexer->at < lexer->length && lexer->text[lexer->at] == '*')
	{
		token.prefix = true;
		lexer->at++;
	}
	token.end = lexer->at;
	return token;
}

bool
token_is(const Token *token, const char *word)
{
	if (token->kind != TOKEN_WORD || token->prefix || token->length != strlen(word))
		return false;
	for (size_t i = 0; i < token->length; i++)
	{
		char		byte = token->bytes[i];

		if (byte >= 'A' && byte <= 'Z')
			byte += 'a' - 'A';
		if (byte != word[i])
			return false;
	}
	return true;
}
