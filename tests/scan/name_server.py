"""A name server on loopback for scans: domains of one make, and troubles by number.

Every "dN.test" has mail, an SPF record that includes _spf.shared.test, and a DMARC record;
everything else does not exist. Answers are a function of the question, troubles of how many
questions came before, so nothing is left to chance.
"""
import socket
import struct
import threading
import time

A, NS, SOA, PTR, MX, TXT, AAAA = 1, 2, 6, 12, 15, 16, 28
HEADER = struct.Struct("!HHHHHH")


def names(count):
    return ["d%d.test" % number for number in range(count)]


def encode(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) \
        + b"\0"


def text(value):
    return bytes([len(value)]) + value.encode()


def record(owner, kind, data, ttl=300):
    return encode(owner) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def records(name, kind):
    """The records, or None where the name does not exist."""
    labels = name.split(".")
    domain = ".".join(labels[-2:])
    if name == "_spf.shared.test":
        return [record(name, TXT, text("v=spf1 ip4:192.0.2.0/24 -all"))] if kind == TXT else []
    if labels[-1] != "test" or not domain[1:-5].isdigit() or domain[0] != "d":
        return [] if name in ("test", "", "shared.test") else None
    number = int(domain[1:-5])
    if name == domain:
        return {MX: [record(name, MX, b"\0\n" + encode("mx." + domain))],
                TXT: [record(name, TXT, text("v=spf1 mx include:_spf.shared.test -all"))],
                NS: [record(name, NS, encode("ns%d.%s" % (n, domain))) for n in (1, 2)],
                SOA: [record(name, SOA, encode("ns1." + domain) + encode("host." + domain) +
                             struct.pack("!5I", 1, 7200, 3600, 1209600, 300))]}.get(kind, [])
    if labels[0] in ("mx", "ns1", "ns2") and len(labels) == 3:
        place = ("mx", "ns1", "ns2").index(labels[0])
        address = bytes([192, 0, 2 + place, number % 250 + 1])
        return [record(name, A, address)] if kind == A else []
    if name == "_dmarc." + domain:
        return [record(name, TXT, text("v=DMARC1; p=reject"))] if kind == TXT else []
    return None


class Server:
    """drop, servfail: one question in so many; delay: seconds; dead: answers nothing."""

    def __init__(self, drop=0, servfail=0, delay=0.0, port=0):
        self.drop, self.servfail, self.delay = drop, servfail, delay
        self.dead = False
        self.count = 0
        self.asked = {}
        self.most = 0  # questions that waited at the same time
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.spec = "live:127.0.0.1@%d" % self.port
        self.held = []
        threading.Thread(target=self.run, daemon=True).start()

    def answer(self, packet):
        number = struct.unpack("!H", packet[:2])[0]
        labels, at = [], 12
        while packet[at]:
            labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
            at += 1 + packet[at]
        question = packet[12:at + 5]
        name, kind = ".".join(labels).lower(), struct.unpack("!H", packet[at + 1:at + 3])[0]
        self.asked[name, kind] = self.asked.get((name, kind), 0) + 1
        if self.servfail and self.count % self.servfail == 0:
            return HEADER.pack(number, 0x8182, 1, 0, 0, 0) + question
        found = records(name, kind)
        soa = record("test", SOA, encode("ns.test") + encode("host.test") +
                     struct.pack("!5I", 1, 7200, 3600, 1209600, 300))
        if found:
            return HEADER.pack(number, 0x8580, 1, len(found), 0, 0) + question + b"".join(found)
        return HEADER.pack(number, 0x8580 | (0 if found == [] else 3), 1, 0, 1, 0) + question + soa

    def run(self):
        while True:
            wait = None
            if self.held:
                wait = max(0.0, self.held[0][0] - time.monotonic())
            try:
                self.socket.settimeout(wait if wait is None or wait > 0 else 0.000001)
                packet, peer = self.socket.recvfrom(4096)
            except (TimeoutError, BlockingIOError):
                packet = None
            except OSError:
                return
            if packet is not None:
                self.count += 1
                if not self.dead and not (self.drop and self.count % self.drop == 0):
                    self.held.append((time.monotonic() + self.delay, self.answer(packet), peer))
                    self.most = max(self.most, len(self.held))
            while self.held and self.held[0][0] <= time.monotonic():
                _, reply, peer = self.held.pop(0)
                try:
                    self.socket.sendto(reply, peer)
                except OSError:
                    pass

    def close(self):
        self.socket.close()
