"""Each form of --record-format, read back by the rules of whoever takes it: all of them must make
the same world.

A world is a set of (owner, type, value): owner without its final dot, value a tuple of what a TXT
record holds as one piece of octets, or words.
"""
import collections
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

FORMS = ("oneline", "zone", "route53", "terraform", "cloudflare")
STRING_MAX = 255  # RFC 1035, 3.3


def octets_of(text, base, at=0, until=""):
    """Octets up to one of `until`; "\\DDD" are numbers to the base. -> octets, where it ended"""
    octets = bytearray()
    while at < len(text) and text[at] not in until:
        if text[at] == "\\":
            digits = text[at + 1:at + 4]
            if digits[:1].isdigit():
                if not re.fullmatch("[0-7]{3}" if base == 8 else "[0-9]{3}", digits):
                    raise ValueError("no number: \\" + digits)
                octets.append(int(digits, base))
                at += 4
                continue
            at += 1
        elif not 0x20 <= ord(text[at]) < 0x7f:
            raise ValueError("not escaped: %r" % text[at])
        octets.append(ord(text[at]))
        at += 1
    return bytes(octets), at


def strings_of(text, base=10, between=" "):
    """What quoted strings hold, joined; each must fit, and all but the last should be full"""
    parts = []
    at = 0
    while at < len(text):
        if parts:
            if not text.startswith(between, at):
                raise ValueError("no string: %r" % text[at:])
            at += len(between)
        if text[at:at + 1] != '"':
            raise ValueError("no string: %r" % text[at:])
        part, at = octets_of(text, base, at + 1, '"')
        if text[at:at + 1] != '"' or len(part) > STRING_MAX:
            raise ValueError("bad string of %d octets" % len(part))
        parts.append(part)
        at += 1
    if any(len(part) != STRING_MAX for part in parts[:-1]):
        raise ValueError("badly split: %s" % [len(part) for part in parts])
    return b"".join(parts)


def name(text):
    return text.lower().rstrip(".")


def record(owner, kind, value, base=10):
    if kind == "TXT":
        return (name(owner), kind, strings_of(value, base))
    return (name(owner), kind, tuple(word.lower().rstrip(".") for word in value.split()))


def record_of_line(line):
    """One line of a zone file, as we, ldns and dig write it"""
    owner, ttl, in_, kind, value = re.split("[ \t]+", line.strip(), maxsplit=4)
    if not ttl.isdigit() or in_ != "IN" or not owner.endswith("."):
        raise ValueError("no record: " + line)
    return record(owner, kind, value)


# ---- the forms: what goes and what comes, or whole sets

def zone_lines(text):
    """Lines of a zone, those in brackets as one"""
    return re.sub(r"\(\n((?:    \".*\n?)+?) \)|\(\n((?:    \".*\n)*    \".*) \)\n",
                  lambda found: " ".join(line.strip() for line in
                                         (found[1] or found[2]).split("\n")) + "\n", text)


def apply_zone(world, text):
    world = set(world)
    added = []
    for line in zone_lines(text).split("\n"):
        if line.startswith("; remove: "):
            world.remove(record_of_line(line[len("; remove: "):]))
        elif line.startswith("; other known records of the domain"):
            break
        elif line and not line.startswith(";"):
            added.append(record_of_line(line))
    return world | set(added)


def replace_set(world, owner, kind, records):
    return {r for r in world if (r[0], r[1]) != (name(owner), kind)} | set(records)


def apply_route53(world, text):
    for change in json.loads(text)["Changes"]:
        rrset = change["ResourceRecordSet"]
        records = [record(rrset["Name"], rrset["Type"], r["Value"], 8)
                   for r in rrset["ResourceRecords"]]
        there = {r for r in world if (r[0], r[1]) == (name(rrset["Name"]), rrset["Type"])}
        if change["Action"] == "DELETE":
            if there != set(records):
                raise ValueError("a set that is deleted must be told as it is: %s" % records)
            records = []
        world = replace_set(world, rrset["Name"], rrset["Type"], records)
    return world


def template_text(text):
    """A template of Terraform that must hold no expression: "$${" and "%%{" are text"""
    plain = re.sub(r"\$\$\{|%%\{", "", text)
    if "${" in plain or "%{" in plain:
        raise ValueError("an expression: " + text)
    return text.replace("$${", "${").replace("%%{", "%{")


def apply_terraform(world, text):
    """Sets that stay; those that go are named in the comment"""
    def unique(pairs):
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("a key twice")
        return dict(pairs)
    root = json.loads(text, object_pairs_hook=unique)
    resources = root["resource"]["aws_route53_record"]
    for gone in root.get("//", ": ").split(": ", 1)[1].split(", "):
        if gone:
            kind, owner = gone.split(" of ")
            world = replace_set(world, owner, kind, [])
    for label, body in resources.items():
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", label):
            raise ValueError("no identifier: " + label)
        if body["zone_id"] != "${var.zone_id}":
            raise ValueError("zone_id: " + body["zone_id"])
        kind = body["type"]
        records = []
        for value in map(template_text, body["records"]):
            if kind == "TXT":
                records.append((name(body["name"]), kind, strings_of('"%s"' % value, 8, "")))
            else:
                records.append(record(body["name"], kind, value, 8))
        world = replace_set(world, body["name"], kind, records)
    return world


def apply_cloudflare(world, text):
    def one(entry):
        value = entry["content"]
        if "priority" in entry:
            value = "%d %s" % (entry["priority"], value)
        return record(entry["name"], entry["type"], value)
    batch = json.loads(text)
    world = set(world)
    for entry in batch["deletes"]:
        world.remove(one(entry))
    return world | {one(entry) for entry in batch["posts"]}


APPLY = {"oneline": apply_zone, "zone": apply_zone, "route53": apply_route53,
         "terraform": apply_terraform, "cloudflare": apply_cloudflare}


# ---- other readers of zones

def by_ldns(lines, origin):
    """The records of a zone as ldns-read-zone understands them"""
    with tempfile.NamedTemporaryFile("w", suffix=".zone") as file:
        file.write("$ORIGIN %s.\n$TTL 3600\n%s" % (origin, lines))
        file.flush()
        run = subprocess.run(["ldns-read-zone", file.name], capture_output=True, text=True)
    if run.returncode != 0:
        raise ValueError("ldns-read-zone: " + run.stderr + run.stdout)
    return {record_of_line(line) for line in run.stdout.split("\n")
            if line and not line.startswith(";")} - soa_of(run.stdout)


def by_us(mailassay, lines, origin, selectors):
    """The records that we find in it where a check of the domain asks"""
    with tempfile.NamedTemporaryFile("w", suffix=".zone") as file:
        file.write(lines)
        file.flush()
        with tempfile.NamedTemporaryFile("w", suffix=".zone") as other:
            # where the aliases lead
            other.write("*.provider.example. 3600 IN TXT \"v=DKIM1; p=\"\n")
            other.flush()
            command = [mailassay, "snapshot", origin, "-o", "-",
                       "--dns", "zone:%s@%s" % (file.name, origin),
                       "--dns", "zone:%s@provider.example" % other.name]
            for selector in selectors:
                command += ["--selector", selector]
            run = subprocess.run(command, capture_output=True, text=True)
    found = set()
    for line in run.stdout.split("\n"):
        for text in json.loads(line).get("records", []) if line else []:
            found.add(record_of_line(text))
    return found


def soa_of(text):
    return {record_of_line(line) for line in text.split("\n")
            if re.search(r"\tIN\t(SOA|NS)\t", line)}


# ---- a server that takes updates

class Server:
    """bind on loopback with one zone that may be updated from there"""

    def __init__(self, origin, lines):
        self.origin = origin
        self.folder = tempfile.mkdtemp()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with open(self.folder + "/world.zone", "w") as file:
            file.write(lines)
        with open(self.folder + "/named.conf", "w") as file:
            file.write("""options {
    directory "%s"; pid-file "named.pid"; session-keyfile "session.key";
    listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; };
    recursion no; notify no; dnssec-validation no; empty-zones-enable no;
};
controls { };
zone "%s" { type primary; file "world.zone"; allow-update { 127.0.0.0/8; };
            allow-transfer { 127.0.0.0/8; }; };
""" % (self.folder, self.port, origin))
        self.log = open(self.folder + "/log", "w+")
        self.child = subprocess.Popen(["named", "-g", "-n", "1", "-c",
                                       self.folder + "/named.conf"],
                                      stdout=self.log, stderr=subprocess.STDOUT)

    def dig(self, *words):
        return subprocess.run(["dig", "@127.0.0.1", "-p", str(self.port), "+time=2", "+tries=1",
                               "+noall", "+answer", "+norecurse", *words],
                              capture_output=True, text=True)

    def wait(self):
        """Until it answers"""
        for _ in range(150):
            if self.child.poll() is not None:
                break
            if "SOA" in self.dig(self.origin, "SOA").stdout:
                return
            time.sleep(0.1)
        self.log.seek(0)
        raise ValueError("named does not start: " + self.log.read())

    def update(self, commands):
        run = subprocess.run(["nsupdate", "-v"], capture_output=True, text=True,
                             input="server 127.0.0.1 %d\n%s" % (self.port, commands))
        if run.returncode != 0:
            raise ValueError("nsupdate: %s%s\n%s" % (run.stdout, run.stderr, commands))

    def world(self):
        """All that the server holds, each set asked for by name"""
        lines = self.dig(self.origin, "AXFR").stdout
        sets = {r[:2] for r in map(record_of_line, filter(None, lines.split("\n")))}
        answers = [self.dig(owner, kind).stdout for owner, kind in sorted(sets)
                   if kind not in ("SOA", "NS")]
        return {record_of_line(line) for line in "".join(answers).split("\n")
                if line and not line.startswith(";")}

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait()
        self.log.close()
        shutil.rmtree(self.folder)


# ---- the worlds

ORIGIN = "example.com"
SOA = ("example.com. 3600 IN SOA ns.example.com. host.example.com. 1 3600 600 86400 300\n"
       "example.com. 3600 IN NS ns.example.net.\n")


def txt(octets):
    """A TXT value in presentation form, made here and not by the program"""
    parts = [octets[i:i + STRING_MAX] for i in range(0, len(octets), STRING_MAX)]
    return " ".join('"%s"' % "".join(
        "\\%s" % chr(o) if o in b'"\\' else chr(o) if 0x20 <= o < 0x7f else "\\%03d" % o
        for o in part) for part in parts)


# the seam falls behind a backslash, in front of a quote, and between two quotes
SEAM_BACKSLASH = b"x" * 254 + b"\\" + b"; after a backslash"
SEAM_QUOTE = b"x" * 254 + b'"' + b'"; quotes at the seam'
INSIDE = b'say \\"hello\\" ; a;b " " c ${d} %{i} \\065 \xc3\xbc\x7f\x00end ' * 9

LINE = collections.namedtuple("LINE", "verb owner kind value")
HARD = [
    LINE("has", "example.com", "TXT", txt(SEAM_BACKSLASH)),
    LINE("has", "example.com", "TXT", txt(b"stays; \"as\" it is \xff")),
    LINE("has", "example.com", "MX", "10 old.example.net."),
    LINE("has", "example.com", "MX", "20 stays.example.net."),
    LINE("has", "s1._domainkey.example.com", "CNAME", "s1.provider.example."),
    LINE("has", "s2._domainkey.example.com", "TXT", txt(SEAM_QUOTE)),
    LINE("has", "s3._domainkey.example.com", "CNAME", "old.provider.example."),
    LINE("has", "s4._domainkey.example.com", "TXT", txt(b"v=DKIM1; p=")),
    LINE("replace", "example.com", "TXT", txt(SEAM_BACKSLASH)),
    LINE("by", "example.com", "TXT", txt(b"v=spf1 exists:%{i}.example.com -all ; " + INSIDE)),
    LINE("replace", "example.com", "MX", "10 old.example.net."),
    LINE("by", "example.com", "MX", "5 new.example.net."),
    # added first, and yet it cannot stand beside the alias that goes
    LINE("add", "s1._domainkey.example.com", "TXT", txt(SEAM_BACKSLASH * 3)),
    LINE("remove", "s1._domainkey.example.com", "CNAME", "s1.provider.example."),
    LINE("remove", "s2._domainkey.example.com", "TXT", txt(SEAM_QUOTE)),
    LINE("replace", "s3._domainkey.example.com", "CNAME", "old.provider.example."),
    LINE("by", "s3._domainkey.example.com", "CNAME", "new.provider.example."),
    LINE("remove", "s4._domainkey.example.com", "TXT", txt(b"v=DKIM1; p=")),
    LINE("add", "s4._domainkey.example.com", "CNAME", "s4.provider.example."),
    LINE("add", "_dmarc.example.com", "TXT", txt(SEAM_QUOTE + INSIDE)),
    LINE("add", "_smtp._tls.example.com", "TXT", txt(b"x" * STRING_MAX)),
    # the same letters and digits: two resources all the same
    LINE("add", "a-b.example.com", "TXT", txt(b"one")),
    LINE("add", "a.b.example.com", "TXT", txt(b"two")),
]


def zone_line(line):
    return "%s. 3600 IN %s %s\n" % (line.owner, line.kind, line.value)


def hard_world(edits, form):
    """What record_edits writes for HARD, the world before, and the one that must come of it"""
    text = "".join("%s %s" % (line.verb, zone_line(line)) for line in HARD)
    written = subprocess.run([edits, form], input=text, capture_output=True, text=True,
                             check=True).stdout
    before = {record_of_line(zone_line(line)) for line in HARD if line.verb == "has"}
    gone = {record_of_line(zone_line(line)) for line in HARD
            if line.verb in ("replace", "remove")}
    come = {record_of_line(zone_line(line)) for line in HARD if line.verb in ("by", "add")}
    return written, before, (before - gone) | come


def zone_of(world):
    return SOA + "".join("%s. 3600 IN %s %s\n" % (
        owner, kind, txt(value) if kind == "TXT" else
        " ".join(value) + ("" if kind == "A" else "."))
        for owner, kind, value in sorted(world, key=str))


# domains whose remedies need no choice; a key with a note of quotes, backslashes and semicolons
KEY = ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1Ajaiv3SLcqkpy8/nUqVoTHROJyjDmQiSdxafiedbAsk"
       "FRIw9qiySXZcpYKhJnyoL2+jNGMihY2oHn8q20j2WA1JhR8gry2ycDOzKZKCgbR4o1zkRvzFI9757rQ24IzSn7D4"
       "Xcvy4ca30UVxCZuo1TnlqO1xurGf76CEsWFbwXnz0FGAiJiXDKVdxRgFwyktAP1EIYT6+bIrmKflrqBc0RLCuMuQ"
       "9vGVs/E1EzbTG4CQfBNcu1ftUZfVqG52xJA5kG4RQ5wHWmQ+9z33TCUVhzuCZR4DpqcD81XPQKWGR2keVkWWPtoy"
       "6YIhkCB3+OT0IClb616utxYydKW+7d3J9QIDAQAB")


def check_world(mailassay, beside=()):
    """A world with faults, and what --fix makes of it by form"""
    world = set(beside) | {
        ("example.com", "MX", ("10", "alias.example.com")),
        ("example.com", "MX", ("20", "nowhere.example.com")),
        ("example.com", "MX", ("30", "mail.example.com")),
        ("example.com", "TXT", b"v=spf1 mx exists:%{i}.example.com ?all"),
        ("example.com", "TXT", b'other="kept"; \\ as it is; ' + b"y" * 300),
        ("alias.example.com", "CNAME", ("mx.example.com",)),
        ("mx.example.com", "A", ("192.0.2.10",)),
        ("mail.example.com", "A", ("192.0.2.11",)),
        ("s1._domainkey.example.com", "TXT",
         b'v=DKIM1; k=rsa; t=y; n=say "hi" \\ ${x}; p=' + KEY.encode()),
        ("_dmarc.example.com", "TXT", b"v=DMARC1; p=reject; pct=50; rua=mailto:d@example.com"),
    }
    written = {}
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/world.zone", "w") as file:
            file.write(zone_of(world))
        for form in FORMS + ("nsupdate",):
            subprocess.run([mailassay, "check", ORIGIN, "--no-engines", "--selector", "s1",
                            "--dns", "zone:%s/world.zone@%s" % (folder, ORIGIN),
                            "--now", "2026-11-25T20:00:00Z",
                            "--record-format", form, "--fix", folder + "/fix"],
                           capture_output=True, check=False)
            with open(folder + "/fix") as file:
                written[form] = file.read()
    return world, written
