"""What kind of line a user has said: a command, a correction, a question, a sentence, or a slip of the keyboard.

Only the shape of the line counts.  A command stands alone on a line, or after a colon; a sentence is never taken for
one, and a mistyped command never for a sentence: where a line is neither, the nearest command is named.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["nothing", "command", "mistyped", "correction", "retraction", "question", "sentence"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, how it is written, and what it does; ``also`` are other ways to say it."""

    name: str
    shape: str
    does: str
    also: tuple[str, ...] = ()


_WHY = (
    "why do you ask",
    "why are you asking",
    "why this question",
    "i don't understand",
    "i do not understand",
    "i don't understand the question",
    "what do you mean",
)
_COURTESY = re.compile(r"(?:ok|okay|thanks|thank you|fine|good|great|i see|hm+|well)[.! ]*", re.I)

COMMANDS = (
    Command("why", "why", "why the question is asked", _WHY),
    Command("how", "how", "how the verdict follows, down to your own words", ("how so", "how come")),
    Command("why not", "why not STRATEGY", "what a strategy lacks"),
    Command("what if", "what if FACT", "suppose something and compare"),
    Command("rather than", "why ONE rather than OTHER", "the arguments that part two strategies"),
    Command("what would change it", "what would change it", "the facts that would turn the verdict"),
    Command("schools", "schools", "what each school expects, and where they part"),
    Command("facts", "facts", "all that is held, and on what grounds"),
    Command("unread", "unread", "the words nothing was read from, and what they may mean"),
    Command("questions", "questions", "what is open, and whether it is worth asking"),
    Command("undo", "undo", "go back one step"),
    Command("redo", "redo", "go forward again"),
    Command("save", "save [FILE]", "keep the consultation in a file of yours"),
    Command("load", "load [FILE]", "take up a consultation or a case; alone, the last one"),
    Command("export", "export FILE", "write the whole answer: report.html, report.md, report.txt or report.json"),
    Command("focus on", "focus on STATE [facing THREAT]", "whose verdict, and towards whom"),
    Command("weights", "weights [SCHOOL=X …]", "what the schools weigh; set a weight"),
    Command("help", "help", "this list", ("?", "commands")),
    Command("quit", "quit", "end; all is kept", ("exit", "bye", "goodbye", "that's all", "that is all")),
)
"""All commands, in the order in which help lists them."""

_BARE = {text: each.name for each in COMMANDS for text in (each.name, *each.also)}
_NEED = {"why not", "what if", "rather than", "focus on", "export"}
"""The commands that mean nothing without what they are about."""
_WH = "who|whom|whose|what|which|where|when|why|how"
_TURNED = "is|are|was|were|does|do|did|would|should|could"
_ASKS = re.compile(
    rf"(?:{_TURNED}) \w|(?:{_WH}) (?:do|does|did|will|would|should|can|could)\b|"
    rf"(?:{_WH}) (?:is|are|was|were)\b(?!.*\.$)|(?:why|how) (?!.*\.$)",
    re.I,
)
_WRONG = re.compile(
    r"(?:no|nope|wrong|incorrect|not so|not quite|actually|rather|correction|in fact|"
    r"that(?:'s| is| was) (?:wrong|not (?:so|right|true|correct)))\s*(?:[,:;.!–—-]+\s*(?:but\s+)?(?P<said>\S.*))?",
    re.I | re.S,
)
_BARELY = re.compile(r"(no|actually|in fact|correction) (\S.*)", re.I | re.S)
_BACK = re.compile(
    r"(?:please )?(?:forget|ignore|disregard|retract|withdraw|strike|scratch) (?:that|it|this)"
    r"(?:\s*[.!]*|[,:]? (?P<said>\S.*))|take (?:that|it) back[.!]*|never ?mind[.!]*|(?:please )?forget (?P<other>\S.*)",
    re.I | re.S,
)
_WORD = re.compile(r"[^\s]+")
_PAIR = re.compile(r"[\w-]+ ?= ?[\w.,+-]+")
_FEW = 6
"""The most words that a slip of the keyboard has."""
_NEAR, _NEAR_SHORT = 0.74, 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its kind: the command and what it is about, or what else it says.

    ``near`` is the command that a line which is none comes nearest to.
    """

    kind: Kind
    name: str = ""
    rest: str = ""
    other: str = ""
    near: str = ""


def understood(text: str, names: Collection[str] = ()) -> Line:
    """Say what kind of line a text is; ``names`` are those of the states in play."""
    said = text.strip()
    if not said or _COURTESY.fullmatch(said):
        return Line("nothing")
    if "\n" in said:
        return Line("sentence", rest=said)
    marked = said.startswith(":")
    words = " ".join(said.lstrip(": ").split())
    command = _command(words, names)
    if command is not None:
        return command
    if marked or not words.strip("?!. "):
        return Line("mistyped", rest=said, near=nearest_command(words))
    if wrong := _WRONG.fullmatch(words):
        return Line("correction", rest=wrong["said"] or "")
    if (bare := _BARELY.fullmatch(words)) and (bare[1].casefold() != "no" or _begins_with_name(bare[2], names)):
        return Line("correction", rest=bare[2])
    if back := _BACK.fullmatch(words):
        return Line("retraction", rest=(back["said"] or back["other"] or "").strip())
    near = _slip(words, names)
    if near:
        return Line("mistyped", rest=said, near=near.rstrip("?"))
    if _is_question(words):
        return Line("question", rest=words)
    return Line("sentence", rest=said)


def _command(words: str, names: Collection[str]) -> Line | None:
    """Understand a line as a command, if it is one."""
    bare = words.rstrip("?!. ").replace(":", "").replace("’", "'").casefold() or words.strip()
    if bare in _BARE:
        return Line("command", _BARE[bare])
    if words == "?":
        return Line("command", "help")
    if about := re.fullmatch(r"why (\S.*?),? (?:rather than|and not|instead of) (\S.*?)[?.! ]*", words, re.I):
        return Line("command", "rather than", about[1].strip(), about[2].strip())
    if about := re.fullmatch(r"(why not|what if)\b[: ]\s*(\S.*?)[?! ]*", words, re.I):
        return Line("command", about[1].casefold(), about[2])
    if about := re.fullmatch(r"focus( on)?\b[: ]\s*(\S.*?)[.! ]*", words, re.I):
        sides = _sides(about[2])
        if all(_is_name(side, names) and (about[1] or side[:1].isupper()) for side in sides):
            return Line("command", "focus on", sides[0], sides[1] if len(sides) > 1 else "")
    if about := re.fullmatch(r"(save|load|export)\b(?: as| to|:)? (\"[^\"]+\"|\S+)", words, re.I):
        return Line("command", about[1].casefold(), about[2].strip('"'))
    if about := re.fullmatch(r"weights?\b:? (\S.*?)[?! ]*", words, re.I):
        pairs = _PAIR.findall(about[1])
        if pairs and not re.sub(r"[\s,;]|and", "", _PAIR.sub("", about[1])):
            return Line("command", "weights", " ".join(pair.replace(" ", "") for pair in pairs))
    about = re.fullmatch(r"help\b:?(?: with| on)? (\S.*?)[?. ]*", words, re.I)
    if about and about[1].casefold() in _BARE:
        return Line("command", "help", _BARE[about[1].casefold()])
    return None


def stands_alone(text: str) -> bool:
    """Whether a line among others is said by itself: a command, a correction, an answer of a few words."""
    kind = understood(text).kind
    if kind in ("command", "mistyped", "correction", "retraction", "question"):
        return True
    return len(text.split()) <= 4 and text.rstrip()[-1:] not in (".", "!", ":", ";", ",")


def needs_more(line: Line) -> bool:
    """Whether a command says nothing of what it is about, and has to."""
    return line.kind == "command" and line.name in _NEED and not line.rest


def _sides(words: str) -> list[str]:
    """Split the state and the threat."""
    return re.split(r",? (?:facing|against|towards?|versus|vs\.?) ", words, maxsplit=1)


def _is_name(words: str, names: Collection[str]) -> bool:
    """Whether words can be the name of a state: in play, or few and with capitals."""
    bare = re.sub(r"^the ", "", words.strip(), flags=re.I)
    if bare.casefold() in {name.casefold() for name in names}:
        return True
    parts = bare.split()
    return len(parts) == 1 or (len(parts) <= 4 and all(part[:1].isupper() or part in ("of", "the") for part in parts))


def _begins_with_name(words: str, names: Collection[str]) -> bool:
    bare = re.sub(r"^the ", "", words, flags=re.I).casefold()
    return any(re.match(rf"{re.escape(name.casefold())}\b", bare) for name in names)


def _is_question(words: str) -> bool:
    """Whether a line asks something: one sentence that ends so, or begins so."""
    if re.search(r"[.!?]\s", words):
        return False
    return words.endswith("?") or _ASKS.match(words) is not None


# ---------------------------------------------------------------- slips


def _slip(words: str, names: Collection[str]) -> str:
    """Give the command that a line was meant for, by all appearance; "" if it may be a sentence."""
    parts = _WORD.findall(words)
    bare = words.rstrip("?!. ").casefold()
    if len(parts) == 1:
        return nearest_command(bare) or "?"
    if len(parts) <= _FEW:
        near = difflib.get_close_matches(bare, _BARE, 1, _NEAR)
        if near:
            return _BARE[near[0]]
    if _ASKS.match(words) or (re.match(r"what it\b", words, re.I) and words.endswith(".")):
        return ""
    lowered = [part.casefold() for part in parts]
    for head in ("why not", "what if", "focus on"):
        for count in (2, 1):
            if _like(" ".join(lowered[:count]), head) >= 0.8 and len(parts) > count:
                rest = " ".join(parts[count:])
                plain = " ".join(lowered[:count]) == head and len(parts) <= _FEW
                if head != "focus on" or plain or all(_is_name(side, names) for side in _sides(rest.rstrip(".?!"))):
                    return f"{head} {rest}"
    if "rather than" in bare and _like(lowered[0][:3], "why") >= _NEAR_SHORT:
        return "why … rather than …"
    for head in ("save", "load", "export", "help", "weights"):
        fits = len(parts) == 2 and (head != "help" or lowered[1] in _BARE) and (head != "weights" or "=" in words)
        if fits and _like(lowered[0], head) >= _NEAR and lowered[0] not in {name.casefold() for name in names}:
            return f"{head} {parts[1]}"
    return ""


def nearest_command(words: str) -> str:
    """Give the command that words are most like."""
    bare = words.rstrip("?!. ").casefold()
    near = difflib.get_close_matches(bare, _BARE, 1, _NEAR_SHORT)
    near = near or difflib.get_close_matches(bare.split(" ")[0], _BARE, 1, _NEAR_SHORT)
    return _BARE[near[0]] if near else ""


def _like(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
