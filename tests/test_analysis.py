"""The analysis of rules: documents that show each finding, and witnesses that replay."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from advisor.diagnostics import CODES
from advisor.workshop.analysis_replay import replay
from advisor.workshop.checking import Checked, check, shown

ROOT = Path(__file__).resolve().parent.parent
SMALL = ROOT / "tests" / "theories" / "small"
DOCUMENTS = sorted((ROOT / "tests" / "theories" / "findings").glob("*.md"))
PART = re.compile(r"^<!-- ([\w./-]+) -->\n", re.MULTILINE)


def folder(tmp_path: Path, told: str = "") -> Path:
    """The small rules, with the parts of a document: a school replaces that of its name, the rest is added."""
    rules = tmp_path / "rules"
    ours = {"schools", "vocabulary.md", "strategies.md", "outcomes.md", "consequences.md", "seed.md", "record.txt"}
    shutil.copytree(ROOT / "rules", rules, ignore=lambda _, names: ours & set(names))
    shutil.copytree(SMALL, rules, dirs_exist_ok=True)
    _, *parts = PART.split(told)
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        path = rules / name
        before = path.read_text(encoding="utf-8") + "\n" if path.exists() and path.parent.name != "schools" else ""
        path.write_text(before + text.lstrip("\n"), encoding="utf-8")
    return rules


def as_shown(checked: Checked) -> str:
    return "\n\n".join(shown(checked.theory, each) for each in checked.open) or "nothing to complain of"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_small_rules_are_clean(here: Path) -> None:
    folder(here)
    checked = check(Path("rules"), full=True)
    assert checked.analysed
    assert as_shown(checked) == "nothing to complain of"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_finding_is_shown_and_replays(path: Path, here: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    told, fence, expected = text.rpartition("```findings\n")
    assert fence
    folder(here, told)
    checked = check(Path("rules"), full=True)
    true = as_shown(checked)
    if request.config.getoption("--reset"):
        path.write_text(f"{told}```findings\n{true}\n```\n", encoding="utf-8")
    else:
        assert f"{true}\n```\n" == expected, "if the new output is right, run: pytest tests/test_analysis.py --reset"
    codes = {each.diagnostic.code for each in checked.open}
    assert {code.upper() for code in re.findall(r"\ba\d\d\b", path.stem)} <= codes
    for finding in checked.findings:
        assert finding.witness is None or replay(checked.theory, finding.witness), finding.diagnostic.message


def test_the_documents_show_every_finding() -> None:
    shown_codes = set(re.findall(r"warning (A\d\d):", "".join(p.read_text(encoding="utf-8") for p in DOCUMENTS)))
    assert shown_codes == {code for code in CODES if code.startswith("A")}


# ---------------------------------------------------------------- our own rules


def test_nothing_is_found_in_our_rules_that_is_not_accepted() -> None:
    checked = check(ROOT / "rules")
    assert checked.analysed
    assert as_shown(checked) == "nothing to complain of"
    accepted = [each for each in checked.findings if each.accepted]
    assert accepted
    for finding in accepted:
        assert finding.witness and replay(checked.theory, finding.witness), finding.diagnostic.message
        assert len(finding.accepted.split()) > 5


def test_several_defects_in_our_rules_are_found_together(here: Path) -> None:
    """Some defects put into whole rules at the same time: one of them makes a dispute idle as well."""
    shutil.copytree(ROOT / "rules", here / "rules")
    small = here / "rules" / "schools" / "small-states.md"
    text = small.read_text(encoding="utf-8")
    for old, new in (
        ("  and it is peacetime\n", "  and it is peacetime\n  and a war is in its closing phase\n"),
        (
            "  if the state is weak\n  and the threat poses",
            "  if the state is weak\n  and the threat is weak\n  and the threat poses",
        ),
        ("Disputes: `weak-states-bandwagon`.\n\n```rule\nthe state is much more", "\n```rule\nthe state is much more"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    small.write_text(text, encoding="utf-8")
    with (here / "rules" / "vocabulary.md").open("a", encoding="utf-8") as vocabulary:
        vocabulary.write("\n### coinage of *a state* {#coinage}\nIs the coin of *the state* good?\n\n")
        vocabulary.write("- **yes**: the coin of *the state* is good\n")
    checked = check(Path("rules"))
    assert [each.diagnostic.code for each in checked.open] == ["A12", "A13", "A01", "A10"]
    assert all(each.witness and replay(checked.theory, each.witness) for each in checked.open)
