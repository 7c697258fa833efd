"""Facts, strategies and propositions in words, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.explanation.account import (
    Clause,
    Ground,
)
from advisor.terms import (
    Fact,
    Inference,
    Justification,
    Observation,
    Proposition,
    Reading,
    Strategy,
    Theory,
    Verdict,
)
from advisor.verdict import THREAT
from advisor.vocabulary import canonical, say


@dataclass(frozen=True, slots=True)
class Teller:
    """A theory and an inference indexed for the telling, and what has been told already."""

    theory: Theory
    inference: Inference
    propositions: dict[str, Proposition]
    strategies: dict[str, Strategy]
    schools: dict[str, str]
    weights: Mapping[str, float]
    grounds: dict[Fact, tuple[Observation, ...]]
    derived: dict[Fact, Justification]
    assumed: frozenset[Fact]
    told: set[Fact]
    full: bool


def teller_of(
    theory: Theory,
    inference: Inference,
    reading: Reading | None,
    weights: Mapping[str, float] | None,
    full: bool,
) -> Teller:
    """Index what a telling needs; nothing has been told yet."""
    vocabulary = theory.vocabulary
    situation = inference.situation
    grounds: dict[Fact, list[Observation]] = {}
    for observation in situation.observations or (reading.observations if reading else ()):
        if observation.stance in ("asserted", "denied") and not observation.past:
            grounds.setdefault(canonical(vocabulary, observation.fact), []).append(observation)
    derived: dict[Fact, Justification] = {}
    for justification in inference.justifications:
        for fact in justification.derived:
            derived.setdefault(fact, justification)
    return Teller(
        theory,
        inference,
        {proposition.id: proposition for proposition in theory.propositions},
        {strategy.id: strategy for strategy in vocabulary.strategies},
        {school.id: school.name for school in theory.schools},
        {school.id: school.weight for school in theory.schools} | dict(weights or {}),
        {fact: tuple(found) for fact, found in grounds.items()},
        derived,
        frozenset(canonical(vocabulary, fact) for fact in situation.assumptions),
        set(),
        full,
    )


def clause(teller: Teller, fact: Fact, under: tuple[Fact, ...] = ()) -> Clause:
    """Say a fact with what it rests on, all the way down at its first mention and briefly later."""
    vocabulary = teller.theory.vocabulary
    text = say(vocabulary, fact)
    known = canonical(vocabulary, fact)
    if known in teller.told or fact in under:
        return Clause(text, "again")
    teller.told.add(known)
    justification = teller.derived.get(fact) or teller.derived.get(known)
    if justification is not None and known not in teller.grounds:
        proposition = teller.propositions[justification.proposition]
        reasons = tuple(clause(teller, reason, (*under, fact)) for reason in distinct(teller, premises(justification)))
        return Clause(text, "derived", (), reasons, proposition.title, plain(proposition.source))
    ground, quotes = _evidence(teller, known)
    return Clause(text, ground, quotes)


def premises(justification: Justification) -> tuple[Fact, ...]:
    """Give the facts that met the conditions of a proposition, each once, in its author's order."""
    return tuple(dict.fromkeys(fact for premise in justification.premises for fact in premise.facts))


def distinct(teller: Teller, facts: Iterable[Fact]) -> list[Fact]:
    """Drop facts that say the same as one before them, such as the other side of a border."""
    found: dict[Fact, Fact] = {}
    for fact in facts:
        found.setdefault(canonical(teller.theory.vocabulary, fact), fact)
    return list(found.values())


def _evidence(teller: Teller, fact: Fact) -> tuple[Ground, tuple[str, ...]]:
    """Say what a fact that was not concluded rests on; a denial may rest on another value of the variable."""
    observations = teller.grounds.get(fact, ())
    if not observations and not fact.holds:
        observations = tuple(
            observation
            for other, found in sorted(teller.grounds.items())
            if (other.variable, other.args) == (fact.variable, fact.args) and other.holds
            for observation in found
        )
    quotes = tuple(dict.fromkeys(e.span.quote for o in observations for e in o.evidence if e.span is not None))
    if quotes:
        return "text", quotes
    if any(evidence.source == "answer" for o in observations for evidence in o.evidence):
        return "answer", ()
    return ("assumption", ()) if fact in teller.assumed else ("given", ())


def plain(text: str) -> str:
    """Drop the marks of emphasis from a source or title as its author wrote it."""
    return text.replace("*", "").strip().rstrip(".")


def role_phrase(teller: Teller, role: str) -> str:
    """Give the words for a role that nobody plays: "the threat"."""
    return next((name.phrase for name in teller.theory.vocabulary.roles if name.id == role), role)


def infinitive(teller: Teller, strategy: str, toward: str | None) -> str:
    """Give what follows "to", with the name of the threat in it."""
    return teller.strategies[strategy].infinitive.replace("{threat}", toward or role_phrase(teller, THREAT))


def strategy_names(teller: Teller, verdict: Verdict, strategies: Sequence[str]) -> tuple[str, ...]:
    """Name strategies, a generic one in place of all its forms where somebody argues for it as such."""
    argued = [argument.strategy for argument in verdict.arguments]
    left = list(strategies)
    named: list[str] = []
    for generic in teller.strategies.values():
        if generic.forms and generic.id in argued and set(generic.forms) <= set(left):
            named.append(generic.id)
            left = [strategy for strategy in left if strategy not in generic.forms]
    return tuple(infinitive(teller, strategy, verdict.toward) for strategy in (*named, *left))


def title_of(teller: Teller, proposition: str) -> str:
    """Give the title of a proposition."""
    return plain(teller.propositions[proposition].title)


def school_of(teller: Teller, proposition: str) -> str:
    """Give the name of the school that a proposition belongs to."""
    return teller.schools[teller.propositions[proposition].school]
