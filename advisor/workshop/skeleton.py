"""What somebody begins with who writes a proposition or a transcript: its form, with a question in place of each part.

A question in square brackets is a blank.  ``advisor check`` lists those that are left, and finds nothing else amiss.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from advisor.markdown import sections

_PROPOSITION = """\
### {title} {{#{id}}}

[Why should it be so, in a sentence or two?]

Source: [Who says so, with the year and the page?]. Not verified.

```rule
the state is more likely to [do what?]
  if [on which condition?]
```

> **Fires.** [What is a situation to which it applies, in a few sentences?]
> *Facts: [What are the facts in it?].*

> **Silent.** [What is a situation that differs in one thing, so that it does not apply?]
> *Facts: [What are the facts in it?].*
"""

_TRANSCRIPT = """\
# {title}

[What was the situation, in a paragraph of your own words?]

## Facts

- [What does the text say, one phrase of the vocabulary to an item?]

## Expected

- [What should be expected of whom, as in “Arvenia, facing Borland: bandwagon; or hide”?]

## Source

[Where is the case told?]

## Coding

[Which of the facts might others code otherwise?]
"""


def id_of(title: str, taken: Collection[str] = ()) -> str:
    """Make an id of a title: small words joined by hyphens, with a number where that id is taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    wanted = "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "new-proposition"
    number, id_ = 1, wanted
    while id_ in taken:
        number, id_ = number + 1, f"{wanted}-{number + 1}"
    return id_


def new_proposition(title: str = "", taken: Collection[str] = ()) -> str:
    """Give the skeleton of a proposition, with an id that no other has."""
    words = " ".join(title.split())
    return _PROPOSITION.format(title=words or "[What does it claim, in one line?]", id=id_of(words, taken))


def new_transcript(title: str = "") -> str:
    """Give the skeleton of a transcript."""
    return _TRANSCRIPT.format(title=" ".join(title.split()) or "[Which state is it about, and when?]")


def with_proposition(document: str, proposition: str) -> tuple[str, int]:
    """Put a proposition into a school's document, before what follows its last one; also gives its line."""
    parts = sections(document)
    last = max((number for number, part in enumerate(parts) if part.level == 3), default=None)
    after = len(parts) if last is None else last + 1
    lines = document.splitlines()
    end = parts[after].line - 1 if after < len(parts) else len(lines)
    before, rest = lines[:end], lines[end:]
    while before and not before[-1].strip():
        before.pop()
    made = [*before, "", *proposition.rstrip("\n").split("\n"), *([""] if rest else []), *rest]
    return "\n".join(made) + "\n", len(before) + 2
