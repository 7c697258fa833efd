"""What bears on a verdict: every way in which a proposition that it looks at may come to apply, worked back to facts.

The engine runs a theory forward from one situation.  To know what would change a verdict, the same propositions are
looked at from behind: which of them speak for the state and the threat in question, what facts would meet their
conditions or stop them, which propositions conclude these, and so on down to what can only be observed.  What is
never come upon cannot matter.  The net knows no situation but its states; ``columns`` lays situations over it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from advisor.inference.applying import Ready, made_ready
from advisor.inference.compile import Binding, Form, casts, facts_of
from advisor.terms import (
    SYSTEM,
    Condition,
    Derivation,
    Fact,
    MeasureClaim,
    MenuClaim,
    Proposition,
    StrategyClaim,
    Term,
    Theory,
)
from advisor.theory import strata
from advisor.verdict import STATE, THREAT
from advisor.vocabulary import once_each

Literal = tuple[bool, tuple[int, ...]]
"""A condition on facts, by their numbers: all of them (True) or any of them."""

Docket = tuple[str, str | None, str]
"""The question a verdict answers: a state, the threat to it or none, and the topic."""

MAX_APPLICATIONS = 60_000
"""How many ways to apply propositions are looked at; past them nothing is claimed about what would change a verdict."""


class TooWide(ValueError):
    """So many states may play so many roles that not every way to change the verdict can be looked at."""


@dataclass(frozen=True, slots=True)
class Application:
    """A proposition under a binding: the ways to meet its conditions, what stops it, and what it concludes.

    Each conclusion is the facts it adds, and the fact that forbids it where that is observed.
    """

    proposition: str
    binding: Binding
    bodies: tuple[tuple[Literal, ...], ...]
    stops: tuple[Literal, ...]
    gives: tuple[tuple[int, tuple[int, ...]], ...]
    stratum: int


@dataclass(frozen=True, slots=True)
class Bearing:
    """What bears on one verdict: applications by proposition, what rules strategies out, what silences schools."""

    docket: Docket
    speaking: Mapping[str, tuple[int, ...]]
    impossible: tuple[tuple[str, tuple[Literal, ...]], ...]


@dataclass(frozen=True, slots=True)
class Net:
    """The facts that bear on some verdicts, numbered, and the applications, in the order in which to look at them.

    ``signs`` are, by state in question and other state, the conditions by which a threat is found.
    """

    facts: tuple[Fact, ...]
    numbers: Mapping[Fact, int]
    deriving: tuple[Application, ...]
    arguing: tuple[Application, ...]
    bearings: tuple[Bearing, ...]
    silent: Mapping[str, Literal]
    signs: Mapping[tuple[str, str], tuple[Literal | None, ...]]


# ---------------------------------------------------------------- a theory, made ready once


@dataclass(frozen=True, slots=True)
class Prepared:
    """A theory's propositions made ready, what concludes each kind of fact, and in which stratum each stands."""

    theory: Theory
    ready: Mapping[str, Ready]
    casting: Mapping[str, tuple[tuple[tuple[str, ...], tuple[Form, ...]], ...]]
    concluding: Mapping[tuple[str, str, bool], tuple[tuple[str, Derivation, tuple[str, ...]], ...]]
    stratum: Mapping[str, int]
    defeaters: Mapping[str, tuple[str, ...]]


@once_each
def prepared(theory: Theory) -> Prepared:
    """Make a theory ready."""
    ready = {proposition.id: made_ready(theory, proposition) for proposition in theory.propositions}
    concluding: dict[tuple[str, str, bool], list[tuple[str, Derivation, tuple[str, ...]]]] = {}
    casting = {}
    defeaters: dict[str, list[str]] = {}
    for id_, each in ready.items():
        grouped: dict[tuple[str, ...], list[Form]] = {}
        for form in each.forms:
            grouped.setdefault(form.roles, []).append(form)
        casting[id_] = tuple((roles, tuple(found)) for roles, found in grouped.items())
        for derivation, learnt in each.statement.derivations:
            for fact in sorted(learnt):
                concluding.setdefault((fact.variable, fact.value, fact.holds), []).append((id_, derivation, fact.args))
        for defeated in each.proposition.defeats:
            defeaters.setdefault(defeated, []).append(id_)
    return Prepared(
        theory,
        ready,
        casting,
        {key: tuple(found) for key, found in concluding.items()},
        {name: number for number, names in enumerate(strata(theory)) for name in names},
        {name: tuple(found) for name, found in defeaters.items()},
    )


# ---------------------------------------------------------------- the net


@dataclass(slots=True)
class _Making:
    """A net in the making: numbered facts, applications, and the facts whose conclusion was not looked at yet."""

    prepared: Prepared
    states: tuple[str, ...]
    numbers: dict[Fact, int] = field(default_factory=dict)
    waiting: list[Fact] = field(default_factory=list)
    made: dict[tuple[str, Binding], int] = field(default_factory=dict)
    applications: list[Application] = field(default_factory=list)


_KEPT = 16


@once_each
def _nets(theory: Theory) -> dict[tuple[object, ...], Net]:
    """Give the nets of a theory that were made before: a net knows nothing of a situation but its states."""
    return {}


def net_of(theory: Theory, states: Iterable[str], dockets: Iterable[Docket], *, signs_for: Iterable[str] = ()) -> Net:
    """Give the net of all that bears on some verdicts; ``signs_for`` are states whose threat is still to be found.

    Raises ``TooWide`` past the bound of applications.
    """
    kept = _nets(theory)
    key = (tuple(sorted(states)), tuple(dict.fromkeys(dockets)), tuple(dict.fromkeys(signs_for)))
    net = kept.get(key)
    if net is None:
        while len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        net = kept[key] = _made(theory, *key)
    return net


def _made(theory: Theory, states: tuple[str, ...], dockets: tuple[Docket, ...], signs_for: tuple[str, ...]) -> Net:
    making = _Making(prepared(theory), states)
    bearings = tuple(_bearing(making, docket) for docket in dockets)
    silent = {}
    for school in theory.schools:
        if school.premise is not None:
            premise = school.premise
            false = Condition(premise.variable, premise.terms, premise.values, not premise.holds)
            literal = _plain(making, false, {})
            if literal is not None:
                silent[school.id] = literal
    signs = {
        (state, other): tuple(
            _plain(making, sign.condition, {STATE: state, THREAT: other}) for sign in theory.vocabulary.focus.signs
        )
        for state in signs_for
        for other in making.states
        if other != state
    }
    while making.waiting:
        _conclude(making, making.waiting.pop())
    deriving = [each for each in making.applications if each.gives]
    deriving.reverse()
    return Net(
        tuple(making.numbers),
        making.numbers,
        tuple(sorted(deriving, key=lambda each: each.stratum)),
        tuple(making.applications),
        bearings,
        silent,
        signs,
    )


def _number(making: _Making, fact: Fact) -> int:
    """Give the number of a fact, a new one if it was not come upon before."""
    found = making.numbers.get(fact)
    if found is None:
        found = making.numbers[fact] = len(making.numbers)
        if (fact.variable, fact.value, fact.holds) in making.prepared.concluding:
            making.waiting.append(fact)
    return found


def _literal(making: _Making, condition: Condition, cast: Mapping[str, str]) -> Literal:
    """Give a condition under a cast of all its roles."""
    return not condition.holds, tuple(_number(making, fact) for fact in facts_of(condition, cast))


def _plain(making: _Making, condition: Condition, names: Mapping[str, str]) -> Literal | None:
    """Give a condition under some names, or None if it speaks of a role that nobody plays."""
    if any(term.role and term.name not in names for term in condition.terms):
        return None
    args = tuple(names[term.name] if term.role else term.name for term in condition.terms) or (SYSTEM,)
    return not condition.holds, tuple(
        _number(making, Fact(condition.variable, args, value, condition.holds)) for value in condition.values
    )


def _bearing(making: _Making, docket: Docket) -> Bearing:
    """Enter all that bears on one verdict."""
    state, toward, about = docket
    vocabulary = making.prepared.theory.vocabulary
    topical = {strategy.id for strategy in vocabulary.strategies if strategy.question == about}
    wanted = [
        proposition.id
        for proposition in making.prepared.theory.propositions
        if any(isinstance(c, StrategyClaim) and c.strategy in topical for c in proposition.conclusions)
    ]
    for name in wanted:
        wanted += [other for other in making.prepared.defeaters.get(name, ()) if other not in wanted]
    speaking = {}
    for name in sorted(wanted, key=list(making.prepared.ready).index):
        proposition = making.prepared.ready[name].proposition
        if all(isinstance(conclusion, Derivation) for conclusion in proposition.conclusions):
            continue
        fixed = {STATE: state} if toward is None else {STATE: state, THREAT: toward}
        found = []
        for roles, _ in making.prepared.casting[name]:
            cast = {role: name_ for role, name_ in fixed.items() if role in roles}
            if _speaks_of_strategy(proposition):
                if STATE not in cast or (toward is None and THREAT in roles):
                    continue
            else:
                cast.pop(THREAT, None)
            found += [_enter(making, name, roles, full) for full in _casts(making, name, roles, cast)]
        speaking[name] = tuple(dict.fromkeys(found))
    names = {STATE: state} if toward is None else {STATE: state, THREAT: toward}
    impossible = []
    for strategy in vocabulary.strategies:
        if strategy.id in topical:
            literals = [_plain(making, condition, names) for condition in strategy.impossible_if]
            if any(literals):
                impossible.append((strategy.id, tuple(each for each in literals if each is not None)))
    return Bearing(docket, speaking, tuple(impossible))


def _speaks_of_strategy(proposition: Proposition) -> bool:
    return any(isinstance(c, StrategyClaim | MeasureClaim | MenuClaim) for c in proposition.conclusions)


def _casts(making: _Making, name: str, roles: tuple[str, ...], cast: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give the casts that fill the roles of a form, some of which are filled."""
    named = making.prepared.ready[name].statement.named
    if any(state in named or state not in making.states for state in cast.values()):
        return
    if len(set(cast.values())) < len(cast):
        return
    free = [role for role in roles if role not in cast]
    others = [state for state in making.states if state not in named and state not in cast.values()]
    for chosen in itertools.permutations(others, len(free)):
        yield {**cast, **dict(zip(free, chosen, strict=True))}


def _enter(making: _Making, name: str, roles: tuple[str, ...], cast: Mapping[str, str]) -> int:
    """Enter an application, once, and all it looks at."""
    binding = tuple((role, cast[role]) for role in roles)
    known = making.made.get((name, binding))
    if known is not None:
        return known
    if len(making.made) >= MAX_APPLICATIONS:
        raise TooWide(f"more than {MAX_APPLICATIONS:,} ways to apply propositions bear on the verdict")
    ready = making.prepared.ready[name]
    forms = next(found for shared, found in making.prepared.casting[name] if shared == roles)
    bodies = tuple(tuple(_literal(making, condition, cast) for condition in form.conditions) for form in forms)
    stops = tuple(
        dict.fromkeys(
            _literal(making, condition, extended)
            for condition in ready.proposition.unless
            for extended in casts(condition, cast, making.states, ready.statement.named)
        )
    )
    number = making.made[name, binding] = len(making.applications)
    making.applications.append(Application(name, binding, bodies, stops, (), making.prepared.stratum.get(name, 0)))
    return number


def _conclude(making: _Making, fact: Fact) -> None:
    """Enter every application that would conclude a fact, and that it does."""
    number = making.numbers[fact]
    for name, derivation, places in making.prepared.concluding[fact.variable, fact.value, fact.holds]:
        about = tuple(arg for _, arg in sorted(zip(places, fact.args, strict=True)))
        cast = _unified(derivation.terms, about)
        if cast is None:
            continue
        forbidding = _number(making, Fact(derivation.variable, about, derivation.value, False))
        for roles, _ in making.prepared.casting[name]:
            for full in _casts(making, name, roles, cast):
                entered = _enter(making, name, roles, full)
                found = making.applications[entered]
                making.applications[entered] = Application(
                    found.proposition,
                    found.binding,
                    found.bodies,
                    found.stops,
                    (*found.gives, (forbidding, (number,))),
                    found.stratum,
                )


def _unified(terms: tuple[Term, ...], args: tuple[str, ...]) -> dict[str, str] | None:
    """Give the cast under which a conclusion is about these arguments, or None if it cannot be."""
    cast: dict[str, str] = {}
    for term, name in zip(terms or (Term(SYSTEM, False),), args, strict=True):
        if (not term.role and term.name != name) or cast.get(term.name, name) != name:
            return None
        if term.role:
            cast[term.name] = name
    return cast
