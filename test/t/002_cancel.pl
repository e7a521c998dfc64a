# Queries stopped at random moments: each ends at once, takes nothing along and leaves nothing behind.
# KPI_SEED chooses other moments, KPI_CASES how many.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;

my ($seed, $cases) = KpiNode::random_cases(1, 40);
my $patience = 1.0;    # seconds

my $node = KpiNode->init('primary');
$node->append_conf('postgresql.conf', q{
	autovacuum = off
	max_parallel_workers_per_gather = 0
	jit = off
});
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi_track;
	CREATE UNLOGGED TABLE e AS
	SELECT i, h1 % 50000 AS u, to_timestamp(1767225600 + h2 % 5000000) AS ts, (ARRAY['a', 'b', 'c', 'x'])[1 + h3 % 4] AS event
	FROM (SELECT i, hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2,
	             hashint8extended(i, 3) & 2147483647 AS h3 FROM generate_series(1, 1000000) i) AS h;
	CREATE TABLE t AS SELECT actor, timeline FROM kpi.timelines('SELECT u, ts, event FROM e');
	ANALYZE;
});
my $session = KpiNode::session($node);
my $other = KpiNode::session($node);
sub run { return KpiNode::run($session, shift); }
my $pid = run('SELECT pg_backend_pid()');

# What each of them spends its time with. Patterns of many chains keep the final function busy.
my $parallel = 'SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0;';
my @queries = (
	[ 'collecting', q{SET LOCAL work_mem = '1GB';}, q{SELECT kpi.funnel(u::text || '!', ts, event, 'a -> b -> c within 10 days') FROM e} ],
	[ 'sorting', q{SET LOCAL work_mem = '1GB';}, q{SELECT kpi.level(kpi.funnel(u, ts, event, 'a -> b')), kpi.level(kpi.funnel(u % 3, ts, event, 'a -> b')) FROM e} ],
	[ 'writing', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') FROM e} ],
	[ 'one actor, sorted in files', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.funnel(1, ts, event, 'a -> b -> c within 10 days') FROM e} ],
	[ 'matching', q{SET LOCAL work_mem = '1GB';}, q{SELECT kpi.funnel(u % 20, ts, event, 'a -[no x]-> b? -> c? -> a? -> b? -> c open within 12 hours by day in Asia/Seoul') FROM e} ],
	[ 'matching in a file', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.funnel(1, ts, event, 'a -[no x]-> b? -> c -[>= 1 hour]-> a within 12 hours by day') FROM e} ],
	[ 'groups', q{SET LOCAL work_mem = '4MB';}, q{SELECT count(kpi.level(f)) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c') AS f FROM e GROUP BY u) s} ],
	[ 'workers', $parallel, q{SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') FROM e} ],
	[ 'workers that write', "$parallel SET LOCAL work_mem = '64kB';", q{SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') FROM e} ],
	[ 'leader that waits', "$parallel SET LOCAL parallel_leader_participation = off;", q{SELECT i % 5, kpi.funnel(u, ts, event, 'a -> b') FROM e GROUP BY 1} ],
	[ 'timelines', q{SET LOCAL work_mem = '4MB';}, q{SELECT count(*) FROM kpi.timelines('SELECT u, ts, event FROM e')} ],
	[ 'funnel of timelines', '', q{SELECT kpi.funnel(timeline, 'a -> b -> c -> a -> b -> c within 10 days by day') FROM t, generate_series(1, 5)} ],
	[ 'timelines of groups', q{SET LOCAL work_mem = '4MB';}, q{SELECT count(*) FROM (SELECT kpi.timeline(ts, event) FROM e GROUP BY u OFFSET 0) s} ],
	[ 'one timeline', '', q{SELECT kpi.length(kpi.timeline(ts, event)) FROM e} ],
	[ 'retention', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.actors(kpi.retention(u, ts, event, 1.5, 'a -> b by hour for 300 recurring')) FROM e} ],
	[ 'retention of one actor', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.actors(kpi.retention(1, ts, event, '* -> * by hour for 300 recurring')) FROM e} ],
	[ 'activity', q{SET LOCAL work_mem = '64kB';}, q{SELECT count(*) FROM kpi.lifecycle((SELECT kpi.activity(u, ts, 'by hour') FROM e))} ],
	[ 'sessions', $parallel, q{SELECT kpi.sessions(u, ts, event, 'views a by hour') FROM e} ],
	[ 'paths', q{SET LOCAL work_mem = '64kB';}, q{SELECT count(*) FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'depth 50 gap 100 days') FROM e))} ],
	[ 'ltv', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.actors(kpi.ltv(u, ts, i / 8.0, 'by week in Asia/Seoul')) FROM e} ],
	[ 'ltv of one customer', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.actors(kpi.ltv(1, ts, i / 8.0, 'by week in America/New_York')) FROM e} ],
	[ 'a long value curve', '', q{SELECT count(*) FROM kpi.value_curve((SELECT kpi.ltv(i, ts - i * interval '7 days', 1.5, 'by week') FROM e WHERE i <= 1000), 0.3, 0.1)} ],
	[ 'attribution', q{SET LOCAL work_mem = '64kB';}, q{SELECT count(*) FROM kpi.credit((SELECT kpi.attribution(u, ts, event, CASE WHEN i % 9 = 0 THEN 1.5 END, 'lookback 300 days by day in Asia/Seoul') FROM e), 'markov')} ],
	[ 'attribution of one actor', q{SET LOCAL work_mem = '64kB';}, q{SELECT kpi.cut_paths(kpi.attribution(1, ts, event, CASE WHEN i % 3 = 0 THEN 1.5 END, 'lookback 300 days')) FROM e} ],
	[ 'a long Markov chain', '', q{SELECT count(*) FROM kpi.credit((SELECT kpi.attribution(u, ts, 'c' || i % 900, CASE WHEN i % 19 = 0 THEN 1.5 END, '') FROM e WHERE i <= 30000), 'markov')} ],
	[ 'rollup', '', q{SELECT kpi.length(kpi.rollup(timeline)) FROM t} ],
	[ 'any order of 63 steps', '', q{SELECT kpi.level(kpi.funnel(1, ts, 1 + (i * 2654435761) % 9223372036854775807, (SELECT (string_agg(n::text, ' -> ') || ' any order within 1 hour')::kpi.pattern FROM generate_series(1, 63) AS n))) FROM e} ],
	[ 'stitching', '', q{SELECT count(*) FROM kpi.stitch((SELECT array_agg('a' || i) FROM e), (SELECT array_agg('b' || u) FROM e))} ],
	[ 'numbering sessions', '', q{SELECT max(n) FROM (SELECT kpi.session_number(ts, '30 min') OVER (PARTITION BY u ORDER BY ts) AS n FROM e) AS s} ],
	[ 'fitting', '', q{SELECT kpi.fit(kpi.ltv(u, ts, 1.5, 'by month'), 'pareto_nbd') FROM e} ],
	[ 'rates of many flows', '', q{SELECT kpi.xirr_all((SELECT array_agg(CASE WHEN i % 2 = 0 THEN 1000 - i % 777 ELSE i % 333 - 500 END::numeric) FROM e), (SELECT array_agg(date '2000-01-01' + (i % 20000)::int) FROM e))} ],
	[ 'ranks', '', q{SELECT kpi.spearman((SELECT array_agg(sin(i)) FROM e), (SELECT array_agg(cos(i)) FROM e))} ],
	[ 'a million cells', '', q{SELECT length(kpi.heat_map((SELECT array_agg('row ' || i) FROM e), '{c}', (SELECT array_agg(i::float8) FROM e)))} ],
	[ 'splitting', '', q{SELECT cardinality(kpi.apportion(1000000, (SELECT array_agg(i::numeric) FROM e), 2))} ],
	[ 'money', $parallel, q{SELECT kpi.roi_rate(kpi.roi(i / 7.0, i / 8.0)), kpi.value(kpi.ratio(i, 3)), kpi.score(kpi.survey(i % 11, 'nps')) FROM e} ],
);

# How long they take undisturbed. Also warms up what lives as long as the session.
my %seconds;
for my $query (@queries)
{
	my ($name, $settings, $sql) = @$query;
	my $started = time;
	my ($answer, $errors) = run("BEGIN;\n$settings\n$sql;\nCOMMIT");
	$seconds{$name} = time - $started;
	is($errors, '', "$name: runs");
	run("BEGIN;\n$settings\nSET LOCAL statement_timeout = 20;\n$sql;\nROLLBACK");
}
note(sprintf('%s: %.2f s', $_, $seconds{$_})) for sort keys %seconds;

sub memory
{
	# what is in use: a cache that grows takes twice as much as before from the system at once, a megabyte of it
	my ($bytes) = run('SELECT sum(used_bytes) FROM pg_backend_memory_contexts');
	return $bytes;
}

sub files { return run('SELECT count(*) FROM pg_ls_tmpdir()'); }

# Workers need a moment to go away after the leader has told them.
sub workers
{
	my $until = time + $patience;
	my $count;
	do
	{
		$count = run(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'parallel worker'});
	} while ($count > 0 && time < $until);
	return $count;
}

# what is known by the server's caches after each has run: they are not a leak, and there is more of it in some majors
for my $query (@queries)
{
	run("BEGIN;\n$query->[1]\nSET LOCAL statement_timeout = 50;\n$query->[2];\nROLLBACK");
	run('ROLLBACK') if run('SELECT 1') ne '1';
}
my $before = memory();
my ($stopped, $late, $left, $strange) = (0, 0, 0, 0);
my $longest = 0;
for my $case (0 .. $cases - 1)
{
	my ($name, $settings, $sql) = @{ $queries[$case % @queries] };
	my $delay = 0.005 + rand($seconds{$name});
	my ($answer, $errors, $overdue);
	if ($case % 3 < 2)
	{
		my $started = time;
		($answer, $errors) =
		  run(sprintf("BEGIN;\n%s\nSET LOCAL statement_timeout = %d;\n%s;\nROLLBACK", $settings, $delay * 1000, $sql));
		$overdue = time - $started - $delay;
	}
	else
	{
		$session->{stderr} = '';
		$session->query_until(qr/started/, "BEGIN;\n$settings\n\\echo started\n$sql;\nROLLBACK;\n");
		sleep($delay);
		KpiNode::run($other, "SELECT pg_cancel_backend($pid)");
		my $started = time;
		# not in run(), which forgets what was printed before
		$session->query('SELECT 1');
		$errors = $session->{stderr};
		$overdue = time - $started;
	}
	# a cancel may have met the ROLLBACK
	run('ROLLBACK') if run('SELECT 1') ne '1';
	if ($errors =~ /canceling statement due to/)
	{
		$stopped++;
		$longest = $overdue if $overdue > $longest;
		if ($overdue > $patience)
		{
			$late++;
			diag(sprintf('%s, canceled after %.3f s: took %.3f s more', $name, $delay, $overdue));
		}
	}
	elsif ($errors ne '')
	{
		$strange++;
		diag("$name, canceled after $delay s: $errors");
	}
	if (files() ne '0' || workers() ne '0')
	{
		$left++;
		diag("$name, canceled after $delay s: files or workers are left");
	}
}
note(sprintf('longest: %.3f s', $longest));
cmp_ok($stopped, '>=', $cases / 2, "most queries were stopped (seed $seed): $stopped of $cases");
is($late, 0, "all within $patience s");
is($strange, 0, 'by nothing but the cancel');
is($left, 0, 'no files and no workers are left');
my $after = memory();
cmp_ok($after - $before, '<', 1024 * 1024, "the backend has not grown: $before, then $after bytes");

is(run('SELECT pg_backend_pid()'), $pid, 'it is the same backend');
is(run(q{SELECT kpi.level(kpi.funnel(u, ts, event, 'a -> b -> c')) FROM e}), '3', 'and it still counts');
$session->quit;
$other->quit;
unlike(slurp_file($node->logfile), qr/file leak|WARNING|PANIC|was terminated|TRAP/, 'nothing strange in the log of the server');
$node->stop;
done_testing();
