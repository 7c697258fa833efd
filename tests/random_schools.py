"""Random theories in which several schools argue for strategies: with defeats, premises and impossible strategies."""

from dataclasses import replace

import random_theories as plain

from advisor.situation import from_facts
from advisor.terms import (
    SYSTEM,
    CautionClaim,
    Condition,
    Derivation,
    Family,
    Phrase,
    Proposition,
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
STATE = Term("state")
STRATEGIES = (
    Strategy("fight-on", "conduct", "fight", "fight", forms=("arm", "league")),
    Strategy("arm", "conduct", "fight", "arm"),
    Strategy("league", "conduct", "fight", "league", impossible_if=(Condition("size", (STATE,), ("small",)),)),
    Strategy(
        "bow", "conduct", "bend", "bow", impossible_if=(Condition("feeling", (Term("threat"), STATE), ("cold",)),)
    ),
    Strategy("hide", "conduct", "bend", "hide"),
    Strategy("haste", "pace", "fight", "hasten"),
    Strategy("delay", "pace", "bend", "delay"),
)
VOCABULARY = Vocabulary(ROLES, plain.VARIABLES, (), TOPICS, FAMILIES, STRATEGIES, (), (), ())


def claims(rng, conduct=False):
    """Give what one proposition argues for: mostly, or (``conduct``) only, one or two ways to conduct oneself."""
    kind = 1 if conduct else rng.random()
    if kind < 0.1:
        return (CautionClaim("doubt"),)
    if kind < 0.25:
        return (StrategyClaim(rng.choice(["haste", "delay"]), True, rng.choice([1, 2, 3])),)
    ways = rng.sample([strategy.id for strategy in STRATEGIES[:5]], rng.choice([1, 1, 2]))
    return tuple(StrategyClaim(way, rng.random() < 0.75, rng.choice([1, 2, 3])) for way in ways)


def theory(rng, size=14, unless=True):
    """Give a random theory in which about every second proposition argues for a strategy, and some defeat others."""
    rules = []
    while len(rules) < size:
        rule, level = plain.proposition(rng, len(rules), unless)
        if level != 4 and sum(any(isinstance(c, Derivation) for c in r.conclusions) for r in rules) > size // 2:
            continue
        later = [f"p{other:02}" for other in range(len(rules) + 1, size)]
        defeats = tuple(sorted(rng.sample(later, min(len(later), rng.choice([0, 0, 1, 2])))))
        conclusions = claims(rng) if level == 4 else rule.conclusions
        conditions = rule.conditions[: rng.choice([1, 2])] if level == 4 else rule.conditions
        rules.append(
            replace(rule, school=rng.choice(SCHOOLS), conclusions=conclusions, conditions=conditions, defeats=defeats)
        )
    premise = Condition("climate", (Term(SYSTEM, False),), ("calm", "tense"))
    schools = tuple(
        School(name, name, rng.choice([1.0, 0.5]), premise if name == "greens" and rng.random() < 0.5 else None, "")
        for name in SCHOOLS
    )
    return Theory(VOCABULARY, schools, tuple(rules), str(rng.random()))


def situation(rng, size=8, count=3):
    """Give a random situation between a few states."""
    states = plain.STATES[:count]
    chosen = []
    for _ in range(size):
        fact = plain.fact(rng, states)
        if plain.consistent(plain.closed(VOCABULARY, [*chosen, fact])):
            chosen.append(fact)
    return from_facts(VOCABULARY, chosen, states)


# ---------------------------------------------------------------- so small that every order of questions can be tried


def small(rng):
    """Give a theory about a handful of matters of one state."""
    flags = []
    for number in range(rng.choice([4, 5, 6])):
        values = rng.choice([("yes", "no"), ("low", "mid", "high")])
        phrases = tuple(Value(value, (Phrase(f"{{0}} is v{number} {value}"),)) for value in values)
        flags.append(Variable(f"v{number}", f"v{number}", "", 1, f"v{number} of {{0}}?", phrases))
    danger = Variable(
        "peril", "peril", "", 1, "?", tuple(Value(v, (Phrase(f"{{0}} is in {v} peril"),)) for v in ("high", "low")),
        derived=True,
    )  # fmt: skip
    ways = tuple(replace(strategy, impossible_if=()) for strategy in STRATEGIES)
    vocabulary = Vocabulary(ROLES, (*flags, danger), (), TOPICS, FAMILIES, ways, (), (), ())

    def condition(pool):
        about = rng.choice(pool)
        values = [value.id for value in about.values]
        some = tuple(rng.sample(values, 1 if len(values) == 2 else rng.choice([1, 2])))
        return Condition(about.id, (STATE,), some, rng.random() < 0.85)

    rules = []
    size = rng.choice([5, 7, 9])
    for number in range(size):
        pool = [*flags, danger, danger]
        conditions = tuple(condition(pool) for _ in range(rng.choice([1, 1, 2, 2, 3])))
        stops = tuple(condition(flags) for _ in range(rng.choice([0, 0, 0, 1])))
        later = [f"p{other}" for other in range(number + 1, size)]
        defeats = tuple(sorted(rng.sample(later, min(len(later), rng.choice([0, 0, 0, 1])))))
        argued = claims(rng, conduct=True)
        rules.append(Proposition(f"p{number}", "t", rng.choice(SCHOOLS), "", "", argued, conditions, stops, defeats))
    for number in range(rng.choice([0, 1, 2])):
        conditions = tuple(condition(flags) for _ in range(rng.choice([1, 2, 3])))
        derived = (Derivation("peril", (STATE,), rng.choice(["high", "low"])),)
        rules.append(Proposition(f"d{number}", "t", "reds", "", "", derived, conditions))
    schools = tuple(School(name, name, 1.0, None, "") for name in SCHOOLS)
    return Theory(vocabulary, schools, tuple(rules), str(rng.random()))
