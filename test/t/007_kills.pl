# Killed at any moment of whatever works for long: the server comes back, nothing is lost, double or half there, no file and no lock is
# left behind, and the next run finishes the work. KPI_SEED chooses other moments, KPI_CASES how many.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use KpiVictim;
use PostgreSQL::Test::Utils;
use Test::More;

my ($seed, $cases) = KpiNode::random_cases(7, 16);

my $node = KpiNode->init('primary');
$node->append_conf('postgresql.conf', "restart_after_crash = on\n$KpiVictim::settings");
$node->start;
sub ask { return $node->safe_psql('postgres', shift); }

# ---- a shop, all of whose changes are tracked ----

ask(q{
	CREATE EXTENSION kpi_track;
	CREATE ROLE reader;
	SELECT kpi.grant_access('reader');
	CREATE SCHEMA shop;
	CREATE TABLE shop.orders (id int PRIMARY KEY, at date, country text, amount numeric);
	INSERT INTO shop.orders SELECT i, date '2023-01-01' + i % 1100, (ARRAY['DE', 'KR', 'US'])[1 + i % 3], i % 97 + 0.25 FROM generate_series(1, 30000) i;
	CREATE VIEW shop.revenue AS SELECT at AS period_start, country AS segment, sum(amount) AS value FROM shop.orders GROUP BY 1, 2;
	CREATE VIEW shop.order_value AS SELECT date_trunc('month', at)::date AS period_start, sum(amount) AS numerator, count(*) AS denominator FROM shop.orders GROUP BY 1;
	CREATE FUNCTION shop.sizes(date, date) RETURNS TABLE (period_start date, value bigint) LANGUAGE sql STABLE SET search_path = shop
		AS 'SELECT date_trunc(''week'', at)::date, count(DISTINCT amount) FROM orders WHERE at >= $1 AND at < $2 GROUP BY 1';
	SELECT kpi.add_source('shop', 'shop.orders', at => 'at', value => 'amount', segment => 'country');
	SELECT kpi.define_objective('growth', 'Grow');
	SELECT kpi.define('revenue', 'shop.revenue', unit => 'EUR', adds => 'sum', source => 'shop', objective => 'growth'), kpi.define('order_value', 'shop.order_value', unit => 'EUR', grain => 'month', source => 'shop'),
		kpi.define('sizes', function => 'shop.sizes(date,date)', unit => 'x', grain => 'week', adds => 'recompute', source => 'shop');
	SELECT kpi.define_count('sold', 'shop', unit => 'orders', in_schema => 'shop'), kpi.define_derived('per_order', 'revenue / sold', 'EUR');
	SELECT kpi.set_target('revenue', '2026-01', 1000), kpi.track_changes('shop');

	CREATE TABLE shop.visits (id int PRIMARY KEY, visitor int, at timestamptz, event text);
	INSERT INTO shop.visits SELECT i, h1 % 4000, timestamptz '2025-06-01Z' + h2 % 18000000 * interval '1 second', (ARRAY['view', 'cart', 'buy', 'x'])[1 + h3 % 4]
	FROM (SELECT i, hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2, hashint8extended(i, 3) & 2147483647 AS h3 FROM generate_series(1, 150000) i) AS h;
	CREATE INDEX ON shop.visits (at);
	CREATE TABLE shop.e AS SELECT * FROM shop.visits;
	SELECT kpi.add_source('visits', 'shop.visits', actor => 'visitor', at => 'at', event => 'event');
	SELECT kpi.track_changes('visits'), kpi.store_timelines('visits', in_schema => 'shop', as_of => '2026-01-12Z');
	CREATE TABLE shop.timelines AS SELECT actor::int AS actor, timeline FROM kpi.timelines('SELECT visitor, at, event FROM shop.visits');
	CREATE INDEX timelines_gin ON shop.timelines USING gin (timeline);

	CREATE VIEW shop.steps AS SELECT kpi.funnel(visitor, at, event, 'view -> cart -> buy within 10 days by month') AS summary FROM shop.visits;
	CREATE VIEW shop.who_buys AS SELECT country AS segment, kpi.activity(amount::bigint, at::timestamptz, 'by month') AS summary FROM shop.orders GROUP BY 1;
	SELECT kpi.publish('steps', 'shop.steps', 'Steps'), kpi.publish('who buys', 'shop.who_buys', 'Who buys'), kpi.share_analysis('who buys', 'reader');
	ANALYZE;
});
ask(q{CALL kpi.refresh(as_of => '2026-01-12Z')});

# What is wrong with what is stored, compared with plain SQL: a row for each thing that is; none if nothing is.
ask(q{
	CREATE SCHEMA wrong;
	CREATE VIEW wrong.measurement AS
	WITH should AS (
		SELECT 'revenue' AS kpi, coalesce(country, '') AS segment, at AS period_start, sum(amount) AS value FROM shop.orders GROUP BY GROUPING SETS ((country, at), (at))
		UNION ALL SELECT 'order_value', '', date_trunc('month', at)::date, sum(amount) / count(*) FROM shop.orders GROUP BY 3
		UNION ALL SELECT 'sizes', '', date_trunc('week', at)::date, count(DISTINCT amount) FROM shop.orders GROUP BY 3
		UNION ALL SELECT 'sold', coalesce(country, ''), at, count(*) FROM shop.orders GROUP BY GROUPING SETS ((country, at), (at))
		UNION ALL SELECT 'per_order', coalesce(country, ''), at, avg(amount) FROM shop.orders GROUP BY GROUPING SETS ((country, at), (at)))
	SELECT m.kpi AS m, s.kpi, segment, period_start, m.value AS is, s.value AS should FROM kpi.measurement AS m FULL JOIN should AS s USING (kpi, segment, period_start)
	WHERE m.kpi IS NULL OR s.kpi IS NULL OR abs(m.value - s.value) > 1e-9;
	CREATE VIEW wrong.previous AS
	SELECT m.kpi, m.segment, m.period_start FROM kpi.measurement AS m JOIN kpi.kpi AS k ON k.name = m.kpi
	LEFT JOIN kpi.measurement AS p ON p.kpi = m.kpi AND p.segment = m.segment AND p.period_start = (m.period_start - ('1 ' || k.grain)::interval)::date
	WHERE m.previous IS DISTINCT FROM p.value;
	CREATE VIEW wrong.bi AS
	SELECT grain, segment, period_start, f.value AS is, s.value AS should FROM
		(SELECT f.grain, g.segment, f.period_start, f.value FROM kpi_bi.fact AS f JOIN kpi_bi.dim_kpi AS k USING (kpi_key) JOIN kpi_bi.dim_segment AS g USING (segment_key) WHERE k.kpi = 'revenue' AND f.value IS NOT NULL) AS f
	FULL JOIN (SELECT g AS grain, coalesce(country, '(all)') AS segment, date_trunc(g, at::timestamp)::date AS period_start, sum(amount)::float8 AS value
		FROM shop.orders, unnest('{day,week,month,quarter,year}'::text[]) AS g GROUP BY GROUPING SETS ((1, country, 3), (1, 3))) AS s USING (grain, segment, period_start)
	WHERE f.value IS NULL OR s.value IS NULL OR abs(f.value - s.value) > 1e-6;
	CREATE VIEW wrong.analysis AS
	SELECT 'steps' AS analysis, NULL AS segment FROM shop.steps AS d FULL JOIN (SELECT * FROM kpi.analysis_result WHERE analysis = 'steps') AS r ON true WHERE r.funnel::text IS DISTINCT FROM d.summary::text
	UNION ALL
	SELECT 'who buys', segment FROM shop.who_buys AS d FULL JOIN (SELECT * FROM kpi.analysis_result WHERE analysis = 'who buys') AS r USING (segment) WHERE r.activity::text IS DISTINCT FROM d.summary::text;
	CREATE VIEW wrong.store AS
	SELECT s.actor AS is, t.actor AS should FROM shop.visits_timelines AS s FULL JOIN kpi.timelines('SELECT visitor, at, event FROM shop.visits') AS t ON t.actor::int = s.actor
	WHERE kpi.timeline_send(s.timeline) IS DISTINCT FROM kpi.timeline_send(t.timeline) OR s.first_at <> kpi.first_at(t.timeline) OR s.last_at <> kpi.last_at(t.timeline);
	CREATE VIEW wrong.state AS
	SELECT 'kpi.progress' AS what, kpi AS name FROM kpi.progress
	UNION ALL SELECT 'kpi.health', coalesce(kpi, store) || ': ' || error FROM kpi.health WHERE failing
	UNION ALL SELECT 'analysis_log', l.analysis FROM (SELECT DISTINCT ON (analysis) * FROM kpi.analysis_log ORDER BY analysis, started_at DESC) AS l WHERE l.finished_at IS NULL OR l.error IS NOT NULL
	UNION ALL SELECT 'invalidation', kpi FROM kpi.invalidation
	UNION ALL SELECT 'bi_invalidation', kpi FROM kpi.bi_invalidation
	UNION ALL SELECT 'store_invalidation', source FROM kpi.store_invalidation
	UNION ALL SELECT 'source_change', source FROM kpi.source_change;
});

# All of them that are not empty, and what they say first.
sub wrong
{
	my @problems;
	for my $view (@_)
	{
		my $rows = ask("SELECT t FROM wrong.$view AS t LIMIT 3");
		push @problems, "$view: $rows" if $rows ne '';
	}
	return join("\n", @problems);
}

# What must be there as a whole or not at all, as one line each.
my %digest = (
	analysis => q{SELECT md5(string_agg(r::text, '|')) FROM kpi.analysis_result AS r WHERE analysis = 'steps'},
	tidy => q{SELECT md5(string_agg(f::text, '|' ORDER BY f::text)) FROM kpi_bi.funnel_step AS f JOIN kpi_bi.dim_analysis AS d USING (analysis_key) WHERE d.analysis = 'steps'},
	store => q{SELECT md5(string_agg(t, '|')) FROM (SELECT s::text AS t FROM shop.visits_timelines AS s ORDER BY actor) AS o},
);
sub digests { return join(' ', map { ask($digest{$_}) } @_); }

# By the index and without: the same rows.
my @patterns = ('view -> cart -> buy', 'view -[no x]-> buy within 1 day', 'cart -> view -> cart -> view -> cart within 5 days', '"b"* -> "c"*', 'y');
my $by_index = join(";\n", map { "SELECT count(*), sum(actor) FROM shop.timelines WHERE kpi.matches(timeline, '$_')" } @patterns);

sub wrong_index
{
	my $indexed = ask("SET enable_seqscan = off;\n$by_index");
	my $plain = ask("SET enable_indexscan = off; SET enable_bitmapscan = off;\n$by_index");
	my $plan = ask("SET enable_seqscan = off;\nEXPLAIN (COSTS OFF) SELECT actor FROM shop.timelines WHERE kpi.matches(timeline, 'view -> cart')");
	my $problems = '';
	$problems .= "index: $indexed\ntable: $plain\n" if $indexed ne $plain;
	$problems .= "not by the index: $plan\n" if $plan !~ /Bitmap Index Scan on timelines_gin/;
	return $problems;
}

# ---- kinds of work ----
# prepare: what comes before; work: what is killed; half: what is wrong right after it; whole: what is wrong when `finish` has run, or the work again.

my $round = 0;
my $aggregates = q{
	SELECT md5(kpi.funnel(visitor, at, event, 'view -> cart -> buy within 10 days by day')::text) FROM shop.e;
	SELECT md5(kpi.retention(visitor, at, event, 1.5, 'view -> buy by day for 20')::text) FROM shop.e;
	SELECT md5(kpi.ltv(visitor, at, id / 8.0, 'by week')::text) FROM shop.e;
	SELECT md5(kpi.sessions(visitor, at, event, 'views view by day')::text) FROM shop.e;
};
my $answers = ask("SET work_mem = '1GB';\n$aggregates");
my $parallel = 'SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = ' ;
my $refresh = q{CALL kpi.refresh(as_of => '2026-01-12Z');};
my @stored = ('measurement', 'previous', 'bi', 'analysis', 'store', 'state');

# other days each time, so that there is something to do: of orders a fifteenth, all over the years
sub change_orders { $round++; return "UPDATE shop.orders SET amount = amount + 1 WHERE extract(day FROM at) IN (" . (1 + $round % 28) . ", " . (1 + ($round + 9) % 28) . ");"; }
sub change_visits { $round++; return "UPDATE shop.visits SET event = CASE event WHEN 'view' THEN 'cart' WHEN 'cart' THEN 'buy' WHEN 'buy' THEN 'view' ELSE 'x' END WHERE id % 9 = " . $round % 9 . ';'; }

sub all_or_nothing
{
	my ($kind, @what) = @_;
	my ($before, $after);
	$kind->{prepare} = sub { $before = digests(@what); my $sql = change_orders() . change_visits(); ask($sql); $kind->{changes} && ask($kind->{changes}); };
	$kind->{half} = sub { $after = digests(@what); return ''; };
	# which of the two it was can be told when the work is done
	my $whole = $kind->{whole};
	$kind->{whole} = sub {
		my $done = digests(@what);
		return ($after eq $before || $after eq $done ? '' : "neither what was there before nor what is there now: $before, $after, $done\n") . $whole->();
	};
	return $kind;
}

my @kinds = (
	{ name => 'aggregates in parallel', parallel => 1, work => "SET work_mem = '1GB'; ${parallel}off;\n$aggregates", answer => $answers },
	{ name => 'refresh', prepare => sub { ask(change_orders()) }, work => $refresh,
	  # a stretch of days of a KPI is committed as a whole: of each day, either all that changed is new or nothing is
	  half => sub { ask(q{SELECT string_agg(t.y::text, ' ') FROM (SELECT period_start AS y FROM kpi.measurement AS m JOIN (SELECT coalesce(country, '') AS segment, at AS period_start, sum(amount) AS value FROM shop.orders WHERE extract(day FROM at) = } . (1 + $round % 28) . q{ GROUP BY GROUPING SETS ((country, at), (at))) AS s USING (segment, period_start) WHERE kpi = 'revenue' GROUP BY 1 HAVING bool_or(m.value = s.value) AND bool_or(m.value <> s.value)) AS t}) },
	  whole => sub { wrong(@stored) } },
	{ name => 'spill', work => "SET work_mem = '64kB';\n$aggregates", answer => $answers },
	{ name => 'GIN: CREATE INDEX', prepare => sub { ask('DROP INDEX IF EXISTS shop.timelines_gin') }, work => 'CREATE INDEX timelines_gin ON shop.timelines USING gin (timeline);',
	  finish => 'SET client_min_messages = warning; CREATE INDEX IF NOT EXISTS timelines_gin ON shop.timelines USING gin (timeline);', whole => \&wrong_index },
	{ name => 'refresh_bi', prepare => sub { ask(change_orders() . 'SELECT kpi.collect_changes();'); for my $k ('revenue', 'order_value', 'sold', 'per_order') { ask("CALL kpi.refresh('$k', as_of => '2026-01-12Z')") } },
	  work => q{CALL kpi.refresh_bi('2026-01-12Z', rebuild => true);}, whole => sub { ask($refresh); wrong(@stored) } },
	all_or_nothing({ name => 'timeline store', changes => 'SELECT kpi.collect_changes()', work => q{SELECT kpi.store_refresh('visits', '2026-01-12Z');}, whole => sub { ask($refresh); wrong(@stored) } }, 'store'),
	{ name => 'spill in parallel', parallel => 1, work => "SET work_mem = '64kB'; ${parallel}on;\n$aggregates", answer => $answers },
	all_or_nothing({ name => 'analyses', work => q{CALL kpi.refresh_analyses('steps');}, finish => 'CALL kpi.refresh_analyses();', whole => sub { ask($refresh); wrong(@stored) } }, 'analysis', 'tidy'),
	{ name => 'collect', work => '', half => sub { '' }, whole => sub { wrong(@stored) }, finish => $refresh,
	  # whoever changes rows and whoever collects die in between
	  scripts => sub { join("\n", map { change_orders() . "\nSELECT kpi.collect_changes();" } 1 .. 6) } },
	{ name => 'GIN: writing', work => '', whole => \&wrong_index, finish => 'SELECT 1;',
	  scripts => sub { join("\n", map { $round++; "UPDATE shop.timelines SET timeline = timeline WHERE actor % 5 = " . $round % 5 . ';' } 1 .. 5) },
	  half => sub { ask(q{SELECT string_agg(actor::text, ' ') FROM (SELECT actor FROM shop.timelines GROUP BY 1 HAVING count(*) <> 1) AS d}) . wrong_index() } },
	{ name => 'publish', scripts => sub { join("\n", map { q{SELECT kpi.publish('passing', 'shop.steps', 'Passing'), kpi.share_analysis('passing', 'reader'); CALL kpi.refresh_analyses('passing'); SELECT kpi.unpublish('passing');} } 1 .. 3) },
	  half => sub { ask(q{SELECT 'analysis ' || count(*) FROM kpi.analysis WHERE name = 'passing' HAVING count(*) <> (SELECT count(*) FROM kpi_bi.dim_analysis WHERE analysis = 'passing') OR count(*) <> (SELECT count(*) FROM kpi.analysis_reader WHERE analysis = 'passing') OR count(*) <> (SELECT count(*) FROM kpi_bi.analysis_reader AS r JOIN kpi_bi.dim_analysis AS d USING (analysis_key) WHERE d.analysis = 'passing' AND r.role = 'reader')}) },
	  finish => q{SELECT kpi.publish('passing', 'shop.steps'); CALL kpi.refresh_analyses();},
	  whole => sub {
		  my $twice = ask(q{SELECT count(*) FROM kpi.analysis_result AS a JOIN kpi.analysis_result AS b ON b.analysis = 'steps' WHERE a.analysis = 'passing' AND a.funnel::text = b.funnel::text
			  HAVING count(*) <> 1 OR (SELECT count(*) FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'passing') <> (SELECT count(*) FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'steps')});
		  ask(q{SELECT kpi.unpublish('passing')});
		  return $twice . wrong(@stored) . ask(q{SELECT 'left ' || count(*) FROM kpi_bi.funnel_step WHERE analysis_key NOT IN (SELECT analysis_key FROM kpi_bi.dim_analysis) HAVING count(*) > 0});
	  } },
	{ name => 'GIN: REINDEX CONCURRENTLY', work => 'REINDEX INDEX CONCURRENTLY shop.timelines_gin;', half => \&wrong_index,
	  # what an interrupted one leaves is PostgreSQL's to say, and the DBA's to drop
	  finish => q{DO $$ DECLARE i regclass; BEGIN FOR i IN SELECT indexrelid FROM pg_index WHERE indrelid = 'shop.timelines'::regclass AND indexrelid::regclass::text LIKE '%\_ccnew%' LOOP EXECUTE 'DROP INDEX ' || i; END LOOP;
		  FOR i IN SELECT indexrelid FROM pg_index WHERE indrelid = 'shop.timelines'::regclass AND indexrelid::regclass::text LIKE '%\_ccold%' LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END $$;
		  REINDEX INDEX CONCURRENTLY shop.timelines_gin;}, whole => sub { wrong_index() . ask(q{SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'shop.timelines'::regclass AND (NOT indisvalid OR indexrelid <> 'shop.timelines_gin'::regclass)}) } },
	{ name => 'define', scripts => sub { join("\n", map { q{BEGIN; SELECT kpi.define('tmp a', 'shop.revenue', unit => 'EUR', adds => 'sum', objective => 'growth'); SELECT kpi.define_derived('tmp b', '"tmp a" * 2', 'EUR'); SELECT kpi.set_target('tmp a', '2026', 5), kpi.share('tmp a', 'reader'); COMMIT;
			CALL kpi.refresh('tmp a', '2025-12-01', '2025-12-31', as_of => '2026-01-12Z'); BEGIN; SELECT kpi.undefine('tmp b'); SELECT kpi.undefine('tmp a'); COMMIT;} } 1 .. 3) },
	  half => sub { ask(q{SELECT t FROM (SELECT (SELECT count(*) FROM kpi.kpi WHERE name LIKE 'tmp%') AS k, (SELECT count(*) FROM kpi.target WHERE kpi LIKE 'tmp%') AS t, (SELECT count(*) FROM kpi.kpi_input WHERE kpi LIKE 'tmp%') AS i,
			(SELECT count(*) FROM kpi.kpi_objective WHERE kpi LIKE 'tmp%') AS o, (SELECT count(*) FROM kpi.reader WHERE kpi LIKE 'tmp%') AS r) AS t WHERE (k, t, i, o, r) NOT IN ((0, 0, 0, 0, 0), (2, 1, 1, 1, 1))}) },
	  finish => q{SELECT kpi.define('tmp a', 'shop.revenue', unit => 'EUR', adds => 'sum', objective => 'growth'); SELECT kpi.define_derived('tmp b', '"tmp a" * 2', 'EUR'); CALL kpi.refresh('tmp b', as_of => '2026-01-12Z');},
	  whole => sub {
		  my $different = ask(q{SELECT count(*) FROM (SELECT * FROM kpi.measurement WHERE kpi = 'revenue') AS r FULL JOIN (SELECT * FROM kpi.measurement WHERE kpi = 'tmp a') AS a USING (segment, period_start) FULL JOIN (SELECT * FROM kpi.measurement WHERE kpi = 'tmp b') AS b USING (segment, period_start)
			  WHERE (a.value = r.value AND b.value = 2 * r.value) IS NOT TRUE HAVING count(*) > 0});
		  ask(q{SELECT kpi.undefine('tmp b'); SELECT kpi.undefine('tmp a')});
		  ask($refresh);
		  return $different . wrong(@stored) . ask(q{SELECT 'left in ' || t FROM (SELECT 'dim_kpi' AS t FROM kpi_bi.dim_kpi WHERE kpi LIKE 'tmp%' UNION ALL SELECT 'fact' FROM kpi_bi.fact WHERE kpi_key NOT IN (SELECT kpi_key FROM kpi_bi.dim_kpi)
			  UNION ALL SELECT 'measurement' FROM kpi.measurement WHERE kpi LIKE 'tmp%') AS t});
	  } },
	{ name => 'GIN: VACUUM', prepare => sub { $round++; ask("INSERT INTO shop.timelines SELECT actor + 10000, timeline FROM shop.timelines WHERE actor % 7 = " . $round % 7 . " AND actor < 10000; DELETE FROM shop.timelines WHERE actor >= 10000 AND actor % 2 = 0;"); },
	  work => 'VACUUM (INDEX_CLEANUP on) shop.timelines; DELETE FROM shop.timelines WHERE actor >= 10000; VACUUM (INDEX_CLEANUP on) shop.timelines;', finish => 'DELETE FROM shop.timelines WHERE actor >= 10000; VACUUM (INDEX_CLEANUP on) shop.timelines;', half => \&wrong_index, whole => \&wrong_index },
	{ name => 'timelines, a table', prepare => sub { ask('DROP TABLE IF EXISTS shop.again') }, work => q{SET work_mem = '1MB'; CREATE TABLE shop.again AS SELECT actor::int, timeline FROM kpi.timelines('SELECT visitor, at, event FROM shop.visits');},
	  finish => q{SET client_min_messages = warning; CREATE TABLE IF NOT EXISTS shop.again AS SELECT actor::int, timeline FROM kpi.timelines('SELECT visitor, at, event FROM shop.visits');},
	  whole => sub { ask(q{SELECT count(*) FROM shop.again AS a FULL JOIN (SELECT visitor, count(*) AS n FROM shop.visits GROUP BY 1) AS v ON v.visitor = a.actor WHERE kpi.length(a.timeline) IS DISTINCT FROM v.n HAVING count(*) > 0}) } },
);

sub script { my ($kind) = @_; return $kind->{scripts} ? $kind->{scripts}->() : $kind->{work}; }

# How long each takes when nobody is killed; and all the checks find nothing wrong then.
for my $kind (@kinds)
{
	$kind->{prepare}->() if $kind->{prepare};
	my $victim = KpiVictim->start($node, script($kind));
	$kind->{seconds} = $victim->run;
	is($victim->{err}, '', "$kind->{name}: runs");
	is($victim->answer, "$kind->{answer}\n", "$kind->{name}: the answer") if $kind->{answer};
	is($kind->{half}->(), '', "$kind->{name}: nothing is wrong") if $kind->{half};
	ask($kind->{finish}) if $kind->{finish} && $kind->{finish} ne '';
	is($kind->{whole}->(), '', "$kind->{name}: nothing is wrong with the whole") if $kind->{whole};
	note(sprintf('%s: %.2f s', $kind->{name}, $kind->{seconds}));
}

# ---- kills ----

my (%kills, %landed, $workers);
for my $case (0 .. $cases - 1)
{
	my $kind = $kinds[ $case % @kinds ];
	# the hard ways more often
	my $way = ('session', 'postmaster', 'immediate', 'session', 'terminate')[ ($case + int($case / @kinds)) % 5 ];
	$way = 'worker' if $kind->{parallel} && rand() < 0.4;
	my $delay = rand($kind->{seconds});
	my $name = sprintf('kill %d, %s, by %s after %.3f s', $case + 1, $kind->{name}, $way, $delay);
	$kind->{prepare}->() if $kind->{prepare};
	my $victim = KpiVictim->start($node, script($kind));
	$victim->wait_for($delay);
	$victim->die_by($way);
	$kills{ $kind->{name} }{$way}++;
	$landed{ $kind->{name} }++ if $victim->{landed};
	# it was measured beside more work than there is now: the next kills are to hit it, too
	$kind->{seconds} = $delay unless $victim->{landed};
	$workers++ if $victim->{worker};
	is(join(' ', KpiVictim::temporary_files($node)), '', "$name: no file is left");
	is(ask(q{SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') + (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'victim') + (SELECT count(*) FROM pg_prepared_xacts)}), 0, "$name: no lock is left");
	is($kind->{half}->(), '', "$name: nothing is half there") if $kind->{half};
	my ($answer, $errors);
	$node->psql('postgres', $kind->{finish} // script($kind), stdout => \$answer, stderr => \$errors, on_error_stop => 0);
	is($errors, '', "$name: the next run has nothing to complain of");
	is($answer, $kind->{answer}, "$name: the answer") if $kind->{answer};
	is($kind->{whole}->(), '', "$name: the next run finishes the work") if $kind->{whole};
}
my ($total, $hit) = (0, 0);
for my $kind (@kinds)
{
	my $by = $kills{ $kind->{name} } or next;
	my $n = 0;
	$n += $_ for values %$by;
	$total += $n;
	$hit += $landed{ $kind->{name} } // 0;
	note(sprintf('%-26s %3d kills, %3d of them at work: %s', $kind->{name}, $n, $landed{ $kind->{name} } // 0, join(', ', map { "$_ $by->{$_}" } sort keys %$by)));
}
note sprintf('%d kills, %d of them at work, %d of a parallel worker (seed %d)', $total, $hit, $workers // 0, $seed);
cmp_ok($hit, '>=', $total / 2, "most of them hit it at work (seed $seed)");

# ---- in the end ----

is(ask($refresh . $refresh . 'SELECT 1'), 1, 'refreshed');
is(wrong(@stored) . wrong_index(), '', 'nothing is wrong');
unlike(slurp_file($node->logfile), qr/TRAP|signal 11|signal 6|file leak|invalid page|could not (?:find|open|read)/, 'nothing strange in the log of the server');
$node->stop;
done_testing();
