#!/usr/bin/python3
"""Judge generated worlds with mailassay and with independent implementations.

usage: diff.py JUDGE TREE spf|dkim|arc COUNT [SEED]

JUDGE is the program tests/diff/judge.c. Prints every disagreement that tests/diff/known does not
explain, smallest case first, and ends with status 1 if there is one. The seed is printed, so a
run can be repeated. Peers that are not installed are named and left out.
"""
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# what each peer is known to do otherwise, and the sentence that makes us right
from known import is_known  # noqa: E402


class Pipe:
    """A peer that reads a JSON case a line and writes a verdict a line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    def judge(self, case):
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the peer ended")
        return json.loads(line)


class Pyspf:
    """pyspf in this process, its DNS replaced by the zone of the case."""

    def __init__(self):
        import spf
        self.spf = spf
        self.zone = {}
        spf.DNSLookup = self.lookup

    def lookup(self, name, kind, strict=True, timeout=None, *_):
        records = self.zone.get(name.lower().rstrip("."), {})
        values = records.get(kind, [])
        if values == "TIMEOUT":
            raise self.spf.TempError("DNS timeout")
        for value in values:
            if kind == "TXT":
                yield (name, kind), (value.encode(),)
            elif kind == "AAAA":
                import ipaddress
                yield (name, kind), ipaddress.ip_address(value).packed
            else:
                yield (name, kind), tuple(value) if kind == "MX" else value

    def judge(self, case):
        self.zone = {name.lower(): records for name, records in case["zone"].items()}
        query = self.spf.query(i=case["ip"], s=case["mail_from"], h=case["helo"],
                               receiver="receiver.example", timeout=20)
        query.set_default_explanation("DEFAULT")
        result, _, explanation = query.check()
        return {"result": result, "explanation": explanation if result == "fail" else None}


def spf_peers():
    peers = {}
    try:
        peers["pyspf"] = Pyspf()
    except ImportError:
        print("diff: pyspf is not installed (python3-spf): left out")
    if subprocess.run(["perl", "-MMail::SPF", "-e", "1"], capture_output=True).returncode == 0:
        peers["Mail::SPF"] = Pipe(["perl", str(HERE / "peer_mail_spf.pl")])
    else:
        print("diff: Mail::SPF is not installed (libmail-spf-perl): left out")
    return peers


def spf_case(seed):
    from spf_cases import Maker, world_text
    maker = Maker(seed)
    zone = maker.zone()
    ip, helo, sender = maker.envelope()
    return {"id": seed, "zone": zone, "world": world_text(zone), "ip": ip, "helo": helo,
            "mail_from": sender}


def agree_spf(ours, theirs):
    return ours["result"] == theirs["result"]


def compare(judge, peers, case, agree):
    ours = judge.judge(case)
    for name, peer in peers.items():
        try:
            theirs = peer.judge(case)
        except Exception as trouble:  # a peer's crash is its own verdict
            theirs = {"result": f"died: {type(trouble).__name__}: {trouble}"}
        if not agree(ours, theirs):
            yield name, ours, theirs


def minimise(judge, peer, case, agree):
    """Drop names, types and terms while the two still disagree."""
    from spf_cases import world_text
    pipe = {"peer": peer}

    def differs(zone):
        small = dict(case, zone=zone, world=world_text(zone))
        return any(True for _ in compare(judge, pipe, small, agree))

    zone = case["zone"]
    changed = True
    while changed:
        changed = False
        for name in list(zone):
            smaller = {n: r for n, r in zone.items() if n != name}
            if differs(smaller):
                zone, changed = smaller, True
        for name in list(zone):
            for kind in list(zone[name]):
                records = {k: v for k, v in zone[name].items() if k != kind}
                smaller = {**zone, name: records}
                if records and differs(smaller):
                    zone, changed = smaller, True
        for name in list(zone):
            texts = zone[name].get("TXT")
            if not isinstance(texts, list) or len(texts) != 1:
                continue
            words = texts[0].split(" ")
            for i in range(1, len(words)):
                fewer = " ".join(words[:i] + words[i + 1:])
                smaller = {**zone, name: {**zone[name], "TXT": [fewer]}}
                if differs(smaller):
                    zone, changed = smaller, True
                    break
    return dict(case, zone=zone, world=world_text(zone))


def show(case, name, ours, theirs):
    print(f"--- seed {case['id']}: {name} says {theirs['result']}, we say {ours['result']}"
          f" ({ours.get('reason', '')})")
    if "zone" in case:
        print(f"    client {case['ip']} helo {case['helo']} mail from <{case['mail_from']}>")
        print("    " + case["world"].strip().replace("\n", "\n    "))


def run_spf(judge, count, seed):
    peers = spf_peers()
    known, unknown, done, start = {}, 0, 0, time.time()
    for number in range(seed, seed + count):
        case = spf_case(number)
        for name, ours, theirs in compare(judge, peers, case, agree_spf):
            small = minimise(judge, peers[name], case, agree_spf)
            [(_, ours, theirs)] = compare(judge, {name: peers[name]}, small, agree_spf)
            why = is_known(name, small, ours, theirs)
            if why:
                known[why] = known.get(why, 0) + 1
                continue
            unknown += 1
            if unknown <= 40:
                show(small, name, ours, theirs)
        done += len(peers)
    for why, times in sorted(known.items()):
        print(f"known: {times} times: {why}")
    print(f"diff: {done} SPF comparisons, seed {seed}, {unknown} not explained, "
          f"{time.time() - start:.0f} s")
    return unknown


def main():
    if len(sys.argv) < 5 or sys.argv[3] not in ("spf", "dkim", "arc"):
        sys.exit(__doc__)
    judge = Pipe([sys.argv[1]])
    count = int(sys.argv[4])
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    if sys.argv[3] == "spf":
        unknown = run_spf(judge, count, seed)
    elif sys.argv[3] == "dkim":
        import dkim_diff
        unknown = dkim_diff.run(judge, count, seed)
    else:
        import arc_diff
        unknown = arc_diff.run(judge, count, seed)
    sys.exit(1 if unknown else 0)


if __name__ == "__main__":
    main()
