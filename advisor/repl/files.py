"""The files of a consultation: read, written as a whole or not at all, and kept in the user's state folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from advisor import house
from advisor.inputs import CannotRun


def text_of(path: Path) -> str:
    """Read a file that is to be taken up, or refuse it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotRun(f"{path}: this is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise CannotRun(f"{path}: it could not be read ({error.strerror or error})") from None
    if not text.strip():
        raise CannotRun(f"{path}: this file is empty")
    return text


def write(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file as a whole: whoever looks finds the old one or the new one, and nothing between.

    A ``private`` one only its owner may read; any other is like every file of the user's.  Raises OSError if it cannot
    be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not private:
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    """Give what the user's files are not to allow; it can only be found out by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def private_folder() -> Path:
    """Give the folder of what was said, which only its owner may read; raises OSError if there can be none."""
    place = house.state_folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def folder() -> Path:
    """Give the folder in which consultations are kept."""
    return house.state_folder() / "consultations"


def last_kept(but: Path | None = None) -> Path | None:
    """Give the consultation that was last kept, if there is one."""
    try:
        kept = [path for path in folder().glob("*.md") if path != but]
        return max(kept, key=lambda path: (path.stat().st_mtime, path.name), default=None)
    except OSError:
        return None


def fresh() -> Path:
    """Give a new file for a consultation; raises OSError if there can be none."""
    private_folder()
    folder().mkdir(mode=0o700, exist_ok=True)
    return folder() / f"{time.strftime('%Y-%m-%d-%H%M%S')}-{os.getpid()}.md"
