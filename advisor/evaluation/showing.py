"""A summary in words: for a terminal, as Markdown, as a page; the words are those of ``templates/evaluation``."""

from __future__ import annotations

from pathlib import Path

from advisor.evaluation.comparing import Comparison
from advisor.evaluation.summary import Summary
from advisor.explanation.rendering import ENDINGS, Format, render


def shown(
    summary: Summary,
    *,
    format: Format = "text",
    comparison: Comparison | None = None,
    least: int = 1,
    most: int = 1000,
    templates: Path | None = None,
) -> str:
    """Show a summary, and how it compares with another run if there is one.

    A proposition is shown from ``least`` claims that could be compared, and ``most`` predictions that differ.
    Raises ``TemplateProblem`` if the template cannot be used.
    """
    values = {"it": summary, "other": comparison, "least": least, "most": most}
    lay_out = _lines if format == "text" else None
    return render(f"evaluation/summary.{ENDINGS[format]}", values, format=format, templates=templates, lay_out=lay_out)


def _lines(text: str) -> str:
    """Keep the columns of a template, without blanks at the end of a line and empty lines at the end of all."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"
