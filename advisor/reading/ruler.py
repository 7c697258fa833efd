"""The model's rules for parts of speech, asked once for each kind of word instead of once for each word.

What these rules say of a word depends on its tag, its part in the sentence and its letters alone, so spaCy's own
component is asked once for each such kind, and the answer remembered; only rules of two words are looked for in every
text.  That component takes a fifth of the time of parsing and this one next to nothing, and what comes out is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

NAME = "attribute_ruler"
_LOOKED_AT = frozenset({"TAG", "DEP", "LOWER", "IS_SPACE"})
"""What the rules may look at: what words of one kind have in common."""
_MOST_KINDS = 50_000
"""Kinds of words after which all are forgotten, so that no library fills the memory."""


def quicken(nlp: Language) -> None:
    """Put the quick component in the place of spaCy's, unless its rules look at more than the kind of a word."""
    stock: Any = nlp.get_pipe(NAME)
    rules = [(number, words) for number, rule in enumerate(stock.patterns) for words in rule["patterns"]]
    looked_at = {what for _, words in rules for word in words for what in word}
    if looked_at <= _LOOKED_AT:
        place = nlp.pipe_names.index(NAME)
        nlp.remove_pipe(NAME)
        type(nlp).component(NAME + " by kind", func=Ruler(nlp, stock, rules))
        nlp.add_pipe(NAME + " by kind", name=NAME, before=None if place == len(nlp.pipe_names) else place)


class Ruler:
    """The component: a document goes in, and comes out with parts of speech, morphology and some lemmas."""

    def __init__(self, nlp: Language, stock: Any, rules: Iterable[tuple[int, list[dict[str, Any]]]]) -> None:
        from spacy.matcher import Matcher

        self.nlp, self.stock = nlp, stock
        strings: Any = nlp.vocab.strings
        self.asked: list[Any] = [strings[name] for name in ("TAG", "DEP", "LOWER")]
        self.given: list[Any] = [strings[name] for name in ("POS", "MORPH", "LEMMA")]
        self.pairs = Matcher(nlp.vocab, validate=False)
        for number, words in rules:
            if len(words) > 1:
                self.pairs.add(str(number), [words])
        self.kinds: dict[tuple[int, ...], tuple[tuple[int, ...], tuple[int, ...], dict[int, int]]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Apply the rules."""
        if not len(doc):
            return doc
        if len(self.kinds) > _MOST_KINDS:
            self.kinds.clear()
        array: Any = doc.to_array(self.asked)
        found = [self.kinds.get(kind) or self._learn(kind) for kind in map(tuple, array.tolist())]
        values = [value for _, value, _ in found]
        others = {place: other for place, (_, _, other) in enumerate(found) if other}
        beside: dict[int, list[int]] = {}
        for name, start, _ in self.pairs(doc, allow_missing=True):
            number = int(self.nlp.vocab.strings[name])
            beside.setdefault(start + self.stock.indices[number], []).append(number)
        for place, numbers in beside.items():
            values[place], others[place] = self._said((*found[place][0], *numbers))
        array[:] = values
        doc.from_array(self.given, array)
        for place, other in others.items():
            for what, value in other.items():
                setattr(doc[place], "tag" if what == self.asked[0] else "dep", value)
        return doc

    def _learn(self, kind: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...], dict[int, int]]:
        """Ask the stock component about a kind of word, alone in a document."""
        from spacy.tokens import Doc

        tag, dep, word = (self.nlp.vocab.strings[each] for each in kind)
        alone = Doc(self.nlp.vocab, words=[word], tags=[tag], deps=[dep], heads=[0])
        numbers = tuple(number for number, _, _, _ in self.stock.match(alone))
        self.kinds[kind] = (numbers, *self._said(numbers))
        return self.kinds[kind]

    def _said(self, numbers: Iterable[int]) -> tuple[tuple[int, ...], dict[int, int]]:
        """Give what some rules say of a word, the later ones having the last word: what is given, and what else."""
        said: dict[int, int] = {}
        for number in sorted(numbers):
            said.update(self.stock.attrs[number])
        return tuple(said.pop(what, 0) for what in self.given), said
