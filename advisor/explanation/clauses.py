"""Facts, strategies and propositions in words, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.explanation import naming
from advisor.explanation.account import Clause, Ground
from advisor.explanation.naming import Naming, named, school_in_prose, with_articles
from advisor.terms import SYSTEM, Fact, Inference, Justification, Observation, Proposition, Reading, Strategy, Theory
from advisor.verdict import THREAT
from advisor.vocabulary import canonical


@dataclass(frozen=True, slots=True)
class Teller:
    """A theory and an inference indexed for the telling, and the concluded facts whose steps have been told."""

    theory: Theory
    inference: Inference
    naming: Naming
    propositions: dict[str, Proposition]
    strategies: dict[str, Strategy]
    schools: dict[str, str]
    weights: Mapping[str, float]
    grounds: dict[Fact, tuple[Observation, ...]]
    derived: dict[Fact, Justification]
    assumed: frozenset[Fact]
    told: set[Fact]


def teller_of(
    theory: Theory,
    inference: Inference,
    reading: Reading | None,
    weights: Mapping[str, float] | None,
    names: Naming,
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
        names,
        {proposition.id: proposition for proposition in theory.propositions},
        {strategy.id: strategy for strategy in vocabulary.strategies},
        {school.id: school.name for school in theory.schools},
        {school.id: school.weight for school in theory.schools} | dict(weights or {}),
        {fact: tuple(found) for fact, found in grounds.items()},
        derived,
        frozenset(canonical(vocabulary, fact) for fact in situation.assumptions),
        set(),
    )


# ---------------------------------------------------------------- facts


def worded(teller: Teller, fact: Fact) -> str:
    """Say a fact as running text does, with articles."""
    return naming.worded(teller.naming, teller.theory.vocabulary, fact)


def clause(teller: Teller, fact: Fact) -> Clause:
    """Say a fact, with what it rests on and the state it begins with."""
    text = worded(teller, fact)
    names = [named(teller.naming, arg) for arg in fact.args if arg != SYSTEM]
    subject = next((n for n in names if text.startswith(f"{n} ") and not text.startswith(f"{n} and ")), "")
    if concluded(teller, fact):
        return Clause(text, "derived", (), subject)
    ground, quotes = _evidence(teller, canonical(teller.theory.vocabulary, fact))
    return Clause(text, ground, quotes, subject)


def concluded(teller: Teller, fact: Fact) -> Justification | None:
    """Give the proposition's application that a fact was concluded by, unless it was said as well."""
    known = canonical(teller.theory.vocabulary, fact)
    return None if known in teller.grounds else teller.derived.get(fact) or teller.derived.get(known)


def leaves(teller: Teller, fact: Fact, under: tuple[Fact, ...] = ()) -> list[Fact]:
    """Give what a fact comes down to: itself, or the facts at the end of the arguments that conclude it."""
    justification = concluded(teller, fact)
    if justification is None or fact in under:
        return [fact]
    below = [leaf for reason in premises(justification) for leaf in leaves(teller, reason, (*under, fact))]
    return distinct(teller, below)


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


# ---------------------------------------------------------------- names of things


def plain(text: str) -> str:
    """Drop the marks of emphasis from a source or title as its author wrote it."""
    return text.replace("*", "").strip().rstrip(".")


def in_prose(teller: Teller, text: str) -> str:
    """Give the names of states in a text their articles."""
    return with_articles(teller.naming, text, teller.inference.situation.states)


def role_phrase(teller: Teller, role: str) -> str:
    """Give the words for a role that nobody plays: "the threat"."""
    return next((name.phrase for name in teller.theory.vocabulary.roles if name.id == role), role)


def threat_name(teller: Teller, toward: str | None) -> str:
    """Give the name of the threat in a sentence, or the words for the role."""
    return named(teller.naming, toward) if toward else role_phrase(teller, THREAT)


def infinitive(teller: Teller, strategy: str, toward: str | None) -> str:
    """Give what follows "to", with the name of the threat in it."""
    return teller.strategies[strategy].infinitive.replace("{threat}", threat_name(teller, toward))


def strategy_names(
    teller: Teller, toward: str | None, argued: Iterable[str], strategies: Sequence[str]
) -> tuple[str, ...]:
    """Name strategies, a generic one in place of all its forms where somebody has ``argued`` for it as such."""
    known, left = set(argued), list(strategies)
    found: list[str] = []
    for generic in teller.strategies.values():
        if generic.forms and generic.id in known and set(generic.forms) <= set(left):
            found.append(generic.id)
            left = [strategy for strategy in left if strategy not in generic.forms]
    return tuple(infinitive(teller, strategy, toward) for strategy in (*found, *left))


def title_of(teller: Teller, proposition: str) -> str:
    """Give the title of a proposition."""
    return plain(teller.propositions[proposition].title)


def school_of(teller: Teller, proposition: str) -> str:
    """Give the name, inside a sentence, of the school that a proposition belongs to."""
    return school_named(teller, teller.propositions[proposition].school)


def school_named(teller: Teller, school: str) -> str:
    """Give the name of a school inside a sentence."""
    return school_in_prose(teller.naming, teller.schools[school])
