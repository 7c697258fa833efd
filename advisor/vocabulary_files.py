"""Reading the vocabulary from ``rules/``: its three files, and a diagnostic for each thing amiss."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

from advisor.markdown import Block, Section, sections
from advisor.terms import (
    Caution,
    Diagnostic,
    Family,
    Focus,
    Group,
    Kind,
    Measure,
    Outcome,
    Phrase,
    RoleName,
    Sign,
    Strategy,
    Topic,
    Value,
    Variable,
    Vocabulary,
)
from advisor.vocabulary import match, nearest, to_condition

_SLOT = re.compile(r"\*(the state|the other|the threat|the third state)\*")
_PLACES = {"the state": "{0}", "the other": "{1}", "the threat": "{threat}", "the third state": "{third}"}
_IN_SITUATIONS = " in situations"
_LABELLED = re.compile(r"\*\*(.+?)\*\*(?:\s*\(([^)]*)\))?:\s*(.*)$", re.S)


class _Loader:
    """Collects diagnostics while the three files of the vocabulary are read."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def complain(self, code: str, path: Path, line: int, message: str, source: str = "", hint: str = "") -> None:
        self.diagnostics.append(
            Diagnostic(code, message, str(path), line, 1, max(1, len(source)), source=source, hint=hint)
        )


def _slots(text: str) -> str:
    """Replace the slots written in italics by their places."""
    return _SLOT.sub(lambda slot: _PLACES[slot[1]], text.strip().rstrip("."))


def _phrases(text: str, kind: str = "clause") -> list[Phrase]:
    """Read wordings parted by semicolons; "attacks/assaults" parts words that may stand for each other."""
    found = []
    for part in text.split(";"):
        words = [word.split("/") for word in _slots(part).split()]
        if words:
            found.append(
                Phrase(
                    " ".join(word[0] for word in words),
                    cast("Kind", kind if kind in ("read", "noun", "bloc", "other") else "clause"),
                    affirms=kind != "contrary",
                    alternatives=tuple((word[0], tuple(word[1:])) for word in words if len(word) > 1),
                )
            )
    return found


def load_vocabulary(rules: Path) -> tuple[Vocabulary, list[Diagnostic]]:
    """Read ``vocabulary.md``, ``strategies.md`` and ``outcomes.md`` of a rules folder.

    Returns what could be read and a diagnostic for each thing that could not.
    """
    load = _Loader()
    documents: dict[str, list[Section]] = {}
    for name in ("vocabulary.md", "strategies.md", "outcomes.md"):
        path = rules / name
        try:
            documents[name] = sections(path.read_text(encoding="utf-8"))
        except OSError as error:
            documents[name] = []
            load.complain("V01", path, 1, f"this file of the vocabulary cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            documents[name] = []
            load.complain("V01", path, 1, "this file is not valid UTF-8", hint="save it as UTF-8")
    roles: list[RoleName] = []
    found_variables: list[Variable] = []
    groups: list[Group] = []
    path = rules / "vocabulary.md"
    heading = ""
    for section in documents["vocabulary.md"]:
        if section.level == 2:
            heading = section.title
        if section.level == 2 and section.title == "Roles":
            for label, aside, text, _ in _labelled(section):
                called = aside.removesuffix(_IN_SITUATIONS) if aside.endswith(_IN_SITUATIONS) else ""
                roles.append(RoleName(label.removeprefix("the ").split()[0], label, text, called))
        elif section.level == 3:
            entry = _variable(load, path, section, heading)
            if entry:
                if any(entry[0].id == known.id for known in found_variables):
                    load.complain("V02", path, section.line, f"there are two entries called “{entry[0].id}”")
                found_variables.append(entry[0])
                groups.extend(entry[1])
    topics, families, strategy_list, measures = _load_strategies(load, rules / "strategies.md", documents)
    outcome_list, cautions = _load_outcomes(load, rules / "outcomes.md", documents)
    vocabulary = Vocabulary(
        tuple(roles),
        tuple(found_variables),
        tuple(groups),
        tuple(topics),
        tuple(families),
        tuple(strategy_list),
        tuple(measures),
        tuple(outcome_list),
        tuple(cautions),
    )
    return _with_impossibilities(load, rules / "strategies.md", documents, vocabulary), load.diagnostics


def _labelled(section: Section) -> list[tuple[str, str, str, Block]]:
    """Give the items "**label** (aside): text" of a section."""
    found = []
    for block in section.blocks:
        item = _LABELLED.match(block.text) if block.kind == "item" else None
        if item:
            found.append((item[1], item[2] or "", item[3], block))
    return found


def _variable(load: _Loader, path: Path, section: Section, heading: str) -> tuple[Variable, list[Group]] | None:
    """Read one entry of the vocabulary."""
    if not section.id:
        load.complain(
            "V03",
            path,
            section.line,
            f"the entry “{section.title}” has no id",
            section.title,
            "end its heading with {#its-id}",
        )
        return None
    slots = len(re.findall(r"\*(?:a state|another)\*", section.title))
    traits, prose = "", []
    values: list[tuple[str, list[Phrase]]] = []
    groups: list[Group] = []
    for block in section.blocks:
        if block.kind == "paragraph":
            if re.match(
                r"(Core|Derived|Symmetric|Mirrored|Assumed|Parties|Opponents|Several values|Belief)\b", block.text
            ):
                traits = block.text
            elif not block.text.startswith("Accepted:"):
                prose.append(block.text)
        elif block.kind == "item":
            _value(load, path, block, section.id, values, groups)
    if not values:
        load.complain("V04", path, section.line, f"the entry “{section.id}” has no values", section.title)
        return None
    texts = [phrase.text for _, phrases in values for phrase in phrases]
    arity = max((text.count("{1}") > 0) + 1 if "{0}" in text else 0 for text in texts)
    arity = max(arity, slots)
    mirrored = re.search(r"Mirrored: ([\w, -]+)\.", traits)
    mirror: dict[str, str] = {}
    if mirrored:
        mirror = {value: value for value, _ in values}
        for one, other in re.findall(r"([\w-]+) and ([\w-]+)", mirrored[1]):
            mirror[one], mirror[other] = other, one
    assumed = re.search(r"Assumed: ([\w-]+)\.", traits)
    variable = Variable(
        id=section.id,
        title=section.title,
        section=heading,
        arity=arity,
        question=_slots(prose[0]) if prose else "",
        values=tuple(Value(id_, tuple(phrases)) for id_, phrases in values),
        core="Core." in traits,
        symmetric="Symmetric." in traits,
        mirror=tuple(mirror.items()),
        default=assumed[1] if assumed else None,
        derived="Derived." in traits,
        many="Several values may hold." in traits,
        note=" ".join(prose[1:]),
        parties=_facts_of(traits, "Parties"),
        opponents=_facts_of(traits, "Opponents"),
        believer=next((place for place, who in enumerate(("state", "other")) if f"Belief of the {who}." in traits), -1),
    )
    if not variable.derived and not variable.question:
        load.complain(
            "V05",
            path,
            section.line,
            f"the entry “{section.id}” has no question",
            section.title,
            "write the question under the heading, on a line of its own",
        )
    return variable, groups


def _facts_of(traits: str, trait: str) -> tuple[tuple[str, str, bool], ...]:
    """Read "Parties: targets yes, war not none." """
    listed = re.search(trait + r": ([^.]+)\.", traits)
    shapes = [re.match(r"\s*(\w+) (not )?([\w-]+)\s*$", part) for part in listed[1].split(",")] if listed else []
    return tuple((shape[1], shape[3], not shape[2]) for shape in shapes if shape)


def _value(
    load: _Loader, path: Path, block: Block, id_: str, values: list[tuple[str, list[Phrase]]], groups: list[Group]
) -> None:
    """Read one list item of an entry: a value, a group, or a further wording of the value above."""
    extra = re.match(r"(also|read|noun|bloc|other|contrary|denied|asked):\s*(.*)$", block.text, re.S)
    if block.depth and extra and values:
        phrases = values[-1][1]
        if extra[1] in ("also", "read", "noun", "bloc", "other", "contrary"):
            phrases.extend(_phrases(extra[2], extra[1]))
        else:
            first = phrases[0]
            text = _slots(extra[2])
            changed = (
                Phrase(first.text, first.kind, text, first.question)
                if extra[1] == "denied"
                else Phrase(
                    first.text,
                    first.kind,
                    first.denial,
                    extra[2].strip() and _SLOT.sub(lambda slot: _PLACES[slot[1]], extra[2].strip()),
                )
            )
            phrases[0] = changed
        return
    group = re.match(r"\(([\w, -]+)\):\s*(.*)$", block.text, re.S)
    if group:
        members = tuple(part.strip() for part in group[1].split(","))
        unknown = [member for member in members if member not in {value for value, _ in values}]
        if unknown:
            load.complain(
                "V06",
                path,
                block.line,
                f"“{unknown[0]}” is no value of “{id_}”",
                block.text,
                "the values are " + ", ".join(value for value, _ in values),
            )
        groups.append(Group(id_, members, tuple(_phrases(group[2]))))
        return
    item = _LABELLED.match(block.text)
    if not item:
        load.complain(
            "V07",
            path,
            block.line,
            "this item is neither a value nor a wording",
            block.text,
            "write “- **value**: phrase”, or under a value “also:”, “read:”, “noun:”, “bloc:”, “other:”, "
            "“contrary:”, “denied:” or “asked:”",
        )
        return
    if item[1] in {value for value, _ in values}:
        hint = "move its wordings to the first one"
        load.complain("V12", path, block.line, f"“{id_}” has the value “{item[1]}” twice", block.text, hint)
    values.append((item[1], _phrases(item[3])))


def _load_strategies(
    load: _Loader, path: Path, documents: dict[str, list[Section]]
) -> tuple[list[Topic], list[Family], list[Strategy], list[Measure]]:
    topics: list[Topic] = []
    families: list[Family] = []
    found: list[Strategy] = []
    measures: list[Measure] = []
    for section in documents["strategies.md"]:
        if section.level == 2 and section.title == "Topics":
            topics += [
                Topic(label, text, aside == "each strategy apart") for label, aside, text, _ in _labelled(section)
            ]
        elif section.level == 2 and section.title == "Families":
            families += [
                Family(label, text, aside.removeprefix("against ") if aside.startswith("against ") else "")
                for label, aside, text, _ in _labelled(section)
            ]
        elif section.level == 2 and section.title == "Measures":
            measures += [
                Measure(label, aside, _slots(text.removeprefix("to "))) for label, aside, text, _ in _labelled(section)
            ]
        elif section.level == 3 and section.id:
            paragraphs = [block.text for block in section.blocks if block.kind == "paragraph"]
            about = " ".join(paragraphs[1:])
            topic, family = re.search(r"Topic: ([\w-]+)\.", about), re.search(r"Family: ([\w-]+)\.", about)
            if not paragraphs or not paragraphs[0].startswith("to ") or not topic or not family:
                load.complain(
                    "V08",
                    path,
                    section.line,
                    f"the strategy “{section.id}” is not fully described",
                    section.title,
                    "write “to …” under the heading, then “Topic: …. Family: ….”",
                )
                continue
            forms = re.search(r"Forms: ([\w, -]+)\.", about)
            found.append(
                Strategy(
                    section.id,
                    topic[1],
                    family[1],
                    _slots(paragraphs[0].removeprefix("to ")),
                    tuple(form.strip() for form in forms[1].split(",")) if forms else (),
                )
            )
    return topics, families, found, measures


def _load_outcomes(
    load: _Loader, path: Path, documents: dict[str, list[Section]]
) -> tuple[list[Outcome], list[Caution]]:
    found: list[Outcome] = []
    cautions: list[Caution] = []
    for section in documents["outcomes.md"]:
        for label, aside, text, block in _labelled(section):
            if section.title == "Cautions":
                cautions.append(Caution(label, aside or label, text))
                continue
            shape = re.match(r"(.*) is ([\w ]+) \(([\w-]+)\) or ([\w ]+) \(([\w-]+)\)$", _slots(text))
            if not shape:
                load.complain(
                    "V09",
                    path,
                    block.line,
                    f"the outcome “{label}” is not fully described",
                    block.text,
                    "write “- **id**: what is higher (higher) or lower (lower)”",
                )
                continue
            found.append(Outcome(label, shape[1], int("{0}" in shape[1]), ((shape[3], shape[2]), (shape[5], shape[4]))))
    return found, cautions


def _with_impossibilities(
    load: _Loader, path: Path, documents: dict[str, list[Section]], vocabulary: Vocabulary
) -> Vocabulary:
    """Attach to each strategy the conditions under which it is impossible, now that phrases can be matched."""
    roles = {role.phrase: role.id for role in vocabulary.roles}
    result = []
    for strategy in vocabulary.strategies:
        section = next(s for s in documents["strategies.md"] if s.id == strategy.id)
        about = " ".join(block.text for block in section.blocks if block.kind == "paragraph")
        conditions = []
        for text in re.findall(r"Impossible if ([^.]+)\.", about):
            meanings = match(vocabulary, text, roles)
            if meanings:
                conditions.append(to_condition(vocabulary, meanings[0], roles, text, section.line))
            else:
                hints = nearest(vocabulary, text, roles)
                load.complain(
                    "V10",
                    path,
                    section.line,
                    f"no phrase of the vocabulary says “{text}”",
                    text,
                    f"did you mean “{hints[0]}”?" if hints else "",
                )
        result.append(
            Strategy(
                strategy.id, strategy.question, strategy.family, strategy.infinitive, strategy.forms, tuple(conditions)
            )
        )
    focus = load_focus(load, path, documents["strategies.md"], vocabulary, roles)
    return replace(vocabulary, strategies=tuple(result), focus=focus)


def load_focus(
    load: _Loader, path: Path, document: list[Section], vocabulary: Vocabulary, roles: dict[str, str]
) -> Focus:
    """Read the section that says which state is the threat where nobody names it."""
    signs: list[Sign] = []
    asked = {"states": "", "threat": ""}
    for section in document:
        if section.level != 2 or section.title != "Focus":
            continue
        for label, aside, text, block in _labelled(section):
            meanings = match(vocabulary, text.rstrip("."), roles)
            if label == "asked" and aside in asked:
                asked[aside] = _slots(text)
            elif label not in ("each", "one", "more", "less"):
                load.complain(
                    "V11",
                    path,
                    block.line,
                    f"“{label}” is no kind of sign",
                    block.text,
                    "write each, one, more or less",
                )
            elif not meanings:
                hints = nearest(vocabulary, text, roles)
                load.complain(
                    "V10",
                    path,
                    block.line,
                    f"no phrase of the vocabulary says “{text}”",
                    text,
                    f"did you mean “{hints[0]}”?" if hints else "",
                )
            else:
                kind = cast('Literal["each", "one", "more", "less"]', label)
                signs.append(Sign(kind, to_condition(vocabulary, meanings[0], roles, text, block.line)))
    return Focus(tuple(signs), asked["states"], asked["threat"])
