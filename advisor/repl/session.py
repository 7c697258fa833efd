"""A consultation under way in a terminal: a line goes in, the reply is printed, and what it wants done is done."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from advisor.consultation import (
    Consultation,
    Effect,
    Export,
    Load,
    Means,
    Part,
    Quit,
    Reply,
    Save,
    as_it_stands,
    bar,
    load,
    pondered,
    save,
    say,
    told,
)
from advisor.inputs import CannotRun
from advisor.repl.files import folder, fresh, last_kept, text_of, write
from advisor.repl.loading import Loading
from advisor.wording import visible

_WIDTH, _WIDEST = 88, 100
"""Columns of text where there is no terminal, and at most where there is one."""


@dataclass(slots=True)
class Session:
    """A consultation under way, and the files that belong to it.

    ``bar`` is what stands below the prompt, ``differing`` whether a replay came to another verdict, ``unkept`` why
    nothing can be kept; ``spoken`` says that something stands above the next prompt.
    """

    loading: Loading
    file: Path | None = None
    consultation: Consultation = field(default_factory=Consultation)
    bar: Sequence[str] = ("loading the English model",)
    exported: set[Path] = field(default_factory=set)
    differing: bool = False
    ended: bool = False
    unkept: str = ""
    spoken: bool = False


def tell(session: Session, words: str) -> None:
    """Print words, with a blank line between them and what was printed before them, and after them."""
    if words:
        parted(session)
        print(words, flush=True)
        session.spoken = True


def parted(session: Session) -> None:
    """Print the blank line between a reply and the next prompt."""
    if session.spoken:
        print(flush=True)
    session.spoken = False


def hear(session: Session, line: str) -> None:
    """Say a line, print the reply, keep the consultation, and put the next question."""
    means, _ = session.loading.wait()
    after, reply = say(means, session.consultation, line)
    session.consultation = after
    _keep(session, means)
    _reply(session, means, reply)
    if reply.effect is not None:
        do(session, reply.effect)
    session.consultation, question = pondered(means, session.consultation)
    _reply(session, means, question)
    session.bar = bar(means, session.consultation)


def do(session: Session, effect: Effect) -> None:
    """Do what a reply wants done, and say what came of it."""
    means, _ = session.loading.wait()
    try:
        if isinstance(effect, Quit):
            session.ended = True
            return
        if isinstance(effect, Save):
            parts = _saved(session, means, effect.name)
        elif isinstance(effect, Load):
            parts = _loaded(session, means, effect.name)
        else:
            parts = _exported(session, effect)
    except OSError as problem:
        parts = (Part("no_file", str(problem.filename), (problem.strerror or str(problem),)),)
    except CannotRun as refusal:
        parts = (Part("refused", str(refusal)),)
    _reply(session, means, Reply(parts))


def _reply(session: Session, means: Means, reply: Reply) -> None:
    """Print a reply, as wide as the window is now."""
    width, colour = _window()
    tell(session, told(means, reply, width=width, colour=colour))


def _window() -> tuple[int, bool]:
    """Give the width to fill, and whether colours are wanted."""
    if not sys.stdout.isatty():
        return _WIDTH, False
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return min(columns(), _WIDEST), colour


def columns() -> int:
    """Give how wide the window is now; what the environment says of it may be of another time."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def shown_bar(session: Session) -> str:
    """Give the bar below the prompt, no longer than the window is wide."""
    if session.loading.done.is_set() and session.bar[0].startswith("loading"):
        session.bar = ("nothing told yet", "“help” lists the commands")
    return visible(" · ".join(session.bar))[: max(10, columns() - 1)]


# ---------------------------------------------------------------- what is done with files


def _saved(session: Session, means: Means, name: str) -> tuple[Part, ...]:
    """Keep the consultation in a file of the user's from now on."""
    path = Path(name).expanduser() if name else session.file
    if path is None:
        return (Part("empty"),)
    path = path if path.suffix else path.with_suffix(".md")
    if path.exists() and path != session.file:
        return (Part("exists", str(path)),)
    write(path, save(means, session.consultation))
    session.file = path
    return (Part("saved", str(path)),)


def _loaded(session: Session, means: Means, name: str) -> tuple[Part, ...]:
    """Take up another consultation, or a case."""
    path = Path(name).expanduser() if name else last_kept(but=session.file)
    if path is None:
        return (Part("none_kept"),)
    if not path.exists() and path.with_suffix(".md").exists():
        path = path.with_suffix(".md")
    text = text_of(path)
    before = session.file if session.consultation.turns[:-1] else None
    consultation, differing = load(means, text)
    session.consultation = consultation
    session.bar = bar(means, consultation)
    session.differing = session.differing or bool(differing)
    same = save(means, consultation) == text
    session.file = path if same else None
    parts = [Part("kept_before", str(before))] if before else []
    held = re.search(r"^## Consultation$", text, re.M) is not None
    corrected = max(0, len(consultation.turns) - 1)
    parts.append(
        Part("loaded", str(path), (len(consultation.turns),)) if held else Part("case", str(path), (corrected,))
    )
    parts += [Part("differs", each.line, (each.number, each.then, each.now)) for each in differing]
    if held and not same:
        parts.append(Part("left_alone", str(path)))
    return (*parts, *as_it_stands(means, consultation.stand))


def _exported(session: Session, effect: Export) -> tuple[Part, ...]:
    """Write a text into a file that is not somebody else's."""
    path = Path(effect.name).expanduser()
    if path.exists() and path.resolve() not in session.exported:
        return (Part("exists", str(path)),)
    write(path, effect.text)
    session.exported.add(path.resolve())
    return (Part("exported", str(path)),)


def _keep(session: Session, means: Means) -> None:
    """Keep the consultation as it stands, once there is anything in it; where that is impossible it is said once."""
    if not session.consultation.stands[1:]:
        return
    try:
        session.file = session.file or fresh()
        write(session.file, save(means, session.consultation), private=session.file.parent == folder())
    except OSError as problem:
        if not session.unkept:
            session.unkept = problem.strerror or str(problem)
            _reply(session, means, Reply((Part("not_kept", str(problem.filename or session.file), (session.unkept,)),)))
