"""The command ``evaluate``: many cases in, a folder of records out, with how far it is and how to go on.

What it says while it works goes through ``say``, which the command line gives: a line, and whether the line stays.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from advisor.commands import Answer, counted, rules_folder, theory_of
from advisor.inputs import CannotRun

if TYPE_CHECKING:
    from advisor.evaluation.evaluating import Progress
    from advisor.evaluation.measuring import Records
    from advisor.evaluation.records import Setup
    from advisor.evaluation.running import Run

Say = Callable[[str, bool], None]

FORMS = ("csv", "parquet", "junit", "gzip")
"""What records may be written as beside their own form."""

_OFTEN, _SELDOM = 0.5, 60.0
"""Seconds between two reports of progress: on a terminal, and where what is said is kept."""


def describe(parser: argparse.ArgumentParser) -> None:
    """Describe what ``evaluate`` may be asked."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="transcripts, .jsonl (- is standard input), .csv, .parquet, .txt, folders",
    )
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        type=Path,
        help="where to keep the records and what follows; or one file, .jsonl, .jsonl.gz, .csv, .parquet, .xml (JUnit)",
    )
    parser.add_argument(
        "--form",
        choices=FORMS,
        action="append",
        default=[],
        help="also write the records as a table, or as tests, into that folder (repeatable)",
    )
    parser.add_argument("--resume", action="store_true", help="go on with what an earlier run left in that folder")
    parser.add_argument("--jobs", metavar="N", type=int, help="how many processes (default: one for each core)")
    parser.add_argument("--cluster", metavar="ADDRESS", help="work on a Dask cluster, as tcp://host:8786")
    parser.add_argument("--columns", metavar="FILE", type=Path, help="what the columns of tables mean, in TOML")
    parser.add_argument("--facts", action="store_true", help="use the coded facts of a case even where it has a text")
    parser.add_argument("--question", action="store_true", help="also find what to ask next in each case (slow)")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write a report, .html, .md, .txt or .json")
    parser.add_argument("--compare", metavar="OTHER", type=Path, help="compare with another run, its folder or records")
    parser.add_argument("--rules", metavar="DIR", type=Path, help="use the theory in this folder")
    parser.add_argument("--seed-only", action="store_true", help="leave out what goes beyond the seed of the theory")


def evaluate(options: argparse.Namespace, say: Say, *, terminal: bool) -> Answer:
    """Work on many cases: one record a case, with what was read, the verdicts and why, and what was expected.

    The summary says how right that is, with 95 % intervals and beside the baselines.
    Ends with 1 if a case could not be worked on, 130 if it was interrupted; --resume then goes on.
    """
    from advisor.evaluation import measuring, tables
    from advisor.evaluation.cases import Unusable, cases_in, paths_of, size_of
    from advisor.evaluation.evaluating import run_into
    from advisor.evaluation.keeping import Full
    from advisor.evaluation.records import Setup

    if options.resume and options.output is None:
        raise CannotRun("--resume goes on with a folder; name it with --output FOLDER")
    if options.form and options.output is None:
        raise CannotRun(f"--form {options.form[0]} is written into a folder; name it with --output FOLDER")
    rules = rules_folder(options.rules, "--rules")
    theory = theory_of(rules, options.rules, seed_only=options.seed_only)
    setup = Setup(theory, rules.resolve(), facts=options.facts, question=options.question)
    try:
        columns = tables.mapping(options.columns) if options.columns else None
        paths = paths_of(options.paths)
        other = measuring.check(options.report, options.compare)
        with _folder(options) as folder, _interruptible() as stopped:
            far = run_into(
                folder,
                setup,
                cases_in(paths, columns),
                _run(options),
                resume=options.resume,
                stopped=stopped,
                tell=_progress(size_of(paths), say, terminal=terminal),
            )
            if not stopped():
                _write(options, folder, setup)
            answer = _answer(options, far, stopped(), lambda: _summary(options, setup, folder, other))
            if folder != options.output and not stopped():
                shutil.rmtree(folder)
            return answer
    except Unusable as problem:
        raise CannotRun(str(problem)) from None
    except Full as problem:
        raise CannotRun(
            f"--output {options.output}: {problem}; what was written before is kept: make room and go on with --resume"
        ) from None


def _write(options: argparse.Namespace, folder: Path, setup: Setup) -> None:
    """Write the records of a run in the forms that were asked for."""
    from advisor.evaluation.judging import yardstick
    from advisor.evaluation.keeping import RECORDS, Full, lines_in
    from advisor.evaluation.output import write_forms, write_one, writer_of

    rod = yardstick(setup.theory, setup.rules)
    try:
        write_forms(folder, options.form, rod, lambda: lines_in(folder / RECORDS))
        if options.output not in (None, folder) and (write := writer_of(options.output)):
            write_one(options.output, write, rod, lines_in(folder / RECORDS))
    except OSError as error:
        raise Full(error.strerror or str(error)) from None


def _run(options: argparse.Namespace) -> Run:
    """Choose where to work."""
    from advisor.evaluation.running import in_processes, in_turn

    if options.cluster:
        from advisor.evaluation.cluster import on_cluster

        return on_cluster(options.cluster)
    if options.jobs is not None and options.jobs < 1:
        raise CannotRun(f"--jobs {options.jobs}: there must be at least one process")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    jobs = options.jobs or cores
    return in_turn if jobs == 1 else in_processes(jobs)


@contextlib.contextmanager
def _folder(options: argparse.Namespace) -> Iterator[Path]:
    """Give the folder of the run: the one that is named, one beside the file that is named, or one for the time."""
    from advisor.evaluation.output import writer_of

    given: Path | None = options.output
    if given is None:
        with tempfile.TemporaryDirectory() as scratch:
            yield Path(scratch) / "run"
    elif not writer_of(given) or given.is_dir():
        yield given
    elif given.exists():
        raise CannotRun(f"--output {given}: there is such a file already; name another, or remove it")
    elif options.form:
        raise CannotRun(f"--output {given}: this is one file; --form {options.form[0]} needs a folder")
    else:
        yield given.with_name(f"{given.name}.run")


def _summary(options: argparse.Namespace, setup: Setup, folder: Path, other: Records | None) -> str:
    """Measure what was done, write the report that is wanted, and give the summary."""
    from advisor.evaluation import measuring
    from advisor.evaluation.judging import yardstick

    rod, records = yardstick(setup.theory, setup.rules), measuring.records_of(folder)
    found = measuring.measured(rod, records, other)
    if options.output is not None:
        measuring.write(folder / "summary.json", rod, records, found)
    if options.report is not None:
        measuring.write(options.report, rod, records, found, title=", ".join(options.paths))
    return measuring.told(found)


def _answer(options: argparse.Namespace, far: Progress, stopped: bool, summary: Callable[[], str]) -> Answer:
    """Say what was done, and how right it is."""
    before = f", {far.before:,} of them before" if far.before else ""
    done = f"{counted(far.cases, 'case')}{before}, {counted(far.errors, 'error')}"
    if stopped:
        how = "the same command with --resume goes on" if options.output else "with --output FOLDER it could go on"
        return Answer("", 130, f"interrupted: {done}; {how}")
    if far.anew:
        done += "; rules or program have changed, so all was done anew, and what was there is in records.old.jsonl"
    return Answer(summary(), 1 if far.errors else 0, done if far.before or far.anew else "")


# ---------------------------------------------------------------- while it lasts


@contextlib.contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C ask for an end, and a second one end at once; give what tells whether it was asked for."""
    asked = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _progress(whole: int, say: Say, *, terminal: bool) -> Callable[[Progress], None]:
    """Give what reports progress: cases, rate and time left."""
    start = last = time.monotonic()

    def tell(far: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < (_OFTEN if terminal else _SELDOM):
            return
        last = now
        say(progress_line(far, whole, now - start), not terminal)

    return tell


def progress_line(far: Progress, whole: int, seconds: float) -> str:
    """Say how far a run is after so many seconds, of so many bytes in all."""
    rate = (far.cases - far.before) / seconds if seconds else 0.0
    share = min(1.0, far.size / whole) if whole else 0.0
    left = f", {_duration(seconds * (1 - share) / share)} left" if 0 < share < 1 else ""
    errors = f", {counted(far.errors, 'error')}" if far.errors else ""
    return f"{counted(far.cases, 'case')} ({share:.0%}), {rate:,.1f} a second{left}{errors}"


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
