"""The analysis says nothing of random theories that a random situation refutes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import random_theories as made

from advisor.inference import infer
from advisor.situation import from_facts
from advisor.terms import Inference, RoleName, School, Theory
from advisor.workshop.analysis import analyse
from advisor.workshop.analysis_replay import replay
from advisor.workshop.analysis_search import Search, Unsettled
from advisor.workshop.analysis_world import Lore

THEORIES, SITUATIONS = 20, 25
DERIVED = {variable.id for variable in made.VARIABLES if variable.derived}


def theory_of(seed: int) -> Theory:
    """A random theory of one school; some propositions are given a twin, narrowed or not, and some a defeat."""
    dice = made.rng_for(f"analysis {seed}")
    found, level = made.theory(dice, size=7)
    propositions = [each for each in found.propositions if level[each.id]]  # the others conclude what is observed
    for number, each in enumerate(dice.sample(propositions, min(3, len(propositions)))):
        more = (made.condition(dice, level[each.id], list(made.ROLES)),) if number else ()
        propositions.append(replace(each, id=f"{each.id}-twin", conditions=(*each.conditions, *more)))
    claims = [each for each in propositions if level[each.id.partition("-")[0]] == 4]
    if len(claims) > 1:
        one, other = dice.sample(claims, 2)
        propositions[propositions.index(one)] = replace(one, defeats=(other.id,), disputes=(other.id,))
    roles = tuple(RoleName(role, f"the {role}", "") for role in made.ROLES)
    words = replace(found.vocabulary, roles=roles)
    return Theory(words, (School("school", "A school", 1.0, None, ""),), tuple(propositions), found.digest)


def bindings(inference: Inference, proposition: str) -> list[dict[str, str]]:
    return [dict(each.bindings) for each in inference.justifications if each.proposition == proposition]


def agree(one: dict[str, str], other: dict[str, str]) -> bool:
    return all(one.get(role) == other.get(role) for role in ("state", "threat") if role in one and role in other)


@pytest.mark.parametrize("seed", range(THEORIES))
def test_no_situation_refutes_a_finding(seed: int) -> None:
    theory = theory_of(seed)
    found = analyse(theory, {})
    for finding in found:
        assert finding.witness is None or replay(theory, finding.witness), finding
    dice = made.rng_for(f"situations {seed}")
    for _ in range(SITUATIONS):
        told = made.situation(dice, size=dice.choice([5, 12, 25]), count=dice.choice([2, 4]))
        stated = [fact for fact in told.facts if fact.variable not in DERIVED]  # a text cannot state the others
        inference = infer(theory, from_facts(theory.vocabulary, stated, told.states))
        for finding in found:
            code, about = finding.diagnostic.code, finding.about
            if code in ("A01", "A02"):
                assert not bindings(inference, about[0]), finding
            elif code in ("A03", "A04"):
                assert not bindings(inference, about[0]) or bindings(inference, about[1]), finding
            elif code == "A13":
                pairs = [(a, b) for a in bindings(inference, about[0]) for b in bindings(inference, about[1])]
                assert not any(agree(a, b) for a, b in pairs), finding


@pytest.mark.parametrize("seed", range(THEORIES))
def test_what_the_search_finds_is_so(seed: int) -> None:
    theory = theory_of(seed)
    lore = Lore(theory)
    search = Search(lore)
    for proposition in theory.propositions:
        cast = lore.usual_cast(proposition)
        try:
            world = search.first([(proposition, cast)])
        except Unsettled:
            continue
        if world is not None:
            inference = infer(theory, from_facts(theory.vocabulary, world.stated, world.states))
            assert bindings(inference, proposition.id), proposition
            for other in theory.propositions:
                mine = {tuple(sorted(each.items())) for each in world.applications(other, {})}
                assert mine == {tuple(sorted(each.items())) for each in bindings(inference, other.id)}, other
