"""Facts, strategies and propositions in words, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.explanation import naming, negation
from advisor.explanation.account import Cited, Clause, Frame, Ground, Lack
from advisor.explanation.naming import Naming, in_a_sentence, named, school_in_prose, with_articles
from advisor.terms import SYSTEM, Fact, Inference, Justification, Observation, Proposition, Reading, Strategy, Theory
from advisor.verdict import THREAT
from advisor.vocabulary import canonical


@dataclass(frozen=True, slots=True)
class Teller:
    """A theory and an inference indexed for the telling, and the concluded facts whose steps have been told.

    ``by`` holds everything that concludes a fact;
    ``anchors`` name the entries of a report by the fact they tell of, ``frames`` are the words of negation.
    """

    theory: Theory
    inference: Inference
    naming: Naming
    frames: Mapping[Frame, str]
    propositions: dict[str, Proposition]
    strategies: dict[str, Strategy]
    schools: dict[str, str]
    weights: Mapping[str, float]
    grounds: dict[Fact, tuple[Observation, ...]]
    derived: dict[Fact, Justification]
    by: dict[Fact, list[Justification]]
    assumed: frozenset[Fact]
    anchors: dict[Fact, str]
    told: set[Fact]


def teller_of(
    theory: Theory,
    inference: Inference,
    reading: Reading | None,
    weights: Mapping[str, float] | None,
    names: Naming,
    frames: Mapping[Frame, str],
) -> Teller:
    """Index what a telling needs; nothing has been told yet."""
    vocabulary = theory.vocabulary
    situation = inference.situation
    grounds: dict[Fact, list[Observation]] = {}
    for observation in situation.observations or (reading.observations if reading else ()):
        if observation.stance in ("asserted", "denied") and not observation.past:
            grounds.setdefault(canonical(vocabulary, observation.fact), []).append(observation)
    derived: dict[Fact, Justification] = {}
    by: dict[Fact, list[Justification]] = {}
    for justification in inference.justifications:
        for fact in justification.derived:
            derived.setdefault(fact, justification)
            by.setdefault(canonical(vocabulary, fact), []).append(justification)
    assumed = frozenset(canonical(vocabulary, fact) for fact in situation.assumptions)
    anchors: dict[Fact, str] = {}
    given = sorted({canonical(vocabulary, fact) for fact in situation.facts if fact.holds} - assumed - {*grounds})
    for kind, facts in (
        ("fact", (*grounds, *given)),
        ("assumed", sorted(assumed)),
        ("step", (canonical(vocabulary, fact) for fact in derived)),
    ):
        for number, fact in enumerate(facts, 1):
            anchors.setdefault(fact, f"{kind}-{number}")
    return Teller(
        theory,
        inference,
        names,
        frames,
        {proposition.id: proposition for proposition in theory.propositions},
        {strategy.id: strategy for strategy in vocabulary.strategies},
        {school.id: school.name for school in theory.schools},
        {school.id: school.weight for school in theory.schools} | dict(weights or {}),
        {fact: tuple(found) for fact, found in grounds.items()},
        derived,
        by,
        assumed,
        anchors,
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
    plain_fact = canonical(teller.theory.vocabulary, fact)
    anchor, mark = anchor_of(teller, plain_fact), mark_of(fact)
    if concluded(teller, fact):
        return Clause(text, "derived", (), subject, anchor, mark)
    ground, quotes = _evidence(teller, plain_fact)
    return Clause(text, ground, quotes, subject, anchor, mark)


def mark_of(fact: Fact) -> str:
    """Give a fact in the words of a program: "help(Arvenia)=none"."""
    return f"{fact.variable}({', '.join(fact.args)}){'=' if fact.holds else '≠'}{fact.value}"


def anchor_of(teller: Teller, fact: Fact) -> str:
    """Give the entry of a report that tells of a fact; what is denied is told of by what is so instead."""
    if fact in teller.anchors or fact.holds:
        return teller.anchors.get(fact, "")
    same = (
        anchor for other, anchor in teller.anchors.items() if (other.variable, other.args) == (fact.variable, fact.args)
    )
    return next(same, "")


def lacking(teller: Teller, fact: Fact) -> Lack:
    """Word what would have stopped a proposition and is not so, in its frame of negation."""
    denied = canonical(teller.theory.vocabulary, negation.contrary(fact))
    observed = bool(_observations(teller, denied))
    assumed = negation.is_assumed(denied, teller.assumed, observed)
    frame = negation.frame_of(fact, teller.inference.facts, assumed)
    return negation.lack(fact, frame, teller.frames, lambda each: worded(teller, each), mark_of(fact))


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
    observations = _observations(teller, fact)
    quotes = tuple(dict.fromkeys(e.span.quote for o in observations for e in o.evidence if e.span is not None))
    if quotes:
        return "text", quotes
    if any(evidence.source == "answer" for o in observations for evidence in o.evidence):
        return "answer", ()
    return ("assumption", ()) if negation.is_assumed(fact, teller.assumed, bool(observations)) else ("given", ())


def _observations(teller: Teller, fact: Fact) -> tuple[Observation, ...]:
    """Give what a fact was said by; for a denial, if need be, what another value was said by."""
    observations = teller.grounds.get(fact, ())
    if observations or fact.holds:
        return observations
    return tuple(
        observation
        for other, found in sorted(teller.grounds.items())
        if (other.variable, other.args) == (fact.variable, fact.args) and other.holds
        for observation in found
    )


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


def cited(teller: Teller, id_: str) -> Cited:
    """Name a proposition as a sentence does."""
    proposition = teller.propositions[id_]
    title = plain(proposition.title)
    clause_ = in_prose(teller, in_a_sentence(teller.naming, title, teller.inference.situation.states))
    return Cited(id_, title, clause_, school_of(teller, id_), plain(proposition.source), f"p-{id_}")


def school_of(teller: Teller, proposition: str) -> str:
    """Give the name, inside a sentence, of the school that a proposition belongs to."""
    return school_named(teller, teller.propositions[proposition].school)


def school_named(teller: Teller, school: str) -> str:
    """Give the name of a school inside a sentence."""
    return school_in_prose(teller.naming, teller.schools[school])
