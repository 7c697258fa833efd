"""One case in Markdown, in and out: a document that a scholar reads, and the program as well.

Under its title a transcript tells a situation in paragraphs; sections follow, each of which may be left out.
*Facts* lists what the text says, in phrases of the vocabulary word for word: the fifth use of one entry.
*Tolerated* lists what a reader may find as well.  *Expected* says what each state should be expected to do and
what should come of it, *Missed* what the theory is known to get wrong, with the reason.  *Source* and *Coding*
are prose.  *Consultation* holds the lines that were said, quoted, where the case was put down in one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from advisor.clauses import Stretch, ambiguous, complain_at, cut, join, line_of, names_in, role_phrases, understand
from advisor.diagnostics import Page, complain, ordered, page
from advisor.markdown import BLANK, Block, Section, sections
from advisor.situation import closed
from advisor.terms import (
    SYSTEM,
    Diagnostic,
    Expectation,
    Fact,
    Observation,
    OutcomeExpectation,
    Stance,
    Transcript,
    Vocabulary,
)
from advisor.vocabulary import nearest, outcomes, restraints, strategies, to_fact, value_ids, variables
from advisor.wording import sentence

SECTIONS = ("Facts", "Tolerated", "Expected", "Missed", "Source", "Coding", "Consultation")
"""The sections of a transcript, in the order in which they are written."""

_STANCES: dict[str, Stance] = {"Possibly": "possible", "Supposed": "supposed", "Reported": "reported"}
_PREFIX = re.compile(r"([A-Z][\w’' -]*): *")
_STANCE = re.compile(rf"(?:{'|'.join(_STANCES)})|Reported by (?:the )?(?P<holder>.+)")
_NOTHING = re.compile(r"nothing", re.I)
_EXPECTATION = re.compile(r"(?P<state>[^:,]+)(?:, facing (?P<toward>[^:,]+))?: *(?P<answer>\S.*)")
_OUTCOME = re.compile(r"(?P<outcome>[\w -]+?)(?: of (?P<state>.+?))? (?P<value>[\w-]+)")
_REASON = re.compile(r"(?<!\bSt)\.\s+")
_OR = re.compile(r"[;,]? or |[;,] ")
_ARTICLE = re.compile(r"[Tt]he ")
_DISPUTED = "disputed"


# ---------------------------------------------------------------- the parts of a document


def situation_place(text: str) -> tuple[int, int] | None:
    """Give where in a document that opens with a title the situation is told, in code points.

    It begins below the title and ends above the first section of a transcript.  None where there is no title.
    """
    if not re.match(r"\s*#\s", text):
        return None
    parts = sections(text)
    if len(parts) < 2 or parts[0].blocks or parts[1].level != 1:
        return None
    return _place(text, parts)


def _place(text: str, parts: Sequence[Section]) -> tuple[int, int]:
    """Give where the situation is told: below the title, or else from the beginning."""
    lines = text.splitlines(keepends=True)
    first = next((part.line for part in parts if part.level == 1), 0)
    end = next((part.line - 1 for part in parts if _is_section(part) and part.line > first), len(lines))
    while first < end and not lines[first].strip():
        first += 1
    start = len("".join(lines[:first]))
    return start, start + len("".join(lines[first:end]).rstrip())


def _is_section(part: Section) -> bool:
    return part.level == 2 and part.title in SECTIONS


def situation_only(text: str) -> str:
    """Give a document with blanks in place of all that is not its situation, so that every place in it stays.

    A text that is no Markdown document with a title, or that has nothing below its title, is given as it is.
    """
    place = situation_place(text)
    if place is None:
        return text
    start, end = place
    if start == end and not any(_is_section(part) for part in sections(text)):
        return text
    return "".join(c if c.isspace() else " " for c in text[:start]) + text[start:end]


# ---------------------------------------------------------------- in


def load(vocabulary: Vocabulary, given: Path | str, id: str = "") -> tuple[Transcript, tuple[Diagnostic, ...]]:
    """Read a transcript from a file, whose name is its id, or from a text with an id.

    Gives what was understood together with every complaint; it never raises.
    """
    if isinstance(given, str):
        return _read(vocabulary, page(f"{id or 'transcript'}.md", given), given, id)
    try:
        text = given.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        on = page(str(given), "")
        utf8 = isinstance(error, UnicodeDecodeError)
        why = "it is not valid UTF-8" if utf8 else str(getattr(error, "strerror", "") or error)
        complain(on, "C01", f"this transcript cannot be read: {why}", 1, hint="save it as UTF-8" if utf8 else "")
        return Transcript(id or given.stem), tuple(on.found)
    return _read(vocabulary, page(str(given), text), text, id or given.stem)


def load_all(vocabulary: Vocabulary, folder: Path | None) -> tuple[tuple[Transcript, ...], tuple[Diagnostic, ...]]:
    """Read every transcript of a folder, in the order of their names, with every complaint; no folder has none."""
    read = [load(vocabulary, path) for path in sorted(folder.glob("*.md"))] if folder else []
    return tuple(case for case, _ in read), ordered(each for _, complaints in read for each in complaints)


@dataclass(slots=True)
class _Expected:
    """What the items of a section expect."""

    expect: list[Expectation] = field(default_factory=list)
    outcomes: list[OutcomeExpectation] = field(default_factory=list)
    nothing: Stretch | None = None


def _read(vocabulary: Vocabulary, on: Page, text: str, id: str) -> tuple[Transcript, tuple[Diagnostic, ...]]:
    """Read a transcript that is a page."""
    parts = sections(text)
    titles = [part for part in parts if part.level == 1 and part.title]
    if not titles or parts[0].blocks or parts[1] is not titles[0]:
        complain(on, "C02", "this transcript does not begin with its title", 1, hint="begin it with “# Title”")
    found = _sections(on, parts, titles[0] if titles else None)
    for number, line in enumerate(on.lines, 1):
        for blank in BLANK.finditer(line) if not line.startswith(">") else ():
            hint = "write it without the brackets"
            message = f"this is still to be written: {blank[1]}?"
            complain(on, "C17", message, number, blank[0], hint, blank.start() + 1)
    start, end = _place(text, parts)
    facts = _observations(vocabulary, on, found.get("Facts"))
    tolerated = _observations(vocabulary, on, found.get("Tolerated"))
    expected = _expected(vocabulary, on, found.get("Expected"), missed=False)
    missed = _expected(vocabulary, on, found.get("Missed"), missed=True)
    _contradictions(vocabulary, on, facts)
    if expected.nothing and (expected.expect or expected.outcomes or missed.expect or missed.outcomes):
        hint = "leave one of the two out"
        complain_at(on, "C12", "nothing is expected here, and something beside it", expected.nothing, hint)
    if start == end and not facts:
        complain(
            on, "C15", "this transcript has neither a text nor facts", 1, hint="tell the situation under the title"
        )
    transcript = Transcript(
        id=id,
        title=titles[0].title if titles else "",
        text=text[start:end],
        facts=tuple(observation for observation, _ in facts),
        tolerated=tuple(observation for observation, _ in tolerated),
        expect=(*expected.expect, *missed.expect),
        expect_outcomes=(*expected.outcomes, *missed.outcomes),
        nothing=expected.nothing is not None,
        source=_prose(on, parts, found.get("Source")),
        coding=_prose(on, parts, found.get("Coding")),
        consultation=_prose(on, parts, found.get("Consultation")),
    )
    _strangers(on, transcript, [found[name] for name in ("Expected", "Missed") if name in found])
    return transcript, ordered(on.found)


def _sections(on: Page, parts: Sequence[Section], title: Section | None) -> dict[str, Section]:
    """Give the sections by name, and complain about every other heading."""
    found: dict[str, Section] = {}
    for part in parts[1:]:
        if part is title:
            continue
        if not _is_section(part):
            _no_section(on, part)
        elif part.title in found:
            complain(on, "C04", f"there are two sections “{part.title}”", part.line, hint="make them one")
        else:
            found[part.title] = part
    return found


def _no_section(on: Page, part: Section) -> None:
    """Complain about a heading that opens no section."""
    near = difflib.get_close_matches(part.title.capitalize(), SECTIONS, n=1, cutoff=0.6)
    if part.title in SECTIONS:
        hint = f"a section's heading has two marks: ## {part.title}"
    elif near:
        hint = f"did you mean “## {near[0]}”?"
    else:
        hint = "the sections are " + ", ".join(SECTIONS)
    complain(on, "C03", f"“{part.title[:80]}” is no section of a transcript", part.line, part.title, hint)


def _prose(on: Page, parts: Sequence[Section], section: Section | None) -> str:
    """Give what stands in a section, as it stands there."""
    if section is None:
        return ""
    end = min((part.line - 1 for part in parts if part.line > section.line), default=len(on.lines))
    first = next((number for number in range(section.line, end) if on.lines[number].strip()), end)
    return "\n".join(on.lines[first:end]).rstrip()


def _items(on: Page, section: Section | None) -> Iterator[Stretch]:
    """Give the items of a section, and complain about what is none."""
    for block in section.blocks if section else ():
        if block.kind == "item" and BLANK.search(block.text):
            continue
        if block.kind == "item":
            said = _words(on, block)
            if cut(said, 0).text:
                yield said
            else:
                complain(on, "C14", "this item says nothing", block.line, hint="write it, or take the dash away")
        else:
            message = f"the section “{section.title if section else ''}” is a list"
            complain(on, "C14", message, block.line, hint="begin the line with “- ”")


def _words(on: Page, block: Block) -> Stretch:
    """Give the words of an item with the place of each."""
    words = Stretch("", ())
    for number, line in enumerate(block.lines, block.line):
        said = line.strip()
        words = join(words, line_of(said, number, on.lines[number - 1].rfind(said) + 1))
    return words


# ---------------------------------------------------------------- facts


def _observations(vocabulary: Vocabulary, on: Page, section: Section | None) -> list[tuple[Observation, Stretch]]:
    """Read the facts of a section, each with its stance."""
    found: list[tuple[Observation, Stretch]] = []
    for said in _items(on, section):
        prefix = _PREFIX.match(said.text)
        stance = _STANCE.fullmatch(prefix[1]) if prefix else None
        if prefix and not stance:
            near = difflib.get_close_matches(prefix[1].capitalize(), _STANCES, n=1, cutoff=0.6)
            hint = f"did you mean “{near[0]}:”?" if near else "write Possibly:, Supposed:, Reported: or Reported by …:"
            message = f"“{prefix[1][:80]}:” does not say how the text puts it"
            complain_at(on, "C08", message, cut(said, 0, prefix.end(1)), hint)
            continue
        stated = cut(said, prefix.end() if prefix else 0)
        if not stated.text:
            complain_at(on, "C14", "this item says nothing", said, "write what the text says")
            continue
        fact = _fact(vocabulary, on, stated)
        if fact is None:
            continue
        how: Stance = _STANCES[prefix[1].split(" ")[0]] if prefix else "asserted" if fact.holds else "denied"
        found.append((Observation(fact, how, holder=stance["holder"] if stance else None), said))
    return found


def _fact(vocabulary: Vocabulary, on: Page, said: Stretch) -> Fact | None:
    """Read one fact, a phrase of the vocabulary with names in its slots; complains and gives None where it is none."""
    # A fact is a sentence: the capital of its first word need not be that of a name ("Nobody has lined up against …").
    small = said.text[:1].lower() + said.text[1:]
    meanings = understand(vocabulary, small, ()) or understand(vocabulary, said.text, ())
    facts = [to_fact(vocabulary, meaning) for meaning in meanings]
    fact = facts[0] if facts else None
    if len({_positive(vocabulary, each) if each else None for each in facts}) > 1:
        ambiguous(on, said, [f"{each.variable}: {', '.join(each.values)}" for each in meanings])
        return None
    if not meanings:
        if understand(vocabulary, said.text, role_phrases(vocabulary)):
            hint = "a transcript names its states"
        else:
            hints = nearest(vocabulary, said.text[:200], names_in(said.text[:200], ()), 1)
            hint = f"did you mean “{hints[0]}”?" if hints else ""
        complain_at(on, "C05", f"no phrase of the vocabulary says “{said.text[:80]}”", said, hint)
        return None
    if fact is None:
        complain_at(on, "C05", f"“{said.text[:80]}” leaves open which value it states", said, "state one value")
        return None
    if variables(vocabulary)[fact.variable].derived:
        hint = "state the facts from which it follows"
        complain_at(on, "C07", "this is concluded by propositions and never stated", said, hint)
        return None
    if len(fact.args) != max(1, variables(vocabulary)[fact.variable].arity):
        complain_at(on, "C05", "this phrase does not say towards whom", said, "use a phrase that names both states")
        return None
    if len(set(fact.args)) < len(fact.args):
        complain_at(on, "C05", "this phrase names one state twice", said, "name the other state")
        return None
    return _positive(vocabulary, fact)


def _positive(vocabulary: Vocabulary, fact: Fact) -> Fact:
    """Write "not yes" as "no": the two are said in the same words."""
    values = value_ids(variables(vocabulary)[fact.variable])
    if fact.holds or set(values) != {"yes", "no"}:
        return fact
    return fact._replace(value=next(value for value in values if value != fact.value), holds=True)


def _contradictions(vocabulary: Vocabulary, on: Page, facts: Sequence[tuple[Observation, Stretch]]) -> None:
    """Complain about the first fact that contradicts those before it; what is only possible contradicts nothing."""
    firm = [(seen.fact, said) for seen, said in facts if seen.stance in ("asserted", "denied")]
    for count in range(1, len(firm) + 1) if _contradictory(vocabulary, [fact for fact, _ in firm]) else ():
        if _contradictory(vocabulary, [fact for fact, _ in firm[:count]]):
            hint = "keep one of the two, or say how the text puts it: Possibly:, Supposed:, Reported:"
            complain_at(on, "C06", "this fact contradicts the ones before it", firm[count - 1][1], hint)
            return


def _contradictory(vocabulary: Vocabulary, facts: Iterable[Fact]) -> bool:
    """Whether facts cannot all be so."""
    known = closed(vocabulary, facts)
    return any(fact._replace(holds=not fact.holds) in known for fact in known)


# ---------------------------------------------------------------- expectations


def _expected(vocabulary: Vocabulary, on: Page, section: Section | None, *, missed: bool) -> _Expected:
    """Read what a section expects."""
    found = _Expected()
    for said in _items(on, section):
        end, reason = _reason(said)
        claim = cut(said, 0, end)
        if _NOTHING.fullmatch(claim.text) and not missed:
            found.nothing = claim
            continue
        hit = _EXPECTATION.fullmatch(claim.text)
        if not hit:
            hint = "write “STATE, facing THREAT: strategy; or strategy”, “Outcome: outcome of STATE value” or “Nothing”"
            complain_at(on, "C09", "this expectation is not understood", claim if claim.text else said, hint)
            continue
        if missed != bool(reason):
            _without_reason(on, claim, missed)
        answer = cut(claim, hit.start("answer"))
        if hit["state"] == "Outcome":
            outcome = _outcome(vocabulary, on, answer, reason)
            found.outcomes += [outcome] if outcome else []
        else:
            named = [_strategy(vocabulary, on, each) for each in _alternatives(answer)]
            strategy, *others = dict.fromkeys(named)
            if strategy and all(named):
                acceptable = tuple(other for other in others if other)
                toward = _bare(hit["toward"]) if hit["toward"] else None
                found.expect.append(Expectation(_bare(hit["state"]), toward, strategy, acceptable, reason))
    return found


def _reason(said: Stretch) -> tuple[int, str]:
    """Find the end of an expectation, and the reason that follows it."""
    stop = _REASON.search(said.text)
    return (stop.start(), said.text[stop.end() :].strip()) if stop else (len(said.text), "")


def _without_reason(on: Page, claim: Stretch, missed: bool) -> None:
    """Complain about a miss without a reason, or a reason where nothing is missed."""
    if missed:
        hint = "add a sentence that says why the theory misses it"
        complain_at(on, "C13", "this expected miss gives no reason", claim, hint)
    else:
        complain_at(on, "C09", "a reason stands where none is asked for", claim, "say it under “## Coding”")


def _bare(name: str) -> str:
    """Give a name without its article."""
    return _ARTICLE.sub("", name.strip(), count=1) if _ARTICLE.match(name.strip()) else name.strip()


def _alternatives(said: Stretch) -> Iterator[Stretch]:
    """Split "one; or another" into its parts."""
    start = 0
    for hit in (*_OR.finditer(said.text), None):
        yield cut(said, start, hit.start() if hit else None)
        start = hit.end() if hit else start


def _strategy(vocabulary: Vocabulary, on: Page, said: Stretch) -> str | None:
    """Read the name of a strategy, or of a family that is none."""
    known = (*strategies(vocabulary), *restraints(vocabulary))
    name = said.text.strip("`").casefold()
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean “{near[0]}”?" if near else "the strategies are " + ", ".join(known)
    complain_at(on, "C10", f"there is no strategy “{said.text[:80]}”", said, hint)
    return None


def _outcome(vocabulary: Vocabulary, on: Page, said: Stretch, reason: str) -> OutcomeExpectation | None:
    """Read what is expected of an outcome: "war risk higher", "security of England lower", "hegemony disputed"."""
    known = {id.replace("_", " "): outcome for id, outcome in outcomes(vocabulary).items()}
    hit = _OUTCOME.fullmatch(said.text)
    outcome = known.get(hit["outcome"].replace("_", " ").casefold()) if hit else None
    if not hit or not outcome:
        near = difflib.get_close_matches(hit["outcome"] if hit else said.text, known, n=1, cutoff=0.6)
        hint = f"did you mean “{near[0]}”?" if near else "the outcomes are " + ", ".join(known)
        named = cut(said, 0, hit.end("outcome") if hit else None)
        complain_at(on, "C11", f"there is no outcome “{named.text[:80]}”", named, hint)
        return None
    values = (*dict(outcome.values), _DISPUTED)
    if hit["value"] not in values:
        hint = f"write {', '.join(values[:-1])} or {values[-1]}"
        complain_at(on, "C11", f"“{hit['value']}” is no value of this outcome", cut(said, hit.start("value")), hint)
        return None
    if hit["state"] and not outcome.arity:
        complain_at(on, "C11", "this outcome is the system's, not a state's", said, f"leave out “of {hit['state']}”")
        return None
    args = (_bare(hit["state"]),) if hit["state"] else (SYSTEM,)
    return OutcomeExpectation(outcome.id, args, None if hit["value"] == _DISPUTED else hit["value"], reason)


def _strangers(on: Page, transcript: Transcript, expected: Iterable[Section]) -> None:
    """Complain about expectations of states that neither the text nor a fact speaks of."""
    seen = (*transcript.facts, *transcript.tolerated)
    known = {name for each in seen for name in (*each.fact.args, each.holder) if name}
    named = {name for each in transcript.expect for name in (each.state, each.toward) if name}
    named |= {arg for each in transcript.expect_outcomes for arg in each.args}
    for name in sorted(named - known - {SYSTEM}):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", transcript.text):
            continue
        near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
        hint = f"did you mean “{near[0]}”?" if near else "state a fact about it"
        lines = (line for part in expected for block in part.blocks for line in range(block.line, block.line + 9))
        line = next((number for number in lines if name in "".join(on.lines[number - 1 : number])), 1)
        complain(on, "C16", f"neither the text nor a fact speaks of “{name}”", line, name, hint)


# ---------------------------------------------------------------- out


def render(vocabulary: Vocabulary, transcript: Transcript) -> str:
    """Write a transcript; under its own id it loads as what it was, provided that its states have capitals."""
    from advisor.explanation.naming import load_naming, named, worded

    naming = load_naming()

    def fact(seen: Observation) -> str:
        said = worded(naming, vocabulary, _positive(vocabulary, seen.fact))
        if seen.stance in ("asserted", "denied"):
            return sentence(said)
        prefix = next(word for word, stance in _STANCES.items() if stance == seen.stance)
        return f"{prefix}{f' by {named(naming, seen.holder)}' if seen.holder else ''}: {said}."

    def expectation(each: Expectation) -> str:
        facing = f", facing {named(naming, each.toward)}" if each.toward else ""
        answer = "; or ".join((each.strategy, *each.acceptable))
        return sentence(f"{named(naming, each.state)}{facing}: {answer}") + (f" {each.missed}" if each.missed else "")

    def outcome(each: OutcomeExpectation) -> str:
        of = f" of {named(naming, each.args[0])}" if each.args != (SYSTEM,) else ""
        said = f"Outcome: {each.outcome.replace('_', ' ')}{of} {each.value or _DISPUTED}."
        return said + (f" {each.missed}" if each.missed else "")

    def expected(missed: bool) -> list[str]:
        listed = [expectation(each) for each in transcript.expect if bool(each.missed) == missed]
        listed += [outcome(each) for each in transcript.expect_outcomes if bool(each.missed) == missed]
        return ["Nothing.", *listed] if transcript.nothing and not missed else listed

    def listing(items: Iterable[str]) -> str:
        return "\n".join(f"- {item}" for item in items)

    bodies = (
        listing(fact(seen) for seen in transcript.facts),
        listing(fact(seen) for seen in transcript.tolerated),
        listing(expected(missed=False)),
        listing(expected(missed=True)),
        transcript.source,
        transcript.coding,
        transcript.consultation,
    )
    written = [f"## {name}\n\n{body}" for name, body in zip(SECTIONS, bodies, strict=True) if body]
    opening = [f"# {transcript.title or transcript.id}", *([transcript.text] if transcript.text else [])]
    return "\n\n".join([*opening, *written]) + "\n"
