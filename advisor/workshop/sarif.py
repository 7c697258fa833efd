"""Findings for machines: as JSON, or as a log of SARIF 2.1.0, the interchange format of results of static analysis."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from advisor.diagnostics import CODES
from advisor.terms import Edit, Theory
from advisor.workshop.checking import Checked
from advisor.workshop.findings import Finding, sentences

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(checked: Checked) -> dict[str, Any]:
    """Give the findings that nobody has accepted, and how many were accepted, as plain data."""
    theory = checked.theory
    return {
        "schema": "advisor.check/1",
        "findings": [_finding(theory, each) for each in checked.open],
        "accepted": len(checked.findings) - len(checked.open),
        "analysed": checked.analysed,
        "theory": {
            "digest": theory.digest,
            "propositions": len(theory.propositions),
            "schools": len(theory.schools),
        },
    }


def _finding(theory: Theory, finding: Finding) -> dict[str, Any]:
    each = finding.diagnostic
    found: dict[str, Any] = {
        "code": each.code,
        "severity": each.severity,
        "path": each.path,
        "line": each.line,
        "column": each.column,
        "width": each.width,
        "message": each.message,
        "hint": each.hint,
    }
    if each.fix:
        found["fix"] = _region(each.fix) | {"text": each.fix.text}
    if finding.witness:
        found["witness"] = {
            "facts": list(sentences(theory, finding.witness.facts)),
            "states": list(finding.witness.states),
            "told": finding.witness.told,
        }
    return found


def as_sarif(checked: Checked, version: str) -> dict[str, Any]:
    """Give all findings as a log with one run; those accepted are suppressed, with the reason."""
    codes = sorted({each.diagnostic.code for each in checked.findings})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "advisor",
                        "version": version,
                        "rules": [{"id": code, "shortDescription": {"text": CODES[code]}} for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(checked.theory, each, codes) for each in checked.findings],
            }
        ],
    }


def _result(theory: Theory, finding: Finding, codes: list[str]) -> dict[str, Any]:
    each = finding.diagnostic
    told = [each.message]
    if each.hint:
        told.append(f"Hint: {each.hint}")
    if finding.witness:
        told.append(f"Seen in: {' '.join(sentences(theory, finding.witness.facts))} There {finding.witness.told}.")
    file = {"uri": _uri(each.path)}
    region = {"startLine": each.line, "startColumn": each.column, "endColumn": each.column + each.width}
    result: dict[str, Any] = {
        "ruleId": each.code,
        "ruleIndex": codes.index(each.code),
        "level": each.severity,
        "message": {"text": "\n".join(told)},
        "locations": [{"physicalLocation": {"artifactLocation": file, "region": region}}],
    }
    if each.fix:
        change = {"deletedRegion": _region(each.fix), "insertedContent": {"text": each.fix.text}}
        result["fixes"] = [
            {
                "description": {"text": each.hint or each.message},
                "artifactChanges": [{"artifactLocation": file, "replacements": [change]}],
            }
        ]
    if finding.accepted:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.accepted}]
    return result


def _region(edit: Edit) -> dict[str, int]:
    return {
        "startLine": edit.line,
        "startColumn": edit.column,
        "endLine": edit.end_line,
        "endColumn": edit.end_column,
    }


def _uri(path: str) -> str:
    """Give a path as a URI reference: relative paths stay so."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
