/*
 * session_spec.c: see session_spec.h.
 */
#include "language/session_spec.h"

#include <string.h>

typedef struct Parser
{
	Phrase		phrase;
	SessionSpec *spec;
	bool		has_timeout;
	bool		has_engaged;
} Parser;

static const char *const role_names[] = {
	[SESSION_VIEWS] = "views",
	[SESSION_KEY] = "key",
	[SESSION_CLICKS] = "clicks",
	[SESSION_IMPRESSIONS] = "impressions",
	[SESSION_SHARES] = "shares",
};

/* Words that a label must not look like. */
static const char *const keywords[] = {
	"timeout", "views", "key", "clicks", "impressions", "shares", "engaged", "after", "by", "in", "week", "starts", NULL
};

static const char *const clause_list =
	"Clauses are: timeout, views, key, clicks, impressions, shares, engaged after, by, in, week starts.";

const char *
session_role_name(SessionRole role)
{
	return role_names[role];
}

/* ---- reading ---- */

static bool
parse_clause(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	SessionSpec *spec = parser->spec;
	Token		word = phrase->token;
	bool		taken;

	if (!phrase_period(phrase, &spec->periods, true, &taken))
		return false;
	if (taken)
		return true;
	if (token_is(&word, "timeout"))
		return phrase_option(phrase, &parser->has_timeout, word.start) && phrase_duration(phrase, &spec->timeout);
	if (token_is(&word, "engaged"))
	{
		if (!phrase_option(phrase, &parser->has_engaged, word.start))
			return false;
		phrase_advance(phrase);
		if (!token_is(&phrase->token, "after"))
			return phrase_expected(phrase, "expected \"after\"", "Write for example \"engaged after 10 sec\".");
		return phrase_duration(phrase, &spec->engaged_after);
	}
	for (int r = 0; r < SESSION_ROLES; r++)
	{
		if (!token_is(&word, role_names[r]))
			continue;
		if (spec->named[r])
			return phrase_fail(phrase, word.start, "this option is given twice", "Join the labels with \"|\".");
		spec->named[r] = true;
		phrase_advance(phrase);
		return phrase_labels_or_any(phrase, &spec->role[r], &spec->any[r]);
	}
	return phrase_not_expected(phrase, "expected a clause", clause_list);
}

bool
session_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, SessionSpec *spec,
				   LanguageError *error)
{
	Parser		parser = {.spec = spec};
	Phrase	   *phrase = &parser.phrase;

	memset(spec, 0, sizeof(*spec));
	spec->timeout = SESSION_TIMEOUT;
	spec->engaged_after = SESSION_ENGAGED_AFTER;
	if (!phrase_begin(phrase, "session spec", text, length, utf8, zone_known, error))
		return false;
	while (phrase->token.kind != TOKEN_END)
	{
		if (!parse_clause(&parser))
			return false;
		if (phrase->token.kind == TOKEN_COMMA)
			phrase_advance(phrase);
	}
	spec->labels = phrase->labels;
	spec->nlabels = phrase->nlabels;
	return phrase_period_done(phrase, &spec->periods);
}

/* ---- writing ---- */

char *
session_spec_print(const SessionSpec *spec, bool utf8, size_t *length)
{
	Text		text;

	text_begin(&text, utf8, keywords, spec->labels);
	text_put(&text, "timeout ");
	text_put_duration(&text, spec->timeout);
	for (int r = 0; r < SESSION_ROLES; r++)
	{
		if (!spec->named[r])
			continue;
		text_put(&text, ", ");
		text_put(&text, role_names[r]);
		text_put(&text, " ");
		if (spec->any[r])
			text_put(&text, "*");
		else
			text_put_labels(&text, spec->role[r]);
	}
	if (spec->engaged_after != SESSION_ENGAGED_AFTER)
	{
		text_put(&text, ", engaged after ");
		text_put_duration(&text, spec->engaged_after);
	}
	if (spec->periods.grain != GRAIN_NONE)
	{
		text_put(&text, ", by ");
		text_put(&text, grain_name(spec->periods.grain));
		text_put_zone(&text, &spec->periods);
	}
	*length = text.length;
	return text.bytes;
}
