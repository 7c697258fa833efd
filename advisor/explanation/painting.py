"""Laying out and painting for a terminal: marked words become underlined or dim, and lines fit the window.

A template marks words with ``| styled("read")``.  Nothing is said by colour alone: what is not read stands in brackets
as well, what is doubtful says so in words, and without colour the marks vanish and the words remain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_OPEN, _CLOSE = "\x0e", "\x0f"
"""What a template puts around styled words; no text has these, since what is not to be seen is made visible."""
_HANG = "\t"
"""What parts the beginning of a line from the words, under which the next lines are to begin."""
_STYLES = {
    "read": ("u", "\x1b[4m"),
    "unread": ("n", "\x1b[2;3m"),
    "fact": ("f", "\x1b[36m"),
    "doubt": ("d", "\x1b[33m"),
    "soft": ("s", "\x1b[2m"),
    "loud": ("l", "\x1b[1;31m"),
    "head": ("h", "\x1b[1m"),
}
_CODES = dict(_STYLES.values())
_END = "\x1b[0m"
_MARKS = re.compile(f"{_OPEN}.|{_CLOSE}")


def styled(words: object, style: str) -> str:
    """Mark words with a style, for ``painted``."""
    return f"{_OPEN}{_STYLES[style][0]}{words}{_CLOSE}"


def painted(text: str, width: int, *, colour: bool) -> str:
    """Fit every line into a width and turn its marks into colours, or drop them."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip():
            lines += _wrapped(line, width)
        elif lines and lines[-1]:
            lines.append("")
    while lines and not lines[-1]:
        lines.pop()
    return "".join(f"{line}\n" for line in _coloured(lines)) if colour else _MARKS.sub("", "\n".join([*lines, ""]))


def columns(text: str) -> int:
    """Count the columns that a text takes: marks take none, wide characters two."""
    plain = _MARKS.sub("", text)
    if plain.isascii():
        return len(plain)
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf") else 1 + (_is_wide(c))
        for c in plain
    )


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _wrapped(line: str, width: int) -> Iterator[str]:
    """Break a line at spaces; what follows hangs under the words after the mark, if it has one."""
    opening, hang, rest = line.partition(_HANG)
    if not hang:
        opening, rest = "", line
    indent = " " * columns(opening)
    here, length, empty = opening, columns(opening), True
    for word in rest.split():
        size = columns(word)
        if not empty and length + 1 + size > width:
            yield here.rstrip()
            here, length, empty = indent, len(indent), True
        here += word if empty else f" {word}"
        length += size + (not empty)
        empty = False
    yield here.rstrip()


def _coloured(lines: list[str]) -> Iterator[str]:
    """Colour line by line, so that a style that goes on does not colour what stands before the next line's words."""
    active: list[str] = []
    for line in lines:
        body = line.lstrip(" ")
        parts = [line[: len(line) - len(body)], *(_CODES[style] for style in active)]
        place = 0
        for mark in _MARKS.finditer(body):
            parts.append(body[place : mark.start()])
            place = mark.end()
            if mark[0] == _CLOSE:
                active.pop()
                parts += _END, *(_CODES[style] for style in active)
            else:
                active.append(mark[0][1])
                parts.append(_CODES[active[-1]])
        parts.append(body[place:])
        yield "".join(parts) + (_END if active else "")
