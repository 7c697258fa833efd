"""The engine's word on a witness: whether all that it claims is so in its situation."""

from __future__ import annotations

from advisor.inference import infer
from advisor.situation import from_facts
from advisor.terms import Inference, Theory
from advisor.verdict.hearing import Hearing, bench_of, hear
from advisor.workshop.findings import Applies, Claim, Silenced, Unspoken, Witness


def replay(theory: Theory, witness: Witness) -> bool:
    """Whether all that a witness claims is so when the engine reasons about its situation."""
    inference = infer(theory, from_facts(theory.vocabulary, witness.facts, witness.states))
    return all(_holds(theory, inference, claim) for claim in witness.claims)


def _holds(theory: Theory, inference: Inference, claim: Claim) -> bool:
    """Whether one claim is so."""
    match claim:
        case Applies(proposition, binding, holds):
            return holds == any(
                each.proposition == proposition and set(binding) <= set(each.bindings)
                for each in inference.justifications
            )
        case Silenced(proposition, binding, holds):
            cast = dict(binding)
            hearing = _hearing(theory, inference, cast.get("state", ""), cast.get("threat"))
            if holds:
                return any(each.proposition == proposition for each in hearing.defeats)
            return proposition in hearing.live
        case Unspoken(state, toward, strategies):
            spoken = {
                each.id
                for each in theory.propositions
                for conclusion in each.conclusions
                if getattr(conclusion, "strategy", None) in strategies
            }
            return not spoken & set(_hearing(theory, inference, state, toward).live)


def _hearing(theory: Theory, inference: Inference, state: str, toward: str | None) -> Hearing:
    """Hear all schools on one state and one threat."""
    return hear(bench_of(theory, inference, {each.id: each.weight for each in theory.schools}), state, toward)
