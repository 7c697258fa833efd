"""What in the record of a case is right, right by a wider measure, wrong, or left unanswered.

The unit is the *expectation*: what somebody expects of one state, facing one threat or none named, on one topic.  A
record that holds an error is not judged at all; neither is what nobody has an expectation about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from advisor.consequences import Consequence, load_consequences
from advisor.evaluation.claims import (
    outcome_claim_meets,
    outcome_claim_right,
    strategy_claim_meets,
    strategy_claim_right,
)
from advisor.evaluation.scoring import (
    Counts,
    Grade,
    Naming,
    by_variable,
    case_of,
    graded_topic,
    name_matcher,
    score_reading,
)
from advisor.terms import SYSTEM, Expectation, OutcomeClaim, Proposition, StrategyClaim, Theory, Transcript
from advisor.theory import proposition_by_id
from advisor.vocabulary import restraints, strategies

RIGHT: tuple[Grade, ...] = ("strict", "lenient")
"""The grades that count as right by the wider measure."""


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """The kind of one expectation and of the answer to it, which all figures about strategies are counted from.

    ``expected`` and ``acceptable`` are ids of strategies, as is ``answer``, which is empty where there is none.
    ``decision`` and ``label`` are those of the verdict on the topic, both empty where there is none; ``robust`` says
    whether its lead survives leaving out any one school.
    """

    expected: str
    acceptable: tuple[str, ...]
    answer: str
    decision: str
    label: str
    robust: bool
    grade: Grade


@dataclass(frozen=True, slots=True, order=True)
class Ruling:
    """One expectation of a case, with whom it is about, and what each school expected there.

    ``schools`` has a triple for every school that spoke: its id, its first expectation, and the grade of that.
    ``verdict`` is the place, among the verdicts of the record, of the one that answers it, None where there is none.
    """

    state: str
    toward: str
    told: Told
    verdict: int | None
    schools: tuple[tuple[str, str, Grade], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class OutcomeTold:
    """One expectation of an outcome and the answer; a value is empty where the outcome is, or should be, disputed."""

    outcome: str
    expected: str
    answer: str
    grade: Grade


@dataclass(frozen=True, slots=True, order=True)
class ClaimTold:
    """One conclusion of a proposition, by its place among them, that could be compared, and whether it was right."""

    proposition: str
    conclusion: int
    right: bool


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """How the reading of one text compares with the facts that somebody has written down."""

    plain: Counts
    strict: Counts
    polarity: int
    reversed: int
    stance: int
    taken_for_fact: int
    variables: tuple[tuple[str, Counts], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """All that can be said of one record.

    ``error`` is the kind of what went wrong, and everything else is then empty.  ``trap`` is None where the case is no
    trap, and else whether something was predicted there.  ``fired`` are the propositions that applied, ``silenced``
    those that a more specific one silences in some verdict, and ``disputed`` those that spoke beside one they dispute.
    ``known`` counts the expectations of states that are not met and known to be missed.
    """

    id: str
    error: str = ""
    words: int = 0
    rulings: tuple[Ruling, ...] = ()
    outcomes: tuple[OutcomeTold, ...] = ()
    trap: bool | None = None
    reading: ReadCounts | None = None
    fired: tuple[str, ...] = ()
    silenced: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    claims: tuple[ClaimTold, ...] = ()
    known: int = 0

    @property
    def grade(self) -> str:
        """The worst grade of the case; ``failed`` or ``none expected`` where there is no grade.

        Outcomes count where a case expects nothing else.
        """
        if self.error:
            return "failed"
        grades: list[str] = [ruling.told.grade for ruling in self.rulings]
        grades += [] if self.trap is None else ["wrong" if self.trap else "strict"]
        grades = grades or [outcome.grade for outcome in self.outcomes]
        return min(grades, key=_WORST.index) if grades else "none expected"


_WORST: tuple[str, ...] = ("wrong", "no answer", "lenient", "strict")


@dataclass(frozen=True, slots=True, repr=False)
class Yardstick:
    """What records are measured with: a theory, what facts imply, and what makes one name of a state's several."""

    theory: Theory
    propositions: Mapping[str, Proposition]
    consequences: tuple[Consequence, ...] = ()
    name: Naming = str


def yardstick(theory: Theory, rules: Path | None = None) -> Yardstick:
    """Give what records are measured with, by the lists in a rules folder; without one, names are taken as they are."""
    known = proposition_by_id(theory)
    if rules is None:
        return Yardstick(theory, known)
    # The same few names come again and again, and to find which state one means takes long.
    name = lru_cache(maxsize=10_000)(name_matcher(rules))
    return Yardstick(theory, known, load_consequences(theory.vocabulary, rules)[0], name)


def judged(yardstick: Yardstick, record: Mapping[str, Any]) -> Judged:
    """Judge one record.

    Raises ValueError, naming the case, where the vocabulary lacks a word of what is expected or a key is missing.
    """
    id_ = str(record.get("id", "?"))
    words = int(record.get("words") or 0)
    if record.get("error"):
        return Judged(id_, str(record["error"].get("kind", "error")), words)
    case = expected_in(yardstick.theory, record)
    fired, silenced, disputed = _applied(yardstick, record)
    rulings = tuple(_ruling(yardstick, record, each) for each in case.expect)
    unmet = [ruling.told.grade not in RIGHT for ruling in rulings]
    return Judged(
        id_,
        "",
        words,
        rulings,
        _outcomes(record, case, yardstick.name),
        any(v["decision"] == "predicted" for v in record.get("verdicts", ())) if case.nothing else None,
        _read_counts(yardstick, record, case),
        fired,
        silenced,
        disputed,
        tuple(sorted(_claims(yardstick, record, case))),
        sum(missed and bool(each.missed) for missed, each in zip(unmet, case.expect, strict=True)),
    )


def expected_in(theory: Theory, record: Mapping[str, Any]) -> Transcript:
    """Give what is expected in a record, and the facts that its text states, as a case."""
    gold = record.get("gold") or ()
    return case_of(theory.vocabulary, {**record, "text": "", "facts": gold})


# ---------------------------------------------------------------- strategies


def _ruling(yardstick: Yardstick, record: Mapping[str, Any], expected: Expectation) -> Ruling:
    """Compare what is expected of a state with the verdicts on it, and with what each school says there."""
    theory = yardstick.theory
    listed = record.get("verdicts", ())
    places = _heard(listed, expected, yardstick.name)
    verdicts = {topic: listed[place] for topic, place in places.items()}
    answers = {topic: _answer(verdict) for topic, verdict in verdicts.items()}
    grade, topic = graded_topic(theory.vocabulary, answers, expected)
    verdict = verdicts.get(topic)
    told = Told(
        expected.strategy,
        tuple(sorted(expected.acceptable)),
        answers.get(topic) or "",
        str(verdict["decision"]) if verdict else "",
        str(verdict["label"]) if verdict else "",
        bool(verdict and verdict["robust"]),
        grade,
    )
    schools = tuple(_schools(theory, verdicts, expected))
    return Ruling(expected.state, expected.toward or "", told, places.get(topic), schools)


def _heard(verdicts: Sequence[Mapping[str, Any]], expected: Expectation, name: Naming) -> dict[str, int]:
    """Give, by topic, the place of the first verdict on the state and the threat that an expectation is about.

    A verdict that faces that very threat comes before one that faces none.
    """
    found: dict[str, int] = {}
    of = [place for place, each in enumerate(verdicts) if name(each["state"]) == name(expected.state)]
    if expected.toward is not None:
        facing = [verdicts[place].get("toward") for place in of]
        very = [
            place for place, toward in zip(of, facing, strict=True) if toward and name(toward) == name(expected.toward)
        ]
        of = very + [place for place, toward in zip(of, facing, strict=True) if not toward]
    for place in of:
        found.setdefault(verdicts[place]["about"], place)
    return found


def _answer(verdict: Mapping[str, Any]) -> str | None:
    return (verdict["strategy"] or verdict["family"]) if verdict["decision"] == "predicted" else None


def _schools(
    theory: Theory, verdicts: Mapping[str, Mapping[str, Any]], expected: Expectation
) -> Iterable[tuple[str, str, Grade]]:
    """Grade what each school expects by itself; one that only speaks against a strategy expects none of its kind."""
    said: dict[str, dict[str, str | None]] = {}
    for topic, verdict in verdicts.items():
        against = next((id_ for id_, each in restraints(theory.vocabulary).items() if each.question == topic), None)
        for voice in verdict["schools"]:
            said.setdefault(voice["school"], {})[topic] = voice["strategy"] or against
    for school, answers in sorted(said.items()):
        grade, topic = graded_topic(theory.vocabulary, answers, expected)
        answer = answers.get(topic)
        if answer is not None:
            # A school that expects no resistance has spoken, unlike an overall verdict of that kind.
            yield school, answer, "wrong" if grade == "no answer" else grade


def family_of(theory: Theory, strategy: str) -> str:
    """Give the family of a strategy; one without strategies is its own."""
    known = strategies(theory.vocabulary)
    return known[strategy].family if strategy in known else strategy


# ---------------------------------------------------------------- outcomes


def _outcomes(record: Mapping[str, Any], case: Transcript, name: Naming) -> tuple[OutcomeTold, ...]:
    """Compare what is expected of outcomes with what was judged of them."""
    found = {
        (each["outcome"], tuple(name(arg) for arg in each["args"] or (SYSTEM,))): each["value"]
        for each in reversed(record.get("outcomes", ()))
    }
    told = []
    for each in case.expect_outcomes:
        about = (each.outcome, tuple(name(arg) for arg in each.args))
        grade: Grade = "no answer"
        if about in found:
            grade = "strict" if found[about] == each.value else "wrong"
        told.append(OutcomeTold(each.outcome, each.value or "", found.get(about) or "", grade))
    return tuple(told)


# ---------------------------------------------------------------- readings


def _read_counts(yardstick: Yardstick, record: Mapping[str, Any], case: Transcript) -> ReadCounts | None:
    """Score what was read of a text, where it has been read and its facts are known."""
    if not record.get("gold"):
        return None
    words = yardstick.theory.vocabulary
    found = case_of(words, {"id": case.id, "text": "", "facts": record.get("observations", ())}).facts
    past = [bool(each.get("past")) for each in record.get("observations", ())]
    now = [each for each, over in zip(found, past, strict=True) if not over]
    score = score_reading(words, yardstick.consequences, now, case.facts, case.tolerated, name=yardstick.name)
    return ReadCounts(
        score.plain.counts,
        score.strict.counts,
        len(score.polarity),
        len(score.reversed),
        len(score.stance),
        len(score.taken_for_fact),
        tuple(by_variable([score.plain]).items()),
    )


# ---------------------------------------------------------------- propositions


def _applied(yardstick: Yardstick, record: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Give the propositions that fired in a case, that some verdict silenced, and that spoke beside a disputed one."""
    verdicts = record.get("verdicts", ())
    fired = {each["proposition"] for each in record.get("arguments", ())}
    silenced = {defeat["proposition"] for verdict in verdicts for defeat in verdict.get("defeats", ())}
    disputed = {id_ for verdict in verdicts for pair in verdict.get("disputes", ()) for id_ in pair}
    known = yardstick.propositions.keys()
    return tuple(tuple(sorted(each & known)) for each in (fired, silenced, disputed))


def _claims(yardstick: Yardstick, record: Mapping[str, Any], case: Transcript) -> Iterable[ClaimTold]:
    """Grade every claim that was made and can be compared, once for each expectation that it can be compared with."""
    silenced = [_silenced(record.get("verdicts", ()), each, yardstick.name) for each in case.expect]
    seen: set[tuple[str, int, int]] = set()
    for argument in record.get("arguments", ()):
        proposition = yardstick.propositions.get(argument["proposition"])
        if proposition is None:
            continue
        for place, which, right in _compared(yardstick, proposition, argument["bindings"], case):
            quiet = which < len(silenced) and proposition.id in silenced[which]
            if not quiet and (proposition.id, place, which) not in seen:
                seen.add((proposition.id, place, which))
                yield ClaimTold(proposition.id, place, right)


def _silenced(verdicts: Sequence[Mapping[str, Any]], expected: Expectation, name: Naming) -> set[str]:
    """Give the propositions that a more specific one silences in the verdicts that an expectation is about."""
    heard = _heard(verdicts, expected, name).values()
    return {defeat["proposition"] for place in heard for defeat in verdicts[place].get("defeats", ())}


def _compared(
    yardstick: Yardstick, proposition: Proposition, roles: Mapping[str, str], case: Transcript
) -> Iterable[tuple[int, int, bool]]:
    """Give the place of each claim and of each expectation that can be compared, and whether the claim was right."""
    words, name = yardstick.theory.vocabulary, yardstick.name
    for place, claim in enumerate(proposition.conclusions):
        if isinstance(claim, StrategyClaim):
            for which, expected in enumerate(case.expect):
                if strategy_claim_meets(words, claim, roles, expected, name=name):
                    right = strategy_claim_right(words, claim, expected)
                    if right is not None:
                        yield place, which, right
        elif isinstance(claim, OutcomeClaim):
            for which, outcome in enumerate(case.expect_outcomes, len(case.expect)):
                if outcome_claim_meets(claim, roles, outcome, name=name):
                    yield place, which, bool(outcome_claim_right(claim, outcome))
