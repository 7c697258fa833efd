"""Mutants of a proposition: the same with one thing changed, as an author might have it wrong.

A mutant that no situation, transcript or record tells from the original shows what nothing tests.  Here the mutants
are made; each says in words what was changed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from advisor.clauses import normal
from advisor.grammar import conditions_in, roles_of
from advisor.inference.record import say
from advisor.terms import (
    AtLeast,
    Conclusion,
    Condition,
    Derivation,
    Either,
    OutcomeClaim,
    Premiss,
    Proposition,
    StrategyClaim,
    Term,
    Theory,
    Vocabulary,
)
from advisor.vocabulary import say_condition, value_ids, variables

STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Mutant:
    """A proposition with one thing changed; ``id`` names it as long as the proposition stays as it is."""

    id: str
    kind: str
    change: str
    line: int
    proposition: Proposition


KINDS: dict[str, str] = {
    "drop": "a condition dropped",
    "value": "a value flipped to its neighbour",
    "negate": "a condition negated",
    "degree": "a degree changed by one",
    "direction": "a conclusion turned round",
    "unless": "an “unless” deleted",
    "defeats": "a “defeats” deleted",
    "swap": "two roles swapped",
    "count": "an “at least” made weaker or stronger",
}
"""What may be changed, in words."""

CONCLUDING = ("degree", "direction", "defeats")
"""The changes that leave it as it is where a proposition applies, and change what follows there."""


def mutants_of(theory: Theory, proposition: Proposition) -> tuple[Mutant, ...]:
    """Give the mutants of a proposition, each once, in the order of ``KINDS`` and of the rule."""
    made: dict[object, None] = {_essence(theory.vocabulary, proposition): None}
    found: list[Mutant] = []
    counted: dict[str, int] = {}
    for kind, change, line, mutated in _variants(theory.vocabulary, proposition):
        essence = _essence(theory.vocabulary, mutated)
        if essence not in made:
            made[essence] = None
            counted[kind] = counted.get(kind, 0) + 1
            found.append(Mutant(f"{proposition.id}/{kind}-{counted[kind]}", kind, change, line, mutated))
    return tuple(found)


def _essence(vocabulary: Vocabulary, proposition: Proposition) -> object:
    """Reduce a proposition to what it means, so that two ways of writing the same are one mutant."""

    def core(condition: Condition) -> object:
        variable = variables(vocabulary)[condition.variable]
        one = normal(vocabulary, condition)
        terms, values = one.terms, frozenset(one.values)
        if not one.holds and set(value_ids(variable)) == {"yes", "no"} and len(values) == 1:
            one = replace(one, holds=True)
            values = frozenset(set(value_ids(variable)) - values)
        if variable.symmetric:
            terms = tuple(sorted(terms))
        elif variable.mirror and terms != tuple(sorted(terms)):
            terms, values = terms[::-1], frozenset(dict(variable.mirror)[value] for value in values)
        return one.variable, terms, values, one.holds

    def premiss(each: Premiss) -> object:
        if isinstance(each, AtLeast):
            return each.count, frozenset(map(core, each.of))
        return frozenset(core(one) for one in conditions_in([each]))

    return (
        proposition.conclusions,
        frozenset(map(premiss, proposition.conditions)),
        frozenset(map(core, proposition.unless)),
        frozenset(proposition.defeats),
    )


_Variant = tuple[str, str, int, Proposition]


def _variants(vocabulary: Vocabulary, proposition: Proposition) -> Iterator[_Variant]:
    """Give every change: its kind, what it is in words, the line it is on, and the changed proposition."""
    yield from _dropped(vocabulary, proposition)
    yield from _revalued(vocabulary, proposition)
    yield from _negated(vocabulary, proposition)
    yield from _concluding(vocabulary, proposition)
    for place, condition in enumerate(proposition.unless):
        rest = proposition.unless[:place] + proposition.unless[place + 1 :]
        text = f"without “unless {say(vocabulary, condition)}”"
        yield "unless", text, condition.line, replace(proposition, unless=rest)
    for id_ in proposition.defeats:
        rest_ids = tuple(each for each in proposition.defeats if each != id_)
        yield "defeats", f"without “defeats {id_}”", proposition.line, replace(proposition, defeats=rest_ids)
    yield from _swapped(vocabulary, proposition)
    for place, premiss in enumerate(proposition.conditions):
        if isinstance(premiss, AtLeast):
            for count in (premiss.count - 1, premiss.count + 1):
                if 0 < count <= len(premiss.of):
                    changed = _with(proposition, place, replace(premiss, count=count))
                    text = f"at least {count} instead of {premiss.count}"
                    yield "count", text, premiss.of[0].line, changed


def _with(proposition: Proposition, place: int, *premisses: Premiss) -> Proposition:
    """Give the proposition with one of its conditions replaced."""
    conditions = (*proposition.conditions[:place], *premisses, *proposition.conditions[place + 1 :])
    return replace(proposition, conditions=conditions)


def _dropped(vocabulary: Vocabulary, proposition: Proposition) -> Iterator[_Variant]:
    """Drop each condition, each alternative and each item of a list."""
    spoken = {term.name for c in proposition.conclusions for term in _terms(c) if term.role}
    for place, premiss in enumerate(proposition.conditions):
        without = _with(proposition, place)
        if spoken <= {*roles_of(without.conditions), "state", "threat"}:
            line = conditions_in([premiss])[0].line
            yield "drop", f"without “{say(vocabulary, premiss)}”", line, without
        if isinstance(premiss, Condition):
            continue
        for number, condition in enumerate(premiss.of):
            left = premiss.of[:number] + premiss.of[number + 1 :]
            if isinstance(premiss, Either):
                fewer: Premiss = Either(left) if len(left) > 1 else left[0]
            else:
                fewer = AtLeast(min(premiss.count, len(left)), left)
            text = f"without “{say(vocabulary, condition)}” in the choice"
            yield "drop", text, condition.line, _with(proposition, place, fewer)


def _terms(conclusion: Conclusion) -> tuple[Term, ...]:
    return conclusion.terms if isinstance(conclusion, Derivation | OutcomeClaim) else ()


def _each_condition(proposition: Proposition) -> Iterator[tuple[Condition, Mapping[str, int], bool]]:
    """Give every condition with its place, ``unless`` included."""
    for place, premiss in enumerate(proposition.conditions):
        for number, condition in enumerate(conditions_in([premiss])):
            yield condition, {"place": place, "number": number}, False
    for place, condition in enumerate(proposition.unless):
        yield condition, {"place": place, "number": 0}, True


def _replaced(proposition: Proposition, at: Mapping[str, int], unless: bool, condition: Condition) -> Proposition:
    """Give the proposition with the condition at a place replaced."""
    place = at["place"]
    if unless:
        rest = (*proposition.unless[:place], condition, *proposition.unless[place + 1 :])
        return replace(proposition, unless=rest)
    premiss = proposition.conditions[place]
    if isinstance(premiss, Condition):
        return _with(proposition, place, condition)
    of = (*premiss.of[: at["number"]], condition, *premiss.of[at["number"] + 1 :])
    return _with(proposition, place, replace(premiss, of=of))


def _revalued(vocabulary: Vocabulary, proposition: Proposition) -> Iterator[_Variant]:
    """Flip each value of each condition to each neighbouring value that the condition does not name."""
    for condition, at, unless in _each_condition(proposition):
        ids = value_ids(variables(vocabulary)[condition.variable])
        for value in condition.values:
            for neighbour in _neighbours(ids, value):
                if neighbour in condition.values:
                    continue
                values = tuple(neighbour if each == value else each for each in condition.values)
                changed = replace(condition, values=values, text="")
                text = f"“{_said(vocabulary, changed)}” instead of “{_said(vocabulary, condition)}”"
                yield "value", text, condition.line, _replaced(proposition, at, unless, changed)


def _neighbours(ids: tuple[str, ...], value: str) -> tuple[str, ...]:
    """Give the values beside a value, in the author's order."""
    place = ids.index(value)
    return ids[max(0, place - 1) : place] + ids[place + 1 : place + 2]


def _said(vocabulary: Vocabulary, condition: Condition) -> str:
    names = {role.id: role.phrase for role in vocabulary.roles}
    return condition.text or say_condition(vocabulary, condition, names)


def _negated(vocabulary: Vocabulary, proposition: Proposition) -> Iterator[_Variant]:
    """Negate each condition."""
    for condition, at, unless in _each_condition(proposition):
        changed = replace(condition, holds=not condition.holds, text="")
        text = f"“{_said(vocabulary, changed)}” instead of “{_said(vocabulary, condition)}”"
        yield "negate", text, condition.line, _replaced(proposition, at, unless, changed)


def _concluding(vocabulary: Vocabulary, proposition: Proposition) -> Iterator[_Variant]:
    """Change each conclusion in degree by one, and in direction."""
    from advisor.conclusions import write_conclusion

    for place, conclusion in enumerate(proposition.conclusions):
        changed: list[tuple[str, Conclusion]] = []
        if isinstance(conclusion, StrategyClaim | OutcomeClaim):
            changed += [
                ("degree", replace(conclusion, strength=degree))
                for degree in (conclusion.strength - 1, conclusion.strength + 1)
                if 0 < degree <= STRONGEST
            ]
        if isinstance(conclusion, StrategyClaim):
            changed.append(("direction", replace(conclusion, favours=not conclusion.favours)))
        elif isinstance(conclusion, OutcomeClaim):
            outcome = next(each for each in vocabulary.outcomes if each.id == conclusion.outcome)
            others = [value for value, _ in outcome.values if value != conclusion.value]
            changed += [("direction", replace(conclusion, value=value)) for value in others]
        elif isinstance(conclusion, Derivation):
            ids = value_ids(variables(vocabulary)[conclusion.variable])
            neighbours = _neighbours(ids, conclusion.value)
            changed += [("direction", replace(conclusion, value=value)) for value in neighbours]
        for kind, other in changed:
            rest = (*proposition.conclusions[:place], other, *proposition.conclusions[place + 1 :])
            text = f"“{write_conclusion(vocabulary, other)}” instead of “{write_conclusion(vocabulary, conclusion)}”"
            yield kind, text, proposition.line, replace(proposition, conclusions=rest)


def _swapped(vocabulary: Vocabulary, proposition: Proposition) -> Iterator[_Variant]:
    """Swap the two roles of each condition, and each two roles in all conditions."""
    phrases = {role.id: role.phrase for role in vocabulary.roles}
    for condition, at, unless in _each_condition(proposition):
        if len(condition.terms) == 2:
            changed = replace(condition, terms=condition.terms[::-1], text="")
            text = f"“{_said(vocabulary, changed)}” instead of “{_said(vocabulary, condition)}”"
            yield "swap", text, condition.line, _replaced(proposition, at, unless, changed)
    for one, other in itertools.combinations(roles_of(proposition.conditions), 2):

        def swap(condition: Condition, one: str = one, other: str = other) -> Condition:
            names = {one: other, other: one}
            terms = tuple(replace(t, name=names.get(t.name, t.name)) if t.role else t for t in condition.terms)
            return replace(condition, terms=terms, text="") if terms != condition.terms else condition

        conditions = tuple(
            swap(premiss) if isinstance(premiss, Condition) else replace(premiss, of=tuple(map(swap, premiss.of)))
            for premiss in proposition.conditions
        )
        text = f"{phrases[one]} and {phrases[other]} swapped in the conditions"
        unless_ = tuple(map(swap, proposition.unless))
        yield "swap", text, proposition.line, replace(proposition, conditions=conditions, unless=unless_)
