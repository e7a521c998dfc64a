# A PostgreSQL::Test::Cluster that finds the extension under test.
#
#   use lib 't/lib';  use KpiNode;
#   my $node = KpiNode->start('primary');                    # a running server
#   my $node = KpiNode->init('primary', allows_streaming => 1);   # not started yet
#   $node->safe_psql('postgres', 'CREATE EXTENSION kpi_track');
package KpiNode;

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

sub init
{
	my ($class, $name, %options) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
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

1;
