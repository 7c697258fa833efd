"""What an answer in plain words says to an open question: a value, a doubt, a condition, or that nobody knows.

An answer is taken for no more than it says.  What is thought or likely is kept as possible, what holds only in some
case as a condition, and neither counts as a fact; words that fit several values are asked about again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from advisor.consultation.values import Asked
from advisor.terms import Fact, Stance, Vocabulary
from advisor.vocabulary import value_ids, variables
from advisor.wording import plain

Kind = Literal["facts", "unknown", "hangs", "none", "keep", "drop", "unclear"]


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer says: facts with a stance; that it is unknown, or hangs on something; to keep or drop it; nothing.

    ``rest`` is what else is said after a yes or no; what is ``unclear`` is one of the values, and open which.
    """

    kind: Kind
    facts: tuple[Fact, ...] = ()
    stance: Stance = "asserted"
    rest: str = ""


_UNKNOWN = re.compile(
    r"(?:i |we )?(?:really |just )?(?:do not|don't|dont|cannot|can't) (?:know|say|tell)(?: that| it| yet)?|no idea|"
    r"unknown|not known|(?:it's |it is )?unclear to me|dunno|(?:i am |i'm |we are )?not (?:sure|certain)|unsure|"
    r"skip(?: (?:it|that|this))?|pass|no one knows|nobody knows|who knows|hard to (?:say|tell)|next(?: question)?|"
    r"i have no idea|not clear|never ?mind|don't ask(?: me)?",
    re.I,
)
_YES = re.compile(
    r"(?:yes|yeah|yep|yup|y|aye|right|correct|true|sure|certainly|definitely|indeed|of course|absolutely|exactly|"
    r"(?:that|it|this) (?:is|was) (?:so|true|right|the case)|(?:it|they|he|she) (?:is|are|does|do|has|have|can|could|"
    r"was|were|did|will|would)|i know so|yes (?:it|they) (?:is|are|does|do|has|have|can|could|did|was|were))",
    re.I,
)
_NO = re.compile(
    r"(?:no|n|nope|nay|not at all|false|not so|never|certainly not|definitely not|of course not|by no means|"
    r"(?:that|it|this) (?:is|was) (?:not|n't) (?:so|true|right|the case)|(?:that|it|this)(?: is|'s) (?:false|untrue)|"
    r"(?:no,? )?(?:it|they|he|she) (?:(?:is|are|does|do|has|have|can|could|was|were|did|will|would) not|"
    r"(?:is|are|does|do|has|have|could|was|were|did|would)n't|cannot|can't|won't))",
    re.I,
)
_DOUBT = (
    r"(?:i (?:think|believe|suppose|guess|assume|expect|imagine|should think|would say)(?: so| that)?|probably|perhaps|"
    r"maybe|possibly|presumably|likely|very likely|most likely|apparently|"
    r"it (?:seems|looks|appears)(?: so| that| like it)?|"
    r"more or less|arguably|in a way|sort of|kind of|to some extent|could be|might be|it (?:may|might|could) be)"
)
_DOUBT_YES = re.compile(rf"(?:(?:yes|yeah)[,;]? )?{_DOUBT}(?:,? (?:yes|so|yeah))?", re.I)
_DOUBT_NO = re.compile(
    rf"(?:(?:no|nope)[,;]? )?(?:{_DOUBT},? (?:not|no)|i (?:do not|don't|dont) (?:think|believe|suppose)(?: so)?|"
    rf"i doubt (?:it|that|so)|unlikely|(?:it|that) is unlikely|hardly|not really|no,? {_DOUBT})",
    re.I,
)
_IF = re.compile(
    r"(?:but )?(?:(?:only|but only|just|not) )?"
    r"(?:if|unless|when|whenever|provided|as long as|in case|so long as|until|except)\b.*|"
    r"(?:it |that )?(?:all )?depends\b.*|under (?:certain |some )?conditions?.*|in some cases.*|"
    r"conditionally|sometimes",
    re.I | re.S,
)
_ORDINALS = re.findall(r"\w+", "first second third fourth fifth sixth seventh")
_NONE = re.compile(
    r"(?:none|neither|nothing|none of (?:them|these|those|it)|something else|not that|not one|no one)", re.I
)
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be been has have had do does did of to in on at by for with and or it its they their "
        "he she his her that this there some any one state states i we think say would call them rather quite very "
        "really just",
    )
)
_WORDS = re.compile(r"[a-z0-9][a-z0-9'-]*")


def answered(vocabulary: Vocabulary, asked: Asked, line: str) -> Answered | None:
    """Understand a line as an answer to a question; None where it is none."""
    said = " ".join(line.replace("’", "'").split()).strip()
    bare = said.rstrip(".!? ").strip()
    if not bare:
        return None
    if _UNKNOWN.fullmatch(bare):
        return Answered("drop" if asked.kind == "keep" else "none" if asked.kind == "meant" else "unknown")
    if asked.kind == "free":
        return None
    if asked.kind == "keep":
        return _kept(asked, bare)
    chosen = _chosen(asked, bare)
    if chosen:
        return Answered("facts", chosen)
    head, _, rest = _head(bare)
    if asked.kind == "meant":
        return _meant(asked, bare, head, rest)
    yes, no = _sides(vocabulary, asked)
    if _DOUBT_NO.fullmatch(bare):
        return Answered("facts", (no,), "possible") if no else Answered("unclear")
    if _DOUBT_YES.fullmatch(bare):
        return Answered("facts", (yes,), "possible") if yes else Answered("unclear")
    listed = _listed(vocabulary, asked, rest if head else bare)
    if listed:
        return listed
    if _IF.fullmatch(rest if head else bare):
        side = no if head == "no" else yes
        vague = re.match(
            r"(?:but )?(?:it |that )?(?:all )?depends$|sometimes|conditionally", rest if head else bare, re.I
        )
        return Answered("facts", (side,), "supposed") if side and not vague else Answered("hangs")
    if head and not rest:
        side = yes if head == "yes" else no
        return Answered("facts", (side,)) if side else Answered("unclear")
    if head == "yes" and yes and rest:
        doubtful = _DOUBT_YES.fullmatch(rest) is not None
        return Answered("facts", (yes,), "possible" if doubtful else "asserted", "" if doubtful else rest)
    return None


def _kept(asked: Asked, bare: str) -> Answered | None:
    """Understand whether what was supposed is to stand."""
    if re.fullmatch(r"(?:yes|y|yeah|keep)(?:,? (?:please|keep (?:it|that)|it|that))?|keep", bare, re.I):
        return Answered("keep", asked.options)
    if re.fullmatch(r"(?:no|n|nope|drop)(?:,? (?:thanks|thank you|drop (?:it|that)|it|that))?|drop", bare, re.I):
        return Answered("drop")
    return None


def _meant(asked: Asked, bare: str, head: str, rest: str) -> Answered | None:
    """Understand which of the suggested meanings is meant."""
    if _NONE.fullmatch(bare) or (head == "no" and not rest):
        return Answered("none")
    if len(asked.options) == 1 and head == "yes" and not rest:
        return Answered("facts", asked.options)
    if len(asked.options) == 1 and _DOUBT_YES.fullmatch(bare):
        return Answered("facts", asked.options, "possible")
    return Answered("unclear") if head == "yes" and not rest else None


def _head(bare: str) -> tuple[str, str, str]:
    """Split a yes or no from what follows it."""
    for side, pattern in (("no", _NO), ("yes", _YES)):
        if pattern.fullmatch(bare):
            return side, "", ""
        if cut := re.match(rf"({pattern.pattern})\s*([,;:.!–—-]+| but)\s*", bare, re.I):
            return side, cut[0], bare[cut.end() :]
        if (cut := re.match(r"(yes|no)\s+(?=only|if|unless|when|provided|but|in |probably|i )", bare, re.I)) and (
            cut[1].casefold() == side
        ):
            return side, cut[0], bare[cut.end() :]
    return "", "", bare


def _sides(vocabulary: Vocabulary, asked: Asked) -> tuple[Fact | None, Fact | None]:
    """Give the facts that a yes and a no state, where they state one: of several values a no may say "none"."""
    by_value = {fact.value: fact for fact in asked.options}
    if set(by_value) == {"yes", "no"}:
        return by_value["yes"], by_value["no"]
    if len(by_value) == 1:
        (only,) = by_value.values()
        return only, only._replace(holds=False)
    return None, by_value.get("none")


def _chosen(asked: Asked, bare: str) -> tuple[Fact, ...]:
    """Give the options that are named by their numbers."""
    plain_ = re.sub(r"^(?:the |number |option |no\. )+| (?:one|option|of them)$", "", bare.casefold())
    parts = [part for part in re.split(r"\s*(?:,|;| and |&|\+)\s*|\s+", plain_) if part]
    numbers = [
        int(part.rstrip(".)")) if part.rstrip(".)").isdigit() else _ORDINALS.index(part) + 1 if part in _ORDINALS else 0
        for part in parts
    ]
    if not numbers or not all(1 <= number <= len(asked.options) for number in numbers):
        return ()
    if asked.kind == "fact" and len(numbers) > 1:
        return ()
    if asked.kind == "fact" and {fact.value for fact in asked.options} == {"yes", "no"}:
        return ()
    return tuple(asked.options[number - 1] for number in dict.fromkeys(numbers))


# ---------------------------------------------------------------- one of the values


def _listed(vocabulary: Vocabulary, asked: Asked, bare: str) -> Answered | None:
    """Understand an answer that names one of the values, perhaps with doubt or a denial."""
    stance: Stance = "asserted"
    doubted = re.sub(rf"^{_DOUBT},? (?:that )?|,? {_DOUBT}$", "", bare, flags=re.I)
    if doubted != bare:
        stance = "possible"
    conditional = re.search(r"[,;]? (?:but )?(?:only )?(?:if|unless|when|provided)\b.*$", doubted, re.I)
    denied = re.match(r"(?:it is |they are )?not (?=\w)", doubted, re.I)
    words = _content(doubted[denied.end() :] if denied else doubted, asked)
    if not words or len(words) > 7:
        return None
    named = any(re.search(rf"\b{re.escape(name)}\b", bare, re.I) for name in asked.unknown[1])
    fits = _fitting(vocabulary, asked, words, exact=named)
    if not fits and conditional:
        fits = _fitting(vocabulary, asked, _content(doubted[: conditional.start()], asked) - {"only", "but"})
        stance = "supposed"
    if len(fits) == 1:
        return Answered("facts", (fits[0]._replace(holds=not denied),), stance)
    return Answered("unclear") if len(fits) > 1 else None


def _fitting(vocabulary: Vocabulary, asked: Asked, words: frozenset[str], *, exact: bool = False) -> list[Fact]:
    """Give the values that words fit: of which they are the name, else in whose first phrase they stand, else in any.

    ``exact`` leaves out the last: a sentence about the state is read as one.
    """
    if not words:
        return []
    values = {value.id: value for value in variables(vocabulary)[asked.unknown[0]].values}
    if set(values) == {"yes", "no"}:
        return []
    named = [fact for fact in asked.options if words == _tokens(fact.value)]
    if named:
        return named
    first: list[Fact] = []
    any_: list[Fact] = []
    for fact in asked.options:
        phrases = values[fact.value].phrases
        if words <= _tokens(plain(phrases[0].text)) | _tokens(fact.value):
            first.append(fact)
        elif any(words <= _tokens(plain(p.text)) | _others(p.alternatives) for p in phrases if p.affirms):
            any_.append(fact)
    return first or ([] if exact else any_)


def _others(alternatives: Iterable[tuple[str, tuple[str, ...]]]) -> frozenset[str]:
    return frozenset(word for _, others in alternatives for other in others for word in _tokens(other))


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(re.sub(r"\{\d\}|-", " ", text).casefold())) - _STOP


def _content(text: str, asked: Asked) -> frozenset[str]:
    """Give the words of an answer that tell values apart: no names, no little words."""
    for name in sorted(asked.unknown[1], key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b(?:'s)?", " ", text, flags=re.I)
    return _tokens(text)


def all_options(vocabulary: Vocabulary, variable: str, args: tuple[str, ...]) -> tuple[Fact, ...]:
    """Give a fact for each value that a variable may have."""
    return tuple(Fact(variable, args, value) for value in value_ids(variables(vocabulary)[variable]))


def nearest_value(asked: Asked, line: str) -> str:
    """Give the value that a mistyped answer was meant for; "" if none is near."""
    known = [word for fact in asked.options for word in (fact.value.replace("-", " "), *fact.value.split("-"))]
    near = difflib.get_close_matches(line.strip(" .!?").casefold(), [*known, "yes", "no", "don't know"], 1, 0.75)
    return near[0] if near else ""
