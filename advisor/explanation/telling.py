"""A whole answer turned from ids into words, in the order of the telling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from advisor.explanation.account import Account, Answer, Asked, Cautioned, Clash, Noted, Outlook, Weighed
from advisor.explanation.answers import answer
from advisor.explanation.clauses import Teller, cited, clause, in_prose, infinitive, school_named, teller_of, worded
from advisor.explanation.grounds import outcome_lines, reasons_in, steps
from advisor.explanation.naming import load_naming, named
from advisor.explanation.negation import load_frames
from advisor.terms import (
    SYSTEM,
    Advice,
    AtLeast,
    CautionClaim,
    Condition,
    Either,
    Fact,
    Justification,
    Observation,
    Premiss,
    Prospect,
    Reading,
    Theory,
)
from advisor.verdict import STATE, THREAT
from advisor.vocabulary import canonical, variables

_ROLE_IN_TITLE = re.compile(r"\*(a state|another)\*")
_DIGEST = 12


def account(
    theory: Theory,
    advice: Advice,
    reading: Reading | None = None,
    weights: Mapping[str, float] | None = None,
    *,
    templates: Path | None = None,
) -> Account:
    """Give what an explanation of advice says.

    ``reading`` adds what a text left unread, ``weights`` are those the verdicts were reached with if not
    the theory's; ``templates`` is a folder of the user's that may list which names take the article.
    """
    teller = teller_of(theory, advice.inference, reading, weights, load_naming(templates), load_frames(templates))
    return told_by(teller, advice, reading)


def told_by(teller: Teller, advice: Advice, reading: Reading | None) -> Account:
    """Give what an explanation says by a teller that has told nothing yet."""
    theory = teller.theory
    situation = advice.inference.situation
    cases: dict[tuple[str, str | None], list[Answer]] = {}
    for verdict in advice.verdicts:
        cases.setdefault((verdict.state, verdict.toward), []).append(answer(teller, verdict))
    observations = situation.observations or (reading.observations if reading else ())
    speaking = {argument.school for verdict in advice.verdicts for argument in verdict.arguments}
    reader = reading.reader if reading else None
    question = advice.question
    concerned = {SYSTEM, *(verdict.state for verdict in advice.verdicts[:1])}
    outlook = tuple(_outlook(teller, prospect) for prospect in advice.prospects)
    return Account(
        states=tuple(named(teller.naming, name) for name in situation.states),
        cases=tuple(tuple(answers) for answers in cases.values()),
        outlook=outlook,
        steps=steps(teller, reasons_in(teller, _behind(teller, outlook))),
        cautions=_cautions(teller, advice),
        menu=tuple(infinitive(teller, strategy, None) for strategy in advice.menu),
        assumptions=tuple(
            clause(teller, fact)
            for fact in sorted(situation.assumptions, key=lambda fact: (fact.args != (SYSTEM,), fact))
            if set(fact.args) <= concerned
        ),
        taken=tuple(clause(teller, fact) for fact in sorted(situation.assumptions)),
        noted=_noted(teller, observations),
        unread=tuple(span.quote for span in reading.unread) if reading else (),
        clashes=tuple(
            Clash(_merged(_note(teller, o) for o in conflict.observations) or _sides(teller, conflict.facts))
            for conflict in situation.conflicts
        ),
        unknown=_unknown(teller, advice),
        question=Asked(in_prose(teller, question.text), in_prose(teller, question.because)) if question else None,
        weights=tuple(
            Weighed(school_named(teller, school.id), teller.weights[school.id])
            for school in theory.schools
            if school.id in speaking and teller.weights[school.id] != 1
        ),
        digest=theory.digest[:_DIGEST],
        model=f"{reader.model} {reader.version}" if reader else "",
    )


def _outlook(teller: Teller, prospect: Prospect) -> Outlook:
    outcome = next(outcome for outcome in teller.theory.vocabulary.outcomes if outcome.id == prospect.outcome)
    words = dict(outcome.values)
    name = "the system" if prospect.args == (SYSTEM,) else named(teller.naming, prospect.args[0])
    subject = outcome.subject.format(name)
    lines = outcome_lines(teller, prospect, subject, words)
    word = words[prospect.value] if prospect.value is not None else ""
    said = f"{subject} is {word}"
    reasons = sorted(
        (-claim.strength, place)
        for place, line in enumerate(lines)
        for claim in line.claims
        if not word or claim.texts[0] == said
    )
    best = {lines[place].claims[0].texts[0]: lines[place].cited for _, place in reversed(reasons)}
    return Outlook(
        subject,
        word,
        tuple(best.values()),
        tuple(words[value] for value, _ in prospect.scores),
        3 if prospect.support >= 3 else 2 if prospect.support >= 2 else 1,
        lines,
    )


def _behind(teller: Teller, outlook: Iterable[Outlook]) -> list[Justification]:
    """Give the applications that an outlook may rest on."""
    named_ = {line.cited.id for each in outlook for line in each.lines}
    return [use for use in teller.inference.justifications if use.proposition in named_]


def _cautions(teller: Teller, advice: Advice) -> tuple[Cautioned, ...]:
    """Word the cautions that apply, with the propositions that give them."""
    by: dict[str, dict[str, None]] = {id_: {} for id_ in advice.cautions}
    for justification in teller.inference.justifications:
        for claim in teller.propositions[justification.proposition].conclusions:
            if isinstance(claim, CautionClaim) and claim.caution in by:
                by[claim.caution][justification.proposition] = None
    return tuple(
        Cautioned(caution.id, caution.text, tuple(cited(teller, id_) for id_ in by[caution.id]))
        for caution in teller.theory.vocabulary.cautions
        if caution.id in by
    )


def _noted(teller: Teller, observations: Sequence[Observation]) -> tuple[Noted, ...]:
    """Word what was read or answered; without observations, what was given as facts."""
    if observations:
        return tuple(dict.fromkeys(notes(teller, observations).values()))
    situation = teller.inference.situation
    given = sorted(
        {canonical(teller.theory.vocabulary, fact) for fact in situation.facts if fact.holds} - teller.assumed
    )
    return tuple(
        replace(side, number=number, anchor=teller.anchors.get(fact, ""))
        for number, (fact, side) in enumerate(zip(given, _sides(teller, given, used=True), strict=True), 1)
    )


def notes(teller: Teller, observations: Sequence[Observation]) -> dict[Observation, Noted]:
    """Word each observation; those that say the same, and in the same way, are one, with all their quotations.

    What is used comes first.  Each has a number and an anchor, those of its entry in a report.
    """
    alone = {observation: _note(teller, observation) for observation in observations}
    merged: dict[Noted, tuple[str, ...]] = {}
    for note in sorted(alone.values(), key=lambda note: not note.used):
        key = replace(note, quotes=())
        merged[key] = tuple(dict.fromkeys((*merged.get(key, ()), *note.quotes)))
    numbers = {key: number for number, key in enumerate(merged, 1)}
    found: dict[Observation, Noted] = {}
    taken: dict[str, Noted] = {}
    for observation, note in alone.items():
        key = replace(note, quotes=())
        anchor = teller.anchors.get(canonical(teller.theory.vocabulary, observation.fact), "") if note.used else ""
        if taken.setdefault(anchor, key) != key or not anchor:
            anchor = f"said-{numbers[key]}"
        found[observation] = replace(note, quotes=merged[key], number=numbers[key], anchor=anchor)
    return dict(sorted(found.items(), key=lambda entry: entry[1].number))


def _note(teller: Teller, observation: Observation) -> Noted:
    quotes = tuple(dict.fromkeys(e.span.quote for e in observation.evidence if e.span is not None))
    answered = any(evidence.source == "answer" for evidence in observation.evidence)
    firm = observation.stance in ("asserted", "denied") and not observation.past
    return Noted(
        worded(teller, observation.fact),
        observation.stance,
        named(teller.naming, observation.holder) if observation.holder else "",
        observation.past,
        firm and observation.fact in teller.inference.situation.facts,
        "text" if quotes else "answer" if answered else "given",
        quotes,
    )


def _merged(noted: Iterable[Noted]) -> tuple[Noted, ...]:
    """Tell what is said more than once, and in the same way, once with all its quotations."""
    found: dict[Noted, tuple[str, ...]] = {}
    for note in noted:
        key = replace(note, quotes=())
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *note.quotes)))
    return tuple(replace(note, quotes=quotes) for note, quotes in found.items())


def _sides(teller: Teller, facts: Iterable[Fact], *, used: bool = False) -> tuple[Noted, ...]:
    return tuple(Noted(worded(teller, fact), "asserted", "", False, used, "given", ()) for fact in facts)


def flat(premisses: Iterable[Premiss]) -> tuple[Condition, ...]:
    """Give the single conditions of a rule, those inside alternatives and lists among them."""
    found: list[Condition] = []
    for premiss in premisses:
        found += premiss.of if isinstance(premiss, Either | AtLeast) else (premiss,)
    return tuple(found)


def _unknown(teller: Teller, advice: Advice) -> tuple[str, ...]:
    """Name the core facts about the first state and its threat that are not known, in the vocabulary's titles."""
    if not advice.verdicts:
        return ()
    first = advice.verdicts[0]
    names = {STATE: first.state} | ({THREAT: first.toward} if first.toward else {})
    known = {(fact.variable, fact.args) for fact in advice.inference.facts if fact.holds}
    index = variables(teller.theory.vocabulary)
    wanted: dict[tuple[str, tuple[str, ...]], None] = {}
    for proposition in teller.theory.propositions:
        for condition in flat(proposition.conditions):
            if index[condition.variable].core and all(t.name in names for t in condition.terms if t.role):
                args = tuple(names[t.name] if t.role else t.name for t in condition.terms) or (SYSTEM,)
                wanted[condition.variable, args] = None
    place = {variable: number for number, variable in enumerate(index)}
    found: dict[str, None] = {}
    for variable, args in sorted(wanted, key=lambda entry: (place[entry[0]], entry[1])):
        if (variable, args) in known or (
            (variable, args[::-1]) in known and (index[variable].symmetric or index[variable].mirror)
        ):
            continue
        if index[variable].symmetric or index[variable].mirror:
            args = tuple(sorted(args))
        found[_filled(index[variable].title, [named(teller.naming, arg) for arg in args])] = None
    return tuple(found)


def _filled(title: str, names: Iterable[str]) -> str:
    """Put names in the place of the roles in a title, in order."""
    waiting = iter(names)
    return _ROLE_IN_TITLE.sub(lambda _: next(waiting), title)
