"""Phrases of the vocabulary as patterns over the clause graph, and the search for them in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from advisor.reading.clause import Graph


@dataclass(frozen=True, slots=True)
class Node:
    """A word of a pattern (``slot`` < 0) or a slot, and the edges that must leave it."""

    words: frozenset[str]
    edges: tuple[tuple[str, Node], ...] = ()
    slot: int = -1


@dataclass(frozen=True, slots=True)
class Pattern:
    """A wording as the reader looks for it.

    ``holds`` is what the fact is when the words are met without negation; ``modal`` is the modal
    that belongs to the wording ("may find allies") and so adds no doubt; ``size`` counts its words.
    ``passive`` ones ("is divided") are not met by a verb that something else does to the state.
    ``existential`` ones ("there is peace") have nothing but what exists, so a mere mention is not enough.
    ``noun`` wordings say it in passing; ``joint`` ones speak of both states as one subject ("are enemies"), which a
    plural may be.
    """

    variable: str
    value: str
    root: Node
    holds: bool
    modal: str
    size: int
    phrase: str
    joint: bool = False
    passive: bool = False
    existential: bool = False
    noun: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: the token of its root, the tokens in its slots, and all tokens it rests on."""

    pattern: Pattern
    root: int
    slots: tuple[int, ...]
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern in the index, with what a sentence must have before it is worth trying.

    ``labels`` are those of the root's edges, ``words`` the sets of which the sentence must have a word each.
    """

    pattern: Pattern
    labels: frozenset[str]
    words: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries under one word of the root, in order; by a further word that each needs, those that need any.

    ``bare`` and ``by_word`` give places in ``entries``.
    """

    entries: tuple[Entry, ...]
    bare: tuple[int, ...]
    by_word: Mapping[str, tuple[int, ...]]

    def fitting(self, present: Collection[str]) -> Iterator[Entry]:
        """Give the entries that a sentence with these words may meet, in order."""
        places = set(self.bare)
        for word in self.by_word.keys() & present:
            places.update(self.by_word[word])
        for place in sorted(places):
            entry = self.entries[place]
            if all(not words.isdisjoint(present) for words in entry.words):
                yield entry


Index = Mapping[str, Shelf]
States = Mapping[int, int]
"""How many states a token stands for, for those that stand for any."""


def index(patterns: Iterable[Pattern]) -> dict[str, Shelf]:
    """Index patterns by each word their root may be."""
    found: dict[str, list[Entry]] = {}
    for pattern in patterns:
        entry = Entry(pattern, frozenset(label for label, _ in pattern.root.edges), tuple(_words(pattern.root)))
        for word in pattern.root.words:
            found.setdefault(word, []).append(entry)
    return {word: _shelf(entries) for word, entries in found.items()}


def _shelf(entries: Iterable[Entry]) -> Shelf:
    """Shelve entries by the words of the smallest set that each needs one of."""
    kept = tuple(entries)
    by_word: dict[str, list[int]] = {}
    for place, entry in enumerate(kept):
        for word in min(entry.words, key=len, default=frozenset()):
            by_word.setdefault(word, []).append(place)
    bare = tuple(place for place, entry in enumerate(kept) if not entry.words)
    return Shelf(kept, bare, {word: tuple(places) for word, places in by_word.items()})


def _words(node: Node) -> Iterator[frozenset[str]]:
    for _, child in node.edges:
        if child.slot < 0:
            yield child.words
            yield from _words(child)


def without_states(patterns: Index) -> dict[str, Shelf]:
    """Give the part of an index that sentences which name no state can meet."""
    found = {word: tuple(e for e in shelf.entries if not _has_slot(e.pattern.root)) for word, shelf in patterns.items()}
    return {word: _shelf(entries) for word, entries in found.items() if entries}


def _has_slot(node: Node) -> bool:
    return node.slot >= 0 or any(_has_slot(child) for _, child in node.edges)


def may_match(keys: Iterable[str], patterns: Index) -> bool:
    """Whether a sentence has all the words of some pattern, wherever they stand."""
    present = frozenset(keys)
    return any(True for word in present & patterns.keys() for _ in patterns[word].fitting(present))


def matches(graph: Graph, patterns: Index, states: States) -> list[Match]:
    """Find every pattern in a sentence.

    Of two readings of the same variable on the same root and slots, the one that rests on more words is kept.
    """
    best: dict[tuple[str, int, tuple[int, ...]], list[Match]] = {}
    single = dict.fromkeys(states, 1)
    present = frozenset(graph.key.values())
    for root in range(graph.start, graph.end):
        shelf = patterns.get(graph.key.get(root, ""))
        if shelf is None:
            continue
        labels = set(graph.edges.get(root, ()))
        labels.update(alike for label in tuple(labels) for alike in _ALIKE.get(label, ()))
        for entry in shelf.fitting(present):
            pattern = entry.pattern
            if not entry.labels <= labels or not _is_same_sense(graph, entry, root):
                continue
            fills = states if pattern.joint else single
            for slots, tokens in _bind(graph, pattern.root, root, {}, fills):
                ordered = tuple(slots[place] for place in sorted(slots))
                if _is_owned(graph, pattern, root, slots, states) or (not pattern.joint and _joined(graph, ordered)):
                    continue
                match = Match(pattern, root, ordered, tuple(sorted({root, *tokens})))
                best.setdefault((pattern.variable, root, ordered), []).append(match)
    kept: list[Match] = []
    for found in best.values():
        widest = max(match.pattern.size for match in found)
        kept.extend(match for match in found if match.pattern.size == widest)
    kept.sort(key=lambda match: -match.pattern.size)
    final: list[Match] = []
    for match in kept:
        if not any(_covers(other, match) for other in final):
            final.append(match)
    return final


_DEGREE = frozenset({"more", "less", "least", "as", "too", "so"})


def _is_same_sense(graph: Graph, entry: Entry, root: int) -> bool:
    """Whether the sentence's word is used as in the wording.

    Something else's doing is no state of being ("divides it", "is divided"), a mention no existence, "declined
    to join" no decline, "armed by X" no arming of X's own, and "less powerful" not powerful.
    """
    pattern, labels = entry.pattern, entry.labels
    intransitive = "subj" in labels and not labels & {"obj", "comp", "oprd", "iobj"}
    return not (
        (intransitive and graph.out(root, "obj"))
        or (pattern.passive and (root in graph.active or graph.tag[root] in ("VB", "VBZ", "VBP", "VBG")))
        or (pattern.existential and root not in graph.existing)
        or (root in graph.controlling and not labels & {"comp", "oprd"})
        or ("adv" not in labels and any(graph.key[adverb] in _DEGREE for adverb in graph.out(root, "adv")))
    )


def _is_owned(graph: Graph, pattern: Pattern, root: int, slots: Mapping[int, int], states: States) -> bool:
    """Whether both are said to be so towards somebody else: "both are allies *of X*", "*its* neighbours A and B"."""
    both = [child for label, child in pattern.root.edges if label == "be" and child.slot >= 0]
    if len(both) < 2:
        return False
    others = {d for label in ("of", "prep:of", "prep:with", "prep:to") for d in graph.out(root, label)}
    return any(other in states for other in others - set(slots.values()))


def _joined(graph: Graph, slots: tuple[int, ...]) -> bool:
    """Whether two slots are filled by what one "and" joins: "the support of *X and Y*" tells nothing between them."""
    heads = {place: place for place in slots}
    for place in slots:
        while (above := graph.governor.get(heads[place], ("", -1)))[0] == "conj":
            heads[place] = above[1]
    return len(slots) == 2 and len(set(heads.values())) == 1


def _covers(wider: Match, match: Match) -> bool:
    """Whether a match says no more than a part of a wider one: "the war" of "lost the war"."""
    if set(match.tokens) < set(wider.tokens) and wider.pattern.size > match.pattern.size:
        return True
    inside = match.root in wider.tokens and match.root != wider.root
    return inside and wider.pattern.size > match.pattern.size and wider.pattern.variable == match.pattern.variable


def _bind(
    graph: Graph, node: Node, token: int, slots: dict[int, int], states: States
) -> Iterator[tuple[dict[int, int], tuple[int, ...]]]:
    """Give every way to meet a pattern's node at a token: slots filled and tokens used."""
    if node.slot >= 0:
        count = 0 if token in graph.excluded else states.get(token, 0)
        if count and (token not in slots.values() or count > 1):
            yield {**slots, node.slot: token}, (token,)
        return
    if graph.key.get(token) not in node.words:
        return
    if graph.tag[token] in ("JJR", "RBR") and graph.out(token, "prep:than") and not _compares(node):
        return  # "has become stronger *than any other*" tells no growth
    yield from _bind_edges(graph, node, token, 0, slots, (token,), states)


def _compares(node: Node) -> bool:
    return any(label == "prep:than" or "than" in child.words or _compares(child) for label, child in node.edges)


_ALIKE = {
    "adv": ("adv", "oprd"),
    "oprd": ("oprd", "adv"),
    "prep:to": ("prep:to", "prep:towards"),
    "prep:towards": ("prep:towards", "prep:to"),
}
"""Labels between which the parser, or usage, wavers: "left *alone*", "hostile *to*"."""


def _bind_edges(
    graph: Graph,
    node: Node,
    token: int,
    place: int,
    slots: dict[int, int],
    used: tuple[int, ...],
    states: States,
) -> Iterator[tuple[dict[int, int], tuple[int, ...]]]:
    if place == len(node.edges):
        yield slots, used
        return
    label, child = node.edges[place]
    for dependent in (far for near in _ALIKE.get(label, (label,)) for far in graph.out(token, near)):
        for filled, more in _bind(graph, child, dependent, slots, states):
            yield from _bind_edges(graph, node, token, place + 1, filled, (*used, *more), states)
