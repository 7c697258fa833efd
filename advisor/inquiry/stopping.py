"""What is open, and what in a verdict is in question because of it.

All that is open is bounded: what applies whatever is learnt, and what may come to apply.  What lies between is in
question, and so is every open matter that it looks at, directly or through what concludes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from advisor.inquiry.columns import Columns, Laid, bounded
from advisor.inquiry.laying import Ground, answers_in
from advisor.inquiry.leads import Court, counted
from advisor.inquiry.matters import Matter
from advisor.inquiry.net import Bearing, Literal, Net
from advisor.terms import Fact


@dataclass(frozen=True, slots=True)
class Open:
    """A matter that may still be asked about: what can be answered, and the facts each answer makes known."""

    matter: Matter
    answers: tuple[Fact, ...]
    true: tuple[frozenset[int], ...]
    numbers: tuple[int, ...]


def open_matters(ground: Ground, skip: Collection[Matter]) -> tuple[Open, ...]:
    """Give what the net looks at and nobody knows, but for what is not to be asked."""
    found = []
    for matter, numbers in ground.numbers.items():
        known = ground.known.get(matter, ())
        if matter in skip or any(fact.holds for fact in known) or (matter.value and known):
            continue
        left = [
            (fact, true)
            for fact, true in answers_in(ground, matter)
            if Fact(fact.variable, fact.args, fact.value, not fact.holds) not in known
        ]
        found.append(Open(matter, tuple(fact for fact, _ in left), tuple(true for _, true in left), numbers))
    return tuple(found)


def spread(
    ground: Ground, wide: Iterable[Open], ways: Sequence[Open], full: int, places: Columns
) -> tuple[Columns, Columns]:
    """Lay all ways to answer some open matters over a net, from what is known at least to what may be at most.

    ``wide`` may be answered anyhow; ``places`` are the columns of the answers of ``ways``, one after the other.
    """
    low = [full if held else 0 for held in ground.observed]
    high = list(low)
    for each in wide:
        for true in each.true:
            for number in true:
                high[number] = full
    place = 0
    for each in ways:
        for true in each.true:
            for number in true:
                low[number] |= places[place]
                high[number] |= places[place]
            place += 1
    return low, high


def all_ways(ways: Sequence[Open], *, unknown: bool) -> tuple[int, Columns]:
    """Give all ways to answer some matters: how many, and for each answer the column of those in which it is given."""
    total = 1
    for each in ways:
        total *= len(each.answers) + unknown
    full = (1 << total) - 1
    columns: Columns = []
    block = 1
    for each in ways:
        size = len(each.answers) + unknown
        period = block * size
        repeats = sum(1 << start for start in range(0, total, period))
        for number in range(len(each.answers)):
            columns.append((((1 << block) - 1) << (number * block)) * repeats)
        block = period
    return full, columns


# ---------------------------------------------------------------- what is still in question


@dataclass(frozen=True, slots=True)
class Doubt:
    """The propositions and strategies of one verdict that are in question, and the open matters they hang on.

    Those come first that most of what is in question looks at.
    """

    propositions: frozenset[str]
    impossible: frozenset[str]
    hanging: tuple[Open, ...]


def doubt(ground: Ground, court: Court, bearing: Bearing, wide: Sequence[Open]) -> Doubt:
    """Bound what is open, and give what remains in question."""
    net = ground.net
    low, high = spread(ground, wide, (), 1, [])
    least, most = bounded(net, low, high, 1)
    sure, maybe = counted(court, net, bearing, least, most)
    live = {name for name in maybe.live if maybe.live[name] & ~sure.live[name]}
    ruled = {name for name in maybe.impossible if maybe.impossible[name] & ~sure.impossible[name]}
    wanted = frozenset(name for name in live if name in court.arguments)
    numbers = _looked_at(net, court, bearing, live, wanted, ruled, least, most)
    told: dict[Matter, int] = {}
    mine = {number: each for each in wide for number in each.numbers}
    for number, times in numbers.items():
        if number in mine:
            told[mine[number].matter] = told.get(mine[number].matter, 0) + times
    hanging = sorted((each for each in wide if each.matter in told), key=lambda each: -told[each.matter])
    return Doubt(wanted, frozenset(ruled), tuple(hanging))


def _looked_at(
    net: Net,
    court: Court,
    bearing: Bearing,
    live: Collection[str],
    wanted: Iterable[str],
    ruled: Iterable[str],
    least: Laid,
    most: Laid,
) -> dict[int, int]:
    """Count how often what is in question looks at each fact that is, directly or through what concludes it."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    silences = net.silent

    def look(literals: Iterable[Literal]) -> None:
        for _, numbers in literals:
            for number in numbers:
                if most.known[number] & ~least.known[number]:
                    if number not in found:
                        waiting.append(number)
                    found[number] = found.get(number, 0) + 1

    names = list(wanted)
    for name in names:
        names += [other for other in court.defeaters.get(name, ()) if other in live and other not in names]
    for name in names:
        for place in bearing.speaking.get(name, ()):
            if most.fired[place] & ~least.fired[place]:
                application = net.arguing[place]
                for body in application.bodies:
                    look(body)
                look(application.stops)
        if court.schools[name] in silences:
            look([silences[court.schools[name]]])
    for strategy, literals in bearing.impossible:
        if strategy in ruled:
            look(literals)
    concluding: dict[int, list[int]] = {}
    for place, application in enumerate(net.deriving):
        for forbidding, numbers in application.gives:
            for number in numbers:
                concluding.setdefault(number, []).append(place)
                concluding.setdefault(number, []).append(-1 - forbidding)
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        for place in concluding.get(number, ()):
            if place < 0:
                look([(False, (-1 - place,))])
            elif place not in seen:
                seen.add(place)
                for body in net.deriving[place].bodies:
                    look(body)
                look(net.deriving[place].stops)
    return found
