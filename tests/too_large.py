"""Infer from a situation that is too large, in little memory; ``test_bounds`` runs this in a process of its own."""

from __future__ import annotations

import re
import resource
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from random_theories import VOCABULARY

from advisor.inference import TooLarge, infer
from advisor.situation import from_facts
from advisor.terms import CautionClaim, Condition, Fact, OutcomeClaim, Proposition, Situation, Term, Theory

LIMIT = 1_500_000_000
ROOT = Path(__file__).resolve().parent.parent
ROLES = tuple(map(Term, ("ally", "fourth", "state", "third", "threat")))


def rule(name: str, *conditions: Condition, roles: tuple[Term, ...] = ()) -> Proposition:
    claims = (CautionClaim("doubt"), *(OutcomeClaim("peril", (role,), "likely", 1) for role in roles))
    return Proposition(name, name, "", "", "", claims, conditions)


def theory(*rules: Proposition) -> Theory:
    return Theory(VOCABULARY, (), rules, repr(len(rules)) + rules[0].id)


def names(count: int) -> list[str]:
    return [f"State {number}" for number in range(count)]


def everybody_allied() -> tuple[Theory, Situation]:
    """The whole theory, and 250 states, each allied with each other."""
    from advisor.theory import load_theory

    ours, _ = load_theory(ROOT / "rules")
    pact = next(v for v in ours.vocabulary.variables if v.id == "pact")
    facts = [Fact(pact.id, pair, "alliance") for pair in combinations(names(250), 2)]
    return ours, from_facts(ours.vocabulary, facts)


def five_open_roles() -> tuple[Theory, Situation]:
    """A rule whose conclusions speak of five states, whoever they are, and 250 states."""
    return theory(rule("open", roles=ROLES)), from_facts(VOCABULARY, [], names(250))


def five_roles_to_join() -> tuple[Theory, Situation]:
    """Five roles that each have 250 players."""
    conditions = [Condition("size", (role,), ("small",)) for role in ROLES]
    facts = [Fact("size", (name,), "small") for name in names(250)]
    return theory(rule("join", *conditions)), from_facts(VOCABULARY, facts)


def too_many_facts() -> tuple[Theory, Situation]:
    """A hundred thousand facts."""
    facts = frozenset(Fact("feeling", pair, "warm") for pair in combinations(names(450), 2))
    return theory(rule("one", Condition("size", ROLES[:1], ("small",)))), Situation(tuple(names(240)), facts)


def too_many_states() -> tuple[Theory, Situation]:
    """A thousand states."""
    return theory(rule("one", Condition("size", ROLES[:1], ("small",)))), from_facts(VOCABULARY, [], names(1000))


def too_many_rules() -> tuple[Theory, Situation]:
    """Twenty thousand propositions."""
    one = rule("one", Condition("size", ROLES[:1], ("small",)), Condition("border", ROLES[:2], ("yes",)))
    return theory(*(replace(one, id=f"p{n}") for n in range(20_000))), from_facts(VOCABULARY, [], names(3))


def many_exceptions() -> tuple[Theory, Situation]:
    """An exception about four others, for each of 200 states."""
    one = rule("one", Condition("size", ROLES[2:3], ("small",)))
    stops = tuple(Condition("border", pair, ("yes",)) for pair in (ROLES[:2], ROLES[3:5]))
    facts = [Fact("size", (name,), "small") for name in names(200)]
    return theory(replace(one, unless=stops)), from_facts(VOCABULARY, facts)


CASES = (
    everybody_allied,
    five_open_roles,
    five_roles_to_join,
    too_many_facts,
    too_many_states,
    too_many_rules,
    many_exceptions,
)

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    made = next(case for case in CASES if case.__name__ == sys.argv[1])()
    try:
        infer(*made)
    except TooLarge as error:
        print(error)  # noqa: T201
    else:
        print("no complaint")  # noqa: T201
    # What getrusage tells begins with what the process that started this one had.
    status = Path("/proc/self/status").read_text(encoding="utf-8") if Path("/proc/self/status").exists() else ""
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    print(int(peak[1]) // 1024 if peak else 0)  # noqa: T201
