"""The exact analysis of a theory: what is wrong with rules that are well formed.

The domains of the vocabulary are finite, so that each question has an answer: whether the conditions of a
proposition can be met at all, whether it ever says what another does not, whether an exception ever applies.
Every finding comes with a witness.  A finding may be accepted in the file, with its reason.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from advisor.terms import Proposition, Theory
from advisor.workshop.analysis_accepted import settle
from advisor.workshop.analysis_desk import Desk, witnessed
from advisor.workshop.analysis_gap import gaps
from advisor.workshop.analysis_pairs import circles, contraries, doubles, never_counts, relations
from advisor.workshop.analysis_rules import idle_exceptions, never_fires
from advisor.workshop.analysis_search import Unsettled
from advisor.workshop.analysis_vocabulary import vocabulary_findings
from advisor.workshop.findings import Applies, Finding, Witness


def analyse(theory: Theory, documents: Mapping[str, str]) -> tuple[Finding, ...]:
    """Analyse a theory whose form ``load_theory`` has nothing against.

    ``documents`` are the texts of the rules folder by their paths in it; they show the lines and hold the
    acceptances.  Accepted findings are among those returned, each with its reason.
    """
    desk = Desk(theory, documents)
    found: list[Finding] = []
    for proposition in theory.propositions:
        for alone in (never_fires, idle_exceptions, never_counts, circles):
            found += _settled(alone(desk, proposition))
        for id_ in dict.fromkeys((*proposition.defeats, *proposition.disputes)):
            found += _settled(relations(desk, proposition, id_))
    for school in theory.schools:
        members = [each for each in theory.propositions if each.school == school.id]
        for one, other in itertools.permutations(members, 2):
            for beside in (doubles, contraries):
                found += _settled(beside(desk, one, other))
    found += _settled(gaps(desk.search, desk.on))
    found += _settled(vocabulary_findings(theory, desk.on))
    return settle(theory, documents, found, lambda proposition: _fires(desk, proposition))


def _settled(found: Iterable[Finding]) -> list[Finding]:
    """Give what is found; where a question would take too long to settle, nothing is said."""
    try:
        return list(found)
    except Unsettled:
        return []


def _fires(desk: Desk, proposition: Proposition) -> Witness | None:
    """Give a situation in which a proposition applies, to show that nothing is wrong with it."""
    try:
        world = desk.applying(proposition)
    except Unsettled:
        return None
    if world is None:
        return None
    return witnessed(
        world, [Applies(proposition.id)], f"here `{proposition.id}` applies and the finding does not arise"
    )
