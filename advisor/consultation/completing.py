"""What a line may go on with: commands, answers, names in play, strategies, and phrases of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from advisor.consultation.lines import COMMANDS
from advisor.consultation.standing import states
from advisor.consultation.values import Asked, Consultation
from advisor.terms import Theory, Vocabulary
from advisor.vocabulary import once_each
from advisor.wording import plain

_MOST = 60


@dataclass(frozen=True, slots=True)
class Completion:
    """A text that may take the place of the last ``replaces`` characters of a line, and what it is."""

    text: str
    replaces: int
    about: str = ""


def completions(
    theory: Theory | None, consultation: Consultation, text: str, names: Sequence[str] = ()
) -> tuple[Completion, ...]:
    """Give what a line that so far reads ``text`` may go on with.

    ``theory`` is None while it loads; ``names`` are names of states that are known beside those in play.
    """
    line = text.rpartition("\n")[2]
    found = dict.fromkeys(_found(theory, consultation, line, names, first="\n" not in text))
    return tuple(found)[:_MOST]


def _found(
    theory: Theory | None, consultation: Consultation, line: str, names: Sequence[str], *, first: bool
) -> Iterator[Completion]:
    stand = consultation.stand
    here = states(stand)
    begun = line.lstrip(" :")
    if first:
        yield from _beginning(begun, [each.name for each in COMMANDS], {each.name: each.does for each in COMMANDS})
        if stand.asked:
            yield from _beginning(begun, _answers(stand.asked), {})
    if theory is not None:
        about = re.fullmatch(r"(?:why not|why|why .* rather than) (?P<rest>.*)", begun, re.I)
        if about:
            ids = [each.id for each in theory.vocabulary.strategies]
            yield from _beginning(about["rest"].rpartition(" ")[2], ids, {})
        if re.match(r"weights\b", begun, re.I):
            last = begun.rpartition(" ")[2]
            yield from _beginning(last, [f"{each.id}=" for each in theory.schools], {})
            return
    if re.match(r"focus on\b", begun, re.I):
        yield from _named(line, here)
        return
    yield from _named(line, (*here, *names))
    if theory is not None:
        yield from _phrases(theory.vocabulary, line, here, (*here, *names))


def _beginning(begun: str, words: Iterable[str], about: dict[str, str]) -> Iterator[Completion]:
    for word in words:
        if begun and word.casefold().startswith(begun.casefold()) and word.casefold() != begun.casefold():
            yield Completion(word, len(begun), about.get(word, ""))


def _answers(asked: Asked) -> list[str]:
    """Give the answers that a question may have."""
    values = [fact.value.replace("-", " ") for fact in asked.options]
    return [*(["yes", "no"] if asked.kind == "keep" else values), "don't know", "I think so", "none of these"]


def _named(line: str, names: Iterable[str]) -> Iterator[Completion]:
    """Give the names that the last words of a line begin."""
    last = re.search(r"(?:^|[\s(])([A-Z][^\s(]*(?: [A-Za-z][^\s(]*)?)$", line)
    for begun in dict.fromkeys([last[1], last[1].rpartition(" ")[2]]) if last else ():
        if begun[:1].isupper():
            for name in names:
                if name.startswith(begun) and name != begun:
                    yield Completion(name, len(begun))


@once_each
def _predicates(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Give what phrases say of the state they begin with; a slot for another state is kept."""
    found: dict[str, None] = {}
    for variable in vocabulary.variables:
        for value in variable.values if not variable.derived else ():
            for phrase in value.phrases:
                text = plain(phrase.text)
                if phrase.kind == "clause" and text.startswith("{0} "):
                    found[text.removeprefix("{0} ")] = None
    return tuple(found)


def _phrases(vocabulary: Vocabulary, line: str, here: Sequence[str], names: Sequence[str]) -> Iterator[Completion]:
    """Give the phrases that go on what a line says of a state."""
    heads = [name for name in names if re.search(rf"(?<!\w){re.escape(name)} ", line)]
    if not heads:
        return
    place = max(line.rfind(f"{name} ") + len(name) + 1 for name in heads)
    if place < 1 or place > len(line):
        return
    begun = line[place:]
    for predicate in _predicates(vocabulary):
        before, slot, after = predicate.partition("{1}")
        said = before if slot else predicate
        if begun and not said.startswith(begun):
            continue
        if slot:
            yield Completion(said.rstrip(), len(begun), "…" + after)
        elif said != begun:
            yield Completion(said, len(begun))
