"""What stands on the pages of the book: values that a template only has to set.

A page's links lead from the root of the book; the template puts the way to the root before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from advisor.conclusions import write_conclusion
from advisor.explanation.naming import Naming, named, worded
from advisor.grammar import NUMBERS
from advisor.terms import (
    SYSTEM,
    AtLeast,
    CautionClaim,
    Conclusion,
    Condition,
    Derivation,
    Either,
    Example,
    Fact,
    MeasureClaim,
    Observation,
    OutcomeClaim,
    Proposition,
    School,
    StrategyClaim,
    Theory,
    Vocabulary,
)
from advisor.vocabulary import say, variables
from advisor.workshop.cases import Application
from advisor.workshop.prose import Passage, Run, passages, runs
from advisor.workshop.showing import leads_to
from advisor.workshop.trace import Trace, of_the_seed, statements_of

GLOSSARY, CHOICES, SEED = "glossary.html", "strategies.html", "seed.html"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a page; ``note`` is said beside them."""

    text: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where everything stands that has a page, or a place on one, by kind."""

    propositions: Mapping[str, str]
    schools: Mapping[str, str]
    words: Mapping[str, str]
    choices: Mapping[str, str]
    cases: Mapping[str, str]
    statements: Mapping[str, str]

    @property
    def every(self) -> dict[str, str]:
        """All of them; where two kinds of thing share an id the proposition comes first."""
        least, most = {**self.statements, **self.cases}, {**self.schools, **self.propositions}
        return {**least, **self.choices, **self.words, **most}


def links_of(theory: Theory, cases: Iterable[str], trace: Trace | None) -> Links:
    """Give everything its place in the book."""
    words = theory.vocabulary
    ids = [each.id for each in words.strategies] + [each.id for each in words.measures]
    ids += [each.id for each in words.outcomes] + [each.id for each in words.cautions]
    return Links(
        {each.id: f"propositions/{each.id}.html" for each in theory.propositions},
        {each.id: f"schools/{each.id}.html" for each in theory.schools},
        {each.id: f"{GLOSSARY}#{each.id}" for each in words.variables},
        {id_: f"{CHOICES}#{id_}" for id_ in ids},
        {id_: f"cases/{id_}.html" for id_ in cases},
        {each.id: f"{SEED}#{each.id}" for each in trace.statements} if trace else {},
    )


# ---------------------------------------------------------------- a rule, its phrases linked


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A line of a rule: the small word it begins with, and what it says; ``depth`` is its indentation."""

    lead: str
    runs: tuple[Run, ...]
    depth: int = 0


def rule_lines(theory: Theory, proposition: Proposition, links: Links) -> tuple[RuleLine, ...]:
    """Set a rule as its author wrote it, with every phrase linked to the entry that it comes from."""
    found = [
        RuleLine("and" if number else "", (_conclusion(theory.vocabulary, conclusion, links),))
        for number, conclusion in enumerate(proposition.conclusions)
    ]
    for number, premiss in enumerate(proposition.conditions):
        lead = "and" if number else "if"
        if isinstance(premiss, AtLeast):
            count = NUMBERS[premiss.count] if premiss.count < len(NUMBERS) else str(premiss.count)
            found.append(RuleLine(lead, (Run(f"at least {count} of"),), 1))
            found += [RuleLine("–", _condition(each, links), 2) for each in premiss.of]
        elif isinstance(premiss, Either):
            found.append(RuleLine(f"{lead} either", _condition(premiss.of[0], links), 1))
            found += [RuleLine("or", _condition(each, links), 2) for each in premiss.of[1:]]
        else:
            merged = len(premiss.values) > 1 and re.search(r" or ", premiss.text)
            found.append(RuleLine(f"{lead} either" if merged else lead, _condition(premiss, links), 1))
    found += [
        RuleLine("or unless" if number else "unless", _condition(each, links), 1)
        for number, each in enumerate(proposition.unless)
    ]
    return tuple(found)


def _condition(condition: Condition, links: Links) -> tuple[Run, ...]:
    value = f".{condition.values[0]}" if len(condition.values) == 1 else ""
    return (Run(condition.text, href=f"{links.words[condition.variable]}{value}"),)


def _conclusion(vocabulary: Vocabulary, conclusion: Conclusion, links: Links) -> Run:
    said = write_conclusion(vocabulary, conclusion)
    match conclusion:
        case StrategyClaim(id_):
            return Run(said, href=links.choices[id_])
        case OutcomeClaim(id_):
            return Run(said, href=links.choices[id_])
        case MeasureClaim(id_) | CautionClaim(id_):
            return Run(said, href=links.choices[id_])
        case Derivation(variable, _, value):
            return Run(said, href=f"{links.words[variable]}.{value}")
        case _:
            return Run(said, href=CHOICES)


# ---------------------------------------------------------------- a proposition


@dataclass(frozen=True, slots=True)
class Situated:
    """A situation in words, with its facts."""

    heading: str
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Some links under one heading."""

    heading: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in which a proposition applies, and what it was right and wrong about there."""

    case: Link
    right: tuple[Link, ...]
    wrong: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PropositionPage:
    """All that is told of one proposition; ``badge`` says how far its source is verified."""

    id: str
    title: str
    school: Link
    gloss: tuple[Passage, ...]
    source: tuple[Run, ...]
    badge: str
    rule: tuple[RuleLine, ...]
    situations: tuple[Situated, ...]
    quarrels: tuple[Group, ...]
    cases: tuple[CaseLine, ...]
    right: int
    wrong: int
    seed: tuple[Link, ...]
    before: Link | None = None
    after: Link | None = None


BADGES = ("from the seed", "verified", "partly verified", "not verified", "of this project", "unmarked")


def badge(proposition: Proposition) -> str:
    """Say in a word or two how far a source is verified."""
    if of_the_seed(proposition.source):
        return BADGES[0]
    return proposition.checked or ("unmarked" if proposition.beyond_seed else "of this project")


def titled(propositions: Iterable[Proposition], links: Links) -> tuple[Link, ...]:
    """Link propositions by their titles."""
    return tuple(Link(each.title, links.propositions[each.id]) for each in propositions)


def proposition_page(
    theory: Theory,
    proposition: Proposition,
    applied: Sequence[Application],
    trace: Trace | None,
    links: Links,
) -> PropositionPage:
    """Gather the page of a proposition."""
    known = {each.id: each for each in theory.propositions}
    school = next((each for each in theory.schools if each.id == proposition.school), None)
    others = [each for each in theory.propositions if each is not proposition]
    mates = [each for each in theory.propositions if each.school == proposition.school]
    place = mates.index(proposition)
    groups = (
        Group("Sets aside", titled((known[each] for each in proposition.defeats if each in known), links)),
        Group("Set aside by", titled((p for p in others if proposition.id in p.defeats), links)),
        Group("Disputed with", titled((p for p in others if _at_odds(proposition, p)), links)),
        Group("Builds on", titled((p for p in others if leads_to(p, proposition)), links)),
        Group("Is built on by", titled((p for p in others if leads_to(proposition, p)), links)),
    )
    lines = tuple(
        CaseLine(
            Link(each.title, links.cases[each.case]),
            _choices(theory.vocabulary, each.hits, links),
            _choices(theory.vocabulary, each.misses, links),
        )
        for each in applied
    )
    seed = tuple(
        Link(each.text, links.statements[each.id], each.heading)
        for each in (statements_of(trace, proposition.id) if trace else ())
    )
    return PropositionPage(
        id=proposition.id,
        title=proposition.title,
        school=Link(school.name, links.schools[school.id]) if school else Link("", "index.html"),
        gloss=passages(proposition.gloss, links.every),
        source=runs(proposition.source, links.every),
        badge=badge(proposition),
        rule=rule_lines(theory, proposition, links),
        situations=tuple(
            _situated(theory.vocabulary, heading, example)
            for heading, examples in (
                ("It applies", (proposition.fires, *proposition.more_fires)),
                ("It does not apply", (proposition.silent, *proposition.more_silent)),
            )
            for example in examples
            if example
        ),
        quarrels=tuple(group for group in groups if group.links),
        cases=lines,
        right=sum(bool(line.right) for line in lines),
        wrong=sum(bool(line.wrong) for line in lines),
        seed=seed,
        before=titled(mates[place - 1 : place], links)[0] if place else None,
        after=titled(mates[place + 1 : place + 2], links)[0] if place + 1 < len(mates) else None,
    )


def _at_odds(one: Proposition, other: Proposition) -> bool:
    return other.id in one.disputes or one.id in other.disputes


def _situated(vocabulary: Vocabulary, heading: str, example: Example) -> Situated:
    return Situated(heading, example.text, tuple(say(vocabulary, fact) for fact in example.facts))


def _choices(vocabulary: Vocabulary, ids: Iterable[str], links: Links) -> tuple[Link, ...]:
    """Link strategies and outcomes by what they are called in a sentence."""
    return tuple(Link(choice_name(id_), links.choices[id_]) for id_ in ids)


def choice_name(id_: str) -> str:
    """Say in a few words what a strategy or an outcome is, as its id does."""
    return re.sub(r"[-_]", " ", id_)


# ---------------------------------------------------------------- schools


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a school's document, with its propositions."""

    title: str
    propositions: tuple[PropositionLine, ...]


@dataclass(frozen=True, slots=True)
class PropositionLine:
    """A proposition in a list: its title, its first words, and how far its source is verified."""

    link: Link
    gloss: str
    badge: str


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """All that is told of a school."""

    id: str
    name: str
    note: tuple[Passage, ...]
    weight: str
    premise: str
    chapters: tuple[Chapter, ...]
    works: tuple[tuple[Run, ...], ...] = ()
    count: int = 0


def line_of(proposition: Proposition, links: Links) -> PropositionLine:
    """Put a proposition into a list."""
    first = re.match(r".*?[.?!](?=\s|$)", proposition.gloss, re.S)
    gloss = " ".join((first[0] if first else proposition.gloss).split())
    return PropositionLine(
        Link(proposition.title, links.propositions[proposition.id]),
        re.sub(r"[`*]", "", gloss),
        badge(proposition),
    )


def school_page(
    theory: Theory, school: School, chapters: Sequence[tuple[str, Sequence[str]]], works: Sequence[str], links: Links
) -> SchoolPage:
    """Gather the page of a school; ``chapters`` are the parts of its document with the ids of their propositions."""
    known = {each.id: each for each in theory.propositions}
    made = [Chapter(title, tuple(line_of(known[id_], links) for id_ in ids if id_ in known)) for title, ids in chapters]
    return SchoolPage(
        school.id,
        school.name,
        passages(school.note, links.every),
        f"{school.weight:g}",
        school.premise.text if school.premise else "",
        tuple(chapter for chapter in made if chapter.propositions),
        tuple(runs(work) for work in works),
        sum(each.school == school.id for each in theory.propositions),
    )


# ---------------------------------------------------------------- cases


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact of a case, linked to the glossary, and how the text puts it where it does not assert it."""

    text: str
    href: str
    stance: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """What is to be expected of whom, what the theory makes of it, and whether the two agree."""

    about: str
    expected: str
    found: str
    met: bool
    reason: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that is told of a case but for the explanation."""

    id: str
    title: str
    text: tuple[Passage, ...]
    facts: tuple[FactLine, ...]
    tolerated: tuple[FactLine, ...]
    expected: tuple[ExpectedLine, ...]
    source: tuple[Passage, ...]
    coding: tuple[Passage, ...]
    applied: tuple[CaseLine, ...] = field(default=())


_HOW = {"possible": "possibly", "supposed": "supposed", "reported": "reported"}


def fact_line(vocabulary: Vocabulary, naming: Naming, seen: Observation, links: Links) -> FactLine:
    """Set a fact of a case in running words."""
    said = worded(naming, vocabulary, seen.fact)
    stance = _HOW.get(seen.stance, "")
    if stance and seen.holder:
        stance = f"{stance} by {named(naming, seen.holder)}"
    return FactLine(said[:1].upper() + said[1:], _place(vocabulary, seen.fact, links), stance)


def _place(vocabulary: Vocabulary, fact: Fact, links: Links) -> str:
    known = {value.id for value in variables(vocabulary)[fact.variable].values}
    return f"{links.words[fact.variable]}.{fact.value}" if fact.value in known else links.words[fact.variable]


def about_whom(naming: Naming, state: str, toward: str | None) -> str:
    """Say of whom something is expected, towards whom."""
    if state == SYSTEM:
        return "the system"
    return named(naming, state) + (f", facing {named(naming, toward)}" if toward else "")
