"""The book: every link leads somewhere, every page can be read by anybody, and two runs are the same to the byte."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest
from page import Page

from advisor.cli import main
from advisor.terms import Theory, Transcript
from advisor.transcript import load_all
from advisor.workshop.book import book
from advisor.workshop.cases import applications, worked
from advisor.workshop.picture import picture, quarrels
from advisor.workshop.prose import Run, passages, runs
from advisor.workshop.trace import Trace, load_trace

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"


@pytest.fixture(scope="module")
def cases(theory: Theory) -> tuple[Transcript, ...]:
    return load_all(theory.vocabulary, ROOT / "transcripts")[0]


@pytest.fixture(scope="module")
def trace(theory: Theory) -> Trace:
    found, _ = load_trace(RULES, theory)
    assert found
    return found


@pytest.fixture(scope="module")
def made(theory: Theory, cases: tuple[Transcript, ...], trace: Trace) -> dict[str, str]:
    return book(theory, RULES, cases, trace)


@pytest.fixture(scope="module")
def read(made: dict[str, str]) -> dict[str, Page]:
    return {path: Page(text) for path, text in made.items() if path.endswith(".html")}


# ---------------------------------------------------------------- what is in it


def test_everything_has_its_page(theory: Theory, cases: tuple[Transcript, ...], read: dict[str, Page]) -> None:
    wanted = {f"propositions/{each.id}.html" for each in theory.propositions}
    wanted |= {f"schools/{each.id}.html" for each in theory.schools} | {f"cases/{each.id}.html" for each in cases}
    single = {"index", "glossary", "strategies", "cases", "map", "seed", "register"}
    assert set(read) == wanted | {f"{name}.html" for name in single}


def test_every_link_leads_somewhere(read: dict[str, Page], made: dict[str, str]) -> None:
    wrong = []
    for path, page in read.items():
        for link in page.links:
            assert not re.match(r"\w+:|/", link), f"{path}: {link} does not stay in the book"
            to, _, place = unquote(link).partition("#")
            target = path
            if to:
                parts: list[str] = []
                for part in (PurePosixPath(path).parent / to).parts:
                    parts = parts[:-1] if part == ".." else [*parts, part]
                target = "/".join(parts)
            if target not in made or (place and place not in read[target].ids):
                wrong.append(f"{path}: {link}")
    assert not wrong


def test_every_page_can_be_reached_from_the_first(read: dict[str, Page]) -> None:
    seen, ways = {"index.html"}, ["index.html"]
    while ways:
        path = ways.pop()
        for link in read[path].links:
            to = link.partition("#")[0]
            target = str(PurePosixPath(*_resolved(path, to))) if to else path
            if target in read and target not in seen:
                seen.add(target)
                ways.append(target)
    assert seen == set(read)


def _resolved(path: str, to: str) -> list[str]:
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / to).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return parts


def test_a_page_of_a_proposition_tells_all_of_it(theory: Theory, made: dict[str, str], trace: Trace) -> None:
    for each in theory.propositions:
        text = made[f"propositions/{each.id}.html"]
        words = " ".join("".join(Page(text).words).split())
        assert each.title in words
        for paragraph in each.gloss.split("\n\n"):
            assert re.sub(r"[*`]", "", paragraph) in words, each.id
        assert re.sub(r"[*`]", "", each.source) in words
        assert each.fires and each.silent and each.fires.text in words and each.silent.text in words
        assert (each.checked or ("from the seed" if each.source.startswith("seed") else "of this project")) in words
        for condition in (c for p in each.conditions for c in (getattr(p, "of", None) or (p,))):
            assert f">{condition.text}</a>" in text, each.id
        for other in (*each.defeats, *each.disputes):
            assert f'href="../propositions/{other}.html"' in text
        for statement in trace.statements:
            assert (f"seed.html#{statement.id}" in text) == (each.id in statement.propositions)


def test_what_is_not_verified_is_seen_to_be_so(theory: Theory, made: dict[str, str]) -> None:
    doubtful = [each for each in theory.propositions if each.checked == "not verified"]
    assert len(doubtful) == 13
    for each in doubtful:
        assert '<span class="badge not-verified">not verified</span>' in made[f"propositions/{each.id}.html"]


def test_a_page_of_a_case_tells_what_it_says_and_what_follows(
    cases: tuple[Transcript, ...], made: dict[str, str]
) -> None:
    for case in cases:
        words = " ".join("".join(Page(made[f"cases/{case.id}.html"]).words).split())
        assert " ".join(case.text.split()[:12]).replace("*", "") in words
        for expected in case.expect:
            assert expected.strategy.replace("-", " ") in words
            assert ("missed" in words) or not expected.missed
        if case.facts:
            assert "What the schools make of it" in words
    told = made["cases/ussr-1939.html"]
    assert '<a class="prop" href="../propositions/threatened-states-prefer-buck-passing.html">' in told
    assert "Most schools expect Arvenia to side with Borland" in made["cases/arvenia-alone.html"]


# ---------------------------------------------------------------- who can read it


def test_no_page_needs_a_script_or_anything_from_elsewhere(made: dict[str, str]) -> None:
    for path, text in made.items():
        assert not re.search(r"<script|javascript:|\son\w+=|@import|url\(", text), path


def test_pages_are_accessible(read: dict[str, Page]) -> None:
    titles = set()
    for path, page in read.items():
        assert page.headings[0] == 1 and page.headings.count(1) == 1, path
        assert all(after <= before + 1 for before, after in itertools.pairwise(page.headings)), path
        assert page.count("main") == page.count("header") == page.count("footer") == 1, path
        assert len(set(page.ids)) == len(page.ids), path
        labels = [given.get("aria-label", "") for tag, given in page.tags if tag == "nav"]
        assert all(labels) and len(set(labels)) == len(labels), path
        assert ("html", {"lang": "en"}) in page.tags
        assert next(given for tag, given in page.tags if tag == "a") == {"class": "skip", "href": "#content"}
        for tag, given in page.tags:
            assert "style" not in given, path
            for name in ("aria-labelledby",):
                assert all(each in page.ids for each in given.get(name, "").split()), path
            assert tag != "th" or given.get("scope") in ("row", "col"), path
            assert tag != "img" or given.get("alt"), path
        titles.add("".join(page.words).split(" · ")[0].strip())
    assert len(titles) == len(read)


def test_the_picture_has_words_beside_it(theory: Theory, read: dict[str, Page], made: dict[str, str]) -> None:
    text = made["map.html"]
    defeats, disputes = quarrels(theory)
    assert text.count('class="arc"') == len(defeats) + len(disputes)
    words = text[text.index('id="defeats"') :]
    for one, other in (*defeats, *disputes):
        assert f"propositions/{one}.html" in words and f"propositions/{other}.html" in words
    drawn = picture(theory, {})
    assert {point.id for point in drawn.points} == {id_ for pair in (*defeats, *disputes) for id_ in pair}
    assert all(0 < point.y < drawn.height for point in drawn.points)
    places = sorted(point.y for point in drawn.points)
    assert all(below - above >= 20 for above, below in itertools.pairwise(places))
    numbers = [int(each) for arc in drawn.arcs for each in re.findall(r"-?\d+", arc.path)]
    assert min(numbers) > -60, "an arc leaves the picture"


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as the guidelines for accessible pages define it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_colours_stand_out_in_light_and_dark() -> None:
    style = (ROOT / "templates" / "book" / "style.css").read_text(encoding="utf-8")
    schemes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    light, dark = schemes[:2]
    assert set(light) == set(dark)
    for scheme in (light, dark):
        for ground in ("paper", "panel", "mark"):
            for words in ("ink", "soft", "link", "good", "bad", "half"):
                assert contrast(scheme[words], scheme[ground]) >= 4.5, (words, ground, scheme)
    assert "prefers-color-scheme: dark" in style and "@media print" in style and ":focus-visible" in style


# ---------------------------------------------------------------- how it is made


def test_two_runs_are_the_same_to_the_byte(tmp_path: Path) -> None:
    for number, seed in enumerate(("1", "77")):
        subprocess.run(
            [sys.executable, "-m", "advisor", "book", str(tmp_path / str(number))],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )
    one, other = (
        {path.relative_to(tmp_path / number): path.read_bytes() for path in sorted((tmp_path / number).rglob("*.*"))}
        for number in ("0", "1")
    )
    assert one == other
    assert len(one) > 230


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The rules of somebody with one proposition, no cases and no seed."""
    rules = tmp_path / "own" / "rules"
    (rules / "schools").mkdir(parents=True)
    for name in ("vocabulary.md", "strategies.md", "outcomes.md"):
        (rules / name).write_bytes((RULES / name).read_bytes())
    text = (
        "# Mine & <yours> {#mine}\n\nWords.\n\nWeight: 1.0.\n\n### A “claim” <b>bold</b> {#p}\n\nBecause 1 < 2.\n\n"
        "Source: *me*, 2024. Not verified.\n\n```rule\n"
        "the state is more likely to keep its head down and stay neutral\n"
        "  if the state is weak\n```\n\n> **Fires.** A.\n> *Facts: Arvenia is weak.*\n\n> **Silent.** B.\n"
        "> *Facts: Arvenia is a great power.*\n"
    )
    (rules / "schools" / "mine.md").write_text(text, encoding="utf-8")
    return rules


def test_a_book_is_written_over_a_book_and_over_nothing_else(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "book"
    assert main(["book", str(out), "--rules", str(own)]) == 0
    assert main(["book", str(out), "--rules", str(own)]) == 0
    assert "begin with" in capsys.readouterr().err
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("Dear reader", encoding="utf-8")
    assert main(["book", str(other), "--rules", str(own)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["book", str(other / "letter.txt"), "--rules", str(own)]) == 2
    assert [path.name for path in other.iterdir()] == ["letter.txt"]


def test_a_theory_of_ones_own_makes_a_book_without_cases_or_seed(own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["book", str(out), "--rules", str(own)]) == 0
    page = (out / "propositions" / "p.html").read_text(encoding="utf-8")
    assert "<b>" not in page and "A “claim” &lt;b&gt;bold&lt;/b&gt;" in page and "Because 1 &lt; 2." in page
    assert not (out / "seed.html").exists() and "seed.html" not in page
    for path in out.rglob("*.html"):
        Page(path.read_text(encoding="utf-8"))


def test_a_template_of_ones_own_takes_the_place_of_ours(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = tmp_path / "templates"
    (templates / "book").mkdir(parents=True)
    (templates / "book" / "style.css").write_text("body { color: green }\n", encoding="utf-8")
    arguments = ["book", str(tmp_path / "out"), "--rules", str(own), "--templates"]
    assert main([*arguments, str(templates)]) == 0
    assert (tmp_path / "out" / "style.css").read_text(encoding="utf-8").strip() == "body { color: green }"
    broken = tmp_path / "broken"
    (broken / "book").mkdir(parents=True)
    (broken / "book" / "index.html").write_text("{{ nothing }}", encoding="utf-8")
    assert main([*arguments, str(broken)]) == 2
    assert "index.html:1" in capsys.readouterr().err


# ---------------------------------------------------------------- its parts


def test_prose_is_cut_into_runs() -> None:
    assert runs("See *Lead* [1] and `p-one`, **not** [here](https://x.org).", {"p-one": "propositions/p-one.html"}) == (
        Run("See "),
        Run("Lead", "em"),
        Run(" [1] and "),
        Run("p-one", "code", "propositions/p-one.html"),
        Run(", "),
        Run("not", "strong"),
        Run(" "),
        Run("here", "plain", "https://x.org"),
        Run("."),
    )
    assert runs("[here](javascript:alert)")[0].href == ""
    assert [each.item for each in passages("One\ntwo.\n\n- three\n- four")] == [False, True, True]


def test_the_record_says_who_was_right(theory: Theory, cases: tuple[Transcript, ...]) -> None:
    found = applications(theory, worked(theory, cases))
    record = {each.case: (each.hits, each.misses) for each in found["threatened-states-prefer-buck-passing"]}
    assert record["ussr-1939"] == (("buck-pass",), ())
    strong = {each.case: (each.hits, each.misses) for each in found["strong-states-balance"]}
    assert strong["assyria-700-bce"] == ((), ("balance",))
    assert strong["superpowers-1955"] == (("balance",), ())
    ambition = {each.case: (each.hits, each.misses) for each in found["rigid-borders-favour-hegemony"]}
    assert all("hegemony" in hits or "hegemony" in misses or not (hits or misses) for hits, misses in ambition.values())
    assert set(found) == {each.id for each in theory.propositions}
