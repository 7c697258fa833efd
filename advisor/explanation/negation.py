"""The three frames of negation: known not to be so, not known, assumed not to be so.

A rule that says `unless` is not stopped in any of the three, and a reader must see which it was.  So each is worded
whole, here, from the list ``templates/frames.csv``: a template prints the words and has nothing to choose.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import get_args

from advisor import house
from advisor.explanation.account import Frame, Lack
from advisor.terms import Fact

LIST = "frames.csv"
FRAMES: tuple[Frame, ...] = get_args(Frame)


def load_frames(templates: Path | None = None) -> dict[Frame, str]:
    """Read the wording of the frames, the user's own or the program's: ``{0}`` is a clause.

    The clause denies in the first and the third frame, and affirms in the second.  Raises OSError if the list cannot
    be read, and ValueError where a frame is missing, has no place for the clause, or is worded like another.
    """
    own = templates / LIST if templates is not None else None
    path = own if own is not None and own.is_file() else house.templates_folder() / LIST
    if not path.is_file():
        raise ValueError(f"the list “{LIST}” is missing: it was looked for in {path.parent}")
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
    except UnicodeDecodeError:
        raise ValueError(f"{path}: this file is not valid UTF-8; save it as UTF-8") from None
    found: dict[Frame, str] = {}
    for number, row in enumerate(rows, 2):
        frame = next((frame for frame in FRAMES if row and row[0] == frame), None)
        if frame is None or len(row) != 2 or row[1].count("{0}") != 1 or row[1] in found.values():
            raise ValueError(
                f"{path}:{number}: this row is not a frame ({', '.join(FRAMES)}) and words of its own "
                "with {0} in them"
            )
        found[frame] = row[1]
    missing = [frame for frame in FRAMES if frame not in found]
    if missing:
        raise ValueError(f"{path}: the frame “{missing[0]}” has no words; add a row for it")
    return found


def contrary(fact: Fact) -> Fact:
    """Give the fact that denies a fact."""
    return fact._replace(holds=not fact.holds)


def is_assumed(fact: Fact, assumptions: Collection[Fact], observed: bool) -> bool:
    """Whether a fact is held by default: it is one, or it denies another value of what one says."""
    if observed:
        return False
    return fact in assumptions or (
        not fact.holds and any((a.variable, a.args) == (fact.variable, fact.args) and a.holds for a in assumptions)
    )


def frame_of(fact: Fact, known: Collection[Fact], assumed: bool) -> Frame:
    """Say in which frame a fact is not so, ``assumed`` if its contrary is held by default.

    Raises ValueError if the fact is known to be so.
    """
    if fact in known:
        raise ValueError(f"{fact} is so, and stands in no frame of negation")
    if contrary(fact) not in known:
        return "not known"
    return "assumed not" if assumed else "known not"


def lack(fact: Fact, frame: Frame, frames: Mapping[Frame, str], worded: Callable[[Fact], str], mark: str) -> Lack:
    """Word what is not so in its frame."""
    clause = worded(fact if frame == "not known" else contrary(fact))
    return Lack(frames[frame].replace("{0}", clause), frame, mark)
