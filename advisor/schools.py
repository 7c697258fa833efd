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
    instead,
    join,
    likely,
    line_of,
    meanings_of,
    names_in,
    role_phrases,
    said_of,
    understand,
)
from advisor.diagnostics import Page, complain
from advisor.grammar import read_rule
from advisor.markdown import BLANK, Block, Section
from advisor.situation import PLAYERS, closed
from advisor.terms import Condition, Edit, Example, Fact, Proposition, School, Vocabulary
from advisor.vocabulary import canonical, nearest, say, to_fact, variables

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
        complain(
            on, "T05", "this file does not begin with the heading of a school", 1, hint=hint, fix=_opened(on, parts)
        )
    for section in tops[1:]:
        hint = "a proposition's heading has three marks: ###"
        fix = Edit(section.line, 1, section.line, 2, "###")
        complain(on, "T05", "a file holds one school", section.line, hint=hint, fix=fix)
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
        weight = _number(number[1].rstrip(".")) if number else weight
        for place, line in enumerate(block.lines):
            said = re.search(r"Premise: *(.+)$", line)
            if said:
                raw = on.lines[block.line + place - 1]
                stretch = cut(line_of(said[1], block.line + place, raw.find(said[1]) + 1), 0)
                premise = _premise(vocabulary, on, stretch)
    if weight is None:
        hint = "write “Weight: 1.0.” under its heading"
        complain(on, "T07", "this school has no weight", top.line, top.title, hint, fix=_weighed(on, top))
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
        complain_at(on, "T08", "this premise is no phrase of the vocabulary", said, hint, hints[0] if hints else None)
    return found[0] if found else None


def _headed(on: Page, section: Section, what: str) -> bool:
    """Whether a heading has a title and an id."""
    if section.id and section.title:
        return True
    missing = "title" if section.id else "id"
    hint = "end its heading with {#its-id}" if missing == "id" else "write its title before {#its-id}"
    end = len(on.lines[section.line - 1].rstrip()) + 1
    if missing == "id":
        fix = Edit(section.line, end, section.line, end, f" {{#{_slug(section.title)}}}") if section.title else None
    else:
        title = section.id.replace("-", " ").capitalize()
        fix = Edit(section.line, section.level + 1, section.line, section.level + 1, f" {title}")
    complain(on, "T06", f"the heading of this {what} has no {missing}", section.line, section.title, hint, fix=fix)
    return False


def _slug(title: str) -> str:
    """Make an id of a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "its-id"


def _opened(on: Page, parts: Sequence[Section]) -> Edit | None:
    """Give a file the heading of a school: one mark before a title that has several, or a line of its own."""
    first = parts[1] if len(parts) > 1 else None
    if any(section.level == 1 for section in parts):
        return None
    if first and first.level > 1 and not parts[0].blocks and not any(_is_rule(block) for block in first.blocks):
        return Edit(first.line, 1, first.line, first.level + 1, "#")
    stem = re.split(r"[/\\]", on.path)[-1].rpartition(".")[0] or "a school"
    return Edit(1, 1, 1, 1, f"# {stem.replace('-', ' ').capitalize()} {{#{_slug(stem)}}}\n\nWeight: 1.0.\n\n")


def _weighed(on: Page, top: Section) -> Edit:
    """Give a school a weight: a number in place of what is none, or a line under its heading."""
    for block in top.blocks:
        for place, line in enumerate(block.lines, block.line):
            label = re.match(r"Weight:[ ]*([^\s,;]*)", line) if block.kind == "paragraph" else None
            if label:
                start = on.lines[place - 1].index(label[0]) + label.start(1) + 1
                wrong = label[1].rstrip(".")
                return Edit(place, start, place, start + len(wrong), "1.0" if label[0][-1] != ":" else " 1.0")
    return Edit(top.line + 1, 1, top.line + 1, 1, "\nWeight: 1.0.\n")


def read_propositions(vocabulary: Vocabulary, on: Page, parts: Sequence[Section], school: str) -> Iterator[Entry]:
    """Read the propositions of a file."""
    for section in parts:
        for block in section.blocks:
            if block.kind == "fence" and not block.closed:
                fix = _closed_fence(on, block)
                complain(
                    on, "T13", "this fence is not closed", block.line - 1, hint="close it with a line ```", fix=fix
                )
        rules = [block for block in section.blocks if _is_rule(block)]
        if section.level != 3 and (rules or section.level > 3):
            hint = "a proposition's heading has three marks: ### Title {#its-id}"
            line = section.line if section.level > 1 else rules[0].line - 1
            fix = Edit(line, 1, line, section.level + 1, "###") if section.level > 1 else None
            complain(on, "T09", "a proposition has a heading of the third level", line, hint=hint, fix=fix)
        if section.level == 3 and _headed(on, section, "proposition"):
            proposition = _proposition(vocabulary, on, section, rules, school)
            yield Entry(section.id, on, section.line, proposition)


def _closed_fence(on: Page, block: Block) -> Edit | None:
    """Close a fence where the rule in it seems to end: before an empty line, a quotation or a heading."""
    for place, line in enumerate(block.lines, block.line):
        if place > block.line and (not line.strip() or line.lstrip().startswith((">", "#"))):
            return Edit(place, 1, place, 1, "```\n")
    last = block.line + len(block.lines)
    return Edit(last, 1, last, 1, "\n```\n") if block.lines else None


def _fenced(section: Section) -> Edit | None:
    """Put a rule between fences: one in a fence of another kind, or one that stands in a paragraph."""
    for block in section.blocks:
        inside = any(re.match(r"\s*if ", line) for line in block.lines)
        if inside and block.kind == "fence":
            return Edit(block.line - 1, 1, block.line - 1, 1_000, "```rule")
        if inside and block.kind == "paragraph":
            end = block.line + len(block.lines) - 1
            return Edit(block.line, 1, end, 1_000, "\n".join(("```rule", *block.lines, "```")))
    return None


def _sourced(section: Section, rules: Sequence[Block]) -> Edit:
    """Give a proposition a source that is still to be named."""
    line = rules[0].line - 1 if rules else section.line + 1
    return Edit(line, 1, line, 1, "Source: not yet named.\n\n")


def _is_rule(block: Block) -> bool:
    return block.kind == "fence" and block.info.lower().split(" ")[0] == "rule"


def _proposition(
    vocabulary: Vocabulary, on: Page, section: Section, rules: Sequence[Block], school: str
) -> Proposition | None:
    """Read one proposition; None if its rule cannot be read, or if something in it is still to be written."""
    if _blanks(on, section):
        return None
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
        named = _sourced(section, rules)
        complain(on, "T11", "this proposition has no source", section.line, section.title, hint, fix=named)
    if not rules:
        others = any(block.kind == "fence" for block in section.blocks)
        hint = "a rule's fence begins with ```rule" if others else "state it between ```rule and ```"
        fix = _fenced(section)
        complain(on, "T12", "this proposition has no rule", section.line, section.title, hint, fix=fix)
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
        fires=next(iter(examples["Fires"]), None),
        silent=next(iter(examples["Silent"]), None),
        more_fires=examples["Fires"][1:],
        more_silent=examples["Silent"][1:],
        path=on.path,
        line=section.line,
    )


_HOW_TO_FILL = {
    "heading": "write the proposition in one line, as a claim",
    "paragraph": "write it in words, without the brackets",
    "item": "write it in words, without the brackets",
    "fence": "write it word for word as vocabulary.md, strategies.md or outcomes.md has it",
    "quote": "name the states; after “Facts:” write phrases of the vocabulary, parted by semicolons",
}


def _blanks(on: Page, section: Section) -> bool:
    """Complain about each question in brackets that waits for an answer; say whether there is one."""
    before = len(on.found)
    places = [("heading", section.line)]
    places += [(block.kind, block.line + n) for block in section.blocks for n in range(len(block.lines))]
    for kind, line in places:
        for blank in BLANK.finditer(on.lines[line - 1]):
            message = f"this is still to be written: {blank[1]}?"
            complain(on, "T38", message, line, blank[0], _HOW_TO_FILL[kind], blank.start() + 1)
    return len(on.found) > before


def _labels(on: Page, block: Block) -> dict[str, str]:
    """Read "Source: … Defeats: … Disputes: …"; empty if the paragraph is of the gloss."""
    for place, line in enumerate(block.lines):
        label = re.match(r"(\w+): ", line)
        if label and label[1] not in _LABELS:
            close = difflib.get_close_matches(label[1].capitalize(), _LABELS, n=1, cutoff=0.7)
            if close:
                hint = f"did you mean “{close[0]}:”?"
                place += block.line
                complain(on, "T36", f"“{label[1]}:” is not understood", place, label[1], hint, fix=close[0])
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


def _examples(vocabulary: Vocabulary, on: Page, section: Section) -> dict[str, tuple[Example, ...]]:
    """Read the situations on which a proposition is tested, from the quotations under its rule."""
    told: dict[str, list[Stretch]] = {"Fires": [], "Silent": []}
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
                told[kind].append(Stretch(said.text[opening.end() :], said.places[opening.end() :]))
            elif kind:
                told[kind][-1] = join(told[kind][-1], said)
    found: dict[str, tuple[Example, ...]] = {}
    for kind, situations in told.items():
        if not situations:
            hint = f"write “> **{kind}.** …” and “> *Facts: …*” under the rule"
            message = f"this proposition has no situation on which it {'fires' if kind == 'Fires' else 'keeps silent'}"
            fix = _opening(on, section, kind)
            complain(on, "T35", message, section.line, section.title, hint, severity="warning", fix=fix)
        read = [_example(vocabulary, on, said, section.line) for said in situations]
        found[kind] = tuple(example for example in read if example)
    return found


def _example(vocabulary: Vocabulary, on: Page, said: Stretch, heading: int) -> Example | None:
    """Read one situation: its text, and the facts listed at its end."""
    listed = _FACTS.search(said.text)
    if not listed:
        hint = "end the situation with “*Facts: …; ….*”"
        complain(on, "T35", "this situation states no facts", said.line or heading, "", hint, fix=_listed(said))
        return None
    facts = read_facts(vocabulary, on, cut(said, listed.start(1), listed.end(1)))
    return Example(said.text[: listed.start()].strip(), facts, said.line)


def _opening(on: Page, section: Section, kind: str) -> Edit | None:
    """Correct the opening of a situation that is near the one missing, or was not quoted or not in bold."""
    for block in section.blocks:
        for place in range(block.line, block.line + len(block.lines)) if block.kind in ("quote", "paragraph") else ():
            line = on.lines[place - 1]
            found = re.match(r"(>?\s*)\**([A-Z][a-z]+)\**[.:]*\**(?= )", line)
            near = found and difflib.get_close_matches(found[2], [kind], n=1, cutoff=0.7)
            if found and near and not _SITUATION.match(line.lstrip("> ")):
                return Edit(place, 1, place, found.end() + 1, f"> **{kind}.**")
    return None


def _listed(said: Stretch) -> Edit | None:
    """Mark the facts of a situation that are listed without their stars."""
    bare = re.search(r"\**[Ff]acts?:? ?(.*?)\**$", said.text)
    if not bare or not bare[1]:
        return None
    return instead(Stretch(said.text[bare.start() :], said.places[bare.start() :]), f"*Facts: {bare[1]}*")


def _dropped(listed: Stretch, said: Stretch) -> Edit | None:
    """Take one fact out of a list, with the semicolon before or after it."""
    start = listed.places.index(said.places[0]) if said.places else -1
    end = start + len(said.text)
    before, after = listed.text.rfind(";", 0, start), listed.text.find(";", end)
    if start < 0 or (before < 0 and after < 0):
        return None
    first, last = (before, end) if before >= 0 else (start, after + 1)
    return instead(Stretch(listed.text[first:last], listed.places[first:last]), "")


def read_facts(vocabulary: Vocabulary, on: Page, listed: Stretch) -> tuple[Fact, ...]:
    """Read the facts of a situation, separated by semicolons."""
    found: list[tuple[Fact, Stretch]] = []
    start = 0
    for part in listed.text.split(";"):
        said = cut(listed, start, start + len(part))
        start += len(part) + 1
        fact = _fact(vocabulary, on, said, listed) if said.text else None
        if fact:
            found.append((fact, said))
    facts = tuple(fact for fact, _ in found)
    for place, (_, said) in enumerate(found) if _contradictory(vocabulary, facts) else ():
        if _contradictory(vocabulary, facts[: place + 1]):
            hint = "a situation is consistent: take one of them out"
            fix = _dropped(listed, said)
            complain_at(on, "T33", "this fact contradicts the ones before it", said, hint, fix)
            break
    return facts


def _contradictory(vocabulary: Vocabulary, facts: Sequence[Fact]) -> bool:
    """Whether facts cannot all be so."""
    known = closed(vocabulary, facts)
    return any(fact._replace(holds=not fact.holds) in known for fact in known)


def _fact(vocabulary: Vocabulary, on: Page, said: Stretch, listed: Stretch) -> Fact | None:
    """Read one fact of a situation, out of those listed: a phrase of the vocabulary with names in its slots."""
    meanings = understand(vocabulary, said.text, ())
    facts = [to_fact(vocabulary, meaning) for meaning in meanings]
    fact = facts[0] if facts else None
    if len({canonical(vocabulary, each) if each else None for each in facts}) > 1:
        ambiguous(on, said, [f"{each.variable}: {', '.join(each.values)}" for each in meanings])
        return None
    if not meanings:
        fix = _named(vocabulary, said)
        if fix:
            hint = f"a situation names its states: “{fix}”"
        else:
            fix = likely(vocabulary, said.text, names_in(said.text, ()), ())
            hint = f"did you mean “{fix}”?" if fix else ""
        complain_at(on, "T32", f"no phrase of the vocabulary says “{said.text[:80]}”", said, hint, fix or None)
    elif fact is None:
        one = replace(meanings[0], values=meanings[0].values[:1])
        fix = " ".join(said_of(vocabulary, one))
        message = f"“{said.text[:80]}” leaves open which value it states"
        complain_at(on, "T32", message, said, f"state one value: “{fix}”", fix)
    elif variables(vocabulary)[fact.variable].derived:
        hint = "state the facts from which it follows"
        message = "this is concluded by propositions and never stated"
        complain_at(on, "T34", message, said, hint, _dropped(listed, said))
        return None
    elif len(fact.args) != max(1, variables(vocabulary)[fact.variable].arity):
        other = next((name for name in names_in(listed.text, ()) if name not in fact.args), "")
        fix = say(vocabulary, fact._replace(args=(*fact.args, other))) if other else ""
        hint = "use a phrase that names both states" + (f": “{fix}”" if fix else "")
        complain_at(on, "T32", "this phrase does not say towards whom", said, hint, fix or None)
        return None
    return fact


def _named(vocabulary: Vocabulary, said: Stretch) -> str:
    """Put the usual states in the place of the roles of a clause; empty if that is no phrase either."""
    text = said.text
    for phrase, name in zip(role_phrases(vocabulary), PLAYERS, strict=False):
        text = re.sub(rf"\b{re.escape(phrase)}\b", name, text, flags=re.I)
    return text if text != said.text and understand(vocabulary, text, ()) else ""
