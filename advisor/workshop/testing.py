"""Whether every proposition fires and is silent as its situations say, from their facts and from their text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from advisor.inference import infer
from advisor.nearest import Nearest, nearest_in
from advisor.situation import closed, situation
from advisor.terms import SYSTEM, Fact, Inference, Reading, Situation, Theory
from advisor.theory import proposition_by_id
from advisor.vocabulary import canonical
from advisor.workshop.expecting import Case, Check, checks, coded
from advisor.workshop.settling import settled
from advisor.workshop.situations import Test, all_tests, as_it_should, as_situation, called

Source = Literal["facts", "text"]
Read = Callable[[str], Reading]
"""Reads a text, as ``advisor.read`` does."""


@dataclass(frozen=True, slots=True)
class Result:
    """A test that was run: whether it passed, and for one that did not where the proposition comes nearest to applying.

    ``unread`` are the facts of the situation that its text was not read as saying, ``more`` what was read beside them.
    """

    test: Test
    source: Source
    passed: bool
    nearest: Nearest | None = None
    unread: tuple[Fact, ...] = ()
    more: tuple[Fact, ...] = ()


def run(
    theory: Theory,
    read: Read | None = None,
    tests: Sequence[Test] | None = None,
    known: Mapping[str, Inference] | None = None,
) -> Iterator[Result]:
    """Run the situations from their facts or, with ``read``, from their texts; ``known`` was inferred already."""
    for test in all_tests(theory) if tests is None else tests:
        stated = as_situation(theory, test.example.facts)
        if read is None:
            inferred = (known or {}).get(test.name)
            yield _result(theory, test, "facts", infer(theory, stated) if inferred is None else inferred)
        else:
            told = _told(theory, read(test.example.text), stated)
            yield _result(theory, test, "text", infer(theory, told), stated)


def _told(theory: Theory, reading: Reading, stated: Situation) -> Situation:
    """Give the situation that a text tells; the states of the usual names are there as they are in the facts."""
    usual = set(called(theory.vocabulary).values())
    names = [state.name for state in reading.states]
    return situation(theory.vocabulary, reading.observations, [*names, *usual.intersection(stated.states)])


def _result(
    theory: Theory, test: Test, source: Source, inference: Inference, stated: Situation | None = None
) -> Result:
    """Judge one test."""
    proposition = proposition_by_id(theory)[test.proposition]
    applied = settled(inference).applied.get(proposition.id, frozenset())
    states = {arg for fact in test.example.facts for arg in fact.args} - {SYSTEM} or set(inference.situation.states)
    if as_it_should(theory, proposition, test.kind, applied, states):
        return Result(test, source, True)
    usual = called(theory.vocabulary)
    fixed = usual if test.kind == "fires" and states & set(usual.values()) else {}
    near = nearest_in(theory, inference, proposition, usual, fixed)
    if stated is None:
        return Result(test, source, False, near)
    read = {f for f in inference.situation.facts if f not in inference.situation.assumptions}
    wanted = {canonical(theory.vocabulary, fact) for fact in test.example.facts}
    unread = tuple(sorted(fact for fact in wanted if fact not in closed(theory.vocabulary, read)))
    implied = closed(theory.vocabulary, test.example.facts)
    more = {canonical(theory.vocabulary, f) for f in read if f.holds and f not in implied}
    return Result(test, source, False, near, unread, tuple(sorted(more)))


def run_cases(
    theory: Theory, cases: Sequence[Case], read: Read | None = None, known: Mapping[str, Inference] | None = None
) -> Iterator[Check]:
    """Hold the expectations of transcripts against their facts or, with ``read``, against their texts."""
    for case in cases:
        if read is None:
            inferred = (known or {}).get(case.transcript.id)
            yield from checks(theory, infer(theory, coded(theory, case)) if inferred is None else inferred, case)
        elif case.transcript.text:
            reading = read(case.transcript.text)
            told = situation(theory.vocabulary, reading.observations, [state.name for state in reading.states])
            yield from checks(theory, infer(theory, told), case)
