"""Why a question is asked, and of every open question whether it is worth asking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from advisor.inquiry.asking import Again, Alone, alone_changing, reasoned, replays, sighted
from advisor.inquiry.columns import laid
from advisor.inquiry.laying import Effect, doubly
from advisor.inquiry.leads import bits, counted, leads
from advisor.inquiry.matters import Change, Matter, Unknown, answers, matter_of
from advisor.inquiry.sight import Sight, court_for, hanging, leads_now
from advisor.inquiry.stopping import Open
from advisor.inquiry.values import Answered, OpenQuestion, WhyAsked, Worth
from advisor.terms import Advice, Fact, Question, Theory
from advisor.vocabulary import ask_open, variables


def why_asked(
    theory: Theory,
    advice: Advice,
    question: Question,
    again: Again,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> WhyAsked:
    """Say why a question is asked: what would come of each answer to it; of one for states or a threat, nothing is."""
    index = variables(theory.vocabulary)
    if question.variable not in index:
        return WhyAsked(question, advice.verdicts[0] if advice.verdicts else None, ())
    facts = []
    for value in index[question.variable].values:
        matter = matter_of(theory.vocabulary, Fact(question.variable, question.args, value.id))
        facts += [fact for fact in answers(theory.vocabulary, matter) if fact not in facts]
    heard = tuple(schools) if schools is not None else None
    tried = replays(theory, advice, again, facts, weights, heard)
    return WhyAsked(question, advice.verdicts[0] if advice.verdicts else None, tried)


def open_questions(
    theory: Theory,
    advice: Advice,
    again: Again,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
    skip: Collection[Unknown] = (),
) -> tuple[OpenQuestion, ...]:
    """List every unknown fact that the first verdict could look at, the best to ask first, each with what it is worth.

    Raises ``TooWide`` where too many states may play a role.
    """
    heard = tuple(schools) if schools is not None else None
    sight, first = sighted(theory, advice, weights=weights, schools=heard, skip=skip)
    if sight is None:
        return ()
    candidates = hanging(sight) if first is not None else ()
    alone = alone_changing(sight, candidates)
    pairs = _together(sight, candidates, alone)
    found: dict[Unknown, OpenQuestion] = {}
    rank: dict[Unknown, tuple[object, ...]] = {}
    index = variables(theory.vocabulary)
    places = {each.matter: place for place, each in enumerate((*candidates, *sight.open))}
    for each in sight.open:
        matter = each.matter
        telling = alone.get(matter, ())
        example = pairs.get(matter, ())
        worth: Worth = "alone" if telling else "together" if example else "perhaps" if matter in alone else "idle"
        unknown = (matter.variable, matter.args)
        place = (
            first is None or matter != first.matter,
            ("alone", "together", "perhaps", "idle").index(worth),
            not index[matter.variable].core,
            places[matter],
        )
        if unknown in rank and rank[unknown] <= place:
            continue
        rank[unknown] = place
        tried = replays(theory, advice, again, [fact for fact, _ in telling], weights, heard)
        found[unknown] = OpenQuestion(_question(theory, advice, tried, unknown), worth, tried, example)
    return tuple(found[unknown] for unknown in sorted(found, key=lambda each: rank[each]))


def _question(theory: Theory, advice: Advice, tried: tuple[Answered, ...], unknown: Unknown) -> Question:
    if tried:
        return reasoned(theory, advice, tried, unknown)
    return Question(*unknown, ask_open(theory.vocabulary, *unknown), "")


def _together(sight: Sight, candidates: Iterable[Open], alone: Alone) -> dict[Matter, tuple[Fact, ...]]:
    """Give, for open matters, two answers, one to it, that change a label or what leads where neither does alone."""
    listed = [(each, fact, true) for each in candidates for fact, true in zip(each.answers, each.true, strict=True)]
    telling = {fact for changing in alone.values() for fact, _ in changing}
    chosen = [
        Effect(each.matter, true, (Change(each.matter, fact),)) for each, fact, true in listed if fact not in telling
    ]
    now = leads_now(sight)
    found: dict[Matter, tuple[Fact, ...]] = {}
    for pairs in doubly(sight.ground, chosen):
        inferred = laid(sight.ground.net, pairs.columns, pairs.full)
        for bearing in sight.ground.net.bearings:
            court = court_for(sight, bearing)
            counts, _ = counted(court, sight.ground.net, bearing, inferred)
            for lead, where in leads(court, counts, pairs.valid).items():
                for bit in bits(where) if lead != now[bearing.docket] else ():
                    facts = tuple(c.fact for n in pairs.numbers(bit) for c in chosen[n].changes if c.fact is not None)
                    for number, turned in zip(pairs.numbers(bit), (facts, facts[::-1]), strict=True):
                        found.setdefault(chosen[number].matter, turned)
    return found
