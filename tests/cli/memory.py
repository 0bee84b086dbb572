"""Peak memory of `mailassay dkim` over a signed message of 100 MB, and of `scan` over few and many
subjects; see memory.test."""
import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BODY_OCTETS = 100 * 1000 * 1000
PEAK_KIB = 32 * 1000 * 1000 // 1024
FEW, MANY = 20, 1000  # subjects
GROWTH_KIB = 1024
LINE = b"Lines of no meaning, one after the other, until there are many of them.\n"


def scan(binary):
    """The zone is read once, and what a subject needed is given back"""
    names = [f"d{i}.example.com" for i in range(MANY)]
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory, "world.zone")
        path.write_text("$ORIGIN example.com.\n$TTL 300\n" + "".join(
            f'd{i} IN TXT "v=spf1 ip4:192.0.2.{i % 250} -all"\nd{i} IN MX 10 d{i}\n'
            f"d{i} IN A 192.0.2.{i % 250}\n" for i in range(MANY)))
        peaks = []
        for count in (FEW, MANY):
            (path.parent / "list").write_text("\n".join(names[:count]) + "\n")
            process = subprocess.Popen(
                [binary, "scan", path.parent / "list", "--dns", f"zone:{path}@.",
                 "--fail-on", "never"], stdout=subprocess.PIPE)
            reports = sum(1 for line in process.stdout if json.loads(line)["subject"])
            _, status, usage = os.wait4(process.pid, 0)
            peaks.append(usage.ru_maxrss)
            assert (reports, os.waitstatus_to_exitcode(status)) == (count, 0), (reports, status)
        print(f"peak {peaks[0]} KiB for {FEW} subjects, {peaks[1]} KiB for {MANY}")
        assert peaks[1] < peaks[0] + GROWTH_KIB, "memory grows with the number of subjects"


def main():
    binary = sys.argv[1]
    scan(binary)
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        subprocess.run(["openssl", "genrsa", "-out", work / "key.pem", "2048"], check=True,
                       capture_output=True)
        der = subprocess.run(["openssl", "rsa", "-in", work / "key.pem", "-pubout", "-outform",
                              "DER"], check=True, capture_output=True).stdout
        count = BODY_OCTETS // len(LINE)
        body = hashlib.sha256()
        for _ in range(count):
            body.update(LINE.replace(b"\n", b"\r\n"))
        unsigned = (b"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.com; s=k;"
                    b" h=From; bh=" + base64.b64encode(body.digest()) + b"; b=")
        (work / "input").write_bytes(b"From: a@example.com\r\n" + unsigned)
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", work / "key.pem",
                                    work / "input"], check=True, capture_output=True).stdout
        with open(work / "big.eml", "wb") as message:
            message.write(unsigned + base64.b64encode(signature) + b"\nFrom: a@example.com\n\n")
            for _ in range(count):
                message.write(LINE)
        record = base64.b64encode(der).decode()
        halves = f'"v=DKIM1; p={record[:200]}" "{record[200:]}"'
        (work / "key.zone").write_text(
            "$TTL 300\n@ IN SOA ns.example.com. h.example.com. 1 2 3 4 5\n"
            f"k._domainkey IN TXT {halves}\n")
        command = [binary, "dkim", str(work / "big.eml"), "--format", "json", "--dns",
                   f"zone:{work}/key.zone@example.com"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        output = json.load(process.stdout)
        _, status, usage = os.wait4(process.pid, 0)
        print(f"peak {usage.ru_maxrss} KiB for {(work / 'big.eml').stat().st_size} octets")
        assert output["dkim"][0]["result"] == "pass", output["dkim"]
        assert os.waitstatus_to_exitcode(status) == 0, status
        assert usage.ru_maxrss < PEAK_KIB, f"above {PEAK_KIB} KiB"


main()
