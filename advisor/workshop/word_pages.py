"""The pages of words: the glossary, and what can be done and may come of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.conclusions import phrased
from advisor.terms import (
    AtLeast,
    CautionClaim,
    Derivation,
    Either,
    MeasureClaim,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Theory,
    Variable,
)
from advisor.vocabulary import strategies
from advisor.wording import plain
from advisor.workshop.pages import Group, Link, Links, titled


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """A value: how it is said first, how else, and how many more wordings are understood in texts."""

    anchor: str
    first: str
    also: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class WordEntry:
    """An entry of the glossary."""

    id: str
    title: str
    question: str
    notes: tuple[str, ...]
    values: tuple[ValueEntry, ...]
    used: tuple[Link, ...]
    concluded: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class WordSection:
    """A part of the glossary."""

    title: str
    anchor: str
    entries: tuple[WordEntry, ...]


def glossary(theory: Theory, links: Links) -> tuple[WordSection, ...]:
    """Gather the glossary in the order of its author."""
    found: dict[str, list[WordEntry]] = {}
    for each in theory.vocabulary.variables:
        found.setdefault(each.section, []).append(_word(theory, each, links))
    return tuple(WordSection(title, anchor(title), tuple(listed)) for title, listed in found.items())


def anchor(text: str) -> str:
    """Make a place on a page of a heading."""
    return "part-" + "-".join(re.findall(r"\w+", text.lower()))


def _word(theory: Theory, variable: Variable, links: Links) -> WordEntry:
    slots = ("the state", "the other") if variable.arity == 2 else ("the state", "")
    values = []
    for value in variable.values:
        said = [plain(each.text).format(*slots) for each in value.phrases if each.kind == "clause" and each.affirms]
        values.append(ValueEntry(f"{variable.id}.{value.id}", said[0], tuple(said[1:]), len(value.phrases) - len(said)))
    notes = [
        note
        for note, holds in (
            ("Asked for first.", variable.core),
            ("Concluded by propositions, never read or asked.", variable.derived),
            ("It holds both ways.", variable.symmetric),
            ("Several values may hold at once.", variable.many),
            ("It is what a state believes.", variable.believer >= 0),
        )
        if holds
    ]
    default = next((value.first for value in values if value.anchor == f"{variable.id}.{variable.default}"), "")
    notes += [f"Where nothing is said it is assumed that {default}."] if default else []
    used = (p for p in theory.propositions if variable.id in _asked(p))
    concluded = (p for p in theory.propositions if variable.id in _concluded(p))
    return WordEntry(
        variable.id,
        title_of(variable),
        variable.question.format(*slots) if variable.question else "",
        tuple(notes),
        tuple(values),
        titled(used, links),
        titled(concluded, links),
    )


def title_of(variable: Variable) -> str:
    """Give the title of an entry as a heading."""
    title = variable.title.replace("*", "")
    return title[:1].upper() + title[1:]


def _asked(proposition: Proposition) -> set[str]:
    premisses = (*proposition.conditions, *proposition.unless)
    listed = (each.of if isinstance(each, Either | AtLeast) else (each,) for each in premisses)
    return {condition.variable for conditions in listed for condition in conditions}


def _concluded(proposition: Proposition) -> set[str]:
    return {each.variable for each in proposition.conclusions if isinstance(each, Derivation)}


@dataclass(frozen=True, slots=True)
class ChoiceEntry:
    """A strategy, a measure, an outcome or a caution, and who speaks of it."""

    id: str
    title: str
    text: str
    notes: tuple[str, ...]
    groups: tuple[Group, ...]


def choices(theory: Theory, links: Links, titles: Mapping[str, str]) -> dict[str, tuple[ChoiceEntry, ...]]:
    """Gather strategies, measures, outcomes and cautions; ``titles`` are the headings of strategies."""
    words = theory.vocabulary
    topics = {each.id: each.question for each in words.topics}
    families = {each.id: each.text for each in words.families}
    known = strategies(words)
    made: dict[str, list[ChoiceEntry]] = {"strategies": [], "measures": [], "outcomes": [], "cautions": []}
    for strategy in words.strategies:
        notes = [topics.get(strategy.question, ""), f"Family: {families.get(strategy.family, strategy.family)}."]
        notes += [f"Impossible if {each.text}." for each in strategy.impossible_if]
        forms = tuple(Link(titles.get(each, each), links.choices[each]) for each in strategy.forms if each in known)
        groups = (
            Group("Forms", forms),
            Group("Argued for by", titled(_arguing(theory, strategy.id, True), links)),
            Group("Argued against by", titled(_arguing(theory, strategy.id, False), links)),
        )
        text = f"To {phrased(words, strategy.infinitive)}."
        title = titles.get(strategy.id, strategy.id)
        made["strategies"].append(_choice(strategy.id, title, text, [note for note in notes if note], groups))
    for measure in words.measures:
        used = [p for p in theory.propositions if MeasureClaim(measure.id) in p.conclusions]
        title = measure.id.replace("-", " ").capitalize()
        of = [f"A way to go about {titles.get(measure.strategy, measure.strategy).lower()}."]
        text = f"To {phrased(words, measure.infinitive)}."
        made["measures"].append(_choice(measure.id, title, text, of, (Group("Named by", titled(used, links)),)))
    for outcome in words.outcomes:
        by_value = [
            Group(f"Is {word}", titled(_claiming(theory, outcome.id, value), links)) for value, word in outcome.values
        ]
        subject = outcome.subject.format("a state")
        title = outcome.id.replace("_", " ").capitalize()
        text = f"{subject[:1].upper()}{subject[1:]}."
        made["outcomes"].append(_choice(outcome.id, title, text, [], by_value))
    for caution in words.cautions:
        used = [p for p in theory.propositions if CautionClaim(caution.id) in p.conclusions]
        title = caution.title[:1].upper() + caution.title[1:]
        made["cautions"].append(_choice(caution.id, title, caution.text, [], (Group("Named by", titled(used, links)),)))
    return {kind: tuple(listed) for kind, listed in made.items()}


def _choice(id_: str, title: str, text: str, notes: Sequence[str], groups: Iterable[Group]) -> ChoiceEntry:
    return ChoiceEntry(id_, title, text, tuple(notes), tuple(group for group in groups if group.links))


def _arguing(theory: Theory, strategy: str, favours: bool) -> list[Proposition]:
    return [
        p
        for p in theory.propositions
        if any(isinstance(c, StrategyClaim) and (c.strategy, c.favours) == (strategy, favours) for c in p.conclusions)
    ]


def _claiming(theory: Theory, outcome: str, value: str) -> list[Proposition]:
    return [
        p
        for p in theory.propositions
        if any(isinstance(c, OutcomeClaim) and (c.outcome, c.value) == (outcome, value) for c in p.conclusions)
    ]
