"""One conclusion of a rule, read and written: an argument, an outcome, a measure, a caution, a choice, a fact."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from advisor import wording
from advisor.clauses import Stretch, clause, complain_at, cut, meanings_of, names_in, not_understood, role_phrases
from advisor.diagnostics import Page
from advisor.terms import (
    SYSTEM,
    CautionClaim,
    Conclusion,
    Condition,
    Derivation,
    Fact,
    MeasureClaim,
    MenuClaim,
    OutcomeClaim,
    StrategyClaim,
    Term,
    Vocabulary,
)
from advisor.vocabulary import say, value_ids, variables

_DEGREES = {"much ": 3, "": 2, "somewhat ": 1}
_CLAIM = re.compile(r"(?P<who>.+?) is (?P<degree>much |somewhat )?(?P<sign>more|less) likely to ", re.I)


def phrased(vocabulary: Vocabulary, text: str) -> str:
    """Fill the roles into a wording that has them by name: “{threat}” becomes “the threat”."""
    phrases = {role.id: role.phrase for role in vocabulary.roles}
    return re.sub(r"\{(\w+)\}", lambda slot: phrases.get(slot[1], slot[1]), text)


def _key(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip(" .,;:").lower()


def _infinitives(vocabulary: Vocabulary) -> dict[str, str]:
    """Give the strategies by what the state is likely to do."""
    return {_key(phrased(vocabulary, s.infinitive)): s.id for s in vocabulary.strategies}


def _strategy_in(vocabulary: Vocabulary, text: str) -> bool:
    """Whether a clause says that the state does what a strategy is."""
    said = _key(text)
    return any(said.endswith(" " + wording.finite(doing)) for doing in _infinitives(vocabulary))


def is_claim(vocabulary: Vocabulary, text: str) -> bool:
    """Whether a clause speaks of a strategy or an outcome, which are conclusions only."""
    return bool(_CLAIM.match(text)) or _outcome(vocabulary, text) is not None or _strategy_in(vocabulary, text)


def _outcome(vocabulary: Vocabulary, text: str) -> OutcomeClaim | None:
    """Read "aggression by the threat is much more likely"."""
    said = _key(text)
    fillers: dict[str, Term] = {phrase: Term(role) for phrase, role in role_phrases(vocabulary).items()}
    fillers |= {
        name.lower(): Term(re.sub(r"^[Tt]he ", "", name), False) for name in names_in(text, role_phrases(vocabulary))
    }
    fillers["the system"] = Term(SYSTEM, False)
    for outcome in vocabulary.outcomes:
        for value, compared in outcome.values:
            for degree, strength in _DEGREES.items():
                whole = f"{outcome.subject} is {degree}{compared}"
                if not outcome.arity and _key(whole) == said:
                    return OutcomeClaim(outcome.id, (), value, strength)
                for filler, term in fillers.items() if outcome.arity else ():
                    if _key(whole.replace("{0}", filler)) == said:
                        return OutcomeClaim(outcome.id, (term,), value, strength)
    return None


def read_conclusion(vocabulary: Vocabulary, on: Page, said: Stretch) -> Conclusion | None:
    """Read one conclusion; complains and gives None where it is not understood."""
    before = len(on.found)
    conclusion = _read(vocabulary, on, said)
    place = said.text.lower().find(" if ")
    if conclusion is None and place > 0:
        del on.found[before:]
        hint = "begin a new line with “if”"
        wrong = cut(said, place)
        complain_at(
            on, "T17", "a condition stands on the line of the conclusion", wrong, hint, f"\n  {wrong.text.strip()}"
        )
    return conclusion


def _read(vocabulary: Vocabulary, on: Page, said: Stretch) -> Conclusion | None:
    """Read one conclusion by its opening words."""
    text, key = said.text, _key(said.text)
    claim = _CLAIM.match(text)
    if claim:
        return _strategy_claim(vocabulary, on, said, claim)
    if key.startswith("the choice is to "):
        return _menu(vocabulary, on, said)
    for lead, code in (("one measure is to ", "measure"), ("bear in mind ", "caution")):
        if key.startswith(lead):
            named = key.removeprefix(lead)
            if code == "measure":
                known = {_key(phrased(vocabulary, m.infinitive)): m.id for m in vocabulary.measures}
            else:
                known = {_key(c.title): c.id for c in vocabulary.cautions}
            if named in known:
                return MeasureClaim(known[named]) if code == "measure" else CautionClaim(known[named])
            _unknown(on, cut(said, len(lead)), f"there is no such {code}", known)
            return None
    outcome = _outcome(vocabulary, text)
    if outcome:
        return outcome
    roles = role_phrases(vocabulary)
    meanings = meanings_of(vocabulary, said, roles)
    if not meanings:
        subjects = {
            _key(f"{o.subject.replace('{0}', phrase)} is {word}"): o.id
            for o in vocabulary.outcomes
            for phrase in [*roles, "the system"]
            for _, word in o.values
        }
        close = difflib.get_close_matches(
            re.sub(r"\b(much|somewhat) ", "", key[:200]), list(subjects), n=1, cutoff=0.75
        )
        if close:
            complain_at(on, "T18", "this conclusion is no outcome", said, f"did you mean “{close[0]}”?", close[0])
        elif _strategy_in(vocabulary, text):
            hint = "write “the state is more likely to …”"
            stated = next(doing for doing in _infinitives(vocabulary) if key.endswith(" " + wording.finite(doing)))
            fix = f"{_focus(vocabulary)} is more likely to {stated}"
            complain_at(on, "T18", "a strategy is argued for, not stated", said, hint, fix)
        else:
            not_understood(vocabulary, on, said, roles)
        return None
    if len(meanings) == 1 and (not meanings[0].holds or len(meanings[0].values) != 1):
        hint = "conclude a single value, not a denial or a group"
        single = _single(vocabulary, meanings[0], {role: phrase for phrase, role in roles.items()})
        complain_at(on, "T28", "a conclusion gives a variable one value", said, hint, single)
        return None
    checked = clause(vocabulary, on, said, roles)
    return Derivation(checked.variable, checked.terms, checked.values[0]) if checked else None


def _unknown(on: Page, said: Stretch, message: str, known: Iterable[str]) -> None:
    """Complain about a wording that is not one of those known, with the nearest; one may be cut short."""
    key = _key(said.text)[:200]
    whole = {shown: full for full in known for shown in (full[: len(key)], full)}
    close = difflib.get_close_matches(key, list(whole), n=1, cutoff=0.5)
    hint = f"did you mean “{whole[close[0]]}”?" if close else ""
    complain_at(on, "T18", message, said, hint, whole[close[0]] if close else None)


def _focus(vocabulary: Vocabulary) -> str:
    """Give the phrase for the state whose conduct is explained."""
    return next((role.phrase for role in vocabulary.roles if role.id == "state"), "the state")


def _single(vocabulary: Vocabulary, condition: Condition, names: Mapping[str, str]) -> str | None:
    """Say a single value that meets a condition, if there is one."""
    known = value_ids(variables(vocabulary)[condition.variable])
    value = next((value for value in known if (value in condition.values) == condition.holds), None)
    if value is None:
        return None
    args = tuple(names.get(term.name, term.name) for term in condition.terms)
    return say(vocabulary, Fact(condition.variable, args, value))


def _strategy_claim(vocabulary: Vocabulary, on: Page, said: Stretch, claim: re.Match[str]) -> StrategyClaim | None:
    """Read "the state is much more likely to align with the threat"."""
    focus = _focus(vocabulary)
    if claim["who"].lower() != focus:
        hint = f"write “{focus} is more likely to …”"
        fix = focus + said.text[claim.end("who") :]
        complain_at(on, "T18", f"an argument for a strategy is about {focus}", said, hint, fix)
        return None
    infinitives = _infinitives(vocabulary)
    doing = cut(said, claim.end())
    strategy = infinitives.get(_key(doing.text))
    if strategy is None:
        _unknown(on, doing, "there is no such strategy", infinitives)
        return None
    degree = (claim["degree"] or "").lower()
    return StrategyClaim(strategy, claim["sign"].lower() == "more", _DEGREES[degree])


def _menu(vocabulary: Vocabulary, on: Page, said: Stretch) -> MenuClaim | None:
    """Read "the choice is to … or to …"; what is chosen between may itself contain "or" or "to"."""
    infinitives = _infinitives(vocabulary)

    def split(rest: str) -> list[str] | None:
        for doing, strategy in infinitives.items():
            if rest == doing:
                return [strategy]
            joint = re.match(r",? or to |, to ", rest[len(doing) :]) if rest.startswith(doing) else None
            tail = split(rest[len(doing) + joint.end() :]) if joint else None
            if tail:
                return [strategy, *tail]
        return None

    lead = len("the choice is to ")
    found = split(_key(said.text)[lead:])
    if not found:
        parts = re.split(r",? or to |, to ", _key(said.text)[lead:])
        odd = next((part for part in parts if part not in infinitives), "")
        place = max(0, said.text.lower().find(odd))
        _unknown(on, cut(said, place, place + len(odd)), "there is no such strategy", infinitives)
    elif len(found) == 1:
        complain_at(on, "T18", "a choice is between two strategies or more", said, "write “the choice is to … or to …”")
        return None
    return MenuClaim(tuple(found)) if found else None


def write_conclusion(vocabulary: Vocabulary, conclusion: Conclusion) -> str:
    """Write a conclusion as a rule states it."""
    names = {role.id: role.phrase for role in vocabulary.roles} | {SYSTEM: "the system"}
    degrees = {strength: degree for degree, strength in _DEGREES.items()}
    infinitive = {s.id: phrased(vocabulary, s.infinitive) for s in vocabulary.strategies}
    match conclusion:
        case StrategyClaim(strategy, favours, strength):
            sign = "more" if favours else "less"
            return f"{names['state']} is {degrees[strength]}{sign} likely to {infinitive[strategy]}"
        case OutcomeClaim(id_, terms, value, strength):
            outcome = next(o for o in vocabulary.outcomes if o.id == id_)
            subject = outcome.subject.format(*(names.get(term.name, term.name) for term in terms))
            return f"{subject} is {degrees[strength]}{dict(outcome.values)[value]}"
        case MeasureClaim(measure):
            doing = next(m.infinitive for m in vocabulary.measures if m.id == measure)
            return f"one measure is to {phrased(vocabulary, doing)}"
        case CautionClaim(caution):
            return f"bear in mind {next(c.title for c in vocabulary.cautions if c.id == caution)}"
        case MenuClaim(strategies):
            return "the choice is " + " or ".join(f"to {infinitive[s]}" for s in strategies)
        case Derivation(variable, terms, value):
            args = tuple(names.get(term.name, term.name) if term.role else term.name for term in terms)
            return say(vocabulary, Fact(variable, args, value))
