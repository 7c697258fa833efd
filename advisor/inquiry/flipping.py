"""What would change a verdict: all the smallest sets of one or two facts that make its lead another.

A fact that is open may become known, one that is known may be otherwise or turn out not to be known.  Every set of
one or two such changes is tried, all at once, on the net of what bears on the verdict; a set counts only if none of
its changes is enough alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.inquiry.columns import laid
from advisor.inquiry.laying import Effect, effects, ground_of, square
from advisor.inquiry.leads import bits, counted, court_of, lead_of, leads
from advisor.inquiry.matters import Change
from advisor.inquiry.net import net_of
from advisor.terms import Advice, Theory
from advisor.verdict import Lead, school_weights


@dataclass(frozen=True, slots=True)
class Flip:
    """One or two changes that together, and not one of them alone, make the lead another; ``lead`` is what it is then."""

    changes: tuple[Change, ...]
    lead: Lead


def found_flips(
    theory: Theory,
    advice: Advice,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> tuple[Flip, ...]:
    if not advice.verdicts:
        return ()
    verdict = advice.verdicts[0]
    situation = advice.inference.situation
    docket = (verdict.state, verdict.toward, verdict.about)
    net = net_of(theory, situation.states, [docket])
    ground = ground_of(theory.vocabulary, situation, net)
    court = court_of(theory, advice.inference, school_weights(theory, weights, schools), verdict.about)
    chosen = [effect for matter in ground.numbers for effect in effects(ground, matter)]
    laid_out = square(ground, chosen)
    inferred = laid(net, laid_out.columns, laid_out.full)
    counts, _ = counted(court, net, net.bearings[0], inferred)
    now = lead_of(verdict)
    flipped = {
        lead: where
        for lead, where in leads(court, counts, laid_out.valid).items()
        if (lead.decision, lead.contender) != (now.decision, now.contender)
    }
    size = laid_out.size
    alone: dict[int, Lead] = {}
    covered = 0
    for lead, where in flipped.items():
        for bit in bits(where & laid_out.single):
            alone[bit // size] = lead
            covered |= laid_out.region(bit // size)
    result = [Flip((change,), lead) for number, lead in sorted(alone.items()) for change in chosen[number].changes]
    for lead, where in flipped.items():
        for bit in bits(where & ~covered):
            one, other = divmod(bit, size)
            result += [Flip((a, b), lead) for a in chosen[one].changes for b in chosen[other].changes]
    return tuple(result)
