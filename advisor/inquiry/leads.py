"""What the schools come to in many situations at once, judged as ``verdict`` judges one.

Situations in which the same propositions of a school count, and the same strategies are impossible, are judged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from advisor.inquiry.columns import Heard, Laid, heard
from advisor.inquiry.net import Bearing, Net, prepared
from advisor.terms import Argument, Inference, Situation, StrategyClaim, Theory, Topic, Verdict
from advisor.verdict import Lead, lead_in
from advisor.verdict.hearing import Bench, bench_of
from advisor.verdict.voices import voice_of, voices_of
from advisor.verdict.weighing import backing_of
from advisor.vocabulary import once_each

Backing = tuple[tuple[str, float], ...]
"""What a school that speaks adds to each contender; nothing where it is silent."""

_KEPT, _MOST_KEPT = 8, 200_000
"""How many courts are kept, and how much they remember."""


@dataclass(frozen=True, slots=True)
class Court:
    """Who judges: a bench, a topic, the arguments each proposition would make on it, and what was judged before."""

    bench: Bench
    topic: Topic
    arguments: Mapping[str, tuple[Argument, ...]]
    by_school: Mapping[str, tuple[str, ...]]
    schools: Mapping[str, str]
    defeaters: Mapping[str, tuple[str, ...]]
    backings: dict[tuple[str, frozenset[str], frozenset[str]], Backing] = field(default_factory=dict, repr=False)
    leads: dict[tuple[tuple[str, Backing], ...], Lead] = field(default_factory=dict, repr=False)
    choices: dict[tuple[object, ...], frozenset[Backing] | None] = field(default_factory=dict, repr=False)


@once_each
def _courts(theory: Theory) -> dict[tuple[object, ...], Court]:
    """Give the courts of a theory that were called before: what they have judged they need not judge again."""
    return {}


def court_of(theory: Theory, weights: dict[str, float], about: str) -> Court:
    """Give the court that judges one topic with these weights of schools."""
    kept = _courts(theory)
    key = (about, *weights.items())
    court = kept.get(key)
    if court is None or len(court.backings) + len(court.leads) + len(court.choices) > _MOST_KEPT:
        while len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        court = kept[key] = _called(theory, weights, about)
    return court


def _called(theory: Theory, weights: dict[str, float], about: str) -> Court:
    nothing = Inference(Situation((), frozenset()), frozenset(), ())
    bench = bench_of(theory, nothing, weights)
    topic = next(topic for topic in theory.vocabulary.topics if topic.id == about)
    arguments = {}
    by_school: dict[str, list[str]] = {school: [] for school in weights}
    for proposition in theory.propositions:
        claims = tuple(
            Argument(proposition.id, proposition.school, claim.strategy, claim.favours, claim.strength, ())
            for claim in proposition.conclusions
            if isinstance(claim, StrategyClaim) and bench.strategies[claim.strategy].question == about
        )
        if claims and proposition.school in by_school:
            arguments[proposition.id] = claims
            by_school[proposition.school].append(proposition.id)
    return Court(
        bench,
        topic,
        arguments,
        {school: tuple(names) for school, names in by_school.items()},
        {proposition.id: proposition.school for proposition in theory.propositions},
        prepared(theory).defeaters,
    )


def counted(court: Court, net: Net, bearing: Bearing, low: Laid, high: Laid | None = None) -> tuple[Heard, Heard]:
    """Give what counts in a verdict at least and at most, in all situations."""
    return heard(net, bearing, court.bench.order, court.schools, court.defeaters, low, high)


def leads(court: Court, counts: Heard, full: int) -> dict[Lead, int]:
    """Give each lead that the schools come to, with the situations in which they do."""
    found: dict[Lead, int] = {}
    for backings, where in parted(court, counts, full).items():
        lead = lead_with(court, backings)
        found[lead] = found.get(lead, 0) | where
    return found


def parted(court: Court, counts: Heard, full: int) -> dict[tuple[tuple[str, Backing], ...], int]:
    """Part situations by what each school backs; a school that is silent is left out."""
    ruled = split(counts.impossible, full)
    groups: dict[tuple[tuple[str, Backing], ...], int] = {(): full}
    for school, names in court.by_school.items():
        columns = {name: counts.live[name] for name in names if counts.live.get(name)}
        if not columns:
            continue
        mine: dict[Backing, int] = {}
        for impossible, within in ruled.items():
            for live, where in split(columns, within).items():
                backing = backing_in(court, school, live, impossible)
                mine[backing] = mine.get(backing, 0) | where
        finer: dict[tuple[tuple[str, Backing], ...], int] = {}
        for said, within in groups.items():
            for backing, where in mine.items():
                both = within & where
                if both:
                    finer[(*said, (school, backing)) if backing else said] = both
        groups = finer
    return groups


def leads_each(court: Court, counts: Heard, number: int) -> list[Lead]:
    """Give the leads of so many situations one by one, which is quicker where no two are alike."""
    full = (1 << number) - 1
    ruled = split(counts.impossible, full)
    backed: list[tuple[str, list[Backing]]] = []
    told: list[bytes] = []
    for school, names in court.by_school.items():
        columns = {name: counts.live[name] for name in names if counts.live.get(name)}
        mine: dict[Backing, int] = {(): 0}
        for impossible, within in ruled.items() if columns else ():
            for live, where in split(columns, within).items():
                backing = backing_in(court, school, live, impossible)
                mine[backing] = mine.get(backing, 0) | where
        for first in range(1, len(mine), _BYTE):
            some = list(mine)[first : first + _BYTE]
            backed.append((school, [(), *some]))
            told.append(_numbered([mine[backing] for backing in some], number))
    found: dict[tuple[int, ...], Lead] = {}
    result = []
    for said in zip(*told, strict=True) if told else [()] * number:
        lead = found.get(said)
        if lead is None:
            backings = [(school, listed[place]) for (school, listed), place in zip(backed, said, strict=True)]
            lead = found[said] = lead_with(court, tuple(each for each in backings if each[1]))
        result.append(lead)
    return result


_BYTE = 255
_SPREAD = tuple(bytes(value >> bit & 1 for bit in range(8)) for value in range(256))
"""For each byte, its bits as bytes."""


def _numbered(columns: list[int], number: int) -> bytes:
    """Give, for each situation, the number of the column that it is in, from 1, or 0; no two columns overlap."""
    size = (number + 7) // 8
    total = 0
    for place, column in enumerate(columns, 1):
        spread = b"".join([_SPREAD[byte] for byte in column.to_bytes(size, "little")])
        total += int.from_bytes(spread, "little") * place
    return total.to_bytes(size * 8, "little")[:number]


def split(columns: Mapping[str, int], full: int) -> dict[frozenset[str], int]:
    """Part situations by which of some columns hold in them."""
    groups: list[tuple[tuple[str, ...], int]] = [((), full)]
    for name, column in columns.items():
        finer = []
        for names, within in groups:
            inside = within & column
            if inside:
                finer.append(((*names, name), inside))
            outside = within & ~column
            if outside:
                finer.append((names, outside))
        groups = finer
    return {frozenset(names): within for names, within in groups}


def backing_in(court: Court, school: str, live: frozenset[str], impossible: frozenset[str]) -> Backing:
    """Give what a school backs if these of its propositions count and these strategies are impossible."""
    key = (school, live, impossible)
    known = court.backings.get(key)
    if known is None:
        said = [argument for name in court.by_school[school] if name in live for argument in court.arguments[name]]
        per = voices_of(court.bench, said).get(school)
        voice = voice_of(court.bench, court.topic, school, per, impossible) if per is not None else None
        known = tuple(backing_of(court.bench, court.topic, voice).items()) if voice is not None else ()
        court.backings[key] = known
    return known


def lead_with(court: Court, backings: tuple[tuple[str, Backing], ...]) -> Lead:
    """Give the lead that the schools come to if they back this."""
    known = court.leads.get(backings)
    if known is None:
        known = lead_in(court.bench, court.topic, {school: dict(backing) for school, backing in backings})
        court.leads[backings] = known
    return known


def lead_of(verdict: Verdict) -> Lead:
    """Give the lead of a verdict as a court gives it."""
    contender = verdict.families[0][0] if verdict.family is not None else None
    return Lead(verdict.label, verdict.decision, verdict.family, contender)


def some(where: Iterable[int]) -> int:
    """Join situations."""
    result = 0
    for each in where:
        result |= each
    return result


def bits(column: int) -> Iterable[int]:
    """Give the numbers of the situations in a column."""
    while column:
        lowest = column & -column
        yield lowest.bit_length() - 1
        column ^= lowest
