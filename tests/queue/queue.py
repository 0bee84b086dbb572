"""A queue on a NATS server: filled, judged by scans that are killed, collected.

usage: queue.py MAILASSAY SOURCE

With QUEUE_SUBJECTS (100000, say) that many are judged, while every few seconds a scan, one of its
workers or the server is killed at random; QUEUE_DNS is then a source that knows d0.test and so on,
in place of the name server of the test.
"""
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

MAILASSAY, SOURCE = map(os.path.realpath, sys.argv[1:3])
sys.path.insert(0, os.path.join(SOURCE, "tests/scan"))
from name_server import Server  # noqa: E402

NOW = ["--no-https", "--now", "2026-11-24T00:00:00Z"]
TRIES = 5  # LIMIT_QUEUE_TRIES
SUBJECTS = int(os.environ.get("QUEUE_SUBJECTS", 300))
MANY = 10000  # from here on kills come at random
work = tempfile.mkdtemp()
faults = []
started = []


def fault(text):
    faults.append(text)
    print("FAULT:", text)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


PORT = free_port()
URL = "nats://127.0.0.1:%d" % PORT


def begin(*command):
    with open(os.path.join(work, "log"), "a") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    started.append(process)
    return process


def begin_server():
    server = begin("nats-server", "-js", "-a", "127.0.0.1", "-p", str(PORT), "-sd",
                   os.path.join(work, "store"))
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", PORT), 1).close()
            return server
        except OSError:
            time.sleep(0.05)
    raise SystemExit("nats-server does not start")


def queue(*words, status=0):
    run = subprocess.run([MAILASSAY, "queue", *words], capture_output=True, text=True,
                         timeout=60 + SUBJECTS / 100)
    if run.returncode != status:
        fault("queue %s: status %d: %s" % (words[0], run.returncode, run.stderr))
    return run.stdout + run.stderr


def counts():
    """to judge, in hand, judged, set aside"""
    words = queue("status", "--queue", URL).replace(";", "").replace(",", "").split()
    return [int(word) for word in words if word.isdigit()]


def has_queue():
    return subprocess.run([MAILASSAY, "queue", "status", "--queue", URL], capture_output=True,
                          check=False).returncode == 0


def source(dns):
    return os.environ.get("QUEUE_DNS", dns.spec)


def scan(dns):
    return begin(MAILASSAY, "scan", "--queue", URL, "--dns", source(dns), "--jobs", "2",
                 "--in-flight", "8", *NOW)


def children_of(run):
    with open("/proc/%d/task/%d/children" % (run.pid, run.pid)) as file:
        return [int(pid) for pid in file.read().split()]


def kill_at_random(server, dns, scans):
    """Until everything is judged; returns how often what was killed."""
    killed = {"scan": 0, "worker": 0, "server": 0}
    chance = random.Random(os.environ.get("QUEUE_SEED"))
    while counts()[2] < SUBJECTS:
        time.sleep(chance.uniform(0.5, 8))
        what = chance.choice(["scan", "worker", "worker", "server"])
        one = chance.randrange(len(scans))
        if what == "server":
            server.kill()
            server.wait()
            time.sleep(chance.uniform(0, 3))
            server = begin_server()
        elif what == "scan" or scans[one].poll() is not None:
            scans[one].kill()
            scans[one] = scan(dns)
        else:
            workers = children_of(scans[one])
            if workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
        killed[what] += 1
    return killed


def collect(name):
    path = os.path.join(work, name)
    queue("collect", "--queue", URL, "-o", path)
    with open(path) as file:
        return [json.loads(line) for line in file]


def take_and_return(times):
    """What a scan that dies does to the first subject, without the wait for its death."""
    with socket.create_connection(("127.0.0.1", PORT), 10) as server:
        stream = server.makefile("rb")
        server.sendall(b'CONNECT {"verbose":false}\r\nSUB in 1\r\n')
        for _ in range(times):
            server.sendall(b"PUB $JS.API.CONSUMER.MSG.NEXT.mailassay-todo.scan in 1\r\n1\r\n")
            line = stream.readline()
            while not line.startswith(b"MSG "):
                line = stream.readline()
            words = line.split()
            stream.read(int(words[-1]) + 2)
            server.sendall(b"PUB %s 4\r\n-NAK\r\n" % words[3])
        server.sendall(b"PING\r\n")
        while stream.readline() != b"PONG\r\n":
            pass


def wait_for(run, seconds):
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        fault("a scan does not end")
        run.kill()


def test_empty():
    text = queue("status", "--queue", URL, status=4)
    if "queue fill" not in text:
        fault("without a queue: " + text)
    queue("status", "--queue", "http://127.0.0.1", status=2)
    queue("status", status=2)
    queue("drain", "--queue", URL, status=2)
    queue("status", "--queue", "nats://127.0.0.1:%d" % free_port(), status=4)


def fill(lines):
    path = os.path.join(work, "list")
    with open(path, "w") as file:
        file.write("# a remark\n\n" + "".join(line + "\n" for line in lines))
    before = sum(counts()[i] for i in (0, 2, 3)) if has_queue() else 0
    said = queue("fill", "--queue", URL, path)
    added = sum(counts()[i] for i in (0, 2, 3)) - before
    if not said.startswith("%d subjects stored" % added):
        fault("queue fill says %s of %d new subjects" % (said, added))


def test_kills(server, dns):
    names = ["d%d.test" % number for number in range(SUBJECTS)]
    fill(names + names[:5])
    fill(names[:10])
    if counts() != [SUBJECTS, 0, 0, 0]:
        fault("filled: %s" % counts())
    if SUBJECTS >= MANY:
        scans = [scan(dns) for _ in range(4)]
        print("killed: %s" % kill_at_random(server, dns, scans))
        for run in scans:
            wait_for(run, 60)
        check_reports(names)
        return
    scans = [scan(dns) for _ in range(3)]
    while counts()[2] < SUBJECTS // 10:
        time.sleep(0.05)
    scans.pop().kill()
    while counts()[2] < SUBJECTS // 4:
        time.sleep(0.05)
    if counts()[0] == 0:
        fault("all was judged before the server was killed")
    server.kill()
    server.wait()
    time.sleep(1)
    begin_server()
    scans.pop().kill()
    for run in scans:
        wait_for(run, 60)
    check_reports(names)


def check_reports(names):
    """Each name has one."""
    if counts() != [0, 0, SUBJECTS, 0]:
        fault("judged: %s" % counts())
    domains = [report["subject"]["domain"] for report in collect("reports.jsonl")]
    if sorted(domains) != sorted(names):
        fault("%d reports of %d subjects" % (len(domains), len(set(domains))))


def test_report(dns):
    """The report is that of a scan of the list."""
    path = os.path.join(work, "list")
    with open(path, "w") as file:
        file.write("d7.test\n")
    run = subprocess.run([MAILASSAY, "scan", path, "--dns", source(dns), *NOW],
                         capture_output=True, text=True, timeout=60)
    wanted = json.loads(run.stdout)
    found = [report for report in collect("again.jsonl")
             if report["result"] and report["subject"]["domain"] == "d7.test"]
    for report in found + [wanted]:
        report.pop("line", None)
    if found != [wanted]:
        fault("the report of d7.test is another than without a queue")


def test_poison(dns):
    """Handed out as often as may be it is judged, once more and it is set aside."""
    fill(["poison%d.test" % TRIES])
    take_and_return(TRIES - 1)
    wait_for(scan(dns), 30)
    if counts() != [0, 0, SUBJECTS + 1, 0]:
        fault("tried %d times: %s" % (TRIES, counts()))
    fill(["poison.test"])
    take_and_return(TRIES)
    wait_for(scan(dns), 30)
    if counts() != [0, 0, SUBJECTS + 1, 1]:
        fault("tried %d times: %s" % (TRIES + 1, counts()))
    last = collect("poison.jsonl")[-1]
    if "scans that took it" not in json.dumps(last):
        fault("set aside: %s" % last)
    fill(["x" * 70000, '{"domain": 1}'])
    wait_for(scan(dns), 30)
    bad = [report for report in collect("bad.jsonl") if report["result"] is None]
    if len(bad) != 3:
        fault("lines that cannot be read: %d" % len(bad))


try:
    begun = time.time()
    test_server = begin_server()
    test_dns = Server()
    test_empty()
    test_kills(test_server, test_dns)
    test_report(test_dns)
    test_poison(test_dns)
    print("%.1f s" % (time.time() - begun))
finally:
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
if faults:
    with open(os.path.join(work, "log")) as log:
        print(log.read()[-3000:])
sys.exit(bool(faults))
