# What takes the same memory however many rows there are: measures whose state is a few numbers; and what is one value
# in the end, such as the history of one actor.
use strict;
use warnings FATAL => 'all';
use Test::More;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use KpiMemory;

my $node = KpiNode->init('states');
$node->append_conf('postgresql.conf', q{
	autovacuum = off
	shared_buffers = '2MB'
	max_parallel_workers_per_gather = 0
	work_mem = '4MB'
	jit = off
});
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi_track;
	CREATE UNLOGGED TABLE e AS SELECT i FROM generate_series(0, 999999) i ORDER BY hashint4(i);
	CREATE VIEW events AS
	SELECT i, to_timestamp(1767225600 + i) AS ts, (ARRAY['a', 'b', 'c'])[1 + i % 3] AS event, i % 1000 / 8.0 AS value, date '2026-01-01' + i % 3000 AS day FROM e;
	CREATE UNLOGGED TABLE part AS
	SELECT i % 20000 AS p, kpi.funnel(i, ts, event, 'a -> b by week') AS funnel, kpi.retention(i, ts, event, 'a -> b by week for 4') AS retention, kpi.timeline(ts, event) AS timeline
	FROM events WHERE i < 100000 GROUP BY 1;
	ANALYZE;
});
my $missing = KpiMemory::missing($node);
plan(skip_all => $missing) if defined $missing;

# name, query over so many rows, rows, the answer that plain SQL gives, kB at most
my @queries = (
	[ 'ratio', 'SELECT round(kpi.numerator(r), 3) FROM (SELECT kpi.ratio(value, 100) AS r FROM events WHERE i < %d) s', 'SELECT round(sum(value), 3) FROM events WHERE i < %d', 1024 ],
	[ 'roi', q{SELECT round(kpi.profit(r), 3) FROM (SELECT kpi.roi(value, 2 * value, 'EUR') AS r FROM events WHERE i < %d) s}, 'SELECT round(sum(value), 3) FROM events WHERE i < %d', 1024 ],
	[ 'survey', q{SELECT kpi.n(s) FROM (SELECT kpi.survey(i %% 11, 'nps') AS s FROM events WHERE i < %d) s}, 'SELECT %d', 1024 ],
	[ 'retained', q{SELECT (r)[1], (r)[2] FROM (SELECT kpi.retained(event = 'a', event = 'b') AS r FROM events WHERE i < %d) s}, q{SELECT true, true WHERE %d > 0}, 1024 ],
	[ 'rollup of 20000 funnels', 'SELECT kpi.completions(kpi.rollup(funnel)) FROM part WHERE p < %d', 'SELECT sum(kpi.completions(funnel)) FROM part WHERE p < %d', 1024 ],
	[ 'rollup of 20000 retentions', 'SELECT kpi.actors(kpi.rollup(retention)) FROM part WHERE p < %d', 'SELECT sum(kpi.actors(retention)) FROM part WHERE p < %d', 1024 ],
	[ 'funnel over 20000 timelines', q{SELECT kpi.actors(kpi.funnel(timeline, 'a -> b')) FROM part WHERE p < %d}, q{SELECT count(*) FROM part WHERE 'a' = ANY (kpi.labels(timeline)) AND p < %d}, 1024 ],
	# an amount for each day
	[ 'npv of 3000 days', 'SELECT round(kpi.xnpv(0, value, day)::numeric, 2) FROM events WHERE i < %d', 'SELECT round(sum(value), 2) FROM events WHERE i < %d', 2048 ],
	# its sort has work_mem, and itself a few words
	[ 'session_number', q{SELECT max(n) FROM (SELECT kpi.session_number(ts, '1 day') OVER (PARTITION BY i %% 10 ORDER BY ts) AS n FROM events WHERE i < %d) s}, 'SELECT 1 WHERE %d > 0', 2 * 4096 ],
);
for my $query (@queries)
{
	my ($name, $sql, $plain, $limit) = @$query;
	my $warm = sprintf($sql, 30) . ";\n" . sprintf($plain, 30) . ";\nSELECT count(*), sum(value), max(day), max(ts) FROM events; SELECT count(funnel), count(retention), count(timeline) FROM part";
	my ($answer, $peak) = KpiMemory::peak($node, $warm, sprintf($sql, 1_000_000));
	is($answer, $node->safe_psql('postgres', sprintf($plain, 1_000_000)), "$name: the answer");
	note(sprintf('figure: %s: %d kB', $name, $peak));
	cmp_ok($peak, '<', $limit, "$name: at most $limit kB");
}

# ---- what is one value: bytes for each event, while it is made and in the end ----
for my $actors (1, 1000)
{
	my $sql = "SELECT count(*), sum(kpi.length(t)) FROM (SELECT kpi.timeline(ts, event) AS t FROM events GROUP BY i % $actors) s";
	my ($answer, $peak) = KpiMemory::peak($node, "SELECT count(*), max(event), max(ts) FROM events; SELECT kpi.timeline(ts, event) FROM events WHERE i < 9", $sql);
	is($answer, "$actors|1000000", "timelines of $actors actors with a million events");
	my $stored = $node->safe_psql('postgres', "SELECT sum(length(kpi.timeline_send(t))) FROM (SELECT kpi.timeline(ts, event) AS t FROM events GROUP BY i % $actors) s");
	note(sprintf('figure: kpi.timeline() of %d actors with a million events: %.1f MB, %.1f bytes an event; stored %.1f bytes an event', $actors, $peak / 1024, $peak * 1024 / 1e6, $stored / 1e6));
	cmp_ok($peak, '<', 64 * 1024, "timelines of $actors actors: at most 64 bytes an event");
}

$node->stop;
done_testing();
