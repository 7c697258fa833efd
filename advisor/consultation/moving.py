"""Going on to the next stand: what follows from it, how that is told, and what is asked next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from advisor.consultation.meant import names_in, nearest_facts
from advisor.consultation.standing import advice_of, alike, answer, observations, question_of, states
from advisor.consultation.values import Asked, Consultation, Means, Outcome, Part, Reply, Stand
from advisor.explanation.answers import answer as answer_in_words
from advisor.explanation.clauses import teller_of
from advisor.explanation.naming import load_naming, named
from advisor.explanation.negation import load_frames
from advisor.terms import Advice, Fact, Observation, Span

_MOST = 6
"""How many meanings are offered at most."""


def moved(
    means: Means,
    consultation: Consultation,
    stand: Stand,
    line: str,
    parts: Sequence[Part],
    *,
    asked: Asked | None = None,
) -> tuple[Consultation, Reply]:
    """Go on to a stand: say what changed, and the verdict if it is another.

    What is asked next is ``asked``, or else still to be chosen.  What was undone can no longer be redone.
    """
    before = advice_of(means, consultation.stand)
    stand = replace(stand, by=line, asked=asked, due=asked is None)
    advice = advice_of(means, stand)
    after = replace(consultation, stands=(*consultation.stands[: consultation.at + 1], stand), at=consultation.at + 1)
    said = list(parts)
    if advice.inference.situation.states:
        kind = "unchanged" if alike(before, advice) and before.inference.situation.states else "verdict"
        said.append(verdict_part(means, stand, advice, kind))
    if asked is not None:
        said.append(Part("ask", value=asked))
    return after, Reply(tuple(said))


def pondered(means: Means, consultation: Consultation) -> tuple[Consultation, Reply]:
    """Choose the question to ask next, where that is due, and put it.

    This looks ahead at what would come of every answer, which takes longer than a reply, and the reply need not wait.
    Where nothing is due nothing changes.
    """
    stand = consultation.stand
    if not stand.due:
        return consultation, Reply()
    advice = advice_of(means, stand)
    asked = question_of(means, stand, advice)
    after = _with(consultation, replace(stand, asked=asked, due=False))
    if asked is None:
        return after, Reply((Part("settled", "yes" if advice.verdicts else ""),))
    last = consultation.stands[consultation.at - 1].asked if consultation.at else None
    old = last is not None and (asked.text, asked.options) == (last.text, last.options)
    return after, Reply((Part("ask_again" if old else "ask", value=asked),))


def as_it_stands(means: Means, stand: Stand) -> tuple[Part, ...]:
    """Say how things stand: the verdict, and the open question."""
    advice = advice_of(means, stand)
    verdict = (verdict_part(means, stand, advice, "verdict"),) if advice.inference.situation.states else ()
    return (*verdict, *((Part("ask", value=stand.asked),) if stand.asked else ()))


def again(stand: Stand) -> tuple[Part, ...]:
    """Put the open question again."""
    return (Part("ask_again", value=stand.asked),) if stand.asked else ()


def asking(consultation: Consultation, asked: Asked) -> Consultation:
    """Put another question in the place of the open one; nothing else changes."""
    return _with(consultation, replace(consultation.stand, asked=asked, due=False))


def _with(consultation: Consultation, stand: Stand) -> Consultation:
    """Put a stand in the place of the one in force."""
    stands = (*consultation.stands[: consultation.at], stand, *consultation.stands[consultation.at + 1 :])
    return replace(consultation, stands=stands)


def verdict_part(means: Means, stand: Stand, advice: Advice, kind: str) -> Part:
    """Give the verdict to be said: in full, or that it is as it was."""
    naming = load_naming(means.templates)
    frames = load_frames(means.templates)
    teller = teller_of(means.theory, advice.inference, stand.reading, dict(stand.weights) or None, naming, frames)
    told = answer_in_words(teller, advice.verdicts[0]) if advice.verdicts else None
    if told is not None:
        told = replace(told, steps=(), benches=(), further=())
    states = tuple(named(naming, name) for name in advice.inference.situation.states)
    pairs = dict.fromkeys((each.state, each.toward) for each in advice.verdicts)
    others = tuple(
        named(naming, state) + (f" facing {named(naming, toward)}" if toward else "") for state, toward in [*pairs][1:]
    )
    return Part(kind, value=Outcome(told, states, others))


def if_so_part(means: Means, stand: Stand, fact: Fact) -> Part:
    """Say what the verdict would be if something were so that does not count as a fact."""
    now = advice_of(means, stand)
    then = advice_of(means, replace(stand, answers=(*stand.answers, answer(fact))))
    if alike(now, then):
        return Part("if_so_same", items=(fact,))
    return verdict_part(means, stand, then, "if_so")


def meant(means: Means, stand: Stand, clauses: Iterable[Span], place: int = 0) -> Asked | None:
    """Ask what clauses that nothing was read from may mean; None if nothing is near."""
    assert stand.reading is not None
    vocabulary = means.theory.vocabulary
    known = [seen.fact for seen in observations(vocabulary, stand) if firm(seen)]
    here_now = states(stand)
    counterparts = here_now if len(here_now) == 2 else tuple(name for name in (stand.focus, stand.toward) if name)
    offered: dict[Fact, None] = {}
    quotes: list[str] = []
    for clause in clauses:
        here = Span(clause.start + place, clause.end + place, clause.quote)
        names = names_in(stand.reading, here)
        others = tuple(name for name in counterparts if name not in names) if len(names) == 1 else ()
        near = nearest_facts(vocabulary, clause.quote, (*names, *others), known)
        offered |= dict.fromkeys(near)
        quotes += [clause.quote] if near else []
    if not offered:
        return None
    return Asked("meant", "; ".join(quotes[:3]), "", ("", ()), tuple(offered)[:_MOST])


def firm(seen: Observation) -> bool:
    """Whether something was said as a fact that holds, or does not."""
    return seen.stance in ("asserted", "denied") and not seen.past
