"""What a rule means, case by case: the engine on small theories, and on the examples of the rule base."""

import collections
import logging
import random
import subprocess
import sys

import pytest
from random_theories import VOCABULARY

from advisor import house
from advisor.inference import TooLarge, bounds, infer, shell
from advisor.inference.engine import Engine
from advisor.inference.matcher import IndexedMatcher
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
    assert result == infer(theory, from_facts(VOCABULARY, facts, states), matcher="stock")
    return result


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
    monkeypatch.setattr(bounds, "MAX_JOINS", 100_000)
    with pytest.raises(TooLarge, match="too large to reason about: it needs more than"):
        infer(theory, from_facts(VOCABULARY, facts))
    crowd = from_facts(VOCABULARY, [], [f"S{number}" for number in range(bounds.MAX_STATES + 1)])
    with pytest.raises(TooLarge, match=f"more than {bounds.MAX_STATES} states"):
        infer(theory, crowd)
    stops = rule("p", DOUBT, when("armed", "state", "yes"), unless=[when("border", "ally", "third", "yes")])
    monkeypatch.setattr(bounds, "MAX_LOOKUPS", 5000)
    with pytest.raises(TooLarge, match="look-ups"):
        infer(Theory(VOCABULARY, (), (stops,), "stops"), from_facts(VOCABULARY, facts))


def test_the_engine_leaves_no_trace_on_python():
    assert not hasattr(collections, "Mapping")
    code = "import logging; before = list(logging.root.handlers); import advisor.inference; "
    subprocess.run([sys.executable, "-c", code + "assert logging.root.handlers == before"], check=True)
    assert logging.getLogger("experta.watchers.RULES")


def test_both_matchers_find_every_choice_of_facts_exactly_once():
    def activations(chosen):
        class Pairs(Engine):
            __matcher__ = chosen
            pairs = shell.Rule(
                shell.Known(variable="border", arg0=shell.W("one"), arg1=shell.W("other")),
                shell.Known(variable="border", arg0=shell.W("other"), arg1=shell.W("third")),
                shell.Known(variable="border", arg0=shell.W("third"), arg1=shell.W("one")),
                shell.TEST(lambda one: one < 3),
            )(lambda engine, **cast: None)

        engine = Pairs()
        engine.reset()
        for one, other in ((1, 2), (2, 3), (3, 1), (3, 2), (2, 1), (1, 1)):
            engine.declare(shell.Known(variable="border", arg0=one, arg1=other))
        casts = [activation.context for activation in engine.agenda.activations]
        return sorted((cast["one"], cast["other"], cast["third"]) for cast in casts)

    ours = activations(IndexedMatcher)
    assert ours == activations(shell.ReteMatcher)
    assert len(ours) == len(set(ours)) > 4


def test_the_matcher_refuses_what_it_does_not_know():
    class Odd(Engine):
        __matcher__ = IndexedMatcher
        odd = shell.Rule(shell.Known(value=shell.P(str.isalpha)))(lambda engine: None)

    with pytest.raises(TypeError, match="does not know this content"):
        Odd()

    class Plain(Engine):
        __matcher__ = IndexedMatcher
        plain = shell.Rule(shell.Player(state=shell.W("one")))(lambda engine, one: None)

    engine = Plain()
    engine.reset()
    player = engine.declare(shell.Player(state="Arvenia"))
    assert len(engine.agenda.activations) == 1
    with pytest.raises(TypeError, match="only adds facts"):
        engine.retract(player)


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
    assert result == infer(THEORY, case, matcher="stock")
