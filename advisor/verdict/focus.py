"""Whose verdict, and towards whom: the threats to each state, found by the signs that the vocabulary lists."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.terms import (
    Inference,
    Theory,
)
from advisor.verdict.hearing import STATE, THREAT, Bench, Hearing, hear, holds
from advisor.verdict.voices import arguments_of


def prominence(theory: Theory, inference: Inference, state: str, other: str) -> tuple[bool, ...]:
    """Score how much another state stands out as the threat to a state; a greater tuple stands out more."""
    names = {STATE: state, THREAT: other}
    return tuple(
        holds(inference, sign.condition, names) != (sign.kind == "less") for sign in theory.vocabulary.focus.signs
    )


def threats(theory: Theory, inference: Inference, state: str) -> tuple[str, ...]:
    """Give the threats to a state by the signs of the vocabulary, the main threat first.

    Every state that shows a sign of the kind ``each`` is one; failing these, the most prominent state
    with a sign of the kind ``one``.  Among equals the name decides.
    """
    signs = theory.vocabulary.focus.signs
    scores = {
        other: prominence(theory, inference, state, other) for other in inference.situation.states if other != state
    }
    ranked = sorted(scores, key=lambda other: ([not mark for mark in scores[other]], other))

    def shows(other: str, kind: str) -> bool:
        return any(mark for mark, sign in zip(scores[other], signs, strict=True) if sign.kind == kind)

    own = [other for other in ranked if shows(other, "each")]
    return tuple(own or [other for other in ranked if shows(other, "one")][:1])


def hearings(bench: Bench, focus: str | None, toward: str | None) -> list[Hearing]:
    """Choose the states and threats to judge, the case most clearly described first."""
    if focus is not None:
        found = (toward,) if toward is not None else threats(bench.theory, bench.inference, focus) or (None,)
        return [hear(bench, focus, other) for other in found]
    ranked: list[tuple[tuple[bool, list[bool], int, str, str], Hearing]] = []
    for state in bench.inference.situation.states:
        if toward is not None:
            others: tuple[str | None, ...] = (toward,) if state != toward else ()
        else:
            others = threats(bench.theory, bench.inference, state) or (None,)
        for other in others:
            hearing = hear(bench, state, other)
            count = len(arguments_of(bench, hearing))
            if count:
                score = prominence(bench.theory, bench.inference, state, other) if other is not None else ()
                key = (other is None, [not mark for mark in score], -count, state, other or "")
                ranked.append((key, hearing))
    return [hearing for _, hearing in sorted(ranked, key=lambda entry: entry[0])]


def main_hearings(bench: Bench, chosen: Sequence[Hearing], focus: str | None, toward: str | None) -> list[Hearing]:
    """Give one hearing a state, towards its main threat: what outcomes and cautions are drawn from."""
    if focus is not None:
        return list(chosen[:1])
    found: list[Hearing] = []
    for state in bench.inference.situation.states:
        if toward is not None and state != toward:
            found.append(hear(bench, state, toward))
        else:
            others = threats(bench.theory, bench.inference, state)
            found.append(hear(bench, state, others[0] if others else None))
    return found
