# An upgrade ends as a fresh installation: every object, comment and right; and what is stored stays. Of every version that
# has a frozen script in sql/, and of made-up ones, so that the comparison is known to see what is wrong.
use strict;
use warnings FATAL => 'all';
use File::Copy;
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

# versions that no release will have are put next to the real one
my $share = `pg_config --sharedir`;
chomp $share;
my $installed = ($ENV{KPI_EXTENSION_DESTDIR} // '') . "$share/extension";
my $version = (slurp_file("$installed/kpi_track.control") =~ /default_version\s*=\s*'([^']+)'/)[0];
my $destdir = PostgreSQL::Test::Utils::tempdir();
my $files = "$destdir$share/extension";
system('mkdir', '-p', $files, "$destdir/" . `pg_config --pkglibdir`) == 0 or die;
system("cp -R '$ENV{KPI_EXTENSION_DESTDIR}'/. '$destdir'") == 0 or die;

my $node = KpiNode->init('upgrade');
my $conf = $ENV{KPI_EXTENSION_CONF} // '';
plan skip_all => 'this server finds extensions only where they are installed for good' if $conf !~ /\Q$ENV{KPI_EXTENSION_DESTDIR}\E/;
$conf =~ s/\Q$ENV{KPI_EXTENSION_DESTDIR}\E/$destdir/g;
$node->append_conf('postgresql.conf', "$conf\n");
$node->start;

my $objects = slurp_file("$FindBin::RealBin/api/objects.sql");

# Everything that the extension has made in a database, object by object.
sub objects_of
{
	my ($database) = @_;
	my $rows = $node->safe_psql($database, "BEGIN; CREATE SCHEMA objects_of; SET search_path = objects_of, pg_catalog; $objects; SELECT object || ' | ' || api || ' | ' || \"inner\" FROM extension_objects ORDER BY object COLLATE \"C\"; ROLLBACK");
	return split /\n/, $rows;
}

# What one has and the other has not.
sub differences
{
	my ($a, $b) = @_;
	my (%a, %b);
	@a{@$a} = ();
	@b{@$b} = ();
	return ((map { "- $_" } grep { !exists $b{$_} } @$a), (map { "+ $_" } grep { !exists $a{$_} } @$b));
}

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('postgres', 'CREATE ROLE upgrade_reader');
$node->safe_psql('fresh', 'CREATE EXTENSION kpi_track');
my @fresh = objects_of('fresh');
cmp_ok(scalar @fresh, '>', 2000, 'objects of a fresh installation');

# People's things: KPIs, their values, a timeline store with its index, summaries in tables, a view that asks them.
my $things = q{
	CREATE SCHEMA shop;
	CREATE TABLE shop.events AS SELECT i % 50 AS who, timestamptz '2025-11-01Z' + i * interval '7 minutes' AS at, (ARRAY['view', 'cart', 'buy'])[1 + i * i % 3] AS event, CASE WHEN i * i % 3 = 2 THEN i % 90 + 0.5 END AS amount FROM generate_series(1, 3000) AS i;
	SELECT kpi.add_source('shop', 'shop.events', actor => 'who', at => 'at', event => 'event', value => 'amount');
	SELECT kpi.define_sum('revenue', 'shop', 'view', unit => 'EUR', in_schema => 'shop'), kpi.define_funnel('bought', 'shop', 'view -> cart within 7 days', in_schema => 'shop');
	SELECT kpi.store_timelines('shop', 'shop'), kpi.set_target('revenue', '2025-12', 10000);
	CREATE INDEX ON shop.shop_timelines USING gin (timeline);
	CREATE TABLE shop.summaries AS SELECT kpi.funnel(who, at, event, 'view -> cart within 1 day') AS funnel, kpi.retention(who, at, event, 'view -> cart by week for 6') AS retention, kpi.ltv(who, at, amount, 'by month') AS ltv FROM shop.events;
	CREATE VIEW shop.steps AS SELECT s.* FROM shop.summaries, kpi.steps(funnel) AS s;
	SELECT kpi.grant_access('upgrade_reader'), kpi.share('revenue', 'upgrade_reader');
};
sub state_of
{
	my ($database) = @_;
	return join("\n", map { $node->safe_psql($database, $_) } q{SELECT kpi, segment, period_start, value FROM kpi.measurement ORDER BY 1, 2, 3},
		q{SELECT kpi.funnel_send(funnel), kpi.retention_send(retention), kpi.ltv_send(ltv) FROM shop.summaries}, q{TABLE shop.steps},
		q{SET enable_seqscan = off; SELECT count(*) FROM shop.shop_timelines WHERE timeline OPERATOR(kpi.@@) 'cart -> view'},
		q{SELECT kpi, period, actual, target, status FROM kpi.evaluate('2025-12-20 09:00Z') ORDER BY 1},
		q{SET ROLE upgrade_reader; SELECT DISTINCT kpi FROM kpi.measurement});
}

# Installs a version, lives in it, updates; what differs from a fresh installation is returned.
sub upgrade
{
	my ($from, $what) = @_;
	(my $database = "from_$from") =~ s/\W/_/g;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, "CREATE EXTENSION kpi_track VERSION '$from'");
	is($node->safe_psql($database, q{SELECT extversion FROM pg_extension WHERE extname = 'kpi_track'}), $from, "$what: version $from is installed");
	$node->safe_psql($database, $things);
	$node->safe_psql($database, q{CALL kpi.refresh(as_of => '2025-12-20Z')});
	my $before = state_of($database);
	like($before, qr/revenue/, "$what: there is something to keep");
	$node->safe_psql($database, 'ALTER EXTENSION kpi_track UPDATE');
	is($node->safe_psql($database, q{SELECT extversion FROM pg_extension WHERE extname = 'kpi_track'}), $version, "$what: and updated");
	is(state_of($database), $before, "$what: everything is as it was");
	$node->safe_psql($database, q{INSERT INTO shop.events VALUES (7, '2025-12-19 12:00Z', 'view', 1000)});
	$node->safe_psql($database, q{SELECT kpi.invalidate('revenue', '2025-12-19', '2025-12-20')});
	$node->safe_psql($database, q{CALL kpi.refresh(as_of => '2025-12-21Z')});
	is($node->safe_psql($database, q{SELECT value FROM kpi.measurement WHERE kpi = 'revenue' AND segment = '' AND period_start = '2025-12-19'}), 1000, "$what: what is new is counted");
	is($node->safe_psql($database, q{SELECT count(*) FROM kpi.health WHERE failing}), 0, "$what: and work goes on");
	# rights that people were given would be differences, too
	$node->safe_psql('postgres', "CREATE DATABASE bare_$database");
	$node->safe_psql("bare_$database", "CREATE EXTENSION kpi_track VERSION '$from'");
	my @old = objects_of("bare_$database");
	isnt(join("\n", differences(\@old, \@fresh)), '', "$what: it was another version");
	$node->safe_psql("bare_$database", 'ALTER EXTENSION kpi_track UPDATE');
	return differences([ objects_of("bare_$database") ], \@fresh);
}

# ---- every version that was ever released ----
my @released = map { m{--([0-9.]+)\.sql$} ? $1 : () } glob("$files/kpi_track--*.sql");
for my $from (grep { $_ ne $version } @released)
{
	is(join("\n", upgrade($from, "released $from")), '', "released $from: an upgrade is what a fresh installation is");
}
note "released before $version: " . (join(' ', grep { $_ ne $version } @released) || 'none');

# ---- made-up ones ----
my $script = slurp_file("$files/kpi_track--$version.sql");
sub write_file { my ($name, $text) = @_; open(my $out, '>', "$files/$name") or die "$name: $!"; print $out $text; close($out); return; }

# one function less, another comment, another right
my ($function) = $script =~ /(CREATE FUNCTION \@extschema\@\.roas\(.*?;\nCOMMENT ON FUNCTION \@extschema\@\.roas\(.*?';\n)/s;
ok(defined $function, 'a function to be without');
my ($comment) = $script =~ /(COMMENT ON TYPE \@extschema\@\.pattern IS\n'.*?';\n)/s;
ok(defined $comment, 'a comment to be another');
(my $old = $script) =~ s/\Q$function\E//;
$old =~ s/\Q$comment\E/COMMENT ON TYPE \@extschema\@.pattern IS 'what it was called before';\n/;
$old .= "\nREVOKE EXECUTE ON FUNCTION \@extschema\@.quote_label(text) FROM PUBLIC;\n";
my $good = "\\echo Use \"ALTER EXTENSION\" \\quit\n$function$comment" . "GRANT EXECUTE ON FUNCTION \@extschema\@.quote_label(text) TO PUBLIC;\n";

write_file('kpi_track--0.0.9.sql', $old);
write_file("kpi_track--0.0.9--$version.sql", $good);
my @left = upgrade('0.0.9', 'good script');
# the right that was taken and given again is the default, written down
is(join("\n", @left), '', 'good script: the same as a fresh installation');

my %wrong = (
	'without the function' => [ 14, $comment . "GRANT EXECUTE ON FUNCTION \@extschema\@.quote_label(text) TO PUBLIC;\n", qr/^\+ function kpi\.roas\(/ ],
	'without the comment' => [ 15, $function . "GRANT EXECUTE ON FUNCTION \@extschema\@.quote_label(text) TO PUBLIC;\n", qr/^- type kpi\.pattern / ],
	'without the right' => [ 16, $function . $comment, qr/^- function kpi\.quote_label\(text\).*for nobody/ ],
	'with a volatile function' => [ 17, $good . "ALTER FUNCTION \@extschema\@.roas(\@extschema\@.roi) VOLATILE;\n", qr/^- function kpi\.roas.* volatile/ ],
	'with another body' => [ 18, $good . "ALTER FUNCTION \@extschema\@.version() SET search_path = pg_catalog;\n", qr/^- function kpi\.version\(\)/ ],
	'with a column' => [ 19, $good . "ALTER TABLE \@extschema\@.kpi ADD COLUMN more integer;\n", qr/^- column kpi\.kpi\.more / ],
	'without a policy' => [ 20, $good . "DROP POLICY read ON \@extschema\@.measurement;\n", qr/^\+ policy read on kpi\.measurement/ ],
	'with an index' => [ 21, $good . "CREATE INDEX more ON \@extschema\@.kpi (unit);\n", qr/^- index kpi\.more on kpi\.kpi/ ],
	'with a table that is not dumped' => [ 22, $good . "SELECT pg_catalog.pg_extension_config_dump('\@extschema\@.kpi', 'WHERE false');\n", qr/^- table kpi\.kpi .*WHERE false/ ],
);
for my $what (sort keys %wrong)
{
	my ($minor, $text, $seen) = @{ $wrong{$what} };
	write_file("kpi_track--0.0.9--0.0.$minor.sql", $text);
	write_file("kpi_track--0.0.$minor--$version.sql", '-- nothing');
	my $database = "wrong_$minor";
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, "CREATE EXTENSION kpi_track VERSION '0.0.9'");
	$node->safe_psql($database, "ALTER EXTENSION kpi_track UPDATE TO '0.0.$minor'");
	my @seen = differences([ objects_of($database) ], \@fresh);
	ok((grep { $_ =~ $seen } @seen), "a script $what is seen") or diag(join("\n", @seen));
	cmp_ok(scalar @seen, '<=', 2, "a script $what: nothing else is");
	$node->safe_psql('postgres', "DROP DATABASE $database");
}

# ---- what cannot be done is refused, and nothing has happened then ----
sub refused
{
	my ($sql, $error, $what) = @_;
	my ($status, $out, $err) = $node->psql('fresh', $sql);
	isnt($status, 0, "$what is refused");
	like($err, $error, "$what: clearly");
	is($node->safe_psql('fresh', q{SELECT extversion FROM pg_extension WHERE extname = 'kpi_track'}), $version, "$what: nothing has happened");
	return;
}
refused("ALTER EXTENSION kpi_track UPDATE TO '0.0.9'", qr/has no update path from version "\Q$version\E" to version "0\.0\.9"/, 'a downgrade');
refused("ALTER EXTENSION kpi_track UPDATE TO '77.0'", qr/has no update path from version "\Q$version\E" to version "77\.0"/, 'an unknown version');
my ($status, $out, $err) = $node->psql('postgres', "CREATE EXTENSION kpi_track VERSION '77.0'");
like($err, qr/has no installation script nor update path for version "77\.0"/, 'an unknown version is not installed either');
# a script that breaks in the middle leaves the old version, whole
write_file("kpi_track--$version--77.1.sql", "CREATE FUNCTION \@extschema\@.half() RETURNS integer LANGUAGE sql AS 'SELECT 1';\nSELECT 1 / 0;\n");
refused("ALTER EXTENSION kpi_track UPDATE TO '77.1'", qr/division by zero/, 'a broken script');
is(join("\n", differences([ objects_of('fresh') ], \@fresh)), '', 'a broken script: nothing is left of it');

# ---- files and databases of different versions ----
is($node->safe_psql('fresh', q{SELECT extension, library, advice IS NULL FROM kpi.version()}), "$version|$version|t", 'the same version everywhere: nothing to be done');
write_file("kpi_track--$version--88.0.sql", "CREATE FUNCTION \@extschema\@.of_the_future() RETURNS text LANGUAGE C AS 'MODULE_PATHNAME', 'of_the_future';\n");
($status, $out, $err) = $node->psql('fresh', q{ALTER EXTENSION kpi_track UPDATE TO '88.0'});
like($err, qr/could not find function "of_the_future" in file/, 'a script that needs a newer library is refused');
write_file("kpi_track--$version--88.1.sql", "-- nothing that needs it\n");
$node->safe_psql('postgres', 'CREATE DATABASE newer');
$node->safe_psql('newer', q{CREATE EXTENSION kpi_track; ALTER EXTENSION kpi_track UPDATE TO '88.1'});
like($node->safe_psql('newer', q{SELECT extension, library, advice FROM kpi.version()}), qr/^88\.1\|\Q$version\E\|the library is older than the extension: install the files of kpi_track 88\.1, and connect again$/, 'an older library says so');
$node->safe_psql('postgres', 'CREATE DATABASE older');
$node->safe_psql('older', q{CREATE EXTENSION kpi_track VERSION '0.0.9'});
is($node->safe_psql('older', q{SELECT extension, library, advice FROM kpi.version()}), "0.0.9|$version|ALTER EXTENSION kpi_track UPDATE", 'a newer library says what to do');

$node->stop;
done_testing();
