"""From propositions to what a rule engine can run: conjunctions of facts to be known, with roles as variables."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature

from advisor.grammar import conditions_in
from advisor.inference import shell
from advisor.terms import (
    SYSTEM,
    AtLeast,
    Condition,
    Derivation,
    Fact,
    MeasureClaim,
    MenuClaim,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Term,
)
from advisor.theory import alternatives

ACTOR = "state"
"""The role whose strategies, measures and options the conclusions speak of without naming it."""

Binding = tuple[tuple[str, str], ...]
"""Who plays which role: pairs of role and state, sorted by role."""


# ---------------------------------------------------------------- what a rule means


@dataclass(frozen=True, slots=True)
class Form:
    """One way for a proposition to apply: all ``conditions`` are met, with a state in each of ``roles``.

    A proposition has several forms where it leaves alternatives; they may bring in different roles.
    """

    conditions: tuple[Condition, ...]
    roles: tuple[str, ...]


def _ways(premiss: Condition | AtLeast) -> list[tuple[tuple[Condition, ...], tuple[Condition, ...]]]:
    """Give the ways to meet a premiss: the conditions to be met, and those whose roles it speaks of."""
    if isinstance(premiss, AtLeast):
        return [(chosen, premiss.of) for chosen in itertools.combinations(premiss.of, premiss.count)]
    return [((premiss,), (premiss,))]


def concluded_terms(proposition: Proposition) -> tuple[Term, ...]:
    """Give what the conclusions speak of; those about strategies speak of the acting state."""
    terms: list[Term] = []
    for conclusion in proposition.conclusions:
        if isinstance(conclusion, Derivation | OutcomeClaim):
            terms.extend(conclusion.terms)
        elif isinstance(conclusion, StrategyClaim | MeasureClaim | MenuClaim):
            terms.append(Term(ACTOR))
    return tuple(terms)


def forms(proposition: Proposition) -> tuple[Form, ...]:
    """Give the forms of a proposition, each once, in the author's order."""
    concluded = concluded_terms(proposition)
    found: dict[Form, None] = {}
    for ways in itertools.chain.from_iterable(itertools.product(*map(_ways, p)) for p in alternatives(proposition)):
        needed = tuple(dict.fromkeys(condition for conditions, _ in ways for condition in conditions))
        terms = [*concluded, *(term for _, spoken in ways for condition in spoken for term in condition.terms)]
        found[Form(needed, tuple(sorted({term.name for term in terms if term.role})))] = None
    return tuple(found)


def named_states(proposition: Proposition) -> frozenset[str]:
    """Give the states a proposition names: they fill none of its roles."""
    conditions = (*conditions_in(proposition.conditions), *proposition.unless)
    terms = (*concluded_terms(proposition), *(term for condition in conditions for term in condition.terms))
    return frozenset(term.name for term in terms if not term.role and term.name != SYSTEM)


def instance(terms: Iterable[Term], cast: Mapping[str, str]) -> tuple[str, ...]:
    """Give the arguments that terms stand for under a cast of roles."""
    return tuple(cast[term.name] if term.role else term.name for term in terms) or (SYSTEM,)


def facts_of(condition: Condition, cast: Mapping[str, str]) -> tuple[Fact, ...]:
    """Give the facts a condition looks for under a cast, one a value."""
    args = instance(condition.terms, cast)
    return tuple(Fact(condition.variable, args, value, condition.holds) for value in condition.values)


def casts(
    condition: Condition, cast: Mapping[str, str], states: Iterable[str], barred: frozenset[str]
) -> Iterable[dict[str, str]]:
    """Give the casts that extend ``cast`` by some other state for each further role of a condition.

    ``barred`` are states that the rule names.
    """
    free = sorted({term.name for term in condition.terms if term.role and term.name not in cast})
    if not free:
        return [dict(cast)]
    others = sorted(set(states) - set(cast.values()) - barred)
    return ({**cast, **dict(zip(free, chosen, strict=True))} for chosen in itertools.permutations(others, len(free)))


# ---------------------------------------------------------------- as rules of the engine


@dataclass(frozen=True)
class Different:
    """The test that two roles are filled by different states; the engine learns its roles from the signature."""

    one: str
    other: str

    @property
    def __signature__(self) -> Signature:
        return Signature([Parameter(name, Parameter.KEYWORD_ONLY) for name in (self.one, self.other)])

    def __call__(self, **cast: str) -> bool:
        """Say whether the states differ."""
        return cast[self.one] != cast[self.other]


@dataclass(frozen=True)
class NotNamed:
    """The test that a role is not filled by a state that the rule names."""

    role: str
    names: frozenset[str]

    @property
    def __signature__(self) -> Signature:
        return Signature([Parameter(self.role, Parameter.KEYWORD_ONLY)])

    def __call__(self, **cast: str) -> bool:
        """Say whether the state is another."""
        return cast[self.role] not in self.names


Action = Callable[..., None]
"""What a rule does when it fires; it is given the engine and the cast."""


def engine_rules(proposition: Proposition, salience: int, apply: Callable[[object, Binding], None]) -> list[shell.Rule]:
    """Compile a proposition to rules of the engine, one a form, that call ``apply`` with engine and binding."""
    one_of: dict[tuple[str, ...], shell.P] = {}
    return [
        shell.Rule(*_left_side(form, named_states(proposition), one_of), salience=salience)(
            _action(form, proposition.id, apply)
        )
        for form in forms(proposition)
    ]


def _slot(form: Form, role: str) -> str:
    """Name the engine's variable for a role: an identifier that no argument of a Python function has."""
    return f"role_{form.roles.index(role)}"


def _action(form: Form, name: str, apply: Callable[[object, Binding], None]) -> Action:
    def fire(engine: object, /, **cast: str) -> None:
        apply(engine, tuple((role, cast[_slot(form, role)]) for role in form.roles))

    fire.__name__ = name
    return fire


def _left_side(form: Form, named: frozenset[str], one_of: dict[tuple[str, ...], shell.P]) -> list[object]:
    """Compile the conditions of a form: patterns, a player for every role they leave open, and tests."""
    patterns: dict[tuple[object, ...], object] = {}
    for condition in form.conditions:
        args = {
            f"arg{place}": shell.W(_slot(form, term.name)) if term.role else term.name
            for place, term in enumerate(condition.terms or (Term(SYSTEM, False),))
        }
        # "Has one of the values" is one pattern; "has none of them" wants each known false.
        alternatives = [tuple(sorted(set(condition.values)))] if condition.holds else [(v,) for v in condition.values]
        for values in alternatives:
            value = values[0] if len(values) == 1 else one_of.setdefault(values, shell.P(shell.OneOf(values)))
            patterns[condition.variable, condition.terms, values, condition.holds] = shell.Known(
                variable=condition.variable, value=value, holds=condition.holds, **args
            )
    bound = {term.name for condition in form.conditions for term in condition.terms if term.role}
    players = [shell.Player(state=shell.W(_slot(form, role))) for role in form.roles if role not in bound]
    tests: list[object] = [
        shell.TEST(Different(_slot(form, one), _slot(form, other)))
        for one, other in itertools.combinations(form.roles, 2)
    ]
    tests += [shell.TEST(NotNamed(_slot(form, role), named)) for role in form.roles if named]
    return [*(list(patterns.values()) + list(players) or [shell.InitialFact()]), *tests]
