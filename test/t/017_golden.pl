# Bytes that a released version has written stay readable: every value of test/golden, as a client sends it and as a table
# holds it, gives the same text and the same answers, and is written as the same bytes again.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use Golden;
use KpiNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $golden = "$FindBin::RealBin/golden";
my $freeze = $ENV{KPI_FREEZE};
my $dir = PostgreSQL::Test::Utils::tempdir();
chmod 0755, $dir;

my $node = KpiNode->init('golden', extra => [ '-E', 'UTF8', '--no-locale' ]);
$node->append_conf('postgresql.conf', "timezone = 'UTC'\ndatestyle = 'ISO'\nextra_float_digits = 1\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION kpi_track');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', "$golden/events.sql" ], 'what values are made from');

# One line for each expression.
sub answers
{
	my ($from, @expressions) = @_;
	my $lines = join(', ', map { "coalesce(replace(($_)::text, E'\\n', '\\n'), 'NULL')" } @expressions);
	my @answers = split /\n/, $node->safe_psql('postgres', "SELECT unnest(ARRAY[$lines]) $from"), -1;
	return @answers;
}
sub quoted { my ($text) = @_; return "\$golden\$$text\$golden\$"; }

# every type that has values: none may be without golden ones
my @types = split /\n/, $node->safe_psql('postgres',
	q{SELECT typname FROM pg_type JOIN pg_depend ON classid = 'pg_type'::regclass AND objid = pg_type.oid AND deptype = 'e' WHERE refobjid = (SELECT oid FROM pg_extension WHERE extname = 'kpi_track') AND typtype = 'b' AND typelem = 0 ORDER BY 1});
cmp_ok(scalar @types, '>=', 21, 'types that have values');

my %newest;
for my $type (@types)
{
	($newest{$type}) = sort { $b <=> $a } map { m{/(\d+)/[^/]*$} } glob("$golden/*/$type.golden");
	ok($newest{$type}, "$type has golden values") or next;
	# the bytes alone, as a table holds them: only a superuser can say so, and only here
	$node->safe_psql('postgres', "CREATE TABLE golden.sent_$type (name text PRIMARY KEY, v kpi.$type); CREATE TABLE golden.held_$type (name text PRIMARY KEY, v kpi.$type);
		CREATE CAST (bytea AS kpi.$type) WITHOUT FUNCTION; CREATE CAST (kpi.$type AS bytea) WITHOUT FUNCTION");
}

sub check_case
{
	my ($type, $version, $case) = @_;
	my $what = "$type $version, $case->{name}";
	my @asks = @{ $case->{asks} };
	is(hex substr($case->{bytes}, 0, 2), $version, "$what: of that version");
	for my $way ('sent', 'held')
	{
		my ($text, $sent, $held, $read, $same, @is) = answers("FROM golden.${way}_$type WHERE name = " . quoted($case->{name}),
			'v', "encode(kpi.${type}_send(v), 'hex')", "encode(v::bytea, 'hex')", "encode(kpi.${type}_send(v::text::kpi.$type), 'hex')",
			"v OPERATOR(kpi.=) (SELECT o.v FROM golden.sent_$type AS o WHERE o.name = " . quoted($case->{name}) . ")", map { $_->[0] } @asks);
		is($text, $case->{text}, "$what, $way: text");
		is($sent, $case->{bytes}, "$what, $way: sent as the same bytes");
		is($held, $case->{bytes}, "$what, $way: held as the same bytes");
		# an older form is read, and what is read from its text is of the newest
		is($read, $case->{bytes}, "$what, $way: its text makes the same bytes") if $version == $newest{$type};
		is($same, 'true', "$what, $way: equal to itself");
		is($is[$_], $asks[$_][1], "$what, $way: $asks[$_][0]") for 0 .. $#asks;
	}
	return;
}

for my $type (grep { $newest{$_} } @types)
{
	for my $version (1 .. $newest{$type})
	{
		my $file = "$golden/$version/$type.golden";
		ok(-f $file, "$type: version $version is still tested") or next;
		my @cases = Golden::cases($file);
		cmp_ok(scalar @cases, '>', 0, "$type $version: cases");
		if (defined $freeze)
		{
			for my $case (grep { $_->{bytes} eq '' } @cases)
			{
				($case->{text}, $case->{bytes}, my @is) = answers("FROM (SELECT $case->{made} AS v) AS made", 'v', "encode(kpi.${type}_send(v), 'hex')", map { $_->[0] } @{ $case->{asks} });
				$case->{asks}[$_][1] = $is[$_] for 0 .. $#is;
			}
			mkdir "$freeze/$version";
			Golden::freeze($file, "$freeze/$version/$type.golden", @cases);
		}
		is(join(', ', map { $_->{name} } grep { $_->{bytes} eq '' || !defined $_->{text} || grep { !defined $_->[1] } @{ $_->{asks} } } @cases), '', "$type $version: all are frozen");
		@cases = grep { $_->{bytes} ne '' } @cases;
		Golden::binary_copy("$dir/$type.copy", @cases);
		$node->safe_psql('postgres', "TRUNCATE golden.sent_$type, golden.held_$type; COPY golden.sent_$type FROM '$dir/$type.copy' (FORMAT binary);" .
			join('', map { "INSERT INTO golden.held_$type VALUES (" . quoted($_->{name}) . ", '\\x$_->{bytes}'::bytea::kpi.$type);" } @cases));
		check_case($type, $version, $_) for @cases;
		# what is sent back is what came
		$node->safe_psql('postgres', "COPY (SELECT * FROM golden.sent_$type) TO '$dir/$type.out' (FORMAT binary)");
		is(slurp_file("$dir/$type.out"), slurp_file("$dir/$type.copy"), "$type $version: COPY writes what it has read");
		# the newest format is what is written today
		next if $version != $newest{$type};
		for my $case (grep { !$_->{once} } @cases)
		{
			is((answers("FROM (SELECT $case->{made} AS v) AS made", "encode(kpi.${type}_send(v), 'hex')"))[0], $case->{bytes}, "$type $version, $case->{name}: made again");
		}
	}
	# and what nobody has written yet is refused, not misread
	my $future = sprintf('%02x', $newest{$type} + 1);
	for my $bad ([ $future, qr/unsupported version|is a later one/ ], [ '', qr/no version/ ])
	{
		my ($status, $out, $err) = $node->psql('postgres', "SELECT v::text FROM (SELECT '\\x$bad->[0]'::bytea::kpi.$type AS v) AS x");
		like($err, $bad->[1], "$type: bytes \"$bad->[0]\" are refused");
	}
}

$node->stop;
done_testing();
