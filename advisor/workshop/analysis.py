"""The exact analysis of a theory: what is wrong with rules that are well formed.

The domains of the vocabulary are finite, so that each question has an answer: whether the conditions of a
proposition can be met at all, whether it ever says what another does not, whether an exception ever applies.
Every finding comes with a witness.  A finding may be accepted in the file, with its reason.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from advisor.diagnostics import Page, complain, page
from advisor.inference.compile import Form
from advisor.terms import Condition, Proposition, Severity, Theory
from advisor.theory import alternatives
from advisor.vocabulary import say_condition
from advisor.workshop.analysis_accepted import settle
from advisor.workshop.analysis_claims import (
    both_count,
    contradict,
    contrary,
    goal_of,
    masked,
    related,
    says_as_much,
    subsumed,
)
from advisor.workshop.analysis_gap import gaps
from advisor.workshop.analysis_search import Goal, Search, goal
from advisor.workshop.analysis_vocabulary import vocabulary_findings
from advisor.workshop.analysis_world import Lore, World, focus
from advisor.workshop.findings import Applies, Claim, Finding, Silenced, Witness


class Desk:
    """What every check is given: the theory made ready, and the pages on which it complains."""

    def __init__(self, theory: Theory, documents: Mapping[str, str]) -> None:
        self.theory = theory
        self.lore = Lore(theory)
        self.search = Search(self.lore)
        self.pages = {path: page(path, text) for path, text in documents.items()}

    def on(self, path: str) -> Page:
        """Give the page of a document; one that is not there is empty."""
        return self.pages.setdefault(path, page(path, ""))

    def said(self, condition: Condition) -> str:
        """Word a condition as its author did."""
        phrases = {role.id: role.phrase for role in self.lore.vocabulary.roles}
        return condition.text or say_condition(self.lore.vocabulary, condition, phrases)

    def finding(
        self,
        code: str,
        message: str,
        proposition: Proposition,
        witness: Witness,
        *,
        at: Condition | None = None,
        named: str = "",
        hint: str = "",
        others: Iterable[str] = (),
        severity: Severity = "warning",
    ) -> Finding:
        """Make a finding about a proposition: at a condition, where an id is named, or at its heading."""
        on = self.on(proposition.path)
        line, about = proposition.line, proposition.title
        if at is not None and at.line:
            line, about = at.line, at.text
        elif named:
            body = enumerate(on.lines[proposition.line :], proposition.line + 1)
            line = next((number for number, text in body if f"`{named}`" in text), line)
            about = named if line != proposition.line else about
        complain(on, code, message, line, about, hint, severity=severity)
        return Finding(on.found.pop(), witness, (proposition.id, *others))


def analyse(theory: Theory, documents: Mapping[str, str]) -> tuple[Finding, ...]:
    """Analyse a theory whose form ``load_theory`` has nothing against.

    ``documents`` are the texts of the rules folder by their paths in it; they show the lines and hold the
    acceptances.  Accepted findings are among those returned, each with its reason.
    """
    desk = Desk(theory, documents)
    found = [
        finding for check in (_alone, _exceptions, _masks, _doubles, _contraries, _relations) for finding in check(desk)
    ]
    found += gaps(desk.search, desk.on)
    found += vocabulary_findings(theory, desk.on)
    return settle(theory, documents, found, lambda proposition: _fires(desk, proposition))


def _witness(world: World, claims: Iterable[Claim], told: str) -> Witness:
    stated = world.stated
    return Witness(stated, world.states, tuple(claims), told)


def _binding(cast: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(cast.items()))


def _fires(desk: Desk, proposition: Proposition) -> Witness | None:
    """Give a situation in which a proposition applies, to show that nothing is wrong with it."""
    world = desk.search.first([(proposition, desk.lore.usual_cast(proposition))])
    if world is None:
        return None
    return _witness(world, [Applies(proposition.id)], f"here `{proposition.id}` applies and the finding does not arise")


# ---------------------------------------------------------------- one proposition by itself


def _alone(desk: Desk) -> Iterator[Finding]:
    """Find the propositions that can never fire."""
    for proposition in desk.theory.propositions:
        cast = desk.lore.usual_cast(proposition)
        if desk.search.first([(proposition, cast)]) is not None:
            continue
        pair = _contradictory(desk, proposition)
        if pair:
            one, other = pair
            yield desk.finding(
                "A01",
                f"“{desk.said(other)}” contradicts “{desk.said(one)}”, so this rule can never fire",
                proposition,
                _nearest(desk, proposition, other),
                at=other,
                hint="take one of the two conditions out, or begin alternatives with “either”",
            )
            continue
        met = next(desk.search.worlds([(proposition, cast)], stopped=frozenset({proposition.id})), None)
        if met is not None:
            exception, _ = next(met.stoppers(proposition, cast), (proposition.unless[0], cast))
            told = f"all conditions are met, and “{desk.said(exception)}” holds as well: the rule stays silent"
            yield desk.finding(
                "A02",
                f"this rule can never fire: wherever its conditions are met, “{desk.said(exception)}” holds too",
                proposition,
                _witness(met, [Applies(proposition.id, holds=False)], told),
                at=exception,
                hint="narrow the exception, or take it out",
            )
            continue
        missing = _missing(desk, proposition)
        yield desk.finding(
            "A02",
            f"this rule can never fire: “{desk.said(missing)}” cannot be so where its other conditions are met"
            if _can_be(desk, missing)
            else f"this rule can never fire: no proposition concludes “{desk.said(missing)}”",
            proposition,
            _nearest(desk, proposition, missing),
            at=missing,
            hint="take the condition out, or add a proposition that concludes it",
        )


def _contradictory(desk: Desk, proposition: Proposition) -> tuple[Condition, Condition] | None:
    """Give two conditions of a rule that contradict each other in the first of its alternatives."""
    cast = desk.lore.usual_cast(proposition)
    for chosen in alternatives(proposition):
        plain = [each for each in chosen if isinstance(each, Condition)]
        for one, other in itertools.combinations(plain, 2):
            if contradict(desk.lore, one, other, cast):
                return one, other
    return None


def _can_be(desk: Desk, condition: Condition) -> bool:
    """Whether a condition can be met by itself."""
    cast = {term.name: desk.lore.usual(term.name) for term in condition.terms if term.role}
    return next(desk.search.worlds([], [goal(condition, cast)]), None) is not None


def _without(form: Form, missing: Iterable[Condition], cast: Mapping[str, str]) -> list[Goal]:
    left = set(missing)
    return [goal(condition, cast) for condition in form.conditions if condition not in left]


def _missing(desk: Desk, proposition: Proposition) -> Condition:
    """Give a condition without which a rule could fire, the least possible one."""
    form = desk.lore.forms[proposition.id][0]
    cast = desk.lore.usual_cast(proposition)
    impossible = [each for each in form.conditions if not _can_be(desk, each)]
    if impossible:
        return impossible[0]
    ordered = sorted(form.conditions, key=lambda each: not desk.lore.variables[each.variable].derived)
    for condition in ordered:
        if next(desk.search.worlds([], _without(form, [condition], cast)), None) is not None:
            return condition
    return ordered[0]


def _nearest(desk: Desk, proposition: Proposition, missing: Condition) -> Witness:
    """Give the situation in which most conditions of a rule that cannot fire are met, with that one left out."""
    form = next((each for each in desk.lore.forms[proposition.id] if missing in each.conditions), None)
    form = form or desk.lore.forms[proposition.id][0]
    cast = desk.lore.usual_cast(proposition)
    others = [each for each in form.conditions if each != missing]
    for size in range(len(others) + 1):
        for left in itertools.combinations(others, size):
            world = next(desk.search.worlds([], _without(form, [missing, *left], cast)), None)
            if world is not None:
                world = World(desk.lore, world.stated, {*world.states, *cast.values()})
                kept = "the other conditions are" if not size else "as many conditions as can be are"
                told = f"{kept} met, but “{desk.said(missing)}” is not: the rule stays silent"
                return _witness(world, [Applies(proposition.id, holds=False)], told)
    return Witness((), tuple(sorted(cast.values())), (Applies(proposition.id, holds=False),), "the rule stays silent")


def _exceptions(desk: Desk) -> Iterator[Finding]:
    """Find what follows “unless” and never applies."""
    for proposition in desk.theory.propositions:
        cast = desk.lore.usual_cast(proposition)
        world = desk.search.first([(proposition, cast)]) if proposition.unless else None
        for exception in proposition.unless if world else ():
            wanted = goal_of(desk.lore, exception, cast)
            alone = frozenset({proposition.id})
            if next(desk.search.worlds([(proposition, cast)], [wanted], stopped=alone), None) is None and world:
                told = f"here the rule applies; with “{desk.said(exception)}” its conditions would not be met"
                yield desk.finding(
                    "A06",
                    f"this “unless” never applies: where “{desk.said(exception)}”, the conditions are not met anyway",
                    proposition,
                    _witness(world, [Applies(proposition.id)], told),
                    at=exception,
                    hint="take the exception out, or weaken a condition",
                )


# ---------------------------------------------------------------- one proposition beside another


def _masks(desk: Desk) -> Iterator[Finding]:
    """Find the propositions that count nowhere, since one that defeats them always applies as well."""
    for proposition in desk.theory.propositions:
        world = masked(desk.search, proposition)
        if world is None:
            continue
        narrow = focus(proposition, desk.lore.usual_cast(proposition))
        by = [
            each.id
            for each in desk.lore.defeaters[proposition.id]
            if world.live(each, focus(each, desk.lore.usual_cast(proposition)))
        ]
        yield desk.finding(
            "A05",
            f"wherever this proposition applies, {_listed(by)} defeats it, so that it never counts",
            proposition,
            _witness(world, [Silenced(proposition.id, _binding(narrow))], f"{_listed(by)} defeats `{proposition.id}`"),
            hint="narrow what defeats it, or take the defeat out",
            others=by,
        )


def _doubles(desk: Desk) -> Iterator[Finding]:
    """Find the propositions that say nothing which another of their school does not say."""
    able = {each.id for each in desk.theory.propositions if desk.search.first([(each, desk.lore.usual_cast(each))])}
    seen: set[frozenset[str]] = set()
    for less, more in itertools.permutations(desk.theory.propositions, 2):
        if less.school != more.school or not {less.id, more.id} <= able or not says_as_much(more, less):
            continue
        world = subsumed(desk.search, less, more)
        if world is None or frozenset((less.id, more.id)) in seen:
            continue
        seen.add(frozenset((less.id, more.id)))
        claims = [Applies(less.id), Applies(more.id)]
        if says_as_much(less, more) and subsumed(desk.search, more, less):
            first, second = sorted((less, more), key=lambda each: (each.path, each.line))
            yield desk.finding(
                "A03",
                f"this proposition says the same as `{first.id}`, in the same situations",
                second,
                _witness(world, claims, "both apply"),
                hint="take one of the two out, and name both sources in the other",
                others=(first.id,),
            )
            continue
        yield desk.finding(
            "A04",
            f"wherever this proposition applies, `{more.id}` of the same school says as much",
            less,
            _witness(world, claims, "both apply, and the narrower one adds nothing of its own"),
            hint="say what is special here: a stronger or another conclusion, or a condition that the other lacks",
            others=(more.id,),
        )


def _contraries(desk: Desk) -> Iterator[Finding]:
    """Find propositions of a school that argue for and against the same and do not say how they stand to each other."""
    named = {each.id: each for each in desk.theory.vocabulary.strategies}
    for one, other in itertools.permutations(desk.theory.propositions, 2):
        strategies = contrary(one, other) if one.school == other.school and not related(one, other) else ()
        world = both_count(desk.search, one, other) if strategies else None
        if world is None:
            continue
        cast = {**desk.lore.usual_cast(other), **desk.lore.usual_cast(one)}
        claims = [Silenced(each.id, _binding(focus(each, cast)), holds=False) for each in (one, other)]
        doing = " and ".join(f"“{named[each].infinitive}”".replace("{threat}", "the threat") for each in strategies)
        first, second = sorted((one, other), key=lambda each: (each.path, each.line))
        yield desk.finding(
            "A07",
            f"`{first.id}` and this proposition argue for and against the same ({doing}) in one situation",
            second,
            _witness(world, claims, "both apply and neither gives way"),
            hint="say which defeats the other, or that they dispute each other, or accept that the school weighs both",
            others=(first.id,),
        )


def _relations(desk: Desk) -> Iterator[Finding]:
    """Find disputes stated one way, relations that never come to bear, and defeats in a circle."""
    known = desk.lore.propositions
    for proposition in desk.theory.propositions:
        for id_ in (*proposition.defeats, *proposition.disputes):
            other = known.get(id_)
            if other is None or id_ == proposition.id:
                continue
            word = "defeats" if id_ in proposition.defeats else "disputes"
            world = next(desk.search.together(proposition, other), None)
            claims = [Applies(proposition.id), Applies(id_)]
            if world is None and proposition.id in other.disputes and id_ < proposition.id:
                continue  # the other one is complained of
            if world is None:
                alone = desk.search.first([(proposition, desk.lore.usual_cast(proposition))])
                if alone is not None:
                    yield desk.finding(
                        "A13",
                        f"this proposition {word} `{id_}`, but the two never apply together",
                        proposition,
                        _witness(alone, [Applies(proposition.id), Applies(id_, holds=False)], f"`{id_}` is silent"),
                        named=id_,
                        hint="take the reference out, or weaken a condition",
                        others=(id_,),
                    )
                world = alone
                claims = claims[:1]
            if world is not None and word == "disputes" and proposition.id not in (*other.disputes, *other.defeats):
                yield desk.finding(
                    "A12",
                    f"this proposition disputes `{id_}`, which does not say so",
                    proposition,
                    _witness(world, claims, "the two disagree" if claims[1:] else "this one applies"),
                    named=id_,
                    hint=f"write “Disputes: `{proposition.id}`.” under `{id_}` too",
                    others=(id_,),
                )
    yield from _circles(desk)


def _circles(desk: Desk) -> Iterator[Finding]:
    """Find propositions that defeat one another in a circle and apply at once."""
    known = desk.lore.propositions
    for proposition in desk.theory.propositions:
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
                    "propositions defeat one another in a circle and apply at once: "
                    + " → ".join((proposition.id, *back)),
                    proposition,
                    _witness(
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


def _listed(ids: Iterable[str]) -> str:
    return " or ".join(f"`{each}`" for each in ids)
