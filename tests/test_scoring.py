"""The scorer: what counts as found, missed and made up, what a strategy is worth, and what a fact implies."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor import house
from advisor.evaluation import (
    Consequence,
    Counts,
    Marks,
    by_variable,
    case_of,
    f1,
    implied,
    interval,
    load_consequences,
    name_matcher,
    precision,
    read_consequences,
    recall,
    score_reading,
    score_verdict,
    total,
)
from advisor.terms import Decision, Expectation, Fact, Observation, Stance, Theory, Verdict

ROOT = Path(__file__).resolve().parent.parent
SCORER = ROOT / "tests" / "benchmarks" / "score_cases.py"


@pytest.fixture(scope="module")
def lines(theory: Theory) -> tuple[Consequence, ...]:
    """The consequences of our own rules."""
    found, diagnostics = load_consequences(theory.vocabulary, house.rules_folder())
    assert not diagnostics
    return found


def seen(
    variable: str,
    *args: str,
    value: str = "yes",
    holds: bool = True,
    stance: Stance | None = None,
    holder: str | None = None,
    past: bool = False,
) -> Observation:
    """An observation of a fact."""
    told = stance or ("asserted" if holds else "denied")
    return Observation(Fact(variable, args, value, holds), told, holder=holder, past=past)


WEAK = seen("strength", "Arvenia", value="weak")
PRESSED = seen("targets", "Borland", "Arvenia")

# ---------------------------------------------------------------- consequences


def test_pressure_implies_enmity_but_no_pressure_in_return(theory: Theory, lines: tuple[Consequence, ...]) -> None:
    given = implied(theory.vocabulary, lines, PRESSED.fact)
    assert Fact("relations", ("Arvenia", "Borland"), "hostile") in given
    assert Fact("intent", ("Borland", "Arvenia"), "hostile") in given
    assert Fact("side", ("Arvenia", "Borland"), "against") in given
    assert Fact("war", ("Arvenia", "Borland"), "none", False) in given
    assert Fact("targets", ("Borland", "Arvenia"), "no", False) in given
    assert Fact("targets", ("Arvenia", "Borland"), "yes") not in given
    assert Fact("intent", ("Arvenia", "Borland"), "hostile") not in given, "a consequence has no consequences"


def test_every_course_of_a_war_implies_what_war_does(theory: Theory, lines: tuple[Consequence, ...]) -> None:
    told = [Fact("war", ("Arvenia", "Borland"), course) for course in ("even", "winning", "losing")]
    for fact in [*told, Fact("war", ("Borland", "Arvenia"), "none", False)]:
        given = implied(theory.vocabulary, lines, fact)
        assert Fact("targets", ("Borland", "Arvenia"), "yes") in given, fact
        assert Fact("intent", ("Arvenia", "Borland"), "hostile") in given, fact
    peace = implied(theory.vocabulary, lines, Fact("war", ("Arvenia", "Borland"), "none"))
    assert not [fact for fact in peace if fact.variable != "war"]


def test_a_guarantee_implies_help_for_the_other(theory: Theory, lines: tuple[Consequence, ...]) -> None:
    given = implied(theory.vocabulary, lines, Fact("commitment", ("Borland", "Arvenia"), "unconditional"))
    assert Fact("help", ("Arvenia",), "assured") in given
    assert Fact("help", ("Borland",), "assured") not in given
    assert Fact("side", ("Borland", "Arvenia"), "with") in given
    assert Fact("pact", ("Arvenia", "Borland"), "alliance") in given


@pytest.mark.parametrize(
    ("line", "code", "underlined"),
    [
        ("- the state is weak", "T18", "the state is weak"),
        ("- the state is weak:", "T18", "the state is weak:"),
        ("- the state is wek: the state is weak", "T19", "the state is wek"),
        ("- the state is weak: the state is timid", "T19", "the state is timid"),
        ("- the state is weak: the threat is weak", "T23", "the threat is weak"),
        ("- the state is weak: the state is at least a great power", "T28", "the state is at least a great power"),
    ],
)
def test_a_line_that_cannot_be_read_is_explained(theory: Theory, line: str, code: str, underlined: str) -> None:
    good = "- the state is attacking or pressing the ally: the state and the ally\n  are enemies"
    text = f"# Consequences\n\n{good}\n{line}\n"
    found, (diagnostic,) = read_consequences(theory.vocabulary, "consequences.md", text)
    assert (diagnostic.code, diagnostic.line) == (code, 5)
    assert diagnostic.source[diagnostic.column - 1 :][: diagnostic.width] == underlined
    assert [each.source.variable for each in found] == ["targets"], "a bad line must not hide a good one"


def test_rules_without_consequences_have_none(theory: Theory, tmp_path: Path) -> None:
    assert load_consequences(theory.vocabulary, tmp_path) == ((), ())
    (tmp_path / "consequences.md").write_bytes(b"\xff")
    ((), (diagnostic,)) = load_consequences(theory.vocabulary, tmp_path)
    assert "cannot be read" in diagnostic.message


# ---------------------------------------------------------------- readings


def test_what_is_found_missed_and_made_up(theory: Theory, lines: tuple[Consequence, ...]) -> None:
    gold = [WEAK, PRESSED, seen("distance", "Arvenia", "Borland", value="border")]
    tolerated = [seen("help", "Arvenia", value="none")]
    found = [
        WEAK,
        seen("distance", "Borland", "Arvenia", value="border"),  # the same, from the other side
        seen("help", "Arvenia", value="none"),  # tolerated: no merit, no fault
        seen("relations", "Arvenia", "Borland", value="hostile"),  # follows from the pressure
        seen("trend", "Borland", value="rising"),
    ]
    score = score_reading(theory.vocabulary, lines, found, gold, tolerated)
    assert score.plain.counts == score.strict.counts == Counts(2, 1, 1)
    assert score.plain.missed == (PRESSED.fact,)
    assert score.plain.wrong == (Fact("trend", ("Borland",), "rising"),)
    without = score_reading(theory.vocabulary, (), found, gold, tolerated)
    assert without.plain.counts == Counts(2, 1, 2)


def test_polarity_and_direction_are_counted_apart(theory: Theory, lines: tuple[Consequence, ...]) -> None:
    gold = [WEAK, seen("war", "Arvenia", "Borland", value="losing"), seen("nuclear", "Arvenia", value="no")]
    found = [
        seen("strength", "Arvenia", value="weak", holds=False),
        seen("war", "Borland", "Arvenia", value="losing"),
        seen("nuclear", "Arvenia"),
        seen("home", "Arvenia", value="united"),
    ]
    score = score_reading(theory.vocabulary, lines, found, gold)
    assert score.plain.counts == Counts(0, 3, 4)
    assert {fact.variable for fact in score.polarity} == {"strength", "nuclear"}
    assert {fact.variable for fact in score.reversed} == {"war"}
    right = [seen("war", "Borland", "Arvenia", value="winning"), seen("nuclear", "Arvenia", holds=False)]
    score = score_reading(theory.vocabulary, lines, right, gold)
    assert score.plain.counts == Counts(2, 1, 0), "a mirrored or twice denied fact is the same fact"


def test_the_stance_counts_strictly_only(theory: Theory, lines: tuple[Consequence, ...]) -> None:
    supposed = seen("targets", "Borland", "Arvenia", stance="supposed")
    score = score_reading(theory.vocabulary, lines, [PRESSED], [supposed])
    assert score.plain.counts == Counts(1, 0, 0)
    assert score.strict.counts == Counts(0, 1, 1)
    assert score.stance == score.taken_for_fact == (PRESSED.fact,)
    score = score_reading(theory.vocabulary, lines, [supposed], [PRESSED])
    assert (score.stance, score.taken_for_fact) == ((PRESSED.fact,), ())
    follows = seen("relations", "Arvenia", "Borland", value="hostile")
    score = score_reading(theory.vocabulary, lines, [follows], [supposed])
    assert (score.plain.counts, score.strict.counts) == (Counts(0, 1, 0), Counts(0, 1, 1))
    both = score_reading(theory.vocabulary, lines, [PRESSED, supposed], [PRESSED, supposed])
    assert (both.plain.counts, both.strict.counts) == (Counts(1, 0, 0), Counts(2, 0, 0))


def test_a_holder_counts_where_one_is_known(theory: Theory) -> None:
    anybody, arvenia, borland = (
        seen("strength", "Cartha", value="weak", stance="reported", holder=holder)
        for holder in (None, "Arvenia", "Borland")
    )
    assert score_reading(theory.vocabulary, (), [arvenia], [anybody]).strict.counts == Counts(1, 0, 0)
    assert score_reading(theory.vocabulary, (), [arvenia], [arvenia]).strict.counts == Counts(1, 0, 0)
    assert score_reading(theory.vocabulary, (), [arvenia], [borland]).strict.counts == Counts(0, 1, 1)


def test_a_state_is_one_by_any_name_and_the_past_is_left_aside(theory: Theory) -> None:
    name = name_matcher(house.rules_folder())
    gold, found = seen("strength", "Britain", value="great"), seen("strength", "Great Britain", value="great")
    assert score_reading(theory.vocabulary, (), [found], [gold], name=name).plain.counts == Counts(1, 0, 0)
    assert score_reading(theory.vocabulary, (), [found], [gold]).plain.counts == Counts(0, 1, 1)
    over = seen("strength", "Britain", value="weak", past=True)
    assert score_reading(theory.vocabulary, (), [over], [gold]).plain.counts == Counts(0, 1, 0)


def test_the_order_of_what_is_found_does_not_matter(theory: Theory, lines: tuple[Consequence, ...]) -> None:
    found = [WEAK, PRESSED, seen("trend", "Borland", value="rising"), seen("help", "Arvenia", value="none")]
    assert score_reading(theory.vocabulary, lines, found, found[1:3]) == score_reading(
        theory.vocabulary, lines[::-1], found[::-1], found[2:0:-1]
    )


# ---------------------------------------------------------------- sums


def test_measures_of_sums() -> None:
    counts = total([Counts(3, 1, 0), Counts(0, 5, 1)])
    assert (precision(counts), recall(counts), f1(counts)) == (0.75, 1 / 3, 6 / 13)
    assert (precision(Counts()), recall(Counts()), f1(Counts())) == (None, None, None)
    marks = [Marks((WEAK.fact,), (PRESSED.fact,), ()), Marks((), (PRESSED.fact,), (WEAK.fact,))]
    assert list(by_variable(marks).items()) == [("targets", Counts(0, 2, 0)), ("strength", Counts(1, 0, 1))]


def test_the_interval_draws_cases_and_not_facts() -> None:
    alike = [Counts(1, 1, 0)] * 20
    apart = [Counts(2, 0, 0), Counts(0, 2, 0)] * 10
    assert interval(alike, recall) == (0.5, 0.5)
    ends = interval(apart, recall)
    assert ends is not None
    assert 0.2 <= ends[0] < 0.4 and 0.6 < ends[1] <= 0.8
    assert ends == interval(apart, recall), "the interval must not change from run to run"
    assert interval([], recall) is None
    assert interval([Counts(0, 0, 0)], recall) is None


# ---------------------------------------------------------------- verdicts


def verdict(
    strategy: str | None, about: str = "response", toward: str | None = "Borland", decision: Decision = "predicted"
) -> Verdict:
    """A verdict on Arvenia with nothing behind it."""
    nothing: tuple[Any, ...] = ()
    return Verdict(
        *("Arvenia", toward, about, decision, "agreed", None, strategy, 1.0, True),
        *(nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing),
    )


@pytest.mark.parametrize(
    ("verdicts", "grade"),
    [
        ([verdict("hide")], "strict"),
        ([verdict("appease")], "lenient"),
        ([verdict("balance-internal")], "lenient"),  # a form of what is acceptable
        ([verdict("bandwagon-defensive")], "wrong"),
        ([verdict(None, decision="not-enough-known")], "no answer"),
        ([verdict("hide", decision="undecided")], "no answer"),
        ([], "no answer"),
        ([verdict("power-max", "posture")], "no answer"),  # an answer to another question
        ([verdict("preventive-war", "posture")], "lenient"),
        ([verdict("hide", toward="Cartha")], "no answer"),
        ([verdict("power-max", "posture"), verdict("hide")], "strict"),
    ],
)
def test_a_strategy_is_compared_with_the_verdict_on_its_topic(
    theory: Theory, verdicts: list[Verdict], grade: str
) -> None:
    expected = Expectation("Arvenia", "Borland", "hide", ("appease", "balance", "preventive-war"))
    assert score_verdict(theory.vocabulary, verdicts, expected) == grade


def test_where_no_threat_is_expected_the_first_verdict_counts(theory: Theory) -> None:
    expected = Expectation("Arvenia", None, "hide")
    verdicts = [verdict("hide"), verdict("appease", toward="Cartha")]
    assert score_verdict(theory.vocabulary, verdicts, expected) == "strict"
    assert score_verdict(theory.vocabulary, verdicts[::-1], expected) == "wrong"


# ---------------------------------------------------------------- cases

FACT = {"variable": "strength", "args": ["Arvenia"], "value": "weak", "holds": True, "stance": "asserted"}
CASE = {"id": "one", "text": "Arvenia is weak.", "facts": [FACT], "tolerated": [], "expect": []}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"facts": [{**FACT, "variable": "size"}]}, "no variable “size”"),
        ({"facts": [{**FACT, "value": "tiny"}]}, "no value “tiny”"),
        ({"facts": [{**FACT, "args": ["Arvenia", "Borland"]}]}, "about 1 states"),
        ({"facts": [{**FACT, "stance": "sung"}]}, "“sung” is no stance"),
        ({"facts": [{"variable": "strength"}]}, "'args' is missing"),
        ({"expect": [{"state": "Arvenia", "strategy": "fly"}]}, "no strategy “fly”"),
    ],
)
def test_a_case_that_says_what_cannot_be_said_is_named(theory: Theory, change: dict[str, Any], said: str) -> None:
    assert case_of(theory.vocabulary, CASE).facts == (WEAK,)
    with pytest.raises(ValueError, match=f"case one: .*{said}"):
        case_of(theory.vocabulary, {**CASE, **change})


def test_the_report_counts_and_never_shows_a_text(theory: Theory, tmp_path: Path) -> None:
    expect = [{"state": "Arvenia", "toward": "Borland", "strategy": "hide", "acceptable": []}]
    trap = {"id": "trap", "text": "The committee weighed the budget.", "facts": [], "expect_nothing": True}
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(each) for each in ({**CASE, "expect": expect}, trap)), encoding="utf-8")
    report = runpy.run_path(str(SCORER))["report"]
    shown = report(theory, file, each=True)
    assert "cases.jsonl, all: 2 cases, 1 facts" in shown
    assert "plain:  1 found, 0 missed, 0 made up" in shown
    assert "1 of 1" in shown and "0 of 1" in shown, "the reader is silent on the trap, the baseline is not"
    assert "committee" not in shown and "Arvenia" not in shown
    assert "half b: 1 cases, 0 facts" in report(theory, file, "b")


def test_a_file_that_cannot_be_scored_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{", encoding="utf-8")
    for file, why in (
        (Path("nowhere.jsonl"), "there is no file nowhere.jsonl"),
        (broken, f"{broken} cannot be scored"),
    ):
        done = subprocess.run([sys.executable, str(SCORER), file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert why in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("file", ["dev.jsonl", "invented.jsonl"])
def test_the_development_cases_are_in_the_vocabulary(theory: Theory, file: str) -> None:
    path = ROOT.parent / "shared" / "cases" / file
    if not path.is_file():
        pytest.skip("the development cases are no part of the project, and are not beside it")
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            case_of(theory.vocabulary, json.loads(line))
