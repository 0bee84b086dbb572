"""ARC: generated chains, sound and broken, sealed by dkimpy and judged by several validators.

The chain as a whole is compared: none, pass or fail.
"""
import base64
import logging
import pathlib
import subprocess
import tempfile
import time

import dkim_diff
from minimise import minimise

HOPS = ("list.example.org", "forwarder.example.net", "gateway.example.com")
ARC_FIELDS = (b"ARC-Authentication-Results", b"ARC-Message-Signature", b"ARC-Seal")
PRIVATE = {}


def make_keys(directory):
    """A private key in PEM and a record for each hop."""
    dkim_diff.make_keys(directory)
    for index, domain in enumerate(HOPS):
        name = ("rsa2048", "rsa1024", "rsa4096")[index]
        PRIVATE[domain] = ((directory / f"{name}.pem").read_bytes(), dkim_diff.KEYS[name][1])


def split(message):
    """(fields without their CRLF, body)"""
    head, body = message.split(b"\r\n\r\n", 1)
    fields = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    return fields, body


def join(fields, body):
    return b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


class Maker(dkim_diff.Maker):
    def case(self, number):
        fields = [b"From: a@example.com"]
        for _ in range(self.random.randint(0, 5)):
            fields.append(self.header(self.pick("To", "Subject", "Date", "X-One", "Received")))
        self.random.shuffle(fields)
        message = join(fields, self.body())
        keys, story = {}, []
        for instance in range(1, self.pick(0, 1, 1, 2, 2, 3, 4) + 1):
            message = self.seal(message, instance, keys)
            if self.chance(25):
                message = self.between(message, story)
        if self.chance(60):
            message = self.broken(message, story)
        if keys and self.chance(5):
            story.append("a key is gone")
            keys.pop(self.pick(*keys))
        return {"id": number, "arc": True, "keys": keys, "now": dkim_diff.NOW, "story": story,
                "message": base64.b64encode(message).decode(),
                "world": dkim_diff.world_text(keys)}

    def seal(self, message, instance, keys):
        import dkim
        domain = self.pick(*HOPS)
        selector = f"s{instance}"
        private, public = PRIVATE[domain]
        server = f"mx{instance}.{domain}"
        results = f"Authentication-Results: {server}; spf=pass smtp.mailfrom=a@example.com"
        if instance > 1:
            results += "; arc=pass" if not self.chance(4) else "; arc=fail"
        message = results.encode() + b"\r\n" + message
        names = {field.split(b":")[0].strip().lower() for field in split(message)[0]}
        signed = [name for name in (b"to", b"subject", b"date", b"x-one")
                  if name in names and self.chance(70)]
        made = dkim.ARC(message).sign(selector.encode(), domain.encode(), private,
                                      server.encode(), include_headers=[b"from"] + signed)
        keys[f"{selector}._domainkey.{domain}"] = "v=DKIM1; k=rsa; p=" + public
        return b"".join(made) + message

    def between(self, message, story):
        """What a hop may do to a message before it passes it on."""
        fields, body = split(message)
        if self.chance(50):
            story.append("a footer")
            return join(fields, body + b"footer\r\n")
        story.append("a field on top")
        return join([self.header(self.pick("Received", "Subject", "X-One"))] + fields, body)

    def broken(self, message, story):
        fields, body = split(message)
        places = [at for at, field in enumerate(fields)
                  if field.split(b":")[0].lower() in [name.lower() for name in ARC_FIELDS]]
        if not places:
            return message
        at = self.random.choice(places)
        change = self.pick(self.drop, self.double, self.renumber, self.restate, self.reword,
                           self.respace, self.move, self.add_tag)
        story.append(f"{change.__name__} {fields[at][:40]}")
        return join(change(fields, at), body)

    def drop(self, fields, at):
        return fields[:at] + fields[at + 1:]

    def double(self, fields, at):
        return fields[:at] + [fields[at]] + fields[at:]

    def move(self, fields, at):
        return [fields[at]] + fields[:at] + fields[at + 1:]

    def renumber(self, fields, at):
        import re
        number = self.pick(b"0", b"1", b"2", b"3", b"51", b"x", b"")
        changed = re.sub(rb"\bi=\d+", b"i=" + number, fields[at], count=1)
        return fields[:at] + [changed] + fields[at + 1:]

    def restate(self, fields, at):
        import re
        status = self.pick(b"none", b"pass", b"fail", b"maybe")
        return [re.sub(rb"\bcv=\w+", b"cv=" + status, field)
                if index == at or self.chance(20) else field
                for index, field in enumerate(fields)]

    def reword(self, fields, at):
        changed = fields[at].replace(b"spf=pass", b"spf=none").replace(b"t=1", b"t=2")
        return fields[:at] + [changed] + fields[at + 1:]

    def respace(self, fields, at):
        changed = fields[at].replace(b"; ", b";\r\n\t ", 2)
        return fields[:at] + [changed] + fields[at + 1:]

    def add_tag(self, fields, at):
        tag = self.pick(b"h=from;", b"zz=1;", b"l=0;", b"a=rsa-sha1;", b"c=simple/simple;")
        changed = fields[at].rstrip(b"; ").replace(b" b=", b" " + tag + b" b=", 1)
        return fields[:at] + [changed] + fields[at + 1:]


class Dkimpy:
    def judge(self, case):
        import dkim

        def txt(name, timeout=5):
            text = case["keys"].get(name.decode().rstrip(".").lower())
            return text.encode() if text is not None else None
        try:
            cv, _, reason = dkim.arc_verify(base64.b64decode(case["message"]), dnsfunc=txt)
        except Exception as trouble:
            return {"result": "fail", "reason": f"died: {type(trouble).__name__}: {trouble}"}
        # None: a chain that has ended, which RFC 8617, 5.2, step 2 calls fail
        return {"result": "fail" if cv is None else cv.decode(), "reason": reason}


def peers_of(Pipe):
    here = pathlib.Path(__file__).resolve().parent
    peers = {"dkimpy": Dkimpy()}
    found = subprocess.run(["perl", "-MMail::DKIM::ARC::Verifier", "-e", "1"],
                           capture_output=True)
    if found.returncode == 0:
        peers["Mail::DKIM"] = Pipe(["perl", str(here / "peer_mail_dkim.pl")])
    else:
        print("diff: Mail::DKIM is not installed (libmail-dkim-perl): left out")
    return peers


def verdict(peer, case):
    theirs = peer.judge(case)
    return dict(theirs, result="fail" if theirs["result"] == "invalid" else theirs["result"])


def differs(judge, peer, case):
    return judge.judge(case)["result"] != verdict(peer, case)["result"]


def run(judge, count, seed):
    from diff import Pipe
    from known import is_known
    logging.disable(logging.CRITICAL)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as directory:
        make_keys(pathlib.Path(directory))
    peers = peers_of(Pipe)
    known, results, unknown, done = {}, {}, 0, 0
    for number in range(seed, seed + count):
        case = Maker(number).case(number)
        ours = judge.judge(case)
        results[ours["result"]] = results.get(ours["result"], 0) + 1
        for name, peer in peers.items():
            theirs = verdict(peer, case)
            done += 1
            if ours["result"] == theirs["result"]:
                continue
            why = is_known(name, case, ours, theirs)
            if why:
                known[why] = known.get(why, 0) + 1
                continue
            unknown += 1
            if unknown <= 40:
                small = minimise(case, lambda one, peer=peer: differs(judge, peer, one))
                print(base64.b64decode(small["message"]).decode("latin-1")[:3000])
                print(f"--- seed {number} {case['story']}: {name} says {theirs['result']} "
                      f"({theirs['reason']}), we say {ours['result']} ({ours['reason']})")
    for why, times in sorted(known.items()):
        print(f"known: {times} times: {why}")
    print(f"diff: {done} ARC comparisons ({results}), seed {seed}, {unknown} not explained, "
          f"{time.perf_counter() - start:.0f} s")
    return unknown
