"""Whether killing an evaluation loses or doubles anything: ``python tests/benchmarks/kill_evaluate.py [--times N]``.

A run over cases with and without text is killed (kill -9) at random moments, the whole of it or one of its processes,
each time gone on with, until it ends; this is done until N kills have fallen.  Then the records must be those of a run
that nothing has disturbed, byte for byte.  Ends with 1 if they are not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from advisor import house  # noqa: E402
from advisor.evaluation import case_json  # noqa: E402
from advisor.theory import load_theory  # noqa: E402
from advisor.transcript import load_all  # noqa: E402


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)  # noqa: T201


def write_cases(path: Path, count: int) -> None:
    """Write cases, every third with its text."""
    theory, _ = load_theory(house.rules_folder())
    found = [case for case in load_all(theory.vocabulary, ROOT / "transcripts")[0] if case.facts and case.text]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            case = replace(found[number % len(found)], id=str(number))
            file.write(json.dumps(case_json(case if number % 3 == 0 else replace(case, text=""))) + "\n")


def command(cases: Path, out: Path, jobs: int, resume: bool) -> list[str]:
    """Give the command of a run."""
    more = ["--resume"] if resume else []
    return [sys.executable, "-m", "advisor", "evaluate", str(cases), "--output", str(out), "--jobs", str(jobs), *more]


def processes(pid: int) -> list[int]:
    """Give the processes that a run works in."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        known = [(int(each), Path(f"/proc/{each}/cmdline").read_bytes()) for each in text.split()]
        return [each for each, line in known if b"spawn_main" in line and b"resource_tracker" not in line]
    return []


def main() -> int:
    """Kill, go on, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20, help="how many kills")
    parser.add_argument("--cases", type=int, default=600, help="of how many cases")
    parser.add_argument("--seed", type=int, default=0, help="what chance begins with")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    fallen: Counter[str] = Counter()
    wrong = runs = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_cases(folder / "cases.jsonl", options.cases)
        begun = time.monotonic()
        subprocess.run(
            command(folder / "cases.jsonl", folder / "true", 2, False), cwd=ROOT, check=True, capture_output=True
        )
        whole = time.monotonic() - begun
        true = (folder / "true" / "records.jsonl").read_bytes()
        while sum(fallen.values()) < options.times:
            out, resume = folder / f"run-{runs}", False
            runs += 1
            while True:
                jobs = rng.choice((1, 2, 3))
                process = subprocess.Popen(
                    command(folder / "cases.jsonl", out, jobs, resume),
                    cwd=ROOT,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                resume = True
                if sum(fallen.values()) < options.times:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(rng.uniform(0, whole))
                if process.poll() is None and sum(fallen.values()) < options.times:
                    inside = processes(process.pid) if rng.random() < 0.4 else []
                    what = "a process" if inside else "the whole"
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(rng.choice(inside) if inside else process.pid, signal.SIGKILL)
                        fallen[what] += 1
                    if not inside:
                        process.wait()
                _, error = process.communicate()
                if process.returncode == 0:
                    break
                if process.returncode != -signal.SIGKILL:
                    say(f"  ended with {process.returncode}: {error.strip()}")
                    return 1
            same = (out / "records.jsonl").read_bytes() == true
            wrong += not same
            say(f"  run {runs}, {sum(fallen.values())} kills so far: {'the same records' if same else 'OTHER RECORDS'}")
    told = ", ".join(f"{count} of {what}" for what, count in sorted(fallen.items()))
    say(f"{options.cases} cases, {sum(fallen.values())} kills ({told}) in {runs} runs, {wrong} with other records")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
