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
from typing import TYPE_CHECKING

from advisor.reading.clause import COPULAS, Graph, preposition_of, word_key
from advisor.reading.completion import (
    appended,
    attach_loosely,
    companions,
    copulas,
    is_listed,
    judgements,
    late_copulas,
    mistaken_nouns,
    partitives,
    share_coordination,
    supply_subjects,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_STATE_PREPOSITIONS = frozenset(
    ["at", "in", "on", "without", "under", "near", "beyond", "past", "against", "behind", "with"]
)
_NEGATORS = frozenset(
    {"no", "neither", "nor", "not", "n't", "never", "hardly", "scarcely", "without", "nobody", "nothing", "none"}
)


def sentence_graphs(doc: Doc) -> list[Graph]:
    """Build the graph of each sentence of a parsed text."""
    return [build(list(sentence), sentence.start, sentence.end) for sentence in doc.sents]


def build(tokens: list[Token], start: int, end: int) -> Graph:
    """Build the graph of one sentence from its tokens."""
    graph = Graph(start, end, asks=any(token.text == "?" for token in tokens[-3:]))
    for token in tokens:
        graph.key[token.i] = word_key(token)
        graph.tag[token.i] = token.tag_
    stands_for = _relative_pronouns(tokens)
    for token in tokens:
        _basic_edges(graph, token, stands_for)
        if is_listed(token):
            for member in (token, *token.rights):
                if member is token or member.dep_ == "conj":
                    graph.add(token.head.i, "be", member.i)
                    graph.add(member.i, "be", token.head.i)
    for token in tokens:
        _marks(graph, token)
    graph.negated ^= {token.i for token in tokens if token.lemma_ == "lack" and token.pos_ == "VERB"}
    copulas(graph, tokens, stands_for)
    share_coordination(graph, tokens)
    supply_subjects(graph, tokens)
    partitives(graph, tokens)
    companions(graph, tokens)
    appended(graph, tokens)
    mistaken_nouns(graph, tokens)
    late_copulas(graph, tokens)
    judgements(graph, tokens)
    share_coordination(graph, tokens)
    attach_loosely(graph)
    return graph


def _relative_pronouns(tokens: Iterable[Token]) -> dict[int, int]:
    """Map each relative pronoun to the noun it stands for."""
    stands_for: dict[int, int] = {}
    for token in tokens:
        focus = _focus(token)
        if focus is not None:
            pronoun = next((c for c in token.children if c.tag_ in ("WDT", "WP") or c.lower_ == "that"), None)
            if pronoun is not None and pronoun.dep_ in ("nsubj", "nsubjpass", "dobj"):
                stands_for[pronoun.i] = focus.i
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


def _focus(verb: Token) -> Token | None:
    """Give what a cleft sentence sets apart: "It was *Thebes* that attacked Sparta"."""
    be = verb.head
    if verb.dep_ not in ("ccomp", "relcl") or (be.lemma_ != "be" and be.head.lemma_ != "be"):
        return None
    be = be if be.lemma_ == "be" else be.head
    empty = any(child.lower_ == "it" and child.dep_ == "nsubj" for child in be.children)
    return next((child for child in be.children if child.dep_ == "attr" and child.i < verb.i), None) if empty else None


def _basic_edges(graph: Graph, token: Token, stands_for: dict[int, int]) -> None:
    """Add the edges from a token's head to it, with voices and possessives made alike."""
    head, dep = token.head.i, token.dep_
    here = stands_for.get(token.i, token.i)
    if dep == "nsubj" and token.head.dep_ == "auxpass":
        head, dep = token.head.head.i, "nsubjpass"  # the parser hangs the subject on the auxiliary
    if dep == "nsubj" and token.head.tag_ == "VBN" and any(child.dep_ == "auxpass" for child in token.head.children):
        graph.add(head, "obj", here)  # "feels threatened": the parser sees the passive and not its subject
    elif dep in ("nsubj", "csubj"):
        graph.add(head, "subj", here)
        graph.active.add(head)
    elif dep in ("nsubjpass", "csubjpass"):
        has_object = any(child.dep_ == "dobj" for child in token.doc[head].children)
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
        verb = token.head.head
        if _runs_into_subject(token) and not any(child.dep_[:5] in ("nsubj", "csubj") for child in verb.children):
            passive = any(child.dep_ == "auxpass" for child in verb.children)
            graph.add(verb.i, "obj" if passive else "subj", here)
            graph.active.add(verb.i)
    elif dep == "amod":
        graph.add(head, "mod", here)
        graph.add(here, "be", head)
        for title in token.head.children:
            if title.dep_ == "compound" and title.pos_ == "NOUN" and here < title.i < head:
                graph.add(title.i, "mod", here)  # "the *great* power Borland"
    elif dep == "compound":
        graph.add(head, "mod", here)
        graph.add(head, "of", here)
        if token.pos_ != "PROPN":
            graph.add(here, "be", head)
    elif dep == "appos":
        bare = not any(child.dep_ in ("det", "poss", "nummod") or child.lower_ == "of" for child in token.children)
        if token.tag_ == "NNS" and token.head.pos_ == "PROPN" and bare:
            graph.add(here, "subj", head)  # "X, a great power, borders Y": the tagger takes such verbs for nouns
        elif token.pos_ != "NOUN" or token.head.pos_ != "PROPN" or not _runs_on(token):
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
                            graph.add(here, "prep:" + preposition_of(follower), far.i)
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
    if dep == "poss" or (dep == "det" and token.lower_ in ("the", "this", "that", "these", "those")):
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


def _runs_into_subject(token: Token) -> bool:
    """Whether a name has been taken into what goes before: "During the Cold War *Yugoslavia* was neutral"."""
    verb = token.head.head
    before = any(child.dep_ == "compound" and child.tag_ == "NNP" for child in token.children)
    return (
        before
        and token.tag_ == "NNP"
        and verb.pos_ in ("VERB", "AUX")
        and token.i + 1 == min((child.i for child in (verb, *verb.children) if child.i > token.i), default=-1)
    )


def _runs_on(token: Token) -> bool:
    """Whether a noun with an article follows a name without a comma: "ceded to Japan *the island* of Formosa"."""
    article = next((child for child in token.children if child.dep_ == "det"), None)
    return article is not None and article.i == token.head.i + 1


def _gap(graph: Graph, verb: Token) -> None:
    """Fill the gap of a relative clause without a pronoun: "the state France attacked"."""
    if any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.children):
        stranded = [c for c in verb.children if c.dep_ == "prep" and not any(g.dep_ == "pobj" for g in c.children)]
        if stranded:
            graph.add(verb.i, "prep:" + preposition_of(stranded[0]), verb.head.i)
        elif not any(child.dep_ == "dobj" for child in verb.children):
            graph.add(verb.i, "obj", verb.head.i)


def _prepositional(graph: Graph, token: Token, here: int) -> None:
    """Add the edge of a preposition's object to whatever the preposition belongs to."""
    preposition = token.head
    governor = preposition.head
    name = preposition_of(preposition)
    # "because of", "out of": the chain of prepositions counts as its last member, on the first one's head.
    while governor.dep_ in ("prep", "pcomp") and governor.pos_ == "ADP" and governor.head != governor:
        name = f"{preposition_of(governor)} {name}" if name != "of" else preposition_of(governor)
        governor = governor.head
    if preposition.dep_ == "agent":
        graph.add(governor.i, "subj", here)
        return
    if name == "of":
        graph.add(governor.i, "of", here)
    verb = governor.head
    passive = governor.dep_ == "dobj" and any(child.dep_ == "auxpass" for child in verb.children)
    if passive and name == "by" and not any(child.dep_ == "neg" for child in preposition.children):
        graph.add(verb.i, "subj", here)  # "has been given a promise by X": the parser hangs *by* on the promise
    graph.add(governor.i, "prep:" + name, here)
    if preposition.dep_ == "dative":
        graph.add(governor.i, "iobj", here)
    if governor.pos_ in ("NOUN", "PROPN", "PRON") and name in _STATE_PREPOSITIONS:
        graph.add(here, "be:" + name, governor.i)
        if name == "with":
            graph.add(here, "of", governor.i)


def _marks(graph: Graph, token: Token) -> None:
    """Note negation, modals, subordinators, and what governs each clause or predicate."""
    negator = token.dep_ == "neg" or (token.lower_ in _NEGATORS and token.dep_ in ("det", "advmod", "preconj", "cc"))
    following = token.nbor(1) if token.i + 1 < len(token.doc) else token
    if negator and following.lower_ == "but":
        negator = False  # "cannot but oppose"
    if (
        token.lower_ in ("nor", "neither")
        and token.dep_ == "cc"
        and (following.tag_ == "MD" or following.dep_ == "aux")
    ):
        negator = True  # "Nor did Borland attack"
        graph.negated.add(following.head.i)
    alone = not any(child.lower_ == "of" for child in token.children)  # "neither of them" denies the verb
    if token.lower_ == "neither" and alone and token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj"):
        graph.negated.add(token.i)
    _far_from(graph, token)
    focus = _focus(token)
    if focus is not None:
        graph.clefts.add(token.i)
        if any(child.dep_ == "neg" for child in focus.head.children):
            graph.negated.add(token.i)  # "It was not Thebes that attacked Sparta"
    if negator and token.lower_ in ("not", "n't", "n’t") and following.lower_ in ("only", "merely", "just", "simply"):
        negator = False  # "not only weak but isolated"
    if negator and token.lower_ == "not" and token.head.pos_ == "PROPN":
        graph.excluded.add(following.i if following.pos_ == "PROPN" else token.head.i)
        negator = False  # "France, not Spain, is the strongest"
    if token.lower_ == "neither" and token.dep_ in ("preconj", "det", "cc"):
        together = {token.head.i, *(member.i for member in token.head.conjuncts)}
        graph.negated |= together
        graph.neither |= together
    if negator and not (token.lower_ == "nor" and token.dep_ == "cc"):
        denied = token.head
        while denied.dep_ in ("aux", "auxpass") and denied.head != denied:
            denied = denied.head
        graph.negated.add(denied.i)
    if token.lower_ in ("nobody", "nothing", "none") or (
        token.lower_ == "one" and token.i and token.nbor(-1).lower_ == "no"
    ):
        graph.negated.add(token.i)
    unavoidable = token.i + 2 < len(token.doc) and token.nbor(1).dep_ == "neg" and token.nbor(2).lower_ == "but"
    if token.dep_ == "aux" and (token.tag_ == "MD" or token.lower_ == "ca") and not unavoidable:
        graph.modal[token.head.i] = token.lemma_.lower() if token.lower_ not in ("'d", "'ll") else "would"
    if token.dep_ == "mark" or (
        token.dep_ in ("prep", "cc") and token.lower_ == "than" and token.head.tag_[:2] == "VB"
    ):
        rather = token.i and token.nbor(-1).lower_ == "rather"
        second = (child for child in token.head.children if child.dep_ == "conj" and child.i > token.i)
        # "maintains its neutrality rather than *joins*": what is joined is set aside, not what it is joined to.
        marked = next(second, token.head) if token.dep_ == "cc" else token.head
        graph.mark[marked.i] = "rather than" if rather else token.lower_
    if token.lower_ == "any" and token.dep_ == "det":
        graph.mark.setdefault(token.head.i, "any")  # "any attack on X" tells of none
    if (
        token.dep_ in ("advcl", "ccomp", "xcomp", "acl", "relcl", "conj", "pcomp", "csubj", "parataxis")
        or token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "dative", "appos", "amod", "compound", "poss", "attr")
        or token.dep_ in ("prep", "agent")
    ):
        graph.governor.setdefault(token.i, (token.dep_, token.head.i))


def _far_from(graph: Graph, token: Token) -> None:
    """Let "is far from weak" and "is anything but weak" deny the predicate."""
    verb = token.head
    if token.lower_ not in ("far", "anything") or verb.lemma_ not in COPULAS or token.i + 1 == len(token.doc):
        return
    preposition = token.nbor(1)
    if preposition.lower_ != {"far": "from", "anything": "but"}[token.lower_]:
        return
    for predicate in (*preposition.children, *(child for child in token.children if child.i > preposition.i)):
        graph.governor[predicate.i] = ("copula", verb.i)
        graph.negated.add(predicate.i)
        for subject in graph.out(verb.i, "subj"):
            graph.add(predicate.i, "be", subject)
