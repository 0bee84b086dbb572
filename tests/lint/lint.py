#!/usr/bin/env python3
"""The rules of this tree that a compiler does not know.

usage: lint.py RULE TREE [BUILD]      RULE is one of the functions rule_RULE() below

Every rule prints "file:line: sentence" and ends with status 1 when it found something. Each is
written so that it could be explained in one line; exceptions are listed here, with a reason.
"""
import collections
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys

import circles
import uses
from uses import without_comments

WIDTH = 96
CLANG_FORMAT = 14  # another one decides otherwise in places
FUNCTION_LINES = 60
FILE_LINES = 500
PARAMETERS = 4

# what only base/ and app/ may call, and what nobody may
BANNED = ("strcpy strcat sprintf vsprintf strncpy strtok gets atoi atol atof strtol strtoul "
          "strtoll strtoull scanf sscanf fscanf alloca localtime gmtime rand srand random "
          "system popen").split()
ROOTED = "malloc calloc realloc free printf fprintf puts putchar exit".split()

# foreign handles that are given back by a plain free() or need our memory: file, reason
ALLOWED = {
    ("src/engine/engine_spf2.c", "free"): "libspf2 hands out malloc'd memory",
    ("src/engine/engine_spf2.c", "malloc"): "libspf2 frees what its hook returns",
    ("src/engine/engine_opendkim.c", "free"): "libopendkim hands out malloc'd memory",
    ("src/engine/engine_opendkim.c", "malloc"): "libopendkim frees what its hooks return",
    ("src/dns/dns_rr.c", "free"): "ldns hands out malloc'd text",
    ("src/render/render_json_value.c", "free"): "jansson hands out malloc'd text",
    ("src/web/web_http.c", "free"): "jansson hands out malloc'd text",
    ("src/ledger/ledger_snapshot.c", "free"): "jansson hands out malloc'd text",
    ("src/engine/embed_filter.c", "fprintf"): "a program of the build, not of the room",
    ("src/policy/embed_policies.c", "fprintf"): "a program of the build, not of the room",
    ("src/policy/embed_providers.c", "fprintf"): "a program of the build, not of the room",
    ("src/policy/embed_replies.c", "fprintf"): "a program of the build, not of the room",
}

# rooms that speak JSON and XML, see src/LAYERS; the error queue of OpenSSL, which auth and smtp
# both use, and its hashes, which auth and web do
SHARED_HEADERS = ("jansson.h", "expat.h", "openssl/crypto.h", "openssl/err.h", "openssl/sha.h", "yaml.h")
SYSTEM_HEADERS = re.compile(
    r"^(arpa/|netinet/|sys/|linux/|net/|bits/)|^(assert|ctype|errno|fcntl|float|getopt|inttypes|"
    r"limits|locale|malloc|math|netdb|poll|pwd|sched|setjmp|signal|spawn|stdarg|stdbool|stddef|stdint|"
    r"stdatomic|stdio|stdlib|grp|stdnoreturn|string|strings|syslog|termios|time|unistd|wchar|dlfcn|dirent)\.h$")

faults = []


def fault(path, line, text):
    faults.append(f"{path}:{line}: {text}")


def sources(tree, *suffixes):
    for path in sorted(tree.glob("src/**/*")):
        if path.suffix in suffixes:
            yield path, path.relative_to(tree).as_posix()


# headers that only one of ours includes, because they need something around them
WRAPPED = {"ldns/ldns.h": "dns/dns_ldns.h"}


def read_layers(tree):
    """room: (rooms below, its third-party headers, its libraries)"""
    layers = {}
    for line in (tree / "src/LAYERS").read_text().splitlines():
        if re.match(r"[a-z]+:", line):
            room, rest = line.split(":")
            parts = [part.split() for part in rest.split("|")]
            layers[room] = tuple(parts + [[]] * (3 - len(parts)))
    return layers


def rule_layers(tree):
    """Rooms include only rooms that LAYERS allows; each third-party header has exactly one
    room."""
    layers = read_layers(tree)
    owner = {third: room for room, (_, thirds, _) in layers.items() for third in thirds}
    for room in sorted(p.name for p in (tree / "src").iterdir() if p.is_dir()):
        if room not in layers:
            fault(f"src/{room}", 1, "is no room of src/LAYERS")
    for path, name in sources(tree, ".c", ".h", ".def"):
        room = name.split("/")[1]
        below = layers.get(room, ([], [], []))[0]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+([<"])([^>"]+)', line)
            if not match:
                continue
            bracket, header = match.groups()
            first = header.split("/")[0]
            if bracket == '"' and first in layers:
                if first != room and first not in below:
                    fault(name, number, f"{room}/ may not include {header}: see src/LAYERS")
            elif bracket == '"':
                fault(name, number, f'"{header}": own headers are included as "room/file.h"')
            elif header in SHARED_HEADERS or SYSTEM_HEADERS.search(header):
                continue
            else:
                # the longest prefix wins: openssl/ssl.h is not auth's although openssl/ is
                third = max((t for t in owner if header.startswith(t)), key=len, default=None)
                home = owner.get(third)
                if header in WRAPPED and name != f"src/{WRAPPED[header]}":
                    fault(name, number, f'<{header}>: include "{WRAPPED[header]}", which says why')
                if home != room:
                    fault(name, number, f"<{header}> belongs to {home or 'no room'}, not {room}/")


# names of the C library that a room defines, and why
STAND_INS = {"time": "engine/: a library that asks for the time gets that of the report"}


def names_of(arguments, defined):
    """(object, name) that files define, or that objects leave undefined; see nm(1)"""
    run = subprocess.run(["nm", "-A", "-P", *arguments], capture_output=True, text=True)
    for line in run.stdout.splitlines():
        match = re.match(r"\S*?(?:\[(\S+)\.o\])?: (\w+)(?:@\S+)? (\w)", line)
        if match and (match.group(3) in "Uwv") != defined:
            yield match.group(1), match.group(2)


def library_names(build):
    """name: the libraries of CMakeCache.txt that define it, "c" for those of the system"""
    owners = {}
    paths = [(match.group(1), match.group(2)) for match in
             re.finditer(r"^(\w+)_LIBRARY:FILEPATH=(/.*)$", (build / "CMakeCache.txt").read_text(),
                         re.M)]
    ldd = subprocess.run(["ldd", str(build / "mailassay")], capture_output=True, text=True)
    paths += [("c", path) for path in re.findall(r"(/\S+)", ldd.stdout)
              if re.match(r"(lib(c|m|dl|rt|pthread|gcc_s|resolv)|ld-linux.*|ld-musl.*)\b",
                          os.path.basename(path))]
    for library, path in paths:
        for _, name in names_of(["-D", path], True):
            owners.setdefault(name, set()).add(library)
    return {name: {"c"} if "c" in libraries else libraries for name, libraries in owners.items()}


def reached(room, objects, home):
    """all objects that those of the room need, and how each was reached"""
    ways = {key: None for key in objects if key[0] == room}
    todo = list(ways)
    while todo:
        key = todo.pop()
        for name in objects[key]:
            if name in home and home[name] not in ways:
                ways[home[name]] = key
                todo.append(home[name])
    return ways


def unused_layers(tree, layers, used):
    """rooms that LAYERS allows and nothing includes or calls; `used` has the calls"""
    for path, name in sources(tree, ".c", ".h", ".def"):
        for header in re.findall(r'^#include "([a-z]+)/', path.read_text(), re.M):
            used.add((name.split("/")[1], header))
    for room, (below, _, _) in layers.items():
        for other in below:
            if (room, other) not in used:
                fault("src/LAYERS", 1, f"{room} uses nothing of {other}: leave it out")


def rule_symbols(tree, build):
    """What the archives of the rooms leave undefined is what src/LAYERS allows them."""
    layers = read_layers(tree)
    outside = library_names(build)
    home, objects = {}, {}  # name: (room, object); (room, object): names that it needs
    for room in layers:
        archive = str(build / f"libroom_{room}.a")
        if not os.path.exists(archive):
            continue
        for source, name in names_of([archive], True):
            objects.setdefault((room, source), set())
            if "c" not in outside.get(name, ()):
                home[name] = (room, source)
            elif not STAND_INS.get(name, "").startswith(f"{room}/"):
                fault(f"src/{room}/{source}", 1, f"{name}() is a function of the C library")
        for source, name in names_of([archive], False):
            objects.setdefault((room, source), set()).add(name)
    if not objects:
        fault(str(build), 1, "holds no archives: this rule would find nothing")
    for (room, source), names in sorted(objects.items()):
        below, _, libraries = layers[room]
        for name in sorted(names):
            if name in home and home[name][0] not in (room, *below):
                fault(f"src/{room}/{source}", 1, f"uses {name}() of {home[name][0]}/, which "
                                                 "src/LAYERS does not allow")
            elif name not in home and name in outside and not outside[name] & {"c", *libraries}:
                fault(f"src/{room}/{source}", 1, f"uses {name} of {' '.join(outside[name])}, which "
                                                 "src/LAYERS does not allow")
            elif name not in home and name not in outside and not name.startswith("_"):
                fault(f"src/{room}/{source}", 1, f"uses {name}, which nobody defines")
    unused_layers(tree, layers, {(room, home[name][0]) for (room, _), names in objects.items()
                                 for name in names if name in home})
    for line in (tree / "src/LAYERS").read_text().splitlines():
        if not line.startswith("without "):
            continue
        without, rooms = (part.split() for part in line[len("without "):].split(":"))
        for room in rooms:
            ways = reached(room, objects, home)
            for key in ways:
                found = {library for name in objects[key] if name not in home
                         for library in outside.get(name, ()) if library in without}
                if found:
                    way = [key]
                    while ways[way[-1]] is not None:
                        way.append(ways[way[-1]])
                    fault("src/LAYERS", 1, f"{room} needs {' '.join(sorted(found))}: " +
                          " <- ".join("/".join(part) for part in way))


def rule_circles(tree, build):
    """Files of a room that need each other in a circle are in src/README.md, with the reason."""
    layers = read_layers(tree)
    home, objects = {}, {}
    for room in layers:
        archive = str(build / f"libroom_{room}.a")
        if not os.path.exists(archive):
            continue
        for source, name in names_of([archive], True):
            home[name] = (room, source)
            objects.setdefault((room, source), set())
        for source, name in names_of([archive], False):
            objects.setdefault((room, source), set()).add(name)
    if not objects:
        fault(str(build), 1, "holds no archives: this rule would find nothing")
    found = circles.circles(circles.edges(objects, home)) + circles.circles(circles.included(tree))
    known = circles.known((tree / "src/README.md").read_text())
    for room, files in found:
        if (room, files) not in known:
            fault(f"src/{room}/{files[0]}", 1, "is in a circle: break it, or give its reason in "
                  f"src/README.md: * `{room}/` {' '.join(files)}: WHY.")
    for circle, line in sorted(known.items()):
        if circle not in found:
            fault("src/README.md", line, "is no circle any more, or has other files")


# what of a system header shows that it is used; those that are not here are not asked about
SYSTEM_NAMES = {
    "assert.h": r"assert", "ctype.h": r"(is|to)[a-z]+", "errno.h": r"errno|E[A-Z0-9]{3,}",
    "fcntl.h": r"open(at)?|fcntl|[OF]_[A-Z]+|AT_[A-Z]+", "poll.h": r"p?poll(fd)?|POLL[A-Z]+",
    "inttypes.h": r"PRI[A-Za-z0-9]+|strto[iu]max", "setjmp.h": r"\w*jmp\w*",
    "signal.h": r"SIG\w+|sig\w+|kill|raise", "stdarg.h": r"va_\w+",
    "stdio.h": r"\w*printf|FILE|EOF|f[a-z]+|put\w+|std(in|out|err)|getline|re(name|move)|perror",
    "stdlib.h": r"[mc]alloc|realloc|free|_?exit|abort|\w*env|[qb]s(ort|earch)|mk\w+|strto\w+|"
                r"EXIT_\w+|atexit|realpath|posix_\w+|grantpt|unlockpt|ptsname",
    "string.h": r"(mem|str|stp|basename|explicit_bzero)\w*", "strings.h": r"str\w+|ffs\w*",
    "time.h": r"\w*time\w*|tm|clock\w*|CLOCK_\w+|nanosleep",
}
PASSED_ON = ("tests/support/unit.h", "tests/fuzz/fuzz.h")  # what every test includes


def uncommented(path):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", path.read_text(), flags=re.S)


@functools.lru_cache(None)
def declared(path, is_deep):
    """names that a header gives to who includes it; is_deep: with those it includes itself"""
    text = without_comments(path.read_text())
    names = set(re.findall(r"^\s*#\s*define\s+(\w+)", text, re.M))
    names.update(re.findall(r"\b(\w+_)##", text))  # the beginning of names
    code = "\n".join("" if line.lstrip().startswith("#") else line for line in
                     re.sub(r"\\\n", " ", text).splitlines())
    names.update(re.findall(r"\b(?:struct|union|enum)\s+(\w+)\s*\{", code))
    names.update(word for body in re.findall(r"\benum\b[^{;()]*\{(.*?)\}", code, re.S)
                 for word in re.findall(r"(?:^|,)\s*(\w+)", body))
    names.update(set(re.findall(r"\b([a-z]\w*)\s*\(", code)) - {"void", "bool", "int", "sizeof"})
    names.update(re.findall(r"^extern\b[^;(]*?(\w+)(?:\[[^\]]*\])?;", code, re.M))
    names.update(re.findall(rf"^struct ({path.stem});", code, re.M))  # opaque: its handle
    names |= {"dns_ldns.h": {"ldns_", "LDNS_"}, "web_library.h": {"MHD_"}}.get(path.name, set())
    if is_deep:
        for header in re.findall(r'^#include "([^"]+\.h)"', path.read_text(), re.M):
            if (path.parents[1] / header).exists():
                names |= declared(path.parents[1] / header, True)
    return frozenset(names)


def rule_includes(tree):
    """A file includes what it uses, each header once, and of every header it uses a name. What a
    header includes for those who include it is its own affair as long as it uses a name of that or
    of what comes with it. UPDATE=1 adds what is missing."""
    for path in sorted(tree.glob("src/**/*.[ch]")) + sorted(tree.glob("tests/**/*.[ch]")):
        name = path.relative_to(tree).as_posix()
        text = path.read_text()
        included = re.findall(r'^\s*#\s*include\s+([<"])([^>"]+)', text, re.M)
        code = re.sub(r"^\s*#\s*include[^\n]*", " ", without_comments(text), flags=re.M)
        for bracket, header in included:
            if header.endswith(".def"):
                code += uncommented(next(home for home in (
                    tree / "src" / header, tree / "tests/support" / header) if home.exists()))
        code = re.sub(r"(\.|->)\s*\w+", " ", code)  # members, whatever their names
        words = set(re.findall(r"\w+", code))
        words |= {f"{name}_parse" for name in re.findall(r"\bRECORDS_PARSER\((\w+)\)", code)}
        words |= {word[:at + 1] for word in words for at, one in enumerate(word) if one == "_"}
        for header, count in collections.Counter(header for _, header in included).items():
            if count > 1 and header.endswith(".h"):
                fault(name, text.count("\n", 0, text.rindex(header)) + 1,
                      f"includes {header} twice")
        for bracket, header in included:
            pattern = SYSTEM_NAMES.get(header) if name not in PASSED_ON else None
            is_used = not pattern or re.search(rf"\b(?:{pattern})(?!\w)", code)
            home = tree / "src" / header
            if bracket == '"' and header.endswith(".h") and home.exists() and \
                    home != path.with_suffix(".h"):
                is_used = declared(home, path.suffix == ".h") & words
            if not is_used:
                fault(name, text.count("\n", 0, text.index(header)) + 1,
                      f"includes {header} and uses nothing of it")


    for suffix in (".h", ".c"):  # headers first: a file may count those of its own
        files = uses.Tree(tree)
        for name in files.texts:
            missing = files.missing(name) if name.endswith(suffix) else {}
            if missing and os.environ.get("UPDATE") == "1":
                uses.mend(tree / "src" / name, missing)
                continue
            for header, words in sorted(missing.items()):
                fault(f"src/{name}", 1, f'uses {min(words)}: include "{header}", or UPDATE=1 '
                      "tests/lint/includes.test build/mailassay .")


def rule_headers(tree):
    """Every header opens as a manual page, and has an include guard."""
    for path, name in sources(tree, ".h"):
        text = path.read_text()
        if not text.startswith("/*\n * NAME\n"):
            fault(name, 1, "does not open with NAME")
        opening = text.split("*/", 1)[0]
        for part in ("DESCRIPTION",):
            if f" * {part}\n" not in opening:
                fault(name, 1, f"has no {part}")
        public = re.search(r"^[a-z][^\n]*\([^;{]*\)[^;{]*;", without_comments(text), re.M)
        if public and " * ERRORS\n" not in opening and "must" not in name:
            fault(name, 1, "declares functions but has no ERRORS")
        if re.search(r"arena|open\(", text.split("*/", 1)[-1]) and " * OWNERSHIP\n" not in opening:
            fault(name, 1, "hands out memory or handles but has no OWNERSHIP")
        if not re.search(r"#ifndef \w+_H\n#define \w+_H", text):
            fault(name, 1, "has no include guard")


def functions(text):
    """(name, parameters, first line, last line) of every function defined."""
    lines = text.splitlines()
    clean = without_comments(text).splitlines()
    start = 0
    for number, line in enumerate(clean):
        if line.startswith("{"):
            head = " ".join(clean[start:number])
            match = re.search(r"(\w+)\s*\(((?:[^()]|\([^()]*\))*)\)\s*$", head)
            end = next((n for n in range(number, len(clean)) if clean[n].startswith("}")), number)
            if match:
                yield match.group(1), match.group(2), number + 1, end + 1
            start = end + 1
        elif line.startswith("}") or line.rstrip().endswith(";") or line.startswith("#"):
            start = number + 1
    del lines


def parameter_count(text):
    """the arguments of a format count with it"""
    text = re.sub(r",\s*\.\.\.$", "", text.strip())
    return 0 if text in ("", "void") else len(re.sub(r"\([^()]*\)", "", text).split(","))


def rule_shape(tree):
    """Functions, files, lines and parameter lists stay short; tests can be run."""
    for path in sorted(tree.glob("tests/**/*.test")):
        if not os.access(path, os.X_OK):
            fault(path.relative_to(tree).as_posix(), 1, "is not executable: chmod +x")
    for path in sorted(tree.glob("tests/diff/*.py")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > WIDTH:
                fault(path.relative_to(tree).as_posix(), number,
                      f"is {len(line)} columns wide, {WIDTH} is the limit")
    for path, name in sources(tree, ".c", ".h", ".def"):
        text = path.read_text()
        lines = text.splitlines()
        if path.suffix != ".def" and len(lines) >= FILE_LINES:
            fault(name, len(lines), f"has {len(lines)} lines, {FILE_LINES} is too many")
        for number, line in enumerate(lines, 1):
            if len(line) > WIDTH:
                fault(name, number, f"is {len(line)} columns wide, {WIDTH} is the limit")
            if line != line.rstrip():
                fault(name, number, "ends in blanks")
            if "\t" in line:
                fault(name, number, "holds a tab")
        if path.suffix != ".c":
            continue
        for function, parameters, first, last in functions(text):
            if last - first - 1 > FUNCTION_LINES:
                fault(name, first, f"{function}() has {last - first - 1} lines, "
                                   f"{FUNCTION_LINES} is the limit")
            count = parameter_count(parameters)
            if count > PARAMETERS and (function not in WIDE):
                fault(name, first, f"{function}() has {count} parameters; "
                                   f"above {PARAMETERS} it wants a struct")


# interfaces that a library dictates, or one out-parameter beside the reason
WIDE = {
    "take_request": "libmicrohttpd's callback",
    "take_sandbox_request": "libmicrohttpd's callback",
    "web_http_field": "libmicrohttpd's callback",
    "stop_flood": "libcurl's callback",
    "note_first": "OpenSSL's callback",
    "file_load": "object, bound, result and reason",
    "file_load_text": "as file_load",
    "ledger_save": "ledger, arena, path, time and reason",
    "engine_judge": "handle, arena, ledger, request and two results",
    # hooks whose parameters libspf2, libopendkim and expat dictate
    "on_entity": "expat", "xml_on_doctype": "expat",
    "hook_lookup": "libspf2", "hook_start": "libopendkim", "hook_waitreply": "libopendkim",
}


def rule_forbidden(tree):
    """Functions that lose data, time or errors are not called; memory and output have rooms."""
    call = re.compile(r"(?<![\w.>])(\w+)\s*\(")
    for path, name in sources(tree, ".c", ".h"):
        room = name.split("/")[1]
        for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
            for function in call.findall(line):
                if function in BANNED:
                    fault(name, number, f"{function}() is not used in this tree")
                elif (function in ROOTED and room not in ("base", "app")
                      and (name, function) not in ALLOWED):
                    fault(name, number, f"{function}() belongs to base/ and app/")
        if path.suffix == ".c" and re.search(r"^\s*default:", without_comments(path.read_text()),
                                             re.M) and "switch" in path.read_text():
            for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
                if re.match(r"\s*default:", line):
                    fault(name, number, "a switch on an enum has no default:, others say why "
                                        "in an if")


def arguments(text, at):
    """how many arguments the call has whose bracket opens at `at`; literals are blank"""
    depth, commas = 0, 0
    for letter in text[at:]:
        depth += (letter in "([{") - (letter in ")]}")
        commas += letter == "," and depth == 1
        if depth == 0:
            break
    return commas + 1


# functions with a format: what takes an argument in it, and how many arguments stand before it
FORMATS = {"json_pack": (r"[sbiIfoO]", 0), "html_fill": (r"\$[twb]", 1)}


def rule_json(tree):
    """json_pack() has an argument for each letter of its format but n, and html_fill() for each
    place of its markup: no compiler counts."""
    for path, name in sources(tree, ".c"):
        text = path.read_text()
        code = without_comments(text)
        for match in re.finditer(
                r"\b(json_pack|html_fill)\((?:\s*&?\w+,)?\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)", text):
            places, before = FORMATS[match.group(1)]
            wanted = len(re.findall(places, match.group(2)))
            given = arguments(code, match.end(1)) - 1 - before
            if given != wanted:
                fault(name, text.count("\n", 0, match.start()) + 1,
                      f"{match.group(1)}() has {given} arguments, its format {wanted}")


# what only its own file and tests call, and why it is public all the same
FOR_TESTS = {
    "auth_dkim_forget_keys": "tests look at keys that were decoded before, and at those that were not",
    "dns_live_servers_parse": "the servers of resolv.conf, without the file",
    "ip_from_point": "tests walk over sets address by address",
    "ip_to_point": "its inverse",
    "policy_judge": "one kind of sender; policy_judge_both() asks for both",
    "policy_parse": "a policy, without the file",
    "reply_fault": "one fault of a reply; others list them all",
    "smtp_auth_users_parse": "the users, without the file",
    "suggest_distance": "the measure behind a suggestion",
}


def rule_public(tree):
    """A public function is called by another file of src/. A header says "Private to ROOM/" if
    no other room gets to see it, and only then; nobody includes the headers of app/."""
    texts = {name: path.read_text() for path, name in sources(tree, ".c", ".h", ".def")}
    codes = {name: without_comments(text) for name, text in texts.items()}
    users = {}
    for name, code in codes.items():
        for word in set(re.findall(r"\w+", code)):
            users.setdefault(word, set()).add(name)
    for name, code in codes.items():
        if not name.endswith(".h"):
            continue
        for match in re.finditer(r"^(?!static|typedef|#)[a-z_][\w\s*]*?[\s*](\w+)\(", code, re.M):
            function = match.group(1)
            calling = [user for user in users[function] - {name} if not re.search(
                rf"^(?!static)[a-z_][\w\s*]*?\b{function}\([^;{{]*\)\n\{{", codes[user], re.M)]
            if not calling and len(re.findall(rf"\b{function}\b", code)) == 1 and \
                    function not in FOR_TESTS:
                fault(name, code.count("\n", 0, match.start(1)) + 1,
                      f"{function}() is public and no other file calls it")
    included = {name: {f"src/{header}" for header in re.findall(
        r'^\s*#\s*include\s+"([^"]+\.h)"', text, re.M)} for name, text in texts.items()}
    shown = set()
    for name in included:
        reach, todo = set(), [name]
        while todo:
            new = included.get(todo.pop(), set()) - reach
            reach |= new
            todo += new
        shown |= {header for header in reach if header.split("/")[1] != name.split("/")[1]}
    for name, text in texts.items():
        room = name.split("/")[1]
        if not name.endswith(".h") or room == "app":
            continue
        is_marked = "Private to" in text
        if is_marked and name in shown:
            fault(name, 1, f"says that it is private, and other rooms get to see it")
        if not is_marked and name not in shown:
            fault(name, 1, f'does not say "Private to {room}/", and no other room sees it')


def rule_citations(tree):
    """Citations look like "RFC 7208, 4.6.4", and obsolete standards name their successor. What
    has no RFC is cited by the name of its Internet-Draft, which is one of a few."""
    drafts = {"draft-brand-indicators-for-message-identification", "draft-svg-tiny-ps-abrotman",
              "draft-fetch-validation-vmc-wchuang"}
    obsolete = {"4408": "7208", "4871": "6376", "5672": "6376", "7489": None, "2821": "5321",
                "2822": "5322", "7601": "8601", "822": "5322", "821": "5321"}
    # rooms that speak about what changed between two standards on purpose
    history = re.compile(r"7489|4408 is not consulted")
    for path, name in sources(tree, ".c", ".h", ".def"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for match in re.finditer(r"\bRFC(.?)(\d{3,4})\b", line):
                if match.group(1) not in (" ", "("):
                    fault(name, number, f'write "RFC {match.group(2)}"')
                successor = obsolete.get(match.group(2))
                if successor and not history.search(line):
                    fault(name, number, f"RFC {match.group(2)} was replaced by RFC {successor}")
            for draft in re.findall(r"\bdraft-[a-z0-9][a-z0-9-]+", line):
                if draft not in drafts:
                    fault(name, number, f"{draft} is no Internet-Draft that is known here; cite "
                                        "its RFC, or add the name to the rule")


def rule_receivers(tree):
    """No receiver is known to the code: what it does stands in policies/ alone."""
    known_standards = ("rfc9989", "opendmarc")  # also a standard and a library
    names = [path.stem for path in sorted(tree.glob("policies/*.yaml"))
             if "\nkind: receiver\n" in path.read_text() and path.stem not in known_standards]
    if not names:
        fault("policies", 1, "holds no receiver: this rule would find nothing")
    pattern = re.compile("|".join(re.escape(name).replace("\\-", "[- ]") for name in names), re.I)
    for path, name in sources(tree, ".c", ".h"):
        text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), path.read_text(),
                      flags=re.S)
        for number, line in enumerate(text.splitlines(), 1):
            for literal in re.findall(r'"(?:\\.|[^"\\\n])*"', line):
                if pattern.search(literal):
                    fault(name, number, f"names a receiver: {literal}; policies/ is the place")


def rule_limits(tree):
    """Every bound of base/limits*.h has a remark "bound: LIMIT_NAME both" (or "past") in the test
    that meets it, or a reason in limits.table; other *_MAX cite their standard or are explained
    there."""
    places = {}
    for path in sorted(tree.glob("src/base/limits*.h")):
        for bound in re.findall(r"^#define LIMIT_(\w+) ", path.read_text(), re.M):
            places[bound] = path.relative_to(tree).as_posix()
    bounds = list(places)
    rows = [line.split(" ", 2) for line in
            (tree / "tests/lint/limits.table").read_text().splitlines()
            if line and not line.startswith("#")]
    untested = {row[0] for row in rows if row[1] == "open"}
    explained = {row[1] for row in rows if row[0] == "not"}
    met = {}
    for path in sorted(tree.glob("tests/**/*")):
        if path.suffix not in (".c", ".py", ".test") or "lint" in path.parts:
            continue
        name = path.relative_to(tree).as_posix()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            remark = re.match(r"\s*(?:/\*|#) bound: (.*)", line)
            for bound, how in re.findall(r"LIMIT_(\w+) (\w+)", remark.group(1) if remark else ""):
                met[bound] = name
                if bound not in bounds or how not in ("both", "past"):
                    fault(name, number, f"there is no LIMIT_{bound}, or it is not met \"{how}\"")
    for bound in bounds:
        if (bound in met) == (bound in untested):
            fault(places[bound], 1, f"LIMIT_{bound}: either a test has the remark \"bound: "
                                    f"LIMIT_{bound} both\", or limits.table the reason")
    elsewhere = set()
    for path, name in sources(tree, ".c", ".h"):
        for line in path.read_text().splitlines():
            match = re.match(r"#define ([A-Z0-9_]*_MAX[A-Z0-9_]*) +[(0-9]", line)
            if match and not re.search(r"LIMIT_|RFC [0-9]+, [0-9A-Z]|draft-|resolv\.conf|SHOWN",
                                       line):
                elsewhere.add(match.group(1))
    for name in sorted(elsewhere ^ explained):
        fault("tests/lint/limits.table", 1, f"{name}: a bound belongs in src/base/limits.h; what "
                                            "is not one has a line here, and nothing else has")


def rule_ids(tree):
    """Findings are compared by enum finding_id: no id of the catalogue stands in a string, and
    a string that begins a family of ids ("dkim_key_") begins at least one."""
    table = (tree / "src/model/finding_table.def").read_text()
    ids = set(re.findall(r"^(?:CHECK|OUTCOME)\((\w+),", table, re.M))
    families = {name.split("_")[0] for name in ids}
    for path, name in sources(tree, ".c", ".h"):
        text = path.read_text()
        code = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
        for number, line in enumerate(code.splitlines(), 1):
            for word in re.findall(r'"([a-z0-9]+_[a-z0-9_]*)"', line):
                if word in ids:
                    fault(name, number, f'"{word}" is a finding: write ID_{word}')
                elif word.endswith("_") and word.split("_")[0] in families and \
                        "span_starts_with" in code and \
                        not any(one.startswith(word) for one in ids):
                    fault(name, number, f'no finding begins with "{word}"')
            if re.search(r'strcmp\(\w*(finding|one|rest|first|list)->id, "', line):
                fault(name, number, "findings are compared by row, not by text")


def rule_names(tree):
    """Static functions have names of two words or more that no other function of src/ has; the
    comment above a function names it; name() in a comment is a function that exists."""
    where = {}
    for path, name in sources(tree, ".c"):
        for function, _, first, _ in functions(path.read_text()):
            where.setdefault(function, []).append((name, first))
    known = set(where)
    for path, name in sources(tree, ".h", ".def", ".c"):
        known.update(re.findall(r"\b(\w+)\s*\(", without_comments(path.read_text())))
    for path, name in sources(tree, ".c"):
        text = path.read_text()
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            match = re.match(r"static [\w *]*?(\w+)\(", line)
            if match and not line.rstrip().endswith(";"):
                function = match.group(1)
                if "_" not in function:
                    fault(name, number, f"{function}(): a static function has two words or more")
                if len(where.get(function, [])) > 1:
                    others = ", ".join(f for f, _ in where[function] if f != name)
                    fault(name, number, f"{function}() is also a function of {others or name}")
        for match in re.finditer(r"^/\* (\w+) - (?:(?!\*/).)*\*/\n([^;{]*?)\n\{", text, re.M | re.S):
            if re.match(r"[\w ]", match.group(2)) and f"{match.group(1)}(" not in match.group(2):
                number = text.count("\n", 0, match.start()) + 1
                fault(name, number, f"the comment names {match.group(1)}, the function below "
                                    "another")
    for path, name in sources(tree, ".c", ".h", ".def"):
        for comment in re.finditer(r"/\*.*?\*/", path.read_text(), re.S):
            for function in re.findall(r"\b([a-z]\w*_\w+)\(\)", comment.group()):
                if function not in known and function not in ELSEWHERE:
                    number = path.read_text().count("\n", 0, comment.start()) + 1
                    fault(name, number, f"{function}() does not exist")


# functions of standards and libraries that comments speak of
ELSEWHERE = {"check_host", "ldns_verify_rrsig", "dkim_close", "query_dmarc", "fetch_rua", "fetch_ruf"}


def rule_format(tree):
    """Every C file is as clang-format writes it."""
    tool = shutil.which("clang-format")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True) if tool else None
    if tool is None or f" {CLANG_FORMAT}." not in version.stdout:
        print(f"skipped: no clang-format {CLANG_FORMAT}")
        sys.exit(77)
    files = [str(path) for folder in ("src", "tests") for path in
             sorted((tree / folder).glob("**/*.[ch]"))]
    run = subprocess.run([tool, "--dry-run", *files], capture_output=True, text=True, cwd=tree)
    for place in sorted({line.split(": ")[0] for line in run.stderr.splitlines()
                         if "clang-format-violations" in line}):
        path, line = place.rsplit(":", 2)[0:2]
        fault(os.path.relpath(path, tree), int(line), "is not as clang-format writes it")


def rule_docs(tree):
    """What documents name exists; rooms on the road map are the rooms there are."""
    road_map = (tree / "docs/tree.md").read_text()
    for room in sorted(p.name for p in (tree / "src").iterdir() if p.is_dir()):
        if f"{room}/" not in road_map:
            fault("docs/tree.md", 1, f"does not name the room src/{room}/")
    for path in [tree / "README.md", *sorted((tree / "docs").glob("*.md"))]:
        name, text = path.relative_to(tree).as_posix(), path.read_text()
        for named in re.findall(r"`((?:src|tests|testdata|docs|packaging)/[\w./-]+)`", text):
            if not (tree / named).exists():
                fault(name, 1, f"names {named}, which does not exist")
        for link in re.findall(r"\]\(([\w./-]+)\)", text):
            if not (path.parent / link).exists():
                fault(name, 1, f"links to {link}, which does not exist")
        for task in re.findall(r"\./dev (\w+)", text):
            if f"task_{task}()" not in (tree / "dev").read_text():
                fault(name, 1, f"names ./dev {task}, which does not exist")


def main():
    rules = {name[5:]: rule for name, rule in globals().items() if name.startswith("rule_")}
    if len(sys.argv) < 3 or sys.argv[1] not in rules:
        sys.exit(__doc__)
    rules[sys.argv[1]](*[pathlib.Path(path) for path in sys.argv[2:]])
    print("\n".join(faults) if faults else f"{sys.argv[1]}: nothing found")
    sys.exit(1 if faults else 0)


main()
