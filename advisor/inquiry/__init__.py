"""What to ask next, when to stop asking, and seven answers about a conclusion: how it was reached, why a question is
asked, why not another, what if, why the one rather than the other, what would change it, and where the schools part.

``next_question`` and ``open_questions`` look ahead; ``how``, ``why_not`` and ``contrast`` look at what was judged;
``suppose``, ``flips`` and ``parting`` at what would be judged otherwise.  All are pure, and give values (``values``).
"""

from __future__ import annotations

from advisor.inquiry.asking import Again, next_question, open_conflicts
from advisor.inquiry.explaining import open_questions, why_asked
from advisor.inquiry.flipping import flips
from advisor.inquiry.matters import Change, Matter, Unknown, changed, with_fact, without_fact
from advisor.inquiry.net import TooWide
from advisor.inquiry.parting import parting
from advisor.inquiry.proving import contrast, how, proof_of, why_not
from advisor.inquiry.supposing import suppose
from advisor.inquiry.values import (
    Answered,
    Camp,
    Contrast,
    Flip,
    How,
    Near,
    OpenQuestion,
    Parting,
    Reason,
    Side,
    Step,
    Supposition,
    WhyAsked,
    WhyNot,
)

__all__ = [
    "Again",
    "Answered",
    "Camp",
    "Change",
    "Contrast",
    "Flip",
    "How",
    "Matter",
    "Near",
    "OpenQuestion",
    "Parting",
    "Reason",
    "Side",
    "Step",
    "Supposition",
    "TooWide",
    "Unknown",
    "WhyAsked",
    "WhyNot",
    "changed",
    "contrast",
    "flips",
    "how",
    "next_question",
    "open_conflicts",
    "open_questions",
    "parting",
    "proof_of",
    "suppose",
    "why_asked",
    "why_not",
    "with_fact",
    "without_fact",
]
