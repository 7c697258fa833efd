"""Which state a word stands for: names, demonyms, those who act for a state, pronouns and role nouns.

Resolution is incremental, sentence by sentence, so that "its neighbour" can be looked up among the
facts already read.  A pronoun is left alone where two states fit equally well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from advisor.reading.clause import Graph
from advisor.reading.mentions import Mention
from advisor.reading.pronouns import (
    HE,
    IT,
    SUBJECTS,
    THEY,
    Discourse,
    Referent,
    antecedent,
    conjoined,
    latter,
    pair,
    referent,
)
from advisor.reading.words import Words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SPEAKING = frozenset({"we", "us", "our", "ours", "ourselves"})
_PAIR = frozenset({"both", "two", "neither", "either", "each"})
_DEFINITE = frozenset({"the", "this", "that"})
POINTING = IT | THEY | HE | _SPEAKING | _PAIR | frozenset({"other", "another", "latter", "former"})
"""Words that may stand for a state named elsewhere."""

Related = Callable[[str, str | None], tuple[str, ...]]
"""``related(word, owner)``: the states that are to ``owner``, or to anybody, what a word says, as read so far."""


@dataclass(slots=True)
class Entities:
    """The states that each token stands for, and how they were recognised (a sign of ``rules/trust.csv``).

    ``persons`` are the tokens that are persons acting for their state: a king, a minister, "he".
    """

    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    ways: dict[int, str] = field(default_factory=dict)
    persons: set[int] = field(default_factory=set)

    def give(self, token: int, names: tuple[str, ...], way: str) -> None:
        """Let a token stand for states, and note how that was recognised."""
        self.names[token] = names
        self.ways.setdefault(token, way)

    def of(self, token: int) -> tuple[str, ...]:
        """Give the states a token stands for, none if it stands for none."""
        return self.names.get(token, ())


def resolve_sentence(
    doc: Doc,
    graph: Graph,
    mentions: Mapping[int, Mention],
    entities: Entities,
    discourse: Discourse,
    words: Words,
    role_nouns: frozenset[str],
    related: Related,
) -> None:
    """Resolve the words of one sentence, in reading order."""
    tokens = list(doc[graph.start : graph.end])
    for token in tokens:
        mention = mentions.get(token.i)
        if mention is not None:
            entities.give(token.i, mention.names, mention.use if mention.known else "unknown")
            if mention.use == "ruler":
                entities.persons.add(token.i)
            _place_demonym(graph, token, mention, role_nouns)
    _describe(graph, tokens, entities, role_nouns)
    _own(graph, tokens, entities, role_nouns)
    _identify(graph, tokens, entities, words, role_nouns)
    _find_speaker(graph, tokens, entities, discourse, words)
    _represent(graph, tokens, entities, words)
    for token in tokens:
        if token.i in entities.names:
            continue
        found, way = _pronoun(token, graph, entities, discourse)
        if not found:
            found, way = _described(token, graph, entities, discourse, words, related), "description"
        if found:
            entities.give(token.i, found, way)
            if token.lower_ in HE:
                entities.persons.add(token.i)
        _represent(graph, [token], entities, words)
    _identify(graph, tokens, entities, words, role_nouns)
    _represent(graph, tokens, entities, words)


def resolve_descriptions(
    doc: Doc, graph: Graph, entities: Entities, discourse: Discourse, words: Words, related: Related
) -> bool:
    """Resolve what is described by facts of this very sentence ("attacked Y … the aggressor"); say if anything was."""
    found = False
    for token in doc[graph.start : graph.end]:
        if token.i in entities.names or token.pos_ not in ("NOUN", "PROPN"):
            continue
        names = _described(token, graph, entities, discourse, words, related)
        names = names or _unnamed(token, graph, entities, discourse, words)
        if names:
            entities.give(token.i, names, "description")
            found = True
    return found


def _unnamed(token: Token, graph: Graph, entities: Entities, discourse: Discourse, words: Words) -> tuple[str, ...]:
    """Let a state that nobody names stand under its description: "an empire", and then "the empire".

    Where states are named, a description that was not brought in so is of one of them, or of nobody.
    """
    noun = graph.key[token.i]
    if noun not in words.stand_alone or graph.out(token.i, "be") or token.tag_ != "NN":
        return ()
    brought_in = noun in discourse.order or any(child.lower_ in ("a", "an") for child in token.children)
    named = any(not name.islower() for own in (discourse.order, *entities.names.values()) for name in own)
    return (noun,) if brought_in or not named else ()


def _place_demonym(graph: Graph, token: Token, mention: Mention, role_nouns: frozenset[str]) -> None:
    """A demonym before a noun owns it ("the German army"), or is it ("its German neighbour")."""
    first = token.head if token.dep_ == "conj" else token  # "American and *Mexican* troops"
    if first.dep_ not in ("amod", "compound", "nmod") or first.head.i == first.i:
        return
    noun = first.head
    for label in ("be", "mod"):
        for owner, other in ((token.i, noun.i), (noun.i, token.i)):
            dependents = graph.edges.get(owner, {}).get(label, [])
            if other in dependents and (label != "be" or mention.use in ("demonym", "compound")):
                dependents.remove(other)
    possessed = [owner for owner in graph.out(noun.i, "of") if owner != token.i]
    if graph.key[noun.i] in role_nouns and possessed and mention.use == "demonym":
        graph.add(noun.i, "be", token.i)
        if token.i in graph.out(noun.i, "of"):
            graph.edges[noun.i]["of"].remove(token.i)
    else:
        graph.add(noun.i, "of", token.i)


def _describe(graph: Graph, tokens: Iterable[Token], entities: Entities, role_nouns: frozenset[str]) -> None:
    """Give a role noun before a name its owner and its bearer: "its *neighbour* Arvenia"."""
    for token in tokens:
        if token.i not in entities.names:
            continue
        before = token.nbor(-1) if token.i > graph.start else token
        if before.dep_ == token.dep_ and before.head == token.head and graph.key[before.i] in role_nouns:
            graph.add(before.i, "be", token.i)  # "its ally the United States": taken for two subjects
        owners = [child.i for child in token.children if child.dep_ == "poss"]
        for child in token.children:
            if child.dep_ in ("amod", "compound", "nmod") and graph.key[child.i] in role_nouns and owners:
                graph.add(child.i, "be", token.i)
                graph.add(child.i, "of", owners[0])


def _own(graph: Graph, tokens: Iterable[Token], entities: Entities, role_nouns: frozenset[str]) -> None:
    """Give those whom a plural describes to the clause's subject: "is squeezed between two *neighbours*, B and P"."""
    for token in tokens:
        if token.tag_ != "NNS" or token.dep_ not in ("pobj", "dobj") or graph.key[token.i] not in role_nouns:
            continue
        borne = {name for other in graph.out(token.i, "be") for name in entities.of(other)}
        if len(borne) < 2 or graph.out(token.i, "of") or graph.out(token.i, "prep:with"):
            continue
        verb = token.head
        while verb.pos_ not in ("VERB", "AUX") and verb.head.i != verb.i:
            verb = verb.head
        for subject in graph.out(verb.i, "subj") or graph.out(verb.i, "obj"):
            subjects = [subject, *graph.out(subject, "be")]
            owner = next((s for s in subjects if (names := set(entities.of(s))) and not names & borne), None)
            if owner is not None:
                graph.add(token.i, "of", owner)


def _identify(
    graph: Graph, tokens: Iterable[Token], entities: Entities, words: Words, role_nouns: frozenset[str]
) -> None:
    """Let a noun that says what a state is stand for it: "Germany, a great *power*"."""
    for token in tokens:
        if token.i in entities.names or token.pos_ not in ("NOUN", "PROPN", "ADJ") or token.dep_ in ("amod", "acomp"):
            continue
        noun = graph.key[token.i]
        if noun not in words.state_nouns and noun not in role_nouns:
            continue
        named = [state for other in graph.out(token.i, "be") if (state := entities.names.get(other))]
        if named:
            plural = token.tag_ in ("NNS", "NNPS")
            meant = tuple(dict.fromkeys(n for group in named for n in group)) if plural else named[0]
            entities.give(token.i, meant, "apposition")


def _represent(graph: Graph, tokens: Iterable[Token], entities: Entities, words: Words) -> None:
    """Let those who act for a state stand for it: its army, its government, its king."""
    for token in tokens:
        if token.i in entities.names:
            continue
        key = graph.key[token.i]
        if key in words.realms or token.lower_ in ("that", "those"):
            # "the kingdom of Arvenia" is Arvenia, and "those of Arvenia" are Arvenia's.
            named = [entities.names[state] for state in graph.out(token.i, "prep:of") if state in entities.names]
            if len(named) == 1:
                entities.give(token.i, named[0], "apposition" if key in words.realms else "representative")
        if key not in words.representatives:
            continue
        owners = [entities.names[owner] for owner in graph.out(token.i, "of") if owner in entities.names]
        if owners:
            owning = [token.doc[owner] for owner in graph.out(token.i, "of") if owner in entities.names]
            joined = token.tag_ == "NNS" and any(owner.dep_ == "conj" and owner.head in owning for owner in owning)
            # "American and Mexican troops" are both states', as "the kings of France and Spain" are.
            meant = tuple(dict.fromkeys(n for names in owners for n in names)) if joined else owners[0]
            entities.give(token.i, meant, "representative")
            if graph.key[token.i] in words.titles:
                entities.persons.add(token.i)


def _find_speaker(
    graph: Graph, tokens: Iterable[Token], entities: Entities, discourse: Discourse, words: Words
) -> None:
    """Note for whom "we" speaks: "we Athenians", "men of Athens, …", "our country, Arvenia", or just "our country"."""
    for token in tokens:
        named = entities.names.get(token.i, ())
        before = token.nbor(-1) if token.i > graph.start else None
        after = token.nbor(1) if token.i + 1 < graph.end else None
        if len(named) == 1 and before is not None:
            beside = token.nbor(-2) if before.text in (",", "the") and token.i - 2 >= graph.start else before
            addressed = before.lower_ == "of" and after is not None and after.text == "," and token.i - 2 >= graph.start
            if beside.lower_ in ("we", "us") or (addressed and graph.key[token.i - 2] in words.addressed):
                discourse.speaker = named
        if len(named) == 1 and _is_we(token, graph):
            discourse.speaker = named
        if token.lower_ == "our" and graph.key[token.head.i] in words.topics:
            own = entities.names.get(token.head.i, ())
            if len(own) == 1:
                discourse.speaker = own
            elif not discourse.speaker and token.head.tag_ == "NN":
                discourse.speaker = (f"our {token.head.lower_}",)
            if not own and discourse.speaker and token.head.tag_ == "NN":
                entities.give(token.head.i, discourse.speaker, "speaker")


def _is_we(token: Token, graph: Graph) -> bool:
    """Whether a name is what "we" are: "we are Tavara", "we are a small nation called Tavara"."""
    noun = token.head.head if token.head.lemma_ in ("call", "name") else token
    equated = [*graph.out(noun.i, "be"), *graph.out(noun.head.i, "subj")] if noun.dep_ == "attr" else []
    return any(graph.key[other] == "we" for other in equated)


def _pronoun(token: Token, graph: Graph, entities: Entities, discourse: Discourse) -> tuple[tuple[str, ...], str]:
    """Say whom a pronoun means, and how surely; nobody where it is no pronoun."""
    lower = token.lower_
    if lower in IT | THEY | HE:
        if lower == "it" and _is_dummy(token):
            return (), ""
        found, doubtful = antecedent(token, graph, entities.names, entities.persons.__contains__, discourse)
        return found, "doubtful pronoun" if doubtful else "pronoun"
    if lower in _SPEAKING:
        return discourse.speaker, "speaker"
    if lower in ("other", "another") and any(child.lower_ in ("each", "one") for child in token.children):
        subjects = [n for s in graph.out(token.head.i, "subj") for n in entities.names.get(s, ())]
        return (tuple(dict.fromkeys(subjects)) if len(set(subjects)) > 1 else ()), "pronoun"
    if lower in ("latter", "former") and token.pos_ in ("NOUN", "ADJ", "PRON") and token.dep_ not in ("amod", "advmod"):
        return latter(token, graph, entities.names, discourse, last=lower == "latter"), "pronoun"
    others = any(
        child.lower_ in ("other", "others") for child in token.children
    )  # "the other two" are not the last two
    if lower in _PAIR and not others and token.dep_ in (*SUBJECTS, "dobj", "pobj", "appos", "poss"):
        return pair(token, graph, entities.names, discourse), "pronoun"
    return (), ""


def _is_dummy(token: Token) -> bool:
    """Whether an "it" is empty: "it is true that", "it is said", "it was not long before", "made it possible"."""
    verb = token.head
    if token.dep_ == "expl":
        return True
    clauses = ("ccomp", "xcomp", "csubj")
    if any(child.dep_ in clauses and child.i > token.i for child in verb.children) and (
        verb.lemma_ == "be" or token.dep_ == "nsubjpass" or verb.lemma_ in ("seem", "appear", "happen")
    ):
        return True
    predicates = [child for child in verb.children if child.dep_ in ("acomp", "attr", "prep", "advmod", "oprd")]
    if verb.lemma_ == "be" and token.dep_ in SUBJECTS:
        embedded = any(inner.dep_ in clauses or inner.dep_ == "acl" for each in predicates for inner in each.subtree)
        return embedded or any(child.dep_ == "advcl" and child.i > token.i for child in verb.children)
    return False


def _described(
    token: Token, graph: Graph, entities: Entities, discourse: Discourse, words: Words, related: Related
) -> tuple[str, ...]:
    """Resolve a description: "the empire", "the two powers", "its ally", "their enemy"."""
    if token.pos_ not in ("NOUN", "PROPN"):
        return ()
    noun = graph.key[token.i]
    determiners = {child.lower_ for child in token.children if child.dep_ in ("det", "nummod", "predet", "poss")}
    attributes = {graph.key[m] for m in graph.out(token.i, "mod")}
    plural = token.tag_ in ("NNS", "NNPS")
    if plural and determiners & {"both", "two"} and noun in words.state_nouns | words.representatives:
        return pair(token, graph, entities.names, discourse)
    if "latter" in attributes and noun in words.state_nouns:
        return latter(token, graph, entities.names, discourse, last=True)
    if "other" in attributes and noun in words.state_nouns:
        return ()
    for owner in graph.out(token.i, "of"):
        for state in entities.names.get(owner, ()):
            found = related(noun, state)
            if len(found) == 1:
                return found
    definite = bool(determiners & _DEFINITE) and not plural
    if definite and noun in words.state_nouns:
        for attribute in sorted(attributes):  # "the weaker power"
            found = related(attribute, None)
            if len(found) == 1:
                return found
    if not definite or graph.out(token.i, "of"):
        return ()
    found = related(noun, discourse.subject[0] if len(discourse.subject) == 1 else None) or related(noun, None)
    if len(found) == 1:
        return found  # "the aggressor", "the enemy"
    if noun in words.state_nouns | words.stand_alone | words.representatives:
        fitting = [name for name in discourse.order if noun in discourse.described.get(name, ())]
        spoken = [*reversed(discourse.referents), None]
        for name in fitting[:1] if len(fitting) == 1 else [r.names[0] for r in spoken if r and len(r.names) == 1]:
            if name in fitting:
                return (name,)
    if noun in words.topics and not attributes:
        return antecedent(token, graph, entities.names, entities.persons.__contains__, discourse, like="it")[0]
    return ()


def remember(
    doc: Doc,
    graph: Graph,
    entities: Entities,
    discourse: Discourse,
    words: Words,
) -> None:
    """Update the discourse with what this sentence spoke of."""
    tokens = [token for token in doc[graph.start : graph.end] if token.i in entities.names]
    discourse.here = tuple(dict.fromkeys(n for token in tokens for n in entities.names[token.i])) or discourse.here
    subjects: list[tuple[str, ...]] = []
    for token in tokens:
        names = entities.names[token.i]
        for name in names:
            if name not in discourse.order:
                discourse.order.append(name)
            described = discourse.described.setdefault(name, set())
            described.add(graph.key[token.i])
            described.update(word for word in name.lower().split() if word in words.state_nouns)
            for other in graph.out(token.i, "be"):
                described.add(graph.key[other])
        found = referent(token, graph, entities.names, entities.persons.__contains__, discourse.sentence)
        group = conjoined(token, entities.names)
        if len(group) > len(names) and token.dep_ != "conj":
            discourse.referents.append(Referent(group, "group", False, found.weight, found.sentence))
        discourse.referents.append(found)
        if found.weight > 1 and token.head.dep_ in ("ROOT", "prep", *SUBJECTS):
            subjects.append(group)
            discourse.plural = len(group) > 1 or found.number != "one"
    if subjects:
        discourse.subject = subjects[0]
    elif tokens:
        discourse.subject = discourse.referents[-1].names
    discourse.sentence += 1
    del discourse.referents[:-40]
