"""Whether what this folder says of itself is so: see diff.py.

Each entry of known.py is judged again, by us and by the peer it is about; each case that was
kept is judged again; and a disagreement with a peer that is wrong on purpose must become a
small file.
"""
import base64
import contextlib
import io
import json
import pathlib
import tempfile

import diff

HERE = pathlib.Path(__file__).resolve().parent


def kind_name(case):
    return "spf" if "zone" in case else "arc" if case.get("arc") else "dkim"


def check_known(judge, peers):
    """The inputs of known.py make both sides say what it tells."""
    from known import RULES, is_known
    for entry in RULES:
        case = entry.input()
        name = kind_name(case)
        peer = peers[name].get(entry.peer)
        if peer is None:
            continue
        pairs = diff.disagreements(diff.kind_of(name), judge, peer, case)
        told = [(ours["result"], theirs["result"]) for ours, theirs in pairs]
        if not any(ours == entry.we and theirs.startswith(entry.says) for ours, theirs in told):
            yield f"{entry}: now they say {told}"
        elif not any(is_known(entry.peer, case, *pair) for pair in pairs):
            yield f"{entry}: its own rule does not know its input"
        elif not all(entry.matches(case, *pair) for pair in pairs):
            yield f"{entry}: another rule than this one explains its input"


def check_kept(judge):
    """The cases that once differed have the verdict that the standard wants."""
    for path in sorted((HERE / "cases").glob("*.json")):
        told = json.loads(path.read_text())
        ours = judge.judge(told["case"])
        result = ours["results"] if told["kind"] == "dkim" else ours["result"]
        if not told["standard"] or result != told["expected"]:
            yield f"{path.name}: we say {result}, expected is {told['expected']}"


class Wrong:
    """A peer that says what we say, but for cases that hold a word."""

    def __init__(self, judge, name, word):
        self.judge_by, self.name, self.word = judge, name, word

    def judge(self, case):
        ours = self.judge_by.judge(case)
        text = case["world"] if self.name == "spf" else (
            base64.b64decode(case["message"]).decode("latin-1"))
        if self.word not in text:
            return {**ours, "explanation": None}
        return {"result": "wrong", "results": ["wrong"] * 9, "reason": "", "explanation": None}


# kind, a word that many generated cases hold, and how small the rest may be
PLANTED = [("spf", "exists:", 5), ("dkim", "\xe4", 20), ("arc", "X-One", 40)]


def size_of(name, case):
    """Lines of the world, or of the message."""
    if name == "spf":
        return case["world"].count("\n")
    return base64.b64decode(case["message"]).count(b"\n")


def check_minimised(judge):
    """Something that differs is made small, kept, and differs still when it is read again."""
    for name, word, most in PLANTED:
        kind = diff.kind_of(name)
        kind.prepare()
        with tempfile.TemporaryDirectory() as directory:
            found = pathlib.Path(directory) / "found"
            run = diff.Run(name, judge, {"wrong": Wrong(judge, name, word)}, found)
            number = 1
            with contextlib.redirect_stdout(io.StringIO()):
                while not run.unknown and number < 200:
                    run.compare(kind.made(number))
                    number += 1
            files = list(found.glob("*.json")) if found.exists() else []
            if not files:
                yield f"{name}: no disagreement was found in {number} cases"
                continue
            case = json.loads(files[0].read_text())["case"]
            if not diff.disagreements(kind, judge, Wrong(judge, name, word), case):
                yield f"{name}: what was kept does not differ"
            if size_of(name, case) > most:
                yield f"{name}: {size_of(name, case)} lines were kept, {most} would do"


def run(judge, _):
    peers = {}
    for name in ("spf", "dkim", "arc"):
        diff.kind_of(name).prepare()
        peers[name] = diff.kind_of(name).peers()
    faults = [*check_known(judge, peers), *check_kept(judge), *check_minimised(judge)]
    for fault in faults:
        print(f"self: {fault}")
    print(f"self: {len(faults)} faults")
    return 1 if faults else 0
