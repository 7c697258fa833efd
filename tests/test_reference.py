"""Whom a word means, when a thing was so, and how far the reader trusts itself: on sentences made up for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.reading import read
from advisor.reading.chronology import Moment, earlier, year_of
from advisor.reading.trust import confidence, load_trust
from advisor.terms import Reading, Theory

RULES = Path(__file__).resolve().parent.parent / "rules"


def _read(text: str, theory: Theory) -> Reading:
    return read(text, theory.vocabulary, rules=RULES)


def _facts(text: str, theory: Theory) -> set[tuple[str, ...]]:
    return {
        (o.fact.variable, *o.fact.args, o.fact.value if o.fact.holds else f"not {o.fact.value}")
        for o in _read(text, theory).observations
        if o.stance in ("asserted", "denied") and not o.past
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Borland and Cadria are rivals. Arvenia supports the latter.", ("side", "Arvenia", "Cadria", "with")),
        ("Borland and Cadria are rivals. Arvenia supports the former.", ("side", "Arvenia", "Borland", "with")),
        (
            "When Borland invaded Arvenia, Cadria declared war on the aggressor.",
            ("targets", "Cadria", "Borland", "yes"),
        ),
        (
            "Our country is weak. Our neighbour Borland threatens us.",
            ("intent", "Borland", "our country", "hostile"),
        ),
        (
            "Our country, Arvenia, is at odds with Borland. We fear Borland.",
            ("intent", "Borland", "Arvenia", "hostile"),
        ),
        ("I say, men of Athens, that Philip threatens us.", ("intent", "Macedon", "Athens", "hostile")),
        ("We Spartans have a strong army.", ("strength", "Sparta", "great")),
        ("Britain feared Germany. She sent a fleet against Denmark.", ("targets", "Britain", "Denmark", "yes")),
        ("Japan and Russia went to war. Both sides are exhausted.", ("forces", "Russia", "worn")),
        (
            "Britain announced that it would no longer support Greece.",
            ("side", "Britain", "Greece", "not with"),
        ),
        (
            "Spain was ill disposed towards France, for it had an alliance with Austria.",
            ("pact", "Spain", "Austria", "alliance"),
        ),
    ],
)
def test_a_word_means_the_state_it_refers_to(text: str, expected: tuple[str, ...], theory: Theory) -> None:
    assert expected in _facts(text, theory)


CONSTRUCTIONS = [
    ("Arvenia has peace. Its neighbours, Corona and Weselton, fear it.", ("distance", "Weselton", "Arvenia", "border")),
    ("We are a small island nation called Tavara.", ("base", "Tavara", "sea")),
    (
        "Syldavia is squeezed between two neighbours, Borduria and Poldevia.",
        ("distance", "Syldavia", "Poldevia", "border"),
    ),
    (
        "Country X is weak. Country Y is its enemy, while Country Z used to be its ally.",
        ("pact", "Country Z", "Country X", "not alliance"),
    ),
    ("France sought the aid of the Florentines and Pope Leo X.", ()),
    (
        "State A is strong. State B, which shares a border with A, fears it.",
        ("distance", "State B", "State A", "border"),
    ),
    ("X is a rising power. Y fears X.", ("intent", "X", "Y", "hostile")),
    ("Blue and Green have signed a defence pact.", ("pact", "Blue", "Green", "alliance")),
    ("The Lusian Republic is weak. Lusia is at war with Karnia.", ("strength", "Lusia", "weak")),
    ("Britain and France supported the Sultan; they went to war with Russia.", ("war", "France", "Russia", "not none")),
    ("Borland and Cadria are at war. The two great powers are exhausted.", ("strength", "Cadria", "great")),
    ("It was Thebes that attacked Sparta.", ("targets", "Thebes", "Sparta", "yes")),
    ("It was not Thebes that attacked Sparta.", ("targets", "Thebes", "Sparta", "not yes")),
    ("Attacked by Sparta, Thebes looked for allies.", ("targets", "Sparta", "Thebes", "yes")),
    ("Persia is neither weak nor isolated.", ("help", "Persia", "not none")),
    ("Nor did Borland attack Cadria.", ("targets", "Borland", "Cadria", "not yes")),
    ("Arvenia is anything but weak.", ("strength", "Arvenia", "not weak")),
    ("Arvenia is far from weak.", ("strength", "Arvenia", "not weak")),
    ("Sparta lacks a strong army.", ("strength", "Sparta", "not great")),
    ("Sparta grew weak.", ("strength", "Sparta", "weak")),
    ("Borland cannot but oppose Cadria.", ("side", "Borland", "Cadria", "against")),
    ("Athens and Sparta are at war. Venice took part with neither.", ("side", "Venice", "Sparta", "not with")),
    ("Arvenia and Cadria are rivals. Neither of them supports Borland.", ("side", "Cadria", "Borland", "not with")),
    ("The attack of Borland on Cadria ended a long truce.", ("targets", "Borland", "Cadria", "yes")),
    ("Germany was rearming and openly hostile to France.", ("intent", "Germany", "France", "hostile")),
    (
        "Borland is a great power on the border of Arvenia, openly hostile to it.",
        ("intent", "Borland", "Arvenia", "hostile"),
    ),
    ("The kingdom of Arvane is weak.", ("strength", "Arvane", "weak")),
    (
        "Frederick, King of Prussia, distrusted Austria. Frederick invaded Saxony.",
        ("targets", "Prussia", "Saxony", "yes"),
    ),
    ("Otto of Bavaria allied with Spain. Otto attacked France.", ("targets", "Bavaria", "France", "yes")),
    ("Lord Holland attacked Bulgaria.", ()),
    ("Portugal believed that England was hostile to it.", ("intent", "Britain", "Portugal", "hostile")),
]
"""Sentences, and something that is said in each, or nothing."""

NOT_SAID = {
    "France sought the aid of the Florentines and Pope Leo X.": {"side"},
    "Lord Holland attacked Bulgaria.": {"targets"},
}


@pytest.mark.parametrize(("text", "expected"), CONSTRUCTIONS)
def test_a_construction_is_read(text: str, expected: tuple[str, ...], theory: Theory) -> None:
    found = _facts(text, theory)
    assert not expected or expected in found
    assert not {fact for fact in found if fact[0] in NOT_SAID.get(text, ())}
    assert ("war", "Britain", "France", "not none") not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("France borders Spain. Poland does not.", ("distance", "Poland", "Spain", "not border")),
        ("France fears Spain, but Italy does not.", ("intent", "Spain", "Italy", "not hostile")),
        ("France fears Spain, and Italy does too.", ("intent", "Spain", "Italy", "hostile")),
        ("France is weak and so is Italy.", ("strength", "Italy", "weak")),
        ("France did not attack Spain. Italy did.", ("targets", "Italy", "Spain", "yes")),
        ("France has no allies, nor has Italy.", ("help", "Italy", "none")),
        ("France is a great power; Italy is not.", ("strength", "Italy", "not great")),
    ],
)
def test_a_clause_may_echo_another(text: str, expected: tuple[str, ...], theory: Theory) -> None:
    assert expected in _facts(text, theory)
    assert len(_facts(text, theory)) == 2


def test_a_speech_is_the_report_of_its_speaker(theory: Theory) -> None:
    text = (
        'The envoys of Corinth spoke. "Athens has attacked Aegina, and is laying siege to Potidaea." Sparta is strong.'
    )
    stances = {(o.fact.variable, o.fact.args[0]): (o.stance, o.holder) for o in _read(text, theory).observations}
    assert stances["targets", "Athens"] == ("reported", "Corinth")
    assert stances["strength", "Sparta"] == ("asserted", None)
    nobody = 'France is a "satisfied" power. "Athens has attacked the island of Aegina without any cause."'
    assert {o.stance for o in _read(nobody, theory).observations} == {"asserted"}


def test_what_a_state_announces_of_another_is_its_report(theory: Theory) -> None:
    (found,) = _read("Britain announced that Germany had invaded Belgium.", theory).observations
    assert (found.stance, found.holder, found.fact.args) == ("reported", "Britain", ("Germany", "Belgium"))


@pytest.mark.parametrize(
    ("text", "now", "before"),
    [
        ("In 1902 Italy sided with Germany. In 1915 Italy opposed Germany.", "against", "with"),
        ("In 1915 Italy opposed Germany. In 1902 Italy had sided with Germany.", "against", "with"),
        ("Italy sided with Germany. Then it opposed Germany.", "against", "with"),
        ("Italy opposes Germany. It sided with Germany.", "against", "with"),
    ],
)
def test_the_later_state_of_affairs_stands(text: str, now: str, before: str, theory: Theory) -> None:
    found = {o.fact.value: o.past for o in _read(text, theory).observations if o.fact.variable == "side"}
    assert found == {now: False, before: True}


def test_without_a_sign_of_sequence_both_stand(theory: Theory) -> None:
    found = _read("Arvenia is weak. Arvenia is a great power.", theory).observations
    assert [(o.fact.value, o.past) for o in found] == [("weak", False), ("great", False)]


def test_years_belong_to_what_is_told(theory: Theory) -> None:
    text = "In 431 BC Sparta invaded Athens. It besieged Corinth. In 404 BC Athens surrendered to Sparta."
    years = [(o.fact.args, o.year) for o in _read(text, theory).observations]
    assert years == [(("Sparta", "Athens"), -431), (("Sparta", "Corinth"), -431), (("Athens", "Sparta"), -404)]
    assert year_of(["a", "force", "of", "1500", "men"], {}) is None
    assert year_of(["on", "3", "May", "1808"], {}) == 1808


def test_which_of_two_moments_is_the_earlier() -> None:
    plain = Moment(None, dated=False, back=False, present=False, turn=False, place=0)
    later = Moment(None, dated=False, back=False, present=False, turn=False, place=9)
    assert earlier(plain, later) is None
    turned = Moment(None, dated=False, back=False, present=False, turn=True, place=9)
    assert earlier(plain, turned) is True
    assert earlier(turned, plain) is False


def test_a_doubtful_reading_is_trusted_less(theory: Theory) -> None:
    named = _read("Japan attacked Russia.", theory).observations[0]
    meant = _read("Japan is weak. It attacked Russia.", theory).observations[-1]
    assert 0 < meant.confidence < named.confidence <= 1
    trust, complaints = load_trust(RULES)
    assert complaints == []
    assert confidence(trust, ["name"], noun=True, length=70) < confidence(trust, ["name"], noun=False, length=7)


def test_a_bad_row_of_trust_is_shown(tmp_path: Path) -> None:
    (tmp_path / "trust.csv").write_text("sign,trust\npronoun,often\n", encoding="utf-8")
    assert [(d.code, d.line) for d in load_trust(tmp_path)[1]] == [("R02", 2)]
    assert [d.code for d in load_trust(tmp_path / "absent")[1]] == ["R01"]
