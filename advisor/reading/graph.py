"""The clause graph: who does what to whom, whatever the syntax.

A sentence's dependency parse is turned into a graph whose edges mean the same in the active and the
passive, in a main and a relative clause, in a copula, an apposition and an attribute.  Phrases of the
vocabulary and texts pass through the same builder, so that one phrase covers its paraphrases.

Edges run from a head to a dependent and are labelled

``subj obj iobj``      who does it, to whom, for whom (a passive's subject is an object)
``be``                 what something is: copula, apposition and attribute alike
``be:P``               what something is *in*, *at*, *without* …: "is at war", "at war with"
``of``                 possession and the like: "X's ally", "the ally of X", "the German ally"
``prep:P``             a preposition, wherever in the clause it was attached
``mod adv prt num``    attributes, adverbs, particles and numbers
``comp when and``      a clause that completes another word, that qualifies it, that is joined to it

After Universal Dependencies' enhanced graph (Schuster and Manning 2016) and PredPatt (White et al. 2016),
on the labels of spaCy's English models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_BE = frozenset({"be", "become", "remain", "stay", "seem", "appear", "prove"})
_SAME_PREPOSITION = {
    "upon": "on",
    "onto": "on",
    "toward": "towards",
    "amongst": "among",
    "til": "until",
    "till": "until",
    "amid": "amidst",
    "into": "in",
    "inside": "in",
    "within": "in",
}
_STATE_PREPOSITIONS = frozenset(
    ["at", "in", "on", "without", "under", "near", "beyond", "past", "against", "behind", "with"]
)
_NEGATORS = frozenset(
    {"no", "neither", "nor", "not", "n't", "never", "hardly", "scarcely", "without", "nobody", "nothing", "none"}
)


@dataclass(slots=True)
class Graph:
    """One sentence: its tokens by index, the labelled edges between them, and what marks each.

    ``edges[i]`` maps a label to dependents of token i.  ``key[i]`` is the word as patterns know it
    (the lemma, but "stronger" for a comparative).  ``negated`` holds tokens with a negation of their
    own; ``modal`` maps a verb to its modal; ``governor`` maps a verb or predicate to what embeds it and how;
    ``active`` holds the verbs that have a subject of their own in the active voice, ``definite`` the nouns
    that are taken for granted ("the war"), ``existing`` those of which "there is" is said, ``excluded`` the names
    set aside ("France, not *Spain*"), ``controlling`` the verbs with an infinitive ("declined to join").
    """

    start: int
    end: int
    key: dict[int, str] = field(default_factory=dict)
    tag: dict[int, str] = field(default_factory=dict)
    edges: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    negated: set[int] = field(default_factory=set)
    modal: dict[int, str] = field(default_factory=dict)
    mark: dict[int, str] = field(default_factory=dict)
    governor: dict[int, tuple[str, int]] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)
    definite: set[int] = field(default_factory=set)
    existing: set[int] = field(default_factory=set)
    excluded: set[int] = field(default_factory=set)
    controlling: set[int] = field(default_factory=set)
    coordinated: dict[int, list[int]] = field(default_factory=dict)

    def add(self, head: int, label: str, dependent: int) -> None:
        """Add an edge once."""
        if head == dependent:
            return
        found = self.edges.setdefault(head, {}).setdefault(label, [])
        if dependent not in found:
            found.append(dependent)

    def out(self, head: int, label: str) -> list[int]:
        """Give the dependents of a token under a label."""
        return self.edges.get(head, {}).get(label, [])


def word_key(token: Token) -> str:
    """Give the form under which patterns know a token: lemma, but comparatives as they stand."""
    if token.tag_ in ("JJR", "JJS", "RBR", "RBS"):
        return token.lower_
    lemma = token.lemma_.lower() if token.pos_ != "PROPN" else token.lower_
    return _SAME_PREPOSITION.get(lemma, lemma)


def sentence_graphs(doc: Doc) -> list[Graph]:
    """Build the graph of each sentence of a parsed text."""
    return [_build(list(sentence), sentence.start, sentence.end) for sentence in doc.sents]


def _build(tokens: list[Token], start: int, end: int) -> Graph:
    graph = Graph(start, end)
    for token in tokens:
        graph.key[token.i] = word_key(token)
        graph.tag[token.i] = token.tag_
    stands_for = _relative_pronouns(tokens)
    for token in tokens:
        _basic_edges(graph, token, stands_for)
    for token in tokens:
        _marks(graph, token)
    _copulas(graph, tokens, stands_for)
    _share_coordination(graph, tokens)
    _supply_subjects(graph, tokens)
    _share_coordination(graph, tokens)
    _attach_loosely(graph)
    return graph


def _relative_pronouns(tokens: Iterable[Token]) -> dict[int, int]:
    """Map each relative pronoun to the noun it stands for."""
    stands_for: dict[int, int] = {}
    for token in tokens:
        if token.dep_ != "relcl":
            continue
        for inner in token.subtree:
            if inner.tag_ in ("WDT", "WP", "WP$") or (
                inner.lower_ == "that" and inner.dep_ in ("nsubj", "nsubjpass", "dobj")
            ):
                if inner.i < token.head.i:
                    continue
                stands_for[inner.i] = token.head.i
                break
    return stands_for


def _basic_edges(graph: Graph, token: Token, stands_for: dict[int, int]) -> None:
    """Add the edges from a token's head to it, with voices and possessives made alike."""
    head, dep = token.head.i, token.dep_
    here = stands_for.get(token.i, token.i)
    if dep in ("nsubj", "csubj"):
        graph.add(head, "subj", here)
        graph.active.add(head)
    elif dep in ("nsubjpass", "csubjpass"):
        has_object = any(child.dep_ == "dobj" for child in token.head.children)
        graph.add(head, "iobj" if has_object else "obj", here)
        if has_object:
            graph.add(head, "prep:to", here)
    elif dep == "dobj" and any(c.dep_ == "dobj" and c.i > token.i for c in token.head.children):
        graph.add(head, "iobj", here)  # "means it no harm": the parser gives such verbs two objects
        graph.add(head, "prep:to", here)
    elif dep in ("dobj", "oprd"):
        graph.add(head, "obj" if dep == "dobj" else "oprd", here)
    elif dep == "dative" and token.pos_ != "ADP":
        graph.add(head, "iobj", here)
        graph.add(head, "prep:to", here)
    elif dep in ("poss", "nmod"):
        graph.add(head, "of", here)
    elif dep in ("pobj", "pcomp"):
        _prepositional(graph, token, here)
    elif dep == "amod":
        graph.add(head, "mod", here)
        graph.add(here, "be", head)
    elif dep == "compound":
        graph.add(head, "mod", here)
        graph.add(head, "of", here)
        if token.pos_ != "PROPN":
            graph.add(here, "be", head)
    elif dep == "appos":
        bare = not any(child.dep_ in ("det", "poss", "nummod") for child in token.children)
        if token.tag_ == "NNS" and token.head.pos_ == "PROPN" and bare:
            graph.add(here, "subj", head)  # "X, a great power, borders Y": the tagger takes such verbs for nouns
        else:
            graph.add(here, "be", head)
            graph.add(head, "be", here)
    elif dep == "npadvmod" and token.pos_ == "PROPN" and not any(c.dep_ == "dobj" for c in token.head.children):
        graph.add(head, "obj", here)
    elif dep in ("advmod", "npadvmod"):
        governor = token.head
        while governor.dep_ in ("prep", "agent") and governor.head != governor:
            governor = governor.head
        graph.add(governor.i, "adv", here)
        if dep == "npadvmod" and governor.pos_ == "NOUN":
            graph.add(here, "be", governor.i)  # "a power next door to X"
            for follower in governor.children:
                if follower.dep_ == "prep" and follower.i > token.i:
                    for far in follower.children:
                        if far.dep_ == "pobj":
                            graph.add(here, "prep:" + _preposition(follower), far.i)
    elif dep == "prt":
        graph.add(head, "prt", here)
    elif dep in ("nummod", "predet", "quantmod"):
        graph.add(head, "num", here)
    elif dep == "acomp" and token.head.lemma_ != "be":
        graph.add(head, "oprd", here)
    if dep in ("xcomp", "ccomp", "acl", "pcomp", "relcl"):
        graph.add(head, "comp", here)
    elif dep == "advcl":
        graph.add(head, "when", here)
    elif dep == "conj":
        graph.add(head, "and", here)
    if dep == "det" and token.lower_ in ("the", "this", "that", "these", "those"):
        graph.definite.add(head)
    if dep == "xcomp" and token.head.pos_ == "VERB":
        graph.controlling.add(head)
    if dep == "attr" and any(child.dep_ == "expl" for child in token.head.children):
        graph.existing.add(token.i)
    if token.dep_ == "ROOT" and token.pos_ in ("NOUN", "PROPN") and any(c.dep_ == "dobj" for c in token.children):
        for child in token.children:
            if child.dep_ == "compound" and child.pos_ == "PROPN":
                graph.add(token.i, "subj", child.i)  # "X borders Y": the tagger takes such verbs for nouns
    if dep == "relcl" and not any(child.i in stands_for for child in token.subtree):
        _gap(graph, token)
    if dep == "acl":
        if token.tag_ == "VBN":
            graph.add(token.i, "obj", head)
        elif token.tag_ == "VBG":
            graph.add(token.i, "subj", head)


def _gap(graph: Graph, verb: Token) -> None:
    """Fill the gap of a relative clause without a pronoun: "the state France attacked"."""
    if any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.children):
        stranded = [c for c in verb.children if c.dep_ == "prep" and not any(g.dep_ == "pobj" for g in c.children)]
        if stranded:
            graph.add(verb.i, "prep:" + _preposition(stranded[0]), verb.head.i)
        elif not any(child.dep_ == "dobj" for child in verb.children):
            graph.add(verb.i, "obj", verb.head.i)


def _preposition(token: Token) -> str:
    return _SAME_PREPOSITION.get(token.lower_, token.lower_)


def _prepositional(graph: Graph, token: Token, here: int) -> None:
    """Add the edge of a preposition's object to whatever the preposition belongs to."""
    preposition = token.head
    governor = preposition.head
    name = _preposition(preposition)
    # "because of", "out of": the chain of prepositions counts as its last member, on the first one's head.
    while governor.dep_ in ("prep", "pcomp") and governor.pos_ == "ADP" and governor.head != governor:
        name = f"{_preposition(governor)} {name}" if name != "of" else _preposition(governor)
        governor = governor.head
    if preposition.dep_ == "agent":
        graph.add(governor.i, "subj", here)
        return
    if name == "of":
        graph.add(governor.i, "of", here)
    graph.add(governor.i, "prep:" + name, here)
    if preposition.dep_ == "dative":
        graph.add(governor.i, "iobj", here)
    if governor.pos_ in ("NOUN", "PROPN", "PRON") and name in _STATE_PREPOSITIONS:
        graph.add(here, "be:" + name, governor.i)
        if name == "with":
            graph.add(here, "of", governor.i)


def _copulas(graph: Graph, tokens: Iterable[Token], stands_for: dict[int, int]) -> None:
    """Turn "X is P" around: P gets an edge ``be`` to X, and takes over the verb's marks."""
    for token in tokens:
        joined = token.dep_ == "conj" and token.pos_ in ("ADJ", "NOUN") and token.head.lemma_ in _BE
        if token.dep_ in ("attr", "acomp", "oprd") or joined:
            verb = token.head
            graph.governor[token.i] = ("copula", verb.i)
            if verb.lemma_ in _BE or token.dep_ == "oprd":
                subjects = graph.out(verb.i, "subj") if verb.lemma_ in _BE else graph.out(verb.i, "obj")
                for subject in subjects:
                    graph.add(token.i, "be", subject)
                    if token.dep_ == "attr":
                        graph.add(subject, "be", token.i)
        elif token.dep_ == "pobj" and token.head.dep_ == "prep" and token.head.head.lemma_ in _BE:
            verb = token.head.head
            if any(child.dep_ in ("attr", "acomp") for child in verb.children):
                continue
            graph.governor[token.i] = ("copula", verb.i)
            for subject in graph.out(verb.i, "subj"):
                graph.add(token.i, "be:" + _preposition(token.head), subject)


def _marks(graph: Graph, token: Token) -> None:
    """Note negation, modals, subordinators, and what governs each clause or predicate."""
    negator = token.dep_ == "neg" or (token.lower_ in _NEGATORS and token.dep_ in ("det", "advmod", "preconj", "cc"))
    following = token.nbor(1) if token.i + 1 < len(token.doc) else token
    if negator and token.lower_ == "not" and following.lower_ in ("only", "merely", "just", "simply"):
        negator = False  # "not only weak but isolated"
    if negator and token.lower_ == "not" and token.head.pos_ == "PROPN":
        graph.excluded.add(following.i if following.pos_ == "PROPN" else token.head.i)
        negator = False  # "France, not Spain, is the strongest"
    if token.lower_ == "neither" and token.dep_ in ("preconj", "det", "cc"):
        graph.negated.update(member.i for member in token.head.conjuncts)
    if negator and not (token.lower_ == "nor" and token.dep_ == "cc"):
        denied = token.head
        while denied.dep_ in ("aux", "auxpass") and denied.head != denied:
            denied = denied.head
        graph.negated.add(denied.i)
    if token.lower_ in ("nobody", "nothing", "none") or (
        token.lower_ == "one" and token.i and token.nbor(-1).lower_ == "no"
    ):
        graph.negated.add(token.i)
    if token.dep_ == "aux" and (token.tag_ == "MD" or token.lower_ == "ca"):
        graph.modal[token.head.i] = token.lemma_.lower() if token.lower_ not in ("'d", "'ll") else "would"
    if token.dep_ == "mark" or (
        token.dep_ in ("prep", "cc") and token.lower_ == "than" and token.head.tag_[:2] == "VB"
    ):
        rather = token.i and token.nbor(-1).lower_ == "rather"
        graph.mark[token.head.i] = "rather than" if rather else token.lower_
    if (
        token.dep_ in ("advcl", "ccomp", "xcomp", "acl", "relcl", "conj", "pcomp", "csubj", "parataxis")
        or token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "dative", "appos", "amod", "compound", "poss", "attr")
        or token.dep_ in ("prep", "agent")
    ):
        graph.governor.setdefault(token.i, (token.dep_, token.head.i))


def _share_coordination(graph: Graph, tokens: Iterable[Token]) -> None:
    """Give every conjunct the edges of the first: "A and B fear C", "A fears and hates C"."""
    for token in tokens:
        if token.dep_ != "conj" and not (token.dep_ == "dep" and token.pos_ == "VERB"):
            continue
        first, here = token.head.i, token.i
        verbal = token.pos_ in ("VERB", "AUX")
        if verbal and token.head.pos_ in ("NOUN", "PROPN", "PRON") and token.tag_ == "VBN":
            graph.add(here, "obj", first)
        if token.head.pos_ in ("VERB", "AUX", "ADJ") or verbal:
            participle = token.tag_ == "VBN" and not any(c.dep_ == "aux" for c in token.children)
            if any(c.dep_ == "auxpass" for c in token.children) and not graph.out(here, "obj"):
                for shared in graph.out(first, "subj") or graph.out(first, "obj"):
                    graph.add(here, "obj", shared)
            elif not graph.out(here, "subj") and not (graph.out(here, "obj") and participle):
                passive = any(c.dep_ == "auxpass" for c in token.head.children)
                if token.tag_ == "VBN" and passive and not any(c.dep_ in ("aux", "dobj") for c in token.children):
                    for shared in graph.out(first, "obj"):
                        graph.add(here, "obj", shared)
                else:
                    given = graph.out(first, "subj") or (graph.out(first, "obj") if passive else [])
                    for shared in given:
                        graph.add(here, "subj", shared)
            if (
                graph.out(here, "obj")
                and not graph.out(first, "obj")
                and not any(c.dep_ in ("dobj", "prep", "xcomp", "ccomp", "acomp", "attr") for c in token.head.children)
            ):
                for shared in graph.out(here, "obj"):
                    graph.add(first, "obj", shared)
            if (
                first in graph.modal
                and here not in graph.modal
                and not any(c.dep_ in ("aux", "nsubj") for c in token.children)
            ):
                graph.modal[here] = graph.modal[first]
        if token.head.pos_ in ("NOUN", "PROPN", "PRON", "ADJ") and not verbal:
            graph.coordinated.setdefault(first, []).append(here)
            for head, labels in list(graph.edges.items()):
                for label, dependents in list(labels.items()):
                    if first in dependents and head != here:
                        graph.add(head, label, here)
            for label in ("be", "mod") if token.pos_ == "ADJ" else ("be",):
                for shared in list(graph.out(first, label)):
                    if shared != here and (token.pos_ in ("ADJ", "NOUN")) and token.tag_ not in ("NNP", "NNPS"):
                        graph.add(here, label, shared)
            for label in [k for k in graph.edges.get(first, {}) if k.startswith("be:")]:
                for shared in list(graph.out(first, label)):
                    graph.add(here, label, shared)


def _supply_subjects(graph: Graph, tokens: Iterable[Token]) -> None:
    """Give verbs without a subject the one that control or sharing supplies."""
    for token in tokens:
        here = token.i
        if token.pos_ not in ("VERB", "AUX") or graph.out(here, "subj"):
            continue
        if any(child.dep_ in ("auxpass", "nsubjpass", "nsubj") for child in token.children) and token.dep_ != "xcomp":
            continue
        verb = token.head
        if token.dep_ == "xcomp":
            givers = graph.out(verb.i, "obj") or graph.out(verb.i, "iobj") or graph.out(verb.i, "subj")
            if any(child.dep_ == "auxpass" for child in token.children):
                for subject in givers:
                    graph.add(here, "obj", subject)
                continue
        elif token.dep_ in ("advcl", "pcomp"):
            while verb.pos_ == "ADP" and verb.head != verb:
                verb = verb.head
            givers = graph.out(verb.i, "subj") or graph.out(verb.i, "obj")
            if verb.pos_ in ("NOUN", "PROPN"):
                givers = graph.out(verb.i, "of") or [verb.i]
            if token.tag_ == "VBN" and not any(child.dep_ == "aux" for child in token.children):
                for subject in givers:
                    graph.add(here, "obj", subject)
                continue
        elif token.dep_ == "acl" and token.tag_ not in ("VBN", "VBG"):
            noun = verb
            givers = graph.out(noun.i, "of")
            if not givers and noun.head.pos_ in ("VERB", "AUX"):
                givers = graph.out(noun.head.i, "subj")
        else:
            continue
        for subject in givers:
            graph.add(here, "subj", subject)
        # What an adjective or noun is said of, its infinitive is done by: "able to", "a match for".
        if token.dep_ == "xcomp" and not givers:
            for subject in graph.out(verb.i, "be"):
                graph.add(here, "subj", subject)
    _partitives(graph, tokens)
    _ellipses(graph, tokens)
    for token in tokens:
        if token.dep_ in ("attr", "acomp") and not graph.out(token.i, "be") and token.head.lemma_ in _BE:
            for subject in graph.out(token.head.i, "subj"):
                graph.add(token.i, "be", subject)
        if token.dep_ == "pobj" and token.head.dep_ == "prep" and token.head.head.lemma_ in _BE:
            verb = token.head.head
            if not any(child.dep_ in ("attr", "acomp") for child in verb.children):
                for subject in graph.out(verb.i, "subj"):
                    graph.add(token.i, "be:" + _preposition(token.head), subject)


_PARTS = frozenset(["one", "some", "many", "most", "several", "few", "each", "all", "part", "member", "two", "three"])


def _partitives(graph: Graph, tokens: Iterable[Token]) -> None:
    """Let "one of X's allies" be an ally, and a verb taken for a noun have its subject."""
    for token in tokens:
        if graph.key[token.i] in _PARTS:
            for whole in list(graph.out(token.i, "prep:of")):
                for label, dependents in list(graph.edges.get(token.i, {}).items()):
                    if label == "be" or label.startswith("be:"):
                        for dependent in dependents:
                            graph.add(whole, label, dependent)
        bare = not any(child.dep_ in ("det", "amod") for child in token.children)
        if token.tag_ == "NNS" and token.dep_ == "conj" and bare and any(c.dep_ == "prep" for c in token.children):
            verb = token.head.head
            for subject in graph.out(verb.i, "subj"):
                graph.add(token.i, "subj", subject)


def _ellipses(graph: Graph, tokens: Iterable[Token]) -> None:
    """Give the subject of "so is X", "X does too" what the clause before said of its own."""
    for token in tokens:
        adverbs = {child.lower_ for child in token.children if child.dep_ in ("advmod", "neg")}
        if token.pos_ not in ("VERB", "AUX") or not adverbs & {"so", "too", "likewise"} or "not" in adverbs:
            continue
        if any(child.dep_ in ("dobj", "attr", "acomp", "xcomp", "prep") for child in token.children):
            continue
        if token.dep_ in ("conj", "parataxis", "advcl"):
            sources = [token.head]
        else:
            sources = [c for c in token.children if c.dep_ in ("ccomp", "conj", "parataxis") and c.i < token.i]
        sources += [c for source in sources for c in source.children if c.dep_ == "conj" and c.i != token.i]
        for subject in graph.out(token.i, "subj"):
            for source in sources:
                if source.lemma_ != "be":
                    graph.add(source.i, "subj", subject)
                for predicate, (how, verb) in graph.governor.items():
                    if how == "copula" and verb == source.i:
                        graph.add(predicate, "be", subject)


def _attach_loosely(graph: Graph) -> None:
    """Let a preposition count on the verb and on the verb's nominal alike, since parsers confuse the two.

    "has an alliance with X" may hang *with* on either word.  What one *has* is also one's own.
    """
    for head in list(graph.edges):
        labels = graph.edges[head]
        near = [
            dependent
            for label, dependents in list(labels.items())
            if label in ("obj", "comp") or (label == "subj" and graph.key.get(head) == "be")
            for dependent in dependents
        ]
        for label, dependents in list(labels.items()):
            if not label.startswith("prep:") or label == "prep:of":
                continue
            for nominal in near:
                for dependent in dependents:
                    if dependent != nominal:
                        graph.add(nominal, label, dependent)
            # "acts in concert with X": a preposition of the verb may belong to its neighbour's object.
            for other, targets in list(labels.items()):
                if other.startswith("prep:") and other != label:
                    for target in targets:
                        for dependent in dependents:
                            if target < dependent:
                                graph.add(target, label, dependent)
        for nominal in near:
            for label, dependents in list(graph.edges.get(nominal, {}).items()):
                if label.startswith("prep:") and label != "prep:of":
                    for dependent in dependents:
                        graph.add(head, label, dependent)
        if graph.key.get(head) in ("have", "possess", "enjoy", "maintain"):
            for owner in graph.out(head, "subj"):
                for owned in graph.out(head, "obj"):
                    graph.add(owned, "of", owner)
    # A predicate and its copula share what qualifies them: "is hostile (…) to X", "is a power near X".
    for predicate, (how, verb) in list(graph.governor.items()):
        if how == "copula":
            for label, dependents in list(graph.edges.get(verb, {}).items()):
                if label == "adv" or (label.startswith("prep:") and label != "prep:of"):
                    for dependent in dependents:
                        if dependent != predicate:
                            graph.add(predicate, label, dependent)
            for label, dependents in list(graph.edges.get(predicate, {}).items()):
                if label == "adv" or (label.startswith("prep:") and label != "prep:of"):
                    for dependent in dependents:
                        graph.add(verb, label, dependent)
