"""What applies to one state facing one threat: the live propositions, and those that a live one defeats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.terms import (
    SYSTEM,
    Condition,
    Defeat,
    Derivation,
    Fact,
    Inference,
    Justification,
    MeasureClaim,
    MenuClaim,
    Proposition,
    School,
    Strategy,
    StrategyClaim,
    Theory,
)
from advisor.theory import proposition_by_id
from advisor.vocabulary import once_each

STATE, THREAT = "state", "threat"
"""The two roles that define the focus of a verdict."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A theory and an inference, indexed once for all verdicts on them."""

    theory: Theory
    inference: Inference
    propositions: dict[str, Proposition]
    strategies: dict[str, Strategy]
    weights: dict[str, float]
    order: tuple[str, ...]
    rank: dict[str, int]
    by_state: dict[str | None, tuple[Justification, ...]]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What applies to one state and one threat: the live justifications, and what silenced the others."""

    state: str
    toward: str | None
    live: dict[str, tuple[Justification, ...]]
    defeats: tuple[Defeat, ...]


def bench_of(theory: Theory, inference: Inference, weights: dict[str, float]) -> Bench:
    """Index a theory and an inference, leaving out the schools whose premise is known to be false."""
    propositions, order, rank = _orders(theory)
    grouped: dict[str | None, list[Justification]] = {}
    silent = {school.id for school in theory.schools if _is_silent(school, inference)}
    for justification in inference.justifications:
        proposition = propositions.get(justification.proposition)
        if proposition is None or proposition.school in silent or _only_derives(proposition):
            continue
        grouped.setdefault(dict(justification.bindings).get(STATE), []).append(justification)
    return Bench(
        theory,
        inference,
        propositions,
        {strategy.id: strategy for strategy in theory.vocabulary.strategies},
        weights,
        order,
        rank,
        {state: tuple(found) for state, found in grouped.items()},
    )


def _is_silent(school: School, inference: Inference) -> bool:
    """Whether a school has nothing to say because its premise is known to be false."""
    premise = school.premise
    return premise is not None and holds(
        inference, Condition(premise.variable, premise.terms, premise.values, not premise.holds), {}
    )


def holds(inference: Inference, condition: Condition, names: Mapping[str, str]) -> bool:
    """Whether a condition is known to hold with ``names`` for its roles; a role without a name makes it unknown."""
    args = tuple(names.get(term.name, "") if term.role else term.name for term in condition.terms) or (SYSTEM,)
    met = (Fact(condition.variable, args, value, condition.holds) in inference.facts for value in condition.values)
    return any(met) if condition.holds else all(met)


def _only_derives(proposition: Proposition) -> bool:
    return all(isinstance(conclusion, Derivation) for conclusion in proposition.conclusions)


def _speaks_of_strategy(proposition: Proposition) -> bool:
    """Whether a proposition is about what a state does, and so only counts for one state and one threat."""
    return any(isinstance(c, StrategyClaim | MeasureClaim | MenuClaim) for c in proposition.conclusions)


@once_each
def _orders(theory: Theory) -> tuple[dict[str, Proposition], tuple[str, ...], dict[str, int]]:
    """Give the propositions by id, in the order in which they are defeated, and the place of each in the theory."""
    rank = {proposition.id: place for place, proposition in enumerate(theory.propositions)}
    return proposition_by_id(theory), _defeaters_first(theory.propositions), rank


def _defeaters_first(propositions: Sequence[Proposition]) -> tuple[str, ...]:
    """Order propositions so that each stands after all that defeat it; the loader refuses cycles."""
    defeaters: dict[str, list[str]] = {}
    for proposition in propositions:
        for defeated in proposition.defeats:
            defeaters.setdefault(defeated, []).append(proposition.id)
    order: dict[str, None] = {}
    seen: set[str] = set()
    for start in propositions:
        path = [(start.id, iter(defeaters.get(start.id, ())))] if start.id not in seen else []
        seen.add(start.id)
        while path:
            current, rest = path[-1]
            following = next((name for name in rest if name not in seen), None)
            if following is None:
                order[current] = None
                path.pop()
            else:
                seen.add(following)
                path.append((following, iter(defeaters.get(following, ()))))
    return tuple(order)


def hear(bench: Bench, state: str, toward: str | None) -> Hearing:
    """Collect what applies to a state facing a threat, and silence what a live proposition defeats."""
    fired: dict[str, list[Justification]] = {}
    for justification in (*bench.by_state.get(None, ()), *bench.by_state.get(state, ())):
        if _speaks_of_strategy(bench.propositions[justification.proposition]):
            bindings = dict(justification.bindings)
            if STATE not in bindings or bindings.get(THREAT, toward) != toward:
                continue
        fired.setdefault(justification.proposition, []).append(justification)
    defeaters: dict[str, list[str]] = {}
    for name in fired:
        for defeated in bench.propositions[name].defeats:
            defeaters.setdefault(defeated, []).append(name)
    live: dict[str, tuple[Justification, ...]] = {}
    defeats: list[Defeat] = []
    for name in bench.order:
        if name not in fired:
            continue
        by = tuple(sorted(other for other in defeaters.get(name, ()) if other in live))
        if by:
            defeats.append(Defeat(name, by))
        else:
            live[name] = tuple(fired[name])
    rank = bench.rank
    return Hearing(
        state,
        toward,
        {name: live[name] for name in sorted(live, key=rank.__getitem__)},
        tuple(sorted(defeats, key=lambda defeat: rank[defeat.proposition])),
    )


def heard(bench: Bench, hearing: Hearing) -> Iterable[tuple[Proposition, tuple[Justification, ...]]]:
    """Give the live propositions of the schools that are heard."""
    for name, justifications in hearing.live.items():
        proposition = bench.propositions[name]
        if proposition.school in bench.weights:
            yield proposition, justifications
