"""The one door to experta, the expert-system shell: its names, and the two kinds of fact we give it.

experta 1.9.4 pins a frozendict that imports ``collections.Mapping``, which Python dropped in 3.10; the name
is lent to it for the import.  experta also sets up the root logger when imported; that is undone.
"""

from __future__ import annotations

import collections
import collections.abc
import logging
from typing import Any

_lent = not hasattr(collections, "Mapping")
_handlers = list(logging.root.handlers)
if _lent:
    collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
try:
    from experta import TEST, InitialFact, KnowledgeEngine, P, Rule, W
    from experta import Fact as EngineFact
    from experta.abstract import Matcher
    from experta.activation import Activation
    from experta.matchers import ReteMatcher
finally:
    if _lent:
        del collections.Mapping  # type: ignore[attr-defined]
    logging.root.handlers[:] = _handlers

__all__ = [
    "TEST",
    "Activation",
    "EngineFact",
    "InitialFact",
    "KnowledgeEngine",
    "Known",
    "Matcher",
    "OneOf",
    "P",
    "Player",
    "ReteMatcher",
    "Rule",
    "W",
]


class Known(EngineFact):  # type: ignore[misc]
    """A fact of the situation: ``variable``, ``value``, ``holds``, and ``arg0`` and ``arg1`` for its arguments."""


class Player(EngineFact):  # type: ignore[misc]
    """A state that may fill a role; slot ``state``."""


class OneOf:
    """The test that a slot has one of several values, in a form that a matcher can look into."""

    def __init__(self, values: tuple[str, ...]) -> None:
        self.values = values

    def __call__(self, value: Any) -> bool:
        """Say whether the value is one of them."""
        return value in self.values
