"""What to ask next, what is open and why it is or is not worth asking, and when to stop.

The best question is one whose answer alone changes what leads; among these, and where there is none, the one that
tells most about what will lead when all is known, found by judging many ways in which all could be answered; among
equals core facts come first.  When no answers can change the label or the lead any more, nothing is asked.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from advisor.inquiry.laying import Effect, square
from advisor.inquiry.leads import bits
from advisor.inquiry.matters import Change, Matter, Unknown, same_matter, with_fact
from advisor.inquiry.missing import ranked
from advisor.inquiry.net import TooWide
from advisor.inquiry.sight import Sight, hanging, leads_now, outcomes, sampled, settled, sight_of
from advisor.inquiry.stopping import Open, spread
from advisor.terms import (
    Advice,
    Conflict,
    Fact,
    Inference,
    Proposition,
    Question,
    Situation,
    Theory,
    Verdict,
)
from advisor.verdict import THREAT, Lead, judge_one, school_weights
from advisor.vocabulary import ask_open, say, variables

Again = Callable[[Theory, Situation], Inference]
"""Infers anew from a situation, as ``advisor.inference.infer`` does."""

_PRECISION = 2
"""Decimals of a bit to which it is compared how much questions tell."""


# ---------------------------------------------------------------- the question that matters most


def next_question(
    theory: Theory,
    advice: Advice,
    again: Again | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
    skip: Collection[Unknown] = (),
) -> Question | None:
    """Give the question that matters most for the first verdict of an advice, or None if no answer could tell.

    A contradiction is asked about first; then states and a threat, where they are missing; then an unknown fact.
    With ``again``, None says that no answers to any open questions, however many together, change the label or what
    leads; without, questions are only ranked by what they decide.  ``weights`` and ``schools`` are those of the
    advice; what is in ``skip`` is not asked.
    """
    heard = tuple(schools) if schools is not None else None
    asked = _preliminary(theory, advice, skip)
    if asked is not None:
        return asked
    if again is None:
        ranking = ranked(theory, advice, school_weights(theory, weights, heard), frozenset(skip))
        return worded(theory, *ranking[0]) if ranking else None
    try:
        sight = sight_of(theory, advice, weights=weights, schools=heard, skip=skip)
    except TooWide:
        return next_question(theory, advice, weights=weights, schools=heard, skip=skip)
    chosen = _best(sight) if sight is not None else None
    if sight is None or chosen is None:
        return None
    unknown = (chosen.matter.variable, chosen.matter.args)
    changes = replayed(theory, advice, again, chosen, weights, heard)
    if changes:
        because = "; ".join(f"if {say(theory.vocabulary, fact)}, {outcome(theory, lead)}" for fact, lead in changes)
        return Question(*unknown, ask_open(theory.vocabulary, *unknown), because)
    decided = _decided(theory, advice, again, chosen)
    if decided:
        return worded(theory, unknown, decided)
    because = "together with other answers it can change what leads"
    return Question(*unknown, ask_open(theory.vocabulary, *unknown), because)


def _preliminary(theory: Theory, advice: Advice, skip: Collection[Unknown]) -> Question | None:
    """Ask about a contradiction, or for states or a threat that are missing."""
    vocabulary = theory.vocabulary
    situation = advice.inference.situation
    for conflict in open_conflicts(advice):
        fact = conflict.facts[0]
        if not any(same_matter(vocabulary, (fact.variable, fact.args), each) for each in skip):
            sides = "; ".join(say(vocabulary, each) for each in conflict.facts)
            text = ask_open(vocabulary, fact.variable, fact.args)
            return Question(fact.variable, fact.args, text, f"these cannot all be so: {sides}")
    if not situation.states:
        return Question("", (), vocabulary.focus.ask_states, "")
    if len(situation.states) == 1:
        return Question("", situation.states, vocabulary.focus.ask_threat.format(*situation.states), "")
    return None


def open_conflicts(advice: Advice) -> tuple[Conflict, ...]:
    """Give the contradictions in what was said; their facts count as unknown until they are settled."""
    return advice.inference.situation.conflicts


def _best(sight: Sight) -> Open | None:
    """Choose what to ask, or None where nothing can change what leads."""
    candidates = hanging(sight)
    if not candidates:
        return None
    number, columns = sampled(candidates)
    low, _ = spread(sight.ground, (), candidates, (1 << number) - 1, columns)
    judged = outcomes(sight, low, number)
    alone = _alone(sight, candidates)
    now = leads_now(sight)
    if len(set(judged)) == 1 and not any(alone.values()) and settled(sight, now):
        return None
    index = variables(sight.theory.vocabulary)
    told = _telling(candidates, columns, judged)
    places = {each.matter: place for place, each in enumerate(candidates)}

    def urgency(each: Open) -> tuple[bool, float, bool, int]:
        core = index[each.matter.variable].core
        return not alone[each.matter], round(told[each.matter], _PRECISION), not core, places[each.matter]

    return min(candidates, key=urgency)


def _alone(sight: Sight, candidates: Iterable[Open]) -> dict[Matter, tuple[tuple[Fact, tuple[object, ...]], ...]]:
    """Give, for each open matter, the answers that by themselves change what leads, and what it is then."""
    listed = [(each, fact, true) for each in candidates for fact, true in zip(each.answers, each.true, strict=True)]
    full = (1 << (len(listed) + 1)) - 1
    low = [full if held else 0 for held in sight.ground.observed]
    for place, (_, _, true) in enumerate(listed):
        for number in true:
            low[number] |= 1 << place
    judged = outcomes(sight, low, len(listed) + 1)
    found: dict[Matter, list[tuple[Fact, tuple[object, ...]]]] = {each.matter: [] for each in candidates}
    for (each, fact, _), after in zip(listed, judged, strict=False):
        if after != judged[-1]:
            found[each.matter].append((fact, after))
    return {matter: tuple(changing) for matter, changing in found.items()}


def _telling(candidates: Iterable[Open], columns: list[int], judged: list[tuple[object, ...]]) -> dict[Matter, float]:
    """Give how uncertain, in bits, the outcome would still be on average once a matter is known; less is better."""
    where: dict[tuple[object, ...], int] = {}
    for place, outcome_ in enumerate(judged):
        where[outcome_] = where.get(outcome_, 0) | 1 << place
    told = {}
    place = 0
    for each in candidates:
        uncertain = 0.0
        for _ in each.answers:
            counts = [(columns[place] & mask).bit_count() for mask in where.values()]
            total = sum(counts)
            uncertain -= sum(n * math.log2(n / total) for n in counts if n)
            place += 1
        told[each.matter] = uncertain / len(judged)
    return told


# ---------------------------------------------------------------- why


def replayed(
    theory: Theory,
    advice: Advice,
    again: Again,
    chosen: Open,
    weights: Mapping[str, float] | None,
    schools: Iterable[str] | None,
) -> tuple[tuple[Fact, Verdict], ...]:
    """Give the answers to a question that change the label or what leads, each with the verdict then."""
    first = advice.verdicts[0] if advice.verdicts else None
    if first is None:
        return ()
    found = []
    for fact in chosen.answers:
        inference = again(theory, with_fact(theory.vocabulary, advice.inference.situation, fact))
        after = judge_one(theory, inference, first, weights=weights, schools=schools)
        if contender(after) != contender(first):
            found.append((fact, after))
    return tuple(found)


def contender(verdict: Verdict) -> tuple[str, str | None]:
    """Give what leads in a verdict: the decision, and the family or, where strategies are ranked apart, the strategy."""
    return verdict.decision, verdict.families[0][0] if verdict.family is not None else None


def _decided(theory: Theory, advice: Advice, again: Again, chosen: Open) -> tuple[Proposition, ...]:
    """Give the propositions that apply under one answer to a question and not under another, those that argue first."""
    answers = [
        {j.proposition for j in again(theory, with_fact(theory.vocabulary, advice.inference.situation, fact)).justifications}
        for fact in chosen.answers
    ]
    common = set.intersection(*answers) if answers else set()
    differing = set().union(*answers) - common
    return tuple(p for p in theory.propositions if p.id in differing)


def outcome(theory: Theory, verdict: Verdict) -> str:
    """Say what a verdict comes to, in brief."""
    if verdict.decision != "predicted":
        return "no one expectation leads"
    if verdict.strategy is None:
        return next(f.text for f in theory.vocabulary.families if f.id == verdict.family)
    strategy = next(s for s in theory.vocabulary.strategies if s.id == verdict.strategy)
    role = next(role.phrase for role in theory.vocabulary.roles if role.id == THREAT)
    return "the lead is to " + strategy.infinitive.replace("{threat}", verdict.toward or role)


def worded(theory: Theory, unknown: Unknown, decided: tuple[Proposition, ...]) -> Question:
    """Word a question and what it decides."""
    text = ask_open(theory.vocabulary, *unknown)
    titles = [f"‘{proposition.title}’" for proposition in decided[:3]]
    named = " and ".join([", ".join(titles[:-1]), titles[-1]] if titles[1:] else titles)
    more = f" and {len(decided) - 3} more" if len(decided) > 3 else ""
    return Question(*unknown, text, f"it decides whether {named}{more} {'applies' if len(decided) == 1 else 'apply'}")


_ = (Effect, square, bits, Change, replace, dataclass, Lead, Counter)
