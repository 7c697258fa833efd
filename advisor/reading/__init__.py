"""Reading: a text in English becomes observations, each with the words it rests on.

The only door to spaCy.  A text is masked, parsed, turned into clause graphs and searched for the
vocabulary's phrases; what is found gets its stance, and what is not is listed.
"""

from __future__ import annotations

from advisor.reading.cleaning import shown
from advisor.reading.model import ModelMissing
from advisor.reading.preparing import passed_over, whole_language
from advisor.reading.reader import MAX_CHARACTERS, TextTooLong, read, read_together

__all__ = [
    "MAX_CHARACTERS",
    "ModelMissing",
    "TextTooLong",
    "passed_over",
    "read",
    "read_together",
    "shown",
    "whole_language",
]
