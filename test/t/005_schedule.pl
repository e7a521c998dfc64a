# kpi.schedule: by the real pg_cron where it is installed, otherwise a line for a crontab, which is run here, too.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $node = KpiNode->init('schedule');
my $share = `pg_config --sharedir`;
chomp $share;
my $has_cron = -e "$share/extension/pg_cron.control";
if ($has_cron)
{
	$node->append_conf('postgresql.conf', "shared_preload_libraries = 'pg_cron'");
	$node->append_conf('postgresql.conf', "cron.database_name = 'postgres'");
	$node->append_conf('postgresql.conf', "cron.host = '" . $node->host . "'");
}
$node->start;
my $shop = q{sh'op=100% \\};
# names for shells and for cron to stumble over
my $odd = qq{it's 5% "\$HOME" \\\r\n* * * * * false};
my $odd_literal = "\$q\$$odd\$q\$";
$node->safe_psql('postgres', qq{CREATE DATABASE "$shop"});
my $setup = qq{
	CREATE EXTENSION kpi_track;
	CREATE TABLE sold AS SELECT date '2026-01-01' AS period_start, 5 AS value;
	SELECT kpi.define('sales', 'sold', unit => 'EUR', adds => 'sum'), kpi.define($odd_literal, 'sold', unit => 'EUR', adds => 'sum');
};
$node->safe_psql($_, $setup) for 'postgres', $shop;

sub refused
{
	my ($call, $error) = @_;
	my ($code, $out, $err) = $node->psql('postgres', "SELECT $call");
	isnt($code, 0, "$call is refused");
	like($err, $error, 'and says why');
	return;
}
refused(q{kpi.schedule('every day')}, qr/"every day" is no schedule/);
refused(q{kpi.schedule(E'* * * * *\n* * * * * root rm')}, qr/is no schedule/);
refused(q{kpi.schedule('* * * *')}, qr/is no schedule/);
refused(q{kpi.schedule('* * * * *', 'saless')}, qr/Perhaps you meant "sales"/);
refused(q{kpi.unschedule()}, qr/there is no schedule of yours "kpi_track postgres"/);

# ---- without pg_cron: the line does what it says ----
my $line = $node->safe_psql('postgres', 'SELECT kpi.schedule()');
like($line, qr/^pg_cron is not installed here\..*: \*\/15 \* \* \* \* psql -X -q -U \w+ -d postgres -c 'CALL kpi\.refresh\(\)'$/, 'a line for a crontab');
sub run_line
{
	my ($answer) = @_;
	my ($command) = $answer =~ /: [0-9*\/]+ \S+ \S+ \S+ \S+ (psql .*)$/ or return fail("no command in: $answer");
	# what cron does with it: an unescaped percent sign would end it
	unlike($command, qr/(?<!\\)%/, 'percent signs are escaped');
	$command =~ s/\\%/%/g;
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	return is(system('sh', '-c', $command), 0, $command);
}
run_line($line);
is($node->safe_psql('postgres', 'SELECT count(*) FROM kpi.measurement'), '2', 'both KPIs are refreshed');
$node->safe_psql('postgres', 'DELETE FROM kpi.measurement; DELETE FROM kpi.watermark');
run_line($node->safe_psql('postgres', qq{SELECT kpi.schedule('0 6 * * *', $odd_literal)}));
is($node->safe_psql('postgres', 'SELECT kpi FROM kpi.measurement'), $odd, 'a KPI of that name');
$line = $node->safe_psql($shop, 'SELECT kpi.schedule()');
if ($has_cron)
{
	like($line, qr/^pg_cron is in the database "postgres"\. There, a superuser runs: SELECT cron\.schedule_in_database\(/, 'pg_cron of another database');
	$line = ': * * * * * ' . $node->safe_psql($shop, q{SELECT replace(kpi.psql_command('CALL kpi.refresh()'), '%', '\%')});
}
run_line($line);
is($node->safe_psql($shop, 'SELECT count(*) FROM kpi.measurement'), '2', 'a database with a name for shells to stumble over');
my $lines = qq{two\nlines};
my $refused = ($node->psql('postgres', qq{CREATE DATABASE "$lines"}))[2];
SKIP:
{
	# PostgreSQL 19 knows no such names
	skip "no database has such a name: $refused", 1 if $refused =~ /contains a newline/;
	$node->safe_psql($lines, 'CREATE EXTENSION kpi_track');
	like(($node->psql($lines, q{SELECT kpi.psql_command('CALL kpi.refresh()')}))[2], qr/ERROR:  the name of the database has a line break, which no line of a crontab can have\n.*HINT:  Use pg_cron, or a script that runs CALL kpi\.refresh\(\)\./s, 'no line break can be written');
}
is($node->safe_psql('postgres', "SELECT name, cron, job FROM kpi.schedule ORDER BY 1"), "kpi_track postgres|*/15 * * * *|\nkpi_track postgres $odd|0 6 * * *|", 'what is scheduled');
$node->safe_psql('postgres', qq{SELECT kpi.unschedule(), kpi.unschedule($odd_literal)});
is($node->safe_psql('postgres', 'SELECT count(*) FROM kpi.schedule'), '0', 'nothing is scheduled');

# somebody's own function of that name is not pg_cron
$node->safe_psql($shop, q{CREATE SCHEMA cron; CREATE FUNCTION cron.schedule(text, text, text) RETURNS bigint LANGUAGE sql AS 'SELECT 666::bigint'});
unlike($node->safe_psql($shop, 'SELECT kpi.schedule()'), qr/666/, 'a false pg_cron is not called');

SKIP:
{
	skip 'pg_cron is not installed', 7 unless $has_cron;
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_cron; DELETE FROM kpi.measurement; DELETE FROM kpi.watermark');
	like($node->safe_psql('postgres', q{SELECT kpi.schedule('* * * * *')}), qr/^pg_cron runs CALL kpi\.refresh\(\) as \w+: \* \* \* \* \* \(job \d+, "kpi_track postgres"\)$/, 'a job of pg_cron');
	like($node->safe_psql('postgres', q{SELECT kpi.schedule('*/1 * * * *')}), qr/: \*\/1 \* /, 'again: changed');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM cron.job JOIN kpi.schedule ON job = jobid'), '1', 'it is one job');
	# as an ordinary role
	$node->safe_psql('postgres', q{CREATE ROLE author LOGIN; SELECT kpi.grant_access('author', 'author'); GRANT USAGE ON SCHEMA cron TO author; SET ROLE author; SELECT kpi.schedule('1 1 1 1 *')});
	is($node->safe_psql('postgres', 'SELECT string_agg(username, chr(32) ORDER BY username) FROM cron.job JOIN kpi.schedule ON job = jobid AND by_role = username'),
		join(' ', sort('author', $node->safe_psql('postgres', 'SELECT current_user'))), 'two roles, a job each');
	my $waited = 0;
	while ($waited < 150 && $node->safe_psql('postgres', 'SELECT count(*) FROM kpi.measurement') ne '2')
	{
		usleep(500_000);
		$waited += 0.5;
	}
	is($node->safe_psql('postgres', 'SELECT count(*) FROM kpi.measurement'), '2', 'pg_cron has refreshed')
		or diag $node->safe_psql('postgres', 'SELECT status, return_message, command FROM cron.job_run_details');
	like($node->safe_psql('postgres', 'SELECT kpi.unschedule()'), qr/^job \d+, "kpi_track postgres", of pg_cron removed$/, 'no job any more');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM cron.job WHERE username = current_user'), '0', 'nor in pg_cron');
}
$node->stop;
done_testing();
