"""Advice in prose, for a terminal, as Markdown or as a page; and as JSON.  The only door to Jinja2.

What is said is told by ``telling``; how it is said stands in ``templates/``.  A folder of the user's is looked
up first, so that one file there replaces the one of the same name here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from advisor.explanation.annotated import Annotated, Clause, Wording, annotated, unread_clauses, wordings
from advisor.explanation.painting import painted
from advisor.explanation.record import as_json, reading_as_json, reply_as_json, unread_as_json
from advisor.explanation.rendering import ENDINGS, WIDTH, Format, Length, TemplateProblem, render
from advisor.explanation.replies import tell
from advisor.explanation.telling import account
from advisor.terms import Advice, Reading, Theory

__all__ = [
    "Annotated",
    "Clause",
    "Format",
    "Length",
    "TemplateProblem",
    "Wording",
    "account",
    "annotated",
    "as_json",
    "explain",
    "list_unread",
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
    format: Format = "text",
    length: Length = "normal",
    templates: Path | None = None,
    weights: Mapping[str, float] | None = None,
) -> str:
    """Explain advice in prose: what is expected, why, what speaks against it, and what it rests on.

    ``brief`` is a paragraph; ``normal`` argues the first case in prose, names the others, and lists every
    proposition that counted and what was read; ``full`` does so for all cases and unfolds every proposition.
    ``templates`` is a folder looked up before the program's own; ``weights`` are those the advice was
    reached with, where they are not the theory's.  Raises ``TemplateProblem`` if a template cannot be used.
    """
    shown = "normal" if length == "default" else length
    try:
        told = account(theory, advice, reading, weights, templates=templates)
    except (OSError, ValueError) as problem:
        raise TemplateProblem(str(problem)) from None
    return render(f"explanation.{ENDINGS[format]}", {"it": told, "length": shown}, format=format, templates=templates)


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
