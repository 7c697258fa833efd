"""Many cases: whatever they are kept in and however they are worked on, one and the same record each."""

from __future__ import annotations

import csv
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import advisor
from advisor import cli, corpus, house
from advisor.evaluation import (
    Given,
    Progress,
    Setup,
    Unusable,
    case_json,
    cases_in,
    evaluate,
    keeping,
    lines_in,
    paths_of,
    records,
    run_into,
    running,
    tables,
)
from advisor.evaluation.running import in_processes, in_turn
from advisor.terms import Theory, Transcript
from advisor.transcript import load_all

ROOT = Path(__file__).resolve().parent.parent
WEAK = {"variable": "strength", "args": ["Arvenia"], "value": "weak"}
GREAT = {"variable": "strength", "args": ["Borland"], "value": "great", "holds": True}
BORDER = {"variable": "distance", "args": ["Borland", "Arvenia"], "value": "border"}
TEXT = "Arvenia is weak. Borland is a great power. Borland borders on Arvenia."


@pytest.fixture(scope="session")
def setup(theory: Theory) -> Setup:
    return Setup(theory, house.rules_folder())


@pytest.fixture(scope="session")
def transcripts(theory: Theory) -> list[Transcript]:
    return list(load_all(theory.vocabulary, ROOT / "transcripts")[0])


@pytest.fixture(scope="session")
def structured(transcripts: list[Transcript]) -> list[dict[str, Any]]:
    """A hundred and fifty cases that are facts alone."""
    coded = [case_json(replace(case, text="", facts=case.facts[:7])) for case in transcripts if case.facts]
    return [{**coded[n % len(coded)], "id": f"case-{n}"} for n in range(150)]


def write_lines(path: Path, cases: list[Any]) -> Path:
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


def without_source(found: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "source": ""} for each in found]


def run(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "advisor", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **more)


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "advisor", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(so: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    """The working processes that a run has started."""
    found = []
    for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        command = Path(f"/proc/{each}/cmdline").read_bytes()
        if b"spawn_main" in command and b"resource_tracker" not in command:
            found.append(int(each))
    return found


# ---------------------------------------------------------------- what cases are kept in


def test_a_case_has_one_record_whatever_it_is_kept_in(setup: Setup, tmp_path: Path) -> None:
    case = {"id": "one", "title": "One", "text": "", "facts": [WEAK, GREAT, BORDER]}
    case["expect"] = [{"state": "Arvenia", "toward": "Borland", "strategy": "hide"}]
    write_lines(tmp_path / "a.jsonl", [case])
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
    row = {key: value if isinstance(value, str) else json.dumps(value) for key, value in case.items()}
    for name, delimiter in (("c.csv", ","), ("d.tsv", "\t")):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, list(row), delimiter=delimiter)
            table.writeheader()
            table.writerow(row)
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist([case]), tmp_path / "e.parquet")
    (tmp_path / "f.md").write_text(
        "# One\n\n## Facts\n\n- Arvenia is weak.\n- Borland is a great power.\n"
        "- Borland shares a border with Arvenia.\n\n## Expected\n\n- Arvenia, facing Borland: hide\n",
        encoding="utf-8",
    )
    found = list(evaluate(setup, tmp_path))
    assert [Path(each["source"]).name for each in found] == [
        *("a.jsonl:1", "b.jsonl.gz:1", "c.csv:2", "d.tsv:2", "e.parquet:1", "f.md")
    ]
    assert found[0]["error"] is None
    assert ("Arvenia", "Borland") in {(each["state"], each["toward"]) for each in found[0]["verdicts"]}
    assert found[0]["from"] == "facts"
    first, *others = without_source(iter(found))
    for each in others:
        assert {**each, "id": "one"} == {**first, "digest": each["digest"]}
    assert len({each["digest"]["case"] for each in found[:-1]}) == 1, "the name of the transcript is another id"


def test_a_folder_of_texts_is_a_corpus(setup: Setup, tmp_path: Path) -> None:
    for number in (2, 1):
        (tmp_path / "deep").mkdir(exist_ok=True)
        (tmp_path / "deep" / f"{number}.txt").write_text(TEXT, encoding="utf-8")
    found = list(evaluate(setup, str(tmp_path)))
    assert [(each["id"], each["words"], each["from"]) for each in found] == [("1", 12, "text"), ("2", 12, "text")]
    assert all(each["verdicts"] for each in found)


def test_what_stands_beside_transcripts_is_no_case() -> None:
    assert (ROOT / "transcripts" / "record.txt").exists()
    found = paths_of([str(ROOT / "transcripts")])
    assert len(found) > 30
    assert {path.suffix for path in found} == {".md"}


def test_standard_input_is_a_list_of_cases(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": name, "facts": [WEAK]}) + "\n\n" for name in "ab")
    done = run("evaluate", "-", "--output", tmp_path / "out", "--jobs", "1", input=lines)
    assert done.returncode == 0, done.stderr
    found = list(lines_in(tmp_path / "out" / "records.jsonl"))
    assert [(each["id"], each["source"]) for each in found] == [("a", "-:1"), ("b", "-:3")]


def test_a_mapping_says_what_columns_mean(setup: Setup, tmp_path: Path) -> None:
    mapping = tmp_path / "columns.toml"
    mapping.write_text(
        'id = "{dyad}-{year}"\ntitle = "{a} and {b}"\n'
        '[[facts]]\nvariable = "strength"\nargs = ["{a}"]\nvalue = "{cap}"\n'
        'values = { "1" = "weak", "9" = "not weak" }\n'
        '[[facts]]\nvariable = "strength"\nargs = ["{b}"]\nvalue = "great"\n'
        '[[expect]]\nstate = "{a}"\ntoward = "{b}"\nstrategy = "{did}"\n',
        encoding="utf-8",
    )
    (tmp_path / "wars.csv").write_text(
        "dyad,year,a,b,cap,did\n7,1900,Arvenia,Borland,1,hide\n7,1901,Arvenia,Borland,,\n7,1902,Arvenia,Borland,9,hide\n"
        "7,1903,Arvenia,Borland,5,hide\n7,1904,Arvenia\n",
        encoding="utf-8",
    )
    found = list(evaluate(setup, tmp_path / "wars.csv", columns=tables.mapping(mapping)))
    assert [each["id"] for each in found] == ["7-1900", "7-1901", "7-1902", "wars:4", "wars:5"]
    told = [[(f["args"], f["value"], f["holds"]) for f in each["observations"]] for each in found]
    assert told[0] == [(["Arvenia"], "weak", True), (["Borland"], "great", True)]
    assert told[1] == [(["Borland"], "great", True)]
    assert told[2] == [(["Arvenia"], "weak", False), (["Borland"], "great", True)]
    assert [each["strategy"] for each in found[0]["expect"]] == ["hide"]
    assert not found[1]["expect"]
    assert "says nothing of “5”" in found[3]["error"]["message"]
    assert "not as many cells" in found[4]["error"]["message"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nonsense = ", "cannot be read"),
        ('column = "x"', "has no “column”"),
        ('facts = "x"', "[[facts]]"),
        ('id = "x"', "says neither"),
        ('text = "{prose}"', "no column “prose”; there is a, b"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(setup: Setup, tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Unusable, match=r"m\.toml|t\.csv") as refusal:
        list(evaluate(setup, tmp_path / "t.csv", columns=tables.mapping(tmp_path / "m.toml")))
    assert complaint in str(refusal.value)


def test_structured_cases_never_load_the_english_model(tmp_path: Path, structured: list[dict[str, Any]]) -> None:
    path = write_lines(tmp_path / "c.jsonl", structured[:3])
    script = (
        "import sys, advisor; found = list(advisor.evaluate(sys.argv[1])); print(len(found), "
        "sum(bool(each['verdicts']) for each in found), *(n in sys.modules for n in ('spacy', 'numpy')))"
    )
    done = subprocess.run([sys.executable, "-c", script, path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "3", "False", "False"]


# ---------------------------------------------------------------- records


def test_a_record_holds_what_advise_says(setup: Setup, theory: Theory, transcripts: list[Transcript]) -> None:
    from advisor.explanation import as_json

    case = next(each for each in transcripts if each.id == "arvenia-alone")
    (found,) = evaluate(setup, [case])
    reading = advisor.read(case.text, theory)
    advice = advisor.judge(theory, advisor.infer(theory, reading))
    said = as_json(theory, advice, reading)
    for key in ("states", "unread", "outcomes", "cautions", "conflicts"):
        assert found[key] == said[key]
    own = [{key: each[key] for key in said["verdicts"][0]} for each in found["verdicts"] if not each["asked"]]
    assert own == said["verdicts"]
    assert [{**each, "confidence": 0} for each in found["observations"]] == [
        {**each, "confidence": 0} for each in said["observations"]
    ]
    # Every application of a proposition is there, by the places of facts that are there.
    assert len(found["arguments"]) == len(advice.inference.justifications) > 0
    for argument, true in zip(found["arguments"], advice.inference.justifications, strict=True):
        premises = [[found["facts"][place] for place in premise] for premise in argument["premises"]]
        assert [[fact["value"] for fact in premise] for premise in premises] == [
            [fact.value for fact in premise.facts] for premise in true.premises
        ]
    assert {each["origin"] for each in found["facts"]} >= {"given", "assumed", "derived"}
    assert len(found["gold"]) == len(case.facts)


def test_what_is_expected_is_judged_under_the_names_of_the_text(setup: Setup) -> None:
    case = {
        "text": "Britain is a great power. Germany, a great power, threatens Britain. Spain is weak.",
        "expect": [
            {"state": "Great Britain", "toward": "Germany", "strategy": "hide"},
            {"state": "Spain", "toward": "Germany", "strategy": "hide"},
        ],
    }
    (found,) = evaluate(setup, [case])
    assert found["expect"][0]["state"] == "Britain"
    by_pair = {(each["state"], each["toward"]): each for each in found["verdicts"]}
    assert not by_pair["Britain", "Germany"]["asked"]
    assert by_pair["Spain", "Germany"]["asked"], "nobody but the case asks about Spain"


def test_facts_take_the_place_of_a_text(setup: Setup) -> None:
    case = {"text": "Nothing is said of anybody here.", "facts": [WEAK, GREAT, BORDER]}
    (read,), (coded,) = evaluate(setup, [case]), evaluate(replace(setup, facts=True), [case])
    assert (read["from"], coded["from"]) == ("text", "facts")
    assert read["gold"] and not read["observations"]
    assert len(coded["observations"]) == 3 and coded["gold"] is None
    assert coded["digest"]["reader"] is None


def test_the_question_is_asked_where_it_is_wanted(setup: Setup) -> None:
    case = {"facts": [WEAK, GREAT, BORDER]}
    (without,), (with_it,) = evaluate(setup, [case]), evaluate(replace(setup, question=True), [case])
    assert without["question"] is None
    assert with_it["question"]["text"].endswith("?")


def test_records_do_not_depend_on_what_is_worked_on_beside_them(setup: Setup, transcripts: list[Transcript]) -> None:
    cases = [Given(case.id, "case", case, case.id) for case in transcripts[:20] if case.text]
    together = list(records.records(setup, cases))
    alone = list(records.records(replace(setup, together=False), cases))
    turned = list(records.records(setup, cases[::-1]))[::-1]
    assert together == alone == turned
    assert sum(bool(each["observations"]) for each in together) > 10


def test_records_do_not_depend_on_processes_or_hash_seeds(
    setup: Setup, transcripts: list[Transcript], structured: list[dict[str, Any]], tmp_path: Path
) -> None:
    cases = [*(case_json(case) for case in transcripts[:3]), *structured[:40], {"text": TEXT}]
    path = write_lines(tmp_path / "c.jsonl", cases)
    here = [line for done in in_turn(setup, running.batches(cases_in([path]))) for line in done.lines]
    out = tmp_path / "out"
    done = run("evaluate", path, "--output", out, "--jobs", "2", env={**os.environ, "PYTHONHASHSEED": "1"})
    assert done.returncode == 0, done.stderr
    assert output(out).splitlines(keepends=True) == here


# ---------------------------------------------------------------- bad cases


def test_one_bad_case_is_a_record_with_an_error(setup: Setup, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    good = json.dumps({"facts": [WEAK, GREAT, BORDER]}).encode()
    bad = {
        b'{"facts": [{"variable": "streng': "no JSON",
        b"\xff\xfe": "not UTF-8",
        b"[1, 2]": "JSON object",
        b'{"text": 5}': "is a text",
        b'{"text": " "}': "neither",
        b'{"facts": 7}': "is a list",
        b'{"facts": [7]}': "",
        b'{"facts": [{"variable": "height", "args": ["A"], "value": "tall"}]}': "no variable",
        b'{"text": "x", "expect": [{"state": "A", "strategy": "win"}]}': "no strategy",
        b"[" * 100_000: "",
        '{"text": "Der König von Arvenien ist schwach, und seine Nachbarn sind es nicht."}'.encode(): "not in English",
        b'{"text": "\\ud800 Arvenia is weak.", "id": 5}': None,
    }
    path.write_bytes(b"\n".join([good, *bad, good, b""]))
    found = list(evaluate(setup, path))
    assert len(found) == len(bad) + 2
    assert found[0]["error"] is None and found[-1]["error"] is None
    for each, complaint in zip(found[1:-1], bad.values(), strict=True):
        if complaint is None:
            assert each["error"] is None
        else:
            assert each["error"]["kind"] in ("case", "text")
            assert complaint in each["error"]["message"]
            assert list(each) == list(found[0])


def test_a_case_of_a_megabyte_is_a_case(setup: Setup, tmp_path: Path) -> None:
    text = "It rained in the hills, and nobody came to the market. " * 19_000
    path = write_lines(tmp_path / "c.jsonl", [{"text": TEXT}, {"facts": [WEAK], "title": text}, {"text": TEXT}])
    found = list(evaluate(setup, path))
    assert [each["error"] for each in found] == [None, None, None]
    assert len(found[1]["title"]) > 1_000_000


def test_what_is_too_large_is_refused_and_the_rest_goes_on(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from advisor.evaluation import cases
    from advisor.reading import reader

    monkeypatch.setattr(cases, "LONGEST", 4_000)
    monkeypatch.setattr(reader, "MAX_CHARACTERS", 1_000)
    lines = [{"text": TEXT}, {"text": "x" * 9_000}, {"text": "Arvenia is weak. " * 100}, {"text": TEXT}]
    found = list(evaluate(setup, write_lines(tmp_path / "c.jsonl", lines)))
    kinds = [each["error"] and each["error"]["kind"] for each in found]
    assert kinds == [None, "case", "text", None]


def test_a_packed_file_that_breaks_off_gives_what_is_whole(setup: Setup, tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(json.dumps({"id": str(n), "facts": [WEAK]}).encode() + b"\n" for n in range(500)))
    (tmp_path / "c.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    write_lines(tmp_path / "d.jsonl", [{"facts": [WEAK]}])
    found = list(cases_in(paths_of([str(tmp_path)])))
    assert 1 < len(found) < 500
    assert [each.kind for each in found[-2:]] == ["broken", "json"]


def test_a_mistake_of_ours_is_an_error_of_the_case(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(records, "judge", broken)
    (found,) = evaluate(setup, [{"facts": [WEAK]}])
    assert found["error"]["kind"] == "unexpected"
    assert "no such luck" in found["error"]["message"]


# ---------------------------------------------------------------- other forms


def test_records_are_tables_and_tests_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    expect = [{"state": "Arvenia", "toward": "Borland", "strategy": "hide"}]
    missed = [{**expect[0], "missed": "Nobody says so."}]
    met = [{**expect[0], "acceptable": ["bandwagon-defensive", "balance-external", "buck-pass"]}]
    cases: list[dict[str, Any]] = [
        {"id": f"a{n}", "title": "x\x00 <&", "facts": [WEAK, GREAT, BORDER], "expect": each}
        for n, each in enumerate([expect, missed, met])
    ]
    path = write_lines(tmp_path / "c.jsonl", [*cases, {}])
    out = tmp_path / "out"
    forms = [part for form in corpus.FORMS for part in ("--form", form)]
    assert cli.main(["evaluate", str(path), "--jobs", "1", "--output", str(out), *forms]) == 1
    verdicts = sum(max(1, len(each["verdicts"])) for each in lines_in(out / "records.jsonl"))
    with (out / "records.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    rows = parquet.read_table(out / "records.parquet").to_pylist()
    assert len(table) == len(rows) == verdicts > 4
    assert (rows[0]["state"], rows[0]["toward"], rows[0]["expected"]) == ("Arvenia", "Borland", "hide")
    assert table[0]["robust"] == str(rows[0]["robust"]).lower()
    assert [str(each["words"]) for each in rows] == [each["words"] for each in table]
    assert rows[-1]["error"] == "case" and rows[-1]["share"] is None
    (suite,) = ElementTree.parse(out / "junit.xml").getroot()
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        **{"tests": "4", "failures": "1"},
        **{"errors": "1", "skipped": "1"},
    }
    assert [[each.tag for each in case] for case in suite] == [["failure"], ["skipped"], [], ["error"]]
    assert "Nobody says so." in suite[1][0].get("message", "")
    assert gzip.decompress((out / "records.jsonl.gz").read_bytes()) == output(out)
    assert not list(out.glob("*.part")) and not list(out.glob("*.body"))


def test_records_may_be_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"id": name, "facts": [WEAK, GREAT, BORDER]} for name in "ab"])
    names = ("r.jsonl", "r.jsonl.gz", "r.csv", "r.xml")
    for name in names:
        arguments = ["evaluate", str(path), "--jobs", "1", "--output", str(tmp_path / name)]
        assert cli.main(arguments) == 0, capsys.readouterr().err
        assert cli.main(arguments) == 2
        assert "there is such a file already" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["c.jsonl", *names])
    assert [each["id"] for each in lines_in(tmp_path / "r.jsonl")] == ["a", "b"]
    packed = (tmp_path / "r.jsonl.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "r.jsonl").read_bytes()
    assert (tmp_path / "r.csv").read_text(encoding="utf-8").startswith("id,title,")
    assert ElementTree.parse(tmp_path / "r.xml").getroot()[0].get("tests") == "2"


def test_a_form_needs_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"facts": [WEAK]}])
    assert cli.main(["evaluate", str(path), "--form", "csv"]) == 2
    assert "--output FOLDER" in capsys.readouterr().err


# ---------------------------------------------------------------- going on


def output(folder: Path) -> bytes:
    return (folder / keeping.RECORDS).read_bytes()


@pytest.fixture(scope="session")
def undisturbed(
    setup: Setup, structured: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bytes]:
    """A file of cases, and the records of a run that nothing has disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    path = write_lines(folder / "c.jsonl", structured)
    run_into(folder / "out", setup, cases_in([path]), in_turn)
    return path, output(folder / "out")


@pytest.fixture(scope="session")
def long(
    setup: Setup, structured: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bytes]:
    """The same with so many cases that there is time to disturb a run."""
    folder = tmp_path_factory.mktemp("long")
    path = write_lines(folder / "c.jsonl", [{**structured[n % 150], "id": f"case-{n}"} for n in range(500)])
    run_into(folder / "out", setup, cases_in([path]), in_turn)
    return path, output(folder / "out")


def stop_after(count: int) -> Callable[[], bool]:
    asked = iter(range(10**9))
    return lambda: next(asked) >= count


def test_a_run_goes_on_from_what_is_there(setup: Setup, undisturbed: tuple[Path, bytes], tmp_path: Path) -> None:
    path, true = undisturbed
    out = tmp_path / "out"
    far = run_into(out, setup, cases_in([path]), in_turn, stopped=stop_after(60))
    assert 50 < far.cases < 80
    assert true.startswith(output(out))
    with (out / keeping.RECORDS).open("ab") as file:
        file.write(true.splitlines(keepends=True)[far.cases][:77])  # a line that was not written to its end
    second = run_into(out, setup, cases_in([path]), in_turn, resume=True, stopped=stop_after(110))
    assert (second.before, second.cases > 90) == (far.cases, True)
    # What was taken over from the first run is not kept twice.
    run_into(out, setup, cases_in([path]), in_turn, resume=True, stopped=stop_after(5))
    before = (out / keeping.BEFORE).read_bytes().splitlines(keepends=True)
    assert len(before) == len(set(before)) == second.cases
    last = run_into(out, setup, cases_in([path]), in_turn, resume=True)
    assert (last.cases, last.before, last.errors) == (150, second.cases, 0)
    again = run_into(out, setup, cases_in([path]), in_processes(2), resume=True)
    assert (again.cases, again.before) == (150, 150)
    assert output(out) == true
    assert sorted(path.name for path in out.iterdir()) == ["records.jsonl", "run.json", "run.lock"]
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["state"] == "done"


def test_what_is_done_is_done_in_any_order(setup: Setup, undisturbed: tuple[Path, bytes], tmp_path: Path) -> None:
    path, true = undisturbed
    lines = path.read_bytes().splitlines(keepends=True)
    other = tmp_path / "other.jsonl"
    other.write_bytes(b"".join(lines[100:] + lines[:100]))
    out = tmp_path / "out"
    run_into(out, setup, cases_in([other]), in_turn, stopped=stop_after(80))
    far = run_into(out, setup, cases_in([path]), in_turn, resume=True)
    assert far.before > 70
    assert output(out) == true


def test_cases_with_an_error_are_tried_again(
    setup: Setup, undisturbed: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, true = undisturbed
    given = list(cases_in([path]))[:20]
    with monkeypatch.context() as patch:
        patch.setattr(records, "judge", lambda *_: 1 / 0)
        assert run_into(tmp_path / "out", setup, given[:3], in_turn).errors == 3
    far = run_into(tmp_path / "out", setup, given, in_turn, resume=True)
    assert (far.before, far.errors) == (0, 0)
    assert true.startswith(output(tmp_path / "out"))


def test_a_case_given_twice_has_two_records(setup: Setup, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"id": "a", "facts": [WEAK]}] * 3)
    run_into(tmp_path / "out", setup, list(cases_in([path]))[:2], in_turn)
    far = run_into(tmp_path / "out", setup, cases_in([path]), in_turn, resume=True)
    assert far.cases == 3
    assert [each["source"][-1] for each in lines_in(tmp_path / "out" / "records.jsonl")] == ["1", "2", "3"]


def test_with_another_theory_all_is_done_anew(setup: Setup, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"id": "a", "facts": [WEAK]}])
    run_into(tmp_path / "out", setup, cases_in([path]), in_turn)
    other = replace(setup, theory=replace(setup.theory, digest="another"))
    far = run_into(tmp_path / "out", other, cases_in([path]), in_turn, resume=True)
    assert (far.cases, far.before, far.anew) == (1, 0, True)
    assert (tmp_path / "out" / keeping.OLD).exists()


def test_a_folder_with_records_is_not_written_over(
    setup: Setup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"id": "a", "facts": [WEAK]}])
    arguments = ["evaluate", str(path), "--output", str(tmp_path / "out"), "--jobs", "1"]
    assert cli.main(arguments) == 0
    before = output(tmp_path / "out")
    assert cli.main(arguments) == 2
    assert "--resume goes on with them" in capsys.readouterr().err
    assert output(tmp_path / "out") == before
    assert cli.main([*arguments, "--resume"]) == 0
    assert "1 of them before" in capsys.readouterr().err


# ---------------------------------------------------------------- what may happen to a run


def test_two_runs_do_not_share_a_folder(setup: Setup, undisturbed: tuple[Path, bytes], tmp_path: Path) -> None:
    path, true = undisturbed
    out = tmp_path / "out"
    with keeping.kept(out, setup, resume=False):
        done = run("evaluate", path, "--output", out, "--resume")
        assert done.returncode == 2
        assert "another run is writing into this folder" in done.stderr
    run_into(out, setup, cases_in([path]), in_turn, resume=True)
    assert output(out) == true


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"facts": [WEAK]}])
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere")):
        assert cli.main(["evaluate", str(path), "--output", str(place), "--jobs", "1"]) == 2
        error = capsys.readouterr().err
        assert str(place) in error and error.count("\n") == 1


def limited() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))


def test_without_room_what_is_there_stays_whole(undisturbed: tuple[Path, bytes], setup: Setup, tmp_path: Path) -> None:
    path, true = undisturbed
    out = tmp_path / "out"
    done = run("evaluate", path, "--output", out, "--jobs", "1", preexec_fn=limited)
    assert done.returncode == 2
    assert "make room and go on with --resume" in done.stderr
    assert 100_000 < len(output(out)) <= 700_000
    assert true.startswith(output(out)) and output(out).endswith(b"\n")
    run_into(out, setup, cases_in([path]), in_turn, resume=True)
    assert output(out) == true


@pytest.mark.parametrize("arguments", [(), ("--output", "out")])
def test_an_empty_run_fails(
    tmp_path: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.jsonl").write_text("\n\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for path, complaint in (
        ("c.jsonl", "not one case"),
        ("empty", "no cases"),
        ("gone", "no such"),
        ("x.png", "no such"),
    ):
        assert cli.main(["evaluate", path, "--jobs", "1", *arguments]) == 2
        assert complaint in capsys.readouterr().err


def test_a_bad_case_shows_in_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"facts": [WEAK]}, {}])
    assert cli.main(["evaluate", str(path), "--jobs", "1"]) == 1
    assert capsys.readouterr().out.startswith("2 cases, 0 words; 1 failed")


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_a_killed_run_loses_nothing_and_doubles_nothing(long: tuple[Path, bytes], tmp_path: Path, share: float) -> None:
    path, true = long
    out = tmp_path / "out"
    process = started("evaluate", path, "--output", out, "--jobs", "2")
    records = out / "records.jsonl"
    until(lambda: records.exists() and records.stat().st_size > share * len(true))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    written = output(out)
    whole = written[: written.rfind(b"\n") + 1]
    assert 0 < len(whole) < len(true) and true.startswith(whole)
    done = run("evaluate", path, "--output", out, "--jobs", "2", "--resume")
    assert f"{whole.count(chr(10).encode())} of them before" in done.stderr
    assert output(out) == true


def test_a_killed_process_takes_nothing_with_it(long: tuple[Path, bytes], tmp_path: Path) -> None:
    path, true = long
    out = tmp_path / "out"
    process = started("evaluate", path, "--output", out, "--jobs", "2")
    records = out / "records.jsonl"
    until(lambda: records.exists() and records.stat().st_size > 0)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    said, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    assert said.startswith("500 cases, 0 words; none failed")
    assert output(out) == true


def test_a_worn_process_is_replaced(
    undisturbed: tuple[Path, bytes], setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, true = undisturbed
    monkeypatch.setattr(running, "_WORN", 1)
    made: list[Any] = []
    start = running._started
    monkeypatch.setattr(running, "_started", lambda setup: made.append(start(setup)) or made[-1])
    found = [
        line for done in in_processes(1)(setup, running.batches(list(cases_in([path]))[:70])) for line in done.lines
    ]
    assert len(made) == 3
    assert found == true.splitlines(keepends=True)[:70]


def test_a_case_that_ends_its_process_is_a_record_with_an_error(
    setup: Setup, undisturbed: tuple[Path, bytes], tmp_path: Path
) -> None:
    path, true = undisturbed
    given = list(cases_in([path]))[:40]
    given[7] = replace(given[7], data=Deadly(given[7].data))
    found = [line for done in in_processes(2)(setup, running.batches(given)) for line in done.lines]
    lines = true.splitlines(keepends=True)[:40]
    assert found[:7] + found[8:] == lines[:7] + lines[8:]
    assert json.loads(found[7])["error"]["kind"] == "crash"


class Deadly(bytes):
    """Bytes that end the process that takes them out of its post."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os._exit, (9,))


def test_ctrl_c_ends_with_what_is_done(long: tuple[Path, bytes], setup: Setup, tmp_path: Path) -> None:
    path, true = long
    out = tmp_path / "out"
    process = started("evaluate", path, "--output", out, "--jobs", "2")
    records = out / "records.jsonl"
    until(lambda: records.exists() and records.stat().st_size > 0)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted: " in error and "--resume goes on" in error and "Traceback" not in error
    assert output(out) and true.startswith(output(out))
    run_into(out, setup, cases_in([path]), in_turn, resume=True)
    assert output(out) == true


def test_cases_are_taken_as_they_are_needed(setup: Setup, structured: list[dict[str, Any]]) -> None:
    taken = 0

    def endless() -> Iterator[dict[str, Any]]:
        nonlocal taken
        while True:
            taken += 1
            yield structured[taken % 150]

    for jobs in (1, 2):
        taken = 0
        found = evaluate(setup, endless(), jobs=jobs)
        for _ in range(40):
            next(found)
        assert 40 <= taken <= 32 * 4 * jobs + 64
        found.close()  # type: ignore[attr-defined]


# ---------------------------------------------------------------- a cluster


def test_a_cluster_that_loses_a_worker_makes_the_same_records(
    setup: Setup, undisturbed: tuple[Path, bytes], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    from advisor.evaluation.cluster import on_cluster

    path, true = undisturbed
    out = tmp_path / "out"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path), silence_logs=50
    ) as cluster:
        first = next(iter(cluster.workers.values())).pid

        def kill(far: Progress) -> None:
            nonlocal first
            if first:
                os.kill(first, signal.SIGKILL)
                first = 0

        address = cluster.scheduler_address
        far = run_into(out, setup, cases_in([path]), on_cluster(address), tell=kill, stopped=stop_after(100))
        assert 0 < far.cases < 150 and not first
        assert true.startswith(output(out))
        run_into(out, setup, cases_in([path]), on_cluster(address), resume=True)
    assert output(out) == true


def test_a_cluster_that_does_not_answer_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    from advisor.evaluation import cluster

    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    path = write_lines(tmp_path / "c.jsonl", [{"facts": [WEAK]}])
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        assert cli.main(["evaluate", str(path), "--cluster", address]) == 2
        assert "no scheduler answers there" in capsys.readouterr().err


# ---------------------------------------------------------------- what is said meanwhile


def test_progress_says_how_fast_and_how_long() -> None:
    said = corpus.progress_line(Progress(cases=1_500, errors=1, before=500, size=250), 1_000, 50.0)
    assert said == "1500 cases (25%), 20.0 a second, 2 min 30 s left, 1 error"


@pytest.mark.parametrize(("terminal", "seconds", "lines"), [(True, 0.6, 5), (False, 0.6, 0), (False, 61.0, 5)])
def test_progress_is_told_at_its_times(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, seconds: float, lines: int
) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr(corpus.time, "monotonic", lambda: next(clock) * seconds)
    said: list[tuple[str, bool]] = []
    tell = corpus._progress(100, lambda line, stays: said.append((line, stays)), terminal=terminal)
    for number in range(5):
        tell(Progress(cases=number + 1, size=number))
    assert len(said) == lines
    assert all(stays != terminal for _, stays in said)
