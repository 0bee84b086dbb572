"""A client of mailassay serve: client.py MAILASSAY FOLDER TREE"""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

MAILASSAY, FOLDER, TREE = sys.argv[1:4]
WORLD = ["--dns", "snapshot:%s/demo/world.snapshot" % FOLDER]
faults = []


def fault(text):
    faults.append(text)
    print("FAULT:", text)


class Server:
    """One that listens on a free port"""

    def __init__(self, *words, world=tuple(WORLD)):
        self.process = subprocess.Popen([MAILASSAY, "serve", "--listen", "127.0.0.1:0", *world,
                                         *words], stdout=subprocess.PIPE, text=True, cwd=FOLDER)
        self.url = self.process.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/[0-9a-f]{32}/)", self.url)
        if not found:
            sys.exit("no address: %r" % self.url)
        self.port, self.base = int(found[1]), found[2]

    def ask(self, method, path, body=None, headers=None):
        """Status, headers, body; paths without / at the start are behind the token"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path if path.startswith("/") else self.base + path, body,
                           headers or {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), text

    def post(self, path, fields):
        edge = "edge-of-the-parts"
        parts = b""
        for name, value in fields.items():
            value = value if isinstance(value, bytes) else value.encode()
            file = '; filename="x.eml"' if name == "upload" else ""
            parts += ("--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n" %
                      (edge, name, file)).encode() + value + b"\r\n"
        parts += ("--%s--\r\n" % edge).encode()
        return self.ask("POST", path, parts,
                        {"Content-Type": "multipart/form-data; boundary=" + edge})

    def api(self, path, **fields):
        status, _, text = self.ask("POST", "api/" + path, json.dumps(fields),
                                   {"Content-Type": "application/json"})
        return status, json.loads(text)

    def follow(self, path):
        """From a job to its report"""
        for _ in range(600):
            status, headers, text = self.ask("GET", path)
            if status == 303:
                place = headers["Location"]
                path = "r/" + place.rpartition("/")[2] if "/r/" in place else "job/" + \
                    place.rpartition("/")[2]
                continue
            if status != 202:
                return path, status, text
            time.sleep(0.05)
        return path, 0, b""

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(30) != 0:
            fault("SIGTERM: status %d" % self.process.returncode)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def cli(*words):
    return json.loads(subprocess.run([MAILASSAY, *words], stdout=subprocess.PIPE, cwd=FOLDER,
                                     stderr=subprocess.DEVNULL, check=False).stdout)


def ordinary(server):
    """What a person does"""
    status, headers, text = server.ask("GET", "")
    if status != 200 or b"<form" not in text:
        fault("no form: %d" % status)
    for name in ("Access-Control-Allow-Origin", "Server"):
        if name in headers:
            fault("the answer has %s" % name)
    message = read(FOLDER + "/demo/broken.eml")
    status, headers, _ = server.post("check", {"domain": "broken.example", "upload": message})
    if status != 303:
        fault("check: status %d" % status)
        return
    path, status, page = server.follow(headers["Location"])
    if status != 200 or b"REFUSED" not in page or not path.startswith("r/"):
        fault("no report: %d at %s" % (status, path))
    again = server.ask("GET", path)[2]
    if again != page:
        fault("the permalink shows something else")
    status, headers, text = server.ask("GET", path, headers={"Accept": "application/json"})
    if headers["Content-Type"] != "application/json" or json.loads(text)["result"] != "fail":
        fault("Accept: application/json gives no JSON")
    if json.loads(server.ask("GET", path + ".json")[2]) != json.loads(text):
        fault(".json is another report")
    if b'"snapshot":1' not in server.ask("GET", path + ".snapshot")[2]:
        fault("no snapshot")
    # a pasted message, and the same question again: the same address
    first = server.follow(server.post("check", {"domain": "good.example"})[1]["Location"])
    second = server.follow(server.post("check", {"domain": "good.example"})[1]["Location"])
    if first[0] != second[0]:
        fault("the same question has two addresses: %s and %s" % (first[0], second[0]))
    # the other forms
    zone = read(TREE + "/testdata/gate/old.zone")
    status, headers, _ = server.post("gate", {"old": zone.decode(), "new": zone.decode().replace(
        "p=quarantine", "p=none")})
    path, status, page = server.follow(headers.get("Location", "no"))
    if status != 200 or b"What this change" not in page:
        fault("gate: status %d, %r" % (status, page[:300]))
    status, headers, _ = server.post("explain", {"message": "550 5.1.1 <bob@example.net>: User unknown"})
    path, status, page = server.follow(headers.get("Location", "no"))
    if status != 200 or b"bob@example.net" not in page:
        fault("explain: status %d, %r" % (status, page[:300]))
    status, _, text = server.post("check", {"domain": ""})
    if status != 400 or b"no domain given" not in text:
        fault("no domain: %d" % status)


def equal(server):
    """Messages, bounces and zones: the same document as the command line writes"""
    old = read(TREE + "/testdata/gate/old.zone").decode()
    files = {"message": read(FOLDER + "/demo/broken.eml").decode(), "old": old,
             "new": old.replace("p=quarantine", "p=none")}
    bounce = read(TREE + "/testdata/explain/dragonfly.eml").decode()
    common = [*WORLD, "--no-https", "--format", "json"]
    now = "2026-11-25T10:00:00Z"
    for path, fields, words in (
            ("check", {"domain": "broken.example", "message": files["message"], "ip": "192.0.2.9",
                       "mail_from": "a@broken.example"},
             ["check", "--ip", "192.0.2.9", "--mail-from", "a@broken.example", *common,
              "broken.example", "message.eml"]),
            ("explain", {"message": bounce}, ["explain", *common, "message.eml"]),
            ("gate", {"old": files["old"], "new": files["new"], "now": now},
             ["gate", "--old", "old.zone", "--now", now, *common, "new.zone"])):
        for name, place in (("message", "message.eml"), ("old", "old.zone"), ("new", "new.zone")):
            if name in fields:
                with open(FOLDER + "/" + place, "wb") as file:
                    file.write(fields[name].encode())
        status, report = server.api(path, **fields)
        if status != 200 or report != cli(*words):
            fault("api/%s differs from the command line: %d" % (path, status))


def programs(server):
    """The interface for programs says what the command line says"""
    status, report = server.api("check", domain="good.example")
    want = cli("check", "good.example", *WORLD, "--no-https", "--format", "json")
    if status != 200 or report != want:
        fault("api/check differs from the command line (%d)" % status)
    message = read(FOLDER + "/demo/broken.eml").decode()
    status, report = server.api("check", domain="broken.example", message=message)
    if report["result"] != "fail" or report["dkim"][0]["result"] != "fail":
        fault("a message in JSON is not judged")
    zone = read(TREE + "/testdata/gate/old.zone").decode()
    status, report = server.api("gate", old=zone, new=zone.replace("p=quarantine", "p=none"))
    if status != 200 or report["result"] != "fail" or "subjects" not in report:
        fault("api/gate: %d %s" % (status, str(report)[:200]))
    reply = "550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown"
    status, report = server.api("explain", message=reply)
    if status != 200 or report["kind"] != "reply" or len(report["recipients"]) != 1:
        fault("api/explain: %d %s" % (status, str(report)[:200]))
    equal(server)
    for fields, want in (({"domain": "x", "ip": "no"}, "--ip"), ({}, "no domain given"),
                         ({"domain": 1}, "is not a string"),
                         ({"domain": "x", "mail_form": "a@x"}, "no such field: mail_form; there are domain "),
                         ({"domain": "x", "new": ""}, "no such field: new")):
        status, answer = server.api("check", **fields)
        if status != 400 or want not in answer["error"]:
            fault("api/check %s: %d %s" % (fields, status, answer))
    status, _, text = server.ask("POST", "api/check", "domain=x&mail_form=a", {
        "Content-Type": "application/x-www-form-urlencoded"})
    if status != 400 or b"no such field: mail_form" not in text:
        fault("a misspelt field of a form: %d %s" % (status, text))
    status, _, text = server.ask("POST", "api/check", "{", {"Content-Type": "application/json"})
    if status != 400 or b"not a JSON object" not in text:
        fault("broken JSON: %d" % status)
    description = json.loads(server.ask("GET", "api/openapi.json")[2])
    for path in ("/api/check", "/api/explain", "/api/gate"):
        place = description["servers"][0]["url"] + path
        if path not in description["paths"] or server.ask(
                "POST", place, "{}", {"Content-Type": "application/json"})[0] != 400:
            fault("OpenAPI does not lead to %s" % path)


def kept_out(server):
    """Who has no token, another name for the host, or too much"""
    for path in ("/", "/check", "/" + "0" * 32 + "/", server.base.rstrip("/")):
        status, _, text = server.ask("GET", path)
        if status != 404 or b"nothing at this address" not in text:
            fault("%s without the token: %d %r" % (path, status, text[-300:]))
    if server.ask("GET", "", headers={"Host": "rebind.example"})[0] != 421:
        fault("another name for the host is served")
    for path in ("r/" + "0" * 32, "r/../../etc/passwd", "r/%2e%2e", "job/x", "no"):
        if server.ask("GET", path)[0] != 404:
            fault("%s is there" % path)
    if server.ask("DELETE", "")[0] != 405:
        fault("DELETE is taken")
    # bound: LIMIT_WEB_BODY_BYTES both
    start = b'{"domain":"good.example","message":"Subject: x\\r\\n\\r\\n'
    line = b"a" * 70 + b"\\r\\n"
    most = 25 * 1024 * 1024
    for size, want in ((most, 200), (most + 1, 413)):
        left = size - len(start) - 2
        body = start + line * (left // len(line)) + b"b" * (left % len(line)) + b'"}'
        status, _, _ = server.ask("POST", "api/check", body,
                                  {"Content-Type": "application/json"})
        if status != want:
            fault("a body of %d octets: %d" % (size, status))
    # bound: LIMIT_WEB_FIELDS_BYTES past
    if server.post("check", {"domain": "a" * 70000})[0] != 413:
        fault("a field of 70,000 octets is taken")
    big = b"Subject: x\r\n\r\n" + b"line of a large message\r\n" * 800000
    status, headers, _ = server.post("check", {"domain": "good.example", "upload": big})
    if status != 303 or server.follow(headers["Location"])[1] != 200:
        fault("a message of %d octets: %d" % (len(big), status))


def children(pid):
    """Process numbers of all children"""
    return set(map(int, subprocess.run(["pgrep", "-P", str(pid)], stdout=subprocess.PIPE,
                                       text=True, check=False).stdout.split()))


def others(server):
    """Half requests, slow ones and a killed process cost nobody else anything"""
    sockets = []
    for start in (b"", b"GET ", b"POST %scheck HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                  b"Content-Length: 1000\r\n\r\nx" % (server.base.encode(), server.port)):
        for _ in range(30):
            one = socket.create_connection(("127.0.0.1", server.port))
            one.sendall(start)
            sockets.append(one)
    began = time.monotonic()
    if server.api("check", domain="good.example")[0] != 200:
        fault("not served beside half requests")
    if time.monotonic() - began > 20:
        fault("held up by half requests")
    results = []
    forking = children(server.process.pid)

    def ask():
        results.append(server.api("check", domain="broken.example")[0])
    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    killed = 0
    for _ in range(2000):
        judging = children(server.process.pid) - forking
        if judging:
            try:
                os.kill(judging.pop(), signal.SIGKILL)
                killed = 1
                break
            except ProcessLookupError:
                pass
    for thread in threads:
        thread.join()
    if killed != 1 or results.count(200) < 11 or results.count(500) > 1:
        fault("a killed process: %s" % results)
    # the process that forks them costs nobody anything
    results.clear()
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for one in forking:
        os.kill(one, signal.SIGKILL)
    for thread in threads:
        thread.join()
    if len(forking) != 1 or results.count(200) != 6:
        fault("the fork server was killed: %s" % results)
    for one in sockets:
        one.close()


def changed():
    """What a file of --dns says now counts, not what it said at the start"""
    path = FOLDER + "/changed.zone"
    zone = read(TREE + "/testdata/gate/old.zone").decode()

    def policy(text):
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)
        return server.api("check", domain="shop.example")[1]["dmarc"]["policy"]
    with open(path, "w", encoding="utf-8") as file:
        file.write(zone)
    os.chmod(path, 0o644)
    server = Server("--no-engines", world=["--dns", "zone:" + path])
    for want in ("quarantine", "none", "reject"):
        found = policy(zone.replace("p=quarantine", "p=" + want))
        if found != want:
            fault("the zone was changed to p=%s, the report says %s" % (want, found))
    report = server.api("check", domain="shop.example", ip="192.0.2.1",
                        mail_from="a@shop.example")[1]
    if report["engines"]:
        fault("--no-engines: the libraries were asked")
    server.end()


def progress():
    """What a report waits for is on the page that waits for it"""
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))
    server = Server(world=["--dns", "live:127.0.0.1@%d" % silent.getsockname()[1]])
    place = server.post("check", {"domain": "slow.example"})[1]["Location"]
    path, status, page = "job/" + place.rpartition("/")[2], 0, b""
    for _ in range(200):
        status, _, page = server.ask("GET", path)
        if status != 202 or b"asking DNS: 0 of" in page:
            break
        time.sleep(0.05)
    if status != 202 or b"asking DNS: 0 of" not in page:
        fault("no progress: %d %r" % (status, page[-400:]))
    server.end()
    silent.close()


def kept():
    """--keep: the address outlives the server"""
    place = FOLDER + "/kept"
    server = Server("--keep", place)
    path = server.follow(server.post("check", {"domain": "good.example"})[1]["Location"])[0]
    page = server.ask("GET", path)[2]
    base = server.base
    server.end()
    server = Server("--keep", place)
    if server.base != base or server.ask("GET", path)[2] != page:
        fault("--keep: the report is gone")
    server.end()


def main():
    server = Server("--jobs", "2")
    try:
        ordinary(server)
        programs(server)
        kept_out(server)
        others(server)
    finally:
        server.end()
    changed()
    progress()
    kept()
    sys.exit(1 if faults else 0)


main()
