"""Bounds of base/limits*.h that a command line can reach: at each the program goes on, one past
it says so. See limits.test.

usage: limits.py MAILASSAY LIMITS_H...
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile

import pseudo_terminal

NOW = "2026-11-24T00:00:00Z"
DS = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"


def bounds(paths):
    """Every #define of a number"""
    text = ""
    for path in paths:
        with open(path, encoding="ascii") as file:
            text += file.read()
    return {name: eval(value, {"__builtins__": {}}) for name, value in re.findall(
        r"^#define LIMIT_(\w+)\s+([0-9(][0-9() *]*)$", text, re.MULTILINE)}


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, 0o600)


def run(*words):
    done = subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout, done.stderr


def zone(*lines):
    write("world.zone", "$TTL 300\nd.example. SOA ns.d.example. h.d.example. 1 2 3 4 5\n" +
          "".join(line + "\n" for line in lines))
    return ["--dns", "zone:world.zone@d.example"]


def check(*words):
    _, out, _ = run("check", "d.example", "--no-engines", "--now", NOW, "--format", "json",
                    *words)
    return json.loads(out)


def strings(text):
    """Of a TXT record"""
    return " ".join('"%s"' % text[i:i + 255] for i in range(0, len(text), 255))


def refused(status, err, words):
    return status == 4 and words in err


def padded(text, sign, size):
    """A file of so many octets, the rest a comment"""
    return text + sign + "x" * (size - len(text) - 2) + "\n"


# ---- what each size does: False where it is within the bound, True where it is cut or refused

# bound: LIMIT_ANCHORS both
def anchors(count):
    write("anchors", DS * count)
    status, _, err = run("check", "d.example", "--no-engines", "--trust-anchor", "anchors",
                         *zone("d.example. A 192.0.2.1"))
    return refused(status, err, "too many trust anchors")


# bound: LIMIT_ANCHOR_BYTES both
def anchor_bytes(size):
    write("anchors", padded(DS, ";", size))
    status, _, err = run("check", "d.example", "--no-engines", "--trust-anchor", "anchors",
                         *zone("d.example. A 192.0.2.1"))
    return refused(status, err, "larger than")


# bound: LIMIT_POLICY_BYTES both
def policy_bytes(size):
    write("own.yaml", padded("name: other\n", "#", size))
    status, _, err = run("policies", "./own.yaml")
    return refused(status, err, "larger than")


# bound: LIMIT_PASSWORD_BYTES both
def password_bytes(size):
    write("secret", "x" * (size - 1) + "\n")  # the line end must be seen, too
    status, _, _ = run("smtp", "--live", "127.0.0.1:1", "--auth", "u", "--auth-in-clear",
                       "--password-file", "secret")
    return status == 4


# bound: LIMIT_ANSWER_RECORDS both
def answer_records(count):
    record = "d.example.\t300\tIN\tA\t10.0.%d.%d"
    write("world.snapshot", json.dumps({"snapshot": 1, "taken": NOW}) + "\n" + json.dumps(
        {"name": "d.example.", "type": "A", "status": "OK", "ttl": 300, "ad": False,
         "records": [record % (i // 256, i % 256) for i in range(count)]}) + "\n")
    status, _, err = run("check", "d.example", "--no-engines",
                         "--dns", "snapshot:world.snapshot")
    return refused(status, err, "more than")


# bound: LIMIT_SELECTORS both
def selectors(count):
    status, _, err = run("check", "d.example", "--no-engines", *zone("d.example. A 192.0.2.1"),
                         *[word for i in range(count) for word in ("--selector", "s%d" % i)])
    return status == 2 and "more than" in err


# bound: LIMIT_SHOWN_BYTES both
def shown_bytes(size):
    write("message.eml", "From: a@d.example\nMessage-ID: <%s>\n\nx\n" % ("x" * (size - 2)))
    report = check("message.eml", *zone("d.example. A 192.0.2.1"))
    return report["subject"]["message"]["message_id"].endswith("...")


# bound: LIMIT_SPF_NODES both
def spf_nodes(count):
    """A root, ten branches, and leaves below them"""
    leaves = count - 11
    lines = ['d.example. TXT "v=spf1 %s -all"' % " ".join(
        "include:b%d.d.example" % i for i in range(10))]
    for branch in range(10):
        mine = range(branch, leaves, 10)
        lines.append("b%d.d.example. TXT %s" % (branch, strings("v=spf1 " + "".join(
            "include:l%d.d.example " % i for i in mine) + "-all")))
        lines += ['l%d.d.example. TXT "v=spf1 -all"' % i for i in mine]
    return len(check(*zone(*lines))["audit"]["spf"]["tree"]) < count


# bound: LIMIT_SPF_NETWORKS both
def spf_networks(count):
    """Every other address, in two records, since one holds 64 KiB"""
    terms = ["ip4:10.%d.%d.%d " % (i >> 15, (i >> 7) & 255, (i & 127) * 2)
             for i in range(count)]
    half = count // 2
    report = check(*zone(
        "d.example. TXT " + strings("v=spf1 include:m.d.example " +
                                     "".join(terms[:half]) + "-all"),
        "m.d.example. TXT " + strings("v=spf1 " + "".join(terms[half:]) + "-all")))
    return report["audit"]["spf"]["addresses"]["pass"]["ipv4"]["left_off"] > 0


# bound: LIMIT_REDIRECTS both
def redirects(count):
    url = "https://d.example/%d.svg"
    write("facts.snapshot", json.dumps({"snapshot": 1, "taken": NOW}) + "\n" + "".join(
        json.dumps({"name": url % i, "type": "HTTPS", "status": "REDIRECT", "http_status": 302,
                    "source": "live", "location": url % (i + 1)}) + "\n"
        for i in range(count)) +
          json.dumps({"name": url % count, "type": "HTTPS", "status": "OK", "http_status": 200,
                      "content_type": "image/svg+xml", "source": "live",
                      "body": "<svg/>"}) + "\n")
    report = check("--dns", "snapshot:facts.snapshot", *zone(
        "d.example. A 192.0.2.1", "d.example. MX 10 d.example.",
        '_dmarc.d.example. TXT "v=DMARC1; p=reject"',
        'default._bimi.d.example. TXT "v=BIMI1; l=%s; a="' % (url % 0)))
    return report["audit"]["bimi"]["logo"]["status"] == "REDIRECT"


# bound: LIMIT_PROBE_TARGETS both
def probe_targets(count):
    _, out, _ = run("smtp", "d.example", "--live", "mx:1", "--pause", "0", "--format", "json",
                    *zone("d.example. MX 10 mx.d.example.",
                          *["mx.d.example. A 127.0.0.%d" % (i + 1) for i in range(count)]))
    return json.loads(out)["left_out"] > 0


def is_cut(report, what):
    """The report says that a list was not looked at to its end"""
    return any(one["id"] == "dns_list_cut" and one["args"]["what"] == what
               for one in report["findings"])


# bound: LIMIT_MX_HOSTS both
def mx_hosts(count):
    return is_cut(check(*zone(*["d.example. MX 10 m%d.d.example." % i for i in range(count)],
                              "*.d.example. A 192.0.2.1")), "mail hosts")


# bound: LIMIT_TLSA_RECORDS both
def tlsa_records(count):
    return is_cut(check(*zone(
        "d.example. MX 10 m.d.example.", "m.d.example. A 192.0.2.1",
        *["_25._tcp.m.d.example. TLSA 3 1 1 %064x" % i for i in range(count)])), "TLSA records")


# bound: LIMIT_NAME_SERVERS both
def name_servers(count):
    return is_cut(check(*zone(*["d.example. NS n%d.d.example." % i for i in range(count)],
                              "*.d.example. A 192.0.2.1")), "name servers")


# bound: LIMIT_PTR_ADDRESSES both
def ptr_addresses(count):
    return is_cut(check(*zone(
        "d.example. MX 10 m.d.example.",
        *["m.d.example. A 192.0.2.%d" % (i + 1) for i in range(count)])),
                  "addresses of mail hosts")


# bound: LIMIT_REPORT_URIS both
def report_uris(count):
    """Both lists: DMARC's, and TLS-RPT's"""
    uris = ",".join("mailto:a%d@d.example" % i for i in range(count))
    report = check(*zone("_dmarc.d.example. TXT " + strings("v=DMARC1; p=none; rua=" + uris),
                         "_smtp._tls.d.example. TXT " + strings("v=TLSRPTv1; rua=" + uris)))
    names = [one["where"]["name"] for one in report["findings"] if one["id"] == "dns_list_cut"]
    assert names in ([], ["_dmarc.d.example", "_smtp._tls.d.example"]), names
    return names != []


# bound: LIMIT_PROVIDERS both
def providers(count):
    write("own.yaml", "as-of: 2026-11-25\nproviders:\n" + "".join(
        "  - {name: p%d, title: P, kind: mailbox, confidence: high, mx: [p%d.example],\n"
        "     sign: s, align: a, sources: [{url: 'https://p.example', read: 2026-11-25}]}\n"
        % (i, i) for i in range(count)))
    return is_cut(check("--providers", "own.yaml", *zone(
        *["d.example. MX 10 m.p%d.example." % i for i in range(count)])), "names of providers")


def zone_keys(count):
    """Keys that nobody can judge without a signature"""
    write("facts.snapshot", json.dumps({"snapshot": 1, "taken": NOW}) + "\n" + "".join(
        json.dumps({"name": name, "type": kind, "status": "OK", "ttl": 300, "source": "live",
                    "records": records, "signatures": [], "denial": []}) + "\n"
        for name, kind, records in [
            ("d.example.", "MX", ["d.example.\t300\tIN\tMX\t10 d.example."]),
            (".", "DNSKEY", [".\t300\tIN\tDNSKEY\t257 3 13 %s" % (
                base64.b64encode(i.to_bytes(64, "big")).decode()) for i in range(count)])]))
    return is_cut(check("--dns", "snapshot:facts.snapshot", *zone("d.example. A 192.0.2.1")),
                  "keys")


def proof_records(count):
    write("world.snapshot", json.dumps({"snapshot": 1, "taken": NOW}) + "\n" + json.dumps(
        {"name": "d.example.", "type": "A", "status": "NODATA", "ttl": 300, "ad": False,
         "records": [], "signatures": [], "denial": [
             "n%d.d.example.\t300\tIN\tNSEC\td.example. A" % i for i in range(count)]}) + "\n")
    status, _, err = run("check", "d.example", "--no-engines",
                         "--dns", "snapshot:world.snapshot")
    return refused(status, err, "lists of at most")


def holes(size, *words):
    """A file of so many octets, of which none is read"""
    with open("holes", "wb") as file:
        file.truncate(size)
    status, _, err = run("check", "d.example", "--no-engines", *words)
    return refused(status, err, "larger than")


# bound: LIMIT_STDIN_BYTES both
def stdin_bytes(size):
    with open("message.eml", "wb") as file:
        file.write(b"From: a@d.example\r\n\r\n")
        file.truncate(size)
    done = subprocess.run(
        ["sh", "-c", "cat message.eml | \"$0\" \"$@\"", BINARY, "check", "d.example", "-",
         "--no-engines", *zone("d.example. A 192.0.2.1")],
        capture_output=True, text=True, timeout=120, check=False)
    return refused(done.returncode, done.stderr, "the most that is read from a pipe")


# bound: LIMIT_RESOLV_CONF_BYTES both
def resolv_conf_bytes(size):
    """In a mount namespace of its own, where another file stands at /etc/resolv.conf"""
    write("resolv.conf", padded("nameserver 127.0.0.1\n", "#", size))
    done = subprocess.run(
        [*NAMESPACE, "mount --bind resolv.conf /etc/resolv.conf && exec \"$0\" \"$@\"", BINARY,
         "check", "d.example", "--no-engines", "--timeout", "0.2"],
        capture_output=True, text=True, timeout=120, check=False)
    return refused(done.returncode, done.stderr, "larger than")


# bound: LIMIT_ZONE_BYTES past
def zone_bytes(size):
    return holes(size, "--dns", "zone:holes")


# bound: LIMIT_SNAPSHOT_BYTES past
def snapshot_bytes(size):
    return holes(size, "--dns", "snapshot:holes")


# bound: LIMIT_BASELINE_BYTES past
def baseline_bytes(size):
    return holes(size, "--baseline", "holes", *zone("d.example. A 192.0.2.1"))


# bound: LIMIT_ZONE_WORDS both
def zone_words(count):
    _, _, err = run("check", "d.example", "--no-engines", *zone(
        "d.example. TXT " + '"" ' * (count - 2)))
    return "more words than a record can hold" in err


# bound: LIMIT_ZONE_FAULTS both
def zone_faults(count):
    _, _, err = run("check", "d.example", "--no-engines", *zone(
        *["d.example. A 192.0.2.%d" % (300 + i) for i in range(count)]))
    return "the rest was not read" in err


# bound: LIMIT_YAML_DEPTH both
def yaml_depth(depth):
    write("own.yaml", "[" * depth + "]" * depth + "\n")
    _, _, err = run("policies", "./own.yaml")
    return "nested more than" in err


# bound: LIMIT_SUBJECT_BYTES both
def subject_bytes(size):
    write("list", "d.example" + " " * (size - 9) + "\n")
    _, out, _ = run("scan", "list", *zone("d.example. A 192.0.2.1"))
    return "longer than" in out


# bound: LIMIT_BODY_LOOK_BYTES both
def body_look_bytes(size):
    """A NUL at the end of what is looked at"""
    body = ("x" * 70 + "\r\n") * (size // 72 + 1)
    write("message.eml", "From: a@d.example\r\n\r\n" + body[:size - 1] + "\0\r\n")
    report = check("message.eml", *zone("d.example. A 192.0.2.1"))
    return not any(one["id"] == "message_nul" for one in report["findings"])


# bound: LIMIT_TERMS_SIZED both
def terms_sized(count):
    """The widest term is the last one"""
    record = "v=spf1 " + "".join("ip4:10.%d.0.0/24 " % i for i in range(count - 1)) + \
        "ip4:172.0.0.0/9 -all"
    report = check(*zone("d.example. TXT " + strings(record)))
    wide, = [one for one in report["findings"] if one["id"] == "spf_wide"]
    return "172.0.0.0/9" not in wide["args"]["terms"]


# bound: LIMIT_REMEDY_TERMS both
def remedy_terms(count):
    """A record for which there is a remedy: it has no \"all\""""
    record = "v=spf1" + "".join(" ip4:10.%d.%d.0/25" % (i // 256, i % 256)
                                for i in range(count))
    report = check(*zone("d.example. TXT " + strings(record)))
    missing, = [one for one in report["findings"] if one["id"] == "spf_all_missing"]
    return missing["remedy"] is None and "too many terms" in missing["no_remedy"]


# bound: LIMIT_REMEDY_CHOICES both
def remedy_choices(count):
    """Which of so many records is it? One choice is to keep each"""
    report = check(*zone(*["_smtp._tls.d.example. TXT \"v=TLSRPTv1; rua=mailto:r%d@d.example\""
                           % i for i in range(count)]))
    several, = [one for one in report["findings"] if one["id"] == "tls_rpt_several"]
    assert len(several["remedy"]["alternatives"]) < 5
    return several["unproved"] == 1


# bound: LIMIT_REMEDIES_JUDGED both
def remedies_judged(count):
    """19 aliases of mail hosts, 6 remedies for the rest, and keys that say they are tests"""
    keys = range(count - 25)
    lines = ['d.example. TXT "v=spf1 mx -all"', '_dmarc.d.example. TXT "v=DMARC1; p=none"',
             "d.example. MX 10 d.example.", "d.example. A 192.0.2.1"]
    for i in range(19):
        lines += ["d.example. MX 20 c%d.d.example." % i,
                  "c%d.d.example. CNAME h%d.d.example." % (i, i),
                  "h%d.d.example. A 192.0.2.%d" % (i, i + 9)]
    lines += ['s%d._domainkey.d.example. TXT "v=DKIM1; k=ed25519; t=y; p=%s"' % (
        i, base64.b64encode(bytes([i] * 32)).decode()) for i in keys]
    report = check(*zone(*lines), *[word for i in keys for word in ("--selector", "s%d" % i)])
    remedies = [choice for one in report["findings"] if one["remedy"] is not None
                for choice in [one["remedy"], *one["remedy"]["alternatives"]]]
    assert len(remedies) == count, len(remedies)
    return any(one["proof"]["receivers"] is None for one in remedies)


# bound: LIMIT_TYPED_BYTES both
def typed_bytes(size):
    """A terminal of whole lines takes no more; one that hands on every octet does"""
    child, master = pseudo_terminal.start([
        "sh", "-c", "stty raw -echo; exec \"$@\"", "sh", BINARY, "record"])
    for seen in pseudo_terminal.shown(master, 30):
        if seen.endswith(b"[spf]: "):
            os.write(master, b" " * (size - 4) + b"spf\n")
            break
    for seen in pseudo_terminal.shown(master, 30):
        if seen.endswith(b": "):
            break
    os.close(master)
    pseudo_terminal.status_of(child)
    return b"the answer is too long: at most" in seen


# from both sides, and those for which the side within takes too long
TRIED = [anchors, anchor_bytes, policy_bytes, password_bytes, answer_records, selectors,
         shown_bytes, spf_nodes, spf_networks, redirects, probe_targets, mx_hosts, tlsa_records,
         name_servers, ptr_addresses, report_uris, providers, zone_keys, proof_records,
         zone_words, zone_faults, yaml_depth, subject_bytes, body_look_bytes,
         stdin_bytes, terms_sized, remedy_choices, remedy_terms, remedies_judged]
NAMESPACE = ["unshare", "-rm", "sh", "-c"]
PASSED = [zone_bytes, snapshot_bytes, baseline_bytes]


def has_namespaces():
    """Whether this user may mount a file over another, for itself alone"""
    try:
        return subprocess.run([*NAMESPACE, "mount --bind /etc/hosts /etc/resolv.conf"],
                              capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main():
    limits = bounds(sys.argv[2:])
    faults = []
    if has_namespaces():
        TRIED.append(resolv_conf_bytes)
    else:
        print("skipped: no namespace for another /etc/resolv.conf")
    if pseudo_terminal.is_here():
        TRIED.append(typed_bytes)
    else:
        print("skipped: no pseudo terminals here (/dev/pts)")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for reach in TRIED + PASSED:
            name = reach.__name__.upper()
            if reach in TRIED and reach(limits[name]):
                faults.append("LIMIT_%s: %d is past it" % (name, limits[name]))
            if not reach(limits[name] + 1):
                faults.append("LIMIT_%s: %d is not past it" % (name, limits[name] + 1))
        os.chdir("/")
    print("\n".join(faults + ["%d limits, %d faults" % (len(TRIED + PASSED), len(faults))]))
    sys.exit(1 if faults else 0)


BINARY = os.path.realpath(sys.argv[1])
main()
