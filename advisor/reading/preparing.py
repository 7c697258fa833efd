"""Preparing a text for the parser: cleaned, cut into stretches, its names found and masked, its long periods parted.

Each name is replaced by one that the model reads well, and the masked document remembers where its tokens stand in
the text, so that every quotation is the text's own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.reading import chronology, cleaning
from advisor.reading import language as languages
from advisor.reading import mentions as men
from advisor.reading.names import Gazetteer
from advisor.reading.words import Words

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_CHUNK = 6_000
_BATCH = 32
_POOL = ("Germany", "France", "Russia", "Britain", "Spain", "Italy", "Japan", "Poland", "Sweden", "China")


@dataclass(slots=True)
class Masked:
    """A stretch of the text as it is parsed: the masked document and where its tokens stand in the text."""

    doc: Doc
    spans: list[tuple[int, int]]
    mentions: dict[int, men.Mention]
    years: dict[int, int]


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Split a text at blank lines, list items and cells of tables, and long paragraphs at sentence ends."""
    start = place = end = 0
    listed = False
    last = ""
    for found in _LINE.finditer(text):
        line = found[0]
        bare = line.strip()
        item = _ITEM.match(line)
        # In the midst of a paragraph a dash or a number begins no item: "1914 –", "– and so it was".
        begins = bool(item) and (listed or end <= start or last[-1:] in ".:;!?")
        row = bare.count("|") > 1 or bare.count("\t") > 1
        if end > start and (not bare or begins or row or bare.startswith("#")):
            yield from _cut(text, start, end)
            start = end = place
        if row:
            yield from _cells(line, place)
        elif bare:
            start = (place + (item.end() if item and begins else 0)) if end <= start else start
            end = place + len(line.rstrip())
            if bare.startswith("#"):
                yield from _cut(text, start, end)
                end = start
        listed = bool(bare) and (listed or begins)
        last = bare
        place += len(line)
        if row or not bare:
            start = end = place
    if end > start:
        yield from _cut(text, start, end)


_ENDS = "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{_ENDS}]+(?:\r\n|[{_ENDS}])?|[{_ENDS}]+")
_ITEM = re.compile(r"[ \t]*(?:[-*+•‣◦▪·–—]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+(?=\S)")
"""What begins an item of a list."""


def _cells(line: str, place: int) -> Iterator[tuple[int, int]]:
    """Give each cell of a row on its own."""
    for cell in re.finditer(r"[^|\t\n]+", line):
        start = place + cell.start() + len(cell[0]) - len(cell[0].lstrip())
        if any(letter.isalnum() for letter in cell[0]):
            yield start, place + cell.start() + len(cell[0].rstrip())


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a long stretch where a sentence ends, or at a space, or anywhere if it has neither."""
    while end - start > _CHUNK:
        cut = max(text.rfind(mark, start, start + _CHUNK) for mark in (". ", "! ", "? ", "; ", ".\n")) + 1
        if cut <= start:
            cut = text.rfind(" ", start, start + _CHUNK)
        cut = cut if cut > start else start + _CHUNK
        yield start, cut
        start = cut
    yield start, end


def passed_over(text: str) -> list[tuple[int, int, str]]:
    """Give the stretches of a text that are not read because they are not in English, each with its language."""
    clean = cleaning.cleaned(text)
    return [
        (clean.start(start), clean.end(end), language)
        for start, end in _chunks(clean.text)
        if (language := languages.other_language(clean.text[start:end]))
    ]


def whole_language(text: str) -> str:
    """Name the language that a text is in, if no stretch of it may be English; else give the empty string."""
    clean = cleaning.cleaned(text)
    found: dict[str, None] = {}
    for start, end in _chunks(clean.text):
        language = languages.other_language(clean.text[start:end])
        if not language and any(letter.isalpha() for letter in clean.text[start:end]):
            return ""
        if language:
            found[language] = None
    return " and ".join(found)


def parsed(
    nlp: Language, text: str, gazetteer: Gazetteer, lists: Words, common: frozenset[str], seen: dict[str, int]
) -> Iterator[Masked]:
    """Tokenise, find and mask the names, and parse, a batch at a time; what is not English is passed over.

    ``common`` are the ordinary words of English; ``seen`` numbers the names met so far, and grows.
    """
    for batch in _prepared(nlp, text, gazetteer, lists, common, seen):
        yield from _parse(nlp, batch)


def parsed_together(
    nlp: Language,
    texts: Iterable[tuple[str, dict[str, int]]],
    gazetteer: Gazetteer,
    lists: Words,
    common: frozenset[str],
) -> Iterator[list[Masked]]:
    """Do the same for several texts, each with the names seen in it, and parse all of them in one go.

    A parse does not depend on what is parsed beside it: each row of the model's products is computed by itself, and
    between two documents stand empty rows, as many as a word sees to either side.
    """
    each = [
        [masked for batch in _prepared(nlp, text, gazetteer, lists, common, seen) for masked in batch]
        for text, seen in texts
    ]
    everything = iter(list(_parse(nlp, [masked for one in each for masked in one])))
    for one in each:
        yield list(itertools.islice(everything, len(one)))


def _prepared(
    nlp: Language, text: str, gazetteer: Gazetteer, lists: Words, common: frozenset[str], seen: dict[str, int]
) -> Iterator[list[Masked]]:
    """Clean, cut and mask a text, a batch of its stretches at a time."""
    rulers: dict[str, tuple[str, ...]] = {}
    clean = cleaning.cleaned(text)
    for batch in _batches(_chunks(clean.text), _BATCH):
        prepared = []
        for start, end in batch:
            stretch = clean.text[start:end]
            if languages.other_language(stretch):
                continue
            raw = nlp.tokenizer(re.sub(r"\s", " ", stretch))
            tokens = [token.text for token in raw]
            found = men.find(tokens, gazetteer, lists, common, seen, rulers)
            masked = _mask(nlp, raw, start, found, seen)
            if len(clean.runs) > 1:
                masked.spans = [(clean.start(first), clean.end(last)) for first, last in masked.spans]
            prepared.append(masked)
        yield prepared


def _parse(nlp: Language, prepared: list[Masked]) -> Iterator[Masked]:
    """Parse what was prepared."""
    raw_docs = [masked.doc for masked in prepared]
    # A pipe for one costs more than it saves.
    docs = nlp.pipe(raw_docs) if len(raw_docs) > 1 else map(nlp, raw_docs)
    for masked, doc in zip(prepared, docs, strict=True):
        masked.doc = doc
        yield masked


def _batches(items: Iterable[tuple[int, int]], size: int) -> Iterable[tuple[tuple[int, int], ...]]:
    iterator = iter(items)
    while batch := tuple(itertools.islice(iterator, size)):
        yield batch


_YEAR = "1815"
"""How a year before Christ is parsed, as one that the model reads well."""
_LEAST = 4
"""Words that a part of a sentence must have to be parsed on its own."""
_LONGEST, _BREAK = 250, frozenset({",", "–", "—", ")", "and", "but"})
"""Words after which a sentence that does not end, a list or no prose at all, is parsed in parts; where it is parted."""


def _parted(texts: list[str]) -> Iterator[int]:
    """Give the places from which to parse anew, most after semicolons: parsers lose their way in long periods."""
    last = 0
    for place, word in enumerate(texts):
        if word in (".", "!", "?"):
            last = place + 1
        elif (place - last >= _LONGEST and word in _BREAK) or place - last >= 2 * _LONGEST:
            if place + 1 < len(texts):
                yield place + 1
            last = place + 1
        elif word == ";" and place + 1 < len(texts):
            ahead = next((n for n, w in enumerate(texts[place + 1 :]) if w in (".", ";", "!", "?")), len(texts))
            if place - last >= _LEAST and ahead >= _LEAST:
                yield place + 1
            last = place + 1


def _joined(texts: list[str], mentions: Mapping[int, men.Mention]) -> Iterator[int]:
    """Give the places after a full stop where no sentence begins: "Frank B. Kellogg", "Louis XII. of France"."""
    for place in range(3, len(texts)):
        first, word, stop, after = texts[place - 3 : place + 1]
        if stop != "." or place - 2 in mentions:
            continue
        named = first[:1].isupper() and first.isalpha()
        initial = named and len(word) == 1 and word.isupper() and after[:1].isupper()
        numeral = re.fullmatch(r"[IVXL]+", word) and not after[:1].isupper()
        if initial or numeral:
            yield place


def _mask(nlp: Language, raw: Doc, offset: int, found: list[men.Mention], seen: dict[str, int]) -> Masked:
    """Merge each mention into one token under a name that the model reads well."""
    from spacy.tokens import Doc as SpacyDoc

    texts: list[str] = []
    spaces: list[bool] = []
    spans: list[tuple[int, int]] = []
    mentions: dict[int, men.Mention] = {}
    years: dict[int, int] = {}
    starts = {mention.start: mention for mention in found}
    tokens = list(raw)  # to ask a document for a token makes one each time
    place = 0
    while place < len(tokens):
        mention = starts.get(place)
        end = mention.end if mention else place + 1
        here, last = tokens[place], tokens[end - 1]
        if mention:
            mentions[len(texts)] = mention
            texts.append(_mask_text(mention, raw[mention.start : mention.end].text, seen))
        elif end < len(tokens) and (year := chronology.dated_before_christ(here.text, tokens[end].text)) is not None:
            years[len(texts)] = year
            texts.append(_YEAR)
            end += 1
            last = tokens[end - 1]
        else:
            texts.append(here.text)
        spaces.append(bool(last.whitespace_))
        spans.append((offset + here.idx, offset + last.idx + len(last)))
        place = end
    starts_here: list[int | None] = [None] * len(texts)
    for after in _parted(texts):
        starts_here[after] = 1
    for after in _joined(texts, mentions):
        starts_here[after] = -1
    return Masked(SpacyDoc(nlp.vocab, words=texts, spaces=spaces, sent_starts=starts_here), spans, mentions, years)


def _mask_text(mention: men.Mention, surface: str, seen: dict[str, int]) -> str:
    """Choose the mask of a mention: a country, or for a demonym the adjective or the people."""
    if mention.use == "compound":
        return "German"
    if mention.use == "demonym":
        return "Germans" if surface.endswith("s") and not surface.endswith("ss") else "German"
    number = seen.setdefault(mention.names[0], len(seen))
    return _POOL[number % len(_POOL)]
