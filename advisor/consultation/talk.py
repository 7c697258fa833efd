"""A reply in words: its parts are worded by ``templates/talk.jinja`` and laid out for a window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from advisor.consultation.standing import advice_of, lead, observations, situation_of
from advisor.consultation.values import Asked, Consultation, Means, Outcome, Part, Reply, Stand
from advisor.explanation import annotated, render, replies
from advisor.explanation.annotated import Told
from advisor.explanation.naming import Naming, load_naming, named, with_articles, worded
from advisor.explanation.painting import painted
from advisor.reading import passed_over, shown
from advisor.terms import Advice, Fact, Observation, Reading

_NARROW = 40


@dataclass(frozen=True, slots=True)
class Heard:
    """An observation in words: how it was said, and the words of the text it was read from."""

    text: str
    stance: str
    holder: str
    past: bool
    quotes: tuple[str, ...]
    answered: bool


def told(means: Means, reply: Reply, *, width: int = 88, colour: bool = False) -> str:
    """Word a reply for a window of some width; "" if there is nothing to say.

    Raises ``TemplateProblem`` if a template cannot be used.
    """
    naming = load_naming(means.templates)
    made = [_worded(means, naming, part, max(width, _NARROW), colour).strip("\n") for part in reply.parts]
    return "\n\n".join(words for words in made if words.strip())


def _worded(means: Means, naming: Naming, part: Part, width: int, colour: bool) -> str:
    """Word one part."""
    if part.kind == "inquiry":
        value = cast("replies.Value", part.value)
        return painted(_flowing(replies.tell(means.theory, value, templates=means.templates)), width, colour=colour)
    values: dict[str, object] = {
        "kind": part.kind,
        "text": part.text,
        "items": tuple(_plain(means, naming, item) for item in part.items),
        "length": "brief",
        **_given(means, naming, part.value),
    }
    values.setdefault("it", None)
    values.setdefault("value", None)
    return render(
        "talk.txt", values, templates=means.templates, lay_out=lambda made: painted(made, width, colour=colour)
    )


def _given(means: Means, naming: Naming, value: object) -> dict[str, object]:
    """Give the template the value of a part, in words."""
    if isinstance(value, Outcome):
        return {"it": value}
    if isinstance(value, Reading):
        text = annotated(means.theory, value, foreign=passed_over(value.text), plain=shown, templates=means.templates)
        blocks = [block for paragraph in text.paragraphs for block in paragraph]
        facts = _merged(fact for block in blocks for fact in block.facts)
        unread = tuple(piece.text for block in blocks for piece in block.pieces if piece.kind == "unread")
        return {"fresh": facts, "missed": unread, "languages": text.foreign, "clashes": text.clashes}
    if isinstance(value, Asked):
        listed = tuple(_plain(means, naming, fact) for fact in value.options)
        either = {fact.value for fact in value.options} <= {"yes", "no"}
        asked = with_articles(naming, value.text, value.unknown[1])
        return {"value": replace(value, text=asked), "options": listed, "either": either}
    if isinstance(value, Stand):
        return _held(means, naming, value)
    if isinstance(value, Fact):
        return {"value": worded(naming, means.theory.vocabulary, value)}
    return {"value": value}


def _merged(facts: Iterable[Told]) -> tuple[tuple[Told, tuple[str, ...]], ...]:
    """Give each fact once, with the quotations of all places that say it alike."""
    found: dict[tuple[object, ...], tuple[Told, tuple[str, ...]]] = {}
    for fact in facts:
        key = (fact.text, fact.stance, fact.holder, fact.past, fact.year)
        first, quotes = found.get(key, (fact, ()))
        found[key] = (first, tuple(dict.fromkeys((*quotes, fact.quote))))
    return tuple(found.values())


def _held(means: Means, naming: Naming, stand: Stand) -> dict[str, object]:
    """Give all that is held, by how it was come by."""
    case = situation_of(means.theory, stand)
    vocabulary = means.theory.vocabulary
    heard = [(seen, _heard(means, naming, seen)) for seen in observations(vocabulary, stand)]
    contested = {fact for conflict in case.conflicts for fact in conflict.facts}
    firm = [
        (seen, words)
        for seen, words in heard
        if seen.stance in ("asserted", "denied") and not seen.past and seen.fact in case.facts
    ]
    counted = {id(seen) for seen, _ in firm}
    return {
        "from_text": tuple(words for seen, words in firm if not words.answered),
        "answered": tuple(words for seen, words in firm if words.answered),
        "aside": tuple(words for seen, words in heard if id(seen) not in counted),
        "contested": tuple(_plain(means, naming, fact) for fact in sorted(contested)),
        "assumed": tuple(_plain(means, naming, fact) for fact in sorted(case.assumptions)),
        "forgotten": tuple(_plain(means, naming, fact) for fact, _ in stand.forgotten),
    }


def _plain(means: Means, naming: Naming, item: object) -> object:
    """Put facts and observations into words; what is in words stays."""
    if isinstance(item, Fact):
        return worded(naming, means.theory.vocabulary, item)
    if isinstance(item, Observation):
        return _heard(means, naming, item)
    if isinstance(item, tuple):
        return tuple(_plain(means, naming, each) for each in item)
    return item


def _heard(means: Means, naming: Naming, seen: Observation) -> Heard:
    return Heard(
        worded(naming, means.theory.vocabulary, seen.fact),
        seen.stance,
        named(naming, seen.holder) if seen.holder else "",
        seen.past,
        tuple(dict.fromkeys(each.span.quote for each in seen.evidence if each.span)),
        any(each.source == "answer" for each in seen.evidence),
    )


def _flowing(text: str) -> str:
    """Join the lines of a laid out text again, so that they may be broken for another width."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and lines[-1].strip() and line.strip() and not re.match(r"\s*(?:- |\d+[.)] |[|#])", line):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(re.sub(r"^(\s*(?:-|\d+[.)])) ", "\\1 \t", line))
    return "\n".join(lines)


def bar(means: Means, consultation: Consultation, advice: Advice | None = None) -> Sequence[str]:
    """Give what the bottom bar says: the state and the threat, the label, and what is asked."""
    advice = advice or advice_of(means, consultation.stand)
    first = lead(advice)
    asked = consultation.stand.asked
    facing = f" facing {first.toward}" if first and first.toward else ""
    return (
        f"{first.state}{facing}" if first else "no state in focus",
        first.label if first else "no verdict",
        "a question is open" if asked else "no question is open",
    )
