"""Proof that a mutant means the same as its original: that in no situation the one applies and the other does not.

Assume a situation in which they differ.  What their conditions say of it is known; everything else may be one way or
the other.  What can then be derived at all, and what must be, is worked out in turn until neither changes: a
proposition may apply if its conditions may be met and nothing must stop it, and must apply if its conditions must be
met and nothing may stop it.  If a condition that has to be met cannot be, or one that has to be unmet must be met,
there is no such situation.  The proof holds for any number of states; where it fails nothing is said.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from advisor.grammar import conditions_in, roles_of
from advisor.inference.applying import Known, Ready, conditional_casts, is_stopped, known_of, made_ready
from advisor.inference.compile import drawn, facts_of, forms
from advisor.situation import closed
from advisor.terms import SYSTEM, Condition, Fact, Proposition, Theory, Variable
from advisor.theory import proposition_by_id
from advisor.vocabulary import value_ids, variables
from advisor.workshop.mutants import Mutant
from advisor.workshop.settling import derives

_MOST_CASES = 400
_OTHERS = ("another state", "a further state")


def equivalent(theory: Theory, original: Proposition, mutant: Mutant) -> bool:
    """Whether a mutant is proved to mean the same as its original; false says that there is no proof."""
    changed = mutant.proposition
    if mutant.kind == "defeats":
        return _never_together(theory, original, changed)
    if (changed.conditions, changed.unless) == (original.conditions, original.unless):
        return False
    cases = itertools.chain(_differences(original, changed), _differences(changed, original))
    return _all_impossible(theory, original, changed, cases)


@dataclass(frozen=True, slots=True)
class _Case:
    """What has to be met and what has to be unmet where one proposition applies and another does not."""

    met: tuple[Condition, ...]
    unmet: tuple[Condition, ...]


def _differences(one: Proposition, other: Proposition) -> Iterator[_Case]:
    """Give every way for one proposition to apply where the other does not."""
    for form in forms(one):
        lacking = [[c for c in each.conditions if c not in form.conditions] for each in forms(other)]
        for chosen in itertools.product(*lacking):
            yield _Case(form.conditions, (*one.unless, *chosen))
        for condition in other.unless:
            if condition not in one.unless:
                yield _Case((*form.conditions, condition), one.unless)


def _never_together(theory: Theory, original: Proposition, changed: Proposition) -> bool:
    """Whether a proposition never applies where one that it defeats does."""
    lost = [proposition_by_id(theory)[id_] for id_ in original.defeats if id_ not in changed.defeats]
    cases = (
        _Case((*one.conditions, *other.conditions), (*original.unless, *defeated.unless))
        for defeated in lost
        for one in forms(original)
        for other in forms(defeated)
    )
    return _all_impossible(theory, original, changed, cases)


def _all_impossible(theory: Theory, one: Proposition, other: Proposition, cases: Iterable[_Case]) -> bool:
    """Whether no case can come about."""
    roles = sorted({*roles_of(one.conditions), *roles_of(one.unless), *roles_of(other.conditions)})
    roles = sorted({*roles, *(role.id for role in theory.vocabulary.roles)})
    cone = _cone(theory, (one, other))
    tried = 0
    for case in cases:
        for fixed in _choices(theory, case.met):
            tried += 1
            if tried > _MOST_CASES:
                return False
            if not _impossible(theory, case, fixed, roles, cone):
                return False
    return True


def _cone(theory: Theory, propositions: Iterable[Proposition]) -> tuple[Ready, ...]:
    """Give the deriving propositions that others build on, directly or not."""
    wanted = {c.variable for p in propositions for c in (*conditions_in(p.conditions), *p.unless)}
    deriving = [p for p in theory.propositions if derives(p)]
    found: dict[str, Proposition] = {}
    grown = True
    while grown:
        grown = False
        for proposition in deriving:
            concluded = {getattr(c, "variable", "") for c in proposition.conclusions}
            if proposition.id not in found and concluded & wanted:
                found[proposition.id] = proposition
                wanted |= {c.variable for c in (*conditions_in(proposition.conditions), *proposition.unless)}
                grown = True
    return tuple(made_ready(theory, proposition) for proposition in found.values())


def _choices(theory: Theory, met: Sequence[Condition]) -> Iterator[frozenset[Fact]]:
    """Give the ways for conditions to be met, as facts about the roles; contradictory ones are left out."""
    names = {term.name: term.name for condition in met for term in condition.terms}
    ways = [
        [(fact,) for fact in facts_of(condition, names)] if condition.holds else [facts_of(condition, names)]
        for condition in dict.fromkeys(met)
    ]
    for chosen in itertools.product(*ways):
        facts = closed(theory.vocabulary, itertools.chain.from_iterable(chosen))
        if not _contradictory(theory, facts):
            yield facts


def _contradictory(theory: Theory, facts: Set[Fact]) -> bool:
    """Whether observable facts cannot all be so; derived ones may stand side by side."""
    index = variables(theory.vocabulary)
    return any(Fact(f.variable, f.args, f.value, not f.holds) in facts for f in facts if not index[f.variable].derived)


def _impossible(
    theory: Theory, case: _Case, fixed: frozenset[Fact], roles: Sequence[str], cone: Sequence[Ready]
) -> bool:
    """Whether a case cannot come about where these facts are so."""
    states = (*roles, *_OTHERS)
    index = variables(theory.vocabulary)
    asked = {c.variable for each in cone for c in _asked(each.proposition)} | {f.variable for f in fixed}
    open_ = {
        fact
        for id_ in sorted(asked)
        if not index[id_].derived
        for fact in _all_facts(index[id_], states)
        if Fact(fact.variable, fact.args, fact.value, not fact.holds) not in fixed
    }
    must, may = fixed, frozenset(open_) | fixed
    while True:
        could = _follows(theory, cone, states, may, must)
        certain = _follows(theory, cone, states, must, could)
        if certain == must:
            break
        must = certain
    names = {term.name: term.name for condition in (*case.met, *case.unmet) for term in condition.terms}
    needed = (fact for condition in case.met if condition.holds for fact in facts_of(condition, names))
    if any(fact in fixed and fact not in could | open_ for fact in needed if index[fact.variable].derived):
        return True
    underived = {fact for fact in fixed if index[fact.variable].derived and fact.holds}
    if any(
        fact not in _follows(theory, cone, states, frozenset(open_) | (fixed - underived), must) for fact in underived
    ):
        return True
    for condition in case.unmet:
        facts = facts_of(condition, names)
        if any(f in must for f in facts) if condition.holds else all(f in must for f in facts):
            return True
    return False


def _asked(proposition: Proposition) -> tuple[Condition, ...]:
    return (*conditions_in(proposition.conditions), *proposition.unless)


def _all_facts(variable: Variable, states: Sequence[str]) -> Iterator[Fact]:
    """Give every fact that a variable could be stated in."""
    args = itertools.permutations(states, variable.arity) if variable.arity else [(SYSTEM,)]
    for each in args:
        for value in value_ids(variable):
            yield Fact(variable.id, each, value)
            yield Fact(variable.id, each, value, False)


def _follows(
    theory: Theory, cone: Sequence[Ready], states: tuple[str, ...], facts: frozenset[Fact], stopping: frozenset[Fact]
) -> frozenset[Fact]:
    """Give what follows from facts where propositions are stopped by ``stopping`` alone."""
    stops: Known = known_of(states, stopping)
    while True:
        known = known_of(states, facts)
        new: set[Fact] = set()
        for ready in cone:
            for cast in conditional_casts(ready, known):
                if not is_stopped(ready, cast, stops):
                    binding = tuple(sorted(cast.items()))
                    for _, learnt in drawn(ready.statement, binding, frozenset()):
                        new |= learnt
        if new <= facts:
            return facts
        facts |= new
