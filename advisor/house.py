"""Where the rules and the templates are: inside an installed package, else at the root of the repository."""

from __future__ import annotations

from pathlib import Path


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
