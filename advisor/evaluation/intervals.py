"""Intervals by the bootstrap over cases: how far a figure would move if other cases of the kind had been collected.

Whole cases are drawn with replacement, as many as there are, since what is told of one case stands or falls together.
Cases that went alike need not be told apart: how often each *kind* of case is drawn is multinomial, which is the same
bootstrap exactly, and costs no more for a million cases than for a thousand.  The ends are the percentiles 2.5 and
97.5; a sample in which a figure has no denominator is left out.  The seed is fixed and kinds are sorted, so that
the same cases give the same interval in any order.

A figure that fewer than five cases bear on has no interval: what has hardly been seen would look certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

Numbers = NDArray[numpy.float64]

RESAMPLES = 2000
"""How many samples are drawn."""

FEWEST = 5
"""How many cases have to bear on a figure that is given an interval."""

_TAILS = (0.025, 0.975)
_AT_ONCE = 2_000_000
"""The most numbers that are held at a time while samples are drawn."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval, and what it is a share of.

    ``value`` is ``count / of`` where there is a ``count``, and None where there is nothing to divide by; the ends are
    None where no sample has a value.
    """

    value: float | None
    low: float | None
    high: float | None
    count: float | None
    of: float


@dataclass(frozen=True, slots=True)
class Sample:
    """Sums over cases: as they are (``whole``), and in every drawn sample (a row each).

    ``kinds`` has a row for every kind of case, and ``times`` says how many cases are of that kind.
    """

    whole: Numbers
    drawn: Numbers
    kinds: Numbers
    times: Numbers

    def bearing_on(self, under: Numbers) -> int:
        """Count the cases that add to a weighted sum."""
        return int(self.times[self.kinds @ under != 0].sum())


def sample(
    kinds: Iterable[tuple[Sequence[float], int]], width: int, *, resamples: int = RESAMPLES, seed: int = 0
) -> Sample:
    """Draw samples of cases.

    ``kinds`` gives each kind of case, which is what one adds to each of ``width`` sums, and how many there are of it.
    Without ``resamples`` there are no intervals.
    """
    rows = sorted((tuple(kind), count) for kind, count in kinds if count > 0)
    if not rows:
        return Sample(numpy.zeros(width), numpy.zeros((0, width)), numpy.zeros((0, width)), numpy.zeros(0))
    values = numpy.array([kind for kind, _ in rows], dtype=float).reshape(len(rows), width)
    counts = numpy.array([count for _, count in rows], dtype=float)
    number = int(counts.sum())
    draw = numpy.random.default_rng(seed)
    step = max(1, _AT_ONCE // len(rows))
    drawn = [
        draw.multinomial(number, counts / number, size=min(step, resamples - done)) @ values
        for done in range(0, resamples, step)
    ]
    none = numpy.zeros((0, width))
    return Sample(counts @ values, numpy.concatenate(drawn) if drawn else none, values, counts)


def ends(values: Iterable[float | None] | Numbers) -> tuple[float, float] | None:
    """Give the ends of the 95 % interval of a figure from its values in all samples; None where it has none in any."""
    given = values if isinstance(values, numpy.ndarray) else [numpy.nan if v is None else v for v in values]
    numbers = numpy.asarray(given, dtype=float)
    numbers = numbers[~numpy.isnan(numbers)]
    if not len(numbers):
        return None
    low, high = numpy.quantile(numbers, _TAILS)
    return float(low), float(high)


def ratio(over: Numbers, under: Numbers) -> Numbers:
    """Divide, leaving no number where there is nothing to divide by."""
    divided: Numbers = numpy.divide(over, under, out=numpy.full(numpy.shape(over), numpy.nan), where=under != 0)
    return divided


def share(of: Sample, over: Iterable[float], under: Iterable[float]) -> Estimate:
    """Estimate the ratio of two sums, each the weighted sum of all that were drawn."""
    above, below = numpy.array(list(over), dtype=float), numpy.array(list(under), dtype=float)
    count, whole = float(of.whole @ above), float(of.whole @ below)
    drawn = ratio(of.drawn @ above, of.drawn @ below)
    low, high = (ends(drawn) if of.bearing_on(below) >= FEWEST else None) or (None, None)
    return Estimate(count / whole if whole else None, low, high, count, whole)


def mean_of_shares(of: Sample, pairs: Iterable[tuple[Iterable[float], Iterable[float]]]) -> Estimate:
    """Estimate the plain mean of several ratios, as a macro-average; a ratio without denominator does not enter.

    It has an interval only if every ratio has: a class that is missing from many samples would shift their mean.
    """
    rows = [(numpy.array(list(over), dtype=float), numpy.array(list(under), dtype=float)) for over, under in pairs]
    if not rows:
        return Estimate(None, None, None, None, 0)

    def mean(sums: Numbers) -> Numbers:
        each = numpy.stack([ratio(sums @ over, sums @ under) for over, under in rows], axis=-1)
        there = ~numpy.isnan(each)
        return ratio(numpy.where(there, each, 0.0).sum(axis=-1), there.sum(axis=-1).astype(float))

    value = float(mean(of.whole[None, :])[0])
    enough = all(of.bearing_on(under) >= FEWEST for _, under in rows)
    low, high = (ends(mean(of.drawn)) if enough else None) or (None, None)
    return Estimate(None if numpy.isnan(value) else value, low, high, None, len(rows))
