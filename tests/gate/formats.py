#!/usr/bin/env python3
"""The changes of the gate, expressed in every format of DNS as code, are judged alike.

usage: formats.py MAILASSAY DATA LIST [FORMAT]

Each change of LIST is written as a zone file and in each format; status and findings must be
those that LIST says, and each finding must stand at the record that it stands at in the zone
file. An open world is a file of what changes, over the old zone.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import changes  # noqa: E402  (the list and how it is compared)

APEX = "shop.example"
Record = collections.namedtuple("Record", "owner type data line")


def records_of(lines):
    """the records of our small zone files; data of TXT is a list of strings"""
    found, owner = [], APEX
    for number, line in enumerate(lines, 1):
        if line.startswith("$") or not line.strip() or line.lstrip().startswith(";"):
            continue
        match = re.match(r"(\S*)\s+(?:\d+\s+)?(?:IN\s+)?([A-Z]+)\s+(.*)$", line)
        if match is None:
            raise ValueError(line)
        if match[1]:
            owner = APEX if match[1] == "@" else match[1]
            if owner.endswith("."):
                owner = owner[:-1]
            elif owner != APEX:
                owner = f"{owner}.{APEX}"
        kind, data = match[2], match[3].strip()
        if kind in ("TXT", "SPF"):
            data = tuple(re.sub(r"\\(.)", r"\1", one) for one in re.findall(r'"((?:[^"\\]|\\.)*)"', data))
        elif kind in ("MX", "CNAME", "NS"):
            parts = data.split()
            host = parts[-1]
            if host != "." and not host.endswith("."):
                host = f"{host}.{APEX}."
            parts[-1] = host
            data = " ".join(parts)
        found.append(Record(owner, kind, data, number))
    return found


def sets_of(records):
    sets = collections.OrderedDict()
    for one in records:
        sets.setdefault((one.owner, one.type), []).append(one.data)
    return sets


def relative(owner, apex="@"):
    return apex if owner == APEX else owner[:-len(APEX) - 1]


def quoted(data):
    return " ".join('"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in data)


def plain(data):
    return "".join(data) if isinstance(data, tuple) else data


class Out:
    """a file being written, with what stands on each line"""

    def __init__(self, path):
        self.path, self.lines, self.at = path, [], {}

    def add(self, text, key=None):
        self.lines.append(text)
        if key is not None:
            self.at[str(self.path), len(self.lines)] = key

    def save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("\n".join(self.lines) + "\n")
        return self.at


def json_list(out, opening, items, closing):
    """items are (object, key): one on each line"""
    out.add(opening)
    for number, (item, key) in enumerate(items):
        out.add(json.dumps(item) + ("," if number + 1 < len(items) else ""), key)
    out.add(closing)
    return out.save()


MAIL = ("A", "AAAA", "MX", "TXT", "CNAME", "NS", "TLSA", "SPF")

# ---- closed worlds: all records of the new zone ----


def octodns(folder, new, name="shop.example.yaml"):
    out = Out(folder / name)
    out.add("---")
    labels = collections.OrderedDict()
    for (owner, kind), values in sets_of(new).items():
        if kind in MAIL:
            labels.setdefault(owner, []).append((kind, values))
    for owner, kinds in labels.items():
        octodns_label(out, owner, kinds)
    return [out.path], out.save()


def octodns_label(out, owner, kinds):
    out.add(f"{json.dumps(relative(owner, ''))}:")
    for kind, values in kinds:
        out.add(f"  - type: {kind}")
        out.add("    values:")
        for value in values:
            if kind == "MX":
                preference, exchange = value.split()
                text = json.dumps({"preference": int(preference), "exchange": exchange})
            elif kind == "TLSA":
                names = "certificate_usage selector matching_type certificate_association_data".split()
                text = json.dumps(dict(zip(names, value.split())))
            else:
                text = "'" + plain(value).replace(";", r"\;").replace("'", "''") + "'"
            out.add(f"      - {text}", (owner, kind))


def octodns_split(folder, new):
    at, labels = {}, collections.OrderedDict()
    for (owner, kind), values in sets_of(new).items():
        if kind in MAIL:
            labels.setdefault(owner, []).append((kind, values))
    for owner, kinds in labels.items():
        name = f"${APEX}.yaml" if owner == APEX else f"{relative(owner)}.yaml"
        out = Out(folder / f"{APEX}." / name)
        out.add("---")
        octodns_label(out, owner, kinds)
        at.update(out.save())
    return [folder / f"{APEX}."], at


def ir_record(one):
    record = {"type": one.type, "name": relative(one.owner), "ttl": 3600, "target": plain(one.data)}
    if one.type == "MX":
        preference, record["target"] = one.data.split()
        record["mxpreference"] = int(preference)
    if one.type == "TLSA":
        usage, selector, matching, record["target"] = one.data.split()
        record.update(tlsausage=int(usage), tlsaselector=int(selector), tlsamatchingtype=int(matching))
    return record


def dnscontrol(folder, new):
    out = Out(folder / "ir.json")
    items = [(ir_record(one), (one.owner, one.type)) for one in new if one.type in MAIL]
    return [out.path], json_list(
        out, '{"registrars": [], "dns_providers": [], "domains": [{"name": "shop.example", '
             '"uniquename": "shop.example", "records": [', items, "]}]}")


def dnscontrol_filepos(folder, new):
    """the same, with dnsconfig.js and the positions in it"""
    config, items = Out(folder / "dnsconfig.js"), []
    config.add('D("shop.example", REG, DnsProvider(DNS),')
    for one in new:
        if one.type in MAIL:
            config.add(f"  {one.type}({json.dumps(relative(one.owner))}, {json.dumps(plain(one.data))}),",
                       (one.owner, one.type))
            items.append((dict(ir_record(one), filepos=f"[line:{len(config.lines)}:3]"), None))
    config.add(")")
    out = Out(folder / "ir.json")
    json_list(out, '{"registrars": [], "dns_providers": [], "domains": [{"name": "shop.example", '
                   '"records": [', items, "]}]}")
    return [out.path], config.save()


def route53_set(owner, kind, values):
    def text(value):
        return quoted(value) if isinstance(value, tuple) else value
    return {"Name": owner.replace("*", r"\052") + ".", "Type": kind, "TTL": 3600,
            "ResourceRecords": [{"Value": text(value)} for value in values]}


def route53(folder, new):
    out = Out(folder / "sets.json")
    items = [(route53_set(*key, values), key) for key, values in sets_of(new).items()]
    return [out.path], json_list(out, '{"ResourceRecordSets": [', items, "]}")


def cloudflare(folder, new):
    out, items = Out(folder / "cloudflare.json"), []
    for one in new:
        if one.type in MAIL:
            item = {"id": f"{one.line:032x}", "name": one.owner, "type": one.type, "ttl": 1,
                    "content": quoted(one.data) if isinstance(one.data, tuple) else one.data.rstrip(".")}
            if one.type == "MX":
                preference, exchange = one.data.split()
                item.update(content=exchange.rstrip(".") or ".", priority=int(preference))
            items.append((item, (one.owner, one.type)))
    return [out.path], json_list(out, '{"success": true, "result": [', items,
                                 '], "result_info": {"page": 1, "total_pages": 1}}')


# ---- open worlds: what changes ----


def changed_sets(old, new):
    before, after = sets_of(old), sets_of(new)
    for key in list(before) + [key for key in after if key not in before]:
        if sorted(map(str, before.get(key, []))) != sorted(map(str, after.get(key, []))):
            yield key, before.get(key, []), after.get(key, [])


def route53_batch(folder, old, new):
    out = Out(folder / "batch.json")
    items = [({"Action": "UPSERT" if after else "DELETE",
               "ResourceRecordSet": route53_set(*key, after or before)}, key)
             for key, before, after in changed_sets(old, new)]
    return [out.path], json_list(out, '{"ChangeBatch": {"Changes": [', items, "]}}")


def dnscontrol_open(folder, old, new):
    """NO_PURGE: all records, and those that go"""
    out = Out(folder / "ir.json")
    items = [(ir_record(one), (one.owner, one.type)) for one in new if one.type in MAIL]
    kept = {(one.owner, one.type, one.data) for one in new}
    gone = [(ir_record(one), (one.owner, one.type)) for one in old
            if one.type in MAIL and (one.owner, one.type, one.data) not in kept]
    out.add('{"registrars": [], "domains": [{"name": "shop.example", "keepunknown": true, "records": [')
    for number, (item, key) in enumerate(items):
        out.add(json.dumps(item) + ("," if number + 1 < len(items) else ""), key)
    out.add('], "recordsabsent": [')
    for number, (item, key) in enumerate(gone):
        out.add(json.dumps(item) + ("," if number + 1 < len(gone) else ""), key)
    out.add("]}]}")
    return [out.path], out.save()


def externaldns(folder, old, new):
    out = Out(folder / "endpoints.yaml")
    for (owner, kind), _, after in changed_sets(old, new):
        if not after:
            return None  # what is not there stays
        out.add("---")
        out.add("apiVersion: externaldns.k8s.io/v1alpha1")
        out.add("kind: DNSEndpoint")
        out.add(f"metadata: {{name: r{len(out.lines)}}}")
        out.add("spec:")
        out.add("  endpoints:")
        out.add(f"    - dnsName: {json.dumps(owner)}")
        out.add(f"      recordType: {kind}")
        out.add("      recordTTL: 3600")
        out.add("      targets:")
        for value in after:
            out.add(f"        - {json.dumps(quoted(value) if isinstance(value, tuple) else value)}",
                    (owner, kind))
    return [out.path], out.save()


def terraform(folder, resources):
    """resources: (type, before, after, key); a plan and the configuration beside it"""
    config, items = Out(folder / "dns" / "main.tf"), []
    config.add('provider "x" {}')
    for number, (kind, before, after, key) in enumerate(resources):
        config.add(f'resource "{kind}" "r{number}" {{', key)
        config.add("}")
        actions = ["no-op"] if before == after else ["create"] if before is None else \
            ["delete"] if after is None else ["update"]
        items.append(({"address": f"{kind}.r{number}", "mode": "managed", "type": kind,
                       "name": f"r{number}", "provider_name": "registry.terraform.io/x/x",
                       "change": {"actions": actions, "before": before, "after": after,
                                  "after_unknown": {"id": True}}}, None))
    out = Out(folder / "plan.json")
    json_list(out, '{"format_version": "1.2", "terraform_version": "1.9.8", '
                   '"variables": {"token": {"value": "SECRET"}}, "resource_changes": [', items, "]}")
    return [out.path], config.save()


def by_set(kind_of, values_of):
    def write(folder, old, new):
        resources = []
        for key, before, after in changed_sets(old, new):
            kind = kind_of(key[1])
            if kind is None:
                return None
            resources.append((kind, values_of(key, before) if before else None,
                              values_of(key, after) if after else None, key))
        return terraform(folder, resources)
    return write


def by_record(kind, values_of):
    def write(folder, old, new):
        before = [one for one in old if one.type in MAIL]
        after = [one for one in new if one.type in MAIL]
        kept = {(one.owner, one.type, one.data) for one in before} & \
            {(one.owner, one.type, one.data) for one in after}
        resources = [(kind, values_of(one), None, (one.owner, one.type)) for one in before
                     if (one.owner, one.type, one.data) not in kept]
        resources += [(kind, None, values_of(one), (one.owner, one.type)) for one in after
                      if (one.owner, one.type, one.data) not in kept]
        return terraform(folder, resources)
    return write


def aws(key, values):
    return {"name": key[0], "type": key[1], "ttl": 3600, "set_identifier": None, "alias": [],
            "records": [value if isinstance(value, str) else '""'.join(value) for value in values]}


def google(key, values):
    return {"name": key[0] + ".", "type": key[1], "ttl": 3600, "managed_zone": "shop",
            "rrdatas": [quoted(value) if isinstance(value, tuple) else value for value in values]}


AZURE = {"TXT": "txt", "MX": "mx", "CNAME": "cname", "A": "a", "AAAA": "aaaa"}


def azure(key, values):
    common = {"name": relative(key[0]), "zone_name": APEX, "ttl": 3600}
    if key[1] == "TXT":
        return dict(common, record=[{"value": plain(value)} for value in values])
    if key[1] == "MX":
        return dict(common, record=[dict(zip(("preference", "exchange"), value.split()))
                                    for value in values])
    if key[1] == "CNAME":
        return dict(common, record=values[0])
    return dict(common, records=values)


def with_priority(one, name, common):
    if one.type == "MX":
        preference, exchange = one.data.split()
        return dict(common, **{name: exchange, "priority": int(preference)})
    return dict(common, **{name: plain(one.data)})


def cloudflare_tf(one):
    return with_priority(one, "content", {"name": one.owner, "type": one.type, "ttl": 1})


def digitalocean(one):
    return with_priority(one, "value", {"domain": APEX, "name": relative(one.owner),
                                        "type": one.type, "ttl": 3600})


def hetzner(one):
    return {"zone_id": "z1", "name": relative(one.owner), "type": one.type, "ttl": 3600,
            "value": quoted(one.data) if isinstance(one.data, tuple) else one.data,
            "fqdn": one.owner}


CLOSED = {"octodns": octodns, "octodns-split": octodns_split, "dnscontrol": dnscontrol,
          "dnscontrol-filepos": dnscontrol_filepos, "route53": route53, "cloudflare": cloudflare}
WITH_STRINGS = ("route53", "route53-batch", "cloudflare", "external-dns", "aws", "google", "hetzner")
OPEN = {"route53-batch": route53_batch, "dnscontrol-open": dnscontrol_open,
        "external-dns": externaldns,
        "aws": by_set(lambda kind: "aws_route53_record", aws),
        "google": by_set(lambda kind: "google_dns_record_set", google),
        "azure": by_set(lambda kind: AZURE.get(kind) and f"azurerm_dns_{AZURE[kind]}_record", azure),
        "cloudflare-5": by_record("cloudflare_dns_record", cloudflare_tf),
        "digitalocean": by_record("digitalocean_record", digitalocean),
        "hetzner": by_record("hetznerdns_record", hetzner)}


def places(report, at, old):
    """(list, id, record that it stands at); `old` are the records of the old zone by line"""
    found = []
    for subject in report["subjects"]:
        for kind in "losses", "new":
            for one in subject[kind]:
                if one["severity"] not in ("error", "warning"):
                    continue
                where = one["where"]
                place = where["file"], where["line"]
                if where["file"] is not None and pathlib.Path(where["file"]).name == "old.zone":
                    place = old[where["line"]]
                elif place in at:
                    place = at[place]
                elif where["file"] is not None and where["file"].endswith("beside.zone"):
                    place = "beside", where["line"]
                found.append((kind, one["id"], place if where["file"] else None))
    return sorted(found, key=str)


def judge(program, data, worlds, beside, work):
    command = [program, "gate", "--old", data / "old.zone", *worlds]
    for one in beside:
        command += ["--beside", one]
    return subprocess.run([*map(str, command), "--now", "2026-11-24T00:00:00Z", "--format", "json"],
                          capture_output=True, text=True, check=False, cwd=work)


def main():
    program, data, table = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    only = sys.argv[4:]
    program = str(pathlib.Path(program).resolve())
    data = data.resolve()
    old_lines = (data / "old.zone").read_text().split("\n")
    old = records_of(old_lines)
    judged, faults = collections.Counter(), 0
    old_at = collections.defaultdict(lambda: "old")
    old_at.update({one.line: (one.owner, one.type) for one in old})
    # an open world leaves a record that is not its own where it is: in the old zone
    old_only = {line: ("old", line) for line in range(len(old_lines) + 1)}
    for name, removed, added, expected in changes.blocks(table.read_text()):
        lines = changes.changed(old_lines, removed, added)
        try:
            new = records_of(lines)
        except ValueError:
            continue  # not of our simple form
        if any(one.type not in MAIL + ("SOA",) for one in new):
            continue
        has_strings = any(isinstance(one.data, tuple) and len(one.data) > 1 for one in new)
        wanted = changes.wanted(expected)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            zone = folder / "zone" / "new.zone"
            zone.parent.mkdir()
            zone.write_text("\n".join(lines))
            zone_at = {(str(zone), one.line): (one.owner, one.type) for one in new}
            # SOA and NS records are the service's: they are asked for below
            beside = [f"zone:{data}/old.zone", f"zone:{data}/beside.zone@."]
            by_zone = json.loads(judge(program, data, [zone], beside, folder).stdout)
            for form, write in {**CLOSED, **OPEN}.items():
                if (only and form not in only) or (has_strings and form not in WITH_STRINGS):
                    continue
                made = write(folder / form, new) if form in CLOSED else \
                    write(folder / form, old, new)
                if made is None:
                    continue
                worlds, at = made
                by_form = judge(program, data, worlds, beside, folder)
                judged[form] += 1
                if by_form.returncode not in (0, 1, 3):
                    print(f"FAULT: {form}: {name}: {by_form.stderr}")
                    faults += 1
                    continue
                report = json.loads(by_form.stdout)
                got = by_form.returncode, changes.found(report)
                old_of = old_at if form in OPEN else old_only
                right, mine = places(by_zone, zone_at, old_of), places(report, at, old_of)
                if form in OPEN:  # what the old zone beside makes of a file of its own
                    got[1].pop((APEX, "no place"), None)
                    right = [one for one in right if one[2] is not None]
                    mine = [one for one in mine if one[2] is not None]
                if got != wanted:
                    print(f"FAULT: {form}: {name}: {got} instead of {wanted}")
                    faults += 1
                elif right != mine:
                    print(f"FAULT: {form}: {name}: places {mine} instead of {right}")
                    faults += 1
    for form, count in judged.items():
        print(f"{form}: {count} changes")
    few = [form for form, count in judged.items() if count < 25 and form not in ("external-dns", "azure")]
    if few and not only:
        print(f"FAULT: too few changes in {few}")
    return 1 if faults or (few and not only) else 0


if __name__ == "__main__":
    sys.exit(main())
