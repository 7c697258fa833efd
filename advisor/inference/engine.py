"""The run: the rules of a theory in an experta engine, applied to a situation until nothing new follows.

An ``unless`` is looked up when its rule fires, not matched.  Rules fire stratum by stratum, so all that
could stop one is settled by then; and a role that only the ``unless`` has is played by some state other than
those bound, which experta cannot say: it takes ``NOT(AND(pattern, TEST))`` apart by De Morgan's law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal

from advisor.grammar import conditions_in
from advisor.inference import bounds, shell
from advisor.inference.compile import Binding, casts, engine_rules, facts_of, instance, named_states
from advisor.inference.matcher import IndexedMatcher
from advisor.situation import closed
from advisor.terms import SYSTEM, Derivation, Fact, Proposition, Situation, Theory, Vocabulary
from advisor.theory import strata

MatcherName = Literal["indexed", "stock"]
"""Our matcher, or the one that comes with experta."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found: all facts, and for each proposition the bindings under which it applied."""

    facts: frozenset[Fact]
    applications: dict[str, frozenset[Binding]]


@dataclass(frozen=True, slots=True)
class Statement:
    """A proposition made ready: the states it names, and all that follows from each of its derivations."""

    proposition: Proposition
    named: frozenset[str]
    derivations: tuple[tuple[Derivation, frozenset[Fact]], ...]

    @property
    def only_derives(self) -> bool:
        """Whether it concludes nothing but further facts."""
        return len(self.derivations) == len(self.proposition.conclusions)


def consequences(vocabulary: Vocabulary, derivation: Derivation) -> frozenset[Fact]:
    """Give all that is learnt from a derivation, with "0" and "1" for the arguments it is about."""
    places = tuple(str(place) for place, _ in enumerate(derivation.terms or (SYSTEM,)))
    return closed(vocabulary, [Fact(derivation.variable, places, derivation.value)])


def statement(theory: Theory, proposition: Proposition) -> Statement:
    """Make a proposition ready."""
    derivations = tuple(c for c in proposition.conclusions if isinstance(c, Derivation))
    return Statement(
        proposition, named_states(proposition), tuple((d, consequences(theory.vocabulary, d)) for d in derivations)
    )


def drawn(ready: Statement, binding: Binding, observed: frozenset[Fact]) -> Iterator[tuple[Fact, frozenset[Fact]]]:
    """Give the facts that follow under a binding, each with all that is learnt from it.

    What contradicts the situation is not drawn: an observation outweighs an inference.
    """
    cast = dict(binding)
    for derivation, learnt in ready.derivations:
        args = instance(derivation.terms, cast)
        fact = Fact(derivation.variable, args, derivation.value)
        if Fact(fact.variable, args, fact.value, False) not in observed:
            places = {str(place): arg for place, arg in enumerate(args)}
            yield fact, frozenset(Fact(f.variable, tuple(places[a] for a in f.args), f.value, f.holds) for f in learnt)


class Engine(shell.KnowledgeEngine):  # type: ignore[misc]
    """An engine for one situation.  The rules of a theory are added by ``engine_class``.

    ``asked`` is what some condition looks for; only that is declared, all else no rule would match.
    """

    asked: ClassVar[frozenset[tuple[str, str, bool]]] = frozenset()

    def start(self, situation: Situation) -> None:
        """Declare what is known."""
        self.observed = situation.facts
        self.states = frozenset(situation.states)
        self.known: set[Fact] = set()
        self.applications: dict[str, set[Binding]] = {}
        self.lookups = 0
        self.reset()
        self.declare(*(shell.Player(state=state) for state in sorted(self.states)))
        self.learn(situation.facts)

    def learn(self, facts: Iterable[Fact]) -> None:
        """Declare facts not known before."""
        new = set(facts) - self.known
        self.known |= new
        if len(self.known) > bounds.MAX_FACTS:
            raise bounds.refuse("facts", bounds.MAX_FACTS)
        declared = sorted(fact for fact in new if (fact.variable, fact.value, fact.holds) in self.asked)
        if declared:
            self.declare(*map(engine_fact, declared))

    def apply(self, ready: Statement, binding: Binding) -> None:
        """Apply a proposition under a binding that meets its conditions."""
        bindings = self.applications.setdefault(ready.proposition.id, set())
        if binding in bindings or not all(state in self.states for _, state in binding):
            return
        if self.stopped(ready, binding):
            return
        follows = list(drawn(ready, binding, self.observed))
        if ready.only_derives and not follows:
            return
        bindings.add(binding)
        self.learn(fact for _, learnt in follows for fact in learnt)

    def stopped(self, ready: Statement, binding: Binding) -> bool:
        """Whether an ``unless`` is known to hold, for some other state in each role it brings in."""
        cast = dict(binding)
        for condition in ready.proposition.unless:
            for extended in casts(condition, cast, self.states, ready.named):
                self.lookups += 1
                if self.lookups > bounds.MAX_LOOKUPS:
                    raise bounds.refuse("look-ups of what may stop a proposition", bounds.MAX_LOOKUPS)
                met = [fact in self.known for fact in facts_of(condition, extended)]
                if any(met) if condition.holds else all(met):
                    return True
        return False


def engine_fact(fact: Fact) -> shell.Known:
    """Give a fact as the engine knows it."""
    args = {f"arg{place}": arg for place, arg in enumerate(fact.args)}
    return shell.Known(variable=fact.variable, value=fact.value, holds=fact.holds, **args)


@dataclass(frozen=True, slots=True, eq=False)
class _ByDigest:
    """A theory as a key: found by its digest, which is quick, and compared by its value, which is safe."""

    theory: Theory

    def __hash__(self) -> int:
        return hash(self.theory.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and (self.theory is other.theory or self.theory == other.theory)


_Prepared = tuple[type["Engine"], tuple[Statement, ...]]
_latest: list[tuple[Theory, MatcherName, _Prepared]] = []
"""What was asked for last: to compare two equal theories takes as long as an inference."""


def _prepared(theory: Theory, matcher: MatcherName) -> _Prepared:
    for known, name, ready in _latest:
        if known is theory and name == matcher:
            return ready
    ready = _prepared_once(_ByDigest(theory), matcher)
    _latest[:] = [*_latest[-3:], (theory, matcher, ready)]
    return ready


@lru_cache(maxsize=16)
def _prepared_once(key: _ByDigest, matcher: MatcherName) -> _Prepared:
    ready = tuple(statement(key.theory, proposition) for proposition in key.theory.propositions)
    level = {name: number for number, names in enumerate(strata(key.theory)) for name in names}
    conditions = [c for p in key.theory.propositions for c in conditions_in(p.conditions)]
    members: dict[str, Any] = {
        "__matcher__": IndexedMatcher if matcher == "indexed" else shell.ReteMatcher,
        "asked": frozenset((c.variable, value, c.holds) for c in conditions for value in c.values),
    }
    for one in ready:

        def apply(engine: Any, binding: Binding, one: Statement = one) -> None:
            engine.apply(one, binding)

        rules = engine_rules(one.proposition, -level[one.proposition.id], apply)
        members |= {f"{one.proposition.id} {number}": rule for number, rule in enumerate(rules, 1)}
    return type("TheoryEngine", (Engine,), members), ready


def statements(theory: Theory) -> tuple[Statement, ...]:
    """Give the propositions of a theory, made ready, in its order."""
    return _prepared(theory, "indexed")[1]


def engine_class(theory: Theory, matcher: MatcherName = "indexed") -> type[Engine]:
    """Give the class of engines that run a theory's rules; it is built once."""
    return _prepared(theory, matcher)[0]


def run(theory: Theory, situation: Situation, matcher: MatcherName = "indexed") -> Run:
    """Apply every proposition to a situation until nothing new follows.

    Raises ``TooLarge`` past the bounds.  The theory must be one that ``load_theory`` does not complain of.
    """
    if len(situation.states) > bounds.MAX_STATES:
        raise bounds.refuse("states", bounds.MAX_STATES)
    if len(situation.facts) > bounds.MAX_FACTS:
        raise bounds.refuse("facts", bounds.MAX_FACTS)
    engine = engine_class(theory, matcher)()
    engine.start(situation)
    engine.run()
    return Run(frozenset(engine.known), {name: frozenset(found) for name, found in engine.applications.items()})
