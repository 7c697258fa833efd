"""Names of states: the lists are sound, and the text around a word decides which state it means."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from advisor.reading.names import (
    USES,
    Candidate,
    Gazetteer,
    canonical_name,
    gazetteer,
    known_names,
    load_names,
    look_up,
    tokens,
)

RULES = Path(__file__).resolve().parent.parent / "rules"
HEADER = "name,kind,aliases,demonyms,capitals,metonyms,rulers,members,from,until,note\n"


@pytest.fixture(scope="module")
def house() -> Gazetteer:
    return gazetteer(load_names(RULES)[0])


def from_text(folder: Path, *texts: str) -> tuple[Gazetteer, list[str]]:
    """Load lists of names written on the spot; give the index and the codes of the complaints."""
    (folder / "names").mkdir()
    for number, text in enumerate(texts):
        (folder / "names" / f"{number}.csv").write_text(text, encoding="utf-8")
    names, diagnostics = load_names(folder)
    return gazetteer(names), [found.code for found in diagnostics]


def test_our_lists_have_no_faults() -> None:
    names, diagnostics = load_names(RULES)
    assert [(found.path, found.line, found.message) for found in diagnostics] == []
    assert len(names) > 300


def test_forms_are_split_as_the_tokeniser_splits_them() -> None:
    nlp = spacy.blank("en")
    wrong = [
        (form.text, split)
        for name in load_names(RULES)[0]
        for form in name.forms
        if (split := [token.text for token in nlp(f"by {form.text} and")][1:-1]) != tokens(form.text)
    ]
    assert wrong == []


def test_every_first_form_gives_its_own_name(house: Gazetteer) -> None:
    everyone = frozenset(known_names(house))
    lost = [name for name in everyone if look_up(house, " ".join(tokens(name)), others=everyone) is None]
    assert lost == []


@pytest.mark.parametrize(
    ("surface", "name", "use"),
    [
        ("Great Britain", "Britain", "name"),
        ("Englishmen", "Britain", "demonym"),
        ("U.S.", "United States", "name"),
        ("Austria - Hungary", "Austria-Hungary", "name"),
        ("Austria – Hungary", "Austria-Hungary", "name"),
        ("Quai d'Orsay", "France", "metonym"),
        ("Quai d’Orsay", "France", "metonym"),
        ("People ’s Republic", "China", "name"),
        ("Cote d'Ivoire", "Ivory Coast", "name"),
        ("WEST GERMANY", "West Germany", "name"),
        ("Ottoman empire", "Ottoman Empire", "name"),
        ("Siam", "Thailand", "name"),
        ("Abyssinians", "Ethiopia", "demonym"),
        ("Hitler", "Germany", "ruler"),
        ("Warsaw Pact", "Warsaw Pact", "bloc"),
        ("Washington", "United States", "capital"),
        ("Athens", "Athens", "name"),
        ("Sublime Porte", "Ottoman Empire", "metonym"),
    ],
)
def test_a_word_alone(house: Gazetteer, surface: str, name: str, use: str) -> None:
    assert look_up(house, surface) == Candidate((name,), use)


@pytest.mark.parametrize("surface", ["turkey", "us", "Us", "china", "the", "Arvenia", "", "Chad", "Jordan", "Philip"])
def test_a_word_that_is_no_state(house: Gazetteer, surface: str) -> None:
    assert look_up(house, surface) is None


@pytest.mark.parametrize(
    ("surface", "years", "others", "name"),
    [
        ("Athens", (), {"Sparta"}, "Athens"),
        ("Athens", (), {"Athens", "Turkey"}, "Greece"),
        ("Athens", (1912,), {"Athens"}, "Greece"),
        ("Rome", (), {"Carthage", "Rome"}, "Rome"),
        ("Rome", (1935,), {"Ethiopia"}, "Italy"),
        ("Moscow", (1950,), (), "Soviet Union"),
        ("Moscow", (2014,), (), "Russia"),
        ("Moscow", (), (), "Russia"),
        ("Moscow", (), {"Russia", "Soviet Union"}, "Soviet Union"),
        ("Moscow", (), {"East Germany"}, "Soviet Union"),
        ("Vienna", (1914,), (), "Austria-Hungary"),
        ("Vienna", (1938,), (), "Austria"),
        ("Vienna", (), {"Austria", "Prussia", "Germany"}, "Austria"),
        ("Turks", (1914,), (), "Ottoman Empire"),
        ("Turks", (), {"NATO"}, "Turkey"),
        ("Prague", (1938,), {"Germany"}, "Czechoslovakia"),
        ("Bismarck", (1866,), (), "Prussia"),
        ("Republic of China", (1937,), (), "China"),
        ("Republic of China", (), {"United States"}, "Taiwan"),
        ("Macedonia", (2001,), (), "North Macedonia"),
        ("Macedonia", (), {"Athens"}, "Macedon"),
        ("Jordan", (), {"Israel"}, "Jordan"),
        ("Philip", (), {"Athens"}, "Macedon"),
        ("Union", (1862,), {"Confederate States"}, "United States"),
    ],
)
def test_the_text_decides(house: Gazetteer, surface: str, years: tuple[int, ...], others: set[str], name: str) -> None:
    found = look_up(house, surface, years=years, others=frozenset(others))
    assert found is not None
    assert found.names == (name,)


def test_an_ambiguous_form_needs_company_of_its_own_time(house: Gazetteer) -> None:
    assert look_up(house, "Jordan", others={"Carthage"}) is None
    assert look_up(house, "Philip", years=(1938,), others={"Athens"}) is None


def test_the_choice_does_not_depend_on_the_order_of_rows() -> None:
    names, _ = load_names(RULES)
    forwards, backwards = gazetteer(names), gazetteer(reversed(names))
    surfaces = [" ".join(tokens(form.text)) for name in names for form in name.forms]
    assert [look_up(forwards, one) for one in surfaces] == [look_up(backwards, one) for one in surfaces]
    assert {found.use for one in surfaces if (found := look_up(forwards, one))} == set(USES)
    assert max(forwards.reach.values()) == max(len(surface.split()) for surface in surfaces)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("England", "Britain"),
        ("the USSR", "Soviet Union"),
        ("Austria-Hungary", "Austria-Hungary"),
        ("Chad", "Chad"),
        ("Ruritania", "Ruritania"),
        ("the enemy", "the enemy"),
    ],
)
def test_canonical_name(house: Gazetteer, text: str, name: str) -> None:
    assert canonical_name(house, text) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name,kind\n", "N02"),
        (HEADER + "Freedonia,state\n", "N03"),
        (HEADER + "Freedonia,planet,,,,,,,,,\n", "N04"),
        (HEADER + "Freedonia,state,,,,,,,soon,,\n", "N05"),
        (HEADER + "Freedonia,state,,,,,,,1900,1850,\n", "N06"),
        (HEADER + ",state,,,,,,,,,\n", "N07"),
        (HEADER + "Freedonia,state,the Land,,,,,,,,\n", "N07"),
        (HEADER + "Freedonia,state,,,,,,Sylvania,,,\nSylvania,state,,,,,,,,,\n", "N08"),
        (HEADER + "Freedonia,state,,,Port,,,,1800,1900,\nSylvania,state,,,Port,,,,1850,,\n", "N09"),
        (HEADER + "League,bloc,,,,,,Freedonia,,,\n", "N10"),
    ],
)
def test_faults_are_told(tmp_path: Path, text: str, code: str) -> None:
    assert from_text(tmp_path, text)[1] == [code]


def test_a_fault_is_shown_where_it_is(tmp_path: Path) -> None:
    from_text(tmp_path, HEADER + "Sylvania,state,,,,,,,,,\nFreedonia,state,,,,,,,1900,1850,\n")
    (fault,) = load_names(tmp_path)[1]
    assert (fault.line, fault.column, fault.width) == (3, 28, 4)
    assert fault.hint


def test_no_list_and_no_letters(tmp_path: Path) -> None:
    assert [fault.code for fault in load_names(tmp_path)[1]] == ["N01"]
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "a.csv").write_bytes(b"\xff\xfe")
    assert [fault.code for fault in load_names(tmp_path)[1]] == ["N01"]


def test_a_state_that_takes_over_in_the_same_year_is_no_double(tmp_path: Path) -> None:
    one, two = "Old,state,,,Port,,,,,1900,\n", "New,state,,,Port,,,,1900,,\n"
    index, codes = from_text(tmp_path, HEADER + one, HEADER + two)
    assert codes == []
    assert look_up(index, "Port", years=(1850,)) == Candidate(("Old",), "capital")
    assert look_up(index, "Port") == Candidate(("New",), "capital")
