/*
 * timeline_text.c: see timeline_text.h.
 */
#include "language/timeline_text.h"

#include <stdio.h>
#include <string.h>

#include "engine/decimal.h"
#include "language/lexer.h"
#include "language/moment_text.h"

/* ---- writing ---- */

static void
put_label(WireWriter *text, TimelineLabel label, bool utf8)
{
	size_t		at = 0;
	size_t		size = 1;

	while (at < label.length && (size = lexer_word_char(label.bytes, label.length, at, utf8)) > 0)
		at += size;
	if (at > 0 && at == label.length)
	{
		wire_write_bytes(text, label.bytes, label.length);
		return;
	}
	wire_write_byte(text, '"');
	for (at = 0; at < label.length; at++)
	{
		if (label.bytes[at] == '"')
			wire_write_byte(text, '"');
		wire_write_byte(text, (uint8_t) label.bytes[at]);
	}
	wire_write_byte(text, '"');
}

char *
timeline_print(const Timeline *timeline, bool utf8, size_t *length)
{
	TimelineEvent *events = host_alloc(NULL, host_array_size(timeline->count, sizeof(TimelineEvent)));
	WireWriter	text;

	timeline_decode(timeline, events);
	wire_writer_init(&text, 0);
	wire_write_byte(&text, '{');
	for (size_t i = 0; i < timeline->count; i++)
	{
		char		words[MOMENT_TEXT_MAX + DECIMAL_TEXT_MAX];

		if (i % 4096 == 0)
			host_check_interrupts();
		if (i > 0)
			wire_write_bytes(&text, ", ", 2);
		moment_print(words, events[i].at, MOMENT_PLAIN);
		wire_write_bytes(&text, words, strlen(words));
		wire_write_byte(&text, ' ');
		put_label(&text, timeline->labels[events[i].label], utf8);
		if (events[i].has_value)
		{
			decimal_print(words, events[i].number, events[i].decimals);
			wire_write_bytes(&text, " = ", 3);
			wire_write_bytes(&text, words, strlen(words));
		}
	}
	wire_write_byte(&text, '}');
	*length = text.length;
	wire_write_byte(&text, '\0');
	host_free(events);
	return (char *) text.bytes;
}

/* ---- reading ---- */

typedef struct Parser
{
	const char *text;
	size_t		length;
	size_t		at;
	bool		utf8;
	char		label[TIMELINE_LABEL_MAX];
	size_t		label_length;
	LanguageError *error;
} Parser;

static bool
fail(Parser *parser, size_t offset, const char *message, const char *hint)
{
	parser->error->limit = false;
	parser->error->offset = offset;
	snprintf(parser->error->message, sizeof(parser->error->message), "%s", message);
	snprintf(parser->error->hint, sizeof(parser->error->hint), "%s", hint != NULL ? hint : "");
	return false;
}

static void
skip_blanks(Parser *parser)
{
	while (parser->at < parser->length && parser->text[parser->at] != '\0' &&
		   strchr(" \t\n\r\f\v", parser->text[parser->at]) != NULL)
		parser->at++;
}

/* Moves behind a sign, and blanks before it, if it is next. */
static bool
skip_sign(Parser *parser, char sign)
{
	skip_blanks(parser);
	if (parser->at == parser->length || parser->text[parser->at] != sign)
		return false;
	parser->at++;
	return true;
}

static bool
label_byte(Parser *parser, size_t start, char byte)
{
	if (parser->label_length == TIMELINE_LABEL_MAX)
	{
		(void) fail(parser, start, "the label is longer than 1024 bytes", NULL);
		parser->error->limit = true;
		return false;
	}
	parser->label[parser->label_length++] = byte;
	return true;
}

static bool
parse_quoted(Parser *parser)
{
	size_t		start = parser->at++;

	for (;; parser->at++)
	{
		if (parser->at == parser->length)
			return fail(parser, start, "the quoted label is not closed", "Close it with a double quote.");
		if (parser->text[parser->at] == '"')
		{
			parser->at++;
			if (parser->at == parser->length || parser->text[parser->at] != '"')
				return true;
		}
		if (!label_byte(parser, start, parser->text[parser->at]))
			return false;
	}
}

static bool
parse_label(Parser *parser)
{
	size_t		start;
	size_t		size;

	skip_blanks(parser);
	start = parser->at;
	parser->label_length = 0;
	if (start < parser->length && parser->text[start] == '"')
		return parse_quoted(parser);
	while (parser->at < parser->length &&
		   (size = lexer_word_char(parser->text, parser->length, parser->at, parser->utf8)) > 0)
		for (; size > 0; size--)
			if (!label_byte(parser, start, parser->text[parser->at++]))
				return false;
	if (parser->at == start)
		return fail(parser, start, "expected a label", "A label with signs or blanks is put in double quotes.");
	return true;
}

static bool
parse_value(Parser *parser, int64_t *number, uint8_t *decimals)
{
	const char *failure;
	size_t		start;

	skip_blanks(parser);
	start = parser->at;
	while (parser->at < parser->length && parser->text[parser->at] != '\0' &&
		   strchr("+-.0123456789eE", parser->text[parser->at]) != NULL)
		parser->at++;
	failure = decimal_parse(parser->text + start, parser->at - start, number, decimals);
	return failure == NULL || fail(parser, start, failure, NULL);
}

static bool
parse_event(Parser *parser, TimelineBuilder *builder)
{
	TimelineLabel label = {parser->label, 0};
	int64_t		at;
	int64_t		number = 0;
	uint8_t		decimals = 0;
	bool		has_value;

	skip_blanks(parser);
	if (!moment_parse(parser->text, parser->length, &parser->at, MOMENT_PLAIN, &at, parser->error))
		return false;
	if (parser->at < parser->length && lexer_word_char(parser->text, parser->length, parser->at, parser->utf8) > 0)
		return fail(parser, parser->at, "expected a blank between the time and the label", NULL);
	if (!parse_label(parser))
		return false;
	has_value = skip_sign(parser, '=');
	if (has_value && !parse_value(parser, &number, &decimals))
		return false;
	label.length = (uint32_t) parser->label_length;
	timeline_builder_add(builder, at, label, has_value, number, decimals);
	return true;
}

bool
timeline_parse(const char *text, size_t length, bool utf8, TimelineBuilder *builder, LanguageError *error)
{
	Parser		parser = {text, length, 0, utf8, {0}, 0, error};

	if (!skip_sign(&parser, '{'))
		return fail(&parser, parser.at, "expected an opening brace",
					"A timeline is written like {2024-01-31 23:59:59Z view, 2024-02-01 00:00:00Z buy = 9.9}.");
	if (!skip_sign(&parser, '}'))
	{
		do
		{
			host_check_interrupts();
			if (!parse_event(&parser, builder))
				return false;
		} while (skip_sign(&parser, ','));
		if (!skip_sign(&parser, '}'))
			return fail(&parser, parser.at, "expected a comma or the closing brace",
						"A label with signs or blanks is put in double quotes.");
	}
	skip_blanks(&parser);
	return parser.at == length || fail(&parser, parser.at, "expected the end of the timeline", NULL);
}
