"""Many situations laid over a net at once: for each fact and application, in which of the situations it holds.

A column is a whole number whose bits stand for situations, so that one operation on numbers decides a condition for
all of them.  What is only partly settled is bounded: ``low`` is what holds whatever is still learnt, ``high`` what
may come to hold.  For situations that are given in full the two are the same, and the result is the engine's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.inquiry.net import Application, Bearing, Literal, Net
from advisor.terms import Fact

Columns = list[int]


@dataclass(frozen=True, slots=True)
class Laid:
    """Situations laid over a net: the columns of its facts and of its applications, and all situations."""

    full: int
    known: Columns
    fired: Columns


@dataclass(frozen=True, slots=True)
class Heard:
    """What counts in a verdict, as columns: live propositions, impossible strategies."""

    live: dict[str, int]
    impossible: dict[str, int]


def base(net: Net, facts: Collection[Fact], full: int) -> Columns:
    """Give the columns of what is observed where all situations are the same."""
    return [full if fact in facts else 0 for fact in net.facts]


def laid(net: Net, observed: Columns, full: int, *, without: Mapping[str, int] | None = None) -> Laid:
    """Infer in all situations at once; ``without`` has those in which a proposition is left out of the theory."""
    known = list(observed)
    left_out = without or {}
    for group in _strata(net.deriving):
        growing = True
        while growing:
            growing = False
            for application in group:
                fires = _met(application, known, known, full) & ~left_out.get(application.proposition, 0)
                growing |= _conclude(application, fires, known, observed)
    fired = [_met(each, known, known, full) & ~left_out.get(each.proposition, 0) for each in net.arguing]
    return Laid(full, known, fired)


def bounded(net: Net, low: Columns, high: Columns, full: int) -> tuple[Laid, Laid]:
    """Bound what can be inferred, from what is observed at least and at most."""
    least, most = list(low), list(high)
    for group in _strata(net.deriving):
        growing = True
        while growing:
            growing = False
            for application in group:
                growing |= _conclude(application, _met(application, least, most, full), least, high)
                growing |= _conclude(application, _met(application, most, least, full), most, low)
    return (
        Laid(full, least, [_met(each, least, most, full) for each in net.arguing]),
        Laid(full, most, [_met(each, most, least, full) for each in net.arguing]),
    )


def _strata(applications: Iterable[Application]) -> list[list[Application]]:
    """Group applications by stratum, in order."""
    found: dict[int, list[Application]] = {}
    for application in applications:
        found.setdefault(application.stratum, []).append(application)
    return [found[number] for number in sorted(found)]


def holding(literal: Literal, known: Columns, full: int) -> int:
    """Give the situations in which a condition holds."""
    every, numbers = literal
    if every:
        result = full
        for number in numbers:
            result &= known[number]
    else:
        result = 0
        for number in numbers:
            result |= known[number]
    return result


def _met(application: Application, known: Columns, stopping: Columns, full: int) -> int:
    """Give the situations in which some way to meet the conditions is met and nothing stops the application."""
    met = 0
    for body in application.bodies:
        one = full
        for literal in body:
            one &= holding(literal, known, full)
            if not one:
                break
        met |= one
    if met:
        for literal in application.stops:
            met &= ~holding(literal, stopping, full)
    return met


def _conclude(application: Application, fires: int, known: Columns, observed: Columns) -> bool:
    """Add what an application concludes where nothing observed forbids it, and say whether that was new."""
    new = False
    if fires:
        for forbidding, numbers in application.gives:
            adds = fires & ~observed[forbidding]
            for number in numbers:
                if adds & ~known[number]:
                    known[number] |= adds
                    new = True
    return new


# ---------------------------------------------------------------- what counts in a verdict


def heard(
    net: Net,
    bearing: Bearing,
    order: Sequence[str],
    schools: Mapping[str, str],
    defeaters: Mapping[str, Sequence[str]],
    low: Laid,
    high: Laid | None = None,
) -> tuple[Heard, Heard]:
    """Give what counts in a verdict at least and at most; the two are the same where ``high`` is left out.

    ``order`` has propositions after all that defeat them, ``schools`` names each one's school.
    """
    high = high or low
    quiet = {school: holding(literal, low.known, low.full) for school, literal in net.silent.items()}
    quieted = {school: holding(literal, high.known, low.full) for school, literal in net.silent.items()}
    least: dict[str, int] = {}
    most: dict[str, int] = {}
    for name in order:
        numbers = bearing.speaking.get(name)
        if numbers is None:
            continue
        lower = upper = 0
        for number in numbers:
            lower |= low.fired[number]
            upper |= high.fired[number]
        lower &= ~quieted.get(schools[name], 0)
        upper &= ~quiet.get(schools[name], 0)
        for defeater in defeaters.get(name, ()):
            lower &= ~most.get(defeater, 0)
            upper &= ~least.get(defeater, 0)
        least[name], most[name] = lower, upper
    ruled = [
        {
            strategy: _any(holding(literal, columns.known, columns.full) for literal in literals)
            for strategy, literals in bearing.impossible
        }
        for columns in (low, high)
    ]
    return Heard(least, ruled[0]), Heard(most, ruled[1])


def _any(columns: Iterable[int]) -> int:
    result = 0
    for column in columns:
        result |= column
    return result
