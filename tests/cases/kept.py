"""What remedies keep: an independent look at every remedy, choice, step and --fix.

Nothing here uses the program's own parsers or its notion of "lost". A small reader of SPF, key
and DMARC records says what a set of records means before and after the edits, and a seeded
generator breaks records of which it knows what they meant.

usage: kept.py MAILASSAY TREE [COUNT]
"""

import base64
import copy
import ipaddress
import json
import os
import random
import re
import subprocess
import sys
import tempfile

SEED = 20261129
COUNT = 2000
OFFERED_MIN = 0.95
NOW = "2026-11-24T00:00:00Z"

# ---- a world: records by name and type ----


def unquote(value):
    """the strings of a TXT value in presentation form, as octets joined"""
    out, i, inside = [], 0, False
    while i < len(value):
        c = value[i]
        if c == "\\" and value[i + 1:i + 4].isdigit():
            out.append(chr(int(value[i + 1:i + 4])))
            i += 4
            continue
        if c == "\\":
            out.append(value[i + 1])
            i += 2
            continue
        if c == '"':
            inside = not inside
        elif inside or c not in " \t":
            out.append(c)
        i += 1
    return "".join(out)


def canonical(name):
    return name.rstrip(".").lower()


class World(dict):
    """(name, type) to a list of values; TXT values are texts"""

    def of(self, name, kind):
        return self.get((canonical(name), kind), [])

    def after(self, edits):
        world = World({key: list(values) for key, values in self.items()})
        for edit in edits:
            key = (canonical(edit["name"]), edit["type"])
            read = unquote if edit["type"] in ("TXT", "SPF") else str.strip
            values = world.setdefault(key, [])
            if edit["action"] in ("remove", "replace"):
                old = read(edit["replaces"] if edit["action"] == "replace" else edit["value"])
                if old in values:
                    values.remove(old)
            if edit["action"] in ("add", "replace"):
                values.append(read(edit["value"]))
        return world


# ---- SPF ----

TERM = re.compile(r"^([+~?-]?)([a-zA-Z0-9]+)([:/=].*)?$")


def spf_texts(world, name):
    return [t for t in world.of(name, "TXT") if re.match(r"(?i)v=spf1( |$)", t)]


def spf_terms(text):
    """(kind, argument) of each term that lets pass; None: malformed"""
    terms = []
    for word in text.split(" ")[1:]:
        if word == "":
            continue
        if any(ord(c) < 33 or ord(c) > 126 for c in word):
            return None
        modifier = re.match(r"^([a-zA-Z][a-zA-Z0-9_.-]*)=(.*)$", word)
        if modifier:
            kind = modifier.group(1).lower()
            terms.append((kind if kind in ("redirect", "exp") else "unknown", modifier.group(2), "+"))
            continue
        match = TERM.match(word)
        if not match:
            return None
        sign, kind, rest = match.group(1) or "+", match.group(2).lower(), match.group(3) or ""
        if kind not in ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"):
            return None
        argument = rest[1:] if rest[:1] == ":" else rest
        if kind in ("ip4", "ip6"):
            try:
                net = ipaddress.ip_network(argument, strict=False)
            except ValueError:
                return None
            if (net.version == 4) != (kind == "ip4") or re.search(r"/\d*\.", argument):
                return None
        if kind == "all" and rest:
            return None
        if kind in ("include", "exists") and not re.match(r"^[A-Za-z0-9_.%{}+-]+\.[A-Za-z]", argument):
            return None
        terms.append((kind, argument, sign))
    return terms


def spf_meaning(world, name, above=()):
    """(networks that pass, names and dynamic terms); None: no record, several or malformed"""
    texts = spf_texts(world, name)
    terms = spf_terms(texts[0]) if len(texts) == 1 else None
    if terms is None or len(above) > 9:
        return None
    nets, names = set(), set()
    for kind, argument, sign in terms:
        if kind == "all":
            if sign == "+":
                nets.add(ipaddress.ip_network("0.0.0.0/0"))
            break
        if sign != "+":
            continue
        if kind in ("ip4", "ip6"):
            nets.add(ipaddress.ip_network(argument, strict=False))
        elif kind in ("a", "mx"):
            host, _, prefix = argument.partition("/")
            prefix = prefix.partition("/")[0]
            hosts = [host or name]
            if kind == "mx":
                hosts = [v.split()[1] for v in world.of(host or name, "MX")]
            for each in hosts:
                for value in world.of(each, "A"):
                    nets.add(ipaddress.ip_network(value + "/" + (prefix or "32"), strict=False))
        elif kind in ("include", "redirect"):
            if canonical(argument) in above + (canonical(name),):
                continue # a loop lets nobody pass
            below = spf_meaning(world, argument, above + (canonical(name),))
            if below is None and ":" not in argument: # that is two terms in one
                names.add(kind + ":" + canonical(argument))
            elif below is not None:
                nets |= below[0]
                names |= below[1]
        elif kind in ("exists", "ptr"):
            names.add(kind + ":" + argument)
    return nets, names


def is_inside(net, others):
    return any(net.version == o.version and net.subnet_of(o) for o in others)


def count_terms(world, name):
    return sum(len(text.split()) for text in spf_texts(world, name))


def covered(net, others):
    """the network is inside one of the others, or its halves are"""
    others = list(ipaddress.collapse_addresses([o for o in others if o.version == net.version]))
    return is_inside(net, others)


def is_bare(text):
    return re.match(r"(?i)^v=spf1 +[-~]all *$", text) is not None


# ---- keys ----


def key_tags(text):
    tags = {}
    for piece in text.split(";"):
        if "=" in piece:
            key, _, value = piece.partition("=")
            tags.setdefault(key.strip(), value.strip())
    return tags


def key_octets(text):
    tags = key_tags(text)
    if "v" in tags and tags["v"] != "DKIM1":
        return None
    if not tags.get("p"):
        return None
    try:
        octets = base64.b64decode(re.sub(r"\s", "", tags["p"]), validate=True)
    except Exception:
        return None
    return key_core(octets)


def der(octets, at):
    """tag, start and end of the element at `at`; None: cut"""
    if at + 2 > len(octets):
        return None
    length, start = octets[at + 1], at + 2
    if length & 128:
        count = length & 127
        length = int.from_bytes(octets[start:start + count], "big")
        start += count
    return None if start + length > len(octets) else (octets[at], start, start + length)


def key_core(octets):
    """the numbers of the key, however they are wrapped; None: not a whole key"""
    if len(octets) == 32:
        return octets
    if len(octets) == 44 and octets[:4] == b"\x30\x2a\x30\x05":
        return octets[12:]
    outer = der(octets, 0)
    if outer is None or outer[0] != 0x30 or outer[2] != len(octets):
        return None
    first = der(octets, outer[1])
    if first is None:
        return None
    if first[0] == 0x02:
        return octets
    bits = der(octets, first[2])
    if bits is None or bits[0] != 0x03:
        return None
    return octets[bits[1] + 1:bits[2]]


# ---- DMARC ----

STRENGTH = {"none": 0, "quarantine": 1, "reject": 2}


def dmarc_meaning(world, name):
    """(p, sp, report addresses); None: no usable record"""
    texts = [t for t in world.of("_dmarc." + name, "TXT") if re.match(r"v *= *DMARC1 *(;|$)", t)]
    if len(texts) != 1:
        return None
    tags = key_tags(texts[0])
    uris = set()
    for tag in ("rua", "ruf"):
        for uri in filter(None, tags.get(tag, "").split(",")):
            uri = uri.strip().split("!")[0]
            if uri.lower().startswith("mailto:") and "@" in uri and " " not in uri.strip()[7:].strip():
                uris.add((tag, uri[7:].strip().lstrip("/").lower()))
    policy = STRENGTH.get(tags.get("p", "").lower())
    below = STRENGTH.get(tags.get("sp", tags.get("p", "")).lower())
    if policy is None or below is None or tags.get("np", "none").lower() not in STRENGTH:
        return (0, 0, uris) if uris else None # RFC 9989, 4.10.1
    if tags.get("t", "").lower() == "y":
        policy, below = max(policy - 1, 0), max(below - 1, 0)
    return policy, below, uris


# ---- what an edit may not do ----


def losses(before, after, domain, touched, counts_dead=True):
    """what `after` lacks that `before` has, for the names that are edited; a name that leads
    nowhere counts unless it is known what was meant instead"""
    out = []
    if (canonical(domain), "TXT") in touched:
        old, new = spf_meaning(before, domain), spf_meaning(after, domain)
        if old is not None:
            nets, names = new if new is not None else (set(), set())
            out += ["address %s" % n for n in old[0] if not covered(n, nets)]
            gone = [n for n in old[1] if n not in names]
            if counts_dead and count_terms(after, domain) < count_terms(before, domain):
                out += ["term %s" % n for n in gone]
    for (name, kind) in touched:
        if kind == "TXT" and "._domainkey" in name:
            for text in before.of(name, "TXT"):
                key = key_octets(text)
                if key is not None and not any(
                        key == key_octets(t) for (at, of), texts in after.items()
                        if of == "TXT" and at.endswith(canonical(domain)) for t in texts):
                    out.append("key at %s" % name)
        if kind == "TXT" and not name.startswith("_dmarc") and "._domainkey" not in name:
            for text in before.of(name, "TXT"):
                if not re.match(r"(?i)[\"'( ]*v ?[=:] ?spf|spf", text) and \
                   not any(text in values for values in after.values()) and \
                   not re.search(r"(?i)spf|dmarc|^p=|all\W*$|mta|tlsrpt|bimi|sts", text):
                    out.append("text %s" % text[:60])
        if kind == "MX":
            old, hosts = [{v.split()[1] for v in world.of(name, "MX")} - {"."}
                          for world in (before, after)]
            if len(hosts) < len(old): # one that is replaced has a name that was meant
                out.append("mail hosts %s" % sorted(old - hosts))
    if ("_dmarc." + canonical(domain), "TXT") in touched:
        old, new = dmarc_meaning(before, domain), dmarc_meaning(after, domain)
        if old is not None:
            new = new or (-1, -1, set())
            if new[0] < old[0] or new[1] < old[1]:
                out.append("policy")
            out += ["reports to %s" % u[1] for u in old[2] if u[1] not in {v[1] for v in new[2]}]
    return out


def faults(after, edits):
    """edited records that do not parse"""
    out = []
    for edit in edits:
        if edit["action"] == "remove" or edit["type"] != "TXT":
            continue
        text, name = unquote(edit["value"]), canonical(edit["name"])
        if re.match(r"(?i)v=spf1( |$)", text) and spf_terms(text) is None:
            out.append("malformed SPF %s" % text[:80])
        if "._domainkey" in name and not name.startswith("*") and key_octets(text) is None:
            out.append("no key in %s" % text[:80])
        if name.startswith("_dmarc.") and text.startswith("v=DMARC1") and \
           dmarc_meaning(World({(name, "TXT"): [text]}), name[7:]) is None:
            out.append("no policy in %s" % text[:80])
    return out


def choices_of(finding):
    remedy = finding.get("remedy")
    return [] if remedy is None else [remedy] + remedy["alternatives"]


def walk(report):
    """(where, edits, is it taken without a person, lost) of everything a report proposes"""
    for finding in report["findings"]:
        for choice in choices_of(finding):
            free = choice["condition"] is None and choice["price"] is None
            yield finding["id"], choice["edits"], free, choice["proof"]["lost"]
    plan = report.get("plan")
    steps = plan["steps"] if plan else []
    for step in steps:
        yield "step", step["edits"], True, []
    if steps:
        yield "fix", [edit for step in steps for edit in step["edits"]], True, []


class Judge:
    def __init__(self):
        self.seen = self.choices = 0
        self.bad = []

    def report(self, label, report, before, truth=None, domain=None):
        """every proposal of a report; `truth` is the world in which nothing was broken"""
        domain = domain or report["subject"]["domain"]
        if not domain or report["subject"].get("domain") is None:
            return
        parked = any(f["id"].startswith("parked_") for f in report["findings"])
        for where, edits, free, lost in walk(report):
            self.seen += 1
            after = before.after(edits)
            touched = {(canonical(e["name"]), e["type"]) for e in edits}
            gone = [] if parked else losses(before, after, domain, touched, truth is None)
            if truth is not None:
                gone += losses(truth, after, domain, touched)
            self.choices += not free
            for text in faults(after, edits):
                self.bad.append("%s: %s: %s" % (label, where, text))
            if gone and (free or not lost):
                self.bad.append("%s: %s%s: loses %s without a word: %s" % (
                    label, where, "" if free else " (a choice)", gone[:3],
                    [(e["action"], e["name"], e["value"][:90]) for e in edits]))
            for edit in edits:
                if free and not parked and edit["action"] != "remove" and edit["type"] == "TXT" \
                   and is_bare(unquote(edit["value"])):
                    self.bad.append("%s: %s: a bare record for everybody" % (label, where))
                if free and not parked and edit["action"] != "remove" and \
                   edit["type"] == "MX" and edit["value"].strip() == "0 .":
                    self.bad.append("%s: %s: a null MX for everybody" % (label, where))


# ---- worlds of files ----


def world_of_dns(report):
    """all records that the report knows"""
    world = World()
    for answer in report["dns"]["answers"]:
        for record in answer["records"]:
            parts = record.split("\t", 4)
            if len(parts) < 5:
                continue
            name, kind, value = canonical(parts[0]), parts[3], parts[4]
            value = unquote(value) if kind in ("TXT", "SPF") else value.strip()
            values = world.setdefault((name, kind), [])
            if value not in values:
                values.append(value)
    return world


def check(binary, folder, args):
    run = subprocess.run([binary, "check"] + args + ["--format", "json", "-v", "--no-engines"],
                         cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return json.loads(run.stdout) if run.stdout else None


def walk_cases(binary, tree, judge):
    root = os.path.join(tree, "testdata", "cases")
    for row in sorted(os.listdir(root)):
        for case in sorted(os.listdir(os.path.join(root, row))):
            folder = os.path.join(root, row, case)
            if not case.startswith("fires-") or not os.path.isfile(os.path.join(folder, "args")):
                continue
            args = open(os.path.join(folder, "args"), encoding="utf-8").read().splitlines()
            files = os.listdir(folder)
            if "snapshot" in files:
                args += ["--dns", "snapshot:snapshot"]
            if "zone" in files:
                args += ["--dns", "zone:zone@."]
            if "providers" in files:
                args += ["--providers", "./providers"]
            if "--now" not in args:
                args += ["--now", NOW]
            if len(args) < 3:
                continue
            report = check(binary, folder, args)
            if report is not None and report.get("findings") is not None:
                judge.report(row + "/" + case, report, world_of_dns(report))


def walk_worlds(binary, tree, judge):
    """whole domains, as tests/worlds reads them"""
    root = os.path.join(tree, "testdata", "worlds")
    for world in sorted(os.listdir(root)):
        folder = os.path.join(root, world)
        if not os.path.isdir(folder):
            continue
        args = open(os.path.join(folder, "args"), encoding="utf-8").read().splitlines()
        files = sorted(os.listdir(folder))
        own = [name for name in files if name.endswith(".zone") and name != "world.zone"]
        for spec in (["snapshot:snapshot"] if "snapshot" in files else []) + \
                ["zone:%s@%s" % (name, name[:-len("zone")]) for name in own] + ["zone:world.zone@."]:
            args += ["--dns", spec]
        args += ["--now", NOW, "--providers", os.path.join(os.path.abspath(root), "providers.yaml")]
        report = check(binary, folder, args)
        if report is not None:
            judge.report("world " + world, report, world_of_dns(report))


# ---- the generator ----


def random_key(rng):
    """a key as DER of the form that people publish, and as base64"""
    if rng.random() < 0.2:
        return "ed25519", base64.b64encode(bytes(rng.randrange(256) for _ in range(32))).decode()
    size = rng.choice([128, 256, 256, 512])
    modulus = bytes([rng.randrange(128, 256)] + [rng.randrange(256) for _ in range(size - 2)] + [1])

    def element(tag, body):
        length = len(body)
        head = bytes([length]) if length < 128 else (
            bytes([0x81, length]) if length < 256 else bytes([0x82, length >> 8, length & 255]))
        return bytes([tag]) + head + body

    pair = element(0x30, element(2, b"\0" + modulus) + element(2, b"\1\0\1"))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    info = element(0x30, algorithm + element(3, b"\0" + pair))
    return "rsa", base64.b64encode(info).decode()


SENDERS = [("_spf.sender%d.example" % i, "v=spf1 ip4:198.51.100.%d/32 -all" % i) for i in range(12)]
PROVIDERS = ["_spf.google.com", "spf.protection.outlook.com", "sendgrid.net", "amazonses.com",
             "servers.mcsv.net", "mailgun.org", "spf.mandrillapp.com", "zoho.eu"]


def spf_truth(rng):
    terms = []
    for _ in range(rng.randint(1, 4)):
        terms.append(rng.choice([
            lambda: "mx", lambda: "a",
            lambda: "ip4:192.0.2.%d" % rng.randrange(1, 250),
            lambda: "ip4:203.0.113.%d/%d" % (rng.randrange(8) * 32, rng.choice([27, 28, 29])),
            lambda: "ip6:2001:db8:%x::/48" % rng.randrange(1, 65535),
            lambda: "include:" + rng.choice(SENDERS)[0],
            lambda: "include:" + rng.choice(PROVIDERS),
        ])())
    terms = list(dict.fromkeys(terms))
    return terms, rng.choice(["-all", "~all"])


def replace_one(rng, terms, wanted, change):
    places = [i for i, t in enumerate(terms) if re.search(wanted, t)]
    if not places:
        return None
    i = rng.choice(places)
    new = change(terms[i])
    return None if new is None else terms[:i] + [new] + terms[i + 1:]


def typo(rng, word, low, high):
    """one octet of the part is doubled, left out or swapped with its neighbour"""
    i = rng.randrange(low, high)
    kind = rng.randrange(3)
    if kind == 0:
        return word[:i] + word[i] + word[i:]
    if kind == 1:
        return word[:i] + word[i + 1:]
    return word[:i] + word[i + 1] + word[i] + word[i + 2:] if i + 1 < high else None


def break_spf(rng, terms, last):
    """strings of a broken record, and the kind; None: the kind does not fit"""
    words = terms + [last]
    space = lambda sep: "v=spf1" + sep + sep.join(words)
    plain = "v=spf1 " + " ".join(words)

    def with_terms(new):
        return None if new is None else ["v=spf1 " + " ".join(new + [last])]

    def of(pattern, change):
        return lambda: with_terms(replace_one(rng, terms, pattern, change))

    kinds = {
        "blank lost": lambda: (lambda i: [
            "v=spf1 " + " ".join(words[:i]), " ".join(words[i:])])(rng.randrange(1, len(words))),
        "version glued": lambda: ["v=spf1", " ".join(words)],
        "no-break space": lambda: [space("\u00a0" if rng.random() < .5 else " \u00a0")],
        "tab": lambda: [space("\t")],
        "line ends": lambda: [space("\r\n")],
        "curly quotes": lambda: ["\u201c" + plain + "\u201d"],
        "quotes": lambda: ['"' + plain + '"'],
        "byte order mark": lambda: ["\ufeff" + plain],
        "zero width": lambda: [plain.replace(" ", " \u200b")],
        "dash": lambda: [plain.replace("-all", "\u2013all")] if last == "-all" else None,
        "commas": lambda: ["v=spf1, " + ", ".join(words)],
        "semicolons": lambda: ["v=spf1; " + "; ".join(words)],
        "backslashes": lambda: [plain.replace(" ", "\\; ")],
        "blank after colon": of(":", lambda t: t.replace(":", ": ", 1)),
        "blank before colon": of(":", lambda t: t.replace(":", " :", 1)),
        "equals": of("^(include|ip4):", lambda t: t.replace(":", "=", 1)),
        "double colon": of("^(include|ip4):", lambda t: t.replace(":", "::", 1)),
        "netmask": of("/2[789]", lambda t: "%s/%s" % (
            t.split("/")[0], ipaddress.ip_network("0.0.0.0/" + t.split("/")[1]).netmask)),
        "zero prefix": of("ip4.*/2", lambda t: t.replace("/", "/0")),
        "backslash prefix": of("ip4.*/2", lambda t: t.replace("/", "\\")),
        "url": of("^include:", lambda t: t.replace(":", ":https://") + "/"),
        "at": of("^include:", lambda t: t.replace(":", ":@")),
        "mail address": of("^include:", lambda t: t.replace(":", ":info@")),
        "no mechanism": of("^ip[46]:", lambda t: t.split(":", 1)[1]),
        "mechanism misspelt": of("^include:", lambda t: typo(rng, t, 1, 6)),
        "ipv4": of("^ip4:", lambda t: t.replace("ip4", "ipv4")),
        "ip": of("^ip4:", lambda t: t.replace("ip4", "ip")),
        "wrong family": of("^ip6:", lambda t: t.replace("ip6", "ip4")),
        "address in a": of("^ip4:[^/]*$", lambda t: t.replace("ip4", "a")),
        "address in include": of("^ip4:", lambda t: t.replace("ip4", "include")),
        "doubled name": of("^(include|ip4):", lambda t: t.split(":")[0] + ":" + t),
        "trailing comma": of(":", lambda t: t + ","),
        "name misspelt": of("^include:(?!.*sender)", lambda t: typo(rng, t, 9, t.index(".", 13))
                            if "." in t[13:] else None),
        "version": lambda: [plain.replace("v=spf1", rng.choice(
            ["v=spf", "v=sfp1", "spf1", "v:spf1", "v = spf1", "v=spf2", "V=spf 1", "v=spf1;"]))],
        "all": lambda: [plain.replace(last, rng.choice([last + ".", last[0] + last, last[0] + " all"]))],
        "glued all": lambda: ["v=spf1 " + " ".join(terms) + last],
        "wrong order": lambda: [" ".join(words[-1:]), "v=spf1 " + " ".join(terms) + " "],
        "zone line": lambda: ["example.com. 3600 IN TXT " + '"' + plain + '"'],
    }
    kind = rng.choice(sorted(kinds))
    return kind, kinds[kind]()


def break_dmarc(rng, tags):
    text = "; ".join("%s=%s" % t for t in tags)
    policy = dict(tags)["p"]

    def with_tag(name, value):
        return ["; ".join("%s=%s" % (k, value if k == name else v) for k, v in tags)]

    rua = dict(tags).get("rua", "")
    kinds = {
        "colons": lambda: [text.replace("=", ":")],
        "some colons": lambda: [text.replace("=", ":").replace("v:", "v=")],
        "no semicolons": lambda: [text.replace(";", "")],
        "commas": lambda: [text.replace(";", ",")],
        "doubled semicolons": lambda: [text.replace("; ", ";; ").replace("v=DMARC1;;", "v=DMARC1;") + ";;"],
        "backslashes": lambda: [text.replace(";", "\\;")],
        "quotes": lambda: ['"' + text + '"'],
        "curly quotes": lambda: ["\u201c" + text + "\u201d"],
        "no-break space": lambda: [text.replace(" ", "\u00a0").replace("=", " =\u00a0", 1)],
        "byte order mark": lambda: ["\ufeff" + text],
        "line ends": lambda: [" " + text.replace("; ", "\r\n")],
        "version": lambda: [text.replace("v=DMARC1", rng.choice(
            ["v=dmarc1", "v=DMARC", "DMARC1", "v=DMRAC1", "v=DMARC 1", "v=DMARC1.", "V=dmarc1"]))],
        "version missing": lambda: [text.split("; ", 1)[1]],
        "version last": lambda: [text.split("; ", 1)[1] + "; v=DMARC1"],
        "policy misspelt": lambda: with_tag("p", typo(rng, policy, 1, len(policy) - 1))
        if typo(random.Random(1), policy, 1, len(policy) - 1) else None,
        "policy as a word": lambda: [text.replace(" p=" + policy, " " + policy)],
        "policy tag": lambda: [text.replace(" p=" + policy, " policy=" + policy)],
        "policy quoted": lambda: with_tag("p", '"' + policy + '"'),
        "no mailto": lambda: [text.replace("mailto:", "")] if rua else None,
        "mailto slashes": lambda: [text.replace("mailto:", "mailto://")] if rua else None,
        "mailto equals": lambda: [text.replace("mailto:", "mailto=")] if rua else None,
        "mailto blank": lambda: [text.replace("mailto:", "mailto: ")] if rua else None,
        "addresses by semicolon": lambda: [text.replace(",", ";")] if "," in rua else None,
        "addresses by blank": lambda: [text.replace(",", " ")] if "," in rua else None,
        "zone line": lambda: ['_dmarc IN TXT "' + text + '"'],
        "strings glued": lambda: text.split("; "),
    }
    kind = rng.choice(sorted(kinds))
    return kind, kinds[kind]()


def break_key(rng, kind_of_key, key):
    text = "v=DKIM1; k=%s; p=%s" % (kind_of_key, key)
    cut = [text[i:i + 250] for i in range(0, len(text), 250)]
    wrapped = " ".join(key[i:i + 64] for i in range(0, len(key), 64))
    pem = "-----BEGIN PUBLIC KEY-----%s-----END PUBLIC KEY-----"
    kinds = {
        "no semicolons": lambda: cut_text(text.replace(";", "")),
        "commas": lambda: cut_text(text.replace(";", ",")),
        "colons": lambda: cut_text(text.replace("=", ":", 2)),
        "backslashes": lambda: cut_text(text.replace(";", "\\;")),
        "quotes": lambda: cut_text('"' + text + '"'),
        "curly quotes": lambda: cut_text("\u201c" + text + "\u201d"),
        "inner quotes": lambda: ['"' + s + '"' for s in cut] if len(cut) > 1 else None,
        "no-break space": lambda: cut_text(text.replace("; ", ";\u00a0")),
        "byte order mark": lambda: cut_text("\ufeff" + text),
        "wrong order": lambda: cut[::-1] if len(cut) == 2 else None,
        "armour": lambda: cut_text("v=DKIM1; k=%s; p=" % kind_of_key + pem % key)
        if kind_of_key == "rsa" else None,
        "armour with blanks": lambda: cut_text("v=DKIM1; k=%s; p=" % kind_of_key + pem % (" " + wrapped + " "))
        if kind_of_key == "rsa" else None,
        "version": lambda: cut_text(text.replace("v=DKIM1", rng.choice(
            ["v=dkim1", "v=DKIM", "v=DKIM 1", "DKIM1", "v=DIKM1"]))),
        "version last": lambda: cut_text("k=%s; p=%s; v=DKIM1" % (kind_of_key, key)),
        "key type": lambda: cut_text(text.replace("k=rsa", rng.choice(["k=RSA", "k=rsa-sha256"])))
        if kind_of_key == "rsa" else None,
        "key type missing": lambda: cut_text("v=DKIM1; p=" + key) if kind_of_key == "ed25519" else None,
        "p twice": lambda: cut_text(text.replace("p=", "p=p=")),
        "p missing": lambda: cut_text(text.replace("p=", "")) if kind_of_key == "rsa" else None,
        "padding": lambda: cut_text(text.rstrip("=")) if text.endswith("=") else None,
        "url alphabet": lambda: cut_text(text.replace("+", "-").replace("/", "_"))
        if re.search("[+/]", key) else None,
        "zone line": lambda: cut_text('s1._domainkey IN TXT "' + text + '"'),
        "upper case": lambda: cut_text(text.replace("v=", "V=").replace("k=", "K=").replace("; p=", "; P=")),
    }
    kind = rng.choice(sorted(kinds))
    return kind, kinds[kind]()


def cut_text(text):
    octets = text.encode("utf-8")
    return [octets[i:i + 250] for i in range(0, len(octets), 250)]


def zone_string(string):
    octets = string if isinstance(string, bytes) else string.encode("utf-8")
    return '"' + "".join(
        chr(c) if 32 <= c < 127 and c not in (34, 92) else "\\%03d" % c for c in octets) + '"'


def generate(rng, number):
    """one broken domain: name, kind, truth, zone lines"""
    domain = "d%04d.example" % number
    terms, last = spf_truth(rng)
    tags = [("v", "DMARC1"), ("p", rng.choice(["none", "quarantine", "reject", "reject"]))]
    if rng.random() < .8:
        names = ["dmarc@" + domain] + (["more@" + domain] if rng.random() < .4 else [])
        tags.append(("rua", ",".join("mailto:" + n for n in names)))
    if rng.random() < .3:
        tags.append(("sp", tags[1][1]))
    kind_of_key, key = random_key(rng)
    good = {"spf": ["v=spf1 " + " ".join(terms + [last])],
            "dmarc": ["; ".join("%s=%s" % t for t in tags)],
            "key": cut_text("v=DKIM1; k=%s; p=%s" % (kind_of_key, key))}
    what = rng.choice(["spf", "spf", "dmarc", "key"])
    broken = None
    while broken is None:
        if what == "spf":
            kind, broken = break_spf(rng, terms, last)
        elif what == "dmarc":
            kind, broken = break_dmarc(rng, tags)
        else:
            kind, broken = break_key(rng, kind_of_key, key)
        if broken is not None and broken == good[what]:
            broken = None
    return domain, what, kind, good, broken


OWNERS = {"spf": "%s", "dmarc": "_dmarc.%s", "key": "s1._domainkey.%s"}


def zone_lines(domain, texts):
    yield "%s. MX 10 mail.%s." % (domain, domain)
    yield "%s. A 192.0.2.80" % domain
    yield "mail.%s. A 192.0.2.25" % domain
    yield '%s. TXT "site-verification=%s"' % (domain, domain)
    for what, strings in texts.items():
        yield "%s. TXT %s" % (OWNERS[what] % domain, " ".join(map(zone_string, strings)))


def text_of(strings):
    """as unquote() gives octets: one character each"""
    octets = b"".join(s if isinstance(s, bytes) else s.encode("utf-8") for s in strings)
    return octets.decode("latin-1")


def world_of(domain, texts):
    world = World({(domain, "MX"): ["10 mail.%s." % domain], (domain, "A"): ["192.0.2.80"],
                   ("mail." + domain, "A"): ["192.0.2.25"],
                   (domain, "TXT"): ["site-verification=" + domain]})
    for name, text in SENDERS:
        world[(name, "TXT")] = [text]
    for name in PROVIDERS:
        world[(name, "TXT")] = ["v=spf1 ip4:203.0.113.200/32 -all"]
    for what, strings in texts.items():
        world.setdefault((canonical(OWNERS[what] % domain), "TXT"), []).append(text_of(strings))
    return world


def is_what_was_meant(what, truth, after, domain):
    if what == "spf":
        return spf_meaning(after, domain) == spf_meaning(truth, domain)
    if what == "dmarc":
        return dmarc_meaning(after, domain) == dmarc_meaning(truth, domain)
    name = OWNERS["key"] % domain
    keys = [key_octets(t) for t in after.of(name, "TXT")]
    return keys == [key_octets(t) for t in truth.of(name, "TXT")]


def walk_generated(binary, count, judge):
    rng = random.Random(SEED)
    made = [generate(rng, number) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        zone = os.path.join(folder, "zone")
        with open(zone, "w", encoding="ascii") as out:
            out.write("$TTL 300\n")
            for name, text in SENDERS + [(n, "v=spf1 ip4:203.0.113.200/32 -all") for n in PROVIDERS]:
                out.write('%s. TXT "%s"\n' % (name, text))
            for domain, what, kind, good, broken in made:
                out.writelines(line + "\n" for line in zone_lines(domain, {**good, what: broken}))
        subjects = "\n".join(json.dumps({"domain": m[0], "selectors": ["s1"]}) for m in made)
        run = subprocess.run([binary, "scan", "--dns", "zone:%s@." % zone, "--now", NOW,
                              "--policy", "gmail"],
                             input=subjects.encode(), stdout=subprocess.PIPE)
    offered, silent, missed = 0, 0, {}
    for line, (domain, what, kind, good, broken) in zip(run.stdout.splitlines(), made):
        report = json.loads(line)
        before, truth = world_of(domain, {**good, what: broken}), world_of(domain, good)
        judge.report("%s (%s: %s, %r)" % (domain, what, kind, text_of(broken)[:120]), report,
                     before, truth)
        if is_what_was_meant(what, truth, before, domain):
            silent += 1 # what was done to it changes nothing
        elif any(is_what_was_meant(what, truth, before.after(edits), domain)
                 for _, edits, _, _ in walk(report)):
            offered += 1
        else:
            missed.setdefault("%s: %s" % (what, kind), []).append(text_of(broken)[:150])
    return offered, silent, missed, len(run.stdout.splitlines())


def main():
    binary, tree = os.path.abspath(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else COUNT
    judge = Judge()
    walk_cases(binary, tree, judge)
    cases = judge.seen
    walk_worlds(binary, tree, judge)
    worlds = judge.seen - cases
    cases = judge.seen
    offered, silent, missed, reports = walk_generated(binary, count, judge)
    wanted = reports - silent
    print("kept: %d proposals in cases, %d in worlds, %d of %d broken records; what was meant is offered for "
          "%d of %d (%.1f%%)" % (cases - worlds, worlds, judge.seen - cases, count, offered, wanted,
                                 100.0 * offered / max(wanted, 1)))
    for kind in sorted(missed):
        print("kept: not offered: %s (%d), as in %r" % (kind, len(missed[kind]), missed[kind][0]))
    for text in judge.bad[:40]:
        print("kept: " + text)
    if reports != count or judge.bad or offered < OFFERED_MIN * wanted or worlds == 0 or \
            cases == worlds:
        print("kept: FAILED (%d faults)" % len(judge.bad))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
