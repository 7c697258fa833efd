"""Changes of a situation laid over a net: one situation for each change, or for each two changes together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.inquiry.columns import Columns
from advisor.inquiry.matters import Change, Matter, answers, is_default, known_of, matter_of
from advisor.inquiry.net import Net
from advisor.situation import closed
from advisor.terms import SYSTEM, Fact, Situation, Vocabulary
from advisor.vocabulary import variables


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
    numbers = ground.numbers[matter]
    now = frozenset(number for number in numbers if ground.observed[number])
    by_effect: dict[frozenset[int], list[Change]] = {}
    for fact in answers(ground.vocabulary, matter):
        by_effect.setdefault(true_numbers(ground, fact_facts(ground, fact), numbers), []).append(Change(matter, fact))
    default = any(is_default(ground.vocabulary, fact) for fact in answers(ground.vocabulary, matter))
    if matter in ground.known and not default:
        by_effect.setdefault(frozenset(), []).append(Change(matter))
    return tuple(Effect(matter, true, tuple(same)) for true, same in by_effect.items() if true != now)


def fact_facts(ground: Ground, fact: Fact) -> frozenset[Fact]:
    """Give all that is known with a fact."""
    return closed(ground.vocabulary, [fact])


def true_numbers(ground: Ground, facts: Iterable[Fact], numbers: Sequence[int]) -> frozenset[int]:
    """Give the numbers of those facts that the net looks at."""
    wanted = frozenset(facts)
    return frozenset(number for number in numbers if ground.net.facts[number] in wanted)


@dataclass(frozen=True, slots=True)
class Square:
    """All pairs of effects as situations: that of numbers i and j is bit ``i * size + j``; a pair (i, i) is single."""

    size: int
    columns: Columns
    full: int
    single: int
    valid: int

    def region(self, number: int) -> int:
        """Give the situations in which an effect is there."""
        return _row(self.size, number) | _column(self.size, number)


def square(ground: Ground, chosen: Sequence[Effect]) -> Square:
    """Lay every effect and every two of them over a net."""
    size = len(chosen)
    full = (1 << (size * size)) - 1
    columns = [full if held else 0 for held in ground.observed]
    single = sum(1 << (number * size + number) for number in range(size))
    upper = sum(((1 << (size - number)) - 1) << (number * size + number) for number in range(size))
    clash = 0
    mine: dict[Matter, list[int]] = {}
    for number, effect in enumerate(chosen):
        mine.setdefault(effect.matter, []).append(number)
    for matter, numbers in mine.items():
        rows, lines = 0, 0
        for number in numbers:
            rows |= _row(size, number)
            lines |= _column(size, number)
        clash |= rows & lines & ~single
        for fact in ground.numbers[matter]:
            columns[fact] &= ~(rows | lines)
            for number in numbers:
                if fact in chosen[number].true:
                    columns[fact] |= _row(size, number) | _column(size, number)
    return Square(size, columns, full, single, upper & ~clash)


def _row(size: int, number: int) -> int:
    return ((1 << size) - 1) << (number * size)


_units: dict[int, int] = {}


def _column(size: int, number: int) -> int:
    unit = _units.get(size)
    if unit is None:
        _units.clear()
        unit = _units[size] = sum(1 << (row * size) for row in range(size))
    return unit << number
