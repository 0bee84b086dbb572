"""Check that a JSON report has exactly the keys of the contract, in its order."""
import json
import sys

TOP = "schema tool time subject envelope result summary spf dkim arc dmarc engines audit findings receivers smtp dns plan steps what_if stated reports shown"
SUBJECT = "domain ip helo mail_from rcpt message"
ENVELOPE = "hop helo_origin mail_from_origin rcpt_origin"
HOP = "kind field number line named_by reason guessed relay"
SPF = "identity domain result explanation term record_domain lookups void_lookups reason"
DKIM = ("domain selector algorithm canonicalization key_bits result body_hash header_hash reason "
        "aligned damage")
DMARC = ("result policy tag record_domain organizational_domain spf_aligned dkim_aligned walk "
         "reason rfc7489")
RFC7489 = "result policy record_domain organizational_domain"
ENGINE = "library about result agrees detail"
AUDIT = "mx spf dkim dmarc mta_sts tls_rpt dane dnssec bimi ptr soa ns providers parked"
TEXT = "name status records record valid"
AUDIT_PARTS = {"mta_sts": TEXT + " id policy_host policy", "tls_rpt": TEXT + " rua", "dane": "hosts",
               "bimi": TEXT + " declined location authority logo evidence", "dnssec": "mx spf dmarc soa ns chain"}
DANE_HOST = "host name status state reason records"
DANE_STATES = "absent undetermined unverified insecure secure".split()
RECEIVER = ("profile disposition code enhanced reply rule because confidence source kind bulk text "
            "otherwise standards rules")
DISPOSITIONS = "accept junk defer reject unknown".split()
STEP = "step client server notes replies conversation receivers for"
REPLY = "receivers for server disposition notes"
FINDING = ("id severity status text hint standards where args fingerprint steps remedy no_remedy "
           "unproved more")
WHERE = "name type term file line"
ANSWER = "name type status ttl ad source detail records"
WORDS = {
    "spf": "none neutral pass fail softfail temperror permerror".split(),
    "dkim": "none pass fail policy neutral temperror permerror".split(),
    "dmarc": "none pass fail temperror permerror".split(),
    "hash": "match mismatch not-checked".split(),
}
faults = []


def keys(what, value, wanted):
    if value is not None and list(value) != wanted.split():
        faults.append(f"{what}: keys {list(value)}, not {wanted}")


def among(what, value, allowed):
    if value not in allowed:
        faults.append(f"{what}: {value!r}")


def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        faults.append(f"a key stands twice: {names}")
    return dict(pairs)


def check(report, has_message, is_verbose):
    keys("report", report, TOP)
    keys("tool", report["tool"], "name version")
    keys("subject", report["subject"], SUBJECT)
    keys("summary", report["summary"], "forgery own_mail headline reasons receivers")
    keys("envelope", report["envelope"], ENVELOPE)
    keys("hop", report["envelope"]["hop"], HOP)
    keys("message", report["subject"]["message"], "from message_id size")
    among("message", (report["subject"]["message"] is not None), [has_message])
    among("schema", report["schema"], [1])
    among("result", report["result"], ["pass", "fail", "undetermined"])
    for one in report["spf"]:
        keys("spf", one, SPF)
        among("identity", one["identity"], ["mailfrom", "helo"])
        among("spf result", one["result"], WORDS["spf"])
    for one in report["dkim"]:
        keys("dkim", one, DKIM)
        among("dkim result", one["result"], WORDS["dkim"])
        among("body_hash", one["body_hash"], WORDS["hash"])
        among("header_hash", one["header_hash"], WORDS["hash"])
        among("aligned", one["aligned"], [True, False])
    if has_message and report["arc"] is not None:
        keys("arc", report["arc"], "result instances reason oldest_pass")
        among("arc result", report["arc"]["result"], ["none", "pass", "fail", None])
    keys("dmarc", report["dmarc"], DMARC)
    keys("rfc7489", report["dmarc"]["rfc7489"], RFC7489)
    among("dmarc result", report["dmarc"]["result"], WORDS["dmarc"] if has_message else [None])
    among("tag", report["dmarc"]["tag"], ["p", "sp", "np", None])
    for one in report["engines"]:
        keys("engine", one, ENGINE)
        among("agrees", one["agrees"], [True, False, None])
    keys("audit", report["audit"], AUDIT)
    for part, wanted in AUDIT_PARTS.items():
        keys(f"audit.{part}", report["audit"][part], wanted)
    for one in report["audit"]["dane"]["hosts"] if report["audit"]["dane"] else []:
        keys("dane host", one, DANE_HOST)
        among("dane state", one["state"], DANE_STATES)
    for one in report["findings"]:
        keys("finding", one, FINDING)
        keys("where", one["where"], WHERE)
        among("severity", one["severity"], ["error", "warning", "notice", "info"])
        among("status", one["status"], ["fires", "undetermined"])
        if not one["standards"] or not all(s.startswith("RFC ") for s in one["standards"]):
            faults.append(f"{one['id']}: standards {one['standards']}")
        for word in ("text", "hint", "fingerprint"):
            if not one[word] or "\n" in one[word] or "{" in one[word]:
                faults.append(f"{one['id']}: {word} {one[word]!r}")
    for one in report["receivers"]:
        keys("receiver", one, RECEIVER)
        among("disposition", one["disposition"], DISPOSITIONS)
    for one in report["smtp"]:
        keys("step", one, STEP)
        for reply in one["replies"]:
            keys("reply", reply, REPLY)
    keys("dns", report["dns"], "questions rounds answers")
    among("answers", len(report["dns"]["answers"]),
          [report["dns"]["questions"] if is_verbose else 0])
    for one in report["dns"]["answers"]:
        keys("answer", one, ANSWER)


with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
if not text.endswith("}\n"):
    faults.append("the report does not end in a line end")
check(json.loads(text, object_pairs_hook=once), "message" in sys.argv[2:], "verbose" in sys.argv[2:])
print("\n".join(faults), end="\n" if faults else "")
sys.exit(1 if faults else 0)
