/*
 * word_list.h: the words of words.h in all languages: a name, English, Korean.
 */
#define WORD_LIST(W) \
	/* charts */ \
	W(NO_DATA, "no data", "데이터 없음") \
	W(FUNNEL, "Funnel", "퍼널") \
	W(BARS, "Bar chart", "막대 그래프") \
	W(LINES, "Line chart", "선 그래프") \
	W(HEAT_MAP, "Heat map", "히트맵") \
	W(BULLET, "Actual and target", "실적과 목표") \
	W(SPARKLINE, "Trend", "추이") \
	W(OF_FIRST, "of first", "첫 단계 대비") \
	W(CONTINUE, "continue", "진행") \
	W(DROP_OFF, "drop off", "이탈") \
	W(NOT_SHOWN, "more not shown", "개 더 있음") \
	W(TARGET, "target", "목표") \
	W(EXPECTED, "expected by now", "현재 기대치") \
	W(FORECAST, "forecast", "예상") \
	W(RANGE, "range", "범위") \
	W(ACTUAL, "actual", "실적") \
	W(INCOMPLETE, "not over yet", "진행 중") \
	W(NONE, "none", "없음") \
	W(VALUES, "values", "개 값") \
	W(LOWEST, "lowest", "최저") \
	W(HIGHEST, "highest", "최고") \
	W(LAST, "last", "최근") \
	/* what they are of */ \
	W(RETENTION, "Retention", "재방문 유지율") \
	W(LIFETIME_VALUE, "Value of a customer", "고객 생애 가치") \
	W(SESSIONS, "Sessions", "세션") \
	W(ACTIVITY, "Activity", "활동 현황") \
	W(ATTRIBUTION, "Attribution", "기여도 분석") \
	W(PATHS, "Paths", "주요 경로") \
	W(COHORT, "cohort", "코호트") \
	W(PERIODS_LATER, "periods later", "경과 기간") \
	W(ALL_COHORTS, "all", "전체") \
	W(VISITORS, "visitors", "방문자") \
	W(NEW_VISITORS, "new visitors", "신규 방문자") \
	W(RETURNING_VISITORS, "returning visitors", "재방문자") \
	W(ALL_SESSIONS, "sessions", "세션") \
	W(ENGAGED_SESSIONS, "engaged sessions", "참여 세션") \
	W(PAGE_VIEWS, "page views", "페이지뷰") \
	W(KEY_EVENTS, "key events", "주요 이벤트") \
	W(ACTIVE, "active", "활성") \
	W(NEW, "new", "신규") \
	W(RETURNING, "returning", "재방문") \
	W(RESURRECTING, "resurrecting", "복귀") \
	W(DORMANT, "dormant", "휴면") \
	W(CONVERSIONS, "conversions", "전환") \
	W(REVENUE, "revenue", "매출") \
	/* of a status */ \
	W(ACHIEVED, "achieved", "달성") \
	W(ON_TRACK, "on track", "순조") \
	W(AT_RISK, "at risk", "주의") \
	W(BEHIND, "behind", "지연") \
	W(MISSED, "missed", "미달") \
	W(STALE, "stale", "갱신 지연") \
	W(UNCERTAIN, "uncertain", "불확실") \
	W(NOT_STARTED, "not started", "시작 전")
