"""The map of defeats and disputes: propositions one below the other, school by school, and arcs beside them.

The layout is plain and the same each time: the schools stand so that those that have to do with one another are near,
and the arc between two propositions swings out the wider the farther they are apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.terms import Proposition, Theory

_ROW, _GAP, _TOP, _GUTTER, _WORDS = 21, 34, 14, 186, 452
_ROUNDS = 24
_WIDEST = 224
"""How far the middle of an arc is drawn aside; the arc itself keeps a quarter of it back."""


@dataclass(frozen=True, slots=True)
class Point:
    """A proposition on the map, and where."""

    id: str
    title: str
    href: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a school above its propositions."""

    text: str
    href: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arc:
    """A defeat, which has a direction, or a dispute: the line to draw, and for a defeat the point of its arrow."""

    kind: str
    title: str
    path: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything on the map, with its size."""

    width: int
    height: int
    labels: tuple[Label, ...]
    points: tuple[Point, ...]
    arcs: tuple[Arc, ...]


def quarrels(theory: Theory) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Give the defeats, each with its direction, and the disputes, each once, in the order of the theory."""
    place = {each.id: number for number, each in enumerate(theory.propositions)}
    defeats = tuple((each.id, other) for each in theory.propositions for other in each.defeats if other in place)
    disputes = dict.fromkeys(
        (min(pair, key=place.__getitem__), max(pair, key=place.__getitem__))
        for pair in ((each.id, other) for each in theory.propositions for other in each.disputes if other in place)
    )
    return defeats, tuple(disputes)


def picture(theory: Theory, links: Mapping[str, str]) -> Picture:
    """Draw the map; ``links`` gives the page of each proposition and school."""
    defeats, disputes = quarrels(theory)
    order = _ordered(theory, (*defeats, *disputes))
    names = {school.id: school.name for school in theory.schools}
    titles = {each.id: each.title for each in theory.propositions}
    labels: list[Label] = []
    points: dict[str, Point] = {}
    y = _TOP
    for school, members in order:
        labels.append(Label(names.get(school, school), links.get(school, ""), _GUTTER + 14, y + 8))
        y += _ROW + 5
        for each in members:
            points[each] = Point(each, titles[each], links.get(each, ""), _GUTTER, y)
            y += _ROW
        y += _GAP - _ROW
    arcs = [_arc("dispute", points[a], points[b], f"{titles[a]}, and against it: {titles[b]}") for a, b in disputes]
    arcs += [_arc("defeat", points[a], points[b], f"{titles[a]}: sets aside {titles[b]}") for a, b in defeats]
    return Picture(_GUTTER + _WORDS, y, tuple(labels), tuple(points.values()), tuple(arcs))


def _arc(kind: str, one: Point, other: Point, title: str) -> Arc:
    """Draw half an ellipse from one point to another, to the left of both; a defeat ends in an arrow."""
    reach = round(min(_WIDEST, 12 + 7.4 * abs(one.y - other.y) ** 0.52))
    x, end = one.x - 7, other.x - 7
    stop = end - 7 if kind == "defeat" else end
    path = f"M{x} {one.y}C{x - reach} {one.y} {end - reach} {other.y} {stop} {other.y}"
    head = f"M{end} {other.y}l-8 -4v8z" if kind == "defeat" else ""
    return Arc(kind, title, path, head)


def _ordered(theory: Theory, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Order schools, and the propositions in them, so that arcs are short: each moves to its neighbours' middle."""
    known: dict[str, Proposition] = {each.id: each for each in theory.propositions}
    near: dict[str, list[str]] = {}
    for one, other in pairs:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    groups: dict[str, list[str]] = {}
    for id_ in known:
        if id_ in near:
            groups.setdefault(known[id_].school, []).append(id_)
    schools = list(groups)
    best, shortest = schools, None
    for _ in range(_ROUNDS):
        rank = {id_: n for n, id_ in enumerate(id_ for school in schools for id_ in groups[school])}
        length = sum(abs(rank[a] - rank[b]) for a, b in pairs)
        if shortest is None or length < shortest:
            best, shortest = list(schools), length
            kept = {school: list(members) for school, members in groups.items()}
        middle = {id_: _mean(rank[other] for other in near[id_]) for id_ in near}
        for school, members in groups.items():
            groups[school] = sorted(members, key=lambda id_: (middle[id_], rank[id_]))
        where = {school: _mean((middle[id_] + rank[id_]) / 2 for id_ in groups[school]) for school in schools}
        schools = sorted(schools, key=lambda school: (where[school], school))
    return [(school, kept[school]) for school in best] if pairs else []


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
