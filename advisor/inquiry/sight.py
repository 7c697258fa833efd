"""What an inquiry has in sight: the verdict in question, what bears on it, what is open, and who judges.

The verdict is the first of an advice; where that is not on the main topic, a verdict on one before it may still come
about, and is in question too.  Where no threat is known yet, every other state may turn out to be it, and what would
make it so bears on the answer; where there is no verdict at all, every state may be the one in question.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.inquiry.columns import Columns, bounded, holding, laid
from advisor.inquiry.deciding import is_settled, left_in_question
from advisor.inquiry.laying import Ground, ground_of
from advisor.inquiry.leads import Court, counted, court_of, leads_each
from advisor.inquiry.matters import Matter, Unknown, matter_of
from advisor.inquiry.net import Bearing, Docket, net_of
from advisor.inquiry.stopping import Doubt, Open, all_ways, doubt, open_matters, spread
from advisor.terms import Advice, Fact, Theory, Vocabulary
from advisor.verdict import Lead, school_weights
from advisor.vocabulary import variables

MOST_STATES = 6
"""How many states may be in question where there is no verdict yet."""

SAMPLED = 1_024
"""On how many ways in which all could be answered questions are compared."""

Outcome = tuple[object, ...]
"""What a situation comes to: who is the threat, if that was open, and the leads."""


@dataclass(frozen=True, slots=True)
class Sight:
    """All that an inquiry looks at.  ``open`` can be asked about; ``courts`` judge, topic by topic."""

    theory: Theory
    ground: Ground
    courts: Mapping[str, Court]
    open: tuple[Open, ...]


def skipped(vocabulary: Vocabulary, skip: Iterable[Unknown]) -> frozenset[Matter]:
    """Give the matters that questions were about which are not to be asked again."""
    found = set()
    for variable, args in skip:
        known = variables(vocabulary).get(variable)
        for value in known.values if known is not None and len(args) == max(1, known.arity) else ():
            found.add(matter_of(vocabulary, Fact(variable, args, value.id)))
    return frozenset(found)


def sight_of(
    theory: Theory,
    advice: Advice,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
    skip: Collection[Unknown] = (),
    every_topic: bool = False,
) -> Sight | None:
    """Look at what bears on the first verdict of an advice; None where there is no state to judge.

    Without an argument on the main topic only that is looked at, or, with ``every_topic``, every other as well.
    Raises ``TooWide`` where so many states may play a role that it cannot all be looked at.
    """
    situation = advice.inference.situation
    vocabulary = theory.vocabulary
    first = advice.verdicts[0] if advice.verdicts else None
    if (first is None and not situation.states) or not vocabulary.topics:
        return None
    every = [topic.id for topic in vocabulary.topics]
    topics = every if every_topic else every[: 1 + (every.index(first.about) if first else 0)]
    in_question = (first.state,) if first else situation.states[:MOST_STATES]
    dockets: list[Docket] = []
    for state in in_question:
        others = (first.toward,) if first and first.toward else (None, *(s for s in situation.states if s != state))
        dockets += [(state, other, about) for about in topics for other in others]
    unfound = in_question if not (first and first.toward) else ()
    net = net_of(theory, situation.states, dockets, signs_for=unfound)
    ground = ground_of(vocabulary, situation, net)
    heard = school_weights(theory, weights, schools)
    courts = {about: court_of(theory, heard, about) for about in topics}
    return Sight(theory, ground, courts, open_matters(ground, skipped(vocabulary, skip)))


def court_for(sight: Sight, bearing: Bearing) -> Court:
    """Give the court that a verdict is left to."""
    return sight.courts[bearing.docket[2]]


# ---------------------------------------------------------------- what is still in question


def doubts(sight: Sight) -> tuple[Doubt, ...]:
    """Give what is in question of each verdict."""
    return tuple(
        doubt(sight.ground, court_for(sight, bearing), bearing, sight.open) for bearing in sight.ground.net.bearings
    )


def hanging(sight: Sight) -> tuple[Open, ...]:
    """Give the open matters on which anything hangs, those first on which most does."""
    found: dict[Matter, Open] = {}
    ranks: dict[Matter, int] = {}
    for each in doubts(sight):
        for rank, matter in enumerate(each.hanging):
            found[matter.matter] = matter
            ranks[matter.matter] = min(rank, ranks.get(matter.matter, rank))
    signs = _signs_in_question(sight)
    for matter in sight.open:
        if signs & set(matter.numbers):
            found.setdefault(matter.matter, matter)
            ranks.setdefault(matter.matter, len(ranks))
    return tuple(sorted(found.values(), key=lambda matter: ranks[matter.matter]))


def _signs_in_question(sight: Sight) -> set[int]:
    """Give the facts on which it hangs who is the threat, directly or through what concludes them."""
    net = sight.ground.net
    if not net.signs:
        return set()
    low, high = spread(sight.ground, sight.open, (), 1, [])
    least, most = bounded(net, low, high, 1)
    literals = [literal for each in net.signs.values() for literal in each if literal is not None]
    found = {n for _, numbers in literals for n in numbers if most.known[n] & ~least.known[n]}
    growing = True
    while growing:
        before = len(found)
        for application in net.deriving:
            if any(number in found for _, numbers in application.gives for number in numbers):
                for literal in itertools.chain(*application.bodies, application.stops):
                    found.update(n for n in literal[1] if most.known[n] & ~least.known[n])
        growing = len(found) > before
    return found


def settled(sight: Sight, lead_now: Mapping[Docket, Lead]) -> bool:
    """Whether no answers to open questions, however many, can change a label or what leads; or who is the threat."""
    if _signs_in_question(sight):
        return False
    return all(
        is_settled(sight.ground, court_for(sight, bearing), bearing, sight.open, lead_now[bearing.docket])
        for bearing in sight.ground.net.bearings
    )


def left_with(sight: Sight, candidates: Sequence[Open], lead_now: Mapping[Docket, Lead]) -> dict[Matter, float]:
    """Give, for each open matter, how much is left in question on average once it is known, over all verdicts."""
    found = dict.fromkeys((each.matter for each in candidates), 0.0)
    for bearing in sight.ground.net.bearings:
        court, lead = court_for(sight, bearing), lead_now[bearing.docket]
        for matter, left in left_in_question(sight.ground, court, bearing, candidates, lead).items():
            found[matter] += left
    return found


# ---------------------------------------------------------------- situations judged


def outcomes(sight: Sight, observed: Columns, number: int) -> list[Outcome]:
    """Judge so many situations one by one."""
    full = (1 << number) - 1
    inferred = laid(sight.ground.net, observed, full)
    told: list[list[object]] = [[] for _ in range(number)]
    for bearing in sight.ground.net.bearings:
        court = court_for(sight, bearing)
        counts, _ = counted(court, sight.ground.net, bearing, inferred)
        for place, lead in enumerate(leads_each(court, counts, number)):
            told[place].append(lead)
    for literals in sight.ground.net.signs.values():
        for literal in literals:
            if literal is not None:
                column = holding(literal, inferred.known, full)
                for place in range(number):
                    told[place].append(column >> place & 1)
    return [tuple(each) for each in told]


def leads_now(sight: Sight) -> dict[Docket, Lead]:
    """Give what leads as things are, verdict by verdict."""
    held = [1 if known else 0 for known in sight.ground.observed]
    judged = outcomes(sight, held, 1)[0]
    return {
        bearing.docket: lead
        for bearing, lead in zip(sight.ground.net.bearings, judged, strict=False)
        if isinstance(lead, Lead)
    }


def sampled(ways: tuple[Open, ...]) -> tuple[int, Columns]:
    """Give ways to answer all of some matters: all there are, or as many as are compared, drawn alike anywhere."""
    total = 1
    for each in ways:
        total *= len(each.answers)
        if total > SAMPLED:
            break
    if total <= SAMPLED:
        full, columns = all_ways(ways, unknown=False)
        return full.bit_length(), columns
    draw = random.Random(len(ways))
    return SAMPLED, [column for each in ways for column in _drawn(draw, len(each.answers))]


def _drawn(draw: random.Random, answers: int) -> Columns:
    """Draw one of some answers, all alike likely, in each of the ways that are compared."""
    width = max(1, (answers - 1).bit_length())
    columns = [0] * answers
    left = (1 << SAMPLED) - 1
    while left:
        digits = [draw.getrandbits(SAMPLED) for _ in range(width)]
        for answer in range(answers):
            mine = left
            for place, digit in enumerate(digits):
                mine &= digit if answer >> place & 1 else ~digit
            columns[answer] |= mine
        left &= ~_some(columns)
    return columns


def _some(columns: Columns) -> int:
    result = 0
    for column in columns:
        result |= column
    return result
