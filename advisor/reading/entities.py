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
from advisor.reading.words import Words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SINGULAR = frozenset({"it", "its", "itself", "she", "her", "hers", "herself"})
_SPEAKING = frozenset({"we", "us", "our", "ours", "ourselves"})
_PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
_PERSONAL = frozenset({"he", "him", "his", "himself"})
_PAIR = frozenset({"both", "two", "neither", "either", "each"})
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")

Related = Callable[[str, str | None], tuple[str, ...]]
"""``related(word, owner)``: the states that are to ``owner``, or to anybody, what a word says, as read so far."""


@dataclass(slots=True)
class Discourse:
    """What has been spoken of so far: states in order of mention, with how salient each was."""

    order: list[str] = field(default_factory=list)
    recent: list[tuple[str, ...]] = field(default_factory=list)
    subject: tuple[str, ...] = ()
    plural: bool = False
    sentence: tuple[str, ...] = ()
    described: dict[str, set[str]] = field(default_factory=dict)
    speaker: tuple[str, ...] = ()
    ruled: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Entities:
    """The states that each token stands for, and how they were recognised (a sign of ``rules/trust.csv``)."""

    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    ways: dict[int, str] = field(default_factory=dict)

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
            _place_demonym(graph, token, mention, role_nouns)
    _describe(graph, tokens, entities, role_nouns)
    _identify(graph, tokens, entities, words, role_nouns)
    _find_speaker(graph, tokens, entities, discourse, words)
    for token in tokens:
        if token.i in entities.names:
            continue
        found = _pronoun(token, graph, entities, discourse)
        if found:
            entities.give(token.i, found, "pronoun")
            continue
        found = _described(token, graph, entities, discourse, words, related)
        if found:
            entities.give(token.i, found, "description")
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
        names = _described(token, graph, entities, discourse, words, related) or _unnamed(token, graph, words)
        if names:
            entities.give(token.i, names, "description")
            found = True
    return found


def _unnamed(token: Token, graph: Graph, words: Words) -> tuple[str, ...]:
    """Let a state that nobody names stand under its description: "the empire"."""
    noun = graph.key[token.i]
    return (noun,) if noun in words.stand_alone and not graph.out(token.i, "be") and token.tag_ == "NN" else ()


def _place_demonym(graph: Graph, token: Token, mention: Mention, role_nouns: frozenset[str]) -> None:
    """A demonym before a noun owns it ("the German army"), or is it ("its German neighbour")."""
    if token.dep_ not in ("amod", "compound", "nmod") or token.head.i == token.i:
        return
    noun = token.head
    for label in ("be", "mod"):
        for owner, other in ((token.i, noun.i), (noun.i, token.i)):
            dependents = graph.edges.get(owner, {}).get(label, [])
            if other in dependents and (label != "be" or mention.use == "demonym"):
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
        if token.i in entities.names or graph.key[token.i] not in words.representatives:
            continue
        owners = [entities.names[owner] for owner in graph.out(token.i, "of") if owner in entities.names]
        if owners:
            entities.give(token.i, owners[0], "representative")


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
        if token.lower_ == "our" and graph.key[token.head.i] in words.realms | words.lettered:
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


def _pronoun(token: Token, graph: Graph, entities: Entities, discourse: Discourse) -> tuple[str, ...]:
    """Resolve a pronoun to what was spoken of last and can be meant."""
    lower = token.lower_
    if lower in _SINGULAR:
        if lower == "it" and (token.dep_ == "expl" or (token.head.lemma_ == "be" and _is_dummy(token))):
            return ()
        return _antecedent(token, graph, entities, discourse, single=True)
    if lower in _PLURAL:
        return _antecedent(token, graph, entities, discourse, single=False)
    if lower in ("other", "another") and any(child.lower_ in ("each", "one") for child in token.children):
        subjects = [n for s in graph.out(token.head.i, "subj") for n in entities.names.get(s, ())]
        return tuple(dict.fromkeys(subjects)) if len(set(subjects)) > 1 else ()
    if lower in _SPEAKING:
        return discourse.speaker
    if lower in _PERSONAL:
        return (discourse.ruled[-1],) if discourse.ruled else ()
    if lower in ("latter", "former") and token.pos_ in ("NOUN", "ADJ", "PRON") and token.dep_ not in ("amod", "advmod"):
        return _latter(discourse, entities, graph, token, last=lower == "latter")
    if lower in _PAIR and token.dep_ in (*_SUBJECTS, "dobj", "pobj", "appos", "poss"):
        pair = _pair(discourse, entities, graph, token)
        return pair
    return ()


def _is_dummy(token: Token) -> bool:
    """Whether an "it" is empty: "it is true that", "it is peacetime"."""
    verb = token.head
    return any(child.dep_ in ("ccomp", "xcomp", "csubj") for child in verb.children) or any(
        grandchild.dep_ in ("ccomp", "xcomp")
        for child in verb.children
        if child.dep_ in ("acomp", "attr")
        for grandchild in child.children
    )


_CLOSE = 0.5
"""A pronoun is doubtful where another state would do almost as well."""


def _antecedent(
    token: Token, graph: Graph, entities: Entities, discourse: Discourse, *, single: bool
) -> tuple[str, ...]:
    """Choose among what this sentence named before the pronoun and what earlier ones spoke of.

    A subject comes before others, a nearer before a farther one; a pronoun is never another argument
    of its own verb unless it is possessive.
    """
    barred: set[int] = set()
    if token.tag_ != "PRP$":
        verb = token.head
        while verb.pos_ == "ADP" and verb.head != verb:
            verb = verb.head
        barred = {child.i for child in verb.children}
        barred |= {argument for arguments in graph.edges.get(verb.i, {}).values() for argument in arguments}
    elif token.head.dep_ in ("attr", "appos"):
        # In "Y is its enemy" and "Y, its enemy", *its* is not Y's.
        barred = set(graph.out(token.head.i, "be"))
    barred_names = {entities.names[b] for b in barred if b in entities.names}
    candidates: list[tuple[float, tuple[str, ...]]] = []
    for earlier in range(graph.start, token.i):
        names = entities.names.get(earlier)
        if not names or earlier in barred or any(set(names) & set(others) for others in barred_names):
            continue
        word = token.doc[earlier]
        score = 1.0 + (earlier - graph.start) / 1000
        if word.dep_ in _SUBJECTS:
            score += 1.0
            if word.head == token.head or word.head in token.ancestors:
                score += 0.5
        if word.dep_ in ("poss", "amod", "compound"):
            score -= 0.6
        group = _with_conjuncts(word, entities)
        candidates.append((score, group if not single and len(group) > 1 else names))
    fitting = [(score, names) for score, names in candidates if len(names) == 1 or not single]
    if not single:
        fitting = [(score + (0.4 if len(names) > 1 else 0.0), names) for score, names in fitting]
    if fitting:
        best = max(fitting, key=lambda item: item[0])
        if any(best[0] - score < _CLOSE and not set(names) & set(best[1]) for score, names in fitting):
            entities.ways[token.i] = "doubtful pronoun"
        return best[1]
    if not single and not discourse.plural and len(discourse.sentence) == 2:
        return discourse.sentence  # "Borland borders Arvenia. They are rivals."
    if discourse.subject and (len(discourse.subject) == 1 or not single):
        return discourse.subject
    for names in reversed(discourse.recent):
        if len(names) == 1 or not single:
            return names
    return ()


def _with_conjuncts(token: Token, entities: Entities) -> tuple[str, ...]:
    names: list[str] = []
    for member in (token, *token.conjuncts):
        names.extend(name for name in entities.names.get(member.i, ()) if name not in names)
    return tuple(names)


def _pair(discourse: Discourse, entities: Entities, graph: Graph, token: Token) -> tuple[str, ...]:
    """Give the two states that "both" and "the two" mean: the last two spoken of."""
    earlier = [entities.names[i] for i in range(graph.start, token.i) if i in entities.names]
    for group in reversed(earlier):
        if len(group) == 2:
            return group
    here = [name for group in earlier for name in group]
    last: list[str] = []
    for name in [*reversed(here), *[n for names in reversed(discourse.recent) for n in reversed(names)]]:
        if name not in last:
            last.append(name)
        if len(last) == 2:
            return tuple(reversed(last))
    return ()


def _latter(discourse: Discourse, entities: Entities, graph: Graph, token: Token, *, last: bool) -> tuple[str, ...]:
    """Give the last, or the first, of the two states spoken of last: in this sentence, as a pair, or one by one."""
    here = [entities.names[i][0] for i in range(graph.start, token.i) if len(entities.names.get(i, ())) == 1]
    pair = list(dict.fromkeys(here))[-2:]
    if len(pair) < 2:
        pair = next((list(names) for names in reversed(discourse.recent) if len(names) == 2), [])
    if len(pair) < 2:
        single = [names[0] for names in discourse.recent if len(names) == 1]
        pair = list(dict.fromkeys(reversed(single)))[:2][::-1]
    return (pair[-1 if last else 0],) if len(pair) == 2 else ()


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
        return _pair(discourse, entities, graph, token)
    if "latter" in attributes and noun in words.state_nouns:
        return _latter(discourse, entities, graph, token, last=True)
    if "other" in attributes and noun in words.state_nouns:
        return ()
    for owner in graph.out(token.i, "of"):
        for state in entities.names.get(owner, ()):
            found = related(noun, state)
            if len(found) == 1:
                return found
    definite = bool(determiners & {"the", "this", "that"}) and not plural
    if definite and noun in words.state_nouns:
        for attribute in sorted(attributes):  # "the weaker power"
            found = related(attribute, None)
            if len(found) == 1:
                return found
    if definite and not graph.out(token.i, "of"):
        found = related(noun, discourse.subject[0] if len(discourse.subject) == 1 else None) or related(noun, None)
        if len(found) == 1:
            return found  # "the aggressor", "the enemy"
    if determiners & {"the", "this", "that"} and noun in words.state_nouns | words.stand_alone:
        fitting = [name for name in discourse.order if noun in discourse.described.get(name, ())]
        if len(fitting) == 1:
            return (fitting[0],)
        if len(fitting) > 1:
            for names in reversed(discourse.recent):
                if len(names) == 1 and names[0] in fitting:
                    return names
    return ()


def remember(
    doc: Doc,
    graph: Graph,
    mentions: Mapping[int, Mention],
    entities: Entities,
    discourse: Discourse,
    words: Words,
) -> None:
    """Update the discourse with what this sentence spoke of."""
    tokens = list(doc[graph.start : graph.end])
    subjects: list[tuple[str, ...]] = []
    discourse.sentence = tuple(dict.fromkeys(n for token in tokens for n in entities.names.get(token.i, ()))) or (
        discourse.sentence
    )
    for token in tokens:
        names = entities.names.get(token.i)
        if not names:
            continue
        for name in names:
            if name not in discourse.order:
                discourse.order.append(name)
            described = discourse.described.setdefault(name, set())
            described.add(graph.key[token.i])
            described.update(word for word in name.lower().split() if word in words.state_nouns)
            for other in graph.out(token.i, "be"):
                described.add(graph.key[other])
        discourse.recent.append(_with_conjuncts(token, entities) if token.dep_ != "conj" else names)
        mention = mentions.get(token.i)
        if (mention and mention.use == "ruler") or graph.key[token.i] in words.representatives:
            discourse.ruled.append(names[0])
        if token.dep_ in _SUBJECTS and token.head.dep_ == "ROOT":
            subjects.append(_with_conjuncts(token, entities))
            discourse.plural = len(subjects[-1]) > 1 or token.tag_ in ("NNS", "NNPS") or token.lower_ in _PLURAL
    if subjects:
        discourse.subject = subjects[-1]
    elif discourse.recent and any(token.i in entities.names for token in tokens):
        discourse.subject = discourse.recent[-1]
    del discourse.recent[:-12]
