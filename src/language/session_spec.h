/*
 * session_spec.h: the language of kpi.sessions.
 *
 *     timeout 30 min, views page_view, key purchase|signup, clicks ad_click, by day in Europe/Berlin
 *
 * Parsed into a SessionSpec, printed as the canonical text, which is what is stored. Grammar and meaning:
 * docs/sessions.md.
 */
#ifndef KPI_SESSION_SPEC_H
#define KPI_SESSION_SPEC_H

#include "language/phrase.h"

#define SESSION_TIMEOUT			INT64_C(1800000000) /* 30 min, as GA4, where no other is given */
#define SESSION_ENGAGED_AFTER	INT64_C(10000000)	/* 10 s, likewise */

/* What events can be to a session, besides being in it. */
typedef enum SessionRole
{
	SESSION_VIEWS,
	SESSION_KEY,
	SESSION_CLICKS,
	SESSION_IMPRESSIONS,
	SESSION_SHARES,
	SESSION_ROLES				/* how many */
} SessionRole;

typedef struct SessionSpec
{
	uint32_t	nlabels;
	Label	   *labels;
	bool		named[SESSION_ROLES];	/* the spec says which events they are */
	LabelSet	role[SESSION_ROLES];	/* empty also where `any` */
	bool		any[SESSION_ROLES]; /* '*': every event */
	int64_t		timeout;		/* a longer gap ends a session */
	int64_t		engaged_after;	/* a longer session is engaged */
	PeriodClause periods;		/* GRAIN_NONE: no periods */
} SessionSpec;

/* The word that a role is called by in the language. */
extern const char *session_role_name(SessionRole role);

/*
 * As pattern_parse: everything in *spec is allocated from the current arena; false with *error filled when the text is
 * none. An empty text is one.
 */
extern bool session_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, SessionSpec *spec,
							   LanguageError *error);

/* The canonical text, terminated, in the current arena. */
extern char *session_spec_print(const SessionSpec *spec, bool utf8, size_t *length);

#endif							/* KPI_SESSION_SPEC_H */
