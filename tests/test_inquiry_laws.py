"""The laws of an inquiry: what is said to be otherwise is so, nothing is missed, it stops when nothing can change."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import random_schools
import random_theories
from asking_games import Game, answered_in_full, interrogated
from replaying import altered, brute_flips, label, lead, told, verdict_of

from advisor import house
from advisor.inference import infer, revising
from advisor.inquiry import (
    Change,
    Flip,
    contrast,
    flips,
    how,
    open_questions,
    parting,
    proof_of,
    suppose,
    why_asked,
    why_not,
    with_fact,
    without_fact,
)
from advisor.inquiry.columns import base, bounded, laid
from advisor.inquiry.leads import counted, court_of, lead_of, leads
from advisor.inquiry.matters import matter_of
from advisor.inquiry.net import net_of
from advisor.inquiry.values import Step
from advisor.nearest import Mark
from advisor.situation import closed, from_facts, situation
from advisor.terms import Advice, Derivation, Fact, Situation, Theory, Transcript
from advisor.theory import load_theory
from advisor.transcript import load
from advisor.verdict import forms, judge, judge_one, school_weights
from advisor.vocabulary import canonical, strategies

ROOT = Path(__file__).resolve().parent.parent
MODELS = ("britain-1912-14", "ussr-1939", "arvenia-alone")
FILES = sorted((ROOT / "transcripts").glob("*.md"))


@cache
def theory() -> Theory:
    return load_theory(house.rules_folder())[0]


@cache
def judged(name: str) -> Advice:
    """The advice on a transcript, as its first expectation looks at the case."""
    case: Transcript = load(theory().vocabulary, ROOT / "transcripts" / f"{name}.md")[0]
    inference = infer(theory(), situation(theory().vocabulary, case.facts))
    if not case.expect:
        return judge(theory(), inference)
    return judge(theory(), inference, focus=case.expect[0].state, toward=case.expect[0].toward)


def all_judged() -> Iterator[Advice]:
    yield from (advice for path in FILES if (advice := judged(path.stem)).verdicts)


def random_advice(seed: int, size: int = 2) -> tuple[random.Random, Theory, Advice]:
    rng = random.Random(seed)
    made = random_schools.theory(rng, rng.choice([14, 24]))
    case = random_schools.situation(rng, rng.choice([6, 12, 20]), size)
    return rng, made, judge(made, infer(made, case), focus="Arvenia", toward=rng.choice(["Borland", "Borland", None]))


# ---------------------------------------------------------------- situations that differ in one fact


def test_a_further_fact_gives_what_building_the_situation_anew_gives() -> None:
    seen = set()
    for seed in range(60):
        rng = random.Random(seed)
        case = random_schools.situation(rng, rng.choice([4, 12, 25]))
        for _ in range(6):
            fact = random_theories.fact(rng, (*random_theories.STATES[:3], "Esteria"))
            vocabulary = random_schools.VOCABULARY
            after = with_fact(vocabulary, case, fact)
            opposite = closed(vocabulary, [fact])
            kept = {f for f in told(vocabulary, case) if not against(f, opposite, told(vocabulary, case))}
            assert after == from_facts(vocabulary, kept | {fact}, case.states), (seed, fact)
            seen.add((fact.holds, after == case, bool(set(case.states) - set(after.states))))
            assert without_fact(vocabulary, after, fact) == altered(
                vocabulary, after, [Change(matter_of(vocabulary, fact))]
            ), (seed, fact)
            case = after
    assert len(seen) > 3


def against(fact: Fact, new: frozenset[Fact], known: set[Fact]) -> bool:
    """Whether a fact cannot stand beside others, or was false only because of one that cannot."""
    clashing = {f for f in known if f._replace(holds=not f.holds) in new}
    holding = {f for f in clashing if f.holds}
    many = fact.variable in ("traits", "labels")
    return fact in clashing or (not many and any((f.variable, f.args) == (fact.variable, fact.args) for f in holding))


def test_a_dropped_premise_drops_everything_that_rested_on_it() -> None:
    dropped = 0
    for name in ("britain-1912-14", "arvenia-alone"):
        advice = judged(name)
        for fact in sorted(told(theory().vocabulary, advice.inference.situation)):
            if not fact.holds or canonical(theory().vocabulary, fact) != fact:
                continue
            found = suppose(theory(), advice, fact, infer, dropped=True)
            assert found is not None
            after = found.advice.inference
            rested = {f for f in advice.inference.facts - after.facts if f not in advice.inference.situation.facts}
            assert set(found.dropped) <= rested
            assert fact not in after.facts
            used = {f for j in after.justifications for premise in j.premises for f in premise.facts}
            assert used <= after.facts
            assert after == infer(theory(), altered(theory().vocabulary, advice.inference.situation, [found.change]))
            dropped += len(found.dropped)
    assert dropped > 15


# ---------------------------------------------------------------- the net is the engine, for many situations at once


@pytest.mark.parametrize("seed", range(40))
def test_what_bears_on_a_verdict_is_inferred_as_the_engine_infers_it(seed: int) -> None:
    _, made, advice = random_advice(seed, 3)
    inference, case = advice.inference, advice.inference.situation
    first = advice.verdicts[0]
    for about in ("conduct", "pace"):
        net = net_of(made, case.states, [(first.state, first.toward, about)])
        inferred = laid(net, base(net, case.facts, 1), 1)
        assert {f for f in net.facts if inferred.known[net.numbers[f]]} == set(net.facts) & inference.facts
        applied = {(j.proposition, j.bindings) for j in inference.justifications}
        arguing = {p.id for p in made.propositions if not all(isinstance(c, Derivation) for c in p.conclusions)}
        for application, fires in zip(net.arguing, inferred.fired, strict=True):
            if application.proposition in arguing:
                assert bool(fires) == ((application.proposition, application.binding) in applied)
        least, most = bounded(net, base(net, case.facts, 1), base(net, case.facts, 1), 1)
        assert least == most == inferred
        court = court_of(made, school_weights(made), about)
        counts, _ = counted(court, net, net.bearings[0], inferred)
        assert list(leads(court, counts, 1)) == [lead_of(judge_one(made, inference, replace(first, about=about)))]


def test_one_verdict_alone_is_judged_as_among_all() -> None:
    for advice in all_judged():
        for verdict in advice.verdicts:
            assert judge_one(theory(), advice.inference, verdict) == verdict


# ---------------------------------------------------------------- what would change it


@pytest.mark.parametrize("seed", [101, 104, 105, 113])
def test_all_smallest_sets_that_flip_the_lead_are_found(seed: int) -> None:
    _, made, advice = random_advice(seed)
    found = flips(made, advice, infer)
    assert len({frozenset(flip.changes) for flip in found}) == len(found)
    assert {frozenset(flip.changes) for flip in found} == brute_flips(made, advice)


def assert_flips(made: Theory, advice: Advice, flip: Flip) -> None:
    """A set flips the lead as it says, and no part of it does."""
    verdict = advice.verdicts[0]
    for size in range(len(flip.changes) + 1):
        for some in itertools.combinations(flip.changes, size):
            after = verdict_of(made, altered(made.vocabulary, advice.inference.situation, some), verdict)
            assert (lead(after) != lead(verdict)) == (size == len(flip.changes))
            assert size < len(flip.changes) or after == flip.verdict


@pytest.mark.parametrize("name", MODELS)
def test_what_is_said_to_change_a_model_case_does_and_no_part_of_it(name: str) -> None:
    found = flips(theory(), judged(name), infer)
    assert len(found) > 10
    for flip in found:
        assert_flips(theory(), judged(name), flip)


def test_what_is_said_to_change_a_transcript_does_and_no_part_of_it() -> None:
    told_of = 0
    for advice in all_judged():
        found = flips(theory(), advice, revising(theory(), advice.inference.situation))
        for flip in found[:: max(1, len(found) // 2)]:
            assert_flips(theory(), advice, flip)
            told_of += 1
    assert told_of > 40


def test_france_decides_britains_case() -> None:
    """The model answer: whether France can hold Germany decides between the schools, and nothing else said does."""
    found = parting(theory(), judged("britain-1912-14"), infer)
    assert found is not None
    facts = {change.fact for flip in found.codings for change in flip.changes}
    assert Fact("can_check", ("France", "Germany"), "no") in facts
    assert {fact.variable for fact in facts if fact} == {"can_check", "relations"}
    assert found.propositions == (("define-catcher-pressed",),)


def test_protection_turns_arvenia_round() -> None:
    """The model answer: any prospect of a protector, or an aggressor known to want everything, turns the lead."""
    found = {frozenset(c.fact for c in flip.changes): flip for flip in flips(theory(), judged("arvenia-alone"), infer)}
    for value in ("uncertain", "assured"):
        assert found[frozenset([Fact("help", ("Arvenia",), value)])].verdict.family == "oppose"
    both = {Fact("intent", ("Borland", "Arvenia"), "hostile"), Fact("aims", ("Borland",), "unlimited-revision")}
    assert found[frozenset(both)].verdict.family == "oppose"


# ---------------------------------------------------------------- what if


@pytest.mark.parametrize("name", MODELS)
def test_a_supposition_is_judged_as_from_scratch(name: str) -> None:
    advice = judged(name)
    for asked in open_questions(theory(), advice, infer)[:6]:
        for answered in why_asked(theory(), advice, asked.question, infer).answers:
            found = suppose(theory(), advice, answered.fact, infer)
            assert found is not None
            case = altered(theory().vocabulary, advice.inference.situation, [found.change])
            assert found.after == verdict_of(theory(), case, advice.verdicts[0]) == answered.verdict
            assert found.changed == (label(found.after) != label(found.before))
            before, after = set(found.before.arguments), set(found.after.arguments)
            assert set(found.gained) == after - before
            assert set(found.lost) == before - after


def test_what_is_known_already_changes_nothing() -> None:
    found = suppose(theory(), judged("arvenia-alone"), Fact("strength", ("Arvenia",), "weak"), infer)
    assert found is not None
    assert found.known
    assert not found.changed
    assert not (found.gained or found.lost or found.concluded or found.dropped)


# ---------------------------------------------------------------- where the schools part


@pytest.mark.parametrize("name", [*MODELS, "france-1936", "greek-cities-432-bce", "germany-1914", "vienna-1815"])
def test_where_the_schools_part_is_where_they_do(name: str) -> None:
    advice = judged(name)
    found = parting(theory(), advice, infer)
    assert found is not None
    verdict = advice.verdicts[0]
    assert found.disagree == (verdict.label in ("majority", "split"))

    def sought(after: str) -> bool:
        return after == "agreed" if found.disagree else after in ("majority", "split")

    for flip in found.codings[:8]:
        for size in range(len(flip.changes) + 1):
            for some in itertools.combinations(flip.changes, size):
                case = altered(theory().vocabulary, advice.inference.situation, some)
                assert sought(verdict_of(theory(), case, verdict).label) == (size == len(flip.changes))
    for names in found.propositions[:1]:
        for left in (names, names[1:]):
            kept = tuple(p for p in theory().propositions if p.id not in left)
            less = replace(theory(), propositions=kept, digest="less " + " ".join(left))
            after = judge_one(less, infer(less, advice.inference.situation), verdict)
            assert sought(after.label) == (left == names)


# ---------------------------------------------------------------- questions


def test_questions_stop_when_nothing_can_change_and_come_in_a_good_order() -> None:
    """In small theories the stop is neither early nor late, whatever is answered, and the order is near the best."""
    games = [Game(random_schools.small(random.Random(seed))) for seed in range(8)]
    assert all(game.stops_exactly() for game in games)
    best = sum(game.fewest() for game in games)
    assert best > 0
    assert sum(game.asked() for game in games) <= 1.1 * best
    assert sum(game.in_order() for game in games) >= 1.3 * best


@pytest.mark.parametrize("seed", range(3))
def test_at_the_stop_the_verdict_is_that_with_everything_answered(seed: int) -> None:
    whole, matters = answered_in_full(theory(), random.Random(seed), ("Arvenia", "Borland"))
    questions, before = interrogated(theory(), whole, matters, "Arvenia", "Borland")
    assert label(before) == label(judge_one(theory(), infer(theory(), whole), before))
    assert 0 < len(questions) < len(matters) / 2
    assert len(set(questions)) == len(questions)


@pytest.mark.parametrize("seed", [0, 4])
def test_where_no_threat_is_named_it_is_found_before_the_stop_or_there_is_none(seed: int) -> None:
    whole, matters = answered_in_full(theory(), random.Random(seed), ("Arvenia", "Borland"))
    _, before = interrogated(theory(), whole, matters, "Arvenia", None)
    after = judge(theory(), infer(theory(), whole), focus="Arvenia").verdicts[0]
    assert (before.about, before.toward, label(before)) == (after.about, after.toward, label(after))


@pytest.mark.parametrize("seed", [1, 4, 9, 12, 17, 23])
def test_in_random_theories_too_the_verdict_at_the_stop_is_that_with_everything_answered(seed: int) -> None:
    rng = random.Random(seed)
    made = random_schools.theory(rng, 36)
    whole, matters = answered_in_full(made, rng, ("Arvenia", "Borland", "Cadria"))
    questions, before = interrogated(made, whole, matters, "Arvenia", "Borland")
    assert label(before) == label(judge_one(made, infer(made, whole), before))
    assert 0 < len(questions) < len(matters)


@pytest.mark.parametrize("name", [*MODELS, "france-1936"])
def test_of_every_open_question_it_is_told_truly_what_it_is_worth(name: str) -> None:
    advice = judged(name)
    verdict, case = advice.verdicts[0], advice.inference.situation
    known = {(fact.variable, fact.args) for fact in case.facts if fact.holds}
    rng = random.Random(5)
    listed = open_questions(theory(), advice, infer)
    assert listed
    for asked in listed[:12]:
        assert (asked.question.variable, asked.question.args) not in known
        outcomes = {label(answered.verdict) for answered in why_asked(theory(), advice, asked.question, infer).answers}
        assert (asked.worth == "alone") == any(each != label(verdict) for each in outcomes)
        for answered in asked.answers:
            assert label(answered.verdict) != label(verdict)
        if asked.example:
            both = [Change(matter_of(theory().vocabulary, fact), fact) for fact in asked.example]
            assert label(verdict_of(theory(), altered(theory().vocabulary, case, both), verdict)) != label(verdict)
            for one in both:
                assert label(verdict_of(theory(), altered(theory().vocabulary, case, [one]), verdict)) == label(verdict)
    if all(asked.worth == "idle" for asked in listed):
        for _ in range(20):
            some = [Change(matter_of(theory().vocabulary, f), f) for f in _some_answers(rng, advice)]
            assert label(verdict_of(theory(), altered(theory().vocabulary, case, some), verdict)) == label(verdict)


def _some_answers(rng: random.Random, advice: Advice) -> list[Fact]:
    """Random answers to some of the open questions."""
    found = []
    for asked in open_questions(theory(), advice, infer):
        variable = next(v for v in theory().vocabulary.variables if v.id == asked.question.variable)
        if rng.random() < 0.7:
            found.append(Fact(variable.id, asked.question.args, rng.choice(variable.values).id))
    return found


# ---------------------------------------------------------------- how, why not, why rather


@pytest.mark.parametrize("name", MODELS)
def test_a_proof_goes_down_to_what_was_said(name: str) -> None:
    advice = judged(name)
    proof = how(theory(), advice)
    assert proof is not None
    uses = {(j.proposition, j.bindings): j for j in advice.inference.justifications}
    by_conclusion = {(j.proposition, fact) for j in advice.inference.justifications for fact in j.derived}
    verdict = advice.verdicts[0]

    def check(step: Step) -> None:
        assert step.fact in advice.inference.facts
        if step.ground == "derived":
            assert step.fact not in advice.inference.situation.facts
            mirrored = step.fact._replace(args=step.fact.args[::-1])
            assert {(step.proposition, step.fact), (step.proposition, mirrored)} & by_conclusion or not step.fact.holds
            assert step.because or not uses
        else:
            assert step.fact in advice.inference.situation.facts
            assert (step.ground == "assumption") == (step.fact in advice.inference.situation.assumptions)
        for each in step.because:
            check(each)

    for reason in proof.reasons:
        use = uses[reason.argument.proposition, reason.argument.bindings]
        assert {step.fact for step in reason.because} == {fact for p in use.premises for fact in p.facts}
        for step in reason.because:
            check(step)
    ways = strategies(theory().vocabulary)
    wanted = {
        a
        for a in verdict.arguments
        if a.favours and any(ways[form].family == verdict.family for form in forms(ways[a.strategy]))
    }
    assert {reason.argument for reason in proof.reasons} == wanted
    fact = proof.reasons[0].because[0].fact
    assert proof_of(theory(), advice, fact) == proof.reasons[0].because[0]
    assert proof_of(theory(), advice, fact._replace(holds=not fact.holds)) is None


@pytest.mark.parametrize("name", MODELS)
def test_why_not_says_of_each_condition_how_it_stands(name: str) -> None:
    advice = judged(name)
    facts = advice.inference.facts
    hows = set()
    for strategy in theory().vocabulary.strategies:
        found = why_not(theory(), advice, strategy.id)
        if found is None:
            continue
        for near in found.near:
            names = dict(near.nearest.bindings)
            assert names.get("state", found.verdict.state) == found.verdict.state
            applied = {j.bindings for j in advice.inference.justifications if j.proposition == near.nearest.proposition}
            assert near.nearest.applies == (near.nearest.bindings in applied)
            for mark in near.nearest.marks:
                check_mark(mark, facts)
                hows.add((mark.how, mark.stops))
            for defeater in near.nearest.defeated_by:
                assert any(defeater in d.by for d in found.verdict.defeats)
    assert {("met", False), ("false", False), ("unknown", False)} <= hows


def check_mark(mark: Mark, facts: frozenset[Fact]) -> None:
    assert set(mark.facts) <= facts
    assert bool(mark.facts) == (mark.how != "unknown")


@pytest.mark.parametrize("name", MODELS)
def test_a_contrast_tells_every_argument_once(name: str) -> None:
    advice = judged(name)
    verdict = advice.verdicts[0]
    ranked = [standing.strategy for standing in verdict.ranking]
    found = contrast(theory(), advice, ranked[0], ranked[1])
    turned = contrast(theory(), advice, ranked[1], ranked[0])
    assert found is not None
    assert turned is not None
    assert [(s.for_one, s.for_other) for s in found.sides] == [(s.for_other, s.for_one) for s in turned.sides]
    assert found.ahead == turned.ahead
    listed = [a for side in found.sides for a in (*side.for_one, *side.for_other)] + list(found.common)
    ways = strategies(theory().vocabulary)
    about = [a for a in verdict.arguments if set(forms(ways[a.strategy])) & set(ranked[:2])]
    assert sorted(listed, key=str) == sorted(about, key=str)


# ---------------------------------------------------------------- the same everywhere


def test_nothing_depends_on_hash_seeds() -> None:
    program = (
        "from test_inquiry_laws import judged, theory, infer, flips, parting, open_questions, why_not, how;"
        "a = judged('greek-cities-432-bce');"
        "print(flips(theory(), a, infer)[:20], open_questions(theory(), a, infer),"
        "how(theory(), a), [(n.strength, n.nearest) for n in why_not(theory(), a, 'hedge').near])"
    )
    printed = set()
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            capture_output=True,
            check=True,
            cwd=ROOT,
        )
        printed.add(run.stdout)
    assert len(printed) == 1
    assert len(printed.pop()) > 1000


def test_a_case_without_a_verdict_has_no_answers() -> None:
    empty = judge(theory(), infer(theory(), Situation((), frozenset())))
    assert not empty.verdicts
    assert how(theory(), empty) is None
    assert why_not(theory(), empty, "hedge") is None
    assert flips(theory(), empty, infer) == ()
    assert parting(theory(), empty, infer) is None
    assert open_questions(theory(), empty, infer) == ()
