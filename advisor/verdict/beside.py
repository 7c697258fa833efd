"""What stands beside a verdict: outcomes, cautions, disputes, measures, and the strategies on the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from advisor.terms import (
    SYSTEM,
    CautionClaim,
    Dispute,
    MeasureClaim,
    MenuClaim,
    OutcomeClaim,
    Prospect,
    StrategyClaim,
    Topic,
)
from advisor.verdict.hearing import Bench, Hearing, heard
from advisor.verdict.voices import PRECISION, total

CLEAR_OUTCOME = 1.0
"""How far an outcome's leading value must be ahead not to count as disputed."""


def _topics_of(bench: Bench, proposition: str) -> set[str]:
    """Give the topics that a proposition speaks to."""
    measures = {measure.id: measure.strategy for measure in bench.theory.vocabulary.measures}
    found: set[str] = set()
    for claim in bench.propositions[proposition].conclusions:
        if isinstance(claim, StrategyClaim):
            found.add(bench.strategies[claim.strategy].question)
        elif isinstance(claim, MeasureClaim):
            found.add(bench.strategies[measures[claim.measure]].question)
    return found


def concerns(
    bench: Bench, propositions: Iterable[str], topic: Topic, first: bool, judged: Set[str] | None = None
) -> bool:
    """Whether propositions belong to a topic; those of no topic that is ``judged`` belong to the first."""
    topics = set().union(*(_topics_of(bench, proposition) for proposition in propositions))
    return topic.id in topics or (first and not topics & (topics if judged is None else judged))


def disputes_of(bench: Bench, hearing: Hearing, topic: Topic, first: bool) -> tuple[Dispute, ...]:
    """Give the pairs of live propositions whose authors disagree."""
    live = {proposition.id for proposition, _ in heard(bench, hearing)}
    pairs = {
        (min(name, other), max(name, other))
        for name in live
        for other in bench.propositions[name].disputes
        if other in live
    }
    return tuple(Dispute(pair) for pair in sorted(pairs) if concerns(bench, pair, topic, first))


def measures_of(bench: Bench, hearing: Hearing, topic: Topic) -> tuple[str, ...]:
    """Give the measures of a topic that live propositions name, in the vocabulary's order."""
    named = {
        claim.measure
        for proposition, _ in heard(bench, hearing)
        for claim in proposition.conclusions
        if isinstance(claim, MeasureClaim)
    }
    return tuple(
        measure.id
        for measure in bench.theory.vocabulary.measures
        if measure.id in named and bench.strategies[measure.strategy].question == topic.id
    )


def cautions(bench: Bench, hearings: Iterable[Hearing]) -> tuple[str, ...]:
    """Give the cautions that live propositions call to mind, in the vocabulary's order."""
    named = {
        claim.caution
        for hearing in hearings
        for proposition, _ in heard(bench, hearing)
        for claim in proposition.conclusions
        if isinstance(claim, CautionClaim)
    }
    return tuple(caution.id for caution in bench.theory.vocabulary.cautions if caution.id in named)


def menu(bench: Bench, hearings: Iterable[Hearing]) -> tuple[str, ...]:
    """Give the strategies that live propositions put on the table, in the vocabulary's order."""
    named = {
        strategy
        for hearing in hearings
        for proposition, _ in heard(bench, hearing)
        for claim in proposition.conclusions
        if isinstance(claim, MenuClaim)
        for strategy in claim.strategies
    }
    return tuple(strategy for strategy in bench.strategies if strategy in named)


def prospects(bench: Bench, hearings: Iterable[Hearing]) -> tuple[Prospect, ...]:
    """Weigh what is argued of outcomes, for each state and for the system."""
    points: dict[tuple[str, tuple[str, ...]], dict[str, dict[tuple[str, int], str]]] = {}
    for hearing in hearings:
        for proposition, justifications in heard(bench, hearing):
            for claim in proposition.conclusions:
                if not isinstance(claim, OutcomeClaim):
                    continue
                for justification in justifications:
                    names = dict(justification.bindings)
                    args = tuple(names.get(t.name, t.name) if t.role else t.name for t in claim.terms) or (SYSTEM,)
                    by_value = points.setdefault((claim.outcome, args), {})
                    by_value.setdefault(claim.value, {})[proposition.id, claim.strength] = proposition.school
    rank = {outcome.id: place for place, outcome in enumerate(bench.theory.vocabulary.outcomes)}
    values = {outcome.id: [value for value, _ in outcome.values] for outcome in bench.theory.vocabulary.outcomes}
    return tuple(
        _prospect(bench, outcome, args, {value: by_value[value] for value in values[outcome] if value in by_value})
        for (outcome, args), by_value in sorted(points.items(), key=lambda entry: (rank[entry[0][0]], entry[0][1]))
    )


def _prospect(
    bench: Bench, outcome: str, args: tuple[str, ...], by_value: Mapping[str, Mapping[tuple[str, int], str]]
) -> Prospect:
    scores: dict[str, float] = {}
    for value, claims in by_value.items():
        per: dict[str, list[int]] = {}
        for (_, strength), school in claims.items():
            per.setdefault(school, []).append(strength)
        score = sum(bench.weights[school] * total(per[school]) for school in bench.weights if school in per)
        scores[value] = round(score, PRECISION)
    ranked = sorted(scores.items(), key=lambda entry: -entry[1])
    disputed = len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEAR_OUTCOME
    place = {proposition.id: number for number, proposition in enumerate(bench.theory.propositions)}
    sides = {
        value: tuple(sorted({proposition for proposition, _ in claims}, key=place.__getitem__))
        for value, claims in by_value.items()
    }
    return Prospect(
        outcome,
        args,
        None if disputed else ranked[0][0],
        ranked[0][1],
        tuple(ranked),
        sides[ranked[0][0]],
        tuple(proposition for value, _ in ranked[1:] for proposition in sides[value]),
    )
