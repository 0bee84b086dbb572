"""Workers of scan under a supervisor.

usage: jobs.py MAILASSAY MAILASSAY_PLANTED

The second is mailassay in which a subject "planted-crash..." kills whoever judges it, and
"planted-once..." does so if it can remove the file that PLANTED_ONCE names.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from name_server import Server, names

MAILASSAY, PLANTED = map(os.path.realpath, sys.argv[1:3])
NOW = ["--no-https", "--now", "2026-11-24T00:00:00Z"]
work = tempfile.mkdtemp()
faults = []


def fault(text):
    faults.append(text)
    print("FAULT:", text)


def begin(server, subjects, *options, program=MAILASSAY, env=None):
    path = os.path.join(work, "list")
    with open(path, "w") as file:
        file.write("".join(name + "\n" for name in subjects))
    return subprocess.Popen([program, "scan", path, "--dns", server.spec, *NOW, *options],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=dict(os.environ, **(env or {})))


def end(run):
    out, err = run.communicate(timeout=120)
    return [json.loads(line) for line in out.splitlines()], err, run.returncode


def domains(reports):
    """Of each report; of a line that was not judged what its number says."""
    return [report["subject"]["domain"] if report["result"] else
            "d%d.test" % (report["errors"][0]["line"] - 1) for report in reports]


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
        return [int(word) for word in file.read().split()]


# as many workers as one likes: the same reports, in the order of the lines
server = Server()
alone, _, _ = end(begin(server, names(60), "--jobs", "1"))
many, _, _ = end(begin(server, names(60), "--jobs", "4"))
if list(map(json.dumps, alone)) != list(map(json.dumps, many)) or domains(many) != names(60):
    fault("four workers: other reports than one process")

# lines and reports that are larger than what a socket holds: neither side waits for the other
long = ['{"domain":"d%d.test","id":"%s"}' % (number, "x" * 60000) for number in range(150)]
reports, err, _ = end(begin(server, long, "--jobs", "2"))
if domains(reports) != names(150):
    fault("long lines: %d reports of 150: %s" % (len(reports), err))

# workers are killed at moments of no choice of theirs
slow = Server(delay=0.02)
run = begin(slow, names(300), "--jobs", "3")
killed = 0
for _ in range(4):
    time.sleep(0.15)
    workers = children(run.pid)
    if workers:
        os.kill(workers[killed % len(workers)], signal.SIGKILL)
        killed += 1
reports, err, status = end(run)
if domains(reports) != names(300):
    fault("%d workers killed: %d reports, not in order: %s" % (killed, len(reports), err))
if killed == 0:
    fault("no worker was there to be killed")
refused = [report for report in reports if report["result"] is None]
if len(refused) > 2 or any("by signal 9" not in one["errors"][0]["text"] for one in refused):
    fault("%d workers killed, and %d reports refused: %s" % (killed, len(refused), refused[:1]))

# one that kills every worker costs its own report only; one that kills once is judged
once = os.path.join(work, "once")
open(once, "w").close()
subjects = names(40)
subjects[7:7] = ["planted-crash.test"]
subjects[20:20] = ["planted-once.test"]
subjects[30:30] = ["planted-crash-too.test"]
reports, err, status = end(begin(server, subjects, "--jobs", "2", program=PLANTED,
                                 env={"PLANTED_ONCE": once}))
if len(reports) != len(subjects):
    fault("planted: %d reports of %d: %s" % (len(reports), len(subjects), err))
for name, report in zip(subjects, reports):
    is_refused = report["result"] is None
    if is_refused != name.startswith("planted-crash"):
        fault("planted: %s: %s" % (name, json.dumps(report)[:200]))
    elif is_refused and "killed twice, by signal 6" not in report["errors"][0]["text"]:
        fault("planted: %s: %s" % (name, report["errors"]))
    elif not is_refused and report["subject"]["domain"] != name:
        fault("planted: %s stands where %s belongs" % (report["subject"]["domain"], name))
if os.path.exists(once):
    fault("planted-once killed nobody")
if status != 4 or "2 of 43 subjects could not be read or evaluated" not in err:
    fault("planted: status %d: %s" % (status, err))

# SIGTERM: what is in flight is finished and written; the last line says where it stopped
run = begin(slow, names(5000), "--jobs", "2")
time.sleep(0.7)
run.send_signal(signal.SIGTERM)
reports, err, status = end(run)
last = err.splitlines()[-1] if err else ""
if status != 3 or domains(reports) != names(len(reports)) or not 0 < len(reports) < 5000:
    fault("SIGTERM: status %d, %d reports: %s" % (status, len(reports), err))
if "after line %d:" % len(reports) not in last:
    fault("SIGTERM: %d reports, but %s" % (len(reports), last))

for number, status in (("64", 0), ("1025", 2)):
    _, err, got = end(begin(server, names(1), "--jobs", number, "--fail-on", "never"))
    if got != status:
        fault("--jobs %s: status %d: %s" % (number, got, err))

print("%d faults" % len(faults) if faults else "fine")
sys.exit(1 if faults else 0)
