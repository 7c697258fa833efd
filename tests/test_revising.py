"""Whatever becomes known or is taken back: what is inferred by revising is what is inferred from nothing.

``revising`` re-uses an inference.  Its answers must equal those of ``infer`` in their facts, their reasons, and the
order of these, after any changes in any order.  A run that breaks this is made as short as can be and shown.
"""

from __future__ import annotations

from dataclasses import replace

import drawn
import pytest
import random_theories as rt
from cases import Case, cases, facts_in_words
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from test_laws import transcripts

from advisor.inference import infer, revising
from advisor.inquiry import with_fact
from advisor.situation import closed
from advisor.terms import SYSTEM, Fact, Situation

FACTS = drawn.made_by(lambda by: drawn.fact(by, rt.STATES))
SOME_STATES = some.sets(some.sampled_from(rt.STATES))


def without(situation: Situation, lost: Fact) -> Situation:
    """Take back all that is known of a variable for some states, in either order."""
    gone = {(lost.variable, lost.args), (lost.variable, lost.args[::-1])}
    return replace(situation, facts=frozenset(f for f in situation.facts if (f.variable, f.args) not in gone))


class Revising(RuleBasedStateMachine):
    """A situation in which facts become known and are taken back."""

    @initialize(case=cases())
    def begin(self, case: Case) -> None:
        self.theory, self.first = case.theory, case.situation
        self.again = revising(case.theory, case.situation)
        self.told(case.situation)

    def told(self, situation: Situation) -> None:
        """Hold the answer for a situation against the inference from nothing."""
        before = getattr(self, "now", situation)
        self.now = situation
        for sign, facts in (("+", situation.facts - before.facts), ("-", before.facts - situation.facts)):
            for said in facts_in_words(facts):
                note(f"{sign} {said}")
        made, expected = self.again(self.theory, situation), infer(self.theory, situation)
        assert made.facts == expected.facts
        assert made.justifications == expected.justifications
        assert made == expected

    @rule(fact=FACTS)
    def assume(self, fact: Fact) -> None:
        """A fact becomes known, with what follows from its variable."""
        if set(fact.args) <= {*self.now.states, SYSTEM}:
            self.told(rt.add(self.now, fact) or rt.add(without(self.now, fact), fact) or self.now)

    @rule(place=some.integers(0, 200))
    def drop(self, place: int) -> None:
        """What is known of a variable for some states is taken back."""
        if self.now.facts:
            known = sorted(self.now.facts)
            self.told(without(self.now, known[place % len(known)]))

    @rule(place=some.integers(0, 200))
    def turn(self, place: int) -> None:
        """Something turns out to be the other way round."""
        if self.now.facts:
            known = sorted(self.now.facts)
            fact = known[place % len(known)]
            turned = fact._replace(holds=not fact.holds)
            rest = without(self.now, fact)
            self.told(replace(rest, facts=rest.facts | closed(rt.VOCABULARY, [turned])))

    @rule(place=some.integers(0, 200))
    def drop_one(self, place: int) -> None:
        """A single fact is taken back, and not what came with it."""
        if self.now.facts:
            known = sorted(self.now.facts)
            self.told(replace(self.now, facts=self.now.facts - {known[place % len(known)]}))

    @rule(fact=FACTS)
    def assume_one(self, fact: Fact) -> None:
        """A single fact becomes known, and not what follows from its variable."""
        if set(fact.args) <= {*self.now.states, SYSTEM} and fact._replace(holds=not fact.holds) not in self.now.facts:
            self.told(replace(self.now, facts=self.now.facts | {fact}))

    @rule(states=SOME_STATES)
    def meet(self, states: set[str]) -> None:
        """Other states are in view; nothing is known of those that are not."""
        facts = frozenset(fact for fact in self.now.facts if set(fact.args) <= {*states, SYSTEM})
        self.told(replace(self.now, states=tuple(sorted(states)), facts=facts))

    @rule(case=cases())
    def turn_to_another_situation(self, case: Case) -> None:
        self.told(case.situation)

    @rule()
    def ask_again(self) -> None:
        self.told(self.now)

    @rule()
    def return_to_the_first_situation(self) -> None:
        self.told(self.first)

    @rule()
    def assume_for_the_record(self) -> None:
        """The same facts are known for other reasons."""
        self.told(replace(self.now, assumptions=frozenset(sorted(self.now.facts)[:1])))

    @rule(case=cases(size=3))
    def ask_about_another_theory(self, case: Case) -> None:
        assert self.again(case.theory, self.now) == infer(case.theory, self.now)

    @rule()
    def revise_from_here(self) -> None:
        """What is known now is what further changes are changes of."""
        self.again = revising(self.theory, self.now)


PARTS = 2


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_revised_is_what_is_inferred_from_nothing(part: int, request: pytest.FixtureRequest) -> None:
    how = settings(
        max_examples=max(10, request.config.getoption("--cases") // 6),
        stateful_step_count=15,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(f"revising {part}")(Revising), settings=how)


def test_every_change_of_one_fact_in_a_transcript_is_inferred_as_from_nothing(request: pytest.FixtureRequest) -> None:
    every = 1 if request.config.getoption("--cases") >= 10_000 else 25
    tried = different = number = 0
    for name, theory, _, told in transcripts():
        again, before = revising(theory, told), infer(theory, told)
        observed = [variable for variable in theory.vocabulary.variables if not variable.derived]
        for fact in sorted(told.facts):
            number += 1
            if number % every == 0:
                less = replace(told, facts=told.facts - {fact})
                assert again(theory, less) == infer(theory, less), f"{name} without {fact}"
                different += infer(theory, less).facts != before.facts - {fact}
                tried += 1
        for variable in observed:
            args = told.states[: variable.arity] or (SYSTEM,)
            for value in variable.values if len(args) == max(1, variable.arity) else ():
                number += 1
                if number % every == 0:
                    more = with_fact(theory.vocabulary, told, Fact(variable.id, args, value.id))
                    assert again(theory, more) == infer(theory, more), f"{name} with {variable.id} {value.id}"
                    different += len(infer(theory, more).justifications) != len(before.justifications)
                    tried += 1
    assert tried > 200
    assert different > 50
