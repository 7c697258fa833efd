"""The record of an inference: for each application, which facts met which condition and what was not found.

It is taken when nothing new follows any more, from the facts themselves, so that it holds all the facts that
met a condition whichever of them the engine came upon first.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from advisor.inference.compile import Binding, casts, facts_of
from advisor.inference.engine import Statement, drawn
from advisor.terms import (
    Absence,
    AtLeast,
    Condition,
    Either,
    Fact,
    Justification,
    Premise,
    Premiss,
    Situation,
    Vocabulary,
)
from advisor.vocabulary import say_condition


@dataclass(frozen=True, slots=True)
class Wording:
    """How the conditions of a proposition read, in order."""

    conditions: tuple[str, ...]
    unless: tuple[str, ...]


def say(vocabulary: Vocabulary, premiss: Premiss) -> str:
    """Word a premiss, in its author's words where there are any."""
    if isinstance(premiss, Either):
        return "either " + " or ".join(say(vocabulary, condition) for condition in premiss.of)
    if isinstance(premiss, AtLeast):
        return f"at least {premiss.count} of: " + "; ".join(say(vocabulary, condition) for condition in premiss.of)
    return premiss.text or say_condition(vocabulary, premiss, {role.id: role.phrase for role in vocabulary.roles})


def wording(vocabulary: Vocabulary, ready: Statement) -> Wording:
    """Word the conditions of a proposition, in its author's words where there are any."""
    return Wording(
        tuple(say(vocabulary, premiss) for premiss in ready.proposition.conditions),
        tuple(say(vocabulary, condition) for condition in ready.proposition.unless),
    )


def _met(condition: Condition, cast: dict[str, str], known: Set[Fact]) -> tuple[Fact, ...]:
    """Give the facts that meet a condition; none where it is not met, or speaks of a role that nobody plays."""
    if any(term.role and term.name not in cast for term in condition.terms):
        return ()
    looked_for = facts_of(condition, cast)
    found = tuple(fact for fact in looked_for if fact in known)
    return found if condition.holds or len(found) == len(looked_for) else ()


def _premise_facts(premiss: Premiss, cast: dict[str, str], known: Set[Fact]) -> tuple[Fact, ...]:
    conditions = premiss.of if isinstance(premiss, Either | AtLeast) else (premiss,)
    return tuple(dict.fromkeys(fact for condition in conditions for fact in _met(condition, cast, known)))


def justification(
    ready: Statement, words: Wording, binding: Binding, known: Set[Fact], situation: Situation
) -> Justification:
    """Record one application of a proposition."""
    cast = dict(binding)
    proposition = ready.proposition
    return Justification(
        proposition.id,
        binding,
        tuple(
            Premise(text, _premise_facts(premiss, cast, known))
            for text, premiss in zip(words.conditions, proposition.conditions, strict=True)
        ),
        tuple(
            Absence(
                text,
                tuple(
                    fact
                    for extended in casts(condition, cast, situation.states, ready.named)
                    for fact in facts_of(condition, extended)
                ),
            )
            for text, condition in zip(words.unless, proposition.unless, strict=True)
        ),
        tuple(fact for fact, _ in drawn(ready, binding, situation.facts)),
    )
