"""The theory: a folder of rules to a ``Theory`` and what is wrong with it.

No text makes the loader fail; all it cannot read it complains of.  Here is what concerns the schools
together: ids, references, the order in which propositions build on one another.
"""

from __future__ import annotations

import difflib
import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from advisor.diagnostics import Page, complain, ordered, page
from advisor.grammar import conditions_in
from advisor.markdown import sections
from advisor.schools import Entry, read_propositions, read_school
from advisor.situation import closed
from advisor.terms import (
    AtLeast,
    Condition,
    Derivation,
    Diagnostic,
    Edit,
    Either,
    Fact,
    Proposition,
    School,
    Theory,
    Vocabulary,
)
from advisor.vocabulary_files import load_vocabulary

# ---------------------------------------------------------------- loading


def load_theory(rules: Path, *, seed_only: bool = False) -> tuple[Theory, tuple[Diagnostic, ...]]:
    """Load the vocabulary and the schools of a rules folder.

    Returns what could be read, and every complaint, errors first; the caller decides whether to go on.
    ``seed_only`` leaves out the propositions that go beyond the text the project started from.
    """
    vocabulary, diagnostics = load_vocabulary(rules)
    folder = rules / "schools"
    documents: list[tuple[str, str]] = []
    try:
        paths = sorted((path for path in folder.iterdir() if path.suffix == ".md"), key=lambda path: path.name)
        if not paths:
            diagnostics.append(Diagnostic("T02", "there is no school file (*.md) in this folder", str(folder), 1))
    except OSError as error:
        paths = []
        hint = "a rules folder has vocabulary.md, strategies.md, outcomes.md and a folder schools"
        message = f"this folder cannot be read: {error.strerror}"
        diagnostics.append(Diagnostic("T01", message, str(folder), 1, hint=hint))
    for path in paths:
        try:
            content = path.read_bytes()
            documents.append((str(path), content.decode("utf-8").removeprefix("\ufeff")))
        except OSError as error:
            message = f"this school's file cannot be read: {error.strerror}"
            diagnostics.append(Diagnostic("T03", message, str(path), 1))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            diagnostics.append(
                Diagnostic("T03", "this file is not valid UTF-8", str(path), line, hint="save it as UTF-8")
            )
    theory, complaints = read_theory(vocabulary, documents)
    named = {str(path): path.relative_to(rules).as_posix() for path in paths}
    here = tuple(replace(p, path=named[p.path]) for p in theory.propositions)
    theory = replace(theory, propositions=here)
    return (only_seed(theory) if seed_only else theory), ordered([*diagnostics, *complaints])


def read_theory(vocabulary: Vocabulary, documents: Iterable[tuple[str, str]]) -> tuple[Theory, tuple[Diagnostic, ...]]:
    """Read the schools from their documents, pairs of a path and a text; returns what could be read, and complaints."""
    schools: list[School] = []
    entries: list[Entry] = []
    pages: list[Page] = []
    for path, text in documents:
        on = page(path, text)
        pages.append(on)
        for number, line in enumerate(on.lines, 1):
            if "\t" in line:
                fix = Edit(number, 1, number, len(line) + 1, line.expandtabs(2))
                complain(on, "T04", "this line contains a tab", number, "\t", "write blanks instead", fix=fix)
        parts = sections(text)
        school = read_school(vocabulary, on, parts)
        if school and any(school.id == known.id for known in schools):
            top = next(part.line for part in parts if part.level == 1)
            message, fix = f"there are two schools “{school.id}”", _renamed(on, top, school.id)
            complain(on, "T10", message, top, school.id, "choose another id", fix=fix)
        elif school:
            schools.append(school)
        for entry in read_propositions(vocabulary, on, parts, school.id if school else ""):
            first = next((known for known in entries if known.id == entry.id), None)
            if first:
                hint = f"the first is in {first.on.path}, line {first.line}"
                fix = _renamed(on, entry.line, entry.id)
                complain(on, "T10", f"there are two propositions “{entry.id}”", entry.line, entry.id, hint, fix=fix)
            else:
                entries.append(entry)
    _check_references(entries)
    propositions = tuple(entry.proposition for entry in entries if entry.proposition)
    _check_cycles(vocabulary, entries, propositions)
    theory = Theory(vocabulary, tuple(schools), propositions, _digest(vocabulary, schools, propositions))
    return theory, ordered(diagnostic for on in pages for diagnostic in on.found)


def only_seed(theory: Theory) -> Theory:
    """Leave out what goes beyond the text the project started from, and every reference to it."""
    kept = [proposition for proposition in theory.propositions if not proposition.beyond_seed]
    ids = {proposition.id for proposition in kept}
    propositions = tuple(
        replace(
            proposition,
            defeats=tuple(id_ for id_ in proposition.defeats if id_ in ids),
            disputes=tuple(id_ for id_ in proposition.disputes if id_ in ids),
        )
        for proposition in kept
    )
    digest = _digest(theory.vocabulary, theory.schools, propositions)
    return Theory(theory.vocabulary, theory.schools, propositions, digest)


def _content(value: Any) -> Any:
    """Reduce a value to plain data: what it says, without where it stands."""
    if is_dataclass(value):
        said = {each.name: _content(getattr(value, each.name)) for each in fields(value) if each.compare}
        return {"is": type(value).__name__, **said}
    if isinstance(value, Fact):
        return {"is": "Fact", **{name: _content(each) for name, each in value._asdict().items()}}
    return [_content(each) for each in value] if isinstance(value, tuple) else value


def _digest(vocabulary: Vocabulary, schools: Iterable[School], propositions: Iterable[Proposition]) -> str:
    """Name the content of a theory, whatever the files it stands in and their order."""
    content = [
        _content(vocabulary),
        [_content(school) for school in sorted(schools, key=lambda school: school.id)],
        [_content(proposition) for proposition in sorted(propositions, key=lambda proposition: proposition.id)],
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


# ---------------------------------------------------------------- what propositions say of one another


def _check_references(entries: Sequence[Entry]) -> None:
    """Complain about defeats and disputes of what does not exist, and of defeats in a circle."""
    ids = [entry.id for entry in entries]
    for entry in entries:
        referred = (*entry.proposition.defeats, *entry.proposition.disputes) if entry.proposition else ()
        for id_ in referred:
            if id_ not in ids or (entry.proposition and entry.id in entry.proposition.disputes):
                close = difflib.get_close_matches(id_, [each for each in ids if each != entry.id], n=1, cutoff=0.6)
                hint = f"did you mean “{close[0]}”?" if close else ""
                message = (
                    f"there is no proposition “{id_}”" if id_ != entry.id else "a proposition cannot dispute itself"
                )
                line = _line_of(entry, id_)
                fix = close[0] if close and id_ != entry.id else _unreferred(entry, line, id_)
                complain(entry.on, "T29", message, line, id_, hint, fix=fix)
    beaten = {entry.id: entry.proposition.defeats if entry.proposition else () for entry in entries}
    reported: set[frozenset[str]] = set()
    for entry in entries:
        circle = _path(beaten, entry.id, entry.id)
        if circle and frozenset(circle) not in reported:
            reported.add(frozenset(circle))
            message = "propositions defeat one another in a circle: " + " → ".join([entry.id, *circle])
            line, hint = _line_of(entry, circle[0]), "a defeat is a scope exception"
            complain(entry.on, "T31", message, line, circle[0], hint, fix=_unreferred(entry, line, circle[0]))


def _line_of(entry: Entry, id_: str) -> int:
    """Find the line under a proposition's heading on which an id stands."""
    lines = entry.on.lines[entry.line :]
    return entry.line + next((n for n, line in enumerate(lines, 1) if re.search(rf"(?<![\w-]){id_}(?![\w-])", line)), 0)


def _renamed(on: Page, line: int, id_: str) -> Edit:
    """Give another id to a heading whose id is taken."""
    place = on.lines[line - 1].rindex(f"#{id_}") + 2
    return Edit(line, place, line, place + len(id_), f"{id_}-2")


def _unreferred(entry: Entry, line: int, id_: str) -> Edit | None:
    """Take a reference out of its list, and the list if nothing is left in it."""
    text = entry.on.lines[line - 1]
    word = rf"`?(?<![\w-]){re.escape(id_)}(?![\w-])`?"
    for pattern in (rf"(?:Defeats|Disputes): *{word}\.?\s*", rf"{word}, *", rf",? *{word}"):
        hit = re.search(pattern, text)
        if hit and not (pattern.startswith("(?:") and text[: hit.end()].rstrip().endswith(",")):
            return Edit(line, hit.start() + 1, line, hit.end() + 1, "")
    return None


def _path(steps: dict[str, tuple[str, ...]], start: str, goal: str) -> list[str]:
    """Find the shortest way from ``start`` to ``goal`` of at least one step, without ``start``; empty if none."""
    ways = [[step] for step in steps.get(start, ())]
    seen: set[str] = set()
    for way in ways:
        if way[-1] == goal:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, step] for step in steps.get(way[-1], ())]
    return []


def _dependencies(
    vocabulary: Vocabulary, propositions: Sequence[Proposition]
) -> tuple[tuple[Proposition, Proposition, Condition, bool], ...]:
    """List which proposition depends on which: by which condition, and whether through ``unless``."""
    learnt: dict[tuple[str, str, bool], dict[str, Proposition]] = {}
    for proposition in propositions:
        for conclusion in proposition.conclusions:
            if isinstance(conclusion, Derivation):
                places = tuple(str(place) for place, _ in enumerate(conclusion.terms))
                for fact in closed(vocabulary, [Fact(conclusion.variable, places, conclusion.value)]):
                    learnt.setdefault((fact.variable, fact.value, fact.holds), {})[proposition.id] = proposition
    return tuple(
        (proposition, source, condition, through_unless)
        for proposition in sorted(propositions, key=lambda each: each.id)
        for through_unless, conditions in ((False, conditions_in(proposition.conditions)), (True, proposition.unless))
        for condition in conditions
        for value in condition.values
        for _, source in sorted(learnt.get((condition.variable, value, condition.holds), {}).items())
    )


def _check_cycles(vocabulary: Vocabulary, entries: Sequence[Entry], propositions: Sequence[Proposition]) -> None:
    """Complain about propositions that depend on themselves through ``unless``."""
    needs = _dependencies(vocabulary, propositions)
    steps: dict[str, tuple[str, ...]] = {}
    for proposition, source, _, _ in needs:
        steps[proposition.id] = (*steps.get(proposition.id, ()), source.id)
    pages = {entry.id: entry.on for entry in entries}
    reported: set[frozenset[str]] = set()
    for proposition, source, condition, through_unless in needs:
        back = [source.id] if source.id == proposition.id else _path(steps, source.id, proposition.id)
        if not through_unless or not back:
            continue
        circle = [proposition.id, *([source.id] if source.id != proposition.id else []), *back]
        if frozenset(circle) not in reported:
            reported.add(frozenset(circle))
            message = "propositions depend on themselves through “unless”: " + " → ".join(circle)
            hint = "what “unless” looks for must be settled without this proposition"
            complain(pages[proposition.id], "T30", message, condition.line, condition.text, hint)


# ---------------------------------------------------------------- what the engine asks of a theory


def strata(theory: Theory) -> tuple[tuple[str, ...], ...]:
    """Order the propositions so that what an ``unless`` looks for is settled before it looks.

    Each stratum holds ids, sorted; those that conclude no fact are in the last.  In a theory with a cycle
    through ``unless``, of which ``load_theory`` complains, the propositions of the cycle share a stratum.
    """
    deriving = [p for p in theory.propositions if any(isinstance(c, Derivation) for c in p.conclusions)]
    needs = _dependencies(theory.vocabulary, deriving)
    level = {proposition.id: 0 for proposition in deriving}
    for _ in range(len(deriving)):
        for above, below, _, through_unless in needs:
            level[above.id] = min(len(deriving), max(level[above.id], level[below.id] + through_unless))
    claims = tuple(sorted(p.id for p in theory.propositions if p.id not in level))
    levels = [tuple(sorted(id_ for id_ in level if level[id_] == n)) for n in sorted(set(level.values()))]
    return (*levels, claims) if claims else tuple(levels)


def alternatives(proposition: Proposition) -> tuple[tuple[Condition | AtLeast, ...], ...]:
    """Expand ``either``: each choice of alternatives is a rule of its own.

    So a role that only one alternative speaks of need not be played by anybody for the others.
    """
    pools: list[tuple[Condition | AtLeast, ...]] = [
        premiss.of if isinstance(premiss, Either) else (premiss,) for premiss in proposition.conditions
    ]
    return tuple(itertools.product(*pools))


def proposition_by_id(theory: Theory) -> dict[str, Proposition]:
    """Give the propositions by id."""
    return {proposition.id: proposition for proposition in theory.propositions}
