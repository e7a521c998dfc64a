# Queries that are cancelled at any moment end soon, and leave no files and no memory behind.
use strict;
use warnings;
use lib 't/lib', 'lib';
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = KpiNode->init('cancel');
$node->append_conf('postgresql.conf', "work_mem = '2MB'\nmax_parallel_workers_per_gather = 0\njit = off\nautovacuum = off\n");
$node->start;
$node->safe_psql('postgres', q{
CREATE EXTENSION kpi_track;
CREATE TABLE ev AS
SELECT CASE WHEN i % 3 = 0 THEN 1 ELSE (hashint8extended(i, 1) & 2147483647) % 50000 END AS actor,
       timestamptz '2026-01-01 00:00+00' + (hashint8extended(i, 3) & 2147483647) % 100000 * interval '1 second' AS ts,
       (ARRAY['a', 'b', 'c', 'd'])[1 + (hashint8extended(i, 2) & 2147483647) % 4] AS event
FROM generate_series(1, 700000) AS i;
CREATE TABLE store AS SELECT timeline FROM kpi.timelines('SELECT actor, ts, event FROM ev');
ANALYZE;
});

my @queries = (
	q{SELECT kpi.funnel(actor, ts, event, 'a -> b -> c within 2 hours') FROM ev},
	q{SELECT kpi.funnel(actor, ts, event, 'a -[no d]-> b -[>= 1 min]-> c within 2 hours by hour') FROM ev},
	q{SELECT kpi.funnel(actor::text, ts, event, 'a -> b -> c any order within 2 hours') FROM ev},
	q{SELECT count(*) FROM kpi.timelines('SELECT actor, ts, event FROM ev')},
	q{SELECT sum(kpi.length(t)) FROM (SELECT kpi.timeline(ts, event) AS t FROM ev GROUP BY actor % 10) AS s},
	q{SELECT kpi.funnel(timeline, 'a -[no d]-> b -[>= 1 min]-> c within 2 hours by hour') FROM store},
);

# One session does it all, so that what is left behind adds up. Each round ends in a cancel at another moment or in the end of the query.
my $rounds = 60;
my $script = q{
CREATE FUNCTION memory() RETURNS bigint LANGUAGE sql AS 'SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts';
CREATE TEMP TABLE took (n int, ms float8, cancelled bool);
CREATE PROCEDURE attempt(n int, query text, ms int) LANGUAGE plpgsql AS $$
DECLARE begun timestamptz := clock_timestamp();
BEGIN
  EXECUTE query;
  INSERT INTO took VALUES (n, extract(epoch FROM clock_timestamp() - begun) * 1000 - ms, false);
EXCEPTION WHEN query_canceled THEN
  INSERT INTO took VALUES (n, extract(epoch FROM clock_timestamp() - begun) * 1000 - ms, true);
END $$;
SET max_parallel_workers_per_gather = 0;
};
my $call = sub {
	my ($n) = @_;
	my $query = $queries[$n % @queries];
	my $ms = 5 + int(($n * 7919) % 400);
	my $workers = int($n / @queries) % 2 ? 2 : 0;
	return "SET max_parallel_workers_per_gather = $workers; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
		. "SET statement_timeout = $ms; CALL attempt($n, \$q\$$query\$q\$, $ms); SET statement_timeout = 0;\n";
};
$script .= $call->($_) for 0 .. 2 * @queries - 1;
$script .= "SELECT memory() AS before \\gset\n";
$script .= $call->($_) for 0 .. $rounds - 1;
$script .= q{
SELECT 'grown ' || memory() - :before;
SELECT 'cancelled ' || count(*) FILTER (WHERE cancelled) || ' of ' || count(*) FROM took;
SELECT 'longest ' || round(max(ms)) FROM took WHERE cancelled;
};
my $out = $node->safe_psql('postgres', $script);
note($out);
my ($grown) = $out =~ /grown (-?\d+)/;
my ($cancelled, $all) = $out =~ /cancelled (\d+) of (\d+)/;
my ($longest) = $out =~ /longest (-?\d+)/;
cmp_ok($grown, '<', 300_000, 'memory of the session does not grow');
cmp_ok($cancelled, '>', $rounds / 4, 'many were cancelled');
cmp_ok($longest, '<', 1000, 'each within a second');
my $directory = $node->data_dir . '/base/pgsql_tmp';
is((-d $directory ? scalar(grep { !/^\./ } slurp_dir($directory)) : 0), 0, 'no file is left');

# from another session
for my $query (@queries)
{
	my $session = IPC::Run::start(
		[ 'psql', '-XqAt', '-d', $node->connstr('postgres'), '-c', "SET application_name = 'victim'", '-c', "$query; $query; $query; $query" ],
		'>', \my $session_out, '2>', \my $session_err);
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'victim' AND query LIKE '%kpi.%' AND state = 'active'})
		or die 'the query did not start';
	select(undef, undef, undef, 0.1);
	my $begun = time;
	$node->safe_psql('postgres', q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'});
	$session->finish;
	cmp_ok(time - $begun, '<', 2, 'pg_cancel_backend ends it');
	like($session_err, qr/canceling statement due to user request/, 'with its error');
}
is((-d $directory ? scalar(grep { !/^\./ } slurp_dir($directory)) : 0), 0, 'no file is left');
unlike(slurp_file($node->logfile), qr/WARNING|leak|PANIC|terminated by signal/, 'nothing bad in the log');
done_testing();
