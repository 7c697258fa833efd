"""One verdict in words: the camps, the schools in them, their arguments, and what stands aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from advisor.explanation.account import (
    Answer,
    Camp,
    Clause,
    Course,
    Excluded,
    Means,
    Point,
    Quarrel,
    Silenced,
    View,
)
from advisor.explanation.clauses import (
    Teller,
    clause,
    distinct,
    infinitive,
    plain,
    premises,
    role_phrase,
    school_of,
    strategy_names,
    title_of,
)
from advisor.terms import (
    Argument,
    Fact,
    Justification,
    MeasureClaim,
    Verdict,
    Voice,
)
from advisor.verdict import STATE, THREAT, forms

_CLOSE = 0.75
"""How near a second strategy comes to the first, to be named beside it."""
_OPENING = 3
"""How many concluded facts an explanation opens with, unless it is told in full."""


_Applied: TypeAlias = Mapping[tuple[str, tuple[tuple[str, str], ...]], Justification]


def answer(teller: Teller, verdict: Verdict) -> Answer:
    """Put a verdict into words; it opens with the concluded facts that most of its arguments rest on."""
    topic = next(topic for topic in teller.theory.vocabulary.topics if topic.id == verdict.about)
    applied = {
        (justification.proposition, justification.bindings): justification
        for justification in teller.inference.justifications
    }
    grounds = _opening(teller, verdict, applied)
    camps = tuple(_camp(teller, verdict, contender, share, applied) for contender, share in verdict.families)
    spoken = {
        (argument.proposition, argument.strategy)
        for voice in verdict.voices
        for argument in verdict.arguments
        if argument.school == voice.school and _is_for(teller, argument, voice)
    }
    rest = [argument for argument in verdict.arguments if (argument.proposition, argument.strategy) not in spoken]
    leading = set(_members(teller, verdict, verdict.families[0][0])) if verdict.families else set()
    against = [
        argument
        for argument in rest
        if not argument.favours and leading & set(forms(teller.strategies[argument.strategy]))
    ]
    aside = [argument for argument in rest if argument not in against]
    return Answer(
        state=verdict.state,
        toward=verdict.toward or role_phrase(teller, THREAT),
        main=topic == teller.theory.vocabulary.topics[0],
        faces=verdict.toward is not None and topic == teller.theory.vocabulary.topics[0],
        about=topic.id,
        question=topic.question,
        decision=verdict.decision,
        label=verdict.label,
        robust=verdict.robust,
        schools=len(verdict.voices),
        grounds=grounds,
        camps=camps,
        against=_points(teller, verdict, against, applied, len(against)),
        aside=_points(teller, verdict, aside, applied, len(aside) if teller.full else 0),
        courses=_courses(teller, verdict, aside),
        excluded=tuple(
            Excluded(infinitive(teller, entry.strategy, verdict.toward), clause(teller, entry.fact))
            for entry in verdict.ruled_out
        ),
        silenced=tuple(
            Silenced(
                title_of(teller, defeat.proposition),
                school_of(teller, defeat.proposition),
                tuple(title_of(teller, other) for other in defeat.by),
            )
            for defeat in verdict.defeats
        ),
        quarrels=tuple(
            Quarrel(title_of(teller, one), school_of(teller, one), title_of(teller, other), school_of(teller, other))
            for one, other in (dispute.propositions for dispute in verdict.disputes)
        ),
        measures=_measures(teller, verdict, leading),
    )


def _is_for(teller: Teller, argument: Argument, voice: Voice) -> bool:
    """Whether an argument of a school is one for what the school expects most."""
    if not voice.strategies:
        family = next(f for f in teller.theory.vocabulary.families if f.id in voice.families)
        rejected = forms(teller.strategies[family.rejects])
        return not argument.favours and bool(set(rejected) & set(forms(teller.strategies[argument.strategy])))
    return argument.favours and bool(set(voice.strategies) & set(forms(teller.strategies[argument.strategy])))


def _members(teller: Teller, verdict: Verdict, contender: str) -> list[str]:
    """Give the ranked strategies of a contender, which is a family or itself a strategy."""
    return [
        standing.strategy
        for standing in verdict.ranking
        if contender in (standing.strategy, teller.strategies[standing.strategy].family)
    ]


def _courses(teller: Teller, verdict: Verdict, arguments: Iterable[Argument]) -> tuple[Course, ...]:
    """Group arguments by the strategy they are about, in the vocabulary's order."""
    found: dict[str, dict[bool, dict[str, None]]] = {}
    for argument in arguments:
        sides = found.setdefault(argument.strategy, {True: {}, False: {}})
        sides[argument.favours][title_of(teller, argument.proposition)] = None
    return tuple(
        Course(
            infinitive(teller, strategy, verdict.toward), tuple(found[strategy][True]), tuple(found[strategy][False])
        )
        for strategy in teller.strategies
        if strategy in found
    )


def _opening(teller: Teller, verdict: Verdict, justifications: _Applied) -> tuple[Clause, ...]:
    """Give the concluded facts that at least two arguments of a verdict rest on, the commonest first."""
    uses: dict[Fact, set[str]] = {}
    for argument in verdict.arguments:
        justification = justifications.get((argument.proposition, argument.bindings))
        for fact in premises(justification) if justification else ():
            if fact in teller.derived:
                uses.setdefault(fact, set()).add(argument.proposition)
    shared = sorted((fact for fact in uses if len(uses[fact]) > 1), key=lambda fact: (-len(uses[fact]), fact))
    facts = distinct(teller, shared)
    clauses = [clause(teller, fact) for fact in (facts if teller.full else facts[:_OPENING])]
    return tuple(clause for clause in clauses if clause.ground != "again")


def _camp(teller: Teller, verdict: Verdict, contender: str, share: float, applied: _Applied) -> Camp:
    """Gather the schools behind one contender, a family or a strategy; those who expect the same stand together."""
    vocabulary = teller.theory.vocabulary
    apart = contender in teller.strategies
    family = next((family for family in vocabulary.families if family.id == contender), None)
    voices = [voice for voice in verdict.voices if contender in (voice.strategies if apart else voice.families)]
    mine = {voice.school: tuple(_mine(teller, voice, contender)) for voice in voices}
    best = {
        does: max(voice.support * teller.weights[voice.school] for voice in voices if mine[voice.school] == does)
        for does in mine.values()
    }
    voices.sort(key=lambda voice: (-best[mine[voice.school]], mine[voice.school], -voice.support))
    views = tuple(_view(teller, verdict, voice, contender, applied) for voice in voices)
    alone = len({s.family for s in teller.strategies.values() if s.question == verdict.about}) == 1
    named = _forms(teller, verdict, contender)
    percent = round(share * 100)
    if family is not None and family.rejects:
        return Camp("", family.text, percent, (), views)
    if apart or alone or family is None:
        return Camp(named[0] if named else contender, "", percent, named[1:], views)
    text = family.text.replace(role_phrase(teller, THREAT), verdict.toward or role_phrase(teller, THREAT))
    if named and named[0].startswith(text):
        return Camp(named[0], "", percent, (), views)
    return Camp(text, "", percent, named, views)


def _forms(teller: Teller, verdict: Verdict, contender: str) -> tuple[str, ...]:
    """Give the best supported strategies of a contender: the first, and a second close to it."""
    support = {standing.strategy: standing.support for standing in verdict.ranking}
    members = _members(teller, verdict, contender)
    close = [name for name in members if support[name] > 0 and support[name] >= _CLOSE * support[members[0]]]
    return strategy_names(teller, verdict, close[:2] or members[:1])


def _mine(teller: Teller, voice: Voice, contender: str) -> list[str]:
    """Give the top strategies of a school that belong to a contender."""
    return [name for name in voice.strategies if contender in (name, teller.strategies[name].family)]


def _view(teller: Teller, verdict: Verdict, voice: Voice, contender: str, applied: _Applied) -> View:
    """Put one school's expectation into words, with its arguments for what it expects."""
    mine = _mine(teller, voice, contender)
    arguments = [
        argument
        for argument in verdict.arguments
        if argument.school == voice.school
        and _is_for(teller, argument, voice)
        and (not mine or set(forms(teller.strategies[argument.strategy])) & set(mine))
    ]
    family = next((f for f in teller.theory.vocabulary.families if f.id == contender), None)
    return View(
        teller.schools[voice.school],
        voice.support,
        teller.weights[voice.school],
        strategy_names(teller, verdict, mine),
        family.text if family and not mine else "",
        _points(teller, verdict, arguments, applied, len(arguments) if teller.full else 1),
    )


def _points(
    teller: Teller, verdict: Verdict, arguments: Sequence[Argument], applied: _Applied, deep: int
) -> tuple[Point, ...]:
    """Word arguments, one point a proposition and side, the strongest first; only ``deep`` of them with conditions."""
    sides: dict[tuple[str, bool], list[Argument]] = {}
    for argument in arguments:
        sides.setdefault((argument.proposition, argument.favours), []).append(argument)
    ordered = sorted(sides.values(), key=lambda same: -max(argument.strength for argument in same))
    points = []
    for place, same in enumerate(ordered):
        proposition = teller.propositions[same[0].proposition]
        justification = applied.get((proposition.id, same[0].bindings))
        facts = distinct(teller, premises(justification)) if justification and place < deep else []
        clauses = tuple(clause(teller, fact) for fact in facts)
        points.append(
            Point(
                proposition.id,
                plain(proposition.title),
                proposition.gloss,
                plain(proposition.source),
                teller.schools[proposition.school],
                tuple(
                    infinitive(teller, strategy, verdict.toward)
                    for strategy in dict.fromkeys(argument.strategy for argument in same)
                ),
                same[0].favours,
                max(argument.strength for argument in same),
                clauses,
                proposition.checked,
            )
        )
    return tuple(points)


def _measures(teller: Teller, verdict: Verdict, leading: Collection[str]) -> tuple[Means, ...]:
    """Word the measures of a verdict by strategy, with the names that its propositions give them."""
    measures = {measure.id: measure for measure in teller.theory.vocabulary.measures}
    found: dict[str, dict[str, None]] = {}
    for justification in teller.inference.justifications:
        names = dict(justification.bindings)
        if names.get(STATE) != verdict.state or names.get(THREAT, verdict.toward) != verdict.toward:
            continue
        for claim in teller.propositions[justification.proposition].conclusions:
            if isinstance(claim, MeasureClaim) and claim.measure in verdict.measures:
                text = measures[claim.measure].infinitive
                for role in teller.theory.vocabulary.roles:
                    text = text.replace("{" + role.id + "}", names.get(role.id) or role_phrase(teller, role.id))
                found.setdefault(measures[claim.measure].strategy, {})[text] = None
    return tuple(
        Means(infinitive(teller, strategy, verdict.toward), tuple(found[strategy]), strategy in leading)
        for strategy in teller.strategies
        if strategy in found
    )
