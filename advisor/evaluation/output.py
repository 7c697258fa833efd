"""Records in forms that other programs read: tables for statistics, JUnit XML for build servers.

Each is written from the records one at a time, and is there whole or not at all.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from advisor.evaluation.cases import Unusable
from advisor.evaluation.frames import COLUMNS, rows
from advisor.evaluation.judging import RIGHT, Judged, Yardstick, judged
from advisor.evaluation.records import line_of
from advisor.evaluation.tables import NO_PARQUET

Records = Iterable[Mapping[str, Any]]
Write = Callable[[Path, Yardstick, Records], None]

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROWS = 10_000
"""Rows of a table that are in the memory at once."""
_NUMBERS = {"words": "int64", "share": "float64", "robust": "bool"}
"""The columns that hold no text, and what they hold."""


def write_csv(path: Path, yardstick: Yardstick, records: Records) -> None:
    """Write a row for every verdict; what is empty is an empty cell, yes and no are ``true`` and ``false``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for row in rows(yardstick, records):
            table.writerow(str(cell).lower() if isinstance(cell, bool) else cell for cell in row.values())


def write_parquet(path: Path, yardstick: Yardstick, records: Records) -> None:
    """Write the same rows as Parquet.  Raises Unusable if pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ModuleNotFoundError:
        raise Unusable(NO_PARQUET) from None
    kinds = [(name, pyarrow.type_for_alias(_NUMBERS.get(name, "string"))) for name in COLUMNS]
    schema = pyarrow.schema(kinds)
    found = rows(yardstick, records)
    with ParquetWriter(path, schema, compression="zstd") as table:
        while some := list(itertools.islice(found, _ROWS)):
            table.write_table(pyarrow.Table.from_pylist(some, schema=schema))


def write_junit(path: Path, yardstick: Yardstick, records: Records) -> None:
    """Write a test for every case: what is expected and not met is a failure, a known miss is skipped."""
    body = path.with_name(path.name + ".body")
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    with body.open("w", encoding="utf-8") as file:
        for record in records:
            kind, message = _outcome(record, judged(yardstick, record))
            counts["tests"] += 1
            suite = str(record["source"]).partition(":")[0]
            file.write(f"  <testcase classname={_attribute(suite)} name={_attribute(str(record['id']))}")
            if kind:
                counts[{"failure": "failures", "error": "errors"}.get(kind, kind)] += 1
                file.write(f">\n   <{kind} message={_attribute(message)}/>\n  </testcase>\n")
            else:
                file.write("/>\n")
    told = " ".join(f'{name}="{count}"' for name, count in counts.items())
    with path.open("w", encoding="utf-8") as file, body.open(encoding="utf-8") as found:
        file.write(f'<testsuites name="advisor evaluate">\n <testsuite name="advisor evaluate" {told}>\n')
        file.writelines(found)
        file.write(" </testsuite>\n</testsuites>\n")
    body.unlink()


def _outcome(record: Mapping[str, Any], case: Judged) -> tuple[str, str]:
    """Give what became of a case as a test: nothing, or the kind of its trouble and the trouble in words."""
    if case.error:
        return "error", f"{case.error}: {record['error']['message']}"
    wrong = list(_wrong(record, case))
    known = [reason for _, reason in wrong if reason]
    trouble = [said for said, reason in wrong if not reason]
    if trouble:
        return "failure", "; ".join(trouble)
    return ("skipped", f"known to be missed: {' '.join(known)}") if known else ("", "")


def _wrong(record: Mapping[str, Any], case: Judged) -> Iterator[tuple[str, str]]:
    """Give each expectation that is not met, in words, with the reason where it is known to be missed."""
    for expected, ruling in zip(record["expect"], case.rulings, strict=True):
        if ruling.told.grade not in RIGHT:
            facing = f", facing {ruling.toward}" if ruling.toward else ""
            answer = ruling.told.answer or "no answer"
            yield f"{ruling.state}{facing}: expected {ruling.told.expected}, got {answer}", expected.get("missed") or ""
    for expected, told in zip(record["expect_outcomes"], case.outcomes, strict=True):
        if told.grade not in RIGHT:
            said = f"{told.outcome}: expected {told.expected or 'a dispute'}, got {told.answer or 'no answer'}"
            yield said, expected.get("missed") or ""
    if case.trap:
        yield "something is predicted where nothing should be", ""


def _attribute(text: str) -> str:
    """Write a text as an attribute, without what XML cannot hold."""
    return quoteattr(_NOT_IN_XML.sub("", text))


def write_packed(path: Path, yardstick: Yardstick, records: Records) -> None:
    """Write the records as they are, packed, which takes a tenth of the room; the same bytes at any time."""
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as file:
        file.writelines(map(line_of, records))


FORMS: dict[str, tuple[str, Write]] = {
    "gzip": ("records.jsonl.gz", write_packed),
    "csv": ("records.csv", write_csv),
    "parquet": ("records.parquet", write_parquet),
    "junit": ("junit.xml", write_junit),
}
"""Each form that records may be written in beside their own: the name of its file, and what writes it."""


def write_lines(path: Path, yardstick: Yardstick, records: Records) -> None:
    """Write the records as they are."""
    with path.open("wb") as file:
        file.writelines(map(line_of, records))


def writer_of(path: Path) -> Write | None:
    """Give what writes records into a file of this name; None where it has the name of a folder."""
    endings = {
        ".jsonl": write_lines,
        ".gz": write_packed,
        ".csv": write_csv,
        ".parquet": write_parquet,
        ".xml": write_junit,
    }
    return endings.get(path.suffix.lower())


def write_one(path: Path, write: Write, yardstick: Yardstick, records: Records) -> None:
    """Write records into a file, which is there whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    write(part, yardstick, records)
    part.replace(path)


def write_forms(folder: Path, forms: Iterable[str], yardstick: Yardstick, records: Callable[[], Records]) -> None:
    """Write records in some forms into a folder; ``records`` gives them, once for each form."""
    for form in dict.fromkeys(forms):
        name, write = FORMS[form]
        write_one(folder / name, write, yardstick, records())
