"""The summary of an evaluation: every figure with its interval, its denominator and the baselines beside it.

What each figure means is written in ``templates/evaluation/figures.jinja``, from which all reports take their words.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.evaluation.intervals import RESAMPLES, Estimate, Sample, sample, share
from advisor.evaluation.judging import OutcomeTold
from advisor.evaluation.scoring import Counts
from advisor.evaluation.strategies import StrategyFigures, strategy_figures
from advisor.evaluation.supporting import PropositionLine, SchoolLine, proposition_lines, school_lines
from advisor.evaluation.tallying import Tally
from advisor.terms import Theory
from advisor.vocabulary import outcomes

SCHEMA = "advisor.summary/1"


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """How right the reader is: precision, recall and F1 plainly, and with the stance; then the ways it goes wrong.

    These are shares of all facts that were found: ``polarity``, the contrary is told; ``reversed``, it is told the
    other way round; ``stance``, only with another stance; ``taken_for_fact``, of these what was taken for a fact.
    """

    texts: int
    facts: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    strict_precision: Estimate
    strict_recall: Estimate
    strict_f1: Estimate
    polarity: Estimate
    reversed: Estimate
    stance: Estimate
    taken_for_fact: Estimate
    variables: tuple[VariableLine, ...]


@dataclass(frozen=True, slots=True)
class VariableLine:
    """How right the reader is about one variable; without intervals, for most are rare."""

    id: str
    matched: int
    missed: int
    wrong: int


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome of the system: how often something is expected of it, and how that came out."""

    id: str
    expected: int
    right: int
    wrong: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class OutcomeFigures:
    """How right the prospects of outcomes are; the baseline answers with each outcome's commonest expected value."""

    cases: int
    expectations: int
    right: Estimate
    coverage: Estimate
    right_answered: Estimate
    baseline: Estimate
    advantage: Estimate
    outcomes: tuple[OutcomeLine, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of an evaluation; a part is None where no case has anything to measure it by.

    ``errors`` and ``grades`` count cases, by the kind of error and by their worst grade; ``traps`` is the share of the
    traps in which something was predicted.  ``known_misses`` counts the expectations of states that are not right, and
    of which the case says why.
    """

    cases: int
    words: int
    errors: tuple[tuple[str, int], ...]
    grades: tuple[tuple[str, int], ...]
    strategies: StrategyFigures | None
    outcomes: OutcomeFigures | None
    reading: ReadingFigures | None
    traps: Estimate | None
    schools: tuple[SchoolLine, ...]
    propositions: tuple[PropositionLine, ...]
    known_misses: int = 0

    @property
    def failed(self) -> int:
        """How many cases ended in an error."""
        return sum(count for _, count in self.errors)


def summarise(theory: Theory, tally: Tally, *, resamples: int = RESAMPLES) -> Summary:
    """Work out every figure from a tally; the theory names what is counted."""
    return Summary(
        tally.cases,
        tally.words,
        tuple(sorted(tally.errors.items())),
        tuple(sorted(tally.grades.items())),
        strategy_figures(theory, tally.strategies, resamples=resamples) if tally.strategies else None,
        _outcomes(theory, tally.outcomes, resamples) if tally.outcomes else None,
        _reading(tally, resamples) if tally.plain else None,
        _traps(tally.traps, resamples) if tally.traps else None,
        school_lines(theory, tally, resamples=resamples),
        proposition_lines(theory, tally, resamples=resamples),
        tally.known,
    )


def as_json(summary: Summary) -> dict[str, Any]:
    """Give a summary as an object of plain values; figures have six decimals, and none is not a number."""
    return {"schema": SCHEMA, **plain(summary)}


def plain(value: Any) -> Any:
    """Give figures as an object of plain values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value


# ---------------------------------------------------------------- readings


def _reading(tally: Tally, resamples: int) -> ReadingFigures:
    """Measure what was read, text by text."""
    plain, strict = _drawn(tally.plain, resamples), _drawn(tally.strict, resamples)
    slips = sample(tally.slips.items(), 5, resamples=resamples)
    found, hits = (1, 0, 0, 0, 0), (1, 0, 0)
    return ReadingFigures(
        texts=sum(tally.plain.values()),
        facts=int(plain.whole[0] + plain.whole[1]),
        precision=share(plain, hits, (1, 0, 1)),
        recall=share(plain, hits, (1, 1, 0)),
        f1=share(plain, (2, 0, 0), (2, 1, 1)),
        strict_precision=share(strict, hits, (1, 0, 1)),
        strict_recall=share(strict, hits, (1, 1, 0)),
        strict_f1=share(strict, (2, 0, 0), (2, 1, 1)),
        polarity=share(slips, (0, 1, 0, 0, 0), found),
        reversed=share(slips, (0, 0, 1, 0, 0), found),
        stance=share(slips, (0, 0, 0, 1, 0), found),
        taken_for_fact=share(slips, (0, 0, 0, 0, 1), found),
        variables=tuple(
            VariableLine(id_, each.matched, each.missed, each.wrong)
            for id_, each in sorted(
                tally.variables.items(), key=lambda item: (-item[1].matched - item[1].missed, item[0])
            )
        ),
    )


def _drawn(texts: Mapping[Counts, int], resamples: int) -> Sample:
    rows = (((each.matched, each.missed, each.wrong), count) for each, count in texts.items())
    return sample(rows, 3, resamples=resamples)


# ---------------------------------------------------------------- outcomes and traps


def _outcomes(theory: Theory, cases: Counter[tuple[OutcomeTold, ...]], resamples: int) -> OutcomeFigures:
    """Measure the prospects of outcomes."""
    told = [(each, count) for case, count in cases.items() for each in case]
    values: dict[str, Counter[str]] = {}
    grades: dict[str, Counter[str]] = {}
    for each, count in told:
        values.setdefault(each.outcome, Counter())[each.expected] += count
        grades.setdefault(each.outcome, Counter())[each.grade] += count
    order = {id_: (*dict(outcome.values), "") for id_, outcome in outcomes(theory.vocabulary).items()}
    usual = {
        id_: max(order[id_], key=lambda value: (counted[value], -order[id_].index(value)))
        for id_, counted in values.items()
    }
    rows: Counter[tuple[float, ...]] = Counter()
    for case, count in cases.items():
        right, answered = sum(e.grade == "strict" for e in case), sum(e.grade != "no answer" for e in case)
        blind = sum(each.expected == usual[each.outcome] for each in case)
        rows[len(case), right, answered, blind] += count
    drawn = sample(rows.items(), 4, resamples=resamples)
    every = (1, 0, 0, 0)
    lines = tuple(
        OutcomeLine(
            id_, sum(grades[id_].values()), grades[id_]["strict"], grades[id_]["wrong"], grades[id_]["no answer"]
        )
        for id_ in order
        if id_ in grades
    )
    return OutcomeFigures(
        sum(cases.values()),
        int(drawn.whole[0]),
        share(drawn, (0, 1, 0, 0), every),
        share(drawn, (0, 0, 1, 0), every),
        share(drawn, (0, 1, 0, 0), (0, 0, 1, 0)),
        share(drawn, (0, 0, 0, 1), every),
        share(drawn, (0, 1, 0, -1), every),
        lines,
    )


def _traps(traps: Counter[bool], resamples: int) -> Estimate:
    drawn = sample((((float(fallen), 1.0), n) for fallen, n in traps.items()), 2, resamples=resamples)
    return share(drawn, (1, 0), (0, 1))
