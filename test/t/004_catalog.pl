# The catalog survives: a dump and its restore, and a refresh whose backend or server is killed at any moment.
use strict;
use warnings FATAL => 'all';
use FindBin;
use IPC::Run;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = KpiNode->init('catalog');
$node->append_conf('postgresql.conf', 'restart_after_crash = on');
$node->start;
my (undef, $cases) = KpiNode::random_cases(42, 12);

$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi_track;
	CREATE SCHEMA shop;
	CREATE TABLE shop.orders (at date, country text, amount numeric);
	INSERT INTO shop.orders SELECT date '2023-01-01' + i % 1100, (ARRAY['DE', 'KR', 'US'])[1 + i % 3], i % 97 + 0.25 FROM generate_series(1, 40000) i;
	CREATE VIEW shop.revenue AS SELECT at AS period_start, country AS segment, sum(amount) AS value FROM shop.orders GROUP BY 1, 2;
	CREATE VIEW shop.order_value AS SELECT date_trunc('month', at)::date AS period_start, sum(amount) AS numerator, count(*) AS denominator FROM shop.orders GROUP BY 1;
	CREATE FUNCTION shop.buyers(date, date) RETURNS TABLE (period_start date, value bigint) LANGUAGE sql STABLE SET search_path = shop AS 'SELECT date_trunc(''week'', at)::date, count(*) FROM orders WHERE at >= $1 AND at < $2 GROUP BY 1';
	SELECT kpi.define_objective('growth', 'Grow'), kpi.define_objective('happy', 'Please', parent => 'growth', rollup => 'worst');
	SELECT kpi.define('revenue', 'shop.revenue', unit => 'EUR', adds => 'sum', objective => 'growth'), kpi.define('order_value', 'shop.order_value', unit => 'EUR', grain => 'month', objective => 'growth'),
		kpi.define('buyers', function => 'shop.buyers(date,date)', unit => 'people', grain => 'week', adds => 'recompute'), kpi.define('nps', unit => 'points', grain => 'quarter', adds => 'last', qualitative => true, objective => 'happy');
	SELECT kpi.set_target('revenue', '2026-01', 1000), kpi.set_target('revenue', '2026-01', 1200, weights => '{1,1,1,1,1,2,2}', rationale => 'more'), kpi.set_target('nps', '2026-Q1', 40);
	SELECT kpi.check_in('nps', '2025-Q4', 30, 'a note', n => 12), kpi.invalidate('buyers', '2024-01-01', '2024-02-01');
	SELECT kpi.add_source('shop', 'shop.orders', at => 'at', value => 'amount', segment => 'country');
	SELECT kpi.define_count('sold', 'shop', unit => 'orders', in_schema => 'shop'), kpi.define_derived('per order', 'revenue / sold', 'EUR');
	SELECT kpi.record_action('spring', 'revenue', '2025-12-01', 'a campaign', expected_change => 100), kpi.track_changes('shop'), kpi.schedule();
	CREATE VIEW shop.who_buys AS SELECT kpi.activity(amount::bigint, at::timestamptz, 'by month') AS summary FROM shop.orders;
	SELECT kpi.publish('who buys', 'shop.who_buys', 'Who buys');
	CREATE ROLE reader;
	SELECT kpi.grant_access('reader'), kpi.share('revenue', 'reader'), kpi.share_analysis('who buys', 'reader');
});
$node->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2026-01-10Z')});

my @tables = split /\n/, $node->safe_psql('postgres',
	q{SELECT c.oid::regclass FROM pg_class c, pg_extension WHERE extname = 'kpi_track' AND c.oid = ANY (extconfig) ORDER BY c.oid::regclass::text});
is(scalar @tables, 21, 'tables that are dumped');

sub digest
{
	my ($database) = @_;
	return join("\n", map { "$_ " . $node->safe_psql($database, "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM $_ AS t") } @tables);
}

# ---- dump and restore ----
my $before = digest('postgres');
my $dir = PostgreSQL::Test::Utils::tempdir();
for my $format ('plain', 'custom', 'directory')
{
	my $file = "$dir/$format";
	my ($out, $err) = run_command([ 'pg_dump', '-d', $node->connstr('postgres'), '-F', $format, '-f', $file ]);
	is($err, '', "$format: pg_dump has nothing to say");
	$node->safe_psql('postgres', "CREATE DATABASE from_$format");
	if ($format eq 'plain')
	{
		$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr("from_$format"), '-f', $file ], "$format: restored");
	}
	else
	{
		$node->command_ok([ 'pg_restore', '-e', '-d', $node->connstr("from_$format"), $file ], "$format: restored");
	}
	is(digest("from_$format"), $before, "$format: every row is there");
	is($node->safe_psql("from_$format", q{SELECT string_agg(concat_ws(' ', kpi, period, actual, status), ', ') FROM kpi.evaluate('2026-01-10Z')}),
		$node->safe_psql('postgres', q{SELECT string_agg(concat_ws(' ', kpi, period, actual, status), ', ') FROM kpi.evaluate('2026-01-10Z')}), "$format: the same judgement");
	is($node->safe_psql("from_$format", q{SET ROLE reader; SELECT string_agg(DISTINCT kpi, ' ') FROM kpi.measurement}), 'revenue', "$format: the reader sees what it saw");
	$node->safe_psql("from_$format", q{CALL kpi.refresh(as_of => '2026-01-12Z')});
	is($node->safe_psql("from_$format", q{SELECT count(*) FROM kpi.health WHERE failing}), 0, "$format: refresh goes on");
	is($node->safe_psql("from_$format", q{SET ROLE reader; SELECT count(*) > 30 FROM kpi_bi.activity_period}), 't', "$format: and makes the tidy rows anew, for who may see them");
}
my ($out, $err) = run_command([ 'pg_dump', '-s', '-d', $node->connstr('postgres') ]);
unlike($out, qr/COPY kpi/, 'the schema alone has no rows');

# An ordinary role dumps what it may see, and that can be restored.
$node->safe_psql('postgres', q{
	CREATE ROLE author LOGIN;
	SELECT kpi.grant_access('author', 'author'), kpi.share('sold', 'author');
	GRANT USAGE, CREATE ON SCHEMA shop TO author;
	SET ROLE author;
	CREATE VIEW shop.own AS SELECT date '2026-01-01' AS period_start, 7 AS value;
	SELECT kpi.define('own', 'shop.own', unit => 'x', adds => 'sum');
	CALL kpi.refresh(as_of => '2026-01-10Z');
});
($out, $err) = run_command([ 'pg_dump', '-e', 'kpi_track', '-N', 'shop', '-d', $node->connstr('postgres'), '-U', 'author' ]);
like($err, qr/query would be affected by row-level security policy/, 'pg_dump of an ordinary role refuses to leave rows out unasked');
($out, $err) = run_command([ 'pg_dump', '-e', 'kpi_track', '-N', 'shop', '--enable-row-security', '-d', $node->connstr('postgres'), '-U', 'author', '-f', "$dir/author" ]);
is($err, '', 'with --enable-row-security it has nothing to say');
$node->safe_psql('postgres', 'CREATE DATABASE from_author');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('from_author'), '-f', "$dir/author" ], 'it can be restored');
is($node->safe_psql('from_author', q{SELECT string_agg(DISTINCT kpi, ' ' ORDER BY kpi) FROM kpi.measurement}), 'own sold', 'values that the role may see');
is($node->safe_psql('from_author', 'SELECT count(*) FROM kpi.kpi'), $node->safe_psql('postgres', 'SELECT count(*) FROM kpi.kpi'), 'KPIs are for everybody');

# ---- killed while it refreshes ----
my $reference = q{
	SELECT count(*) FROM (SELECT * FROM kpi.measurement WHERE kpi = 'revenue') AS m
	FULL JOIN (SELECT coalesce(segment, '') AS segment, period_start, sum(value) AS value FROM shop.revenue GROUP BY GROUPING SETS ((segment, period_start), (period_start))) AS s USING (segment, period_start)
	WHERE m.value IS DISTINCT FROM s.value};
my $half_years = q{
	SELECT count(*) FROM (SELECT extract(year FROM s.period_start) FROM (SELECT * FROM kpi.measurement WHERE kpi = 'revenue') AS m
	JOIN (SELECT coalesce(segment, '') AS segment, period_start, sum(value) AS value FROM shop.revenue GROUP BY GROUPING SETS ((segment, period_start), (period_start))) AS s USING (segment, period_start)
	WHERE extract(day FROM s.period_start) = %d GROUP BY 1 HAVING bool_or(m.value = s.value) AND bool_or(m.value <> s.value)) AS y};
my $unfinished = 0;
for my $i (1 .. $cases)
{
	# every value of one day of each month changes
	$node->safe_psql('postgres', "UPDATE shop.orders SET amount = amount + 1 WHERE extract(day FROM at) = $i; SELECT kpi.invalidate(k, '2023-01-01', '2026-01-31') FROM unnest('{revenue,order_value,buyers}'::text[]) k");
	my ($out, $err) = ('', '');
	my $victim = IPC::Run::start([ 'psql', '-X', '-d', $node->connstr('postgres') . " application_name=victim", '-c', "CALL kpi.refresh(as_of => '2026-01-12Z')" ], '>', \$out, '2>', \$err);
	my $pid = '';
	for (1 .. 200)
	{
		$pid = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE application_name = 'victim'});
		last if $pid ne '' || !$victim->pumpable;
	}
	usleep(int(rand(300_000)));
	if ($i % 4 == 0)
	{
		$node->stop('immediate');
		$node->start;
	}
	else
	{
		kill 'KILL', $pid if $pid ne '';
		usleep(100_000);
	}
	eval { $victim->finish };
	# all backends go down with the one, and the server recovers
	$node->poll_query_until('postgres', 'SELECT true') or die 'the server does not come back';
	is($node->safe_psql('postgres', sprintf($half_years, $i)), 0, "kill $i: no year is half written");
	$unfinished++ if $node->safe_psql('postgres', $reference) > 0;
	$node->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2026-01-12Z')});
	is($node->safe_psql('postgres', $reference), 0, "kill $i: the next refresh finishes the work");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM kpi.invalidation}), 0, "kill $i: nothing is left to read");
}
note "$unfinished of $cases kills left work behind";
is($node->safe_psql('postgres', q{SELECT count(*) FROM (SELECT kpi, segment, period_start FROM kpi.measurement GROUP BY 1, 2, 3 HAVING count(*) > 1) AS d}), 0, 'nothing is there twice');

$node->stop;
done_testing();
