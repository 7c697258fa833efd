"""The transcripts: each loads and renders back, and what it expects comes out, from its facts and from its text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

import advisor
from advisor import cli, house
from advisor.diagnostics import CODES, render_all
from advisor.evaluation import (
    Counts,
    case_of,
    f1,
    load_consequences,
    name_matcher,
    precision,
    recall,
    score_outcome,
    score_reading,
    score_verdict,
    total,
)
from advisor.situation import situation
from advisor.terms import (
    SYSTEM,
    Advice,
    Expectation,
    Fact,
    Inference,
    Observation,
    OutcomeExpectation,
    Situation,
    Theory,
    Transcript,
    Vocabulary,
)
from advisor.transcript import load, render, situation_only, situation_place
from advisor.verdict import judge
from advisor.vocabulary import canonical, value_ids, variables

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "transcripts").glob("*.md"))
BAD = sorted((ROOT / "tests" / "transcripts" / "bad").glob("*.md"))
CATALOGUE = ROOT.parent / "shared" / "theory" / "cases.yaml"
MET = ("strict", "lenient")

PRECISION, RECALL, STRATEGIES, OUTCOMES = 0.81, 0.64, 0.54, 0.45
"""What is reached from the texts, rounded down: of the facts, and of what is expected."""

Naming = Callable[[str], str]


@pytest.fixture(scope="module")
def cases(theory: Theory) -> tuple[Transcript, ...]:
    return tuple(load(theory.vocabulary, path)[0] for path in FILES)


def advice(
    theory: Theory, inference: Inference, case: Transcript, expected: Expectation | None, name: Naming = str
) -> Advice:
    """What is judged as an expectation looks at the case; what comes of it all as the first one does."""
    expected = expected or next(iter(case.expect), None)
    if expected is None:
        return judge(theory, inference)
    toward = name(expected.toward) if expected.toward else None
    return judge(theory, inference, focus=name(expected.state), toward=toward)


# ---------------------------------------------------------------- our own cases


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_transcript_loads_without_complaint_and_renders_back(path: Path, theory: Theory) -> None:
    case, complaints = load(theory.vocabulary, path)
    assert render_all(complaints) == ""
    assert case.id == path.stem and case.title and case.text and case.source and case.coding
    assert len(case.text.split()) <= 150
    assert load(theory.vocabulary, render(theory.vocabulary, case), case.id) == (case, ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_facts_bear_out_what_is_expected(path: Path, theory: Theory) -> None:
    case, _ = load(theory.vocabulary, path)
    known = situation(theory.vocabulary, case.facts)
    assert not known.conflicts
    inference = advisor.infer(theory, known)
    for expected in case.expect:
        found = advice(theory, inference, case, expected)
        grade = score_verdict(theory.vocabulary, found.verdicts, expected)
        assert (grade in MET) != bool(expected.missed), f"{expected}: {grade}"
    prospects = advice(theory, inference, case, None).prospects
    for outcome in case.expect_outcomes:
        grade = score_outcome(prospects, outcome)
        assert (grade in MET) != bool(outcome.missed), f"{outcome}: {grade}"
    if case.nothing:
        assert not [each for each in judge(theory, inference).verdicts if each.decision == "predicted"]


def test_what_the_theory_is_known_to_miss(cases: tuple[Transcript, ...]) -> None:
    """A mended theory meets one of these, and the test above says so."""
    missed = {case.id for case in cases for each in case.expect if each.missed}
    assert missed == {"assyria-700-bce", "rome-200-bce", "qin-230-bce", "ussr-1939"}
    assert [case.id for case in cases if case.nothing] == ["balance-of-the-constitution"]


def test_an_age_of_upheaval_calls_for_caution(theory: Theory, cases: tuple[Transcript, ...]) -> None:
    case = next(each for each in cases if each.id == "national-upheavals-1848")
    found = judge(theory, advisor.infer(theory, situation(theory.vocabulary, case.facts)), focus="Austria")
    assert not case.expect and not case.expect_outcomes
    assert "balance-obscured" in found.cautions


CALLED = {"America": "United States", "Seleucids": "Seleucid Empire", "Neighbour": "Bohemia"}


def test_the_catalogue_is_covered(theory: Theory, cases: tuple[Transcript, ...]) -> None:
    """Every case of the reference has a transcript with its facts, its strategies and its outcomes."""
    yaml = pytest.importorskip("yaml")
    if not CATALOGUE.exists():
        pytest.skip("the reference catalogue is not beside the repository")
    ours = {case.id: case for case in cases}

    def called(name: str) -> str:
        return CALLED.get(name.strip(), name.strip())

    for theirs in yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["cases"]:
        case = ours[theirs["id"]]
        coded = {canonical(theory.vocabulary, each.fact) for each in case.facts}
        for written in theirs["facts"]:
            variable, args, value = re.fullmatch(r"(\w+)\((.+)\)=([\w-]+)", written).groups()  # type: ignore[union-attr]
            fact = Fact(variable, tuple(called(arg) for arg in args.split(",")), value)
            assert canonical(theory.vocabulary, fact) in coded, (case.id, fact)
        expected = theirs["expect"]
        answers = [(each.strategy, *each.acceptable) for each in case.expect if each.state == called(theirs["focus"])]
        for topic in {"response", "posture", "ally"} & set(expected):
            assert any(set(answer) <= set(expected[topic]) for answer in answers), (case.id, topic)
        outcomes = {f"{each.outcome}({each.args[0]})": each.value or "disputed" for each in case.expect_outcomes}
        assert outcomes == expected.get("outcomes", {}), case.id


# ---------------------------------------------------------------- read from the text


def grades_of(theory: Theory, case: Transcript, known: Situation, name: Naming) -> tuple[list[str], list[str]]:
    """How the strategies and the outcomes come out that are expected and not known to be missed."""
    inference = advisor.infer(theory, known)

    def seen(expected: Expectation | None) -> Advice:
        return advice(theory, inference, case, expected, name)

    strategies = [
        score_verdict(theory.vocabulary, seen(each).verdicts, each, name=name)
        for each in case.expect
        if not each.missed
    ]
    outcomes = [
        score_outcome(seen(None).prospects, each, name=name) for each in case.expect_outcomes if not each.missed
    ]
    return strategies, outcomes


def test_what_is_read_from_the_texts(theory: Theory, cases: tuple[Transcript, ...]) -> None:
    lines, _ = load_consequences(theory.vocabulary, house.rules_folder())
    name = name_matcher(house.rules_folder())
    found: list[Counts] = []
    met: dict[str, list[bool]] = {}
    for case in cases:
        reading = advisor.read(case.text, theory)
        score = score_reading(theory.vocabulary, lines, reading.observations, case.facts, case.tolerated, name=name)
        found.append(score.plain.counts)
        told = [replace(o, fact=o.fact._replace(args=tuple(map(name, o.fact.args)))) for o in reading.observations]
        known = situation(theory.vocabulary, told, [name(state.name) for state in reading.states])
        if case.nothing:
            verdicts = judge(theory, advisor.infer(theory, known)).verdicts
            assert not [each for each in verdicts if each.decision == "predicted"]
        for source, there, naming in (("facts", situation(theory.vocabulary, case.facts), str), ("text", known, name)):
            for kind, grades in zip(("strategies", "outcomes"), grades_of(theory, case, there, naming), strict=True):
                met.setdefault(f"{kind} from the {source}", []).extend(grade in MET for grade in grades)
    counts = total(found)
    print(f"{len(cases)} transcripts")  # noqa: T201
    print(f"facts read: P {precision(counts):.3f} R {recall(counts):.3f} F1 {f1(counts):.3f}")  # noqa: T201
    for what, right in met.items():
        print(f"{what}: {sum(right)} of {len(right)} met, {sum(right) / len(right):.3f}")  # noqa: T201
    assert (precision(counts) or 0) >= PRECISION
    assert (recall(counts) or 0) >= RECALL
    assert sum(met["strategies from the text"]) / len(met["strategies from the text"]) >= STRATEGIES
    assert sum(met["outcomes from the text"]) / len(met["outcomes from the text"]) >= OUTCOMES


# ---------------------------------------------------------------- the situation alone

DOCUMENT = "# A title\n\nBorland threatens Arvenia.\n\n## Facts\n\n- Borland threatens Arvenia.\n"


def test_only_the_situation_is_read_and_its_places_are_those_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    assert cli.main(["read", "--format", "json", str(path)]) == 0
    (seen,) = json.loads(capsys.readouterr().out)["observations"]
    (evidence,) = seen["evidence"]
    assert evidence["quote"] == "Borland threatens Arvenia"
    assert DOCUMENT[evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.mark.parametrize(
    ("document", "situation_told"),
    [
        (DOCUMENT, "Borland threatens Arvenia."),
        (DOCUMENT.replace("\n", "\r\n"), "Borland threatens Arvenia."),
        ("# T\n\nOne.\n\n### Aside\n\nTwo.\n\n## Coding\n\nThree.", "One.\n\n### Aside\n\nTwo."),
        ("# T\n\n```\n## Facts\n```\n\n## Facts\n", "```\n## Facts\n```"),
        ("# T\n\n## Facts\n\n- Arvenia is weak.\n", ""),
        ("# Arvenia is weak", "# Arvenia is weak"),
        ("Arvenia is weak.\n\n# T\n", "Arvenia is weak.\n\n# T\n"),
        ("#1 is Arvenia", "#1 is Arvenia"),
        ("", ""),
    ],
)
def test_where_the_situation_is_told(document: str, situation_told: str) -> None:
    told = situation_only(document)
    assert told.strip() == situation_told.strip()
    start = len(told) - len(told.lstrip())
    assert told.strip() == document[start : start + len(told.strip())]
    place = situation_place(document)
    assert place is None or document[slice(*place)] in (situation_told, "")


def test_a_transcript_without_a_text_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.md"
    path.write_text("# T\n\n## Facts\n\n- Arvenia is weak.\n", encoding="utf-8")
    assert cli.main(["read", str(path)]) == 2
    assert "tells no situation in words" in capsys.readouterr().err


def test_transcripts_need_no_english_model() -> None:
    code = (
        "import sys; from pathlib import Path; import advisor; from advisor.transcript import load, render\n"
        "v = advisor.load_theory().vocabulary\n"
        f"render(v, load(v, Path({str(FILES[0])!r}))[0]); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"spacy", "experta"} & set(done.stdout.split())


# ---------------------------------------------------------------- the form


def test_every_field_has_its_place(theory: Theory) -> None:
    text = (
        "# Arvenia\n\nBorland may attack.\n\nSo they say.\n\n## Facts\n\n- Borland has not invaded Arvenia.\n"
        "- Possibly: Borland threatens Arvenia.\n- Supposed: power is spread evenly.\n"
        "- Reported by the Soviet Union: Arvenia is reckless.\n- Reported: Arvenia is not a great power.\n\n"
        "## Tolerated\n\n- Arvenia is weak.\n\n## Expected\n\n- Arvenia, facing Borland: hide; or none\n"
        "- The Soviet Union: `Hedge`\n- Outcome: security of the Soviet Union lower\n- Outcome: war risk disputed\n\n"
        "## Missed\n\n- Arvenia: power-max. It never\n  did. Why not?\n- Outcome: hegemony likely. Nobody knows.\n\n"
        "## Source\n\nNobody.\n\nNowhere.\n\n## Coding\n\nNone.\n"
    )
    case, complaints = load(theory.vocabulary, text, "arvenia")
    assert render_all(complaints) == ""
    assert case == Transcript(
        "arvenia",
        "Arvenia",
        "Borland may attack.\n\nSo they say.",
        (
            Observation(Fact("targets", ("Borland", "Arvenia"), "no"), "asserted"),
            Observation(Fact("intent", ("Borland", "Arvenia"), "hostile"), "possible"),
            Observation(Fact("distribution", (SYSTEM,), "even"), "supposed"),
            Observation(Fact("reckless", ("Arvenia",), "yes"), "reported", holder="Soviet Union"),
            Observation(Fact("strength", ("Arvenia",), "great", False), "reported"),
        ),
        (Observation(Fact("strength", ("Arvenia",), "weak"), "asserted"),),
        (
            Expectation("Arvenia", "Borland", "hide", ("none",)),
            Expectation("Soviet Union", None, "hedge"),
            Expectation("Arvenia", None, "power-max", (), "It never did. Why not?"),
        ),
        (
            OutcomeExpectation("security", ("Soviet Union",), "lower"),
            OutcomeExpectation("war_risk", (SYSTEM,), None),
            OutcomeExpectation("hegemony", (SYSTEM,), "likely", "Nobody knows."),
        ),
        False,
        "Nobody.\n\nNowhere.",
        "None.",
    )
    assert load(theory.vocabulary, render(theory.vocabulary, case), "arvenia") == (case, ())


def test_the_same_case_in_json_is_the_same(theory: Theory) -> None:
    case = next(load(theory.vocabulary, path)[0] for path in FILES if path.stem == "ussr-1939")
    record = {
        "id": case.id,
        "title": case.title,
        "text": case.text,
        "facts": [
            {"variable": o.fact.variable, "args": list(o.fact.args), "value": o.fact.value, "holds": o.fact.holds}
            for o in case.facts
        ],
        "expect": [
            {"state": each.state, "toward": each.toward, "strategy": each.strategy, "missed": each.missed}
            for each in case.expect
        ],
        "expect_outcomes": [{"outcome": "security", "args": ["Poland"], "value": "lower"}],
    }
    outcome = OutcomeExpectation("security", ("Poland",), "lower")
    assert case_of(theory.vocabulary, record) == replace(case, expect_outcomes=(outcome,), source="", coding="")
    for wrong in ({"outcome": "luck"}, {"value": "greater"}, {"args": ["Poland", "France"]}):
        with pytest.raises(ValueError, match="ussr-1939"):
            outcomes = [{"outcome": "security", "args": ["Poland"], "value": "lower", **wrong}]
            case_of(theory.vocabulary, {**record, "expect_outcomes": outcomes})


def test_the_example_for_contributors_is_sound(theory: Theory) -> None:
    paper = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^````markdown\n(.*?)^````$", paper, re.MULTILINE | re.DOTALL)
    case, complaints = load(theory.vocabulary, example, "arvenia")
    assert render_all(complaints) == ""
    assert all((case.text, case.facts, case.tolerated, case.expect, case.expect_outcomes, case.source, case.coding))
    inference = advisor.infer(theory, situation(theory.vocabulary, case.facts))
    for expected in case.expect:
        grade = score_verdict(theory.vocabulary, advice(theory, inference, case, expected).verdicts, expected)
        assert (grade in MET) != bool(expected.missed)


NAMES = ("Arvenia", "Soviet Union", "Austria-Hungary", "Sri Lanka", "Netherlands", "Papal States")


def facts_of(vocabulary: Vocabulary) -> Iterator[Fact]:
    """Every fact that can be stated, one form of each, with names that are hard to tell from other words."""
    for place, (id, variable) in enumerate(sorted(variables(vocabulary).items())):
        names = (NAMES * 2)[place % len(NAMES) :]
        for value in () if variable.derived else value_ids(variable):
            for holds in (True, False):
                if holds or set(value_ids(variable)) != {"yes", "no"}:
                    yield Fact(id, names[: variable.arity] or (SYSTEM,), value, holds)


def test_every_fact_in_every_stance_renders_and_loads_back(theory: Theory) -> None:
    listed = list(facts_of(theory.vocabulary))
    seen = [Observation(fact, "asserted" if fact.holds else "denied") for fact in listed]
    seen += [Observation(fact, "possible") for fact in listed]
    seen += [Observation(fact, "reported", holder="Soviet Union") for fact in listed]
    for each in seen:
        case = Transcript("any", "Any", "Any.", (each,))
        found = load(theory.vocabulary, render(theory.vocabulary, case), "any")
        says_no = found[0].facts and found[0].facts[0].fact
        if says_no and not each.fact.holds and says_no.holds:
            # Where the denial of one value is the wording of another, it is that other.
            assert render(theory.vocabulary, found[0]) == render(theory.vocabulary, case)
            continue
        assert found == (case, ()), render(theory.vocabulary, case)


# ---------------------------------------------------------------- mistakes are explained


def shown(path: Path) -> tuple[str, str]:
    text = path.read_text(encoding="utf-8")
    told, fence, expected = text.rpartition("\n```diagnostics\n")
    assert fence, f"{path.name} does not end with a fence ```diagnostics"
    return told, expected.removesuffix("```\n").rstrip("\n")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_mistakes_are_explained(path: Path, theory: Theory, request: pytest.FixtureRequest) -> None:
    told, expected = shown(path)
    _, complaints = load(theory.vocabulary, told, path.stem)
    assert complaints
    true = render_all(complaints)
    if request.config.getoption("--reset"):
        path.write_text(f"{told}\n```diagnostics\n{true}\n```\n", encoding="utf-8")
    else:
        assert true == expected, "if the new output is right, run: pytest tests/test_transcripts.py --reset"


def test_the_documents_show_every_code(theory: Theory) -> None:
    found = {each.code for path in BAD for each in load(theory.vocabulary, shown(path)[0])[1]}
    assert found == {code for code in CODES if code.startswith("C")} - {"C01"}


def test_a_file_that_cannot_be_read(theory: Theory, tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes(b"# \xc4gypten\n")
    for name in ("latin.md", "absent.md", "."):
        case, complaints = load(theory.vocabulary, tmp_path / name)
        assert [(each.code, each.line) for each in complaints] == [("C01", 1)]
        assert not case.facts


def test_an_item_without_words_is_complained_of_where_it_stands(theory: Theory) -> None:
    _, complaints = load(theory.vocabulary, "# A\n\nArvenia is weak.\n\n## Facts\n\n- \n", "any")
    assert [(each.code, each.line, each.message) for each in complaints] == [("C14", 7, "this item says nothing")]


PIECES = some.sampled_from(
    [
        "# A\n", "## Facts\n", "## Tolerated\n", "## Expected\n", "## Missed\n", "## Source\n", "## Coding\n", "## X\n",
        "- ", "Arvenia is weak.", "Arvenia is weak", "\n", "\n\n", "Possibly: ", "Reported by : ", "Reported by A: ",
        "Outcome: ", "hegemony likely", " of ", "Nothing", "Arvenia, facing Borland: hide", "; or ", " or ", ". ",
        "> ", "the state is weak", "\t", "\u2028", "\x00", "弱", "{0}", "{", "\r\n", ", facing ", "hide", "`", "  ",
        "St. ", ":", "```\n",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(text=some.lists(PIECES, max_size=40).map("".join))
@example(text="## Facts\n- ")
@example(text="## Facts\n- Possibly: .\n\n## Expected\n- . \n- Outcome: ")
def test_no_text_makes_the_loader_fail(theory: Theory, text: str) -> None:
    case, complaints = load(theory.vocabulary, text, "any")
    assert all(each.code in CODES and each.line >= 1 and each.column >= 1 for each in complaints)
    render_all(complaints)
    told = situation_only(text)
    assert all(mine == its or mine == " " for mine, its in zip(told, text, strict=False))
    if not complaints:
        assert load(theory.vocabulary, render(theory.vocabulary, case), "any") == (case, ())
