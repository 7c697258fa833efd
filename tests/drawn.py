"""Theories and situations that hypothesis makes up, in the vocabulary of ``random_theories``.

All choices are made by ``by``.  The first of several things to choose from is the plainest and a small number means
what is usual, so that a case which hypothesis makes smaller becomes plainer.  What is made up is dense: many facts
meet conditions, propositions build on one another and on themselves, one fact may meet two conditions of a rule.
"""

import hashlib
from dataclasses import replace
from itertools import permutations

from hypothesis import strategies as some
from random_theories import LEVEL, ROLES, STATES, VARIABLES, VOCABULARY, add

from advisor.grammar import conditions_in
from advisor.situation import from_facts
from advisor.terms import (
    SYSTEM,
    AtLeast,
    CautionClaim,
    Condition,
    Derivation,
    Either,
    Fact,
    MeasureClaim,
    MenuClaim,
    OutcomeClaim,
    Proposition,
    StrategyClaim,
    Term,
    Theory,
)

NAMED = ("Arvenia", "Borland", "Cadria", "Farland")
"""The states that propositions name, one of which no situation knows of."""


class Drawn:
    """Lets hypothesis choose."""

    def __init__(self, draw):
        self.draw = draw

    def random(self):
        return self.draw(HUNDREDTHS) / 100

    def choice(self, items):
        return self.draw(some.sampled_from(items))

    def sample(self, items, count):
        left = list(items)
        return [left.pop(self.draw(some.integers(0, len(left) - 1))) for _ in range(count)]

    def many(self, make, low, high):
        return self.draw(some.lists(made_by(make), min_size=low, max_size=high))


HUNDREDTHS = some.integers(0, 99)


@some.composite
def made_by(draw, make):
    """What ``make`` makes of the choices of hypothesis."""
    return make(Drawn(draw))


def terms(by, arity, roles):
    if not arity:
        return (Term(SYSTEM, False),)
    chosen = by.sample(roles, min(arity, len(roles)))
    named = [Term(role) if by.random() < 0.9 else Term(by.choice(NAMED), False) for role in chosen]
    return tuple(named) if len({t.name for t in named}) == arity else tuple(Term(role) for role in chosen)


def condition(by, top, roles, least=0):
    """Make a condition about a variable of a level from ``least`` up to ``top``."""
    about = by.choice([v for v in VARIABLES if least <= LEVEL[v.id] <= top])
    values = [value.id for value in about.values]
    wanted = tuple(by.sample(values, by.choice([1, 2])))
    return Condition(about.id, terms(by, about.arity, roles), wanted, by.random() < 0.8)


def premiss(by, top, roles):
    """Make a premiss; many are about what other propositions conclude, so that they build on one another."""
    kind = by.random()
    least = min(top, by.choice((0, 0, 1, 2)))
    if kind < 0.6:
        return condition(by, top, roles, least=least)
    if kind < 0.8:
        return Either(tuple(by.many(lambda by: condition(by, top, roles, least=least), 2, 3)))
    counted = by.many(lambda by: condition(by, top, roles), 2, 4)
    return AtLeast(by.choice(range(1, len(counted) + 1)), tuple(counted))


def claim(by, roles):
    return by.choice(
        [
            CautionClaim("doubt"),
            StrategyClaim("resist", by.random() < 0.5, 2),
            OutcomeClaim("peril", (Term(by.choice(roles)),), "likely", 1),
            MeasureClaim("alarm"),
            MenuClaim(("resist", "yield")),
        ]
    )


def conclusions(by, level, roles):
    """Give conclusions of one level: facts, now and then with something else, or at level 4 arguments alone."""
    if level == 4:
        return tuple(by.many(lambda by: claim(by, roles), 1, 2))
    # The first variables of level 0 are observed; that something else is concluded about them must be stood too.
    abouts = [v for v in VARIABLES if LEVEL[v.id] == level]

    def derivation(by):
        about = by.choice(abouts)
        return Derivation(about.id, terms(by, about.arity, roles), by.choice(about.values).id)

    derived = tuple(by.many(derivation, 1, 2)) if by.random() > 0.8 else (derivation(by),)
    return (*derived, claim(by, roles)) if by.random() > 0.8 else derived


def proposition(by, unless=True):
    """Make a proposition without a name, and give its level."""
    level = by.choice([4, 1, 1, 2, 2, 3, 4, 0])
    roles = by.sample(ROLES, by.choice([2, 2, 3, 3, 4]))
    stops = []
    if unless and level and by.random() > 0.5:
        stops = by.many(lambda by: condition(by, level - 1, list(ROLES)), 1, 2)
    premisses = by.many(lambda by: premiss(by, level, roles), 0, 3)
    if premisses and by.random() > 0.8:
        premisses.append(varied(by, by.choice(conditions_in(premisses))))
    concluded = conclusions(by, level, roles)
    if level < 4 and by.random() > 0.7:
        premisses.append(circular(by, concluded[0], roles))
    return Proposition("", "", "school", "", "", concluded, tuple(premisses), tuple(stops)), level


def circular(by, conclusion, roles):
    """Make a condition about what is concluded, of the same states or of others."""
    (about,) = (each for each in VARIABLES if each.id == conclusion.variable)
    values = [value.id for value in about.values]
    return Condition(about.id, terms(by, about.arity, roles), tuple(by.sample(values, by.choice([1, 2]))))


def varied(by, like):
    """Make a condition about the same as another, so that one fact may meet both."""
    (values,) = ([value.id for value in each.values] for each in VARIABLES if each.id == like.variable)
    return replace(like, values=tuple(by.sample(values, by.choice([1, 2]))))


def theory(by, size=12, unless=True):
    """Give a random theory, and the level of each of its propositions."""
    made = by.many(lambda by: proposition(by, unless), by.choice((0, size * 3 // 4, size * 3 // 4, size)), size)
    rules = tuple(replace(rule, id=f"p{n:02}", title=f"p{n:02}") for n, (rule, _) in enumerate(made))
    level = {rule.id: level for rule, (_, level) in zip(rules, made, strict=True)}
    return Theory(VOCABULARY, (), rules, hashlib.sha256(repr(rules).encode()).hexdigest()), level


def fact(by, states):
    derived = by.random() > 0.9
    about = by.choice([v for v in VARIABLES if v.derived == derived and v.arity <= len(states)])
    args = tuple(by.sample(states, about.arity)) or (SYSTEM,)
    return Fact(about.id, args, by.choice(about.values).id, by.random() < 0.8)


def situation(by, size=20, count=4):
    states = STATES[:count]
    found = from_facts(VOCABULARY, [], states)
    for new in by.many(lambda by: fact(by, states), by.choice((0, size * 3 // 4, size * 3 // 4, size)), size):
        found = add(found, new) or found
    for like in by.many(lambda by: fact(by, states), 0, 4):
        for args in permutations(states, len(like.args) if like.args != (SYSTEM,) else 0):  # and all others alike
            found = add(found, like._replace(args=args or (SYSTEM,))) or found
    return found
