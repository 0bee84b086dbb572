"""Run a command on a pseudo terminal and answer what it asks; print all that is seen there.

usage: terminal.py ANSWER... -- COMMAND...   Each question (a line without end that ends in ": ")
gets the next answer; after the last one the end of input (Ctrl-D). The exit status is that of
the command; 99: it asks no question and does not end.
"""
import os
import sys

from pseudo_terminal import shown, start, status_of

PATIENCE = 30  # seconds; the machine may be busy

mark = sys.argv.index("--")
answers = sys.argv[1:mark]
child, master = start(sys.argv[mark + 1:])
seen = b""
asked = 0
try:
    for seen in shown(master, PATIENCE):
        if seen.endswith(b": ") and len(seen) > asked:
            os.write(master, (answers.pop(0) + "\n").encode() if answers else b"\x04")
            asked = len(seen)
except TimeoutError:
    os.kill(child, 9)
    sys.exit(99)
sys.stdout.buffer.write(seen.replace(b"\r", b""))
sys.stdout.flush()
sys.exit(status_of(child))
