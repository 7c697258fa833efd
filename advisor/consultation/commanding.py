"""The commands of a consultation: what they show, and what they choose, undo, keep or ask of a conclusion."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import replace
from pathlib import PurePath
from typing import Literal

from advisor.consultation import inquiries
from advisor.consultation.lines import COMMANDS, Line, needs_more
from advisor.consultation.moving import again, as_it_stands, asking, meant, moved, verdict_part
from advisor.consultation.standing import advice_of, alike, known_name, observations, said_facts, states
from advisor.consultation.values import Asked, Consultation, Export, Load, Means, Part, Quit, Reply, Save, Stand
from advisor.explanation import explain
from advisor.terms import Fact, Reading

_FORMATS: dict[str, Literal["text", "markdown", "html", "json"]] = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".txt": "text",
    ".json": "json",
}
_MOST = 10
_NOW = re.compile(
    r"what (?:will|would|is going to|might) happen.*|what (?:now|next|then)|and (?:now|then)|so what", re.I
)
_WILL = re.compile(
    r"(?:what|how) (?:will|would|should|does|can|could|might|is|do|did) (?:the )?(?P<name>.+?) (?:be )?"
    r"(?:do|expected|likely|react|respond|choose|going)\b.*",
    re.I,
)


def commanded(means: Means, consultation: Consultation, line: Line) -> tuple[Consultation, Reply]:
    """Carry out a command."""
    if needs_more(line):
        return consultation, Reply((_usage(line.name),))
    stand = consultation.stand
    match line.name:
        case "help":
            listed = tuple(each for each in COMMANDS if not line.rest or each.name == line.rest)
            return consultation, Reply((Part("help", line.rest, listed),))
        case "quit":
            return consultation, Reply((), Quit())
        case "save":
            return consultation, Reply((), Save(line.rest))
        case "load":
            return consultation, Reply((), Load(line.rest))
        case "undo" | "redo":
            return _stepped(means, consultation, -1 if line.name == "undo" else 1)
        case "facts":
            return consultation, Reply((Part("facts", value=stand),))
        case "unread":
            return _unread(means, consultation)
        case "weights":
            return _weighed(means, consultation, line.rest)
        case "focus on":
            return _focused(means, consultation, line)
        case "export":
            return consultation, _exported(means, stand, line.rest)
        case _:
            return _inquired(means, consultation, line)


def _usage(name: str) -> Part:
    return Part("usage", next(each.shape for each in COMMANDS if each.name == name))


# ---------------------------------------------------------------- back and forth


def _stepped(means: Means, consultation: Consultation, step: int) -> tuple[Consultation, Reply]:
    """Go a stand back or forward."""
    place = consultation.at + step
    if not 0 <= place < len(consultation.stands):
        return consultation, Reply((Part("no_step", "undo" if step < 0 else "redo"),))
    undone = consultation.stands[max(place, consultation.at)].by
    after = replace(consultation, at=place)
    advice = advice_of(means, after.stand)
    kind = "unchanged" if alike(advice, advice_of(means, consultation.stand)) else "verdict"
    parts = [Part("undone" if step < 0 else "redone", undone)]
    if advice.inference.situation.states:
        parts.append(verdict_part(means, after.stand, advice, kind))
    if after.stand.asked:
        parts.append(Part("ask", value=after.stand.asked))
    return after, Reply(tuple(parts))


# ---------------------------------------------------------------- choices


def _focused(means: Means, consultation: Consultation, line: Line) -> tuple[Consultation, Reply]:
    """Ask about one state, facing one threat if it is named."""
    stand = consultation.stand
    chosen: list[str] = []
    for name in (line.rest, line.other) if line.other else (line.rest,):
        known = known_name(means, stand, name)
        if known is None:
            near = difflib.get_close_matches(name.casefold(), [each.casefold() for each in states(stand)], 1, 0.6)
            like = next((each for each in states(stand) if near and each.casefold() == near[0]), "")
            return consultation, Reply((Part("no_state", name, (like, *states(stand))),))
        chosen.append(known)
    if len(set(chosen)) < len(chosen):
        return consultation, Reply((_usage("focus on"),))
    toward = chosen[1] if len(chosen) > 1 else None
    said = f"focus on {line.rest}" + (f" facing {line.other}" if line.other else "")
    after = replace(stand, focus=chosen[0], toward=toward, last="")
    return moved(means, consultation, after, said, (Part("focused", chosen[0], (toward or "",)),))


def _weighed(means: Means, consultation: Consultation, pairs: str) -> tuple[Consultation, Reply]:
    """Show the weights of the schools, or change them."""
    stand = consultation.stand
    known = {school.id: school.weight for school in means.theory.schools}
    weights = dict(stand.weights)
    for pair in pairs.split():
        name, _, number = pair.rstrip(",").partition("=")
        found = _school(name, known)
        try:
            weight = float(number.rstrip(",."))
        except ValueError:
            weight = math.nan
        if found is None or not (math.isfinite(weight) and 0 <= weight <= 1000):
            near = difflib.get_close_matches(name.casefold(), known, 1, 0.6)
            return consultation, Reply((Part("bad_weight", pair, (near[0] if near and found is None else "",)),))
        weights[found] = weight
    listed = tuple((school.name, school.id, weights.get(school.id, school.weight)) for school in means.theory.schools)
    if not pairs:
        return consultation, Reply((Part("weights", items=listed),))
    after = replace(stand, weights=tuple(sorted(weights.items())), last="")
    changed = tuple(entry for entry in listed if entry[1] in dict(after.weights))
    return moved(means, consultation, after, f"weights {pairs}", (Part("weighed", items=changed),))


def _school(name: str, known: dict[str, float]) -> str | None:
    """Find a school by its id, or by a beginning of it that fits no other."""
    small = name.casefold().replace("_", "-")
    if small in known:
        return small
    begun = [each for each in known if each.startswith(small)]
    return begun[0] if len(begun) == 1 else None


# ---------------------------------------------------------------- what is shown and written


def _unread(means: Means, consultation: Consultation) -> tuple[Consultation, Reply]:
    """List what nothing was read from, and ask what it may mean."""
    stand = consultation.stand
    unread = stand.reading.unread if stand.reading else ()
    parts = [Part("unread", items=tuple(span.quote for span in unread))]
    asked = meant(means, stand, unread) if unread else None
    if asked is None:
        return consultation, Reply(tuple(parts))
    return asking(consultation, asked), Reply((*parts, Part("ask", value=asked)))


def _exported(means: Means, stand: Stand, name: str) -> Reply:
    """Write the whole answer, in the form that the ending of the name says."""
    form = _FORMATS.get(PurePath(name).suffix.casefold())
    if form is None:
        return Reply((Part("no_format", name, tuple(_FORMATS)),))
    if not stand.told and not stand.answers:
        return Reply((Part("empty"),))
    advice = advice_of(means, stand)
    text = explain(
        means.theory,
        advice,
        stand.reading or Reading("", (), (), ()),
        format=form,
        length="full",
        templates=means.templates,
        weights=dict(stand.weights) or None,
        flips=inquiries.flips_of(means, stand, advice) if form == "html" else None,
    )
    return Reply((), Export(name, text))


# ---------------------------------------------------------------- what is asked of a conclusion


def _inquired(means: Means, consultation: Consultation, line: Line) -> tuple[Consultation, Reply]:
    """Answer what is asked of the question or of the verdict."""
    stand = consultation.stand
    if line.name == "why" and stand.asked is None:
        return _inquired(means, consultation, replace(line, name="how"))
    if line.name == "what if":
        found = said_facts(means, stand, line.rest)
        firm = [seen.fact for seen in found if not seen.past]
        if not firm:
            return consultation, Reply((Part("not_understood", line.rest),))
        return _supposed(means, consultation, firm[0])
    if not states(stand):
        return consultation, Reply((Part("empty"),))
    parts = inquiries.inquired(means, stand, advice_of(means, stand), line)
    return consultation, Reply((*parts, *(again(stand) if line.name != "why" else ())))


def _supposed(means: Means, consultation: Consultation, fact: Fact) -> tuple[Consultation, Reply]:
    """Suppose a fact, compare, and ask whether it is to stand."""
    stand = consultation.stand
    if not states(stand) and not fact.args:
        return consultation, Reply((Part("empty"),))
    parts = inquiries.supposed(means, stand, advice_of(means, stand), fact)
    asked = Asked("keep", "", "", (fact.variable, fact.args), (fact,))
    return asking(consultation, asked), Reply((*parts, Part("ask", value=asked)))


def questioned(means: Means, consultation: Consultation, words: str) -> tuple[Consultation, Reply]:
    """Answer a question in the user's own words, as far as it is one of those that can be answered."""
    stand = consultation.stand
    will = _WILL.fullmatch(words.rstrip("? ")) if states(stand) else None
    name = known_name(means, stand, will["name"]) if will else None
    if name is not None:
        return _focused(means, consultation, Line("command", "focus on", name))
    if states(stand) and _NOW.fullmatch(words.rstrip("? ")):
        return consultation, Reply(as_it_stands(means, stand))
    known = said_facts(means, stand, words.rstrip("? ") + "?") if states(stand) else ()
    if known:
        held = observations(means.theory.vocabulary, stand)
        about = {(seen.fact.variable, seen.fact.args) for seen in known}
        found = tuple(seen for seen in held if (seen.fact.variable, seen.fact.args) in about)
        return consultation, Reply((Part("known", items=found, value=known[0].fact), *again(stand)))
    asked_of = [name for name in states(stand) if re.search(rf"\b{re.escape(name)}\b", words)]
    held = tuple(seen for seen in observations(means.theory.vocabulary, stand) if set(asked_of) <= set(seen.fact.args))
    if asked_of and held:
        return consultation, Reply((Part("held", " and ".join(asked_of), held[:_MOST]), *again(stand)))
    return consultation, Reply((Part("question", words), *again(stand)))
