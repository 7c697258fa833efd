"""The answers of an inquiry in words: how, why asked, why not, what if, why rather, what would change it, where they
part.  How they are worded stands in ``templates/replies.jinja``; here it is said what there is to word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Any

from advisor.explanation.frames import (
    Cited,
    Framed,
    Led,
    NotKnown,
    Words,
    cited,
    cites,
    does,
    either,
    facts_said,
    framed,
    led,
    name,
    school_name,
)
from advisor.explanation.naming import load_naming, named, with_articles, worded
from advisor.explanation.rendering import Format, TemplateProblem, render
from advisor.inquiry.matters import Change
from advisor.inquiry.values import (
    Answered,
    Contrast,
    Flip,
    How,
    Near,
    OpenQuestion,
    Parting,
    Reason,
    Step,
    Supposition,
    WhyAsked,
    WhyNot,
)
from advisor.nearest import Mark
from advisor.terms import SYSTEM, Fact, Theory, Verdict

Value = How | WhyAsked | WhyNot | Supposition | Contrast | Parting | Step | Sequence[Flip] | Sequence[OpenQuestion]
"""What can be told."""


def tell(
    theory: Theory, value: Value, *, format: Format = "text", templates: Path | None = None, full: bool = False
) -> str:
    """Tell an answer of an inquiry in sentences.

    ``full`` tells every proposition and every set, not only those that matter most.  ``templates`` is a folder looked
    up before the program's own.  Raises ``TemplateProblem`` if a template cannot be used, TypeError for
    anything else.
    """
    try:
        words = Words(theory, load_naming(templates))
    except (OSError, ValueError) as problem:
        raise TemplateProblem(str(problem)) from None
    kind, it = _put(value, words)
    return render("replies.jinja", {"kind": kind, "it": it, "full": full}, format=format, templates=templates)


@singledispatch
def _put(value: Any, words: Words) -> tuple[str, Any]:
    """Give the name of an answer's macro, and the answer in words."""
    raise TypeError(f"{type(value).__name__} is no answer of an inquiry")


# ---------------------------------------------------------------- how


@dataclass(frozen=True, slots=True)
class _Concluded:
    """A fact that was concluded, by what and from what; ``absent`` would have stopped it and is not known."""

    says: str
    by: Cited
    because: tuple[Framed, ...]
    absent: tuple[NotKnown, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """An argument for what leads, and what it rests on."""

    by: Cited
    does: str
    favours: bool
    strength: int
    because: tuple[Framed, ...]
    absent: tuple[NotKnown, ...]


@dataclass(frozen=True, slots=True)
class _Proof:
    led: Led
    reasons: tuple[_Given, ...]
    steps: tuple[_Concluded, ...]


def _ground(words: Words, step: Step) -> Framed:
    return framed(words, step.fact, step.ground, tuple(span.quote for span in step.quotes))


def _unknown(words: Words, facts: Iterable[Fact]) -> tuple[NotKnown, ...]:
    return tuple(NotKnown(text) for text in facts_said(words, facts))


def _concluded(words: Words, steps: Iterable[Step], told: dict[Fact, _Concluded]) -> None:
    """Collect what was concluded on the way, the deepest first, none twice."""
    for step in steps:
        if step.proposition and step.fact not in told:
            _concluded(words, step.because, told)
            told[step.fact] = _Concluded(
                worded(words.naming, words.theory.vocabulary, step.fact),
                cited(words, step.proposition),
                tuple(_ground(words, each) for each in step.because),
                _unknown(words, step.absent),
            )


@_put.register
def _(value: How, words: Words) -> tuple[str, Any]:
    told: dict[Fact, _Concluded] = {}
    reasons: dict[tuple[str, tuple[Step, ...]], Reason] = {}
    for reason in value.reasons:
        reasons.setdefault((reason.argument.proposition, reason.because), reason)
    for reason in reasons.values():
        _concluded(words, reason.because, told)
    given = tuple(
        _Given(
            cited(words, reason.argument.proposition),
            does(words, reason.argument.strategy, value.verdict),
            reason.argument.favours,
            reason.argument.strength,
            tuple(_ground(words, each) for each in reason.because),
            _unknown(words, reason.absent),
        )
        for reason in reasons.values()
    )
    return "how", _Proof(led(words, value.verdict), given, tuple(told.values()))


@_put.register
def _(value: Step, words: Words) -> tuple[str, Any]:
    told: dict[Fact, _Concluded] = {}
    _concluded(words, [value], told)
    return "fact", {"fact": _ground(words, value), "steps": tuple(told.values())}


# ---------------------------------------------------------------- questions


@dataclass(frozen=True, slots=True)
class _Came:
    """An answer, what leads then, and what begins or ceases to apply."""

    says: str
    led: Led
    same: bool
    begin: tuple[Cited, ...]
    cease: tuple[Cited, ...]


def _came(words: Words, answered: Answered, before: Verdict | None) -> _Came:
    same = before is not None and (
        (answered.verdict.label, answered.verdict.family) == (before.label, before.family)
        and answered.verdict.families[:1]
        and before.families[:1]
        and answered.verdict.families[0][0] == before.families[0][0]
    )
    return _Came(
        worded(words.naming, words.theory.vocabulary, answered.fact),
        led(words, answered.verdict),
        bool(same),
        tuple(cited(words, name) for name in answered.begin),
        tuple(cited(words, name) for name in answered.cease),
    )


@_put.register
def _(value: WhyAsked, words: Words) -> tuple[str, Any]:
    names = [arg for arg in value.question.args if arg != SYSTEM]
    return "why_asked", {
        "text": with_articles(words.naming, value.question.text, names),
        "because": value.question.because,
        "led": led(words, value.verdict) if value.verdict else None,
        "answers": tuple(_came(words, each, value.verdict) for each in value.answers),
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    text: str
    because: str
    worth: str
    example: tuple[str, ...]


def _asked(words: Words, value: OpenQuestion) -> _Asked:
    names = [arg for arg in value.question.args if arg != SYSTEM]
    return _Asked(
        with_articles(words.naming, value.question.text, names),
        with_articles(words.naming, value.question.because, names),
        value.worth,
        facts_said(words, value.example),
    )


# ---------------------------------------------------------------- why not, why rather


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A condition that is not met, or an ``unless`` that stops: as the rule words it, and how it stands."""

    asks: str
    stops: bool
    stands: tuple[Framed, ...]


@dataclass(frozen=True, slots=True)
class _Nearly:
    """A proposition that could speak for a strategy, and what keeps it from doing so."""

    by: Cited
    applies: bool
    defeated: tuple[str, ...]
    idle: bool
    silenced: bool
    lacking: tuple[_Lacking, ...]


def _nearly(words: Words, near: Near, assumed: frozenset[Fact]) -> _Nearly:
    names = [state for _, state in near.nearest.bindings]
    return _Nearly(
        cited(words, near.nearest.proposition),
        near.nearest.applies,
        tuple(cited(words, name).title for name in near.nearest.defeated_by),
        near.nearest.idle,
        near.nearest.silenced,
        tuple(_lacking(words, mark, names, assumed) for mark in near.nearest.unmet),
    )


def _lacking(words: Words, mark: Mark, names: list[str], assumed: frozenset[Fact]) -> _Lacking:
    text = with_articles(words.naming, mark.text, names)
    if mark.how == "unknown":
        return _Lacking(text, mark.stops, (NotKnown(text),))
    stands = tuple(framed(words, fact, "assumption" if fact in assumed else "given") for fact in mark.facts)
    return _Lacking(text, mark.stops, stands)


@_put.register
def _(value: WhyNot, words: Words) -> tuple[str, Any]:
    ruled = value.ruled_out
    return "why_not", {
        "does": does(words, value.strategy, value.verdict),
        "led": led(words, value.verdict),
        "leads": value.leads,
        "ruled_out": framed(words, ruled.fact, "given") if ruled else None,
        "support": value.standing.support if value.standing else None,
        "near": tuple(_nearly(words, each, value.assumed) for each in value.near),
        "against": cites(words, value.against),
    }


@dataclass(frozen=True, slots=True)
class _Sided:
    """What the arguments of one school that differ come to; ``more`` is which of the two it supports more."""

    school: str
    more: str
    for_one: tuple[Cited, ...]
    for_other: tuple[Cited, ...]


@_put.register
def _(value: Contrast, words: Words) -> tuple[str, Any]:
    sides = tuple(
        _Sided(
            school_name(words, side.school),
            "one" if side.one > side.other else "other" if side.other > side.one else "",
            cites(words, side.for_one),
            cites(words, side.for_other),
        )
        for side in value.sides
    )
    return "contrast", {
        "one": does(words, value.one, value.verdict),
        "other": does(words, value.other, value.verdict),
        "state": name(words, value.verdict.state),
        "ahead": "" if value.ahead is None else "one" if value.ahead == value.one else "other",
        "sides": sides,
        "common": cites(words, value.common),
        "ruled_out": tuple(
            {"does": does(words, each.strategy, value.verdict), "because": framed(words, each.fact, "given")}
            for each in value.ruled_out
        ),
    }


# ---------------------------------------------------------------- counterfactuals


@dataclass(frozen=True, slots=True)
class _Altered:
    """What would be so of a matter, and what is so now; ``dropped`` where that may also, or only, cease to be known."""

    would: str
    now: tuple[Framed, ...]
    dropped: bool


@_put.register
def _(value: Supposition, words: Words) -> tuple[str, Any]:
    fact = value.change.fact
    return "suppose", {
        "would": worded(words.naming, words.theory.vocabulary, fact) if fact else "",
        "about": _about(words, value.change),
        "known": value.known,
        "changed": value.changed,
        "before": led(words, value.before),
        "after": led(words, value.after),
        "gained": cites(words, value.gained),
        "lost": cites(words, [a for a in value.lost if a.proposition not in {g.proposition for g in value.gained}]),
        "concluded": facts_said(words, value.concluded),
        "dropped": facts_said(words, value.dropped),
    }


def _about(words: Words, change: Change) -> str:
    variable = next(v for v in words.theory.vocabulary.variables if v.id == change.matter.variable)
    names = [named(words.naming, arg) for arg in change.matter.args if arg != SYSTEM]
    title = variable.title
    for each in names:
        first = title.find("*")
        last = title.find("*", first + 1)
        title = title[:first] + each + title[last + 1 :] if 0 <= first < last else title
    return title


@dataclass(frozen=True, slots=True)
class Ending:
    """What would lead, and all sets of changes after which it would."""

    led: Led
    ways: tuple[tuple[_Altered, ...], ...]


def endings(words: Words, found: Iterable[Flip]) -> tuple[Ending, ...]:
    """Put together the sets of changes after which the same leads, those of the same matters in one."""
    by_end: dict[tuple[object, ...], dict[tuple[object, ...], list[Flip]]] = {}
    leds: dict[tuple[object, ...], Led] = {}
    for flip in found:
        what = led(words, flip.verdict)
        end = (what.decision, what.does, what.clause)
        leds.setdefault(end, what)
        matters = tuple(change.matter for change in flip.changes)
        by_end.setdefault(end, {}).setdefault(matters, []).append(flip)
    return tuple(
        Ending(leds[end], tuple(way for same in groups.values() for way in _ways(words, same)))
        for end, groups in by_end.items()
    )


def _ways(words: Words, same: Sequence[Flip]) -> Iterator[tuple[_Altered, ...]]:
    """Put sets of changes of the same matters into words, those together that go with the same others."""
    if len(same[0].changes) == 1:
        yield (_altered(words, [flip.changes[0] for flip in same], same[0].was[0]),)
        return
    with_first: dict[Change, list[Change]] = {}
    for flip in same:
        with_first.setdefault(flip.changes[0], []).append(flip.changes[1])
    alike: dict[tuple[Change, ...], list[Change]] = {}
    for first, others in with_first.items():
        alike.setdefault(tuple(others), []).append(first)
    for seconds, firsts in alike.items():
        yield _altered(words, firsts, same[0].was[0]), _altered(words, seconds, same[0].was[1])


def _altered(words: Words, changes: Sequence[Change], was: Sequence[tuple[Fact, str]]) -> _Altered:
    """Put changes of one matter into words, the values joined by "or"."""
    would = facts_said(words, (change.fact for change in changes if change.fact is not None))
    now = tuple(framed(words, fact, ground) for fact, ground in was)
    return _Altered(either(would), now, any(change.fact is None for change in changes))


@dataclass(frozen=True, slots=True)
class _Camped:
    does: str
    clause: str
    schools: tuple[str, ...]


@_put.register
def _(value: Parting, words: Words) -> tuple[str, Any]:
    camps = []
    for camp in value.camps:
        family = next((f for f in words.theory.vocabulary.families if f.id == camp.contender), None)
        schools = tuple(school_name(words, school) for school in camp.schools)
        if family is None:
            camps.append(_Camped(does(words, camp.contender, value.verdict), "", schools))
        else:
            text = family.text.replace(name(words, None), name(words, value.verdict.toward))
            camps.append(_Camped("" if family.rejects else text, text if family.rejects else "", schools))
    return "parting", {
        "led": led(words, value.verdict),
        "disagree": value.disagree,
        "camps": tuple(camps),
        "codings": endings(words, value.codings),
        "propositions": tuple(tuple(cited(words, name) for name in names) for names in value.propositions),
    }


@_put.register(tuple)
@_put.register(list)
def _(value: Sequence[Any], words: Words) -> tuple[str, Any]:
    if value and all(isinstance(each, OpenQuestion) for each in value):
        return "open_questions", tuple(_asked(words, each) for each in value)
    if all(isinstance(each, Flip) for each in value):
        return "flips", {
            "single": endings(words, (flip for flip in value if len(flip.changes) == 1)),
            "double": endings(words, (flip for flip in value if len(flip.changes) > 1)),
        }
    raise TypeError("this is no answer of an inquiry")
