"""What can be known of a case, matter by matter: what is open, and a situation in which one matter stands otherwise.

A matter is a variable with its arguments ("the strength of Arvenia", "the border between Arvenia and Borland"), or,
where several values may hold at once, one of them.  It is open, or has a value; then the other values are false.
What is told of a matter from the other side ("Borland borders on Arvenia") is the same matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from advisor.situation import closed
from advisor.terms import SYSTEM, Conflict, Fact, Situation, Variable, Vocabulary
from advisor.vocabulary import canonical, once_each, reversed_fact, variables

Unknown = tuple[str, tuple[str, ...]]
"""A variable and its arguments."""


@dataclass(frozen=True, slots=True, order=True)
class Matter:
    """A variable with its arguments, in the order in which facts about it are kept; ``value`` where many may hold."""

    variable: str
    args: tuple[str, ...]
    value: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A matter made to stand otherwise: by a fact, or, without one, left open (or to its default)."""

    matter: Matter
    fact: Fact | None = None


def matter_of(vocabulary: Vocabulary, fact: Fact) -> Matter:
    """Give the matter that a fact is about."""
    fact = canonical(vocabulary, fact)
    many = variables(vocabulary)[fact.variable].many
    return Matter(fact.variable, _sorted(vocabulary, fact.variable, fact.args), fact.value if many else "")


def _sorted(vocabulary: Vocabulary, variable: str, args: tuple[str, ...]) -> tuple[str, ...]:
    """Give the arguments in the order of the canonical fact."""
    about = variables(vocabulary)[variable]
    return tuple(sorted(args)) if about.symmetric or about.mirror else args


def same_matter(vocabulary: Vocabulary, one: Unknown, other: Unknown) -> bool:
    """Whether two questions ask about the same, if perhaps from different sides."""
    return one[0] == other[0] and _sorted(vocabulary, *one) == _sorted(vocabulary, *other)


def matters(vocabulary: Vocabulary, states: Iterable[str]) -> Iterator[Matter]:
    """Give every matter that can be asked about between some states, in the vocabulary's order."""
    names = tuple(states)
    for variable in vocabulary.variables:
        if variable.derived:
            continue
        pairs: Iterable[tuple[str, ...]] = (
            itertools.permutations(names, variable.arity) if variable.arity else [(SYSTEM,)]
        )
        for args in pairs:
            if args == _sorted(vocabulary, variable.id, args):
                values = [value.id for value in variable.values] if variable.many else [""]
                yield from (Matter(variable.id, args, value) for value in values)


def answers(vocabulary: Vocabulary, matter: Matter) -> tuple[Fact, ...]:
    """Give the facts any one of which would settle a matter: its values, or that its one value holds or does not."""
    if matter.value:
        return tuple(Fact(matter.variable, matter.args, matter.value, holds) for holds in (True, False))
    values = variables(vocabulary)[matter.variable].values
    return tuple(canonical(vocabulary, Fact(matter.variable, matter.args, value.id)) for value in values)


def known_of(vocabulary: Vocabulary, situation: Situation) -> dict[Matter, tuple[Fact, ...]]:
    """Give what is known of each matter, assumptions among it: its value, or else the values known false."""
    found: dict[Matter, list[Fact]] = {}
    index = variables(vocabulary)
    for fact in sorted(situation.facts):
        if fact.args == _sorted(vocabulary, fact.variable, fact.args):
            matter = Matter(fact.variable, fact.args, fact.value if index[fact.variable].many else "")
            found.setdefault(matter, []).append(fact)
    return {
        matter: tuple(fact for fact in facts if fact.holds or not any(each.holds for each in facts))
        for matter, facts in found.items()
    }


def is_default(vocabulary: Vocabulary, fact: Fact) -> bool:
    """Whether a fact is what is assumed where nothing is known of its matter."""
    return fact.holds and variables(vocabulary)[fact.variable].default == fact.value


# ---------------------------------------------------------------- the same situation, but for one matter


def with_fact(vocabulary: Vocabulary, situation: Situation, fact: Fact) -> Situation:
    """Give a situation in which one more fact is known; it takes the place of what it contradicts.

    What was assumed of its matter is assumed no longer, and a contradiction about it is settled by it.
    """
    fact = canonical(vocabulary, fact)
    about = (fact.variable, _sorted(vocabulary, fact.variable, fact.args))
    index = variables(vocabulary)[fact.variable]
    mine = {each for each in situation.facts if each.variable == fact.variable and _about(index, each) == about}
    assumed = {
        each for each in situation.assumptions if each.variable == fact.variable and _about(index, each) == about
    }
    told = set() if assumed else mine
    kept = told if index.many else _compatible(vocabulary, index, told, fact)
    if index.many:
        opposite = Fact(fact.variable, fact.args, fact.value, not fact.holds)
        kept = kept - closed(vocabulary, [opposite])
    facts = (situation.facts - mine) | kept | closed(vocabulary, [fact])
    return _restated(vocabulary, situation, facts, situation.assumptions - assumed, about, fact.args)


def without_fact(vocabulary: Vocabulary, situation: Situation, fact: Fact) -> Situation:
    """Give a situation in which nothing is known of the matter of a fact but what is assumed where nothing is."""
    fact = canonical(vocabulary, fact)
    about = (fact.variable, _sorted(vocabulary, fact.variable, fact.args))
    index = variables(vocabulary)[fact.variable]
    mine = {
        each
        for each in situation.facts
        if each.variable == fact.variable
        and _about(index, each) == about
        and (not index.many or _one_value(vocabulary, each, fact))
    }
    facts, assumed = situation.facts - mine, situation.assumptions - mine
    disputed = any(_about(index, each) == about for each in _conflicting(situation, fact.variable))
    if index.default is not None and index.arity < 2 and not disputed and not (index.many and _left(facts, about)):
        default = Fact(fact.variable, fact.args, index.default)
        facts, assumed = facts | closed(vocabulary, [default]), assumed | {default}
    return Situation(situation.states, facts, assumed, situation.observations, situation.conflicts)


def changed(vocabulary: Vocabulary, situation: Situation, changes: Iterable[Change]) -> Situation:
    """Give a situation in which some matters stand otherwise."""
    for change in changes:
        if change.fact is not None:
            situation = with_fact(vocabulary, situation, change.fact)
        else:
            matter = change.matter
            value = matter.value or variables(vocabulary)[matter.variable].values[0].id
            situation = without_fact(vocabulary, situation, Fact(matter.variable, matter.args, value))
    return situation


def _about(variable: Variable, fact: Fact) -> Unknown:
    turned = variable.symmetric or variable.mirror
    return fact.variable, tuple(sorted(fact.args)) if turned else fact.args


def _left(facts: Iterable[Fact], about: Unknown) -> bool:
    return any((each.variable, each.args) == about for each in facts)


def _conflicting(situation: Situation, variable: str) -> Iterator[Fact]:
    return (fact for conflict in situation.conflicts for fact in conflict.facts if fact.variable == variable)


def _one_value(vocabulary: Vocabulary, one: Fact, other: Fact) -> bool:
    return canonical(vocabulary, one).value == canonical(vocabulary, other).value


def _compatible(vocabulary: Vocabulary, variable: Variable, told: set[Fact], fact: Fact) -> set[Fact]:
    """Give what was known of a single-valued matter that may stand beside a fact and is not contained in it."""
    if fact.holds:
        return set()
    against = closed(vocabulary, [Fact(fact.variable, fact.args, fact.value)])
    value = {each for each in told if each.holds}
    if not value & against:
        return told
    # The other values were false only because this one held.
    return set()


def _restated(
    vocabulary: Vocabulary,
    situation: Situation,
    facts: frozenset[Fact],
    assumed: frozenset[Fact],
    about: Unknown,
    args: tuple[str, ...],
) -> Situation:
    """Put a situation together again, with the assumptions about a state that comes in with a fact."""
    index = variables(vocabulary)
    conflicts = tuple(conflict for conflict in situation.conflicts if not _concerns(index, conflict, about))
    new = sorted({arg for arg in args if arg != SYSTEM} - set(situation.states))
    if not new:
        return Situation(situation.states, facts, assumed, situation.observations, conflicts)
    known = {(fact.variable, fact.args) for fact in facts}
    fresh = {
        Fact(variable, (name,), default)
        for variable, default in _unary_defaults(vocabulary)
        for name in new
        if (variable, (name,)) not in known
    }
    states = tuple(sorted({*situation.states, *new}))
    return Situation(states, facts | closed(vocabulary, fresh), assumed | fresh, situation.observations, conflicts)


@once_each
def _unary_defaults(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    return tuple((v.id, v.default) for v in vocabulary.variables if v.default is not None and v.arity)


def _concerns(index: dict[str, Variable], conflict: Conflict, about: Unknown) -> bool:
    return any(_about(index[fact.variable], fact) == about for fact in conflict.facts)


def turned(vocabulary: Vocabulary, fact: Fact) -> Fact | None:
    """Give a fact as it is told from the other side, if it has one."""
    return reversed_fact(variables(vocabulary)[fact.variable], fact)
