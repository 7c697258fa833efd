"""How right the predicted strategies are: over all, by strategy and family, by label, and beside the baselines.

All figures are counted from kinds of expectations, so that a baseline, which gives one answer to everything, is
measured by the same rule as the advisor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from advisor.evaluation.intervals import Estimate, Sample, mean_of_shares, sample, share
from advisor.evaluation.judging import RIGHT, Told, family_of
from advisor.evaluation.scoring import score_answers
from advisor.terms import Decision, Expectation, Label, Theory, Vocabulary
from advisor.vocabulary import restraints, strategies


@dataclass(frozen=True, slots=True)
class Scores:
    """How right some answers are.  Of all expectations: strict, lenient (an acceptable strategy counts), the family.

    ``coverage`` is the share that was answered; the two figures after it are shares of the answers alone.  The last
    three are plain means over the strategies that are expected: of recall, of lenient recall and of F1.
    """

    strict: Estimate
    lenient: Estimate
    family: Estimate
    coverage: Estimate
    strict_answered: Estimate
    lenient_answered: Estimate
    macro_recall: Estimate
    macro_lenient: Estimate
    macro_f1: Estimate


@dataclass(frozen=True, slots=True)
class Baseline:
    """One strategy answered to everything: its scores, and by how much more the advisor is right (lenient).

    ``ids`` say how it was chosen: ``most-frequent``, ``always-resist``, or both where these come to the same.
    """

    ids: tuple[str, ...]
    strategy: str
    scores: Scores
    advantage: Estimate


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One strategy, or family: how often it is expected and predicted, and how right that is."""

    id: str
    expected: int
    predicted: int
    recall: Estimate
    lenient: Estimate
    precision: Estimate
    f1: Estimate


@dataclass(frozen=True, slots=True)
class LabelLine:
    """How right the answers of one label are; ``right`` is the lenient share of those that are answered."""

    label: str
    expectations: int
    strict: int
    lenient: int
    wrong: int
    unanswered: int
    right: Estimate


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each strategy (a row) was expected and each (a column) predicted; "" is no answer."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class StrategyFigures:
    """All figures about strategies; ``unanswered`` counts why there is no answer, by decision.

    ``robust`` has what was answered, apart by whether the lead is robust, as if that were a label.
    """

    cases: int
    expectations: int
    scores: Scores
    baselines: tuple[Baseline, ...]
    strategies: tuple[ClassLine, ...]
    families: tuple[ClassLine, ...]
    labels: tuple[LabelLine, ...]
    robust: tuple[LabelLine, ...]
    unanswered: tuple[tuple[str, int], ...]
    confusion: Confusion


def strategy_figures(theory: Theory, cases: Counter[tuple[Told, ...]], *, resamples: int) -> StrategyFigures:
    """Work out all figures about strategies from how many cases there are of each kind."""
    columns = sorted({told for case in cases for told in case})
    place = {told: number for number, told in enumerate(columns)}
    rows: Counter[tuple[float, ...]] = Counter()
    for case, count in cases.items():
        row = [0.0] * len(columns)
        for told in case:
            row[place[told]] += 1
        rows[tuple(row)] += count
    drawn = sample(rows.items(), len(columns), resamples=resamples)
    whole = {told: int(number) for told, number in zip(columns, drawn.whole, strict=True)}
    return StrategyFigures(
        cases=sum(cases.values()),
        expectations=sum(whole.values()),
        scores=_scores(theory, columns, drawn),
        baselines=tuple(_baselines(theory, columns, drawn, whole)),
        strategies=_classes(columns, drawn, whole, lambda strategy: strategy, strategies(theory.vocabulary)),
        families=_classes(
            columns, drawn, whole, lambda id_: family_of(theory, id_), [f.id for f in theory.vocabulary.families]
        ),
        labels=tuple(_labels(columns, drawn, whole, (*get_args(Label), ""), lambda told: told.label)),
        robust=tuple(_labels(columns, drawn, whole, ROBUST, _robust)),
        unanswered=_unanswered(whole),
        confusion=_confusion(theory, whole),
    )


# ---------------------------------------------------------------- scores


def _marks(columns: Iterable[Told], is_so: Callable[[Told], bool]) -> list[float]:
    return [float(is_so(told)) for told in columns]


def _answered(told: Told) -> bool:
    return told.grade != "no answer"


def _scores(theory: Theory, columns: list[Told], drawn: Sample) -> Scores:
    """Score the answers of some kinds of expectations."""
    every = [1.0] * len(columns)
    strict = _marks(columns, lambda told: told.grade == "strict")
    lenient = _marks(columns, lambda told: told.grade in RIGHT)
    answered = _marks(columns, _answered)
    family = _marks(columns, lambda told: _family(theory, told.answer) == _family(theory, told.expected))
    classes = sorted({told.expected for told in columns})
    wanted = {id_: [float(told.expected == id_) for told in columns] for id_ in classes}
    given = {id_: [float(told.answer == id_) for told in columns] for id_ in classes}

    def both(one: list[float], other: list[float]) -> list[float]:
        return [a * b for a, b in zip(one, other, strict=True)]

    def plus(one: list[float], other: list[float]) -> list[float]:
        return [a + b for a, b in zip(one, other, strict=True)]

    return Scores(
        strict=share(drawn, strict, every),
        lenient=share(drawn, lenient, every),
        family=share(drawn, family, every),
        coverage=share(drawn, answered, every),
        strict_answered=share(drawn, strict, answered),
        lenient_answered=share(drawn, lenient, answered),
        macro_recall=mean_of_shares(drawn, [(both(strict, wanted[id_]), wanted[id_]) for id_ in classes]),
        macro_lenient=mean_of_shares(drawn, [(both(lenient, wanted[id_]), wanted[id_]) for id_ in classes]),
        # 2 TP / (2 TP + FP + FN): what is expected and what is predicted of a class, together.
        macro_f1=mean_of_shares(
            drawn,
            [([2 * hit for hit in both(strict, wanted[id_])], plus(wanted[id_], given[id_])) for id_ in classes],
        ),
    )


def _family(theory: Theory, strategy: str) -> str | None:
    return family_of(theory, strategy) if strategy else None


def _classes(
    columns: list[Told], drawn: Sample, whole: Mapping[Told, int], kind: Callable[[str], str], order: Iterable[str]
) -> tuple[ClassLine, ...]:
    """Give a line for every class of strategies that is expected or predicted, in the order of the vocabulary."""
    there = {kind(id_) for told in columns for id_ in (told.expected, told.answer) if id_}
    ranks = {id_: number for number, id_ in enumerate(order)}
    lines = []
    for id_ in sorted(there, key=lambda each: (ranks.get(each, len(ranks)), each)):
        wanted = _marks(columns, lambda told: kind(told.expected) == id_)  # noqa: B023 - used at once
        given = _marks(columns, lambda told: bool(told.answer) and kind(told.answer) == id_)  # noqa: B023
        hits = [w * g for w, g in zip(wanted, given, strict=True)]
        lenient = [w * (told.grade in RIGHT) for w, told in zip(wanted, columns, strict=True)]
        lines.append(
            ClassLine(
                id_,
                sum(n for n, w in zip(whole.values(), wanted, strict=True) if w),
                sum(n for n, g in zip(whole.values(), given, strict=True) if g),
                share(drawn, hits, wanted),
                share(drawn, lenient, wanted),
                share(drawn, hits, given),
                share(drawn, [2 * hit for hit in hits], [w + g for w, g in zip(wanted, given, strict=True)]),
            )
        )
    return tuple(lines)


# ---------------------------------------------------------------- labels, confusion, what is not answered


ROBUST = ("robust", "not robust")
"""What an answer is whose lead survives leaving out any one school, and what it is else."""


def _robust(told: Told) -> str:
    """Say whether the lead of an answer is robust; what is not answered has none."""
    return ROBUST[not told.robust] if _answered(told) else "unanswered"


def _labels(
    columns: list[Told],
    drawn: Sample,
    whole: Mapping[Told, int],
    labels: Iterable[str],
    label_of: Callable[[Told], str],
) -> Iterable[LabelLine]:
    """Give a line for every label that there is, in the order given."""
    found = {label_of(told) for told in columns}
    for label in [each for each in labels if each in found]:
        grades = Counter[str]()
        for told, count in whole.items():
            if label_of(told) == label:
                grades[told.grade] += count
        yield LabelLine(
            label,
            sum(grades.values()),
            grades["strict"],
            grades["lenient"],
            grades["wrong"],
            grades["no answer"],
            share(
                drawn,
                [float(label_of(told) == label and told.grade in RIGHT) for told in columns],
                [float(label_of(told) == label and _answered(told)) for told in columns],
            ),
        )


def _unanswered(whole: Mapping[Told, int]) -> tuple[tuple[str, int], ...]:
    """Count why expectations were not answered, by the decision of the verdict; "" is no verdict at all."""
    counted = Counter[str]()
    for told, count in whole.items():
        if not _answered(told):
            counted[told.decision] += count
    return tuple((decision, counted[decision]) for decision in (*get_args(Decision), "") if counted[decision])


def _confusion(theory: Theory, whole: Mapping[Told, int]) -> Confusion:
    """Count what was expected against what was predicted."""
    order = [*strategies(theory.vocabulary), *restraints(theory.vocabulary)]
    rows = [id_ for id_ in order if any(told.expected == id_ for told in whole)]
    columns = [id_ for id_ in (*order, "") if any(told.answer == id_ for told in whole)]
    counted = Counter[tuple[str, str]]()
    for told, count in whole.items():
        counted[told.expected, told.answer] += count
    cells = tuple(tuple(counted[row, column] for column in columns) for row in rows)
    return Confusion(tuple(rows), tuple(columns), cells)


# ---------------------------------------------------------------- baselines


def _baselines(theory: Theory, columns: list[Told], drawn: Sample, whole: Mapping[Told, int]) -> Iterable[Baseline]:
    """Measure the strategy expected most often, and the way to resist that is expected most often.

    Both are chosen once, from all cases, and not again in each sample.
    """
    if not columns:
        return
    words = theory.vocabulary
    expected = Counter[str]()
    for told, count in whole.items():
        expected[told.expected] += count
    order = [*strategies(words), *restraints(words)]
    chosen = {max(order, key=lambda id_: (expected[id_], -order.index(id_))): ["most-frequent"]}
    resisting = [form for each in words.families if each.rejects for form in strategies(words)[each.rejects].forms]
    if resisting:
        usual = max(resisting, key=lambda id_: (expected[id_], -order.index(id_)))
        chosen.setdefault(usual, []).append("always-resist")
    for strategy, ids in chosen.items():
        answered = [answered_always(words, told, strategy) for told in columns]
        more = [
            float(ours.grade in RIGHT) - float(theirs.grade in RIGHT)
            for ours, theirs in zip(columns, answered, strict=True)
        ]
        advantage = share(drawn, more, [1.0] * len(columns))
        yield Baseline(tuple(ids), strategy, _scores(theory, answered, drawn), advantage)


def answered_always(vocabulary: Vocabulary, told: Told, strategy: str) -> Told:
    """Give an expectation as it comes out where one strategy is the answer to everything on its topic."""
    topic = {**strategies(vocabulary), **restraints(vocabulary)}[strategy].question
    expected = Expectation("", None, told.expected, told.acceptable)
    grade = score_answers(vocabulary, {topic: strategy}, expected)
    return replace(told, answer="" if grade == "no answer" else strategy, decision="predicted", label="", grade=grade)
