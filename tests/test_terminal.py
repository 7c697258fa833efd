"""Sessions in a real terminal: documents of keys and of the screens that they lead to, Ctrl-C, Ctrl-D, kill -9 and all.

The consultation runs on a pseudo-terminal, in a copy of this process, so that nothing has to be loaded anew; pyte
stands in for the window.  ``--reset`` writes the true screens into the documents.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import advisor
from advisor.consultation import Means, load
from advisor.reading.names import gazetteer, known_names, load_names
from advisor.repl import begin
from advisor.repl.loading import Ready

pyte = pytest.importorskip("pyte", reason="the window is emulated by pyte (pip install -e '.[dev]')")
pty = pytest.importorskip("pty", reason="a pseudo-terminal is needed, which this system does not have")

ROOT = Path(__file__).resolve().parent.parent
SESSIONS = sorted((ROOT / "tests" / "terminal").glob("*.md"))
FENCE = re.compile(r"^```(?P<info>keys|screen)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
KEYS = {
    "Enter": "\r",
    "Tab": "\t",
    "Up": "\x1b[A",
    "Esc": "\x1b",
    "C-c": "\x03",
    "C-d": "\x04",
    "C-u": "\x15",
    "A-Enter": "\x1b\r",
    "Paste": "\x1b[200~",
    "/Paste": "\x1b[201~",
    "Red": "\x1b[31m",
}
PATIENCE = 60.0
SLOW = "Slothland"
"""A name that takes the reader very long."""


@cache
def ready() -> Ready:
    theory = advisor.load_theory()
    names = known_names(gazetteer(load_names(ROOT / "rules")[0]))
    made = Means(theory, lambda text: advisor.read(text, theory) if SLOW not in text else time.sleep(PATIENCE))
    made.read("Arvenia is weak.")
    return made, names


class Window:
    """A terminal window with a program in it."""

    def __init__(self, folder: Path, columns: int, rows: int, environment: dict[str, str], file: str = "") -> None:
        made = ready()
        self.screen = pyte.Screen(columns, rows)
        self.screen.write_process_input = lambda data: os.write(self.terminal, data.encode())
        self.stream = pyte.ByteStream(self.screen)
        self.seen = b""
        self.plain = environment.get("TERM") == "dumb"
        self.ended: int | None = None
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            self._be(made, folder, environment, file)
        self.size(columns, rows)

    def _be(self, made: Ready, folder: Path, environment: dict[str, str], file: str) -> None:
        """Be the program; this never returns."""
        code = 99
        try:
            os.chdir(folder)
            os.environ.update({"TERM": "xterm-256color", "XDG_STATE_HOME": "state", "LC_ALL": "C.UTF-8", **environment})
            for name in {"NO_COLOR", "COLUMNS", "LINES"} - set(environment):
                os.environ.pop(name, None)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, mode) for n, mode in ((0, "r"), (1, "w"), (2, "w")))
            while not _has_size():
                time.sleep(0.01)
            code = begin(lambda: made, Path(file) if file else None)
            sys.stdout.flush()
        finally:
            os._exit(code)

    def size(self, columns: int, rows: int) -> None:
        """Make the window larger or smaller."""
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if (columns, rows) != (self.screen.columns, self.screen.lines):
            self.screen.resize(rows, columns)
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGWINCH)

    def look(self, seconds: float) -> bool:
        """Take in what the program writes within some time; whether there was anything."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            data = b""
        if not data and self.ended is None:
            self.ended = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        self.seen += data
        self.stream.feed(data)
        return bool(data)

    def shown(self) -> str:
        """What stands on the screen, the end of lines cut off, and what differs from run to run masked."""
        lines = "\n".join(line.rstrip() for line in self.screen.display).strip("\n")
        return re.sub(r"\d{4}-\d\d-\d\d-\d{6}-\d+", "DATE", lines)

    def waits(self) -> bool:
        """Whether the program waits for a line: there is a prompt, and the bar stands where it stays."""
        row = self.screen.display[self.screen.cursor.y].rstrip()
        drawn = self.plain or self.screen.display[-1].strip() != ""
        return row == ">" and self.screen.cursor.x == 2 and drawn

    def settled(self, before: str | None, *, line: bool) -> str:
        """Wait until the screen is another than it was and stays so; with ``line`` until a line is waited for."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.ended is None:
            if self.look(0.15 if line else 0.7):
                continue
            if self.shown() != before and (self.waits() or not line):
                return self.shown()
        assert self.ended is not None, f"nothing happened within {PATIENCE} s:\n{self.shown()}"
        return self.shown()

    def press(self, keys: str) -> str:
        """Type what a line of a document says, and give the screen it leads to."""
        before = self.shown()
        if size := re.fullmatch(r"<Size (\d+)x(\d+)>", keys):
            self.size(int(size[1]), int(size[2]))
            self.look(5)
            return self.settled(None, line=True)
        text = re.sub(r"<([\w/-]+)>", lambda key: KEYS[key[1]], keys)
        os.write(self.terminal, text.encode())
        return self.settled(before, line=text[-1] in "\r\x03\x04")

    def close(self) -> None:
        """End the program, whatever it does."""
        if self.ended is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            self.ended = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        os.close(self.terminal)


def _has_size() -> bool:
    return os.get_terminal_size(0).columns > 0


@contextlib.contextmanager
def window(
    folder: Path, columns: int = 80, rows: int = 30, environment: dict[str, str] | None = None, file: str = ""
) -> Iterator[Window]:
    made = Window(folder, columns, rows, environment or {}, file)
    try:
        made.settled(None, line=True)
        yield made
    finally:
        made.close()


# ---------------------------------------------------------------- the documents


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_looks_as_it_is_told(path: Path, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    size = re.search(r"(\d+) columns and (\d+) rows", text)
    assert size
    environment = dict(re.findall(r"`([A-Z_]+)=(\w+)`", text))
    made, end = "", 0
    with window(tmp_path, int(size[1]), int(size[2]), environment) as terminal:
        shown = terminal.shown()
        for fence in FENCE.finditer(text):
            body = fence["body"]
            if fence["info"] == "keys":
                for line in body.splitlines():
                    shown = terminal.press(line)
            else:
                body = shown + "\n"
            made += text[end : fence.start("body")] + body
            end = fence.end("body")
        raw = terminal.seen
    made += text[end:]
    if request.config.getoption("--reset"):
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8"), "if this is right: pytest tests/test_terminal.py --reset"
    if environment.get("TERM") == "dumb":
        assert b"\x1b" not in raw
    if "NO_COLOR" in environment:
        assert not re.search(rb"\x1b\[[\d;]*(3[0-7]|9[0-7]|38|4[0-7]|48)[\d;]*m", raw)


def test_there_are_ten_sessions() -> None:
    assert len(SESSIONS) >= 10


# ---------------------------------------------------------------- what no screen shows


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "balance-of-power-advisor" / "consultations").glob("*.md"))


def test_it_ends_with_0_and_says_where_all_is_kept(tmp_path: Path) -> None:
    with window(tmp_path) as terminal:
        terminal.press("Arvenia is weak.<Enter>")
        shown = terminal.press("<C-d>")
        assert terminal.ended == 0
        assert "Kept in" in shown
    (file,) = kept(tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "state" / "balance-of-power-advisor").stat().st_mode & 0o077 == 0
    assert load(ready()[0], file.read_text(encoding="utf-8"))[0].stand.told == ("Arvenia is weak.",)


def test_ctrl_c_stops_a_long_thought_and_loses_nothing(tmp_path: Path) -> None:
    with window(tmp_path) as terminal:
        terminal.press("Arvenia is weak.<Enter>")
        os.write(terminal.terminal, f"{SLOW} is weak.\r".encode())
        while f"> {SLOW}" not in terminal.shown() or terminal.waits():
            terminal.look(1)
        time.sleep(0.3)
        shown = terminal.press("<C-c>")
        assert "Interrupted; the line was not taken." in shown
        terminal.press("Borland threatens Arvenia.<Enter>")
    consultation, _ = load(ready()[0], kept(tmp_path)[0].read_text(encoding="utf-8"))
    assert consultation.stand.told == ("Arvenia is weak.", "Borland threatens Arvenia.")


@pytest.mark.parametrize("when", ["waiting", "typing", "thinking"])
def test_kill_9_loses_at_most_the_line_at_hand(when: str, tmp_path: Path) -> None:
    with window(tmp_path) as terminal:
        terminal.press("Arvenia is weak.<Enter>")
        terminal.press("Borland threatens Arvenia.<Enter>")
        if when != "waiting":
            os.write(terminal.terminal, b"Borland is a great power." + (b"\r" if when == "thinking" else b""))
            terminal.look(0.02)
        os.kill(terminal.process, signal.SIGKILL)
        terminal.settled(None, line=True)
        assert terminal.ended == -signal.SIGKILL
    files = [path for path in kept(tmp_path) if not path.name.startswith(".")]
    assert len(files) == 1
    consultation, differing = load(ready()[0], files[0].read_text(encoding="utf-8"))
    assert consultation.stand.told[:2] == ("Arvenia is weak.", "Borland threatens Arvenia.")
    assert not differing
    with window(tmp_path, file=str(files[0])) as terminal:
        assert "Taken up" in terminal.shown()
        terminal.press("Cadria is weak.<Enter>")
    again, _ = load(ready()[0], files[0].read_text(encoding="utf-8"))
    assert again.stand.told[-1] == "Cadria is weak."


def test_a_file_changed_by_hand_is_left_as_it_is(tmp_path: Path) -> None:
    with window(tmp_path) as terminal:
        terminal.press("Arvenia is weak. Borland threatens it.<Enter>")
        terminal.press("save mine<Enter>")
    file = tmp_path / "mine.md"
    changed = file.read_text(encoding="utf-8").replace("# A consultation", "# My own title, a consultation")
    file.write_text(changed, encoding="utf-8")
    with window(tmp_path, file="mine.md") as terminal:
        assert "is left as it is" in " ".join(terminal.shown().split())
        terminal.press("Cadria is weak.<Enter>")
    assert file.read_text(encoding="utf-8") == changed
    assert "Cadria is weak." in kept(tmp_path)[-1].read_text(encoding="utf-8")


def test_a_case_is_taken_up_and_its_file_left_as_it_is(tmp_path: Path) -> None:
    case = (ROOT / "transcripts" / "arvenia-alone.md").read_text(encoding="utf-8")
    (tmp_path / "case.md").write_text(case, encoding="utf-8")
    with window(tmp_path, file="case.md", rows=50) as terminal:
        assert "Taken up: the case case.md." in terminal.shown()
        assert "Arvenia facing Borland" in terminal.shown().splitlines()[-1]
        terminal.press("Cadria is weak.<Enter>")
    assert (tmp_path / "case.md").read_text(encoding="utf-8") == case
    assert len(kept(tmp_path)) == 1


def test_a_process_of_its_own_says_the_same_from_a_pipe(tmp_path: Path) -> None:
    said = "Arvenia is weak.\nBorland, a great power, threatens it.\n\nwhy\nsave case\nquit\nnever read\n"
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "advisor", "consult"],
        input=said,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "> Arvenia is weak.\n  Borland, a great power, threatens it.\n" in done.stdout
    assert "> why\nI ask" in done.stdout
    assert "never read" not in done.stdout
    assert "\x1b" not in done.stdout
    assert (tmp_path / "case.md").read_text(encoding="utf-8").count("> why") == 1
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "case.md").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from advisor import cli

    (tmp_path / "bad.md").write_bytes(b"\xff\xfe")
    for name in ("missing.md", "bad.md", "."):
        assert cli.main(["consult", str(tmp_path / name)]) == 2
        captured = capsys.readouterr()
        assert len(captured.err.splitlines()) == 1
        assert not captured.out
