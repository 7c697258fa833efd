"""Claims about what would be otherwise, replayed: another situation is put together, inferred and judged."""

import itertools

from advisor.inference import infer
from advisor.inquiry import Change, Matter
from advisor.situation import from_facts
from advisor.terms import SYSTEM, Fact
from advisor.verdict import judge, judge_one
from advisor.vocabulary import canonical, variables


def same_matter(vocabulary, matter, fact):
    """Whether a fact is about a matter, from whichever side."""
    variable = variables(vocabulary)[fact.variable]
    args = {fact.args, fact.args[::-1]} if variable.symmetric or variable.mirror else {fact.args}
    value = canonical(vocabulary, fact).value
    return matter.variable == fact.variable and matter.args in args and matter.value in ("", value)


def told(vocabulary, situation):
    """What a situation was built from: all that is known but not assumed."""
    assumed = {(fact.variable, fact.args) for fact in situation.assumptions}
    return {fact for fact in situation.facts if (fact.variable, fact.args) not in assumed}


def altered(vocabulary, situation, changes):
    """A situation in which some matters stand otherwise, put together anew."""
    facts = told(vocabulary, situation)
    for change in changes:
        facts = {fact for fact in facts if not same_matter(vocabulary, change.matter, fact)}
        facts |= {change.fact} if change.fact else set()
    settled = [change.matter for change in changes if change.fact]
    conflicts = tuple(
        conflict
        for conflict in situation.conflicts
        if not any(same_matter(vocabulary, matter, fact) for matter in settled for fact in conflict.facts)
    )
    return from_facts(vocabulary, facts, situation.states, situation.observations, conflicts)


def verdict_of(theory, situation, verdict):
    """The verdict on the same question in another situation, from scratch."""
    inference = infer(theory, situation)
    if verdict.toward is None:
        return judge_one(theory, inference, verdict)
    whole = judge(theory, inference, focus=verdict.state, toward=verdict.toward)
    found = next((each for each in whole.verdicts if each.about == verdict.about), None)
    return found or judge_one(theory, inference, verdict)


def lead(verdict):
    """What leads: the decision, and the family or the strategy where these are ranked apart."""
    return verdict.decision, verdict.families[0][0] if verdict.family is not None else None


def label(verdict):
    """The label and what leads."""
    return verdict.label, *lead(verdict)


def all_changes(theory, situation):
    """Every way in which one matter could stand otherwise, whether or not anything looks at it."""
    vocabulary = theory.vocabulary
    found = []
    for variable in vocabulary.variables:
        pool = [(SYSTEM,)] if not variable.arity else list(itertools.permutations(situation.states, variable.arity))
        for args in pool:
            if (variable.symmetric or variable.mirror) and args != tuple(sorted(args)):
                continue
            for value in [each.id for each in variable.values] if variable.many else [""]:
                matter = Matter(variable.id, args, value)
                known = {f for f in situation.facts if same_matter(vocabulary, matter, f)}
                if variable.derived and not known:
                    continue
                if value:
                    facts = [Fact(variable.id, args, value, holds) for holds in (True, False)]
                else:
                    facts = [canonical(vocabulary, Fact(variable.id, args, each.id)) for each in variable.values]
                found += [Change(matter, fact) for fact in facts if fact not in known]
                if known and variable.default is None:
                    found.append(Change(matter))
    return found


def brute_flips(theory, advice):
    """All smallest sets of one or two changes that flip the lead, each tried from scratch."""
    verdict, situation = advice.verdicts[0], advice.inference.situation
    changes = all_changes(theory, situation)

    def flipped(*some):
        return lead(verdict_of(theory, altered(theory.vocabulary, situation, some), verdict)) != lead(verdict)

    single = [change for change in changes if flipped(change)]
    rest = [change for change in changes if change not in single]
    double = [pair for pair in itertools.combinations(rest, 2) if pair[0].matter != pair[1].matter and flipped(*pair)]
    return {frozenset([change]) for change in single} | {frozenset(pair) for pair in double}
