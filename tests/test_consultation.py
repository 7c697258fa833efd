"""The dialogue as a value: what a line is taken for, what it changes, what is asked, and that all of it can be kept."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import advisor
from advisor import house
from advisor.consultation import (
    COMMANDS,
    Consultation,
    Export,
    Load,
    Means,
    Quit,
    Reply,
    Save,
    completions,
    load,
    marked,
    pondered,
    save,
    say,
    told,
)
from advisor.consultation.answers import all_options, answered
from advisor.consultation.lines import stands_alone, understood
from advisor.consultation.meant import nearest_facts
from advisor.consultation.standing import advice_of, headline, observations, situation_of
from advisor.consultation.values import Asked, Part, Stand
from advisor.terms import SYSTEM, Fact, Reading
from advisor.transcript import load as load_transcript
from advisor.transcript import load_all
from advisor.vocabulary import canonical, value_ids, variables
from advisor.vocabulary import say as worded
from advisor.wording import sentence

ROOT = Path(__file__).resolve().parent.parent
SMALL = "Arvenia is a small state. Its neighbour Borland, a great power, threatens it."
CRISIS = "Germany threatens France. Russia is allied with Serbia. Germany is a great power on the border of France."


@cache
def means() -> Means:
    theory = advisor.load_theory()
    return Means(theory, cache(lambda text: advisor.read(text, theory)))


def after(*lines: str, start: Consultation | None = None) -> Consultation:
    """The consultation after some lines."""
    consultation = start or Consultation()
    for line in lines:
        consultation, _ = say(means(), consultation, line)
    return pondered(means(), consultation)[0]


def replied(consultation: Consultation, line: str, width: int = 88) -> str:
    """The words of the reply to a line, and of the question that follows."""
    later, reply = say(means(), consultation, line)
    _, question = pondered(means(), later)
    return told(means(), Reply((*reply.parts, *question.parts)), width=width)


def kinds(reply: Reply) -> list[str]:
    return [part.kind for part in reply.parts]


def known(consultation: Consultation) -> frozenset[Fact]:
    """What is known without assumptions, in canonical form."""
    case = situation_of(means().theory, consultation.stand)
    return frozenset(canonical(means().theory.vocabulary, f) for f in case.facts - case.assumptions if f.holds)


def stances(consultation: Consultation, variable: str) -> list[str]:
    return [
        o.stance for o in observations(means().theory.vocabulary, consultation.stand) if o.fact.variable == variable
    ]


def asking(variable: str, *args: str) -> Asked:
    """A question for the value of a variable."""
    return Asked("fact", "?", "", (variable, args), all_options(means().theory.vocabulary, variable, args))


def test_a_question_gives_names_their_article() -> None:
    asked = Asked("fact", "How strong is Soviet Union?", "", ("strength", ("Soviet Union",)))
    assert "How strong is the Soviet Union?" in told(means(), Reply((Part("ask", value=asked),)))


# ---------------------------------------------------------------- what a line is taken for

ARGUED = (
    "why not bandwagon",
    "what if Russia is weak",
    "why balance rather than hide",
    "focus on Belgium",
    "focus on Belgium facing Germany",
    "save crisis.md",
    "load crisis.md",
    "export report.html",
    "weights structural-realism=2",
    "help why",
)
SAID = [each.name for each in COMMANDS if each.name not in ("rather than", "why not", "what if", "focus on", "export")]


@pytest.mark.parametrize("line", [*SAID, *ARGUED])
@pytest.mark.parametrize("form", ["{}", "  {}  ", ":{}", "{}?", "upper"])
def test_a_command_alone_on_a_line_is_one(line: str, form: str) -> None:
    said = line.capitalize() if form == "upper" else form.format(line)
    assert understood(said).kind == "command", said


def test_the_commands_are_those_of_the_help() -> None:
    listed = replied(Consultation(), "help")
    assert len(COMMANDS) == 19
    for command in COMMANDS:
        assert command.shape.split(" ")[0] in listed
        assert command.does.split(":")[0][:30] in re.sub(r"\s+", " ", listed)


def sentences() -> Iterator[str]:
    """Sentences that tell a situation: every phrase of the vocabulary, and those of our transcripts."""
    vocabulary = means().theory.vocabulary
    for variable in vocabulary.variables:
        args = ("Belgium", "Germany")[: variable.arity] or (SYSTEM,)
        for value in value_ids(variable):
            yield sentence(worded(vocabulary, Fact(variable.id, args, value)))
            yield sentence(worded(vocabulary, Fact(variable.id, args, value, False)))
    for case in load_all(vocabulary, ROOT / "transcripts")[0]:
        for paragraph in case.text.split("\n\n"):
            yield from (
                part for part in re.split(r"(?<=[.!?])\s+", " ".join(paragraph.split())) if len(part.split()) > 2
            )


def test_no_sentence_is_taken_for_a_command() -> None:
    every = list(sentences())
    assert len(every) > 500
    names = ("Belgium", "Germany")
    wrong = [each for each in every if understood(each, names).kind not in ("sentence", "question")]
    assert not wrong
    assert not [each for each in every if understood(each, names).kind == "question" and not each.endswith("?")]


@pytest.mark.parametrize(
    "line",
    [
        "Help came quickly.",
        "Why Britain hesitated is unclear.",
        "Focus shifted to Belgium.",
        "Schools in Belgium teach hate.",
        "Facts on the ground favour Germany.",
        "What Germany wants is unclear.",
        "No state threatens Belgium.",
        "Load and arms matter.",
        "Save for Belgium, everybody is weak.",
        "How Germany will react is unknown.",
        "They balance rather than bandwagon.",
        "Weights were put on Belgium.",
        "Questions remain about Belgium.",
        "Actual war is near.",
    ],
)
def test_a_sentence_that_begins_like_a_command_is_none(line: str) -> None:
    assert understood(line, ("Belgium", "Germany")).kind == "sentence"


def slips(line: str) -> Iterator[str]:
    """Every line that differs from another by a letter left out, doubled, changed, or put before its time."""
    for place, letter in enumerate(line):
        yield line[:place] + line[place + 1 :]
        yield line[:place] + letter + line[place:]
        yield line[:place] + string.ascii_lowercase[(ord(letter) + 7) % 26] + line[place + 1 :]
        yield line[:place] + line[place + 1 : place + 2] + letter + line[place + 2 :]


def test_a_mistyped_command_is_never_read_as_a_situation() -> None:
    tried = 0
    wrong = []
    for line in [*SAID, *ARGUED]:
        head = re.match(r"why not|what if|why .* rather than|focus on|\w+(?= )|.*", line)
        assert head
        for slip in slips(head[0]):
            tried += 1
            if (
                slip.strip()
                and understood(slip + line[head.end() :], ("Belgium", "Germany", "Russia")).kind == "sentence"
            ):
                wrong.append(slip + line[head.end() :])
    assert tried > 500
    assert not wrong


def test_the_nearest_command_is_named() -> None:
    for line, meant in (
        ("shcools", "schools"),
        ("focsu on Belgium", "focus on Belgium"),
        ("what woud change it", "what would change it"),
        ("wy", "why"),
        (":fact", "facts"),
    ):
        assert understood(line, ("Belgium",)).near == meant
        assert f"Did you mean “{meant}”?" in " ".join(replied(after(SMALL), line).split())


def test_a_slip_in_an_answer_is_told() -> None:
    before = with_question("intent", "Borland", "Arvenia")
    assert "Did you mean “hostile”?" in " ".join(replied(before, "hostle").split())
    assert after("hostle", start=before).stands == before.stands


def test_a_slip_changes_nothing() -> None:
    before = after(SMALL)
    for line in ("shcools", "focsu on Borland", "hostle", "What is this?", ":nonsense", "xyzzy"):
        assert after(line, start=before).stands == before.stands


# ---------------------------------------------------------------- telling


def test_what_is_told_is_shown_with_its_words_and_what_is_not_read() -> None:
    reply = " ".join(replied(Consultation(), SMALL + " Cadria feels rather lonely these days.").split())
    assert "Arvenia is weak: “Arvenia is a small state”" in reply
    assert "Not read: ⟦Cadria feels rather lonely these days⟧" in reply


def test_a_later_sentence_speaks_of_an_earlier_state() -> None:
    consultation = after("Arvenia is a small state.", "It has no allies.")
    assert Fact("help", ("Arvenia",), "none") in known(consultation)


def test_only_the_new_paragraph_is_shown() -> None:
    reply = replied(after(SMALL), "Cadria is a middle power.")
    assert "Cadria is a middle power" in reply
    assert "Arvenia is weak" not in reply


def test_the_verdict_is_given_by_school_once_there_is_one() -> None:
    consultation, reply = say(means(), Consultation(), SMALL)
    assert "verdict" in kinds(reply)
    words = told(means(), reply)
    first = advice_of(means(), consultation.stand).verdicts[0]
    assert {voice.school for voice in first.voices}
    for voice in first.voices:
        name = next(school.name for school in means().theory.schools if school.id == voice.school)
        assert name.split(" ")[0].casefold()[:8] in words.casefold()


def test_a_verdict_that_stays_is_not_told_anew() -> None:
    _, reply = say(means(), after(SMALL), "don't know")
    assert "unchanged" in kinds(reply)
    assert "verdict" not in kinds(reply)


def test_what_contradicts_itself_is_asked_about() -> None:
    consultation = after("Arvenia is weak. Borland threatens Arvenia.", "Arvenia is a great power.")
    assert not {fact for fact in known(consultation) if fact.variable == "strength"}
    asked = consultation.stand.asked
    assert asked is not None
    assert asked.unknown == ("strength", ("Arvenia",))
    settled = after("weak", start=consultation)
    assert Fact("strength", ("Arvenia",), "weak") in known(settled)


def test_small_letters_are_pointed_out() -> None:
    assert "did you mean Germany, France?" in replied(Consultation(), "germany threatens france")


def test_another_language_is_not_read_and_named() -> None:
    text = (
        "Deutschland bedroht Frankreich, und niemand weiß, was Russland in diesem Falle tun wird, denn es ist schwach."
    )
    reply = replied(Consultation(), text)
    assert "German" in reply


# ---------------------------------------------------------------- answers

UNCONDITIONAL = ("targets", "Borland", "Arvenia")


@pytest.mark.parametrize(
    ("variable", "line", "value", "holds", "stance"),
    [
        ("targets", "yes", "yes", True, "asserted"),
        ("targets", "Yes.", "yes", True, "asserted"),
        ("targets", "It does", "yes", True, "asserted"),
        ("targets", "no", "no", True, "asserted"),
        ("targets", "not at all", "no", True, "asserted"),
        ("targets", "I think so", "yes", True, "possible"),
        ("targets", "Yes, I think so.", "yes", True, "possible"),
        ("targets", "probably", "yes", True, "possible"),
        ("targets", "I don't think so", "no", True, "possible"),
        ("targets", "no, I don’t think so", "no", True, "possible"),
        ("targets", "probably not", "no", True, "possible"),
        ("targets", "only if attacked", "yes", True, "supposed"),
        ("targets", "yes, but only if Cadria agrees", "yes", True, "supposed"),
        ("targets", "unless it is bought off", "yes", True, "supposed"),
        ("strength", "weak", "weak", True, "asserted"),
        ("strength", "It is weak.", "weak", True, "asserted"),
        ("strength", "a great power", "great", True, "asserted"),
        ("strength", "2", "middle", True, "asserted"),
        ("strength", "the third", "great", True, "asserted"),
        ("strength", "probably weak", "weak", True, "possible"),
        ("strength", "weak, I think", "weak", True, "possible"),
        ("strength", "weak, if Cadria stays out", "weak", True, "supposed"),
        ("strength", "not weak", "weak", False, "asserted"),
        ("commitment", "only if attacked", "conditional", True, "asserted"),
        ("commitment", "whatever happens", "unconditional", True, "asserted"),
        ("pact", "no", "none", True, "asserted"),
        ("pact", "an alliance", "alliance", True, "asserted"),
        ("pact", "non-aggression", "non-aggression", True, "asserted"),
        ("intent", "hostile", "hostile", True, "asserted"),
        ("intent", "perhaps benign", "benign", True, "possible"),
    ],
)
def test_an_answer_is_taken_for_what_it_says(variable: str, line: str, value: str, holds: bool, stance: str) -> None:
    arity = variables(means().theory.vocabulary)[variable].arity
    found = answered(means().theory.vocabulary, asking(variable, *("Borland", "Arvenia")[:arity]), line)
    assert found is not None
    assert found.kind == "facts"
    assert [(fact.value, fact.holds) for fact in found.facts] == [(value, holds)]
    assert found.stance == stance


@pytest.mark.parametrize(
    "line", ["don't know", "I do not know", "No idea.", "not sure", "skip", "who knows?", "never mind"]
)
def test_what_nobody_knows_is_left_open_and_not_asked_again(line: str) -> None:
    before = after(SMALL)
    asked = before.stand.asked
    assert asked is not None
    later = after(line, start=before)
    assert known(later) == known(before)
    assert later.stand.asked is None or later.stand.asked.unknown != asked.unknown


@pytest.mark.parametrize("line", ["yes", "no", "I think so", "3 or 2"])
def test_an_answer_that_fits_no_single_value_changes_nothing(line: str) -> None:
    before = after("Germany threatens Russia.")
    before = replace(before, stands=(Stand(), replace(before.stand, asked=asking("strength", "Germany"))))
    later = after(line, start=before)
    assert known(later) == known(before)


@pytest.mark.parametrize(
    "line", ["Borland is weak.", "Cadria is a great power and threatens Borland.", "hello there friend"]
)
def test_what_is_no_answer_is_not_taken_for_one(line: str) -> None:
    assert answered(means().theory.vocabulary, asking("strength", "Arvenia"), line) is None


def with_question(variable: str, *args: str) -> Consultation:
    """A consultation in which that is asked."""
    before = after(SMALL)
    return replace(before, stands=(Stand(), replace(before.stand, asked=asking(variable, *args))))


def test_a_doubt_stays_visible_and_is_no_fact() -> None:
    before = with_question("nuclear", "Borland")
    later, reply = say(means(), before, "I think so")
    assert known(later) == known(before)
    assert stances(later, "nuclear") == ["possible"]
    assert "Kept as possible, not as a fact" in told(means(), reply)
    assert "only possible" in replied(later, "facts")
    firm = after("actually, Borland has a secure nuclear deterrent", start=later)
    assert stances(firm, "nuclear") == ["asserted"]


def test_a_condition_is_no_fact() -> None:
    before = with_question("can_check", "Arvenia", "Borland")
    later = after("only if Cadria helps", start=before)
    assert known(later) == known(before)
    assert stances(later, "can_check") == ["supposed"]
    assert "only on a condition" in replied(later, "facts")


def test_a_sentence_answers_too() -> None:
    before = with_question("help", "Arvenia")
    later = after("Arvenia has no allies.", start=before)
    assert Fact("help", ("Arvenia",), "none") in known(later)


def test_it_is_the_state_that_was_asked_about() -> None:
    before = after("Cadria and Delmark are on good terms. Delmark is rich.", start=after(SMALL))
    asked = replace(before, stands=(*before.stands[:-1], replace(before.stand, asked=asking("help", "Arvenia"))))
    later = after("It has no allies to turn to, and it is content with the existing order.", start=asked)
    assert Fact("help", ("Arvenia",), "none") in known(later)
    assert not [fact for fact in known(later) if fact.variable == "help" and fact.args != ("Arvenia",)]


def test_states_that_were_asked_for_may_be_named() -> None:
    before = after("Arvenia is weak.")
    assert before.stand.asked is not None
    assert before.stand.asked.kind == "free"
    later = after("Borland", start=before)
    assert known(later) == known(before)
    assert (later.stand.focus, later.stand.toward) == ("Arvenia", "Borland")
    assert later.stand.asked is not None
    assert later.stand.asked.kind == "fact"


def test_a_yes_with_more_says_both() -> None:
    later = after("yes, and Cadria is weak", start=with_question("nuclear", "Borland"))
    assert Fact("nuclear", ("Borland",), "yes") in known(later)
    assert Fact("strength", ("Cadria",), "weak") in known(later)


# ---------------------------------------------------------------- corrections


@pytest.mark.parametrize(
    "line",
    [
        "no, Russia is not allied with Serbia",
        "No. Russia is not allied with Serbia.",
        "actually, Russia and Serbia are not allied",
        "wrong: Russia is not allied with Serbia",
        "that is not so, Russia and Serbia are not allied",
        "no Russia is not allied with Serbia",
    ],
)
def test_a_correction_in_plain_words_counts_before_the_text(line: str) -> None:
    before = after(CRISIS)
    assert Fact("pact", ("Russia", "Serbia"), "alliance") in known(before)
    later, reply = say(means(), before, line)
    assert Fact("pact", ("Russia", "Serbia"), "alliance") not in known(later)
    assert "took" in kinds(reply)
    assert "replaced" in kinds(reply)


def test_a_later_correction_takes_the_place_of_an_earlier() -> None:
    consultation = after(CRISIS, "no, France is weak", "no, France is a great power")
    assert [f.value for f in known(consultation) if f.variable == "strength" and f.args == ("France",)] == ["great"]


def test_text_against_an_answer_is_said() -> None:
    consultation = after(CRISIS, "no, France is weak")
    later, reply = say(means(), consultation, "France is a great power.")
    assert "against" in kinds(reply)
    assert Fact("strength", ("France",), "weak") in known(later)


def test_a_correction_not_understood_changes_nothing() -> None:
    before = after(CRISIS)
    later, reply = say(means(), before, "no, the weather was awful")
    assert known(later) == known(before)
    assert "not_understood" in kinds(reply)


@pytest.mark.parametrize("line", ["forget that", "Forget it.", "take that back", "strike that"])
def test_forgetting_takes_the_last_thing_back(line: str) -> None:
    before = after(SMALL)
    assert known(after("Cadria is weak.", line, start=before)) == known(before)
    assert known(after("no, Borland is weak", line, start=before)) == known(before)


def test_a_dropped_premise_drops_what_rested_on_it() -> None:
    dropped = after(SMALL, "forget that Borland is a great power")
    never = after("Arvenia is a small state. Its neighbour Borland threatens it.")
    assert known(dropped) == known(never)
    assert advice_of(means(), dropped.stand).inference.facts == advice_of(means(), never.stand).inference.facts
    again = after("Borland is a great power.", start=dropped)
    assert known(again) == known(after(SMALL))


def test_all_about_a_state_can_be_forgotten() -> None:
    consultation = after(CRISIS, "forget everything about Russia")
    assert not [fact for fact in known(consultation) if "Russia" in fact.args]
    assert [fact for fact in known(consultation) if "Germany" in fact.args]


def test_what_is_not_held_cannot_be_forgotten() -> None:
    before = after(SMALL)
    later, reply = say(means(), before, "forget that Borland is weak")
    assert later.stands == before.stands
    assert kinds(reply)[0] == "not_held"


# ---------------------------------------------------------------- back and forth, choices


def test_undo_and_redo_go_step_by_step() -> None:
    one, two, three = (
        after(SMALL),
        after(SMALL, "Cadria is weak."),
        after(SMALL, "Cadria is weak.", "no, Borland is weak"),
    )
    assert after("undo", start=three).stand == two.stand
    assert after("undo", "undo", start=three).stand == one.stand
    assert after("undo", "redo", start=three).stand == three.stand
    assert kinds(say(means(), three, "redo")[1]) == ["no_step"]
    assert kinds(say(means(), Consultation(), "undo")[1]) == ["no_step"]
    other = after("undo", "Delmark is weak.", start=three)
    assert kinds(say(means(), other, "redo")[1]) == ["no_step"]


def test_the_focus_is_the_users() -> None:
    consultation = after(CRISIS, "focus on Germany")
    assert advice_of(means(), consultation.stand).verdicts[0].state == "Germany"
    facing = after("focus on France facing Germany", start=consultation)
    first = advice_of(means(), facing.stand).verdicts[0]
    assert (first.state, first.toward) == ("France", "Germany")
    assert "did you mean Germany?" in replied(consultation, "focus on Germny")
    assert "There is no state “Portugal”" in replied(consultation, "focus on Portugal")


def test_what_a_state_will_do_may_be_asked() -> None:
    consultation = after(CRISIS, "What will France do?")
    assert consultation.stand.focus == "France"


def test_a_weight_changes_the_verdict_and_is_named() -> None:
    before = after(SMALL)
    voices = advice_of(means(), before.stand).verdicts[0].voices
    school = max(voices, key=lambda voice: voice.support).school
    later = after(f"weights {school}=0", start=before)
    assert headline(advice_of(means(), later.stand)) != headline(advice_of(means(), before.stand))
    for wrong in (f"weights {school}=much", "weights nonsense=2", f"weights {school}=-1"):
        assert after(wrong, start=before).stands == before.stands


def test_a_supposition_stands_only_if_it_is_kept() -> None:
    before = after(SMALL)
    supposed = after("what if Arvenia has no allies", start=before)
    assert known(supposed) == known(before)
    assert known(after("no", start=supposed)) == known(before)
    assert Fact("help", ("Arvenia",), "none") in known(after("yes", start=supposed))


def test_what_the_terminal_is_to_do_is_said_in_the_reply() -> None:
    told_ = after(SMALL)
    assert say(means(), told_, "save a.md")[1].effect == Save("a.md")
    assert say(means(), told_, "load")[1].effect == Load("")
    assert say(means(), told_, "quit")[1].effect == Quit()
    effect = say(means(), told_, "export a.html")[1].effect
    assert isinstance(effect, Export)
    assert effect.text.startswith("<!") or "<html" in effect.text
    assert say(means(), told_, "export a.pdf")[1].effect is None


# ---------------------------------------------------------------- what was not understood


def test_the_nearest_facts_are_asked_about_and_not_assumed() -> None:
    before = after("Italy is a great power. Austria is weak.")
    consultation, reply = say(means(), before, "Italy had stayed out.")
    asked = consultation.stand.asked
    assert asked is not None
    assert asked.kind == "meant"
    assert known(consultation) == known(before)
    first = canonical(means().theory.vocabulary, asked.options[0])
    assert "do you mean" in told(means(), reply)
    assert first not in known(before)
    assert first in known(after("1", start=consultation))
    assert known(after("none", start=consultation)) == known(before)


def test_what_has_nothing_near_is_not_forced() -> None:
    vocabulary = means().theory.vocabulary
    assert not nearest_facts(vocabulary, "Cadria feels rather lonely these days", ["Cadria"])
    assert Fact("coordination", ("Assyria",), "poor") in nearest_facts(
        vocabulary, "the opponents of Assyria quarrelled", ["Assyria"]
    )
    assert Fact("neutrality", ("Italy",), "yes") in nearest_facts(vocabulary, "Italy had stayed out of it", ["Italy"])


def test_a_clause_about_one_state_may_be_meant_of_the_other() -> None:
    consultation = after("Arvenia is weak.", "Borland", "Borland is hostile")
    assert consultation.stand.asked is not None
    assert Fact("intent", ("Borland", "Arvenia"), "hostile") in consultation.stand.asked.options


def test_a_question_about_a_state_is_answered_by_what_is_held_of_it() -> None:
    consultation = after(SMALL)
    reply = replied(consultation, "Who threatens Arvenia?")
    assert "Borland is hostile towards Arvenia" in reply
    assert after("Who threatens Arvenia?", start=consultation).stands == consultation.stands


def test_unread_asks_what_the_words_may_mean() -> None:
    consultation = after("Italy threatens Austria. Italy had stayed out of it. Austria is weak.")
    later, reply = say(means(), consultation, "unread")
    assert "Italy had stayed out of it" in told(means(), reply)
    assert later.stand.asked is not None
    assert later.stand.asked.kind == "meant"


# ---------------------------------------------------------------- laws

LINES = (
    SMALL,
    CRISIS,
    "Cadria is a middle power.",
    "yes",
    "no",
    "I think so",
    "don't know",
    "1",
    "2",
    "weak",
    "why",
    "how",
    "facts",
    "undo",
    "undo",
    "redo",
    "forget that",
    "forget everything about Borland",
    "no, Borland is not a great power",
    "no, Russia is not allied with Serbia",
    "focus on France",
    "focus on Borland",
    "weights structural-realism=2",
    "schools",
    "what if Arvenia has no allies",
    "only if attacked",
    "wy",
    "unread",
    "help",
    "Is Arvenia weak?",
    "questions",
    "what would change it",
    "Two lines of text.\n\n# A heading\n> quoted\n```\nfence\n",
    "Verdict: nothing",
    "> why",
    "[what?]",
    "Italy had stayed out of it.",
    "none",
    "save",
    "\x1b[31mArvenia\x1b[0m has no allies.",
    "- a list\n- of things",
)


@pytest.mark.parametrize("seed", range(6))
def test_a_saved_consultation_loads_as_what_it_was(seed: int) -> None:
    chance = random.Random(seed)
    consultation = after(*(chance.choice(LINES) for _ in range(9)))
    text = save(means(), consultation)
    again, differing = load(means(), text)
    assert again == consultation
    assert not differing
    assert save(means(), again) == text


def test_a_saved_consultation_is_a_transcript_that_bears_out_its_verdict() -> None:
    consultation = after(SMALL, "no, Arvenia has no allies", "Cadria may be hostile to Borland.", "I think so")
    case, complaints = load_transcript(means().theory.vocabulary, save(means(), consultation), "consultation")
    assert not complaints
    assert case.text == SMALL + "\n\nCadria may be hostile to Borland."
    assert {canonical(means().theory.vocabulary, o.fact) for o in case.facts if o.stance == "asserted"} == known(
        consultation
    )
    first = advice_of(means(), consultation.stand).verdicts[0]
    assert [(e.state, e.toward, e.strategy) for e in case.expect] == [(first.state, first.toward, first.strategy)]


def test_a_replay_that_differs_says_where() -> None:
    consultation = after(SMALL, "why", "no, Borland is not a great power")
    text = save(means(), consultation)
    wrong = text.replace(
        f"Verdict: {consultation.turns[0].verdict}", "Verdict: Arvenia, facing Borland: hide (agreed, 100%)"
    )
    assert wrong != text
    _, differing = load(means(), wrong)
    assert [(each.number, each.line) for each in differing] == [(1, SMALL)]
    assert "hide" in differing[0].then
    assert differing[0].now == consultation.turns[0].verdict


@pytest.mark.parametrize("name", ["arvenia-alone", "small-states-1848-1914"])
def test_a_case_is_taken_up_with_its_facts(name: str) -> None:
    path = ROOT / "transcripts" / f"{name}.md"
    case, _ = load_transcript(means().theory.vocabulary, path)
    consultation, differing = load(means(), path.read_text(encoding="utf-8"))
    coded = {canonical(means().theory.vocabulary, o.fact) for o in case.facts if o.stance in ("asserted", "denied")}
    tolerated = {canonical(means().theory.vocabulary, o.fact) for o in case.tolerated}
    assert not differing
    assert coded <= situation_of(means().theory, consultation.stand).facts
    assert known(consultation) <= coded | tolerated


def test_saying_is_pure() -> None:
    before = after(SMALL)
    copy = replace(before)
    one, two = say(means(), before, "no, Borland is weak"), say(means(), before, "no, Borland is weak")
    assert one == two
    assert before == copy


def test_a_consultation_and_the_text_at_once_come_to_the_same() -> None:
    bits = ("Arvenia is a small state.", "Its neighbour Borland threatens it.", "Borland is a great power.")
    at_once = after("\n\n".join(bits))
    assert known(after(*bits)) == known(at_once)
    reading = means().read("\n\n".join(bits))
    assert isinstance(reading, Reading)
    assert at_once.stand.reading == reading


HOSTILE = (
    "\x1b]0;owned\x07Arvenia is weak.",
    "\x1b[2J\x1b[HArvenia is weak.",
    "Arvenia\u202e is weak.",
    "\x00Arvenia is weak.",
    "Arvenia is weak.\x9b31m",
    "Arvenia is weak.\r\nBorland\x0bis strong.",
    "\ud800 Arvenia is weak.",
)


@pytest.mark.parametrize("line", HOSTILE)
def test_what_a_terminal_would_obey_is_shown_and_not_kept(line: str) -> None:
    consultation, reply = say(means(), Consultation(), line)
    shown, kept = told(means(), reply), save(means(), consultation)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", shown)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", kept)
    assert Fact("strength", ("Arvenia",), "weak") in known(consultation)
    assert load(means(), kept)[0] == pondered(means(), consultation)[0]


ODD = (
    "",
    " ",
    "?",
    ":",
    "...",
    "“”",
    "no",
    "no,",
    "why not",
    "what if",
    "focus on",
    "weights x",
    "export",
    "forget",
    "A" * 300,
    "undo undo",
    "why X rather than",
    "1 2 3 4",
    "=",
    "- ",
    "#",
    "the the the",
    "Ärven ist schwach",
    "🙂",
    "\n\n",
    "help nothing",
    "what if what if",
    "focus on the",
    "save /",
    "never mind",
    "yes yes",
    "because",
    "no no no, no",
    "forget that that that",
)


@pytest.mark.parametrize("start", ["nothing", "told"])
def test_no_line_breaks_it(start: str) -> None:
    before = after(SMALL) if start == "told" else Consultation()
    for line in ODD:
        consultation, reply = say(means(), before, line)
        words = told(means(), reply, width=60)
        assert words or reply.effect or not line.strip(), line
        assert known(consultation) >= known(before) or line in ("forget", "never mind"), line


WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "no yes why not what if only Arvenia Borland is weak hostile forget that I think so don't know , . ? : 1 and 2 "
        "focus on undo weights = “ é \x1b[2J",
    )
)


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=9).map(" ".join) | st.text(max_size=40))
def test_no_line_at_all_breaks_it(line: str) -> None:
    for before in (Consultation(), after(SMALL), with_question("intent", "Borland", "Arvenia")):
        _, reply = say(means(), before, line)
        told(means(), reply, width=60)
    consultation = after(SMALL, line)
    assert load(means(), save(means(), consultation))[0] == consultation


@pytest.mark.parametrize("width", [60, 40])
def test_replies_fit_a_narrow_window(width: int) -> None:
    consultation = after(SMALL)
    for line in (CRISIS, "why", "facts", "help", "weights", "schools", "unread", "what if Arvenia has no allies"):
        words = replied(consultation, line, width=width)
        assert words
        wide = [row for row in words.split("\n") if len(row) > width and " " in row[: width - 12].strip()]
        assert not wide, wide


def test_nothing_is_said_by_colour_alone() -> None:
    _, reply = say(means(), Consultation(), SMALL + " Cadria feels rather lonely these days.")
    painted = told(means(), reply, colour=True)
    assert "\x1b[" in painted
    assert re.sub("\x1b\\[[0-9;]*m", "", painted) == told(means(), reply)


def test_every_kind_of_part_is_worded() -> None:
    template = (house.templates_folder() / "talk.jinja").read_text(encoding="utf-8")
    worded_ = set(re.findall(r"{% macro (\w+)\(\) %}", template))
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "advisor" / "consultation").glob("*.py")]
    code.append((ROOT / "advisor" / "repl" / "session.py").read_text(encoding="utf-8"))
    used = {kind for text in code for kind in re.findall(r'Part\(\s*"(\w+)"', text)} - {"inquiry"}
    assert len(used) > 30
    assert used <= worded_


# ---------------------------------------------------------------- lines from a file, and completion


def test_lines_of_a_paragraph_belong_together_and_commands_stand_alone() -> None:
    for line in (
        "why",
        "yes",
        "don't know",
        "no, Russia is weak",
        "forget that",
        "What will France do?",
        "wy",
        "a great power",
    ):
        assert stands_alone(line), line
    for line in ("Germany threatens France.", "and in the spring of that year it had begun to arm,", "Serbia is weak."):
        assert not stands_alone(line), line


def offered(consultation: Consultation, text: str) -> list[str]:
    return [
        each.text for each in completions(means().theory, consultation, text, ("Germany", "Great Britain", "Ghana"))
    ]


def test_completion_knows_commands_names_strategies_and_phrases() -> None:
    consultation = after(SMALL)
    assert "schools" in offered(consultation, "sch")
    assert offered(consultation, "focus on Ar") == ["Arvenia"]
    assert "Germany" in offered(consultation, "In 1914 Ger")
    assert "Great Britain" in offered(consultation, "Fear of Great B")
    assert "bandwagon" in offered(consultation, "why not band")
    assert any(each.startswith("is a great power") for each in offered(consultation, "Borland is a gre"))
    assert any(each.endswith("=") for each in offered(consultation, "weights struct"))
    assert offered(consultation, "") == []
    assert [each.text for each in completions(None, Consultation(), "he")] == ["help"]


@pytest.mark.parametrize(
    "text", ["Germany's army threatens France", "why", "line one\nof Great Britain\n\n", "", "é 🙂 Ghana"]
)
def test_what_would_be_heard_is_marked_and_nothing_is_lost(text: str) -> None:
    lines = marked(means().theory, text, ("Germany", "France", "Great Britain", "Ghana"))
    assert "\n".join("".join(words for _, words in line) for line in lines) == text
    marks = {words: mark for line in lines for mark, words in line}
    for words, mark in (("Germany", "name"), ("Great Britain", "name"), ("threatens", "word"), ("why", "command")):
        assert words not in text or marks[words] == mark
