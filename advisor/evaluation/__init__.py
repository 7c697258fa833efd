"""Evaluation: how well readings and verdicts do on cases whose facts and strategies somebody has written down.

``evaluate`` gives a record for each of many cases, in one process or many; what is measured is measured on records, or
on readings and verdicts that are already there.
"""

from __future__ import annotations

from advisor.consequences import Consequence, implied, load_consequences, read_consequences
from advisor.evaluation.calibration import bands, calibration_error, trust_of
from advisor.evaluation.cases import Given, Unusable, case_json, cases_in, paths_of
from advisor.evaluation.evaluating import Cases, Progress, evaluate, run_into
from advisor.evaluation.judging import Judged, judged, yardstick
from advisor.evaluation.keeping import lines_in
from advisor.evaluation.records import Setup
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
from advisor.evaluation.tallying import Tally, tally

__all__ = [
    "Cases",
    "Consequence",
    "Counts",
    "Given",
    "Judged",
    "Marks",
    "Progress",
    "ReadingScore",
    "Setup",
    "Tally",
    "Unusable",
    "bands",
    "by_variable",
    "calibration_error",
    "case_json",
    "case_of",
    "cases_in",
    "evaluate",
    "f1",
    "implied",
    "interval",
    "judged",
    "lines_in",
    "load_consequences",
    "name_matcher",
    "paths_of",
    "precision",
    "read_consequences",
    "recall",
    "run_into",
    "score_answers",
    "score_outcome",
    "score_reading",
    "score_verdict",
    "tally",
    "total",
    "trust_of",
    "yardstick",
]
