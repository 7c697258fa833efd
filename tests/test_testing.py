"""The rules tried out: situations, mutants, why a proposition does not apply, what a change does to cases."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from advisor import cli, house
from advisor.inference import infer
from advisor.inference.applying import applications, known_in, made_ready
from advisor.nearest import nearest, nearest_in
from advisor.situation import from_facts
from advisor.terms import (
    AtLeast,
    Condition,
    Either,
    Example,
    Fact,
    Proposition,
    School,
    StrategyClaim,
    Term,
    Theory,
)
from advisor.theory import load_theory, proposition_by_id
from advisor.transcript import load
from advisor.workshop.answering import quoted, with_situation
from advisor.workshop.coverage import by_file, coverage, share
from advisor.workshop.distinguishing import distinguishing
from advisor.workshop.equivalence import equivalent
from advisor.workshop.expecting import Case, checks, coded
from advisor.workshop.impact import as_markdown, impact
from advisor.workshop.killing import Fate, Trial, entries, fate, fates, prepared
from advisor.workshop.mutants import KINDS, mutants_of
from advisor.workshop.recording import changes, read, written
from advisor.workshop.settling import made_all_ready, settle, settled
from advisor.workshop.situations import all_tests, as_it_should, as_situation, situations_of
from advisor.workshop.surviving import mutant_called, survivors
from advisor.workshop.testing import run, run_cases

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ("weak-states-bandwagon", "threat-is-high", "two-enemies-can-be-baited", "losing-side-defects")


@cache
def ours() -> Theory:
    return load_theory(house.rules_folder())[0]


@cache
def cases() -> tuple[Case, ...]:
    files = sorted((ROOT / "transcripts").glob("*.md"))
    return tuple(Case(load(ours().vocabulary, path)[0], path.name) for path in files)


@cache
def trial() -> Trial:
    return prepared(ours(), cases())


@cache
def tried() -> tuple[Fate, ...]:
    return tuple(fates(trial(), SAMPLE))


def proposition(id_: str) -> Proposition:
    return proposition_by_id(ours())[id_]


# ---------------------------------------------------------------- propositions by themselves


def test_a_proposition_alone_applies_where_the_engine_says() -> None:
    ready = made_all_ready(ours())
    for ground in trial().grounds:
        for id_, each in ready.items():
            expected = ground.settled.applied.get(id_, frozenset())
            assert applications(each, ground.settled.known) == expected, (ground.name, id_)


def test_settling_gives_what_the_engine_gives() -> None:
    ready = made_all_ready(ours())
    for ground in trial().grounds[::11]:
        found = settle(ours(), ground.settled.inference.situation, ready)
        assert found.inference.facts == ground.settled.inference.facts
        assert found.applied == ground.settled.applied


# ---------------------------------------------------------------- why not


def test_the_nearest_binding_applies_exactly_where_the_proposition_does() -> None:
    for test in all_tests(ours())[::7]:
        inference = infer(ours(), as_situation(ours(), test.example.facts))
        found = nearest_in(ours(), inference, proposition(test.proposition))
        applied = settled(inference).applied.get(test.proposition, frozenset())
        assert found.applies == bool(applied)
        assert not found.applies or (found.bindings in applied and not found.unmet)
        assert found.applies or found.unmet or found.idle, test.name


def test_each_condition_is_marked() -> None:
    facts = [
        Fact("strength", ("Borland",), "great"),
        Fact("strength", ("Arvenia",), "great"),
        Fact("distance", ("Borland", "Arvenia"), "border"),
        Fact("intent", ("Borland", "Arvenia"), "hostile"),
    ]
    found = nearest(ours(), from_facts(ours().vocabulary, facts), proposition("weak-states-bandwagon"))
    assert dict(found.bindings) == {"state": "Arvenia", "threat": "Borland"}
    assert [(mark.text, mark.how) for mark in found.marks] == [
        ("Arvenia is weak", "false"),
        ("Borland is at least a great power", "met"),
        ("Borland poses a serious threat to Arvenia", "met"),
    ]
    assert found.marks[0].facts == (facts[1],)
    assert [mark.how for mark in found.unmet] == ["false"]


def test_a_list_says_which_of_its_items_are_met() -> None:
    facts = [Fact("strength", ("Borland",), "great"), Fact("distance", ("Borland", "Arvenia"), "border")]
    found = nearest(ours(), from_facts(ours().vocabulary, facts), proposition("threat-is-high"))
    assert found.marks[0].count == 3
    assert [mark.how for mark in found.marks[0].of] == ["met", "met", "unknown", "unknown"]


def test_what_stops_a_proposition_and_who_defeats_it_is_said() -> None:
    silent = proposition("define-trusted-by-friendship").silent
    assert silent
    fixed = {"state": "Arvenia", "threat": "Borland"}
    found = nearest(ours(), as_situation(ours(), silent.facts), proposition("define-trusted-by-friendship"), fixed)
    assert dict(found.bindings) == fixed
    assert [mark.stops and mark.how == "met" for mark in found.unmet] == [True]
    defeater = proposition("insatiable-aggressor-leaves-no-choice")
    both = defeater.more_fires[0]
    defeated = nearest(ours(), as_situation(ours(), both.facts), proposition(defeater.defeats[0]))
    assert defeated.applies and defeated.defeated_by == (defeater.id,)


def test_a_situation_without_states_or_of_many_has_a_nearest_binding() -> None:
    for states in ([], ["Arvenia"], [f"S{number:03}" for number in range(20)]):
        situation = from_facts(ours().vocabulary, [], states)
        for id_ in (*SAMPLE, "even-spread-protects-all"):
            assert not nearest(ours(), situation, proposition(id_)).applies


# ---------------------------------------------------------------- tests


def test_every_situation_and_every_transcript_is_as_it_should_be() -> None:
    results = list(run(ours()))
    assert [result.test.name for result in results if not result.passed] == []
    assert len({result.test.proposition for result in results}) == len(ours().propositions)
    assert [check for check in run_cases(ours(), cases()) if not check.passed] == []


def test_what_is_recorded_is_still_so() -> None:
    from advisor.workbench import RECORD

    recorded = read((house.rules_folder() / RECORD).read_text(encoding="utf-8"))
    recorded |= read((ROOT / "transcripts" / RECORD).read_text(encoding="utf-8"))
    made = entries(trial())
    assert changes(recorded, made) == (), "if this is meant: advisor test --record"
    assert {each.name for each in made} == set(recorded), "if this is meant: advisor test --record"
    assert read(written(made)) == {each.name: each for each in made}


def test_a_failure_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = shutil.copytree(house.rules_folder(), tmp_path / "rules")
    school = rules / "schools" / "balance-of-threat.md"
    text = school.read_text(encoding="utf-8")
    fires = proposition("weak-states-bandwagon").fires
    assert fires
    document = with_situation(text, "weak-states-bandwagon", quoted(ours().vocabulary, "silent", fires.facts))
    school.write_text(document, encoding="utf-8")
    assert cli.main(["test", str(rules), "--only", "weak-states-bandwagon"]) == 1
    out = capsys.readouterr().out
    line = load_theory(rules)[0]
    written_at = proposition_by_id(line)["weak-states-bandwagon"].more_silent[-1].line
    assert f"schools/balance-of-threat.md:{written_at}: weak-states-bandwagon should be silent here" in out
    assert "it applies where the state is Arvenia, the threat is Borland:" in out
    assert "met      Arvenia is weak" in out


def test_the_report_in_other_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["test", "--only", "weak-states-bandwagon", "--format", "json", "--mutants"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["schema"] == "advisor.test/1" and record["passed"]
    assert {each["proposition"] for each in record["situations"]} == {"weak-states-bandwagon"}
    assert record["mutants"]["killed"] + len(record["mutants"]["survivors"]) == record["mutants"]["made"]
    assert cli.main(["test", "--only", "weak-states-bandwagon", "--format", "junit"]) == 0
    root = ElementTree.fromstring(capsys.readouterr().out)
    assert {suite.get("name") for suite in root} >= {"schools/balance-of-threat.md", "record"}
    assert all(suite.get("failures") == "0" for suite in root)
    assert cli.main(["test", "--only", "weak-states-bandwagon", "--fail-under", "100.1"]) == 1
    assert "that is under 100.1 %" in capsys.readouterr().out


def test_names_of_ones_own_may_stand_in_situations() -> None:
    rule = Proposition(
        "p", "P", "s", "", "", (StrategyClaim("hide", True, 1),), (Condition("strength", (Term("state"),), ("weak",)),)
    )
    weak, strong = Fact("strength", ("France",), "weak"), Fact("strength", ("France",), "great")
    theory = Theory(ours().vocabulary, (School("s", "S", 1.0, None, ""),), (rule,), "own")
    for fact, kind, right in ((weak, "fires", True), (strong, "fires", False), (weak, "silent", False)):
        tested = replace(rule, **{kind: Example("", (fact,))})
        theory = replace(theory, propositions=(tested,), digest=f"{fact}{kind}")
        assert [result.passed for result in run(theory)] == [right]


# ---------------------------------------------------------------- coverage


def test_coverage_counts_both_ways_of_every_condition() -> None:
    found = coverage(trial())
    assert share(found).percent > 95
    assert set(by_file(found)) == {each.path for each in ours().propositions}
    names = {ground.name for ground in trial().grounds}
    assert {each.met for each in found} | {each.failing for each in found} <= names | {""}
    for each in found[::11]:
        if each.failing and not each.condition.startswith("unless"):
            ground = next(g for g in trial().grounds if g.name == each.failing)
            rule = proposition(each.proposition)
            plain = [p for p in rule.conditions if isinstance(p, Condition) and p.text == each.condition]
            if plain:
                without = replace(rule, conditions=tuple(p for p in rule.conditions if p not in plain))
                more = applications(made_ready(ours(), without), ground.settled.known)
                assert more and more != ground.settled.applied.get(rule.id, frozenset())


# ---------------------------------------------------------------- mutants


def test_mutants_are_of_every_kind_and_no_two_are_the_same() -> None:
    found = [mutant for each in ours().propositions for mutant in mutants_of(ours(), each)]
    assert {mutant.kind for mutant in found} == set(KINDS)
    assert len({mutant.id for mutant in found}) == len(found) > 2000
    for id_ in SAMPLE:
        made = mutants_of(ours(), proposition(id_))
        assert made == mutants_of(ours(), proposition(id_))
        assert all(mutant.proposition != proposition(id_) for mutant in made)
        assert mutant_called(ours(), made[-1].id) == made[-1]


def test_what_kills_a_mutant_does_so_in_the_engine_as_well() -> None:
    for one in tried()[::6]:
        if one.killer not in ("its situations", "situations of others"):
            continue
        test = next(each for each in all_tests(ours()) if each.name == one.by)
        changed = one.mutant.proposition
        rules = tuple(changed if each.id == changed.id else each for each in ours().propositions)
        theory = replace(ours(), propositions=rules, digest=one.mutant.id)
        applied = settled(infer(theory, as_situation(theory, test.example.facts))).applied
        states = {arg for fact in test.example.facts for arg in fact.args}
        of = proposition(test.proposition)
        assert not as_it_should(theory, of, test.kind, applied.get(of.id, frozenset()), states), one.mutant.id


def test_nothing_that_is_killed_is_proved_equivalent() -> None:
    for one in tried()[::3]:
        if one.killer and one.mutant.kind not in ("degree", "direction"):
            assert not equivalent(ours(), proposition(one.mutant.proposition.id), one.mutant), one.mutant.id


def test_what_means_the_same_is_proved() -> None:
    rule = proposition("balancing-is-the-safer-default")
    (unless,) = (mutant for mutant in mutants_of(ours(), rule) if mutant.kind == "unless")
    assert equivalent(ours(), rule, unless)
    assert fate(trial(), unless).survives
    (survivor,) = survivors(ours(), [fate(trial(), unless)])
    assert survivor.proved and survivor.situation is None


def test_a_situation_that_tells_a_mutant_apart_replays() -> None:
    for id_ in SAMPLE:
        rule = proposition(id_)
        bare = replace(rule, more_fires=(), more_silent=())
        mutants = [m for m in mutants_of(ours(), bare) if m.kind in ("drop", "unless")]
        for found in distinguishing(ours(), bare, mutants):
            known = known_in(infer(ours(), as_situation(ours(), found.facts)))
            states = {arg for fact in found.facts for arg in fact.args}
            assert as_it_should(ours(), rule, found.now, applications(made_ready(ours(), rule), known), states)
            for name in found.mutants:
                mutant = next(each for each in mutants if each.id == name)
                applied = applications(made_ready(ours(), mutant.proposition), known)
                assert not as_it_should(ours(), rule, found.now, applied, states)


def test_an_answer_is_written_as_a_test_that_kills_the_mutant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = Path(shutil.copytree(house.rules_folder(), tmp_path / "rules"))
    id_ = "enter-late-when-both-are-spent/unless-1"
    assert cli.main(["test", str(rules), "--answer", id_, "silent"]) == 0
    assert capsys.readouterr().out.startswith("> **Silent.** ")
    after, complaints = load_theory(rules)
    assert not complaints
    now = proposition_by_id(after)[id_.partition("/")[0]]
    before = proposition(now.id)
    assert len(now.more_silent) == len(before.more_silent) + 1
    assert replace(now, more_silent=before.more_silent) == before
    mutant = mutant_called(after, id_)
    assert mutant and fate(prepared(after, ()), mutant).killer == "its situations"
    for wrong in (["no-such/drop-1", "silent"], [id_, "perhaps"]):
        assert cli.main(["test", str(rules), "--answer", *wrong]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_situation_is_written_under_its_proposition_and_nowhere_else() -> None:
    path = house.rules_folder() / proposition("threat-is-high").path
    text = path.read_text(encoding="utf-8")
    facts = (Fact("strength", ("Borland",), "great"),)
    made = with_situation(text, "threat-is-high", quoted(ours().vocabulary, "silent", facts))
    assert (
        made.replace("\n> **Silent.** Borland is a great power.\n> *Facts: Borland is a great power.*\n", "", 1) == text
    )
    with pytest.raises(ValueError, match="no proposition"):
        with_situation(text, "no-such", "> x")


# ---------------------------------------------------------------- impact


def test_rules_written_otherwise_make_no_difference() -> None:
    def turned(each: Proposition) -> Proposition:
        conditions = tuple(replace(p, of=p.of[::-1]) if isinstance(p, Either | AtLeast) else p for p in each.conditions)
        return replace(each, title=each.title.upper(), gloss="", conditions=conditions[::-1], unless=each.unless[::-1])

    after = replace(ours(), propositions=tuple(map(turned, ours().propositions[::-1])), digest="turned")
    found = impact(ours(), after, cases())
    assert found.differences == () and found.added == found.removed == ()
    assert as_markdown(found) == ""


def test_a_difference_is_laid_at_the_door_of_the_proposition_that_makes_it() -> None:
    rule = proposition("weak-states-bandwagon")
    silenced = replace(rule, conclusions=(replace(rule.conclusions[0], favours=False),))  # type: ignore[type-var]
    other = replace(proposition("strong-states-balance"), gloss="other words")
    rules = tuple({rule.id: silenced, other.id: other}.get(each.id, each) for each in ours().propositions)
    found = impact(ours(), replace(ours(), propositions=rules, digest="changed"), cases())
    assert found.changed == (rule.id,)
    assert found.differences
    assert {each.because for each in found.differences} == {(rule.id,)}
    assert any(each.prediction for each in found.differences)
    told = as_markdown(found).splitlines()
    assert all(line.startswith("- `") and line.endswith(f"because of `{rule.id}`") for line in told)
    for each in found.differences:
        case = next(case for case in cases() if case.transcript.id == each.case)
        assert rule.id in {j.proposition for j in infer(ours(), coded(ours(), case)).justifications}


def test_a_proposition_that_goes_is_answerable_for_what_goes_with_it() -> None:
    gone = "threat-is-high"
    rules = tuple(
        replace(each, defeats=tuple(id_ for id_ in each.defeats if id_ != gone))
        for each in ours().propositions
        if each.id != gone
    )
    found = impact(ours(), replace(ours(), propositions=rules, digest="fewer"), cases()[:8])
    assert found.removed == (gone,)
    assert found.differences and all(each.because == (gone,) for each in found.differences)


def test_impact_reads_an_earlier_revision_without_checking_it_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = Path(shutil.copytree(house.rules_folder(), tmp_path / "home" / "rules"))
    git = ["git", "-C", str(tmp_path / "home"), "-c", "user.name=N", "-c", "user.email=n@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "rules"]):
        subprocess.run([*git, *command], check=True)
    case = str(ROOT / "transcripts" / "arvenia-alone.md")
    assert cli.main(["impact", "--since", "HEAD", "--rules", str(rules), case]) == 0
    assert "0 predictions" in capsys.readouterr().out
    school = rules / "schools" / "balance-of-threat.md"
    text = school.read_text(encoding="utf-8")
    head, mark, rest = text.partition("{#weak-states-bandwagon}")
    school.write_text(head + mark + rest.replace("much more", "somewhat more", 1), encoding="utf-8")
    assert cli.main(["impact", "--since", "HEAD", "--rules", str(rules), "--format", "json", case]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["rules"]["changed"] == ["weak-states-bandwagon"]
    assert record["differences"][0]["because"] == ["weak-states-bandwagon"]
    status = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout
    assert status.split() == ["M", "rules/schools/balance-of-threat.md"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["test", "no-such-folder"],
        ["test", "--only", "no-such"],
        ["test", "--transcripts", "no-such-folder"],
        ["why-not", "weak-states"],
        ["why-not", "weak-states-bandwagon"],
        ["why-not", "weak-states-bandwagon", "--facts", "Arvenia is weakish"],
        ["why-not", "weak-states-bandwagon", "no-such-file"],
        ["impact"],
        ["impact", "rules"],
        ["impact", "rules", "no-such-folder"],
        ["impact", "--since", "no-such-revision"],
        ["impact", "--since", "--output=x"],
        ["impact", "rules", "rules", "no-such-file.md"],
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("advisor: ") and captured.err.count("\n") == 1


def test_only_texts_need_the_english_model() -> None:
    code = (
        "import sys; from advisor import cli\n"
        "cli.main(['test', '--only', 'threat-is-high'])\n"
        "cli.main(['why-not', 'threat-is-high', 'transcripts/ussr-1939.md', '--facts', 'Arvenia is weak'])\n"
        "cli.main(['impact', 'rules', 'rules', 'transcripts/ussr-1939.md'])\n"
        "assert 'spacy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_the_tests_of_a_proposition_are_numbered() -> None:
    names = [test.name for each in ours().propositions for test in situations_of(each)]
    assert len(names) == len(set(names))
    assert "losing-side-defects silent 2" in names


def test_a_known_miss_that_is_met_is_a_failure() -> None:
    case = next(each for each in cases() if each.transcript.id == "assyria-700-bce")
    expected = tuple(replace(each, missed="") for each in case.transcript.expect)
    found = checks(
        ours(), infer(ours(), coded(ours(), case)), replace(case, transcript=replace(case.transcript, expect=expected))
    )
    assert any(not check.passed for check in found)
