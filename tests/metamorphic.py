"""Texts at hand, and changes of a text whose effect on what is read is known beforehand.

After Ribeiro and others (*Beyond Accuracy: Behavioral Testing of NLP Models with CheckList*, 2020): no text needs to be
marked by anybody, for it is its own standard.  A change gives the new text and what becomes of the names in it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import contrast
import yaml

from advisor.reading import read
from advisor.reading.model import load as load_model
from advisor.situation import closed
from advisor.terms import Fact, Observation, Reading, Theory, Vocabulary
from advisor.vocabulary import canonical

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
SHARED = ROOT.parent / "shared"

Seen = tuple[Fact, str]
"""A fact in its one form, and its stance: ``firm`` for asserted and denied alike, which the fact itself tells."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and where it comes from."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A changed text and the facts that must be read of it."""

    before: Text
    after: str
    expected: frozenset[Seen]


# ---------------------------------------------------------------- the texts


def texts(theory: Theory, shared: Path = SHARED) -> list[Text]:
    """Give all texts of the project, and those of the folder beside it where there is one."""
    found = [Text(item.text, item.text) for item in contrast.load()]
    for proposition in theory.propositions:
        for kind in ("fires", "silent"):
            example = getattr(proposition, kind)
            if example is not None and example.text:
                found.append(Text(f"{proposition.id} {kind}", example.text))
    for file in sorted((ROOT / "transcripts").glob("*.md")):
        body = file.read_text(encoding="utf-8").split("\n## ")[0]
        found.append(Text(file.name, " ".join(re.sub(r"^#.*$", "", body, flags=re.M).split())))
    return found + beside(shared)


def beside(shared: Path = SHARED) -> list[Text]:
    """Give the texts of the folder beside the project: of marked cases every second, and the theory's situations."""
    found: list[Text] = []
    for file in sorted((shared / "cases").glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            cases = [json.loads(line) for number, line in enumerate(lines) if number % 2 == 0]
        found += [Text(case["id"], case["text"]) for case in cases if case.get("text")]
    for name, key in (("cases.yaml", "cases"), ("propositions.yaml", "propositions")):
        file = shared / "theory" / name
        if file.exists():
            for entry in yaml.safe_load(file.read_text(encoding="utf-8"))[key]:
                parts = [entry, entry.get("positive"), entry.get("near_miss")]
                found += [Text(f"{entry['id']} {n}", p["text"]) for n, p in enumerate(parts) if p and "text" in p]
    return found


def sample(found: list[Text], size: int) -> list[Text]:
    """Take texts evenly from all places."""
    return found if len(found) <= size else [found[place * len(found) // size] for place in range(size)]


# ---------------------------------------------------------------- what is read, compared


def seen(vocabulary: Vocabulary, observation: Observation) -> Seen:
    """Give an observation as it is compared."""
    firm = observation.stance in ("asserted", "denied")
    return canonical(vocabulary, observation.fact), "firm" if firm else observation.stance


def facts(vocabulary: Vocabulary, reading: Reading) -> frozenset[Seen]:
    """Give all that a reading tells."""
    return frozenset(seen(vocabulary, each) for each in reading.observations)


def reader(vocabulary: Vocabulary) -> Callable[[str], Reading]:
    """Give the reader, keeping what it has read."""
    known: dict[str, Reading] = {}

    def look(text: str) -> Reading:
        if text not in known:
            known[text] = read(text, vocabulary, rules=RULES)
        return known[text]

    return look


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far changed texts are read as expected: the share of facts, and a line for every text that is not."""

    changes: int
    facts: int
    share: float
    failures: tuple[str, ...]


def agreement(
    vocabulary: Vocabulary, look: Callable[[str], Reading], changes: Iterable[Change], *, sharper: bool = False
) -> Agreement:
    """Compare what is read of changed texts with what must be: twice the common facts by the facts of both.

    A ``sharper`` fact may stand for one that follows from it: "does not fear" says "benign", and so "not hostile".
    """
    common = both = count = 0
    failures = []
    for change in changes:
        found = facts(vocabulary, look(change.after))
        found = _blunted(vocabulary, found, change.expected) if sharper else found
        count += 1
        common += 2 * len(found & change.expected)
        both += len(found) + len(change.expected)
        if found != change.expected:
            lost, new = (
                ", ".join(sorted(map(shown, some))) for some in (change.expected - found, found - change.expected)
            )
            failures.append(f"{change.after[:300]}\n    lost: {lost or '-'}\n    new:  {new or '-'}")
    return Agreement(count, both // 2, common / both if both else 1.0, tuple(failures))


def _blunted(vocabulary: Vocabulary, found: frozenset[Seen], expected: frozenset[Seen]) -> frozenset[Seen]:
    """Put for facts those expected ones that follow from them."""
    known = frozenset(
        canonical(vocabulary, f) for f in closed(vocabulary, [f for f, stance in found if stance == "firm"])
    )
    follows = {each for each in expected if each[1] == "firm" and each[0] in known}
    about = {(fact.variable, frozenset(fact.args)) for fact, _ in follows}
    return frozenset(e for e in found if (e[0].variable, frozenset(e[0].args)) not in about) | follows


def shown(each: Seen) -> str:
    """Give a fact on a few characters."""
    fact, stance = each
    denied = "" if fact.holds else "not "
    return f"{'' if stance == 'firm' else stance + ' '}{denied}{fact.variable}({', '.join(fact.args)})={fact.value}"


# ---------------------------------------------------------------- other names

REAL = (
    "Norway",
    "Portugal",
    "Denmark",
    "Hungary",
    "Peru",
    "Japan",
    "Poland",
    "Egypt",
    "Spain",
    "Greece",
    "Chile",
    "Iran",
)
INVENTED = ("Tavaria", "Ostrelia", "Mirovia", "Selvia", "Drumoria", "Kestria", "Pellia", "Ruvenia", "Quarnia", "Zembla")
LETTERS = tuple(f"State {letter}" for letter in "ABCDEFGHIJ")
_POINTING = frozenset(
    [
        "it",
        "its",
        "he",
        "his",
        "him",
        "she",
        "her",
        "they",
        "their",
        "them",
        "both",
        "each",
        "either",
        "neither",
        "who",
        "which",
        "that",
        "we",
        "our",
        "us",
        "the",
        "this",
        "these",
        "one",
        "all",
        "whose",
        "itself",
        "themselves",
        "former",
        "latter",
        "others",
        "other",
        "two",
        "three",
        "i",
        "my",
        "you",
        "your",
    ]
)


@cache
def demonyms() -> dict[str, str]:
    """Give the adjective of each state in the lists that has just one."""
    found: dict[str, set[str]] = {}
    for file in sorted((RULES / "names").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found.setdefault(row["name"], set()).update(row["demonyms"].split("|")[:1])
    return {name: next(iter(forms)) for name, forms in found.items() if len(forms) == 1 and "" not in forms}


def renamed(vocabulary: Vocabulary, before: Text, reading: Reading, pool: tuple[str, ...]) -> Change | None:
    """Give every state another name; None where a text calls one by anything but its name and its usual adjective."""
    adjectives = {**demonyms(), **{name: name + "n" for name in (*INVENTED, *_coined(reading)) if name.endswith("ia")}}
    names = [state.name for state in reading.states if state.name[:1].isupper()]
    free = [name for name in pool if name not in names]
    if not names or len(names) > len(free):
        return None
    turn = sum(map(ord, before.id)) % len(free)
    new = dict(zip(names, (free[turn:] + free[:turn])[: len(names)], strict=True))
    forms = dict(new)
    for state in reading.states:
        for mention in state.mentions:
            word = mention.quote
            if word in new or word[:1].islower() or word.lower() in _POINTING:
                continue
            if word != adjectives.get(state.name) or state.name not in new or new[state.name] not in adjectives:
                return None
            forms[word] = adjectives[new[state.name]]
    after = _with_names(before.text, forms)
    expected = {(canonical(vocabulary, _mapped(fact, new)), stance) for fact, stance in facts(vocabulary, reading)}
    return Change(before, after, frozenset(expected))


def _coined(reading: Reading) -> list[str]:
    known = demonyms()
    return [state.name for state in reading.states if state.name not in known]


def _mapped(fact: Fact, new: Mapping[str, str]) -> Fact:
    return Fact(fact.variable, tuple(new.get(arg, arg) for arg in fact.args), fact.value, fact.holds)


def _with_names(text: str, forms: Mapping[str, str]) -> str:
    """Put names for names, with the articles that go with them."""
    names = "|".join(re.escape(name) for name in sorted(forms, key=len, reverse=True))

    def put(match: re.Match[str]) -> str:
        article, name, genitive = match["article"] or "", forms[match["name"]], match["genitive"] or ""
        if article.strip().lower() in ("a", "an"):
            article = ("A" if article[0] == "A" else "a") + ("n " if name[0] in "AEIOU" else " ")
        elif article and match["name"] in _ARTICLES:
            article = ""
        return article + name + ("'s" if genitive else "")

    return re.sub(rf"\b(?P<article>(?:[Tt]he|[Aa]n?) )?(?P<name>{names})\b(?P<genitive>['’]s?(?!\w))?", put, text)


with (ROOT / "templates" / "articles.csv").open(encoding="utf-8") as _lines:
    _ARTICLES = frozenset(line.strip() for line in _lines)


# ---------------------------------------------------------------- other wording

_NOT = {
    "cannot": "can't",
    "will not": "won't",
    **{
        f"{verb} not": f"{verb}n't"
        for verb in [
            "do",
            "does",
            "did",
            "is",
            "was",
            "are",
            "were",
            "has",
            "have",
            "had",
            "would",
            "could",
            "should",
            "must",
            "need",
        ]
    },
}


def contracted(text: str) -> str:
    """Write "does not" as "doesn't"."""
    return re.sub(rf"\b({'|'.join(_NOT)})\b", lambda match: _NOT[match[0]], text)


def _spellings() -> dict[str, str]:
    """Give British spellings with the American ones."""
    stems = {
        "defence": "defense", "offence": "offense", "neighbour": "neighbor", "favour": "favor", "honour": "honor",
        "rumour": "rumor", "behaviour": "behavior", "labour": "labor", "endeavour": "endeavor", "harbour": "harbor",
        "armour": "armor", "centre": "center", "theatre": "theater", "sceptic": "skeptic", "programme": "program",
        "manoeuvre": "maneuver", "cheque": "check", "judgement": "judgment", "grey": "gray",
    }  # fmt: skip
    doubled = {
        f"{verb}l{end}": f"{verb}{end}" for verb in ("quarrel", "travel", "cancel", "rival") for end in ("ed", "ing")
    }
    verbs = [
        "mobil",
        "recogn",
        "real",
        "organ",
        "industrial",
        "modern",
        "neutral",
        "antagon",
        "jeopard",
        "critic",
        "sympath",
        "stabil",
        "colon",
        "fortif",
        "normal",
        "fratern",
        "penal",
        "central",
        "national",
    ]
    return {**stems, **doubled, **{f"{verb}is": f"{verb}iz" for verb in verbs}}


SPELLINGS = _spellings()


def americanised(text: str) -> str:
    """Write "neighbour" as "neighbor", "mobilise" as "mobilize"."""
    return _respelt(text, SPELLINGS)


def anglicised(text: str) -> str:
    """Write "neighbor" as "neighbour", "mobilize" as "mobilise"."""
    return _respelt(text, {us: uk for uk, us in SPELLINGS.items() if uk not in ("programme", "cheque", "judgement")})


def _respelt(text: str, spellings: Mapping[str, str]) -> str:
    stems = "|".join(sorted(spellings, key=len, reverse=True))
    ends = r"(?=(?:|s|e|es|ed|ing|able|ly|ation|ations|less|liness|ical|ism|hood)\b)"

    def put(match: re.Match[str]) -> str:
        word = spellings[match[0].lower()]
        return word.capitalize() if match[0][0].isupper() else word

    return re.sub(rf"\b(?:{stems}){ends}", put, text, flags=re.I)


ASIDES = ("Rain fell for many days.", "Wheat was cheap that spring.", "The old roads were full of carts.")


def with_aside(text: str, reading: Reading, place: str) -> str:
    """Put a sentence that has nothing to do with it before a text, amid its sentences or after it."""
    aside = ASIDES[len(text) % len(ASIDES)]
    if place == "before":
        return f"{aside} {text}"
    if place == "after":
        return f"{text} {aside}"
    starts = [span.start for span in reading.sentences if span.start and text[: span.start].rstrip().endswith(".")]
    middle = starts[len(starts) // 2] if starts else len(text)
    return f"{text[:middle].rstrip()} {aside} {text[middle:]}".rstrip()


HEADINGS = ("The Situation\n\n", "THE SITUATION\n\n", "the situation\n\n", "## The situation\n\n")


# ---------------------------------------------------------------- the other voice

_IRREGULAR = {
    "beat": ("beat", "beaten"), "overrun": ("overran", "overrun"), "overcome": ("overcame", "overcome"),
    "hold": ("held", "held"), "keep": ("kept", "kept"), "fight": ("fought", "fought"), "bind": ("bound", "bound"),
    "give": ("gave", "given"), "take": ("took", "taken"), "break": ("broke", "broken"), "drive": ("drove", "driven"),
    "send": ("sent", "sent"), "lead": ("led", "led"), "leave": ("left", "left"), "forsake": ("forsook", "forsaken"),
    "withstand": ("withstood", "withstood"), "seek": ("sought", "sought"), "win": ("won", "won"),
    "overthrow": ("overthrew", "overthrown"), "meet": ("met", "met"), "pay": ("paid", "paid"), "see": ("saw", "seen"),
    "choose": ("chose", "chosen"), "know": ("knew", "known"), "hit": ("hit", "hit"), "make": ("made", "made"),
}  # fmt: skip
_NEVER_PASSIVE = frozenset(
    ["have", "resemble", "lack", "want", "suit", "cost", "be", "become", "remain", "fit", "need", "mean", "leave"]
)
_LOOSE = frozenset(
    ["advmod", "npadvmod", "prep", "punct", "nsubj", "dobj", "aux", "neg", "nsubjpass", "auxpass", "agent"]
)


def other_voices(doc: Doc) -> Iterator[tuple[int, int, str]]:
    """Give the sentences that can be said in the other voice: where each begins and ends, and the new sentence."""
    for sentence in doc.sents:
        if any(token.pos_ == "PRON" for token in doc[sentence.start :]):
            continue  # what a pronoun means may hang on who is the subject
        said = _as_passive(sentence) or _as_active(sentence)
        if said:
            yield sentence.start_char, sentence.end_char, said


def _parts(sentence: Span, subject: str) -> tuple[Token, Token, list[Token]] | None:
    """Give verb, subject and auxiliaries of a plain sentence about a name, if it is one."""
    verb = sentence.root
    if verb.pos_ != "VERB" or any(child.dep_ not in _LOOSE for child in verb.children):
        return None
    subjects = [child for child in verb.children if child.dep_ == subject]
    if len(subjects) != 1 or not _is_name(subjects[0]) or subjects[0].left_edge.i != sentence.start:
        return None
    return verb, subjects[0], [child for child in verb.children if child.dep_ in ("aux", "auxpass", "neg")]


def _is_name(token: Token) -> bool:
    return token.pos_ == "PROPN" and all(child.dep_ == "compound" for child in token.children)


def _name(token: Token) -> str:
    return str(token.doc[token.left_edge.i : token.right_edge.i + 1].text)


def _as_passive(sentence: Span) -> str | None:
    found = _parts(sentence, "nsubj")
    if found is None:
        return None
    verb, subject, helpers = found
    objects = [child for child in verb.children if child.dep_ == "dobj"]
    if len(objects) != 1 or not _is_name(objects[0]) or objects[0].left_edge.i != verb.i + 1:
        return None
    if verb.lemma_ in _NEVER_PASSIVE:
        return None
    thing, doc = objects[0], sentence.doc
    between = doc[subject.right_edge.i + 1 : verb.i]
    tail = doc[thing.right_edge.i + 1 : sentence.end]
    if any(token.tag_ in ("PRP", "PRP$", "WDT", "WP") for token in tail):
        return None
    words = [token.text for token in helpers]
    if any(token.is_punct or token.text == "but" for token in between):
        return None
    rest = " ".join(token.text for token in between if token not in helpers)
    participle = _participle(verb)
    if not participle:
        return None
    if not words:
        verbal = {"VBD": "was", "VBZ": "is", "VBP": "are"}.get(verb.tag_, "")
    elif words[0] in ("did", "does"):
        verbal = " ".join(["was" if words[0] == "did" else "is", *words[1:]])
    elif words[0] in ("has", "had", "have"):
        verbal = " ".join([*words, "been"])
    elif helpers[0].tag_ == "MD" and verb.tag_ == "VB":
        verbal = " ".join([*words, "be"]).replace("ca n't", "can't be").replace("cannot be", "cannot be")
    else:
        return None
    if not verbal:
        return None
    adverb = f"{rest} " if rest else ""
    space = "" if tail and tail[0].is_punct else " "
    return f"{_name(thing)} {verbal} {adverb}{participle} by {_name(subject)}{space}{tail.text}".replace(" n't", "n't")


def _as_active(sentence: Span) -> str | None:
    found = _parts(sentence, "nsubjpass")
    if found is None:
        return None
    verb, subject, helpers = found
    agents = [child for child in verb.children if child.dep_ == "agent" and child.i == verb.i + 1]
    doers = [token for agent in agents for token in agent.children if token.dep_ == "pobj"]
    if len(helpers) != 1 or len(doers) != 1 or not _is_name(doers[0]) or verb.i != helpers[0].i + 1:
        return None
    if subject.right_edge.i + 1 != helpers[0].i:
        return None
    past = _IRREGULAR.get(verb.lemma_, (verb.text, ""))[0]
    present = verb.lemma_ + ("es" if verb.lemma_.endswith(("s", "sh", "ch", "x")) else "s")
    present = present[:-2] + "ies" if present.endswith("ys") and present[-3] not in "aeou" else present
    spoken = {"was": past, "were": past, "is": present}.get(helpers[0].text)
    tail = sentence.doc[doers[0].right_edge.i + 1 : sentence.end]
    if spoken is None or any(token.tag_ in ("PRP", "PRP$", "WDT", "WP") for token in tail):
        return None
    space = "" if tail and tail[0].is_punct else " "
    return f"{_name(doers[0])} {spoken} {_name(subject)}{space}{tail.text}"


def _participle(verb: Token) -> str:
    if verb.lemma_ in _IRREGULAR:
        return _IRREGULAR[verb.lemma_][1]
    if verb.tag_ in ("VBD", "VBN"):
        return verb.text if verb.text.endswith("ed") else ""
    lemma = verb.lemma_
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2] not in "aeou":
        return lemma[:-1] + "ied"
    return lemma + "ed"


# ---------------------------------------------------------------- the contrary

_CLAUSES = frozenset(["advcl", "relcl", "ccomp", "parataxis", "csubj", "acl", "xcomp", "pcomp"])
_DENYING = frozenset(
    [
        "no",
        "not",
        "n't",
        "never",
        "nor",
        "neither",
        "nobody",
        "nothing",
        "none",
        "hardly",
        "scarcely",
        "without",
        "only",
        "cannot",
        "any",
        "few",
        "little",
        "but",
    ]
)


def denials(vocabulary: Vocabulary, before: Text, doc: Doc, reading: Reading) -> Iterator[Change]:
    """Deny one plain sentence, by "it is not true that" and by "not": what its clause says is turned round, no more."""
    for sentence in doc.sents:
        turned = _turned(vocabulary, sentence, reading) if _is_plain(sentence) else None
        if turned is None:
            continue
        verb, start = sentence.root, sentence.start_char
        head, tail = before.text[:start], before.text[start + len(sentence[0].text) :]
        first = sentence[0].text
        first = first.lower() if sentence[0].tag_ in ("DT", "PRP", "PRP$", "IN", "EX") else first
        yield Change(before, f"{head}It is not true that {first}{tail}", turned)
        helper = next((c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i < verb.i), None)
        helper = verb if verb.lemma_ == "be" else helper
        if helper is not None:
            end = helper.idx + len(helper.text)
            yield Change(before, f"{before.text[:end]} not{before.text[end:]}", turned)
        elif verb.tag_ in ("VBD", "VBZ", "VBP"):
            do = {"VBD": "did", "VBZ": "does", "VBP": "do"}[verb.tag_]
            end = verb.idx + len(verb.text)
            yield Change(before, f"{before.text[: verb.idx]}{do} not {verb.lemma_}{before.text[end:]}", turned)
        return


def _is_plain(sentence: Span) -> bool:
    """Whether a sentence is one clause that can be denied without ado."""
    verb, first, text = sentence.root, sentence[0], sentence.text.rstrip()
    return not (
        verb.pos_ not in ("VERB", "AUX")
        or not text.endswith(".")
        or any(mark in text for mark in '"“;:')
        or first.tag_ in ("RB", "CC")
        or any(token.dep_ in _CLAUSES or token.dep_ in ("mark", "oprd") for token in sentence)
        or any(token.tag_ in ("MD", "EX") or token.lower_ in _DENYING for token in sentence)
        or any(token.dep_ == "conj" and token.pos_ in ("VERB", "AUX") for token in sentence)
    )


def _turned(vocabulary: Vocabulary, sentence: Span, reading: Reading) -> frozenset[Seen] | None:
    """Turn round what rests on a sentence's verb; None where a noun of it, or another sentence, says something too."""
    found: set[Seen] = set()
    verb, any_turned = sentence.root.idx, False
    for each in reading.observations:
        spans = [evidence.span for evidence in each.evidence if evidence.span]
        inside = [sentence.start_char <= span.start < sentence.end_char for span in spans]
        if not any(inside):
            found.add(seen(vocabulary, each))
        elif all(inside) and any(span.start <= verb < span.end for span in spans):
            turned = Fact(each.fact.variable, each.fact.args, each.fact.value, not each.fact.holds)
            found.add((canonical(vocabulary, turned), seen(vocabulary, each)[1]))
            any_turned = True
        else:
            return None
    return frozenset(found) if any_turned else None


def parser() -> Callable[[str], Doc]:
    """Give the model's parse of a text."""
    nlp, _ = load_model()
    return nlp
