"""`check` against every storm of hostile.py: it ends in time and memory, with a finding."""
import json
import os
import re
import subprocess
import sys
import time

from hostile import STORMS, Server

SECONDS = 75          # LIMIT_SECONDS of src/base/limits.h is 60, and a slow machine
PEAK_MIB = 200        # the arena and its answers; LIMIT_ANSWER_BYTES is 8 MiB
RAW = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]")
# a storm that must leave something undetermined, and one that must be an error
UNDETERMINED = {"loop", "chain", "wrongid", "wrongquestion", "pointers", "garbage", "slow",
                "silent"}


def run(binary, domain, port, form):
    start = time.monotonic()
    process = subprocess.Popen(
        [binary, "check", domain, "--dns", f"live:127.0.0.1@{port}", "--timeout", "1",
         "--retries", "0", "--ip", "192.0.2.1", "--format", form],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    return (output, os.waitstatus_to_exitcode(status), time.monotonic() - start,
            usage.ru_maxrss / 1024)


def judge(name, binary, port, is_sanitized):
    faults = []
    for form in ("json", "text"):
        output, status, seconds, peak = run(binary, f"{name}.storm.example", port, form)
        if seconds > SECONDS:
            faults.append(f"took {seconds:.0f} s")
        if peak > PEAK_MIB and not is_sanitized:
            faults.append(f"took {peak:.0f} MiB")
        if status not in (0, 1, 3):
            faults.append(f"ended with {status}")
        if RAW.search(output):
            faults.append(f"{form}: raw control octets at {RAW.search(output).start()}")
        if form == "json" and status in (0, 1, 3):
            report = json.loads(output)
            if not report["findings"]:
                faults.append("found nothing")
            if name in UNDETERMINED and not any(
                    finding["status"] == "undetermined" for finding in report["findings"]):
                faults.append("nothing is undetermined")
            print(f"{name}: status {status}, {seconds:.1f} s, {peak:.0f} MiB, "
                  f"{report['dns']['questions']} questions, {report['dns']['rounds']} rounds, "
                  f"{len(report['findings'])} findings", flush=True)
    return faults


def main():
    binary = sys.argv[1]
    is_sanitized = b"__asan_init" in open(binary, "rb").read()
    server = Server()
    bad = 0
    for name in sorted(STORMS):
        for fault in judge(name, binary, server.port, is_sanitized):
            print(f"{name}: {fault}")
            bad += 1
    print(f"{len(STORMS)} storms, {bad} faults")
    sys.exit(1 if bad else 0)


main()
