# One operation with Perl's Net::FTP: HOST PORT USER PASSWORD WAY OPERATION PATH...
use strict;
use warnings;
use Net::FTP;

my ($host, $port, $user, $password, $way, $operation, @paths) = @ARGV;
my $ftp = Net::FTP->new($host, Port => $port, Timeout => 30, Passive => $way =~ /V$/ ? 1 : 0)
  or die "cannot connect: $@\n";

sub must {
    my ($done) = @_;
    die $ftp->code . ' ' . $ftp->message . "\n" unless defined $done && $done ne '';
    return $done;
}

# The first half of a file, and then nothing for as long as nobody types anything.
sub put_half {
    my ($local, $remote) = @_;
    open my $file, '<:raw', $local or die "$local: $!\n";
    read $file, my $half, (-s $local) / 2;
    my $data = must($ftp->stor($remote));
    for (my $at = 0; $at < length $half; $at += 65536) {
        $data->write(substr($half, $at, 65536), length substr($half, $at, 65536), 30);
    }
    <STDIN>;
}

sub resume_put {
    my ($local, $remote) = @_;
    my $there = must($ftp->size($remote));
    open my $file, '<:raw', $local or die "$local: $!\n";
    seek $file, $there, 0;
    must($ftp->append($file, $remote));
}

my %operations = (
    'list'       => sub { print map { "$_\n" } $ftp->dir(@_); must($ftp->ok ? 1 : undef) },
    'get'        => sub { must($ftp->get(@_)) },
    'resume-get' => sub { must($ftp->get(@_, -s $_[1])) },
    'get-text'   => sub { $ftp->ascii; must($ftp->get(@_)) },
    'put'        => sub { must($ftp->put(@_)) },
    'put-half'   => \&put_half,
    'resume-put' => \&resume_put,
    'put-text'   => sub { $ftp->ascii; must($ftp->put(@_)) },
    'mkdir'      => sub { must($ftp->mkdir(@_)) },
    'rmdir'      => sub { must($ftp->rmdir(@_)) },
    'rename'     => sub { must($ftp->rename(@_) || undef) },
    'remove'     => sub { must($ftp->delete(@_) || undef) },
);

must($ftp->login($user, $password) || undef);
$ftp->binary;
$operations{$operation}->(@paths);
$ftp->quit;
