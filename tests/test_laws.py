"""Laws that hold of every theory and every situation, on random ones and on our own.

Four evaluators must agree: the engine with its own matcher, with experta's, the plainest evaluator there is, and
CLIPS.  ``--cases 10000`` tries so many random cases, and 50 hash seeds; without it there is a sample.  Whatever
disagrees is made as small as can be and shown as rules.
"""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
import random_theories as rt
from cases import Case, cases, try_out
from fingerprint import fingerprint
from hypothesis import strategies as some
from naive import applications, casts, naive
from stock_oracle import stock_inference

from advisor.grammar import conditions_in
from advisor.inference import infer
from advisor.inference.record import say
from advisor.situation import closed, situation
from advisor.terms import (
    SYSTEM,
    AtLeast,
    Condition,
    Derivation,
    Either,
    Fact,
    Inference,
    Premiss,
    Situation,
    Theory,
    Vocabulary,
)
from advisor.theory import load_theory, strata
from advisor.transcript import load

try:
    import clips_oracle
except ImportError:  # pragma: no cover
    clips_oracle = None

HERE = Path(__file__).resolve().parent
PARTS = 4
ALL_SEEDS = 50


@pytest.fixture
def count(request: pytest.FixtureRequest) -> int:
    """How many random cases there are to be."""
    wanted: int = request.config.getoption("--cases")
    return wanted


def plainly(case: Case, vocabulary: Vocabulary = rt.VOCABULARY) -> Inference:
    def words(premiss: Premiss) -> str:
        return say(vocabulary, premiss)

    found: Inference = naive(case.theory, case.situation, case.level, words)
    return found


def applied(inference: Inference) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    return {(each.proposition, each.bindings) for each in inference.justifications}


# ---------------------------------------------------------------- four evaluators


def all_agree(case: Case) -> Inference:
    """Infer with all, but for CLIPS, and give what they agree on."""
    ours = infer(case.theory, case.situation)
    plain = plainly(case, case.theory.vocabulary)
    assert ours.facts == plain.facts, "the plainest evaluator knows other facts"
    assert ours.justifications == plain.justifications, "the plainest evaluator has other reasons"
    facts, found = stock_inference(case.theory, case.situation)
    assert ours.facts == facts, "experta's own matcher leads to other facts"
    assert applied(ours) == found, "experta's own matcher applies other propositions"
    return ours


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_means_what_the_others_mean(part: int, count: int) -> None:
    def law(case: Case) -> None:
        ours = all_agree(case)
        if clips_oracle:
            facts, found = clips_oracle.clips_inference(case.theory, case.situation, case.level)
            assert ours.facts == facts, "CLIPS knows other facts"
            assert applied(ours) == found, "CLIPS applies other propositions"

    try_out(law, count // PARTS, cases(), chance=part)


@cache
def transcripts() -> tuple[tuple[str, Theory, dict[str, int], Situation], ...]:
    """Our own theory, the level of each of its propositions, and the situations of all transcripts, as coded."""
    theory, _ = load_theory(HERE.parent / "rules")
    level = {name: number for number, names in enumerate(strata(theory)) for name in names}
    files = sorted((HERE.parent / "transcripts").glob("*.md"))
    told = [(path.stem, situation(theory.vocabulary, load(theory.vocabulary, path)[0].facts)) for path in files]
    return tuple((name, theory, level, each) for name, each in told)


def test_all_agree_on_the_transcripts() -> None:
    reasons = sum(len(all_agree(Case(theory, level, each)).justifications) for _, theory, level, each in transcripts())
    assert len(transcripts()) > 30
    assert reasons > 1000


@pytest.mark.skipif(clips_oracle is None, reason="CLIPS, another rule engine, is not installed (clipspy)")
def test_clips_agrees_on_the_transcripts() -> None:
    _, theory, level, _ = transcripts()[0]
    engine = clips_oracle.clips_engine(theory, level)
    for name, _, _, each in transcripts():
        clips_oracle.declare(engine, each)
        engine.run()
        facts, found = clips_oracle.concluded(engine, theory.vocabulary.variables)
        ours = infer(theory, each)
        assert ours.facts == facts, name
        assert applied(ours) == found, name


def test_the_strata_of_our_theory_are_sound() -> None:
    """The other evaluators are told them; what an "unless" looks for must be settled below."""
    _, theory, level, _ = transcripts()[0]
    assert set(level) == {each.id for each in theory.propositions}
    concluding: dict[tuple[str, str, bool], set[int]] = {}
    for each in theory.propositions:
        for conclusion in each.conclusions:
            if isinstance(conclusion, Derivation):
                drawn = Fact(conclusion.variable, ("A", "B")[: len(conclusion.terms)], conclusion.value)
                for fact in closed(theory.vocabulary, [drawn]):
                    concluding.setdefault((fact.variable, fact.value, fact.holds), set()).add(level[each.id])

    def highest(conditions: Iterable[Condition]) -> int:
        sought = [(c.variable, value, c.holds) for c in conditions for value in c.values]
        return max((number for each in sought for number in concluding.get(each, ())), default=-1)

    assert any(highest(each.unless) > 0 for each in theory.propositions)
    for each in theory.propositions:
        assert highest(each.unless) < level[each.id], each.id
        assert highest(conditions_in(each.conditions)) <= level[each.id], each.id


# ---------------------------------------------------------------- what the random cases hold


def derived_by(theory: Theory, inference: Inference) -> dict[str, set[str]]:
    """Give for each proposition those that drew a new fact which it rests on."""
    drawn: dict[object, set[str]] = {}
    for reason in inference.justifications:
        for fact in closed(theory.vocabulary, reason.derived) - inference.situation.facts:
            drawn.setdefault(fact, set()).add(reason.proposition)
    rests: dict[str, set[str]] = {}
    for reason in inference.justifications:
        for premise in reason.premises:
            for fact in premise.facts:
                rests.setdefault(reason.proposition, set()).update(drawn.get(fact, ()))
    return rests


def reached(steps: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(steps.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += steps.get(name, ())
    return found


def features(case: Case, inference: Inference) -> Iterator[str]:
    """Name what there is to get wrong in a case."""
    theory, given = case.theory, case.situation
    rests = derived_by(theory, inference)
    if any(name in reached(rests, name) for name in rests):
        yield "a circle of derivations"
    if any(len(names - {name}) and reached(rests, name) - names for name, names in rests.items()):
        yield "a derivation from a derivation from a derivation"
    by_name = {each.id: each for each in theory.propositions}
    roles: dict[str, set[tuple[str, ...]]] = {}
    for reason in inference.justifications:
        rule = by_name[reason.proposition]
        roles.setdefault(rule.id, set()).add(tuple(role for role, _ in reason.bindings))
        kinds = {type(premiss) for premiss in rule.conditions}
        terms = [term for c in conditions_in(rule.conditions) for term in c.terms]
        yield from ["alternatives"] * (Either in kinds) + ["at least"] * (AtLeast in kinds)
        if any(not term.role and term.name != SYSTEM for term in terms):
            yield "a state by name"
        if any(not c.holds and len(c.values) > 1 for c in conditions_in(rule.conditions)):
            yield "none of several values"
        if len(reason.bindings) >= 3:
            yield "three roles"
        if len(reason.bindings) > len({term.name for term in terms if term.role}):
            yield "a role of the conclusion alone"
        if any(absence.facts for absence in reason.absences):
            yield "an exception looked for in vain"
        if sum(1 for c in rule.conclusions if isinstance(c, Derivation)) > len(reason.derived):
            yield "a conclusion that an observation outweighs"
        for fact in reason.derived:
            about = next(v for v in theory.vocabulary.variables if v.id == fact.variable)
            if fact not in given.facts:
                yield "symmetric" if about.symmetric else "mirrored" if about.mirror else "many-valued" * about.many
    if any(len(each) > 1 for each in roles.values()):
        yield "alternatives with roles of their own"
    for rule in theory.propositions:
        met = sum(1 for _ in casts(rule, given, inference.facts))
        if rule.unless and met > sum(1 for _ in applications(rule, given, inference.facts)):
            yield "an exception that stops"


def test_the_random_cases_hold_all_that_there_is_to_get_wrong() -> None:
    found: Counter[str] = Counter()

    def look(case: Case) -> None:
        found.update(set(features(case, infer(case.theory, case.situation))))

    try_out(look, 100, cases())
    rare = {
        "a conclusion that an observation outweighs",
        "a derivation from a derivation from a derivation",
        "a state by name",
        "alternatives with roles of their own",
        "none of several values",
    }
    expected = rare | {
        "a circle of derivations",
        "many-valued",
        "mirrored",
        "alternatives",
        "at least",
        "three roles",
        "a role of the conclusion alone",
        "an exception looked for in vain",
        "symmetric",
        "an exception that stops",
    }
    assert {name for name in expected if found[name] < (2 if name in rare else 6)} == set(), found


# ---------------------------------------------------------------- order, and what is added


def test_the_order_of_facts_states_and_rules_does_not_matter(count: int) -> None:
    def law(case: Case, chance: random.Random) -> None:
        expected = infer(case.theory, case.situation)
        rules = rt.shuffled(chance, case.theory.propositions)
        other = Theory(case.theory.vocabulary, (), rules, case.theory.digest + ", shuffled")
        facts = frozenset(rt.shuffled(chance, sorted(case.situation.facts)))
        result = infer(other, Situation(rt.shuffled(chance, case.situation.states), facts))
        assert result.facts == expected.facts
        assert set(result.justifications) == set(expected.justifications)
        order = [rule.id for rule in rules]
        places = [(order.index(each.proposition), each.bindings) for each in result.justifications]
        assert places == sorted(set(places))

    try_out(law, count // 5, cases(), some.randoms(use_true_random=False))


def test_a_further_fact_takes_no_argument_away_where_nothing_says_unless(count: int) -> None:
    """An observation that contradicts a derivation does take away, so only what is never derived is observed here."""
    checked = Counter[bool]()

    def law(case: Case, hidden: set[str]) -> None:
        rules = tuple(
            rule
            for rule in case.theory.propositions
            if not any(isinstance(c, Derivation) and not rt.LEVEL[c.variable] for c in rule.conclusions)
        )
        theory = Theory(case.theory.vocabulary, (), rules, case.theory.digest + ", observed alone")
        seen = frozenset(f for f in case.situation.facts if not rt.LEVEL[f.variable])
        after = Situation(case.situation.states, seen)
        before = Situation(after.states, frozenset(f for f in seen if f.variable not in hidden))
        gained = applied(infer(theory, after)) - applied(infer(theory, before))
        assert applied(infer(theory, before)) <= applied(infer(theory, after))
        checked[bool(gained)] += 1

    observed = [name for name, level in rt.LEVEL.items() if not level]
    try_out(law, count // 5, cases(unless=False), some.sets(some.sampled_from(observed), min_size=1))
    assert checked[True] > count // 50


def test_the_hash_seed_does_not_matter(count: int, tmp_path: Path) -> None:
    made: list[Case] = []
    try_out(lambda case: made.append(case), 20, cases(), chance="seeds")
    _, theory, _, told = transcripts()[0]
    pairs = [(each.theory, each.situation) for each in made] + [(theory, told)]
    (tmp_path / "cases").write_bytes(pickle.dumps(pairs))
    expected = fingerprint(tmp_path / "cases")

    def under(seed: int) -> str:
        paths = os.pathsep.join([str(HERE.parent), str(HERE)])
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": paths}
        script = [sys.executable, str(HERE / "fingerprint.py"), str(tmp_path / "cases")]
        return subprocess.run(script, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    seeds = range(1, 1 + (ALL_SEEDS if count >= 10_000 else 10))
    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(under, seeds)) == {expected}
