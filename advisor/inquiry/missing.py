"""What is missing for a proposition to apply: the unknown facts that alone, or with one other, decide it.

A proposition of which all conditions but one are met is decided by that one.  Where the missing condition is
itself a conclusion, what is missing there counts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from advisor.inference.compile import Form, facts_of, forms, instance
from advisor.inquiry.matters import Unknown
from advisor.terms import (
    SYSTEM,
    Advice,
    Condition,
    Derivation,
    Fact,
    Proposition,
    StrategyClaim,
    Theory,
    Variable,
    Vocabulary,
)
from advisor.verdict import STATE, THREAT, threats
from advisor.vocabulary import canonical, variables

_DEPTH = 3
_MISSING = 2
_CAST = 6


@dataclass(frozen=True, slots=True)
class _Search:
    """What is known, the forms of every proposition, and what was found to be missing so far."""

    theory: Theory
    vocabulary: Vocabulary
    variables: dict[str, Variable]
    facts: frozenset[Fact]
    states: tuple[str, ...]
    forms: dict[str, tuple[Form, ...]]
    deriving: dict[str, tuple[tuple[Proposition, Derivation], ...]]
    found: dict[tuple[Condition, tuple[str, ...], int], frozenset[frozenset[Unknown]]] = field(compare=False)


def ranked(
    theory: Theory, advice: Advice, weights: Mapping[str, float], skip: frozenset[Unknown]
) -> list[tuple[Unknown, tuple[Proposition, ...]]]:
    """Rank the unknown facts that alone decide an argument, or else those that do so with one other, core facts first.

    Each comes with the propositions it decides, those on which most support hangs first.
    """
    search = _search(theory, advice)
    score: dict[int, dict[Unknown, dict[str, float]]] = {}
    propositions = {proposition.id: proposition for proposition in theory.propositions}
    for state, other in _pairs(theory, advice):
        done = {
            justification.proposition
            for justification in advice.inference.justifications
            if {STATE: state, THREAT: other}.items()
            >= {(role, name) for role, name in justification.bindings if role in (STATE, THREAT)}
        }
        for proposition in theory.propositions:
            strengths = [claim.strength for claim in proposition.conclusions if isinstance(claim, StrategyClaim)]
            if not strengths or proposition.id in done or proposition.school not in weights:
                continue
            value = max(strengths) * weights[proposition.school]
            for missing in _lacking(search, proposition, {STATE: state, THREAT: other}, 0):
                for unknown in missing:
                    if unknown not in skip:
                        score.setdefault(len(missing), {}).setdefault(unknown, {})[proposition.id] = value
    size = min((size for size in score if size), default=0)
    place = {variable: number for number, variable in enumerate(search.variables)}

    def urgency(unknown: Unknown) -> tuple[bool, float, int, tuple[str, ...]]:
        variable, args = unknown
        return not search.variables[variable].core, -sum(score[size][unknown].values()), place[variable], args

    return [
        (
            unknown,
            tuple(
                propositions[name]
                for name, _ in sorted(score[size][unknown].items(), key=lambda entry: (-entry[1], entry[0]))
            ),
        )
        for unknown in sorted(score.get(size, ()), key=urgency)
    ]


def _search(theory: Theory, advice: Advice) -> _Search:
    deriving: dict[str, list[tuple[Proposition, Derivation]]] = {}
    for proposition in theory.propositions:
        for conclusion in proposition.conclusions:
            if isinstance(conclusion, Derivation):
                deriving.setdefault(conclusion.variable, []).append((proposition, conclusion))
    facts = advice.inference.facts
    mentions = {
        state: sum(state in fact.args for fact in facts if fact.holds) for state in advice.inference.situation.states
    }
    return _Search(
        theory,
        theory.vocabulary,
        variables(theory.vocabulary),
        facts,
        tuple(sorted(mentions, key=lambda state: (-mentions[state], state))[:_CAST]),
        {proposition.id: forms(proposition) for proposition in theory.propositions},
        {variable: tuple(found) for variable, found in deriving.items()},
        {},
    )


def _pairs(theory: Theory, advice: Advice) -> Iterator[tuple[str, str]]:
    """Give the states and threats to ask about: those of the first verdict, else all that might be meant."""
    states = advice.inference.situation.states[:_CAST]
    first = advice.verdicts[0] if advice.verdicts else None
    for state in (first.state,) if first else states:
        known = first.toward if first else None
        others = (known,) if known else threats(theory, advice.inference, state)[:1] or states
        yield from ((state, other) for other in others if other != state)


def _lacking(
    search: _Search, proposition: Proposition, cast: Mapping[str, str], depth: int
) -> Iterator[frozenset[Unknown]]:
    """Give the sets of unknown base facts that would make a proposition apply under some extension of a cast."""
    for form in search.forms[proposition.id]:
        kept = {role: name for role, name in cast.items() if role in form.roles}
        free = [role for role in form.roles if role not in kept]
        others = [state for state in search.states if state not in kept.values()]
        for chosen in itertools.permutations(others, len(free)):
            full = kept | dict(zip(free, chosen, strict=True))
            if any(_status(search, condition, full) for condition in proposition.unless if _bound(condition, full)):
                continue
            sets = {frozenset[Unknown]()}
            for condition in form.conditions:
                ways = _gaps(search, condition, full, depth)
                sets = {one | way for one in sets for way in ways if len(one | way) <= _MISSING}
                if not sets:
                    break
            yield from sorted(sets, key=sorted)


def _bound(condition: Condition, cast: Mapping[str, str]) -> bool:
    return all(term.name in cast for term in condition.terms if term.role)


def _status(search: _Search, condition: Condition, cast: Mapping[str, str]) -> bool | None:
    """Whether a condition is known to hold (True), known not to (False), or unknown."""
    wanted = facts_of(condition, cast)
    opposite = [Fact(fact.variable, fact.args, fact.value, not fact.holds) for fact in wanted]
    met = [fact in search.facts for fact in wanted]
    failed = [fact in search.facts for fact in opposite]
    if any(met) if condition.holds else all(met):
        return True
    return False if (all(failed) if condition.holds else any(failed)) else None


def _gaps(search: _Search, condition: Condition, cast: Mapping[str, str], depth: int) -> frozenset[frozenset[Unknown]]:
    """Give the sets of unknown base facts that would meet a condition; an empty one where it is met already."""
    args = instance(condition.terms, cast)
    key = (condition, args, depth)
    if key in search.found:
        return search.found[key]
    status = _status(search, condition, cast)
    variable = search.variables[condition.variable]
    result: frozenset[frozenset[Unknown]]
    if status is not None:
        result = frozenset({frozenset[Unknown]()}) if status else frozenset()
    elif not variable.derived:
        fact = canonical(search.vocabulary, Fact(condition.variable, args, condition.values[0]))
        result = frozenset({frozenset({(fact.variable, fact.args)})})
    elif not condition.holds or depth >= _DEPTH:
        result = frozenset()
    else:
        ways: set[frozenset[Unknown]] = set()
        for proposition, conclusion in search.deriving.get(condition.variable, ()):
            if conclusion.value in condition.values:
                inner = _unified(conclusion, args)
                if inner is not None:
                    ways.update(_lacking(search, proposition, inner, depth + 1))
        result = frozenset(ways)
    search.found[key] = result
    return result


def _unified(conclusion: Derivation, args: tuple[str, ...]) -> dict[str, str] | None:
    """Give the cast under which a conclusion is about these arguments, or None if it cannot be."""
    terms = conclusion.terms or ()
    if len(terms) != len(args):
        return {} if not terms and args == (SYSTEM,) else None
    cast: dict[str, str] = {}
    for term, name in zip(terms, args, strict=True):
        if (not term.role and term.name != name) or cast.get(term.name, name) != name:
            return None
        if term.role:
            cast[term.name] = name
    return cast
