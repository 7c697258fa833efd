"""The report: every sentence of it can be traced, every link leads somewhere, and a browser shows what it says."""

from __future__ import annotations

import html
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from browser import Browser, browser, find
from test_book import Page
from test_explanation import reading

import advisor
from advisor import house
from advisor.explanation import as_json, explain
from advisor.explanation.answers import _percents
from advisor.explanation.changing import changes, telling
from advisor.explanation.frames import Words
from advisor.explanation.naming import bare, load_naming, school_in_prose
from advisor.inference import infer
from advisor.inquiry import changed, flips
from advisor.picture import WIDE, drawn, graph
from advisor.situation import from_facts, situation
from advisor.terms import (
    Advice,
    Fact,
    Justification,
    Theory,
    Transcript,
)
from advisor.theory import load_theory
from advisor.transcript import load_all
from advisor.verdict import judge
from advisor.vocabulary import canonical

ROOT = Path(__file__).resolve().parent.parent


@cache
def theory() -> Theory:
    return load_theory(house.rules_folder())[0]


@cache
def transcripts() -> dict[str, Transcript]:
    return {each.id: each for each in load_all(theory().vocabulary, ROOT / "transcripts")[0]}


@cache
def advice(name: str) -> Advice:
    """The advice on the facts of a transcript, for the state of which something is expected there."""
    case = transcripts()[name]
    inference = infer(theory(), situation(theory().vocabulary, case.facts))
    first = case.expect[0] if case.expect else None
    return judge(theory(), inference, focus=first.state if first else None, toward=first.toward if first else None)


@cache
def page(name: str, length: str = "normal") -> str:
    return explain(theory(), advice(name), format="html", length=length)  # type: ignore[arg-type]


@cache
def report() -> str:
    """A report on a text."""
    made = reading()
    inference = infer(theory(), situation(theory().vocabulary, made.observations, [s.name for s in made.states]))
    return explain(theory(), judge(theory(), inference), made, format="html")


@cache
def crowded() -> Advice:
    """Advice on more than anybody would say of one case: its argument has eighty nodes."""
    facts: dict[tuple[str, frozenset[str]], Fact] = {}
    for name in ("britain-august-1914-coast", "germany-1914", "coalition-against-napoleon-1813"):
        case = transcripts()[name]
        plays = {case.expect[0].state: "Britain", case.expect[0].toward: "Germany"}
        for fact in (observation.fact for observation in case.facts):
            same = fact._replace(args=tuple(plays.get(arg, arg) for arg in fact.args))
            facts.setdefault((same.variable, frozenset(same.args)), same)
    inference = infer(theory(), from_facts(theory().vocabulary, facts.values()))
    return judge(theory(), inference, focus="Britain", toward="Germany")


NAMES = sorted(each.stem for each in (ROOT / "transcripts").glob("*.md"))
RICH, SMALL = "britain-1912-14", "england-1525"


# ---------------------------------------------------------------- law 6: every sentence has its justification


SENTENCE = re.compile(r'<span class="s" data-by="([^"]*)">(.*?)</span>', re.S)


def plain(markup: str) -> str:
    """What a reader sees of a piece of HTML."""
    words = re.sub(r"<q>(.*?)</q>", r"“\1”", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", words)).split())


def sentences(page: str) -> Iterator[tuple[list[str], str]]:
    """Every sentence of a page, with the marks of what it rests on."""
    for marks, words in SENTENCE.findall(page):
        yield [html.unescape(mark) for mark in marks.split("|") if mark], plain(words)


def school_is_named(id_: str, sentence: str) -> bool:
    proposition = next(each for each in theory().propositions if each.id == id_)
    school = next(each.name for each in theory().schools if each.id == proposition.school)
    return bare(school_in_prose(load_naming(), school)).lower() in sentence.lower()


def complaint(advice: Advice, marks: list[str], sentence: str) -> str:
    """Why a sentence does not follow from an advice, or nothing."""
    known = {f"{f.variable}({', '.join(f.args)}){'=' if f.holds else '≠'}{f.value}" for f in advice.inference.facts}
    applied = {justification.proposition for justification in advice.inference.justifications}
    verdicts = advice.verdicts
    for mark in marks:
        kind, _, about = mark.partition(":")
        same = [verdict for verdict in verdicts if verdict.about == about]
        if mark in ("question", "note", "unknown", "read", "weights", "menu", "clash", "nothing"):
            continue
        if kind == "caution":
            if about not in advice.cautions:
                return f"{about} is no caution here"
        elif kind == "verdict":
            shares = {f"{p}%" for v in same for p in _percents([share for _, share in v.families])}
            if not same or not set(re.findall(r"\d+%", sentence)) <= shares:
                return f"the shares are {shares}"
        elif kind == "robust":
            if not any(v.robust == ("does not change" in sentence) for v in same):
                return "the lead is not as robust as that"
        elif kind == "excluded":
            if not any(v.ruled_out for v in same):
                return "nothing is impossible"
        elif kind == "silenced":
            if not any(v.defeats for v in same):
                return "nothing is silenced"
        elif "(" in mark:
            if mark not in known:
                return f"{mark} is not known"
        elif mark not in applied:
            return f"{mark} was not applied"
        elif not school_is_named(mark, sentence):
            return f"the school of {mark} is not named"
    return "" if marks else "it rests on nothing"


@pytest.mark.parametrize("length", ["normal", "full"])
def test_every_sentence_has_its_justification_and_its_school(length: str) -> None:
    told = 0
    for name in NAMES:
        for marks, sentence in sentences(page(name, length)):
            assert not complaint(advice(name), marks, sentence), (name, sentence)
            told += 1
    assert told > 15 * len(NAMES)


def test_every_sentence_on_a_proposition_leads_to_its_source() -> None:
    ids = {proposition.id for proposition in theory().propositions}
    led = 0
    for name in NAMES:
        for marks, words in SENTENCE.findall(page(name)):
            if ids & set(marks.split("|")):
                assert re.search('href="#(?:p|step)-', words), (name, plain(words))
                led += 1
    assert led > 5 * len(NAMES)


def test_in_full_every_sentence_on_a_proposition_has_its_source() -> None:
    sources = {each.id: each.source.replace("*", "").strip().rstrip(".") for each in theory().propositions}
    told = 0
    for name in (RICH, "ussr-1939", "arvenia-alone"):
        text = " ".join(explain(theory(), advice(name), length="full").split()).partition("Grounds.")[0]
        # Each source is marked, so that it can be seen which sentence it stands in once all are taken out.
        for source in sorted(set(sources.values()), key=len, reverse=True):
            text = text.replace(f" ({source})", "\0")
        for marks, sentence in sentences(page(name, "full").partition("<h3>Counted as well</h3>")[0]):
            named = [mark for mark in marks if mark in sources]
            found = re.search("\0?".join(map(re.escape, sentence)), text) if named else None
            if named:
                assert found is not None and "\0" in found[0], sentence
                told += 1
    assert told > 30


def test_a_sentence_without_justification_would_be_found() -> None:
    case = advice(RICH)
    for marks, sentence in (
        (["weak-states-bandwagon"], "For balance of threat, weak states bandwagon."),
        (["states-balance-against-threat"], "States balance against threats."),
        (["help(Britain)=none"], "Britain has no allies."),
        (["verdict:response"], "99% of school support expects it to hide."),
        (["robust:response"], "Leaving out a single school can change the lead."),
        (["silenced:response"], "Normally it would."),
        (["caution:internal-limits"], "There is little left."),
        ([], "So it is."),
    ):
        assert complaint(case, marks, sentence)


def test_all_prose_of_the_argument_is_in_sentences() -> None:
    for name in NAMES:
        parts = re.findall(r'<section class="part">(.*?)</section>', page(name, "full"), re.S)
        for part in parts:
            rest = SENTENCE.sub("", re.sub(r"<h3>.*?</h3>", "", part, flags=re.S))
            assert not plain(rest), (name, plain(rest))
        assert parts


def test_a_page_says_what_the_text_says() -> None:
    for name in NAMES:
        text = " ".join(explain(theory(), advice(name)).split())
        prose = page(name).partition('id="sources"')[0].partition("<h3>Counted as well</h3>")[0]
        for _, sentence in sentences(prose):
            assert sentence in text, (name, sentence)


def justifications_of(advice: Advice) -> set[str]:
    """Every proposition that counted: in a verdict, in an outcome, or on the way to one that did."""
    vocabulary = theory().vocabulary
    situation_ = {canonical(vocabulary, fact) for fact in advice.inference.situation.facts}
    by: dict[Fact, list[Justification]] = {}
    for each in advice.inference.justifications:
        for fact in each.derived:
            by.setdefault(canonical(vocabulary, fact), []).append(each)
    keys = {(a.proposition, a.bindings) for verdict in advice.verdicts for a in verdict.arguments}
    open_ = [each for each in advice.inference.justifications if (each.proposition, each.bindings) in keys]
    found = {id_ for prospect in advice.prospects for id_ in (*prospect.pro, *prospect.contra)}
    seen: set[Fact] = set()
    while open_:
        use = open_.pop()
        found.add(use.proposition)
        for fact in {canonical(vocabulary, fact) for premise in use.premises for fact in premise.facts} - seen:
            seen.add(fact)
            if fact not in situation_:
                open_ += by.get(fact, [])
    return found


def test_every_justification_that_counted_is_mentioned() -> None:
    titles = {proposition.id: proposition.title.replace("*", "") for proposition in theory().propositions}
    counted = 0
    for name in NAMES:
        full = " ".join(explain(theory(), advice(name), length="full").split())
        ids = Page(page(name).replace("<!DOCTYPE html>", "")).ids
        for id_ in justifications_of(advice(name)):
            assert f"‘{titles[id_].rstrip('.')}’" in full, (name, id_)
            assert f"p-{id_}" in ids, (name, id_)
            counted += 1
    assert counted > 300


@pytest.mark.parametrize("name", [RICH, "ussr-1939", "arvenia-alone"])
def test_what_would_change_it_is_told_and_comes_true(name: str) -> None:
    case = advice(name)
    first = case.verdicts[0]
    found = flips(theory(), case, infer)
    text = " ".join(advisor.explain(theory(), case).split())
    said = text.partition("What would change it. ")[2]
    single = [flip for flip in found if len(flip.changes) == 1]
    assert said.startswith("No one fact alone would change what leads") == (not single)
    chosen = telling(single or found)
    assert len(chosen) >= 2
    for same in chosen:
        for flip in same:
            then = changed(theory().vocabulary, case.inference.situation, flip.changes)
            after = judge(theory(), infer(theory(), then), focus=first.state, toward=first.toward)
            verdict = next(v for v in after.verdicts if v.about == first.about)
            assert (verdict.decision, verdict.family) == (flip.verdict.decision, flip.verdict.family)
            assert (verdict.decision, verdict.family) != (first.decision, first.family)
    words = Words(theory(), load_naming())
    for turn in changes(words, found).telling[:2]:
        assert f" if {turn.when}." in said
    made = advisor.explain(theory(), case, format="html")
    listed = made.partition('id="changes"')[2].partition('id="argument-drawn"')[0]
    assert len(re.findall("<li>if ", listed)) == sum(
        len(ending.ways) for ending in (*changes(words, found).single, *changes(words, found).double)
    )
    assert {link[1:] for link in Page(made).links} <= set(Page(made).ids)


def test_nothing_is_said_of_a_verdict_reached_otherwise() -> None:
    """Without the weights or schools of a verdict nobody could tell what would change it."""
    case = advice("arvenia-alone")
    schools = ["balance-of-threat"]
    heard = judge(theory(), case.inference, focus="Arvenia", toward="Borland", schools=schools)
    assert heard.verdicts[0] != case.verdicts[0]
    assert "What would change it" not in advisor.explain(theory(), heard)
    assert "What would change it" in advisor.explain(theory(), heard, schools=schools)


# ---------------------------------------------------------------- the page as it stands


@pytest.mark.parametrize("name", [*NAMES, "text"])
def test_every_link_leads_somewhere(name: str) -> None:
    made = Page(report() if name == "text" else page(name))
    assert len(made.ids) == len(set(made.ids))
    assert all(link.startswith("#") for link in made.links)
    assert {link[1:] for link in made.links} <= set(made.ids)
    assert made.links
    tags = {tag for tag, _ in made.tags}
    assert not tags & {"script", "link", "img", "iframe"}
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/)", report() if name == "text" else page(name))


@pytest.mark.parametrize("name", [RICH, SMALL, "text"])
def test_a_page_can_be_read_by_anybody(name: str) -> None:
    text = report() if name == "text" else page(name)
    made = Page(text)
    given = [attributes for _, attributes in made.tags]
    assert made.headings[0] == 1 and made.headings.count(1) == 1
    assert all(other - one <= 1 for one, other in itertools.pairwise(made.headings))
    for tag, attributes in made.tags:
        if tag == "svg":
            assert (
                attributes.get("aria-hidden") == "true" or "aria-label" in attributes or "aria-labelledby" in attributes
            )
        if attributes.get("class") == "scroll":
            assert attributes["tabindex"] == "0" and attributes["aria-label"]
        for reference in ("aria-labelledby", "aria-describedby"):
            assert set(attributes.get(reference, "").split()) <= set(made.ids)
    drawing = text.partition('class="graph"')[2].partition("</svg>")[0]
    assert "<title id=" in drawing and "<desc id=" in drawing
    assert len(re.findall(r"<(?:a|g) class", drawing)) == drawing.count("<title>") > 10
    boxes = re.findall(r'class="(?:fact|derived|argument|strategy)[^>]*><title>.*?<rect x="(\d+)" y="(\d+)"', drawing)
    places = [(int(x), int(y)) for x, y in boxes]
    assert len(places) == drawing.count("<title>")
    assert places == sorted(places)
    assert {attributes.get("scope") for attributes in given if "scope" in attributes} == {"row", "rowgroup"}
    assert "prefers-color-scheme: dark" in text and "@media print" in text and 'name="viewport"' in text
    assert ":focus-visible" in text


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as the guidelines for web content reckon it."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_every_colour_of_words_stands_out() -> None:
    style = (house.templates_folder() / "report.css").read_text(encoding="utf-8")
    schemes = [
        dict(re.findall(r"--(\w+): (#\w{6})", line))
        for line in style.splitlines()
        if "--paper" in line and "--link" in line
    ]
    schemes = [scheme for scheme in schemes if "ink" in scheme]
    assert len(schemes) == 2
    for scheme in schemes:
        for words in ("ink", "soft", "link", "for", "con", "out"):
            for ground in ("paper", "card"):
                assert contrast(scheme[words], scheme[ground]) >= 4.5, (words, ground)
        assert contrast(scheme["ink"], scheme["mark"]) >= 7
        assert contrast(scheme["soft"], scheme["mark"]) >= 3


def test_evidence_leads_to_its_fact_and_back() -> None:
    text = report()
    marked = re.findall(r'<a class="ev" href="#([\w-]+)"[^>]*>(.*?)</a>', text)
    assert ("Borland is a great power" in plain(words) for _, words in marked)
    for anchor, words in marked:
        entry = re.search(rf'<li id="{anchor}" value="(\d+)">(.*?)</li>', text, re.S)
        assert entry is not None
        assert plain(words).strip(" ,.") in plain(entry[2])
        assert f'href="#text-{entry[1]}"' in entry[2]
        assert f'id="text-{entry[1]}"' in text
    assert {plain(words) for _, words in marked} >= {"Arvenia is weak", "with a large tank army"}
    situation_ = plain(re.sub(r"<sup>.*?</sup>", "", text.partition('<div class="told">')[2].partition("</div>")[0]))
    assert situation_.replace("[", "").replace("]", "") == reading().text


def test_words_of_another_text_are_not_marked_in_this_one() -> None:
    made = reading()
    moved = replace(made, text="Something else. " + made.text)
    inference = infer(theory(), situation(theory().vocabulary, made.observations, [s.name for s in made.states]))
    text = explain(theory(), judge(theory(), inference), moved, format="html")
    told = text.partition('<div class="told">')[2].partition("</div>")[0]
    assert "Something else. " in plain(told)
    assert 'class="ev"' not in told
    made_page = Page(text)
    assert {link[1:] for link in made_page.links} <= set(made_page.ids)


def test_the_schools_stand_side_by_side() -> None:
    verdict = advice(RICH).verdicts[0]
    table = page(RICH).partition('<table class="schools">')[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?aria-label="([\d.]+) of 3', table, re.S)
    names = {school.id: school_in_prose(load_naming(), school.name) for school in theory().schools}
    assert sorted((row.lower(), float(support)) for row, support in rows) == sorted(
        (names[voice.school].lower(), float(f"{voice.support:.3g}")) for voice in verdict.voices
    )
    fills = re.findall(r'class="camp">.*?fill="url\(#(hatch-\d)\)"|class="camp">.*?class="ink"', table)
    assert len(set(fills)) == len(verdict.families)  # told apart without colour


# ---------------------------------------------------------------- the drawing


@pytest.mark.parametrize("name", [*NAMES, "crowded"])
def test_a_drawing_shows_the_whole_argument_and_nothing_on_another(name: str) -> None:
    case = crowded() if name == "crowded" else advice(name)
    if not case.verdicts or not case.verdicts[0].arguments:
        assert 'class="graph"' not in page(name)
        return
    verdict = case.verdicts[0]
    made = graph(theory(), case.inference, verdict)
    assert name != "crowded" or len(made.nodes) >= 80
    arguments = {node.propositions[0]: node for node in made.nodes if node.kind == "argument"}
    silenced = {defeat.proposition for defeat in verdict.defeats}
    assert set(arguments) >= {a.proposition for a in verdict.arguments} | silenced
    assert {id_ for id_, node in arguments.items() if node.struck} == silenced
    assert {node.strategy for node in made.nodes if node.struck and node.strategy} == {
        entry.strategy for entry in verdict.ruled_out
    }
    favours = {
        (made.nodes[e.source].propositions[0], e.kind == "support", e.strength)
        for e in made.edges
        if made.nodes[e.target].kind == "strategy" and e.kind in ("support", "against")
    }
    assert favours >= {
        (id_, favours_, max(a.strength for a in verdict.arguments if (a.proposition, a.favours) == (id_, favours_)))
        for id_, favours_ in {(a.proposition, a.favours) for a in verdict.arguments}
    }
    drawing = drawn(
        made,
        lambda node: ("some words about it " * 3, "a school"),
        dict.fromkeys(("fact", "derived", "argument", "strategy"), ""),
    )
    for column in {box.column for box in drawing.boxes}:
        same = sorted((box.y, box.y + box.height) for box in drawing.boxes if box.column == column)
        assert all(one[1] < other[0] for one, other in itertools.pairwise(same))
    kinds = {box.node.kind: {b.column for b in drawing.boxes if b.node.kind == box.node.kind} for box in drawing.boxes}
    order = [kinds[kind] for kind in ("fact", "derived", "argument", "strategy") if kind in kinds]
    assert all(max(one) < min(other) for one, other in itertools.pairwise(order))
    assert all(box.x >= 0 and box.x + WIDE <= drawing.width for box in drawing.boxes)
    assert all(box.y >= 0 and box.y + box.height <= drawing.height for box in drawing.boxes)
    assert drawing == drawn(
        made,
        lambda node: ("some words about it " * 3, "a school"),
        dict.fromkeys(("fact", "derived", "argument", "strategy"), ""),
    )


def test_support_and_attack_differ_without_colour() -> None:
    style = (house.templates_folder() / "report.css").read_text(encoding="utf-8")
    dashes = {
        kind: re.search(rf"\.e\.{kind} {{[^}}]*stroke-dasharray: ([\d ]+)", style)
        for kind in ("against", "defeat", "dispute")
    }
    assert len({match[1] for match in dashes.values() if match}) == 3
    assert not re.search(r"\.e \{[^}]*dasharray", style)
    heads = dict(
        re.findall(r'class="head (\w+)[^"]*" transform="[^"]*" d="([^"]*)"', page(RICH) + page("arvenia-alone"))
    )
    assert set(heads) == {"support", "against", "defeat", "dispute"}
    assert len(set(heads.values())) == 4
    struck = page("arvenia-alone").count(" struck ")
    first = advice("arvenia-alone").verdicts[0]
    assert struck == len(first.defeats) + len(first.ruled_out) > 3
    assert ".struck .word { text-decoration: line-through" in style


def test_words_in_a_box_are_broken() -> None:
    case = advice(RICH)
    made = graph(theory(), case.inference, case.verdicts[0])
    drawing = drawn(made, lambda node: ("w" * 200, ""), dict.fromkeys(("fact", "derived", "argument", "strategy"), ""))
    assert all("".join(box.words) == "w" * 200 and max(map(len, box.words)) < 30 for box in drawing.boxes)


# ---------------------------------------------------------------- notebooks and the command


def test_a_notebook_shows_the_report_and_its_anchors_are_its_own() -> None:
    one, other = (advisor.report(theory(), advice(name))._repr_html_() for name in (RICH, SMALL))
    assert one == advisor.report(theory(), advice(RICH))._repr_html_()
    ids = [Page(made).ids for made in (one, other)]
    assert not set(ids[0]) & set(ids[1])
    assert all({link[1:] for link in Page(made).links} <= set(Page(made).ids) for made in (one, other))
    assert "<html" not in one and "<body" not in one
    style = one.partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"^(?:html|body|:root|\*)", style, re.M)
    assert str(advisor.report(theory(), advice(SMALL))) == advisor.explain(theory(), advice(SMALL))
    assert one.count("Germany could come to dominate") > 1


def test_the_drawing_library_is_loaded_for_a_report_only() -> None:
    program = (
        "import sys, advisor\n"
        "theory = advisor.load_theory()\n"
        "from advisor.terms import Fact\n"
        "from advisor.situation import from_facts\n"
        "facts = [Fact('strength', ('A',), 'weak'), Fact('intent', ('B', 'A'), 'hostile'),"
        " Fact('strength', ('B',), 'great')]\n"
        "advice = advisor.judge(theory, advisor.infer(theory, from_facts(theory.vocabulary, facts)))\n"
        "advisor.explain(theory, advice)\n"
        "assert 'igraph' not in sys.modules\n"
        "advisor.explain(theory, advice, format='html')\n"
        "assert 'igraph' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_an_explanation_as_json_is_the_record() -> None:
    record = json.loads(advisor.explain(theory(), advice(RICH), format="json"))
    assert record == json.loads(json.dumps(as_json(theory(), advice(RICH))))


# ---------------------------------------------------------------- in a browser


needs_browser = pytest.mark.skipif(find() is None, reason="there is no Chromium here; ADVISOR_BROWSER may name one")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    made = {
        "rich": page(RICH),
        "text": report(),
        "silenced": page("arvenia-alone"),
        "five": page("britain-1914-15-light-effort"),
        "eighty": explain(theory(), crowded(), format="html"),
    }
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@needs_browser
def test_the_links_of_a_report_lead_where_they_say(chromium: Browser, files: dict[str, Path]) -> None:
    chromium.open(files["text"])
    chromium.view(1280, 900)
    for selector in ("nav a", "a.ev", ".told sup a", "a.prop", ".graph a", ".facts a"):
        count = chromium.value(f"document.querySelectorAll({json.dumps(selector)}).length")
        assert count, selector
        for number in range(min(count, 4)):
            wanted = chromium.value(f"document.querySelectorAll({json.dumps(selector)})[{number}].getAttribute('href')")
            chromium.value("location.hash = ''")
            chromium.click(selector, number)
            assert chromium.value("location.hash") == wanted, (selector, number)
            top = chromium.value("document.querySelector(':target').getBoundingClientRect().top")
            assert -1 <= top < 900, (selector, number)


@needs_browser
def test_a_report_can_be_walked_through_by_keyboard(chromium: Browser, files: dict[str, Path]) -> None:
    chromium.open(files["text"])
    chromium.view(1280, 900)
    chromium.press("Tab")
    assert chromium.value("document.activeElement.textContent") == "The situation"
    assert chromium.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    chromium.press("Enter")
    assert chromium.value("location.hash") == "#situation"
    chromium.value("document.querySelector('.graph a').focus()")
    before = chromium.value("document.activeElement.getAttribute('href')")
    chromium.press("Enter")
    assert chromium.value("location.hash") == before


@needs_browser
@pytest.mark.parametrize("name", ["rich", "text", "silenced", "five", "eighty"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_report_fits_the_window(chromium: Browser, files: dict[str, Path], name: str, width: int) -> None:
    chromium.open(files[name])
    chromium.view(width, 900)
    assert chromium.value("document.documentElement.scrollWidth") == width
    small = chromium.value(
        "[...document.querySelectorAll('.graph text')].filter(e => e.getBoundingClientRect().height < 9).length"
    )
    assert small == 0
    outside = chromium.value(
        "[...document.querySelectorAll('.graph a, .graph g')].filter(g => {"
        "const r = g.querySelector('rect').getBBox();"
        "return [...g.querySelectorAll('text')].some(t => { const b = t.getBBox();"
        "return b.x + b.width > r.x + r.width || b.y + b.height > r.y + r.height; }); }).map(g => g.textContent)"
    )
    assert outside == []


@needs_browser
def test_a_picture_of_a_report_shows_what_it_should(chromium: Browser, files: dict[str, Path]) -> None:
    chromium.open(files["silenced"])
    seen = {}
    for dark in (False, True):
        chromium.view(1280, 900, dark=dark)
        colours = chromium.picture(".graph", scale=0.4).colours()
        ground = max(colours, key=lambda colour: colours[colour])
        assert ground == ((23, 22, 20) if dark else (253, 252, 249))
        assert len(colours) > 20  # boxes, words and lines, not an empty page
        seen[dark] = 1 - colours[ground] / sum(colours.values())
        lead = chromium.value("getComputedStyle(document.querySelector('.graph .lead rect')).strokeWidth")
        assert lead == "2.5px"
    assert all(0.03 < part < 0.5 for part in seen.values())
    share = chromium.picture("svg.share")
    row = share.rows()[20]
    line = [row[place] > 128 for place in range(0, len(row), share.depth)]
    first = advice("arvenia-alone").verdicts[0].families[0][1]
    solid = next((n for n in range(3, len(line)) if line[n] != line[3]), len(line)) / len(line)
    assert abs(solid - first) < 0.02


@needs_browser
def test_a_report_prints(chromium: Browser, files: dict[str, Path]) -> None:
    chromium.open(files["silenced"])
    made = chromium.printed()
    sizes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made)}
    assert len(sizes) == 2  # the drawing has a page of its own size
    assert made.count(b"/Type /Page\n") > 3
    chromium.view(1280, 900)
