"""Preparing a text for the parser: cut into stretches, its names found and masked, its long periods parted.

Each name is replaced by one that the model reads well, and the masked document remembers where its tokens stand in
the text, so that every quotation is the text's own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.reading import chronology
from advisor.reading import mentions as men
from advisor.reading.names import Gazetteer
from advisor.reading.words import Words

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_CHUNK = 6_000
_POOL = ("Germany", "France", "Russia", "Britain", "Spain", "Italy", "Japan", "Poland", "Sweden", "China")


@dataclass(slots=True)
class Masked:
    """A stretch of the text as it is parsed: the masked document and where its tokens stand in the text."""

    doc: Doc
    spans: list[tuple[int, int]]
    mentions: dict[int, men.Mention]
    years: dict[int, int]


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Split a text at blank lines, and very long paragraphs at sentence ends, into stretches to parse."""
    start = place = 0
    end = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            start = place if end == start else start
            end = place + len(line.rstrip())
        elif end > start:
            yield from _cut(text, start, end)
            start = end = place
        else:
            start = end = place
        place += len(line)
    if end > start:
        yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a long stretch where a sentence ends, or at a space, or anywhere if it has neither."""
    while end - start > _CHUNK:
        cut = max(text.rfind(mark, start, start + _CHUNK) for mark in (". ", "! ", "? ", "; ")) + 1
        if cut <= start:
            cut = text.rfind(" ", start, start + _CHUNK)
        cut = cut if cut > start else start + _CHUNK
        yield start, cut
        start = cut
    yield start, end


def parsed(
    nlp: Language, text: str, gazetteer: Gazetteer, lists: Words, common: frozenset[str], seen: dict[str, int]
) -> Iterable[Masked]:
    """Tokenise, find and mask the names, and parse, a batch at a time.

    ``common`` are the ordinary words of English; ``seen`` numbers the names met so far, and grows.
    """
    rulers: dict[str, tuple[str, ...]] = {}
    for batch in itertools.batched(_chunks(text), 32) if hasattr(itertools, "batched") else _batches(_chunks(text), 32):
        prepared = []
        for start, end in batch:
            raw = nlp.tokenizer(re.sub(r"\s", " ", text[start:end]))
            tokens = [token.text for token in raw]
            found = men.find(tokens, gazetteer, lists, common, seen, rulers)
            prepared.append(_mask(nlp, raw, start, found, seen))
        for masked, doc in zip(prepared, nlp.pipe([m.doc for m in prepared]), strict=True):
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


def _parted(texts: list[str]) -> Iterator[int]:
    """Give the places after semicolons from which to parse anew: parsers lose their way in long periods."""
    last = 0
    for place, word in enumerate(texts):
        if word in (".", "!", "?"):
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
    place = 0
    while place < len(raw):
        mention = starts.get(place)
        end = mention.end if mention else place + 1
        last = raw[end - 1]
        if mention:
            mentions[len(texts)] = mention
            texts.append(_mask_text(mention, raw[mention.start : mention.end].text, seen))
        elif end < len(raw) and (year := chronology.dated_before_christ(raw[place].text, raw[end].text)) is not None:
            years[len(texts)] = year
            texts.append(_YEAR)
            end += 1
            last = raw[end - 1]
        else:
            texts.append(raw[place].text)
        spaces.append(bool(last.whitespace_))
        spans.append((offset + raw[place].idx, offset + last.idx + len(last)))
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
