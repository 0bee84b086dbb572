"""Run the tests of a build under valgrind's memcheck.

usage: memcheck.py BUILD TREE JOBS [NAME-PATTERN...]    (./dev valgrind)

The build is one with -DMEMCHECK=ON. The list of tests is that of ctest. A test that is a program
runs under valgrind itself; one that is a script gets a wrapper for the mailassay binary that
starts it under valgrind, with all its children. A test fails when it would fail without
valgrind, or when any process wrote a report: an error or memory that is lost for good. What
other libraries do is in "suppressions", by library; what cannot run is in "left-out", and where
only the reports count, because time passes differently, in "timed", each line a name with its
reason.
"""
import concurrent.futures
import fnmatch
import json
import os
import re
import shutil
import signal
import subprocess
import sys

BUILD = os.path.realpath(sys.argv[1])
TREE = os.path.realpath(sys.argv[2])
HERE = os.path.join(TREE, "tests", "memcheck")
LOGS = os.path.join(BUILD, "memcheck")
SLOWNESS = 12  # a test may take so many times what ctest allows
SKIPPED = 77
VALGRIND = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
            "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
            "--trace-children=yes", "--trace-children-skip=/usr/*,/bin/*,/sbin/*",
            "--num-callers=24", "--suppressions=" + os.path.join(HERE, "suppressions")]

END = "Process terminating with default action of signal"
# whose crash is no fault of ours, and what crashes on purpose
DEATHS = ["/libspf2.so", "/libopendkim.so", "/libopendmarc.so", "engine_provoke_now"]


def reasons(name):
    with open(os.path.join(HERE, name)) as file:
        lines = [line.split(None, 1) for line in file if line.strip() and line[0] != "#"]
    return {test: reason.strip() for test, reason in lines}


def tests():
    """Name, command and environment of every test that ctest knows."""
    text = subprocess.run(["ctest", "--test-dir", BUILD, "--show-only=json-v1"],
                          capture_output=True, text=True, check=True).stdout
    for test in json.loads(text)["tests"]:
        properties = {one["name"]: one["value"] for one in test.get("properties", [])}
        yield (test["name"], test["command"], properties.get("ENVIRONMENT", []),
               float(properties.get("TIMEOUT", 600)))


def wrapper(folder):
    """A program that is mailassay under valgrind; the log of each process is a file of its own."""
    path = os.path.join(folder, "mailassay")
    words = VALGRIND + ["--log-file=" + os.path.join(folder, "%p.log"),
                        os.path.join(BUILD, "mailassay")]
    with open(path, "w") as file:
        file.write("#!/bin/sh\nexec %s \"$@\"\n" % " ".join("'%s'" % word for word in words))
    os.chmod(path, 0o755)
    return path


def reports(folder):
    """What valgrind had to say, process by process."""
    for name in sorted(os.listdir(folder)):
        if name.endswith(".log"):
            with open(os.path.join(folder, name), errors="replace") as file:
                before, end, after = file.read().partition(END)
            # a process that was meant to die has lost all it had
            if end and any(word in after for word in DEATHS):
                end = after = ""
            if re.sub(r"==\d+==", "", before + end + after).strip():
                yield before + end + after


def run(name, command, environment, patience):
    """The trouble with one test as text; "" if there is none, None if it was skipped."""
    folder = os.path.join(LOGS, name.replace("/", "-"))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.chmod(folder, 0o777)  # a test may run as nobody, whose log goes there, too
    binary = wrapper(folder)
    os.symlink(os.path.join(BUILD, "tests"), os.path.join(folder, "tests"))  # what scripts use
    if command[0].endswith(".test"):
        command = [command[0], binary] + command[2:]
    else:
        command = VALGRIND + ["--log-file=" + os.path.join(folder, "%p.log")] + command
    env = dict(os.environ, **dict(pair.split("=", 1) for pair in environment))
    env["MAILASSAY"] = binary
    with open(os.path.join(folder, "output"), "wb") as output:
        child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=subprocess.STDOUT, cwd=BUILD, start_new_session=True)
        try:
            status = child.wait(patience * SLOWNESS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return "does not end"
    trouble = "\n".join(reports(folder))
    if status == SKIPPED and not trouble:
        return None
    if status != 0 and (name not in reasons("timed") or status < 0):
        with open(output.name, errors="replace") as file:
            trouble += "ended with %d: %s" % (status, file.read()[-3000:])
    return trouble


def main():
    without = reasons("left-out")
    patterns = sys.argv[4:] or ["*"]
    all_tests = list(tests())
    unknown = (set(without) | set(reasons("timed"))) - {test[0] for test in all_tests}
    if unknown:
        sys.exit("no tests are: %s" % " ".join(sorted(unknown)))
    chosen = [test for test in all_tests if test[0] not in without
              and any(fnmatch.fnmatch(test[0], pattern) for pattern in patterns)]
    failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(int(sys.argv[3])) as pool:
        waiting = {pool.submit(run, *test): test[0] for test in chosen}
        for done in concurrent.futures.as_completed(waiting):
            trouble = done.result()
            failed += bool(trouble)
            skipped += trouble is None
            word = "skipped" if trouble is None else "FAULT" if trouble else "clean"
            print("%-8s %s" % (word, waiting[done]), flush=True)
            if trouble:
                print(trouble, flush=True)
    for name, reason in sorted(without.items()):
        print("left out %s: %s" % (name, reason))
    print("%d tests under valgrind, %d skipped, %d left out, %d with faults" %
          (len(chosen) - skipped, skipped, len(without), failed))
    return 1 if failed or not chosen else 0


sys.exit(main())
