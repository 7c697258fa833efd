"""The argument of a verdict as a graph: what is known, what follows from it, the arguments, the strategies.

A graph is a value that says what rests on what and what stands against what.  A drawing is the same graph with a
place for everything: columns from the facts on the left to the strategies on the right, the boxes of a column ordered
so that lines cross as little as may be.  The order is that of igraph's layered layout, loaded only to draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from advisor.terms import Argument, Fact, Inference, Justification, Theory, Verdict
from advisor.verdict import STATE, THREAT, forms
from advisor.vocabulary import canonical

NodeKind = Literal["fact", "derived", "argument", "strategy"]
EdgeKind = Literal["support", "against", "defeat", "dispute", "exclude"]
"""What leads from one node to another: a premise or a reason for; a reason against; a proposition that takes the place
of another; two propositions whose authors disagree; a fact that makes a strategy impossible."""


@dataclass(frozen=True, slots=True)
class Node:
    """A fact, known or derived, a proposition that was applied, or a strategy.

    ``propositions`` are those it was derived by, or the one it is.  ``struck`` marks a proposition that another one
    silences and a strategy that is impossible, ``lead`` the strategies that the lead comes to, ``assumed`` a default.
    """

    kind: NodeKind
    fact: Fact | None = None
    propositions: tuple[str, ...] = ()
    strategy: str = ""
    struck: bool = False
    lead: bool = False
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes, by their places among all; ``strength`` is that of the argument, 1 to 3."""

    source: int
    target: int
    kind: EdgeKind
    strength: int = 1


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and the lines between them; what a line leads to has its source to the left, or beside it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


# ---------------------------------------------------------------- the graph


def graph(theory: Theory, inference: Inference, verdict: Verdict) -> Graph:
    """Give the argument of a verdict: all propositions that counted or were silenced, down to the facts known."""
    vocabulary = theory.vocabulary
    nodes: dict[tuple[str, object], Node] = {}
    edges: dict[tuple[tuple[str, object], tuple[str, object], EdgeKind], int] = {}
    assumed = {canonical(vocabulary, fact) for fact in inference.situation.assumptions}
    given = {canonical(vocabulary, fact) for fact in inference.situation.facts}
    by: dict[Fact, list[Justification]] = {}
    uses: dict[str, list[Justification]] = {}
    for each in inference.justifications:
        uses.setdefault(each.proposition, []).append(each)
        for fact in each.derived:
            by.setdefault(canonical(vocabulary, fact), []).append(each)

    def link(source: tuple[str, object], target: tuple[str, object], kind: EdgeKind, strength: int = 1) -> None:
        edges[source, target, kind] = max(strength, edges.get((source, target, kind), 0))

    def fact_node(fact: Fact) -> tuple[str, object]:
        plain = canonical(vocabulary, fact)
        key = ("fact", plain)
        if key in nodes:
            return key
        derived = by.get(plain, []) if plain not in given else []
        ids = tuple(dict.fromkeys(each.proposition for each in derived))
        nodes[key] = Node("derived" if ids else "fact", plain, ids, assumed=plain in assumed)
        for each in derived:
            premises(each, key)
        return key

    def premises(use: Justification, target: tuple[str, object]) -> None:
        for premise in use.premises:
            for fact in premise.facts:
                link(fact_node(fact), target, "support")

    def argument_node(id_: str, applications: Iterable[Justification], struck: bool = False) -> tuple[str, object]:
        key = ("argument", id_)
        if key not in nodes:
            nodes[key] = Node("argument", propositions=(id_,), struck=struck)
        for use in applications:
            premises(use, key)
        return key

    counted = {(each.proposition, each.bindings) for each in verdict.arguments}
    lead = _leading(theory, verdict)
    for argument in verdict.arguments:
        own = [use for use in uses.get(argument.proposition, []) if (use.proposition, use.bindings) in counted]
        source = argument_node(argument.proposition, own)
        for strategy in _targets(theory, argument, verdict):
            target = ("strategy", strategy)
            nodes.setdefault(target, Node("strategy", strategy=strategy, lead=strategy in lead))
            link(source, target, "support" if argument.favours else "against", argument.strength)
    for entry in verdict.ruled_out:
        target = ("strategy", entry.strategy)
        nodes[target] = replace(nodes.get(target, Node("strategy", strategy=entry.strategy)), struck=True)
        link(fact_node(entry.fact), target, "exclude")
    for defeat in verdict.defeats:
        own = [use for use in uses.get(defeat.proposition, []) if _concerns(use, verdict)]
        loser = argument_node(defeat.proposition, own, True)
        for winner in defeat.by:
            mine = [use for use in uses.get(winner, []) if _concerns(use, verdict)]
            link(argument_node(winner, mine), loser, "defeat")
    for dispute in verdict.disputes:
        one, other = (("argument", id_) for id_ in dispute.propositions)
        if one in nodes and other in nodes:
            link(one, other, "dispute")
    place = {key: number for number, key in enumerate(nodes)}
    return Graph(
        tuple(nodes.values()),
        tuple(Edge(place[a], place[b], kind, strength) for (a, b, kind), strength in edges.items()),
    )


def _targets(theory: Theory, argument: Argument, verdict: Verdict) -> tuple[str, ...]:
    """Give what an argument speaks to: a strategy, and a generic one by itself, since all its forms are meant."""
    strategy = next(each for each in theory.vocabulary.strategies if each.id == argument.strategy)
    ranked = {standing.strategy for standing in verdict.ranking}
    return (strategy.id,) if strategy.forms or strategy.id in ranked else tuple(forms(strategy))


def _leading(theory: Theory, verdict: Verdict) -> frozenset[str]:
    """Give the strategies of the leading family, and the generic ones that stand for them."""
    ranked = {standing.strategy for standing in verdict.ranking}
    return frozenset(
        each.id
        for each in theory.vocabulary.strategies
        if verdict.family is not None
        and verdict.decision == "predicted"
        and each.question == verdict.about
        and (each.id == verdict.strategy if each.family == each.question else each.family == verdict.family)
        and (each.id in ranked or bool(each.forms))
    )


def _concerns(use: Justification, verdict: Verdict) -> bool:
    names = dict(use.bindings)
    return names.get(STATE, verdict.state) == verdict.state and names.get(THREAT, verdict.toward) == verdict.toward


# ---------------------------------------------------------------- the drawing

WIDE, LINE, PAD = 190, 15, 9
"""The width of a box, the height of a line of words, and what is left free above and below them."""
_GAP, _LANE, _BETWEEN, _TOP = 13, 9, 62, 34
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
    step = WIDE + _BETWEEN
    boxes = tuple(
        Box(node, columns[n], columns[n] * step, round(y[n] - heights[n] / 2), heights[n], *texts[n])
        for n, node in enumerate(given.nodes)
    )
    bottom = max(box.y + box.height for box in boxes)
    last = max(columns)
    named: dict[NodeKind, int] = {}
    for box in sorted(boxes, key=lambda box: box.column):
        named.setdefault(box.node.kind, box.x)
    curves = tuple(_curve(edge, boxes, columns, chains, y, step) for edge in given.edges)
    return Drawing(
        last * step + WIDE + (_BETWEEN // 2 if any(edge.kind in _BESIDE for edge in given.edges) else 0),
        bottom + 4,
        tuple(Heading(headings[kind], x) for kind, x in named.items()),
        boxes,
        curves,
    )


_BESIDE = ("defeat", "dispute")


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
    step: int,
) -> Curve:
    """Draw an edge from the right side of its source to the left of its target, or, beside a column, round to it."""
    one, other = boxes[edge.source], boxes[edge.target]
    chain = chains.get((edge.source, edge.target))
    if chain is None:
        start, end, x = one.y + one.height / 2 + 4, other.y + other.height / 2 - 4, one.x + WIDE
        reach = min(66.0, 16 + abs(end - start) / 9)
        path = f"M{x} {start:.0f}C{x + reach:.0f} {start:.0f} {x + reach:.0f} {end:.0f} {x + 7} {end:.0f}"
        return Curve(edge, path, (x, end), 180)
    line = [f"M{one.x + WIDE} {y[edge.source]:.0f}"]
    bend = _BETWEEN / 2
    for number, (before, place) in enumerate(pairwise(chain)):
        x = (columns[edge.source] + number) * step + WIDE
        ends = place == edge.target
        line.append(
            f"C{x + bend:.0f} {y[before]:.0f} {x + bend:.0f} {y[place]:.0f} "
            f"{x + _BETWEEN - (7 if ends else 0)} {y[place]:.0f}" + ("" if ends else f"h{WIDE}")
        )
    return Curve(edge, "".join(line), (other.x, y[edge.target]))


def _broken(text: str, *, bold: bool = False) -> list[str]:
    """Break words into lines that a box holds."""
    room = _INSIDE * (0.9 if bold else 1)
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
