#!/usr/bin/python3
"""Judge generated worlds with mailassay and with independent implementations.

usage: diff.py JUDGE TREE spf|dkim|arc COUNT [SEED]
       diff.py JUDGE TREE self

JUDGE is the program tests/diff/judge.c. Prints every disagreement that tests/diff/known.py
does not explain, made small, and keeps it as a file of JSON beside JUDGE, in found/. With the
verdict that the standard wants and the sentence that says so, that file is a test: see
cases/README.md. Ends with status 1 if there is one, or if COUNT is 100 or more and something
that coverage.py asks for was never generated. The seed is printed, so a run can be repeated.
Peers that are not installed are named and left out. "self" tries the cases that were kept, the
inputs of known.py and the way from a disagreement to a file.
"""
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

COVERED_FROM = 100  # cases; fewer need not hold everything
SHOWN_MAX = 40


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


def perl_peer(module, script):
    """The peer, or None with a word about it."""
    if subprocess.run(["perl", f"-M{module}", "-e", "1"], capture_output=True).returncode == 0:
        return Pipe(["perl", str(HERE / script)])
    print(f"diff: {module} is not installed: left out")
    return None


def kind_of(name):
    """The module that makes, judges and minimises cases of one kind."""
    import arc_diff
    import dkim_diff
    import spf_diff
    return {"spf": spf_diff, "dkim": dkim_diff, "arc": arc_diff}[name]


def verdict(peer, case):
    try:
        return peer.judge(case)
    except Exception as trouble:  # a peer's crash is its own verdict
        return {"result": f"died: {type(trouble).__name__}: {trouble}", "results": []}


def disagreements(kind, judge, peer, case):
    """[(our detail, their detail)], each with "result"."""
    return list(kind.disagreements(judge.judge(case), verdict(peer, case)))


def minimised(kind, judge, peer, case, ours, theirs):
    """The smallest case that still shows the disagreement."""
    def differs(smaller):
        return any(mine["result"] == ours["result"] and other["result"] == theirs["result"]
                   for mine, other in disagreements(kind, judge, peer, smaller))
    return kind.minimise(case, differs)


def keep(found, name, case, ours, theirs, peer):
    """Write it down as what may become a test."""
    found.mkdir(exist_ok=True)
    path = found / f"{name}-{case['id']}-{peer.replace(':', '')}.json"
    told = {"kind": name, "expected": None, "standard": None, "peer": peer,
            "ours": ours, "theirs": theirs, "case": case}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=True) + "\n")
    return path


class Run:
    """One kind of cases, and what came of them."""

    def __init__(self, name, judge, peers, found):
        self.name, self.kind = name, kind_of(name)
        self.judge, self.peers, self.found = judge, peers, found
        self.known, self.unknown, self.done, self.results = {}, 0, 0, {}

    def compare(self, case):
        from known import is_known
        for result in self.kind.results(self.judge.judge(case)):
            self.results[result] = self.results.get(result, 0) + 1
        for name, peer in self.peers.items():
            pairs = disagreements(self.kind, self.judge, peer, case)
            self.done += self.kind.comparisons(case)
            for ours, theirs in pairs:
                small = case
                if self.kind.IS_KNOWN_BY_THE_SMALLEST:
                    small = minimised(self.kind, self.judge, peer, case, ours, theirs)
                why = is_known(name, small, ours, theirs)
                if why:
                    self.known[why] = self.known.get(why, 0) + 1
                else:
                    self.tell(name, peer, case, ours, theirs)

    def tell(self, name, peer, case, ours, theirs):
        self.unknown += 1
        if self.unknown > SHOWN_MAX:
            return
        small = minimised(self.kind, self.judge, peer, case, ours, theirs)
        print(f"--- seed {case['id']}: {name} says {theirs['result']} "
              f"({theirs.get('reason', '')}), we say {ours['result']} ({ours['reason']})")
        print(self.kind.shown(small))
        print(f"    kept as {keep(self.found, self.name, small, ours, theirs, name)}")


def run(name, judge, count, seed, found):
    """The number of disagreements that nothing explains and of features that did not appear."""
    from coverage import Coverage
    kind = kind_of(name)
    start = time.perf_counter()
    kind.prepare()
    this = Run(name, judge, kind.peers(), found)
    coverage = Coverage(name)
    for number in range(seed, seed + count):
        case = kind.made(number)
        coverage.see(case)
        this.compare(case)
    for why, times in sorted(this.known.items()):
        print(f"known: {times} times: {why}")
    missing = coverage.report()
    print(f"diff: {this.done} {name.upper()} comparisons ({this.results}), seed {seed}, "
          f"{this.unknown} not explained, {time.perf_counter() - start:.0f} s", flush=True)
    return this.unknown + (len(missing) if count >= COVERED_FROM else 0)


def main():
    if len(sys.argv) < 4 or sys.argv[3] not in ("spf", "dkim", "arc", "self"):
        sys.exit(__doc__)
    judge = Pipe([sys.argv[1]])
    if sys.argv[3] == "self":
        import self_test
        sys.exit(self_test.run(judge, pathlib.Path(sys.argv[1]).parent))
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    found = pathlib.Path(sys.argv[1]).parent / "found"
    sys.exit(1 if run(sys.argv[3], judge, int(sys.argv[4]), seed, found) else 0)


if __name__ == "__main__":
    main()
