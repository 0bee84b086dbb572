#!/usr/bin/env python3
"""The last line of ./dev test: how many tests passed, failed and were skipped, and what for.

usage: summary.py RESULTS...      RESULTS is what ctest --output-junit wrote; what is no such
                                  file counts as one failure

A test that skips ends with status 77 after a line "skipped: REASON". A line like that from a
test that passed says that a part of it was skipped.
"""
import collections
import re
import sys
import xml.etree.ElementTree


def reason_of(case):
    """What the test said about skipping; empty if nothing."""
    text = case.findtext("system-out") or ""
    match = re.search(r"^skipped: (.*)$", text, re.M)
    return match.group(1).strip() if match else ""


def count(paths):
    passed = failed = skipped = 0
    reasons = collections.Counter()
    for path in paths:
        try:
            cases = list(xml.etree.ElementTree.parse(path).iter("testcase"))
        except (OSError, xml.etree.ElementTree.ParseError):
            failed += 1
            continue
        for case in cases:
            status = case.get("status")
            reason = reason_of(case)
            if status == "run":
                passed += 1
                if reason:
                    reasons["a part, " + reason] += 1
            elif (case.find("skipped") is not None and
                  case.find("skipped").get("message", "").startswith("SKIP_RETURN_CODE")):
                skipped += 1
                reasons[reason or case.get("name") + " gave no reason"] += 1
            else:
                failed += 1
    return passed, failed, skipped, reasons


def main():
    passed, failed, skipped, reasons = count(sys.argv[1:])
    line = f"{passed} passed, {failed} failed, {skipped} skipped"
    if reasons:
        line += " (" + "; ".join(f"{number} {reason}" if number > 1 else reason
                                 for reason, number in sorted(reasons.items())) + ")"
    print(line)
    return 1 if failed or not passed else 0


sys.exit(main())
