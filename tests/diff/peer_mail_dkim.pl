#!/usr/bin/perl
# Mail::DKIM as a peer: one JSON case a line in, one result for each signature out, or
# one for the chain where the case says "arc".
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use Mail::DKIM::Verifier;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::DNS;
use Net::DNS;

package Resolver;
use parent -norequire, 'Net::DNS::Resolver';

sub new { my ($class, $zone) = @_; return bless {zone => $zone, error => ''}, $class; }
sub errorstring { return $_[0]->{error}; }

sub send {
    my ($self, $name, $type) = @_;
    my $text = $self->{zone}{lc $name};
    my $packet = Net::DNS::Packet->new($name, $type, 'IN');
    $packet->header->rcode(defined $text ? 'NOERROR' : 'NXDOMAIN');
    $self->{error} = defined $text ? 'NOERROR' : 'NXDOMAIN';
    $packet->push(answer => Net::DNS::RR->new(
        owner => $name, type => 'TXT', txtdata => [unpack '(a200)*', $text])) if defined $text;
    return $packet;
}
sub query { my $self = shift; my $packet = $self->send(@_); return $packet->answer ? $packet : undef; }

package main;

$| = 1;
my $json = JSON::PP->new->canonical;
while (my $line = <STDIN>) {
    my $case = $json->decode($line);
    Mail::DKIM::DNS::resolver(Resolver->new($case->{keys}));
    if ($case->{arc}) {
        my ($result, $reason) = eval {
            my $verifier = Mail::DKIM::ARC::Verifier->new;
            $verifier->PRINT(decode_base64($case->{message}));
            $verifier->CLOSE;
            ($verifier->result, $verifier->result_detail);
        };
        ($result, $reason) = ('fail', "died: $@") if $@;
        print $json->encode({id => $case->{id}, result => $result, reason => $reason}), "\n";
        next;
    }
    my @results = eval {
        my $verifier = Mail::DKIM::Verifier->new;
        $verifier->PRINT(decode_base64($case->{message}));
        $verifier->CLOSE;
        map { $_->result } $verifier->signatures;
    };
    @results = ("died: $@") if $@;
    print $json->encode({id => $case->{id}, results => \@results}), "\n";
}
