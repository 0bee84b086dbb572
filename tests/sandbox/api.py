#!/usr/bin/env python3
"""Page and interface of the sandbox, over a real session; run by it as its command.

What is wrong is printed, and the status is 1 then.
"""
import email.message
import http.client
import json
import os
import smtplib
import socket
import sys
import threading
import time
import urllib.parse

PAGE = urllib.parse.urlsplit(os.environ["MAILASSAY_HTTP_URL"])
ROOT = urllib.parse.urlsplit(os.environ["MAILASSAY_MAILPIT_URL"])
SECRET = PAGE.path
HOSTILE = '</td><script>alert(1)</script>&"\''
failures = 0


def must(is_so, what, shown=""):
    global failures
    if not is_so:
        failures += 1
        print("FAULT: %s: %.400s" % (what, shown))


def ask(path, method="GET", body=None, headers=None):
    """Status, header fields and body of an answer."""
    connection = http.client.HTTPConnection(ROOT.hostname, ROOT.port, timeout=20)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    octets = answer.read()
    connection.close()
    return answer.status, answer.headers, octets


def ask_json(path, method="GET", body=None):
    status, _, octets = ask(path, method, body)
    must(status == 200, "%s %s" % (method, path), "%d %r" % (status, octets))
    return json.loads(octets) if status == 200 else {}


def send(subject, to="x@example.net", hidden=()):
    message = email.message.EmailMessage()
    message["From"] = '"Shop, Inc." <a@good.example>'
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<%d@good.example>" % len(subject)
    message.set_content("The code is 4711.\n" + HOSTILE)
    message.add_alternative("<p>Grüße</p><script>alert(2)</script>"
                            "<img src=\"http://192.0.2.1/pixel\">", subtype="html")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="rows.csv")
    server = smtplib.SMTP(os.environ["MAILASSAY_SMTP_HOST"], int(os.environ["MAILASSAY_SMTP_PORT"]),
                          "mail.good.example")
    server.send_message(message, "a@good.example", [to, *hidden])
    server.quit()


def send_raw(octets):
    server = smtplib.SMTP(os.environ["MAILASSAY_SMTP_HOST"], int(os.environ["MAILASSAY_SMTP_PORT"]),
                          "mail.good.example")
    server.sendmail("a@good.example", ["x@example.net"], octets)
    server.quit()


def try_waits():
    began = time.monotonic()
    none = ask_json(SECRET + "api/wait?count=1&within=1")
    must(none == {"count": 0, "wanted": 1, "reached": False}, "a wait in vain", none)
    must(0.9 < time.monotonic() - began < 5, "how long it waited", time.monotonic() - began)
    threading.Timer(0.5, send, (HOSTILE,), {"hidden": ["hidden@example.org"]}).start()
    came = ask_json(SECRET + "api/wait?count=1&within=15")
    must(came == {"count": 1, "wanted": 1, "reached": True}, "a wait", came)


def try_mailpit():
    send("Grüße", to="other@example.net")
    send_raw(b"From: a@good.example\r\nSubject: \xff\xfe\x01\x1b[31m <b>\r\n\r\nraw \xff octets\r\n")
    listed = ask_json("/api/v1/messages")
    must(listed["total"] == 3 and listed["count"] == 3 and listed["start"] == 0, "the list", listed)
    first = listed["messages"][2]
    must(first["From"] == {"Name": "Shop, Inc.", "Address": "a@good.example"}, "From", first)
    must([one["Address"] for one in first["To"]] == ["x@example.net"], "To", first)
    must([one["Address"] for one in first["Bcc"]] == ["hidden@example.org"], "Bcc", first)
    must(first["Subject"] == HOSTILE and first["Attachments"] == 1, "subject", first)
    must(first["Snippet"].startswith("The code is 4711."), "snippet", first)
    page = ask_json("/api/v1/messages?start=1&limit=1")
    must([one["ID"] for one in page["messages"]] == ["000002"], "a part of the list", page)
    message = ask_json("/api/v1/message/000001")
    must(message["HTML"].startswith("<p>Grüße</p>"), "HTML", message)
    must("The code is 4711." in message["Text"], "text", message)
    must(message["Attachments"][0]["FileName"] == "rows.csv", "attachment", message)
    must(message["Attachments"][0]["Size"] == 4, "its size", message)
    must(message["ReturnPath"] == "a@good.example", "return path", message)
    must(ask_json("/api/v1/message/latest")["ID"] == "000003", "the latest")
    headers = ask_json("/api/v1/message/000001/headers")
    must(headers["To"] == ["x@example.net"], "headers", headers)
    status, fields, octets = ask("/api/v1/message/000003/raw")
    must(status == 200 and octets.endswith(b"raw \xff octets\r\n"), "raw", octets)
    must(fields["Content-Type"].startswith("text/plain"), "its type", fields)
    for query, found in (("to:other@example.net", ["000002"]), ("subject:Grüße", ["000002"]),
                         ("4711", ["000002", "000001"]), ("4711 -to:other", ["000001"]),
                         ('"code is 4711" to:hidden', ["000001"]), ("from:nobody", []),
                         ("message-id:5@good", ["000002"])):
        result = ask_json("/api/v1/search?query=" + urllib.parse.quote(query))
        must([one["ID"] for one in result["messages"]] == found, query, result)
        must(result["messages_count"] == len(found), "count of " + query, result)
    must(ask("/api/v1/search")[0] == 400, "a search for nothing")
    for path in ("/api/v1/message/000009", "/api/v1/message/../x", "/api/v1/message/1/x",
                 "/api/v1/other", "/api/messages", "/messages/000001", "/"):
        must(ask(path)[0] == 404, path)


def try_page():
    status, fields, octets = ask(SECRET)
    text = octets.decode()
    must(status == 200 and fields["Refresh"], "the page", status)
    must("<script" not in text and "&lt;script&gt;" in text, "markup of strangers in the list", text)
    must("\x1b" not in text, "control characters in the list", text)
    must("default-src 'none'" in text, "its policy", text)
    for number in ("000001", "000003"):
        text = ask(SECRET + "messages/" + number)[2].decode()
        must("<script" not in text and "\x1b" not in text, "markup of strangers", text)
    text = ask(SECRET + "messages/000001")[2].decode()
    must("ehlo mail.good.example" in text and "4711" in text, "session and text", text)
    must('<iframe sandbox title=' in text and "frame-src 'self'" in text, "the frame", text)
    status, fields, octets = ask(SECRET + "messages/000001/html")
    must(octets.startswith(b"<p>"), "what stands in it", octets)
    must(fields["Content-Security-Policy"].startswith("sandbox; default-src 'none'"), "its policy",
         fields)
    must("id=\"report\"" in ask(SECRET + "messages/000001/report")[2].decode(), "the report")
    must(b"Subject: " in ask(SECRET + "messages/000001/headers")[2], "headers")
    must(ask(SECRET + "messages/000001/raw")[2].startswith(b"From: "), "source")
    record = ask_json(SECRET + "api/messages/000001")
    must(record["sandbox"] == 1 and record["id"] == "000001", "the record", record)
    must(ask_json(SECRET + "api/messages/000001/report")["schema"] == 1, "its report")
    must(ask_json(SECRET + "api/messages")["messages"][0]["id"] == "000003", "records")


def try_strangers():
    must(ask("/api/v1/messages", headers={"Host": "mail.example"})[0] == 421, "another host")
    for path in ("/" + "0" * 32 + "/", SECRET + "api/v1"):
        must(ask(path)[0] == 404, path)
    status, fields, _ = ask("/api/v1/messages", "OPTIONS", headers={"Origin": "http://a.example"})
    must(status == 405 and "Access-Control-Allow-Origin" not in fields, "another site", fields)
    must(ask("/api/v1/messages", "POST", b"x")[0] == 405, "POST")
    # bound: LIMIT_WEB_LISTED past
    must(ask_json("/api/v1/messages?limit=99999999&start=x")["count"] == 3, "a large list")
    must(ask("/api/v1/messages", "DELETE", b"x" * 70000)[0] == 413, "a large body")
    must(ask("/api/v1/messages", "DELETE", b"[1]")[0] == 400, "a body of another kind")
    gone = socket.create_connection((ROOT.hostname, ROOT.port))
    gone.sendall(("GET %sapi/wait?count=99&within=9999 HTTP/1.1\r\nHost: %s\r\n\r\n"
                  % (SECRET, ROOT.netloc)).encode())
    gone.close()
    must(ask_json("/api/v1/messages")["total"] == 3, "after one that went away")


def listen(query="", fields=None):
    """The answer to one who listens to events."""
    connection = http.client.HTTPConnection(ROOT.hostname, ROOT.port, timeout=20)
    connection.request("GET", SECRET + "api/events" + query, headers=fields or {})
    return connection.getresponse()


def hear(answer):
    """The next event: its fields; comments and events without data are left out."""
    event = {}
    for line in iter(answer.readline, b""):
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            event[name] = value
        elif "data" in event:
            return event
    return {}


def try_events():
    answer = listen("?after=0")
    must(answer.headers["Content-Type"] == "text/event-stream", "events", answer.headers)
    heard = [json.loads(hear(answer)["data"])["id"] for _ in range(3)]
    must(heard == ["000001", "000002", "000003"], "events from the first on", heard)
    again = hear(listen(fields={"Last-Event-ID": "2"}))
    must(again["id"] == "3" and again["event"] == "message", "events after those seen", again)
    answer.close()
    # bound: LIMIT_WEB_LISTENERS both
    many = [listen() for _ in range(55)]
    statuses = [one.status for one in many]
    allowed = statuses.count(200)
    must(47 < allowed <= 50, "listeners", allowed)  # two from before may count until they are missed
    must(statuses.count(503) == 55 - allowed, "more than may listen", statuses)
    for one in many[1:]:
        one.close()
    return many[0]


def try_delete(listener):
    must(ask("/api/v1/messages", "DELETE", b'{"IDs":["000002","000077"]}')[0] == 200, "delete one")
    left = [one["ID"] for one in ask_json("/api/v1/messages")["messages"]]
    must(left == ["000003", "000001"], "what is left", left)
    must(ask("/api/v1/messages", "DELETE")[0] == 200, "delete all")
    must(ask_json("/api/v1/messages")["total"] == 0, "nothing is left")
    must(ask("/api/v1/message/latest")[0] == 404, "the latest of none")
    threading.Timer(0.3, send, ("again",)).start()
    heard = hear(listener)
    must(heard["id"] == "4" and json.loads(heard["data"])["id"] == "000004", "an event", heard)
    late = listen("?after=0")
    for _ in range(50):  # those who are gone are missed
        if late.status == 200:
            break
        time.sleep(0.1)
        late = listen("?after=0")
    must(hear(late).get("id") == "4", "no events of what was deleted", late.status)
    must(ask_json("/api/v1/message/latest")["Subject"] == "again", "a new one")


try_waits()
try_mailpit()
try_page()
try_strangers()
try_delete(try_events())
sys.exit(1 if failures else 0)
