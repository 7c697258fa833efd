"""What a fact implies without being an argument of any school, as ``rules/consequences.md`` lists it.

Only the scoring of readings uses these lines: a reading that spells out such an implication is not wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from advisor.clauses import Stretch, clause, complain_at, cut, join, line_of, role_phrases
from advisor.diagnostics import Page, ordered, page
from advisor.markdown import Block, sections
from advisor.situation import closed
from advisor.terms import SYSTEM, Condition, Diagnostic, Fact, Term, Vocabulary

FILE = "consequences.md"


@dataclass(frozen=True, slots=True)
class Consequence:
    """One line: where ``source`` is said, each of ``follows`` is right as well."""

    source: Condition
    follows: tuple[Condition, ...]


def load_consequences(vocabulary: Vocabulary, rules: Path) -> tuple[tuple[Consequence, ...], tuple[Diagnostic, ...]]:
    """Read ``consequences.md`` of a rules folder; one without it has no consequences.

    Returns every line that could be read and a complaint about each that is no phrase of the vocabulary.
    """
    path = rules / FILE
    if not path.exists():
        return (), ()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return (), (Diagnostic("V01", f"this list of consequences cannot be read: {error}", str(path), 1),)
    return read_consequences(vocabulary, str(path), text)


def read_consequences(
    vocabulary: Vocabulary, path: str, text: str
) -> tuple[tuple[Consequence, ...], tuple[Diagnostic, ...]]:
    """Read a list of consequences from its text; ``path`` is what the complaints call it."""
    on = page(path, text)
    items = [block for section in sections(text) for block in section.blocks if block.kind == "item"]
    read = [_consequence(vocabulary, on, _stretch(on, item)) for item in items]
    return tuple(each for each in read if each), ordered(on.found)


def _stretch(on: Page, item: Block) -> Stretch:
    """Give an item as one stretch that knows its places in the file."""
    whole = Stretch("", ())
    for number, line in enumerate(item.lines, item.line):
        whole = join(whole, line_of(line.rstrip(), number, on.lines[number - 1].find(line) + 1))
    return whole


def _consequence(vocabulary: Vocabulary, on: Page, said: Stretch) -> Consequence | None:
    """Read one item; complains and gives None where any part of it cannot be read."""
    colon = said.text.find(":")
    if colon < 0:
        complain_at(on, "T18", "this line does not say what follows", said, "write a colon, and then what follows")
        return None
    roles = role_phrases(vocabulary)
    source = clause(vocabulary, on, cut(said, 0, colon), roles)
    follows: list[Condition | None] = []
    start = colon + 1
    while start < len(said.text):
        end = said.text.find(";", start)
        end = len(said.text) if end < 0 else end
        part = cut(said, start, end)
        start = end + 1
        if part.text:
            follows.append(_following(vocabulary, on, part, roles, source))
    if not follows:
        complain_at(on, "T18", "this line does not say what follows", said, "write after the colon what follows")
    read = tuple(each for each in follows if each)
    return Consequence(source, read) if source and read and len(read) == len(follows) else None


def _following(
    vocabulary: Vocabulary, on: Page, part: Stretch, roles: dict[str, str], source: Condition | None
) -> Condition | None:
    """Read one thing that follows; it has one value, and speaks of nobody whom the source does not speak of."""
    follows = clause(vocabulary, on, part, roles)
    if follows is None or source is None:
        return None
    if len(follows.values) != 1:
        complain_at(on, "T28", "this leaves open which value follows", part, "name one value")
        return None
    strangers = [term.name for term in follows.terms if term.role and term not in source.terms]
    if strangers:
        phrase = next(said for said, role in roles.items() if role == strangers[0])
        complain_at(
            on, "T23", f"what comes before the colon does not speak of “{phrase}”", part, "use the roles named there"
        )
        return None
    return follows


# ---------------------------------------------------------------- use


def implied(vocabulary: Vocabulary, consequences: tuple[Consequence, ...], fact: Fact) -> frozenset[Fact]:
    """Give all that is right where a fact is: itself, what the vocabulary implies, and the consequences listed.

    The lines apply to the fact alone and once, so the result does not depend on their order.
    """
    given = closed(vocabulary, [fact])
    added = {
        Fact(
            follows.variable,
            tuple(places[term] if term.role else term.name for term in follows.terms) or (SYSTEM,),
            follows.values[0],
            follows.holds,
        )
        for consequence in consequences
        for args in {each.args for each in given if each.variable == consequence.source.variable}
        for places in [_bound(consequence.source, args)]
        if places is not None and _met(consequence.source, args, given)
        for follows in consequence.follows
    }
    return closed(vocabulary, given | added)


def _bound(source: Condition, args: tuple[str, ...]) -> dict[Term, str] | None:
    """Say who plays each role of a source, or None where it names somebody else."""
    terms = source.terms or (Term(SYSTEM, False),)
    if len(terms) != len(args) or any(t.name != a for t, a in zip(terms, args, strict=True) if not t.role):
        return None
    return dict(zip(terms, args, strict=True))


def _met(source: Condition, args: tuple[str, ...], given: frozenset[Fact]) -> bool:
    """Whether what is given meets a source about some states."""
    told = [Fact(source.variable, args, value, source.holds) in given for value in source.values]
    return any(told) if source.holds else all(told)
