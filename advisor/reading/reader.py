"""The reader itself: from a text to a Reading, sentence by sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from advisor.reading import entities as ent
from advisor.reading import learning, model, names, patterns, stance, store, words
from advisor.reading import mentions as men
from advisor.reading.clause import Graph
from advisor.reading.graph import sentence_graphs
from advisor.situation import closed
from advisor.terms import (
    SYSTEM,
    Evidence,
    Fact,
    Observation,
    Reader,
    Reading,
    Span,
    Stance,
    State,
    Vocabulary,
)
from advisor.vocabulary import canonical, reversed_fact, variables

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MAX_CHARACTERS = 1_000_000
_CHUNK = 6_000
_POOL = ("Germany", "France", "Russia", "Britain", "Spain", "Italy", "Japan", "Poland", "Sweden", "China")


class TextTooLong(Exception):
    """The text has more characters than the reader takes at once."""


@dataclass(frozen=True, slots=True)
class _Tools:
    """Everything that reading needs and that does not change from text to text."""

    nlp: Language
    reader: Reader
    vocabulary: Vocabulary
    gazetteer: names.Gazetteer
    lists: words.Words
    cues: stance.Cues
    index: patterns.Index
    roles: Mapping[str, tuple[patterns.Pattern, ...]]
    role_nouns: frozenset[str]
    refused: tuple[str, ...]
    common: frozenset[str]


@lru_cache(maxsize=4)
def tools(vocabulary: Vocabulary, rules: Path) -> _Tools:
    """Load the model, the names and the words, and learn the vocabulary's phrases."""
    nlp, reader = model.load()
    common = model.ordinary_words(nlp)
    known, _ = names.load_names(rules)
    lists, _ = words.load_words(rules)
    cues, _ = stance.load_cues(rules)
    learnt = _learnt(nlp, learning.lessons(vocabulary), lists.same, reader)
    first: dict[tuple[str, str, patterns.Node, bool, str], patterns.Pattern] = {}
    for each in learnt:
        for pattern in each.patterns:
            first.setdefault((pattern.variable, pattern.value, pattern.root, pattern.holds, pattern.modal), pattern)
    found = list(first.values())
    refused = tuple(text for each in learnt for text in each.refused)
    roles: dict[str, list[patterns.Pattern]] = {}
    for pattern in found:
        slots = [label for label, child in pattern.root.edges if child.slot >= 0]
        if "be" in slots and len(slots) == len(pattern.root.edges) == len(set(slots)) <= 2:
            for word in pattern.root.words:
                roles.setdefault(word, []).append(pattern)
    return _Tools(
        nlp,
        reader,
        vocabulary,
        names.gazetteer(known),
        lists,
        cues,
        patterns.index(found),
        {word: tuple(entries) for word, entries in roles.items()},
        frozenset(
            word
            for word, entries in roles.items()
            if any({"be", "of"} == {e for e, _ in p.root.edges} for p in entries)
        ),
        refused,
        common,
    )


def _learnt(
    nlp: Language, lessons: list[learning.Lesson], same: Mapping[str, frozenset[str]], reader: Reader
) -> list[learning.Learnt]:
    """Look up what was learnt of each phrase before, and learn what is new."""
    key = store.base(same, reader)
    kept = store.load(key, lessons)
    if kept is not None:
        return kept
    known = store.remembered(key)
    new = [lesson for lesson in lessons if lesson.key not in known]
    known.update({lesson.key: each for lesson, each in zip(new, learning.learn(nlp, new, same), strict=True)})
    learnt = [known[lesson.key] for lesson in lessons]
    store.save(key, lessons, learnt)
    return learnt


@dataclass(slots=True)
class _Masked:
    """A stretch of the text as it is parsed: the masked document and where its tokens stand in the text."""

    doc: Doc
    spans: list[tuple[int, int]]
    mentions: dict[int, men.Mention]


def read(text: str, vocabulary: Vocabulary, *, rules: Path) -> Reading:
    """Read a situation described in English.

    ``rules`` is the folder with names and word lists.  Returns the states, what is said of them with
    stance and evidence, and the clauses that name a state and yielded nothing.  Offsets are code points.

    Raises ModelMissing if the English model is not installed, TextTooLong above MAX_CHARACTERS.
    """
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(f"the text has {len(text):,} characters; the reader takes {MAX_CHARACTERS:,} at once")
    kit = tools(vocabulary, rules)
    state = _Progress(kit, text)
    for masked in _parsed(kit, text, state.seen):
        state.read_chunk(masked)
    return state.reading()


# ---------------------------------------------------------------- preparing


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Split a text at blank lines, and very long paragraphs at sentence ends, into stretches to parse."""
    start = place = 0
    end = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            start = place if end == start else start
            end = place + len(line.rstrip())
        elif end > start:
            yield from _cut(text, start, end)
            start = end = place
        else:
            start = end = place
        place += len(line)
    if end > start:
        yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a long stretch where a sentence ends, or at a space, or anywhere if it has neither."""
    while end - start > _CHUNK:
        cut = max(text.rfind(mark, start, start + _CHUNK) for mark in (". ", "! ", "? ", "; ")) + 1
        if cut <= start:
            cut = text.rfind(" ", start, start + _CHUNK)
        cut = cut if cut > start else start + _CHUNK
        yield start, cut
        start = cut
    yield start, end


def _parsed(kit: _Tools, text: str, seen: dict[str, int]) -> Iterable[_Masked]:
    """Tokenise, find and mask the names, and parse, a batch at a time."""
    for batch in itertools.batched(_chunks(text), 32) if hasattr(itertools, "batched") else _batches(_chunks(text), 32):
        prepared = []
        for start, end in batch:
            raw = kit.nlp.tokenizer(re.sub(r"\s", " ", text[start:end]))
            tokens = [token.text for token in raw]
            found = men.find(tokens, kit.gazetteer, kit.lists, kit.common)
            prepared.append(_mask(kit.nlp, raw, start, found, seen))
        for masked, doc in zip(prepared, kit.nlp.pipe([m.doc for m in prepared]), strict=True):
            masked.doc = doc
            yield masked


def _batches(items: Iterable[tuple[int, int]], size: int) -> Iterable[tuple[tuple[int, int], ...]]:
    iterator = iter(items)
    while batch := tuple(itertools.islice(iterator, size)):
        yield batch


_LEAST = 4
"""Words that a part of a sentence must have to be parsed on its own."""


def _parted(texts: list[str]) -> Iterator[int]:
    """Give the places after semicolons from which to parse anew: parsers lose their way in long periods."""
    last = 0
    for place, word in enumerate(texts):
        if word in (".", "!", "?"):
            last = place + 1
        elif word == ";" and place + 1 < len(texts):
            ahead = next((n for n, w in enumerate(texts[place + 1 :]) if w in (".", ";", "!", "?")), len(texts))
            if place - last >= _LEAST and ahead >= _LEAST:
                yield place + 1
            last = place + 1


def _mask(nlp: Language, raw: Doc, offset: int, found: list[men.Mention], seen: dict[str, int]) -> _Masked:
    """Merge each mention into one token under a name that the model reads well."""
    from spacy.tokens import Doc as SpacyDoc

    texts: list[str] = []
    spaces: list[bool] = []
    spans: list[tuple[int, int]] = []
    mentions: dict[int, men.Mention] = {}
    starts = {mention.start: mention for mention in found}
    place = 0
    while place < len(raw):
        mention = starts.get(place)
        end = mention.end if mention else place + 1
        last = raw[end - 1]
        if mention:
            mentions[len(texts)] = mention
            texts.append(_mask_text(mention, raw[mention.start : mention.end].text, seen))
        else:
            texts.append(raw[place].text)
        spaces.append(bool(last.whitespace_))
        spans.append((offset + raw[place].idx, offset + last.idx + len(last)))
        place = end
    starts_here: list[int | None] = [None] * len(texts)
    for after in _parted(texts):
        starts_here[after] = 1
    return _Masked(SpacyDoc(nlp.vocab, words=texts, spaces=spaces, sent_starts=starts_here), spans, mentions)


def _mask_text(mention: men.Mention, surface: str, seen: dict[str, int]) -> str:
    """Choose the mask of a mention: a country, or for a demonym the adjective or the people."""
    if mention.use == "demonym":
        return "Germans" if surface.endswith("s") and not surface.endswith("ss") else "German"
    number = seen.setdefault(mention.names[0], len(seen))
    return _POOL[number % len(_POOL)]


# ---------------------------------------------------------------- reading a stretch


class _Progress:
    """What has been read so far; grows sentence by sentence, so that later ones can refer back."""

    def __init__(self, kit: _Tools, text: str) -> None:
        self.kit, self.text = kit, text
        self.seen: dict[str, int] = {}
        self.discourse = ent.Discourse()
        self.mentioned: dict[str, list[Span]] = {}
        self.observations: dict[tuple[Fact, Stance, str | None], Observation] = {}
        self.unread: list[Span] = []
        self.sentences: list[Span] = []
        self.pending: list[tuple[Fact, stance.Standing, str | None, Span, str]] = []
        self.index = variables(kit.vocabulary)

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.text[start:end])

    def read_chunk(self, masked: _Masked) -> None:
        """Read one stretch of text."""
        entities = ent.Entities()
        for graph in sentence_graphs(masked.doc):
            self.sentences.append(self.span(masked.spans[graph.start][0], masked.spans[graph.end - 1][1]))
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
            used = self._read_sentence(masked, graph, entities)
            if ent.resolve_descriptions(masked.doc, graph, entities, self.discourse, self.kit.lists, self.related):
                used |= self._read_sentence(masked, graph, entities)
            ent.remember(masked.doc, graph, masked.mentions, entities, self.discourse, self.kit.lists)
            for token in range(graph.start, graph.end):
                for name in entities.of(token):
                    self.mentioned.setdefault(name, []).append(self.span(*masked.spans[token]))
            self._note_unread(masked, graph, entities, used)

    def _read_sentence(self, masked: _Masked, graph: Graph, entities: ent.Entities) -> set[int]:
        """Match the patterns in one sentence; give the tokens that yielded something."""
        used: set[int] = set()
        found = patterns.matches(graph, self.kit.index, lambda token: len(entities.of(token)))
        found = [m for m in found if stance.has_modal(graph, m.root, m.tokens, m.pattern.modal)]
        # "cannot resist" is about ability: the plain "resists" is not said as well.
        modal = {m.root for m in found if m.pattern.modal}
        found = [m for m in found if m.pattern.modal or m.root not in modal]
        ordered = sorted(found, key=lambda m: (m.root, m.pattern.variable, m.pattern.value, m.slots))
        stood = [(match, self._standing(graph, match, entities)) for match in ordered]
        affirmed = {
            (match.root, match.pattern.variable, match.slots)
            for match, standing in stood
            if match.pattern.holds != standing.turned
        }
        for match, standing in stood:
            facts = self._facts(match, entities, standing)
            implied = (match.root, match.pattern.variable, match.slots) in affirmed
            if not facts or (implied and not facts[0].holds):
                continue
            used.update(match.tokens)
            start = masked.spans[_quote_start(masked.doc, match.tokens)][0]
            end = max(masked.spans[token][1] for token in match.tokens)
            holder = entities.of(standing.holder)[:1] if standing.holder is not None else ()
            for fact in facts:
                who = holder[0] if holder else None
                how, who = _settled(standing, fact, who)
                said = (fact, how, who, self.span(start, end), match.pattern.phrase)
                if len(fact.args) < self.index[fact.variable].arity:
                    self.pending.append(said)
                else:
                    self._observe(*said)
        return used

    def _standing(self, graph: Graph, match: patterns.Match, entities: ent.Entities) -> stance.Standing:
        names_state = bool(entities.of(match.root))
        return stance.standing(
            graph, match.root, match.tokens, match.pattern.modal, self.kit.cues, names_state=names_state
        )

    def _facts(self, match: patterns.Match, entities: ent.Entities, standing: stance.Standing) -> list[Fact]:
        """Give the facts of a match: one for each choice among the states that its slots stand for."""
        variable = self.index[match.pattern.variable]
        holds = match.pattern.holds != standing.turned
        if variable.arity == 0:
            return [Fact(variable.id, (SYSTEM,), match.pattern.value, holds)]
        if len(match.slots) < variable.arity:
            return [Fact(variable.id, (name,), match.pattern.value, holds) for name in entities.of(match.slots[0])]
        choices = [entities.of(token) for token in match.slots]
        return [
            Fact(variable.id, args, match.pattern.value, holds)
            for args in itertools.product(*choices)
            if len(set(args)) == len(args)
        ]

    def _observe(self, fact: Fact, standing: stance.Standing, holder: str | None, span: Span, phrase: str) -> None:
        """Add an observation, or further evidence for one that is there."""
        plain: Stance = "asserted" if fact.holds else "denied"
        how = plain if standing.certainty == "asserted" else cast("Stance", standing.certainty)
        evidence = Evidence("text", span, phrase)
        key = (canonical(self.kit.vocabulary, fact), how, holder)
        known = self.observations.get(key)
        if known is None:
            self.observations[key] = Observation(fact, how, (evidence,), holder)
        elif evidence not in known.evidence:
            self.observations[key] = replace(known, evidence=(*known.evidence, evidence))

    def _supply_parties(self) -> None:
        """Direct what names only one state ("is neutral") at the parties to the quarrel the text tells of.

        Where the text tells of none, the clause counts as not understood.
        """
        observed = closed(self.kit.vocabulary, [o.fact for o in self.observations.values() if not o.past])
        for fact, standing, holder, span, phrase in self.pending:
            wanted = set(self.index[fact.variable].parties)
            parties = sorted(
                {
                    arg
                    for known in observed
                    if (known.variable, known.value, known.holds) in wanted
                    for arg in known.args
                }
                - set(fact.args)
            )
            for party in parties:
                self._observe(
                    Fact(fact.variable, (*fact.args, party), fact.value, fact.holds), standing, holder, span, phrase
                )
            if not parties:
                self.unread.append(span)

    def related(self, word: str, owner: str | None) -> tuple[str, ...]:
        """Look up who is to a state, or to anybody, what a word says, among the facts read so far."""
        found: dict[str, None] = {}
        for pattern in self.kit.roles.get(word, ()):
            slots = {label: child.slot for label, child in pattern.root.edges if child.slot >= 0}
            of = next((slot for label, slot in slots.items() if label != "be"), None)
            for observation in self.observations.values():
                seen = (observation.fact, reversed_fact(self.index[observation.fact.variable], observation.fact))
                for fact in seen:
                    if fact is None or (fact.variable, fact.value, fact.holds) != (
                        pattern.variable,
                        pattern.value,
                        pattern.holds,
                    ):
                        continue
                    if owner is None or (of is not None and fact.args[of] == owner):
                        found[fact.args[slots["be"]]] = None
        return tuple(found)

    def _note_unread(self, masked: _Masked, graph: Graph, entities: ent.Entities, used: set[int]) -> None:
        """List the clauses that name a state and yielded nothing."""
        for clause in _clauses(masked.doc, graph):
            if not any(token in entities.names for token in clause) or used & set(clause):
                continue
            solid = [token for token in clause if not masked.doc[token].is_punct and not masked.doc[token].is_space]
            if len(solid) < 2:
                continue
            self.unread.append(self.span(masked.spans[min(solid)][0], masked.spans[max(solid)][1]))

    def reading(self) -> Reading:
        """Give what was read."""
        self._supply_parties()
        states = tuple(State(name, tuple(sorted(set(spans)))) for name, spans in self.mentioned.items())
        ordered = sorted(
            self.observations.values(), key=lambda o: (o.evidence[0].span or Span(0, 0, ""), o.fact, o.stance)
        )
        return Reading(
            self.text, states, tuple(ordered), tuple(sorted(set(self.unread))), self.kit.reader, tuple(self.sentences)
        )


def _settled(standing: stance.Standing, fact: Fact, holder: str | None) -> tuple[stance.Standing, str | None]:
    """Take what a state announces of itself for settled, and what it announces of others for its report."""
    if standing.certainty != "own":
        return standing, holder
    own = holder is not None and fact.args[0] == holder
    return replace(standing, certainty="asserted" if own else "reported"), None if own else holder


_LEADING = frozenset({"det", "neg", "poss", "predet", "preconj", "nummod", "aux", "expl"})


def _quote_start(doc: Doc, tokens: tuple[int, ...]) -> int:
    """Give the token at which a quotation begins: "No one knows", not "one knows"."""
    first = min(tokens)
    inside = set(tokens)
    while first and doc[first - 1].dep_ in _LEADING and doc[first - 1].head.i in inside | {first}:
        first -= 1
    return first


def _clauses(doc: Doc, graph: Graph) -> list[list[int]]:
    """Split a sentence into its clauses: each verb that is not a mere auxiliary, with what hangs on it alone."""
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
    return [members for members in owner.values() if members]


def unlearnt(vocabulary: Vocabulary, rules: Path) -> tuple[str, ...]:
    """Give the wordings of the vocabulary that the reader cannot learn, for the one who writes them."""
    return tools(vocabulary, rules).refused
