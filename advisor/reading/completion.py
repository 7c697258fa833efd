"""What a parse leaves unsaid: copulas turned round, subjects shared and supplied, parts, loose ends.

Each step adds edges to a clause graph; ``graph`` applies them in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from advisor.reading.clause import COPULAS, Graph, is_copula, preposition_of

if TYPE_CHECKING:
    from spacy.tokens import Token


def copulas(graph: Graph, tokens: Iterable[Token], stands_for: dict[int, int]) -> None:
    """Turn "X is P" around: P gets an edge ``be`` to X, and takes over the verb's marks."""
    for token in tokens:
        joined = token.dep_ == "conj" and token.pos_ in ("ADJ", "NOUN") and is_copula(token.head)
        if token.dep_ in ("attr", "acomp", "oprd") or joined:
            verb = token.head
            graph.governor[token.i] = ("copula", verb.i)
            if is_copula(verb) or token.dep_ == "oprd":
                subjects = graph.out(verb.i, "subj") if is_copula(verb) else graph.out(verb.i, "obj")
                for subject in subjects:
                    graph.add(token.i, "be", subject)
                    if token.dep_ == "attr":
                        graph.add(subject, "be", token.i)
        elif token.dep_ == "pobj" and token.head.dep_ == "conj" and token.head.pos_ == "ADP":
            # "is the enemy of X and *at peace* with Y": what is joined to a predicate is said of the same subject.
            verb = token.head.head if token.head.head.lemma_ in COPULAS else token.head.head.head
            if verb.lemma_ in COPULAS:
                graph.governor[token.i] = ("copula", verb.i)
                for subject in graph.out(verb.i, "subj"):
                    graph.add(token.i, "be:" + preposition_of(token.head), subject)
        elif token.dep_ == "pobj" and token.head.dep_ == "prep" and token.head.head.lemma_ in COPULAS:
            verb = token.head.head
            if any(child.dep_ in ("attr", "acomp") for child in verb.children):
                continue
            graph.governor[token.i] = ("copula", verb.i)
            for subject in graph.out(verb.i, "subj"):
                graph.add(token.i, "be:" + preposition_of(token.head), subject)


def judgements(graph: Graph, tokens: Iterable[Token]) -> None:
    """Join what somebody takes a thing for to the thing: "regards X *as weak*", "considers X *weak*"."""
    for token in tokens:
        if token.lower_ == "as" and token.dep_ == "prep" and token.head.pos_ == "VERB":
            for predicate in token.children:
                if predicate.dep_ in ("pobj", "amod", "acomp", "pcomp"):
                    graph.governor[predicate.i] = ("as", token.head.i)
                    for thing in graph.out(token.head.i, "obj"):
                        graph.add(predicate.i, "be", thing)
        small = token.dep_ == "ccomp" and token.pos_ in ("ADJ", "NOUN") and token.head.pos_ == "VERB"
        if small and not any(child.dep_ in ("cop", "aux", "mark") for child in token.children):
            for thing in graph.out(token.i, "subj"):
                graph.add(token.i, "be", thing)
                graph.governor[token.i] = ("as", token.head.i)


def share_coordination(graph: Graph, tokens: Iterable[Token]) -> None:
    """Give every conjunct the edges of the first: "A and B fear C", "A fears and hates C"."""
    for token in tokens:
        if (token.dep_ != "conj" and not (token.dep_ == "dep" and token.pos_ == "VERB")) or is_listed(token):
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
                        if token.pos_ == "ADJ":
                            graph.add(here, "be", shared)  # "was rearming and *hostile*"
                    if participle and not given and not passive:
                        for shared in graph.out(first, "be"):
                            graph.add(here, "obj", shared)  # "is weak and *isolated*"
            if (
                here - first <= 2
                and graph.out(here, "obj")
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


def is_listed(token: Token) -> bool:
    """Whether a name begins the list of those that a noun before it means: "two neighbours, *Borduria* and Poldevia".

    The parser takes the noun for the first of the row.
    """
    noun = token.head
    return (
        token.dep_ == "conj"
        and token.pos_ == "PROPN"
        and noun.tag_ == "NNS"
        and not any(child.dep_ == "cc" for child in noun.children)
        and any(child.text == "," and noun.i < child.i < token.i for child in noun.children)
        and any(child.dep_ == "cc" for child in token.children)
    )


def supply_subjects(graph: Graph, tokens: Iterable[Token]) -> None:
    """Give verbs without a subject the one that control or sharing supplies."""
    for token in tokens:
        here = token.i
        if token.dep_ == "advcl" and token.pos_ in ("ADJ", "NOUN") and not graph.out(here, "subj"):
            for subject in graph.out(token.head.i, "subj"):
                graph.add(here, "be", subject)  # "was a great power, content with the order"
            continue
        if token.dep_ == "advcl" and token.tag_ == "VBN" and not any(c.dep_ in ("aux", "dobj") for c in token.children):
            for subject in graph.out(token.head.i, "subj"):
                graph.add(here, "obj", subject)  # "Attacked by Sparta, Thebes …": the agent is no bar
        if token.pos_ not in ("VERB", "AUX") or graph.out(here, "subj"):
            continue
        if token.dep_ == "ROOT":
            # "X has given in, has an alliance …": the parser takes the first of a row for what the last one says.
            first = next((c for c in token.children if c.dep_ == "ccomp" and c.i < here), None)
            for subject in graph.out(first.i, "subj") if first is not None else ():
                graph.add(here, "subj", subject)
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
            # "prevented *Borland* from attacking", "accused *Borland* of attacking": done by the object.
            by_object = token.dep_ == "pcomp" and token.head.lower_ in ("from", "of", "for")
            givers = (
                (graph.out(verb.i, "obj") if by_object else []) or graph.out(verb.i, "subj") or graph.out(verb.i, "obj")
            )
            if verb.pos_ in ("NOUN", "PROPN"):
                givers = graph.out(verb.i, "of") or [verb.i]
            if token.tag_ == "VBN" and not any(child.dep_ == "aux" for child in token.children):
                for subject in givers:
                    graph.add(here, "obj", subject)
                continue
        elif token.dep_ == "relcl" and any(child.tag_ == "TO" for child in token.children):
            givers = [verb.i]  # "the only state *to side* with X"
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


def late_copulas(graph: Graph, tokens: Iterable[Token]) -> None:
    """Turn round the copulas whose subject was only supplied: "is said to be its closest partner"."""
    for token in tokens:
        if token.dep_ in ("attr", "acomp") and not graph.out(token.i, "be") and token.head.lemma_ in COPULAS:
            for subject in graph.out(token.head.i, "subj"):
                graph.add(token.i, "be", subject)
        if token.dep_ == "pobj" and token.head.dep_ == "prep" and token.head.head.lemma_ in COPULAS:
            verb = token.head.head
            if not any(child.dep_ in ("attr", "acomp") for child in verb.children):
                for subject in graph.out(verb.i, "subj"):
                    graph.add(token.i, "be:" + preposition_of(token.head), subject)


def appended(graph: Graph, tokens: Iterable[Token]) -> None:
    """Say an adjective appended to a predicate of its subject: "is a power on the border of X, openly *hostile*"."""
    for token in tokens:
        noun = token.head
        if token.dep_ != "amod" or token.i < noun.i or not any(c.text == "," and c.i < token.i for c in noun.children):
            continue
        while noun.dep_ in ("pobj", "prep") and noun.head.i != noun.i:
            noun = noun.head
        if noun.dep_ == "attr":
            for subject in list(graph.out(noun.i, "be")):
                graph.add(token.i, "be", subject)


_TOGETHER = frozenset({"together", "along", "jointly"})


def companions(graph: Graph, tokens: Iterable[Token]) -> None:
    """Let those who do a thing "together with" its subject do it too."""
    for token in tokens:
        if token.lower_ != "with" or token.dep_ != "prep" or not token.i or token.nbor(-1).lower_ not in _TOGETHER:
            continue
        for companion in token.children:
            if companion.dep_ != "pobj":
                continue
            for head, labels in list(graph.edges.items()):
                if token.head.i in labels.get("subj", ()):
                    graph.add(head, "subj", companion.i)
            if token.head.pos_ == "VERB":
                graph.add(token.head.i, "subj", companion.i)
            elif token.head.pos_ == "ADV" and token.head.head.pos_ == "VERB":
                graph.add(token.head.head.i, "subj", companion.i)


_PARTS = frozenset(
    ["one", "some", "many", "most", "several", "few", "each", "all", "both", "part", "member", "two", "three"]
)
_NO_PARTS = frozenset({"none", "neither"})


def partitives(graph: Graph, tokens: Iterable[Token]) -> None:
    """Let "one of X's allies" be an ally, and what "none of X's allies" does be done by no ally."""
    for token in tokens:
        key = graph.key[token.i]
        if key not in _PARTS | _NO_PARTS:
            continue
        wholes = list(graph.out(token.i, "prep:of"))
        for whole in wholes:
            for label, dependents in list(graph.edges.get(token.i, {}).items()):
                if label == "be" or label.startswith("be:"):
                    for dependent in dependents:
                        graph.add(whole, label, dependent)
        if not wholes or token.dep_ not in ("nsubj", "nsubjpass", "dobj"):
            continue
        label = "subj" if token.dep_ == "nsubj" else "obj"
        for whole in wholes:
            graph.add(token.head.i, label, whole)
        if key in _NO_PARTS:
            graph.negated.add(token.head.i)


def mistaken_nouns(graph: Graph, tokens: Iterable[Token]) -> None:
    """Give a verb that the tagger takes for a noun its subject: "outweighs the rest and *borders* on X"."""
    for token in tokens:
        bare = not any(child.dep_ in ("det", "amod") for child in token.children)
        if token.tag_ == "NNS" and token.dep_ == "conj" and bare and any(c.dep_ == "prep" for c in token.children):
            verb = token.head.head
            for subject in graph.out(verb.i, "subj"):
                graph.add(token.i, "subj", subject)
        if (
            token.pos_ == "VERB"
            and any(child.dep_ == "aux" for child in token.children)
            and not graph.out(token.i, "subj")
        ):
            for child in token.children:
                if child.dep_ == "compound" and child.pos_ == "PROPN" and child.i < token.i:
                    graph.add(token.i, "subj", child.i)  # "Nor did *Borland* attack"
        if token.tag_ == "NNS" and token.dep_ == "advcl" and any(c.dep_ == "mark" for c in token.children):
            for child in token.children:
                if child.dep_ == "compound" and child.pos_ == "PROPN":
                    graph.add(token.i, "subj", child.i)  # "unless Russia *attacks*"


def attach_loosely(graph: Graph) -> None:
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
