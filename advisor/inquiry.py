"""What to ask next: the unknown fact on which the most support hangs, found by looking one step ahead.

A proposition of which all conditions but one are met is decided by that one.  Where the missing condition is
itself a conclusion, what is missing there counts.  What a question is said to decide has been tried out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from advisor.inference.compile import Form, facts_of, forms, instance
from advisor.situation import from_facts
from advisor.terms import (
    SYSTEM,
    Advice,
    Condition,
    Conflict,
    Derivation,
    Fact,
    Inference,
    Proposition,
    Question,
    Situation,
    StrategyClaim,
    Theory,
    Variable,
    Verdict,
    Vocabulary,
)
from advisor.verdict import STATE, THREAT, judge, school_weights, threats
from advisor.vocabulary import ask_open, canonical, say, variables

Again = Callable[[Theory, Situation], Inference]
"""Infers anew from a situation, as ``advisor.inference.infer`` does."""

Unknown = tuple[str, tuple[str, ...]]
"""A variable and its arguments."""

_DEPTH = 3
_MISSING = 2
_TRIED = 5
_CAST = 6


@dataclass(frozen=True, slots=True)
class _Search:
    """What is known, the forms of every proposition, and what was found to be missing so far."""

    theory: Theory
    vocabulary: Vocabulary
    variables: dict[str, Variable]
    facts: frozenset[Fact]
    states: tuple[str, ...]
    forms: dict[str, tuple[Form, ...]]
    deriving: dict[str, tuple[tuple[Proposition, Derivation], ...]]
    found: dict[tuple[Condition, tuple[str, ...], int], frozenset[frozenset[Unknown]]] = field(compare=False)


def next_question(
    theory: Theory,
    advice: Advice,
    again: Again | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
    skip: Collection[Unknown] = (),
) -> Question | None:
    """Give the question that matters most for the first verdict of an advice, or None if none would tell.

    A contradiction is asked about first; then states and a threat, where they are missing; then the unknown
    fact that decides the most support, core facts before others.  With ``again`` the answers are tried
    out: a question that can change the lead comes first, and one that decides nothing is not asked.
    ``weights`` and ``schools`` are those of the advice; what is in ``skip`` is not asked.
    """
    vocabulary = theory.vocabulary
    situation = advice.inference.situation
    for conflict in open_conflicts(advice):
        fact = conflict.facts[0]
        if (fact.variable, fact.args) not in skip:
            sides = "; ".join(say(vocabulary, each) for each in conflict.facts)
            text = ask_open(vocabulary, fact.variable, fact.args)
            return Question(fact.variable, fact.args, text, f"these cannot all be so: {sides}")
    if not situation.states:
        return Question("", (), vocabulary.focus.ask_states, "")
    if len(situation.states) == 1:
        text = vocabulary.focus.ask_threat.format(*situation.states)
        return Question("", situation.states, text, "")
    ranked = _ranked(theory, advice, school_weights(theory, weights, schools), frozenset(skip))
    if again is None:
        return _worded(theory, *ranked[0], "") if ranked else None
    heard = tuple(schools) if schools is not None else None
    tried = [
        (unknown, decided, _change(theory, advice, again, unknown, decided, weights, heard))
        for unknown, decided in ranked[:_TRIED]
    ]
    telling = [entry for entry in tried if entry[2] is not None]
    telling.sort(key=lambda entry: not entry[2])
    return _worded(theory, telling[0][0], telling[0][1], telling[0][2] or "") if telling else None


def open_conflicts(advice: Advice) -> tuple[Conflict, ...]:
    """Give the contradictions in what was said; their facts count as unknown until they are settled."""
    return advice.inference.situation.conflicts


def with_fact(vocabulary: Vocabulary, situation: Situation, fact: Fact) -> Situation:
    """Give a situation in which one more fact is known; what was assumed is assumed again if it still may be."""
    assumed = {(each.variable, each.args) for each in situation.assumptions}
    known = {each for each in situation.facts if (each.variable, each.args) not in assumed}
    left = tuple(
        conflict
        for conflict in situation.conflicts
        if all((each.variable, each.args) != (fact.variable, fact.args) for each in conflict.facts)
    )
    return from_facts(vocabulary, known | {fact}, situation.states, situation.observations, left)


# ---------------------------------------------------------------- what is missing


def _ranked(
    theory: Theory, advice: Advice, weights: Mapping[str, float], skip: frozenset[Unknown]
) -> list[tuple[Unknown, tuple[Proposition, ...]]]:
    """Rank the unknown facts that alone decide an argument, or else those that do so with one other."""
    search = _search(theory, advice)
    score: dict[int, dict[Unknown, dict[str, float]]] = {}
    propositions = {proposition.id: proposition for proposition in theory.propositions}
    for state, other in _pairs(theory, advice):
        done = {
            justification.proposition
            for justification in advice.inference.justifications
            if {STATE: state, THREAT: other}.items()
            >= {(role, name) for role, name in justification.bindings if role in (STATE, THREAT)}
        }
        for proposition in theory.propositions:
            strengths = [claim.strength for claim in proposition.conclusions if isinstance(claim, StrategyClaim)]
            if not strengths or proposition.id in done or proposition.school not in weights:
                continue
            value = max(strengths) * weights[proposition.school]
            for missing in _lacking(search, proposition, {STATE: state, THREAT: other}, 0):
                for unknown in missing:
                    if unknown not in skip:
                        score.setdefault(len(missing), {}).setdefault(unknown, {})[proposition.id] = value
    size = min((size for size in score if size), default=0)
    place = {variable: number for number, variable in enumerate(search.variables)}

    def urgency(unknown: Unknown) -> tuple[bool, float, int, tuple[str, ...]]:
        variable, args = unknown
        return not search.variables[variable].core, -sum(score[size][unknown].values()), place[variable], args

    return [
        (
            unknown,
            tuple(
                propositions[name]
                for name, _ in sorted(score[size][unknown].items(), key=lambda entry: (-entry[1], entry[0]))
            ),
        )
        for unknown in sorted(score.get(size, ()), key=urgency)
    ]


def _search(theory: Theory, advice: Advice) -> _Search:
    deriving: dict[str, list[tuple[Proposition, Derivation]]] = {}
    for proposition in theory.propositions:
        for conclusion in proposition.conclusions:
            if isinstance(conclusion, Derivation):
                deriving.setdefault(conclusion.variable, []).append((proposition, conclusion))
    facts = advice.inference.facts
    mentions = {
        state: sum(state in fact.args for fact in facts if fact.holds) for state in advice.inference.situation.states
    }
    return _Search(
        theory,
        theory.vocabulary,
        variables(theory.vocabulary),
        facts,
        tuple(sorted(mentions, key=lambda state: (-mentions[state], state))[:_CAST]),
        {proposition.id: forms(proposition) for proposition in theory.propositions},
        {variable: tuple(found) for variable, found in deriving.items()},
        {},
    )


def _pairs(theory: Theory, advice: Advice) -> Iterator[tuple[str, str]]:
    """Give the states and threats to ask about: those of the first verdict, else all that might be meant."""
    states = advice.inference.situation.states[:_CAST]
    first = advice.verdicts[0] if advice.verdicts else None
    for state in (first.state,) if first else states:
        known = first.toward if first else None
        others = (known,) if known else threats(theory, advice.inference, state)[:1] or states
        yield from ((state, other) for other in others if other != state)


def _lacking(
    search: _Search, proposition: Proposition, cast: Mapping[str, str], depth: int
) -> Iterator[frozenset[Unknown]]:
    """Give the sets of unknown base facts that would make a proposition apply under some extension of a cast."""
    for form in search.forms[proposition.id]:
        kept = {role: name for role, name in cast.items() if role in form.roles}
        free = [role for role in form.roles if role not in kept]
        others = [state for state in search.states if state not in kept.values()]
        for chosen in itertools.permutations(others, len(free)):
            full = kept | dict(zip(free, chosen, strict=True))
            if any(_status(search, condition, full) for condition in proposition.unless if _bound(condition, full)):
                continue
            sets = {frozenset[Unknown]()}
            for condition in form.conditions:
                ways = _gaps(search, condition, full, depth)
                sets = {one | way for one in sets for way in ways if len(one | way) <= _MISSING}
                if not sets:
                    break
            yield from sorted(sets, key=sorted)


def _bound(condition: Condition, cast: Mapping[str, str]) -> bool:
    return all(term.name in cast for term in condition.terms if term.role)


def _status(search: _Search, condition: Condition, cast: Mapping[str, str]) -> bool | None:
    """Whether a condition is known to hold (True), known not to (False), or unknown."""
    wanted = facts_of(condition, cast)
    opposite = [Fact(fact.variable, fact.args, fact.value, not fact.holds) for fact in wanted]
    met = [fact in search.facts for fact in wanted]
    failed = [fact in search.facts for fact in opposite]
    if any(met) if condition.holds else all(met):
        return True
    return False if (all(failed) if condition.holds else any(failed)) else None


def _gaps(search: _Search, condition: Condition, cast: Mapping[str, str], depth: int) -> frozenset[frozenset[Unknown]]:
    """Give the sets of unknown base facts that would meet a condition; an empty one where it is met already."""
    args = instance(condition.terms, cast)
    key = (condition, args, depth)
    if key in search.found:
        return search.found[key]
    status = _status(search, condition, cast)
    variable = search.variables[condition.variable]
    result: frozenset[frozenset[Unknown]]
    if status is not None:
        result = frozenset({frozenset[Unknown]()}) if status else frozenset()
    elif not variable.derived:
        fact = canonical(search.vocabulary, Fact(condition.variable, args, condition.values[0]))
        result = frozenset({frozenset({(fact.variable, fact.args)})})
    elif not condition.holds or depth >= _DEPTH:
        result = frozenset()
    else:
        ways: set[frozenset[Unknown]] = set()
        for proposition, conclusion in search.deriving.get(condition.variable, ()):
            if conclusion.value in condition.values:
                inner = _unified(conclusion, args)
                if inner is not None:
                    ways.update(_lacking(search, proposition, inner, depth + 1))
        result = frozenset(ways)
    search.found[key] = result
    return result


def _unified(conclusion: Derivation, args: tuple[str, ...]) -> dict[str, str] | None:
    """Give the cast under which a conclusion is about these arguments, or None if it cannot be."""
    terms = conclusion.terms or ()
    if len(terms) != len(args):
        return {} if not terms and args == (SYSTEM,) else None
    cast: dict[str, str] = {}
    for term, name in zip(terms, args, strict=True):
        if (not term.role and term.name != name) or cast.get(term.name, name) != name:
            return None
        if term.role:
            cast[term.name] = name
    return cast


# ---------------------------------------------------------------- trying answers, and wording


def _change(
    theory: Theory,
    advice: Advice,
    again: Again,
    unknown: Unknown,
    decided: Collection[Proposition],
    weights: Mapping[str, float] | None,
    schools: Iterable[str] | None,
) -> str | None:
    """Try every answer to a question: give what changes the lead, "" if only arguments change, None if nothing does."""
    name, args = unknown
    first = advice.verdicts[0] if advice.verdicts else None
    before = {justification.proposition for justification in advice.inference.justifications}
    changes: list[str] = []
    tells = False
    for value in variables(theory.vocabulary)[name].values:
        fact = Fact(name, args, value.id)
        if Fact(name, args, value.id, False) in advice.inference.facts:
            continue
        inference = again(theory, with_fact(theory.vocabulary, advice.inference.situation, fact))
        after = {justification.proposition for justification in inference.justifications}
        tells = tells or any((each.id in after) != (each.id in before) for each in decided)
        if first is not None:
            then = judge(theory, inference, focus=first.state, toward=first.toward, weights=weights, schools=schools)
            lead = next((verdict for verdict in then.verdicts if verdict.about == first.about), None)
            if lead is not None and _contender(lead) != _contender(first):
                changes.append(f"if {say(theory.vocabulary, fact)}, {_outcome(theory, lead)}")
    if changes:
        return "; ".join(changes)
    return "" if tells else None


def _contender(verdict: Verdict) -> tuple[str, str | None]:
    return verdict.decision, verdict.family


def _outcome(theory: Theory, verdict: Verdict) -> str:
    """Say what a verdict comes to, in brief."""
    if verdict.decision != "predicted":
        return "no one expectation leads"
    if verdict.strategy is None:
        return next(f.text for f in theory.vocabulary.families if f.id == verdict.family)
    strategy = next(s for s in theory.vocabulary.strategies if s.id == verdict.strategy)
    role = next(role.phrase for role in theory.vocabulary.roles if role.id == THREAT)
    return "the lead is to " + strategy.infinitive.replace("{threat}", verdict.toward or role)


def _worded(theory: Theory, unknown: Unknown, decided: tuple[Proposition, ...], change: str) -> Question:
    """Word a question and why it matters."""
    text = ask_open(theory.vocabulary, *unknown)
    if change:
        return Question(*unknown, text, change)
    titles = [f"‘{proposition.title}’" for proposition in decided[:3]]
    named = " and ".join([", ".join(titles[:-1]), titles[-1]] if titles[1:] else titles)
    more = f" and {len(decided) - 3} more" if len(decided) > 3 else ""
    return Question(*unknown, text, f"it decides whether {named}{more} {'applies' if len(decided) == 1 else 'apply'}")
