"""SPF: generated zones and envelopes, judged by pyspf and Mail::SPF.

Results are compared, and with pyspf the explanation, too.
"""
from spf_cases import Maker, world_text

IS_KNOWN_BY_THE_SMALLEST = True  # a world holds much that has nothing to do with a difference
NOW = 1700000000                 # as in judge.c, for %{t}


def strings_of(value, size):
    return [value[i:i + size] for i in range(0, len(value), size)] or [""]


class Pyspf:
    """pyspf in this process, its DNS replaced by the zone of the case."""

    def __init__(self):
        import spf
        self.spf = spf
        self.zone = {}
        self.size = 255
        spf.DNSLookup = self.lookup

    def lookup(self, name, kind, strict=True, timeout=None, *_):
        import ipaddress
        values = self.zone.get(name.lower().rstrip("."), {}).get(kind, [])
        if values == "TIMEOUT":
            raise self.spf.TempError("DNS timeout")
        for value in values:
            if kind == "TXT":
                yield (name, kind), tuple(part.encode("latin-1")
                                          for part in strings_of(value, self.size))
            elif kind == "AAAA":
                yield (name, kind), ipaddress.ip_address(value).packed
            else:
                yield (name, kind), tuple(value) if kind == "MX" else value

    def judge(self, case):
        self.zone = {name.lower(): records for name, records in case["zone"].items()}
        self.size = case["cut"]
        query = self.spf.query(i=case["ip"], s=case["mail_from"], h=case["helo"],
                               receiver="receiver.example", timeout=20)
        query.set_default_explanation("DEFAULT")
        query.t = str(NOW)
        result, _, explanation = query.check()
        return {"result": result, "explanation": explanation if result == "fail" else None}


def prepare():
    pass


def peers():
    from diff import perl_peer
    found = {}
    try:
        found["pyspf"] = Pyspf()
    except ImportError:
        print("diff: pyspf is not installed: left out")
    other = perl_peer("Mail::SPF", "peer_mail_spf.pl")
    return {**found, "Mail::SPF": other} if other else found


def case_of(number, zone, envelope, cut=200):
    ip, helo, sender = envelope
    return {"id": number, "zone": zone, "cut": cut, "world": world_text(zone, cut), "ip": ip,
            "helo": helo, "mail_from": sender}


def made(seed):
    maker = Maker(seed)
    zone = maker.zone()
    return case_of(seed, zone, maker.envelope(), maker.pick(200, 200, 200, 255, 63, 7, 1))


def comparisons(case):
    return 1


def results(ours):
    return [ours["result"]]


def words(theirs):
    return {**theirs, "result": theirs["result"], "reason": theirs.get("reason") or ""}


def disagreements(ours, theirs):
    if ours["result"] != theirs["result"]:
        yield ours, words(theirs)
    elif ours["result"] == "fail" and theirs.get("explanation") is not None:
        mine, other = ours["explanation"] or "DEFAULT", theirs["explanation"]
        if mine != other:
            yield (dict(ours, result=f"fail, {mine!r}"), dict(theirs, result=f"fail, {other!r}",
                                                             reason=""))


def shown(case):
    return (f"    client {case['ip']} helo {case['helo']} mail from <{case['mail_from']}>\n    "
            + case["world"].strip().replace("\n", "\n    "))


def smaller_zones(zone):
    """Zones that lack one name, one type, one record or one term."""
    for name in list(zone):
        yield {n: r for n, r in zone.items() if n != name}
    for name, records in list(zone.items()):
        for kind in list(records):
            if len(records) > 1:
                yield {**zone, name: {k: v for k, v in records.items() if k != kind}}
            values = records[kind]
            for at in range(len(values) if isinstance(values, list) and len(values) > 1 else 0):
                yield {**zone, name: {**records, kind: values[:at] + values[at + 1:]}}
        texts = records.get("TXT")
        for at, text in enumerate(texts if isinstance(texts, list) else []):
            terms = text.split(" ")
            for gone in range(1, len(terms)):
                fewer = " ".join(terms[:gone] + terms[gone + 1:])
                yield {**zone, name: {**records, "TXT": texts[:at] + [fewer] + texts[at + 1:]}}


def minimise(case, differs):
    """Drop names, types, records and terms while the two still disagree."""
    def with_zone(zone):
        return dict(case, zone=zone, world=world_text(zone, case["cut"]))

    zone, changed = case["zone"], True
    while changed:
        changed = False
        for smaller in smaller_zones(zone):
            if differs(with_zone(smaller)):
                zone, changed = smaller, True
                break
    return with_zone(zone)
