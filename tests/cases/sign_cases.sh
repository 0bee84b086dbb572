#!/bin/bash
# Makes the snapshots of testdata/cases/dnssec_*/ anew: zones signed with ldns for the time at
# which cases stand, served by nsd and recorded. Keys are new each time, so run it only when the
# cases must change: sign_cases.sh MAILASSAY TREE [CASE], the latter the beginning of their names
set -e
mailassay=$(realpath "$1")
cases=$(realpath "$2")/testdata/cases
seeds=$(realpath "$2")/testdata/fuzz/dnssec
only=${3:-}
work=$(mktemp -d)
trap 'kill $nsd 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"
PATH=$PATH:/usr/sbin
now=2026-11-24T00:00:00Z
port=$(python3 -c 'import socket
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
serial=0
mkdir -p "$seeds"

# sign NAME FILE ALGORITHM OPTION... - FILE.signed and FILE.ds
sign()
{
    local name=$1 file=$2 key
    key=$(ldns-keygen -a "$3" -b 2048 -k "$name")
    shift 3
    ldns-signzone -o "$name" "$@" -f "$file.signed" "$file" "$key"
    cp "$key.ds" "$file.ds"
}

# zone NAME - the head of a zone
zone()
{
    printf '$ORIGIN %s\n$TTL 3600\n@ SOA ns.example. hostmaster.example. %d 7200 900 1209600 300\n' \
        "$1" "$serial"
    printf '@ NS ns.example.\n@ NS ns2.example.\n'
}

# make CASE ALGORITHM OPTION... - record example.com signed like that; $ds: which DS the parent has
make()
{
    [[ $1 == "$only"* ]] || return 0
    local case=$cases/$1 seed=$seeds/${1//\//-} algorithm=$2
    shift 2
    serial=$((serial + 1))
    mkdir -p "$case"
    { zone example.com.
      echo '@ MX 10 mail'
      echo '@ TXT "v=spf1 mx -all"'
      echo '_dmarc TXT "v=DMARC1; p=reject"'
      echo 'mail A 192.0.2.25'; } >example.com
    sign example.com. example.com "$algorithm" "$@"
    [ "$ds" != unsigned ] || cp example.com example.com.signed
    { zone com.; echo 'example NS ns.example.'; } >com
    case $ds in
    own) cat example.com.ds >>com ;;
    other) cat "$(ldns-keygen -a ECDSAP256SHA256 -k example.com.).ds" >>com ;;
    esac
    sign com. com ECDSAP256SHA256 -i 20261101 -e 20270201
    { zone .; echo 'com. NS ns.example.'; cat com.ds; } >root
    sign . root ECDSAP256SHA256 -i 20261101 -e 20270201
    cat >nsd.conf <<END
server:
  ip-address: 127.0.0.1@$port
  username: ""
  chroot: ""
  zonesdir: "$work"
  pidfile: "$work/nsd.pid"
  xfrdfile: ""
  zonelistfile: "$work/zone.list"
  cookie-secret-file: ""
  server-count: 1
  verbosity: 0
remote-control:
  control-enable: no
$(printf 'zone:\n  name: "%s"\n  zonefile: "%s.signed"\n' . root com com example.com example.com)
END
    nsd -d -c nsd.conf >nsd.log 2>&1 &
    nsd=$!
    for _ in $(seq 100); do
        "$mailassay" snapshot example.com --dns "live:127.0.0.1@$port" --trust-anchor root.ds \
            --no-engines --now $now -o "$case/snapshot" 2>/dev/null || true
        ! grep -q '"type":"MX","status":"OK"' "$case/snapshot" || break
        sleep 0.1
    done
    kill $nsd
    wait $nsd 2>/dev/null || true
    sed -i "s/live:127.0.0.1@$port/live:192.0.2.53/g; s/127.0.0.1@$port/192.0.2.53/g
            s/\"taken\":\"[^\"]*\"/\"taken\":\"$now\"/" "$case/snapshot"
    cp root.ds "$case/anchor"
    printf 'example.com\n--trust-anchor\nanchor\n' >"$case/args"
    seed "$case" >"$seed"
}

# file CASE WHICH OPTION... - record example.com from its own file, signed with the options; WHICH
# is "alone", "above" (beside the files of the zones above), "edited" (a record changed since) or
# "unsigned"
file()
{
    [[ $1 == "$only"* ]] || return 0
    local case=$cases/$1 which=$2 sources=(--dns zone:example.com.signed)
    shift 2
    mkdir -p "$case"
    { zone example.com.
      echo '@ MX 10 mail'
      echo '@ TXT "v=spf1 mx -all"'
      echo '_dmarc TXT "v=DMARC1; p=reject"'
      echo 'mail A 192.0.2.25'
      echo 's1._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
    } >example.com
    sign example.com. example.com ECDSAP256SHA256 "$@"
    { zone com.; echo 'example NS ns.example.'; cat example.com.ds; } >com
    sign com. com ECDSAP256SHA256 $normal
    case $which in
    above) sources+=(--dns zone:com.signed) ;;
    edited) sed -i 's/k=ed25519;/k=ed25519; t=s;/' example.com.signed ;;
    unsigned) cp example.com example.com.signed ;;
    esac
    "$mailassay" snapshot example.com "${sources[@]}" --trust-anchor com.ds --no-engines \
        --selector s1 --now $now -o "$case/snapshot"
    sed -i "s/\"taken\":\"[^\"]*\"/\"taken\":\"$now\"/" "$case/snapshot"
    cp com.ds "$case/anchor"
    printf 'example.com\n--trust-anchor\nanchor\n--selector\ns1\n' >"$case/args"
}

# seed CASE - the same world as the fuzz target reads it
seed()
{
    sed 's/^/T /' "$1/anchor"
    python3 - "$1/snapshot" <<'END'
import json, sys
for line in open(sys.argv[1]):
    answer = json.loads(line)
    if "signatures" in answer:
        print("Q", answer["name"], answer["type"], answer["status"])
        for key, kind in ("records", "R"), ("signatures", "S"), ("denial", "D"):
            for text in answer[key]:
                print(kind, text)
END
}

normal="-i 20261101 -e 20270201"
ds=own
make dnssec_bogus/silent-signed-until-the-next-second ECDSAP256SHA256 -i 20261101 -e 20261124000000
make dnssec_bogus/fires-signatures-expired ECDSAP256SHA256 -i 20261001 -e 20261123235959
make dnssec_bogus/fires-not-yet-valid ECDSAP256SHA256 -i 20261124000001 -e 20270201
make dnssec_expires_soon/fires-two-days-of-a-month-left ECDSAP256SHA256 -i 20261026 -e 20261126
make dnssec_expires_soon/silent-four-days-of-a-month-left ECDSAP256SHA256 -i 20261028 -e 20261128
make dnssec_expires_soon/silent-a-day-of-two-left ECDSAP256SHA256 -i 20261123 -e 20261125
make dnssec_unsigned/silent-signed ECDSAP256SHA256 $normal
make dnssec_ds_missing/silent-with-ds ECDSAP256SHA256 $normal
make dnssec_algorithm/fires-rsasha1 RSASHA1-NSEC3-SHA1 -n -t 0 $normal
make dnssec_algorithm/silent-rsasha256 RSASHA256 -n -t 0 $normal
make dnssec_nsec3_iterations/fires-ten ECDSAP256SHA256 -n -t 10 -s ab $normal
make dnssec_nsec3_iterations/silent-none ECDSAP256SHA256 -n -t 0 $normal
ds=other
make dnssec_bogus/fires-ds-of-another-key ECDSAP256SHA256 $normal
ds=none
make dnssec_ds_missing/fires-island ECDSAP256SHA256 $normal
make dnssec_bogus/silent-expired-without-ds ECDSAP256SHA256 -i 20261001 -e 20261101
ds=unsigned
make dnssec_unsigned/fires-proved ECDSAP256SHA256 $normal
make dnssec_ds_missing/silent-not-signed ECDSAP256SHA256 $normal
file dnssec_ds_not_asked/fires-zone-file-alone alone $normal
file dnssec_ds_not_asked/silent-zone-above-beside-it above $normal
file dnssec_ds_not_asked/silent-zone-file-not-signed unsigned $normal
file dnssec_bogus/fires-zone-file-expired alone -i 20261001 -e 20261123235959
file dnssec_bogus/fires-key-record-edited-since edited $normal
file dnssec_bogus/silent-zone-file-in-order alone $normal
