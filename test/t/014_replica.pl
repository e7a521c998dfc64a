# Physical copies: a standby reads everything and changes nothing, takes over, and the old primary follows it (pg_rewind); a
# restore to a point in the middle of a refresh. WAL of all kinds, that of the index over timelines too, is compared with
# the pages of the primary as it is replayed (wal_consistency_checking).
use strict;
use warnings FATAL => 'all';
use FindBin;
use IPC::Run;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = KpiNode->init('primary', allows_streaming => 1, has_archiving => 1, extra => [ '-E', 'UTF8', '--no-locale' ]);
$primary->append_conf('postgresql.conf', "wal_consistency_checking = 'all'\nwal_log_hints = on\ntimezone = 'UTC'\nautovacuum = off\nwal_keep_size = '1GB'\n");
$primary->start;
$primary->safe_psql('postgres', q{
	CREATE EXTENSION kpi_track;
	CREATE ROLE author;
	CREATE ROLE reader;
	SELECT kpi.grant_access('author', 'author'), kpi.grant_access('reader');
	CREATE SCHEMA shop AUTHORIZATION author;
	SET ROLE author;
	CREATE TABLE shop.events (who int, at timestamptz, event text, amount numeric);
	INSERT INTO shop.events SELECT i % 300, timestamptz '2025-11-01Z' + i * interval '11 minutes', (ARRAY['view', 'cart', 'buy', 'Ärger'])[1 + (i * i + i / 7) % 4], i % 90 + 0.5 FROM generate_series(1, 6000) AS i;
	CREATE TABLE shop.calls AS SELECT at::date AS period_start, 1 AS value FROM shop.events;
	CREATE VIEW shop.called AS SELECT period_start, count(*) AS value FROM shop.calls GROUP BY 1;
	SELECT kpi.add_source('shop', 'shop.events', actor => 'who', at => 'at', event => 'event', value => 'amount');
	SELECT kpi.define_sum('a revenue', 'shop', 'buy', unit => 'EUR', in_schema => 'shop'), kpi.define_funnel('a bought', 'shop', 'view -> cart -> buy within 7 days', in_schema => 'shop'),
		kpi.define('z calls', 'shop.called', unit => 'calls', adds => 'sum');
	SELECT kpi.store_timelines('shop', 'shop'), kpi.track_changes('shop'), kpi.set_target('a revenue', '2025-12', 60000), kpi.share('a revenue', 'reader');
	CREATE INDEX timeline_gin ON shop.shop_timelines USING gin (timeline);
	CREATE TABLE shop.summaries AS SELECT kpi.funnel(who, at, event, 'view -> cart -> buy within 1 day by week') AS funnel, kpi.retention(who, at, event, 'view -> buy by week for 6') AS retention,
		kpi.ltv(who, at, amount, 'by month') AS ltv, kpi.paths(who, at, event, 'from view depth 3') AS paths, kpi.sessions(who, at, event, 'views view') AS sessions FROM shop.events;
	CREATE VIEW shop.who_buys AS SELECT kpi.activity(who, at, 'by week') AS summary FROM shop.events;
	SELECT kpi.publish('who buys', 'shop.who_buys', 'Who buys');
});
$primary->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2025-12-10Z')});

my @tables = split /\n/, $primary->safe_psql('postgres', q{SELECT c.oid::regclass FROM pg_class c JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e' WHERE relkind = 'r' UNION ALL SELECT 'shop.shop_timelines' UNION ALL SELECT 'shop.summaries'});
cmp_ok(scalar @tables, '>', 40, 'tables to compare');
my @questions = (
	(map { "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM $_ AS t" } @tables),
	q{SELECT count(*), sum(actor) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'cart -> "Ärger" -> buy'},
	q{SELECT s FROM shop.summaries, kpi.steps(funnel) AS s}, q{SELECT c FROM shop.summaries, kpi.cohorts(retention, '2025-12-10Z') AS c}, q{SELECT c FROM shop.summaries, kpi.value_curve(ltv) AS c},
	q{SELECT e FROM shop.summaries, kpi.edges(paths) AS e}, q{SELECT s FROM shop.summaries, kpi.session_stats(sessions) AS s},
	q{SELECT e FROM kpi.evaluate('2025-12-10 09:00Z') AS e ORDER BY e.kpi}, q{SELECT count(*), sum(target) FROM kpi.scorecard}, q{SELECT * FROM kpi_bi.fact_month ORDER BY 1, 2, 3}, q{SELECT md5(kpi.dashboard(as_of => '2025-12-10 09:00Z'))},
	q{SET ROLE reader; SELECT DISTINCT kpi FROM kpi.measurement}, q{SELECT extension, library FROM kpi.version()}, q{SELECT kpi, failing FROM kpi.health ORDER BY 1});

# All answers of a server; the index and a scan have to agree in each.
sub answers
{
	my ($node, $what) = @_;
	my @found = map { $node->safe_psql('postgres', "SET enable_seqscan = $_; SELECT count(*), sum(actor) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'cart -> \"Ärger\" -> buy'") } 'off', 'on';
	like($found[0], qr/^[1-9]/, "$what: something is found");
	is($found[0], $found[1], "$what: the index finds what a scan finds");
	like($node->safe_psql('postgres', q{SET enable_seqscan = off; EXPLAIN (COSTS off) SELECT count(*) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'cart -> "Ärger" -> buy'}), qr/timeline_gin/, "$what: by the index");
	return join("\n", map { $node->safe_psql('postgres', $_) } @questions);
}

# New events, late ones too, and all that happens to an index: a pending list, its clean-up, pages that become empty.
sub work
{
	my ($node, $day, $n) = @_;
	$node->safe_psql('postgres', qq{
		SET ROLE author;
		INSERT INTO shop.events SELECT i % 700, timestamptz '$day' + i * interval '1 minute', (ARRAY['view', 'cart', 'buy', 'Ärger', 'label $day ' || i])[1 + (i * i + i / 7) % 5], 7 FROM generate_series(1, $n) AS i;
		INSERT INTO shop.calls SELECT '$day', 1;
	});
	$node->safe_psql('postgres', qq{SELECT kpi.invalidate('z calls', '2025-11-01', '2026-01-01')});
	$node->safe_psql('postgres', qq{CALL kpi.refresh(as_of => '2025-12-15Z')});
	$node->safe_psql('postgres', q{UPDATE shop.shop_timelines SET timeline = kpi.without(timeline, ARRAY['view']) WHERE actor % 7 = 3});
	$node->safe_psql('postgres', q{DELETE FROM shop.shop_timelines WHERE actor % 11 = 5});
	$node->safe_psql('postgres', q{VACUUM shop.shop_timelines});
	return;
}

# ---- a standby ----
$primary->backup('first');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'first', has_streaming => 1);
$standby->start;
work($primary, '2025-12-03', 900);
$primary->wait_for_catchup($standby, 'replay');
my $expected = answers($primary, 'primary');
is(answers($standby, 'standby'), $expected, 'a standby answers as the primary does');

sub refused
{
	my ($node, $sql, $error, $what) = @_;
	my ($status, $out, $err) = $node->psql('postgres', $sql);
	isnt($status, 0, "standby: $what is refused");
	like($err, $error, "standby: $what: clearly");
	return;
}
refused($standby, "CALL kpi.$_()", qr/ERROR:  a standby cannot be refreshed\nHINT:  Refresh on the primary/, $_) for 'refresh', 'refresh_bi', 'refresh_analyses';
refused($standby, q{SELECT kpi.define('more', 'shop.called', unit => 'x', adds => 'sum')}, qr/ERROR:  .*(recovery|read-only)/, 'a definition');
refused($standby, q{SELECT kpi.set_target('a revenue', '2026-01', 1)}, qr/ERROR:  .*(recovery|read-only)/, 'a target');
refused($standby, q{CALL kpi.refresh('a revenue')}, qr/ERROR:  a standby cannot be refreshed/, 'a refresh of one');

# ---- a point in the middle of a refresh ----
work($primary, '2025-12-04', 300);
my $untouched = $primary->safe_psql('postgres', q{SELECT md5(string_agg(m::text, '|' ORDER BY m::text)) FROM kpi.measurement AS m WHERE kpi = 'z calls'});
$primary->safe_psql('postgres', q{SET ROLE author; INSERT INTO shop.events SELECT 1, '2025-12-05 10:00Z', 'buy', 1e6; INSERT INTO shop.calls SELECT '2025-12-05', 1 FROM generate_series(1, 500)});
$primary->safe_psql('postgres', q{SELECT kpi.invalidate('z calls', '2025-11-01', '2026-01-01')});
# of the KPIs in the order of their names the last one waits
my $holder = $primary->background_psql('postgres');
$holder->query_safe('BEGIN; LOCK TABLE shop.calls IN ACCESS EXCLUSIVE MODE');
my ($out, $err) = ('', '');
my $refresh = IPC::Run::start([ 'psql', '-X', '-d', $primary->connstr('postgres') . " application_name=refresh", '-c', "CALL kpi.refresh(as_of => '2025-12-15Z')" ], '>', \$out, '2>', \$err);
$primary->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'refresh' AND wait_event_type = 'Lock'}) or die 'the refresh does not wait';
my $half = q{SELECT count(*) FILTER (WHERE kpi = 'a revenue' AND segment = '' AND period_start = '2025-12-05' AND value > 1e6), count(*) FILTER (WHERE kpi = 'z calls' AND segment = '' AND period_start = '2025-12-05' AND value > 500) FROM kpi.measurement};
is($primary->safe_psql('postgres', $half), '1|0', 'one KPI is refreshed, another is not');
$primary->safe_psql('postgres', q{SELECT pg_create_restore_point('middle')});
$holder->query_safe('COMMIT');
$holder->quit;
$refresh->finish;
is($err, '', 'and then the refresh ends');
is($primary->safe_psql('postgres', $half), '1|1', 'with both');
$primary->safe_psql('postgres', 'SELECT pg_switch_wal()');
$primary->poll_query_until('postgres', q{SELECT last_archived_wal >= (SELECT pg_walfile_name(pg_current_wal_lsn() - 1)) OR last_archived_wal >= (SELECT max(name) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.done') FROM pg_stat_archiver}) or die 'nothing is archived';

my $restored = PostgreSQL::Test::Cluster->new('restored');
$restored->init_from_backup($primary, 'first', has_restoring => 1);
$restored->append_conf('postgresql.conf', "recovery_target_name = 'middle'\nrecovery_target_action = 'promote'\narchive_mode = off\n");
$restored->start;
$restored->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'it does not come up';
is($restored->safe_psql('postgres', $half), '1|0', 'restored to the middle: one is refreshed, the other is not');
is($restored->safe_psql('postgres', q{SELECT md5(string_agg(m::text, '|' ORDER BY m::text)) FROM kpi.measurement AS m WHERE kpi = 'z calls'}), $untouched, 'restored to the middle: the other is as it was, all of it');
cmp_ok($restored->safe_psql('postgres', q{SELECT count(*) FROM kpi.invalidation WHERE kpi = 'z calls'}), '>', 0, 'restored to the middle: it is known that it has to be read');
answers($restored, 'restored to the middle');
$restored->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2025-12-15Z')});
is($restored->safe_psql('postgres', q{SELECT md5(string_agg(concat_ws(',', kpi, segment, period_start, value, n), '|' ORDER BY kpi, segment, period_start)) FROM kpi.measurement}),
	$primary->safe_psql('postgres', q{SELECT md5(string_agg(concat_ws(',', kpi, segment, period_start, value, n), '|' ORDER BY kpi, segment, period_start)) FROM kpi.measurement}), 'restored to the middle: the next refresh ends the work');
is($restored->safe_psql('postgres', q{SELECT count(*) FROM kpi.invalidation}), 0, 'restored to the middle: nothing is left to read');
is($restored->safe_psql('postgres', q{SELECT count(*) FROM kpi.health WHERE failing}), 0, 'restored to the middle: nothing fails');
$restored->stop;

# ---- the standby takes over ----
$primary->wait_for_catchup($standby, 'replay');
$standby->promote;
# the old primary does not know yet: what it does from now on is lost
work($primary, '2025-12-06', 200);
$primary->safe_psql('postgres', q{SELECT kpi.define('lost', 'shop.called', unit => 'x', adds => 'sum')});
work($standby, '2025-12-07', 400);
is($standby->safe_psql('postgres', q{SELECT count(*) FROM kpi.health WHERE failing}), 0, 'promoted: nothing fails');
is($standby->safe_psql('postgres', q{SELECT m.value = (SELECT sum(amount) FROM shop.events WHERE event = 'buy' AND at >= '2025-12-07Z' AND at < '2025-12-08Z') FROM kpi.measurement AS m WHERE kpi = 'a revenue' AND segment = '' AND period_start = '2025-12-07'}), 't', 'promoted: what is new is counted');

# ---- and the old primary follows it ----
$primary->stop;
$standby->safe_psql('postgres', 'CHECKPOINT');
command_ok([ 'pg_rewind', '--no-sync', '--source-server', $standby->connstr('postgres'), '--target-pgdata', $primary->data_dir ], 'pg_rewind of the old primary');
my $port = $primary->port;
my $host = $primary->host;
$primary->append_conf('postgresql.conf', "port = $port\nunix_socket_directories = '$host'\narchive_mode = off\n");
$primary->enable_streaming($standby);
$primary->set_standby_mode;
$primary->start;
work($standby, '2025-12-08', 200);
$standby->wait_for_catchup($primary, 'replay', $standby->lsn('write'));
is(answers($primary, 'rewound'), answers($standby, 'promoted'), 'the old primary answers as the new one does');
is($primary->safe_psql('postgres', q{SELECT count(*) FROM kpi.kpi WHERE name = 'lost'}), 0, 'what only it had is gone');

# a page that is not what it is on the primary ends the recovery
for my $node ($primary, $standby)
{
	unlike(slurp_file($node->logfile), qr/inconsistent page found|PANIC/, $node->name . ': every replayed page was as on the primary');
}
is($primary->safe_psql('postgres', q{SELECT pg_is_in_recovery() AND current_setting('wal_consistency_checking') = 'all'}), 't', 'and that was looked at');
$_->stop for $primary, $standby;
done_testing();
