"""The answers of an inquiry: plain frozen values, which compare, serialise and hold ids.

``templates`` and consultations see these and nothing else; what they mean is said here, how they are worded elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from advisor.inquiry.matters import Change
from advisor.nearest import Nearest
from advisor.terms import Advice, Argument, Fact, Question, RuledOut, Span, Standing, Verdict

Ground = Literal["text", "answer", "assumption", "given", "derived"]
"""What a fact rests on; ``given`` is a fact without evidence."""


# ---------------------------------------------------------------- questions

Worth = Literal["alone", "together", "perhaps", "idle"]
"""Why a question is worth asking: one of its answers alone changes the label or what leads; only together with an
answer to another; perhaps with several others, which cannot be ruled out; or not at all."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What would come of an answer: the verdict then, and the propositions that begin or cease to apply."""

    fact: Fact
    verdict: Verdict
    begin: tuple[str, ...] = ()
    cease: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A fact that bears on the verdict and is not known, and why it is or is not worth asking.

    ``answers`` are those that alone change the label or what leads.  ``example`` is an answer to it that changes them
    together with another fact.
    """

    question: Question
    worth: Worth
    answers: tuple[Answered, ...] = ()
    example: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyAsked:
    """Why a question is asked: what would come of each answer, and whether any changes what leads."""

    question: Question
    verdict: Verdict | None
    answers: tuple[Answered, ...]


# ---------------------------------------------------------------- proof


@dataclass(frozen=True, slots=True)
class Step:
    """A fact and why it is held: what was said or answered, that it is assumed, or the proposition that concludes it.

    ``quotes`` are the words of the text.  ``absent`` are the facts that would have stopped the proposition and that
    are not known.
    """

    fact: Fact
    ground: Ground
    quotes: tuple[Span, ...] = ()
    proposition: str = ""
    because: tuple[Step, ...] = ()
    absent: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """An argument and what it rests on."""

    argument: Argument
    because: tuple[Step, ...]
    absent: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class How:
    """The proof of what leads in a verdict: every argument for it, down to facts."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


# ---------------------------------------------------------------- why not, and why rather


@dataclass(frozen=True, slots=True)
class Near:
    """A proposition that would argue for a strategy: how strongly, and how near it comes to applying."""

    school: str
    strength: int
    nearest: Nearest


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a strategy does not lead: where it stands, what makes it impossible, what speaks for and against it.

    ``near`` are all propositions that could argue for it, those that apply first, then those that lack least;
    ``assumed`` are the facts among those they look at that are only assumed.
    """

    strategy: str
    verdict: Verdict
    leads: bool
    standing: Standing | None
    ruled_out: RuledOut | None
    near: tuple[Near, ...]
    against: tuple[Argument, ...]
    assumed: frozenset[Fact]


@dataclass(frozen=True, slots=True)
class Side:
    """What one school makes of two strategies: its support for each, and the arguments that differ between them."""

    school: str
    one: float
    other: float
    for_one: tuple[Argument, ...]
    for_other: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Why one strategy rather than another: the arguments that speak for one and not the other, school by school.

    An argument against a strategy is one for the other.  ``common`` are arguments that speak alike of both.
    ``ahead`` is the strategy with more weighted support, or None.
    """

    one: str
    other: str
    verdict: Verdict
    ahead: str | None
    sides: tuple[Side, ...]
    common: tuple[Argument, ...]
    ruled_out: tuple[RuledOut, ...]


# ---------------------------------------------------------------- counterfactuals


@dataclass(frozen=True, slots=True)
class Supposition:
    """What if: the advice as it would be, and what in it differs.  ``change`` may also be that nothing is known.

    ``changed`` says that the label or what leads is another, ``known`` that it is so already.
    """

    change: Change
    known: bool
    before: Verdict
    after: Verdict
    changed: bool
    gained: tuple[Argument, ...]
    lost: tuple[Argument, ...]
    concluded: tuple[Fact, ...]
    dropped: tuple[Fact, ...]
    advice: Advice


@dataclass(frozen=True, slots=True)
class Flip:
    """One or two changes that together, and none of them alone, make the lead another; ``verdict`` is what it is then.

    ``was`` is what is known now of the matter of each change, and whether that is only assumed.
    """

    changes: tuple[Change, ...]
    was: tuple[tuple[tuple[Fact, Ground], ...], ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Camp:
    """The schools that expect the same."""

    contender: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parting:
    """Where the schools part.

    Where they ``disagree``, ``codings`` are the smallest sets of changes with which they would agree, and
    ``propositions`` the smallest sets of propositions without which they would.  Where they do not, both are what
    would make them disagree.  Each is empty where no set of so few is enough.
    """

    verdict: Verdict
    disagree: bool
    camps: tuple[Camp, ...]
    codings: tuple[Flip, ...]
    propositions: tuple[tuple[str, ...], ...]
