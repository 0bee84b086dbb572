"""A name server on loopback that does what name servers should not.

What it does is chosen by the first label below "storm.example": each is a function of
the question, and answers over UDP and TCP. Everything else is NXDOMAIN with a SOA.
"""
import socket
import struct
import threading
import time

A, CNAME, SOA, MX, TXT, AAAA = 1, 5, 6, 15, 16, 28
HEADER = struct.Struct("!HHHHHH")


def encode(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) \
        + b"\0"


def record(owner, kind, data, ttl=60):
    return encode(owner) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def txt(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return b"".join(bytes([len(raw[i:i + 255])]) + raw[i:i + 255]
                    for i in range(0, len(raw), 255)) or b"\0"


class Question:
    def __init__(self, packet):
        self.id, _, count = struct.unpack("!HHH", packet[:6])
        labels, at = [], 12
        while packet[at]:
            labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
            at += 1 + packet[at]
        self.raw = packet[12:at + 5]
        self.name = ".".join(labels).lower()
        self.kind = struct.unpack("!H", packet[at + 1:at + 3])[0]
        del count

    def reply(self, *answers, rcode=0, truncated=False, question=None, number=None, authority=()):
        flags = 0x8580 | rcode | (0x0200 if truncated else 0)
        return HEADER.pack(self.id if number is None else number, flags, 1, len(answers),
                           len(authority), 0) + (question or self.raw) + b"".join(answers) + \
            b"".join(authority)

    def nothing(self, rcode=3):
        soa = encode("ns.example") + encode("host.example") + struct.pack("!5I", 1, 2, 3, 4, 60)
        return self.reply(rcode=rcode, authority=[record("example", SOA, soa)])


def storm_loop(question, tcp):
    """a CNAME that leads back to itself through another"""
    return question.reply(
        record(question.name, CNAME, encode("x." + question.name)),
        record("x." + question.name, CNAME, encode(question.name)))


def storm_chain(question, tcp):
    """a CNAME that never ends"""
    labels = question.name.split(".")
    number = int(labels[0][1:]) + 1 if labels[0][0] == "n" and labels[0][1:].isdigit() else 0
    rest = labels[1:] if labels[0].startswith("n") and labels[0][1:].isdigit() else labels
    return question.reply(record(question.name, CNAME, encode(f"n{number}." + ".".join(rest))))


def storm_big(question, tcp):
    """64 kB of TXT"""
    if not tcp:
        return question.reply(truncated=True)
    text = txt("v=spf1 " + "ip4:192.0.2.1 " * 4500 + "-all")
    return question.reply(record(question.name, TXT, text)) if question.kind == TXT \
        else question.nothing(0)


def storm_many(question, tcp):
    """thousands of records"""
    if not tcp:
        return question.reply(truncated=True)
    if question.kind == A:
        return question.reply(*[record(question.name, A, bytes([192, 0, 2, i % 256]))
                                for i in range(1000)])
    if question.kind == TXT:
        return question.reply(*[record(question.name, TXT, txt(f"v=spf1 a mx -all {i}"))
                                for i in range(600)])
    if question.kind == MX:
        return question.reply(*[record(question.name, MX, b"\0\1" +
                                       encode(f"m{i}." + question.name)) for i in range(600)])
    return question.nothing(0)


def storm_wrongid(question, tcp):
    """right answers with wrong ids, thousands of them"""
    return [question.reply(record(question.name, TXT, txt("v=spf1 +all")),
                           number=(question.id + i) & 0xffff) for i in range(1, 200)]


def storm_wrongquestion(question, tcp):
    """an answer to something nobody asked"""
    other = encode("evil.example") + struct.pack("!HH", TXT, 1)
    return question.reply(record("evil.example", TXT, txt("v=spf1 +all")), question=other)


def storm_pointers(question, tcp):
    """names that point at themselves, forwards and past the end"""
    head = HEADER.pack(question.id, 0x8580, 1, 3, 0, 0) + question.raw
    at = len(head)
    loop = struct.pack("!H", 0xc000 | at)
    return head + loop + struct.pack("!HHIH", TXT, 1, 60, 4) + b"\3abc" + \
        b"\xff\xff" + struct.pack("!HHIH", TXT, 1, 60, 4) + b"\3abc" + \
        b"\xc0\x0c" + struct.pack("!HHIH", TXT, 1, 60, 60000) + b"\3abc"


def storm_garbage(question, tcp):
    """octets"""
    return struct.pack("!H", question.id) + b"\x85\x80" + bytes(range(256)) * 2


def storm_slow(question, tcp):
    """a drop at a time"""
    if not tcp:
        return question.reply(truncated=True)
    return "drip"


def storm_silent(question, tcp):
    """nothing at all"""
    return []


def storm_bomb(question, tcp):
    """includes ten wide and without end deep"""
    if question.kind == TXT and not question.name.startswith("_"):
        parts = " ".join(f"include:i{i}.{question.name}" for i in range(10)
                         if len(question.name) < 200)
        return question.reply(record(question.name, TXT, txt(f"v=spf1 {parts} -all"[:4000])))
    return question.nothing()


def storm_bytes(question, tcp):
    """control characters, quotes and broken UTF-8 in every text"""
    text = b'v=spf1 \x1b[31m"\\\xff\xfe\r\n\xe2\x80\xae a:%{d} exp=e.' + question.name.encode()
    if question.name.startswith("_dmarc"):
        text = b"v=DMARC1; p=\x1b]0;owned\x07; rua=mailto:\xff@\xe2\x80\xa8"
    return question.reply(record(question.name, TXT, txt(text))) if question.kind == TXT \
        else question.nothing(0)


STORMS = {name[6:]: function for name, function in globals().items()
          if name.startswith("storm_")}


def sockets_of_one_port():
    """A port that is free over UDP may be taken over TCP: then another one."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind(("127.0.0.1", 0))
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
            continue
        return udp, tcp


class Server:
    def __init__(self):
        self.udp, self.tcp = sockets_of_one_port()
        self.port = self.udp.getsockname()[1]
        self.tcp.listen(64)
        self.questions = 0
        for target in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=target, daemon=True).start()

    def answer(self, packet, tcp):
        self.questions += 1
        question = Question(packet)
        labels = question.name.split(".")
        if labels[-2:] != ["storm", "example"] or len(labels) < 3:
            return question.nothing()
        storm = STORMS.get(labels[-3])
        return storm(question, tcp) if storm else question.nothing()

    def serve_udp(self):
        while True:
            packet, peer = self.udp.recvfrom(4096)
            replies = self.answer(packet, False)
            for reply in replies if isinstance(replies, list) else [replies]:
                self.udp.sendto(reply[:4000], peer)

    def serve_tcp(self):
        while True:
            connection, _ = self.tcp.accept()
            threading.Thread(target=self.serve_one, args=(connection,), daemon=True).start()

    def serve_one(self, connection):
        try:
            size = struct.unpack("!H", connection.recv(2))[0]
            packet = b""
            while len(packet) < size:
                packet += connection.recv(size - len(packet))
            reply = self.answer(packet, True)
            if reply == "drip":
                connection.send(struct.pack("!H", 60000))
                for _ in range(600):
                    connection.send(b"x")
                    time.sleep(0.1)
            elif reply:
                connection.sendall(struct.pack("!H", len(reply)) + reply)
        except OSError:
            pass
        finally:
            connection.close()
