"""The report of an evaluation: one page with all figures and a list of the cases, each with its text and the reasons.

Up to two hundred cases stand in the page itself.  Of more, the page lists them all, each in a line, and they stand in
pages of a hundred in a folder beside it, so that what a browser has to hold stays small; above twenty thousand the
list gives way to one of the pages.  Everything works without script, and nothing is fetched from elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from advisor.evaluation.cased import Cased, cased
from advisor.evaluation.comparing import Comparison
from advisor.evaluation.judging import Yardstick, judged
from advisor.evaluation.summary import Summary
from advisor.explanation.rendering import render
from advisor.terms import Proposition

TOGETHER = 200
"""The most cases that stand in the page itself."""

A_PAGE = 100
"""The cases of one page beside it."""

LISTED = 20_000
"""The most cases that are listed one by one."""

_GRADES = ("wrong", "no answer", "lenient", "strict", "failed", "none expected")
_PAGE = re.compile(r"cases-\d{4,}\.html")


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the list: where it stands and what it can be found by."""

    href: str
    title: str
    grade: str
    label: str
    brief: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of cases: its file, which cases it has, and how many of each grade."""

    href: str
    first: int
    last: int
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A proposition as a page tells of it."""

    id: str
    title: str
    school: str
    gloss: str
    source: str


def write_report(
    path: Path,
    yardstick: Yardstick,
    records: Callable[[], Iterable[Mapping[str, Any]]],
    summary: Summary,
    *,
    comparison: Comparison | None = None,
    title: str = "",
    templates: Path | None = None,
) -> tuple[Path, ...]:
    """Write the report of some records, which are gone through once more, and give the files that were written.

    ``title`` says what was evaluated.  Raises OSError where a file cannot be written, ``TemplateProblem`` if a template
    cannot be used.
    """
    folder = path.with_name(path.stem + "-cases")
    whole = {"title": title or "An evaluation", "it": summary, "other": comparison, "least": 1, "most": 1000}
    written: list[Path] = []
    inside: tuple[Cased, ...] = ()
    lines: list[Line] = []
    leaves: list[Leaf] = []
    if summary.cases <= TOGETHER:
        inside = tuple(_cases(yardstick, records(), 1))
    else:
        folder.mkdir(exist_ok=True)
        number = 0
        for page, cases in enumerate(_pages(yardstick, records()), 1):
            name = f"cases-{page:04}.html"
            last = page * A_PAGE >= summary.cases
            turn = {
                "before": f"cases-{page - 1:04}.html" if page > 1 else "",
                "after": "" if last else f"cases-{page + 1:04}.html",
            }
            values = {
                **{"title": whole["title"], "cases": cases, "told": _told(yardstick, cases)},
                **{"report": f"../{path.name}", "first": number + 1, "turn": turn},
            }
            written.append(_write(folder / name, "evaluation/cases.html", values, templates))
            href = f"{folder.name}/{name}"
            if summary.cases <= LISTED:
                lines += [Line(f"{href}#{c.anchor}", c.title, c.grade, c.label, c.brief) for c in cases]
            grades = Counter(case.grade for case in cases)
            leaves.append(Leaf(href, number + 1, number + len(cases), tuple(sorted(grades.items()))))
            number += len(cases)
    _clear(folder, {each.name for each in written})
    labels = sorted({each.label for each in inside} | {each.label for each in lines})
    found = [each for each in _GRADES if dict(summary.grades).get(each)]
    values = {
        **whole,
        **{"cases": inside, "told": _told(yardstick, inside), "lines": tuple(lines), "leaves": tuple(leaves)},
        **{"chunks": _chunks(len(lines)), "grades_found": found, "labels_found": labels},
    }
    return (_write(path, "evaluation/report.html", values, templates), *written)


def _cases(yardstick: Yardstick, records: Iterable[Mapping[str, Any]], first: int) -> Iterator[Cased]:
    for number, record in enumerate(records, first):
        yield cased(yardstick, record, judged(yardstick, record), f"case-{number}")


def _pages(yardstick: Yardstick, records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Cased, ...]]:
    every = _cases(yardstick, records, 1)
    while page := tuple(islice(every, A_PAGE)):
        yield page


def _chunks(count: int) -> tuple[tuple[int, int], ...]:
    """Cut a list into stretches that a browser need not lay out before they are seen."""
    return tuple((start, min(start + A_PAGE, count)) for start in range(0, count, A_PAGE))


def _told(yardstick: Yardstick, cases: Iterable[Cased]) -> tuple[Told, ...]:
    """Give the propositions that the cases of a page name, in the theory's order."""
    named = {reason.id for case in cases for reason in case.reasons}
    schools = {school.id: school.name for school in yardstick.theory.schools}

    def told(each: Proposition) -> Told:
        return Told(each.id, each.title, schools.get(each.school, each.school), each.gloss, each.source)

    return tuple(told(each) for id_, each in yardstick.propositions.items() if id_ in named)


def _write(path: Path, template: str, values: Mapping[str, Any], templates: Path | None) -> Path:
    path.write_text(render(template, values, format="html", templates=templates), encoding="utf-8")
    return path


def _clear(folder: Path, kept: set[str]) -> None:
    """Remove the pages that an earlier and longer report left."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if _PAGE.fullmatch(path.name) and path.name not in kept:
            path.unlink()
    if not kept and not any(folder.iterdir()):
        folder.rmdir()
