"""Advice in prose, for a terminal, as Markdown or as a page; and as JSON.  The only door to Jinja2.

What is said is told by ``telling``; how it is said stands in ``templates/``.  A folder of the user's is looked
up first, so that one file there replaces the one of the same name here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from advisor.explanation.record import as_json
from advisor.explanation.rendering import ENDINGS, Format, Length, TemplateProblem, render
from advisor.explanation.telling import account, notes
from advisor.terms import Advice, Reading, Theory

__all__ = ["Format", "Length", "TemplateProblem", "account", "as_json", "explain", "notes", "render"]


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
