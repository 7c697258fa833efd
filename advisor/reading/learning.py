"""Learning the phrases of the vocabulary as patterns over the clause graph.

Each phrase is parsed with known names in its slots, affirmed and denied, and what is left of its graph
becomes a pattern: words that must be there, the edges between them, and two slots for states.  A
phrase whose words do not hang together in its parse is refused, not guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advisor import wording
from advisor.reading.clause import Graph, word_key
from advisor.reading.graph import sentence_graphs
from advisor.reading.patterns import Node, Pattern
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
class Lesson:
    """One wording to learn: the phrase, and the variable and the value that it says."""

    variable: Variable
    value: str
    phrase: Phrase

    @property
    def key(self) -> str:
        """Name everything of the lesson that what is learnt depends on."""
        kind = f"{self.variable.id}/{self.variable.arity}/{self.variable.symmetric:d}{self.variable.mirror}"
        return f"{kind}/{self.value}/{self.phrase!r}"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of a lesson: its patterns, and the sentences that were refused."""

    patterns: tuple[Pattern, ...]
    refused: tuple[str, ...] = ()


def lessons(vocabulary: Vocabulary) -> list[Lesson]:
    """Give every wording of a vocabulary that texts may use, in the author's order."""
    return [
        Lesson(variable, value.id, phrase)
        for variable in vocabulary.variables
        if not variable.derived
        for value in variable.values
        for phrase in value.phrases
    ]


def learn(nlp: Language, wanted: Iterable[Lesson], same: Mapping[str, frozenset[str]]) -> list[Learnt]:
    """Learn the patterns of each lesson, in order; ``same`` gives the words that count as one."""
    lessons_of, texts = [], []
    for lesson in wanted:
        samples = list(_samples(lesson))
        lessons_of.append((lesson, samples))
        noun = lesson.phrase.kind == "noun"
        texts += [f"Everybody knew of {text}." if noun else wording.sentence(text) for text, _ in samples]
    docs = nlp.pipe(texts, batch_size=128)
    return [_learn_one(nlp, lesson, samples, [next(docs) for _ in samples], same) for lesson, samples in lessons_of]


def _learn_one(
    nlp: Language,
    lesson: Lesson,
    samples: list[tuple[str, bool]],
    docs: list[Doc],
    same: Mapping[str, frozenset[str]],
) -> Learnt:
    """Learn one wording from the parses of its samples."""
    alike = _alternatives(nlp, docs[0], lesson.phrase)
    wider = {**same, **alike}  # who lists alternatives means those, and not what else each of them may stand for
    found: dict[tuple[Node, bool, str], Pattern] = {}
    refused: dict[str, None] = {}
    polarities: set[bool] = set()
    for (text, affirmed), doc in zip(samples, docs, strict=True):
        pattern = _pattern(doc, lesson, affirmed, wider)
        if pattern is None:
            refused[text] = None
            continue
        # A denial whose negation the parse hung elsewhere would teach the opposite.
        if affirmed == lesson.phrase.affirms:
            polarities.add(pattern.holds)
        elif pattern.holds not in polarities:
            refused[text] = None
            continue
        for variant in _variants(pattern, lesson.variable):
            for version in (variant, *_with_other_prepositions(variant, alike)):
                found.setdefault((version.root, version.holds, version.modal), version)
    return Learnt(tuple(found.values()), tuple(refused))


def _samples(lesson: Lesson) -> Iterator[tuple[str, bool]]:
    """Give a phrase in the forms it is learnt in, each with whether it affirms the value."""
    phrase = lesson.phrase
    for names in (MASKS, MASKS[::-1]):
        yield wording.plain(phrase.text).format(*names), phrase.affirms
        if phrase.kind not in ("noun", "other"):
            denied = (phrase.denial or wording.denial(phrase.text)).format(*names)
            if "it is not true that" not in denied:
                yield denied, not phrase.affirms
        if lesson.variable.arity < 2:
            break


def _alternatives(nlp: Language, doc: Doc, phrase: Phrase) -> dict[str, frozenset[str]]:
    """Give the words that may stand for each other in a phrase, in the form in which patterns know words.

    An alternative is taken to be of the same part of speech and inflection as the word it may stand for.
    """
    from spacy.tokens import Doc as SpacyDoc

    found: dict[str, frozenset[str]] = {}
    for word, others in phrase.alternatives:
        token = next((token for token in doc if token.lower_ == word.lower()), None)
        if token is None:
            continue
        key = word_key(token)
        # A noun may stand in either number: "sent aid/reinforcements".
        readings = (("NN", "Number=Sing"), ("NNS", "Number=Plur")) if token.pos_ == "NOUN" else ()
        for tag, morph in readings or ((token.tag_, str(token.morph)),):
            count = len(others)
            alike = SpacyDoc(
                nlp.vocab, words=list(others), pos=[token.pos_] * count, tags=[tag] * count, morphs=[morph] * count
            )
            nlp.get_pipe("lemmatizer")(alike)
            found[key] = found.get(key, frozenset({key})) | {word_key(other) for other in alike}
    return found


def _with_other_prepositions(pattern: Pattern, alike: Mapping[str, frozenset[str]]) -> Iterator[Pattern]:
    """Give a pattern with each alternative of its prepositions, which are edges and no words of it."""

    def changed(node: Node, before: str, after: str) -> Node:
        labels = {f"prep:{before}": f"prep:{after}", f"be:{before}": f"be:{after}"}
        if before == "of":
            labels["of"] = f"prep:{after}"
        edges = tuple((labels.get(label, label), changed(child, before, after)) for label, child in node.edges)
        return replace(node, edges=edges)

    for before, words in sorted(alike.items()):
        for after in sorted(words - {before}):
            root = changed(pattern.root, before, after)
            if root != pattern.root:
                yield replace(pattern, root=root)


def _slot_names(phrase: Phrase, text: str, arity: int) -> dict[str, int]:
    """Say which mask stands in which slot of this sample."""
    if arity == 0 or not ("{0}" in phrase.text or "{1}" in phrase.text):
        return {}
    if "{1}" not in phrase.text:
        return dict.fromkeys(MASKS, 0)
    if "{0}" not in phrase.text:
        return dict.fromkeys(MASKS, 1)
    plain = wording.plain(phrase.text)
    for names in (MASKS, MASKS[::-1]):
        sample = plain.format(*names)
        order = sorted((text.find(name), name) for name in names)
        if [name for _, name in order] == [name for _, name in sorted((sample.find(n), n) for n in names)]:
            return {name: place for place, name in enumerate(names)}
    return {}


def _pattern(doc: Doc, lesson: Lesson, affirmed: bool, same: Mapping[str, frozenset[str]]) -> Pattern | None:
    """Turn the parse of a sample into a pattern, or None where its words do not hang together."""
    variable, phrase = lesson.variable, lesson.phrase
    noun = phrase.kind == "noun"
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
    flips = graph.denials(tokens)
    modal = next((_MODALS[m] for t in sorted(tokens) if (m := graph.modal.get(t, "")) in _MODALS), "")
    holds = affirmed == (flips % 2 == 0)
    joint = _is_joint(node)
    passive = graph.tag[root] == "VBN" and not any(label == "subj" for label, _ in node.edges)
    existential = root in graph.existing and not (reached and slots)
    return Pattern(
        variable.id,
        "" if phrase.kind == "other" else lesson.value,
        node,
        holds,
        modal,
        len(reached) + 1,
        phrase.text,
        joint,
        passive,
        existential,
        noun,
        phrase.kind == "bloc",
    )


def _is_joint(node: Node) -> bool:
    """Whether both slots hang on the same word in the same way: "X and Y are enemies", "unites X and Y"."""
    labels = [label for label, child in node.edges if child.slot >= 0]
    return (len(labels) == 2 and len(set(labels)) == 1) or any(_is_joint(child) for _, child in node.edges)


def _is_content(token: Token, slots: Mapping[int, int], noun: bool) -> bool:
    if token.i in slots:
        return True
    multiple = token.dep_ == "predet" and token.lower_ not in ("all", "both", "such", "quite")  # "twice the strength"
    if (token.dep_ in _DROPPED and not multiple) or token.is_punct or token.tag_ in ("PRP$", "TO", "EX", "POS", "MD"):
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


_ANYBODY = frozenset({"somebody", "someone", "something"})
"""Words of a wording for which any word may stand: "aided *somebody* against X"."""
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
        if word in _ANYBODY:
            return Node(frozenset(), tuple((label, node(dependent)) for label, dependent in taken.get(index, ())))
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


def _possessed(node: Node) -> Node:
    """Turn "the rivalry between X and Y" into the X-Y rivalry, wherever in a pattern it stands."""
    between = [label for label, child in node.edges if child.slot >= 0] == ["prep:between", "prep:between"]
    edges = tuple(
        ("of" if between and child.slot >= 0 else label, child if child.slot >= 0 else _possessed(child))
        for label, child in node.edges
    )
    return replace(node, edges=edges)


_RECIPROCAL = ("prep:with", "prep:to", "prep:against", "of", "prep:towards", "prep:on")


def _variants(pattern: Pattern, variable: Variable) -> Iterator[Pattern]:
    """Give a pattern and constructions that say the same: "X has an alliance with Y", "the alliance of X with Y"."""
    yield pattern
    root = pattern.root
    if variable.symmetric or dict(variable.mirror).get(pattern.value) == pattern.value:
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
        possessed = _possessed(root)
        if possessed != root:
            yield _with_root(pattern, possessed)
    if root.words & {"have"} and pattern.holds and not pattern.modal:
        owner = next((child for label, child in root.edges if label == "subj"), None)
        thing = next((child for label, child in root.edges if label == "obj"), None)
        if owner and thing and owner.slot >= 0 and thing.slot < 0 and len(root.edges) == 2:
            # Of two "of"s, "X's support of Y", the second one is a preposition.
            rest = tuple(("prep:of" if label == "of" else label, child) for label, child in thing.edges)
            owned = _with_root(pattern, Node(thing.words, (*rest, ("of", owner))))
            yield replace(owned, size=pattern.size - 1)


def _with_root(pattern: Pattern, root: Node) -> Pattern:
    return replace(pattern, root=root, joint=_is_joint(root))
