"""Verb `passages`: prints the reader's passages, or writes them as Markdown, or as JSON that `import` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.export.export import write_lines
from bpost_tui.cli.export.library_json import FORMAT
from bpost_tui.cli.shared.command_context import CommandContext, clock
from bpost_tui.console import Console
from bpost_tui.core.json_api import format_time
from bpost_tui.core.json_api import passage_to_json as as_fields
from bpost_tui.core.wording import shown_title
from bpost_tui.errors import NotFoundError, UsageError
from bpost_tui.i18n import Language, Reason, message
from bpost_tui.model.passage import Passage
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.model.passage_anchoring import AnchorState
    from bpost_tui.store.library import Library

_VERSION = 1
"""Version of the JSON format. Every version of bpost can import the file, though older versions ignore its passages."""


class PassageStatus(NamedTuple):
    """Passage with its state in its story's text, such as moved or gone. The state is None if the story isn't saved."""

    passage: Passage
    status: AnchorState | None


def passages_(context: CommandContext, console: Console) -> int:
    """Print or write the passages that a query finds, the last saved first; return the exit status, 0.

    Raises NotFoundError if there are none, and UsageError if the options name two formats.
    """
    options = context.options
    name = options.format or ("json" if options.json else "text")
    if options.json and name != "json":
        raise UsageError(Reason("“{what}” doesn't go with “{task}”", what="--json", task=f"--format {name}"))
    with context.library(console) as library:
        kept = library.passages.search(options.query or "", now=clock())
        found = [PassageStatus(passage, _kind(library, passage)) for passage in kept]
    if kept or options.json:  # programs that read JSON get an empty list, as from `search --json`
        write_lines(_LINES[name](found, context.language), options.output, console)
    if not kept:
        raise NotFoundError(message("No passage is saved, or none is found"))
    return 0


def _kind(library: Library, passage: Passage) -> AnchorState | None:
    """Return the state of a passage in its story's text, such as moved or gone; None if the story is deleted."""
    if passage.story is None:
        return None
    from bpost_tui.model.passage_anchoring import PassageText, quotable_text  # 1 ms

    return PassageText(quotable_text(library.story(passage.story).blocks)).find(passage.selector).kind


def _text(passages: Sequence[PassageStatus], language: Language) -> Iterator[str]:
    for at, each in enumerate(passages):
        yield from [""] if at else []
        yield f"“{each.passage.selector.exact}”"
        yield from (f"    {line}" for line in _about(each, language))


def _about(status: PassageStatus, language: Language) -> Iterator[str]:
    passage = status.passage
    if passage.note:
        yield language.text("Note: {note}", note=passage.note)
    yield shown_title(passage.title, language)
    number = "" if passage.story is None else str(passage.story)
    yield " · ".join(
        part for part in (passage.paper_name, language.date(passage.published), number, _fate(status, language)) if part
    )


def _fate(status: PassageStatus, language: Language) -> str:
    if status.status is None:
        return language.text("the story is no longer saved")
    lines = {"changed": language.text("changed on the portal"), "gone": language.text("no longer in the story")}
    return lines.get(status.status.value, "")


def _markdown(passages: Sequence[PassageStatus], language: Language) -> Iterator[str]:
    from bpost_tui.cli.export.markdown import escape_markdown

    yield from [f"# {escape_markdown(language.text('Passages'))}", ""]
    before = ""
    for each in passages:
        passage = each.passage
        if passage.guid != before:
            line = " · ".join(part for part in (passage.paper_name, language.date(passage.published)) if part)
            yield from [f"## {escape_markdown(shown_title(passage.title, language))}", "", escape_markdown(line), ""]
            yield from [f"<{passage.link}>", ""] if passage.link else []
        before = passage.guid
        yield from (f"> {escape_markdown(line)}".rstrip() for line in passage.selector.exact.split("\n"))
        yield ""
        yield from [escape_markdown(fate), ""] if (fate := _fate(each, language)) else []
        yield from [escape_markdown(passage.note), ""] if passage.note else []


def _json(passages: Sequence[PassageStatus], language: Language) -> Iterator[str]:
    head = {"format": FORMAT, "version": _VERSION, "exported": format_time(clock())}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "passages": ['
    for at, each in enumerate(passages):
        fields = {**as_fields(each.passage), "state": each.status.value if each.status is not None else None}
        yield f"{',' if at else ''}{json.dumps(fields, ensure_ascii=False)}"
    yield "]}"


_LINES = {"text": _text, "markdown": _markdown, "json": _json}
