"""The grounds of an answer: every proposition that counted, with its source and what met its conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from advisor.explanation.account import Bench, Claim, Clause, Line
from advisor.explanation.clauses import (
    Teller,
    cited,
    clause,
    concluded,
    distinct,
    in_prose,
    infinitive,
    lacking,
    premises,
)
from advisor.terms import SYSTEM, Argument, Fact, Justification, OutcomeClaim, Prospect, Verdict
from advisor.vocabulary import canonical

Applied: TypeAlias = Mapping[tuple[str, tuple[tuple[str, str], ...]], Justification]
"""The applications of propositions, by proposition and bindings."""


def applied(teller: Teller) -> Applied:
    """Index the applications of propositions."""
    return {(each.proposition, each.bindings): each for each in teller.inference.justifications}


def benches(teller: Teller, verdict: Verdict, uses: Applied) -> tuple[Bench, ...]:
    """List the propositions that counted in a verdict by school, in the theory's order, each once."""
    found: dict[str, dict[str, list[Argument]]] = {school: {} for school in teller.schools}
    for argument in verdict.arguments:
        found[argument.school].setdefault(argument.proposition, []).append(argument)
    return tuple(
        Bench(teller.schools[school], tuple(_line(teller, verdict, same, uses) for same in by_id.values()))
        for school, by_id in found.items()
        if by_id
    )


def _line(teller: Teller, verdict: Verdict, same: Sequence[Argument], uses: Applied) -> Line:
    sides: dict[tuple[bool, int], dict[str, None]] = {}
    for argument in sorted(same, key=lambda argument: (not argument.favours, -argument.strength)):
        does = infinitive(teller, argument.strategy, verdict.toward)
        sides.setdefault((argument.favours, argument.strength), {})[does] = None
    claims = tuple(Claim(tuple(does), strength, favours) for (favours, strength), does in sides.items())
    return _told(teller, same[0].proposition, uses.get((same[0].proposition, same[0].bindings)), claims)


def _told(
    teller: Teller,
    id_: str,
    use: Justification | None,
    claims: tuple[Claim, ...],
    facts: tuple[Clause, ...] = (),
) -> Line:
    """Tell one application of a proposition."""
    proposition = teller.propositions[id_]
    return Line(
        cited(teller, id_),
        in_prose(teller, proposition.gloss),
        proposition.checked,
        facts,
        claims,
        tuple(clause(teller, fact) for fact in distinct(teller, premises(use))) if use else (),
        tuple(dict.fromkeys(lacking(teller, fact) for absence in use.absences for fact in absence.facts))
        if use
        else (),
    )


def steps(teller: Teller, facts: Iterable[Fact]) -> tuple[Line, ...]:
    """Tell how some facts, and those that they rest on, were concluded, the deepest first, none twice.

    A fact that several propositions conclude is told by each of them.
    """
    found: list[Line] = []

    def tell(fact: Fact) -> None:
        known = canonical(teller.theory.vocabulary, fact)
        if concluded(teller, fact) is None or known in teller.told:
            return
        teller.told.add(known)
        uses = {use.proposition: use for use in reversed(teller.by[known])}
        for use in reversed(uses.values()):
            for reason in premises(use):
                tell(reason)
            found.append(_told(teller, use.proposition, use, (), (clause(teller, fact),)))

    for fact in facts:
        tell(fact)
    return tuple(found)


def reasons_in(teller: Teller, uses: Iterable[Justification]) -> list[Fact]:
    """Give the facts that some applications rest on, each once."""
    return distinct(teller, (fact for use in uses for fact in premises(use)))


def used_by(verdict: Verdict, uses: Applied) -> list[Justification]:
    """Give the applications that a verdict's arguments are."""
    keys = dict.fromkeys((argument.proposition, argument.bindings) for argument in verdict.arguments)
    return [uses[key] for key in keys if key in uses]


def outcome_lines(teller: Teller, prospect: Prospect, subject: str, words: Mapping[str, str]) -> tuple[Line, ...]:
    """List the propositions that speak to an outcome."""
    lines = []
    for id_ in (*prospect.pro, *prospect.contra):
        for use in teller.inference.justifications:
            names = dict(use.bindings)
            claims = tuple(
                Claim((f"{subject} is {words[claim.value]}",), claim.strength, True, True)
                for claim in teller.propositions[id_].conclusions
                if isinstance(claim, OutcomeClaim)
                and claim.outcome == prospect.outcome
                and (tuple(names.get(t.name, t.name) if t.role else t.name for t in claim.terms) or (SYSTEM,))
                == prospect.args
            )
            if use.proposition == id_ and claims:
                lines.append(_told(teller, id_, use, claims))
                break
    return tuple(lines)
