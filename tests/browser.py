"""A browser for tests: Chromium without a window, spoken to through a pipe in its own protocol.

No driver and no package is needed.  Where there is no Chromium, ``find`` gives None, and what needs one is skipped.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import struct
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SECONDS = 60


def find() -> str | None:
    """Give the way to Chromium, or to Chrome, if there is one; ``ADVISOR_BROWSER`` names another."""
    named = os.environ.get("ADVISOR_BROWSER")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One page of a browser."""

    def __init__(self, process: subprocess.Popen[bytes], to: int, of: int) -> None:
        self.process, self.to, self.of = process, to, of
        self.number, self.rest, self.session = 0, b"", ""
        page = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """Give an order and wait for its answer."""
        self.number += 1
        order = {"id": self.number, "method": method, "params": given}
        if self.session:
            order["sessionId"] = self.session
        os.write(self.to, json.dumps(order).encode() + b"\0")
        while True:
            said = self._next()
            if said.get("id") == self.number:
                assert "error" not in said, said
                return dict(said["result"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.of], [], [], _SECONDS)
            assert ready, "the browser does not answer"
            more = os.read(self.of, 1 << 16)
            assert more, "the browser has gone"
            self.rest += more
        first, _, self.rest = self.rest.partition(b"\0")
        return dict(json.loads(first))

    def open(self, path: Path) -> None:
        """Load a page and wait until it is there."""
        address = path.resolve().as_uri()
        self.ask("Page.navigate", url=address)
        until = time.monotonic() + _SECONDS
        while self.value("[location.href, document.readyState]") != [address, "complete"]:
            assert time.monotonic() < until, f"{path.name} does not load"
            time.sleep(0.02)

    def view(self, width: int, height: int, *, dark: bool = False, media: str = "screen") -> None:
        """Set the size of the window, and whether it is dark."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def value(self, expression: str) -> Any:
        """Give what an expression comes to in the page."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def click(self, selector: str, number: int = 0) -> None:
        """Click in the middle of the longest line of what a selector finds."""
        x, y = self.value(
            f"(() => {{ const e = document.querySelectorAll({json.dumps(selector)})[{number}];"
            "e.scrollIntoView({block: 'center', inline: 'center'});"
            "const r = [...e.getClientRects()].sort((a, b) => b.width - a.width)[0];"
            "return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str) -> None:
        """Press a key: Tab or Enter."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def picture(self, selector: str = "", *, whole: bool = False, scale: float = 1) -> Picture:
        """Take a picture of what is to be seen, of the whole page, or of what a selector finds."""
        more: dict[str, Any] = {"captureBeyondViewport": whole or bool(selector)}
        if selector:
            x, y, width, height = self.value(
                f"(() => {{ const r = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
                "return [r.x + scrollX, r.y + scrollY, r.width, r.height]; })()"
            )
            more["clip"] = {"x": x, "y": y, "width": width, "height": height, "scale": scale}
        elif whole:
            size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
            more["clip"] = {**size, "scale": scale}
        return Picture(base64.b64decode(self.ask("Page.captureScreenshot", **more)["data"]))

    def printed(self) -> bytes:
        """Print the page, as it wishes to be printed."""
        self.ask("Emulation.setEmulatedMedia", media="print")
        made = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(made["data"])


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser, and end it."""
    path = find()
    assert path is not None
    theirs, ours = os.pipe(), os.pipe()

    def hand_over() -> None:
        # The protocol wants its two pipes at these numbers; they may be in the way of one another at first.
        one, other = os.dup(theirs[0]), os.dup(ours[1])
        os.dup2(one, 3)
        os.dup2(other, 4)

    process = subprocess.Popen(
        [path, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=hand_over,
        pass_fds=(3, 4),
    )
    os.close(theirs[0])
    os.close(ours[1])
    try:
        yield Browser(process, theirs[1], ours[0])
    finally:
        process.terminate()
        process.wait(_SECONDS)
        os.close(theirs[1])
        os.close(ours[0])


@dataclass(frozen=True)
class Picture:
    """A screenshot, as PNG, and its pixels."""

    png: bytes

    @property
    def depth(self) -> int:
        """How many bytes a pixel takes."""
        return {2: 3, 6: 4}[self.png[25]]

    def rows(self) -> list[bytes]:
        """Give the pixels line by line, three or four bytes each."""
        place, data, width = 8, b"", 0
        while place < len(self.png):
            (length,) = struct.unpack(">I", self.png[place : place + 4])
            kind, body = self.png[place + 4 : place + 8], self.png[place + 8 : place + 8 + length]
            if kind == b"IHDR":
                width, _, bits = struct.unpack(">IIB", body[:9])
                assert bits == 8
            elif kind == b"IDAT":
                data += body
            place += length + 12
        return _unfiltered(zlib.decompress(data), width * self.depth, self.depth)

    def colours(self, step: int = 3) -> dict[tuple[int, int, int], int]:
        """Count the colours, looking at each so many pixels."""
        found: dict[tuple[int, int, int], int] = {}
        for row in self.rows()[::step]:
            for place in range(0, len(row), self.depth * step):
                colour = (row[place], row[place + 1], row[place + 2])
                found[colour] = found.get(colour, 0) + 1
        return found


def _unfiltered(data: bytes, length: int, depth: int) -> list[bytes]:
    rows: list[bytes] = []
    above = bytearray(length)
    for start in range(0, len(data), length + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + length])
        for n in range(length if kind else 0):
            left = row[n - depth] if n >= depth else 0
            corner = above[n - depth] if n >= depth else 0
            if kind == 1:
                add = left
            elif kind == 2:
                add = above[n]
            elif kind == 3:
                add = (left + above[n]) // 2
            else:
                near = left + above[n] - corner
                add = min((left, above[n], corner), key=lambda each: abs(near - each))
            row[n] = (row[n] + add) & 255
        rows.append(bytes(row))
        above = row
    return rows
