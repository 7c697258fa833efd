"""Inference, and inference again where a little has changed.

An engine that has dealt with a situation is turned to the next one: it takes back what rested on facts that are gone
and draws what follows from new ones.  A justification is written anew only if a fact came or went that it looks
at.  What comes out is what an engine that starts from nothing gives, whatever it was turned through before.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from advisor.inference.engine import Engine, engine_class
from advisor.inference.matcher import Match
from advisor.inference.record import about, justification
from advisor.terms import Inference, Justification, Situation, Theory


def infer(theory: Theory, situation: Situation) -> Inference:
    """Apply every proposition to every choice of states it holds of, and keep the reasons.

    Raises ``TooLarge`` on a situation past the bounds.  The theory must be one that ``load_theory`` accepts.
    """
    idle = engine_class(theory).idle
    engine = idle.pop() if idle else engine_class(theory)()
    engine.begin(situation)
    reasons = [reason for number in sorted(engine.applied) for reason in _in_order(engine, engine.applied[number])]
    inference = Inference(situation, frozenset(engine.known), tuple(reasons), theory.digest)
    idle.append(engine)
    return inference


def revising(theory: Theory, situation: Situation) -> Callable[[Theory, Situation], Inference]:
    """Give a function that infers as ``infer`` does, and quickly so where a situation is much like the last one.

    The first one is this.  The function remembers, so it is for one line of thought at a time.
    """
    engine = engine_class(theory)()
    watched: dict[tuple[str, tuple[str, ...]], dict[Match, None]] = {}
    written: list[tuple[Justification, ...]] = []

    def start(case: Situation) -> None:
        watched.clear()
        engine.begin(case)
        engine.touched, engine.withdrawn = [], []
        engine.stirred = set(engine.applied)
        written[:] = [()] * len(engine.statements)

    def again(of: Theory, case: Situation) -> Inference:
        if of is not theory and of != theory:
            return infer(of, case)
        if not written or case.states != engine.states:
            start(case)
        else:
            # What is left half done by a complaint is not gone on from.
            kept, written[:] = tuple(written), ()
            engine.turn(case)
            written[:] = kept
        for match in engine.withdrawn:
            for key in match.watches:
                del watched[key][match]
            match.reason, match.watches = None, ()
        for fact in engine.touched:
            for match in watched.get((fact.variable, fact.args), ()):
                match.reason = None
                engine.stirred.add(match.number)
        for number in engine.stirred:
            applied = engine.applied.get(number, {})
            written[number] = _in_order(engine, applied)
            for match in applied:
                if not match.watches:
                    match.watches = about(match.form, match.cast)
                    for key in match.watches:
                        watched.setdefault(key, {})[match] = None
        engine.touched, engine.withdrawn, engine.stirred = [], [], set()
        reasons = tuple(itertools.chain.from_iterable(written))
        return Inference(case, frozenset(engine.known), reasons, theory.digest)

    again(theory, situation)
    return again


def _in_order(engine: Engine, matches: Iterable[Match]) -> tuple[Justification, ...]:
    """Give the justifications of a proposition's matches, written where they are not yet."""
    for match in matches:
        if match.reason is None:
            match.reason = justification(match.form, match.cast, match.derived, engine.known, engine.states)
    reasons = (match.reason for match in matches if match.reason)
    return tuple(sorted(reasons, key=lambda reason: reason.bindings))
