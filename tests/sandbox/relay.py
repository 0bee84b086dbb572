"""Gives a relay mail for the sandbox, and waits until it came: relay.py PORT SPOOL COUNT

The signed message of the demo goes to an ordinary recipient, and to one that is greylisted: a relay
tries again. COUNT messages are waited for.
"""
import glob
import os
import smtplib
import sys
import time

PORT, SPOOL, COUNT = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
TREE = os.environ["TREE"]


def main():
    with open(TREE + "/testdata/demo/good.eml", "rb") as file:
        message = file.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    recipients = ["x@example.net", "y+greylist@example.org"][:COUNT]
    for recipient in recipients:
        with smtplib.SMTP("127.0.0.1", PORT, "app.good.example", timeout=30) as server:
            server.sendmail("a@good.example", [recipient], message)
    for _ in range(600):
        if len(glob.glob(SPOOL + "/*.report.json")) >= COUNT:
            time.sleep(0.5)  # the relay reads the answer
            return
        time.sleep(0.1)
    sys.exit("only %d of %d messages came" % (len(glob.glob(SPOOL + "/*.report.json")), COUNT))


main()
