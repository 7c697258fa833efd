"""Theory and situation in, every argument the theory makes about the situation out: the only door to experta.

``compile`` says what a proposition looks for and what follows, ``network`` keeps track of what is found, ``growing``
arranges it, ``matcher`` hands it to experta, ``engine`` runs the rules, ``record`` writes down the reasons, and
``revision`` does so again where only a little of the situation has changed.  experta is loaded when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable

from advisor.inference.bounds import TooLarge
from advisor.terms import Inference, Situation, Theory

__all__ = ["TooLarge", "infer", "revising"]


def infer(theory: Theory, situation: Situation) -> Inference:
    """Apply every proposition to every choice of states it holds of, and keep the reasons.

    Raises ``TooLarge`` on a situation past the bounds.  The theory must be one that ``load_theory`` accepts.
    """
    from advisor.inference.revision import inferred

    return inferred(theory, situation)


def revising(theory: Theory, situation: Situation) -> Callable[[Theory, Situation], Inference]:
    """Give a function that infers as ``infer`` does, and quickly so where a situation is much like the last one.

    The first one is this.  The function remembers, so it is for one line of thought at a time.
    """
    from advisor.inference.revision import Revision

    return Revision.of(theory, situation)
