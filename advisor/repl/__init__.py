"""The terminal around a consultation; the only door to prompt_toolkit.

It decides nothing: every line goes to the consultation, every reply comes from it, and what the reply wants done with
files is done here.  The prompt is there at once; the theory and the English model load behind it.  After every line the
consultation is written anew, as a whole, so that only the current line can be lost.  What is here is only the command;
importing it costs nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.commands import existing, rules_folder
from advisor.repl.files import last_kept, text_of

if TYPE_CHECKING:
    from advisor.repl.loading import Ready

_GREETING = (
    "Describe a situation in plain English: who threatens whom, how strong they are, where they lie.",
    "“help” lists what else can be said; Ctrl-D ends.",
)
_LAST = "“load” takes up your last consultation."


def consult(options: argparse.Namespace) -> int:
    """Talk about a situation: tell it, see what is read, correct it, answer what is asked, and hear the schools.

    “help” lists what can be said. All is kept as a transcript; FILE takes one up again. Lines may come from a pipe.
    """
    if options.templates is not None:
        existing(options.templates, "--templates")
    rules = rules_folder(options.rules, "--rules")

    def make() -> Ready:
        from advisor.repl.loading import means_of

        return means_of(rules, options.rules, options.templates, seed_only=options.seed_only)

    return begin(make, options.file)


def begin(make: Callable[[], Ready], file: Path | None) -> int:
    """Greet the user, if there is one, before anything is loaded, and hold the consultation; give the exit code.

    ``make`` loads what is needed, behind the prompt; ``file`` is a consultation or a case to take up.  Raises CannotRun
    if the file cannot be read, or what ``make`` raises.
    """
    if file is not None:
        text_of(file)
    greeted = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    if greeted:
        width = os.get_terminal_size(sys.stdout.fileno()).columns or 80
        lines = (*_GREETING, *((_LAST,) if file is None and last_kept() else ()))
        print("\n".join(textwrap.fill(line, max(width, 40)) for line in lines), flush=True)

    from advisor.repl.talking import talk

    return talk(make, file, greeted=greeted)
