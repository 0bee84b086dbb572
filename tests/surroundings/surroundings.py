"""Same subject, same snapshot, same --now: same bytes, wherever it runs.

usage: surroundings.py MAILASSAY TREE

Every case, every world and every run of testdata/golden is made at home and then abroad, where
all is different at once: locale (Turkish and German in turns, made here), time zone, a noisy
environment without HOME and PATH, umask, working directory, one processor instead of all, fixed
instead of random addresses of memory, and a copy of the data whose files were created in another
order and whose snapshots have their lines shuffled. Standard output, standard error, status, the
JSON report and the saved snapshot must be the same.

The program speaks UTF-8 in every locale, so all bytes are compared. Colour is no surrounding:
it is asked for (--color, CLICOLOR_FORCE) or belongs to a terminal.
"""
import ctypes
import multiprocessing
import os
import random
import shlex
import subprocess
import sys
import tempfile

MAILASSAY = os.path.realpath(sys.argv[1])
DATA = os.path.join(os.path.realpath(sys.argv[2]), "testdata")
NOW = "2026-11-24T00:00:00Z"
SEED = 1  # shuffled in the same way every time
ADDR_NO_RANDOMIZE = 0x0040000  # personality(2)
LOCALES = ["tr_TR", "de_DE"]
HOME = {"PATH": os.environ["PATH"], "HOME": "/", "LC_ALL": "C", "TZ": "UTC"}
NOISE = {"TZ": "Pacific/Chatham", "LANG": "tr_TR.UTF-8", "LC_NUMERIC": "de_DE.UTF-8",
         "LINES": "7", "TERM": "vt52", "NO_COLOR": "1", "DEBUG": "1",
         "RES_OPTIONS": "ndots:7 debug", "LOCALDOMAIN": "example.org", "HOSTALIASES": "/none",
         "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9",
         "SSL_CERT_FILE": "/none", "OPENSSL_CONF": "/dev/null", "USER": "ann",
         "SOURCE_DATE_EPOCH": "1", "MALLOC_PERTURB_": "165", "POSIXLY_CORRECT": "1",
         "PADDING": "x" * 30001}


# ---- what is run: name, working directory below testdata/.., words ----

def lines_of(path):
    with open(os.path.join(DATA, path)) as file:
        return file.read().splitlines()


def exists(*path):
    return os.path.exists(os.path.join(DATA, *path))


def folders(*path):
    top = os.path.join(DATA, *path)
    return sorted(name for name in os.listdir(top) if os.path.isdir(os.path.join(top, name)))


def sources(*path):
    """Snapshot first, then the domain's own zones, then those of the world."""
    zones = sorted(name for name in os.listdir(os.path.join(DATA, *path))
                   if name.endswith(".zone") and name != "world.zone")
    specs = ["snapshot:snapshot"] if exists(*path, "snapshot") else []
    specs += ["zone:%s@%s" % (name, name[:-len("zone")]) for name in zones]
    specs += ["zone:%s@." % name for name in ("world.zone", "zone") if exists(*path, name)]
    return [word for spec in specs for word in ("--dns", spec)]


def case(*path):
    words = ["check"] + lines_of(os.path.join(*path, "args")) + sources(*path)
    if exists(*path, "providers"):
        words += ["--providers", "providers"]
    if "--now" not in words:
        words += ["--now", NOW]
    return words


def all_runs():
    for finding in folders("cases"):
        for name in folders("cases", finding):
            path = ("cases", finding, name)
            asks = exists(*path, "engines") and lines_of(os.path.join(*path, "engines")) == ["ask"]
            yield path, case(*path) + ([] if asks else ["--no-engines"])
    for name in folders("worlds"):
        yield ("worlds", name), case("worlds", name) + ["--providers", "../providers.yaml"]
    for line in lines_of("golden/cases"):
        if line.strip() and line[0] != "#":
            name, formats, arguments = line.split(None, 2)
            for one in formats.split(","):
                yield ("..",), shlex.split(arguments) + ["--format", one.replace("txt", "text")]


def runs():
    return list(all_runs())


# ---- the copy of the data ----

def copy_file(source, target):
    with open(source, "rb") as file:
        content = file.read()
    if content.startswith(b'{"snapshot":'):  # a snapshot: its header, then lines in any order
        head, *rest = content.splitlines(keepends=True)
        random.shuffle(rest)
        content = head + b"".join(rest)
    with open(target, "wb") as file:
        file.write(content)


def copy_shuffled(source, target):
    os.makedirs(target, exist_ok=True)
    names = sorted(os.listdir(source))
    random.shuffle(names)
    for name in names:
        copy = copy_shuffled if os.path.isdir(os.path.join(source, name)) else copy_file
        copy(os.path.join(source, name), os.path.join(target, name))


# ---- the surroundings: each is a process that lives in them ----

def make_locales(folder):
    """The locales that could be made; a machine without their sources has none."""
    made = []
    for name in LOCALES:
        try:
            subprocess.run(["localedef", "-i", name, "-f", "UTF-8",
                            os.path.join(folder, name + ".UTF-8")], check=True,
                           capture_output=True)
            made.append(name + ".UTF-8")
        except (OSError, subprocess.CalledProcessError):
            print("no locale %s can be made here" % name)
    return made or ["C.UTF-8"]


def live(data, out, number):
    """Run everything here; what came is written to `out`, a file each."""
    with open(os.devnull) as nothing:
        for index, (path, words) in enumerate(runs()):
            os.chdir(os.path.join(data, *path))
            base = os.path.join(out, "%d" % index)
            if path != ("..",):
                words = words + ["-o", "-", "-o", base + ".json",
                                 "--save-snapshot", base + ".snapshot"]
            if LOCALES_MADE and number:
                os.environ["LC_ALL"] = LOCALES_MADE[index % len(LOCALES_MADE)]
            with open(base + ".out", "wb") as stdout, open(base + ".err", "wb") as stderr:
                status = subprocess.run([MAILASSAY] + words, stdin=nothing, stdout=stdout,
                                        stderr=stderr, close_fds=False).returncode
            with open(base + ".status", "w") as file:
                file.write("%d" % status)


def at_home(out):
    os.environ.clear()
    os.environ.update(HOME)
    os.umask(0o022)
    live(DATA, out, 0)


def abroad(out, temporary):
    os.environ.clear()
    os.environ.update(NOISE, LOCPATH=os.path.join(temporary, "locales"), TMPDIR=temporary)
    os.umask(0o077)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE)
    live(os.path.join(temporary, "copy", "testdata"), out, 1)


# ---- the comparison ----

def content(path):
    with open(path, "rb") as file:
        return file.read()


def first_difference(one, other):
    for number, (a, b) in enumerate(zip(one.split(b"\n"), other.split(b"\n")), 1):
        if a != b:
            return "line %d: %r, abroad %r" % (number, a[:120], b[:120])
    return "one is longer"


def compare(home, away):
    faults = 0
    for index, (path, words) in enumerate(runs()):
        for kind in ("status", "out", "err", "json", "snapshot"):
            files = [os.path.join(folder, "%d.%s" % (index, kind)) for folder in (home, away)]
            if not any(os.path.exists(file) for file in files):
                continue
            one, other = [content(file) if os.path.exists(file) else b"" for file in files]
            if one != other:
                print("FAULT: %s: %s: %s differs: %s" % (
                    "/".join(path), " ".join(words), kind, first_difference(one, other)))
                faults += 1
    reports = sum(name.endswith(".json") and os.path.getsize(os.path.join(home, name)) > 0
                  for name in os.listdir(home))
    print("%d runs twice, %d with text and JSON, %d differences" %
          (len(runs()), reports, faults))
    return faults


def main():
    random.seed(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        home, away = [os.path.join(temporary, name) for name in ("home", "abroad")]
        for folder in (home, away, os.path.join(temporary, "locales")):
            os.mkdir(folder)
        copy_shuffled(DATA, os.path.join(temporary, "copy", "testdata"))
        if exists("..", ".git"):  # formats for CI name files from the top of the repository
            os.mkdir(os.path.join(temporary, "copy", ".git"))
        LOCALES_MADE.extend(make_locales(os.path.join(temporary, "locales")))
        processes = [multiprocessing.Process(target=at_home, args=(home,)),
                     multiprocessing.Process(target=abroad, args=(away, temporary))]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if any(process.exitcode != 0 for process in processes):
            return 1
        return 1 if compare(home, away) else 0


LOCALES_MADE = []
sys.exit(main())
