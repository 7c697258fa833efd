"""The meaning of a theory, as plainly as possible: try every cast of every proposition until nothing new follows."""

from itertools import permutations, product

from advisor.situation import closed
from advisor.terms import (
    SYSTEM,
    Absence,
    AtLeast,
    CautionClaim,
    Derivation,
    Either,
    Fact,
    Inference,
    Justification,
    OutcomeClaim,
    Premise,
)  # fmt: skip


def args(terms, cast):
    return tuple(cast.get(t.name, t) if t.role else t.name for t in terms) or (SYSTEM,)


def meeting(condition, cast, known):
    wanted = [Fact(condition.variable, args(condition.terms, cast), v, condition.holds) for v in condition.values]
    have = [fact for fact in wanted if fact in known]
    return have if condition.holds or have == wanted else []


def is_met(premiss, cast, known):
    if isinstance(premiss, AtLeast):
        return sum(bool(meeting(c, cast, known)) for c in premiss.of) >= premiss.count
    return bool(meeting(premiss, cast, known))


def members(premiss):
    return premiss.of if isinstance(premiss, Either | AtLeast) else (premiss,)


def spoken(conclusion):
    if isinstance(conclusion, Derivation | OutcomeClaim):
        return {t.name for t in conclusion.terms if t.role}
    return set() if isinstance(conclusion, CautionClaim) else {"state"}


def named(rule):
    conditions = [c for premiss in (*rule.conditions, *rule.unless) for c in members(premiss)]
    about = [*conditions, *(c for c in rule.conclusions if isinstance(c, Derivation | OutcomeClaim))]
    return {t.name for c in about for t in c.terms if not t.role}


def casts(rule, situation, known):
    """Give the casts that meet all conditions, for each choice among alternatives those of its own roles."""
    states = [s for s in situation.states if s not in named(rule)]
    for choice in product(*(p.of if isinstance(p, Either) else [p] for p in rule.conditions)):
        roles = {t.name for premiss in choice for c in members(premiss) for t in c.terms if t.role}
        roles |= {role for conclusion in rule.conclusions for role in spoken(conclusion)}
        for chosen in permutations(states, len(roles)):
            cast = dict(zip(sorted(roles), chosen, strict=True))
            if all(is_met(premiss, cast, known) for premiss in choice):
                yield cast


def wider(condition, cast, rule, situation):
    free = sorted({t.name for t in condition.terms if t.role} - set(cast))
    others = sorted(set(situation.states) - set(cast.values()) - named(rule))
    return [cast | dict(zip(free, chosen, strict=True)) for chosen in permutations(others, len(free))]


def drawn(rule, cast, situation):
    facts = [Fact(c.variable, args(c.terms, cast), c.value) for c in rule.conclusions if isinstance(c, Derivation)]
    return [f for f in facts if Fact(f.variable, f.args, f.value, False) not in situation.facts]


def applications(rule, situation, known):
    """Give the casts under which a rule applies, each once and in order."""
    for cast in map(dict, sorted({tuple(sorted(cast.items())) for cast in casts(rule, situation, known)})):
        stopped = any(is_met(u, wide, known) for u in rule.unless for wide in wider(u, cast, rule, situation))
        idle = all(isinstance(c, Derivation) for c in rule.conclusions) and not drawn(rule, cast, situation)
        if not stopped and not idle:
            yield cast


def justify(rule, cast, situation, known, say):
    premises, absences = [], []
    for p in rule.conditions:
        facts = [fact for c in members(p) for fact in meeting(c, cast, known)]
        premises.append(Premise(say(p), tuple(dict.fromkeys(facts))))
    for u in rule.unless:
        looked = [
            Fact(u.variable, args(u.terms, w), v, u.holds) for w in wider(u, cast, rule, situation) for v in u.values
        ]
        absences.append(Absence(say(u), tuple(looked)))
    return Justification(
        rule.id, tuple(sorted(cast.items())), tuple(premises), tuple(absences), tuple(drawn(rule, cast, situation))
    )


def naive(theory, situation, level, say):
    """Infer; ``level`` orders the propositions and ``say`` words a condition."""
    known = set(situation.facts)
    for stratum in sorted(set(level.values())):
        rules = [rule for rule in theory.propositions if level[rule.id] == stratum]
        while True:
            follows = [
                fact
                for rule in rules
                for cast in applications(rule, situation, known)
                for fact in drawn(rule, cast, situation)
            ]
            if known >= (new := closed(theory.vocabulary, follows)):
                break
            known |= new
    found = [
        justify(rule, cast, situation, known, say)
        for rule in theory.propositions
        for cast in applications(rule, situation, known)
    ]
    return Inference(situation, frozenset(known), tuple(found), theory.digest)
