"""How right a reading and a verdict are, measured against what somebody has written down.

A fact is found *plainly* if it is the same fact, and *strictly* if it is also said with the same stance.  To
assert and to deny are one stance here, for what is asserted or denied shows in the fact.  What a reader may find
as well, and what follows from a fact by ``rules/consequences.md``, is neither rewarded nor punished.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from advisor.consequences import Consequence, implied
from advisor.terms import (
    SYSTEM,
    Expectation,
    Fact,
    Observation,
    OutcomeExpectation,
    Prospect,
    Stance,
    Transcript,
    Verdict,
    Vocabulary,
)
from advisor.vocabulary import canonical, outcomes, restraints, strategies, value_ids, variables

Naming = Callable[[str], str]
"""Gives the one name of a state that has several."""

# ---------------------------------------------------------------- cases


def case_of(vocabulary: Vocabulary, record: Mapping[str, Any]) -> Transcript:
    """Read a case from a JSON object, which has the fields of a transcript.

    Raises ValueError, which names the case, where a key is missing or the vocabulary lacks a word of it.
    """
    name = str(record.get("id", "?"))
    try:
        return Transcript(
            name,
            str(record.get("title") or ""),
            record["text"],
            tuple(_observation(vocabulary, each) for each in record.get("facts") or ()),
            tuple(_observation(vocabulary, each) for each in record.get("tolerated") or ()),
            tuple(_expectation(vocabulary, each) for each in record.get("expect") or ()),
            tuple(_outcome(vocabulary, each) for each in record.get("expect_outcomes") or ()),
            bool(record.get("expect_nothing", False)),
        )
    except KeyError as error:
        raise ValueError(f"case {name}: the key {error} is missing") from error
    except (TypeError, ValueError) as error:
        raise ValueError(f"case {name}: {error}") from error


def _observation(vocabulary: Vocabulary, record: Mapping[str, Any]) -> Observation:
    # Where cases come from a table, a key that one of them has is there in all, and empty in the others.
    holds = record.get("holds")
    fact = Fact(record["variable"], tuple(record["args"]) or (SYSTEM,), record["value"], holds is None or bool(holds))
    variable = variables(vocabulary).get(fact.variable)
    if variable is None:
        raise ValueError(f"the vocabulary has no variable “{fact.variable}”")
    if fact.value not in value_ids(variable):
        raise ValueError(f"“{fact.variable}” has no value “{fact.value}”: {', '.join(value_ids(variable))}")
    if len(fact.args) != max(1, variable.arity):
        raise ValueError(f"“{fact.variable}” is about {variable.arity} states, not {', '.join(fact.args)}")
    stance: Stance = record.get("stance") or ("asserted" if fact.holds else "denied")
    if stance not in get_args(Stance):
        raise ValueError(f"“{stance}” is no stance: {', '.join(get_args(Stance))}")
    return Observation(fact, stance, holder=record.get("holder"))


def _expectation(vocabulary: Vocabulary, record: Mapping[str, Any]) -> Expectation:
    acceptable = tuple(record.get("acceptable") or ())
    for strategy in (record["strategy"], *acceptable):
        if strategy not in strategies(vocabulary) and strategy not in restraints(vocabulary):
            raise ValueError(f"the vocabulary has no strategy “{strategy}”")
    missed = str(record.get("missed") or "")
    return Expectation(record["state"], record.get("toward"), record["strategy"], acceptable, missed)


def _outcome(vocabulary: Vocabulary, record: Mapping[str, Any]) -> OutcomeExpectation:
    outcome = outcomes(vocabulary).get(record["outcome"])
    if outcome is None:
        raise ValueError(f"the vocabulary has no outcome “{record['outcome']}”")
    args = tuple(record.get("args") or ()) or (SYSTEM,)
    if len(args) != max(1, outcome.arity):
        raise ValueError(f"the outcome “{outcome.id}” is about {outcome.arity} states, not {', '.join(args)}")
    value = record["value"]
    if value is not None and value not in dict(outcome.values):
        raise ValueError(f"the outcome “{outcome.id}” has no value “{value}”: {', '.join(dict(outcome.values))}")
    return OutcomeExpectation(outcome.id, args, value, str(record.get("missed") or ""))


def name_matcher(rules: Path) -> Naming:
    """Give what makes one name of a state's several, by the lists of names of a rules folder."""
    from advisor.reading.names import canonical_name, gazetteer, load_names

    known = gazetteer(load_names(rules)[0])
    return lambda name: name if name == SYSTEM else canonical_name(known, name)


# ---------------------------------------------------------------- counts


@dataclass(frozen=True, slots=True, order=True)
class Counts:
    """How many facts were found, missed and made up."""

    matched: int = 0
    missed: int = 0
    wrong: int = 0


def total(counts: Iterable[Counts]) -> Counts:
    """Sum counts."""
    each = list(counts)
    return Counts(sum(c.matched for c in each), sum(c.missed for c in each), sum(c.wrong for c in each))


def precision(counts: Counts) -> float | None:
    """The share of what was found that is right; None where nothing was found."""
    found = counts.matched + counts.wrong
    return counts.matched / found if found else None


def recall(counts: Counts) -> float | None:
    """The share of what there is that was found; None where there is nothing."""
    there = counts.matched + counts.missed
    return counts.matched / there if there else None


def f1(counts: Counts) -> float | None:
    """The harmonic mean of precision and recall; None where there is nothing, found or to be found."""
    both = 2 * counts.matched + counts.missed + counts.wrong
    return 2 * counts.matched / both if both else None


def interval(
    cases: Iterable[Counts], measure: Callable[[Counts], float | None], *, resamples: int = 2000, seed: int = 0
) -> tuple[float, float] | None:
    """Give the 95 % interval of a measure of the summed counts, by the percentile bootstrap over whole cases.

    Facts of one case stand or fall together, so cases are drawn and not facts.  None where no sample has a measure.
    """
    from advisor.evaluation.intervals import ends, sample

    kinds = Counter((each.matched, each.missed, each.wrong) for each in cases)
    drawn = sample(kinds.items(), 3, resamples=resamples, seed=seed).drawn
    return ends([measure(Counts(*map(int, sums))) for sums in drawn])


# ---------------------------------------------------------------- readings


@dataclass(frozen=True, slots=True)
class Marks:
    """The facts that were found, missed and made up, each sorted."""

    matched: tuple[Fact, ...]
    missed: tuple[Fact, ...]
    wrong: tuple[Fact, ...]

    @property
    def counts(self) -> Counts:
        """How many there are of each."""
        return Counts(len(self.matched), len(self.missed), len(self.wrong))


@dataclass(frozen=True, slots=True)
class ReadingScore:
    """How right one reading is.

    ``plain`` leaves the stance aside, ``strict`` does not.  Of what is plainly wrong, ``polarity`` is that of which
    the contrary is told, and ``reversed`` that which is told the other way round.  ``stance`` is what was found, but
    only with another stance; ``taken_for_fact`` is what of this was taken for a fact without being told as one.
    """

    plain: Marks
    strict: Marks
    polarity: tuple[Fact, ...]
    reversed: tuple[Fact, ...]
    stance: tuple[Fact, ...]
    taken_for_fact: tuple[Fact, ...]


_FACTUAL = ("asserted", "denied")
_Told = tuple[Fact, str, str | None]


def _told(vocabulary: Vocabulary, observations: Iterable[Observation], name: Naming) -> list[_Told]:
    """Give each observation once: its fact in its one form, its stance, and its holder."""
    said: dict[_Told, None] = {}
    for each in observations:
        fact = canonical(vocabulary, each.fact._replace(args=tuple(name(arg) for arg in each.fact.args)))
        stance = "" if each.stance in _FACTUAL else each.stance
        said[fact, stance, name(each.holder) if each.holder else None] = None
    return sorted(said, key=lambda told: (told[0], told[1], told[2] or ""))


def _agrees(found: _Told, with_: _Told) -> bool:
    """Whether the stance of what was found, and its holder where one is known, is that of the other."""
    return found[1] == with_[1] and (with_[2] is None or found[2] == with_[2])


def score_reading(
    vocabulary: Vocabulary,
    consequences: tuple[Consequence, ...],
    found: Sequence[Observation],
    gold: Sequence[Observation],
    tolerated: Sequence[Observation] = (),
    *,
    name: Naming = str,
) -> ReadingScore:
    """Compare what was found with what there is (``gold``) and what may be found too (``tolerated``).

    ``name`` makes one name of a state's several.  What is said to have ended is left aside.  The same fact
    with two stances is one fact plainly and two strictly.
    """
    here = _told(vocabulary, (each for each in found if not each.past), name)
    there = _told(vocabulary, gold, name)
    right: dict[Fact, list[_Told]] = {}
    for told in [*there, *_told(vocabulary, tolerated, name)]:
        for fact in implied(vocabulary, consequences, told[0]):
            right.setdefault(canonical(vocabulary, fact), []).append(told)
    found_facts, gold_facts = {told[0] for told in here}, {told[0] for told in there}
    wrong = sorted(found_facts - right.keys())
    plain = Marks(tuple(sorted(gold_facts & found_facts)), tuple(sorted(gold_facts - found_facts)), tuple(wrong))
    met = [any(each[0] == told[0] and _agrees(each, told) for each in here) for told in there]
    strict = Marks(
        tuple(told[0] for told, found_so in zip(there, met, strict=True) if found_so),
        tuple(told[0] for told, found_so in zip(there, met, strict=True) if not found_so),
        tuple(told[0] for told in here if not any(_agrees(told, source) for source in right.get(told[0], ()))),
    )
    off = [told for told in there if told[0] in found_facts and told[0] not in strict.matched]
    factual = {told[0] for told in here if not told[1]}
    return ReadingScore(
        plain,
        strict,
        tuple(fact for fact in wrong if canonical(vocabulary, fact._replace(holds=not fact.holds)) in gold_facts),
        tuple(fact for fact in wrong if canonical(vocabulary, fact._replace(args=fact.args[::-1])) in gold_facts),
        tuple(dict.fromkeys(told[0] for told in off)),
        tuple(dict.fromkeys(told[0] for told in off if told[1] and told[0] in factual)),
    )


def by_variable(marks: Iterable[Marks]) -> dict[str, Counts]:
    """Count the facts of each variable, the most frequent variable first."""
    each = list(marks)
    kinds = [[fact.variable for m in each for fact in facts(m)] for facts in _KINDS]
    ids = sorted({id_ for kind in kinds for id_ in kind})
    counted = {id_: Counts(*(kind.count(id_) for kind in kinds)) for id_ in ids}
    return dict(sorted(counted.items(), key=lambda item: (-item[1].matched - item[1].missed, item[0])))


_KINDS: tuple[Callable[[Marks], tuple[Fact, ...]], ...] = (lambda m: m.matched, lambda m: m.missed, lambda m: m.wrong)


# ---------------------------------------------------------------- verdicts

Grade = Literal["strict", "lenient", "no answer", "wrong"]
"""The strategy expected; one that is acceptable; none; another."""


def score_verdict(
    vocabulary: Vocabulary, verdicts: Iterable[Verdict], expected: Expectation, *, name: Naming = str
) -> Grade:
    """Grade what was judged of a state by what is expected of it.

    Each strategy is an answer to one topic, and is compared with the verdict on that topic alone.  Where the
    expectation names no threat, the first verdict on a topic counts.
    """
    answers: dict[str, str | None] = {}
    for verdict in verdicts:
        about = verdict.toward is None or expected.toward is None or name(verdict.toward) == name(expected.toward)
        if name(verdict.state) == name(expected.state) and about:
            answer = (verdict.strategy or verdict.family) if verdict.decision == "predicted" else None
            answers.setdefault(verdict.about, answer)
    return score_answers(vocabulary, answers, expected)


def score_answers(vocabulary: Vocabulary, answers: Mapping[str, str | None], expected: Expectation) -> Grade:
    """Grade answers by topic, as a baseline gives them; a generic strategy that is acceptable stands for its forms.

    That no resistance is expected counts as an answer where it is what is expected, and else as none.
    """
    return graded_topic(vocabulary, answers, expected)[0]


def graded_topic(vocabulary: Vocabulary, answers: Mapping[str, str | None], expected: Expectation) -> tuple[Grade, str]:
    """Grade answers by topic, and name the topic whose answer decided the grade."""
    known = {**strategies(vocabulary), **restraints(vocabulary)}
    topic = known[expected.strategy].question
    given = answers.get(topic)
    if given == expected.strategy:
        return "strict", topic
    for strategy in (expected.strategy, *expected.acceptable):
        if answers.get(known[strategy].question) in (strategy, *known[strategy].forms):
            return "lenient", known[strategy].question
    return "no answer" if given is None or given in restraints(vocabulary) else "wrong", topic


def score_outcome(prospects: Iterable[Prospect], expected: OutcomeExpectation, *, name: Naming = str) -> Grade:
    """Grade what was judged of an outcome by what is expected of it; there is nothing between right and wrong."""
    about = tuple(name(arg) for arg in expected.args)
    for prospect in prospects:
        if prospect.outcome == expected.outcome and tuple(name(arg) for arg in prospect.args) == about:
            return "strict" if prospect.value == expected.value else "wrong"
    return "no answer"
