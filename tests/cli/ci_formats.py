#!/usr/bin/env python3
"""Every format for CI says the same as JSON about what makes the exit status.

usage: ci_formats.py MAILASSAY SCHEMAS ARGUMENT...     ARGUMENTs without --format

Each output is read by a parser of its own, held against its schema, and gives the findings that
count as (subject, id). Those of JSON are what is right. MULTITOOL in the environment names
Sarif.Multitool, else SARIF is held against what is written here only. PUBLISHED names a folder
with the schemas that others publish: junit-10.xsd of Jenkins (xunit-plugin) and codeclimate.json
of GitLab; without it our own are the only ones.
"""
import collections
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

PROGRAM, SCHEMAS, ARGUMENTS = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
FAULTS = []


def fault(text):
    FAULTS.append(text)
    print(f"FAULT: {' '.join(ARGUMENTS)}: {text}")


def run(form):
    done = subprocess.run([PROGRAM, *ARGUMENTS, "--format", form], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout


def of_json(text):
    """what counts at --fail-on error: errors that fire, and what of weight is undetermined"""
    report = json.loads(text)
    counted = collections.Counter()
    if "subjects" in report:
        lists = [(s["domain"], s["losses"] + s["new"]) for s in report["subjects"]]
    elif "hosts" in report:
        lists = [(None, host["diagnoses"]) for host in report["hosts"]]
    else:
        lists = [(report["subject"]["domain"], report["findings"])]
    for subject, findings in lists:
        for one in findings:
            if one["status"] == "fires" and one["severity"] == "error" or \
                    one["status"] == "undetermined" and one["severity"] in ("error", "warning"):
                counted[subject, one["id"]] += 1
    return counted


def of_sarif(text):
    log = json.loads(text)
    run_of = log["runs"][0]
    rules = run_of["tool"]["driver"]["rules"]
    counted = collections.Counter()
    places = set()
    for result in run_of["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            fault("SARIF: ruleIndex leads to another rule")
        place = result["locations"][0]["physicalLocation"]
        at = result["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"]
        if at in places:
            fault(f"SARIF: two results at {at}")
        places.add(at)
        if place["artifactLocation"]["uri"].startswith("/"):
            fault("SARIF: a path that is not relative")
        for line in result["message"]["text"].split("\n"):
            counted[line.split(": ")[0], result["ruleId"]] += result["properties"]["counts"]
    strings = re.findall(r'": ""', text)
    if strings:
        fault("SARIF: empty strings")
    if os.environ.get("MULTITOOL"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "report.sarif"
            path.write_text(text)
            done = subprocess.run([os.environ["MULTITOOL"], "validate", path, "--rule-kind",
                                   "Sarif;Ghas"], capture_output=True, text=True, check=False)
            if re.search(r"\b(warning|error)\b", done.stdout) or done.returncode != 0:
                fault(f"Sarif.Multitool: {done.stdout}")
    return counted


def hold_xml(text, schema):
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(text)
            file.flush()
            done = subprocess.run(["xmllint", "--noout", "--schema", schema, file.name],
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                fault(f"JUnit: {done.stderr}")
    except FileNotFoundError:
        print("skipped: JUnit against its schema: xmllint is not installed")


def of_junit(text):
    hold_xml(text, SCHEMAS / "junit.xsd")
    if os.environ.get("PUBLISHED"):  # it lacks the attributes by which GitLab links a test
        hold_xml(re.sub(r'(<testcase [^>]*?) file="[^"]*"(?: line="\d+")?', r"\1", text),
                 pathlib.Path(os.environ["PUBLISHED"]) / "junit-10.xsd")
    counted = collections.Counter()
    root = xml.fromstring(text.encode())
    for suite in root:
        cases = suite.findall("testcase")
        for kind in "failure", "error":
            if len(suite.findall(f"testcase/{kind}")) != int(suite.get(f"{kind}s")):
                fault(f"JUnit: {kind}s miscounted")
        if len(cases) != int(suite.get("tests")):
            fault("JUnit: tests miscounted")
        for case in cases:
            for outcome in list(case.findall("failure")) + list(case.findall("error")):
                counted[case.get("classname"), outcome.get("type")] += 1
    return counted


def of_gitlab(text):
    issues = json.loads(text)
    try:
        import jsonschema
        jsonschema.validate(issues, json.loads((SCHEMAS / "gitlab.json").read_text()))
        if os.environ.get("PUBLISHED"):
            schema = pathlib.Path(os.environ["PUBLISHED"]) / "codeclimate.json"
            for issue in issues:
                jsonschema.validate(issue, json.loads(schema.read_text()))
    except ImportError:
        print("skipped: GitLab against its schema: python3-jsonschema is not installed")
    except jsonschema.ValidationError as why:
        fault(f"GitLab: {why}")
    counted = collections.Counter()
    prints = [issue["fingerprint"] for issue in issues]
    if len(set(prints)) != len(prints):
        fault("GitLab: a fingerprint twice")
    for issue in issues:
        if issue["severity"] in ("critical", "major"):
            counted[issue["description"].split(": ")[0], issue["check_name"]] += 1
    return counted


def of_github(text):
    counted = collections.Counter()
    order = []
    for line in text.splitlines():
        if re.match(r"[^:\s]+: [A-Z ]+: ", line):  # the headline, for the log
            continue
        match = re.fullmatch(r"::(error|warning|notice) ((?:\w+=[^,:]*,?)+)::(.*)", line)
        if match is None:
            fault(f"GitHub: no command: {line}")
            continue
        properties = dict(one.split("=", 1) for one in match[2].split(","))
        rule, subject = re.fullmatch(r"(\w+) \((.*)\)", properties["title"]).groups()
        subject = subject.replace("%3A", ":").replace("%2C", ",")
        order.append(match[1])
        if match[1] != "notice":
            counted[subject, rule] += 1
    return counted


def of_markdown(text):
    counted = collections.Counter()
    subject = None
    for line in text.splitlines():
        if line.startswith("### "):
            subject = line[4:]
        item = re.match(r"- .*\*\*(\w+)\*\*: .* \(<code>(\w+)</code>\)$", line)
        if item and item[1] in ("error", "undetermined"):
            counted[subject, item[2]] += 1
    return counted


def of_csv(text):
    counted = collections.Counter()
    for row in csv.DictReader(io.StringIO(text), strict=True):
        if None in row or None in row.values():
            fault(f"CSV: a row of another width: {row}")
        if row["counts"] == "yes":
            counted[row["subject"], row["id"]] += 1
    return counted


def of_jsonl(text):
    counted = collections.Counter()
    for line in text.splitlines():
        one = json.loads(line)
        counted += of_json(json.dumps({"subjects": [one]} if "losses" in one else
                                      {"hosts": [one]} if "diagnoses" in one else one))
    return counted


def main():
    is_list = ARGUMENTS[0] == "scan"  # which has a line for each subject, in CSV as well
    status, text = run("jsonl" if is_list else "json")
    right = of_jsonl(text) if is_list else of_json(text)
    if (status != 0) != bool(right):
        print(f"note: status {status}, and JSON counts {dict(right)}")
    for form, read in (("jsonl", of_jsonl), ("sarif", of_sarif), ("junit", of_junit),
                       ("gitlab", of_gitlab), ("github", of_github), ("markdown", of_markdown),
                       ("csv", of_csv)):
        if is_list and form == "csv":
            continue
        got_status, text = run(form)
        if got_status != status:
            fault(f"{form} ends with {got_status}, JSON with {status}")
        got = read(text)
        # what counts is in it; hosts of a probe have other names there
        wanted = right
        if any(subject is None for subject, _ in right):
            wanted = collections.Counter(rule for _, rule in right.elements())
            got = collections.Counter(rule for _, rule in got.elements())
        missing = wanted - got
        if missing:
            fault(f"{form} lacks {dict(missing)}")
        if status != 0 and not got:
            fault(f"{form} gives no reason for status {status}")
        if ARGUMENTS[0] == "diff":  # whatever differs counts, gains as well
            if (status == 1) != bool(got):
                fault(f"{form} counts {dict(got)} at status {status}")
        elif form in ("csv", "junit") and not any(s is None for s, _ in right) and got - wanted:
            extra = {key for key in got - wanted if key[1] not in ("verdict", "undetermined")}
            if extra:
                fault(f"{form} has more: {extra}")
    return 1 if FAULTS else 0


sys.exit(main())
