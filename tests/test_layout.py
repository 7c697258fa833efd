"""The layout of documents loses nothing and settles at once; what is begun passes the check but for its blanks."""

from __future__ import annotations

import itertools
import random
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from advisor.cli import main
from advisor.terms import Theory
from advisor.theory import load_theory, read_theory
from advisor.transcript import load
from advisor.workshop.layout import lay_out, rule_lines
from advisor.workshop.skeleton import id_of, new_proposition, new_transcript, with_proposition

ROOT = Path(__file__).resolve().parent.parent
OURS = sorted((ROOT / "rules").rglob("*.md"))
SCHOOLS = sorted((ROOT / "rules" / "schools").glob("*.md"))
EVERY = [*OURS, *sorted((ROOT / "transcripts").glob("*.md")), *sorted((ROOT / "tests" / "theories").rglob("*.md"))]
SMALL = {"if", "and", "or", "unless", "-"}

# ---------------------------------------------------------------- the law


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_own_rules_are_laid_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert lay_out(text) == text, f"advisor format {path.relative_to(ROOT)} mends it"


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_laying_out_twice_changes_nothing_and_keeps_every_word(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = lay_out(text)
    assert lay_out(once) == once
    assert words(once) == words(text)


def words(text: str) -> list[str]:
    """Every word of a document; the small words and the marks are the layout's own affair."""
    return [word for word in re.findall(r"[^\W_]+", text) if word.lower() not in SMALL]


def mutilated(text: str, chance: random.Random) -> str:
    """The same document, badly laid out: blanks, wraps, blank lines, indentations where they mean nothing."""
    made: list[str] = []
    fence = ""
    for line in text.splitlines():
        if line.startswith("```"):
            fence = "" if fence else line
            made += [line + " " * chance.randint(0, 2)]
        elif fence == "```rule":
            made += _broken(line, chance, " " * chance.randint(0, 6), "")
        elif line.startswith("> "):
            made += _broken(line[2:], chance, ">" + " " * chance.randint(0, 3), ">", apart=("**", "*Facts"))
        elif line.startswith("#"):
            made += [*[""] * chance.randint(0, 2), line.replace(" ", " " * chance.randint(1, 3), 1) + "  ", ""]
        elif not line and made and not made[-1].startswith(">"):
            made += [" " * chance.randint(0, 2) for _ in range(chance.randint(1, 3))]
        else:
            made += [line]
    return "\r\n".join(made)


def _broken(line: str, chance: random.Random, mark: str, next_mark: str, apart: tuple[str, ...] = ()) -> list[str]:
    """Break a line where the break means nothing: not before, and not behind, a small word."""
    parts = line.split()
    out = [mark + parts[0]] if parts else [line]
    for before, word in itertools.pairwise(parts):
        small = {before.lower(), word.lower()} & SMALL
        free = not small and before[:1] != "*" and not word.startswith((*apart, "-"))
        if free and chance.random() < 0.15:
            out.append(f"{next_mark}{' ' * chance.randint(1, 5)}{word}")
        else:
            out[-1] += " " * chance.choice((1, 1, 1, 2, 3)) + word
    return out


@settings(deadline=None, max_examples=25)
@given(some.integers(0, 10**9), some.sampled_from(SCHOOLS))
def test_a_theory_survives_mutilation_and_layout(theory: Theory, seed: int, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    spoilt = mutilated(text, random.Random(seed))
    made = lay_out(spoilt)
    assert lay_out(made) == made
    before, _ = read_theory(theory.vocabulary, [(path.name, text)])
    after, _ = read_theory(theory.vocabulary, [(path.name, made)])
    assert after.propositions == before.propositions
    assert after.schools == before.schools
    assert after.digest == before.digest


LINES = sorted({line for path in EVERY for line in path.read_text(encoding="utf-8").splitlines()})
ODD = [
    "```",
    "```rule",
    "~~~",
    "- ",
    "> ",
    "> **Fires.**",
    "> *Facts: *",
    "# ",
    "###### x",
    "* * *",
    "\t- a",
    "Source:",
    "1. x",
]


@settings(deadline=None, max_examples=200)
@given(some.lists(some.one_of(some.sampled_from(LINES), some.sampled_from(ODD), some.text(max_size=9)), max_size=14))
def test_any_lines_settle_at_once_and_lose_no_word(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = lay_out(text)
    assert lay_out(once) == once
    assert set(words(once)) == set(words(text))


def test_the_whole_theory_is_the_same_laid_out(theory: Theory, tmp_path: Path) -> None:
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    for path in rules.rglob("*.md"):
        path.write_text(lay_out(mutilated(path.read_text(encoding="utf-8"), random.Random(7))), encoding="utf-8")
    again, complaints = load_theory(rules)
    assert not complaints
    assert again.vocabulary == theory.vocabulary
    assert again == theory


# ---------------------------------------------------------------- what it does


def test_a_rule_is_put_in_order() -> None:
    written = """
    The state is   more likely to ally
       with others against the threat,
    and the security of the state is higher
    IF either the state is weak,
    or the state is a great power
    and at least two of:
    - the state is weak.
      - the threat
     is weak
    unless   it is peacetime
    and unless there is war
    """
    assert rule_lines(written.splitlines()) == [
        "The state is more likely to ally with others against the threat",
        "and the security of the state is higher",
        "  if either the state is weak",
        "    or the state is a great power",
        "  and at least two of",
        "    - the state is weak",
        "    - the threat is weak",
        "  unless it is peacetime",
        "  or unless there is war",
    ]


def test_situations_and_labels_are_put_in_order() -> None:
    spoilt = (
        "# S {#s}\n### P  {#p}\nProse  as it\n is.\nSource: seed,\n  *Lead* [1] Defeats: a\n\nDisputes: `b` c\n"
        "```rule\nx\n```\n> **Fires.**  Arvenia\n> is small. *Facts:  a ;b*\n> **Silent.** No.\n> *Facts: c.*\n"
    )
    assert lay_out(spoilt) == (
        "# S {#s}\n\n### P {#p}\n\nProse  as it\n is.\nSource: seed,\n  *Lead* [1] Defeats: a\n\n"
        "Disputes: `b`, `c`.\n\n"
        "```rule\nx\n```\n\n> **Fires.** Arvenia is small.\n> *Facts: a; b.*\n\n> **Silent.** No.\n> *Facts: c.*\n"
    )


def test_a_fence_that_is_not_closed_is_left_alone() -> None:
    text = "# S {#s}\n\n### P {#p}\n\n```rule\nthe state\n  if it\n\n### Q {#q}\n\n> **Fires.** Yes.\n\n```\n"
    assert lay_out(text) == text


def test_format_writes_shows_or_only_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.md"
    path.write_text("# S {#s}\n### P {#p}\n```rule\nx\nif   y\n```\n", encoding="utf-8")
    assert main(["format", "--check", str(path)]) == 1
    assert capsys.readouterr().out == f"{path}\n"
    assert main(["format", "--diff", str(path)]) == 1
    assert "-if   y\n+  if y\n" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8").startswith("# S {#s}\n### P")
    assert main(["format", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == "# S {#s}\n\n### P {#p}\n\n```rule\nx\n  if y\n```\n"
    assert main(["format", "--check", str(path)]) == 0
    assert "1 document in order" in capsys.readouterr().err
    assert main(["format", str(tmp_path / "missing.md")]) == 2


# ---------------------------------------------------------------- what is begun


def test_a_new_proposition_passes_the_check_but_for_its_blanks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    arguments = ["new", "proposition", "--school", "small-states", "--rules", str(rules)]
    assert main(arguments) == 0
    assert main([*arguments, "--title", "Weak states bandwagon"]) == 0
    capsys.readouterr()
    school = (rules / "schools" / "small-states.md").read_text(encoding="utf-8")
    assert "{#new-proposition}" in school and "{#weak-states-bandwagon-2}" in school
    assert school.index("{#weak-states-bandwagon-2}") < school.index("## Works cited")
    assert lay_out(school) == school
    _, complaints = load_theory(rules)
    assert {each.code for each in complaints} == {"T38"}
    blanks = school.count("?]")
    assert len(complaints) == blanks == 17
    assert all(each.message.startswith("this is still to be written: ") and each.hint for each in complaints)
    assert all(each.source[each.column - 1] == "[" for each in complaints)


def test_a_new_proposition_that_is_filled_in_is_sound(theory: Theory) -> None:
    made = new_proposition("The small keep quiet near a giant")
    for blank, words in (
        ("[Why should it be so, in a sentence or two?]", "A small state that the strong do not notice is left alone."),
        ("[Who says so, with the year and the page?]", "your own, 2024, p. 1"),
        ("[do what?]", "keep its head down and stay neutral"),
        ("[on which condition?]", "the state is weak"),
        ("[What is a situation to which it applies, in a few sentences?]", "Arvenia is a small state."),
        ("[What are the facts in it?]", "Arvenia is weak"),
        ("[What is a situation that differs in one thing, so that it does not apply?]", "Arvenia is a great power."),
    ):
        assert blank in made
        made = made.replace(blank, words, 1)
    made = made.replace("[What are the facts in it?]", "Arvenia is a great power")
    document, line = with_proposition("# S {#s}\n\nWords.\n\nWeight: 1.0.\n", made)
    after, complaints = read_theory(theory.vocabulary, [("s.md", document)])
    assert not complaints
    (only,) = after.propositions
    assert (only.line, only.checked, only.id) == (line, "not verified", "the-small-keep-quiet-near-a-giant")


def test_a_new_transcript_passes_the_check_but_for_its_blanks(
    theory: Theory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.md"
    assert main(["new", "transcript", str(path), "--title", "Arvenia, 1900"]) == 0
    case, complaints = load(theory.vocabulary, path)
    assert case.title == "Arvenia, 1900"
    assert {each.code for each in complaints} == {"C17"}
    assert len(complaints) == path.read_text(encoding="utf-8").count("?]") == 5
    assert main(["new", "transcript", str(path)]) == 2
    assert "there is such a file already" in capsys.readouterr().err
    assert main(["new", "transcript"]) == 0
    assert capsys.readouterr().out == new_transcript()


def test_what_new_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "proposition", "--school", "small-stats"]) == 2
    assert "did you mean “small-states”?" in capsys.readouterr().err
    assert main(["new", "proposition", "file.md"]) == 2
    assert main(["new", "transcript", "--school", "small-states"]) == 2
    assert main(["new", "proposition"]) == 0


@pytest.mark.parametrize(
    ("title", "taken", "expected"),
    [
        ("Weak states hide", (), "weak-states-hide"),
        ("Fénelon's “rule”", (), "fenelon-s-rule"),
        ("…", (), "new-proposition"),
        ("A", ("a", "a-2"), "a-3"),
    ],
)
def test_an_id_is_made_of_a_title(title: str, taken: tuple[str, ...], expected: str) -> None:
    assert id_of(title, taken) == expected
