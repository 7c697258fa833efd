"""Inference, and inference again where a little has changed.

An engine that has dealt with a situation is turned to the next one: it takes back what rested on facts that are gone
and draws what follows from new ones.  A justification is written anew only if a fact came or went that it looks
at.  What comes out is what an engine that starts from nothing gives, whatever it was turned through before.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable

from advisor.inference.engine import Engine, engine_class
from advisor.inference.matcher import Match
from advisor.inference.record import about, justification
from advisor.terms import Inference, Justification, Situation, Theory


def inferred(theory: Theory, situation: Situation) -> Inference:
    """Infer from nothing, as ``advisor.inference.infer`` says."""
    kind = engine_class(theory)
    engine = kind.idle.pop() if kind.idle else kind()
    engine.begin(situation)
    reasons = [reason for number in sorted(engine.applied) for reason in _in_order(engine, engine.applied[number])]
    inference = Inference(situation, frozenset(engine.known), tuple(reasons), theory.digest)
    kind.idle.append(engine)
    return inference


class Revision:
    """An engine, and what is written down of the situation it dealt with last.

    ``written`` are the justifications of each proposition, ``watched`` the matches that look at a variable of some
    arguments.
    """

    def __init__(self, theory: Theory, engine: Engine) -> None:
        self.theory, self.engine = theory, engine
        self._start()

    @classmethod
    def of(cls, theory: Theory, situation: Situation) -> Revision:
        """Begin with a situation; the engine that dealt with this very one last need not do so again."""
        kind = engine_class(theory)
        engine = next((each for each in kind.idle if each.situation is situation), None)
        if engine:
            kind.idle.remove(engine)
        else:
            engine = kind.idle.pop() if kind.idle else kind()
            engine.begin(situation)
        revision = cls(theory, engine)
        weakref.finalize(revision, kind.idle.append, engine)
        return revision

    def _start(self) -> None:
        self.watched: dict[tuple[str, tuple[str, ...]], dict[Match, None]] = {}
        self.written: list[tuple[Justification, ...]] = [()] * len(self.engine.statements)
        self.engine.touched, self.engine.withdrawn, self.engine.stirred = [], [], set(self.engine.applied)
        for match in itertools.chain.from_iterable(self.engine.applied.values()):
            match.watches = ()
        self._write()

    def __call__(self, theory: Theory, situation: Situation) -> Inference:
        """Infer as ``inferred`` does."""
        if theory is not self.theory and theory != self.theory:
            return inferred(theory, situation)
        if self.engine.situation is not None and self.engine.states == situation.states:
            self.engine.turn(situation)
            self._write()
        else:
            self.engine.begin(situation)
            self._start()
        reasons = tuple(itertools.chain.from_iterable(self.written))
        return Inference(situation, frozenset(self.engine.known), reasons, theory.digest)

    def _write(self) -> None:
        """Write down what has changed."""
        engine, watched = self.engine, self.watched
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
            self.written[number] = _in_order(engine, applied)
            for match in applied:
                if not match.watches:
                    match.watches = about(match.form, match.cast)
                    for key in match.watches:
                        watched.setdefault(key, {})[match] = None
        engine.touched, engine.withdrawn, engine.stirred = [], [], set()


def _in_order(engine: Engine, matches: Iterable[Match]) -> tuple[Justification, ...]:
    """Give the justifications of a proposition's matches, written where they are not yet."""
    for match in matches:
        if match.reason is None:
            match.reason = justification(match.form, match.cast, match.derived, engine.known, engine.states)
    reasons = (match.reason for match in matches if match.reason)
    return tuple(sorted(reasons, key=lambda reason: reason.bindings))
