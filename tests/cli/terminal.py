"""Run a command on a pseudo terminal and answer what it asks; print all that is seen there.

usage: terminal.py ANSWER... -- COMMAND...   Each question (a line without end that ends in ": ")
gets the next answer; after the last one the end of input (Ctrl-D). The exit status is that of
the command; 99: it asks no question and does not end.
"""
import os
import pty
import select
import sys

PATIENCE = 30  # seconds; the machine may be busy

mark = sys.argv.index("--")
answers = sys.argv[1:mark]
command = sys.argv[mark + 1:]
child, master = pty.fork()
if child == 0:
    os.execvp(command[0], command)
seen = b""
asked = 0
while True:
    if not select.select([master], [], [], PATIENCE)[0]:
        os.kill(child, 9)
        sys.exit(99)
    try:
        some = os.read(master, 4096)
    except OSError:  # the other side is closed
        break
    if not some:
        break
    seen += some
    if seen.endswith(b": ") and len(seen) > asked:
        os.write(master, (answers.pop(0) + "\n").encode() if answers else b"\x04")
        asked = len(seen)
sys.stdout.buffer.write(seen.replace(b"\r", b""))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
