"""Write good.eml and broken.eml, signed with the test keys."""
import dkim

RECEIVED = """Return-Path: <{sender}>
Received: from {helo} ({helo} [{ip}])
\tby mx.receiver.example with ESMTPS id 4XkPzQ1vLpz9sT
\tfor <anna@receiver.example>; Tue, 24 Nov 2026 09:58:12 +0000
"""
GOOD = """From: Good Shop <news@good.example>
To: anna@receiver.example
Subject: Your order 20261124-17 is on its way
Date: Tue, 24 Nov 2026 09:58:03 +0000
Message-ID: <20261124095803.17@mail.good.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Anna,

your order left our warehouse this morning and should be with you on
Thursday.

Good Shop
"""
BROKEN = """From: Broken Sales <offers@broken.example>
To: anna@receiver.example
Subject: Last chance: 30% off until Friday
Date: Tue, 24 Nov 2026 09:41:55 +0000
Message-ID: <7c1f0e2a@crm.broken.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Hello Anna,

everything in our shop is 30% cheaper until Friday.

Broken Sales
"""
FOOTER = """
-- 
Sent with MailerPro. Unsubscribe: https://mailer.example/u/7c1f0e2a
"""
FIELDS = [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"]


def sign(text, domain, selector, key):
    message = text.replace("\n", "\r\n").encode()
    private = open(f"../dkim/{key}.pem", "rb").read()
    field = dkim.sign(message, selector.encode(), domain.encode(), private,
                      canonicalize=(b"relaxed", b"relaxed"), include_headers=FIELDS)
    return field.decode().replace("\r\n", "\n")


def write(path, text):
    with open(path, "w", newline="\n") as file:
        file.write(text)


dkim.time.time = lambda: 1795514283  # 2026-11-24T09:58:03Z: the same bytes every time

write("good.eml",
      RECEIVED.format(sender="news@good.example", helo="mail.good.example", ip="192.0.2.25")
      + sign(GOOD, "good.example", "m2026", "rsa2048") + GOOD)
write("broken.eml",
      RECEIVED.format(sender="b-7c1f0e2a@bounce.mailer.example", helo="smtp7.mailer.example",
                      ip="203.0.113.201")
      + sign(BROKEN, "broken.example", "s1", "rsa1024") + BROKEN + FOOTER)
