"""Advice as the object that the command prints as JSON, its keys in the order of the contract."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from advisor.explanation.annotated import Clause, Wordings
from advisor.situation import situation
from advisor.terms import SYSTEM, Advice, Conflict, Fact, Observation, Prospect, Reading, Span, Theory, Verdict

SCHEMA = "advisor.advice/1"
READING_SCHEMA = "advisor.reading/1"
UNREAD_SCHEMA = "advisor.unread/1"
REPLY_SCHEMA = "advisor.reply/1"


def as_json(theory: Theory, advice: Advice, reading: Reading | None = None) -> dict[str, Any]:
    """Give advice as the object of the command's contract, its keys in the order stated there."""
    situation = advice.inference.situation
    states = (
        [{"name": state.name, "mentions": [[m.start, m.end] for m in state.mentions]} for state in reading.states]
        if reading
        else []
    )
    named = {state["name"] for state in states}
    states += [{"name": name, "mentions": []} for name in situation.states if name not in named]
    observations = situation.observations or (reading.observations if reading else ())
    question = advice.question
    reader = reading.reader if reading else None
    return {
        "schema": SCHEMA,
        "states": states,
        "observations": [_observation(observation) for observation in observations],
        "unread": [_span(span) for span in reading.unread] if reading else [],
        "verdicts": [_verdict(verdict) for verdict in advice.verdicts],
        "outcomes": [_prospect(prospect) for prospect in advice.prospects],
        "assumptions": [_fact(fact) for fact in sorted(situation.assumptions)],
        "cautions": list(advice.cautions),
        "conflicts": [_conflict(conflict) for conflict in situation.conflicts],
        "question": {
            "variable": question.variable,
            "args": list(question.args),
            "text": question.text,
            "because": question.because,
        }
        if question
        else None,
        "theory": {"digest": theory.digest},
        "reader": {"model": reader.model, "version": reader.version} if reader else None,
    }


def reading_as_json(
    theory: Theory, reading: Reading, known: Wordings, foreign: Iterable[tuple[int, int, str]] = ()
) -> dict[str, Any]:
    """Give a reading as data, with the keys and the form it has in an advice and all that is known of each observation.

    ``phrase`` is the first wording of the vocabulary that read the fact, ``rule`` where that is written.
    """
    conflicts = situation(theory.vocabulary, reading.observations).conflicts
    passed = [{"start": s, "end": e, "language": language} for s, e, language in foreign]
    return {
        "schema": READING_SCHEMA,
        "states": [
            {"name": state.name, "mentions": [[m.start, m.end] for m in state.mentions]} for state in reading.states
        ],
        "observations": [_full(observation, known) for observation in reading.observations],
        "unread": [_span(span) for span in reading.unread],
        "foreign": passed,
        "sentences": [[span.start, span.end] for span in reading.sentences],
        "conflicts": [_conflict(conflict) for conflict in conflicts],
        "theory": {"digest": theory.digest},
        "reader": {"model": reading.reader.model, "version": reading.reader.version} if reading.reader else None,
    }


def _full(observation: Observation, known: Wordings) -> dict[str, Any]:
    record = _fact(observation.fact) | {
        "stance": observation.stance,
        "holder": observation.holder,
        "past": observation.past,
        "year": observation.year,
        "confidence": observation.confidence,
        "phrase": next((evidence.phrase for evidence in observation.evidence if evidence.phrase), ""),
    }
    spans: list[dict[str, Any]] = []
    for evidence in observation.evidence:
        if evidence.span is not None:
            wording = known.get((observation.fact.variable, evidence.phrase))
            rule = f"{wording.path}:{wording.line}" if wording else None
            spans.append(_span(evidence.span) | {"phrase": evidence.phrase, "rule": rule})
    return record | {"evidence": spans}


def unread_as_json(clauses: Iterable[Clause], texts: int, words: int) -> dict[str, Any]:
    """Give the clauses of many texts that nothing was read from, the commonest first, each with its places."""
    listed = [
        {
            "clause": clause.text,
            "count": len(clause.places),
            "places": [
                {"input": p.name, "line": p.line, "start": p.start, "end": p.end, "quote": p.quote}
                for p in clause.places
            ],
        }
        for clause in clauses
    ]
    return {"schema": UNREAD_SCHEMA, "texts": texts, "words": words, "clauses": listed}


def reply_as_json(theory: Theory, kind: str, value: Any) -> dict[str, Any]:
    """Give an answer of an inquiry as data, with the names its values have; ``kind`` says which answer it is."""
    return {"schema": REPLY_SCHEMA, "kind": kind, "reply": _plain(value), "theory": {"digest": theory.digest}}


def _plain(value: Any) -> Any:
    """Give any value as data; an advice inside another answer is left out."""
    if isinstance(value, Fact):
        return _fact(value)
    if isinstance(value, Verdict):
        return _verdict(value)
    if isinstance(value, Span):
        return _span(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _plain(each) for name, each in named.items() if not isinstance(each, Advice)}
    if isinstance(value, frozenset):
        return [_plain(each) for each in sorted(value)]
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return _number(value) if isinstance(value, float) else value


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "quote": span.quote}


def _fact(fact: Fact) -> dict[str, Any]:
    return {"variable": fact.variable, "args": list(fact.args), "value": fact.value, "holds": fact.holds}


def _observation(observation: Observation) -> dict[str, Any]:
    record = _fact(observation.fact) | {"stance": observation.stance}
    if observation.holder is not None:
        record["holder"] = observation.holder
    if observation.past:
        record["past"] = True
    record["evidence"] = [_span(evidence.span) for evidence in observation.evidence if evidence.span is not None]
    return record


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "facts": [_fact(fact) for fact in conflict.facts],
        "observations": [_observation(observation) for observation in conflict.observations],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "state": verdict.state,
        "toward": verdict.toward,
        "about": verdict.about,
        "decision": verdict.decision,
        "label": verdict.label,
        "family": verdict.family,
        "strategy": verdict.strategy,
        "share": round(verdict.share, 4),
        "robust": verdict.robust,
        "ruled_out": [{"strategy": entry.strategy, "because": _fact(entry.fact)} for entry in verdict.ruled_out],
        "ranking": [
            {
                "strategy": standing.strategy,
                "support": _number(standing.support),
                "for": list(standing.pro),
                "against": list(standing.contra),
            }
            for standing in verdict.ranking
        ],
        "schools": [
            {
                "school": voice.school,
                "strategy": voice.strategies[0] if voice.strategies else None,
                "support": _number(voice.support),
            }
            for voice in verdict.voices
        ],
    }


def _prospect(prospect: Prospect) -> dict[str, Any]:
    return {
        "outcome": prospect.outcome,
        "args": list(prospect.args) or [SYSTEM],
        "value": prospect.value,
        "support": _number(prospect.support),
        "for": list(prospect.pro),
    }


def _number(value: float) -> float | int:
    """Give a whole number as such: 5, not 5.0."""
    return int(value) if value == int(value) else round(value, 4)
