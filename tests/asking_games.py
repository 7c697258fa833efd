"""Questions asked and answered to the end: on small theories in every order, on large ones in ours."""

import itertools
from functools import cache

from advisor.inference import infer
from advisor.inquiry import Matter, next_question, with_fact
from advisor.inquiry.asking import best
from advisor.inquiry.sight import sight_of
from advisor.situation import from_facts
from advisor.terms import SYSTEM, Fact
from advisor.verdict import judge
from advisor.vocabulary import canonical, variables

STATES = ("Arvenia", "Borland")


class Game:
    """A small theory about a few matters of one state.  What is known is a value or nothing for each of them."""

    def __init__(self, theory):
        self.theory = theory
        self.matters = [variable for variable in theory.vocabulary.variables if not variable.derived]
        self.nothing = tuple(len(variable.values) for variable in self.matters)
        self.advice = cache(self.advice)
        self.can_come = cache(self.can_come)
        self.fewest = cache(self.fewest)
        self.asked = cache(self.asked)
        self.in_order = cache(self.in_order)
        self.choice = cache(self.choice)

    def advice(self, known):
        """The advice on what is known."""
        told = zip(self.matters, known, strict=True)
        facts = [Fact(v.id, STATES[:1], v.values[place].id) for v, place in told if place < len(v.values)]
        case = from_facts(self.theory.vocabulary, facts, STATES)
        return judge(self.theory, infer(self.theory, case), focus=STATES[0], toward=STATES[1])

    def answers(self, known, number):
        """What may be known once a matter has been asked about."""
        return [(*known[:number], place, *known[number + 1 :]) for place in range(len(self.matters[number].values))]

    def open(self, known):
        """The numbers of the matters that are open."""
        return [n for n, variable in enumerate(self.matters) if known[n] == len(variable.values)]

    def can_come(self, known):
        """Every label and lead that some answers, or none, lead to."""
        first = self.advice(known).verdicts[0]
        found = {(first.label, first.family)}
        for number in self.open(known):
            for after in self.answers(known, number):
                found |= self.can_come(after)
        return frozenset(found)

    def settled(self, known):
        """Whether nothing can change any more."""
        return len(self.can_come(known)) == 1

    def choice(self, known):
        """The number of the matter that is asked about, or None at the stop."""
        chosen = best(sight_of(self.theory, self.advice(known)))
        return None if chosen is None else [v.id for v in self.matters].index(chosen.matter.variable)

    def stops_exactly(self):
        """Whether questions stop exactly where nothing can change, on every way there."""
        waiting, seen = [self.nothing], set()
        while waiting:
            known = waiting.pop()
            if known in seen:
                continue
            seen.add(known)
            number = self.choice(known)
            if (number is None) != self.settled(known):
                return False
            waiting += self.answers(known, number) if number is not None else []
        return True

    def _mean(self, cost, known, number):
        after = self.answers(known, number)
        return 1 + sum(cost(each) for each in after) / len(after)

    def fewest(self, known=None):
        """How many questions are needed on average in the best of all orders, which may depend on the answers."""
        known = known or self.nothing
        if self.settled(known):
            return 0.0
        return min(self._mean(self.fewest, known, number) for number in self.open(known))

    def asked(self, known=None):
        """How many questions are asked on average in ours."""
        known = known or self.nothing
        number = self.choice(known)
        return 0.0 if number is None else self._mean(self.asked, known, number)

    def in_order(self, known=None):
        """How many are asked on average one after the other, until nothing can change."""
        known = known or self.nothing
        return 0.0 if self.settled(known) else self._mean(self.in_order, known, self.open(known)[0])


# ---------------------------------------------------------------- a large theory, on a random complete case


def answered_in_full(theory, rng, states):
    """A random situation in which everything that can be asked about is known, and what is known by matter."""
    known = {}
    for variable in theory.vocabulary.variables:
        if variable.derived or variable.default:
            continue
        pool = itertools.permutations(states, variable.arity) if variable.arity else [(SYSTEM,)]
        for args in pool:
            if (variable.symmetric or variable.mirror) and args != tuple(sorted(args)):
                continue
            if variable.many:
                for value in variable.values:
                    known[Matter(variable.id, args, value.id)] = Fact(variable.id, args, value.id, rng.random() < 0.5)
            else:
                fact = canonical(theory.vocabulary, Fact(variable.id, args, rng.choice(variable.values).id))
                known[Matter(variable.id, args)] = fact
    return from_facts(theory.vocabulary, known.values(), states), known


def interrogated(theory, whole, known, state, toward, *, fixed=False):
    """Ask until nothing can change, answering from what is known; give the questions and the verdict at the stop.

    ``fixed`` asks in the order of the vocabulary, and only takes the stop from us.
    """
    case = from_facts(theory.vocabulary, [], whole.states)
    asked = []
    in_order = iter(dict.fromkeys((matter.variable, matter.args) for matter in known))
    while True:
        advice = judge(theory, infer(theory, case), focus=state, toward=toward)
        question = next_question(theory, advice, infer)
        if question is None:
            return asked, advice.verdicts[0]
        about = next(in_order) if fixed else (question.variable, question.args)
        asked.append(about)
        for matter, fact in known.items():
            if (matter.variable, matter.args) == about:
                case = with_fact(theory.vocabulary, case, fact)


def is_many(theory, variable):
    """Whether several values of a variable may hold at once."""
    return variables(theory.vocabulary)[variable].many
