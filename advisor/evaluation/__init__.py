"""Evaluation: how well readings and verdicts do on cases whose facts and strategies somebody has written down.

Everything is measured on values that are already there; nothing here reads a text or judges a case.
"""

from __future__ import annotations

from advisor.evaluation.calibration import bands, calibration_error, trust_of
from advisor.evaluation.consequences import Consequence, implied, load_consequences, read_consequences
from advisor.evaluation.scoring import (
    Counts,
    Marks,
    ReadingScore,
    by_variable,
    case_of,
    f1,
    interval,
    name_matcher,
    precision,
    recall,
    score_answers,
    score_outcome,
    score_reading,
    score_verdict,
    total,
)

__all__ = [
    "Consequence",
    "Counts",
    "Marks",
    "ReadingScore",
    "bands",
    "by_variable",
    "calibration_error",
    "case_of",
    "f1",
    "implied",
    "interval",
    "load_consequences",
    "name_matcher",
    "precision",
    "read_consequences",
    "recall",
    "score_answers",
    "score_outcome",
    "score_reading",
    "score_verdict",
    "total",
    "trust_of",
]
