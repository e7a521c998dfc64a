/*
 * activity_spec.c: see activity_spec.h.
 */
#include "language/activity_spec.h"

#include <string.h>

bool
activity_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, ActivitySpec *spec,
					LanguageError *error)
{
	Phrase		phrase;

	memset(spec, 0, sizeof(*spec));
	if (!phrase_begin(&phrase, "activity spec", text, length, utf8, zone_known, error))
		return false;
	while (phrase.token.kind != TOKEN_END)
	{
		bool		taken;

		if (!phrase_period(&phrase, &spec->periods, true, &taken))
			return false;
		if (!taken)
			return phrase_not_expected(&phrase, "expected an option", "Options are: by, in, week starts.");
		if (phrase.token.kind == TOKEN_COMMA)
			phrase_advance(&phrase);
	}
	if (spec->periods.grain == GRAIN_NONE)
		return phrase_expected(&phrase, "expected a period", "Write for example \"by week in UTC\".");
	return phrase_period_done(&phrase, &spec->periods);
}

char *
activity_spec_print(const ActivitySpec *spec, bool utf8, size_t *length)
{
	static const char *const keywords[] = {"by", "in", "week", "starts", NULL};
	Text		text;

	text_begin(&text, utf8, keywords, NULL);
	text_put(&text, "by ");
	text_put(&text, grain_name(spec->periods.grain));
	text_put_zone(&text, &spec->periods);
	*length = text.length;
	return text.bytes;
}
