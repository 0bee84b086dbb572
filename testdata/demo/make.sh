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

record() # record FILE DOMAIN [MESSAGE] - everything that check asks
{
    file=$1
    shift
    "$mailassay" snapshot "$@" --dns snapshot:https.snapshot --dns zone:world.zone@. --now 2026-11-24T10:00:00Z -o "$file"
}
record 1.part good.example good.eml
record 2.part good.example
record 3.part broken.example broken.eml
record 4.part broken.example

# one snapshot of all: the header once, every question once
head -n 1 1.part >world.snapshot
tail -q -n +2 ?.part | awk '
    { key = $0; sub(/"status".*/, "", key) }
    !seen[key]++' >>world.snapshot
rm ?.part
