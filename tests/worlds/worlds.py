"""Whole domains, as organisations publish them: testdata/worlds/<name>.

usage: worlds.py MAILASSAY TREE [WORLD...]    (UPDATE=1: print what is reported)

A folder holds the zone of the domain (<origin>zone), what others publish (world.zone), perhaps a
snapshot that speaks first (failures, web pages) and message.eml, the arguments (args), and what
a mail engineer would want to be told (expected): the exit status, the verdicts, and every
finding of the report, severity first. Words behind "#" say why.

Every world is judged, repaired with what --fix writes, and judged again; and its page is looked
at: it must fit 40 rows of 80 columns, and lead with what `screen` says.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

MAILASSAY = os.path.realpath(sys.argv[1])
WORLDS = os.path.join(os.path.realpath(sys.argv[2]), "testdata", "worlds")
NOW = "2026-11-24T00:00:00Z"
ROUNDS_MAX = 6
WORST = ("error", "warning")
COLUMNS = 80
SCREEN = 40  # rows of the first screen
OPEN = {"dmarc_missing", "dmarc_policy_none", "dmarc_inherited_none"}
TITLES = ["Receivers", "Session: what the client sends, and what the receiver checks",
          "Do this", "Do this, in this order"]
faults = []


def fault(world, text):
    faults.append("%s: %s" % (world, text))


def sources(folder):
    own = sorted(name for name in os.listdir(folder)
                 if name.endswith(".zone") and name != "world.zone")
    specs = ["snapshot:snapshot"] if os.path.exists(os.path.join(folder, "snapshot")) else []
    specs += ["zone:%s@%s" % (name, name[:-len("zone")]) for name in own]
    return [word for spec in specs + ["zone:world.zone@."] for word in ("--dns", spec)]


def arguments(folder):
    with open(os.path.join(folder, "args")) as file:
        return file.read().splitlines()


def check(folder, options, more=()):
    command = [MAILASSAY, "check"] + arguments(folder) + list(more) + options
    command += ["--providers", os.path.join(WORLDS, "providers.yaml")]
    run = subprocess.run(command + ["--now", NOW, "--format", "json"], cwd=folder,
                         capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout) if run.stdout else None, run.stderr


def reported(status, report):
    lines = ["status %d" % status, "result %s" % report["result"]]
    lines += ["spf %s %s" % (spf["identity"], spf["result"]) for spf in report["spf"]]
    lines += ["dkim %s %s" % (one["selector"], one["result"]) for one in report["dkim"]]
    if report["dmarc"] and report["dmarc"]["result"]:
        lines.append("dmarc %s" % report["dmarc"]["result"])
    for finding in report["findings"]:
        if finding["text"].endswith("mailassay was built without it"):
            continue
        unknown = " undetermined" if finding["status"] == "undetermined" else ""
        lines.append("%s %s%s" % (finding["severity"], finding["id"], unknown))
    return lines


def expected(folder):
    path = os.path.join(folder, "expected")
    if not os.path.exists(path):
        return []
    with open(path) as file:
        lines = [line.split("#")[0].strip() for line in file]
    return [line for line in lines if line]


def compare(world, folder, lines):
    want = expected(folder)
    for line in sorted(set(want) | set(lines)):
        difference = lines.count(line) - want.count(line)
        if difference > 0:
            fault(world, "not expected: %s" % line)
        if difference < 0:
            fault(world, "missing: %s" % line)


def screen(world, folder, report):
    """The answers on top, as somebody wrote them down for this world."""
    with open(os.path.join(folder, "screen")) as file:
        want = [line.rstrip("\n") for line in file if not line.startswith("#")]
    summary = report["summary"]
    have = ["forgery %s" % summary["forgery"], "own_mail %s" % summary["own_mail"],
            "headline %s" % summary["headline"]]
    have += ["step %s %s: %s" % (step["harm"], step["who"], " ".join(step["about"]))
             for step in report["steps"]]
    if sorted(want) == sorted(have) and want != have:
        fault(world, "the steps are in another order: %s" % have[3:])
    for line in want:
        if line not in have:
            fault(world, "the first screen lacks: %s" % line)
    for line in have:
        if line not in want:
            fault(world, "the first screen has: %s" % line)


def rounds(world, report):
    """Providers and their selectors may cost a round, not a walk."""
    if report["dns"]["rounds"] > ROUNDS_MAX:
        fault(world, "%d rounds of questions" % report["dns"]["rounds"])


def weight(report):
    """A message that fails DMARC does so without a record, too: no policy calls it a failure; and
    a policy that asks for nothing is no worse than none."""
    return {(finding["id"], finding["fingerprint"]) for finding in report["findings"]
            if finding["severity"] in WORST and finding["status"] == "fires"
            and finding["id"] not in ("dmarc_result_monitored", "dmarc_policy_none")}


def curable(report):
    """What has a remedy that needs no choice."""
    cured = set()
    for finding in report["findings"]:
        remedy = finding["remedy"]
        if (finding["severity"] in WORST and remedy and not remedy.get("condition")
                and not remedy.get("price")):
            cured.add((finding["id"], finding["fingerprint"]))
    return cured


def repair(world, folder, options, before):
    """Publish what --fix writes: what it promises must come true, and nothing gets worse."""
    with tempfile.TemporaryDirectory() as temporary:
        if not curable(before):
            return
        fix = os.path.join(temporary, "fix.zone")
        check(folder, options, ["--fix", fix])
        domain = before["subject"]["domain"]
        status, after, error = check(folder, ["--dns", "zone:%s@%s" % (fix, domain)] + options)
        if after is None:
            fault(world, "the file of --fix is refused: %s" % error.strip())
            return
        if weight(after) - weight(before):
            fault(world, "--fix makes worse: %s" % sorted(weight(after) - weight(before)))
        if curable(before) & weight(after):
            fault(world, "--fix leaves: %s" % sorted(curable(before) & weight(after)))
        if len(after["findings"]) >= len(before["findings"]):
            fault(world, "--fix leaves %d findings of %d: %s" % (
                len(after["findings"]), len(before["findings"]),
                sorted(f["id"] for f in after["findings"])))
        if curable(after):
            fault(world, "a second --fix would go on: %s" % sorted(curable(after)))


def page(world, folder, options, report):
    """What a person reads first: it fits a window, and nothing is lost without a count."""
    texts = []
    for surroundings in ({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "NO_COLOR": "1"}):
        command = [MAILASSAY, "check"] + arguments(folder) + options + ["--now", NOW]
        command += ["--providers", os.path.join(WORLDS, "providers.yaml")]
        run = subprocess.run(command, cwd=folder, capture_output=True,
                             env=dict(os.environ, COLUMNS=str(COLUMNS), **surroundings))
        texts.append(run.stdout)
    if texts[0] != texts[1]:
        fault(world, "the page depends on the locale or on NO_COLOR")
    lines = texts[0].decode().rstrip("\n").split("\n")
    places = [lines.index(title) for title in TITLES if title in lines]
    if places != sorted(places):
        fault(world, "the sections are out of order")
    wide = [line for line in lines if len(line) > COLUMNS and not re.search(" IN [A-Z]+ ", line)]
    if wide:
        fault(world, "wider than a window: %s" % wide)
    rows = sum(max(1, -(-len(line) // COLUMNS)) for line in lines)
    if rows > SCREEN:
        fault(world, "%d rows, the first screen has %d" % (rows, SCREEN))
    steps = [line for line in lines if re.match(r"   \d+  ", line)]
    hidden = [line for line in lines if re.match(r"      \d+ (more )?steps?: -v$", line)]
    counted = int(hidden[0].split()[0]) if hidden else 0
    if len(steps) + counted != len(report["steps"]):
        fault(world, "%d steps and %d counted, there are %d"
              % (len(steps), counted, len(report["steps"])))
    if report["steps"] and not steps:
        fault(world, "not even the first step is shown")
    found = {finding["id"] for finding in report["findings"] if finding["status"] == "fires"}
    if "spf_include_missing" in found and not report["spf"] and not [
            line for line in lines if line.startswith("  SPF     permerror")]:
        fault(world, "the first rows hide that SPF comes to permerror")
    if [line for line in lines if re.match("  [A-Z]+ +published", line)]:
        fault(world, "a row says that something is published, not what it is good for")
    shut = [line for line in lines if re.search("v=DMARC1; p=(quarantine|reject)", line)]
    if found & OPEN and not shut and not counted:
        fault(world, "the page does not lead to a policy that protects")


def remedies(world, report):
    for finding in report["findings"]:
        if (finding["severity"] in WORST and finding["status"] == "fires"
                and not finding["remedy"] and not finding["no_remedy"]):
            fault(world, "%s has neither a remedy nor a reason for none" % finding["id"])


def judge(world):
    folder = os.path.join(WORLDS, world)
    options = sources(folder)
    status, report, error = check(folder, options)
    if report is None:
        fault(world, "no report: %s" % error.strip())
        return
    lines = reported(status, report)
    if os.environ.get("UPDATE"):
        print("==== %s\n%s" % (world, "\n".join(lines)))
    compare(world, folder, lines)
    screen(world, folder, report)
    rounds(world, report)
    remedies(world, report)
    repair(world, folder, options, report)
    page(world, folder, options, report)


worlds = sys.argv[3:] or sorted(name for name in os.listdir(WORLDS)
                                if os.path.isdir(os.path.join(WORLDS, name)))
for name in worlds:
    judge(name)
for line in faults:
    print("FAULT: " + line)
print("%d worlds, %d faults" % (len(worlds), len(faults)))
sys.exit(1 if faults else 0)
