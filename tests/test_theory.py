"""The theory: its files load without complaint, agree with the catalogue, and every mistake is explained."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from advisor import diagnostics
from advisor.diagnostics import CODES, page, render, render_all
from advisor.grammar import Rule, conditions_in, read_rule, roles_of, write_rule
from advisor.markdown import sections
from advisor.situation import closed
from advisor.terms import (
    SYSTEM,
    AtLeast,
    CautionClaim,
    Conclusion,
    Condition,
    Derivation,
    Diagnostic,
    Either,
    Fact,
    MeasureClaim,
    MenuClaim,
    OutcomeClaim,
    Premiss,
    Proposition,
    StrategyClaim,
    Term,
    Theory,
    Vocabulary,
)
from advisor.theory import alternatives, load_theory, only_seed, proposition_by_id, read_theory, strata
from advisor.vocabulary import canonical

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
CATALOGUE = ROOT.parent / "shared" / "theory" / "propositions.yaml"
BAD = sorted((ROOT / "tests" / "theories" / "bad").glob("*.md"))
GOOD = sorted((ROOT / "tests" / "theories" / "good").glob("*.md"))


@pytest.fixture(scope="module")
def vocabulary(theory: Theory) -> Vocabulary:
    return theory.vocabulary


def read_back(vocabulary: Vocabulary, written: str) -> Rule | None:
    text = f"```rule\n{written}\n```\n"
    (section,) = sections(text)
    return read_rule(vocabulary, page("written", text), section.blocks[0])


# ---------------------------------------------------------------- our own rules


def test_our_rules_load_without_complaint(loaded: tuple[Theory, tuple[Diagnostic, ...]]) -> None:
    theory, complaints = loaded
    assert render_all(complaints) == ""
    assert len(theory.schools) == 14
    assert len(theory.propositions) == 185
    assert {proposition.school for proposition in theory.propositions} == {school.id for school in theory.schools}


def test_every_proposition_is_complete(theory: Theory) -> None:
    for proposition in theory.propositions:
        assert proposition.title and proposition.gloss and proposition.source, proposition.id
        assert proposition.fires and proposition.fires.text and proposition.fires.facts, proposition.id
        assert proposition.silent and proposition.silent.text and proposition.silent.facts, proposition.id
        assert bool(proposition.checked) == proposition.beyond_seed, proposition.id
        assert (ROOT / "rules" / proposition.path).read_text(encoding="utf-8").splitlines()[
            proposition.line - 1
        ] == f"### {proposition.title} {{#{proposition.id}}}"
    assert all(school.note and school.weight > 0 for school in theory.schools)


def test_only_the_seed(theory: Theory) -> None:
    seed = only_seed(theory)
    ids = {proposition.id for proposition in seed.propositions}
    assert len(ids) == 119
    assert all({*proposition.defeats, *proposition.disputes} <= ids for proposition in seed.propositions)
    assert seed.digest != theory.digest
    assert load_theory(RULES, seed_only=True)[0].digest == seed.digest


def test_every_rule_reads_back_as_it_was_written(theory: Theory) -> None:
    for proposition in theory.propositions:
        rule = read_back(theory.vocabulary, write_rule(theory.vocabulary, proposition))
        assert rule, proposition.id
        assert rule.conclusions == proposition.conclusions
        assert rule.conditions == proposition.conditions
        assert rule.unless == proposition.unless


def test_a_near_miss_misses(theory: Theory) -> None:
    """No two situations of a proposition are the same."""
    for proposition in theory.propositions:
        assert proposition.fires and proposition.silent
        assert set(proposition.fires.facts) != set(proposition.silent.facts), proposition.id


# ---------------------------------------------------------------- the catalogue

CAST = {"state": "Arvenia", "threat": "Borland", "ally": "Cadria", "third": "Delmark"}
STRENGTH = {"strong": 3, "moderate": 2, "weak": 1}


def taken_apart(text: str) -> tuple[str, list[str], list[str]]:
    name, _, rest = text.partition("(")
    args, _, values = rest.partition(")=")
    return name, [arg.strip() for arg in args.split(",")], values.split("|")


def condition(text: str) -> tuple[str, tuple[Term, ...], frozenset[str], bool]:
    name, args, values = taken_apart(text)
    return name, tuple(Term(arg, arg != SYSTEM) for arg in args), frozenset(values), True


def bare(each: Condition) -> tuple[str, tuple[Term, ...], frozenset[str], bool]:
    return each.variable, each.terms, frozenset(each.values), each.holds


def premiss(written: Any) -> Any:
    if isinstance(written, str):
        return condition(written)
    return (written.get("at_least", "any"), [condition(each) for each in written.get("any") or written["of"]])


def bare_premiss(each: Premiss) -> Any:
    match each:
        case Condition():
            return bare(each)
        case Either(of):
            return ("any", [bare(one) for one in of])
        case AtLeast(count, of):
            return (count, [bare(one) for one in of])


def conclusion(written: dict[str, Any]) -> tuple[Any, ...]:
    match written["kind"]:
        case "strategy":
            return written["strategy"], written["stance"] == "for", STRENGTH[written["strength"]]
        case "outcome":
            return written["outcome"], written["arg"], written["value"], STRENGTH[written["strength"]]
        case "derived":
            return condition(written["fact"])
        case "menu":
            return tuple(written["options"])
        case kind:
            return (written[kind],)


def bare_conclusion(each: Conclusion) -> tuple[Any, ...]:
    match each:
        case StrategyClaim():
            return each.strategy, each.favours, each.strength
        case OutcomeClaim():
            return each.outcome, each.terms[0].name if each.terms else SYSTEM, each.value, each.strength
        case Derivation():
            return each.variable, each.terms, frozenset({each.value}), True
        case MenuClaim(strategies):
            return strategies
        case MeasureClaim(id_) | CautionClaim(id_):
            return (id_,)


def facts(vocabulary: Vocabulary, written: list[str]) -> set[Fact]:
    parts = [taken_apart(text) for text in written]
    return {canonical(vocabulary, Fact(name, tuple(CAST.get(a, a) for a in args), v)) for name, args, (v,) in parts}


REWORDED = {
    "bandwagon-to-turn-the-blow-elsewhere",
    "global-balance-will-not-return",
    "jackals-bandwagon-for-profit",
    "league-of-equals-keeps-the-peace",
    "lions-guard-the-order",
    "mortal-threat-forces-surrender",
    "no-state-can-swallow-the-rest",
    "onlooker-gains-from-a-long-war",
    "parity-with-a-dissatisfied-riser-means-war",
    "tied-security-makes-a-chain",
    "uncommitted-power-tips-the-scale",
    "unity-ends-when-engulfed",
}
"""Propositions with a situation in other words than the catalogue's, which says less than its facts."""


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is not part of the project")
def test_our_rules_agree_with_the_catalogue(theory: Theory) -> None:
    yaml = pytest.importorskip("yaml")
    ours = proposition_by_id(theory)
    catalogue = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["propositions"]
    for entry in catalogue:
        each = ours.pop(entry["id"])
        assert each.school == entry["school"], each.id
        assert each.beyond_seed == (entry["part"] == "B"), each.id
        assert [bare_conclusion(one) for one in each.conclusions] == [conclusion(one) for one in entry["then"]], each.id
        assert [bare_premiss(one) for one in each.conditions] == [premiss(one) for one in entry["if"]], each.id
        assert [bare(one) for one in each.unless] == [condition(one) for one in entry.get("unless", [])], each.id
        assert list(each.defeats) == entry.get("defeats", []), each.id
        assert set(entry.get("disputes", [])) <= set(each.disputes), each.id
        for example, case in ((each.fires, entry["positive"]), (each.silent, entry["near_miss"])):
            assert example
            same = " ".join(example.text.split()) == " ".join(case["text"].split())
            assert same or each.id in REWORDED, each.id
            said = {canonical(theory.vocabulary, fact) for fact in example.facts}
            assert said == facts(theory.vocabulary, case["facts"]), each.id
    stated = {frozenset((entry["id"], id_)) for entry in catalogue for id_ in entry.get("disputes", [])}
    assert {frozenset((each.id, id_)) for each in theory.propositions for id_ in each.disputes} == stated
    assert set(ours) == {
        "define-internal-balancing",
        "stronger-as-said",
        "stronger-than-a-weak-state",
        "stronger-than-a-middle-power",
        "stronger-than-a-great-power",
    }


# ---------------------------------------------------------------- order


def test_what_unless_looks_for_is_settled_before(theory: Theory) -> None:
    level = {id_: number for number, ids in enumerate(strata(theory)) for id_ in ids}
    assert sorted(level) == sorted(proposition.id for proposition in theory.propositions)
    learnt = {
        (fact.variable, fact.value, fact.holds): level[proposition.id]
        for proposition in sorted(theory.propositions, key=lambda each: level[each.id])
        for one in proposition.conclusions
        if isinstance(one, Derivation)
        for fact in closed(theory.vocabulary, [Fact(one.variable, ("0", "1")[: len(one.terms)], one.value)])
    }
    for proposition in theory.propositions:
        for wanted in conditions_in(proposition.conditions):
            for value in wanted.values:
                assert learnt.get((wanted.variable, value, wanted.holds), -1) <= level[proposition.id]
        for wanted in proposition.unless:
            for value in wanted.values:
                assert learnt.get((wanted.variable, value, wanted.holds), -1) < level[proposition.id]
    assert level["threat-is-low"] < level["threat-is-high"] + 1 <= level["threat-is-moderate"]


def test_alternatives_with_other_roles_are_rules_of_their_own(theory: Theory) -> None:
    ours = proposition_by_id(theory)
    rules = alternatives(ours["other-tactics-are-on-the-table"])
    assert [roles_of(rule) for rule in rules] == [("ally", "state", "threat"), ("state", "third", "threat")]
    assert len(alternatives(ours["jackals-bandwagon-for-profit"])) == 4
    assert alternatives(ours["threat-is-high"]) == (ours["threat-is-high"].conditions,)


def test_the_digest_names_the_content_and_not_the_files(vocabulary: Vocabulary) -> None:
    names = ("small-states", "institutionalism", "power-transition", "constructivism")
    told = [(name, (RULES / "schools" / f"{name}.md").read_text(encoding="utf-8")) for name in names]
    digest = read_theory(vocabulary, told)[0].digest
    elsewhere = [(f"elsewhere/{name}", text) for name, text in reversed(told)]
    assert read_theory(vocabulary, elsewhere)[0].digest == digest
    spaced = [(name, text.replace("\n  if ", "\n\n    If ")) for name, text in told]
    assert read_theory(vocabulary, spaced)[0].digest == digest
    changed = [(name, text.replace("Weight: 0.5", "Weight: 0.6")) for name, text in told]
    assert read_theory(vocabulary, changed)[0].digest != digest


# ---------------------------------------------------------------- documents that show what happens


def shown(path: Path, marker: str) -> tuple[str, str]:
    text = path.read_text(encoding="utf-8")
    told, fence, expected = text.rpartition(f"```{marker}\n")
    assert fence, f"{path.name} does not end with a fence ```{marker}"
    return told, expected.removesuffix("```\n").rstrip("\n")


def compare(path: Path, marker: str, true: str, request: pytest.FixtureRequest) -> None:
    told, expected = shown(path, marker)
    if request.config.getoption("--reset"):
        path.write_text(f"{told}```{marker}\n{true}\n```\n", encoding="utf-8")
    else:
        assert true == expected, "if the new output is right, run: pytest tests/test_theory.py --reset"


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_mistakes_are_explained(path: Path, vocabulary: Vocabulary, request: pytest.FixtureRequest) -> None:
    _, complaints = read_theory(vocabulary, [(path.name, shown(path, "diagnostics")[0])])
    assert complaints
    compare(path, "diagnostics", render_all(complaints), request)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_forms_are_understood(path: Path, vocabulary: Vocabulary, request: pytest.FixtureRequest) -> None:
    theory, complaints = read_theory(vocabulary, [(path.name, shown(path, "written")[0])])
    assert render_all(complaints) == ""
    written = [write_rule(vocabulary, proposition) for proposition in theory.propositions]
    compare(path, "written", "\n\n".join(written), request)
    for proposition, text in zip(theory.propositions, written, strict=True):
        rule = read_back(vocabulary, text)
        assert rule
        assert (rule.conclusions, rule.conditions, rule.unless) == (
            proposition.conclusions,
            proposition.conditions,
            proposition.unless,
        )


def test_the_documents_show_every_code(vocabulary: Vocabulary) -> None:
    """Those of the loader of files, and of the vocabulary, are shown elsewhere."""
    found = {
        each.code for path in BAD for each in read_theory(vocabulary, [(path.name, shown(path, "diagnostics")[0])])[1]
    }
    assert found == {code for code in CODES if code.startswith("T")} - {"T01", "T02", "T03", "T37"}


def test_a_phrase_with_two_meanings_is_refused_unless_one_is_always_said_so(vocabulary: Vocabulary) -> None:
    (weak, *_), trend = vocabulary.variables[0].values, vocabulary.variables[1]
    usual, unusual = weak.phrases[0], next(phrase for phrase in weak.phrases[1:] if phrase.kind == "clause")
    value = dataclasses.replace(trend.values[0], phrases=(*trend.values[0].phrases, usual, unusual))
    changed = dataclasses.replace(trend, values=(value, *trend.values[1:]))
    both = dataclasses.replace(vocabulary, variables=(vocabulary.variables[0], changed, *vocabulary.variables[2:]))
    for phrase, expected in ((usual, set()), (unusual, {"T37"})):
        said = phrase.text.format("the state")
        text = f"```rule\nthe threat poses a low threat to the state\n  if {said}\n```\n"
        on = page("any.md", text)
        read_rule(both, on, sections(text)[0].blocks[0])
        assert {each.code for each in on.found} == expected


def test_a_good_document_means_what_it_says(vocabulary: Vocabulary) -> None:
    path = next(path for path in GOOD if path.stem == "every-form")
    theory, _ = read_theory(vocabulary, [(path.name, shown(path, "written")[0])])
    ours = proposition_by_id(theory)
    (school,) = theory.schools
    assert (school.weight, school.note.count("\n\n")) == (0.5, 1)
    assert school.premise == Condition("order", (Term(SYSTEM, False),), ("anarchy",))
    first = ours["strengths"]
    assert [dataclasses.astuple(each) for each in first.conclusions] == [
        ("bandwagon", True, 3),
        ("balance-external", False, 2),
        ("balance", True, 1),
    ]
    assert (first.source, first.checked) == ("Nobody 1900, p. 1 (page from memory)", "partly verified")
    assert (first.defeats, first.disputes) == (("outcomes", "measures"), ("menu",))
    assert ours["measures"].conditions[0] == Condition("strength", (Term("state"),), ("weak",), False)
    menu = ours["menu"]
    assert menu.conclusions == (MenuClaim(("balance", "bandwagon", "intervene")),)
    (either,) = menu.conditions
    assert isinstance(either, Either) and [each.variable for each in either.of] == ["upheaval", "barrier", "strength"]
    assert [each.terms for each in menu.unless[:2]] == [(Term("ally"), Term("threat")), (Term("third"),)]
    assert Term("Bosnia and Herzegovina", False) in ours["facts"].conclusions[0].terms  # type: ignore[union-attr]
    (listed, one) = ours["facts"].conditions
    assert isinstance(listed, AtLeast) and listed.count == 2
    assert listed.of[1].terms == (Term("Soviet Union", False), Term("threat"))
    assert listed.of[2].values == ("rising", "steady")
    assert isinstance(one, Condition) and one.values == ("weak", "preponderant")
    assert ours["facts"].fires and Fact("distance", ("Soviet Union", "Borland"), "far") in ours["facts"].fires.facts


# ---------------------------------------------------------------- files that cannot be read


def codes(complaints: tuple[Diagnostic, ...]) -> set[str]:
    return {each.code for each in complaints}


def test_a_folder_without_rules(tmp_path: Path) -> None:
    theory, complaints = load_theory(tmp_path / "nowhere")
    assert not theory.propositions
    assert codes(complaints) == {"V01", "T01"}
    (tmp_path / "schools").mkdir()
    assert codes(load_theory(tmp_path)[1]) == {"V01", "T02"}


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    for name in ("vocabulary.md", "strategies.md", "outcomes.md"):
        (tmp_path / name).write_bytes((RULES / name).read_bytes())
    (tmp_path / "schools").mkdir()
    (tmp_path / "schools" / "latin.md").write_bytes(b"# Sch\xf6ol {#school}\n")
    (tmp_path / "schools" / "folder.md").mkdir()
    complaints = load_theory(tmp_path)[1]
    assert {(Path(each.path).name, each.code, each.line) for each in complaints} == {
        ("latin.md", "T03", 1),
        ("folder.md", "T03", 1),
    }


def test_a_byte_order_mark_and_carriage_returns_do_no_harm(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name in ("vocabulary.md", "strategies.md", "outcomes.md"):
        (tmp_path / name).write_bytes((RULES / name).read_bytes())
    (tmp_path / "schools").mkdir()
    text = (RULES / "schools" / "small-states.md").read_text(encoding="utf-8").replace("Disputes:", "Once:")
    (tmp_path / "schools" / "small.md").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    theory, complaints = load_theory(tmp_path)
    assert len(theory.propositions) == 3
    assert not complaints


# ---------------------------------------------------------------- no text makes it fail

PIECES = some.sampled_from(
    [
        "# A {#a}\n", "### B {#b}\n", "```rule\n", "```\n", "if ", "and ", "unless ", "either ", "or ", "- ", "> ",
        "the state is weak", "the threat", "an ally", "at least two of\n", "Source: x\n", "Defeats: `b`\n", "\t",
        "the state is more likely to align with the threat\n", "**Fires.** ", "*Facts: ", ";", "*\n", "\n", " ",
        "Arvenia is weak", "Weight: 1\n", "the choice is to ", "bear in mind ", "\u2028", "\x00", "弱", "{0}", "{",
        "Defeats: `(`\n", "Premise: {x}\n", "one measure is to ", "at least 99999 of\n", "the system is",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(text=some.lists(PIECES, max_size=40).map("".join))
def test_no_text_makes_the_loader_fail(vocabulary: Vocabulary, text: str) -> None:
    theory, complaints = read_theory(vocabulary, [("any.md", text)])
    assert all(each.code in CODES and each.line >= 1 and each.column >= 1 for each in complaints)
    render_all(complaints)
    for proposition in theory.propositions:
        assert isinstance(proposition, Proposition)


def test_a_long_line_takes_no_long_time(vocabulary: Vocabulary) -> None:
    """Many capitals, many "or" and many roles in one line must not be tried in every combination."""
    lines = (
        "Name " * 400,
        "either " + "the state is weak or " * 400 + "x",
        "the state the threat " * 200,
        "x" * 20_000,
    )
    for line in lines:
        text = f"# A {{#a}}\n\nWeight: 1.\n\n### B {{#b}}\n\nSource: seed.\n\n```rule\n{line}\n  if {line}\n```\n"
        _, complaints = read_theory(vocabulary, [("long.md", text)])
        assert complaints
        assert max(len(row) for row in render_all(complaints).splitlines()) < 400


def test_the_caret_stands_under_the_words() -> None:
    complaint = Diagnostic("T19", "no", "a.md", 7, 5, 4, "弱い  weak x", "try again", "warning")
    assert render(complaint).splitlines() == [
        "a.md:7:5: warning T19: no",
        "    7 | 弱い  weak x",
        "      |       ^^^^",
        "      hint: try again",
    ]
    assert diagnostics.CODES["T19"]
