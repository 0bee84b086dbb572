#!/usr/bin/env python3
"""Clients of the sandbox for its tests.

usage: client.py WHAT...      where is in MAILASSAY_SMTP_HOST and the others

Each WHAT is one of the functions do_WHAT() below; "WHAT=value" hands it a value. What the server
said is printed, one line for each reply.
"""
import os
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import time

HOST = os.environ["MAILASSAY_SMTP_HOST"]
PORT = int(os.environ["MAILASSAY_SMTP_PORT"])
TREE = os.environ.get("TREE", ".")
UNSIGNED = (b"From: a@good.example\r\nTo: x@example.net\r\nSubject: hi\r\n"
            b"Date: Tue, 24 Nov 2026 09:58:03 +0000\r\nMessage-ID: <1@good.example>\r\n\r\n"
            b"hello\r\n")


def signed():
    text = open(os.path.join(TREE, "testdata/demo/good.eml"), "rb").read()
    return text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def send(message, recipients=("x@example.net",), before=None):
    """One message by smtplib; prints the reply to its end."""
    server = smtplib.SMTP(HOST, PORT, "mail.good.example")
    try:
        if before:
            before(server)
        server.ehlo()
        print(*server.mail("a@good.example"))
        for recipient in recipients:
            print(*server.rcpt(recipient))
        print(*server.data(message))
        server.quit()
    except smtplib.SMTPException as trouble:
        print(trouble)


def do_unsigned(value):
    send(UNSIGNED, value.split(",") if value else ["x@example.net"])


def do_signed(value):
    send(signed(), value.split(",") if value else ["x@example.net"])


def do_xclient(value):
    def before(server):
        server.ehlo()
        print(*server.docmd("XCLIENT", value))
    send(signed(), before=before)


def context():
    return ssl.create_default_context(cafile=os.environ["MAILASSAY_CA_FILE"])


def do_starttls(value):
    def before(server):
        print(*server.starttls(context=context()))
        print(server.sock.version())
    send(signed(), before=before)


def do_implicit(value):
    port = int(os.environ["MAILASSAY_SMTPS_PORT"])
    server = smtplib.SMTP_SSL(HOST, port, "mail.good.example", context=context())
    print(*server.data(signed()) if server.mail("a@good.example")[0] == 250 and
          server.rcpt("x@example.net")[0] == 250 else ("refused",))
    server.quit()


def do_greeting(value):
    """The greeting, or with a value the reply to that command"""
    with socket.create_connection((HOST, PORT), timeout=20) as server:
        reply = server.recv(1000)
        if value:
            server.sendall(value.encode() + b" mail.good.example\r\n")
            reply = server.recv(1000)
        print(reply.decode().strip() or "closed")


def do_badtls(value):
    server = smtplib.SMTP(HOST, PORT, "mail.good.example")
    try:
        server.starttls(context=context())
        print("a handshake")
    except (OSError, smtplib.SMTPException) as trouble:
        print("no TLS:", trouble)
    server.close()


def do_login(value):
    user, password = value.split(":")
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
        server = smtplib.SMTP(HOST, PORT, "mail.good.example")
        server.ehlo()
        server.user, server.password = user, password
        method = getattr(server, "auth_" + mechanism.lower().replace("-", "_"))
        try:
            print(mechanism, *server.auth(mechanism, method))
        except smtplib.SMTPException as trouble:
            print(mechanism, *trouble.args)
        server.close()


def dialogue(pieces, host=HOST, source=None, end=True):
    """Octets as they are; each piece waits for what the server says. Prints all of it."""
    link = socket.create_connection((host, PORT), timeout=30,
                                    source_address=(source, 0) if source else None)
    link.settimeout(30)
    said = b""
    for piece in pieces:
        try:
            link.sendall(piece)
            said += link.recv(65536)
        except OSError as trouble:
            said += f"({type(trouble).__name__})\n".encode()
            break
    if end:
        try:
            link.sendall(b"QUIT\r\n")
            link.shutdown(socket.SHUT_WR)
            while octets := link.recv(65536):
                said += octets
        except OSError:
            pass
    link.close()
    print(said.decode("latin-1").replace("\r\n", "\n"), end="")


ENVELOPE = b"EHLO mail.good.example\r\nMAIL FROM:<a@good.example>\r\nRCPT TO:<x@example.net>\r\n"


def do_proxy1(value):
    dialogue([b"PROXY TCP4 192.0.2.25 192.0.2.1 1234 25\r\n", ENVELOPE, b"DATA\r\n",
              signed() + b".\r\n"])


def do_proxy2(value):
    header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11" + struct.pack("!H4s4sHH", 12, bytes((192, 0, 2, 25)),
                                                          bytes((192, 0, 2, 1)), 1234, 25)
    dialogue([header, ENVELOPE, b"DATA\r\n", signed() + b".\r\n"])


def do_noproxy(value):
    dialogue([ENVELOPE])


def do_to(value):
    """By another address of loopback."""
    dialogue([b"", ENVELOPE, b"DATA\r\n", signed() + b".\r\n"][1:], host=value)


def do_from(value):
    dialogue([ENVELOPE, b"DATA\r\n", signed() + b".\r\n"], source=value)


def do_smuggle(value):
    dialogue([ENVELOPE, b"DATA\r\n", UNSIGNED + b"x\n.\nMAIL FROM:<evil@example.com>\r\n"
              b"RCPT TO:<y@example.net>\r\nDATA\r\nevil\r\n.\r\n"])


def do_injection(value):
    dialogue([b"EHLO x.example\r\n", b"STARTTLS\r\nMAIL FROM:<evil@example.com>\r\n"], end=False)


def do_hostile(value):
    """Whatever is not SMTP; the server says so each time and lives on."""
    lines = [b"x" * 70000 + b"\r\n", b"\0\0\0\0\r\n", bytes(range(256)) + b"\r\n", b"NOOP\n",
             b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]
    for line in lines:
        dialogue([b"", line][1:], end=line.endswith(b"\n"))
    for piece in (b"EHL", b"EHLO x.example\r\nMAIL FR", ENVELOPE + b"DATA\r\nhalf a mess"):
        link = socket.create_connection((HOST, PORT))
        link.sendall(piece)
        link.close()
    # a reset instead of an end
    link = socket.create_connection((HOST, PORT))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.sendall(ENVELOPE)
    link.close()


def do_endless(value):
    """A message without an end."""
    link = socket.create_connection((HOST, PORT), timeout=60)
    link.recv(1000)
    link.sendall(ENVELOPE + b"DATA\r\n")
    lines = b"no end is in sight\r\n" * 5000
    said = b""
    try:
        for _ in range(1000):
            link.sendall(lines)
    except OSError:
        pass
    try:
        while octets := link.recv(65536):
            said += octets
    except OSError:
        pass
    print(said.decode().replace("\r\n", "\n") or "closed", end="")


def do_recipients(value):
    dialogue([b"EHLO x.example\r\n", b"MAIL FROM:<a@good.example>\r\n"] +
             [b"RCPT TO:<x%d@example.net>\r\n" % number for number in range(int(value))])


def do_trickle(value):
    """A message of one octet at a time: it comes in all the same."""
    link = socket.create_connection((HOST, PORT), timeout=60)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.recv(1000)
    for octet in ENVELOPE + b"DATA\r\n" + UNSIGNED + b".\r\nQUIT\r\n":
        link.sendall(bytes((octet,)))
    said = b""
    while octets := link.recv(65536):
        said += octets
    print(said.decode().replace("\r\n", "\n"), end="")


def do_renegotiate(value):
    """Another handshake within TLS 1.2, as openssl asks for it with R."""
    run = subprocess.run(["openssl", "s_client", "-tls1_2", "-starttls", "smtp", "-connect",
                          "%s:%d" % (HOST, PORT)], input=b"R\nNOOP\n", stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, timeout=30, check=False)
    print("renegotiation refused" if b"no renegotiation" in run.stdout else "renegotiation: " +
          run.stdout.decode("latin-1")[-300:])


def do_slow(value):
    """An octet now and then, until the server has had enough."""
    link = socket.create_connection((HOST, PORT), timeout=30)
    said = link.recv(1000)
    try:
        for _ in range(200):
            link.sendall(b"x")
            time.sleep(0.05)
    except OSError:
        pass
    try:
        said += link.recv(1000)
    except OSError:
        pass
    print(said.decode().replace("\r\n", "\n"), end="")


def do_many(value):
    """More connections than are taken at a time; each of the others hears why."""
    links = []
    refused = 0
    for _ in range(int(value)):
        link = socket.create_connection((HOST, PORT), timeout=30)
        refused += link.recv(100).startswith(b"421")
        links.append(link)
    print("refused", refused)
    for link in links:
        link.close()


def do_large(value):
    """A message of so many octets; in clear."""
    link = smtplib.SMTP(HOST, PORT, "mail.good.example")
    link.ehlo()
    link.mail("a@good.example")
    link.rcpt("x@example.net")
    link.putcmd("data")
    link.getreply()
    link.send(UNSIGNED)
    line = b"0123456789" * 7 + b"\r\n"
    for _ in range(int(value) // (len(line) * 1000)):
        link.send(line * 1000)
    link.send(b".\r\n")
    print(*link.getreply())


def do_page(value):
    """A message with HTML that would load, and run a script"""
    send(UNSIGNED.replace(b"\r\n\r\n", b"\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
                          b"<h1>HTML</h1><img src='http://192.0.2.1/x' alt=''><script>"
                          b"console.error('ran')</script><a href='http://192.0.2.1/'>a</a>\r\n"))


def do_fallback(value):
    """One listener after the other, as MX hosts, until one takes the message"""
    for host in value.split(","):
        try:
            with smtplib.SMTP(host, PORT, "mail.good.example") as server:
                server.sendmail("a@good.example", "mx@example.net", UNSIGNED)
                return
        except (OSError, smtplib.SMTPException) as trouble:
            print(trouble)


def do_wait(value):
    time.sleep(float(value))


def do_status(value):
    sys.exit(int(value))


for word in sys.argv[1:]:
    name, _, given = word.partition("=")
    globals()["do_" + name](given)
    sys.stdout.flush()
