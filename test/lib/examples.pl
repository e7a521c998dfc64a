# Takes the examples out of a Markdown file: each ```sql block that a plain ``` block follows, as NN.sql and NN.expected in a folder;
# blocks without an answer, which the later ones may need, as NN.sql alone.
use strict;
use warnings;

my ($file, $folder) = @ARGV;
open(my $in, '<', $file) or die "$file: $!\n";
my ($kind, $text, $n, $waiting) = ('', '', 0, 0);

sub save
{
	my ($name, $content) = @_;
	open(my $out, '>', "$folder/$name") or die "$folder/$name: $!\n";
	print $out $content;
	close($out);
}

while (my $line = <$in>)
{
	if ($line =~ /^```(\w*)\s*$/)
	{
		if ($kind eq '')
		{
			$kind = $1 eq '' ? 'answer' : $1;
			$text = '';
			next;
		}
		if ($kind eq 'sql')
		{
			$text =~ s/^CREATE EXTENSION .*\n//mg;
			save(sprintf('%02d.sql', ++$n), $text);
			$waiting = 1;
		}
		elsif ($kind eq 'answer' && $waiting)
		{
			save(sprintf('%02d.expected', $n), $text);
			$waiting = 0;
		}
		$kind = '';
		next;
	}
	$text .= $line if $kind ne '';
	# what is said in between parts an example from what stands below it
	$waiting = 0 if $kind eq '' && $line =~ /\S/;
}
