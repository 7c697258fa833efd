"""Our rules for other rule engines that one may use from Python: what each can say of them, and how fast it is.

clingo (answer set programming) and pyDatalog are told the same clauses, as logic programmers write them: a role is a
variable, an ``unless`` a negated predicate, a list its combinations.  durable-rules is told the join alone.  None of
them says which facts met which condition, so no justification is written.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from clips_oracle import choices
from naive import members, named

from advisor.situation import closed
from advisor.terms import SYSTEM, Condition, Derivation, Fact, Situation, Term, Theory

Applied = set[tuple[str, tuple[tuple[str, str], ...]]]
Engine = Callable[[Situation], Applied]

WHY_NOT = {
    "business-rules": "no variables; a condition is about one object that is handed to it, so states are not joined",
    "zen-engine": "no variables; a decision maps one record to another, so joins and recursion would be code around it",
    "durable-rules": "joins, negation, recursion; but a fact may not be asserted twice, so derivations would need code",
}


@dataclass(frozen=True)
class Language:
    """How a clause is written."""

    implied: str
    both: str
    denied: str
    end: str
    differ: str


ASP = Language(" :- ", ", ", "not {}", ".", "{} != {}")
DATALOG = Language(" <= ", " & ", "~{}", "", "({} != {})")


@dataclass(frozen=True)
class Clauses:
    """The clauses of a theory, and what the predicates stand for."""

    text: str
    predicates: dict[str, str]
    heads: dict[str, tuple[str, tuple[str, ...]]]


def quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def written(theory: Theory, language: Language) -> Clauses:
    """Write the clauses of a theory."""
    predicates = {variable.id: f"k{number}" for number, variable in enumerate(theory.vocabulary.variables)}
    heads: dict[str, tuple[str, tuple[str, ...]]] = {}
    lines: list[str] = []

    def name(term: Term) -> str:
        return f"R_{term.name.replace('-', '_')}" if term.role else quoted(term.name)

    def known(variable: str, terms: tuple[Term, ...], value: str, holds: bool, kind: str = "") -> str:
        about = [name(term) for term in terms if term.role or term.name != SYSTEM]
        return f"{kind}{predicates[variable]}({', '.join([quoted(value), quoted(str(holds)), *about])})"

    def ways(condition: Condition) -> list[list[str]]:
        """Give the ways in which a condition is met: one of its values, or all known not to be."""
        if condition.holds:
            return [[known(condition.variable, condition.terms, value, True)] for value in condition.values]
        return [[known(condition.variable, condition.terms, value, False) for value in condition.values]]

    def clause(head: str, body: list[str]) -> None:
        lines.append(head + (language.implied + language.both.join(body) if body else "") + language.end)

    def differing(new: list[str], old: list[str]) -> list[str]:
        pairs = [*itertools.combinations(new, 2), *itertools.product(new, old)]
        return [language.differ.format(*pair) for pair in pairs]

    for number, rule in enumerate(theory.propositions):
        others = sorted(quoted(each) for each in named(rule) - {SYSTEM})
        for version, (conditions, roles) in enumerate(choices(rule)):
            variables = [name(Term(role)) for role in roles]
            about = f"({', '.join(variables or [quoted('')])})"
            met, stopped, applies = (f"{kind}{number}_{version}" for kind in ("met", "stop", "rule"))
            heads[applies] = rule.id, tuple(roles)
            players = [f"player({each})" for each in variables]
            for way in itertools.product(*map(ways, conditions)):
                body = [*itertools.chain.from_iterable(way), *players, *differing(variables, others)]
                clause(met + about, body or ["player_of_none"])
            for unless in rule.unless:
                free = sorted({name(term) for term in unless.terms if term.role} - {*variables})
                for way in ways(unless):
                    clause(
                        stopped + about,
                        [
                            met + about,
                            *way,
                            *(f"player({each})" for each in free),
                            *differing(free, variables + others),
                        ],
                    )
            stands = [met + about, *([language.denied.format(stopped + about)] if rule.unless else [])]
            derivations = [each for each in rule.conclusions if isinstance(each, Derivation)]
            if len(derivations) < len(rule.conclusions):
                clause(applies + about, stands)
            for each in derivations:
                free_to = [language.denied.format(known(each.variable, each.terms, each.value, False, "seen_"))]
                if len(derivations) == len(rule.conclusions):
                    clause(applies + about, stands + free_to)
                places = tuple(str(place) for place, _ in enumerate(each.terms)) or (SYSTEM,)
                for fact in sorted(closed(theory.vocabulary, [Fact(each.variable, places, each.value)])):
                    terms = tuple(each.terms[int(place)] for place in fact.args if place != SYSTEM)
                    clause(known(fact.variable, terms, fact.value, fact.holds), stands + free_to)
    return Clauses("\n".join(lines), predicates, heads)


def given(clauses: Clauses, situation: Situation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the facts of a situation, as predicates and their arguments."""
    yield from (("player", (state,)) for state in situation.states)
    for fact in situation.facts:
        args = (fact.value, str(fact.holds), *(each for each in fact.args if each != SYSTEM))
        yield clauses.predicates[fact.variable], args
        if not fact.holds:
            yield f"seen_{clauses.predicates[fact.variable]}", args


def bound(clauses: Clauses, head: str, args: tuple[str, ...]) -> tuple[str, tuple[tuple[str, str], ...]]:
    proposition, roles = clauses.heads[head]
    return proposition, tuple(zip(roles, args, strict=False))


def clingo_engine(theory: Theory) -> Engine:
    """Give what applies by clingo, from the text of the rules on: a program that is grounded is for one situation."""
    import clingo

    clauses = written(theory, ASP)

    def applies(situation: Situation) -> Applied:
        control = clingo.Control(["--warn=none"])
        control.add("base", [], clauses.text)
        with control.backend() as backend:
            for predicate, args in given(clauses, situation):
                backend.add_rule([backend.add_atom(clingo.Function(predicate, [*map(clingo.String, args)]))])
            backend.add_rule([backend.add_atom(clingo.Function("player_of_none", []))])
        control.ground([("base", [])])
        with control.solve(yield_=True) as found:
            (model,) = [each.symbols(atoms=True) for each in found]
        for variable in clauses.predicates.values():  # what is known is read back as well
            for atom in model:
                if atom.name == variable:
                    [each.string for each in atom.arguments]
        heads = [atom for atom in model if atom.name in clauses.heads]
        return {bound(clauses, atom.name, tuple(each.string for each in atom.arguments)) for atom in heads}

    return applies


def datalog_engine(theory: Theory) -> Engine:
    """Give what applies by pyDatalog; it has one set of clauses a process, so they are read anew for each situation."""
    from pyDatalog import pyDatalog

    clauses = written(theory, DATALOG)

    def applies(situation: Situation) -> Applied:
        pyDatalog.clear()
        for variable in theory.vocabulary.variables:  # a predicate of which nothing is known is a mistake to it
            for kind in ("", "seen_"):
                pyDatalog.assert_fact(kind + clauses.predicates[variable.id], *[""] * (variable.arity + 2))
        for predicate, args in given(clauses, situation):
            pyDatalog.assert_fact(predicate, *args)
        pyDatalog.load(clauses.text)
        found: Applied = set()
        for head, (_, roles) in clauses.heads.items():
            asked = pyDatalog.ask(f"{head}({', '.join(f'X{place}' for place in range(max(1, len(roles))))})")
            found |= {bound(clauses, head, answer) for answer in (asked.answers if asked else ())}
        return found

    return applies


def durable_engine(theory: Theory) -> Engine:
    """Give where the one rule of a theory applies by durable-rules, for conditions that hold, each of one value."""
    from durable import engine, lang

    number = itertools.count()
    (rule,) = theory.propositions
    conditions = [each for premiss in rule.conditions for each in members(premiss)]

    def patterns() -> list[Any]:
        seats: dict[str, Any] = {}
        found = []
        for place, condition in enumerate(conditions):
            label = f"c{place}"
            test = (lang.m.variable == condition.variable) & (lang.m.value == condition.values[0])
            for position, term in enumerate(condition.terms):
                slot = getattr(lang.m, f"arg{position}")
                if term.name in seats:
                    test &= slot == getattr(getattr(lang.c, seats[term.name][0]), seats[term.name][1])
                else:
                    for other, at in seats.values():
                        test &= slot != getattr(getattr(lang.c, other), at)
                    seats[term.name] = label, f"arg{position}"
            found.append(getattr(lang.c, label) << test)
        roles.update(seats)
        return found

    roles: dict[str, tuple[str, str]] = {}

    def applies(situation: Situation) -> Applied:
        name, found = f"one{next(number)}", set()
        with lang.ruleset(name):

            @lang.when_all(*patterns())
            def _(c: Any) -> None:
                who = {role: getattr(getattr(c, label), at) for role, (label, at) in roles.items()}
                found.add((rule.id, tuple(sorted(who.items()))))

        facts = [each for each in situation.facts if each.holds]
        for fact in facts:
            args = {f"arg{place}": each for place, each in enumerate(fact.args)}
            with contextlib.suppress(engine.MessageNotHandledException):  # one that no condition looks for
                lang.assert_fact(name, {"variable": fact.variable, "value": fact.value, **args})
        return found

    return applies
