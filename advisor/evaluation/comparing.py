"""Two runs over the same cases, case by case: what is predicted otherwise, and whether one run is better.

McNemar's test asks of the cases that only one of the runs gets right whether they would fall so unevenly by chance.
It takes cases to be independent of one another, so the unit is the case, right if every expectation in it is met by
the strategy expected or an acceptable one, and if nothing was predicted in a trap; a case that expects only outcomes,
if all of these are right.  The test is the exact one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.evaluation.intervals import Estimate, sample, share
from advisor.evaluation.judging import RIGHT, Yardstick, expected_in, judged

SCHEMA = "advisor.comparison/1"
NO_SCIPY = "McNemar's test needs scipy; in the program's folder: pip install -e '.[evaluation]'"


class NotComparable(Exception):
    """Two runs cannot be compared; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A verdict or an outcome that is predicted otherwise, in a case whose grade was ``before`` and is ``after``."""

    case: str
    about: str
    was: str
    now: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same cases.

    ``only_before``, ``only_after`` and ``otherwise`` count the cases left out: those of one run only, and those that do
    not expect the same in both; ``failed`` those that ended in an error in one of them.  The next four are McNemar's
    table, of cases that expect something; ``p`` is None where no case is right in one run only.  ``difference`` is by
    how much the second run is more often right.
    """

    cases: int
    only_before: int
    only_after: int
    otherwise: int
    failed: int
    both_right: int
    right_before: int
    right_after: int
    neither: int
    p: float | None
    difference: Estimate | None
    changed: tuple[Changed, ...]

    @property
    def compared(self) -> int:
        """How many cases are in McNemar's table."""
        return self.both_right + self.right_before + self.right_after + self.neither


@dataclass(frozen=True, slots=True)
class _Seen:
    """Of one case: what is expected, the grade, and what is predicted of whom."""

    expected: tuple[Any, ...]
    grade: str
    predicted: dict[str, str]


def compare(
    yardstick: Yardstick, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> Comparison:
    """Compare the records of two runs by the ids of their cases.

    Where the cases are in the same order, few are held in memory at a time; where not, up to all of the first run.
    Raises ``NotComparable`` where scipy is not installed or no case is in both.
    """
    ready()
    left_out: Counter[str] = Counter()
    table: Counter[tuple[bool, bool]] = Counter()
    changed: list[Changed] = []
    common = 0
    old = iter(before)
    waiting: dict[str, _Seen] = {}
    for record in after:
        id_, now = str(record["id"]), _seen(yardstick, record)
        while id_ not in waiting and (earlier := next(old, None)) is not None:
            waiting[str(earlier["id"])] = _seen(yardstick, earlier)
        was = waiting.pop(id_, None)
        if was is None:
            left_out["only after"] += 1
            continue
        common += 1
        if was.expected != now.expected:
            left_out["otherwise"] += 1
        elif "failed" in (was.grade, now.grade):
            left_out["failed"] += 1
        else:
            if was.grade != "none expected":
                table[was.grade in RIGHT, now.grade in RIGHT] += 1
            changed += _changes(id_, was, now)
    if not common:
        raise NotComparable("no case of this run has the id of a case of the other; compare runs over the same cases")
    only_before = len(waiting) + sum(1 for _ in old)
    more = sample((((float(b) - float(a), 1.0), n) for (a, b), n in table.items()), 2)
    return Comparison(
        common,
        only_before,
        left_out["only after"],
        left_out["otherwise"],
        left_out["failed"],
        table[True, True],
        table[True, False],
        table[False, True],
        table[False, False],
        mcnemar(table[True, False], table[False, True]),
        share(more, (1, 0), (0, 1)) if table else None,
        tuple(changed),
    )


def ready() -> None:
    """Raise ``NotComparable`` where what the test needs is not installed."""
    try:
        import scipy.stats  # noqa: F401
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] != "scipy":
            raise
        raise NotComparable(NO_SCIPY) from None


def mcnemar(only_before: int, only_after: int) -> float | None:
    """Give the exact two-sided p of McNemar's test, from how many cases only one and only the other run gets right.

    It is the binomial test of an even split; None where there is no such case.
    """
    from scipy.stats import binomtest

    discordant = only_before + only_after
    return float(binomtest(only_before, discordant, 0.5).pvalue) if discordant else None


# ---------------------------------------------------------------- what is predicted


def _seen(yardstick: Yardstick, record: Mapping[str, Any]) -> _Seen:
    """Keep of a record what is compared.

    States are compared under one name, since a record names them as its case does; why a miss is known is no part.
    """
    case, name = expected_in(yardstick.theory, record), yardstick.name
    expected = (
        tuple(
            sorted(
                (name(each.state), name(each.toward) if each.toward else "", each.strategy, each.acceptable)
                for each in case.expect
            )
        ),
        tuple(sorted((each.outcome, tuple(map(name, each.args)), each.value or "") for each in case.expect_outcomes)),
        case.nothing,
    )
    return _Seen(expected, judged(yardstick, record).grade, dict(predictions(record)))


def predictions(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Give what is predicted: of whom, facing whom, on what topic, and what; of outcomes likewise."""
    for verdict in record.get("verdicts", ()):
        facing = f" facing {verdict['toward']}" if verdict["toward"] else ""
        answer = verdict["strategy"] or verdict["family"] if verdict["decision"] == "predicted" else None
        yield f"{verdict['state']}{facing}, {verdict['about']}", answer or verdict["decision"]
    for prospect in record.get("outcomes", ()):
        yield f"{prospect['outcome']} of {' and '.join(prospect['args'])}", prospect["value"] or "disputed"


def _changes(id_: str, was: _Seen, now: _Seen) -> Iterable[Changed]:
    for about in dict.fromkeys([*was.predicted, *now.predicted]):
        one, other = was.predicted.get(about, ""), now.predicted.get(about, "")
        if one != other:
            yield Changed(id_, about, one, other, was.grade, now.grade)
