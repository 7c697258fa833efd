"""One record a case: what was read, what was known, what the schools expect and why, and what was expected.

A record is a JSON object, its keys always in the order in which they are described here.  It depends on the case, the
theory, the reader and what was asked for, and on nothing else: not on the machine, the time, the number of processes
or the cases beside it.  Its schema is ``advisor.record/1``:

- ``schema``, ``id``, ``title``; ``source``, the file, with a colon and the line or row where it has several cases;
- ``digest``: of the ``case``, of the ``theory``, of the ``reader`` (null where nothing was read);
- ``error``: null, or its ``kind`` (``case``, ``text``, ``situation``, ``crash``, ``unexpected``) and ``message``;
  then the lists below are empty, up to what the case expects;
- ``text``, and ``words``, how many it has; ``from``: ``text``, or ``facts`` where the coded facts were used;
- ``states``: their names and where the text mentions them; ``observations``, with their ``confidence``, and
  ``unread``: as in ``advisor.advice/1``;
- ``facts``: what the theory was given, and what else its arguments rest on or conclude, each with its ``origin``:
  ``given``, ``assumed``, ``implied`` by what was given, or ``derived``;
- ``verdicts``: as in ``advisor.advice/1``; first those that the theory chooses to give, then those that the case
  expects and that are not among them, with ``asked`` true. Each has its ``defeats`` (``proposition``, ``by``) and
  ``disputes`` (pairs);
- ``outcomes``, ``cautions``, ``conflicts``: as in ``advisor.advice/1``; an outcome that is expected and not among them
  follows, as it looks from the state that the first expectation is about;
- ``arguments``: every application of a proposition: its ``proposition``, ``bindings`` (role, state), ``premises``,
  for each condition the places in ``facts`` of what met it, and ``derived``, the places of what followed;
- ``question``: what to ask next, where this was wanted, else null;
- ``expect``, ``expect_outcomes``, ``expect_nothing``: what the case expects, its states by the names that they have
  here;
- ``gold``, ``tolerated``: the coded facts of a case that was read, else null and an empty list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from advisor.evaluation.cases import (
    Given,
    NoCase,
    case_digest,
    digest_of,
    expectation_json,
    fact_json,
    observation_json,
    outcome_json,
    understood,
)
from advisor.evaluation.digests import reader_digest
from advisor.evaluation.scoring import Naming, name_matcher
from advisor.explanation.record import as_json
from advisor.inference import TooLarge, infer, revising
from advisor.inquiry import next_question
from advisor.situation import situation
from advisor.terms import (
    SYSTEM,
    Advice,
    Expectation,
    Fact,
    Inference,
    Observation,
    OutcomeExpectation,
    Prospect,
    Reading,
    Situation,
    Span,
    Theory,
    Transcript,
    Verdict,
)
from advisor.verdict import judge, judge_also

SCHEMA = "advisor.record/1"
TOGETHER = 30_000
"""Characters of text that are parsed in one go; a longer text is read by itself."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What cases are worked on with: the theory, the folder it comes from, and what is wanted.

    ``facts`` takes the coded facts of a case even where it has a text; ``question`` asks what to ask next, which costs
    more than all the rest; ``together`` parses the texts of several cases in one go.
    """

    theory: Theory
    rules: Path
    facts: bool = False
    question: bool = False
    together: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """A case that was understood, or the complaint about it."""

    given: Given
    digest: str
    transcript: Transcript
    error: tuple[str, str] | None = None

    def is_read(self, setup: Setup) -> bool:
        """Whether its text is to be read, and not its facts to be used."""
        return not self.error and bool(self.transcript.text.strip()) and not (setup.facts and self.transcript.facts)


# ---------------------------------------------------------------- from cases to records


def case_from(setup: Setup, given: Given) -> Case:
    """Understand a case; one that is not understood gets its complaint."""
    try:
        transcript = understood(setup.theory.vocabulary, given)
    except NoCase as problem:
        data = given.data if isinstance(given.data, bytes) else repr(given.data).encode()
        return Case(given, digest_of(data), Transcript(given.id), ("case", str(problem)))
    return Case(given, case_digest(transcript), transcript)


def records(setup: Setup, given: Sequence[Given]) -> Iterator[dict[str, Any]]:
    """Give the record of each of some cases, in their order; whatever is wrong with one is in its record."""
    cases = [case_from(setup, each) for each in given]
    readings = _readings(setup, cases)
    for case in cases:
        yield _record(setup, case, next(readings) if case.is_read(setup) else None)


def line_of(record: Mapping[str, Any]) -> bytes:
    """Give a record as one line of JSON."""
    return json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n"


def failed(setup: Setup, given: Given, kind: str, message: str) -> dict[str, Any]:
    """Give the record of a case that could not be worked on at all."""
    case = case_from(setup, given)
    return _record(setup, replace(case, error=case.error or (kind, message)), None)


def _readings(setup: Setup, cases: Sequence[Case]) -> Iterator[Reading | tuple[str, str]]:
    """Read the texts of cases, many short ones in one go; where one fails, give its complaint."""
    waiting: list[str] = []
    size = 0
    for case in cases:
        if not case.is_read(setup):
            continue
        text = case.transcript.text
        if waiting and (size + len(text) > TOGETHER or not setup.together):
            yield from _read_group(setup, waiting)
            waiting, size = [], 0
        waiting.append(text)
        size += len(text)
    yield from _read_group(setup, waiting)


def _read_group(setup: Setup, texts: Sequence[str]) -> Iterator[Reading | tuple[str, str]]:
    from advisor.reading import ModelMissing, read_together

    if len(texts) > 1:
        try:
            found = list(read_together(texts, setup.theory.vocabulary, rules=setup.rules))
        except ModelMissing:
            raise
        except Exception:  # noqa: BLE001 - whichever text it was, each is now read by itself
            found = []
        if found:
            yield from found
            return
    for text in texts:
        yield _read_alone(setup, text)


def _read_alone(setup: Setup, text: str) -> Reading | tuple[str, str]:
    from advisor.reading import ModelMissing, TextTooLong, read

    try:
        return read(text, setup.theory.vocabulary, rules=setup.rules)
    except ModelMissing:
        raise
    except TextTooLong as problem:
        return "text", str(problem)
    except Exception as problem:  # noqa: BLE001 - one bad case is a record, not the end
        return "unexpected", said(problem)


def said(problem: BaseException) -> str:
    """Say what went wrong, and in what module, in one line."""
    trace, place = problem.__traceback__, ""
    while trace:
        place = f" in {Path(trace.tb_frame.f_code.co_filename).name}"
        trace = trace.tb_next
    return f"{type(problem).__name__}{place}: {' '.join(str(problem).split())[:300]}; please report this with the case"


def _record(setup: Setup, case: Case, reading: Reading | tuple[str, str] | None) -> dict[str, Any]:
    error = case.error
    if isinstance(reading, tuple):
        error, reading = reading, None
    found: dict[str, Any] | None = None
    if not error:
        try:
            found = _answered(setup, case, _with_foreign(reading) if reading else None)
        except TooLarge as problem:
            error = ("situation", str(problem))
        except _NotEnglish as problem:
            error = ("text", f"this is not in English, it looks like {problem}; give a translation")
        except Exception as problem:  # noqa: BLE001 - one bad case is a record, not the end
            error = ("unexpected", said(problem))
    transcript = case.transcript
    return {
        "schema": SCHEMA,
        "id": transcript.id,
        "title": transcript.title,
        "source": case.given.source,
        "digest": {
            "case": case.digest,
            "theory": setup.theory.digest,
            "reader": reader_digest(setup.rules) if case.is_read(setup) else None,
        },
        "error": {"kind": error[0], "message": error[1]} if error else None,
        "text": transcript.text,
        "words": len(transcript.text.split()),
        "from": "text" if case.is_read(setup) else "facts",
        **(found or _nothing(case)),
    }


def _nothing(case: Case) -> dict[str, Any]:
    """Give the rest of a record with an error."""
    transcript = case.transcript
    lists = ("states", "observations", "unread", "facts", "verdicts", "outcomes", "cautions", "conflicts", "arguments")
    return {
        **{key: [] for key in lists},
        "question": None,
        "expect": [expectation_json(each) for each in transcript.expect],
        "expect_outcomes": [outcome_json(each) for each in transcript.expect_outcomes],
        "expect_nothing": transcript.nothing,
        "gold": None,
        "tolerated": [],
    }


# ---------------------------------------------------------------- what is in a record


class _NotEnglish(Exception):
    """No stretch of a text is in English."""


def _with_foreign(reading: Reading) -> Reading:
    """Add what is not in English to what was not read."""
    from advisor.reading import passed_over

    foreign = passed_over(reading.text)
    if foreign and not reading.sentences:
        raise _NotEnglish(" and ".join(dict.fromkeys(language for _, _, language in foreign)))
    spans = [Span(start, end, reading.text[start:end]) for start, end, _ in foreign]
    return replace(reading, unread=tuple(sorted((*reading.unread, *spans)))) if spans else reading


def _answered(setup: Setup, case: Case, reading: Reading | None) -> dict[str, Any]:
    """Infer and judge, and put down all but the head of a record."""
    theory, transcript = setup.theory, case.transcript
    naming = _naming(setup.rules)
    if reading is None:
        known = _one_name(naming, transcript.facts)
        case_situation = situation(theory.vocabulary, known)
    else:
        case_situation = situation(theory.vocabulary, reading.observations, [each.name for each in reading.states])
    inference = infer(theory, case_situation)
    advice = judge(theory, inference)
    if setup.question:
        advice = replace(advice, question=next_question(theory, advice, revising(theory, inference.situation)))
    here = {naming(name): name for name in reversed(case_situation.states)}

    def name(given: str) -> str:
        return here.get(naming(given), given)

    expect = [
        replace(each, state=name(each.state), toward=name(each.toward) if each.toward else None)
        for each in transcript.expect
    ]
    outcomes = [replace(each, args=tuple(map(name, each.args))) for each in transcript.expect_outcomes]
    also = judge_also(theory, inference, advice, [(each.state, each.toward) for each in expect])
    prospects = (*advice.prospects, *_outcomes_also(theory, inference, advice, expect, outcomes))
    written = as_json(theory, replace(advice, verdicts=(*advice.verdicts, *also), prospects=prospects), reading)
    gold = None if reading is None or not transcript.facts else [_renamed(name, each) for each in transcript.facts]
    facts, arguments = _arguments(inference)
    return {
        "states": written["states"],
        "observations": [
            _trusted(seen, plain) for seen, plain in zip(_seen(advice, reading), written["observations"], strict=True)
        ],
        "unread": written["unread"],
        "facts": facts,
        "verdicts": [
            _with_silenced(verdict, plain, asked=number >= len(advice.verdicts))
            for number, (verdict, plain) in enumerate(zip((*advice.verdicts, *also), written["verdicts"], strict=True))
        ],
        "outcomes": written["outcomes"],
        "cautions": written["cautions"],
        "conflicts": written["conflicts"],
        "arguments": arguments,
        "question": written["question"],
        "expect": [expectation_json(each) for each in expect],
        "expect_outcomes": [outcome_json(each) for each in outcomes],
        "expect_nothing": transcript.nothing,
        "gold": None if gold is None else [observation_json(each) for each in gold],
        "tolerated": [] if gold is None else [observation_json(_renamed(name, each)) for each in transcript.tolerated],
    }


def _outcomes_also(
    theory: Theory,
    inference: Inference,
    advice: Advice,
    expect: Sequence[Expectation],
    outcomes: Sequence[OutcomeExpectation],
) -> Iterator[Prospect]:
    """Give what is judged of outcomes that are expected and not in the advice, as the first expectation sees them."""
    known = {(each.outcome, each.args or (SYSTEM,)) for each in advice.prospects}
    missing = {(each.outcome, each.args) for each in outcomes} - known
    if missing and expect:
        asked = judge(theory, inference, focus=expect[0].state, toward=expect[0].toward)
        yield from (each for each in asked.prospects if (each.outcome, each.args or (SYSTEM,)) in missing)


def _seen(advice: Advice, reading: Reading | None) -> Sequence[Observation]:
    return advice.inference.situation.observations or (reading.observations if reading else ())


def _trusted(seen: Observation, plain: dict[str, Any]) -> dict[str, Any]:
    evidence = plain.pop("evidence")
    return {**plain, "confidence": seen.confidence, "evidence": evidence}


def _with_silenced(verdict: Verdict, plain: dict[str, Any], *, asked: bool) -> dict[str, Any]:
    return {
        **plain,
        "defeats": [{"proposition": each.proposition, "by": list(each.by)} for each in verdict.defeats],
        "disputes": [list(each.propositions) for each in verdict.disputes],
        "asked": asked,
    }


def _arguments(inference: Inference) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the facts that count, and every application of a proposition by their places."""
    rest = [fact for each in inference.justifications for premise in each.premises for fact in premise.facts]
    derived = {fact for each in inference.justifications for fact in each.derived}
    told = {each.fact for each in inference.situation.observations}
    kept = sorted({*rest, *derived, *(told & inference.situation.facts)})
    place = {fact: number for number, fact in enumerate(kept)}
    facts = [{**fact_json(fact), "origin": _origin(fact, inference.situation, told, derived)} for fact in kept]
    return facts, [
        {
            "proposition": each.proposition,
            "bindings": dict(each.bindings),
            "premises": [[place[fact] for fact in premise.facts] for premise in each.premises],
            "derived": [place[fact] for fact in each.derived],
        }
        for each in inference.justifications
    ]


def _origin(fact: Fact, case: Situation, told: Iterable[Fact], derived: Iterable[Fact]) -> str:
    if fact in told:
        return "given"
    if fact in case.assumptions:
        return "assumed"
    return "implied" if fact in case.facts or fact not in derived else "derived"


# ---------------------------------------------------------------- names


@lru_cache(maxsize=4)
def _naming(rules: Path) -> Naming:
    return name_matcher(rules)


def _renamed(name: Naming, seen: Observation) -> Observation:
    args = tuple(map(name, seen.fact.args))
    holder = name(seen.holder) if seen.holder else seen.holder
    return replace(seen, fact=seen.fact._replace(args=args), holder=holder)


def _one_name(naming: Naming, facts: Iterable[Observation]) -> list[Observation]:
    """Call each state by the name it is first called by."""
    first: dict[str, str] = {}
    return [_renamed(lambda name: first.setdefault(naming(name), name), each) for each in facts]
