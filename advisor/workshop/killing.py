"""Mutation testing of the rules: which mutants the situations, transcripts and records tell from the original.

A mutant is tried first on the situations of its own proposition, then on those of others that build on it, then on
what the transcripts expect, at last against the record of situations and transcripts.  The first that tells it apart
kills it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from advisor.inference import infer
from advisor.inference.applying import Ready, applications, made_ready
from advisor.inference.compile import Binding
from advisor.terms import Inference, Proposition, Theory
from advisor.theory import proposition_by_id
from advisor.verdict import STATE, THREAT
from advisor.workshop.expecting import Case, checks, coded
from advisor.workshop.mutants import Mutant, mutants_of
from advisor.workshop.recording import Entry, Facing, applied_in, entry, made_of
from advisor.workshop.settling import (
    Settled,
    derives,
    made_all_ready,
    settle,
    settled,
    with_applications,
    with_proposition,
)
from advisor.workshop.situations import Test, all_tests, as_it_should, as_situation, called

Killer = Literal["its situations", "situations of others", "transcripts", "record", ""]
"""What told a mutant from the original; nothing if it survives."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A situation on which mutants are tried: a proposition's or a transcript's, and what the theory makes of it."""

    name: str
    settled: Settled
    test: Test | None
    case: Case | None


@dataclass(frozen=True, slots=True)
class Fate:
    """A mutant and what killed it: the kind of test and its name."""

    mutant: Mutant
    killer: Killer
    by: str = ""

    @property
    def survives(self) -> bool:
        """Whether nothing tells the mutant from the original."""
        return not self.killer


@dataclass(frozen=True)
class Trial:
    """A theory with all its grounds, made ready once for all mutants.

    ``recorded`` names the grounds that are as a record says: there a mutant is noticed that makes them otherwise.
    """

    theory: Theory
    grounds: tuple[Ground, ...]
    recorded: frozenset[str] = frozenset()

    @cached_property
    def ready(self) -> dict[str, Ready]:
        """Every proposition made ready."""
        return made_all_ready(self.theory)

    @cached_property
    def propositions(self) -> dict[str, Proposition]:
        """The propositions by id."""
        return proposition_by_id(self.theory)

    @cached_property
    def known(self) -> dict[str, Inference]:
        """What was inferred from each ground, by its name."""
        return {ground.name: ground.settled.inference for ground in self.grounds}

    def facing(self, ground: Ground) -> Facing:
        """Who is judged towards whom: in the situation of a proposition the state and the threat of the usual names."""
        usual = called(self.theory.vocabulary)
        return (usual.get(STATE), usual.get(THREAT)) if ground.test else (None, None)


def prepared(theory: Theory, cases: Sequence[Case]) -> Trial:
    """Infer from every situation and every transcript once."""
    grounds = [
        Ground(test.name, settled(infer(theory, as_situation(theory, test.example.facts))), test, None)
        for test in all_tests(theory)
    ]
    grounds += [Ground(case.transcript.id, settled(infer(theory, coded(theory, case))), None, case) for case in cases]
    return Trial(theory, tuple(grounds))


def entries(trial: Trial) -> list[Entry]:
    """Record every ground, those of propositions first."""
    return [
        entry(trial.theory, ground.name, ground.settled.inference, trial.facing(ground)) for ground in trial.grounds
    ]


def fates(trial: Trial, propositions: Sequence[str] = ()) -> Iterator[Fate]:
    """Try the mutants of the propositions named, or of all."""
    for proposition in trial.theory.propositions:
        if not propositions or proposition.id in propositions:
            for mutant in mutants_of(trial.theory, proposition):
                yield fate(trial, mutant)


def fate(trial: Trial, mutant: Mutant) -> Fate:
    """Try one mutant."""
    original = trial.propositions[mutant.proposition.id]
    if (mutant.proposition.conditions, mutant.proposition.unless) != (original.conditions, original.unless):
        return _applying_otherwise(trial, mutant, original)
    return _concluding_otherwise(trial, mutant, original)


def _applying_otherwise(trial: Trial, mutant: Mutant, original: Proposition) -> Fate:
    """Try a mutant whose conditions differ: it matters only where it applies to others."""
    ready = made_ready(trial.theory, mutant.proposition)
    name = original.id
    own = [ground for ground in trial.grounds if ground.test and ground.test.proposition == name]
    for ground in own:
        if not _passes(trial, ground, ground.test, original, applications(ready, ground.settled.known)):
            return Fate(mutant, "its situations", ground.name)
    different = [
        (ground, applied)
        for ground in trial.grounds
        if (applied := applications(ready, ground.settled.known)) != ground.settled.applied.get(name, frozenset())
    ]
    if not different:
        return Fate(mutant, "")
    theory = with_proposition(trial.theory, mutant.proposition)
    all_ready = {**trial.ready, name: ready}
    results: list[tuple[Ground, Inference]] = []
    for ground, applied in different:
        base = ground.settled.inference
        if derives(original):
            after = settle(theory, base.situation, all_ready)
            inference = after.inference
            if ground.test and not _passes(
                trial,
                ground,
                ground.test,
                trial.propositions[ground.test.proposition],
                after.applied.get(ground.test.proposition, frozenset()),
            ):
                return Fate(mutant, "situations of others", ground.name)
        else:
            inference = with_applications(theory, base, name, applied)
        results.append((ground, inference))
    return _told_apart(trial, mutant, theory, results)


def _concluding_otherwise(trial: Trial, mutant: Mutant, original: Proposition) -> Fate:
    """Try a mutant that concludes or defeats something else: it matters only where it applies."""
    theory = with_proposition(trial.theory, mutant.proposition)
    deriving = derives(original)
    all_ready = {**trial.ready, original.id: made_ready(theory, mutant.proposition)} if deriving else {}
    results: list[tuple[Ground, Inference]] = []
    for ground in trial.grounds:
        base = ground.settled.inference
        if original.id not in ground.settled.applied:
            continue
        inference = base
        if deriving:
            after = settle(theory, base.situation, all_ready)
            inference = after.inference
            if ground.test and not _passes(
                trial,
                ground,
                ground.test,
                trial.propositions[ground.test.proposition],
                after.applied.get(ground.test.proposition, frozenset()),
            ):
                own = ground.test.proposition == original.id
                return Fate(mutant, "its situations" if own else "situations of others", ground.name)
        results.append((ground, inference))
    return _told_apart(trial, mutant, theory, results)


def _passes(
    trial: Trial, ground: Ground, test: Test | None, proposition: Proposition, applied: frozenset[Binding]
) -> bool:
    """Whether a proposition does in a situation what it should."""
    assert test is not None
    states = {arg for fact in test.example.facts for arg in fact.args} & set(ground.settled.known.states)
    return as_it_should(trial.theory, proposition, test.kind, applied, states or ground.settled.known.states)


def _told_apart(trial: Trial, mutant: Mutant, theory: Theory, results: Sequence[tuple[Ground, Inference]]) -> Fate:
    """Find a transcript that expects something else, or a record that differs."""
    for ground, inference in results:
        if ground.case and any(not check.passed for check in checks(theory, inference, ground.case)):
            return Fate(mutant, "transcripts", ground.name)
    for ground, inference in results:
        if ground.name in trial.recorded and differs(trial, ground, theory, inference):
            return Fate(mutant, "record", ground.name)
    return Fate(mutant, "")


def differs(trial: Trial, ground: Ground, theory: Theory, inference: Inference) -> bool:
    """Whether a changed theory makes something else of a situation, down to the degrees."""
    base = ground.settled.inference
    if applied_in(base) != applied_in(inference):
        return True
    facing = trial.facing(ground)
    return made_of(theory, inference, facing) != made_of(trial.theory, base, facing)
