"""A consultation: a dialogue about one situation, as a value.

``Consultation × line → Consultation × reply``.  The user tells a situation, is shown what was read and what was not,
corrects it, is asked what matters most, and hears what the schools expect.  Nothing here prints, waits or writes: a
terminal, a page or a test holds the value and says the next line.  What to ask next takes some thought, and comes apart
from the reply (``pondered``), so that nobody waits for it to see what was read.
"""

from __future__ import annotations

from advisor.consultation.completing import Completion, completions
from advisor.consultation.dialogue import say
from advisor.consultation.keeping import Difference, load, opened, save
from advisor.consultation.lines import COMMANDS
from advisor.consultation.marking import marked
from advisor.consultation.moving import as_it_stands, pondered
from advisor.consultation.talk import bar, told
from advisor.consultation.values import (
    Asked,
    Consultation,
    Effect,
    Export,
    Load,
    Means,
    Part,
    Quit,
    Reply,
    Save,
    Stand,
    Turn,
)

__all__ = [
    "COMMANDS",
    "Asked",
    "Completion",
    "Consultation",
    "Difference",
    "Effect",
    "Export",
    "Load",
    "Means",
    "Part",
    "Quit",
    "Reply",
    "Save",
    "Stand",
    "Turn",
    "as_it_stands",
    "bar",
    "completions",
    "load",
    "marked",
    "opened",
    "pondered",
    "save",
    "say",
    "told",
]
