"""The check of rules as they would be if the documents that are open in an editor were saved."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from advisor.glossary import Entry, entries
from advisor.workshop.checking import Checked, check


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of rules that a document belongs to, and that of the cases beside it."""

    rules: Path

    @property
    def transcripts(self) -> Path:
        """The folder of the cases, which need not exist."""
        return self.rules.parent / "transcripts"

    def documents(self) -> tuple[Path, ...]:
        """List the documents of both folders."""
        return tuple(path for folder in (self.rules, self.transcripts) for path in sorted(folder.rglob("*.md")))


def home_of(document: Path) -> Home | None:
    """Find the rules that a document belongs to by walking up: the folder it is in, or one beside that."""
    for folder in document.resolve().parents:
        for rules in (folder, folder / "rules"):
            if (rules / "vocabulary.md").is_file() and (rules / "schools").is_dir():
                home = Home(rules)
                within = document.resolve().is_relative_to(rules) or document.resolve().is_relative_to(home.transcripts)
                return home if within else None
    return None


def check_unsaved(home: Home, texts: Mapping[Path, str], *, full: bool) -> tuple[Checked, tuple[Entry, ...]]:
    """Check rules with these texts in place of the documents on disk, and list their entries.

    Raises OSError if the rules cannot be copied.
    """
    with tempfile.TemporaryDirectory(prefix="advisor-") as name:
        aside = Path(name).resolve()
        pairs = [(folder, aside / folder.name) for folder in (home.rules, home.transcripts) if folder.is_dir()]
        # The rules may be in a folder of any name, but the cases beside them are found by theirs.
        for folder, copy in pairs:
            shutil.copytree(folder, copy)
        for path, text in texts.items():
            for folder, copy in pairs:
                if path.is_relative_to(folder):
                    copy.joinpath(path.relative_to(folder)).write_text(text, encoding="utf-8", newline="")
        checked = check(aside / home.rules.name, full=full)
        known = _entries(aside / home.rules.name)
        findings = tuple(
            replace(each, diagnostic=replace(each.diagnostic, path=_back(each.diagnostic.path, pairs)))
            for each in checked.findings
        )
    return replace(checked, findings=findings), known


def _entries(rules: Path) -> tuple[Entry, ...]:
    try:
        return entries(rules)
    except UnicodeDecodeError:
        return ()  # the check complains of it


def _back(path: str, pairs: list[tuple[Path, Path]]) -> str:
    """Give the place in the folder that was copied for one in the copy."""
    for folder, copy in pairs:
        if Path(path).is_relative_to(copy):
            return str(folder / Path(path).relative_to(copy))
    return path
