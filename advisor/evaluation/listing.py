"""Every prediction of an evaluation in a line of text, so that a change of one is seen as a change of a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from advisor.evaluation.comparing import predictions
from advisor.evaluation.judging import Yardstick, judged


def listed(yardstick: Yardstick, records: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Give a paragraph for each case: its id and grade, what is predicted, and what of that is expected otherwise."""
    for record in records:
        case = judged(yardstick, record)
        yield f"{case.id}: {case.error or case.grade}"
        for about, answer in predictions(record):
            yield f"  {about}: {answer}"
        for ruling in case.rulings:
            told = ruling.told
            facing = f" facing {ruling.toward}" if ruling.toward else ""
            wanted = " or ".join((told.expected, *told.acceptable))
            yield f"  expected of {ruling.state}{facing}: {wanted} ({told.grade})"
        for outcome in case.outcomes:
            yield f"  expected of {outcome.outcome}: {outcome.expected or 'disputed'} ({outcome.grade})"
        if case.trap is not None:
            yield f"  expected: nothing ({'wrong' if case.trap else 'strict'})"
        yield ""
