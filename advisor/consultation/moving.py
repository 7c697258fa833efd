"""Going on to the next stand: what follows from it, how that is told, and what is asked next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from advisor.consultation.meant import names_in, nearest_facts
from advisor.consultation.standing import advice_of, alike, answer, observations, question_of
from advisor.consultation.values import Asked, Consultation, Means, Part, Reply, Stand
from advisor.explanation import account
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
    """Go on to a stand: say what changed, the verdict if it is another, and what is asked next.

    What was undone can no longer be redone.
    """
    before = advice_of(means, consultation.stand)
    stand = replace(stand, by=line, asked=None)
    advice = advice_of(means, stand)
    question = asked or question_of(means, stand, advice)
    stand = replace(stand, asked=question)
    after = replace(consultation, stands=(*consultation.stands[: consultation.at + 1], stand), at=consultation.at + 1)
    said = list(parts)
    if advice.inference.situation.states:
        kind = "unchanged" if alike(before, advice) and before.inference.situation.states else "verdict"
        said.append(verdict_part(means, stand, advice, kind))
    if question is None:
        said.append(Part("settled", "yes" if advice.verdicts else ""))
    else:
        said.append(Part("ask_again" if question == consultation.stand.asked else "ask", value=question))
    return after, Reply(tuple(said))


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
    here = replace(consultation.stand, asked=asked)
    stands = (*consultation.stands[: consultation.at], here, *consultation.stands[consultation.at + 1 :])
    return replace(consultation, stands=stands)


def verdict_part(means: Means, stand: Stand, advice: Advice, kind: str) -> Part:
    """Give the verdict to be said: in full, or that it is as it was."""
    told = account(means.theory, advice, stand.reading, dict(stand.weights) or None, templates=means.templates)
    return Part(kind, value=told)


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
    offered: dict[Fact, None] = {}
    quotes: list[str] = []
    for clause in clauses:
        here = Span(clause.start + place, clause.end + place, clause.quote)
        near = nearest_facts(vocabulary, clause.quote, names_in(stand.reading, here), known)
        offered |= dict.fromkeys(near)
        quotes += [clause.quote] if near else []
    if not offered:
        return None
    return Asked("meant", "; ".join(quotes[:3]), "", ("", ()), tuple(offered)[:_MOST])


def firm(seen: Observation) -> bool:
    """Whether something was said as a fact that holds, or does not."""
    return seen.stance in ("asserted", "denied") and not seen.past
