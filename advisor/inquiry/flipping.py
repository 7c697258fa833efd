"""What would change a verdict: all the smallest sets of one or two facts that make its lead another.

A fact that is open may become known, one that is known may be otherwise or turn out not to be known.  Every set of
one or two such changes is tried, all at once, on the net of what bears on the verdict; a set counts only if none of
its changes is enough alone.  What is found is inferred and judged anew before it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from advisor.inquiry.asking import Again
from advisor.inquiry.columns import laid
from advisor.inquiry.laying import Effect, Ground, Square, effects, ground_of, square
from advisor.inquiry.leads import bits, counted, court_of, lead_of, leads
from advisor.inquiry.matters import Change, changed
from advisor.inquiry.net import net_of
from advisor.inquiry.values import Flip
from advisor.inquiry.values import Ground as Held
from advisor.terms import Advice, Fact, Theory, Verdict
from advisor.verdict import Lead, judge_one, school_weights
from advisor.vocabulary import variables

Another = Callable[[Lead], bool]
"""Whether a lead is what is looked for."""


def flips(
    theory: Theory,
    advice: Advice,
    again: Again,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> tuple[Flip, ...]:
    """Give all smallest sets of one or two changes that flip the lead of the first verdict, single ones first.

    The lead is the decision and the family, or the strategy where these are ranked apart.  A change gives a matter
    another value or leaves it open; matters that are only concluded are not changed unless they were said.  Among
    sets of a size those about core matters come first.  Raises ``TooWide`` where there is too much to try.
    """
    if not advice.verdicts:
        return ()
    now = lead_of(advice.verdicts[0])

    def another(lead: Lead) -> bool:
        return (lead.decision, lead.contender) != (now.decision, now.contender)

    return sets_for(theory, advice, again, another, weights=weights, schools=schools)


def sets_for(
    theory: Theory,
    advice: Advice,
    again: Again,
    another: Another,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> tuple[Flip, ...]:
    """Give all smallest sets of one or two changes after which the lead is what is looked for."""
    heard = tuple(schools) if schools is not None else None
    verdict = advice.verdicts[0]
    tried = _tried(theory, advice, school_weights(theory, weights, heard), verdict)
    found: list[Flip] = []
    for changes in _ordered(theory, _minimal(tried, another)):
        situation = changed(theory.vocabulary, advice.inference.situation, changes)
        after = judge_one(theory, again(theory, situation), verdict, weights=weights, schools=heard)
        if another(lead_of(after)):
            was = tuple(_was(advice, tried.ground, change) for change in changes)
            found.append(Flip(changes, was, after))
    return tuple(found)


def _was(advice: Advice, ground: Ground, change: Change) -> tuple[tuple[Fact, Held], ...]:
    """Give what is known of a matter that changes."""
    assumed = advice.inference.situation.assumptions
    return tuple((fact, "assumption" if fact in assumed else "given") for fact in ground.known.get(change.matter, ()))


@dataclass(frozen=True, slots=True)
class _Tried:
    """All changes that the net of a verdict would notice, alone and two together, and what leads after them."""

    ground: Ground
    effects: tuple[Effect, ...]
    square: Square
    leads: Mapping[Lead, int]


def _tried(theory: Theory, advice: Advice, weights: dict[str, float], verdict: Verdict) -> _Tried:
    situation = advice.inference.situation
    net = net_of(theory, situation.states, [(verdict.state, verdict.toward, verdict.about)])
    ground = ground_of(theory.vocabulary, situation, net)
    court = court_of(theory, weights, verdict.about)
    chosen = tuple(effect for matter in ground.numbers for effect in effects(ground, matter))
    pairs = square(ground, chosen)
    counts, _ = counted(court, net, net.bearings[0], laid(net, pairs.columns, pairs.full))
    return _Tried(ground, chosen, pairs, leads(court, counts, pairs.valid))


def _minimal(tried: _Tried, another: Another) -> list[tuple[Change, ...]]:
    """Give the sets after which the lead is what is looked for, and after no part of which it is."""
    size = tried.square.size
    found = [where for lead, where in tried.leads.items() if another(lead)]
    alone = {bit // size for where in found for bit in bits(where & tried.square.single)}
    covered = 0
    for number in alone:
        covered |= tried.square.region(number)
    result: list[tuple[Change, ...]] = [(change,) for number in alone for change in tried.effects[number].changes]
    for where in found:
        for bit in bits(where & ~covered):
            one, other = divmod(bit, size)
            result += [(a, b) for a in tried.effects[one].changes for b in tried.effects[other].changes]
    return result


def _ordered(theory: Theory, sets: Iterable[tuple[Change, ...]]) -> list[tuple[Change, ...]]:
    """Order sets of changes: small ones first, core matters first, then as the vocabulary has them."""
    index = variables(theory.vocabulary)
    place = {variable: number for number, variable in enumerate(index)}

    def urgency(changes: tuple[Change, ...]) -> tuple[object, ...]:
        beside = sum(not index[change.matter.variable].core for change in changes)
        told = [
            (
                place[c.matter.variable],
                c.matter.args,
                c.matter.value,
                c.fact is None,
                c.fact and c.fact.value,
                c.fact and c.fact.holds,
            )
            for c in changes
        ]
        return len(changes), beside, told

    return sorted(sets, key=urgency)
