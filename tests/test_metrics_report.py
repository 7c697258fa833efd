"""What the command says of a run, and the report: its structure always, its working in a browser where there is one."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, browser, find
from page import Page

import advisor
from advisor import cli, house
from advisor.evaluation import judged, tally, yardstick
from advisor.evaluation.frames import COLUMNS, rows
from advisor.evaluation.judging import Yardstick
from advisor.evaluation.report import A_PAGE, TOGETHER, write_report
from advisor.evaluation.summary import summarise
from advisor.terms import Theory

ROOT = Path(__file__).resolve().parent.parent
Record = dict[str, Any]

CASES = [
    {
        "id": f"case {n} <b>&",
        "title": f"Arvenia & Borland, the {n}th",
        "text": text,
        "expect": [{"state": "Arvenia", "toward": "Borland", "strategy": strategy, "acceptable": []}],
        "expect_nothing": False,
    }
    for n, (text, strategy) in enumerate(
        [
            ("Arvenia is weak and has no allies. Borland, a great power on its border, threatens it.", "hide"),
            (
                "Arvenia is a great power. Arvenia and Cadria are allied.\n\nBorland, a great power on its border, "
                "threatens Arvenia. The sky was <i>grey</i>.",
                "balance-external",
            ),
            ("Arvenia is said to be weak. Nothing else is known of Borland.", "balance-external"),
        ]
    )
] + [{"id": "structured", "facts": [{"variable": "strength", "args": ["Arvenia"], "value": "weak"}]}]


@pytest.fixture(scope="module")
def rod(theory: Theory) -> Yardstick:
    return yardstick(theory, house.rules_folder())


@pytest.fixture(scope="module")
def records(theory: Theory) -> list[Record]:
    made = list(advisor.evaluate(CASES, theory))
    assert not [each for each in made if each["error"]]
    return [*made, {**made[0], "id": "bad", "error": {"kind": "text", "message": "it is <empty>"}, "verdicts": []}]


def reported(rod: Yardstick, records: list[Record], path: Path) -> tuple[Path, ...]:
    summary = summarise(rod.theory, tally(judged(rod, each) for each in records), resamples=50)
    return write_report(path, rod, lambda: records, summary, title="Three <cases> & more")


def many(records: list[Record], count: int) -> list[Record]:
    return [{**records[n % len(records)], "id": f"case-{n}", "title": f"The {n}th case"} for n in range(count)]


@pytest.fixture(scope="module")
def small(rod: Yardstick, records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reported(rod, records, tmp_path_factory.mktemp("small") / "report.html")[0]


@pytest.fixture(scope="module")
def large(rod: Yardstick, records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return reported(rod, many(records, TOGETHER + 50), tmp_path_factory.mktemp("large") / "report.html")


# ---------------------------------------------------------------- structure


def page_of(path: Path) -> Page:
    page = Page(path.read_text(encoding="utf-8"))
    scripted = [name for _, given in page.tags for name in (*given,) if name.startswith("on")]
    assert not scripted, "a script in an attribute"
    return page


def words(page: Page) -> str:
    return "".join(page.words)


def test_the_page_holds_every_case_with_its_text_its_evidence_and_the_reasons(small: Path) -> None:
    page = page_of(small)
    assert page.classed("case") == len(CASES) + 1 == len([each for each in page.ids if each.startswith("case-")])
    assert "Three <cases> & more" in words(page) and "The sky was <i>grey</i>." in words(page)
    assert "Arvenia & Borland, the 1th" in words(page) and "it is <empty>" in words(page)
    assert "States balance against threats" in words(page)
    marks = re.findall(r'<mark title="([^"]+)">([^<]+)</mark>', small.read_text(encoding="utf-8"))
    assert ("Arvenia is a great power", "Arvenia is a great power") in marks
    assert [title for title, text in marks if text.startswith("Arvenia is said")] == ["reported: Arvenia is weak"]
    assert page.classed("g-failed") == 1
    assert "How each figure is defined" in words(page) and "nan" not in re.findall(r"\w+", words(page).lower())


def test_every_link_leads_somewhere_and_nothing_is_fetched(small: Path, large: tuple[Path, ...]) -> None:
    pages = {path: page_of(path) for path in (small, *large)}
    followed = 0
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), "two places of one name"
        assert "http" not in " ".join(page.links) and "@import" not in path.read_text(encoding="utf-8")
        assert not re.search(r"url\(", path.read_text(encoding="utf-8"))
        for link in page.links:
            to, _, place = link.partition("#")
            target = (path.parent / to).resolve() if to else path
            assert target in pages, f"{path}: {link}"
            assert not place or place in pages[target].ids, f"{path}: {link}"
            followed += 1
    assert followed > TOGETHER


def test_many_cases_stand_in_pages_beside(large: tuple[Path, ...]) -> None:
    report, *pages = large
    assert [path.name for path in pages] == ["cases-0001.html", "cases-0002.html", "cases-0003.html"]
    assert [page_of(path).classed("case") for path in pages] == [A_PAGE, A_PAGE, 50]
    index = page_of(report)
    assert index.classed("case") == TOGETHER + 50
    links = [link for link in index.links if link.startswith("report-cases/")]
    assert links[0] == "report-cases/cases-0001.html#case-1"
    assert links[-1] == f"report-cases/cases-0003.html#case-{TOGETHER + 50}"


def test_of_very_many_cases_only_the_pages_are_listed(
    rod: Yardstick, records: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.evaluation.report.LISTED", TOGETHER)
    path, *pages = reported(rod, many(records, TOGETHER + 1), tmp_path / "report.html")
    index = page_of(path)
    assert index.classed("case") == 0 and len(pages) == 3
    assert [link for link in index.links if "cases/" in link] == [f"report-cases/{each.name}" for each in pages]
    assert "201 to 201" in words(index)


def test_a_shorter_report_leaves_no_page_of_a_longer_one(rod: Yardstick, records: list[Record], tmp_path: Path) -> None:
    reported(rod, many(records, TOGETHER + 150), tmp_path / "report.html")
    (tmp_path / "report-cases" / "mine.txt").write_text("kept", encoding="utf-8")
    reported(rod, many(records, TOGETHER + 1), tmp_path / "report.html")
    names = sorted(path.name for path in (tmp_path / "report-cases").iterdir())
    assert names == ["cases-0001.html", "cases-0002.html", "cases-0003.html", "mine.txt"]
    reported(rod, records, tmp_path / "report.html")
    assert [path.name for path in (tmp_path / "report-cases").iterdir()] == ["mine.txt"]


# ---------------------------------------------------------------- in a browser

needs_browser = pytest.mark.skipif(find() is None, reason="there is no Chromium here; ADVISOR_BROWSER may name one")
SHOWN = (
    "[...document.querySelectorAll('#cases .case')].filter(e => e.checkVisibility()).map(e => e.className).join('|')"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


@needs_browser
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_cases_are_filtered_with_and_without_script(chromium: Browser, small: Path, script: bool) -> None:
    chromium.ask("Emulation.setScriptExecutionDisabled", value=not script)
    try:
        chromium.open(small)
        chromium.view(1280, 900)
        assert chromium.value(SHOWN).count("case") == len(CASES) + 1
        chromium.click("label:has(#g-failed)")
        assert chromium.value(SHOWN) == "case g-failed l-no-verdict"
        chromium.click("label:has(#l-agreed)")
        assert chromium.value(SHOWN) == ""
        chromium.click("label:has(#g-all)")
        assert set(chromium.value(SHOWN).split("|")) and all("l-agreed" in e for e in chromium.value(SHOWN).split("|"))
        assert chromium.value("document.querySelector('input[type=search]') !== null") == script
    finally:
        chromium.ask("Emulation.setScriptExecutionDisabled", value=False)


@needs_browser
def test_a_case_is_one_click_away(chromium: Browser, small: Path, large: tuple[Path, ...]) -> None:
    chromium.open(small)
    chromium.view(1280, 900)
    chromium.click(".case > summary", 1)
    assert chromium.value("document.querySelector('.case[open] .text').innerText").startswith(
        "Arvenia is a great power"
    )
    chromium.open(large[0])
    chromium.click("#cases .case a", 131)
    chromium.value("new Promise(r => document.readyState === 'complete' ? r() : addEventListener('load', r))")
    assert chromium.value("location.href").endswith("report-cases/cases-0002.html#case-132")
    assert chromium.value("document.getElementById('case-132').checkVisibility()")
    assert chromium.value("document.querySelector('.case[open] summary').innerText").find("The 131th case") > 0


@needs_browser
def test_cases_are_found_by_their_words(chromium: Browser, large: tuple[Path, ...]) -> None:
    chromium.open(large[0])
    chromium.value(
        "(() => { const b = document.querySelector('input[type=search]'); b.value = 'the 13th';"
        "b.dispatchEvent(new Event('input')); return new Promise(r => setTimeout(r, 400)); })()"
    )
    assert chromium.value("document.querySelectorAll('#cases .case:not(.hidden)').length") == 3, "13th, 113th, 213th"
    assert chromium.value("document.querySelector('.find [role=status]').innerText.trim()") == "3 of 250"


@needs_browser
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_nothing_runs_out_of_the_page(
    chromium: Browser, small: Path, large: tuple[Path, ...], width: int, dark: bool
) -> None:
    for path in (small, large[0], large[1]):
        chromium.view(width, 900, dark=dark)
        chromium.open(path)
        chromium.value("document.querySelectorAll('details').forEach(e => { e.open = true; })")
        assert chromium.value("document.documentElement.scrollWidth <= innerWidth"), path
        ink, paper = chromium.value("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
        assert (sum(map(int, re.findall(r"\d+", ink)[:3])) > sum(map(int, re.findall(r"\d+", paper)[:3]))) == dark


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Structured cases, so that nothing is read."""
    path = tmp_path_factory.mktemp("corpus") / "cases.jsonl"
    facts = [
        {"variable": "strength", "args": ["Arvenia"], "value": "weak"},
        {"variable": "strength", "args": ["Borland"], "value": "great"},
        {"variable": "distance", "args": ["Arvenia", "Borland"], "value": "border"},
        {"variable": "intent", "args": ["Borland", "Arvenia"], "value": "hostile"},
        {"variable": "help", "args": ["Arvenia"], "value": "none"},
    ]
    expect = [{"state": "Arvenia", "toward": "Borland", "strategy": "bandwagon-defensive"}]
    lines = [{"id": str(n), "facts": facts[: n + 1], "expect": expect} for n in range(5)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return cli.main(["evaluate", "--jobs", "1", *map(str, arguments)])


def test_the_command_ends_with_the_summary(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    for ending, has in (
        ("html", "<h1>"),
        ("md", "## Strategies"),
        ("txt", "Strategies"),
        ("json", '"advisor.summary/1"'),
    ):
        (out / "records.jsonl").unlink(missing_ok=True)
        assert run(corpus, "--output", out, "--report", tmp_path / f"report.{ending}") == 0
        assert capsys.readouterr().out.startswith("5 cases, 0 words; none failed.\n\nStrategies")
        assert has in (tmp_path / f"report.{ending}").read_text(encoding="utf-8")
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["strategies"]["scores"]["strict"]["of"] == 5
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == summary


def test_two_runs_are_compared_by_the_command(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("scipy.stats", reason="scipy comes with advisor[evaluation]")
    fewer = tmp_path / "fewer.jsonl"
    first, *rest = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    fewer.write_text("\n".join(json.dumps(each) for each in [{**rest[3], "id": "0"}, *rest]), encoding="utf-8")
    assert first["id"] == "0"
    assert run(corpus, "--output", tmp_path / "run") == 0
    capsys.readouterr()
    assert run(fewer, "--compare", tmp_path / "run", "--report", tmp_path / "report.json") == 0
    said = capsys.readouterr().out
    assert "McNemar's exact test: p = 1; difference +20.0 points" in said and "5 cases" in said
    compared = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["comparison"]
    assert (compared["right_after"], compared["right_before"]) == (1, 0)
    assert {each["case"] for each in compared["changed"]} == {"0"}
    for ending in ("html", "md"):
        assert run(fewer, "--compare", tmp_path / "run", "--report", tmp_path / f"report.{ending}") == 0
        text = (tmp_path / f"report.{ending}").read_text(encoding="utf-8")
        assert "McNemar&#39;s exact test: p = 1" in text or "McNemar's exact test: p = 1" in text
        assert "wrong → right" in text or "not answered → right" in text
    page_of(tmp_path / "report.html")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--report", "report.pdf"), "--report report.pdf: a report is one of .html, .md, .txt, .json"),
        (("--report", "no/where/report.html"), "name a file in a folder that is there"),
        (("--compare", "nothing"), "--compare nothing: there are no records; name the folder of a run"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_work(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(corpus, *arguments) == 2
    caught = capsys.readouterr()
    assert said in caught.err and caught.err.count("\n") == 1 and not caught.out
    assert not list(tmp_path.iterdir())


def test_without_scipy_a_comparison_asks_for_it(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert run(corpus, "--compare", tmp_path) == 2
    assert "pip install -e '.[evaluation]'" in capsys.readouterr().err
    assert run(corpus) == 0, "all else needs no more than the program itself"


# ---------------------------------------------------------------- frames


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_records_are_a_frame_in_one_line(rod: Yardstick, records: list[Record], library: str) -> None:
    frames = pytest.importorskip(library)
    frame = frames.DataFrame(rows(rod, records))
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == sum(max(1, len(each["verdicts"])) for each in records)
    assert list(frame["id"])[-1] == "bad" and list(frame["error"])[-1] == "text"
    asked = [each for each in rows(rod, records) if each["grade"]]
    assert [each["expected"] for each in asked] == [each["expect"][0]["strategy"] for each in CASES[:3]]  # type: ignore[index]
