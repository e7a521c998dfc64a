# pg_upgrade: a cluster with the catalog, stored timelines and their index, and summaries of every kind goes over to a new one.
#
#   KPI_UPGRADE_PATH    directories of servers that have the extension installed, one after the other: the cluster goes through all of
#                       them (test/majors/run: 15, 17, 18). Without it the server under test is the old and the new one.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

my @servers = split ' ', $ENV{KPI_UPGRADE_PATH} // '';
# pg_upgrade asks a new server for $libdir/kpi_track, which 18 and later do not look for elsewhere, as they do for CREATE EXTENSION
plan skip_all => 'pg_upgrade finds no library outside of the directory of the server' if !@servers && ($ENV{KPI_EXTENSION_CONF} // '') =~ /dynamic_library_path/;

# A new cluster: of a server of the path, or of the one under test. Checksums, on since 18, have to be as before.
sub cluster
{
	my ($name, $number) = @_;
	my @of = @servers ? (install_path => $servers[$number]) : ();
	my $version = @servers ? `$servers[$number]/bin/postgres --version` : '';
	my ($major) = $version =~ /(\d+)\./;
	return KpiNode->init($name, @of, extra => [ '-E', 'UTF8', '--no-locale', ($major // 0) >= 18 ? '--no-data-checksums' : () ]);
}
my $old = cluster('old', 0);
$old->start;
$old->safe_psql('postgres', q{CREATE DATABASE shop});
$old->safe_psql('shop', q{
	CREATE EXTENSION kpi_track;
	CREATE ROLE author;
	CREATE ROLE reader;
	SELECT kpi.grant_access('author', 'author'), kpi.grant_access('reader');
	CREATE SCHEMA shop AUTHORIZATION author;
	SET ROLE author;
	CREATE TABLE shop.events (who int, at timestamptz, event text, amount numeric, channel text);
	INSERT INTO shop.events SELECT i % 500, timestamptz '2025-11-01Z' + i * interval '7 minutes', (ARRAY['view', 'cart', 'buy'])[1 + i * i % 3], CASE WHEN i * i % 3 = 2 THEN i % 90 + 0.5 END, (ARRAY['ads', 'mail'])[1 + i % 2] FROM generate_series(1, 12000) AS i;
	CREATE INDEX ON shop.events (at);
	SELECT kpi.add_source('shop', 'shop.events', actor => 'who', at => 'at', event => 'event', value => 'amount', segment => 'channel');
	SELECT kpi.define_sum('revenue', 'shop', 'buy', unit => 'EUR', in_schema => 'shop'), kpi.define_unique('buyers', 'shop', 'buy', grain => 'month', in_schema => 'shop'),
		kpi.define_funnel('bought', 'shop', 'view -> cart -> buy within 7 days', in_schema => 'shop'), kpi.define_derived('per buyer', 'revenue / buyers', 'EUR', grain => 'month');
	SELECT kpi.store_timelines('shop', 'shop'), kpi.track_changes('shop');
	SELECT kpi.set_target('revenue', '2025-12', 10000, weights => '{1,1,1,1,1,2,2}'), kpi.share('revenue', 'reader');
	SELECT kpi.check_in('revenue', '2025-12-24', note => 'Christmas', status => 'on_track', status_until => '2026-01-01');
	CREATE INDEX timeline_gin ON shop.shop_timelines USING gin (timeline);
	CREATE TABLE shop.summaries AS SELECT channel, kpi.funnel(who, at, event, 'view -> cart -> buy within 1 day') AS funnel, kpi.retention(who, at, event, 'view -> buy by week for 6') AS retention,
		kpi.activity(who, at, 'by week') AS activity, kpi.sessions(who, at, event, 'views view, key buy') AS sessions, kpi.paths(who, at, event, 'from view depth 3') AS paths,
		kpi.attribution(who, at, channel, amount, 'by month') AS attribution, kpi.ltv(who, at, amount, 'by month') AS ltv, kpi.ratio(amount, 1) AS ratio, kpi.roi(1, amount) AS roi, kpi.survey(i % 11, 'nps') AS survey,
		kpi.pattern 'view -> buy' AS pattern, kpi.formula 'revenue / buyers' AS formula FROM (SELECT *, row_number() OVER (ORDER BY at) AS i FROM shop.events) AS e GROUP BY channel;
});
$old->safe_psql('shop', q{CALL kpi.refresh(as_of => '2025-12-20Z')});

# Everything that people have: tables of the catalog, of the store, summaries as text and as bytes.
my @tables = split /\n/, $old->safe_psql('shop', q{SELECT c.oid::regclass FROM pg_class c, pg_extension WHERE extname = 'kpi_track' AND c.oid = ANY (extconfig) UNION ALL SELECT 'shop.shop_timelines' UNION ALL SELECT 'shop.summaries' ORDER BY 1});
my %functions = map { split /\|/ } split /\n/, $old->safe_psql('shop', q{SELECT a.attname, t.typsend FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid WHERE attrelid = 'shop.summaries'::regclass AND attnum > 1});
cmp_ok(scalar keys %functions, '>=', 12, 'kinds of summaries');
my $bytes = join(' || ', map { "md5($functions{$_}($_))" } sort keys %functions);

sub state_of
{
	my ($node) = @_;
	return join("\n", (map { "$_ " . $node->safe_psql('shop', "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM $_ AS t") } @tables),
		$node->safe_psql('shop', "SELECT channel, $bytes FROM shop.summaries ORDER BY 1"),
		$node->safe_psql('shop', q{SET enable_seqscan = off; SELECT count(*) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'buy -> cart'}),
		$node->safe_psql('shop', q{SELECT string_agg(e::text, E'\n') FROM kpi.evaluate('2025-12-20 09:00Z') AS e}),
		$node->safe_psql('shop', q{SELECT string_agg(pg_describe_object(classid, objid, 0), E'\n' ORDER BY pg_describe_object(classid, objid, 0)) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'kpi_track')
			-- types of rows and of arrays come along with others; which of them are noted differs between majors
			AND NOT (classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type AS t WHERE t.oid = objid AND (t.typtype = 'c' AND (SELECT relkind FROM pg_class WHERE pg_class.oid = t.typrelid) <> 'c' OR t.typelem <> 0)))}));
}
# What it is like now is what it is like on the new server, and work goes on there: the trigger notes, the refresh reads, the store follows.
sub upgrade
{
	my ($from, $number) = @_;
	my $before = state_of($from);
	like($before, qr/revenue/, 'there is something to compare');
	my $to = cluster("new$number", $number);
	my ($bin, $old_bin) = ($to->config_data('--bindir'), $from->config_data('--bindir'));
	my $what = $from->pg_version . ' to ' . $to->pg_version;
	$from->stop;
	my $dir = PostgreSQL::Test::Utils::tempdir();
	my @upgrade = ("$bin/pg_upgrade", '--no-sync', '-d', $from->data_dir, '-D', $to->data_dir, '-b', $old_bin, '-B', $bin, '-s', $to->host, '-p', $from->port, '-P', $to->port);
	chdir $dir or die;
	command_ok([ @upgrade, '--check' ], "$what: pg_upgrade --check");
	command_ok(\@upgrade, "$what: pg_upgrade");
	$to->start;
	my $after = state_of($to);
	is($after, $before, "$what: everything is as it was");
	like($to->safe_psql('shop', q{SET enable_seqscan = off; EXPLAIN (COSTS off) SELECT count(*) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'buy -> cart'}), qr/timeline_gin/, "$what: the index is used");
	is($to->safe_psql('shop', q{SELECT count(*) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'buy -> cart'}),
		$to->safe_psql('shop', q{SET enable_seqscan = off; SELECT count(*) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'buy -> cart'}), "$what: and finds what a scan finds");
	is($to->safe_psql('shop', q{SET ROLE reader; SELECT string_agg(DISTINCT kpi, ' ') FROM kpi.measurement}), 'revenue', "$what: the reader sees what it saw");
	is($to->safe_psql('shop', q{SELECT extension = library AND advice IS NULL FROM kpi.version()}), 't', "$what: the library is that of the extension");

	my $day = 2 + $number;
	$to->safe_psql('shop', "SET ROLE author; INSERT INTO shop.events VALUES (7, '2025-11-0$day 12:00Z', 'buy', 1000, 'ads')");
	$to->safe_psql('shop', q{CALL kpi.refresh(as_of => '2025-12-21Z')});
	is($to->safe_psql('shop', "SELECT m.value = (SELECT sum(amount) FROM shop.events WHERE event = 'buy' AND at >= '2025-11-0${day}Z' AND at < '2025-11-0${day} 24:00Z') FROM kpi.measurement AS m WHERE kpi = 'revenue' AND segment = '' AND period_start = '2025-11-0$day'"), 't', "$what: a late row is in its day");
	is($to->safe_psql('shop', q{SELECT count(*) FROM kpi.timelines('SELECT who, at, event, amount FROM shop.events') AS t FULL JOIN shop.shop_timelines AS s ON s.actor = t.actor::int WHERE kpi.timeline_send(s.timeline) IS DISTINCT FROM kpi.timeline_send(t.timeline)}), 0, "$what: the store is what a new one would be");
	is($to->safe_psql('shop', q{SELECT count(*) FROM kpi.health WHERE failing}), 0, "$what: nothing fails");
	return $to;
}

my $node = $old;
$node = upgrade($node, $_) for 1 .. (@servers ? $#servers : 1);
$node->stop;
done_testing();
