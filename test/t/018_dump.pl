# Dumps beyond those of 004_catalog.pl: parallel ones, over what is there, with stored timelines, summaries, their indexes and
# statistics; by who owns the database and is no superuser; and from an older server into a newer one.
#
#   KPI_UPGRADE_PATH    as in 006_upgrade.pl: from the first of these servers into each of the others
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

my @servers = split ' ', $ENV{KPI_UPGRADE_PATH} // '';
my @utf8 = (extra => [ '-E', 'UTF8', '--no-locale' ]);
sub node
{
	my ($name, $number) = @_;
	my $node = KpiNode->init($name, @servers ? (install_path => $servers[$number]) : (), @utf8);
	$node->append_conf('postgresql.conf', "timezone = 'UTC'\nautovacuum = off\n");
	$node->start;
	return $node;
}
my $node = node('first', 0);
my $dir = PostgreSQL::Test::Utils::tempdir();
my $own_bin = $node->config_data('--bindir');
$node->safe_psql('postgres', q{CREATE ROLE owner LOGIN; CREATE DATABASE shop OWNER owner});
$node->safe_psql('shop', q{
	CREATE EXTENSION kpi_track;
	SELECT kpi.grant_access('owner', 'author');
	SET ROLE owner;
	CREATE SCHEMA shop;
	CREATE TABLE shop.events (who int, at timestamptz, event text, amount numeric);
	INSERT INTO shop.events SELECT i % 400, timestamptz '2025-11-01Z' + i * interval '9 minutes', (ARRAY['view', 'cart', 'buy', 'Ärger'])[1 + (i * i + i / 7) % 4], i % 90 + 0.5 FROM generate_series(1, 6000) AS i;
	SELECT kpi.add_source('shop', 'shop.events', actor => 'who', at => 'at', event => 'event', value => 'amount');
	SELECT kpi.define_sum('revenue', 'shop', 'buy', unit => 'EUR', in_schema => 'shop'), kpi.define_funnel('bought', 'shop', 'view -> cart within 7 days', in_schema => 'shop');
	SELECT kpi.store_timelines('shop', 'shop'), kpi.track_changes('shop'), kpi.set_target('revenue', '2025-12', 10000);
	CREATE INDEX timeline_gin ON shop.shop_timelines USING gin (timeline);
	ALTER TABLE shop.shop_timelines ALTER timeline SET STATISTICS 50;
	CREATE STATISTICS shop.of_actors (ndistinct) ON who, event FROM shop.events;
	-- (pg_restore --clean of 15 cannot drop the keys of partitions)
	CREATE TABLE shop.summaries (part int, funnel kpi.funnel, retention kpi.retention NOT NULL, ltv kpi.ltv, pattern kpi.pattern, ratio kpi.ratio DEFAULT '{}', CHECK (kpi.actors(retention) > 0)) PARTITION BY LIST (part);
	CREATE TABLE shop.summaries_0 PARTITION OF shop.summaries FOR VALUES IN (0, 1);
	CREATE TABLE shop.summaries_2 PARTITION OF shop.summaries FOR VALUES IN (2);
});
$node->safe_psql('shop', q{
	SET ROLE owner;
	INSERT INTO shop.summaries SELECT who % 3, kpi.funnel(who, at, event, 'view -> cart within 1 day by week'), kpi.retention(who, at, event, 'view -> buy by week for 6'), kpi.ltv(who, at, amount, 'by month'), ('view -> "' || who % 3 || '"')::kpi.pattern, kpi.ratio(amount, 1) FROM shop.events GROUP BY who % 3;
	CREATE UNIQUE INDEX by_pattern ON shop.summaries_0 (pattern);
	CREATE INDEX hashed ON shop.summaries_0 USING hash (funnel);
	CREATE MATERIALIZED VIEW shop.steps AS SELECT part, s.* FROM shop.summaries, kpi.steps(funnel) AS s;
	CREATE VIEW shop.buyers AS SELECT actor FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'cart -> "Ärger" -> buy';
	-- an index is made before rights are restored: the owner, whose function this is, could not look up a name in kpi yet
	CREATE FUNCTION shop.first_step(f kpi.funnel) RETURNS bigint LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT kpi.actors(f, 1); END;
	CREATE INDEX by_step ON shop.summaries_2 (shop.first_step(funnel));
});
$node->safe_psql('shop', q{CALL kpi.refresh(as_of => '2025-12-20Z')});
$node->safe_psql('shop', 'ANALYZE');

my @own = ('shop.events', 'shop.shop_timelines', 'shop.summaries', 'shop.steps');
my @catalog = split /\n/, $node->safe_psql('shop', q{SELECT c.oid::regclass FROM pg_class c, pg_extension WHERE extname = 'kpi_track' AND c.oid = ANY (extconfig) ORDER BY c.oid::regclass::text});
sub digest
{
	my ($on, $database, @tables) = @_;
	return join("\n", map { "$_ " . $on->safe_psql($database, "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM $_ AS t") } @tables);
}
sub same
{
	my ($on, $database, $what, @tables) = @_;
	is(digest($on, $database, @tables), digest($node, 'shop', @tables), "$what: every row is there");
	is($on->safe_psql($database, q{SET enable_seqscan = off; SELECT count(*), sum(actor) FROM shop.buyers}), $node->safe_psql('shop', q{SELECT count(*), sum(actor) FROM shop.buyers}), "$what: the index finds what was found");
	like($on->safe_psql($database, q{SET enable_seqscan = off; EXPLAIN (COSTS off) TABLE shop.buyers}), qr/timeline_gin/, "$what: by the index");
	is($on->safe_psql($database, q{SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid::regclass::text LIKE 'shop.%' AND indisvalid}),
		$node->safe_psql('shop', q{SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid::regclass::text LIKE 'shop.%' AND indisvalid}), "$what: all indexes are");
	return;
}
sub refreshes
{
	my ($on, $database, $what) = @_;
	$on->safe_psql($database, q{INSERT INTO shop.events VALUES (3, '2025-11-05 12:00Z', 'buy', 5000)});
	$on->safe_psql($database, q{CALL kpi.refresh(as_of => '2025-12-21Z')});
	is($on->safe_psql($database, q{SELECT m.value = (SELECT sum(amount) FROM shop.events WHERE event = 'buy' AND at >= '2025-11-05Z' AND at < '2025-11-06Z') FROM kpi.measurement AS m WHERE kpi = 'revenue' AND segment = '' AND period_start = '2025-11-05'}), 't', "$what: what is new is counted");
	is($on->safe_psql($database, q{SELECT count(*) FROM kpi.health WHERE failing}), 0, "$what: nothing fails");
	return;
}

# ---- parallel, and over what is there ----
# The tables of an extension have their foreign keys when rows come, and pg_restore -j does not know in which order: so it is told that
# the rows of a dump belong together.
sub parallel_ok
{
	my ($what, @command) = @_;
	local $ENV{PGOPTIONS} = '-c session_replication_role=replica';
	command_ok([@command], $what);
	return;
}
$node->command_ok([ 'pg_dump', '--no-sync', '-F', 'directory', '-j', '3', '-f', "$dir/parallel", '-d', $node->connstr('shop') ], 'pg_dump -j');
$node->safe_psql('postgres', 'CREATE DATABASE parallel');
parallel_ok('pg_restore -j', "$own_bin/pg_restore", '-e', '-j', '3', '-d', $node->connstr('parallel'), "$dir/parallel");
same($node, 'parallel', 'parallel', @own, @catalog);
is($node->safe_psql('parallel', q{SELECT count(*) FROM pg_constraint WHERE NOT convalidated}), 0, 'parallel: all constraints hold');
refreshes($node, 'parallel', 'parallel');
# the changed database goes back to what was dumped
parallel_ok('pg_restore --clean', "$own_bin/pg_restore", '-e', '-j', '3', '--clean', '--if-exists', '-d', $node->connstr('parallel'), "$dir/parallel");
same($node, 'parallel', 'clean', @own, @catalog);
is($node->safe_psql('parallel', q{SELECT attstattarget FROM pg_attribute WHERE attrelid = 'shop.shop_timelines'::regclass AND attname = 'timeline'}), 50, 'clean: targets of statistics');
$node->safe_psql('parallel', 'ANALYZE');
my $statistics = q{SELECT count(*) FROM pg_stats WHERE schemaname = 'shop' AND tablename = 'shop_timelines' AND attname = 'timeline' AND most_common_elems IS NOT NULL};
is($node->safe_psql('parallel', $statistics), $node->safe_psql('shop', $statistics), 'clean: statistics of labels are made again');
refreshes($node, 'parallel', 'clean');
$node->command_ok([ 'pg_dump', '--no-sync', '-F', 'custom', '-f', "$dir/custom", '-d', $node->connstr('shop') ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE single');
$node->command_ok([ 'pg_restore', '-e', '--single-transaction', '-d', $node->connstr('single'), "$dir/custom" ], 'pg_restore in one transaction');
same($node, 'single', 'one transaction', @own, @catalog);
$node->command_ok([ 'pg_dump', '--no-sync', '--inserts', '-f', "$dir/inserts", '-d', $node->connstr('shop') ], 'pg_dump --inserts');
$node->safe_psql('postgres', 'CREATE DATABASE inserts');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('inserts'), '-f', "$dir/inserts" ], 'a script of INSERTs');
same($node, 'inserts', 'INSERTs', @own, @catalog);

# ---- by who owns the database and is no superuser ----
my @as_owner = ('-d', $node->connstr('restored') . ' user=owner');
$node->safe_psql('postgres', 'CREATE DATABASE restored OWNER owner');
my ($status, $out, $err) = $node->psql('restored', 'CREATE EXTENSION kpi_track', connstr => $node->connstr('restored') . ' user=owner');
like($err, qr/permission denied to create extension "kpi_track"/, 'owner: the extension is made by a superuser');
$node->safe_psql('restored', q{CREATE EXTENSION kpi_track; SELECT kpi.grant_access('owner', 'author')});
# what is the owner's own: all but the extension and its rows
$node->command_ok([ 'pg_dump', '--no-sync', '-F', 'custom', '-n', 'shop', '-f', "$dir/owner", '-d', $node->connstr('shop') . ' user=owner' ], 'owner: pg_dump -n');
($out, $err) = run_command([ "$own_bin/pg_restore", @as_owner, "$dir/owner" ]);
is($err, '', 'owner: pg_restore has nothing to say');
same($node, 'restored', 'owner', @own);
is($node->safe_psql('restored', 'SELECT count(*) FROM kpi.kpi'), 0, 'owner: the catalog is not in it');
# the whole dump: what belongs to the extension is refused, row by row of the list, and the rest is there
$node->safe_psql('restored', 'DROP SCHEMA shop CASCADE');
($out, $err) = run_command([ "$own_bin/pg_restore", @as_owner, "$dir/custom" ]);
like($err, qr/must be owner of extension kpi_track/, 'owner: the whole dump: the comment of the extension is not the owner\'s');
like($err, qr/(permission denied for|row-level security).*\n(.*\n)*.*errors ignored on restore/, 'owner: the whole dump: nor are the rows of its tables');
same($node, 'restored', 'owner, the whole dump', @own);
# ... which a superuser restores afterwards
my $list = (run_command([ "$own_bin/pg_restore", '-l', "$dir/custom" ]))[0];
my @rows = grep { / (TABLE DATA|SEQUENCE SET) (kpi|kpi_bi) / } split /\n/, $list;
cmp_ok(scalar @rows, '>=', scalar @catalog, 'tables of the catalog in the dump');
open(my $file, '>', "$dir/rows") or die;
print $file join("\n", @rows, '');
close($file);
$node->safe_psql('restored', q{DELETE FROM kpi.reader}) if $node->safe_psql('restored', 'SELECT count(*) FROM kpi.reader') > 0;
$node->command_ok([ 'pg_restore', '-e', '-L', "$dir/rows", '-d', $node->connstr('restored'), "$dir/custom" ], 'owner: a superuser adds the rows of the catalog');
same($node, 'restored', 'owner, with the catalog', @own, @catalog);
refreshes($node, 'restored', 'owner, with the catalog');

# ---- into newer servers ----
for my $number (1 .. $#servers)
{
	my $newer = node("newer$number", $number);
	my $what = $node->pg_version . ' to ' . $newer->pg_version;
	my $bin = $newer->config_data('--bindir');
	$newer->safe_psql('postgres', 'CREATE ROLE owner LOGIN; CREATE DATABASE shop OWNER owner');
	command_ok([ "$bin/pg_dump", '--no-sync', '-F', 'directory', '-j', '2', '-f', "$dir/newer$number", '-d', $node->connstr('shop') ], "$what: its pg_dump reads the older server");
	parallel_ok("$what: pg_restore", "$bin/pg_restore", '-e', '-j', '2', '-d', $newer->connstr('shop'), "$dir/newer$number");
	same($newer, 'shop', $what, @own, @catalog);
	refreshes($newer, 'shop', $what);
	$newer->stop;
}
$node->stop;
done_testing();
