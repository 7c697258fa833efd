"""One proposition beside another: whether it ever counts, says something of its own, and how the two stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.terms import Proposition
from advisor.workshop.analysis_claims import both_count, contrary, masked, related, says_as_much, subsumed
from advisor.workshop.analysis_desk import Desk, binding, listed, witnessed
from advisor.workshop.analysis_world import focus
from advisor.workshop.findings import Applies, Finding, Silenced


def never_counts(desk: Desk, proposition: Proposition) -> Iterator[Finding]:
    """Find out whether a proposition counts nowhere, since one that defeats it always applies as well."""
    world = masked(desk.search, proposition)
    if world is None:
        return
    narrow = focus(proposition, desk.lore.usual_cast(proposition))
    by = [
        each.id
        for each in desk.lore.defeaters[proposition.id]
        if world.live(each, focus(each, desk.lore.usual_cast(proposition)))
    ]
    yield desk.finding(
        "A05",
        f"wherever this proposition applies, {listed(by)} defeats it, so that it never counts",
        proposition,
        witnessed(world, [Silenced(proposition.id, binding(narrow))], f"{listed(by)} defeats `{proposition.id}`"),
        hint="narrow what defeats it, or take the defeat out",
        others=by,
    )


def doubles(desk: Desk, less: Proposition, more: Proposition) -> Iterator[Finding]:
    """Find out whether a proposition says nothing that another of its school does not say."""
    if not says_as_much(more, less) or desk.applying(less) is None or desk.applying(more) is None:
        return
    world = subsumed(desk.search, less, more)
    if world is None:
        return
    claims = [Applies(less.id), Applies(more.id)]
    if says_as_much(less, more) and subsumed(desk.search, more, less):
        if (less.path, less.line) > (more.path, more.line):
            yield desk.finding(
                "A03",
                f"this proposition says the same as `{more.id}`, in the same situations",
                less,
                witnessed(world, claims, "both apply"),
                hint="take one of the two out, and name both sources in the other",
                others=(more.id,),
            )
        return
    yield desk.finding(
        "A04",
        f"wherever this proposition applies, `{more.id}` of the same school says as much",
        less,
        witnessed(world, claims, "both apply, and the narrower one adds nothing of its own"),
        hint="say what is special here: a stronger or another conclusion, or a condition that the other lacks",
        others=(more.id,),
    )


def contraries(desk: Desk, one: Proposition, other: Proposition) -> Iterator[Finding]:
    """Find out whether two of a school argue for and against the same and do not say how they stand to each other."""
    named = {each.id: each for each in desk.theory.vocabulary.strategies}
    strategies = contrary(one, other) if one.school == other.school and not related(one, other) else ()
    world = both_count(desk.search, one, other) if strategies else None
    if world is None:
        return
    cast = {**desk.lore.usual_cast(other), **desk.lore.usual_cast(one)}
    claims = [Silenced(each.id, binding(focus(each, cast)), holds=False) for each in (one, other)]
    doing = " and ".join(f"“{named[each].infinitive}”".replace("{threat}", "the threat") for each in strategies)
    first, second = sorted((one, other), key=lambda each: (each.path, each.line))
    yield desk.finding(
        "A07",
        f"`{first.id}` and this proposition argue for and against the same ({doing}) in one situation",
        second,
        witnessed(world, claims, "both apply and neither gives way"),
        hint="say which defeats the other, or that they dispute each other, or accept that the school weighs both",
        others=(first.id,),
    )


def relations(desk: Desk, proposition: Proposition, id_: str) -> Iterator[Finding]:
    """Find out whether a dispute is stated one way, and whether a defeat or a dispute ever comes to bear."""
    other = desk.lore.propositions.get(id_)
    if other is None or id_ == proposition.id:
        return
    word = "defeats" if id_ in proposition.defeats else "disputes"
    mutual = proposition.id in (*other.disputes, *other.defeats)
    world = next(desk.search.together(proposition, other), None)
    alone = desk.applying(proposition)
    if alone is None:
        return
    if world is None and not (mutual and word == "disputes" and id_ < proposition.id):
        claims = [Applies(proposition.id), Applies(id_, holds=False)]
        yield desk.finding(
            "A13",
            f"this proposition {word} `{id_}`, but the two never apply together",
            proposition,
            witnessed(alone, claims, f"`{id_}` is silent"),
            named=id_,
            hint="take the reference out, or weaken a condition",
            others=(id_,),
        )
    if word == "disputes" and not mutual:
        claims = [Applies(proposition.id), Applies(id_)] if world else [Applies(proposition.id)]
        yield desk.finding(
            "A12",
            f"this proposition disputes `{id_}`, which does not say so",
            proposition,
            witnessed(world or alone, claims, "the two disagree" if world else "this one applies"),
            named=id_,
            hint=f"write “Disputes: `{proposition.id}`.” under `{id_}` too",
            others=(id_,),
        )


def circles(desk: Desk, proposition: Proposition) -> Iterator[Finding]:
    """Find propositions that defeat one another in a circle and apply at once."""
    known = desk.lore.propositions
    for id_ in proposition.defeats:
        other = known.get(id_)
        back = [id_, *_way_back(known, id_, proposition.id)] if other else []
        if not other or len(back) < 2 or min(back) != proposition.id:
            continue
        cast = desk.lore.usual_cast(proposition)
        ring = [(known[each], {**desk.lore.usual_cast(known[each]), **focus(known[each], cast)}) for each in back]
        world = next(desk.search.worlds(ring), None)
        if world is not None:
            yield desk.finding(
                "A11",
                "propositions defeat one another in a circle and apply at once: " + " → ".join((proposition.id, *back)),
                proposition,
                witnessed(
                    world, [Applies(each) for each in back], "all of them apply, and each would silence the next"
                ),
                named=id_,
                hint="a defeat is a scope exception: keep the one that states the exception",
                others=tuple(each for each in back if each != proposition.id),
            )


def _way_back(known: Mapping[str, Proposition], start: str, goal_: str) -> list[str]:
    """Give the steps of defeats that lead from one proposition to another; empty if there are none."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    for way in ways:
        if way[-1] == goal_ and len(way) > 1:
            return way[1:]
        if way[-1] in seen or way[-1] not in known:
            continue
        seen.add(way[-1])
        ways += [[*way, each] for each in known[way[-1]].defeats]
    return []
