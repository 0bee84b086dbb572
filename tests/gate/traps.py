#!/usr/bin/env python3
"""DNS as code as its tools write it: each trap of a format, and what the gate says of it.

usage: traps.py MAILASSAY DATA     DATA is testdata/gate

A case is a file, the status, and the ids of the errors that count, each once ("?" before what is
undetermined).
Written from the documentation of the tools: Terraform 1.9 with the providers aws 5, cloudflare 4
and 5, google 6, azurerm 4 and others, dnscontrol 4.14, octoDNS 1.10, AWS CLI 2, the Cloudflare
API 4, external-dns 0.15.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

PROGRAM, DATA = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
SPF = ("v=spf1 include:spf.protection.outlook.com include:servers.mcsv.net "
       "ip4:198.51.100.0/24 a:app.shop.example ~all")
OTHERS = ["google-site-verification=Zx81", "MS=ms12345678"]
DMARC = ("v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example,mailto:shop@reports.example; "
         "adkim=r")
KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
DIGEST = "0d6fce3a1a8f5b2e" * 4
CASES = []


def case(name, content, status, *ids):
    CASES.append((name, content, status, sorted(set(ids))))


# ---- Terraform and OpenTofu ----


def plan(*resources, **more):
    return {"format_version": "1.2", "terraform_version": "1.9.8",
            "resource_changes": list(resources), **more}


def resource(kind, before, after, actions=None, unknown=None, **more):
    if actions is None:
        actions = (["no-op"] if before == after else ["create"] if before is None else
                   ["delete"] if after is None else ["update"])
    return {"address": f"{kind}.x", "mode": "managed", "type": kind, "name": "x",
            "provider_name": "registry.terraform.io/x/x",
            "change": {"actions": actions, "before": before, "after": after,
                       "after_unknown": unknown or {"id": True}, "after_sensitive": {}}, **more}


def aws(name, kind, records, **more):
    return {"name": name, "type": kind, "ttl": 300, "records": records, "zone_id": "Z1",
            "set_identifier": None, "alias": [], **more}


def aws_set(name, kind, records, **more):
    return resource("aws_route53_record", aws(name, kind, []), aws(name, kind, records, **more))


def cloudflare(kind, content, name="shop.example", **more):
    return {"zone_id": "z", "name": name, "type": kind, "content": content, "ttl": 1, **more}


WEAK = "_dmarc.shop.example", "TXT", ["v=DMARC1; p=none"]
WEAKER = "dmarc_weakened", "dmarc_reports_lost"

# what the state forgets stays where it is, and so does what is only read
case("forget", plan(resource("aws_route53_record", aws(*WEAK), None, ["forget"]),
                    aws_set("_dmarc.shop.example", "TXT", [DMARC])), 0)
case("data source", plan({**resource("aws_route53_record", None, aws(*WEAK), ["read"]),
                          "mode": "data"}, aws_set("_dmarc.shop.example", "TXT", [DMARC])), 0)
# of an object that is replaced the older one is "deposed"
case("deposed", plan(resource("aws_route53_record", aws(*WEAK), None, deposed="0a1b2c3d"),
                     resource("aws_route53_record", None, aws("_dmarc.shop.example", "TXT",
                                                              [DMARC]))), 0)
# for_each and count: one resource, many objects
case("for_each", plan(*[{**aws_set(*one), "index": one[0], "module_address": 'module.m["a"]'}
                        for one in [WEAK, ("shop.example", "TXT", [SPF, *OTHERS])]]), 1, *WEAKER)
HOSTS = ("mx1", 10), ("mx2", 20)
case("count, one of two goes", plan(*[
    resource("cloudflare_record", cloudflare("MX", f"{host}.shop.example", priority=priority),
             cloudflare("MX", "mx1.shop.example", priority=10) if host == "mx1" else None)
    for host, priority in HOSTS]), 0)
case("count, both go", plan(*[
    resource("cloudflare_record", cloudflare("MX", f"{host}.shop.example", priority=priority), None)
    for host, priority in HOSTS]), 1, "mx_lost")
case("renamed", plan(resource("aws_route53_record", aws("s1._domainkey.shop.example", "TXT", [KEY]),
                              aws("s9._domainkey.shop.example", "TXT", [KEY]),
                              ["create", "delete"])), 1, "dkim_key_lost")
# what a plan without DNS, or with DNS that is not about mail, says: nothing to report
case("nothing of DNS", plan(resource("aws_instance", None, {"ami": "x"})), 0)
case("no change at all", {"format_version": "1.2", "planned_values": {"root_module": {}}}, 0)
case("types without mail", plan(
    resource("azurerm_dns_caa_record", {"name": "@", "zone_name": "shop.example", "record": []}, None),
    resource("cloudflare_dns_record", cloudflare("SRV", None, data={"target": "x"}), None)), 0)
# names that apply makes: what comes is said, what goes is undetermined
VALIDATION = {"name": True, "type": True, "records": True, "fqdn": True}
case("the validation of a certificate", plan(resource(
    "aws_route53_record", None, {"zone_id": "Z1", "ttl": 60}, unknown=VALIDATION),
    aws_set("_dmarc.shop.example", "TXT", [DMARC])), 0)
case("a key gets another name", plan(resource(
    "aws_route53_record", aws("k1._domainkey.shop.example", "CNAME", ["dkim.mcsv.net"]),
    {"zone_id": "Z1", "ttl": 60, "type": "CNAME"}, ["delete", "create"], {"name": True, "records": True})),
     3, "?dkim_key_replaced")
# the zone of a relative name, which another record of it shows; an underscore begins no domain
RELATIVE = aws("s1._domainkey", "TXT", ["v=DKIM1; p="])
SIBLING = aws("www", "A", ["192.0.2.80"], fqdn="www.shop.example")
case("relative name, no zone", plan(resource("aws_route53_record", None, RELATIVE)), 4)
case("relative name, zone of another", plan(
    resource("aws_route53_record", None, RELATIVE),
    resource("aws_route53_record", SIBLING, SIBLING)), 1, "dkim_key_lost")
# answers that a service chooses or makes
HOST = "app.shop.example", "A", ["192.0.2.90"]
case("one of several answers goes alone", plan(resource(
    "aws_route53_record", aws(*HOST, set_identifier="eu"), None)), 3, "?spf_addresses_lost")
case("one of two answers goes", plan(
    resource("aws_route53_record", aws(*HOST, set_identifier="eu"), None),
    resource("aws_route53_record", aws(*HOST, set_identifier="us"), aws(*HOST, set_identifier="us"))), 0)
case("a routing policy of Google", plan(resource(
    "google_dns_record_set", {"name": "app.shop.example.", "type": "A", "rrdatas": ["192.0.2.90"]},
    {"name": "app.shop.example.", "type": "A", "rrdatas": None, "routing_policy": [{"wrr": []}]})),
     3, "?spf_addresses_lost")
case("an alias of Azure", plan(resource(
    "azurerm_dns_a_record", {"name": "app", "zone_name": "shop.example", "records": ["192.0.2.90"]},
    {"name": "app", "zone_name": "shop.example", "records": [], "target_resource_id": "/x"})),
     3, "?spf_addresses_lost")
ALIAS = aws("app.shop.example", "A", None, alias=[{"name": "lb.example.net"}])
case("an alias that stays", plan(resource("aws_route53_record", ALIAS, ALIAS)), 0)
# a private zone is not what the Internet sees
PRIVATE = {"prior_state": {"values": {"root_module": {"resources": [
    {"type": "aws_route53_zone", "values": {"zone_id": "Z1", "name": "shop.example", "vpc": [{"vpc_id": "v"}]}},
    {"type": "google_dns_managed_zone", "values": {"name": "inside", "dns_name": "shop.example.",
                                                   "visibility": "private"}}]}}}}
case("a private zone of Route 53", plan(resource("aws_route53_record", aws(*WEAK), None), **PRIVATE), 0)
case("a private zone of Google", plan(resource(
    "google_dns_record_set", {"name": "_dmarc.shop.example.", "type": "TXT", "rrdatas": ["x"],
                              "managed_zone": "inside"}, None), **PRIVATE), 0)
# a zone that goes, alone and to another service
case("the zone goes", plan(resource("aws_route53_zone", {"zone_id": "Z1", "name": "shop.example"}, None)), 4)
case("the zone of a subdomain goes", plan(resource(
    "aws_route53_zone", {"zone_id": "Z2", "name": "news.shop.example"}, None)), 1, "mx_lost", "spf_record_lost",
     "spf_missing")
case("moved to another service", plan(
    resource("aws_route53_record", aws("_dmarc.shop.example", "TXT", [DMARC]), None),
    resource("cloudflare_dns_record", None, cloudflare("TXT", DMARC, "_dmarc.shop.example"))), 0)
# records of services that are not in the table: undetermined where the name can be made out
case("infoblox", plan(resource("infoblox_txt_record", {"fqdn": "_dmarc.shop.example", "text": DMARC},
                               {"fqdn": "_dmarc.shop.example", "text": "x"})), 3, "?dmarc_record_lost", "?dmarc_missing",
     "?bimi_policy")
case("vultr", plan(resource("vultr_dns_record", {"domain": "shop.example", "name": "_dmarc", "type": "TXT",
                                                 "data": DMARC}, None)), 3, "?dmarc_record_lost", "?dmarc_missing",
     "?bimi_policy")
case("linode", plan(resource("linode_domain_record", {"domain_id": "7", "name": "app", "record_type": "A"}, None),
                    prior_state={"values": {"root_module": {"resources": [
                        {"type": "linode_domain", "values": {"id": "7", "domain": "shop.example"}}]}}}),
     3, "?spf_addresses_lost")
case("hostname of Cloudflare", plan(resource(
    "cloudflare_record", cloudflare("TXT", DMARC, "_dmarc", hostname="_dmarc.shop.example"),
    cloudflare("TXT", "v=DMARC1; p=none", "_dmarc", hostname="_dmarc.shop.example"))), 1, *WEAKER)
# known after apply: in a list, in a block, as a whole
case("part of a list is unknown",
     plan(resource("aws_route53_record", aws("_dmarc.shop.example", "TXT", [DMARC]),
                   aws("_dmarc.shop.example", "TXT", [None]), unknown={"records": [True]})),
     3, "?dmarc_record_lost", "?dmarc_missing", "?bimi_policy")
case("part of a block is unknown",
     plan(resource("azurerm_dns_txt_record", None,
                   {"name": "_dmarc", "zone_name": "shop.example", "ttl": 300, "record": [{}]},
                   unknown={"record": [{"value": True}]})),
     3, "?dmarc_record_lost", "?dmarc_missing", "?bimi_policy")
# the zone of a relative name: known, referred to in a module, or given to the module
RELATIVE = resource("aws_route53_record", None, aws("_dmarc", "TXT", ["v=DMARC1; p=none"], zone_id=None),
                    unknown={"zone_id": True})
ZONE = {**resource("aws_route53_zone", None, {"name": "shop.example"}, unknown={"zone_id": True}),
        "address": "aws_route53_zone.z[0]", "name": "z"}
HERE = {"type": "aws_route53_record", "name": "x",
        "expressions": {"zone_id": {"references": ["aws_route53_zone.z[0].zone_id", "aws_route53_zone.z"]}}}
GIVEN = {"type": "aws_route53_record", "name": "x",
         "expressions": {"zone_id": {"references": ["var.zone"]}}}
case("zone in a module", plan(RELATIVE, {**ZONE, "address": "module.m.aws_route53_zone.z[0]"},
                              configuration={"root_module": {"module_calls": {"m": {"module": {
                                  "resources": [HERE]}}}}}), 1, *WEAKER)
case("zone given to a module", plan(RELATIVE, ZONE, configuration={"root_module": {"module_calls": {
    "other": {"module": {"resources": []}, "expressions": {}},
    "m": {"module": {"resources": [GIVEN]},
          "expressions": {"zone": {"references": ["aws_route53_zone.z.zone_id", "aws_route53_zone.z"]}}}}}}),
     1, *WEAKER)
# Route 53 puts quotes around a text: what is in it ends strings
for number, text in enumerate([SPF, SPF.replace(" ip4", '"" ip4'), SPF.replace(" ip4", '" " ip4'),
                               SPF.replace("app", r"\141pp"), SPF.replace("include:", 'in""clude:')]):
    case(f"text of Route 53 {number}", plan(aws_set("shop.example", "TXT", [text, *OTHERS])), 0)
case("blank lost between strings", plan(aws_set("shop.example", "TXT", [SPF.replace(" ip4", '""ip4'), *OTHERS])),
     1, "spf_addresses_lost", "spf_split_blank", "spf_syntax", "spf_include_syntax", "spf_include_missing")
case("quotes of one's own", plan(aws_set("shop.example", "TXT", [f'"{SPF}"', *OTHERS])),
     1, "spf_record_lost", "spf_missing", "spf_quoted", "spf_split_blank", "spf_addresses_lost", "spf_include_missing")
# several answers: each is judged
case("weighted", plan(*[resource("aws_route53_record", None, aws("app.shop.example", "A", [address], set_identifier=one))
                        for one, address in [("blue", "192.0.2.90"), ("green", "192.0.2.91")]]),
     1, "spf_addresses_lost")
case("by country, all alike",
     plan(*[resource("aws_route53_record", None, aws("_dmarc.shop.example", "TXT", [DMARC], set_identifier=one))
            for one in ("eu", "us", "default")]), 0)
case("by country, one mail host without an address",
     plan(*[resource("aws_route53_record", None, aws("shop.example", "MX", ["10 mx1.shop.example", second],
                                                     set_identifier=one))
            for one, second in [("eu", "20 mx2.shop.example"), ("default", "20 mx3.shop.example")]]),
     1, "mx_unresolvable", "?mta_sts_mismatch")
# Cloudflare: fields instead of text, and names that it answers for itself
FIELDS = {"usage": 3, "selector": 1, "matching_type": 1, "certificate": DIGEST}
TLSA = "_25._tcp.mx1.shop.example"
case("fields of version 5", plan(resource("cloudflare_dns_record", cloudflare("TLSA", f"3 1 1 {DIGEST}", TLSA),
                                          cloudflare("TLSA", None, TLSA, data=FIELDS))), 0)
case("fields of version 4", plan(resource("cloudflare_record", cloudflare("TLSA", f"3 1 1 {DIGEST}", TLSA),
                                          cloudflare("TLSA", None, TLSA, data=[FIELDS]),
                                          unknown={"value": True})), 0)
case("another digest", plan(resource("cloudflare_dns_record", cloudflare("TLSA", f"3 1 1 {DIGEST}", TLSA),
                                     cloudflare("TLSA", None, TLSA, data={**FIELDS, "certificate": DIGEST[::-1]}))),
     1, "tlsa_mismatch")
APP = cloudflare("A", "192.0.2.90", "app.shop.example", proxied=False)
case("becomes proxied", plan(resource("cloudflare_record", APP, {**APP, "proxied": True})),
     3, "?spf_addresses_lost")
case("proxied as before", plan(resource("cloudflare_record", {**APP, "proxied": True}, {**APP, "proxied": True}),
                               aws_set("_dmarc.shop.example", "TXT", [DMARC])), 0)
# a row for each provider
ROWS = {
    "akamai_dns_record": {"zone": "shop.example", "name": "_dmarc.shop.example", "recordtype": "TXT", "target": ["@"]},
    "alicloud_alidns_record": {"domain_name": "shop.example", "rr": "_dmarc", "type": "TXT", "value": "@"},
    "azurerm_dns_txt_record": {"zone_name": "shop.example", "name": "_dmarc", "record": [{"value": "@"}]},
    "cloudflare_dns_record": {"zone_id": "z", "name": "_dmarc.shop.example", "type": "TXT", "content": "@"},
    "cloudflare_record": {"zone_id": "z", "name": "_dmarc.shop.example", "type": "TXT", "value": "@"},
    "desec_rrset": {"domain": "shop.example", "subname": "_dmarc", "type": "TXT", "records": ['"@"']},
    "digitalocean_record": {"domain": "shop.example", "name": "_dmarc", "type": "TXT", "value": "@"},
    "dns_txt_record_set": {"zone": "shop.example.", "name": "_dmarc", "txt": ["@"]},
    "dnsimple_zone_record": {"zone_name": "shop.example", "name": "_dmarc", "type": "TXT", "value": "@"},
    "gandi_livedns_record": {"zone": "shop.example", "name": "_dmarc", "type": "TXT", "values": ['"@"']},
    "google_dns_record_set": {"managed_zone": "m", "name": "_dmarc.shop.example.", "type": "TXT", "rrdatas": ['"@"']},
    "hcloud_zone_rrset": {"zone": "shop.example", "name": "_dmarc", "type": "TXT", "records": [{"value": '"@"'}]},
    "hetznerdns_record": {"zone_id": "z", "name": "_dmarc", "type": "TXT", "value": '"@"', "fqdn": "_dmarc.shop.example"},
    "ns1_record": {"zone": "shop.example", "domain": "_dmarc.shop.example", "type": "TXT", "answers": [{"answer": "@"}]},
    "oci_dns_rrset": {"zone_name_or_id": "shop.example", "domain": "_dmarc.shop.example", "rtype": "TXT",
                      "items": [{"rdata": "@", "domain": "_dmarc.shop.example", "rtype": "TXT", "ttl": 300}]},
    "ovh_domain_zone_record": {"zone": "shop.example", "subdomain": "_dmarc", "fieldtype": "TXT", "target": "@"},
    "porkbun_dns_record": {"domain": "shop.example", "name": "_dmarc", "type": "TXT", "content": "@", "prio": "0"},
    "powerdns_record": {"zone": "shop.example.", "name": "_dmarc.shop.example.", "type": "TXT", "records": ['"@"']},
    "scaleway_domain_record": {"dns_zone": "shop.example", "name": "_dmarc", "type": "TXT", "data": "@"},
    "transip_dns_record": {"domain": "shop.example", "name": "_dmarc", "type": "TXT", "content": ["@"]},
    "ultradns_record": {"zone_name": "shop.example.", "owner_name": "_dmarc", "record_type": "TXT", "record_data": ["@"]},
    "vercel_dns_record": {"domain": "shop.example", "name": "_dmarc", "type": "TXT", "value": "@"},
}


def filled(values, text):
    return json.loads(json.dumps(values).replace("@", text))


for kind, values in ROWS.items():
    now, then = filled(values, DMARC), filled(values, "v=DMARC1; p=none")
    case(kind, plan(resource(kind, now, then)), 1, *WEAKER)
    case(f"{kind} goes", plan(resource(kind, now, None)), 1, "dmarc_record_lost", "dmarc_missing")

# ---- Route 53 ----


def batch(*changes):
    return {"Changes": [{"Action": action, "ResourceRecordSet": {
        "Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": one} for one in values], **more}}
        for action, name, kind, values, more in changes]}


D = "_dmarc.shop.example."
case("delete and create", batch(("DELETE", D, "TXT", [f'"{DMARC}"'], {}), ("CREATE", D, "TXT", [f'"{DMARC}"'], {})), 0)
case("a backslash, quotes, octal",
     batch(("UPSERT", "\\137dmarc.shop.example.", "TXT", ['"' + DMARC.replace(";", "\\073") + '"'], {}),
           ("UPSERT", "shop.example.", "TXT", ['"v=spf1 include:spf.protection.outlook.com ""include:servers.mcsv.net"\t'
                                               '" ip4:198.51.100.0/24 a:app.shop.example ~all"',
                                               '"google-site-verification=Zx81"', '"MS=ms12345678"',
                                               '"say \\"hi\\" \\\\ \\052"'], {})), 0)
case("a quote is left open", batch(("UPSERT", D, "TXT", [f'"{DMARC}'], {})), 4)
case("one of several answers goes", batch(("DELETE", D, "TXT", [f'"{DMARC}"'], {"SetIdentifier": "eu", "Weight": 1})),
     3, "?dmarc_record_lost", "?dmarc_missing", "?bimi_policy")
case("becomes an alias", {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {
    "Name": "app.shop.example.", "Type": "A", "AliasTarget": {"DNSName": "lb.example.net."}}}]}, 3, "?spf_addresses_lost")
case("one of two known answers goes",
     batch(("DELETE", D, "TXT", [f'"{DMARC}"'], {"SetIdentifier": "eu", "Weight": 1}),
           ("UPSERT", D, "TXT", [f'"{DMARC}"'], {"SetIdentifier": "us", "Weight": 1})), 0)

# ---- Cloudflare ----
PAGES = [{"success": True, "errors": [], "result": [{"name": "shop.example", "type": kind, "content": text,
                                                     "zone_name": "shop.example", "priority": 10}],
          "result_info": {"page": number, "total_pages": 2}}
         for number, kind, text in [(1, "MX", "mx1.shop.example"), (2, "TXT", SPF)]]
case("two pages of two, one of them missing", PAGES[:1], 4)
case("pages in the wrong order", PAGES[::-1], 4)
case("an error of the API", {"success": False, "errors": [{"code": 10000}], "result": None}, 4)
case("an empty zone", {"success": True, "errors": [], "result": []}, 4)
case("one page after the other", json.dumps(PAGES[0]) + "\n" + json.dumps(PAGES[1]), 4)

# ---- external-dns ----
ENDPOINT = {"apiVersion": "externaldns.k8s.io/v1alpha1", "kind": "DNSEndpoint", "metadata": {"name": "m"},
            "spec": {"endpoints": [{"dnsName": "_dmarc.shop.example", "recordType": "TXT",
                                    "targets": ["v=DMARC1; p=none"]}]}}
SERVICE = {"kind": "Service", "metadata": {"annotations": {
    "external-dns.alpha.kubernetes.io/hostname": "mx1.shop.example., web.shop.example"}}}
TARGET = json.loads(json.dumps(SERVICE))
TARGET["metadata"]["annotations"]["external-dns.alpha.kubernetes.io/target"] = "192.0.2.25,2001:db8::25"
case("a list", {"kind": "List", "items": [{"kind": "Pod"}, ENDPOINT]}, 1, *WEAKER)
case("a list in YAML", "kind: List\nitems:\n- " + json.dumps(ENDPOINT), 1, *WEAKER)
case("a service whose address is not known", "---\n" + json.dumps(SERVICE), 3, "?mx_unresolvable")
case("a service with a target", {"kind": "List", "items": [TARGET]}, 0)


# ---- octoDNS and dnscontrol: all of the zone, as their own ways of writing have it ----
ZONE_FILE = {
    "": [{"type": "A", "value": "192.0.2.80"},
         {"type": "CAA", "values": [{"flags": 0, "tag": "issue", "value": "ca.example.net"}]},
         {"type": "MX", "octodns": {"lenient": True}, "values": [
             {"exchange": "mx1.shop.example.", "preference": 10}, {"value": "mx2.shop.example.", "priority": 20}]},
         {"type": "TXT", "values": [*OTHERS, SPF]}],
    "mx1": {"type": "A", "value": "192.0.2.25"},
    "mx2": {"type": "A", "values": ["198.51.100.25"], "geo": {"AF": ["192.0.2.2"]}},
    "app": {"type": "A", "ttl": 60, "value": "192.0.2.90", "dynamic": {
        "pools": {"one": {"values": [{"value": "192.0.2.90"}]}}, "rules": [{"pool": "one"}]}},
    "_dmarc": {"type": "TXT", "value": DMARC.replace(";", "\\;")},
    "s1._domainkey": {"type": "TXT", "value": KEY.replace(";", "\\;")},
    "selector1._domainkey": {"type": "CNAME", "value": "selector1-shop-example._domainkey.shop.onmicrosoft.com."},
    "k1._domainkey": {"type": "CNAME", "value": "dkim.mcsv.net."},
    "_mta-sts": {"type": "TXT", "value": "v=STSv1\\; id=20261101T1"},
    "mta-sts": {"type": "A", "value": "192.0.2.81"},
    "_smtp._tls": {"type": "TXT", "value": "v=TLSRPTv1\\; rua=mailto:tls@shop.example"},
    "_25._tcp.mx1": {"type": "TLSA", "value": {
        "certificate_usage": 3, "selector": 1, "matching_type": 1, "certificate_association_data": DIGEST}},
    "default._bimi": {"type": "TXT", "value": "v=BIMI1\\; l=https://shop.example/logo.svg"},
    "news": [{"type": "MX", "value": {"preference": 10, "exchange": "mx1.shop.example."}},
             {"type": "TXT", "value": "v=spf1 ip4:203.0.113.200 -all"}],
    "club.example._report._dmarc": {"type": "TXT", "value": "v=DMARC1"},
    "_sip._tcp": {"type": "SRV", "value": {"priority": 1, "weight": 1, "port": 5060, "target": "app.shop.example."}},
    "old": {"type": "URLFWD", "value": {"path": "/", "target": "http://web.example.net", "code": 302}},
}


def octodns(zone):
    return "---\n" + "\n".join(f"{json.dumps(label)}: {json.dumps(records)}" for label, records in zone.items())


def print_ir(zone, *more):
    """the same records as dnscontrol has them"""
    fields = {"MX": lambda one: {"mxpreference": one.get("preference", one.get("priority")),
                                 "target": one.get("exchange", one.get("value"))},
              "TLSA": lambda one: {"tlsausage": 3, "tlsaselector": 1, "tlsamatchingtype": 1, "target": DIGEST}}
    records = list(more)
    for label, held in zone.items():
        for record in held if isinstance(held, list) else [held]:
            for one in record.get("values", [record.get("value")]):
                if record["type"] in fields:
                    records.append({"type": record["type"], "name": label or "@", **fields[record["type"]](one)})
                elif isinstance(one, str):
                    records.append({"type": record["type"], "name": label or "@", "target": one.replace("\\;", ";")})
    return {"registrars": [], "dns_providers": [], "domains": [{"name": "shop.example", "records": records}]}


case("octoDNS with all its keys", octodns(ZONE_FILE), 0)
case("octoDNS without a mail host", octodns({**ZONE_FILE, "mx2": {"type": "CNAME", "value": "no.example."}}),
     1, "mx_unresolvable")
case("octoDNS that includes", octodns(ZONE_FILE) + "\nspf: {type: TXT, value: !include spf.yaml}", 4)
case("octoDNS with two documents", octodns(ZONE_FILE) + octodns(ZONE_FILE), 4)
case("dnscontrol", print_ir(ZONE_FILE), 0)
case("dnscontrol with SOA, DS and types of its own", print_ir(
    ZONE_FILE,
    {"type": "SOA", "name": "@", "target": "ns1.example.net.", "soambox": "hostmaster.shop.example.",
     "soarefresh": 7200, "soaretry": 900, "soaexpire": 1209600, "soaminttl": 300},
    {"type": "NS", "name": "sub", "target": "ns1.example.net."},
    {"type": "DS", "name": "sub", "dskeytag": 1, "dsalgorithm": 13, "dsdigesttype": 2, "target": DIGEST.upper()},
    {"type": "R53_ALIAS", "name": "www", "target": "web.example.net.", "r53_alias": {"type": "A"}},
    {"type": "CLOUDFLAREAPI_SINGLE_REDIRECT", "name": "@", "target": "1,302,x"}), 0)
case("dnscontrol with a shorter text", print_ir({**ZONE_FILE, "_dmarc": {"type": "TXT", "value": "v=DMARC1; p=none"}}),
     1, *WEAKER)


def counting(report):
    found = []
    for subject in report["subjects"]:
        for one in subject["losses"] + subject["new"]:
            if one["status"] == "undetermined" and one["severity"] in ("error", "warning"):
                found.append("?" + one["id"])
            elif one["severity"] == "error":
                found.append(one["id"])
    return sorted(set(found))


def main():
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, content, status, ids in CASES:
            is_yaml = isinstance(content, str) and not content.startswith("{")
            path = pathlib.Path(folder) / ("shop.example.yaml" if is_yaml else "x.json")
            path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
            run = subprocess.run(
                [PROGRAM, "gate", path, "--old", DATA / "old.zone", "--beside", f"zone:{DATA}/old.zone",
                 "--beside", f"zone:{DATA}/beside.zone@.", "--now", "2026-11-24T00:00:00Z", "--format", "json"],
                capture_output=True, text=True, check=False)
            got = run.returncode, counting(json.loads(run.stdout)) if run.stdout else []
            if got != (status, ids):
                print(f"FAULT: {name}: {got} instead of {status, ids}: {run.stderr}")
                faults += 1
            said = [line for line in run.stderr.splitlines() if not line.startswith("mailassay: notice: ")]
            if status == 4 and len(said) != 1:
                print(f"FAULT: {name}: not one sentence: {run.stderr}")
                faults += 1
    print(f"{len(CASES)} traps, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
