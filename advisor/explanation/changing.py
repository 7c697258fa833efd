"""What would change a verdict, as an explanation tells it: all of it for a report, the most telling of it for prose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from advisor.explanation.account import Clause
from advisor.explanation.frames import Led, Words, either, facts_said, led
from advisor.explanation.naming import named, reasons
from advisor.explanation.replies import Ending, endings
from advisor.inquiry import Again, Flip, TooWide, flips
from advisor.terms import Advice, Theory, Verdict
from advisor.verdict import judge


def looked_for(
    theory: Theory,
    advice: Advice,
    again: Again,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Collection[str] | None = None,
) -> tuple[Flip, ...] | None:
    """Find what would change the first verdict; None if there is none, or too much to try.

    ``again`` infers anew.  A verdict that is not what these weights and schools come to was reached with others, and
    nothing is said of it.
    """
    if not advice.verdicts:
        return None
    first = advice.verdicts[0]
    anew = judge(theory, advice.inference, focus=first.state, toward=first.toward, weights=weights, schools=schools)
    if first not in anew.verdicts:
        return None
    try:
        return flips(theory, advice, again, weights=weights, schools=schools)
    except TooWide:
        return None


@dataclass(frozen=True, slots=True)
class Turn:
    """What would lead, and a clause that says when."""

    led: Led
    when: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What would lead instead, and after what: one change is enough (``single``) or it takes two (``double``).

    ``telling`` are the most telling ones, one for each that would lead.
    """

    single: tuple[Ending, ...]
    double: tuple[Ending, ...]
    telling: tuple[Turn, ...]


def changes(words: Words, found: Sequence[Flip]) -> Changes:
    """Put what would change a verdict into words."""
    single = tuple(flip for flip in found if len(flip.changes) == 1)
    double = tuple(flip for flip in found if len(flip.changes) > 1)
    turns = tuple(_turn(words, same) for same in telling(single or double))
    return Changes(endings(words, single), endings(words, double), turns)


def telling(found: Sequence[Flip]) -> tuple[tuple[Flip, ...], ...]:
    """Choose for each lead the first changes that bring it about, those that differ in one value together.

    What is only assumed now, and what would merely cease to be known, tells less and is left out.  What is predicted
    comes before what is open, and what more support would stand behind before what less would.
    """
    chosen: dict[tuple[object, ...], list[Flip]] = {}
    for flip in found:
        if any(change.fact is None for change in flip.changes):
            continue
        if any(ground == "assumption" for was in flip.was for _, ground in was):
            continue
        same = chosen.setdefault(_lead(flip.verdict), [])
        if not same or (
            same[0].changes[:-1] == flip.changes[:-1] and same[0].changes[-1].matter == flip.changes[-1].matter
        ):
            same.append(flip)
    ordered = sorted(
        chosen.values(), key=lambda same: (same[0].verdict.decision != "predicted", -same[0].verdict.share)
    )
    return tuple(map(tuple, ordered))


def _lead(verdict: Verdict) -> tuple[object, ...]:
    return verdict.decision, verdict.family, verdict.strategy


def _turn(words: Words, same: Sequence[Flip]) -> Turn:
    clauses = []
    for place in range(len(same[0].changes)):
        facts = [fact for flip in same if (fact := flip.changes[place].fact) is not None]
        text = either(facts_said(words, facts))
        names = [named(words.naming, arg) for arg in facts[0].args]
        clauses.append(Clause(text, "given", (), next((name for name in names if text.startswith(f"{name} ")), "")))
    return Turn(led(words, same[0].verdict), reasons(clauses))
