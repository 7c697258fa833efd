"""A text with what was read from it: sentence by sentence, each fact under its words, and what was not read.

Templates see these values and nothing else.  Nothing of the text is left out: what is between sentences, and what is
not in English, has its place as well.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from advisor.explanation.naming import load_naming, named, worded
from advisor.markdown import sections
from advisor.situation import situation
from advisor.terms import Observation, Reading, Span, Theory
from advisor.vocabulary import canonical

Kind = Literal["plain", "read", "unread", "foreign"]


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrase of the vocabulary as its author wrote it, and where."""

    text: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in words, as one place of the text says it.

    ``percent`` is the reader's trust in it; ``disputed`` says that another place asserts what cannot be so as well;
    ``wording`` is the phrase of the vocabulary that read it, if it is asked for.
    """

    text: str
    stance: str
    holder: str
    past: bool
    year: str
    percent: int
    quote: str
    disputed: bool
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that are all read, all unread, or neither; what is ``foreign`` names its language."""

    text: str
    kind: Kind = "plain"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence, or what stands between sentences, with what was read from it; ``item`` if it is one of a list."""

    pieces: tuple[Piece, ...]
    facts: tuple[Told, ...] = ()
    number: int = 0
    item: bool = False


@dataclass(frozen=True, slots=True)
class Annotated:
    """A whole text with its facts; ``clashes`` are facts that cannot all be so, each with its words.

    ``sentences`` counts those that were looked at, ``yielding`` those that something was read from.
    """

    name: str
    states: tuple[str, ...]
    paragraphs: tuple[tuple[Block, ...], ...]
    clashes: tuple[tuple[Told, ...], ...]
    sentences: int
    yielding: int
    facts: int
    unread: int
    foreign: tuple[str, ...] = ()
    model: str = ""
    digest: str = ""


@dataclass(slots=True)
class _Said:
    """What is said of the stretches of a text, in the order of their places."""

    facts: list[tuple[Span, Told]] = field(default_factory=list)
    unread: Sequence[Span] = ()


Wordings = Mapping[tuple[str, str], Wording]
"""The phrases of the vocabulary by variable and by the text under which patterns know them."""


def wordings(rules: Path, *, shown: str) -> dict[tuple[str, str], Wording]:
    """Find where each phrase of ``vocabulary.md`` is written; ``shown`` names the folder to the user."""
    found: dict[tuple[str, str], Wording] = {}
    path = f"{shown}/vocabulary.md"
    for section in sections((rules / "vocabulary.md").read_text(encoding="utf-8")):
        for block in section.blocks if section.id else ():
            listed = re.match(r"(?:\*\*.+?\*\*[^:]*|also|read|noun|bloc|other|contrary):\s*(.*)$", block.text, re.S)
            if block.kind != "item" or listed is None:
                continue
            for part in listed[1].split(";"):
                plain = part.strip().rstrip(".")
                known = plain.replace("*the state*", "{0}").replace("*the other*", "{1}")
                first = " ".join(word.partition("/")[0] for word in known.split())
                found.setdefault((section.id, first), Wording(_shortened(plain), path, block.line))
    return found


_MOST = 3
"""Words that may stand for each other of which so many are shown."""


def _shortened(phrase: str) -> str:
    """Show the first of the words that may stand for each other: "ruler/lord/master/…"."""
    words = (word.split("/") for word in phrase.replace("*", "").split())
    return " ".join("/".join(w if len(w) <= _MOST + 1 else [*w[:_MOST], "…"]) for w in words)


def annotated(
    theory: Theory,
    reading: Reading,
    *,
    name: str = "",
    foreign: Iterable[tuple[int, int, str]] = (),
    known: Wordings | None = None,
    plain: Callable[[str], str] = str,
    templates: Path | None = None,
) -> Annotated:
    """Annotate a text with what was read from it.

    ``foreign`` are the stretches that were passed over, with their languages; ``known`` gives the phrases to name
    under each fact; ``plain`` makes a stretch of the text what its reader sees, without markup.
    """
    naming = load_naming(templates)
    vocabulary = theory.vocabulary
    conflicts = situation(vocabulary, reading.observations).conflicts
    disputed = {fact for conflict in conflicts for fact in conflict.facts}

    def tell(observation: Observation, number: int) -> Told:
        evidence = observation.evidence[number]
        firm = observation.stance in ("asserted", "denied") and not observation.past
        year = observation.year
        return Told(
            worded(naming, vocabulary, observation.fact),
            observation.stance,
            named(naming, observation.holder) if observation.holder else "",
            observation.past,
            "" if year is None else f"{year}" if year > 0 else f"{-year} BC",
            round(100 * observation.confidence),
            _line(plain(evidence.span.quote)) if evidence.span else "",
            firm and canonical(vocabulary, observation.fact) in disputed,
            known.get((observation.fact.variable, evidence.phrase)) if known is not None else None,
        )

    facts = sorted(
        (
            (evidence.span, number, place, tell(observation, place))
            for number, observation in enumerate(reading.observations)
            for place, evidence in enumerate(observation.evidence)
            if evidence.span
        ),
        key=lambda each: (each[0].start, each[0].end, each[1], each[2]),
    )
    passed = tuple(foreign)
    elsewhere = {(start, end) for start, end, _ in passed}
    unread = [span for span in reading.unread if (span.start, span.end) not in elsewhere]
    said = _Said([(span, told) for span, _, _, told in facts], unread)
    paragraphs = tuple(_paragraphs(reading, said, passed, plain))
    languages = Counter(language for _, _, language in passed)
    return Annotated(
        name,
        tuple(named(naming, state.name) for state in reading.states),
        paragraphs,
        tuple(tuple(tell(o, 0) for o in conflict.observations if o.evidence) for conflict in conflicts),
        len(reading.sentences),
        sum(bool(block.facts) for paragraph in paragraphs for block in paragraph),
        len(reading.observations),
        len(unread),
        tuple(sorted(languages)),
        f"{reading.reader.model} {reading.reader.version}" if reading.reader else "",
        theory.digest[:12],
    )


# ---------------------------------------------------------------- cutting the text up


def _paragraphs(
    reading: Reading, said: _Said, foreign: Sequence[tuple[int, int, str]], plain: Callable[[str], str]
) -> Iterable[tuple[Block, ...]]:
    """Cut a text into paragraphs of sentences, with whatever stands between."""
    stretches = sorted(
        [(span.start, span.end, "") for span in reading.sentences] + [(s, e, language) for s, e, language in foreign]
    )
    paragraph: list[Block] = []
    place = number = first_fact = first_unread = 0
    for start, end, language in [*stretches, (len(reading.text), len(reading.text), "")]:
        if start < place:
            continue
        gap = plain(reading.text[place:start])
        if re.search(r"\n\s*\n", gap) and paragraph:
            yield tuple(paragraph)
            paragraph = []
        lead = (Piece(f"{_line(gap)} "),) if _line(gap) else ()
        if lead and (language or start == end):
            paragraph.append(Block(lead))
        place = end
        if language:
            paragraph.append(Block((Piece(_line(plain(reading.text[start:end])), "foreign", language),)))
            continue
        while first_unread < len(said.unread) and said.unread[first_unread].start < start:
            first_unread += 1
        last_fact, last_unread = first_fact, first_unread
        while last_fact < len(said.facts) and said.facts[last_fact][0].start < end:
            last_fact += 1
        while last_unread < len(said.unread) and said.unread[last_unread].start < end:
            last_unread += 1
        here, unread = said.facts[first_fact:last_fact], said.unread[first_unread:last_unread]
        first_fact, first_unread = last_fact, last_unread
        if start == end:
            continue
        number += bool(here)
        pieces = _pieces(reading.text, start, end, [span for span, _ in here], unread, plain)
        told = tuple(dict.fromkeys(told for _, told in here))
        block = Block((*lead, *pieces), told, number if told else 0, bool(lead) and "\n" in gap)
        if paragraph and not told and not lead and not paragraph[-1].facts and _runs_on(paragraph[-1]):
            paragraph[-1] = Block((*paragraph[-1].pieces, Piece(" "), *block.pieces))
        else:
            paragraph.append(block)
    if paragraph:
        yield tuple(paragraph)


def _runs_on(block: Block) -> bool:
    """Whether what follows may stand in the same block: sentences that nothing was read from make one."""
    return not any(piece.kind == "foreign" for piece in block.pieces)


def _pieces(
    text: str,
    start: int,
    end: int,
    read: Sequence[Span],
    unread: Sequence[Span],
    plain: Callable[[str], str],
) -> Iterable[Piece]:
    """Cut a sentence where its words begin or cease to be read; of spans one in the other the shorter one counts."""
    spans: list[tuple[Span, Kind]] = [(span, "read") for span in read]
    spans += [(span, "unread") for span in unread]
    spans.sort(key=lambda each: each[0].start - each[0].end)
    edges = sorted({start, end, *(max(start, min(end, p)) for span, _ in spans for p in (span.start, span.end))})
    kinds: dict[int, Kind] = dict.fromkeys(edges, "plain")
    for span, kind in spans:
        for edge in edges:
            if span.start <= edge < span.end:
                kinds[edge] = kind
    merged: list[tuple[int, int, Kind]] = []
    for one, other in itertools.pairwise(edges):
        if merged and merged[-1][2] == kinds[one]:
            merged[-1] = (merged[-1][0], other, kinds[one])
        else:
            merged.append((one, other, kinds[one]))
    for one, other, kind in merged:
        words = re.sub(r"\s+", " ", plain(text[one:other]))
        core = words.strip()
        if not core:
            yield Piece(words) if words else Piece("")
            continue
        before, after = words.startswith(" "), words.endswith(" ")
        if kind == "plain":
            yield Piece(words)
            continue
        if before:
            yield Piece(" ")
        yield Piece(core, kind)
        if after:
            yield Piece(" ")


def _line(text: str) -> str:
    """Give a text on one line."""
    return " ".join(text.split())


# ---------------------------------------------------------------- what was not read, over many texts


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands: the input, the line in it, and its words."""

    name: str
    line: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that nothing was read from, the states in it left open, and everywhere it stands."""

    text: str
    places: tuple[Place, ...]


def unread_clauses(
    readings: Iterable[tuple[str, Reading, Collection[tuple[int, int]]]], plain: Callable[[str], str] = str
) -> tuple[Clause, ...]:
    """Gather the unread clauses of many texts, the commonest first; names of states do not tell clauses apart.

    Each text comes with its name, its reading, and the stretches that were passed over because of their language.
    """
    found: dict[str, list[Place]] = {}
    for name, reading, foreign in readings:
        mentions = sorted({mention for state in reading.states for mention in state.mentions})
        line, counted = 1, 0
        for span in reading.unread:
            if (span.start, span.end) in foreign:
                continue
            line += reading.text.count("\n", counted, span.start)
            counted = max(counted, span.start)
            words, place = "", span.start
            for mention in mentions[bisect_left(mentions, span.start, key=lambda each: each.start) :]:
                if mention.start >= span.end:
                    break
                if place <= mention.start and mention.end <= span.end:
                    named_so = mention.quote[:1].isupper()
                    words += reading.text[place : mention.start] + ("…" if named_so else mention.quote)
                    place = mention.end
            words += reading.text[place : span.end]
            key = _line(plain(words))
            found.setdefault(key[:1].lower() + key[1:], []).append(
                Place(name, line, span.start, span.end, _line(plain(span.quote)))
            )
    clauses = [Clause(text, tuple(places)) for text, places in found.items()]
    return tuple(sorted(clauses, key=lambda clause: (-len(clause.places), clause.text)))
