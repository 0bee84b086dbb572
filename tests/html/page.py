"""What must be so for every page: page.py PAGE.html REPORT.json"""
import base64
import hashlib
import html.parser
import json
import re
import sys


class Reader(html.parser.HTMLParser):
    """Texts, ids, links and the contents of style and script"""

    def __init__(self, text):
        super().__init__()
        self.text, self.ids, self.links, self.tags = "", [], [], []
        self.blocks = {"style": "", "script": ""}
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside = tag
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside in self.blocks:
            self.blocks[self.inside] += data
        else:
            self.text += data


def counted(value):
    """All findings of a document, whatever list they are in"""
    if isinstance(value, dict):
        if "id" in value and "severity" in value and "text" in value:
            yield value
        for member in value.values():
            yield from counted(member)
    elif isinstance(value, list):
        for member in value:
            yield from counted(member)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        source = file.read()
    with open(sys.argv[2], encoding="utf-8") as file:
        report = json.load(file)
    page = Reader(source)
    faults = []
    digest = base64.b64encode(hashlib.sha256(page.blocks["style"].encode()).digest()).decode()
    if "style-src 'sha256-%s'" % digest not in source:
        faults.append("the digest of the style is %s" % digest)
    report.pop("shown", None)  # what other formats show
    if json.loads(page.blocks["script"]) != report:
        faults.append("the embedded document is another one")
    if page.tags.count("script") != 1 or page.tags.count("h1") != 1:
        faults.append("%d scripts, %d h1" % (page.tags.count("script"), page.tags.count("h1")))
    if 'lang="en"' not in source or not source.startswith("<!doctype html>"):
        faults.append("no doctype or language")
    if len(page.ids) != len(set(page.ids)):
        faults.append("ids twice: %s" % sorted(i for i in page.ids if page.ids.count(i) > 1))
    for link in page.links:
        if link.startswith("#") and link[1:] not in page.ids:
            faults.append("%s leads nowhere" % link)
        elif not link.startswith(("#", "data:,")):
            faults.append("the page asks for %s" % link)
    words = re.sub(r"\s+", " ", page.text)
    for finding in counted(report):
        if finding["severity"] in ("error", "warning") and \
                re.sub(r"\s+", " ", finding["text"]) not in words:
            faults.append("%s is not on the page" % finding["id"])
    for refusal in report.get("recipients") or []:
        for key in ("means", "customer", "missing"):
            if re.sub(r"\s+", " ", refusal[key] or "") not in words:
                faults.append("%s of a refusal is not on the page" % key)
    for edit in (edit for step in report.get("steps") or [] for edit in step["edits"]):
        if edit["value"] not in page.text:
            faults.append("the record for %s is not on the page" % edit["name"])
    print(*faults, sep="\n")
    sys.exit(1 if faults else 0)


main()
