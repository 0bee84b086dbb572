"""What a program shows on a pseudo terminal. For the scripts of tests/, which find it by
PYTHONPATH or beside themselves. Run as a program it says whether terminals can be had:
status 0, or 1 and a line "skipped: ..."."""
import os
import pty
import select
import sys


def is_here():
    """Some trees have no /dev/pts."""
    try:
        for end in pty.openpty():
            os.close(end)
        return True
    except OSError:
        return False


def start(command):
    """Run a command on a terminal of its own; returns its process and our end."""
    child, master = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    return child, master


def shown(master, patience=None):
    """Yield all that was shown so far whenever there is more, until the other side is closed;
    TimeoutError when nothing comes for `patience` seconds."""
    seen = b""
    while True:
        if not select.select([master], [], [], patience)[0]:
            raise TimeoutError
        try:
            some = os.read(master, 4096)
        except OSError:  # the other side is closed
            return
        if not some:
            return
        seen += some
        yield seen


def status_of(child):
    """The exit status, or the signal with a minus before it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__" and not is_here():
    print("skipped: no pseudo terminals here (/dev/pts)")
    sys.exit(1)
