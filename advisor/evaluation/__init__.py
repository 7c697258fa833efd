"""Evaluation: how well readings and verdicts do on cases whose facts and strategies somebody has written down.

Everything is measured on values that are already there; nothing here reads a text or judges a case.
"""

from __future__ import annotations

from advisor.evaluation.calibration import bands, calibration_error, trust_of
from advisor.evaluation.comparing import Comparison, NotComparable, compare, mcnemar
from advisor.evaluation.consequences import Consequence, implied, load_consequences, read_consequences
from advisor.evaluation.judging import Judged, judged, yardstick
from advisor.evaluation.listing import listed
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
from advisor.evaluation.showing import shown
from advisor.evaluation.summary import Summary, summarise
from advisor.evaluation.summary import as_json as summary_as_json
from advisor.evaluation.tallying import Tally, tally

__all__ = [
    "Comparison",
    "Consequence",
    "Counts",
    "Judged",
    "Marks",
    "NotComparable",
    "ReadingScore",
    "Summary",
    "Tally",
    "bands",
    "by_variable",
    "calibration_error",
    "case_of",
    "compare",
    "f1",
    "implied",
    "interval",
    "judged",
    "listed",
    "load_consequences",
    "mcnemar",
    "name_matcher",
    "precision",
    "read_consequences",
    "recall",
    "score_answers",
    "score_outcome",
    "score_reading",
    "score_verdict",
    "shown",
    "summarise",
    "summary_as_json",
    "tally",
    "total",
    "trust_of",
    "yardstick",
]
