#!/usr/bin/perl
# Mail::SPF as a peer: one JSON case a line in, one verdict a line out.
use strict;
use warnings;
use JSON::PP;
use Mail::SPF;
use Net::DNS;

package Resolver;
use parent -norequire, 'Net::DNS::Resolver';

sub new { my ($class, $zone, $cut) = @_; return bless {zone => $zone, cut => $cut, error => ''}, $class; }
sub errorstring { return $_[0]->{error}; }
sub udppacketsize { return 512; }

sub send {
    my ($self, $name, $type) = @_;
    $type ||= 'A';
    (my $key = lc $name) =~ s/\.$//;
    my $entry = $self->{zone}{$key};
    my $packet = Net::DNS::Packet->new($name, $type, 'IN');
    if (defined $entry && defined $entry->{$type} && !ref $entry->{$type}) {
        $self->{error} = 'query timed out';
        return undef;
    }
    my $exists = defined $entry || grep { /\.\Q$key\E$/ } keys %{$self->{zone}};
    $packet->header->rcode($exists ? 'NOERROR' : 'NXDOMAIN');
    $packet->header->qr(1);
    for my $value (@{($entry && $entry->{$type}) || []}) {
        my %rr = (owner => $name, type => $type, class => 'IN', ttl => 300);
        if ($type eq 'TXT')    { $rr{txtdata} = [unpack "(a$self->{cut})*", $value]; }
        elsif ($type eq 'MX')  { ($rr{preference}, $rr{exchange}) = @$value; }
        elsif ($type eq 'PTR') { $rr{ptrdname} = $value; }
        else                   { $rr{address} = $value; }
        $packet->push(answer => Net::DNS::RR->new(%rr));
    }
    return $packet;
}

package main;

$| = 1;
my $json = JSON::PP->new->canonical;
while (my $line = <STDIN>) {
    my $case = $json->decode($line);
    my %zone = map { lc($_) => $case->{zone}{$_} } keys %{$case->{zone}};
    my $result = eval {
        my $server = Mail::SPF::Server->new(
            dns_resolver => Resolver->new(\%zone, $case->{cut}), hostname => 'receiver.example',
            query_rr_types => Mail::SPF::Server->query_rr_type_txt,
            default_authority_explanation => 'DEFAULT');
        my $is_null = $case->{mail_from} eq '';
        my $request = Mail::SPF::Request->new(
            scope => $is_null ? 'helo' : 'mfrom', versions => [1],
            identity => $is_null ? $case->{helo} : $case->{mail_from},
            ip_address => $case->{ip}, helo_identity => $case->{helo});
        $server->process($request)->code;
    };
    print $json->encode({id => $case->{id}, result => $result // "died: $@"}), "\n";
}
