"""The trace of the seed holds in both directions, and what an entry has to do with is shown."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.diagnostics import CODES, render_all
from advisor.glossary import Entry, entries
from advisor.grammar import conditions_in
from advisor.terms import Theory, Transcript
from advisor.theory import load_theory
from advisor.transcript import load_all
from advisor.workshop.cases import worked
from advisor.workshop.showing import Shown, as_json, as_markdown, as_text, shown
from advisor.workshop.trace import cited, load_trace, of_the_seed, statements_of

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"


@pytest.fixture(scope="module")
def cases(theory: Theory) -> tuple[Transcript, ...]:
    return load_all(theory.vocabulary, ROOT / "transcripts")[0]


# ---------------------------------------------------------------- our own trace


def test_the_seed_is_traced_both_ways(theory: Theory, cases: tuple[Transcript, ...]) -> None:
    trace, complaints = load_trace(RULES, theory, cases, ROOT / "transcripts")
    assert render_all(complaints) == ""
    assert trace and len(trace.statements) == 104
    for statement in trace.statements:
        assert statement.propositions or statement.vocabulary or statement.transcripts or statement.reason
    seeded = [each for each in theory.propositions if of_the_seed(each.source)]
    assert len(seeded) == 115
    assert all(statements_of(trace, each.id) for each in seeded)
    assert all(cited(each.source) for each in seeded)
    named = {id_ for statement in trace.statements for id_ in statement.propositions}
    assert named == {each.id for each in seeded}
    shown = {id_ for statement in trace.statements for id_ in statement.transcripts}
    assert shown >= {case.id for case in cases if of_the_seed(case.source)}


def test_what_of_the_seed_is_no_rule_says_why(theory: Theory) -> None:
    trace, _ = load_trace(RULES, theory)
    assert trace
    reasons = {each.id: each.reason for each in trace.statements if each.reason}
    assert len(reasons) == 10
    assert all(reason.endswith(".") and len(reason.split()) > 4 for reason in reasons.values())


@pytest.mark.parametrize("path", sorted((RULES / "schools").glob("*.md")), ids=lambda path: path.stem)
def test_every_work_that_a_source_cites_is_listed(path: Path, theory: Theory) -> None:
    """Beyond the seed a source is an author and a year, and the school's document lists the work."""
    _, _, listed = path.read_text(encoding="utf-8").partition("## Works cited")
    works = [" ".join(work.split()) for work in listed.split("\n- ")]
    for each in theory.propositions:
        authors: list[str] = []
        beyond = Path(each.path).name == path.name and each.beyond_seed
        for part in each.source.split(";") if beyond else ():
            authors = re.findall(r"[A-Z][a-z]{2,}", part.partition("(")[0]) or authors
            for year in re.findall(r"\b(?:1[89]|20)\d\d(?:/\d\d)?", part.partition("(")[0]):
                assert any(year in work and all(author in work for author in authors) for work in works), each.id


# ---------------------------------------------------------------- what is broken is found


@pytest.mark.parametrize(
    ("file", "before", "after", "code", "says"),
    [
        (
            "seed.md",
            "`equal-coalitions-deter`",
            "`equal-coalition-deters`",
            "F04",
            "did you mean “equal-coalitions-deter”?",
        ),
        ("seed.md", "- vocabulary: `upheaval`", "- vocabulary: `upheavel`", "F04", "did you mean “upheaval”?"),
        ("seed.md", "`utrecht-1713`", "`utrecht-1731`", "F04", "did you mean “utrecht-1713”?"),
        ("seed.md", "  - propositions: `equal-coalitions-deter`\n", "", "F03", "nothing carries this statement"),
        ("seed.md", "  - propositions: `equal-coalitions-deter`\n", "", "F05", "no statement in seed.md names it"),
        ("seed.md", "- propositions: `equal", "- proposition: `equal", "F02", "did you mean “propositions:”?"),
        ("seed.md", "**lead-1-3** [1]:", "**lead-1-3** 1", "F02", "write “- **label** [1]: what the seed says”"),
        ("seed.md", "**lead-1-3**", "**lead-1-2**", "F02", "give one of them another label"),
        ("seed.md", "**lead-1-3** [1]", "**lead-1-3** [2]", "F05", "this source cites [1], but no statement"),
        ("seed.md", "## Chain ganging", "## Chains", "F05", "the seed has no heading “Chain ganging”"),
        ("schools/common-core.md", "[1]; some realists", "[3]; some realists", "F05", "this source cites [3]"),
        ("schools/common-core.md", "*Lead* [1]; some", "*Leed* [1]; some", "F05", "did you mean “Lead”?"),
        ("schools/common-core.md", "*Lead* [1]; some", "*History* [1]; some", "F05", "no statement under “History”"),
        ("schools/common-core.md", "*Lead* [1]; some", "page one; some", "F05", "write “seed, *Lead*”"),
        ("../transcripts/utrecht-1713.md", "Seed, *History*", "Seed, *England*", "F05", "it is named under “History”"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_a_broken_pointer_is_found(
    tmp_path: Path,
    file: str,
    before: str,
    after: str,
    code: str,
    says: str,
    theory: Theory,
    cases: tuple[Transcript, ...],
) -> None:
    for folder in ("rules", "transcripts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = (tmp_path / "rules" / file).resolve()
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    # Loading all of it anew takes its time, so only what was changed is.
    there = theory if file == "seed.md" or file.startswith("..") else load_theory(tmp_path / "rules")[0]
    if file.startswith(".."):
        cases = load_all(theory.vocabulary, tmp_path / "transcripts")[0]
    _, found = load_trace(tmp_path / "rules", there, cases, tmp_path / "transcripts")
    assert code in CODES
    hits = [each for each in found if each.code == code and says in f"{each.message} {each.hint}"]
    assert hits, render_all(found)
    assert all(each.path.endswith(".md") and each.line > 1 and each.source for each in hits)


def test_check_finds_a_broken_pointer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    path = rules / "seed.md"
    path.write_text(path.read_text(encoding="utf-8").replace("`equal-c", "`equel-c", 1), encoding="utf-8")
    assert main(["check", str(rules), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {each["code"] for each in found} == {"F04", "F05"}


def test_a_trace_that_cannot_be_read_is_a_complaint(tmp_path: Path, theory: Theory) -> None:
    assert load_trace(tmp_path, theory) == (None, ())
    (tmp_path / "seed.md").write_bytes(b"# \xff")
    trace, complaints = load_trace(tmp_path, theory)
    assert trace is None and [each.code for each in complaints] == ["F01"]
    (tmp_path / "seed.md").unlink()
    (tmp_path / "seed.md").mkdir()
    assert [each.code for each in load_trace(tmp_path, theory)[1]] == ["F01"]


# ---------------------------------------------------------------- show


Related = Callable[[str], dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def show(theory: Theory, cases: tuple[Transcript, ...]) -> Callable[[str], Shown]:
    """What is shown of an id."""
    known = worked(theory, cases)
    paths = {case.id: ROOT / "transcripts" / f"{case.id}.md" for case in cases}
    every = [*entries(RULES), *(Entry(id_, str(path), 1, path.read_text("utf-8")) for id_, path in paths.items())]
    trace, _ = load_trace(RULES, theory)
    return lambda id_: shown(theory, id_, every, known, trace)


@pytest.fixture(scope="module")
def related(show: Callable[[str], Shown]) -> Related:
    """What an entry has to do with, in plain data."""

    def by_name(id_: str) -> dict[str, dict[str, str]]:
        record = as_json(show(id_))
        assert record["schema"] == "advisor.show/1" and record["id"] == id_ and record["entries"]
        return {each["relation"]: {item["id"]: item["text"] for item in each["items"]} for each in record["related"]}

    return by_name


def test_show_tells_what_a_proposition_has_to_do_with(related: Related, theory: Theory) -> None:
    it = related("weak-states-bandwagon")
    assert "states-balance-against-threat" in it["defeats"]
    assert set(it["defeated by"]) == {"certain-support-breeds-free-riding"}
    assert set(it["disputes"]) == {"weak-states-prefer-a-protector", "weak-states-cannot-secure-themselves"}
    assert set(it["builds on"]) == {"threat-is-high", "threat-is-moderate"}
    assert set(it["speaks of"]) == {"strength", "threat"}
    assert it["applies in"]["arvenia-alone"].endswith("right about bandwagon")
    assert set(it["carries of the seed"]) == {"bandwagoning-3-1"}
    for each in theory.propositions:
        assert set(related(each.id).get("defeats", {})) == set(each.defeats)


def test_show_tells_who_asks_for_a_variable(related: Related, show: Callable[[str], Shown], theory: Theory) -> None:
    asking = {p.id for p in theory.propositions if any(c.variable == "phase" for c in conditions_in(p.conditions))}
    it = related("phase")
    assert asking and set(it["asked for by"]) == asking
    assert it["asked for by"]["peacetime-favours-balancing"] == "it is peacetime"
    assert set(related("threat")["concluded by"]) == {"threat-is-high", "threat-is-moderate", "threat-is-low"}
    record = as_json(show("trend"))
    assert record["phrases"]["rising"][0] == "the state is gaining power"
    assert set(record["phrases"]) == {"rising", "steady", "declining"}


def test_show_tells_who_argues_for_a_strategy(related: Related) -> None:
    it = related("buck-pass")
    assert it["argued for by"]["threatened-states-prefer-buck-passing"].endswith("(much more likely)")
    assert it["argued against by"]["bipolarity-avoids-both-errors"].endswith("(much less likely)")
    assert it["measures"]["arm-to-deflect"] == "arm enough to make the third state the easier prey"
    assert "ussr-1939" in it["expected in"]
    outcome = related("hegemony")
    assert "balancing-often-fails" in outcome["is more likely according to"]
    assert set(related("polarity-debate")["named by"]) == {"polarity-effect-is-contested"}
    assert set(related("institutionalism")["propositions"]) == {"self-binding-leader-is-accepted"}


def test_show_tells_what_applies_in_a_case(related: Related, show: Callable[[str], Shown]) -> None:
    it = related("ussr-1939")
    assert "right about buck-pass" in it["propositions that apply"]["threatened-states-prefer-buck-passing"]
    assert set(it["carries of the seed"]) == {"buck-4-2"}
    assert "The Soviet Union between Berlin and Paris" in as_text(show("ussr-1939"))


def test_show_seed_prints_the_trace_both_ways(show: Callable[[str], Shown], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "seed"]) == 0
    text = capsys.readouterr().out
    assert text.strip() == as_text(show("seed"))
    assert "  statements: 104\n" in text and "  without a trace: 0\n" in text
    assert "  propositions of the seed: 115\n  that point back to a statement: 115\n" in text
    assert re.search(r"^  lead-1-3: Some realists .* → equal-coalitions-deter$", text, re.MULTILINE)
    assert re.search(r"^  equal-coalitions-deter: lead-1-3$", text, re.MULTILINE)
    assert "equal-coalitions-deter" in as_text(show("lead-1-3"))
    markdown = as_markdown(show("seed"))
    assert "**Lead**\n\n- `lead-1-1`: " in markdown


def test_show_works_without_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    (rules / "seed.md").unlink()
    assert main(["show", "phase", "--rules", str(rules)]) == 0
    text = capsys.readouterr().out
    assert "Asked for by" in text and "Carries of the seed" not in text
    assert main(["show", "buck-pass", "--transcripts", str(tmp_path / "none")]) == 2
    assert not load_theory(rules)[1]
