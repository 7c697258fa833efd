"""The search for situations: the fewest facts with which given conditions are met, or the proof that there are none.

It goes backwards from what is to hold.  A stated condition is met by stating one of its values, a concluded one
through each proposition that concludes it; what an “unless” looks for has to stay unknown, or what concludes it
has to be stopped in its turn.  The domains are finite, so the search ends, and what it does not find there is not.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from advisor.inference.compile import Form, instance
from advisor.terms import Condition, Fact, Proposition
from advisor.vocabulary import canonical, value_ids
from advisor.workshop.analysis_world import Cast, Lore, World, focus, unified

_DEEPEST = 8
_MOST_DRAFTS = 5_000
_COST_OF_WORLD = 5
_REPAIRS = 3

Known = Mapping[tuple[str, tuple[str, ...], str], tuple[str, frozenset[str]]]
"""What is stated: for a variable, its arguments and, if it may have several values, one of them, the value or ""
with the values that are denied."""


Asked = Mapping[tuple[str, tuple[str, ...]], tuple[tuple[bool, frozenset[str]], ...]]
"""For a variable and its arguments what is to be known of it, or must not be: whether it holds, and of which values."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A condition that is to be known of the states in a cast."""

    condition: Condition
    cast: tuple[tuple[str, str], ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Draft:
    """A situation in the making: what is stated, its states, and the applications that nothing may stop."""

    known: Known
    states: tuple[str, ...]
    free: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    met: frozenset[tuple[Condition, tuple[tuple[str, str], ...]]] = frozenset()
    wanted: Asked = field(default_factory=dict)
    barred: Asked = field(default_factory=dict)
    anybody: tuple[tuple[Condition, tuple[tuple[str, str], ...]], ...] = ()

    def facts(self) -> tuple[Fact, ...]:
        """Give the facts that are stated, in order."""
        found = []
        for (variable, args, _), (value, denied) in self.known.items():
            if value:
                found.append(Fact(variable, args, value))
            else:
                found += [Fact(variable, args, each, False) for each in sorted(denied)]
        return tuple(found)


def goal(condition: Condition, cast: Cast) -> Goal:
    """Make a goal of a condition."""
    roles = {term.name for term in condition.terms if term.role}
    return Goal(condition, tuple(sorted((role, name) for role, name in cast.items() if role in roles)))


class Unsettled(Exception):
    """A question takes too long to settle: so much has to be tried that nothing should be said."""


class Search:
    """The search in one theory."""

    def __init__(self, lore: Lore) -> None:
        self.lore = lore
        self.tried = 0

    # ------------------------------------------------------------ what is asked

    def worlds(
        self,
        wanted: Iterable[tuple[Proposition, Cast]],
        extra: Iterable[Goal] = (),
        *,
        stopped: frozenset[str] = frozenset(),
        base: Iterable[Fact] = (),
    ) -> Iterator[World]:
        """Give situations in which all the propositions apply to those cast and the further goals are met.

        Those in ``stopped`` only have their conditions met, whether or not something stops them; ``base`` is
        known from the beginning.  Raises ``Unsettled`` past a bound on what is tried, and where there is none
        among invented states, but something is concluded only of a state that a proposition names.
        """
        self.tried = 0
        start = _Draft({}, ())
        for fact in base:
            begun = self._stated(start, fact)
            if begun is None:
                return
            start = begun
        shown = False
        options = [[(each, cast, form) for form in self.lore.forms[each.id]] for each, cast in wanted]
        for chosen in itertools.product(*options):
            goals = list(extra)
            draft = start
            for proposition, cast, form in chosen:
                whole = self._whole(form, cast)
                goals += [goal(condition, whole) for condition in form.conditions]
                draft = replace(draft, states=_joined(draft.states, whole.values()))
                if proposition.id not in stopped:
                    draft = self._freed(draft, proposition, whole) or draft
            for world in self._settled(goals, draft, _REPAIRS):
                # What contradicts an observation is not concluded, which the search itself does not foresee.
                if all(world.met(each.condition, dict(each.cast)) for each in goals) and all(
                    next(world.applications(self.lore.propositions[id_], dict(cast)), None) is not None
                    for id_, cast in draft.free
                ):
                    shown = True
                    yield world
        if not shown and self.lore.local:
            raise Unsettled

    def _whole(self, form: Form, cast: Cast) -> dict[str, str]:
        """Cast the roles that a form has and nobody plays yet."""
        whole = {role: cast[role] for role in form.roles if role in cast}
        for role in form.roles:
            if role not in whole:
                spare = [
                    name
                    for name in (self.lore.usual(role), *self.lore.names)
                    if name not in {*whole.values(), *cast.values()}
                ]
                whole[role] = spare[0]
        return whole

    # ------------------------------------------------------------ the search

    def _settled(self, goals: list[Goal], draft: _Draft, repairs: int) -> Iterator[World]:
        """Meet goals, then see that nothing stops what is to apply, or stop that in its turn."""
        for met in self._drafts(goals, draft):
            self.tried += _COST_OF_WORLD
            world = World(self.lore, met.facts(), met.states)
            stopper = next(
                (
                    (condition, wider)
                    for id_, cast in met.free
                    for condition, wider in world.stoppers(self.lore.propositions[id_], dict(cast))
                ),
                None,
            )
            if stopper is None:
                yield world
            elif repairs:
                for more, changed in self._unsaid(world, met, *stopper):
                    yield from self._settled(more, changed, repairs - 1)

    def _unsaid(
        self, world: World, draft: _Draft, condition: Condition, cast: Cast
    ) -> Iterator[tuple[list[Goal], _Draft]]:
        """Give ways not to know what stops a proposition: state what is not assumed, or stop what concludes it."""
        variable = self.lore.variables[condition.variable]
        args = instance(condition.terms, cast)
        if variable.default and (variable.id, args, "") not in draft.known:
            for value in value_ids(variable):
                changed = self._stated(draft, Fact(variable.id, args, value))
                if changed is not None and (value in condition.values) != condition.holds:
                    yield [], changed
        for value in condition.values:
            for proposition, whole in world.suppliers_of(Fact(variable.id, args, value, condition.holds)):
                for exception in proposition.unless:
                    for wider in self._players(exception, whole, draft, self.lore.named[proposition.id]):
                        states = _joined(draft.states, wider.values())
                        yield [goal(exception, wider)], replace(draft, states=states)

    def _drafts(self, goals: list[Goal], draft: _Draft) -> Iterator[_Draft]:
        """Meet goals in every way, those that can be met in the fewest ways first."""
        self.tried += 1
        if self.tried > _MOST_DRAFTS:
            raise Unsettled
        if not goals:
            yield draft
            return
        place = min(range(len(goals)), key=lambda n: self.lore.ways(goals[n].condition))
        first, rest = goals[place], [*goals[:place], *goals[place + 1 :]]
        if (first.condition, first.cast) in draft.met:
            yield from self._drafts(rest, draft)
            return
        begun = self._begun(draft, first)
        if begun is None:
            return
        draft = begun
        derived = self.lore.variables[first.condition.variable].derived
        # What can be stated as well as concluded is stated: the rest of the situation is then the freer.
        for more, changed in self._through(first, draft) if derived else self._said(first, draft):
            yield from self._drafts([*more, *rest], changed)

    def _begun(self, draft: _Draft, first: Goal) -> _Draft | None:
        """Note that a goal is being met; None if it stops what is to apply, so that no further fact can help."""
        condition = first.condition
        key = (condition.variable, instance(condition.terms, dict(first.cast)))
        asked = (condition.holds, frozenset(condition.values))
        if any(_implies(asked, each) for each in draft.barred.get(key, ())):
            return None
        for exception, cast in draft.anybody:
            shape = (exception.holds, frozenset(exception.values))
            if exception.variable == key[0] and _implies(asked, shape) and _fits(exception, dict(cast), key[1]):
                return None
        wanted = {**draft.wanted, key: (*draft.wanted.get(key, ()), asked)}
        return replace(draft, met=draft.met | {(condition, first.cast)}, wanted=wanted)

    def _freed(self, draft: _Draft, proposition: Proposition, cast: Cast) -> _Draft | None:
        """Note that nothing may stop a proposition; None if what is wanted or stated stops it."""
        barred, anybody = dict(draft.barred), draft.anybody
        for exception in proposition.unless:
            if any(term.role and term.name not in cast for term in exception.terms):
                anybody = (*anybody, (exception, tuple(sorted(cast.items()))))
                continue
            key = (exception.variable, instance(exception.terms, cast))
            asked = (exception.holds, frozenset(exception.values))
            if any(_implies(each, asked) for each in draft.wanted.get(key, ())):
                return None
            if exception.holds and any(self._is_stated(draft, Fact(*key, value)) for value in exception.values):
                return None
            barred[key] = (*barred.get(key, ()), asked)
        free = (*draft.free, (proposition.id, tuple(sorted(cast.items()))))
        return replace(draft, free=free, barred=barred, anybody=anybody)

    def _is_stated(self, draft: _Draft, fact: Fact) -> bool:
        fact = canonical(self.lore.vocabulary, fact)
        return draft.known.get(self._slot(fact), ("",))[0] == fact.value

    def _slot(self, fact: Fact) -> tuple[str, tuple[str, ...], str]:
        """Give the place of a fact in what is stated."""
        return fact.variable, fact.args, fact.value if self.lore.variables[fact.variable].many else ""

    def _said(self, each: Goal, draft: _Draft) -> Iterator[tuple[list[Goal], _Draft]]:
        """Meet a condition by stating it."""
        condition = each.condition
        args = instance(condition.terms, dict(each.cast))
        sayable = self.lore.sayable[condition.variable]
        stated = [
            Fact(condition.variable, args, value, condition.holds) for value in condition.values if value in sayable
        ]
        if not stated:
            return  # nobody can say so
        for facts in [[fact] for fact in stated] if condition.holds else [stated]:
            changed: _Draft | None = replace(draft, states=_joined(draft.states, dict(each.cast).values()))
            for fact in facts:
                changed = self._stated(changed, fact) if changed else None
            if changed is not None:
                yield [], changed

    def _stated(self, draft: _Draft, fact: Fact) -> _Draft | None:
        """Add a fact to what is stated; None if it contradicts that."""
        fact = canonical(self.lore.vocabulary, fact)
        key = self._slot(fact)
        value, denied = draft.known.get(key, ("", frozenset()))
        if fact.holds:
            if (value and value != fact.value) or fact.value in denied:
                return None
            new = (fact.value, denied)
        else:
            if value == fact.value:
                return None
            denied = denied | {fact.value}
            variable = self.lore.variables[fact.variable]
            if not value and not variable.many and denied >= set(value_ids(variable)):
                return None
            new = (value, denied)
        return replace(draft, known={**draft.known, key: new})

    def _through(self, each: Goal, draft: _Draft) -> Iterator[tuple[list[Goal], _Draft]]:
        """Meet a condition through the propositions that conclude it."""
        condition = each.condition
        args = instance(condition.terms, dict(each.cast))
        facts = [Fact(condition.variable, args, value, condition.holds) for value in condition.values]
        if each.depth >= _DEEPEST:
            return
        if not condition.holds and len(facts) > 1:  # none of several values: each has to be known false
            parts = [
                Condition(condition.variable, condition.terms, (value,), False, condition.text, condition.line)
                for value in condition.values
            ]
            yield [Goal(part, each.cast, each.depth + 1) for part in parts], draft
            return
        for fact in facts:
            for supplier in self.lore.suppliers.get((fact.variable, fact.value, fact.holds), ()):
                proposition = supplier.proposition
                cast = unified(supplier.terms, fact.args, self.lore.named[proposition.id])
                if cast is None:
                    continue
                for form in self.lore.forms[proposition.id]:
                    for whole in self._filled(form.roles, cast, draft, self.lore.named[proposition.id]):
                        changed: _Draft | None = replace(draft, states=_joined(draft.states, whole.values()))
                        if proposition.unless and changed:
                            changed = self._freed(changed, proposition, whole)
                        if changed is not None:
                            goals = [Goal(one.condition, one.cast, each.depth + 1) for one in _goals(form, whole)]
                            yield goals, changed

    def _filled(
        self, roles: Iterable[str], cast: Cast, draft: _Draft, named: frozenset[str]
    ) -> Iterator[dict[str, str]]:
        """Give the open roles players: states that are there already, or one new state each."""
        free = [role for role in roles if role not in cast]
        if not free:
            yield dict(cast)
            return
        there = [state for state in draft.states if state not in cast.values() and state not in named]
        new = [name for name in self.lore.names if name not in draft.states and name not in cast.values()][: len(free)]
        for chosen in itertools.permutations([*there, *new], len(free)):
            yield {**cast, **dict(zip(free, chosen, strict=True))}

    def _players(
        self, condition: Condition, cast: Cast, draft: _Draft, named: frozenset[str]
    ) -> Iterator[dict[str, str]]:
        """Give the players that an exception may have."""
        yield from self._filled([term.name for term in condition.terms if term.role], cast, draft, named)

    # ------------------------------------------------------------ the usual questions

    def first(self, wanted: Iterable[tuple[Proposition, Cast]], extra: Iterable[Goal] = ()) -> World | None:
        """Give the first situation in which propositions apply, or None."""
        return next(self.worlds(wanted, extra), None)

    def together(self, one: Proposition, other: Proposition) -> Iterator[World]:
        """Give situations in which two propositions apply to the same state facing the same threat."""
        cast = self.lore.usual_cast(one)
        shared = {role: name for role, name in cast.items() if role in self.lore.usual_cast(other)}
        yield from self.worlds([(one, cast), (other, {**self.lore.usual_cast(other), **shared})])
        others = [name for name in self.lore.names if name not in cast.values()]
        apart = {
            role: name if role in focus(other, cast | self.lore.usual_cast(other)) else others.pop()
            for role, name in self.lore.usual_cast(other).items()
        }
        if apart != self.lore.usual_cast(other):
            yield from self.worlds([(one, cast), (other, apart)])


def _goals(form: Form, cast: Cast) -> list[Goal]:
    return [goal(condition, cast) for condition in form.conditions]


def _implies(one: tuple[bool, frozenset[str]], other: tuple[bool, frozenset[str]]) -> bool:
    """Whether what is known of a variable if ``one`` is so makes ``other`` so as well."""
    (holds, values), (other_holds, other_values) = one, other
    return holds == other_holds and (values <= other_values if holds else values >= other_values)


def _fits(exception: Condition, cast: Cast, args: tuple[str, ...]) -> bool:
    """Whether an exception about somebody new may be about these."""
    return all(
        (cast[term.name] == arg if term.name in cast else arg not in cast.values()) if term.role else term.name == arg
        for term, arg in zip(exception.terms, args, strict=True)
    )


def _joined(states: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*states, *more)))
