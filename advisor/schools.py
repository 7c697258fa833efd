"""One school's file to the school and its propositions.

A school's file is a document of political science: its first heading is the school, each heading of the
third level a proposition with a gloss, a source, one fenced rule and two situations, one on which it fires
and a near miss on which it keeps silent.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from advisor.clauses import (
    Stretch,
    ambiguous,
    complain_at,
    cut,
    join,
    line_of,
    meanings_of,
    names_in,
    role_phrases,
    understand,
)
from advisor.diagnostics import Page, complain
from advisor.grammar import read_rule
from advisor.markdown import Block, Section
from advisor.situation import closed
from advisor.terms import Condition, Example, Fact, Proposition, School, Vocabulary
from advisor.vocabulary import canonical, nearest, to_fact, variables

_LABELS = ("Source", "Defeats", "Disputes", "Accepted")
_LABEL = re.compile(r"(?:^|(?<=[.\n])\s*)(" + "|".join(_LABELS) + r"):\s*")
_CHECKED = re.compile(r"[.\s]*\b(Verified|Partly verified|Not verified)\.?$")
_OF_THE_SEED = ("seed", "definition")
_SITUATION = re.compile(r"\*\*(Fires|Silent)\.?\*\* ?")
_FACTS = re.compile(r"\*Facts: ?(.*?) ?\*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposition's place, kept where its rule could not be read: others may still refer to it."""

    id: str
    on: Page
    line: int
    proposition: Proposition | None


def read_school(vocabulary: Vocabulary, on: Page, parts: Sequence[Section]) -> School | None:
    """Read the head of a school's file: name, weight, premise and note."""
    tops = [section for section in parts if section.level == 1]
    if not tops or parts[0].blocks or parts[1].level != 1:
        hint = "begin the file with “# Name of the school {#its-id}”"
        complain(on, "T05", "this file does not begin with the heading of a school", 1, hint=hint)
    for section in tops[1:]:
        complain(
            on, "T05", "a file holds one school", section.line, hint="a proposition's heading has three marks: ###"
        )
    if not tops or not _headed(on, tops[0], "school"):
        return None
    top = tops[0]
    weight: float | None = None
    premise: Condition | None = None
    note: list[str] = []
    for block in top.blocks:
        if block.kind != "paragraph" or not re.match(r"(Weight|Premise):", block.text):
            note += [block.text] if block.kind in ("paragraph", "item") else []
            continue
        number = re.search(r"Weight: *([^\s,;]+)", block.text)
        weight = _number(number[1].rstrip(".")) if number else None
        for place, line in enumerate(block.lines):
            said = re.search(r"Premise: *(.+)$", line)
            if said:
                raw = on.lines[block.line + place - 1]
                stretch = cut(line_of(said[1], block.line + place, raw.find(said[1]) + 1), 0)
                premise = _premise(vocabulary, on, stretch)
    if weight is None:
        complain(on, "T07", "this school has no weight", top.line, top.title, "write “Weight: 1.0.” under its heading")
    return School(top.id, top.title, 1.0 if weight is None else weight, premise, "\n\n".join(note))


def _number(text: str) -> float | None:
    """Read a weight: a number of zero or more."""
    try:
        weight = float(text)
    except ValueError:
        return None
    return weight if math.isfinite(weight) and weight >= 0 else None


def _premise(vocabulary: Vocabulary, on: Page, said: Stretch) -> Condition | None:
    """Read the premise of a school."""
    found = meanings_of(vocabulary, said, role_phrases(vocabulary))
    if not found:
        hints = nearest(vocabulary, said.text[:200], role_phrases(vocabulary), 1)
        hint = f"did you mean “{hints[0]}”?" if hints else ""
        complain_at(on, "T08", "this premise is no phrase of the vocabulary", said, hint)
    return found[0] if found else None


def _headed(on: Page, section: Section, what: str) -> bool:
    """Whether a heading has a title and an id."""
    if section.id and section.title:
        return True
    missing = "title" if section.id else "id"
    hint = "end its heading with {#its-id}" if missing == "id" else "write its title before {#its-id}"
    complain(on, "T06", f"the heading of this {what} has no {missing}", section.line, section.title, hint)
    return False


def read_propositions(vocabulary: Vocabulary, on: Page, parts: Sequence[Section], school: str) -> Iterator[Entry]:
    """Read the propositions of a file."""
    for section in parts:
        for block in section.blocks:
            if block.kind == "fence" and not block.closed:
                complain(on, "T13", "this fence is not closed", block.line - 1, hint="close it with a line ```")
        rules = [block for block in section.blocks if _is_rule(block)]
        if section.level != 3 and (rules or section.level > 3):
            hint = "a proposition's heading has three marks: ### Title {#its-id}"
            line = section.line if section.level > 1 else rules[0].line - 1
            complain(on, "T09", "a proposition has a heading of the third level", line, hint=hint)
        if section.level == 3 and _headed(on, section, "proposition"):
            proposition = _proposition(vocabulary, on, section, rules, school)
            yield Entry(section.id, on, section.line, proposition)


def _is_rule(block: Block) -> bool:
    return block.kind == "fence" and block.info.lower().split(" ")[0] == "rule"


def _proposition(
    vocabulary: Vocabulary, on: Page, section: Section, rules: Sequence[Block], school: str
) -> Proposition | None:
    """Read one proposition; None if its rule cannot be read."""
    gloss: list[str] = []
    labels: dict[str, str] = {}
    for block in section.blocks:
        found = _labels(on, block) if block.kind == "paragraph" else {}
        labels |= found
        if not found and block.kind in ("paragraph", "item"):
            gloss.append(block.text)
    source = labels.get("Source", "").rstrip(" .")
    checked = _CHECKED.search(source)
    if not source:
        hint = "write “Source: …” under the gloss"
        complain(on, "T11", "this proposition has no source", section.line, section.title, hint)
    if not rules:
        others = any(block.kind == "fence" for block in section.blocks)
        hint = "a rule's fence begins with ```rule" if others else "state it between ```rule and ```"
        complain(on, "T12", "this proposition has no rule", section.line, section.title, hint)
        return None
    for extra in rules[1:]:
        complain(on, "T15", "a proposition has one rule", extra.line - 1, hint="write two propositions")
    examples = _examples(vocabulary, on, section)
    rule = read_rule(vocabulary, on, rules[0]) if rules[0].closed else None
    if rule is None:
        return None
    return Proposition(
        id=section.id,
        title=section.title,
        school=school,
        gloss="\n\n".join(gloss),
        source=source[: checked.start()] if checked else source,
        conclusions=rule.conclusions,
        conditions=rule.conditions,
        unless=rule.unless,
        defeats=_ids(labels.get("Defeats", "")),
        disputes=_ids(labels.get("Disputes", "")),
        beyond_seed=not source.lower().startswith(_OF_THE_SEED),
        checked=checked[1].lower() if checked else "",
        fires=examples.get("Fires"),
        silent=examples.get("Silent"),
        path=on.path,
        line=section.line,
    )


def _labels(on: Page, block: Block) -> dict[str, str]:
    """Read "Source: … Defeats: … Disputes: …"; empty if the paragraph is of the gloss."""
    for place, line in enumerate(block.lines):
        label = re.match(r"(\w+): ", line)
        if label and label[1] not in _LABELS:
            close = difflib.get_close_matches(label[1].capitalize(), _LABELS, n=1, cutoff=0.7)
            if close:
                hint = f"did you mean “{close[0]}:”?"
                complain(on, "T36", f"“{label[1]}:” is not understood", block.line + place, label[1], hint)
    text = "\n".join(block.lines)
    if not text.startswith(tuple(f"{label}:" for label in _LABELS)):
        return {}
    hits = list(_LABEL.finditer(text))
    ends = [hit.start() for hit in hits[1:]] + [len(text)]
    return {hit[1]: " ".join(text[hit.end() : end].split()) for hit, end in zip(hits, ends, strict=True)}


def _ids(text: str) -> tuple[str, ...]:
    """Read a list of ids, in backticks or bare."""
    return tuple(dict.fromkeys(part for part in re.split(r"[`,;.\s]+", text) if part))


# ---------------------------------------------------------------- situations


def _examples(vocabulary: Vocabulary, on: Page, section: Section) -> dict[str, Example]:
    """Read the situations on which a proposition is tested, from the quotations under its rule."""
    told: dict[str, Stretch] = {}
    for block in section.blocks:
        kind = ""
        for number in range(block.line, block.line + len(block.lines)) if block.kind == "quote" else ():
            raw = on.lines[number - 1]
            start = raw.index(">") + 1
            start += len(raw[start:]) - len(raw[start:].lstrip())
            said = line_of(raw[start:].rstrip(), number, start + 1)
            opening = _SITUATION.match(said.text)
            if opening:
                kind = opening[1]
                told[kind] = Stretch(said.text[opening.end() :], said.places[opening.end() :])
            elif kind:
                told[kind] = join(told[kind], said)
    found: dict[str, Example] = {}
    for kind in ("Fires", "Silent"):
        if kind not in told:
            hint = f"write “> **{kind}.** …” and “> *Facts: …*” under the rule"
            message = f"this proposition has no situation on which it {'fires' if kind == 'Fires' else 'keeps silent'}"
            complain(on, "T35", message, section.line, section.title, hint, severity="warning")
            continue
        said = told[kind]
        listed = _FACTS.search(said.text)
        if not listed:
            hint = "end the situation with “*Facts: …; ….*”"
            complain(on, "T35", "this situation states no facts", said.line or section.line, "", hint)
            continue
        facts = _facts(vocabulary, on, cut(said, listed.start(1), listed.end(1)))
        found[kind] = Example(said.text[: listed.start()].strip(), facts, said.line)
    return found


def _facts(vocabulary: Vocabulary, on: Page, listed: Stretch) -> tuple[Fact, ...]:
    """Read the facts of a situation, separated by semicolons."""
    found: list[tuple[Fact, Stretch]] = []
    start = 0
    for part in listed.text.split(";"):
        said = cut(listed, start, start + len(part))
        start += len(part) + 1
        fact = _fact(vocabulary, on, said) if said.text else None
        if fact:
            found.append((fact, said))
    facts = tuple(fact for fact, _ in found)
    for place, (_, said) in enumerate(found) if _contradictory(vocabulary, facts) else ():
        if _contradictory(vocabulary, facts[: place + 1]):
            complain_at(on, "T33", "this fact contradicts the ones before it", said, "a situation is consistent")
            break
    return facts


def _contradictory(vocabulary: Vocabulary, facts: Sequence[Fact]) -> bool:
    """Whether facts cannot all be so."""
    known = closed(vocabulary, facts)
    return any(replace(fact, holds=not fact.holds) in known for fact in known)


def _fact(vocabulary: Vocabulary, on: Page, said: Stretch) -> Fact | None:
    """Read one fact of a situation: a phrase of the vocabulary with names in its slots."""
    meanings = understand(vocabulary, said.text, ())
    facts = [to_fact(vocabulary, meaning) for meaning in meanings]
    fact = facts[0] if facts else None
    if len({canonical(vocabulary, each) if each else None for each in facts}) > 1:
        ambiguous(on, said, [f"{each.variable}: {', '.join(each.values)}" for each in meanings])
        return None
    if not meanings:
        if understand(vocabulary, said.text, role_phrases(vocabulary)):
            hint = "a situation names its states"
        else:
            hints = nearest(vocabulary, said.text[:200], names_in(said.text, ()), 1)
            hint = f"did you mean “{hints[0]}”?" if hints else ""
        complain_at(on, "T32", f"no phrase of the vocabulary says “{said.text[:80]}”", said, hint)
    elif fact is None:
        complain_at(on, "T32", f"“{said.text[:80]}” leaves open which value it states", said, "state one value")
    elif variables(vocabulary)[fact.variable].derived:
        hint = "state the facts from which it follows"
        complain_at(on, "T34", "this is concluded by propositions and never stated", said, hint)
        return None
    elif len(fact.args) != max(1, variables(vocabulary)[fact.variable].arity):
        complain_at(on, "T32", "this phrase does not say towards whom", said, "use a phrase that names both states")
        return None
    return fact
