"""A domain whose questions need many sockets, TCP too, with ever fewer descriptors."""
import json
import resource
import subprocess
import sys

sys.path.insert(0, f"{sys.argv[2]}/tests/storm")
import hostile
from hostile import TXT, Question, record, txt

FEWEST = 16
SPF = "v=spf1 " + " ".join(f"a:h{i}.example.com" for i in range(9)) + " -all"


class Server(hostile.Server):
    def answer(self, packet, tcp):
        question = Question(packet)
        if question.kind != TXT or question.name not in ("example.com", "_dmarc.example.com"):
            return question.nothing()
        if not tcp: # each of these takes a second socket
            return question.reply(truncated=True)
        text = SPF if question.name == "example.com" else "v=DMARC1; p=reject"
        return question.reply(record(question.name, TXT, txt(text)))


def check(server, descriptors):
    """What is found, and how many questions there were."""
    command = [sys.argv[1], "check", "example.com", "--dns", f"live:127.0.0.1@{server.port}",
               "--format", "json", "--no-engines", "--no-https", "--timeout", "20"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                         preexec_fn=lambda: resource.setrlimit(
                             resource.RLIMIT_NOFILE, (descriptors, descriptors)))
    if run.returncode not in (0, 1):
        return f"status {run.returncode}: {run.stderr[-200:].decode()}"
    report = json.loads(run.stdout)
    found = [(one["id"], one["status"]) for one in report["findings"]]
    return found, report["dns"]["questions"]


def main():
    server = Server()
    wanted = check(server, 1024)
    faults = 0
    for descriptors in (64, 24, FEWEST):
        got = check(server, descriptors)
        if got != wanted or isinstance(got, str):
            print(f"FAULT: with {descriptors} descriptors: {got} instead of {wanted}")
            faults += 1
    print("fine" if faults == 0 else f"{faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
