"""Make the message of a disagreement smaller while it lasts: fewer fields, fewer lines."""
import base64
import re


def fields_of(header):
    """Header fields with their folded lines."""
    return re.findall(rb"(?:[^\r\n][^\n]*\n)(?:[ \t][^\n]*\n)*", header)


def pieces_of(message):
    header, blank, body = message.partition(b"\r\n\r\n")
    return fields_of(header + b"\r\n"), blank[2:], re.findall(rb"[^\n]*\n|[^\n]+$", body)


def minimise(case, differs):
    """The smallest case found; `differs` judges a case again. Nothing is smaller if the header
    cannot be put together from its fields."""
    message = base64.b64decode(case["message"])
    fields, blank, lines = pieces_of(message)

    def made(fields, lines):
        whole = b"".join(fields) + blank + b"".join(lines)
        return dict(case, message=base64.b64encode(whole).decode())

    if made(fields, lines)["message"] != case["message"]:
        return case
    changed = True
    while changed:
        changed = False
        for i in reversed(range(len(fields))):
            if differs(made(fields[:i] + fields[i + 1:], lines)):
                del fields[i]
                changed = True
        for i in reversed(range(len(lines))):
            if differs(made(fields, lines[:i] + lines[i + 1:])):
                del lines[i]
                changed = True
    return made(fields, lines)
