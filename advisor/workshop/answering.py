"""Writing an answer down: a situation, and what should come of it, as a further test under its proposition."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from advisor.terms import Fact, Vocabulary
from advisor.vocabulary import say
from advisor.workshop.distinguishing import in_english
from advisor.workshop.situations import Kind

_WIDTH = 108


def quoted(vocabulary: Vocabulary, kind: Kind, facts: Sequence[Fact], text: str = "") -> str:
    """Write a situation as it stands under a rule; without a text of its own it is told in the words of its facts."""
    told = f"**{kind.capitalize()}.** {text or in_english(vocabulary, facts)}"
    listed = f"*Facts: {'; '.join(say(vocabulary, fact) for fact in facts)}.*"
    lines = [
        line
        for part in (told, listed)
        for line in textwrap.wrap(part, _WIDTH, break_long_words=False, break_on_hyphens=False)
    ]
    return "\n".join(f"> {line}" for line in lines)


def with_situation(document: str, proposition: str, quotation: str) -> str:
    """Give a school's document with a further situation under a proposition, after those it has.

    Raises ValueError if the document has no such proposition.
    """
    lines = document.splitlines()
    mark = "{#" + proposition + "}"
    start = next((number for number, line in enumerate(lines) if line.startswith("###") and mark in line), None)
    if start is None:
        raise ValueError(f"there is no proposition “{proposition}” in this document")
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"#{1,6}\s", lines[n])), len(lines))
    last = max((n for n in range(start, end) if lines[n].strip()), default=start)
    after = list(lines[last + 1 :])
    while after and not after[0].strip():
        after.pop(0)
    return "\n".join([*lines[: last + 1], "", quotation, *(["", *after] if after else [])]) + "\n"
