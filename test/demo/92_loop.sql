\echo
\echo '== Can the data be believed? =='
SELECT kpi.add_source('shop', 'events', at => 'ts', actor => 'visitor_id', event => 'event', segment => 'device', zone => 'Europe/Berlin') \g /dev/null
SELECT rule, severity, detail FROM kpi.trust('shop', '2026-03-20 09:00 Europe/Berlin') WHERE severity <> 'ok';

\echo '== Why did the conversion change? By device =='
SELECT segment, round(before, 4) AS before, round(after, 4) AS after, round(contribution, 4) AS contribution, round(mix, 4) AS mix, round(rate, 4) AS rate
FROM kpi.explain_change('conversion', '2026-03', as_of => '2026-03-20 09:00 Europe/Berlin');

\echo '== What was done about it, and what came of it? =='
SELECT kpi.record_action('new checkout', 'checkout errors', '2026-03-02', 'the failing payment provider was replaced', expected_change => -3, decided_on => '2026-02-27') \g /dev/null
SELECT round(before::numeric, 2) AS before, round(after::numeric, 2) AS after, round(change::numeric, 2) AS change, round(ci_low::numeric, 2) AS ci_low, round(ci_high::numeric, 2) AS ci_high, verdict
FROM kpi.action_effect('new checkout', as_of => '2026-03-20 09:00 Europe/Berlin');

\echo '== What is wrong with the catalog itself? =='
SELECT severity, coalesce(kpi, objective) AS about, detail FROM kpi.lint('2026-03-20 09:00 Europe/Berlin') WHERE severity <> 'ok' ORDER BY severity DESC, 2, 3;
