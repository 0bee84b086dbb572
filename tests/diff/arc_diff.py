"""ARC: generated chains, sound and broken, sealed by dkimpy and judged by several validators.

The chain as a whole is compared: none, pass or fail.
"""
import base64
import logging

import dkim_diff
from minimise import minimise  # noqa: F401
from signer import KEYS, PEM, case_of, make_keys

IS_KNOWN_BY_THE_SMALLEST = False  # the story is that of the whole message
HOPS = ("list.example.org", "forwarder.example.net", "gateway.example.com")
ARC_FIELDS = (b"ARC-Authentication-Results", b"ARC-Message-Signature", b"ARC-Seal")
KEY_OF = dict(zip(HOPS, ("rsa2048", "rsa1024", "rsa4096")))


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
        return case_of(number, message, keys, arc=True, story=story)

    def seal(self, message, instance, keys):
        import dkim
        domain = self.pick(*HOPS)
        selector = f"s{instance}"
        private, public = PEM[KEY_OF[domain]], KEYS[KEY_OF[domain]][1]
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


class MailDkim:
    def __init__(self, pipe):
        self.pipe = pipe

    def judge(self, case):
        theirs = self.pipe.judge(case)
        result = "fail" if theirs["result"] == "invalid" else theirs["result"]
        return dict(theirs, result=result)


def prepare():
    logging.disable(logging.CRITICAL)
    make_keys()


def peers():
    from diff import perl_peer
    other = perl_peer("Mail::DKIM::ARC::Verifier", "peer_mail_dkim.pl")
    return {"dkimpy": Dkimpy(), **({"Mail::DKIM": MailDkim(other)} if other else {})}


def made(seed):
    return Maker(seed).case(seed)


def comparisons(case):
    return 1


def results(ours):
    return [ours["result"]]


def disagreements(ours, theirs):
    if ours["result"] != theirs["result"]:
        yield ours, theirs


def shown(case):
    return (base64.b64decode(case["message"]).decode("latin-1")[:3000] +
            f"\n{case.get('story')}")
