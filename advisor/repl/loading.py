"""What loads behind the prompt: the theory, the English model, and the names of states."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from advisor.commands import theory_of
from advisor.consultation import Means, marked
from advisor.inputs import CannotRun

Ready = tuple[Means, tuple[str, ...]]
"""The means of a consultation, and the names of states that are known."""


def means_of(rules: Path, given: Path | None, templates: Path | None, *, seed_only: bool = False) -> Ready:
    """Load all that a consultation needs; ``given`` is the folder of rules that the user named, if any.

    Raises CannotRun if the rules or the English model cannot be used.
    """
    from advisor import read
    from advisor.inference import infer
    from advisor.reading import ModelMissing
    from advisor.reading.names import gazetteer, known_names, load_names
    from advisor.situation import situation

    theory = theory_of(rules, given, seed_only=seed_only)
    try:
        reading = read("Arvenia is weak. Borland threatens Arvenia.", theory, rules=given)
    except ModelMissing as problem:
        raise CannotRun(str(problem)) from None
    infer(theory, situation(theory.vocabulary, reading.observations))
    names = known_names(gazetteer(load_names(rules)[0]))
    marked(theory, "Arvenia is weak.", names)
    return Means(theory, lambda text: read(text, theory, rules=given), templates), names


@dataclass(slots=True)
class Loading:
    """A load under way; ``told`` is called once it has ended."""

    make: Callable[[], Ready]
    done: threading.Event = field(default_factory=threading.Event)
    ready: Ready | None = None
    failed: BaseException | None = None
    told: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to load."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self.ready = self.make()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            self.failed = error
        self.done.set()
        if self.told:
            self.told()

    def wait(self) -> Ready:
        """Give what was loaded, once it is; raises what kept it from loading."""
        while not self.done.wait(0.1):  # in steps, so that Ctrl-C is heard
            pass
        if self.failed is not None:
            raise self.failed
        assert self.ready is not None
        return self.ready
