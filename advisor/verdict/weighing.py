"""The whole: what the schools together expect on one topic, their label, and whether the lead is robust."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from advisor.terms import (
    Argument,
    Decision,
    Label,
    Standing,
    Topic,
    Verdict,
    Voice,
)
from advisor.verdict.beside import concerns, disputes_of, measures_of
from advisor.verdict.hearing import Bench, Hearing
from advisor.verdict.voices import FULL_VOICE, PRECISION, arguments_of, forms, ruled_out_of, voice_of, voices_of

_ALL = 0.999
"""The share from which the schools are said to agree."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What the voices come to: their label, the decision, the family, and what leads, a family or a strategy apart."""

    label: Label
    decision: Decision
    family: str | None
    contender: str | None


def verdicts_of(bench: Bench, hearing: Hearing) -> list[Verdict]:
    """Judge every topic on which there is an argument."""
    topics = _topics(bench, hearing)
    chosen = [topic for topic in bench.theory.vocabulary.topics if topic.id in topics]
    return [judged(bench, hearing, topic, place == 0) for place, topic in enumerate(chosen)]


def verdict_on(bench: Bench, hearing: Hearing, about: str) -> Verdict:
    """Judge one topic only, as ``verdicts_of`` does where there is an argument on it."""
    topics = _topics(bench, hearing)
    topic = next(topic for topic in bench.theory.vocabulary.topics if topic.id == about)
    argued = [each.id for each in bench.theory.vocabulary.topics if each.id in topics]
    return judged(bench, hearing, topic, not argued or argued[0] == about)


def _topics(bench: Bench, hearing: Hearing) -> set[str]:
    """Give the topics on which there is an argument."""
    return {bench.strategies[argument.strategy].question for argument in arguments_of(bench, hearing)}


def judged(bench: Bench, hearing: Hearing, topic: Topic, first: bool) -> Verdict:
    """Judge one topic; the first verdict of a pair also records what concerns no topic of its own."""
    arguments = [a for a in arguments_of(bench, hearing) if bench.strategies[a.strategy].question == topic.id]
    ruled_out = ruled_out_of(bench, hearing, topic)
    impossible = {entry.strategy for entry in ruled_out}
    by_school = voices_of(bench, arguments)
    voices = tuple(
        voice
        for school, per in by_school.items()
        if (voice := voice_of(bench, topic, school, per, impossible)) is not None
    )
    ranking = _ranking(bench, arguments, by_school, impossible)
    backing = {voice.school: backing_of(bench, topic, voice) for voice in voices}
    shares = _shares(bench, backing)
    lead = _lead(shares)
    robust = (
        lead is not None
        and len(voices) > 1
        and all(
            _lead(_shares(bench, {other: backing[other] for other in backing if other != left_out})) == lead
            for left_out in backing
        )
    )
    leading = _leading(bench, topic, len(voices), shares)
    predicted = leading.decision == "predicted"
    # What was silenced on a topic that nobody is left to speak on is shown with the first.
    about = _topics(bench, hearing)
    return Verdict(
        state=hearing.state,
        toward=hearing.toward,
        about=topic.id,
        decision=leading.decision,
        label=leading.label,
        family=leading.family,
        strategy=_strategy(bench, topic, shares, ranking) if predicted else None,
        share=shares[0][1] if shares else 0.0,
        robust=robust,
        families=shares,
        ranking=ranking,
        voices=voices,
        arguments=tuple(arguments),
        ruled_out=ruled_out,
        defeats=tuple(d for d in hearing.defeats if concerns(bench, [d.proposition], topic, first, about)),
        disputes=disputes_of(bench, hearing, topic, first),
        measures=measures_of(bench, hearing, topic),
    )


def _ranking(
    bench: Bench,
    arguments: Sequence[Argument],
    by_school: Mapping[str, Mapping[str, float]],
    impossible: Collection[str],
) -> tuple[Standing, ...]:
    """Rank the possible strategies by weighted support; the vocabulary's order settles ties."""
    found = []
    for strategy in bench.strategies:
        if strategy in impossible or not any(strategy in per for per in by_school.values()):
            continue
        support = sum(bench.weights[school] * per[strategy] for school, per in by_school.items() if strategy in per)
        sides = {
            favours: tuple(
                dict.fromkeys(
                    argument.proposition
                    for argument in arguments
                    if argument.favours is favours and strategy in forms(bench.strategies[argument.strategy])
                )
            )
            for favours in (True, False)
        }
        found.append(Standing(strategy, round(support, PRECISION), sides[True], sides[False]))
    return tuple(sorted(found, key=lambda standing: -standing.support))


def backing_of(bench: Bench, topic: Topic, voice: Voice) -> dict[str, float]:
    """Give what a school adds to each contender: a family, or a strategy where the topic ranks them apart."""
    contenders = voice.strategies if topic.apart and voice.strategies else voice.families
    weight = bench.weights[voice.school] * voice.support / FULL_VOICE / len(contenders)
    return dict.fromkeys(contenders, weight)


def lead_in(bench: Bench, topic: Topic, backing: Mapping[str, Mapping[str, float]]) -> Lead:
    """Give what voices come to on a topic, from what each school that speaks adds to each contender."""
    return _leading(bench, topic, len(backing), _shares(bench, backing))


def _leading(bench: Bench, topic: Topic, voices: int, shares: Sequence[tuple[str, float]]) -> Lead:
    """Give the label of so many voices with these shares, and what leads if anything does."""
    lead = _lead(shares)
    label = _label(voices, shares, lead)
    if not shares:
        return Lead(label, "not-enough-known", None, None)
    if label == "split" or lead is None:
        return Lead(label, "undecided", None, None)
    return Lead(label, "predicted", _family_of(bench, topic, lead), lead)


def _shares(bench: Bench, backing: Mapping[str, Mapping[str, float]]) -> tuple[tuple[str, float], ...]:
    """Give each contender's share of the support of all schools, highest first."""
    everyone = sum(sum(given.values()) for given in backing.values())
    backed = {name for given in backing.values() for name in given}
    names = [*bench.strategies, *(family.id for family in bench.theory.vocabulary.families)]
    shares = [
        (name, round(sum(given.get(name, 0.0) for given in backing.values()) / everyone, PRECISION))
        for name in dict.fromkeys(names)
        if name in backed
    ]
    return tuple(sorted(shares, key=lambda entry: -entry[1]))


def _lead(shares: Sequence[tuple[str, float]]) -> str | None:
    """Give the contender that leads, or None where none does or several do alike."""
    if not shares or (len(shares) > 1 and shares[0][1] == shares[1][1]):
        return None
    return shares[0][0]


def _label(voices: int, shares: Sequence[tuple[str, float]], lead: str | None) -> Label:
    if not shares:
        return "no verdict"
    if voices == 1:
        return "one voice"
    if shares[0][1] > _ALL:
        return "agreed"
    return "majority" if shares[0][1] > 1 / 2 and lead is not None else "split"


def _family_of(bench: Bench, topic: Topic, contender: str) -> str:
    strategy = bench.strategies.get(contender) if topic.apart else None
    return strategy.family if strategy else contender


def _strategy(
    bench: Bench, topic: Topic, shares: Sequence[tuple[str, float]], ranking: Sequence[Standing]
) -> str | None:
    """Give the strategy that leads, or None where the lead is that a family is not to be expected."""
    contender = shares[0][0]
    if topic.apart and contender in bench.strategies:
        return contender
    return next((s.strategy for s in ranking if bench.strategies[s.strategy].family == contender), None)
