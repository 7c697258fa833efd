"""How fast a consultation answers: run ``python tests/benchmarks/bench_consultation.py [--times N]``.

Everything is compared in the same run and by the processor's time, so that a ratio counts: the reply to a paragraph of
about 130 words, from the line to the words of the reply, against the bare English pipeline on the same paragraph.  The
question that follows the reply, and the commands after it, are timed as well.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import advisor  # noqa: E402
from advisor.consultation import Consultation, Means, Reply, pondered, save, say, told  # noqa: E402
from advisor.reading.model import load  # noqa: E402

MOST = 3.0
"""The goal: the reply in so many times the bare parse."""
PARAGRAPHS = (
    """Arvenia is a small state on the coast, and it has no allies. Its neighbour Borland, a great power, has strong
offensive forces and has been rearming for years. Last spring Borland invaded Cordia, which had an alliance with
Arvenia. The government of Arvenia fears that Borland wants to conquer it next. Dorvania, another great power,
is far away but fears the rise of Borland as well; it could help Arvenia, though nobody knows whether it would.
Borland has offered Arvenia a treaty of non-aggression if it stays neutral. Arvenia cannot stop Borland on its
own. Its army is weak, its people are divided, and its king doubts that Dorvania would keep its promises. If
Dorvania sent its fleet, Borland might hesitate.""",
    """Germany built up its fleet and its army year after year, and its neighbours watched with alarm. France, a great
power that had lost a war and two provinces, was allied with Russia, whose strength was growing as its railways
reached the border. Britain kept out of the quarrels of the continent for a long time, but it feared for the
command of the sea and came to terms with France. Austria-Hungary, divided at home and in decline, leaned on
Germany and wanted to crush Serbia, a small state that counted on Russian help. Italy was allied with both and
trusted by neither. Each general staff thought that attack had the upper hand, and whoever mobilised first
expected to win. There was peace, and hardly anybody expected it to last through another summer of crises in the
Balkans.""",
)
COMMANDS = ("why", "how", "why not balance", "what would change it", "schools", "questions", "facts", "unread", "undo")


def seconds(work: Callable[[], object], times: int) -> float:
    """Give the processor's time of some work, the median of several times."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> int:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=7, help="how often each is done")
    times = parser.parse_args().times
    theory = advisor.load_theory()
    means = Means(theory, lambda text: advisor.read(text, theory))
    nlp, _ = load()
    slowest = 0.0
    for paragraph in PARAGRAPHS:
        text = " ".join(paragraph.split())

        def reply(text: str = text) -> object:
            return told(means, say(means, Consultation(), text)[1])

        def with_question(text: str = text) -> object:
            consultation, answer = say(means, Consultation(), text)
            return told(means, Reply((*answer.parts, *pondered(means, consultation)[1].parts)))

        reply()
        bare, whole = seconds(lambda text=text: nlp(text), times), seconds(reply, times)  # type: ignore[misc]
        consultation, _ = pondered(means, say(means, Consultation(), text)[0])
        kept = seconds(lambda held=consultation: save(means, held), times)  # type: ignore[misc]
        slowest = max(slowest, whole / bare)
        ratio = whole / bare
        line = f"{len(text.split())} words: parse {1000 * bare:.0f} ms, reply {1000 * whole:.0f} ms, {ratio:.1f} x; "
        line += f"with the next question {1000 * seconds(with_question, times):.0f} ms; "
        print(line + f"kept in {1000 * kept:.0f} ms")  # noqa: T201
        for command in COMMANDS:

            def ask(command: str = command, held: Consultation = consultation) -> object:
                return told(means, say(means, held, command)[1])

            print(f"  {command:24} {1000 * seconds(ask, 3):6.0f} ms")  # noqa: T201
    print(f"slowest reply {slowest:.1f} x the parse; the goal is {MOST:g}")  # noqa: T201
    return 0 if slowest <= MOST else 1


if __name__ == "__main__":
    raise SystemExit(main())
