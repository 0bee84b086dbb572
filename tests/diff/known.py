"""Disagreements that are explained: who, what, and the sentence of the standard behind us."""

RULES = []


def rule(peer, why):
    def add(function):
        RULES.append((peer, why, function))
        return function
    return add


def is_known(peer, case, ours, theirs):
    """The reason, or None."""
    for who, why, matches in RULES:
        if who == peer and matches(case, ours, theirs):
            return f"{peer}: {why}"
    return None
