"""From an inference to advice: what each school expects, and what the schools together expect.

The layers, each visible in the result: strategies that the facts make impossible, propositions that a
more specific one defeats, disputes that silence nobody, one voice to a school, and the weighted whole.
Everything here is pure: the same inference gives the same advice, on any machine and in any order.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from advisor.terms import Advice, Inference, Theory, Verdict
from advisor.verdict.beside import cautions, menu, prospects
from advisor.verdict.focus import hearings, main_hearings, prominence, threats
from advisor.verdict.hearing import STATE, THREAT, bench_of, hear
from advisor.verdict.voices import forms
from advisor.verdict.weighing import Lead, judged, lead_in, verdict_on, verdicts_of

__all__ = [
    "STATE",
    "THREAT",
    "Lead",
    "UnknownSchool",
    "forms",
    "judge",
    "judge_also",
    "judge_one",
    "lead_in",
    "prominence",
    "school_weights",
    "threats",
]


class UnknownSchool(ValueError):
    """Somebody named a school that the theory does not have."""


def judge(
    theory: Theory,
    inference: Inference,
    *,
    focus: str | None = None,
    toward: str | None = None,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> Advice:
    """Judge an inference: a verdict for each state, threat and topic, and what is expected of outcomes.

    ``focus`` and ``toward`` ask about one state and one threat; otherwise every state for which the theory
    has an argument gets its verdicts, the most clearly described case first.  ``weights`` changes
    the weight of single schools (0 leaves one out) and ``schools`` hears no others; a school that
    is not heard still defeats, for a scope exception does not depend on its author.

    Raises ``UnknownSchool`` for a school that the theory does not have.  The advice has no question yet.
    """
    bench = bench_of(theory, inference, school_weights(theory, weights, schools))
    chosen = hearings(bench, focus, toward)
    verdicts: list[Verdict] = []
    for hearing in chosen:
        found = verdicts_of(bench, hearing)
        if not found and focus is not None and not verdicts:
            found = [judged(bench, hearing, topic, True) for topic in theory.vocabulary.topics[:1]]
        verdicts += found
    main = main_hearings(bench, chosen, focus, toward)
    return Advice(
        verdicts=tuple(verdicts),
        prospects=prospects(bench, main),
        cautions=cautions(bench, main),
        menu=menu(bench, main),
        question=None,
        inference=inference,
    )


def judge_one(
    theory: Theory,
    inference: Inference,
    verdict: Verdict,
    *,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> Verdict:
    """Judge an inference on the one question that a verdict answers: its state, its threat (or none), its topic.

    Raises ``UnknownSchool`` for a school that the theory does not have.
    """
    bench = bench_of(theory, inference, school_weights(theory, weights, schools))
    return verdict_on(bench, hear(bench, verdict.state, verdict.toward), verdict.about)


def judge_also(
    theory: Theory, inference: Inference, advice: Advice, asked: Iterable[tuple[str, str | None]]
) -> tuple[Verdict, ...]:
    """Give the verdicts on further states, each facing a threat or those it has, that are not in the advice yet.

    They are what ``judge`` gives with this focus, without what does not depend on it.
    """
    known = {(verdict.state, verdict.toward) for verdict in advice.verdicts}
    missing = [pair for pair in dict.fromkeys(asked) if pair not in known]
    found: list[Verdict] = []
    if not missing:
        return ()
    bench = bench_of(theory, inference, school_weights(theory))
    for state, toward in missing:
        verdicts: list[Verdict] = []
        for hearing in hearings(bench, state, toward):
            verdicts += verdicts_of(bench, hearing)
            verdicts = verdicts or [judged(bench, hearing, topic, True) for topic in theory.vocabulary.topics[:1]]
        fresh = [each for each in verdicts if (each.state, each.toward) not in known]
        known.update((each.state, each.toward) for each in fresh)
        found += fresh
    return tuple(found)


def school_weights(
    theory: Theory, weights: Mapping[str, float] | None = None, schools: Iterable[str] | None = None
) -> dict[str, float]:
    """Give the weight of every school that is heard, in the theory's order.

    Raises ``UnknownSchool`` with the nearest name where ``weights`` or ``schools`` has a wrong one.
    """
    known = {school.id: school.weight for school in theory.schools}
    heard = frozenset(known if schools is None else schools)
    for name in sorted({*(weights or ()), *heard}):
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            hint = f"did you mean “{near[0]}”?" if near else "the schools are " + ", ".join(known)
            raise UnknownSchool(f"there is no school “{name}”: {hint}")
    merged = {**known, **(weights or {})}
    return {name: float(merged[name]) for name in known if merged[name] > 0 and name in heard}
