"""Circles between the files of a room, from what their objects need of each other."""
import re


def edges(objects, home):
    """(room, file): the other files of its room that it needs a name of"""
    graph = {}
    for (room, name), needed in objects.items():
        below = {home[symbol] for symbol in needed if symbol in home}
        graph[room, name] = {other for other in below if other[0] == room and other[1] != name}
    return graph


def included(tree):
    """the same of headers, from what they include of their room"""
    graph = {}
    for path in sorted(tree.glob("src/*/*.h")):
        room = path.parent.name
        graph[room, path.name] = {(room, other) for other in re.findall(
            rf'^#include "{room}/([^"/]+\.h)"', path.read_text(), re.M)}
    return graph


def reached(graph, start):
    seen, todo = set(), [start]
    while todo:
        new = graph.get(todo.pop(), set()) - seen
        seen |= new
        todo += new
    return seen


def circles(graph):
    """sorted: (room, its files) that all reach each other"""
    reach = {key: reached(graph, key) for key in graph}
    found = {(key[0], tuple(sorted(other[1] for other in reach[key] if key in reach.get(other, ()))))
             for key in graph if key in reach[key]}
    return sorted(found)


def known(text):
    """the circles of src/README.md: "* `ROOM/` a.c b.c: why"; (room, files): line"""
    return {(match.group(1), tuple(match.group(2).split())): text.count("\n", 0, match.start()) + 1
            for match in re.finditer(r"^\* `([a-z]+)/` ((?:\w+\.[ch] ?)+): \S.*\.$", text, re.M)}
