# Everybody at once: analysts, writers, refreshes, people who edit the catalog, BI tools, 16 connections for KPI_SECONDS.
# No query fails, what must always hold is asked all the time, and at the end every number is that of plain SQL.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Utils;
use Test::More;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;

my $seconds = $ENV{KPI_SECONDS} // 20;
my $clients = 16;
my $node = KpiNode->init('soak');
$node->append_conf('postgresql.conf', q{
	max_connections = 40
	log_error_verbosity = default
	deadlock_timeout = '200ms'
	jit = off
});
$node->start;
sub ask { return $node->safe_psql('postgres', $_[0]) }

# Actors below 0 and the table still are never written to: what is known of them holds at every moment.
ask(q{
	CREATE EXTENSION kpi_track;
	CREATE SCHEMA shop;
	ALTER DATABASE postgres SET search_path = shop, public, kpi;
	SET search_path = shop, public, kpi;
	CREATE TABLE event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, visitor bigint, ts timestamptz, event text, amount numeric, country text);
	INSERT INTO event (visitor, ts, event, amount, country)
	SELECT i % 500 - 100, now() - (i * 7919 % 86400 + 3600) * interval '100 seconds', (ARRAY['view', 'cart', 'order'])[1 + i % 7 % 3],
	       CASE WHEN i % 7 % 3 = 2 THEN i % 1000 / 10.0 END, (ARRAY['KR', 'DE', 'US'])[1 + i % 3]
	FROM generate_series(1, 20000) i;
	CREATE INDEX ON event (ts);
	CREATE INDEX ON event (visitor);
	CREATE TABLE still AS SELECT * FROM event WHERE visitor < 100;
	SELECT kpi.add_source('shop', 'event', at => 'ts', actor => 'visitor', event => 'event', value => 'amount', segment => 'country', zone => 'Asia/Seoul'),
	       kpi.add_source('still', 'still', at => 'ts', actor => 'visitor', event => 'event', value => 'amount', segment => 'country', zone => 'Asia/Seoul');
	SELECT kpi.store_timelines('shop'), kpi.track_changes('shop');
	CREATE INDEX ON shop_timelines USING gin (timeline);
	SELECT kpi.define_sum('revenue', 'shop', 'order', unit => 'EUR'), kpi.define_count('orders', 'shop', 'order', unit => 'orders'),
	       kpi.define_funnel('buying', 'shop', 'view -> order within 2 days', segment => ''), kpi.define_sum('fixed', 'still', '*', unit => 'EUR'),
	       kpi.define_derived('per order', 'revenue / orders', 'EUR'), kpi.define('mood', unit => 'points', grain => 'month', adds => 'last', qualitative => true);
	CREATE VIEW by_country AS SELECT country AS segment, kpi.funnel(visitor, ts, event, 'view -> cart -> order within 2 days') AS summary FROM event GROUP BY country;
	CREATE VIEW of_still AS SELECT kpi.activity(visitor, ts, 'by week') AS summary FROM still;
	SELECT kpi.publish('by country', 'by_country'), kpi.publish('still', 'of_still');
});
ask('CALL kpi.refresh()');
ask(q{
	CREATE TABLE shop.truth AS
	SELECT (SELECT sum(value) FROM kpi.measurement WHERE kpi = 'fixed' AND segment = '') AS measured,
	       (SELECT sum(value) FROM kpi_bi.fact_day WHERE kpi = 'fixed' AND is_total = 1) AS facts,
	       (SELECT md5(string_agg(a::text, ' ' ORDER BY a)) FROM kpi_bi.activity_period AS a JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'still') AS published,
	       (SELECT md5(string_agg(timeline::text, ' ' ORDER BY actor)) FROM shop.shop_timelines WHERE actor < 0) AS timelines,
	       (SELECT kpi.completions(kpi.funnel(visitor, ts, event, 'view -> order within 2 days')) FROM shop.event WHERE visitor < 0) AS completions,
	       (SELECT count(*) FROM shop.shop_timelines WHERE actor < 0 AND timeline @@ 'view -> order within 1 day') AS matching;
	CREATE FUNCTION shop.must(what text, holds boolean) RETURNS void LANGUAGE plpgsql AS $$
	BEGIN
		IF holds IS NOT TRUE THEN
			RAISE 'wrong: %', what;
		END IF;
	END $$;
	-- two sessions never refresh one thing at once: the second one fails, and may
	CREATE FUNCTION shop.may_be_busy(call text) RETURNS void LANGUAGE plpgsql AS $$
	BEGIN
		EXECUTE call;
	EXCEPTION WHEN lock_not_available THEN
		IF SQLERRM !~ '^(another session is refreshing this timeline store|another session is refreshing or (defining|publishing) it|it was defined anew meanwhile)$' THEN
			RAISE;
		END IF;
	END $$;
});
is(ask(q{SELECT count(*) FROM shop.truth WHERE truth IS NOT NULL}), 1, 'what holds is known');
is(ask(q{SELECT (SELECT measured FROM shop.truth) = sum(amount) FROM shop.still WHERE amount IS NOT NULL}), 't', 'and right');

# name => [weight, script]
my %script = (
	analyst => [ 30, q{
		SELECT shop.must('a funnel over rows', (SELECT kpi.completions(kpi.funnel(visitor, ts, event, 'view -> order within 2 days')) FROM shop.event WHERE visitor < 0) = (SELECT completions FROM shop.truth));
		SELECT count(*) FROM kpi.steps((SELECT kpi.funnel(visitor, ts, event, 'view -> cart -> order within 7 days by week in Asia/Seoul') FROM shop.event WHERE ts > now() - interval '20 days'));
		SELECT count(*) FROM kpi.cohorts((SELECT kpi.retention(visitor, ts, event, 'view -> order by week for 4') FROM shop.event WHERE visitor % 5 = 0));
		SELECT count(*) FROM kpi.value_curve((SELECT kpi.ltv(visitor, ts, amount, 'by week') FROM shop.event WHERE amount > 0 AND visitor % 5 = 1));
	} ],
	store => [ 15, q{
		SELECT shop.must('stored timelines', (SELECT md5(string_agg(timeline::text, ' ' ORDER BY actor)) FROM shop.shop_timelines WHERE actor < 0) = (SELECT timelines FROM shop.truth));
		SET enable_seqscan = off;
		SELECT shop.must('@@ by the index', (SELECT count(*) FROM shop.shop_timelines WHERE actor < 0 AND timeline @@ 'view -> order within 1 day') = (SELECT matching FROM shop.truth));
		SELECT count(*) FROM shop.shop_timelines WHERE timeline @@ 'cart -> order within 1 hour';
		RESET enable_seqscan;
		SELECT count(*), sum(kpi.length(timeline)) FROM shop.shop_timelines;
	} ],
	writer => [ 30, q{
		\set visitor random(0, 399)
		\set ago random(1, 5000000)
		\set kind random(1, 3)
		INSERT INTO shop.event (visitor, ts, event, amount, country)
		SELECT :visitor, now() - :ago * interval '1 second', (ARRAY['view', 'cart', 'order'])[:kind], CASE WHEN :kind = 3 THEN :ago % 1000 / 10.0 END, (ARRAY['KR', 'DE', 'US'])[1 + :visitor % 3];
		UPDATE shop.event SET amount = amount + 1 WHERE id = (SELECT id FROM shop.event WHERE visitor = :visitor AND amount > 0 LIMIT 1);
		DELETE FROM shop.event WHERE id = (SELECT id FROM shop.event WHERE visitor = (:visitor + 1) % 400 AND ts < now() - interval '10 days' LIMIT 1);
	} ],
	refresh => [ 4, q{CALL kpi.refresh();} ],
	again => [ 4, q{
		\set days random(1, 90)
		CALL kpi.refresh('fixed', current_date - :days, current_date - :days + 10);
		SELECT kpi.invalidate('orders', current_date - :days, current_date - :days + 3);
	} ],
	refresh_bi => [ 3, q{CALL kpi.refresh_bi();} ],
	parts => [ 4, q{
		SELECT kpi.collect_changes();
		SELECT shop.may_be_busy($$SELECT kpi.store_refresh('shop')$$);
		CALL kpi.refresh_analyses();
	} ],
	catalog => [ 12, q{
		\set month random(1, 12)
		\set n random(1, 1000)
		SELECT kpi.set_target('revenue', '2026-' || lpad((:month)::text, 2, '0'), 1000 * :n, rationale => 'soak');
		SELECT kpi.check_in('mood', '2025-' || lpad((:month)::text, 2, '0'), :n);
		SELECT kpi.define('of client :client_id', 'shop.day_of_client', unit => 'EUR', adds => 'sum', title => 'number ' || :n);
		SELECT kpi.publish('of client :client_id', 'shop.of_still', 'number ' || :n);
		SELECT kpi.set_target('of client :client_id', '2026', :n);
		SELECT kpi.unpublish('of client :client_id');
		SELECT kpi.undefine('of client :client_id');
	} ],
	bi => [ 20, q{
		SELECT shop.must('measurements of what does not change', (SELECT sum(value) FROM kpi.measurement WHERE kpi = 'fixed' AND segment = '') = (SELECT measured FROM shop.truth));
		SELECT shop.must('facts of what does not change', abs((SELECT sum(value) FROM kpi_bi.fact_day WHERE kpi = 'fixed' AND is_total = 1) - (SELECT facts FROM shop.truth)) < 0.001);
		SELECT shop.must('published rows of what does not change', (SELECT md5(string_agg(a::text, ' ' ORDER BY a)) FROM kpi_bi.activity_period AS a JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'still') = (SELECT published FROM shop.truth));
		SELECT kpi, sum(value), max(target) FROM kpi_bi.fact_month JOIN kpi_bi.dim_date ON day = period_start GROUP BY kpi;
		SELECT count(*) FROM kpi_bi.scorecard;
		SELECT count(*) FROM kpi.evaluate();
		SELECT count(*) FROM kpi.health WHERE failing;
	} ]);
ask(q{CREATE VIEW shop.day_of_client AS SELECT (ts AT TIME ZONE 'UTC')::date AS period_start, sum(amount) AS value FROM shop.still GROUP BY 1});

my $dir = PostgreSQL::Test::Utils::tempdir();
my @files;
for my $name (sort keys %script)
{
	(my $text = $script{$name}[1]) =~ s/^\s+//mg;
	# a refresh warns of what another one is at
	PostgreSQL::Test::Utils::append_to_file("$dir/$name", "$text\n");
	push @files, '-f', "$dir/$name\@$script{$name}[0]";
}
$ENV{PGOPTIONS} = '-c client_min_messages=error';
my $log_before = -s $node->logfile;
my ($out, $err) = run_command([ 'pgbench', '-n', '-c', $clients, '-j', 2, '-T', $seconds, '--max-tries=10', '--failures-detailed', '--random-seed=7', @files, '-d', $node->connstr('postgres') ]);
delete $ENV{PGOPTIONS};
unlike($err, qr/ERROR|aborted|PANIC|server closed/, 'no query failed');
like($out, qr/^number of clients: $clients$/m, 'all clients came to the end') or diag($err);
my ($tps) = $out =~ /^tps = ([\d.]+)/m;
my ($all) = $out =~ /^number of transactions actually processed: (\d+)/m;
cmp_ok($all // 0, '>', $clients, 'they did something');
my ($failed) = $out =~ /^number of failed transactions: (\d+)/m;
is($failed, 0, 'none was given up');
my ($retried) = $out =~ /^number of transactions retried: (\d+)/m;
note("figure: $all transactions in $seconds seconds, $tps a second, $retried tried again");
while ($out =~ m{^SQL script \d+: \S+/(\w+)$(.*?)(?=^SQL script|\z)}msg)
{
	my ($name, $part) = ($1, $2);
	my ($count) = $part =~ /^ - (\d+) transactions/m;
	cmp_ok($count // 0, '>', 0, "$name ran");
	note("figure: $name: $count");
}

# ---- what the server noted ----
my $log = slurp_file($node->logfile, $log_before);
my %error;
$error{$1}++ while $log =~ /(?:ERROR|FATAL|PANIC):  (.*)/g;
delete $error{$_} for grep { /^(deadlock detected|could not serialize access)/ && $retried > 0 } keys %error;
is_deeply(\%error, {}, 'errors in the log of the server');
unlike($log, qr/terminated by signal|^TRAP/m, 'no crash');
is(ask(q{SELECT string_agg(DISTINCT error, E'\n') FROM (SELECT error FROM kpi.run_log UNION ALL SELECT error FROM kpi.store_log UNION ALL SELECT error FROM kpi.analysis_log) AS l
	WHERE error !~ '(another session is refreshing this timeline store|another session is refreshing or (defining|publishing) it)$|it was defined anew meanwhile'}), '', 'refreshes failed only because another one was at it');
note('figure: refreshes that left it to another one: ' . ask(q{SELECT count(*) FROM (SELECT error FROM kpi.run_log UNION ALL SELECT error FROM kpi.store_log UNION ALL SELECT error FROM kpi.analysis_log) AS l WHERE error IS NOT NULL}));
note('figure: refreshed chunks: ' . ask('SELECT count(*) FROM kpi.run_log WHERE error IS NULL'));

# ---- and in the end ----
ask(q{CALL kpi.refresh()});
is(ask(q{SELECT count(*) FROM kpi.invalidation}) . ask(q{SELECT count(*) FROM kpi.source_change}) . ask(q{SELECT count(*) FROM kpi.store_invalidation}), '000', 'nothing is left to read');
my $days = q{(SELECT (ts AT TIME ZONE 'Asia/Seoul')::date AS period_start, coalesce(country, '') AS segment, sum(amount) FILTER (WHERE event = 'order') AS revenue, count(*) FILTER (WHERE event = 'order') AS orders
	FROM shop.event GROUP BY GROUPING SETS ((1), (1, country))) AS d};
for my $kpi ('revenue', 'orders')
{
	is(ask(qq{SELECT count(*) FROM $days FULL JOIN (SELECT * FROM kpi.measurement WHERE kpi = '$kpi') AS m USING (period_start, segment) WHERE coalesce(m.value, 0) IS DISTINCT FROM coalesce(d.$kpi, 0)}), 0, "$kpi is that of the rows");
}
is(ask(q{SELECT count(*) FROM kpi.measurement AS p JOIN kpi.measurement AS r USING (segment, period_start) JOIN kpi.measurement AS o USING (segment, period_start)
	WHERE p.kpi = 'per order' AND r.kpi = 'revenue' AND o.kpi = 'orders' AND p.value IS DISTINCT FROM CASE WHEN o.value > 0 THEN (r.value::float8 / o.value::float8)::numeric END AND abs(p.value - r.value / o.value) > 1e-9}), 0, 'derived from them');
# who viewed that day and ordered within two days of it
my $funnels = q{SELECT string_agg(concat_ws(' ', period_start, m, f), ', ') FROM (SELECT period_start, numerator, denominator FROM kpi.measurement WHERE kpi = 'buying') AS m
	FULL JOIN (SELECT period::date AS period_start, actors[1] AS denominator, actors[2] AS numerator FROM (
		SELECT period, array_agg(actors ORDER BY step) AS actors FROM kpi.trend((SELECT kpi.funnel(visitor, ts, event, 'view -> order within 2 days by day in Asia/Seoul') FROM shop.event)) GROUP BY period) AS t) AS f USING (period_start)
	WHERE (m.numerator, m.denominator) IS DISTINCT FROM (f.numerator::numeric, f.denominator::numeric)};
is(ask($funnels), '', 'the funnel of each day is that of all rows');
is(ask(q{SELECT count(*) FROM (SELECT actor::bigint, timeline FROM kpi.timelines('SELECT visitor, ts, event, amount FROM shop.event')) AS t FULL JOIN shop.shop_timelines AS s USING (actor) WHERE t.timeline IS DISTINCT FROM s.timeline}), 0, 'the store is what the rows make');
is(ask(q{SELECT count(*) FROM (SELECT kpi, segment, period_start, value, n FROM kpi.measurement AS m JOIN kpi.kpi AS k ON k.name = m.kpi WHERE k.grain = 'day') AS m
	FULL JOIN (SELECT kpi, CASE is_total WHEN 1 THEN '' ELSE segment END AS segment, period_start, value, n FROM kpi_bi.fact_day WHERE is_native = 1) AS f USING (kpi, segment, period_start)
	WHERE f.kpi IS NULL OR m.kpi IS NULL OR m.value::float8 IS DISTINCT FROM f.value OR m.n IS DISTINCT FROM f.n}), 0, 'kpi_bi has the measurements');
is(ask(q{SELECT count(*) FROM (SELECT segment, step, label, actors FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'by country') AS p
	FULL JOIN (SELECT segment, step, name AS label, actors FROM shop.by_country, kpi.steps(summary)) AS v USING (segment, step, label) WHERE p.actors IS DISTINCT FROM v.actors}), 0, 'what is published is what the view shows');
is(ask(q{SELECT count(*) FROM (SELECT kpi, segment, period_start FROM kpi.measurement GROUP BY 1, 2, 3 HAVING count(*) > 1) AS d}), 0, 'nothing is there twice');
is(ask(q{SELECT string_agg(kpi, ' ') FROM kpi_bi.dim_kpi WHERE kpi NOT IN (SELECT name FROM kpi.kpi)}) . ask(q{SELECT string_agg(analysis, ' ') FROM kpi_bi.dim_analysis WHERE analysis NOT IN (SELECT name FROM kpi.analysis)}),
	'', 'nothing is left of what was removed');
# who is to try again when the time is up does not: that client has not come to the removing
cmp_ok(ask(q{SELECT count(*) FROM kpi.kpi WHERE name ~ 'client'}), '<=', 2, 'what was to be removed was');
# indexes and tables agree
is(ask(q{CREATE EXTENSION amcheck; SELECT string_agg(c.relname, ' ') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam, LATERAL bt_index_check(c.oid, true) AS x
	WHERE a.amname = 'btree' AND c.relnamespace IN ('kpi'::regnamespace, 'kpi_bi'::regnamespace, 'shop'::regnamespace) AND x IS NULL}), '', 'the indexes are whole');

$node->stop;
done_testing();
