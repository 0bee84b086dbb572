"""DKIM: generated messages with legal and illegal signatures and keys, judged by dkimpy and
Mail::DKIM.

Whether each signature passes is compared.
"""
import base64
import logging
import random

from minimise import minimise  # noqa: F401
from signer import KEYS, NOW, case_of, make_keys, message_of, sign

IS_KNOWN_BY_THE_SMALLEST = False  # the reason is that of one signature
CANONS = ("relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple", "relaxed",
          "simple")


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.sizes, self.changed = [], []

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, *choices):
        return self.random.choice(choices)

    def header(self, name):
        words = [self.pick("word", "a\tb", "two  blanks", "=?utf-8?q?x?=", "x" * 60, "\xfc\xe9",
                           ";,:", "") for _ in range(self.random.randint(0, 6))]
        value = self.pick(" ", "  ", "\t", "\r\n ", "").join(words)
        if name.lower() == "from":
            value = "a@example.com" + self.pick("", " ", " (c)")
        field = self.pick(name, name.upper(), name.lower()) + self.pick(":", ":", ": ", ":  ",
                                                                       ":\t")
        return (field + value + self.pick("", "", " ", " \t")).encode("latin-1")

    def body(self):
        if self.chance(8):
            return b""
        end = self.pick("\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n")
        lines = [self.pick("text", "", " ", "\t", "a  b\t c ", "x" * 200, ".", "\xe4", "From x",
                           "trailing  ") for _ in range(self.random.randint(0, 8))]
        text = "".join(line + self.pick("\r\n", end) for line in lines)
        return (text + "\r\n" * self.pick(0, 0, 1, 3)).encode("latin-1")

    def case(self, number):
        headers = [self.header("From")]
        for _ in range(self.random.randint(0, 6)):
            headers.append(self.header(self.pick("To", "Subject", "Date", "X-One", "X-Two",
                                                 "Received")))
        self.random.shuffle(headers)
        body = self.body()
        keys = {}
        signatures = [self.signature(headers, body, keys, f"s{index}")
                      for index in range(self.pick(1, 1, 1, 2, 3))]
        headers, body = self.mutate(headers, body)
        return case_of(number, message_of(signatures + headers, body), keys,
                       changed=self.changed or ["nothing"], sizes=self.sizes)

    # ---- what happens on the way ----

    def mutate(self, headers, body):
        kind = self.random.random()
        headers = list(headers)
        if kind < 0.45:
            return headers, body
        if kind < 0.72:
            changed = self.changed_body(body)
            self.changed += ["body"] if changed != body else []
            return headers, changed
        changed = self.changed_headers(headers)
        self.changed += ["header"] if changed != headers else []
        return changed, body

    def changed_body(self, body):
        return self.pick(body + b"footer\r\n", body.replace(b"  ", b" "),
                         body.rstrip(b"\r\n") + b"\r\n", body.rstrip(b"\r\n"),
                         body + b"\r\n\r\n", body.replace(b"\r\n", b" \r\n"),
                         body.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"))

    def changed_headers(self, headers):
        at = self.random.randrange(len(headers))
        kind = self.pick("word", "colon", "blank", "add", "fold", "drop", "swap")
        if kind == "add":
            field = self.header(self.pick("Subject", "X-One", "From"))
            return headers[:at] + [field] + headers[at:]
        if kind == "drop":
            return headers[:at] + headers[at + 1:]
        if kind == "swap":
            return headers[at:] + headers[:at]
        old, new = {"word": (b"word", b"wort"), "colon": (b": ", b":   "),
                    "blank": (b"  ", b" "), "fold": (b" ", b"\r\n ")}[kind]
        return headers[:at] + [headers[at].replace(old, new)] + headers[at + 1:]

    # ---- the signature ----

    def signed_names(self, headers):
        names = [field.split(b":")[0].strip().decode() for field in headers]
        chosen = [name for name in names if self.chance(70)]
        if self.chance(96) and "from" not in [n.lower() for n in chosen]:
            chosen.append("From")
        if self.chance(30):
            chosen.append(self.pick("Subject", "X-One", "From", "X-Never"))
        if self.chance(15):  # one more of each than there are
            chosen += set(names)
        if self.chance(2):
            chosen.append("")
        self.random.shuffle(chosen)
        return chosen if not self.chance(1) else [""]

    def algorithm(self, size):
        if self.chance(3):
            return self.pick("rsa-sha1", "rsa-md5", "RSA-SHA256", "ed25519-sha256",
                             "rsa-sha256")
        return "ed25519-sha256" if size == "ed25519" else "rsa-sha256"

    def identity(self):
        return self.pick("@example.com", "u@example.com", "@sub.example.com", "@EXAMPLE.com",
                         *(["@example.net", "@notexample.com", "example.com", "u@", "",
                            '"a@b"@example.com'] if self.chance(25) else []))

    def length(self, octets):
        """The text of l=, and how much it hashes; None is all."""
        number = self.pick(0, octets, max(0, octets - 3), octets + 5)
        if self.chance(15):
            return self.pick("", "+5", "-1", "1 2", "0x5", "9" * 77), None
        return str(number), number

    def times(self):
        if self.chance(25):
            yield "t", str(NOW - self.pick(10, 100000))
        elif self.chance(8):
            yield "t", self.pick("", "-1", "+1", "abc", "1e9", "0", "299", str(4000000000))
        if self.chance(20):
            yield "x", str(NOW + self.pick(-1000000, 1000000))
        elif self.chance(3):
            yield "x", self.pick("", "-1", "abc", "1e9", "0")

    def tags(self, names, selector, size, octets):
        """(tags, how much of the body is hashed)"""
        length = None
        tags = [("v", "1" if not self.chance(2) else self.pick("2", "", "1.0")),
                ("a", self.algorithm(size))]
        canon = (self.pick(*CANONS, None) if not self.chance(2) else
                 self.pick("nofws", "relaxed/"))
        if canon:
            tags.append(("c", canon))
        tags += [("d", "example.com"), ("s", selector),
                 ("h", self.pick(":", " : ", ":\r\n ").join(names))]
        if self.chance(15):
            text, length = self.length(octets)
            tags.append(("l", text))
        tags += self.times()
        if self.chance(25):
            tags.append(("i", self.identity()))
        if self.chance(10):
            tags.append(("q", self.pick("dns/txt", "dns/foo", "dns/txt:x/y")))
        if self.chance(5):
            tags.append(self.pick(("z", "From:a"), ("zz", "unknown"), ("d", "example.org"),
                                  ("x-y", "bad name")))
        tags.append(("bh", None))
        if self.chance(6):
            tags.pop(self.pick(0, self.random.randrange(len(tags))))
        return tags, length

    def signature(self, headers, body, keys, selector):
        size = self.pick("rsa2048", "rsa2048", "rsa2048", "rsa1024", "rsa4096", "rsa512",
                         "ed25519")
        if self.chance(6):
            selector = self.pick(f"a.{selector}", selector.upper())
        elif self.chance(3):
            selector = self.pick("", "s_.", "-s-", ".s")
        self.sizes.append(size)
        tags, length = self.tags(self.signed_names(headers), selector, size, len(body))
        self.publish(keys, selector, size)
        return sign(headers, body, tags, size, self.pick("; ", ";", ";\r\n ", " ; "),
                    self.pick(b"DKIM-Signature: ", b"DKIM-Signature:", b"dkim-signature: "),
                    length)

    # ---- the key ----

    def key_tags(self, size):
        """Between v= and p=, mostly sound."""
        if size == "ed25519":
            yield "k=ed25519" if not self.chance(4) else self.pick("k=rsa", "k=ED25519")
        elif self.chance(40):
            yield "k=rsa" if not self.chance(12) else self.pick("k=dsa", "k=", "k=RSA",
                                                                "k=ed25519")
        if self.chance(15):
            yield "h=" + (self.pick("sha256", "sha1:sha256") if not self.chance(20)
                          else self.pick("sha1", "md5", ""))
        if self.chance(15):
            yield "s=" + (self.pick("email", "*", "web:email") if not self.chance(20)
                          else self.pick("web", ""))
        if self.chance(20):
            yield "t=" + self.pick("y", "s", "y:s", "z", "")
        if self.chance(10):
            yield "n=" + self.pick("a note", "", "=3B", "\xfc")

    def publish(self, keys, selector, size):
        name = f"{selector}._domainkey.example.com".lower()
        if self.chance(3) or ".." in name or name.startswith("."):
            return
        version = self.pick("v=DKIM1", "v=DKIM1", None)
        tags = list(self.key_tags(size))
        self.random.shuffle(tags)
        if self.chance(4):
            version = self.pick("v=DKIM2", "v=dkim1", "v=")
        tags = [version] * (version is not None) + tags
        if self.chance(2):
            tags.append("v=DKIM1")
        public = "" if self.chance(2) else KEYS[size][1]
        tags += [f"p={public}"] * (not self.chance(1))
        if self.chance(10):  # p= first, or in between
            self.random.shuffle(tags)
        keys[name] = self.pick("; ", ";").join(tags)


class Dkimpy:
    def judge(self, case):
        import dkim

        def txt(name, timeout=5):
            text = case["keys"].get(name.decode().rstrip(".").lower())
            return text.encode("latin-1") if text is not None else None
        message = base64.b64decode(case["message"])
        count = sum(1 for name, _ in dkim.rfc822_parse(message)[0]
                    if name.lower() == b"dkim-signature")
        results = []
        for index in range(count):
            try:
                verifier = dkim.DKIM(message, minkey=1024, timeout=5)
                results.append("pass" if verifier.verify(index, dnsfunc=txt) else "fail")
            except Exception as trouble:
                results.append(f"{type(trouble).__name__}: {trouble}")
        return {"results": results}


def prepare():
    logging.disable(logging.CRITICAL)
    make_keys()


def peers():
    from diff import perl_peer
    other = perl_peer("Mail::DKIM", "peer_mail_dkim.pl")
    return {"dkimpy": Dkimpy(), **({"Mail::DKIM": other} if other else {})}


def made(seed):
    return Maker(seed).case(seed)


def comparisons(case):
    return len(case["sizes"])


def results(ours):
    return ours["results"]


def disagreements(ours, theirs):
    """Each signature that passes for one side alone."""
    for index, result in enumerate(ours["results"]):
        other = theirs["results"][index] if index < len(theirs["results"]) else "nothing"
        if (result == "pass") != (other == "pass"):
            yield ({"result": result, "reason": ours["reasons"][index], "index": index},
                   {"result": other})


def shown(case):
    return base64.b64decode(case["message"]).decode("latin-1")[:3000] + f"\n{case['keys']}"
