"""A consultation as a transcript, out and in again.

What is saved is a transcript like any other: the situation as told, the facts as they stand, what is expected.  Its
last section is the consultation itself, every line quoted, with the verdict after each that changed something.  From
these lines it is held anew when it is loaded, and a verdict that comes out otherwise now is told with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from advisor import transcript
from advisor.consultation.dialogue import say
from advisor.consultation.moving import pondered
from advisor.consultation.standing import advice_of, lead, observations, situation_of, states
from advisor.consultation.values import Consultation, Load, Means, Quit, Stand, Turn
from advisor.terms import Expectation, Fact, Observation, Transcript
from advisor.vocabulary import canonical, restraints, strategies
from advisor.vocabulary import say as worded
from advisor.wording import sentence

_VERDICT = "Verdict: "
_MARKS = re.compile(r"^(\s*)(#|```|~~~)", re.M)


@dataclass(frozen=True, slots=True)
class Difference:
    """A line after which the verdict is another now than when it was saved."""

    number: int
    line: str
    then: str
    now: str


def save(means: Means, consultation: Consultation) -> str:
    """Write a consultation as a transcript; ``load`` gives it back, its question chosen."""
    stand = consultation.stand
    vocabulary = means.theory.vocabulary
    held = states(stand)
    case = Transcript(
        id="consultation",
        title=f"A consultation about {_listed(held)}" if held else "A consultation",
        text=_MARKS.sub(r"\1\\\2", stand.text),
        facts=_facts(means, stand),
        expect=_expected(means, stand),
        consultation=_log(consultation.turns),
    )
    return transcript.render(vocabulary, case)


def _listed(names: tuple[str, ...]) -> str:
    shown = names[:4]
    return ", ".join(shown[:-1]) + (" and " if shown[1:] else "") + shown[-1]


def _facts(means: Means, stand: Stand) -> tuple[Observation, ...]:
    """Give what stands, each thing once; of what contradicts itself neither side."""
    vocabulary = means.theory.vocabulary
    case = situation_of(means.theory, stand)
    found: dict[tuple[Fact, str, str | None], Observation] = {}
    for seen in observations(vocabulary, stand):
        firm = seen.stance in ("asserted", "denied")
        fact = canonical(vocabulary, seen.fact)
        if seen.past or (firm and fact not in case.facts):
            continue
        found.setdefault(
            (fact, "" if firm else seen.stance, seen.holder), Observation(fact, seen.stance, holder=seen.holder)
        )
    return tuple(found.values())


def _expected(means: Means, stand: Stand) -> tuple[Expectation, ...]:
    """Give the verdict as an expectation, if it predicts something."""
    first = lead(advice_of(means, stand))
    if first is None or first.decision != "predicted":
        return ()
    known = {*strategies(means.theory.vocabulary), *restraints(means.theory.vocabulary)}
    named = first.strategy or first.family
    return (Expectation(first.state, first.toward, named),) if named in known and named else ()


# ---------------------------------------------------------------- the lines


def _log(turns: tuple[Turn, ...]) -> str:
    """Write the lines that were said."""
    blocks: list[str] = []
    for turn in turns:
        blocks.append("\n".join(f"> {line}" if line else ">" for line in turn.line.split("\n")))
        blocks += [f"{_VERDICT}{turn.verdict}"] if turn.verdict else []
    return "\n\n".join(blocks)


def load(means: Means, text: str) -> tuple[Consultation, tuple[Difference, ...]]:
    """Take up a saved consultation, or begin one from a case: give it, and every verdict that differs now.

    A case without lines is told as it stands; where it codes facts, what is read is corrected by them.
    """
    case, _ = transcript.load(means.theory.vocabulary, text, "consultation")
    turns = _read(case.consultation)
    if not turns:
        return pondered(means, opened(means, case))[0], ()
    consultation = Consultation()
    differing: list[Difference] = []
    for number, turn in enumerate(turns, 1):
        consultation, reply = say(means, consultation, turn.line)
        now = consultation.turns[-1].verdict if consultation.turns else ""
        if now != turn.verdict and not isinstance(reply.effect, Load | Quit):
            differing.append(Difference(number, turn.line, turn.verdict, now))
    return pondered(means, consultation)[0], tuple(differing)


def _read(log: str) -> tuple[Turn, ...]:
    """Read the lines of a log with their verdicts."""
    found: list[Turn] = []
    said: list[str] = []
    for line in [*log.split("\n"), ""]:
        if line.startswith(">"):
            said.append(line[1:].removeprefix(" "))
            continue
        if said:
            found.append(Turn("\n".join(said)))
            said = []
        if line.startswith(_VERDICT) and found:
            found[-1] = Turn(found[-1].line, line.removeprefix(_VERDICT))
    return tuple(found)


def opened(means: Means, case: Transcript) -> Consultation:
    """Begin a consultation with a case: its text is told, and its facts correct what is read from it."""
    vocabulary = means.theory.vocabulary
    consultation = Consultation()
    if case.text:
        consultation, _ = say(means, consultation, case.text)
    coded = {canonical(vocabulary, each.fact) for each in case.facts if each.stance in ("asserted", "denied")}
    if not coded:
        return consultation
    tolerated = {canonical(vocabulary, each.fact) for each in (*case.facts, *case.tolerated)}
    read = {
        canonical(vocabulary, each.fact)
        for each in observations(vocabulary, consultation.stand)
        if each.stance in ("asserted", "denied") and not each.past
    }
    for fact in sorted(read - tolerated):
        consultation, _ = say(means, consultation, f"forget that {worded(vocabulary, fact)}")
    for fact in sorted(coded - read):
        consultation, _ = say(means, consultation, f"actually, {sentence(worded(vocabulary, fact))}")
    return consultation
