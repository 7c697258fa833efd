"""What an explanation says, before it is worded: clauses and their grounds, school by school.

Templates see these values and nothing else, so a field here is a word of the templates' language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ground = Literal["text", "answer", "assumption", "given", "derived"]
"""What a clause rests on; ``given`` is a fact without evidence."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A fact in words, what it rests on, and the words of the text; ``subject`` is the state it begins with."""

    text: str
    ground: Ground
    quotes: tuple[str, ...] = ()
    subject: str = ""


# ---------------------------------------------------------------- the argument in prose


@dataclass(frozen=True, slots=True)
class Stated:
    """A concluded fact and what it comes down to, as far as that has not been said."""

    fact: Clause
    because: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A school among those that expect the same: its own reasons and the propositions that it names."""

    school: str
    because: tuple[Clause, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chorus:
    """Schools that expect the same alike strongly: ``does`` follow "to"; ``clause`` where nothing is to be done."""

    does: tuple[str, ...]
    clause: str
    strength: int
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Camp:
    """The schools that expect much the same, with their share of school support in per cent.

    ``does`` follows "to"; a camp that expects nothing to be done has a ``clause`` instead.  ``forms`` are the
    best supported ways to do it, where ``does`` does not name them; ``schools`` are named as in a sentence.
    ``stated`` is what several of its arguments rest on and nobody has said before.
    """

    does: str
    clause: str
    percent: int
    forms: tuple[str, ...]
    schools: tuple[str, ...]
    stated: tuple[Stated, ...]
    choirs: tuple[Chorus, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Strategies that one fact makes impossible."""

    does: tuple[str, ...]
    because: Clause


@dataclass(frozen=True, slots=True)
class Objection:
    """A proposition that speaks against what the lead comes to, and its school."""

    title: str
    school: str


@dataclass(frozen=True, slots=True)
class Silenced:
    """A proposition that would apply, and the titles of those that silence it here."""

    title: str
    school: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quarrel:
    """Two propositions that both apply although their authors disagree, each with its school."""

    one: str
    one_school: str
    other: str
    other_school: str


@dataclass(frozen=True, slots=True)
class Means:
    """Ways to carry out a strategy; ``leading`` if the strategy is one that the lead comes to."""

    does: str
    ways: tuple[str, ...]
    leading: bool


# ---------------------------------------------------------------- the grounds, proposition by proposition


@dataclass(frozen=True, slots=True)
class Claim:
    """What a proposition gives reason for: ``texts`` follow "to", or are clauses where ``outcome``."""

    texts: tuple[str, ...]
    strength: int
    favours: bool
    outcome: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One proposition that counted, with its source and what met its conditions.

    ``absent`` is what would have stopped it and is not known; a proposition that only concludes facts has
    them in ``facts``, and one that gives reasons for or against something has ``claims``.
    """

    title: str
    gloss: str
    source: str
    checked: str
    facts: tuple[str, ...]
    claims: tuple[Claim, ...]
    because: tuple[Clause, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """The propositions of one school that counted."""

    school: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One verdict in words.

    ``main`` marks the first of the topics, ``faces`` that it is about a known threat.  ``steps`` are the facts
    concluded on the way and not yet told, ``benches`` the propositions that counted, school by school.
    """

    state: str
    toward: str
    main: bool
    faces: bool
    about: str
    question: str
    decision: str
    label: str
    robust: bool
    schools: int
    camps: tuple[Camp, ...]
    against: tuple[Objection, ...]
    excluded: tuple[Excluded, ...]
    silenced: tuple[Silenced, ...]
    quarrels: tuple[Quarrel, ...]
    measures: tuple[Means, ...]
    steps: tuple[Line, ...]
    benches: tuple[Bench, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of one outcome; ``word`` is empty where that is disputed."""

    subject: str
    word: str
    words: tuple[str, ...]
    strength: int
    lines: tuple[Line, ...]


# ---------------------------------------------------------------- what it all rests on


@dataclass(frozen=True, slots=True)
class Noted:
    """An observation in words: how it was said, by whose account, and the words of the text."""

    text: str
    stance: str
    holder: str
    past: bool
    used: bool
    ground: Ground
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Things said that cannot all be so."""

    sides: tuple[Noted, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that matters most, and why."""

    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A school and the weight it has in the verdict."""

    school: str
    weight: float


@dataclass(frozen=True, slots=True)
class Account:
    """A whole explanation, ready to be worded; ``cases`` holds the verdicts of one state and threat each.

    ``assumptions`` are those about the system and the first case's state, ``taken`` all of them.
    """

    states: tuple[str, ...]
    cases: tuple[tuple[Answer, ...], ...]
    outlook: tuple[Outlook, ...]
    cautions: tuple[str, ...]
    menu: tuple[str, ...]
    assumptions: tuple[Clause, ...]
    taken: tuple[Clause, ...]
    noted: tuple[Noted, ...]
    unread: tuple[str, ...]
    clashes: tuple[Clash, ...]
    unknown: tuple[str, ...]
    question: Asked | None
    weights: tuple[Weighed, ...]
    digest: str
    model: str
