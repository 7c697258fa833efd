"""Advice in prose, for a terminal, as Markdown or as a page; and as JSON.  The only door to Jinja2.

What is said is told by ``telling``; how it is said stands in ``templates/``.  A folder of the user's is looked
up first, so that one file there replaces the one of the same name here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from advisor.explanation.annotated import Annotated, Clause, Wording, annotated, unread_clauses, wordings
from advisor.explanation.changing import changes, looked_for
from advisor.explanation.clauses import teller_of
from advisor.explanation.frames import Words
from advisor.explanation.naming import load_naming
from advisor.explanation.negation import load_frames
from advisor.explanation.painting import painted
from advisor.explanation.record import as_json, reading_as_json, reply_as_json, unread_as_json
from advisor.explanation.rendering import ENDINGS, WIDTH, Format, Length, TemplateProblem, render
from advisor.explanation.replies import tell
from advisor.explanation.sheet import anchored, sheet
from advisor.explanation.telling import account, notes, told_by
from advisor.inquiry.values import Flip
from advisor.terms import Advice, Reading, Theory

__all__ = [
    "Annotated",
    "Clause",
    "Explanation",
    "Format",
    "Length",
    "TemplateProblem",
    "Wording",
    "account",
    "annotated",
    "as_json",
    "embedded",
    "explain",
    "fragment",
    "list_unread",
    "looked_for",
    "reading_as_json",
    "render",
    "reply_as_json",
    "show_reading",
    "tell",
    "unread_as_json",
    "unread_clauses",
    "wordings",
]


def explain(
    theory: Theory,
    advice: Advice,
    reading: Reading | None = None,
    *,
    format: Format | Literal["json"] = "text",
    length: Length = "normal",
    templates: Path | None = None,
    weights: Mapping[str, float] | None = None,
    flips: Sequence[Flip] | None = None,
) -> str:
    """Explain advice in prose: what is expected, why, what speaks against it, and what it rests on.

    ``brief`` is a paragraph; ``normal`` argues the first case in prose and names the others; ``full`` argues all
    cases, and lists every proposition that counted, with its source, and what was read.  ``html`` is a report, one
    page that holds all of this, and ``json`` the record of ``as_json``.  ``templates`` is a folder looked up before
    the program's own; ``weights`` are those the advice was reached with, where they are not the theory's; ``flips``
    are what would change the first verdict, as ``advisor.inquiry`` finds it, if that was looked for.
    Raises ``TemplateProblem`` if a template cannot be used.
    """
    if format == "json":
        return json.dumps(as_json(theory, advice, reading), ensure_ascii=False) + "\n"
    drawn = format == "html" and length != "brief"
    made = _told(Explanation(theory, advice, reading, weights, templates, flips), drawn=drawn)
    values = {**made, "length": "normal" if length == "default" else length}
    return render(f"explanation.{ENDINGS[format]}", values, format=format, templates=templates)


def fragment(explanation: Explanation) -> str:
    """Give a report as a part of a page that has others, such as a notebook: its anchors are its own.

    Raises ``TemplateProblem`` if a template cannot be used.
    """
    it = explanation
    made = _told(it, drawn=True)
    page = render("report.html", {**made, "length": "normal"}, format="html", templates=it.templates)
    prefix = f"r{hashlib.sha256(page.encode()).hexdigest()[:8]}-"
    return render("report.html", {**made, "length": "normal", "prefix": prefix}, format="html", templates=it.templates)


@dataclass(frozen=True, slots=True)
class Explanation:
    """An advice with what it takes to explain it: as text where it is printed, as a report where a notebook shows it.

    ``weights``, ``templates`` and ``flips`` are as for ``explain``.
    """

    theory: Theory
    advice: Advice
    reading: Reading | None = None
    weights: Mapping[str, float] | None = None
    templates: Path | None = None
    flips: Sequence[Flip] | None = None

    def __str__(self) -> str:
        it = self
        return explain(it.theory, it.advice, it.reading, templates=it.templates, weights=it.weights, flips=it.flips)

    def _repr_html_(self) -> str:
        return fragment(self)


def embedded(places: Mapping[str, str] | None) -> dict[str, object]:
    """Give what ``body.jinja`` looks up beside an account; ``places`` gives the page of each proposition.

    Without places the propositions have their entries on the same page.
    """
    # The macros for what would change a verdict are those of the replies, which choose by ``kind`` and ``full``.
    return {"places": places, "changes": None, "kind": "", "full": True, "prefix": ""}


def _told(it: Explanation, *, drawn: bool) -> dict[str, object]:
    """Give the values that templates see: the account, what would change it, and what a report shows beside it."""
    theory, advice, reading = it.theory, it.advice, it.reading
    try:
        naming = load_naming(it.templates)
        teller = teller_of(theory, advice.inference, reading, it.weights, naming, load_frames(it.templates))
        told = told_by(teller, advice, reading)
    except (OSError, ValueError) as problem:
        raise TemplateProblem(str(problem)) from None
    turns = changes(Words(theory, naming), it.flips) if it.flips is not None else None
    values = embedded(None) | {"changes": turns}
    if not drawn:
        return {"it": told, **values}
    observations = advice.inference.situation.observations or (reading.observations if reading else ())
    told = anchored(told)
    first = advice.verdicts[0] if advice.verdicts else None
    return {"it": told, "sheet": sheet(teller, told, first, reading, notes(teller, observations)), **values}


def show_reading(
    text: Annotated, *, format: Format = "text", width: int = WIDTH, colour: bool = False, templates: Path | None = None
) -> str:
    """Show an annotated text: each sentence, what was read from it, and, in brackets, what was not.

    ``width`` and ``colour`` are those of the terminal.  Raises ``TemplateProblem`` if the template cannot be used.
    """
    return _shown("reading", {"it": text}, format, width, colour, templates)


def list_unread(
    clauses: Sequence[Clause],
    *,
    texts: int,
    words: int,
    format: Format = "text",
    width: int = WIDTH,
    colour: bool = False,
    templates: Path | None = None,
) -> str:
    """List the clauses of some texts, of so many words, that nothing was read from.

    Raises ``TemplateProblem`` if the template cannot be used.
    """
    count = sum(len(clause.places) for clause in clauses)
    values = {"clauses": tuple(clauses), "unread": count, "texts": texts, "words": words}
    return _shown("unread", values, format, width, colour, templates)


def _shown(
    name: str, values: Mapping[str, object], format: Format, width: int, colour: bool, templates: Path | None
) -> str:
    lay_out = (lambda made: painted(made, width, colour=colour)) if format == "text" else None
    return render(f"{name}.{ENDINGS[format]}", values, format=format, templates=templates, lay_out=lay_out)
