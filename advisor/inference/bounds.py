"""How large a situation may be: past these bounds the program says so instead of eating the machine."""

from __future__ import annotations

MAX_STATES = 250
"""How many states a situation may name."""

MAX_FACTS = 20_000
"""How many facts may be known at once, the situation's and the derived."""

MAX_APPLICATIONS = 50_000
"""How many ways there may be to meet the conditions of propositions, all together: each leaves a justification."""

MAX_LOOKUPS = 500_000
"""How many facts may be looked up for all ``unless`` together."""

MAX_JOINS = 5_000_000
"""How many facts the matcher may try in its search for states to fill the roles."""


class TooLarge(ValueError):
    """A situation is too large to reason about; the message says which bound it passes and what to do."""


def refuse(what: str, limit: int) -> TooLarge:
    """Make the complaint that a situation needs more than ``limit`` of ``what``."""
    return TooLarge(
        f"the situation is too large to reason about: it needs more than {limit:,} {what}; "
        "leave out the states that do not bear on the question"
    )
