"""Defects put into clean rules on purpose: all of them are found, nothing else is, and every witness replays."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from advisor.grammar import conditions_in
from advisor.terms import (
    SYSTEM,
    CautionClaim,
    Condition,
    Derivation,
    Phrase,
    Proposition,
    StrategyClaim,
    Term,
    Theory,
    Value,
    Variable,
)
from advisor.vocabulary import value_ids, variables
from advisor.workshop.analysis import analyse
from advisor.workshop.analysis_replay import replay
from advisor.workshop.analysis_search import Search
from advisor.workshop.analysis_world import Lore
from advisor.workshop.findings import Finding

EACH = 10
SCHOOLS = ("balance-of-threat", "common-core", "small-states", "structural-realism")
"""The schools from which the clean rules are taken."""

Seed = tuple[str, Theory, frozenset[str], dict[str, str]]
"""The code that is to be found, the theory with the defect, ids that the finding is about, and documents."""


def only(theory: Theory, kept: Iterable[Proposition]) -> Theory:
    """A theory with some propositions: no reference leads out of it, and no entry of its vocabulary is idle."""
    propositions = list(kept)
    ids = {each.id for each in propositions}
    propositions = [
        replace(
            each,
            defeats=tuple(id_ for id_ in each.defeats if id_ in ids),
            disputes=tuple(id_ for id_ in each.disputes if id_ in ids),
        )
        for each in propositions
    ]
    words = theory.vocabulary
    used = {c.variable for each in propositions for c in (*conditions_in(each.conditions), *each.unless)}
    used |= {c.variable for each in propositions for c in each.conclusions if isinstance(c, Derivation)}
    used |= {sign.condition.variable for sign in words.focus.signs}
    used |= {c.variable for each in words.strategies for c in each.impossible_if}
    used |= {school.premise.variable for school in theory.schools if school.premise}
    concluded = {(c.variable, c.value) for each in propositions for c in each.conclusions if isinstance(c, Derivation)}
    left = tuple(
        replace(v, values=tuple(value for value in v.values if not v.derived or (v.id, value.id) in concluded))
        for v in words.variables
        if v.id in used
    )
    return replace(
        theory, vocabulary=replace(words, variables=left), propositions=tuple(propositions), digest=f"{len(ids)}"
    )


@pytest.fixture(scope="module")
def clean(theory: Theory) -> Theory:
    """Rules of our own in which nothing is found, and nothing had to be accepted."""
    chosen = [each for each in theory.propositions if each.school in SCHOOLS]
    supplied = {c.variable for each in chosen for c in each.conclusions if isinstance(c, Derivation)}
    derived = {v.id for v in theory.vocabulary.variables if v.derived}
    while True:
        fed = [
            each
            for each in chosen
            if all(
                c.variable not in derived or c.variable in supplied
                for c in (*conditions_in(each.conditions), *each.unless)
            )
        ]
        found = analyse(only(theory, fed), {})
        named = {each.about[0] for each in found if each.about}
        chosen = [each for each in fed if each.id not in named]
        supplied = {c.variable for each in chosen for c in each.conclusions if isinstance(c, Derivation)}
        if not named:
            return only(theory, chosen)


def changed(theory: Theory, old: Proposition, new: Proposition, *more: Proposition) -> Theory:
    kept = [new if each.id == old.id else each for each in theory.propositions]
    return replace(theory, propositions=(*kept, *more), digest=f"{old.id} {new} {more}")


def plain(theory: Theory, proposition: Proposition) -> list[Condition]:
    """The conditions of a proposition that stand by themselves and can be stated."""
    known = variables(theory.vocabulary)
    return [c for c in proposition.conditions if isinstance(c, Condition) and not known[c.variable].derived]


def others(theory: Theory, condition: Condition) -> tuple[str, ...]:
    """The values that a condition leaves out."""
    known = value_ids(variables(theory.vocabulary)[condition.variable])
    return tuple(value for value in known if (value in condition.values) != condition.holds)


def claiming(theory: Theory) -> list[Proposition]:
    return [p for p in theory.propositions if any(isinstance(c, StrategyClaim) for c in p.conclusions)]


def undefeated(theory: Theory) -> list[Proposition]:
    """The claims that nothing defeats: what defeats a proposition does not defeat its twin, which then says more."""
    defeated = {id_ for each in theory.propositions for id_ in each.defeats}
    return [each for each in claiming(theory) if each.id not in defeated]


def twin(proposition: Proposition, name: str, **what: object) -> Proposition:
    return replace(
        proposition,
        **{"id": f"{proposition.id}-{name}", "defeats": (), "disputes": (), **what},  # type: ignore[arg-type]
    )


def contradictory(theory: Theory, dice: random.Random) -> Seed:
    """A condition is joined by one that leaves no value of it."""
    proposition = dice.choice([p for p in theory.propositions if any(others(theory, c) for c in plain(theory, p))])
    condition = dice.choice([c for c in plain(theory, proposition) if others(theory, c)])
    extra = replace(condition, values=others(theory, condition), holds=True, text="")
    new = replace(proposition, conditions=(*proposition.conditions, extra))
    return "A01", changed(theory, proposition, new), frozenset({proposition.id}), {}


def barred(theory: Theory, dice: random.Random) -> Seed:
    """A threatened state is to be on good terms with a power that, on good terms, is no threat."""
    proposition = dice.choice(
        [
            p
            for p in theory.propositions
            if any(isinstance(c, Condition) and c.variable == "threat" and "high" in c.values for c in p.conditions)
            and not any(c.variable in ("intent", "menace_intent") for c in conditions_in(p.conditions))
        ]
    )
    extra = Condition("intent", (Term("threat"), Term("state")), ("benign",))
    new = replace(proposition, conditions=(*proposition.conditions, extra))
    return "A02", changed(theory, proposition, new), frozenset({proposition.id}), {}


def stopped(theory: Theory, dice: random.Random) -> Seed:
    """A rule has one of its own conditions as an exception."""
    proposition = dice.choice([p for p in claiming(theory) if plain(theory, p)])
    own = dice.choice(plain(theory, proposition))
    new = replace(proposition, unless=(*proposition.unless, own))
    return "A02", changed(theory, proposition, new), frozenset({proposition.id}), {}


def starved(theory: Theory, dice: random.Random) -> Seed:
    """A rule needs what no proposition concludes any more."""
    lost = dice.choice([v for v in theory.vocabulary.variables if v.derived and v.arity])
    kept = [
        p
        for p in theory.propositions
        if not any(isinstance(c, Derivation) and c.variable == lost.id for c in p.conclusions)
    ]
    short = dice.choice([p for p in kept if any(isinstance(c, StrategyClaim) for c in p.conclusions)])
    terms = (Term("threat"), Term("state"))[: lost.arity]
    extra = Condition(lost.id, terms, (lost.values[0].id,))
    kept[kept.index(short)] = replace(short, conditions=(*short.conditions, extra))
    return "A02", replace(theory, propositions=tuple(kept), digest=f"{lost.id} {short.id}"), frozenset({short.id}), {}


def doubled(theory: Theory, dice: random.Random) -> Seed:
    """A proposition is said again, its conditions in another order."""
    proposition = dice.choice(undefeated(theory))
    again = twin(proposition, "again", conditions=proposition.conditions[::-1], defeats=proposition.defeats, line=10**6)
    return "A03", changed(theory, proposition, proposition, again), frozenset({proposition.id, again.id}), {}


def narrowed(theory: Theory, dice: random.Random) -> Seed:
    """A proposition is said again with a further condition."""
    proposition = dice.choice(undefeated(theory))
    spoken = {c.variable for c in (*conditions_in(proposition.conditions), *proposition.unless)}
    known = [v for v in theory.vocabulary.variables if v.arity == 0 and not v.derived and v.id not in spoken]
    variable = dice.choice([v for v in known if v.default is None])
    extra = Condition(variable.id, (Term(SYSTEM, False),), (dice.choice(value_ids(variable)),))
    narrow = twin(proposition, "narrow", conditions=(*proposition.conditions, extra), line=10**6)
    return "A04", changed(theory, proposition, proposition, narrow), frozenset({narrow.id, proposition.id}), {}


def masked(theory: Theory, dice: random.Random) -> Seed:
    """A proposition is defeated by one that has fewer conditions."""
    proposition = dice.choice([p for p in claiming(theory) if len(p.conditions) > 1])
    fewer = proposition.conditions[: dice.randrange(1, len(proposition.conditions))]
    caution = CautionClaim(theory.vocabulary.cautions[0].id)
    over = twin(
        proposition, "mask", conclusions=(caution,), conditions=fewer, unless=(), defeats=(proposition.id,), line=10**6
    )
    return "A05", changed(theory, proposition, proposition, over), frozenset({proposition.id, over.id}), {}


def idle_exception(theory: Theory, dice: random.Random) -> Seed:
    """An exception is what a condition rules out."""
    proposition = dice.choice([p for p in theory.propositions if any(others(theory, c) for c in plain(theory, p))])
    condition = dice.choice([c for c in plain(theory, proposition) if others(theory, c)])
    extra = replace(condition, values=others(theory, condition), holds=True, text="")
    new = replace(proposition, unless=(*proposition.unless, extra))
    return "A06", changed(theory, proposition, new), frozenset({proposition.id}), {}


def contrary(theory: Theory, dice: random.Random) -> Seed:
    """A proposition is contradicted by its own school, on another ground."""
    proposition = dice.choice([p for p in claiming(theory) if p.conclusions and len(p.conditions) < 4])
    (first, *_) = [c for c in proposition.conclusions if isinstance(c, StrategyClaim)]
    spoken = {c.variable for c in (*conditions_in(proposition.conditions), *proposition.unless)}
    variable = dice.choice(
        [v for v in theory.vocabulary.variables if v.arity == 0 and not v.derived and v.id not in spoken]
    )
    ground = Condition(variable.id, (Term(SYSTEM, False),), (variable.default or dice.choice(value_ids(variable)),))
    against = twin(
        proposition,
        "against",
        conclusions=(replace(first, favours=not first.favours),),
        conditions=(ground,),
        unless=(),
        line=10**6,
    )
    return "A07", changed(theory, proposition, proposition, against), frozenset({proposition.id, against.id}), {}


def gap(theory: Theory, dice: random.Random) -> Seed:
    """All that is said of a response is said under one further condition."""
    topic = theory.vocabulary.topics[0].id
    response = {each.id for each in theory.vocabulary.strategies if each.question == topic}
    variable = dice.choice([v for v in theory.vocabulary.variables if v.core and v.arity < 2 and not v.derived])
    value = dice.choice(value_ids(variable))
    terms = (Term("state"),) if variable.arity else (Term(SYSTEM, False),)
    extra = Condition(variable.id, terms, (value,))
    kept = tuple(
        replace(p, conditions=(*p.conditions, extra))
        if any(isinstance(c, StrategyClaim) and c.strategy in response for c in p.conclusions)
        else p
        for p in theory.propositions
    )
    return "A08", replace(theory, propositions=kept, digest=f"gap {extra}"), frozenset(), {}


def mute(theory: Theory, dice: random.Random) -> Seed:
    """A value loses its phrases."""
    words = theory.vocabulary
    variable = dice.choice([v for v in words.variables if not v.derived and v.default is None])
    value = dice.choice(variable.values)
    mute_ = tuple(replace(v, phrases=()) if v.id == value.id else v for v in variable.values)
    left = tuple(replace(v, values=mute_) if v.id == variable.id else v for v in words.variables)
    new = replace(theory, vocabulary=replace(words, variables=left), digest=f"mute {variable.id} {value.id}")
    return "A09", new, frozenset({variable.id}), {}


def idle_entry(theory: Theory, dice: random.Random) -> Seed:
    """The vocabulary gets an entry that nothing speaks of."""
    name = f"idle{dice.randrange(10**6)}"
    arity = dice.randrange(3)
    who = ("the system", "{0}", "{0} beside {1}")[arity]
    values = tuple(Value(v, (Phrase(f"{who} is {v} {name}"),)) for v in ("quite", "hardly"))
    entry = Variable(name, name, "Made up", arity, "?", values)
    words = replace(theory.vocabulary, variables=(*theory.vocabulary.variables, entry))
    return "A10", replace(theory, vocabulary=words, digest=name), frozenset({name}), {}


def together(theory: Theory, dice: random.Random, meet: bool) -> tuple[Proposition, Proposition]:
    """Two unrelated propositions that can apply at once, or that cannot."""
    search = Search(Lore(theory))
    while True:
        one, other = dice.sample(claiming(theory), 2)
        related = {*one.defeats, *one.disputes, *other.defeats, *other.disputes} & {one.id, other.id}
        if not related and (next(search.together(one, other), None) is not None) == meet:
            return one, other


def circle(theory: Theory, dice: random.Random) -> Seed:
    """Two propositions defeat each other."""
    one, other = together(theory, dice, meet=True)
    new = changed(theory, one, replace(one, defeats=(*one.defeats, other.id)))
    new = changed(new, other, replace(other, defeats=(*other.defeats, one.id)))
    return "A11", new, frozenset({one.id, other.id}), {}


def one_way(theory: Theory, dice: random.Random) -> Seed:
    """A dispute is stated by one side."""
    one, other = together(theory, dice, meet=True)
    new = changed(theory, one, replace(one, disputes=(*one.disputes, other.id)))
    return "A12", new, frozenset({one.id, other.id}), {}


def apart(theory: Theory, dice: random.Random) -> Seed:
    """A proposition defeats another that never applies together with it."""
    one, other = together(theory, dice, meet=False)
    new = changed(theory, one, replace(one, defeats=(*one.defeats, other.id)))
    return "A13", new, frozenset({one.id, other.id}), {}


def stale(theory: Theory, dice: random.Random) -> Seed:
    """Something is accepted that is not there."""
    proposition = dice.choice(theory.propositions)
    text = (
        f"### {proposition.title} {{#{proposition.id}}}\n\nAccepted: A0{dice.randrange(1, 8)}, because it once was.\n"
    )
    return "A14", theory, frozenset({proposition.id}), {proposition.path: text}


def unexplained(theory: Theory, dice: random.Random) -> Seed:
    """Something is accepted without a reason."""
    proposition = dice.choice(theory.propositions)
    said = dice.choice(("A05", "A07 with `it`", "because I say so", "A5, because it is", "A06 because"))
    text = f"### {proposition.title} {{#{proposition.id}}}\n\nAccepted: {said}.\n"
    return "A15", theory, frozenset(), {proposition.path: text}


CLASSES: tuple[Callable[[Theory, random.Random], Seed], ...] = (
    contradictory, barred, stopped, starved, doubled, narrowed, masked, idle_exception, contrary, gap, mute,
    idle_entry, circle, one_way, apart, stale, unexplained,
)  # fmt: skip


def missed(seed: Seed, found: Iterable[Finding]) -> bool:
    code, _, about, _ = seed
    return not any(each.diagnostic.code == code and about <= set(each.about) for each in found)


def test_nothing_is_found_in_the_clean_rules(clean: Theory) -> None:
    assert len(clean.propositions) > 40
    assert not analyse(clean, {})


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_seeded_defect_is_found(clean: Theory, kind: Callable[[Theory, random.Random], Seed]) -> None:
    made: dict[str, Seed] = {}
    for number in range(200):
        seed = kind(clean, random.Random(f"{kind.__name__} {number}"))
        made.setdefault(f"{seed[1].digest} {sorted(seed[3].items())}", seed)
        if len(made) == EACH:
            break
    assert len(made) == EACH, "too few places for this defect"
    for seed in made.values():
        found = analyse(seed[1], seed[3])
        assert not missed(seed, found), (seed[0], sorted(seed[2]), [f.diagnostic.message for f in found])
        for finding in found:
            if finding.witness is not None:
                assert replay(seed[1], finding.witness), (finding.diagnostic, finding.witness)
    print(f"{kind.__name__}: {len(made)} of {len(made)} found")  # noqa: T201
