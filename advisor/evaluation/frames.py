"""Records as rows of plain cells, one a verdict, for tables and frames of data.

``pandas.DataFrame(rows(records))`` and ``polars.DataFrame(rows(records))`` are the whole of it; neither is needed here.
A case without a verdict, because of an error or because nothing is known, has one row with empty cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.evaluation.judging import Told, Yardstick, judged

Cell = str | int | float | bool | None

COLUMNS = (
    *("id", "title", "source", "error", "from", "words", "case_grade"),
    *("state", "toward", "about", "decision", "label", "family", "strategy", "share", "robust"),
    *("for", "against", "schools", "expected", "acceptable", "grade"),
)
"""The columns, always all of them and in this order; lists are joined with a semicolon and a blank."""


def rows(yardstick: Yardstick, records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Cell]]:
    """Give a row for every verdict of some records, with what was expected of it and how that came out.

    ``schools`` says what each school expects, as ``school=strategy``; ``for`` and ``against`` name the propositions
    that speak on the leading strategy.  ``grade`` is None where nothing is expected of that state on that topic.
    """
    for record in records:
        case = judged(yardstick, record)
        head: dict[str, Cell] = {
            "id": case.id,
            "title": record.get("title") or "",
            "source": record.get("source") or "",
            "error": case.error or None,
            "from": record.get("from"),
            "words": case.words,
            "case_grade": case.grade,
        }
        asked = {each.verdict: each.told for each in reversed(case.rulings)}
        for place, verdict in enumerate(record.get("verdicts") or [None]):
            tail = _verdict(verdict, asked.get(place)) if verdict else {}
            yield {column: {**head, **tail}.get(column) for column in COLUMNS}


def _verdict(verdict: Mapping[str, Any], told: Told | None) -> dict[str, Cell]:
    """Give the cells of one verdict, and of what is expected there."""
    lead = verdict["ranking"][0] if verdict["ranking"] else {"for": (), "against": ()}
    return {
        **{key: verdict[key] for key in ("state", "toward", "about", "decision", "label", "family", "strategy")},
        "share": float(verdict["share"]),
        "robust": verdict["robust"],
        "for": "; ".join(lead["for"]),
        "against": "; ".join(lead["against"]),
        "schools": "; ".join(f"{each['school']}={each['strategy'] or ''}" for each in verdict["schools"]),
        "expected": told.expected if told else None,
        "acceptable": "; ".join(told.acceptable) if told else None,
        "grade": told.grade if told else None,
    }
