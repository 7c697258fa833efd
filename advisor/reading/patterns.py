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
    ``noun`` wordings say it in passing; ``bloc`` ones say it only of a bloc in their last slot; ``joint`` ones speak
    of both states as one subject ("are enemies"), which a plural may be.
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
    bloc: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: the token of its root, the tokens in its slots, and all tokens it rests on.

    ``first`` is the slot that ``slots`` begin with: 1 where the wording leaves the first state out.
    """

    pattern: Pattern
    root: int
    slots: tuple[int, ...]
    tokens: tuple[int, ...]
    first: int = 0


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


@dataclass(frozen=True, slots=True)
class Parties:
    """The tokens of a sentence that stand for states: for how many each; which are names or nouns for a state, and no
    predicate or representative; and which are blocs."""

    states: States
    named: frozenset[int] = frozenset()
    blocs: frozenset[int] = frozenset()


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
            if child.words:
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


REACH = 24
"""How many words apart the parts of a wording may stand: parsers seldom hold together what is further apart."""


def matches(graph: Graph, patterns: Index, parties: Parties) -> list[Match]:
    """Find every pattern in a sentence.

    Of two readings of the same variable on the same root and slots, the one that rests on more words is kept.
    """
    best: dict[tuple[str, int, tuple[int, ...]], list[Match]] = {}
    states = parties.states
    single = dict.fromkeys(states, 1)
    present = frozenset(graph.key.values())
    for root in range(graph.start, graph.end):
        shelf = patterns.get(graph.key.get(root, ""))
        if shelf is None:
            continue
        labels = set(graph.edges.get(root, ()))
        if root in states:
            labels.add("be")
        labels.update(alike for label in tuple(labels) for alike in _ALIKE.get(label, ()))
        for entry in shelf.fitting(present):
            pattern = entry.pattern
            if not entry.labels <= labels or not _is_same_sense(graph, entry, root):
                continue
            fills = states if pattern.joint else single
            for slots, tokens in _bind(graph, pattern.root, root, {}, fills):
                ordered = tuple(slots[place] for place in sorted(slots))
                if not _is_meant_of(pattern, ordered, parties):
                    continue
                if not _has_modal(graph, root, tuple(sorted({root, *tokens})), pattern.modal):
                    continue
                if _is_owned(graph, pattern, root, slots, states) or (not pattern.joint and _joined(graph, ordered)):
                    continue
                match = Match(pattern, root, ordered, tuple(sorted({root, *tokens})), min(slots, default=0))
                if match.tokens[-1] - match.tokens[0] > REACH:
                    continue
                best.setdefault((pattern.variable, root, ordered), []).append(match)
    kept: list[Match] = []
    for found in best.values():
        widest = max(match.pattern.size for match in found)
        kept.extend(match for match in found if match.pattern.size == widest)
    kept = [match for match in kept if not _is_aimed(match, kept)]
    kept.sort(key=lambda match: -match.pattern.size)
    final: list[Match] = []
    for match in kept:
        if not any(_covers(other, match) for other in final):
            final.append(match)
    return final


_NEEDED = {
    "possible": ("may", "might", "could", "can"),
    "would": ("would", "will", "could"),
    "will": ("will", "would", "shall"),
    "ability": ("can", "could"),
}


def _has_modal(graph: Graph, root: int, tokens: tuple[int, ...], modal: str) -> bool:
    """Whether a sentence has the modal that belongs to a wording: "would be overrun" is not "was overrun"."""
    if modal not in _NEEDED:
        return True
    how, verb = graph.governor.get(root, ("", -1))
    places = (*tokens, verb) if how == "copula" else tokens
    return any(graph.modal.get(place) in _NEEDED[modal] for place in places)


def _is_meant_of(pattern: Pattern, slots: tuple[int, ...], parties: Parties) -> bool:
    """Whether a wording is meant of those in its slots.

    "Powerful X" is meant of a state by its name or kind, not of "a powerful *supporter*"; some wordings of blocs alone.
    """
    if pattern.bloc and slots[-1] not in parties.blocs:
        return False
    attribute = pattern.noun and len(pattern.root.edges) == 1 and pattern.root.edges[0][0] == "be"
    return not (attribute and len(slots) == 1 and slots[0] not in parties.named)


_DEGREE = frozenset({"more", "less", "least", "as", "enough"})


def _is_same_sense(graph: Graph, entry: Entry, root: int) -> bool:
    """Whether the sentence's word is used as in the wording.

    Something else's doing is no state of being ("divides it", "is divided"), a mention no existence, "declined
    to join" no decline, "armed by X" no arming of X's own, and "less powerful" not powerful.
    """
    pattern, labels = entry.pattern, entry.labels
    intransitive = "subj" in labels and not labels & {"obj", "comp", "oprd", "iobj"}
    return not (
        (intransitive and graph.out(root, "obj"))
        or (
            pattern.passive
            and any(label == "obj" and child.slot >= 0 for label, child in pattern.root.edges)
            and (root in graph.active or graph.tag[root] in ("VB", "VBZ", "VBP", "VBG"))
        )
        or (pattern.existential and root not in graph.existing)
        or (root in graph.controlling and not labels & {"comp", "oprd"})
        or (
            "adv" not in labels
            and graph.tag[root][:2] in ("JJ", "RB")
            and any(graph.key[adverb] in _DEGREE for adverb in graph.out(root, "adv"))
        )
    )


_TOWARDS = ("of", "prep:of", "prep:with", "prep:to", "prep:against", "prep:on")


def _is_owned(graph: Graph, pattern: Pattern, root: int, slots: Mapping[int, int], states: States) -> bool:
    """Whether both are said to be so towards somebody else: "both are allies *of X*", "*its* neighbours A and B"."""
    if sum(label == "be" and child.slot >= 0 for label, child in pattern.root.edges) < 2:
        return False
    others = {d for label in _TOWARDS for d in graph.out(root, label)}
    return any(other in states for other in others - set(slots.values()))


def _is_aimed(match: Match, kept: Iterable[Match]) -> bool:
    """Whether two do towards a third what they would else do to each other: "they went to war *with Z*"."""
    both = set(match.slots)
    return match.pattern.joint and any(
        other.root == match.root
        and other.pattern.variable == match.pattern.variable
        and len(set(other.slots) & both) == 1
        and len(other.slots) == 2
        for other in kept
        if not other.pattern.joint
    )


def _joined(graph: Graph, slots: tuple[int, ...]) -> bool:
    """Whether two slots are filled by what one "and" joins: "the support of *X and Y*" tells nothing between them."""
    heads = {place: place for place in slots}
    for place in slots:
        while (above := graph.governor.get(heads[place], ("", -1)))[0] == "conj":
            heads[place] = above[1]
    return len(slots) == 2 and len(set(heads.values())) == 1


def _covers(wider: Match, match: Match) -> bool:
    """Whether a match says no more than a part of a wider one: "the war" of "lost the war"."""
    same = match.pattern.variable == wider.pattern.variable
    of_same = same or not wider.slots or set(match.slots) <= set(wider.slots)
    if set(match.tokens) < set(wider.tokens) and wider.pattern.size > match.pattern.size and of_same:
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
    if node.words and graph.key.get(token) not in node.words:
        return
    inner = {label for label, _ in node.edges}
    if "subj" in inner and not inner & {"obj", "comp", "oprd", "iobj"} and graph.out(token, "obj"):
        return  # "feared that X would attack *Y*" is not "feared that X would attack"
    if graph.tag[token] in ("JJR", "RBR") and graph.out(token, "prep:than") and not _compares(node):
        return  # "has become stronger *than any other*" tells no growth
    # What stands for anybody is no part of what was said: "aided Egypt" is said beside "aided somebody against Y".
    yield from _bind_edges(graph, node, token, 0, slots, (token,) if node.words else (), states)


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
    dependents = [far for near in _ALIKE.get(label, (label,)) for far in graph.out(token, near)]
    if label == "be" and child.slot >= 0 and token in states and token in graph.definite and not dependents:
        dependents.append(token)  # "the two great powers": a description is true of whom it stands for
    for dependent in dependents:
        for filled, more in _bind(graph, child, dependent, slots, states):
            yield from _bind_edges(graph, node, token, place + 1, filled, (*used, *more), states)
