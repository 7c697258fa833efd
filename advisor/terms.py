"""The nouns of the advisor: frozen values, in the order in which they come to be.

A *vocabulary* says what can be said.  A *theory* holds the propositions that scholars
have stated in it.  A *reading* is what a text says, a *situation* what is known of a case.
An *inference* is every argument the theory makes about the situation, a *verdict* what the
schools make of those arguments together.  All are plain values: they compare, hash, pickle
and serialise, and hold ids rather than one another.  This module imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

SYSTEM = "system"
"""The argument of a fact about the whole system of states, as in ``polarity(system)``."""

# ---------------------------------------------------------------- the vocabulary


Kind = Literal["clause", "read", "noun", "bloc", "other"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One English wording of a value, ``{0}`` and ``{1}`` standing for the states it is about.

    ``kind`` is ``clause`` for a sentence ("{0} is weak"), ``read`` for one that is understood in texts but
    is no wording of rules, ``noun`` for a noun phrase that says the same in passing ("the rise of {0}"), and ``bloc``
    for one that says so only where the other is a bloc ("{0} joined {1}").  An ``other`` wording looks
    like the value and means something else ("{0} is divided among heirs"): where it is met, nothing is read.
    ``alternatives`` gives, for words of the text, others that texts may have in their place.  A phrase that
    does not ``affirm`` says the contrary of its value ("{0} is revisionist", of contentment with the existing
    order).  ``denial`` and ``question`` override the wording that is otherwise made from ``text``.
    """

    text: str
    kind: Kind = "clause"
    denial: str | None = None
    question: str | None = None
    affirms: bool = True
    alternatives: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a variable; its first phrase is the one used to say it."""

    id: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A name for several values of one variable: "the state is at least a great power"."""

    variable: str
    values: tuple[str, ...]
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """What can be known of a state, of an ordered pair of states, or of the system.

    ``arity`` is 0 (system), 1 or 2.  ``symmetric`` variables hold both ways; ``mirror`` maps a
    value to the value of the reversed pair (winning, losing).  ``default`` is assumed when
    nothing is known.  A ``derived`` variable is never asked and never read, only concluded.
    ``many`` lets several values hold at once.  Where a wording leaves the other state out, it is
    meant towards the ``parties`` ("is neutral": those of whom one of these facts is known) or the
    ``opponents`` ("is winning": those of whom one is known together with the state itself), each
    given as (variable, value, holds).  Some variables are somebody's belief by their definition: ``believer``
    is the place of that state among the arguments, -1 if there is none.
    """

    id: str
    title: str
    section: str
    arity: int
    question: str
    values: tuple[Value, ...]
    core: bool = False
    symmetric: bool = False
    mirror: tuple[tuple[str, str], ...] = ()
    default: str | None = None
    derived: bool = False
    many: bool = False
    note: str = ""
    parties: tuple[tuple[str, str, bool], ...] = ()
    opponents: tuple[tuple[str, str, bool], ...] = ()
    believer: int = -1


@dataclass(frozen=True, slots=True)
class Strategy:
    """A course of action of the state.  ``infinitive`` follows "to": "ally with others against {threat}".

    A generic strategy (``forms``) stands for its forms.  ``impossible_if`` lists conditions,
    as (text, condition), under which the strategy is ruled out by definition.
    """

    id: str
    question: str
    family: str
    infinitive: str
    forms: tuple[str, ...] = ()
    impossible_if: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that befalls a state or the system.  ``subject`` has ``{0}`` for the state, if any.

    ``values`` are the two opposite values, each with the word a rule compares with:
    ``(("likely", "more likely"), ("unlikely", "less likely"))``.
    """

    id: str
    subject: str
    arity: int
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to carry out a strategy; ``infinitive`` follows "to"."""

    id: str
    strategy: str
    infinitive: str


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason to trust the answer less; ``title`` is how a rule names it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the questions that a verdict answers (response, posture, ally).

    ``apart`` says that its strategies are rivals to be ranked one by one, not by family.
    """

    id: str
    question: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A group of strategies that come to much the same: oppose, join, shift, avoid.

    A family without strategies is the expectation of a school that only argues against ``rejects``.
    """

    id: str
    text: str
    rejects: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """A school of thought, its weight in the overall verdict and the premise without which it is silent."""

    id: str
    name: str
    weight: float
    premise: Condition | None
    note: str


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role that propositions speak of, "the threat"; ``meaning`` says who plays it.

    ``called`` is the name of the state that plays it in the situations that propositions are tested on.
    """

    id: str
    phrase: str
    meaning: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that makes a state the threat which a verdict is about, where nobody names one.

    ``each`` makes every state that shows it a threat of its own, ``one`` the most prominent state where
    there is no other; ``more`` and ``less`` only decide between several.
    """

    kind: Literal["each", "one", "more", "less"]
    condition: Condition


@dataclass(frozen=True, slots=True)
class Focus:
    """How the threat is found, the weightier sign first, and what to ask where states or a threat are missing."""

    signs: tuple[Sign, ...] = ()
    ask_states: str = ""
    ask_threat: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that can be said, in the order of the files it was read from."""

    roles: tuple[RoleName, ...]
    variables: tuple[Variable, ...]
    groups: tuple[Group, ...]
    topics: tuple[Topic, ...]
    families: tuple[Family, ...]
    strategies: tuple[Strategy, ...]
    measures: tuple[Measure, ...]
    outcomes: tuple[Outcome, ...]
    cautions: tuple[Caution, ...]
    focus: Focus = Focus()

    def __hash__(self) -> int:
        """Hash by little: look-ups by vocabulary are many, and there are few vocabularies."""
        return hash(tuple(variable.id for variable in self.variables))


# ---------------------------------------------------------------- facts


class Fact(NamedTuple):
    """That a variable has a value for some states, or (``holds`` false) that it has not."""

    variable: str
    args: tuple[str, ...]
    value: str
    holds: bool = True


# ---------------------------------------------------------------- the theory


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """What fills a slot of a rule: a role, which is a variable, or a named state."""

    name: str
    role: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule: the variable has one of ``values`` (or, ``holds`` false, none of them).

    ``text`` is the condition as its author wrote it and ``line`` where.
    """

    variable: str
    terms: tuple[Term, ...]
    values: tuple[str, ...]
    holds: bool = True
    text: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives, any one of which suffices."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` of the conditions."""

    count: int
    of: tuple[Condition, ...]


Premiss = Condition | Either | AtLeast


@dataclass(frozen=True, slots=True)
class Derivation:
    """A plain conclusion: a further fact."""

    variable: str
    terms: tuple[Term, ...]
    value: str


@dataclass(frozen=True, slots=True)
class StrategyClaim:
    """An argument for (or against) a strategy of the state, of strength 1, 2 or 3."""

    strategy: str
    favours: bool
    strength: int


@dataclass(frozen=True, slots=True)
class OutcomeClaim:
    """An argument that an outcome takes a value, of strength 1, 2 or 3.  ``terms`` is empty for the system."""

    outcome: str
    terms: tuple[Term, ...]
    value: str
    strength: int


@dataclass(frozen=True, slots=True)
class MeasureClaim:
    """That a measure is one way to go about it."""

    measure: str


@dataclass(frozen=True, slots=True)
class CautionClaim:
    """That a caution applies to the answer."""

    caution: str


@dataclass(frozen=True, slots=True)
class MenuClaim:
    """That these strategies are the ones on the table."""

    strategies: tuple[str, ...]


Conclusion = Derivation | StrategyClaim | OutcomeClaim | MeasureClaim | CautionClaim | MenuClaim


@dataclass(frozen=True, slots=True)
class Example:
    """A situation that a proposition is tested on: its text and the facts in it."""

    text: str
    facts: tuple[Fact, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Proposition:
    """One statement of the literature, with its source and the rule that encodes it.

    ``beyond_seed`` marks what goes beyond the text the project started from; ``checked`` says
    how far the source was verified.  ``fires`` and ``silent`` are the situations it is tested on, and
    ``more_fires`` and ``more_silent`` further ones.
    """

    id: str
    title: str
    school: str
    gloss: str
    source: str
    conclusions: tuple[Conclusion, ...]
    conditions: tuple[Premiss, ...]
    unless: tuple[Condition, ...] = ()
    defeats: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    beyond_seed: bool = False
    checked: str = ""
    fires: Example | None = None
    silent: Example | None = None
    more_fires: tuple[Example, ...] = ()
    more_silent: tuple[Example, ...] = ()
    path: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Theory:
    """A vocabulary, the schools and their propositions; ``digest`` names its exact content."""

    vocabulary: Vocabulary
    schools: tuple[School, ...]
    propositions: tuple[Proposition, ...]
    digest: str


Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a file: what stands from one place up to another becomes ``text``.  All count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A complaint about a file: what is wrong, where, why, and what to write instead.

    ``line`` and ``column`` count from 1; ``width`` is how many characters the caret underlines.  ``fix`` is a
    correction after which the complaint does not arise, where one can be given.
    """

    code: str
    message: str
    path: str
    line: int
    column: int = 1
    width: int = 1
    source: str = ""
    hint: str = ""
    severity: Severity = "error"
    fix: Edit | None = None


# ---------------------------------------------------------------- reading

Stance = Literal["asserted", "denied", "possible", "supposed", "reported"]
"""How a text says something: as fact, as false, as possible, in a condition, as somebody's belief."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the input, in Unicode code points: ``text[start:end] == quote``."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something is held: a span of a text, an answer, or an assumption.

    ``phrase`` names the wording or construction of the vocabulary that matched.
    """

    source: Literal["text", "answer", "assumption"]
    span: Span | None = None
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A fact that somebody states, with what stance and on what evidence.

    ``holder`` is the state whose belief is reported; ``past`` marks what is said to have ended.
    ``confidence`` (0 to 1) is the reader's trust in its own reading, not in the text.  ``year`` is the year the
    text gives it, negative before Christ.
    """

    fact: Fact
    stance: Stance
    evidence: tuple[Evidence, ...] = ()
    holder: str | None = None
    past: bool = False
    confidence: float = 1.0
    year: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state that a text names: its usual name and every span that refers to it."""

    name: str
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Which English model read the text; ``digest`` is that of its parser."""

    model: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: its states, its observations, and the clauses nothing was read from.

    ``sentences`` are the spans of all sentences that were looked at, in order.
    """

    text: str
    states: tuple[State, ...]
    observations: tuple[Observation, ...]
    unread: tuple[Span, ...]
    reader: Reader | None = None
    sentences: tuple[Span, ...] = ()


# ---------------------------------------------------------------- situation and inference


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two things that cannot both be so; neither is used until it is settled."""

    facts: tuple[Fact, ...]
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a case: states, facts closed under symmetry, and where each comes from.

    ``facts`` holds what is known true and, with ``holds`` false, what is known false; all else is unknown.
    ``assumptions`` are those of the facts that are defaults.  ``observations`` are the grounds.
    """

    states: tuple[str, ...]
    facts: frozenset[Fact]
    assumptions: frozenset[Fact] = frozenset()
    observations: tuple[Observation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Premise:
    """The facts that met one condition of a proposition, in the author's order."""

    condition: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """An ``unless`` that did not stop a proposition: the facts looked for and not known to hold."""

    condition: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Justification:
    """One application of a proposition: who plays which role, and what met each condition.

    ``derived`` are the facts that follow from it; its arguments are the conclusions of the
    proposition under ``bindings``, pairs of role and state sorted by role.
    """

    proposition: str
    bindings: tuple[tuple[str, str], ...]
    premises: tuple[Premise, ...]
    absences: tuple[Absence, ...] = ()
    derived: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Inference:
    """Everything the theory makes of a situation.

    ``facts`` adds to the situation's what was derived; ``justifications`` are all there are,
    in the order of the theory's propositions and then of their bindings.
    """

    situation: Situation
    facts: frozenset[Fact]
    justifications: tuple[Justification, ...]
    theory: str = ""


# ---------------------------------------------------------------- verdict


@dataclass(frozen=True, slots=True)
class Argument:
    """A justification that speaks for or against a strategy, as one school's argument."""

    proposition: str
    school: str
    strategy: str
    favours: bool
    strength: int
    bindings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A strategy that the known facts make impossible, and the fact that does."""

    strategy: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Defeat:
    """A proposition that applied but was silenced by a more specific one."""

    proposition: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two propositions that both apply although their authors disagree."""

    propositions: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one school expects on one topic: its top strategies and how strongly (0 to 3)."""

    school: str
    strategies: tuple[str, ...]
    families: tuple[str, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A strategy in the ranking: weighted support and the propositions for and against it."""

    strategy: str
    support: float
    pro: tuple[str, ...]
    contra: tuple[str, ...]


Label = Literal["agreed", "majority", "split", "one voice", "no verdict"]
Decision = Literal["predicted", "undecided", "not-enough-known"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the schools together expect of one state towards one threat, on one topic.

    ``share`` is the lead family's share of school support, never a probability; ``robust`` says
    whether the lead survives leaving out any one school.  ``families`` are shares by family, highest first.
    """

    state: str
    toward: str | None
    about: str
    decision: Decision
    label: Label
    family: str | None
    strategy: str | None
    share: float
    robust: bool
    families: tuple[tuple[str, float], ...]
    ranking: tuple[Standing, ...]
    voices: tuple[Voice, ...]
    arguments: tuple[Argument, ...]
    ruled_out: tuple[RuledOut, ...]
    defeats: tuple[Defeat, ...]
    disputes: tuple[Dispute, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the theory expects of one outcome: its leading value, or None where it is disputed.

    ``args`` is the state or ``system``; ``scores`` are weighted points by value.
    """

    outcome: str
    args: tuple[str, ...]
    value: str | None
    support: float
    scores: tuple[tuple[str, float], ...]
    pro: tuple[str, ...]
    contra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact whose answer would matter, worded, with why."""

    variable: str
    args: tuple[str, ...]
    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Advice:
    """The whole answer: a verdict for each state and topic, outcomes, cautions and what to ask next."""

    verdicts: tuple[Verdict, ...]
    prospects: tuple[Prospect, ...]
    cautions: tuple[str, ...]
    menu: tuple[str, ...]
    question: Question | None
    inference: Inference


# ---------------------------------------------------------------- cases


@dataclass(frozen=True, slots=True)
class Expectation:
    """What somebody expects of a state: a strategy, and others that would be ``acceptable``.

    A family without strategies may stand for one: that no resistance is expected.  ``missed`` is the reason why
    the theory is known to expect something else; it is empty where the theory should meet the expectation.
    """

    state: str
    toward: str | None
    strategy: str
    acceptable: tuple[str, ...] = ()
    missed: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeExpectation:
    """What somebody expects of an outcome; ``value`` is None where it should be disputed."""

    outcome: str
    args: tuple[str, ...]
    value: str | None
    missed: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One case: a situation in words, the facts in it as somebody codes them, and what is expected.

    ``tolerated`` is what a reader of the text may find as well.  ``nothing`` says that any predicted strategy is an
    error.  A case without ``text`` is not for reading, and one without ``facts`` or expectations only for asking.
    ``consultation`` holds the lines of the consultation in which the case came to be, if it did in one.
    """

    id: str
    title: str = ""
    text: str = ""
    facts: tuple[Observation, ...] = ()
    tolerated: tuple[Observation, ...] = ()
    expect: tuple[Expectation, ...] = ()
    expect_outcomes: tuple[OutcomeExpectation, ...] = ()
    nothing: bool = False
    source: str = ""
    coding: str = ""
    consultation: str = ""
