"""What the transcripts expect, and whether the theory meets it."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.evaluation import score_outcome, score_verdict
from advisor.situation import situation
from advisor.terms import SYSTEM, Advice, Expectation, Inference, OutcomeExpectation, Situation, Theory, Transcript
from advisor.verdict import judge

_MET = ("strict", "lenient")


@dataclass(frozen=True, slots=True)
class Case:
    """A transcript and the file it stands in."""

    transcript: Transcript
    path: str


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of a transcript: whether it is borne out, or for a known miss whether it is still missed."""

    case: str
    path: str
    expected: str
    grade: str
    passed: bool
    missed: bool = False


def coded(theory: Theory, case: Case) -> Situation:
    """Give the situation of a transcript's facts."""
    return situation(theory.vocabulary, case.transcript.facts)


def checks(theory: Theory, inference: Inference, case: Case) -> tuple[Check, ...]:
    """Hold a transcript's expectations against what the theory makes of its situation."""
    transcript = case.transcript
    found: list[Check] = []

    def note(expected: str, grade: str, missed: bool) -> None:
        passed = (grade in _MET) != missed
        found.append(Check(transcript.id, case.path, expected, grade, passed, missed))

    for each in transcript.expect:
        verdicts = _seen(theory, inference, each).verdicts
        note(_worded(each), score_verdict(theory.vocabulary, verdicts, each), bool(each.missed))
    if transcript.expect_outcomes:
        prospects = _seen(theory, inference, next(iter(transcript.expect), None)).prospects
        for outcome in transcript.expect_outcomes:
            note(_worded_outcome(outcome), score_outcome(prospects, outcome), bool(outcome.missed))
    if transcript.nothing:
        predicted = [each for each in judge(theory, inference).verdicts if each.decision == "predicted"]
        note("nothing", "wrong" if predicted else "strict", False)
    return tuple(found)


def _seen(theory: Theory, inference: Inference, expected: Expectation | None) -> Advice:
    """Judge as an expectation looks at the case."""
    if expected is None:
        return judge(theory, inference)
    return judge(theory, inference, focus=expected.state, toward=expected.toward)


def _worded(expected: Expectation) -> str:
    facing = f", facing {expected.toward}" if expected.toward else ""
    return f"{expected.state}{facing}: {'; or '.join((expected.strategy, *expected.acceptable))}"


def _worded_outcome(expected: OutcomeExpectation) -> str:
    of = f" of {expected.args[0]}" if expected.args != (SYSTEM,) else ""
    return f"Outcome: {expected.outcome.replace('_', ' ')}{of} {expected.value or 'disputed'}"
