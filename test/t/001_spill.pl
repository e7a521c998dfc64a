# Above work_mem the engine writes to temporary files: the answer stays, the files go, whatever ends the query.
use strict;
use warnings;
use lib 't/lib', 'lib';
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = KpiNode->init('spill');
$node->append_conf('postgresql.conf', "log_temp_files = 0\nwork_mem = '4MB'\nmax_parallel_workers_per_gather = 0\njit = off\nsynchronize_seqscans = off\n");
$node->start;
$node->safe_psql('postgres', q{
CREATE EXTENSION kpi_track;
CREATE TABLE ev AS
SELECT (hashint8extended(i, 1) & 2147483647) % 60000 AS actor, timestamptz '2026-01-01 00:00+00' + i * interval '1 second' AS ts,
       (ARRAY['a', 'b', 'c', 'd'])[1 + (hashint8extended(i, 2) & 2147483647) % 4] AS event
FROM generate_series(1, 1000000) AS i;
CREATE TABLE one AS SELECT 1::bigint AS actor, ts, event FROM ev;
ANALYZE;
});

my $funnel = q{kpi.funnel(actor, ts, event, 'a -> b -> c within 2 days')};

sub files
{
	my $directory = $node->data_dir . '/base/pgsql_tmp';
	return -d $directory ? scalar(grep { !/^\./ } slurp_dir($directory)) : 0;
}

sub log_since
{
	my ($offset) = @_;
	return substr(slurp_file($node->logfile), $offset);
}

# the answers of little and of much memory
for my $table ('ev', 'one')
{
	my $wanted = $node->safe_psql('postgres', "SET work_mem = '1GB'; SELECT $funnel FROM $table");
	for my $work_mem ('4MB', '64kB')
	{
		my $offset = -s $node->logfile;
		my $got = $node->safe_psql('postgres', "SET work_mem = '$work_mem'; SELECT $funnel FROM $table");
		is($got, $wanted, "$table: the same answer with $work_mem");
		like(log_since($offset), qr/temporary file: path/, "$table: files were used with $work_mem");
		is(files(), 0, "$table: none is left");
	}
	my $offset = -s $node->logfile;
	$node->safe_psql('postgres', "SET work_mem = '1GB'; SELECT $funnel FROM $table");
	unlike(log_since($offset), qr/temporary file: path/, "$table: no files with enough memory");
}
like($node->safe_psql('postgres', "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT $funnel FROM ev"),
	qr/temp read=[0-9]+ written=[0-9]+/, 'EXPLAIN shows temporary blocks');

# all ends of a query
my $broken = q{CASE WHEN ts > '2026-01-12 00:00+00' AND actor % 1000 = 7 THEN (1 / (actor - actor))::text ELSE event END};
my %ends = (
	'an error while rows come' => "SELECT kpi.funnel(actor, ts, $broken, 'a -> b') FROM ev",
	'many groups' => "SELECT count(kpi.level(f)) FROM (SELECT actor % 500 AS g, $funnel AS f FROM ev GROUP BY 1) AS s",
	'a window' => "SELECT count(kpi.level(f)) FROM (SELECT $funnel OVER () AS f FROM ev LIMIT 5) AS s",
	'a window left by an error' => "SELECT $funnel OVER (ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 1 / (900000 - row_number() OVER (ORDER BY ts)) FROM (SELECT * FROM ev LIMIT 300) AS s",
	'a cursor closed early' => "BEGIN; DECLARE c CURSOR FOR SELECT actor % 3, $funnel FROM ev GROUP BY 1; FETCH 1 FROM c; CLOSE c; COMMIT",
	'a cursor left open' => "BEGIN; DECLARE c CURSOR FOR SELECT actor % 3, $funnel FROM ev GROUP BY 1; FETCH 1 FROM c; ROLLBACK",
	'a held cursor' => "BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT actor % 3, $funnel FROM ev GROUP BY 1; COMMIT; FETCH ALL FROM c; CLOSE c",
	'a savepoint' => "BEGIN; SAVEPOINT s; DECLARE c CURSOR FOR SELECT actor % 3, $funnel FROM ev GROUP BY 1; FETCH 1 FROM c; ROLLBACK TO s; SELECT 1; COMMIT",
	'an exception block' => "DO \$\$ BEGIN BEGIN PERFORM kpi.funnel(actor, ts, $broken, 'a -> b') FROM ev; EXCEPTION WHEN division_by_zero THEN NULL; END; PERFORM $funnel FROM ev; END \$\$",
	'a time-out' => "SET statement_timeout = '150ms'; SELECT $funnel FROM ev",
	'building timelines' => "SELECT count(*) FROM kpi.timelines('SELECT actor, ts, event FROM ev')",
	'building timelines of texts, left early' => "SELECT * FROM kpi.timelines('SELECT md5(actor::text), ts, event, actor FROM ev') LIMIT 1",
	'building timelines, an error' => "SELECT count(*) FROM kpi.timelines(\$q\$ SELECT actor, ts, $broken FROM ev \$q\$)",
	'parallel workers' => "SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SELECT $funnel FROM ev",
	'parallel workers, an error' => "SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SELECT kpi.funnel(actor, ts, $broken, 'a -> b') FROM ev",
);
for my $end (sort keys %ends)
{
	my $offset = -s $node->logfile;
	my ($status, $out, $err) = $node->psql('postgres', "SET work_mem = '1MB'; $ends{$end}");
	my $log = log_since($offset);
	like($log, qr/temporary file: path/, "$end: files were used") unless $end =~ /LIMIT 300|left by an error/;
	unlike($log, qr/WARNING|leak|PANIC/, "$end: no warning");
	like($err, qr/division by zero/, "$end: the error is the query's") if $end =~ /an error while|timelines, an error|workers, an error/;
	is(files(), 0, "$end: nothing is left");
}

# the limit on temporary files
my ($status, $out, $err) = $node->psql('postgres', "SET temp_file_limit = '2MB'; SELECT $funnel FROM ev");
like($err, qr/temporary file size exceeds temp_file_limit/, 'temp_file_limit is obeyed');
is(files(), 0, 'and leaves nothing');
($status, $out, $err) = $node->psql('postgres', "SET temp_file_limit = '2MB'; SELECT count(*) FROM kpi.timelines('SELECT actor, ts, event FROM ev')");
like($err, qr/temporary file size exceeds temp_file_limit/, 'also while timelines are built');
is(files(), 0, 'and leaves nothing');
is($node->safe_psql('postgres', 'SELECT 1'), '1', 'the server is well');
unlike(slurp_file($node->logfile), qr/leak/, 'no leak anywhere');

done_testing();
