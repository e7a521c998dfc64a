# What an author writes directly into rows of the catalog that are its own stops no refresh of all KPIs: those of others are read, and
# right, whatever the others' rows say. As attack_rows, which reads; each try has a copy of the database of its own.
# KPI_SEED chooses other values, KPI_CASES how many.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use List::Util qw(shuffle);
use PostgreSQL::Test::Utils;
use Test::More;

my (undef, $cases) = KpiNode::random_cases(7, 60);

my $node = KpiNode->init('primary');
$node->append_conf('postgresql.conf', "autovacuum = off\njit = off\nstatement_timeout = '60s'");
$node->start;

my $file = slurp_file("$FindBin::RealBin/attack_rows.sql");
my ($setup) = $file =~ /\A(.*)^-- what is above is set up by test/ms or die 'attack_rows.sql has no such part any more';
$node->safe_psql('postgres', 'CREATE DATABASE attacked');
$node->safe_psql('attacked', "CREATE EXTENSION kpi_track;\n$setup");
# somebody else, who does the same with the same means
$node->safe_psql('attacked', q{
	CREATE ROLE other_author;
	SELECT kpi.grant_access('other_author', 'author');
	CREATE SCHEMA other AUTHORIZATION other_author;
	SET ROLE other_author;
	SET search_path = other, public;
	CREATE TABLE sale (at timestamptz, who int, what text, amount numeric);
	INSERT INTO sale SELECT timestamptz '2026-03-19 23:00Z' - i * interval '3 hours', i % 7, 'buy', i FROM generate_series(0, 200) AS i;
	SELECT kpi.add_source('sales', 'sale', at => 'at', actor => 'who', event => 'what', value => 'amount');
	SELECT kpi.store_timelines('sales', as_of => '2026-03-20 09:00Z'), kpi.track_changes('sales');
	SELECT kpi.define_sum('sold', 'sales', 'buy', unit => 'EUR', in_schema => 'other'), kpi.define_derived('sold twice', 'sold * 2', 'EUR');
	CREATE VIEW steps AS SELECT kpi.funnel(who, at, what, 'buy -> buy') AS summary FROM sale;
	SELECT kpi.publish('other steps', 'steps');
});
$node->safe_psql('attacked', q{CALL kpi.refresh(as_of => '2026-03-20 09:00Z')});

# What of it is wrong after the next refresh: nothing, if it read a new day and a late row.
$node->safe_psql('attacked', q{
	CREATE VIEW other.wrong AS
	WITH day AS (SELECT (at AT TIME ZONE 'UTC')::date AS day, sum(amount) AS sold FROM other.sale GROUP BY 1)
	SELECT k.kpi, d.day, k.times * d.sold AS sold, m.value AS measurement, f.value AS fact FROM day AS d CROSS JOIN (VALUES ('sold', 1), ('sold twice', 2)) AS k (kpi, times)
		LEFT JOIN kpi.measurement AS m ON m.kpi = k.kpi AND m.segment = '' AND m.period_start = d.day
		LEFT JOIN kpi_bi.fact_day AS f ON f.kpi = k.kpi AND f.segment_key = 0 AND f.period_start = d.day
		WHERE m.value IS DISTINCT FROM k.times * d.sold OR f.value IS DISTINCT FROM (k.times * d.sold)::float8
	UNION ALL
	SELECT 'stored events', NULL, n.sold, n.stored, NULL FROM (SELECT (SELECT count(*) FROM other.sale) AS sold, (SELECT sum(kpi.length(timeline)) FROM other.sales_timelines) AS stored) AS n WHERE n.sold IS DISTINCT FROM n.stored
	UNION ALL
	SELECT 'other steps', NULL, n.sold, n.published, NULL FROM (SELECT (SELECT count(DISTINCT who) FROM other.sale) AS sold, (SELECT s.actors FROM kpi_bi.funnel_step AS s JOIN kpi_bi.dim_analysis AS a USING (analysis_key) WHERE a.analysis = 'other steps' AND s.step = 1) AS published) AS n
		WHERE n.sold IS DISTINCT FROM n.published});
my $sales = q{INSERT INTO other.sale VALUES ('2026-03-20 12:00Z', 1, 'buy', 1000), ('2026-03-01 12:00Z', 99, 'buy', 500)};
my $refresh = q{CALL kpi.refresh(as_of => '2026-03-21 09:00Z')};

# A database as it is now, in which something is tried.
my $number = 0;
sub try_in_a_copy
{
	my ($do) = @_;
	my $database = 'attacked_' . ++$number;
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE attacked");
	my @answer = $do->($database);
	$node->safe_psql('postgres', "DROP DATABASE $database");
	return @answer;
}

my ($wrong) = try_in_a_copy(sub { $node->safe_psql($_[0], "$sales; SELECT kpi, count(*) FROM other.wrong GROUP BY 1 ORDER BY 1") });
is($wrong, "other steps|1\nsold|2\nsold twice|2\nstored events|1", 'what was not read is noticed');

# ---- the values ----

# those that are not refused, each tried where the one before is undone
my ($accepted) = try_in_a_copy(sub { $node->safe_psql($_[0], q{
	CREATE TABLE attack_rows.accepted (relation text, attribute text, value text);
	DO $$
	DECLARE r record; n bigint;
	BEGIN
		FOR r IN SELECT * FROM attack_rows.hostile_values LOOP
			BEGIN
				SET LOCAL ROLE attack_rows_author;
				n := attack_rows.write(r.relation, r.attribute, r.value);
				RESET ROLE;
				RAISE SQLSTATE 'KP002';
			EXCEPTION WHEN SQLSTATE 'KP002' THEN
				INSERT INTO attack_rows.accepted SELECT r.relation, r.attribute, r.value WHERE n > 0;
			END;
		END LOOP;
	END $$;
	SELECT format('%L, %L, %L', relation, attribute, value) FROM attack_rows.accepted ORDER BY relation COLLATE "C", attribute COLLATE "C", value COLLATE "C"}) });
my @accepted = split /\n/, $accepted;
cmp_ok(scalar @accepted, '>', 300, 'the author may write ' . @accepted . ' of the values');

# ---- each, and the next refresh of everything by a superuser ----

my $allowed = @accepted;
@accepted = shuffle @accepted;
splice @accepted, $cases if $cases < @accepted;
my (@stopped, @warned);
my $complaints = 0;
for my $written (@accepted)
{
	try_in_a_copy(sub {
		my ($database) = @_;
		$node->safe_psql($database, "SET ROLE attack_rows_author; SELECT attack_rows.write($written)");
		my ($code, $answer, $error) = $node->psql($database, "SET client_min_messages = warning; $sales; $refresh; SELECT * FROM other.wrong");
		push @stopped, "$written: $code $answer $error" if $code != 0 || $answer ne '';
		# what is wrong with its own it is told, in words that it can do something with
		push @warned, "$written: $error" if $error =~ /"(sold|sold twice|sales|other steps)"/ || $error =~ /WARNING/ && $error !~ /does not exist|has no column|should belong to/;
		$complaints++ if $error ne '';
	});
}
note("figure: $allowed values that are not refused, " . @accepted . " tried; $complaints refreshes complained");
is(join("\n", @stopped), '', @accepted . ' values: the refresh did all that was to do of the other author');
is(join("\n", @warned), '', 'complaints are of nothing of that one, and say what is wrong');

$node->stop;
done_testing();
