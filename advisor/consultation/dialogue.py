"""The dialogue: a consultation and a line give a consultation and a reply.

What was told is kept and read as a whole, so that a later sentence may speak of an earlier one's states.  What was
answered or corrected stands beside it and counts before it.  Nothing is resolved by guessing: what contradicts itself,
is doubtful, conditional or not understood is shown and asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.consultation import commanding
from advisor.consultation.answers import Answered, answered, nearest_value
from advisor.consultation.lines import Line, understood
from advisor.consultation.meant import nearest_facts
from advisor.consultation.moving import again, asking, firm, if_so_part, meant, moved, pondered
from advisor.consultation.standing import (
    advice_of,
    answer,
    headline,
    known_name,
    observations,
    part_of,
    said_facts,
    same,
    states,
)
from advisor.consultation.values import Asked, Consultation, Means, Part, Reply, Stand, Turn
from advisor.reading import whole_language
from advisor.situation import clash
from advisor.terms import SYSTEM, Fact, Observation, Span
from advisor.vocabulary import canonical

_SEQUENCE = re.compile("(?:\x1b\\[|\x9b)[0-9;?]{0,20}[ -/]?[@-~]|\x1b\\][^\x07\x1b]{0,400}(?:\x07|\x1b\\\\)?|\x1b.?")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONFIRMED = re.compile(r"yes\s*[,;:.–—-]+\s*(\S+ \S.*)", re.I | re.S)
_NAMES = re.compile(r"(?:the )?[A-Z][\w'’-]*(?:(?: of| the|, and| and|,)? [A-Z][\w'’-]*)*")
_IT = re.compile(r"(?:it|its|they|their)\b", re.I)
_ABOUT = re.compile(r"(?:(?:what|everything|all|anything)\b.*\b)?(?:about|of) (?:the )?(?P<name>.+?)[.!]*", re.I)


def say(means: Means, consultation: Consultation, line: str) -> tuple[Consultation, Reply]:
    """Say a line: give the consultation after it, and the reply.

    An empty line changes nothing.  What a terminal would obey is taken out of the line and shown in the reply.
    The reply puts no new question: ``pondered`` gives it, and is done here first if it is still due.
    """
    consultation, _ = pondered(means, consultation)
    heard, hidden = cleaned(line)
    stand = consultation.stand
    kind = understood(heard, states(stand))
    if kind.kind == "nothing":
        return consultation, Reply(again(stand))
    opening = (Part("hidden", items=hidden),) if hidden else ()
    after, reply = _reaction(means, consultation, kind, heard)
    changed = replace(after.stand, asked=None, due=False) != replace(stand, asked=None)
    verdict = headline(advice_of(means, after.stand)) if changed else ""
    turned = replace(after, turns=(*consultation.turns, Turn(heard, verdict)))
    return turned, replace(reply, parts=(*opening, *reply.parts))


def cleaned(line: str) -> tuple[str, tuple[str, ...]]:
    """Take out of a line what a terminal would obey; give the line, and what was taken out."""
    hidden: dict[str, None] = {}

    def taken(hit: re.Match[str]) -> str:
        hidden[hit[0]] = None
        return ""

    text = _CONTROL.sub(taken, _SEQUENCE.sub(taken, _BREAK.sub("\n", line)))
    return "\n".join(each.rstrip() for each in text.replace("\t", " ").split("\n")).strip(), tuple(hidden)


def _reaction(means: Means, consultation: Consultation, kind: Line, heard: str) -> tuple[Consultation, Reply]:
    """React to a line by its kind; an answer to the open question comes before all but commands."""
    stand = consultation.stand
    if kind.kind == "command":
        return commanding.commanded(means, consultation, kind)
    if stand.asked and "\n" not in heard:
        given = answered(means.theory.vocabulary, stand.asked, heard)
        if given is not None:
            return _answer(means, consultation, stand.asked, given, heard)
        if named := _names(means, stand, heard):
            return _name(means, consultation, named, heard)
        if (stated := _about_what_was_asked(means, stand, heard)) is not None:
            return _take(means, consultation, stated, heard, passed=stand.passed)
    if confirmed := _CONFIRMED.fullmatch(heard):
        return _correct(means, consultation, confirmed[1], heard)
    if kind.kind == "correction":
        return _correct(means, consultation, kind.rest, heard)
    if kind.kind == "retraction":
        return _retract(means, consultation, kind.rest, heard)
    if kind.kind == "mistyped":
        asked = stand.asked if stand.asked and stand.asked.kind == "fact" else None
        near = nearest_value(asked, heard) if asked else ""
        offered = [Part("values", items=asked.options)] if asked and not near and not kind.near else []
        return consultation, Reply((Part("mistyped", kind.rest, (near or kind.near,)), *offered))
    if kind.kind == "question":
        return commanding.questioned(means, consultation, kind.rest)
    return _tell(means, consultation, heard)


def _names(means: Means, stand: Stand, heard: str) -> tuple[str, ...]:
    """Give the states that an answer names, and says nothing else of, where states were asked for."""
    if stand.asked is None or stand.asked.kind != "free" or not _NAMES.fullmatch(heard.rstrip(".! ")):
        return ()
    said = re.split(r",? and |, ", heard.rstrip(".! "))
    return tuple(state.name for state in means.read(" ".join(f"{name} is a state." for name in said)).states)


def _name(means: Means, consultation: Consultation, named: tuple[str, ...], line: str) -> tuple[Consultation, Reply]:
    """Bring states into play; one that worries the only other is the threat it faces."""
    stand = consultation.stand
    here = states(stand)
    after = replace(stand, named=tuple(dict.fromkeys((*stand.named, *named))), last="")
    if len(here) == 1 and len(named) == 1 and named != here:
        after = replace(after, focus=here[0], toward=named[0])
        return moved(means, consultation, after, line, (Part("focused", here[0], named),))
    return moved(means, consultation, after, line, (Part("in_play", items=named),))


def _about_what_was_asked(means: Means, stand: Stand, heard: str) -> tuple[Observation, ...] | None:
    """Take a sentence about "it" as one about the state that was just asked about, if that says something."""
    asked = stand.asked
    hit = _IT.match(heard)
    if (
        hit is None
        or asked is None
        or asked.kind != "fact"
        or len(asked.unknown[1]) != 1
        or asked.unknown[1] == (SYSTEM,)
    ):
        return None
    return _of_it(means, stand, asked.unknown[1], heard) or None


def _of_it(means: Means, stand: Stand, names: Sequence[str], said: str) -> tuple[Observation, ...]:
    """Read a sentence about "it" as one about the first of some states of which it then says something."""
    hit = _IT.match(said)
    for name in names if hit else ():
        subject = f"{name}'s" if hit and hit[0].casefold() in ("its", "their") else name
        found = said_facts(means, stand, subject + said[hit.end() if hit else 0 :])
        if found and all(name in seen.fact.args for seen in found):
            return found
    return ()


# ---------------------------------------------------------------- telling


def _tell(means: Means, consultation: Consultation, text: str) -> tuple[Consultation, Reply]:
    """Read on: what was told before, and this paragraph after it."""
    vocabulary = means.theory.vocabulary
    stand = consultation.stand
    if language := whole_language(text):
        return consultation, Reply((Part("foreign", language), *again(stand)))
    place = len(stand.text) + 2 if stand.told else 0
    told = (*stand.told, text)
    reading = means.read("\n\n".join(told))
    fresh = part_of(reading, place)
    after = replace(stand, told=told, reading=reading, last="told")
    parts = [Part("read", value=fresh)]
    against = tuple(
        (seen.fact, given.fact)
        for seen in fresh.observations
        for given in stand.answers
        if firm(seen) and firm(given) and same(vocabulary, seen.fact, given.fact) and _clashing(means, seen, given)
    )
    if against:
        parts.append(Part("against", items=against))
    asked = None
    if not fresh.observations and len(fresh.unread) <= 1 and len(text.split()) <= 30:
        whole = (Span(0, len(text), text),)
        asked = meant(means, after, fresh.unread or whole if fresh.states else (), place)
        if not fresh.states and not asked:
            if stand.asked and stand.asked.kind == "fact":
                return consultation, Reply((Part("no_answer", text), Part("values", items=stand.asked.options)))
            meant_names = tuple(state.name for state in means.read(text.title()).states) if text.islower() else ()
            if meant_names:
                return consultation, Reply((Part("capitals", text, meant_names), *again(stand)))
            return consultation, Reply((Part("nothing", text), *again(stand)))
    return moved(means, consultation, after, text, parts, asked=asked)


def _clashing(means: Means, one: Observation, other: Observation) -> bool:
    vocabulary = means.theory.vocabulary
    return clash(vocabulary, canonical(vocabulary, one.fact), canonical(vocabulary, other.fact))


# ---------------------------------------------------------------- answers and corrections


def _answer(
    means: Means, consultation: Consultation, asked: Asked, given: Answered, line: str
) -> tuple[Consultation, Reply]:
    """Take an answer for what it says."""
    stand = consultation.stand
    passed = (*stand.passed, asked.unknown) if asked.kind in ("fact", "free") else stand.passed
    if given.kind == "unclear":
        return consultation, Reply((Part("unclear", line), Part("ask", value=asked)))
    if given.kind == "drop":
        after = replace(stand, last="")
        return moved(means, consultation, after, line, (Part("dropped", items=asked.options),))
    if given.kind in ("unknown", "hangs", "none"):
        after = replace(stand, passed=passed, last="")
        return moved(means, consultation, after, line, (Part("passed", given.kind),))
    taken = [answer(fact, given.stance) for fact in given.facts]
    more: tuple[Observation, ...] = ()
    if given.rest:
        more = tuple(seen for seen in said_facts(means, stand, given.rest))
    return _take(means, consultation, [*taken, *more], line, passed=passed, lost=given.rest if not more else "")


def _correct(means: Means, consultation: Consultation, said: str, line: str) -> tuple[Consultation, Reply]:
    """Take a sentence as a correction: it counts before whatever a text says."""
    stand = consultation.stand
    if not said:
        return consultation, Reply((Part("what"),))
    asked = stand.asked
    found = list(said_facts(means, stand, said) or (_of_it(means, stand, asked.unknown[1], said) if asked else ()))
    if not found and asked:
        given = answered(means.theory.vocabulary, asked, said)
        if given is not None:
            return _answer(means, consultation, asked, given, line)
    if not found:
        return _misunderstood(means, consultation, said)
    passed = stand.passed
    return _take(means, consultation, found, line, passed=passed)


def _misunderstood(means: Means, consultation: Consultation, said: str) -> tuple[Consultation, Reply]:
    """Say that a correction was not understood, and offer what it may mean."""
    stand = consultation.stand
    known = [seen.fact for seen in observations(means.theory.vocabulary, stand) if firm(seen)]
    names = [name for name in states(stand) if re.search(rf"\b{re.escape(name)}\b", said)]
    near = nearest_facts(means.theory.vocabulary, said, names, known, 3)
    if not near:
        return consultation, Reply((Part("not_understood", said), *again(stand)))
    asked = Asked("meant", said, "", ("", ()), near)
    return asking(consultation, asked), Reply((Part("not_understood", said), Part("ask", value=asked)))


def _take(
    means: Means,
    consultation: Consultation,
    found: Sequence[Observation],
    line: str,
    *,
    passed: tuple[tuple[str, tuple[str, ...]], ...],
    lost: str = "",
) -> tuple[Consultation, Reply]:
    """Let answers stand before what was said before, and say what they take the place of."""
    vocabulary = means.theory.vocabulary
    stand = consultation.stand
    replaced = [
        old.fact
        for old in observations(vocabulary, stand)
        if firm(old)
        and any(firm(new) and same(vocabulary, old.fact, new.fact) and _clashing(means, old, new) for new in found)
    ]
    kept = tuple(old for old in stand.answers if not any(_supersedes(means, new, old) for new in found))
    doubtful = [each.fact for each in found if not firm(each)]
    settled = tuple((each.fact.variable, each.fact.args) for each in found if not firm(each))
    after = replace(stand, answers=(*kept, *found), passed=tuple(dict.fromkeys((*passed, *settled))), last="answered")
    parts = [Part("took", items=tuple(found)), *([Part("replaced", items=tuple(replaced))] if replaced else [])]
    if lost:
        parts.append(Part("not_understood", lost))
    if len(doubtful) == 1 and len(found) == 1:
        parts.append(if_so_part(means, after, doubtful[0]))
    return moved(means, consultation, after, line, parts)


def _supersedes(means: Means, new: Observation, old: Observation) -> bool:
    """Whether an answer takes the place of an earlier one about the same."""
    vocabulary = means.theory.vocabulary
    if not same(vocabulary, old.fact, new.fact):
        return False
    return (
        not firm(old)
        or _clashing(means, old, new)
        or canonical(vocabulary, old.fact) == canonical(vocabulary, new.fact)
    )


# ---------------------------------------------------------------- taking back


def _retract(means: Means, consultation: Consultation, said: str, line: str) -> tuple[Consultation, Reply]:
    """Take back what was said last, a sentence, or all that was said of a state."""
    stand = consultation.stand
    if not said:
        return _retract_last(means, consultation, line)
    held = observations(means.theory.vocabulary, stand)
    about = _ABOUT.fullmatch(said)
    if about:
        name = known_name(means, stand, about["name"])
        gone = [seen.fact for seen in held if name in seen.fact.args]
    else:
        meant_ = said_facts(means, stand, re.sub(r"^that ", "", said, flags=re.I))
        wanted = {canonical(means.theory.vocabulary, seen.fact) for seen in meant_}
        gone = [seen.fact for seen in held if canonical(means.theory.vocabulary, seen.fact) in wanted]
    if not gone:
        return consultation, Reply((Part("not_held", said), *again(stand)))
    return forget(means, consultation, gone, line)


def forget(means: Means, consultation: Consultation, gone: Sequence[Fact], line: str) -> tuple[Consultation, Reply]:
    """Take facts back, whoever said them; what rested on them is gone as well."""
    vocabulary = means.theory.vocabulary
    stand = consultation.stand
    wanted = {canonical(vocabulary, fact) for fact in gone}
    place = len(stand.text) + 1
    after = replace(
        stand,
        answers=tuple(seen for seen in stand.answers if canonical(vocabulary, seen.fact) not in wanted),
        forgotten=(*stand.forgotten, *((fact, place) for fact in sorted(wanted))),
        last="",
    )
    return moved(means, consultation, after, line, (Part("forgot", items=tuple(dict.fromkeys(gone))),))


def _retract_last(means: Means, consultation: Consultation, line: str) -> tuple[Consultation, Reply]:
    """Take back the last thing that was told or answered."""
    stand = consultation.stand
    last = next((each for each in reversed(consultation.stands[: consultation.at + 1]) if each.last), None)
    if last is None or (last.last == "told" and not stand.told):
        return consultation, Reply((Part("nothing_to_forget"),))
    if last.last == "answered":
        place = max(n for n in range(consultation.at + 1) if consultation.stands[n] is last)
        earlier = consultation.stands[place - 1]
        after = replace(stand, answers=earlier.answers, passed=earlier.passed, last="")
        gone = tuple(seen.fact for seen in last.answers if seen not in earlier.answers)
        return moved(means, consultation, after, line, (Part("forgot", items=gone),))
    told = stand.told[:-1]
    text = "\n\n".join(told)
    after = replace(stand, told=told, reading=means.read(text) if told else None, last="")
    return moved(means, consultation, after, line, (Part("untold", stand.told[-1]),))
