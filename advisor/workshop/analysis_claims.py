"""What one rule says beside another: whether it says as much, the contrary, or nothing that the other does not."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from advisor.inference.compile import Form
from advisor.terms import (
    Conclusion,
    Condition,
    Fact,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
)
from advisor.vocabulary import canonical
from advisor.workshop.analysis_search import Goal, Search, Unsettled, goal
from advisor.workshop.analysis_world import Cast, Lore, World, concluded_roles, focus

_MOST_WORLDS = 2_000


def bounded(worlds: Iterable[World]) -> Iterator[World]:
    """Give situations one after the other; raises ``Unsettled`` where there are too many to look at them all."""
    for count, world in enumerate(worlds):
        if count >= _MOST_WORLDS:
            raise Unsettled
        yield world


def contrary(one: Proposition, other: Proposition) -> tuple[str, ...]:
    """Give the strategies that one proposition argues for and the other against."""
    favoured = [each.strategy for each in one.conclusions if isinstance(each, StrategyClaim) and each.favours]
    opposed = {each.strategy for each in other.conclusions if isinstance(each, StrategyClaim) and not each.favours}
    return tuple(dict.fromkeys(each for each in favoured if each in opposed))


def related(one: Proposition, other: Proposition) -> bool:
    """Whether one of two propositions says that it defeats or disputes the other."""
    return other.id in (*one.defeats, *one.disputes) or one.id in (*other.defeats, *other.disputes)


def covers(more: Conclusion, less: Conclusion) -> bool:
    """Whether a conclusion says all that another does, at least as strongly."""
    if isinstance(more, StrategyClaim) and isinstance(less, StrategyClaim):
        return (more.strategy, more.favours) == (less.strategy, less.favours) and more.strength >= less.strength
    if isinstance(more, OutcomeClaim) and isinstance(less, OutcomeClaim):
        same = (more.outcome, more.terms, more.value) == (less.outcome, less.terms, less.value)
        return same and more.strength >= less.strength
    return more == less


def says_as_much(more: Proposition, less: Proposition) -> bool:
    """Whether a proposition concludes all that another does, and defeats all that it defeats."""
    return set(less.defeats) <= set(more.defeats) | {more.id} and all(
        any(covers(one, other) for one in more.conclusions) for other in less.conclusions
    )


def contradict(lore: Lore, one: Condition, other: Condition, cast: Cast) -> bool:
    """Whether two conditions on the same variable of the same states cannot both be known."""
    if one.variable != other.variable or lore.variables[one.variable].many:
        return False
    left, right = _allowed(lore, one, cast), _allowed(lore, other, cast)
    return {fact.args for fact in left} == {fact.args for fact in right} and not left & right


def _allowed(lore: Lore, condition: Condition, cast: Cast) -> frozenset[Fact]:
    args = tuple(cast[term.name] if term.role else term.name for term in condition.terms)
    facts = {canonical(lore.vocabulary, Fact(condition.variable, args, v)) for v in lore.possible(condition)}
    return frozenset(facts)


# ---------------------------------------------------------------- subsumption


def subsumed(search: Search, less: Proposition, more: Proposition) -> World | None:
    """Give a situation in which two propositions apply if wherever ``less`` counts, ``more`` does; else None."""
    if not says_as_much(more, less):
        return None
    lore = search.lore
    cast = lore.usual_cast(less)
    partial = {
        role: cast[role]
        for role in dict.fromkeys((*concluded_roles(more), *focus(more, cast)))
        if role in cast and role in lore.usual_cast(more)
    }
    obvious = all(any(_implies(one, other) for other in lore.forms[more.id]) for one in lore.forms[less.id])
    shown: World | None = None
    for world in bounded(search.worlds([(less, cast)])):
        if not world.live(less, focus(less, cast)):
            continue
        if not world.live(more, partial):
            return None
        shown = shown or world
        if obvious:
            break
    for world in _without(search, less, more, cast):
        if world.live(less, focus(less, cast)) and not world.live(more, partial):
            return None
    return shown


def _without(search: Search, less: Proposition, more: Proposition, cast: Cast) -> Iterator[World]:
    """Give situations in which ``less`` applies and something stops or defeats ``more``."""
    for exception in more.unless:
        yield from bounded(search.worlds([(less, cast)], [goal_of(search.lore, exception, cast)]))
    for defeater in search.lore.defeaters.get(more.id, ()):
        if defeater.id != less.id:
            whole = {**search.lore.usual_cast(defeater), **focus(defeater, cast)}
            yield from bounded(search.worlds([(less, cast), (defeater, whole)]))


def goal_of(lore: Lore, condition: Condition, cast: Cast) -> Goal:
    """Make a goal of an exception, with somebody new in the roles that nobody plays."""
    whole = dict(cast)
    for term in condition.terms:
        if term.role and term.name not in whole:
            usual = lore.usual(term.name)
            whole[term.name] = next(name for name in (usual, *lore.names) if name not in whole.values())
    return goal(condition, whole)


def _implies(strong: Form, weak: Form) -> bool:
    """Whether the conditions of one form, word by word, contain those of another."""
    roles = [role for role in weak.roles if role not in strong.roles]
    return not roles and all(any(_at_least(one, other) for one in strong.conditions) for other in weak.conditions)


def _at_least(one: Condition, other: Condition) -> bool:
    if (one.variable, one.terms, one.holds) != (other.variable, other.terms, other.holds):
        return False
    values, wanted = set(one.values), set(other.values)
    return values <= wanted if one.holds else values >= wanted


# ---------------------------------------------------------------- defeat


def masked(search: Search, proposition: Proposition) -> World | None:
    """Give a situation in which a proposition applies and is defeated if it is so in all; else None."""
    lore = search.lore
    defeaters = lore.defeaters.get(proposition.id, ())
    if not defeaters:
        return None
    cast = lore.usual_cast(proposition)
    narrow = focus(proposition, cast)
    shown: World | None = None
    for world in bounded(search.worlds([(proposition, cast)])):
        if world.live(proposition, narrow):
            return None
        shown = shown or world
    for world in _rescues(search, proposition, defeaters, cast):
        if world.live(proposition, narrow):
            return None
    return shown


def _rescues(search: Search, proposition: Proposition, defeaters: Iterable[Proposition], cast: Cast) -> Iterator[World]:
    """Give situations in which a proposition applies and its defeaters are stopped or defeated in their turn."""
    ways: list[list[tuple[Proposition | None, Goal | None]]] = []
    for defeater in defeaters:
        stopped = [(None, goal_of(search.lore, each, cast)) for each in defeater.unless]
        beaten = [(each, None) for each in search.lore.defeaters.get(defeater.id, ())]
        ways.append([(None, None), *stopped, *beaten])
    for chosen in itertools.product(*ways):
        wanted = [(each, {**search.lore.usual_cast(each), **focus(each, cast)}) for each, _ in chosen if each]
        goals = [each for _, each in chosen if each]
        if wanted or goals:
            yield from bounded(search.worlds([(proposition, cast), *wanted], goals))


# ---------------------------------------------------------------- both at once


def both_count(search: Search, one: Proposition, other: Proposition) -> World | None:
    """Give a situation in which two propositions apply to the same state and threat, and neither is defeated."""
    cast = {**search.lore.usual_cast(other), **search.lore.usual_cast(one)}
    return next(
        (
            world
            for world in bounded(search.together(one, other))
            if world.live(one, focus(one, cast)) and world.live(other, focus(other, cast))
        ),
        None,
    )
