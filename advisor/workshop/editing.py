"""What an editor of the rules is told at a place of a document: how it may go on, what stands there, and what an id is.

All of it is worked out from the text as it stands, saved or not, and from the theory as it was last loaded.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor import wording
from advisor.clauses import names_in, role_phrases, understand
from advisor.conclusions import write_conclusion
from advisor.diagnostics import CODES
from advisor.glossary import Entry
from advisor.terms import (
    CautionClaim,
    Conclusion,
    Edit,
    MeasureClaim,
    OutcomeClaim,
    StrategyClaim,
    Term,
    Theory,
    Vocabulary,
)
from advisor.vocabulary import once_each
from advisor.workshop.places import Clause, clause_at, id_at, listing, named

MOST = 200
"""How many ways to go on are offered at once."""

_MOST_NAMES = 8
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DETAIL = re.compile(r" {2,}- [a-z]+: ")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on: ``edit`` puts it in, ``text`` is the whole of it, ``detail`` says what it is."""

    text: str
    edit: Edit
    detail: str
    kind: str


@dataclass(frozen=True, slots=True)
class Hover:
    """What is said of the words from ``column`` up to ``end`` of a line, in Markdown."""

    column: int
    end: int
    text: str


class NotRenamed(ValueError):
    """An id cannot be changed as it was asked; the message says why."""


# ---------------------------------------------------------------- how to go on


def complete(theory: Theory, entries: Sequence[Entry], text: str, line: int, column: int) -> tuple[Completion, ...]:
    """Say how the words before a place may go on: with a phrase, a role or the name of a state, or with an id."""
    lines = text.splitlines()
    before = lines[line - 1][: column - 1] if 0 < line <= len(lines) else ""
    label = listing(text, line, column)
    if label or re.search(r"`[\w-]*$", before):
        return tuple(_ids(theory, entries, lines[line - 1] if before else "", label, line, column))
    clause = clause_at(text, line, column)
    if clause is None:
        return ()
    names = tuple(role_phrases(theory.vocabulary)) if clause.kind == "rule" else _names(theory.vocabulary, text)
    said = clause.above + before[clause.column - 1 :]
    start, above = min(clause.column, column), len(clause.above)
    found = _going_on(theory.vocabulary, clause, said, names)
    if not found and clause.kind == "rule" and " or " in said:
        # The last of several alternatives is begun.
        start, above = clause.column + said.rindex(" or ") + len(" or "), 0
        found = _going_on(theory.vocabulary, clause, before[start - 1 :], names)
    return tuple(
        Completion(whole, Edit(line, start, line, column, whole[above:]), detail, kind) for whole, detail, kind in found
    )


def _ids(
    theory: Theory, entries: Sequence[Entry], said: str, label: str, line: int, column: int
) -> Iterator[Completion]:
    """Offer ids: of propositions after a label, of any entry in backticks; and the codes of what may be accepted."""
    typed, after = re.search(r"`?[\w-]*$", said[: column - 1]), said[column - 1 :]
    begun = typed[0] if typed else ""
    start = column - len(begun)
    titles = {each.id: each.title for each in theory.propositions}
    known = dict.fromkeys(titles) if label else dict.fromkeys(each.id for each in entries)
    if label == "Accepted" and not begun.startswith("`"):
        for code, meaning in CODES.items():
            if code.startswith("A") and code.lower().startswith(begun.lower()):
                yield Completion(code, Edit(line, start, line, column, code), meaning, "code")
    for id_ in known:
        if id_.startswith(begun.strip("`").lower()):
            # An editor closes the quotation mark by itself as soon as it is opened.
            put = f"`{id_}" if after.startswith("`") else f"`{id_}`"
            yield Completion(id_, Edit(line, start, line, column, put), titles.get(id_, ""), "id")


def _names(vocabulary: Vocabulary, text: str) -> tuple[str, ...]:
    """List what may be the names of states in a document: those of the roles, and the commonest others."""
    called = [role.called for role in vocabulary.roles if role.called]
    found = {
        name: len(re.findall(rf"\b{re.escape(name)}\b", text))
        for name in names_in(text)
        if " " not in name and not name.isupper()
    }
    usual = sorted((name for name in found if found[name] > 2 and name not in called), key=lambda n: (-found[n], n))
    here = [name for name in called if name in found] or called
    return tuple(dict.fromkeys([*here, *usual[: max(0, _MOST_NAMES - len(here))]]))


def _going_on(
    vocabulary: Vocabulary, clause: Clause, said: str, names: Sequence[str]
) -> tuple[tuple[str, str, str], ...]:
    """Give the whole clauses that begin with what is said; failing these, those that have all its words."""
    begun = said.lstrip().lower()
    found = [
        (name, _meaning(vocabulary, name), "name")
        for name in names
        if name.lower().startswith(begun) and name.lower() != begun.strip()
    ]
    if begun:
        every = [*_filled(vocabulary, names), *(claims(vocabulary).items() if clause.concludes else ())]
        hits = [each for each in every if each[0].lower().startswith(begun)]
        if not hits:
            words = [word for word in re.findall(r"[\w'’-]+", begun) if len(word) > 1]
            hits = [each for each in every if words and all(word in each[0].lower() for word in words)]
        found += [(text, id_, "phrase") for text, id_ in hits]
    return tuple(dict.fromkeys(found))[:MOST]


def _meaning(vocabulary: Vocabulary, name: str) -> str:
    return next((role.meaning for role in vocabulary.roles if name in (role.phrase, role.called)), "")


@once_each
def _wordings(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """List every wording of rules with its places, the usual ones first, each with the id of what it says."""
    told: list[tuple[int, str, str]] = []
    of_values = [(variable.id, value.phrases) for variable in vocabulary.variables for value in variable.values]
    for id_, phrases in [*of_values, *((group.variable, group.phrases) for group in vocabulary.groups)]:
        clauses = [phrase for phrase in phrases if phrase.kind == "clause"]
        for rank, phrase in enumerate(clauses):
            told.append((min(rank, 1) * 2, wording.plain(phrase.text), id_))
            told.append((min(rank, 1) * 2 + 1, phrase.denial or wording.denial(phrase.text), id_))
    return tuple((text, id_) for _, text, id_ in sorted(told, key=lambda each: each[0]))


def _filled(vocabulary: Vocabulary, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Put names into the places of every wording, in every way."""
    for text, id_ in _wordings(vocabulary):
        places = sorted(set(re.findall(r"\{\d\}", text)))
        for chosen in itertools.permutations(names, len(places)):
            whole = text
            for place, name in zip(places, chosen, strict=True):
                whole = whole.replace(place, name)
            yield whole, id_


@once_each
def claims(vocabulary: Vocabulary) -> dict[str, str]:
    """Give, by its wording, what each claim that a rule may conclude is about: a strategy, an outcome and so on."""
    found: list[tuple[str, Conclusion]] = []
    for strategy in vocabulary.strategies:
        found += [(strategy.id, StrategyClaim(strategy.id, way, n)) for way in (True, False) for n in (2, 3, 1)]
    for outcome in vocabulary.outcomes:
        cast = [(Term(role.id),) for role in vocabulary.roles] if outcome.arity else [()]
        for terms, (value, _), n in itertools.product(cast, outcome.values, (2, 3, 1)):
            found.append((outcome.id, OutcomeClaim(outcome.id, terms, value, n)))
    found += [(measure.id, MeasureClaim(measure.id)) for measure in vocabulary.measures]
    found += [(caution.id, CautionClaim(caution.id)) for caution in vocabulary.cautions]
    return {write_conclusion(vocabulary, claim): id_ for id_, claim in found}


# ---------------------------------------------------------------- what stands there


def meant(theory: Theory, text: str, line: int, column: int) -> tuple[tuple[str, ...], int, int]:
    """Give the ids of what is named or said at a place, and from where to where it stands on the line."""
    here = id_at(text, line, column)
    if here:
        return (here.id,), here.column, here.end
    clause = clause_at(text, line, column)
    if clause is None or not clause.column <= column <= clause.end:
        return (), column, column
    return _said(theory.vocabulary, clause), clause.column, clause.end


def _said(vocabulary: Vocabulary, clause: Clause) -> tuple[str, ...]:
    """Give the ids of what a clause says; one that holds alternatives says something in each."""
    plain = clause.text.strip(" .,;:")
    claimed = {text.lower(): id_ for text, id_ in claims(vocabulary).items()}
    roles = role_phrases(vocabulary)
    for parts in ([plain], re.split(r",? or ", plain)):
        found: list[str] = []
        for part in parts:
            known = claimed.get(part.lower())
            found += [known] if known else [meaning.variable for meaning in understand(vocabulary, part, roles)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def hover(theory: Theory, entries: Iterable[Entry], text: str, line: int, column: int) -> Hover | None:
    """Give the entries of what stands at a place, without the many wordings of texts."""
    ids, start, end = meant(theory, text, line, column)
    by_id: dict[str, list[str]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(_brief(entry.text))
    told = [each for id_ in ids for each in by_id.get(id_, ())]
    return Hover(start, end, "\n\n---\n\n".join(told)) if told else None


def _brief(text: str) -> str:
    """Leave the further wordings out of an entry; what stands in a rule is left as it is."""
    kept: list[str] = []
    fenced = dropping = False
    for line in text.splitlines():
        fenced ^= bool(_FENCE.match(line))
        dropping = not fenced and (bool(_DETAIL.match(line)) or (dropping and line.startswith("    ")))
        if not dropping:
            kept.append(line)
    return "\n".join(kept)


def definitions(theory: Theory, entries: Iterable[Entry], text: str, line: int, column: int) -> tuple[Entry, ...]:
    """Give the entries in which what stands at a place is defined."""
    ids, _, _ = meant(theory, text, line, column)
    return tuple(entry for entry in entries if entry.id in ids)


# ---------------------------------------------------------------- another id


def rename(theory: Theory, documents: Mapping[str, str], old: str, new: str) -> dict[str, tuple[Edit, ...]]:
    """Give the changes, document by document, that give a proposition another id wherever it is named.

    Raises NotRenamed if ``old`` is no proposition, or ``new`` is no id or is taken.
    """
    if old not in {each.id for each in theory.propositions}:
        raise NotRenamed(f"“{old}” is no proposition; only the id of a proposition can be changed here")
    if not _ID.fullmatch(new):
        raise NotRenamed(f"“{new}” is no id; write small letters and digits, with hyphens between words")
    if any(f"{{#{new}}}" in text for text in documents.values()):
        raise NotRenamed(f"there is a “{new}” already; choose another id")
    found = {path: tuple(named(text, old)) for path, text in documents.items() if old in text}
    return {
        path: tuple(Edit(line, each.column, line, each.end, new) for line, each in places)
        for path, places in found.items()
        if places
    }
