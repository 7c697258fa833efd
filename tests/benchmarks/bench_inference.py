"""How fast the engine is, beside experta's own matcher, CLIPS, and other rule engines for Python.

``python tests/benchmarks/bench_inference.py [catalogue] [join] [others] [growth] [flip] [startup]``; all of them if
none is named.  Each line compares what was timed in the same run, the best of some repetitions: the ratio is what
counts, the times are those of the machine.  Ours keeps every justification.

CLIPS is spoken to through clipspy: rules built once, then for each situation reset, facts asserted, run, and the facts
and applications read back.  ``run`` alone is what CLIPS itself takes, without the binding.  It keeps no justifications.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from random_theories import VOCABULARY  # noqa: E402

from advisor import house, inference  # noqa: E402
from advisor.inference import infer  # noqa: E402
from advisor.inquiry import with_fact  # noqa: E402
from advisor.situation import from_facts, situation  # noqa: E402
from advisor.terms import (  # noqa: E402
    SYSTEM,
    CautionClaim,
    Condition,
    Fact,
    Proposition,
    Situation,
    Term,
    Theory,
)
from advisor.theory import load_theory, strata  # noqa: E402
from advisor.transcript import load  # noqa: E402

Run = Callable[[], object]


def best(run: Run, times: int = 5) -> float:
    """The best of some runs, in seconds, after one that makes everything ready."""
    run()
    found = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        found = min(found, time.perf_counter() - start)
    return found


def line(*cells: object) -> None:
    """Print one line of a table."""
    first, *rest = (f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells)
    print(f"{first:58}" + "".join(f"{cell:>15}" for cell in rest), flush=True)  # noqa: T201


def ours() -> Theory:
    """The whole theory."""
    return load_theory(house.rules_folder())[0]


def levels(theory: Theory) -> dict[str, int]:
    """The stratum of each proposition."""
    return {name: number for number, names in enumerate(strata(theory)) for name in names}


def told(theory: Theory) -> list[Situation]:
    """The situations of all transcripts."""
    files = sorted((ROOT / "transcripts").glob("*.md"))
    return [situation(theory.vocabulary, load(theory.vocabulary, path)[0].facts) for path in files]


def chain(states: int, others: int = 0) -> tuple[Theory, Situation]:
    """One proposition of four conditions joined by three roles, over many states; ``others`` have no part in it."""
    state, threat, ally = map(Term, ("state", "threat", "ally"))
    conditions = (
        Condition("size", (state,), ("small",)),
        Condition("size", (threat,), ("large",)),
        Condition("feeling", (threat, state), ("cold",)),
        Condition("feeling", (state, ally), ("warm",)),
    )
    rule = Proposition("chain", "", "", "", "", (CautionClaim("doubt"),), conditions)
    rng = random.Random(1)
    names = [f"State {number}" for number in range(states)]
    facts = [Fact("size", (name,), rng.choice(("small", "large"))) for name in names]
    for name in names:
        other, friend = rng.sample([each for each in names if each != name], 2)
        facts += [Fact("feeling", (name, other), "cold"), Fact("feeling", (name, friend), "warm")]
    more = [f"Other {number}" for number in range(others)]
    return Theory(VOCABULARY, (), (rule,), f"chain {states}"), from_facts(VOCABULARY, facts, more)


# ---------------------------------------------------------------- beside experta's matcher and CLIPS


def compare(name: str, theory: Theory, cases: Sequence[Situation], times: int, stock_times: int = 1) -> None:
    """Print how we fare beside experta's matcher and CLIPS on some situations."""
    mine = best(lambda: [infer(theory, case) for case in cases], times)
    line(name, "ms", "ours is faster by")
    line("  ours, all justifications kept", mine * 1000, "")
    stock = best(lambda: [infer(theory, case, "stock") for case in cases], stock_times)
    line("  experta's own matcher", stock * 1000, f"x {stock / mine:.1f}")
    try:
        import clips_oracle
    except ImportError:
        line("  CLIPS is not installed (clipspy)")
        return
    engine = clips_oracle.clips_engine(theory, levels(theory))

    derived = [variable for variable in theory.vocabulary.variables if variable.derived]

    def through_the_binding() -> float:
        running = 0.0
        for case in cases:
            clips_oracle.declare(engine, case)
            start = time.perf_counter()
            engine.run()
            running += time.perf_counter() - start
            clips_oracle.concluded(engine, derived)
        return running

    for case in cases:
        clips_oracle.declare(engine, case)
        engine.run()
        found = clips_oracle.concluded(engine, theory.vocabulary.variables)
        expected = infer(theory, case)
        assert found == (expected.facts, {(each.proposition, each.bindings) for each in expected.justifications})
    clips = best(through_the_binding, times)
    alone = min(through_the_binding() for _ in range(times))
    line("  CLIPS, facts asserted and conclusions read back", clips * 1000, f"x {clips / mine:.2f}")
    line("  CLIPS, run alone", alone * 1000, f"x {alone / mine:.2f}")


def catalogue() -> None:
    """The transcripts, under the whole theory."""
    theory = ours()
    cases = told(theory)
    found = sum(len(infer(theory, case).justifications) for case in cases)
    name = f"{len(cases)} transcripts, {len(theory.propositions)} propositions, {found} justifications"
    compare(name, theory, cases, 5)


def join() -> None:
    """Four conditions joined by three roles, over 200 states."""
    theory, case = chain(200)
    found = len(infer(theory, case).justifications)
    compare(f"a join of four conditions over 200 states, {found} justifications", theory, [case], 5)


# ---------------------------------------------------------------- growth


def growth() -> None:
    """Ten times as many facts, states or rules, with the same matches."""
    line("growth, the matches staying the same", "ms", "ms, x 10", "time")

    def grown(name: str, small: Run, large: Run) -> None:
        before, after = best(small, 7), best(large, 7)
        line(f"  {name}", before * 1000, after * 1000, f"x {after / before:.2f}")

    theory = ours()
    case = max(told(theory), key=lambda each: len(each.facts))
    reasons = infer(theory, case).justifications
    idle = [v for v in theory.vocabulary.variables if v.arity == 2 and not v.derived and not v.symmetric]

    def more_facts(states: int, wanted: int) -> Situation:
        """Facts about other states, none of which meets all conditions of a proposition."""
        rng = random.Random(3)
        others = [f"Other {number}" for number in range(states)]
        chosen: dict[tuple[str, tuple[str, ...]], Fact] = {}
        while len(from_facts(theory.vocabulary, [*chosen.values()]).facts) < wanted:
            variable = rng.choice(idle)
            args = tuple(rng.sample(others, 2))
            chosen[variable.id, args] = Fact(variable.id, args, rng.choice(variable.values).id, False)
        return from_facts(theory.vocabulary, case.facts | set(chosen.values()), case.states)

    many = more_facts(12, 9 * len(case.facts))
    gained = len(infer(theory, many).justifications) - len(reasons)
    grown(
        f"facts {len(case.facts)} to {len(many.facts)} (and {gained} matches more)",
        lambda: infer(theory, case),
        lambda: infer(theory, many),
    )
    theory_, one = chain(20)
    _, ten = chain(20, 180)
    assert infer(theory_, one).justifications == infer(theory_, ten).justifications
    grown("states 20 to 200, of which nothing is known", lambda: infer(theory_, one), lambda: infer(theory_, ten))
    wide = replace(case, states=(*case.states, *(f"Other {number}" for number in range(9 * len(case.states)))))
    grown("states, the whole theory (open roles match more)", lambda: infer(theory, case), lambda: infer(theory, wide))
    silent = [each for each in theory.propositions if each.id not in {reason.proposition for reason in reasons}]
    copies = [replace(each, id=f"{each.id}-{n}", defeats=(), disputes=()) for n in range(18) for each in silent]
    copies = copies[: 9 * len(theory.propositions)]
    larger = replace(theory, propositions=(*theory.propositions, *copies), digest="larger")
    assert infer(larger, case).justifications == infer(theory, case).justifications
    grown(
        f"rules {len(theory.propositions)} to {len(larger.propositions)}, which do not apply",
        lambda: infer(theory, case),
        lambda: infer(larger, case),
    )


# ---------------------------------------------------------------- one change


def flip() -> None:
    """One fact becomes known or is taken back, beside an inference from nothing."""
    theory = ours()
    revising = getattr(inference, "revising", None)
    changes: list[tuple[Situation, list[Situation]]] = []
    for case in told(theory):
        changed = [with_fact(theory.vocabulary, case, fact) for fact in unknown(theory, case)]
        changed += [replace(case, facts=case.facts - {fact}) for fact in sorted(case.facts)[::9]]
        changes.append((case, changed))
    count = sum(len(changed) for _, changed in changes)
    anew = best(lambda: [infer(theory, each) for _, changed in changes for each in changed], 2)
    line(f"{count} changes of one fact, in the transcripts", "ms a change", "of an inference")
    line("  inferred from nothing", anew * 1000 / count, "100 %")
    if revising is None:
        line("  there is no advisor.inference.revising yet")
        return
    ready = [(revising(theory, case), changed) for case, changed in changes]
    for again, changed in ready:
        for each in changed:
            assert again(theory, each) == infer(theory, each)
    revised = best(lambda: [again(theory, each) for again, changed in ready for each in changed], 2)
    line("  revised", revised * 1000 / count, f"{revised / anew:.1%}")


def unknown(theory: Theory, case: Situation) -> list[Fact]:
    """Some facts of which nothing is known in a situation."""
    found = []
    for variable in theory.vocabulary.variables:
        args = case.states[: variable.arity] or (SYSTEM,)
        if variable.derived or len(args) != max(1, variable.arity):
            continue
        if not any(fact.variable == variable.id and fact.args == args for fact in case.facts):
            found.append(Fact(variable.id, args, variable.values[0].id))
    return found[::9]


# ---------------------------------------------------------------- start-up


def startup() -> None:
    """The first inference of a fresh process: experta loaded, the propositions compiled."""
    script = """
import collections, collections.abc, logging, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from advisor.theory import load_theory
from advisor.situation import from_facts
theory, _ = load_theory(Path(sys.argv[1]) / "rules")
case = from_facts(theory.vocabulary, [], ["Arvenia", "Borland"])
start = time.perf_counter()
sum(number * number for number in range(1_000_000))
stable = time.perf_counter() - start
start = time.perf_counter()
from advisor.inference import infer
imported = time.perf_counter() - start
start = time.perf_counter()
infer(theory, case)
first = time.perf_counter() - start
start = time.perf_counter()
infer(theory, case)
print(stable, imported, first, time.perf_counter() - start)
"""
    runs = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, check=True)
        runs.append([float(each) for each in done.stdout.split()])
    stable, imported, first, second = (min(column) for column in zip(*runs, strict=True))
    line("the first inference of a process", "ms", "of a million squares")
    for name, took in (
        ("experta and the engine loaded", imported),
        ("the propositions compiled, and one inference", first),
        ("the propositions compiled", first - second),
        ("a second inference", second),
        ("a million squares added up, for comparison", stable),
    ):
        line(f"  {name}", took * 1000, f"x {took / stable:.2f}")


PARTS = {each.__name__: each for each in (catalogue, join, growth, flip, startup)}

if __name__ == "__main__":
    for wanted in sys.argv[1:] or PARTS:
        PARTS[wanted]()
        print()  # noqa: T201
