"""Which conditions were seen both ways: met where the proposition applies, and failing where it alone kept it from it.

A condition that nothing shows failing could be dropped, and nothing would tell.  Of an ``unless`` the two ways
are that it lets the proposition apply and that it alone stops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from advisor.inference.applying import Ready, applications, made_ready, meets
from advisor.inference.compile import Binding
from advisor.inference.record import say
from advisor.terms import Condition, Proposition, Theory
from advisor.workshop.killing import Ground, Trial


@dataclass(frozen=True, slots=True)
class Seen:
    """A condition and the first situation in which it was seen met and failing; empty where it was not."""

    proposition: str
    path: str
    line: int
    condition: str
    met: str = ""
    failing: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many ways that conditions can go how many were seen."""

    seen: int
    ways: int

    @property
    def percent(self) -> float:
        """The share in percent; all of nothing is all."""
        return 100 * self.seen / self.ways if self.ways else 100.0


def coverage(trial: Trial) -> tuple[Seen, ...]:
    """Look for every condition of every proposition in every situation."""
    return tuple(seen for proposition in trial.theory.propositions for seen in _seen(trial, proposition))


def by_file(found: Sequence[Seen]) -> dict[str, Share]:
    """Give the share of each file, in order."""
    paths = dict.fromkeys(each.path for each in found)
    return {path: share([each for each in found if each.path == path]) for path in paths}


def share(found: Sequence[Seen]) -> Share:
    """Give the share of some conditions together."""
    return Share(sum(bool(each.met) + bool(each.failing) for each in found), 2 * len(found))


def _seen(trial: Trial, proposition: Proposition) -> list[Seen]:
    """Look for the conditions of one proposition."""
    theory, found = trial.theory, []
    for place, premiss in enumerate(proposition.conditions):
        rest = (*proposition.conditions[:place], *proposition.conditions[place + 1 :])
        without = made_ready(theory, replace(proposition, conditions=rest))
        for condition in (premiss,) if isinstance(premiss, Condition) else premiss.of:
            inside = None if isinstance(premiss, Condition) else condition
            met = _first_met(trial, proposition, condition)
            failing = _first_failing(trial, proposition, without, inside)
            if inside and not failing:
                failing = _first_unmet(trial, proposition, condition)
            found.append(_entry(theory, proposition, condition, met, failing))
    for place, condition in enumerate(proposition.unless):
        rest_ = (*proposition.unless[:place], *proposition.unless[place + 1 :])
        without = made_ready(theory, replace(proposition, unless=rest_))
        applied = next((g.name for g in trial.grounds if g.settled.applied.get(proposition.id)), "")
        stopping = _first_failing(trial, proposition, without, None)
        found.append(_entry(theory, proposition, condition, stopping, applied, "unless "))
    return found


def _entry(
    theory: Theory, proposition: Proposition, condition: Condition, met: str, failing: str, lead: str = ""
) -> Seen:
    text = lead + say(theory.vocabulary, condition)
    return Seen(proposition.id, proposition.path, condition.line or proposition.line, text, met, failing)


def _bindings(ground: Ground, proposition: Proposition) -> frozenset[Binding]:
    return ground.settled.applied.get(proposition.id, frozenset())


def _meets(condition: Condition, binding: Binding, ground: Ground) -> bool:
    cast = dict(binding)
    spoken = {term.name for term in condition.terms if term.role}
    return spoken <= set(cast) and meets(condition, cast, ground.settled.known)


def _first_met(trial: Trial, proposition: Proposition, condition: Condition) -> str:
    """Name the first situation in which a proposition applies and a condition is among those met."""
    for ground in trial.grounds:
        if any(_meets(condition, binding, ground) for binding in _bindings(ground, proposition)):
            return ground.name
    return ""


def _first_unmet(trial: Trial, proposition: Proposition, condition: Condition) -> str:
    """Name the first situation in which a proposition applies without one of its alternatives."""
    for ground in trial.grounds:
        if any(not _meets(condition, binding, ground) for binding in _bindings(ground, proposition)):
            return ground.name
    return ""


def _first_failing(trial: Trial, proposition: Proposition, without: Ready, inside: Condition | None) -> str:
    """Name the first situation in which a proposition would apply but for one of its conditions."""
    for ground in trial.grounds:
        applied = [set(binding) for binding in _bindings(ground, proposition)]
        for binding in applications(without, ground.settled.known):
            if any(set(binding) <= whole for whole in applied):
                continue
            if inside is None or not _meets(inside, binding, ground):
                return ground.name
    return ""
