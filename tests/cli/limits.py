"""Bounds of base/limits.h that a command line can reach: at each the program goes on, one past
it says so. See limits.test.

usage: limits.py MAILASSAY LIMITS_H
"""
import json
import os
import re
import subprocess
import sys
import tempfile

NOW = "2026-11-24T00:00:00Z"
DS = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"


def bounds(path):
    """Every #define of a number"""
    with open(path, encoding="ascii") as file:
        text = file.read()
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

def anchors(count):
    write("anchors", DS * count)
    status, _, err = run("check", "d.example", "--no-engines", "--trust-anchor", "anchors",
                         *zone("d.example. A 192.0.2.1"))
    return refused(status, err, "more trust anchors than anybody has")


def anchor_bytes(size):
    write("anchors", padded(DS, ";", size))
    status, _, err = run("check", "d.example", "--no-engines", "--trust-anchor", "anchors",
                         *zone("d.example. A 192.0.2.1"))
    return refused(status, err, "larger than")


def policy_bytes(size):
    write("own.yaml", padded("name: other\n", "#", size))
    status, _, err = run("policies", "./own.yaml")
    return refused(status, err, "larger than")


def password_bytes(size):
    write("secret", "x" * (size - 1) + "\n")  # the line end must be seen, too
    status, _, _ = run("smtp", "--live", "127.0.0.1:1", "--auth", "u", "--auth-in-clear",
                       "--password-file", "secret")
    return status == 4


def answer_records(count):
    record = "d.example.\t300\tIN\tA\t10.0.%d.%d"
    write("world.snapshot", json.dumps({"snapshot": 1, "taken": NOW}) + "\n" + json.dumps(
        {"name": "d.example.", "type": "A", "status": "OK", "ttl": 300, "ad": False,
         "records": [record % (i // 256, i % 256) for i in range(count)]}) + "\n")
    status, _, err = run("check", "d.example", "--no-engines",
                         "--dns", "snapshot:world.snapshot")
    return refused(status, err, "more than")


def selectors(count):
    status, _, err = run("check", "d.example", "--no-engines", *zone("d.example. A 192.0.2.1"),
                         *[word for i in range(count) for word in ("--selector", "s%d" % i)])
    return status == 2 and "more than" in err


def shown_bytes(size):
    write("message.eml", "From: a@d.example\nMessage-ID: <%s>\n\nx\n" % ("x" * (size - 2)))
    report = check("message.eml", *zone("d.example. A 192.0.2.1"))
    return report["subject"]["message"]["message_id"].endswith("...")


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


def probe_targets(count):
    _, out, _ = run("smtp", "d.example", "--live", "mx:1", "--pause", "0", "--format", "json",
                    *zone("d.example. MX 10 mx.d.example.",
                          *["mx.d.example. A 127.0.0.%d" % (i + 1) for i in range(count)]))
    return json.loads(out)["left_out"] > 0


TRIED = [anchors, anchor_bytes, policy_bytes, password_bytes, answer_records, selectors,
         shown_bytes, spf_nodes, spf_networks, redirects, probe_targets]


def main():
    limits = bounds(sys.argv[2])
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for reach in TRIED:
            name = reach.__name__.upper()
            if reach(limits[name]):
                faults.append("LIMIT_%s: %d is past it" % (name, limits[name]))
            if not reach(limits[name] + 1):
                faults.append("LIMIT_%s: %d is not past it" % (name, limits[name] + 1))
        os.chdir("/")
    print("\n".join(faults + ["%d limits, %d faults" % (len(TRIED), len(faults))]))
    sys.exit(1 if faults else 0)


BINARY = os.path.realpath(sys.argv[1])
main()
