# The most memory that a backend takes while it counts more events than fit: a small multiple of what it may have.
use strict;
use warnings;
use Test::More;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use KpiMemory;

my $node = KpiNode->init('primary');
# Little shared memory, since pages of it count once they are touched.
$node->append_conf('postgresql.conf', q{
	autovacuum = off
	shared_buffers = '2MB'
	max_parallel_workers_per_gather = 0
	hash_mem_multiplier = 2.0
	jit = off
});
$node->start;
# Row i in no particular order; everything else comes from i.
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi_track;
	CREATE UNLOGGED TABLE e AS SELECT i FROM generate_series(0, 2999999) i ORDER BY hashint4(i);
	CREATE VIEW events AS
	SELECT i, to_timestamp(1767225600 + i) AS ts, (ARRAY['a', 'b', 'c'])[1 + i % 3] AS event FROM e;
	ANALYZE e;
});

my $missing = KpiMemory::missing($node);
plan(skip_all => $missing) if defined $missing;

sub measure
{
	my ($settings, $sql) = @_;
	# everything that is loaded, compiled and cached once, and all pages of the buffers
	return KpiMemory::peak($node, "$settings;\nSELECT count(*) FROM events WHERE event = 'b' AND ts > 'epoch';\n"
		. "SELECT kpi.funnel(1, ts, event, 'a -> b') FROM events WHERE i < 10;\n"
		. "SELECT count(*) FROM kpi.timelines('SELECT 1, ts, event FROM events WHERE i < 10')", $sql);
}

my $allowance = 4 * 1024 * 2;          # kB: work_mem x hash_mem_multiplier
my $counts = q{(SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps(f)) || ' ' || kpi.completions(f)};
# name, query, answer (undef: the same as with 1GB), how many times the allowance it may take
my @queries = (
	# Actor i / 20: 20 events in a row, a b c a b c ... from one of three beginnings
	[ 'two million events of 100000 actors',
		"SELECT $counts FROM (SELECT kpi.funnel(i / 20, ts, event, 'a -> b -> c') AS f FROM events WHERE i < 2000000) s",
		'100000 100000 100000 ' . (6 * 100000), 3 ],
	[ 'the same with wide keys',
		"SELECT $counts FROM (SELECT kpi.funnel((i / 20)::text, ts, event, 'a -> b -> c') AS f FROM events WHERE i < 2000000) s",
		'100000 100000 100000 ' . (6 * 100000), 3 ],
	[ 'one actor with three million events',
		"SELECT $counts FROM (SELECT kpi.funnel(1, ts, event, 'a -> b -> c within 10 sec') AS f FROM events) s",
		'1 1 1 1000000', 3 ],
	[ 'one such actor among others',
		"SELECT $counts FROM (SELECT kpi.funnel(CASE WHEN i % 30 < 27 THEN -1 ELSE i / 30 END, ts, event, 'a -> b -> c within 1 min') AS f FROM events WHERE i < 2000000) s",
		undef, 3 ],
	# The executor admits no more groups than fit at first; those that it has admitted go on growing.
	[ '100000 groups of 20 events',
		"SELECT count(*) || ' ' || sum(kpi.completions(f)) FROM (SELECT kpi.funnel(1, ts, event, 'a -> b -> c') AS f FROM events WHERE i < 2000000 GROUP BY i / 20) s",
		'100000 600000', 5 ],
	[ 'eight groups',
		"SELECT count(*) || ' ' || sum(kpi.completions(f)) FROM (SELECT kpi.funnel(i / 24, ts, event, 'a -> b -> c') AS f FROM events WHERE i < 2400000 GROUP BY i % 8) s",
		undef, 3 ],
	[ 'retention',
		"SELECT sum(retained) FROM (SELECT kpi.cohorts(kpi.retention(i / 20, ts, event, i / 8.0, 'a -> b by hour for 5')) AS c FROM events WHERE i < 2000000) s, LATERAL (SELECT (c).retained) AS r",
		undef, 3 ],
	[ 'activity',
		"SELECT sum((l).active) FROM (SELECT kpi.lifecycle(kpi.activity(i / 20, ts, 'by day')) AS l FROM events WHERE i < 2000000) s",
		undef, 3 ],
	[ 'sessions of one actor',
		"SELECT (s).sessions || ' ' || (s).page_views FROM (SELECT kpi.session_stats(kpi.sessions(1, ts, event, 'timeout 1 hour, views a')) AS s FROM events) s",
		undef, 3 ],
	[ 'paths',
		"SELECT sum((e).count) FROM (SELECT kpi.edges(kpi.paths(i / 20, ts, event, 'from a depth 3')) AS e FROM events WHERE i < 2000000) s",
		undef, 3 ],
	[ 'ltv',
		"SELECT sum((v).revenue) FROM (SELECT kpi.value_curve(kpi.ltv(i / 20, ts, i / 8.0, 'by week')) AS v FROM events WHERE i < 2000000) s",
		2000000 / 8 * 1999999 / 2, 3 ],
	[ 'attribution',
		"SELECT sum(conversions)::bigint FROM kpi.credit((SELECT kpi.attribution(i / 20, ts, event, CASE WHEN i % 10 = 0 THEN i / 8.0 END, '') FROM events WHERE i < 2000000), 'time_decay')",
		'200000', 3 ],
	[ 'timelines of 100000 actors',
		"SELECT count(*) || ' ' || sum(kpi.length(timeline)) FROM (SELECT (t).* FROM (SELECT kpi.timelines('SELECT i / 20, ts, event FROM events WHERE i < 2000000') AS t OFFSET 0) s OFFSET 0) s",
		'100000 2000000', 3 ],
);
for my $query (@queries)
{
	my ($name, $sql, $wanted, $times) = @$query;
	my $limit = $times * $allowance;
	my ($plenty, $more) = measure(q{SET work_mem = '1GB'}, $sql);
	my ($answer, $peak) = measure(q{SET work_mem = '4MB'}, $sql);
	is($answer, $wanted // $plenty, "$name: the answer with 4MB");
	is($plenty, $answer, "$name: the same with 1GB") if defined $wanted;
	note(sprintf('figure: %s: %.1f MB with 4MB, %.1f MB with 1GB', $name, $peak / 1024, $more / 1024));
	cmp_ok($peak, '<', $limit, "$name: at most $limit kB");
	# or else the measurement says nothing
	cmp_ok($more, '>', $limit, "$name: it would have been more with 1GB");
}
$node->stop;
done_testing();
