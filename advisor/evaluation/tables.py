"""Tables of cases, one a row: CSV, its like with tabs, and Parquet.

Without a mapping the columns are the keys of a case, and what is a list there is JSON in its cell.  A mapping, a TOML
file, says what the columns of somebody else's table mean, so that structured data need not be written anew:

    id = "{dyad}-{year}"
    title = "{state} and {rival}, {year}"

    [[facts]]
    variable = "strength"
    args = ["{state}"]
    value = "{capability}"
    values = { "1" = "weak", "2" = "great" }

    [[expect]]
    state = "{state}"
    toward = "{rival}"
    strategy = "{response}"

A name in braces is the cell of that column.  ``values`` translates cells, an empty one meaning that nothing is known;
``not`` before a value says that it does not hold.  A fact or an expectation with an empty cell is left out.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import tomllib
import zlib
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import Any

from advisor.evaluation.cases import LONGEST, Given, Unusable, ending, opened

KEYS = ("id", "title", "text", "facts", "tolerated", "expect", "expect_outcomes", "expect_nothing")
_LISTS = ("facts", "tolerated", "expect", "expect_outcomes")
_COLUMN = re.compile(r"\{([^{}]+)\}")


def mapping(path: Path) -> dict[str, Any]:
    """Read what the columns of a table mean.  Raises Unusable where this is no mapping."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Unusable(f"{path}: there is no such file of columns") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unusable(f"{path}: this mapping cannot be read: {error}") from None
    unknown = [key for key in found if key not in KEYS]
    if unknown:
        raise Unusable(f"{path}: a mapping has no “{unknown[0]}”; there is {', '.join(KEYS)}")
    for key in _LISTS:
        entries = found.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            raise Unusable(f"{path}: write each of “{key}” under a heading [[{key}]]")
    if "facts" not in found and "text" not in found:
        raise Unusable(f"{path}: a mapping says where “text” or “facts” are; this one says neither")
    return found


def columns_of(found: Mapping[str, Any]) -> list[str]:
    """Give the columns that a mapping speaks of."""
    told: list[Any] = []
    for entry in found.values():
        for each in entry if isinstance(entry, list) else [{"": entry}]:
            told += [value for key, value in each.items() if key != "values"]
    texts = [text for each in told for text in (each if isinstance(each, list) else [each])]
    return list(dict.fromkeys(name for text in texts for name in _COLUMN.findall(str(text))))


def check(paths: Iterable[Path], columns: Mapping[str, Any] | None) -> None:
    """Look whether tables have the columns that are asked for, before any work is done.  Raises Unusable if not."""
    for path in paths:
        kind = ending(path)
        if kind in (".csv", ".tsv", ".parquet"):
            # One that cannot be read at all is a case with a complaint, when its turn comes.
            with contextlib.suppress(OSError, EOFError, zlib.error), contextlib.closing(table(path, columns)) as rows:
                next(rows, None)


def table(path: Path, columns: Mapping[str, Any] | None) -> Generator[Given, None, None]:
    """Give the cases of a table.  Raises Unusable if a column that is asked for, or pyarrow, is missing."""
    if ending(path) == ".parquet":
        return _parquet(path, columns)
    return _delimited(path, "\t" if ending(path) == ".tsv" else ",", columns)


def _delimited(path: Path, delimiter: str, columns: Mapping[str, Any] | None) -> Generator[Given, None, None]:
    """Give the cases of a table of delimited text, whose first row names the columns."""
    stream, raw = opened(path)
    with raw, stream:
        csv.field_size_limit(LONGEST)
        rows = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), delimiter=delimiter)
        before = number = 0
        while True:
            source, id = f"{path}:{number + 1}", f"{path.stem}:{number}"
            try:
                if not number:
                    _fits(path, rows.fieldnames or (), columns)
                row = next(rows, None)
            except (csv.Error, UnicodeDecodeError) as error:
                yield Given(source, "broken", f"this row cannot be read: {error}", id)
                if isinstance(error, UnicodeDecodeError) or not number:
                    return
                number += 1
                continue
            number += 1
            if row is None:
                return
            source, id = f"{path}:{number + 1}", f"{path.stem}:{number}"
            place = raw.tell()
            size, before = place - before, place
            if None in row or None in row.values():
                yield Given(source, "broken", "this row has not as many cells as there are columns", id, size)
            else:
                yield _row(source, id, row, columns, size)


def _parquet(path: Path, columns: Mapping[str, Any] | None) -> Generator[Given, None, None]:
    """Give the cases of a Parquet file, a few thousand rows in memory at a time."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ModuleNotFoundError:
        raise Unusable(NO_PARQUET) from None
    number = 0
    try:
        with ParquetFile(path) as file:
            names = file.schema_arrow.names
            _fits(path, names, columns)
            wanted = [name for name in names if name in (columns_of(columns) if columns else KEYS)]
            size = round(path.stat().st_size / max(1, file.metadata.num_rows))
            for batch in file.iter_batches(batch_size=2_000, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield _row(f"{path}:{number}", f"{path.stem}:{number}", row, columns, size)
    except pyarrow.ArrowException as error:
        source = f"{path}:{number + 1}"
        yield Given(source, "broken", f"this Parquet file cannot be read from here on: {error}", path.stem)


NO_PARQUET = "Parquet needs pyarrow; in the program's folder: pip install -e '.[tables]'"


def _fits(path: Path, names: Any, columns: Mapping[str, Any] | None) -> None:
    """Refuse a table that has not the columns that are asked for."""
    here = list(names)
    if columns is None:
        if "text" not in here and "facts" not in here:
            raise Unusable(
                f"{path}: its columns are {', '.join(map(str, here))}, and none is “text” or “facts”; "
                "say with --columns what they mean"
            )
        return
    missing = [name for name in columns_of(columns) if name not in here]
    if missing:
        raise Unusable(f"{path}: there is no column “{missing[0]}”; there is {', '.join(map(str, here))}")


def _row(source: str, id: str, row: Mapping[str, Any], columns: Mapping[str, Any] | None, size: int) -> Given:
    try:
        record = _mapped(row, columns) if columns is not None else _plain(row)
    except ValueError as error:
        return Given(source, "broken", str(error), id, size)
    return Given(source, "row", {**record, "id": record.get("id") or id}, id, size)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Read a row whose columns are the keys of a case."""
    record: dict[str, Any] = {}
    for key in KEYS:
        cell = row.get(key)
        if cell is None or cell == "":
            continue
        if key in _LISTS and isinstance(cell, str):
            try:
                cell = json.loads(cell)
            except ValueError as error:
                raise ValueError(f"the cell “{key}” is no JSON: {error}") from None
        if key == "expect_nothing" and isinstance(cell, str):
            cell = cell.strip().lower() in ("1", "true", "yes")
        record[key] = cell
    return record


def _mapped(row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Read a row as a mapping says."""
    record: dict[str, Any] = {}
    for key, entry in columns.items():
        if key in _LISTS:
            record[key] = [made for each in entry if (made := _entry(row, each)) is not None]
        elif key == "expect_nothing":
            record[key] = _filled(row, str(entry)).strip().lower() in ("1", "true", "yes")
        else:
            record[key] = _filled(row, str(entry))
    return record


def _entry(row: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """Fill in a fact or an expectation, or give None where a cell of it is empty."""
    made: dict[str, Any] = {}
    for key, told in entry.items():
        if key == "values":
            continue
        parts = [_filled(row, str(each)).strip() for each in (told if isinstance(told, list) else [told])]
        if key in ("value", "strategy") and "values" in entry and parts[0]:
            if parts[0] not in entry["values"]:
                raise ValueError(f"the mapping says nothing of “{parts[0]}” as {key} of {told}")
            parts = [str(entry["values"][parts[0]])]
        if "" in parts:
            if key in ("toward", "acceptable"):
                continue
            return None
        made[key] = parts if isinstance(told, list) else parts[0]
    if "variable" in made:
        value = str(made.get("value", ""))
        made["value"], made["holds"] = value.removeprefix("not ").strip(), not value.startswith("not ")
    return made


def _filled(row: Mapping[str, Any], told: str) -> str:
    def cell(found: re.Match[str]) -> str:
        value = row.get(found[1])
        return "" if value is None else str(value)

    return _COLUMN.sub(cell, told)
