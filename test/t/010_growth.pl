# What is called again and again keeps no memory: every aggregate and function of the extension that SQL can call, many
# times in one statement and in many statements; then the life of a catalog, over and over in one session.
# KPI_CASES=10000 is how often each is called, whatever that takes; else as often as some milliseconds allow.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Utils;
use Test::More;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;

plan(skip_all => 'there is no /proc/self/status with RssAnon')
  unless -r '/proc/self/status' && slurp_file('/proc/self/status') =~ /^RssAnon:/m;

my $calls = $ENV{KPI_CASES} // 1000;
my $budget = defined $ENV{KPI_CASES} ? 3_600_000 : 60;
my $statements = 60;
my $node = KpiNode->init('growth');
$node->append_conf('postgresql.conf', "autovacuum = off\njit = off\nmax_parallel_workers_per_gather = 0");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION kpi_track');
$node->safe_psql('postgres', slurp_file("$FindBin::RealBin/lib/growth.sql"));

# What SQL cannot call, and why that is no gap.
my $inside = q{
	-- only with a state of an aggregate: called with the aggregate
	proargtypes::oid[] @> ARRAY['internal'::regtype::oid]
	OR oid IN (SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn]::oid[]) FROM pg_aggregate)
	-- says that there is no such operator, and nothing else
	OR proname IN ('ratio_no_operator', 'roi_no_operator')
};
# Functions of the catalog read tables, and are called below.
my $result = $node->safe_psql('postgres', qq{
	SET client_min_messages = warning;
	SELECT oid::regprocedure, prokind, (growth.grown(oid, $calls, $statements, $budget)).* FROM growth.function
	WHERE provolatile = 'i' AND NOT ($inside) ORDER BY oid::regprocedure::text COLLATE "C"});
my ($fewest, $total) = ($calls, 0);
my %kinds;
for my $line (split /\n/, $result)
{
	my ($function, $kind, $done, $answered, $bytes, $process, $kept, $wrong) = split /\|/, $line, 8;
	$kinds{$kind}++;
	if ($wrong ne '')
	{
		fail("$function: $wrong");
		next;
	}
	$fewest = $done if $done < $fewest;
	$total += $done;
	my @told;
	push @told, 'it answers nothing' if ($answered || 0) == 0;
	# the least piece that can be allocated, once a call, is more
	push @told, "$bytes bytes more after $done calls in a statement" if $bytes > 1024;
	push @told, "$kept bytes more after $statements statements" if $kept > 1024;
	# malloc beside the contexts; it takes more now and then only to keep it
	push @told, "the process grew by $process bytes in $done calls" if $process > 512 * 1024;
	ok(!@told, $function . (@told ? ': ' . join(', ', @told) : ''));
}
note "$total calls, at least $fewest of each";
cmp_ok($kinds{a} // 0, '>', 70, 'aggregates');
cmp_ok($kinds{w} // 0, '>', 2, 'window functions');
cmp_ok($kinds{f} // 0, '>', 400, 'functions');

# Functions of aggregates that SQL can call by hand: an error like any other, not an internal one.
my @by_hand = split /\n/, $node->safe_psql('postgres', q{
	SELECT oid::regprocedure, (growth.grown(oid, 1, 1, 1)).wrong FROM growth.function
	WHERE NOT proargtypes::oid[] @> ARRAY['internal'::regtype::oid] AND proname ~ '_timeline(_final)?$'
	AND oid IN (SELECT unnest(ARRAY[aggtransfn, aggfinalfn]::oid[]) FROM pg_aggregate)});
cmp_ok(scalar @by_hand, '>', 10, 'functions of aggregates that SQL can call');
like($_, qr/\|0A000 function of a kpi_track aggregate called outside an aggregate/, 'called by hand: ' . (split /\|/)[0]) for @by_hand;

# The measurement notices what it should.
$node->safe_psql('postgres', q{
	CREATE FUNCTION growth.no_sample(point) RETURNS int IMMUTABLE LANGUAGE sql RETURN 1;
	CREATE SEQUENCE growth.number;
	-- each lock is remembered until the transaction ends
	CREATE FUNCTION growth.leaks(x int) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_xact_lock(nextval('growth.number')); RETURN x; END$$});
like($node->safe_psql('postgres', q{SELECT wrong FROM growth.grown('growth.no_sample(point)'::regprocedure, 10, 10, 10)}), qr/has no sample/, 'a type without a sample is noticed');
is($node->safe_psql('postgres', q{SELECT bytes > 1024, kept > 1024, wrong FROM growth.grown('growth.leaks(integer)'::regprocedure, 1000, 60, 1000)}), 't|t|', 'a leak is noticed');

$node->stop;
done_testing();
