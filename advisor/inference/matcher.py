"""A matcher and a strategy for experta: which rules can fire for whom, and in which order.

experta asks a matcher for the activations that new facts bring about and for those that lapse with facts taken away.
Ours keeps a network (``network``, which explains how it works) of what all rules look for.
"""

from __future__ import annotations

import bisect
import inspect
from collections.abc import Iterable
from functools import partial
from typing import Any

from advisor.inference import bounds, shell
from advisor.inference.growing import Network
from advisor.inference.network import Cast
from advisor.inference.record import Form
from advisor.terms import Fact, Justification


class Match(shell.Activation):  # type: ignore[misc]
    """That a rule can fire with certain states in its roles.  It is itself, whatever others are like it."""

    form: Form
    """How it is written down; the other fields are set when it fires, too."""
    number: int
    claims: tuple[Fact, ...]
    derived: tuple[Fact, ...]
    learnt: dict[Fact, None]

    def __init__(self, rule: shell.Rule, cast: Cast) -> None:
        self.rule, self.cast, self.facts = rule, cast, ()
        self.fired = self.lapsed = False
        self.rests: tuple[tuple[str, Cast], ...] = ()
        self.reason: Justification | None = None
        self.watches: tuple[tuple[str, Cast], ...] = ()

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def context(self) -> dict[str, Match]:
        """What experta hands to the action of the rule."""
        return {"match": self}


class IndexedMatcher(shell.Matcher):  # type: ignore[misc]
    """experta's interface to a matcher: told of facts, it gives the activations that come and go with them."""

    def __init__(self, engine: shell.KnowledgeEngine) -> None:
        super().__init__(engine)
        # Asked for by name, experta's rules would take hold of the engine; these are looked up past that.
        rules = inspect.getmembers_static(type(engine), lambda member: isinstance(member, shell.Rule))
        self.network = Network([(tuple(rule), partial(self._note, rule)) for _, rule in rules], self._weigh)
        self.reset()

    def reset(self) -> None:
        """Forget all facts."""
        self._begun = False
        self._casts = 0
        self._matches: dict[tuple[int, Cast], Match] = {}
        self._come: dict[Match, None] = {}
        self._gone: list[Match] = []

    def changes(
        self, adding: Iterable[Fact] | None = None, deleting: Iterable[Fact] | None = None
    ) -> tuple[list[Match], list[Match]]:
        """Give the activations that come with new facts, and those that lapse with facts that are no longer known.

        Raises ``TooLarge`` where the search would go on and on.
        """
        if not self._begun:
            self._begun = True
            self.network.begin(tuple(adding or ()))
        else:
            for fact in deleting or ():
                self.network.change(fact, False)
            for fact in adding or ():
                self.network.change(fact, True)
        come, gone = list(self._come), self._gone
        self._come, self._gone = {}, []
        return come, gone

    def _note(self, rule: shell.Rule, cast: Cast, there: bool) -> None:
        """Note that a rule can fire for a cast, or no longer can."""
        if there:
            match = self._matches[id(rule), cast] = Match(rule, cast)
            self._come[match] = None
            if len(self._matches) > bounds.MAX_APPLICATIONS:
                raise bounds.refuse("applications of its propositions", bounds.MAX_APPLICATIONS)
        else:
            match = self._matches.pop((id(rule), cast))
            match.lapsed = True
            # One that came with the same facts was never told of.
            if match in self._come:
                del self._come[match]
            else:
                self._gone.append(match)

    def _weigh(self, there: bool) -> None:
        """Count one more cast that is kept, or one less."""
        self._casts += 1 if there else -1
        if self._casts > bounds.MAX_CASTS:
            raise bounds.refuse("ways to fill the roles of its propositions", bounds.MAX_CASTS)


class Stratified(shell.Strategy):  # type: ignore[misc]
    """The order of firing: by salience, which is by stratum, and the latest first among equals."""

    def _update_agenda(self, agenda: Any, added: list[Match], removed: list[Match]) -> None:
        if any(not match.fired for match in removed):
            agenda.activations = [match for match in agenda.activations if not match.lapsed]
        for match in added:
            bisect.insort(agenda.activations, match, key=_salience)


def _salience(match: Match) -> int:
    salience: int = match.rule.salience
    return salience
