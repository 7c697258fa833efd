"""What would change a verdict: all the smallest sets of one or two facts that make its lead another.

A fact that is open may become known, one that is known may be otherwise or turn out not to be known.  Every set of
one or two such changes is tried, all at once, on the net of what bears on the verdict; a set counts only if none of
its changes is enough alone.  What is found is inferred and judged anew before it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from advisor.inquiry.asking import Again
from advisor.inquiry.columns import Columns, laid
from advisor.inquiry.laying import Ground, doubly, effects, ground_of, singly
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
    ground, sets = _smallest(theory, advice, school_weights(theory, weights, heard), verdict, another)
    found: list[Flip] = []
    for changes in _ordered(theory, sets):
        situation = changed(theory.vocabulary, advice.inference.situation, changes)
        after = judge_one(theory, again(theory, situation), verdict, weights=weights, schools=heard)
        if another(lead_of(after)):
            was = tuple(_was(advice, ground, change) for change in changes)
            found.append(Flip(changes, was, after))
    return tuple(found)


def _was(advice: Advice, ground: Ground, change: Change) -> tuple[tuple[Fact, Held], ...]:
    """Give what is known of a matter that changes."""
    assumed = advice.inference.situation.assumptions
    return tuple((fact, "assumption" if fact in assumed else "given") for fact in ground.known.get(change.matter, ()))


def _smallest(
    theory: Theory, advice: Advice, weights: dict[str, float], verdict: Verdict, another: Another
) -> tuple[Ground, list[tuple[Change, ...]]]:
    """Try all changes that the net of a verdict would notice, alone, and those that are not enough two by two."""
    situation = advice.inference.situation
    net = net_of(theory, situation.states, [(verdict.state, verdict.toward, verdict.about)])
    ground = ground_of(theory.vocabulary, situation, net)
    court = court_of(theory, weights, verdict.about)

    def sought(columns: Columns, full: int, valid: int) -> Iterator[int]:
        counts, _ = counted(court, net, net.bearings[0], laid(net, columns, full))
        for lead, where in leads(court, counts, valid).items():
            if another(lead):
                yield from bits(where)

    chosen = [effect for matter in ground.numbers for effect in effects(ground, matter)]
    full, columns = singly(ground, chosen)
    enough = set(sought(columns, full, full))
    found: list[tuple[Change, ...]] = [(change,) for number in enough for change in chosen[number].changes]
    rest = [effect for number, effect in enumerate(chosen) if number not in enough]
    for pairs in doubly(ground, rest):
        for bit in sought(pairs.columns, pairs.full, pairs.valid):
            one, other = pairs.numbers(bit)
            found += [(a, b) for a in rest[one].changes for b in rest[other].changes]
    return ground, found


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
