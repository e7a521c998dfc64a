# The files of test/golden: values whose bytes stay readable for ever (its README.md says what is in them).
#
#   my @cases = Golden::cases("golden/1/funnel.golden");
#   $case->{name}, {made} (SQL), {once}, {bytes} (hex), {text}, {asks} ([question, answer], ...)
package Golden;

use strict;
use warnings;

sub lines_of
{
	my ($file) = @_;
	open(my $in, '<', $file) or die "$file: $!";
	my @lines = <$in>;
	close($in);
	chomp @lines;
	return @lines;
}

sub cases
{
	my ($file) = @_;
	my @cases;
	for my $line (lines_of($file))
	{
		next if $line =~ /^(#|$)/;
		my ($key, $rest) = $line =~ /^(case|from|once|bytes|text|ask|is) ?(.*)$/ or die "$file: what is \"$line\"?";
		push @cases, { name => $rest, bytes => '', asks => [] } if $key eq 'case';
		my $case = $cases[-1];
		($case->{made}, $case->{once}) = ($rest, $key eq 'once') if $key eq 'from' || $key eq 'once';
		$case->{bytes} .= $rest if $key eq 'bytes';
		$case->{text} = $rest if $key eq 'text';
		push @{ $case->{asks} }, [$rest] if $key eq 'ask';
		$case->{asks}[-1][1] = $rest if $key eq 'is';
	}
	return @cases;
}

# The same file with what cases that are not frozen yet lack; those that are stay as they are.
sub freeze
{
	my ($file, $out_file, @cases) = @_;
	open(my $out, '>', $out_file) or die "$out_file: $!";
	print $out map { "$_\n" } grep { /^#/ } lines_of($file);
	for my $case (@cases)
	{
		print $out "\ncase $case->{name}\n", $case->{once} ? 'once' : 'from', " $case->{made}\n";
		print $out "bytes $_\n" for $case->{bytes} =~ /.{1,160}/g;
		print $out "text $case->{text}\n";
		print $out "ask $_->[0]\nis $_->[1]\n" for @{ $case->{asks} };
	}
	close($out) or die "$out_file: $!";
	return;
}

# Rows of a name and a value as COPY ... (FORMAT binary) reads them.
sub binary_copy
{
	my ($file, @cases) = @_;
	open(my $out, '>:raw', $file) or die "$file: $!";
	print $out "PGCOPY\n\xff\r\n\0", pack('NN', 0, 0);
	for my $case (@cases)
	{
		my $bytes = pack('H*', $case->{bytes});
		print $out pack('n', 2), pack('N/a*', $case->{name}), pack('N/a*', $bytes);
	}
	print $out pack('n', 0xffff);
	close($out) or die "$file: $!";
	return;
}

1;
