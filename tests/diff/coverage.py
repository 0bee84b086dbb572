"""What the generated cases must hold, found in the cases themselves and not in their makers.

A feature is a predicate over a case. A run counts in how many cases each holds and names those
that never did, so a maker that stops making something is noticed.
"""
import base64
import re

# ---- SPF ----


def records(case):
    return [text for kinds in case["zone"].values() if isinstance(kinds.get("TXT"), list)
            for text in kinds["TXT"]]


def spf_text(case):
    return "\n".join(text for text in records(case) if text.lower().startswith("v=spf1"))


def other_text(case):
    return "\n".join(text for text in records(case) if not text.lower().startswith("v=spf1"))


def in_spf(pattern):
    return lambda case: re.search(pattern, spf_text(case)) is not None


def in_macro(pattern):
    return in_spf(r"%\{[a-zA-Z]" + pattern)


def leads(case, words):
    """{name: names that its record leads to with these words}"""
    found = {}
    for name, kinds in case["zone"].items():
        texts = kinds.get("TXT") if isinstance(kinds.get("TXT"), list) else []
        found[name.lower()] = [
            target.lower().rstrip(".") for text in texts
            for target in re.findall(rf"(?i)(?:{words})[:=]([^ %]+)", text)]
    return found


def has_loop(words, length):
    """Some name leads back to itself in just so many steps."""
    def holds(case):
        steps = leads(case, words)
        for start in steps:
            reached = {start}
            for _ in range(length):
                reached = {target for name in reached for target in steps.get(name, [])}
            if start in reached:
                return True
        return False
    return holds


def longest_chain(case):
    steps, reached, depth = leads(case, "include|redirect"), {"example.com"}, 0
    while reached and depth < 20:
        reached = {target for name in reached for target in steps.get(name, [])}
        depth += 1
    return depth


def name_octets(octets):
    def holds(case):
        return any(len(name.rstrip(".")) == octets for name in
                   re.findall(r"[:=]([^ /%]+)", spf_text(case)))
    return holds


SPF = {
    **{f"macro {c}": in_spf(r"%\{" + c + r"[0-9]*r?[^}]*\}") for c in "slodiphv"},
    **{f"macro {c.upper()}": in_spf(r"%\{" + c.upper()) for c in "slodiphv"},
    **{f"macro {c} in exp": lambda case, c=c: "%{" + c in other_text(case).lower()
       for c in "slodiphvcrt"},
    **{f"macro {c} outside exp": in_spf(r"(?i)[:=]\S*%\{" + c) for c in "crt"},
    **{f"delimiter {c}": in_macro(r"[0-9]*[rR]?[^}]*" + re.escape(c)) for c in ".-+,/_="},
    "several delimiters": in_macro(r"[0-9]*[rR]?[-.+,/_=]{2,}\}"),
    "transformer r": in_macro("[0-9]*r"), "transformer R": in_macro("[0-9]*R"),
    "digits and transformer": in_macro("[1-9][0-9]*[rR]"),
    **{f"digits {n}": in_macro(f"{n}[^0-9]") for n in range(0, 11)},
    "digits over 10": in_macro("[1-9][0-9]"), "digits over 99": in_macro("1[0-2][0-9]"),
    "%%": in_spf("%%"), "%_": in_spf("%_"), "%-": in_spf("%-"),
    "% alone": in_spf(r"(?<!%)(%%)*%[^%_{-]"),
    **{f"{m} with both lengths": in_spf(rf"(?i)\b{m}(:\S+)?/\d+//\d+") for m in ("a", "mx")},
    **{f"{m} with the second length only": in_spf(rf"(?i)\b{m}(:[^ /]+)?//\d+")
       for m in ("a", "mx")},
    "length 0": in_spf("/0( |$)"), "length too large": in_spf("/(33|129)( |$)"),
    "length with a zero before it": in_spf("/0[1-9]"),
    **{f"ring of {n} includes": has_loop("include", n) for n in (1, 2, 3)},
    **{f"ring of {n} redirects": has_loop("redirect", n) for n in (1, 2)},
    "ring of both": lambda case: has_loop("include|redirect", 2)(case) and not (
        has_loop("include", 2)(case) or has_loop("redirect", 2)(case)),
    "chain of eleven": lambda case: longest_chain(case) > 10,
    "fan of eleven": in_spf(r"(include:\S+ ?){10,}"),
    "redirect before a mechanism": in_spf(r"redirect=\S+ .*\b(a|mx|ip4|include)\b"),
    "redirect twice": in_spf("(?i)redirect=.*redirect="), "exp twice": in_spf("exp=.*exp="),
    "unknown modifier": in_spf(r"x-y\.z_1="),
    "mechanism in capitals": in_spf(r"\b(MX|INCLUDE|EXISTS|IP4|IP6|PTR|ALL)\b"),
    "version in capitals": in_spf("V=SPF1"), "name in capitals": in_spf("[:=]EXAMPLE.COM"),
    "dot at the end": in_spf(r"[:=][^ %]+\.( |$|/)"),
    "empty label": in_spf(r"[:=]\S*[a-z]\.\.[a-z]"),
    "label of 63": in_spf(r"(^|[.:=])[^ .:=]{63}\."),
    "label of 64": in_spf(r"(^|[.:=])[^ .:=]{64}\."),
    "name of 253": name_octets(253), "name of 254": name_octets(254),
    "name that macros make too long": in_spf(r"%\{[a-z]\}\.[^ %]{240,}"),
    "octet over 127": lambda case: any(ord(c) > 127 for c in spf_text(case)),
    "TXT in one string": lambda case: case["cut"] >= 200,
    "TXT in many strings": lambda case: case["cut"] <= 7,
    "several records": lambda case: any(
        len([t for t in kinds["TXT"] if t.lower().startswith("v=spf1")]) > 1
        for kinds in case["zone"].values() if isinstance(kinds.get("TXT"), list)),
    "a timeout": lambda case: "!TIMEOUT" in case["world"],
    "twelve mail hosts": lambda case: any(
        len(kinds["MX"]) > 10 for kinds in case["zone"].values()
        if isinstance(kinds.get("MX"), list)),
    "null sender": lambda case: case["mail_from"] == "",
    "IPv6 client": lambda case: ":" in case["ip"],
}

# ---- DKIM ----


def message_of(case):
    return base64.b64decode(case["message"])


def head_and_body(case):
    head, _, body = message_of(case).partition(b"\r\n\r\n")
    return re.sub(rb"\r\n(?=[ \t])", b"", head + b"\r\n"), body


def signatures(case):
    """[{tag: value}] of the unfolded signatures, the last of several tags."""
    head, _ = head_and_body(case)
    found = []
    for value in re.findall(rb"(?im)^dkim-signature:([^\r\n]*)", head):
        tags = [part.split(b"=", 1) for part in value.split(b";") if b"=" in part]
        found.append({name.strip().decode("latin-1"): text.strip().decode("latin-1")
                      for name, text in tags})
    return found


def names_of(case):
    head, _ = head_and_body(case)
    return [name.strip().lower().decode("latin-1")
            for name in re.findall(rb"(?m)^([^:\r\n]+):", head)]


def signed_names(tags):
    return [name.strip().lower() for name in tags.get("h", "").split(":")]


def in_signature(holds):
    return lambda case: any(holds(tags) for tags in signatures(case))


def tag_is(name, pattern):
    return in_signature(lambda tags: name in tags and re.fullmatch(pattern, tags[name]))


def key_is(pattern):
    return lambda case: any(re.search(pattern, text) for text in case["keys"].values())


def oversigned(case):
    names = names_of(case)
    return any(signed_names(tags).count(name) > names.count(name)
               for tags in signatures(case) for name in set(signed_names(tags)))


def duplicated(case):
    """A signed field that the message has more than once."""
    names = names_of(case)
    return any(names.count(name) > 1
               for tags in signatures(case) for name in signed_names(tags))


CANONS = ("relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple", "relaxed",
          "simple")
DKIM = {
    **{f"c={canon}": tag_is("c", canon) for canon in CANONS},
    **{f"c={canon}, {changed} changed": lambda case, canon=canon, changed=changed:
       tag_is("c", canon)(case) and changed in case["changed"]
       for canon in CANONS for changed in ("header", "body", "nothing")},
    "c= absent": in_signature(lambda tags: "c" not in tags),
    "c= unknown": tag_is("c", "nofws|relaxed/"),
    **{f"{n} signatures": lambda case, n=n: len(signatures(case)) == n for n in (1, 2, 3)},
    "oversigned": oversigned, "duplicate fields": duplicated,
    "bare LF in the body": lambda case: re.search(rb"(?<!\r)\n", head_and_body(case)[1]),
    "octet over 127": lambda case: re.search(rb"[\x80-\xff]", head_and_body(case)[1]),
    "empty body": lambda case: head_and_body(case)[1] == b"",
    "body of empty lines": lambda case: re.fullmatch(rb"(\r\n)+", head_and_body(case)[1]),
    "no line end": lambda case: not head_and_body(case)[1].endswith(b"\n"),
    "l=0": tag_is("l", "0"), "l= with a number": tag_is("l", "[1-9][0-9]*"),
    "l= that is none": tag_is("l", r"|\+5|-1|1 2|0x5|[0-9]{77}"),
    "t= with a number": tag_is("t", "[0-9]{9,10}"), "t= of 1970": tag_is("t", "[0-9]{1,3}"),
    "t= that is none": tag_is("t", r"|-1|\+1|abc|1e9"),
    "t= in the future": in_signature(lambda tags: re.fullmatch(
        "[0-9]{10}", tags.get("t", "")) and int(tags["t"]) > 3000000000),
    "x= with a number": tag_is("x", "[0-9]{9,10}"),
    "x= that is none": tag_is("x", r"|-1|abc|1e9"),
    "x= before t=": in_signature(lambda tags: tags.get("x", "").isdigit() and tags.get(
        "t", "").isdigit() and int(tags["x"]) < int(tags["t"])),
    "i= of d=": tag_is("i", "@example.com"), "i= below d=": tag_is("i", "@sub.example.com"),
    "i= elsewhere": tag_is("i", ".*(@example.net|@notexample.com)"),
    "i= that is none": tag_is("i", r"|example\.com|u@"), "i= quoted": tag_is("i", '"a@b".*'),
    "h= without From": in_signature(lambda tags: "from" not in signed_names(tags)),
    "h= with an empty name": in_signature(lambda tags: "" in signed_names(tags)),
    "h= empty": tag_is("h", ""),
    "s= of two labels": tag_is("s", r"\w+\.\w+"), "s= in capitals": tag_is("s", "[A-Z]+[0-9]*"),
    "s= that is none": tag_is("s", r"|s_\.|-s-|\.s"),
    "q= known": tag_is("q", "dns/txt"), "q= unknown": tag_is("q", "dns/foo"),
    "v= wrong": tag_is("v", "|2|1.0"), "v= absent": in_signature(lambda tags: "v" not in tags),
    **{f"a={name}": tag_is("a", name) for name in ("rsa-sha256", "rsa-sha1", "ed25519-sha256")},
    "a= unknown": tag_is("a", "rsa-md5|RSA-SHA256"),
    "unknown tag": in_signature(lambda tags: "zz" in tags),
    "bad tag name": in_signature(lambda tags: "x-y" in tags),
    **{f"{name} key": lambda case, name=name: name in case["sizes"]
       for name in ("rsa512", "rsa1024", "rsa2048", "rsa4096", "ed25519")},
    **{f"key with {what}": key_is(pattern) for what, pattern in {
        "k=rsa": "k=rsa", "k=ed25519": "k=ed25519", "another k=": "k=dsa", "an empty k=": "k=;",
        "k= in capitals": "k=RSA", "h=sha256": "h=sha256;", "h=sha1": "h=sha1;",
        "both h=": "h=sha1:sha256", "an unknown h=": "h=md5", "s=email": "s=email;",
        "s=*": r"s=\*", "another s=": "s=web;", "several s=": "s=web:email", "t=y": "t=y;",
        "t=s": "t=s;", "t=y:s": "t=y:s", "an unknown t=": "t=z;", "n=": "n=[^;]",
        "an empty n=": "n=;", "n= over 127": "n=[^;]*[\x80-\xff]", "v=DKIM1": "^v=DKIM1",
        "another v=": "^v=DKIM2|^v=dkim1|^v= *;", "v= not first": "; ?v=DKIM1",
        "no v=": "^[^v]",
        "no p=": r"^(?!.*p=)", "an empty p=": "p=$"}.items()},
    "no key": lambda case: len(case["keys"]) < len(signatures(case)),
}

# ---- ARC ----


def instances(case):
    return len(re.findall(rb"(?im)^arc-seal:", message_of(case)))


ARC = {
    **{f"{n} sets": lambda case, n=n: instances(case) == n for n in range(5)},
    **{name: lambda case, name=name: any(step.startswith(name) for step in case["story"])
       for name in ("a footer", "a field on top", "a key is gone", "drop", "double", "renumber",
                    "restate", "reword", "respace", "move", "add_tag")},
    "untouched": lambda case: not case["story"],
}


class Coverage:
    def __init__(self, kind):
        self.features = {"spf": SPF, "dkim": DKIM, "arc": ARC}[kind]
        self.counts = dict.fromkeys(self.features, 0)

    def see(self, case):
        for name, holds in self.features.items():
            if holds(case):
                self.counts[name] += 1

    def report(self):
        """Prints the counts; returns the names of what never appeared."""
        missing = [name for name, times in self.counts.items() if times == 0]
        told = ", ".join(f"{name} {times}" for name, times in self.counts.items() if times)
        print(f"covered: {told}")
        for name in missing:
            print(f"NEVER GENERATED: {name}")
        return missing
