"""Finding the names of states in a text, known and unknown, before it is parsed.

Each name is then masked with one that the English model reads well, so that "Arvenia", "State A" and
"the Sublime Porte" are parsed as reliably as "Germany" and renaming a state changes nothing.
A name that no list has is taken for a state on evidence only: what it is called, what kind of thing the
text says it is, or a text in which states without known names are all there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.reading.names import Gazetteer, fold, look_up
from advisor.reading.words import Words

_DEMONYM = re.compile(r"(?:i?ans?|ese|ish|is?|ites?|ers?)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens ``start`` to ``end`` (exclusive) name states: ``names``, used as a name, demonym, capital, …"""

    start: int
    end: int
    names: tuple[str, ...]
    use: str
    known: bool


def find(words: Sequence[str], gazetteer: Gazetteer, lists: Words, common: frozenset[str]) -> list[Mention]:
    """Find the mentions of states in a tokenised text.

    ``common`` are the lower-case words of the text that are ordinary English.
    """
    taken: dict[int, Mention] = {}
    placeholders(words, taken, lists)
    _compounds(words, taken, gazetteer, lists)
    years = tuple(sorted({int(word) for word in words if re.fullmatch(r"1\d{3}|20\d\d", word)}))
    first = _known(words, gazetteer, taken, years, frozenset())
    others = frozenset(name for mention in first for name in mention.names)
    for mention in _known(words, gazetteer, taken, years, others):
        taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
    for mention in _unknown(words, taken, lists, common):
        taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
    return sorted(set(taken.values()), key=lambda mention: mention.start)


def placeholders(words: Sequence[str], taken: dict[int, Mention], lists: Words) -> None:
    """Take "State A", "Country B", "Power C" for names."""
    for place in range(len(words) - 1):
        letter = words[place + 1]
        if (
            words[place].lower() in lists.lettered
            and words[place][0].isupper()
            and re.fullmatch(r"[A-Z]|[IVX]+", letter)
        ):
            mention = Mention(place, place + 2, (f"{words[place].capitalize()} {letter}",), "name", False)
            taken[place] = taken[place + 1] = mention


def _compounds(words: Sequence[str], taken: dict[int, Mention], gazetteer: Gazetteer, lists: Words) -> None:
    """Take "Franco-German" and "Soviet-Yugoslav" for two states at once."""
    for place in range(len(words) - 2):
        if words[place + 1] not in ("-", "–") or not words[place][:1].isupper() or not words[place + 2][:1].isupper():
            continue
        whole = look_up(gazetteer, " ".join(words[place : place + 3]), years=(), others=frozenset())
        second = look_up(gazetteer, words[place + 2], years=(), others=frozenset())
        first = lists.compounds.get(words[place].lower())
        if first is None:
            adjective = look_up(gazetteer, words[place], years=(), others=frozenset())
            first = adjective.names[0] if adjective is not None and adjective.use == "demonym" else None
        if whole is not None or first is None or second is None or second.use != "demonym":
            continue
        both = Mention(place, place + 3, (first, second.names[0]), "compound", True)
        taken.update(dict.fromkeys(range(place, place + 3), both))


def _known(
    words: Sequence[str],
    gazetteer: Gazetteer,
    taken: dict[int, Mention],
    years: tuple[int, ...],
    others: frozenset[str],
) -> list[Mention]:
    """Find the names that the gazetteer has, longest first."""
    found: list[Mention] = []
    place = 0
    while place < len(words):
        if not words[place][:1].isupper():
            place += 1
            continue
        for size in range(min(gazetteer.reach.get(fold(words[place]), 0), len(words) - place), 0, -1):
            if any(place + offset in taken for offset in range(size)):
                continue
            surface = " ".join(words[place : place + size])
            candidate = look_up(gazetteer, surface, years=years, others=others)
            if candidate is not None:
                start = place
                article = place and words[place - 1].lower() == "the" and candidate.use != "demonym"
                if article and place - 1 not in taken and (size > 1 or words[place][:1].isupper()):
                    start -= 1
                found.append(Mention(start, place + size, candidate.names, candidate.use, True))
                place += size - 1
                break
        place += 1
    return found


def _unknown(words: Sequence[str], taken: dict[int, Mention], lists: Words, common: frozenset[str]) -> list[Mention]:
    """Take unknown capitalised words for states where there is evidence for it."""
    runs = _capitalised(words, taken, lists, common)
    persons = {
        word
        for start, end in runs
        for word in words[start:end]
        if start and words[start - 1].lower().rstrip(".") in lists.titles
    }
    counts: dict[str, int] = {}
    typed: set[str] = set()
    for start, end in runs:
        name = " ".join(words[start:end])
        counts[name] = counts.get(name, 0) + 1
        joined = start > 1 and words[start - 1].lower() == "and" and start - 2 in taken
        follows = end + 1 < len(words) and words[end].lower() == "and" and end + 1 in taken
        beside = (joined or follows) and _may_be_state(name, persons)
        if (
            beside
            or _is_typed(words, start, end, lists, taken)
            or (name.lower() not in common and _is_signed(words, start, end, lists, taken))
        ):
            typed.add(name)
    fictional = not any(mention.known for mention in taken.values())
    ordinary = {name for name in counts if name.lower() in common}
    accepted = {
        name
        for name in counts
        if name in typed or (fictional and _may_be_state(name, persons) and name not in ordinary)
    }
    stems = {name: name.lower() for name in accepted if " " not in name}
    found = []
    for start, end in runs:
        name = " ".join(words[start:end])
        base = _fictional_demonym(name, stems)
        if base:
            found.append(Mention(start, end, (base,), "demonym", False))
        elif name in accepted:
            first = start - 1 if start and words[start - 1].lower() == "the" and end - start > 1 else start
            found.append(Mention(first, end, (name,), "name", False))
    return found


def _may_be_state(name: str, persons: set[str]) -> bool:
    """Whether an unknown name may be a state's: one word, and nowhere a person's."""
    return " " not in name and name not in persons


def _capitalised(
    words: Sequence[str], taken: dict[int, Mention], lists: Words, common: frozenset[str]
) -> list[tuple[int, int]]:
    """Find runs of capitalised words that are no ordinary words; a run may pass through "of the"."""
    runs = []
    place = 0
    while place < len(words):
        word = words[place]
        initial = place == 0 or words[place - 1] in '.!?"“”:;\n' or words[place - 1].isspace()
        lower = word.lower()
        proper = (
            word[:1].isupper()
            and word.isalpha()
            and len(word) > 1
            and place not in taken
            and lower not in lists.no_names
            and not (_is_ordinary(lower, common) and (initial or lower in lists.realms or word.isupper()))
        )
        if not proper:
            place += 1
            continue
        end = place + 1
        while end < len(words) and words[end][:1].isupper() and words[end].isalpha() and end not in taken:
            end += 1
        runs.append((place, end))
        place = end
    return runs


def _is_ordinary(lower: str, common: frozenset[str]) -> bool:
    """Whether a word, or what it is inflected from, is ordinary English."""
    if lower in common:
        return True
    stems = (lower.removesuffix(end) for end in ("ing", "ed", "d", "es", "s", "ly") if lower.endswith(end))
    return any(stem in common or stem + "e" in common for stem in stems if len(stem) > 2)


_REACH = 4
"""Words to either side of a name among which a sign of a state counts."""


def _is_signed(words: Sequence[str], start: int, end: int, lists: Words, taken: dict[int, Mention]) -> bool:
    """Whether a name of one word stands in a clause with a known state and a sign that it is one too.

    "X is at war with Japan", "Japan and its ally X": the sign is near, and no title, first name or office is.
    """
    before = words[start - 1] if start else "."
    first_name = before[:1].isupper() and start - 1 not in taken
    if end - start > 1 or first_name or before == "of" or before.lower().rstrip(".") in lists.titles - {""}:
        return False
    first = next((n + 1 for n in range(start - 1, -1, -1) if words[n] in _STOPS), 0)
    last = next((n for n in range(end, len(words)) if words[n] in _STOPS), len(words))
    near = [*words[max(first, start - _REACH) : start], *words[end : min(last, end + _REACH)]]
    return any(word.lower() in lists.signs for word in near) and any(
        place in taken and taken[place].known for place in range(first, last)
    )


_STOPS = frozenset({".", "!", "?", ";", ":", "\n"})


def _is_typed(words: Sequence[str], start: int, end: int, lists: Words, taken: dict[int, Mention]) -> bool:
    """Whether the words around a name make it a state: "the kingdom of X", "X, a small state", "the X Empire"."""
    before = [word.lower() for word in words[max(0, start - 3) : start]]
    if before[-1:] == ["of"] and len(before) > 1 and before[-2] in lists.realms:
        return True
    if words[end - 1].lower() in lists.realms and end - start > 1:
        return True
    kind = before[-2] if before[-1:] == [","] and len(before) > 1 else before[-1] if before else ""
    behind = start - 2 if before[-1:] == [","] else start - 1
    if behind in taken:
        return False
    if kind in lists.state_nouns or (kind.endswith("s") and kind[:-1] in lists.state_nouns):
        return True
    after = [word.lower() for word in words[end : end + 9]]
    if after[:1] == [","] or after[:1] in (["is"], ["was"], ["became"], ["remained"]):
        for offset, word in enumerate(after[1:8], 1):
            if word in lists.state_nouns and after[1] in ("a", "an", "the", "its", "one", "no", "another"):
                return True
            if word in ".;" or (word == "," and offset > 1):
                break
    return False


def _fictional_demonym(name: str, stems: dict[str, str]) -> str | None:
    """Give the invented name that a word like "Ruritanian" belongs to, if any."""
    lower = name.lower()
    for base, stem in stems.items():
        if lower != stem and _DEMONYM.search(lower) and len(stem) > 3:
            shared = stem[: max(4, len(stem) - 2)]
            if lower.startswith(shared):
                return base
    return None
