"""The check of a folder of rules: errors of form first, and on rules that are well formed the analysis."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path

from advisor.consequences import load_consequences
from advisor.diagnostics import ordered, render
from advisor.reading.cues import load_cues
from advisor.reading.names import load_names
from advisor.reading.trust import load_trust
from advisor.reading.words import load_words
from advisor.terms import Theory
from advisor.theory import load_theory
from advisor.transcript import load_all
from advisor.workshop.findings import Finding, sentences
from advisor.workshop.trace import load_trace

HARMLESS = frozenset(("T29", "T31"))
"""Errors of form that concern only what propositions say of one another: the rules can still be analysed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A theory and what is wrong with it.  ``analysed`` says whether the analysis was made."""

    theory: Theory
    findings: tuple[Finding, ...]
    analysed: bool

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nobody has accepted."""
        return tuple(each for each in self.findings if not each.accepted)


def check(rules: Path, *, full: bool = True) -> Checked:
    """Check a folder of rules; ``full`` adds the analysis where errors of form do not stand in its way."""
    theory, found = load_theory(rules)
    beside = rules.resolve().parent / "transcripts"
    cases, complaints = load_all(theory.vocabulary, beside if beside.is_dir() else None)
    traced = load_trace(rules, theory, cases if beside.is_dir() else None, beside)[1]
    lists = (load_names(rules)[1], load_cues(rules)[1], load_words(rules)[1], load_trust(rules)[1])
    others = (load_consequences(theory.vocabulary, rules)[1], complaints, traced)
    form = ordered([*found, *itertools.chain(*lists, *others)])
    findings = tuple(Finding(each) for each in form)
    if not full or any(each.severity == "error" and each.code not in HARMLESS for each in form):
        return Checked(theory, findings, False)
    from advisor.workshop.analysis import analyse

    documents = {
        path.relative_to(rules).as_posix(): path.read_text(encoding="utf-8-sig") for path in sorted(rules.rglob("*.md"))
    }
    analysed = analyse(theory, documents)
    placed = (
        replace(each, diagnostic=replace(each.diagnostic, path=str(rules / each.diagnostic.path))) for each in analysed
    )
    return Checked(theory, (*findings, *placed), True)


def shown(theory: Theory, finding: Finding) -> str:
    """Show a finding as text, with the situation in which it can be seen."""
    lines = [render(finding.diagnostic)]
    if finding.witness:
        facts = " ".join(sentences(theory, finding.witness.facts)) or "Nothing is known."
        lines.append(f"      seen in: {facts}")
        lines.append(f"      there: {finding.witness.told}")
    return "\n".join(lines)


def stamps(rules: Path) -> frozenset[tuple[str, int, int]]:
    """Give a mark of every file of a folder that changes when the file is saved."""
    found = set()
    for path in rules.rglob("*"):
        try:
            state = path.stat()
        except OSError:
            continue  # it was removed meanwhile, which is a change of its own
        if path.is_file() and path.suffix in (".md", ".csv"):
            found.add((str(path), state.st_mtime_ns, state.st_size))
    return frozenset(found)
