"""How long the check of the rules takes: run ``python tests/benchmarks/bench_check.py [DIR]``.

Each line is a process of its own, the best of three, without the English model.  The ratio to the time that Python and
the loading of the theory take is what counts, the seconds are those of the machine.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOADING = "from advisor import house; from advisor.theory import load_theory; load_theory({rules})"
UNREAD = "import sys; from advisor.cli import main; main({arguments}); assert 'spacy' not in sys.modules"


def timed(code: str) -> tuple[float, float]:
    """The shortest of three runs, in seconds on the clock and of the processor."""
    import resource

    best = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best.append((time.perf_counter() - start, used))
    return min(clock for clock, _ in best), min(used for _, used in best)


def main() -> None:
    """Compare loading, the check of the form, and the check with the analysis."""
    folder = sys.argv[1:2]
    rules = f"__import__('pathlib').Path({folder[0]!r})" if folder else "house.rules_folder()"
    loading, loading_used = timed(LOADING.format(rules=rules))
    print(f"{'Python and the theory':24} {loading:6.2f} s  {loading_used:6.2f} s of processor")  # noqa: T201
    for name, arguments in (("check --form", ["check", "--form"]), ("check", ["check"])):
        clock, used = timed(UNREAD.format(arguments=[*arguments, *folder]))
        ratio = f"{used / loading_used:5.2f} times as long"
        print(f"{name:24} {clock:6.2f} s  {used:6.2f} s of processor  {ratio}")  # noqa: T201


if __name__ == "__main__":
    main()
