"""From observations to a situation: what may be used, what contradicts itself, what is assumed.

Only what is asserted or denied enters; what is possible, supposed or merely believed is shown and
asked about.  A contradiction is never resolved here: both sides stay out until it is settled.
"""

from __future__ import annotations

from collections.abc import Iterable

from advisor.terms import SYSTEM, Conflict, Fact, Observation, Situation, Vocabulary
from advisor.vocabulary import canonical, reversed_fact, variables

PLAYERS = ("Arvenia", "Borland", "Cadria", "Delmark", "Eastmark", "Farland", "Galdia", "Harland", "Istria", "Jutia")
"""The invented states of made-up situations, in the order in which the vocabulary lists the roles."""


def known_false(vocabulary: Vocabulary, facts: Iterable[Fact]) -> frozenset[Fact]:
    """Give what is known false because another value of the same single-valued variable holds."""
    index = variables(vocabulary)
    return frozenset(
        Fact(fact.variable, fact.args, value.id, False)
        for fact in facts
        if fact.holds and not index[fact.variable].many
        for value in index[fact.variable].values
        if value.id != fact.value
    )


def closed(vocabulary: Vocabulary, facts: Iterable[Fact]) -> frozenset[Fact]:
    """Close facts under what the vocabulary implies: symmetry, mirrors, and one value to a variable."""
    index = variables(vocabulary)
    result = {canonical(vocabulary, fact) for fact in facts}
    result |= {other for fact in result if (other := reversed_fact(index[fact.variable], fact))}
    return frozenset(result | known_false(vocabulary, result))


def states_in(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Give the states that facts are about, sorted."""
    return tuple(sorted({arg for fact in facts for arg in fact.args if arg != SYSTEM}))


def clash(vocabulary: Vocabulary, one: Fact, other: Fact) -> bool:
    """Whether two canonical facts about the same variable and arguments cannot both be so."""
    if one.holds and other.holds:
        return one.value != other.value and not variables(vocabulary)[one.variable].many
    return one.value == other.value and one.holds != other.holds


def situation(vocabulary: Vocabulary, observations: Iterable[Observation], states: Iterable[str] = ()) -> Situation:
    """Build a situation from observations, with the vocabulary's defaults as assumptions.

    ``states`` adds states that no usable observation is about.  An answer overrides what a text says;
    otherwise facts that contradict one another are kept as conflicts and count as unknown.
    """
    observed = tuple(observations)
    usable = [o for o in observed if o.stance in ("asserted", "denied") and not o.past]
    grouped: dict[tuple[str, tuple[str, ...]], dict[Fact, list[Observation]]] = {}
    for observation in usable:
        fact = canonical(vocabulary, observation.fact)
        pair = tuple(sorted(fact.args)) if reversed_fact(variables(vocabulary)[fact.variable], fact) else fact.args
        grouped.setdefault((fact.variable, pair), {}).setdefault(fact, []).append(observation)
    facts: set[Fact] = set()
    conflicts: list[Conflict] = []
    for _, about in sorted(grouped.items()):
        answered = {
            fact: grounds
            for fact, grounds in about.items()
            if any(e.source == "answer" for o in grounds for e in o.evidence)
        }
        if answered:
            latest = [o for o in usable if any(o in grounds for grounds in answered.values())][-1]
            about = {canonical(vocabulary, latest.fact): [latest]}
        clashing = sorted(one for one in about if any(clash(vocabulary, one, other) for other in about if other != one))
        if clashing:
            conflicts.append(Conflict(tuple(clashing), tuple(o for fact in clashing for o in about[fact])))
        facts.update(fact for fact in about if fact not in clashing)
    return from_facts(vocabulary, facts, states, observed, tuple(conflicts))


def from_facts(
    vocabulary: Vocabulary,
    facts: Iterable[Fact],
    states: Iterable[str] = (),
    observations: tuple[Observation, ...] = (),
    conflicts: tuple[Conflict, ...] = (),
) -> Situation:
    """Build a situation from facts that do not contradict one another, adding the defaults."""
    given = closed(vocabulary, facts)
    conflicted = {(fact.variable, fact.args) for conflict in conflicts for fact in conflict.facts}
    everyone = tuple(sorted({*states, *states_in(given)}))
    settled = {(fact.variable, fact.args) for fact in given} | conflicted
    assumed = set()
    for variable in vocabulary.variables:
        if variable.default is None:
            continue
        subjects = [(SYSTEM,)] if variable.arity == 0 else [(name,) for name in everyone]
        assumed |= {
            Fact(variable.id, args, variable.default) for args in subjects if (variable.id, args) not in settled
        }
    return Situation(everyone, closed(vocabulary, given | assumed), frozenset(assumed), observations, conflicts)
