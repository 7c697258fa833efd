"""The prompt: several lines, history, completion on Tab, names and commands marked, and a bar below.

All of prompt_toolkit is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from advisor import house
from advisor.consultation import completions, marked
from advisor.consultation.standing import states
from advisor.repl.files import private_folder
from advisor.repl.session import Session, shown_bar

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.lexers import Lexer

PROMPT, MORE = "> ", "  "
"""What stands before a line, and before those that go on with it."""


def prompt_of(session: Session) -> PromptSession[str]:
    """Make the prompt: several lines, history, completion on Tab, names and commands marked, a bar below."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.styles import Style

    styles = {
        "command": "bold",
        "name": "underline",
        "word": "italic",
        "bottom-toolbar": "noreverse",
        "bottom-toolbar.text": "noreverse",
    }
    return PromptSession(
        PROMPT,
        multiline=True,
        prompt_continuation=MORE,
        history=_history(),
        completer=_completer(session),
        complete_while_typing=False,
        complete_in_thread=False,
        lexer=_lexer(session),
        key_bindings=_keys(),
        bottom_toolbar=lambda: shown_bar(session),
        style=Style.from_dict(styles),
        mouse_support=False,
        reserve_space_for_menu=6,
    )


def _history() -> History:
    """Give the lines of earlier consultations, if the state folder can be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = house.state_folder() / "history"
    try:
        private_folder()
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


def _completer(session: Session) -> Completer:
    """Complete from the consultation."""
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion

    class Known(Completer):
        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
            means, names = session.loading.ready or (None, ())
            theory = means.theory if means else None
            for each in completions(theory, session.consultation, document.text_before_cursor, names):
                yield Completion(each.text, -each.replaces, display_meta=each.about)

    return Known()


def _lexer(session: Session) -> Lexer:
    """Mark what would be heard: a command, names of states, words of the vocabulary."""
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.lexers import Lexer

    class Marked(Lexer):
        def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
            means, names = session.loading.ready or (None, ())
            here = (*states(session.consultation.stand), *names)
            lines = marked(means.theory if means else None, document.text, here)
            return lambda number: [(f"class:{mark}" if mark else "", words) for mark, words in lines[number]]

    return Marked()
