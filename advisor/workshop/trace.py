"""The trace of the seed: what became of each statement of the text that the project started from.

``seed.md`` in a folder of rules lists the statements under the headings of the text, each with the propositions,
the entries of the vocabulary or the transcripts that carry it, or with the reason why it is no rule.  The other way
round, a proposition whose source is the seed must be named there, under the heading and with the reference it cites.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.diagnostics import Page, complain, ordered, page
from advisor.markdown import Block, Section, sections
from advisor.terms import Diagnostic, Theory, Transcript, Vocabulary

FILE = "seed.md"
_STATEMENT = re.compile(r"\*\*([\w-]+)\*\*((?: ?\[\d+\])*):\s+(.+)$", re.S)
_DETAIL = re.compile(r"([a-z ]+):\s+(.+)$", re.S)
_CARRIERS = ("propositions", "vocabulary", "transcripts")
_PROSE = ("not a rule", "note")
_CITED = re.compile(r"\*([^*]+)\*((?:,? ?\[\d+\])*)")
_SOURCE = re.compile(r"Source:|## Source")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the seed, in our words, and what carries it; ``reason`` says why it is no rule."""

    id: str
    heading: str
    text: str
    references: tuple[str, ...] = ()
    propositions: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """Every statement of the seed in its order, and the ``opening`` of the page in paragraphs."""

    title: str
    opening: tuple[str, ...]
    statements: tuple[Statement, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the seed, in its order."""
        return tuple(dict.fromkeys(statement.heading for statement in self.statements))


def load_trace(
    rules: Path, theory: Theory, cases: Sequence[Transcript] | None = None, folder: Path = Path()
) -> tuple[Trace | None, tuple[Diagnostic, ...]]:
    """Read the trace of a folder of rules and hold it against the theory; a folder without one has none.

    ``cases`` are the transcripts of a folder; without them what is said of transcripts is not checked.
    """
    path = rules / FILE
    if not path.exists():
        return None, ()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return None, (Diagnostic("F01", f"the trace of the seed cannot be read: {error.strerror}", str(path), 1),)
    except UnicodeDecodeError:
        hint = "save it as UTF-8"
        return None, (Diagnostic("F01", "the trace of the seed is not valid UTF-8", str(path), 1, hint=hint),)
    on = page(str(path), text)
    trace = _read(on, sections(text))
    for statement in trace.statements:
        _check_statement(on, theory, None if cases is None else [case.id for case in cases], statement)
    doubts = [
        _untraced(rules / each.path, each.id, each.source, statements_of(trace, each.id), trace)
        for each in theory.propositions
        if of_the_seed(each.source)
    ]
    for case in cases or ():
        if of_the_seed(case.source):
            carried = [statement for statement in trace.statements if case.id in statement.transcripts]
            doubts.append(_untraced(folder / f"{case.id}.md", case.id, case.source, carried, trace))
    return trace, ordered([*on.found, *(doubt for doubt in doubts if doubt)])


# ---------------------------------------------------------------- reading


def _read(on: Page, parts: Sequence[Section]) -> Trace:
    """Read the statements, and complain about what is none."""
    title, opening, found = "", [], dict[str, Statement]()
    for part in parts:
        if part.level == 1:
            title, opening = part.title, [block.text for block in part.blocks if block.kind == "paragraph"]
        for group in _groups(part.blocks) if part.level == 2 else ():
            statement = _statement(on, part.title, group)
            if statement and statement.id in found:
                first = found[statement.id].line
                hint = f"the first is in line {first}; give one of them another label"
                message = f"there are two statements “{statement.id}”"
                complain(on, "F02", message, statement.line, statement.id, hint)
            elif statement:
                found[statement.id] = statement
    return Trace(title, tuple(opening), tuple(found.values()))


def _groups(blocks: Iterable[Block]) -> list[list[Block]]:
    """Put each item of the outer level together with the items below it."""
    groups: list[list[Block]] = []
    for block in blocks:
        if block.kind == "item" and block.depth and groups:
            groups[-1].append(block)
        elif block.kind == "item":
            groups.append([block])
    return groups


def _statement(on: Page, heading: str, group: Sequence[Block]) -> Statement | None:
    """Read one statement and the lines below it."""
    said = _STATEMENT.match(group[0].text)
    if not said:
        hint = "write “- **label** [1]: what the seed says”"
        complain(on, "F02", "this is no statement of the seed", group[0].line, "", hint)
        return None
    carried: dict[str, tuple[str, ...]] = {}
    prose: dict[str, str] = {}
    for block in group[1:]:
        detail = _DETAIL.match(block.text)
        if detail and detail[1] in _CARRIERS:
            carried[detail[1]] = tuple(re.findall(r"`([\w-]+)`", detail[2]))
        elif detail and detail[1] in _PROSE:
            prose[detail[1]] = detail[2]
        else:
            known = [f"{label}:" for label in (*_CARRIERS, *_PROSE)]
            near = difflib.get_close_matches(block.text.partition(":")[0] + ":", known, n=1, cutoff=0.6)
            hint = f"did you mean “{near[0]}”?" if near else "begin it with " + ", ".join(known)
            complain(on, "F02", "this line under a statement is not understood", block.line, "", hint)
    return Statement(
        said[1],
        heading,
        said[3],
        tuple(re.findall(r"\d+", said[2])),
        carried.get("propositions", ()),
        carried.get("vocabulary", ()),
        carried.get("transcripts", ()),
        prose.get("not a rule", ""),
        prose.get("note", ""),
        group[0].line,
    )


# ---------------------------------------------------------------- from the seed to the theory


def _check_statement(on: Page, theory: Theory, transcripts: Collection[str] | None, statement: Statement) -> None:
    """Complain about a statement that nothing carries, and about what it points to in vain."""
    if not (statement.propositions or statement.vocabulary or statement.transcripts or statement.reason):
        hint = "name what carries it under “- propositions:”, or say why it is no rule under “- not a rule:”"
        complain(on, "F03", "nothing carries this statement of the seed", statement.line, statement.id, hint)
    _check_pointers(on, statement, "proposition", statement.propositions, [p.id for p in theory.propositions])
    words = [id_ for id_, _ in entries_of(theory.vocabulary)]
    _check_pointers(on, statement, "entry of the vocabulary", statement.vocabulary, words)
    if transcripts is not None:
        _check_pointers(on, statement, "transcript", statement.transcripts, transcripts)


def _check_pointers(on: Page, statement: Statement, what: str, named: Iterable[str], known: Collection[str]) -> None:
    """Complain about each name that nothing has."""
    for id_ in named:
        if id_ not in known:
            near = difflib.get_close_matches(id_, list(known), n=1, cutoff=0.6)
            hint = f"did you mean “{near[0]}”?" if near else "take it out, or name another"
            lines = range(statement.line, len(on.lines) + 1)
            line = next((number for number in lines if f"`{id_}`" in on.lines[number - 1]), statement.line)
            complain(on, "F04", f"there is no {what} “{id_}”", line, id_, hint)


def entries_of(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Give the id of every entry of the vocabulary with what it is called."""
    return (
        *((each.id, each.title) for each in vocabulary.variables),
        *((each.id, each.infinitive) for each in vocabulary.strategies),
        *((each.id, each.infinitive) for each in vocabulary.measures),
        *((each.id, each.subject) for each in vocabulary.outcomes),
        *((each.id, each.title) for each in vocabulary.cautions),
    )


# ---------------------------------------------------------------- from the theory to the seed


def of_the_seed(source: str) -> bool:
    """Whether a source is the seed itself."""
    return source.lower().startswith("seed,")


def cited(source: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the headings of the seed that a source cites, each with the references it cites there."""
    of_seed = re.split(r"[;:]|\.\s", " ".join(source.split()))[0]
    return tuple((hit[1], tuple(re.findall(r"\d+", hit[2]))) for hit in _CITED.finditer(of_seed))


def statements_of(trace: Trace, proposition: str) -> tuple[Statement, ...]:
    """Give the statements of the seed that a proposition carries."""
    return tuple(statement for statement in trace.statements if proposition in statement.propositions)


def _untraced(path: Path, id_: str, source: str, carried: Sequence[Statement], trace: Trace) -> Diagnostic | None:
    """Complain where no statement bears out the source of a proposition or a transcript."""
    message, hint = _doubt(id_, cited(source), carried, trace)
    if not message:
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    first = next((number for number, line in enumerate(lines) if line.endswith(f"{{#{id_}}}")), 0)
    line = next((n for n, each in enumerate(lines, 1) if n > first and _SOURCE.match(each)), 1)
    on = Page(str(path), tuple(lines))
    complain(on, "F05", message, line, "", hint)
    return on.found[0]


def _doubt(
    id_: str, claims: Sequence[tuple[str, tuple[str, ...]]], carried: Sequence[Statement], trace: Trace
) -> tuple[str, str]:
    """Say why statements do not bear out what a source cites, and what to do; empty if they do."""
    if not carried:
        hint = f"name it there under “## {claims[0][0]}”" if claims else f"name it in {FILE}"
        return f"“{id_}” has its source in the seed, but no statement in {FILE} names it", hint
    if not claims:
        hint = f"write “seed, *{carried[0].heading}*”"
        return "this source does not say under which heading of the seed it stands", hint
    for heading, references in claims:
        under = [statement for statement in carried if statement.heading == heading]
        strange = sorted(set(references) - {number for statement in under for number in statement.references}, key=int)
        if heading not in trace.headings:
            near = difflib.get_close_matches(heading, trace.headings, n=1, cutoff=0.5)
            hint = f"did you mean “{near[0]}”?" if near else "the headings are " + ", ".join(trace.headings)
            return f"the seed has no heading “{heading}”", hint
        if not under:
            hint = f"it is named under “{carried[0].heading}”"
            return f"no statement under “{heading}” in {FILE} names “{id_}”", hint
        if strange:
            hint = f"see {FILE}, line {under[0].line}"
            return f"this source cites [{strange[0]}], but no statement that “{id_}” carries does", hint
    return "", ""
