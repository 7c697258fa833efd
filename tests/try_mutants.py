"""Whether the tests notice each change of the engine.

``python tests/try_mutants.py [MODULE…] [--why]``, with cosmic-ray installed, whose changes these are, and one more: a
statement left out.  A change of annotations alone is none.  Each mutant is run in a process of its own, forked when all
else is loaded.  It is killed when a test of ``test_inference`` or ``test_taking_back`` fails, when a random case comes
out otherwise than the plainest evaluator says, or when it takes ten times as long.  Those that mean the same are listed
in ``mutants.toml``, each with the reason; what else survives is shown.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import os
import resource
import signal
import sys
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import cosmic_ray.plugins  # noqa: E402
import pytest  # noqa: E402
import random_theories as rt  # noqa: E402
from cosmic_ray.mutating import mutate_code  # noqa: E402
from naive import naive  # noqa: E402

from advisor import theory  # noqa: E402
from advisor.inference.record import say  # noqa: E402
from advisor.terms import Inference, Situation, Theory  # noqa: E402

CONFIGURATION = tomllib.loads((HERE / "mutants.toml").read_text(encoding="utf-8"))
DIRECT = ("test_inference", "test_taking_back")
ANEW = ("network", "growing", "record", "matcher", "engine", "revision")
"""The modules of the engine that a mutant loads anew."""

SECONDS, MEGABYTES = 20, 2000
theory.load_theory = cache(theory.load_theory)


# ---------------------------------------------------------------- the mutants


def mutants(source: str) -> Iterator[str]:
    """Give every mutant of a module, each once."""
    seen = {meaning(source)}
    for changed in (*by_cosmic_ray(source), *without_a_statement(source)):
        means = meaning(changed)
        if means and means not in seen:
            seen.add(means)
            yield changed


def by_cosmic_ray(source: str) -> Iterator[str]:
    for name in sorted(cosmic_ray.plugins.operator_names()):
        operator = cosmic_ray.plugins.get_operator(name)
        if not operator.arguments():
            occurrence = 0
            while changed := mutate_code(source, operator(), occurrence):
                yield changed
                occurrence += 1


def without_a_statement(source: str) -> Iterator[str]:
    """Leave out each statement of a function that is not a definition or made of others."""
    lines = source.splitlines(keepends=True)
    simple = ast.Expr | ast.Assign | ast.AugAssign | ast.Delete | ast.Return | ast.Raise
    for function in ast.walk(ast.parse(source)):
        for each in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
            if isinstance(each, simple) and not isinstance(getattr(each, "value", None), ast.Constant):
                before, after = lines[: each.lineno - 1], lines[each.end_lineno :]
                yield "".join([*before, " " * each.col_offset + "pass\n", *after])


def meaning(source: str) -> str:
    """Give what a module means, annotations aside; nothing if it is no Python, as where a ``*`` was no product."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def difference(source: str, changed: str) -> tuple[int, str, str]:
    """Give the line in which a mutant differs first, as it was and as it is."""
    pairs = enumerate(zip(source.splitlines(), changed.splitlines(), strict=False), 1)
    return next((number, old.strip(), new.strip()) for number, (old, new) in pairs if old != new)


# ---------------------------------------------------------------- the trial


Trial = tuple[Theory, list[tuple[Situation, Inference]]]


def trials(count: int = 60, steps: int = 8) -> list[Trial]:
    """Make up theories, and situations each of which differs from the last by a few facts, with what follows."""
    made = []
    for number in range(count):
        rng = rt.rng_for(number)
        rules, level = rt.theory(rng)
        situation = rt.situation(rng, 20, rng.choice((2, 3, 4, 5)))
        run = []
        for _ in range(steps):
            expected = naive(rules, situation, level, lambda premiss: say(rt.VOCABULARY, premiss))
            run.append((situation, expected))
            known = sorted(situation.facts)
            rest = frozenset(known) - {*rng.sample(known, min(len(known), rng.choice((0, 1, 3))))}
            situation = Situation(situation.states, rest)
            for _ in range(rng.choice((0, 1, 3))):
                situation = rt.add(situation, rt.fact(rng, situation.states)) or situation
        made.append((rules, run))
    return made


def attempt(module: str, changed: str, made: list[Trial]) -> None:
    """Run all tests under a mutant; raises what it breaks."""
    for name in (*(f"advisor.inference.{each}" for each in ANEW), *DIRECT):
        sys.modules.pop(name, None)
    for each in ANEW:
        name = f"advisor.inference.{each}"
        if each == module:
            spec = importlib.util.find_spec(name)
            assert spec
            mutant = importlib.util.module_from_spec(spec)
            sys.modules[name] = mutant
            exec(compile(changed, spec.origin or name, "exec"), mutant.__dict__)
        else:
            importlib.import_module(name)
    for name in DIRECT:
        for test in vars(importlib.import_module(name)).copy().values():
            if callable(test) and getattr(test, "__name__", "").startswith("test_"):
                carry_out(test)
    from advisor.inference import infer, revising

    for rules, run in made:
        again = revising(rules, run[0][0])
        for situation, expected in (*run, *run[::-3]):
            assert again(rules, situation) == expected
            assert infer(rules, situation) == expected


def carry_out(test: Callable[..., object]) -> None:
    """Carry out a test; one with parameters only for some of them, the first of all."""
    wanted = inspect.signature(test).parameters
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    given: list[dict[str, object]] = [{}]
    if marks:
        names, rows = marks[0].args[:2]
        several = not isinstance(names, str)
        given = [dict(zip(names, row, strict=True)) if several else {names: row} for row in [*rows][:10]]
    for each in given:
        with pytest.MonkeyPatch.context() as patch:
            test(**each, **({"monkeypatch": patch} if "monkeypatch" in wanted else {}))


def survives(module: str, changed: str, made: list[Trial]) -> bool:
    """Whether a mutant passes everything."""
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20,) * 2)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        code = 1
        try:
            attempt(module, changed, made)
            code = 0
        except BaseException:  # noqa: BLE001  (anything at all kills a mutant)
            if "--why" in sys.argv:
                traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def main(chosen: list[str]) -> int:
    listed = {(each["module"], each["was"], each["becomes"]) for each in CONFIGURATION["equivalent"]}
    made, found, met = trials(), Counter[str](), set()
    for path in map(Path, CONFIGURATION["cosmic-ray"]["module-path"]):
        module = path.stem
        if chosen and module not in chosen:
            continue
        source = (HERE.parent / path).read_text(encoding="utf-8")
        if not survives(module, source, made):
            print(f"{module}: the tests fail as it is")  # noqa: T201
            return 1
        for changed in mutants(source):
            number, was, becomes = difference(source, changed)
            if not survives(module, changed, made):
                found["killed"] += 1
            elif (module, was, becomes) in listed:
                met.add((module, was, becomes))
                found["equivalent"] += 1
            else:
                found["left"] += 1
                print(f"{module}:{number}\n  - {was}\n  + {becomes}", flush=True)  # noqa: T201
    stale = [each for each in listed - met if not chosen or each[0] in chosen]
    for each in sorted(stale):
        print("listed, and no mutant that survives:", *each, sep="\n  ")  # noqa: T201
    print(f"{sum(found.values())} mutants:", ", ".join(f"{n} {name}" for name, n in sorted(found.items())))  # noqa: T201
    return 1 if found["left"] or stale else 0


if __name__ == "__main__":
    sys.exit(main([each for each in sys.argv[1:] if not each.startswith("--")]))
