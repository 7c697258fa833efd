"""The situations that propositions are tested on: what each is to show, and whether it does.

A proposition fires on a situation if it applies there with its roles played by the states that the vocabulary calls
so; it is silent if it does not.  In a situation that uses other names any choice of states counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from advisor.inference.compile import Binding
from advisor.situation import from_facts, states_in
from advisor.terms import Derivation, Example, Fact, Proposition, Situation, Theory, Vocabulary
from advisor.verdict import STATE

Kind = Literal["fires", "silent"]


@dataclass(frozen=True, slots=True)
class Test:
    """A situation, the proposition it tests, and whether that should fire or be silent; ``number`` counts from 1."""

    proposition: str
    kind: Kind
    number: int
    example: Example
    path: str

    @property
    def name(self) -> str:
        """What the test is called in a record and in a report."""
        return f"{self.proposition} {self.kind}" + (f" {self.number}" if self.number > 1 else "")


def situations_of(proposition: Proposition) -> Iterator[Test]:
    """Give the situations of a proposition, those on which it fires first."""
    kinds: tuple[tuple[Kind, tuple[Example | None, ...]], ...] = (
        ("fires", (proposition.fires, *proposition.more_fires)),
        ("silent", (proposition.silent, *proposition.more_silent)),
    )
    for kind, examples in kinds:
        for number, example in enumerate(examples, 1):
            if example is not None:
                yield Test(proposition.id, kind, number, example, proposition.path)


def all_tests(theory: Theory) -> tuple[Test, ...]:
    """Give the situations of all propositions, in the theory's order."""
    return tuple(test for proposition in theory.propositions for test in situations_of(proposition))


def called(vocabulary: Vocabulary) -> dict[str, str]:
    """Give the names that the states have in situations, by role."""
    return {role.id: role.called for role in vocabulary.roles if role.called}


def as_situation(theory: Theory, facts: Collection[Fact]) -> Situation:
    """Make a situation of facts; the states of the usual names are there, whether a fact speaks of them or not."""
    usual = called(theory.vocabulary).values()
    present = states_in(facts)
    known = usual if not present or set(present) & set(usual) else ()
    return from_facts(theory.vocabulary, facts, known)


def as_it_should(
    theory: Theory, proposition: Proposition, kind: Kind, applied: Collection[Binding], states: Collection[str]
) -> bool:
    """Whether a proposition, applied under these bindings in a situation of these states, does what is expected."""
    usual = called(theory.vocabulary)
    if not set(states) & set(usual.values()):
        return bool(applied) == (kind == "fires")
    casts = [dict(binding) for binding in applied]
    if kind == "fires":
        return any(_is(cast, usual) for cast in casts)
    derives = any(isinstance(conclusion, Derivation) for conclusion in proposition.conclusions)
    return not any(_is(c, usual) if derives else c.get(STATE, usual.get(STATE)) == usual.get(STATE) for c in casts)


def _is(cast: Mapping[str, str], usual: Mapping[str, str]) -> bool:
    """Whether every role is played by the state of the usual name."""
    return all(usual.get(role, state) == state for role, state in cast.items())
