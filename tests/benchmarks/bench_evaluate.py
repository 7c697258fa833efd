"""How fast many cases are worked on: run ``python tests/benchmarks/bench_evaluate.py [WHAT…]``.

Each WHAT compares things within one run, by the processor's time where one process is measured and by the clock where
several are, so that a ratio counts:

- ``speed``: words a second from text to written records, every justification kept, beside the bare English pipeline
  with the same components on the same texts; ``stages``: where the time goes;
- ``jobs``: two processes beside one, on a corpus for which starting a process is under 5 %;
- ``structured``: cases of twenty facts beside the same cases read from text;
- ``memory``: the memory in use at 1,000 cases and at ``--most``; ``growth``: the time a case takes, at both;
- ``size``: bytes a record takes, plain and packed, and what a corpus of a million paragraphs takes.

``--most`` is 10,000 by default; the goals are about 100,000.  ``--words`` is how long the corpus for two processes is.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from advisor import house  # noqa: E402
from advisor.evaluation import Given, Setup, case_json, cases_in, evaluating, records, run_into, running  # noqa: E402
from advisor.reading import model, preparing  # noqa: E402
from advisor.terms import Fact, Observation, Theory, Transcript  # noqa: E402
from advisor.theory import load_theory  # noqa: E402
from advisor.transcript import load_all  # noqa: E402

LEAST_SPEED, LEAST_JOBS, MOST_GROWTH, MOST_MEMORY = 0.60, 1.8, 0.10, 0.05
FACTS = 20


def say(line: str = "") -> None:
    """Print one line at once."""
    print(line, flush=True)  # noqa: T201


def verdict(good: bool) -> str:
    """Say whether a goal is reached."""
    return "reached" if good else "MISSED"


# ---------------------------------------------------------------- cases


def transcripts(theory: Theory) -> list[Transcript]:
    """The cases that come with the project."""
    return [case for case in load_all(theory.vocabulary, ROOT / "transcripts")[0] if case.text]


def told(theory: Theory) -> list[Transcript]:
    """Cases with a text: the transcripts, and the situations of the propositions, some together to make a paragraph."""
    texts = [each.text for p in theory.propositions for each in (p.fires, p.silent) if each is not None]
    parts = [" ".join(texts[n : n + 6]) for n in range(0, len(texts), 6)]
    return [*transcripts(theory), *(Transcript(f"part-{n}", text=text) for n, text in enumerate(parts))]


def varied(cases: Sequence[Transcript], count: int) -> Iterator[Transcript]:
    """Give so many cases, each a little different: the invented states have other names."""
    rng = random.Random(5)
    for number in range(count):
        case = cases[number % len(cases)]
        text = case.text
        for name in ("Arvenia", "Borland", "Cadria", "Delmark"):
            text = text.replace(name, name[:-2] + rng.choice(("ux", "or", "eth", "ok", "ul", "ant")) + name[-2:])
        yield replace(case, id=str(number), text=text)


def of_twenty_facts(theory: Theory, count: int) -> Iterator[dict[str, Any]]:
    """Give so many structured cases of twenty facts about three states, drawn at random from what may be stated."""
    rng = random.Random(11)
    stated = [v for v in theory.vocabulary.variables if not v.derived]
    for number in range(count):
        facts: dict[tuple[str, tuple[str, ...]], Fact] = {}
        while len(facts) < FACTS:
            variable = rng.choice(stated)
            args = tuple(rng.sample(("Arvenia", "Borland", "Cadria"), variable.arity)) or ("system",)
            facts[variable.id, args] = Fact(variable.id, args, rng.choice(variable.values).id)
        seen = tuple(Observation(fact, "asserted") for fact in facts.values())
        yield case_json(Transcript(str(number), facts=seen))


def written(folder: Path, cases: Iterable[Transcript | dict[str, Any]]) -> Path:
    """Write cases as a list of JSON."""
    path = folder / "cases.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(case_json(case) if isinstance(case, Transcript) else case) + "\n")
    return path


# ---------------------------------------------------------------- measuring


def spent(work: Callable[[], Any]) -> float:
    """Give how much of the processor's time some work takes in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def passed(work: Callable[[], Any]) -> float:
    """Give how long some work takes by the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(rounds: int, measure: Callable[[Callable[[], Any]], float], *works: Callable[[], Any]) -> list[float]:
    """Measure some works in turn, so that the machine's mood falls on all alike; give the best of each."""
    found = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            found[number] = min(found[number], measure(work))
    return found


def in_use() -> float:
    """Give the memory in use, in megabytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def run(setup: Setup, path: Path, how: running.Run = running.in_turn, **more: Any) -> evaluating.Progress:
    """Do a whole run, from the file of cases to the file of records."""
    with tempfile.TemporaryDirectory() as scratch:
        return run_into(Path(scratch), setup, cases_in([path]), how, **more)


# ---------------------------------------------------------------- the comparisons


def speed(setup: Setup, options: argparse.Namespace, folder: Path) -> None:
    """Compare a whole run with the bare pipeline."""
    import spacy

    cases = told(setup.theory)
    texts = [case.text for case in cases]
    words = sum(len(text.split()) for text in texts)
    path = written(folder, cases)
    nlp = spacy.load(model.load()[1].model, exclude=["ner"])
    _ = [nlp(text) for text in texts], run(setup, path)
    alone, together, ours = best(
        options.rounds,
        spent,
        lambda: [nlp(text) for text in texts],
        lambda: list(nlp.pipe(texts)),
        lambda: run(setup, path),
    )
    say(f"speed, {len(texts)} cases of {words:,} words, one process")
    say(f"  the bare pipeline, a text at a time  {words / alone:9,.0f} words a second")
    say(f"  the bare pipeline, many at a time    {words / together:9,.0f} words a second")
    say(f"  from cases to records                {words / ours:9,.0f} words a second")
    say(f"  ratio {alone / ours:.2f}, goal at least {LEAST_SPEED}: {verdict(alone / ours >= LEAST_SPEED)}")
    say(f"  ratio {together / ours:.2f} to many at a time, which parses exactly the same")


@contextmanager
def stages() -> Iterator[dict[str, float]]:
    """Add up the time that each stage takes by itself while this context is open."""
    took = dict.fromkeys(("case", "parse", "read", "infer", "judge", "ask", "record", "write"), 0.0)
    running_ = [0.0]  # what stages within the present one took
    undo: list[tuple[Any, str, Any]] = []

    def clocked(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def do(*given: Any, **named: Any) -> Any:
            running_.append(0.0)
            start = time.process_time()
            try:
                return work(*given, **named)
            finally:
                whole = time.process_time() - start
                took[stage] += whole - running_.pop()
                running_[-1] += whole

        return do

    def whole(work: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        return lambda *given, **named: iter(list(work(*given, **named)))

    import advisor.reading as reading

    for place, name, stage, wrap in (
        (preparing, "_parse", "parse", whole),
        (reading, "read_together", "read", whole),
        (reading, "read", "read", None),
        (records, "case_from", "case", None),
        (records, "infer", "infer", None),
        (records, "judge", "judge", None),
        (records, "judge_also", "judge", None),
        (records, "next_question", "ask", None),
        (records, "_answered", "record", None),
        (records, "_record", "record", None),
        (running, "line_of", "write", None),
        (evaluating, "write", "write", None),
    ):
        plain = getattr(place, name)
        undo.append((place, name, plain))
        setattr(place, name, clocked(stage, wrap(plain) if wrap else plain))
    try:
        yield took
    finally:
        for place, name, work in undo:
            setattr(place, name, work)


def profile(setup: Setup, options: argparse.Namespace, folder: Path) -> None:
    """Print the share of each stage in a whole run."""
    cases = told(setup.theory)
    words = sum(len(case.text.split()) for case in cases)
    path = written(folder, cases)
    for title, each in (("without a question", setup), ("with the next question", replace(setup, question=True))):
        run(each, path)
        with stages() as took:
            whole = spent(lambda each=each: run(each, path))  # type: ignore[misc]
        took["rest"] = whole - sum(took.values())
        say(f"stages, {title}: {whole / len(cases) * 1000:.1f} ms a case of {words / len(cases):.0f} words")
        say("  " + "  ".join(f"{stage} {seconds / whole:.0%}" for stage, seconds in took.items()))
        say(
            "  " + "  ".join(f"{stage} {seconds / len(cases) * 1000:.2f}" for stage, seconds in took.items()) + "  (ms)"
        )


def jobs(setup: Setup, options: argparse.Namespace, folder: Path) -> None:
    """Compare two processes with one, of the same kind, on a corpus that makes starting them small."""
    cases = told(setup.theory)
    words = sum(len(case.text.split()) for case in cases)
    count = max(len(cases), round(options.words / words * len(cases)))
    path = written(folder, varied(cases, count))
    few = folder / "few"
    few.mkdir(exist_ok=True)
    one_case = written(few, varied(cases, 1))
    works = [(one_case, 1), (path, 1), (path, 2)]
    used: dict[int, float] = {}

    def worked(number: int) -> None:
        before = os.times()
        run(setup, works[number][0], running.in_processes(works[number][1]))
        after = os.times()
        used[number] = sum(after[:4]) - sum(before[:4])

    start, one, two = best(options.rounds, passed, *(lambda n=n: worked(n) for n in range(3)))  # type: ignore[misc]
    say(f"processes, {count:,} cases of {options.words:,} words, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    say(f"  one {one:7.1f} s, of which to start {start:.1f} s ({start / one:.1%});  two {two:7.1f} s")
    say(f"  of the processors' time, whatever else the machine does: one {used[1]:.1f} s, two {used[2]:.1f} s")
    say(f"  ratio {one / two:.2f}, goal at least {LEAST_JOBS}: {verdict(one / two >= LEAST_JOBS)}")


def structured(setup: Setup, options: argparse.Namespace, folder: Path) -> None:
    """Compare cases of twenty facts with reading the same cases as text."""
    from advisor.vocabulary import say as say_fact
    from advisor.wording import sentence

    cases = list(of_twenty_facts(setup.theory, options.cases))
    path = written(folder, cases)
    as_text = folder / "text"
    as_text.mkdir(exist_ok=True)
    some = cases[: max(50, options.cases // 20)]
    texts = [
        {
            "id": case["id"],
            "text": " ".join(
                sentence(say_fact(setup.theory.vocabulary, Fact(f["variable"], tuple(f["args"]), f["value"])))
                for f in case["facts"]
            ),
        }
        for case in some
    ]
    text_path = written(as_text, texts)
    run(setup, text_path)
    facts, read = best(options.rounds, spent, lambda: run(setup, path), lambda: run(setup, text_path))
    each, other = facts / len(cases) * 1000, read / len(texts) * 1000
    say(
        f"structured, {len(cases):,} cases of {FACTS} facts, {len(setup.theory.propositions)} propositions, "
        "all justifications kept"
    )
    say(
        f"  from facts {each:6.2f} ms a case;  from text {other:6.2f} ms a case ({len(texts)} cases);  "
        f"ratio {each / other:.2f}"
    )


def memory(setup: Setup, options: argparse.Namespace, folder: Path) -> None:
    """See whether the memory in use grows from 1,000 cases to many, structured and read."""
    for title, cases, most in (
        ("structured", of_twenty_facts(setup.theory, options.most), options.most),
        ("read", varied(told(setup.theory), options.most // 10), options.most // 10),
    ):
        path = written(folder, cases)
        seen: list[tuple[int, float]] = []

        def tell(far: evaluating.Progress, seen: list[tuple[int, float]] = seen) -> None:
            seen.append((far.cases, in_use()))

        run(setup, path, tell=tell)
        first = min(1_000, most // 4)
        early = statistics.median(used for cases_, used in seen if first <= cases_ <= 2 * first)
        late = statistics.median(used for cases_, used in seen if cases_ >= 0.9 * most)
        say(
            f"memory, {title}: {early:.0f} MB at {first:,} cases, {late:.0f} MB at {most:,}: {late / early - 1:+.1%}, "
            f"goal at most {MOST_MEMORY:.0%}: {verdict(late <= (1 + MOST_MEMORY) * early)}"
        )


def growth(setup: Setup, options: argparse.Namespace, folder: Path) -> None:
    """Compare the time of a case at 1,000 cases and at many."""
    path = written(folder, of_twenty_facts(setup.theory, options.most))
    marks: list[tuple[int, float]] = [(0, time.process_time())]
    run(setup, path, tell=lambda far: marks.append((far.cases, time.process_time())))

    def until(cases: int) -> float:
        count, at = min(marks, key=lambda mark: abs(mark[0] - cases))
        return (at - marks[0][1]) / max(1, count) * 1000

    few, many = until(1_000), until(options.most)
    say(
        f"growth: {few:.3f} ms a case at 1,000 cases, {many:.3f} at {options.most:,}: {many / few - 1:+.1%}, "
        f"goal at most {MOST_GROWTH:.0%}: {verdict(many <= (1 + MOST_GROWTH) * few)}"
    )


def size(setup: Setup, options: argparse.Namespace, folder: Path) -> None:
    """Weigh the records of paragraphs, and say what a million and a hundred million take."""
    cases = told(setup.theory)
    words = sum(len(case.text.split()) for case in cases)
    given = [Given(case.id, "case", case, case.id) for case in cases]
    lines = b"".join(map(records.line_of, records.records(setup, given)))
    packed = gzip.compress(lines, 6)
    path = written(folder, cases)
    (seconds,) = best(options.rounds, spent, lambda: run(setup, path))
    each = [seconds / len(cases), len(lines) / len(cases), len(packed) / len(cases)]
    say(
        f"size: a case of {words / len(cases):.0f} words takes {each[0] * 1000:.1f} ms, "
        f"its record {each[1] / 1000:.1f} kB, packed {each[2] / 1000:.1f} kB"
    )
    for count in (1_000_000, 100_000_000):
        say(
            f"  {count:11,} cases: {count * each[0] / 3600:9,.1f} core-hours, {count * each[1] / 1e9:9,.1f} GB, "
            f"packed {count * each[2] / 1e9:8,.1f} GB"
        )


COMPARISONS = {
    "speed": speed,
    "stages": profile,
    "jobs": jobs,
    "structured": structured,
    "memory": memory,
    "growth": growth,
    "size": size,
}


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=", ".join(COMPARISONS))
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--words", type=int, default=200_000, help="of how many the corpus for two processes is")
    parser.add_argument("--cases", type=int, default=1_000, help="how many structured cases (the goal: 10,000)")
    parser.add_argument("--most", type=int, default=10_000, help="how many cases for memory and growth (100,000)")
    options = parser.parse_args()
    unknown = [each for each in options.what if each not in COMPARISONS]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there is {', '.join(COMPARISONS)}")
    gc.set_threshold(200_000, 20, 50)  # as the command does
    theory, _ = load_theory(house.rules_folder())
    setup = Setup(theory, house.rules_folder())
    for each in options.what or COMPARISONS:
        with tempfile.TemporaryDirectory() as scratch:
            COMPARISONS[each](setup, options, Path(scratch))


if __name__ == "__main__":
    main()
