"""One proposition by itself: whether it can ever fire, and whether its exceptions ever apply."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from advisor.inference.compile import Form
from advisor.terms import Condition, Proposition
from advisor.theory import alternatives
from advisor.workshop.analysis_claims import contradict, goal_of
from advisor.workshop.analysis_desk import Desk, witnessed
from advisor.workshop.analysis_search import Goal, goal
from advisor.workshop.analysis_world import World
from advisor.workshop.findings import Applies, Finding, Witness


def never_fires(desk: Desk, proposition: Proposition) -> Iterator[Finding]:
    """Find out whether a proposition can never fire."""
    cast = desk.lore.usual_cast(proposition)
    if desk.applying(proposition) is not None:
        return
    pair = _contradictory(desk, proposition)
    if pair:
        one, other = pair
        yield desk.finding(
            "A01",
            f"“{desk.said(other)}” contradicts “{desk.said(one)}”, so this rule can never fire",
            proposition,
            _nearest(desk, proposition, other),
            at=other,
            hint="take one of the two conditions out, or begin alternatives with “either”",
        )
        return
    met = next(desk.search.worlds([(proposition, cast)], stopped=frozenset({proposition.id})), None)
    if met is not None:
        exception, _ = next(met.stoppers(proposition, cast), (proposition.unless[0], cast))
        told = f"all conditions are met, and “{desk.said(exception)}” holds as well: the rule stays silent"
        yield desk.finding(
            "A02",
            f"this rule can never fire: wherever its conditions are met, “{desk.said(exception)}” holds too",
            proposition,
            witnessed(met, [Applies(proposition.id, holds=False)], told),
            at=exception,
            hint="narrow the exception, or take it out",
        )
        return
    missing = _missing(desk, proposition)
    yield desk.finding(
        "A02",
        f"this rule can never fire: “{desk.said(missing)}” cannot be so where its other conditions are met"
        if _can_be(desk, missing)
        else f"this rule can never fire: no proposition concludes “{desk.said(missing)}”",
        proposition,
        _nearest(desk, proposition, missing),
        at=missing,
        hint="take the condition out, or add a proposition that concludes it",
    )


def idle_exceptions(desk: Desk, proposition: Proposition) -> Iterator[Finding]:
    """Find what follows “unless” and never applies."""
    cast = desk.lore.usual_cast(proposition)
    world = desk.applying(proposition) if proposition.unless else None
    for exception in proposition.unless if world else ():
        wanted = goal_of(desk.lore, exception, cast)
        alone = frozenset({proposition.id})
        if next(desk.search.worlds([(proposition, cast)], [wanted], stopped=alone), None) is None and world:
            told = f"here the rule applies; with “{desk.said(exception)}” its conditions would not be met"
            yield desk.finding(
                "A06",
                f"this “unless” never applies: where “{desk.said(exception)}”, the conditions are not met anyway",
                proposition,
                witnessed(world, [Applies(proposition.id)], told),
                at=exception,
                hint="take the exception out, or weaken a condition",
            )


def _contradictory(desk: Desk, proposition: Proposition) -> tuple[Condition, Condition] | None:
    """Give two conditions of a rule that contradict each other in the first of its alternatives."""
    cast = desk.lore.usual_cast(proposition)
    for chosen in alternatives(proposition):
        plain = [each for each in chosen if isinstance(each, Condition)]
        for one, other in itertools.combinations(plain, 2):
            if contradict(desk.lore, one, other, cast):
                return one, other
    return None


def _can_be(desk: Desk, condition: Condition) -> bool:
    """Whether a condition can be met by itself."""
    cast = {term.name: desk.lore.usual(term.name) for term in condition.terms if term.role}
    return next(desk.search.worlds([], [goal(condition, cast)]), None) is not None


def _without(form: Form, missing: Iterable[Condition], cast: Mapping[str, str]) -> list[Goal]:
    left = set(missing)
    return [goal(condition, cast) for condition in form.conditions if condition not in left]


def _missing(desk: Desk, proposition: Proposition) -> Condition:
    """Give a condition without which a rule could fire, the least possible one."""
    form = desk.lore.forms[proposition.id][0]
    cast = desk.lore.usual_cast(proposition)
    impossible = [each for each in form.conditions if not _can_be(desk, each)]
    if impossible:
        return impossible[0]
    ordered = sorted(form.conditions, key=lambda each: not desk.lore.variables[each.variable].derived)
    for condition in ordered:
        if next(desk.search.worlds([], _without(form, [condition], cast)), None) is not None:
            return condition
    return ordered[0]


def _nearest(desk: Desk, proposition: Proposition, missing: Condition) -> Witness:
    """Give the situation in which most conditions of a rule that cannot fire are met, with that one left out."""
    form = next((each for each in desk.lore.forms[proposition.id] if missing in each.conditions), None)
    form = form or desk.lore.forms[proposition.id][0]
    cast = desk.lore.usual_cast(proposition)
    others = [each for each in form.conditions if each != missing]
    for size in range(len(others) + 1):
        for left in itertools.combinations(others, size):
            world = next(desk.search.worlds([], _without(form, [missing, *left], cast)), None)
            if world is not None:
                world = World(desk.lore, world.stated, {*world.states, *cast.values()})
                kept = "the other conditions are" if not size else "as many conditions as can be are"
                told = f"{kept} met, but “{desk.said(missing)}” is not: the rule stays silent"
                return witnessed(world, [Applies(proposition.id, holds=False)], told)
    return Witness((), tuple(sorted(cast.values())), (Applies(proposition.id, holds=False),), "the rule stays silent")
