"""The command ``advisor check``: its forms of output, its exit codes, and watching."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from advisor.cli import main
from advisor.diagnostics import CODES, corrected
from advisor.terms import Edit

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Rules of our own with a typo, and with a dispute that is stated one way."""
    folder = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    school = folder / "schools" / "constructivism.md"
    text = school.read_text(encoding="utf-8")
    rule = "if the threat and the state see themselves as one community"
    assert rule in text
    school.write_text(text.replace(rule, rule.replace("themselves", "themselfs"), 1), encoding="utf-8")
    return folder


@pytest.fixture
def one_way(rules: Path) -> Path:
    school = rules / "schools" / "constructivism.md"
    shutil.copy(ROOT / "rules" / "schools" / "constructivism.md", school)
    other = rules / "schools" / "structural-realism.md"
    told = other.read_text(encoding="utf-8")
    assert "`shared-identity-dampens-balancing`" in told
    other.write_text(told.replace(", `shared-identity-dampens-balancing`", "", 1), encoding="utf-8")
    return rules


def log(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["check", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_form_comes_first(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(rules)]) == 1
    captured = capsys.readouterr()
    assert "error T19: no phrase of the vocabulary says" in captured.out
    assert "did you mean" in captured.out
    assert "analysed as soon as these errors are mended" in captured.err


def test_a_correction_in_json_can_be_applied(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = log(capsys, "--format", "json", str(rules))
    assert code == 1 and told["schema"] == "advisor.check/1" and not told["analysed"]
    first = next(each for each in told["findings"] if each["code"] == "T19")
    fix = first["fix"]
    edit = Edit(fix["startLine"], fix["startColumn"], fix["endLine"], fix["endColumn"], fix["text"])
    path = Path(first["path"])
    path.write_text(corrected(path.read_text(encoding="utf-8"), edit), encoding="utf-8")
    assert main(["check", str(rules)]) == 0


def test_a_finding_in_json_has_its_witness(one_way: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = log(capsys, "--format", "json", str(one_way))
    assert code == 1 and told["analysed"] and told["accepted"] > 0
    (finding,) = told["findings"]
    assert finding["code"] == "A12"
    assert finding["witness"]["facts"] and all(each.endswith(".") for each in finding["witness"]["facts"])
    assert main(["check", "--form", str(one_way)]) == 0


def check_region(region: dict[str, Any]) -> None:
    assert set(region) <= {"startLine", "startColumn", "endLine", "endColumn"}
    assert all(isinstance(each, int) and each >= 1 for each in region.values())


def test_sarif_has_the_structure_of_the_standard(
    rules: Path, one_way: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No schema is at hand offline: what OASIS SARIF 2.1.0 requires of the parts we write is asked here."""
    school = rules / "schools" / "small-states.md"
    broken = school.read_text(encoding="utf-8").replace(
        "Disputes: `weak-states-bandwagon`", "Disputes: `weak-states`", 1
    )
    school.write_text(broken, encoding="utf-8")
    code, told = log(capsys, "--format", "sarif", str(one_way))
    assert code == 1
    assert told["version"] == "2.1.0" and told["$schema"].endswith("sarif-2.1.0.json")
    (run,) = told["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "advisor" and driver["version"]
    ids = [each["id"] for each in driver["rules"]]
    assert ids == sorted(set(ids)) and all(
        each["shortDescription"]["text"] == CODES[each["id"]] for each in driver["rules"]
    )
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert len(run["results"]) > 5
    for result in run["results"]:
        assert result["level"] in ("none", "note", "warning", "error")
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        for location in result["locations"]:
            place = location["physicalLocation"]
            assert place["artifactLocation"]["uri"].startswith("file:///")
            check_region(place["region"])
        for fix in result.get("fixes", ()):
            for change in fix["artifactChanges"]:
                assert change["artifactLocation"]["uri"] and change["replacements"]
                for replacement in change["replacements"]:
                    check_region(replacement["deletedRegion"])
                    assert isinstance(replacement["insertedContent"]["text"], str)
        for suppression in result.get("suppressions", ()):
            assert suppression["kind"] == "inSource" and suppression["justification"]
    assert any("fixes" in each for each in run["results"])
    assert any("suppressions" in each for each in run["results"])


def test_watching_checks_again_on_save_and_ends_cleanly(rules: Path) -> None:
    school = rules / "schools" / "constructivism.md"
    command = [sys.executable, "-u", "-m", "advisor", "check", "--form", "--watch", str(rules)]
    watching = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        # Whoever runs the tests in the background of a shell has Ctrl-C ignored, and children inherit it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert watching.stdout and watching.stderr
        told = ""
        while "watching" not in told:  # said once the first check is printed
            told = watching.stderr.readline()
            assert told or watching.poll() is None
        time.sleep(0.2)
        shutil.copy(ROOT / "rules" / "schools" / "constructivism.md", school)
        seen = []
        while not any("nothing to complain of" in line for line in seen):
            seen.append(watching.stdout.readline())
            assert seen[-1], seen
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=20)
    finally:
        watching.kill()
    assert any("T19" in line for line in seen)
    assert watching.returncode == 0
    assert "no longer watching" in said and "Traceback" not in said
