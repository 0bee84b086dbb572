#!/usr/bin/perl
# What sisimai says of bounces: file, recipient and reason, one line a recipient.
use strict;
use warnings;
use Sisimai;

for my $file (@ARGV) {
    my $found = eval { Sisimai->make($file) } or next;
    (my $name = $file) =~ s{.*/}{};
    printf "%s\t%s\t%s\n", $name, lc $_->recipient->address, $_->reason || '-' for @$found;
}
