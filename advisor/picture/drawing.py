"""A graph of an argument laid out: columns from the facts on the left to the strategies on the right.

The boxes of a column are ordered so that lines cross as little as may be; that order is found by igraph's layered
layout, which is loaded only to draw.  Edges that start from one node share their way as far as they go together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from advisor.picture.graph import Edge, Graph, Node, NodeKind

WIDE, LINE, PAD = 190, 15, 9
"""The width of a box, the height of a line of words, and what is left free above and below them."""
_GAP, _LANE, _TOP = 13, 9, 34
_NEAR, _FAR, _ROOM = 56, 110, 1.1
"""How near and how far columns stand from one another, and what each line between them adds."""
_SWEEPS = 8
_INSIDE = 166
"""How wide a line of words may be inside a box."""
_NARROW, _BROAD = "ijlItfr.,:;’'()-", "mwMWOQGDHNU"


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place, its words line by line, and a second, smaller text under them."""

    node: Node
    column: int
    x: int
    y: int
    height: int
    words: tuple[str, ...]
    beneath: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge with the line to draw; ``head`` is where its arrow head stands and ``turn`` how it is turned."""

    edge: Edge
    path: str
    head: tuple[float, float]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column."""

    text: str
    x: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A graph laid out, in units of a pixel."""

    width: int
    height: int
    headings: tuple[Heading, ...]
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


Words = Callable[[Node], tuple[str, str]]
"""Gives the words of a node and what stands beneath them."""


def drawn(given: Graph, words: Words, headings: Mapping[NodeKind, str]) -> Drawing:
    """Lay out a graph from left to right; ``headings`` name the columns of each kind of node."""
    if not given.nodes:
        return Drawing(0, 0, (), (), ())
    columns = _columns(given)
    lanes, chains = _lanes(given, columns)
    texts = [tuple(tuple(_broken(text, bold=node.lead)) for text in words(node)) for node in given.nodes]
    heights = [2 * PAD + LINE * sum(map(len, text)) for text in texts] + [_LANE] * (len(lanes) - len(given.nodes))
    order = _ordered(lanes, chains)
    y = _placed(order, heights, chains)
    left = _lefts(lanes, chains)
    boxes = tuple(
        Box(node, columns[n], left[columns[n]], round(y[n] - heights[n] / 2), heights[n], *texts[n])
        for n, node in enumerate(given.nodes)
    )
    bottom = max(box.y + box.height for box in boxes)
    named: dict[NodeKind, int] = {}
    for box in sorted(boxes, key=lambda box: box.column):
        named.setdefault(box.node.kind, box.x)
    curves = tuple(_curve(edge, boxes, columns, chains, y, left) for edge in given.edges)
    return Drawing(
        left[-1] + WIDE + (_BULGE if any(edge.kind in _BESIDE for edge in given.edges) else 0),
        bottom + 4,
        tuple(Heading(headings[kind], x) for kind, x in named.items()),
        boxes,
        curves,
    )


_BESIDE = ("defeat", "dispute")
_BULGE = 70
"""How far at most a line swings out beside a column."""


def _columns(given: Graph) -> list[int]:
    """Give the column of each node: facts first, then what is derived, by its depth, arguments, strategies."""
    above: dict[int, list[int]] = {}
    for edge in given.edges:
        if given.nodes[edge.target].kind == "derived":
            above.setdefault(edge.target, []).append(edge.source)
    depth: dict[int, int] = {}

    def deep(place: int, under: tuple[int, ...] = ()) -> int:
        if place not in depth:
            below = [deep(each, (*under, place)) for each in above.get(place, ()) if each not in (*under, place)]
            depth[place] = 1 + max(below, default=0) if given.nodes[place].kind == "derived" else 0
        return depth[place]

    deepest = max((deep(n) for n, node in enumerate(given.nodes) if node.kind in ("fact", "derived")), default=0)
    fixed = {"argument": deepest + 1, "strategy": deepest + 2}
    used = [fixed[node.kind] if node.kind in fixed else deep(n) for n, node in enumerate(given.nodes)]
    present = {column: number for number, column in enumerate(sorted(set(used)))}
    return [present[column] for column in used]


def _lanes(given: Graph, columns: Sequence[int]) -> tuple[list[int], dict[tuple[int, int], list[int]]]:
    """Give each long edge a lane through the columns it crosses; edges from one node share theirs as far as they go.

    Returns the column of each node and lane, and the nodes and lanes that each edge runs through.
    """
    lanes = list(columns)
    shared: dict[tuple[int, int], int] = {}
    chains: dict[tuple[int, int], list[int]] = {}
    for edge in given.edges:
        if columns[edge.target] <= columns[edge.source]:
            continue
        chain = [edge.source]
        for column in range(columns[edge.source] + 1, columns[edge.target]):
            if (edge.source, column) not in shared:
                shared[edge.source, column] = len(lanes)
                lanes.append(column)
            chain.append(shared[edge.source, column])
        chains[edge.source, edge.target] = [*chain, edge.target]
    return lanes, chains


def _lefts(lanes: Sequence[int], chains: Mapping[tuple[int, int], Sequence[int]]) -> list[int]:
    """Give the left side of each column: the more lines run between two, the farther they are apart."""
    between = [0] * (max(lanes) + 1)
    for one, _ in {step for chain in chains.values() for step in pairwise(chain)}:
        between[lanes[one]] += 1
    found = [0]
    for count in between[:-1]:
        found.append(found[-1] + WIDE + round(min(_FAR, _NEAR + _ROOM * count)))
    return found


def _ordered(lanes: Sequence[int], chains: Mapping[tuple[int, int], Sequence[int]]) -> list[list[int]]:
    """Order the nodes and lanes of each column so that few lines cross."""
    import igraph

    steps = sorted({step for chain in chains.values() for step in pairwise(chain)})
    laid = igraph.Graph(n=len(lanes), edges=steps, directed=True).layout_sugiyama(layers=list(lanes), maxiter=300)
    found: list[list[int]] = [[] for _ in range(max(lanes) + 1)]
    for place in sorted(range(len(lanes)), key=lambda place: (laid[place][0], place)):
        found[lanes[place]].append(place)
    return found


def _placed(
    order: Sequence[Sequence[int]], heights: Sequence[int], chains: Mapping[tuple[int, int], Sequence[int]]
) -> list[float]:
    """Give the middle of each node and lane: near those it is joined to, in order, none on another."""
    beside: dict[int, list[int]] = {}
    for one, other in sorted({step for chain in chains.values() for step in pairwise(chain)}):
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    middle = [0.0] * len(heights)
    for column in order:
        below = 0.0
        for place in column:
            middle[place] = below + heights[place] / 2
            below += heights[place] + _GAP
    tallest = max((sum(heights[place] + _GAP for place in column) for column in order), default=0)
    for column in order:
        spare = (tallest - sum(heights[place] + _GAP for place in column)) / 2
        for place in column:
            middle[place] += spare
    for sweep in range(_SWEEPS):
        for column in order if sweep % 2 == 0 else order[::-1]:
            wanted = [
                sum(middle[other] for other in beside[place]) / len(beside[place]) if place in beside else middle[place]
                for place in column
            ]
            for place, y in zip(column, _apart(wanted, [heights[place] for place in column]), strict=True):
                middle[place] = y
    top = min((middle[place] - heights[place] / 2 for column in order for place in column), default=0.0)
    return [y - top + _TOP for y in middle]


def _apart(wanted: Sequence[float], heights: Sequence[int]) -> list[float]:
    """Move places as little as may be so that each keeps its order and its room: those in one another's way make a
    block that stands where its members want to be on average.
    """
    offsets, below = [], 0.0
    for number, height in enumerate(heights):
        below += (heights[number - 1] + height) / 2 + _GAP if number else 0.0
        offsets.append(below)
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, more = blocks.pop()
            total, count = total + before, count + more
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def _curve(
    edge: Edge,
    boxes: Sequence[Box],
    columns: Sequence[int],
    chains: Mapping[tuple[int, int], Sequence[int]],
    y: Sequence[float],
    left: Sequence[int],
) -> Curve:
    """Draw an edge from the right side of its source to the left of its target, or, beside a column, round to it."""
    one, other = boxes[edge.source], boxes[edge.target]
    chain = chains.get((edge.source, edge.target))
    if chain is None:
        start, end, x = one.y + one.height / 2 + 4, other.y + other.height / 2 - 4, one.x + WIDE
        reach = min(_BULGE - 4.0, 16 + abs(end - start) / 9)
        path = f"M{x} {start:.0f}C{x + reach:.0f} {start:.0f} {x + reach:.0f} {end:.0f} {x + 7} {end:.0f}"
        return Curve(edge, path, (x, end), 180)
    line = [f"M{one.x + WIDE} {y[edge.source]:.0f}"]
    for number, (before, place) in enumerate(pairwise(chain)):
        column = columns[edge.source] + number
        x, ends = left[column] + WIDE, place == edge.target
        gap = left[column + 1] - x
        bend = gap / 2
        line.append(
            f"C{x + bend:.0f} {y[before]:.0f} {x + bend:.0f} {y[place]:.0f} "
            f"{x + gap - (7 if ends else 0)} {y[place]:.0f}" + ("" if ends else f"h{WIDE}")
        )
    return Curve(edge, "".join(line), (other.x, y[edge.target]))


def _broken(text: str, *, bold: bool = False) -> list[str]:
    """Break words into lines that a box holds."""
    room = _INSIDE * (0.86 if bold else 1)
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append("")
            for letter in word:
                if _width(lines[-1] + letter) > room:
                    lines.append("")
                lines[-1] += letter
    return lines


def _width(text: str) -> float:
    """Give about how many pixels words take, in any face that is not set wide."""
    return sum(4.0 if c in _NARROW or c == " " else 10.0 if c in _BROAD else 7.1 for c in text)
