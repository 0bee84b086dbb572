#!/bin/sh
# gate.sh [PATH...] - judge what a change of the zones in PATH breaks for mail, in CI or before a
# commit. PATH is relative to the top of the repository; default: zones.
#
#   MAILASSAY         the program; default: mailassay
#   MAILASSAY_BASE    what is published now: a commit or branch; default: the base of the pull or
#                     merge request that CI names, else HEAD
#   MAILASSAY_BESIDE  who answers for other names; default: live
#   MAILASSAY_OUT     folder for the reports; default: the current one
#   MAILASSAY_ARGS    further options, blank between
#
# The status is that of mailassay gate: 0 nothing is lost, 1 something is, 3 undetermined.
set -eu

[ $# -gt 0 ] || set -- zones
program=${MAILASSAY:-mailassay}
out=${MAILASSAY_OUT:-.}
base=${MAILASSAY_BASE:-}
if [ -z "$base" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
    base=origin/$GITHUB_BASE_REF
fi
base=${base:-${CI_MERGE_REQUEST_DIFF_BASE_SHA:-HEAD}}

cd "$(git rev-parse --show-toplevel)"
mkdir -p "$out"
old=$(mktemp -d)
trap 'git worktree remove --force "$old/tree" 2>/dev/null || :; rm -rf "$old"' EXIT
git worktree add --quiet --detach "$old/tree" "$base"

worlds=$(mktemp "$old/worlds.XXXXXX")
for path in "$@"; do
    # what is new has no old version: it is compared with live DNS
    [ ! -e "$old/tree/$path" ] || printf '%s\n' --old "$old/tree/$path" >>"$worlds"
    printf '%s\n' "$path" >>"$worlds"
done
set --
while IFS= read -r word; do
    set -- "$@" "$word"
done <"$worlds"

status=0
# shellcheck disable=SC2086 # options are words
"$program" gate "$@" --beside "${MAILASSAY_BESIDE:-live}" ${MAILASSAY_ARGS:-} \
    -o - -o "$out/mailassay.sarif" -o "$out/gl-code-quality-report.json" \
    -o "$out/mailassay-junit.xml" -o "$out/mailassay.json" || status=$?
exit "$status"
