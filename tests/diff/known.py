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


def texts(case):
    """All SPF records of the case, as one text."""
    return "\n".join(text for records in case.get("zone", {}).values()
                     for text in records.get("TXT", []) if records.get("TXT") != "TIMEOUT")


@rule("Mail::SPF", 'refuses the upper-case transformer "R"; ABNF strings have no case '
      "(RFC 5234, 2.3; RFC 7208, 7.1)")
def _(case, ours, theirs):
    import re
    return theirs["result"] == "permerror" and re.search(r"%\{[a-zA-Z][0-9]*R", texts(case))


@rule("Mail::SPF", 'accepts an empty domain-spec before a prefix length ("mx:/32"); '
      "a domain-spec ends in a toplabel or a macro (RFC 7208, 7.1)")
def _(case, ours, theirs):
    import re
    return ours["result"] == "permerror" and re.search(r"(?i)\b(a|mx):/", texts(case))


@rule("Mail::SPF", "lets an ip6: network match an IPv4 client when its length is 0 or it is "
      "v4-mapped; the families never match (RFC 7208, 5.6)")
def _(case, ours, theirs):
    import re
    return ":" not in case["ip"] and re.search(r"(?i)ip6:(\S*/0\b|::ffff:)", texts(case))


@rule("Mail::SPF", "ends with an exception on a name with an empty label")
def _(case, ours, theirs):
    return "empty label" in theirs["result"]


def counts_more_voids(case, ours, theirs):
    import re
    return theirs["result"] == "permerror" and ours["result"] != "permerror" and re.search(
        r"(?i)(\bptr\b|\bmx\b|%\{p)", texts(case))


VOIDS = ("counts every empty answer below one mx or ptr as a void lookup; the standard limits the "
         'number of "terms" for which queries come back empty (RFC 7208, 4.6.4)')
rule("Mail::SPF", VOIDS)(counts_more_voids)
rule("pyspf", VOIDS)(counts_more_voids)


@rule("pyspf", 'refuses "%%" in an unknown modifier; its value is a macro-string '
      "(RFC 7208, 6 and 7.1)")
def _(case, ours, theirs):
    import re
    return theirs["result"] == "permerror" and re.search(r"=\S*%%", texts(case))


@rule("pyspf", 'overlooks a lone "%" behind "%%"; "%" is a macro, one of three letters or an error '
      "(RFC 7208, 7.1)")
def _(case, ours, theirs):
    import re
    return ours["result"] == "permerror" and re.search(r"(?<!%)(%%)+%[^%{_-]", texts(case))


@rule("pyspf", "asks for the addresses of every mail host before it compares one; mx matches as "
      "soon as one of them is the client's (RFC 7208, 5.4)")
def _(case, ours, theirs):
    import re
    return theirs["result"] == "temperror" and "!TIMEOUT" in case["world"] and re.search(
        r"(?i)\bmx\b.* matches ", ours.get("reason", ""))


@rule("pyspf", "accepts the digit 0; if a digit is given it must be nonzero (RFC 7208, 7.1)")
def _(case, ours, theirs):
    return "zero parts" in ours.get("reason", "")


@rule("pyspf", "accepts exists without a domain-spec (RFC 7208, 5.7)")
def _(case, ours, theirs):
    return "exists needs a domain" in ours.get("reason", "")


@rule("pyspf", "sees a macro without its closing brace only when it is evaluated; syntax errors "
      "anywhere in the record are permerror (RFC 7208, 4.6)")
def _(case, ours, theirs):
    return 'has no closing "}"' in ours.get("reason", "")


@rule("Mail::SPF", "lets an ip6: network match an IPv4 client whose mapped form it computes; the "
      "families never match (RFC 7208, 5.6)")
def _(case, ours, theirs):
    import re
    return ":" not in case["ip"] and re.search(r"(?i)ip6:::", texts(case))


@rule("Mail::SPF", "accepts the digit 0; if a digit is given it must be nonzero (RFC 7208, 7.1)")
def _(case, ours, theirs):
    return "zero parts" in ours.get("reason", "")


@rule("Mail::SPF", "looks at ten of more than ten MX names; this is permerror (RFC 7208, 4.6.4)")
def _(case, ours, theirs):
    return "MX hosts; the limit is 10" in ours.get("reason", "")


@rule("Mail::SPF", "allows c, r and t outside exp=; they are for explanations only "
      "(RFC 7208, 7.2)")
def _(case, ours, theirs):
    return "is allowed only in the text that exp=" in ours.get("reason", "")


@rule("Mail::SPF", "refuses a label over 63 octets as a syntax error; the mechanism does not match "
      "(RFC 7208, 4.3 and 4.8)")
def _(case, ours, theirs):
    return theirs["result"] == "permerror" and "x" * 64 in texts(case)


def is_name_trouble_below_ptr(case, ours, theirs):
    return theirs["result"] == "temperror" and "!TIMEOUT" in case["world"] and \
        "PTR" in case["world"]


SKIPPED = ("makes a DNS error below ptr temperror; such a name is skipped and the search goes on "
           "(RFC 7208, 5.5)")
rule("pyspf", SKIPPED)(is_name_trouble_below_ptr)
rule("Mail::SPF", SKIPPED)(is_name_trouble_below_ptr)


@rule("pyspf", "looks for loops before it evaluates; terms that are not reached have no effect "
      "(RFC 7208, 4.6.2)")
def _(case, ours, theirs):
    import re
    owners = [name.lower() for name in case["zone"]]
    return theirs["result"] == "permerror" and any(
        target.lower().rstrip(".") in owners or "%" in target
        for target in re.findall(r"(?i)include:(\S+)", texts(case)))


@rule("pyspf", "refuses the same unknown modifier twice; only redirect and exp are limited to one "
      "(RFC 7208, 6)")
def _(case, ours, theirs):
    import re
    names = re.findall(r"(?:^| )([A-Za-z][\w.-]*)=", texts(case).replace("v=spf1", ""))
    return theirs["result"] == "permerror" and len(names) > len({n.lower() for n in names})


@rule("Mail::SPF", "sees a wrong macro letter only when it is evaluated; syntax errors anywhere in "
      "the record are permerror (RFC 7208, 4.6)")
def _(case, ours, theirs):
    return "unknown macro letter" in ours.get("reason", "")


# ---- DKIM ----


@rule("Mail::DKIM", "accepts RSA keys under 1024 bits; verifiers must not (RFC 8301, 3.2)")
def _(case, ours, theirs):
    return "fewer than 1024" in ours["reason"]


LARGER = ("accepts an l= beyond the end of the body; it must not be larger than the body "
          "(RFC 6376, 3.5)")


def is_larger(case, ours, theirs):
    return "l= is larger than the body" in ours["reason"]


rule("Mail::DKIM", LARGER)(is_larger)
rule("dkimpy", LARGER)(is_larger)


def signature_of(case, ours):
    """The value of the signature concerned."""
    import base64
    import re
    message = base64.b64decode(case["message"]).decode("latin-1")
    head = message.split("\r\n\r\n")[0]
    fields = re.findall(r"(?im)^dkim-signature:((?:.*\r\n(?:[ \t].*\r\n)*))", head + "\r\n")
    return fields[ours["index"]]


@rule("dkimpy", "refuses q= with a second method; unknown ones are ignored (RFC 6376, 3.5)")
def _(case, ours, theirs):
    return "q= value is not dns/txt" in theirs["result"] and ":x/y" in signature_of(case, ours)


@rule("Mail::DKIM", "accepts a tag name outside ALPHA DIGIT \"_\" (RFC 6376, 3.2)")
def _(case, ours, theirs):
    return "not a tag name" in ours["reason"]


# what our reason says, and the sentence behind it; the peer lets it pass
LENIENT = [
    ("dkimpy", "not a tag name", 'a tag name is ALPHA, then ALPHA DIGIT or "_" (RFC 6376, 3.2)'),
    ("dkimpy", "t=s, and the domain of i= is not d=", "t=s forbids a subdomain in i= "
     "(RFC 6376, 3.6.1)"),
    ("dkimpy", "does not sign From", "From must be signed (RFC 6376, 5.4)"),
    ("Mail::DKIM", "does not sign From", "From must be signed (RFC 6376, 5.4)"),
    ("dkimpy", "v= is not the first tag", "v= of a key must be the first tag (RFC 6376, 3.6.1)"),
    ("Mail::DKIM", "v= is not the first tag", "v= of a key must be the first tag "
     "(RFC 6376, 3.6.1)"),
    ("dkimpy", "h= does not allow sha256", "h= of a key limits the hashes (RFC 6376, 3.6.1)"),
    ("Mail::DKIM", "v= is missing", "v= is required (RFC 6376, 3.5)"),
    ("Mail::DKIM", "v= is not 1", "v= must be 1 (RFC 6376, 3.5)"),
    ("Mail::DKIM", "bh= is missing", "bh= is required (RFC 6376, 3.5)"),
    ("Mail::DKIM", "a=RSA-SHA256 is no known", "values are case-sensitive (RFC 6376, 3.2)"),
]


def lenient(peer, reason, why):
    rule(peer, why)(lambda case, ours, theirs:
                    ours["result"] != "pass" and reason in ours["reason"])


for row in LENIENT:
    lenient(*row)


@rule("dkimpy", "adds every further From field to the signed ones; only those that h= names are "
      "signed (RFC 6376, 5.4.2)")
def _(case, ours, theirs):
    import base64
    import re
    head = base64.b64decode(case["message"]).decode("latin-1").split("\r\n\r\n")[0]
    return ours["result"] == "pass" and len(re.findall(r"(?im)^from[ \t]*:", head)) > 1


@rule("Mail::DKIM", "does not verify l=0 when a body follows; it is legal (RFC 6376, 3.5)")
def _(case, ours, theirs):
    import re
    return ours["result"] == "pass" and re.search(r"\bl=0\b", signature_of(case, ours))


@rule("dkimpy", "takes the fields of a seal from the bottom up, wherever they stand; their order is "
      "that of the instances (RFC 8617, 5.1.1)")
def _(case, ours, theirs):
    return any(step.startswith("move ") for step in case.get("story", [])) and (
        ours["result"] == "pass" and "did not validate" in theirs["reason"])
