"""The figures of an evaluation: counted by hand, against other ways to work them out, and what must hold of all."""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import advisor
from advisor.evaluation import judged, score_answers, score_outcome, score_verdict, tally, yardstick
from advisor.evaluation.comparing import NotComparable, compare, mcnemar
from advisor.evaluation.intervals import ends, sample, share
from advisor.evaluation.judging import Yardstick
from advisor.evaluation.measuring import kept_text
from advisor.evaluation.showing import shown
from advisor.evaluation.summary import Summary, summarise
from advisor.evaluation.summary import as_json as summary_as_json
from advisor.situation import situation
from advisor.terms import Expectation, Theory
from advisor.transcript import load
from advisor.verdict import judge
from advisor.vocabulary import restraints, strategies

ROOT = Path(__file__).resolve().parent.parent
Record = dict[str, Any]

EXTERNAL, INTERNAL, HIDE, JOIN, MAXIMISE = (
    "balance-external",
    "balance-internal",
    "hide",
    "bandwagon-defensive",
    "power-max",
)
WALT, WALTZ = "balance-of-threat", "structural-realism"


@pytest.fixture(scope="session")
def rod(theory: Theory) -> Yardstick:
    return yardstick(theory)


def record(
    id_: str,
    expected: str | None = None,
    answer: str | None = None,
    *,
    acceptable: Sequence[str] = (),
    label: str = "agreed",
    about: str = "response",
    family: str | None = None,
    schools: Sequence[tuple[str, str | None]] = (),
    arguments: Sequence[tuple[str, dict[str, str]]] = (),
    silenced: Sequence[str] = (),
    disputes: Sequence[tuple[str, str]] = (),
    outcomes: Sequence[tuple[str, str | None]] = (),
    expect_outcomes: Sequence[tuple[str, str | None]] = (),
    nothing: bool = False,
    error: str | None = None,
    **more: Any,
) -> Record:
    """The record of a case in which Arvenia, facing Borland, is expected to do something and judged to do something."""
    verdict = {
        "state": "Arvenia",
        "toward": "Borland",
        "about": about,
        "decision": "predicted" if answer or family else "not-enough-known",
        "label": label if answer or family else "no verdict",
        "family": family,
        "strategy": answer,
        "share": 1.0,
        "robust": label == "agreed",
        "ruled_out": [],
        "ranking": [],
        "schools": [{"school": school, "strategy": strategy, "support": 3} for school, strategy in schools],
        "defeats": [{"proposition": each, "by": []} for each in silenced],
        "disputes": [list(pair) for pair in disputes],
    }
    expectation = {"state": "Arvenia", "toward": "Borland", "strategy": expected, "acceptable": list(acceptable)}
    return {
        "schema": "advisor.record/1",
        "id": id_,
        "title": "",
        "words": 10,
        "error": {"kind": error, "message": "…"} if error else None,
        "verdicts": [] if error else [verdict],
        "outcomes": [{"outcome": o, "args": ["system"], "value": v, "support": 1, "for": []} for o, v in outcomes],
        "arguments": [{"proposition": p, "bindings": b, "premises": [], "derived": []} for p, b in arguments],
        "expect": [expectation] if expected else [],
        "expect_outcomes": [{"outcome": o, "args": ["system"], "value": v} for o, v in expect_outcomes],
        "expect_nothing": nothing,
        **more,
    }


def summary(rod: Yardstick, records: Sequence[Record], resamples: int = 200) -> Summary:
    return summarise(rod.theory, tally(judged(rod, each) for each in records), resamples=resamples)


BORDER = {"state": "Arvenia", "threat": "Borland"}
DOZEN = [
    record("a", EXTERNAL, EXTERNAL, schools=[(WALT, EXTERNAL), (WALTZ, INTERNAL)]),
    record("b", EXTERNAL, EXTERNAL, schools=[(WALT, EXTERNAL)], label="majority"),
    record("c", EXTERNAL, INTERNAL, schools=[(WALTZ, INTERNAL)]),
    record("d", EXTERNAL, INTERNAL, acceptable=[INTERNAL], schools=[(WALT, EXTERNAL), (WALTZ, INTERNAL)]),
    record("e", EXTERNAL, None),
    record("f", HIDE, HIDE, label="one voice"),
    record("g", HIDE, EXTERNAL, label="majority", schools=[(WALT, EXTERNAL)]),
    record("h", JOIN, EXTERNAL, schools=[(WALT, EXTERNAL)]),
    record("i", "none", family="none"),
    record("j", EXTERNAL, family="none", label="split"),
    record("k", nothing=True, answer=EXTERNAL),
    record("l", nothing=True),
    record("m", EXTERNAL, error="text"),
]
"""Of ten expectations: strictly right a, b, f, i; leniently d as well; e and j are not answered; c, g, h are wrong."""


def test_the_figures_of_a_dozen_cases_are_those_counted_by_hand(rod: Yardstick) -> None:
    found = summary(rod, DOZEN)
    assert (found.cases, found.words, found.errors) == (13, 130, (("text", 1),))
    assert dict(found.grades) == {"strict": 5, "lenient": 1, "no answer": 2, "wrong": 4, "failed": 1}
    assert found.strategies is not None
    scores = {name: each["value"] for name, each in asdict(found.strategies.scores).items()}
    # Recall: external 2 of 6, hide 1 of 2, join 0 of 1, none 1 of 1.  F1: external 2 TP, 2 FP (g, h), 4 FN; hide 1 TP,
    # 0 FP, 1 FN; join 0; none 1 TP and 1 FP (j).
    assert scores == pytest.approx(
        {
            "strict": 4 / 10,
            "lenient": 5 / 10,
            "family": 6 / 10,  # a, b, c, d, f, i
            "coverage": 8 / 10,
            "strict_answered": 4 / 8,
            "lenient_answered": 5 / 8,
            "macro_recall": (2 / 6 + 1 / 2 + 0 + 1) / 4,
            "macro_lenient": (3 / 6 + 1 / 2 + 0 + 1) / 4,
            "macro_f1": (4 / 10 + 2 / 3 + 0 + 2 / 3) / 4,
        }
    )
    assert found.known_misses == 0
    assert found.traps is not None and (found.traps.count, found.traps.of) == (1, 2)


def test_a_known_miss_is_counted_where_it_is_missed(rod: Yardstick) -> None:
    missed = [record("a", EXTERNAL, HIDE), record("b", EXTERNAL, EXTERNAL), record("c", EXTERNAL, None)]
    for each in missed[:2]:
        each["expect"][0]["missed"] = "The theory does not know it."
    found = summary(rod, missed)
    assert found.known_misses == 1
    assert "Of 2 that are not right, 1 is known to be missed" in shown(found)


def test_the_baselines_stand_beside(rod: Yardstick) -> None:
    found = summary(rod, DOZEN).strategies
    assert found is not None
    (always,) = found.baselines
    assert always.ids == ("most-frequent", "always-resist") and always.strategy == EXTERNAL
    assert always.scores.strict.value == 6 / 10 and always.scores.coverage.value == 1
    assert always.advantage.value == pytest.approx(-1 / 10)
    assert always.scores.macro_recall.value == pytest.approx(1 / 4)
    hiding = summary(rod, [record(str(n), HIDE, HIDE) for n in range(6)] + DOZEN[:5]).strategies
    assert hiding is not None
    assert [(each.ids, each.strategy) for each in hiding.baselines] == [
        (("most-frequent",), HIDE),
        (("always-resist",), EXTERNAL),
    ]


def test_labels_families_and_the_confusion(rod: Yardstick) -> None:
    found = summary(rod, DOZEN).strategies
    assert found is not None
    labels = {each.label: (each.strict, each.lenient, each.wrong, each.unanswered) for each in found.labels}
    assert labels == {
        "agreed": (2, 1, 2, 0),
        "majority": (1, 0, 1, 0),
        "split": (0, 0, 0, 1),
        "one voice": (1, 0, 0, 0),
        "no verdict": (0, 0, 0, 1),
    }
    robust = {each.label: (each.strict, each.lenient, each.wrong) for each in found.robust}
    assert robust == {"robust": (2, 1, 2), "not robust": (2, 0, 1)}
    oppose = next(each for each in found.families if each.id == "oppose")
    assert (oppose.expected, oppose.predicted, oppose.recall.count, oppose.precision.of) == (6, 6, 4, 6)
    confusion = found.confusion
    assert confusion.rows == (EXTERNAL, JOIN, HIDE, "none")
    assert confusion.columns == (EXTERNAL, INTERNAL, HIDE, "none", "")
    assert confusion.cells == ((2, 2, 0, 1, 1), (1, 0, 0, 0, 0), (1, 0, 1, 0, 0), (0, 0, 0, 1, 0))
    assert found.unanswered == (("predicted", 1), ("not-enough-known", 1))


def test_schools_are_held_against_the_base_rate(rod: Yardstick) -> None:
    lines = {each.id: each for each in summary(rod, DOZEN).schools}
    walt = lines[WALT]
    assert (walt.spoke, walt.silent, walt.right.count) == (5, 5, 3)
    # To say “external” is right of six expectations in ten, to say “internal” of one.
    assert walt.base == pytest.approx(6 / 10) and walt.lift.value == pytest.approx(3 / (5 * 6 / 10))
    assert lines[WALTZ].lift.value == pytest.approx(1 / (3 * 1 / 10))


def test_a_school_that_only_speaks_against_resistance_expects_none(rod: Yardstick) -> None:
    found = summary(rod, [record("a", "none", None, schools=[(WALT, None)]), record("b", HIDE, HIDE)])
    (line,) = found.schools
    assert (line.strict.count, line.base, line.lift.value) == (1, 0.5, 2)


def test_propositions_have_their_record(rod: Yardstick) -> None:
    rule = "states-balance-against-threat"
    cases = [
        record("a", EXTERNAL, EXTERNAL, arguments=[(rule, BORDER), (rule, {**BORDER, "rival": "Cadria"})]),
        record("b", INTERNAL, EXTERNAL, arguments=[(rule, BORDER)], disputes=[(rule, "weak-states-bandwagon")]),
        record("c", HIDE, EXTERNAL, arguments=[(rule, BORDER)]),
        record("d", HIDE, HIDE, arguments=[(rule, BORDER)], silenced=[rule]),
        record("e", EXTERNAL, arguments=[(rule, {"state": "Borland", "threat": "Arvenia"})]),
    ]
    line = next(each for each in summary(rod, cases).propositions if each.id == rule)
    assert (line.fired, line.silenced, line.disputed, line.right, line.wrong) == (5, 1, 1, 2, 1)
    # To resist is right in three of the five cases.
    assert line.base == pytest.approx(3 / 5) and line.lift.value == pytest.approx(2 / (3 * 3 / 5))


def test_outcomes_and_their_baseline(rod: Yardstick) -> None:
    told = [("hegemony", "unlikely")] * 3 + [("hegemony", "likely"), ("hegemony", None)]
    given_ = ["unlikely", "likely", None, "likely", None]
    cases = [
        record(str(n), expect_outcomes=[expected], outcomes=[("hegemony", answer)] if n != 2 else [])
        for n, (expected, answer) in enumerate(zip(told, given_, strict=True))
    ]
    found = summary(rod, cases).outcomes
    assert found is not None
    assert (found.right.count, found.right.of, found.coverage.count) == (3, 5, 4)
    assert (found.baseline.count, found.advantage.count) == (3, 0)
    assert [judged(rod, each).grade for each in cases] == ["strict", "wrong", "no answer", "strict", "strict"]
    (line,) = found.outcomes
    assert (line.expected, line.right, line.wrong, line.unanswered) == (5, 3, 1, 1)


def test_facts_are_scored_where_they_are_coded(rod: Yardstick) -> None:
    def fact(variable: str, *args: str, value: str, holds: bool = True, **more: Any) -> Record:
        stance = "asserted" if holds else "denied"
        return {"variable": variable, "args": list(args), "value": value, "holds": holds, "stance": stance, **more}

    weak, threatens = fact("strength", "Arvenia", value="weak"), fact("targets", "Borland", "Arvenia", value="yes")
    read = [
        weak,
        fact("targets", "Arvenia", "Borland", value="yes"),
        fact("nuclear", "Arvenia", value="yes"),
        fact("strength", "Borland", value="great", past=True),
    ]
    gold = [weak, threatens, fact("nuclear", "Arvenia", value="yes", holds=False)]
    found = summary(rod, [record("a", observations=read, gold=gold), record("b", observations=read)]).reading
    assert found is not None
    assert (found.texts, found.facts) == (1, 3)
    assert (found.precision.value, found.recall.value, found.f1.value) == (1 / 3, 1 / 3, 1 / 3)
    assert (found.polarity.count, found.reversed.count, found.polarity.of) == (1, 1, 3)
    assert {each.id: (each.matched, each.missed, each.wrong) for each in found.variables} == {
        "strength": (1, 0, 0),
        "targets": (0, 1, 1),
        "nuclear": (0, 1, 1),
    }


# ---------------------------------------------------------------- against other ways to work them out


def random_records(rod: Yardstick, draw: random.Random, number: int) -> list[Record]:
    """Records of cases with one expectation each, on any topic, answered at random."""
    known = strategies(rod.theory.vocabulary)
    ids = sorted(known)[:8]
    made = []
    for n in range(number):
        expected, answer = draw.choice(ids), draw.choice([*ids, None, None])
        acceptable = draw.sample(ids, draw.randint(0, 2))
        about = known[answer].question if answer else "response"
        made.append(record(str(n), expected, answer, acceptable=acceptable, about=about))
    return made


def test_macro_averages_agree_with_a_naive_count(rod: Yardstick) -> None:
    cases = random_records(rod, random.Random(3), 80)
    pairs = []
    for case in cases:
        verdict, expected = case["verdicts"][0], case["expect"][0]["strategy"]
        on_topic = strategies(rod.theory.vocabulary)[expected].question == verdict["about"]
        ruling = judged(rod, case).rulings[0].told
        # An answer on another topic counts only where it is acceptable there.
        pairs.append((expected, verdict["strategy"] if on_topic or ruling.grade == "lenient" else None))
    f1s, recalls = [], []
    for each in {expected for expected, _ in pairs}:
        tp = sum(e == each == a for e, a in pairs)
        fp = sum(a == each != e for e, a in pairs)
        fn = sum(e == each != a for e, a in pairs)
        f1s.append(Fraction(2 * tp, 2 * tp + fp + fn))
        recalls.append(Fraction(tp, tp + fn))
    found = summary(rod, cases).strategies
    assert found is not None
    assert found.scores.macro_f1.value == pytest.approx(float(sum(f1s) / len(f1s)))
    assert found.scores.macro_recall.value == pytest.approx(float(sum(recalls) / len(recalls)))


def test_the_lift_of_a_school_agrees_with_a_naive_count(rod: Yardstick) -> None:
    draw, words = random.Random(7), rod.theory.vocabulary
    cases = random_records(rod, draw, 60)
    for case in cases:
        ids = ["balance-external", "hide", "buck-pass", "bandwagon-defensive", None]
        case["verdicts"][0] |= {"about": "response", "schools": [{"school": WALT, "strategy": draw.choice(ids)}]}
    expected = [Expectation("", None, e["strategy"], tuple(e["acceptable"])) for c in cases for e in c["expect"]]
    known = {**strategies(words), **restraints(words)}

    def right(answer: str, each: Expectation) -> bool:
        return score_answers(words, {"response": answer}, each) in ("strict", "lenient")

    on_topic = [e for e in expected if "response" in {known[s].question for s in (e.strategy, *e.acceptable)}]
    met, by_chance = 0, Fraction(0)
    for case, each in zip(cases, expected, strict=True):
        answer = case["verdicts"][0]["schools"][0]["strategy"] or "none"
        topic = "response" if each in on_topic and right(answer, each) else known[each.strategy].question
        if topic == "response":
            met += right(answer, each)
            by_chance += Fraction(sum(right(answer, e) for e in on_topic), len(on_topic))
    (line,) = summary(rod, cases).schools
    assert line.right.count == met and line.lift.value == pytest.approx(met / float(by_chance))
    assert 0 < met < line.spoke


def test_an_interval_agrees_with_the_bootstrap_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy comes with advisor[evaluation]")
    numpy = pytest.importorskip("numpy")
    draw = random.Random(5)
    of = [draw.randint(1, 4) for _ in range(60)]
    right = [draw.randint(0, n) for n in of]
    ours = share(sample(Counter(zip(right, of, strict=True)).items(), 2, resamples=4000), (1, 0), (0, 1))
    theirs = stats.bootstrap(
        (numpy.array(right), numpy.array(of)),
        lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=4000,
        rng=numpy.random.default_rng(1),
    ).confidence_interval
    assert ours.low == pytest.approx(theirs.low, abs=0.012)
    assert ours.high == pytest.approx(theirs.high, abs=0.012)
    assert ours.high - ours.low > 0.05


def test_an_interval_covers_what_it_should() -> None:
    draw = random.Random(11)
    held = 0
    for _ in range(200):
        hits = sum(draw.random() < 0.6 for _ in range(50))
        found = share(sample([((1, 1), hits), ((0, 1), 50 - hits)], 2, resamples=400), (1, 0), (0, 1))
        held += found.low is not None and found.high is not None and found.low <= 0.6 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_few_cases_have_no_interval() -> None:
    four, five = (share(sample([((1, 1), n - 1), ((0, 1), 1)], 2), (1, 0), (0, 1)) for n in (4, 5))
    assert (four.value, four.low, four.high) == (0.75, None, None)
    assert five.low is not None and five.high is not None and five.low < 0.8 < five.high
    assert ends([]) is None and ends([None]) is None


def test_mcnemar_is_the_exact_test() -> None:
    pytest.importorskip("scipy.stats", reason="scipy comes with advisor[evaluation]")
    for one, other in ((0, 0), (0, 1), (5, 1), (2, 9), (10, 10), (30, 12)):
        discordant = one + other
        tail = sum(math.comb(discordant, n) for n in range(min(one, other) + 1))
        expected = min(1.0, 2 * tail / 2**discordant) if discordant else None
        assert mcnemar(one, other) == (None if expected is None else pytest.approx(expected))


# ---------------------------------------------------------------- two runs


def test_two_runs_are_compared_case_by_case(rod: Yardstick) -> None:
    pytest.importorskip("scipy.stats", reason="scipy comes with advisor[evaluation]")
    after = [
        *[each for each in DOZEN if each["id"] not in ("c", "b", "k", "l")],
        record("c", EXTERNAL, EXTERNAL),
        record("b", EXTERNAL, HIDE, label="majority"),
        record("k", nothing=True),
        record("z", HIDE, HIDE),
    ]
    after = [{**each, "expect": DOZEN[0]["expect"]} if each["id"] == "f" else each for each in after]
    found = compare(rod, DOZEN, after)
    assert (found.cases, found.only_before, found.only_after, found.otherwise, found.failed) == (12, 1, 1, 1, 1)
    # Right in both a, d, i; before only b; after only c, k; neither e, g, h, j.
    table = (found.both_right, found.right_before, found.right_after, found.neither)
    assert table == (3, 1, 2, 4) and found.compared == 10
    assert found.p == 1.0 and found.difference is not None and found.difference.value == pytest.approx(1 / 10)
    assert [(each.case, each.was, each.now) for each in found.changed] == [
        ("c", INTERNAL, EXTERNAL),
        ("b", EXTERNAL, HIDE),
        ("k", EXTERNAL, "not-enough-known"),
    ]
    with pytest.raises(NotComparable, match="compare runs over the same cases"):
        compare(rod, DOZEN, [record("other", EXTERNAL)])
    same = compare(rod, DOZEN, list(reversed(DOZEN)))
    assert not same.changed and same.p is None and same.difference is not None and same.difference.value == 0


# ---------------------------------------------------------------- what must hold of all


@some.composite
def records(draw: some.DrawFn) -> list[Record]:
    """Records of a few cases of any kind."""
    ids = [EXTERNAL, INTERNAL, HIDE, JOIN, MAXIMISE]
    made = []
    for n in range(draw(some.integers(0, 9))):
        spoken = draw(some.lists(some.tuples(some.sampled_from([WALT, WALTZ]), some.sampled_from(ids)), max_size=2))
        made.append(
            record(
                str(n),
                draw(some.sampled_from([None, "none", *ids])),
                draw(some.sampled_from([None, *ids])),
                acceptable=draw(some.lists(some.sampled_from(ids), max_size=2, unique=True)),
                label=draw(some.sampled_from(["agreed", "split", "one voice"])),
                about=draw(some.sampled_from(["response", "posture"])),
                schools=spoken,
                arguments=[("states-balance-against-threat", BORDER)] if draw(some.booleans()) else [],
                expect_outcomes=draw(some.sampled_from([[], [("hegemony", "likely")], [("hegemony", None)]])),
                outcomes=draw(some.sampled_from([[], [("hegemony", "likely")]])),
                nothing=draw(some.booleans()),
                error=draw(some.sampled_from([None, None, None, "text"])),
            )
        )
    return made


@settings(max_examples=40, deadline=None)
@given(before=records(), after=records())
def test_a_comparison_the_other_way_round_is_the_same(
    rod: Yardstick, before: list[Record], after: list[Record]
) -> None:
    pytest.importorskip("scipy.stats", reason="scipy comes with advisor[evaluation]")
    after = [{**each, **{key: old[key] for key in OF_CASES}} for each, old in zip(after, before, strict=False)]
    if not after:
        return
    one, other = compare(rod, before, after), compare(rod, after, before)
    assert one.p == other.p and one.compared == other.compared
    assert (one.right_before, one.right_after) == (other.right_after, other.right_before)
    assert one.only_before == len(before) - len(after) == other.only_after
    changes = {(each.case, each.about, each.was, each.now) for each in one.changed}
    assert changes == {(each.case, each.about, each.now, each.was) for each in other.changed}
    known = {each["id"] for each in before}
    assert one.cases + one.only_before == len(known)


OF_CASES = ("expect", "expect_outcomes", "expect_nothing")
"""The keys that a case has of itself, whatever is made of it."""


def figures(found: Any, path: str = "") -> dict[str, float]:
    """Every figure in a summary, by its place."""
    if isinstance(found, dict):
        if "value" in found and "low" in found:
            return {} if found["value"] is None else {path: found["value"]}
        return {k: v for key, each in found.items() for k, v in figures(each, f"{path}.{key}").items()}
    if isinstance(found, list):
        return {k: v for n, each in enumerate(found) for k, v in figures(each, f"{path}.{n}").items()}
    return {}


@settings(max_examples=60, deadline=None)
@given(cases=records(), seed=some.integers(0, 99))
def test_order_is_nothing_and_twice_as_many_of_the_same_is_the_same(
    rod: Yardstick, cases: list[Record], seed: int
) -> None:
    as_they_are = summary_as_json(summary(rod, cases, 50))
    shuffled = random.Random(seed).sample(cases, len(cases))
    assert summary_as_json(summary(rod, shuffled, 50)) == as_they_are
    twice = summary_as_json(summary(rod, [*cases, *cases], 50))
    assert figures(twice) == pytest.approx(figures(as_they_are))
    assert twice["cases"] == 2 * as_they_are["cases"]


@settings(max_examples=60, deadline=None)
@given(cases=records())
def test_every_figure_is_a_share_within_its_interval_and_none_is_not_a_number(
    rod: Yardstick, cases: list[Record]
) -> None:
    found = summary(rod, cases, 50)
    json.dumps(summary_as_json(found), allow_nan=False)
    for format_ in ("text", "markdown"):
        assert "nan" not in shown(found, format=format_).replace("dominant", "").lower()  # type: ignore[arg-type]
    if found.strategies:
        for each in asdict(found.strategies.scores).values():
            assert each["value"] is None or 0 <= each["value"] <= 1
            assert each["low"] is None or 0 <= each["low"] <= each["high"] <= 1
            assert each["count"] is None or each["count"] <= each["of"]
        scores = found.strategies.scores
        assert scores.strict.count <= scores.lenient.count <= scores.coverage.count  # type: ignore[operator]
        assert sum(map(sum, found.strategies.confusion.cells)) == found.strategies.expectations
        assert sum(each.expectations for each in found.strategies.labels) == found.strategies.expectations
        assert sum(each.expectations for each in found.strategies.robust) == scores.coverage.count
        for baseline in found.strategies.baselines:
            assert baseline.scores.strict.of == scores.strict.of
            assert baseline.advantage.value == pytest.approx(
                (scores.lenient.value or 0) - (baseline.scores.lenient.value or 0)
            )
    for line in found.propositions:
        assert line.right + line.wrong == line.share.of


def test_more_cases_of_the_same_kinds_take_no_more_memory(rod: Yardstick) -> None:
    once, often = (tally(judged(rod, each) for each in DOZEN * times) for times in (1, 50))
    assert often.cases == 50 * once.cases
    for name in ("strategies", "outcomes", "traps", "grades", "plain"):
        one, other = getattr(once, name), getattr(often, name)
        assert other == Counter({kind: 50 * count for kind, count in one.items()}), name


def test_nothing_answered_and_nothing_expected(rod: Yardstick) -> None:
    silent = summary(rod, [record(str(n), EXTERNAL, None) for n in range(6)])
    assert silent.strategies is not None
    assert silent.strategies.scores.coverage.value == 0 and silent.strategies.scores.lenient_answered.value is None
    assert re.search(r"right when answered, strictly +– +0 of 0", shown(silent))
    nothing = summary(rod, [record("a", answer=EXTERNAL)])
    assert nothing.strategies is None and nothing.traps is None and nothing.reading is None
    assert "1 case, 10 words; none failed." in shown(nothing)
    empty = summary(rod, [])
    assert shown(empty).startswith("0 cases")


def test_every_restraint_and_strategy_can_be_expected(rod: Yardstick) -> None:
    words = rod.theory.vocabulary
    cases = [record(id_, id_, id_, about=each.question) for id_, each in strategies(words).items()]
    cases += [record(id_, id_, family=id_, about=each.question) for id_, each in restraints(words).items()]
    found = summary(rod, cases).strategies
    assert found is not None and found.scores.strict.value == 1 and found.scores.macro_f1.value == 1


# ---------------------------------------------------------------- the transcripts, as committed

KEPT = ROOT / "transcripts" / "summary.txt"


@pytest.fixture(scope="module")
def transcripts(theory: Theory) -> list[Record]:
    return list(advisor.evaluate(ROOT / "transcripts", theory, rules=ROOT / "rules"))


def test_the_transcripts_come_out_as_committed(
    request: pytest.FixtureRequest, theory: Theory, transcripts: list[Record]
) -> None:
    """Every change of a prediction is a change of a line of ``transcripts/summary.txt``, for whoever reviews it."""
    found = kept_text(yardstick(theory, ROOT / "rules"), transcripts)
    if request.config.getoption("--reset"):
        KEPT.write_text(found, encoding="utf-8")
    assert KEPT.read_text(encoding="utf-8") == found, (
        "the transcripts come out otherwise; if that is meant, pytest tests/test_metrics.py --reset writes it down"
    )


def test_a_record_is_judged_as_the_transcript_is(theory: Theory) -> None:
    """What a record of coded facts is graded is what the same facts and their verdicts are graded as values."""
    rod = yardstick(theory, ROOT / "rules")
    paths = sorted((ROOT / "transcripts").glob("*.md"))
    cases = {path: load(theory.vocabulary, path)[0] for path in paths}
    coded = [path for path in paths if cases[path].facts]
    assert len(coded) >= 33
    grades: Counter[str] = Counter()
    for path, told in zip(coded, advisor.evaluate(coded, theory, facts=True), strict=True):
        case, found = cases[path], judged(rod, told)
        inference = advisor.infer(theory, situation(theory.vocabulary, case.facts))
        looks = [judge(theory, inference, focus=each.state, toward=each.toward) for each in case.expect]
        for expected, advice, ruling in zip(case.expect, looks, found.rulings, strict=True):
            assert ruling.told.grade == score_verdict(theory.vocabulary, advice.verdicts, expected), path
            grades[ruling.told.grade] += 1
        overall = looks[0] if looks else judge(theory, inference)
        for outcome, outcome_told in zip(case.expect_outcomes, found.outcomes, strict=True):
            assert outcome_told.grade == score_outcome(overall.prospects, outcome), (path, outcome)
            grades[f"outcome {outcome_told.grade}"] += 1
    assert grades["strict"] > 15 and grades["lenient"] and grades["wrong"] and grades["outcome strict"] > 20
