"""The meaning of a theory to CLIPS: each proposition as a rule of that language, run by that engine."""

from itertools import chain, combinations, product

import clips
from naive import members, named, spoken

from advisor.situation import closed
from advisor.terms import SYSTEM, AtLeast, Derivation, Either, Fact


def fact(variable, args, values, holds):
    """Write a fact, or a pattern for one: several values are alternatives."""
    return f'(known "{variable}" {"|".join(values)} {"yes" if holds else "no"} {" ".join(args)})'


def slots(terms):
    return [f"?{t.name}" if t.role else f'"{t.name}"' for t in terms] or [f'"{SYSTEM}"']


def pattern(condition):
    quoted = [f'"{value}"' for value in condition.values]
    alternatives = [quoted] if condition.holds else [[value] for value in quoted]
    return " ".join(fact(condition.variable, slots(condition.terms), v, condition.holds) for v in alternatives)


def premiss_pattern(premiss):
    if isinstance(premiss, AtLeast):
        ways = [" ".join(map(pattern, chosen)) for chosen in combinations(premiss.of, premiss.count)]
        return "(or " + " ".join(f"(and {way})" for way in ways) + ")"
    return pattern(premiss)


def players(roles, others, constants):
    """Let roles be filled by states that differ from one another, from others and from those the rule names."""
    tests = [f"(test (neq ?{role} {other}))" for role in roles for other in [*others, *constants]]
    tests += [f"(test (neq ?{one} ?{other}))" for one, other in combinations(roles, 2)]
    return " ".join([f"(player ?{role})" for role in roles] + tests)


def stop(condition, roles, constants):
    free = sorted({t.name for t in condition.terms if t.role} - set(roles))
    return f"(not (and {players(free, [f'?{role}' for role in roles], constants)} {pattern(condition)}))"


def undisputed(derivation):
    return f'(not (observed "{derivation.variable}" "{derivation.value}" no {" ".join(slots(derivation.terms))}))'


def rules(vocabulary, rule, salience):
    """Write the rules that note where a proposition applies, and those that draw its facts."""
    constants = sorted(f'"{name}"' for name in named(rule) - {SYSTEM})
    derivations = [c for c in rule.conclusions if isinstance(c, Derivation)]
    idle = len(derivations) == len(rule.conclusions)
    choices = product(*(p.of if isinstance(p, Either) else [p] for p in rule.conditions))
    for number, choice in enumerate(choices):
        roles = {t.name for premiss in choice for c in members(premiss) for t in c.terms if t.role}
        roles = sorted(roles.union(*map(spoken, rule.conclusions)))
        left = " ".join([players(roles, [], constants), *map(premiss_pattern, choice)])
        left = f"(declare (salience {salience})) {left} " + " ".join(stop(u, roles, constants) for u in rule.unless)
        binding = " ".join(f'"{role}" ?{role}' for role in roles)
        needed = f"(or {' '.join(map(undisputed, derivations))})" if idle else ""
        yield f'(defrule {rule.id}-{number} {left} {needed} => (assert (applied "{rule.id}" {binding})))'
        for place, drawn in enumerate(derivations):
            names = slots(drawn.terms)
            learnt = closed(vocabulary, [Fact(drawn.variable, tuple(map(str, range(len(names)))), drawn.value)])
            facts = [fact(f.variable, [names[int(a)] for a in f.args], [f'"{f.value}"'], f.holds) for f in learnt]
            right = "(assert " + " ".join(sorted(facts)) + ")"
            yield f"(defrule {rule.id}-{number}-{place} {left} {undisputed(drawn)} => {right})"


def clips_inference(theory, situation, level):
    """Give the facts and, as pairs of proposition and binding, the applications that CLIPS finds."""
    engine = clips.Environment()
    for text in chain.from_iterable(rules(theory.vocabulary, rule, -level[rule.id]) for rule in theory.propositions):
        engine.build(text)
    engine.reset()
    for state in situation.states:
        engine.assert_string(f'(player "{state}")')
    for f in sorted(situation.facts):
        text = fact(f.variable, [f'"{arg}"' for arg in f.args], [f'"{f.value}"'], f.holds)
        engine.assert_string(text)
        engine.assert_string(text.replace("(known", "(observed", 1))
    engine.run()
    facts, applied = set(), set()
    for found in engine.facts():
        kind, parts = found.template.name, list(found)
        if kind == "known":
            variable, value, holds, *args = map(str, parts)
            facts.add(Fact(variable, tuple(args), value, holds == "yes"))
        elif kind == "applied":
            name, *pairs = parts
            applied.add((name, tuple(zip(pairs[::2], pairs[1::2], strict=True))))
    return facts, applied
