"""Where octets of strangers come in: scenes that use many places at once, each with its token.

A scene writes its files into the folder it stands in and tells the commands to run. PLACES
names every token: how its octets may have changed when they are shown.
"""
import base64
import os
import re

from payloads import ALL, KINDS
from server import Server

# EXACT: JSON holds all octets somewhere, to be told back. SHOWN: some output shows it. OURS:
# shown without escapes, since it holds text that was escaped before. NEVER: read and not shown.
EXACT, SHOWN, OURS, NEVER = "exact", "shown", "ours", "never"

# by token
PLACES = {}


def places(how, tokens):
    PLACES.update(dict.fromkeys(tokens.split(), how))

# commands with --format, those that make pages, and those that services read
REPORTS = {"check", "spf", "dkim", "dmarc", "smtp", "policies", "providers", "findings",
           "codes", "gate", "diff", "explain"}
PAGES = {"check", "smtp", "gate", "diff", "explain"}
ISSUES = {"check", "gate"}

NOW = "2026-11-24T00:00:00Z"
CLIENT = "192.0.2.7"
REVERSE = "2.0.192.in-addr.arpa"


def write(path, *parts):
    with open(path, "wb") as file:
        for part in parts:
            file.write(part if isinstance(part, bytes) else part.encode())


def world(kind):
    """A zone of hostile records, and the reverse zone"""
    z = kind.zone
    write("hostile.zone", f"""$ORIGIN evil.example.
$TTL 300
@ SOA ns host 1 7200 900 1209600 300
@ NS {z("zqns")}
@ NS ns
@ MX 10 {z("zqmx")}
@ MX 20 alias
alias CNAME {z("zqcname")}
@ A 192.0.2.1
@ TXT "v=spf1 a:{z("zqspfa")} {z("zqspf")} include:{z("zqinclude")}.evil.example" " x=1 +all"
@ TXT "{z("zqtxt")}"
_dmarc TXT "v=DMARC1; p=none; sp={z("zqdmarcsp")}; rua=mailto:{z("zqrua")}@evil.example;"
       " {z("zqdmarc")}=1"
s1._domainkey TXT "v=DKIM1; k=rsa; n={z("zqkeyn")}; {z("zqkey")}=1; p={z("zqkeyp")}"
s2._domainkey CNAME {z("zqselector")}
s3._domainkey TXT "{z("zqkeynone")}"
_mta-sts TXT "v=STSv1; id={z("zqsts")}; {z("zqststag")}=1"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:{z("zqtlsrpt")}@x.example,{z("zqtlsuri")}"
default._bimi TXT "v=BIMI1; l=https://evil.example/{z("zqbimi")}; a={z("zqbimia")};"
       " {z("zqbimitag")}=1"
""".replace(";\"\n      ", ";\""))
    write("other.zone", f"""$ORIGIN other.example.
$TTL 300
@ SOA ns host 1 7200 900 1209600 300
strict TXT "v=spf1 -all exp=why.strict.other.example"
why.strict TXT "see {z("zqexp")}"
said TXT "v=spf1 -all exp=why.said.other.example"
why.said TXT "%{{h}} and %{{s}} may not send"
""")
    write("reverse.zone", f"""$ORIGIN {REVERSE}.
$TTL 300
@ SOA ns.example. host.example. 1 7200 900 1209600 300
7 PTR {z("zqptr")}.evil.example.
""")


def message(kind):
    """Every field that is read"""
    def r(token, without=b""):
        return kind.raw(token, without)
    key = base64.b64encode(b"x" * 32)
    tags = b"; bh=" + key + b"; b=AAAA"
    write("hostile.eml",
          b"Received: from ", r("zqrfrom"), b" (", r("zqrname"), b" [192.0.2.7]) by ",
          r("zqrby"), b"; Tue, 24 Nov 2026 09:58:12 +0000\r\n",
          b"Return-Path: <", r("zqpath"), b"@strict.other.example>\r\n",
          b"Authentication-Results: ", r("zqars"), b".example; spf=pass (", r("zqarc"),
          b") smtp.mailfrom=", r("zqarp"), b"; dkim=", r("zqarr"), b"\r\n",
          b"DKIM-Signature: v=1; a=rsa-", r("zqsiga"), b"; d=evil.example; s=s1; h=from", tags,
          b"\r\nDKIM-Signature: v=1; a=rsa-sha256; d=", r("zqsigd"), b"; s=s1; h=from", tags,
          b"\r\nDKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=", r("zqsigs"),
          b"; h=from", tags, b"\r\nDKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s1; i=",
          r("zqsigi"),
          b"@evil.example; h=from:", r("zqsigh"), b"; c=", r("zqsigc"), tags,
          b"\r\nDKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s1; h=from; ",
          r("zqsigtag"), b"=1", tags, b"\r\n",
          b"ARC-Seal: i=1; a=rsa-sha256; cv=", r("zqarccv"), b"; d=", r("zqarcd"),
          b"; s=", r("zqarcs"), b"; b=AAAA\r\n",
          b"ARC-Message-Signature: i=1; a=rsa-sha256; d=evil.example; s=s1; h=from", tags,
          b"\r\n", b"ARC-Authentication-Results: i=1; ", r("zqaar"), b"; spf=pass\r\n",
          b'From: "', r("zqfrom"), b'" <', r("zqlocal"), b"@evil.example>\r\n",
          b"To: ", r("zqto"), b"\r\n", b"Date: ", r("zqdate"), b"\r\n",
          b"Message-ID: <", r("zqid"), b"@evil.example>\r\n",
          b"Subject: ", r("zqtitle"), b"\r\n", r("zqfield"), b": x\r\n",
          b"\r\n", r("zqbody"), b"\r\n")


HEAD = b'{"snapshot":1,"taken":"2026-11-24T00:00:00Z"}\n'


def fact(kind, **keys):
    """A line about the policy of facts.example; values are JSON"""
    fields = dict(keys, name=b'"https://mta-sts.facts.example/.well-known/mta-sts.txt"',
                  type=b'"HTTPS"', source=b'"live"')
    return b"{" + b",".join(b'"%s":%s' % (key.encode(), value)
                            for key, value in fields.items()) + b"}\n"


def https(kind):
    """What stands behind HTTPS, and questions that failed, as a snapshot holds them"""
    j, r = kind.json, kind.raw
    write("facts.zone", """$ORIGIN facts.example.
$TTL 300
@ SOA ns host 1 7200 900 1209600 300
@ MX 10 mx
mx A 192.0.2.1
mta-sts A 192.0.2.1
_mta-sts TXT "v=STSv1; id=1"
""")
    policy = b"version: STSv1\r\nmode: " + r("zqstsmode") + b"\r\nmx: " + r("zqstsmx") + \
        b"\r\n" + r("zqstskey") + b": 1\r\nmax_age: 86400\r\n"
    write("policy.snapshot", HEAD, fact(kind, status=b'"OK"', http_status=b"200",
          content_type=j("zqctype"), body_hex=b'"' + policy.hex().encode() + b'"'))
    write("moved.snapshot", HEAD, fact(kind, status=b'"REDIRECT"', http_status=b"301",
                                       location=j("zqlocation")))
    write("failed.snapshot", HEAD,
          b'{"name":"facts.example.","type":"TXT","status":"SERVFAIL","ttl":null,"ad":false,'
          b'"source":', j("zqsource"), b',"detail":', j("zqdetail"), b',"records":[]}\n',
          b'{"name":"facts.example.","type":"MX","status":"OK","ttl":300,"ad":false,'
          b'"source":"live","records":["facts.example.\\t300\\tIN\\tMX\\t10 '
          b'no.facts.example."],'
          b'"places":[{"file":', j("zqplace"), b',"line":3}]}\n')


def snapshots(*names):
    return [word for name in names for word in ("--dns", f"snapshot:{name}.snapshot")]


ZONES = ["--dns", "zone:hostile.zone@evil.example", "--dns", "zone:other.zone@other.example",
        "--dns", "zone:reverse.zone@" + REVERSE,
         "--now", NOW]
SELECTORS = ["--selector", "s1", "--selector", "s2", "--selector", "s3"]


def audit(kind):
    world(kind)
    return [
        ["check", "evil.example", "--no-engines", *ZONES, *SELECTORS, "-v", "--save-snapshot",
         "saved.snapshot", "--fix", "fixed.zone"],
        ["check", "evil.example", "--no-engines", *snapshots("saved")],
    ]


def changed(kind):
    """The records as they are and as they shall be"""
    for world_of in ("old", "new"):
        spf, tag, key, rua = (kind.zone("zq" + world_of + what)
                              for what in ("spf", "tag", "key", "rua"))
        write(world_of + ".zone", f"""$ORIGIN evil.example.
$TTL 300
@ SOA ns host 1 7200 900 1209600 300
@ MX 10 {world_of}
{world_of} A 192.0.2.1
@ TXT "v=spf1 mx include:{spf} -all"
_dmarc TXT "v=DMARC1; p={"reject" if world_of == "old" else "none"}; rua=mailto:{rua}@x; {tag}=1"
s1._domainkey TXT "v=DKIM1; p={key}"
""")
    words = ["--beside", "none", "--now", NOW, "--no-https"]
    return [["gate", "new.zone", "--old", "old.zone", *words],
            ["diff", "old.zone", "new.zone", *words]]


def bounced(kind):
    """A delivery report and a line of a log, each place of which a stranger writes"""
    r = kind.raw
    write("bounce.eml", b"""From: <>
Subject: """, r("zqbsubject", b"\r\n"), b"""
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

""", r("zqbtext", b"\r\n"), b"""
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; """, r("zqbreporter", b"\r\n"), b"""

Final-Recipient: rfc822; """, r("zqbfinal", b"\r\n"), b"""@evil.example
Action: failed
Status: 5.7.26
Remote-MTA: dns; """, r("zqbremote", b"\r\n"), b"""
Diagnostic-Code: smtp; 550 5.7.26 """, r("zqbcode", b"\r\n"), b""" unauthenticated

--b
Content-Type: message/rfc822

From: """, r("zqbfrom", b"\r\n"), b"""@evil.example
Message-ID: <""", r("zqbid", b"\r\n"), b"""@evil.example>

x
--b--
""")
    write("mail.log", b"Nov 29 10:00:00 mail postfix/smtp[1]: 4X: to=<",
          r("zqbto", b"\r\n"), b"@evil.example>, relay=", r("zqbrelay", b"\r\n"),
          b"[192.0.2.1]:25, dsn=5.1.1, status=bounced (550 5.1.1 ", r("zqbsaid", b"\r\n"),
          b" User unknown)\n")
    return [["explain", "bounce.eml", "--no-check"], ["explain", "mail.log", "--no-check"]]


def facts(kind):
    https(kind)
    check = ["check", "facts.example", "--no-engines"]
    zone = ["--dns", "zone:facts.zone@facts.example", "-v"]
    return [
        [*check, *snapshots("policy"), *zone, "--save-snapshot", "saved.1"],
        [*check, *snapshots("moved"), *zone, "--save-snapshot", "saved.2"],
        [*check, *snapshots("failed"), *zone, "--save-snapshot", "saved.3"],
        *[[*check, "--dns", "snapshot:saved.%d" % i] for i in (1, 2, 3)],
    ]


def judged(kind):
    world(kind)
    message(kind)
    return [
        ["check", "evil.example", "hostile.eml", *ZONES, "-v"],
        ["smtp", "evil.example", "hostile.eml", *ZONES, "--rcpt", "a@evil.example"],
        ["dkim", "hostile.eml", *ZONES],
        ["spf", "strict.other.example", "--ip", CLIENT, *ZONES],
    ]




places(EXACT, """zqspfa zqspf zqinclude zqtxt zqdmarcsp zqrua zqdmarc zqkeyn zqkey zqkeyp
       zqkeynone zqsts zqststag zqtlsrpt zqtlsuri zqbimi zqbimia zqbimitag zqexp zqstsmode
       zqstsmx zqstskey""")
places(OURS, "zqsource zqdetail zqplace zqctype zqlocation")
places(EXACT, "zqmx zqcname zqns zqselector zqptr")
places(EXACT, """zqrfrom zqpath zqars zqsiga zqsigd zqsigs zqsigi
       zqsigh zqsigc zqsigtag zqaar zqfrom zqlocal zqid""")
places(SHOWN, "zqarp zqarr")
places(NEVER, "zqrname zqrby zqarc zqarccv zqarcd zqarcs zqto zqdate zqtitle zqfield zqbody")
places(SHOWN, "zqoldspf zqnewspf zqoldtag zqnewtag zqoldkey zqnewkey zqoldrua zqnewrua")
places(SHOWN, "zqbreporter zqbfinal zqbremote zqbcode zqbfrom zqbto zqbrelay zqbsaid")
places(NEVER, "zqbsubject zqbtext zqbid")


# ---- what the user says, and names of files

# the words of a command line, with "@" where the octets go
WORDS = """
@command | check @domain | check evil.example @message | check evil.example --@option |
check evil.example --ip @ip | check evil.example --selector @sel |
check evil.example --dns @dns | check evil.example --dns zone:@dnszone |
check evil.example --dns zone:empty@@origin | check evil.example --dns snapshot:@dnssnap |
check evil.example --dns live:@dnslive | check evil.example --dns @dnsword:x |
check evil.example --timeout @timeout | check evil.example --retries @retries |
check evil.example --trust-anchor @anchor | check evil.example --now @now |
check evil.example --https-connect @connect | check evil.example --providers @providers |
check evil.example --policy @policy | check evil.example --policy ./@policyfile |
check evil.example --as-of @asof | smtp --live 127.0.0.1:1 --ca-file @cafile |
check evil.example --format @format | check evil.example -o none/@output.txt |
check evil.example -o @suffix | check evil.example --color @color |
check evil.example --fail-on @failon | check evil.example --ignore @ignore |
check evil.example --baseline @baseline | check evil.example --record-format @form |
check evil.example --spf-add @spfadd | check evil.example extra @third |
check evil.example --bulk=@flag | spf --mail-from @from | spf evil.example --ip @spfip |
snapshot evil.example -o none/@snapout | smtp --live @live | smtp --live @livehost:25 |
smtp --live h.example:@liveport | smtp --live h.example --family @family |
smtp --live h.example --tls @tls | smtp --live h.example --ehlo @ehlo |
smtp --live h.example --stop-after @stop |
smtp --live h.example:1 --auth @user --password-file none |
smtp --live h.example --mechanism @mechanism |
smtp --live h.example --auth u --password-file @passfile |
smtp --live h.example --auth u --password-fd @passfd | smtp --live h.example --wait @wait |
smtp --live h.example --pause @pause | codes @code | findings @finding |
policies @policyname | policies ./@policypath | providers @provider | help @help |
record @type evil.example | record spf @recdomain mx | record spf evil.example @spfterm |
record dmarc evil.example p=@dmarcp | record dmarc evil.example @dmarctag |
record dmarc evil.example p=none rua=@dmarcrua | record dkim evil.example @dkimkind |
record dkim evil.example --selector @recsel |
record dkim evil.example --key none/@keyfile --selector a |
record mta-sts evil.example mode=@stsm mx=a.example | record mta-sts evil.example @stsword |
record mta-sts evil.example mx=@mxhost |
record tls-rpt evil.example rua=@tlsrua
"""
COMMANDS = [command.strip() for command in WORDS.split("|")]
places(SHOWN, " ".join("zq" + found for found in re.findall(r"@([a-z]+)", WORDS)))
places(NEVER, "zqcafile zquser")


def said(kind):
    write("empty", "")

    def word(text):
        before, at, token = re.fullmatch(r"(.*?)(?:@([a-z]+)(.*))?", text).group(1, 2, 3)
        return text if at is None else before.encode() + kind.word("zq" + at) + token.encode()
    return [[word(text) for text in command.split()] for command in COMMANDS]


def envelope(kind):
    """Identities, which are judged: text of an explanation is made of them"""
    world(kind)
    word = kind.word
    write(word("zqfile"), "From: a@evil.example\r\n\r\nx\r\n")
    return [
        ["check", "evil.example", word("zqfile"), *ZONES, "--no-engines", "--ip", CLIENT,
         "--helo", word("zqhelo"), "--mail-from", word("zqsender") + b"@said.other.example",
         "--rcpt", word("zqrcpt") + b"@evil.example"],
        ["check", "evil.example", "--dns", b"zone:" + word("zqfile") + b"@evil.example"],
        ["spf", "said.other.example", "--helo", word("zqhelo"), "--ip", CLIENT, *ZONES],
        ["dkim", word("zqfile"), *ZONES],
    ]


places(EXACT, "zqfile zqhelo zqsender zqrcpt")


# ---- files that are read

def files(kind):
    """Each says the octets where something else should stand"""
    r, j = kind.raw, kind.json
    write("bad.zone", b"$ORIGIN evil.example.\n@ 300 SOA ns host 1 2 3 4 5\n",
          b"a 300 ", r("zqztype", b"\n"), b" x\n", b"a 300 A ", r("zqzdata", b"\n"), b"\n",
          r("zqzname", b"\n"), b" 300 A\n", b"$", r("zqzword", b"\n"), b" x\n",
          b"a 300 MX 10 ", r("zqzmx", b"\n"), b".\n", b'a 300 TXT "', r("zqztxt", b"\n"), b"\n")
    write("bad1.snapshot", b'{"snapshot":', j("zqsversion"), b"}\n")
    write("bad2.snapshot", HEAD, b'{"name":', j("zqsname"), b',"type":"A","status":"OK"}\n')
    write("bad3.snapshot", HEAD, b'{"name":"a.example.","type":', j("zqstype"), b"}\n")
    write("bad4.snapshot", HEAD, b'{"name":"a.example.","type":"A","status":', j("zqsstatus"),
          b',"ttl":1,"ad":false,"records":[]}\n')
    write("bad5.snapshot", HEAD, b'{"name":"a.example.","type":"A","status":"OK","ttl":1,'
          b'"ad":false,"records":[', j("zqsrecord"), b"]}\n")
    write("bad6.snapshot", HEAD, r("zqsline"), b"\n")
    write("bad7.snapshot", b'{"snapshot":1,"taken":', j("zqstaken"), b"}\n")
    write("bad1.yaml", b"name: x\n", r("zqykey"), b": 1\n")
    write("bad2.yaml", b"name: bad2\ntitle: T\nkind: ", j("zqykind"), b"\n")
    write("bad3.yaml", policy_file(b"bad3", b"T", j("zqywhen"), b"x"))
    write("bad4.yaml", policy_file(j("zqyname"), b"T", b"always", b"x"))
    write("good.yaml", policy_file(b"good", j("zqytitle"), b"always", j("zqyreply")))
    write("bad5.yaml", b"as-of: 2026-11-25\nproviders:\n  - name: p\n    title: T\n    ",
          j("zqyprovider"), b": 1\n")
    write("bad.json", b'{"findings":', r("zqbaseline"), b"}\n")
    write("known.json", b'{"findings":[{"id":', j("zqknownid"), b',"fingerprint":',
          j("zqknown"), b"}]}\n")
    write("bad.anchor", b"example. IN DS ", r("zqanchors", b"\n"), b"\n")
    write("secret", r("zqsecret"), b"\n")
    os.chmod("secret", 0o600)
    world(kind)
    check = ["check", "evil.example", "--no-engines"]
    return [
        [*check, "--dns", "zone:bad.zone@evil.example"],
        *[[*check, "--dns", "snapshot:bad%d.snapshot" % i] for i in range(1, 8)],
        *[["policies", "./%s.yaml" % name]
          for name in ("bad1", "bad2", "bad3", "bad4", "good")],
        [*check, "--policy", "./good.yaml", *ZONES],
        ["providers", "--providers", "bad5.yaml"],
        [*check, "--baseline", "bad.json", *ZONES],
        [*check, "--baseline", "known.json", *ZONES],
        [*check, "--trust-anchor", "bad.anchor", *ZONES],
        ["smtp", "--live", "127.0.0.1:1", "--auth", "u", "--password-file", "secret",
         "--auth-in-clear"],
    ]


def policy_file(name, title, when, reply):
    return b"""name: %s
title: %s
kind: receiver
as-of: 2026-11-24
about: x
sources:
  - id: S1
    title: x
    url: https://example.net/
    read: 2026-11-24
rules:
  - id: one
    says: x
    when: %s
    disposition: reject
    code: 550
    reply: %s
    source: [S1]
    confidence: high
""" % (name, title, when, reply)


places(SHOWN, """zqztype zqzdata zqzword zqsversion zqsname zqstype zqsstatus zqsrecord zqsline
       zqstaken zqyname zqykey zqykind zqywhen zqytitle zqyreply zqyprovider zqbaseline
       zqanchors zqknownid""")
places(NEVER, "zqzname zqzmx zqztxt zqknown zqsecret")

# ---- a server that is really asked

def live(kind):
    server = Server(kind)
    return [["smtp", "--live", "127.0.0.1:%d" % server.port, "--tls", "starttls", "--ehlo",
             "client.example", "--stop-after", "rcpt", "--mail-from", "a@evil.example",
             "--rcpt", "b@evil.example", "--wait", "20", "-v"]]


places(EXACT, "zqhost zqcapability zqmechanisms zqgo zqmail zqrefused zqgreeting zqbye")
places(SHOWN, "zqsan zqsubject")

# which scene with which kinds of octets
SCENES = [(scene, kind) for scene in (audit, changed, bounced, facts, judged, envelope, files,
                                          live)
          for kind in KINDS] + \
    [(said, ALL), (said, KINDS[0])]
