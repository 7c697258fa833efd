"""How fast texts are read: run ``python tests/benchmarks/bench_reading.py [--documents N] [--words N] [FILE…]``.

Everything is compared in the same run and by the processor's time, so that a ratio counts: reading
against the bare English pipeline on the same texts, few phrases against many, a whole answer in a process of its own
against importing spaCy and loading the model, and the memory in use while many documents are read.  The texts are
the situations of the rule base and the transcripts, or the FILEs (one text each; of ``.jsonl``, the key ``text``).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from advisor import house  # noqa: E402
from advisor.reading import kit, model, patterns, preparing, reader, stance, store  # noqa: E402
from advisor.terms import Theory, Vocabulary  # noqa: E402
from advisor.theory import load_theory  # noqa: E402

LEAST_SPEED, MOST_SLOWER, MOST_START = 0.65, 0.10, 1.4
"""The goals: of the bare pipeline's speed, of slowing down from 100 phrases to 1,000, of starting spaCy."""
SITUATION = """\
Arvenia is a small state on the coast, and it has no allies. Its neighbour Borland, a great power, has strong
offensive forces and has been rearming for years. Last spring Borland invaded Cordia, which had an alliance with
Arvenia. The government of Arvenia fears that Borland wants to conquer it next. Dorvania, another great power, is far
away but fears the rise of Borland as well; it could help Arvenia, though nobody knows whether it would. Borland has
offered Arvenia a treaty of non-aggression if it stays neutral. Arvenia cannot stop Borland on its own. Its army is
weak, its people are divided, and its king doubts that Dorvania would keep its promises. If Dorvania sent its fleet,
Borland might hesitate. There is no war between Borland and Arvenia yet, and both still trade with each other.
"""


def say(line: str = "") -> None:
    """Print one line at once."""
    print(line, flush=True)  # noqa: T201


def texts_of(theory: Theory, files: list[Path]) -> list[str]:
    """Give the texts to read."""
    if not files:
        examples = [each for p in theory.propositions for each in (p.fires, p.silent) if each is not None]
        cases = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "transcripts").glob("*.md"))]
        return [SITUATION, *cases, *(each.text for each in examples)]
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        found += [json.loads(line)["text"] for line in text.splitlines()] if path.suffix == ".jsonl" else [text]
    return found


def seconds(work: Callable[[], Any]) -> float:
    """Give how much of the processor's time some work takes, here or in processes that it starts."""
    start = spent()
    work()
    return spent() - start


def spent() -> float:
    """Give the processor's time that was spent so far: what others do on the machine does not count."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def in_turn(works: list[Callable[[], Any]], rounds: int) -> list[float]:
    """Time some works in turn, so that the machine's mood falls on all alike; give the best of each."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            best[number] = min(best[number], seconds(work))
    return best


def phrases(vocabulary: Vocabulary) -> int:
    """Count the phrases of a vocabulary."""
    return sum(len(value.phrases) for variable in vocabulary.variables for value in variable.values)


def part_of(vocabulary: Vocabulary, count: int) -> Vocabulary:
    """Give a vocabulary with about so many of the phrases, the first of each value among them."""
    rng = random.Random(7)
    values = [value for variable in vocabulary.variables for value in variable.values]
    others = [phrase for value in values for phrase in value.phrases[1:]]
    kept = {id(phrase) for phrase in rng.sample(others, max(0, count - len(values)))}
    variables = []
    for variable in vocabulary.variables:
        smaller = [
            replace(value, phrases=(value.phrases[0], *(p for p in value.phrases[1:] if id(p) in kept)))
            for value in variable.values
        ]
        variables.append(replace(variable, values=tuple(smaller)))
    return replace(vocabulary, variables=tuple(variables))


def read_all(texts: list[str], vocabulary: Vocabulary) -> None:
    """Read every text."""
    for text in texts:
        reader.read(text, vocabulary, rules=house.rules_folder())


# ---------------------------------------------------------------- the stages of reading


@contextmanager
def stages() -> Iterator[dict[str, float]]:
    """Add up the time that each stage takes by itself while this context is open."""
    spent = dict.fromkeys(("names", "parse", "graph", "resolve", "match", "stance"), 0.0)
    running = [0.0]  # what stages within the present one took
    undo: list[tuple[Any, str, Any]] = []

    def clocked(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            running.append(0.0)
            start = time.process_time()
            try:
                return work(*given, **named)
            finally:
                took = time.process_time() - start
                spent[stage] += took - running.pop()
                running[-1] += took

        return run

    def piped(*given: Any, **named: Any) -> Iterator[Any]:
        docs = plain(*given, **named)
        ahead = clocked("parse", lambda: next(docs, None))
        while (doc := ahead()) is not None:
            yield doc

    plain = preparing.parsed
    undo.append((preparing, "parsed", plain))
    preparing.parsed = piped
    for place, name, stage in (
        (preparing.men, "find", "names"),
        (preparing, "_mask", "names"),
        (reader, "build", "graph"),
        (reader.ent, "resolve_sentence", "resolve"),
        (reader.ent, "resolve_descriptions", "resolve"),
        (reader.ent, "remember", "resolve"),
        (patterns, "matches", "match"),
        (patterns, "may_match", "match"),
        (stance, "standing", "stance"),
    ):
        undo.append((place, name, getattr(place, name)))
        setattr(place, name, clocked(stage, getattr(place, name)))
    try:
        yield spent
    finally:
        for place, name, work in undo:
            setattr(place, name, work)


def profile(texts: list[str], vocabulary: Vocabulary) -> None:
    """Print the share of each stage in reading."""
    with stages() as shares:
        whole = seconds(lambda: read_all(texts, vocabulary))
    shares["rest"] = whole - sum(shares.values())
    words = sum(len(text.split()) for text in texts)
    say("  " + "  ".join(f"{stage} {took / whole:.0%}" for stage, took in shares.items()))
    say("  " + "  ".join(f"{stage} {took / words * 1e6:.0f}" for stage, took in shares.items()) + "  (µs a word)")


# ---------------------------------------------------------------- the comparisons


def verdict(good: bool) -> str:
    """Say whether a goal is reached."""
    return "reached" if good else "MISSED"


def speed(texts: list[str], vocabulary: Vocabulary, rounds: int) -> None:
    """Compare reading with parsing alone, by the same components as spaCy has them."""
    import spacy

    nlp = spacy.load(model.load()[1].model, exclude=["ner"])
    words = sum(len(text.split()) for text in texts)
    _ = [nlp(text) for text in texts]
    bare, read = in_turn(
        [lambda: [nlp(text) for text in texts], lambda: read_all(texts, vocabulary)],
        rounds,
    )
    say(f"speed, {len(texts)} texts of {words:,} words, {phrases(vocabulary):,} phrases")
    say(f"  parsing alone {words / bare:9,.0f} words a second")
    say(f"  reading       {words / read:9,.0f} words a second")
    say(f"  ratio {bare / read:.2f}, goal at least {LEAST_SPEED}: {verdict(bare / read >= LEAST_SPEED)}")


def growth(texts: list[str], vocabulary: Vocabulary, rounds: int) -> None:
    """Compare few phrases with many."""
    sizes = [part_of(vocabulary, 100), part_of(vocabulary, 1000), vocabulary]
    for each in sizes:
        kit.assemble(each, house.rules_folder())
    took = in_turn([lambda v=each: read_all(texts, v) for each in sizes], rounds)  # type: ignore[misc]
    say("growth")
    for each, spent in zip(sizes, took, strict=True):
        say(f"  {phrases(each):6,} phrases {spent * 1000:9.0f} ms  x {spent / took[0]:.2f}")
    slower = took[1] / took[0] - 1
    fewest, more = (f"{phrases(each):,}" for each in sizes[:2])
    goal = f"goal at most {MOST_SLOWER:.0%}: {verdict(slower <= MOST_SLOWER)}"
    say(f"  slower by {slower:.0%} from {fewest} phrases to {more}, {goal}")


def one_shot(rounds: int) -> None:
    """Compare a whole answer, in a process of its own, with starting spaCy."""
    package = model.load()[1].model
    bare = [sys.executable, "-c", f"import spacy; spacy.load({package!r}, exclude=['ner'])"]
    ours = [sys.executable, "-m", "advisor", "advise", "--text", SITUATION]

    def run(command: list[str]) -> Callable[[], Any]:
        return lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    run(ours)()
    start, answer = in_turn([run(bare), run(ours)], rounds)
    say(f"one answer to {len(SITUATION.split())} words, in a process of its own")
    say(f"  spaCy and the model {start:6.2f} s")
    say(f"  advisor advise      {answer:6.2f} s")
    say(f"  ratio {answer / start:.2f}, goal at most {MOST_START}: {verdict(answer / start <= MOST_START)}")


def in_use() -> float:
    """Give the memory in use, in megabytes; where the system does not say, the most that ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def memory(texts: list[str], vocabulary: Vocabulary, documents: int) -> None:
    """Read many documents, each a little different, and see whether the memory in use grows."""
    rng = random.Random(3)
    seen: list[float] = []
    for number in range(documents):
        read_all([rng.choice(texts)], vocabulary)
        if (number + 1) % max(1, documents // 20) == 0:
            seen.append(in_use())
    early, late = statistics.median(seen[4:8]), statistics.median(seen[-4:])
    say(f"memory over {documents:,} documents, every twentieth part, MB")
    say("  " + " ".join(f"{each:.0f}" for each in seen))
    say(f"  grown by {late / early - 1:+.1%} after the first fifth: {verdict(late <= 1.03 * early)}")


def book(texts: list[str], vocabulary: Vocabulary, words: int) -> None:
    """Read one text of many words, in which every part has states of its own, and a tenth of it."""
    rng = random.Random(5)
    say("one long text")
    for size in (words // 10, words):
        parts: list[str] = []
        count = 0
        while count < size:
            part = rng.choice(texts)
            for name in ("Arvenia", "Borland", "Cordia", "Dorvania"):
                part = part.replace(name, name[:-2] + rng.choice(("ux", "or", "eth", "ok", "ul", "ant")) + name[-2:])
            parts.append(part)
            count += len(part.split())
        text = "\n\n".join(parts)
        before = in_use()
        took = seconds(lambda text=text: read_all([text], vocabulary))  # type: ignore[misc]
        say(
            f"  {count:8,} words {len(text):10,} characters {took:7.1f} s {took / count * 1e6:5.0f} µs a word, "
            f"{before:.0f} MB before and {in_use():.0f} after"
        )


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--documents", type=int, default=2000, help="how many to read for the memory (0: none)")
    parser.add_argument("--words", type=int, default=60_000, help="of how many the long text is (0: none)")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--only", choices=("speed", "growth", "start", "memory", "stages", "book"), action="append")
    options = parser.parse_args()
    wanted = options.only or ["speed", "stages", "growth", "start", "memory", "book"]
    theory, _ = load_theory(house.rules_folder())
    vocabulary = theory.vocabulary
    texts = texts_of(theory, options.files)
    # Parts of the vocabulary are learnt in a cache of their own, so that the user's stays as it is.
    own = store.folder()
    with tempfile.TemporaryDirectory() as scratch:
        kit.assemble(vocabulary, house.rules_folder())
        shutil.copytree(own, Path(scratch) / own.name, dirs_exist_ok=True)
        os.environ["XDG_CACHE_HOME"] = scratch
        read_all(texts, vocabulary)
        if "speed" in wanted:
            speed(texts, vocabulary, options.rounds)
        if "stages" in wanted:
            say("the stages of reading")
            profile(texts, vocabulary)
        if "growth" in wanted:
            growth(texts, vocabulary, options.rounds)
        if "start" in wanted:
            one_shot(max(3, options.rounds))
        if "memory" in wanted and options.documents:
            memory(texts, vocabulary, options.documents)
        if "book" in wanted and options.words:
            book(texts, vocabulary, options.words)


if __name__ == "__main__":
    main()
