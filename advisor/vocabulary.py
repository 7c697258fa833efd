"""The vocabulary: read from ``rules/``, and used to say, deny and ask a fact and to match a sentence.

One entry serves four uses.  Here are the strict ones: a sentence of a rule or of a transcript must be
a phrase of the vocabulary, word for word.  Reading free prose by the same phrases is ``reading``'s.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import TypeVar

from advisor import wording
from advisor.terms import (
    SYSTEM,
    Condition,
    Fact,
    Outcome,
    Phrase,
    Strategy,
    Term,
    Variable,
    Vocabulary,
)

Source = TypeVar("Source")
Result = TypeVar("Result")
_KEPT = 16


def once_each(function: Callable[[Source], Result]) -> Callable[[Source], Result]:
    """Compute a function once for each of the last few vocabularies or theories, told apart by identity.

    Comparing two that are equal costs more than what is computed here, and look-ups are many.
    """
    kept: dict[int, tuple[Source, Result]] = {}

    @wraps(function)
    def look_up(source: Source) -> Result:
        known = kept.get(id(source))
        if known is not None:
            return known[1]
        result = function(source)
        while len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        kept[id(source)] = (source, result)
        return result

    return look_up


# ---------------------------------------------------------------- look-up


@once_each
def variables(vocabulary: Vocabulary) -> dict[str, Variable]:
    """Give the variables by id."""
    return {variable.id: variable for variable in vocabulary.variables}


@once_each
def strategies(vocabulary: Vocabulary) -> dict[str, Strategy]:
    """Give the strategies by id."""
    return {strategy.id: strategy for strategy in vocabulary.strategies}


@once_each
def outcomes(vocabulary: Vocabulary) -> dict[str, Outcome]:
    """Give the outcomes by id."""
    return {outcome.id: outcome for outcome in vocabulary.outcomes}


@once_each
def restraints(vocabulary: Vocabulary) -> dict[str, Strategy]:
    """Give, by id, the families that have no strategies, each as what it rejects: what it expects is not to do that."""
    known = strategies(vocabulary)
    return {
        each.id: replace(known[each.rejects], id=each.id, forms=())
        for each in vocabulary.families
        if each.rejects in known
    }


def value_ids(variable: Variable) -> tuple[str, ...]:
    """Give the ids of a variable's values, in the author's order."""
    return tuple(value.id for value in variable.values)


def reversed_fact(variable: Variable, fact: Fact) -> Fact | None:
    """Give the same fact seen from the other state, where the variable is symmetric or mirrored."""
    if variable.symmetric:
        return Fact(fact.variable, fact.args[::-1], fact.value, fact.holds)
    if variable.mirror:
        return Fact(fact.variable, fact.args[::-1], dict(variable.mirror)[fact.value], fact.holds)
    return None


def canonical(vocabulary: Vocabulary, fact: Fact) -> Fact:
    """Give the one form of a fact that is stated in several: "not yes" is "no", and arguments are ordered.

    Two facts say the same exactly if their canonical forms are equal.
    """
    variable = variables(vocabulary)[fact.variable]
    if not fact.holds and set(value_ids(variable)) == {"yes", "no"}:
        fact = Fact(fact.variable, fact.args, "no" if fact.value == "yes" else "yes")
    other = reversed_fact(variable, fact)
    return min(fact, other) if other and fact.args[0] > fact.args[1] else fact


# ---------------------------------------------------------------- saying


def _fill(text: str, args: Sequence[str]) -> str:
    return text.format(*args) if args != (SYSTEM,) else text.format("the system")


def _phrase(vocabulary: Vocabulary, fact: Fact) -> Phrase:
    variable = variables(vocabulary)[fact.variable]
    return next(value for value in variable.values if value.id == fact.value).phrases[0]


def say(vocabulary: Vocabulary, fact: Fact) -> str:
    """Say a fact as a clause; one that does not hold is denied.

    "Russia shares a border with Germany", "Russia does not share a border with Germany".
    """
    phrase = _phrase(vocabulary, fact)
    if not fact.holds:
        return deny(phrase, fact.args)
    return _fill(wording.plain(phrase.text), fact.args)


def deny(phrase: Phrase, args: Sequence[str]) -> str:
    """Deny a phrase of some states."""
    return _fill(phrase.denial or wording.denial(phrase.text), args)


def ask(vocabulary: Vocabulary, fact: Fact) -> str:
    """Ask whether a fact is so: "Does Russia share a border with Germany?"."""
    phrase = _phrase(vocabulary, fact)
    return _fill(phrase.question or wording.question(phrase.text), fact.args)


def ask_open(vocabulary: Vocabulary, variable: str, args: Sequence[str]) -> str:
    """Ask which value a variable has: "Is the power of Russia growing, steady or shrinking …?"."""
    return _fill(variables(vocabulary)[variable].question, args)


def say_condition(vocabulary: Vocabulary, condition: Condition, names: dict[str, str]) -> str:
    """Say a condition with ``names`` for its roles, in its group's words where it names several values."""
    args = [names.get(term.name, term.name) if term.role else term.name for term in condition.terms] or [SYSTEM]
    if len(condition.values) > 1:
        for group in vocabulary.groups:
            if group.variable == condition.variable and set(group.values) == set(condition.values):
                text = group.phrases[0].text
                return _fill(wording.plain(text) if condition.holds else wording.denial(text), tuple(args))
    said = [say(vocabulary, Fact(condition.variable, tuple(args), v, condition.holds)) for v in condition.values]
    return (" or " if condition.holds else " and ").join(said)


# ---------------------------------------------------------------- matching a sentence


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a sentence says: a variable, the fillers of its slots in order, and the values it allows."""

    variable: str
    fillers: tuple[str, ...]
    values: tuple[str, ...]
    holds: bool


def _key(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip(" .").lower()


@once_each
def _index(vocabulary: Vocabulary) -> dict[str, tuple[tuple[str, tuple[str, ...], bool, tuple[int, ...]], ...]]:
    """Index every phrase, affirmed and denied, by its words with a mark in place of each slot."""
    found: dict[str, dict[tuple[str, tuple[str, ...], bool, tuple[int, ...]], None]] = {}

    def enter(text: str, variable: str, values: tuple[str, ...], holds: bool) -> None:
        places = tuple(int(place) for place in re.findall(r"\{(\d)\}", text))
        key = _key(re.sub(r"\{\d\}", "§", wording.plain(text)))
        found.setdefault(key, {})[(variable, values, holds, places)] = None

    entries: list[tuple[str, tuple[str, ...], Phrase]] = [
        (variable.id, (value.id,), phrase)
        for variable in vocabulary.variables
        for value in variable.values
        for phrase in value.phrases
    ]
    entries += [(group.variable, group.values, phrase) for group in vocabulary.groups for phrase in group.phrases]
    for variable_id, values, phrase in entries:
        if phrase.kind == "clause":
            enter(phrase.text, variable_id, values, phrase.affirms)
            enter(phrase.denial or wording.denial(phrase.text), variable_id, values, not phrase.affirms)
    return {key: tuple(meanings) for key, meanings in found.items()}


def match(vocabulary: Vocabulary, sentence: str, fillers: Iterable[str]) -> tuple[Meaning, ...]:
    """Match a sentence with the phrases of the vocabulary, word for word.

    ``fillers`` are the expressions that may stand in a slot ("the threat", "Germany").  Returns every
    meaning the sentence has: none if it is no phrase, more than one if entries share a wording.
    """
    known = sorted(set(fillers), key=len, reverse=True)
    if known:
        pattern = re.compile(r"(?<![\w-])(" + "|".join(re.escape(name) for name in known) + r")(?![\w-])", re.I)
        hits = list(pattern.finditer(sentence))
    else:
        hits = []
    canonical_names = {name.lower(): name for name in known}
    meanings: dict[Meaning, None] = {}
    # A filler's words may also be words of the phrase ("an ally"), so every choice of hits is tried.
    for size in range(len(hits), -1, -1):
        for chosen in itertools.combinations(hits, size):
            text, end = "", 0
            for hit in chosen:
                text, end = text + sentence[end : hit.start()] + "§", hit.end()
            names = tuple(canonical_names[hit[0].lower()] for hit in chosen)
            for variable, values, holds, places in _index(vocabulary).get(_key(text + sentence[end:]), ()):
                if len(places) != len(names):
                    continue
                by_place = dict(zip(places, names, strict=True))
                if len(by_place) == len(set(places)) and all(
                    by_place[place] == name for place, name in zip(places, names, strict=True)
                ):
                    ordered = tuple(by_place[place] for place in sorted(by_place))
                    meanings[Meaning(variable, ordered, values, holds)] = None
        if meanings:
            break
    # "cannot hold in check" both denies one value and affirms another: the affirmation is the plainer reading.
    affirmed = tuple(meaning for meaning in meanings if meaning.holds)
    return affirmed or tuple(meanings)


def nearest(vocabulary: Vocabulary, sentence: str, fillers: Iterable[str], count: int = 2) -> tuple[str, ...]:
    """Give the phrases most like a sentence that matched none, with the sentence's own fillers in them."""
    known = sorted(set(fillers), key=len, reverse=True)
    names: list[str] = []
    text = sentence
    if known:
        pattern = re.compile(r"(?<![\w-])(" + "|".join(re.escape(name) for name in known) + r")(?![\w-])", re.I)
        names = [hit[0] for hit in pattern.finditer(sentence)]
        text = pattern.sub("§", sentence)
    close = difflib.get_close_matches(_key(text), list(_index(vocabulary)), n=count, cutoff=0.6)
    spare = [*names, *[name for name in known if name not in names], "the state", "the threat"]
    result = []
    for key in close:
        for name in [*spare, *["the state"] * key.count("§")][: key.count("§")]:
            key = key.replace("§", name, 1)
        result.append(key)
    return tuple(result)


def to_fact(vocabulary: Vocabulary, meaning: Meaning) -> Fact | None:
    """Give the fact a meaning states, or None where it leaves several values open."""
    if len(meaning.values) != 1:
        return None
    args = meaning.fillers if variables(vocabulary)[meaning.variable].arity else (SYSTEM,)
    return Fact(meaning.variable, args, meaning.values[0], meaning.holds)


def to_condition(vocabulary: Vocabulary, meaning: Meaning, roles: dict[str, str], text: str, line: int) -> Condition:
    """Give the condition a meaning states; ``roles`` maps an expression to the role it names."""
    if variables(vocabulary)[meaning.variable].arity:
        terms = tuple(Term(roles.get(name, name), name in roles) for name in meaning.fillers)
    else:
        terms = (Term(SYSTEM, False),)
    return Condition(meaning.variable, terms, meaning.values, meaning.holds, text, line)
