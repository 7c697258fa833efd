"""What words that were not understood may mean: the facts whose phrases are most like them, to be asked about.

A clause is compared with every phrase of the vocabulary by the words they share, rare words counting for more.  The
nearest are offered with the states of the clause in their places; nothing of it is taken for said.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.situation import closed
from advisor.terms import SYSTEM, Fact, Reading, Span, Vocabulary
from advisor.vocabulary import canonical, once_each, variables

_DENIES = re.compile(r"\b(?:not|no|never|nobody|nothing|none|cannot|without|neither|nor|hardly)\b|n't\b", re.I)
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been being but by can could did do does for from had has have he her his if in into is "
        "it its may might more most no nor not of on or our out over she so some such than that the their them they "
        "this those to too under up upon was we were what when which who whom will with would state states power "
        "powers other another all any very still yet also only both each own against between",
    )
)
_ENDINGS = re.findall(r"\w+", "ations ation ness ments ment ingly ings ing edly ies ied ers er ed es ly s y e")
_TELLING = 2.0
"""How much a word must weigh to tell something alone: it stands with few variables."""
_TURNED = 0.7
"""What a likeness counts between a clause that denies something and a phrase that does not."""
_LEAST = 0.5
_LEAST_ALONE = 0.75
"""The least part of the weight of a clause's words that a phrase must share to be offered; the second where the clause
names states and the phrase is about none."""


@dataclass(frozen=True, slots=True)
class _Entry:
    variable: str
    value: str
    affirms: bool
    slots: int
    stems: frozenset[str]
    denies: bool


def _stem(word: str) -> str:
    """Cut a word to what its forms share, roughly."""
    small = word.casefold().replace("’", "'").removesuffix("'s")
    for ending in _ENDINGS:
        if small.endswith(ending) and len(small) - len(ending) >= 4:
            return small[: -len(ending)]
    return small


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(text) if word.casefold() not in _LITTLE)


@once_each
def _entries(vocabulary: Vocabulary) -> tuple[tuple[_Entry, ...], dict[str, float]]:
    """Give every phrase by its stems, and how much each stem weighs."""
    entries: list[_Entry] = []
    for variable in vocabulary.variables:
        for value in variable.values if not variable.derived else ():
            for phrase in value.phrases:
                words = re.sub(r"\{\d\}|\*", " ", phrase.text)
                others = " ".join(other for _, listed in phrase.alternatives for other in listed)
                stems = _stems(f"{words} {others}")
                if stems and phrase.kind != "other":
                    denies = _DENIES.search(words) is not None
                    entries.append(_Entry(variable.id, value.id, phrase.affirms, variable.arity, stems, denies))
    told: dict[str, set[str]] = {}
    for entry in entries:
        for stem in entry.stems:
            told.setdefault(stem, set()).add(entry.variable)
    total = len(vocabulary.variables)
    return tuple(entries), {stem: math.log(1 + total / len(having)) for stem, having in told.items()}


def is_word_of(vocabulary: Vocabulary, word: str) -> bool:
    """Whether a word, in whatever form, stands in a phrase, and tells something there."""
    return word.casefold() not in _LITTLE and _stem(word) in _entries(vocabulary)[1]


def nearest_facts(
    vocabulary: Vocabulary, words: str, names: Sequence[str], known: Iterable[Fact] = (), most: int = 3
) -> tuple[Fact, ...]:
    """Give the facts that words may state of the states named in them, the likeliest first; none if nothing is near.

    ``known`` is what is known already, true or false, and is not offered.
    """
    entries, weight = _entries(vocabulary)
    here = _stems(words) - {stem for name in names for stem in _stems(name)}
    rare = max(weight.values(), default=1.0)
    whole = sum(weight.get(stem, rare) for stem in here)
    if not whole:
        return ()
    settled = closed(vocabulary, known)
    denies = _DENIES.search(words) is not None
    scores: dict[tuple[str, str], tuple[float, float]] = {}
    for entry in entries:
        if entry.slots > len(names) or not entry.affirms:
            continue
        common = here & entry.stems
        score = sum(weight[stem] for stem in common) / whole * (1.0 if entry.denies == denies else _TURNED)
        telling = len(common) > 1 or (entry.slots and any(weight[stem] >= _TELLING for stem in common))
        if telling and score >= (_LEAST if entry.slots or not names else _LEAST_ALONE):
            key = (entry.variable, entry.value)
            scores[key] = max(scores.get(key, (0.0, 0.0)), (score, len(common) / len(entry.stems)))
    offered: dict[Fact, None] = {}
    taken: Counter[str] = Counter()
    for (name, value), _ in sorted(scores.items(), key=lambda each: (-each[1][0], -each[1][1], each[0])):
        arity = variables(vocabulary)[name].arity
        args = next(iter(itertools.permutations(names, arity))) if arity else (SYSTEM,)
        fact = canonical(vocabulary, Fact(name, args, value))
        if taken[name] or fact in settled or len(offered) == most:
            continue
        taken[name] += 1
        offered[Fact(name, args, value)] = None
    return tuple(offered)


def names_in(reading: Reading, span: Span) -> tuple[str, ...]:
    """Give the states that a stretch of a text names, as it names them first."""
    found = [
        (mention.start, state.name)
        for state in reading.states
        for mention in state.mentions
        if span.start <= mention.start < span.end
    ]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))
