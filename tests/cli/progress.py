"""Run a command with a pseudo terminal as standard error; print what came there.

usage: progress.py COMMAND...   "@SILENT@" in it becomes the address of a name server on loopback
that takes questions and never answers.
"""
import os
import pty
import socket
import subprocess
import sys

from pseudo_terminal import shown

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
command = [word.replace("@SILENT@", "127.0.0.1@%d" % server.getsockname()[1])
           for word in sys.argv[1:]]
master, slave = pty.openpty()
child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=slave)
os.close(slave)
said = b""
for said in shown(master):
    pass
child.wait()
sys.stdout.buffer.write(said)
