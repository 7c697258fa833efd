"""What is too large to reason about is refused with a sentence, before it eats the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import too_large

from advisor import cli
from advisor.inference import bounds

HERE = Path(__file__).resolve().parent
COMPLAINTS = {
    "everybody_allied": f"it needs more than {bounds.MAX_FACTS:,} facts",
    "five_open_roles": f"it needs more than {bounds.MAX_APPLICATIONS:,} applications",
    "five_roles_to_join": "it needs more than ",
    "too_many_facts": f"it needs more than {bounds.MAX_FACTS:,} facts",
    "too_many_states": f"it needs more than {bounds.MAX_STATES:,} states",
    "too_many_rules": "it has 20,000 propositions",
    "many_exceptions": f"it needs more than {bounds.MAX_LOOKUPS:,} look-ups",
}
PEAK = 600
"""Megabytes that a process may have taken by the time it complains; it must do with 1,500 of address space."""


def test_every_case_is_tried() -> None:
    assert {case.__name__ for case in too_large.CASES} == set(COMPLAINTS)


@pytest.mark.parametrize("name", COMPLAINTS)
def test_what_is_too_large_is_refused_in_little_memory(name: str) -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "too_large.py"), name],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    complaint, peak = done.stdout.strip().splitlines()
    assert COMPLAINTS[name] in complaint
    assert "; " in complaint, "it is not said what to do"
    assert int(peak) < PEAK


@pytest.mark.parametrize("bound", ["MAX_STATES", "MAX_FACTS", "MAX_APPLICATIONS"])
def test_the_command_says_so_in_one_line(
    bound: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, bound, 3)
    path = tmp_path / "crowd.md"
    sentences = [f"- {name} is weak.\n" for name in ("France", "Spain", "Italy", "Russia")]
    path.write_text("# A crowd\n\n## Facts\n\n" + "".join(sentences), encoding="utf-8")
    assert cli.main(["why-not", "weak-states-bandwagon", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (complaint,) = captured.err.splitlines()
    assert "too large to reason about: it needs more than 3 " in complaint
