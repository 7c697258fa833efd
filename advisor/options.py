"""What may be asked on the command line: the commands and their options.

Who carries a command out is for ``cli`` to say; the description of a command is what that says of itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from advisor import __version__, corpus, desk, workbench
from advisor.commands import INQUIRIES
from advisor.inputs import CannotRun

Run = Callable[[argparse.Namespace], int]
"""What carries a command out, and gives the exit code."""

EXAMPLES = """\
examples:
  advisor consult
  advisor advise situation.txt
  advisor advise --text "Arvenia is weak. Borland, a great power on its border, threatens it."
  advisor advise --format json *.txt > answers.jsonl
  advisor advise --state Arvenia --toward Borland --school balance-of-threat situation.txt
  advisor read situation.txt
  advisor read --format html situation.txt > situation.html
  advisor read --unread *.txt
  advisor show weak-states-bandwagon
  advisor check --watch
  advisor book site
  advisor test --mutants
  advisor impact --since HEAD
  advisor evaluate transcripts --output run

exit codes: 0 done, 1 done with a finding, 2 could not run, 130 interrupted
"""


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise CannotRun(f"{message}; see “{self.prog} --help”")


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Describe the commands and their options; ``runs`` gives for each command what carries it out."""
    made = Parser(
        prog="advisor",
        description="Say what the schools of balance-of-power theory expect in a situation told in plain English.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"advisor {__version__}")
    commands = made.add_subparsers(metavar="COMMAND", parser_class=Parser)

    def command(name: str, text: str, description: str | None = None) -> argparse.ArgumentParser:
        """Describe a command; it says of itself what it does."""
        described = description or runs[name].__doc__
        found = commands.add_parser(name, help=text, allow_abbrev=False, description=described)
        found.set_defaults(run=runs[name])
        return found

    advise = command("advise", "one situation in, the advice out")
    _text_arguments(advise)
    advise.add_argument("--format", choices=("text", "markdown", "html", "json"), default="text")
    advise.add_argument("--school", action="append", metavar="ID", help="hear only this school (may be repeated)")
    advise.add_argument(
        "--weight", action="append", metavar="SCHOOL=X", default=[], help="weigh a school with X (may be repeated)"
    )
    advise.add_argument("--seed-only", action="store_true", help="leave out what goes beyond the seed text")
    advise.add_argument("--state", metavar="NAME", help="the state whose conduct is asked about")
    advise.add_argument("--toward", metavar="NAME", help="the state it has to respond to")
    advise.add_argument("--ask", choices=INQUIRIES, help="answer only this about the first verdict")
    length = advise.add_mutually_exclusive_group()
    length.add_argument("--brief", action="store_const", dest="length", const="brief", help="only the expectation")
    length.add_argument("--full", action="store_const", dest="length", const="full", help="every step and source")
    _folder_argument(advise, "--rules", "use the theory in this folder")
    _folder_argument(advise, "--templates", "look for templates in this folder first")
    advise.set_defaults(length="normal")

    consult = command("consult", "talk about a situation: tell, correct, answer, ask")
    consult.add_argument("file", metavar="FILE", nargs="?", type=Path, help="a consultation or a case to take up")
    consult.add_argument("--seed-only", action="store_true", help="leave out what goes beyond the seed text")
    _folder_argument(consult, "--rules", "use the theory in this folder")
    _folder_argument(consult, "--templates", "look for templates in this folder first")

    read = command("read", "show what is read from a text, and what is not")
    _text_arguments(read)
    read.add_argument("--format", choices=("text", "markdown", "html", "json"), default="text")
    read.add_argument(
        "--phrases", action="store_true", help="under each fact, name the phrase of the vocabulary that read it"
    )
    read.add_argument(
        "--unread", action="store_true", help="list only the clauses that nothing was read from, over all texts"
    )
    _folder_argument(read, "--rules", "use the vocabulary in this folder")
    _folder_argument(read, "--templates", "look for templates in this folder first")

    check = command("check", "load the theory and list what is wrong with it")
    check.add_argument(
        "rules", metavar="DIR", nargs="?", type=Path, help="a folder of rules (default: the program's own)"
    )
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    check.add_argument("--form", action="store_true", help="only the form of the rules, not what they say together")
    check.add_argument("--watch", action="store_true", help="check again whenever a file is saved; end with Ctrl-C")

    command("lsp", "serve an editor while rules are written")

    evaluate = command("evaluate", "work on many cases", corpus.evaluate.__doc__)
    corpus.describe(evaluate)

    for name, text, describe, give in (*desk.COMMANDS, *workbench.COMMANDS):
        describe(command(name, text, give.__doc__))
    return made


def _text_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take files, standard input and texts."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="a text in UTF-8; - is standard input")
    parser.add_argument("--text", action="append", default=[], metavar="TEXT", help="the situation itself")


def _folder_argument(parser: argparse.ArgumentParser, flag: str, text: str) -> None:
    """Let a command take a folder of its user's."""
    parser.add_argument(flag, metavar="DIR", type=Path, help=text)
