"""Lines go in and replies come out: from a prompt, line by line, or from a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from advisor.consultation import Load
from advisor.consultation.lines import stands_alone
from advisor.inputs import CannotRun
from advisor.repl.loading import Loading, Ready
from advisor.repl.session import Session, do, hear, parted, tell
from advisor.wording import visible

_PROMPT, _MORE = "> ", "  "


def talk(make: Callable[[], Ready], file: Path | None = None, *, greeted: bool = False) -> int:
    """Hold a consultation in the terminal, or with the lines of standard input; give the exit code.

    ``make`` loads the means, in a thread behind the prompt; ``file`` is a consultation or a case to take up.
    ``greeted`` says that there is somebody at a terminal, who has been greeted.  Raises what ``make`` raises.
    """
    session = Session(Loading(make), spoken=greeted)
    session.loading.start()
    if file is not None:
        if greeted:
            tell(session, "One moment: the English model is loading.")
        do(session, Load(str(file)))
    if not greeted:
        _listen(session, sys.stdin or ())
    elif os.environ.get("TERM") in (None, "", "dumb"):
        _ask(session)
    else:
        _prompted(session)
    if greeted and session.file and session.consultation.turns and not session.unkept:
        print(f"Kept in {visible(str(session.file))}\n“advisor consult FILE” takes it up again.", flush=True)
    return 1 if session.differing and not greeted else 0


# ---------------------------------------------------------------- lines from a pipe


def _listen(session: Session, stream: Iterable[str]) -> None:
    """Take what is said on a stream, and show it as it would stand in a terminal."""
    for said in _utterances(stream):
        parted(session)
        print(_PROMPT + visible(said).replace("\n", f"\n{_MORE}"), flush=True)
        hear(session, said)
        if session.ended:
            return


def _utterances(stream: Iterable[str]) -> Iterator[str]:
    """Give what is said on a stream: the lines of a paragraph are one, commands and answers stand alone."""
    block: list[str] = []
    for line in stream:
        said = line.rstrip("\r\n")
        if block and (not said.strip() or stands_alone(said)):
            yield "\n".join(block)
            block = []
        if said.strip() and stands_alone(said):
            yield said
        elif said.strip():
            block.append(said)
    if block:
        yield "\n".join(block)


# ---------------------------------------------------------------- a terminal


def _ask(session: Session) -> None:
    """Ask for line after line in a terminal that cannot draw, or is read aloud."""
    while not session.ended:
        parted(session)
        print(_PROMPT, end="", flush=True)
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            tell(session, "\nCtrl-D ends.")
            continue
        if not line:
            print(flush=True)
            return
        _hear(session, line)


def _prompted(session: Session) -> None:
    """Ask for lines with a prompt until the user ends it."""
    from advisor.repl.prompt import prompt_of

    prompt = prompt_of(session)
    session.loading.told = prompt.app.invalidate
    while not session.ended:
        parted(session)
        try:
            line = prompt.prompt()
        except KeyboardInterrupt:
            if not prompt.default_buffer.text:
                tell(session, "Ctrl-D or “quit” ends.")
            continue
        except EOFError:
            return
        if line.strip() or session.consultation.stand.asked:
            _hear(session, line)


def _hear(session: Session, line: str) -> None:
    """Hear a line; whatever happens, nothing that was said before is lost."""
    try:
        if not session.loading.done.is_set():
            print("One moment: the English model is still loading.", flush=True)
        hear(session, line)
    except KeyboardInterrupt:
        tell(session, "Interrupted; the line was not taken.")
    except CannotRun:
        raise
    except Exception as error:
        if os.environ.get("ADVISOR_DEBUG"):
            raise
        tell(session, f"Unexpected {type(error).__name__}: {visible(str(error))}; the line was not taken.")
