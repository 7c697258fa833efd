"""The texts that a command is given: files, standard input, arguments, with every way they can be unusable.

A text is decoded strictly and kept as it is, character for character, since evidence is quoted by place.  Of a
Markdown document with a title, a transcript above all, only the situation is read; blanks take the place of its
title, and what follows the situation is left out, so that every place still counts from the beginning of the file.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class CannotRun(Exception):
    """What was asked cannot be done; the message says what is wrong and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Input:
    """One text and the name of where it came from.

    Places in ``text`` are places in the file, in code points: a title above the situation is blanked, not cut.
    """

    name: str
    text: str


def collect(files: Iterable[str], texts: Iterable[str] = ()) -> tuple[Input, ...]:
    """Read all that a command was given: texts first, then files, ``-`` being standard input.

    Raises CannotRun if anything is missing, unreadable, not UTF-8, empty, too long or in another language than
    English, before any of it is used.
    """
    from advisor.reading import whole_language
    from advisor.reading.reader import MAX_CHARACTERS

    found = [Input("--text", _decoded("--text", os.fsencode(text), MAX_CHARACTERS)) for text in texts]
    found += [
        Input(name, _situation(_label(name), _decoded(_label(name), _bytes(name, MAX_CHARACTERS), MAX_CHARACTERS)))
        for name in files
    ]
    if not found:
        raise CannotRun("there is nothing to read; name a file, “-” for standard input, or give --text “…”")
    for given in found:
        if language := whole_language(given.text):
            raise CannotRun(
                f"{_label(given.name)}: this is not in English, it looks like {language}; the advisor reads English "
                "only, so give it a translation"
            )
    return tuple(found)


def unpacked(folder: Path, revision: str, into: Path) -> Path:
    """Put a folder as it was in a git revision into another place, and give it there; nothing is checked out.

    Raises CannotRun if the folder is in no repository or the revision has no such folder.
    """
    place = folder.resolve()
    if revision.startswith("-"):
        raise CannotRun(f"--since {revision}: this is no revision")
    try:
        # From inside the folder the archive holds what is in it, without the way to it.
        command = ["git", "-C", str(place), "archive", "--format=tar", revision]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            data, complaint = process.communicate()
    except OSError as error:
        raise CannotRun(f"git could not be run ({error.strerror or error}); name two folders instead") from None
    if process.returncode:
        why = complaint.decode("utf-8", "replace").strip().splitlines()
        raise CannotRun(f"--since {revision}: git says “{why[-1] if why else process.returncode}”")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(into, filter="data")
    if not any(into.rglob("*.md")):
        raise CannotRun(f"--since {revision}: there were no rules in {folder} then")
    return into


def lines_of(text: str, start: int, end: int) -> str:
    """Name the lines that a stretch of a text is in."""
    first = text.count("\n", 0, start) + 1
    last = first + text.count("\n", start, end)
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _label(name: str) -> str:
    """Name a source in a message."""
    return "standard input" if name == "-" else name


def _bytes(name: str, longest: int) -> bytes:
    """Read a file or standard input, no further than a text of so many characters can reach."""
    most = 4 * (longest + 1) + 1
    try:
        if name == "-":
            if sys.stdin is None:
                raise CannotRun("standard input is closed; name a file, or give --text “…”")
            return sys.stdin.buffer.read(most)
        with Path(name).open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise CannotRun(f"{name}: there is no such file; to give the situation itself, use --text “…”") from None
    except IsADirectoryError:
        raise CannotRun(f"{name}: this is a folder; name the files in it") from None
    except PermissionError:
        raise CannotRun(f"{name}: this file may not be read; change its permissions or copy it") from None
    except OSError as error:
        raise CannotRun(f"{_label(name)}: it could not be read ({error.strerror or error})") from None


def _situation(label: str, text: str) -> str:
    """Keep of a document with a title only the situation it tells, in its place."""
    from advisor.transcript import situation_only

    told = situation_only(text)
    if not told.strip():
        raise CannotRun(f"{label}: this transcript tells no situation in words; write one under its title")
    return told


def _decoded(label: str, data: bytes, longest: int) -> str:
    """Decode a text, or say which byte is wrong."""
    too_long = f"and at most {longest:,} characters are read at once; split it into situations"
    if len(data) > 4 * (longest + 1):
        raise CannotRun(f"{label}: more than {4 * longest:,} bytes, {too_long}")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start} (0x{data[error.start]:02X})"
        raise CannotRun(f"{label}: not UTF-8 text, at {wrong}; save it as UTF-8") from None
    if not text.strip():
        raise CannotRun(f"{label}: the text is empty; describe a situation in a sentence or more")
    if len(text) > longest:
        raise CannotRun(f"{label}: {len(text):,} characters, {too_long}")
    return text
