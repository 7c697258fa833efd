"""What the commands share: the answer that one gives, and the rules, the theory and the names that it is asked about.

Whatever cannot be used raises CannotRun, which says in one line what is wrong and what to do.
"""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor import house
from advisor.inputs import CannotRun
from advisor.terms import Advice, Theory


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command prints: data, its exit code, and what it says beside."""

    text: str
    code: int = 0
    talk: str = ""


Describe = Callable[[argparse.ArgumentParser], None]
Give = Callable[[argparse.Namespace], Answer]
Command = tuple[str, str, Describe, Give]
"""The name of a command, what it does, and its two functions: what it may be asked, and its answer."""


def existing(path: Path, flag: str = "") -> None:
    """Refuse what is not a folder."""
    if not path.is_dir():
        what = "this is not a folder" if path.exists() else "there is no such folder"
        raise CannotRun(f"{flag} {path}: {what}".lstrip())


def rules_folder(given: Path | None, flag: str = "") -> Path:
    """Find the rules, the user's or the program's own."""
    if given is None:
        return house.rules_folder()
    existing(given, flag)
    if not any(given.rglob("*.md")):
        raise CannotRun(f"{flag} {given}: there are no rules in this folder; they are Markdown files".lstrip())
    return given


def transcripts_folder(rules: Path, given: Path | None) -> Path | None:
    """Find the transcripts: the folder given, or the one beside the rules, if there is one."""
    if given is not None:
        existing(given, "--transcripts")
    beside = rules.resolve().parent / "transcripts"
    return given or (beside if beside.is_dir() else None)


def theory_of(rules: Path, given: Path | None, *, seed_only: bool = False, where: str = "") -> Theory:
    """Load a theory fit for use; ``given`` is the folder that the user named, ``where`` begins the complaint."""
    from advisor.kept import load_theory

    theory, diagnostics = load_theory(rules, seed_only=seed_only)
    errors = [each for each in diagnostics if each.severity == "error"]
    if errors:
        first = errors[0]
        check = f"advisor check {given}" if given else "advisor check"
        raise CannotRun(
            f"{where}the rules have {counted(len(errors), 'error')}, the first in {first.path}:{first.line}: "
            f"{first.message}; “{check}” shows all"
        )
    return theory


def chosen(name: str, names: Iterable[str], what: str, *, listed: bool = True) -> str:
    """Find a name among those known, whatever its capitals, or suggest the nearest."""
    lowered = {each.casefold(): each for each in names}
    if name.casefold() in lowered:
        return lowered[name.casefold()]
    near = difflib.get_close_matches(name.casefold(), lowered, 1, 0.6)
    if near:
        hint = f"did you mean “{lowered[near[0]]}”?"
    elif listed:
        hint = f"there is {', '.join(lowered.values())}" if lowered else "none was found"
    else:
        hint = "the ids are those in the headings of the rules"
    raise CannotRun(f"there is no {what} “{name}”; {hint}")


def counted(count: int, noun: str) -> str:
    """Count things in English."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


INQUIRIES = ("how", "what-would-change", "where-schools-part", "questions")
"""What may be asked about the first verdict of an advice, instead of the whole explanation."""


def inquired(
    what: str, theory: Theory, advice: Advice, weights: Mapping[str, float] | None, schools: Collection[str] | None
) -> Any:
    """Give the answer of an inquiry about the first verdict of an advice.

    Raises CannotRun where there is no verdict, or too much to try.
    """
    from advisor.inference import revising
    from advisor.inquiry import TooWide, flips, how, open_questions, parting

    if not advice.verdicts:
        raise CannotRun("there is no verdict to ask about; describe a state and what threatens it")
    again = revising(theory, advice.inference.situation)
    try:
        if what == "how":
            return how(theory, advice)
        if what == "what-would-change":
            return flips(theory, advice, again, weights=weights, schools=schools)
        if what == "where-schools-part":
            return parting(theory, advice, again, weights=weights, schools=schools)
        return open_questions(theory, advice, again, weights=weights, schools=schools)
    except TooWide as problem:
        raise CannotRun(f"{problem}; describe fewer states") from None
