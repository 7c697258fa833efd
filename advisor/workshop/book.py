"""The book: the rules and the cases as a small static site, pages that refer to one another by relative links.

The same rules and cases give the same pages, byte for byte; no page needs a script or anything from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from advisor.evaluation import score_outcome, score_verdict
from advisor.explanation import account, embedded, render
from advisor.explanation.naming import Naming, load_naming, named
from advisor.markdown import sections
from advisor.terms import SYSTEM, Advice, Expectation, Prospect, Theory, Transcript, Verdict
from advisor.verdict import judge
from advisor.vocabulary import restraints, strategies
from advisor.workshop import pages, word_pages
from advisor.workshop.cases import Application, Worked, applications, worked
from advisor.workshop.pages import Link, Links
from advisor.workshop.picture import picture, quarrels
from advisor.workshop.prose import passages, runs
from advisor.workshop.showing import fidelity
from advisor.workshop.trace import Trace, of_the_seed, statements_of

STYLE = "style.css"
MARK = '<meta name="generator" content="advisor book" />'
"""What a page of a book says of itself; a folder that has such a page may be written over."""
_NAVIGATION = (
    Link("Start", "index.html"),
    Link("Glossary", pages.GLOSSARY),
    Link("Strategies", pages.CHOICES),
    Link("Cases", "cases.html"),
    Link("Map", "map.html"),
    Link("Seed", pages.SEED),
    Link("Index", "register.html"),
)
_MET = ("strict", "lenient")


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page: its title, the way to the root, what it belongs to, and the way to it."""

    title: str
    root: str
    navigation: tuple[Link, ...]
    current: str
    trail: tuple[Link, ...] = ()
    wide: bool = False


def book(
    theory: Theory,
    rules: Path,
    cases: Sequence[Transcript] = (),
    trace: Trace | None = None,
    *,
    templates: Path | None = None,
) -> dict[str, str]:
    """Make every page of the book: its path in the book, and its text.

    ``rules`` is the folder that the theory was loaded from: the parts of the schools' documents and the works they
    cite are read there.  Raises ``TemplateProblem`` if a template cannot be used, OSError if a document cannot be read.
    """
    links = pages.links_of(theory, (case.id for case in cases), trace)
    known = worked(theory, cases)
    applied = applications(theory, known)
    navigation = tuple(each for each in _NAVIGATION if trace or each.href != pages.SEED)
    made = {STYLE: render(f"book/{STYLE}", {}, format="html", templates=templates, lay_out=str)}
    for path, template, title, current, values in _all(theory, rules, known, applied, trace, links, templates):
        trail = values.pop("trail", ())
        frame = Frame(title, "../" * path.count("/"), navigation, current, trail, template == "map")
        values |= {"page": frame, "digest": theory.digest[:12]}
        made[path] = render(f"book/{template}.html", values, format="html", templates=templates)
    return dict(sorted(made.items()))


_Page = tuple[str, str, str, str, dict[str, Any]]


def _all(
    theory: Theory,
    rules: Path,
    cases: Sequence[Worked],
    applied: Mapping[str, tuple[Application, ...]],
    trace: Trace | None,
    links: Links,
    templates: Path | None,
) -> Iterator[_Page]:
    """Give every page: its path, template, title, the place in the navigation that it belongs to, its values."""
    documents = {school.id: _document(theory, rules, school.id) for school in theory.schools}
    made = {
        each.id: pages.proposition_page(theory, each, applied[each.id], trace, links) for each in theory.propositions
    }
    schools = [pages.school_page(theory, school, *_parts(documents[school.id]), links) for school in theory.schools]
    start = Link("Start", "index.html")
    yield _start(theory, schools, cases, trace)
    for school in schools:
        yield f"schools/{school.id}.html", "school", school.name, start.href, {"it": school, "trail": (start,)}
    for each in made.values():
        values: dict[str, Any] = {"it": each, "trail": (start, each.school)}
        yield f"propositions/{each.id}.html", "proposition", each.title, start.href, values
    titles = _strategy_titles(rules)
    words = {"roles": theory.vocabulary.roles, "sections": word_pages.glossary(theory, links)}
    yield pages.GLOSSARY, "glossary", "Glossary", pages.GLOSSARY, words
    choices = word_pages.choices(theory, links, titles)
    yield pages.CHOICES, "strategies", "Strategies, outcomes and cautions", pages.CHOICES, {"it": choices}
    naming = load_naming(templates)
    listed = []
    for case in cases:
        page, values = _case(theory, naming, case, applied, links, templates)
        listed.append(page)
        values |= {"it": page, "trail": (Link("Cases", "cases.html"),)}
        yield f"cases/{page.id}.html", "case", page.title, "cases.html", values
    yield "cases.html", "cases", "Cases", "cases.html", {"cases": listed, "record": _record(theory, applied, links)}
    yield _map(theory, links)
    if trace:
        yield _seed(theory, trace, links)
    yield "register.html", "register", "Index", "register.html", {"letters": _register(theory, cases, links, titles)}


# ---------------------------------------------------------------- what is read from the documents


def _document(theory: Theory, rules: Path, school: str) -> str:
    """Give the text of a school's document; nothing for a school without propositions."""
    path = next((each.path for each in theory.propositions if each.school == school), "")
    return (rules / path).read_text(encoding="utf-8") if path else ""


def _parts(document: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Give the parts of a school's document with the ids of their propositions, and the works that it cites."""
    chapters: list[tuple[str, list[str]]] = [("", [])]
    works: list[str] = []
    for part in sections(document):
        if part.level == 2:
            chapters.append((part.title, []))
            works += [block.text for block in part.blocks if block.kind == "item"]
        elif part.level == 3:
            chapters[-1][1].append(part.id)
    return chapters, works


def _strategy_titles(rules: Path) -> dict[str, str]:
    """Give the headings of the strategies."""
    path = rules / "strategies.md"
    found = sections(path.read_text(encoding="utf-8")) if path.exists() else []
    return {part.id: part.title for part in found if part.level == 3 and part.id}


# ---------------------------------------------------------------- single pages


def _start(theory: Theory, schools: Sequence[pages.SchoolPage], cases: Sequence[Worked], trace: Trace | None) -> _Page:
    """Make the first page."""
    badges = [pages.badge(each) for each in theory.propositions]
    defeats, disputes = quarrels(theory)
    counts = {
        "propositions": len(theory.propositions),
        "schools": len(theory.schools),
        "words": len(theory.vocabulary.variables),
        "cases": len(cases),
        "defeats": len(defeats),
        "disputes": len(disputes),
        "statements": len(trace.statements) if trace else 0,
    }
    verified = {badge.replace(" ", "_"): badges.count(badge) for badge in pages.BADGES}
    values = {"schools": schools, "counts": counts, "verified": verified}
    return "index.html", "index", "The rules of the balance of power", "index.html", values


def _map(theory: Theory, links: Links) -> _Page:
    """Make the page with the picture, and the same in words."""
    known = {each.id: each for each in theory.propositions}
    defeats, disputes = quarrels(theory)

    def in_words(pairs: Sequence[tuple[str, str]]) -> tuple[pages.Group, ...]:
        found: dict[str, list[Link]] = {}
        for one, other in pairs:
            found.setdefault(one, []).append(pages.titled([known[other]], links)[0])
        return tuple(
            pages.Group(known[id_].title, (*pages.titled([known[id_]], links), *listed))
            for id_, listed in found.items()
        )

    drawn = picture(theory, {**links.schools, **links.propositions})
    values = {"picture": drawn, "defeats": in_words(defeats), "disputes": in_words(disputes)}
    return "map.html", "map", "Defeats and disputes", "map.html", values


@dataclass(frozen=True, slots=True)
class _StatementLine:
    """A statement of the seed with what carries it."""

    id: str
    text: str
    references: str
    propositions: tuple[Link, ...]
    words: tuple[Link, ...]
    cases: tuple[Link, ...]
    reason: tuple[Any, ...]
    note: tuple[Any, ...]


def _seed(theory: Theory, trace: Trace, links: Links) -> _Page:
    """Make the page that traces the seed both ways."""
    titles = {each.id: each.title for each in theory.propositions}
    places = {**links.choices, **links.words}

    def line(each: Any) -> _StatementLine:
        return _StatementLine(
            each.id,
            each.text,
            "".join(f"[{number}]" for number in each.references),
            tuple(Link(titles[id_], links.propositions[id_]) for id_ in each.propositions if id_ in titles),
            tuple(
                Link(id_.replace("-", " ").replace("_", " "), places[id_]) for id_ in each.vocabulary if id_ in places
            ),
            tuple(Link(id_, links.cases[id_]) for id_ in each.transcripts if id_ in links.cases),
            runs(each.reason, links.every),
            runs(each.note, links.every),
        )

    groups = [
        (heading, word_pages.anchor(heading), [line(each) for each in trace.statements if each.heading == heading])
        for heading in trace.headings
    ]
    back = [
        (
            pages.titled([each], links)[0],
            tuple(Link(statement.id, links.statements[statement.id]) for statement in statements_of(trace, each.id)),
        )
        for each in theory.propositions
        if of_the_seed(each.source)
    ]
    opening = passages("\n\n".join(trace.opening), links.every)
    values = {"opening": opening, "groups": groups, "back": back, "counts": fidelity(theory, trace)}
    return pages.SEED, "seed", trace.title or "The seed", pages.SEED, values


# ---------------------------------------------------------------- cases


def _case(
    theory: Theory,
    naming: Naming,
    each: Worked,
    applied: Mapping[str, tuple[Application, ...]],
    links: Links,
    templates: Path | None,
) -> tuple[pages.CasePage, dict[str, Any]]:
    """Make the page of a case, and the explanation of what the theory makes of its facts."""
    case, vocabulary = each.case, theory.vocabulary
    first = next(iter(case.expect), None)
    main = _judged(theory, each, first)
    expected = [_expected(theory, naming, _judged(theory, each, one), one) for one in case.expect]
    for outcome in case.expect_outcomes:
        met = score_outcome(main.prospects, outcome) in _MET
        subject = outcome.outcome.replace("_", " ") + (
            "" if outcome.args == (SYSTEM,) else f" of {named(naming, outcome.args[0])}"
        )
        prospect = next((p for p in main.prospects if (p.outcome, p.args) == (outcome.outcome, outcome.args)), None)
        found = _foreseen(prospect)
        expected.append(pages.ExpectedLine(subject, outcome.value or "disputed", found, met, runs(outcome.missed)))
    if case.nothing:
        said = [verdict for verdict in main.verdicts if verdict.decision == "predicted"]
        expected.append(pages.ExpectedLine("nobody", "nothing", "something" if said else "nothing", not said))
    titles = {p.id: p.title for p in theory.propositions}
    lines = tuple(
        pages.CaseLine(
            Link(titles[id_], links.propositions[id_]),
            tuple(Link(pages.choice_name(what), links.choices[what]) for what in one.hits),
            tuple(Link(pages.choice_name(what), links.choices[what]) for what in one.misses),
        )
        for id_, listed in applied.items()
        for one in listed
        if one.case == case.id
    )
    page = pages.CasePage(
        case.id,
        case.title or case.id,
        passages(case.text),
        tuple(pages.fact_line(vocabulary, naming, seen, links) for seen in case.facts),
        tuple(pages.fact_line(vocabulary, naming, seen, links) for seen in case.tolerated),
        tuple(expected),
        passages(case.source),
        passages(case.coding),
        lines,
    )
    told = account(theory, main, templates=templates)
    # The facts stand on the page already; what is not used of them is worth saying.
    told = replace(told, noted=tuple(note for note in told.noted if not note.used))
    places = {id_: f"../{href}" for id_, href in links.propositions.items()}
    return page, {"told": told, "length": "normal", **embedded(places)}


def _judged(theory: Theory, each: Worked, expected: Expectation | None) -> Advice:
    if expected is None:
        return judge(theory, each.inference)
    return judge(theory, each.inference, focus=expected.state, toward=expected.toward)


def _expected(theory: Theory, naming: Naming, advice: Advice, expected: Expectation) -> pages.ExpectedLine:
    met = score_verdict(theory.vocabulary, advice.verdicts, expected) in _MET
    wanted = "; or ".join(id_.replace("-", " ") for id_ in (expected.strategy, *expected.acceptable))
    known = {**strategies(theory.vocabulary), **restraints(theory.vocabulary)}
    topics = {known[id_].question for id_ in (expected.strategy, *expected.acceptable) if id_ in known}
    said = [_decided(verdict) for verdict in advice.verdicts if verdict.about in topics]
    found = "; ".join(dict.fromkeys(said)) or "not enough is known"
    about = pages.about_whom(naming, expected.state, expected.toward)
    return pages.ExpectedLine(about[:1].upper() + about[1:], wanted, found, met, runs(expected.missed))


def _decided(verdict: Verdict) -> str:
    if verdict.decision == "predicted":
        said = (verdict.strategy or verdict.family or "").replace("-", " ")
        return f"{said} ({verdict.label}, {round(100 * verdict.share)}%)"
    return "undecided" if verdict.decision == "undecided" else "not enough is known"


def _foreseen(prospect: Prospect | None) -> str:
    if prospect is None:
        return "nothing"
    return prospect.value or "disputed"


def _record(
    theory: Theory, applied: Mapping[str, tuple[Application, ...]], links: Links
) -> list[tuple[Link, int, int, int]]:
    """Give the record of every proposition that was right or wrong somewhere, the most often tried first."""
    found = []
    for each in theory.propositions:
        listed = applied[each.id]
        right, wrong = sum(bool(one.hits) for one in listed), sum(bool(one.misses) for one in listed)
        if right or wrong:
            found.append((pages.titled([each], links)[0], len(listed), right, wrong))
    return sorted(found, key=lambda row: (-row[2] - row[3], row[3], row[0].text))


# ---------------------------------------------------------------- the index


def _register(
    theory: Theory, cases: Sequence[Worked], links: Links, titles: Mapping[str, str]
) -> list[tuple[str, list[Link]]]:
    """Give everything that has a place in the book by its first letter."""
    words = theory.vocabulary
    found = [Link(each.title, links.propositions[each.id], "proposition") for each in theory.propositions]
    found += [Link(each.name, links.schools[each.id], "school") for each in theory.schools]
    found += [Link(word_pages.title_of(each), links.words[each.id], "term") for each in words.variables]
    found += [Link(titles.get(each.id, each.id), links.choices[each.id], "strategy") for each in words.strategies]
    found += [
        Link(each.id.replace("-", " ").capitalize(), links.choices[each.id], "measure") for each in words.measures
    ]
    found += [
        Link(each.id.replace("_", " ").capitalize(), links.choices[each.id], "outcome") for each in words.outcomes
    ]
    found += [
        Link(each.title[:1].upper() + each.title[1:], links.choices[each.id], "caution") for each in words.cautions
    ]
    found += [Link(each.case.title, links.cases[each.case.id], "case") for each in cases]
    letters: dict[str, list[Link]] = {}
    for link in sorted(found, key=lambda link: (_key(link.text), link.note)):
        letters.setdefault(_key(link.text)[:1].upper(), []).append(link)
    return list(letters.items())


def _key(text: str) -> str:
    """Give what a title is ordered by: without article and marks."""
    return re.sub(r"^(a|an|the) ", "", re.sub(r"[^\w\s]", "", text).strip().casefold())
