"""What an explanation says, before it is worded: clauses and their grounds, school by school.

Templates see these values and nothing else, so a field here is a word of the templates' language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ground = Literal["text", "answer", "assumption", "given", "derived", "again"]
"""What a clause rests on; ``again`` was grounded earlier in the same telling, ``given`` is a fact without evidence."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A fact in words, what it rests on, the words of the text, and for a derived one its proposition and reasons."""

    text: str
    ground: Ground
    quotes: tuple[str, ...] = ()
    because: tuple[Clause, ...] = ()
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One argument: a proposition, how strongly it speaks for or against what, and what met its conditions."""

    proposition: str
    title: str
    gloss: str
    source: str
    school: str
    does: tuple[str, ...]
    favours: bool
    strength: int
    conditions: tuple[Clause, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class View:
    """What one school expects: ``does`` follow "to", ``clause`` says it where nothing is to be done."""

    school: str
    support: float
    weight: float
    does: tuple[str, ...]
    clause: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Camp:
    """The schools that expect much the same, with their share of school support in per cent.

    ``does`` follows "to"; a camp that expects nothing to be done has a ``clause`` instead.  ``forms`` are the
    best supported ways to do it, where ``does`` does not name them.
    """

    does: str
    clause: str
    percent: int
    forms: tuple[str, ...]
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A strategy that the facts make impossible."""

    does: str
    because: Clause


@dataclass(frozen=True, slots=True)
class Course:
    """A strategy that is not what any school expects most, and the titles that speak for and against it."""

    does: str
    pro: tuple[str, ...]
    contra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Means:
    """Ways to carry out a strategy; ``leading`` if the strategy is one that the lead comes to."""

    does: str
    ways: tuple[str, ...]
    leading: bool


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
class Answer:
    """One verdict in words.

    ``main`` marks the first of the topics, ``faces`` that it is about a known threat.  ``against`` are the
    arguments against what leads, ``aside`` all that concern other courses, which ``courses`` name in brief.
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
    grounds: tuple[Clause, ...]
    camps: tuple[Camp, ...]
    against: tuple[Point, ...]
    aside: tuple[Point, ...]
    courses: tuple[Course, ...]
    excluded: tuple[Excluded, ...]
    silenced: tuple[Silenced, ...]
    quarrels: tuple[Quarrel, ...]
    measures: tuple[Means, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of one outcome; ``word`` is empty where that is disputed."""

    subject: str
    word: str
    words: tuple[str, ...]
    support: float
    pro: tuple[str, ...]
    contra: tuple[str, ...]


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
    """A whole explanation, ready to be worded; ``cases`` holds the verdicts of one state and threat each."""

    states: tuple[str, ...]
    cases: tuple[tuple[Answer, ...], ...]
    outlook: tuple[Outlook, ...]
    cautions: tuple[str, ...]
    menu: tuple[str, ...]
    assumptions: tuple[str, ...]
    noted: tuple[Noted, ...]
    unread: tuple[str, ...]
    clashes: tuple[Clash, ...]
    unknown: tuple[str, ...]
    question: Asked | None
    weights: tuple[Weighed, ...]
    digest: str
    model: str
