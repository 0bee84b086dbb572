#!/usr/bin/env python3
"""Judge every change of a list with mailassay gate, and compare with what the list says.

usage: changes.py MAILASSAY DATA LIST     DATA is testdata/gate
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile


def blocks(text):
    """name, removed, added, expected lines of each block"""
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        if lines:
            parts = {mark: [line[2:] for line in lines[1:] if line.startswith(mark)]
                     for mark in "-+="}
            yield lines[0], parts["-"], parts["+"], parts["="]


def changed(old, removed, added):
    """the zone with the change; each removed text stands in lines of the zone"""
    lines = []
    at = None
    for line in old:
        if any(text in line for text in removed):
            at = len(lines) if at is None else at
        else:
            lines.append(line)
    for text in removed:
        if not any(text in line for line in old):
            sys.exit(f'"{text}" stands in no line')
    return lines[:at] + added + lines[at:]


def wanted(expected):
    """status, and (domain, list) -> sorted ids"""
    lists = collections.defaultdict(list)
    for line in expected[1:]:
        domain, kind, *ids = line.split()
        lists[domain, kind] += ids
    return int(expected[0]), {key: sorted(ids) for key, ids in lists.items()}


def found(report):
    """the same, of what the program says"""
    lists = collections.defaultdict(list)
    for subject in report["subjects"]:
        for kind in "losses", "new":
            for finding in subject[kind]:
                if finding["severity"] in ("error", "warning"):
                    mark = "" if finding["status"] == "fires" else "?"
                    lists[subject["domain"], {"losses": "loss"}.get(kind, kind)].append(
                        mark + finding["id"])
                if kind == "losses" and not finding["where"]["file"]:
                    lists[subject["domain"], "no place"].append(finding["id"])
    return {key: sorted(ids) for key, ids in lists.items()}


def main():
    program, data, table = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    old = (data / "old.zone").read_text().split("\n")
    faults = count = 0
    with tempfile.TemporaryDirectory() as folder:
        new = pathlib.Path(folder) / "new.zone"
        for name, removed, added, expected in blocks(table.read_text()):
            new.write_text("\n".join(changed(old, removed, added)))
            run = subprocess.run(
                [program, "gate", "--old", data / "old.zone", new, "--beside",
                 f"zone:{data}/beside.zone@.", "--now", "2026-11-24T00:00:00Z", "--format", "json"],
                capture_output=True, text=True, check=False)
            count += 1
            try:
                got = run.returncode, found(json.loads(run.stdout))
            except ValueError:
                got = run.returncode, run.stderr
            if got != wanted(expected):
                print(f"FAULT: {name}: {got} instead of {wanted(expected)}")
                faults += 1
    print(f"{table.name}: {count} changes, {faults} faults")
    return 1 if faults or count < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
