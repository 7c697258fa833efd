"""The sentences in contrast (``contrast.md``), and what is found, missed and mistaken in a reading of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from advisor.situation import closed
from advisor.terms import Fact, Observation, Vocabulary
from advisor.vocabulary import canonical, reversed_fact, variables

FILE = Path(__file__).resolve().parent / "contrast.md"
FIRM = ("asserted", "denied")
_FACT = re.compile(
    r"(?:(?P<stance>possible|supposed|reported|unsure) )?(?:(?P<holder>[A-Z]) )?(?P<negated>not )?"
    r"(?P<variable>\w+)\((?P<args>[A-Z](?:,[A-Z])?)\)(?:=(?P<value>[\w-]+))?"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as an item has it: ``stance`` is that of an observation, or ``unsure`` for any that is not firm."""

    fact: Fact
    stance: str
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A text, what must be read of it (one of each group) and what must never be read of it as settled."""

    section: str
    text: str
    read: tuple[tuple[Told, ...], ...]
    never: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reading makes of an item: groups found and missed, and its faults, each as (kind, observation)."""

    found: int
    missed: tuple[tuple[Told, ...], ...]
    faults: tuple[tuple[str, Observation], ...]


def load(file: Path = FILE) -> list[Item]:
    """Read the items; a row that cannot be read is a ValueError."""
    text = file.read_text(encoding="utf-8")
    head = text.split("\n## ", 1)[0]
    names = dict(re.findall(r"\b([A-Z]) ([A-Z]\w+)(?=[,.])", head.split("a letter stands for a name:")[1]))
    items, section = [], ""
    for line in text.splitlines():
        if line.startswith("#"):
            section = line.lstrip("# ")
        elif line.startswith("| ") and not line.startswith(("| text ", "| ---")):
            said, read, never = (cell.strip() for cell in line.strip("|").split("|"))
            groups = tuple(tuple(_told(each, names) for each in group.split(" or ")) for group in _parts(read))
            items.append(Item(section, said, groups, tuple(_told(each, names).fact for each in _parts(never))))
    return items


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _told(text: str, names: dict[str, str]) -> Told:
    match = _FACT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"this is no fact: {text}")
    args = tuple(names[letter] for letter in match["args"].split(","))
    holds = match["negated"] is None
    stance = match["stance"] or ("asserted" if holds else "denied")
    holder = names[match["holder"]] if match["holder"] else None
    return Told(Fact(match["variable"], args, match["value"] or "yes", holds), stance, holder)


def judge(vocabulary: Vocabulary, item: Item, observations: Iterable[Observation]) -> Outcome:
    """Compare a reading with an item; what the reader keeps as history is neither found nor a fault."""
    present = [each for each in observations if not each.past]
    missed = tuple(group for group in item.read if not any(_is_read(vocabulary, told, present) for told in group))
    faults = tuple((kind, each) for each in present if (kind := _fault(vocabulary, item, each)))
    return Outcome(len(item.read) - len(missed), missed, faults)


def _is_read(vocabulary: Vocabulary, told: Told, observations: list[Observation]) -> bool:
    """Whether a reading has what an item tells: firm facts with what the vocabulary implies, others as they stand."""
    if told.stance in FIRM:
        firm = closed(vocabulary, [each.fact for each in observations if each.stance in FIRM])
        return canonical(vocabulary, told.fact) in {canonical(vocabulary, fact) for fact in firm}
    return any(
        canonical(vocabulary, each.fact) == canonical(vocabulary, told.fact)
        and (each.stance == told.stance or (told.stance == "unsure" and each.stance not in FIRM))
        and told.holder in (None, each.holder)
        for each in observations
    )


def _fault(vocabulary: Vocabulary, item: Item, seen: Observation) -> str:
    """Give the kind of mistake an observation is, or nothing: a thing unsaid is a miss or a judgement, no mistake."""
    fact = canonical(vocabulary, seen.fact)
    expected = [told for group in item.read for told in group]
    right = {canonical(vocabulary, fact) for fact in closed(vocabulary, [t.fact for t in expected if t.stance in FIRM])}
    firm = seen.stance in FIRM
    if firm and fact in right:
        return ""
    if firm and fact in {canonical(vocabulary, each) for each in item.never}:
        return "never"
    for told in expected:
        variable = variables(vocabulary)[told.fact.variable]
        one_way = len(told.fact.args) == 2 and reversed_fact(variable, told.fact) is None
        turned = Fact(told.fact.variable, told.fact.args[::-1], told.fact.value, told.fact.holds)
        contrary = Fact(told.fact.variable, told.fact.args, told.fact.value, not told.fact.holds)
        mirror = variable.mirror and canonical(vocabulary, turned) == fact and turned.args != turned.args[::-1]
        said = {canonical(vocabulary, each.fact) for each in expected}
        if fact in said and firm and told.stance not in FIRM and fact == canonical(vocabulary, told.fact):
            return "certainty"
        if fact not in said and (one_way or mirror) and fact == canonical(vocabulary, turned):
            return "reversal"
        if fact not in said and fact == canonical(vocabulary, contrary) and (firm or told.stance in FIRM):
            return "polarity" if firm or not _softer(seen) else ""
    return ""


def _softer(seen: Observation) -> bool:
    """Whether an observation only weakens what it is about."""
    return seen.stance not in FIRM
