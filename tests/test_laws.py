"""Laws that hold of every theory and every situation, on random ones."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import random_theories as rt
from fingerprint import fingerprint
from naive import naive
from stock_oracle import stock_inference

from advisor.inference import infer
from advisor.inference.record import say
from advisor.terms import Derivation, Theory

HERE = Path(__file__).resolve().parent


def words(premiss):
    return say(rt.VOCABULARY, premiss)


def cases(seeds, **options):
    for seed in seeds:
        rng = rt.rng_for(seed)
        theory, level = rt.theory(rng, **options)
        yield seed, theory, level, rt.situation(rng)


def test_the_engine_means_what_the_plainest_evaluator_means():
    reasons = derived = 0
    for seed, theory, level, situation in cases(range(220)):
        plain, ours = naive(theory, situation, level, words), infer(theory, situation)
        assert ours.facts == plain.facts, f"seed {seed}"
        assert ours.justifications == plain.justifications, f"seed {seed}"
        reasons += len(ours.justifications)
        derived += len(ours.facts - situation.facts)
    assert reasons > 3000
    assert derived > 3000


def test_both_matchers_find_the_same():
    for seed, theory, _, situation in cases(range(1000, 1040)):
        facts, applied = stock_inference(theory, situation)
        ours = infer(theory, situation)
        assert ours.facts == facts, f"seed {seed}"
        assert {(j.proposition, j.bindings) for j in ours.justifications} == applied, f"seed {seed}"


def test_clips_finds_the_same():
    pytest.importorskip("clips", reason="CLIPS, another rule engine, is not installed (clipspy)")
    from clips_oracle import clips_inference

    for seed, theory, level, situation in cases(range(5000, 5040)):
        facts, applied = clips_inference(theory, situation, level)
        ours = infer(theory, situation)
        assert ours.facts == facts, f"seed {seed}"
        assert {(j.proposition, j.bindings) for j in ours.justifications} == applied, f"seed {seed}"


def test_the_order_of_facts_states_and_rules_does_not_matter():
    for seed, theory, _, situation in cases(range(2000, 2030)):
        rng = rt.rng_for(seed)
        expected = infer(theory, situation)
        for _ in range(3):
            rules = rt.shuffled(rng, theory.propositions)
            other = Theory(theory.vocabulary, (), rules, theory.digest + str(rng.random()))
            facts = frozenset(rt.shuffled(rng, sorted(situation.facts)))
            result = infer(other, type(situation)(rt.shuffled(rng, situation.states), facts))
            assert result.facts == expected.facts, f"seed {seed}"
            assert set(result.justifications) == set(expected.justifications), f"seed {seed}"
            order = [rule.id for rule in rules]
            places = [(order.index(j.proposition), j.bindings) for j in result.justifications]
            assert places == sorted(places), f"seed {seed}"


def test_a_further_fact_takes_no_argument_away_where_nothing_says_unless():
    """An observation that contradicts a derivation does take away, so only what is never derived is observed here."""
    checked = 0
    for seed, whole, _, before in cases(range(3000, 3080), unless=False):
        rules = tuple(
            rule
            for rule in whole.propositions
            if not any(isinstance(c, Derivation) and not rt.LEVEL[c.variable] for c in rule.conclusions)
        )
        theory = Theory(whole.vocabulary, (), rules, whole.digest)
        basis = type(before)(before.states, frozenset(f for f in before.facts if not rt.LEVEL[f.variable]))
        fact = rt.fact(rt.rng_for(seed), rt.STATES)
        after = rt.add(basis, fact) if not rt.LEVEL[fact.variable] else None
        if after:
            kept = {(j.proposition, j.bindings) for j in infer(theory, after).justifications}
            assert {(j.proposition, j.bindings) for j in infer(theory, basis).justifications} <= kept, f"seed {seed}"
            checked += 1
    assert checked > 25


def test_the_hash_seed_does_not_matter():
    def under(seed):
        paths = os.pathsep.join([str(HERE.parent), str(HERE)])
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": paths}
        script = [sys.executable, str(HERE / "fingerprint.py")]
        return subprocess.run(script, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(under, range(1, 21))) == {fingerprint()}
