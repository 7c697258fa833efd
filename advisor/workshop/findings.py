"""What the analysis finds, with a witness: a concrete situation in which it shows, and which replays in the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from advisor.terms import Diagnostic, Fact, Theory
from advisor.vocabulary import say
from advisor.wording import sentence

Binding = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Applies:
    """That a proposition applies to those cast (or, ``holds`` false, that it does not)."""

    proposition: str
    binding: Binding = ()
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Silenced:
    """That a proposition applies to those cast, but a live one defeats it (or, ``holds`` false, that none does)."""

    proposition: str
    binding: Binding
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Unspoken:
    """That no proposition argues for or against one of these strategies of a state that faces a threat."""

    state: str
    toward: str
    strategies: tuple[str, ...]


Claim = Applies | Silenced | Unspoken


@dataclass(frozen=True, slots=True)
class Witness:
    """A situation, and what is so in it.  ``told`` says in words what it shows."""

    facts: tuple[Fact, ...]
    states: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A complaint with its witness, if it is one of the analysis.

    ``accepted`` is the reason why the authors let it stand.  ``about`` are the ids that it concerns, the one whose
    section it stands in first.
    """

    diagnostic: Diagnostic
    witness: Witness | None = None
    about: tuple[str, ...] = ()
    accepted: str = ""


def sentences(theory: Theory, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Say facts in sentences of the vocabulary."""
    return tuple(sentence(say(theory.vocabulary, fact)) for fact in facts)
