"""Working on many cases, one after another or in several processes; what comes out is in the order of what went in.

Cases are worked on in batches.  A process that dies takes nothing with it: its batch is given to a new one, case by
case, and a case that ends two processes is a record with an error.  No more batches are under way than a few for each
process, so that the memory in use does not depend on how many cases there are.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from advisor.evaluation.cases import Given, Unusable
from advisor.evaluation.records import TOGETHER, Setup, failed, line_of, records

BATCH = 32
"""Cases in a batch at most; fewer where they are long."""
_AHEAD = 4
"""Batches for each process that may be under way or wait for one before them."""
_LIVES = 2
"""Processes that a case may end."""
_WORN = 2_000
"""Batches after which a process is replaced by a new one, for the words that the model has met stay in its memory."""


@dataclass(frozen=True, slots=True)
class Done:
    """A batch that was worked on: the lines of its records, how many have errors, and its size in bytes and cases."""

    lines: tuple[bytes, ...]
    errors: int
    size: int


Run = Callable[[Setup, Iterable[Sequence[Given]]], Iterator[Done]]
"""Works on batches, in order."""


def weight(given: Given) -> float:
    """Give how much of a batch a case takes, of which 1 is the whole."""
    return max(1 / BATCH, (len(given.data) if isinstance(given.data, bytes) else given.size) / (4 * TOGETHER))


def batches(given: Iterable[Given]) -> Iterator[list[Given]]:
    """Put cases together as they come."""
    batch: list[Given] = []
    for each in given:
        batch.append(each)
        if sum(map(weight, batch)) >= 1:
            yield batch
            batch = []
    if batch:
        yield batch


def work(setup: Setup, batch: Sequence[Given]) -> Done:
    """Work on a batch.  Raises Unusable if the English model is needed and missing."""
    try:
        found = list(records(setup, batch))
    except Exception as problem:
        if type(problem).__name__ == "ModelMissing":  # to name the class would load what reads texts
            raise Unusable(str(problem)) from None
        raise
    lines = tuple(map(line_of, found))
    return Done(lines, sum(each["error"] is not None for each in found), sum(each.size for each in batch))


def in_turn(setup: Setup, given: Iterable[Sequence[Given]]) -> Iterator[Done]:
    """Work on batches here, one after another."""
    for batch in given:
        yield work(setup, batch)


def in_processes(jobs: int) -> Run:
    """Give what works on batches in so many processes."""
    return lambda setup, given: _in_processes(setup, given, jobs)


# ---------------------------------------------------------------- processes


@dataclass(slots=True)
class _Task:
    """Some cases of a batch to work on: which batch, from which of its cases on, and how many processes they ended."""

    number: int
    first: int
    cases: Sequence[Given]
    deaths: int = 0


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    link: Connection
    task: _Task | None = None
    worked: int = 0


def _in_processes(setup: Setup, given: Iterable[Sequence[Given]], jobs: int) -> Iterator[Done]:
    source = enumerate(given)
    again: deque[_Task] = deque()
    found: dict[int, dict[int, Done]] = {}
    sizes: dict[int, int] = {}
    workers: list[_Worker] = []
    following, ended = 0, False
    # What is handed to a process at its start would hold us up for ever if it died before it had taken it.
    handle, shared = tempfile.mkstemp(prefix="advisor-")
    with os.fdopen(handle, "wb") as file:
        pickle.dump(setup, file)
    try:
        while True:
            while not ended or again:
                idle = next((each for each in workers if each.task is None), None)
                if idle is None and len(workers) >= jobs:
                    break
                if again:
                    task = again.popleft()
                else:
                    if len(sizes) >= _AHEAD * jobs:
                        break
                    number, batch = next(source, (-1, ()))
                    if number < 0:
                        ended = True
                        break
                    sizes[number] = len(batch)
                    if not batch:
                        continue
                    task = _Task(number, 0, batch)
                if idle is None:  # a process is started when there is something for it to do
                    idle = _started(shared)
                    workers.append(idle)
                _give(idle, task)
            while (
                following in sizes
                and sum(len(part.lines) for part in found.get(following, {}).values()) == sizes[following]
            ):
                parts = found.pop(following, {})
                sizes.pop(following)
                following += 1
                yield _joined(parts)
            busy = {each.link: each for each in workers if each.task is not None}
            if not busy:
                if ended and not again and not sizes:
                    return
                continue
            for link in wait(list(busy)):
                worker = busy[link]  # type: ignore[index]
                held = worker.task
                assert held is not None
                answer = _answer(worker)
                if isinstance(answer, Done):
                    found.setdefault(held.number, {})[held.first] = answer
                    worker.task = None
                    worker.worked += 1
                if isinstance(answer, str):
                    raise Unusable(answer)
                if answer is None or worker.worked >= _WORN:
                    _end(worker)
                    workers.remove(worker)
                if answer is None:
                    for each in _after_death(setup, held):
                        if isinstance(each, Done):
                            found.setdefault(held.number, {})[held.first] = each
                        else:
                            again.append(each)
    finally:
        for worker in workers:
            _end(worker)
        Path(shared).unlink(missing_ok=True)


def _after_death(setup: Setup, task: _Task) -> Iterator[_Task | Done]:
    """Give what is to be done again after a process has died of something, or the record of what ended it."""
    if len(task.cases) == 1 and task.deaths + 1 >= _LIVES:
        message = f"{_LIVES} processes ended while they worked on this case; it may need more memory than there is"
        line = line_of(failed(setup, task.cases[0], "crash", message))
        yield Done((line,), 1, task.cases[0].size)
        return
    for place, case in enumerate(task.cases):
        yield _Task(task.number, task.first + place, [case], task.deaths + (len(task.cases) == 1))


def _joined(parts: dict[int, Done]) -> Done:
    ordered = [parts[first] for first in sorted(parts)]
    lines = tuple(line for part in ordered for line in part.lines)
    return Done(lines, sum(part.errors for part in ordered), sum(part.size for part in ordered))


def _started(shared: str) -> _Worker:
    # A new interpreter, not a copy of this one: it holds nothing open that is ours, so our end is its end.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, shared), daemon=True)
    with _uninterrupted():
        process.start()
    there.close()
    return _Worker(process, here)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back; a process that is started meanwhile never gets it, and it comes here when this ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which is started with the first process, and would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _give(worker: _Worker, task: _Task) -> None:
    worker.task = task
    with contextlib.suppress(OSError):  # a process that has died is noticed when it is asked
        worker.link.send(list(task.cases))


def _answer(worker: _Worker) -> Done | str | None:
    """Give what a process answers: a batch, why it cannot work, or None if it has died."""
    try:
        found: Done | str = worker.link.recv()
    except (EOFError, OSError):
        return None
    return found


def _end(worker: _Worker) -> None:
    worker.link.close()
    if worker.task is not None:
        worker.process.terminate()
    worker.process.join(5)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def serve(link: Connection, shared: str) -> None:
    """Work on what comes through a link until it is closed; what runs in a process of its own.

    ``shared`` is the file with what cases are worked on with.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one decides
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(200_000, 20, 50)
    setup = pickle.loads(Path(shared).read_bytes())
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            batch = link.recv()
            try:
                link.send(work(setup, batch))
            except Unusable as problem:
                link.send(str(problem))
