"""How far a denial and a condition reach in a sentence: what is set against what is denied, and what opens it."""

from __future__ import annotations

from advisor.reading.clause import Graph
from advisor.reading.cues import Cues

INVERTED = (("have", "VBD"), ("be", "VBD"), ("should", "MD"))
"""The verbs, with their tags, that make a condition by standing before their subject: "had it attacked"."""


def opens_in_condition(graph: Graph, cues: Cues) -> bool:
    """Whether a sentence opens with a condition that all of it hangs on: "Had Borland …", "Provided Borland …"."""
    first = next((token for token in range(graph.start, graph.end) if graph.key[token].isalpha()), -1)
    if first < 0 or (graph.key[first], graph.tag[first]) in INVERTED:
        return first >= 0
    effect = cues.get((graph.key[first], "clause")) if graph.tag[first] in ("VBN", "VBG") else None
    return effect is not None and effect.certainty == "supposed"


_NOT = ("not", "no", "never", "n't")


def is_negated(graph: Graph, token: int) -> bool:
    """Whether a word is denied, and not only set against another that is: "is an ally of France, *not* of Spain"."""
    if token not in graph.negated:
        return False
    before = any(graph.key[near] in _NOT for near in range(max(graph.start, token - 4), token))
    after = (place for place in range(token + 2, graph.end - 1) if graph.key[place] == "not")
    return before or not any(graph.key[place - 1] == "," and graph.tag[place + 1] in ("IN", "TO") for place in after)


def is_contrasted(graph: Graph, token: int) -> bool:
    """Whether a "but" sets a word against the one that is denied."""
    how, first = graph.governor.get(token, ("", -1))
    nominal = graph.tag[token][:2] in ("NN", "PR")
    if how == "pobj" and graph.key.get(first - 1) == "but":
        return True  # "is not the ally of France *but of Spain*"
    return how == "conj" and nominal and any(graph.key[between] == "but" for between in range(first + 1, token))
