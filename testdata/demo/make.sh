#!/bin/sh
# Make the demonstration anew: the two messages, signed with the keys of testdata/dkim, and the
# snapshot of all that is asked about them. usage: make.sh MAILASSAY
#
# Needs python3-dkim for the signatures. What it writes is committed; run it after a change of
# world.zone or of the questions that mailassay asks.
set -eu
mailassay=$(realpath "$1")
cd "$(dirname "$0")"

/usr/bin/python3 sign.py

record() # record DOMAIN - everything that check asks about it and its message
{
    "$mailassay" snapshot "$1.example" "$1.eml" --dns zone:world.zone@. \
        --now 2026-11-24T10:00:00Z -o "$1.part"
}
record good
record broken

# one snapshot of both: the header once, every question once
head -n 1 good.part >world.snapshot
tail -q -n +2 good.part broken.part | awk '
    { key = $0; sub(/"status".*/, "", key) }
    !seen[key]++' >>world.snapshot
rm good.part broken.part
