"""Sessions of an author at work: documents whose commands are run in order and whose output is true."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from advisor import cli, house

ROOT = Path(__file__).resolve().parent.parent
SESSIONS = sorted((ROOT / "tests" / "sessions").glob("*.md"))
FENCE = re.compile(r"^(?P<mark>`{3,})(?P<info>.*)\n(?P<body>(?:.*\n)*?)(?P=mark)$", re.MULTILINE)


def done(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints, data first, and its exit code where it is not 0."""
    capsys.readouterr()
    code = cli.main(shlex.split(command)[1:])
    captured = capsys.readouterr()
    return f"$ {command}\n{captured.out}{captured.err}" + (f"[{code}]\n" if code else "")


def edited(info: str, body: str) -> None:
    """Carry out what a fence says: append to a file, or replace one passage of it by another."""
    what, name = info.split(" ")
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    old, mark, new = body.partition("=======\n")
    assert what == "append" or (what == "replace" and mark and text.count(old) == 1), info
    path.write_text(text + body if what == "append" else text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_goes_as_it_is_told(
    path: Path,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(house.rules_folder(), tmp_path / "rules")
    shutil.copytree(house.rules_folder(), tmp_path / "before")
    shutil.copytree(ROOT / "transcripts", tmp_path / "transcripts")
    monkeypatch.chdir(tmp_path)
    text = path.read_text(encoding="utf-8")
    made, end = "", 0
    for fence in FENCE.finditer(text):
        body = fence["body"]
        if fence["info"]:
            edited(fence["info"], body)
        else:
            body = done(body.partition("\n")[0].removeprefix("$ "), capsys)
        made += text[end : fence.start("body")] + body
        end = fence.end("body")
    made += text[end:]
    if request.config.getoption("--reset"):
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8"), "if this is right: pytest tests/test_sessions.py --reset"
