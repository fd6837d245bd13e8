# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Draws faults that nobody chose: one comparison, constant, sign or bound of a header changed, by the numbers of a seed."""

import dataclasses
import random
import re

# Binary operators stand between spaces (clang-format sees to that), which tells them from the brackets of templates.
SWAPS = {
    "comparison": {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == "},
    "sign": {" + ": " - ", " - ": " + ", " += ": " -= ", " -= ": " += "},
    "bound": {" && ": " || ", " || ": " && ", "(std::min)": "(std::max)", "(std::max)": "(std::min)",
              "raise_to(": "lower_to(", "lower_to(": "raise_to("},
}
NUMBER = re.compile(r"(?<![\w.'])(0x[\da-f']+|\d[\d']*)(?![\w.'x])|(?<![\w.'])(\d+\.\d+)(?=[FLf]?\b)")
IGNORED = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|^[ \t]*#[^\n]*|\bstatic_assert\([^\n]*', re.MULTILINE)


@dataclasses.dataclass
class Change:
    kind: str
    begin: int
    end: int
    new: str


def other_number(text, dice):
    """A number one away, or a fraction a 64th away, written in the same way."""
    if "." in text:
        return repr(float(text) * 65 / 64 + (float(text) == 0) / 64)
    value = int(text.replace("'", ""), 0) + dice.choice([-1, 1])
    return "1" if value < 0 else hex(value) if text.startswith("0x") else str(value)


def changes_of(text, dice):
    """Every change of a header, its comments, strings and preprocessor's lines left alone."""
    code = IGNORED.sub(lambda found: " " * len(found[0]), text)
    found = []
    for kind, swaps in SWAPS.items():
        for old, new in swaps.items():
            for place in re.finditer(re.escape(old), code):
                if not code[:place.start()].endswith("operator"):
                    found.append(Change(kind, place.start(), place.end(), new))
    for place in NUMBER.finditer(code):
        found.append(Change("constant", place.start(), place.end(), other_number(place[0], dice)))
    return sorted(found, key=lambda change: change.begin)


def as_lines(text, change):
    """The changed line before and after, with as many lines before it as make it the only such place."""
    start, stop = text.rfind("\n", 0, change.begin) + 1, text.find("\n", change.end)
    while text.count(text[start:stop]) > 1:
        start = text.rfind("\n", 0, start - 1) + 1
    return text[start:stop], text[start:change.begin] + change.new + text[change.end:stop]


def draw(headers, seed):
    """Endless (header, what is changed, old text, new text): a header by its size, then a kind, then a place; no fault
    twice. `headers` maps names to texts."""
    dice = random.Random(seed)
    left = {name: changes_of(text, dice) for name, text in sorted(headers.items())}
    while any(left.values()):
        name = dice.choices(list(left), [len(changes) for changes in left.values()])[0]
        kind = dice.choice(sorted({change.kind for change in left[name]}))
        change = dice.choice([change for change in left[name] if change.kind == kind])
        left[name].remove(change)
        yield name, kind, *as_lines(headers[name], change)
