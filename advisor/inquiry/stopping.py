"""When to stop asking: whether any answers to open questions, however many together, could change what leads.

All that is open is bounded first: what applies whatever is learnt, what may come to apply.  Where these bounds leave
the lead undetermined, the open matters on which most hangs are tried in every way, left unknown among the ways, and
only the rest is bounded.  So it is never said that nothing can change where something can; it may be said too late.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.inquiry.columns import Columns, Heard, Laid, bounded
from advisor.inquiry.laying import Ground, fact_facts, true_numbers
from advisor.inquiry.leads import Backing, Court, backing_in, counted, split
from advisor.inquiry.matters import Matter, answers
from advisor.inquiry.net import Bearing, Literal, Net
from advisor.terms import Fact
from advisor.verdict import Lead, lead_in

MOST_WAYS = 4_096
"""In how many ways open matters are tried together."""

_SUBSETS = 1_024
"""Of how many sets of a school's propositions that may or may not apply it is asked what the school would back."""

_CLEAR, _NOTHING = 1e-6, 1e-13
"""By how much a sum of support must be ahead to count as ahead whatever is rounded, and what counts as not ahead."""


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
        left = tuple(
            fact
            for fact in answers(ground.vocabulary, matter)
            if Fact(fact.variable, fact.args, fact.value, not fact.holds) not in known
        )
        true = tuple(true_numbers(ground, fact_facts(ground, fact), numbers) for fact in left)
        found.append(Open(matter, left, true, numbers))
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


# ---------------------------------------------------------------- whether it is settled


def is_settled(ground: Ground, court: Court, bearing: Bearing, wide: Sequence[Open], lead: Lead) -> bool:
    """Whether what leads now leads whatever is answered about open matters; False also where that cannot be told."""
    left = doubt(ground, court, bearing, wide)
    if not left.propositions and not left.impossible:
        return True
    tried: list[Open] = []
    ways = 1
    for each in left.hanging:
        if ways * (len(each.answers) + 1) <= MOST_WAYS:
            tried.append(each)
            ways *= len(each.answers) + 1
    full, places = all_ways(tried, unknown=True)
    rest = [each for each in left.hanging if each not in tried]
    low, high = spread(ground, rest, tried, full, places)
    least, most = bounded(ground.net, low, high, full)
    sure, maybe = counted(court, ground.net, bearing, least, most)
    return all(_certain(court, options, lead) for options in _options(court, sure, maybe, full))


def _options(court: Court, sure: Heard, maybe: Heard, full: int) -> Iterable[tuple[frozenset[Backing] | None, ...]]:
    """Give, for every kind of situation, what each school may back in it; None where that is not told."""
    ruled = _between(sure.impossible, maybe.impossible, full)
    groups: dict[tuple[frozenset[Backing] | None, ...], int] = {(): full}
    for school, names in court.by_school.items():
        columns = [name for name in names if maybe.live.get(name)]
        mine: dict[frozenset[Backing] | None, int] = {}
        for (barred, doubtful), within in ruled.items():
            pairs = _between(
                {name: sure.live[name] for name in columns}, {name: maybe.live[name] for name in columns}, within
            )
            for (live, perhaps), where in pairs.items():
                told = _backings(court, school, live, perhaps, barred, doubtful)
                mine[told] = mine.get(told, 0) | where
        finer: dict[tuple[frozenset[Backing] | None, ...], int] = {}
        for said, within in groups.items():
            for told, where in mine.items():
                if within & where:
                    finer[(*said, told)] = within & where
        groups = finer
    return groups


def _between(
    low: Mapping[str, int], high: Mapping[str, int], full: int
) -> dict[tuple[frozenset[str], frozenset[str]], int]:
    """Part situations by what holds in them at least, and what only may."""
    both = {f"+{name}": low[name] for name in high} | {f"?{name}": high[name] & ~low[name] for name in high}
    found = {}
    for names, where in split({name: column for name, column in both.items() if column}, full).items():
        sure = frozenset(name[1:] for name in names if name[0] == "+")
        found[sure, frozenset(name[1:] for name in names if name[0] == "?")] = where
    return found


def _backings(
    court: Court,
    school: str,
    live: frozenset[str],
    perhaps: frozenset[str],
    barred: frozenset[str],
    doubtful: frozenset[str],
) -> frozenset[Backing] | None:
    """Give what a school may back where some of its propositions may apply and some strategies may be impossible."""
    mine = {
        form
        for name in live | perhaps
        for argument in court.arguments[name]
        for form in (court.bench.strategies[argument.strategy].forms or (argument.strategy,))
    }
    open_strategies = sorted(doubtful & mine)
    if 1 << (len(perhaps) + len(open_strategies)) > _SUBSETS:
        return None
    key = (school, live, barred & mine)
    if not perhaps and not open_strategies:
        return frozenset([backing_in(court, *key)])
    return frozenset(
        backing_in(court, school, live | more, (barred & mine) | also)
        for more in _subsets(sorted(perhaps))
        for also in _subsets(open_strategies)
    )


def _subsets(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(some) for size in range(len(names) + 1) for some in itertools.combinations(names, size)]


def _certain(court: Court, options: Sequence[frozenset[Backing] | None], lead: Lead) -> bool:
    """Whether the schools come to this lead whichever of its options each of them takes."""
    told = [each for each in options if each is not None]
    if len(told) < len(options):
        return False
    fewest = sum(all(each) for each in told)
    speaking = [each for each in told if any(each)]
    if lead.label == "no verdict":
        return not speaking
    if lead.label == "one voice":
        if len(speaking) != 1 or fewest != 1:
            return False
        return all(_alone(court, backing) == lead for backing in speaking[0])
    if fewest < 2:
        return False
    if lead.label == "agreed":
        return all(name == lead.contender for each in speaking for backing in each for name, _ in backing)
    everyone = {name for each in speaking for backing in each for name, _ in backing}
    if lead.label == "majority":
        ahead = sum(min(_margin(backing, lead.contender, 1) for backing in each) for each in speaking)
        alone = sum(max(_margin(backing, lead.contender, 999) for backing in each) for each in speaking)
        return ahead > _CLEAR and alone < -_CLEAR
    return all(
        sum(max(_margin(backing, name, 1) for backing in each) for each in speaking) <= _NOTHING for name in everyone
    )


def _margin(backing: Backing, contender: str | None, factor: float) -> float:
    """Give by how much a school backs a contender more than all others together, so many times."""
    return sum(weight if name == contender else -factor * weight for name, weight in backing)


def _alone(court: Court, backing: Backing) -> Lead:
    return lead_in(court.bench, court.topic, {"": dict(backing)})
