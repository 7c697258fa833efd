"""The terminal around a consultation: a prompt, its history and completion, and the file in which all is kept.

The only door to prompt_toolkit.  It decides nothing: every line goes to the consultation, every reply comes from it,
and what the reply wants done with files is done here.  The prompt is there at once; the theory and the English model
load behind it.  After every line the consultation is written anew, as a whole, so that only the current one can be lost.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from advisor import house
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
    bar,
    completions,
    load,
    save,
    say,
    told,
)
from advisor.consultation.lines import stands_alone, understood
from advisor.consultation.standing import states
from advisor.inputs import CannotRun
from advisor.wording import visible

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.lexers import Lexer

_WIDTH, _WIDEST = 88, 100
_PROMPT, _MORE = "> ", "  "

Ready = tuple[Means, tuple[str, ...]]
"""The means of a consultation, and the names of states that are known."""


@dataclass(slots=True)
class _Loading:
    """What loads behind the prompt."""

    make: Callable[[], Ready]
    done: threading.Event = field(default_factory=threading.Event)
    ready: Ready | None = None
    failed: BaseException | None = None
    told: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to load."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self.ready = self.make()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            self.failed = error
        self.done.set()
        if self.told:
            self.told()

    def wait(self) -> Ready:
        """Give what was loaded, once it is."""
        while not self.done.wait(0.1):  # in steps, so that Ctrl-C is heard
            pass
        if self.failed is not None:
            raise self.failed
        assert self.ready is not None
        return self.ready


@dataclass(slots=True)
class _Session:
    """A consultation under way, and the files that belong to it."""

    loading: _Loading
    file: Path | None
    consultation: Consultation = field(default_factory=Consultation)
    bar: Sequence[str] = ("loading the English model",)
    exported: set[Path] = field(default_factory=set)
    differing: bool = False
    ended: bool = False
    unkept: str = ""


def consult(make: Callable[[], Ready], file: Path | None = None) -> int:
    """Hold a consultation in the terminal, or with the lines of standard input; give the exit code.

    ``make`` loads the means, in a thread behind the prompt; ``file`` is a consultation or a case to take up.
    Raises CannotRun if the file cannot be read, or what ``make`` raises.
    """
    if file is not None:
        _text_of(file)
    loading = _Loading(make)
    loading.start()
    talking = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    session = _Session(loading, None)
    if talking:
        _greet(file)
    if file is not None:
        _do(session, Load(str(file)))
    if talking and os.environ.get("TERM") not in (None, "", "dumb"):
        _talk(session)
    else:
        _listen(session, asking=talking)
    _part(session, talking=talking)
    return 1 if session.differing and not talking else 0


# ---------------------------------------------------------------- one line


def _heard(session: _Session, line: str) -> None:
    """Say a line, print the reply, and keep the consultation."""
    means, _ = session.loading.wait()
    after, reply = say(means, session.consultation, line)
    session.consultation = after
    _keep(session, means)
    _print(means, reply)
    if reply.effect is not None:
        _do(session, reply.effect)
    session.bar = bar(means, session.consultation)


def _print(means: Means, reply: Reply) -> None:
    """Print a reply, as wide as the window is now."""
    width, colour = _terminal()
    words = told(means, reply, width=width, colour=colour)
    if words:
        print(f"{words}\n", flush=True)


def _terminal() -> tuple[int, bool]:
    """Give the width to fill, and whether colours are wanted."""
    if not sys.stdout.isatty():
        return _WIDTH, False
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return min(shutil.get_terminal_size().columns, _WIDEST), colour


def _do(session: _Session, effect: Effect) -> None:
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
    _print(means, Reply(parts))


def _saved(session: _Session, means: Means, name: str) -> tuple[Part, ...]:
    """Keep the consultation in a file of the user's from now on."""
    path = Path(name).expanduser() if name else session.file
    if path is None:
        return (Part("empty"),)
    path = path if path.suffix else path.with_suffix(".md")
    if path.exists() and path != session.file:
        return (Part("exists", str(path)),)
    _write(path, save(means, session.consultation))
    session.file = path
    return (Part("saved", str(path)),)


def _loaded(session: _Session, means: Means, name: str) -> tuple[Part, ...]:
    """Take up another consultation, or a case."""
    last = _last(but=session.file)
    path = Path(name).expanduser() if name else last
    if path is None:
        return (Part("none_kept"),)
    text = _text_of(path)
    before = session.file if session.consultation.turns else None
    consultation, differing = load(means, text)
    session.consultation = consultation
    session.differing = session.differing or bool(differing)
    session.file = path if re.search(r"^## Consultation$", text, re.M) else None
    parts = [Part("kept_before", str(before))] if before else []
    parts.append(Part("loaded", str(path), (len(consultation.turns),)))
    parts += [Part("differs", each.line, (each.number, each.then, each.now)) for each in differing]
    session.bar = bar(means, consultation)
    _, reply = say(means, replace(consultation, turns=()), "schools") if consultation.stand.told else (None, Reply())
    again = tuple(part for part in reply.parts if part.kind != "ask_again")
    asked = (Part("ask", value=consultation.stand.asked),) if consultation.stand.asked else ()
    return (*parts, *again, *asked)


def _exported(session: _Session, effect: Export) -> tuple[Part, ...]:
    """Write a text into a file that is not somebody else's."""
    path = Path(effect.name).expanduser()
    if path.exists() and path.resolve() not in session.exported:
        return (Part("exists", str(path)),)
    _write(path, effect.text)
    session.exported.add(path.resolve())
    return (Part("exported", str(path)),)


# ---------------------------------------------------------------- files


def _text_of(path: Path) -> str:
    """Read a file that is to be taken up, or refuse it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotRun(f"{path}: this is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise CannotRun(f"{path}: it could not be read ({error.strerror or error})") from None
    if not text.strip():
        raise CannotRun(f"{path}: this file is empty")
    return text


def _write(path: Path, text: str) -> None:
    """Write a file as a whole: whoever looks finds the old one or the new one, and nothing between.

    Raises OSError if it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _folder() -> Path:
    return house.state_folder() / "consultations"


def _last(but: Path | None = None) -> Path | None:
    """Give the consultation that was last kept, if there is one."""
    try:
        kept = [path for path in _folder().glob("*.md") if path != but]
        return max(kept, key=lambda path: (path.stat().st_mtime, path.name), default=None)
    except OSError:
        return None


def _keep(session: _Session, means: Means) -> None:
    """Keep the consultation as it stands; where that is impossible it is said once."""
    try:
        if session.file is None:
            _folder().mkdir(parents=True, exist_ok=True)
            session.file = _folder() / f"{time.strftime('%Y-%m-%d-%H%M%S')}-{os.getpid()}.md"
        _write(session.file, save(means, session.consultation))
    except OSError as problem:
        if not session.unkept:
            session.unkept = problem.strerror or str(problem)
            _print(means, Reply((Part("not_kept", str(problem.filename or session.file), (session.unkept,)),)))


# ---------------------------------------------------------------- lines from a pipe, or a terminal that cannot draw


def _listen(session: _Session, *, asking: bool) -> None:
    """Take lines from standard input: those of a paragraph together, commands and answers one by one."""
    for said in _utterances(sys.stdin, asking=asking):
        if not asking:
            print(_PROMPT + visible(said).replace("\n", f"\n{_MORE}"), flush=True)
        try:
            _heard(session, said)
        except KeyboardInterrupt:
            if not asking:
                raise
            print("\nInterrupted; the line was not taken.\n", flush=True)
        if session.ended:
            return


def _utterances(stream: Iterable[str], *, asking: bool) -> Iterator[str]:
    """Give what is said on a stream: the lines of a paragraph are one, unless somebody waits for each."""
    if asking:
        yield from _asked_for(stream)
        return
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


def _asked_for(stream: Iterable[str]) -> Iterator[str]:
    """Give line after line, each asked for."""
    lines = iter(stream)
    while True:
        print(_PROMPT, end="", flush=True)
        try:
            line = next(lines)
        except StopIteration:
            print(flush=True)
            return
        except KeyboardInterrupt:
            print("\nCtrl-D ends.\n", flush=True)
            continue
        yield line.rstrip("\r\n")


# ---------------------------------------------------------------- a terminal


def _greet(file: Path | None) -> None:
    """Say what this is, before anything is loaded."""
    print(
        "Describe a situation in plain English: who threatens whom, how strong they are, where they lie.\n"
        "“help” lists what else can be said; Ctrl-D ends."
    )
    if file is None and _last():
        print("“load” takes up your last consultation.")
    print(flush=True)


def _part(session: _Session, *, talking: bool) -> None:
    """Say where the consultation is kept."""
    if talking and session.file and session.consultation.turns and not session.unkept:
        print(f"Kept in {visible(str(session.file))}; “advisor consult FILE” takes it up again.", flush=True)


def _talk(session: _Session) -> None:
    """Ask for lines with a prompt until the user ends it."""
    prompt = _prompt(session)
    session.loading.told = prompt.app.invalidate
    warned = False
    while not session.ended:
        try:
            line = prompt.prompt()
        except KeyboardInterrupt:
            if not prompt.default_buffer.text and not warned:
                print("Ctrl-D or “quit” ends.\n", flush=True)
                warned = True
            continue
        except EOFError:
            return
        warned = False
        if not line.strip() and not session.consultation.stand.asked:
            continue
        try:
            if not session.loading.done.is_set():
                print("One moment: the English model is still loading.\n", flush=True)
            _heard(session, line)
        except KeyboardInterrupt:
            print("Interrupted; the line was not taken.\n", flush=True)
        except CannotRun:
            raise
        except Exception as error:
            if os.environ.get("ADVISOR_DEBUG"):
                raise
            print(f"Unexpected {type(error).__name__}: {visible(str(error))}; the line was not taken.\n", flush=True)


def _prompt(session: _Session) -> PromptSession[str]:
    """Make the prompt: several lines, history, completion on Tab, names and commands marked, a bar below."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.styles import Style

    styles = {"command": "bold", "name": "underline", "bottom-toolbar": "noreverse", "bottom-toolbar.text": "noreverse"}
    return PromptSession(
        _PROMPT,
        multiline=True,
        prompt_continuation=_MORE,
        history=_history(),
        completer=_completer(session),
        complete_while_typing=False,
        complete_in_thread=False,
        lexer=_lexer(session),
        key_bindings=_keys(),
        bottom_toolbar=lambda: _bar(session),
        style=Style.from_dict(styles),
        mouse_support=False,
        reserve_space_for_menu=6,
    )


def _bar(session: _Session) -> str:
    """Give the bar below the prompt, no longer than the window is wide."""
    if session.loading.done.is_set() and session.bar[0].startswith("loading"):
        session.bar = ("nothing told yet", "“help” lists the commands")
    return visible(" · ".join(session.bar))[: max(10, shutil.get_terminal_size().columns - 1)]


def _history() -> History:
    """Give the lines of earlier consultations, if the state folder can be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = house.state_folder() / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8"):
            pass
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def _keys() -> KeyBindings:
    """Bind Enter to send and Alt-Enter to break the line."""
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def break_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


def _completer(session: _Session) -> Completer:
    """Complete from the consultation."""
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion

    class Known(Completer):
        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
            means, names = session.loading.ready or (None, ())
            theory = means.theory if means else None
            for each in completions(theory, session.consultation, document.text_before_cursor, names):
                yield Completion(each.text, -each.replaces, display_meta=each.about)

    return Known()


def _lexer(session: _Session) -> Lexer:
    """Mark a command, and the names of states that are known."""
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.lexers import Lexer

    class Marked(Lexer):
        def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
            known = session.loading.ready[1] if session.loading.ready else ()
            here = states(session.consultation.stand)
            if understood(document.text, here).kind == "command":
                return lambda number: [("class:command", document.lines[number])]
            return lambda number: list(_marked(document.lines[number], frozenset((*known, *here))))

    return Marked()


def _marked(line: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Cut a line where a name begins or ends; names have capitals and at most four words."""
    place = 0
    for hit in re.finditer(r"\b[A-Z][\w'’-]*(?: (?:of |the )?[A-Z][\w'’-]*){0,3}", line):
        words = hit[0]
        while words and words not in names and " " in words:
            words = words.rpartition(" ")[0]
        if words in names:
            yield "", line[place : hit.start()]
            yield "class:name", words
            place = hit.start() + len(words)
    yield "", line[place:]
