"""What the analysis finds, with a witness: a concrete situation in which it shows, and which replays in the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from advisor.inference import infer
from advisor.situation import from_facts
from advisor.terms import Diagnostic, Fact, Inference, Theory
from advisor.verdict.hearing import bench_of, hear
from advisor.vocabulary import say
from advisor.wording import sentence

Binding = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Applies:
    """That a proposition applies to those cast (or, ``holds`` false, that it does not)."""

    proposition: str
    binding: Binding = ()
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Silenced:
    """That a proposition applies to those cast, but a live one defeats it (or, ``holds`` false, that none does)."""

    proposition: str
    binding: Binding
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Unspoken:
    """That no proposition argues for or against one of these strategies of a state that faces a threat."""

    state: str
    toward: str
    strategies: tuple[str, ...]


Claim = Applies | Silenced | Unspoken


@dataclass(frozen=True, slots=True)
class Witness:
    """A situation, and what is so in it.  ``told`` says in words what it shows."""

    facts: tuple[Fact, ...]
    states: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A complaint with its witness, if it is one of the analysis.

    ``accepted`` is the reason why the authors let it stand.  ``about`` are the ids that it concerns, the one whose
    section it stands in first.
    """

    diagnostic: Diagnostic
    witness: Witness | None = None
    about: tuple[str, ...] = ()
    accepted: str = ""


def sentences(theory: Theory, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Say facts in sentences of the vocabulary."""
    return tuple(sentence(say(theory.vocabulary, fact)) for fact in facts)


def replay(theory: Theory, witness: Witness) -> bool:
    """Whether all that a witness claims is so when the engine reasons about its situation."""
    inference = infer(theory, from_facts(theory.vocabulary, witness.facts, witness.states))
    return all(_holds(theory, inference, claim) for claim in witness.claims)


def _holds(theory: Theory, inference: Inference, claim: Claim) -> bool:
    match claim:
        case Applies(proposition, binding, holds):
            return holds == any(
                each.proposition == proposition and set(binding) <= set(each.bindings)
                for each in inference.justifications
            )
        case Silenced(proposition, binding, holds):
            cast = dict(binding)
            hearing = hear(
                bench_of(theory, inference, {school.id: school.weight for school in theory.schools}),
                cast.get("state", ""),
                cast.get("threat"),
            )
            if holds:
                return any(each.proposition == proposition for each in hearing.defeats)
            return proposition in hearing.live
        case Unspoken(state, toward, strategies):
            spoken = {
                each.id
                for each in theory.propositions
                for claim in each.conclusions
                if getattr(claim, "strategy", None) in strategies
            }
            hearing = hear(
                bench_of(theory, inference, {school.id: school.weight for school in theory.schools}), state, toward
            )
            return not spoken & set(hearing.live)
