"""Which theory some cases support: how often each school, and each proposition, was right by itself.

To be right often is easy where most cases go one way.  So each record stands beside its *base rate*: how often the same
claim would be right if it were made in every case that it can be compared with.  The *lift* is the number of claims
that were right over the number expected at the base rate: 1 is no better than the claim made blindly, 2 twice as good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from advisor.evaluation.claims import outcome_claim_right, strategy_claim_right
from advisor.evaluation.intervals import Estimate, sample, share
from advisor.evaluation.judging import RIGHT, OutcomeTold, Told
from advisor.evaluation.strategies import answered_always
from advisor.evaluation.tallying import Tally
from advisor.terms import SYSTEM, Conclusion, Expectation, OutcomeClaim, OutcomeExpectation, StrategyClaim, Theory
from advisor.vocabulary import restraints, strategies

Kind = TypeVar("Kind", bound=Hashable)


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """What a school's own first expectation was worth, over the expectations on which it spoke.

    ``spoke`` and ``silent`` count expectations; ``base`` is how often its answers are right when given blindly.
    """

    id: str
    name: str
    spoke: int
    silent: int
    strict: Estimate
    right: Estimate
    base: float | None
    lift: Estimate


@dataclass(frozen=True, slots=True)
class PropositionLine:
    """The record of a proposition: in how many cases it applied, and of its claims that can be compared, what is right.

    ``silenced`` counts the cases in which a more specific proposition silences it in some verdict, ``disputed`` those
    in which it spoke beside one that it disputes.
    """

    id: str
    title: str
    school: str
    fired: int
    silenced: int
    disputed: int
    right: int
    wrong: int
    share: Estimate
    base: float | None
    lift: Estimate


def school_lines(theory: Theory, tally: Tally, *, resamples: int) -> tuple[SchoolLine, ...]:
    """Give the record of every school of the theory that spoke anywhere, in the theory's order."""
    told = _times(tally.strategies)
    expectations = sum(told.values())
    words = theory.vocabulary

    @cache
    def base(answer: str) -> float:
        there = {each: n for each, n in told.items() if _topic(theory, answer) in _topics(theory, each)}
        right = sum(n for each, n in there.items() if answered_always(words, each, answer).grade in RIGHT)
        return right / sum(there.values()) if there else 0.0

    lines = []
    for school in theory.schools:
        cases = tally.schools.get(school.id)
        if not cases:
            continue
        rows: Counter[tuple[float, ...]] = Counter()
        for said, count in cases.items():
            right, strict = sum(g in RIGHT for _, g in said), sum(g == "strict" for _, g in said)
            rows[len(said), strict, right, round(sum(base(answer) for answer, _ in said), 9)] += count
        drawn = sample(rows.items(), 4, resamples=resamples)
        spoke, _, _, by_chance = drawn.whole
        lines.append(
            SchoolLine(
                school.id,
                school.name,
                int(spoke),
                expectations - int(spoke),
                share(drawn, (0, 1, 0, 0), (1, 0, 0, 0)),
                share(drawn, (0, 0, 1, 0), (1, 0, 0, 0)),
                float(by_chance / spoke),
                share(drawn, (0, 0, 1, 0), (0, 0, 0, 1)),
            )
        )
    return tuple(lines)


def proposition_lines(theory: Theory, tally: Tally, *, resamples: int) -> tuple[PropositionLine, ...]:
    """Give the record of every proposition that applied anywhere, in the theory's order."""
    told, outcomes = _times(tally.strategies), _times(tally.outcomes)

    @cache
    def base(claim: Conclusion) -> float:
        if isinstance(claim, StrategyClaim):
            return _rate(told, lambda each: strategy_claim_right(theory.vocabulary, claim, _expectation(each)))
        if isinstance(claim, OutcomeClaim):
            return _rate(outcomes, lambda each: outcome_claim_right(claim, _outcome(each)))
        return 0.0

    lines = []
    for proposition in theory.propositions:
        record = tally.propositions.get(proposition.id)
        if record is None:
            continue
        rows: Counter[tuple[float, ...]] = Counter()
        for compared, count in record.claims.items():
            by_chance = sum(base(proposition.conclusions[place]) for place, _ in compared)
            rows[len(compared), sum(right for _, right in compared), round(by_chance, 9)] += count
        drawn = sample(rows.items(), 3, resamples=resamples)
        number, right, expected = drawn.whole
        lines.append(
            PropositionLine(
                proposition.id,
                proposition.title,
                proposition.school,
                record.fired,
                record.silenced,
                record.disputed,
                int(right),
                int(number - right),
                share(drawn, (0, 1, 0), (1, 0, 0)),
                float(expected / number) if number else None,
                share(drawn, (0, 1, 0), (0, 0, 1)),
            )
        )
    return tuple(lines)


def _times(cases: Mapping[tuple[Kind, ...], int]) -> Counter[Kind]:
    """Count how often each kind of expectation occurs in all cases."""
    times: Counter[Kind] = Counter()
    for case, count in cases.items():
        for told in case:
            times[told] += count
    return times


def _rate(times: Mapping[Kind, int], right: Callable[[Kind], bool | None]) -> float:
    """Give the share that is right of all that can be compared."""
    grades = [(right(each), count) for each, count in times.items()]
    compared = sum(count for grade, count in grades if grade is not None)
    return sum(count for grade, count in grades if grade) / compared if compared else 0.0


def _expectation(told: Told) -> Expectation:
    return Expectation("", None, told.expected, told.acceptable)


def _outcome(told: OutcomeTold) -> OutcomeExpectation:
    return OutcomeExpectation(told.outcome, (SYSTEM,), told.expected or None)


def _topic(theory: Theory, strategy: str) -> str:
    return {**strategies(theory.vocabulary), **restraints(theory.vocabulary)}[strategy].question


def _topics(theory: Theory, told: Told) -> Iterable[str]:
    return {_topic(theory, each) for each in (told.expected, *told.acceptable)}
