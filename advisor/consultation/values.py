"""The nouns of a consultation: what has been said, what stands, what is asked, and what is replied.

A consultation is a list of turns, each a line that somebody said, and the stands they led to, of which one is in
force: undoing goes a stand back.  All are frozen values; a reply holds what is to be said and no words of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from advisor.explanation.account import Answer
from advisor.terms import Fact, Observation, Reading, Theory

Unknown = tuple[str, tuple[str, ...]]
"""A variable and its arguments."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a consultation is held with: a theory, and what reads a text.

    ``templates`` is a folder of the user's that is looked up before the program's own.
    """

    theory: Theory
    read: Callable[[str], Reading]
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the user.

    ``fact`` asks for the value of a variable, each a fact in ``options``; ``meant`` which of the options words that
    were not understood mean, ``keep`` whether what was supposed is to stand, ``free`` for whatever is told.
    """

    kind: Literal["fact", "meant", "keep", "free"]
    text: str
    because: str = ""
    unknown: Unknown = ("", ())
    options: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands at one point: the paragraphs told and what was read from them, the answers, and what was chosen.

    ``answers`` come with the latest last.  ``forgotten`` facts are not taken from words before that place of the
    text.  ``passed`` are the questions that are not asked again, ``named`` states that only an answer spoke of.
    ``last`` is what the last change was, and ``by`` the line that made it.  The question is ``due`` as long as it has
    not been chosen.
    """

    told: tuple[str, ...] = ()
    reading: Reading | None = None
    answers: tuple[Observation, ...] = ()
    forgotten: tuple[tuple[Fact, int], ...] = ()
    passed: tuple[Unknown, ...] = ()
    named: tuple[str, ...] = ()
    focus: str | None = None
    toward: str | None = None
    weights: tuple[tuple[str, float], ...] = ()
    asked: Asked | None = None
    last: Literal["", "told", "answered"] = ""
    by: str = ""
    due: bool = False

    @property
    def text(self) -> str:
        """The whole text told, a blank line between its paragraphs."""
        return "\n\n".join(self.told)


@dataclass(frozen=True, slots=True)
class Turn:
    """One line that was said, and the verdict after it where it changed anything, in one line."""

    line: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Consultation:
    """A whole consultation; ``at`` is the place of the stand in force, those after it have been undone."""

    turns: tuple[Turn, ...] = ()
    stands: tuple[Stand, ...] = (Stand(),)
    at: int = 0

    @property
    def stand(self) -> Stand:
        """The stand in force."""
        return self.stands[self.at]


# ---------------------------------------------------------------- replies


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to be said: ``kind`` names its wording in ``talk.jinja``; the rest are what is put into it."""

    kind: str
    text: str = ""
    items: tuple[object, ...] = ()
    value: object = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict in words, if there is one, and the states in play as they are named in prose.

    ``others`` are the states of which there is a verdict as well, with the threat that they face.
    """

    answer: Answer | None
    states: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Save:
    """The consultation is to be saved under this name, or, without one, where it is kept."""

    name: str


@dataclass(frozen=True, slots=True)
class Load:
    """The consultation of this name is to be taken up, or, without one, the last there was."""

    name: str


@dataclass(frozen=True, slots=True)
class Export:
    """This text is to be written into a file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Quit:
    """The consultation is to end."""


Effect = Save | Load | Export | Quit


@dataclass(frozen=True, slots=True)
class Reply:
    """What is replied to a line, and what the terminal is to do, if anything."""

    parts: tuple[Part, ...] = ()
    effect: Effect | None = field(default=None)
