"""Verb `digest`: a document with the news of a day, by paper and category. News that several papers have is listed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bpost_tui.cli.export.edition import EditionSection
from bpost_tui.cli.export.export import build_edition, export_stories, publish, require_writable_output, write_lines
from bpost_tui.cli.shared.command_context import CommandContext, clock, papers
from bpost_tui.cli.shared.story_table import UNMIXED, chosen_rows, note_query, paper_labels, require_category, story_lines
from bpost_tui.console import Console
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language, message
from bpost_tui.model.datelines import dateline
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.search_values import Hit
from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.graphemes import truncate_words

_USUAL = timedelta(hours=24)
_INDENT = "      "


def digest_(context: CommandContext, console: Console) -> int:
    """Print or write the stories published since a time (`--since`, or its default); return the exit status, 0.

    Raises NotFoundError if there are none.
    """
    options = context.options
    require_writable_output(options.format, options.output, console)
    with context.library(console) as library:
        note_query(context, console, library, options.query)
        since = options.since or clock() - _USUAL
        if not (rows := chosen_rows(context, library, since, folded=context.settings.same_news_once)):
            require_category(library, options.category)
            raise NotFoundError(message("Nothing found"))
        paper_list = papers(context, library)
        names = paper_list.names() if paper_list.are_several else {}
        parts = _by_category(rows, [count.category.slug for count in library.categories()], context.language, names)
        also = {row.id: line for row in rows if (line := _also(row, paper_list.names(), context.language))}
        if options.format == "text":
            language, now = context.language, clock()
            subtitle = f"{language.long_date(now)} · {language.new_since(len(rows), since, now)}"
            _write_text(context, (paper_list.title(), subtitle), parts, paper_labels(rows, paper_list), also, console)
        else:
            sections = (EditionSection(name, export_stories(library, iter([row.id for row in stories]))) for name, stories in parts)
            publish(
                replace(build_edition(context, library, sections), same_news_papers=also), options.format, options.output, console
            )
    return 0


Part = tuple[str, Sequence[Headline]]


def _by_category(
    rows: Sequence[Headline], order: Sequence[str], language: Language, papers: Mapping[str, str] = UNMIXED
) -> tuple[Part, ...]:
    """Return the parts of a digest, each with a category's name and its stories, unread ones first.

    A story that has several categories is in the part of its first category.

    Args:
        rows: Stories of the digest.
        order: Slugs of categories in the order of printing; other categories follow.
        language: Language of the interface.
        papers: Names of the papers by their keys, in the order of printing. If not empty, each part is of one paper, and the parts
            of a paper are together.
    """
    names, parts = {"": language.text("Other stories")}, dict[tuple[str, str], list[Headline]]()
    for row in sorted(rows, key=lambda row: row.read):
        slug = row.categories[0].slug if row.categories else ""
        names.setdefault(slug, row.categories[0].name if row.categories else "")
        parts.setdefault((row.paper if papers else "", slug), []).append(row)
    keys = dict.fromkeys((*papers, *(paper for paper, _ in parts)))
    slugs = dict.fromkeys((*order, *(slug for _, slug in parts if slug), ""))
    found = [(paper, slug) for paper in keys for slug in slugs if (paper, slug) in parts]
    return tuple((" · ".join(filter(None, (papers.get(key[0], key[0]), names[key[1]]))), parts[key]) for key in found)


def _also(row: Headline, papers: Mapping[str, str], language: Language) -> str:
    """Return a line that names the other papers with the same news as the story `row`; empty if there are none."""
    others = dict.fromkeys(papers.get(other.paper, other.paper) for other in row.others)
    return (
        language.text("Also in {papers}", papers=", ".join(clean_line(name, MAX_NAME_CHARS) for name in others)) if others else ""
    )


def _write_text(
    context: CommandContext,
    titles: tuple[str, str],
    parts: Sequence[Part],
    papers: Mapping[str, str],
    also: Mapping[int, str],
    console: Console,
) -> None:
    """Write a digest as lines. In a terminal that can show pixels, the digest is typeset.

    Args:
        context: Context of the verb.
        titles: Title and subtitle of the digest.
        parts: Names of categories, each with its stories.
        papers: Names of the papers by their keys; empty if all stories are of one paper.
        also: Lines that name other papers with the same news, by the story's id.
        console: Console to write to, unless an option names a file.
    """
    output = context.options.output
    cells = console.cells if output is None else None
    if cells and not context.plain:
        from bpost_tui.cli.shared.typeset_output import digest_in_type  # 25 ms, and only for a terminal

        sections = [
            (name, [Hit(row, (), " · ".join(filter(None, (also.get(row.id), _excerpt(row)))), ()) for row in stories])
            for name, stories in parts
        ]
        if (drawn := digest_in_type(context, *titles, sections, papers, cells)) is not None:
            for line in drawn:
                console.picture(line)
            return
    write_lines(_lines(context.language, titles, parts, papers, also, cells), output, console)


def _lines(
    language: Language,
    titles: tuple[str, str],
    parts: Sequence[Part],
    papers: Mapping[str, str],
    also: Mapping[int, str],
    cells: int | None,
) -> Iterator[str]:
    yield from titles
    for name, stories in parts:
        yield from ["", f"{name} ({language.number(len(stories))})"]
        for row, line in zip(stories, story_lines(stories, language, cells, papers), strict=True):
            yield line
            for excerpt in filter(None, (also.get(row.id), _excerpt(row))):
                yield _INDENT + (excerpt if cells is None else truncate_words(excerpt, max(1, cells - len(_INDENT))))


def _excerpt(row: Headline) -> str:
    """Return the beginning of a story, without its dateline."""
    return row.excerpt.removeprefix(dateline(row.excerpt)).lstrip()
