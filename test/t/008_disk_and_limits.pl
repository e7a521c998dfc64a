# No room and no time: a full disk, temp_file_limit, no more memory, timeouts, cancels and locks, in queries and in refreshes. Each ends with one
# clean error, takes nothing along, and when there is room again the next run finishes the work.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use KpiVictim;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $library = "$FindBin::RealBin/lib/full_disk.so";
my $control = PostgreSQL::Test::Utils::tempdir() . '/full_disk';
my $shim = -e $library;
my $node = KpiNode->init('primary');
$node->append_conf('postgresql.conf', "max_parallel_maintenance_workers = 0\n$KpiVictim::settings");
{
	local %ENV = %ENV;
	if ($shim)
	{
		$ENV{LD_PRELOAD} = $library;
		$ENV{KPI_FULL_DISK} = $control;
	}
	$node->start;
}
sub ask { return $node->safe_psql('postgres', shift); }

ask(q{
	CREATE EXTENSION kpi_track;
	CREATE SCHEMA shop;
	CREATE TABLE shop.e AS SELECT i, h1 % 20000 AS u, timestamptz '2025-06-01Z' + h2 % 18000000 * interval '1 second' AS at, (ARRAY['a', 'b', 'c', 'x'])[1 + h3 % 4] AS event
	FROM (SELECT i, hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2, hashint8extended(i, 3) & 2147483647 AS h3 FROM generate_series(1, 300000) i) AS h;
	CREATE TABLE shop.orders (at date, country text, amount numeric);
	INSERT INTO shop.orders SELECT date '2023-01-01' + i % 1100, (ARRAY['DE', 'KR', 'US'])[1 + i % 3], i % 97 + 0.25 FROM generate_series(1, 30000) i;
	CREATE VIEW shop.revenue AS SELECT at AS period_start, country AS segment, sum(amount) AS value FROM shop.orders GROUP BY 1, 2;
	CREATE VIEW shop.small AS SELECT date '2026-01-02' AS period_start, 7 AS value;
	-- of whoever reads it memory or files are wanted
	CREATE VIEW shop.large AS SELECT date '2026-01-03' AS period_start, kpi.completions(kpi.funnel('actor ' || u, at, event, 'a -> b -> c within 10 days')) + kpi.actors(kpi.ltv('actor ' || u, at, i / 8.0, 'by week')) AS value FROM shop.e;
	ANALYZE;
});
my $session = KpiNode::session($node);
sub run { return KpiNode::run($session, shift); }
sub files { return join ' ', KpiVictim::temporary_files($node); }
my $pid = run('SELECT pg_backend_pid()');

my %query = (
	funnel => q{SELECT md5(kpi.funnel(u, at, event, 'a -> b -> c within 10 days by day')::text) FROM shop.e},
	'one actor' => q{SELECT md5(kpi.funnel(1, at, event, 'a -> b -> c within 10 days')::text) FROM shop.e},
	retention => q{SELECT md5(kpi.retention(u, at, event, 1.5, 'a -> b by day for 20')::text) FROM shop.e},
	activity => q{SELECT md5(kpi.activity(u, at, 'by day')::text) FROM shop.e},
	sessions => q{SELECT md5(kpi.sessions(u, at, event, 'views a by day')::text) FROM shop.e},
	paths => q{SELECT md5(kpi.paths(u, at, event, 'from a depth 4 gap 20 days')::text) FROM shop.e},
	ltv => q{SELECT md5(kpi.ltv('actor ' || u, at, i / 8.0, 'by week')::text) FROM shop.e},
	attribution => q{SELECT md5(kpi.attribution(u, at, event, CASE WHEN i % 9 = 0 THEN 1.5 END, 'by week')::text) FROM shop.e},
	timelines => q{SELECT count(*), sum(hashtext(t::text)::bigint) FROM kpi.timelines('SELECT u, at, event FROM shop.e') AS t(actor, t)},
);
my %parallel = map { $_ => 1 } ('funnel', 'retention', 'sessions', 'ltv', 'attribution');
my %reference;
run(q{SET work_mem = '1GB'});
$reference{$_} = run($query{$_}) for sort keys %query;

# ---- temp_file_limit ----

run(q{SET work_mem = '64kB'; SET temp_file_limit = '1MB'});
my $limit = qr/^(?:psql:<stdin>:\d+: )?ERROR:  temporary file size exceeds "?temp_file_limit"? \(1024kB\)/;
for my $name (sort keys %query)
{
	for my $workers (0, 2)
	{
		next if $workers && !$parallel{$name};
		my ($answer, $errors) = run("SET max_parallel_workers_per_gather = $workers; SET parallel_leader_participation = off;\n$query{$name}");
		like($errors, $limit, "temp_file_limit: $name with $workers workers: the error");
		is(files(), '', "temp_file_limit: $name with $workers workers: no file is left");
	}
}
run('RESET temp_file_limit; SET max_parallel_workers_per_gather = 0');
is(run($query{funnel}), $reference{funnel}, 'temp_file_limit: the session goes on');

# ---- a full disk ----

sub full { append_to_file("$control.new", shift . "\n"); rename "$control.new", $control; return; }
sub room { unlink $control; return; }
my $no_space = qr/could not (?:write to (?:temporary )?file|extend file)[^\n]*|wrote only \d+ of \d+ bytes/;

my $last_disk = qr/No space left on device|wrote only \d+ of \d+ bytes/;
SKIP:
{
	skip 'there is no compiler for the full disk', 1 if !$shim;
	my $met = 0;
	# each time the end is met in another place: collecting, sorting in files, merging
	for my $name (sort keys %query)
	{
		for my $bytes (0, 5000, 70000, 1000000, 4000000, 7000000)
		{
			for my $workers (0, 2)
			{
				next if $workers && !($parallel{$name} && $bytes <= 1000000);
				full("$bytes /pgsql_tmp/pgsql_tmp");
				my ($answer, $errors) = run("SET max_parallel_workers_per_gather = $workers;\n$query{$name}");
				room();
				if ($answer ne $reference{$name} || $errors ne '')
				{
					$met++;
					like($errors, qr/^(?:psql:<stdin>:\d+: )?ERROR:  could not write to (?:temporary file|file "[^"]*"): No space left on device/, "full disk: $name, $bytes bytes left, $workers workers: the error");
				}
				is(files(), '', "full disk: $name, $bytes bytes left, $workers workers: no file is left");
			}
		}
		my ($answer, $errors) = run("SET max_parallel_workers_per_gather = 0;\n$query{$name}");
		is("$answer$errors", $reference{$name}, "full disk: $name: the session goes on when there is room");
	}
	cmp_ok($met, '>=', 40, 'the disk was full in many places');

	# what cannot be written of measurements
	ask(q{SELECT kpi.define('small', 'shop.small', unit => 'x', adds => 'sum'), kpi.define('revenue', 'shop.revenue', unit => 'EUR', adds => 'sum')});
	my $wrong = q{SELECT count(*) FROM (SELECT * FROM kpi.measurement WHERE kpi = 'revenue') AS m
		FULL JOIN (SELECT coalesce(country, '') AS segment, at AS period_start, sum(amount) AS value FROM shop.orders GROUP BY GROUPING SETS ((country, at), (at))) AS s USING (segment, period_start)
		WHERE m.value IS DISTINCT FROM s.value};
	my $wrong_bi = q{SELECT count(*) FROM (SELECT period_start, value FROM kpi_bi.fact JOIN kpi_bi.dim_kpi USING (kpi_key) JOIN kpi_bi.dim_segment USING (segment_key) WHERE kpi = 'revenue' AND segment = '(all)' AND fact.grain = 'month') AS f
		FULL JOIN (SELECT date_trunc('month', at)::date AS period_start, sum(amount)::float8 AS value FROM shop.orders GROUP BY 1) AS s USING (period_start) WHERE (abs(f.value - s.value) < 1e-6) IS NOT TRUE};
	my ($out, $err);
	for my $bytes (0, 50000, 300000)
	{
		full("$bytes /base/");
		$node->psql('postgres', q{CALL kpi.refresh(as_of => '2026-01-12Z')}, stdout => \$out, stderr => \$err, on_error_stop => 0);
		room();
		like($err, $last_disk, "full disk, $bytes bytes left: refresh says so");
		is(ask(q{SELECT count(*) FROM kpi.measurement WHERE kpi = 'revenue'}), 0, "full disk, $bytes bytes left: nothing of the KPI is half written");
		is(ask(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, "full disk, $bytes bytes left: no lock is left");
	}
	# where there was room for the log, it says why
	like(ask(q{SELECT error FROM kpi.health WHERE kpi = 'revenue'}), qr/$last_disk|has not ended/, 'full disk: kpi.health says so');
	ask(q{CALL kpi.refresh(as_of => '2026-01-12Z')});
	is(ask($wrong), 0, 'full disk: the next refresh finishes the work');
	is(ask($wrong_bi), 0, 'full disk: so it does for BI tools');
	is(ask(q{SELECT count(*) FROM kpi.health WHERE failing}) . ask('SELECT count(*) FROM kpi.progress'), '00', 'full disk: nothing is failing, nothing is running any more');
	# the tables are there and grow no more: old days change
	for my $bytes (0, 30000, 200000)
	{
		ask(q{UPDATE shop.orders SET amount = amount + 1; SELECT kpi.invalidate('revenue', '2023-01-01', '2026-01-31')});
		my $before = ask(q{SELECT md5(string_agg(m::text, '|' ORDER BY m::text)) FROM kpi.measurement AS m WHERE period_start >= '2025-01-01'});
		ask('VACUUM FULL kpi.measurement');
		full("$bytes /base/");
		$node->psql('postgres', q{CALL kpi.refresh(as_of => '2026-01-12Z')}, stdout => \$out, stderr => \$err, on_error_stop => 0);
		room();
		like($err, $last_disk, "full disk, $bytes bytes left, old days change: refresh says so");
		is(ask(q{SELECT count(*) FROM (SELECT extract(year FROM period_start) FROM (SELECT * FROM kpi.measurement WHERE kpi = 'revenue') AS m JOIN (SELECT coalesce(country, '') AS segment, at AS period_start, sum(amount) AS value FROM shop.orders GROUP BY GROUPING SETS ((country, at), (at))) AS s USING (segment, period_start)
			GROUP BY 1 HAVING bool_or(m.value = s.value) AND bool_or(m.value <> s.value)) AS y}), 0, "full disk, $bytes bytes left, old days change: no year is half written");
		ask(q{CALL kpi.refresh(as_of => '2026-01-12Z')});
		is(ask($wrong) . ask($wrong_bi), '00', "full disk, $bytes bytes left, old days change: the next refresh finishes the work");
	}
	# timelines: a table, an index and a store of them
	for my $bytes (0, 30000, 90000)
	{
		full("$bytes /base/");
		$node->psql('postgres', q{CREATE TABLE shop.t AS SELECT actor::int, timeline FROM kpi.timelines('SELECT u, at, event FROM shop.e') AS t}, stdout => \$out, stderr => \$err);
		room();
		like($err, $last_disk, "full disk, $bytes bytes left: no table of timelines");
		ask(q{CREATE TABLE shop.t AS SELECT actor::int, timeline FROM kpi.timelines('SELECT u, at, event FROM shop.e') AS t});
		full("$bytes /base/");
		$node->psql('postgres', q{CREATE INDEX ON shop.t USING gin (timeline)}, stdout => \$out, stderr => \$err);
		room();
		like($err, $last_disk, "full disk, $bytes bytes left: no index");
		ask('CREATE INDEX ON shop.t USING gin (timeline)');
		is(ask(q{SET enable_seqscan = off; SELECT count(*) FROM shop.t WHERE kpi.matches(timeline, 'a -> b')}), ask(q{SET enable_bitmapscan = off; SELECT count(*) FROM shop.t WHERE kpi.matches(timeline, 'a -> b')}), "full disk, $bytes bytes left: the index is complete when there is room");
		ask('DROP TABLE shop.t');
	}
	ask(q{SELECT kpi.undefine('revenue'), kpi.undefine('small')});
}

# ---- memory ----

SKIP:
{
	skip 'there is no prlimit', 1 if !grep { -x "$_/prlimit" } split /:/, $ENV{PATH};
	my $limit_memory = sub {
		my ($process, $kilobytes) = @_;
		my $bytes = defined $kilobytes ? $kilobytes * 1024 : 'unlimited';
		# the lower one of the two limits, which can be raised again
		system('prlimit', '--pid', $process, "--as=$bytes:") == 0 or die 'prlimit fails';
	};
	my $size_of = sub { my ($kilobytes) = slurp_file("/proc/$_[0]/status") =~ /^VmSize:\s+(\d+)/m; return $kilobytes; };
	# a session that has loaded everything, and nothing else
	my $fresh = sub {
		my $one = KpiNode::session($node);
		KpiNode::run($one, q{SET work_mem = '1GB'; SET hash_mem_multiplier = 1; SELECT count(kpi.funnel(1, now(), 'a', 'a -> b')) FROM (SELECT FROM shop.e LIMIT 10) AS e});
		return ($one, scalar KpiNode::run($one, 'SELECT pg_backend_pid()'));
	};
	my $out_of_memory = qr/ERROR:  (?:out of memory|could not resize shared memory segment|could not map dynamic shared memory)/;
	my $met = 0;
	for my $name (sort keys %query)
	{
		my ($one, $its_pid) = $fresh->();
		my $size = $size_of->($its_pid);
		for my $kilobytes (300, 1500, 4000, 8000, 14000)
		{
			$limit_memory->($its_pid, $size + $kilobytes);
			my ($answer, $errors) = KpiNode::run($one, $query{$name});
			$limit_memory->($its_pid);
			if ($errors ne '')
			{
				$met++;
				like($errors, $out_of_memory, "memory: $name, $kilobytes kB more: the error");
			}
			else
			{
				is($answer, $reference{$name}, "memory: $name, $kilobytes kB more: the answer");
			}
		}
		is(KpiNode::run($one, $query{$name}), $reference{$name}, "memory: $name: the session goes on");
		is(KpiNode::run($one, 'SELECT pg_backend_pid()'), $its_pid, "memory: $name: it is the same backend");
		$one->quit;
	}
	cmp_ok($met, '>=', 20, "there was no memory in many places: $met");
	# workers get their limit from the postmaster
	my $postmaster = KpiVictim::postmaster($node);
	$met = 0;
	for my $name (sort keys %parallel)
	{
		for my $kilobytes (3000, 6000, 10000)
		{
			$limit_memory->($postmaster, $size_of->($postmaster) + $kilobytes);
			my ($answer, $errors) = run("SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = off;\n$query{$name}");
			$limit_memory->($postmaster);
			$met++ if $errors ne '';
			ok($errors eq '' ? $answer eq $reference{$name} : $errors =~ /$out_of_memory|ERROR:  could not load library [^\n]* failed to map segment/, "memory: $name, $kilobytes kB more for workers") or diag("$errors\n$answer");
		}
	}
	cmp_ok($met, '>=', 3, "workers had no memory: $met");
	is(run('SET max_parallel_workers_per_gather = 0; SELECT pg_backend_pid()'), $pid, 'it is the same backend');
	# a refresh in such a session: that KPI fails, and says why; others do not
	ask(q{SELECT kpi.define('large', 'shop.large', unit => 'x', adds => 'sum'), kpi.define('small', 'shop.small', unit => 'x', adds => 'sum')});
	my ($one, $its_pid) = $fresh->();
	# twice: the first time it has to get to know the catalog
	KpiNode::run($one, q{SET work_mem = '64kB'; CALL kpi.refresh('small', as_of => '2026-01-12Z'); DELETE FROM kpi.measurement; DELETE FROM kpi.watermark; SET work_mem = '1GB'});
	$limit_memory->($its_pid, $size_of->($its_pid) + 2500);
	my ($answer, $errors) = KpiNode::run($one, q{CALL kpi.refresh(as_of => '2026-01-12Z')});
	$limit_memory->($its_pid);
	like($errors, qr/KPI "large" was not refreshed: out of memory/, 'memory: refresh says so');
	is(ask(q{SELECT string_agg(kpi || ' ' || value, ', ') FROM kpi.measurement}), 'small 7', 'memory: the other KPI is refreshed');
	($answer, $errors) = KpiNode::run($one, q{CALL kpi.refresh(as_of => '2026-01-12Z')});
	$one->quit;
	is($errors . ask(q{SELECT count(*) FROM kpi.measurement WHERE kpi = 'large'}) . ask('SELECT count(*) FROM kpi.health WHERE failing'), '10', 'memory: the next refresh finishes the work');
	ask(q{SELECT kpi.undefine('large'), kpi.undefine('small')});
}

# ---- time and locks ----

ask(q{
	CREATE FUNCTION shop.slowly(date, date) RETURNS TABLE (period_start date, value int) LANGUAGE sql STABLE SET search_path = shop AS 'SELECT ''2026-01-04''::date, 5 FROM pg_sleep(0.7)';
	SELECT kpi.define('first', 'shop.small', unit => 'x', adds => 'sum'), kpi.define('second', function => 'shop.slowly(date,date)', unit => 'x', adds => 'sum'), kpi.define('third', 'shop.small', unit => 'x', adds => 'sum');
});
my $values = q{SELECT string_agg(kpi || ' ' || value, ', ' ORDER BY kpi) FROM kpi.measurement};
my $refresh = q{CALL kpi.refresh(as_of => '2026-01-12Z')};
sub again { ask(q{DELETE FROM kpi.measurement; DELETE FROM kpi.watermark; DELETE FROM kpi.run_log}); return; }
sub finishes
{
	my ($why) = @_;
	ask($refresh);
	is(ask($values), 'first 7, second 5, third 7', "$why: the next refresh finishes the work");
	is(ask('SELECT count(*) FROM kpi.health WHERE failing') . ask('SELECT count(*) FROM kpi.progress'), '00', "$why: nothing is failing or running");
	again();
	return;
}
my ($answer, $errors) = run("SET statement_timeout = 450;\n$refresh;\nRESET statement_timeout");
like($errors, qr/ERROR:  canceling statement due to statement timeout/, 'statement_timeout: the error');
is(ask($values), 'first 7', 'statement_timeout: what was committed stays');
is(ask('SELECT kpi FROM kpi.progress'), 'second', 'statement_timeout: kpi.progress shows where');
finishes('statement_timeout');

$session->{stderr} = '';
$session->query_until(qr/started/, "\\echo started\n$refresh;\n");
sleep(0.45);
ask("SELECT pg_cancel_backend($pid)");
$session->query('SELECT 1');
like($session->{stderr}, qr/ERROR:  canceling statement due to user request/, 'cancel: the error');
is(ask($values), 'first 7', 'cancel: what was committed stays');
is(ask(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, 'cancel: no lock is left');
finishes('cancel');

# somebody else has rows of the KPI and does not let go
my $other = KpiNode::session($node);
KpiNode::run($other, q{BEGIN; UPDATE kpi.kpi SET title = 'being edited' WHERE name = 'first'; INSERT INTO kpi.watermark VALUES ('first', '2020-01-01', now())});
($answer, $errors) = run("SET lock_timeout = 300;\n$refresh;\nRESET lock_timeout");
like($errors, qr/WARNING:  KPI "first" was not refreshed: canceling statement due to lock timeout/, 'lock_timeout: the KPI says so');
is(ask($values), 'second 5, third 7', 'lock_timeout: the others are refreshed');
KpiNode::run($other, 'ROLLBACK');
finishes('lock_timeout');

KpiNode::run($other, q{SET idle_in_transaction_session_timeout = 700; BEGIN; INSERT INTO kpi.watermark VALUES ('first', '2020-01-01', now())});
($answer, $errors) = run($refresh);
is($errors, '', 'idle_in_transaction_session_timeout of the one who holds a lock: the refresh goes on when it has passed');
is(ask($values), 'first 7, second 5, third 7', 'idle_in_transaction_session_timeout: everything is there');
again();
eval { $other->quit };

# a session that prefers to see only what was there before it began
for my $isolation ('repeatable read', 'serializable')
{
	my @sessions = map { my $s = KpiNode::session($node); KpiNode::run($s, "SET default_transaction_isolation = '$isolation'"); $s } 1 .. 3;
	# all at once, several times
	for my $s (@sessions)
	{
		$s->{stderr} = '';
		$s->query_until(qr/started/, "\\echo started\n" . "$refresh;\nCALL kpi.refresh_bi('2026-01-12Z', rebuild => true);\n" x 4);
	}
	my $strange = '';
	for my $s (@sessions)
	{
		$s->query('SELECT 1');
		$strange .= $s->{stderr} =~ s/^(?:psql:[^\n]*?: )?WARNING:  [^\n]* was not refreshed: another session is refreshing or defining it\n?//mgr;
	}
	is($strange, '', "$isolation: nobody complains, but that another one refreshes it");
	is(ask($values), 'first 7, second 5, third 7', "$isolation: everything is there");
	is(ask('SELECT count(*) FROM (SELECT FROM kpi_bi.lint_finding GROUP BY kpi_key, rule, severity, objective, detail, fix HAVING count(*) > 1) AS d'), 0, "$isolation: no finding is there twice");
	is(ask('SHOW default_transaction_isolation') . run('SELECT 1'), 'read committed1', "$isolation: it is the session's own");
	is(KpiNode::run($sessions[0], 'SHOW transaction_isolation'), $isolation, "$isolation: and stays so");
	$_->quit for @sessions;
	again();
}

$session->quit;
is(files(), '', 'no file is left');
unlike(slurp_file($node->logfile), qr/PANIC|was terminated|TRAP|file leak|resource was not closed/, 'nothing strange in the log of the server');
$node->stop;
done_testing();
