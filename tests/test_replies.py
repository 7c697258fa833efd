"""The answers of an inquiry in words: that they are sentences, that what they say is so, and nothing is mixed up."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import cache
from pathlib import Path

import pytest
from test_inquiry_laws import FILES, MODELS, judged, theory

from advisor import cli
from advisor.explanation import TemplateProblem, reply_as_json, tell
from advisor.explanation.frames import Assumed, AssumedNot, Known, KnownNot, NotKnown, either
from advisor.explanation.replies import Value
from advisor.inference import infer
from advisor.inquiry import (
    Step,
    contrast,
    flips,
    how,
    open_questions,
    parting,
    proof_of,
    suppose,
    why_asked,
    why_not,
)
from advisor.situation import situation
from advisor.terms import Evidence, Fact, Observation, Span
from advisor.verdict import judge
from advisor.vocabulary import say

ROOT = Path(__file__).resolve().parent.parent
OTHER = {"britain-1912-14": "buck-pass", "ussr-1939": "bandwagon-offensive", "arvenia-alone": "balance-external"}
SUPPOSED = {
    "britain-1912-14": Fact("can_check", ("France", "Germany"), "no"),
    "ussr-1939": Fact("distance", ("Germany", "Soviet Union"), "border"),
    "arvenia-alone": Fact("help", ("Arvenia",), "uncertain"),
}


@cache
def answers(name: str) -> dict[str, Value]:
    """Every kind of answer about a model case."""
    advice = judged(name)
    first = advice.verdicts[0]
    open_ = open_questions(theory(), advice, infer)
    proof = how(theory(), advice)
    assert proof is not None
    found = {
        "how": proof,
        "fact": next(step for reason in proof.reasons for step in reason.because if step.proposition),
        "why not": why_not(theory(), advice, OTHER[name]),
        "why asked": why_asked(theory(), advice, open_[0].question, infer),
        "questions": open_,
        "what if": suppose(theory(), advice, SUPPOSED[name], infer),
        "forget": suppose(theory(), advice, SUPPOSED[name], infer, dropped=True),
        "rather": contrast(theory(), advice, first.strategy or "", OTHER[name]),
        "change": flips(theory(), advice, infer),
        "part": parting(theory(), advice, infer),
    }
    assert all(value is not None for value in found.values())
    return found  # type: ignore[return-value]


def words(answer: str) -> str:
    return " ".join(answer.split())


KINDS = ("how", "fact", "why not", "why asked", "questions", "what if", "forget", "rather", "change", "part")


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_told_in_sentences(name: str, kind: str) -> None:
    for format in ("text", "markdown"):
        told = tell(theory(), answers(name)[kind], format=format)  # type: ignore[arg-type]
        assert "None" not in told
        assert "(now )" not in told
        blocks = [block for block in re.split(r"\n(?=- )|\n\n", told.strip()) if block.strip()]
        assert all(words(block)[-1] in ".?:" for block in blocks), [b for b in blocks if words(b)[-1] not in ".?:"]
        assert not re.search(r"\s[.,;:]|\.\.|,,|;;|\bif it were not known that (,|;|\.)", words(told))
        assert all(block.lstrip("- *")[0].isupper() or not block[0].isalpha() for block in blocks)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_promised_and_no_id_is_shown(name: str, kind: str) -> None:
    told = words(tell(theory(), answers(name)[kind], full=True))
    quoted = re.sub("‘[^’]*’", "", told)
    assert not re.search(r"\bwill\b(?! defend)", quoted)
    ids = {p.id for p in theory().propositions if p.id.count("-") > 1}
    assert not [id_ for id_ in ids if re.search(rf"{id_}(?![\w-])", quoted)]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_proposition_named_stands_in_the_answer(name: str, kind: str) -> None:
    value = answers(name)[kind]
    record = json.dumps(reply_as_json(theory(), kind, value))
    by_title = {p.title.replace("*", "").strip().rstrip("."): p.id for p in theory().propositions}
    for title in re.findall("‘(.+?)’", words(tell(theory(), value, full=True))):
        if kind != "questions":
            assert f'"{by_title[title]}"' in record, title


@pytest.mark.parametrize("name", MODELS)
def test_everything_that_changes_the_lead_is_told_in_full(name: str) -> None:
    value = answers(name)["change"]
    told = words(tell(theory(), value, full=True))
    assert "more way" not in told
    for flip in value:  # type: ignore[union-attr]
        for change in flip.changes:  # type: ignore[union-attr]
            if change.fact is not None:
                assert say(theory().vocabulary, change.fact).split()[-1] in told
    assert told.count("the same if that were not known") + told.count("if it were not known") > 0
    cut = words(tell(theory(), value))
    assert len(cut) <= len(told)


# ---------------------------------------------------------------- three frames


def fact_step(holds: bool, ground: str) -> Step:
    return Step(Fact("strength", ("Arvenia",), "great", holds), ground)  # type: ignore[arg-type]


def test_what_is_known_not_assumed_not_and_not_known_are_told_apart() -> None:
    assert words(tell(theory(), fact_step(True, "given"))) == "Arvenia is a great power."
    assert words(tell(theory(), fact_step(False, "given"))) == "Arvenia is not a great power."
    assert words(tell(theory(), fact_step(True, "assumption"))) == "It is assumed that Arvenia is a great power."
    assert words(tell(theory(), fact_step(False, "assumption"))) == "It is assumed that Arvenia is not a great power."


def test_why_not_tells_what_is_false_from_what_is_unknown_and_what_is_assumed() -> None:
    told = words(tell(theory(), answers("arvenia-alone")["why not"], full=True))
    assert "it asks that Arvenia is at least a great power, but Arvenia is weak" in told
    assert re.search(r"it asks that [^;.]*, which is not known", told)
    turned = words(tell(theory(), answers("arvenia-alone")["change"], full=True))
    assert "now it is assumed that no authority stands above the states" in turned


def templates_with(tmp_path: Path, before: str, after: str) -> Path:
    source = (ROOT / "templates" / "replies.jinja").read_text(encoding="utf-8")
    assert before in source
    (tmp_path / "replies.jinja").write_text(source.replace(before, after), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("f.whether", "f.says"), ("f.whether", "f.denies"), ("f.fails", "f.denies"), ("f.denies", "f.says")],
)
def test_a_template_that_takes_one_frame_for_another_does_not_render(tmp_path: Path, right: str, wrong: str) -> None:
    """Each frame has a word of its own, so a template cannot print the clause of another by mistake."""
    kinds = {Known: "says", KnownNot: "denies", NotKnown: "whether", Assumed: "holds", AssumedNot: "fails"}
    fields = {kind: {field.name for field in dataclasses.fields(kind)} for kind in kinds}
    for kind, word in kinds.items():
        assert word in fields[kind]
        assert not [other for other in kinds.values() if other != word and other in fields[kind]]
    folder = templates_with(tmp_path, "{{ " + right + " }}", "{{ " + wrong + " }}")
    steps = {"f.whether": answers("arvenia-alone")["how"], "f.fails": fact_step(False, "assumption")}
    with pytest.raises(TemplateProblem, match="has no attribute"):
        tell(theory(), steps.get(right, fact_step(False, "given")), templates=folder, full=True)


# ---------------------------------------------------------------- the details


def test_a_proof_quotes_the_text_and_says_what_was_answered() -> None:
    text = "Borland threatens Arvenia, a small state."
    seen = Observation(
        Fact("strength", ("Arvenia",), "weak"), "asserted", (Evidence("text", Span(27, 40, "a small state")),)
    )
    assert text[27:40] == "a small state"
    said = Observation(Fact("strength", ("Borland",), "great"), "asserted", (Evidence("answer"),))
    case = situation(theory().vocabulary, [seen, said], ["Arvenia", "Borland"])
    advice = judge(theory(), infer(theory(), case), focus="Arvenia", toward="Borland")
    step = proof_of(theory(), advice, seen.fact)
    assert step is not None
    assert words(tell(theory(), step)) == "Arvenia is weak (“a small state”)."
    step = proof_of(theory(), advice, said.fact)
    assert step is not None
    assert words(tell(theory(), step)) == "Borland is a great power (as you said)."


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["Arvenia is weak"], "Arvenia is weak"),
        (["Arvenia is weak", "Arvenia is a great power"], "Arvenia is weak or a great power"),
        (["the Soviet Union is weak", "the pact holds"], "the Soviet Union is weak or the pact holds"),
        (
            [
                "Arvenia may find allies, but cannot count on them",
                "Arvenia is sure of support",
                "Arvenia has no allies",
            ],
            "Arvenia is sure of support, has no allies or may find allies, but cannot count on them",
        ),
    ],
)
def test_alternatives_share_their_beginning(texts: list[str], joined: str) -> None:
    assert either(texts) == joined


def test_what_changes_nothing_is_said_so() -> None:
    known = suppose(theory(), judged("arvenia-alone"), Fact("strength", ("Arvenia",), "weak"), infer)
    assert known is not None
    assert words(tell(theory(), known)) == "Arvenia is weak: that is so already, so nothing changes."
    assert words(tell(theory(), ())) == "No one fact, and no two together, would change what leads."
    settled = words(tell(theory(), answers("britain-1912-14")["questions"]))
    assert settled.startswith("No answer to any open question, nor all of them together, can change the label")
    with pytest.raises(TypeError):
        tell(theory(), (1, 2))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_transcript_can_be_asked_about(path: Path) -> None:
    advice = judged(path.stem)
    proof = how(theory(), advice)
    if proof is None:
        return
    told = words(tell(theory(), proof))
    titles = {p.id: p.title for p in theory().propositions}
    assert all(titles[reason.argument.proposition].rstrip(".") in told for reason in proof.reasons)
    for strategy in ("balance-internal", "bandwagon-defensive", "buck-pass", "hedge"):
        asked = why_not(theory(), advice, strategy)
        assert asked is None or tell(theory(), asked, full=True)


# ---------------------------------------------------------------- from the command line


@pytest.mark.parametrize("what", ["how", "what-would-change", "where-schools-part", "questions"])
def test_the_command_answers(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = "--text=Arvenia is weak. Borland, a great power on its border, threatens it."
    assert cli.main(["advise", "--ask", what, case]) == 0
    assert "Arvenia" in capsys.readouterr().out
    assert cli.main(["advise", "--ask", what, "--format", "json", case]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["schema"], record["kind"]) == ("advisor.reply/1", what)
    assert record["reply"]


def test_the_command_refuses_what_it_cannot_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["advise", "--ask", "how", "--format", "html", "--text", "Arvenia is weak."]) == 2
    assert "--ask is answered as" in capsys.readouterr().err
    assert cli.main(["advise", "--ask", "how", "--text", "Nothing is said here."]) == 2
    assert "there is no verdict to ask about" in capsys.readouterr().err
