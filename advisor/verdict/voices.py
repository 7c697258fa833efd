"""What each school makes of each strategy: its arguments, weighed into one voice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from advisor.terms import (
    SYSTEM,
    Argument,
    Fact,
    RuledOut,
    Strategy,
    StrategyClaim,
    Topic,
    Voice,
)
from advisor.verdict.hearing import STATE, THREAT, Bench, Hearing, heard, holds

FULL_VOICE = 3.0
"""What a school's arguments for one strategy can weigh at most: as much as one strong argument."""

FURTHER = 0.5
"""What every further argument of the same school adds to its best."""

PRECISION = 9
"""Decimals to which support is rounded, so that it does not depend on the order of a sum."""


def arguments_of(bench: Bench, hearing: Hearing) -> list[Argument]:
    """Give every argument about a strategy, one for each way its proposition applies."""
    return [
        Argument(
            proposition.id, proposition.school, claim.strategy, claim.favours, claim.strength, justification.bindings
        )
        for proposition, justifications in heard(bench, hearing)
        for claim in proposition.conclusions
        if isinstance(claim, StrategyClaim)
        for justification in justifications
    ]


def forms(strategy: Strategy) -> tuple[str, ...]:
    """Give the strategies that an argument for this one speaks for: its forms, or itself."""
    return strategy.forms or (strategy.id,)


def total(points: Collection[int]) -> float:
    """Weigh one school's arguments on one side: the best, and a little for each further one."""
    return min(FULL_VOICE, max(points) + FURTHER * (len(points) - 1)) if points else 0.0


def voices_of(bench: Bench, arguments: Iterable[Argument]) -> dict[str, dict[str, float]]:
    """Give what each school makes of each strategy, for minus against; a proposition counts once."""
    once = dict.fromkeys(
        (argument.school, argument.proposition, argument.strategy, argument.favours, argument.strength)
        for argument in arguments
    )
    points: dict[tuple[str, str], dict[bool, list[int]]] = {}
    for school, _, strategy, favours, strength in once:
        for form in forms(bench.strategies[strategy]):
            points.setdefault((school, form), {True: [], False: []})[favours].append(strength)
    speakers = {speaker for speaker, _ in points}
    return {
        school: {
            strategy: total(points[school, strategy][True]) - total(points[school, strategy][False])
            for strategy in bench.strategies
            if (school, strategy) in points
        }
        for school in bench.weights
        if school in speakers
    }


def ruled_out_of(bench: Bench, hearing: Hearing, topic: Topic) -> tuple[RuledOut, ...]:
    """List the strategies that the known facts make impossible, each with the fact that does."""
    names = {STATE: hearing.state} | ({THREAT: hearing.toward} if hearing.toward is not None else {})
    found = []
    for strategy in bench.theory.vocabulary.strategies:
        if strategy.question != topic.id:
            continue
        for condition in strategy.impossible_if:
            if holds(bench.inference, condition, names):
                args = tuple(names.get(t.name, "") if t.role else t.name for t in condition.terms) or (SYSTEM,)
                known = [
                    fact
                    for value in condition.values
                    if (fact := Fact(condition.variable, args, value, condition.holds)) in bench.inference.facts
                ]
                found.append(RuledOut(strategy.id, known[0]))
                break
    return tuple(found)


def voice_of(
    bench: Bench, topic: Topic, school: str, per: Mapping[str, float], impossible: Collection[str]
) -> Voice | None:
    """Give what one school expects on a topic: its top strategies, or that a family is not to be expected."""
    mine = {name: value for name, value in per.items() if name not in impossible and value > 0}
    if mine:
        best = max(mine.values())
        top = tuple(name for name in mine if mine[name] == best)
        held = {bench.strategies[name].family for name in top}
        families = tuple(family.id for family in bench.theory.vocabulary.families if family.id in held)
        return Voice(school, top, families, best)
    for family in bench.theory.vocabulary.families:
        rejected = bench.strategies.get(family.rejects)
        if rejected is None or rejected.question != topic.id:
            continue
        against = min(-per.get(form, 0.0) for form in forms(rejected))
        if against > 0:
            return Voice(school, (), (family.id,), against)
    return None
