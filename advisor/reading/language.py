"""Telling English from other languages, paragraph by paragraph, by script and by the little words.

What is not English is not read at all, and said to be so: half-read it would be misread.  A stretch counts as another
language only on evidence for that language, so that a list of names or a table is still looked at.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from functools import lru_cache

from advisor import house

OURS = "English"
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 3
"""Little words of another language that a stretch must have to count as being in it; two do where none is English."""
_SHARE = 0.15
"""Of all words, the share that these must make up."""
_SAMPLE = 4_000
"""Characters by which a stretch is judged."""


@lru_cache(maxsize=1)
def little_words() -> dict[str, frozenset[str]]:
    """Give for each of the commonest little words the languages that have it, from ``languages.csv`` of the rules."""
    try:
        text = (house.rules_folder() / "languages.csv").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, set[str]] = {}
    for row in csv.reader(text.splitlines()[1:]):
        for word in row[1].split() if len(row) == 2 else ():
            found.setdefault(word, set()).add(row[0])
    return {word: frozenset(languages) for word, languages in found.items()}


def other_language(text: str) -> str:
    """Name the language or script of a stretch that is not in English; the empty string if it may be English."""
    sample = text[:_SAMPLE]
    if sample.isascii() and len(sample) < 8:
        return ""
    words = _WORD.findall(sample)
    if not words:
        return ""
    if not sample.isascii() and (script := _script("".join(words))):
        return script
    known = little_words()
    # What is written large is no evidence: "Le Havre" and "Die Welt" are names.
    met = Counter(languages for word in words if (languages := known.get(word)))
    english = sum(count for languages, count in met.items() if OURS in languages)
    if 3 * english > len(words):
        return ""
    scores: Counter[str] = Counter()
    for languages, count in met.items():
        if OURS not in languages:
            scores.update(dict.fromkeys(languages, count))
    if not scores:
        return ""
    best = max(scores, key=lambda name: (scores[name], name))
    theirs = scores[best]
    english -= sum(count for languages, count in met.items() if OURS in languages and best in languages)
    enough = (theirs >= _LEAST and theirs > 1.5 * english) or (theirs > 1 and not english)
    return best if enough and theirs >= _SHARE * len(words) else ""


def _script(letters: str) -> str:
    """Name the script that most letters belong to, unless that is the Latin one."""
    foreign = [letter for letter in letters if ord(letter) > 0x24F]
    if 2 * len(foreign) <= len(letters):
        return ""
    scripts = Counter(unicodedata.name(letter, "UNKNOWN").partition(" ")[0].partition("-")[0] for letter in foreign)
    name = min(scripts, key=lambda script: (-scripts[script], script))
    if name in ("LATIN", "MATHEMATICAL", "FULLWIDTH", "UNKNOWN", "MODIFIER"):
        return ""
    known = {"CJK": "Chinese or Japanese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
    return known.get(name, f"{name.capitalize()} script")
