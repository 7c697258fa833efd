"""Templates and layout: values in, text, Markdown or HTML out.  Here Jinja2 is used, and nowhere else."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import textwrap
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import jinja2
import jinja2.bccache
import jinja2.sandbox
from jinja2.loaders import split_template_path

from advisor import house
from advisor.explanation.naming import bare, joined, reasons
from advisor.explanation.painting import styled
from advisor.terms import Fact
from advisor.wording import visible

WIDTH = 88

Format = Literal["text", "markdown", "html"]
Length = Literal["brief", "normal", "default", "full"]

ENDINGS: dict[Format, str] = {"text": "txt", "markdown": "md", "html": "html"}
_BROKEN = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    OSError,
)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~&])")


class TemplateProblem(Exception):
    """A template that is missing or broken; the message names the file, the line and what to do."""


def render(
    template: str,
    values: Mapping[str, Any],
    *,
    format: Format = "text",
    templates: Path | None = None,
    lay_out: Callable[[str], str] | None = None,
) -> str:
    """Render a template of the house, or the user's of that name, with plain values.

    Strings among the values are made safe for the format; those of HTML are escaped by the template engine.
    ``lay_out`` takes the place of the usual layout of paragraphs and items.
    Raises ``TemplateProblem`` if the template is missing or broken, or uses what it was not given.
    """
    if templates is not None and not templates.is_dir():
        raise TemplateProblem(f"{templates}: there is no such folder of templates")
    folders = [*([templates] if templates is not None else []), house.templates_folder()]
    environment = _environment(format, tuple(str(folder) for folder in folders))
    given = {name: _safe(value, _ESCAPES[format]) for name, value in values.items()}
    try:
        made = environment.get_template(template).render(**given, format=format)
    except jinja2.TemplateNotFound as error:
        looked = " or ".join(str(folder) for folder in folders)
        raise TemplateProblem(f"the template “{error.name}” is missing: it was looked for in {looked}") from None
    except jinja2.TemplateSyntaxError as error:
        raise TemplateProblem(f"{error.filename or error.name}:{error.lineno}: {error.message}") from None
    except _BROKEN as error:
        raise TemplateProblem(f"{_place(error, folders)}: {error}") from None
    return lay_out(str(made)) if lay_out else _laid_out(str(made), format)


@lru_cache(maxsize=8)
def _environment(format: Format, folders: tuple[str, ...]) -> jinja2.sandbox.ImmutableSandboxedEnvironment:
    """Give the environment in which the templates of some folders are rendered; compiling them is the slow part."""
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        loader=jinja2.FunctionLoader(lambda name: _source(folders, name)),
        undefined=jinja2.StrictUndefined,
        autoescape=format == "html",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        bytecode_cache=_compiled(format),
    )
    environment.filters["cap"] = _capitalised
    environment.filters["bare"] = bare
    environment.filters["joined"] = joined
    environment.filters["reasons"] = reasons
    environment.filters["styled"] = styled
    return environment


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Compiled templates, kept in the user's cache folder; where that cannot be written, they are compiled again."""

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep a compiled template."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled(format: Format) -> _Compiled | None:
    """Give the place of compiled templates; what they compile to depends on the format and on the engine's version."""
    folder = house.cache_folder() / f"templates-{jinja2.__version__}-{format}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return _Compiled(str(folder))


def _source(folders: tuple[str, ...], name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """Find a template in the first folder that has it; jinja's own loader would not name one that is no text."""
    found = (Path(folder, *split_template_path(name)) for folder in folders)
    path = next((path for path in found if path.is_file()), None)
    if path is None:
        return None
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TemplateProblem(f"{path}:{line}: this template is not valid UTF-8; save it as UTF-8") from None
    return text, str(path), lambda: path.is_file() and path.read_bytes() == content


def _place(error: BaseException, folders: list[Path]) -> str:
    """Give the file and line of the template in which an error arose."""
    found, trace = str(folders[0]), error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if any(name.startswith(str(folder)) for folder in folders):
            found = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


# ---------------------------------------------------------------- making strings safe


def _for_text(text: str) -> str:
    return visible(text)


def _for_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", visible(text))


_ESCAPES: dict[str, Callable[[str], str]] = {"text": _for_text, "markdown": _for_markdown, "html": _for_text}


def _safe(value: Any, escape: Callable[[str], str]) -> Any:
    """Make every string in a value safe, however deep it lies."""
    if isinstance(value, str):
        return escape(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{field.name: _safe(getattr(value, field.name), escape) for field in dataclasses.fields(value)}
        )
    if isinstance(value, Fact):
        return Fact(*(_safe(entry, escape) for entry in value))
    if isinstance(value, tuple | list):
        return tuple(_safe(entry, escape) for entry in value)
    if isinstance(value, Mapping):
        return {key: _safe(entry, escape) for key, entry in value.items()}
    return value


def _capitalised(text: str) -> str:
    """Begin with a capital, leaving the rest as it is; what is safe for HTML stays so."""
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- layout


def _laid_out(text: str, format: str) -> str:
    """Lay out paragraphs and items: spaces and line breaks inside them are the template author's convenience."""
    if format == "html":
        return re.sub(r"\n\s*\n+", "\n", text).strip() + "\n"
    blocks = []
    for paragraph in re.split(r"\n\s*\n", text):
        for block in re.split(r"\n(?=\s*(?:- |#+ |\| ))", paragraph):
            words = " ".join(block.split())
            if words:
                blocks.append(_wrapped(words) if format == "text" else words)
    lines: list[str] = []
    for block in blocks:
        if lines and not (block.startswith(("- ", "| ")) and lines[-1].startswith(("- ", "  ", "| "))):
            lines.append("")
        lines += block.split("\n")
    return "\n".join(lines) + "\n"


def _wrapped(words: str) -> str:
    hanging = "  " if words.startswith("- ") else ""
    return textwrap.fill(words, WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
