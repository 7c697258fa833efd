"""Where the rules and the templates are: inside an installed package, else at the root of the repository."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


@lru_cache
def _folder(name: str) -> Path:
    """Find a folder of the house: a wheel carries it beside the modules, a clone beside the package."""
    here = Path(__file__).resolve().parent
    inside = here / "_house" / name
    return inside if inside.is_dir() else here.parent / name


def rules_folder() -> Path:
    """Give the folder of the theory that comes with the program."""
    return _folder("rules")


def templates_folder() -> Path:
    """Give the folder of the templates that come with the program."""
    return _folder("templates")


def cache_folder() -> Path:
    """Give the folder of the user's where what is slow to make is kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path("~/.cache").expanduser())
    return Path(base) / "balance-of-power-advisor"


def state_folder() -> Path:
    """Give the folder of the user's where what was said is kept from one run to the next."""
    base = (
        os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path("~/.local/state").expanduser())
    )
    return Path(base) / "balance-of-power-advisor"
