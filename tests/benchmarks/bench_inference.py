"""How fast the matcher is beside experta's own: run ``python tests/benchmarks/bench_inference.py [COUNT]``.

Each line is one situation, timed with both matchers in the same run; COUNT is the number of states in the
last one (default 60).  The ratio is what counts, the times are those of the machine.
"""

import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from random_theories import VOCABULARY  # noqa: E402

from advisor import house  # noqa: E402
from advisor.inference import infer  # noqa: E402
from advisor.situation import from_facts  # noqa: E402
from advisor.terms import SYSTEM, CautionClaim, Condition, Fact, Proposition, Situation, Term, Theory  # noqa: E402
from advisor.theory import load_theory  # noqa: E402


def timed(theory: Theory, situation: Situation, matcher: str, times: int) -> float:
    """The best of some runs, after one that builds the engine."""
    infer(theory, situation, matcher)
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        infer(theory, situation, matcher)
        best = min(best, time.perf_counter() - start)
    return best


def compare(name: str, theory: Theory, situation: Situation, times: int = 3) -> None:
    """Print one line."""
    assert infer(theory, situation) == infer(theory, situation, "stock")
    ours, stock = (timed(theory, situation, matcher, times) for matcher in ("indexed", "stock"))
    found = len(infer(theory, situation).justifications)
    line = (
        f"{name:44} {len(situation.facts):6} facts {found:6} justifications "
        f"{ours * 1000:9.1f} ms {stock * 1000:9.1f} ms   x {stock / ours:.1f}"
    )
    print(line)  # noqa: T201


def rule_base(states: int, facts: int) -> tuple[Theory, Situation]:
    """The whole rule base on random facts about some states."""
    theory, _ = load_theory(house.rules_folder())
    rng = random.Random(5)
    names = [f"State {number}" for number in range(states)]
    observed = [variable for variable in theory.vocabulary.variables if not variable.derived]
    chosen: dict[tuple[str, tuple[str, ...]], Fact] = {}
    while len(chosen) < facts:
        variable = rng.choice(observed)
        args = tuple(sorted(rng.sample(names, variable.arity))) or (SYSTEM,)
        chosen[variable.id, args] = Fact(variable.id, args, rng.choice(variable.values).id)
    return theory, from_facts(theory.vocabulary, chosen.values(), names)


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


if __name__ == "__main__":
    print(f"{'':44} {'':12} {'':21} {'indexed':>12} {'stock':>12}   ratio")  # noqa: T201
    for states, facts in ((4, 30), (6, 60), (8, 120)):
        compare(f"the rule base, {facts} facts about {states} states", *rule_base(states, facts))
    for states in (30, int(sys.argv[1]) if len(sys.argv) > 1 else 60):
        compare(f"four conditions over {states} states", *chain(states), times=1)
