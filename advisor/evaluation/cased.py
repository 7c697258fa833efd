"""A case as a page shows it: the text with what was read in it, what was expected and found, and the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from advisor.evaluation.judging import Judged, Yardstick
from advisor.terms import SYSTEM, Fact
from advisor.vocabulary import restraints, say


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text; ``facts`` is what was read from it, and ``unread`` marks what nothing was read from."""

    text: str
    facts: str = ""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is expected of somebody, what is predicted instead or as well, and the grade of that."""

    about: str
    expected: str
    found: str
    grade: str


@dataclass(frozen=True, slots=True)
class Place:
    """One strategy in a ranking, with its support and the titles of the propositions for and against it."""

    strategy: str
    support: float
    pro: tuple[str, ...]
    contra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict; ``answer`` is empty where nothing is predicted, ``schools`` has each school and what it expects."""

    state: str
    toward: str
    about: str
    decision: str
    label: str
    answer: str
    percent: int
    robust: bool
    ranking: tuple[Place, ...]
    schools: tuple[tuple[str, str], ...]
    ruled_out: tuple[str, ...]
    silenced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One application of a proposition, and what met its conditions, with the words of the text."""

    id: str
    title: str
    because: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Cased:
    """All that a page says of one case; ``grade`` and ``label`` are what it can be found by.

    ``facts`` are what was read, or coded where there is no text, each with the words of the text.
    """

    anchor: str
    id: str
    title: str
    source: str
    grade: str
    label: str
    error: str
    words: int
    passages: tuple[Passage, ...]
    wanted: tuple[Wanted, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    question: str

    @property
    def brief(self) -> str:
        """What was expected and found first, in a few words."""
        if self.wanted:
            first = self.wanted[0]
            return f"{first.about}: {first.found or 'no answer'}"
        first_finding = next((each for each in self.findings if each.answer), None)
        return f"{first_finding.state}: {first_finding.answer}" if first_finding else ""


def cased(yardstick: Yardstick, record: Mapping[str, Any], case: Judged, anchor: str) -> Cased:
    """Put together what a page shows of a record and how it was judged."""
    titles = {id_: each.title for id_, each in yardstick.propositions.items()}
    verdicts = record.get("verdicts", ())
    labels = [ruling.told.label for ruling in case.rulings] or [verdict["label"] for verdict in verdicts[:1]]
    quotes = _quotes(yardstick, record)
    question = record.get("question")
    return Cased(
        anchor,
        case.id,
        record.get("title") or case.id,
        record.get("source") or "",
        case.grade,
        labels[0] if labels and labels[0] else "no verdict",
        _error(record),
        case.words,
        tuple(_passages(yardstick, record)),
        tuple(_wanted(case)),
        tuple(_finding(yardstick, verdict, titles) for verdict in verdicts),
        tuple(_outcome(each) for each in record.get("outcomes", ())),
        tuple(_reasons(yardstick, record, quotes)),
        tuple((_seen(yardstick, seen), _words_of(seen)) for seen in record.get("observations", ())),
        question["text"] if question else "",
    )


def _error(record: Mapping[str, Any]) -> str:
    error = record.get("error")
    return f"{error['kind']}: {error['message']}" if error else ""


def _said(yardstick: Yardstick, told: Mapping[str, Any]) -> str:
    """Say a fact of a record in words; one that the vocabulary no longer has is shown by its parts."""
    fact = Fact(told["variable"], tuple(told["args"]) or (SYSTEM,), told["value"], told.get("holds", True))
    try:
        return say(yardstick.theory.vocabulary, fact)
    except (KeyError, ValueError, IndexError, StopIteration):
        return f"{fact.variable}({', '.join(fact.args)}) = {fact.value}"


def _seen(yardstick: Yardstick, seen: Mapping[str, Any]) -> str:
    """Say an observation in words, and how it is told if not as a fact of now."""
    stance = "" if seen["stance"] in _FACTUAL else seen["stance"]
    how = [*([stance] if stance else []), *(["over"] if seen.get("past") else [])]
    return f"{', '.join(how)}: {_said(yardstick, seen)}" if how else _said(yardstick, seen)


_FACTUAL = ("asserted", "denied")

# ---------------------------------------------------------------- the text


def _passages(yardstick: Yardstick, record: Mapping[str, Any]) -> Iterable[Passage]:
    """Cut the text where something read, or something nothing was read from, begins or ends."""
    text = record.get("text") or ""
    read = [
        (span["start"], span["end"], _seen(yardstick, seen))
        for seen in record.get("observations", ())
        for span in seen.get("evidence", ())
        if text[span["start"] : span["end"]] == span["quote"]
    ]
    unread = [(span["start"], span["end"]) for span in record.get("unread", ())]
    cuts = sorted({0, len(text), *(place for each in (*read, *unread) for place in each[:2] if place <= len(text))})
    for start, end in pairwise(cuts):
        facts = dict.fromkeys(said for first, last, said in read if first <= start and end <= last)
        passed = any(first <= start and end <= last for first, last in unread)
        yield Passage(text[start:end], "; ".join(facts), passed and not facts)


def _quotes(yardstick: Yardstick, record: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Give, by a fact in words, the words of the text that tell it as a fact."""
    found: dict[str, dict[str, None]] = {}
    for seen in record.get("observations", ()):
        if seen["stance"] in _FACTUAL and not seen.get("past"):
            found.setdefault(_said(yardstick, seen), {}).update(dict.fromkeys(_words_of(seen)))
    return {said: tuple(each) for said, each in found.items()}


def _words_of(seen: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the words of the text that an observation rests on."""
    return tuple(dict.fromkeys(" ".join(span["quote"].split()) for span in seen.get("evidence", ())))


# ---------------------------------------------------------------- what was expected and found


def _wanted(case: Judged) -> Iterable[Wanted]:
    for ruling in case.rulings:
        told = ruling.told
        facing = f", facing {ruling.toward}" if ruling.toward else ""
        expected = " or ".join((told.expected, *told.acceptable))
        yield Wanted(f"{ruling.state}{facing}", expected, told.answer, told.grade)
    for outcome in case.outcomes:
        yield Wanted(outcome.outcome, outcome.expected or "disputed", outcome.answer, outcome.grade)
    if case.trap is not None:
        yield Wanted("anybody", "nothing", "something" if case.trap else "nothing", "wrong" if case.trap else "strict")


def _finding(yardstick: Yardstick, verdict: Mapping[str, Any], titles: Mapping[str, str]) -> Finding:
    """Show one verdict."""
    words = yardstick.theory.vocabulary
    schools = {school.id: school.name for school in yardstick.theory.schools}
    against = next((id_ for id_, each in restraints(words).items() if each.question == verdict["about"]), "")
    answer = verdict["strategy"] or verdict["family"] if verdict["decision"] == "predicted" else ""
    return Finding(
        verdict["state"],
        verdict["toward"] or "",
        verdict["about"],
        verdict["decision"],
        verdict["label"],
        answer or "",
        round(100 * verdict["share"]),
        verdict["robust"],
        tuple(
            Place(
                each["strategy"],
                each["support"],
                tuple(titles.get(id_, id_) for id_ in each["for"]),
                tuple(titles.get(id_, id_) for id_ in each["against"]),
            )
            for each in verdict["ranking"]
        ),
        tuple((schools.get(v["school"], v["school"]), v["strategy"] or against) for v in verdict["schools"]),
        tuple(each["strategy"] for each in verdict["ruled_out"]),
        tuple(titles.get(each["proposition"], each["proposition"]) for each in verdict.get("defeats", ())),
    )


def _outcome(prospect: Mapping[str, Any]) -> tuple[str, str]:
    of = "" if prospect["args"] == [SYSTEM] else " of " + " and ".join(prospect["args"])
    return f"{prospect['outcome']}{of}", prospect["value"] or "disputed"


def _reasons(yardstick: Yardstick, record: Mapping[str, Any], quotes: Mapping[str, Sequence[str]]) -> Iterable[Reason]:
    """Show every application of a proposition, in the order of the theory."""
    facts = record.get("facts", ())
    for argument in record.get("arguments", ()):
        proposition = yardstick.propositions.get(argument["proposition"])
        if proposition is None:
            continue
        met = [_said(yardstick, facts[place]) for premise in argument["premises"] for place in premise]
        because = tuple((said, tuple(quotes.get(said, ()))) for said in dict.fromkeys(met))
        yield Reason(proposition.id, proposition.title, because)
