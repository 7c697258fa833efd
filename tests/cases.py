"""Cases to try the laws of inference on: theories and situations that hypothesis makes up and makes smaller.

A case that breaks a law is shown as its rules and facts, in the words of its vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import drawn
import random_theories as rt
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some

from advisor.grammar import write_rule
from advisor.terms import Caution, Fact, Measure, Outcome, Proposition, RoleName, Situation, Strategy, Theory
from advisor.vocabulary import say

LOT = 20
WORDS = replace(
    rt.VOCABULARY,
    roles=tuple(RoleName(role, f"the {role}", "") for role in rt.ROLES),
    strategies=tuple(Strategy(name, "", "", name) for name in ("resist", "yield")),
    outcomes=(Outcome("peril", "the peril of {0}", 1, (("likely", "more likely"), ("unlikely", "less likely"))),),
    measures=(Measure("alarm", "resist", "sound the alarm"),),
    cautions=(Caution("doubt", "the doubt", ""),),
)
"""The vocabulary of the random theories with all that is needed to write a rule."""


@dataclass(frozen=True, repr=False)
class Case:
    """A theory, the level of each of its propositions, and a situation."""

    theory: Theory
    level: dict[str, int]
    situation: Situation

    def __repr__(self) -> str:
        return told(self.theory, self.situation)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # hypothesis would else print every field


def told(theory: Theory, situation: Situation) -> str:
    """Write a case as an author would."""
    rules = [f"{each.id}:\n{in_words(each)}\n" for each in theory.propositions]
    return "\n".join(["", *rules, f"states: {', '.join(situation.states)}", *facts_in_words(situation.facts)])


def in_words(proposition: Proposition) -> str:
    """Write a rule in English, or else as what it is."""
    try:
        return write_rule(WORDS, proposition)
    except (LookupError, StopIteration):
        return repr(proposition)


def facts_in_words(facts: frozenset[Fact]) -> list[str]:
    """Say each fact."""
    return [f"- {say(rt.VOCABULARY, fact)}" for fact in sorted(facts)]


@some.composite
def cases(draw: some.DrawFn, unless: bool = True, size: int = 12) -> Case:
    """Make up a theory and a situation."""
    by = drawn.Drawn(draw)
    theory, level = drawn.theory(by, size, unless)
    return Case(theory, level, drawn.situation(by, 24, by.choice((3, 4, 5, 4, 3, 2, 1, 0))))


def try_out(law: Callable[..., object], count: int, *strategies: some.SearchStrategy[Any], chance: object = 0) -> None:
    """Try a law on so many random cases, the same for the same ``chance``; one that breaks it is made smaller.

    They come in lots, since hypothesis varies what it has made up before.
    """
    for number, begun in enumerate(range(0, count, LOT)):
        how = settings(
            max_examples=min(LOT, count - begun),
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        seed(f"{chance} {number}")(how(given(*strategies)(law)))()
