"""Why a proposition does not apply: the states that come nearest to the roles, and what they lack.

For a situation and a proposition, every choice of states is tried; the one with the fewest conditions unmet is
the nearest.  Each condition is then marked met, false or unknown, each ``unless`` as stopping the proposition or not,
and of one that applies it is said who defeats it.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from advisor.grammar import conditions_in
from advisor.inference import infer
from advisor.inference.applying import Known, Ready, applications, known_in, made_ready
from advisor.inference.compile import Binding, casts, facts_of, instance
from advisor.terms import (
    SYSTEM,
    AtLeast,
    Condition,
    Either,
    Fact,
    Inference,
    Premiss,
    Proposition,
    Situation,
    Theory,
)
from advisor.verdict import STATE, THREAT, school_weights, threats
from advisor.verdict.hearing import bench_of, hear
from advisor.vocabulary import say_condition

_MOST_CASTS = 5_000
"""How many choices of states are tried; in a larger situation only the states that most is known of are."""

How = Literal["met", "false", "unknown"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A condition with the names of the states in it, and how it stands: met, false or unknown.

    ``facts`` are those known that settle it.  An ``unless`` (``stops``) that is met stops the proposition.  ``of``
    are the alternatives, or the items of a list of which ``count`` are wanted.
    """

    text: str
    how: How
    facts: tuple[Fact, ...] = ()
    stops: bool = False
    line: int = 0
    of: tuple[Mark, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Nearest:
    """The choice of states under which a proposition applies, or comes nearest to it.

    ``bindings`` leaves out a role that nobody is there to play.  ``idle`` says that all is met, and what would follow
    contradicts what is known.  ``silenced`` says that its school is silent, since its premise is false.
    """

    proposition: str
    bindings: Binding
    applies: bool
    marks: tuple[Mark, ...]
    defeated_by: tuple[str, ...] = ()
    idle: bool = False
    silenced: bool = False

    @property
    def unmet(self) -> tuple[Mark, ...]:
        """What keeps the proposition from applying."""
        return tuple(mark for mark in self.marks if (mark.how == "met") == mark.stops)


def nearest(
    theory: Theory, situation: Situation, proposition: Proposition, fixed: Mapping[str, str] | None = None
) -> Nearest:
    """Give the binding under which a proposition applies to a situation or comes nearest to it, with each condition."""
    return nearest_in(theory, infer(theory, situation), proposition, fixed=fixed)


def nearest_in(
    theory: Theory,
    inference: Inference,
    proposition: Proposition,
    wanted: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
) -> Nearest:
    """Give the same after an inference.

    ``wanted`` names who should play which role where several come as near, ``fixed`` who plays it in any case, if the
    proposition has the role and the situation the state.
    """
    known = known_in(inference)
    ready = made_ready(theory, proposition)
    names = {role.id: role.phrase for role in theory.vocabulary.roles}
    applied = applications(ready, known)
    best: tuple[tuple[object, ...], Binding, tuple[Mark, ...]] | None = None
    kept = {role: state for role, state in (fixed or {}).items() if state in known.states}
    for cast in _choices(ready, known, kept):
        binding = tuple(sorted(cast.items()))
        applies = binding in applied
        marks = _marks(theory, ready, cast, known, names)
        unmet = [_lack(mark) for mark in marks]
        strangers = sum(cast.get(role, state) != state for role, state in (wanted or {}).items())
        rank = (not applies, sum(unmet), strangers, sum(mark.how == "false" for mark in marks), binding)
        if best is None or rank < best[0]:
            best = (rank, binding, marks)
    assert best is not None
    _, binding, marks = best
    applies = binding in applied
    defeated, silenced = _silenced(theory, inference, proposition, binding) if applies else ((), False)
    idle = not applies and not any(map(_lack, marks)) and set(dict(binding)) >= set(ready.forms[0].roles)
    return Nearest(proposition.id, binding, applies, marks, defeated, idle, silenced)


def _choices(ready: Ready, known: Known, fixed: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give the choices of states for the roles of each form; where states are too few some roles stay open."""
    for every in dict.fromkeys(form.roles for form in ready.forms):
        kept = {role: fixed[role] for role in every if role in fixed}
        roles = tuple(role for role in every if role not in kept)
        barred = {*ready.statement.named, *kept.values()}
        pool = [state for state in known.states if state not in barred]
        if math.perm(max(len(pool), len(roles)), len(roles)) > _MOST_CASTS:
            pool = _prominent(ready, known, pool)
        size = min(len(pool), len(roles))
        for held in itertools.combinations(roles, size):
            for chosen in itertools.permutations(pool, size):
                yield kept | dict(zip(held, chosen, strict=True))


def _prominent(ready: Ready, known: Known, pool: list[str]) -> list[str]:
    """Give the states of which most is known that a proposition asks about."""
    asked = {c.variable for c in (*conditions_in(ready.proposition.conditions), *ready.proposition.unless)}
    told = Counter(arg for fact in known.facts if fact.variable in asked for arg in fact.args)
    ranked = sorted(pool, key=lambda state: (-told[state], state))
    return sorted(ranked[:8])


def _lack(mark: Mark) -> int:
    """Count what is missing for a condition."""
    if mark.stops:
        return mark.how == "met"
    if mark.count:
        return max(0, mark.count - sum(each.how == "met" for each in mark.of))
    return mark.how != "met"


def _marks(
    theory: Theory, ready: Ready, cast: Mapping[str, str], known: Known, names: Mapping[str, str]
) -> tuple[Mark, ...]:
    """Mark every condition and every ``unless`` under a cast."""
    found = [_premiss(theory, premiss, cast, known, names) for premiss in ready.proposition.conditions]
    for condition in ready.proposition.unless:
        tried = [
            _mark(theory, condition, extended, known, names, stops=True)
            for extended in casts(condition, cast, known.states, ready.statement.named)
        ]
        met = [mark for mark in tried if mark.how == "met"]
        plain = _mark(theory, condition, cast, known, names, stops=True)
        found.append(met[0] if met else plain)
    return tuple(found)


def _premiss(theory: Theory, premiss: Premiss, cast: Mapping[str, str], known: Known, names: Mapping[str, str]) -> Mark:
    """Mark a condition, a choice or a list."""
    if isinstance(premiss, Condition):
        return _mark(theory, premiss, cast, known, names)
    marks = tuple(_mark(theory, condition, cast, known, names) for condition in premiss.of)
    hows = [mark.how for mark in marks]
    count = premiss.count if isinstance(premiss, AtLeast) else 1
    possible = sum(how != "false" for how in hows) >= count
    how: How = "met" if hows.count("met") >= count else "unknown" if possible else "false"
    facts = tuple(dict.fromkeys(fact for mark in marks if mark.how == how for fact in mark.facts))
    texts = [mark.text for mark in marks]
    said = "either " + " or ".join(texts) if isinstance(premiss, Either) else f"at least {count} of: {'; '.join(texts)}"
    return Mark(said, how, facts, line=marks[0].line, of=marks, count=count)


def _mark(
    theory: Theory,
    condition: Condition,
    cast: Mapping[str, str],
    known: Known,
    names: Mapping[str, str],
    *,
    stops: bool = False,
) -> Mark:
    """Mark one condition; one that speaks of a role that nobody plays is unknown."""
    text = say_condition(theory.vocabulary, condition, {**names, **cast})
    if any(term.role and term.name not in cast for term in condition.terms):
        return Mark(text, "unknown", (), stops, condition.line)
    wanted = facts_of(condition, cast)
    have = tuple(fact for fact in wanted if fact in known.facts)
    if have if condition.holds else len(have) == len(wanted):
        return Mark(text, "met", have, stops, condition.line)
    against = [Fact(fact.variable, fact.args, fact.value, not fact.holds) for fact in wanted]
    refuted = [fact for fact in against if fact in known.facts]
    if len(refuted) < len(against) if condition.holds else not refuted:
        return Mark(text, "unknown", (), stops, condition.line)
    args = instance(condition.terms, cast) or (SYSTEM,)
    positive = tuple(sorted(f for f in known.facts if f.holds and f.variable == condition.variable and f.args == args))
    return Mark(text, "false", positive or tuple(refuted), stops, condition.line)


def _silenced(
    theory: Theory, inference: Inference, proposition: Proposition, binding: Binding
) -> tuple[tuple[str, ...], bool]:
    """Say who defeats a proposition that applies, and whether its school is silent."""
    bench = bench_of(theory, inference, school_weights(theory))
    cast = dict(binding)
    state = cast.get(STATE) or next(iter(inference.situation.states), "")
    toward = cast.get(THREAT) or next(iter(threats(theory, inference, state)), None)
    hearing = hear(bench, state, toward)
    by = next((defeat.by for defeat in hearing.defeats if defeat.proposition == proposition.id), ())
    everyone = [j.proposition for found in bench.by_state.values() for j in found]
    derives = all(j.derived for j in inference.justifications if j.proposition == proposition.id)
    return by, proposition.id not in everyone and not derives
