"""Whether an inquiry is right on random cases, and what it costs: ``python tests/benchmarks/bench_inquiry.py [COUNT]``.

COUNT (default 50) is the number of random cases of each kind: small theories in which every order of questions is
tried; random theories whose flips are replayed, and for one in ten also searched for one by one; complete cases of
random theories and of our own rules, in which questions are asked to the stop, in our order and in a fixed one.  All
transcripts come first.  What takes time is given as a multiple of one inference from nothing, in the same run.
"""

import itertools
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import random_schools  # noqa: E402
from asking_games import Game, answered_in_full, interrogated  # noqa: E402
from replaying import altered, brute_flips, label, lead, verdict_of  # noqa: E402

from advisor import house  # noqa: E402
from advisor.inference import infer, revising  # noqa: E402
from advisor.inquiry import flips, how, next_question, open_questions, parting, why_not  # noqa: E402
from advisor.situation import from_facts, situation  # noqa: E402
from advisor.terms import Advice, Theory  # noqa: E402
from advisor.theory import load_theory  # noqa: E402
from advisor.transcript import load  # noqa: E402
from advisor.verdict import judge, judge_one  # noqa: E402

MODELS = ("britain-1912-14", "ussr-1939", "arvenia-alone")


def show(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)  # noqa: T201


def replayed(theory: Theory, advice: Advice) -> tuple[int, int]:
    """Count the flips of an advice, and those that come true from scratch while no part of them does."""
    verdict, case = advice.verdicts[0], advice.inference.situation
    found = flips(theory, advice, revising(theory, case))
    true = 0
    for flip in found:
        parts = [some for size in range(len(flip.changes) + 1) for some in itertools.combinations(flip.changes, size)]
        true += all(
            (lead(verdict_of(theory, altered(theory.vocabulary, case, some), verdict)) != lead(verdict))
            == (len(some) == len(flip.changes))
            for some in parts
        )
    return len(found), true


def best_of(function: Callable[[], Any], times: int = 5) -> float:
    """The best of some runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


def transcripts(theory: Theory) -> None:
    """Replay every claim about the transcripts, and time the answers."""
    claims = true = 0
    show(f"{'':28} {'inference':>10} {'flips':>7} {'parting':>8} {'next':>6} {'open':>6} {'how':>6} {'why not':>8}")
    for path in sorted((ROOT / "transcripts").glob("*.md")):
        case, _ = load(theory.vocabulary, path)
        known = situation(theory.vocabulary, case.facts)
        inference = infer(theory, known)
        focus = {"focus": case.expect[0].state, "toward": case.expect[0].toward} if case.expect else {}
        advice = judge(theory, inference, **focus)
        if not advice.verdicts:
            continue
        found, right = replayed(theory, advice)
        claims, true = claims + found, true + right
        if case.id not in MODELS:
            continue
        again = revising(theory, known)
        one = best_of(lambda known=known: infer(theory, from_facts(theory.vocabulary, known.facts)))  # type: ignore[misc]
        costs = [
            best_of(lambda give=give, advice=advice, again=again: give(theory, advice, again))  # type: ignore[misc]
            for give in (flips, parting, next_question, open_questions)
        ]
        costs.append(best_of(lambda advice=advice: how(theory, advice)))  # type: ignore[misc]
        costs.append(best_of(lambda advice=advice: why_not(theory, advice, "hedge")))  # type: ignore[misc]
        ratios = " ".join(f"{'x ' + format(cost / one, '.1f'):>7}" for cost in costs)
        show(f"{case.id:28} {one * 1000:7.1f} ms {ratios}   flips in {costs[0] * 1000:.0f} ms")
    show(f"transcripts: {true} of {claims} flips come true from scratch, and no part of them")


def random_flips(count: int) -> None:
    """Replay the flips of random theories, and search for them one by one in some."""
    claims = true = searched = complete = 0
    for seed in range(count):
        rng = random.Random(seed)
        theory = random_schools.theory(rng, rng.choice([14, 24]))
        case = random_schools.situation(rng, rng.choice([6, 12, 20]), 2)
        toward = rng.choice(["Borland", "Borland", None])
        advice = judge(theory, infer(theory, case), focus="Arvenia", toward=toward)
        found, right = replayed(theory, advice)
        claims, true = claims + found, true + right
        if seed % 10 == 0:
            searched += 1
            listed = flips(theory, advice, infer)
            complete += {frozenset(flip.changes) for flip in listed} == brute_flips(theory, advice)
    show(f"{count} random theories: {true} of {claims} flips come true from scratch, and no part of them")
    show(f"  in {complete} of {searched}, a search of all sets one by one finds the same and no more")


def small_games(count: int) -> None:
    """Try every order of questions in small theories."""
    games = [Game(random_schools.small(random.Random(seed))) for seed in range(count)]
    exact = sum(game.stops_exactly() for game in games)
    best, asked, in_order = (sum(map(give, games)) for give in (Game.fewest, Game.asked, Game.in_order))
    show(f"{count} small theories: in {exact} questions stop exactly when nothing can change, whatever is answered")
    show(
        f"  questions on average: {best / count:.2f} in the best order, "
        f"{asked / count:.2f} in ours (x {asked / best:.3f}), "
        f"{in_order / count:.2f} in a fixed one (x {in_order / best:.3f})"
    )


def random_stops(count: int) -> None:
    """Ask to the stop in random complete cases of random theories."""
    right = asked = matters = 0
    for seed in range(count):
        rng = random.Random(seed)
        theory = random_schools.theory(rng, rng.choice([14, 24, 36]))
        whole, known = answered_in_full(theory, rng, ("Arvenia", "Borland", "Cadria")[: rng.choice([2, 3])])
        questions, before = interrogated(theory, whole, known, "Arvenia", "Borland")
        right += label(before) == label(judge_one(theory, infer(theory, whole), before))
        asked += len(questions)
        matters += len(known)
    show(f"{count} complete cases of random theories: in {right} the verdict at the stop is that with all answered")
    show(f"  questions on average: {asked / count:.1f} of {matters / count:.0f} that could be asked")


def complete_cases(theory: Theory, count: int) -> None:
    """Ask to the stop in random complete cases of our own rules."""
    right = ours = fixed = fixed_cases = matters = 0
    for seed in range(count):
        rng = random.Random(seed)
        whole, known = answered_in_full(theory, rng, ("Arvenia", "Borland", "Cadria")[: rng.choice([2, 2, 3])])
        questions, before = interrogated(theory, whole, known, "Arvenia", "Borland")
        right += label(before) == label(judge_one(theory, infer(theory, whole), before))
        ours += len(questions)
        matters += len(known)
        if seed % 10 == 0:
            in_order, _ = interrogated(theory, whole, known, "Arvenia", "Borland", fixed=True)
            fixed += len(in_order)
            fixed_cases += 1
    show(f"{count} complete cases of our rules: in {right} the verdict at the stop is that with everything answered")
    show(
        f"  questions on average: {ours / count:.1f} of {matters / count:.0f} that could be asked; "
        f"{fixed / fixed_cases:.1f} in a fixed order (on {fixed_cases} of the cases)"
    )


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    loaded, _ = load_theory(house.rules_folder())
    transcripts(loaded)
    small_games(number)
    complete_cases(loaded, number)
    random_stops(number)
    random_flips(number)
