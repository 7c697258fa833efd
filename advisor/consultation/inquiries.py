"""Where a consultation turns to the inquiry: each command that asks something of a conclusion, and its answer.

The answers are the inquiry's values, worded by the explanation; here it is only settled what is asked of what.
"""

from __future__ import annotations

import difflib
import re

from advisor.consultation.lines import Line
from advisor.consultation.values import Means, Part, Stand
from advisor.terms import Advice, Fact, Strategy, Theory


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
    """Cut the endings off a strategy's name: "balancing", "buck-passing", "balances"."""
    return "-".join(re.sub(r"(?:ing|es|s|e)$", "", part) for part in name.split("-"))


def inquired(means: Means, stand: Stand, advice: Advice, line: Line) -> tuple[Part, ...]:
    """Answer what a command asks of the verdict, or of the open question."""
    if line.name == "why":
        return (Part("because", value=stand.asked),)
    return (Part("not_yet", line.name),)


def supposed(means: Means, stand: Stand, advice: Advice, fact: Fact) -> tuple[Part, ...]:
    """Say what would be if a fact were so."""
    from advisor.consultation.moving import if_so_part

    return (Part("supposing", items=(fact,)), if_so_part(means, stand, fact))
