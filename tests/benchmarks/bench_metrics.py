"""What measuring costs beside the work itself: ``python tests/benchmarks/bench_metrics.py [CASES]``.

All in one run, on the records of our own transcripts, told again and again with other outcomes: the time a case takes
to be judged and counted at 1,000 and at CASES cases (100,000 unless told), as a ratio; the memory at both; what a
report of 10,000 cases takes, how large it is, and how long a browser needs until it is there and to filter it.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import browser, find  # noqa: E402

import advisor  # noqa: E402
from advisor import house  # noqa: E402
from advisor.evaluation import judged, tally, yardstick  # noqa: E402
from advisor.evaluation.judging import Yardstick  # noqa: E402
from advisor.evaluation.report import write_report  # noqa: E402
from advisor.evaluation.summary import summarise  # noqa: E402

IN_REPORT = 10_000


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def many(told: list[str], strategies: list[str], count: int) -> Iterator[dict[str, Any]]:
    """So many records, each parsed anew, as from a file, and answered by chance."""
    draw = random.Random(1)
    for number in range(count):
        record = json.loads(told[number % len(told)])
        record["id"] = f"{record['id']}-{number}"
        for verdict in record["verdicts"]:
            if verdict["decision"] == "predicted" and draw.random() < 0.5:
                verdict["strategy"] = draw.choice(strategies)
        yield record


def measured(rod: Yardstick, told: list[str], count: int) -> tuple[float, float, int]:
    """Seconds a case to parse, and to parse, judge and count; and the kinds of cases that are kept."""
    strategies = [each.id for each in rod.theory.vocabulary.strategies if each.question == "response"]
    start = time.process_time()
    for _ in many(told, strategies, count):
        pass
    parsed = time.process_time() - start
    start = time.process_time()
    found = tally(judged(rod, record) for record in many(told, strategies, count))
    summarise(rod.theory, found)
    return parsed / count, (time.process_time() - start) / count, len(found.strategies)


def memory() -> float:
    """The most memory this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    theory = advisor.load_theory()
    rod = yardstick(theory, house.rules_folder())
    facts = advisor.evaluate(ROOT / "transcripts", theory, facts=True)
    told = [json.dumps(record) for record in facts]
    measured(rod, told, 200)
    costs = {}
    for count in (1_000, most):
        parsed, whole, kinds = measured(rod, told, count)
        costs[count] = whole
        say(
            f"{count:,} cases: {1e3 * whole:.3f} ms a case, of which {1e3 * parsed:.3f} to parse the record; "
            f"{kinds} kinds; {memory():.0f} MB"
        )
    say(f"a case at {most:,} takes {costs[most] / costs[1_000]:.2f} of what it takes at 1,000")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        strategies = [each.id for each in theory.vocabulary.strategies if each.question == "response"]
        summary = summarise(theory, tally(judged(rod, each) for each in many(told, strategies, IN_REPORT)))
        start = time.process_time()
        first, *pages = write_report(path, rod, lambda: many(told, strategies, IN_REPORT), summary)
        took = time.process_time() - start
        beside = sum(each.stat().st_size for each in pages)
        say(
            f"a report of {IN_REPORT:,} cases: {1e3 * took / IN_REPORT:.2f} ms a case; the page "
            f"{first.stat().st_size / 1e6:.1f} MB, {len(pages)} pages beside it with {beside / 1e6:.0f} MB, "
            f"{beside / IN_REPORT / 1e3:.1f} KB a case"
        )
        if find():
            show(first, pages[0])
    say(f"{memory():.0f} MB at the end")


def show(first: Path, page: Path) -> None:
    """How long a browser takes."""
    frame = "await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));"
    click = "(async () => { const a = performance.now(); document.getElementById('g-wrong').click();" + frame
    with browser() as chromium:
        chromium.view(1280, 900)
        for path in (first, page):
            start = time.perf_counter()
            chromium.open(path)
            say(f"{path.name}: there after {time.perf_counter() - start:.2f} s")
        chromium.open(first)
        chromium.value(f"(async () => {{ {frame} }})()")
        say(f"filtered after {chromium.value(click + ' return performance.now() - a; })()'):.0f} ms")


if __name__ == "__main__":
    main()
