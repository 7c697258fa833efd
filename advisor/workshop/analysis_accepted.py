"""What the authors of the rules let stand: “Accepted: A05, because …” under the heading that a finding is about.

An acceptance names the code of the finding and its reason; of a finding that concerns another entry as well, it
may name that entry: “Accepted: A07 with `the-other`, because …”.  One that no finding answers to is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from advisor.diagnostics import complain, ordered, page
from advisor.markdown import Section, sections
from advisor.terms import Proposition, Theory
from advisor.workshop.findings import Finding, Witness

LABEL = "Accepted:"
_SHAPE = re.compile(r"(A\d\d)(?: with ((?:`[\w-]+`(?:, | and |, and )?)+))?,? because (.*\S)\s*$", re.S)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That a finding about an entry may stand, and why: ``first`` to ``last`` are the lines of its section."""

    code: str
    others: tuple[str, ...]
    reason: str
    path: str
    line: int
    first: int
    last: int
    entry: str


def acceptances(path: str, text: str) -> tuple[tuple[Acceptance, ...], tuple[Finding, ...]]:
    """Read the acceptances of a document, and what is wrong with their form."""
    found: list[Acceptance] = []
    on = page(path, text)
    parts = sections(text)
    ends = [part.line - 1 for part in parts[1:]] + [len(on.lines)]
    for part, end in zip(parts, ends, strict=True):
        for line, said in _sentences(part):
            shape = _SHAPE.match(said)
            if shape is None:
                hint = "write “Accepted: A07 with `the-other`, because …”"
                message = "this acceptance is not understood: it names a code and gives a reason"
                complain(on, "A15", message, line, LABEL, hint, severity="warning")
                continue
            others = tuple(re.findall(r"`([\w-]+)`", shape[2] or ""))
            found.append(Acceptance(shape[1], others, shape[3].rstrip("."), path, line, part.line, end, part.id))
    return tuple(found), tuple(Finding(each, None) for each in on.found)


def _sentences(part: Section) -> list[tuple[int, str]]:
    """Give the acceptances of a section as they are written, each with its line."""
    found: list[tuple[int, str]] = []
    for block in part.blocks:
        inside = False
        for line, text in enumerate(block.lines, block.line) if block.kind in ("paragraph", "item") else ():
            if text.startswith(LABEL):
                found.append((line, text.removeprefix(LABEL).strip()))
                inside = True
            elif inside and not re.match(r"[A-Z]\w+: ", text):
                found[-1] = (found[-1][0], f"{found[-1][1]} {text.strip()}")
            else:
                inside = False
    return found


def settle(
    theory: Theory,
    documents: Mapping[str, str],
    found: Iterable[Finding],
    shown: Callable[[Proposition], Witness | None],
) -> tuple[Finding, ...]:
    """Mark the findings that are accepted, and complain of acceptances to which no finding answers.

    ``shown`` gives the witness that a proposition applies.
    """
    read = [acceptances(path, text) for path, text in sorted(documents.items())]
    accepted = [each for some, _ in read for each in some]
    used: set[Acceptance] = set()
    settled: list[Finding] = []
    for finding in found:
        mine = next((each for each in accepted if _answers(theory, each, finding)), None)
        used |= {each for each in accepted if _answers(theory, each, finding)}
        settled.append(replace(finding, accepted=mine.reason) if mine else finding)
    settled += [finding for _, complaints in read for finding in complaints]
    known = {each.id: each for each in theory.propositions}
    for each in accepted:
        pending = _pending(theory, each, settled) if each in used else each.others
        if each in used and not pending:
            continue
        on = page(each.path, documents[each.path])
        named = f" with {' and '.join(f'`{other}`' for other in pending)}" if pending else ""
        message = f"this acceptance no longer applies: there is no finding {each.code}{named} here"
        complain(on, "A14", message, each.line, LABEL, "take it out", severity="warning")
        proposition = known.get(each.entry) or next(iter(theory.propositions), None)
        witness = shown(proposition) if proposition else None
        settled.append(Finding(on.found[0], witness, (each.entry, *pending) if each.entry else pending))
    order = {diagnostic: place for place, diagnostic in enumerate(ordered(each.diagnostic for each in settled))}
    return tuple(sorted(settled, key=lambda each: order[each.diagnostic]))


def _answers(theory: Theory, acceptance: Acceptance, finding: Finding) -> bool:
    """Whether an acceptance is about a finding: it stands in the section of one of the entries concerned."""
    if acceptance.code != finding.diagnostic.code:
        return False
    inside = acceptance.first <= finding.diagnostic.line <= acceptance.last
    here = acceptance.path == finding.diagnostic.path and inside
    if not here and acceptance.entry not in finding.about:
        return False
    return not acceptance.others or bool(set(acceptance.others) & set(finding.about))


def _pending(theory: Theory, acceptance: Acceptance, found: Iterable[Finding]) -> tuple[str, ...]:
    """Give the entries that an acceptance names and that no finding it answers to concerns."""
    concerned = {id_ for each in found if _answers(theory, acceptance, each) for id_ in each.about}
    return tuple(each for each in acceptance.others if each not in concerned)
