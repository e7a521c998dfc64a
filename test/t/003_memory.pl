# What a backend takes at the most: about what work_mem allows, also for one actor who did everything.
use strict;
use warnings;
use lib 't/lib', 'lib';
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'this system has no /proc/PID/clear_refs' unless -e "/proc/$$/clear_refs";

my $node = KpiNode->init('memory');
$node->append_conf('postgresql.conf', "shared_buffers = '32MB'\nmax_parallel_workers_per_gather = 0\njit = off\n");
$node->start;
$node->safe_psql('postgres', q{
CREATE EXTENSION kpi_track;
CREATE TABLE ev AS
SELECT (hashint8extended(i, 1) & 2147483647) % 100000 AS actor,
       timestamptz '2026-01-01 00:00+00' + (hashint8extended(i, 3) & 2147483647) % 3000000 * interval '1 second' AS ts,
       (ARRAY['a', 'b', 'c'])[1 + (hashint8extended(i, 2) & 2147483647) % 3] AS event
FROM generate_series(1, 2000000) AS i;
ANALYZE;
});
# what the server says of itself: it runs as another user than whoever reads this
$node->safe_psql('postgres', q{
CREATE FUNCTION peak(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; peak_before bigint; peak_after bigint; status text := '/proc/' || pg_backend_pid() || '/status';
BEGIN
  EXECUTE format('COPY (SELECT 5) TO %L', '/proc/' || pg_backend_pid() || '/clear_refs');
  peak_before := substring(pg_read_file(status, 0, 100000) FROM 'VmHWM:\s+(\d+)')::bigint;
  EXECUTE query INTO answer;
  peak_after := substring(pg_read_file(status, 0, 100000) FROM 'VmHWM:\s+(\d+)')::bigint;
  RETURN peak_after - peak_before || ' ' || answer;
END $$;
});
my ($status) = $node->psql('postgres', q{SELECT peak('SELECT 1')});
plan skip_all => 'the peak of memory cannot be reset here' if $status != 0;

my $counts = q{SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(%s, ts, event, 'a -> b -> c -> a -> b within 2 days') FROM ev))};
for my $case ([ 'many actors', 'actor' ], [ 'one actor', '1' ], [ 'one actor of text', q{'x'::text} ], [ 'one actor has most', 'CASE WHEN actor % 10 = 0 THEN actor ELSE 1 END' ])
{
	my ($name, $actor) = @$case;
	my $query = sprintf($counts, $actor);
	my $wanted = $node->safe_psql('postgres', "SET work_mem = '1GB'; $query");
	# once before, so that what a session keeps anyway is there
	my ($grown, $got) = split / /, $node->safe_psql('postgres', "SET work_mem = '4MB'; SELECT count(*) FROM ev; SELECT kpi.funnel(1, ts, event, 'a') FROM ev LIMIT 1; SELECT peak(\$\$$query\$\$)") =~ s/\A.*\n//sr, 2;
	is($got, $wanted, "$name: the same answer");
	# shared buffers count as the backend's once it has touched them
	cmp_ok($grown, '<', 3 * 2 * 4096 + 4096, "$name: takes $grown kB with work_mem = 4MB, twice that for hashing");
}
my ($grown) = split / /, $node->safe_psql('postgres', q{SET work_mem = '4MB'; SELECT peak('SELECT count(*) FROM kpi.timelines(''SELECT actor, ts, event FROM ev'')')});
cmp_ok($grown, '<', 3 * 2 * 4096 + 4096, "building timelines takes $grown kB");
done_testing();
