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
	W(NOT_STARTED, "not started", "시작 전") \
	/* pages */ \
	W(DASHBOARD, "KPI dashboard", "KPI 대시보드") \
	W(AS_OF, "as of", "기준 시각") \
	W(SKIP, "Skip to the content", "본문으로 건너뛰기") \
	W(OBJECTIVES, "Objectives", "전략 목표") \
	W(OBJECTIVE, "Objective", "전략 목표") \
	W(SERVES, "serves", "상위 목표") \
	W(SCORECARD, "Scorecard", "성과표") \
	W(HISTORY, "History", "추이") \
	W(ACTIONS, "Actions", "실행 과제") \
	W(ACTION, "Action", "과제") \
	W(CHECKS, "Data and definitions", "데이터와 정의 점검") \
	W(ATTAINMENT, "Attainment", "달성률") \
	W(COVERAGE, "Known share", "반영 비율") \
	W(STATUS, "Status", "상태") \
	W(KPI, "KPI", "KPI") \
	W(KPIS, "KPIs", "KPI") \
	W(PERIOD, "Period", "기간") \
	W(VALUE, "Value", "값") \
	W(OF_TARGET, "of %s", "목표 %s") \
	W(CHANGE, "Change", "증감") \
	W(VS_BEFORE, "to the period before", "전기 대비") \
	W(VS_YEAR, "to a year ago", "전년 대비") \
	W(OTHER_KPIS, "Other KPIs", "기타 KPI") \
	W(NUMBERS, "Numbers", "수치 보기") \
	W(OWNER, "Owner", "담당") \
	W(STATE, "State", "진행") \
	W(PLANNED, "planned", "예정") \
	W(RUNNING, "running", "진행 중") \
	W(DONE, "done", "완료") \
	W(DROPPED, "dropped", "중단") \
	W(DAYS, "Days", "기간") \
	W(EXPECTED_CHANGE, "Expected change", "기대 효과") \
	W(MEASURED_CHANGE, "Measured change", "측정 효과") \
	W(SEVERITY, "Severity", "심각도") \
	W(RULE, "Rule", "규칙") \
	W(DETAIL, "Finding", "내용") \
	W(FIX, "What to do", "조치 방법") \
	W(ABOUT, "About", "대상") \
	W(LINT, "KPIs and targets", "KPI와 목표") \
	W(TRUST, "Data trust", "데이터 신뢰도") \
	W(REFRESH, "Refresh", "갱신") \
	W(ALL_WELL, "There is nothing to report.", "특이 사항이 없습니다.") \
	W(NOT_CHECKED, "This could not be checked: %s", "점검할 수 없습니다: %s") \
	W(REFRESHED_LAST, "refreshed last %s", "마지막 갱신 %s") \
	W(NEVER_REFRESHED, "never refreshed", "갱신된 적 없음") \
	W(NO_TARGET, "no target", "목표 없음") \
	W(TARGET_MOVED, "The target of %s was changed from %s to %s on %s", "%s 목표가 %s에서 %s(으)로 변경됨 (%s)") \
	W(NO_KPIS, "There are no KPIs yet", "아직 KPI가 없습니다") \
	W(HOW_TO_BEGIN, "A KPI is a view of yours with a date and a number. Register it, say what it is to reach, refresh, and make this page again:", "KPI는 날짜와 숫자가 있는 뷰입니다. 뷰를 등록하고, 목표를 정하고, 갱신한 뒤 이 페이지를 다시 만드세요:") \
	W(NONE_CHOSEN, "None of the KPIs that were chosen is active, or none may be seen by you.", "선택한 KPI 중 활성 상태이거나 볼 수 있는 KPI가 없습니다.") \
	W(ANALYSES, "Analyses", "분석") \
	W(STEP, "Step", "단계") \
	W(ACTORS, "Actors", "대상자") \
	W(CHANNEL, "Channel", "채널") \
	W(COST, "Cost", "비용") \
	W(PROFIT, "Profit", "이익") \
	W(ROAS, "ROAS", "ROAS") \
	W(ROI, "ROI", "ROI") \
	W(ELIGIBLE, "Observed", "관찰 대상") \
	W(RETAINED, "Retained", "유지") \
	W(RATE, "Rate", "비율") \
	W(CUSTOMERS, "Customers", "고객") \
	W(CUMULATIVE, "Value of one", "1인당 누적 가치") \
	W(ANALYSIS_FAILED, "The last refresh failed: %s", "마지막 갱신 실패: %s") \
	W(NOT_YET, "There is no result yet.", "아직 결과가 없습니다.") \
	W(SEGMENTS_LEFT, "%s more segments are not shown.", "세그먼트 %s개는 표시하지 않았습니다.") \
	W(MADE_BY, "Made by kpi_track %s", "kpi_track %s에서 생성") \
	/* reasons of a status, for languages that kpi.evaluate() does not speak */ \
	W(BECAUSE_EXPECTED, "%s of %s expected by now; at this pace %s", "현재 기대치 %2$s 중 %1$s, 이 속도라면 %3$s") \
	W(BECAUSE_TARGET, "%s of %s", "목표 %2$s 중 %1$s") \
	W(BECAUSE_RANGE, "%s, wanted %s to %s", "%1$s, 목표 범위 %2$s~%3$s") \
	W(BECAUSE_STALE, "nothing is known from %s on", "%s 이후 데이터 없음") \
	W(BECAUSE_NO_DATA, "there is no value for this period", "이 기간의 값이 없음") \
	W(BECAUSE_NOT_STARTED, "the period begins on %s", "%s에 시작") \
	W(BECAUSE_UNCERTAIN, "too few observations, or the interval has the target inside", "표본이 적거나 신뢰 구간에 목표가 포함됨")
