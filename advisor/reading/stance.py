"""Stance: whether a text states a thing, denies it, or only fears, plans or supposes it.

The climb starts at the root of what was matched and follows what embeds it, up to the sentence's own
verb.  Which words change what is data (``rules/stance.csv``); here is only the climbing.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.reading.clause import Graph
from advisor.terms import Diagnostic

_USES = ("clause", "object", "adjective", "adverb", "preposition", "subordinator", "modal")
_CERTAINTIES = ("asserted", "possible", "supposed", "reported", "own", "given", "would", "can", "will")
_RANK = {"asserted": 0, "possible": 1, "own": 2, "reported": 2, "supposed": 3}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a word does to the thing it governs: turn it round, or lower its certainty."""

    turns: bool
    certainty: str


Cues = Mapping[tuple[str, str], Effect]
"""The effect of a word in a use: ``cues[("fear", "clause")]``."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a match stands in its sentence: turned round or not, how certain, in whose belief (a token).

    What is certain as the holder's ``own`` ("announced that …") is asserted of the holder and reported of others.
    """

    turned: bool
    certainty: str
    holder: int | None


def load_cues(rules: Path) -> tuple[dict[tuple[str, str], Effect], list[Diagnostic]]:
    """Read ``stance.csv`` of a rules folder; each bad row is a diagnostic."""
    path = rules / "stance.csv"
    cues: dict[tuple[str, str], Effect] = {}
    diagnostics: list[Diagnostic] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Diagnostic("S01", f"the words of stance cannot be read: {error}", str(path), 1)]
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        if number == 1 or not row:
            continue
        if len(row) != 4 or row[1] not in _USES or row[2] not in ("+", "-") or row[3] not in _CERTAINTIES:
            diagnostics.append(
                Diagnostic(
                    "S02",
                    "this row is not “word,as,polarity,certainty”",
                    str(path),
                    number,
                    source=",".join(row),
                    hint=f"as: {', '.join(_USES)}; polarity: + or -; certainty: {', '.join(_CERTAINTIES)}",
                )
            )
            continue
        cues[row[0], row[1]] = Effect(row[2] == "-", row[3])
    return cues, diagnostics


_CLAUSAL = ("ccomp", "xcomp", "acl", "pcomp", "csubj")
_NOMINAL = ("dobj", "pobj", "nsubjpass", "attr", "dative")


def standing(
    graph: Graph, root: int, tokens: tuple[int, ...], modal: str, cues: Cues, *, names_state: bool = False
) -> Standing:
    """Climb from a match's root to the sentence's own verb, gathering what each word on the way does.

    ``tokens`` are those the match rests on: a negation on any of them turns it round.  ``modal`` is
    the modal that belongs to the matched wording and so is not counted.  Where the root ``names_state``
    ("its *neighbour* Arvenia"), what is said of that state leaves the description untouched.
    """
    climb = _Climb(graph, cues)
    if graph.asks:
        climb.apply(Effect(False, "possible"), None)
    inside = set(tokens)
    how, verb = graph.governor.get(root, ("", -1))
    if how == "copula":
        inside.add(verb)
    climb.turned = sum(token in graph.negated for token in inside) % 2 == 1
    for token in sorted(inside):
        climb.adverbs(token, inside)
    for attribute in graph.out(root, "mod"):
        if attribute not in tokens:
            climb.apply(cues.get((graph.key[attribute], "adjective")), None)
    if not names_state or climb.is_predicate(root):
        climb.embed(root, inside, modal)
    return Standing(climb.turned, climb.certainty, climb.holder)


_NEEDED = {
    "possible": ("may", "might", "could", "can"),
    "would": ("would", "will", "could"),
    "will": ("will", "would", "shall"),
    "ability": ("can", "could"),
}


def has_modal(graph: Graph, root: int, tokens: tuple[int, ...], modal: str) -> bool:
    """Whether a sentence has the modal that belongs to a wording: "would be overrun" is not "was overrun"."""
    if modal not in _NEEDED:
        return True
    how, verb = graph.governor.get(root, ("", -1))
    places = (*tokens, verb) if how == "copula" else tokens
    return any(graph.modal.get(place) in _NEEDED[modal] for place in places)


class _Climb:
    """The state of one climb."""

    def __init__(self, graph: Graph, cues: Cues) -> None:
        self.graph, self.cues = graph, cues
        self.turned = False
        self.certainty = "asserted"
        self.holder: int | None = None
        self.heard: set[int] = set()

    def apply(self, effect: Effect | None, holder: int | None) -> None:
        """Let a governing word act; the least certain reading wins."""
        if effect is None:
            return
        self.turned ^= effect.turns
        if effect.certainty in _RANK and _RANK[effect.certainty] > _RANK[self.certainty]:
            self.certainty = effect.certainty
            self.holder = holder if effect.certainty in ("reported", "own") else None

    def adverbs(self, token: int, inside: Collection[int] = ()) -> None:
        """Let the adverbs of a token act, unless the match itself has them: "perhaps", "no longer", "formerly"."""
        for adverb in self.graph.out(token, "adv"):
            if adverb in inside or adverb in self.heard:
                continue
            self.heard.add(adverb)
            word = self.graph.key[adverb]
            if word in ("longer", "long", "more") and adverb in self.graph.negated:
                self.turned = not self.turned
            else:
                self.apply(self.cues.get((word, "adverb")), None)

    def clause_marks(self, verb: int, modal: str) -> None:
        """Let a clause's modal and subordinator act, and the condition it depends on."""
        own = self.graph.modal.get(verb, "")
        effect = self.cues.get((own, "modal"))
        if effect is not None and not modal:
            # "could not attack" denies; "could attack" is only possible.
            able = effect.certainty == "can" or own == "could"
            if (effect.certainty == "would" and not self._foretold(verb)) or (able and verb not in self.graph.negated):
                self.apply(Effect(False, "possible"), None)
            elif effect.certainty == "possible" and not able:
                self.apply(effect, None)
        self.apply(self.cues.get((self.graph.mark.get(verb, ""), "subordinator")), None)
        if self._conditional(verb) and not self._commits(verb):
            self.apply(Effect(False, "supposed"), None)

    def _conditional(self, verb: int, *, before: bool = False) -> bool:
        """Whether a clause depends on a condition, which stands ``before`` it."""
        return any(
            (effect := self.cues.get((self.graph.mark.get(clause, ""), "subordinator")))
            and effect.certainty == "supposed"
            and (clause < verb or not before)
            for clause in self.graph.out(verb, "when")
        )

    def _commits(self, verb: int) -> bool:
        """Whether a verb tells of a promise or a threat that was made: its content has the condition, it has none."""
        effect = self.cues.get((self.graph.key.get(verb, ""), "clause"))
        made = self.graph.tag.get(verb) in ("VBD", "VBN") and verb not in self.graph.modal
        return made and effect is not None and effect.certainty in ("own", "reported", "possible")

    def _foretold(self, verb: int) -> bool:
        """Whether a "would" is the future of something settled: "decided that it would fight"."""
        how, head = self.graph.governor.get(verb, ("", -1))
        effect = self.cues.get((self.graph.key.get(head, ""), "clause")) if how in _CLAUSAL else None
        return effect is not None and effect.certainty in ("asserted", "own")

    def _given(self, clause: int) -> bool:
        """Whether a clause is the text's own ground for what it says: "for it had an alliance"."""
        effect = self.cues.get((self.graph.mark.get(clause, ""), "subordinator"))
        return effect is not None and effect.certainty == "given"

    def embed(self, root: int, inside: set[int], modal: str) -> None:
        """Follow what embeds the root, clause by clause."""
        graph = self.graph
        here, seen = root, {root}
        self.clause_marks(here, modal)
        while here in graph.governor:
            how, head = graph.governor[here]
            if head in seen:
                return
            seen.add(head)
            if how == "copula":
                self.clause_marks(head, modal)
                self.adverbs(head) if head not in inside else None
            elif how == "conj":
                # A conjunct stands where the first one stands, but the first one's own words do not embed it.
                if head in graph.modal and here not in graph.modal and here not in graph.active:
                    self.clause_marks(head, modal)
                elif self._conditional(head, before=True) and not self._commits(head):
                    self.apply(Effect(False, "supposed"), None)  # "If A attacks, B will stand by C and *go* to war"
            elif how == "ccomp" and here < head and not self._reports(head):
                return  # "Borland menaces it; its ambitions have no limit": side by side, not one in the other
            elif how in _CLAUSAL:
                if head not in inside:
                    self._governed(head, "clause")
                self.clause_marks(head, "")
            elif how == "advcl":
                if not self._given(here):
                    self._upward(head)
                return
            elif how == "relcl":
                return
            elif how in ("prep", "agent"):
                self.apply(self.cues.get((graph.key.get(here, ""), "preposition")), None)
            elif how in ("appos", "poss", "compound") or (how == "amod" and not self.is_predicate(head)):
                return  # what describes or names a state is taken for granted
            elif how == "nsubj" or (how in _NOMINAL and (graph.key.get(head, ""), "object") not in self.cues):
                if here not in graph.definite:
                    if head in graph.negated:
                        self.apply(Effect(False, "possible"), None)
                    self._upward(head)
                return
            elif how in _NOMINAL and head not in inside:
                self._governed(head, "object")
                self.clause_marks(head, "")
            here = head

    def _reports(self, head: int) -> bool:
        """Whether a verb reports what stands before it: "France, he thought, was weak"."""
        effect = self.cues.get((self.graph.key.get(head, ""), "clause"))
        return effect is not None and effect.certainty == "reported"

    def is_predicate(self, token: int) -> bool:
        """Whether a noun is what a copula says: "is not a weak *state*"."""
        return self.graph.governor.get(token, ("", -1))[0] == "copula"

    def _governed(self, head: int, use: str) -> None:
        """Let a governing verb or noun act on what it governs, with its own negation."""
        word = head
        if self.graph.key.get(head) == "be":
            # "it is *true* that …": the predicate governs, not the copula.
            word = next((p for p, (how, verb) in self.graph.governor.items() if how == "copula" and verb == head), head)
        effect = self.cues.get((self.graph.key.get(word, ""), use))
        if effect is not None:
            holder = next(
                iter(
                    self.graph.out(head, "subj")
                    or self.graph.out(head, "prep:by")
                    or self.graph.out(head, "of")
                    or self.graph.out(head, "be")
                ),
                None,
            )
            if effect.certainty == "reported" and holder is not None and self.graph.key.get(holder) == "i":
                effect = Effect(effect.turns, "asserted")  # "I think that …" is the voice of the text
            self.apply(effect, holder)
        if head in self.graph.negated and effect is not None:
            self.turned = not self.turned
        self.adverbs(head)

    def _upward(self, head: int) -> None:
        """Go on above a clause that only accompanies: suppositions and reports reach it, negations do not."""
        turned = self.turned
        here, seen = head, {head}
        while here in self.graph.governor:
            how, above = self.graph.governor[here]
            if above in seen or how == "relcl":
                break
            seen.add(above)
            if how in _CLAUSAL:
                self._governed(above, "clause")
            if how == "advcl" and self._given(here):
                break
            self.apply(self.cues.get((self.graph.mark.get(here, ""), "subordinator")), None)
            here = above
        self.turned = turned
