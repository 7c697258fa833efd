"""The cases in which propositions apply, and how often they were right there.

A *hit* is an argument for what is to be expected in a case, a *miss* one for something else, or against it.  What is
to be expected is what the transcript says, whether the theory as a whole meets it or is known to miss it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.inference import infer
from advisor.situation import situation
from advisor.terms import (
    SYSTEM,
    Inference,
    Justification,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Theory,
    Transcript,
    Vocabulary,
)
from advisor.verdict import STATE, THREAT
from advisor.vocabulary import restraints, strategies


@dataclass(frozen=True, slots=True)
class Application:
    """One proposition in one case: how often it applies, and what was said for and against what is expected there.

    ``hits`` and ``misses`` are what it argued for, rightly and wrongly: ids of strategies and outcomes.
    """

    case: str
    title: str
    times: int
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worked:
    """A case with all that the theory infers from its facts."""

    case: Transcript
    inference: Inference


def worked(theory: Theory, cases: Sequence[Transcript]) -> tuple[Worked, ...]:
    """Infer from the facts of each case."""
    return tuple(Worked(case, infer(theory, situation(theory.vocabulary, case.facts))) for case in cases)


def applications(theory: Theory, cases: Sequence[Worked]) -> dict[str, tuple[Application, ...]]:
    """Give, by proposition, the cases in which it applies, with its record there."""
    found: dict[str, list[Application]] = {proposition.id: [] for proposition in theory.propositions}
    known = {proposition.id: proposition for proposition in theory.propositions}
    for each in cases:
        by_proposition: dict[str, list[Justification]] = {}
        for justification in each.inference.justifications:
            by_proposition.setdefault(justification.proposition, []).append(justification)
        for id_, applied in by_proposition.items():
            graded = [grade for one in applied for grade in _grades(theory.vocabulary, known[id_], one, each.case)]
            hits = tuple(dict.fromkeys(what for what, right in graded if right))
            misses = tuple(dict.fromkeys(what for what, right in graded if not right))
            found[id_].append(Application(each.case.id, each.case.title, len(applied), hits, misses))
    return {id_: tuple(listed) for id_, listed in found.items()}


def _grades(
    vocabulary: Vocabulary, proposition: Proposition, applied: Justification, case: Transcript
) -> list[tuple[str, bool]]:
    """Say of each claim that can be compared with what is expected whether it was right."""
    roles = dict(applied.bindings)
    found: list[tuple[str, bool]] = []
    for claim in proposition.conclusions:
        if isinstance(claim, StrategyClaim):
            right = _strategy_right(vocabulary, claim, roles, case)
        elif isinstance(claim, OutcomeClaim):
            right = _outcome_right(claim, roles, case)
        else:
            continue
        if right is not None:
            found.append((claim.strategy if isinstance(claim, StrategyClaim) else claim.outcome, right))
    return found


def _strategy_right(
    vocabulary: Vocabulary, claim: StrategyClaim, roles: dict[str, str], case: Transcript
) -> bool | None:
    """Whether an argument was for what is expected of the same state before the same threat; None if it says nothing.

    An argument against what is not expected says nothing: there are always many things that nobody does.
    """
    known = strategies(vocabulary)
    every = {**known, **restraints(vocabulary)}
    for each in case.expect:
        about = each.state == roles.get(STATE) and (
            each.toward is None or THREAT not in roles or each.toward == roles[THREAT]
        )
        named = [name for name in (each.strategy, *each.acceptable) if name in every]
        if not about or known[claim.strategy].question not in {every[name].question for name in named}:
            continue
        resisted = [known_family.rejects for known_family in vocabulary.families if known_family.id in named]
        against = any(_kin(vocabulary, claim.strategy, name) for name in resisted)
        expected = any(_kin(vocabulary, claim.strategy, name) for name in named if name in known)
        if claim.favours:
            return expected and not against
        return True if against else False if expected and _only(vocabulary, claim.strategy, named) else None
    return None


def _kin(vocabulary: Vocabulary, one: str, other: str) -> bool:
    """Whether two strategies are the same, or one is a form of the other."""
    known = strategies(vocabulary)
    return one == other or one in known[other].forms or other in known[one].forms


def _only(vocabulary: Vocabulary, strategy: str, named: Sequence[str]) -> bool:
    """Whether all that would be right is a strategy, or a form of it."""
    return all(name in strategies(vocabulary) and _kin(vocabulary, strategy, name) for name in named)


def _outcome_right(claim: OutcomeClaim, roles: dict[str, str], case: Transcript) -> bool | None:
    """Whether a claim about an outcome is what is expected of it; None if nothing is, or the outcome is disputed."""
    args = tuple(roles.get(term.name, term.name) if term.role else term.name for term in claim.terms) or (SYSTEM,)
    for each in case.expect_outcomes:
        if each.outcome == claim.outcome and each.args == args and each.value is not None:
            return each.value == claim.value
    return None
