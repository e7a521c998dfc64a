# Is META.json what the PGXN Meta Spec 1.0.0 asks for, and are the files that it names there?
#
#   perl check_meta.pl META.json FOLDER VERSION
#
# FOLDER is what will be the root of the distribution, VERSION the one that everything should have. Says what is wrong, a line each.
use strict;
use warnings;
use JSON::PP;

my ($file, $folder, $wanted) = @ARGV;
die "usage: check_meta.pl META.json FOLDER VERSION\n" unless defined $wanted;

my @wrong;
my %licenses = map { $_ => 1 } qw(agpl_3 apache_1_1 apache_2_0 artistic_1 artistic_2 bsd freebsd gfdl_1_2 gfdl_1_3 gpl_1 gpl_2 gpl_3 lgpl_2_1 lgpl_3_0
	mit mozilla_1_0 mozilla_1_1 openssl perl_5 postgresql qpl_1_0 ssleay sun zlib open_source restricted unrestricted unknown);

sub wrong { push @wrong, shift }

sub text
{
	my ($where, $value) = @_;
	return 1 if defined $value && !ref $value && $value =~ /\S/;
	wrong("$where: a text is needed");
	return 0;
}

# a name that may be part of a URL
sub term
{
	my ($where, $value) = @_;
	wrong("$where: \"$value\" is no term (two characters at least, no blanks, no slashes)")
	  if text($where, $value) && ($value =~ m{[\s[:cntrl:]/\\]} || length $value < 2);
}

# version 2 of semantic versioning, and that one of PGXN that lets a "v" stand before it
my $semver = qr/(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-?[A-Za-z][0-9A-Za-z.-]*|-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?/;

sub version
{
	my ($where, $value) = @_;
	wrong("$where: \"$value\" is no semantic version") if text($where, $value) && $value !~ /\A$semver\z/;
}

# "1.2.3", ">= 1.2.3, < 2.0.0", or 0 for any
sub range
{
	my ($where, $value) = @_;
	return unless text($where, $value);
	for my $one (split /\s*,\s*/, $value)
	{
		wrong("$where: \"$one\" is no version or range of versions") unless $one =~ /\A(?:(?:[<>]=?|[!=]=)\s*)?(?:$semver|0)\z/;
	}
}

sub url
{
	my ($where, $value) = @_;
	wrong("$where: \"$value\" is no URL") if text($where, $value) && $value !~ m{\A[a-z][a-z0-9+.-]*://[^/\s]+\S*\z}i;
}

sub file
{
	my ($where, $value) = @_;
	return unless text($where, $value);
	wrong("$where: \"$value\" leads out of the distribution") if $value =~ m{\A/|(?:\A|/)\.\.(?:/|\z)};
	wrong("$where: there is no file \"$value\"") unless -f "$folder/$value";
}

sub is_map
{
	my ($where, $value) = @_;
	return 1 if ref $value eq 'HASH';
	wrong("$where: a map is needed");
	return 0;
}

# what is not in the spec has to begin with x_
sub known
{
	my ($where, $map, @keys) = @_;
	my %known = map { $_ => 1 } @keys;
	for my $key (sort keys %$map)
	{
		wrong("$where$key: the spec knows no such key; one's own begin with x_") unless $known{$key} || $key =~ /\A[xX]_/;
	}
}

sub each_of { my $value = shift; return ref $value eq 'ARRAY' ? @$value : ($value) }

my $meta = eval {
	open(my $in, '<:raw', $file) or die "$file: $!\n";
	local $/;
	JSON::PP->new->utf8->decode(scalar <$in>);
};
die "$file: $@" unless defined $meta;
die "$file: not a map\n" unless is_map('META.json', $meta);

known('', $meta, qw(name version abstract description maintainer license provides prereqs resources tags no_index release_status generated_by meta-spec));
for my $key (qw(name version abstract maintainer license provides meta-spec))
{
	wrong("$key: missing") unless defined $meta->{$key};
}
term('name', $meta->{name}) if defined $meta->{name};
version('version', $meta->{version}) if defined $meta->{version};
text($_, $meta->{$_}) for grep { exists $meta->{$_} } qw(abstract description generated_by);
if (exists $meta->{maintainer})
{
	my @maintainers = each_of($meta->{maintainer});
	wrong('maintainer: nobody') unless @maintainers;
	text('maintainer', $_) for @maintainers;
}
if (ref($meta->{license}) eq 'HASH')
{
	url("license.$_", $meta->{license}{$_}) for sort keys %{ $meta->{license} };
}
elsif (exists $meta->{license})
{
	my @licenses = each_of($meta->{license});
	wrong('license: none') unless @licenses;
	for my $license (@licenses)
	{
		wrong("license: the spec knows no \"$license\"") if text('license', $license) && !$licenses{$license};
	}
}
if (exists $meta->{provides} && is_map('provides', $meta->{provides}))
{
	wrong('provides: nothing') unless %{ $meta->{provides} };
	for my $name (sort keys %{ $meta->{provides} })
	{
		my ($where, $one) = ("provides.$name", $meta->{provides}{$name});
		term($where, $name);
		next unless is_map($where, $one);
		known("$where.", $one, qw(file version abstract docfile));
		file("$where.file", $one->{file});
		file("$where.docfile", $one->{docfile}) if exists $one->{docfile};
		text("$where.abstract", $one->{abstract}) if exists $one->{abstract};
		version("$where.version", $one->{version});
	}
}
if (exists $meta->{prereqs} && is_map('prereqs', $meta->{prereqs}))
{
	for my $phase (sort keys %{ $meta->{prereqs} })
	{
		wrong("prereqs.$phase: no such phase") unless $phase =~ /\A(?:configure|build|test|runtime|develop|[xX]_.*)\z/;
		next unless is_map("prereqs.$phase", $meta->{prereqs}{$phase});
		for my $relation (sort keys %{ $meta->{prereqs}{$phase} })
		{
			my ($where, $packages) = ("prereqs.$phase.$relation", $meta->{prereqs}{$phase}{$relation});
			wrong("$where: no such relation") unless $relation =~ /\A(?:requires|recommends|suggests|conflicts|[xX]_.*)\z/;
			next unless is_map($where, $packages);
			for my $package (sort keys %$packages)
			{
				term($where, $package);
				range("$where.$package", $packages->{$package});
			}
		}
	}
}
if (exists $meta->{resources} && is_map('resources', $meta->{resources}))
{
	my $r = $meta->{resources};
	known('resources.', $r, qw(homepage license bugtracker repository));
	url('resources.homepage', $r->{homepage}) if exists $r->{homepage};
	url('resources.license', $_) for exists $r->{license} ? each_of($r->{license}) : ();
	for my $key (grep { exists $r->{$_} && is_map("resources.$_", $r->{$_}) } qw(bugtracker repository))
	{
		known("resources.$key.", $r->{$key}, $key eq 'bugtracker' ? qw(web mailto) : qw(url web type));
		url("resources.$key.$_", $r->{$key}{$_}) for grep { exists $r->{$key}{$_} } qw(web url);
		wrong("resources.$key.mailto: no address") if exists $r->{$key}{mailto} && $r->{$key}{mailto} !~ /.@./;
		wrong("resources.$key.type: lower case, as git") if exists $r->{$key}{type} && $r->{$key}{type} !~ /\A[^[:upper:]]+\z/;
	}
}
for my $tag (exists $meta->{tags} ? each_of($meta->{tags}) : ())
{
	wrong("tags: \"$tag\" is no tag (256 characters at most, no slashes)") if text('tags', $tag) && ($tag =~ m{[[:cntrl:]/\\]} || length $tag > 256);
}
wrong("release_status: \"$meta->{release_status}\" is not stable, testing or unstable")
  if exists $meta->{release_status} && $meta->{release_status} !~ /\A(?:stable|testing|unstable)\z/;
if (exists $meta->{'meta-spec'} && is_map('meta-spec', $meta->{'meta-spec'}))
{
	wrong('meta-spec.version: it is not 1.0.0') unless ($meta->{'meta-spec'}{version} // '') eq '1.0.0';
	url('meta-spec.url', $meta->{'meta-spec'}{url}) if exists $meta->{'meta-spec'}{url};
}

# what the spec does not ask for, but who installs it
for ([ 'version', $meta->{version} ], map { [ "provides.$_.version", $meta->{provides}{$_}{version} ] } ref $meta->{provides} eq 'HASH' ? sort keys %{ $meta->{provides} } : ())
{
	wrong("$_->[0]: it is not $wanted, as in the control file") unless ($_->[1] // '') eq $wanted;
}

print "META.json: $_\n" for @wrong;
exit(@wrong ? 1 : 0);
