# report.pl QUERIES LOG: how many queries ran, how many of them asked kpi_track, what they ended with. Fails after a crash or
# an internal error of kpi_track.
use strict;
use warnings;

my ($wanted, $log) = @ARGV;
my ($queries, $ours, %state, @bad) = (0, 0);
my ($error, $statement) = ('', '');
my $started = qr/^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[\d+\] (\S{5})? ?(\w+): +/;

# one entry: its first line and those that go on
my @entry;
sub entry
{
	my $text = join('', splice @entry);
	return if $text eq '';
	if ($text !~ $started)
	{
		push @bad, $text if $text =~ /^TRAP/m;
		return;
	}
	my ($code, $kind) = ($1 // '', $2);
	if ($kind eq 'LOG' && $text =~ /(?:statement|execute [^:]*): /)
	{
		$queries++;
		$ours++ if $text =~ /\bkpi\.\w+\(/;
	}
	elsif ($kind eq 'ERROR' || $kind eq 'FATAL' || $kind eq 'PANIC')
	{
		$state{$code}++;
		$error = $text if $code =~ /^XX/;
	}
	elsif ($kind eq 'LOCATION' && $error ne '')
	{
		# the file that raised it
		push @bad, "$error$text" if $text !~ /, (?:\w+)\.c:\d+/ || is_ours($text);
		$error = '';
	}
	push @bad, $text if $text =~ /^TRAP|was terminated by signal|PANIC:/m;
	return;
}

# the names of our files; of those that the server has, too, the message decides
my %file;
sub is_ours
{
	my ($text) = @_;
	if (!%file)
	{
		(my $top = $0) =~ s{/?[^/]*/[^/]*/[^/]*$}{};
		$top = '.' if $top eq '';
		open(my $find, '-|', 'find', "$top/src", '-name', '*.c') or die "find: $!";
		while (<$find>)
		{
			chomp;
			s{.*/}{};
			$file{$_} = 1;
		}
		close($find);
		die "no sources under $top/src" unless %file;
	}
	return $text =~ /, (\w+\.c):\d+/ && $file{$1};
}

open(my $file, '<', $log) or die "$log: $!";
while (<$file>)
{
	entry() if /$started/ || /^TRAP/;
	push @entry, $_;
}
entry();
close($file);

print "$queries statements, $ours of them with functions of kpi_track; they ended with:\n";
print "  $_: $state{$_}\n" for sort { $state{$b} <=> $state{$a} } keys %state;
print "failure: $_\n" for @bad;
printf "%d failures\n", scalar @bad;
if ($queries < $wanted || $ours == 0)
{
	print "that is too few to say anything\n";
	exit 1;
}
exit(@bad > 0);
