"""What is kept between runs is what was learnt, and a broken file is learnt anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.reading import store
from advisor.reading.learning import Learnt, Lesson
from advisor.reading.patterns import Node, Pattern
from advisor.terms import Phrase, Theory

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
    noun=False,
)


@pytest.fixture
def lesson(theory: Theory) -> Lesson:
    return Lesson(theory.vocabulary.variables[0], "great", Phrase("{0} is a great power"))


def test_kept_as_learnt(lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    learnt = [Learnt((PATTERN,), ("a refused wording",))]
    assert store.load("key", [lesson]) is None
    store.save("key", [lesson], learnt)
    assert store.load("key", [lesson]) == learnt
    (kept,) = (tmp_path / "balance-of-power-advisor").iterdir()
    kept.write_text("{", encoding="utf-8")
    assert store.load("key", [lesson]) is None
    assert store.remembered("key") == {}


def test_a_new_phrase_costs_no_more_than_itself(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    store.save("key", [lesson], [Learnt((PATTERN,))])
    new = Lesson(lesson.variable, "great", Phrase("{0} is mighty"))
    assert store.load("key", [lesson, new]) is None
    assert store.remembered("key") == {lesson.key: Learnt((PATTERN,))}
    assert store.remembered("another key") == {}
    assert new.key != lesson.key


def test_a_folder_that_cannot_be_written_is_done_without(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    store.save("key", [lesson], [Learnt((PATTERN,))])
    assert store.load("key", [lesson]) is None
