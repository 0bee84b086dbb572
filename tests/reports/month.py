#!/usr/bin/env python3
"""Reports of a made-up month about example.com, and what is true of it.

usage: month.py FOLDER [ROWS]

Writes into FOLDER: zones (example.zone, reverse.zone), reports/ (as receivers send them: gzip,
zip, plain, messages, a mailbox), truth.json. With ROWS it writes that many records from as many
addresses into reports/ instead, for measuring. The same every time.
"""
import base64
import gzip
import io
import json
import pathlib
import sys
import zipfile

DAY = 86400
BEGIN = 1793491200  # 2026-11-01
DAYS = 28

ZONE = """$ORIGIN example.com.
$TTL 3600
@ IN SOA ns1 hostmaster 1 7200 3600 1209600 3600
@ IN NS ns1
@ IN NS ns2
@ IN MX 10 mail
@ IN TXT "v=spf1 ip4:192.0.2.10 ip4:192.0.2.30 -all"
ns1 IN A 192.0.2.1
ns2 IN A 198.51.100.1
_mta-sts IN TXT "v=STSv1; id=1;"
mail IN A 192.0.2.10
mail7 IN A 192.0.2.77
_dmarc IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
s1._domainkey IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
news IN TXT "v=spf1 ip4:192.0.2.40 -all"
"""

REVERSE = """$ORIGIN in-addr.arpa.
$TTL 3600
@ IN SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 3600
@ IN NS ns1.example.com.
10.2.0.192 IN PTR mail.example.com.
77.2.0.192 IN PTR mail7.example.com.
"""

# name, address, envelope, SPF result, DKIM (domain, selector, result), reason, who it is
SENDERS = {
    "mail": ("192.0.2.10", "example.com", "pass", [("example.com", "s1", "pass")], None),
    # signs nothing, and no SPF term lists it
    "mail7": ("192.0.2.77", "example.com", "fail", [], None),
    # keeps the envelope, so SPF fails; the signature survives
    "forwarder": ("198.51.100.5", "example.com", "fail", [("example.com", "s1", "pass")], None),
    # an envelope of its own, and a footer that breaks the signature
    "list": ("198.51.100.6", "lists.example.net", "pass", [("example.com", "s1", "fail")],
             "mailing_list"),
    # forgers
    "forger": ("203.0.113.9", "example.org", "pass", [], None),
    # a subdomain whose envelope passes SPF, aligned relaxed
    "news": ("192.0.2.40", "news.example.com", "pass", [], None),
    # failed then; is in the SPF record since yesterday
    "listed": ("192.0.2.30", "example.com", "fail", [], None),
    # failed until the 10th, signs since the 12th
    "repaired": ("198.51.100.20", "bounce.example.net", "pass", [], None),
}


def record(sender, count, dkim=None, now=False):
    ip, envelope, spf, signatures, reason = SENDERS[sender]
    signatures = signatures if dkim is None else dkim
    is_ours = envelope == "example.com" or envelope.endswith(".example.com")
    dkim_pass = any(r == "pass" and d == "example.com" for d, _, r in signatures)
    results = "".join(f"<dkim><domain>{d}</domain><selector>{s}</selector><result>{r}</result>"
                      "</dkim>" for d, s, r in signatures)
    reason = f"<reason><type>{reason}</type></reason>" if reason else ""
    return (f"<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>"
            f"<disposition>none</disposition><dkim>{'pass' if dkim_pass else 'fail'}</dkim>"
            f"<spf>{'pass' if spf == 'pass' and is_ours else 'fail'}</spf>{reason}"
            "</policy_evaluated></row><identifiers><header_from>example.com</header_from>"
            f"</identifiers><auth_results>{results}<spf><domain>{envelope}</domain>"
            f"<result>{spf}</result></spf></auth_results></record>\n")


def report(reporter, number, records, day, new=False, domain="example.com"):
    space = ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"' if new else ""
    more = "<np>none</np><discovery_method>treewalk</discovery_method>" if new else "<pct>100</pct>"
    begin = BEGIN + day * DAY
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<feedback{space}><report_metadata>'
            f"<org_name>{reporter}</org_name><email>dmarc@{reporter}</email>"
            f"<report_id>{number}</report_id><date_range><begin>{begin}</begin>"
            f"<end>{begin + DAY - 1}</end></date_range></report_metadata><policy_published>"
            f"<domain>{domain}</domain><p>none</p>{more}</policy_published>\n"
            + "".join(records) + "</feedback>\n").encode()


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, data)
    return out.getvalue()


def message(data, kind):
    return ("From: dmarc@receiver.example\nTo: dmarc@example.com\nSubject: Report Domain: "
            "example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n"
            "--b\nContent-Type: text/plain\n\nAn aggregate report.\n\n"
            f"--b\nContent-Type: application/{kind}\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(data).decode() + "--b--\n")


def tls_report(day, domain, successful, failures):
    """RFC 8460: failures are (type, mail host, sessions)."""
    date = f"2026-11-{day + 1:02}"
    return json.dumps({
        "organization-name": "tls.example",
        "date-range": {"start-datetime": f"{date}T00:00:00Z", "end-datetime": f"{date}T23:59:59Z"},
        "contact-info": "tls@tls.example", "report-id": f"{day}.{domain}",
        "policies": [{
            "policy": {"policy-type": "sts", "policy-string": ["version: STSv1"],
                       "policy-domain": domain, "mx-host": ["mail.example.com"]},
            "summary": {"total-successful-session-count": successful,
                        "total-failure-session-count": sum(one[2] for one in failures)},
            "failure-details": [
                {"result-type": kind, "sending-mta-ip": "203.0.113.77",
                 "receiving-mx-hostname": host, "failed-session-count": count}
                for kind, host, count in failures]}]}).encode()


def month(folder):
    out = folder / "reports"
    out.mkdir(parents=True)
    (folder / "example.zone").write_text(ZONE)
    (folder / "reverse.zone").write_text(REVERSE)
    truth = {name: 0 for name in SENDERS}
    truth["repaired_after"] = 0
    box = []

    def add(name, count, records, **more):
        truth[name] += count
        records.append(record(name, count, **more))

    for day in range(DAYS):
        records = []
        add("mail", 400 + day, records)
        if day % 7 == 3:
            add("mail7", 20, records)
        if day % 5 == 0:
            add("forwarder", 3, records)
        data = report("receiver.example", f"r{day}", records, day)
        (out / f"receiver.example!example.com!{day:02}.xml.gz").write_bytes(gzip.compress(data))

        records = []
        add("mail", 30, records)
        if day % 9 == 0:
            add("list", 2, records)
        if day == 20:
            add("forger", 15, records)
        if day < 10:
            add("repaired", 5, records)
        elif day >= 11:
            truth["repaired_after"] += 4
            records.append(record("repaired", 4, dkim=[("example.com", "s2", "pass")]))
        data = zipped("a.xml", report("mailbox.example", f"{day}@mailbox.example", records, day,
                                      new=True))
        box.append("From dmarc@mailbox.example Sun Nov  1 11:00:00 2026\n"
                   + message(data, "zip") + "\n")
        if day == 4:  # sent twice
            box.append(box[-1])
        if day % 7 == 0:
            records = []
            add("news", 50, records)
            add("listed", 6, records)
            data = report("small.example", f"s{day}", records, day)
            (out / f"small-{day:02}.eml").write_text(message(gzip.compress(data), "gzip"))
    box.append("From ann@example.net Sun Nov  1 11:00:00 2026\nFrom: ann@example.net\n\nHello\n")
    (out / "inbox.mbox").write_text("".join(box))
    (out / "other.xml").write_bytes(report("receiver.example", "x", [record("mail", 9)], 1,
                                           domain="example.net")
                                    .replace(b"<header_from>example.com", b"<header_from>example.net"))
    (out / "cut.xml.gz").write_bytes(gzip.compress(report("receiver.example", "cut", [], 1))[:-9])
    for day in range(0, DAYS, 4):
        failures = [("certificate-expired", "mail.example.com", 3)] if day < 12 else []
        failures.append(("sts-policy-fetch-error", "", 1))
        (out / f"tls{day:02}.json.gz").write_bytes(
            gzip.compress(tls_report(day, "example.com", 100, failures)))
    (out / "tls-other.json").write_bytes(tls_report(1, "example.net", 5, []))
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")


def many(folder, rows):
    """Records of as many addresses as there are records, in reports of 20,000."""
    out = folder / "reports"
    out.mkdir(parents=True)
    (folder / "example.zone").write_text(ZONE)
    (folder / "reverse.zone").write_text(REVERSE)
    each = 20000
    for start in range(0, rows, each):
        records = [record(("mail", "mail7", "forger", "list")[i % 4], 1 + i % 7)
                   .replace(SENDERS[("mail", "mail7", "forger", "list")[i % 4]][0],
                            f"{20 + i % 100}.{i // 65536}.{i // 256 % 256}.{i % 256}")
                   for i in range(start, min(start + each, rows))]
        data = report("receiver.example", f"m{start}", records, start // each)
        (out / f"m{start}.xml.gz").write_bytes(gzip.compress(data))


if len(sys.argv) == 2:
    month(pathlib.Path(sys.argv[1]))
elif len(sys.argv) == 3:
    many(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
else:
    sys.exit(__doc__)
