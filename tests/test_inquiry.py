"""The question that matters most: that it is open, that its answer decides what it says, and that it can be asked."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from advisor import house
from advisor.inference import infer
from advisor.inquiry import next_question, open_conflicts, with_fact
from advisor.situation import from_facts, situation
from advisor.terms import Advice, Evidence, Fact, Observation, Question, Situation, Theory
from advisor.theory import load_theory
from advisor.verdict import judge
from advisor.vocabulary import say, variables


@cache
def theory() -> Theory:
    return load_theory(house.rules_folder())[0]


def known(*facts: tuple[str, tuple[str, ...], str], states: tuple[str, ...] = ()) -> Situation:
    return from_facts(theory().vocabulary, [Fact(*fact) for fact in facts], states)


def judged(case: Situation) -> Advice:
    return judge(theory(), infer(theory(), case), focus="Arvenia")


THREATENED = (
    ("strength", ("Borland",), "great"),
    ("distance", ("Borland", "Arvenia"), "border"),
    ("offence", ("Borland",), "strong"),
    ("intent", ("Borland", "Arvenia"), "unclear"),
)
CASES = [
    THREATENED,
    (*THREATENED, ("strength", ("Arvenia",), "weak"), ("help", ("Arvenia",), "none"), ("phase", ("system",), "peace")),
    (*THREATENED, ("strength", ("Arvenia",), "great"), ("can_check", ("Cadria", "Borland"), "yes")),
    (("strength", ("Borland",), "great"), ("strength", ("Arvenia",), "weak")),
]


@pytest.mark.parametrize("facts", CASES, ids=lambda facts: str(len(facts)))
def test_the_question_is_open_and_its_answer_tells(facts: tuple[tuple[str, tuple[str, ...], str], ...]) -> None:
    case = known(*facts)
    question = next_question(theory(), judged(case), infer)
    assert question is not None
    assert not [f for f in case.facts if f.holds and (f.variable, f.args) == (question.variable, question.args)]
    variable = variables(theory().vocabulary)[question.variable]
    assert not variable.derived
    assert all(name in question.text for name in question.args if name != "system")
    answers = [
        infer(theory(), with_fact(theory().vocabulary, case, Fact(question.variable, question.args, value.id)))
        for value in variable.values
    ]
    assert len({frozenset(j.proposition for j in inference.justifications) for inference in answers}) > 1


@pytest.mark.parametrize("facts", CASES, ids=lambda facts: str(len(facts)))
def test_every_counterfactual_is_true_when_replayed(facts: tuple[tuple[str, tuple[str, ...], str], ...]) -> None:
    case = known(*facts)
    before = judged(case)
    question = next_question(theory(), before, infer)
    assert question is not None
    for value in variables(theory().vocabulary)[question.variable].values:
        fact = Fact(question.variable, question.args, value.id)
        after = judged(with_fact(theory().vocabulary, case, fact))
        if f"if {say(theory().vocabulary, fact)}," in question.because:
            assert before.verdicts
            first, then = before.verdicts[0], after.verdicts[0]
            assert (first.label, first.decision, first.family) != (then.label, then.decision, then.family)


def test_a_lead_that_hangs_on_one_fact_is_asked_about() -> None:
    question = next_question(theory(), judged(known(*CASES[0])), infer)
    assert question is not None
    assert question.because.startswith("if Arvenia ")


def test_without_trying_answers_the_question_names_what_it_decides() -> None:
    question = next_question(theory(), judged(known(*THREATENED)))
    assert question is not None
    titles = {proposition.title for proposition in theory().propositions}
    named = {part for part in question.because.split("’") for part in [part.rpartition("‘")[2]] if part in titles}
    assert named


def test_what_is_to_be_skipped_is_not_asked() -> None:
    advice = judged(known(*THREATENED))
    asked: list[tuple[str, tuple[str, ...]]] = []
    for _ in range(6):
        question = next_question(theory(), advice, skip=asked)
        assert question is not None
        assert (question.variable, question.args) not in asked
        asked.append((question.variable, question.args))


def test_core_facts_come_first() -> None:
    index = variables(theory().vocabulary)
    question = next_question(theory(), judged(known(*THREATENED)))
    assert question is not None
    assert index[question.variable].core


def test_states_and_a_threat_are_asked_for_where_they_are_missing() -> None:
    nobody = judge(theory(), infer(theory(), known()))
    focus = theory().vocabulary.focus
    assert next_question(theory(), nobody) == Question("", (), focus.ask_states, "")
    alone = next_question(theory(), judge(theory(), infer(theory(), known(("strength", ("Arvenia",), "weak")))))
    assert alone is not None
    assert alone.text.startswith("Which state worries Arvenia")


def test_a_contradiction_is_asked_about_first() -> None:
    said = [
        Observation(Fact("strength", ("Borland",), value), "asserted", (Evidence("text"),))
        for value in ("weak", "great")
    ]
    said.append(Observation(Fact("distance", ("Borland", "Arvenia"), "border"), "asserted"))
    advice = judge(theory(), infer(theory(), situation(theory().vocabulary, said)))
    assert len(open_conflicts(advice)) == 1
    question = next_question(theory(), advice, infer)
    assert question is not None
    assert (question.variable, question.args) == ("strength", ("Borland",))
    assert question.because == "these cannot all be so: Borland is a great power; Borland is weak"
    settled = with_fact(theory().vocabulary, advice.inference.situation, Fact("strength", ("Borland",), "weak"))
    assert settled.conflicts == ()
    assert Fact("strength", ("Borland",), "weak") in settled.facts


def test_a_further_fact_leaves_assumptions_in_place_or_replaces_them() -> None:
    case = known(*THREATENED)
    further = with_fact(theory().vocabulary, case, Fact("phase", ("system",), "peace"))
    assert further.assumptions == case.assumptions
    replaced = with_fact(theory().vocabulary, case, Fact("order", ("system",), "hierarchy"))
    assert {fact.variable for fact in case.assumptions - replaced.assumptions} == {"order"}
    assert Fact("order", ("system",), "anarchy", False) in replaced.facts


def test_the_question_does_not_depend_on_the_order_of_propositions() -> None:
    advice = judged(known(*THREATENED))
    turned = dataclasses.replace(theory(), propositions=theory().propositions[::-1])
    one, other = next_question(theory(), advice), next_question(turned, advice)
    assert one is not None
    assert other is not None
    assert (one.variable, one.args) == (other.variable, other.args)
