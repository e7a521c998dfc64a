# The clock of the server goes wrong between refreshes: nothing is lost, and nothing stays judged by it. First by as_of, at random; then the real one, by
# libfaketime. KPI_SEED chooses another walk of the clock, KPI_CASES how many steps.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

my (undef, $steps) = KpiNode::random_cases(3, 25);

my ($faketime) = grep { -e $_ } map { glob "$_/*/faketime/libfaketime.so.1" } '/usr/lib', '/usr/lib64', '/usr/local/lib';
my $clock_file = PostgreSQL::Test::Utils::tempdir() . '/clock';
# how far the server's clock is off
sub clock { my ($offset) = @_; append_to_file("$clock_file.new", "$offset\n"); rename "$clock_file.new", $clock_file; return; }

my $node = KpiNode->init('primary');
$node->append_conf('postgresql.conf', "autovacuum = off\njit = off\n");
{
	local %ENV = %ENV;
	if ($faketime)
	{
		clock('+0');
		@ENV{ 'LD_PRELOAD', 'FAKETIME_TIMESTAMP_FILE', 'FAKETIME_NO_CACHE', 'FAKETIME_DONT_FAKE_MONOTONIC', 'DONT_FAKE_MONOTONIC' } = ($faketime, $clock_file, 1, 1, 1);
	}
	$node->start;
}
sub ask { return $node->safe_psql('postgres', shift); }

ask(q{
	CREATE EXTENSION kpi_track;
	CREATE SCHEMA shop;
	CREATE TABLE shop.orders (id int GENERATED ALWAYS AS IDENTITY, customer int, at timestamptz, amount numeric);
	CREATE INDEX ON shop.orders (at);
	CREATE VIEW shop.revenue AS SELECT at AS period_start, sum(amount) AS value FROM (SELECT (at AT TIME ZONE 'UTC')::date AS at, amount FROM shop.orders) AS o GROUP BY 1;
	CREATE VIEW shop.monthly AS SELECT date_trunc('month', period_start)::date AS period_start, sum(value) AS value FROM shop.revenue GROUP BY 1;
	SELECT kpi.add_source('shop', 'shop.orders', actor => 'customer', at => 'at', value => 'amount');
	SELECT kpi.define('revenue', 'shop.revenue', unit => 'EUR', adds => 'sum', source => 'shop'), kpi.define('monthly', 'shop.monthly', unit => 'EUR', adds => 'sum', grain => 'month', source => 'shop', lookback => 5), kpi.define_derived('double', 'revenue * 2', 'EUR');
	SELECT kpi.store_timelines('shop', in_schema => 'shop', as_of => '2024-12-01Z');
	-- what is wrong at a moment (0: nothing), as plain SQL sees it
	CREATE FUNCTION shop.wrong(today date) RETURNS text LANGUAGE sql AS $$
		SELECT string_agg(w, '; ') FROM (
			SELECT 'measured ' || kpi || ' ' || period_start AS w FROM (SELECT kpi, period_start, value FROM kpi.measurement) AS m
			FULL JOIN (SELECT 'revenue' AS kpi, * FROM shop.revenue UNION ALL SELECT 'monthly', * FROM shop.monthly UNION ALL SELECT 'double', period_start, 2 * value FROM shop.revenue) AS s USING (kpi, period_start)
			WHERE m.value IS DISTINCT FROM s.value
			UNION ALL
			SELECT 'complete ' || kpi || ' ' || period_start FROM kpi.measurement AS m JOIN kpi.kpi AS k ON k.name = m.kpi WHERE m.is_complete <> ((m.period_start + ('1 ' || k.grain)::interval)::date <= today)
			UNION ALL
			SELECT 'fact ' || f.grain || ' ' || f.period_start FROM kpi_bi.fact AS f JOIN kpi_bi.dim_kpi AS d USING (kpi_key) WHERE d.kpi <> 'double' AND f.value IS NOT NULL AND ((f.is_complete = 1) <> (f.period_end < today) OR f.status IS NOT NULL AND f.period_end >= today)
			UNION ALL
			SELECT 'store ' || coalesce(s.actor::text, t.actor) FROM shop.shop_timelines AS s FULL JOIN kpi.timelines('SELECT customer AS actor, at, ''event'' AS event, amount AS value FROM shop.orders') AS t ON t.actor::int = s.actor WHERE kpi.timeline_send(s.timeline) IS DISTINCT FROM kpi.timeline_send(t.timeline)
			UNION ALL
			SELECT 'watermark ' || kpi FROM kpi.watermark WHERE refreshed_to > today OR refreshed_at::date > today
			UNION ALL
			SELECT 'log ' || kpi FROM kpi.run_log WHERE started_at > clock_timestamp()
			UNION ALL
			SELECT 'health ' || coalesce(kpi, store) || ': ' || error FROM kpi.health WHERE failing) AS a
	$$;
});

# ---- by as_of ----

# what arrives on some days, and the days before that are read again
sub orders
{
	my ($from, $to) = @_;
	return qq{INSERT INTO shop.orders (customer, at, amount) SELECT (random() * 20)::int, d + random() * interval '23 hours', 1 + (random() * 50)::int FROM generate_series(timestamptz '$from', timestamptz '$to', '1 day') AS d, generate_series(1, 3);};
}
my $first = '2025-01-10';
sub day { my ($n) = @_; return ask("SELECT date '$first' + $n"); }
my $today = 0;
ask(orders('2024-12-20', "$first Z"));
ask("SELECT kpi.set_target('revenue', '2025-0' || m, 5000) FROM generate_series(1, 6) AS m; CALL kpi.refresh(as_of => '$first 23:00Z')");
is(ask("SELECT shop.wrong('$first')"), '', 'in the beginning nothing is wrong');
my $wrong_steps = 0;
for my $step (1 .. $steps)
{
	my $days = 1 + int(rand(3));
	my ($from, $to) = (day($today - 1), day($today + $days));
	$today += $days;
	ask(orders("$from Z", "$to Z"));
	# mostly it is right; else it is off by hours to years
	my $off = $step % 2 ? 0 : (1, 2, 4, 10, 45, 400, -1, -3, -20, -90)[ rand 10 ];
	my $as_of = day($today + $off) . ' 23:00Z';
	ask("CALL kpi.refresh(as_of => '$as_of')");
	next if $off != 0;
	my $wrong = ask("SELECT left(shop.wrong('$to'), 300)");
	is($wrong, '', "step $step: the clock is right again");
}

# ---- the real clock ----

SKIP:
{
	skip 'libfaketime is not installed', 1 if !$faketime;
	ask('TRUNCATE shop.orders; DELETE FROM kpi.measurement; DELETE FROM kpi.watermark; DELETE FROM kpi.target; DELETE FROM kpi.run_log');
	my $now = ask('SELECT now()::date');
	clock('+40d');
	is(ask('SELECT now()::date'), ask("SELECT date '$now' + 40"), 'the clock of the server is 40 days ahead');
	clock('+0');
	is(ask('SELECT now()::date'), $now, 'and back again');
	my $refresh = 'CALL kpi.refresh()';
	my $day = sub { return ask("SELECT date '$now' + $_[0]"); };
	# days that end at midnight would make this fail once a day
	my $here = sub { return ask('SELECT now()::date'); };
	ask(orders($day->(-70) . ' Z', $day->(-1) . ' Z'));
	ask(q{SELECT kpi.set_target('revenue', to_char(now(), 'YYYY-MM'), 100000), kpi.store_timelines('shop'), kpi.track_changes('shop')});
	ask($refresh);
	is(ask('SELECT shop.wrong(now()::date)'), '', 'right: nothing is wrong');
	# ahead: the month is over, and its target is judged
	clock('+40d');
	ask($refresh);
	is(ask(q{SELECT string_agg(status, ' ') FROM kpi_bi.fact JOIN kpi_bi.dim_kpi USING (kpi_key) WHERE kpi = 'revenue' AND target = 100000}), 'stale', '40 days ahead: the target is judged');
	# a run of that time fails, and must not be the latest for ever
	ask(q{ALTER VIEW shop.monthly RENAME TO hidden}); $node->psql('postgres', $refresh); ask(q{ALTER VIEW shop.hidden RENAME TO monthly});
	is(ask(q{SELECT kpi FROM kpi.health WHERE failing}), 'monthly', '40 days ahead: a KPI fails');
	clock('+2d');
	ask(orders($day->(-1) . ' Z', $day->(1) . ' Z'));
	ask($refresh);
	is(ask('SELECT shop.wrong(now()::date)'), '', 'right again, two days later: nothing is wrong');
	is(ask(q{SELECT coalesce(string_agg(status, ' '), 'open') FROM kpi_bi.fact JOIN kpi_bi.dim_kpi USING (kpi_key) WHERE kpi = 'revenue' AND target = 100000 AND period_end >= now()::date}), 'open', 'a target of a month that is not over is not judged any more')
		if ask(q{SELECT date_trunc('month', now()) = date_trunc('month', now() - interval '2 days')}) eq 't';
	# ahead again, and then nobody refreshes for three weeks
	clock('+60d');
	ask($refresh);
	for my $later (6, 12, 19, 23)
	{
		clock("+${later}d");
		ask(orders($day->($later - 6) . ' Z', $day->($later - 1) . ' Z'));
	}
	ask($refresh);
	is(ask('SELECT shop.wrong(now()::date)'), '', 'right again, three weeks later: nothing is wrong');
	# behind: what comes is ahead of it, and old days change
	clock('+3d');
	ask(orders($day->(22) . ' Z', $day->(23) . ' Z'));
	ask('UPDATE shop.orders SET amount = amount + 1 WHERE id % 3 = 0');
	ask($refresh);
	clock('+24d');
	ask($refresh);
	is(ask('SELECT shop.wrong(now()::date)'), '', 'three weeks behind, and right again: nothing is wrong');
}

$node->stop;
done_testing();
