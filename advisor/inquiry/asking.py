"""What to ask next, what is open and why it is or is not worth asking, and when to stop.

The best question is one whose answer alone changes what leads; among these, and where there is none, the one that
tells most about what will lead when all is known, found by judging many ways in which all could be answered; among
equals core facts come first.  When no answers can change the label or the lead any more, nothing is asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping

from advisor.inquiry.matters import Matter, Unknown, same_matter, with_fact
from advisor.inquiry.missing import ranked
from advisor.inquiry.net import TooWide
from advisor.inquiry.sight import Outcome, Sight, hanging, leads_now, left_with, outcomes, sampled, settled, sight_of
from advisor.inquiry.stopping import Open, spread
from advisor.inquiry.values import Answered
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
from advisor.verdict import THREAT, judge_one, school_weights
from advisor.vocabulary import ask_open, say, variables

Again = Callable[[Theory, Situation], Inference]
"""Infers anew from a situation, as ``advisor.inference.infer`` does."""

Alone = dict[Matter, tuple[tuple[Fact, Outcome], ...]]
"""For each open matter the answers that by themselves change what leads, and what it is then."""

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
    leads, for this state and this threat; without, questions are only ranked by what they decide.  ``weights`` and
    ``schools`` are those of the advice; what is in ``skip`` is not asked.
    """
    heard = tuple(schools) if schools is not None else None
    asked = _preliminary(theory, advice, skip)
    if asked is not None:
        return asked
    if again is None:
        ranking = ranked(theory, advice, school_weights(theory, weights, heard), frozenset(skip))
        return worded(theory, *ranking[0]) if ranking else None
    try:
        _, chosen = sighted(theory, advice, weights=weights, schools=heard, skip=skip)
    except TooWide:
        return next_question(theory, advice, weights=weights, schools=heard, skip=skip)
    if chosen is None:
        return None
    unknown = (chosen.matter.variable, chosen.matter.args)
    return reasoned(theory, advice, replays(theory, advice, again, chosen.answers, weights, heard), unknown)


def sighted(
    theory: Theory,
    advice: Advice,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
    skip: Collection[Unknown] = (),
) -> tuple[Sight | None, Open | None]:
    """Give what is in sight and the best question on it; where nothing bears on the main topic, on any other.

    Raises ``TooWide`` where so many states may play a role that it cannot all be looked at.
    """
    heard = tuple(schools) if schools is not None else None
    sight = sight_of(theory, advice, weights=weights, schools=heard, skip=skip)
    chosen = best(sight) if sight is not None else None
    blank = not advice.verdicts or advice.verdicts[0].label == "no verdict"
    if sight is not None and chosen is None and blank:
        sight = sight_of(theory, advice, weights=weights, schools=heard, skip=skip, every_topic=True)
        chosen = best(sight) if sight is not None else None
    return sight, chosen


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


def best(sight: Sight) -> Open | None:
    """Choose what to ask, or None where nothing can change what leads."""
    candidates = hanging(sight)
    if not candidates:
        return None
    number, columns = sampled(candidates)
    low, _ = spread(sight.ground, (), candidates, (1 << number) - 1, columns)
    judged = outcomes(sight, low, number)
    alone = alone_changing(sight, candidates)
    now = leads_now(sight)
    unanimous = len(set(judged)) == 1 and not any(alone.values())
    if unanimous and settled(sight, now):
        return None
    index = variables(sight.theory.vocabulary)
    # Where all ways that were tried come to the same, what is left is to make sure.
    told = left_with(sight, candidates, now) if unanimous else _telling(candidates, columns, judged)
    places = {each.matter: place for place, each in enumerate(candidates)}

    def urgency(each: Open) -> tuple[bool, float, bool, int]:
        core = index[each.matter.variable].core
        return not alone[each.matter], round(told[each.matter], _PRECISION), not core, places[each.matter]

    return min(candidates, key=urgency)


def alone_changing(sight: Sight, candidates: Iterable[Open]) -> Alone:
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


def replays(
    theory: Theory,
    advice: Advice,
    again: Again,
    facts: Iterable[Fact],
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> tuple[Answered, ...]:
    """Give what would come of each of some answers, inferred and judged anew."""
    heard = tuple(schools) if schools is not None else None
    situation = advice.inference.situation
    first = advice.verdicts[0] if advice.verdicts else _nobody(theory, situation)
    before = dict.fromkeys(justification.proposition for justification in advice.inference.justifications)
    found = []
    for fact in facts:
        inference = again(theory, with_fact(theory.vocabulary, situation, fact))
        after = dict.fromkeys(justification.proposition for justification in inference.justifications)
        found.append(
            Answered(
                fact,
                judge_one(theory, inference, first, weights=weights, schools=heard),
                tuple(name for name in after if name not in before),
                tuple(name for name in before if name not in after),
            )
        )
    return tuple(found)


def _nobody(theory: Theory, situation: Situation) -> Verdict:
    """Give the verdict that is looked at where there is none: of the first state, facing nobody in particular."""
    about = theory.vocabulary.topics[0].id
    none = ((),) * 7
    return Verdict(
        situation.states[0], None, about, "not-enough-known", "no verdict", None, None, 0.0, False, *none, ()
    )


def contender(verdict: Verdict) -> tuple[str, str | None]:
    """Give what leads in a verdict: the decision, and the family, or the strategy where these are ranked apart."""
    return verdict.decision, verdict.families[0][0] if verdict.family is not None else None


def differs(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts differ in label or in what leads."""
    return (one.label, contender(one)) != (other.label, contender(other))


def reasoned(theory: Theory, advice: Advice, answers: Iterable[Answered], unknown: Unknown) -> Question:
    """Word a question and why it matters: what an answer to it changes in the lead, the label, or what applies."""
    tried = tuple(answers)
    text = ask_open(theory.vocabulary, *unknown)
    first = advice.verdicts[0] if advice.verdicts else None
    if first is not None:
        leading = [each for each in tried if contender(each.verdict) != contender(first)]
        telling = leading or [each for each in tried if differs(each.verdict, first)]
        if telling:
            said = [f"if {say(theory.vocabulary, a.fact)}, {outcome(theory, a.verdict, first)}" for a in telling]
            return Question(*unknown, text, "; ".join(said))
    changing = {name for each in tried for name in (*each.begin, *each.cease)}
    decided = tuple(proposition for proposition in theory.propositions if proposition.id in changing)
    if decided:
        return worded(theory, unknown, decided)
    return Question(*unknown, text, "together with other answers it can change what leads")


_LABELS = {
    "agreed": "all schools agree",
    "majority": "not all schools agree",
    "one voice": "only one school speaks to it",
    "split": "no one expectation leads",
    "no verdict": "no school speaks to it",
}


def outcome(theory: Theory, verdict: Verdict, before: Verdict | None = None) -> str:
    """Say what a verdict comes to, in brief; where it leads as ``before``, what its label comes to."""
    if before is not None and contender(verdict) == contender(before):
        return _LABELS[verdict.label]
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
