"""What every check is given: the theory made ready, the search in it, and the pages on which it complains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from advisor.diagnostics import Page, complain, page
from advisor.terms import Condition, Proposition, Severity, Theory
from advisor.vocabulary import say_condition
from advisor.workshop.analysis_search import Search
from advisor.workshop.analysis_world import Cast, Lore, World
from advisor.workshop.findings import Binding, Claim, Finding, Witness


class Desk:
    """What every check is given: the theory made ready, and the pages on which it complains."""

    def __init__(self, theory: Theory, documents: Mapping[str, str]) -> None:
        self.theory = theory
        self.lore = Lore(theory)
        self.search = Search(self.lore)
        self.pages = {path: page(path, text) for path, text in documents.items()}

    @cache  # noqa: B019 - a desk lives as long as its analysis
    def applying(self, proposition: Proposition) -> World | None:
        """Give a situation in which a proposition applies, or None if there is none."""
        return self.search.first([(proposition, self.lore.usual_cast(proposition))])

    def on(self, path: str) -> Page:
        """Give the page of a document; one that is not there is empty."""
        return self.pages.setdefault(path, page(path, ""))

    def said(self, condition: Condition) -> str:
        """Word a condition as its author did."""
        phrases = {role.id: role.phrase for role in self.lore.vocabulary.roles}
        return condition.text or say_condition(self.lore.vocabulary, condition, phrases)

    def finding(
        self,
        code: str,
        message: str,
        proposition: Proposition,
        witness: Witness,
        *,
        at: Condition | None = None,
        named: str = "",
        hint: str = "",
        others: Iterable[str] = (),
        severity: Severity = "warning",
    ) -> Finding:
        """Make a finding about a proposition: at a condition, where an id is named, or at its heading."""
        on = self.on(proposition.path)
        line, about = proposition.line, proposition.title
        if at is not None and at.line:
            line, about = at.line, at.text
        elif named:
            body = enumerate(on.lines[proposition.line :], proposition.line + 1)
            line = next((number for number, text in body if f"`{named}`" in text), line)
            about = named if line != proposition.line else about
        complain(on, code, message, line, about, hint, severity=severity)
        return Finding(on.found.pop(), witness, (proposition.id, *others))


def witnessed(world: World, claims: Iterable[Claim], told: str) -> Witness:
    """Make a witness of a situation."""
    return Witness(world.stated, world.states, tuple(claims), told)


def binding(cast: Cast) -> Binding:
    """Write a cast as a binding."""
    return tuple(sorted(cast.items()))


def listed(ids: Iterable[str]) -> str:
    """List ids in a sentence."""
    return " or ".join(f"`{each}`" for each in ids)
