"""One clause of a rule or of a situation: its place in the file, and what it says.

A clause must be a phrase of the vocabulary, word for word, with roles or names in its slots.  Where it is
not, the complaint says as exactly as possible why not.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor import wording
from advisor.diagnostics import Page, complain
from advisor.terms import SYSTEM, Condition, Fact, Vocabulary
from advisor.vocabulary import Meaning, match, nearest, say, to_condition, value_ids, variables

_NAME = re.compile(r"(?:[Tt]he )?[A-Z][\w'’-]*(?: (?:of )?[A-Z][\w'’-]*)*")
_DOUBLE_NAME = re.compile(r"[A-Z][\w'’-]* and [A-Z][\w'’-]*")
_ARTICLE = re.compile(r"^[Tt]he ")
_MOST_FILLERS = 8
_MOST_PIECES = 10


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a rule with single spaces between them, and the line and column of each character."""

    text: str
    places: tuple[tuple[int, int], ...]

    @property
    def line(self) -> int:
        """The line of the first character."""
        return self.places[0][0] if self.places else 0

    @property
    def column(self) -> int:
        """The column of the first character, from 1."""
        return self.places[0][1] if self.places else 1


def cut(stretch: Stretch, start: int, end: int | None = None) -> Stretch:
    """Cut a stretch out of another, without the blanks and stops around it."""
    end = len(stretch.text) if end is None else end
    while start < end and stretch.text[start] in " ,;:":
        start += 1
    while end > start and stretch.text[end - 1] in " ,;:.":
        end -= 1
    return Stretch(stretch.text[start:end], stretch.places[start:end])


def line_of(text: str, number: int, column: int) -> Stretch:
    """Make a stretch of a line, runs of blanks made one."""
    kept = [
        (c if not c.isspace() else " ", i) for i, c in enumerate(text) if i == 0 or not text[i - 1 : i + 1].isspace()
    ]
    return Stretch("".join(c for c, _ in kept), tuple((number, column + i) for _, i in kept))


def join(one: Stretch, other: Stretch) -> Stretch:
    """Carry on a stretch with another."""
    if not one.text or not other.text:
        return one if one.text else other
    return Stretch(f"{one.text} {other.text}", (*one.places, other.places[0], *other.places))


def complain_at(on: Page, code: str, message: str, stretch: Stretch, hint: str = "") -> None:
    """Complain about a stretch; one that runs over several lines is underlined on the first."""
    first = stretch.text[: sum(place[0] == stretch.line for place in stretch.places)]
    complain(on, code, message, stretch.line, first, hint, stretch.column)


# ---------------------------------------------------------------- sentences


def role_phrases(vocabulary: Vocabulary) -> dict[str, str]:
    """Give the role that each phrase names: “the threat”."""
    return {role.phrase: role.id for role in vocabulary.roles}


def heads(vocabulary: Vocabulary) -> dict[str, str]:
    """Give the roles by their bare words: “threat”."""
    return {role.phrase.removeprefix("the "): role.id for role in vocabulary.roles}


def indefinite(vocabulary: Vocabulary) -> dict[str, str]:
    """Give the roles by the phrases that introduce somebody new: “an ally”, “another state”."""
    return {
        f"{article} {head}": role
        for head, role in heads(vocabulary).items()
        for article in ("a", "an", "another", "some other")
    }


def names_in(text: str, roles: Iterable[str] = (), double: bool = False) -> tuple[str, ...]:
    """Give the expressions in a sentence that may be names of states: words with a capital that are no role.

    With ``double``, "Bosnia and Herzegovina" is one name.
    """
    found = {hit[0] for hit in _NAME.finditer(text)} | {hit[0] for hit in _DOUBLE_NAME.finditer(text) if double}
    found |= {name[4:] for name in found if name[:4] in ("the ", "The ")}
    known = re.compile("|".join(rf"\b{re.escape(role)}\b" for role in roles) or "(?!)", re.I)
    return tuple(sorted(name for name in found if not known.search(name)))


def understand(vocabulary: Vocabulary, text: str, roles: Iterable[str]) -> tuple[Meaning, ...]:
    """Match a sentence with the vocabulary, where roles and names of states may fill its slots.

    A name may carry an article ("the Soviet Union"), which is not part of it.  Where a wording has more than
    one meaning, that counts which is always said so.
    """
    plain = {role.lower() for role in roles}
    for double in (False, True) if _DOUBLE_NAME.search(text) else (False,):
        fillers = {*roles, *names_in(text, roles, double)}
        if sum(len(re.findall(re.escape(filler), text, re.I)) for filler in fillers) > _MOST_FILLERS:
            return ()  # no phrase has so many slots, and every choice of them would be tried
        meanings = match(vocabulary, text, fillers)
        if len(meanings) > 1:
            usual = [m for m in meanings if text.lower() in (said.lower() for said in said_of(vocabulary, m))]
            meanings = tuple(usual) or meanings
        if meanings:
            return tuple(
                replace(m, fillers=tuple(n if n.lower() in plain else _ARTICLE.sub("", n) for n in m.fillers))
                for m in meanings
            )
    return ()


def normal(vocabulary: Vocabulary, condition: Condition) -> Condition:
    """Write "not yes" as "no", and values in the vocabulary's order, as facts have them."""
    order = value_ids(variables(vocabulary)[condition.variable])
    values, holds = condition.values, condition.holds
    if not holds and len(values) == 1 and set(order) == {"yes", "no"}:
        values, holds = tuple(value for value in order if value not in values), True
    values = tuple(value for value in order if value in values)
    return Condition(condition.variable, condition.terms, values, holds, condition.text, condition.line)


def said_of(vocabulary: Vocabulary, meaning: Meaning) -> list[str]:
    """Say what is meant in the usual words: one clause, or one for each value where no group names them all."""
    args = meaning.fillers if variables(vocabulary)[meaning.variable].arity else (SYSTEM,)
    if len(meaning.values) > 1:
        for group in vocabulary.groups:
            if group.variable == meaning.variable and set(group.values) == set(meaning.values):
                phrase = group.phrases[0]
                text = wording.plain(phrase.text) if meaning.holds else phrase.denial or wording.denial(phrase.text)
                return [text.format(*args)]
    return [say(vocabulary, Fact(meaning.variable, args, value, meaning.holds)) for value in meaning.values]


def meanings_of(vocabulary: Vocabulary, said: Stretch, roles: Mapping[str, str]) -> tuple[Condition, ...]:
    """Give the conditions a stretch may state: none where it is no phrase, several where it is ambiguous."""
    found = (
        normal(vocabulary, to_condition(vocabulary, meaning, dict(roles), said.text, said.line))
        for meaning in understand(vocabulary, said.text, roles)
    )
    return tuple(dict.fromkeys(found))


def clause(vocabulary: Vocabulary, on: Page, said: Stretch, roles: Mapping[str, str]) -> Condition | None:
    """Read one clause; complains and gives None where it is no phrase of the vocabulary, or an ambiguous one."""
    found = meanings_of(vocabulary, said, roles)
    if not found:
        not_understood(vocabulary, on, said, roles)
        return None
    if len(found) > 1:
        ambiguous(on, said, [f"{each.variable}: {', '.join(each.values)}" for each in found])
        return None
    condition = found[0]
    arity = variables(vocabulary)[condition.variable].arity
    if arity and len(condition.terms) != arity:
        complain_at(
            on,
            "T27",
            "this phrase does not say towards whom",
            said,
            "use a phrase that names both states: "
            f"“{_example(vocabulary, condition.variable, condition.values[0], list(roles))}”",
        )
        return None
    if len(set(condition.terms)) < len(condition.terms):
        complain_at(on, "T27", "this phrase names one state twice", said, "different roles are different states")
        return None
    return condition


def ambiguous(on: Page, said: Stretch, meanings: Sequence[str]) -> None:
    """Complain about a phrase with more than one meaning."""
    hint = "use another phrase, or take this one out of an entry of the vocabulary"
    complain_at(on, "T37", f"this phrase has two meanings in the vocabulary ({'; '.join(meanings)})", said, hint)


def _example(vocabulary: Vocabulary, variable: str, value: str, roles: Sequence[str]) -> str:
    return say(vocabulary, Fact(variable, (*roles, "", "")[:2], value))


def not_understood(vocabulary: Vocabulary, on: Page, said: Stretch, roles: Mapping[str, str]) -> None:
    """Say as exactly as possible why a clause is no phrase of the vocabulary."""
    text = said.text
    definite = {role: phrase for phrase, role in role_phrases(vocabulary).items()}
    for phrase, role in indefinite(vocabulary).items():
        place = re.search(rf"\b{phrase}\b", text, re.I)
        if phrase not in roles and place and understand(vocabulary, text, {*roles, phrase}):
            complain_at(
                on,
                "T22",
                f"“{phrase}” introduces somebody new, which only “unless” can",
                cut(said, *place.span()),
                f"write “{definite[role]}”",
            )
            return
    for hit in re.finditer(r"\b(?:the|a|an|another) ([\w-]+(?: state\b)?)", text, re.I):
        if hit[0].lower() not in roles and understand(vocabulary, text, {*roles, hit[0]}):
            close = difflib.get_close_matches(hit[0].lower(), list(roles), n=1, cutoff=0.6)
            complain_at(
                on,
                "T20",
                f"“{hit[0]}” is no role",
                cut(said, hit.start(), hit.end()),
                f"did you mean “{close[0]}”?" if close else "the roles are " + ", ".join(definite.values()),
            )
            return
    for head, role in heads(vocabulary).items():
        place = re.search(rf"(?<!the )\b{re.escape(head)}\b", text, re.I)
        if place and understand(vocabulary, text, {*roles, head}):
            complain_at(
                on,
                "T21",
                f"“{head}” is written without its article",
                cut(said, *place.span()),
                f"write “{definite[role]}”",
            )
            return
    for word, advice in (
        (" or ", "begin alternatives with “either”"),
        (" and ", "begin a new line with “and”"),
        (" unless ", "begin a new line with “unless”"),
        (" if ", "begin a new line with “if”"),
    ):
        pieces = text.lower().split(word)
        if 1 < len(pieces) <= _MOST_PIECES and all(understand(vocabulary, piece, roles) for piece in pieces):
            complain_at(on, "T19", f"no phrase of the vocabulary says “{text[:80]}”", said, advice)
            return
    hints = nearest(vocabulary, text[:200], [*roles, *names_in(text, roles)], 1)
    complain_at(
        on,
        "T19",
        f"no phrase of the vocabulary says “{text[:80]}”",
        said,
        f"did you mean “{hints[0]}”?" if hints else "",
    )


def introduced(phrase: str) -> str:
    """Introduce the player of a role: “the ally” → “an ally”."""
    head = phrase.removeprefix("the ")
    return f"{'an' if head[0] in 'aeiou' else 'a'} {head}"
