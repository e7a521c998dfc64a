# A PostgreSQL::Test::Cluster that finds the extension under test.
#
#   use lib 't/lib';  use KpiNode;
#   my $node = KpiNode->start('primary');                    # a running server
#   my $node = KpiNode->init('primary', allows_streaming => 1);   # not started yet
#   my $node = KpiNode->init('old', install_path => '/usr/lib/postgresql/15');   # of another server
#   $node->safe_psql('postgres', 'CREATE EXTENSION kpi_track');
#   my $session = KpiNode::session($node);                   # one backend that lives on
#   my ($answer, $errors) = KpiNode::run($session, 'SELECT ...');
#   my ($seed, $cases) = KpiNode::random_cases(7, 60);       # for tests that choose at random
package KpiNode;

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

sub init
{
	my ($class, $name, %options) = @_;
	my @of = defined $options{install_path} ? (install_path => delete $options{install_path}) : ();
	my $node = PostgreSQL::Test::Cluster->new($name, @of);
	$node->init(%options);
	configure($node);
	return $node;
}

sub start
{
	my ($class, $name, %options) = @_;
	my $node = $class->init($name, %options);
	$node->start;
	return $node;
}

# For nodes made another way, such as from a backup of a node without these lines.
sub configure
{
	my ($node) = @_;
	my $settings = $ENV{KPI_EXTENSION_CONF} // '';
	if ($settings eq '' && defined $ENV{KPI_EXTENSION_DESTDIR})
	{
		$settings = "extension_destdir = '$ENV{KPI_EXTENSION_DESTDIR}'";
	}
	$node->append_conf('postgresql.conf', "$settings\n");
	return;
}

# Which random cases a test takes, and how many: KPI_SEED and KPI_CASES, or what it usually does; it is told, to have them again.
sub random_cases
{
	my ($seed, $cases) = @_;
	$seed = $ENV{KPI_SEED} // $seed;
	$cases = $ENV{KPI_CASES} // $cases;
	srand($seed);
	Test::More::note("KPI_SEED=$seed KPI_CASES=$cases");
	return ($seed, $cases);
}

# A psql that stays connected and goes on after errors.
sub session
{
	my ($node) = @_;
	if (!eval { require PostgreSQL::Test::BackgroundPsql; 1 })
	{
		# minor releases before 2024
		Test::More::plan(skip_all => 'the Perl modules of this PostgreSQL know no background_psql objects');
	}
	my $session = $node->background_psql('postgres', on_error_stop => 0, timeout => 300);
	# for each query, not for all that a test asks
	$session->set_query_timer_restart();
	return $session;
}

# Runs statements in such a session: what they printed, and what went to stderr.
sub run
{
	my ($session, $sql) = @_;
	$session->{stderr} = '';
	my $answer = $session->query($sql);
	# minor releases before summer 2024 leave the end of the last line there
	chomp $answer;
	my $errors = $session->{stderr};
	$session->{stderr} = '';
	return wantarray ? ($answer, $errors) : $answer;
}

1;
