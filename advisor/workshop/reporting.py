"""The report of ``advisor test``: everything that was run, as text, as JSON and as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from advisor.nearest import Mark, Nearest
from advisor.terms import Fact, Theory
from advisor.vocabulary import say
from advisor.workshop.coverage import Seen, by_file, share
from advisor.workshop.expecting import Check
from advisor.workshop.killing import Fate
from advisor.workshop.recording import Change
from advisor.workshop.surviving import Survivor
from advisor.workshop.telling import (
    tell_changes,
    tell_checks,
    tell_coverage,
    tell_failure,
    tell_mutants,
    tell_results,
)
from advisor.workshop.testing import Result


@dataclass(frozen=True, slots=True)
class Report:
    """All that one call of ``advisor test`` found; what was not asked for is None or empty.

    ``folder`` is put before the paths of rules.  ``recorded`` is how many situations are in the record.
    """

    theory: Theory
    folder: str
    results: tuple[Result, ...]
    checks: tuple[Check, ...] = ()
    told_checks: tuple[Check, ...] = ()
    changes: tuple[Change, ...] = ()
    recorded: int = 0
    seen: tuple[Seen, ...] = ()
    fates: tuple[Fate, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    fail_under: float | None = None
    unseen: bool = False

    @property
    def failed(self) -> bool:
        """Whether anything is not as it should be."""
        passed = [each.passed for each in self.results] + [each.passed for each in self.checks]
        under = self.fail_under is not None and share(self.seen).percent < self.fail_under
        return under or bool(self.changes) or not all(passed)


def as_text(report: Report) -> str:
    """Tell a report: first what failed, then the figures."""
    theory, folder = report.theory, report.folder
    lines = [tell_failure(theory, result, folder) + "\n" for result in report.results if not result.passed]
    lines += tell_results(report.results)
    if report.checks:
        lines += tell_checks(report.checks)
    if report.told_checks:
        borne_out = sum(check.passed for check in report.told_checks)
        lines.append(f"{borne_out} of {len(report.told_checks)} expectations of transcripts borne out, from the text")
    if report.recorded:
        lines += tell_changes(report.changes, report.recorded)
    if report.seen:
        lines += tell_coverage(report.seen, listed=report.unseen, folder=folder)
        if report.fail_under is not None and share(report.seen).percent < report.fail_under:
            lines.append(f"that is under {report.fail_under:g} %; “--unseen” lists what to test")
    if report.fates:
        lines += tell_mutants(theory, report.fates, report.survivors, folder)
    return "\n".join(lines)


# ---------------------------------------------------------------- JSON


def as_record(report: Report) -> dict[str, Any]:
    """Give a report as plain data."""
    whole = share(report.seen)
    record: dict[str, Any] = {
        "schema": "advisor.test/1",
        "theory": {"digest": report.theory.digest},
        "passed": not report.failed,
        "situations": [_result(report.theory, result) for result in report.results],
        "transcripts": [_check(check, "facts") for check in report.checks]
        + [_check(check, "text") for check in report.told_checks],
        "changed": [{"name": c.name, "more": list(c.more), "fewer": list(c.fewer)} for c in report.changes],
        "recorded": report.recorded,
    }
    if report.seen:
        record["coverage"] = {
            "percent": round(whole.percent, 1),
            "seen": whole.seen,
            "ways": whole.ways,
            "files": {path: round(part.percent, 1) for path, part in by_file(report.seen).items()},
            "unseen": [
                {"proposition": s.proposition, "path": s.path, "line": s.line, "condition": s.condition}
                | {"met": s.met or None, "failing": s.failing or None}
                for s in report.seen
                if not (s.met and s.failing)
            ],
        }
    if report.fates:
        record["mutants"] = _mutants(report)
    return record


def _result(theory: Theory, result: Result) -> dict[str, Any]:
    """Give one test as plain data."""
    test = result.test
    return {
        "proposition": test.proposition,
        "expected": test.kind,
        "number": test.number,
        "path": test.path,
        "line": test.example.line,
        "source": result.source,
        "passed": result.passed,
        "unread": [say(theory.vocabulary, fact) for fact in result.unread],
        "more": [say(theory.vocabulary, fact) for fact in result.more],
        "nearest": nearest_record(theory, result.nearest) if result.nearest else None,
    }


def nearest_record(theory: Theory, near: Nearest) -> dict[str, Any]:
    """Give the nearest binding as plain data."""
    return {
        "proposition": near.proposition,
        "applies": near.applies,
        "bindings": dict(near.bindings),
        "conditions": [_mark(theory, mark) for mark in near.marks],
        "defeated_by": list(near.defeated_by),
        "school_silent": near.silenced,
    }


def _mark(theory: Theory, mark: Mark) -> dict[str, Any]:
    def fact(each: Fact) -> str:
        return say(theory.vocabulary, each)

    record: dict[str, Any] = {"text": mark.text, "how": mark.how, "unless": mark.stops, "line": mark.line}
    record["known"] = [fact(each) for each in mark.facts]
    return record | ({"of": [_mark(theory, each) for each in mark.of], "at_least": mark.count} if mark.of else {})


def _check(check: Check, source: str) -> dict[str, Any]:
    return {
        "transcript": check.case,
        "path": check.path,
        "expected": check.expected,
        "grade": check.grade,
        "known_miss": check.missed,
        "source": source,
        "passed": check.passed,
    }


def _mutants(report: Report) -> dict[str, Any]:
    """Give what became of the mutants as plain data."""
    equal = sum(each.proved for each in report.survivors)
    return {
        "made": len(report.fates),
        "killed": sum(not fate.survives for fate in report.fates),
        "equivalent": equal,
        "by": {
            killer: sum(fate.killer == killer for fate in report.fates)
            for killer in sorted({fate.killer for fate in report.fates if fate.killer})
        },
        "survivors": [
            {
                "id": each.mutant.id,
                "change": each.mutant.change,
                "path": each.mutant.proposition.path,
                "line": each.mutant.line,
                "equivalent": each.proved,
                "situation": each.told or None,
                "now": each.situation.now if each.situation else None,
            }
            for each in report.survivors
        ],
    }


# ---------------------------------------------------------------- JUnit


def as_junit(report: Report) -> str:
    """Give a report as JUnit XML: one suite a file of rules, and one for the transcripts and for the record."""
    root = ElementTree.Element("testsuites", name="advisor test")
    by_path: dict[str, list[Result]] = {}
    for result in report.results:
        by_path.setdefault(result.test.path, []).append(result)
    for path, results in by_path.items():
        cases = [
            (f"{r.test.name} ({r.source})", "" if r.passed else tell_failure(report.theory, r, report.folder))
            for r in results
        ]
        _suite(root, path, cases)
    if report.checks:
        _suite(
            root,
            "transcripts",
            [(f"{c.case}: {c.expected}", "" if c.passed else f"{c.path}: {c.grade}") for c in report.checks],
        )
    if report.recorded:
        told = list(tell_changes(report.changes, report.recorded))[1:]
        _suite(root, "record", [(c.name, line) for c, line in zip(report.changes, told, strict=True)] or [("all", "")])
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False)


def _suite(root: ElementTree.Element, name: str, cases: Sequence[tuple[str, str]]) -> None:
    """Add a suite; a case with a message failed."""
    failures = sum(bool(message) for _, message in cases)
    suite = ElementTree.SubElement(root, "testsuite", name=name, tests=str(len(cases)), failures=str(failures))
    for title, message in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=name, name=title)
        if message:
            ElementTree.SubElement(case, "failure", message=message.splitlines()[0]).text = _clean(message)


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(_kept(text))


def _kept(text: str) -> Iterator[str]:
    for each in text:
        if each in "\t\n" or ord(each) >= 32:
            yield each
