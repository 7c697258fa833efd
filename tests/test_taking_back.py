"""What is taken back when a fact goes, and what is not."""

import gc
import weakref

import pytest
import random_theories as rt
from test_inference import DOUBT, fact, rule, then, when

from advisor.inference import TooLarge, bounds, infer, revising
from advisor.inference.engine import engine_class
from advisor.situation import from_facts
from advisor.terms import SYSTEM, AtLeast, Either, Situation, Theory


def theory_of(*rules):
    return Theory(rt.VOCABULARY, (), rules, repr(rules))


CIRCLE = (
    rule("a", then("danger", "state", "threat", "high"), when("feeling", "state", "threat", "cold")),
    rule("b", then("camp", "state", "threat", "yes"), when("danger", "state", "threat", "high")),
    rule("c", then("danger", "state", "threat", "high"), when("camp", "state", "threat", "yes")),
    rule("p", DOUBT, when("danger", "state", "threat", "high")),
)
STATES = ("Arvenia", "Borland")


def test_facts_do_not_hold_up_one_another_in_a_circle():
    cold = fact("feeling", *STATES, "cold")
    there, gone = (from_facts(rt.VOCABULARY, facts, STATES) for facts in ([cold], []))
    theory = theory_of(*CIRCLE)
    again = revising(theory, there)
    assert {j.proposition for j in again(theory, there).justifications} == {"a", "b", "c", "p"}
    assert again(theory, gone).justifications == ()
    assert again(theory, there) == infer(theory, there)


def test_what_no_longer_applies_is_forgotten():
    cold = fact("feeling", *STATES, "cold")
    there, gone = (from_facts(rt.VOCABULARY, facts, STATES) for facts in ([cold], []))
    theory = theory_of(*CIRCLE)
    again = revising(theory, there)
    again(theory, there)
    matches = [weakref.ref(match) for applied in again.engine.applied.values() for match in applied]
    assert len(matches) == 7
    again(theory, gone)
    gc.collect()
    assert [match for match in matches if match()] == []


def test_a_list_met_by_its_own_conclusion_does_not_hold_itself_up():
    two = AtLeast(2, (when("armed", "state", "yes"), when("size", "state", "small"), when("labels", "state", "lion")))
    theory = theory_of(rule("p", then("labels", "state", "lion"), two))
    both = [fact("armed", "Arvenia", "yes"), fact("size", "Arvenia", "small")]
    there, gone = (from_facts(rt.VOCABULARY, facts, STATES) for facts in (both, both[:1]))
    again = revising(theory, there)
    assert len(again(theory, there).justifications) == 1
    assert again(theory, gone).justifications == ()


def test_an_observation_takes_back_what_was_drawn_and_what_it_stopped():
    rules = (
        rule("a", then("danger", "state", "threat", "high"), when("feeling", "state", "threat", "cold")),
        rule("p", DOUBT, when("armed", "state", "yes"), unless=[when("danger", "state", "ally", "high")]),
    )
    facts = [fact("feeling", *STATES, "cold"), fact("armed", "Arvenia", "yes")]
    plain = from_facts(rt.VOCABULARY, facts, STATES)
    denied = from_facts(rt.VOCABULARY, [*facts, fact("danger", *STATES, "high", holds=False)], STATES)
    theory = theory_of(*rules)
    again = revising(theory, plain)
    for situation, applied in ((plain, ["a"]), (denied, ["p"]), (plain, ["a"])):
        assert [j.proposition for j in again(theory, situation).justifications] == applied


def test_nothing_is_drawn_in_haste_only_to_be_taken_back():
    armed = when("armed", "state", "yes")
    theory = theory_of(
        rule("p", DOUBT, armed, unless=[when("labels", "state", "lion")]),
        rule("b", then("labels", "state", "lion"), armed, unless=[when("danger", "state", "threat", "high")]),
        rule("a", then("danger", "state", "threat", "high"), when("feeling", "state", "threat", "cold")),
    )
    facts = [fact("feeling", *STATES, "cold"), *(fact("armed", state, "yes") for state in STATES)]
    engine = engine_class(theory)()
    engine.begin(from_facts(rt.VOCABULARY, facts, STATES))
    assert [match.cast for match in engine.applied[0]] == [("Arvenia",)]
    assert engine.withdrawn == []


def test_other_states_and_other_theories_are_taken_as_they_come():
    theory, other = theory_of(*CIRCLE), theory_of(CIRCLE[0])
    two = from_facts(rt.VOCABULARY, [fact("feeling", *STATES, "cold")], STATES)
    three = from_facts(rt.VOCABULARY, [fact("feeling", "Cadria", "Arvenia", "cold")], (*STATES, "Cadria"))
    again = revising(theory, two)
    for which, situation in ((theory, three), (other, two), (theory, two), (theory, three)):
        assert again(which, situation) == infer(which, situation)


def test_after_a_complaint_of_size_it_goes_on_as_if_nothing_had_been(monkeypatch):
    theory = theory_of(*CIRCLE)
    little = from_facts(rt.VOCABULARY, [], rt.STATES)
    pairs = [(one, other) for one in rt.STATES for other in rt.STATES if one != other]
    much = from_facts(rt.VOCABULARY, [fact("feeling", *pair, "cold") for pair in pairs], rt.STATES)
    again, expected = revising(theory, little), infer(theory, little)
    with monkeypatch.context() as patch:
        patch.setattr(bounds, "MAX_APPLICATIONS", 30)
        for _ in range(2):
            with pytest.raises(TooLarge):
                again(theory, much)
            assert again(theory, little) == expected
    assert again(theory, much) == infer(theory, much)


def test_an_engine_serves_the_next_line_of_thought():
    theory = theory_of(*CIRCLE[:2])
    situation = from_facts(rt.VOCABULARY, [fact("feeling", *STATES, "cold")], STATES)
    idle = engine_class(theory).idle
    expected = infer(theory, situation)
    (engine,) = idle
    again = revising(theory, situation)
    assert not idle
    assert again(theory, situation) == expected
    del again
    gc.collect()
    assert idle == [engine]
    assert revising(theory, situation)(theory, situation) == expected


def test_what_was_written_by_an_inference_is_written_anew_where_it_changes():
    theory = theory_of(rule("p", DOUBT, Either((when("armed", "state", "yes"), when("size", "state", "small")))))
    both = [fact("armed", "Arvenia", "yes"), fact("size", "Arvenia", "small")]
    there, gone = (from_facts(rt.VOCABULARY, facts, STATES[:1]) for facts in (both, both[1:]))
    assert [j.premises[0].facts for j in infer(theory, there).justifications] == [tuple(both)]
    (reason,) = revising(theory, there)(theory, gone).justifications
    assert reason.premises[0].facts == (both[1],)


def test_a_rule_without_conditions_applies_where_nothing_is_known():
    theory = theory_of(rule("a", then("mood", SYSTEM, "war")), rule("p", DOUBT, when("mood", SYSTEM, "war")))
    nothing, something = Situation((), frozenset()), from_facts(rt.VOCABULARY, [])
    again = revising(theory, nothing)
    for result in (infer(theory, nothing), again(theory, nothing), again(theory, something), again(theory, nothing)):
        assert [j.proposition for j in result.justifications] == ["a", "p"]


def test_what_is_no_longer_looked_for_counts_no_longer(monkeypatch):
    stop = when("border", "ally", "third", "yes")
    theory = theory_of(rule("p", DOUBT, when("armed", "state", "yes"), unless=[stop]))
    facts = ([fact("armed", state, "yes") for state in rt.STATES[:2]], [fact("armed", rt.STATES[2], "yes")])
    one, other = (from_facts(rt.VOCABULARY, each, rt.STATES) for each in facts)
    again = revising(theory, one)
    # Twelve pairs of others for each of the two that are armed, and not a look-up more, however often it changes.
    monkeypatch.setattr(bounds, "MAX_LOOKUPS", 24)
    for _ in range(4):
        for situation in (other, one):
            assert again(theory, situation) == infer(theory, situation)


def test_a_line_of_thought_begun_where_another_ended_goes_on_by_itself():
    theory = theory_of(*CIRCLE[:3])
    there, gone = (from_facts(rt.VOCABULARY, facts, STATES) for facts in ([fact("feeling", *STATES, "cold")], []))
    first = revising(theory, there)
    for situation in (gone, there):
        first(theory, situation)
    del first
    gc.collect()
    second = revising(theory, there)
    for situation in (gone, there, gone):
        assert second(theory, situation) == infer(theory, situation)
