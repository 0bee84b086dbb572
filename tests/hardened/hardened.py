"""What hardens the program is in the binary.

usage: hardened.py MAILASSAY TREE

The binary as it was built and as it is installed is looked at with readelf and objdump. A build
has one compiler, so a release is configured with gcc and with clang besides, and a small program
is built with its very flags; it must show every measure, and must be refused as soon as the
flags of one are taken away: that is how we know that this test can fail.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

BINARY = os.path.realpath(sys.argv[1])
TREE = os.path.realpath(sys.argv[2])
BUILD = os.path.dirname(BINARY)
FLAGS = ["-fstack-protector-strong", "-fstack-clash-protection"]  # of every file
PROBE = re.compile(r"sub +\$0x1000,%rsp\n[^\n]*(orq|movq) +\$0x0,(0x[0-9a-f]+)?\(%rsp\)")
faults = []


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def has_pie(path):
    return "(FLAGS_1)" in said("readelf", "-dW", path) and \
        re.search(r"FLAGS_1.* PIE", said("readelf", "-dW", path)) is not None


def has_full_relro(path):
    return "GNU_RELRO" in said("readelf", "-lW", path) and \
        "BIND_NOW" in said("readelf", "-dW", path)


def has_no_executable_stack(path):
    return re.search(r"GNU_STACK .* RW +0x", said("readelf", "-lW", path)) is not None


def has_stack_protector(path):
    return "__stack_chk_fail" in said("readelf", "--dyn-syms", "-W", path)


def has_fortify(path):
    return re.search(r"__(mem|str|v?s?n?printf|f?printf|read)\w*_chk\b",
                     said("readelf", "--dyn-syms", "-W", path)) is not None


def has_stack_clash_protection(path):
    return PROBE.search(said("objdump", "-d", "--no-show-raw-insn", path)) is not None


MEASURES = {"PIE": has_pie, "full RELRO": has_full_relro,
            "no executable stack": has_no_executable_stack,
            "stack protector": has_stack_protector, "fortify": has_fortify,
            "stack clash protection": has_stack_clash_protection}
# what takes a measure away: flags that are dropped, added for compiling, added for linking
WITHOUT = {"PIE": (["-fPIE", "-fPIC", "-pie"], ["-fno-pie"], ["-no-pie"]),
           "full RELRO": (["-Wl,-z,relro,-z,now"], [], ["-Wl,-z,lazy"]),
           "no executable stack": (["-Wl,-z,noexecstack"], [], ["-Wl,-z,execstack"]),
           "stack protector": (["-fstack-protector-strong"], ["-fno-stack-protector"], []),
           "fortify": (["-D_FORTIFY_SOURCE=2"], [], []),
           "stack clash protection": (["-fstack-clash-protection"],
                                      ["-fno-stack-clash-protection"], [])}


def missing(path, without=()):
    return [name for name, has in MEASURES.items() if name not in without and not has(path)]


def look_at(what, path, without):
    for name in missing(path, without):
        faults.append("%s has no %s" % (what, name))


def cache(name):
    with open(os.path.join(BUILD, "CMakeCache.txt")) as file:
        match = re.search(r"^%s:\w+=(.*)$" % name, file.read(), re.M)
    return match.group(1) if match else ""


def commands(build):
    """The words of every compilation below src/."""
    with open(os.path.join(build, "compile_commands.json")) as file:
        return [(one["file"], shlex.split(one["command"])) for one in json.load(file)
                if one["file"].startswith(os.path.join(TREE, "src"))]


def look_at_commands(build, flags):
    for path, words in commands(build):
        for flag in set(flags) - set(words):
            faults.append("%s is compiled without %s" % (path, flag))


def not_here():
    """Measures that this build cannot have, with the reason."""
    left = {}
    if cache("SANITIZE") == "ON":
        left["fortify"] = "the sanitizers check the same calls themselves"
        left["stack clash protection"] = "the address sanitizer lays out frames of its own"
    elif cache("CMAKE_BUILD_TYPE") == "Debug":
        left["fortify"] = "it needs an optimised build"
    if os.uname().machine != "x86_64":
        left["stack clash protection"] = "the probe is known for x86-64 only; see the flags"
    return left


def look_at_build(temporary):
    left = not_here()
    for name, reason in sorted(left.items()):
        print("this build is not asked for %s: %s" % (name, reason))
    look_at("the binary", BINARY, left)
    look_at_commands(BUILD, FLAGS)
    if cache("MEMCHECK") == "ON":
        print("this build is not installed: it is for valgrind")
        return
    subprocess.run(["cmake", "--install", BUILD, "--prefix", temporary], check=True,
                   stdout=subprocess.DEVNULL)
    look_at("the installed binary", os.path.join(temporary, "bin", "mailassay"), left)


def without_files(words):
    """Flags alone: no inputs, no outputs, no libraries."""
    kept = []
    skip = False
    for word in words[1:]:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT", "-isystem"):
            skip = True
        elif word.startswith("-") and not re.match(r"-(c|l.*|I.*|MD)$", word) \
                and not word.startswith("-Wl,-rpath"):
            kept.append(word)
    return kept


def release(compiler, temporary):
    """Flags of a release by this compiler, for compiling and for linking."""
    build = os.path.join(temporary, compiler)
    env = {name: value for name, value in os.environ.items()
           if name not in ("CFLAGS", "CPPFLAGS", "LDFLAGS")}
    subprocess.run(["cmake", "-S", TREE, "-B", build, "-DBUILD_TESTING=OFF",
                    "-DCMAKE_C_COMPILER=" + compiler, "-G", "Ninja"],
                   check=True, env=env, stdout=subprocess.DEVNULL)
    look_at_commands(build, FLAGS + ["-D_FORTIFY_SOURCE=2"])
    words = [words for path, words in commands(build) if path.endswith("/app/main.c")][0]
    told = subprocess.run(["ninja", "-C", build, "-t", "commands", "mailassay"], check=True,
                          capture_output=True, text=True).stdout
    link = shlex.split(told.splitlines()[-1])  # ": && cc ... && :"
    return without_files(words), without_files(link[2:-2])


def sample(compiler, flags, temporary):
    """The small program, built with flags for compiling and linking."""
    path = os.path.join(temporary, "sample")
    compiling, linking = flags
    source = os.path.join(TREE, "tests", "hardened", "sample.c")
    subprocess.run([compiler] + compiling + ["-c", source, "-o", path + ".o"], check=True)
    subprocess.run([compiler] + linking + [path + ".o", "-o", path], check=True)
    return path


def look_at_release(compiler, temporary):
    flags = release(compiler, temporary)
    left = ["stack clash protection"] if os.uname().machine != "x86_64" else []
    look_at("a release by %s" % compiler, sample(compiler, flags, temporary), left)
    for name, (dropped, *added) in WITHOUT.items():
        if name in left:
            continue
        poorer = [[word for word in words if word not in dropped] + more
                  for words, more in zip(flags, added)]
        if name not in missing(sample(compiler, poorer, temporary)):
            faults.append("by %s, a program without %s is not seen" % (compiler, name))


def main():
    with tempfile.TemporaryDirectory() as temporary:
        look_at_build(temporary)
        for compiler in ("gcc", "clang"):
            if shutil.which(compiler) is None:
                print("there is no %s here: its release is not looked at" % compiler)
                continue
            look_at_release(compiler, temporary)
    for line in faults:
        print("FAULT: " + line)
    print("fine" if not faults else "%d faults" % len(faults))
    return 1 if faults else 0


sys.exit(main())
