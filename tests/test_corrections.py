"""Sixty plausible mistakes of an author: each gets its line, its cause, and a correction that parses."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.diagnostics import corrected
from advisor.terms import Diagnostic, Theory, Vocabulary
from advisor.theory import read_theory

BAD = sorted((Path(__file__).resolve().parent / "theories" / "bad").glob("*.md"))

PAGE = """\
# Border studies {#border-studies}

A school made up for a test.

Weight: 1.0. Premise: no authority stands above the states.

### Weak states hide {#weak-states-hide}

A weak state that the strong do not notice is left in peace.

Source: Nobody 1900, p. 1. Not verified.
Disputes: `strong-states-arm`.

```rule
the state is much more likely to keep its head down and stay neutral
  if the state is weak
  and the threat is far stronger than any other single state
  and the state has no allies to turn to
  unless the threat is attacking or pressing the state
```

> **Fires.** Arvenia is a small state without allies. Borland towers over its rivals.
> *Facts: Arvenia is weak; Borland is far stronger than any other single state; Arvenia has no allies to turn to.*

> **Silent.** Arvenia is a great power. Borland towers over its rivals.
> *Facts: Arvenia is a great power; Borland is far stronger than any other single state.*

### Strong states arm {#strong-states-arm}

A great power looks after itself.

Source: Nobody 1901, p. 2. Not verified.
Disputes: `weak-states-hide`.

```rule
the state is more likely to build up its own strength against the threat
and aggression by the threat is less likely
  if the state is at least a great power
  and at least two of
    - the threat is hostile towards the state
    - the threat shares a border with the state
    - the threat has strong offensive forces
```

> **Fires.** Arvenia is a great power. Borland, its hostile neighbour, borders on it.
> *Facts: Arvenia is a great power; Borland is hostile towards Arvenia; Borland shares a border with Arvenia.*

> **Silent.** Arvenia is a great power. Borland means it no harm and borders on it.
> *Facts: Arvenia is a great power; Borland means Arvenia no harm; Borland shares a border with Arvenia.*
"""

RULE = PAGE[PAGE.rindex("```rule") : PAGE.rindex("```") + len("```\n")]
UNFENCED = RULE.removeprefix("```rule\n").partition("  and at least")[0]

MISTAKES: tuple[tuple[str, str, str, str, str], ...] = (
    # what went wrong, what is replaced, by what, the code of the complaint, and words in its line
    ("a typo in a phrase", "if the state is weak", "if the state is waek", "T19", "is waek"),
    (
        "a typo in a longer phrase",
        "than any other single state\n  and the",
        "then any other single state\n  and the",
        "T19",
        "then any",
    ),
    ("a letter left out", "no allies to turn to\n  unless", "no alies to turn to\n  unless", "T19", "no alies"),
    (
        "a word left out",
        "is far stronger than any other single state\n  and",
        "is far stronger than any other state\n  and",
        "T19",
        "any other state",
    ),
    (
        "two words swapped",
        "is attacking or pressing the state",
        "is pressing or attacking the state",
        "T19",
        "pressing or attacking",
    ),
    ("the plural of a phrase", "if the state is weak", "if the states is weak", "T20", "the states"),
    ("another tense", "if the state is weak", "if the state was weak", "T19", "was weak"),
    (
        "a double negation",
        "and the state has no allies to turn to\n",
        "and the state has not no allies to turn to\n",
        "T19",
        "not no",
    ),
    ("an unusual denial", "if the state is weak\n", "if the state isn't weak\n", "T19", "isn't"),
    ("an unknown term", "if the state is weak\n", "if the state is feeble and small\n", "T19", "feeble"),
    ("a forgotten the", "if the state is weak\n", "if state is weak\n", "T21", "if state"),
    (
        "a forgotten the before the threat",
        "unless the threat is attacking",
        "unless threat is attacking",
        "T21",
        "unless threat",
    ),
    ("a forgotten the in a list", "    - the threat has strong", "    - threat has strong", "T21", "- threat"),
    ("an indefinite article", "if the state is at least", "if a state is at least", "T22", "a state"),
    (
        "another state introduced by and",
        "and the threat is far stronger",
        "and another threat is far stronger",
        "T22",
        "another threat",
    ),
    ("a role that is none", "and the threat is far stronger", "and the enemy is far stronger", "T20", "the enemy"),
    ("a role misspelt", "and the threat is far stronger", "and the thraet is far stronger", "T20", "the thraet"),
    (
        "a role never bound",
        "and aggression by the threat is less",
        "and aggression by the ally is less",
        "T23",
        "the ally",
    ),
    (
        "a role bound nowhere but in unless",
        "unless the threat is attacking or pressing the state",
        "unless the ally is weak",
        "T24",
        "the ally",
    ),
    (
        "one state twice",
        "the threat shares a border with the state\n    -",
        "the threat shares a border with the threat\n    -",
        "T27",
        "with the threat",
    ),
    ("a state left out", "- the threat is hostile towards the state", "- the threat is neutral", "T27", "is neutral"),
    ("two if", "  and the threat is far", "  if the threat is far", "T17", "  if the threat"),
    (
        "and after unless",
        "pressing the state\n```",
        "pressing the state\n  and the state is a middle power\n```",
        "T17",
        "middle power",
    ),
    (
        "if on the line of the conclusion",
        "stay neutral\n  if the state",
        "stay neutral if the state",
        "T17",
        "neutral if",
    ),
    (
        "a forgotten if",
        "  if the state is at least a great power\n  and at least",
        "  and at least",
        "T16",
        "at least two of",
    ),
    (
        "and for if",
        "stay neutral\n  if the state is weak\n  and the threat is far",
        "stay neutral\n  and the threat is far",
        "T16",
        "no allies to turn to",
    ),
    (
        "two conditions on one line",
        "  if the state is weak\n  and the",
        "  if the state is weak and the",
        "T19",
        "weak and",
    ),
    (
        "or without either",
        "  if the state is weak\n",
        "  if the state is weak or the state is a middle power\n",
        "T19",
        "weak or",
    ),
    ("unless on the line of a condition", "to turn to\n  unless", "to turn to unless", "T19", "turn to unless"),
    ("at least more than there are", "at least two of", "at least four of", "T26", "four of"),
    ("a list below a plain condition", "  and at least two of\n", "", "T26", "- the threat is hostile"),
    (
        "a strategy misspelt",
        "keep its head down and stay neutral",
        "keep its head low and stay neutral",
        "T18",
        "head low",
    ),
    (
        "a strategy cut short",
        "build up its own strength against the threat",
        "build up its strength",
        "T18",
        "its strength",
    ),
    (
        "a strategy of the threat",
        "the state is more likely to build",
        "the threat is more likely to build",
        "T18",
        "the threat is more",
    ),
    (
        "a strategy stated as a fact",
        "the state is much more likely to keep its head down and stay neutral",
        "the state aligns with the threat",
        "T18",
        "aligns",
    ),
    (
        "a strategy as a condition",
        "  and the state has no allies to turn to\n",
        "  and the state is likely to align with the threat\n",
        "T19",
        "likely to align",
    ),
    (
        "an argument as a condition",
        "  and the state has no allies to turn to\n",
        "  and the state is more likely to align with the threat\n",
        "T25",
        "more likely to align",
    ),
    (
        "an outcome misspelt",
        "aggression by the threat is less likely",
        "agression by the threat is less likely",
        "T18",
        "agression",
    ),
    (
        "an outcome in other words",
        "aggression by the threat is less likely",
        "aggression of the threat is less likely",
        "T18",
        "of the threat",
    ),
    (
        "an unknown caution",
        "and aggression by the threat is less likely",
        "and bear in mind the debate about polarity",
        "T18",
        "about polarity",
    ),
    (
        "an unknown measure",
        "and aggression by the threat is less likely",
        "and one measure is to build economic capacity",
        "T18",
        "economic capacity",
    ),
    (
        "a conclusion denied",
        "and aggression by the threat is less likely",
        "and the threat does not pose a high threat to the state",
        "T28",
        "not pose",
    ),
    (
        "a conclusion that leaves the value open",
        "and aggression by the threat is less likely",
        "and the threat poses a serious threat to the state",
        "T28",
        "serious threat",
    ),
    ("a tab", "  if the state is weak\n", "\tif the state is weak\n", "T04", "if the state is weak"),
    ("a tab in the prose", "A great power looks", "A great power\tlooks", "T04", "looks"),
    ("a fence not closed", "strong offensive forces\n```\n", "strong offensive forces\n", "T13", "```rule"),
    ("a missing fence", RULE, UNFENCED, "T12", "Strong states arm"),
    (
        "a fence of another kind",
        "```rule\nthe state is more likely to build",
        "```rules\nthe state is more likely to build",
        "T12",
        "Strong states arm",
    ),
    (
        "a fence of no kind",
        "```rule\nthe state is more likely to build",
        "```\nthe state is more likely to build",
        "T12",
        "Strong states arm",
    ),
    ("a heading of the second level", "### Strong states arm", "## Strong states arm", "T09", "Strong states arm"),
    ("a heading of the fourth level", "### Strong states arm", "#### Strong states arm", "T09", "Strong states arm"),
    ("a heading of the first level", "### Strong states arm", "# Strong states arm", "T05", "Strong states arm"),
    ("the school's heading of the second level", "# Border studies {", "## Border studies {", "T05", "Border studies"),
    ("no heading for the school", PAGE.partition("###")[0], "", "T05", "Weak states hide"),
    (
        "a heading without its id",
        "### Strong states arm {#strong-states-arm}",
        "### Strong states arm",
        "T06",
        "Strong states arm",
    ),
    (
        "a heading without a title",
        "### Strong states arm {#strong-states-arm}",
        "### {#strong-states-arm}",
        "T06",
        "strong-states-arm",
    ),
    ("one id twice", "arm {#strong-states-arm}", "arm {#weak-states-hide}", "T10", "Strong states arm"),
    (
        "a source not labelled",
        "Source: Nobody 1901, p. 2. Not verified.\n",
        "Nobody 1901, p. 2. Not verified.\n",
        "T11",
        "Strong states arm",
    ),
    ("a source whose label is misspelt", "Source: Nobody 1901", "Sorce: Nobody 1901", "T36", "Sorce"),
    (
        "a relation whose label is misspelt",
        "Disputes: `weak-states-hide`",
        "Dispute: `weak-states-hide`",
        "T36",
        "Dispute:",
    ),
    ("an id misspelt", "Disputes: `weak-states-hide`", "Disputes: `weak-state-hides`", "T29", "weak-state-hides"),
    ("an id that is nowhere", "Disputes: `weak-states-hide`", "Disputes: `xyz`", "T29", "xyz"),
    ("a dispute with itself", "Disputes: `weak-states-hide`", "Disputes: `strong-states-arm`", "T29", "Disputes"),
    ("no weight", "Weight: 1.0. Premise", "Premise", "T07", "Border studies"),
    ("a weight that is no number", "Weight: 1.0.", "Weight: one.", "T07", "Border studies"),
    (
        "a premise misspelt",
        "Premise: no authority stands above the states.",
        "Premise: no authority stand above the states.",
        "T08",
        "no authority stand",
    ),
    ("a fact misspelt", "*Facts: Arvenia is weak;", "*Facts: Arvenia is waek;", "T32", "waek"),
    ("a fact about a role", "*Facts: Arvenia is weak;", "*Facts: the state is weak;", "T32", "the state is weak"),
    (
        "a fact that leaves its value open",
        "*Facts: Arvenia is a great power; Borland means",
        "*Facts: Arvenia is at least a great power; Borland means",
        "T32",
        "at least a great",
    ),
    (
        "a fact that leaves out a state",
        "Borland means Arvenia no harm; Borland shares",
        "Borland is neutral; Borland shares",
        "T32",
        "Borland is neutral",
    ),
    (
        "facts that contradict each other",
        "*Facts: Arvenia is weak; Bor",
        "*Facts: Arvenia is weak; Arvenia is a great power; Bor",
        "T33",
        "Arvenia is a great",
    ),
    (
        "a fact that is only concluded",
        "*Facts: Arvenia is weak; Bor",
        "*Facts: Arvenia is weak; Borland poses a high threat to Arvenia; Bor",
        "T34",
        "high threat",
    ),
    (
        "a situation whose label is misspelt",
        "> **Fires.** Arvenia is a small",
        "> **Fire.** Arvenia is a small",
        "T35",
        "Weak states hide",
    ),
    (
        "a situation that is not in bold",
        "> **Silent.** Arvenia is a great power. Borland means",
        "> Silent. Arvenia is a great power. Borland means",
        "T35",
        "Strong states arm",
    ),
    (
        "facts without their stars",
        "no harm; Borland shares a border with Arvenia.*",
        "no harm; Borland shares a border with Arvenia.",
        "T35",
        "Borland means it",
    ),
)


@pytest.fixture(scope="module")
def vocabulary(theory: Theory) -> Vocabulary:
    return theory.vocabulary


def complaints(vocabulary: Vocabulary, text: str) -> tuple[Diagnostic, ...]:
    return read_theory(vocabulary, [("border-studies.md", text)])[1]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_correction_removes_its_complaint(vocabulary: Vocabulary, path: Path) -> None:
    text = path.read_text(encoding="utf-8").rpartition("```diagnostics\n")[0]
    for complaint in complaints(vocabulary, text):
        if complaint.fix is not None:
            left = complaints(vocabulary, corrected(text, complaint.fix))
            assert (complaint.code, complaint.message) not in {(each.code, each.message) for each in left} or (
                sum((each.code, each.message) == (complaint.code, complaint.message) for each in left)
                < sum((e.code, e.message) == (complaint.code, complaint.message) for e in complaints(vocabulary, text))
            )


def test_the_page_is_sound(vocabulary: Vocabulary) -> None:
    assert not complaints(vocabulary, PAGE)
    assert len(MISTAKES) >= 60
    assert len({name for name, *_ in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize(("old", "new", "code", "words"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_corrected(vocabulary: Vocabulary, old: str, new: str, code: str, words: str) -> None:
    assert PAGE.count(old) >= 1
    text = PAGE.replace(old, new, 1)
    found = complaints(vocabulary, text)
    first = next((each for each in found if each.code == code), None)
    assert first, [(each.code, each.line, each.message) for each in found]
    assert words in text.splitlines()[first.line - 1], (first.line, first.message)
    assert first.message and first.fix is not None, first.message
    for _ in range(6):
        fix = next((each.fix for each in found if each.fix is not None), None)
        if fix is None:
            break
        text = corrected(text, fix)
        found = complaints(vocabulary, text)
    assert not found, (text, [(each.code, each.line, each.message) for each in found])
