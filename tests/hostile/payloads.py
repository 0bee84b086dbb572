"""Octets that do harm where they are shown, and how what was shown is read back.

A place is where such octets come in. Its token stands before and after them, so that an output
tells which place it shows, and whether all of it.
"""
import re
import unicodedata

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = "\x80\x85\x9b\x9d\xad\u115f\u200b\u200d\u2028\u2029\u2060\ufeff\U000e0041"

# by kind; each fits into a label (RFC 1035, 2.3.4) with two tokens
PAYLOADS = {
    "control": b"\x01\x07\x08\t\x0b\x0c\x1b[31m\x1b]0;t\x07\x7f\x9b",
    "lines": b"\x00\r\nzqforged: 1\n\rzqforged\x85\r",
    "direction": DIRECTIONS.encode(),
    "unseen": UNSEEN.encode(),
    "broken": b"\xff\xfe\xc0\xaf\xe0\x80\xaf\xed\xa0\x80\xf4\x90\x80\x80\xf0\x9f\x93\x80\xc3",
    "markup": b"</script><img src=//x onerror=zq>\"'><svg/onload=x>&lt;!--]]>",
    "signs": b"\"'\\%s%n%{x}${y}\\x1b\\u{202e}\\033&lt;<b>`;\\",
}
TOKEN = re.compile(rb"zq[a-z]+")

# text may hold no character of these categories, and nothing that only fills; LF ends lines
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
FILLERS = "\u115f\u1160\u3164\uffa0"

ESCAPE = re.compile(rb"\\(?:(\\)|x([0-9a-f]{2})|u\{([0-9a-f]+)\}|(.|$))", re.DOTALL)


def unsafe(text, but=""):
    """The first characters of a text that must not be shown"""
    return [char for char in text if char not in but and
            (unicodedata.category(char) in UNSAFE or char in FILLERS)][:5]


# names and text of DNS (RFC 1035, 5.1)
PRESENTATION = re.compile(rb"\\(?:([0-9]{3})|([^0-9A-Za-z])|(.|$))", re.DOTALL)


def decode(text, pattern, octets_of):
    """The octets that a text stands for; None where something is no escape"""
    faults = []

    def octets(found):
        if found.lastindex == pattern.groups:
            faults.append(found[0])
            return b""
        return octets_of(*found.groups())
    plain = pattern.sub(octets, text.encode())
    return None if faults else plain


def unescape(text):
    """What base/escape.h wrote"""
    return decode(text, ESCAPE, lambda backslash, octet, code, _: backslash or (
        bytes([int(octet, 16)]) if octet else chr(int(code, 16)).encode()))


def of_names(text):
    """What dns/ wrote"""
    return decode(text, PRESENTATION, lambda number, sign, _:
                  sign or bytes([int(number) & 255]))


class Kind:
    """One kind of payload in the forms that files want"""

    def __init__(self, name, octets):
        self.name = name
        self.octets = octets

    def raw(self, token, without=b""):
        """Between tokens; `without` octets that end the place"""
        inside = bytes(octet for octet in self.octets if octet not in without)
        return token.encode() + inside + token.encode()

    def is_utf8(self):
        return self.octets == self.octets.decode("utf-8", "ignore").encode()

    def zone(self, token):
        """As in a zone file: everything unusual by number (RFC 1035, 5.1)"""
        return "".join(chr(octet) if octet < 128 and chr(octet).isalnum() else "\\%03d" % octet
                       for octet in self.raw(token))

    def json(self, token):
        """As a string of JSON, what is not UTF-8 raw"""
        text = self.raw(token).decode("utf-8", "surrogateescape")
        return b'"' + b"".join(
            char.encode("utf-8", "surrogateescape") if "\udc80" <= char <= "\udcff"
            else ("\\u%04x" % ord(char)).encode() if ord(char) < 0x20 or char in '"\\'
            else char.encode() for char in text) + b'"'

    def word(self, token):
        """As an argument or a file name"""
        return self.raw(token, without=b"\0/")


KINDS = [Kind(name, octets) for name, octets in PAYLOADS.items()]
# all at once, where a place shows all that it is given
ALL = Kind("all", b"".join(PAYLOADS.values()))
