"""The quick component for parts of speech says what spaCy's own says."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.reading import model, ruler
from advisor.terms import Theory

ODD = (
    "I'm gonna see y'all; he ain't here, let's go. There's nothin' left. C'mon, I gotta go, don't I?",
    "There are  two   spaces.\n\nAnd 'tis it: him and me, I. They didn't, nt; not. That that is, is.",
    "   ",
    "",
    "a\u0301 \U0001f600 ... ??? 12 % $5",
)


@pytest.fixture(scope="module")
def stock() -> Any:
    """The model as spaCy loads it, with our tokeniser."""
    import spacy

    nlp = spacy.load(model.load()[1].model, exclude=["ner"])
    model._mend_tokenizer(nlp)
    return nlp


def content(doc: Any) -> list[tuple[Any, ...]]:
    """Everything that a component says of each word."""
    return [(t.text, t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_, t.head.i, t.is_sent_start) for t in doc]


def test_it_says_what_the_stock_component_says(theory: Theory, stock: Any) -> None:
    quick, _ = model.load()
    assert isinstance(quick.get_pipe(ruler.NAME), ruler.Ruler)
    assert quick.pipe_names == [name for name in stock.pipe_names if name != "senter"]
    texts = [example.text for p in theory.propositions for example in (p.fires, p.silent) if example]
    texts += [phrase.text for v in theory.vocabulary.variables for value in v.values for phrase in value.phrases[::9]]
    for text in (*ODD, *texts):
        assert content(quick(text)) == content(stock(text))


def test_it_forgets_in_time(monkeypatch: pytest.MonkeyPatch, stock: Any) -> None:
    quick, _ = model.load()
    monkeypatch.setattr(ruler, "_MOST_KINDS", 0)
    for text in ODD:
        assert content(quick(text)) == content(stock(text))


def test_rules_that_look_at_more_leave_the_stock_component_in_place(stock: Any) -> None:
    stock.get_pipe(ruler.NAME).add([[{"LENGTH": 3}]], {"POS": "X"})
    ruler.quicken(stock)
    assert not isinstance(stock.get_pipe(ruler.NAME), ruler.Ruler)
