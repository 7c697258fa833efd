"""Whether what a proposition argues for is what is to be expected, and how often it would be by chance.

A claim can be compared with an expectation if it answers the same question about the same state and threat.  An
argument *for* a strategy is right where the strategy, a form of it or what it is a form of is expected or acceptable.
An argument *against* one is right where no resistance of its kind is expected, wrong where it speaks against all that
would be acceptable, and else says nothing: there are always many things that nobody does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from advisor.terms import SYSTEM, Expectation, OutcomeClaim, OutcomeExpectation, StrategyClaim, Vocabulary
from advisor.verdict import STATE, THREAT
from advisor.vocabulary import restraints, strategies


def strategy_claim_meets(
    vocabulary: Vocabulary,
    claim: StrategyClaim,
    roles: Mapping[str, str],
    expected: Expectation,
    *,
    name: Callable[[str], str] = str,
) -> bool:
    """Whether a claim, with the states that play its roles, can be compared with an expectation."""
    about = name(roles.get(STATE, "")) == name(expected.state) and (
        expected.toward is None or THREAT not in roles or name(expected.toward) == name(roles[THREAT])
    )
    return about and _on_its_topic(vocabulary, claim.strategy, _named(vocabulary, expected))


def strategy_claim_right(vocabulary: Vocabulary, claim: StrategyClaim, expected: Expectation) -> bool | None:
    """Whether a claim that can be compared with an expectation is right; None if it says nothing about it."""
    known, named = strategies(vocabulary), _named(vocabulary, expected)
    if not _on_its_topic(vocabulary, claim.strategy, named):
        return None
    resisted = [family.rejects for family in vocabulary.families if family.id in named]
    against = any(_kin(vocabulary, claim.strategy, strategy) for strategy in resisted)
    met = any(_kin(vocabulary, claim.strategy, strategy) for strategy in named if strategy in known)
    if claim.favours:
        return met and not against
    return True if against else False if met and _only(vocabulary, claim.strategy, named) else None


def outcome_claim_meets(
    claim: OutcomeClaim, roles: Mapping[str, str], expected: OutcomeExpectation, *, name: Callable[[str], str] = str
) -> bool:
    """Whether a claim about an outcome can be compared with an expectation of one; a disputed outcome meets none."""
    args = tuple(roles.get(term.name, term.name) if term.role else term.name for term in claim.terms) or (SYSTEM,)
    same = tuple(name(arg) for arg in args) == tuple(name(arg) for arg in expected.args)
    return same and outcome_claim_right(claim, expected) is not None


def outcome_claim_right(claim: OutcomeClaim, expected: OutcomeExpectation) -> bool | None:
    """Whether a claim about an outcome is what is expected of it; None if that is another or disputed."""
    if claim.outcome != expected.outcome or expected.value is None:
        return None
    return claim.value == expected.value


def _named(vocabulary: Vocabulary, expected: Expectation) -> list[str]:
    every = {**strategies(vocabulary), **restraints(vocabulary)}
    return [strategy for strategy in (expected.strategy, *expected.acceptable) if strategy in every]


def _on_its_topic(vocabulary: Vocabulary, strategy: str, named: Sequence[str]) -> bool:
    every = {**strategies(vocabulary), **restraints(vocabulary)}
    return strategies(vocabulary)[strategy].question in {every[each].question for each in named}


def _kin(vocabulary: Vocabulary, one: str, other: str) -> bool:
    """Whether two strategies are the same, or one is a form of the other."""
    known = strategies(vocabulary)
    return one == other or one in known[other].forms or other in known[one].forms


def _only(vocabulary: Vocabulary, strategy: str, named: Sequence[str]) -> bool:
    """Whether all that would be right is a strategy, or a form of it."""
    return all(name in strategies(vocabulary) and _kin(vocabulary, strategy, name) for name in named)
