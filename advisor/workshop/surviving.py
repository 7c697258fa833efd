"""What becomes of the mutants that survive: each is proved to mean the same, or told apart by a situation to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.terms import Theory
from advisor.theory import proposition_by_id
from advisor.workshop.distinguishing import Distinguishing, distinguishing, in_english
from advisor.workshop.equivalence import equivalent
from advisor.workshop.killing import Fate
from advisor.workshop.mutants import Mutant, mutants_of


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that nothing tells from its original, with a proof that nothing can, or a situation that would.

    ``told`` is the situation in English.  Where there is neither, nothing was found.
    """

    mutant: Mutant
    proved: bool = False
    situation: Distinguishing | None = None
    told: str = ""


def survivors(theory: Theory, found: Sequence[Fate]) -> tuple[Survivor, ...]:
    """Look at each mutant that survives, in order."""
    alive: dict[str, list[Mutant]] = {}
    for fate in found:
        if fate.survives:
            alive.setdefault(fate.mutant.proposition.id, []).append(fate.mutant)
    return tuple(each for id_, mutants in alive.items() for each in _of_one(theory, id_, mutants))


def _of_one(theory: Theory, id_: str, mutants: Sequence[Mutant]) -> list[Survivor]:
    """Look at the surviving mutants of one proposition."""
    original = proposition_by_id(theory)[id_]
    proved = [mutant for mutant in mutants if equivalent(theory, original, mutant)]
    told: dict[str, Distinguishing] = {}
    for situation in distinguishing(theory, original, [mutant for mutant in mutants if mutant not in proved]):
        told |= dict.fromkeys(situation.mutants, situation)
    return [
        Survivor(
            mutant,
            mutant in proved,
            told.get(mutant.id),
            in_english(theory.vocabulary, told[mutant.id].facts) if mutant.id in told else "",
        )
        for mutant in mutants
    ]


def mutant_called(theory: Theory, id_: str) -> Mutant | None:
    """Find a mutant by its id, or None if there is none."""
    proposition = proposition_by_id(theory).get(id_.partition("/")[0])
    found = mutants_of(theory, proposition) if proposition else ()
    return next((mutant for mutant in found if mutant.id == id_), None)
