"""What a theory makes of a situation where one of its propositions was changed, without compiling the theory anew.

Nothing is compiled but the changed proposition.  Where it derives no facts, everything else stays as it was; where it
does, the propositions are applied one by one until nothing new follows.  The result is the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from advisor.inference.applying import Known, Ready, applications, known_in, made_ready
from advisor.inference.compile import Binding, drawn
from advisor.terms import Derivation, Fact, Inference, Justification, Proposition, Situation, Theory
from advisor.theory import strata

Applied = Mapping[str, frozenset[Binding]]
"""For each proposition that applies, under which bindings."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found in a situation: the inference, and the same indexed for asking propositions one by one."""

    inference: Inference
    known: Known
    applied: Applied


def settled(inference: Inference) -> Settled:
    """Index an inference."""
    found: dict[str, set[Binding]] = {}
    for justification in inference.justifications:
        found.setdefault(justification.proposition, set()).add(justification.bindings)
    return Settled(inference, known_in(inference), {name: frozenset(each) for name, each in found.items()})


def derives(proposition: Proposition) -> bool:
    """Whether a proposition concludes further facts."""
    return any(isinstance(conclusion, Derivation) for conclusion in proposition.conclusions)


def with_proposition(theory: Theory, proposition: Proposition) -> Theory:
    """Give a theory with one of its propositions changed."""
    changed = tuple(proposition if each.id == proposition.id else each for each in theory.propositions)
    return replace(theory, propositions=changed, digest=f"{theory.digest}+{hash(proposition)}")


def made_all_ready(theory: Theory) -> dict[str, Ready]:
    """Make every proposition ready."""
    return {proposition.id: made_ready(theory, proposition) for proposition in theory.propositions}


def with_applications(theory: Theory, base: Inference, id_: str, bindings: frozenset[Binding]) -> Inference:
    """Give an inference in which one proposition applies under other bindings, and all else is as it was."""
    reasons = {b: Justification(id_, b, ()) for b in bindings}
    reasons |= {j.bindings: j for j in base.justifications if j.proposition == id_ and j.bindings in bindings}
    rank = {proposition.id: place for place, proposition in enumerate(theory.propositions)}
    kept = [j for j in base.justifications if j.proposition != id_]
    ordered = sorted([*kept, *reasons.values()], key=lambda j: (rank[j.proposition], j.bindings))
    return replace(base, justifications=tuple(ordered))


def settle(theory: Theory, situation: Situation, ready: Mapping[str, Ready]) -> Settled:
    """Apply every proposition until nothing new follows; the justifications say who applies, not what met what."""
    facts: frozenset[Fact] = situation.facts
    found: dict[str, frozenset[Binding]] = {}
    for level in strata(theory):
        deriving = [id_ for id_ in level if derives(ready[id_].proposition)]
        while True:
            known = known_in(Inference(situation, facts, ()))
            new: set[Fact] = set()
            for id_ in deriving:
                # What once applied still does, unless somebody stops it later: strata see to it that nobody does.
                found[id_] = applications(ready[id_], known)
                for binding in found[id_]:
                    for _, learnt in drawn(ready[id_].statement, binding, situation.facts):
                        new |= learnt
            if new <= facts:
                break
            facts |= new
    known = known_in(Inference(situation, facts, ()))
    for id_, each in ready.items():
        found[id_] = applications(each, known)
    reasons = tuple(Justification(id_, binding, ()) for id_ in ready for binding in sorted(found[id_]))
    inference = Inference(situation, facts, reasons, theory.digest)
    return Settled(inference, known, {id_: bindings for id_, bindings in found.items() if bindings})
