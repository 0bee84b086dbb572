"""Write the messages of the worlds, signed with testdata/dkim/rsa2048.pem.

usage: /usr/bin/python3 sign.py (needs python3-dkim). What it writes is committed; run it after a
change of a message.
"""
import os

import dkim

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = os.path.join(HERE, "..", "dkim", "rsa2048.pem")
FIELDS = [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"]
TRACE = """Return-Path: <{sender}>
Received: from {helo} ({helo} [{ip}])
\tby mx.receiver.example with ESMTPS id 4XkPzQ1vLpz9sT
\tfor <anna@receiver.example>; Mon, 23 Nov 2026 20:00:12 +0000
"""
MESSAGE = """From: {author}
To: {to}
Subject: {subject}
Date: Mon, 23 Nov 2026 20:00:03 +0000
Message-ID: <20261123200003.1@{id}>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{body}
"""


def message(author, subject, body, to="anna@receiver.example"):
    return MESSAGE.format(author=author, subject=subject, body=body, to=to,
                          id=author.split("@")[1].rstrip(">"))


def sign(text, domain, selector):
    field = dkim.sign(text.replace("\n", "\r\n").encode(), selector.encode(), domain.encode(),
                      open(KEY, "rb").read(), canonicalize=(b"relaxed", b"relaxed"),
                      include_headers=FIELDS)
    return field.decode().replace("\r\n", "\n") + text


def write(world, text, sender, helo, ip):
    with open(os.path.join(HERE, world, "message.eml"), "w", newline="\n") as file:
        file.write(TRACE.format(sender=sender, helo=helo, ip=ip) + text)


dkim.time.time = lambda: 1795464003  # 2026-11-23T20:00:03Z: the same bytes every time

write("newsletter-startup",
      sign(message("Launch <hello@launch.example>", "We are live", "Come and see.\n\nLaunch"),
           "launch.example", "s1"),
      "bounces+4711-ab12@em4711.launch.example", "out82.mailgrid.example", "203.0.113.82")
write("club-with-forwarding",
      message("Rowing club <info@club.example>", "Your booking", "Boat 3, Saturday at ten."),
      "www-data@web7.sites.example", "web7.sites.example", "192.0.2.230")
write("franchise-by-redirect",
      sign(message("Berlin <berlin@berlin.franchise.example>", "Your table", "Friday, eight."),
           "franchise.example", "head"),
      "berlin@berlin.franchise.example", "mx.franchise.example", "192.0.2.241")
write("magazine-with-subdomains",
      sign(message("The letters <weekly@letters.magazine.example>", "Issue 47", "Read this."),
           "letters.magazine.example", "n1"),
      "weekly@letters.magazine.example", "out.magazine.example", "192.0.2.52")
write("key-rotated-too-early",
      sign(message("Accounts <accounts@rotation.example>", "Invoice 4711", "Due in 14 days."),
           "rotation.example", "q3"),
      "b-17@mailhub.example", "out6.mailhub.example", "203.0.113.150")
LIST = sign(message("Mia Member <mia@member.example>", "Minutes of Monday", "Attached below.",
                    to="board@lists.example"),
            "member.example", "m")
write("through-a-mailing-list",
      LIST.replace("Subject: ", "Subject: [board] ")
      + "\n_______________\nboard mailing list -- board@lists.example\n",
      "board-bounces@lists.example", "mx.lists.example", "203.0.113.160")
write("contractor-writes-as-the-company",
      sign(message("Company billing <billing@company.example>", "Invoice 17", "Due now."),
           "billing.example", "b1"),
      "bounce-17@billing.example", "out.billing.example", "203.0.113.181")
