"""The whole: what the schools together expect on one topic, their label, and whether the lead is robust."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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


def verdicts_of(bench: Bench, hearing: Hearing) -> list[Verdict]:
    """Judge every topic on which there is an argument."""
    topics = _topics(bench, hearing)
    chosen = [topic for topic in bench.theory.vocabulary.topics if topic.id in topics]
    return [judged(bench, hearing, topic, place == 0) for place, topic in enumerate(chosen)]


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
    backing = {voice.school: _backing(bench, topic, voice) for voice in voices}
    shares = _shares(bench, topic, backing)
    lead = _lead(shares)
    family = _family_of(bench, topic, shares[0][0]) if shares else None
    robust = (
        lead is not None
        and len(voices) > 1
        and all(
            _lead(_shares(bench, topic, {other: backing[other] for other in backing if other != left_out})) == lead
            for left_out in backing
        )
    )
    label = _label(voices, shares, lead)
    decision: Decision = "predicted"
    if not shares:
        decision = "not-enough-known"
    elif label == "split" or lead is None:
        decision = "undecided"
    predicted = decision == "predicted"
    # What was silenced on a topic that nobody is left to speak on is shown with the first.
    about = _topics(bench, hearing)
    return Verdict(
        state=hearing.state,
        toward=hearing.toward,
        about=topic.id,
        decision=decision,
        label=label,
        family=family if predicted else None,
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


def _backing(bench: Bench, topic: Topic, voice: Voice) -> dict[str, float]:
    """Give what a school adds to each contender: a family, or a strategy where the topic ranks them apart."""
    contenders = voice.strategies if topic.apart and voice.strategies else voice.families
    weight = bench.weights[voice.school] * voice.support / FULL_VOICE / len(contenders)
    return dict.fromkeys(contenders, weight)


def _shares(bench: Bench, topic: Topic, backing: Mapping[str, Mapping[str, float]]) -> tuple[tuple[str, float], ...]:
    """Give each contender's share of the support of all schools, highest first."""
    everyone = sum(sum(given.values()) for given in backing.values())
    names = [*bench.strategies, *(family.id for family in bench.theory.vocabulary.families)]
    shares = [
        (name, round(sum(given.get(name, 0.0) for given in backing.values()) / everyone, PRECISION))
        for name in dict.fromkeys(names)
        if any(name in given for given in backing.values())
    ]
    return tuple(sorted(shares, key=lambda entry: -entry[1]))


def _lead(shares: Sequence[tuple[str, float]]) -> str | None:
    """Give the contender that leads, or None where none does or several do alike."""
    if not shares or (len(shares) > 1 and shares[0][1] == shares[1][1]):
        return None
    return shares[0][0]


def _label(voices: Collection[Voice], shares: Sequence[tuple[str, float]], lead: str | None) -> Label:
    if not shares:
        return "no verdict"
    if len(voices) == 1:
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
