"""What the workshop found, in plain English: why a proposition does not apply, which tests failed, what is unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.nearest import Mark, Nearest
from advisor.terms import Proposition, Theory, Vocabulary
from advisor.vocabulary import say
from advisor.workshop.coverage import Seen, by_file, share
from advisor.workshop.expecting import Check
from advisor.workshop.killing import Fate
from advisor.workshop.mutants import CONCLUDING, KINDS
from advisor.workshop.recording import Change
from advisor.workshop.surviving import Survivor
from advisor.workshop.testing import Result

_SHOULD = {"fires": "should fire", "silent": "should be silent"}
_DOES = {"fires": "is silent", "silent": "fires"}


def counted(count: int, noun: str) -> str:
    """Count things in English."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


# ---------------------------------------------------------------- why not


def tell_nearest(vocabulary: Vocabulary, near: Nearest, indent: str = "") -> list[str]:
    """Say who comes nearest to the roles of a proposition, and mark each condition."""
    phrases = {role.id: role.phrase for role in vocabulary.roles}
    cast = ", ".join(f"{phrases[role]} is {state}" for role, state in near.bindings)
    head = "it applies" if near.applies else "it comes nearest to applying"
    lines = [f"{indent}{head} where {cast}:" if cast else f"{indent}{head}:"]
    for mark in near.marks:
        lines += _tell_mark(vocabulary, mark, indent + "  ")
    if near.idle:
        lines.append(f"{indent}all is met, but what would follow contradicts what is known")
    if near.silenced:
        lines.append(f"{indent}its school is silent here, since the premise of the school is known to be false")
    if near.defeated_by:
        lines.append(f"{indent}defeated by {', '.join(near.defeated_by)}")
    return lines


def _tell_mark(vocabulary: Vocabulary, mark: Mark, indent: str) -> Iterator[str]:
    """Say how one condition stands."""
    word = {"met": "stops", "false": "no stop", "unknown": "no stop"}[mark.how] if mark.stops else mark.how
    known = "; ".join(say(vocabulary, fact) for fact in mark.facts) if mark.how == "false" else ""
    known = f"  (known: {known})" if known and not mark.of else ""
    if mark.of and mark.count > 1:
        yield f"{indent}{word:<8} at least {mark.count} of"
    elif mark.of:
        yield f"{indent}{word:<8} either of"
    else:
        yield f"{indent}{word:<8} {'unless ' * mark.stops}{mark.text}{known}"
    for each in mark.of:
        yield from _tell_mark(vocabulary, each, indent + "  ")


def tell_why_not(theory: Theory, proposition: Proposition, near: Nearest) -> str:
    """Answer why a proposition applies, or does not, in a situation."""
    lines = [f"{proposition.path}:{proposition.line}: {proposition.title} ({proposition.id})"]
    lines += tell_nearest(theory.vocabulary, near)
    lacking = [mark for mark in near.unmet if not mark.stops]
    stopping = [mark for mark in near.unmet if mark.stops]
    if lacking:
        lines.append("it would take: " + "; ".join(mark.text for mark in lacking))
    if stopping:
        lines.append("what stops it: " + "; ".join(mark.text for mark in stopping))
    return "\n".join(lines)


# ---------------------------------------------------------------- tests


def tell_failure(theory: Theory, result: Result, folder: str = "") -> str:
    """Say which test failed: file, line, what was expected, and where the proposition comes nearest."""
    test = result.test
    where = f"{folder}{test.path}:{test.example.line}"
    lines = [f"{where}: {test.proposition} {_SHOULD[test.kind]} here, from the {result.source}, and {_DOES[test.kind]}"]
    if result.source == "text":
        lines.append(f"  “{test.example.text}”")
    if result.unread:
        lines.append("  not read: " + "; ".join(say(theory.vocabulary, fact) for fact in result.unread))
    if result.more:
        lines.append("  read beside: " + "; ".join(say(theory.vocabulary, fact) for fact in result.more))
    if result.nearest:
        lines += tell_nearest(theory.vocabulary, result.nearest, "  ")
    return "\n".join(lines)


def tell_results(results: Sequence[Result]) -> Iterator[str]:
    """Count the tests of each source."""
    for source in ("facts", "text"):
        run = [result for result in results if result.source == source]
        right = sum(result.passed for result in run)
        if run:
            percent = 100 * right / len(run)
            yield f"{right} of {counted(len(run), 'situation')} as they should, from the {source} ({percent:.1f} %)"
            kinds = [[r for r in run if r.test.kind == kind] for kind in ("fires", "silent")]
            split = [f"{sum(r.passed for r in of)} of {len(of)}" for of in kinds]
            yield f"  {split[0]} fire where they should, {split[1]} are silent where they should"
            first = [result for result in run if result.test.number == 1]
            if len(first) < len(run):
                yield f"  {sum(r.passed for r in first)} of the {len(first)} that come first under their propositions"


def tell_checks(found: Sequence[Check], source: str = "facts") -> Iterator[str]:
    """Count the expectations of transcripts, and list those not borne out."""
    right = sum(check.passed for check in found)
    yield f"{right} of {counted(len(found), 'expectation')} of transcripts borne out, from the {source}"
    for check in found:
        if not check.passed:
            why = "is known to be missed, and is now met" if check.missed else f"comes out as: {check.grade}"
            yield f"{check.path}: {check.expected} – {why}"


def tell_changes(found: Sequence[Change], recorded: int) -> Iterator[str]:
    """Say what is no longer as recorded."""
    yield f"{recorded - len(found)} of {counted(recorded, 'recorded situation')} as they were"
    for change in found:
        parts = [f"now also {', '.join(change.more)}"] if change.more else []
        parts += [f"no longer {', '.join(change.fewer)}"] if change.fewer else []
        yield f"{change.name}: {'; '.join(parts) or 'the same arguments weigh otherwise'}"


def tell_coverage(found: Sequence[Seen], *, listed: bool, folder: str = "") -> Iterator[str]:
    """Say how many conditions were seen met and failing, file by file, and on request which were not."""
    whole = share(found)
    yield f"{whole.percent:.1f} % of conditions seen met and failing ({whole.seen} of {whole.ways})"
    for path, part in by_file(found).items():
        yield f"  {part.percent:5.1f} %  {path}"
    for each in found if listed else ():
        missing = [way for way, name in (("met", each.met), ("failing alone", each.failing)) if not name]
        if missing:
            yield f"{folder}{each.path}:{each.line}: never seen {' or '.join(missing)}: {each.condition}"


# ---------------------------------------------------------------- mutants


def tell_mutants(theory: Theory, found: Sequence[Fate], survivors: Sequence[Survivor], folder: str) -> Iterator[str]:
    """Give the score of the mutants, kind by kind and killer by killer, and ask about each survivor."""
    equal = sum(each.proved for each in survivors)
    killed = sum(not fate.survives for fate in found)
    whole = len(found) - equal
    rate = 100 * killed / whole if whole else 100.0
    yield f"{killed} of {counted(whole, 'mutant')} killed ({rate:.1f} %); {equal} more proved to mean the same"
    for killer in dict.fromkeys(("its situations", "situations of others", "transcripts", "record")):
        number = sum(fate.killer == killer for fate in found)
        yield f"  {number:5} by {killer}"
    for kind, words in KINDS.items():
        of = [fate for fate in found if fate.mutant.kind == kind]
        if of:
            yield f"  {sum(not f.survives for f in of):5} of {len(of):4}  {words}"
    for each in survivors:
        yield from _tell_survivor(theory, each, folder)


def _tell_survivor(theory: Theory, survivor: Survivor, folder: str) -> Iterator[str]:
    """Ask what should happen in a situation that tells a survivor from its original."""
    mutant = survivor.mutant
    yield ""
    yield f"{folder}{mutant.proposition.path}:{mutant.line}: {mutant.id} survives: {mutant.change}"
    if survivor.proved:
        yield "  proved to mean the same: there is no situation in which one applies and the other does not"
    elif survivor.situation is None:
        yield "  no situation was found that tells it from the rule as it stands, and no proof that there is none"
    elif mutant.kind in CONCLUDING:
        yield f"  {survivor.told}"
        yield "  It fires here either way; what follows differs. What should happen here? If the rule is right:"
        yield f"  advisor test --answer {mutant.id} fires, and then advisor test --record"
    else:
        now, other = ("fires", "is silent") if survivor.situation.now == "fires" else ("is silent", "fires")
        yield f"  {survivor.told}"
        yield f"  As the rule stands it {now}; so changed it {other}. What should happen here?"
        yield f"  advisor test --answer {mutant.id} fires|silent"
