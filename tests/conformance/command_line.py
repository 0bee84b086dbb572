"""Each case of a file in the form of the RFC 7208 suite as one run of the program.

Conventions of the suite: a record of type SPF stands for a TXT record, unless its name lists TXT
itself ("TXT: NONE" lists it without a record); "TIMEOUT" fails every type that the name does not
list; several results may be right; the explanation "DEFAULT" means that the domain gives none.
"""
import json
import os
import subprocess
import sys
import tempfile

import yaml

TYPES = ["TXT", "A", "AAAA", "MX", "PTR"]
ALIASES_MAX = 10
HEADER = {"snapshot": 1, "tool": "suite", "taken": "2026-01-01T00:00:00Z", "closed": ["."]}


class Loader(yaml.SafeLoader):
    """Scalars stay text: "1.10" and "no" are names here."""


Loader.yaml_implicit_resolvers = {}


def as_list(value):
    return value if isinstance(value, list) else [value]


def octets(text):
    return text.encode("utf-8")


def shown_name(name):
    """A name in presentation form, with its final dot."""
    out = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 or chr(byte) in ".-_"
                  else "\\%03d" % byte for byte in octets(name.rstrip(".")))
    return out + "."


def shown_data(kind, value):
    if kind == "TXT":
        return " ".join('"%s"' % "".join("\\%03d" % byte for byte in octets(part))
                        for part in as_list(value) or [""])
    if kind == "MX":
        return "%s %s" % (value[0], shown_name(value[1]))
    if kind in ("PTR", "CNAME"):
        return shown_name(value)
    return value


def read_node(records):
    """Of one name: data by type, and whether further types time out."""
    found, has_timeout = {}, False
    lists_txt = any(isinstance(record, dict) and "TXT" in record for record in records)
    for record in records:
        if record == "TIMEOUT":
            has_timeout = True
            continue
        for kind, value in record.items():
            if kind == "SPF" and not lists_txt:
                kind = "TXT"
            if kind in TYPES + ["CNAME"] and value != "NONE":
                found.setdefault(kind, []).append(value)
    return found, has_timeout


def answer(world, name, kind):
    """Status and records, aliases followed."""
    lines = []
    for _ in range(ALIASES_MAX):
        if name.lower().rstrip(".") not in world:
            return "NXDOMAIN", lines
        found, has_timeout = world[name.lower().rstrip(".")]
        if kind in found:
            lines += ["%s\t300\tIN\t%s\t%s" % (shown_name(name), kind, shown_data(kind, value))
                      for value in found[kind]]
            return "OK", lines
        if "CNAME" not in found:
            return ("TIMEOUT" if has_timeout else "NODATA"), lines
        target = found["CNAME"][0]
        lines.append("%s\t300\tIN\tCNAME\t%s" % (shown_name(name), shown_name(target)))
        name = target
    return "SERVFAIL", []


def snapshot_lines(zone):
    world = {str(name).lower().rstrip("."): read_node(records)
             for name, records in (zone or {}).items()}
    yield HEADER
    for name in zone or {}:
        for kind in TYPES:
            status, records = answer(world, str(name), kind)
            if not str(name):
                continue
            yield {"name": shown_name(str(name)), "type": kind, "status": status,
                   "ttl": None if status in ("TIMEOUT", "SERVFAIL") else 300, "ad": False,
                   "source": "suite", "records": records}


def judge(program, path, test):
    command = [program, "spf", "--ip", test["host"], "--dns", "snapshot:" + path,
               "--no-engines", "--format", "json",
               "--mail-from", test["mailfrom"] if test["mailfrom"] else "<>"]
    if test.get("helo"):
        command += ["--helo", test["helo"]]
    run = subprocess.run(command, capture_output=True, check=False, timeout=60)
    try:
        report = json.loads(run.stdout)
    except ValueError:
        return "status %d" % run.returncode, None, run.stderr.decode("utf-8", "replace")
    verdict = next(one for one in report["spf"] if one["identity"] == "mailfrom")
    return verdict["result"], verdict["explanation"], verdict["reason"]


def is_right(test, result, explanation):
    wanted = test.get("explanation")
    if result not in as_list(test["result"]):
        return False
    if wanted is None:
        return True
    return explanation is None if wanted == "DEFAULT" else explanation == wanted


def main(program, suite):
    passed = total = 0
    with open(suite, encoding="utf-8") as file:
        scenarios = [one for one in yaml.load_all(file, Loader) if one]
    for scenario in scenarios:
        with tempfile.NamedTemporaryFile("w", suffix=".snapshot", delete=False) as file:
            for line in snapshot_lines(scenario.get("zonedata")):
                file.write(json.dumps(line) + "\n")
        for name, test in scenario["tests"].items():
            result, explanation, reason = judge(program, file.name, test)
            total += 1
            if is_right(test, result, explanation):
                passed += 1
            else:
                print("FAULT: %s: got %s (%s), explanation %s; right: %s" % (
                    name, result, reason, explanation, test["result"]))
        os.unlink(file.name)
    print("%s: %d of %d cases passed" % (suite, passed, total))
    return 0 if passed == total > 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
