"""What zsh offers for a line that is typed.

usage: ask_zsh.py DIRECTORY LINE     DIRECTORY holds _mailassay

zsh runs on a terminal with that completion alone; the widget prints what it would offer,
one a line, instead of showing it.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "support"))
from pseudo_terminal import shown, start, status_of

START = r"""
PS1='ready> ' TERM=dumb; fpath=(%s $fpath)
autoload -Uz compinit; compinit -D -u
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"; return
    fi
    typeset -a hits; builtin compadd -O hits "$@"
    [[ -z $hits ]] || print -rl -- "offered:"$^hits >>$OFFERED
    builtin compadd "$@"
}
bindkey '^I' complete-word; zle -C complete-word complete-word _main_complete
"""

folder = os.path.realpath(os.getcwd())
path = os.path.join(folder, "offered.zsh")
open(path, "w").close()
os.environ.update(OFFERED=path, HOME=folder, ZDOTDIR=folder)
with open(os.path.join(folder, ".zshrc"), "w") as file:
    file.write(START % os.path.realpath(sys.argv[1]))
child, master = start(["zsh", "-i"])
stage = 0
for seen in shown(master, 30):
    if stage == 0 and b"ready> " in seen:
        os.write(master, sys.argv[2].encode() + b"\t")
        # an end of input after it; completion is done before zsh reads on
        os.write(master, b"\x15exit\n")
        stage = 1
status_of(child)
with open(path) as file:
    for line in file:
        print(re.sub(r"^offered:", "", line.rstrip("\n")))
