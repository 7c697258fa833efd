"""The argument of a verdict as a graph: what is known, what follows from it, the arguments, the strategies.

The graph is a value that says what rests on what and what stands against what; it knows no words and no places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
