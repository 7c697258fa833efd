"""How a conclusion was reached, why another was not, and why the one rather than the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from advisor.inquiry.matters import Unknown
from advisor.inquiry.values import Contrast, Ground, How, Near, Reason, Side, Step, WhyNot
from advisor.nearest import Mark, nearest_in
from advisor.terms import (
    Advice,
    Argument,
    Fact,
    Inference,
    Justification,
    Observation,
    Proposition,
    Span,
    Standing,
    StrategyClaim,
    Theory,
    Verdict,
    Vocabulary,
)
from advisor.verdict import STATE, THREAT, forms, school_weights
from advisor.verdict.hearing import bench_of
from advisor.verdict.voices import voices_of
from advisor.vocabulary import canonical, strategies

# ---------------------------------------------------------------- how


def how(theory: Theory, advice: Advice) -> How | None:
    """Prove what leads in the first verdict: every argument for it, down to facts and the words of the text.

    Where no one expectation leads, the arguments for each of those in front; None where there is no verdict.
    """
    if not advice.verdicts:
        return None
    verdict = advice.verdicts[0]
    front = {name for name, share in verdict.families if share == verdict.families[0][1]}
    known = _known(theory, advice.inference)
    uses = {(each.proposition, each.bindings): each for each in advice.inference.justifications}
    reasons = []
    for argument in verdict.arguments:
        if _is_for(theory, argument, front):
            use = uses[argument.proposition, argument.bindings]
            reasons.append(Reason(argument, _steps(known, use), _absent(known, use)))
    return How(verdict, tuple(reasons))


def proof_of(theory: Theory, advice: Advice, fact: Fact) -> Step | None:
    """Prove a fact: what it was concluded from, down to what was said; None where it is not known."""
    if fact not in advice.inference.facts:
        return None
    return _step(_known(theory, advice.inference), fact)


def _is_for(theory: Theory, argument: Argument, front: Iterable[str]) -> bool:
    """Whether an argument speaks for one of the contenders in front."""
    known = strategies(theory.vocabulary)
    mine = {name for form in forms(known[argument.strategy]) for name in (form, known[form].family)}
    if argument.favours:
        return bool(mine & set(front))
    rejecting = {family.rejects for family in theory.vocabulary.families if family.id in front and family.rejects}
    return any(set(forms(known[name])) & set(forms(known[argument.strategy])) for name in rejecting)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known: what was said of each fact, what was observed and assumed, and what concluded the rest."""

    vocabulary: Vocabulary
    facts: frozenset[Fact]
    observed: frozenset[Fact]
    assumed: frozenset[Unknown]
    said: Mapping[Fact, tuple[Observation, ...]]
    derived: Mapping[Fact, Justification]


def _known(theory: Theory, inference: Inference) -> _Known:
    """Index what is known after an inference."""
    vocabulary = theory.vocabulary
    said: dict[Fact, list[Observation]] = {}
    for observation in inference.situation.observations:
        if observation.stance in ("asserted", "denied") and not observation.past:
            said.setdefault(canonical(vocabulary, observation.fact), []).append(observation)
    derived: dict[Fact, Justification] = {}
    for justification in inference.justifications:
        for fact in justification.derived:
            derived.setdefault(canonical(vocabulary, fact), justification)
    return _Known(
        vocabulary,
        inference.facts,
        inference.situation.facts,
        frozenset((fact.variable, fact.args) for fact in inference.situation.assumptions),
        {fact: tuple(found) for fact, found in said.items()},
        derived,
    )


def _steps(known: _Known, use: Justification, under: tuple[Fact, ...] = ()) -> tuple[Step, ...]:
    """Give the steps to the facts that met the conditions of a proposition."""
    facts = dict.fromkeys(fact for premise in use.premises for fact in premise.facts)
    return tuple(_step(known, fact, under) for fact in facts)


def _step(known: _Known, fact: Fact, under: tuple[Fact, ...] = ()) -> Step:
    """Give a fact with what it rests on; a fact that was said is not proved otherwise."""
    if fact in known.observed:
        return Step(fact, *_evidence(known, fact))
    use = _concluding(known, fact)
    if use is None or fact in under:
        return Step(fact, "derived")
    return Step(fact, "derived", (), use.proposition, _steps(known, use, (*under, fact)), _absent(known, use))


def _concluding(known: _Known, fact: Fact) -> Justification | None:
    """Give the application that concluded a fact, perhaps by concluding another value of its variable."""
    found = known.derived.get(canonical(known.vocabulary, fact))
    if found is None and not fact.holds:
        matter = canonical(known.vocabulary, fact)[:2]
        others = (other for other in known.derived if other[:2] == matter)
        found = next((known.derived[other] for other in sorted(others)), None)
    return found


def _evidence(known: _Known, fact: Fact) -> tuple[Ground, tuple[Span, ...]]:
    """Give what a fact that was observed rests on; a denial may rest on another value that was said."""
    told = canonical(known.vocabulary, fact)
    said = known.said.get(told, ())
    if not said and not told.holds:
        said = tuple(
            observation
            for other, found in sorted(known.said.items())
            if other[:2] == told[:2] and other.holds and other in known.observed
            for observation in found
        )
    quotes = tuple(dict.fromkeys(e.span for o in said for e in o.evidence if e.span is not None))
    if quotes:
        return "text", quotes
    if any(e.source == "answer" for o in said for e in o.evidence):
        return "answer", ()
    return ("assumption" if told[:2] in known.assumed else "given"), ()


def _absent(known: _Known, use: Justification) -> tuple[Fact, ...]:
    """Give what would stop a proposition and is not known to be so or not; what is known not to be so stops nothing."""
    facts = dict.fromkeys(fact for absence in use.absences for fact in absence.facts)
    return tuple(fact for fact in facts if fact._replace(holds=not fact.holds) not in known.facts)


# ---------------------------------------------------------------- why not


def why_not(
    theory: Theory,
    advice: Advice,
    strategy: str,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> WhyNot | None:
    """Say why a strategy does not lead: of every proposition that could argue for it, what it lacks or who defeats it.

    None where there is no verdict on its question.  Raises KeyError for a strategy that the vocabulary does not have.
    """
    known = strategies(theory.vocabulary)
    about = known[strategy].question
    verdict = next((v for v in _of_first(advice) if v.about == about), None)
    if verdict is None:
        return None
    mine = set(forms(known[strategy]))
    heard = school_weights(theory, weights, schools)
    fixed = {STATE: verdict.state} | ({THREAT: verdict.toward} if verdict.toward else {})
    near = []
    for proposition in theory.propositions:
        strength = _strength_for(theory, proposition, mine)
        if strength and proposition.school in heard:
            near.append(
                Near(proposition.school, strength, nearest_in(theory, advice.inference, proposition, fixed=fixed))
            )
    near.sort(key=lambda each: (not each.nearest.applies, len(each.nearest.unmet), -each.strength))
    standings = [each for each in verdict.ranking if each.strategy in mine]
    ruled = [each for each in verdict.ruled_out if each.strategy in mine]
    against = tuple(a for a in verdict.arguments if not a.favours and mine & set(forms(known[a.strategy])))
    lead = verdict.strategy is not None and verdict.strategy in mine
    possible = mine - {each.strategy for each in ruled}
    return WhyNot(
        strategy,
        verdict,
        lead,
        standings[0] if standings else None,
        ruled[0] if ruled and not possible else None,
        tuple(near),
        against,
        frozenset(fact for each in near for fact in _looked_at(each.nearest.marks) if _is_assumed(advice, fact)),
    )


def _looked_at(marks: Iterable[Mark]) -> Iterator[Fact]:
    for mark in marks:
        yield from mark.facts


def _is_assumed(advice: Advice, fact: Fact) -> bool:
    """Whether a fact is assumed, or false only because of what is assumed."""
    assumed = advice.inference.situation.assumptions
    return any((each.variable, each.args) == (fact.variable, fact.args) for each in assumed)


def _of_first(advice: Advice) -> list[Verdict]:
    """Give the verdicts on the first state and threat."""
    first = advice.verdicts[:1]
    return [v for v in advice.verdicts if first and (v.state, v.toward) == (first[0].state, first[0].toward)]


def _strength_for(theory: Theory, proposition: Proposition, mine: set[str]) -> int:
    known = strategies(theory.vocabulary)
    return max(
        (
            claim.strength
            for claim in proposition.conclusions
            if isinstance(claim, StrategyClaim) and claim.favours and mine & set(forms(known[claim.strategy]))
        ),
        default=0,
    )


# ---------------------------------------------------------------- why the one rather than the other


def contrast(
    theory: Theory,
    advice: Advice,
    one: str,
    other: str,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> Contrast | None:
    """Contrast two strategies: the arguments that speak for one and not for the other, school by school.

    None where there is no verdict on the question of the first.  Raises KeyError for a strategy that there is not.
    """
    known = strategies(theory.vocabulary)
    about = {known[name].question for name in (one, other)}
    verdict = next((v for v in _of_first(advice) if v.about in about), None)
    if verdict is None:
        return None
    heard = school_weights(theory, weights, schools)
    bench = bench_of(theory, advice.inference, heard)
    per = voices_of(bench, verdict.arguments)
    effects = {
        argument: (_effect(theory, argument, one), _effect(theory, argument, other)) for argument in verdict.arguments
    }
    sides = []
    for school in heard:
        mine = [argument for argument in verdict.arguments if argument.school == school]
        for_one = tuple(a for a in mine if effects[a][0] > effects[a][1])
        for_other = tuple(a for a in mine if effects[a][0] < effects[a][1])
        if for_one or for_other:
            support = [
                max((per[school].get(form, 0.0) for form in forms(known[name])), default=0.0) for name in (one, other)
            ]
            sides.append(Side(school, support[0], support[1], for_one, for_other))
    common = tuple(a for a in verdict.arguments if effects[a][0] == effects[a][1] != 0)
    standing = {each.strategy: each for each in verdict.ranking}
    both = [_support(standing, forms(known[name])) for name in (one, other)]
    ahead = None if both[0] == both[1] else one if both[0] > both[1] else other
    ruled = tuple(each for each in verdict.ruled_out if each.strategy in {*forms(known[one]), *forms(known[other])})
    return Contrast(one, other, verdict, ahead, tuple(sides), common, ruled)


def _effect(theory: Theory, argument: Argument, strategy: str) -> int:
    """Give what an argument adds to a strategy: its strength, or less than nothing if it is against it."""
    known = strategies(theory.vocabulary)
    if not set(forms(known[argument.strategy])) & set(forms(known[strategy])):
        return 0
    return argument.strength if argument.favours else -argument.strength


def _support(standing: Mapping[str, Standing], names: Iterable[str]) -> float:
    """Give the support of the best of some strategies; one that is impossible or unargued has none."""
    return max((standing[name].support for name in names if name in standing), default=float("-inf"))
