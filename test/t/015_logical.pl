# Logical replication: tables that hold the types of the extension, as text and in binary; a tracked table on both sides; a timeline
# store; a report on a subscriber. The catalog itself stays where it is (docs/upgrade.md says why).
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use Golden;
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

my @utf8 = (extra => [ '-E', 'UTF8', '--no-locale' ]);
my $publisher = KpiNode->init('publisher', allows_streaming => 'logical', @utf8);
my $subscriber = KpiNode->init('subscriber', @utf8);
for my $node ($publisher, $subscriber)
{
	$node->append_conf('postgresql.conf', "timezone = 'UTC'\n");
	$node->start;
	$node->safe_psql('postgres', q{
		CREATE EXTENSION kpi_track;
		CREATE ROLE author;
		SELECT kpi.grant_access('author', 'author');
		CREATE SCHEMA shop AUTHORIZATION author;
		SET ROLE author;
		CREATE TABLE shop.events (id bigint PRIMARY KEY, who int, at timestamptz, event text, amount numeric);
		CREATE TABLE shop.timelines (actor int PRIMARY KEY, timeline kpi.timeline);
		CREATE INDEX timeline_gin ON shop.timelines USING gin (timeline);
	});
}

# ---- every stored type, the golden values of each ----
my @types = map { m{/([^/]*)\.golden$} ? $1 : () } glob("$FindBin::RealBin/golden/1/*.golden");
cmp_ok(scalar @types, '>=', 21, 'types');
my $columns = join(', ', map { "$_ kpi.$_" } @types);
my @cases = map { [ Golden::cases("$FindBin::RealBin/golden/1/$_.golden") ] } @types;
my ($most) = sort { $b <=> $a } map { scalar @$_ } @cases;
my $digest = 'SELECT id, ' . join(' || ', map { "md5(coalesce(kpi.${_}_send($_)::text, '-'))" } @types) . ' FROM shop.%s ORDER BY id';
for my $binary ('text', 'binary')
{
	$_->safe_psql('postgres', "CREATE TABLE shop.values_$binary (id int PRIMARY KEY, $columns)") for $publisher, $subscriber;
	# half of them are there when the subscription begins, the others come as changes
	my @rows = map {
		my $row = $_;
		"INSERT INTO shop.values_$binary VALUES ($row, " . join(', ', map { my $case = $cases[$_][$row]; defined $case ? "\$g\$$case->{text}\$g\$::kpi.$types[$_]" : 'NULL' } 0 .. $#types) . ')';
	} 0 .. $most - 1;
	my $half = int(@rows / 2);
	$publisher->safe_psql('postgres', join(';', @rows[ 0 .. $half - 1 ]));
	$publisher->safe_psql('postgres', "CREATE PUBLICATION p_$binary FOR TABLE shop.values_$binary");
	$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION s_$binary CONNECTION '" . $publisher->connstr . " dbname=postgres' PUBLICATION p_$binary WITH (binary = " . ($binary eq 'binary' ? 'true' : 'false') . ')');
	$subscriber->wait_for_subscription_sync($publisher, "s_$binary");
	$publisher->safe_psql('postgres', join(';', @rows[ $half .. $#rows ]));
	$publisher->safe_psql('postgres', "UPDATE shop.values_$binary SET timeline = kpi.merge(timeline, timeline) WHERE id % 2 = 1; DELETE FROM shop.values_$binary WHERE id = 0");
	$publisher->wait_for_catchup("s_$binary");
	my $there = $publisher->safe_psql('postgres', sprintf($digest, "values_$binary"));
	cmp_ok(scalar(split /\n/, $there), '>=', 6, "$binary: rows");
	is($subscriber->safe_psql('postgres', sprintf($digest, "values_$binary")), $there, "$binary: every value has the same bytes");
}

# ---- a timeline store that is published, with an index on each side ----
my $events = q{SELECT i, i %% 200, timestamptz '2025-11-01Z' + i * interval '11 minutes', (ARRAY['view', 'cart', 'buy', 'Ärger'])[1 + (i * i + i / 7) %% 4], i %% 90 + 0.5 FROM generate_series(%d, %d) AS i};
$publisher->safe_psql('postgres', 'SET ROLE author; INSERT INTO shop.events ' . sprintf($events, 1, 3000) . '; INSERT INTO shop.timelines SELECT who, kpi.timeline(at, event, amount) FROM shop.events GROUP BY who');
$publisher->safe_psql('postgres', 'CREATE PUBLICATION p FOR TABLE shop.events, shop.timelines');
# the subscriber is where reports are made
$subscriber->safe_psql('postgres', q{
	SET ROLE author;
	SELECT kpi.add_source('shop', 'shop.events', actor => 'who', at => 'at', event => 'event', value => 'amount');
	SELECT kpi.define_sum('revenue', 'shop', 'buy', unit => 'EUR', in_schema => 'shop', lookback => 60), kpi.track_changes('shop');
});
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION s CONNECTION '" . $publisher->connstr . " dbname=postgres' PUBLICATION p WITH (binary = true)");
$subscriber->wait_for_subscription_sync($publisher, 's');
my $search = q{SET enable_seqscan = off; SELECT count(*), sum(actor) FROM shop.timelines WHERE timeline OPERATOR(kpi.@@) 'cart -> "Ärger" -> buy'};
my $same_timelines = q{SELECT count(*), md5(string_agg(actor || ' ' || encode(kpi.timeline_send(timeline), 'hex'), '|' ORDER BY actor)) FROM shop.timelines};
like($publisher->safe_psql('postgres', $search), qr/^[1-9]/, 'something is found');
is($subscriber->safe_psql('postgres', $search), $publisher->safe_psql('postgres', $search), 'the index of the subscriber finds the same');
$publisher->safe_psql('postgres', q{UPDATE shop.timelines SET timeline = kpi.without(timeline, ARRAY['cart']) WHERE actor % 5 = 0; DELETE FROM shop.timelines WHERE actor % 7 = 0});
$publisher->wait_for_catchup('s');
is($subscriber->safe_psql('postgres', $same_timelines), $publisher->safe_psql('postgres', $same_timelines), 'timelines follow');
is($subscriber->safe_psql('postgres', $search), $publisher->safe_psql('postgres', $search), 'and so does the index');

# ---- a tracked table ----
$subscriber->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2025-12-01Z')});
my $reference = q{SELECT count(*) FROM (SELECT period_start, value FROM kpi.measurement WHERE kpi = 'revenue' AND segment = '') AS m FULL JOIN
	(SELECT at::date AS period_start, sum(amount) AS value FROM shop.events WHERE event = 'buy' GROUP BY 1) AS s USING (period_start) WHERE coalesce(m.value, 0) IS DISTINCT FROM coalesce(s.value, 0)};
is($subscriber->safe_psql('postgres', $reference), 0, 'KPIs of the subscriber are of what has arrived');
$publisher->safe_psql('postgres', q{SET ROLE author; INSERT INTO shop.events VALUES (100001, 5, '2025-11-03 12:00Z', 'buy', 1000); DELETE FROM shop.events WHERE id = 37; UPDATE shop.events SET amount = amount + 10 WHERE id BETWEEN 500 AND 600});
$publisher->wait_for_catchup('s');
cmp_ok($subscriber->safe_psql('postgres', $reference), '>', 0, 'late changes have arrived');
# PostgreSQL fires no triggers of statements for what is replicated, whatever ALTER TABLE ... ENABLE ALWAYS says: tracking sees nothing
$subscriber->safe_psql('postgres', q{SELECT format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger WHERE tgrelid = 'shop.events'::regclass AND NOT tgisinternal \gexec});
$publisher->safe_psql('postgres', q{INSERT INTO shop.events VALUES (100002, 5, '2025-11-04 12:00Z', 'buy', 1000)});
$publisher->wait_for_catchup('s');
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM kpi.source_change}), 0, 'tracking on the subscriber notes nothing of what is replicated');
is($subscriber->safe_psql('postgres', q{SELECT severity, detail FROM kpi.lint() WHERE rule = 'untracked'}), 'warning|what the replication of a subscription changes in shop.events is not noted, as it fires no triggers of statements, though changes of source "shop" are', 'and lint says so');
# so days are named, or the source is not tracked and looked back at
$subscriber->safe_psql('postgres', q{SELECT kpi.invalidate_source('shop', '2025-11-01', '2025-12-01')});
$subscriber->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2025-12-02Z')});
is($subscriber->safe_psql('postgres', $reference), 0, 'a refresh of days that are named reads them');
$subscriber->safe_psql('postgres', q{SELECT kpi.track_changes('shop', enabled => false)});
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM kpi.lint() WHERE rule = 'untracked'}), 0, 'not if it is not tracked');
$publisher->safe_psql('postgres', q{UPDATE shop.events SET amount = amount + 3 WHERE id BETWEEN 1 AND 400});
$publisher->wait_for_catchup('s');
$subscriber->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2025-12-03Z')});
is($subscriber->safe_psql('postgres', $reference), 0, 'and without tracking a refresh looks back, as far as the definition says');
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM kpi.health WHERE failing}), 0, 'nothing fails');

# the publisher's own: tracking and publishing do not get in each other's way
$publisher->safe_psql('postgres', q{
	SET ROLE author;
	SELECT kpi.add_source('shop', 'shop.events', actor => 'who', at => 'at', event => 'event', value => 'amount');
	SELECT kpi.define_sum('revenue', 'shop', 'buy', unit => 'EUR', in_schema => 'shop'), kpi.track_changes('shop');
});
$publisher->safe_psql('postgres', q{CALL kpi.refresh(as_of => '2025-12-02Z')});
is($publisher->safe_psql('postgres', $reference), 0, 'KPIs of the publisher');
is($publisher->safe_psql('postgres', q{SELECT string_agg(concat_ws(' ', period_start, value), ', ' ORDER BY period_start) FROM kpi.measurement WHERE kpi = 'revenue' AND segment = ''}),
	$subscriber->safe_psql('postgres', q{SELECT string_agg(concat_ws(' ', period_start, value), ', ' ORDER BY period_start) FROM kpi.measurement WHERE kpi = 'revenue' AND segment = ''}), 'are those of the subscriber');

unlike(slurp_file($subscriber->logfile), qr/ERROR:.*(kpi|invalid|binary)/, 'no worker has failed');
$subscriber->safe_psql('postgres', "DROP SUBSCRIPTION $_") for 's', 's_text', 's_binary';
$_->stop for $subscriber, $publisher;
done_testing();
