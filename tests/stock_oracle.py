"""The meaning of a theory to experta's own matcher: rules in experta's language, every alternative a rule of its own.

An ``unless`` is looked up when its rule fires.  Rules fire stratum by stratum, so all that could stop one is settled
by then; and a role that only the ``unless`` has is played by some state other than those bound, which experta cannot
say: it takes ``NOT(AND(pattern, TEST))`` apart by De Morgan's law.
"""

import itertools
from functools import lru_cache
from inspect import Parameter, Signature

from naive import is_met, wider

from advisor.inference import shell  # isort: skip  (lends experta what it needs to be imported)
from experta import TEST, InitialFact, P, W
from experta import Fact as EngineFact

from advisor.inference.compile import drawn, forms, named_states, statement
from advisor.terms import SYSTEM, Term
from advisor.theory import strata


class Known(EngineFact):
    """A fact: ``variable``, ``value``, ``holds``, and ``arg0`` and ``arg1`` for its arguments."""


class Player(EngineFact):
    """A state that may fill a role; slot ``state``."""


class Test:
    """A test of some roles; the engine learns which from the signature."""

    def __init__(self, says, *roles):
        self.says, self.roles = says, roles
        self.__signature__ = Signature([Parameter(role, Parameter.KEYWORD_ONLY) for role in roles])

    def __call__(self, **cast):
        return self.says(*(cast[role] for role in self.roles))


def left_side(form, named):
    def slot(role):
        return f"role_{form.roles.index(role)}"

    patterns = {}
    for condition in form.conditions:
        args = {
            f"arg{place}": W(slot(term.name)) if term.role else term.name
            for place, term in enumerate(condition.terms or (Term(SYSTEM, False),))
        }
        # "Has one of the values" is one pattern; "has none of them" wants each known false.
        alternatives = [tuple(sorted(set(condition.values)))] if condition.holds else [(v,) for v in condition.values]
        for values in alternatives:
            value = P(lambda value, values=values: value in values)
            patterns[condition.variable, condition.terms, values, condition.holds] = Known(
                variable=condition.variable, value=value, holds=condition.holds, **args
            )
    bound = {term.name for condition in form.conditions for term in condition.terms if term.role}
    players = [Player(state=W(slot(role))) for role in form.roles if role not in bound]
    tests = [TEST(Test(str.__ne__, slot(a), slot(b))) for a, b in itertools.combinations(form.roles, 2)]
    tests += [TEST(Test(lambda state: state not in named, slot(role))) for role in form.roles if named]
    return [*(list(patterns.values()) + players or [InitialFact()]), *tests]


class StockEngine(shell.KnowledgeEngine):
    """experta as it comes."""

    def learn(self, facts):
        for fact in sorted(set(facts) - self.known):
            self.known.add(fact)
            args = {f"arg{place}": arg for place, arg in enumerate(fact.args)}
            self.declare(Known(variable=fact.variable, value=fact.value, holds=fact.holds, **args))

    def apply(self, ready, binding):
        proposition = ready.proposition
        if (proposition.id, binding) in self.applied or not all(state in self.states for _, state in binding):
            return
        for condition in proposition.unless:
            if any(is_met(condition, cast, self.known) for cast in wider(condition, dict(binding), proposition, self)):
                return
        follows = list(drawn(ready, binding, self.observed))
        if follows or not ready.only_derives:
            self.applied.add((proposition.id, binding))
            self.learn(fact for _, learnt in follows for fact in learnt)


@lru_cache(maxsize=8)
def engine_class(theory):
    level = {name: number for number, names in enumerate(strata(theory)) for name in names}
    members = {}
    for proposition in theory.propositions:
        ready = statement(theory, proposition)
        for number, form in enumerate(forms(proposition)):

            def fire(engine, ready=ready, form=form, **cast):
                engine.apply(ready, tuple((role, cast[f"role_{form.roles.index(role)}"]) for role in form.roles))

            rule = shell.Rule(*left_side(form, named_states(proposition)), salience=-level[proposition.id])
            members[f"{proposition.id} {number}"] = rule(fire)
    return type("TheoryEngine", (StockEngine,), members)


def stock_inference(theory, situation):
    """Give the facts and, as pairs of proposition and binding, the applications that experta's own matcher finds."""
    engine = engine_class(theory)()
    engine.reset()
    engine.states, engine.observed, engine.known, engine.applied = situation.states, situation.facts, set(), set()
    for state in situation.states:
        engine.declare(Player(state=state))
    engine.learn(situation.facts)
    engine.run()
    return engine.known, engine.applied
