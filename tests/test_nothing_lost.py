"""Nothing that names a state is passed over in silence: it is read, or it is listed as unread.

Every letter stands in a sentence that was looked at, but for mark-up.  A sentence that names a state, or means one,
has an observation or an unread clause, and so has each of its clauses; a lone name is a heading and says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import metamorphic
import pytest
from metamorphic import Text

from advisor.terms import Reading, Theory

ODD = [
    "",
    " \n",
    "…",
    "Arvenia",
    "It is weak.",
    "Arvenia\n\nBorland\n\nCadria",
    "Arvenia... Borland?! Cadria!!",
    "Arvenia; Borland; Cadria: three states.",
    "| state | strength |\n| --- | --- |\n| Arvenia | Arvenia is weak |\n| Borland | Borland is a great power |\n",
    "name,strength\nArvenia,weak\nBorland,great\n",
    "- Arvenia is weak.\n- Borland threatens Arvenia\n- Cadria: an ally of Arvenia\n* Borland rises\n1. Cadria waits",
    "Arvenia is weak and Borland threatens it and Cadria supports it and Borland has attacked Cadria and nobody helps "
    * 4,
    "Borland has attacked Arvenia" + " and so on" * 50 + ".",
    "🔥 Borland 🔥 has attacked 💥 Arvenia 😱! Cadria 👍 supports Arvenia.",
    "“Borland said: ‘Cadria told us: “Arvenia is weak”, and we believed it’,” wrote the envoy of Arvenia.",
    'He said "Arvenia is weak" and "Borland, which he called \'a great power\', is strong".',
    "Arvenia is weak.\r\nBorland threatens Arvenia.\r\n\r\nCadria is an ally\r\nof Arvenia.\r\n",
    "<p>Arvenia is <b>weak</b>.</p> <ul><li>Borland threatens Arvenia</li><li>Cadria supports it</li></ul><br/>",
    "ARVENIA IS WEAK. BORLAND THREATENS ARVENIA.",
    "(Borland (which has attacked Arvenia (a weak state)) is strong.)",
    "France’s ally—Russia—is weak; Germany – its enemy – isn’t.",
    "Is Arvenia weak? Does Borland threaten it? Who knows!",
    "   \t Arvenia \t is \t weak \n\n\n   .",
    "1914: Germany attacked France. 1915: stalemate. 1918: Germany lost the war against France.",
    "Dear Sir,\nBorland attacks. Stop. Arvenia needs help. Stop.\nYours, Cadria",
    "The U.S. and the U.K. are allies. U.S. troops are in Germany.",
    "Arvenia/Borland/Cadria are at war.",
    "Arvenia, Borland, Cadria, Delmark, Egypt, France, and Germany.",
    "State A attacks State B. A is strong; B weak.",
    "Borland\u00a0threatens\u00a0Arvenia.\u200b Cadria\u2028supports it.",
    "> Borland threatens Arvenia.\n>> Arvenia is weak.\n\n```\nBorland attacks Arvenia\n```\n",
    '{"state": "Arvenia", "text": "Borland threatens Arvenia."}',
]

CLAUSES = 0.995
"""The share of the clauses that name a state and are read or listed: the test's own parse is not the reader's."""

Stretch = tuple[int, int]


@pytest.fixture(scope="module")
def readings(theory: Theory) -> list[tuple[Text, Reading]]:
    """Every second text at hand and all the odd ones, and what is read of them."""
    look = metamorphic.reader(theory.vocabulary)
    odd = [Text(f"odd {number}", text) for number, text in enumerate(ODD)]
    some = metamorphic.sample(metamorphic.texts(theory), 700)
    return [(text, look(text.text)) for text in (*some, *odd)]


def meet(one: Stretch, others: Iterable[Stretch]) -> bool:
    return any(one[0] < end and start < one[1] for start, end in others)


def answered(reading: Reading) -> list[Stretch]:
    """Give the stretches of a text that are read or listed as unread."""
    spans = [evidence.span for each in reading.observations for evidence in each.evidence if evidence.span]
    return [(span.start, span.end) for span in (*spans, *reading.unread)]


def mentions(reading: Reading) -> list[Stretch]:
    return sorted({(span.start, span.end) for state in reading.states for span in state.mentions})


def words(text: str) -> int:
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def test_every_letter_is_looked_at(readings: list[tuple[Text, Reading]]) -> None:
    for text, reading in readings:
        seen = bytearray(len(text.text))
        for span in (*reading.sentences, *reading.unread):
            assert text.text[span.start : span.end] == span.quote, text.id
            seen[span.start : span.end] = b"\1" * (span.end - span.start)
        for tag in re.finditer(r"<[^<>]*>|&\w+;", text.text):
            seen[tag.start() : tag.end()] = b"\1" * len(tag[0])
        missed = [letter for letter, known in zip(text.text, seen, strict=True) if not known and letter.isalpha()]
        assert not missed, f"{text.id}: {''.join(missed)!r}"
        ends = [(span.start, span.end) for span in reading.sentences]
        assert all(one[1] <= two[0] for one, two in pairwise(ends)), text.id


def test_every_mention_stands_in_a_sentence(readings: list[tuple[Text, Reading]]) -> None:
    for text, reading in readings:
        sentences = [(span.start, span.end) for span in reading.sentences]
        assert all(meet(mention, sentences) for mention in mentions(reading)), text.id


def test_a_state_that_is_named_is_seen_wherever_it_is_named(readings: list[tuple[Text, Reading]]) -> None:
    overlooked = {
        text.text
        for text, reading in readings
        for state in reading.states
        if state.name[:1].isupper()
        for match in re.finditer(rf"(?<!\w){re.escape(state.name)}(?!\w)", text.text)
        if not meet(match.span(), mentions(reading)) and not _is_of_a_person(text.text, match.start())
    }
    assert overlooked == set()


def _is_of_a_person(text: str, place: int) -> bool:
    """Whether a name follows another capitalised word, and so may be the surname of somebody."""
    before = re.search(r"(\w+) $", text[:place])
    return before is not None and before[1][0].isupper()


def test_every_sentence_that_means_a_state_is_read_or_listed(readings: list[tuple[Text, Reading]]) -> None:
    lost = [
        f"{text.id}: {span.quote}"
        for text, reading in readings
        for span in reading.sentences
        if meet((span.start, span.end), mentions(reading))
        and words(span.quote) > 1
        and not meet((span.start, span.end), answered(reading))
    ]
    assert lost == []


def test_every_clause_that_means_a_state_is_read_or_listed(
    readings: list[tuple[Text, Reading]], capsys: pytest.CaptureFixture[str]
) -> None:
    total, lost = 0, []
    for text, reading in readings:
        named, known = mentions(reading), answered(reading)
        for start, end, parts in clauses(text.text):
            if any(meet(part, named) for part in parts) and words(text.text[start:end]) > 1:
                total += 1
                if not meet((start, end), known):
                    lost.append(f"{text.id}: {text.text[start:end]}")
    with capsys.disabled():
        print(f"\n  clauses that mean a state and are read or listed: {total - len(lost)} of {total}")  # noqa: T201
    assert total > 500
    assert 1 - len(lost) / total >= CLAUSES, lost


def clauses(text: str) -> Iterator[tuple[int, int, list[Stretch]]]:
    """Give the clauses of a text as its own parse has them: beginning, end and words of each."""
    doc = metamorphic.parser()(text)
    verbal = ("VERB", "AUX")
    heads = {
        token.i
        for token in doc
        if token.dep_ in ("ROOT", "advcl", "relcl", "ccomp", "parataxis")
        or (token.dep_ == "conj" and token.pos_ in verbal and token.head.pos_ in verbal)
    }
    members: dict[int, list[Stretch]] = {}
    for token in doc:
        here = token
        while here.i not in heads and here.head != here:
            here = here.head
        if not token.is_space:
            members.setdefault(here.i, []).append((token.idx, token.idx + len(token.text)))
    for parts in members.values():
        yield min(parts)[0], max(parts)[1], parts
