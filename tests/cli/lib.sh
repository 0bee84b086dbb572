# What the scripts of this folder share. Sourced with the binary as $1 and the tree as $2.
mailassay=$(realpath "$1")
tree=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset NO_COLOR CLICOLOR_FORCE GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITLAB_CI
export LC_ALL=C TERM=xterm PYTHONPATH="$tree/tests/support" PYTHONDONTWRITEBYTECODE=1
cd "$work" || exit 1
cp -r "$tree/testdata/demo" demo
chmod -R u+w demo
world="--dns=snapshot:demo/world.snapshot"
failures=0

# fault TEXT... - note that something is not as it should be
fault()
{
    printf 'FAULT: %s\n' "$*"
    failures=$((failures + 1))
}

# has_terminals - pseudo terminals can be had; else says so
has_terminals()
{
    python3 "$tree/tests/support/pseudo_terminal.py"
}

# run ARGUMENT... - run mailassay; $status, files out and err
run()
{
    "$mailassay" "$@" >out 2>err </dev/null
    status=$?
}

# expect STATUS PATTERN ARGUMENT... - the status, and the last line of standard error
expect()
{
    want=$1
    pattern=$2
    shift 2
    run "$@"
    [ "$status" -eq "$want" ] || fault "mailassay $* ended with $status, not $want: $(cat err)"
    if [ -n "$pattern" ]; then
        tail -n 1 err | grep -q -- "^mailassay: .*$pattern" ||
            fault "mailassay $*: the reason does not match \"$pattern\": $(tail -n 1 err)"
    elif [ -s err ]; then
        fault "mailassay $*: says on standard error: $(cat err)"
    fi
}

# holds FILE PATTERN / lacks FILE PATTERN
holds()
{
    grep -q -- "$2" "$1" || fault "\"$2\" is not in $1: $(head -c 600 "$1")"
}
lacks()
{
    ! grep -q -- "$2" "$1" || fault "\"$2\" is in $1"
}

# finish - the result of the script
finish()
{
    [ "$failures" -eq 0 ] || { echo "$failures faults"; exit 1; }
    echo "fine"
    exit 0
}

# free_ports COUNT - ports of loopback that are free for UDP and for TCP
free_ports()
{
    python3 -c '
import socket
import sys
pairs = []
while len(pairs) < int(sys.argv[1]):
    udp, tcp = socket.socket(type=socket.SOCK_DGRAM), socket.socket()
    udp.bind(("127.0.0.1", 0))
    try:
        tcp.bind(("127.0.0.1", udp.getsockname()[1]))
        pairs.append((udp, tcp))
    except OSError: # taken for TCP alone
        tcp.close()
print(*[udp.getsockname()[1] for udp, _ in pairs])' "$1"
}
