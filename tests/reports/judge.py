"""What mailassay says of the month that month.py made, held against what is true of it."""
import csv
import json
import pathlib
import subprocess
import sys

mailassay, folder = sys.argv[1], pathlib.Path(sys.argv[2])
truth = json.loads((folder / "truth.json").read_text())
failures = 0


def expect(what, got, wanted):
    global failures
    if got != wanted:
        failures += 1
        print(f"{what}: {got!r} instead of {wanted!r}")


def run(*options, reports=("reports",), zone="example.zone", domain="example.com"):
    command = [mailassay, "check", domain, "--dns", f"zone:{zone}", "--dns",
               "zone:reverse.zone", "--now", "2026-12-01T00:00:00Z", "--no-engines", *options]
    for path in reports:
        command += ["--reports", path]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def judged(**more):
    done = run("--format", "json", **more)
    if not done.stdout:
        sys.exit(f"nothing was written: {done.stderr}")
    return json.loads(done.stdout)


report = judged()
reports = report["reports"]
passing = sum(truth[name] for name in ("mail", "forwarder", "news", "listed", "repaired_after"))
failing = sum(truth[name] for name in ("mail7", "list", "forger", "repaired"))
now = reports["now"]
expect("messages", now["messages"], passing + failing)
expect("pass", now["pass"], passing)
expect("fail", now["fail"], failing)
expect("unknown", now["unknown"], 0)
expect("fail by owner", now["fail_by_owner"],
       {"own": truth["mail7"] + truth["repaired"], "perhaps": 0, "forwarded": truth["list"],
        "foreign": truth["forger"]})
expect("refused by p=none", now["reject"], 0)
expect("reports", reports["reports"], 28 + 28 + 4)
expect("reporters", reports["reporters"], 3)
expect("duplicates", reports["duplicates"], 1)
expect("first", reports["first"], "2026-11-01T00:00:00Z")
expect("last", reports["last"], "2026-11-28T23:59:59Z")
expect("other domains", [(one["domain"], one["messages"]) for one in reports["other_domains"]],
       [("example.net", 9)])
expect("reports about them", reports["other_domains"][0]["reports"], 2)
expect("notes", sorted(one["kind"] for one in reports["notes"]),
       ["duplicate", "no_report", "refused"])

senders = {one["name"]: one for one in reports["senders"]}
for name, owner, count, fails in (
        ("mail.example.com", "own", truth["mail"], 0),
        ("mail7.example.com", "own", truth["mail7"], truth["mail7"]),
        ("198.51.100.5", "forwarded", truth["forwarder"], 0),
        ("198.51.100.6", "forwarded", truth["list"], truth["list"]),
        ("203.0.113.9", "foreign", truth["forger"], truth["forger"]),
        ("192.0.2.40", "own", truth["news"], 0),
        ("192.0.2.30", "own", truth["listed"], 0),
        ("198.51.100.20", "own", truth["repaired"] + truth["repaired_after"],
         truth["repaired"])):
    one = senders.pop(name, None)
    if one is None:
        expect("sender", None, name)
        continue
    expect(f"{name}, owner", one["owner"], owner)
    expect(f"{name}, messages", one["now"]["messages"], count)
    expect(f"{name}, fail", one["now"]["fail"], fails)
    since = name == "198.51.100.20"
    expect(f"{name}, passes since", one["passes_since"],
           "2026-11-12T00:00:00Z" if since else None)
    expect(f"{name}, not yet shown", one["not_yet_shown"],
           truth["listed"] if name == "192.0.2.30" else 0)
expect("more senders", list(senders), [])

# selectors that receivers saw are audited
origins = {one["selector"]: one["origin"] for one in report["audit"]["dkim"]["selectors"]}
expect("selectors", origins.get("s2"), "reports")
expect("missing keys", [one["selector"] for one in reports["selectors"] if one["key_missing"]],
       ["s2"])

# the way to p=reject carries the evidence
choices = []
for finding in report["findings"]:
    remedy = finding["remedy"]
    if finding["id"] == "dmarc_policy_none" and remedy:
        choices = [remedy, *remedy["alternatives"]]
for remedy in choices:
    record = remedy["edits"][-1]["value"]
    sums = remedy["proof"]["reports"]
    expect(f"{record}, fail", sums["fail"], failing)
    is_testing = "t=y" in record
    what = "reject" if "; p=reject" in record else "quarantine"
    expect(f"{record}, {what}", sums[what], 0 if is_testing else failing)
    expect(f"{record}, {what} by RFC 7489", sums["rfc7489"][what], failing)
expect("choices", len(choices), 3)
evidence = [step["evidence"] for step in report["steps"] if step["evidence"]]
expect("steps with evidence", len(evidence), 1)
for part in (f"of {passing + failing:,} messages in 28 days {passing:,} pass",
             "80 from mail7.example.com (yours: its name is below the domain) fail: sign there",
             "failed until 2026-11-10, and it passes since 2026-11-12",
             "8 look forwarded", "15 are foreign",
             "24 that would pass today failed then, and no newer report shows it yet"):
    if not any(part in one for one in evidence):
        expect("evidence", evidence, part)

# without reports the step says what is missing
for step in judged(reports=())["steps"]:
    if "dmarc_policy_none" in step["about"] and "--reports PATH" not in (step["evidence"] or ""):
        expect("without reports", step["evidence"], "--reports PATH")

# TLS reports: failures by kind, host and reporter, linked to what the audit finds
tls = reports["tls"]
expect("TLS", (tls["reports"], tls["successful"], tls["failed"]), (7, 700, 16))
expect("TLS failures", [(one["type"], one["mx"], one["reporter"], one["sessions"])
                        for one in tls["failures"]],
       [("certificate-expired", "mail.example.com", "tls.example", 9),
        ("sts-policy-fetch-error", "", "tls.example", 7)])
expect("linked", [one["findings"] for one in tls["failures"]], [[], ["mta_sts_no_host"]])
expect("last", tls["failures"][0]["last"], "2026-11-09T23:59:59Z")

# a stricter record: what would fail is refused by it
strict = (folder / "example.zone").read_text().replace("p=none", "p=reject; aspf=s")
(folder / "strict.zone").write_text(strict)
now = judged(zone="strict.zone")["reports"]["now"]
expect("aspf=s, fail", now["fail"], failing + truth["news"])
expect("aspf=s, reject", now["reject"], failing + truth["news"])

# a subdomain, a wrong domain, a path that is not there
news = judged(domain="news.example.com")["reports"]
expect("subdomain, messages", news["now"]["messages"], 0)
expect("other domain", judged(domain="example.org")["reports"]["reports"], 0)
gone = run(reports=("nowhere",))
expect("status without a file", gone.returncode, 4)
expect("sentence without a file", gone.stderr.strip().splitlines()[-1],
       "mailassay: nowhere: No such file or directory")

# gate: what a change does to real traffic
(folder / "new.zone").write_text(
    (folder / "example.zone").read_text().replace("ip4:192.0.2.10 ", "")
    .replace("p=none", "p=reject").replace(" -all", " ip4:192.0.2.77 -all", 1))
gate = subprocess.run([mailassay, "gate", "new.zone", "--old", "example.zone", "--beside",
                       "zone:reverse.zone", "--reports", "reports", "--now",
                       "2026-12-01T00:00:00Z", "-o", "gate.json", "-o", "gate.txt"],
                      cwd=folder, capture_output=True, text=True)
expect("status of gate", gate.returncode, 1)
# what is left out of its numbers is said: a sentence each
for part in "cut.xml.gz: the gzip data is cut off", "about example.net, which the change", \
        "counted once":
    if part not in gate.stderr:
        expect("gate, sentences", gate.stderr, part)
change = json.loads((folder / "gate.json").read_text())["subjects"][0]["reports"]
# mail of the host that the record no longer lists still passes by its signature
expect("gate, pass", (change["before"]["pass"], change["after"]["pass"]),
       (passing, passing + truth["mail7"]))
expect("gate, refused", (change["before"]["reject"], change["after"]["reject"]),
       (0, failing - truth["mail7"]))
expect("gate, senders",
       sorted((one["name"], one["pass_before"], one["pass_after"], one["reject_after"])
              for one in change["senders"]),
       [("198.51.100.20", truth["repaired_after"], truth["repaired_after"], truth["repaired"]),
        ("198.51.100.6", 0, 0, truth["list"]),
        ("203.0.113.9", 0, 0, truth["forger"]),
        ("mail7.example.com", 0, truth["mail7"], 0)])
text = " ".join((folder / "gate.txt").read_text().split())
for part in (f"pass: {passing:,} -> {passing + truth['mail7']:,}",
             "+ 80 messages of mail7.example.com (own: its name is below the domain) pass",
             "- 50 messages of 198.51.100.20 (own: it signs as the domain) are refused then"):
    if part not in text:
        expect("gate in text", text, part)

# explain: the same mail, domain by domain, in each format and from standard input


def explain(*arguments, **more):
    return subprocess.run([mailassay, "explain", *arguments, "--dns", "zone:example.zone", "--dns",
                           "zone:reverse.zone", "--now", "2026-12-01T00:00:00Z"], cwd=folder,
                          capture_output=True, **more)


done = explain("reports", "--format", "json")
expect("status of explain", done.returncode, 1)
told = json.loads(done.stdout)
expect("kind", told["kind"], "aggregate")
expect("domains", [one["domain"] for one in told["reports"]], ["example.com", "example.net"])
expect("explain, now", told["reports"][0]["now"], reports["now"])
expect("explain, senders", told["reports"][0]["senders"], reports["senders"])
done = explain("reports", "-o", "senders.csv")
rows = list(csv.DictReader((folder / "senders.csv").open(newline="")))
expect("rows of CSV", [(row["sender"], row["owner"], row["messages"], row["fail"]) for row in rows
                       if row["domain"] == "example.com"],
       [(one["name"], one["owner"], str(one["now"]["messages"]), str(one["now"]["fail"]))
        for one in reports["senders"]])
packed = (folder / "reports" / "receiver.example!example.com!03.xml.gz").read_bytes()
done = explain("-", "--format", "json", input=packed)
expect("from standard input", json.loads(done.stdout)["reports"][0]["now"]["messages"], 423)
done = explain("reports/small-00.eml", "--format", "json")
expect("a message", json.loads(done.stdout)["reports"][0]["now"]["messages"],
       (truth["news"] + truth["listed"]) // 4)
expect("status where nothing fails", done.returncode, 0)
done = explain("reports/tls00.json.gz", "--format", "json")
expect("a TLS report", json.loads(done.stdout)["reports"][0]["tls"]["failed"], 4)
done = explain("reports/cut.xml.gz")
expect("a report that is cut off", (done.returncode, done.stderr.decode().strip()),
       (4, "mailassay: reports/cut.xml.gz: the gzip data is cut off"))

# text: the first screen, and all
screen = run()
expect("rows of the first screen", len(screen.stdout.splitlines()) <= 40, True)
full = run("-v").stdout
for part in ("Receivers reported", f"{passing + failing:,} messages in 28 days"):
    expect(f"on the first screen: {part}", part in screen.stdout, True)
for part in ("mail7.example.com  all fail", "cut.xml.gz: the gzip data is cut off",
             "not counted, about other domains: example.net",
             "certificate-expired  at mail.example.com",
             "the audit finds the same today: mta_sts_no_host"):
    expect(f"in full: {part}", part in full, True)

# each file alone gives what it holds, and one named twice counts once
one = judged(reports=("reports/inbox.mbox",))["reports"]
expect("a mailbox", (one["reports"], one["reporters"]), (28, 1))
two = judged(reports=("reports", "reports/inbox.mbox"))["reports"]
expect("named twice", (two["now"]["messages"], two["duplicates"]), (passing + failing, 30))

# bound: LIMIT_TRAFFIC_SENDERS past
subprocess.run([sys.executable, pathlib.Path(__file__).parent / "month.py", folder / "many",
                "6000"], check=True)
many = judged(reports=("many/reports",))["reports"]
expect("records of many addresses", many["now"]["messages"], sum(1 + i % 7 for i in range(6000)))
expect("senders", (len(many["senders"]), many["sender_count"] > 1000), (1000, True))

print("reports: as they are" if failures == 0 else f"{failures} wrong")
sys.exit(failures != 0)
