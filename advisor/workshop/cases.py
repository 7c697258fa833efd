"""The cases in which propositions apply, and how often they were right there.

A *hit* is an argument for what is to be expected in a case, a *miss* one for something else, or against it.  What is
to be expected is what the transcript says, whether the theory as a whole meets it or is known to miss it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.evaluation.claims import (
    outcome_claim_meets,
    outcome_claim_right,
    strategy_claim_meets,
    strategy_claim_right,
)
from advisor.inference import infer
from advisor.situation import situation
from advisor.terms import (
    Inference,
    Justification,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Theory,
    Transcript,
    Vocabulary,
)


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
    found: list[tuple[str, bool | None]] = []
    for claim in proposition.conclusions:
        if isinstance(claim, StrategyClaim):
            met = [each for each in case.expect if strategy_claim_meets(vocabulary, claim, roles, each)]
            found += [(claim.strategy, strategy_claim_right(vocabulary, claim, each)) for each in met[:1]]
        elif isinstance(claim, OutcomeClaim):
            of = [each for each in case.expect_outcomes if outcome_claim_meets(claim, roles, each)]
            found += [(claim.outcome, outcome_claim_right(claim, each)) for each in of[:1]]
    return [(what, right) for what, right in found if right is not None]
