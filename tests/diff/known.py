"""Disagreements that are explained: who, what, and the sentence of the standard behind us.

Each entry has the smallest input that shows it, the words of both sides, and the sentence;
below stands how it is recognised in a case. diff.py "self" judges every input again.
"""
import re

from inputs import BODY, GONE, arc, dkim, spf
from spf_cases import LONGEST

RULES = []
A = {"A": ["192.0.2.1"]}


class Entry:
    def __init__(self, peer, we, says, why, input, matches):
        self.peer, self.we, self.says, self.why = peer, we, says, why
        self.input, self.matches = input, matches

    def __str__(self):
        return f"{self.peer}: {self.why}"


def rule(peer, why, *, we, says, input):
    def add(function):
        RULES.append(Entry(peer, we, says, why, input, function))
        return function
    return add


def is_known(peer, case, ours, theirs):
    """The reason, or None."""
    for entry in RULES:
        if entry.peer == peer and entry.matches(case, ours, theirs):
            return str(entry)
    return None


def texts(case):
    """All SPF records of the case, as one text."""
    return "\n".join(text for records in case.get("zone", {}).values()
                     for text in records.get("TXT", []) if records.get("TXT") != "TIMEOUT")


def because(text):
    """Our reason holds the text."""
    return lambda case, ours, theirs: text in ours.get("reason", "")


# ---- SPF ----


@rule("Mail::SPF", 'refuses the upper-case transformer "R"; ABNF strings have no case '
      "(RFC 5234, 2.3; RFC 7208, 7.1)", we="pass", says="permerror",
      input=spf("v=spf1 exists:%{d1R}.example.org ?all", {"example.example.org": A}))
def _(case, ours, theirs):
    return theirs["result"] == "permerror" and re.search(r"%\{[a-zA-Z][0-9]*R", texts(case))


@rule("Mail::SPF", 'accepts an empty domain-spec before a prefix length ("mx:/32"); '
      "a domain-spec ends in a toplabel or a macro (RFC 7208, 7.1)",
      we="permerror", says="fail", input=spf("v=spf1 mx:/32 -all"))
def _(case, ours, theirs):
    return ours["result"] == "permerror" and re.search(r"(?i)\b(a|mx):/", texts(case))


@rule("Mail::SPF", "lets an ip6: network match an IPv4 client when its length is 0 or it is "
      "v4-mapped; the families never match (RFC 7208, 5.6)", we="fail", says="pass",
      input=spf("v=spf1 ip6:2001:db8::/0 -all"))
def _(case, ours, theirs):
    return ":" not in case["ip"] and re.search(r"(?i)ip6:(\S*/0\b|::ffff:)", texts(case))


@rule("Mail::SPF", "lets an ip6: network match an IPv4 client whose mapped form it computes; "
      "the families never match (RFC 7208, 5.6)", we="fail", says="pass",
      input=spf("v=spf1 ip6:::1/64 -all"))
def _(case, ours, theirs):
    return ":" not in case["ip"] and re.search(r"(?i)ip6:::", texts(case))


@rule("Mail::SPF", "ends with an exception on a name with an empty label; the mechanism does "
      "not match (RFC 7208, 4.8)", we="neutral", says="died",
      input=spf("v=spf1 a:a..b.example.com ?all"))
def _(case, ours, theirs):
    return "empty label" in theirs["result"]


@rule("pyspf", "asks for the addresses of every mail host, and of every name of the client, "
      "before it compares one, and counts what is void; mx matches as soon as one host does, "
      "and ptr asks for names in the target domain only (RFC 7208, 5.4 and 5.5)",
      we="pass", says="permerror", input=spf("v=spf1 mx -all", {
          "m0.example.com": A,
          "example.com": {"MX": [(n, f"m{n}.example.com") for n in range(4)]}}))
def _(case, ours, theirs):
    return theirs["result"] == "permerror" and ours["result"] != "permerror" and re.search(
        r"(?i)(\bptr\b|\bmx\b|%\{p)", texts(case))


@rule("pyspf", 'refuses a text that ends in "%%"; that is a "%" wherever it stands '
      "(RFC 7208, 7.1)", we="pass", says="permerror",
      input=spf("v=spf1 moo=%% ip4:192.0.2.1 -all"))
def _(case, ours, theirs):
    return theirs["result"] == "permerror" and re.search(r"=\S*%%", texts(case))


@rule("pyspf", 'refuses an explanation that ends in "%%"; that is a "%" wherever it stands '
      "(RFC 7208, 7.1)", we="fail, '100%'", says="fail, 'DEFAULT'",
      input=spf("v=spf1 exp=exp.example.com -all", {"exp.example.com": {"TXT": ["100%%"]}}))
def _(case, ours, theirs):
    return theirs["result"] == "fail, 'DEFAULT'" and re.search(r"(?m)%%$", texts(case))


@rule("pyspf", 'overlooks a lone "%" behind "%%"; "%" is a macro, one of three letters or an '
      "error (RFC 7208, 7.1)", we="permerror", says="pass",
      input=spf("v=spf1 moo=%%%a ip4:192.0.2.1 -all"))
def _(case, ours, theirs):
    return ours["result"] == "permerror" and re.search(r"(?<!%)(%%)+%[^%{_-]", texts(case))


@rule("pyspf", "asks for the addresses of every mail host before it compares one; mx matches "
      "as soon as one of them is the client's (RFC 7208, 5.4)", we="pass", says="temperror",
      input=spf("v=spf1 mx -all", {"example.com": {"MX": [(1, "m1.example.com"),
                                                          (2, "m2.example.com")]},
                                   "m1.example.com": A, "m2.example.com": {"A": "TIMEOUT"}}))
def _(case, ours, theirs):
    return theirs["result"] == "temperror" and "!TIMEOUT" in case["world"] and re.search(
        r"(?i)\bmx\b.* matches ", ours.get("reason", ""))


for peer in ("Mail::SPF", "pyspf"):
    rule(peer, "accepts the digit 0; if a digit is given it must be nonzero (RFC 7208, 7.1)",
         we="permerror", says="pass", input=spf("v=spf1 +all exists:%{d0}.example.org")
         )(because("zero parts"))
rule("pyspf", "accepts exists without a domain-spec (RFC 7208, 5.7)", we="permerror",
     says="pass", input=spf("v=spf1 +exists +all"))(because("exists needs a domain"))
rule("pyspf", "sees a macro without its closing brace only when it is evaluated; syntax errors "
     "anywhere in the record are permerror (RFC 7208, 4.6)", we="permerror", says="pass",
     input=spf("v=spf1 ip4:192.0.2.1 exists:%{d.example.com -all")
     )(because('has no closing "}"'))
rule("Mail::SPF", "sees a wrong macro letter only when it is evaluated; syntax errors anywhere "
     "in the record are permerror (RFC 7208, 4.6)", we="permerror", says="pass",
     input=spf("v=spf1 ip4:192.0.2.1 exists:%{x}.example.com -all")
     )(because("unknown macro letter"))
rule("Mail::SPF", "goes on behind the tenth of more than ten MX names; where none of these "
     "matches this is permerror (RFC 7208, 4.6.4)",
     we="permerror", says="pass", input=spf("v=spf1 mx +all", {
         **{f"m{n}.example.com": {"A": ["198.51.100.9"]} for n in range(11)},
         "example.com": {"MX": [(n, f"m{n}.example.com") for n in range(11)]}})
     )(because("matches; the limit is 10"))
@rule("Mail::SPF", "asks no question for the macro p in the target of a ptr mechanism of a "
      "client without names; pyspf and we do, and a void lookup counts (RFC 7208, 4.6.4)",
      we="permerror", says="pass",
      input=spf("v=spf1 a:x.example.com ptr:%{p}.example.com a:ok.example.com", {
          "ok.example.com": A}))
def _(case, ours, theirs):
    return re.search(r"(?i)\bptr:\S*%\{p", texts(case)) and "found nothing" in ours.get(
        "reason", "")


rule("Mail::SPF", "allows c, r and t outside exp=, where nothing evaluates them; they are for "
     "explanations only (RFC 7208, 7.2)", we="permerror", says="pass",
     input=spf("v=spf1 ip4:192.0.2.1 exists:%{c}.example.org ?all")
     )(because("is allowed only in the text that exp="))


@rule("pyspf", "takes away one label of a name over 253 octets and stops, and shortens "
      "explanations, too; labels go until 253 or fewer octets are left (RFC 7208, 7.3)",
      we="pass", says="neutral", input=spf("v=spf1 a:%{d}." + LONGEST + " ?all", {LONGEST: A}))
def _(case, ours, theirs):
    return re.search(r"(?i)[:=][^ ]*[^ n][^ ]*n{62}\.", texts(case))


@rule("pyspf", "shortens explanations over 253 octets; the limit is that of names "
      "(RFC 7208, 7.3)",
      we="fail, '" + "a." * 130 + "b'", says="fail, 'a.",
      input=spf("v=spf1 exp=exp.example.com -all", {
          "exp.example.com": {"TXT": ["a." * 130 + "b"]}}))
def _(case, ours, theirs):
    return ours["result"].startswith("fail, ") and len(ours["explanation"] or "") > 253


@rule("pyspf", 'ignores the upper-case transformer "R"; ABNF strings have no case '
      "(RFC 5234, 2.3; RFC 7208, 7.1)", we="fail, 'com.example'", says="fail, 'example.com'",
      input=spf("v=spf1 exp=exp.example.com -all", {"exp.example.com": {"TXT": ["%{dR}"]}}))
def _(case, ours, theirs):
    return re.search(r"%\{[a-zA-Z][0-9]*R", texts(case))


@rule("Mail::SPF", "counts a name with a label over 63 octets as a void lookup; such a name is "
      "not looked up at all (RFC 7208, 4.6.4 and 4.8)", we="neutral", says="permerror",
      input=spf("v=spf1 a:b.example.com a:c.example.com exists:-%{s}.example.org ?all",
                sender="l" * 64 + "@example.com"))
def _(case, ours, theirs):
    return theirs["result"] == "permerror" and re.search(
        r"[^.\s:]%\{|%\{[^}]*\}[^.\s]|%\{[sSlL]", texts(case)) and "l" * 64 in case["mail_from"]


def is_name_trouble_below_ptr(case, ours, theirs):
    return theirs["result"] == "temperror" and "!TIMEOUT" in case["world"] and \
        "PTR" in case["world"]


for peer in ("Mail::SPF", "pyspf"):
    rule(peer, "makes a DNS error below ptr temperror; such a name is skipped and the search "
         "goes on (RFC 7208, 5.5)", we="neutral", says="temperror",
         input=spf("v=spf1 exists:%{p}.example.org ?all", {
             "1.2.0.192.in-addr.arpa": {"PTR": ["a.example.com"]},
             "a.example.com": {"A": "TIMEOUT"}}))(is_name_trouble_below_ptr)


@rule("Mail::SPF", "ends ptr at the first name whose addresses cannot be had; it is skipped "
      "and the search goes on (RFC 7208, 5.5)", we="pass", says="neutral",
      input=spf("v=spf1 ptr ?all", {
          "1.2.0.192.in-addr.arpa": {"PTR": ["a.example.com", "b.example.com"]},
          "a.example.com": {"A": "TIMEOUT"}, "b.example.com": A}))
def _(case, ours, theirs):
    return "!TIMEOUT" in case["world"] and re.search(r"(?i)\bptr\b.* matches ", ours["reason"])


@rule("pyspf", "looks for loops before it evaluates; terms that are not reached have no effect "
      "(RFC 7208, 4.6.2)", we="pass", says="permerror",
      input=spf("v=spf1 ip4:192.0.2.1 include:example.com -all"))
def _(case, ours, theirs):
    owners = [name.lower() for name in case["zone"]]
    return theirs["result"] == "permerror" and any(
        target.lower().rstrip(".") in owners or "%" in target
        for target in re.findall(r"(?i)include:(\S+)", texts(case)))


@rule("pyspf", "refuses the same unknown modifier twice; only redirect and exp are limited to "
      "one (RFC 7208, 6)", we="pass", says="permerror",
      input=spf("v=spf1 moo=a moo=b ip4:192.0.2.1 -all"))
def _(case, ours, theirs):
    names = re.findall(r"(?:^| )([A-Za-z][\w.-]*)=", texts(case).replace("v=spf1", ""))
    return theirs["result"] == "permerror" and len(names) > len({n.lower() for n in names})


# ---- DKIM ----


def decoded(case):
    import base64
    return base64.b64decode(case["message"]).decode("latin-1")


def signature_of(case, ours):
    """The value of the signature concerned."""
    head = decoded(case).split("\r\n\r\n")[0]
    fields = re.findall(r"(?im)^dkim-signature:((?:.*\r\n(?:[ \t].*\r\n)*))", head + "\r\n")
    return fields[ours["index"]]


def key_of(case, ours):
    """The record that the signature names, or nothing."""
    found = re.search(r"(?:^|;)\s*s=([^;]*)", signature_of(case, ours))
    name = f"{found.group(1).strip()}._domainkey.example.com".lower() if found else ""
    return case["keys"].get(name, "")


def has_bare_lf(case):
    return re.search(r"(?<!\r)\n", decoded(case).partition("\r\n\r\n")[2])


BARE = "hashes a body with a bare LF otherwise; only CRLF ends a line (RFC 5322, 2.3)"


@rule("dkimpy", BARE, we="pass", says="ValidationError: body hash mismatch",
      input=dkim(body=b"a\nb\r\n"))
def _(case, ours, theirs):
    return ours["result"] == "pass" and "body hash" in theirs["result"] and has_bare_lf(case)


@rule("Mail::DKIM", BARE, we="pass", says="fail",
      input=dkim(body=b"text\n", c="simple/simple"))
def _(case, ours, theirs):
    return ours["result"] == "pass" and theirs["result"] == "fail" and has_bare_lf(case)


def lacks_line_end(case):
    return not decoded(case).endswith("\n")


OPEN_END = ("does not complete a body without a CRLF at its end; one is added "
            "(RFC 6376, 3.4.3 and 3.4.4)")


@rule("dkimpy", OPEN_END, we="pass", says="ValidationError: body hash mismatch",
      input=dkim(body=b"text \r\n", sent=b"text "))
def _(case, ours, theirs):
    return ours["result"] == "pass" and "body hash" in theirs["result"] and lacks_line_end(case)


@rule("Mail::DKIM", OPEN_END, we="pass", says="fail",
      input=dkim(c="simple/simple", sent=BODY.rstrip()))
def _(case, ours, theirs):
    return ours["result"] == "pass" and theirs["result"] == "fail" and lacks_line_end(case)


@rule("Mail::DKIM", "does not know ed25519-sha256; verifiers must (RFC 8463, 3)", we="pass",
      says="invalid", input=dkim("ed25519"))
def _(case, ours, theirs):
    return ours["result"] == "pass" and theirs["result"] == "invalid" and \
        "a=ed25519-sha256" in signature_of(case, ours)


@rule("dkimpy", "refuses a key for several services; it is for all that it lists "
      "(RFC 6376, 3.6.1)", we="pass", says="UnknownKeyTypeError",
      input=dkim(record="v=DKIM1; s=web:email; p={p}"))
def _(case, ours, theirs):
    return "UnknownKeyType" in theirs["result"] and re.search(r"\bs=[^;]*:", key_of(case, ours))


@rule("dkimpy", "refuses q= with a second method; unknown ones are ignored (RFC 6376, 3.5)",
      we="pass", says="ValidationError: q=", input=dkim(q="dns/txt:x/y"))
def _(case, ours, theirs):
    return "q= value is not dns/txt" in theirs["result"] and ":x/y" in signature_of(case, ours)


@rule("dkimpy", "refuses t= in the future; verifiers may, and ours tells it (RFC 6376, 3.5)",
      we="pass", says="ValidationError: t=", input=dkim(t="4000000000"))
def _(case, ours, theirs):
    return "in the future" in theirs["result"] and "in the future" in ours["reason"]


@rule("dkimpy", "adds every further From field to the signed ones; only those that h= names "
      "are signed (RFC 6376, 5.4.2)", we="pass", says="fail",
      input=dkim(add=[b"From: b@example.org"]))
def _(case, ours, theirs):
    head = decoded(case).split("\r\n\r\n")[0]
    return ours["result"] == "pass" and len(re.findall(r"(?im)^from[ \t]*:", head)) > 1


@rule("Mail::DKIM", "does not verify l=0 when a body follows; it is legal (RFC 6376, 3.5)",
      we="pass", says="fail", input=dkim(l="0", length=0))
def _(case, ours, theirs):
    return ours["result"] == "pass" and re.search(r"\bl=0\b", signature_of(case, ours))


@rule("Mail::DKIM", "hashes the CRLF of an empty body whole, whatever l= says; l= counts the "
      "octets of the canonicalized body (RFC 6376, 3.4.3 and 3.4.5)", we="pass", says="fail",
      input=dkim(l="1", length=1, body=b"\r\n", c="simple/simple"))
def _(case, ours, theirs):
    body = decoded(case).partition("\r\n\r\n")[2]
    return ours["result"] == "pass" and not body.strip("\r\n") and \
        re.search(r"\bl=1\b", signature_of(case, ours))


# who lets it pass; what our reason says, the sentence behind it, and an input
LARGER = "l= beyond the end of the body (RFC 6376, 3.5)"
LENIENT = [
    ("Mail::DKIM", "fewer than 1024", "an RSA key under 1024 bits (RFC 8301, 3.2)",
     dkim("rsa512")),
    ("both", "l= is larger than the body", LARGER, dkim(l="100")),
    ("both", "not a tag name", 'a tag name that is not ALPHA, then ALPHA DIGIT or "_" '
     "(RFC 6376, 3.2)", dkim(**{"x-y": "bad name"})),
    ("dkimpy", "t=s, and the domain of i= is not d=", "a subdomain in i=, which t=s forbids "
     "(RFC 6376, 3.6.1)", dkim(record="v=DKIM1; t=s; p={p}", i="@sub.example.com")),
    ("both", "does not sign From", "a signature that does not cover From (RFC 6376, 5.4)",
     dkim(h="Subject")),
    ("both", "h= is not a list of field names", "an empty field name in h= (RFC 6376, 3.5)",
     dkim(h="From::Subject")),
    ("both", "octets not allowed in a tag value", "octets over 127 in a key (RFC 6376, 3.2)",
     dkim(record="v=DKIM1; n=\xfc; p={p}")),
    ("both", "v= is not the first tag", "a key whose v= is not the first tag (RFC 6376, 3.6.1)",
     dkim(record="k=rsa; v=DKIM1; p={p}")),
    ("dkimpy", "h= does not allow sha256", "a hash that h= of the key does not list "
     "(RFC 6376, 3.6.1)", dkim(record="v=DKIM1; h=sha1; p={p}")),
    ("Mail::DKIM", "h= does not allow sha256", "a key with an empty h=: it lists no hash "
     "(RFC 6376, 3.6.1)", dkim(record="v=DKIM1; h=; p={p}")),
    ("Mail::DKIM", "s= does not allow email", "a key with an empty s=: it is for no service "
     "(RFC 6376, 3.6.1)", dkim(record="v=DKIM1; s=; p={p}")),
    ("Mail::DKIM", "k=: unknown key type", "a key with an empty k=, which is no type "
     "(RFC 6376, 3.6.1)", dkim(record="v=DKIM1; k=; p={p}")),
    ("Mail::DKIM", "is a key record", "a key whose v= is not DKIM1 (RFC 6376, 3.6.1)",
     dkim(record="v=; p={p}")),
    ("Mail::DKIM", "duplicate tag", "the same tag twice (RFC 6376, 3.2)",
     dkim(record="v=DKIM1; v=DKIM1; p={p}")),
    ("Mail::DKIM", "h= is missing", "a signature without h= (RFC 6376, 3.5)", dkim(h=GONE)),
    ("Mail::DKIM", "v= is missing", "a signature without v= (RFC 6376, 3.5)", dkim(v=GONE)),
    ("Mail::DKIM", "v= is not 1", "another v= than 1 (RFC 6376, 3.5)", dkim(v="")),
    ("Mail::DKIM", "bh= is missing", "a signature without bh= (RFC 6376, 3.5)", dkim(bh=GONE)),
    ("Mail::DKIM", "a=RSA-SHA256: unknown algorithm", "an algorithm in capitals; values are "
     "case-sensitive (RFC 6376, 3.2)", dkim(a="RSA-SHA256")),
    ("Mail::DKIM", "l= is not a number", "l= that is no number (RFC 6376, 3.5)", dkim(l="")),
    ("Mail::DKIM", "t= is not a number", "t= that is no number (RFC 6376, 3.5)", dkim(t="1e9")),
    ("Mail::DKIM", "x= is not later than t=", "x= before t= (RFC 6376, 3.5)",
     dkim(t="4000000000", x="3999999999")),
    ("dkimpy", "does not go with a key of type", "an algorithm of another kind than the key "
     "(RFC 6376, 6.1.2)", dkim(a="ed25519-sha256")),
]


def lenient(peer, reason, what, input):
    @rule(peer, f"accepts {what}", we="fail" if what is LARGER else "permerror", says="pass",
          input=input)
    def _(case, ours, theirs):
        return ours["result"] != "pass" and reason in ours["reason"]


for who, *row in LENIENT:
    for peer in ("dkimpy", "Mail::DKIM") if who == "both" else (who,):
        lenient(peer, *row)


# ---- ARC ----


def move_the_first_set_on_top(fields):
    """The oldest seal, which is the first of the lower three."""
    at = max(n for n, field in enumerate(fields) if field.lower().startswith(b"arc-seal"))
    return [fields[at], *fields[:at], *fields[at + 1:]]


@rule("dkimpy", "takes the fields of a seal from the bottom up, wherever they stand; their "
      "order is that of the instances (RFC 8617, 5.1.1)", we="pass", says="fail",
      input=arc(2, move_the_first_set_on_top))
def _(case, ours, theirs):
    return any(step.startswith("move ") for step in case.get("story", [])) and (
        ours["result"] == "pass" and "did not validate" in theirs["reason"])


@rule("dkimpy", "signs and verifies a bare LF in the body as CRLF; only CRLF ends a line "
      "(RFC 5322, 2.3)", we="fail", says="pass", input=arc(1, list, body=b"a\nb\r\n"))
def _(case, ours, theirs):
    return "arc" in case and has_bare_lf(case) and "body hash" in ours["reason"]
