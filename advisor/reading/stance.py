"""Stance: whether a text states a thing, denies it, or only fears, plans or supposes it.

The climb starts at the root of what was matched and follows what embeds it, up to the sentence's own
verb.  Which words change what is data (``rules/stance.csv``); here is only the climbing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from advisor.reading.clause import Graph
from advisor.reading.cues import Cues, Effect
from advisor.reading.scope import INVERTED, is_contrasted, is_negated, opens_in_condition

_RANK = {"asserted": 0, "possible": 1, "own": 2, "reported": 2, "supposed": 3}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a match stands in its sentence: turned round or not, how certain, in whose belief (a token).

    What is certain as the holder's ``own`` ("announced that …") is asserted of the holder and reported of others.
    """

    turned: bool
    certainty: str
    holder: int | None


_CLAUSAL = ("ccomp", "xcomp", "acl", "pcomp", "csubj")
_NOMINAL = ("dobj", "pobj", "nsubjpass", "attr", "dative")
_PRESENT = ("VBZ", "VBP")
_FUTURE = ("will", "shall", "would", "may", "might", "can", "could", "must", "should")
_FINITE = ("VBD", "VBZ", "VBP")


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
    elif opens_in_condition(graph, cues):
        climb.apply(Effect(False, "supposed"), None)
    inside = set(tokens)
    how, verb = graph.governor.get(root, ("", -1))
    if how == "copula":
        inside.add(verb)
    climb.turned = graph.denials(token for token in inside if is_negated(graph, token)) % 2 == 1
    if climb.turned and any(is_contrasted(graph, token) for token in tokens):
        climb.turned = False  # "did not attack France *but Spain*"
    for token in sorted(inside):
        climb.adverbs(token, inside, named=how != "appos" and graph.tag[token] in ("NNP", "NNPS"))
        climb.phrases(token, inside)
    for attribute in graph.out(root, "mod"):
        if attribute not in tokens:
            climb.apply(cues.get((graph.key[attribute], "adjective")), None)
    if not names_state or climb.is_predicate(root) or how in _CLAUSAL:
        climb.embed(root, inside, modal)
    return Standing(climb.turned, climb.certainty, climb.holder)


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

    # ------------------------------------------------------------ what stands beside a verb

    def adverbs(self, token: int, inside: Collection[int] = (), *, named: bool = False) -> None:
        """Let the adverbs of a token act, unless the match itself has them: "perhaps", "no longer", "all but".

        What follows a name belongs to its description: "Borland, *once* an ally, has joined them".
        """
        key = self.graph.key
        for adverb in self.graph.out(token, "adv"):
            if adverb in inside or adverb in self.heard or (named and adverb > token):
                continue
            self.heard.add(adverb)
            word = key[adverb]
            if word in ("longer", "long", "more") and adverb in self.graph.negated:
                self.turned = not self.turned
            else:
                self.apply(self.cues.get((word, "adverb")), None)
        before = self.cues.get((f"{key.get(token - 2, '')} {key.get(token - 1, '')}", "adverb"))
        if before is not None and (before.turns or self.graph.tag[token] == "VBD"):
            self.apply(before, None)

    def phrases(self, token: int, inside: Collection[int] = ()) -> None:
        """Let the prepositional phrases of a token act: "by no means", "according to X", "in X's view", "until"."""
        for label, nouns in self.graph.edges.get(token, {}).items():
            if not label.startswith("prep:"):
                continue
            for noun in nouns:
                if noun in inside or noun in self.heard:
                    continue
                named = self._phrase(label[5:], noun)
                effect = named or self.cues.get((label[5:], "phrase"))
                if effect is None:
                    continue
                holder = next(iter(self.graph.out(noun, "of")), None) if named else noun
                self._said_beside(token, noun, effect, holder)
        for clause in self.graph.out(token, "when"):
            effect = self.cues.get((self._mark(clause), "phrase"))
            if effect is not None and clause not in inside and clause not in self.heard:
                self._said_beside(token, clause, effect, None)
        for beside, (how, head) in self.graph.governor.items():
            if head != token or beside in self.heard:
                continue
            effect = self.cues.get((self.graph.key[beside], "phrase")) if how == "prep" else None
            if effect is not None and (told := self.graph.out(beside, "prep:to")):
                self._said_beside(token, beside, effect, told[0])  # "*according* to Cadria"
            elif how == "parataxis" and self._reports(beside):
                self.heard.add(beside)
                self._governed(beside, "clause")  # "Borland, *Cadria believes*, is weak"

    def _phrase(self, preposition: str, noun: int) -> Effect | None:
        """Look up what a preposition and its noun do together."""
        no = "no " if noun in self.graph.negated else ""
        return self.cues.get((f"{preposition} {no}{self.graph.key[noun]}", "phrase"))

    def _said_beside(self, verb: int, beside: int, effect: Effect, holder: int | None) -> None:
        """Let an effect act on a verb; what lasted "until" something is over only if it is told in the past."""
        if effect.certainty == "past":
            tags = [self.graph.tag.get(verb, "")]
            if tags == ["VBN"] or verb not in self.graph.active:
                tags += [self.graph.tag[t] for t in range(max(self.graph.start, verb - 3), verb)]
            if "VBD" not in tags or self.graph.modal.get(verb):
                return
        self.heard.add(beside)
        self.apply(effect, holder)

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
        self.apply(self.cues.get((self._mark(verb), "subordinator")), None)
        if self._conditional(verb) and not self._commits(verb):
            self.apply(Effect(False, "supposed"), None)

    def _conditional(self, verb: int, *, before: bool = False) -> bool:
        """Whether a clause depends on a condition, which stands ``before`` it."""
        ahead = [clause for clause in self.graph.out(verb, "comp") if clause < verb]
        places = (verb, *self.graph.out(verb, "adv"))  # "so *long* as it attacks"
        beside = [c for place in places for c in self.graph.out(place, "when") if c < verb or not before]
        return any(self._supposes(clause, verb) for clause in (*ahead, *beside))

    def _commits(self, verb: int) -> bool:
        """Whether a verb tells of a promise or a threat that was made: its content has the condition, it has none."""
        effect = self.cues.get((self.graph.key.get(verb, ""), "clause"))
        made = self.graph.tag.get(verb) in ("VBD", "VBN") and verb not in self.graph.modal
        return made and effect is not None and effect.certainty in ("own", "reported", "possible")

    def _mark(self, verb: int) -> str:
        """Give a clause's subordinator, with the word that changes it: "as though", "rather … than"."""
        key, mark = self.graph.key, self.graph.mark.get(verb, "")
        if mark == "than" and any(key[a] == "rather" for a in self.graph.out(self.graph.governor[verb][1], "adv")):
            return "rather than"
        place = next((t for t in range(verb - 1, self.graph.start, -1) if key[t] == mark), -1)
        double = f"{key[place - 1]} {mark}" if place > 0 else ""
        return double if (double, "subordinator") in self.cues else mark

    def _supposes(self, clause: int, verb: int) -> bool:
        """Whether what a verb says hangs on a clause beside it: "if", "provided that", "were it to", "once it does"."""
        marks = [
            self.cues.get((self._mark(clause), "subordinator")),
            *(self._phrase(label[5:], n) or self.cues.get((label[5:], "phrase")) for label, n in self._beside(clause)),
        ]
        if self.graph.tag[clause] in ("VBN", "VBG") and clause not in self.graph.active:
            marks.append(self.cues.get((self.graph.key[clause], "clause")))
        supposed = any(each is not None and each.certainty == "supposed" for each in marks)
        return supposed or self._is_inverted(clause) or self._is_due(clause, verb)

    def _beside(self, verb: int) -> list[tuple[str, int]]:
        edges = self.graph.edges.get(verb, {})
        return [(label, noun) for label, nouns in edges.items() if label.startswith("prep:") for noun in nouns]

    def _is_inverted(self, verb: int) -> bool:
        """Whether a clause beside another has its verb before its subject: "had it attacked", "were it to attack"."""
        subject = min(self.graph.out(verb, "subj") or self.graph.out(verb, "obj"), default=-1)
        places = [verb] if verb < subject else range(max(self.graph.start, subject - 3), min(subject, verb))
        return any((self.graph.key[place], self.graph.tag[place]) in INVERTED for place in places)

    def _is_due(self, clause: int, verb: int) -> bool:
        """Whether a clause of time is still to come: "*once* it attacks, we will march"."""
        effects = [self.cues.get((self._mark(clause), "subordinator"))]
        effects += [self.cues.get((self.graph.key[a], "adverb")) for a in self.graph.out(clause, "adv")]
        due = any(effect is not None and effect.certainty == "due" for effect in effects)
        places = range(max(self.graph.start, clause - 3), clause) if self.graph.tag[clause] == "VBN" else [clause]
        present = any(self.graph.tag[place] in _PRESENT for place in places)  # "before it *has* become weak"
        return due and present and (self.graph.modal.get(verb) in _FUTURE or self.graph.tag[verb] == "VB")

    def _foretold(self, verb: int) -> bool:
        """Whether a "would" is the future of something settled: "decided that it would fight"."""
        how, head = self.graph.governor.get(verb, ("", -1))
        effect = self.cues.get((self.graph.key.get(head, ""), "clause")) if how in _CLAUSAL else None
        return effect is not None and effect.certainty in ("asserted", "own") and self.graph.key.get(head) != "be"

    def _given(self, clause: int) -> bool:
        """Whether a clause is the text's own ground for what it says: "for it had an alliance"."""
        effect = self.cues.get((self._mark(clause), "subordinator"))
        return effect is not None and effect.certainty in ("given", "due") and self.graph.tag[clause] != "VB"

    # ------------------------------------------------------------ what stands above

    def embed(self, root: int, inside: set[int], modal: str) -> None:
        """Follow what embeds the root, clause by clause."""
        graph = self.graph
        here, seen, contrasted = root, {root}, False
        self.clause_marks(here, modal)
        while here in graph.governor:
            how, head = graph.governor[here]
            if head in seen:
                return
            seen.add(head)
            if how == "copula":
                self.apply(self.cues.get((graph.key.get(head, ""), "clause")), None)  # "*seems* weak"
                self.clause_marks(head, modal)
                if head not in inside:
                    self.turned ^= head in graph.negated and here not in graph.negated and not contrasted
                    self.adverbs(head)
                    self.phrases(head)
            elif how == "conj":
                head = self._joined_to(here, head)
                # A conjunct stands where the first one stands, but the first one's own words do not embed it.
                contrasted |= any(graph.key[between] == "but" for between in range(head + 1, here))
                if head in graph.modal and here not in graph.modal and here not in graph.active:
                    self.clause_marks(head, modal)
                elif self._conditional(head, before=True) and not self._commits(head):
                    self.apply(Effect(False, "supposed"), None)  # "If A attacks, B will stand by C and *go* to war"
            elif how == "ccomp" and here < head and not self._reports(head):
                if self._supposes(here, head):
                    self.apply(Effect(False, "supposed"), None)
                return  # "Borland menaces it; its ambitions have no limit": side by side, not one in the other
            elif how == "as":
                if (graph.key.get(head, ""), "as") not in self.cues:
                    self.apply(Effect(False, "possible"), None)  # "used it as a buffer" may or may not mean that it is
                self._governed(head, "as")
                self.clause_marks(head, "")
            elif here in graph.clefts:
                pass  # "it was X that …" says what its clause says
            elif how in _CLAUSAL:
                if how == "acl":
                    self.apply(self._in_phrase(head), None)
                if head not in inside:
                    self._governed(head, "clause", how)
                self.clause_marks(head, "")
            elif how == "advcl":
                if graph.tag[head][:2] == "RB":  # "as *soon* as it attacks"
                    head = next((verb for verb in graph.edges if head in graph.out(verb, "adv")), head)
                if graph.tag[here] == "VB":
                    self._purpose(here, head)
                elif self._supposes(here, head):
                    self.apply(Effect(False, "supposed"), None)
                if not self._given(here):
                    self._upward(head)
                return
            elif how == "relcl":
                self._relative(head)
                return
            elif how in ("prep", "agent"):
                before = f"{graph.key.get(here - 1, '')} {graph.key.get(here, '')}"
                effect = self.cues.get((before, "preposition"))
                self.apply(effect or self.cues.get((graph.key.get(here, ""), "preposition")), None)
                if effect is None and head not in inside and any(graph.tag[t] == "VBG" for t in seen):
                    self._governed(head, "clause")  # "refrained *from* attacking"
            elif how in ("amod", "dobj") and (owner := self._owner(head if how == "amod" else here, inside)) >= 0:
                self.turned ^= owner in graph.negated
                head = owner
                self.clause_marks(head, "")
                self.adverbs(head)
            elif how in ("appos", "poss", "compound") or (how == "amod" and not self.is_predicate(head)):
                return  # what describes or names a state is taken for granted
            elif how in ("nsubj", "nsubjpass") and head not in inside and self._ends(here, head):
                self.clause_marks(head, "")
            elif how == "pobj" and (noun := self._of_noun(head)) >= 0 and noun not in inside:
                self.apply(self._in_phrase(noun), None)
                self._governed(noun, "object")
                head = noun
            elif how == "nsubj" or (how in _NOMINAL and self._cue(head, "object") is None):
                self._mentioned(here, head)
                return
            elif how in _NOMINAL and head not in inside:
                self._governed(head, "object")
                self.clause_marks(head, "")
            here = head

    def _owner(self, noun: int, inside: Collection[int]) -> int:
        """Give the verb by which its subject has a thing: "does not *have* a strong army"; -1 where there is none."""
        graph = self.graph
        how, verb = graph.governor.get(noun, ("", -1))
        if how != "dobj" or noun in graph.definite or verb in inside:
            return -1
        return verb if set(graph.out(noun, "of")) & set(graph.out(verb, "subj")) else -1

    def _joined_to(self, here: int, first: int) -> int:
        """Give what a conjunct is joined to, and let a denial act that it shares: "did not attack or *join*", "nor".

        A verb of the past is joined to no infinitive: "refused to attack and *joined*".
        """
        graph, tag = self.graph, self.graph.tag
        between = [graph.key[token] for token in range(first + 1, here)]
        if "nor" in between and here in graph.active and here not in graph.negated:
            self.turned = not self.turned
        elif tag[first] == tag[here] and tag[here] in ("VB", "VBN") and here not in graph.active:
            alone = here not in graph.negated and "but" not in between and between[-1:] not in (["have"], ["be"])
            self.turned ^= first in graph.negated and alone
        while tag[first] == "VB" and tag[here] in _FINITE and graph.governor.get(first, ("",))[0] in ("xcomp", "conj"):
            first = graph.governor[first][1]
        return first

    def _mentioned(self, noun: int, head: int) -> None:
        """Let what is said of a thing tell whether there is one: "no attack", "an attack would", "is impossible"."""
        graph = self.graph
        for predicate, (how, verb) in graph.governor.items():
            if how == "copula" and verb == head and noun in graph.out(predicate, "be"):
                effect = self.cues.get((graph.key[predicate], "clause"))
                self.apply(effect if effect and (effect.turns or effect.certainty == "possible") else None, None)
        while graph.governor.get(head, ("", -1))[0] in ("prep", "agent"):
            head = graph.governor[head][1]
        if noun not in graph.definite:
            modal = self.cues.get((graph.modal.get(head, ""), "modal"))
            if head in graph.negated or (modal is not None and modal.certainty in ("would", "possible")):
                self.apply(Effect(False, "possible"), None)
            self._upward(head)

    def _ends(self, subject: int, verb: int) -> bool:
        """Let a predicate act that says its subject is no more: "is over", "collapsed"; tell whether one did."""
        graph = self.graph
        if subject in graph.out(verb, "subj") and graph.out(verb, "obj"):
            return False  # "the attack ended *the truce*"
        words = [verb]
        if graph.key.get(verb) == "be":
            words = [p for p, (how, v) in graph.governor.items() if how == "copula" and v == verb]
            words = [word for word in words if word not in graph.definite] + graph.out(verb, "adv")
        words += graph.out(verb, "oprd")
        placed = (self.cues.get((f"{label[5:]} {graph.key[n]}", "subject")) for label, n in self._beside(verb))
        effect = next((found for word in words if (found := self._cue(word, "subject"))), None)
        effect = effect or next((found for found in placed if found), None)
        self.apply(effect, None)
        if effect is not None:
            self.turned ^= verb in graph.negated
        return effect is not None

    def _of_noun(self, preposition: int) -> int:
        """Give the noun whose "of" a preposition is, if that noun does something: "the *risk* of", "the *end* of"."""
        graph = self.graph
        how, noun = graph.governor.get(preposition, ("", -1))
        acts = self._cue(noun, "object") or self._in_phrase(noun)
        if how == "prep" and graph.key.get(preposition) == "from" and graph.tag.get(noun, "")[:2] == "VB":
            acts = acts or self._cue(noun, "clause")
        return noun if how == "prep" and acts is not None and graph.tag[noun][:2] in ("NN", "VB") else -1

    def _in_phrase(self, noun: int) -> Effect | None:
        """Look up the phrase a noun stands in: "in the *event* of", "on *condition* that"."""
        how, preposition = self.graph.governor.get(noun, ("", -1))
        return self._phrase(self.graph.key[preposition], noun) if how == "pobj" else None

    def _relative(self, noun: int) -> None:
        """Let the noun act that a relative clause belongs to: "the *days* when", "in the *event* that"."""
        graph = self.graph
        self.apply(self._in_phrase(noun), None)
        if graph.tag[noun] == "NNS":
            self.apply(self.cues.get((graph.key[noun], "relative")), None)
        how, verb = graph.governor.get(noun, ("", -1))
        if how == "nsubj" and self._is_inverted(verb) and not graph.asks:
            self.apply(Effect(False, "supposed"), None)

    def _purpose(self, clause: int, head: int) -> None:
        """Let the verb act whose purpose an infinitive is: "could not bring itself *to attack*"."""
        modal = self.cues.get((self.graph.modal.get(head, ""), "modal"))
        if self.graph.mark.get(clause) == "for" or (modal is not None and modal.certainty == "would"):
            self.apply(Effect(False, "possible"), None)
        if self._cue(head, "clause") is not None and self.graph.key[head] != "be" and not self.graph.out(head, "obj"):
            self._governed(head, "clause")  # "hesitated to attack", whatever the parser makes of it
        elif head in self.graph.negated:
            self.turned = not self.turned

    def _reports(self, head: int) -> bool:
        """Whether a verb reports what stands before it: "France, he thought, was weak"."""
        effect = self.cues.get((self.graph.key.get(head, ""), "clause"))
        return effect is not None and effect.certainty == "reported"

    def is_predicate(self, token: int) -> bool:
        """Whether a noun is said of something: "is not a land and a great *power*", "regards it as a weak *state*"."""
        how, head = self.graph.governor.get(token, ("", -1))
        while how == "conj":
            how, head = self.graph.governor.get(head, ("", -1))
        return how in ("copula", "as")

    def _cue(self, word: int, use: str) -> Effect | None:
        """Look up a word in a use, with its particle or adverb if that makes another word: "give up", "yet to be"."""
        graph, key = self.graph, self.graph.key.get(word, "")
        joined = [f"{key} {graph.key[particle]}" for particle in graph.out(word, "prt")]
        joined += [f"{graph.key[adverb]} {key}" for adverb in graph.out(word, "adv")]
        return next((self.cues[each, use] for each in (*joined, key) if (each, use) in self.cues), None)

    def _governed(self, head: int, use: str, how: str = "") -> None:
        """Let a governing verb or noun act on what it governs, with its own negation."""
        graph = self.graph
        word = head
        if graph.key.get(head) == "be":
            # "it is *true* that …": the predicate governs, not the copula.
            word = next((p for p, (how, verb) in graph.governor.items() if how == "copula" and verb == head), head)
            if graph.tag[word] in ("NNP", "NNPS"):
                return  # "it was not France that …": the clause has the denial
        subjects = graph.out(head, "subj")
        negated = head in graph.negated or any(subject in graph.negated for subject in subjects)
        key = graph.key.get(word, "")
        told = self.cues.get((f"{key} that", use)) if how == "ccomp" else None
        effect = told or self._cue(word, use)
        denied = self.cues.get((f"not {key}", use)) if negated or word in graph.negated else None
        denied = told if told is not None and denied is None and negated else denied
        degree = next((d for a in graph.out(word, "adv") if (d := self.cues.get((graph.key[a], "degree")))), None)
        if denied is not None:
            self.apply(denied, None)
        elif degree is not None and use == "clause":
            self.apply(degree, None)
        elif effect is not None:
            self.apply(self._spoken(head, effect), self._holder(head))
        elif negated and use == "clause":
            self.apply(Effect(True, "possible"), None)  # what an unknown verb's denial does to it is open
        if negated and effect is not None and denied is None:
            self.turned = not self.turned
        self.adverbs(head)
        self.phrases(head)

    def _holder(self, head: int) -> int | None:
        labels = ("subj", "prep:by", "of", "be")
        return next((who for label in labels for who in self.graph.out(head, label)), None)

    def _spoken(self, head: int, effect: Effect) -> Effect:
        """Take "I think that …" for the voice of the text, and "suppose that …" for a supposition."""
        holder = self._holder(head)
        if effect.certainty == "reported" and holder is not None and self.graph.key.get(holder) == "i":
            return Effect(effect.turns, "asserted")
        first = all(not self.graph.key[token].isalpha() for token in range(self.graph.start, head))
        if first and self.graph.tag[head] in ("VB", "VBP") and not self.graph.out(head, "subj"):
            return Effect(effect.turns, "supposed" if effect.certainty == "reported" else "possible")
        return effect

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
            self.apply(self.cues.get((self._mark(here), "subordinator")), None)
            here = above
        self.turned = turned
