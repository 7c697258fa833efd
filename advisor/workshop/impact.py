"""What a change of the rules does to cases: which verdicts, labels and arguments differ, and on whose account.

Two theories are held against each other over the same situations.  A proposition is answerable for what differs in a
case if exchanging it alone already makes a difference there; where none does so alone, all that were changed and apply
otherwise are.  Rules that are only written otherwise make no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from advisor.inference import infer
from advisor.inference.applying import Ready
from advisor.terms import SYSTEM, Advice, Inference, Proposition, Theory
from advisor.theory import proposition_by_id
from advisor.verdict import judge
from advisor.workshop.expecting import Case, coded
from advisor.workshop.settling import made_all_ready, settle

_About = tuple[str, str, str]
"""Of whom, towards whom, on what topic; for an outcome its id, of whom, and nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one verdict or outcome of a case.

    ``about`` says which; ``was`` and ``now`` are what was and is expected, None where nothing is; ``more`` and
    ``fewer`` are arguments that came and went.  ``because`` are the propositions on whose account it differs.
    """

    case: str
    about: str
    was: str | None
    now: str | None
    more: tuple[str, ...]
    fewer: tuple[str, ...]
    because: tuple[str, ...]

    @property
    def prediction(self) -> bool:
        """Whether what is expected differs, and not only why."""
        return self.was != self.now


@dataclass(frozen=True, slots=True)
class Impact:
    """All that differs between two theories over some cases, and what was changed in the rules."""

    differences: tuple[Difference, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    schools: tuple[str, ...]
    vocabulary: bool
    cases: int


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is expected in one verdict or outcome, in a few words, and the arguments for it."""

    expected: str
    arguments: frozenset[str]


def impact(before: Theory, after: Theory, cases: Sequence[Case]) -> Impact:
    """Compare two theories over transcripts, each taken by its facts."""
    old, new = proposition_by_id(before), proposition_by_id(after)
    changed = tuple(id_ for id_ in new if id_ in old and _meaning(old[id_]) != _meaning(new[id_]))
    added = tuple(id_ for id_ in new if id_ not in old)
    removed = tuple(id_ for id_ in old if id_ not in new)
    differences = [
        difference for case in cases for difference in _in_case(before, after, case, (*changed, *added, *removed))
    ]
    schools = _changed_schools(before, after)
    vocabulary = before.vocabulary != after.vocabulary
    return Impact(tuple(differences), added, removed, changed, schools, vocabulary, len(cases))


def _meaning(proposition: Proposition) -> tuple[object, ...]:
    """Give of a proposition what verdicts depend on."""
    rule = (proposition.conclusions, frozenset(proposition.conditions), frozenset(proposition.unless))
    return (*rule, proposition.school, frozenset(proposition.defeats), frozenset(proposition.disputes))


def _changed_schools(before: Theory, after: Theory) -> tuple[str, ...]:
    """Name the schools that came, went, or weigh or presuppose something else."""
    was = {school.id: (school.weight, school.premise) for school in before.schools}
    now = {school.id: (school.weight, school.premise) for school in after.schools}
    return tuple(id_ for id_ in dict.fromkeys([*was, *now]) if was.get(id_) != now.get(id_))


def _in_case(before: Theory, after: Theory, case: Case, changed: Sequence[str]) -> Iterator[Difference]:
    """Compare two theories on one case."""
    was = _standings(before, infer(before, coded(before, case)), case)
    now = _standings(after, infer(after, coded(after, case)), case)
    if was == now:
        return
    alone = dict(_alone(before, after, case, changed, was))
    firing = tuple(id_ for id_ in changed if _applies_otherwise(before, after, case, id_))
    for about in dict.fromkeys([*was, *now]):
        one, other = was.get(about), now.get(about)
        if one == other:
            continue
        because = tuple(id_ for id_, standings in alone.items() if standings.get(about) != one) or firing
        theirs = one.arguments if one else frozenset()
        ours = other.arguments if other else frozenset()
        yield Difference(
            case.transcript.id,
            _named(about),
            one.expected if one else None,
            other.expected if other else None,
            tuple(sorted(ours - theirs)),
            tuple(sorted(theirs - ours)),
            because,
        )


def _applies_otherwise(before: Theory, after: Theory, case: Case, id_: str) -> bool:
    """Whether a proposition applies to others in a case than it did."""
    return _bindings(before, case, id_) != _bindings(after, case, id_)


def _bindings(theory: Theory, case: Case, id_: str) -> set[object]:
    found = infer(theory, coded(theory, case)).justifications
    return {j.bindings for j in found if j.proposition == id_}


def _alone(
    before: Theory, after: Theory, case: Case, changed: Sequence[str], was: Mapping[_About, _Standing]
) -> Iterator[tuple[str, dict[_About, _Standing]]]:
    """Give what is expected where a single proposition is exchanged, for each that so makes a difference."""
    if before.vocabulary != after.vocabulary:
        old = {p.id: p for p in before.propositions}
        before = replace(after, propositions=tuple(old.values()), schools=before.schools, digest=before.digest + "'")
    ready = made_all_ready(before)
    for id_ in changed:
        theory, swapped = _exchanged(before, after, id_, ready)
        inference = settle(theory, coded(theory, case), swapped).inference
        standings = _standings(theory, inference, case)
        if standings != was:
            yield id_, standings


def _exchanged(before: Theory, after: Theory, id_: str, ready: Mapping[str, Ready]) -> tuple[Theory, dict[str, Ready]]:
    """Put one proposition of the later theory into the earlier, take it out, or put it in the place of its old self."""
    new = proposition_by_id(after).get(id_)
    kept = [p for p in before.propositions if p.id != id_]
    schools = {school.id: school for school in (*after.schools, *before.schools)}
    propositions = tuple([*kept, new] if new else kept)
    if new and id_ in ready:
        propositions = tuple(new if p.id == id_ else p for p in before.propositions)
    theory = replace(
        before, propositions=propositions, schools=tuple(schools.values()), digest=f"{before.digest}+{id_}"
    )
    all_ready = made_all_ready(replace(theory, propositions=(new,))) if new else {}
    return theory, {p.id: all_ready.get(p.id) or ready[p.id] for p in propositions}


# ---------------------------------------------------------------- what is expected


def _standings(theory: Theory, inference: Inference, case: Case) -> dict[_About, _Standing]:
    """Give what a theory expects in a case, of everybody and of those the transcript asks about."""
    found: dict[_About, _Standing] = {}
    pairs = dict.fromkeys((each.state, each.toward) for each in case.transcript.expect)
    for state, toward in pairs:
        found |= _verdicts(judge(theory, inference, focus=state, toward=toward))
    advice = judge(theory, inference)
    return {**_verdicts(advice), **found, **_outcomes(theory, advice)}


def _verdicts(advice: Advice) -> dict[_About, _Standing]:
    found: dict[_About, _Standing] = {}
    for verdict in advice.verdicts:
        if verdict.label == "no verdict" and not verdict.arguments:
            continue
        lead = verdict.strategy or verdict.family or "-"
        expected = f"{lead} ({verdict.label})" if verdict.decision == "predicted" else verdict.label
        arguments = frozenset(
            f"{a.proposition} {'for' if a.favours else 'against'} {a.strategy} ({a.strength})"
            for a in verdict.arguments
        ) | {f"{defeat.proposition} defeated by {by}" for defeat in verdict.defeats for by in defeat.by}
        found[verdict.state, verdict.toward or "", verdict.about] = _Standing(expected, arguments)
    return found


def _outcomes(theory: Theory, advice: Advice) -> dict[_About, _Standing]:
    """Give what comes of it; an argument for an outcome has the degree its proposition states."""
    return {
        (prospect.outcome, "" if prospect.args == (SYSTEM,) else prospect.args[0], ""): _Standing(
            prospect.value or "disputed",
            frozenset({f"{id_} for" for id_ in prospect.pro} | {f"{id_} against" for id_ in prospect.contra})
            | {f"{value} {score:g}" for value, score in prospect.scores},
        )
        for prospect in advice.prospects
    }


def _named(about: _About) -> str:
    """Name a verdict or an outcome."""
    one, other, topic = about
    if topic:
        return f"{one}{f', facing {other}' if other else ''} ({topic})"
    return f"Outcome: {one.replace('_', ' ')}{f' of {other}' if other else ''}"


# ---------------------------------------------------------------- told


def as_text(found: Impact) -> str:
    """Tell an impact in lines of text."""
    return "\n".join([*_summary(found), *(_line(each, "", "") for each in found.differences)])


def as_markdown(found: Impact) -> str:
    """Tell an impact as the items of a list, to be pasted under *Predictions* in the changelog."""
    return "\n".join(f"- {_line(each, '`', '*')}" for each in found.differences)


def as_record(found: Impact) -> dict[str, Any]:
    """Give an impact as plain data."""
    return {
        "schema": "advisor.impact/1",
        "cases": found.cases,
        "rules": {
            "added": list(found.added),
            "removed": list(found.removed),
            "changed": list(found.changed),
            "schools": list(found.schools),
            "vocabulary": found.vocabulary,
        },
        "differences": [
            {
                "case": each.case,
                "about": each.about,
                "was": each.was,
                "now": each.now,
                "prediction": each.prediction,
                "more": list(each.more),
                "fewer": list(each.fewer),
                "because": list(each.because),
            }
            for each in found.differences
        ],
    }


def _summary(found: Impact) -> Iterator[str]:
    """Say in a few lines what was changed and how much differs."""
    kinds = (("added", found.added), ("removed", found.removed), ("changed", found.changed), ("schools", found.schools))
    for word, ids in kinds:
        if ids:
            yield f"{word}: {', '.join(ids)}"
    if found.vocabulary:
        yield "the vocabulary differs"
    predictions = sum(each.prediction for each in found.differences)
    touched = len({each.case for each in found.differences})
    yield (
        f"{predictions} predictions and the arguments for {len(found.differences) - predictions} more differ "
        f"in {touched} of {found.cases} cases"
    )


def _line(each: Difference, quote: str, emphasis: str) -> str:
    """Tell one difference."""
    nothing = "nothing"
    what = f"{each.was or nothing} → {each.now or nothing}" if each.prediction else f"still {each.now}"
    parts = [f"now {'; '.join(each.more)}"] if each.more else []
    parts += [f"no longer {'; '.join(each.fewer)}"] if each.fewer else []
    why = ", ".join(f"{quote}{id_}{quote}" for id_ in each.because) or "the schools or the vocabulary"
    detail = f" [{'; '.join(parts)}]" if parts and not quote else ""
    return f"{quote}{each.case}{quote}: {each.about}: {emphasis}{what}{emphasis}, because of {why}{detail}"
