"""The command: it chooses what to do, prints, and sets the exit code.

Data goes to standard output, talk to standard error.  Exit codes: 0 done, 1 done with a finding,
2 could not run (one line says why), 130 interrupted.  Each command imports what it needs, so that
``--help``, ``check`` and ``show`` never wait for the English model.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from advisor import __version__, corpus, desk, house, repl, workbench
from advisor.commands import Give, chosen, counted, existing, inquired, rules_folder, theory_of
from advisor.inputs import CannotRun, Input, collect, lines_of
from advisor.options import Run, parser
from advisor.terms import Reading, Theory
from advisor.wording import visible

_WIDTH, _WIDEST = 88, 100
"""Columns of text where there is no terminal, and at most where there is one."""

_PAUSE = 0.4
"""Seconds between two looks at the files that are watched."""


# ---------------------------------------------------------------- the commands


def _advise(options: argparse.Namespace) -> int:
    """Read a situation and say what each school of thought expects, with reasons, quotations and sources."""
    inputs = collect(options.files, options.text)
    if len(inputs) > 1 and options.format == "html":
        raise CannotRun("--format html makes one page from one text; call it once for each text")
    if options.ask and options.format == "html":
        raise CannotRun("--ask is answered as text, markdown or json; choose one with --format")
    if options.templates is not None:
        existing(options.templates, "--templates")
    theory = theory_of(rules_folder(options.rules, "--rules"), options.rules, seed_only=options.seed_only)
    schools = [chosen(name, [school.id for school in theory.schools], "school") for name in options.school or []]
    weights = _weights(options.weight, theory)

    from advisor import explain, infer, judge
    from advisor.explanation import TemplateProblem, as_json, reply_as_json, tell
    from advisor.reading import passed_over

    for number, given in enumerate(inputs):
        reading = _reading(given, theory, options.rules)
        for start, end, language in passed_over(given.text):
            where = lines_of(given.text, start, end)
            _talk(f"{given.name}, {where}: not read, since this is not in English; it looks like {language}")
        inference = infer(theory, reading)
        known = inference.situation.states
        advice = judge(
            theory,
            inference,
            focus=chosen(options.state, known, "state in this text") if options.state else None,
            toward=chosen(options.toward, known, "state in this text") if options.toward else None,
            weights=weights or None,
            schools=schools or None,
        )
        asked = inquired(options.ask, theory, advice, weights or None, schools or None) if options.ask else None
        if options.format == "json":
            record = as_json(theory, advice, reading) if asked is None else reply_as_json(theory, options.ask, asked)
            _print_record(record, given, inputs)
            continue
        try:
            answer = (
                tell(
                    theory,
                    asked,
                    format=options.format,
                    templates=options.templates,
                    full=options.length == "full",
                )
                if asked is not None
                else explain(
                    theory,
                    advice,
                    reading,
                    format=options.format,
                    length=options.length,
                    templates=options.templates,
                    weights=weights or None,
                    schools=schools or None,
                )
            )
        except TemplateProblem as problem:
            raise CannotRun(str(problem)) from None
        _print_heading(given, inputs, options.format, first=number == 0)
        _print(answer)
    return 0


def _read(options: argparse.Namespace) -> int:
    """Show a text with what is read from it, sentence by sentence, and mark the clauses that nothing is read from."""
    inputs = collect(options.files, options.text)
    if len(inputs) > 1 and options.format == "html":
        raise CannotRun("--format html makes one page from one text; call it once for each text")
    if options.unread and options.format == "html":
        raise CannotRun("--unread is a list; give it as --format text, markdown or json")
    if options.templates is not None:
        existing(options.templates, "--templates")
    theory = theory_of(rules_folder(options.rules, "--rules"), options.rules)

    from advisor.explanation import TemplateProblem, annotated, reading_as_json, show_reading, wordings
    from advisor.reading import passed_over, shown

    if options.unread:
        return _list_unread(options, inputs, theory)
    folder = options.rules or house.rules_folder()
    known = wordings(folder, shown=str(options.rules or "rules")) if options.phrases or options.format == "json" else {}
    width, colour = _terminal()
    for number, given in enumerate(inputs):
        reading = _reading(given, theory, options.rules)
        foreign = passed_over(given.text)
        if options.format == "json":
            _print_record(reading_as_json(theory, reading, known, foreign), given, inputs)
            continue
        name = "" if given.name == "--text" else given.name
        text = annotated(theory, reading, name=name, foreign=foreign, known=known, plain=shown)
        try:
            made = show_reading(text, format=options.format, width=width, colour=colour, templates=options.templates)
        except TemplateProblem as problem:
            raise CannotRun(str(problem)) from None
        _print_heading(given, inputs, options.format, first=number == 0)
        _print_painted(made)
    return 0


def _list_unread(options: argparse.Namespace, inputs: Sequence[Input], theory: Theory) -> int:
    """List the clauses of all inputs that nothing is read from."""
    from advisor.explanation import TemplateProblem, list_unread, unread_as_json, unread_clauses
    from advisor.reading import passed_over, shown

    readings = (
        (given.name, _reading(given, theory, options.rules), [(s, e) for s, e, _ in passed_over(given.text)])
        for given in inputs
    )
    clauses = unread_clauses(readings, shown)
    words = sum(len(given.text.split()) for given in inputs)
    if options.format == "json":
        _print(json.dumps(unread_as_json(clauses, len(inputs), words)))
        return 0
    width, colour = _terminal()
    try:
        made = list_unread(
            clauses,
            texts=len(inputs),
            words=words,
            format=options.format,
            width=width,
            colour=colour,
            templates=options.templates,
        )
    except TemplateProblem as problem:
        raise CannotRun(str(problem)) from None
    _print_painted(made)
    return 0


def _check(options: argparse.Namespace) -> int:
    """Say what is wrong with a theory and the reader's lists: file, line, why, what to write instead.

    Rules that are well formed are analysed: whether each can fire, says something of its own and fits the others.
    """
    rules = rules_folder(options.rules, "DIR")
    if not options.watch:
        return _checked(rules, options)
    from advisor.workshop.checking import stamps

    try:
        _checked(rules, options)
        _talk(f"watching {rules}; end with Ctrl-C")
        seen = stamps(rules)
        while True:
            time.sleep(_PAUSE)
            now = stamps(rules)
            if now != seen:
                seen = now
                print(f"\n{'-' * 24} {time.strftime('%H:%M:%S')}", flush=True)
                _checked(rules, options)
    except KeyboardInterrupt:
        _talk("no longer watching")
        return 0


def _checked(rules: Path, options: argparse.Namespace) -> int:
    """Check once, and print what was found."""
    from advisor.workshop.checking import check, shown

    found = check(rules, full=not options.form)
    theory = found.theory
    size = f"{len(theory.propositions)} propositions of {len(theory.schools)} schools"
    accepted = len(found.findings) - len(found.open)
    if options.format != "text":
        from advisor.workshop.sarif import as_json, as_sarif

        _print(json.dumps(as_json(found) if options.format == "json" else as_sarif(found, __version__)))
    elif found.open:
        _print("\n\n".join(shown(theory, each) for each in found.open))
        _talk(f"{counted(len(found.open), 'finding')} in {size}")
    else:
        also = f", {counted(accepted, 'accepted finding')}" if accepted else ""
        _print(f"{size}: nothing to complain of{also} (digest {theory.digest[:12]})")
    if not options.form and not found.analysed:
        _talk("the rules are analysed as soon as these errors are mended")
    sys.stdout.flush()
    return 1 if found.open else 0


def _serve(options: argparse.Namespace) -> int:
    """Serve an editor over standard input and output, by the Language Server Protocol: what is wrong with rules and
    transcripts, corrections, phrases, entries, and other ids.
    """
    try:
        from advisor.editor import serve
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise CannotRun(
            "the editor support is not installed; in the program's folder: pip install -e '.[editor]'"
        ) from None
    # The server closes what it speaks through, and our own streams are still to be flushed.
    serve(os.fdopen(os.dup(sys.stdin.fileno()), "rb"), os.fdopen(os.dup(sys.stdout.fileno()), "wb"))
    return 0


def _answered(give: Give) -> Callable[[argparse.Namespace], int]:
    """Make a command of what gives an answer: print it, say what is to be said beside, and give its exit code."""

    def run(options: argparse.Namespace) -> int:
        answer = give(options)
        if answer.text:
            _print(answer.text)
        if answer.talk:
            _talk(answer.talk)
        return answer.code

    return run


# ---------------------------------------------------------------- the steps they share


def _reading(given: Input, theory: Theory, rules: Path | None) -> Reading:
    """Read an input, or say why it cannot be read."""
    from advisor import read
    from advisor.reading import ModelMissing

    try:
        return read(given.text, theory, rules=rules)
    except ModelMissing as problem:
        raise CannotRun(str(problem)) from None


# ---------------------------------------------------------------- arguments


def _weights(given: Iterable[str], theory: Theory) -> dict[str, float]:
    """Read what the user would weigh the schools with."""
    weights: dict[str, float] = {}
    for pair in given:
        name, _, number = pair.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if not (math.isfinite(weight) and weight >= 0):
            raise CannotRun(f"--weight {pair}: write SCHOOL=X with a number X of 0 or more")
        weights[chosen(name, [school.id for school in theory.schools], "school")] = weight
    return weights


# ---------------------------------------------------------------- what is printed


def _print(text: str) -> None:
    """Print data."""
    print(visible(text.rstrip("\n")))


def _print_painted(text: str) -> None:
    """Print what a template made of values that are safe to show, its colours as they are."""
    print(text.rstrip("\n"))


def _terminal() -> tuple[int, bool]:
    """Give the width to fill, and whether there is a terminal that wants colours."""
    if not sys.stdout.isatty():
        return _WIDTH, False
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return max(40, min(shutil.get_terminal_size().columns, _WIDEST)), wanted


def _print_record(record: dict[str, Any], given: Input, inputs: Sequence[Input]) -> None:
    """Print one line of JSON, naming its input where there are several."""
    if len(inputs) > 1:
        record = {"schema": record["schema"], "input": given.name, **record}
    print(json.dumps(record))


def _print_heading(given: Input, inputs: Sequence[Input], format: str, *, first: bool) -> None:
    """Name the input that the next answer is about, where there are several."""
    if len(inputs) > 1:
        heading = f"# {given.name}\n" if format == "markdown" else f"{given.name}\n{'=' * len(given.name)}\n"
        _print(heading if first else f"\n{heading}")
        print()


def _talk(message: str) -> None:
    """Say something, in one line, that is no data."""
    print("advisor: " + visible(" ".join(message.split("\n"))), file=sys.stderr)


def _note(message: str, stays: bool) -> None:
    """Say something of what goes on, in a line that stays or in one that the next takes the place of."""
    if stays:
        _talk(message)
    else:
        print(f"\r\033[K{message}", end="" if message else "\r", file=sys.stderr, flush=True)


# ---------------------------------------------------------------- the way in


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code; no input makes it print a traceback."""
    try:
        return _run(arguments)
    except CannotRun as refusal:
        _talk(str(refusal))
        return 2
    except KeyboardInterrupt:
        _talk("interrupted")
        return 130
    except BrokenPipeError:
        # Whoever read our output has closed it; what Python would still flush at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, the user gets a line
        if os.environ.get("ADVISOR_DEBUG"):
            traceback.print_exc()
        place = traceback.extract_tb(error.__traceback__)[-1]
        _talk(
            f"unexpected {type(error).__name__} in {Path(place.filename).name}:{place.lineno}: {error}; please report "
            "this line with your command and text (ADVISOR_DEBUG=1 shows the whole course)"
        )
        return 2


def _runs() -> dict[str, Run]:
    """Say what carries out each command."""
    runs: dict[str, Run] = {"advise": _advise, "consult": repl.consult, "read": _read, "check": _check, "lsp": _serve}
    runs["evaluate"] = _answered(lambda given: corpus.evaluate(given, _note, terminal=sys.stderr.isatty()))
    return runs | {name: _answered(give) for name, _, _, give in (*desk.COMMANDS, *workbench.COMMANDS)}


def _run(arguments: Sequence[str] | None) -> int:
    """Understand the arguments and run the command they name."""
    asked = parser(_runs())
    try:
        options = asked.parse_args(arguments)
    except SystemExit as end:  # argparse ends so after --help and --version
        sys.stdout.flush()
        return int(end.code or 0)
    if not hasattr(options, "run"):
        if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
            asked.print_help()
            return 0
        options = asked.parse_args(["consult"])
    # Much is made at the start and stays; to search it for garbage again and again takes a tenth of the time.
    gc.set_threshold(200_000, 20, 50)
    code: int = options.run(options)
    sys.stdout.flush()
    return code
