"""What if: a fact supposed, or no longer known, and everything inferred and judged anew.

Nothing is carried over from what was concluded before, so a premise that is dropped drops all that rested on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from advisor.inquiry.asking import Again, differs
from advisor.inquiry.matters import Change, matter_of, with_fact, without_fact
from advisor.inquiry.values import Supposition
from advisor.terms import Advice, Argument, Fact, Inference, Theory, Verdict
from advisor.verdict import judge, judge_one


def suppose(
    theory: Theory,
    advice: Advice,
    fact: Fact,
    again: Again,
    *,
    dropped: bool = False,
    weights: Mapping[str, float] | None = None,
    schools: Iterable[str] | None = None,
) -> Supposition | None:
    """Suppose a fact, or that nothing is known of its matter (``dropped``), and compare the first verdict.

    The result holds the whole advice as it would be, about the same state and threat, to be kept or dropped.  None
    where there is no verdict to compare.
    """
    if not advice.verdicts:
        return None
    heard = tuple(schools) if schools is not None else None
    first = advice.verdicts[0]
    situation = advice.inference.situation
    alter = without_fact if dropped else with_fact
    inference = again(theory, alter(theory.vocabulary, situation, fact))
    after = judge_one(theory, inference, first, weights=weights, schools=heard)
    whole = judge(theory, inference, focus=first.state, toward=first.toward, weights=weights, schools=heard)
    before_arguments, after_arguments = _by_use(first), _by_use(after)
    change = Change(matter_of(theory.vocabulary, fact), None if dropped else fact)
    return Supposition(
        change,
        inference.situation.facts == situation.facts,
        first,
        after,
        differs(first, after),
        tuple(argument for use, argument in after_arguments.items() if use not in before_arguments),
        tuple(argument for use, argument in before_arguments.items() if use not in after_arguments),
        _concluded(inference, advice.inference),
        _concluded(advice.inference, inference),
        whole,
    )


def _by_use(verdict: Verdict) -> dict[tuple[object, ...], Argument]:
    return {(a.proposition, a.bindings, a.strategy, a.favours, a.strength): a for a in verdict.arguments}


def _concluded(there: Inference, here: Inference) -> tuple[Fact, ...]:
    """Give what is concluded in one inference and not known in the other."""
    drawn = dict.fromkeys(fact for justification in there.justifications for fact in justification.derived)
    return tuple(fact for fact in drawn if fact not in here.facts and fact not in there.situation.facts)
