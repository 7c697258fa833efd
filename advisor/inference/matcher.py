"""A matcher for experta: which rules can fire, with what in place of their variables.

A rule's left side is a list of patterns, facts with variables in some slots, and of tests on those
variables.  It can fire once for every choice of known facts that fits all its patterns at once.  To find
these choices quickly:

* *Facts are indexed.*  A pattern asks for facts whose slots have certain values: constants of the pattern,
  and variables whose value is settled by then.  For each combination of slots asked about, an index maps
  the values to the facts that have them, so that no fact is looked at in vain.
* *Patterns are joined most bound first.*  A pattern whose variables are settled is a mere look-up, and one
  with a free variable is cheap if another of its variables is settled.  The order is fixed beforehand.
* *Only what is new is matched.*  Each fact, as it arrives, takes the place of each pattern it fits, and the
  other patterns are filled from the facts before it.  So every choice is found exactly once, when the last
  of its facts arrives, and nothing is ever matched again.

Facts are only added: an inference starts afresh from its situation, so there is nothing to retract.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from advisor.inference import bounds, shell

Cast = dict[str, Any]
"""What has been put in place of the variables so far."""

Path = tuple[type, tuple[str, ...]]
"""An index: a kind of fact, and the slots whose values it looks facts up by."""

Key = tuple[Any, ...]
"""The values of those slots."""


# ---------------------------------------------------------------- reading a rule


@dataclass(frozen=True, slots=True)
class Pattern:
    """A fact with some slots given, as the values each may have, and variables in others."""

    kind: type
    given: tuple[tuple[str, tuple[Any, ...]], ...]
    variables: tuple[tuple[str, str], ...]

    def extend(self, cast: Cast, fact: shell.EngineFact) -> Cast | None:
        """Give the cast with the variables set from a fact, or None where that contradicts the cast."""
        extended = dict(cast)
        for slot, name in self.variables:
            if slot not in fact or extended.setdefault(name, fact[slot]) != fact[slot]:
                return None
        return extended


Test = tuple[tuple[str, ...], Callable[..., bool]]
"""A test and the variables it is about."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next pattern to fill: the index to use, how to make its keys, and what can then be tested.

    ``keys`` says for each slot of the index either its possible values or the variable it is settled by.
    ``older`` keeps out the newest fact, which has taken its turn at this pattern already.
    """

    pattern: Pattern
    path: Path
    keys: tuple[tuple[tuple[Any, ...] | None, str], ...]
    tests: tuple[Test, ...]
    older: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do when a fact arrives that fits one pattern of a rule: the steps that fill the others."""

    rule: shell.Rule
    first: Pattern
    tests: tuple[Test, ...]
    steps: tuple[Step, ...]


def _pattern(element: shell.EngineFact) -> Pattern:
    """Read a pattern of a rule.  Raises TypeError on what this matcher does not know."""
    given: list[tuple[str, tuple[Any, ...]]] = []
    variables: list[tuple[str, str]] = []
    for slot, content in element.items():
        if isinstance(content, shell.W) and content.__bind__:
            variables.append((slot, content.__bind__))
        elif isinstance(content, shell.P) and isinstance(content.match, shell.OneOf):
            given.append((slot, content.match.values))
        elif isinstance(content, str | bool | int):
            given.append((slot, (content,)))
        else:
            raise TypeError(f"the matcher does not know this content of a pattern: {content!r}")
    return Pattern(type(element), tuple(sorted(given)), tuple(sorted(variables)))


def _plans(rule: shell.Rule) -> Iterator[Plan]:
    """Plan a rule: once for each of its patterns that a new fact may fit."""
    patterns = [_pattern(element) for element in rule if isinstance(element, shell.EngineFact)]
    tests = [(tuple(inspect.signature(e[0]).parameters), e[0]) for e in rule if isinstance(e, shell.TEST)]
    if not patterns or len(patterns) + len(tests) != len(rule):
        raise TypeError(f"the matcher knows rules of patterns and tests only, not {rule!r}")
    # experta hands an engine's own rules a reference to the engine; this copy stays clear of it.
    detached = rule.new_conditions(*rule)
    for place, first in enumerate(patterns):
        settled = {name for _, name in first.variables}
        waiting = list(tests)
        steps: list[Step] = []
        ready = _ready(waiting, settled)
        rest = [other for other in range(len(patterns)) if other != place]
        while rest:
            following = min(rest, key=lambda other: (*_openness(patterns[other], settled), other))
            rest.remove(following)
            pattern = patterns[following]
            keys: dict[str, tuple[tuple[Any, ...] | None, str]] = {slot: (v, "") for slot, v in pattern.given}
            keys |= {slot: (None, name) for slot, name in pattern.variables if name in settled}
            path = (pattern.kind, tuple(sorted(keys)))
            settled |= {name for _, name in pattern.variables}
            steps.append(
                Step(pattern, path, tuple(keys[s] for s in path[1]), _ready(waiting, settled), following < place)
            )
        yield Plan(detached, first, ready, tuple(steps))


def _openness(pattern: Pattern, settled: set[str]) -> tuple[int, int]:
    """Rank a pattern by how little is settled of it."""
    free = sum(name not in settled for _, name in pattern.variables)
    return free, free - len(pattern.variables)


def _ready(waiting: list[Test], settled: set[str]) -> tuple[Test, ...]:
    """Take out the tests whose variables are settled."""
    ready = tuple(test for test in waiting if settled.issuperset(test[0]))
    waiting[:] = [test for test in waiting if test not in ready]
    return ready


@dataclass(frozen=True, slots=True)
class Network:
    """All plans of an engine, found by the constants of the pattern a new fact must fit, and all indexes."""

    plans: dict[Path, dict[Key, list[Plan]]]
    indexes: dict[type, tuple[tuple[str, ...], ...]]


@lru_cache(maxsize=16)
def network(engine: type[Any]) -> Network:
    """Plan the rules of a class of engines."""
    plans: dict[Path, dict[Key, list[Plan]]] = {}
    paths: dict[type, set[tuple[str, ...]]] = {}
    for _, rule in inspect.getmembers_static(engine, lambda member: isinstance(member, shell.Rule)):
        for plan in _plans(rule):
            path = (plan.first.kind, tuple(slot for slot, _ in plan.first.given))
            by_key = plans.setdefault(path, {})
            for key in itertools.product(*(values for _, values in plan.first.given)):
                by_key.setdefault(key, []).append(plan)
            for step in plan.steps:
                paths.setdefault(step.path[0], set()).add(step.path[1])
    return Network(plans, {kind: tuple(sorted(slots)) for kind, slots in paths.items()})


# ---------------------------------------------------------------- matching


class IndexedMatcher(shell.Matcher):  # type: ignore[misc]
    """experta's interface to a matcher: told of new facts, it gives the new activations."""

    def __init__(self, engine: shell.KnowledgeEngine) -> None:
        super().__init__(engine)
        kind: Any = type(engine)
        self.network = network(kind)
        self.reset()

    def reset(self) -> None:
        """Forget all facts."""
        self._facts: dict[Path, dict[Key, list[shell.EngineFact]]] = {
            (kind, slots): {} for kind, all_slots in self.network.indexes.items() for slots in all_slots
        }
        self._joins = self._found = 0

    def changes(
        self, adding: Iterable[shell.EngineFact] | None = None, deleting: Iterable[shell.EngineFact] | None = None
    ) -> tuple[list[shell.Activation], list[shell.Activation]]:
        """Give the activations that new facts bring about, and no lapsed ones: facts are only added.

        Raises ``TooLarge`` where the search would go on and on.
        """
        if deleting:
            raise TypeError("this matcher only adds facts: start a new inference instead of retracting one")
        activations = []
        for activation in itertools.chain.from_iterable(map(self._arrive, adding or ())):
            activations.append(activation)
            self._found += 1
            if self._found > bounds.MAX_APPLICATIONS:
                raise bounds.refuse("applications of its propositions", bounds.MAX_APPLICATIONS)
        return activations, []

    def _arrive(self, fact: shell.EngineFact) -> Iterator[shell.Activation]:
        """Index a new fact, then give the activations in which it takes part."""
        kind = type(fact)
        for slots in self.network.indexes.get(kind, ()):
            if all(slot in fact for slot in slots):
                self._facts[kind, slots].setdefault(tuple(fact[slot] for slot in slots), []).append(fact)
        for (wanted, slots), by_key in self.network.plans.items():
            if wanted is kind and all(slot in fact for slot in slots):
                for plan in by_key.get(tuple(fact[slot] for slot in slots), ()):
                    cast = plan.first.extend({}, fact)
                    if cast is not None and _passes(plan.tests, cast):
                        for chosen, complete in self._join(plan.steps, 0, cast, (fact,)):
                            yield shell.Activation(plan.rule, chosen, complete)

    def _join(
        self, steps: tuple[Step, ...], done: int, cast: Cast, chosen: tuple[shell.EngineFact, ...]
    ) -> Iterator[tuple[tuple[shell.EngineFact, ...], Cast]]:
        """Fill the remaining patterns, the first of them with each fact that fits."""
        if done == len(steps):
            yield chosen, cast
            return
        step = steps[done]
        index = self._facts[step.path]
        for key in itertools.product(*(values or (cast[name],) for values, name in step.keys)):
            for fact in index.get(key, ()):
                self._joins += 1
                if self._joins > bounds.MAX_JOINS:
                    raise bounds.refuse("attempts to fill the roles of its propositions", bounds.MAX_JOINS)
                if step.older and fact is chosen[0]:
                    continue
                extended = step.pattern.extend(cast, fact)
                if extended is not None and _passes(step.tests, extended):
                    yield from self._join(steps, done + 1, extended, (*chosen, fact))


def _passes(tests: tuple[Test, ...], cast: Cast) -> bool:
    return all(test(**{name: cast[name] for name in names}) for names, test in tests)
