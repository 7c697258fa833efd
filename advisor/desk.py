"""The commands of the workshop that show and write: ``show``, ``new``, ``format`` and ``book``.

Each has a function that describes its arguments and one that gives its answer, a text and an exit code; the command
line prints it.  What is needed is imported where it is needed, so that ``--help`` waits for nothing.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from advisor.commands import Answer, Command, chosen, counted, existing, rules_folder, theory_of, transcripts_folder
from advisor.inputs import CannotRun

_BEGUN = "begun; answer the questions in brackets, “advisor check” lists those that are left"


# ---------------------------------------------------------------- show


def describe_show(parser: argparse.ArgumentParser) -> None:
    """Describe what ``show`` may be asked."""
    parser.add_argument("id", metavar="ID", help="a proposition, variable, strategy, outcome, caution, school or case")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text")
    _folder_arguments(parser, "--rules", "--transcripts")


def show(options: argparse.Namespace) -> Answer:
    """Print one entry of the rules as its author wrote it, then what uses it, what it defeats, and where it applies."""
    from advisor.glossary import Entry, entries
    from advisor.kept import load_theory
    from advisor.transcript import load_all
    from advisor.workshop.cases import worked
    from advisor.workshop.showing import as_json, as_markdown, as_text, shown
    from advisor.workshop.trace import load_trace

    rules = rules_folder(options.rules, "--rules")
    theory, _ = load_theory(rules)
    folder = transcripts_folder(rules, options.transcripts)
    cases, _ = load_all(theory.vocabulary, folder)
    every = list(entries(rules))
    if folder:
        every += [Entry(case.id, str(folder / f"{case.id}.md"), 1, _text(folder / f"{case.id}.md")) for case in cases]
    id_ = chosen(options.id, sorted({entry.id for entry in every}), "entry", listed=False)
    it = shown(theory, id_, every, worked(theory, cases), load_trace(rules, theory)[0])
    if options.format == "json":
        return Answer(json.dumps(as_json(it)))
    return Answer((as_markdown if options.format == "markdown" else as_text)(it))


# ---------------------------------------------------------------- new


def describe_new(parser: argparse.ArgumentParser) -> None:
    """Describe what ``new`` may be asked."""
    parser.add_argument("what", choices=("proposition", "transcript"))
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="write a transcript into this new file")
    parser.add_argument("--school", metavar="ID", help="write a proposition into the document of this school")
    parser.add_argument("--title", metavar="TEXT", default="", help="what it is called")
    _folder_arguments(parser, "--rules")


def new(options: argparse.Namespace) -> Answer:
    """Begin a proposition or a transcript: its form, with a question in brackets where something is to be written."""
    from advisor.kept import load_theory
    from advisor.workshop.skeleton import new_proposition, new_transcript, with_proposition

    if options.what == "transcript":
        if options.school:
            raise CannotRun("--school is for a proposition; a transcript belongs to no school")
        made = new_transcript(options.title)
        if options.file is None:
            return Answer(made)
        _write(options.file, made, new=True)
        return Answer("", 0, f"{options.file}: {_BEGUN}")
    if options.file is not None:
        raise CannotRun("a proposition is written into the document of its school; name it with --school ID")
    rules = rules_folder(options.rules, "--rules")
    theory, _ = load_theory(rules)
    made = new_proposition(options.title, {each.id for each in theory.propositions})
    if not options.school:
        return Answer(made)
    school = chosen(options.school, [each.id for each in theory.schools], "school")
    paths = {each.school: rules / each.path for each in theory.propositions}
    path = paths.get(school, rules / "schools" / f"{school}.md")
    document, line = with_proposition(_text(path), made)
    _write(path, document)
    return Answer("", 0, f"{path}:{line}: {_BEGUN}")


# ---------------------------------------------------------------- format


def describe_format(parser: argparse.ArgumentParser) -> None:
    """Describe what ``format`` may be asked."""
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="documents (default: all of the rules)")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="change nothing; name the documents to be laid out")
    only.add_argument("--diff", action="store_true", help="change nothing; show what would change")
    _folder_arguments(parser, "--rules")


def lay_out_documents(options: argparse.Namespace) -> Answer:
    """Lay out documents of rules: rules, situations, lists and sources in one way, prose as it is; nothing is lost."""
    from advisor.workshop.layout import difference, lay_out

    paths = options.files or sorted(rules_folder(options.rules, "--rules").rglob("*.md"))
    texts = [(path, _text(path)) for path in paths]
    changed = [(path, text, made) for path, text in texts if (made := lay_out(text)) != text]
    only_tells = options.check or options.diff
    for path, _, made in changed if not only_tells else ():
        _write(path, made)
    said = [difference(str(path), text, made) if options.diff else str(path) for path, text, made in changed]
    what = "to be laid out" if only_tells else "laid out"
    talk = f"{counted(len(changed), 'document')} {what}, {counted(len(texts) - len(changed), 'document')} in order"
    return Answer("\n".join(said) if only_tells else "", 1 if changed and only_tells else 0, talk)


# ---------------------------------------------------------------- book


def describe_book(parser: argparse.ArgumentParser) -> None:
    """Describe what ``book`` may be asked."""
    parser.add_argument("out", metavar="OUT", type=Path, help="the folder to write it into")
    _folder_arguments(parser, "--rules", "--transcripts", "--templates")


def make_book(options: argparse.Namespace) -> Answer:
    """Make a small static site of the rules and the cases: it needs no script, and its links work from any folder."""
    if options.templates is not None:
        existing(options.templates, "--templates")
    rules = rules_folder(options.rules, "--rules")
    theory = theory_of(rules, options.rules)
    folder = transcripts_folder(rules, options.transcripts)

    from advisor.explanation import TemplateProblem
    from advisor.transcript import load_all
    from advisor.workshop.book import MARK, book
    from advisor.workshop.trace import load_trace

    out: Path = options.out
    first = out / "index.html"
    ours = first.is_file() and MARK in _text(first)
    if out.exists() and not (out.is_dir() and (ours or not any(out.iterdir()))):
        raise CannotRun(f"{out}: this is not empty and no book of ours; name a new folder")
    cases, _ = load_all(theory.vocabulary, folder)
    try:
        pages = book(theory, rules, cases, load_trace(rules, theory)[0], templates=options.templates)
    except TemplateProblem as problem:
        raise CannotRun(str(problem)) from None
    for path, text in pages.items():
        _write(out / path, text)
    return Answer("", 0, f"{counted(len(pages) - 1, 'page')} in {out}; begin with {first}")


# ---------------------------------------------------------------- what they share

COMMANDS: tuple[Command, ...] = (
    ("show", "print one entry of the rules and what it has to do with", describe_show, show),
    ("new", "begin a proposition or a transcript", describe_new, new),
    ("format", "lay out documents of rules in one way", describe_format, lay_out_documents),
    ("book", "make a small static site of the rules and the cases", describe_book, make_book),
)
"""The name of each command, what it does, and its two functions."""

_FOLDERS = {
    "--rules": "the rules are in this folder",
    "--transcripts": "the cases are in this folder (default: the one beside the rules)",
    "--templates": "look for templates in this folder first",
}


def _folder_arguments(parser: argparse.ArgumentParser, *flags: str) -> None:
    """Let a command take folders of its user's."""
    for flag in flags:
        parser.add_argument(flag, metavar="DIR", type=Path, help=_FOLDERS[flag])


def _text(path: Path) -> str:
    """Read a document, or say why it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CannotRun(f"{path}: this document cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CannotRun(f"{path}: this document is not valid UTF-8; save it as UTF-8") from None


def _write(path: Path, text: str, *, new: bool = False) -> None:
    """Write a document, or say why it cannot be written; what is ``new`` takes the place of nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x" if new else "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise CannotRun(f"{path}: there is such a file already; name another") from None
    except OSError as error:
        raise CannotRun(f"{path}: this cannot be written: {error.strerror}") from None
