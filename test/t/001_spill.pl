# More events than memory: the same answers, and no temporary file is left, in whatever way the query ends.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;

my $node = KpiNode->init('primary');
$node->append_conf('postgresql.conf', q{
	autovacuum = off
	max_parallel_workers_per_gather = 0
	jit = off
});
$node->start;
# A million events of 50000 actors; actor 7 has 120000 of them. The events of one actor are spread over the table.
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi_track;
	CREATE UNLOGGED TABLE e AS
	SELECT i, CASE WHEN h1 % 100 < 12 THEN 7 ELSE h1 % 50000 END AS u, to_timestamp(1767225600 + h2 % 5000000) AS ts,
	       (ARRAY['a', 'b', 'c', 'x'])[1 + h3 % 4] AS event, 1::bigint << (h3 % 4)::int AS mask
	FROM (SELECT i, hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2,
	             hashint8extended(i, 3) & 2147483647 AS h3 FROM generate_series(1, 1000000) i) AS h;
	ANALYZE e;
});
my $session = KpiNode::session($node);

sub run { return KpiNode::run($session, shift); }

sub files
{
	return run(q{SELECT count(*) FROM pg_ls_tmpdir()});
}

# ---- answers ----

my %query = (
	'all rows' => q{SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') FROM e},
	'periods' => q{SELECT kpi.funnel(u, ts, event, 'a -> b? -> c open within 3 days by day in Asia/Seoul') FROM e},
	'masks, a wide key' => q{SELECT kpi.funnel(md5(u::text)::uuid, ts, mask, '1 -> 2 -> 3 any order within 1 day') FROM e WHERE i <= 300000},
	'texts' => q{SELECT kpi.funnel('actor ' || u, ts, event, 'a => b -[no x]-> c') FROM e WHERE i <= 300000},
	'four groups' => q{SELECT i % 4, kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') FROM e GROUP BY 1 ORDER BY 1},
	'many groups' => q{SELECT sum(kpi.completions(f)), count(*), max(kpi.level(f)) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') AS f FROM e GROUP BY u) s},
	'several at once' => q{SELECT kpi.funnel(u, ts, event, 'a -> b'), kpi.funnel(u % 10, ts, event, 'b -> a') FILTER (WHERE i % 2 = 0) FROM e},
	'window' => q{SELECT g, kpi.funnel(u, ts, event, 'a -> b -> c') OVER (PARTITION BY g) FROM (SELECT i % 3 AS g, i, u, ts, event FROM e WHERE i <= 200000) s ORDER BY i LIMIT 7},
	'retention' => q{SELECT kpi.retention(u, ts, event, i / 8.0, 'a -> b by day for 20 in Asia/Seoul') FROM e WHERE i <= 300000},
	'retention, elapsed' => q{SELECT kpi.retention('actor ' || u, ts, event, '* -> c by day for 20 elapsed on or after') FROM e WHERE i <= 300000},
	'activity' => q{SELECT i % 2, kpi.activity(u, ts, 'by week') FROM e WHERE i <= 300000 GROUP BY 1 ORDER BY 1},
	'sessions' => q{SELECT kpi.sessions(u, ts, event, 'views a, key b by day') FROM e},
	'paths' => q{SELECT kpi.paths(u, ts, event, 'from a depth 4 gap 20 days') FROM e WHERE i <= 300000},
	'ltv' => q{SELECT kpi.ltv(u, ts, i / 8.0 - 1000, 'by week in Asia/Seoul, holdout from 2026-02-10') FROM e WHERE i <= 300000},
	'ltv, texts' => q{SELECT i % 2, kpi.ltv('actor ' || u, ts, i / 8.0, 'until 2026-01-31') FROM e WHERE i <= 300000 GROUP BY 1 ORDER BY 1},
	'attribution' => q{SELECT kpi.attribution(u, ts, event, CASE WHEN i % 9 = 0 THEN i / 8.0 END, 'by week in Asia/Seoul') FROM e WHERE i <= 300000},
	'attribution, texts' => q{SELECT i % 2, kpi.attribution('actor ' || u, ts, event, i / 8.0, 'of c, collapse repeats') FROM e WHERE i <= 300000 GROUP BY 1 ORDER BY 1},
	'timelines' => q{SELECT count(*), sum(hashtext(t::text)::bigint) FROM kpi.timelines('SELECT u, ts, event FROM e WHERE i <= 200000') AS t(actor, t)},
);
# these are too slow for the least memory
my %not_in_64kb = map { $_ => 1 } ('many groups');
my %in_parallel = map { $_ => 1 } ('all rows', 'periods', 'four groups', 'ltv', 'attribution');
my %reference;
run(q{SET work_mem = '1GB'});
for my $name (sort keys %query)
{
	$reference{$name} = run($query{$name});
	isnt($reference{$name}, '', "$name: there is an answer");
}
unlike(run("EXPLAIN (ANALYZE, BUFFERS) $query{'all rows'}"), qr/temp read/, 'plenty of memory: no file');
for my $memory ('64kB', '4MB')
{
	run("SET work_mem = '$memory'");
	for my $name (sort keys %query)
	{
		next if $memory eq '64kB' && $not_in_64kb{$name};
		my ($answer, $errors) = run($query{$name});
		ok($answer eq $reference{$name} && $errors eq '', "$name: the same with $memory") or diag("$errors\n$answer");
		is(files(), 0, "$name: no file left with $memory");
	}
	like(run("EXPLAIN (ANALYZE, BUFFERS) $query{'all rows'}"), qr/temp read=[1-9]\d* written=[1-9]/, "EXPLAIN shows the file with $memory");
	for my $leader ('on', 'off')
	{
		run("SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET parallel_leader_participation = $leader");
		like(run("EXPLAIN $query{'all rows'}"), qr/Partial Aggregate/, 'a parallel plan');
		for my $name (sort keys %in_parallel)
		{
			my ($answer, $errors) = run($query{$name});
			ok($answer eq $reference{$name} && $errors eq '', "$name: the same in parallel with $memory, leader $leader") or diag("$errors\n$answer");
			is(files(), 0, "$name: no file left in parallel with $memory, leader $leader");
		}
		run('SET max_parallel_workers_per_gather = 0; RESET parallel_leader_participation');
	}
}

# ---- accounting ----

run(q{SET work_mem = '64kB'});
my $counters = q{SELECT pg_stat_force_next_flush(); SELECT temp_files, temp_bytes FROM pg_stat_database WHERE datname = 'postgres'};
my ($files_before, $bytes_before) = run($counters) =~ /(\d+)\|(\d+)/;
run($query{'all rows'});
my ($files_after, $bytes_after) = run($counters) =~ /(\d+)\|(\d+)/;
cmp_ok($files_after, '>', $files_before, 'pg_stat_database counts the files');
cmp_ok($bytes_after - $bytes_before, '>', 1_000_000, 'and their bytes');

my ($answer, $errors) = run(qq{SET temp_file_limit = '1MB'; $query{'all rows'}});
like($errors, qr/ERROR:  temporary file size exceeds "?temp_file_limit"? \(1024kB\)/, 'temp_file_limit is obeyed');
is(files(), 0, 'and nothing is left');
# what a query gave back is at the disposal of the next one
run(q{SET temp_file_limit = '200MB'});
my $wrong = 0;
for my $round (1 .. 20)
{
	($answer, $errors) = run(q{SELECT kpi.level(kpi.funnel(u, ts, event, 'a -> b -> c')) FROM e WHERE i <= 1000000});
	$wrong++ if $answer ne '3' || $errors ne '';
}
is($wrong, 0, 'twenty queries one after the other do not add up to the limit');
run(q{SET temp_file_limit = -1});

run(q{SET allow_in_place_tablespaces = on});
run(q{CREATE TABLESPACE spilled LOCATION ''});
run(q{SET temp_tablespaces = spilled});
is(run(q{BEGIN;
	DECLARE c CURSOR FOR SELECT i % 4, kpi.funnel(u, ts, event, 'a -> b') FROM e GROUP BY 1;
	MOVE 1 FROM c;
	SELECT count(*) > 0 FROM pg_ls_tmpdir((SELECT oid FROM pg_tablespace WHERE spcname = 'spilled'));
	COMMIT}), 't', 'the file is in temp_tablespaces');
run(q{RESET temp_tablespaces});

# ---- ways to end ----

my $groups = q{SELECT i % 4 AS g, kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') AS f FROM e GROUP BY 1};
my $bad = q{SELECT kpi.funnel(u + 1 / (900000 - i), ts, event, 'a -> b -> c') FROM e};
my $zero = qr/division by zero/;
my $canceled = qr/canceling statement due to statement timeout/;
my @ways = (
	[ 'success', $groups, '' ],
	[ 'an error while rows come', $bad, $zero ],
	[ 'an error after the aggregate', q{SELECT 1 / (kpi.level(kpi.funnel(u, ts, event, 'a -> b')) - 2) FROM e}, $zero ],
	[ 'an error in a group after others', qq{SELECT g, 1 / (g - 2) + kpi.level(f) FROM ($groups OFFSET 0) s}, $zero ],
	[ 'an error of the funnel', q{SELECT kpi.funnel(u, ts, event, CASE WHEN i < 900000 THEN 'a -> b' ELSE 'b -> a' END::kpi.pattern) FROM e}, qr/must be the same for all rows/ ],
	[ 'timeout', qq{SET statement_timeout = 150; $query{'periods'}; RESET statement_timeout}, $canceled ],
	[ 'LIMIT', "SELECT g FROM ($groups) s LIMIT 1", '' ],
	[ 'a correlated query, left early', qq{SELECT EXISTS (SELECT FROM generate_series(0, 3) o(g), LATERAL (SELECT kpi.funnel(u, ts, event, 'a -> b') FROM e WHERE i % 4 = o.g) s)}, '' ],
	[ 'rows of a funnel, left early', q{SELECT kpi.steps((SELECT kpi.funnel(u, ts, event, 'a -> b -> c') FROM e)) LIMIT 1}, '' ],
	[ 'timelines, left early', q{SELECT kpi.timelines('SELECT u, ts, event FROM e WHERE i <= 200000') LIMIT 1}, '' ],
	[ 'timelines, an error', q{SELECT count(*) FROM kpi.timelines('SELECT u + 1 / (200000 - i), ts, event FROM e WHERE i <= 200000')}, $zero ],
	[ 'timelines, an error after them', q{SELECT 1 / (length(actor) - length(actor)) FROM kpi.timelines('SELECT u, ts, event FROM e WHERE i <= 200000')}, $zero ],
	[ 'a window, left early', q{SELECT kpi.level(kpi.funnel(u, ts, event, 'a -> b') OVER (PARTITION BY i % 2)) FROM e WHERE i <= 200000 LIMIT 1}, '' ],
	[ 'a window, an error', q{SELECT 1 / (kpi.level(kpi.funnel(u, ts, event, 'a -> b') OVER (PARTITION BY i % 2)) - 2) FROM e WHERE i <= 200000}, $zero ],
	[ 'PL/pgSQL, EXCEPTION', qq{DO \$\$ BEGIN
		FOR k IN 1..3 LOOP
			BEGIN PERFORM ($bad); EXCEPTION WHEN division_by_zero THEN
				IF (SELECT count(*) FROM pg_ls_tmpdir()) > 0 THEN RAISE 'a file is left in the block'; END IF;
			END;
		END LOOP;
		END \$\$}, '' ],
	[ 'PL/pgSQL, a loop left early', qq{DO \$\$ DECLARE r record; BEGIN
		FOR r IN $groups LOOP EXIT; END LOOP;
		IF (SELECT count(*) FROM pg_ls_tmpdir()) > 0 THEN RAISE 'a file is left behind the loop'; END IF;
		END \$\$}, '' ],
	[ 'cursor, read to the end', "BEGIN; DECLARE c CURSOR FOR $groups; MOVE ALL FROM c; COMMIT", '' ],
	[ 'cursor, left open at commit', "BEGIN; DECLARE c CURSOR FOR $groups; MOVE 1 FROM c; COMMIT", '' ],
	[ 'cursor, left open at rollback', "BEGIN; DECLARE c CURSOR FOR $groups; MOVE 1 FROM c; ROLLBACK", '' ],
	[ 'cursor, another statement fails', "BEGIN; DECLARE c CURSOR FOR $groups; MOVE 1 FROM c; SELECT 1 / 0; ROLLBACK", $zero ],
	[ 'cursor, WITH HOLD', "BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT g FROM ($groups) s; MOVE 1 FROM c; COMMIT; MOVE ALL FROM c; CLOSE c", '' ],
	[ 'a prepared statement', qq{PREPARE p AS $groups; EXECUTE p; DEALLOCATE p}, '' ],
	[ 'CREATE TABLE AS, rolled back', "BEGIN; CREATE TABLE t AS $groups; ROLLBACK", '' ],
	[ 'parallel, success', "SET max_parallel_workers_per_gather = 2; $groups; SET max_parallel_workers_per_gather = 0", '' ],
	[ 'parallel, an error in workers', "SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = off; $bad; SET max_parallel_workers_per_gather = 0; RESET parallel_leader_participation", $zero ],
	[ 'parallel, timeout', "SET max_parallel_workers_per_gather = 2; SET statement_timeout = 100; $query{'periods'}; RESET statement_timeout; SET max_parallel_workers_per_gather = 0", $canceled ],
	[ 'parallel, LIMIT', "SET max_parallel_workers_per_gather = 2; SELECT g FROM ($groups) s LIMIT 1; SET max_parallel_workers_per_gather = 0", '' ],
);
for my $way (@ways)
{
	my ($name, $sql, $wanted) = @$way;
	($answer, $errors) = run($sql);
	if ($wanted eq '')
	{
		is($errors, '', "$name: no error");
	}
	else
	{
		like($errors, $wanted, "$name: the error");
	}
	is(files(), 0, "$name: no file left");
}

# inside a transaction: the file is there while the cursor is open, and not a moment longer
my $count = 'SELECT count(*) FROM pg_ls_tmpdir()';
($answer, $errors) = run("BEGIN;\nDECLARE c CURSOR FOR $groups;\nMOVE 1 FROM c;\n$count;\nCLOSE c;\n$count;\nCOMMIT");
like($answer, qr/^[1-9]\d*\n0$/, 'CLOSE takes the file away');
($answer, $errors) = run("BEGIN;\nSAVEPOINT s;\nDECLARE c CURSOR FOR $groups;\nMOVE 1 FROM c;\n$count;\nROLLBACK TO s;\n$count;\nCOMMIT");
like($answer, qr/^[1-9]\d*\n0$/, 'ROLLBACK TO a savepoint takes the file of its cursor away');
($answer, $errors) = run("BEGIN;\nSAVEPOINT s;\n$bad;\nROLLBACK TO s;\n$count;\nSELECT kpi.level(f) FROM ($groups) s WHERE g = 0;\n$count;\nCOMMIT");
like($answer, qr/^0\n3\n0$/, 'an error, ROLLBACK TO, and on in the same transaction');
like($errors, $zero, 'it was that error');
# a cursor from before a savepoint survives what happens behind it
($answer, $errors) = run("BEGIN;\nDECLARE c CURSOR FOR SELECT g, f FROM ($groups) s ORDER BY g;\nMOVE 1 FROM c;\nSAVEPOINT s;\n$bad;\nROLLBACK TO s;\nFETCH 1 FROM c;\nCOMMIT");
is($answer, (split /\n/, $reference{'four groups'})[1], 'a cursor goes on after an error behind it');
is(files(), 0, 'no file left');

$session->quit;
is($node->safe_psql('postgres', $count), 0, 'no file left by the session');
my $log = slurp_file($node->logfile);
unlike($log, qr/file leak|WARNING|PANIC|was terminated|TRAP/, 'nothing strange in the log of the server');
$node->stop;
done_testing();
