"""Is every code of a list explained, by everybody who gives it a meaning?

usage: codes_reference.py BINARY LIST     LIST is WHO|CODE lines, or a catalogue of reply codes as
a table in Markdown (| reply | enhanced | who | ...); "fine" and how many were asked
"""
import json
import re
import subprocess
import sys

RECEIVERS = ("Gmail", "Yahoo", "Outlook.com", "Exchange Online", "iCloud", "Postfix")
# numbers that a receiver's page shows in place of the standard ones: only the receiver means them
SLIPS = ("5.7.40", "5.7.80", "5.7.90")


def of_row(cells):
    """(who, code) pairs of one row of the table"""
    replies, enhanced, who = cells[:3]
    names = [name for name in RECEIVERS if name in who] + ["standard"] * ("IANA" in who)
    for name in names:
        for reply in re.findall(r"\b\d{3}\b", replies) or [""]:
            for code in re.findall(r"[\dX]\.\d+\.\d+", enhanced) or [""]:
                if not (name == "standard" and code in SLIPS) and (reply or code):
                    yield name, f"{reply} {code.replace('X', reply[:1])}".strip()


def pairs(path):
    for line in open(path, encoding="utf-8"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 7 and re.match(r"[-\d]", cells[0]):
            yield from of_row(cells)
        elif line[:1] not in "|#\n" and len(cells) == 2:
            yield cells


asked = 0
missing = 0
for who, code in pairs(sys.argv[2]):
    run = subprocess.run([sys.argv[1], "codes", *code.split(), "--format", "json"],
                         capture_output=True, text=True, check=False)
    rows = json.loads(run.stdout or "[]")
    asked += 1
    if not any(row["who"] == who and row["meaning"] for row in rows):
        print(f"{code} by {who} is not explained: {sorted({row['who'] for row in rows})}")
        missing += 1
print(f"{asked} asked" if asked else "nothing was asked")
sys.exit(missing > 0 or asked == 0)
