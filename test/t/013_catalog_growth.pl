# A session that works with the catalog for days keeps no memory: every function and procedure of the catalog, round after
# round in one session. KPI_CASES=200 is how many rounds. At the end each of them has been called, also those behind others.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Utils;
use Test::More;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;

my $rounds = $ENV{KPI_CASES} // 8;
my $node = KpiNode->init('catalog_growth');
$node->append_conf('postgresql.conf', "autovacuum = off\njit = off\nmax_parallel_workers_per_gather = 0\ntrack_functions = all");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi_track;
	CREATE ROLE reader;
	CREATE ROLE author;
	CREATE SCHEMA shop;
	CREATE SCHEMA posthog;
	SET search_path = shop, public;
	CREATE TABLE event (visitor bigint, ts timestamptz, event text, amount numeric, country text);
	INSERT INTO event SELECT i % 200, timestamptz '2025-06-01 00:00+00' + (i * 7919 % 86400) * interval '5 minutes', (ARRAY['view', 'cart', 'purchase'])[1 + i % 7 % 3],
		CASE WHEN i % 7 % 3 = 2 THEN i % 1000 / 10.0 END, (ARRAY['KR', 'DE'])[1 + i % 2] FROM generate_series(1, 4000) i;
	CREATE INDEX ON event (ts);
	CREATE TABLE answer AS SELECT timestamptz '2026-01-01 00:00+00' + i * interval '3 hours' AS ts, i % 11 AS score FROM generate_series(1, 400) i;
	CREATE TABLE posthog.events AS SELECT md5(i::text)::uuid AS uuid, '$pageview' AS event, 'u' || i % 20 AS distinct_id, md5((i % 20)::text)::uuid AS person_id, timestamptz '2026-01-01 00:00+00' + i * interval '1 hour' AS timestamp,
		'{"$current_url": "https://x"}'::jsonb AS properties FROM generate_series(1, 200) i;
	CREATE VIEW sold AS SELECT (ts AT TIME ZONE 'UTC')::date AS period_start, country AS segment, sum(amount) AS value FROM event GROUP BY 1, 2;
	CREATE VIEW v_funnel AS SELECT country AS segment, kpi.funnel(visitor, ts, event, 'view -> purchase within 2 days') AS summary FROM event GROUP BY 1;
	CREATE VIEW v_retention AS SELECT kpi.retention(visitor, ts, event, 'view -> * by week for 4') AS summary FROM event;
	CREATE VIEW v_ltv AS SELECT kpi.ltv(visitor, ts, amount, 'by month') AS summary FROM event;
	CREATE VIEW v_attribution AS SELECT kpi.attribution(visitor, ts, CASE WHEN event = 'view' THEN country END, CASE WHEN event = 'purchase' THEN amount END, '') AS summary FROM event;
	CREATE VIEW v_roi AS SELECT country AS channel, kpi.roi(1, amount, 'EUR') AS summary FROM event GROUP BY 1;
	CREATE VIEW v_activity AS SELECT kpi.activity(visitor, ts, 'by week') AS summary FROM event;
	CREATE VIEW v_sessions AS SELECT kpi.sessions(visitor, ts, event, 'by week') AS summary FROM event;
	CREATE TABLE plan AS SELECT 'sold' AS kpi, '2026-04' AS period, 500::numeric AS target;
});

# One round; what it makes it removes, but for the triggers that track the table: PL/pgSQL keeps what it compiled of a
# function as long as the session lives, also when the function is gone.
my @round = map { s/^\s+//r } grep { /\S/ } split /;\n/, q{
	SELECT count(*) FROM kpi.version();
	SELECT kpi.grant_access('reader'), kpi.grant_access('author', 'author');
	SELECT kpi.add_source('shop', 'event', at => 'ts', actor => 'visitor', event => 'event', value => 'amount', segment => 'country'), kpi.add_source('answers', 'answer', at => 'ts', value => 'score');
	SELECT kpi.store_timelines('shop'), kpi.track_changes('shop');
	SELECT kpi.define_objective('grow', 'Grow', perspective => 'finance'), kpi.define_objective('please', 'Please', perspective => 'customer', parent => 'grow');
	SELECT kpi.define('sold', 'sold', unit => 'EUR', adds => 'sum', objective => 'grow'), kpi.define('mood', unit => 'points', grain => 'month', adds => 'last', qualitative => true, objective => 'please');
	SELECT kpi.define_count('views', 'shop', 'view');
	SELECT kpi.define_count('views', 'shop', 'view'), kpi.define_sum('revenue', 'shop', 'purchase', unit => 'EUR'), kpi.define_unique('visitors', 'shop', '*'), kpi.define_unique('new', 'shop', '*', first_time => true);
	SELECT kpi.define_ratio('rate', 'shop', 'purchase', 'view', unit => '%'), kpi.define_funnel('buying', 'shop', 'view -> purchase within 2 days', segment => ''), kpi.define_retention('back', 'shop', 'view -> * by week for 2', 1, segment => '');
	SELECT kpi.define_session_metric('bounces', 'shop', 'bounce_rate', 'views view'), kpi.define_survey('nps', 'answers', 'nps'), kpi.define_derived('per view', 'revenue / views', 'EUR');
	SELECT kpi.set_target('sold', '2026-03', 500, weights => '{1,1,1,1,1,0.7,0.7}', rationale => 'more'), kpi.set_target('sold', '2026', 9000), kpi.set_target('mood', '2026-03', 7), kpi.set_targets('plan');
	SELECT kpi.check_in('mood', '2026-02', 8, 'a note'), kpi.check_in('mood', '2026-03', 7);
	SELECT kpi.publish(substr(relname, 3), oid, relname) FROM pg_class WHERE relname ~ '^v_';
	SELECT kpi.share('sold', 'reader'), kpi.share_analysis('funnel', 'reader');
	CALL kpi.refresh(as_of => '2026-03-20 09:00Z');
	INSERT INTO event VALUES (1, '2025-09-01 12:00Z', 'view', NULL, 'KR');
	SELECT kpi.collect_changes(), kpi.invalidate('sold', '2025-12-01', '2026-01-31'), kpi.invalidate_source('shop', '2026-01-01', '2026-01-02');
	CALL kpi.refresh('sold', '2026-02-01', '2026-02-10', as_of => '2026-03-20 09:00Z');
	SELECT kpi.store_refresh('shop', '2026-03-20 09:00Z');
	CALL kpi.refresh(as_of => '2026-03-21 09:00Z');
	CALL kpi.refresh_bi('2026-03-21 09:00Z', rebuild => true);
	CALL kpi.refresh_analyses();
	SELECT kpi.copy_targets('sold', '2026-03', '2026-05', 1.1), count(*) FROM kpi.split_target('sold', '2026', 'month', as_of => '2026-03-20 09:00Z');
	SELECT kpi.learn_weights('sold', '2026-07', as_of => '2026-03-20 09:00Z'), kpi.learn_weights('sold', '2026-04', by => 'recent_weeks', as_of => '2026-03-20 09:00Z');
	DO $$ BEGIN PERFORM kpi.kpi_named('solds'); EXCEPTION WHEN undefined_object THEN NULL; END $$;
	SELECT count(*) FROM kpi.evaluate('2026-03-20 09:00Z') UNION ALL SELECT count(*) FROM kpi.evaluate_objectives('2026-03-20 09:00Z') UNION ALL SELECT count(*) FROM kpi.scorecard_text('2026-03-20 09:00Z');
	SELECT count(*) FROM kpi.history('sold', '2026-03-20 09:00Z') UNION ALL SELECT count(*) FROM kpi.histories('{sold}', '{""}', '{month}', '{3}', '2026-03-20 09:00Z');
	SELECT count(*) FROM kpi.explain_change('sold', '2026-03', as_of => '2026-03-20 09:00Z') UNION ALL SELECT count(*) FROM kpi.explain_change('per view', '2026-03-10', as_of => '2026-03-20 09:00Z');
	SELECT kpi.record_action('spring', 'sold', '2026-03-02', 'a campaign', expected_change => 3, decided_on => '2026-02-27');
	SELECT count(*) FROM kpi.action_effect('spring', as_of => '2026-03-20 09:00Z');
	SELECT count(*) FROM kpi.trust('shop', '2026-03-20 09:00Z') UNION ALL SELECT count(*) FROM kpi.lint('2026-03-20 09:00Z') UNION ALL SELECT count(*) FROM kpi.smart_check('sold', '2026-03-20 09:00Z') UNION ALL SELECT count(*) FROM kpi.health UNION ALL SELECT count(*) FROM kpi.progress;
	SELECT length(kpi.dashboard(as_of => '2026-03-20 09:00Z')), length(kpi.svg(kpi => 'sold', as_of => '2026-03-20 09:00Z')), length(kpi.vega_lite(kpi => 'sold', as_of => '2026-03-20 09:00Z')::text);
	SELECT count(*) FROM kpi.refresh_plan(as_of => '2026-03-22Z') UNION ALL SELECT count(*) FROM kpi.bi_due('2026-04-22Z') UNION ALL SELECT count(*) FROM kpi_bi.fact_month UNION ALL SELECT count(*) FROM kpi.measurement UNION ALL SELECT count(*) FROM kpi.kpi;
	SET ROLE reader;
	SELECT count(*) FROM kpi.measurement UNION ALL SELECT count(*) FROM kpi_bi.fact UNION ALL SELECT count(*) FROM kpi_bi.funnel_step;
	RESET ROLE;
	SELECT count(*) FROM kpi.detect_source('posthog.events') UNION ALL SELECT count(*) FROM kpi.presets() UNION ALL SELECT count(*) FROM kpi.template_kpis();
	SELECT count(*) FROM kpi.map_source('posthog', 'posthog.events', 'web');
	SELECT count(*) FROM kpi.template('traffic', 'web_events');
	SELECT kpi.schedule('*/15 * * * *');
	SELECT count(*) FROM kpi.timelines('SELECT visitor, ts, event FROM shop.event') AS t;
	SELECT kpi.unshare('sold', 'reader'), kpi.share_analysis('funnel', 'reader', false);
	SELECT kpi.unpublish(name) FROM kpi.analysis;
	SELECT kpi.undefine(name) FROM kpi.kpi WHERE kind = 'derived';
	SELECT kpi.undefine(name) FROM kpi.kpi;
	DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'shop'::regnamespace AND proname ~ '^kpi_' LOOP EXECUTE 'DROP FUNCTION ' || f; END LOOP; END $$;
	SELECT kpi.remove_source(name) FROM kpi.source WHERE name <> 'shop';
	DELETE FROM kpi.objective
};

my $session = KpiNode::session($node);
KpiNode::run($session, "SET search_path = shop, public; SET client_min_messages = error");
# plans come and go with the statistics; they are looked at apart. Nor is counted what asking takes: a row for each context, of which plans are many
my $used = q{SELECT (SELECT sum(used_bytes) FROM pg_backend_memory_contexts WHERE name NOT IN ('CachedPlan', 'ExprContext', 'tuplestore tuples', 'pg_get_backend_memory_contexts')), substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s*(\d+)')::bigint * 1024};
my (@bytes, @process, %failed, %name_used);
for my $round (1 .. $rounds)
{
	for my $statement (@round)
	{
		my ($answer, $errors) = KpiNode::run($session, $statement);
		$failed{"$statement: $errors"}++ if $errors ne '';
	}
	# statistics that wait to be told are told every second or so; a busy machine has more of them in a round
	KpiNode::run($session, 'SELECT pg_stat_force_next_flush()');
	$name_used{$round} = KpiNode::run($session, q{SELECT name || '|' || sum(used_bytes) FROM pg_backend_memory_contexts GROUP BY name});
	my ($contexts, $process) = split /\|/, KpiNode::run($session, $used);
	push @bytes, $contexts;
	push @process, $process;
}
is(join("\n", sort keys %failed), '', 'no statement failed');
# the first rounds fill the caches of the server; then a round is worth nothing
my $from = int($rounds / 2);
my $each = ($bytes[-1] - $bytes[$from - 1]) / ($rounds - $from);
note("figure: contexts after each round, kB: " . join(' ', map { int($_ / 1024) } @bytes[0 .. 6], @bytes[-2, -1]));
note("figure: process after each round, MB: " . join(' ', map { int($_ / 1048576) } @process[0 .. 6], @process[-2, -1]));
note(sprintf 'figure: %d rounds of %d statements: %d bytes more each', $rounds, scalar @round, $each);
# where it is, if it is any
my %before = map { split /\|/ } split /\n/, $name_used{$from};
my %after = map { split /\|/ } split /\n/, $name_used{$rounds};
my %more = map { $_ => $after{$_} - ($before{$_} // 0) } keys %after;
note("figure: more in $_: $more{$_} bytes") for grep { abs($more{$_}) > 1024 } sort { $more{$b} <=> $more{$a} } keys %more;
cmp_ok($each, '<', 4096, 'a round keeps no memory');
# one is kept from its sixth use on, if it is a general one, and statements come to that in different rounds
cmp_ok($after{CachedPlan}, '<', 1.6 * $before{CachedPlan}, 'nor plans');
KpiNode::run($session, $_) for q{SELECT kpi.track_changes('shop', false), kpi.store_timelines('shop', enabled => false)}, q{SELECT kpi.remove_source('shop')};
$session->quit;
is($node->safe_psql('postgres', 'SELECT (SELECT count(*) FROM kpi.source) + (SELECT count(*) FROM kpi.kpi) + (SELECT count(*) FROM kpi.measurement) + (SELECT count(*) FROM kpi_bi.fact)'), 0, 'the catalog is empty again');

# Everything was called: what the server counted, directly or behind something else.
$node->safe_psql('postgres', 'SELECT pg_sleep(1)');
my $missed = $node->safe_psql('postgres', q{
	SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'kpi_track'
	LEFT JOIN pg_stat_user_functions s ON s.funcid = p.oid
	WHERE p.provolatile <> 'i' AND s.calls IS NULL
		-- the planner and ANALYZE call them, and nobody counts that
		AND p.oid NOT IN (SELECT unnest(ARRAY[oprrest, oprjoin]) FROM pg_operator UNION SELECT typanalyze FROM pg_type)
		-- only with pg_cron (005_schedule), with presets of a shape that posthog has not (presets_ads, presets_web), by a profile of years (targets)
		AND p.proname NOT IN ('unschedule', 'preset_differences', 'preset_told', 'learn_profile')
		-- by row-level security, which a superuser does not meet (attack_rows)
		AND p.proname <> 'is_zone'
		-- SQL that becomes a part of the query that calls it
		AND NOT (p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql') AND p.proname IN ('period_value', 'trust_score')) ORDER BY p.oid::regprocedure::text COLLATE "C"});
is($missed, '', 'every function of the catalog was called');

$node->stop;
done_testing();
