"""Which header of src/ declares what, and which of them a file has to include.

A file may count what its own header includes, and the headers that are private to its room:
these say what several files share. A structure may also be declared where it is used.
"""
import collections
import re

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.M)


def without_comments(text):
    """Blank out comments and literals, keeping line numbers."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def without_directives(code):
    return "\n".join("" if line.lstrip().startswith("#") else line for line in
                     re.sub(r"\\\n", " ", code).splitlines())


def without_bodies(code):
    while (flat := re.sub(r"\{[^{}]*\}", " ", code)) != code:
        code = flat
    return code


def words_of(code):
    """names that a header declares: macros, constants, functions, variables, types of functions"""
    body = without_directives(code)
    flat = without_bodies(body)
    names = set(re.findall(r"^\s*#\s*define\s+(\w+)", code, re.M))
    names.update(word for inner in re.findall(r"\benum\b[^{;()]*\{(.*?)\}", body, re.S)
                 for word in re.findall(r"(?:^|,)\s*(\w+)", inner))
    names.update(re.findall(r"^(?!typedef)[a-z_][\w\s*]*?[\s*](\w+)\s*\(", flat, re.M))
    names.update(re.findall(r"^extern\b[^;(]*?(\w+)(?:\[[^\]]*\])*;", flat, re.M))
    names.update(re.findall(r"^typedef\b[^;]*?\(\*?(\w+)\)\s*\(", flat, re.M))
    names.update(re.findall(r"^typedef\b[^;(]*?(\w+);", flat, re.M))
    return {name for name in names if not name.endswith("_H")} - {"void"}


def rows_of(code, definitions):
    """names that a header makes of the rows of a .def: #define ROW(id, ...) PREFIX_##id,"""
    names = set()
    for macro, arguments, body in re.findall(
            r"^\s*#\s*define\s+(\w+)\(([^)]*)\)((?:[^\n]|(?<=\\)\n)*)", code, re.M):
        arguments = [argument.strip() for argument in arguments.split(",")]
        for prefix, argument in re.findall(r"\b(\w+_)##(\w+)", body):
            if argument not in arguments:
                continue
            column = arguments.index(argument)
            for row in re.findall(rf"^{macro}\(([^;]*?)\)", definitions, re.M | re.S):
                cells = [cell.strip() for cell in row.split(",")]
                if len(cells) > column and re.fullmatch(r"\w+", cells[column]):
                    names.add(prefix + cells[column])
    return names


class Tree:
    def __init__(self, tree):
        self.texts = {path.relative_to(tree / "src").as_posix(): path.read_text()
                      for path in sorted(tree.glob("src/*/*")) if path.suffix in (".c", ".h", ".def")}
        self.codes = {name: without_comments(text) for name, text in self.texts.items()}
        self.included = {name: INCLUDE.findall(text) for name, text in self.texts.items()}
        homes, bodies = collections.defaultdict(set), {}
        self.declaring = collections.defaultdict(set)
        for name, code in self.codes.items():
            if not name.endswith(".h"):
                continue
            for word in words_of(code) | rows_of(code, self.definitions(name)):
                homes[word].add(name)
            body = without_directives(code)
            for tag in re.findall(r"\b(?:struct|union|enum)\s+(\w+)\s*\{", body):
                bodies[tag] = name
                self.declaring[tag].add(name)
            for tag in re.findall(r"^(?:struct|union)\s+(\w+);", body, re.M):
                self.declaring[tag].add(name)
        self.home = {word: next(iter(names)) for word, names in homes.items() if len(names) == 1}
        self.tag_home = {tag: self.of_tag(tag, bodies.get(tag)) for tag in self.declaring}

    def definitions(self, name):
        return "\n".join(self.codes[header] for header in self.included[name]
                         if header.endswith(".def") and header in self.codes)

    def of_tag(self, tag, body):
        """where others get a structure from: the header of its name, else that of its body"""
        for name in sorted(self.declaring[tag]):
            if name.endswith(f"/{tag}.h"):
                return name
        return body

    def counted(self, name):
        """the headers that the file includes, or that its own and private headers include"""
        own = re.sub(r"\.c$", ".h", name)
        headers = set(self.included[name]) | {name}
        for header in list(headers | {own}):
            if header in self.texts and (header == own or (
                    header.split("/")[0] == name.split("/")[0] and
                    "Private to" in self.texts[header])):
                headers |= {header} | set(self.included[header])
        return headers

    def missing(self, name):
        """header: names that the file uses and that only come with another header"""
        headers = self.counted(name)
        code = re.sub(r"^\s*#\s*include[^\n]*", " ", self.codes[name], flags=re.M)
        code = re.sub(r"(\.|->)\s*\w+", " ", code)
        found = collections.defaultdict(set)
        for tag in set(re.findall(r"\b(?:struct|union|enum)\s+(\w+)", code)):
            home = self.tag_home.get(tag)
            is_own = re.search(rf"\b(?:struct|union|enum)\s+{tag}\s*(;|\{{)", code)
            if home and not is_own and not self.declaring[tag] & headers:
                found[home].add(tag)
        own = set(re.findall(r"^\s*#\s*define\s+(\w+)", code, re.M))
        code = re.sub(r"\b(?:struct|union|enum)\s+\w+", " ", code)
        declared = re.findall(r"(?:\b(?:size_t|unsigned|u?int\w*|bool|char) |\*)(\w+)\s*[;,=[)]", code)
        for word in set(re.findall(r"\b[A-Za-z_]\w+", code)) - own - set(declared):
            if word in self.home and self.home[word] not in headers:
                found[self.home[word]].add(word)
        return found


def mend(path, headers):
    """add the headers to those that a file includes, in the order of the alphabet"""
    lines = path.read_text().split("\n")
    for header in sorted(headers):
        places = [at for at, line in enumerate(lines) if re.match(r'#include "[^"]+\.h"', line)]
        line = f'#include "{header}"'
        if not places:
            last = [at for at, one in enumerate(lines) if one.startswith("#include <")]
            guard = [at for at, one in enumerate(lines) if one.startswith("#define ")]
            at = (last or guard or [-1])[-1] + 1 if last else guard[0] + 1
            lines[at:at] = ["", line]
            continue
        own = lines[places[0]].startswith(f'#include "{path.parent.name}/{path.stem}.h"')
        after = [at for at in places[1 if own else 0:] if lines[at] < line]
        first = places[1] if own and len(places) > 1 else places[0] + (1 if own else 0)
        lines.insert(after[-1] + 1 if after else first, line)
    path.write_text("\n".join(lines))
