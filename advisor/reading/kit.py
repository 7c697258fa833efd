"""What reading needs and what does not change from text to text: the model, names, words and patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.reading import learning, model, names, patterns, store, trust, words
from advisor.reading.cues import Cues, load_cues
from advisor.terms import Reader, Vocabulary

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything that reading needs and that does not change from text to text."""

    nlp: Language
    reader: Reader
    vocabulary: Vocabulary
    gazetteer: names.Gazetteer
    lists: words.Words
    cues: Cues
    trust: Mapping[str, float]
    index: patterns.Index
    roles: Mapping[str, tuple[patterns.Pattern, ...]]
    role_nouns: frozenset[str]
    stateless: patterns.Index
    pointing: frozenset[str]
    refused: tuple[str, ...]
    common: frozenset[str]


_latest: list[tuple[Vocabulary, Path, Kit]] = []
"""What was assembled last: to compare equal vocabularies takes as long as to read a sentence."""


def assemble(vocabulary: Vocabulary, rules: Path) -> Kit:
    """Load the model, the names and the words, and learn the vocabulary's phrases."""
    for known, folder, kit in _latest:
        if known is vocabulary and folder == rules:
            return kit
    kit = _assembled(vocabulary, rules)
    _latest[:] = [(vocabulary, rules, kit)]
    return kit


@lru_cache(maxsize=4)
def _assembled(vocabulary: Vocabulary, rules: Path) -> Kit:
    nlp, reader = model.load()
    common = model.ordinary_words(nlp)
    known, _ = names.load_names(rules)
    lists, _ = words.load_words(rules)
    said_how, _ = load_cues(rules)
    learnt = _learnt(nlp, learning.lessons(vocabulary), lists.same, reader)
    first: dict[tuple[str, str, patterns.Node, bool, str], patterns.Pattern] = {}
    for each in learnt:
        for pattern in each.patterns:
            first.setdefault((pattern.variable, pattern.value, pattern.root, pattern.holds, pattern.modal), pattern)
    found = list(first.values())
    refused = tuple(text for each in learnt for text in each.refused)
    roles: dict[str, list[patterns.Pattern]] = {}
    for pattern in found:
        slots = [label for label, child in pattern.root.edges if child.slot >= 0]
        if "be" in slots and len(slots) == len(pattern.root.edges) == len(set(slots)) <= 2:
            for word in pattern.root.words:
                roles.setdefault(word, []).append(pattern)
    index = patterns.index(found)
    return Kit(
        nlp,
        reader,
        vocabulary,
        names.gazetteer(known),
        lists,
        said_how,
        trust.load_trust(rules)[0],
        index,
        {word: tuple(entries) for word, entries in roles.items()},
        frozenset(
            word
            for word, entries in roles.items()
            if any({"be", "of"} == {e for e, _ in p.root.edges} for p in entries)
        ),
        patterns.without_states(index),
        lists.state_nouns | lists.stand_alone | lists.representatives | lists.topics | roles.keys(),
        refused,
        common,
    )


def _learnt(
    nlp: Language, lessons: list[learning.Lesson], same: Mapping[str, frozenset[str]], reader: Reader
) -> list[learning.Learnt]:
    """Look up what was learnt of each phrase before, and learn what is new."""
    key = store.base(same, reader)
    kept = store.load(key, lessons)
    if kept is not None:
        return kept
    known = store.remembered(key)
    new = [lesson for lesson in lessons if lesson.key not in known]
    known.update({lesson.key: each for lesson, each in zip(new, learning.learn(nlp, new, same), strict=True)})
    learnt = [known[lesson.key] for lesson in lessons]
    store.save(key, lessons, learnt)
    return learnt


def unlearnt(vocabulary: Vocabulary, rules: Path) -> tuple[str, ...]:
    """Give the wordings of the vocabulary that the reader cannot learn, for the one who writes them."""
    return assemble(vocabulary, rules).refused
