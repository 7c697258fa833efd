"""What a report shows beside the prose: the text with its evidence marked, and the argument of the first verdict drawn.

Everything a report links to has an anchor: an entry for each fact, each step and each proposition that is named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from advisor.explanation.account import Account, Cited, Line, Noted
from advisor.explanation.clauses import Teller, anchor_of, cited, infinitive, worded
from advisor.picture import WIDE, Box, Drawing, Edge, Node, NodeKind, drawn, graph
from advisor.terms import Observation, Reading, Verdict


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words of the text: the facts read from it by number, those of them that begin and end with it."""

    text: str
    facts: tuple[Noted, ...] = ()
    begins: tuple[Noted, ...] = ()
    ends: tuple[Noted, ...] = ()
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A box of the drawing: what it is, its words, what it links to, and the whole of it as one hears it."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    words: tuple[str, ...]
    beneath: tuple[str, ...]
    href: str
    told: str
    struck: bool
    lead: bool


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of the drawing between two boxes, by their places, with the place of its head."""

    kind: str
    path: str
    strength: int
    x: float
    y: float
    turn: int
    one: int
    other: int


@dataclass(frozen=True, slots=True)
class Scene:
    """The argument as it is drawn; ``told`` says in a sentence what is to be seen."""

    width: int
    height: int
    headings: tuple[tuple[str, int], ...]
    shapes: tuple[Shape, ...]
    strokes: tuple[Stroke, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The parts of a report that are not prose; ``marked`` are the numbers of the facts whose words the text marks.

    ``named`` are propositions that the prose names without telling of.
    """

    paragraphs: tuple[tuple[Run, ...], ...]
    marked: tuple[int, ...]
    scene: Scene | None
    named: tuple[Cited, ...]


HEADINGS: dict[NodeKind, str] = {
    "fact": "What is known",
    "derived": "What follows",
    "argument": "Arguments",
    "strategy": "Strategies",
}
_KINDS = {"fact": "Fact", "derived": "Derived fact", "argument": "Proposition", "strategy": "Strategy"}


def sheet(
    teller: Teller,
    told: Account,
    verdict: Verdict | None,
    reading: Reading | None,
    notes: Mapping[Observation, Noted],
) -> Sheet:
    """Put together what a report of an account shows, drawing the argument of a verdict, if there is one."""
    paragraphs = tuple(_paragraphs(reading, notes)) if reading else ()
    return Sheet(
        paragraphs,
        tuple(note.number for paragraph in paragraphs for run in paragraph for note in run.begins),
        _scene(teller, verdict) if verdict is not None and verdict.arguments else None,
        _named(told),
    )


# ---------------------------------------------------------------- the text


def _paragraphs(reading: Reading, notes: Mapping[Observation, Noted]) -> Iterable[tuple[Run, ...]]:
    """Cut a text where the words of a fact begin or end; a fact begins where its words stand first.

    Words that are not those of this text, such as the words of an answer, are left to the list of facts.
    """
    text = reading.text
    read = sorted(
        {
            (evidence.span.start, evidence.span.end, note.number, note)
            for observation, note in notes.items()
            for evidence in observation.evidence
            if evidence.span is not None and text[evidence.span.start : evidence.span.end] == evidence.span.quote
        },
        key=lambda each: each[:3],
    )
    unread = sorted((span.start, span.end) for span in reading.unread)
    begun: set[int] = set()
    for start, end in _stretches(text):
        here = _between(read, start, end)
        passed = _between(unread, start, end)
        edges = {start, end, *(edge for each in here for edge in each[:2]), *(edge for each in passed for edge in each)}
        runs = []
        for one, other in pairwise(sorted(edge for edge in edges if start <= edge <= end)):
            first = _distinct(each[3] for each in here if each[0] == one and each[2] not in begun)
            begun.update(note.number for note in first)
            runs.append(
                Run(
                    re.sub(r"\s+", " ", text[one:other]),
                    _distinct(each[3] for each in sorted(here, key=lambda e: e[1] - e[0]) if each[0] <= one < each[1]),
                    first,
                    _distinct(each[3] for each in here if each[1] == other),
                    any(each[0] <= one < each[1] for each in passed),
                )
            )
        yield tuple(runs)


def _stretches(text: str) -> Iterable[tuple[int, int]]:
    """Give where each paragraph begins and ends, without the white space around it."""
    place = 0
    for stop in [*(found.start() for found in re.finditer(r"\n[^\S\n]*\n", text)), len(text)]:
        words = text[place:stop]
        if words.strip():
            start = place + len(words) - len(words.lstrip())
            yield start, start + len(words.strip())
        place = stop


_LONGEST = 20_000
"""No span is longer than the longest sentence that is read."""


def _between(spans: Sequence[Any], start: int, end: int) -> list[Any]:
    """Give those of the spans, which are in order, that have part in a stretch."""
    first = bisect_left(spans, start - _LONGEST, key=lambda span: span[0])
    last = bisect_left(spans, end, key=lambda span: span[0])
    return [span for span in spans[first:last] if span[1] > start]


def _distinct(notes: Iterable[Noted]) -> tuple[Noted, ...]:
    return tuple({note.number: note for note in notes}.values())


# ---------------------------------------------------------------- the drawing


def _scene(teller: Teller, verdict: Verdict) -> Scene:
    given = graph(teller.theory, teller.inference, verdict)
    support = {standing.strategy: standing.support for standing in verdict.ranking}

    def words(node: Node) -> tuple[str, str]:
        if node.fact is not None:
            text = worded(teller, node.fact)
            by = [cited(teller, id_).school for id_ in node.propositions]
            return text[:1].upper() + text[1:], "assumed" if node.assumed else ", ".join(dict.fromkeys(by))
        if node.strategy:
            points = support.get(node.strategy)
            beneath = (
                "impossible" if node.struck else f"support {points:.3g}".replace("-", "−") if points is not None else ""
            )
            return infinitive(teller, node.strategy, verdict.toward), beneath
        one = cited(teller, node.propositions[0])
        return one.title, one.school

    drawing = drawn(given, words, HEADINGS)
    # Whoever goes from box to box by keyboard, or hears them, meets them from left to right and from top to bottom.
    order = sorted(range(len(drawing.boxes)), key=lambda n: (drawing.boxes[n].x, drawing.boxes[n].y))
    shapes = tuple(_shape(teller, drawing.boxes[n], words(drawing.boxes[n].node)) for n in order)
    return Scene(
        drawing.width,
        drawing.height,
        tuple((heading.text, heading.x) for heading in drawing.headings),
        shapes,
        _strokes(drawing, {n: place for place, n in enumerate(order)}),
        _told(given.nodes, given.edges),
    )


def _shape(teller: Teller, box: Box, words: tuple[str, str]) -> Shape:
    node = box.node
    if node.fact is not None:
        href = anchor_of(teller, node.fact)
    else:
        href = f"p-{node.propositions[0]}" if node.propositions else ""
    struck = (" (silenced)" if node.propositions else " (impossible)") if node.struck else ""
    told = f"{_KINDS[node.kind]}{struck}: {words[0]}" + (f" ({words[1]})" if words[1] and not node.strategy else "")
    return Shape(node.kind, box.x, box.y, WIDE, box.height, box.words, box.beneath, href, told, node.struck, node.lead)


def _strokes(drawing: Drawing, places: Mapping[int, int]) -> tuple[Stroke, ...]:
    return tuple(
        Stroke(
            "defeat" if curve.edge.kind == "exclude" else curve.edge.kind,
            curve.path,
            curve.edge.strength,
            *curve.head,
            curve.turn,
            places[curve.edge.source],
            places[curve.edge.target],
        )
        for curve in drawing.curves
    )


def _told(nodes: Collection[Node], edges: Collection[Edge]) -> str:
    """Say in a sentence what a drawing shows, for who cannot see it."""
    kinds = {
        "fact": "known fact",
        "derived": "derived fact",
        "argument": "proposition",
        "strategy": "strategy or group of strategies",
    }
    counts = [
        f"{number} {name if number == 1 else _plural(name)}"
        for kind, name in kinds.items()
        if (number := sum(node.kind == kind for node in nodes))
    ]
    silenced = sum(node.struck and node.kind == "argument" for node in nodes)
    against = sum(edge.kind == "against" for edge in edges)
    return (
        f"From left to right: {', '.join(counts)}. {silenced} of the propositions silenced, "
        f"{against} reasons against a strategy. All of it is told in words below."
    )


def _plural(name: str) -> str:
    return "strategies or groups of strategies" if name.startswith("strategy") else f"{name}s"


# ---------------------------------------------------------------- what is named


def lines_of(told: Account) -> Iterable[Line]:
    """Give every entry on a proposition in an account, in the order of a report."""
    for case in told.cases:
        for answer in case:
            yield from answer.steps
            for bench in answer.benches:
                yield from bench.lines
    yield from told.steps
    for outlook in told.outlook:
        yield from outlook.lines


def cites_of(value: object) -> Iterable[Cited]:
    """Give every proposition that is named anywhere in a value."""
    if isinstance(value, Cited):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from cites_of(each)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from cites_of(getattr(value, name))


def _named(told: Account) -> tuple[Cited, ...]:
    """Give the propositions that are named and have no entry of their own, each once."""
    entered = {line.cited.id for line in lines_of(told)}
    return tuple({each.id: each for each in cites_of(told) if each.id not in entered}.values())


def anchored(told: Account) -> Account:
    """Give each entry on a proposition its anchor the first time that it is told of."""
    seen: set[str] = set()

    def once(lines: Iterable[Line]) -> tuple[Line, ...]:
        found = []
        for line in lines:
            found.append(replace(line, anchor="" if line.cited.anchor in seen else line.cited.anchor))
            seen.add(line.cited.anchor)
        return tuple(found)

    cases = tuple(
        tuple(
            replace(
                answer,
                steps=once(answer.steps),
                benches=tuple(replace(bench, lines=once(bench.lines)) for bench in answer.benches),
            )
            for answer in case
        )
        for case in told.cases
    )
    steps = once(told.steps)
    return replace(
        told, cases=cases, steps=steps, outlook=tuple(replace(each, lines=once(each.lines)) for each in told.outlook)
    )
