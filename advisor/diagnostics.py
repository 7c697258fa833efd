"""Complaints about files: what each code means, how one is collected, how it is shown.

A complaint names the place, says what is wrong and shows the line with the words in question
underlined; where there is one, a hint says what to write instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from advisor.terms import Diagnostic, Edit, Severity

CODES: dict[str, str] = {
    "V01": "a file of the vocabulary cannot be read",
    "V02": "two entries of the vocabulary have the same id",
    "V03": "an entry of the vocabulary has no id",
    "V04": "an entry of the vocabulary has no values",
    "V05": "an entry of the vocabulary has no question",
    "V06": "a group names a value that its entry does not have",
    "V07": "an item of an entry is neither a value nor a wording",
    "V08": "a strategy is not fully described",
    "V09": "an outcome is not fully described",
    "V10": "what makes a strategy impossible is no phrase of the vocabulary",
    "V11": "what makes a state the threat is not understood",
    "V12": "an entry of the vocabulary has a value twice",
    "N01": "the lists of names are missing or cannot be read",
    "N02": "the first line of a list of names does not name the columns",
    "N03": "a row of names has too many or too few cells",
    "N04": "a name is of no known kind",
    "N05": "a year of a name is not a number",
    "N06": "a name ends before it begins",
    "N07": "a form of a name does not begin with a capital letter, or is missing",
    "N08": "a name has members but is no bloc",
    "N09": "a form stands for two names at the same time",
    "N10": "a member of a bloc is no name in the lists",
    "S01": "the words of stance cannot be read",
    "S02": "a row of the words of stance is not understood",
    "W01": "the reader's words cannot be read",
    "W02": "a row of the reader's words is not understood",
    "R01": "the reader's trust cannot be read",
    "R02": "a row of the reader's trust is not understood",
    "T01": "the rules folder cannot be read",
    "T02": "the rules folder has no school files",
    "T03": "a school's file cannot be read, or is not valid UTF-8",
    "T04": "a line contains a tab",
    "T05": "a school's file does not begin with one heading for the school",
    "T06": "a heading has no id or no title",
    "T07": "a school has no weight, or one that is not a number",
    "T08": "the premise of a school is no phrase of the vocabulary",
    "T09": "a heading has the wrong level, or a rule stands outside a proposition",
    "T10": "two schools or two propositions have the same id",
    "T11": "a proposition has no source",
    "T12": "a proposition has no rule",
    "T13": "a rule is not closed",
    "T14": "a rule is empty",
    "T15": "a proposition has more than one rule",
    "T16": "a rule has no “if”",
    "T17": "the parts of a rule stand in the wrong order",
    "T18": "a conclusion is not understood",
    "T19": "a condition or conclusion is no phrase of the vocabulary",
    "T20": "a rule speaks of a role that does not exist",
    "T21": "a role is written without its article",
    "T22": "“a” or “an” before a role stands outside “unless”",
    "T23": "a conclusion speaks of a role that no condition speaks of",
    "T24": "“unless” says “the” of a role that the rule does not speak of elsewhere",
    "T25": "a strategy or an outcome is used as a condition",
    "T26": "a list of “at least” is not understood",
    "T27": "a phrase leaves out a state that it is about, or names one twice",
    "T28": "a conclusion is denied, or leaves open which value it concludes",
    "T29": "a proposition defeats or disputes one that does not exist",
    "T30": "propositions depend on one another through “unless”",
    "T31": "propositions defeat one another in a circle",
    "T32": "a fact of a situation is no phrase of the vocabulary",
    "T33": "the facts of a situation contradict each other",
    "T34": "a situation states what only propositions conclude",
    "T35": "a proposition is not tested on a situation",
    "T36": "a line looks like “Source:”, “Defeats:” or “Disputes:” but is none",
    "T37": "a phrase has two meanings in the vocabulary",
    "T38": "something in a proposition is still to be written",
    "A01": "two conditions of a rule contradict each other",
    "A02": "a rule can never fire",
    "A03": "two propositions of a school say the same",
    "A04": "a proposition says nothing that another of its school does not say",
    "A05": "a proposition never counts, since another always defeats it",
    "A06": "an “unless” never applies",
    "A07": "propositions of a school argue for and against the same, and do not say how they stand to each other",
    "A08": "a threatened state of which no school expects anything",
    "A09": "a value that no text can supply and no proposition concludes",
    "A10": "an entry of the vocabulary that no proposition uses",
    "A11": "propositions defeat one another in a circle and apply at once",
    "A12": "a dispute is stated one way",
    "A13": "a defeat or a dispute never comes to bear",
    "A14": "an acceptance no longer applies",
    "A15": "an acceptance is not understood",
    "C01": "a transcript cannot be read",
    "C02": "a transcript does not begin with its title",
    "C03": "a heading opens no section of a transcript",
    "C04": "a section of a transcript stands there twice",
    "C05": "a fact of a transcript is no phrase of the vocabulary",
    "C06": "the facts of a transcript contradict each other",
    "C07": "a transcript states what only propositions conclude",
    "C08": "what stands before a fact does not say how the text puts it",
    "C09": "an expectation is not understood",
    "C10": "an expectation names a strategy that does not exist",
    "C11": "an expectation names an outcome, or a value of one, that does not exist",
    "C12": "a transcript expects nothing, and something beside it",
    "C13": "an expected miss gives no reason",
    "C14": "a line of a list is no item",
    "C15": "a transcript has neither a text nor facts",
    "C16": "an expectation is about a state that nothing speaks of",
    "C17": "something in a transcript is still to be written",
    "F01": "the trace of the seed cannot be read",
    "F02": "a statement of the seed is not understood, or stands there twice",
    "F03": "a statement of the seed is carried by nothing, and no reason is given",
    "F04": "a statement of the seed points to something that does not exist",
    "F05": "a proposition has its source in the seed, and no statement bears it out",
}
"""What each code means, in one line."""

_WIDEST = 140


@dataclass(frozen=True, slots=True)
class Page:
    """A file being read: its path, its lines, and the complaints so far."""

    path: str
    lines: tuple[str, ...]
    found: list[Diagnostic] = field(default_factory=list, compare=False)


def page(path: str, text: str) -> Page:
    """Open a page on a text; its lines are counted as in ``markdown.sections``."""
    return Page(path, tuple(text.splitlines()))


def complain(
    on: Page,
    code: str,
    message: str,
    line: int,
    about: str = "",
    hint: str = "",
    column: int = 0,
    severity: Severity = "error",
    fix: Edit | str | None = None,
) -> None:
    """Add a complaint to a page.  Without ``column`` the words ``about`` are sought in the line.

    ``fix`` is a correction; where it is only a text, that replaces the words underlined.
    """
    source = on.lines[line - 1] if 0 < line <= len(on.lines) else ""
    place = column or source.find(about) + 1 or len(source) - len(source.lstrip()) + 1
    rest = len(source.rstrip()) - place + 1
    width = max(1, min(len(about) or rest, rest))
    edit = Edit(line, place, line, place + width, fix) if isinstance(fix, str) else fix
    on.found.append(Diagnostic(code, message, on.path, line, place, width, source, hint, severity, edit))


def corrected(text: str, edit: Edit) -> str:
    """Apply a correction to the text of a file; what lies beyond the end of the text is its end."""
    lines = text.splitlines(keepends=True)

    def place(line: int, column: int) -> int:
        before = sum(len(each) for each in lines[: line - 1])
        length = len(lines[line - 1].rstrip("\r\n")) if line <= len(lines) else 0
        return before + min(column - 1, length)

    return text[: place(edit.line, edit.column)] + edit.text + text[place(edit.end_line, edit.end_column) :]


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Put diagnostics in the order to show them: errors first, then by file and place; none twice."""
    return tuple(
        sorted(set(diagnostics), key=lambda d: (d.severity != "error", d.path, d.line, d.column, d.code, d.message))
    )


def _columns(text: str) -> int:
    """How many columns a text takes up on a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def _window(source: str, column: int) -> tuple[str, int]:
    """Cut a very long line to the stretch around a column; give it and the column in it."""
    source = "".join(character if character.isprintable() else " " for character in source)
    if len(source) <= _WIDEST:
        return source, column
    start = max(0, min(column - 1 - _WIDEST // 3, len(source) - _WIDEST))
    shown = ("…" if start else "") + source[start : start + _WIDEST] + ("…" if start + _WIDEST < len(source) else "")
    return shown, column - start + (1 if start else 0)


def render(diagnostic: Diagnostic) -> str:
    """Show a complaint as text: place, code and message, the line with the words underlined, the hint."""
    d = diagnostic
    shown = [f"{d.path}:{d.line}:{d.column}: {d.severity} {d.code}: {d.message}"]
    if d.source.strip():
        number = str(d.line).rjust(5)
        source, column = _window(d.source, d.column)
        before, under = source[: column - 1], source[column - 1 : column - 1 + d.width]
        caret = " " * _columns(before) + "^" * max(1, _columns(under))
        shown += [f"{number} | {source.rstrip()}", f"{' ' * len(number)} | {caret}"]
    if d.hint:
        shown.append(f"      hint: {d.hint}")
    return "\n".join(shown)


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Show complaints one below the other, in the order of ``ordered``."""
    return "\n\n".join(render(diagnostic) for diagnostic in ordered(diagnostics))
