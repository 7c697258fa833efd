"""Many cases, one after another, from whatever they are kept in: transcripts, lists of JSON, tables, folders of text.

A source gives its cases as they stand, one at a time and in order, so that a corpus may be larger than the memory;
what is in them is understood later, by whoever works on them.  Whatever cannot be read at all is a case with a
complaint, so that one bad line never ends the work.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, cast

from advisor.evaluation.scoring import case_of
from advisor.terms import Expectation, Fact, Observation, OutcomeExpectation, Transcript, Vocabulary

LONGEST = 32_000_000
"""Bytes that one case may have."""

Kind = Literal["markdown", "text", "json", "row", "case", "broken"]


class Unusable(Exception):
    """The cases, or what they are to be worked on with, cannot be used; the message says why and what to do."""


class NoCase(Exception):
    """Something is no case; the message says why."""


@dataclass(frozen=True, slots=True)
class Given:
    """One case as it was found.

    ``source`` is the file, with the line where it has several cases; ``data`` is its bytes, a row of a table, a
    Transcript, or, of what is ``broken``, the complaint.  ``size`` is how many bytes of the corpus it takes.
    """

    source: str
    kind: Kind
    data: Any
    id: str = ""
    size: int = 0


# ---------------------------------------------------------------- where cases are


def paths_of(given: Iterable[str]) -> list[Path]:
    """Find the files that hold cases: those named, and of folders, at any depth, those that a corpus is kept in.

    In a folder that has transcripts in Markdown a text is no case; ``-`` is standard input.  Raises Unusable if
    nothing is found.
    """
    found: list[Path] = []
    for name in given:
        path = Path(name)
        if path == STDIN:
            found.append(path)
        elif path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file() and not _hidden(each, path))
            told = {each.parent for each in inside if each.suffix == ".md"}
            kept = [each for each in inside if ending(each) and not (each.suffix == ".txt" and each.parent in told)]
            if not kept:
                raise Unusable(f"{name}: there are no cases in this folder; a case is kept in {', '.join(ENDINGS)}")
            found += kept
        elif not path.exists():
            raise Unusable(f"{name}: there is no such file or folder")
        elif not ending(path):
            raise Unusable(f"{name}: this is no form that cases are kept in; there is {', '.join(ENDINGS)}")
        else:
            found.append(path)
    if not found:
        raise Unusable("there are no cases; name files or folders of cases")
    return found


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


ENDINGS = (".md", ".txt", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
PACKED = (".jsonl", ".ndjson", ".csv", ".tsv")
"""What may also end in ``.gz``."""


STDIN = Path("-")
"""What stands for standard input."""


def ending(path: Path) -> str:
    """Give the ending of a file that cases are kept in, without ``.gz``; the empty string of any other."""
    if path == STDIN:
        return ".jsonl"
    suffix = path.suffix.lower()
    if suffix == ".gz":
        inner = Path(path.stem).suffix.lower()
        return inner if inner in PACKED else ""
    return suffix if suffix in ENDINGS else ""


def size_of(paths: Iterable[Path]) -> int:
    """Give how many bytes a corpus takes."""
    return sum(path.stat().st_size for path in paths if path.exists())


def cases_in(paths: Iterable[Path], columns: Mapping[str, Any] | None = None) -> Iterator[Given]:
    """Give the cases of some files, in order; ``columns`` says what the columns of tables mean.

    Raises Unusable if a table needs a library that is not installed.
    """
    from advisor.evaluation import tables

    for path in paths:
        kind = ending(path)
        try:
            if kind in (".md", ".txt"):
                yield _document(path, "markdown" if kind == ".md" else "text")
            elif kind in (".jsonl", ".ndjson"):
                yield from _lines(path)
            else:
                yield from tables.table(path, columns)
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or error
            yield Given(str(path), "broken", f"it could not be read to its end: {why}", path.stem)


def _document(path: Path, kind: Kind) -> Given:
    size = path.stat().st_size
    if size > LONGEST:
        return Given(str(path), "broken", f"it has {size:,} bytes; a case has at most {LONGEST:,}", path.stem, size)
    return Given(str(path), kind, path.read_bytes(), path.stem, size)


def opened(path: Path) -> tuple[IO[bytes], IO[bytes]]:
    """Open a file, unpacked if it is packed; give what to read from, and what tells how far it has been read."""
    if path == STDIN and sys.stdin is None:
        raise Unusable("standard input is closed; name a file of cases")
    raw: IO[bytes] = sys.stdin.buffer if path == STDIN else path.open("rb")
    return (cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if path.suffix.lower() == ".gz" else raw), raw


def _lines(path: Path) -> Iterator[Given]:
    """Give each line of a list of JSON, empty ones left out."""
    stream, raw = opened(path)
    with contextlib.ExitStack() as stack:
        if path != STDIN:
            stack.enter_context(raw)
        before = number = 0
        while line := stream.readline(LONGEST + 1):
            number += 1
            size, short = len(line), len(line) <= LONGEST
            while not short and not line.endswith(b"\n") and (line := stream.readline(LONGEST)):
                size += len(line)
            if stream is not raw:  # of what is packed, only how far the file has been read can be told
                size, before = raw.tell() - before, raw.tell()
            source, id = f"{path}:{number}", f"{path.stem}:{number}"
            if not short:
                yield Given(source, "broken", f"this line has more than {LONGEST:,} bytes", id, size)
            elif line.strip():
                yield Given(source, "json", line, id, size)


# ---------------------------------------------------------------- what is in them


def understood(vocabulary: Vocabulary, given: Given) -> Transcript:
    """Understand a case.  Raises NoCase, which says what is wrong with it."""
    if given.kind == "broken":
        raise NoCase(str(given.data))
    if given.kind == "case":
        return given.data if isinstance(given.data, Transcript) else _of(vocabulary, given.data, given.id)
    if given.kind == "row":
        return _of(vocabulary, given.data, given.id)
    try:
        text = given.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoCase(f"not UTF-8 text, at byte {error.start}; save it as UTF-8") from None
    if given.kind == "json":
        return _of(vocabulary, _json(text), given.id)
    if given.kind == "text":
        if not text.strip():
            raise NoCase("the text is empty")
        return Transcript(given.id, text=text)
    from advisor.transcript import load

    transcript, complaints = load(vocabulary, text, given.id)
    errors = [each for each in complaints if each.severity == "error"]
    if errors:
        raise NoCase(f"line {errors[0].line}: {errors[0].message}")
    return transcript


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise NoCase(f"this line is no JSON: {error}") from None
    except RecursionError:
        raise NoCase("this line is no case: it is nested too deeply") from None


def _of(vocabulary: Vocabulary, record: Any, id: str) -> Transcript:
    """Read a case from the object of the contract."""
    if not isinstance(record, Mapping):
        raise NoCase("a case is a JSON object with “text” or “facts”")
    for key in ("facts", "tolerated", "expect", "expect_outcomes"):
        if not isinstance(record.get(key) or [], list | tuple):
            raise NoCase(f"“{key}” is a list")
    if not isinstance(record.get("text") or "", str):
        raise NoCase("“text” is a text")
    if not (record.get("text") or "").strip() and not record.get("facts"):
        raise NoCase("a case has a “text” or “facts”; this one has neither")
    if record.get("id") is None:
        record = {**record, "id": id}
    try:
        return case_of(vocabulary, {**record, "text": record.get("text") or ""})
    except (ValueError, AttributeError) as error:
        raise NoCase(str(error)) from None


# ---------------------------------------------------------------- as the contract writes them


def case_json(case: Transcript) -> dict[str, Any]:
    """Give a case as the object of the contract; ``understood`` reads it back."""
    return {
        "id": case.id,
        "title": case.title,
        "text": case.text,
        "facts": [observation_json(each) for each in case.facts],
        "tolerated": [observation_json(each) for each in case.tolerated],
        "expect": [expectation_json(each) for each in case.expect],
        "expect_outcomes": [outcome_json(each) for each in case.expect_outcomes],
        "expect_nothing": case.nothing,
    }


def fact_json(fact: Fact) -> dict[str, Any]:
    """Give a fact with the keys of the contract."""
    return {"variable": fact.variable, "args": list(fact.args), "value": fact.value, "holds": fact.holds}


def observation_json(seen: Observation) -> dict[str, Any]:
    """Give a coded fact with its stance."""
    holder = {"holder": seen.holder} if seen.holder is not None else {}
    return {**fact_json(seen.fact), "stance": seen.stance, **holder}


def expectation_json(each: Expectation) -> dict[str, Any]:
    """Give what is expected of a state."""
    return {
        "state": each.state,
        "toward": each.toward,
        "strategy": each.strategy,
        "acceptable": list(each.acceptable),
        **({"missed": each.missed} if each.missed else {}),
    }


def outcome_json(each: OutcomeExpectation) -> dict[str, Any]:
    """Give what is expected of an outcome."""
    missed = {"missed": each.missed} if each.missed else {}
    return {"outcome": each.outcome, "args": list(each.args), "value": each.value, **missed}


def case_digest(case: Transcript) -> str:
    """Name the content of a case, whatever it was kept in."""
    return digest_of(case_json(case))


def digest_of(value: Any) -> str:
    """Name a value that JSON can hold, or bytes."""
    data = value if isinstance(value, bytes) else json.dumps(value, sort_keys=True, default=str).encode()
    return hashlib.sha256(data).hexdigest()[:32]
