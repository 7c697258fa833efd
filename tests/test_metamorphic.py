"""Changes of a text whose effect on what is read is known beforehand, on all texts at hand (``metamorphic.py``).

Each share is that of the facts read alike, by variable, arguments, value, whether it holds, and stance; the goal is
.97, and what is asked stands where the reader is, never above and never far below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import metamorphic
import pytest
from metamorphic import Change, Text

from advisor.terms import Reading, Theory

GOAL = 0.97
Look = Callable[[str], Reading]


@pytest.fixture(scope="module")
def texts(theory: Theory) -> list[Text]:
    """Give all texts at hand."""
    return metamorphic.texts(theory)


@pytest.fixture(scope="module")
def look(theory: Theory) -> Look:
    """The reader, remembering what it has read."""
    return metamorphic.reader(theory.vocabulary)


@pytest.fixture(scope="module")
def check(theory: Theory, look: Look, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compare, print the share, and assert it."""

    def compare(name: str, changes: Iterable[Change], floor: float, *, least: int, sharper: bool = False) -> None:
        found = metamorphic.agreement(theory.vocabulary, look, changes, sharper=sharper)
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n  {name}: {found.share:.4f} of {found.facts} facts in {found.changes} texts")  # noqa: T201
        assert found.changes >= least, f"{name}: only {found.changes} texts"
        told = "\n".join(found.failures[:20])
        assert found.share >= floor, f"{name}: {found.share:.4f}, asked {floor}, goal {GOAL}\n{told}"

    return compare


def same(theory: Theory, look: Look, texts: Iterable[Text], change: Callable[[Text], str | None]) -> Iterator[Change]:
    """Give the texts that a change alters and that must be read as before."""
    for before in texts:
        after = change(before)
        if after and after != before.text:
            yield Change(before, after, metamorphic.facts(theory.vocabulary, look(before.text)))


@pytest.mark.parametrize(
    ("kind", "pool", "floor"),
    [
        ("real names", metamorphic.REAL, 0.995),
        ("invented names", metamorphic.INVENTED, 0.99),
        ("letters", metamorphic.LETTERS, 0.99),
    ],
)
def test_names_do_not_matter(
    theory: Theory,
    look: Look,
    texts: list[Text],
    check: Callable[..., None],
    kind: str,
    pool: tuple[str, ...],
    floor: float,
) -> None:
    some = metamorphic.sample(texts, 300)
    changes = (metamorphic.renamed(theory.vocabulary, text, look(text.text), pool) for text in some)
    check(kind, (change for change in changes if change is not None), floor, least=200)


def test_active_and_passive_say_the_same(
    theory: Theory, look: Look, texts: list[Text], check: Callable[..., None]
) -> None:
    parse = metamorphic.parser()

    def spoken(text: Text) -> str:
        said = text.text
        for start, end, other in reversed(list(metamorphic.other_voices(parse(said)))):
            said = said[:start] + other + said[end:]
        return said

    check("voice", same(theory, look, texts, spoken), GOAL, least=60)


def test_contractions_do_not_matter(theory: Theory, look: Look, texts: list[Text], check: Callable[..., None]) -> None:
    check("contractions", same(theory, look, texts, lambda t: metamorphic.contracted(t.text)), 0.98, least=80)


def test_spelling_does_not_matter(theory: Theory, look: Look, texts: list[Text], check: Callable[..., None]) -> None:
    def respelt(text: Text) -> str:
        other = metamorphic.americanised(text.text)
        return other if other != text.text else metamorphic.anglicised(text.text)

    check("spelling", same(theory, look, texts, respelt), GOAL, least=40)


@pytest.mark.parametrize("place", ["before", "amid", "after"])
def test_an_aside_does_not_matter(
    theory: Theory, look: Look, texts: list[Text], check: Callable[..., None], place: str
) -> None:
    some = metamorphic.sample(texts, 300)
    changes = same(theory, look, some, lambda t: metamorphic.with_aside(t.text, look(t.text), place))
    check(f"an aside {place}", changes, 0.985, least=200)


@pytest.mark.parametrize("heading", metamorphic.HEADINGS)
def test_a_heading_does_not_matter(
    theory: Theory, look: Look, texts: list[Text], check: Callable[..., None], heading: str
) -> None:
    some = metamorphic.sample(texts, 100)
    changes = same(theory, look, some, lambda t: heading + t.text)
    check(f"the heading {heading.strip()!r}", changes, 0.99, least=80)


def test_a_denial_turns_round_what_its_clause_says_and_no_more(
    theory: Theory, look: Look, texts: list[Text], check: Callable[..., None]
) -> None:
    parse = metamorphic.parser()
    some = metamorphic.sample(texts, 600)
    changes = (
        change
        for text in some
        for change in metamorphic.denials(theory.vocabulary, text, parse(text.text), look(text.text))
    )
    check("denial", changes, 0.98, least=200, sharper=True)


def test_the_folder_beside_is_used_where_there_is_one() -> None:
    if not metamorphic.SHARED.exists():
        pytest.skip(f"no folder {metamorphic.SHARED.name} beside the project: its texts were not tried")
    assert metamorphic.beside()
