"""The command: its formats, its exit codes, what it loads and where it prints."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor import cli, house
from advisor.cli import main

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
    [["--help"], ["--version"], ["advise", "--help"], ["check", "--form"], ["show", "buck-pass"], []],
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


def test_the_analysis_of_the_rules_loads_no_model() -> None:
    code = "import sys; from advisor.cli import main; code = main(['check']); print(code, 'spacy' in sys.modules)"
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


def test_read_shows_what_was_read_and_what_was_not(capsys: pytest.CaptureFixture[str]) -> None:
    text = TEXT + " The weather in Borland was unusually mild."
    assert main(["read", "--text", text]) == 0
    out = capsys.readouterr().out
    assert "Arvenia is weak" in out
    assert "The weather in Borland was unusually mild" in out.partition(text)[2]
    assert main(["read", "--text", text, "--format", "json"]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert next(iter(reading)) == "schema"
    assert reading["schema"] == "advisor.reading/1"
    assert any("weather" in span["quote"] for span in reading["unread"])
    assert reading["reader"]["model"]


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
