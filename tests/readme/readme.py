"""The pictures of README.md and of docs/ are what the program prints; docs/overview.md has the
list of commands.

usage: readme.py MAILASSAY TREE

A picture is an indented block that begins with "$ mailassay ..." and holds what that command
prints on standard output; "..." as its last line stands for the rest. A line of more than
WIDTH columns is cut there, with "..." at its end. With UPDATE=1 in the environment the pictures
are redrawn, with as many lines as before.
"""
import os
import re
import shlex
import subprocess
import sys

WIDTH = 100
PICTURES = {"README.md": 3, "docs/explain.md": 3, "docs/overview.md": 1}
BLOCK = re.compile(r"^    \$ (mailassay .*)\n((?:    .*\n|\n(?=    ))*)", re.M)


def printed(binary, command):
    """What the command prints, line by line, as a picture shows it."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("NO_COLOR", "CLICOLOR_FORCE")}
    done = subprocess.run([binary, *shlex.split(command)[1:]], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, env={**environment, "LC_ALL": "C"})
    if done.returncode not in (0, 1):
        sys.exit(f"FAULT: {command} ended with {done.returncode}: {done.stderr}")
    return [line if len(line) <= WIDTH else line[:WIDTH - 3] + "..."
            for line in done.stdout.rstrip("\n").split("\n")]


def picture(lines, drawn):
    """The lines of a picture that is as long as the one drawn."""
    if drawn and drawn[-1] == "..." and len(lines) > len(drawn) - 1:
        lines = lines[:len(drawn) - 1]
        while lines and not lines[-1]:
            lines.pop()
        lines.append("...")
    return lines


def main():
    binary, tree = os.path.abspath(sys.argv[1]), os.path.realpath(sys.argv[2])
    os.chdir(tree)
    faults = []
    for path, wanted in PICTURES.items():
        compare(binary, path, wanted, faults)
    if os.environ.get("UPDATE"):
        print(f"{len(faults)} pictures redrawn")
        return 0
    for line in faults:
        print("FAULT: " + line)
    print("fine" if not faults else "if that is intended: UPDATE=1 tests/readme/readme.test BINARY .")
    return 1 if faults else 0


def compare(binary, path, wanted, faults):
    """Compare the pictures of a file, or redraw them."""
    with open(path) as file:
        text = file.read()

    def redraw(match):
        drawn = [line[4:] for line in match.group(2).rstrip("\n").split("\n")]
        right = picture(printed(binary, match.group(1)), drawn)
        if drawn != right:
            at = next((i for i, (a, b) in enumerate(zip(drawn, right)) if a != b),
                      min(len(drawn), len(right)))
            faults.append("%s: line %d is %r, printed is %r" % (
                match.group(1), at + 1, *(one[at] if at < len(one) else "" for one in
                                          (drawn, right))))
        body = "\n".join("    " + line if line else "" for line in right)
        return f"    $ {match.group(1)}\n{body}\n"

    new, count = BLOCK.subn(redraw, text)
    if count != wanted:
        faults.append(f"{path} has {count} pictures, expected {wanted}")
    if os.environ.get("UPDATE"):
        with open(path, "w") as file:
            file.write(new)


sys.exit(main())
