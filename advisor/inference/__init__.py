"""Theory and situation in, every argument the theory makes about the situation out: the only door to experta.

``compile`` says what a proposition looks for and what follows, ``network`` keeps track of what is found, ``growing``
arranges it, ``matcher`` hands it to experta, ``engine`` runs the rules, ``record`` writes down the reasons, and
``revising`` does so again where only a little of the situation has changed.
"""

from __future__ import annotations

from advisor.inference.bounds import TooLarge
from advisor.inference.revising import infer, revising

__all__ = ["TooLarge", "infer", "revising"]
