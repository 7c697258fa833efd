"""Print the digest of what is inferred in the cases of a file, for ``test_laws`` to compare under hash seeds."""

import hashlib
import pickle
import sys
from pathlib import Path

from advisor.inference import infer


def fingerprint(path):
    """Name what is inferred, in the order in which it is reported."""
    content = []
    for theory, situation in pickle.loads(Path(path).read_bytes()):
        result = infer(theory, situation)
        content.append((sorted(result.facts), result.justifications))
    return hashlib.sha256(repr(content).encode()).hexdigest()


if __name__ == "__main__":
    print(fingerprint(sys.argv[1]))  # noqa: T201
