"""How a fact stands, framed so that nothing is taken for what it is not; and the names of things in a reply.

What is known not to be so, what is not known, and what is merely assumed not to be so are three kinds of value here,
each with a word of its own for a template to print: one that took the one for the other would not render.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.explanation.clauses import plain
from advisor.explanation.naming import Naming, named, school_in_prose, worded
from advisor.terms import Argument, Fact, Theory, Verdict
from advisor.verdict import THREAT
from advisor.vocabulary import strategies


@dataclass(frozen=True, slots=True)
class Known:
    """Something known: ``says`` it, with the words of the text it was read from."""

    says: str
    quotes: tuple[str, ...] = ()
    answered: bool = False
    frame: str = "known"


@dataclass(frozen=True, slots=True)
class KnownNot:
    """Something known not to be so: ``denies`` it."""

    denies: str
    quotes: tuple[str, ...] = ()
    answered: bool = False
    frame: str = "known not"


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Something that nobody knows: ``whether`` it is so."""

    whether: str
    frame: str = "not known"


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something assumed for want of knowledge: it is taken that it ``holds``."""

    holds: str
    frame: str = "assumed"


@dataclass(frozen=True, slots=True)
class AssumedNot:
    """Something assumed not to be so: it is taken that it ``fails``, a denial."""

    fails: str
    frame: str = "assumed not"


Framed = Known | KnownNot | NotKnown | Assumed | AssumedNot


@dataclass(frozen=True, slots=True)
class Words:
    """A theory and the names that take an article."""

    theory: Theory
    naming: Naming


def framed(
    words: Words, fact: Fact, ground: str, quotes: tuple[str, ...] = ()
) -> Known | KnownNot | Assumed | AssumedNot:
    """Put a fact that is held into the frame in which it is held."""
    text = worded(words.naming, words.theory.vocabulary, fact)
    if ground == "assumption":
        return Assumed(text) if fact.holds else AssumedNot(text)
    kind = Known if fact.holds else KnownNot
    return kind(text, quotes, ground == "answer")


# ---------------------------------------------------------------- names of things


def name(words: Words, state: str | None) -> str:
    """Give the name of a state in a sentence, or the words for the threat that nobody names."""
    if state is not None:
        return named(words.naming, state)
    return next(role.phrase for role in words.theory.vocabulary.roles if role.id == THREAT)


def does(words: Words, strategy: str, verdict: Verdict) -> str:
    """Give what follows "to", with the name of the threat in it."""
    infinitive = strategies(words.theory.vocabulary)[strategy].infinitive
    return infinitive.replace("{threat}", name(words, verdict.toward))


@dataclass(frozen=True, slots=True)
class Cited:
    """A proposition by its title, its source and its school."""

    title: str
    source: str
    school: str


def cited(words: Words, proposition: str) -> Cited:
    """Cite a proposition."""
    found = next(each for each in words.theory.propositions if each.id == proposition)
    return Cited(plain(found.title), plain(found.source), school_name(words, found.school))


def school_name(words: Words, school: str) -> str:
    """Give the name of a school inside a sentence."""
    return school_in_prose(words.naming, next(s.name for s in words.theory.schools if s.id == school))


@dataclass(frozen=True, slots=True)
class Led:
    """What a verdict comes to, in words: ``does`` follows "to", or ``clause`` says it, or no one expectation leads."""

    state: str
    toward: str
    decision: str
    label: str
    does: str
    clause: str
    percent: int
    schools: int


def led(words: Words, verdict: Verdict) -> Led:
    """Put what a verdict comes to into words."""
    clause = ""
    if verdict.decision == "predicted" and verdict.strategy is None:
        clause = next(f.text for f in words.theory.vocabulary.families if f.id == verdict.family)
    return Led(
        name(words, verdict.state),
        name(words, verdict.toward) if verdict.toward else "",
        verdict.decision,
        verdict.label,
        does(words, verdict.strategy, verdict) if verdict.strategy else "",
        clause,
        round(verdict.share * 100),
        len(verdict.voices),
    )


def cites(words: Words, arguments: Iterable[Argument]) -> tuple[Cited, ...]:
    """Cite the propositions of arguments, each once."""
    return tuple(cited(words, each) for each in dict.fromkeys(a.proposition for a in arguments))


def facts_said(words: Words, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Word facts, each once, from whichever side they are told."""
    found: dict[tuple[str, frozenset[str], str, bool], str] = {}
    for fact in facts:
        key = (fact.variable, frozenset(fact.args), fact.value, fact.holds)
        found.setdefault(key, worded(words.naming, words.theory.vocabulary, fact))
    return tuple(dict.fromkeys(found.values()))


def either(texts: Sequence[str]) -> str:
    """Join clauses by "or", what they begin with alike said once: "Arvenia is weak or a middle power"."""
    if len(texts) < 2:
        return "".join(texts)
    split = [text.split(" ") for text in texts]
    shared = 0
    while all(len(words) > shared + 1 and words[shared] == split[0][shared] for words in split):
        shared += 1
    if " ".join(split[0][:shared]) in ("the", "a", "an"):
        shared = 0
    rests = sorted((" ".join(words[shared:]) for words in split), key=lambda rest: ", " in rest)
    return " ".join([*split[0][:shared], ", ".join(rests[:-1]) + " or " + rests[-1]])
