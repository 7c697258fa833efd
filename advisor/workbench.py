"""The commands of the workshop that try the rules out: ``test``, ``why-not`` and ``impact``.

Each has a function that describes its arguments and one that gives its answer, a text and an exit code; the command
line prints it.  What is needed is imported where it is needed, so that ``--help`` waits for nothing.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from advisor import house
from advisor.commands import Answer, Command, chosen, rules_folder, theory_of, transcripts_folder
from advisor.inputs import CannotRun, Input, collect, unpacked
from advisor.terms import Reading, Situation, Theory

if TYPE_CHECKING:
    from advisor.workshop.expecting import Case
    from advisor.workshop.recording import Entry
    from advisor.workshop.reporting import Report

RECORD = "record.txt"
"""The file, in a folder of rules or of transcripts, that says what the rules made of each situation there."""


# ---------------------------------------------------------------- test


def describe_test(parser: argparse.ArgumentParser) -> None:
    """Describe what ``test`` may be asked."""
    parser.add_argument("rules", metavar="DIR", nargs="?", type=Path, help="a folder of rules (default: our own)")
    parser.add_argument("--text", action="store_true", help="run the situations from their texts as well")
    parser.add_argument(
        "--transcripts", metavar="DIR", type=Path, help="the cases to run (default: those beside the rules)"
    )
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="only this proposition (repeatable)")
    parser.add_argument(
        "--mutants", action="store_true", help="change each rule a little and see whether a test notices"
    )
    parser.add_argument(
        "--answer",
        nargs=2,
        metavar=("MUTANT", "VERDICT"),
        help="say of a survivor's situation whether the rule fires or is silent there; it is written under the rule",
    )
    parser.add_argument("--record", action="store_true", help="record anew what the rules make of each situation")
    parser.add_argument(
        "--fail-under", metavar="PERCENT", type=float, help="fail if fewer conditions were seen both ways"
    )
    parser.add_argument("--unseen", action="store_true", help="list the conditions that were not seen both ways")
    parser.add_argument("--format", choices=("text", "json", "junit"), default="text")


def test(options: argparse.Namespace) -> Answer:
    """Run every proposition on its situations, and the transcripts; say what fails, and what nothing tests."""
    rules = rules_folder(options.rules)
    theory = theory_of(rules, options.rules)
    known = [proposition.id for proposition in theory.propositions]
    only = tuple(chosen(name, known, "proposition") for name in options.only)
    if options.answer:
        return _answer(theory, rules, *options.answer)
    folder = transcripts_folder(rules, options.transcripts)
    cases = _cases(theory, [folder] if folder else [])
    if options.record:
        return _record(theory, rules, folder, cases)
    report = _report(theory, rules, folder, cases, only, options)

    from advisor.workshop.reporting import as_junit, as_record, as_text

    code = 1 if report.failed else 0
    if options.format == "json":
        return Answer(json.dumps(as_record(report)), code)
    return Answer(as_junit(report) if options.format == "junit" else as_text(report), code)


def _report(
    theory: Theory,
    rules: Path,
    folder: Path | None,
    cases: Sequence[Case],
    only: Sequence[str],
    options: argparse.Namespace,
) -> Report:
    """Run what was asked for."""
    from advisor.workshop.coverage import coverage
    from advisor.workshop.killing import entries, fates, prepared
    from advisor.workshop.recording import changes
    from advisor.workshop.reporting import Report
    from advisor.workshop.situations import all_tests
    from advisor.workshop.surviving import survivors
    from advisor.workshop.testing import run, run_cases

    tests = [each for each in all_tests(theory) if not only or each.proposition in only]
    recorded = {**_recorded(rules), **(_recorded(folder) if folder else {})}
    trial = prepared(theory, cases)
    made = entries(trial)
    differing = changes(recorded, made)
    trial = replace(trial, recorded=frozenset(each.name for each in made if recorded.get(each.name) == each))
    known = trial.known
    results = list(run(theory, None, tests, known))
    checks = list(run_cases(theory, cases, None, known)) if not only else []
    told = []
    if options.text:
        read = _reader(theory, rules)
        results += run(theory, read, tests)
        told = list(run_cases(theory, cases, read)) if not only else []
    seen = [each for each in coverage(trial) if not only or each.proposition in only]
    found = tuple(fates(trial, only)) if options.mutants else ()
    return Report(
        theory,
        f"{rules}/" if options.rules else "rules/",
        tuple(results),
        tuple(checks),
        tuple(told),
        differing,
        len(recorded),
        tuple(seen),
        found,
        survivors(theory, found),
        options.fail_under,
        options.unseen,
    )


def _answer(theory: Theory, rules: Path, id_: str, verdict: str) -> Answer:
    """Write the situation that tells a mutant apart under its proposition, with what should come of it."""
    from advisor.theory import proposition_by_id
    from advisor.workshop.answering import quoted, with_situation
    from advisor.workshop.distinguishing import distinguishing
    from advisor.workshop.situations import Kind
    from advisor.workshop.surviving import mutant_called

    if verdict not in ("fires", "silent"):
        raise CannotRun(f"--answer {id_} {verdict}: answer “fires” or “silent”")
    kind: Kind = "fires" if verdict == "fires" else "silent"
    mutant = mutant_called(theory, id_)
    if mutant is None:
        raise CannotRun(f"there is no mutant “{id_}”; “advisor test --mutants” lists those that survive")
    proposition = proposition_by_id(theory)[mutant.proposition.id]
    found = distinguishing(theory, proposition, [mutant])
    if not found:
        raise CannotRun(f"no situation was found that tells {id_} from the rule as it stands")
    quotation = quoted(theory.vocabulary, kind, found[0].facts)
    path = rules / proposition.path
    try:
        path.write_text(with_situation(path.read_text(encoding="utf-8"), proposition.id, quotation), encoding="utf-8")
    except OSError as error:
        raise CannotRun(f"{path}: the situation could not be written ({error.strerror or error})") from None
    talk = f"written under {proposition.id} in {path}"
    if found[0].now != kind:
        talk += "; the rule as it stands does otherwise, so “advisor test” fails until it is mended"
    return Answer(quotation, 0, talk)


def _record(theory: Theory, rules: Path, folder: Path | None, cases: Sequence[Case]) -> Answer:
    """Write the records of the rules and of the transcripts."""
    from advisor.workshop.killing import entries, prepared
    from advisor.workshop.recording import written

    made = entries(prepared(theory, cases))
    of_cases = len(made) - len(cases)
    parts = [(rules, made[:of_cases])]
    if folder:
        parts.append((folder, made[of_cases:]))
    for place, listed in parts:
        try:
            (place / RECORD).write_text(written(listed), encoding="utf-8")
        except OSError as error:
            raise CannotRun(f"{place / RECORD}: it could not be written ({error.strerror or error})") from None
    lines = [f"{place / RECORD}: {len(listed)} situations recorded" for place, listed in parts]
    return Answer("\n".join(lines))


def _recorded(folder: Path) -> dict[str, Entry]:
    """Read the record in a folder; there may be none."""
    from advisor.workshop.recording import read

    path = folder / RECORD
    try:
        return read(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRun(f"{path}: this record cannot be read ({error}); write it anew with --record") from None


# ---------------------------------------------------------------- why not


def describe_why_not(parser: argparse.ArgumentParser) -> None:
    """Describe what ``why-not`` may be asked."""
    parser.add_argument("id", metavar="ID", help="a proposition")
    parser.add_argument("files", metavar="FILE", nargs="*", help="a transcript, whose facts are used, or a text")
    parser.add_argument("--text", action="append", default=[], metavar="TEXT", help="the situation itself, to be read")
    parser.add_argument(
        "--facts", action="append", default=[], metavar="FACTS", help="its facts, in phrases of the vocabulary, with ;"
    )
    parser.add_argument("--state", metavar="NAME", help="who plays the state; else whoever comes nearest")
    parser.add_argument("--toward", metavar="NAME", help="who plays the threat")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--rules", metavar="DIR", type=Path, help="use the theory in this folder")


def why_not(options: argparse.Namespace) -> Answer:
    """Say why a proposition does not apply to a situation: who comes nearest, and how each condition stands there."""
    rules = rules_folder(options.rules)
    theory = theory_of(rules, options.rules)
    id_ = chosen(options.id, [proposition.id for proposition in theory.propositions], "proposition")
    situations = list(_situations(theory, rules, options))
    if not situations:
        raise CannotRun("there is no situation; name a file, or give --facts “…” or --text “…”")

    from advisor.nearest import nearest
    from advisor.theory import proposition_by_id
    from advisor.verdict import STATE, THREAT
    from advisor.workshop.reporting import nearest_record
    from advisor.workshop.telling import tell_why_not

    proposition = proposition_by_id(theory)[id_]
    fixed = {role: name for role, name in ((STATE, options.state), (THREAT, options.toward)) if name}
    for name, situation in situations:
        if strangers := [state for state in fixed.values() if state not in situation.states]:
            raise CannotRun(f"{name}: there is no state “{strangers[0]}”; there is {', '.join(situation.states)}")
    found = [(name, nearest(theory, situation, proposition, fixed)) for name, situation in situations]
    code = 0 if all(near.applies and not near.defeated_by for _, near in found) else 1
    if options.format == "json":
        records = [{"schema": "advisor.why-not/1", "input": n, **nearest_record(theory, near)} for n, near in found]
        return Answer("\n".join(map(json.dumps, records)), code)
    told = [(f"{name}\n" if len(found) > 1 else "") + tell_why_not(theory, proposition, near) for name, near in found]
    return Answer("\n\n".join(told), code)


def _situations(theory: Theory, rules: Path, options: argparse.Namespace) -> Iterator[tuple[str, Situation]]:
    """Give the situations that were named: facts as stated, transcripts by their facts, and texts as read."""
    from advisor.clauses import line_of
    from advisor.diagnostics import page
    from advisor.schools import read_facts
    from advisor.situation import situation
    from advisor.workshop.situations import as_situation

    for text in options.facts:
        on = page("--facts", text)
        facts = read_facts(theory.vocabulary, on, line_of(text.strip().rstrip("."), 1, 1))
        if on.found:
            raise CannotRun(f"--facts: {on.found[0].message}" + (f"; {on.found[0].hint}" if on.found[0].hint else ""))
        yield "--facts", as_situation(theory, facts)
    texts: list[Input] = [*collect([], options.text)] if options.text else []
    for name in options.files:
        case = _case(theory, Path(name)) if name.endswith(".md") and Path(name).is_file() else None
        if case and case.transcript.facts:
            yield name, situation(theory.vocabulary, case.transcript.facts)
        else:
            texts += collect([name])
    read = _reader(theory, rules) if texts else None
    for given in texts:
        assert read is not None
        reading = read(given.text)
        yield given.name, situation(theory.vocabulary, reading.observations, [s.name for s in reading.states])


# ---------------------------------------------------------------- impact


def describe_impact(parser: argparse.ArgumentParser) -> None:
    """Describe what ``impact`` may be asked."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help="two folders of rules, the earlier first, then transcripts or folders of them (with --since only these)",
    )
    parser.add_argument("--since", metavar="REV", help="compare the rules of this git revision with those at hand")
    parser.add_argument("--rules", metavar="DIR", type=Path, help="with --since: the rules are in this folder")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text")


def impact(options: argparse.Namespace) -> Answer:
    """Say what a change of the rules does to cases: which verdicts and arguments differ, and on whose account."""
    from advisor.workshop.impact import as_markdown, as_record, as_text
    from advisor.workshop.impact import impact as compared

    with _two_theories(options) as (before, after, rules, paths):
        folder = transcripts_folder(rules, None) or transcripts_folder(house.rules_folder(), None)
        cases = _cases(after, paths or ([folder] if folder else []))
        if not cases:
            raise CannotRun("there are no transcripts to compare; name files or folders of them")
        found = compared(before, after, cases)
    code = 1 if found.differences else 0
    if options.format == "json":
        return Answer(json.dumps(as_record(found)), code)
    if options.format == "markdown":
        return Answer(as_markdown(found), code, "" if found.differences else "no prediction and no argument differs")
    return Answer(as_text(found), code)


@contextmanager
def _two_theories(options: argparse.Namespace) -> Iterator[tuple[Theory, Theory, Path, list[Path]]]:
    """Load the earlier and the later rules, and give the folder of the later and the transcripts named."""
    if options.since:
        rules = rules_folder(options.rules)
        with tempfile.TemporaryDirectory() as place:
            earlier = unpacked(rules, options.since, Path(place))
            yield (
                theory_of(earlier, None, where=f"{options.since}: "),
                theory_of(rules, options.rules),
                rules,
                options.paths,
            )
        return
    if options.rules:
        raise CannotRun("--rules goes with --since; else name two folders of rules")
    if len(options.paths) < 2:
        raise CannotRun("name two folders of rules, or --since REV")
    one, other, *rest = options.paths
    yield theory_of(rules_folder(one), one), theory_of(rules_folder(other), other), other, rest


# ---------------------------------------------------------------- what they share

COMMANDS: tuple[Command, ...] = (
    ("test", "run the rules on their situations and the transcripts", describe_test, test),
    ("why-not", "say why a proposition does not apply to a situation", describe_why_not, why_not),
    ("impact", "say what a change of the rules does to cases", describe_impact, impact),
)
"""The name of each command, what it does, and its two functions."""


def _cases(theory: Theory, paths: Iterable[Path]) -> tuple[Case, ...]:
    """Load transcripts, from files and folders of them."""
    found: list[Case] = []
    for path in paths:
        if not path.exists():
            raise CannotRun(f"{path}: there is no such transcript")
        files = sorted(path.glob("*.md")) if path.is_dir() else [path]
        found += [_case(theory, file) for file in files]
    return tuple(found)


def _case(theory: Theory, path: Path) -> Case:
    """Load a transcript that is fit for use."""
    from advisor.transcript import load
    from advisor.workshop.expecting import Case

    transcript, complaints = load(theory.vocabulary, path)
    if complaints:
        first = complaints[0]
        raise CannotRun(f"{first.path}:{first.line}: {first.message}")
    try:
        shown = path.resolve().relative_to(Path.cwd())
    except ValueError:
        shown = path
    return Case(transcript, str(shown))


def _reader(theory: Theory, rules: Path) -> Callable[[str], Reading]:
    """Give what reads a text, or say why nothing can be read."""
    from advisor import read
    from advisor.reading import ModelMissing

    def reading(text: str) -> Reading:
        try:
            return read(text, theory, rules=rules)
        except ModelMissing as problem:
            raise CannotRun(str(problem)) from None

    return reading
