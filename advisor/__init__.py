"""A balance-of-power advisor: a situation in plain English goes in, an explained expectation comes out.

The whole story is four verbs on plain values:

>>> import advisor
>>> theory = advisor.load_theory()
>>> reading = advisor.read("Arvenia is weak. Borland is a great power and threatens Arvenia.", theory)
>>> advice = advisor.judge(theory, advisor.infer(theory, reading))
>>> answer = advisor.explain(theory, advice, reading)

or in one breath, ``advisor.advise(text)``; ``advisor.evaluate(paths)`` does it for many cases.  All knowledge of the
theory is in the folder ``rules/``; the values that pass from verb to verb are described in ``advisor.terms``.
Importing the package is cheap: the English model, the rule engine and the template engine are loaded by the verb that
needs them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from advisor import house
from advisor.terms import Advice, Inference, Reading, Situation, Span, Theory

if TYPE_CHECKING:
    from advisor.evaluation import Cases
    from advisor.explanation import Explanation
    from advisor.inquiry.values import Flip

__version__ = "0.1.0"
__all__ = ["Theory", "advise", "evaluate", "explain", "infer", "judge", "load_theory", "read", "report"]


def load_theory(rules: Path | None = None, *, seed_only: bool = False) -> Theory:
    """Load the theory from a folder of rules, or the one that comes with the program.

    ``seed_only`` leaves out what goes beyond the text the project started from.  Raises ValueError,
    with every complaint and where it is, if the rules cannot be used.
    """
    from advisor.diagnostics import render_all
    from advisor.theory import load_theory as load

    theory, diagnostics = load(rules or house.rules_folder(), seed_only=seed_only)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    if errors:
        raise ValueError(render_all(errors))
    return theory


def read(text: str, theory: Theory, *, rules: Path | None = None) -> Reading:
    """Read a text: what it says of which states, with quotations, and the passages nothing was read from.

    ``rules`` is the folder the theory was loaded from, if not the program's own: the names of states are there.
    Paragraphs that are not in English are not read, and are among those passages.
    """
    from advisor.reading import passed_over
    from advisor.reading import read as read_text

    reading = read_text(text, theory.vocabulary, rules=rules or house.rules_folder())
    foreign = [Span(start, end, text[start:end]) for start, end, _ in passed_over(text)]
    return replace(reading, unread=tuple(sorted((*reading.unread, *foreign)))) if foreign else reading


def infer(theory: Theory, case: Reading | Situation) -> Inference:
    """Apply every proposition of the theory to what was read, or to a situation put together otherwise."""
    from advisor.inference import infer as infer_from
    from advisor.situation import situation

    if isinstance(case, Reading):
        case = situation(theory.vocabulary, case.observations, [state.name for state in case.states])
    return infer_from(theory, case)


def judge(
    theory: Theory,
    inference: Inference,
    *,
    focus: str | None = None,
    toward: str | None = None,
    weights: Mapping[str, float] | None = None,
    schools: Collection[str] | None = None,
) -> Advice:
    """Weigh the arguments, school by school, say what is expected of whom, and what to ask next.

    ``focus`` and ``toward`` name the state and the threat to judge, else the theory chooses; ``weights``
    replaces the weight of a school; ``schools`` hears only these.
    """
    from advisor.inference import revising
    from advisor.inquiry import next_question
    from advisor.verdict import judge as judge_arguments

    advice = judge_arguments(theory, inference, focus=focus, toward=toward, weights=weights, schools=schools)
    again = revising(theory, inference.situation)
    return replace(advice, question=next_question(theory, advice, again, weights=weights, schools=schools))


def explain(
    theory: Theory,
    advice: Advice,
    reading: Reading | None = None,
    *,
    format: Literal["text", "markdown", "html", "json"] = "text",
    length: Literal["brief", "normal", "full"] = "normal",
    templates: Path | None = None,
    weights: Mapping[str, float] | None = None,
    schools: Collection[str] | None = None,
) -> str:
    """Explain an advice in prose, down to the quoted words and the source of each proposition.

    ``html`` is a report: one page that needs nothing else, with the text, the schools and the argument drawn;
    ``json`` is the record that ``advise --format json`` prints.
    ``templates`` is a folder whose templates replace the program's own of the same name; ``weights`` and ``schools``
    are those that the advice was reached with, if any.  What would change the first verdict is looked for, and told.
    """
    from advisor.explanation import explain as explain_advice

    found = None if length == "brief" or format == "json" else _flips(theory, advice, weights, schools)
    return explain_advice(
        theory, advice, reading, format=format, length=length, templates=templates, weights=weights, flips=found
    )


def report(
    theory: Theory,
    advice: Advice,
    reading: Reading | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Collection[str] | None = None,
) -> Explanation:
    """Give an explanation that a notebook shows as a report, and ``print`` as text; the arguments are ``explain``'s."""
    from advisor.explanation import Explanation

    return Explanation(theory, advice, reading, weights, None, _flips(theory, advice, weights, schools))


def _flips(
    theory: Theory, advice: Advice, weights: Mapping[str, float] | None, schools: Collection[str] | None
) -> tuple[Flip, ...] | None:
    """Find what would change the first verdict."""
    from advisor.explanation import looked_for
    from advisor.inference import revising

    again = revising(theory, advice.inference.situation)
    return looked_for(theory, advice, again, weights=weights, schools=schools)


def advise(text: str) -> str:
    """Answer a situation told in plain English: read, infer, judge and explain in one."""
    theory = load_theory()
    reading = read(text, theory)
    return explain(theory, judge(theory, infer(theory, reading)), reading)


def evaluate(
    cases: Cases,
    theory: Theory | None = None,
    *,
    rules: Path | None = None,
    jobs: int = 1,
    facts: bool = False,
    question: bool = False,
    columns: Mapping[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """Work on many cases, and give the record of each in order, as soon as it is made.

    ``cases`` are files or folders, or the cases themselves, as ``Transcript`` or as objects of the contract.  ``rules``
    is the folder the theory was loaded from, if not the program's own; ``jobs`` the number of processes; ``facts`` uses
    the coded facts of a case even where it has a text; ``question`` also finds what to ask next; ``columns`` says what
    those of tables mean.  What a record holds is described in ``advisor.evaluation.records``; a case that cannot be
    worked on has its ``error`` there.

    Raises ``advisor.evaluation.Unusable`` for a path without cases, or where the English model is missing.
    """
    from advisor.evaluation import Setup
    from advisor.evaluation import evaluate as evaluate_cases

    setup = Setup(theory or load_theory(rules), rules or house.rules_folder(), facts=facts, question=question)
    return evaluate_cases(setup, cases, jobs=jobs, columns=columns)
