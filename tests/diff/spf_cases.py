"""Random SPF worlds: zones, clients and senders that hand-written cases forget.

A zone is {name: {type: [values]}}; TXT values are strings, MX values (preference, host), a type
may be the string "TIMEOUT". Everything comes from one seeded generator, so a seed is a case.
"""
import random


def name_of(octets, below):
    """A name of so many octets, in labels of at most 63, below a name."""
    labels, rest = [], octets - len(below) - 1
    while rest > 63:
        labels.append("n" * 62)
        rest -= 63
    return ".".join(labels + ["n" * rest, below])


LONGEST = name_of(253, "example.com")   # RFC 7208, 4.3
TOO_LONG = name_of(254, "example.com")
LABEL_63 = "long." + "l" * 63 + ".example.com"
LABEL_64 = "a." + "x" * 64 + ".com"
NAMES = ["example.com", "a.example.com", "b.example.com", "mail.example.com",
         "deep.b.example.com", "other.example.net", "x.other.example.net", "example.org",
         "void.example.com", "UPPER.example.com", "under_score.example.com", LABEL_63, LONGEST]
IP4 = ["192.0.2.1", "192.0.2.77", "198.51.100.9", "203.0.113.130"]
IP6 = ["2001:db8::1", "2001:db8:1::567:89ab"]
LETTERS = "slodiphv"
EXP_LETTERS = "crt"
DELIMITERS = ".-+,/_="  # RFC 7208, 7.1


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def macro(self, is_exp=False):
        letters = LETTERS + (EXP_LETTERS if is_exp else "")
        letter = self.random.choice(letters)
        if self.chance(15):
            letter = letter.upper()
        if self.chance(2):
            letter = self.pick("x", "", "1", "c", "r", "t")
        digits = self.pick("", "", "", "1", "2", "3", str(self.random.randint(4, 9)),
                           str(self.pick(10, self.random.randint(10, 128))),
                           *(["0"] if self.chance(8) else []))
        reverse = self.pick("", "", "r", "R")
        several = self.random.sample(DELIMITERS, self.random.randint(1, len(DELIMITERS)))
        delimiters = self.pick("", "", "", "".join(several), self.random.choice(DELIMITERS))
        return self.pick("%{" + letter + digits + reverse + delimiters + "}",
                         "%{" + letter + "}", "%%", "%_", "%-",
                         *(["%", "%{", "%(d)"] if self.chance(4) else ["%{d}"]))

    def domain_spec(self):
        kind = self.random.random()
        if kind < 0.55:
            name = self.random.choice(NAMES)
            if self.chance(6):
                name = name.swapcase()
            return name + ("." if self.chance(8) else "")
        if kind < 0.58:  # long names, written and made: these are cut (RFC 7208, 7.3)
            return self.pick(LABEL_64, TOO_LONG, "%{l}." + LONGEST, "%{d}." + LONGEST,
                             "%{i}.%{l}." + LABEL_63 + ".%{d}", "x" * 63 + ".%{d}",
                             "%{l}%{l}%{l}%{l}%{l}%{l}.example.com")
        if kind < 0.92:
            parts = [self.macro() if self.chance(60) else self.pick("a", "b", "-", "_x", "1")
                     for _ in range(self.random.randint(1, 3))]
            return self.pick(".", "", ".") .join(parts) + "." + self.random.choice(NAMES)
        return self.pick("", "a..b", "com", "1.2.3.4", "example.c-", "example.123", "%{d}",
                         "exa!mple.com", LABEL_64, "ex\xe4mple.com",
                         "example.com:8080", ".example.com", "example.%{d}")

    def cidr(self, top4=True, top6=True):
        text = ""
        if top4 and self.chance(30):
            rare = ["33", "032", ""] if self.chance(8) else ["25"]
            text += "/" + self.pick("0", "8", "24", "31", "32", *rare)
        if top6 and self.chance(20):
            text += "//" + self.pick("0", "32", "64", "128", *(["129", "064"]
                                                               if self.chance(8) else ["48"]))
        return text

    def mechanism(self):
        kind = self.pick("a", "mx", "include", "exists", "ip4", "ip6", "all", "ptr", "a", "mx")
        qualifier = self.pick("", "", "", "+", "-", "~", "?")
        if self.chance(10):
            kind = kind.upper()
        low = kind.lower()
        if low == "all":
            return qualifier + kind + self.pick("", "", "", "", *([":x", "/8"]
                                                                 if self.chance(5) else [""]))
        if low in ("a", "mx"):
            spec = ":" + self.domain_spec() if self.chance(60) else ""
            return qualifier + kind + spec + self.cidr()
        if low == "ptr":
            return qualifier + kind + (":" + self.domain_spec() if self.chance(50) else "")
        if low in ("include", "exists"):
            return qualifier + kind + (":" + self.domain_spec() if not self.chance(2) else "")
        if low == "ip4":
            address = self.pick("192.0.2.0", "192.0.2.1", "198.51.100.9", "203.0.113.128",
                                *(["192.0.2", "2001:db8::1", "192.0.2.1:25", ""]
                                  if self.chance(5) else ["10.0.0.0"]))
            return qualifier + kind + ":" + address + self.cidr(top6=False)
        address = self.pick("2001:db8::", "2001:db8::1", "::1", "2001:db8:1::",
                            *(["2001:db8:::1", "192.0.2.1"] if self.chance(5)
                              else ["::ffff:192.0.2.1"]))
        return qualifier + kind + ":" + address + self.cidr(top4=False).replace("//", "/")

    def modifier(self):
        kind = self.pick("redirect", "exp", "unknown", "redirect", "exp")
        if kind == "unknown":
            return self.pick("moo", "x-y.z_1", "Foo", *(["1x", ""] if self.chance(5)
                                                        else ["a"])) + "=" + self.pick(
                "", "bar", self.macro(), "a=b", "/.x")
        if kind == "exp":
            return "exp=" + self.pick("exp1.example.com", "exp2.example.com",
                                      "exp3.example.com", self.domain_spec())
        return kind + "=" + self.domain_spec()

    def record(self):
        terms = [self.mechanism() for _ in range(self.random.randint(0, 5))]
        for _ in range(self.pick(0, 0, 1, 1, 2)):
            terms.insert(self.random.randint(0, len(terms)), self.modifier())
        if self.chance(50):
            terms.append(self.pick("-all", "~all", "?all", "+all"))
        version = self.pick("v=spf1", "v=spf1", "V=SPF1", *(["v=spf10", "v=spf1,"]
                                                           if self.chance(5) else ["v=spf1"]))
        blank = " " if not self.chance(10) else "  "
        return blank.join([version, *terms]) + (" " if self.chance(10) else "")

    def web(self, zone):
        """Records that lead to each other: rings of include and redirect, chains and fans."""
        kind = self.pick("ring", "ring", "chain", "fan")
        if kind == "ring":
            ring = self.random.sample(NAMES[:6], self.random.randint(1, 4))
            for at, name in enumerate(ring):
                self.lead(zone, name, [ring[(at + 1) % len(ring)]])
            return
        names = [f"w{number}.example.com" for number in range(self.random.randint(8, 12))]
        if kind == "fan":
            self.lead(zone, "example.com", names)
        else:
            for name, target in zip(["example.com", *names], names):
                self.lead(zone, name, [target])
        for name in names:
            if name not in zone:
                zone[name] = {"TXT": ["v=spf1 " + self.pick("?all", "ip4:192.0.2.1", "a")]}

    def lead(self, zone, name, targets):
        """Gives the name a record that includes all of them, or redirects to the last."""
        terms = [self.mechanism() for _ in range(self.pick(0, 0, 1))]
        terms += ["include:" + target for target in targets[:-1]]
        terms.append(self.pick("include:", "include:", "redirect=") + targets[-1])
        zone.setdefault(name, {})["TXT"] = ["v=spf1 " + " ".join(terms)]

    def zone(self):
        zone = {}
        for name in NAMES:
            records = {}
            if self.chance(90) and not name.startswith("void"):
                records["TXT"] = [self.record()]
                if self.chance(3):
                    records["TXT"].append(self.record())
                if self.chance(10):
                    records["TXT"].append("unrelated text")
            if self.chance(60):
                records["A"] = self.random.sample(IP4, self.random.randint(1, 3))
            if self.chance(40):
                records["AAAA"] = self.random.sample(IP6, self.random.randint(1, 2))
            if self.chance(40):
                count = 12 if self.chance(4) else self.random.randint(1, 3)
                hosts = [f"m{i}.example.net" for i in range(count)]
                records["MX"] = [(10 + i, self.pick(host, self.random.choice(NAMES)))
                                 for i, host in enumerate(hosts)]
            for kind in list(records):
                if self.chance(2):
                    records[kind] = "TIMEOUT"
            if records:
                zone[name] = records
        if self.chance(15):
            self.web(zone)
        for number in (1, 2):
            zone[f"exp{number}.example.com"] = {"TXT": [" ".join(
                self.pick("See", self.macro(True), "mail from %{s}", "at%_%{i}", "100%%")
                for _ in range(self.random.randint(1, 4)))]}
        for i in range(0, 12, 2):
            zone[f"m{i}.example.net"] = {"A": [self.random.choice(IP4)]}
        for address, reverse in self.reverses():
            hosts = self.random.sample(NAMES[:6], self.random.randint(1, 3))
            if self.chance(60):
                zone[reverse] = {"PTR": hosts}
            del address
        return zone

    @staticmethod
    def reverses():
        import ipaddress
        for text in IP4 + IP6:
            yield text, ipaddress.ip_address(text).reverse_pointer

    def envelope(self):
        local = self.pick("user", "strong-bad", "a.b-c+d", "UPPER", "x=y_z/w",
                          "philip-gladstone", "l" * 64, "a!*'()b,c")
        domain = self.pick("example.com", "example.com", "b.example.com", "example.org",
                           "UPPER.example.com", "deep.b.example.com")
        helo = self.pick("mail.example.com", "HELO.example.net", "example.com", "msgbas2x.cos",
                         "[192.0.2.1]")
        sender = "" if self.chance(8) else f"{local}@{domain}"
        return self.random.choice(IP4 + IP6), helo, sender


def world_text(zone, size=200):
    """The zone in the words of tests/support/world.h; TXT in strings of so many octets."""
    lines = []
    for name, records in zone.items():
        for kind, values in records.items():
            if values == "TIMEOUT":
                lines.append(f"{name} {kind} !TIMEOUT")
                continue
            for value in values:
                if kind == "TXT":
                    starts = range(0, max(len(value), 1), size)
                    lines.append(f"{name} TXT " + " ".join(
                        quoted(value[at:at + size]) for at in starts))
                elif kind == "MX":
                    lines.append(f"{name} MX {value[0]} {value[1]}")
                else:
                    lines.append(f"{name} {kind} {value}")
    return "\n".join(lines) + "\n"


def quoted(text):
    return '"' + "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else f"\\{ord(c):03d}"
                         for c in text) + '"'
