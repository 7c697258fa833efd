"""How large a situation may be: past these bounds the program says so instead of eating the machine."""

from __future__ import annotations

MAX_STATES = 250
"""How many states a situation may name."""

MAX_FACTS = 20_000
"""How many facts may be known at once, the situation's and the derived."""

MAX_APPLICATIONS = 50_000
"""How many ways there may be to meet the conditions of propositions, all together: each leaves a justification."""

MAX_LOOKUPS = 500_000
"""How many facts may be looked for, and not found, by all ``unless`` together: each is written down."""

MAX_CASTS = 1_000_000
"""How many ways to fill the roles of conditions, a part of them or all, may be kept track of: some 300 MB."""

MAX_PROPOSITIONS = 5_000
"""How many propositions a theory may have."""


class TooLarge(ValueError):
    """A situation or a theory is too large to reason about; the message says which bound it passes and what to do."""


def refuse(what: str, limit: int) -> TooLarge:
    """Make the complaint that a situation needs more than ``limit`` of ``what``."""
    return TooLarge(
        f"the situation is too large to reason about: it needs more than {limit:,} {what}; "
        "leave out the states that do not bear on the question"
    )


def refuse_theory(count: int) -> TooLarge:
    """Make the complaint that a theory has too many propositions."""
    return TooLarge(
        f"the theory is too large to reason with: it has {count:,} propositions, and {MAX_PROPOSITIONS:,} can be run; "
        "keep those in one folder that answer one another"
    )
