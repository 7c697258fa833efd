"""How far the reader trusts what it read: by how each state was recognised, by the wording, by the sentence.

The numbers are data (``rules/trust.csv``): each sign that weakens a reading and the share of such readings that were
right where they were counted.  They are multiplied, so the product is a rank more than a probability;
how well it is calibrated is for ``tests/benchmarks/score_cases.py`` to say.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from advisor.terms import Diagnostic

LONG, VERY_LONG = 35, 60
"""Words from which a sentence is long, and very long: parsers err more often in such."""


def load_trust(rules: Path) -> tuple[dict[str, float], list[Diagnostic]]:
    """Read ``trust.csv`` of a rules folder; each bad row is a diagnostic."""
    path = rules / "trust.csv"
    trust: dict[str, float] = {}
    diagnostics: list[Diagnostic] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Diagnostic("R01", f"the reader's trust cannot be read: {error}", str(path), 1)]
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        if number == 1 or not row:
            continue
        try:
            sign, share = row
            if not 0 < float(share) <= 1:
                raise ValueError
            trust[sign] = float(share)
        except ValueError:
            diagnostics.append(
                Diagnostic(
                    "R02",
                    "this row is not “sign,trust”",
                    str(path),
                    number,
                    source=",".join(row),
                    hint="write a share above 0 and up to 1, as in “pronoun,0.85”",
                )
            )
    return trust, diagnostics


def confidence(trust: Mapping[str, float], ways: Iterable[str], *, noun: bool, length: int) -> float:
    """Give the trust (0 to 1) in an observation.

    ``ways`` say how its states were recognised, ``noun`` that it was said in passing, ``length`` how many words its
    sentence has.
    """
    result = 1.0
    for way in ways:
        result *= trust.get(way, 1.0)
    if noun:
        result *= trust.get("noun phrase", 1.0)
    if length >= LONG:
        result *= trust.get("very long sentence" if length >= VERY_LONG else "long sentence", 1.0)
    return round(result, 2)
