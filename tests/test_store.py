"""What is kept between runs is what was learnt, and a broken file is learnt anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.reading import store
from advisor.reading.patterns import Node, Pattern

PATTERN = Pattern(
    "strength",
    "great",
    Node(frozenset({"power", "might"}), (("be", Node(frozenset(), slot=0)), ("mod", Node(frozenset({"great"}))))),
    True,
    "",
    3,
    "{0} is a great power",
    joint=False,
    passive=False,
    existential=False,
)


def test_kept_as_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert store.load("key") is None
    store.save("key", ((PATTERN,), ("a refused wording",)))
    assert store.load("key") == ((PATTERN,), ("a refused wording",))
    (tmp_path / "balance-of-power-advisor" / "patterns-key.json").write_text("{", encoding="utf-8")
    assert store.load("key") is None


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    store.save("key", ((PATTERN,), ()))
    assert store.load("key") is None
