"""Whether the reader's trust in what it read is earned: of what it trusts with 0.9, nine in ten should be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.evaluation.scoring import Naming, ReadingScore
from advisor.terms import Observation, Vocabulary
from advisor.vocabulary import canonical

Trusted = tuple[float, bool]
"""The trust in one thing read, and whether it was right."""


def trust_of(
    vocabulary: Vocabulary, found: Iterable[Observation], score: ReadingScore, *, name: Naming = str
) -> list[Trusted]:
    """Give the trust in each thing found, and whether it is right by its score; what is past is left aside."""
    wrong = set(score.plain.wrong)
    return [
        (
            each.confidence,
            canonical(vocabulary, each.fact._replace(args=tuple(name(arg) for arg in each.fact.args))) not in wrong,
        )
        for each in found
        if not each.past
    ]


def bands(pairs: Iterable[Trusted], *, width: float = 0.1) -> dict[float, tuple[int, float, float]]:
    """Sort into bands of trust; by the lower end of each: how many, their mean trust, and the share that is right."""
    sorted_in: dict[float, list[Trusted]] = {}
    for pair in pairs:
        sorted_in.setdefault(round(min(pair[0], 0.999) // width * width, 2), []).append(pair)
    return {
        low: (len(there), sum(t for t, _ in there) / len(there), sum(r for _, r in there) / len(there))
        for low, there in sorted(sorted_in.items())
    }


def calibration_error(pairs: Sequence[Trusted], *, width: float = 0.1) -> float | None:
    """Give the expected calibration error, 0 to 1 (Naeini and others 2015), or None where nothing was found."""
    if not pairs:
        return None
    return sum(count * abs(mean - share) for count, mean, share in bands(pairs, width=width).values()) / len(pairs)
