# A session that is to be killed: it runs statements, and some time later it, a worker of it, or the whole server dies.
#
#   my $victim = KpiVictim->start($node, 'SELECT ...; SELECT ...;');
#   $victim->wait_for(0.3);        # seconds, or until it is done
#   $victim->die_by('postmaster'); # one of KpiVictim::ways; the server is back when this returns
#   $victim->{landed}              # whether it was still at work
package KpiVictim;

use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Time::HiRes qw(sleep time);

# kill -9 of the session, of one of its parallel workers; of the postmaster and all that are left; pg_ctl stop -m immediate; SIGTERM, which is
# pg_terminate_backend
our @ways = ('session', 'worker', 'postmaster', 'immediate', 'terminate');

# For the configuration of a server: no plan is parallel until max_parallel_workers_per_gather says so, and then every one is.
our $settings = q{
	autovacuum = off
	jit = off
	max_parallel_workers_per_gather = 0
	parallel_setup_cost = 0
	parallel_tuple_cost = 0
	min_parallel_table_scan_size = 0
};

sub start
{
	my ($class, $node, $sql) = @_;
	my $self = bless { node => $node, out => '', err => '', in => "SELECT 'victim ' || pg_backend_pid();\n$sql\n\\echo done\n" }, $class;
	# stdin stays open: when the statements are through, the session waits to be killed
	$self->{psql} = IPC::Run::start([ 'psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres') . ' application_name=victim' ],
		'<', \$self->{in}, '>', \$self->{out}, '2>', \$self->{err}, IPC::Run::timeout(180));
	$self->{psql}->pump until $self->{out} =~ /^victim (\d+)\n/m;
	($self->{pid}) = $self->{out} =~ /^victim (\d+)\n/m;
	return $self;
}

# What it has printed, without our own lines.
sub answer
{
	my ($self) = @_;
	return $self->{out} =~ s/^(?:victim \d+|done)\n//mgr;
}

sub done { return shift->{out} =~ /^done\n/m; }

sub wait_for
{
	my ($self, $seconds) = @_;
	my $until = time + $seconds;
	while ((my $left = $until - time) > 0)
	{
		$self->{psql}->pump_nb;
		last if $self->done;
		sleep($left < 0.02 ? $left : 0.02);
	}
	return;
}

# Runs to the end; returns how long that took.
sub run
{
	my ($self) = @_;
	my $started = time;
	$self->{psql}->pump until $self->done;
	my $seconds = time - $started;
	$self->{psql}->finish;
	return $seconds;
}

# Processes of the server, by their parent: [ pid, title ].
sub children
{
	my ($postmaster) = @_;
	my @found;
	for my $directory (glob '/proc/[0-9]*')
	{
		open my $file, '<', "$directory/stat" or next;
		my ($parent) = (<$file> // '') =~ /\) \S (\d+) /;
		close $file;
		next if !defined $parent || $parent != $postmaster;
		open $file, '<', "$directory/cmdline" or next;
		my $title = <$file> // '';
		close $file;
		push @found, [ $directory =~ /(\d+)$/, $title ];
	}
	return @found;
}

sub postmaster
{
	my ($node) = @_;
	my ($pid) = slurp_file($node->data_dir . '/postmaster.pid') =~ /^(\d+)/;
	return $pid;
}

# Waits until the log says so, behind this position.
sub wait_for_log
{
	my ($node, $line, $from) = @_;
	my $until = time + 120;
	while (substr(slurp_file($node->logfile), $from) !~ $line)
	{
		die "the server does not say: $line" if time > $until;
		sleep(0.02);
	}
	return;
}

sub die_by
{
	my ($self, $way) = @_;
	my $node = $self->{node};
	my $log_end = -s $node->logfile;
	my $pid = $self->{pid};
	if ($way eq 'worker')
	{
		my @workers = grep { $_->[1] =~ /parallel worker for PID $self->{pid}\b/ } children(postmaster($node));
		$pid = @workers ? $workers[ rand @workers ][0] : $pid;
		$self->{worker} = @workers > 0;
	}
	$self->{psql}->pump_nb;
	$self->{landed} = !$self->done;
	if ($way eq 'session' || $way eq 'worker')
	{
		# a worker may have come to its end by now
		kill('KILL', $pid) == 1 or kill('KILL', $self->{pid}) == 1 or die 'the victim is gone';
		wait_for_log($node, qr/database system is ready to accept connections/, $log_end);
	}
	elsif ($way eq 'terminate')
	{
		kill('TERM', $pid) == 1 or die 'the victim is gone';
		my $until = time + 120;
		while (kill(0, $pid))
		{
			die 'the victim does not end' if time > $until;
			sleep(0.01);
		}
	}
	elsif ($way eq 'immediate')
	{
		$node->stop('immediate');
		$self->leave;
		$node->start;
	}
	elsif ($way eq 'postmaster')
	{
		my @others = children(postmaster($node));
		$node->kill9;
		# what the kernel does when memory runs out: the others follow, not all at once
		for my $other (@others)
		{
			sleep(rand(0.01));
			kill('KILL', $other->[0]);
		}
		my $until = time + 120;
		# the shared memory is in use until the last one is gone
		while (grep { kill(0, $_->[0]) } @others)
		{
			die 'processes do not die' if time > $until;
			sleep(0.01);
		}
		$self->leave;
		$node->start;
	}
	else
	{
		die "there is no way \"$way\"";
	}
	$self->leave;
	return;
}

# Its client goes. Before a server is started, which would inherit the pipes and keep them open.
sub leave
{
	my ($self) = @_;
	my $psql = delete $self->{psql} or return;
	# it complains of the server, as it should
	eval { $psql->finish };
	return;
}

# Temporary files of the whole server, wherever they are.
sub temporary_files
{
	my ($node) = @_;
	my $data = $node->data_dir;
	return map { glob "$_/*" } glob("$data/base/pgsql_tmp"), glob("$data/pg_tblspc/*/*/pgsql_tmp");
}

1;
