"""The one door to experta, the expert-system shell.

experta 1.9.4 pins a frozendict that imports ``collections.Mapping``, which Python dropped in 3.10; the name
is lent to it for the import.  experta also sets up the root logger when imported; that is undone.
"""

from __future__ import annotations

import collections
import collections.abc
import logging

_lent = not hasattr(collections, "Mapping")
_handlers = list(logging.root.handlers)
if _lent:
    collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
try:
    from experta import KnowledgeEngine, Rule
    from experta.abstract import Matcher, Strategy
    from experta.activation import Activation
    from experta.agenda import Agenda
finally:
    if _lent:
        del collections.Mapping  # type: ignore[attr-defined]
    logging.root.handlers[:] = _handlers

__all__ = ["Activation", "Agenda", "KnowledgeEngine", "Matcher", "Rule", "Strategy"]
