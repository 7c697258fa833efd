"""One entry of the rules with all that has to do with it: what it uses and who uses it, its quarrels, its cases.

An entry is shown as its author wrote it; what stands in other places of the theory is listed below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from advisor.conclusions import phrased
from advisor.glossary import Entry
from advisor.grammar import conditions_in
from advisor.terms import (
    CautionClaim,
    Condition,
    Derivation,
    MeasureClaim,
    MenuClaim,
    Outcome,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Theory,
    Variable,
)
from advisor.vocabulary import say_condition, value_ids, variables
from advisor.wording import plain
from advisor.workshop.cases import Application, Worked, applications
from advisor.workshop.trace import Statement, Trace, of_the_seed, statements_of


@dataclass(frozen=True, slots=True)
class Item:
    """Something that an entry has to do with: its id, and what is to be said of it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Relation:
    """What an entry has to do with in one way, such as what it defeats."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it stands, what kind of thing it is, its relations, and the phrases of a variable by value."""

    id: str
    kinds: tuple[str, ...]
    entries: tuple[Entry, ...]
    relations: tuple[Relation, ...]
    phrases: tuple[tuple[str, tuple[str, ...]], ...] = ()


def shown(
    theory: Theory, id_: str, entries: Sequence[Entry], cases: Sequence[Worked] = (), trace: Trace | None = None
) -> Shown:
    """Gather what is to be shown of an id; several kinds of thing may share one.

    ``entries`` are all entries of the folder of rules; ``cases`` and ``trace`` add where it applies and what of
    the seed it carries.
    """
    words, propositions = theory.vocabulary, [each for each in theory.propositions if each.id == id_]
    found: list[tuple[str, list[list[Relation]]]] = [
        ("proposition", [_of_proposition(theory, each, cases, trace) for each in propositions]),
        ("variable", [_of_variable(theory, each) for each in words.variables if each.id == id_]),
        ("strategy", [_of_strategy(theory, id_, cases) for each in words.strategies if each.id == id_]),
        ("measure", [_of_claim(theory, id_) for each in words.measures if each.id == id_]),
        ("outcome", [_of_outcome(theory, each, cases) for each in words.outcomes if each.id == id_]),
        ("caution", [_of_claim(theory, id_) for each in words.cautions if each.id == id_]),
        ("school", [_of_school(theory, id_) for each in theory.schools if each.id == id_]),
        ("transcript", [_of_case(theory, each) for each in cases if each.case.id == id_]),
        ("statement", [_of_statement(each) for each in trace.statements if each.id == id_] if trace else []),
        ("trace", [_of_trace(theory, trace)] if trace and any(_is_trace(each, id_) for each in entries) else []),
    ]
    word = variables(words).get(id_)
    named = [_of_the_seed_too(id_, trace)] if trace and not propositions else []
    relations = [relation for _, every in found for each in every for relation in each]
    return Shown(
        id_,
        tuple(kind for kind, every in found if every),
        tuple(entry for entry in entries if entry.id == id_),
        tuple(relation for relation in (*relations, *named) if relation.items),
        _phrases(word) if word else (),
    )


def _is_trace(entry: Entry, id_: str) -> bool:
    return entry.id == id_ and entry.path == "seed.md" and entry.text.startswith("# ")


def _phrases(variable: Variable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the wordings of each value, the usual one first."""
    slots = ("the state", "the other") if variable.arity == 2 else ("the state", "")
    return tuple(
        (value.id, tuple(plain(phrase.text).format(*slots) for phrase in value.phrases)) for value in variable.values
    )


# ---------------------------------------------------------------- what propositions have to do with one another


def _named(propositions: Iterable[Proposition]) -> tuple[Item, ...]:
    return tuple(Item(each.id, each.title) for each in propositions)


def _of_proposition(
    theory: Theory, proposition: Proposition, cases: Sequence[Worked], trace: Trace | None
) -> list[Relation]:
    """List what a proposition rests on and leads to, its quarrels, its cases and its place in the seed."""
    known = {each.id: each for each in theory.propositions}
    school = next((each for each in theory.schools if each.id == proposition.school), None)
    words = variables(theory.vocabulary)
    asked = (*conditions_in(proposition.conditions), *proposition.unless)
    used = dict.fromkeys(condition.variable for condition in asked)
    statements = statements_of(trace, proposition.id) if trace else ()
    applied = applications(theory, cases)[proposition.id] if cases else ()
    others = [each for each in theory.propositions if each is not proposition]
    return [
        Relation("school", (Item(school.id, school.name),) if school else ()),
        Relation("speaks of", tuple(Item(id_, words[id_].title.replace("*", "")) for id_ in used)),
        Relation("builds on", _named(each for each in others if leads_to(each, proposition))),
        Relation("used by", _named(each for each in others if leads_to(proposition, each))),
        Relation("defeats", _named(known[each] for each in proposition.defeats if each in known)),
        Relation("defeated by", _named(p for p in theory.propositions if proposition.id in p.defeats)),
        Relation("disputes", _named(known[each] for each in proposition.disputes if each in known)),
        Relation("disputed by", _named(p for p in theory.propositions if proposition.id in p.disputes)),
        Relation("applies in", tuple(Item(each.case, told(each)) for each in applied)),
        Relation("carries of the seed", tuple(Item(each.id, each.text) for each in statements)),
    ]


def leads_to(one: Proposition, other: Proposition) -> bool:
    """Whether a proposition concludes a fact that another asks for."""
    concluded = {(c.variable, c.value) for c in one.conclusions if isinstance(c, Derivation)}
    asked = (*conditions_in(other.conditions), *other.unless)
    return any((condition.variable, value) in concluded for condition in asked for value in condition.values)


def told(applied: Application) -> str:
    """Say how a proposition did in a case."""
    right = f"right about {', '.join(applied.hits)}" if applied.hits else ""
    wrong = f"wrong about {', '.join(applied.misses)}" if applied.misses else ""
    record = "; ".join(part for part in (right, wrong) if part)
    return f"{applied.title}: {record}" if record else applied.title


# ---------------------------------------------------------------- words


def _of_variable(theory: Theory, variable: Variable) -> list[Relation]:
    """List which propositions ask for a variable, and which conclude it."""
    names = {role.id: role.phrase for role in theory.vocabulary.roles}

    def asked(condition: Condition) -> str:
        return say_condition(theory.vocabulary, condition, names)

    used: list[Item] = []
    excepted: list[Item] = []
    concluded: list[Item] = []
    for each in theory.propositions:
        for listed, conditions in ((used, conditions_in(each.conditions)), (excepted, each.unless)):
            said = dict.fromkeys(asked(condition) for condition in conditions if condition.variable == variable.id)
            listed += [Item(each.id, "; ".join(said))] if said else []
        values = {c.value for c in each.conclusions if isinstance(c, Derivation) and c.variable == variable.id}
        said_of = [value for value in value_ids(variable) if value in values]
        concluded += [Item(each.id, ", ".join(said_of))] if said_of else []
    return [
        Relation("asked for by", tuple(used)),
        Relation("an exception in", tuple(excepted)),
        Relation("concluded by", tuple(concluded)),
    ]


def _claims(theory: Theory, kind: type) -> Iterator[tuple[Proposition, Any]]:
    for each in theory.propositions:
        for claim in each.conclusions:
            if isinstance(claim, kind):
                yield each, claim


_DEGREES = {3: "much ", 2: "", 1: "somewhat "}


def _of_strategy(theory: Theory, id_: str, cases: Sequence[Worked]) -> list[Relation]:
    """List who argues for a strategy and who against it, how it is carried out, and where it is expected."""
    claims = [(p, claim) for p, claim in _claims(theory, StrategyClaim) if claim.strategy == id_]
    menu = [p for p, claim in _claims(theory, MenuClaim) if id_ in claim.strategies]
    expected = [
        Item(each.case.id, f"{each.case.title}: {expectation.state}")
        for each in cases
        for expectation in each.case.expect
        if id_ in (expectation.strategy, *expectation.acceptable)
    ]
    return [
        Relation("argued for by", _degrees((p, claim.strength, "more") for p, claim in claims if claim.favours)),
        Relation(
            "argued against by", _degrees((p, claim.strength, "less") for p, claim in claims if not claim.favours)
        ),
        Relation("on the table in", _named(menu)),
        Relation(
            "measures",
            tuple(
                Item(each.id, phrased(theory.vocabulary, each.infinitive))
                for each in theory.vocabulary.measures
                if each.strategy == id_
            ),
        ),
        Relation("expected in", tuple(expected)),
    ]


def _degrees(claims: Iterable[tuple[Proposition, int, str]]) -> tuple[Item, ...]:
    return tuple(Item(p.id, f"{p.title} ({_DEGREES[strength]}{sign} likely)") for p, strength, sign in claims)


def _of_outcome(theory: Theory, outcome: Outcome, cases: Sequence[Worked]) -> list[Relation]:
    """List who says what of an outcome, and where it is expected."""
    claims = [(p, claim) for p, claim in _claims(theory, OutcomeClaim) if claim.outcome == outcome.id]
    expected = [
        Item(each.case.id, f"{each.case.title}: {expectation.value or 'disputed'}")
        for each in cases
        for expectation in each.case.expect_outcomes
        if expectation.outcome == outcome.id
    ]
    by_value = [
        Relation(
            f"is {word} according to",
            tuple(Item(p.id, f"{p.title} ({_DEGREES[c.strength]}{word})") for p, c in claims if c.value == value),
        )
        for value, word in outcome.values
    ]
    return [*by_value, Relation("expected in", tuple(expected))]


def _of_claim(theory: Theory, id_: str) -> list[Relation]:
    """List which propositions name a measure or a caution."""
    named = [p for p, claim in _claims(theory, MeasureClaim) if claim.measure == id_]
    named += [p for p, claim in _claims(theory, CautionClaim) if claim.caution == id_]
    return [Relation("named by", _named(named))]


def _of_school(theory: Theory, id_: str) -> list[Relation]:
    """List the propositions of a school."""
    return [Relation("propositions", _named(each for each in theory.propositions if each.school == id_))]


# ---------------------------------------------------------------- cases and the seed


def _of_case(theory: Theory, worked: Worked) -> list[Relation]:
    """List which propositions apply in a case, with their record there."""
    titles = {each.id: each.title for each in theory.propositions}
    items = []
    for id_, applied in applications(theory, [worked]).items():
        items += [Item(id_, told(each).replace(each.title, titles[id_], 1)) for each in applied]
    return [Relation("propositions that apply", tuple(items))]


def carriers(statement: Statement) -> str:
    """Say what became of a statement of the seed, in one line."""
    parts = [*statement.propositions, *statement.vocabulary, *statement.transcripts]
    if statement.reason:
        parts.append(f"not a rule: {statement.reason}")
    return ", ".join(parts)


def _of_statement(statement: Statement) -> list[Relation]:
    return [
        Relation("carried by", tuple(Item(id_, "") for id_ in statement.propositions)),
        Relation("found in the vocabulary", tuple(Item(id_, "") for id_ in statement.vocabulary)),
        Relation("shown in", tuple(Item(id_, "") for id_ in statement.transcripts)),
    ]


def _of_the_seed_too(id_: str, trace: Trace) -> Relation:
    """List the statements of the seed that an entry of the vocabulary or a transcript carries."""
    return Relation(
        "carries of the seed",
        tuple(Item(each.id, each.text) for each in trace.statements if id_ in (*each.vocabulary, *each.transcripts)),
    )


def fidelity(theory: Theory, trace: Trace) -> tuple[Item, ...]:
    """Count what became of the statements of the seed, and which propositions go back to it."""
    seeded = [each for each in theory.propositions if of_the_seed(each.source)]
    borne = [each for each in seeded if statements_of(trace, each.id)]
    by = trace.statements
    return (
        Item("statements", str(len(by))),
        Item("carried by propositions", str(sum(bool(each.propositions) for each in by))),
        Item("carried by transcripts", str(sum(bool(each.transcripts) for each in by))),
        Item("carried by the vocabulary", str(sum(bool(each.vocabulary) for each in by))),
        Item("not a rule, with the reason", str(sum(bool(each.reason) for each in by))),
        Item("without a trace", str(sum(not carriers(each) for each in by))),
        Item("propositions of the seed", str(len(seeded))),
        Item("that point back to a statement", str(len(borne))),
    )


def _of_trace(theory: Theory, trace: Trace) -> list[Relation]:
    """Report both directions: from the seed to the project, and back."""
    forth = [
        Relation(
            heading,
            tuple(
                Item(each.id, f"{each.text} → {carriers(each) or 'nothing'}")
                for each in trace.statements
                if each.heading == heading
            ),
        )
        for heading in trace.headings
    ]
    back = tuple(
        Item(each.id, ", ".join(statement.id for statement in statements_of(trace, each.id)) or "nothing")
        for each in theory.propositions
        if of_the_seed(each.source)
    )
    return [
        Relation("count", fidelity(theory, trace)),
        *forth,
        Relation("from the propositions back to the seed", back),
    ]


# ---------------------------------------------------------------- out


def as_text(it: Shown) -> str:
    """Show an entry and its relations as text."""
    parts = [f"{entry.path}:{entry.line}\n\n{entry.text}" for entry in it.entries]
    for relation in it.relations:
        lines = [f"  {item.id}: {item.text}" if item.text else f"  {item.id}" for item in relation.items]
        parts.append("\n".join([f"{relation.name[:1].upper()}{relation.name[1:]}", *lines]))
    return "\n\n".join(parts)


def as_markdown(it: Shown) -> str:
    """Show an entry and its relations as Markdown."""
    parts = [entry.text for entry in it.entries]
    for relation in it.relations:
        lines = [f"- `{item.id}`: {item.text}" if item.text else f"- `{item.id}`" for item in relation.items]
        parts.append("\n".join([f"**{relation.name[:1].upper()}{relation.name[1:]}**", "", *lines]))
    return "\n\n".join(parts)


def as_json(it: Shown) -> dict[str, Any]:
    """Give an entry and its relations as plain data."""
    return {
        "schema": "advisor.show/1",
        "id": it.id,
        "kinds": list(it.kinds),
        "entries": [asdict(entry) for entry in it.entries],
        "related": [
            {"relation": relation.name, "items": [asdict(item) for item in relation.items]} for relation in it.relations
        ],
        "phrases": {value: list(phrases) for value, phrases in it.phrases},
    }
