"""Prose of the rules cut into runs: plain words, emphasis, ids; and links from what is named to its page.

A template can then set each run without knowing Markdown, and nothing that an author writes is taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from advisor.markdown import Block, sections

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*]+)\*|\[(?P<link>[^\]]+)\]\((?P<to>[^)\s]+)\)"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Words set in one way; ``href`` is where they lead, from the root of the book, if anywhere."""

    text: str
    kind: Literal["plain", "em", "strong", "code"] = "plain"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or an item of a list."""

    runs: tuple[Run, ...]
    item: bool = False


def runs(text: str, links: Mapping[str, str] | None = None) -> tuple[Run, ...]:
    """Cut a line of prose into runs; an id in backticks leads to the page that ``links`` has for it."""
    known = links or {}
    found: list[Run] = []
    end = 0
    for hit in _INLINE.finditer(text):
        if hit.start() > end:
            found.append(Run(text[end : hit.start()]))
        if hit["code"]:
            found.append(Run(hit["code"], "code", known.get(hit["code"], "")))
        elif hit["strong"]:
            found.append(Run(hit["strong"], "strong"))
        elif hit["em"]:
            found.append(Run(hit["em"], "em"))
        else:
            outside = re.match(r"https?:|mailto:", hit["to"])
            found.append(Run(hit["link"], "plain", hit["to"] if outside else ""))
        end = hit.end()
    if end < len(text):
        found.append(Run(text[end:]))
    return tuple(found)


def passages(text: str, links: Mapping[str, str] | None = None) -> tuple[Passage, ...]:
    """Cut prose of several paragraphs and lists into passages."""
    blocks: list[Block] = [block for part in sections(text) for block in part.blocks]
    return tuple(
        Passage(runs(block.text, links), block.kind == "item")
        for block in blocks
        if block.kind in ("paragraph", "item")
    )
