"""Learnt patterns, kept between runs in the user's cache folder.

Parsing every phrase takes long, and the result changes only with the phrase, the model or the code that learns.
A file's name is a digest of all three, so a stale one is never taken for a fresh one; but what a stale one has of
phrases that have not changed is used again, so that a new phrase costs no more than itself.  A file that cannot be
read or written is done without.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from advisor.reading.learning import Learnt, Lesson
from advisor.reading.patterns import Node, Pattern
from advisor.terms import Reader

_LEARNERS = ("clause.py", "completion.py", "graph.py", "learning.py", "patterns.py", "../wording.py")
"""The modules that what is learnt depends on."""
_KEPT = 12


def base(same: Mapping[str, frozenset[str]], reader: Reader) -> str:
    """Name everything that what is learnt depends on, but for the phrases."""
    found = hashlib.sha256(f"{reader.version} {reader.digest}".encode())
    found.update(repr(sorted((word, sorted(words)) for word, words in same.items())).encode())
    for name in _LEARNERS:
        found.update((Path(__file__).parent / name).read_bytes())
    return found.hexdigest()[:16]


def digest(lessons: Iterable[Lesson]) -> str:
    """Name a list of lessons."""
    found = hashlib.sha256()
    for lesson in lessons:
        found.update(lesson.key.encode())
    return found.hexdigest()[:16]


def folder() -> Path:
    """Give the folder of the user's caches."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path("~/.cache").expanduser())
    return Path(base) / "balance-of-power-advisor"


def load(key: str, lessons: Sequence[Lesson]) -> list[Learnt] | None:
    """Give what was learnt before of just these lessons, in order, or None."""
    kept = _read(folder() / f"patterns-{key}-{digest(lessons)}.json")
    try:
        return [_learnt(each) for _, each in kept] if len(kept) == len(lessons) else None
    except (ValueError, KeyError, TypeError):
        return None


def remembered(key: str) -> dict[str, Learnt]:
    """Give what was learnt last time of whatever lessons, by the lesson's key."""
    try:
        newest = max(folder().glob(f"patterns-{key}-*.json"), key=lambda path: path.stat().st_mtime, default=None)
        return {lesson: _learnt(each) for lesson, each in _read(newest)} if newest else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def save(key: str, lessons: Sequence[Lesson], learnt: Sequence[Learnt]) -> None:
    """Keep what was learnt; where that is not possible the next run learns again."""
    rows = [[lesson.key, _plain(each)] for lesson, each in zip(lessons, learnt, strict=True)]
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder(), suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(rows, separators=(",", ":")))
        Path(name).replace(folder() / f"patterns-{key}-{digest(lessons)}.json")
        for old in sorted(folder().glob("patterns-*.json"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    except OSError:
        return


def _read(path: Path) -> list[tuple[str, Any]]:
    try:
        return [(key, each) for key, each in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


_FIELDS = ("variable", "value", "holds", "modal", "size", "phrase", "joint", "passive", "existential", "noun", "bloc")


def _plain(learnt: Learnt) -> list[Any]:
    patterns = [[_plain_node(p.root), *(getattr(p, field) for field in _FIELDS)] for p in learnt.patterns]
    return [patterns, learnt.refused]


def _plain_node(node: Node) -> list[Any]:
    return [sorted(node.words), [[label, _plain_node(child)] for label, child in node.edges], node.slot]


def _learnt(kept: list[Any]) -> Learnt:
    patterns, refused = kept
    return Learnt(tuple(_pattern(each) for each in patterns), tuple(refused))


def _node(kept: list[Any]) -> Node:
    words, edges, slot = kept
    return Node(frozenset(words), tuple((label, _node(child)) for label, child in edges), slot)


def _pattern(kept: list[Any]) -> Pattern:
    root, *fields = kept
    if len(fields) != len(_FIELDS):
        raise ValueError("a pattern of another shape")
    return Pattern(root=_node(root), **dict(zip(_FIELDS, fields, strict=True)))
