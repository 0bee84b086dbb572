"""scan with 500 subjects in flight against check, one at a time.

usage: flight.py MAILASSAY TREE

A case or world is a list in which its subject stands several times, so that subjects share the
sources that were read once. Its reports are compared with that of check, key by key in order.
"""
import json
import os
import subprocess
import sys

MAILASSAY = os.path.realpath(sys.argv[1])
DATA = os.path.join(os.path.realpath(sys.argv[2]), "testdata")
NOW = "2026-11-24T00:00:00Z"
KEYS = {"--ip": "ip", "--helo": "helo", "--mail-from": "mail_from", "--rcpt": "rcpt"}
SHARED = ("--trust-anchor", "--now")  # options that both commands take
TIMES_CASE, TIMES_WORLD = 3, 40
faults = []
judged = 0


def subject(words):
    """The line for scan, and the options that stay; None: scan has no way to say it."""
    line, options, plain = {}, [], []
    words = list(words)
    while words:
        word = words.pop(0)
        if word in KEYS:
            line[KEYS[word]] = words.pop(0)
        elif word == "--selector":
            line.setdefault("selectors", []).append(words.pop(0))
        elif word in SHARED:
            options += [word, words.pop(0)]
        elif word.startswith("--"):
            return None, None
        else:
            plain.append(word)
    line["domain"] = plain[0]
    if len(plain) > 1:
        line["message"] = plain[1]
    return json.dumps(line), options


def same(folder, sources, times, more=()):
    global judged
    with open(os.path.join(folder, "args")) as file:
        words = file.read().splitlines()
    line, options = subject(words)
    if line is None:
        return
    common = [word for source in sources for word in ("--dns", source)]
    common += ["--no-engines", *more]
    if "--now" not in words:
        common += ["--now", NOW]
    one = subprocess.run([MAILASSAY, "check", *words, *common, "--format", "json"], cwd=folder,
                         capture_output=True)
    many = subprocess.run([MAILASSAY, "scan", *options, *common, "--in-flight", "500"],
                          input=((line + "\n") * times).encode(), cwd=folder,
                          capture_output=True)
    want = json.loads(one.stdout) if one.stdout else {}
    want.pop("shown", None)  # the same once more as text, which lines of scan leave out
    want = json.dumps(want)
    got = [json.dumps(json.loads(text)) for text in many.stdout.splitlines()]
    if len(got) != times or any(report != want for report in got):
        faults.append("%s: %d of %d reports are that of check: %s" % (
            folder, sum(report == want for report in got), times, many.stderr.decode()))
    judged += 1


def case_sources(folder):
    return ["%s:%s" % (kind, name) for kind, name in (("snapshot", "snapshot"), ("zone", "zone@."))
            if os.path.exists(os.path.join(folder, name.rstrip("@.")))]


def world_sources(folder):
    own = sorted(name for name in os.listdir(folder)
                 if name.endswith(".zone") and name != "world.zone")
    first = ["snapshot:snapshot"] if os.path.exists(os.path.join(folder, "snapshot")) else []
    return first + ["zone:%s@%s" % (name, name[:-5]) for name in own] + ["zone:world.zone@."]


for finding in sorted(os.listdir(os.path.join(DATA, "cases"))):
    top = os.path.join(DATA, "cases", finding)
    for name in sorted(os.listdir(top)) if os.path.isdir(top) else []:
        path = os.path.join(top, name)
        if os.path.exists(os.path.join(path, "args")):
            same(path, case_sources(path), TIMES_CASE)
worlds = os.path.join(DATA, "worlds")
for name in sorted(os.listdir(worlds)):
    path = os.path.join(worlds, name)
    if os.path.exists(os.path.join(path, "args")):
        same(path, world_sources(path), TIMES_WORLD,
             ["--providers", os.path.join(worlds, "providers.yaml")])
if judged < 500:
    faults.append("only %d cases and worlds were judged" % judged)
for text in faults:
    print("FAULT:", text)
print("%d cases and worlds" % judged)
sys.exit(1 if faults else 0)
