"""Telling English from other languages, paragraph by paragraph, by script and by the little words.

What is not English is not read at all, and said to be so: half-read it would be misread.  A stretch counts as another
language only on evidence for that language, so that a list of names or a table is still looked at.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
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
    """Give the commonest little words of each language, from ``languages.csv`` of the program's rules."""
    try:
        text = (house.rules_folder() / "languages.csv").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    rows = csv.reader(text.splitlines()[1:])
    return {row[0]: frozenset(row[1].split()) for row in rows if len(row) == 2}


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
    counts = Counter(word for word in words if word.islower())  # "Le Havre" and "Die Welt" are names
    ours = little_words().get(OURS, frozenset())
    scores = {
        name: (_count(counts, listed - ours), _count(counts, ours - listed))
        for name, listed in little_words().items()
        if name != OURS
    }
    best = max(scores, key=lambda name: (scores[name][0], name), default="")
    theirs, english = scores.get(best, (0, 0))
    enough = (theirs >= _LEAST and theirs > 1.5 * english) or (theirs > 1 and not english)
    return best if enough and theirs >= _SHARE * len(words) else ""


def _count(counts: Mapping[str, int], words: Iterable[str]) -> int:
    return sum(counts[word] for word in words)


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
