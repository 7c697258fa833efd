"""Learnt patterns, kept between runs in the user's cache folder.

Parsing every phrase takes seconds, and the result changes only with the phrases, the model or this
package.  The file's name is a digest of all three, so a stale one is never read; one that cannot be
read or written is done without.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor.reading.patterns import Node, Pattern
from advisor.terms import Reader, Vocabulary

Learnt = tuple[tuple[Pattern, ...], tuple[str, ...]]


def digest(vocabulary: Vocabulary, same: Mapping[str, frozenset[str]], reader: Reader) -> str:
    """Name everything that what is learnt depends on."""
    found = hashlib.sha256()
    found.update(f"{reader.version} {reader.digest}".encode())
    for variable in vocabulary.variables:
        found.update(repr((variable.id, variable.derived, variable.symmetric, variable.values)).encode())
    found.update(repr(sorted((word, sorted(words)) for word, words in same.items())).encode())
    here = Path(__file__).parent
    for source in (*sorted(here.glob("*.py")), here.parent / "wording.py"):
        found.update(source.read_bytes())
    return found.hexdigest()[:32]


def folder() -> Path:
    """Give the folder of the user's caches."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path("~/.cache").expanduser())
    return Path(base) / "balance-of-power-advisor"


def load(key: str) -> Learnt | None:
    """Give what was learnt before under a digest, or None."""
    try:
        kept = json.loads((folder() / f"patterns-{key}.json").read_text(encoding="utf-8"))
        return tuple(_pattern(each) for each in kept["patterns"]), tuple(kept["refused"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(key: str, learnt: Learnt) -> None:
    """Keep what was learnt; where that is not possible the next run learns again."""
    patterns, refused = learnt
    text = json.dumps({"patterns": [_plain(each) for each in patterns], "refused": refused})
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder(), suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(folder() / f"patterns-{key}.json")
    except OSError:
        return


_FIELDS = ("variable", "value", "holds", "modal", "size", "phrase", "joint", "passive", "existential")


def _plain(pattern: Pattern) -> list[Any]:
    return [_plain_node(pattern.root), *(getattr(pattern, field) for field in _FIELDS)]


def _plain_node(node: Node) -> list[Any]:
    return [sorted(node.words), [[label, _plain_node(child)] for label, child in node.edges], node.slot]


def _node(kept: list[Any]) -> Node:
    words, edges, slot = kept
    return Node(frozenset(words), tuple((label, _node(child)) for label, child in edges), slot)


def _pattern(kept: list[Any]) -> Pattern:
    return Pattern(root=_node(kept[0]), **dict(zip(_FIELDS, kept[1:], strict=True)))
