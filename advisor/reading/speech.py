"""Direct speech: what stands between quotation marks, and who says it.

What a named speaker says is his report, as if it were told that he said so.  A word or two between marks are no
speech but a name or a doubt, and a speech without a speaker is the voice of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.reading.clause import Graph
from advisor.reading.cues import Cues
from advisor.reading.entities import Entities

if TYPE_CHECKING:
    from spacy.tokens import Doc

_OPENING = frozenset({"“", "«", "``"})
_CLOSING = frozenset({"”", "»", "''"})
_LEAST = 6
"""Words from which what is quoted is speech."""


def spoken(doc: Doc) -> frozenset[int]:
    """Give the tokens that stand in direct speech; a speech that is not closed goes on to the end."""
    found: set[int] = set()
    start = -1
    for token in doc:
        opens = token.text in _OPENING or (token.text == '"' and start < 0)
        closes = token.text in _CLOSING or (token.text == '"' and start >= 0)
        if opens:
            start = token.i
        elif closes and start >= 0:
            found.update(_if_long(start, token.i))
            start = -1
    if start >= 0:
        found.update(_if_long(start, len(doc)))
    return frozenset(found)


def _if_long(start: int, end: int) -> range:
    return range(start + 1, end) if end - start > _LEAST else range(0)


def speaker(graph: Graph, entities: Entities, cues: Cues, speech: frozenset[int]) -> tuple[str, ...]:
    """Give the state for which somebody speaks in a sentence, outside what is spoken: "the envoys of X said"."""
    for token in range(graph.start, graph.end):
        if token not in speech and (graph.key[token], "speech") in cues:
            for subject in graph.out(token, "subj"):
                if len(entities.of(subject)) == 1:
                    return entities.of(subject)
    return ()
