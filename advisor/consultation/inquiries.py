"""Where a consultation turns to the inquiry: each command that asks something of a conclusion, and its answer.

The answers are the inquiry's values, worded by the explanation; here it is only settled what is asked of what.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from advisor import inquiry
from advisor.consultation.lines import Line
from advisor.consultation.moving import if_so_part, verdict_part
from advisor.consultation.values import Means, Part, Stand
from advisor.inference import revising
from advisor.terms import Advice, Fact, Question, Strategy, Theory


def strategy_meant(theory: Theory, words: str) -> tuple[Strategy | None, str]:
    """Give the strategy that words name, by its id or the verb of it; else None and the nearest id, if there is one."""
    every = {each.id: each for each in theory.vocabulary.strategies}
    bare = re.sub(r"^(?:to|by|with|a|an|the) |[?.! ]+$", "", words.casefold().strip()).replace(" ", "-")
    if bare in every:
        return every[bare], ""
    plain = {_plain(name): each for name, each in every.items()}
    if _plain(bare) in plain:
        return plain[_plain(bare)], ""
    said = words.casefold().strip(" ?.!").removeprefix("to ")
    for each in every.values():
        if each.infinitive.replace("{threat}", "").casefold().strip(" ,") in said:
            return each, ""
    near = difflib.get_close_matches(bare, every, 1, 0.6)
    return None, near[0] if near else ""


def _plain(name: str) -> str:
    """Cut the endings off a strategy's name, in any order: "balancing", "buck-passing", "external balancing"."""
    return "-".join(sorted(re.sub(r"(?:ing|es|s|e)$", "", part) for part in name.split("-")))


def inquired(means: Means, stand: Stand, advice: Advice, line: Line) -> tuple[Part, ...]:
    """Answer what a command asks of the verdict, or of the open question."""
    try:
        return _answers(means, stand, advice, line)
    except inquiry.TooWide:
        return (Part("too_wide"),)


def _answers(means: Means, stand: Stand, advice: Advice, line: Line) -> tuple[Part, ...]:
    theory, weights = means.theory, dict(stand.weights) or None
    again = revising(theory, advice.inference.situation)
    asked = stand.asked
    if line.name == "why" and asked is not None:
        if asked.kind != "fact":
            return (Part("because", value=asked),)
        question = Question(*asked.unknown, asked.text, asked.because)
        return (_answer(inquiry.why_asked(theory, advice, question, again, weights=weights)),)
    if line.name == "questions":
        found = inquiry.open_questions(theory, advice, again, weights=weights, skip=frozenset(stand.passed))
        return (_answer(found),) if found else (Part("none_open"),)
    if not advice.verdicts:
        return (Part("no_verdict"),)
    match line.name:
        case "schools":
            parts = inquiry.parting(theory, advice, again, weights=weights)
            return (verdict_part(means, stand, advice, "verdict"), _answer(parts))
        case "what would change it":
            return (_answer(inquiry.flips(theory, advice, again, weights=weights)),)
        case "why not" | "rather than":
            return _about_strategies(theory, advice, line, weights)
        case _:
            return (_answer(inquiry.how(theory, advice)),)


def flips_of(means: Means, stand: Stand, advice: Advice) -> tuple[inquiry.Flip, ...] | None:
    """Give what would change the verdict; None where there is none, or too much to try."""
    if not advice.verdicts:
        return None
    again = revising(means.theory, advice.inference.situation)
    try:
        return inquiry.flips(means.theory, advice, again, weights=dict(stand.weights) or None)
    except inquiry.TooWide:
        return None


def _answer(value: object) -> Part:
    return Part("no_verdict") if value is None else Part("inquiry", value=value)


def _about_strategies(
    theory: Theory, advice: Advice, line: Line, weights: Mapping[str, float] | None
) -> tuple[Part, ...]:
    """Say why a strategy does not lead, or why one is ahead of another."""
    chosen: list[str] = []
    for words in (line.rest, line.other) if line.other else (line.rest,):
        found, near = strategy_meant(theory, words)
        if found is None:
            return (Part("no_strategy", words, (near, *(each.id for each in theory.vocabulary.strategies))),)
        chosen.append(found.id)
    if len(chosen) == 1:
        return (_answer(inquiry.why_not(theory, advice, chosen[0], weights=weights)),)
    return (_answer(inquiry.contrast(theory, advice, chosen[0], chosen[1], weights=weights)),)


def supposed(means: Means, stand: Stand, advice: Advice, fact: Fact) -> tuple[Part, ...]:
    """Say what would be if a fact were so."""
    weights = dict(stand.weights) or None
    again = revising(means.theory, advice.inference.situation)
    found = inquiry.suppose(means.theory, advice, fact, again, weights=weights)
    if found is None:
        return (Part("supposing", items=(fact,)), if_so_part(means, stand, fact))
    return (Part("inquiry", value=found),)
