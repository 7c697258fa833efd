"""The reader on sentences that differ in their smallest words (``contrast.md``)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import contrast
import pytest

from advisor.reading import read
from advisor.terms import Theory
from advisor.vocabulary import variables

RULES = Path(__file__).resolve().parent.parent / "rules"
RECALL = 0.95
"""The share of what has to be read that is read, rounded down; the goal is 1."""

KNOWN = {
    "Italy's support of Egypt never wavered.": "a possessor and an “of” are taken for each other",
    "Borland and Cadria are negotiating an alliance.": "the vocabulary has “negotiated” for “concluded”",
    "Not only did Borland attack Arvenia, it also threatened Cadria.": "“it” is taken for the object",
    "Germany's offer of territory to Italy was tempting.": "an offer is taken for an appeal",
    "Borland is less a great power than a small state.": "“less … than” is passed over",
    "Cadria promised Borland that it would attack Arvenia.": "the contrary of “promised not to attack”",
}
"""Sentences that are still misread, each with the reason."""


@pytest.fixture(scope="module")
def outcomes(theory: Theory) -> dict[contrast.Item, contrast.Outcome]:
    """What the reader makes of every item."""
    return {
        item: contrast.judge(theory.vocabulary, item, read(item.text, theory.vocabulary, rules=RULES).observations)
        for item in contrast.load()
    }


def test_the_set_has_both_directions_of_everything_that_has_two(theory: Theory) -> None:
    items = contrast.load()
    assert len(items) >= 300
    assert len({item.text for item in items}) == len(items)
    known = variables(theory.vocabulary)
    told = [each.fact for item in items for group in item.read for each in group]
    for fact in told:
        assert fact.value in {value.id for value in known[fact.variable].values}, fact
        assert len(fact.args) == known[fact.variable].arity, fact
    pairs = {(fact.variable, fact.args) for fact in told}
    for variable in known.values():
        if variable.arity == 2 and not variable.symmetric and not variable.derived:
            assert any((variable.id, args[::-1]) in pairs for name, args in pairs if name == variable.id), variable.id


def test_nothing_is_turned_round_or_settled_that_is_not(outcomes: dict[contrast.Item, contrast.Outcome]) -> None:
    wrong = {item.text: outcome.faults for item, outcome in outcomes.items() if outcome.faults}
    shown = [
        f"{kind}: {text} -> {seen.stance} {seen.fact}"
        for text, faults in wrong.items()
        for kind, seen in faults
        if text not in KNOWN
    ]
    assert shown == [], "\n".join(shown)
    assert set(KNOWN) <= set(wrong), f"read rightly now, take off the list: {sorted(set(KNOWN) - set(wrong))}"
    kinds = Counter(kind for faults in wrong.values() for kind, _ in faults)
    assert kinds["polarity"] <= len(outcomes) / 100


def test_most_of_it_is_read(
    outcomes: dict[contrast.Item, contrast.Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    asked, found = Counter[str](), Counter[str]()
    for item, outcome in outcomes.items():
        asked[item.section] += len(item.read)
        found[item.section] += outcome.found
    lines = [f"  {section:30} {found[section]:4} of {asked[section]:4}" for section in asked if asked[section]]
    share = found.total() / asked.total()
    with capsys.disabled():
        print("\nsentences in contrast, what is read", *lines, sep="\n")  # noqa: T201
        print(f"  {'all':30} {found.total():4} of {asked.total():4}  {share:.1%}")  # noqa: T201
    missed = [item.text for item, outcome in outcomes.items() if outcome.missed]
    assert share >= RECALL, f"{share:.3f} read, goal 1; not or not wholly read: {missed}"


def test_a_mistaken_row_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "contrast.md"
    head = "A letter stands for a name, where a letter stands for a name:\nA Arvenia.\n\n## Plain\n\n"
    file.write_text(head + "| Arvenia is weak. | strength[A]=weak | |\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no fact"):
        contrast.load(file)
