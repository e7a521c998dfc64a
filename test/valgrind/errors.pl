# errors.pl LIBRARY_SOURCES SERVER_LOG VALGRIND_LOG...: the errors whose stack goes through kpi_track, each kind once
# with its count and the tests, and how many others there are. Fails if there is one of kpi_track.
use strict;
use warnings;

my ($sources, $server_log, @logs) = @ARGV;
my $is_ours = qr{\Q$sources\E/src/|/kpi_track\.so};

# which test a backend ran: its line at the end has the name of the application
my %test;
open(my $server, '<', $server_log) or die "$server_log: $!";
while (<$server>)
{
	$test{$1} = $2 if m{\[(\d+)\] pg_regress/(\S+)};
}
close($server);

my (%ours, %tests, %example);
my $others = 0;
for my $log (@logs)
{
	my ($pid) = $log =~ /(\d+)\.log$/ or die $log;
	local $/;
	open(my $file, '<', $log) or die "$log: $!";
	my $text = <$file> // '';
	close($file);
	$text =~ s/^(?:==|--)\d+(?:==|--) ?//mg;
	for my $block (split /\n\s*\n/, $text)
	{
		# what is no stack is a remark of Valgrind's
		next unless $block =~ /^ +at 0x/m;
		if ($block !~ $is_ours)
		{
			$others++;
			next;
		}
		# the same place, whatever the addresses are
		(my $kind = $block) =~ s/0x[0-9A-F]+/0x/g;
		my $first = join("\n", grep { $_ !~ /^ / || /$is_ours/ } (split /\n/, $kind)[0 .. 12]);
		$ours{$first}++;
		$tests{$first}{ $test{$pid} // 'another process' } = 1;
		$example{$first} //= $block;
	}
}
for my $kind (sort { $ours{$b} <=> $ours{$a} } keys %ours)
{
	printf "%d times (%s):\n%s\n\n", $ours{$kind}, join(' ', sort keys %{ $tests{$kind} }), $example{$kind};
}
my $count = 0;
$count += $_ for values %ours;
printf "%d errors of kpi_track at %d places, %d of the server alone\n", $count, scalar keys %ours, $others;
exit($count > 0);
