"""Evaluation as one generator: cases in, records out; and a whole run into a folder, which can be gone on with."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.evaluation.cases import Given, Unusable, cases_in, paths_of
from advisor.evaluation.keeping import Kept, finish, kept, remembered, write
from advisor.evaluation.records import Setup
from advisor.evaluation.running import Run, batches, in_processes, in_turn, weight
from advisor.terms import Transcript

_REMEMBERED = 256
"""Records of before that are held in the memory at most until those that stand before them are made."""

Cases = str | Path | Iterable[str | Path | Transcript | Mapping[str, Any]]
"""A file or folder of cases, or several, or the cases themselves: transcripts, or objects of the contract."""


def evaluate(
    setup: Setup, cases: Cases, *, jobs: int = 1, run: Run | None = None, columns: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Give the record of each case, in order, as soon as it is made.

    ``jobs`` is the number of processes; with one, all is done in this one.  Raises Unusable for a path that holds no
    cases, and where texts are to be read and the English model is missing.
    """
    chosen = run or (in_turn if jobs == 1 else in_processes(jobs))
    for done in chosen(setup, batches(given_of(cases, columns))):
        yield from map(json.loads, done.lines)


def given_of(cases: Cases, columns: Mapping[str, Any] | None = None) -> Iterator[Given]:
    """Give cases one by one, wherever they are."""
    for number, each in enumerate([cases] if isinstance(cases, str | Path) else cases, 1):
        if isinstance(each, str | Path):
            yield from cases_in(paths_of([str(each)]), columns)
        else:
            name = each.id if isinstance(each, Transcript) else str(each.get("id") or number)
            yield Given(name, "case", each, name)


# ---------------------------------------------------------------- a run


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: cases and errors, how many of the cases were done before, and bytes of the corpus.

    ``anew`` says that what was there was made with another theory, reader or program, and is kept apart.
    """

    cases: int = 0
    errors: int = 0
    before: int = 0
    size: int = 0
    anew: bool = False


def run_into(
    folder: Path,
    setup: Setup,
    given: Iterable[Given],
    run: Run,
    *,
    resume: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Write the records of cases into a folder, and give how many there are.

    ``stopped`` is asked before each case; once it says so, what is under way is finished and no more is begun.
    Raises Unusable where the folder cannot be used or there is no case, Full where there is no more room.
    """
    with kept(folder, setup, resume=resume) as into:
        far = Progress(anew=into.stale)
        plans: deque[_Plan] = deque()
        for done in run(setup, _missing(into, setup, given, plans, stopped)):
            plan = plans.popleft()
            fresh = iter(done.lines)
            write(into, [next(fresh) if line is None else line for line in plan.lines])
            cases, before = far.cases + len(plan.lines), far.before + len(plan.lines) - len(done.lines)
            far = Progress(cases, far.errors + done.errors, before, far.size + plan.size, far.anew)
            tell(far)
        if not far.cases and not stopped():
            raise Unusable("there is not one case in what was named, so nothing was evaluated")
        if not stopped():
            finish(into, setup, {"cases": far.cases, "errors": far.errors})
    return far


@dataclass(slots=True)
class _Plan:
    """The cases of a batch, and the lines of those between them that were done before; the size of all."""

    lines: list[bytes | None] = field(default_factory=list)
    size: int = 0


def _missing(
    into: Kept, setup: Setup, given: Iterable[Given], plans: deque[_Plan], stopped: Callable[[], bool]
) -> Iterator[list[Given]]:
    """Give batches of the cases that are not done yet, and put down in ``plans`` what lies between them."""
    fresh: list[Given] = []
    plan = _Plan()
    for each in given:
        if stopped():
            break
        line = remembered(into, setup, each)
        plan.lines.append(line)
        plan.size += each.size
        if line is None:
            fresh.append(each)
        if len(plan.lines) - len(fresh) >= _REMEMBERED or sum(map(weight, fresh)) >= 1:
            plans.append(plan)
            yield fresh
            fresh, plan = [], _Plan()
    if plan.lines:
        plans.append(plan)
        yield fresh
