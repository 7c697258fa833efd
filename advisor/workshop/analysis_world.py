"""A small situation in which propositions are tried: what is stated in it, and what can be concluded from that.

It asks backwards, from the proposition to the facts, so that a question costs only what it touches.  The engine
has the last word: every situation that is shown to an author is replayed in it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from advisor.inference.compile import (
    Form,
    casts,
    concluded_terms,
    consequences,
    facts_of,
    forms,
    instance,
    named_states,
)
from advisor.situation import PLAYERS, from_facts
from advisor.terms import SYSTEM, Condition, Derivation, Fact, Proposition, Term, Theory, Variable
from advisor.vocabulary import value_ids, variables

Cast = Mapping[str, str]
"""Who plays which role."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """A proposition that concludes something, with the terms to which the arguments of the fact belong."""

    proposition: Proposition
    terms: tuple[Term, ...]


class Lore:
    """A theory made ready for questions: the forms of its propositions, and which of them concludes what."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self.vocabulary = theory.vocabulary
        self.variables: dict[str, Variable] = variables(theory.vocabulary)
        self.sayable = {
            variable.id: frozenset(value.id for value in variable.values if value.phrases)
            for variable in theory.vocabulary.variables
        }
        self.propositions = {each.id: each for each in theory.propositions}
        self.forms: dict[str, tuple[Form, ...]] = {each.id: forms(each) for each in theory.propositions}
        self.named = {each.id: named_states(each) for each in theory.propositions}
        taken = frozenset().union(*self.named.values())
        self.names = tuple(name for name in PLAYERS if name not in taken)
        self.premises = {school.id: school.premise for school in theory.schools if school.premise}
        self.suppliers: dict[tuple[str, str, bool], list[Supplier]] = {}
        self.local = any(
            self.named[each.id] and any(isinstance(one, Derivation) for one in each.conclusions)
            for each in theory.propositions
        )
        self._ways: dict[tuple[str, tuple[str, ...], bool], int] = {}
        self.defeaters: dict[str, list[Proposition]] = {}
        for proposition in theory.propositions:
            for defeated in proposition.defeats:
                self.defeaters.setdefault(defeated, []).append(proposition)
            for conclusion in proposition.conclusions:
                if isinstance(conclusion, Derivation):
                    self._supply(proposition, conclusion)

    def _supply(self, proposition: Proposition, derivation: Derivation) -> None:
        terms = derivation.terms or (Term(SYSTEM, False),)
        for fact in sorted(consequences(self.vocabulary, derivation)):
            ordered = tuple(terms[int(arg)] if arg != SYSTEM else Term(SYSTEM, False) for arg in fact.args)
            key = (fact.variable, fact.value, fact.holds)
            self.suppliers.setdefault(key, []).append(Supplier(proposition, ordered))

    def usual_cast(self, proposition: Proposition, form: Form | None = None) -> dict[str, str]:
        """Give each role of a proposition its usual player."""
        roles = form.roles if form else tuple(sorted({r for each in self.forms[proposition.id] for r in each.roles}))
        return {role: self.usual(role) for role in roles}

    def ways(self, condition: Condition) -> int:
        """Estimate in how many ways a condition can be met; the search begins with the fewest."""
        key = (condition.variable, condition.values, condition.holds)
        if not self.variables[condition.variable].derived:
            return 0
        if key not in self._ways:
            self._ways[key] = 1
            self._ways[key] = sum(
                math.prod(max(len(each.values), self.ways(each)) for each in form.conditions)
                for value in condition.values
                for supplier in self.suppliers.get((condition.variable, value, condition.holds), ())
                for form in self.forms[supplier.proposition.id]
            )
        return self._ways[key]

    def usual(self, role: str) -> str:
        """Give the usual player of a role."""
        order = [each.id for each in self.vocabulary.roles]
        return self.names[order.index(role) if role in order else len(order)]

    def possible(self, condition: Condition) -> tuple[str, ...]:
        """Give the values by which a condition may be met or, of one that denies, the values left."""
        known = value_ids(self.variables[condition.variable])
        return tuple(value for value in known if (value in condition.values) == condition.holds)


def unified(terms: Iterable[Term], args: Iterable[str], named: frozenset[str]) -> dict[str, str] | None:
    """Cast the roles among terms so that they stand for the arguments; None if that cannot be."""
    cast: dict[str, str] = {}
    for term, arg in zip(terms, args, strict=True):
        if not term.role:
            if term.name != arg:
                return None
        elif cast.setdefault(term.name, arg) != arg or arg in named:
            return None
    return cast if len(set(cast.values())) == len(cast) else None


class World:
    """One situation, asked about: what is known in it, and which propositions apply."""

    def __init__(self, lore: Lore, facts: Iterable[Fact], states: Iterable[str] = ()) -> None:
        self.lore = lore
        self.stated = tuple(facts)
        self.situation = from_facts(lore.vocabulary, self.stated, states)
        self.states = self.situation.states
        self._known: dict[Fact, bool] = dict.fromkeys(self.situation.facts, True)
        self._asking: set[Fact] = set()

    def knows(self, fact: Fact) -> bool:
        """Whether a fact is stated, assumed, or can be concluded."""
        if fact in self._known:
            return self._known[fact]
        if fact in self._asking:
            return False
        self._asking.add(fact)
        found = any(self._supplies(each, fact) for each in self.lore.suppliers.get(_key(fact), ()))
        self._asking.discard(fact)
        if found or not self._asking:
            self._known[fact] = found
        return found

    def _supplies(self, supplier: Supplier, fact: Fact) -> bool:
        cast = unified(supplier.terms, fact.args, self.lore.named[supplier.proposition.id])
        return cast is not None and next(self.applications(supplier.proposition, cast), None) is not None

    def suppliers_of(self, fact: Fact) -> list[tuple[Proposition, dict[str, str]]]:
        """Give the propositions that conclude a fact here, each with its cast."""
        found = []
        for supplier in self.lore.suppliers.get(_key(fact), ()):
            cast = unified(supplier.terms, fact.args, self.lore.named[supplier.proposition.id])
            if cast is not None:
                found += [(supplier.proposition, each) for each in self.applications(supplier.proposition, cast)]
        return found

    def met(self, condition: Condition, cast: Cast) -> bool:
        """Whether a condition whose roles are all cast is met."""
        found = (self.knows(fact) for fact in facts_of(condition, cast))
        return any(found) if condition.holds else all(found)

    def stoppers(self, proposition: Proposition, cast: Cast) -> Iterator[tuple[Condition, dict[str, str]]]:
        """Give the exceptions of a proposition that hold, each with a cast under which it does."""
        for condition in proposition.unless:
            for wider in casts(condition, cast, self.states, self.lore.named[proposition.id]):
                if self.met(condition, wider):
                    yield condition, wider

    def applications(self, proposition: Proposition, cast: Cast) -> Iterator[dict[str, str]]:
        """Give the casts that extend a cast and under which a proposition applies."""
        if not set(cast.values()) <= set(self.states):
            return
        for form in self.lore.forms[proposition.id]:
            for whole in self._filled(form, 0, dict(cast), self.lore.named[proposition.id]):
                if next(self.stoppers(proposition, whole), None) is None and self._concludes(proposition, whole):
                    yield whole

    def _filled(self, form: Form, place: int, cast: dict[str, str], named: frozenset[str]) -> Iterator[dict[str, str]]:
        """Fill the roles of a form, condition by condition."""
        if place == len(form.conditions):
            free = [role for role in form.roles if role not in cast]
            others = [state for state in self.states if state not in cast.values() and state not in named]
            for chosen in itertools.permutations(others, len(free)):
                yield {
                    **{role: cast[role] for role in form.roles if role in cast},
                    **dict(zip(free, chosen, strict=True)),
                }
            return
        condition = form.conditions[place]
        for wider in casts(condition, cast, self.states, named):
            if self.met(condition, wider):
                yield from self._filled(form, place + 1, wider, named)

    def _concludes(self, proposition: Proposition, cast: Cast) -> bool:
        """Whether a proposition has anything to conclude here: what is observed to be false it does not."""
        derivations = [each for each in proposition.conclusions if isinstance(each, Derivation)]
        return len(derivations) < len(proposition.conclusions) or any(
            Fact(each.variable, instance(each.terms, cast), each.value, False) not in self.situation.facts
            for each in derivations
        )

    def live(self, proposition: Proposition, cast: Cast, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a proposition applies to those cast and no live one defeats it."""
        if self._is_mute(proposition) or next(self.applications(proposition, cast), None) is None:
            return False
        return not any(
            self.live(each, focus(each, cast), seen | {proposition.id})
            for each in self.lore.defeaters.get(proposition.id, ())
            if each.id not in seen
        )

    def _is_mute(self, proposition: Proposition) -> bool:
        """Whether a proposition has no voice, since the premise of its school is known to be false."""
        premise = self.lore.premises.get(proposition.school)
        return premise is not None and self.met(replace(premise, holds=not premise.holds), {})


def focus(proposition: Proposition, cast: Cast) -> dict[str, str]:
    """Keep of a cast the roles that a verdict is about, so far as a proposition speaks of them."""
    spoken = {term.name for form in forms(proposition) for term in map(Term, form.roles)}
    return {role: cast[role] for role in ("state", "threat") if role in cast and role in spoken}


def concluded_roles(proposition: Proposition) -> tuple[str, ...]:
    """Give the roles that the conclusions of a proposition speak of."""
    return tuple(dict.fromkeys(term.name for term in concluded_terms(proposition) if term.role))


def _key(fact: Fact) -> tuple[str, str, bool]:
    return fact.variable, fact.value, fact.holds
