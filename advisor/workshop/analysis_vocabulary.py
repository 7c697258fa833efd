"""What is wrong with the vocabulary in its use: an entry that no text can supply, or that no proposition needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from advisor.diagnostics import Page, complain
from advisor.grammar import conditions_in
from advisor.markdown import sections
from advisor.situation import PLAYERS
from advisor.terms import SYSTEM, Derivation, Fact, Proposition, Theory, Variable
from advisor.vocabulary import value_ids
from advisor.workshop.analysis_search import Search, goal
from advisor.workshop.analysis_world import Lore, World
from advisor.workshop.findings import Applies, Finding, Witness

VOCABULARY = "vocabulary.md"


def vocabulary_findings(theory: Theory, open_page: Callable[[str], Page]) -> Iterator[Finding]:
    """Find entries of the vocabulary that no text can supply, and entries that no proposition uses."""
    on = open_page(VOCABULARY)
    lines = {section.id: section.line for section in sections("\n".join(on.lines)) if section.id}
    yield from _unsupplied(theory, on, lines)
    yield from _unused(theory, on, lines)


def _unsupplied(theory: Theory, on: Page, lines: dict[str, int]) -> Iterator[Finding]:
    """Find values that nothing expresses: no phrase says them, and no proposition concludes them."""
    concluded = set(Lore(theory).suppliers)
    for variable in theory.vocabulary.variables:
        for value in variable.values:
            if variable.derived:
                if (variable.id, value.id, True) in concluded:
                    continue
                message = f"no proposition concludes “{value.id}” of this entry, and no text can state it"
                hint = "write a proposition that concludes it, or take the value out"
            elif value.phrases:
                continue
            else:
                message = f"no text can supply “{value.id}” of this entry: it has no phrase"
                hint = f"write “- **{value.id}**: …” with the phrase that says it"
            place = lines.get(variable.id, 1)
            place = next((n for n in range(place, len(on.lines) + 1) if f"**{value.id}**" in on.lines[n - 1]), place)
            complain(on, "A09", message, place, f"**{value.id}**", hint, severity="warning")
            yield Finding(on.found.pop(), _short_of(theory, variable, value.id), (variable.id,))


def _short_of(theory: Theory, variable: Variable, value: str) -> Witness:
    """Show a proposition that stays silent for want of a value or, if there is none, what else can be known."""
    lore = Lore(theory)
    search = Search(lore)
    for needing in theory.propositions:
        cast = lore.usual_cast(needing)
        form = lore.forms[needing.id][0]
        left = [c for c in form.conditions if c.variable == variable.id and c.holds and value in c.values]
        goals = [goal(c, cast) for c in form.conditions if c not in left]
        world = next(search.worlds([], goals), None) if left else None
        if world is None:
            continue
        world = World(lore, world.stated, {*world.states, *cast.values()})
        if next(world.applications(needing, {}), None) is None:
            told = f"`{needing.id}` stays silent, for nobody can say what it still needs"
            return Witness(world.stated, world.states, (Applies(needing.id, holds=False),), told)
    other = next((each.id for each in variable.values if each.phrases and each.id != value), None)
    facts = (_fact(variable, other),) if other and not variable.derived else ()
    return Witness(facts, PLAYERS[: variable.arity], (), "of this entry only the other values can be known")


def _fact(variable: Variable, value: str) -> Fact:
    return Fact(variable.id, PLAYERS[: variable.arity] or (SYSTEM,), value)


def _unused(theory: Theory, on: Page, lines: dict[str, int]) -> Iterator[Finding]:
    """Find entries that no condition, exception, conclusion, premise or sign speaks of."""
    used = _used(theory)
    for variable in theory.vocabulary.variables:
        if variable.id in used:
            continue
        message = "no proposition uses this entry"
        hint = "write a proposition about it, or take the entry out"
        complain(on, "A10", message, lines.get(variable.id, 1), variable.title, hint, severity="warning")
        sayable = next((value for value in value_ids(variable) if not variable.derived), None)
        said = next((each.id for each in variable.values if each.phrases), None)
        facts = (_fact(variable, said),) if sayable and said else ()
        claims = tuple(Applies(each.id, holds=False) for each in theory.propositions if _waits(each))
        told = "no proposition takes notice of this"
        yield Finding(on.found.pop(), Witness(facts, PLAYERS[: variable.arity], claims, told), (variable.id,))


def _waits(proposition: Proposition) -> bool:
    """Whether a proposition has to be told something, beside what is assumed."""
    return len(proposition.conditions) > 2


def _used(theory: Theory) -> set[str]:
    """Give the variables that something in the rules speaks of."""
    vocabulary = theory.vocabulary
    used = {each.premise.variable for each in theory.schools if each.premise}
    used |= {sign.condition.variable for sign in vocabulary.focus.signs}
    used |= {condition.variable for each in vocabulary.strategies for condition in each.impossible_if}
    for each in theory.propositions:
        used |= {condition.variable for condition in (*conditions_in(each.conditions), *each.unless)}
        used |= {conclusion.variable for conclusion in each.conclusions if isinstance(conclusion, Derivation)}
    for variable in vocabulary.variables:
        if variable.id in used:
            used |= {party for party, _, _ in (*variable.parties, *variable.opponents)}
    return used
