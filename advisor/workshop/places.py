"""What stands at one place of a document: a clause of a rule or a fact, or an id; and places as editors count them.

Lines and columns count from 1, in characters, as everywhere in the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from advisor.grammar import lead_of
from advisor.markdown import Block, Section, sections

_LABEL = re.compile(r"(?:^|(?<=[.\s]))(Source|Defeats|Disputes|Accepted):")
_LISTS = ("Defeats", "Disputes", "Accepted")
_FACTS = "*Facts:"
_OF_FACTS = ("Facts", "Tolerated")
_STANCE = re.compile(r"(?:Possibly|Supposed|Reported(?: by [^:]*)?):\s*")
_TO_COME = "…"
_ID = re.compile(r"[\w-]+")
_BEFORE, _AFTER = re.compile(r"(?:\{#|`|\*\*)$"), re.compile(r"^(?:\}|`|\*\*)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a rule or a fact, from ``column`` up to ``end`` of the line it was looked for on.

    ``text`` is the whole of it, ``above`` what of it stands on earlier lines.  ``concludes`` says that it stands
    where a rule states its conclusion.
    """

    kind: Literal["rule", "fact"]
    text: str
    column: int
    end: int
    above: str = ""
    concludes: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """An id that stands in a document, from ``column`` up to ``end``."""

    id: str
    column: int
    end: int


# ---------------------------------------------------------------- as editors count


def to_units(line: str, column: int) -> int:
    """Give a place in a line as the protocol of editors counts it: from 0, in UTF-16 units."""
    return len(line[: max(0, column - 1)].encode("utf-16-le", "surrogatepass")) // 2


def to_column(line: str, units: int) -> int:
    """Give the column of a place that an editor names; what lies beyond the line is its end."""
    passed = 0
    for place, character in enumerate(line):
        if passed >= units:
            return place + 1
        passed += 2 if ord(character) > 0xFFFF else 1
    return len(line) + 1


# ---------------------------------------------------------------- ids


def listing(text: str, line: int, column: int) -> str:
    """Give the label whose list a place is in, “Defeats”, “Disputes” or “Accepted”; "" if it is in none."""
    lines = text.splitlines()
    block = next((block for _, block in _blocks(text) if block.kind == "paragraph" and _holds(block, line)), None)
    if block is None or not _LABEL.match(block.lines[0]):
        return ""
    before = "\n".join([*lines[block.line - 1 : line - 1], lines[line - 1][: column - 1]])
    labels = _LABEL.findall(before)
    return labels[-1] if labels and labels[-1] in _LISTS else ""


def id_at(text: str, line: int, column: int) -> Named | None:
    """Find the id at a place: in a heading, in backticks, as a label in bold, or in a list of propositions."""
    lines = text.splitlines()
    for hit in _ID.finditer(lines[line - 1]) if 0 < line <= len(lines) else ():
        if hit.start() < column <= hit.end() + 1 and _is_id(text, line, hit):
            return Named(hit[0], hit.start() + 1, hit.end() + 1)
    return None


def named(text: str, id_: str) -> Iterator[tuple[int, Named]]:
    """Find every place of a document where an id is named, each with its line."""
    for number, line in enumerate(text.splitlines(), 1):
        for hit in _ID.finditer(line) if id_ in line else ():
            if hit[0] == id_ and _is_id(text, number, hit):
                yield number, Named(id_, hit.start() + 1, hit.end() + 1)


def _is_id(text: str, line: int, hit: re.Match[str]) -> bool:
    """Whether a word of a line is meant as an id: by the marks around it, or by where it stands."""
    marked = _BEFORE.search(hit.string[: hit.start()]) and _AFTER.match(hit.string[hit.end() :])
    return bool(marked) or ("-" in hit[0] and bool(listing(text, line, hit.start() + 1)))


# ---------------------------------------------------------------- clauses


def clause_at(text: str, line: int, column: int) -> Clause | None:
    """Find the clause at a place: of a rule in its fence, or of the facts of a situation or of a transcript."""
    lines = text.splitlines()
    if not 0 < line <= len(lines):
        return None
    for part, block in _blocks(text):
        if block.kind == "fence" and block.info.lower().split(" ")[0] == "rule":
            if block.line <= line < block.line + max(1, len(block.lines)):
                return _of_rule(lines, block, line)
        elif block.kind == "quote" and _holds(block, line):
            return _of_facts(lines, block, line, column)
        elif block.kind == "item" and part.title in _OF_FACTS and part.level == 2 and _holds(block, line):
            return _of_item(lines, block, line)
    return None


def _blocks(text: str) -> Iterator[tuple[Section, Block]]:
    for part in sections(text):
        for block in part.blocks:
            yield part, block


def _holds(block: Block, line: int) -> bool:
    return block.line <= line < block.line + len(block.lines)


def _of_rule(lines: list[str], block: Block, line: int) -> Clause:
    said = lines[line - 1]
    body = said.lstrip()
    # Behind a small word the clause is still to come, so that something is to stand in for it.
    lead, rest = lead_of(f"{body}{_TO_COME}" if body[-1:].isspace() else body)
    rest = rest.removesuffix(_TO_COME)
    rest = re.sub(r"^either ", "", rest, flags=re.I)
    before = [lead_of(each.strip())[0] for each in lines[block.line - 1 : line - 1]]
    concludes = not lead and not any(each in ("if", "unless") for each in before)
    start = len(said) - len(rest)
    return Clause("rule", rest.strip(), start + 1, start + 1 + len(rest.rstrip()), concludes=concludes)


def _of_facts(lines: list[str], block: Block, line: int, column: int) -> Clause | None:
    """Find the fact at a place of a quotation, which may go over several lines."""
    inside, above = False, ""
    for number in range(block.line, line + 1):
        said = lines[number - 1]
        place = said.index(">") + 1
        opening = said.find(_FACTS, place)
        if opening >= 0:
            inside, above, place = True, "", opening + len(_FACTS)
        if not inside:
            continue
        closing = said.find("*", place)
        stop = closing if closing >= 0 else len(said)
        cuts = [place, *(hit.end() for hit in re.finditer(";", said) if place < hit.end() <= stop)]
        if number < line:
            above = (above if len(cuts) == 1 else "") + said[cuts[-1] : stop].strip() + " "
            inside = closing < 0
            continue
        if not place < column <= stop + 1:
            return None
        start = max((each for each in cuts if each < column), default=place)
        end = min([hit - 1 for hit in cuts if hit >= column] + [stop])
        first = above if start == place and opening < 0 else ""
        start += len(said[start:end]) - len(said[start:end].lstrip())
        whole = (first + said[start:end]).strip()
        if end == stop and closing < 0:
            whole = f"{whole} {_following(lines, block, line)}".strip()
        return Clause("fact", whole.rstrip("."), start + 1, start + 1 + len(said[start:end].rstrip(" .")), first)
    return None


def _following(lines: list[str], block: Block, line: int) -> str:
    """Give what of a fact stands on the lines below."""
    below = [each.lstrip()[1:].strip() for each in lines[line : block.line - 1 + len(block.lines)]]
    return re.split(r"[;*]", " ".join(below))[0].strip()


def _of_item(lines: list[str], block: Block, line: int) -> Clause:
    said = lines[line - 1]
    start = len(said) - len(said.lstrip())
    above = ""
    if line == block.line:
        start = len(said) - len(re.sub(r"^\s*[-*+]\s+", "", said))
        stance = _STANCE.match(said[start:])
        start += stance.end() if stance else 0
    else:
        above = _STANCE.sub("", " ".join(block.lines[: line - block.line]), count=1) + " "
    whole = _STANCE.sub("", " ".join(block.lines), count=1)
    end = len(said.rstrip(" ."))
    return Clause("fact", whole.rstrip(" ."), start + 1, max(start, end) + 1, above)
