"""Options of the tests, and the theory they share."""

from pathlib import Path

import pytest

from advisor.terms import Diagnostic, Theory
from advisor.theory import load_theory


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reset", action="store_true", help="write true output into the documents that show it")
    parser.addoption("--cases", type=int, default=200, help="how many random cases the laws of inference are tried on")
    parser.addoption("--situations", type=int, default=300, help="how many random situations the reference is given")


@pytest.fixture(scope="session")
def loaded() -> tuple[Theory, tuple[Diagnostic, ...]]:
    """Our own rules, and what is wrong with them."""
    return load_theory(Path(__file__).resolve().parent.parent / "rules")


@pytest.fixture(scope="session")
def theory(loaded: tuple[Theory, tuple[Diagnostic, ...]]) -> Theory:
    """The theory of our own rules."""
    return loaded[0]
