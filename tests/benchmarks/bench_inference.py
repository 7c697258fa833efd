"""How fast the engine is, beside experta's own matcher, CLIPS, and other rule engines for Python.

``python tests/benchmarks/bench_inference.py [catalogue] [join] [others] [growth] [flip] [startup]``; all of them if
none is named.  Each line compares what was timed in the same run, the best of some repetitions: the ratio is what
counts, the times are those of the machine.  Ours keeps every justification.

experta's own matcher runs the rules as ``tests/stock_oracle.py`` writes them, and notes what applies.  CLIPS is spoken
to through clipspy (``tests/clips_oracle.py``): rules built once, then for each situation reset, facts asserted, run,
and what applies and was derived read back.  ``run`` alone is what CLIPS itself takes, without the binding.  The rest
stand in ``other_engines.py``.  None of them keeps justifications.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from random_theories import VOCABULARY  # noqa: E402
from stock_oracle import stock_inference  # noqa: E402

from advisor import house  # noqa: E402
from advisor.inference import infer, revising  # noqa: E402
from advisor.inference.compile import Pattern, patterns  # noqa: E402
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

if TYPE_CHECKING:
    import other_engines

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


def chain(states: int) -> tuple[Theory, Situation]:
    """One proposition of four conditions joined by three roles, over many states."""
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
    return Theory(VOCABULARY, (), (rule,), f"chain {states}"), from_facts(VOCABULARY, facts)


# ---------------------------------------------------------------- beside experta's matcher and CLIPS


def compare(name: str, theory: Theory, cases: Sequence[Situation], times: int, stock_times: int = 1) -> None:
    """Print how we fare beside experta's matcher and CLIPS on some situations."""
    mine = best(lambda: [infer(theory, case) for case in cases], times)
    line(name, "ms", "ours is faster by")
    line("  ours, all justifications kept", mine * 1000, "")
    stock = best(lambda: [stock_inference(theory, case) for case in cases], stock_times)
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


# ---------------------------------------------------------------- beside other engines


def others() -> None:
    """Other rule engines that one may use from Python, where they are installed, on what they can say."""
    import other_engines

    theory = ours()
    cases = told(theory)
    rule, case = chain(200)
    makers = {
        "clingo": (other_engines.clingo_engine, len(cases)),
        "pyDatalog": (other_engines.datalog_engine, 3),
        "durable-rules": (other_engines.durable_engine, 0),
    }
    line("other engines, conclusions alone", "ms", "ours is faster by")
    for name, (maker, count) in makers.items():
        for what, asked, several in (("transcripts", theory, cases[:count]), ("join over 200 states", rule, [case])):
            if several:
                beside(f"  {name}, {f'{count} ' if asked is theory else ''}{what}", maker, asked, several)
    for name, why in other_engines.WHY_NOT.items():
        line(f"  {name}: {why}")


def beside(name: str, maker: Callable[[Theory], other_engines.Engine], theory: Theory, cases: list[Situation]) -> None:
    """Print how fast another engine finds what applies, once it is seen to find the same."""
    try:
        engine = maker(theory)
    except ImportError:
        line(f"{name}: not installed")
        return
    for case in cases:
        assert engine(case) == {(each.proposition, each.bindings) for each in infer(theory, case).justifications}
    mine = best(lambda: [infer(theory, case) for case in cases])
    other = best(lambda: [engine(case) for case in cases], 1)
    line(name, other * 1000, f"x {other / mine:.1f}")


# ---------------------------------------------------------------- growth


def growth() -> None:
    """Ten times as many facts, states or rules, with the same matches."""
    line("growth, the matches staying the same", "ms", "ms, x 10", "time")

    def grown(name: str, small: tuple[Theory, Situation], large: tuple[Theory, Situation]) -> None:
        assert infer(*large).justifications == infer(*small).justifications
        before, after = best(lambda: infer(*small), 9), best(lambda: infer(*large), 9)
        line(f"  {name}", before * 1000, after * 1000, f"x {after / before:.2f}")

    theory = ours()
    case = max(told(theory), key=lambda each: len(each.facts))
    found = infer(theory, case).justifications
    # Where a role is open to anybody, further states are further matches.
    settled = [each for each in theory.propositions if not is_open(each)]
    settled_theory = replace(theory, propositions=tuple(settled), digest="settled")
    rule, one = chain(20)
    for name, rules, few in ((f"{len(settled)} propositions", settled_theory, case), ("one rule", rule, one)):
        many = unrelated(rules, few)
        grown(f"facts {len(few.facts)} to {len(many.facts)}, {name}", (rules, few), (rules, many))
    for name, rules, few in ((f"{len(settled)} propositions", settled_theory, case), ("one rule", rule, one)):
        names = (f"Other {number}" for number in range(9 * len(few.states)))
        many = replace(few, states=(*few.states, *names))
        grown(f"states {len(few.states)} to {len(many.states)}, {name}", (rules, few), (rules, many))
    silent = [each for each in theory.propositions if each.id not in {reason.proposition for reason in found}]
    copies = [replace(each, id=f"{each.id}-{n}", defeats=(), disputes=()) for n in range(18) for each in silent]
    copies = copies[: 9 * len(theory.propositions)]
    larger = replace(theory, propositions=(*theory.propositions, *copies), digest="larger")
    name = f"rules {len(theory.propositions)} to {len(larger.propositions)}, which do not apply"
    grown(name, (theory, case), (larger, case))


def is_open(rule: Proposition) -> bool:
    """Whether a rule has a role, if only in an ``unless``, that may be played by a state of which nothing is known."""

    def roles(conditions: Iterable[Condition]) -> set[str]:
        return {term.name for each in conditions for term in each.terms if term.role}

    def bound(pattern: Pattern) -> set[str]:
        lists = (set.intersection(*(roles([each]) for each in chosen.of)) for chosen in pattern.lists)
        return roles(pattern.conditions).union(*lists)

    return any({*each.roles, *roles(each.unless)} - bound(each) for each in patterns(rule))


def unrelated(theory: Theory, case: Situation) -> Situation:
    """Add nine facts for each of a case, about as many further states, that meet conditions and no rule together."""
    rng = random.Random(3)
    names = [f"Other {number}" for number in range(9 * len(case.states))]
    kinds = [(v, value.id) for v in theory.vocabulary.variables if v.arity and not v.derived for value in v.values]
    grown = replace(case, states=(*case.states, *names))
    again, found = revising(theory, grown), infer(theory, case).justifications
    while len(grown.facts) < 10 * len(case.facts):
        kind = rng.choice(kinds)
        variable, value = kind
        more = with_fact(theory.vocabulary, grown, Fact(variable.id, tuple(rng.sample(names, variable.arity)), value))
        if again(theory, more).justifications == found:
            grown = more
        else:
            kinds.remove(kind)
    return grown


# ---------------------------------------------------------------- one change


def flip() -> None:
    """One fact becomes known or is taken back, beside an inference from nothing."""
    theory = ours()
    changes: list[tuple[Situation, list[Situation]]] = []
    for case in told(theory):
        changed = [with_fact(theory.vocabulary, case, fact) for fact in unknown(theory, case)]
        changed += [replace(case, facts=case.facts - {fact}) for fact in sorted(case.facts)[::9]]
        changes.append((case, changed))
    count = sum(len(changed) for _, changed in changes)
    anew = best(lambda: [infer(theory, each) for _, changed in changes for each in changed])
    line(f"{count} changes of one fact, in the transcripts", "ms a change", "of an inference")
    line("  inferred from nothing", anew * 1000 / count, "100 %")
    ready = [(revising(theory, case), changed) for case, changed in changes]
    for again, changed in ready:
        for each in changed:
            assert again(theory, each) == infer(theory, each)
    revised = best(lambda: [again(theory, each) for again, changed in ready for each in changed])
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
        ("experta loaded, the propositions compiled, and one inference", imported + first),
        ("experta loaded, the propositions compiled", imported + first - second),
        ("a second inference", second),
        ("a million squares added up, for comparison", stable),
    ):
        line(f"  {name}", took * 1000, f"x {took / stable:.2f}")


PARTS = {each.__name__: each for each in (catalogue, join, others, growth, flip, startup)}

if __name__ == "__main__":
    for wanted in sys.argv[1:] or PARTS:
        PARTS[wanted]()
        print()  # noqa: T201
