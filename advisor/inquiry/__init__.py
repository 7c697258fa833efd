"""What to ask next, what would change a verdict, and seven answers about it."""

from __future__ import annotations

from advisor.inquiry.asking import Again, next_question, open_conflicts
from advisor.inquiry.matters import Unknown, with_fact, without_fact

__all__ = ["Again", "Unknown", "next_question", "open_conflicts", "with_fact", "without_fact"]
