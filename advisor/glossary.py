"""One entry of the rules as its author wrote it, found by its id.

The rules are documents: a proposition, a variable, a strategy or a school is best shown as it stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from advisor.markdown import sections

_LABEL = re.compile(r"\*\*([\w-]+)\*\*")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry and where it stands: ``path`` is relative to the folder of the rules."""

    id: str
    path: str
    line: int
    text: str


def entries(rules: Path) -> tuple[Entry, ...]:
    """List every entry with an id: the sections headed ``{#id}`` and the items that open with ``**id**``.

    The items inside a section with an id, such as the values of a variable, are part of it.
    Raises OSError or UnicodeDecodeError if a document cannot be read.
    """
    found: list[Entry] = []
    for document in sorted(rules.rglob("*.md")):
        text = document.read_text(encoding="utf-8")
        lines = text.splitlines()
        path = document.relative_to(rules).as_posix()
        parts = sections(text)
        ends = [part.line - 1 for part in parts[1:]] + [len(lines)]
        for part, end in zip(parts, ends, strict=True):
            if part.id:
                found.append(Entry(part.id, path, part.line, "\n".join(lines[part.line - 1 : end]).strip()))
                continue
            for block in part.blocks:
                label = _LABEL.match(block.lines[0]) if block.kind == "item" and block.lines else None
                if label:
                    found.append(Entry(label[1], path, block.line, "- " + "\n  ".join(block.lines)))
    return tuple(found)


def find(rules: Path, id_: str) -> tuple[Entry, ...]:
    """Give every entry with an id; several kinds of thing may share one."""
    return tuple(entry for entry in entries(rules) if entry.id == id_)
