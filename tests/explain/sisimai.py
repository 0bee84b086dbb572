"""explain beside sisimai over the bounces that are collected beside the tree.

usage: sisimai.py MAILASSAY TREE

For each cause of authentication: how many files each names rightly, where for sisimai the class of
its newest version counts as well, as expected.tsv has it. It is right where its class is about the
mechanism: "authfailure" for SPF, DKIM and DMARC, "requireptr" for PTR. explain must be better on every
row, except where both name every file, which nobody can better, and list every recipient that sisimai lists.
"""
import collections
import json
import os
import subprocess
import sys

AUTH = ("auth-level dmarc-none unaligned dmarc-policy unauthenticated spf-broken dkim-fail spf-fail "
        "ptr sender-domain helo tls spoof login policy-maybe-auth").split()
RIGHT = {"ptr": ["requireptr"], "sender-domain": ["rejected", "notaccept"], "login": ["securityerror"],
         "policy-maybe-auth": ["policyviolation", "authfailure"]}
# no recipients: what sisimai puts where none is named, an address that an automatic reply recommends
INVENTED = {"undisclosed-recipient-in-headers@libsisimai.org.invalid", "karl@hanz.de"}


def main():
    binary, tree = os.path.abspath(sys.argv[1]), os.path.realpath(sys.argv[2])
    shared = os.path.join(tree, "..", "shared", "bounces")
    folder = os.path.join(shared, "messages")
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    theirs = collections.defaultdict(list)
    done = subprocess.run(["perl", os.path.join(tree, "tests/explain/sisimai.pl"), *paths],
                          capture_output=True, check=True)
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        name, recipient, reason = line.split("\t")
        theirs[name].append((recipient, reason))
    faults, rows = [], {cause: [0, 0, 0] for cause in AUTH}
    with open(os.path.join(shared, "expected.tsv")) as file:
        expected = [line.rstrip("\n").split("\t") for line in file][1:]
    for name, classes, cause in expected:
        done = subprocess.run([binary, "explain", os.path.join(folder, name), "--no-check",
                               "--format", "json"], capture_output=True)
        ours = json.loads(done.stdout)["recipients"]
        missing = {recipient for recipient, _ in theirs[name]} - \
            {(one["recipient"] or "").lower() for one in ours} - INVENTED
        if missing:
            faults.append(f"{name}: not listed: {', '.join(sorted(missing))}")
        if cause in AUTH:
            said = classes.split(",") + [reason for _, reason in theirs[name]]
            rows[cause][0] += 1
            rows[cause][1] += any(one["cause"] == cause for one in ours)
            rows[cause][2] += any(each in RIGHT.get(cause, ["authfailure"]) for each in said)
    print("cause               files  explain  sisimai")
    for cause, (count, our, their) in rows.items():
        if count:
            print(f"{cause:20}{count:5}{our:9}{their:9}")
        if our <= their and not our == their == count:
            faults.append(f"{cause}: sisimai names {their}, explain {our} of {count}")
    whole = [cause for cause, (count, our, their) in rows.items() if count and our == their == count]
    print("both name every file of: " + ", ".join(whole))
    if sum(row[1] for row in rows.values()) <= sum(row[2] for row in rows.values()):
        faults.append("sisimai names as many in all")
    for line in faults:
        print("FAULT: " + line)
    print("fine" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
