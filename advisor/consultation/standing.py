"""What follows from a stand: the observations that count, the advice, the question to ask, and the verdict in a line.

Everything here is inferred anew from what stands, so that taking something back takes back all that rested on it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from advisor.clauses import understand
from advisor.consultation.answers import all_options
from advisor.consultation.values import Asked, Means, Stand, Unknown
from advisor.inference import infer, revising
from advisor.inquiry import next_question
from advisor.situation import situation
from advisor.terms import (
    SYSTEM,
    Advice,
    Evidence,
    Fact,
    Observation,
    Question,
    Reading,
    Situation,
    Span,
    Stance,
    State,
    Theory,
    Verdict,
    Vocabulary,
)
from advisor.verdict import judge
from advisor.vocabulary import canonical, reversed_fact, to_fact, variables

_JUDGED: deque[tuple[tuple[object, ...], tuple[object, ...], Advice]] = deque(maxlen=4)
"""The last few stands that were judged, by the values they hold: each line looks at the same two or three."""


def observations(vocabulary: Vocabulary, stand: Stand) -> tuple[Observation, ...]:
    """Give what stands: what was read and not taken back, then what was answered."""
    until: dict[Fact, int] = {}
    for fact, place in stand.forgotten:
        until[fact] = max(place, until.get(fact, 0))
    kept: list[Observation] = []
    for seen in stand.reading.observations if stand.reading else ():
        place = until.get(canonical(vocabulary, seen.fact), 0)
        grounds = tuple(each for each in seen.evidence if each.span is None or each.span.start >= place)
        if grounds or not seen.evidence:
            kept.append(replace(seen, evidence=grounds))
    return (*kept, *stand.answers)


def states(stand: Stand) -> tuple[str, ...]:
    """Give the states in play, as the text names them first."""
    read = tuple(state.name for state in stand.reading.states) if stand.reading else ()
    answered = (name for each in stand.answers for name in each.fact.args)
    return tuple(name for name in dict.fromkeys((*read, *stand.named, *answered)) if name != SYSTEM)


def situation_of(theory: Theory, stand: Stand) -> Situation:
    """Give the situation that stands."""
    return situation(theory.vocabulary, observations(theory.vocabulary, stand), states(stand))


def advice_of(means: Means, stand: Stand) -> Advice:
    """Judge what stands, for the state and the threat that were chosen, if they are in play."""
    about = (means.theory, stand.reading, stand.answers, stand.forgotten, stand.named)
    chosen = (stand.focus, stand.toward, stand.weights)
    for held, kept, advice in _JUDGED:
        if kept == chosen and all(one is other for one, other in zip(held, about, strict=True)):
            return advice
    case = situation_of(means.theory, stand)
    focus = stand.focus if stand.focus in case.states else None
    toward = stand.toward if stand.toward in case.states else None
    inference = infer(means.theory, case)
    made = judge(means.theory, inference, focus=focus, toward=toward, weights=dict(stand.weights) or None)
    _JUDGED.appendleft((about, chosen, made))
    return made


def question_of(means: Means, stand: Stand, advice: Advice) -> Asked | None:
    """Give the question that matters most now, or None if none would tell."""
    again = revising(means.theory, advice.inference.situation)
    found = next_question(
        means.theory, advice, again, weights=dict(stand.weights) or None, skip=frozenset(stand.passed)
    )
    if found is None or (found.variable, found.args) in stand.passed:
        return None
    return asked_of(means.theory.vocabulary, advice, found)


def asked_of(vocabulary: Vocabulary, advice: Advice, question: Question) -> Asked:
    """Put a question with the values that are still possible."""
    unknown = (question.variable, question.args)
    if not question.variable:
        return Asked("free", question.text, question.because, unknown)
    ruled_out = {f.value for f in advice.inference.facts if (f.variable, f.args) == unknown and not f.holds}
    every = all_options(vocabulary, *unknown)
    left = tuple(fact for fact in every if fact.value not in ruled_out)
    return Asked("fact", question.text, question.because, unknown, left or every)


def same(vocabulary: Vocabulary, one: Fact, other: Fact) -> bool:
    """Whether two facts are about the same variable of the same states."""
    flipped = reversed_fact(variables(vocabulary)[other.variable], other)
    return one.variable == other.variable and (
        one.args == other.args or (flipped is not None and one.args == flipped.args)
    )


def unknown_of(fact: Fact) -> Unknown:
    """Give the variable and the arguments of a fact."""
    return fact.variable, fact.args


# ---------------------------------------------------------------- what a sentence says


def part_of(reading: Reading, place: int) -> Reading:
    """Give what was read from a place of the text on, as the reading of that part."""

    def moved(span: Span) -> Span:
        return Span(span.start - place, span.end - place, span.quote)

    def late(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(moved(span) for span in spans if span.start >= place)

    kept: list[Observation] = []
    for seen in reading.observations:
        grounds = tuple(
            replace(each, span=moved(each.span)) for each in seen.evidence if each.span and each.span.start >= place
        )
        if grounds:
            kept.append(replace(seen, evidence=grounds))
    named = [State(state.name, late(state.mentions)) for state in reading.states]
    return Reading(
        reading.text[place:],
        tuple(state for state in named if state.mentions),
        tuple(kept),
        late(reading.unread),
        reading.reader,
        late(reading.sentences),
    )


def said_facts(means: Means, stand: Stand, sentence: str) -> tuple[Observation, ...]:
    """Give what a sentence says that is not part of the text: word for word, or as read after what was told."""
    vocabulary = means.theory.vocabulary
    said = sentence.strip().rstrip(".!")
    for wording in (said[:1].lower() + said[1:], said):
        meanings = understand(vocabulary, wording, ())
        facts = [to_fact(vocabulary, meaning) for meaning in meanings]
        exact = [fact for fact in facts if fact and _complete(vocabulary, fact)]
        if len(exact) == len(facts) == 1:
            return (answer(exact[0]),)
    before = f"{stand.text}\n\n" if stand.text else ""
    reading = part_of(means.read(before + sentence), len(before))
    return tuple(replace(seen, evidence=(Evidence("answer"),), confidence=1.0) for seen in reading.observations)


def _complete(vocabulary: Vocabulary, fact: Fact) -> bool:
    variable = variables(vocabulary)[fact.variable]
    return not variable.derived and len(set(fact.args)) == max(1, variable.arity)


def answer(fact: Fact, stance: Stance = "asserted") -> Observation:
    """Give a fact as somebody's answer."""
    how: Stance = "denied" if stance == "asserted" and not fact.holds else stance
    return Observation(fact, how, (Evidence("answer"),))


def known_name(means: Means, stand: Stand, name: str) -> str | None:
    """Give the usual name of the state in play that somebody means, whatever it is called by; None if there is none."""
    bare = re.sub(r"^the ", "", " ".join(name.split()), flags=re.I)
    found = {each.casefold(): each for each in states(stand)}
    if bare.casefold() in found:
        return found[bare.casefold()]
    before = f"{stand.text}\n\n" if stand.text else ""
    reading = part_of(means.read(f"{before}{name[:1].upper()}{name[1:]} is a state."), len(before))
    return next((state.name for state in reading.states if state.name in found.values()), None)


# ---------------------------------------------------------------- the verdict in a line


def lead(advice: Advice) -> Verdict | None:
    """Give the first verdict, if there is one."""
    return advice.verdicts[0] if advice.verdicts else None


def headline(advice: Advice) -> str:
    """Give the first verdict in one line, by ids: what a replay must come to again."""
    first = lead(advice)
    if first is None:
        return "no verdict"
    facing = f", facing {first.toward}" if first.toward else ""
    if first.decision != "predicted":
        return f"{first.state}{facing}: {first.label}"
    return f"{first.state}{facing}: {first.strategy or first.family} ({first.label}, {round(100 * first.share)}%)"


def alike(one: Advice, other: Advice) -> bool:
    """Whether two pieces of advice lead with the same, school by school."""

    def shown(advice: Advice) -> Sequence[object]:
        first = lead(advice)
        if first is None:
            return ()
        return (headline(advice), tuple((v.school, v.families, v.strategies) for v in first.voices))

    return shown(one) == shown(other)
