"""The search for gaps: a threatened state of which all core facts are known, and no school expects anything of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from advisor.diagnostics import Page, complain
from advisor.terms import SYSTEM, Fact, Proposition, Sign, StrategyClaim
from advisor.verdict.hearing import STATE, THREAT
from advisor.vocabulary import canonical, value_ids
from advisor.workshop.analysis_claims import goal_of
from advisor.workshop.analysis_search import Search, goal
from advisor.workshop.analysis_world import World, focus
from advisor.workshop.findings import Finding, Unspoken, Witness

_MOST_STEPS = 4_000
STRATEGIES = "strategies.md"


def gaps(search: Search, open_page: Callable[[str], Page]) -> Iterator[Finding]:
    """Find, for each sign that makes a state the threat, one situation in which nothing is said of a response to it."""
    signs = [sign for sign in search.lore.vocabulary.focus.signs if sign.kind == "each"]
    for sign in signs:
        gap = _Gap(search, sign)
        world = gap.found()
        if world is None:
            continue
        on = open_page(STRATEGIES)
        message = f"where “{sign.condition.text.strip(' .')}”, no school says anything, though the core facts are known"
        hint = "write a proposition that covers the situation, or accept that the theory is silent on it"
        text = sign.condition.text
        complain(on, "A08", message, sign.condition.line, text, hint, severity="warning")
        state, threat = gap.cast[STATE], gap.cast[THREAT]
        claim = Unspoken(state, threat, gap.strategies)
        told = f"no proposition says how {state} responds to {threat}"
        yield Finding(on.found.pop(), Witness(world.stated, world.states, (claim,), told), ())


class _Gap:
    """The search for one situation without an argument."""

    def __init__(self, search: Search, sign: Sign) -> None:
        self.search = search
        self.sign = sign
        lore = search.lore
        self.cast = {STATE: lore.usual(STATE), THREAT: lore.usual(THREAT)}
        topic = lore.vocabulary.topics[0].id if lore.vocabulary.topics else ""
        self.strategies = tuple(each.id for each in lore.vocabulary.strategies if each.question == topic)
        self.speakers = [
            each
            for each in lore.theory.propositions
            if any(isinstance(c, StrategyClaim) and c.strategy in self.strategies for c in each.conclusions)
        ]
        self.core = tuple(self._core())
        self.steps = 0

    def _core(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give the core variables with the arguments that matter to the two states."""
        one, other = self.cast[STATE], self.cast[THREAT]
        places: dict[int, tuple[tuple[str, ...], ...]] = {
            0: ((SYSTEM,),),
            1: ((one,), (other,)),
            2: ((one, other), (other, one)),
        }
        seen = set()
        for variable in self.search.lore.vocabulary.variables:
            for args in places[variable.arity] if variable.core and not variable.derived else ():
                fact = canonical(self.search.lore.vocabulary, Fact(variable.id, args, value_ids(variable)[0]))
                if (fact.variable, fact.args) not in seen:
                    seen.add((fact.variable, fact.args))
                    yield fact.variable, fact.args

    def found(self) -> World | None:
        """Give a gap, or None."""
        for world in self.search.worlds([], [goal(self.sign.condition, self.cast)]):
            gap = self._extended(World(self.search.lore, world.stated, {*world.states, *self.cast.values()}))
            if gap is not None:
                return gap
            if self.steps > _MOST_STEPS:
                return None
        return None

    def _extended(self, world: World) -> World | None:
        """Extend a situation until all core facts are known, so that it stays threatening and nobody speaks."""
        self.steps += 1
        if self.steps > _MOST_STEPS or not world.met(self.sign.condition, self.cast):
            return None
        speaking = self._speaking(world)
        if speaking is not None:
            proposition, whole = speaking
            for exception in proposition.unless:
                wanted = goal_of(self.search.lore, exception, whole)
                for changed in self.search.worlds([], [wanted], base=world.stated):
                    gap = self._extended(World(self.search.lore, changed.stated, {*world.states, *changed.states}))
                    if gap is not None:
                        return gap
            return None
        known = {(fact.variable, fact.args) for fact in world.situation.facts if fact.holds}
        variable, args = next((each for each in self.core if each not in known), ("", ()))
        if not variable:
            return world
        for value in self._values(variable):
            fact = Fact(variable, args, value)
            if Fact(variable, args, value, False) not in world.situation.facts:
                gap = self._extended(World(self.search.lore, (*world.stated, fact), world.states))
                if gap is not None:
                    return gap
        return None

    def _values(self, variable: str) -> tuple[str, ...]:
        """Give the values of a variable that a text can supply."""
        known = value_ids(self.search.lore.variables[variable])
        return tuple(value for value in known if value in self.search.lore.sayable[variable])

    def _speaking(self, world: World) -> tuple[Proposition, dict[str, str]] | None:
        """Give a proposition that says something of the state here; one without exceptions first."""
        found = None
        for proposition in self.speakers:
            whole = next(world.applications(proposition, focus(proposition, self.cast)), None)
            if whole is not None:
                if not proposition.unless:
                    return proposition, whole
                found = found or (proposition, whole)
        return found
