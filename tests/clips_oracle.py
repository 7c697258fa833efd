"""The meaning of a theory to CLIPS: each proposition as a rule of that language, run by that engine.

The rules are written as one who knows CLIPS would write them: a template for each variable, conditions in an order in
which each speaks of a state that is bound already where that can be, tests within the patterns.
"""

import json
from itertools import chain, combinations, product
from string import Template

import clips
from naive import members, named, spoken

from advisor.situation import closed
from advisor.terms import SYSTEM, AtLeast, Derivation, Either, Fact

TEMPLATES = Template("""
(deftemplate known-$name (slot value) (slot holds) $slots)
(deftemplate observed-$name (slot value) $slots)
""")


YES, NO = clips.Symbol("yes"), clips.Symbol("no")
SYMBOLS = {}


def args_of(terms):
    """Leave out the system, of which no slot tells."""
    return [t for t in terms if t.role or t.name != SYSTEM]


class Side:
    """The left side of a rule in the making: it knows which roles are bound.

    Where something is concluded about a state by its name, that state may be unknown to the situation: then it is
    ``checked`` that who fills a role is known.
    """

    def __init__(self, constants, checked=False):
        self.bound, self.constants, self.checked = [], constants, checked

    def slot(self, place, term):
        """Write a slot; a role that is new is some other state than those bound and those the rule names."""
        if not term.role:
            return f"(arg{place} {json.dumps(term.name)})"
        differs = "" if term.name in self.bound else "".join(f"&~{other}" for other in self.others())
        if term.name not in self.bound:
            self.bound.append(term.name)
        return f"(arg{place} ?{term.name}{differs})"

    def others(self):
        return [*(f"?{role}" for role in self.bound), *self.constants]

    def condition(self, condition):
        """Write a condition; "is none of" wants each known to be false."""
        either, before = "|".join(condition.values), len(self.bound)
        patterns = [
            f"(known-{condition.variable} (value {value}) (holds {yes(condition.holds)}) "
            + " ".join(self.slot(place, term) for place, term in enumerate(args_of(condition.terms)))
            + ")"
            for value in ([either] if condition.holds else condition.values)
        ]
        return " ".join(patterns + [f"(player (name ?{role}))" for role in self.bound[before:] if self.checked])

    def players(self, roles):
        """Bind the roles that no condition has bound."""
        found = []
        for role in roles:
            if role not in self.bound:
                found.append(f"(player (name ?{role}{''.join(f'&~{other}' for other in self.others())}))")
                self.bound.append(role)
        return " ".join(found)

    def stop(self, condition):
        """Write what must not be known; roles that are new are anybody else."""
        inner = Side(self.constants, self.checked)
        inner.bound = list(self.bound)
        return f"(not (and {inner.condition(condition)}))"


def yes(holds):
    return "yes" if holds else "no"


def ordered(conditions):
    """Put conditions in an order in which each speaks of roles that are bound, as far as that can be."""
    left, bound, found = list(conditions), set(), []
    while left:
        roles = [{t.name for t in condition.terms if t.role} for condition in left]
        place = min(range(len(left)), key=lambda n: (not roles[n] & bound and bool(bound), len(roles[n] - bound), n))
        bound |= roles[place]
        found.append(left.pop(place))
    return found


def choices(rule):
    """Give each way to meet the conditions, with the roles it speaks of."""
    for choice in product(*(p.of if isinstance(p, Either) else [p] for p in rule.conditions)):
        roles = {t.name for premiss in choice for c in members(premiss) for t in c.terms if t.role}
        ways = [combinations(p.of, p.count) if isinstance(p, AtLeast) else [(p,)] for p in choice]
        for way in product(*ways):
            yield list(dict.fromkeys(chain.from_iterable(way))), sorted(roles.union(*map(spoken, rule.conclusions)))


def undisputed(derivation):
    slots = " ".join(Side([]).slot(place, term) for place, term in enumerate(args_of(derivation.terms)))
    return f"(not (observed-{derivation.variable} (value {derivation.value}) {slots}))"


def learnt(vocabulary, derivation):
    """Write the facts that follow from a derivation."""
    terms = args_of(derivation.terms)
    places = tuple(map(str, range(len(terms)))) or (SYSTEM,)
    names = [f"?{term.name}" if term.role else json.dumps(term.name) for term in terms]
    for f in sorted(closed(vocabulary, [Fact(derivation.variable, places, derivation.value)])):
        slots = " ".join(f"(arg{n} {names[int(a)]})" for n, a in enumerate(f.args) if a != SYSTEM)
        yield f"(known-{f.variable} (value {f.value}) (holds {yes(f.holds)}) {slots})"


def rules(vocabulary, rule, salience, checked):
    """Write the rules that note where a proposition applies and draw its facts."""
    constants = sorted(json.dumps(name) for name in named(rule) - {SYSTEM})
    derivations = [c for c in rule.conclusions if isinstance(c, Derivation)]
    for number, (conditions, roles) in enumerate(choices(rule)):
        side = Side(constants, checked)
        left = " ".join([*map(side.condition, ordered(conditions)), side.players(roles)])
        left = f"(declare (salience {salience})) {left} " + " ".join(map(side.stop, rule.unless))
        applied = f"(applied (rule {rule.id}) (binding {' '.join(f'{role} ?{role}' for role in roles)}))"
        rights = [("", [applied])] if len(derivations) < len(rule.conclusions) else []
        for drawn in derivations:
            facts = list(learnt(vocabulary, drawn))
            rights.append((undisputed(drawn), facts if rights and not rights[0][0] else [applied, *facts]))
        for place, (test, facts) in enumerate(rights):
            yield f"(defrule {rule.id}-{number}-{place} {left} {test} => (assert {' '.join(facts)}))"


def clips_engine(theory, level):
    """Build the rules of a theory; ``level`` orders the propositions, the lowest first."""
    engine = clips.Environment()
    engine.build("(deftemplate player (slot name))")
    engine.build("(deftemplate applied (slot rule) (multislot binding))")
    for variable in theory.vocabulary.variables:
        slots = " ".join(f"(slot arg{place})" for place in range(variable.arity))
        for text in TEMPLATES.substitute(name=variable.id, slots=slots).strip().splitlines():
            engine.build(text)
    derivations = [c for rule in theory.propositions for c in rule.conclusions if isinstance(c, Derivation)]
    checked = any(not term.role for each in derivations for term in args_of(each.terms))
    for rule in theory.propositions:
        for text in rules(theory.vocabulary, rule, -level[rule.id], checked):
            engine.build(text)
    return engine


def declare(engine, situation):
    """Reset an engine and tell it the facts of a situation, in the way of the binding that is quickest."""
    engine.reset()
    players = engine.find_template("player")
    for state in situation.states:
        players.assert_fact(name=state)
    known, observed = {}, {}
    for f in situation.facts:
        slots = {f"arg{place}": arg for place, arg in enumerate(f.args) if arg != SYSTEM}
        value = SYMBOLS.setdefault(f.value, clips.Symbol(f.value))
        template = known.get(f.variable) or known.setdefault(f.variable, engine.find_template(f"known-{f.variable}"))
        template.assert_fact(value=value, holds=YES if f.holds else NO, **slots)
        if not f.holds:
            template = observed.get(f.variable) or engine.find_template(f"observed-{f.variable}")
            observed[f.variable] = template
            template.assert_fact(value=value, **slots)


def concluded(engine, variables):
    """Give the facts about these variables, and the applications as pairs of proposition and binding."""
    facts, applied = set(), set()
    for variable in variables:
        for found in engine.find_template(f"known-{variable.id}").facts():
            slots = dict(found)
            args = tuple(slots[f"arg{place}"] for place in range(variable.arity)) or (SYSTEM,)
            facts.add(Fact(variable.id, args, str(slots["value"]), slots["holds"] == YES))
    for found in engine.find_template("applied").facts():
        slots = dict(found)
        pairs = slots["binding"]
        applied.add((slots["rule"], tuple(zip(pairs[::2], pairs[1::2], strict=True))))
    return facts, applied


def clips_inference(theory, situation, level):
    """Infer with CLIPS, from scratch."""
    engine = clips_engine(theory, level)
    declare(engine, situation)
    engine.run()
    return concluded(engine, theory.vocabulary.variables)
