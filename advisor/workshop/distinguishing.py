"""Situations that tell a mutant from its original, found by changing what the proposition's own situations say.

The search begins at the situations of the proposition: a fact is taken out, given another value or added, then two at
a time, and each time the theory is asked whether the proposition and the mutant still do the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.grammar import conditions_in
from advisor.inference import infer
from advisor.inference.applying import applications, known_in, made_ready
from advisor.inference.compile import instance
from advisor.situation import closed
from advisor.terms import SYSTEM, Condition, Derivation, Fact, Inference, Proposition, Theory, Vocabulary
from advisor.theory import proposition_by_id
from advisor.verdict import STATE, THREAT
from advisor.vocabulary import canonical, say, value_ids, variables
from advisor.wording import sentence
from advisor.workshop.mutants import Mutant, mutants_of
from advisor.workshop.recording import made_of
from advisor.workshop.settling import with_proposition
from advisor.workshop.situations import Kind, as_it_should, as_situation, called, situations_of

_MOST_TRIED = 1_500
_DEPTH = 3

Facts = tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Distinguishing:
    """A situation in which a proposition does one thing and its mutants the other; ``now`` is what it does today."""

    facts: Facts
    now: Kind
    mutants: tuple[str, ...]


def distinguishing(theory: Theory, proposition: Proposition, mutants: Sequence[Mutant]) -> tuple[Distinguishing, ...]:
    """Give as few situations as will do to tell mutants from a proposition; some mutants may be in none of them."""
    original = made_ready(theory, proposition)
    conditional = [m for m in mutants if (m.proposition.conditions, m.proposition.unless) != _rule(proposition)]
    left = {mutant.id: made_ready(theory, mutant.proposition) for mutant in conditional}
    concluding = {mutant.id: mutant for mutant in mutants if mutant.id not in left}
    found: list[Distinguishing] = []
    for facts in itertools.islice(_candidates(theory, proposition), _MOST_TRIED):
        if not left and not concluding:
            break
        situation = as_situation(theory, facts)
        inference = infer(theory, situation)
        known = known_in(inference)
        states = {arg for fact in facts for arg in fact.args} - {SYSTEM} or set(situation.states)
        applied = applications(original, known)
        fires = as_it_should(theory, proposition, "fires", applied, states)
        now: Kind = "fires" if fires else "silent"
        if not as_it_should(theory, proposition, now, applied, states):
            continue
        told = tuple(
            id_
            for id_, ready in left.items()
            if not as_it_should(theory, proposition, now, applications(ready, known), states)
        )
        if now == "fires":
            told += tuple(id_ for id_, each in concluding.items() if _concludes_otherwise(theory, inference, each))
        if told:
            found.append(Distinguishing(facts, now, told))
            left = {id_: ready for id_, ready in left.items() if id_ not in told}
            concluding = {id_: each for id_, each in concluding.items() if id_ not in told}
    return tuple(found)


def _rule(proposition: Proposition) -> tuple[object, object]:
    return proposition.conditions, proposition.unless


def _concludes_otherwise(theory: Theory, inference: Inference, mutant: Mutant) -> bool:
    """Whether a mutant that applies as its original does makes a difference to what is expected of the usual states."""
    usual = called(theory.vocabulary)
    facing = usual.get(STATE), usual.get(THREAT)
    changed = with_proposition(theory, mutant.proposition)
    return made_of(theory, inference, facing) != made_of(changed, inference, facing)


def in_english(vocabulary: Vocabulary, facts: Sequence[Fact]) -> str:
    """Tell a situation in sentences of the vocabulary."""
    return " ".join(sentence(say(vocabulary, fact)) for fact in facts)


# ---------------------------------------------------------------- the search


def _candidates(theory: Theory, proposition: Proposition) -> Iterator[Facts]:
    """Give situations near those of a proposition, the nearest first, each once and free of contradiction."""
    seen: set[frozenset[Fact]] = set()
    starts = [test.example.facts for test in situations_of(proposition)]
    # Of all mutants, so that the first situation that tells one apart is the same whichever are looked for.
    varied = [proposition, *(mutant.proposition for mutant in mutants_of(theory, proposition))]
    near, far = _atoms(theory, varied, depth=1), _atoms(theory, varied, depth=_DEPTH)

    def fresh(facts: Facts) -> Iterator[Facts]:
        key = frozenset(canonical(theory.vocabulary, fact) for fact in facts)
        if key not in seen and _consistent(theory.vocabulary, facts):
            seen.add(key)
            yield facts

    for start in starts:
        for facts in _edits(theory.vocabulary, start, near):
            yield from fresh(facts)
    grafts = tuple(_grafts(theory, proposition))
    for start in starts:
        for graft in grafts:
            yield from fresh(_joined(start, graft))
    for start in starts:
        for facts in _edits(theory.vocabulary, start, far):
            yield from fresh(facts)
    for start in starts:
        for one in _edits(theory.vocabulary, start, near):
            for facts in _edits(theory.vocabulary, one, near):
                yield from fresh(facts)


_Atom = tuple[str, tuple[str, ...]]


def _atoms(theory: Theory, propositions: Sequence[Proposition], depth: int) -> tuple[_Atom, ...]:
    """Give what can be observed that propositions ask about, in themselves or through what they build on."""
    usual = {role.id: role.called or role.id.capitalize() for role in theory.vocabulary.roles}
    index = variables(theory.vocabulary)
    found: dict[_Atom, None] = {}
    waiting = [(p, usual, depth) for p in propositions]
    done: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    while waiting:
        proposition, cast, left = waiting.pop(0)
        conditions: list[Condition] = [*conditions_in(proposition.conditions), *proposition.unless]
        for condition in conditions:
            args = instance(condition.terms, cast) or (SYSTEM,)
            if not index[condition.variable].derived:
                found[condition.variable, args] = None
            elif left > 1:
                for deriving, inner in _deriving(theory, condition.variable, args, usual):
                    key = (deriving.id, tuple(sorted(inner.items())))
                    if key not in done:
                        done.add(key)
                        waiting.append((deriving, inner, left - 1))
    return tuple(found)


def _deriving(
    theory: Theory, variable: str, args: tuple[str, ...], usual: Mapping[str, str]
) -> Iterator[tuple[Proposition, dict[str, str]]]:
    """Give the propositions that conclude a variable, with their roles filled so that they conclude it of ``args``."""
    for proposition in proposition_by_id(theory).values():
        for conclusion in proposition.conclusions:
            if isinstance(conclusion, Derivation) and conclusion.variable == variable:
                cast = {term.name: arg for term, arg in zip(conclusion.terms, args, strict=False) if term.role}
                free = [name for name in usual.values() if name not in cast.values()]
                rest = [role for role in usual if role not in cast]
                yield proposition, cast | dict(zip(rest, free, strict=False))


def _joined(facts: Facts, more: Facts) -> Facts:
    """Give facts with others in place of what they say of the same."""
    about = {(fact.variable, fact.args) for fact in more}
    return (*(fact for fact in facts if (fact.variable, fact.args) not in about), *more)


def _grafts(theory: Theory, proposition: Proposition) -> Iterator[Facts]:
    """Give the situations on which a proposition's conditions come to hold, and on which those it defeats fire."""
    usual = {role.id: role.called or role.id.capitalize() for role in theory.vocabulary.roles}
    named = {name: role for role, name in usual.items()}
    index = variables(theory.vocabulary)
    for condition in (*proposition.unless, *conditions_in(proposition.conditions)):
        if index[condition.variable].derived:
            args = instance(condition.terms, usual) or (SYSTEM,)
            for deriving, cast in _deriving(theory, condition.variable, args, usual):
                for test in situations_of(deriving):
                    if test.kind == "fires":
                        yield tuple(
                            Fact(f.variable, tuple(cast.get(named.get(a, ""), a) for a in f.args), f.value, f.holds)
                            for f in test.example.facts
                        )
    for id_ in proposition.defeats:
        for test in situations_of(proposition_by_id(theory)[id_]):
            if test.kind == "fires":
                yield test.example.facts


def _edits(vocabulary: Vocabulary, facts: Facts, atoms: Sequence[_Atom]) -> Iterator[Facts]:
    """Give the situations that differ in one fact."""
    index = variables(vocabulary)
    for place in range(len(facts)):
        yield facts[:place] + facts[place + 1 :]
    for place, fact in enumerate(facts):
        for value in value_ids(index[fact.variable]):
            if value != fact.value and fact.holds:
                yield (*facts[:place], Fact(fact.variable, fact.args, value), *facts[place + 1 :])
        if index[fact.variable].arity == 2 and not index[fact.variable].symmetric:
            yield (*facts[:place], Fact(fact.variable, fact.args[::-1], fact.value, fact.holds), *facts[place + 1 :])
    told = {(fact.variable, fact.args) for fact in facts}
    for variable, args in atoms:
        if (variable, args) not in told or index[variable].many:
            for value in value_ids(index[variable]):
                if Fact(variable, args, value) not in facts:
                    yield (*facts, Fact(variable, args, value))
    for place, fact in enumerate(facts):
        if set(value_ids(index[fact.variable])) != {"yes", "no"}:
            yield (*facts[:place], Fact(fact.variable, fact.args, fact.value, not fact.holds), *facts[place + 1 :])


def _consistent(vocabulary: Vocabulary, facts: Facts) -> bool:
    """Whether facts can all be so, and none of them is said twice or is about one state twice."""
    if any(len(set(fact.args)) < len(fact.args) for fact in facts):
        return False
    if len({canonical(vocabulary, fact) for fact in facts}) < len(facts):
        return False
    known = closed(vocabulary, facts)
    return not any(Fact(f.variable, f.args, f.value, not f.holds) in known for f in known)
