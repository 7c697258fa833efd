"""Names of states: what each is called, when it existed, and which one a word in a text means.

The names are data, in ``rules/names/*.csv``.  One word may stand for several states at different times
(a city that was a state and is now a capital); the years and the other states of the text decide.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from advisor.terms import Diagnostic

KINDS = ("state", "city-state", "empire", "people", "bloc")
USES = ("name", "bloc", "demonym", "capital", "metonym", "ruler")
"""How a word can stand for a state; where several fit equally well, the earlier one is meant."""

_COLUMNS = ("name", "kind", "aliases", "demonyms", "capitals", "metonyms", "rulers", "members", "from", "until", "note")
_LISTS = (
    ("aliases", "name"),
    ("demonyms", "demonym"),
    ("capitals", "capital"),
    ("metonyms", "metonym"),
    ("rulers", "ruler"),
)
_ALWAYS = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a state, the use it is of, and whether it means the state by itself (``sure``) or only in
    a text that names another state of its time."""

    text: str
    use: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A row: the name that the program uses, every form of it, the years between which it holds (``None``: open),
    and for a bloc the names of its members."""

    name: str
    kind: str
    forms: tuple[Form, ...]
    members: tuple[str, ...]
    start: int | None
    end: int | None
    note: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """The states that a stretch of text means, and how it stands for them: one of ``USES``."""

    names: tuple[str, ...]
    use: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All forms by their folded tokens, the periods of each name, how far forms reach, and the names that are blocs'.

    ``reach`` gives, by the folded first token, how many tokens the longest form has that begins with it.
    """

    forms: Mapping[str, tuple[tuple[Form, Name], ...]]
    periods: Mapping[str, tuple[tuple[float, float], ...]]
    reach: Mapping[str, int]
    blocs: frozenset[str]


def load_names(rules: Path) -> tuple[tuple[Name, ...], list[Diagnostic]]:
    """Read every ``names/*.csv`` of a rules folder, in the order of their file names.

    A bad row is left out, a bad cell is read as empty; each is a diagnostic (N01 …) with file and line.
    """
    folder = rules / "names"
    names: list[Name] = []
    diagnostics: list[Diagnostic] = []
    paths = sorted(folder.glob("*.csv"))
    if not paths:
        hint = f"write a file whose first line is {','.join(_COLUMNS)}"
        diagnostics.append(
            Diagnostic("N01", "there is no list of names (*.csv) in this folder", str(folder), 1, hint=hint)
        )
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            diagnostics.append(Diagnostic("N01", f"this list of names cannot be read: {error}", str(path), 1))
            continue
        names.extend(_rows(path, lines, diagnostics))
    diagnostics.extend(_twice(names))
    diagnostics.extend(_strangers(names))
    return tuple(names), diagnostics


def _rows(path: Path, lines: Sequence[str], diagnostics: list[Diagnostic]) -> Iterable[Name]:
    """Read the rows of one file."""
    for number, source in enumerate(lines, 1):
        cells = [cell.strip() for cell in next(csv.reader([source]), [])]
        if number == 1:
            if tuple(cells) != _COLUMNS:
                hint = f"write {','.join(_COLUMNS)}"
                diagnostics.append(
                    _complaint("N02", "the first line does not name the columns", path, 1, source, "", hint)
                )
        elif any(cells):
            name = _row(path, number, source, cells, diagnostics)
            if name is not None:
                yield name


def _row(path: Path, number: int, source: str, cells: list[str], diagnostics: list[Diagnostic]) -> Name | None:
    """Read one row; ``None`` if it cannot be read as one."""

    def complain(code: str, message: str, cell: str, hint: str) -> None:
        diagnostics.append(_complaint(code, message, path, number, source, cell, hint))

    if len(cells) != len(_COLUMNS):
        message = f"this row has {len(cells)} cells, not {len(_COLUMNS)}"
        complain("N03", message, "", f"the cells are {','.join(_COLUMNS)}; inside a cell, part with “|”")
        return None
    row = dict(zip(_COLUMNS, cells, strict=True))
    if row["kind"] not in KINDS:
        complain("N04", f"“{row['kind']}” is no kind of name", row["kind"], f"a kind is one of: {', '.join(KINDS)}")
        return None
    years: list[int | None] = []
    for column in ("from", "until"):
        good = re.fullmatch(r"-?\d+", row[column])
        if row[column] and not good:
            complain(
                "N05", f"“{row[column]}” is no year", row[column], "write a number, negative before Christ, or nothing"
            )
        years.append(int(row[column]) if good else None)
    if years[0] is not None and years[1] is not None and years[0] > years[1]:
        complain("N06", f"this name ends in {years[1]}, before it begins in {years[0]}", row["until"], "swap the years")
    guard = "?" if re.search(r"\bambiguous\b", row["note"]) and row["name"][:1] not in ("", "?") else ""
    forms = [_form(guard + row["name"], "bloc" if row["kind"] == "bloc" else "name")]
    for column, use in _LISTS:
        forms += [_form(text, forms[0].use if use == "name" else use) for text in _parts(row[column])]
    for form in forms:
        if not form.text[:1].isupper():
            message = f"“{form.text}” does not begin with a capital letter" if form.text else "this row has no name"
            complain("N07", message, form.text, "write a form as it stands in a text, without “the”")
    members = _parts(row["members"])
    if members and row["kind"] != "bloc":
        complain("N08", f"“{row['name']}” has members but is no bloc", row["members"], "write bloc for its kind")
    kept = tuple(dict.fromkeys(form for form in forms if form.text[:1].isupper()))
    if not forms[0].text[:1].isupper():
        return None
    return Name(forms[0].text, row["kind"], kept, members, years[0], years[1], row["note"], str(path), number)


def _parts(cell: str) -> tuple[str, ...]:
    """Take a cell apart at its bars."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _form(text: str, use: str) -> Form:
    """Read a form; a leading question mark says that it needs company."""
    return Form(text.removeprefix("?").strip(), use, not text.startswith("?"))


def _complaint(code: str, message: str, path: Path, line: int, source: str, cell: str, hint: str) -> Diagnostic:
    """Make a diagnostic that points at a cell."""
    column = max(0, source.find(cell)) + 1
    return Diagnostic(code, message, str(path), line, column, max(1, len(cell or source)), source, hint)


def _twice(names: Sequence[Name]) -> Iterable[Diagnostic]:
    """Find forms that mean two rows at once: written alike, of the same use, at the same time."""
    seen: dict[tuple[str, str], list[Name]] = {}
    for name in names:
        for form in name.forms:
            for other in seen.setdefault((fold(" ".join(tokens(form.text))), form.use), []):
                if other is not name and _overlap(_period(other), _period(name)):
                    yield Diagnostic(
                        "N09",
                        f"“{form.text}” already stands for {other.name}, as a {form.use}, at the same time",
                        name.path,
                        name.line,
                        source=form.text,
                        hint=f"take it out here, or in {other.path}, line {other.line}, or part the two by years",
                    )
            seen[fold(" ".join(tokens(form.text))), form.use].append(name)


def _strangers(names: Sequence[Name]) -> Iterable[Diagnostic]:
    """Find members of blocs that are no names themselves."""
    known = {name.name for name in names}
    for name in names:
        for member in name.members:
            if member not in known:
                yield Diagnostic(
                    "N10",
                    f"“{member}”, a member of {name.name}, is no name in the lists",
                    name.path,
                    name.line,
                    source=member,
                    hint="write it as in the first column of its own row, or add one",
                )


def gazetteer(names: Iterable[Name]) -> Gazetteer:
    """Index the forms of names for ``look_up``."""
    known = tuple(names)
    forms: dict[str, list[tuple[Form, Name]]] = {}
    periods: dict[str, list[tuple[float, float]]] = {}
    reach: dict[str, int] = {}
    for name in known:
        periods.setdefault(name.name, []).append(_period(name))
        for form in name.forms:
            parts = tokens(form.text)
            first = fold(parts[0])
            reach[first] = max(reach.get(first, 0), len(parts))
            forms.setdefault(fold(" ".join(parts)), []).append((form, name))
    return Gazetteer(
        {key: tuple(found) for key, found in forms.items()},
        {name: tuple(found) for name, found in periods.items()},
        reach,
        frozenset(name.name for name in known if name.kind == "bloc"),
    )


_PARTING = re.compile("[-–—'’,]")


def tokens(form: str) -> list[str]:
    """Split a form as the English tokeniser does: hyphens between letters, a final 's or ', and commas stand alone."""
    if not _PARTING.search(form):
        return form.split()
    apart = re.sub(r"(?<=[^\W\d_])([-–—])(?=[^\W\d_])", r" \1 ", form)
    apart = re.sub(r"(?<=\w)(['’][sS]?|,)(?=\s|$)", r" \1", apart)
    return apart.split()


def look_up(
    gazetteer: Gazetteer, surface: str, *, years: Collection[int] = (), others: Collection[str] = frozenset()
) -> Candidate | None:
    """Tell which state a surface (its tokens joined with single spaces) means in its text, if any.

    ``years`` are those that the text speaks of, ``others`` the names of the states otherwise found in it.
    First the years decide, then in whose company the state stands, then the kind of use, then which of the
    readings the text names elsewhere, then what exists today.
    """
    hits = [hit for hit in _hits(gazetteer, surface) if hit[0].sure or _in_company(gazetteer, hit[1], years, others)]
    if not hits:
        return None
    form, name = _choose(gazetteer, hits, years, others)
    return Candidate((name.name,), form.use)


def canonical_name(gazetteer: Gazetteer, text: str) -> str:
    """Give the name that the program uses for a state that somebody has named; an unknown one stays as it is."""
    surface = " ".join(tokens(re.sub(r"^[Tt]he\s+", "", text.strip())))
    hits = _hits(gazetteer, surface)
    return _choose(gazetteer, hits, (), ())[1].name if hits else text


def known_names(gazetteer: Gazetteer) -> tuple[str, ...]:
    """Give every name that the program uses, in alphabetical order."""
    return tuple(sorted(gazetteer.periods))


def _hits(gazetteer: Gazetteer, surface: str) -> list[tuple[Form, Name]]:
    """Find the forms that a surface may be; its case must fit."""
    found = gazetteer.forms.get(fold(surface), ())
    return [
        hit for hit in found if surface[:1].isupper() and (not _is_acronym(hit[0].text) or _same(surface, hit[0].text))
    ]


def _choose(
    gazetteer: Gazetteer, hits: Sequence[tuple[Form, Name]], years: Collection[int], others: Collection[str]
) -> tuple[Form, Name]:
    """Choose among the readings of one surface."""
    # A state with several rows is one rival: its company may be spread over them.
    rivals: dict[str, list[tuple[float, float]]] = {}
    for _, name in hits:
        rivals.setdefault(name.name, []).append(_period(name))

    def rank(hit: tuple[Form, Name], named: Collection[str]) -> tuple[object, ...]:
        form, name = hit
        own = rivals[name.name]
        company = [gazetteer.periods.get(other, ()) for other in named if other not in rivals]
        return (
            -sum(any(start <= year <= end for start, end in own) for year in years),
            -sum(any(_overlap(mine, theirs) for mine in own for theirs in periods) for periods in company),
            USES.index(form.use),
            name.name not in named,
            name.end is not None,
            -_period(name)[0],
            (name.name, name.path, name.line),
        )

    # What others holds may come from this very surface, read without context: that is no second witness.
    alone = min(hits, key=lambda hit: rank(hit, ()))
    return min(hits, key=lambda hit: rank(hit, set(others) - {alone[1].name}))


def _in_company(gazetteer: Gazetteer, name: Name, years: Collection[int], others: Collection[str]) -> bool:
    """Whether a text speaks of the time of a row, if of any, and names a state of that time."""
    start, end = _period(name)
    if years and not any(start <= year <= end for year in years):
        return False
    return any(_overlap((start, end), period) for other in others for period in gazetteer.periods.get(other, ()))


def _period(name: Name) -> tuple[float, float]:
    """Give the years of a name, open ends as infinities."""
    return (_ALWAYS[0] if name.start is None else name.start, _ALWAYS[1] if name.end is None else name.end)


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two periods share more than the year in which one state takes over from the other."""
    return max(one[0], other[0]) < min(one[1], other[1])


def _is_acronym(form: str) -> bool:
    """Whether a form has a word of capitals only, such that in small letters it is another word."""
    return any(sum(map(str.isalpha, word)) > 1 and word.isupper() for word in form.split())


def _same(surface: str, form: str) -> bool:
    """Whether a surface is written exactly as a form."""
    return surface.replace("’", "'") == " ".join(tokens(form)).replace("’", "'")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Make case, accents, and the kinds of apostrophe and dash indifferent."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("–", "-").replace("—", "-"))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return text.casefold()
