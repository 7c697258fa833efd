"""A network that keeps track of every choice of states that meets the conditions of a rule, as facts come and go.

This is Forgy's Rete (*Artificial Intelligence* 19, 1982), in the form in which it explains itself best:

* A *look* is what a condition looks for, "weak", say.  It keeps the arguments that are known to be so, and can
  find them by any of their places: whom a state is allied with, without looking at all other alliances.
* A *cast* is a tuple of states: those that play the roles bound so far.  A *join* takes each cast of the node
  above it and adds the states with which one further condition is met.  A condition all of whose roles are
  bound adds nobody, and lets a cast pass or not.
* A *count* lets pass the casts for which enough conditions of a list are met ("at least 3 of"), or none
  ("unless").  It keeps the number for each cast and adds or takes one when a fact comes or goes, so that neither
  a list nor a negation is ever expanded into its alternatives.
* A *union* gathers casts from several nodes: the alternatives of a rule, or the members of a list that bind
  its roles.  It passes a cast on while any of them gives it.

Rules are grown from the root one condition at a time.  Where the next condition is that of another rule, for the
same places of the cast, both share the node: what many propositions ask is found once.

A fact that comes or goes is told to the nodes that look for it, the latest grown first and after all looks have
changed, so that each cast is found or lost exactly once: a node first deals with its old casts and the new fact,
and new casts that reach it afterwards find the fact already there.  TREAT (Miranker 1987) would keep no casts
and semi-naive evaluation no facts that are already used up; both are cheaper to fill, but we also take facts
away: "what if it were not so" costs what changes, not what is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import partial
from operator import itemgetter

Cast = tuple[str, ...]
"""The names bound so far; the first is that of the system, then those of the states that the rule names."""

Places = tuple[int, ...]
"""Some places of a tuple."""


Used = dict["Look | Node", None]
"""What holds something, and is to be cleared before the next situation: of many rules, most have nothing to do."""

Strangers = Set[str]
"""Names in a fact that only rules name, not the situation: they play no role."""

Hear = Callable[[Cast, bool, Strangers], None]
"""What is told of arguments, whether they came or went, and who of them are strangers."""


def pick(places: Places | None) -> Callable[[Cast], Cast]:
    """Give the function that picks some places of a tuple, or all, as a tuple."""
    if places is None:
        return itemgetter(slice(None))
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return itemgetter(slice(0))
    (place,) = places
    return itemgetter(slice(place, place + 1))


class Index:
    """Tuples found by the names at some of their places; what is kept is the names at others, or at all."""

    __slots__ = ("found", "kept", "key")

    def __init__(self, key: Places, kept: Places | None, tuples: Iterable[Cast] = ()) -> None:
        self.key, self.kept = pick(key), pick(kept)
        self.found: dict[Cast, dict[Cast, None]] = {}
        for each in tuples:
            self.change(each, True)

    def change(self, whole: Cast, there: bool) -> None:
        """Add a tuple, or take it out."""
        key = self.key(whole)
        if there:
            self.found.setdefault(key, {})[self.kept(whole)] = None
        else:
            del self.found[key][self.kept(whole)]


class Look:
    """The arguments about which ``needed`` of the facts looked for are known, and who hears when that changes."""

    __slots__ = ("arity", "firsts", "hearers", "indexes", "known", "needed", "used")

    def __init__(self, arity: int, needed: int, used: Used) -> None:
        self.arity, self.needed, self.used = arity, needed, used
        self.firsts: list[tuple[Join, Cast]] = []
        """The joins just below a root, and its cast: they are to be entered only where this look finds something."""
        self.known: dict[Cast, int] = {}
        self.indexes: dict[Places, Index] = {}
        self.hearers: list[tuple[int, Hear]] = []
        """The nodes that hear of it, each by its number."""

    def change(self, args: Cast, there: bool, strangers: Strangers) -> bool:
        """Note that a fact about these arguments came or went; say whether that changes what is met.

        An index never gives strangers to play a role: only who names them finds what is about them.
        """
        if not self.known:
            self.used[self] = None
        before = self.known.get(args, 0)
        after = self.known[args] = before + (1 if there else -1)
        if (before >= self.needed) == (after >= self.needed):
            return False
        for index in self.indexes.values():
            if strangers.isdisjoint(index.kept(args)):
                index.change(args, there)
        return True

    def by(self, settled: Places) -> dict[Cast, dict[Cast, None]]:
        """Give an index that is always up to date: from the names at some places to those at all others."""
        if settled not in self.indexes:
            rest = tuple(place for place in range(self.arity) if place not in settled)
            self.indexes[settled] = Index(settled, rest)
        return self.indexes[settled].found

    def clear(self) -> None:
        """Forget everything."""
        self.known.clear()
        for index in self.indexes.values():
            index.found.clear()


class Node:
    """What all nodes have: the casts that pass, and the nodes below that are told of them."""

    __slots__ = ("below", "casts", "indexes", "used")

    def __init__(self, used: Used) -> None:
        self.used = used
        self.casts: dict[Cast, None] = {}
        self.indexes: dict[Places, Index] = {}
        self.below: list[Callable[[Cast, bool], None]] = []

    def give(self, cast: Cast, there: bool) -> None:
        """Keep or lose a cast, and tell the nodes below."""
        if not self.casts:
            self.used[self] = None
        if there:
            self.casts[cast] = None
        else:
            del self.casts[cast]
        for index in self.indexes.values():
            index.change(cast, there)
        for tell in self.below:
            tell(cast, there)

    def by(self, seats: Places) -> dict[Cast, dict[Cast, None]]:
        """Give an index of the casts by the names on some seats; it is made when first asked for."""
        if seats not in self.indexes:
            self.indexes[seats] = Index(seats, None, self.casts)
        return self.indexes[seats].found

    def lead(self, node: Join | Count) -> None:
        """Tell a further node of what passes."""
        self.below.append(node.enter)

    def clear(self) -> None:
        """Forget all casts."""
        self.casts.clear()
        self.indexes.clear()


class Root(Node):
    """Where paths begin: its one cast is that of no role, with the states that a rule names."""

    __slots__ = ("cast",)

    def __init__(self, cast: Cast, used: Used) -> None:
        super().__init__(used)
        self.cast = cast

    def lead(self, node: Join | Count) -> None:
        """Leave it to a join's look to say whether there is anything to begin with: most rules have nothing to do."""
        if isinstance(node, Join):
            node.look.firsts.append((node, self.cast))
        else:
            super().lead(node)


class Join(Node):
    """Adds to each cast above the states with which a condition is met, whatever roles they are to play.

    ``settled`` are the places of the condition whose names sit on ``seats`` of the cast; the names at its
    other places are added to the cast, and must be new to it: different roles are played by different states.
    """

    __slots__ = ("above", "added", "found", "key", "look", "seats", "settled", "weigh")

    def __init__(
        self, number: int, above: Node, look: Look, settled: Places, seats: Places, weigh: Callable[[bool], None]
    ) -> None:
        super().__init__(above.used)
        self.above, self.look, self.seats, self.weigh = above, look, seats, weigh
        self.key, self.settled = pick(seats), pick(settled)
        self.added = pick(tuple(place for place in range(look.arity) if place not in settled))
        self.found = look.by(settled)
        above.lead(self)
        look.hearers.append((number, self.hear))

    def enter(self, cast: Cast, there: bool) -> None:
        """Deal with a cast that came or went above."""
        for added in self.found.get(self.key(cast), ()):
            if is_new(cast, added):
                self.weigh(there)
                self.give(cast + added, there)

    def hear(self, args: Cast, there: bool, strangers: Strangers) -> None:
        """Deal with arguments that came to meet the condition, or ceased to."""
        if self.above.casts:
            added = self.added(args)
            if not strangers.isdisjoint(added):
                return
            for cast in self.above.by(self.seats).get(self.settled(args), ()):
                if is_new(cast, added):
                    self.weigh(there)
                    self.give(cast + added, there)


def is_new(cast: Cast, added: Cast) -> bool:
    """Whether what is added is all different and new to a cast."""
    return len({*cast, *added}) == len(cast) + len(added)


class Member:
    """One condition of a list, and where its names sit in a cast; a role that is not bound may be played by anybody."""

    __slots__ = ("found", "key", "look", "rest", "seats", "settled")

    def __init__(self, look: Look, settled: Places, seats: Places) -> None:
        self.look, self.seats = look, seats
        self.key, self.settled = pick(seats), pick(settled)
        self.rest = pick(tuple(place for place in range(look.arity) if place not in settled))
        self.found = look.by(settled)

    def count(self, cast: Cast) -> int:
        """Count the ways in which the condition is met for a cast."""
        return sum(is_new(cast, rest) for rest in self.found.get(self.key(cast), ()))


class Count(Node):
    """Lets a cast pass while the members are met for it in a number of ways that is ``right``."""

    __slots__ = ("counts", "lists", "members", "right")

    def __init__(self, number: int, above: Node, members: Iterable[Member], right: Callable[[int], bool]) -> None:
        super().__init__(above.used)
        self.members, self.right = tuple(members), right
        self.counts: dict[Cast, int] = {}
        self.lists: dict[Places, Index] = {}
        above.lead(self)
        for member in self.members:
            member.look.hearers.append((number, partial(self.hear, member)))

    def enter(self, cast: Cast, there: bool) -> None:
        """Deal with a cast that came or went above."""
        if not self.counts:
            self.used[self] = None
        if there:
            count = self.counts[cast] = sum(member.count(cast) for member in self.members)
        else:
            count = self.counts.pop(cast)
        for index in self.lists.values():
            index.change(cast, there)
        if self.right(count):
            self.give(cast, there)

    def hear(self, member: Member, args: Cast, there: bool, strangers: Strangers) -> None:
        """Deal with arguments that came to meet a member, or ceased to."""
        if not self.counts:
            return
        rest = member.rest(args)
        if not strangers.isdisjoint(rest):
            return
        if member.seats not in self.lists:
            self.lists[member.seats] = Index(member.seats, None, self.counts)
        for cast in self.lists[member.seats].found.get(member.settled(args), ()):
            if is_new(cast, rest):
                before = self.counts[cast]
                after = self.counts[cast] = before + (1 if there else -1)
                if self.right(before) != self.right(after):
                    self.give(cast, self.right(after))

    def clear(self) -> None:
        """Forget all casts."""
        super().clear()
        self.counts.clear()
        self.lists.clear()


class Union(Node):
    """Gathers casts from several nodes, each with its seats put in order, and passes each on once."""

    __slots__ = ("counts",)

    def __init__(self, used: Used) -> None:
        super().__init__(used)
        self.counts: dict[Cast, int] = {}

    def gather(self, above: Node, seats: Places) -> None:
        """Gather the casts of a further node; what sits on ``seats``, in order, makes up a cast here."""
        order = pick(seats)
        above.below.append(lambda cast, there: self.enter(order(cast), there))

    def enter(self, cast: Cast, there: bool) -> None:
        """Deal with a cast that came or went above."""
        before = self.counts.get(cast, 0)
        after = self.counts[cast] = before + (1 if there else -1)
        if not before or not after:
            self.give(cast, there)

    def clear(self) -> None:
        """Forget all casts."""
        super().clear()
        self.counts.clear()
