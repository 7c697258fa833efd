"""The reader itself: from a text to a Reading, sentence by sentence."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from advisor.reading import (
    chronology,
    ellipsis,
    patterns,
    preparing,
    pronouns,
    settling,
    speech,
    stance,
    trust,
)
from advisor.reading import entities as ent
from advisor.reading.clause import Graph, word_key
from advisor.reading.graph import build
from advisor.reading.kit import Kit, assemble
from advisor.terms import (
    SYSTEM,
    Evidence,
    Fact,
    Observation,
    Reading,
    Span,
    Stance,
    State,
    Vocabulary,
)
from advisor.vocabulary import canonical, reversed_fact, variables

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MAX_CHARACTERS = 5_000_000


class TextTooLong(Exception):
    """The text has more characters than the reader takes at once."""


def read(text: str, vocabulary: Vocabulary, *, rules: Path) -> Reading:
    """Read a situation described in English.

    ``rules`` is the folder with names and word lists.  Returns the states, what is said of them with
    stance and evidence, and the clauses that name a state and yielded nothing.  Offsets are code points.

    Raises ModelMissing if the English model is not installed, TextTooLong above MAX_CHARACTERS.
    """
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(f"the text has {len(text):,} characters; the reader takes {MAX_CHARACTERS:,} at once")
    kit = assemble(vocabulary, rules)
    state = _Progress(kit, text)
    for masked in preparing.parsed(kit.nlp, text, kit.gazetteer, kit.lists, kit.common, state.seen):
        state.read_chunk(masked)
    return state.reading()


def read_together(texts: Sequence[str], vocabulary: Vocabulary, *, rules: Path) -> Iterator[Reading]:
    """Read several short texts, parsed in one go, which is faster; each reading is that of the text by itself.

    Raises what ``read`` raises, for the first of the texts that cannot be read.
    """
    if any(len(text) > MAX_CHARACTERS for text in texts):
        raise TextTooLong(f"one of the texts is longer than {MAX_CHARACTERS:,} characters")
    kit = assemble(vocabulary, rules)
    states = [_Progress(kit, text) for text in texts]
    given = [(state.text, state.seen) for state in states]
    together = preparing.parsed_together(kit.nlp, given, kit.gazetteer, kit.lists, kit.common)
    for state, stretches in zip(states, together, strict=True):
        for masked in stretches:
            state.read_chunk(masked)
        yield state.reading()


# ---------------------------------------------------------------- reading a stretch


@dataclass(frozen=True, slots=True)
class _Said:
    """A fact as one clause says it."""

    fact: Fact
    certainty: str
    holder: str | None
    span: Span
    phrase: str
    moment: chronology.Moment
    confidence: float


@dataclass(frozen=True, slots=True)
class _Told:
    """What a clause said, for one that echoes it: where it stands, its subject, and whether it was negated."""

    said: _Said
    place: int
    subject: tuple[str, ...]
    denied: bool


class _Progress:
    """What has been read so far; grows sentence by sentence, so that later ones can refer back."""

    def __init__(self, kit: Kit, text: str) -> None:
        self.kit, self.text = kit, text
        self.seen: dict[str, int] = {}
        self.discourse = pronouns.Discourse()
        self.mentioned: dict[str, list[Span]] = {}
        self.observations: dict[settling.Key, Observation] = {}
        self.quoted: set[tuple[settling.Key, Span]] = set()
        self.unread: list[Span] = []
        self.sentences: list[Span] = []
        self.pending: list[_Said] = []
        self.said: dict[tuple[str, str, bool], dict[tuple[str, ...], None]] = {}
        self.moments: dict[settling.Key, list[chronology.Moment]] = {}
        self.year: int | None = None
        self.told: list[_Told] = []
        self.told_of: set[str] = set()
        self.speech: frozenset[int] = frozenset()
        self.speaker: tuple[str, ...] = ()
        self.index = variables(kit.vocabulary)

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.text[start:end])

    def read_chunk(self, masked: preparing.Masked) -> None:
        """Read one stretch of text."""
        entities = ent.Entities()
        self.speech, self.speaker = speech.spoken(masked.doc), ()
        for sentence in masked.doc.sents:
            tokens = list(sentence)
            self.sentences.append(self.span(masked.spans[sentence.start][0], masked.spans[sentence.end - 1][1]))
            if not self._is_worth(tokens, masked):
                self.discourse.sentence += 1
                continue
            graph = build(tokens, sentence.start, sentence.end)
            self.discourse.told, self.told_of = self.told_of, set()
            ent.resolve_sentence(
                masked.doc,
                graph,
                masked.mentions,
                entities,
                self.discourse,
                self.kit.lists,
                self.kit.role_nouns,
                self.related,
            )
            self.speaker = speech.speaker(graph, entities, self.kit.cues, self.speech) or self.speaker
            used = self._read_sentence(masked, graph, entities)
            if ent.resolve_descriptions(masked.doc, graph, entities, self.discourse, self.kit.lists, self.related):
                used |= self._read_sentence(masked, graph, entities)
            ent.remember(masked.doc, graph, entities, self.discourse, self.kit.lists)
            for token in range(graph.start, graph.end):
                for name in entities.of(token):
                    self.mentioned.setdefault(name, []).append(self.span(*masked.spans[token]))
            self._note_unread(masked, graph, entities, used)

    def _is_worth(self, tokens: list[Token], masked: preparing.Masked) -> bool:
        """Whether a sentence may name a state, or say something of the system."""
        if any(token.i in masked.mentions or token.lower_ in ent.POINTING for token in tokens):
            return True
        keys = [word_key(token) for token in tokens]
        return not self.kit.pointing.isdisjoint(keys) or patterns.may_match(keys, self.kit.stateless)

    def _read_sentence(self, masked: preparing.Masked, graph: Graph, entities: ent.Entities) -> set[int]:
        """Match the patterns in one sentence; give the tokens that yielded something."""
        used: set[int] = set()
        told: list[_Told] = []
        words = [token.text for token in masked.doc[graph.start : graph.end]]
        year = chronology.year_of(words, {place - graph.start: known for place, known in masked.years.items()})
        dated = year is not None
        self.year = year if dated else self.year
        states = {token: len(names) for token, names in entities.names.items() if names and token >= graph.start}
        parties = patterns.Parties(states, frozenset(self._named(graph, states, entities)), self._blocs(masked, states))
        found = patterns.matches(graph, self.kit.index if states else self.kit.stateless, parties)
        # "cannot resist" is about ability: the plain "resists" is not said as well.
        modal = {m.root for m in found if m.pattern.modal}
        found = [m for m in found if m.pattern.modal or m.root not in modal]
        found = [m for m in found if m.pattern.value]
        ordered = sorted(found, key=lambda m: (m.root, m.pattern.variable, m.pattern.value, m.slots))
        stood = [(match, self._standing(graph, match, entities)) for match in ordered]
        affirmed = {
            (match.root, match.pattern.variable, match.slots)
            for match, standing in stood
            if match.pattern.holds != standing.turned
        }
        for match, standing in stood:
            facts = self._facts(graph, match, entities, standing)
            implied = (match.root, match.pattern.variable, match.slots) in affirmed
            if not facts or (implied and not facts[0].holds):
                continue
            used.update(match.tokens)
            start = masked.spans[_quote_start(masked.doc, match.tokens)][0]
            end = max(masked.spans[token][1] for token in match.tokens)
            believers = entities.of(standing.holder) if standing.holder is not None else ()
            holder = believers[0] if believers else None
            certainty = standing.certainty
            if match.root in self.speech and self.speaker and certainty == "asserted":
                certainty, holder = "reported", self.speaker[0]
            when = chronology.moment(masked.doc, graph, match.root, self.year, dated, self.kit.lists.turning, start)
            trusted = trust.confidence(
                self.kit.trust,
                (entities.ways.get(token, "name") for token in match.slots),
                noun=match.pattern.noun,
                length=graph.end - graph.start,
            )
            for fact in facts:
                how, who = _settled(certainty, fact, holder, self.index[fact.variable].believer)
                said = _Said(fact, how, who, self.span(start, end), match.pattern.phrase, when, trusted)
                self._take(said)
                told.append(_Told(said, min(match.tokens), entities.of(_subject(graph, match)), _denies(graph, match)))
        used |= self._read_echoes(masked, graph, entities, told)
        self.told = told or self.told
        return used

    def _named(self, graph: Graph, states: Iterable[int], entities: ent.Entities) -> Iterator[int]:
        """Give the tokens that are names of states, or nouns for a state."""
        for token in states:
            noun = graph.key[token] in self.kit.lists.state_nouns | self.kit.lists.topics
            if noun or entities.ways.get(token, "name") not in ("apposition", "description", "representative"):
                yield token

    def _blocs(self, masked: preparing.Masked, states: Iterable[int]) -> frozenset[int]:
        blocs = self.kit.gazetteer.blocs
        return frozenset(token for token in states if (m := masked.mentions.get(token)) and set(m.names) <= blocs)

    def _take(self, said: _Said) -> None:
        if len(said.fact.args) < self.index[said.fact.variable].arity:
            self.pending.append(said)
        else:
            self._observe(said)

    def _read_echoes(
        self, masked: preparing.Masked, graph: Graph, entities: ent.Entities, told: list[_Told]
    ) -> set[int]:
        """Read the clauses that repeat another of another state: "Cadria does not"."""
        used: set[int] = set()
        for echo in ellipsis.echoes(masked.doc, graph):
            before = [each for each in told if each.place < echo.verb] or (self.told if not told else [])
            last = [each for each in before if each.said.span == before[-1].said.span]
            for each in last:
                for name in entities.of(echo.subject):
                    if len(each.subject) != 1 or name in each.said.fact.args:
                        continue
                    args = tuple(name if arg == each.subject[0] else arg for arg in each.said.fact.args)
                    holds = each.said.fact.holds != (echo.negated != each.denied)
                    first, last_word = sorted((echo.subject, echo.verb))
                    used |= {first, last_word}
                    span = self.span(masked.spans[first][0], masked.spans[last_word][1])
                    fact = Fact(each.said.fact.variable, args, each.said.fact.value, holds)
                    self._take(replace(each.said, fact=fact, span=span))
        return used

    def _standing(self, graph: Graph, match: patterns.Match, entities: ent.Entities) -> stance.Standing:
        names_state = bool(entities.of(match.root))
        return stance.standing(
            graph, match.root, match.tokens, match.pattern.modal, self.kit.cues, names_state=names_state
        )

    def _topic(self, graph: Graph, root: int, entities: ent.Entities, but: tuple[str, ...]) -> tuple[str, ...]:
        """Give the one state that a clause is about: its subject, or else what was spoken of before."""
        here, seen = root, set()
        while here not in seen:
            seen.add(here)
            for label in ("subj", "be"):
                for subject in graph.out(here, label):
                    names = entities.of(subject)
                    if len(names) == 1 and not set(names) & set(but):
                        return names
            here = graph.governor.get(here, ("", here))[1]
        before = self.discourse.subject
        return before if len(before) == 1 and not set(before) & set(but) else ()

    def _facts(
        self, graph: Graph, match: patterns.Match, entities: ent.Entities, standing: stance.Standing
    ) -> list[Fact]:
        """Give the facts of a match: one for each choice among the states that its slots stand for."""
        variable = self.index[match.pattern.variable]
        holds = match.pattern.holds != standing.turned
        if variable.arity == 0:
            return [Fact(variable.id, (SYSTEM,), match.pattern.value, holds)]
        if len(match.slots) < variable.arity:
            own = entities.of(match.slots[0])
            if (variable.parties or variable.opponents) and not match.first:
                return [Fact(variable.id, (name,), match.pattern.value, holds) for name in own]
            other = self._topic(graph, match.root, entities, own)
            pairs = [(*other, name) if match.first else (name, *other) for name in own if other]
            return [Fact(variable.id, pair, match.pattern.value, holds) for pair in pairs]
        choices = [entities.of(token) for token in match.slots]
        return [
            Fact(variable.id, args, match.pattern.value, holds)
            for args in itertools.product(*choices)
            if len(set(args)) == len(args)
        ]

    def _observe(self, said: _Said) -> None:
        """Add an observation, or further evidence for one that is there."""
        plain: Stance = "asserted" if said.fact.holds else "denied"
        how = plain if said.certainty == "asserted" else cast("Stance", said.certainty)
        evidence = Evidence("text", said.span, said.phrase)
        key = (canonical(self.kit.vocabulary, said.fact), how, said.holder)
        known = self.observations.get(key)
        year = said.moment.year
        again = (key, said.span) in self.quoted
        self.quoted.add((key, said.span))
        if known is None:
            self.observations[key] = Observation(
                said.fact, how, (evidence,), said.holder, confidence=said.confidence, year=year
            )
            for fact in (said.fact, reversed_fact(self.index[said.fact.variable], said.fact)):
                if fact is not None:
                    self.said.setdefault((fact.variable, fact.value, fact.holds), {})[fact.args] = None
        elif not again:
            surer = max(known.confidence, said.confidence)
            self.observations[key] = replace(known, evidence=(*known.evidence, evidence), confidence=surer, year=year)
        self.moments.setdefault(key, []).append(said.moment)
        self.told_of.update(said.fact.args)
        if len(set(said.fact.args)) == 2:
            self.discourse.pair, self.discourse.paired = said.fact.args, self.discourse.sentence

    def _settle(self) -> None:
        """Settle what only the whole text can: whom a wording of one state is about, and what is history."""
        starts = [span.start for span in self.sentences]
        told = settling.told(self.observations.values(), starts)
        for said in self.pending:
            fact, variable = said.fact, self.index[said.fact.variable]
            here = bisect.bisect(starts, said.span.start)
            others = settling.parties(self.kit.vocabulary, variable, told, here, fact)
            for other in others:
                self._observe(replace(said, fact=Fact(fact.variable, (*fact.args, other), fact.value, fact.holds)))
            if not others:
                self.unread.append(said.span)
        for key in settling.ended(self.kit.vocabulary, self.moments):
            self.observations[key] = replace(self.observations[key], past=True)

    def related(self, word: str, owner: str | None) -> tuple[str, ...]:
        """Look up who is to a state, or to anybody, what a word says, among the facts read so far."""
        found: dict[str, None] = {}
        for pattern in self.kit.roles.get(word, ()):
            slots = {label: child.slot for label, child in pattern.root.edges if child.slot >= 0}
            of = next((slot for label, slot in slots.items() if label != "be"), None)
            for args in self.said.get((pattern.variable, pattern.value, pattern.holds), ()):
                if owner is None or (of is not None and args[of] == owner):
                    found[args[slots["be"]]] = None
        return tuple(found)

    def _note_unread(self, masked: preparing.Masked, graph: Graph, entities: ent.Entities, used: set[int]) -> None:
        """List the clauses that name a state and yielded nothing, not even a stance of what did."""
        if not any(token in entities.names for token in range(graph.start, graph.end)):
            return
        clauses = _clauses(masked.doc, graph)
        fruitful = {head for head, clause in clauses.items() if used & set(clause)}
        for head, clause in clauses.items():
            governs = (graph.key[head], "clause") in self.kit.cues
            heard = governs and any(
                child.i in fruitful and child.dep_ == "ccomp" for child in masked.doc[head].children
            )
            if head in fruitful or heard or not any(token in entities.names for token in clause):
                continue
            solid = [token for token in clause if not masked.doc[token].is_punct and not masked.doc[token].is_space]
            if len(solid) < 2:
                continue
            self.unread.append(self.span(masked.spans[min(solid)][0], masked.spans[max(solid)][1]))

    def reading(self) -> Reading:
        """Give what was read."""
        self._settle()
        states = tuple(State(name, tuple(sorted(set(spans)))) for name, spans in self.mentioned.items())
        ordered = sorted(
            self.observations.values(), key=lambda o: (o.evidence[0].span or Span(0, 0, ""), o.fact, o.stance)
        )
        return Reading(
            self.text, states, tuple(ordered), tuple(sorted(set(self.unread))), self.kit.reader, tuple(self.sentences)
        )


def _settled(certainty: str, fact: Fact, holder: str | None, believer: int) -> tuple[str, str | None]:
    """Settle what somebody holds: what it announces of itself, or believes where its belief is what is asked, is so.

    What a state announces of others is its report.
    """
    if certainty not in ("own", "reported"):
        return certainty, holder
    own = holder is not None and fact.args[0] == holder and certainty == "own"
    believed = believer >= 0 and holder is not None and fact.args[believer] == holder
    return ("asserted", None) if own or believed else ("reported", holder)


def _subject(graph: Graph, match: patterns.Match) -> int:
    """Give the slot's token that is the subject of the matched clause, or -1."""
    heads = [*match.tokens, *(verb for t in match.tokens if (verb := graph.governor.get(t, ("", -1))[1]) >= 0)]
    subjects = {subject for head in heads for subject in graph.out(head, "subj")}
    return next((slot for slot in match.slots if slot in subjects), -1)


def _denies(graph: Graph, match: patterns.Match) -> bool:
    """Whether the matched clause is negated on its face."""
    how, verb = graph.governor.get(match.root, ("", -1))
    tokens = {*match.tokens, verb} if how == "copula" else set(match.tokens)
    return bool(tokens & graph.negated)


_LEADING = frozenset({"det", "neg", "poss", "predet", "preconj", "nummod", "aux", "expl"})


def _quote_start(doc: Doc, tokens: tuple[int, ...]) -> int:
    """Give the token at which a quotation begins: "No one knows", not "one knows"."""
    first = min(tokens)
    inside = set(tokens)
    while first and doc[first - 1].dep_ in _LEADING and doc[first - 1].head.i in inside | {first}:
        first -= 1
    return first


def _clauses(doc: Doc, graph: Graph) -> dict[int, list[int]]:
    """Split a sentence into its clauses: by each verb that is not a mere auxiliary, what hangs on it alone."""
    heads = [
        token.i
        for token in doc[graph.start : graph.end]
        if token.dep_ in ("ROOT", "advcl", "relcl", "ccomp", "parataxis")
        or (token.dep_ == "conj" and token.pos_ in ("VERB", "AUX") and token.head.pos_ in ("VERB", "AUX"))
    ]
    owner: dict[int, list[int]] = {head: [] for head in heads}
    for token in doc[graph.start : graph.end]:
        here = token
        while here.i not in owner and here.head != here:
            here = here.head
        if here.i in owner:
            owner[here.i].append(token.i)
    return {head: members for head, members in owner.items() if members}
