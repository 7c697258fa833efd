"""Turns of an English clause: its denial, its question, its verb in another person.

A phrase of the vocabulary is a plain clause in the present or perfect tense.  What is made here
is only grammar; where grammar would give bad English the vocabulary states the wording itself.
"""

from __future__ import annotations

import re

AUXILIARIES = ("is", "are", "can", "could", "will", "would", "may", "must", "do", "does")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_NEGATIVE = re.compile(r"\b(no|not|nobody|nothing|never|none|cannot|neither|nor|without|hardly|little)\b|no one")
_IRREGULAR_PARTICIPLES = frozenset(
    [
        "been",
        "become",
        "bled",
        "broken",
        "built",
        "chosen",
        "come",
        "cut",
        "fallen",
        "fought",
        "found",
        "given",
        "gone",
        "held",
        "kept",
        "laid",
        "left",
        "lost",
        "made",
        "met",
        "paid",
        "put",
        "run",
        "overrun",
        "seen",
        "sent",
        "set",
        "sworn",
        "taken",
        "thrown",
        "told",
        "torn",
        "won",
        "worn",
    ]
)
_DO_NOT_STRIP = {"lies": "lie", "ties": "tie", "dies": "die", "has": "have", "does": "do", "goes": "go"}


def base_form(verb: str) -> str:
    """Give the infinitive of a verb in the third person: ``relies`` → ``rely``."""
    if verb in _DO_NOT_STRIP:
        return _DO_NOT_STRIP[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    if re.search(r"(ss|sh|ch|x|zz)es$", verb):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def third_person(infinitive: str) -> str:
    """Give the third person of a verb: ``rely`` → ``relies``."""
    irregular = {"be": "is", "have": "has", "do": "does", "go": "goes"}
    if infinitive in irregular:
        return irregular[infinitive]
    if re.search(r"[^aeiou]y$", infinitive):
        return infinitive[:-1] + "ies"
    return infinitive + ("es" if re.search(r"(s|sh|ch|x|z)$", infinitive) else "s")


def finite(verb_phrase: str) -> str:
    """Put a verb phrase that follows "to" into the third person: ``ally with`` → ``allies with``."""
    verb, _, rest = verb_phrase.partition(" ")
    return third_person(verb) + (" " + rest if rest else "")


def _split(clause: str) -> tuple[str, str, str] | None:
    """Split a clause at its finite verb into what stands before it, the verb, and the rest."""
    bold = re.search(r"\*\*(.+?)\*\*", clause)
    if bold:
        return clause[: bold.start()].rstrip(), bold[1], clause[bold.end() :].lstrip()
    words = clause.split(" ")
    for place, word in enumerate(words):
        if word in AUXILIARIES or word == "has":
            return " ".join(words[:place]), word, " ".join(words[place + 1 :])
    opening = re.match(r"(\{\d\} and \{\d\}|\{\d\}) (\w+) ?(.*)", clause)
    return (opening[1], opening[2], opening[3]) if opening else None


def _is_perfect(verb: str, rest: str) -> bool:
    """Whether "has" is an auxiliary here: "has invaded", but "has a navy"."""
    following = re.match(r"(?:recently |now |already |long )?(\w+)", rest)
    if verb not in ("has", "have") or not following:
        return False
    return following[1].endswith("ed") or following[1] in _IRREGULAR_PARTICIPLES


def plain(clause: str) -> str:
    """Drop the mark from a clause whose verb is marked in bold."""
    return clause.replace("**", "")


def denial(clause: str) -> str:
    """Deny a clause: ``{0} shares a border`` → ``{0} does not share a border``.

    A clause that is negative already is denied as a whole: "it is not true that …".
    """
    parts = _split(clause)
    if parts is None or _NEGATIVE.search(plain(clause)):
        return f"it is not true that {plain(clause)}"
    before, verb, rest = parts
    tail = f" {rest}" if rest else ""
    if verb in AUXILIARIES or _is_perfect(verb, rest):
        return f"{before} {'cannot' if verb == 'can' else verb + ' not'}{tail}"
    base = base_form(verb)
    helper = "do not" if base == verb else "does not"
    return f"{before} {helper} {base}{tail}"


def question(clause: str) -> str:
    """Ask whether a clause is so: ``{0} shares a border`` → ``Does {0} share a border?``"""
    parts = _split(clause)
    if parts is None or "cannot" in clause:
        return f"Is it true that {plain(clause)}?"
    before, verb, rest = parts
    tail = f" {rest}" if rest else ""
    if verb in AUXILIARIES or _is_perfect(verb, rest):
        return f"{verb.capitalize()} {before}{tail}?"
    base = base_form(verb)
    return f"{'Do' if base == verb else 'Does'} {before} {base}{tail}?"


def sentence(clause: str) -> str:
    """Make a clause a sentence: a capital at the head, a full stop at the end."""
    clause = clause.strip()
    if not clause:
        return clause
    return clause[0].upper() + clause[1:] + ("" if clause[-1] in ".?!" else ".")


def visible(text: str) -> str:
    """Show what a reader could not see, or a terminal would obey, by a sign in its place; line ends become plain.

    >>> visible("a\\x1b[31mb\\u202ec")
    'a␛[31mb‹U+202E›c'
    """
    return _HIDDEN.sub(lambda hidden: _sign(ord(hidden[0])), text.replace("\r\n", "\n"))


def _sign(code: int) -> str:
    """Give the sign for a character that is not to be seen."""
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹U+{code:04X}›"
