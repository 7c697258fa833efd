"""One pass over records of any number: how many cases went how, and nothing else, so that memory stays flat.

Cases that went alike are counted together.  What is kept grows with the number of *different* cases, not with their
number; and since an interval by the bootstrap over cases needs no more than how often each kind of case occurs, every
figure with its interval follows from a tally, whatever the order of the cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from advisor.evaluation.judging import ClaimTold, Judged, OutcomeTold, ReadCounts, Told
from advisor.evaluation.scoring import Counts, Grade

Slips = tuple[int, int, int, int, int]
"""Of one text: the facts found; of these, with the contrary told, turned round, of another stance, taken for a fact."""


@dataclass(frozen=True, slots=True)
class Record:
    """One proposition over all cases: in how many it spoke, was silenced, or spoke beside one that it disputes.

    ``claims`` counts cases by what was compared in them: the place of each conclusion and whether it was right.
    """

    fired: int
    silenced: int
    disputed: int
    claims: Counter[tuple[tuple[int, bool], ...]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases went how: each counter counts cases by all that a figure depends on.

    ``strategies`` and ``outcomes`` hold the expectations of a case, sorted, for the cases that have some; ``schools``,
    by school, what it said and the grade, for the cases in which it spoke.  ``traps`` counts traps by whether something
    was predicted.  ``plain`` and ``strict`` count texts by how many of their facts were found, missed and made up, and
    ``slips`` by how many were found at all, and how many of these went wrong in each way.  ``known`` counts the misses
    that are known.
    """

    cases: int = 0
    words: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)
    traps: Counter[bool] = field(default_factory=Counter)
    strategies: Counter[tuple[Told, ...]] = field(default_factory=Counter)
    outcomes: Counter[tuple[OutcomeTold, ...]] = field(default_factory=Counter)
    schools: dict[str, Counter[tuple[tuple[str, Grade], ...]]] = field(default_factory=dict)
    plain: Counter[Counts] = field(default_factory=Counter)
    strict: Counter[Counts] = field(default_factory=Counter)
    slips: Counter[Slips] = field(default_factory=Counter)
    variables: dict[str, Counts] = field(default_factory=dict)
    propositions: dict[str, Record] = field(default_factory=dict)
    known: int = 0


def tally(cases: Iterable[Judged]) -> Tally:
    """Count judged cases, each once, as they come."""
    number = words = known = 0
    whole = Tally()
    fired, silenced, disputed = Counter[str](), Counter[str](), Counter[str]()
    claims: dict[str, Counter[tuple[tuple[int, bool], ...]]] = {}
    for case in cases:
        number, words = number + 1, words + case.words
        whole.grades[case.grade] += 1
        if case.error:
            whole.errors[case.error] += 1
            continue
        if case.trap is not None:
            whole.traps[case.trap] += 1
        if case.rulings:
            whole.strategies[tuple(sorted(ruling.told for ruling in case.rulings))] += 1
        if case.outcomes:
            whole.outcomes[tuple(sorted(case.outcomes))] += 1
        for school, said in _said(case).items():
            whole.schools.setdefault(school, Counter())[said] += 1
        if case.reading is not None:
            _count_reading(whole, case.reading)
        known += case.known
        fired.update(case.fired)
        silenced.update(case.silenced)
        disputed.update(case.disputed)
        for id_, compared in _by_proposition(case.claims).items():
            claims.setdefault(id_, Counter())[compared] += 1
    propositions = {
        id_: Record(fired[id_], silenced[id_], disputed[id_], claims.get(id_, Counter()))
        for id_ in sorted({*fired, *silenced})
    }
    return Tally(
        number,
        words,
        whole.errors,
        whole.grades,
        whole.traps,
        whole.strategies,
        whole.outcomes,
        whole.schools,
        whole.plain,
        whole.strict,
        whole.slips,
        whole.variables,
        propositions,
        known,
    )


def _said(case: Judged) -> dict[str, tuple[tuple[str, Grade], ...]]:
    """Give what each school said in a case, with the grade of each answer."""
    found: dict[str, list[tuple[str, Grade]]] = {}
    for ruling in case.rulings:
        for school, answer, grade in ruling.schools:
            found.setdefault(school, []).append((answer, grade))
    return {school: tuple(sorted(said)) for school, said in found.items()}


def _count_reading(whole: Tally, read: ReadCounts) -> None:
    """Count the reading of one text."""
    whole.plain[read.plain] += 1
    whole.strict[read.strict] += 1
    found = read.plain.matched + read.plain.wrong
    whole.slips[found, read.polarity, read.reversed, read.stance, read.taken_for_fact] += 1
    for variable, counts in read.variables:
        so_far = whole.variables.get(variable, Counts())
        whole.variables[variable] = Counts(
            so_far.matched + counts.matched, so_far.missed + counts.missed, so_far.wrong + counts.wrong
        )


def _by_proposition(claims: Iterable[ClaimTold]) -> dict[str, tuple[tuple[int, bool], ...]]:
    """Group the claims of one case by proposition."""
    found: dict[str, list[tuple[int, bool]]] = {}
    for claim in claims:
        found.setdefault(claim.proposition, []).append((claim.conclusion, claim.right))
    return {id_: tuple(sorted(compared)) for id_, compared in found.items()}
