"""Every output of mailassay with hostile octets in every place: see hostile.test.

usage: hostile.py MAILASSAY [SCENE|KIND|SCENE,KIND...]
"""
import concurrent.futures
import csv
import html.parser
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import places
from payloads import KINDS, TOKEN, of_names, unescape, unsafe

FORGED = re.compile(r"^\s*zqforged", re.MULTILINE)
SECONDS = 60
# what services and spreadsheets read, by the name of the file
SERVICES = {"sarif": "ci.sarif", "junit": "ci.junit.xml", "gitlab": "ci.codequality.json",
            "github": "ci.github.txt", "markdown": "ci.md", "csv": "ci.csv"}
# strings of JSON in which these stand between parts
SIGNS = {"server": "\n", "records[]": "\t"}
STATUSES = (0, 1, 2, 3, 4, 5)


def show(command):
    return " ".join(word if isinstance(word, str) else repr(word)[2:-1] for word in command)


# tags of our pages, and the only elements that may hold what is not shown
TAGS = set("a b body code dd del details div dl dt figcaption figure footer form h1 h2 h3 head "
           "header html input label li link main meta ol p path rect circle line script section "
           "span strong style summary svg symbol table tbody td text th thead title tr ul use".split())


# of JUnit
ELEMENTS = set("testsuites testsuite testcase failure error skipped system-out properties "
               "property".split())


class Page(html.parser.HTMLParser):
    """A page must hold our tags and nothing that runs or loads"""

    def __init__(self, text):
        super().__init__()
        self.faults = []
        self.scripts = []
        self.inside = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        if tag not in TAGS:
            self.faults.append("<%s>" % tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "action", "style") or (
                    name == "href" and not (value or "").startswith(("#", "data:,"))):
                self.faults.append("<%s %s=%r>" % (tag, name, value))
        if tag == "script":
            if ("type", "application/json") not in attrs:
                self.faults.append("<script>")
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1] += data


class Judge:
    """What all outputs of one scene were"""

    def __init__(self, scene, kind):
        self.label = "%s, %s" % (scene.__name__, kind.name)
        self.kind = kind
        self.faults = {}
        self.seen = set()       # tokens that any output showed
        self.whole = set()      # tokens whose octets can be told back

    def fault(self, command, where, what):
        self.faults.setdefault((self.label, where, what[:40]),
                               "%s: %s: %s: %s" % (self.label, show(command), where, what))

    def text(self, command, where, octets, but="\n"):
        """Octets that a terminal may get"""
        try:
            text = octets.decode()
        except UnicodeDecodeError as error:
            self.fault(command, where, "no UTF-8: %r" % octets[max(error.start - 40, 0):][:60])
            return ""
        for char in unsafe(text, but):
            at = text.index(char)
            self.fault(command, where, "%r in %r" % (char, text[max(at - 40, 0):at + 20]))
        if FORGED.search(text):
            self.fault(command, where, "a line is forged")
        self.seen |= {token.decode() for token in TOKEN.findall(octets)}
        return text

    def string(self, command, text, where):
        """One text of JSON: safe, and can be told back"""
        for char in unsafe(text, SIGNS.get(where.rpartition(".")[2], "")):
            self.fault(command, where, "%r in %r" % (char, text))
        tokens = {token.decode() for token in TOKEN.findall(text.encode())} & set(places.PLACES)
        if not tokens:
            return
        readings = [octets for octets in (unescape(text), of_names(text)) if octets is not None]
        if not readings and not all(places.PLACES[token] == places.OURS for token in tokens):
            self.fault(command, where, "not escaped: %r" % text)
        for token in tokens:
            wants = {self.kind.raw(token), self.kind.raw(token).lower(), self.kind.word(token)}
            if any(want in octets for want in wants for octets in readings):
                self.whole.add(token)

    def strings(self, command, value, path=""):
        """Every string of a report, keys included"""
        if isinstance(value, dict):
            for key, item in value.items():
                self.string(command, key, path + ".(key)")
                self.strings(command, item, path + "." + key)
        elif isinstance(value, list):
            for item in value:
                self.strings(command, item, path + "[]")
        elif path == ".shown.text" or (path.startswith(".shown.") and path.endswith(
                "edits[].text")):
            self.text(command, path, value.encode(), "\n\t")  # lines, as a terminal gets them
        elif isinstance(value, str):
            self.string(command, value, path)

    def page(self, command, text):
        """No markup but ours, and the whole document as data"""
        page = Page(text)
        for what in page.faults:
            self.fault(command, "html", what)
        if len(page.scripts) != 1:
            self.fault(command, "html", "%d data blocks" % len(page.scripts))
        else:
            json.loads(page.scripts[0])

    def values(self, command, form, value):
        """Texts that a service takes out of JSON, in whatever form it shows them"""
        if isinstance(value, dict):
            self.values(command, form, list(value) + list(value.values()))
        elif isinstance(value, list):
            for item in value:
                self.values(command, form, item)
        elif isinstance(value, str):
            self.value(command, form, value)

    def value(self, command, form, text):
        # a fix holds records as they stand in a zone file
        for char in unsafe(text, "\n\t" if form == "sarif" else "\n"):
            self.fault(command, form, "%r in %r" % (char, text))
        if FORGED.search(text):
            self.fault(command, form, "a line is forged")

    def sarif(self, command, text):
        self.values(command, "sarif", json.loads(text))

    def gitlab(self, command, text):
        self.values(command, "gitlab", json.loads(text))

    def junit(self, command, text):
        """Elements of ours, and whatever a parser makes of references"""
        for element in xml.etree.ElementTree.fromstring(text).iter():
            if element.tag not in ELEMENTS:
                self.fault(command, "junit", "<%s>" % element.tag)
            for value in [element.text or "", element.tail or "", *element.attrib.values()]:
                self.value(command, "junit", value)

    def github(self, command, text):
        """A line is one command or a headline for the log, and what it holds begins no other"""
        for line in text.splitlines():
            if not re.match(r"::(error|warning|notice) [^:]*::|[\w.-]+: [A-Z ]+: ", line):
                self.fault(command, "github", "no command: %r" % line[:60])
        if len(text.splitlines()) != text.count("\n"):
            self.fault(command, "github", "lines within lines")

    def markdown(self, command, text):
        """No link, picture, mention or HTML but breaks and code"""
        plain = re.sub("</?code>|<br>", "", text)
        for found in re.findall(r"[<>`\[\]~$\\]|[a-z]@[a-z]|://|www\.", plain):
            self.fault(command, "markdown", "%r in %r" % (found, plain[
                max(plain.index(found) - 40, 0):][:60]))

    def csv(self, command, text):
        """As many fields in each row, and no formula"""
        rows = list(csv.reader(io.StringIO(text, newline="")))
        for row in rows:
            if len(row) != len(rows[0]):
                self.fault(command, "csv", "%d fields: %r" % (len(row), row))
            for field in row:
                self.value(command, "csv", field)
                if field.startswith(("=", "+", "-", "@", "\t", "\r")):
                    self.fault(command, "csv", "a formula: %r" % field)

    def services(self, words, command):
        """All formats of services in one run, each judged as what it is"""
        outputs = [word for name in SERVICES.values() for word in ("-o", name)]
        done = subprocess.run(words + outputs, capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=SECONDS, check=False)
        if done.returncode not in (0, 1, 3):
            self.fault(command, "status", "%d: %r" % (done.returncode, done.stderr[-300:]))
            return
        for form, name in SERVICES.items():
            with open(name, "rb") as file:
                text = self.text(command, form, file.read())
            try:
                getattr(self, form)(command, text)
            except (ValueError, xml.etree.ElementTree.ParseError) as error:
                self.fault(command, form, "cannot be read: %s" % error)

    def run(self, binary, command):
        """As text, as JSON, as a page, and as what services read"""
        words = [binary, *[word if isinstance(word, bytes) else word.encode()
                           for word in command]]
        forms = ["text", "json"] if command[0] in places.REPORTS else ["text"]
        if command[0] in places.PAGES:
            forms.append("html")
        for form in forms:
            done = subprocess.run(words + (["--format", form] if form != "text" else []),
                                  capture_output=True, stdin=subprocess.DEVNULL,
                                  timeout=SECONDS, check=False)
            if done.returncode not in STATUSES:
                self.fault(command, "status", "%d: %r" % (done.returncode, done.stderr[-300:]))
            self.text(command, "stderr", done.stderr)
            text = self.text(command, form, done.stdout)
            if form == "html" and text:
                self.page(command, text)
            if form == "json" and text:
                try:
                    self.strings(command, json.loads(text))
                except ValueError as error:
                    self.fault(command, form, "no JSON: %s" % error)
            if done.returncode in (2, 4):
                return          # the same again
        if command[0] in places.ISSUES:
            self.services(words, command)


def judge_scene(binary, scene, kind):
    judge = Judge(scene, kind)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for command in scene(kind):
            judge.run(binary, command)
        for name in os.listdir("."):
            if name.startswith("saved.") or name.startswith("fixed."):
                with open(name, "rb") as file:
                    judge.text([], name, file.read(), "\n\t")
        os.chdir("/")
    return judge


def is_wanted(scene, kind, words):
    """Any word is a scene, a kind, or SCENE,KIND"""
    name = scene.__name__
    return not words or not {name, kind.name, "%s,%s" % (name, kind.name)}.isdisjoint(words)


def main():
    binary = os.path.realpath(sys.argv[1]).encode()
    scenes = [row for row in places.SCENES if is_wanted(*row, sys.argv[2:])]
    faults = []
    seen, whole = set(), set()
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for judge in pool.map(judge_scene, [binary] * len(scenes), *zip(*scenes)):
            faults += judge.faults.values()
            seen |= judge.seen
            whole |= judge.whole
    for token, how in places.PLACES.items():
        if (token in seen) == (how == places.NEVER):
            faults.append("%s is %s shown" % (token, "never" if token not in seen else ""))
        elif how == places.EXACT and token not in whole:
            faults.append("%s cannot be decoded" % token)
    print("\n".join(faults))
    print("%d places, %d kinds of octets, %d faults" % (len(places.PLACES), len(KINDS),
                                                        len(faults)))
    sys.exit(1 if faults else 0)


main()
