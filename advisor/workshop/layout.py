"""The layout of a rules document: the same document again, its rules, situations and lists laid out in one way.

Prose is left as its author wrote it.  Nothing is lost or reworded: a document means afterwards what it meant
before, and laying it out a second time changes nothing.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.grammar import lead_of
from advisor.markdown import Block, Section, sections

WIDTH = 110
_LABELS = ("Source", "Defeats", "Disputes", "Accepted")
_LABEL = re.compile(r"(?:^|(?<=[.\n])\s*)(" + "|".join(_LABELS) + r"):\s*")
_OPENING = re.compile(r"\*\*(Fires|Silent)\.?\*\*\s*")
_FACTS = re.compile(r"\*Facts: ?(.*?) ?\*$")
_IDS = re.compile(r"[`\w\s,.;-]*")
_RULER = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_MARK = re.compile(r"[-*+>#|]|\d+[.)]\s|```|~~~|\w+:\s")
_STRAY = re.compile(r"\s*(#{1,6} |>|```|~~~)")
"""What stands in a rule's fence only where its author forgot to close it."""
_STOPS = " ,;:."


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some lines of a document that belong together; ``tight`` says that no blank line stood above them."""

    kind: str
    lines: tuple[str, ...]
    tight: bool


def lay_out(text: str) -> str:
    """Lay out a document of rules."""
    lines = [line.rstrip() for line in text.removeprefix("\ufeff").splitlines()]
    parts = sections("\n".join(lines))
    school = any(block.kind == "fence" and _is_rule(block) for part in parts for block in part.blocks)
    pieces = [piece for part in parts for piece in _pieces(lines, part, school)]
    out: list[str] = []
    for before, piece in zip((None, *pieces), pieces, strict=False):
        if before and not (piece.tight and _close(before, piece, school)):
            out.append("")
        out += piece.lines
    text = "\n".join(out).rstrip()
    return f"{text}\n" if text else ""


def _close(before: _Piece, piece: _Piece, school: bool) -> bool:
    """Whether two pieces may stand without a blank line between them."""
    if piece.kind == "item":
        return before.kind in ("item", "paragraph") or (before.kind == "heading" and not school)
    return piece.kind == "paragraph" and before.kind == "heading" and not school


def difference(path: str, before: str, after: str) -> str:
    """Show what a layout changes, line by line."""
    made = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), path, f"{path} (laid out)"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in made)


# ---------------------------------------------------------------- the pieces of a section


def _pieces(lines: Sequence[str], part: Section, school: bool) -> Iterator[_Piece]:
    """Cut a section into pieces, each laid out."""
    if part.level:
        title = " ".join(part.title.split())
        yield _Piece("heading", (" ".join(["#" * part.level, *([title] if title else []), *_id(part)]),), False)
    for block in part.blocks:
        first = block.line - 2 if block.kind == "fence" else block.line - 1
        length = len(block.lines) + (1 + block.closed if block.kind == "fence" else 0)
        raw = list(lines[first : first + length])
        tight = first > 0 and bool(lines[first - 1].strip())
        yield from (_Piece(kind, made, tight) for kind, made in _laid_out(raw, part, block, school))


def _id(part: Section) -> list[str]:
    return [f"{{#{part.id}}}"] if part.id else []


def _is_rule(block: Block) -> bool:
    return block.info.lower().split(" ")[0] == "rule"


def _laid_out(raw: list[str], part: Section, block: Block, school: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Lay out one block; gives its kind with its lines, or those of the blocks that it falls into."""
    if block.kind == "fence":
        whole = block.closed and not any(_STRAY.match(line) for line in block.lines)
        made = ["```rule", *rule_lines(block.lines), "```"] if _is_rule(block) and whole else raw
        yield "fence", tuple(made)
    elif block.kind == "quote" and school and any(_OPENING.match(line) for line in block.lines):
        yield from (("quote", tuple(made)) for made in _situations(block))
    elif block.kind == "item" and not _RULER.match(raw[0]):
        indent = "  " * block.depth
        rest = (f"{indent}  {line.strip()}" for line in block.lines[1:])
        yield "item", (f"{indent}- {block.lines[0].strip()}", *rest)
    elif block.kind == "paragraph" and part.level == 3 and _is_labelled(block):
        yield "paragraph", tuple(_labels(block))
    else:
        yield block.kind, tuple(raw)


# ---------------------------------------------------------------- rules


def rule_lines(lines: Sequence[str]) -> list[str]:
    """Lay out the content of a rule's fence: a part on each line, conditions and exceptions indented."""
    parts: list[tuple[str, list[str], list[str]]] = []
    for line in lines:
        lead, rest = lead_of(" ".join(line.split()))
        if not lead and not rest:
            continue
        last = parts[-1] if parts else None
        if lead == "-" and last:
            last[2].append(rest)
        elif last and (not lead or (lead == "or" and last[0] not in ("unless", "or unless", "and unless"))):
            carried = f"or {rest}" if lead else rest
            if last[2]:
                last[2][-1] += f" {carried}"
            elif lead and any(each[0] == "if" for each in parts):
                last[1].append(carried)
            else:
                last[1][-1] += f" {carried}"
        else:
            if lead == "or":
                lead = "or unless"
            parts.append((lead, [rest], []))
    out: list[str] = []
    stage = ""
    for lead, said, items in parts:
        if lead.endswith("unless"):
            lead, stage = ("or unless" if stage == "unless" else "unless"), "unless"
        elif lead == "if":
            stage = "if"
        indent = "  " if stage else ""
        out.append(f"{indent}{f'{lead} {said[0].rstrip(_STOPS)}'.strip()}")
        out += [f"    {each.rstrip(_STOPS)}" for each in said[1:]]
        out += [f"    - {each.rstrip(_STOPS)}" for each in items]
    return out


# ---------------------------------------------------------------- situations and sources


def _situations(block: Block) -> Iterator[list[str]]:
    """Lay out a quotation that holds situations: each a quotation of its own, its facts on lines of their own."""
    told: list[list[str]] = []
    for line in block.lines:
        if not told or _OPENING.match(line):
            told.append([])
        told[-1].append(line)
    for said in told:
        opening = _OPENING.match(said[0])
        if not opening:
            yield [f"> {line}".rstrip() for line in said]
            continue
        words = " ".join(" ".join([said[0][opening.end() :], *said[1:]]).split())
        listed = _FACTS.search(words)
        text = words[: listed.start()].strip() if listed else words
        made = _wrapped(f"**{opening[1]}.** {text}".strip(), "> ")
        if listed:
            facts = [fact.strip(_STOPS) for fact in listed[1].split(";")]
            made += _wrapped(f"*Facts: {'; '.join(fact for fact in facts if fact)}.*", "> ")
        yield made


def _is_labelled(block: Block) -> bool:
    """Whether a paragraph tells source, defeats, disputes and what is accepted, and nothing that looks like them."""
    known = tuple(f"{label}:" for label in _LABELS)
    strange = (line for line in block.lines[1:] if re.match(r"\w+:\s", line) and not line.startswith(known))
    return block.lines[0].startswith(known) and not any(strange)


def _labels(block: Block) -> list[str]:
    """Lay out "Source: … Defeats: … Disputes: …", each on lines of its own."""
    text = "\n".join(block.lines)
    hits = list(_LABEL.finditer(text))
    ends = [hit.start() for hit in hits[1:]] + [len(text)]
    out: list[str] = []
    for hit, end in zip(hits, ends, strict=True):
        said = " ".join(text[hit.end() : end].split())
        if hit[1] in ("Defeats", "Disputes") and _IDS.fullmatch(said):
            ids = dict.fromkeys(part for part in re.split(r"[`,;.\s]+", said) if part)
            said = ", ".join(f"`{id_}`" for id_ in ids)
        said = said.rstrip(" .") + "." if said and said[-1] not in "?!" else said
        made = _wrapped(f"{hit[1]}: {said}".strip(), "")
        # A line that began like a list, a heading or a label would be taken for one.
        out += [" ".join(made)] if any(_MARK.match(line) for line in made[1:]) else made
    return out


def _wrapped(words: str, mark: str) -> list[str]:
    """Fill lines with words, each line after a mark; no word is broken."""
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=mark,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    )
