"""Word lists of the reader, from ``rules/words.csv``: nouns for states, for those who act for one, synonyms."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.terms import Diagnostic

_USES = (
    "state noun",
    "stands alone",
    "realm",
    "lettered",
    "letter",
    "representative",
    "title",
    "addressed",
    "turning",
    "topic",
    "sign of a state",
    "compound",
    "no name",
    "same as",
)

_PAIRS = ("same as", "compound")
"""Uses that say of what: a word counts the same as another, "Franco" in "Franco-German" means France."""


@dataclass(frozen=True, slots=True)
class Words:
    """Nouns that mean a state; those that do so even without a name ("the empire"); those that stand in
    names ("the Kessel Federation") or before a letter ("State A"), and words that serve as letters ("Beta");
    those who act for a state ("its army"); titles of persons; those whom a speech addresses ("men of Athens");
    words that tell of a change ("then", "now"); nouns that mean the state in question ("the country"); words beside
    which an unknown name is likely a state's ("war with X"); the first halves of compounds ("Franco-German");
    capitalised words that are no names; and for each word those that count as the same."""

    state_nouns: frozenset[str]
    stand_alone: frozenset[str]
    realms: frozenset[str]
    lettered: frozenset[str]
    letters: frozenset[str]
    representatives: frozenset[str]
    titles: frozenset[str]
    addressed: frozenset[str]
    turning: frozenset[str]
    topics: frozenset[str]
    signs: frozenset[str]
    compounds: Mapping[str, str]
    no_names: frozenset[str]
    same: Mapping[str, frozenset[str]]


def load_words(rules: Path) -> tuple[Words, list[Diagnostic]]:
    """Read ``words.csv`` of a rules folder; each bad row is a diagnostic."""
    path = rules / "words.csv"
    lists: dict[str, set[str]] = {use: set() for use in _USES}
    heads: dict[str, set[str]] = {}
    compounds: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        text = ""
        diagnostics.append(Diagnostic("W01", f"the reader's words cannot be read: {error}", str(path), 1))
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        if number == 1 or not row:
            continue
        if len(row) != 3 or row[1] not in _USES or (row[1] in _PAIRS) != bool(row[2]):
            diagnostics.append(
                Diagnostic(
                    "W02",
                    "this row is not “word,as,of”",
                    str(path),
                    number,
                    source=",".join(row),
                    hint=f"as: {', '.join(_USES)}; only “same as” and “compound” have a third part",
                )
            )
        elif row[1] == "compound":
            compounds[row[0]] = row[2]
        elif row[1] == "same as":
            heads.setdefault(row[2], {row[2]}).add(row[0])
        else:
            lists[row[1]].add(row[0])
    same = {word: frozenset(group) for group in heads.values() for word in group}
    words = Words(
        frozenset(lists["state noun"]),
        frozenset(lists["stands alone"]),
        frozenset(lists["realm"]),
        frozenset(lists["lettered"]),
        frozenset(lists["letter"]),
        frozenset(lists["representative"]),
        frozenset(lists["title"]),
        frozenset(lists["addressed"]),
        frozenset(lists["turning"]),
        frozenset(lists["topic"]),
        frozenset(lists["sign of a state"]),
        compounds,
        frozenset(lists["no name"]),
        same,
    )
    return words, diagnostics
