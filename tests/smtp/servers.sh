# Mail servers in a root directory of their own. Sourced after tests/cli/lib.sh.
#
# Debian's mail servers exclude each other, so all but one are only unpacked (./dev setup puts
# them into build-unpacked/). They want users, a spool and a configuration in fixed places: a
# test gives them all that below one temporary directory and starts them there with chroot. The
# system is not touched and has no new users.

# free_ports COUNT - that many ports of loopback that nobody listens on now
free_ports()
{
    python3 -c 'import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*[one.getsockname()[1] for one in held])' "$1"
}

# certificate NAME DIRECTORY - cert.pem and key.pem
certificate()
{
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$2/key.pem" -out "$2/cert.pem" \
        -days 400 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" 2>/dev/null
}

# make_root PACKAGE PROGRAM... - $root with the programs of an unpacked package, the libraries
# they need, and two users: the server's (901) and one who gets mail (903)
make_root()
{
    package=$tree/build-unpacked/$1
    shift
    [ -d "$package" ] || { echo "skipped: ${package##*/} is not unpacked, see ./dev setup"; exit 77; }
    [ "$(id -u)" -eq 0 ] || { echo "skipped: chroot is for root only"; exit 77; }
    root=$work/root
    mkdir -p "$root/etc" "$root/dev" "$root/tmp" "$root/run" "$root/var/run"
    chmod 755 "$work" "$root"
    chmod 1777 "$root/tmp"
    mknod -m 666 "$root/dev/null" c 1 3 && mknod -m 666 "$root/dev/urandom" c 1 9 &&
        mknod -m 666 "$root/dev/zero" c 1 5 && : >"$root/dev/null" ||
        { echo "skipped: no devices can be made here"; exit 77; }
    for program in "$@"; do
        mkdir -p "$root${program%/*}"
        cp "$package$program" "$root$program"
        chmod u-s,g-s "$root$program"
        if ldd "$root$program" | grep -q 'not found'; then
            echo "skipped: $program lacks libraries: $(ldd "$root$program" | grep 'not found')"
            exit 77
        fi
        for library in $(ldd "$root$program" | grep -oE '/[^ ]+' | grep -v ':$'); do
            mkdir -p "$root${library%/*}"
            cp -Lu "$library" "$root$library"
        done
    done
    certificate mail.test "$root/etc"
    cp "$root/etc/cert.pem" cert.pem
    chmod 640 "$root/etc/key.pem"
    echo '127.0.0.1 localhost mail.test' >"$root/etc/hosts"
    : >"$root/etc/resolv.conf"
    printf '%s\n' root:x:0:0::/:/bin/false user:x:903:903::/home/user:/bin/false \
        >"$root/etc/passwd"
    mkdir -p "$root/home/user"
    chown 903 "$root/home/user"
    printf '%s\n' root:x:0: >"$root/etc/group"
}

# add_user NAME NUMBER HOME - to the root directory
add_user()
{
    echo "$1:x:$2:$2::$3:/bin/false" >>"$root/etc/passwd"
    echo "$1:x:$2:" >>"$root/etc/group"
}

# serve PORT COMMAND... - start it in the root directory; wait until the port is served
serve()
{
    awaited=$1
    shift
    chroot "$root" "$@" >server.log 2>&1 &
    server=$!
    trap 'kill "$server" 2>/dev/null && wait "$server"; rm -rf "$work"' EXIT
    for _ in $(seq 200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$awaited") 2>/dev/null && return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    echo "FAULT: $1 does not serve: $(cat server.log)"
    exit 1
}

# the one domain, and the passwords of its user
printf '%s\n' "\$ORIGIN test." "\$TTL 300" "@ IN SOA ns hostmaster 1 3600 600 86400 300" \
    "mail IN A 127.0.0.1" "mail IN MX 10 mail" >world.zone
printf 'secret-of-user\n' >password
printf 'not-the-secret\n' >wrong
chmod 600 password wrong

# live STATUS PORT ARGUMENT...
live()
{
    want=$1
    port=$2
    shift 2
    run smtp --live "mail.test:$port" --dns zone:world.zone --ca-file cert.pem \
        --ehlo client.test --wait 20 "$@"
    [ "$status" -eq "$want" ] ||
        fault "port $port $*: status $status, not $want: $(cat out err; tail -n 5 server.log)"
    cat out err >>said
}

# named ID... - each is diagnosed, and nothing else
named()
{
    grep -Eo '^  (error|warning|notice|undetermined) +[a-z_]+' out | sed 's/.* //' | sort >got
    printf '%s\n' "$@" | sed '/^$/d' | sort >wanted
    cmp -s got wanted || fault "port $port: named $(tr '\n' ' ' <got)not $*: $(cat out)"
}
