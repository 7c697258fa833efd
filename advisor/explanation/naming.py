"""Names in running text: which take the article, which are written small, and how clauses share a subject.

The vocabulary says facts with bare names, so that what it says can be matched again; prose needs "the Soviet
Union".  Which names do is data, in ``templates/articles.csv``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from advisor import house
from advisor.explanation.account import Clause
from advisor.terms import SYSTEM, Fact, Vocabulary
from advisor.vocabulary import say

LIST = "articles.csv"
_IS_A = re.compile(r"is an? ")
_AUTHORS = re.compile(r" \(([^()]*)\)$")


@dataclass(frozen=True, slots=True)
class Naming:
    """The words that give a name the article, and those that keep their capital inside a sentence."""

    the: frozenset[str]
    capital: frozenset[str]


def load_naming(templates: Path | None = None) -> Naming:
    """Read the list of words, the user's or the program's own; without one no name takes an article.

    Raises OSError if the list cannot be read, and ValueError where it is not understood.
    """
    own = templates / LIST if templates is not None else None
    path = own if own is not None and own.is_file() else house.templates_folder() / LIST
    if not path.exists():
        return Naming(frozenset(), frozenset())
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
    except UnicodeDecodeError:
        raise ValueError(f"{path}: this file is not valid UTF-8; save it as UTF-8") from None
    for number, row in enumerate(rows, 2):
        if row and (len(row) != 2 or row[1] not in ("the", "capital")):
            raise ValueError(f"{path}:{number}: this row is not “word,the” or “word,capital”")
    return Naming(*(frozenset(row[0] for row in rows if row and row[1] == use) for use in ("the", "capital")))


@lru_cache(maxsize=4096)
def takes_the(naming: Naming, name: str) -> bool:
    """Whether a name takes the article: "Soviet Union", "Republic of the Congo", but "Samori's Empire"."""
    if re.match(r"\w+['’]s ", name):
        return False
    before, of, _ = name.partition(" of ")
    return any(before == word or before.endswith(f" {word}") for word in naming.the) or (
        bool(of) and before in naming.the
    )


def named(naming: Naming, name: str) -> str:
    """Give a name as it stands in a sentence."""
    return f"the {name}" if takes_the(naming, name) else name


def with_articles(naming: Naming, text: str, names: Collection[str]) -> str:
    """Put the article before every name in a text that takes it and has none."""
    wanted = sorted((name for name in names if takes_the(naming, name)), key=lambda name: (-len(name), name))
    if not wanted:
        return text
    pattern = "|".join(re.escape(name) for name in wanted)
    return re.sub(rf"(?<![\w-])(?<![Tt]he )({pattern})(?![\w-])", r"the \1", text)


def school_in_prose(naming: Naming, name: str) -> str:
    """Give a school's name inside a sentence: small, without what follows a comma or a list of authors.

    "Balance of threat (Walt)" becomes "balance of threat (Walt)", "Constructivist critique" "the constructivist
    critique", "Small-state studies (Rothstein, Labs, Kuik)" "small-state studies".
    """
    authors = _AUTHORS.search(name)
    bare = name[: authors.start()] if authors else name
    kept = authors[0] if authors and not re.search(r"[,;]| and ", authors[1]) else ""
    bare = bare.partition(",")[0]
    first = re.match(r"[\w-]*", bare)
    if first and first[0].partition("-")[0] not in naming.capital and not bare[1:2].isupper():
        bare = bare[:1].lower() + bare[1:]
    return f"{named(naming, bare)}{kept}"


def in_a_sentence(naming: Naming, title: str, names: Collection[str] = ()) -> str:
    """Give a title that is a clause as it stands inside a sentence: small, unless its first word keeps its capital."""
    first = re.match(r"[\w-]*", title)
    word = first[0] if first else ""
    if word.partition("-")[0] in naming.capital or word[1:2].isupper() or any(title.startswith(name) for name in names):
        return title
    return title[:1].lower() + title[1:]


def bare(name: str) -> str:
    """Give the name of a school without its authors: "balance of threat" for "balance of threat (Walt)"."""
    return _AUTHORS.sub("", name)


# ---------------------------------------------------------------- clauses that share a subject


def joined(listed: Sequence[str]) -> str:
    """Join the parts of a list: "a", "a and b", "a, b and c"; what has a comma inside comes last, or is set off."""
    parts = sorted(listed, key=lambda part: ", " in part)
    if len(parts) < 2:
        return "".join(parts)
    if ", " in parts[-2]:
        return "; ".join(parts[:-1]) + "; and " + parts[-1]
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def reasons(clauses: Iterable[Clause], about: str = "") -> str:
    """Tell clauses as one, a shared subject named once; that of ``about``, the sentence's own, is "it".

    "Borland is a great power" and "Borland is a land power" become "Borland is a great power and a land power".
    """
    groups: dict[str, list[str]] = {}
    for clause in clauses:
        mark = " (assumed)" if clause.ground == "assumption" else ""
        subject = clause.subject or clause.text
        groups.setdefault(subject, []).append((clause.text[len(subject) :] + mark).strip())
    said = []
    for subject in sorted(groups, key=lambda subject: subject != about):
        head = "it" if about and subject == about else subject
        said.append(f"{head} {joined(_sharing_a_verb(groups[subject]))}".strip())
    if len(said) > 1 and any(", " in part or " and " in part for part in said):
        return (", and " if len(said) == 2 else "; and ").join(["; ".join(said[:-1]), said[-1]])
    return joined(said)


def _sharing_a_verb(predicates: Sequence[str]) -> list[str]:
    """Put what a subject is said to be into one: "is a great power" and "is a land power"."""
    nouns = [predicate for predicate in predicates if _IS_A.match(predicate) and ", " not in predicate]
    if len(nouns) < 2:
        return list(predicates)
    first = nouns[0] + "".join(
        (" and " if noun == nouns[-1] else ", ") + noun.removeprefix("is ") for noun in nouns[1:]
    )
    return [first, *(predicate for predicate in predicates if predicate not in nouns)]


def worded(naming: Naming, vocabulary: Vocabulary, fact: Fact) -> str:
    """Say a fact as running text does, with articles."""
    args = tuple(arg if arg == SYSTEM else named(naming, arg) for arg in fact.args)
    return say(vocabulary, fact._replace(args=args))
