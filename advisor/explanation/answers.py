"""One verdict in words: the camps, the schools in them and their reasons, and what stands aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from advisor.explanation.account import (
    Answer,
    Camp,
    Chorus,
    Cited,
    Clause,
    Excluded,
    Further,
    Means,
    Quarrel,
    Silenced,
    Speaker,
    Stated,
)
from advisor.explanation.clauses import (
    Teller,
    cited,
    clause,
    concluded,
    distinct,
    infinitive,
    leaves,
    premises,
    role_phrase,
    school_named,
    strategy_names,
    threat_name,
)
from advisor.explanation.grounds import Applied, applied, benches, reasons_in, steps, used_by
from advisor.explanation.naming import named
from advisor.terms import Argument, Fact, Justification, MeasureClaim, Verdict, Voice
from advisor.verdict import STATE, THREAT, forms
from advisor.vocabulary import canonical

_CLOSE = 0.75
"""How near a second strategy comes to the first, to be named beside it."""
_FEW = 3
"""Up to how many schools in the leading camp each has two arguments put into prose, and not one."""
_MANY = 3
"""A concluded fact that has so many reasons, or is one for so many propositions, is told by itself."""
_STRONG, _MODERATE = 3, 2


def answer(teller: Teller, verdict: Verdict) -> Answer:
    """Put a verdict into words."""
    first = teller.theory.vocabulary.topics[0]
    topic = next(topic for topic in teller.theory.vocabulary.topics if topic.id == verdict.about)
    uses = applied(teller)
    said: set[Fact] = set()
    close = set(_close(teller, verdict, verdict.families[0][0])) if verdict.families else set()
    leading = set(_members(teller, verdict, verdict.families[0][0])) if verdict.families else set()
    camps = tuple(
        _camp(teller, verdict, contender, percent, uses, said, number == 0)
        for number, ((contender, _), percent) in enumerate(
            zip(verdict.families, _percents([share for _, share in verdict.families]), strict=True)
        )
    )
    return Answer(
        state=named(teller.naming, verdict.state),
        toward=threat_name(teller, verdict.toward),
        main=topic == first,
        faces=verdict.toward is not None and topic == first,
        about=topic.id,
        question=topic.question,
        decision=verdict.decision,
        label=verdict.label,
        robust=verdict.robust,
        schools=len(verdict.voices),
        quiet=_quiet(teller, verdict),
        camps=camps,
        against=tuple(
            cited(teller, id_)
            for id_ in dict.fromkeys(
                argument.proposition
                for argument in verdict.arguments
                if not argument.favours and close & set(forms(teller.strategies[argument.strategy]))
            )
        ),
        excluded=_excluded(teller, verdict),
        silenced=tuple(
            Silenced(cited(teller, defeat.proposition), tuple(cited(teller, other) for other in defeat.by))
            for defeat in verdict.defeats
        ),
        quarrels=_quarrels(teller, verdict),
        measures=_measures(teller, verdict, leading),
        steps=steps(teller, [*reasons_in(teller, _heard(verdict, uses)), *(entry.fact for entry in verdict.ruled_out)]),
        benches=benches(teller, verdict, uses),
        further=_further(teller, verdict, camps),
    )


def _heard(verdict: Verdict, uses: Applied) -> list[Justification]:
    """Give the applications that counted in a verdict or were silenced in it."""
    silenced = {defeat.proposition for defeat in verdict.defeats}
    names = {STATE: verdict.state, THREAT: verdict.toward}
    return [
        *used_by(verdict, uses),
        *(
            use
            for use in uses.values()
            if use.proposition in silenced and all(names.get(role, name) == name for role, name in use.bindings)
        ),
    ]


def _quiet(teller: Teller, verdict: Verdict) -> tuple[str, ...]:
    """Name the schools that are heard and have no expectation in a verdict."""
    speaking = {voice.school for voice in verdict.voices}
    return tuple(school_named(teller, school) for school in teller.schools if school not in speaking)


# ---------------------------------------------------------------- the camps


def _percents(shares: Sequence[float]) -> list[int]:
    """Round shares so that they add up to what they should, those cut most first."""
    whole = [int(share * 100 + 1e-6) for share in shares]
    missing = round(sum(shares) * 100) - sum(whole)
    cut = sorted(range(len(shares)), key=lambda place: (whole[place] - shares[place] * 100, place))
    return [percent + (place in cut[:missing]) for place, percent in enumerate(whole)]


def _camp(
    teller: Teller, verdict: Verdict, contender: str, percent: int, uses: Applied, said: set[Fact], leads: bool
) -> Camp:
    """Gather the schools behind one contender, a family or a strategy; those who expect the same stand together."""
    vocabulary = teller.theory.vocabulary
    apart = contender in teller.strategies
    family = next((family for family in vocabulary.families if family.id == contender), None)
    voices = [voice for voice in verdict.voices if contender in (voice.strategies if apart else voice.families)]
    mine = {voice.school: tuple(_mine(teller, voice, contender)) for voice in voices}
    best = {
        does: max(voice.support * teller.weights[voice.school] for voice in voices if mine[voice.school] == does)
        for does in mine.values()
    }
    voices.sort(key=lambda voice: (-best[mine[voice.school]], mine[voice.school], -_strength(voice.support)))
    most = 2 if leads and len(voices) <= _FEW else 1
    voiced = {voice.school: _voiced(teller, verdict, voice, mine[voice.school], most, uses) for voice in voices}
    rests = _rests(teller, verdict, uses)
    stated = _stated(teller, [argument for each in voiced.values() for argument in each], uses, said, rests)
    choirs: list[Chorus] = []
    for voice in voices:
        does = strategy_names(
            teller, verdict.toward, (argument.strategy for argument in verdict.arguments), mine[voice.school]
        )
        silent = family.text if family and not mine[voice.school] else ""
        speaker = _speaker(teller, voice, voiced[voice.school], uses, said)
        chorus = Chorus(does, silent, _strength(voice.support), (speaker,))
        if choirs and (choirs[-1].does, choirs[-1].clause, choirs[-1].strength) == (does, silent, chorus.strength):
            chorus = Chorus(does, silent, chorus.strength, (*choirs.pop().speakers, speaker))
        choirs.append(chorus)
    does_, clause_, forms_ = _wording(teller, verdict, contender)
    schools = tuple(school_named(teller, voice.school) for voice in voices)
    text = family.text.replace(role_phrase(teller, THREAT), threat_name(teller, verdict.toward)) if family else ""
    short = text if text and not clause_ and not apart and does_.startswith(text) else ""
    return Camp(does_, clause_, percent, forms_, short, schools, stated, tuple(choirs))


def _wording(teller: Teller, verdict: Verdict, contender: str) -> tuple[str, str, tuple[str, ...]]:
    """Word what a camp expects: what follows "to" or else a clause, and the forms it takes if not named in it."""
    family = next((family for family in teller.theory.vocabulary.families if family.id == contender), None)
    alone = len({s.family for s in teller.strategies.values() if s.question == verdict.about}) == 1
    argued = [argument.strategy for argument in verdict.arguments]
    ways = strategy_names(teller, verdict.toward, argued, _close(teller, verdict, contender))
    if family is not None and family.rejects:
        return "", family.text, ()
    if contender in teller.strategies or alone or family is None:
        return (ways[0] if ways else contender), "", ways[1:]
    text = family.text.replace(role_phrase(teller, THREAT), threat_name(teller, verdict.toward))
    return (ways[0], "", ()) if ways and ways[0].startswith(text) else (text, "", ways)


def _members(teller: Teller, verdict: Verdict, contender: str) -> list[str]:
    """Give the ranked strategies of a contender, which is a family or itself a strategy."""
    return [
        standing.strategy
        for standing in verdict.ranking
        if contender in (standing.strategy, teller.strategies[standing.strategy].family)
    ]


def _close(teller: Teller, verdict: Verdict, contender: str) -> list[str]:
    """Give the best supported strategies of a contender: the first, and a second close to it."""
    support = {standing.strategy: standing.support for standing in verdict.ranking}
    members = _members(teller, verdict, contender)
    near = [name for name in members if support[name] > 0 and support[name] >= _CLOSE * support[members[0]]]
    return near[:2] or members[:1]


def _mine(teller: Teller, voice: Voice, contender: str) -> list[str]:
    """Give the top strategies of a school that belong to a contender."""
    return [name for name in voice.strategies if contender in (name, teller.strategies[name].family)]


def _strength(support: float) -> int:
    """Give the strength that a school's support amounts to."""
    return _STRONG if support >= _STRONG else _MODERATE if support >= _MODERATE else 1


# ---------------------------------------------------------------- their reasons


def _voiced(
    teller: Teller, verdict: Verdict, voice: Voice, mine: Collection[str], most: int, uses: Applied
) -> list[Argument]:
    """Give a school's best arguments for what it expects, one a proposition; of equals, what says most of the case."""
    found: dict[str, Argument] = {}
    for argument in verdict.arguments:
        about = set(forms(teller.strategies[argument.strategy]))
        if argument.school != voice.school or not _is_for(teller, argument, voice) or (mine and not about & set(mine)):
            continue
        if argument.proposition not in found or argument.strength > found[argument.proposition].strength:
            found[argument.proposition] = argument

    def own(argument: Argument) -> int:
        return sum(fact not in teller.assumed for fact in _conditions(teller, argument, uses))

    return sorted(found.values(), key=lambda argument: (-argument.strength, -own(argument)))[:most]


def _is_for(teller: Teller, argument: Argument, voice: Voice) -> bool:
    """Whether an argument of a school is one for what the school expects most."""
    if not voice.strategies:
        family = next(f for f in teller.theory.vocabulary.families if f.id in voice.families)
        rejected = forms(teller.strategies[family.rejects])
        return not argument.favours and bool(set(rejected) & set(forms(teller.strategies[argument.strategy])))
    return argument.favours and bool(set(voice.strategies) & set(forms(teller.strategies[argument.strategy])))


def _conditions(teller: Teller, argument: Argument, uses: Applied) -> list[Fact]:
    use = uses.get((argument.proposition, argument.bindings))
    return distinct(teller, premises(use)) if use else []


def _new(teller: Teller, facts: Sequence[Fact], said: set[Fact]) -> tuple[Clause, ...]:
    """Word those of some facts that have not been said, and take note of them."""
    fresh = [fact for fact in facts if canonical(teller.theory.vocabulary, fact) not in said]
    said.update(canonical(teller.theory.vocabulary, fact) for fact in fresh)
    return tuple(clause(teller, fact) for fact in fresh)


def _rests(teller: Teller, verdict: Verdict, uses: Applied) -> dict[Fact, set[str]]:
    """Give the propositions that rest on each concluded fact, whosever they are."""
    found: dict[Fact, set[str]] = {}
    for argument in verdict.arguments:
        for fact in _conditions(teller, argument, uses):
            if concluded(teller, fact):
                found.setdefault(fact, set()).add(argument.proposition)
    return found


def _stated(
    teller: Teller, arguments: Sequence[Argument], uses: Applied, said: set[Fact], rests: Mapping[Fact, Collection[str]]
) -> tuple[Stated, ...]:
    """State the concluded facts that arguments rest on, the commonest first, and what they come down to.

    One that is itself a reason for another is left to it, and one on which little rests, for a plain reason, to
    the argument that has it.
    """
    counts = {fact: len(rests[fact]) for a in arguments for fact in _conditions(teller, a, uses) if fact in rests}
    known = [fact for fact in teller.derived if canonical(teller.theory.vocabulary, fact) in said]
    under = {reason for fact in (*counts, *known) for reason in _reasons_of(teller, fact)}
    said.update(canonical(teller.theory.vocabulary, fact) for fact in counts if fact in under)
    found = []
    for fact in distinct(teller, sorted(counts, key=lambda fact: (-counts[fact], fact))):
        below = leaves(teller, fact)
        fresh = [leaf for leaf in below if canonical(teller.theory.vocabulary, leaf) not in said]
        if counts[fact] < _MANY and len(fresh) < _MANY:
            continue
        for head in _new(teller, [fact], said):
            because = _new(teller, below, said) or tuple(clause(teller, leaf) for leaf in below)
            use = concluded(teller, fact)
            found.append(Stated(head, because, (cited(teller, use.proposition),) if use else ()))
    return tuple(found)


def _reasons_of(teller: Teller, fact: Fact) -> tuple[Fact, ...]:
    use = concluded(teller, fact)
    return premises(use) if use else ()


def _speaker(teller: Teller, voice: Voice, arguments: Sequence[Argument], uses: Applied, said: set[Fact]) -> Speaker:
    """Give a school's own reasons: what its best arguments add to what has been said."""
    because: list[Clause] = []
    cites: list[Cited] = []
    for argument in arguments:
        fresh = _new(teller, _conditions(teller, argument, uses), said)
        if fresh or not cites:
            cites.append(cited(teller, argument.proposition))
        because += fresh
    return Speaker(
        school_named(teller, voice.school),
        voice.support,
        teller.weights[voice.school],
        tuple(because),
        tuple(cites),
    )


# ---------------------------------------------------------------- what stands aside


def _further(teller: Teller, verdict: Verdict, camps: Sequence[Camp]) -> tuple[Further, ...]:
    """Name by school the propositions that counted and that no speaker has named."""
    named_ = {
        each.id for camp in camps for choir in camp.choirs for speaker in choir.speakers for each in speaker.cites
    }
    found: dict[str, dict[str, None]] = {}
    for argument in verdict.arguments:
        if argument.proposition not in named_:
            found.setdefault(argument.school, {})[argument.proposition] = None
    return tuple(
        Further(school_named(teller, school), tuple(cited(teller, id_) for id_ in ids)) for school, ids in found.items()
    )


def _excluded(teller: Teller, verdict: Verdict) -> tuple[Excluded, ...]:
    """Word what is impossible, by the fact that makes it so."""
    found: dict[Fact, list[str]] = {}
    for entry in verdict.ruled_out:
        found.setdefault(entry.fact, []).append(infinitive(teller, entry.strategy, verdict.toward))
    return tuple(Excluded(tuple(does), clause(teller, fact)) for fact, does in found.items())


def _quarrels(teller: Teller, verdict: Verdict) -> tuple[Quarrel, ...]:
    """Name the disputes, those between propositions that counted here first."""
    counted = {argument.proposition for argument in verdict.arguments}
    pairs = sorted((dispute.propositions for dispute in verdict.disputes), key=lambda pair: len(set(pair) - counted))
    return tuple(Quarrel(cited(teller, one), cited(teller, other)) for one, other in pairs)


def _measures(teller: Teller, verdict: Verdict, leading: Collection[str]) -> tuple[Means, ...]:
    """Word the measures of a verdict by strategy, with the names that its propositions give them."""
    measures = {measure.id: measure for measure in teller.theory.vocabulary.measures}
    found: dict[str, dict[str, str]] = {}
    for justification in teller.inference.justifications:
        names = {role: named(teller.naming, name) for role, name in justification.bindings}
        if dict(justification.bindings).get(STATE) != verdict.state:
            continue
        if dict(justification.bindings).get(THREAT, verdict.toward) != verdict.toward:
            continue
        for claim in teller.propositions[justification.proposition].conclusions:
            if isinstance(claim, MeasureClaim) and claim.measure in verdict.measures:
                text = measures[claim.measure].infinitive
                for role in teller.theory.vocabulary.roles:
                    text = text.replace("{" + role.id + "}", names.get(role.id) or role_phrase(teller, role.id))
                found.setdefault(measures[claim.measure].strategy, {}).setdefault(text, justification.proposition)
    return tuple(
        Means(
            infinitive(teller, strategy, verdict.toward),
            tuple(found[strategy]),
            strategy in leading,
            tuple(cited(teller, id_) for id_ in dict.fromkeys(found[strategy].values())),
        )
        for strategy in teller.strategies
        if strategy in found
    )
