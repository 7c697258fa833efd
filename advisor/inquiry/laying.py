"""Changes of a situation laid over a net: one situation for each change, or for each two changes together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.inquiry.columns import Columns
from advisor.inquiry.matters import Change, Matter, answers, is_default, known_of, matter_of
from advisor.inquiry.net import Net, TooWide
from advisor.situation import closed
from advisor.terms import SYSTEM, Fact, Situation, Vocabulary
from advisor.vocabulary import once_each, variables

MOST_EFFECTS = 1_500
"""How many changes are tried two by two."""

MOST_AT_ONCE = 500_000
"""How many pairs of them are laid over a net at once."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a net looks at, matter by matter: the numbers of its facts, and what is known of it."""

    vocabulary: Vocabulary
    situation: Situation
    net: Net
    numbers: Mapping[Matter, tuple[int, ...]]
    known: Mapping[Matter, tuple[Fact, ...]]
    observed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes that come to the same make of a matter: the numbers of the facts that are then known."""

    matter: Matter
    true: frozenset[int]
    changes: tuple[Change, ...]


def ground_of(vocabulary: Vocabulary, situation: Situation, net: Net) -> Ground:
    """Sort the facts of a net by matter.

    What is only concluded, and not observed, is nobody's to change, nor what is said of a state that a rule names and
    that plays no part in the situation.
    """
    everyone = {SYSTEM, *situation.states}
    index = variables(vocabulary)
    known = known_of(vocabulary, situation)
    found: dict[Matter, list[int]] = {}
    for number, fact in enumerate(net.facts):
        matter = matter_of(vocabulary, fact)
        if not everyone.issuperset(fact.args):
            continue
        if not index[fact.variable].derived or matter in known:
            found.setdefault(matter, []).append(number)
    place = {variable: number for number, variable in enumerate(index)}
    ordered = sorted(found, key=lambda matter: (place[matter.variable], matter.args, matter.value))
    return Ground(
        vocabulary,
        situation,
        net,
        {matter: tuple(found[matter]) for matter in ordered},
        known,
        tuple(fact in situation.facts for fact in net.facts),
    )


def effects(ground: Ground, matter: Matter) -> tuple[Effect, ...]:
    """Give what may be made of a matter that the net would notice: each answer, or that nothing is known of it."""
    now = frozenset(number for number in ground.numbers[matter] if ground.observed[number])
    by_effect: dict[frozenset[int], list[Change]] = {}
    told = answers_in(ground, matter)
    for fact, true in told:
        by_effect.setdefault(true, []).append(Change(matter, fact))
    default = any(is_default(ground.vocabulary, fact) for fact, _ in told)
    if matter in ground.known and not default:
        by_effect.setdefault(frozenset(), []).append(Change(matter))
    return tuple(Effect(matter, true, tuple(same)) for true, same in by_effect.items() if true != now)


@once_each
def _kept(net: Net) -> dict[Matter, tuple[tuple[Fact, frozenset[int]], ...]]:
    """Give what was found of a net before."""
    return {}


def answers_in(ground: Ground, matter: Matter) -> tuple[tuple[Fact, frozenset[int]], ...]:
    """Give the answers about a matter, each with the numbers of the facts of the net that are known with it."""
    kept = _kept(ground.net)
    found = kept.get(matter)
    if found is None:
        told = [(fact, closed(ground.vocabulary, [fact])) for fact in answers(ground.vocabulary, matter)]
        facts = [(number, ground.net.facts[number]) for number in ground.numbers[matter]]
        found = kept[matter] = tuple(
            (fact, frozenset(number for number, each in facts if each in also)) for fact, also in told
        )
    return found


def singly(ground: Ground, chosen: Sequence[Effect]) -> tuple[int, Columns]:
    """Lay every effect over a net by itself; gives all situations and the columns."""
    full = (1 << len(chosen)) - 1
    columns = [full if held else 0 for held in ground.observed]
    for number, effect in enumerate(chosen):
        here = 1 << number
        for fact in ground.numbers[effect.matter]:
            columns[fact] = columns[fact] | here if fact in effect.true else columns[fact] & ~here
    return full, columns


@dataclass(frozen=True, slots=True)
class Pairs:
    """Some pairs of effects as situations: that of numbers i and j, i less than j, is bit ``(i - first) * size + j``.

    ``valid`` leaves out the pairs that are none: the same the other way round, and two effects on one matter.
    """

    first: int
    size: int
    columns: Columns
    full: int
    valid: int

    def numbers(self, bit: int) -> tuple[int, int]:
        """Give the numbers of the two effects of a situation."""
        row, column = divmod(bit, self.size)
        return self.first + row, column


def doubly(ground: Ground, chosen: Sequence[Effect]) -> Iterator[Pairs]:
    """Lay every two effects over a net, so many at a time as memory likes.

    Raises ``TooWide`` past the bound of effects.
    """
    size = len(chosen)
    if size > MOST_EFFECTS:
        raise TooWide(f"more than {MOST_EFFECTS:,} changes would have to be tried two by two")
    rows = max(1, MOST_AT_ONCE // max(1, size))
    mine: dict[Matter, list[int]] = {}
    for number, effect in enumerate(chosen):
        mine.setdefault(effect.matter, []).append(number)
    for first in range(0, size, rows):
        height = min(rows, size - first)
        unit = sum(1 << (row * size) for row in range(height))
        full = (1 << (height * size)) - 1
        columns = [full if held else 0 for held in ground.observed]
        valid = 0
        for row in range(height):
            valid |= ((1 << size) - (1 << (first + row + 1))) << (row * size)
        for matter, numbers in mine.items():
            lines = {n: unit << n | (_row(size, n - first) if first <= n < first + height else 0) for n in numbers}
            anywhere = _any(lines.values())
            across = _any(unit << number for number in numbers)
            down = _any(_row(size, number - first) for number in numbers if first <= number < first + height)
            valid &= ~(across & down)
            for fact in ground.numbers[matter]:
                columns[fact] &= ~anywhere
                columns[fact] |= _any(lines[number] for number in numbers if fact in chosen[number].true)
        yield Pairs(first, size, columns, full, valid)


def _row(size: int, number: int) -> int:
    return ((1 << size) - 1) << (number * size)


def _any(columns: Iterable[int]) -> int:
    result = 0
    for column in columns:
        result |= column
    return result
