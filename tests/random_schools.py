"""Random theories in which several schools argue for strategies: with defeats, premises and impossible strategies."""

import random
from dataclasses import replace

import random_theories as plain

from advisor.situation import from_facts
from advisor.terms import (
    SYSTEM,
    CautionClaim,
    Condition,
    Fact,
    Family,
    Phrase,
    RoleName,
    School,
    Strategy,
    StrategyClaim,
    Term,
    Theory,
    Topic,
    Value,
    Variable,
    Vocabulary,
)

TOPICS = (Topic("conduct", "What does it do?"), Topic("pace", "How fast?", apart=True))
FAMILIES = (Family("fight", "fight"), Family("bend", "bend"), Family("none", "do nothing", rejects="arm"))
SCHOOLS = ("reds", "blues", "greens")
ROLES = tuple(RoleName(role, f"the {role}", "") for role in plain.ROLES)


def strategies(vocabulary_variables):
    """Two ways to fight, two to bend; one is impossible for the small, and one of each pace."""
    small = Condition("size", (Term("state"),), ("small",))
    cold = Condition("feeling", (Term("threat"), Term("state")), ("cold",))
    return (
        Strategy("fight-on", "conduct", "fight", "fight", forms=("arm", "league")),
        Strategy("arm", "conduct", "fight", "arm"),
        Strategy("league", "conduct", "fight", "league", impossible_if=(small,)),
        Strategy("bow", "conduct", "bend", "bow", impossible_if=(cold,)),
        Strategy("hide", "conduct", "bend", "hide"),
        Strategy("haste", "pace", "fight", "hasten"),
        Strategy("delay", "pace", "bend", "delay"),
    )


VOCABULARY = Vocabulary(
    ROLES, plain.VARIABLES, (), TOPICS, FAMILIES, strategies(plain.VARIABLES), (), (), plain.VOCABULARY.cautions
)


def theory(rng, size=14, unless=True):
    """Give a random theory whose last propositions argue for three schools; the first topic has most of them."""
    made = [plain.proposition(rng, number, unless) for number in range(size)]
    rules = []
    for number, (rule, level) in enumerate(made):
        school = rng.choice(SCHOOLS)
        conclusions = rule.conclusions
        if level == 4:
            claims = [
                StrategyClaim(rng.choice(VOCABULARY.strategies[:5]).id, rng.random() < 0.75, rng.choice([1, 2, 3]))
                for _ in range(rng.choice([1, 1, 2]))
            ]
            if rng.random() < 0.15:
                claims = [StrategyClaim(rng.choice(["haste", "delay"]), True, rng.choice([1, 2, 3]))]
            if rng.random() < 0.1:
                claims = [CautionClaim("doubt")]
            conclusions = tuple(claims)
        later = [f"p{other:02}" for other in range(number + 1, size)]
        defeats = tuple(sorted(rng.sample(later, min(len(later), rng.choice([0, 0, 1, 2])))))
        rules.append(replace(rule, school=school, conclusions=conclusions, defeats=defeats))
    premise = Condition("climate", (Term(SYSTEM, False),), ("calm", "tense"))
    schools = tuple(
        School(name, name, rng.choice([1.0, 0.5]), premise if name == "greens" and rng.random() < 0.5 else None, "")
        for name in SCHOOLS
    )
    return Theory(VOCABULARY, schools, tuple(rules), str(rng.random()))


def situation(rng, size=8, count=3):
    """Give a random situation between a few states."""
    states = plain.STATES[:count]
    chosen = {}
    for _ in range(size):
        fact = plain.fact(rng, states)
        if plain.consistent(plain.closed(VOCABULARY, [*chosen.values(), fact])):
            chosen[fact] = fact
    return from_facts(VOCABULARY, chosen.values(), states)


def small(rng):
    """Give a small theory about few matters, for which every order of questions can be tried."""
    flags = tuple(
        Variable(
            name, name, "", 1, f"{name} of {{0}}?", tuple(Value(v, (Phrase(f"{{0}} is {name} {v}"),)) for v in values)
        )
        for name, values in (
            ("rich", ("yes", "no")),
            ("proud", ("yes", "no")),
            ("size", ("small", "middle", "large")),
        )
    )
    raise NotImplementedError(flags, random, Fact)
