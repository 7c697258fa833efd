"""The words that change how a thing is said: what each does to what it governs, as ``rules/stance.csv`` has it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.terms import Diagnostic

_USES = (
    "clause",
    "object",
    "as",
    "subject",
    "relative",
    "adjective",
    "adverb",
    "degree",
    "preposition",
    "phrase",
    "speech",
    "subordinator",
    "modal",
)
_CERTAINTIES = ("asserted", "possible", "supposed", "reported", "own", "given", "due", "past", "would", "can", "will")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a word does to the thing it governs: turn it round, or lower its certainty."""

    turns: bool
    certainty: str


Cues = Mapping[tuple[str, str], Effect]
"""The effect of a word in a use: ``cues[("fear", "clause")]``."""


def load_cues(rules: Path) -> tuple[dict[tuple[str, str], Effect], list[Diagnostic]]:
    """Read ``stance.csv`` of a rules folder; each bad row is a diagnostic."""
    path = rules / "stance.csv"
    cues: dict[tuple[str, str], Effect] = {}
    diagnostics: list[Diagnostic] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Diagnostic("S01", f"the words of stance cannot be read: {error}", str(path), 1)]
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        if number == 1 or not row:
            continue
        if len(row) != 4 or row[1] not in _USES or row[2] not in ("+", "-") or row[3] not in _CERTAINTIES:
            diagnostics.append(
                Diagnostic(
                    "S02",
                    "this row is not “word,as,polarity,certainty”",
                    str(path),
                    number,
                    source=",".join(row),
                    hint=f"as: {', '.join(_USES)}; polarity: + or -; certainty: {', '.join(_CERTAINTIES)}",
                )
            )
            continue
        cues[row[0], row[1]] = Effect(row[2] == "-", row[3])
    return cues, diagnostics
