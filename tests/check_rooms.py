#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Checks how the headers of include/ include each other, against the table of rooms in docs/rooms.md.

    python3 tests/check_rooms.py           refuses what breaks a rule, with its place
    python3 tests/check_rooms.py --show    prints the floor of each room and of each header as well

A room is a folder of include/lloyd/detail, or one public header. The rules:
- no header stands in detail/ itself, and every room has a row in the table;
- a header includes headers of its own room, of the rooms that its row names, and of all that are below these;
- no header includes itself, directly or through others;
- a header includes each header whose names it uses;
- the longest chain of includes has at most MOST_FLOORS headers.
"""

import collections
import functools
import pathlib
import re
import sys

TREE = pathlib.Path(__file__).resolve().parents[1]
INCLUDE = TREE / "include/lloyd"
MOST_FLOORS = 12
FORWARDING = ["compile.hpp", "lloyd.hpp"]  # include others for their user, and are no floors

TABLE_ROW = re.compile(r"^\| `([a-z_]+(?:/|\.hpp))` \|[^|]*\|([^|]*)\|$", re.MULTILINE)
NO_CODE = re.compile(r"""^#[^\n]*|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL | re.MULTILINE)

# What a namespace holds begins a line; what a class or function holds is indented.
TYPE = re.compile(r"^(?:class|struct|enum class|concept|using) (?:\[\[\w+\]\] )?(\w+)(?=[ {=;])|^namespace (\w+) {",
                  re.MULTILINE)
FUNCTION = re.compile(r"^(?:\[\[[\w:]+\]\] )?(?:inline |constexpr |static )*"
                      r"(?!using |namespace |static_assert|requires|struct |class |return )"
                      r"\w[\w:<>,&* ]* [&*]?(?!decltype)(\w+)\(", re.MULTILINE)
VARIABLE = re.compile(r"^(?:inline )?constexpr [\w:<>, ]+? (\w+)(?: =|\{|;)", re.MULTILINE)
USE = re.compile(r"(?:detail::|(?<![\w.:])(?<!->))(\w+[(<]?)")
# A header's own members, parameters and locals: after a type, in front of what ends their name.
OWN = re.compile(r"(?!\b(?:return|const|else|case|typename|throw|new)\b)(?:\b[\w:]+|>)(?: ?[&*]+ ?| )(\w+)(?=[(={;,)\[:]| =| :)")


def room_of(header):
    parts = header.split("/")
    return f"{parts[1]}/" if parts[0] == "detail" and len(parts) > 2 else header


class Headers:
    def __init__(self, include):
        self.text, self.includes, self.exports = {}, {}, {}
        self._chains = {}
        for path in sorted(include.rglob("*.hpp")):
            name = path.relative_to(include).as_posix()
            text = path.read_text()
            self.includes[name] = re.findall(r"^#include <lloyd/([\w/]+\.hpp)>", text, re.MULTILINE)
            self.exports[name] = re.findall(r"^#include <lloyd/([\w/]+\.hpp)> +// IWYU pragma: export", text, re.MULTILINE)
            self.text[name] = NO_CODE.sub("", text)

    @functools.cached_property
    def owners(self):
        """For each name of namespace detail, the headers that declare it; a function's name ends in a parenthesis."""
        owners = collections.defaultdict(set)
        for header, text in self.text.items():
            if room_of(header) == header or header.endswith("/wrong_calls.hpp"):  # nobody uses what that declares
                continue
            functions = [f"{name}(" for name in FUNCTION.findall(text)]
            for name in [*map("".join, TYPE.findall(text)), *VARIABLE.findall(text), *functions]:
                owners[name].add(header)
        return owners

    def visible(self, header):
        """A header, those that it includes, and those that these export."""
        found, todo = {header}, list(self.includes[header])
        while todo:
            other = todo.pop()
            if other not in found:
                found.add(other)
                todo += self.exports.get(other, [])
        return found

    def chain(self, header, above=()):
        """The longest chain of includes from a header down, or the cycle that it runs into."""
        if header in above:
            raise RecursionError(" -> ".join([*above[above.index(header):], header]))
        if header not in self._chains:
            chains = [self.chain(other, (*above, header)) for other in self.includes[header]]
            self._chains[header] = [header, *max(chains, key=len, default=[])]
        return self._chains[header]


def read_rooms(page):
    return {room: re.findall(r"`([a-z_]+(?:/|\.hpp))`", below) for room, below in TABLE_ROW.findall(page.read_text())}


def below(rooms, room):
    """All rooms that a room may know of."""
    found, todo = set(), list(rooms[room])
    while todo:
        other = todo.pop()
        if other not in found:
            found.add(other)
            todo += rooms.get(other, [])
    return found


def misplaced(headers, rooms):
    for header in headers.text:
        room = room_of(header)
        if room.startswith("detail"):
            yield f"{header}: no header stands in detail/ itself: give it a room"
        elif room not in rooms:
            yield f"{header}: docs/rooms.md has no row for the room {room}"
    for room in rooms:
        if room in below(rooms, room):
            yield f"docs/rooms.md: {room} is below itself"


def against_the_order(headers, rooms):
    for header, others in headers.includes.items():
        room = room_of(header)
        for other in others:
            if other not in headers.text:
                yield f"{header}: there is no {other}"
            elif room in rooms and room_of(other) != room and room_of(other) not in below(rooms, room):
                yield f"{header}: includes {other}, but {room} may not know of {room_of(other)}"


def too_high(headers):
    for header in headers.text:
        try:
            chain = headers.chain(header)
        except RecursionError as cycle:
            yield f"a cycle: {cycle}"
            return
        if len(chain) > MOST_FLOORS and header not in FORWARDING:
            yield f"{header}: {len(chain)} floors, but at most {MOST_FLOORS}: " + " -> ".join(chain)


def not_included(headers):
    for header, text in headers.text.items():
        if header in FORWARDING:
            continue
        visible, own = headers.visible(header), set(OWN.findall(text))
        for use in sorted(set(USE.findall(text))):
            name = use.rstrip("(<")
            owners = headers.owners.get(name, set()) | (headers.owners.get(f"{name}(", set()) if use != name else set())
            if owners and name not in own and not owners & visible:
                yield f"{header}: uses {name}, but does not include {' or '.join(sorted(owners))}"


def show(headers, rooms):
    @functools.cache
    def floor(room):
        return 1 + max((floor(other) for other in rooms[room]), default=0)

    for room in sorted(rooms, key=floor):
        print(f"{floor(room):2} {room}")
    for header in sorted(headers.text, key=lambda one: len(headers.chain(one))):
        print(f"{len(headers.chain(header)):2} {header}")


def main():
    headers, rooms = Headers(INCLUDE), read_rooms(TREE / "docs/rooms.md")
    faults = [*misplaced(headers, rooms), *against_the_order(headers, rooms), *too_high(headers), *not_included(headers)]
    for fault in faults:
        print(fault)
    if sys.argv[1:] == ["--show"] and not faults:
        show(headers, rooms)
    print(f"{len(headers.text)} headers in {len(rooms)} rooms, {len(faults)} faults")
    return 1 if faults or not rooms else 0


if __name__ == "__main__":
    sys.exit(main())
