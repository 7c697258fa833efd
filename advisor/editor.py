"""The language server: what an editor shows of rules and transcripts while they are written.

It speaks the protocol of editors through pygls; what it says is worked out in ``workshop``.  Documents count as they
stand in the editor, saved or not.  Nothing is written: a correction or another id is handed to the editor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lsprotocol import types as lsp
from pygls import uris
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from advisor import __version__
from advisor.glossary import Entry
from advisor.terms import Diagnostic, Edit
from advisor.workshop import editing
from advisor.workshop.checking import Checked
from advisor.workshop.places import id_at, to_column, to_units
from advisor.workshop.unsaved import Home, check_unsaved, home_of

PAUSE = 0.3
"""Seconds without a further key before the rules are checked again."""

_KINDS = {
    "phrase": lsp.CompletionItemKind.Text,
    "name": lsp.CompletionItemKind.Variable,
    "id": lsp.CompletionItemKind.Reference,
    "code": lsp.CompletionItemKind.Constant,
}


@dataclass
class _Watch:
    """One folder of rules: the last check of it, what was shown of that, and how often it has changed."""

    home: Home
    checked: Checked | None = None
    entries: tuple[Entry, ...] = ()
    found: dict[str, list[Diagnostic]] = field(default_factory=dict)
    changes: int = 0
    checking: dict[bool, asyncio.Lock] = field(default_factory=lambda: {False: asyncio.Lock(), True: asyncio.Lock()})


class Editor(LanguageServer):
    """The server, with the folders of rules whose documents are open."""

    def __init__(self) -> None:
        super().__init__("advisor", __version__)
        self.watches: dict[Path, _Watch] = {}

    # ------------------------------------------------------------ documents

    def watch(self, uri: str) -> _Watch | None:
        """Find the rules that a document belongs to."""
        path = uris.to_fs_path(uri)
        home = home_of(Path(path)) if path else None
        return self.watches.setdefault(home.rules, _Watch(home)) if home else None

    def texts(self) -> dict[Path, str]:
        """Give every document that is open, as it stands, by its path."""
        known = ((uris.to_fs_path(uri), each.source) for uri, each in self.workspace.text_documents.items())
        return {Path(path).resolve(): text for path, text in known if path}

    def text(self, path: Path) -> str:
        """Give a document as it stands in the editor, or else on disk."""
        open_ = self.texts().get(path)
        if open_ is not None:
            return open_
        try:
            return path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return ""

    def uri_of(self, path: Path) -> str:
        """Name a document as the editor names it, if it is open there."""
        uri: str
        for uri in self.workspace.text_documents:
            known = uris.to_fs_path(uri)
            if known and Path(known).resolve() == path:
                return uri
        return uris.from_fs_path(str(path)) or ""

    # ------------------------------------------------------------ checking

    def theory_of(self, watch: _Watch) -> Checked:
        """Give the rules as last checked; check them now if they never were."""
        if watch.checked is None:
            watch.checked, watch.entries = check_unsaved(watch.home, self.texts(), full=False)
        return watch.checked

    async def check(self, uri: str, *, pause: float = 0.0, full: bool = False) -> None:
        """Check the rules that a document belongs to, unless it changes meanwhile, and show what is found."""
        watch = self.watch(uri)
        if watch is None:
            return
        watch.changes += 1
        change = watch.changes
        await asyncio.sleep(pause)
        for whole in (False, True) if full else (False,):
            async with watch.checking[whole]:
                if watch.changes != change:
                    return
                texts = self.texts()
                try:
                    checked, entries = await asyncio.to_thread(check_unsaved, watch.home, texts, full=whole)
                except OSError:
                    return  # a file is being written or was removed; its next change is checked again
                if watch.changes == change:
                    watch.checked, watch.entries = checked, entries
                    self.show(watch, [each.diagnostic for each in checked.open])

    def show(self, watch: _Watch, found: Iterable[Diagnostic]) -> None:
        """Publish what was found, document by document, and take back what is no longer found."""
        before = watch.found
        watch.found = {}
        for each in found:
            watch.found.setdefault(each.path, []).append(each)
        for path in sorted({*before, *watch.found}):
            lines = _lines(self.text(Path(path)))
            shown = [_shown(lines, each) for each in watch.found.get(path, ())]
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(uri=self.uri_of(Path(path)), diagnostics=shown)
            )

    # ------------------------------------------------------------ answers

    def place(self, uri: str, position: lsp.Position) -> tuple[str, int, int]:
        """Give the text of a document, and a place in it as we count."""
        text: str = self.workspace.get_text_document(uri).source
        return text, position.line + 1, _column(_lines(text), position)


def _lines(text: str) -> list[str]:
    return text.splitlines()


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _column(lines: Sequence[str], position: lsp.Position) -> int:
    return to_column(_line(lines, position.line + 1), position.character)


def _position(lines: Sequence[str], line: int, column: int) -> lsp.Position:
    return lsp.Position(max(0, line - 1), to_units(_line(lines, line), column))


def _range(lines: Sequence[str], edit: Edit) -> lsp.Range:
    return lsp.Range(_position(lines, edit.line, edit.column), _position(lines, edit.end_line, edit.end_column))


def _text_edit(lines: Sequence[str], edit: Edit) -> lsp.TextEdit:
    return lsp.TextEdit(_range(lines, edit), edit.text)


def _shown(lines: Sequence[str], found: Diagnostic) -> lsp.Diagnostic:
    """Show a complaint as the editor wants it; the hint belongs to what is said."""
    severe = found.severity == "error"
    return lsp.Diagnostic(
        range=_range(lines, Edit(found.line, found.column, found.line, found.column + found.width, "")),
        message=f"{found.message}\n{found.hint}" if found.hint else found.message,
        severity=lsp.DiagnosticSeverity.Error if severe else lsp.DiagnosticSeverity.Warning,
        code=found.code,
        source="advisor",
    )


def _actions(server: Editor, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Offer the corrections of what is wrong on the lines asked about, as long as they are still as they were."""
    uri = params.text_document.uri
    watch = server.watch(uri)
    path = uris.to_fs_path(uri)
    if watch is None or path is None:
        return []
    lines = _lines(server.workspace.get_text_document(uri).source)
    first, last = params.range.start.line + 1, params.range.end.line + 1
    return [
        lsp.CodeAction(
            title=f"{each.code}: write “{each.fix.text.strip()}”" if each.fix.text.strip() else f"{each.code}: remove",
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[_shown(lines, each)],
            edit=lsp.WorkspaceEdit(changes={uri: [_text_edit(lines, each.fix)]}),
            is_preferred=True,
        )
        for each in watch.found.get(str(Path(path).resolve()), ())
        if each.fix and first <= each.line <= last and _line(lines, each.line) == each.source
    ]


def _completions(server: Editor, params: lsp.CompletionParams) -> lsp.CompletionList:
    """Say how the words at a place may go on."""
    watch = server.watch(params.text_document.uri)
    if watch is None:
        return lsp.CompletionList(is_incomplete=False, items=[])
    text, line, column = server.place(params.text_document.uri, params.position)
    lines = _lines(text)
    found = editing.complete(server.theory_of(watch).theory, watch.entries, text, line, column)
    items = [
        lsp.CompletionItem(
            label=each.text,
            kind=_KINDS[each.kind],
            detail=each.detail,
            sort_text=f"{rank:04}",
            # The editor sifts by what is typed, which may be any words of a phrase.
            filter_text=_line(lines, line)[each.edit.column - 1 : column - 1] or each.text,
            text_edit=_text_edit(lines, each.edit),
        )
        for rank, each in enumerate(found)
    ]
    return lsp.CompletionList(is_incomplete=True, items=items)


def _hover(server: Editor, params: lsp.HoverParams) -> lsp.Hover | None:
    """Show the entries of what stands at a place."""
    watch = server.watch(params.text_document.uri)
    if watch is None:
        return None
    text, line, column = server.place(params.text_document.uri, params.position)
    told = editing.hover(server.theory_of(watch).theory, watch.entries, text, line, column)
    if told is None:
        return None
    where = _range(_lines(text), Edit(line, told.column, line, told.end, ""))
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, told.text), where)


def _definitions(server: Editor, params: lsp.DefinitionParams) -> list[lsp.Location]:
    """Give the headings and items under which what stands at a place is defined."""
    watch = server.watch(params.text_document.uri)
    if watch is None:
        return []
    text, line, column = server.place(params.text_document.uri, params.position)
    found = editing.definitions(server.theory_of(watch).theory, watch.entries, text, line, column)
    paths = [(watch.home.rules / entry.path, entry.line) for entry in found]
    return [
        lsp.Location(server.uri_of(path), lsp.Range(lsp.Position(number - 1, 0), lsp.Position(number - 1, 0)))
        for path, number in paths
    ]


def _prepared(server: Editor, params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
    """Say which id would be changed at a place: that of a proposition."""
    watch = server.watch(params.text_document.uri)
    if watch is None:
        return None
    text, line, column = server.place(params.text_document.uri, params.position)
    here = id_at(text, line, column)
    if here is None or here.id not in {each.id for each in server.theory_of(watch).theory.propositions}:
        return None
    return lsp.PrepareRenamePlaceholder(_range(_lines(text), Edit(line, here.column, line, here.end, "")), here.id)


def _renamed(server: Editor, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
    """Give a proposition another id in all rules, in the trace of the seed and in all transcripts."""
    watch = server.watch(params.text_document.uri)
    if watch is None:
        return None
    text, line, column = server.place(params.text_document.uri, params.position)
    here = id_at(text, line, column)
    documents = {str(path): server.text(path) for path in watch.home.documents()}
    try:
        theory = server.theory_of(watch).theory
        found = editing.rename(theory, documents, here.id if here else "", params.new_name)
    except editing.NotRenamed as refusal:
        raise JsonRpcInvalidParams(str(refusal)) from None
    return lsp.WorkspaceEdit(
        changes={
            server.uri_of(Path(path)): [_text_edit(_lines(documents[path]), each) for each in edits]
            for path, edits in found.items()
        }
    )


def server() -> Editor:
    """Make a server that answers all that it can be asked."""
    made = Editor()

    @made.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        await made.check(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        await made.check(params.text_document.uri, pause=PAUSE)

    @made.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        await made.check(params.text_document.uri, full=True)

    @made.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        await made.check(params.text_document.uri)

    @made.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]))
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return _actions(made, params)

    @made.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" ", "`"]))
    def completions(params: lsp.CompletionParams) -> lsp.CompletionList:
        return _completions(made, params)

    @made.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return _hover(made, params)

    @made.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definitions(params: lsp.DefinitionParams) -> list[lsp.Location]:
        return _definitions(made, params)

    @made.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        return _prepared(made, params)

    @made.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        return _renamed(made, params)

    return made


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer what an editor asks until it is done; both streams are closed then."""
    server().start_io(asked, answers)
