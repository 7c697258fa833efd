"""What a proposition means: the ways in which it applies, whom it speaks of, and what follows where it does."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from advisor.grammar import conditions_in
from advisor.situation import closed
from advisor.terms import (
    SYSTEM,
    AtLeast,
    Condition,
    Derivation,
    Either,
    Fact,
    MeasureClaim,
    MenuClaim,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Term,
    Theory,
    Vocabulary,
)
from advisor.theory import alternatives

ACTOR = "state"
"""The role whose strategies, measures and options the conclusions speak of without naming it."""

Binding = tuple[tuple[str, str], ...]
"""Who plays which role: pairs of role and state, sorted by role."""


# ---------------------------------------------------------------- what a rule means


@dataclass(frozen=True, slots=True)
class Form:
    """One way for a proposition to apply: all ``conditions`` are met, with a state in each of ``roles``.

    A proposition has several forms where it leaves alternatives; they may bring in different roles.
    """

    conditions: tuple[Condition, ...]
    roles: tuple[str, ...]


def _ways(premiss: Condition | AtLeast) -> list[tuple[tuple[Condition, ...], tuple[Condition, ...]]]:
    """Give the ways to meet a premiss: the conditions to be met, and those whose roles it speaks of."""
    if isinstance(premiss, AtLeast):
        return [(chosen, premiss.of) for chosen in itertools.combinations(premiss.of, premiss.count)]
    return [((premiss,), (premiss,))]


def concluded_terms(proposition: Proposition) -> tuple[Term, ...]:
    """Give what the conclusions speak of; those about strategies speak of the acting state."""
    terms: list[Term] = []
    for conclusion in proposition.conclusions:
        if isinstance(conclusion, Derivation | OutcomeClaim):
            terms.extend(conclusion.terms)
        elif isinstance(conclusion, StrategyClaim | MeasureClaim | MenuClaim):
            terms.append(Term(ACTOR))
    return tuple(terms)


def forms(proposition: Proposition) -> tuple[Form, ...]:
    """Give the forms of a proposition, each once, in the author's order."""
    concluded = concluded_terms(proposition)
    found: dict[Form, None] = {}
    for ways in itertools.chain.from_iterable(itertools.product(*map(_ways, p)) for p in alternatives(proposition)):
        needed = tuple(dict.fromkeys(condition for conditions, _ in ways for condition in conditions))
        terms = [*concluded, *(term for _, spoken in ways for condition in spoken for term in condition.terms)]
        found[Form(needed, tuple(sorted({term.name for term in terms if term.role})))] = None
    return tuple(found)


def named_states(proposition: Proposition) -> frozenset[str]:
    """Give the states a proposition names: they fill none of its roles."""
    conditions = (*conditions_in(proposition.conditions), *proposition.unless)
    terms = (*concluded_terms(proposition), *(term for condition in conditions for term in condition.terms))
    return frozenset(term.name for term in terms if not term.role and term.name != SYSTEM)


def instance(terms: Iterable[Term], cast: Mapping[str, str]) -> tuple[str, ...]:
    """Give the arguments that terms stand for under a cast of roles."""
    return tuple(cast[term.name] if term.role else term.name for term in terms) or (SYSTEM,)


def facts_of(condition: Condition, cast: Mapping[str, str]) -> tuple[Fact, ...]:
    """Give the facts a condition looks for under a cast, one a value."""
    args = instance(condition.terms, cast)
    return tuple(Fact(condition.variable, args, value, condition.holds) for value in condition.values)


def casts(
    condition: Condition, cast: Mapping[str, str], states: Iterable[str], barred: frozenset[str]
) -> Iterable[dict[str, str]]:
    """Give the casts that extend ``cast`` by some other state for each further role of a condition.

    ``barred`` are states that the rule names.
    """
    free = sorted({term.name for term in condition.terms if term.role and term.name not in cast})
    if not free:
        return [dict(cast)]
    others = sorted(set(states) - set(cast.values()) - barred)
    return ({**cast, **dict(zip(free, chosen, strict=True))} for chosen in itertools.permutations(others, len(free)))


# ---------------------------------------------------------------- as the engine takes it


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the engine looks for: ``conditions`` all met, enough of each list, and nothing of ``unless`` known to hold.

    ``roles`` are to be filled by different states, none of them ``named``.  A proposition has one pattern, unless
    alternatives bring in different roles.
    """

    roles: tuple[str, ...]
    named: tuple[str, ...]
    conditions: tuple[Condition, ...]
    lists: tuple[AtLeast, ...]
    unless: tuple[Condition, ...]


def patterns(proposition: Proposition) -> tuple[Pattern, ...]:
    """Give the patterns of a proposition; a choice between conditions about the same roles is a list: one of these."""
    fixed = _roles(concluded_terms(proposition))
    for premiss in proposition.conditions:
        if not isinstance(premiss, Either):
            fixed |= _spoken(premiss)
    pools: list[tuple[Condition | AtLeast, ...]] = []
    for premiss in proposition.conditions:
        if not isinstance(premiss, Either):
            pools.append((premiss,))
        elif len({frozenset(_spoken(each) - fixed) for each in premiss.of}) == 1:
            pools.append((AtLeast(1, premiss.of),))
        else:
            pools.append(premiss.of)
    named = tuple(sorted(named_states(proposition)))
    found: dict[Pattern, None] = {}
    for chosen in itertools.product(*pools):
        roles = fixed.union(*map(_spoken, chosen))
        conditions = dict.fromkeys(each for each in chosen if isinstance(each, Condition))
        lists = dict.fromkeys(each for each in chosen if isinstance(each, AtLeast))
        found[Pattern(tuple(sorted(roles)), named, tuple(conditions), tuple(lists), proposition.unless)] = None
    return tuple(found)


def _roles(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(term.name for term in terms if term.role)


def _spoken(premiss: Condition | AtLeast) -> frozenset[str]:
    """Give the roles a premiss speaks of."""
    conditions = premiss.of if isinstance(premiss, AtLeast) else (premiss,)
    return frozenset(role for condition in conditions for role in _roles(condition.terms))


# ---------------------------------------------------------------- what follows


@dataclass(frozen=True, slots=True)
class Statement:
    """A proposition made ready: the states it names, and all that follows from each of its derivations."""

    proposition: Proposition
    named: frozenset[str]
    derivations: tuple[tuple[Derivation, frozenset[Fact]], ...]

    @property
    def only_derives(self) -> bool:
        """Whether it concludes nothing but further facts."""
        return len(self.derivations) == len(self.proposition.conclusions)


def consequences(vocabulary: Vocabulary, derivation: Derivation) -> frozenset[Fact]:
    """Give all that is learnt from a derivation, with "0" and "1" for the arguments it is about."""
    places = tuple(str(place) for place, _ in enumerate(derivation.terms or (SYSTEM,)))
    return closed(vocabulary, [Fact(derivation.variable, places, derivation.value)])


def statement(theory: Theory, proposition: Proposition) -> Statement:
    """Make a proposition ready."""
    derivations = tuple(c for c in proposition.conclusions if isinstance(c, Derivation))
    return Statement(
        proposition, named_states(proposition), tuple((d, consequences(theory.vocabulary, d)) for d in derivations)
    )


def claims(ready: Statement, binding: Binding) -> Iterator[tuple[Fact, frozenset[Fact]]]:
    """Give the facts that a proposition claims under a binding, each with all that is learnt from it."""
    cast = dict(binding)
    for derivation, learnt in ready.derivations:
        args = instance(derivation.terms, cast)
        places = {str(place): arg for place, arg in enumerate(args)}
        facts = frozenset(Fact(f.variable, tuple(places[a] for a in f.args), f.value, f.holds) for f in learnt)
        yield Fact(derivation.variable, args, derivation.value), facts


def drawn(ready: Statement, binding: Binding, observed: Set[Fact]) -> Iterator[tuple[Fact, frozenset[Fact]]]:
    """Give those claims that do not contradict the situation: an observation outweighs an inference."""
    return (claim for claim in claims(ready, binding) if claim[0]._replace(holds=False) not in observed)
