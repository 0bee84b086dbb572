"""Reports in the forms that reporters send, each read for what it says: forms.py MAILASSAY FOLDER

Where the module parsedmarc is there, its reading of each form that it takes is held against ours.
"""
import base64
import email
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile

MAILASSAY, FOLDER = map(os.path.abspath, sys.argv[1:3])
ZONE = """$ORIGIN example.com.
$TTL 300
@ SOA ns h 1 2 3 4 5
@ NS ns
@ TXT "v=spf1 ip4:192.0.2.0/24 -all"
_dmarc TXT "v=DMARC1; p=none; rua=mailto:d@example.com"
"""
RESULTS = ("<dkim><domain>example.com</domain><selector>s1</selector><result>pass</result></dkim>"
           "<spf><domain>example.com</domain><scope>mfrom</scope><result>pass</result></spf>")
SPACE = "urn:ietf:params:xml:ns:dmarc-2.0"
OLD_SPACE = "http://dmarc.org/dmarc-xml/0.1"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
faults = []


def record(ip="192.0.2.10", count="3", results=RESULTS, author="example.com", extra=""):
    return ("<record>%s<row><source_ip>%s</source_ip><count>%s</count><policy_evaluated>"
            "<disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated>"
            "</row><identifiers><envelope_from>example.com</envelope_from><header_from>%s"
            "</header_from></identifiers><auth_results>%s</auth_results></record>" %
            (extra, ip, count, author, results))


def report(records=None, head='<?xml version="1.0" encoding="UTF-8"?>\n', root="", org="r.test",
           begin="1793491200", end="1793577599", version="<version>1.0</version>"):
    return (head + "<feedback" + root + ">" + version + "<report_metadata><org_name>" + org +
            "</org_name><email>x@r.test</email><report_id>1</report_id><date_range><begin>" +
            begin + "</begin><end>" + end + "</end></date_range></report_metadata>"
            "<policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf>"
            "<p>none</p><sp>none</sp><pct>100</pct></policy_published>" +
            "".join([record()] if records is None else records) + "</feedback>")


def archive(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return out.getvalue()


class Pipe(io.RawIOBase):
    """A file that cannot be sought: sizes stand behind the data"""

    def __init__(self):
        super().__init__()
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def stream():
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("s.xml", report())
    return out.bytes


def part(content, kind, name="", coding="base64"):
    body = base64.encodebytes(content) if coding.lower() == "base64" else content
    return ("Content-Type: %s\nContent-Transfer-Encoding: %s\n%s\n" % (
        kind, coding,
        'Content-Disposition: attachment; filename="%s"\n' % name if name else "")).encode() + body


def message(*parts, edge="b"):
    return (b'From: a@r.test\nSubject: Report Domain: example.com\nMIME-Version: 1.0\n'
            b'Content-Type: multipart/mixed; boundary="%s"\n\n' % edge.encode() +
            b"".join(b"--%s\n%s\n" % (edge.encode(), one) for one in parts) +
            b"--%s--\n" % edge.encode())


TEXT = b"Content-Type: text/plain\n\nThis is a report.\n"
PACKED = gzip.compress(report().encode())
NO_HEAD = report(head="")
WRAPPED = NO_HEAD.replace("<feedback>", '<xs:schema xmlns:xs="%s"><feedback>' % SCHEMA)

# name, what is in the file, messages that it counts or the sentence about it
FORMS = [
    ("google", report(version="", org="google.com"), 3),
    ("yahoo", report(head='<?xml version="1.0"?>   \n', version="", org="Yahoo"), 3),
    ("outlook", report(root=' xmlns:xsd="%s" xmlns:xsi="%s-instance"' % (SCHEMA, SCHEMA)), 3),
    ("mail.ru", report(head="<?xml version='1.0' encoding='utf-8'?>", records=[record(
        results=RESULTS.replace("<selector>s1</selector>", ""))]), 3),
    ("first-namespace", report(root=' xmlns="%s"' % OLD_SPACE), 3),
    ("rfc9990", report(root=' xmlns="%s"' % SPACE), 3),
    ("prefix", report().replace("feedback", "d:feedback").replace(
        "<d:feedback", '<d:feedback xmlns:d="%s"' % SPACE), 3),
    ("bare", NO_HEAD, 3),
    ("mark", b"\xef\xbb\xbf" + report().encode(), 3),
    ("utf-16le", b"\xff\xfe" + report(head='<?xml version="1.0" encoding="UTF-16"?>').encode(
        "utf-16-le"), 3),
    ("utf-16be", b"\xfe\xff" + report(head='<?xml version="1.0" encoding="UTF-16"?>').encode(
        "utf-16-be"), 3),
    ("latin-1", report(head='<?xml version="1.0" encoding="ISO-8859-1"?>', org="Pr\xfcfer").encode(
        "latin-1"), 3),
    ("blank-first", "\r\n" + report(), 3),
    ("lines-behind", report() + "\n\n\n", 3),
    ("comment", report(head='<?xml version="1.0"?><!-- made by x -->'), 3),
    ("no-records", report(records=[]), 0),
    ("upper-case", report(records=[record(results=RESULTS.replace("pass", "Pass"))]), 3),
    ("ipv6", report(records=[record(ip="2001:DB8::1")]), 3),
    ("mapped", report(records=[record(ip="::ffff:192.0.2.10")]), 3),
    ("blanks-inside", report(records=[record(ip=" 192.0.2.10 \n", count=" 7 ")]), 7),
    ("cdata", report(org="<![CDATA[r & t]]>"), 3),
    ("fraction", report(begin="1793491200.0", end="1793577599.0"), 3),
    ("root-dot", report(records=[record(author="Example.COM.")]), 3),
    ("no-results", report(records=[record(results="")]), 3),
    ("extension", report(records=[record(extra='<x:y xmlns:x="urn:x">z</x:y>')]), 3),
    ("wrapped", WRAPPED + "</xs:schema>", 3),
    ("wrapped-open", WRAPPED, 3),
    ("two-records", report(records=[record(), record(ip="192.0.2.11", count="4")]), 7),
    ("gzip", PACKED, 3),
    ("gzip-padded", PACKED + b"\0" * 100, 3),
    ("gzip-twice", gzip.compress(PACKED), 3),
    ("zip-folders", archive([("a/", ""), ("a/b/", ""), ("a/b/r.xml", report())]), 3),
    ("zip-of-gzip", archive([("r.xml.gz", PACKED)]), 3),
    ("zip-stored", archive([("r.xml", report())], zipfile.ZIP_STORED), 3),
    ("zip-stream", stream(), 3),
    ("zip-readme", archive([("README.txt", "hello"), ("r.xml", report())]), 3),
    ("octet-stream", message(TEXT, part(PACKED, "application/octet-stream", "x.xml.gz")), 3),
    ("no-name", message(part(PACKED, "application/x-gzip")), 3),
    ("quoted", message(part(report().replace("=", "=3D").encode(), "text/xml", "x.xml",
                            "quoted-printable")), 3),
    ("eight-bit", message(part(report().encode(), "application/xml", "x.xml", "8bit")), 3),
    ("crlf", message(part(PACKED, "application/gzip", "x.gz")).replace(b"\n", b"\r\n"), 3),
    ("inside", message(b"Content-Type: message/rfc822\n\n" +
                       message(part(PACKED, "application/gzip", "x.gz"), edge="inner")), 3),
    ("alone", b"From: a@r.test\nMIME-Version: 1.0\n" + part(
        archive([("r.xml", report())]), "application/zip", "x.zip"), 3),
    ("body", b"From: a@r.test\nSubject: r\n\n" + report().encode(), 3),
    # what does not count, and why
    ("milliseconds", report(begin="1793491200000"), "is not a time in seconds since 1970"),
    ("iso-time", report(begin="2026-11-01T00:00:00Z"), "is not a time in seconds since 1970"),
    ("end-first", report(end="1793000000"), "before it begins"),
    ("zip-lzma", archive([("r.xml", report())], zipfile.ZIP_LZMA), "packed by an unsupported method"),
    ("zip-of-zip", archive([("r.zip", archive([("r.xml", report())]))]), "packed more often"),
    ("cut", PACKED[:-20], "cut off"),
    ("other-root", '<?xml version="1.0"?><schema><feedback/></schema>', "the root element is <schema>"),
    ("other-wrapper", '<?xml version="1.0"?>' + WRAPPED.replace(SCHEMA, "http://example.com/"), "the root element is"),
    ("twice", WRAPPED + NO_HEAD, "something follows the report"),
]


def ours(path):
    """Messages counted, or the reason"""
    run = subprocess.run([MAILASSAY, "explain", path, "--format", "json", "--dns", "zone:z.zone"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                         cwd=FOLDER)
    if not run.stdout:
        return run.stderr
    document = json.loads(run.stdout)
    if not document.get("reports"):
        return "no report: %s" % run.stderr
    reports = document["reports"]
    rows = sorted((address, one["identity"]["header_from"]) for one in reports[0]["senders"]
                  for address in one["addresses"])
    return reports[0]["now"]["messages"], rows


def theirs(parsedmarc, content):
    """The same by parsedmarc, which may refuse it, and gets what is attached"""
    if b"MIME-Version:" in content:
        content = [one for one in email.message_from_bytes(content).walk()
                   if not one.is_multipart()][-1].get_payload(decode=True)
    try:
        read = parsedmarc.parse_aggregate_report_file(content, offline=True)
    except parsedmarc.InvalidAggregateReport:
        return None
    rows = sorted({(one["source"]["ip_address"].replace("::ffff:", ""),
                    one["identifiers"]["header_from"].lower().rstrip("."))
                   for one in read["records"]})
    return sum(one["count"] for one in read["records"]), rows


def main():
    try:
        import parsedmarc
    except ImportError:
        parsedmarc = None
    with open(os.path.join(FOLDER, "z.zone"), "w", encoding="ascii") as file:
        file.write(ZONE)
    compared = 0
    for name, content, want in FORMS:
        content = content.encode() if isinstance(content, str) else content
        with open(os.path.join(FOLDER, name), "wb") as file:
            file.write(content)
        got = ours(name)
        if isinstance(want, str) and (not isinstance(got, str) or want not in got or
                                      not got.startswith("mailassay: " + name)):
            faults.append("%s: %r instead of %r" % (name, got, want))
        elif isinstance(want, int) and got[0] != want:
            faults.append("%s: %r instead of %d messages" % (name, got, want))
        elif isinstance(want, int) and parsedmarc is not None:
            peer = theirs(parsedmarc, content)
            compared += peer is not None
            if peer is not None and peer != got:
                faults.append("%s: %r, parsedmarc has %r" % (name, got, peer))
    if parsedmarc is not None:
        print("parsedmarc agrees about %d of %d forms" % (compared, len(FORMS)))
    print(*faults, sep="\n")
    sys.exit(1 if faults else 0)


main()
