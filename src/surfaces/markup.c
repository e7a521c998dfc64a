/*
 * markup.c: see markup.h.
 */
#include "surfaces/markup.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
markup_init(Markup *markup, bool ascii)
{
	markup->room = 1024;
	markup->bytes = host_alloc(NULL, markup->room);
	markup->bytes[0] = '\0';
	markup->length = 0;
	markup->ascii = ascii;
}

static void
add_bytes(Markup *markup, const char *bytes, size_t length)
{
	if (markup->length + length >= markup->room)
	{
		while (markup->length + length >= markup->room)
			markup->room *= 2;
		markup->bytes = host_realloc(markup->bytes, markup->room);
	}
	memcpy(markup->bytes + markup->length, bytes, length);
	markup->length += length;
	markup->bytes[markup->length] = '\0';
}

void
markup_add(Markup *markup, const char *literal)
{
	add_bytes(markup, literal, strlen(literal));
}

void
markup_append(Markup *markup, const Markup *other)
{
	add_bytes(markup, other->bytes, other->length);
}

void
markup_text(Markup *markup, Text text)
{
	const char *at = text.bytes;
	const char *end = text.bytes + text.length;

	while (at < end)
	{
		uint32_t	glyph = glyph_next(&at, end);
		char		bytes[16];

		switch (glyph)
		{
			case '&':
				markup_add(markup, "&amp;");
				break;
			case '<':
				markup_add(markup, "&lt;");
				break;
			case '>':
				markup_add(markup, "&gt;");
				break;
			case '"':
				markup_add(markup, "&quot;");
				break;
			case '\'':
				markup_add(markup, "&#39;");
				break;
			default:
				if (markup->ascii && glyph >= 0x80)
					add_bytes(markup, bytes, sprintf(bytes, "&#x%X;", (unsigned) glyph));
				else
					add_bytes(markup, bytes, glyph_write(bytes, glyph));
		}
	}
}

void
markup_string(Markup *markup, const char *text)
{
	markup_text(markup, (Text) {text, strlen(text)});
}

void
markup_text_within(Markup *markup, Text text, double width)
{
	bool		cut;

	markup_text(markup, text_fit(text, width, &cut));
	if (cut)
		markup_string(markup, "\xE2\x80\xA6");
}

void
markup_number(Markup *markup, double number)
{
	char		text[40];
	long long	tenths;
	int			length;

	host_assert(fabs(number) < 1e12);
	tenths = llround(number * 10);
	length = sprintf(text, "%s%lld.%d", tenths < 0 ? "-" : "", llabs(tenths) / 10, (int) (llabs(tenths) % 10));
	if (text[length - 1] == '0')
		length -= 2;
	add_bytes(markup, text, length);
}

void
markup_format(Markup *markup, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	while (*format != '\0')
	{
		const char *percent = strchr(format, '%');
		char		integer[16];

		if (percent == NULL)
		{
			markup_add(markup, format);
			break;
		}
		add_bytes(markup, format, (size_t) (percent - format));
		switch (percent[1])
		{
			case 's':
				markup_add(markup, va_arg(arguments, const char *));
				break;
			case 'd':
				add_bytes(markup, integer, sprintf(integer, "%d", va_arg(arguments, int)));
				break;
			case 'n':
				markup_number(markup, va_arg(arguments, double));
				break;
			case 't':
				markup_string(markup, va_arg(arguments, const char *));
				break;
			case 'T':
				markup_text(markup, *va_arg(arguments, const Text *));
				break;
			case '%':
				add_bytes(markup, "%", 1);
				break;
			default:
				host_fail(HOST_BUG, NULL, "bad format \"%s\"", format);
		}
		format = percent + 2;
	}
	va_end(arguments);
}
