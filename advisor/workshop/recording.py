"""The record: what the theory made of each situation and each transcript when somebody last looked and agreed.

Whether a proposition fires is tested by its situations, and what is expected of a case by its transcript.  The record
holds the rest: every argument that applies, who defeats whom, and how strongly each school speaks.  It is a text of one
line a situation, which says what applies; a digest stands for the degrees.  What differs from it is reported, and
stands as soon as the record is written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.terms import Advice, Derivation, Inference, Theory
from advisor.verdict import judge

HEADING = """\
What the rules make of each situation: which propositions argue there, of which states, and a digest of all else.
Written by “advisor test --record”; “advisor test” says where it is no longer so.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was made of one situation: the propositions that argue there, with their states, and a digest of it all."""

    name: str
    arguments: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Change:
    """Where a situation is no longer as recorded.

    ``more`` and ``fewer`` are the arguments that were added and that are gone; both are empty where arguments are as
    they were but their degree, what follows, or who defeats whom is not.
    """

    name: str
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()


Facing = tuple[str | None, str | None]
"""The state and the threat to judge, or None where the theory chooses."""


def made_of(theory: Theory, inference: Inference, facing: Facing = (None, None)) -> tuple[object, ...]:
    """Give all that a theory makes of a case, as plain values: what applies to whom, and what is expected."""
    state, toward = (name if name in inference.situation.states else None for name in facing)
    return applied_in(inference), expected_of(judge(theory, inference, focus=state, toward=toward))


def applied_in(inference: Inference) -> tuple[object, ...]:
    """Give what applies and what follows from it, sorted."""
    applied = tuple(sorted((j.proposition, j.bindings) for j in inference.justifications))
    return applied, tuple(sorted(inference.facts - inference.situation.facts))


def expected_of(advice: Advice) -> tuple[object, ...]:
    """Give what an advice expects, and how strongly each school speaks."""
    verdicts = tuple(
        (
            (v.state, v.toward, v.about, v.decision, v.label, v.family, v.strategy, v.share, v.families, v.robust),
            tuple((voice.school, voice.strategies, voice.families, voice.support) for voice in v.voices),
            tuple((standing.strategy, standing.support, standing.pro, standing.contra) for standing in v.ranking),
            tuple((a.proposition, a.strategy, a.favours, a.strength, a.bindings) for a in v.arguments),
            tuple((defeat.proposition, defeat.by) for defeat in v.defeats),
            tuple(dispute.propositions for dispute in v.disputes),
            v.measures,
        )
        for v in advice.verdicts
    )
    prospects = tuple((p.outcome, p.args, p.value, p.scores, p.pro, p.contra) for p in advice.prospects)
    return verdicts, prospects, advice.cautions, advice.menu


def entry(theory: Theory, name: str, inference: Inference, facing: Facing = (None, None)) -> Entry:
    """Record one situation."""
    derives = {p.id for p in theory.propositions if all(isinstance(c, Derivation) for c in p.conclusions)}
    arguments = tuple(
        f"{j.proposition}({', '.join(state for _, state in j.bindings)})"
        for j in inference.justifications
        if j.proposition not in derives
    )
    whole = repr(made_of(theory, inference, facing))
    return Entry(name, tuple(sorted(arguments)), hashlib.sha256(whole.encode()).hexdigest()[:10])


def written(entries: Iterable[Entry]) -> str:
    """Write a record."""
    lines = [f"{each.name}: {'; '.join(each.arguments) or '-'} [{each.digest}]" for each in entries]
    return HEADING + "\n" + "\n".join(lines) + "\n"


def read(text: str) -> dict[str, Entry]:
    """Read a record by the names of its situations; a line that is none is left aside."""
    found: dict[str, Entry] = {}
    for line in text.partition("\n\n")[2].splitlines():
        name, stop, rest = line.partition(": ")
        arguments, mark, digest = rest.removesuffix("]").rpartition(" [")
        if stop and mark:
            listed = () if arguments == "-" else tuple(arguments.split("; "))
            found[name] = Entry(name, listed, digest)
    return found


def changes(recorded: Mapping[str, Entry], entries: Iterable[Entry]) -> tuple[Change, ...]:
    """Say which recorded situations are no longer what they were; one that is not recorded is no change."""
    found: list[Change] = []
    for now in entries:
        was = recorded.get(now.name)
        if was is not None and was != now:
            more = tuple(each for each in now.arguments if each not in was.arguments)
            fewer = tuple(each for each in was.arguments if each not in now.arguments)
            found.append(Change(now.name, more, fewer))
    return tuple(found)
