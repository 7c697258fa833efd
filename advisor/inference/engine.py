"""The run: the rules of a theory in an experta engine, applied to a situation until nothing new follows.

Rules fire stratum by stratum, so all that could stop one is settled by then.  What follows is known for as long as
some application that it follows from stands: when the situation changes, only what rested on the change is taken
back, and only what newly follows is drawn (Doyle's truth maintenance, 1979; Gupta, Mumick and Subrahmanian's
*delete and rederive*, 1993).  Facts that could hold up each other in a circle are taken back as soon as one of
their supports goes, and restored if another stands when all is taken back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from advisor.grammar import conditions_in
from advisor.inference import bounds, shell
from advisor.inference.compile import Pattern, Statement, claims, patterns, statement
from advisor.inference.growing import player
from advisor.inference.matcher import IndexedMatcher, Match, Stratified
from advisor.inference.record import Form, about, form
from advisor.terms import Derivation, Fact, Proposition, Situation, Theory
from advisor.theory import strata


class Engine(shell.KnowledgeEngine):  # type: ignore[misc]
    """An engine for one situation after another.  The rules of a theory are added by ``engine_class``.

    ``situation`` is the one it has dealt with, unless it was stopped halfway.  ``known`` is all that is known,
    ``applied`` the matches that apply of each proposition, by its number.  What came and went is gathered in
    ``touched`` (facts), ``withdrawn`` (matches) and ``stirred`` (propositions, by number).
    """

    __matcher__ = IndexedMatcher
    __strategy__ = Stratified

    idle: ClassVar[list[Engine]] = []
    statements: ClassVar[tuple[Statement, ...]] = ()
    circular: ClassVar[frozenset[str]] = frozenset()
    """The variables about which facts may follow from one another in a circle."""

    def reset(self) -> None:
        """Forget everything.  experta's own would look through all rules for facts to start with."""
        self.agenda = shell.Agenda()
        self.matcher.reset()
        self.situation: Situation | None = None
        self.states: tuple[str, ...] = ()
        self.observed: frozenset[Fact] = frozenset()
        self.known: set[Fact] = set()
        self.applied: dict[int, dict[Match, None]] = {}
        self.touched: list[Fact] = []
        self.withdrawn: list[Match] = []
        self.stirred: set[int] = set()
        self._looked_for = 0
        self._coming: list[Fact] = []
        self._going: list[Fact] = []
        self._doubtful: list[Fact] = []
        self._support: dict[Fact, dict[Match, None]] = {}
        self._claimed: dict[Fact, dict[Match, None]] = {}
        self._resting: dict[tuple[str, tuple[str, ...]], dict[Match, None]] = {}
        self._shaken: dict[Match, None] = {}

    def begin(self, situation: Situation) -> None:
        """Apply every rule to a situation.  Raises ``TooLarge`` past the bounds."""
        self.reset()
        if len(situation.states) > bounds.MAX_STATES:
            raise bounds.refuse("states", bounds.MAX_STATES)
        self.states, self.observed = situation.states, situation.facts
        self._learn(situation.facts)
        # Where there is nobody and nothing is known, there are still rules that ask for nothing.
        coming, self._coming = [*map(player, situation.states), *self._coming], []
        self.strategy.update_agenda(self.agenda, *self.matcher.changes(adding=coming))
        self.run()
        self.situation = situation

    def turn(self, situation: Situation) -> None:
        """Apply every rule to another situation of the same states, taking back and drawing only what changes."""
        gone, new = self.observed - situation.facts, situation.facts - self.observed
        self.situation, self.observed = None, situation.facts
        # Who claims something weighs anew whether an observation speaks against it.
        disputed = [fact._replace(holds=True) for fact in (*gone, *new) if not fact.holds]
        self._shake(match for claim in disputed for match in self._claimed.get(claim, ()))
        for fact in gone:
            self._doubt(fact)
        self.strategy.update_agenda(self.agenda, *self.get_activations())
        self._learn(new)
        self.run()
        self.situation = situation

    def get_activations(self) -> tuple[list[Match], list[Match]]:
        """Tell the matcher what came and went, take back what rested on what went, then restore what still stands."""
        added: dict[Match, None] = {}
        removed: list[Match] = []
        while self._going or self._coming or self._restored():
            if self._going:
                going, self._going = self._going, []
                self._shake(match for fact in going for match in self._resting.get((fact.variable, fact.args), ()))
                come, gone = self.matcher.changes(deleting=going)
            else:
                coming, self._coming = self._coming, []
                come, gone = self.matcher.changes(adding=coming)
            added.update(dict.fromkeys(come))
            for match in gone:
                added.pop(match, None)
                if match.fired:
                    self._withdraw(match)
            removed += gone
        return list(added), removed

    def apply(self, match: Match, number: int, form: Form) -> None:
        """Apply a proposition where its conditions are met."""
        match.fired, match.number, match.form = True, number, form
        match.claims, match.derived, match.learnt = (), (), {}
        self.stirred.add(number)
        if form.ready.derivations:
            self._claim(match)
        if match.derived or not form.ready.only_derives:
            self.applied.setdefault(number, {})[match] = None
            self._looked_for += form.reach(len(self.states))
            if self._looked_for > bounds.MAX_LOOKUPS:
                raise bounds.refuse("look-ups of what may stop a proposition", bounds.MAX_LOOKUPS)

    def _claim(self, match: Match) -> None:
        """Draw what a match claims, but for what an observation speaks against."""
        for claim, facts in claims(match.form.ready, tuple(zip(match.form.roles, match.cast, strict=True))):
            self._claimed.setdefault(claim, {})[match] = None
            match.claims += (claim,)
            if claim._replace(holds=False) not in self.observed:
                match.derived += (claim,)
                match.learnt.update(dict.fromkeys(facts))
        for fact in match.learnt:
            self._support.setdefault(fact, {})[match] = None
        if any(claim.variable in self.circular for claim in match.claims):
            match.rests = about(match.form, match.cast)
            for key in match.rests:
                self._resting.setdefault(key, {})[match] = None
        self._learn(match.learnt)

    def _shake(self, matches: Iterable[Match]) -> None:
        """Take back applications that may stand all the same, to be applied again if they do."""
        for match in tuple(matches):
            self._withdraw(match)
            self._shaken[match] = None

    def _withdraw(self, match: Match) -> None:
        """Take back an application, and doubt what rests on it."""
        self.stirred.add(match.number)
        self.withdrawn.append(match)
        if match in self.applied.get(match.number, ()):
            del self.applied[match.number][match]
            self._looked_for -= match.form.reach(len(self.states))
        for claim in match.claims:
            self._claimed[claim].pop(match, None)
        for key in match.rests:
            self._resting[key].pop(match, None)
        learnt, match.learnt = match.learnt, {}
        for fact in learnt:
            del self._support[fact][match]
            self._doubt(fact)

    def _learn(self, facts: Iterable[Fact]) -> None:
        """Take in facts not known before."""
        new = [fact for fact in facts if fact not in self.known]
        self.known.update(new)
        self.touched += new
        self._coming += new
        if len(self.known) > bounds.MAX_FACTS:
            raise bounds.refuse("facts", bounds.MAX_FACTS)

    def _doubt(self, fact: Fact) -> None:
        """Take back a fact that lost a support, unless another is enough."""
        support = self._support.get(fact)
        if fact not in self.known or fact in self.observed or (support and fact.variable not in self.circular):
            return
        self.known.remove(fact)
        self.touched.append(fact)
        self._going.append(fact)
        if support:
            self._doubtful.append(fact)

    def _restored(self) -> bool:
        """Apply and learn again what was taken back and stands all the same; say whether anything comes of it."""
        doubtful, self._doubtful = self._doubtful, []
        shaken, self._shaken = self._shaken, {}
        for match in shaken:
            if not match.lapsed:
                self.apply(match, match.number, match.form)
        self._learn(fact for fact in doubtful if self._support.get(fact))
        return bool(self._coming)


# ---------------------------------------------------------------- the rules of a theory


class _ByDigest(NamedTuple):
    """A theory as a key: found by its digest, which is quick, and compared by its value, which is safe."""

    theory: Theory

    def __hash__(self) -> int:
        return hash(self.theory.digest)


_latest: deque[tuple[Theory, type[Engine]]] = deque(maxlen=4)
"""The classes asked for last: to compare two equal theories takes longer than an inference."""


def engine_class(theory: Theory) -> type[Engine]:
    """Give the class of engines that run a theory's rules; it is built once.

    Raises ``TooLarge`` for a theory of too many propositions.
    """
    found = next((kind for known, kind in _latest if known is theory), None)
    if found is None:
        found = _engine_class(_ByDigest(theory))
        _latest.append((theory, found))
    return found


@lru_cache(maxsize=16)
def _engine_class(key: _ByDigest) -> type[Engine]:
    if len(key.theory.propositions) > bounds.MAX_PROPOSITIONS:
        raise bounds.refuse_theory(len(key.theory.propositions))
    level = {name: number for number, names in enumerate(strata(key.theory)) for name in names}
    ready = tuple(statement(key.theory, proposition) for proposition in key.theory.propositions)
    members: dict[str, Any] = {
        "statements": ready,
        "idle": [],
        "circular": _circular(key.theory.propositions),
    }
    for number, proposition in enumerate(key.theory.propositions):
        alike: dict[tuple[str, ...], list[Pattern]] = {}
        for pattern in patterns(proposition):
            alike.setdefault(pattern.roles, []).append(pattern)
        for roles, together in alike.items():
            written = form(key.theory.vocabulary, ready[number], roles)
            rule = shell.Rule(*together, salience=-level[proposition.id])(_action(number, written))
            members[f"{proposition.id} {' '.join(roles)}"] = rule
    return type("TheoryEngine", (Engine,), members)


def _action(number: int, written: Form) -> Callable[[Engine, Match], None]:
    """Give what a rule does when it fires."""

    def fire(engine: Engine, match: Match) -> None:
        engine.apply(match, number, written)

    return fire


def _circular(propositions: Iterable[Proposition]) -> frozenset[str]:
    """Give the variables about which a fact may follow from one about the same variable, directly or not."""
    below: dict[str, set[str]] = {}
    for proposition in propositions:
        for conclusion in proposition.conclusions:
            if isinstance(conclusion, Derivation):
                asked = {condition.variable for condition in conditions_in(proposition.conditions)}
                below.setdefault(conclusion.variable, set()).update(asked)

    def reached(variable: str) -> set[str]:
        found: set[str] = set()
        waiting = [variable]
        while waiting:
            new = below.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    return frozenset(variable for variable in below if variable in reached(variable))
