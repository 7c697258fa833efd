"""The few shapes of Markdown that rules and transcripts are written in, each with its line number.

A document is a list of sections, one a heading; a section holds paragraphs, list items, quoted
lines and fenced blocks in the order they stand.  Anything else passes as a paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*(?:\{#([\w-]+)\})?\s*$")
_FENCE = re.compile(r"\s*(```+|~~~+)\s*(.*?)\s*$")
_ITEM = re.compile(r"(\s*)[-*+]\s+(.*)$")
BLANK = re.compile(r"\[([^\[\]]*)\?\](?!\()")
"""Something still to be written: a question in square brackets."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a section: ``line`` is that of its first line of content.

    ``lines`` holds the content without list or quotation marks; an item's ``depth`` is 0 at the
    outer level, a fence's ``info`` is what follows its opening marks.
    """

    kind: Literal["paragraph", "item", "quote", "fence"]
    line: int
    lines: tuple[str, ...]
    depth: int = 0
    info: str = ""
    closed: bool = True

    @property
    def text(self) -> str:
        """The content as one line, for prose."""
        return " ".join(line.strip() for line in self.lines).strip()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its ``{#id}`` if it has one, and what stands under it before the next heading."""

    level: int
    title: str
    id: str
    line: int
    blocks: tuple[Block, ...]


def sections(text: str) -> list[Section]:
    """Split a document into its sections; what stands before the first heading has level 0."""
    found: list[tuple[int, str, str, int, list[tuple[int, str]]]] = [(0, "", "", 1, [])]
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not mark[2]:
                fence = ""
        elif mark:
            fence = mark[1]
        heading = None if fence else _HEADING.match(line)
        if heading:
            found.append((len(heading[1]), heading[2], heading[3] or "", number, []))
        else:
            found[-1][4].append((number, line))
    return [Section(level, title, id_, line, _blocks(body)) for level, title, id_, line, body in found]


def _blocks(body: list[tuple[int, str]]) -> tuple[Block, ...]:
    """Group numbered lines into blocks."""
    blocks: list[Block] = []
    place = 0
    while place < len(body):
        number, line = body[place]
        fence = _FENCE.match(line)
        if fence:
            place += 1
            inside: list[str] = []
            closed = False
            while place < len(body):
                end = _FENCE.match(body[place][1])
                place += 1
                if end and end[1][0] == fence[1][0] and len(end[1]) >= len(fence[1]) and not end[2]:
                    closed = True
                    break
                inside.append(body[place - 1][1])
            blocks.append(Block("fence", number + 1, tuple(inside), info=fence[2], closed=closed))
            continue
        place += 1
        if not line.strip():
            continue
        if line.lstrip().startswith(">"):
            quoted = [line.lstrip()[1:].strip()]
            while place < len(body) and body[place][1].lstrip().startswith(">"):
                quoted.append(body[place][1].lstrip()[1:].strip())
                place += 1
            blocks.append(Block("quote", number, tuple(quoted)))
            continue
        item = _ITEM.match(line)
        lines = [item[2] if item else line.strip()]
        while place < len(body) and _continues(body[place][1]):
            lines.append(body[place][1].strip())
            place += 1
        depth = len(item[1]) // 2 if item else 0
        blocks.append(Block("item" if item else "paragraph", number, tuple(lines), depth=depth))
    return tuple(blocks)


def _continues(line: str) -> bool:
    """Whether a line carries on the paragraph or item above it."""
    return bool(line.strip()) and not (
        _FENCE.match(line) or _ITEM.match(line) or line.lstrip().startswith(">") or _HEADING.match(line)
    )
