"""Finding the names of states in a text, known and unknown, before it is parsed.

Each name is then masked with one that the English model reads well, so that "Arvenia", "State A" and
"the Sublime Porte" are parsed as reliably as "Germany" and renaming a state changes nothing.
A name that no list has is taken for a state on evidence only: what it is called, what kind of thing the
text says it is, or a text in which states without known names are all there is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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


def find(
    words: Sequence[str],
    gazetteer: Gazetteer,
    lists: Words,
    common: frozenset[str],
    met: Collection[str] = (),
    rulers: dict[str, tuple[str, ...]] | None = None,
) -> list[Mention]:
    """Find the mentions of states in a tokenised stretch of text.

    ``common`` are the lower-case words that are ordinary English, ``met`` the names that the text has used of states
    before this stretch, ``rulers`` the persons it has made known ("Frederick, King of Prussia") and their states;
    it grows.
    """
    taken: dict[int, Mention] = {}
    placeholders(words, taken, lists, met)
    _compounds(words, taken, gazetteer, lists)
    years = tuple(sorted({int(word) for word in words if re.fullmatch(r"1\d{3}|20\d\d", word)}))
    first = _known(words, gazetteer, taken, years, frozenset())
    others = frozenset(name for mention in first for name in mention.names)
    for mention in _known(words, gazetteer, taken, years, others):
        if not _is_person(words, mention, lists):
            taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
    _bare_letters(words, taken, lists)
    for mention in _unknown(words, taken, lists, common, met):
        taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
    for mention in _rulers(words, taken, lists, {} if rulers is None else rulers):
        taken.update(dict.fromkeys(range(mention.start, mention.end), mention))
    return list(_united(sorted(set(taken.values()), key=lambda mention: mention.start)))


def _united(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Make one of two mentions side by side of the same states: "Pope" and "Leo X"."""
    last: Mention | None = None
    for mention in mentions:
        if last is not None and last.end == mention.start and last.names == mention.names:
            last = replace(mention, start=last.start, use=last.use if last.use != "demonym" else mention.use)
            continue
        if last is not None:
            yield last
        last = mention
    if last is not None:
        yield last


def _is_person(words: Sequence[str], mention: Mention, lists: Words) -> bool:
    """Whether a title before a place makes it a person: "King Milan", "Lord Holland"."""
    title = words[mention.start - 1].lower().rstrip(".") if mention.start else ""
    return title in lists.titles and mention.use in ("name", "capital") and words[mention.start - 1][:1].isupper()


def _rulers(
    words: Sequence[str], taken: Mapping[int, Mention], lists: Words, rulers: dict[str, tuple[str, ...]]
) -> Iterator[Mention]:
    """Take a ruler whom the text makes known for his state: "Frederick, King of Prussia", "Henry of England"."""
    for mention in sorted(set(taken.values()), key=lambda each: each.start):
        place = mention.start - 1
        if mention.use == "ruler" and mention.end - mention.start > 2 and words[mention.start + 1] == "of":
            rulers[words[mention.start]] = mention.names  # "Henry of England", and then "Henry"
        if mention.use not in ("name", "bloc") or place < 1 or words[place].lower() != "of":
            continue
        place -= 1
        titled = words[place].lower() in lists.titles and place > 1 and words[place - 1] == ","
        place -= 2 if titled else 0
        while place and words[place][:1].isupper() and words[place - 1][:1].isupper() and place - 1 not in taken:
            place -= 1  # "Charles Albert"
        while place > 1 and words[place - 1].lower() == "the" and words[place - 2][:1].isupper():
            place -= 2  # "Christian the Fourth"
        name, before = words[place], words[place - 1].lower() if place else "."
        proper = name[:1].isupper() and name.isalpha() and len(name) > 2
        kinds = lists.titles | lists.realms | lists.state_nouns | lists.representatives
        free = place not in taken or taken[place].use == "ruler"
        if proper and free and name.lower() not in kinds and (titled or before != "the"):  # "the Treaty of Paris"
            rulers[name] = mention.names
    for place, word in enumerate(words):
        alone = place not in taken or taken[place].use == "ruler"
        follows = place + 1 < len(words) and words[place + 1][:1].isupper() and words[place + 1].isalpha()
        if word in rulers and alone and not (follows and place + 1 not in taken):
            yield Mention(place, place + 1, rulers[word], "ruler", True)


def placeholders(words: Sequence[str], taken: dict[int, Mention], lists: Words, met: Collection[str] = ()) -> None:
    """Take "State A", "Country Beta" and, once they are met, "A" and "Beta" for names."""
    short: dict[str, str] = {}
    for name in met:
        kind, _, letter = name.partition(" ")
        if kind.lower() in lists.lettered and _is_letter(letter, lists):
            short[letter] = name
    for place in range(len(words) - 1):
        kind, letter = words[place], words[place + 1]
        if kind.lower() in lists.lettered and kind[0].isupper() and _is_letter(letter, lists):
            mention = Mention(place, place + 2, (f"{kind.capitalize()} {letter}",), "name", False)
            taken[place] = taken[place + 1] = mention
            short.setdefault(letter, mention.names[0])
    _take_letters(words, taken, short)


def _take_letters(words: Sequence[str], taken: dict[int, Mention], short: Mapping[str, str]) -> None:
    for place, word in enumerate(words):
        if word in short and place not in taken and _stands_alone(words, place):
            taken[place] = Mention(place, place + 1, (short[word],), "name", False)


def _bare_letters(words: Sequence[str], taken: dict[int, Mention], lists: Words) -> None:
    """Take letters for names in a text that names no known state and calls two states at least by letters."""
    named = {word for place, word in enumerate(words) if _is_letter(word, lists) and _stands_alone(words, place)}
    if len(named) > 1 and not any(mention.known for mention in taken.values()):
        _take_letters(words, taken, {letter: letter for letter in named})


def _is_letter(word: str, lists: Words) -> bool:
    """Whether a word is what states without a name are called by: "A", "IV", "Beta"."""
    return bool(re.fullmatch(r"[A-Z]|[IVX]+", word)) or (word[:1].isupper() and word.lower() in lists.letters)


_AFTER_NAME = frozenset(
    {"and", "or", "is", "was", "has", "had", "will", "would", "can", "could", "may", "might", "must"}
)
_AFTER_NAME |= {"should", "does", "did", ",", "'", "'s", "’s", "fears"}


def _stands_alone(words: Sequence[str], place: int) -> bool:
    """Whether a letter is a name here, and no article, pronoun, initial or number of a king."""
    word = words[place]
    before = words[place - 1] if place else "."
    after = words[place + 1] if place + 1 < len(words) else "."
    if word == "I" or (before[:1].isupper() and place > 1 and words[place - 2] not in _STOPS):
        return False
    if after == "." and place + 2 < len(words) and words[place + 2][:1].isupper() and before[:1].isupper():
        return False
    opens = before in _STOPS or before in ("“", '"')
    return word != "A" or not opens or after.lower() in _AFTER_NAME


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


def _unknown(
    words: Sequence[str], taken: dict[int, Mention], lists: Words, common: frozenset[str], met: Collection[str]
) -> list[Mention]:
    """Take unknown capitalised words for states where there is evidence for it."""
    runs = _capitalised(words, taken, lists, common)
    persons = {
        word
        for start, end in runs
        for word in words[start:end]
        if start and words[start - 1].lower().rstrip(".") in lists.titles
    }
    names = {run: " ".join(words[run[0] : run[1]]) for run in runs}
    typed = {
        name
        for (start, end), name in names.items()
        if name in met
        or _is_typed(words, start, end, lists, taken)
        or (name.lower() not in common and _is_signed(words, start, end, lists, taken))
    }
    if not any(mention.known for mention in taken.values()):  # an invented world
        typed |= {name for name in names.values() if _may_be_state(name, persons) and name.lower() not in common}
    accepted = _with_joined(words, names, typed, taken, persons)
    stems = {name: name.lower() for name in accepted if " " not in name}
    found = []
    for start, end in sorted([*runs, *_again(words, runs, accepted, taken)]):
        name = " ".join(words[start:end])
        base = _fictional_demonym(name, stems)
        first_word, _, rest = name.partition(" ")
        realm = _fictional_demonym(first_word, stems) if rest and rest.lower() in lists.realms else None
        if name in accepted and not base and re.search(r"[a-z]{3}ians?$", name) and name not in stems.values():
            base = name.removesuffix("s").removesuffix("n")  # "Kestrian bases" are Kestria's
        if base or realm:
            found.append(Mention(start, end, (base or realm or "",), "demonym" if base else "name", False))
        elif name in accepted:
            first = start - 1 if start and words[start - 1].lower() == "the" and end - start > 1 else start
            found.append(Mention(first, end, (name,), "name", False))
    return found


_Runs = Mapping[tuple[int, int], str]


def _with_joined(
    words: Sequence[str], names: _Runs, typed: set[str], taken: Mapping[int, Mention], persons: set[str]
) -> set[str]:
    """Add the names that "and" joins to a state's: "its neighbours, Corona *and Weselton*"."""
    accepted = set(typed)
    states = set(taken) | {
        place for (start, end), name in names.items() if name in typed for place in range(start, end)
    }
    while True:
        new = {
            (start, end)
            for (start, end), name in names.items()
            if name not in accepted
            and _may_be_state(name, persons)
            and (
                (start > 1 and words[start - 1].lower() in ("and", "nor") and start - 2 in states)
                or (end + 1 < len(words) and words[end].lower() in ("and", "nor") and end + 1 in states)
            )
        }
        if not new:
            return accepted
        accepted |= {names[run] for run in new}
        states |= {place for start, end in new for place in range(start, end)}


def _again(
    words: Sequence[str], runs: Sequence[tuple[int, int]], accepted: set[str], taken: Mapping[int, Mention]
) -> Iterator[tuple[int, int]]:
    """Give the places where a state's name opens a sentence and might be an ordinary word: "*Corona* is weak"."""
    inside = {place for start, end in runs for place in range(start, end)}
    for place, word in enumerate(words):
        if word in accepted and place not in inside and place not in taken:
            yield place, place + 1


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
    apart = before[-1:] in ([","], ["called"], ["named"])
    kind = before[-2] if apart and len(before) > 1 else before[-1] if before else ""
    behind = start - 2 if apart else start - 1
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
