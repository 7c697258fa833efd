"""What an explanation says: that all of it is grounded, that none of it promises, and that nothing breaks it."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from advisor import house
from advisor.explanation import TemplateProblem, as_json, explain, render
from advisor.explanation.account import Clause
from advisor.explanation.answers import _percents
from advisor.explanation.clauses import lacking, teller_of
from advisor.explanation.naming import load_naming, named, reasons, school_in_prose
from advisor.explanation.negation import load_frames
from advisor.explanation.telling import account
from advisor.inference import infer
from advisor.situation import from_facts, situation
from advisor.terms import (
    Advice,
    Evidence,
    Fact,
    Inference,
    Observation,
    Question,
    Reading,
    Situation,
    Span,
    State,
    Theory,
    Variable,
)
from advisor.theory import load_theory
from advisor.verdict import judge
from advisor.vocabulary import say
from advisor.wording import visible

TEXT = (
    "Borland is a great power with a large tank army. It borders on Arvenia, and Borland threatens Arvenia. "
    "Arvenia is weak. Arvenia may find allies. Cadria might ally with Arvenia. "
    "Delmark fears that Borland wants to rule the continent. The harvest was poor."
)
FORMATS = ("text", "markdown", "html")
LENGTHS = ("brief", "normal", "full")


@cache
def theory() -> Theory:
    return load_theory(house.rules_folder())[0]


def quoted(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


def seen(variable: str, args: tuple[str, ...], value: str, words: str, text: str = TEXT, **more: Any) -> Observation:
    evidence = (Evidence("text", quoted(words, text)),)
    return Observation(Fact(variable, args, value), more.pop("stance", "asserted"), evidence, **more)


def reading(text: str = TEXT) -> Reading:
    """What a reader would make of the text."""
    observations = (
        seen("strength", ("Borland",), "great", "Borland is a great power"),
        seen("offence", ("Borland",), "strong", "with a large tank army"),
        seen("distance", ("Borland", "Arvenia"), "border", "borders on Arvenia"),
        seen("intent", ("Borland", "Arvenia"), "hostile", "Borland threatens Arvenia"),
        seen("strength", ("Arvenia",), "weak", "Arvenia is weak"),
        seen("help", ("Arvenia",), "uncertain", "Arvenia may find allies"),
        seen("pact", ("Cadria", "Arvenia"), "alliance", "Cadria might ally with Arvenia", stance="possible"),
        seen(
            "aims",
            ("Borland",),
            "unlimited-revision",
            "Borland wants to rule the continent",
            stance="reported",
            holder="Delmark",
        ),
    )
    names = ("Arvenia", "Borland", "Cadria", "Delmark")
    states = tuple(
        State(name, tuple(Span(m.start(), m.end(), name) for m in re.finditer(name, text))) for name in names
    )
    return Reading(text, states, observations, (quoted("The harvest was poor"),))


@cache
def advice(asked: bool = True) -> Advice:
    made = reading()
    found = judge(
        theory(), infer(theory(), situation(theory().vocabulary, made.observations, [s.name for s in made.states]))
    )
    question = Question(
        "help", ("Arvenia",), "Can Arvenia hope for help?", "it decides whether ‘Weak states bandwagon’ applies"
    )
    return dataclasses.replace(found, question=question if asked else None)


def told(format: str = "text", length: str = "normal", **more: Any) -> str:
    return explain(theory(), advice(), reading(), format=format, length=length, **more)  # type: ignore[arg-type]


def words(answer: str) -> str:
    return " ".join(answer.split())


# ---------------------------------------------------------------- law 6


def test_every_quotation_stands_in_the_text() -> None:
    for length in LENGTHS:
        for quotation in re.findall("“(.+?)”", words(told(length=length))):
            assert quotation in TEXT
    record = as_json(theory(), advice(), reading())
    spans = [*record["unread"], *(span for each in record["observations"] for span in each["evidence"])]
    assert len(spans) > 8
    assert all(TEXT[span["start"] : span["end"]] == span["quote"] for span in spans)


def test_every_proposition_named_has_a_justification() -> None:
    justified = {justification.proposition for justification in advice().inference.justifications}
    by_title = {proposition.title: proposition.id for proposition in theory().propositions}
    named = re.findall("‘(.+?)’", words(told(length="full")))
    assert len(named) > 10
    assert {by_title[title] for title in named} <= justified


def test_every_argument_that_counted_is_told() -> None:
    titles = {proposition.id: proposition.title for proposition in theory().propositions}
    first = advice().verdicts[0]
    assert len(first.arguments) > 4
    answer = words(told(length="full"))
    assert not [titles[a.proposition] for a in first.arguments if titles[a.proposition] not in answer]


def test_what_the_default_leaves_out_is_counted() -> None:
    answer = words(told())
    first = advice().verdicts[0]
    titles = {each.id: each.title[:1].lower() + each.title[1:] for each in theory().propositions}
    why = answer.partition("Why.")[2].partition("Disputed.")[0]
    left = {a.proposition for a in first.arguments if titles[a.proposition] not in why}
    numbers = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
    assert f"{numbers[len(left)]} further propositions count as well" in answer


def test_every_condition_of_a_full_explanation_is_said() -> None:
    answer = words(told(length="full")).lower()
    titles = {proposition.id: proposition.title for proposition in theory().propositions}
    arguments = {
        (argument.proposition, argument.bindings) for verdict in advice().verdicts for argument in verdict.arguments
    }
    for justification in advice().inference.justifications:
        if (justification.proposition, justification.bindings) in arguments:
            assert titles[justification.proposition].lower() in answer
            for fact in (fact for premise in justification.premises for fact in premise.facts):
                clause = say(theory().vocabulary, fact).lower()
                mirrored = (
                    say(theory().vocabulary, fact._replace(args=fact.args[::-1])).lower() if fact.args[1:] else clause
                )
                assert clause in answer or mirrored in answer


def test_a_conclusion_is_told_by_what_it_comes_down_to() -> None:
    why = words(told()).partition("Why. ")[2]
    assert why.startswith("For balance of threat (Walt), Borland poses a high threat to Arvenia: it is a great power, ")
    assert "is hostile towards Arvenia" in why.partition(". ")[0]
    full = words(told(length="full")).partition("Grounds.")[2]
    for quotation in (
        "Borland is a great power",
        "with a large tank army",
        "borders on Arvenia",
        "Borland threatens Arvenia",
    ):
        assert f"(“{quotation}”)" in full


def test_what_several_schools_rest_on_is_said_once() -> None:
    core = words(told()).partition("Others.")[0].partition("Grounds.")[0]
    assert core.count("poses a high threat") == 1
    assert core.count("Arvenia is weak") == 1


def test_what_was_not_used_is_said_with_its_reason() -> None:
    answer = words(told())
    assert "“Cadria might ally with Arvenia” (said only as possible)" in answer
    assert "“Borland wants to rule the continent” (reported only as what Delmark believes)" in answer
    assert "Nothing was taken from these words. - “The harvest was poor”" in answer
    assert "It is assumed that no authority stands above the states and that Arvenia wants to survive" in answer
    full = words(told(length="full"))
    core = full.partition("Grounds.")[0]
    assert "that Borland wants to overturn the order and dominate (reported only as what Delmark believes)" in core
    assert "- Arvenia" in full.partition("What was read.")[2].partition("Said, but not used.")[0]


def test_answers_and_contradictions_are_told_apart() -> None:
    text = "Borland is weak. Borland is a great power. Borland borders on Arvenia."
    observations = (
        seen("strength", ("Borland",), "weak", "Borland is weak", text),
        seen("strength", ("Borland",), "great", "Borland is a great power", text),
        seen("distance", ("Borland", "Arvenia"), "border", "Borland borders on Arvenia", text),
        Observation(Fact("intent", ("Borland", "Arvenia"), "hostile"), "asserted", (Evidence("answer"),)),
        Observation(Fact("offence", ("Borland",), "strong"), "asserted", (Evidence("answer"),)),
    )
    found = judge(theory(), infer(theory(), situation(theory().vocabulary, observations)))
    answer = words(explain(theory(), found, Reading(text, (), observations, ())))
    full = words(explain(theory(), found, Reading(text, (), observations, ()), length="full"))
    assert "Borland is hostile towards Arvenia, as you said" in full  # among what was read
    assert (
        "These cannot all be so: "
        "Borland is a great power (“Borland is a great power”); Borland is weak (“Borland is weak”)." in answer
    )
    assert "“Borland is weak” (contradicted)" in answer
    (conflict,) = as_json(theory(), found)["conflicts"]
    assert [fact["value"] for fact in conflict["facts"]] == ["great", "weak"]


# ---------------------------------------------------------------- wording


def test_nothing_is_promised_or_advised() -> None:
    said = [phrase.text for v in theory().vocabulary.variables for value in v.values for phrase in value.phrases]
    assert any("will" in phrase for phrase in said)  # “will defend”: the vocabulary's word, not the answer's
    for path in house.templates_folder().rglob("*.*"):
        assert not re.search(r"\b(will|should|shall|must)\b", path.read_text(encoding="utf-8")), path.name
    for length in LENGTHS:
        assert not re.search(r"\b(will|should)\b", told(length=length))


def test_the_verdict_comes_first_with_its_label_and_share() -> None:
    first = advice().verdicts[0]
    opening = words(told()).partition(".")[0]
    assert "Arvenia" in opening
    assert f"({round(first.share * 100)}% of school support)" in opening
    assert "not probabilities" in words(told())


def test_a_brief_explanation_is_a_paragraph_and_a_full_one_the_longest() -> None:
    brief, normal, full = (told(length=length) for length in LENGTHS)
    assert "\n\n" not in brief.strip()
    assert len(brief) < len(normal) < len(full)
    assert told(length="default") == normal
    assert max(map(len, full.splitlines())) <= 88


def test_too_little_is_said_to_be_too_little() -> None:
    known = from_facts(theory().vocabulary, [Fact("scope", ("system",), "regional")], ["Arvenia", "Borland"])
    found = judge(theory(), infer(theory(), known), focus="Arvenia")
    assert found.verdicts[0].decision == "not-enough-known"
    assert words(explain(theory(), found)).startswith("Not enough is known to say what Arvenia is likely to do.")
    nobody = judge(theory(), infer(theory(), from_facts(theory().vocabulary, [])))
    for format in FORMATS:
        for length in LENGTHS:
            assert "Not enough is known" in explain(theory(), nobody, format=format, length=length)  # type: ignore[arg-type]


def cornered() -> Advice:
    """Arvenia, weak and alone beside a giant."""
    facts = [
        Fact("strength", ("Borland",), "preponderant"),
        Fact("strength", ("Arvenia",), "weak"),
        Fact("distance", ("Borland", "Arvenia"), "border"),
        Fact("offence", ("Borland",), "strong"),
        Fact("help", ("Arvenia",), "none"),
    ]
    return judge(theory(), infer(theory(), from_facts(theory().vocabulary, facts)), focus="Arvenia")


def test_silenced_and_impossible_are_named() -> None:
    answer = words(explain(theory(), cornered()))
    assert "Since Arvenia has no allies to turn to, it cannot ally with others against Borland or " in answer
    titles = {proposition.id: proposition.title for proposition in theory().propositions}
    (first, *_) = cornered().verdicts[0].defeats
    assert (
        answer.index("Normally")
        < answer.index(titles[first.proposition][1:])
        < answer.index(", but here")
        < answer.index(titles[first.by[0]][1:], answer.index(", but here"))
    )


def test_names_take_their_article() -> None:
    facts = [
        Fact("strength", ("Soviet Union",), "great"),
        Fact("strength", ("Netherlands",), "weak"),
        Fact("distance", ("Soviet Union", "Netherlands"), "border"),
        Fact("intent", ("Soviet Union", "Netherlands"), "hostile"),
    ]
    found = judge(theory(), infer(theory(), from_facts(theory().vocabulary, facts)), focus="Netherlands")
    asked = Question("help", ("Netherlands",), "Can Netherlands hope for help?", "Soviet Union is strong")
    for length in LENGTHS:
        answer = words(explain(theory(), dataclasses.replace(found, question=asked), length=length))  # type: ignore[arg-type]
        assert not re.search(r"(?<![Tt]he )(?:Soviet Union|Netherlands)", answer)
        assert not re.search(r"[Tt]he the\b|(?:^|\. )the ", answer)


@pytest.mark.parametrize(
    ("name", "in_a_sentence"),
    [
        ("Soviet Union", "the Soviet Union"),
        ("Republic of the Congo", "the Republic of the Congo"),
        ("North German Confederation", "the North German Confederation"),
        ("Samori's Empire", "Samori's Empire"),
        ("Union City", "Union City"),
        ("France", "France"),
    ],
)
def test_the_list_of_articles_decides(name: str, in_a_sentence: str) -> None:
    assert named(load_naming(), name) == in_a_sentence


def test_a_school_is_named_as_in_a_sentence() -> None:
    naming = load_naming()
    assert school_in_prose(naming, "Balance of threat (Walt)") == "balance of threat (Walt)"
    assert school_in_prose(naming, "Small-state studies (Rothstein, Labs, Kuik)") == "small-state studies"
    assert school_in_prose(naming, "Constructivist critique") == "the constructivist critique"
    assert school_in_prose(naming, "English School") == "English School"


def test_reasons_share_their_subject() -> None:
    said = [
        Clause("Borland is a great power", "given", (), "Borland"),
        Clause("peace holds", "assumption"),
        Clause("Borland is a land power", "given", (), "Borland"),
        Clause("Borland may find allies, but cannot count on them", "given", (), "Borland"),
        Clause("Borland is near", "given", (), "Borland"),
    ]
    assert reasons(said[:1]) == "Borland is a great power"
    assert reasons(said[:2]) == "Borland is a great power and peace holds (assumed)"
    assert reasons(said, "Borland") == (
        "it is a great power and a land power, is near and may find allies, but cannot count on them, "
        "and peace holds (assumed)"
    )


def test_shares_add_up() -> None:
    assert _percents([0.517, 0.296, 0.187]) == [52, 29, 19]
    assert _percents([1 / 3, 1 / 3, 1 / 3]) == [34, 33, 33]
    assert sum(_percents([0.52, 0.26, 0.22])) == 100


# ---------------------------------------------------------------- formats


def test_html_is_well_formed_and_escapes_what_is_not_ours() -> None:
    text = "Borland <script>alert(1)</script> & Co. threatens Arvenia."
    name = "Borland <script>"
    observations = (
        seen("intent", (name, "Arvenia"), "hostile", "Borland <script>alert(1)</script> & Co. threatens Arvenia", text),
        Observation(Fact("distance", (name, "Arvenia"), "border"), "asserted", (Evidence("answer"),)),
    )
    found = judge(theory(), infer(theory(), situation(theory().vocabulary, observations)))
    made = Reading(text, (), observations, (Span(0, 16, text[:16]),))
    for length in LENGTHS:
        page = explain(theory(), found, made, format="html", length=length)  # type: ignore[arg-type]
        root = ET.fromstring(page)
        assert root.get("lang") == "en"
        assert "script" not in {element.tag for element in root.iter()}
        assert "&lt;script&gt;" in page
        page = told("html", length)
        ET.fromstring(page)
        assert "&lt;" not in page


def test_markdown_escapes_what_is_not_ours() -> None:
    observations = (
        seen(
            "intent", ("B*r_land", "Arvenia"), "hostile", "B*r_land [threatens](x) <b>", "B*r_land [threatens](x) <b>"
        ),
    )
    found = judge(theory(), infer(theory(), situation(theory().vocabulary, observations)))
    answer = explain(theory(), found, format="markdown")
    assert r"“B\*r\_land \[threatens\](x) \<b\>”" in answer
    assert "**Not said.**" in answer


def test_control_characters_are_made_visible() -> None:
    assert visible("a\x1b[31mb\x07\x7f\u202ec\x85\r\r\n\td…é") == "a␛[31mb␇␡‹U+202E›c‹U+0085›␍\n\td…é"
    observations = (seen("intent", ("B\x1b", "Arvenia"), "hostile", "B\x1b threatens", "B\x1b threatens"),)
    found = judge(theory(), infer(theory(), situation(theory().vocabulary, observations)))
    for format in FORMATS:
        answer = explain(theory(), found, format=format)  # type: ignore[arg-type]
        assert "\x1b" not in answer
        assert "␛" in answer


# ---------------------------------------------------------------- templates of the user


def test_a_template_of_the_user_comes_first(tmp_path: Path) -> None:
    (tmp_path / "explanation.txt").write_text("{{ it.cases[0][0].state }} reckons with {{ it.cases[0][0].toward }}.")
    assert told(templates=tmp_path) == "Arvenia reckons with Borland.\n"
    assert told("html", templates=tmp_path) == told("html")


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("first line\n{% if %}", r"explanation\.txt:2: "),
        ("first line\n\n{{ it.nonsense }}", r"explanation\.txt:3: .*nonsense"),
        ("{{ 1 / 0 }}", r"explanation\.txt:1: "),
        ("{% include 'elsewhere.txt' %}", "the template “elsewhere.txt” is missing"),
        ("{{ it.__class__.__mro__ }}", r"explanation\.txt:1: "),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", r"explanation\.txt:1: "),
    ],
)
def test_a_broken_template_is_named_with_its_line(tmp_path: Path, template: str, complaint: str) -> None:
    (tmp_path / "explanation.txt").write_text(template)
    with pytest.raises(TemplateProblem, match=complaint):
        told(templates=tmp_path)


def test_a_template_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "sentences.jinja").write_bytes(b"one\ntwo \xff\xfe")
    with pytest.raises(TemplateProblem, match=r"sentences\.jinja:2: this template is not valid UTF-8"):
        told(templates=tmp_path)
    (tmp_path / "articles.csv").write_text("word,as\nUnion,a\n", encoding="utf-8")
    with pytest.raises(TemplateProblem, match=r"articles\.csv:2: this row is not “word,the”"):
        told(templates=tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateProblem, match="there is no such folder of templates"):
        told(templates=tmp_path / "nowhere")
    with pytest.raises(TemplateProblem, match=r"the template “none\.txt” is missing: it was looked for in "):
        render("none.txt", {})


# ---------------------------------------------------------------- JSON


def test_the_record_keeps_the_contract() -> None:
    record = as_json(theory(), advice(), reading())
    json.dumps(record)
    assert list(record) == [
        "schema", "states", "observations", "unread", "verdicts", "outcomes", "assumptions", "cautions", "conflicts",
        "question", "theory", "reader",
    ]  # fmt: skip
    assert record["schema"] == "advisor.advice/1"
    assert record["states"][1]["name"] == "Borland"
    assert TEXT[slice(*record["states"][1]["mentions"][0])] == "Borland"
    assert list(record["verdicts"][0]) == [
        "state", "toward", "about", "decision", "label", "family", "strategy", "share", "robust", "ruled_out",
        "ranking", "schools",
    ]  # fmt: skip
    assert list(record["verdicts"][0]["ranking"][0]) == ["strategy", "support", "for", "against"]
    assert list(record["verdicts"][0]["schools"][0]) == ["school", "strategy", "support"]
    assert list(record["question"]) == ["variable", "args", "text", "because"]
    assert record["theory"] == {"digest": theory().digest}
    reported = [each for each in record["observations"] if each["stance"] == "reported"]
    assert [each["holder"] for each in reported] == ["Delmark"]
    assert all("holder" not in each for each in record["observations"] if each["stance"] != "reported")


def test_the_record_tells_outcomes_and_what_is_ruled_out() -> None:
    record = as_json(theory(), cornered())
    assert {tuple(outcome) for outcome in record["outcomes"]} == {("outcome", "args", "value", "support", "for")}
    assert record["verdicts"][0]["ruled_out"][0] == {
        "strategy": "balance-external",
        "because": {"variable": "help", "args": ["Arvenia"], "value": "none", "holds": True},
    }


def test_the_record_says_when_nothing_is_decided() -> None:
    known = from_facts(theory().vocabulary, [], ["Arvenia"])
    record = as_json(theory(), judge(theory(), infer(theory(), known), focus="Arvenia"))
    (found,) = record["verdicts"]
    assert (found["decision"], found["family"], found["strategy"], found["toward"]) == (
        "not-enough-known",
        None,
        None,
        None,
    )
    assert record["reader"] is None
    assert record["question"] is None
    assert [each["args"] for each in record["assumptions"]] == [["system"], ["Arvenia"]]


def test_an_account_is_the_same_however_often_it_is_told() -> None:
    assert account(theory(), advice(), reading()) == account(theory(), advice(), reading())


# ---------------------------------------------------------------- the frames of negation

FRAMES = {"known not": "it is known that ", "not known": "it is not known that ", "assumed not": "it is assumed that "}
"""How each frame begins; none begins like another."""

STATES = ("known", "known to be otherwise", "denied", "unknown", "assumed", "assumed otherwise")
"""What may be known of whether a variable has a value."""


def known_so(variable: Variable, value: str, state: str) -> tuple[Situation, Fact]:
    """A situation in which so much is known, and the fact in question."""
    args = ("system",) if variable.arity == 0 else ("Arvenia", "Borland")[: variable.arity]
    fact = Fact(variable.id, args, value)
    other = next((each.id for each in variable.values if each.id != value), "")
    if variable.many and state in ("known to be otherwise", "assumed otherwise"):
        other = ""
    said = {
        "known": [fact],
        "known to be otherwise": [Fact(variable.id, args, other)] if other else [],
        "denied": [fact._replace(holds=False)],
        "assumed": [fact],
        "assumed otherwise": [Fact(variable.id, args, other)] if other else [],
    }.get(state, [])
    made = from_facts(theory().vocabulary, said, ["Arvenia", "Borland"])
    if state.startswith("assumed"):
        return dataclasses.replace(made, assumptions=frozenset(said)), fact
    kept = frozenset(f for f in made.facts if f not in made.assumptions) if state == "unknown" else made.facts
    if state == "unknown":
        kept = frozenset(f for f in kept if (f.variable, f.args) != (fact.variable, fact.args))
    mine = frozenset(each for each in made.assumptions if (each.variable, each.args) != (fact.variable, fact.args))
    return dataclasses.replace(made, facts=kept, assumptions=mine), fact


def test_each_state_of_knowledge_has_its_frame_and_no_other() -> None:
    wanted = {
        "known to be otherwise": "known not",
        "denied": "known not",
        "unknown": "not known",
        "assumed otherwise": "assumed not",
    }
    tried: dict[str, int] = {}
    for variable in theory().vocabulary.variables:
        for value in variable.values:
            for state in STATES:
                situation_, fact = known_so(variable, value.id, state)
                inference = Inference(situation_, situation_.facts, ())
                teller = teller_of(theory(), inference, None, None, load_naming(), load_frames())
                if state in ("known", "assumed"):
                    with pytest.raises(ValueError, match="is so"):
                        lacking(teller, fact)
                    continue
                if state.endswith("otherwise") and fact._replace(holds=False) not in situation_.facts:
                    continue  # a variable of one value, or of values that do not exclude one another
                made = lacking(teller, fact)
                assert made.frame == wanted[state], (fact, state)
                assert [frame for frame, begins in FRAMES.items() if made.text.startswith(begins)] == [made.frame]
                denied = made.frame != "not known"
                clause = say(theory().vocabulary, fact._replace(holds=not denied))
                assert made.text == FRAMES[made.frame] + clause
                tried[state] = tried.get(state, 0) + 1
    assert set(tried) == set(wanted)
    assert min(tried.values()) > 100


def test_the_frames_reach_the_reader() -> None:
    """In a full explanation what would have stopped a proposition stands in the frame that fits what is known."""
    facts = [
        Fact("strength", ("Borland",), "great"),
        Fact("strength", ("Arvenia",), "weak"),
        Fact("distance", ("Borland", "Arvenia"), "border"),
        Fact("offence", ("Borland",), "strong"),
        Fact("help", ("Arvenia",), "none"),
    ]
    benign = Fact("intent", ("Borland", "Arvenia"), "benign")
    affirmed, denied = (say(theory().vocabulary, benign._replace(holds=holds)) for holds in (True, False))
    frames = {f"it is not known that {affirmed}", f"it is known that {denied}", f"it is assumed that {denied}"}
    for known, assumed, wanted in (
        (False, False, "not known"),
        (True, False, "known not"),
        (True, True, "assumed not"),
    ):
        more = [Fact("intent", ("Borland", "Arvenia"), "unclear")] if known else []
        made = from_facts(theory().vocabulary, facts + more)
        if assumed:
            made = dataclasses.replace(made, assumptions=made.assumptions | {*more})
        found = judge(theory(), infer(theory(), made), focus="Arvenia")
        answer = words(explain(theory(), found, length="full"))
        met = {frame for frame in frames if frame in answer}
        assert met == {next(frame for frame in frames if frame.startswith(FRAMES[wanted]))}, wanted


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("known not,it is known that {0}\n", "the frame “not known” has no words"),
        ("known not,so: {0}\nnot known,so: {0}\nassumed not,{0}\n", r"frames\.csv:3: this row is not a frame"),
        ("known not,it is so\n", r"frames\.csv:2: this row is not a frame"),
        ("perhaps not,{0}\n", r"frames\.csv:2: this row is not a frame"),
    ],
)
def test_frames_that_could_be_mixed_up_are_refused(tmp_path: Path, rows: str, complaint: str) -> None:
    (tmp_path / "frames.csv").write_text(f"frame,words\n{rows}", encoding="utf-8")
    with pytest.raises(TemplateProblem, match=complaint):
        told(templates=tmp_path)
