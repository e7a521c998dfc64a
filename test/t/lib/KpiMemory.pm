# The most memory that a backend takes for a query, as the kernel counts it.
#
#   my $why = KpiMemory::missing($node);                         # why it cannot be measured here, undef: it can
#   my ($answer, $kb) = KpiMemory::peak($node, $before, $sql);   # $before: what is set and called first, and not counted
package KpiMemory;

use strict;
use warnings;
use PostgreSQL::Test::Utils;
use KpiNode;

# kB of a backend: at most since the last reset, or now
sub status
{
	my ($pid, $field) = @_;
	return slurp_file("/proc/$pid/status") =~ /^$field:\s*(\d+) kB/m ? $1 : die "no $field";
}

sub reset_peak
{
	my ($pid) = @_;
	open(my $file, '>', "/proc/$pid/clear_refs") or return 0;
	print $file "5\n";
	return close($file);
}

sub missing
{
	my ($node) = @_;
	return 'there is no /proc/PID/status with VmHWM' unless -r '/proc/self/status' && slurp_file('/proc/self/status') =~ /^VmHWM:/m;
	return 'memory is not comparable under a sanitizer' if ($ENV{LD_PRELOAD} // '') =~ /asan/;
	my $session = KpiNode::session($node);
	my $can = reset_peak(scalar KpiNode::run($session, 'SELECT pg_backend_pid()'));
	my $why = "/proc/PID/clear_refs cannot be written: $!";
	$session->quit;
	return $can ? undef : $why;
}

# A backend of its own for each measurement: what malloc keeps of one query would hide the need of the next.
sub peak
{
	my ($node, $before, $sql) = @_;
	my $session = KpiNode::session($node);
	my $pid = KpiNode::run($session, 'SELECT pg_backend_pid()');
	KpiNode::run($session, $before);
	reset_peak($pid) or die "clear_refs: $!";
	my $used = status($pid, 'VmRSS');
	my ($answer, $errors) = KpiNode::run($session, $sql);
	my $peak = status($pid, 'VmHWM') - $used;
	$session->quit;
	Test::More::diag($errors) if $errors ne '';
	return ($answer, $peak);
}

1;
