"""What a rule means, case by case: the engine on small theories, and on the examples of the rule base."""

import collections
import logging
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from random_theories import VOCABULARY
from stock_oracle import stock_inference

from advisor import house
from advisor.inference import TooLarge, bounds, infer, shell
from advisor.inference.engine import engine_class
from advisor.inference.growing import player
from advisor.inference.matcher import Match, Stratified
from advisor.situation import from_facts
from advisor.terms import (
    SYSTEM,
    Absence,
    AtLeast,
    CautionClaim,
    Condition,
    Derivation,
    Either,
    Fact,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Term,
    Theory,
)
from advisor.theory import load_theory

CAST = {"state": "Arvenia", "threat": "Borland", "ally": "Cadria", "third": "Delmark"}
DOUBT = CautionClaim("doubt")


def term(name):
    return Term(name, name in CAST) if name != SYSTEM else Term(SYSTEM, False)


def when(variable, *args, holds=True):
    """Read ``when("danger", "threat", "state", "high")``: the last argument is the value, or several joined by "|"."""
    *names, values = args
    return Condition(variable, tuple(map(term, names)), tuple(values.split("|")), holds)


def then(variable, *args):
    *names, value = args
    return Derivation(variable, tuple(map(term, names)), value)


def rule(name, conclusion, *conditions, unless=()):
    conclusions = conclusion if isinstance(conclusion, tuple) else (conclusion,)
    return Proposition(name, name, "school", "", "", conclusions, conditions, tuple(unless))


def fact(variable, *args, holds=True):
    *names, value = args
    return Fact(variable, tuple(names) or (SYSTEM,), value, holds)


def inferred(rules, facts, states=()):
    theory = Theory(VOCABULARY, (), tuple(rules), repr(rules))
    result = infer(theory, from_facts(VOCABULARY, facts, states))
    agree(result, theory)
    return result


def agree(result, theory):
    """Whether experta's own matcher finds the same."""
    facts, applied = stock_inference(theory, result.situation)
    assert facts == result.facts
    assert applied == {(j.proposition, j.bindings) for j in result.justifications}


def bindings(result, name="p"):
    return [dict(j.bindings) for j in result.justifications if j.proposition == name]


# ---------------------------------------------------------------- conditions


def test_a_condition_is_met_by_what_is_known_and_never_by_what_is_unknown():
    small = rule("p", DOUBT, when("size", "state", "small|middle"))
    assert bindings(inferred([small], [fact("size", "Arvenia", "middle")], ["Borland"])) == [{"state": "Arvenia"}]
    assert bindings(inferred([small], [], ["Arvenia"])) == []


def test_a_denied_condition_wants_every_value_known_false():
    neither = rule("p", DOUBT, when("size", "state", "small|middle", holds=False))
    assert bindings(inferred([neither], [fact("size", "Arvenia", "large")])) == [{"state": "Arvenia"}]
    assert bindings(inferred([neither], [fact("size", "Arvenia", "small", holds=False)])) == []
    both = [fact("size", "Arvenia", v, holds=False) for v in ("small", "middle")]
    (reason,) = inferred([neither], both).justifications
    assert reason.premises[0].facts == tuple(both)


def test_different_roles_are_different_states():
    p = rule("p", DOUBT, when("size", "state", "small"), when("size", "threat", "small"))
    facts = [fact("size", name, "small") for name in ("Arvenia", "Borland")]
    assert bindings(inferred([p], facts)) == [
        {"state": "Arvenia", "threat": "Borland"},
        {"state": "Borland", "threat": "Arvenia"},
    ]
    assert bindings(inferred([p], facts[:1])) == []


def test_a_state_that_the_rule_names_fills_no_role_of_it():
    p = rule("p", DOUBT, when("size", "state", "small"), when("size", "Borland", "small"))
    facts = [fact("size", name, "small") for name in ("Arvenia", "Borland")]
    assert bindings(inferred([p], facts)) == [{"state": "Arvenia"}]
    only_unless = rule("p", DOUBT, when("size", "state", "small"), unless=[when("size", "Borland", "large")])
    assert bindings(inferred([only_unless], facts)) == [{"state": "Arvenia"}]


def test_a_state_that_only_rules_name_plays_no_role_and_is_known_to_those_that_name_it():
    lion, armed = when("labels", "Cadria", "lion"), when("armed", "state", "yes")
    rules = [
        rule("a", then("labels", "Cadria", "lion"), when("climate", SYSTEM, "tense")),
        rule("p", DOUBT, when("labels", "state", "lion")),
        rule("q", DOUBT, lion),
        rule("r", DOUBT, armed, unless=[when("labels", "ally", "lion")]),
        rule("s", DOUBT, armed, AtLeast(2, (lion, armed, when("labels", "state", "lion")))),
        rule("t", DOUBT, armed, unless=[lion]),
        rule("u", DOUBT, armed, AtLeast(2, (armed, when("labels", "third", "lion")))),
        # These look when it is known already.
        rule("b", then("mood", SYSTEM, "war"), lion),
        rule("v", DOUBT, when("mood", "war"), unless=[lion]),
        rule("w", DOUBT, when("mood", "war"), when("labels", "third", "lion")),
        rule("x", DOUBT, when("mood", "war"), unless=[when("labels", "third", "lion")]),
    ]
    facts = [fact("climate", "tense"), fact("armed", "Arvenia", "yes")]
    assert [j.proposition for j in inferred(rules, facts, ["Borland"]).justifications] == ["a", "q", "r", "s", "b", "x"]


def test_whom_a_state_that_only_rules_name_has_to_do_with_is_found():
    camp = when("camp", "Cadria", "third", "no")
    rules = [
        rule("a", then("camp", "third", "Cadria", "no"), when("armed", "third", "yes")),
        rule("p", DOUBT, camp),
        rule("q", DOUBT, when("size", "state", "small"), unless=[camp]),
        rule("b", then("mood", SYSTEM, "war"), camp),
        rule("r", DOUBT, when("mood", "war"), camp),
        rule("s", DOUBT, when("mood", "war"), unless=[camp]),
    ]
    facts = [fact("armed", "Arvenia", "yes"), *(fact("size", name, "small") for name in ("Arvenia", "Borland"))]
    result = inferred(rules, facts)
    assert bindings(result) == bindings(result, "r") == [{"third": "Arvenia"}]
    assert bindings(result, "q") == [{"state": "Arvenia"}]
    assert bindings(result, "s") == []


def test_a_condition_about_nobody_is_about_the_system():
    p = rule("p", DOUBT, when("climate", "tense"), unless=[when("mood", "war")])
    assert bindings(inferred([p], [fact("climate", "tense")])) == [{}]
    assert bindings(inferred([p], [fact("climate", "tense"), fact("mood", "war")])) == []


def test_the_system_fills_no_role():
    p = rule("p", DOUBT, when("climate", "state", "tense"))
    assert bindings(inferred([p], [fact("climate", "tense")], ["Arvenia"])) == []


def test_symmetric_and_mirrored_facts_meet_conditions_both_ways():
    border = rule("p", DOUBT, when("border", "state", "threat", "yes"))
    assert len(bindings(inferred([border], [fact("border", "Arvenia", "Borland", "yes")]))) == 2
    loser = rule("p", DOUBT, when("war", "state", "threat", "lost"))
    result = inferred([loser], [fact("war", "Borland", "Arvenia", "won")])
    assert bindings(result) == [{"state": "Arvenia", "threat": "Borland"}]


def test_either_is_several_rules_and_one_justification_a_binding():
    p = rule("p", DOUBT, Either((when("armed", "state", "yes"), when("size", "state", "large"))))
    (reason,) = inferred([p], [fact("armed", "Arvenia", "yes"), fact("size", "Arvenia", "large")]).justifications
    assert reason.premises[0].facts == (fact("armed", "Arvenia", "yes"), fact("size", "Arvenia", "large"))


def test_a_role_of_one_alternative_need_not_be_played_for_the_other():
    p = rule("p", DOUBT, Either((when("armed", "state", "yes"), when("border", "state", "third", "yes"))))
    assert bindings(inferred([p], [fact("armed", "Arvenia", "yes")])) == [{"state": "Arvenia"}]


def test_at_least_lists_all_that_are_met():
    counted = AtLeast(2, tuple(when("traits", "state", value) for value in ("old", "rich", "proud")))
    p = rule("p", DOUBT, counted)
    two = [fact("traits", "Arvenia", value) for value in ("old", "proud")]
    three = [fact("traits", "Arvenia", value) for value in ("old", "rich", "proud")]
    assert bindings(inferred([p], two[:1])) == []
    assert inferred([p], two).justifications[0].premises[0].facts == tuple(two)
    assert [j.premises[0].facts for j in inferred([p], three).justifications] == [tuple(three)]


# ---------------------------------------------------------------- conclusions


def test_roles_of_the_conclusion_alone_range_over_all_states():
    strategy = rule("p", StrategyClaim("resist", True, 2), when("climate", SYSTEM, "tense"))
    result = inferred([strategy], [fact("climate", "tense")], ["Borland", "Arvenia"])
    assert bindings(result) == [{"state": "Arvenia"}, {"state": "Borland"}]
    outcome = rule("p", OutcomeClaim("peril", (Term("third"),), "likely", 1), when("armed", "state", "yes"))
    assert bindings(inferred([outcome], [fact("armed", "Arvenia", "yes")], ["Borland"])) == [
        {"state": "Arvenia", "third": "Borland"}
    ]
    assert bindings(inferred([rule("p", DOUBT)], [])) == [{}]


def test_a_derived_fact_is_closed_and_meets_conditions():
    rules = [
        rule(
            "camp", then("camp", "state", "threat", "yes"), when("armed", "state", "yes"), when("armed", "threat", "no")
        ),
        rule("race", then("race", "state", "threat", "ahead"), when("camp", "threat", "state", "yes")),
        rule("p", DOUBT, when("race", "state", "threat", "ahead", holds=False)),
    ]
    result = inferred(rules, [fact("armed", "Arvenia", "yes"), fact("armed", "Borland", "no")])
    assert fact("camp", "Borland", "Arvenia", "yes") in result.facts
    assert fact("camp", "Borland", "Arvenia", "no", holds=False) in result.facts
    # Both are ahead of each other, and so behind: contradictory derivations stand side by side.
    assert {fact("race", "Arvenia", "Borland", value) for value in ("ahead", "behind")} <= result.facts
    assert len(bindings(result)) == 2
    (derivation, *_) = result.justifications
    assert derivation.derived == (fact("camp", "Arvenia", "Borland", "yes"),)


def test_an_observation_outweighs_a_derivation():
    derive = then("size", "state", "large")
    condition = when("armed", "state", "yes")
    facts = [fact("armed", "Arvenia", "yes"), fact("size", "Arvenia", "small")]
    assert inferred([rule("p", derive, condition)], facts).justifications == ()
    (kept,) = inferred([rule("p", (derive, DOUBT), condition)], facts).justifications
    assert kept.derived == ()
    assert fact("size", "Arvenia", "large") not in inferred([rule("p", derive, condition)], facts).facts
    (same,) = inferred([rule("p", derive, condition)], [facts[0], fact("size", "Arvenia", "large")]).justifications
    assert same.derived == (fact("size", "Arvenia", "large"),)


# ---------------------------------------------------------------- unless


def test_unless_stops_only_what_is_known_and_records_what_it_looked_for():
    p = rule("p", DOUBT, when("armed", "state", "yes"), unless=[when("size", "state", "middle|large")])
    armed = fact("armed", "Arvenia", "yes")
    (reason,) = inferred([p], [armed]).justifications
    sought = (fact("size", "Arvenia", "middle"), fact("size", "Arvenia", "large"))
    assert reason.absences == (Absence("state has size middle or state has size large", sought),)
    assert bindings(inferred([p], [armed, fact("size", "Arvenia", "large")])) == []


def test_a_role_of_unless_alone_is_some_other_state():
    p = rule("p", DOUBT, when("armed", "state", "yes"), unless=[when("armed", "ally", "yes")])
    armed = fact("armed", "Arvenia", "yes")
    (reason,) = inferred([p], [armed], ["Cadria", "Borland"]).justifications
    assert reason.absences[0].facts == (fact("armed", "Borland", "yes"), fact("armed", "Cadria", "yes"))
    assert bindings(inferred([p], [armed, fact("armed", "Cadria", "yes")])) == []


def test_unless_waits_for_what_is_derived():
    rules = [
        rule("p", DOUBT, when("armed", "state", "yes"), unless=[when("labels", "state", "lion")]),
        rule("b", then("labels", "state", "lion"), when("danger", "state", "threat", "high")),
        rule("a", then("danger", "state", "threat", "high"), when("feeling", "state", "threat", "cold")),
    ]
    facts = [fact("armed", "Arvenia", "yes"), fact("armed", "Borland", "yes")]
    result = inferred(rules, [*facts, fact("feeling", "Arvenia", "Borland", "cold")])
    assert bindings(result) == [{"state": "Borland"}]


# ---------------------------------------------------------------- bounds and doors


def test_a_situation_past_the_bounds_is_refused(monkeypatch):
    wide = rule("p", DOUBT, *(when("armed", role, "yes") for role in CAST))
    facts = [fact("armed", f"S{number:03}", "yes") for number in range(60)]
    theory = Theory(VOCABULARY, (), (wide,), "wide")
    monkeypatch.setattr(bounds, "MAX_APPLICATIONS", 1000)
    with pytest.raises(TooLarge, match="too large to reason about: it needs more than"):
        infer(theory, from_facts(VOCABULARY, facts))
    crowd = from_facts(VOCABULARY, [], [f"S{number}" for number in range(bounds.MAX_STATES + 1)])
    with pytest.raises(TooLarge, match=f"more than {bounds.MAX_STATES} states"):
        infer(theory, crowd)
    stops = rule("p", DOUBT, when("armed", "state", "yes"), unless=[when("border", "ally", "third", "yes")])
    monkeypatch.setattr(bounds, "MAX_LOOKUPS", 5000)
    with pytest.raises(TooLarge, match="look-ups"):
        infer(Theory(VOCABULARY, (), (stops,), "stops"), from_facts(VOCABULARY, facts))
    monkeypatch.setattr(bounds, "MAX_CASTS", 1000)
    with pytest.raises(TooLarge, match="ways to fill the roles"):
        infer(theory, from_facts(VOCABULARY, facts))
    monkeypatch.setattr(bounds, "MAX_PROPOSITIONS", 1)
    with pytest.raises(TooLarge, match="2 propositions"):
        infer(Theory(VOCABULARY, (), (stops, wide), "two"), from_facts(VOCABULARY, []))


def test_the_engine_leaves_no_trace_on_python():
    assert not hasattr(collections, "Mapping")
    code = "import logging; before = list(logging.root.handlers); import advisor.inference; "
    subprocess.run([sys.executable, "-c", code + "assert logging.root.handlers == before"], check=True)
    assert logging.getLogger("experta.watchers.RULES")


# ---------------------------------------------------------------- the matcher


def matcher_for(*rules, states="ABCD"):
    """A matcher for some rules, told of the states, and the function that tells it of facts and gives what it says."""
    theory = Theory(VOCABULARY, (), rules, repr(rules))
    matcher = engine_class(theory)().matcher
    matcher.changes(adding=[player(state) for state in states])

    def tell(adding=(), deleting=()):
        come, gone = matcher.changes(adding=adding, deleting=deleting)
        return ["".join(match.cast) for match in come], ["".join(match.cast) for match in gone]

    return tell


def borders(*pairs):
    return [fact("border", *pair, "yes") for pair in pairs]


def test_every_choice_of_states_is_found_once_and_lost_once():
    ring = [when("border", *pair, "yes") for pair in (("state", "threat"), ("threat", "ally"), ("ally", "state"))]
    tell = matcher_for(rule("p", DOUBT, *ring))
    assert tell(borders("AB", "BC")) == ([], [])
    come, gone = tell(borders("CA", "AC", "CB", "BA"))
    # Roles in the order of their names: ally, state, threat.  Each way round, from each of the three.
    assert sorted(come) == ["ABC", "ACB", "BAC", "BCA", "CAB", "CBA"]
    assert gone == []
    assert sorted(tell(deleting=borders("AB"))[1]) == ["ABC", "BCA", "CAB"]
    assert sorted(tell(borders("AB"))[0]) == ["ABC", "BCA", "CAB"]


def test_a_negation_is_told_when_its_last_obstacle_goes():
    stop = when("border", "ally", "third", "yes")
    tell = matcher_for(rule("p", DOUBT, when("armed", "state", "yes"), when("armed", "ally", "yes"), unless=[stop]))
    armed = [fact("armed", state, "yes") for state in "AB"]
    assert sorted(tell(armed)[0]) == ["AB", "BA"]
    assert tell(borders("AC"))[1] == ["AB"]
    assert tell(borders("AD", "AB", "CA")) == ([], [])
    assert tell(deleting=borders("AC")) == ([], [])
    assert tell(deleting=borders("AD")) == (["AB"], [])
    assert tell(deleting=borders("AB", "CA")) == ([], [])


def test_a_list_is_told_when_enough_is_met_and_no_longer():
    three = AtLeast(
        2, (when("armed", "state", "yes"), when("size", "state", "small|large"), when("traits", "state", "old"))
    )
    tell = matcher_for(rule("p", DOUBT, three))
    assert tell([fact("armed", "A", "yes")]) == ([], [])
    assert tell([fact("size", "A", "large")]) == (["A"], [])
    assert tell([fact("traits", "A", "old"), fact("size", "A", "small")]) == ([], [])
    assert tell(deleting=[fact("size", "A", "large"), fact("armed", "A", "yes")]) == ([], [])
    assert tell(deleting=[fact("size", "A", "small")]) == ([], ["A"])


def test_what_meets_a_list_and_stops_the_rule_counts_once_for_each():
    climate, mood = when("climate", SYSTEM, "tense"), when("mood", SYSTEM, "war")
    tell = matcher_for(rule("p", DOUBT, AtLeast(1, (climate, mood)), unless=[climate]))
    assert tell([fact("climate", "tense")]) == ([], [])
    assert tell([fact("mood", "war")]) == ([], [])
    assert tell(deleting=[fact("climate", "tense")]) == ([""], [])
    assert tell([fact("climate", "tense")]) == ([], [""])


def test_what_comes_and_goes_at_once_is_not_told():
    tell = matcher_for(rule("p", DOUBT, when("armed", "state", "yes"), unless=[when("armed", "state", "no")]))
    assert tell([fact("armed", "A", "yes"), fact("armed", "A", "no")]) == ([], [])


def nodes(*rules):
    """How many joins and counts there are for some rules."""
    theory = Theory(VOCABULARY, (), rules, repr(rules))
    return engine_class(theory)().matcher.network.size


def test_rules_that_share_conditions_share_nodes():
    both = (when("armed", "threat", "yes"), when("feeling", "threat", "state", "cold"))
    assert nodes(rule("p", DOUBT, *both)) == 2
    # The second rule says the same in other roles, and one thing more: one node is all that is added.
    other = [when("armed", "ally", "yes"), when("feeling", "ally", "third", "cold"), when("size", "third", "small")]
    assert nodes(rule("p", DOUBT, *both), rule("q", DOUBT, *other)) == 3
    # What most rules ask comes first.
    asked = (("armed", "yes"), ("size", "small"), ("traits", "old"))
    armed, small, old = (when(variable, "state", value) for variable, value in asked)
    assert nodes(rule("p", DOUBT, armed, small), rule("q", DOUBT, small, old)) == 3


def test_alternatives_and_lists_do_not_multiply():
    def grown(width):
        values = {"size": ("small", "middle", "large"), "traits": ("old", "rich", "proud")}
        members = [when(variable, "state", value) for variable in values for value in values[variable]]
        several = Either(tuple(members[:width]))
        lists = [AtLeast(2, several.of) for _ in range(3)]
        wide = rule("p", DOUBT, when("armed", "state", "yes"), several, several, several, *lists)
        return nodes(wide)

    assert grown(6) == grown(3)


def test_states_are_not_combined_that_have_nothing_to_do_with_one_another(monkeypatch):
    small = [fact("size", f"S{number}", "small") for number in range(20)]
    one, other = when("size", "state", "small"), when("size", "threat", "small")
    related = rule("p", DOUBT, one, other, when("feeling", "state", "threat", "cold"))
    monkeypatch.setattr(bounds, "MAX_CASTS", 30)
    assert len(bindings(inferred([related], [*small, fact("feeling", "S1", "S2", "cold")]))) == 1
    # What is about nobody in particular is looked at first: where it is not met there is nothing to combine.
    monkeypatch.setattr(bounds, "MAX_CASTS", 0)
    assert bindings(inferred([rule("p", DOUBT, one, other, when("climate", SYSTEM, "tense"))], small)) == []


def test_a_list_starts_from_the_members_that_bind_the_most_roles(monkeypatch):
    facts = [fact("armed", "S0", "yes"), *(fact("size", f"S{number}", "small") for number in range(20))]
    related = (when("feeling", "third", "ally", "cold"), when("feeling", "ally", "third", "cold"))
    monkeypatch.setattr(bounds, "MAX_CASTS", 30)
    p = rule("p", DOUBT, when("armed", "state", "yes"), AtLeast(2, (when("size", "third", "small"), *related)))
    assert bindings(inferred([p], facts)) == []
    assert bindings(inferred([p], [*facts, fact("feeling", "S1", "S2", "cold")])) == [
        {"ally": "S1", "state": "S0", "third": "S2"},
        {"ally": "S2", "state": "S0", "third": "S1"},
    ]


def test_a_list_that_binds_a_role_starts_from_no_more_members_than_it_must():
    members = tuple(when("feeling", "state", "third", value) for value in ("warm", "cool", "cold"))
    sizes = [nodes(rule("p", DOUBT, when("armed", "state", "yes"), AtLeast(least, members))) for least in (1, 2, 3)]
    # One join for the first condition, one for each member that it starts from, and the count.
    assert sizes == [5, 4, 3]


@pytest.mark.parametrize("bound", ["MAX_CASTS", "MAX_APPLICATIONS"])
def test_as_much_as_the_bound_is_borne_and_what_is_taken_back_counts_no_more(bound, monkeypatch):
    armed = [fact("armed", state, "yes") for state in "ABCD"]
    tell = matcher_for(rule("p", DOUBT, when("armed", "state", "yes")))
    monkeypatch.setattr(bounds, bound, 3)
    assert tell(armed[:3])[0] == ["A", "B", "C"]
    assert tell(deleting=armed[:2])[1] == ["A", "B"]
    assert tell(armed[:2])[0] == ["A", "B"]
    with pytest.raises(TooLarge):
        tell(armed[3:])


@pytest.mark.parametrize(("bound", "most"), [("MAX_STATES", 4), ("MAX_FACTS", 7), ("MAX_PROPOSITIONS", 2)])
def test_a_situation_and_a_theory_as_large_as_the_bound_are_borne(bound, most, monkeypatch):
    # Two facts about the climate, which is calm unless it is said; two about each who is armed; one that is drawn.
    situation = from_facts(VOCABULARY, [fact("armed", state, "yes") for state in "AB"], "ABCD")
    rules = (rule("p", DOUBT), rule("a", then("labels", SYSTEM, "lion")))
    monkeypatch.setattr(bounds, bound, most)
    assert len(infer(Theory(VOCABULARY, (), rules, bound), situation).facts) == 7
    monkeypatch.setattr(bounds, bound, most - 1)
    with pytest.raises(TooLarge):
        infer(Theory(VOCABULARY, (), rules, f"{bound} less one"), situation)


def test_as_many_look_ups_as_the_bound_are_borne(monkeypatch):
    stop = when("border", "ally", "third", "yes")
    theory = Theory(VOCABULARY, (), (rule("p", DOUBT, when("armed", "state", "yes"), unless=[stop]),), "look-ups")
    two = from_facts(VOCABULARY, [fact("armed", state, "yes") for state in "AB"], "ABCD")
    # Each of the two looks for borders between the three others, in either direction.
    monkeypatch.setattr(bounds, "MAX_LOOKUPS", 12)
    assert len(infer(theory, two).justifications) == 2
    monkeypatch.setattr(bounds, "MAX_LOOKUPS", 11)
    with pytest.raises(TooLarge):
        infer(theory, two)


def test_equal_theories_are_compiled_once_and_others_by_themselves():
    one, other = (Theory(VOCABULARY, (), (rule(name, DOUBT),), "the same digest") for name in "pq")
    assert engine_class(one) is engine_class(replace(one))
    assert engine_class(one) is not engine_class(other)


def test_a_rule_fires_by_stratum_and_the_latest_first():
    low, high = shell.Rule(salience=-1), shell.Rule(salience=0)
    matches = [Match(kind, (name,)) for kind, name in ((low, "a"), (high, "b"), (low, "c"), (high, "d"))]
    agenda = shell.Agenda()
    Stratified().update_agenda(agenda, matches[:3], [])
    matches[1].lapsed = True
    Stratified().update_agenda(agenda, matches[3:], [matches[1]])
    assert [agenda.get_next().cast for _ in range(3)] == [("d",), ("c",), ("a",)]
    assert agenda.get_next() is None


# ---------------------------------------------------------------- the rule base

THEORY = load_theory(house.rules_folder())[0]
EXAMPLES = [p for p in THEORY.propositions if p.fires and p.silent]


def applied(proposition, example):
    """The bindings under which a proposition applies to one of its examples."""
    return bindings(infer(THEORY, from_facts(THEORY.vocabulary, example.facts, CAST.values())), proposition.id)


def as_cast(binding):
    return all(CAST[role] == state for role, state in binding.items())


def test_the_rule_base_has_examples():
    assert len(EXAMPLES) > 100


@pytest.mark.parametrize("proposition", EXAMPLES, ids=lambda p: p.id)
def test_a_proposition_applies_to_its_example_and_not_to_the_near_miss(proposition):
    assert any(map(as_cast, applied(proposition, proposition.fires)))
    derives = any(isinstance(conclusion, Derivation) for conclusion in proposition.conclusions)
    missed = applied(proposition, proposition.silent)
    assert not any(as_cast(b) if derives else b.get("state", CAST["state"]) == CAST["state"] for b in missed)


def test_the_rule_base_means_the_same_to_both_matchers():
    rng = random.Random(7)
    observed = [variable for variable in THEORY.vocabulary.variables if not variable.derived]
    facts = {}
    for _ in range(60):
        variable = rng.choice(observed)
        args = tuple(sorted(rng.sample(list(CAST.values()), variable.arity))) or (SYSTEM,)
        facts[variable.id, args] = Fact(variable.id, args, rng.choice(variable.values).id)
    case = from_facts(THEORY.vocabulary, facts.values())
    result = infer(THEORY, case)
    assert len(result.justifications) > 20
    agree(result, THEORY)
