"""Whether to stop asking: whether any answers to open questions, however many together, could change what leads.

What is open is bounded, and where the bounds leave the lead undetermined the open matter on which most hangs is tried
in every way, left unknown among the ways; then what is still open is bounded again, and so on.  So it is never said
that nothing can change where something can.  The search ends after so many tries, and then it is not said either.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from advisor.inquiry.columns import Columns, Heard, Laid, bounded
from advisor.inquiry.laying import Ground
from advisor.inquiry.leads import Backing, Court, backing_in, bits, counted, split
from advisor.inquiry.matters import Matter
from advisor.inquiry.net import Application, Bearing, Net
from advisor.inquiry.stopping import Open, doubt
from advisor.verdict import Lead, lead_in

MOST_TRIES = 2_048
"""How many partial answers are tried before the search is given up."""

_SUBSETS = 1_024
"""Of how many sets of a school's propositions that may or may not apply it is asked what the school would back."""

_CLEAR, _NOTHING = 1e-6, 1e-13
"""By how much a sum of support must be ahead to count as ahead whatever is rounded, and what counts as not ahead."""

_UNKNOWN = -1

Answers = tuple[tuple[int, int], ...]
"""Answers to some open matters, by their numbers: which one, or that it stays unknown."""


def is_settled(ground: Ground, court: Court, bearing: Bearing, wide: Sequence[Open], lead: Lead) -> bool | None:
    """Whether what leads now leads whatever is answered about open matters; None where the search was given up."""
    hanging = doubt(ground, court, bearing, wide).hanging
    left_with = left_in_question(ground, court, bearing, hanging, lead)
    order = sorted(hanging, key=lambda each: left_with[each.matter])
    frontier: list[Answers] = [()]
    tries = 0
    while frontier:
        tries += len(frontier)
        if tries > MOST_TRIES:
            return None
        full = (1 << len(frontier)) - 1
        least, most = bounded(ground.net, *_spread(ground, order, frontier, full), full)
        sure, maybe = counted(court, ground.net, bearing, least, most)
        left = 0
        for options, where in _options(court, sure, maybe, full).items():
            if not _certain(court, options, lead):
                left |= where
        if not left:
            return True
        looked = _looked_at(ground.net, court, bearing, (sure, maybe), (least, most))
        further: list[Answers] = []
        for number, each in enumerate(order):
            here = left
            here &= _any(looked.get(fact, 0) for fact in each.numbers)
            left &= ~here
            for place in bits(here):
                ways = (*range(len(each.answers)), _UNKNOWN)
                further += [(*frontier[place], (number, way)) for way in ways]
        if left:
            return False
        frontier = further
    return True


def left_in_question(
    ground: Ground, court: Court, bearing: Bearing, hanging: Sequence[Open], lead: Lead
) -> dict[Matter, float]:
    """Give, for each open matter, how much is left in question on average once it is known, or known to stay unknown.

    Where the lead is certain nothing is; else the propositions in question are counted, and one more.
    """
    single: list[Answers] = [
        ((number, way),) for number, each in enumerate(hanging) for way in (*range(len(each.answers)), _UNKNOWN)
    ]
    full = (1 << len(single)) - 1
    least, most = bounded(ground.net, *_spread(ground, hanging, single, full), full)
    sure, maybe = counted(court, ground.net, bearing, least, most)
    left = _any(
        where for options, where in _options(court, sure, maybe, full).items() if not _certain(court, options, lead)
    )
    doubtful = [left] + [maybe.live[name] & ~sure.live[name] & left for name in maybe.live if name in court.arguments]
    counts = [0] * len(hanging)
    for column in doubtful:
        for place in bits(column):
            counts[single[place][0][0]] += 1
    return {each.matter: count / (len(each.answers) + 1) for each, count in zip(hanging, counts, strict=True)}


def _spread(ground: Ground, order: Sequence[Open], frontier: Sequence[Answers], full: int) -> tuple[Columns, Columns]:
    """Lay partial answers over a net: what is known at least, and at most if the rest is answered anyhow."""
    where: dict[tuple[int, int], int] = {}
    for place, answers in enumerate(frontier):
        for answer in answers:
            where[answer] = where.get(answer, 0) | 1 << place
    low = [full if held else 0 for held in ground.observed]
    high = list(low)
    for number, each in enumerate(order):
        ways = {way: where.get((number, way), 0) for way in (*range(len(each.answers)), _UNKNOWN)}
        open_ = full & ~_any(ways.values())
        for way, true in enumerate(each.true):
            for fact in true:
                low[fact] |= ways[way]
                high[fact] |= ways[way] | open_
    return low, high


def _any(columns: Iterable[int]) -> int:
    result = 0
    for column in columns:
        result |= column
    return result


def _looked_at(
    net: Net, court: Court, bearing: Bearing, counts: tuple[Heard, Heard], bounds: tuple[Laid, Laid]
) -> dict[int, int]:
    """Give, for each fact in question, the situations in which something in question looks at it."""
    sure, maybe = counts
    least, most = bounds
    found: dict[int, int] = {}

    def look(numbers: Iterable[int], where: int) -> None:
        for number in numbers:
            here = where & most.known[number] & ~least.known[number]
            if here:
                found[number] = found.get(number, 0) | here

    def look_into(application: Application, where: int) -> None:
        for _, numbers in itertools.chain(*application.bodies, application.stops):
            look(numbers, where)

    doubtful = {name: maybe.live[name] & ~sure.live[name] for name in maybe.live}
    wanted = {name: where for name, where in doubtful.items() if name in court.arguments}
    for name in reversed(court.bench.order):
        for defeater in court.defeaters.get(name, ()) if wanted.get(name) else ():
            both = wanted[name] & doubtful.get(defeater, 0)
            wanted[defeater] = wanted.get(defeater, 0) | both
    for name, where in wanted.items():
        for place in bearing.speaking.get(name, ()):
            look_into(net.arguing[place], where & most.fired[place] & ~least.fired[place])
        if where and court.schools[name] in net.silent:
            look(net.silent[court.schools[name]][1], where)
    for strategy, literals in bearing.impossible:
        for _, numbers in literals:
            look(numbers, maybe.impossible[strategy] & ~sure.impossible[strategy])
    growing = True
    while growing:
        before = dict(found)
        for application in reversed(net.deriving):
            for forbidding, numbers in application.gives:
                where = _any(found.get(number, 0) for number in numbers)
                if where:
                    look([forbidding], where)
                    look_into(application, where)
        growing = found != before
    return found


# ---------------------------------------------------------------- what the schools may come to


def _options(court: Court, sure: Heard, maybe: Heard, full: int) -> dict[tuple[frozenset[Backing] | None, ...], int]:
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
                key = (school, live, perhaps, barred, doubtful)
                if key not in court.choices:
                    court.choices[key] = _backings(court, *key)
                told = court.choices[key]
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
