"""Each kind of repair and each wrong place, both ways, through the command line.

A row is (kind, where, what stands there, outcome, what was meant). Kinds are the words of
src/model/rec_repair.def, and "place: " with the reason of a row of src/gather/gather_elsewhere.c.
`where` is "spf", "dmarc" or "key" for the text at its right name (strings of one record parted
by " | "), or "zone" for lines of the zone in its place. Outcomes:

  fix     --fix publishes it, and a second run finds nothing more to repair
  choice  it is offered with a condition, and --fix does not publish it
  silent  nothing is offered that touches the record

usage: meant.py MAILASSAY TREE
"""

import json
import os
import re
import subprocess
import sys
import tempfile

NOW = "2026-11-24T00:00:00Z"
MAILASSAY, TREE = [os.path.realpath(path) for path in sys.argv[1:3]]

KEY = ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlrc96Y2g8XS201mgVtMcLWKLQoSz4dTKZa9PAqqkDCaijcYv1z"
       "y4uDgm/uanDB9sRgOoYK18AE4/PKUbtnIl6iofsOt9qGgFDxWuJudygiVwuZDumjcRNfswFTvW01dnAHXKoWGdonO4yK4O"
       "K4ga3UOgc/X0+jKaVqxgLLNU2v7QCpEia3b0BEtj0meO+OypgzRhdOA9tMnaKAFqGGkz8LksGe+uZjk8Ld/xco9hk0iBfW"
       "FWawp/vX/tEEW9YDgCMW1mMenBdQ/qkPBoRXjFpG0fUE1aYhIs6vM5d6dT1vjPJovQJAi4SY5Lqx3UMtvzyfAJGTnmPaml"
       "Bl5BVlUiHQIDAQAB")
PAIR = KEY[32:]  # the RSAPublicKey inside: its DER begins at an octet that is a multiple of three
SPF = "v=spf1 mx include:_spf.example.net -all"
DMARC = "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
GOOD = "v=DKIM1; k=rsa; p=" + KEY
RIGHT = {"spf": "example.com", "dmarc": "_dmarc.example.com", "key": "s1._domainkey.example.com"}

BASE = """$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 3600
@ NS ns1
@ NS ns.example.net.
@ MX 10 mail
ns1 A 192.0.2.53
mail A 192.0.2.25
"""
WORLD = """$TTL 3600
_spf.example.net. TXT "v=spf1 ip4:198.51.100.0/24 -all"
xn--grn-ioa.example. TXT "v=spf1 ip4:203.0.113.128/25 -all"
_spf2.example.net. TXT "v=spf1 ip4:203.0.113.0/24 -all"
spf.protection.outlook.com. TXT "v=spf1 ip4:203.0.113.64/26 -all"
host.example.net. A 198.51.100.7
ns.example.net. A 198.51.100.53
25.2.0.192.in-addr.arpa. PTR mail.example.com.
7.100.51.198.in-addr.arpa. PTR host.example.net.
_dmarc.provider.example. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
s1.dkim.provider.example. TXT "KEY"
""".replace("KEY", GOOD[:250] + '" "' + GOOD[250:])

ROWS = [
    ("blank_lost", "spf", "v=spf1 include:_spf.example.net | include:_spf2.example.net -all", "fix",
     "v=spf1 include:_spf.example.net include:_spf2.example.net -all"),
    ("blank_lost", "spf", "v=spf1 mx include:_spf.exam | ple.net -all", "silent", None),
    ("blank_extra", "spf", "v=spf1 mx include: _spf.example.net -all", "fix", SPF),
    ("blank_extra", "dmarc", "v = DMARC1 ; p = reject ; rua = mailto:dmarc@example.com", "silent", None),
    ("blank_kind", "spf", "v=spf1 mx\u00a0include:_spf.example.net\t-all", "fix", SPF),
    ("blank_kind", "dmarc", "v=DMARC1;\tp=reject;\trua=mailto:dmarc@example.com", "silent", None),
    ("invisible", "dmarc", "\ufeff" + DMARC, "fix", DMARC),
    ("invisible", "key", "v=DKIM1; n=\u200b; k=rsa; p=" + KEY[:-40], "silent", None),
    ("quote", "spf", "\u201c" + SPF + "\u201d", "fix", SPF),
    ("quote", "key", "v=DKIM1; k=rsa; t=\"s\"; p=" + KEY, "choice", "v=DKIM1; k=rsa; t=s; p=" + KEY),
    ("quote", "dmarc", "v=DMARC1; p=reject; rua=\"foo\"; sp=rejct", "fix", "v=DMARC1; p=reject; rua=foo; sp=reject"),
    ("quote", "spf", SPF, "silent", None),
    ("backslash", "dmarc", "v=DMARC1\\; p=reject\\; rua=mailto:dmarc@example.com", "fix", DMARC),
    ("backslash", "dmarc", DMARC, "silent", None),
    ("dash", "spf", "v=spf1 mx include:_spf.example.net \u2013all", "fix", SPF),
    ("dash", "spf", "v=spf1 mx include:_spf.example.net -ALL", "silent", None),
    ("wide", "dmarc", "v=DMARC1\uff1b p\uff1dreject\uff1b rua=mailto:dmarc@example.com", "fix", DMARC),
    ("wide", "dmarc", "V=DMARC1; p=reject; rua=mailto:dmarc@example.com".replace("V", "v"), "silent", None),
    ("encoded", "spf", "v=spf1+mx+include:_spf.example.net+-all", "fix", SPF),
    ("encoded", "spf", "v=spf1 mx include:_spf.example.net&#32;&#45;all", "fix", SPF),
    ("encoded", "spf", "v=spf1 mx include:_spf.example.net &minus;all", "fix", SPF),
    ("encoded", "dmarc", "v=DMARC1&#x3b; p&equals;reject&semi; rua=mailto&colon;dmarc&commat;example.com", "fix", DMARC),
    ("encoded", "spf", "<p>" + SPF + "</p>", "fix", SPF),
    ("encoded", "spf", "v=spf1 +mx +include:_spf.example.net -all", "silent", None),
    ("order", "key", KEY[200:] + " | v=DKIM1; k=rsa; p=" + KEY[:200], "fix", GOOD),
    ("order", "key", "v=DKIM1; k=rsa; p=" + KEY[:200] + " | " + KEY[200:], "silent", None),
    ("console", "key", 's1._domainkey IN TXT ( "v=DKIM1; k=rsa; " "p=%s" )' % KEY, "fix", GOOD),
    ("console", "spf", 'example.com 3600 IN TXT "%s"' % SPF, "fix", SPF),
    ("console", "key", "v=DKIM1; n=s1._domainkey IN TXT; k=rsa; p=" + KEY, "silent", None),
    ("version", "spf", "spf2.0/mfrom mx include:_spf.example.net -all", "fix", SPF),
    ("version", "dmarc", "v=dmarc1; p=reject; rua=mailto:dmarc@example.com", "fix", DMARC),
    ("version", "spf", "V=SPF1 mx include:_spf.example.net -all", "silent", None),
    ("separator", "spf", "v=spf1 include:_spf.example.net:_spf2.example.net -all", "fix",
     "v=spf1 include:_spf.example.net include:_spf2.example.net -all"),
    ("separator", "key", "v=DKIM1 k=rsa p=" + KEY, "fix", GOOD),
    ("separator", "spf", "v=spf1-mx include:_spf,example,net -all", "fix", SPF),
    ("separator", "dmarc", "v=DMARC1;p=reject;rua=mailto:dmarc@example.com", "silent", None),
    ("assign", "spf", "v=spf1 mx include=_spf.example.net -all", "fix", SPF),
    ("assign", "dmarc", "v=DMARC1; p=reject; sp:quarantine; rua=mailto:dmarc@example.com", "choice",
     "v=DMARC1; p=reject; sp=quarantine; rua=mailto:dmarc@example.com"),
    ("assign", "spf", "v=spf1 mx include:_spf.example.net moo=cow -all", "silent", None),
    ("name", "spf", "v=spf1 mx inlcude:_spf.example.net -all", "fix", SPF),
    ("name", "spf", "v=spf1 mx INCLUDE:_spf.example.net -all", "silent", None),
    ("value", "dmarc", "v=DMARC1; p=rejct; rua=mailto:dmarc@example.com", "fix", DMARC),
    ("value", "dmarc", "v=DMARC1; p=reject; adkim=strict; fo=5; rua=mailto:dmarc@example.com", "fix",
     "v=DMARC1; p=reject; adkim=s; fo=0; rua=mailto:dmarc@example.com"),
    ("value", "dmarc", "v=DMARC1; p=none|reject; rua=mailto:dmarc@example.com", "choice", DMARC),
    ("value", "dmarc", "v=DMARC1; p=Reject; rua=mailto:dmarc@example.com", "silent", None),
    # a list that nobody can read stays, for a person; the rest is repaired
    ("value", "dmarc", "v=DMARC1; p=reject; rua=foo; sp=rejct; pct=1000; zz=1", "fix",
     "v=DMARC1; p=reject; rua=foo; sp=reject"),
    ("value", "dmarc", "v=DMARC1; p=reject; rua=foo; adkim=strict; ruf=e@example.com", "fix",
     "v=DMARC1; p=reject; rua=foo; adkim=s; ruf=mailto:e@example.com"),
    ("value", "dmarc", "v=DMARC1; p=reject; RUA=foo; ruf=bar; sp=rejct", "fix",
     "v=DMARC1; p=reject; rua=foo; ruf=bar; sp=reject"),
    ("value", "dmarc", "v=DMARC1; p=reject; rua=foo; sp:rejct adkim=strict", "fix",
     "v=DMARC1; p=reject; rua=foo; sp=reject; adkim=s"),
    ("target", "spf", "v=spf1 include:spf.protection.outlok.com -all", "fix",
     "v=spf1 include:spf.protection.outlook.com -all"),
    ("target", "spf", "v=spf1 include:outlook -all", "fix", "v=spf1 include:spf.protection.outlook.com -all"),
    ("target", "spf", "v=spf1 a:mial.example.com -all", "choice", "v=spf1 a:mail.example.com -all"),
    ("target", "spf", "v=spf1 a:mail.example.com -all", "silent", None),
    ("zone", "spf", "v=spf1 mx include:_spf.example.net.example.com -all", "fix", SPF),
    ("zone", "zone", "_dmarc CNAME _dmarc.provider.example", "fix",
     "_dmarc.example.com CNAME _dmarc.provider.example."),
    ("zone", "zone", "s1._domainkey CNAME s1.dkim.provider.example", "fix",
     "s1._domainkey.example.com CNAME s1.dkim.provider.example."),
    ("zone", "zone", "@ MX 10 host.example.net", "fix", "example.com MX 10 host.example.net."),
    ("zone", "zone", "s1._domainkey CNAME s1.dkim.provider.example.", "silent", None),
    ("zone_lost", "spf", "v=spf1 a:mail -all", "fix", "v=spf1 a:mail.example.com -all"),
    ("zone_lost", "spf", "v=spf1 a:gone -all", "choice", "v=spf1 a:gone.example.com -all"),
    ("zone_lost", "spf", "v=spf1 a:mail.example.com. -all", "silent", None),
    ("letters", "spf", "v=spf1 include:gr\u00fcn.example -all", "fix", "v=spf1 include:xn--grn-ioa.example -all"),
    ("letters", "spf", "v=spf1 include:xn--grn-ioa.example -all", "silent", None),
    ("url", "spf", "v=spf1 mx include:https://_spf.example.net/ -all", "fix", SPF),
    ("url", "dmarc", "v=DMARC1; p=reject; rua=mailto:dmarc@example.com?subject=a", "silent", None),
    ("address", "spf", "v=spf1 a:192.0.2.25 include:_spf.example.net -all", "fix",
     "v=spf1 ip4:192.0.2.25 include:_spf.example.net -all"),
    ("address", "spf", "v=spf1 ip4:host.example.net -all", "fix", "v=spf1 a:host.example.net -all"),
    ("address", "spf", "v=spf1 ip4:gone.example.net -all", "choice", "v=spf1 a:gone.example.net -all"),
    ("address", "spf", "v=spf1 a:host.example.net -all", "silent", None),
    ("family", "spf", "v=spf1 ip4:2001:db8::25 -all", "fix", "v=spf1 ip6:2001:db8::25 -all"),
    ("family", "spf", "v=spf1 a:2001:db8::25 -all", "fix", "v=spf1 ip6:2001:db8::25 -all"),
    ("family", "spf", "v=spf1 ip6:::ffff:192.0.2.25 -all", "silent", None),
    ("octets", "spf", "v=spf1 ip4:192.0.2.* -all", "fix", "v=spf1 ip4:192.0.2.0/24 -all"),
    ("octets", "spf", "v=spf1 ip4:192.0.2.0/24 -all", "silent", None),
    ("macro", "spf", "v=spf1 mx exists:%{i.x.example.net -all", "fix", "v=spf1 mx exists:%{i}.x.example.net -all"),
    ("macro", "spf", "v=spf1 mx exists:%{i}.x.example.net -all", "silent", None),
    ("prefix", "spf", "v=spf1 ip4:192.0.2.0/255.255.255.0 -all", "fix", "v=spf1 ip4:192.0.2.0/24 -all"),
    ("prefix", "spf", "v=spf1 ip4:192.0.2.0/ -all", "choice", "v=spf1 ip4:192.0.2.0/24 -all"),
    ("prefix", "spf", "v=spf1 ip4:192.0.2.0-24 -all", "choice", "v=spf1 ip4:192.0.2.0/24 -all"),
    ("prefix", "spf", "v=spf1 ip4:192.0.2.0,24 -all", "fix", "v=spf1 ip4:192.0.2.0/24 -all"),
    ("prefix", "spf", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all", "silent", None),
    ("qualifier", "spf", "v=spf1 mx include:_spf.example.net --all", "fix", SPF),
    ("qualifier", "spf", "v=spf1 mx include:_spf.example.net hardfail", "fix", SPF),
    ("qualifier", "spf", "v=spf1 mx include:_spf.example.net all=-", "fix", SPF),
    ("qualifier", "spf", "v=spf1 mx include:_spf.example.net ~-all", "choice", SPF),
    ("qualifier", "spf", "v=spf1 ?mx include:_spf.example.net -all", "silent", None),
    ("edge", "spf", "v=spf1 mx include:_spf.example.net -all # our mail", "fix", SPF),
    ("edge", "spf", "v=spf1 mx include:_spf.example.net -all // our mail", "fix", SPF),
    ("edge", "spf", "v=spf1 mx include:_spf.example.net -all (our mail)", "fix", SPF),
    ("edge", "spf", "v=spf1 mx include:{_spf.example.net} -all", "fix", SPF),
    ("edge", "spf", "v=spf1 mx include:_spf.example.net -all +", "fix", SPF),
    ("edge", "dmarc", "v=DMARC1; p=reject # our policy; rua=mailto:dmarc@example.com", "fix", DMARC),
    ("edge", "dmarc", "v=DMARC1; p=reject; rua=mailto:dmarc@example.com # ours; # theirs", "fix", DMARC),
    ("edge", "key", "v=DKIM1; n=ours #1; k=rsa; p=" + KEY, "silent", None),
    ("all", "spf", "v=spf1 mx include:_spf.example.net -all.", "fix", SPF),
    ("all", "spf", "v=spf1 mx include:_spf.example.net ~all", "silent", None),
    ("joined", "spf", "v=spf1 mx -all v=spf1 include:_spf.example.net -all", "fix", SPF),
    ("joined", "spf", SPF + " v=DMARC1; p=reject", "fix", SPF),
    ("blank_front", "spf", " " + SPF, "fix", SPF),
    ("blank_front", "dmarc", " " + DMARC, "fix", DMARC),
    ("blank_front", "dmarc", DMARC, "silent", None),
    ("joined", "dmarc", DMARC + " v=DMARC1; p=none", "choice", DMARC),
    ("joined", "zone", '@ TXT "v=spf1 mx -all"\n@ TXT "v=verify1 mx"', "silent", None),
    ("doubled", "dmarc", "v=DMARC1; p=reject; p=reject; rua=mailto:dmarc@example.com", "fix", DMARC),
    ("doubled", "dmarc", "v=DMARC1; p=reject; sp=reject; rua=mailto:dmarc@example.com", "silent", None),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=dmarc@example.com", "fix", DMARC),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=mailto:dmarc@@example.com", "fix", DMARC),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=mailto:Ann Lee <dmarc@example.com>", "fix", DMARC),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=mailto : dmarc@example.com", "fix", DMARC),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=mailto:dmarc at example.com", "fix", DMARC),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=[dmarc@example.com](mailto:dmarc@example.com)", "fix", DMARC),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=MAILTO:dmarc@example.com", "silent", None),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=mailto:", "choice", "v=DMARC1; p=reject"),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=", "choice", "v=DMARC1; p=reject; rua=mailto:dmarc-reports@example.com"),
    ("scheme", "dmarc", "v=DMARC1; p=reject; rua=d", "choice", "v=DMARC1; p=reject; rua=mailto:dmarc-reports@example.com"),
    ("armour", "key", "v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----%s-----END PUBLIC KEY-----" % KEY, "fix", GOOD),
    ("armour", "key", "v=DKIM1; k=rsa; p=-----BEGIN PRIVATE KEY-----" + KEY, "silent", None),
    ("base64", "key", "v=DKIM1; k=rsa; p=" + KEY.replace("+", " "), "fix", GOOD),
    ("base64", "key", "v=DKIM1; k=rsa; p=" + KEY[:-40], "silent", None),
    ("wrapped", "key", "v=DKIM1; k=rsa; pub=" + PAIR, "fix", GOOD),
    ("wrapped", "key", "v=DKIM1; k=rsa; p=" + PAIR, "silent", None),
    ("key_type", "key", "v=DKIM1; k=ed25519; p=" + KEY, "fix", GOOD),
    ("key_type", "key", "v=DKIM1; p=" + KEY, "silent", None),
    # texts in the place of aliases
    ("alias", "key", "s1.dkim.provider.example", "fix", "s1._domainkey.example.com CNAME s1.dkim.provider.example."),
    ("alias", "key", "s1.dkim.gone.example", "choice", "s1._domainkey.example.com CNAME s1.dkim.gone.example."),
    ("alias", "dmarc", "_dmarc.provider.example", "fix", "_dmarc.example.com CNAME _dmarc.provider.example."),
    ("alias", "zone", "_dmarc CNAME _dmarc.provider.example.", "silent", None),
]

# where a record stands instead, by the reason that is given
PLACES = [
    ("the name of the zone was appended once more", "example.com TXT SPF", "example.com TXT " + SPF),
    ("the name of the zone was appended once more", "_dmarc.example.com TXT DMARC", "_dmarc.example.com TXT " + DMARC),
    ("the name of the zone was appended once more", "s1._domainkey.example.com TXT KEY",
     "s1._domainkey.example.com TXT " + GOOD),
    ("the name of the zone was appended once more", "s1._domainkey.example.com CNAME s1.dkim.provider.example.",
     "s1._domainkey.example.com CNAME s1.dkim.provider.example."),
    ("the SPF record belongs at the domain itself", "www TXT SPF", "example.com TXT " + SPF),
    ("the SPF record belongs at the domain itself", "spf TXT SPF", "example.com TXT " + SPF),
    ("the SPF record belongs at the domain itself", "_spf TXT SPF", "example.com TXT " + SPF),
    ("the record type is not part of the name", "txt TXT SPF", "example.com TXT " + SPF),
    ('"@" stands for the domain itself', "\\@ TXT SPF", "example.com TXT " + SPF),
    ("the underscore is missing", "dmarc TXT DMARC", "_dmarc.example.com TXT " + DMARC),
    ("the underscore is missing", "dmarc CNAME _dmarc.provider.example.",
     "_dmarc.example.com CNAME _dmarc.provider.example."),
    ("the underscore is missing", "s1.domainkey TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
    ("the record belongs to the domain itself", "_dmarc.www TXT DMARC", "_dmarc.example.com TXT " + DMARC),
    ("the record belongs to _dmarc below the domain", "www TXT DMARC", "_dmarc.example.com TXT " + DMARC),
    ("the record belongs to _dmarc below the domain", "@ TXT DMARC", "_dmarc.example.com TXT " + DMARC),
    ("_dmarc appears twice in the name", "_dmarc._dmarc TXT DMARC", "_dmarc.example.com TXT " + DMARC),
    ("_domainkey is for keys", "_dmarc._domainkey TXT DMARC", "_dmarc.example.com TXT " + DMARC),
    ("_domainkey is missing in the name", "s1 TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
    ("_domainkey is misspelt", "s1._domainkeys TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
    ("_domainkey appears twice in the name", "s1._domainkey._domainkey TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
    ("the key belongs to the domain itself", "s1._domainkey.www TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
    ("the selector is missing in the name", "_domainkey TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
    ("the labels are in the wrong order", "_domainkey.s1 TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
    ("the key belongs to SELECTOR._domainkey below the domain", "@ TXT KEY", "s1._domainkey.example.com TXT " + GOOD),
]

faults = []


def quoted(text):
    """a TXT value of a zone file: strings of at most 255 octets, every octet as it is"""
    strings = []
    for part in text.split(" | "):
        octets = part.encode()
        strings += [octets[i:i + 255] for i in range(0, len(octets), 255)]
    return " ".join('"%s"' % "".join(
        "\\%03d" % c if c < 32 or c > 126 else "\\" + chr(c) if chr(c) in '"\\' else chr(c)
        for c in string) for string in strings)


def joined(value):
    """a TXT value in presentation form as text"""
    return re.sub(r"\\(.)", r"\1", "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', value)))


def lines(spf=SPF, dmarc=DMARC, key=GOOD):
    out = ""
    for name, text in (("@", spf), ("_dmarc", dmarc), ("s1._domainkey", key)):
        if text is not None:
            out += "%s TXT %s\n" % (name, quoted(text))
    return out


def zone_of(where, text):
    """the zone of a row"""
    if where != "zone":
        return BASE + lines(**{where: text})
    first, kind = text.split()[:2]
    base = BASE.replace("@ MX 10 mail\n", "") if kind == "MX" else BASE
    return base + lines(spf=None if first == "@" and kind == "TXT" else SPF,
                        dmarc=None if first == "_dmarc" else DMARC,
                        key=None if first.startswith("s1.") else GOOD) + text + "\n"


def place_zone(line):
    """the zone where a record stands elsewhere: its own place is empty"""
    of = "spf" if "SPF" in line else "dmarc" if "dmarc" in line.lower() else "key"
    for word, text in (("SPF", SPF), ("DMARC", DMARC), ("KEY", GOOD)):
        if line.endswith(" TXT " + word):
            line = line[:-len(word)] + quoted(text)
    return BASE + lines(**{of: None}) + line + "\n", of


def check(folder, zone, is_fixed=False, engines="--no-engines"):
    with open(os.path.join(folder, "zone"), "w") as file:
        file.write(zone)
    options = ["--dns", "zone:fix@example.com"] if is_fixed else ["--fix", "fix"]
    run = subprocess.run(
        [MAILASSAY, "check", "example.com", "--selector", "s1", engines, "--now", NOW,
         "--format", "json", *options, "--dns", "zone:zone@example.com", "--dns", "zone:world@."],
        cwd=folder, capture_output=True, text=True)
    if not run.stdout:
        raise SystemExit("no report: " + run.stderr)
    return json.loads(run.stdout)


def said(edit):
    value = joined(edit["value"]) if edit["type"] == "TXT" else edit["value"]
    return "%s %s %s" % (edit["name"].rstrip("."), edit["type"], value)


def offers(report):
    """(text, is there a condition) of every record that a remedy puts somewhere"""
    found = set()
    for finding in report["findings"]:
        if finding["severity"] == "info" or finding["id"] in WAY:
            continue
        remedy = finding["remedy"]
        for one in [remedy] + remedy["alternatives"] if remedy else []:
            for edit in one["edits"]:
                if edit["action"] != "remove":
                    found.add((said(edit), bool(one["condition"] or one["price"])))
    return found


# what is no repair: a way to a stricter policy, habits, terms that another row is about
WAY = {"dmarc_np_open", "dmarc_policy_none", "dmarc_no_reports", "spf_all_softfail",
       "dkim_key_testing", "spf_unknown_modifier"}


def judge(folder, title, zone, outcome, meant):
    report = check(folder, zone)
    found = offers(report)
    fixed = {said(edit) for step in report["plan"]["steps"] for edit in step["edits"]
             if edit["action"] != "remove"}
    if outcome == "silent":
        if found or fixed:
            faults.append("%s: offered without need: %s" % (title, sorted(found) or sorted(fixed)))
        return
    if outcome == "choice":
        if (meant, True) not in found or meant in fixed:
            faults.append("%s: not a choice: %s; offered %s" % (title, meant, sorted(found)))
        return
    if meant not in fixed:
        faults.append("%s: not in --fix: %s; offered %s" % (title, meant, sorted(found)))
        return
    again = check(folder, zone, is_fixed=True)
    worse = {f["id"] for f in again["findings"] if f["severity"] in ("error", "warning")} - {
        f["id"] for f in report["findings"]}
    if worse or len(again["findings"]) >= len(report["findings"]):
        faults.append("%s: the second run has %d findings of %d, new %s" % (
            title, len(again["findings"]), len(report["findings"]), sorted(worse)))


def complete():
    """every kind and every place has a row for both ways"""
    kinds = re.findall(r'^REPAIR\(\w+, "(\w+)"', open(
        os.path.join(TREE, "src/model/rec_repair.def")).read(), re.M)
    for kind in kinds + ["alias"]:
        outcomes = {row[3] for row in ROWS if row[0] == kind}
        if not outcomes & {"fix", "choice"} or "silent" not in outcomes:
            faults.append("%s: no row of both ways" % kind)
    source = open(os.path.join(TREE, "src/gather/gather_elsewhere.c")).read()
    reasons = set(re.findall(r'(?:true|false), "((?:[^"\\]|\\.)*)"},$', source, re.M))
    for reason in reasons:
        if reason.replace('\\"', '"') not in {row[0] for row in PLACES}:
            faults.append("no row for the place: %s" % reason)


def read_by_libraries(folder):
    """what is published is read by the libraries too; where one of them reads something else,
    the remedy says so and is not in --fix"""
    rows = [  # where, what stands there, what is offered, what the library makes of it
        ("spf", "v=spf1 mx include=_spf.example.net -all", SPF, None),
        ("dmarc", "v=DMARC1 p=reject rua=mailto:dmarc@example.com", DMARC, None),
        ("key", "v=DKIM1 k=rsa p=" + KEY, GOOD, None),
        ("spf", "v=spf1 ip4=0.0.0.0/0 -all", "v=spf1 ip4:0.0.0.0/0 -all", "permerror for"),
        ("key", "v=DKIM1 k=rsa n=%s p=%s" % ("a" * 900, KEY),
         "v=DKIM1; k=rsa; n=%s; p=%s" % ("a" * 900, KEY), "the key cannot be used"),
    ]
    for where, text, meant, difference in rows:
        report = check(folder, zone_of(where, text), engines="--engines")
        if not any(engine["result"] for engine in report["engines"]) and not any(
                f["remedy"] and f["remedy"]["proof"]["libraries"] for f in report["findings"]):
            continue  # built without them
        record = "%s TXT %s" % (RIGHT[where], meant)
        fixed = {said(edit) for step in report["plan"]["steps"] for edit in step["edits"]}
        remedies = [one for f in report["findings"] if f["remedy"]
                    for one in [f["remedy"]] + f["remedy"]["alternatives"]
                    if record in {said(edit) for edit in one["edits"]}]
        readings = [r for one in remedies for r in one["proof"]["libraries"]]
        if not readings or any(r["agrees"] == (difference is not None) for r in readings):
            faults.append("libraries, %s: %s" % (text[:60], readings))
        if difference and (record in fixed or not all(
                difference in r["text"] and r["text"] in one["condition"]
                for one in remedies for r in one["proof"]["libraries"])):
            faults.append("libraries, %s: not a choice: %s" % (text[:60], remedies))
        if not difference and record not in fixed:
            faults.append("libraries, %s: not in --fix" % text[:60])
        if any(f["remedy"] and f["remedy"]["proof"]["libraries"]
               for f in check(folder, zone_of(where, text))["findings"]):
            faults.append("libraries, %s: asked without being wanted" % text[:60])


def narrowed(folder):
    """a key that stays is not called lost where only its t=s begins to count"""
    report = check(folder, zone_of("key", "v=DKIM1; k=rsa; t=\"s\"; p=" + KEY))
    lost = [one["kind"] for f in report["findings"] if f["remedy"]
            for one in f["remedy"]["proof"]["lost"]]
    if lost != ["dkim_key_narrowed"]:
        faults.append("a key with t=\"s\" loses %s" % lost)


complete()
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "world"), "w") as file:
        file.write(WORLD)
    for kind, where, text, outcome, meant in ROWS:
        if meant is not None and where in RIGHT and " CNAME " not in meant:
            meant = "%s TXT %s" % (RIGHT[where], meant)
        judge(folder, "%s, %s" % (kind, text[:60]), zone_of(where, text), outcome, meant)
    read_by_libraries(folder)
    narrowed(folder)
    for reason, line, meant in PLACES:
        zone, of = place_zone(line)
        judge(folder, "place, %s" % line, zone, "fix", meant)
        # the same beside a record in the right place
        report = check(folder, zone + lines(**{"spf": None, "dmarc": None, "key": None,
                                              of: {"spf": SPF, "dmarc": DMARC, "key": GOOD}[of]}))
        if [f for f in report["findings"] if f["id"].endswith("_misplaced")]:
            faults.append("place, %s: told beside a record in the right place" % line)
for fault in faults:
    print("FAULT: " + fault)
print("%d records and %d places, %d faults" % (len(ROWS), len(PLACES), len(faults)))
sys.exit(1 if faults else 0)
