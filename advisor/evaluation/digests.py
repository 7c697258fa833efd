"""What names the reader and the program by their content, so that what they made is known to be theirs."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from advisor import house


@lru_cache(maxsize=4)
def reader_digest(rules: Path) -> str:
    """Name what a reading depends on beside the text and the vocabulary: the model, the lists of words, the code."""
    from advisor.reading.model import PARSER_DIGEST

    found = hashlib.sha256(PARSER_DIGEST.encode())
    code = Path(__file__).parent.parent
    for folder, files in ((rules, sorted(rules.rglob("*.csv"))), (code, sorted((code / "reading").glob("*.py")))):
        for path in files:
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:32]


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Name the code that makes records, all of it."""
    found = hashlib.sha256()
    code = Path(house.__file__).parent
    for path in sorted(code.rglob("*.py")):
        found.update(f"{path.relative_to(code).as_posix()}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:32]
