"""The folder of a run: its records, and what is needed to go on with it after whatever has ended it.

Records are written in the order of the cases, each whole, so that what is there is always right.  To go on, what was
written before is set aside, each record found by the digests of its case, theory and reader, and put where the case
stands now; only what is missing is worked on.  One run at a time may have a folder.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import IO, Any

from advisor.evaluation.cases import Given, Unusable
from advisor.evaluation.records import SCHEMA as RECORD_SCHEMA
from advisor.evaluation.records import Setup, case_from, line_of, program_digest, reader_digest

RECORDS, BEFORE, OLD = "records.jsonl", "records.before.jsonl", "records.old.jsonl"
RUN, LOCK = "run.json", "run.lock"
SCHEMA = "advisor.run/1"


class Full(Exception):
    """Nothing more can be written; the message says why."""


@dataclass(slots=True)
class Kept:
    """The open folder of a run: where what was done before begins, by the digest of its case, and where records go.

    It is ``stale`` if what was there was made with another theory, reader or program, and is only kept apart.
    """

    folder: Path
    lock: IO[bytes]
    out: FileIO
    before: dict[bytes, int] = field(default_factory=dict)
    stale: bool = False


@contextlib.contextmanager
def kept(folder: Path, setup: Setup, *, resume: bool) -> Iterator[Kept]:
    """Take a folder for a run, to begin or, with ``resume``, to go on where something was done before.

    Raises Unusable if it cannot be written, another run has it, or it holds records and is not to be resumed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("ab")
    except FileExistsError:
        raise Unusable(f"--output {folder}: this is a file; name a folder, which is made if there is none") from None
    except OSError as error:
        raise Unusable(f"--output {folder}: this folder cannot be written ({error.strerror}); name another") from None
    with lock:
        if not _locked(lock):
            raise Unusable(f"--output {folder}: another run is writing into this folder; wait for it or name another")
        there = any(path.exists() and path.stat().st_size for path in (folder / RECORDS, folder / BEFORE))
        if there and not resume:
            raise Unusable(
                f"--output {folder}: there are records already; --resume goes on with them, or name another folder"
            )
        try:
            stale = _beginning(folder, setup) and there
            before = _aside(folder, setup) if there and not stale else {}
            out = (folder / RECORDS).open("wb", buffering=0)
        except OSError as error:
            raise Unusable(f"--output {folder}: it cannot be written ({error.strerror or error})") from None
        with out:
            yield Kept(folder, lock, out, before, stale)


def _locked(lock: IO[bytes]) -> bool:
    """Take the lock of a folder, which ends with this process however that ends; whether it could be had."""
    try:
        import fcntl
    except ModuleNotFoundError:  # pragma: no cover - where there is no such lock, nobody is told
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def described(setup: Setup) -> dict[str, Any]:
    """Say what a run depends on beside its cases."""
    return {
        "schema": SCHEMA,
        "program": program_digest(),
        "theory": setup.theory.digest,
        "reader": reader_digest(setup.rules),
        "facts": setup.facts,
        "question": setup.question,
    }


def _beginning(folder: Path, setup: Setup) -> bool:
    """Write down what the run depends on; whether what is there was made with something else."""
    now = described(setup)
    try:
        then = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        then = None
    other = then is not None and {key: then.get(key) for key in now} != now
    if other:
        for path in (folder / RECORDS, folder / BEFORE):  # where both are, the second has more
            if path.exists():
                path.replace(folder / OLD)
    write_whole(folder / RUN, json.dumps({**now, "state": "begun"}, indent=1).encode() + b"\n")
    return other


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


# ---------------------------------------------------------------- what was done before


def _aside(folder: Path, setup: Setup) -> dict[bytes, int]:
    """Set the records of earlier runs aside, in one file, and give where each begins by the digest of its case."""
    records, before = folder / RECORDS, folder / BEFORE
    if not before.exists():
        records.replace(before)
        return dict(_index(before, setup))
    found = dict(_index(before, setup))
    if records.exists():
        # This run was stopped while it went on from another: what it had taken over from there is there already.
        with records.open("rb") as file, before.open("r+b") as more:
            more.truncate(_whole(before))
            for key, start in _index(records, setup):
                if key not in found:
                    file.seek(start)
                    found[key] = more.seek(0, os.SEEK_END)
                    more.write(file.readline())
            more.flush()
            os.fsync(more.fileno())
        records.unlink()
    return found


def _whole(path: Path) -> int:
    """Give up to where a file consists of whole lines."""
    with path.open("rb") as file:
        place = file.seek(0, os.SEEK_END)
        while place:
            start = max(0, place - (1 << 16))
            file.seek(start)
            found = file.read(place - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            place = start
    return 0


def _index(path: Path, setup: Setup) -> Iterator[tuple[bytes, int]]:
    """Find the records that need not be made again; those with an error are tried once more."""
    reader = reader_digest(setup.rules)
    place = 0
    with path.open("rb") as file:
        for line in file:
            start, place = place, place + len(line)
            record = _record(line)
            if record is None or record["error"] is not None:
                continue
            digest = record["digest"]
            if digest["theory"] == setup.theory.digest and digest["reader"] in (None, reader):
                yield bytes.fromhex(digest["case"]), start


def _record(line: bytes) -> dict[str, Any] | None:
    """Give the record in a line, or None if it is not whole."""
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
        return record if record["schema"] == RECORD_SCHEMA else None
    except (ValueError, KeyError, TypeError):
        return None


def remembered(run: Kept, setup: Setup, given: Given) -> bytes | None:
    """Give the line of a case that was done before, as it is written now; None if it was not."""
    start = run.before.get(bytes.fromhex(case_from(setup, given).digest)) if run.before else None
    if start is None:
        return None
    with (run.folder / BEFORE).open("rb") as file:
        file.seek(start)
        record = _record(file.readline())
    return None if record is None else line_of({**record, "source": given.source})


# ---------------------------------------------------------------- what is done now


def write(run: Kept, lines: Iterable[bytes]) -> None:
    """Write the records of a batch.  Raises Full if there is no room for them; what is there stays whole."""
    data = memoryview(b"".join(lines))
    place = run.out.tell()
    try:
        while data:
            data = data[run.out.write(data) :]
    except OSError as error:
        with contextlib.suppress(OSError):
            run.out.truncate(place)
        raise Full(error.strerror or str(error)) from None


def finish(run: Kept, setup: Setup, totals: Mapping[str, int]) -> None:
    """Say that all is done, and remove what was set aside."""
    os.fsync(run.out.fileno())
    state = {**described(setup), "state": "done", **totals}
    write_whole(run.folder / RUN, json.dumps(state, indent=1).encode() + b"\n")
    (run.folder / BEFORE).unlink(missing_ok=True)


def lines_in(path: Path) -> Iterable[dict[str, Any]]:
    """Give the records of a file, one after another."""
    with path.open("rb") as file:
        for line in file:
            record = _record(line)
            if record is not None:
                yield record
