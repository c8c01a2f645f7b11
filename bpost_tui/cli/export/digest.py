"""`digest`: the news of a day in one piece, by category."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bpost_tui.cli.console import Console, guarded
from bpost_tui.cli.context import Context, clock, papers
from bpost_tui.cli.export.edition import Section
from bpost_tui.cli.export.export import edition, exported, publish, replacing, require_place
from bpost_tui.cli.story_lists import chosen_rows, mixed, note_problem, require_category, story_lines
from bpost_tui.errors import NotFound
from bpost_tui.i18n import Language, message
from bpost_tui.model.datelines import dateline
from bpost_tui.model.story import Headline
from bpost_tui.store.results import Hit

if TYPE_CHECKING:
    pass

_USUAL = timedelta(hours=24)
_INDENT = "      "


def digest_(context: Context, console: Console) -> int:
    """Print or write the stories that have been published since a moment; raises NotFound if there are none."""
    options = context.options
    require_place(options.format, options.output, console)
    with context.library(console) as library:
        note_problem(context, console, library, options.query)
        since = options.since or clock() - _USUAL
        if not (rows := chosen_rows(context, library, since)):
            require_category(library, options.category)
            raise NotFound(message("Nothing found"))
        parts = _by_category(rows, [count.category.slug for count in library.categories()], context.language)
        if options.format == "text":
            read = papers(context, library)
            titles = _titles(context, read.title(), len(rows), since)
            _write_text(context, titles, parts, mixed(rows, read), console)
        else:
            sections = (Section(name, exported(library, iter([row.id for row in stories]))) for name, stories in parts)
            publish(edition(context, library, sections), options.format, options.output, console)
    return 0


Part = tuple[str, Sequence[Headline]]


def _by_category(rows: Sequence[Headline], order: Sequence[str], language: Language) -> tuple[Part, ...]:
    """Return stories under the first category that each is in: categories in their order, unread stories before read ones."""
    names, parts = {"": language.text("Other stories")}, dict[str, list[Headline]]()
    for row in sorted(rows, key=lambda row: row.read):
        slug = row.categories[0].slug if row.categories else ""
        names.setdefault(slug, row.categories[0].name if row.categories else "")
        parts.setdefault(slug, []).append(row)
    return tuple((names[slug], parts[slug]) for slug in dict.fromkeys((*order, *filter(None, parts), "")) if slug in parts)


def _titles(context: Context, paper: str, count: int, since: datetime) -> tuple[str, str]:
    """Return the paper's name, and the day with how many stories are new."""
    language, now = context.language, clock()
    return paper, f"{language.long_date(now)} · {language.new_since(count, since, now)}"


def _write_text(
    context: Context, titles: tuple[str, str], parts: Sequence[Part], papers: Mapping[str, str], console: Console
) -> None:
    """Write a digest as lines; in a terminal in real type, where the reader would be drawn in it.

    `papers` are the names to put to stories, where they are of several papers.
    """
    output, cells = context.options.output, console.cells
    if output is not None:
        with replacing(output) as file:
            for line in _lines(context.language, titles, parts, papers, None):
                file.write(f"{guarded(line)}\n".encode("utf-8", "replace"))
        return
    if cells and not context.plain:
        from bpost_tui.cli.show_in_type import digest_in_type  # 25 ms, and only for a terminal

        sections = [(name, [Hit(row, (), _excerpt(row), ()) for row in stories]) for name, stories in parts]
        if (drawn := digest_in_type(context, *titles, sections, papers, cells)) is not None:
            for line in drawn:
                console.picture(line)
            return
    for line in _lines(context.language, titles, parts, papers, cells):
        console.result(line)


def _lines(
    language: Language, titles: tuple[str, str], parts: Sequence[Part], papers: Mapping[str, str], cells: int | None
) -> Iterator[str]:
    from bpost_tui.text.graphemes import truncate

    yield from titles
    for name, stories in parts:
        yield from ["", f"{name} ({language.number(len(stories))})"]
        for row, line in zip(stories, story_lines(stories, language, cells, papers), strict=True):
            yield line
            if excerpt := _excerpt(row):
                yield _INDENT + (excerpt if cells is None else truncate(excerpt, max(1, cells - len(_INDENT))))


def _excerpt(row: Headline) -> str:
    """Return the beginning of a story, without where and when it was written."""
    return row.excerpt.removeprefix(dateline(row.excerpt)).lstrip()
