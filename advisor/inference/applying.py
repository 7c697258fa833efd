"""Whether a single proposition applies, given all that is known: for rules that are looked at one at a time.

The engine runs a whole theory from nothing.  Where all that follows is known already, a proposition, or a variant of
one, can be asked by itself under which bindings it applies; the answer is the engine's.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from advisor.inference.compile import Binding, Form, Statement, casts, drawn, facts_of, forms, statement
from advisor.terms import SYSTEM, Condition, Fact, Inference, Proposition, Theory


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a case: found by variable, value and whether it holds; and what was observed of it."""

    states: tuple[str, ...]
    facts: frozenset[Fact]
    observed: frozenset[Fact]
    index: Mapping[tuple[str, str, bool], tuple[tuple[str, ...], ...]] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ready:
    """A proposition made ready to be asked where it applies."""

    statement: Statement
    forms: tuple[Form, ...]

    @property
    def proposition(self) -> Proposition:
        """The proposition itself."""
        return self.statement.proposition


def known_in(inference: Inference) -> Known:
    """Index what is known after an inference."""
    return known_of(inference.situation.states, inference.facts, inference.situation.facts)


def known_of(states: tuple[str, ...], facts: frozenset[Fact], observed: frozenset[Fact] = frozenset()) -> Known:
    """Index facts about states; ``observed`` are those that were not derived."""
    index: dict[tuple[str, str, bool], list[tuple[str, ...]]] = {}
    for fact in facts:
        index.setdefault((fact.variable, fact.value, fact.holds), []).append(fact.args)
    return Known(states, facts, observed, {key: tuple(sorted(args)) for key, args in index.items()})


def made_ready(theory: Theory, proposition: Proposition) -> Ready:
    """Make a proposition ready, whether it stands in the theory or not."""
    return Ready(statement(theory, proposition), forms(proposition))


def applications(ready: Ready, known: Known) -> frozenset[Binding]:
    """Give the bindings under which a proposition applies; without side effects and without an engine."""
    found: set[Binding] = set()
    for form in ready.forms:
        for cast in _casts(form, ready.statement.named, known):
            binding = tuple((role, cast[role]) for role in form.roles)
            if binding in found or is_stopped(ready, cast, known):
                continue
            if ready.statement.only_derives and not any(drawn(ready.statement, binding, known.observed)):
                continue
            found.add(binding)
    return frozenset(found)


def conditional_casts(ready: Ready, known: Known) -> Iterator[dict[str, str]]:
    """Give the casts that meet the conditions of a proposition, whether or not something stops it."""
    for form in ready.forms:
        yield from _casts(form, ready.statement.named, known)


def is_stopped(ready: Ready, cast: Mapping[str, str], known: Known) -> bool:
    """Whether an ``unless`` is known to hold, for some other state in each role it brings in."""
    return any(
        meets(condition, extended, known)
        for condition in ready.proposition.unless
        for extended in casts(condition, cast, known.states, ready.statement.named)
    )


def meets(condition: Condition, cast: Mapping[str, str], known: Known) -> bool:
    """Whether a condition is known to be met under a cast of all its roles."""
    met = (fact in known.facts for fact in facts_of(condition, cast))
    return any(met) if condition.holds else all(met)


def _casts(form: Form, named: frozenset[str], known: Known) -> Iterator[dict[str, str]]:
    """Give the casts that meet every condition of a form."""
    waiting = sorted(form.conditions, key=lambda condition: len(_fitting(condition, known)))
    for cast in _fill(waiting, {}, named, known):
        open_roles = [role for role in form.roles if role not in cast]
        others = [state for state in known.states if state not in named and state not in cast.values()]
        for chosen in itertools.permutations(others, len(open_roles)):
            yield cast | dict(zip(open_roles, chosen, strict=True))


def _fitting(condition: Condition, known: Known) -> list[tuple[str, ...]]:
    """Give the arguments for which a condition may be met: for a denial, those for which one value is known false."""
    values = condition.values if condition.holds else condition.values[:1]
    return [args for value in values for args in known.index.get((condition.variable, value, condition.holds), ())]


def _fill(
    waiting: list[Condition], cast: dict[str, str], named: frozenset[str], known: Known
) -> Iterator[dict[str, str]]:
    """Fill the roles of the conditions that wait, the first of them with each fact that fits."""
    if not waiting:
        yield cast
        return
    condition, rest = waiting[0], waiting[1:]
    seen: set[tuple[str, ...]] = set()
    for args in _fitting(condition, known):
        if args in seen:
            continue
        seen.add(args)
        extended = _bind(condition, args, cast, named, known.states)
        if extended is not None and (condition.holds or meets(condition, extended, known)):
            yield from _fill(rest, extended, named, known)


def _bind(
    condition: Condition, args: tuple[str, ...], cast: dict[str, str], named: frozenset[str], states: Iterable[str]
) -> dict[str, str] | None:
    """Give the cast with the roles of a condition filled by the arguments of a fact, or None where that cannot be."""
    if not condition.terms:
        return cast if args == (SYSTEM,) else None
    extended = dict(cast)
    for term, arg in zip(condition.terms, args, strict=True):
        if not term.role:
            if term.name != arg:
                return None
        elif term.name in extended:
            if extended[term.name] != arg:
                return None
        elif arg in extended.values() or arg in named or arg not in states:
            return None
        else:
            extended[term.name] = arg
    return extended
