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
from advisor.terms import SYSTEM, Condition, Edit, Fact, Vocabulary
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


def complain_at(
    on: Page, code: str, message: str, stretch: Stretch, hint: str = "", fix: Edit | str | None = None
) -> None:
    """Complain about a stretch; one that runs over several lines is underlined on the first.

    ``fix`` is a correction; where it is only a text, that takes the place of the stretch.
    """
    first = stretch.text[: sum(place[0] == stretch.line for place in stretch.places)]
    edit = (instead(stretch, fix) if stretch.places else None) if isinstance(fix, str) else fix
    complain(on, code, message, stretch.line, first, hint, stretch.column, fix=edit)


def instead(stretch: Stretch, text: str) -> Edit:
    """Make the correction that puts a text in the place of a stretch."""
    (line, column), (end_line, end_column) = stretch.places[0], stretch.places[-1]
    return Edit(line, column, end_line, end_column + 1, text)


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
        whole = _example(vocabulary, condition, list(roles))
        hint = f"use a phrase that names both states: “{whole}”"
        complain_at(on, "T27", "this phrase does not say towards whom", said, hint, whole)
        return None
    if len(set(condition.terms)) < len(condition.terms):
        other = next((role for role in roles if role not in said.text.lower()), "")
        head, _, tail = said.text.rpartition(_spoken(condition, roles))
        fix = f"{head}{other}{tail}" if other and head else None
        hint = "different roles are different states" + (f": write “{fix}”" if fix else "")
        complain_at(on, "T27", "this phrase names one state twice", said, hint, fix)
        return None
    return condition


def ambiguous(on: Page, said: Stretch, meanings: Sequence[str]) -> None:
    """Complain about a phrase with more than one meaning."""
    hint = "use another phrase, or take this one out of an entry of the vocabulary"
    complain_at(on, "T37", f"this phrase has two meanings in the vocabulary ({'; '.join(meanings)})", said, hint)


def _example(vocabulary: Vocabulary, condition: Condition, roles: Sequence[str]) -> str:
    """Say a condition on one state with the phrase that names both."""
    known = {role: phrase for phrase, role in role_phrases(vocabulary).items()}
    spoken = [known.get(term.name, term.name) for term in condition.terms]
    args = tuple(dict.fromkeys((*spoken, *roles, "", "")))[:2]
    return say(vocabulary, Fact(condition.variable, args, condition.values[0], condition.holds))


def _spoken(condition: Condition, roles: Mapping[str, str]) -> str:
    """Give the words for the state that a condition names last."""
    name = condition.terms[-1].name
    return next((phrase for phrase, role in roles.items() if role == name), name)


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
                definite[role],
            )
            return
    for hit in re.finditer(r"\b(?:the|a|an|another) ([\w-]+(?: state\b)?)", text, re.I):
        if hit[0].lower() not in roles and understand(vocabulary, text, {*roles, hit[0]}):
            close = difflib.get_close_matches(hit[0].lower(), list(roles), n=1, cutoff=0.6)
            free = [phrase for phrase in definite.values() if phrase not in text.lower()] or list(definite.values())
            complain_at(
                on,
                "T20",
                f"“{hit[0]}” is no role",
                cut(said, hit.start(), hit.end()),
                f"did you mean “{close[0]}”?" if close else "the roles are " + ", ".join(definite.values()),
                (close or free)[0],
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
                definite[role],
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
            fix = f"either {text}" if word == " or " else re.sub(word, f"\n {word}", text, flags=re.I)
            complain_at(on, "T19", f"no phrase of the vocabulary says “{text[:80]}”", said, advice, fix)
            return
    hint = likely(vocabulary, text, [*roles, *names_in(text, roles)], roles)
    complain_at(
        on,
        "T19",
        f"no phrase of the vocabulary says “{text[:80]}”",
        said,
        f"did you mean “{hint}”?" if hint else "",
        hint or None,
    )


def likely(vocabulary: Vocabulary, text: str, fillers: Sequence[str], roles: Iterable[str]) -> str:
    """Give the nearest phrase that may stand in the place of a clause which is none; empty if none is near."""
    for hint in nearest(vocabulary, text[:200], fillers, 3):
        meanings = understand(vocabulary, hint, roles)
        if len(meanings) == 1 and len(set(meanings[0].fillers)) == len(meanings[0].fillers):
            whole = variables(vocabulary)[meanings[0].variable].arity == len(meanings[0].fillers)
            if whole or not meanings[0].fillers:
                return hint
    return ""


def introduced(phrase: str) -> str:
    """Introduce the player of a role: “the ally” → “an ally”."""
    head = phrase.removeprefix("the ")
    return f"{'an' if head[0] in 'aeiou' else 'a'} {head}"
