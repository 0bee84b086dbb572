"""Search the memory of the libraries' processes: child.py MAILASSAY TREE

scan --engines judges one subject after the other. While it hashes the body of a large message
in a child, the child is stopped, and all memory that it and its parent can read is looked
through. The question of the child has to be found there, or the search is worth nothing. The
same is done with the child of check, which was started before anything was read.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

BODY_OCTETS = 12 * 1000 * 1000
ATTEMPTS = 6
PATIENCE = 60
# each is put together here, so that this file does not hold it
ENVIRONMENT = "planted" + "environment" + "7c1f"
ARGUMENT = "planted" + "argument" + "52ab"
ZONE = "planted" + "zone" + "9e04"
SUBJECT = "planted" + "subject" + "d318"
QUESTION = "planted" + "question" + "6b77"
SECRETS = {name: value.encode() for name, value in (
    ("the environment", ENVIRONMENT), ("the arguments", ARGUMENT), ("the zone", ZONE),
    ("another subject", SUBJECT))}


def children_of(pid):
    """Its processes that have not ended."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def memory_of(pid):
    """Every octet that the process can read, piece by piece, with the map's line."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            first, last = (int(end, 16) for end in span.split("-"))
            if rights[0] != "r" or line.rstrip().endswith("[vvar]"):
                continue
            try:
                memory.seek(first)
                yield line.strip(), memory.read(last - first)
            except OSError:
                continue


def search(pid, who, faults):
    """Look for secrets; is the question there?"""
    has_question = False
    for line, octets in memory_of(pid):
        has_question = has_question or QUESTION.encode() in octets
        for name, secret in SECRETS.items():
            if secret in octets:
                faults.append(f"{who} holds a secret of {name}: {line}")
        rights = line.split()[1]
        if "w" in rights and "x" in rights:
            faults.append(f"{who} has memory that can be written and run: {line}")
    return has_question


def catch_child(server, deadline):
    """A child of the server that has read its question, stopped; None: there was none."""
    while time.monotonic() < deadline:
        for child in children_of(server):
            try:
                os.kill(child, signal.SIGSTOP)
                with open(f"/proc/{child}/maps", encoding="utf-8") as maps:
                    if maps.read() and any(QUESTION.encode() in octets
                                           for _, octets in memory_of(child)):
                        return child
                os.kill(child, signal.SIGCONT)
            except (ProcessLookupError, OSError):
                continue
    return None


def write_world(folder):
    """The zones and the message; the second subject's question names what is looked for."""
    own = {"first": f'first.example. TXT "v=spf1 mx -all"\nfirst.example. TXT "{SUBJECT}"\n',
           "second": f'second.example. TXT "v=spf1 exists:{QUESTION}.second.example mx -all"\n'
                     f'unasked.second.example. TXT "{ZONE}"\n'
                     's._domainkey.second.example. TXT "v=DKIM1; p="\n'}
    for name, lines in own.items():
        domain = f"{name}.example"
        with open(f"{folder}/{name}.zone", "w", encoding="ascii") as file:
            file.write("$TTL 300\n"
                       f"{domain}. SOA ns.{domain}. h.{domain}. 1 2 3 4 5\n"
                       f"{domain}. MX 10 mail.{domain}.\nmail.{domain}. A 192.0.2.1\n"
                       f'_dmarc.{domain}. TXT "v=DMARC1; p=reject"\n{lines}')
    with open(f"{folder}/large.eml", "w", encoding="ascii") as file:
        file.write("DKIM-Signature: v=1; a=rsa-sha256; d=second.example; s=s; h=from; "
                   "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\n"
                   f"From: {QUESTION}@second.example\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n\n")
        file.write(("x" * 70 + "\n") * (BODY_OCTETS // 71))


def look_at_check(binary, folder, options, faults):
    """The child of a single message, and the fork server beside it. What is looked for is in the
    message and the zone alone, so that a process is not caught before it wipes its arguments."""
    command = [binary, "check", "second.example", f"{folder}/large.eml", "--ip", "192.0.2.1",
               "--helo", "mail.second.example", "--mail-from", "jane@second.example",
               "--engines", *options]
    child = None
    for _ in range(ATTEMPTS):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={"PATH": os.environ["PATH"], "PLANTED": ENVIRONMENT}) as run:
            child = catch_child(run.pid, time.monotonic() + PATIENCE / ATTEMPTS)
            if child is not None:
                beside = [pid for pid in children_of(run.pid) if pid != child]
                if len(beside) != 1:
                    faults.append(f"{len(beside)} processes beside the child of check, not one")
                search(child, "the child of check", faults)
                for pid in beside:
                    if search(pid, "the server of check", faults):
                        faults.append("the server of check holds the question")
            run.kill()
        if child is not None:
            return
    faults.append("the child of check could not be stopped while it had a question")


def main():
    binary = os.path.abspath(sys.argv[1])
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        write_world(folder)
        options = ["--ignore", f"dmarc_missing:{ARGUMENT}"]
        for name in ("first", "second"):
            options += ["--dns", f"zone:{folder}/{name}.zone@{name}.example"]
        command = [binary, "scan", "--engines", *options]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env={"PATH": os.environ["PATH"], "PLANTED": ENVIRONMENT}) as run:
            def ask(**subject):
                run.stdin.write(json.dumps(subject).encode() + b"\n")
                run.stdin.flush()
            ask(domain="first.example", ip="192.0.2.1", helo="mail.first.example",
                mail_from=f"{SUBJECT}@first.example")
            first = json.loads(run.stdout.readline())
            if not any(engine["result"] == "pass" for engine in first["engines"]):
                faults.append(f"the libraries gave no verdict: {first['engines']}")
            servers = children_of(run.pid)
            if len(servers) != 1:
                sys.exit(f"FAULT: {len(servers)} processes behind the program, not one")
            child = None
            for _ in range(ATTEMPTS):
                ask(domain="second.example", ip="192.0.2.1", helo="mail.second.example",
                    mail_from=f"{QUESTION}@second.example", message=f"{folder}/large.eml")
                child = catch_child(servers[0], time.monotonic() + PATIENCE / ATTEMPTS)
                if child is not None:
                    break
                run.stdout.readline()  # it came and went while this process had no processor
            if child is None:
                faults.append("no child could be stopped while it had a question")
            else:
                search(child, "a child", faults)
                if search(servers[0], "the server", faults):
                    faults.append("the server holds the question of a child")
                os.kill(child, signal.SIGKILL)
            run.stdin.close()
            run.stdout.read()
            look_at_check(binary, folder, options, faults)
            held = [name for name, secret in SECRETS.items() if secret in b"".join(
                octets for _, octets in memory_of(os.getpid()))]
            if len(held) != len(SECRETS):
                faults.append("the search finds nothing even where everything is")
    for fault in faults:
        print("FAULT:", fault)
    print("fine" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
