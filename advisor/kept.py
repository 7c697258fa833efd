"""The theory as it was loaded last time, kept in the user's cache folder while no rule and no line of code changes.

Loading checks every clause of every rule, which takes longer than reading a situation.  What is kept is plain data,
named by a digest of all it depends on, so that a stale file is never taken for a fresh one; only a theory without a
complaint is kept, and a file that cannot be read or written is done without.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from advisor import house, terms
from advisor.terms import Diagnostic, Fact, Theory
from advisor.theory import load_theory as load_afresh

_KEPT = 8
_CLASSES: dict[str, Any] = {"Fact": Fact} | {
    name: each for name, each in vars(terms).items() if isinstance(each, type) and dataclasses.is_dataclass(each)
}


def load_theory(rules: Path, *, seed_only: bool = False) -> tuple[Theory, tuple[Diagnostic, ...]]:
    """Load a theory as ``advisor.theory`` does, from what was kept of it if nothing has changed since."""
    path = house.cache_folder() / f"theory-{_digest(rules)}{'-seed' if seed_only else ''}.json"
    try:
        kept = _value(json.loads(path.read_text(encoding="utf-8")))
        if isinstance(kept, Theory):
            return kept, ()
    except (OSError, ValueError, LookupError, TypeError):
        pass
    theory, diagnostics = load_afresh(rules, seed_only=seed_only)
    if not diagnostics:
        _keep(path, theory)
    return theory, diagnostics


def _digest(rules: Path) -> str:
    """Name everything that a loaded theory depends on: the documents of the rules and the code that reads them."""
    found = hashlib.sha256()
    for path in [*sorted(rules.rglob("*.md")), *sorted(Path(__file__).parent.glob("*.py"))]:
        found.update(f"{path}\0".encode(errors="surrogateescape"))
        try:
            found.update(path.read_bytes())
        except OSError:
            found.update(b"?")
    return found.hexdigest()[:24]


def _keep(path: Path, theory: Theory) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(_plain(theory), file, separators=(",", ":"))
        Path(name).replace(path)
        for old in sorted(path.parent.glob("theory-*.json"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    except OSError:
        return


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _plain(value: Any) -> Any:
    """Give a value as lists: of a tuple ``["", …]``, of one of the nouns its name and its fields."""
    if isinstance(value, Fact):
        return ["Fact", *map(_plain, value)]
    if isinstance(value, tuple):
        return ["", *map(_plain, value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_plain(getattr(value, name)) for name in _fields(type(value)))]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} is not kept")


def _value(plain: Any) -> Any:
    """Give the value back.  Raises LookupError or TypeError for what ``_plain`` does not give."""
    if not isinstance(plain, list):
        return plain
    name = plain[0]
    return _CLASSES[name](*map(_value, plain[1:])) if name else tuple(map(_value, plain[1:]))
