"""DKIM: generated messages with legal and illegal signatures, judged by several verifiers.

The signer is this file's, so that it can write what no sound signer would. It uses dkimpy's
canonicalisation and RSA, which makes it independent of the program under test.
"""
import base64
import hashlib
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from minimise import minimise

NOW = int(time.time())  # the peers read the clock themselves
KEYS = {}


def make_keys(directory):
    """{name: (private, record without v= and k=)}"""
    from dkim.crypto import parse_pem_private_key
    for bits in (512, 1024, 2048, 4096):
        path = directory / f"rsa{bits}.pem"
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, str(bits)],
                       check=True, capture_output=True)
        der = subprocess.run(["openssl", "rsa", "-in", path, "-pubout", "-outform", "DER"],
                             check=True, capture_output=True).stdout
        KEYS[f"rsa{bits}"] = (parse_pem_private_key(path.read_bytes()),
                              base64.b64encode(der).decode())


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

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
        lines = [self.pick("text", "", " ", "\t", "a  b\t c ", "x" * 200, ".", "\xe4", "From x",
                           "trailing  ") for _ in range(self.random.randint(0, 8))]
        text = "".join(line + "\r\n" for line in lines)
        return (text + "\r\n" * self.pick(0, 0, 1, 3)).encode("latin-1")

    def case(self, number):
        headers = [self.header("From")]
        for _ in range(self.random.randint(0, 6)):
            headers.append(self.header(self.pick("To", "Subject", "Date", "X-One", "X-Two",
                                                 "Received")))
        self.random.shuffle(headers)
        body = self.body()
        keys = {}
        signatures = []
        for index in range(self.pick(1, 1, 1, 2, 3)):
            signatures.append(self.signature(headers, body, keys, f"s{index}"))
        message_headers, message_body = self.mutate(headers, body)
        message = b"".join(field + b"\r\n" for field in signatures + message_headers)
        message += b"\r\n" + message_body
        return {"id": number, "keys": keys, "now": NOW,
                "message": base64.b64encode(message).decode(), "world": world_text(keys)}

    def mutate(self, headers, body):
        kind = self.random.random()
        headers = list(headers)
        if kind < 0.5:
            return headers, body
        if kind < 0.6:
            return headers, body + b"footer\r\n"
        if kind < 0.68:
            return headers, body.replace(b"  ", b" ")
        if kind < 0.74:
            return headers, body.rstrip(b"\r\n") + b"\r\n"
        if kind < 0.8:
            return headers, body + b"\r\n\r\n"
        if kind < 0.86:
            at = self.random.randrange(len(headers))
            headers[at] = headers[at].replace(b": ", b":   ").replace(b"word", b"wort")
        elif kind < 0.93:
            headers.insert(self.random.randint(0, len(headers)),
                           self.header(self.pick("Subject", "X-One", "From")))
        else:
            at = self.random.randrange(len(headers))
            headers[at] = headers[at].replace(b" ", b"\r\n ")
        return headers, body

    def signed_names(self, headers):
        names = [field.split(b":")[0].strip().decode() for field in headers]
        chosen = [name for name in names if self.chance(70)]
        if self.chance(96) and "from" not in [n.lower() for n in chosen]:
            chosen.append("From")
        if self.chance(30):
            chosen.append(self.pick("Subject", "X-One", "From", "X-Never"))
        self.random.shuffle(chosen)
        return chosen or ["From"]

    def signature(self, headers, body, keys, selector):
        from dkim.canonicalization import CanonicalizationPolicy
        from dkim.crypto import RSASSA_PKCS1_v1_5_sign
        canon = self.pick("relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple",
                          "relaxed", "simple", None)
        policy = CanonicalizationPolicy.from_c_value((canon or "simple/simple").encode())
        size = self.pick("rsa2048", "rsa2048", "rsa2048", "rsa1024", "rsa4096", "rsa512")
        canonical = policy.canonicalize_body(body)
        names = self.signed_names(headers)
        tags = [("v", "1" if not self.chance(2) else self.pick("2", "", "1.0")),
                ("a", "rsa-sha256" if not self.chance(3) else self.pick("rsa-sha1", "rsa-md5",
                                                                        "RSA-SHA256"))]
        if canon:
            tags.append(("c", canon))
        tags += [("d", "example.com"), ("s", selector), ("h", self.pick(":", " : ", ":\r\n ").join(
            names))]
        if self.chance(15):
            length = self.pick(0, len(canonical), max(0, len(canonical) - 3), len(canonical) + 5)
            tags.append(("l", str(length)))
            canonical = canonical[:length]
        if self.chance(20):
            tags.append(("t", str(NOW - self.pick(10, 100000))))
        if self.chance(15):
            tags.append(("x", str(NOW + self.pick(-1000000, 1000000))))
        if self.chance(20):
            tags.append(("i", self.pick("@example.com", "u@example.com", "@sub.example.com",
                                        "@example.net", "@EXAMPLE.com")))
        if self.chance(10):
            tags.append(("q", self.pick("dns/txt", "dns/foo", "dns/txt:x/y")))
        if self.chance(5):
            tags.append(self.pick(("z", "From:a"), ("zz", "unknown"), ("d", "example.org"),
                                  ("x-y", "bad name")))
        digest = hashlib.sha256(canonical).digest()
        tags.append(("bh", base64.b64encode(digest).decode()))
        if self.chance(2):
            tags.pop(self.random.randrange(len(tags)))
        separator = self.pick("; ", ";", ";\r\n ", " ; ")
        value = separator.join(f"{name}={text}" for name, text in tags) + separator + "b="
        field = self.pick(b"DKIM-Signature: ", b"DKIM-Signature:", b"dkim-signature: ")
        field += value.encode()
        pieces = [tuple(f.split(b":", 1)) for f in headers]
        pieces = [(name, text + b"\r\n") for name, text in pieces]
        pool = [(n.lower().strip(), (n, t)) for n, t in pieces]
        selected = []
        for name in names:
            for at in range(len(pool) - 1, -1, -1):
                if pool[at][0] == name.strip().lower().encode():
                    selected.append(pool.pop(at)[1])
                    break
        own = tuple(field.split(b":", 1))
        canonical_headers = policy.canonicalize_headers(selected)
        [(name, text)] = policy.canonicalize_headers([(own[0], own[1] + b"\r\n")])
        hashed = hashlib.sha256()
        for pair in canonical_headers:
            hashed.update(pair[0] + b":" + pair[1])
        hashed.update(name + b":" + text.rstrip(b"\r\n"))
        private, public = KEYS[size]
        signed = base64.b64encode(RSASSA_PKCS1_v1_5_sign(hashed, private)).decode()
        self.publish(keys, selector, public)
        return field + self.pick(signed, signed[:60] + "\r\n " + signed[60:]).encode()

    def publish(self, keys, selector, public):
        record = self.pick("v=DKIM1; k=rsa; p=", "p=", "v=DKIM1; p=", "v=DKIM1;k=rsa;t=s;p=",
                           "v=DKIM1; h=sha256; p=", "v=DKIM1; s=email; p=", "v=DKIM1; t=y; p=")
        if self.chance(6):
            record = self.pick("v=DKIM2; p=", "k=rsa; v=DKIM1; p=", "v=DKIM1; h=sha1; p=",
                               "v=DKIM1; s=web; p=", "v=DKIM1; k=dsa; p=", "v=DKIM1; n=x; p=")
        keys_name = f"{selector}._domainkey.example.com"
        if self.chance(3):
            return
        keys[keys_name] = record + ("" if self.chance(2) else public)


def world_text(keys):
    lines = []
    for name, text in keys.items():
        chunks = " ".join(f'"{text[i:i + 200]}"' for i in range(0, len(text), 200))
        lines.append(f"{name} TXT {chunks}")
    return "\n".join(lines) + "\n"


class Dkimpy:
    def judge(self, case):
        import dkim
        import dkim.util

        def txt(name, timeout=5):
            text = case["keys"].get(name.decode().rstrip(".").lower())
            return text.encode() if text is not None else None
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


def peers_of(Pipe):
    here = pathlib.Path(__file__).resolve().parent
    peers = {"dkimpy": Dkimpy()}
    if subprocess.run(["perl", "-MMail::DKIM", "-e", "1"], capture_output=True).returncode == 0:
        peers["Mail::DKIM"] = Pipe(["perl", str(here / "peer_mail_dkim.pl")])
    else:
        print("diff: Mail::DKIM is not installed (libmail-dkim-perl): left out")
    return peers


def disagreements(ours, theirs):
    """(index, our detail, their word) of each signature that passes for one side alone."""
    for index, result in enumerate(ours["results"]):
        other = theirs["results"][index] if index < len(theirs["results"]) else "nothing"
        if (result == "pass") != (other == "pass"):
            yield index, {"result": result, "reason": ours["reasons"][index],
                          "index": index}, other


def show(judge, peer, case, about):
    """One that nothing explains, as small as it gets."""
    name, index, detail, other = about

    def differs(smaller):
        found = disagreements(judge.judge(smaller), peer.judge(smaller))
        return any(one["reason"] == detail["reason"] for _, one, _ in found)

    small = minimise(case, differs)
    print(f"--- seed {case['id']} signature {index}: {name} says {other}, we say "
          f"{detail['result']} ({detail['reason']})")
    print(base64.b64decode(small["message"]).decode("latin-1")[:3000])
    print(case["keys"])


def run(judge, count, seed):
    from diff import Pipe
    from known import is_known
    import logging
    logging.disable(logging.CRITICAL)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as directory:
        make_keys(pathlib.Path(directory))
    peers = peers_of(Pipe)
    known, unknown, done = {}, 0, 0
    for number in range(seed, seed + count):
        case = Maker(number).case(number)
        ours = judge.judge(case)
        for name, peer in peers.items():
            done += len(ours["results"])
            for index, detail, other in disagreements(ours, peer.judge(case)):
                why = is_known(name, case, detail, {"result": other})
                if why:
                    known[why] = known.get(why, 0) + 1
                    continue
                unknown += 1
                if unknown <= 60:
                    show(judge, peer, case, (name, index, detail, other))
    for why, times in sorted(known.items()):
        print(f"known: {times} times: {why}")
    print(f"diff: {done} DKIM comparisons, seed {seed}, {unknown} not explained, "
          f"{time.perf_counter() - start:.0f} s", file=sys.stdout)
    return unknown
