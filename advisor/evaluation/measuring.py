"""From the records of a run to its summary, its comparison with another, and the files that show them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.evaluation.cases import Unusable
from advisor.evaluation.comparing import SCHEMA, Comparison, NotComparable, compare, ready
from advisor.evaluation.judging import Yardstick, judged
from advisor.evaluation.keeping import RECORDS, lines_in, write_whole
from advisor.evaluation.listing import listed
from advisor.evaluation.report import write_report
from advisor.evaluation.showing import shown
from advisor.evaluation.summary import Summary, as_json, plain, summarise
from advisor.evaluation.tallying import tally
from advisor.explanation.rendering import Format, TemplateProblem

Records = Callable[[], Iterable[Mapping[str, Any]]]
"""Gives the records of a run, from the first, as often as it is called."""

FORMATS: dict[str, Format | None] = {".html": "html", ".md": "markdown", ".txt": "text", ".json": None}
"""What the ending of a report's file stands for."""

FEW, MANY = 5, 30
"""On a terminal, a proposition is shown from so many claims that could be compared, and so many predictions that differ
from the other run; a report shows all."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The summary of a run, and how it compares with another if there is one."""

    summary: Summary
    comparison: Comparison | None = None


def measured(yardstick: Yardstick, records: Records, other: Records | None = None) -> Measured:
    """Measure a run, in one pass over its records, and compare it with another, in one more.

    Raises ``Unusable`` where a record cannot be judged by this theory, or the other run cannot be compared.
    """
    try:
        summary = summarise(yardstick.theory, tally(judged(yardstick, record) for record in records()))
        return Measured(summary, compare(yardstick, other(), records()) if other else None)
    except NotComparable as problem:
        raise Unusable(f"--compare: {problem}") from None
    except ValueError as problem:
        raise Unusable(f"the records do not fit this theory: {problem}") from None


def told(found: Measured, templates: Path | None = None) -> str:
    """Give the summary for a terminal."""
    return shown(found.summary, comparison=found.comparison, least=FEW, most=MANY, templates=templates)


def kept_text(yardstick: Yardstick, records: Iterable[Mapping[str, Any]]) -> str:
    """Give a summary that is kept under version control: every count and every prediction, a line each.

    The intervals are left out, for they may differ in the last digit where numbers are drawn otherwise.
    """
    each = list(records)
    summary = summarise(yardstick.theory, tally(judged(yardstick, record) for record in each), resamples=0)
    return shown(summary) + "\n" + "\n".join(listed(yardstick, each)).rstrip("\n") + "\n"


def records_of(path: Path) -> Records:
    """Find the records of a run: a file of them, or the folder of a run.  Raises ``Unusable`` where there are none."""
    file = path / RECORDS if path.is_dir() else path
    if not file.is_file():
        raise Unusable(f"{path}: there are no records; name the folder of a run, or its {RECORDS}")
    if next(iter(lines_in(file)), None) is None:
        raise Unusable(f"{path}: there is not one record in it")
    return lambda: lines_in(file)


def check(report: Path | None, other: Path | None) -> Records | None:
    """See, before the work begins, that a report can be written and another run read; give the records of that run.

    Raises ``Unusable`` where that is not so.
    """
    if report is not None:
        if report.suffix.lower() not in FORMATS:
            raise Unusable(f"--report {report}: a report is one of {', '.join(FORMATS)}, by the ending of its name")
        folder = report.resolve().parent
        if report.is_dir() or not folder.is_dir():
            raise Unusable(f"--report {report}: name a file in a folder that is there")
        if not os.access(report if report.exists() else folder, os.W_OK):
            raise Unusable(f"--report {report}: it cannot be written there; name another place")
    if other is None:
        return None
    try:
        ready()
        return records_of(other)
    except (NotComparable, Unusable) as problem:
        raise Unusable(f"--compare {problem}") from None


def write(report: Path, yardstick: Yardstick, records: Records, found: Measured, *, title: str = "") -> None:
    """Write a report of the kind that the ending of its name says.  Raises ``Unusable`` where it cannot be written."""
    format = FORMATS[report.suffix.lower()]
    try:
        if format is None:
            write_whole(report, json_of(found))
        elif format == "html":
            write_report(report, yardstick, records, found.summary, comparison=found.comparison, title=title)
        else:
            write_whole(report, shown(found.summary, format=format, comparison=found.comparison).encode())
    except OSError as problem:
        raise Unusable(f"--report {report}: it could not be written ({problem.strerror or problem})") from None
    except TemplateProblem as problem:
        raise Unusable(f"--report {report}: {problem}") from None


def json_of(found: Measured) -> bytes:
    """Give a summary, and a comparison if there is one, as JSON."""
    made = as_json(found.summary)
    if found.comparison is not None:
        made["comparison"] = {"schema": SCHEMA, **plain(found.comparison)}
    return json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"
