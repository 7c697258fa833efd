"""Where the schools part: the fewest codings, and the fewest propositions, on which it hangs that they disagree."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping

from advisor.inquiry.asking import Again
from advisor.inquiry.columns import base, laid
from advisor.inquiry.flipping import sets_for
from advisor.inquiry.leads import bits, counted, court_of, lead_of, leads
from advisor.inquiry.net import net_of
from advisor.inquiry.values import Camp, Parting
from advisor.terms import Advice, Theory, Verdict
from advisor.verdict import Lead, school_weights

MOST_SETS = 50_000
"""How many sets of propositions are left out in turn; past them no set of so many is looked for."""

LARGEST = 4
"""How many propositions are left out together at most."""


def parting(
    theory: Theory,
    advice: Advice,
    again: Again,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> Parting | None:
    """Say where the schools part in the first verdict; None where there is none.

    Schools agree where two or more speak and all expect the same.  Only sets of the smallest size are given.
    Raises ``TooWide`` where there is too much to try.
    """
    if not advice.verdicts:
        return None
    heard = tuple(schools) if schools is not None else None
    verdict = advice.verdicts[0]
    disagree = _differ(lead_of(verdict))

    def sought(lead: Lead) -> bool:
        return lead.label == "agreed" if disagree else _differ(lead)

    found = sets_for(theory, advice, again, sought, weights=weights, schools=heard)
    fewest = min((len(flip.changes) for flip in found), default=0)
    return Parting(
        verdict,
        disagree,
        _camps(verdict),
        tuple(flip for flip in found if len(flip.changes) == fewest),
        _without(theory, advice, verdict, school_weights(theory, weights, heard), disagree),
    )


def _differ(lead: Lead) -> bool:
    return lead.label in ("majority", "split")


def _camps(verdict: Verdict) -> tuple[Camp, ...]:
    """Give the schools by what they expect, the best supported first."""
    return tuple(
        Camp(
            name,
            tuple(v.school for v in verdict.voices if name in (v.families if name in v.families else v.strategies)),
        )
        for name, _ in verdict.families
    )


def _without(
    theory: Theory, advice: Advice, verdict: Verdict, weights: dict[str, float], disagree: bool
) -> tuple[tuple[str, ...], ...]:
    """Give the smallest sets of propositions without which the schools would agree, or would not."""
    situation = advice.inference.situation
    net = net_of(theory, situation.states, [(verdict.state, verdict.toward, verdict.about)])
    court = court_of(theory, weights, verdict.about)
    applied = {justification.proposition for justification in advice.inference.justifications}
    names = {each.proposition for each in net.arguing}
    pool = [p.id for p in theory.propositions if p.id in names and p.id in applied]
    for size in range(1, LARGEST + 1):
        if math.comb(len(pool), size) > MOST_SETS:
            break
        sets = list(itertools.combinations(pool, size))
        if not sets:
            break
        full = (1 << len(sets)) - 1
        left_out = _columns(sets)
        inferred = laid(net, base(net, situation.facts, full), full, without=left_out)
        counts, _ = counted(court, net, net.bearings[0], inferred)
        found = [
            bit
            for lead, where in leads(court, counts, full).items()
            if (lead.label == "agreed" if disagree else _differ(lead))
            for bit in bits(where)
        ]
        if found:
            return tuple(sets[bit] for bit in sorted(found))
    return ()


def _columns(sets: list[tuple[str, ...]]) -> dict[str, int]:
    """Give, for each proposition, the sets it is in."""
    digits: dict[str, bytearray] = {}
    width = len(sets)
    for place, names in enumerate(sets):
        for name in names:
            digits.setdefault(name, bytearray(b"0" * width))[width - 1 - place] = 49
    return {name: int(told, 2) for name, told in digits.items()}
