"""What only the whole text settles: what was so before, and whom a wording is about that names one state only."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Mapping, Sequence

from advisor.reading import chronology
from advisor.situation import clash, closed
from advisor.terms import Fact, Observation, Stance, Variable, Vocabulary

Key = tuple[Fact, Stance, str | None]
"""What makes two observations one: the fact in its canonical form, the stance and whose belief it is."""

NEAR = 3
"""Sentences within which a quarrel is the one that a wording without the other party is about."""


def ended(vocabulary: Vocabulary, moments: Mapping[Key, Sequence[chronology.Moment]]) -> set[Key]:
    """Give what the text says was so before something that clashes with it; ``moments`` say when each was told."""
    about: dict[tuple[str, frozenset[str]], list[Key]] = {}
    for key in moments:
        if key[1] in ("asserted", "denied"):
            about.setdefault((key[0].variable, frozenset(key[0].args)), []).append(key)
    return {
        one
        for keys in about.values()
        for one, other in itertools.permutations(keys, 2)
        if clash(vocabulary, one[0], other[0])
        and all(chronology.earlier(before, after) for before in moments[one] for after in moments[other])
    }


def told(observations: Iterable[Observation], starts: Sequence[int]) -> list[tuple[int, Fact]]:
    """Give each fact with the number of the sentence that tells it, in order; sentences begin at ``starts``."""
    found = [
        (bisect.bisect(starts, evidence.span.start), each.fact)
        for each in observations
        for evidence in each.evidence
        if evidence.span is not None and each.stance in ("asserted", "denied") and not each.past
    ]
    return sorted(found)


def parties(
    vocabulary: Vocabulary, variable: Variable, told: Sequence[tuple[int, Fact]], here: int, fact: Fact
) -> list[str]:
    """Give the states that a wording of one state is meant towards: "is neutral", "is winning".

    They are those in a quarrel that the text has ``told`` of within a few sentences of sentence number ``here``.
    """
    first = bisect.bisect_left(told, here - NEAR, key=lambda each: each[0])
    last = bisect.bisect_right(told, here + NEAR, key=lambda each: each[0])
    quarrel = [
        known
        for known in closed(vocabulary, [known for _, known in told[first:last]])
        if (known.variable, known.value, known.holds) in {*variable.parties, *variable.opponents}
        and (not variable.opponents or fact.args[0] in known.args)
    ]
    return sorted({arg for known in quarrel for arg in known.args} - set(fact.args))
