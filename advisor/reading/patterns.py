"""Phrases of the vocabulary as patterns over the clause graph, and the search for them in a sentence.

Each phrase is parsed with known names in its slots, affirmed and denied, and what is left of its graph
becomes a pattern: words that must be there, the edges between them, and two slots for states.  A
phrase whose words do not hang together in its parse is refused, not guessed at (see ``refused``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor import wording
from advisor.reading.clause import Graph
from advisor.reading.graph import sentence_graphs
from advisor.terms import Phrase, Variable, Vocabulary

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

MASKS = ("Germany", "France")
"""Names that the English model reads well; every state of a text is read under such a name."""

_DROPPED = frozenset(
    [
        "aux",
        "auxpass",
        "punct",
        "neg",
        "mark",
        "expl",
        "cc",
        "case",
        "prep",
        "agent",
        "dative",
        "predet",
        "preconj",
        "intj",
    ]
)
_MODALS = {
    "can": "ability",
    "could": "ability",
    "may": "possible",
    "might": "possible",
    "would": "would",
    "must": "due",
    "should": "due",
    "will": "will",
}


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
    ``joint`` wordings speak of both states as one subject ("are enemies"), which a plural may be.
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


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: the token of its root, the tokens in its slots, and all tokens it rests on."""

    pattern: Pattern
    root: int
    slots: tuple[int, ...]
    tokens: tuple[int, ...]


# ---------------------------------------------------------------- learning


def learn(
    nlp: Language, vocabulary: Vocabulary, same: Mapping[str, frozenset[str]]
) -> tuple[tuple[Pattern, ...], tuple[str, ...]]:
    """Learn the patterns of every phrase that is not derived; ``same`` gives the words that count as one.

    Returns the patterns and the wordings that were refused.
    """
    samples = list(_samples(vocabulary))
    texts = [wording.sentence(text) if not noun else f"Everybody knew of {text}." for _, _, _, text, _, noun in samples]
    found: dict[tuple[str, str, Node, bool, str], Pattern] = {}
    affirmative: dict[tuple[str, str, str], set[bool]] = {}
    refused: dict[str, None] = {}
    for sample, doc in zip(samples, nlp.pipe(texts, batch_size=128), strict=True):
        variable, value, phrase, text, affirmed, noun = sample
        pattern = _pattern(doc, variable, value, phrase, affirmed, noun, same)
        if pattern is None:
            refused[text] = None
            continue
        # A denial whose negation the parse hung elsewhere would teach the opposite.
        polarities = affirmative.setdefault((variable.id, value, phrase.text), set())
        if affirmed == phrase.affirms:
            polarities.add(pattern.holds)
        elif pattern.holds not in polarities:
            refused[text] = None
            continue
        for variant in _variants(pattern, variable):
            key = (variant.variable, variant.value, variant.root, variant.holds, variant.modal)
            found.setdefault(key, variant)
    return tuple(found.values()), tuple(refused)


def _samples(vocabulary: Vocabulary) -> Iterator[tuple[Variable, str, Phrase, str, bool, bool]]:
    """Give every phrase in the forms it is learnt in: (variable, value, phrase, text, affirmed, is a noun phrase)."""
    for variable in vocabulary.variables:
        if variable.derived:
            continue
        for value in variable.values:
            for phrase in value.phrases:
                for names in (MASKS, MASKS[::-1]):
                    text = wording.plain(phrase.text).format(*names)
                    yield variable, value.id, phrase, text, phrase.affirms, phrase.kind == "noun"
                    if phrase.kind == "clause":
                        denied = (phrase.denial or wording.denial(phrase.text)).format(*names)
                        if "it is not true that" not in denied:
                            yield variable, value.id, phrase, denied, not phrase.affirms, False
                    if variable.arity < 2:
                        break


def _slot_names(phrase: Phrase, text: str, arity: int) -> dict[str, int]:
    """Say which mask stands in which slot of this sample."""
    if arity == 0 or "{0}" not in phrase.text:
        return {}
    if "{1}" not in phrase.text:
        return dict.fromkeys(MASKS, 0)
    plain = wording.plain(phrase.text)
    for names in (MASKS, MASKS[::-1]):
        sample = plain.format(*names)
        order = sorted((text.find(name), name) for name in names)
        if [name for _, name in order] == [name for _, name in sorted((sample.find(n), n) for n in names)]:
            return {name: place for place, name in enumerate(names)}
    return {}


def _pattern(
    doc: Doc,
    variable: Variable,
    value: str,
    phrase: Phrase,
    affirmed: bool,
    noun: bool,
    same: Mapping[str, frozenset[str]],
) -> Pattern | None:
    """Turn the parse of a sample into a pattern, or None where its words do not hang together."""
    graphs = sentence_graphs(doc)
    if len(graphs) != 1:
        return None
    graph = graphs[0]
    slots = {
        t.i: place for t in doc if (place := _slot_names(phrase, doc.text, variable.arity).get(t.text)) is not None
    }
    root = _noun_root(doc) if noun else _clause_root(graph, doc, slots)
    if root is None:
        return None
    content = {t.i for t in doc if _is_content(t, slots, noun)} - ({t.i for t in doc[:3]} if noun else set())
    content.discard(root)
    node, reached = _grow(graph, doc, root, content, slots, same)
    missing = content - reached
    if missing or set(slots.values()) != set(_slots_of(node)):
        return None
    tokens = reached | {root} | _copulas_of(graph, root)
    flips = sum(token in graph.negated for token in tokens)
    modal = next((_MODALS[m] for t in sorted(tokens) if (m := graph.modal.get(t, "")) in _MODALS), "")
    holds = affirmed == (flips % 2 == 0)
    joint = _is_joint(node)
    passive = graph.tag[root] == "VBN" and not any(label == "subj" for label, _ in node.edges)
    existential = root in graph.existing and not reached
    return Pattern(variable.id, value, node, holds, modal, len(reached) + 1, phrase.text, joint, passive, existential)


def _is_joint(node: Node) -> bool:
    """Whether both slots hang on the same word in the same way: "X and Y are enemies", "unites X and Y"."""
    labels = [label for label, child in node.edges if child.slot >= 0]
    return (len(labels) == 2 and len(set(labels)) == 1) or any(_is_joint(child) for _, child in node.edges)


def _is_content(token: Token, slots: Mapping[int, int], noun: bool) -> bool:
    if token.i in slots:
        return True
    if token.dep_ in _DROPPED or token.is_punct or token.tag_ in ("PRP$", "TO", "EX", "POS", "MD"):
        return False
    if token.dep_ == "det" or (token.tag_ == "DT" and token.dep_ != "pobj"):
        return False
    return not (token.lemma_ == "be" and any(c.dep_ in ("attr", "acomp", "prep") for c in token.children))


def _clause_root(graph: Graph, doc: Doc, slots: Mapping[int, int]) -> int | None:
    """Find the predicate of a clause: the verb, or what a copula says of its subject."""
    verb = next((t for t in doc if t.dep_ == "ROOT"), None)
    if verb is None:
        return None
    predicates = sorted(p for p, (how, head) in graph.governor.items() if how == "copula" and head == verb.i)
    return predicates[0] if predicates and verb.lemma_ == "be" and predicates[0] not in slots else verb.i


def _noun_root(doc: Doc) -> int | None:
    """Find the head of the noun phrase in "Everybody knew of …"."""
    head = next((child for child in doc[2].children if child.dep_ == "pobj"), None)
    if head is None:
        return None
    # In "rising Germany" it is the attribute that says something; the name is only what it says it of.
    attribute = next((child for child in head.children if child.dep_ in ("amod", "compound")), None)
    return attribute.i if head.text in MASKS and attribute is not None else head.i


def _copulas_of(graph: Graph, root: int) -> set[int]:
    how, verb = graph.governor.get(root, ("", -1))
    return {verb} if how == "copula" else set()


_ORDER = ("subj", "obj", "iobj", "be", "of", "oprd", "comp", "prt", "mod", "num", "adv", "when", "and")


def _grow(
    graph: Graph, doc: Doc, root: int, content: set[int], slots: Mapping[int, int], same: Mapping[str, frozenset[str]]
) -> tuple[Node, set[int]]:
    """Grow the pattern from its root over the graph, breadth first, taking each content word once."""
    taken: dict[int, list[tuple[str, int]]] = {}
    reached: set[int] = set()
    queue = [root]
    while queue:
        here = queue.pop(0)
        if here in slots:
            continue
        labels = graph.edges.get(here, {})
        ordered = sorted(labels, key=lambda label: (_ORDER.index(label) if label in _ORDER else 5, label))
        for label in ordered:
            owners = [d for d in labels[label] if d in content and d not in reached]
            for dependent in labels[label]:
                if label == "of" and len(owners) > 1 and dependent in labels.get("prep:of", ()):
                    continue  # "X's fear of Y": the possessor and the object of "of" are two
                if dependent in content and dependent not in reached and dependent != root:
                    reached.add(dependent)
                    taken.setdefault(here, []).append((label, dependent))
                    queue.append(dependent)

    def node(index: int) -> Node:
        if index in slots:
            return Node(frozenset(), slot=slots[index])
        word = graph.key[index]
        edges = tuple((label, node(dependent)) for label, dependent in taken.get(index, ()))
        return Node(same.get(word, frozenset({word})), edges)

    return node(root), reached


def _slots_of(node: Node) -> list[int]:
    return ([node.slot] if node.slot >= 0 else []) + [s for _, child in node.edges for s in _slots_of(child)]


def _without(node: Node, slot: int) -> tuple[Node, tuple[str, ...] | None]:
    """Take a slot out of a pattern and say by what path of labels it hung there."""
    edges: list[tuple[str, Node]] = []
    path: tuple[str, ...] | None = None
    for label, child in node.edges:
        if child.slot == slot:
            path = (label,)
            continue
        shorter, below = _without(child, slot)
        if below is not None:
            path = (label, *below)
            child = shorter
        edges.append((label, child))
    return Node(node.words, tuple(edges), node.slot), path


_RECIPROCAL = ("prep:with", "prep:to", "prep:against", "of", "prep:from", "prep:towards", "prep:on")


def _variants(pattern: Pattern, variable: Variable) -> Iterator[Pattern]:
    """Give a pattern and constructions that say the same: "X has an alliance with Y", "the alliance of X with Y"."""
    yield pattern
    root = pattern.root
    if variable.symmetric:
        for joined, other in ((0, 1), (1, 0)):
            label = next((edge for edge, child in root.edges if child.slot == joined), None)
            shorter, path = _without(root, other)
            if label in ("subj", "be", "of") and path and path[-1] in _RECIPROCAL:
                edges = (*shorter.edges, (label, Node(frozenset(), slot=other)))
                yield _with_root(pattern, Node(root.words, edges))
        for label in ("subj", "be"):
            joint = [child for edge, child in root.edges if edge == label and child.slot >= 0]
            if len(joint) == 2:
                rest = tuple((edge, child) for edge, child in root.edges if child is not joint[1])
                yield _with_root(pattern, Node(root.words, (*rest, ("prep:with", joint[1]))))
    if root.words & {"have"} and pattern.holds and not pattern.modal:
        owner = next((child for label, child in root.edges if label == "subj"), None)
        thing = next((child for label, child in root.edges if label == "obj"), None)
        if owner and thing and owner.slot >= 0 and thing.slot < 0 and len(root.edges) == 2:
            owned = _with_root(pattern, Node(thing.words, (*thing.edges, ("of", owner))))
            yield replace(owned, size=pattern.size - 1)


def _with_root(pattern: Pattern, root: Node) -> Pattern:
    return replace(pattern, root=root, joint=False)


# ---------------------------------------------------------------- matching

Index = Mapping[str, tuple[Pattern, ...]]


def index(patterns: Iterable[Pattern]) -> dict[str, tuple[Pattern, ...]]:
    """Index patterns by each word their root may be."""
    found: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        for word in pattern.root.words:
            found.setdefault(word, []).append(pattern)
    return {word: tuple(entries) for word, entries in found.items()}


def matches(graph: Graph, patterns: Index, is_state: Callable[[int], int]) -> list[Match]:
    """Find every pattern in a sentence.

    ``is_state`` says how many states a token stands for.  Of two readings of the same variable on the
    same root and slots, the one that rests on more words is kept.
    """
    best: dict[tuple[str, int, tuple[int, ...]], list[Match]] = {}
    for root in range(graph.start, graph.end):
        for pattern in patterns.get(graph.key.get(root, ""), ()):
            if not _is_same_sense(graph, pattern, root):
                continue
            fills = is_state if pattern.joint else lambda token: min(is_state(token), 1)
            for slots, tokens in _bind(graph, pattern.root, root, {}, fills):
                ordered = tuple(slots[place] for place in sorted(slots))
                if _is_owned(graph, pattern, root, slots, is_state):
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


def _is_same_sense(graph: Graph, pattern: Pattern, root: int) -> bool:
    """Whether the sentence's word is used as in the wording.

    Something else's doing is no state of being ("divides it", "is divided"), a mention no existence, "declined
    to join" no decline, "armed by X" no arming of X's own, and "less powerful" not powerful.
    """
    labels = {label for label, _ in pattern.root.edges}
    intransitive = "subj" in labels and not labels & {"obj", "comp", "oprd", "iobj"}
    return not (
        (intransitive and graph.out(root, "obj"))
        or (pattern.passive and root in graph.active)
        or (pattern.existential and root not in graph.existing)
        or (root in graph.controlling and not labels & {"comp", "oprd"})
        or ("adv" not in labels and any(graph.key[adverb] in _DEGREE for adverb in graph.out(root, "adv")))
    )


def _is_owned(
    graph: Graph, pattern: Pattern, root: int, slots: Mapping[int, int], is_state: Callable[[int], int]
) -> bool:
    """Whether both are said to be so towards somebody else: "both are allies *of X*", "*its* neighbours A and B"."""
    both = [child for label, child in pattern.root.edges if label == "be" and child.slot >= 0]
    if len(both) < 2:
        return False
    others = {d for label in ("of", "prep:of", "prep:with", "prep:to") for d in graph.out(root, label)}
    return any(is_state(other) for other in others - set(slots.values()))


def _covers(wider: Match, match: Match) -> bool:
    """Whether a match says no more than a part of a wider one: "the war" of "lost the war"."""
    if set(match.tokens) < set(wider.tokens) and wider.pattern.size > match.pattern.size:
        return True
    inside = match.root in wider.tokens and match.root != wider.root
    return inside and wider.pattern.size > match.pattern.size and wider.pattern.variable == match.pattern.variable


def _bind(
    graph: Graph, node: Node, token: int, slots: dict[int, int], is_state: Callable[[int], int]
) -> Iterator[tuple[dict[int, int], tuple[int, ...]]]:
    """Give every way to meet a pattern's node at a token: slots filled and tokens used."""
    if node.slot >= 0:
        count = 0 if token in graph.excluded else is_state(token)
        if count and (token not in slots.values() or count > 1):
            yield {**slots, node.slot: token}, (token,)
        return
    if graph.key.get(token) not in node.words:
        return
    yield from _bind_edges(graph, node, token, 0, slots, (token,), is_state)


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
    is_state: Callable[[int], int],
) -> Iterator[tuple[dict[int, int], tuple[int, ...]]]:
    if place == len(node.edges):
        yield slots, used
        return
    label, child = node.edges[place]
    for dependent in (far for near in _ALIKE.get(label, (label,)) for far in graph.out(token, near)):
        for filled, more in _bind(graph, child, dependent, slots, is_state):
            yield from _bind_edges(graph, node, token, place + 1, filled, (*used, *more), is_state)
