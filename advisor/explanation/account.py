"""What an explanation says, before it is worded: clauses and their grounds, school by school.

Templates see these values and nothing else, so a field here is a word of the templates' language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ground = Literal["text", "answer", "assumption", "given", "derived"]
"""What a clause rests on; ``given`` is a fact without evidence."""

Frame = Literal["known not", "not known", "assumed not"]
"""The three ways in which something is not so: known not to be, not known to be, assumed not to be."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A fact in words, what it rests on, and the words of the text; ``subject`` is the state it begins with.

    ``anchor`` names the entry of a report that tells of the fact; ``mark`` is the fact in the words of a program, by
    which a sentence can be traced.
    """

    text: str
    ground: Ground
    quotes: tuple[str, ...] = ()
    subject: str = ""
    anchor: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A proposition as it is named in a sentence: ``clause`` is its title there, ``anchor`` its entry in a report."""

    id: str
    title: str
    clause: str
    school: str
    source: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Lack:
    """What would have stopped a proposition, in its frame, worded whole so that no template can take one for another.

    ``frame`` says whether it is known not to be so, not known, or assumed not to be so.
    """

    text: str
    frame: Frame
    mark: str = ""


# ---------------------------------------------------------------- the argument in prose


@dataclass(frozen=True, slots=True)
class Stated:
    """A concluded fact, what it comes down to, as far as that has not been said, and what it was concluded by."""

    fact: Clause
    because: tuple[Clause, ...]
    cites: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A school among those that expect the same: its own reasons and the propositions that it names.

    ``support`` is how strongly it expects that (0 to 3), ``weight`` what it counts for among the schools.
    """

    school: str
    support: float
    weight: float
    because: tuple[Clause, ...]
    cites: tuple[Cited, ...]


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
    best supported ways to do it, where ``does`` does not name them; ``short`` is all of that in a word or two.
    ``schools`` are named as in a sentence.
    ``stated`` is what several of its arguments rest on and nobody has said before.
    """

    does: str
    clause: str
    percent: int
    forms: tuple[str, ...]
    short: str
    schools: tuple[str, ...]
    stated: tuple[Stated, ...]
    choirs: tuple[Chorus, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Strategies that one fact makes impossible."""

    does: tuple[str, ...]
    because: Clause


@dataclass(frozen=True, slots=True)
class Silenced:
    """A proposition that would apply, and those that silence it here."""

    cited: Cited
    by: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Quarrel:
    """Two propositions that both apply although their authors disagree."""

    one: Cited
    other: Cited


@dataclass(frozen=True, slots=True)
class Means:
    """Ways to carry out a strategy, and by what; ``leading`` if the strategy is one that the lead comes to."""

    does: str
    ways: tuple[str, ...]
    leading: bool
    cites: tuple[Cited, ...]


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

    ``absent`` is what would have stopped it; a proposition that only concludes facts has them in ``facts``, and one
    that gives reasons for or against something has ``claims``.  ``anchor`` is empty where it was told before.
    """

    cited: Cited
    gloss: str
    checked: str
    facts: tuple[Clause, ...]
    claims: tuple[Claim, ...]
    because: tuple[Clause, ...]
    absent: tuple[Lack, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """The propositions of one school that counted."""

    school: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Further:
    """Propositions of a school that counted and are named nowhere else in the prose."""

    school: str
    cites: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One verdict in words.

    ``main`` marks the first of the topics, ``faces`` that it is about a known threat.  ``steps`` are the facts
    concluded on the way and not yet told, ``benches`` the propositions that counted, school by school.  ``further``
    are those that counted and that the prose does not name, ``quiet`` the schools that have nothing to say.
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
    quiet: tuple[str, ...]
    camps: tuple[Camp, ...]
    against: tuple[Cited, ...]
    excluded: tuple[Excluded, ...]
    silenced: tuple[Silenced, ...]
    quarrels: tuple[Quarrel, ...]
    measures: tuple[Means, ...]
    steps: tuple[Line, ...]
    benches: tuple[Bench, ...]
    further: tuple[Further, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of one outcome, and its strongest reasons; ``word`` is empty where that is disputed."""

    subject: str
    word: str
    cites: tuple[Cited, ...]
    words: tuple[str, ...]
    strength: int
    lines: tuple[Line, ...]


# ---------------------------------------------------------------- what it all rests on


@dataclass(frozen=True, slots=True)
class Noted:
    """An observation in words: how it was said, by whose account, and the words of the text.

    ``number`` and ``anchor`` are those of its entry in a report.
    """

    text: str
    stance: str
    holder: str
    past: bool
    used: bool
    ground: Ground
    quotes: tuple[str, ...]
    number: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Cautioned:
    """A reason to trust the answer less, and the propositions that give it."""

    id: str
    text: str
    cites: tuple[Cited, ...]


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

    ``steps`` are the facts concluded on the way to the outlook and not yet told.  ``assumptions`` are those about the
    system and the first case's state, ``taken`` all of them.
    """

    states: tuple[str, ...]
    cases: tuple[tuple[Answer, ...], ...]
    outlook: tuple[Outlook, ...]
    steps: tuple[Line, ...]
    cautions: tuple[Cautioned, ...]
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
