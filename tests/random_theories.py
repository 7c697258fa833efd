"""Random theories and situations, in a vocabulary with one variable of every kind."""

import random

from advisor.situation import closed, from_facts
from advisor.terms import (
    SYSTEM,
    AtLeast,
    CautionClaim,
    Condition,
    Derivation,
    Either,
    Fact,
    OutcomeClaim,
    Phrase,
    Proposition,
    Situation,
    StrategyClaim,
    Term,
    Theory,
    Value,
    Variable,
    Vocabulary,
)

STATES = ("Arvenia", "Borland", "Cadria", "Delmark", "Esteria")
ROLES = ("state", "threat", "ally", "third")


def variable(name, arity, *values, **traits):
    text = ("the time has {} {}", "{{0}} has {} {}", "{{0}} has {} {} towards {{1}}")[arity]
    phrases = [Value(value, (Phrase(text.format(name, value)),)) for value in values]
    return Variable(name, name, "", arity, f"{name}?", tuple(phrases), **traits)


# The number is the level: a proposition concludes about a higher level than its "unless" looks at.
LEVELS = (
    (variable("climate", 0, "calm", "tense", default="calm"), 0),
    (variable("size", 1, "small", "middle", "large"), 0),
    (variable("armed", 1, "yes", "no"), 0),
    (variable("traits", 1, "old", "rich", "proud", many=True), 0),
    (variable("feeling", 2, "warm", "cool", "cold"), 0),
    (variable("border", 2, "yes", "no", symmetric=True), 0),
    (variable("war", 2, "won", "lost", "even", mirror=(("won", "lost"), ("lost", "won"), ("even", "even"))), 0),
    (variable("danger", 2, "high", "low", derived=True), 1),
    (variable("camp", 2, "yes", "no", derived=True, symmetric=True), 1),
    (variable("labels", 1, "lion", "lamb", "wolf", derived=True, many=True), 2),
    (variable("race", 2, "ahead", "behind", derived=True, mirror=(("ahead", "behind"), ("behind", "ahead"))), 2),
    (variable("mood", 0, "war", "peace", derived=True), 3),
)
VARIABLES = tuple(variable for variable, _ in LEVELS)
LEVEL = {variable.id: level for variable, level in LEVELS}
VOCABULARY = Vocabulary((), VARIABLES, (), (), (), (), (), (), ())


def terms(rng, arity, roles):
    if not arity:
        return (Term(SYSTEM, False),)
    chosen = rng.sample(roles, min(arity, len(roles)))
    named = [Term(rng.choice(STATES[:3]), False) if rng.random() < 0.07 else Term(role) for role in chosen]
    return tuple(named) if len({t.name for t in named}) == arity else tuple(Term(role) for role in chosen)


def condition(rng, top, roles, positive=False):
    about = rng.choice([v for v in VARIABLES if LEVEL[v.id] <= top])
    values = [value.id for value in about.values]
    some = tuple(rng.sample(values, rng.choice([1, 1, 2])))
    return Condition(about.id, terms(rng, about.arity, roles), some, positive or rng.random() < 0.8)


def premiss(rng, top, roles):
    kind = rng.random()
    if kind < 0.15:
        return Either(tuple(condition(rng, top, roles) for _ in range(rng.choice([2, 3]))))
    if kind < 0.3:
        return AtLeast(2, tuple(condition(rng, top, roles) for _ in range(3)))
    return condition(rng, top, roles)


def conclusions(rng, level, roles):
    """Give conclusions of one level: facts, or arguments at level 4."""
    if level == 4:
        return (
            rng.choice(
                [
                    StrategyClaim("resist", rng.random() < 0.5, 2),
                    OutcomeClaim("peril", (Term(rng.choice(roles)),), "likely", 1),
                    CautionClaim("doubt"),
                ]
            ),
        )
    # The first variables of level 0 are observed; that something else is concluded about them must be stood too.
    about = rng.choice([v for v in VARIABLES if LEVEL[v.id] == level])
    derived = Derivation(about.id, terms(rng, about.arity, roles), rng.choice(about.values).id)
    return (derived, CautionClaim("doubt")) if rng.random() < 0.2 else (derived,)


def proposition(rng, number, unless=True):
    level = rng.choice([0, 1, 1, 2, 2, 3, 4, 4])
    roles = rng.sample(ROLES, rng.choice([2, 2, 3]))
    stops = []
    if unless and level and rng.random() < 0.5:
        stops = [condition(rng, level - 1, list(ROLES)) for _ in range(rng.choice([1, 1, 2]))]
    premisses = tuple(premiss(rng, level, roles) for _ in range(rng.choice([0, 1, 2, 2, 3])))
    name = f"p{number:02}"
    return Proposition(name, name, "school", "", "", conclusions(rng, level, roles), premisses, tuple(stops)), level


def theory(rng, size=12, unless=True):
    """Give a random theory, and the level of each of its propositions."""
    made = [proposition(rng, number, unless) for number in range(size)]
    rules = tuple(rule for rule, _ in made)
    return Theory(VOCABULARY, (), rules, str(rng.random())), {rule.id: level for rule, level in made}


def fact(rng, states):
    about = rng.choice([v for v in VARIABLES if not v.derived or rng.random() < 0.1])
    args = tuple(rng.sample(states, about.arity)) or (SYSTEM,)
    return Fact(about.id, args, rng.choice(about.values).id, rng.random() < 0.8)


def consistent(facts):
    """Whether no two facts contradict each other once closed."""
    return not any(Fact(f.variable, f.args, f.value, not f.holds) in facts for f in facts)


def add(situation: Situation, new: Fact) -> Situation | None:
    """Add a fact to a situation, or give None where it contradicts it."""
    both = closed(VOCABULARY, [*situation.facts, new])
    return Situation(situation.states, both) if consistent(both) else None


def situation(rng, size=20, count=4):
    states = STATES[:count]
    found = from_facts(VOCABULARY, [], states)
    for _ in range(size):
        found = add(found, fact(rng, states)) or found
    return found


def shuffled(rng, items):
    return tuple(rng.sample(items, len(items)))


def rng_for(seed):
    return random.Random(seed)
