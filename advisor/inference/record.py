"""The record of an inference: for each application, which facts met which condition and what was not found.

It is taken when nothing new follows any more, from all that is known, so that it holds all the facts that met a
condition whichever of them the engine came upon first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from advisor.inference.compile import Statement, casts, facts_of
from advisor.inference.network import Cast, pick
from advisor.terms import (
    SYSTEM,
    Absence,
    AtLeast,
    Condition,
    Either,
    Fact,
    Justification,
    Premise,
    Premiss,
    Term,
    Vocabulary,
)
from advisor.vocabulary import say_condition


def say(vocabulary: Vocabulary, premiss: Premiss) -> str:
    """Word a premiss, in its author's words where there are any."""
    if isinstance(premiss, Either):
        return "either " + " or ".join(say(vocabulary, condition) for condition in premiss.of)
    if isinstance(premiss, AtLeast):
        return f"at least {premiss.count} of: " + "; ".join(say(vocabulary, condition) for condition in premiss.of)
    return premiss.text or say_condition(vocabulary, premiss, {role.id: role.phrase for role in vocabulary.roles})


Looked = tuple[Callable[[Cast], Cast], str, tuple[str, ...], bool]
"""What a condition looks for: whom it is about, as picked from all names; variable, values, whether it is to hold."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the applications of a proposition with certain roles are written down."""

    ready: Statement
    roles: tuple[str, ...]
    premises: tuple[tuple[str, tuple[Looked, ...]], ...]
    absences: tuple[tuple[str, Condition, Looked | None], ...]
    """Each with what it looks for, unless it has a role that anybody may play."""

    def reach(self, states: int) -> int:
        """Count what an application looks for, beside what is about its cast, where there are so many states."""
        others = states - len(self.roles) - len(self.ready.named)
        return sum(
            len(condition.values)
            * math.perm(max(others, 0), sum(t.role and t.name not in self.roles for t in condition.terms))
            for _, condition, looked in self.absences
            if looked is None
        )

    def names(self, cast: Cast) -> Cast:
        """Give all names that conditions may be about: the system, the states that the proposition names, the cast."""
        return (SYSTEM, *sorted(self.ready.named), *cast)


def form(vocabulary: Vocabulary, ready: Statement, roles: tuple[str, ...]) -> Form:
    """Prepare the record of a proposition's applications with these roles."""
    named = (SYSTEM, *sorted(ready.named))
    seats = {Term(name, False): seat for seat, name in enumerate(named)}
    seats |= {Term(role): seat for seat, role in enumerate(roles, len(named))}

    def looked(conditions: Iterable[Condition]) -> Iterable[Looked]:
        for condition in conditions:
            terms = condition.terms or (Term(SYSTEM, False),)
            if all(term in seats for term in terms):
                places = tuple(seats[term] for term in terms)
                yield pick(places), condition.variable, condition.values, condition.holds

    proposition = ready.proposition
    return Form(
        ready,
        roles,
        tuple(
            (say(vocabulary, each), tuple(looked(each.of if isinstance(each, Either | AtLeast) else (each,))))
            for each in proposition.conditions
        ),
        tuple((say(vocabulary, each), each, next(iter(looked([each])), None)) for each in proposition.unless),
    )


def justification(
    form: Form, cast: Cast, derived: Iterable[Fact], known: Set[Fact], states: tuple[str, ...]
) -> Justification:
    """Record one application of a proposition."""
    names = form.names(cast)
    binding = tuple(zip(form.roles, cast, strict=True))
    return Justification(
        form.ready.proposition.id,
        binding,
        tuple(Premise(text, _met(looked, names, known)) for text, looked in form.premises),
        tuple(
            Absence(text, _asked(looked, names) if looked else _anybody(form, condition, dict(binding), states))
            for text, condition, looked in form.absences
        ),
        tuple(derived),
    )


def about(form: Form, cast: Cast) -> tuple[tuple[str, Cast], ...]:
    """Give what the conditions of an application are about: variables and their arguments."""
    names = form.names(cast)
    return tuple(dict.fromkeys((variable, of(names)) for _, looked in form.premises for of, variable, _, _ in looked))


def _asked(looked: Looked, names: Cast) -> tuple[Fact, ...]:
    """Give the facts that a condition looks for."""
    of, variable, values, holds = looked
    args = of(names)
    return tuple(Fact(variable, args, value, holds) for value in values)


def _met(several: tuple[Looked, ...], names: Cast, known: Set[Fact]) -> tuple[Fact, ...]:
    """Give the facts that meet conditions, each once; a denial is met where all its values are known not to be so."""
    met: dict[Fact, None] = {}
    for looked in several:
        asked = _asked(looked, names)
        found = [fact for fact in asked if fact in known]
        if looked[3] or len(found) == len(asked):
            met.update(dict.fromkeys(found))
    return tuple(met)


def _anybody(form: Form, condition: Condition, cast: dict[str, str], states: tuple[str, ...]) -> tuple[Fact, ...]:
    """Give the facts that a condition looks for with any other state in the role that the cast leaves open."""
    extended = casts(condition, cast, states, form.ready.named)
    return tuple(fact for each in extended for fact in facts_of(condition, each))
