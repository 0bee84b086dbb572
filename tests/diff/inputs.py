"""Small inputs in words: what known.py shows for a disagreement, as cases to be judged.

Each function returns one that makes the case; keys are made when it is needed.
"""
from signer import KEYS, case_of, message_of, sign

GONE = object()
FIELDS = [b"From: a@example.com", b"Subject: word"]
BODY = b"text\r\n"
TAGS = {"v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": "example.com", "s": "s0",
        "h": "From:Subject", "bh": None}


def spf(record, zone=None, ip="192.0.2.1", sender="user@example.com"):
    """example.com has the record; `zone` is what else there is."""
    import spf_diff
    world = {"example.com": {"TXT": [record]}}
    for name, records in (zone or {}).items():
        world.setdefault(name, {}).update(records)
    return lambda: spf_diff.case_of(0, world, (ip, "mail.example.com", sender))


def dkim(key="rsa2048", record="v=DKIM1; {k}p={p}", fields=FIELDS, body=BODY, sent=None,
         add=(), length=None, **tags):
    """A message signed with these tags instead of the usual ones; GONE takes one away. `add`
    are fields that come on top later, `sent` is a body that arrives instead."""
    def make():
        told = {**TAGS, **({"a": "ed25519-sha256"} if key == "ed25519" else {}), **tags}
        told["bh"] = told.pop("bh")  # last
        listed = [(tag, value) for tag, value in told.items() if value is not GONE]
        text = record.format(k="k=ed25519; " if key == "ed25519" else "", p=KEYS[key][1])
        field = sign(fields, body, listed, key, length=length)
        arrived = body if sent is None else sent
        return case_of(0, message_of([*add, field, *fields], arrived),
                       {"s0._domainkey.example.com": text}, sizes=[key], changed=["nothing"])
    return make


def arc(instances, change, body=BODY):
    """A sound chain of so many sets, of whose fields `change` makes others."""
    def make():
        import arc_diff
        maker = arc_diff.Maker(0)
        message, keys = message_of(FIELDS, body), {}
        for instance in range(1, instances + 1):
            message = maker.seal(message, instance, keys)
        fields, rest = arc_diff.split(message)
        return case_of(0, message_of(change(fields), rest), keys, arc=True,
                       story=[change.__name__.replace("_", " ")])
    return make
