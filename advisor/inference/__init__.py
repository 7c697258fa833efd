"""Theory and situation in, every argument the theory makes about the situation out: the only door to experta.

``compile`` turns propositions into rules, ``matcher`` finds which can fire, ``engine`` runs them and ``record``
writes down which facts met which condition.
"""

from __future__ import annotations

from advisor.inference.bounds import TooLarge
from advisor.inference.engine import MatcherName, run, statements
from advisor.inference.record import justification, wording
from advisor.terms import Inference, Justification, Situation, Theory

__all__ = ["TooLarge", "infer"]


def infer(theory: Theory, situation: Situation, matcher: MatcherName = "indexed") -> Inference:
    """Apply every proposition to every choice of states it holds of, and keep the reasons.

    ``matcher`` chooses between our matcher and experta's own, which is slow and gives the same.
    Raises ``TooLarge`` on a situation past the bounds.  The theory must be one that ``load_theory`` accepts.
    """
    found = run(theory, situation, matcher)
    reasons: list[Justification] = []
    for ready in statements(theory):
        bindings = found.applications.get(ready.proposition.id, frozenset())
        if bindings:
            words = wording(theory.vocabulary, ready)
            reasons.extend(justification(ready, words, b, found.facts, situation) for b in sorted(bindings))
    return Inference(situation, found.facts, tuple(reasons), theory.digest)
