"""scan over a name server with troubles: nothing is lost, and nothing costs more than it must.

usage: live.py MAILASSAY
"""
import json
import os
import subprocess
import sys
import time

from name_server import A, TXT, Server, names

MAILASSAY = os.path.realpath(sys.argv[1])
faults = []


def fault(text):
    faults.append(text)
    print("FAULT:", text)


def scan(server, subjects, *options):
    begun = time.monotonic()
    run = subprocess.run([MAILASSAY, "scan", "--dns", server.spec, "--no-https",
                          "--now", "2026-11-24T00:00:00Z", *options],
                         input="".join(name + "\n" for name in subjects), capture_output=True,
                         text=True)
    reports = [json.loads(line) for line in run.stdout.splitlines()]
    return reports, run, time.monotonic() - begun


# reports are those of check, in the order of the lines; what domains share is asked once
calm = Server()
subjects = names(120)
reports, run, _ = scan(calm, subjects, "--in-flight", "500", "--jobs", "1")
if [report["subject"]["domain"] for report in reports] != subjects:
    fault("120 subjects: %d reports, not in order: %s" % (len(reports), run.stderr))
if calm.asked.get(("_spf.shared.test", TXT)) != 1:
    fault("the shared record was asked for %s times" % calm.asked.get(("_spf.shared.test", TXT)))
if calm.asked.get(("mx.d7.test", A)) != 1:
    fault("an address was asked for %s times" % calm.asked.get(("mx.d7.test", A)))
for number in (0, 59, 119):
    check = subprocess.run([MAILASSAY, "check", subjects[number], "--dns", calm.spec, "--no-https",
                            "--no-engines", "--format", "json", "--now", "2026-11-24T00:00:00Z"],
                           capture_output=True, text=True)
    want = json.loads(check.stdout)
    want.pop("shown")  # the same once more as text, which lines of scan leave out
    if json.dumps(want) != json.dumps(reports[number]):
        fault("%s: scan and check say different things" % subjects[number])
unordered, _, _ = scan(calm, subjects, "--unordered")
if sorted(map(json.dumps, unordered)) != sorted(map(json.dumps, reports)):
    fault("--unordered: other reports")

# one packet in ten is lost: all subjects are decided, and none waits for a whole try
lossy = Server(drop=10)
reports, run, took = scan(lossy, names(200))
undetermined = [r["subject"]["domain"] for r in reports if r["result"] == "undetermined"]
if len(reports) != 200 or undetermined:
    fault("one in ten lost: %d reports, undetermined: %s" % (len(reports), undetermined[:5]))
print("one in ten lost: 200 subjects in %.1f s" % took)

# an answer takes 50 ms: many subjects wait for theirs at the same time
slow = Server(delay=0.05)
reports, _, took = scan(slow, names(100))
if len(reports) != 100 or slow.most < 100:
    fault("50 ms: %d reports, at most %d questions at a time" % (len(reports), slow.most))
print("50 ms: 100 subjects in %.1f s, %d questions at a time" % (took, slow.most))

# half of the answers are failures: those who share a question ask for themselves
failing = Server(servfail=2)
reports, _, _ = scan(failing, names(40))
if len(reports) != 40 or not all(r["result"] in ("undetermined", "fail", "pass") for r in reports):
    fault("failures: %d reports" % len(reports))

# nothing but failures: each subject is accounted for, and says so
broken = Server(servfail=1)
reports, run, _ = scan(broken, names(60))
if len(reports) != 60 or any(r["result"] != "undetermined" for r in reports):
    fault("SERVFAIL for all: %d reports" % len(reports))
if run.returncode != 3 or "60 of 60 subjects are undetermined" not in run.stderr:
    fault("SERVFAIL for all: status %d: %s" % (run.returncode, run.stderr))
if broken.asked.get(("_spf.shared.test", TXT), 0) > 0:
    fault("SERVFAIL for all: an include was reached")

# the server dies half-way and comes back: subjects that met the gap are judged once more
import threading  # noqa: E402
mortal = Server()


def gap():
    while mortal.count < 900:
        time.sleep(0.002)
    mortal.dead = True
    time.sleep(2.5)
    mortal.dead = False


threading.Thread(target=gap, daemon=True).start()
reports, run, took = scan(mortal, names(120), "--timeout", "1", "--retries", "0", "--jobs", "2")
undetermined = [r["subject"]["domain"] for r in reports if r["result"] == "undetermined"]
if [r["subject"]["domain"] for r in reports] != names(120) or not mortal.count > 900:
    fault("a gap: %d reports, %d questions: %s" % (len(reports), mortal.count, run.stderr))
if len(undetermined) > 8:
    fault("a gap of 2.5 s: %d of 120 undetermined" % len(undetermined))
print("a gap of 2.5 s: 120 subjects in %.1f s, %d undetermined" % (took, len(undetermined)))

# the same where the list is over before the server is back
late = Server()
late.dead = True
threading.Timer(2.5, setattr, (late, "dead", False)).start()
reports, run, took = scan(late, names(6), "--timeout", "1", "--retries", "0", "--jobs", "2")
undetermined = [r["subject"]["domain"] for r in reports if r["result"] == "undetermined"]
if len(reports) != 6 or len(undetermined) > 2:
    fault("a gap behind the list: %d reports, undetermined: %s" % (len(reports), undetermined))
print("a gap behind the list: 6 subjects in %.1f s" % took)

# nobody listens at all: each subject is accounted for
closed = Server()
closed.close()
reports, run, took = scan(closed, names(5))
if len(reports) != 5 or any(r["result"] != "undetermined" for r in reports) or run.returncode != 3:
    fault("nobody listens: %d reports, status %d" % (len(reports), run.returncode))

# so many queries a second, and no more
limited = Server()
reports, _, took = scan(limited, names(4), "--rate", "100")
if len(reports) != 4 or took < (limited.count - 15) / 100:
    fault("--rate 100: %d queries in %.2f s" % (limited.count, took))

# bound: LIMIT_SUBJECTS both
for number, status in (("1000", 0), ("1001", 2), ("0", 2), ("many", 2)):
    _, run, _ = scan(calm, names(1), "--in-flight", number, "--fail-on", "never")
    if run.returncode != status or (status and "from 1 to 1000" not in run.stderr):
        fault("--in-flight %s: status %d: %s" % (number, run.returncode, run.stderr))

print("%d faults" % len(faults) if faults else "fine")
sys.exit(1 if faults else 0)
