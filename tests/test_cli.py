"""The command: its formats, its exit codes, what it loads and where it prints."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor import cli, house
from advisor.cli import main
from advisor.terms import Theory

ROOT = Path(__file__).resolve().parent.parent
TEXT = (
    "Arvenia is weak. Borland is a great power. Borland borders on Arvenia and threatens Arvenia. "
    "Arvenia has no allies."
)
HEAVY = {"spacy", "experta", "jinja2", "prompt_toolkit"}


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Put bytes on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


# ---------------------------------------------------------------- what it loads


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["advise", "--help"], ["check", "--form"], ["new", "transcript"], []],
    ids=" ".join,
)
def test_what_needs_no_reading_loads_no_library(arguments: list[str]) -> None:
    code = (
        "import sys; from advisor.cli import main; code = main(sys.argv[1:]);"
        f"print(code, sorted(set(sys.modules) & set({sorted(HEAVY)})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1:] == ["0 []"]
    assert done.stdout


@pytest.mark.parametrize("arguments", [["show", "buck-pass"], ["check"]], ids=" ".join)
def test_the_workshop_does_not_load_the_language_model(arguments: list[str]) -> None:
    code = f"import sys; from advisor.cli import main; print(main({arguments!r}), 'spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 False"


def test_importing_the_package_loads_no_library() -> None:
    code = f"import sys, advisor; print(sorted(set(sys.modules) & set({sorted(HEAVY)})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "advisor", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("advisor ")


# ---------------------------------------------------------------- advise


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_advise_answers_in_prose(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advise", "--text", TEXT, "--format", form]) == 0
    out, err = capsys.readouterr()
    assert not err
    assert "Arvenia" in out
    assert "no allies" in out
    assert "\x1b" not in out


def test_json_keeps_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advise", "--text", TEXT, "--format", "json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    assert next(iter(record)) == "schema"
    assert record["schema"] == "advisor.advice/1"
    assert record.keys() >= {
        *(
            "states",
            "observations",
            "unread",
            "verdicts",
            "outcomes",
            "assumptions",
            "cautions",
            "conflicts",
            "question",
        ),
        *("theory", "reader"),
    }
    assert "input" not in record
    spans = [span for observation in record["observations"] for span in observation["evidence"]] + record["unread"]
    assert spans
    assert all(TEXT[span["start"] : span["end"]] == span["quote"] for span in spans)
    assert {state["name"] for state in record["states"]} == {"Arvenia", "Borland"}
    verdict = next(v for v in record["verdicts"] if v["about"] == "response" and v["state"] == "Arvenia")
    assert verdict.keys() >= {
        *("state", "toward", "about", "decision", "label", "family", "strategy", "share", "robust", "ruled_out"),
        *("ranking", "schools"),
    }


def test_several_inputs_are_named_lines_of_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    give(monkeypatch, b"Russia threatens Poland.")
    monkeypatch.chdir(tmp_path)
    assert main(["advise", "one.txt", "-", "--format", "json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["input"] for record in records] == ["one.txt", "-"]
    assert [list(record)[:2] for record in records] == [["schema", "input"]] * 2


def test_several_answers_are_headed_by_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert main(["advise", "--brief", str(tmp_path / "one"), str(tmp_path / "two")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(str(tmp_path))] == [str(tmp_path / "one"), str(tmp_path / "two")]
    assert main(["advise", "--format", "html", str(tmp_path / "one"), str(tmp_path / "two")]) == 2


def test_the_answer_is_for_the_bytes_however_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "case").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    answers = []
    for arguments in (["--text", TEXT], ["-"], [str(tmp_path / "case")]):
        give(monkeypatch, TEXT.encode())
        assert main(["advise", *arguments, "--format", "json"]) == 0
        answers.append(capsys.readouterr().out)
    assert len(set(answers)) == 1


def record(capsys: pytest.CaptureFixture[str], *options: str, text: str = TEXT) -> dict[str, Any]:
    """Give the one record that the options yield."""
    assert main(["advise", "--text", text, "--format", "json", *options]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def schools(answer: dict[str, Any]) -> set[str]:
    """Every school that speaks in an answer."""
    return {school["school"] for verdict in answer["verdicts"] for school in verdict["schools"]}


def test_one_school_is_heard_alone(capsys: pytest.CaptureFixture[str]) -> None:
    every = schools(record(capsys))
    assert len(every) > 1
    assert schools(record(capsys, "--school", "Balance-of-Threat")) == {"balance-of-threat"}


def test_a_weight_moves_the_share(capsys: pytest.CaptureFixture[str]) -> None:
    def share(*options: str) -> float:
        return next(v["share"] for v in record(capsys, *options)["verdicts"] if v["about"] == "response")

    assert share() != share("--weight", "balance-of-threat=9")


def test_the_state_and_the_threat_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    answer = record(capsys, "--state", "borland", "--toward", "ARVENIA")
    assert {(v["state"], v["toward"]) for v in answer["verdicts"]} == {("Borland", "Arvenia")}


def test_seed_only_names_another_theory(capsys: pytest.CaptureFixture[str]) -> None:
    whole, seed = record(capsys), record(capsys, "--seed-only")
    assert whole["theory"] and seed["theory"]
    assert schools(seed) <= schools(whole)


def test_templates_of_the_user_come_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "explanation.txt").write_text("nothing but this\n", encoding="utf-8")
    assert main(["advise", "--text", TEXT, "--templates", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "nothing but this\n"


# ---------------------------------------------------------------- read, check, show


MIXED = (
    "Arvenia is weak. Borland may attack Arvenia, and it has no allies.\n\nThe weather in Borland was unusually mild. "
    "The government of Russia believes that Borland threatens Iran. Arvenia is a great power. "
    "In 1914 Germany attacked France.\n"
)


def read_record(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Give a reading as data."""
    assert main(["read", "--format", "json", *arguments]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_read_shows_each_sentence_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--text", MIXED]) == 0
    out, err = capsys.readouterr()
    assert not err
    lines = out.splitlines()
    first = lines.index("Arvenia is weak.")
    assert lines[first + 1].endswith("%  Arvenia is weak (contradicted below): “Arvenia is weak”")
    assert "⟦The weather in Borland was unusually mild⟧." in out
    assert "(possible): “Borland may attack Arvenia”" in out
    assert "(as Russia sees it): “Borland threatens Iran”" in out
    assert "Contradiction." in out
    assert out.count("“Arvenia is a great power”") == 2
    assert "\x1b" not in out
    assert max(map(len, lines)) <= 88


def test_a_reading_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    reading = read_record(capsys, "--text", MIXED)
    assert list(reading)[:4] == ["schema", "states", "observations", "unread"]
    assert reading["schema"] == "advisor.reading/1"
    assert any("weather" in span["quote"] for span in reading["unread"])
    assert reading["reader"]["model"] and reading["theory"]["digest"] and reading["conflicts"]
    for observation in reading["observations"]:
        assert list(observation) == [
            *("variable", "args", "value", "holds", "stance", "holder", "past", "year", "confidence", "phrase"),
            "evidence",
        ]
        assert 0 < observation["confidence"] <= 1
        for span in observation["evidence"]:
            assert MIXED[span["start"] : span["end"]] == span["quote"]
            path, _, line = span["rule"].partition(":")
            assert "*the state*" in (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert {o["year"] for o in reading["observations"]} == {None, 1914}
    assert {o["stance"] for o in reading["observations"]} == {"asserted", "possible", "reported"}


def test_read_names_the_phrases_that_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "markdown", "html"):
        assert main(["read", "--phrases", "--format", form, "--text", "Arvenia is a small state."]) == 0
        out = capsys.readouterr().out
        (line,) = re.findall(r"rules/vocabulary\.md:(\d+)", out)
        assert "the state is a small state" in out
        wording = (house.rules_folder() / "vocabulary.md").read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert "*the state* is a small state" in wording


def test_every_phrase_of_the_vocabulary_has_its_place(theory: Theory) -> None:
    from advisor.explanation import wordings

    known = wordings(house.rules_folder(), shown="rules")
    wanted = {
        (v.id, phrase.text) for v in theory.vocabulary.variables for value in v.values for phrase in value.phrases
    }
    assert not wanted - known.keys()


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_nothing_of_the_text_is_lost(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"# A heading\n\n{MIXED}\n* one item\n* Borland threatens Arvenia\n\n-----\n\nΑθήνα και Σπάρτη.\n\nThe end"
    assert main(["read", "--format", form, "--text", text]) == 0
    out = re.sub(r"<style>.*?</style>|<[^>]*>|[\\⟦⟧*]", " ", capsys.readouterr().out, flags=re.DOTALL)
    shown = iter(re.findall(r"\w+", out))
    assert all(word in shown for word in re.findall(r"\w+", text))  # every word, in the order of the text


def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["read", "--text", MIXED]) == 0
    painted = capsys.readouterr().out
    assert "\x1b[4mArvenia is weak\x1b[0m" in painted  # what is read is underlined
    assert "⟦The weather" in painted  # and what is not stands in brackets as well
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
        assert main(["read", "--text", MIXED]) == 0
        plain = capsys.readouterr().out
        assert plain.split() == re.sub("\x1b[^m]*m", "", painted).split()
        monkeypatch.delenv(name)
        monkeypatch.setenv("TERM", "xterm")


def test_a_page_stands_on_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--format", "html", "--text", MIXED + "<script>alert(1)</script> & <b>bold</b>"]) == 0
    page = capsys.readouterr().out
    assert not re.findall(r"<script|https?:|src=|@import|url\(", page)
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    sentences = re.findall(r'class="s[^"]*" id="(s\d+)" tabindex="0" aria-describedby="(c\d+)"', page)
    assert len(sentences) == 5
    assert all(f'id="{card}"' in page for _, card in sentences)


def test_the_unread_clauses_of_many_texts_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one").write_text("Arvenia is weak.\nThe weather in Russia was mild.\n", encoding="utf-8")
    (tmp_path / "two").write_text("The weather in France was mild. Germany dined well.\n", encoding="utf-8")
    files = [str(tmp_path / "one"), str(tmp_path / "two")]
    assert main(["read", "--unread", *files]) == 0
    out = capsys.readouterr().out
    assert out.index("2  the weather in … was mild") < out.index("1  … dined well")
    assert f"{files[0]}:2: “The weather in Russia was mild”" in " ".join(out.split())
    assert "Arvenia is weak" not in out
    assert "3 clauses of 2 texts with 18 words" in out
    assert main(["read", "--unread", "--format", "json", *files]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["schema"], listed["texts"], listed["words"]) == ("advisor.unread/1", 2, 18)
    assert [(each["clause"], each["count"]) for each in listed["clauses"]] == [
        ("the weather in … was mild", 2),
        ("… dined well", 1),
    ]
    assert [place["line"] for place in listed["clauses"][0]["places"]] == [2, 1]
    assert main(["read", "--unread", "--format", "markdown", *files]) == 0
    assert "- 2 × the weather in … was mild" in capsys.readouterr().out
    assert main(["read", "--unread", "--format", "html", *files]) == 2


def test_check_finds_nothing_in_the_rules_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "nothing to complain of" in capsys.readouterr().out
    assert main(["check", "--format", "json", str(house.rules_folder())]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["schema"] == "advisor.check/1"
    assert report["findings"] == []
    assert report["theory"]["propositions"] > 60


@pytest.mark.parametrize("entry", ["buck-pass", "strength", "hegemony", "polarity-debate"])
def test_show_prints_an_entry_as_its_author_wrote_it(entry: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", entry]) == 0
    place, _, text = capsys.readouterr().out.partition("\n\n")
    path, _, line = place.partition(":")
    lines = (house.rules_folder() / path).read_text(encoding="utf-8").splitlines()
    assert entry in lines[int(line) - 1]
    assert text.splitlines()[0] == lines[int(line) - 1]


def test_show_finds_every_proposition_and_school(capsys: pytest.CaptureFixture[str]) -> None:
    from advisor.glossary import entries
    from advisor.theory import load_theory

    theory, _ = load_theory(house.rules_folder())
    known = {entry.id for entry in entries(house.rules_folder())}
    assert {each.id for each in theory.propositions} <= known
    assert {each.id for each in theory.schools} <= known


# ---------------------------------------------------------------- ends


def test_bare_advisor_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "advisor advise situation.txt" in capsys.readouterr().out


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "collect", interrupt)
    assert main(["advise", "--text", TEXT]) == 130
    assert capsys.readouterr().err == "advisor: interrupted\n"


def test_the_unexpected_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the roof\nis down")

    monkeypatch.setattr(cli, "collect", fail)
    monkeypatch.delenv("ADVISOR_DEBUG", raising=False)
    assert main(["advise", "--text", TEXT]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.count("\n") == 1
    assert "RuntimeError" in err and "the roof" in err and "report" in err
    monkeypatch.setenv("ADVISOR_DEBUG", "1")
    assert main(["advise", "--text", TEXT]) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["show", "strength"], ["--help"]], ids=lambda arguments: arguments[0])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "advisor", *arguments], cwd=ROOT, stdout=write_end, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (0, "")


def test_check_reports_the_lists_of_the_reader_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = Path(shutil.copytree(house.rules_folder(), tmp_path / "rules"))
    for name in ("stance.csv", "words.csv"):
        with (rules / name).open("a", encoding="utf-8") as file:
            file.write("nonsense\n")
    (rules / "names" / "own.csv").write_text("name\n", encoding="utf-8")
    assert main(["check", str(rules), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["code"] for each in found] == ["N02", "S02", "W02"]
