"""How a network is grown from patterns: in which order conditions are met, and which nodes are shared.

Each pattern is a path of nodes from the root.  The next condition on it is always one that binds the fewest further
roles and has to do with those bound already, so that states are not combined that have nothing to do with one
another; among equals it is the one that most patterns have, so that they go the same way as far as they can.  Lists
and negations come last, when all their roles are bound.
"""

from __future__ import annotations

import itertools
import operator
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from advisor.inference.compile import Pattern
from advisor.inference.network import Cast, Count, Hear, Join, Look, Member, Node, Places, Root, Union, Used
from advisor.terms import SYSTEM, AtLeast, Condition, Fact, Term

Seats = dict[Term, int]
"""Where in a cast the state sits that plays a role, or is named."""

Asked = tuple[str, tuple[str, ...], bool]
"""What a condition looks for, whoever it is about: a variable, its values, and whether it is to have one of them."""


def player(state: str) -> Fact:
    """Give the fact that there is a state, by which roles are filled that no condition speaks of."""
    return Fact("", (state,), "")


def anybody(role: str) -> Condition:
    """Give the condition that a role is played by some state."""
    return Condition("", (Term(role),), ("",))


class Network:
    """The nodes of many rules: of each its patterns, and who is told of the casts for which one of them is met.

    ``weigh`` is told of each cast that a join keeps or loses; ``size`` is the number of joins and counts.
    """

    def __init__(
        self, rules: Sequence[tuple[Sequence[Pattern], Callable[[Cast, bool], None]]], weigh: Callable[[bool], None]
    ) -> None:
        self._weigh = weigh
        self._looks: dict[Asked, Look] = {}
        self._shared: dict[object, Join] = {}
        self._roots: dict[Cast, Root] = {}
        self._inside: set[str] = set()
        self.used: Used = {}
        self.size = 0
        self._told: dict[tuple[str, str, bool], tuple[tuple[Look, ...], tuple[tuple[Look, Hear], ...]]] = {}
        patterns = itertools.chain.from_iterable(together for together, _ in rules)
        self._popular = Counter(_asked(condition) for pattern in patterns for condition in pattern.conditions)
        for together, tell in rules:
            end = Union(self.used)
            end.below.append(tell)
            for pattern in together:
                self._grow(pattern, end)
        self._introduce()

    # ------------------------------------------------------------ growing

    def _grow(self, pattern: Pattern, end: Union) -> None:
        """Grow the path of a pattern."""
        names = (SYSTEM, *pattern.named)
        if names not in self._roots:
            self._roots[names] = Root(names, self.used)
        node: Node = self._roots[names]
        seats = {Term(name, False): seat for seat, name in enumerate(names)}
        waiting = list(pattern.conditions)
        while waiting:
            condition = min(waiting, key=lambda each: self._rank(each, seats))
            waiting.remove(condition)
            node, seats = self._join(node, seats, condition)
        for chosen in pattern.lists:
            node, seats = self._bind(node, seats, chosen)
        for role in pattern.roles:
            node, seats = self._fill(node, seats, role)
        for chosen in pattern.lists:
            node = self._count(node, seats, chosen.of, partial(operator.le, chosen.count))
        if pattern.unless:
            node = self._count(node, seats, pattern.unless, operator.not_)
        end.gather(node, tuple(seats[Term(role)] for role in pattern.roles))

    def _rank(self, condition: Condition, seats: Seats) -> tuple[object, ...]:
        """Rank a condition: the first is to be met next."""
        free = _free(condition, seats)
        strange = bool(free) and not any(term.role and term in seats for term in condition.terms)
        asked = _asked(condition)
        return strange, len(free), -self._popular[asked], asked, condition.terms

    def _join(self, node: Node, seats: Seats, condition: Condition) -> tuple[Node, Seats]:
        """Meet a condition; give the node and the seats that follow."""
        look = self._look(condition)
        settled, at = _settled(condition, seats)
        key = (node, look, settled, at)
        if key not in self._shared:
            self._shared[key] = Join(self._number(), node, look, settled, at, self._weigh)
        taken = len(seats)
        return self._shared[key], seats | {term: taken + n for n, term in enumerate(_free(condition, seats))}

    def _bind(self, node: Node, seats: Seats, chosen: AtLeast) -> tuple[Node, Seats]:
        """Fill the roles that only a list speaks of.

        Where ``count`` of the members are met, one of any ``len(of) - count + 1`` is; so it is enough to start from
        as many, best from those that bind the most roles.
        """
        free = sorted({term for condition in chosen.of for term in _free(condition, seats)})
        if not free:
            return node, seats
        binding = sorted(chosen.of, key=lambda condition: len(_free(condition, seats)), reverse=True)
        union = Union(self.used)
        for condition in binding[: len(chosen.of) - chosen.count + 1]:
            start, places = self._join(node, seats, condition)
            for term in free:
                start, places = self._fill(start, places, term.name)
            union.gather(start, (*range(len(seats)), *(places[term] for term in free)))
        return union, seats | {term: seat for seat, term in enumerate(free, len(seats))}

    def _fill(self, node: Node, seats: Seats, role: str) -> tuple[Node, Seats]:
        """Fill a role, if it is open, with every state."""
        return (node, seats) if Term(role) in seats else self._join(node, seats, anybody(role))

    def _count(self, node: Node, seats: Seats, members: Sequence[Condition], right: Callable[[int], bool]) -> Count:
        """Count how many of some conditions are met."""
        ready = [Member(self._look(each), *_settled(each, seats)) for each in members]
        return Count(self._number(), node, ready, right)

    def _look(self, condition: Condition) -> Look:
        """Give the look of a condition: "one of these values" wants one fact, "none of them" each known false."""
        asked = _asked(condition)
        if asked not in self._looks:
            _, values, holds = asked
            self._looks[asked] = Look(len(_terms(condition)), 1 if holds else len(values), self.used)
        return self._looks[asked]

    def _number(self) -> int:
        """Give the next node its number: one that hangs from another has a higher one."""
        self.size += 1
        return self.size

    def _introduce(self) -> None:
        """Settle who hears of which fact, the latest grown first."""
        looks: dict[tuple[str, str, bool], list[Look]] = {}
        for (variable, values, holds), look in self._looks.items():
            for value in values:
                looks.setdefault((variable, value, holds), []).append(look)
        for kind, interested in looks.items():
            hearers = [(number, look, hear) for look in interested for number, hear in look.hearers]
            hearers.sort(key=operator.itemgetter(0), reverse=True)
            self._told[kind] = (tuple(interested), tuple((look, hear) for _, look, hear in hearers))

    # ------------------------------------------------------------ running

    def begin(self, facts: Sequence[Fact]) -> None:
        """Forget everything, and start from these facts, among which are those that there are the states."""
        self._inside = {SYSTEM}.union(*(fact.args for fact in facts if not fact.variable))
        while self.used:
            self.used.popitem()[0].clear()
        for variable, args, value, holds in facts:
            for look in self._told.get((variable, value, holds), _NOBODY)[0]:
                look.change(args, True, {*args} - self._inside)
        for root in self._roots.values():
            root.give(root.cast, True)
        for look in [used for used in self.used if isinstance(used, Look)]:
            for join, cast in look.firsts:
                join.enter(cast, True)

    def change(self, fact: Fact, there: bool) -> None:
        """Take in that a fact came to be known, or ceased to."""
        looks, hearers = self._told.get((fact.variable, fact.value, fact.holds), _NOBODY)
        strangers = {*fact.args} - self._inside
        changed = {look for look in looks if look.change(fact.args, there, strangers)}
        for look, hear in hearers:
            if look in changed:
                hear(fact.args, there, strangers)


_NOBODY: tuple[tuple[Look, ...], tuple[tuple[Look, Hear], ...]] = ((), ())


def _asked(condition: Condition) -> Asked:
    return condition.variable, tuple(sorted(set(condition.values))), condition.holds


def _terms(condition: Condition) -> tuple[Term, ...]:
    """Give what a condition is about; one about nobody in particular is about the system."""
    return condition.terms or (Term(SYSTEM, False),)


def _free(condition: Condition, seats: Seats) -> list[Term]:
    """Give what has no seat yet, in the order of the condition."""
    return [term for term in _terms(condition) if term not in seats]


def _settled(condition: Condition, seats: Seats) -> tuple[Places, Places]:
    """Give the places of a condition that are settled, and the seats that settle them."""
    pairs = [(place, seats[term]) for place, term in enumerate(_terms(condition)) if term in seats]
    return tuple(place for place, _ in pairs), tuple(seat for _, seat in pairs)
