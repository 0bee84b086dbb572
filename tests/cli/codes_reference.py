"""Does "mailassay codes" say what a reviewed list says, and does the list hold all of a catalogue?

usage: codes_reference.py BINARY LIST [CATALOGUE]

LIST was written by hand, testdata/codes/expected: nothing of it comes from the program or from the
catalogue, so a slip in either shows. CATALOGUE is a table of reply codes in Markdown (| reply | enhanced |
who | meaning | cause | remedy | T/P |); it is compared with the list, never with the program.
"""
import json
import re
import subprocess
import sys

CLASSES = {"S": "success", "M": "the server expects more", "T": "temporary failure", "P": "permanent failure"}
# who speaks, by what a catalogue may call them
SPEAKERS = {"IANA": "standard", "any": "standard", "common": "common", "many": "common", "Gmail": "Gmail",
            "Yahoo": "Yahoo", "iCloud": "iCloud", "Postfix": "Postfix", "Outlook.com": "Outlook.com",
            "Exchange Online": "Exchange Online", "Microsoft": "Exchange Online", "OpenDMARC": "common",
            "GMX": "GMX"}
faults = []


def split_code(code):
    """("550", "5.7.1", "dmarc") of "550 5.7.1 dmarc"; what is missing is None"""
    reply = enhanced = mark = None
    for word in code.split():
        if re.fullmatch(r"\d{3}", word) and reply is None:
            reply = word
        elif re.fullmatch(r"\d\.\d+\.\d+(-\d+)?", word):
            enhanced = word
        else:
            mark = word
    return reply, enhanced, mark


def read_list(path):
    lines = {}
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.startswith("#") or not line.strip():
            continue
        code, who, kind, means, todo = (part.strip() for part in line.rstrip("\n").split("|"))
        key = split_code(code) + (who,)
        if key in lines:
            faults.append(f"line {number}: {code} by {who} stands there twice")
        lines[key] = (number, kind, words_of(means), words_of(todo))
    return lines


def words_of(text):
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def compare(binary, lines):
    """every line with its row, every row with its line"""
    run = subprocess.run([binary, "codes", "--format", "json"], capture_output=True, text=True, check=True)
    rows = {}
    for row in json.loads(run.stdout):
        reply = str(row["reply"]) if row["reply"] else None
        rows[reply, row["enhanced"], row["mark"], row["who"]] = row
    for key in sorted(set(rows) - set(lines), key=str):
        faults.append(f"nobody has reviewed {key}")
    for key, (number, kind, means, todo) in lines.items():
        row = rows.get(key)
        if row is None:
            faults.append(f"line {number}: {key} is not explained")
            continue
        said = f"{row['meaning']} {row['cause']}".lower()
        if row["class"] != CLASSES[kind]:
            faults.append(f"line {number}: {key} is a {row['class']}")
        faults.extend(f"line {number}: {key} does not mean \"{word}\"" for word in means if word not in said)
        faults.extend(f"line {number}: {key} does not advise \"{word}\"" for word in todo
                      if word not in row["remedy"].lower())
        if not todo and row["remedy"]:
            faults.append(f"line {number}: {key} gives advice that nobody reviewed")


def covers(own, wanted):
    """an enhanced code of the list, maybe a range, stands for one of the catalogue, maybe a range"""
    if own is None or own.rsplit(".", 1)[0] != wanted.rsplit(".", 1)[0]:
        return False
    low, _, high = own.rsplit(".", 1)[1].partition("-")
    first, _, last = wanted.rsplit(".", 1)[1].partition("-")
    return int(low) <= int(first) and int(last or first) <= int(high or low)


def has(lines, wanted, who, kinds):
    reply, enhanced, mark = wanted
    for (own_reply, own_enhanced, own_mark, own_who), (_, kind, _, _) in lines.items():
        if own_who != who or kind not in kinds or (reply and own_reply not in (reply, None)):
            continue
        if enhanced and not covers(own_enhanced, enhanced):
            continue
        if mark and not (own_mark and mark.lower().startswith(own_mark.lower())):
            continue
        return True
    return False


def wanted_of(replies, enhanced):
    """all codes of a row: its replies with its enhanced codes, or with its marks"""
    for reply in re.findall(r"\b\d{3}\b", replies) or [None]:
        codes = re.findall(r"[\dX]\.\d+\.\d+(?:-\d+)?", enhanced.split("(Gmail page now")[0])
        marks = re.findall(r"\[([A-Z]+\d+)\]", enhanced) + re.findall(r"\b[A-Z]{2}-\d+", enhanced)
        for code in codes or [None]:
            code = code.replace("X", reply[0]) if code and reply else code
            yield from ((reply, code, mark) for mark in marks or [None])


def compare_catalogue(path, lines):
    asked = 0
    for line in open(path, encoding="utf-8"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 7 or not re.match(r"[-\d]", cells[0]) or "---" in line:
            continue
        kinds = "SM" if cells[6] == "I" else "TP" if "DSN" in cells[6] or "/" in cells[6] else cells[6]
        for name, who in SPEAKERS.items():
            if not re.search(rf"\b{re.escape(name)}\b", cells[2]):
                continue
            for wanted in wanted_of(cells[0], cells[1]):
                if wanted[0] and wanted[1] and wanted[0][0] != wanted[1][0]:
                    continue  # a contradiction; codes.test has those that receivers really send
                if who == "GMX":
                    wanted = (wanted[0], None, None)
                asked += 1
                if not has(lines, wanted, who, kinds):
                    faults.append(f"the catalogue has {wanted} by {who} ({cells[6]}), the list does not")
        slip = re.search(r"Gmail page now ([\d.]+)", cells[1])
        if slip and not has(lines, (cells[0], slip.group(1), None), "Gmail", "P"):
            faults.append(f"the list lacks {slip.group(1)}")
    if asked == 0:
        faults.append("the catalogue is empty")
    print(f"{asked} of the catalogue")


reviewed = read_list(sys.argv[2])
compare(sys.argv[1], reviewed)
if len(sys.argv) > 3:
    compare_catalogue(sys.argv[3], reviewed)
print("\n".join(faults) if faults else f"{len(reviewed)} reviewed")
sys.exit(len(faults) > 0)
