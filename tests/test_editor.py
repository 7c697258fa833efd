"""What an editor is told while rules are written: by functions on texts, and over the protocol."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor import cli
from advisor.diagnostics import corrected
from advisor.glossary import Entry, entries
from advisor.terms import Edit, Theory
from advisor.theory import load_theory
from advisor.workshop.editing import MOST, Completion, NotRenamed, complete, definitions, hover, rename
from advisor.workshop.places import clause_at, id_at, to_column, to_units
from advisor.workshop.unsaved import check_unsaved, home_of

ROOT = Path(__file__).resolve().parent.parent
SCHOOL = "schools/balance-of-threat.md"

DRAFT = """\
# A school {#a-school}

### The near are watched {#the-near-are-watched}

Nearness worries.

Source: invented. Defeats: `bystanders-hide`.
Disputes: `divided-states-underbalance`,
`threatened-states-prefer-buck-passing`.

```rule
the state is more likely to ally with others against the threat
  if the threat is stronger than the state
    or the threat is within reach of the state
  and
```

> **Fires.** Borland 𝔅 borders on Arvenia.
> *Facts: Borland shares a border with Arvenia; Borland is stronger
> than Arvenia; Bor*
"""


@pytest.fixture(scope="module")
def theory() -> Theory:
    return load_theory(ROOT / "rules")[0]


@pytest.fixture(scope="module")
def known() -> tuple[Entry, ...]:
    return entries(ROOT / "rules")


def place(text: str, mark: str) -> tuple[int, int]:
    """Give the line and column right behind the first place where some words stand."""
    end = text.index(mark) + len(mark)
    return text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end)


def offered(theory: Theory, known: tuple[Entry, ...], text: str, mark: str) -> tuple[Completion, ...]:
    return complete(theory, known, text, *place(text, mark))


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(("column", "units"), [(1, 0), (2, 1), (3, 3), (4, 4)])
def test_places_are_counted_in_utf_16(column: int, units: int) -> None:
    assert to_units("a𝔅c", column) == units
    assert to_column("a𝔅c", units) == column


def test_a_place_inside_a_character_or_behind_the_line_is_the_next_there_is() -> None:
    assert to_column("a𝔅c", 2) == 3
    assert to_column("a𝔅c", 99) == 4
    assert to_column("", 5) == 1


def test_clauses_are_found_where_they_stand() -> None:
    conclusion = clause_at(DRAFT, *place(DRAFT, "the state is more"))
    assert conclusion is not None
    assert conclusion.concludes
    condition = clause_at(DRAFT, *place(DRAFT, "if the threat"))
    assert condition is not None
    assert (condition.text, condition.column) == ("the threat is stronger than the state", 6)
    for mark in ("Borland is str", "> than"):
        fact = clause_at(DRAFT, *place(DRAFT, mark))
        assert fact is not None
        assert fact.text == "Borland is stronger than Arvenia"
    assert clause_at(DRAFT, *place(DRAFT, "Nearness")) is None
    assert clause_at(DRAFT, *place(DRAFT, "𝔅 borders")) is None
    assert clause_at(DRAFT, 999, 1) is None


def test_ids_are_found_where_they_are_meant() -> None:
    for mark, expected in (
        ("{#the-near", "the-near-are-watched"),
        ("bystanders", "bystanders-hide"),
        ("`threatened-states", "threatened-states-prefer-buck-passing"),
    ):
        here = id_at(DRAFT, *place(DRAFT, mark))
        assert here is not None
        assert here.id == expected
    assert id_at(DRAFT, *place(DRAFT, "Nearness")) is None


# ---------------------------------------------------------------- how to go on


def test_a_condition_goes_on_with_phrases_of_the_vocabulary(theory: Theory, known: tuple[Entry, ...]) -> None:
    first = offered(theory, known, DRAFT, "if the threat is str")[0]
    assert first.text == "the threat is stronger than the state"
    line, column = place(DRAFT, "if the threat is str")
    assert first.edit == Edit(line, 6, line, column, first.text)


def test_words_in_any_order_find_a_phrase(theory: Theory, known: tuple[Entry, ...]) -> None:
    text = DRAFT.replace("  and\n", "  and border shares\n")
    found = offered(theory, known, text, "and border shares")
    assert "the threat shares a border with the state" in [each.text for each in found]
    assert len(found) <= MOST


def test_nothing_yet_goes_on_with_roles(theory: Theory, known: tuple[Entry, ...]) -> None:
    text = DRAFT.replace("  and\n", "  and \n")
    found = offered(theory, known, text, "\n  and ")
    assert [each.text for each in found] == [role.phrase for role in theory.vocabulary.roles]
    assert corrected(text, found[0].edit) == text.replace("  and \n", "  and the state\n")


def test_an_alternative_goes_on_by_itself(theory: Theory, known: tuple[Entry, ...]) -> None:
    line = "  and either the threat is weak or the ally is wea"
    text = DRAFT.replace("  and\n", f"{line}\n")
    first = offered(theory, known, text, line)[0]
    assert corrected(text, first.edit) == text.replace("ally is wea\n", "ally is weak\n")


def test_a_conclusion_goes_on_with_strategies(theory: Theory, known: tuple[Entry, ...]) -> None:
    found = [each.text for each in offered(theory, known, DRAFT, "the state is more likely to ally")]
    assert "the state is more likely to ally with others against the threat" in found
    assert not any("likely to" in each.text for each in offered(theory, known, DRAFT, "if the threat is"))


def test_a_fact_of_a_transcript_goes_on(theory: Theory, known: tuple[Entry, ...]) -> None:
    text = (ROOT / "transcripts/arvenia-alone.md").read_text(encoding="utf-8")
    text = text.replace("- There is peace.", "- Possibly: Borland thr")
    found = [each.text for each in offered(theory, known, text, "Possibly: Borland thr")]
    assert "Borland threatens Arvenia" in found
    told = hover(theory, known, text, *place(text, "- Borland shares"))
    assert told is not None
    assert "{#distance}" in told.text


def test_a_fact_goes_on_with_states(theory: Theory, known: tuple[Entry, ...]) -> None:
    (name,) = [each for each in offered(theory, known, DRAFT, "; Bor") if each.kind == "name"]
    assert name.text == "Borland"
    wrapped = next(each for each in offered(theory, known, DRAFT, "> than Arv") if each.kind == "phrase")
    assert corrected(DRAFT, wrapped.edit).count("Borland is stronger\n> than Arvenia") == 1


def test_a_list_of_propositions_goes_on_with_ids(theory: Theory, known: tuple[Entry, ...]) -> None:
    for mark in ("Defeats: `bystanders-h", "`threatened-states-p"):
        assert [each.kind for each in offered(theory, known, DRAFT, mark)] == ["id"]
    text = DRAFT.replace("Defeats: `bystanders-hide`", "Defeats: bystan")
    (id_,) = offered(theory, known, text, "Defeats: bystan")
    assert corrected(text, id_.edit) == DRAFT
    codes = offered(theory, known, text.replace("Defeats: bystan", "Accepted: A0"), "Accepted: A0")
    assert codes[0].text == "A01"


def test_prose_is_left_alone(theory: Theory, known: tuple[Entry, ...]) -> None:
    assert not offered(theory, known, DRAFT, "Nearness")
    assert not complete(theory, known, "", 1, 1)


# ---------------------------------------------------------------- what stands there


def test_a_phrase_is_explained_by_its_entry(theory: Theory, known: tuple[Entry, ...]) -> None:
    told = hover(theory, known, DRAFT, *place(DRAFT, "or the threat is within"))
    assert told is not None
    assert "{#distance}" in told.text
    assert "read:" not in told.text
    claim = hover(theory, known, DRAFT, *place(DRAFT, "the state is more likely"))
    assert claim is not None
    assert "ally with others against" in claim.text
    assert hover(theory, known, DRAFT, *place(DRAFT, "Nearness")) is None


def test_the_definition_of_an_id_or_a_phrase(theory: Theory, known: tuple[Entry, ...]) -> None:
    (fact,) = definitions(theory, known, DRAFT, *place(DRAFT, "Borland shares"))
    assert (fact.id, fact.path) == ("distance", "vocabulary.md")
    (other,) = definitions(theory, known, DRAFT, *place(DRAFT, "`bystanders"))
    assert other.text.startswith("### ")


def test_every_place_of_every_document_has_an_answer(theory: Theory, known: tuple[Entry, ...]) -> None:
    for path in (ROOT / "rules" / SCHOOL, ROOT / "transcripts/arvenia-alone.md", ROOT / "rules/strategies.md"):
        text = path.read_text(encoding="utf-8")
        for number, line in list(enumerate(text.splitlines(), 1))[::9]:
            for column in {1, len(line) // 2 + 1, len(line) + 1}:
                told = hover(theory, known, text, number, column)
                assert told is None or 0 < told.column <= column <= told.end <= len(line) + 1
                # What is cut off at this place is what an author has just written.
                begun = "\n".join([*text.splitlines()[: number - 1], line[: column - 1]])
                for each in complete(theory, known, begun, number, column)[:3]:
                    assert 0 < each.edit.column <= column


# ---------------------------------------------------------------- another id


def test_another_id_is_given_everywhere_and_nothing_else_changes(theory: Theory, tmp_path: Path) -> None:
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    old, new = "no-rescuer-so-block-the-hegemon", "nobody-comes-so-block-the-hegemon"
    texts = {str(path): path.read_text(encoding="utf-8") for path in rules.rglob("*.md")}
    changes = rename(theory, texts, old, new)
    assert str(rules / "seed.md") in changes
    for path, edits in changes.items():
        text = texts[path]
        for edit in reversed(edits):
            text = corrected(text, edit)
        assert text == texts[path].replace(old, new)
        Path(path).write_text(text, encoding="utf-8")
    assert not any(old in path.read_text(encoding="utf-8") for path in rules.rglob("*.md"))
    again, diagnostics = load_theory(rules)
    assert not diagnostics
    assert {each.id for each in again.propositions} - {each.id for each in theory.propositions} == {new}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("distance", "nearness", "is no proposition"),
        ("bystanders-hide", "Those who hide", "is no id"),
        ("bystanders-hide", "states-balance-against-threat", "already"),
    ],
)
def test_an_id_that_cannot_be_given_is_refused(theory: Theory, old: str, new: str, message: str) -> None:
    texts = {str(path): path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.md")}
    with pytest.raises(NotRenamed, match=message):
        rename(theory, texts, old, new)


# ---------------------------------------------------------------- what is not saved


def test_the_rules_of_a_document_are_found() -> None:
    for path in (f"rules/{SCHOOL}", "rules/vocabulary.md", "transcripts/arvenia-alone.md"):
        home = home_of(ROOT / path)
        assert home is not None
        assert home.rules == ROOT / "rules"
    assert home_of(ROOT / "README.md") is None


def test_what_is_not_saved_is_checked_and_nothing_is_written() -> None:
    home = home_of(ROOT / "rules" / SCHOOL)
    assert home is not None
    path = home.rules / SCHOOL
    before = path.read_text(encoding="utf-8")
    wrong = before.replace("the threat is within reach of", "the threat is within reech of", 1)
    checked, found = check_unsaved(home, {path: wrong}, full=False)
    codes = {(each.diagnostic.code, each.diagnostic.path) for each in checked.open}
    assert ("T19", str(path)) in codes
    assert all(Path(path).exists() for _, path in codes)
    assert path.read_text(encoding="utf-8") == before
    assert len(found) > 100


# ---------------------------------------------------------------- over the protocol


class Client:
    """A small editor: it sends messages to the server and keeps what comes back."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "advisor", "lsp"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.came: queue.Queue[dict[str, Any]] = queue.Queue()
        self.told: list[dict[str, Any]] = []
        self.sent = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
        self.tell("initialized")

    def _listen(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else 0
            while header.strip():
                header = self.process.stdout.readline()
                if header.lower().startswith(b"content-length"):
                    length = int(header.split(b":")[1])
            self.came.put(json.loads(self.process.stdout.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """Ask, and give the whole answer; what else comes meanwhile is kept."""
        self.sent += 1
        self._send({"id": self.sent, "method": method, "params": params})
        while (answer := self.came.get(timeout=60)).get("id") != self.sent or "method" in answer:
            self.told.append(answer)
        return answer.get("result", answer.get("error"))

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """Wait for the next diagnostics of a document."""
        while True:
            for place, message in enumerate(self.told):
                if message.get("method", "").endswith("publishDiagnostics") and message["params"]["uri"] == uri:
                    del self.told[: place + 1]
                    return list(message["params"]["diagnostics"])
            self.told.append(self.came.get(timeout=120))

    def close(self) -> None:
        self.ask("shutdown")
        self.tell("exit")
        assert self.process.wait(timeout=30) == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theory").resolve()
    for name in ("rules", "transcripts"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    pytest.importorskip("pygls", reason="the extra “editor” is not installed")
    client = Client(folder)
    yield client
    client.close()


WRONG = "the threat is within reech of the state"
RIGHT = "the threat is within reach of the state"


@pytest.fixture(scope="module")
def opened(client: Client, folder: Path) -> tuple[str, str]:
    """Open a school whose text is not that on disk: a misspelt phrase, behind characters of two units."""
    path = folder / "rules" / SCHOOL
    text = path.read_text(encoding="utf-8").replace(RIGHT, WRONG, 1).replace("Walt (", "Walt 𝔅𝔅 (")
    uri = path.as_uri()
    document = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
    client.tell("textDocument/didOpen", textDocument=document)
    return uri, text


def at(uri: str, text: str, mark: str) -> dict[str, Any]:
    line, column = place(text, mark)
    return {"textDocument": {"uri": uri}, "position": {"line": line - 1, "character": column - 1}}


def test_a_mistake_is_shown_and_corrected(client: Client, opened: tuple[str, str]) -> None:
    uri, text = opened
    (found,) = [each for each in client.diagnostics(uri) if each["code"] == "T19"]
    line, column = place(text, WRONG)
    assert found["range"]["end"] == {"line": line - 1, "character": column - 1}
    assert found["severity"] == 1
    assert RIGHT in found["message"]
    context = {"diagnostics": [found]}
    asked = client.ask("textDocument/codeAction", textDocument={"uri": uri}, range=found["range"], context=context)
    (action,) = [each for each in asked if each["diagnostics"][0]["code"] == "T19"]
    assert action["kind"] == "quickfix"
    (change,) = action["edit"]["changes"][uri]
    assert change == {"range": found["range"], "newText": RIGHT}
    client.tell(
        "textDocument/didChange",
        textDocument={"uri": uri, "version": 2},
        contentChanges=[{"range": change["range"], "text": change["newText"]}],
    )
    assert client.diagnostics(uri) == []


def test_phrases_are_completed(client: Client, opened: tuple[str, str]) -> None:
    uri, text = opened
    found = client.ask("textDocument/completion", **at(uri, text, "the threat is str"))
    assert found["items"][0]["label"] == "the threat is stronger than the state"
    asked = client.ask("textDocument/completion", **at(uri, text, "Disputes: `no-resc"))
    assert [each["label"] for each in asked["items"]] == ["no-rescuer-so-block-the-hegemon"]


def test_an_entry_is_shown(client: Client, opened: tuple[str, str]) -> None:
    uri, text = opened
    found = client.ask("textDocument/hover", **at(uri, text, "Facts: Borland shares"))
    assert "{#distance}" in found["contents"]["value"]
    assert client.ask("textDocument/hover", **at(uri, text, "Stephen")) is None


def test_a_definition_is_found(client: Client, opened: tuple[str, str], folder: Path) -> None:
    uri, text = opened
    (found,) = client.ask("textDocument/definition", **at(uri, text, "Disputes: `no-resc"))
    assert found["uri"] == (folder / "rules/schools/structural-realism.md").as_uri()
    lines = (folder / "rules/schools/structural-realism.md").read_text(encoding="utf-8").splitlines()
    assert "{#no-rescuer-so-block-the-hegemon}" in lines[found["range"]["start"]["line"]]


def test_an_id_is_changed_everywhere(client: Client, opened: tuple[str, str], folder: Path) -> None:
    uri, text = opened
    where = at(uri, text, "Disputes: `no-resc")
    assert client.ask("textDocument/prepareRename", **where)["placeholder"] == "no-rescuer-so-block-the-hegemon"
    changes = client.ask("textDocument/rename", **where, newName="nobody-comes")["changes"]
    assert {Path(each).name for each in changes} >= {"balance-of-threat.md", "structural-realism.md", "seed.md"}
    assert {each["newText"] for edits in changes.values() for each in edits} == {"nobody-comes"}
    refused = client.ask("textDocument/rename", **where, newName="No Body")
    assert "is no id" in refused["message"]


def test_saving_analyses_what_rules_say_together(client: Client, opened: tuple[str, str]) -> None:
    uri, text = opened
    line, _ = place(text, f"if {WRONG}")
    end = {"line": line, "character": 0}
    added = [{"range": {"start": end, "end": end}, "text": "  and the threat is far from the state\n"}]
    client.tell("textDocument/didChange", textDocument={"uri": uri, "version": 3}, contentChanges=added)
    client.tell("textDocument/didSave", textDocument={"uri": uri})
    found = [each for each in client.diagnostics(uri) if each["code"] == "A01"]
    assert found[0]["severity"] == 2


def test_a_document_of_no_rules_is_left_alone(client: Client, folder: Path) -> None:
    where = {"textDocument": {"uri": (folder / "README.md").as_uri()}, "position": {"line": 0, "character": 0}}
    client.tell(
        "textDocument/didOpen", textDocument={**where["textDocument"], "languageId": "x", "version": 1, "text": "a"}
    )
    assert client.ask("textDocument/hover", **where) is None
    assert client.ask("textDocument/completion", **where)["items"] == []


def test_without_the_extra_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.delitem(sys.modules, "advisor.editor", raising=False)
    assert cli.main(["lsp"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


# ---------------------------------------------------------------- before a commit


def test_the_hooks_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert set(hooks) == {"advisor-check", "advisor-format"}
    monkeypatch.chdir(folder)
    for id_, given in (("advisor-check", []), ("advisor-format", [f"rules/{SCHOOL}"])):
        hook = hooks[id_]
        program, *arguments = [*hook["entry"].split(), *hook.get("args", []), *given]
        assert program == "advisor"
        assert cli.main(arguments) == 0
