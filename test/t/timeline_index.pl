# Timelines under an index, dumped and restored, and after a crash.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;

my $node = KpiNode->start('primary');
$node->safe_psql('postgres', 'CREATE DATABASE source; CREATE DATABASE restored');
$node->safe_psql('source', q{
	CREATE EXTENSION kpi_track;
	CREATE TABLE actors (actor int, timeline kpi.timeline);
	INSERT INTO actors
	SELECT i % 3000, kpi.timeline(timestamptz '2026-01-01 00:00+00' + (hashint8extended(i, 1) & 65535) * interval '1 second',
		(ARRAY['view', 'cart', 'purchase', 'Ärger', '결제'])[1 + (hashint8extended(i, 2) & 2147483647) % 5] || ' ' || (hashint8extended(i, 3) & 7))
	FROM generate_series(1, 12000) i GROUP BY 1;
	CREATE INDEX actors_timeline ON actors USING gin (timeline);
	CREATE INDEX actors_named ON actors USING gin (timeline kpi.timeline_ops) WHERE actor > 1000;
	CREATE VIEW buyers AS SELECT actor FROM actors WHERE timeline OPERATOR(kpi.@@) '"cart "* -> "purchase "*' OR kpi.matches(timeline, '"결제 1"');
});

my $answers = q{
	SET enable_seqscan = off;
	SELECT count(*), sum(actor) FROM actors WHERE kpi.matches(timeline, '"view 1" -> "cart "*|"Ärger 2"');
	SELECT count(*), sum(actor) FROM actors WHERE kpi.matches(timeline, '"결제 "* -> *');
	SELECT count(*), sum(actor) FROM buyers;
};
my $plan = q{
	SET enable_seqscan = off;
	EXPLAIN (COSTS OFF) SELECT actor FROM actors WHERE kpi.matches(timeline, '"view 1" -> "cart "*');
};
my $before = $node->safe_psql('source', $answers);
like($before, qr/^[1-9]\d*\|.*\n[1-9]\d*\|.*\n[1-9]\d*\|/, 'there are answers');

my $dump = $PostgreSQL::Test::Utils::tmp_check . '/source.sql';
$node->command_ok([ 'pg_dump', '--no-sync', '-f', $dump, '-d', $node->connstr('source') ], 'pg_dump');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('restored') ], 'the dump can be restored');
is($node->safe_psql('restored', $answers), $before, 'the same answers from the restored database');
like($node->safe_psql('restored', $plan), qr/Bitmap Index Scan on actors_timeline/, 'by its index');
my $again = $PostgreSQL::Test::Utils::tmp_check . '/restored.sql';
$node->command_ok([ 'pg_dump', '--no-sync', '-f', $again, '-d', $node->connstr('restored') ], 'pg_dump of the restored database');
# what differs from run to run in newer versions
my @dumps = map { slurp_file($_) =~ s/^\\(un)?restrict .*\n//mgr } $dump, $again;
is($dumps[1], $dumps[0], 'is the same dump');

$node->safe_psql('source', q{INSERT INTO actors SELECT actor + 10000, timeline FROM actors WHERE actor % 3 = 0; DELETE FROM actors WHERE actor % 3 = 1});
$before = $node->safe_psql('source', $answers);
$node->stop('immediate');
$node->start;
is($node->safe_psql('source', $answers), $before, 'the same answers after a crash');
like($node->safe_psql('source', $plan), qr/Bitmap Index Scan on actors_timeline/, 'by the index');

done_testing();
