"""Feed every list that comes from outside at N, 2N and 4N: growth.py MAILASSAY N [-q] [LIST...]

A row of LISTS makes a zone, a message, or a file of another kind that is as long as it is
told. Each command that reads it runs, and its processor time and greatest memory are taken
from the kernel (wait4), so that a machine which is busy otherwise changes little. A row fails
where either grows faster than N log N, or passes what one domain and one message may cost.
With -c COMMAND only that command runs, where a row has it; with -q the first of each row. One
run of check writes JSON, text, a fix and a snapshot: what grows in one of them shows there.
"""
import concurrent.futures
import json
import math
import os
import resource
import subprocess
import sys
import tempfile

SECONDS_MAX = 5.0
MEGABYTES_MAX = 200.0
SECONDS_AWAY = 120 # more than this script takes itself
# below these a difference says nothing about growth
SECONDS_SEEN = 0.25
MEGABYTES_SEEN = 20.0
SLACK = 1.5
TRIES = 3
STATUSES = (0, 1, 3, 5)

DOMAIN = "example.com"
HEAD = ["$ORIGIN example.com.", "$TTL 300", "@ SOA ns.example.com. h.example.com. 1 2 3 4 5"]
PLAIN = {"ns": ["@ NS ns.example.com.", "ns A 192.0.2.53"],
         "mx": ["@ MX 10 mail.example.com.", "mail A 192.0.2.25"],
         "spf": ['@ TXT "v=spf1 mx -all"'],
         "dmarc": ['_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@example.com"'],
         "key": ['s._domainkey TXT "v=DKIM1; p="']}
FIELDS = {"from": ["From: a@example.com"], "date": ["Date: Tue, 24 Nov 2026 09:00:00 +0000"],
          "id": ["Message-ID: <a@example.com>"], "signature": [
              "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; "
              "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"],
          "trace": ["Received: from mail.example.com (mail.example.com [192.0.2.25])\n"
                    "\tby mx.example.net with ESMTP; Tue, 24 Nov 2026 09:00:00 +0000"]}
ENVELOPE = ["--ip", "192.0.2.25", "--helo", "mail.example.com", "--mail-from", "a@example.com"]
OPEN = ["--fail-on", "never"]
ALONE = ["--beside", "none", "--no-https"]

CHECK = ["check", DOMAIN, "MESSAGE", "--dns", "ZONE", "--no-engines", "--format"]
COMMANDS = {
    "check": CHECK + ["json", "-v", "-o", "TEXT", "--fix", "FIX", "--save-snapshot", "SNAPSHOT"]
             + OPEN,
    "parked": ["check", DOMAIN, "--parked", "--dns", "ZONE", "--no-engines"] + OPEN,
    "smtp": ["smtp", DOMAIN, "MESSAGE", "--dns", "ZONE"],
    "spf": ["spf", DOMAIN, "--dns", "ZONE", "--no-engines"] + ENVELOPE,
    "dkim": ["dkim", "MESSAGE", "--dns", "ZONE", "--no-engines"],
    "dmarc": ["dmarc", DOMAIN, "--dns", "ZONE", "--no-engines"] + ENVELOPE,
    "scan": ["scan", "LIST", "--dns", "ZONE", "--no-engines"] + OPEN,
    "replay": ["check", DOMAIN, "--dns", "snapshot:REPLAY", "--no-engines"] + OPEN,
    "policy": CHECK + ["json", "--policy", "POLICY"] + OPEN,
    "baseline": CHECK + ["json", "--baseline", "BASELINE"] + OPEN,
    "providers": CHECK + ["json", "--providers", "PROVIDERS"] + OPEN,
    "reverse": CHECK + ["json", "--dns", "REVERSE"] + OPEN,
    "gate": ["gate", "NEW", "--old", "OLD", "--all"] + ALONE,
    "diff": ["diff", "NEW", "OLD"] + ALONE,
    "explain": ["explain", "BOUNCE", "--dns", "ZONE", "--no-engines"],
    "reports": ["check", DOMAIN, "--reports", "REPORTS", "--dns", "ZONE", "--no-engines"] + OPEN,
    "plan": ["check", DOMAIN, "--dns", "plan:PLAN", "--no-engines"] + OPEN,
    "plan gate": ["gate", "PLAN", "--old", "OLD", "--all"] + ALONE,
    "probe": ["probe", DOMAIN, "--dns", "ZONE", "--pause", "0"],
}
WITH_ZONE = ["check", "parked", "smtp", "spf", "dkim", "dmarc", "scan", "gate", "diff"]
WITH_MESSAGE = ["check", "smtp", "dkim", "scan"]


def many(count, form):
    """N lines; % stands for their numbers."""
    return [form.replace("%", str(i)) for i in range(count)]


def text(words):
    """A TXT record's strings of 250 octets."""
    return " ".join(f'"{words[i:i + 250]}"' for i in range(0, len(words), 250))


def in_zone(part, make):
    """A list in the zone: it takes the place of a part of the plain one, or comes beside."""
    return {"zone": part, "make": make, "commands": WITH_ZONE}


def in_message(part, make):
    return {"message": part, "make": make, "commands": WITH_MESSAGE}


def in_file(name, make, *commands):
    return {"file": name, "make": make, "commands": list(commands)}


def policy(count):
    head = ("name: own\ntitle: Own\nkind: receiver\nas-of: 2026-03-21\nabout: Own.\n"
            "sources:\n  - id: S\n    title: Own\n    url: https://own.example/\n"
            "    read: 2026-03-21\nrules:\n")
    rule = ("  - id: r%\n    says: no\n    when: spf.passes and not spf.passes\n"
            "    disposition: reject\n    code: 550\n    enhanced: 5.7.1\n"
            "    source: [S]\n    confidence: high\n")
    last = ("  - id: last\n    says: no\n    when: always\n    disposition: accept\n"
            "    source: [S]\n    confidence: high\n")
    return head + "".join(many(count, rule)) + last


def baseline(count):
    return json.dumps({"schema": 1, "findings": [
        {"id": "dmarc_missing", "fingerprint": f"{i:016x}"} for i in range(count)]})


def providers(count):
    one = ("  - name: p%\n    title: P%\n    kind: mailbox\n    confidence: low\n"
           "    spf: [spf%.example.net]\n    mx: [mx%.example.net]\n    selectors: [s%]\n"
           "    sources:\n      - url: https://example.net/\n        read: 2026-11-25\n")
    return "as-of: 2026-11-25\nproviders:\n" + "".join(many(count, one))


def reverse(count):
    lines = HEAD[1:] + ["@ NS ns.example.com."] + many(count, "25 PTR h%.example.com.")
    return "\n".join(lines) + "\n"


def snapshot(count):
    head = {"snapshot": 1, "tool": "mailassay", "taken": "2026-11-24T00:00:00Z",
            "closed": [DOMAIN]}
    lines = [{"name": f"n{i}.example.com.", "type": "TXT", "status": "OK", "ttl": 300,
              "ad": False, "source": "zone", "records": [f"n{i}.example.com.\t300\tIN\tTXT\t\"x\""]}
             for i in range(count * 4)]
    return "\n".join(json.dumps(line) for line in [head] + lines) + "\n"


REPORT_HEAD = ("From: MAILER-DAEMON@mx.example.net\nTo: a@example.com\n"
               "Subject: Undelivered Mail\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n"
               "MIME-Version: 1.0\nContent-Type: multipart/report; "
               "report-type=delivery-status; boundary=b\n\n")


def bounce(recipients):
    """A delivery report about so many recipients, and the message that came back."""
    status = many(recipients, "Final-Recipient: rfc822; a%@example.net\nAction: failed\n"
                  "Status: 5.7.26\nDiagnostic-Code: smtp; 550 5.7.26 a%: unauthenticated\n\n")
    return (REPORT_HEAD + "--b\nContent-Type: text/plain\n\nrefused\n\n--b\n"
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
            + "".join(status) + "--b\nContent-Type: message/rfc822\n\nFrom: a@example.com\n"
            "Date: Tue, 24 Nov 2026 09:00:00 +0000\nMessage-ID: <a@example.com>\n\nx\n"
            "--b--\n")


def bounce_parts(count):
    part = "--b\nContent-Type: text/plain\n\n550 5.1.1 <a%@example.net> refused\n\n"
    return REPORT_HEAD + "".join(many(count, part)) + "--b--\n"


def mail_log(count):
    return "".join(many(count, "Nov 24 09:00:00 mail postfix/smtp[1]: A%: to=<b%@example.net>, "
                        "relay=mx.example.net[192.0.2.9]:25, delay=1, dsn=5.7.26, "
                        "status=bounced (host mx.example.net[192.0.2.9] said: 550 5.7.26 no "
                        "(in reply to end of DATA command))\n"))


def aggregate(count):
    row = ("<record><row><source_ip>10.%s.%s.1</source_ip><count>1</count><policy_evaluated>"
           "<disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated>"
           "</row><identifiers><header_from>example.com</header_from><envelope_from>n%s.example"
           "</envelope_from></identifiers><auth_results><dkim><domain>d%s.example</domain>"
           "<selector>s</selector><result>pass</result></dkim><spf><domain>n%s.example</domain>"
           "<result>pass</result></spf></auth_results></record>")
    return ("<feedback><report_metadata><org_name>Own</org_name><email>a@example.net</email>"
            "<report_id>1</report_id><date_range><begin>1795000000</begin><end>1795086400</end>"
            "</date_range></report_metadata><policy_published><domain>example.com</domain>"
            "<p>none</p></policy_published>"
            + "".join(row % (i // 250, i % 250, i, i, i) for i in range(count))
            + "</feedback>")


def octodns(count):
    return "---\n'':\n  type: TXT\n  value: v=spf1 mx -all\n" + "".join(
        many(count, "n%:\n  type: TXT\n  value: v=spf1 ip4:192.0.2.1 -all\n"))


def terraform(count):
    changes = [{"address": f"cloudflare_record.n{i}", "mode": "managed",
                "type": "cloudflare_record", "name": f"n{i}",
                "change": {"actions": ["create"], "before": None, "after": {
                    "name": f"n{i}.example.com", "type": "TXT", "ttl": 300,
                    "content": "v=spf1 -all", "zone_id": "z"}}} for i in range(count)]
    return json.dumps({"format_version": "1.2", "terraform_version": "1.9.0",
                       "resource_changes": changes})


SIGNATURE = ("DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; "
             "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA; x%=1")
DEEP = "l." * 90
LISTS = {
    "dmarc records": in_zone("dmarc", lambda n: many(n, '_dmarc TXT "v=DMARC1; p=none; x=%"')),
    "dmarc misspelt": in_zone("dmarc", lambda n: many(n, '_dmarc TXT "v=DMARC1 p=reject x=%"')),
    "dmarc quoted": in_zone("dmarc", lambda n: many(n, r'_dmarc TXT "\"v=DMARC1; p=none; x=%\""')),
    "dmarc at domain": in_zone("dmarc", lambda n: many(n, '@ TXT "v=DMARC1; p=none; x=%"')),
    "dmarc wildcard": in_zone("wild", lambda n: many(n, '*._dmarc TXT "v=DMARC1; p=none; x=%"')
                              + many(n, '* TXT "v=DMARC1; p=none; x=%"')),
    "dmarc tags": in_zone("dmarc", lambda n: ["_dmarc TXT " + text(
        "v=DMARC1; p=none; " + "".join(many(n, "x%=1; ")))]),
    "dmarc reports": in_zone("dmarc", lambda n: ["_dmarc TXT " + text(
        "v=DMARC1; p=none; rua=" + ",".join(many(n // 2, "mailto:a@r%.org")))]),
    "spf records": in_zone("spf", lambda n: many(n, '@ TXT "v=spf1 ip4:192.0.2.1 x=% -all"')),
    "spf misspelt": in_zone("spf", lambda n: many(n, '@ TXT "v=spf1: -all %"')),
    "spf quoted": in_zone("spf", lambda n: many(n, r'@ TXT "\"v=spf1 -all %\""')),
    "spf sender id": in_zone("spf", lambda n: many(n, '@ TXT "spf2.0/pra -all %"')),
    "spf networks": in_zone("spf", lambda n: ["@ TXT " + text("v=spf1 " + "".join(
        f"ip4:10.{i // 250}.{i % 250}.1 " for i in range(n)) + "-all")]),
    "spf qualifiers": in_zone("spf", lambda n: ["@ TXT " + text("v=spf1 " + "".join(
        f"{'+-~?'[i % 4]}ip4:10.{i // 120}.{i % 120}.{i % 250} " for i in range(n - n // 8))
        + "-all")]),
    "spf equal terms": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 " + "ip4:192.0.2.1 " * n + "-all")]),
    "spf bad terms": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 " + "".join(many(n, "ipv4:1.2.% ")) + "-all")]),
    "spf modifiers": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 " + "".join(many(n, "x%=y ")) + "-all")]),
    "spf hosts": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 " + "".join(many(n, "a:n% ")) + "-all")]),
    "spf macros": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 " + "".join(f"exists:%{{i}}.x{i} " for i in range(n // 2)) + "-all")]),
    "spf includes": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 " + "".join(many(n // 2, "include:i%.example.com ")) + "-all")]
        + many(n // 2, 'i% TXT "v=spf1 ip4:192.0.2.% -all"')),
    "spf after all": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 -all " + "".join(many(n, "a:n% ")))]),
    "strings": in_zone("spf", lambda n: ["@ TXT " + '"v=spf1 " ' + '"x" ' * n + '" -all"']),
    "texts": in_zone("texts", lambda n: many(n, '@ TXT "verification=%"')),
    "keys": in_zone("key", lambda n: many(n, 's._domainkey TXT "p=; n=%"')),
    "key texts": in_zone("key", lambda n: ['s._domainkey TXT "v=DKIM1; p=AAAA"']
                         + many(n, 's._domainkey TXT "AAAA%"')),
    "key tags": in_zone("key", lambda n: ["s._domainkey TXT " + text(
        "v=DKIM1; p=; " + "".join(many(n, "x%=1; ")))]),
    "selectors": in_zone("key", lambda n: many(n, 's%._domainkey TXT "v=DKIM1; p="')),
    "mail hosts": in_zone("mx", lambda n: many(n, "@ MX 10 m%.example.com.")
                          + many(n, "m% A 192.0.2.25")),
    "mail hosts without address": in_zone("mx", lambda n: many(n, "@ MX 10 m%.example.com.")),
    "mail addresses": in_zone("mx", lambda n: ["@ MX 10 mail.example.com."] + [
        f"mail A 203.0.{i // 250}.{i % 250}" for i in range(n)]),
    "name servers": in_zone("ns", lambda n: many(n, "@ NS n%.example.com.")
                            + many(n, "n% A 192.0.2.53")),
    "tlsa": in_zone("tlsa", lambda n: [f"_25._tcp.mail TLSA 3 1 1 {i:064x}" for i in range(n)]),
    "mta-sts": in_zone("sts", lambda n: many(n, '_mta-sts TXT "v=STSv1; id=%"')),
    "mta-sts misspelt": in_zone("sts", lambda n: many(n, '_mta-sts TXT "v=STS1; id=%"')),
    "tls-rpt": in_zone("rpt", lambda n: many(
        n, '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:a%@example.com"')),
    "bimi": in_zone("bimi", lambda n: many(
        n, 'default._bimi TXT "v=BIMI1; l=https://example.com/%.svg"')),
    "zone lines": in_zone("lines", lambda n: many(n * 4, "n% A 192.0.2.1")),
    "zone faults": in_zone("lines", lambda n: many(n * 4, "n% TXT \"x\"")),
    "labels": in_zone("lines", lambda n: many(n, DEEP + "n% A 192.0.2.1")),
    "aliases": in_zone("mx", lambda n: ["@ MX 10 c0.example.com."] + [
        f"c{i} CNAME c{i + 1}.example.com." for i in range(n)]),
    "signatures": in_message("signature", lambda n: many(n, SIGNATURE)),
    "signature tags": in_message("signature", lambda n: [SIGNATURE + "".join(
        many(n, ";\n x%=1"))]),
    "signed fields": in_message("signature", lambda n: [SIGNATURE.replace(
        "h=from", "h=from" + "".join(many(n, ":\n x%")))]),
    "authors": in_message("from", lambda n: ["From: " + ",\n ".join(many(n, "a%@example.com"))]),
    "author domains": in_message("from", lambda n: ["From: " + ",\n ".join(
        many(n, "a@d%.example"))]),
    "from fields": in_message("from", lambda n: many(n, "From: a%@example.com")),
    "comments": in_message("from", lambda n: ["From: a@example.com " + "(" * n + ")" * n]),
    "encoded words": in_message("from", lambda n: ["From: " + "=?utf-8?q?a?=\n " * n
                                                   + "<a@example.com>"]),
    "trace": in_message("trace", lambda n: many(
        n, "Received: from a%.example (b%.example [192.0.2.1]) by c.example with ESMTP;\n"
        " Tue, 24 Nov 2026 09:00:00 +0000")),
    "results": in_message("trace", lambda n: many(
        n, "Authentication-Results: mx%.example; spf=pass smtp.mailfrom=a@example.com")),
    "result methods": in_message("trace", lambda n: ["Authentication-Results: mx.example"
                                                     + ";\n spf=pass" * n]),
    "arc sets": in_message("trace", lambda n: many(
        n, "ARC-Seal: i=%; a=rsa-sha256; d=example.com; s=s; cv=none; b=AAAA")),
    "fields": in_message("trace", lambda n: many(n * 4, "X-Field-%: x")),
    "folded lines": in_message("trace", lambda n: ["X-Long: x" + "\n x" * (n * 4)]),
    "twice": in_message("date", lambda n: many(n, "Date: Tue, 24 Nov 2026 09:00:00 +0000")),
    "bad fields": in_message("trace", lambda n: many(n, "X-\x7f%: \x01")),
    "spf two": in_zone("spf", lambda n: [
        "@ TXT " + text("v=spf1 " + "".join(f"ip4:10.{i // 250}.{i % 250}.{j} "
                                            for i in range(n // 2)) + "-all")
        for j in (1, 2)]),
    "spf broken": in_zone("spf", lambda n: ["@ TXT " + text(
        "v=spf1 include=_spf.example.net " + "".join(many(n // 2, "a:n% ")) + "-all")]),
    "dmarc broken": in_zone("dmarc", lambda n: ["_dmarc TXT " + text(
        "v=DMARC1 p=none; rua=" + ",".join(many(n // 2, "mailto:a@r%.org")))]),
    "dmarc two": in_zone("dmarc", lambda n: ["_dmarc TXT " + text(
        f"v=DMARC1; p=none; rua=mailto:{j}@example.com," + ",".join(
            many(n // 4, "mailto:a@r%.org"))) for j in "ab"]),
    "key broken": in_zone("key", lambda n: ["s._domainkey TXT " + text(
        "v=DKIM1 k=rsa p=" + "A" * (8 * n))]),
    "reported recipients": in_file("BOUNCE", bounce, "explain"),
    "reported parts": in_file("BOUNCE", bounce_parts, "explain"),
    "log lines": in_file("BOUNCE", mail_log, "explain"),
    "report rows": in_file("REPORTS", lambda n: aggregate(n * 4), "reports"),
    "plan records": dict(in_file("PLAN", lambda n: octodns(n // 2), "plan", "plan gate"),
                         name="example.com.yaml"),
    "plan changes": in_file("PLAN", lambda n: terraform(n // 2), "plan", "plan gate"),
    "rules": in_file("POLICY", lambda n: policy(n // 4), "policy"),
    "known findings": in_file("BASELINE", lambda n: baseline(n * 4), "baseline"),
    "snapshot lines": in_file("REPLAY", snapshot, "replay"),
    "providers": in_file("PROVIDERS", lambda n: providers(n // 8), "providers"),
    "names of an address": in_file("REVERSE", reverse, "reverse"),
    "probed hosts": dict(in_zone("mx", lambda n: many(n, "@ MX 10 m%.example.com.")
                                 + many(n, "m% A 127.0.0.1")), commands=["probe"]),
    "probed addresses": dict(in_zone("mx", lambda n: ["@ MX 10 m.example.com."] + [
        f"m A 127.1.{i // 250}.{i % 250 + 1}" for i in range(n)]), commands=["probe"]),
    "subjects": in_file("LIST", lambda n: "example.com\n" * (n // 20), "scan"),
}


class World:
    """The files that a run reads."""

    def __init__(self, folder, row, count):
        made = row["make"](count)
        parts = dict(PLAIN)
        fields = dict(FIELDS)
        if "zone" in row:
            parts[row["zone"]] = made
        if "message" in row:
            fields[row["message"]] = made
        self.names = {name: os.path.join(folder, name.lower()) for name in (
            "MESSAGE", "FIX", "SNAPSHOT", "LIST", "REPLAY", "BASELINE", "PROVIDERS", "BOUNCE",
            "REPORTS")}
        self.names["PLAN"] = os.path.join(folder, row.get("name", "plan.json"))
        self.names["TEXT"] = os.path.join(folder, "report.txt")
        self.names["POLICY"] = os.path.join(folder, "policy.yaml")
        self.names["ZONE"] = f"zone:{folder}/new.zone"
        self.names["NEW"] = f"{folder}/new.zone"
        self.names["OLD"] = f"{folder}/old.zone"
        self.names["REVERSE"] = f"zone:{folder}/reverse@2.0.192.in-addr.arpa"
        with open(self.names["OLD"], "w", encoding="ascii") as file:
            file.write("\n".join(HEAD + [line for part in PLAIN.values() for line in part])
                       + "\n")
        with open(self.names["NEW"], "w", encoding="ascii") as file:
            file.write("\n".join(HEAD + [line for part in parts.values() for line in part])
                       + "\n")
        with open(self.names["MESSAGE"], "w", encoding="latin-1") as file:
            order = ["trace", "signature", "from", "date", "id"]
            file.write("\n".join(line for name in order for line in fields[name])
                       + "\n\nhello\n")
        with open(self.names["LIST"], "w", encoding="ascii") as file:
            file.write(json.dumps({"domain": DOMAIN, "message": self.names["MESSAGE"]}) + "\n")
        if "file" in row:
            path = self.names[row["file"]].removeprefix("zone:").partition("@")[0]
            with open(path, "w", encoding="ascii") as file:
                file.write(made)

    def command(self, binary, words):
        named = []
        for word in words:
            for name, path in self.names.items():
                if word == name or word.endswith(":" + name):
                    word = word.replace(name, path)
            named.append(word)
        return [binary] + named


def measure(command):
    """Status, seconds of processor time, megabytes, the last words on standard error."""
    with tempfile.TemporaryFile() as trouble:
        run = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=trouble)
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        trouble.seek(0)
        words = trouble.read()[-200:].decode("latin-1").strip()
    return run.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, words


def grows(values, plain, count, seen):
    """Does it grow faster than N log N, in a way that can be seen?"""
    middle, last = values[1] - plain, values[2] - plain
    if last - middle < seen:
        return False
    allowed = 2 * math.log(4 * count) / math.log(2 * count) * SLACK
    return last > allowed * max(middle, seen / 4)


def judge(runs, plain, count):
    """What is wrong with the three runs; an empty list: nothing."""
    faults = []
    for status, _, _, words in runs:
        if status not in STATUSES:
            faults.append(f"status {status}: {words}")
            return faults
    if runs[2][1] > SECONDS_MAX:
        faults.append(f"{runs[2][1]:.1f} s of processor time")
    if runs[2][2] > MEGABYTES_MAX:
        faults.append(f"{runs[2][2]:.0f} MB")
    if grows([run[1] for run in runs], plain[1], count, SECONDS_SEEN):
        faults.append("time grows: " + ", ".join(f"{run[1]:.2f}" for run in runs) + " s")
    if grows([run[2] for run in runs], plain[2], count, MEGABYTES_SEEN):
        faults.append("memory grows: " + ", ".join(f"{run[2]:.0f}" for run in runs) + " MB")
    return faults


def try_row(binary, folder, name, count, plain, only):
    """All commands over a list; returns the faults, and says the dearest run."""
    row = LISTS[name]
    worlds = []
    faults = []
    dearest = (0, 0, "")
    for step in (1, 2, 4):
        path = os.path.join(folder, f"{name}-{step}".replace(" ", "-"))
        os.mkdir(path)
        worlds.append(World(path, row, count * step))
    first = 1 if "-q" in sys.argv else None
    for command in [only] if only in row["commands"] else row["commands"][:first]:
        for _ in range(TRIES):
            last = measure(worlds[2].command(binary, COMMANDS[command]))
            found = []
            if last[0] in STATUSES and last[1] - plain[1] < SECONDS_SEEN \
                    and last[2] - plain[2] < MEGABYTES_SEEN:
                break # whatever the shorter ones cost, nothing grows
            runs = [measure(world.command(binary, COMMANDS[command])) for world in worlds[:2]]
            found = judge(runs + [last], plain, count)
            if not found:
                break
        faults += [f"{name}, {command}: {fault}" for fault in found]
        dearest = max(dearest, (last[1], last[2], command))
    if "-v" in sys.argv:
        print(f"{name:28} {dearest[0]:6.2f} s {dearest[1]:6.0f} MB {dearest[2]}", flush=True)
    return faults


def main():
    words = [word for word in sys.argv[1:] if word not in ("-v", "-q")]
    only = words.pop(words.index("-c") + 1) if "-c" in words else None
    words = [word for word in words if word != "-c"]
    binary = os.path.abspath(words[0])
    count = int(words[1])
    faults = []
    # what runs away ends; inherited, since a child that sets it itself costs a slow fork
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_AWAY, SECONDS_AWAY))
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/plain")
        world = World(f"{folder}/plain", {"make": lambda n: None}, 0)
        plain = measure(world.command(binary, COMMANDS["check"]))
        names = words[2:] or [name for name in LISTS
                              if only is None or only in LISTS[name]["commands"]]
        with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:
            for found in pool.map(lambda name: try_row(binary, folder, name, count, plain, only),
                                  names):
                faults += found
    for fault in faults:
        print("FAULT:", fault)
    print("fine" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
