"""How right the reader and the verdicts are: ``python tests/benchmarks/score_cases.py FILE… [--half a|b] [--each]``.

``--where KEY=PATTERN`` takes only the cases in which a field ("source.repository") has a match of a regular
expression, ``--except`` only the others, so that registers of prose are reported apart.  ``--apart`` names variables
that those who marked the cases did not have: the marks do not say whether what is read of them is right.

A FILE has one case a line, in JSON: ``text``, ``facts``, ``tolerated``, ``expect``, ``expect_nothing``; where such
cases are is for you to know, for they are no part of the project.  Half a is every other case from the first, half b
the rest.  A number in brackets is the 95 % interval by the bootstrap over cases.  No text is ever printed.

Verdicts are scored twice: from the text, and from the facts that should have been read in it.  What the second
gets wrong is the theory's doing, and what only the first gets wrong is the reader's.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

import advisor  # noqa: E402
from advisor import house  # noqa: E402
from advisor.diagnostics import render_all  # noqa: E402
from advisor.evaluation import (  # noqa: E402
    Consequence,
    Counts,
    Marks,
    ReadingScore,
    bands,
    by_variable,
    calibration_error,
    case_of,
    f1,
    interval,
    load_consequences,
    name_matcher,
    precision,
    recall,
    score_answers,
    score_reading,
    score_verdict,
    total,
    trust_of,
)
from advisor.situation import situation  # noqa: E402
from advisor.terms import Observation, Reading, Situation, Theory, Transcript, Verdict  # noqa: E402
from advisor.verdict import judge  # noqa: E402

BASELINE = "balance-external"
Naming = Callable[[str], str]


@dataclass(frozen=True)
class Result:
    """What came of one case: its reading scored, and a grade for each expectation, from the text and from the facts."""

    case: Transcript
    reading: Reading
    score: ReadingScore
    from_text: tuple[str, ...]
    from_facts: tuple[str, ...]
    baseline: tuple[str, ...]
    apart: int
    trusted: tuple[tuple[float, bool], ...]


def known_of(theory: Theory, observations: Iterable[Observation], names: Iterable[str], name: Naming) -> Situation:
    """The situation that observations make, every state under its one name."""
    renamed = [
        replace(each, fact=each.fact._replace(args=tuple(name(arg) for arg in each.fact.args))) for each in observations
    ]
    return situation(theory.vocabulary, renamed, [name(each) for each in names])


def grades(theory: Theory, case: Transcript, known: Situation, name: Naming) -> tuple[str, ...]:
    """A grade for each expectation of a case, or for its expecting nothing."""
    inference = advisor.infer(theory, known)
    if case.nothing:
        predicted = [v for v in judge(theory, inference).verdicts if v.decision == "predicted"]
        return ("wrong" if predicted else "silent",)

    def verdicts(state: str, toward: str | None) -> tuple[Verdict, ...]:
        return judge(theory, inference, focus=name(state), toward=name(toward) if toward else None).verdicts

    return tuple(
        score_verdict(theory.vocabulary, verdicts(each.state, each.toward), each, name=name) for each in case.expect
    )


def results(
    theory: Theory,
    lines: tuple[Consequence, ...],
    cases: Iterable[Transcript],
    name: Naming,
    apart: Collection[str] = (),
) -> Iterator[Result]:
    """Read, infer, judge and score every case; what is read of the variables ``apart`` is only counted."""
    topic = next(each.question for each in theory.vocabulary.strategies if each.id == BASELINE)
    for case in cases:
        reading = advisor.read(case.text, theory)
        scored = [each for each in reading.observations if each.fact.variable not in apart]
        score = score_reading(theory.vocabulary, lines, scored, case.facts, case.tolerated, name=name)
        read = known_of(theory, reading.observations, [state.name for state in reading.states], name)
        there = known_of(theory, case.facts, (), name)
        always = tuple(score_answers(theory.vocabulary, {topic: BASELINE}, each) for each in case.expect)
        yield Result(
            case,
            reading,
            score,
            grades(theory, case, read, name),
            grades(theory, case, there, name),
            ("wrong",) if case.nothing else always,
            len(reading.observations) - len(scored),
            tuple(trust_of(theory.vocabulary, scored, score, name=name)),
        )


# ---------------------------------------------------------------- the report


def percent(share: float | None) -> str:
    """A share as a percentage."""
    return "    –" if share is None else f"{100 * share:5.1f}"


def measured(name: str, counts: list[Counts]) -> str:
    """One line: precision, recall and F1, each with its interval."""
    said = []
    for title, measure in (("P", precision), ("R", recall), ("F1", f1)):
        ends = interval(counts, measure)
        bounds = f"[{percent(ends[0])},{percent(ends[1])}]" if ends else ""
        said.append(f"{title} {percent(measure(total(counts)))} {bounds}")
    return f"  {name:7} " + "   ".join(said)


def reading_report(found: list[Result]) -> Iterator[str]:
    """What the reader gets right, and how it goes wrong."""
    scores = [each.score for each in found]
    yield (
        f"{len(found)} cases, {sum(len(each.case.facts) for each in found)} facts, "
        f"{sum(len(each.reading.observations) for each in found)} observations read, "
        f"{sum(len(each.reading.unread) for each in found)} clauses unread"
    )
    yield ""
    yield "Reading"
    for name, marks in (("plain", [score.plain for score in scores]), ("strict", [score.strict for score in scores])):
        yield measured(name, [each.counts for each in marks])
    plain, strict = (
        total(each.counts for each in marks) for marks in ([s.plain for s in scores], [s.strict for s in scores])
    )
    yield f"  plain:  {plain.matched} found, {plain.missed} missed, {plain.wrong} made up"
    yield f"  strict: {strict.matched} found, {strict.missed} missed, {strict.wrong} made up"
    yield (
        f"  polarity errors {sum(len(s.polarity) for s in scores)}, reversals {sum(len(s.reversed) for s in scores)}, "
        f"stance errors {sum(len(s.stance) for s in scores)}, of which taken for a fact "
        f"{sum(len(s.taken_for_fact) for s in scores)}"
    )
    if any(each.apart for each in found):
        yield f"  counted apart, for the marks do not tell of their variables: {sum(each.apart for each in found)}"
    yield ""
    pairs = [pair for each in found for pair in each.trusted]
    yield f"  trust: calibration error {percent(calibration_error(pairs))} %"
    for low, (count, mean, share) in bands(pairs).items():
        yield f"    from {low:.1f}: {count:3} observations, trusted {percent(mean)} %, right {percent(share)} %"
    yield ""
    yield f"  {'by variable (plain)':20} found missed made up"
    for variable, counts in by_variable(score.plain for score in scores).items():
        yield f"  {variable:20} {counts.matched:5} {counts.missed:6} {counts.wrong:7}"


def verdict_report(found: list[Result]) -> Iterator[str]:
    """What the verdicts get right, beside the baseline."""
    expecting = [each for each in found if each.case.expect]
    traps = [each for each in found if each.case.nothing]
    if not expecting and not traps:
        yield "Verdicts: no case expects any"
        return
    count = sum(len(each.case.expect) for each in expecting)
    yield f"Verdicts ({count} expectations in {len(expecting)} cases, {len(traps)} traps)"
    yield f"  {'':26} strict  lenient  no answer  wrong    traps silent"
    for title, pick in (("from the text", _text), ("from the facts", _facts), (f"always {BASELINE}", _baseline)):
        grade = Counter(each for result in expecting for each in pick(result))
        silent = sum(pick(each) == ("silent",) for each in traps)
        lenient = grade["strict"] + grade["lenient"]
        yield (
            f"  {title:26} {percent(grade['strict'] / count if count else None)} %  "
            f"{percent(lenient / count if count else None)} %  {grade['no answer']:8} {grade['wrong']:7}  "
            f"{silent:9} of {len(traps)}"
        )


def _text(result: Result) -> tuple[str, ...]:
    return result.from_text


def _facts(result: Result) -> tuple[str, ...]:
    return result.from_facts


def _baseline(result: Result) -> tuple[str, ...]:
    return result.baseline


def case_report(found: list[Result]) -> Iterator[str]:
    """One line a case: what was found of its facts, what was made up, and how its verdicts are graded."""
    width = max(len(each.case.id) for each in found)
    yield f"  {'case':{width}} found  wrong unread  verdicts from the text / from the facts"
    for each in found:
        counts: Marks = each.score.plain
        there = len(counts.matched) + len(counts.missed)
        verdicts = f"{', '.join(each.from_text)} / {', '.join(each.from_facts)}" if each.from_text else ""
        yield (
            f"  {each.case.id:{width}} {len(counts.matched):2}/{there:<2} {len(counts.wrong):6} "
            f"{len(each.reading.unread):6}  {verdicts}".rstrip()
        )


def field(record: dict[str, Any], key: str) -> str:
    """The value of a field, of fields within it by dots, as text; empty where there is none."""
    here: Any = record
    for part in key.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return "" if here is None else str(here)


Filter = Callable[[dict[str, Any]], bool]


def filter_of(said: str, *, wanted: bool) -> Filter:
    """Read KEY=PATTERN; raises ValueError where it is none."""
    key, equals, pattern = said.partition("=")
    if not equals:
        raise ValueError(f"“{said}” is not KEY=PATTERN")
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"“{pattern}” is no regular expression: {error}") from error
    return lambda record: bool(found.search(field(record, key))) == wanted


def report(
    theory: Theory,
    path: Path,
    half: str | None = None,
    each: bool = False,
    filters: Iterable[Filter] = (),
    apart: Collection[str] = (),
) -> str:
    """The whole report on one file; raises ValueError where it is no list of cases, OSError where it cannot be read."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    lines, diagnostics = load_consequences(theory.vocabulary, house.rules_folder())
    if diagnostics:
        raise ValueError(render_all(diagnostics))
    if half:
        records = records["ab".index(half) :: 2]
    cases = [case_of(theory.vocabulary, record) for record in records if all(keep(record) for keep in filters)]
    if not cases:
        raise ValueError(f"{path} has no such case in it")
    found = list(results(theory, lines, cases, name_matcher(house.rules_folder()), apart))
    title = f"{path.name}, {f'half {half}' if half else 'all'}: "
    shown = [*reading_report(found), "", *verdict_report(found), *(["", *case_report(found)] if each else [])]
    return title + "\n".join(shown)


def stop(why: str) -> int:
    """Say why nothing can be scored."""
    print(f"score_cases: {why}", file=sys.stderr)  # noqa: T201
    return 2


def main(arguments: list[str] | None = None) -> int:
    """Score the cases of each file; 2 where one is not there or is no list of cases."""
    parser = argparse.ArgumentParser(description="How right the reader and the verdicts are, on cases of yours.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="cases, one JSON object a line")
    parser.add_argument("--half", choices=("a", "b"), help="every other case from the first (a) or the second (b)")
    parser.add_argument("--each", action="store_true", help="also one line for each case")
    parser.add_argument("--where", action="append", default=[], metavar="KEY=PATTERN", help="only the cases that match")
    parser.add_argument(
        "--except", action="append", default=[], metavar="KEY=PATTERN", dest="but", help="only the others"
    )
    parser.add_argument("--apart", default="", metavar="VARIABLE,…", help="variables that the marks do not tell of")
    options = parser.parse_args(arguments)
    theory = advisor.load_theory()
    apart = frozenset(filter(None, options.apart.split(",")))
    for path in options.files:
        try:
            filters = [filter_of(said, wanted=True) for said in options.where]
            filters += [filter_of(said, wanted=False) for said in options.but]
            print(report(theory, path, options.half, options.each, filters, apart))  # noqa: T201
        except FileNotFoundError:
            return stop(f"there is no file {path}; name a file of cases, one JSON object a line")
        except (ValueError, OSError) as error:
            return stop(f"{path} cannot be scored: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
