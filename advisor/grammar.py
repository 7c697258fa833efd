"""The grammar of a rule: one fence to its conclusions and conditions, and back.

A rule states its conclusions, then ``if`` its conditions, then ``unless`` what stops it.  Each part
stands on a line of its own; a line that begins with none of the small words below carries on the one above.
Which sentences there are is the vocabulary's affair; here are only the words between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.clauses import (
    Stretch,
    clause,
    complain_at,
    cut,
    heads,
    indefinite,
    instead,
    introduced,
    join,
    line_of,
    meanings_of,
    normal,
    role_phrases,
    said_of,
    understand,
)
from advisor.conclusions import is_claim, read_conclusion, write_conclusion
from advisor.diagnostics import Page, complain
from advisor.markdown import Block
from advisor.terms import (
    AtLeast,
    Conclusion,
    Condition,
    Derivation,
    Edit,
    Either,
    MeasureClaim,
    MenuClaim,
    OutcomeClaim,
    Premiss,
    Proposition,
    StrategyClaim,
    Term,
    Vocabulary,
)
from advisor.vocabulary import Meaning

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")
_LEAD = re.compile(r"(or unless|and unless|unless|if|and|or|-)(?![\w-])\s*", re.I)
_AT_LEAST = re.compile(r"at least (\w{1,5}) of(?: the following| these)?:?$", re.I)
_OR = re.compile(r",? or ", re.I)
_MOST_ORS = 10
_ANYBODY = "other"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a fence says."""

    conclusions: tuple[Conclusion, ...]
    conditions: tuple[Premiss, ...]
    unless: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A conclusion, condition or exception with the small word before it and the items of its list."""

    lead: str
    said: Stretch
    items: tuple[Stretch, ...] = ()
    word: Stretch | None = None


# ---------------------------------------------------------------- the parts of a fence


def lead_of(body: str) -> tuple[str, str]:
    """Part a line of a rule into the small word that it begins with, if any, and the rest.

    A small word with nothing behind it is no lead.
    """
    word = _LEAD.match(body)
    rest = body[word.end() :] if word else body
    return (word[1].lower(), rest) if word and rest else ("", body)


def _parts(on: Page, block: Block) -> list[_Part]:
    """Split a fence into its parts."""
    found: list[_Part] = []
    for number, raw in enumerate(block.lines, block.line):
        body = raw.strip()
        if not body:
            continue
        start = len(raw) - len(raw.lstrip())
        word = _LEAD.match(body)
        lead = word[1].lower() if word else ""
        offset = word.end() if word else 0
        rest = line_of(body[offset:], number, start + offset + 1)
        whole = line_of(body, number, start + 1)
        last = found[-1] if found else None
        if lead == "-" and last:
            found[-1] = replace(last, items=(*last.items, cut(rest, 0)))
        elif last and (not lead or (lead == "or" and last.lead != "unless")):
            if last.items:
                found[-1] = replace(last, items=(*last.items[:-1], join(last.items[-1], whole)))
            else:
                found[-1] = replace(last, said=join(last.said, whole))
        else:
            lead = "unless" if lead in ("or unless", "and unless", "or") else lead
            found.append(_Part(lead, rest if rest.text else whole, word=cut(whole, 0, offset) if lead else None))
    return [replace(part, said=cut(part.said, 0)) for part in found]


def read_rule(vocabulary: Vocabulary, on: Page, block: Block) -> Rule | None:
    """Read a fence.  Complains on the page; None if anything in it was not understood."""
    before = len(on.found)
    parts = _parts(on, block)
    if not parts:
        complain(on, "T14", "this rule is empty", block.line - 1, hint="write a conclusion, then “if” and a condition")
        return None
    groups: dict[str, list[_Part]] = {"": [], "if": [], "unless": []}
    stage = ""
    for part in parts:
        if part.lead in ("if", "unless"):
            if part.lead == "if" and stage:
                fix = instead(part.word, "and") if part.word else None
                complain_at(on, "T17", "a rule has one “if”", part.said, "begin further conditions with “and”", fix)
            stage = part.lead
        elif part.lead == "and" and stage == "unless":
            complain_at(
                on,
                "T17",
                "“and” after “unless” is ambiguous",
                part.said,
                "write “or unless” for a further exception; put a further condition before “unless”",
                instead(part.word, "or unless") if part.word else None,
            )
            continue
        elif part.lead == "-":
            hint = "write “at least two of” above it"
            complain_at(on, "T26", "this list belongs to no “at least … of”", part.said, hint)
            continue
        groups[stage].append(part)
    if not groups[""]:
        complain_at(on, "T17", "this rule has no conclusion", parts[0].said, "state what follows before “if”")
    conclusions = [read_conclusion(vocabulary, on, part.said) for part in groups[""]]
    if not groups["if"] and all(each.code != "T17" for each in on.found[before:]):
        last = (groups[""] or parts)[-1]
        fix = instead(last.word, "if") if last.word and last.lead == "and" else None
        hint = "add “if” and the condition on which it follows"
        complain_at(on, "T16", "this rule has no “if”", last.said, hint, fix)
    for part in parts:
        if part.items and not _AT_LEAST.match(part.said.text):
            complain_at(
                on, "T26", "only “at least … of” is followed by a list", part.items[0], fix=_unlisted(on, part.items)
            )
    conditions = [_premiss(vocabulary, on, part) for part in groups["if"]]
    bound = set(roles_of([c for c in conditions if c])) | _concluded([c for c in conclusions if c])
    unless = [c for part in groups["unless"] for c in _exception(vocabulary, on, part.said, bound)]
    if len(on.found) == before:
        _check_roles(vocabulary, on, groups[""], conclusions, conditions)
    if len(on.found) > before:
        return None
    return Rule(tuple(c for c in conclusions if c), tuple(c for c in conditions if c), tuple(c for c in unless if c))


def _check_roles(
    vocabulary: Vocabulary,
    on: Page,
    parts: Sequence[_Part],
    conclusions: Sequence[Conclusion | None],
    conditions: Sequence[Premiss | None],
) -> None:
    """Refuse a conclusion about somebody whom no condition speaks of; the focus of a verdict is always known."""
    bound = {*roles_of([c for c in conditions if c]), "state", "threat"}
    phrases = {role.id: role.phrase for role in vocabulary.roles}
    for part, conclusion in zip(parts, conclusions, strict=True):
        if isinstance(conclusion, Derivation | OutcomeClaim):
            for term in conclusion.terms:
                if term.role and term.name not in bound:
                    other = next(
                        phrases[role]
                        for role in sorted(bound)
                        if role in phrases and Term(role) not in conclusion.terms
                    )
                    complain_at(
                        on,
                        "T23",
                        f"no condition speaks of {phrases[term.name]}",
                        part.said,
                        f"add a condition about {phrases[term.name]}, or conclude something about {other}",
                        part.said.text.replace(phrases[term.name], other),
                    )


# ---------------------------------------------------------------- conditions


def _condition(vocabulary: Vocabulary, on: Page, said: Stretch, roles: Mapping[str, str]) -> Condition | None:
    """Read one condition; one that speaks of a strategy or an outcome is refused."""
    if not meanings_of(vocabulary, said, roles) and is_claim(vocabulary, said.text):
        hint = "state the facts from which it follows"
        complain_at(on, "T25", "strategies and outcomes are conclusions only", said, hint, _left_out(on, said))
        return None
    return clause(vocabulary, on, said, roles)


def _alternatives(vocabulary: Vocabulary, said: Stretch, roles: Mapping[str, str]) -> list[Stretch]:
    """Split "A or B or C"; "or" may also stand inside a phrase, so the split is sought where every part is one.

    Where there is none, gives the first part between two "or" that is no phrase, to complain about.
    """
    cuts = [hit.span() for hit in _OR.finditer(said.text)][:_MOST_ORS]

    def split(start: int) -> list[Stretch] | None:
        for begin, end in cuts:
            if begin >= start and meanings_of(vocabulary, cut(said, start, begin), roles):
                rest = split(end)
                if rest:
                    return [cut(said, start, begin), *rest]
        last = cut(said, start)
        return [last] if meanings_of(vocabulary, last, roles) else None

    found = split(0)
    if found:
        return found
    if understand(vocabulary, said.text, {*roles, *heads(vocabulary), *indefinite(vocabulary)}):
        return [said]  # it is one phrase but for its articles
    starts, ends = [0, *(end for _, end in cuts)], [*(begin for begin, _ in cuts), len(said.text)]
    pieces = [cut(said, start, end) for start, end in zip(starts, ends, strict=True)]
    return [next((piece for piece in pieces if not meanings_of(vocabulary, piece, roles)), said)]


def _either(vocabulary: Vocabulary, on: Page, said: Stretch, roles: Mapping[str, str]) -> list[Condition]:
    """Read the alternatives after "either": one condition if they are values of one variable for the same states."""
    found = [_condition(vocabulary, on, piece, roles) for piece in _alternatives(vocabulary, said, roles)]
    known = [condition for condition in found if condition]
    if len(known) < len(found):
        return []
    one = known[0]
    if len(known) > 1 and all((c.variable, c.terms, c.holds) == (one.variable, one.terms, True) for c in known):
        values = tuple(value for condition in known for value in condition.values)
        return [normal(vocabulary, Condition(one.variable, one.terms, values, True, said.text, one.line))]
    return known


def _premiss(vocabulary: Vocabulary, on: Page, part: _Part) -> Premiss | None:
    """Read one condition, with its list if it has one."""
    roles = role_phrases(vocabulary)
    counted = _AT_LEAST.match(part.said.text)
    if counted:
        return _at_least(vocabulary, on, part, counted[1].lower())
    if not part.said.text.lower().startswith("either "):
        return _condition(vocabulary, on, part.said, roles)
    choice = cut(part.said, len("either "))
    found = _either(vocabulary, on, choice, roles)
    if len(found) == 1 and not _OR.search(choice.text):
        complain_at(on, "T19", "“either” needs a second alternative", part.said, "add “or” and the second alternative")
        return None
    return Either(tuple(found)) if len(found) > 1 else found[0] if found else None


def _at_least(vocabulary: Vocabulary, on: Page, part: _Part, word: str) -> AtLeast | None:
    """Read "at least N of" with its list."""
    count = NUMBERS.index(word) if word in NUMBERS else int(word) if word.isascii() and word.isdigit() else 0
    if not part.items:
        hint = "write each condition on a line that begins with “- ”"
        complain_at(on, "T26", "“at least … of” is followed by no list", part.said, hint)
        return None
    if not 0 < count <= len(part.items):
        hint = f"write a number from one to {len(part.items)}"
        most = NUMBERS[len(part.items)] if len(part.items) < len(NUMBERS) else str(len(part.items))
        message = f"“at least {word}” of {len(part.items)} conditions makes no sense"
        complain_at(on, "T26", message, part.said, hint, part.said.text.replace(f" {word} ", f" {most} ", 1))
        return None
    found: list[Condition] = []
    for item in part.items:
        either = item.text.lower().startswith("either ")
        read = _either(vocabulary, on, cut(item, len("either ") * either), role_phrases(vocabulary))
        if len(read) > 1:
            complain_at(on, "T26", "an item of a list is one condition", item, "write an item for each alternative")
        found += read[:1]
    return AtLeast(count, tuple(found)) if len(found) == len(part.items) else None


def _exception(vocabulary: Vocabulary, on: Page, said: Stretch, bound: set[str]) -> list[Condition]:
    """Read what follows "unless".  Who is new there ("an ally") gets a role that stands nowhere else in the rule."""
    said = cut(said, len("either ")) if said.text.lower().startswith("either ") else said
    free = [role.id for role in vocabulary.roles if role.id not in bound]
    fresh = {
        phrase: role if role in free else (free or [_ANYBODY])[-1] for phrase, role in indefinite(vocabulary).items()
    }
    definite = role_phrases(vocabulary)
    found = _either(vocabulary, on, said, {**definite, **fresh})
    for phrase, role in definite.items():
        spoken = re.search(rf"\b{phrase}\b", said.text, re.I)
        if spoken and role in free and found:
            hint = f"write “{introduced(phrase)}” for any other one"
            wrong = cut(said, *spoken.span())
            complain_at(on, "T24", f"the rule does not speak of {phrase} elsewhere", wrong, hint, introduced(phrase))
            return []
    return found


def _unlisted(on: Page, items: Sequence[Stretch]) -> Edit | None:
    """Make the items of a list that nothing counts further conditions."""
    first, last = items[0].line, items[-1].places[-1][0]
    lines = [re.sub(r"^(\s*)[-*+] ", r"\1and ", line) for line in on.lines[first - 1 : last]]
    return Edit(first, 1, last, len(on.lines[last - 1]) + 1, "\n".join(lines))


def _left_out(on: Page, said: Stretch) -> Edit | None:
    """Leave out the line of a further condition; the first cannot go, since “if” stands before it."""
    line = on.lines[said.line - 1]
    if not line.lstrip().lower().startswith("and "):
        return None
    return Edit(said.line, 1, said.places[-1][0] + 1, 1, "")


# ---------------------------------------------------------------- roles


def conditions_in(premisses: Iterable[Premiss]) -> tuple[Condition, ...]:
    """Give every condition, alternatives and list items included, in the author's order."""
    return tuple(
        condition
        for premiss in premisses
        for condition in ((premiss,) if isinstance(premiss, Condition) else premiss.of)
    )


def roles_of(premisses: Iterable[Premiss]) -> tuple[str, ...]:
    """Give the roles that conditions speak of, sorted."""
    return tuple(sorted({term.name for c in conditions_in(premisses) for term in c.terms if term.role}))


def _concluded(conclusions: Iterable[Conclusion]) -> set[str]:
    """Give the roles that conclusions speak of; what is argued for is always done by the state."""
    found: set[str] = set()
    for conclusion in conclusions:
        if isinstance(conclusion, Derivation | OutcomeClaim):
            found |= {term.name for term in conclusion.terms if term.role}
        elif isinstance(conclusion, StrategyClaim | MeasureClaim | MenuClaim):
            found.add("state")
    return found


# ---------------------------------------------------------------- writing


def _said(vocabulary: Vocabulary, condition: Condition, names: Mapping[str, str]) -> list[str]:
    """Say a condition in the words of the vocabulary, with ``names`` for its roles."""
    args = tuple(names.get(term.name, term.name) if term.role else term.name for term in condition.terms)
    return said_of(vocabulary, Meaning(condition.variable, args, condition.values, condition.holds))


def write_rule(vocabulary: Vocabulary, proposition: Proposition) -> str:
    """Write a proposition's rule as the content of its fence; reading it gives the same rule again."""
    names = role_phrases(vocabulary)
    names = {role: phrase for phrase, role in names.items()}
    lines = [write_conclusion(vocabulary, conclusion) for conclusion in proposition.conclusions]
    lines[1:] = [f"and {line}" for line in lines[1:]]
    for place, premiss in enumerate(proposition.conditions):
        lead = "and" if place else "if"
        if isinstance(premiss, AtLeast):
            count = NUMBERS[premiss.count] if premiss.count < len(NUMBERS) else premiss.count
            lines.append(f"  {lead} at least {count} of")
            for condition in premiss.of:
                said = _said(vocabulary, condition, names)
                lines.append(f"    - {'either ' if len(said) > 1 else ''}{' or '.join(said)}")
            continue
        said = [text for condition in conditions_in([premiss]) for text in _said(vocabulary, condition, names)]
        lines.append(f"  {lead} {'either ' if len(said) > 1 else ''}{said[0]}")
        lines += [f"    or {text}" for text in said[1:]]
    bound = set(roles_of(proposition.conditions)) | _concluded(proposition.conclusions)
    for role in roles_of(proposition.unless):
        if role not in bound:
            head = next((phrase for phrase, known in heads(vocabulary).items() if known == role), "")
            names[role] = introduced(head) if head else f"another {next(iter(heads(vocabulary)))}"
    for place, condition in enumerate(proposition.unless):
        said = _said(vocabulary, condition, names)
        lead = "or unless" if place else "unless"
        lines.append(f"  {lead} {'either ' if len(said) > 1 else ''}{' or '.join(said)}")
    return "\n".join(lines)
