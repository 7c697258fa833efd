"""The same work on a Dask cluster: batches of cases are shipped to its workers, and their records come back packed.

The only door to Dask.  A worker needs the advisor installed, in the same version, and nothing else: the theory is sent
to it once, the English model is loaded where the first text is read.  A batch whose worker has died is given to
another; one that ends several is taken apart, and a case that ends several is a record with an error.
"""

from __future__ import annotations

import logging
import threading
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from advisor.evaluation.cases import Given, Unusable
from advisor.evaluation.records import Setup, failed, line_of, program_digest
from advisor.evaluation.running import Done, Run, work

_AHEAD = 3
"""Batches for each thread of the cluster that may be under way."""

_PATIENCE = 10
"""Seconds to wait for a scheduler."""

_ONE = threading.Lock()
"""A process works on one batch at a time, whatever threads its worker has: the rule engine is one for all."""

Packed = tuple[bytes, int, int]


def on_cluster(address: str) -> Run:
    """Give what works on batches on the cluster whose scheduler has this address.

    Raises Unusable if Dask is not installed or nobody answers.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise Unusable("a cluster needs Dask; in the program's folder: pip install -e '.[cluster]'") from None
    # What Dask says of workers that come and go is not said to the user of a command; its scheduler logs it.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise Unusable(f"--cluster {address}: no scheduler answers there ({error})") from None

    def run(setup: Setup, given: Iterable[Sequence[Given]]) -> Iterator[Done]:
        with client:
            yield from _on(client, setup, given)

    return run


def packed(setup: Setup, program: str, batch: Sequence[Given]) -> Packed:
    """Work on a batch, on a worker; its records come back packed.  Raises Unusable if its program is another one."""
    if program_digest() != program:
        raise Unusable("the advisor on the workers of the cluster is another version; install this one there")
    with _ONE:
        done = work(setup, batch)
    return zlib.compress(b"".join(done.lines), 6), done.errors, done.size


def _same(setup: Setup) -> Setup:
    return setup


def _on(client: Any, setup: Setup, given: Iterable[Sequence[Given]]) -> Iterator[Done]:
    """Keep the cluster busy, and give what comes back in order."""
    # What does not change is sent once, and every batch refers to it.  It is the result of a task, which is done again
    # where the worker that holds it dies; data that are scattered would be lost.
    shared = client.submit(_same, setup, pure=False)
    program = program_digest()
    under_way: deque[tuple[Sequence[Given], Any]] = deque()
    source = iter(given)
    ended = False
    try:
        while under_way or not ended:
            room = max(2, _AHEAD * sum(client.nthreads().values()))
            while not ended and len(under_way) < room:
                batch = next(source, None)
                if batch is None:
                    ended = True
                else:
                    future = client.submit(packed, shared, program, batch, pure=False) if batch else None
                    under_way.append((batch, future))
            if under_way:
                batch, future = under_way.popleft()
                yield _come(client, shared, setup, program, batch, future)
    finally:
        for _, future in under_way:
            if future is not None:
                future.cancel()


def _come(client: Any, shared: Any, setup: Setup, program: str, batch: Sequence[Given], future: Any) -> Done:
    """Wait for a batch; one that ends its workers is worked on case by case."""
    from distributed import KilledWorker

    if future is None:
        return Done((), 0, 0)
    try:
        return _unpacked(future.result())
    except KilledWorker:
        pass
    parts: list[Done] = []
    for case in batch:
        alone = client.submit(packed, shared, program, [case], pure=False)
        try:
            parts.append(_unpacked(alone.result()))
        except KilledWorker:
            message = "several workers ended while they worked on this case; it may need more memory than there is"
            parts.append(Done((line_of(failed(setup, case, "crash", message)),), 1, case.size))
    return Done(
        tuple(line for part in parts for line in part.lines),
        sum(part.errors for part in parts),
        sum(part.size for part in parts),
    )


def _unpacked(found: Packed) -> Done:
    data, errors, size = found
    return Done(tuple(zlib.decompress(data).splitlines(keepends=True)), errors, size)
