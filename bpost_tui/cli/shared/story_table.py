"""Tables of the stories that a verb's options select, in columns that are aligned for Bengali as well as Latin letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpost_tui.cli.shared.command_context import PORTALS_LISTS_THEM, clock, mutes
from bpost_tui.core.wording import age_line, change_line, shown_title
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language, Reason, did_you_mean, message
from bpost_tui.model.list_position import row_key
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.story import Headline, ListFilter
from bpost_tui.typesetting.text.graphemes import cell_width, truncate, truncate_words

if TYPE_CHECKING:
    from bpost_tui.cli.shared.command_context import CommandContext
    from bpost_tui.console import Console
    from bpost_tui.core.lists.paper_list import PaperList
    from bpost_tui.model.search_values import Hit
    from bpost_tui.store.library import Library
    from bpost_tui.store.search.story_search import SearchResult

UNREAD, STARRED = "●", "★"
UNMIXED: Mapping[str, str] = MappingProxyType({})
"""Empty map, for stories of a single paper: no paper names are printed."""
_AT_A_TIME = 500
_NAME_CELLS = 16
"""Width in cells of the column for a paper's name, before the headline."""


# ── choosing ────────────────────────────────────────────────────────────────


def chosen_filter(context: CommandContext, library: Library) -> ListFilter:
    """Return the list filter for the command's options; raises NotFoundError for a list or group that doesn't exist."""
    options, groups = context.options, context.subscriptions.groups
    own = None if options.list is None else library.own_lists.find(options.list).key
    if options.group is not None and options.group not in groups:
        hint = did_you_mean(options.group, groups) or PORTALS_LISTS_THEM
        raise NotFoundError(Reason("there is no group “{name}”", name=clean_line(options.group, MAX_NAME_CHARS)), hint=hint)
    in_group = groups.get(options.group, ())
    marks = options.unread, options.starred, options.later
    return ListFilter(options.category, *marks, own_list=own, papers=in_group, changed=options.changed)


def chosen_filters(library: Library, list_filter: ListFilter, *, unfollowed: bool = False) -> tuple[ListFilter, ...]:
    """Return filters that together select the stories of `list_filter`.

    If `list_filter` names a category, each paper that has the category gets a filter. If `unfollowed`, stories of papers that the
    reader no longer follows are selected too. The reader's own lists always have these stories.
    """
    slug, is_own = list_filter.category, list_filter.is_own
    others = [count.paper.key for count in library.unsubscribed_papers()] if unfollowed or is_own else []
    if slug is None:
        more = () if is_own or list_filter.papers else others
        return (list_filter, *(list_filter._replace(paper=key) for key in more))
    keys = [count.paper for count in library.categories() if count.category.slug == slug] + others
    if list_filter.papers:
        keys = [key for key in keys if key in list_filter.papers]
    return tuple(list_filter._replace(paper=key, papers=()) for key in keys) or (list_filter,)


def newest(lists: Iterable[Iterable[Headline]]) -> Iterator[Headline]:
    """Yield the headlines of several lists in one list, newest first."""
    return merge(*lists, key=lambda row: (row.published, row.id), reverse=True)


def all_rows(library: Library, list_filter: ListFilter, *, unfollowed: bool = False) -> Iterator[Headline]:
    """Yield every story that `list_filter` selects, newest first.

    If `unfollowed`, stories of papers that the reader no longer follows are included. The reader's own lists always have them.
    """
    yield from newest(_every_row(library, each) for each in chosen_filters(library, list_filter, unfollowed=unfollowed))


def _every_row(library: Library, list_filter: ListFilter) -> Iterator[Headline]:
    after = None
    while rows := library.headlines(list_filter, limit=_AT_A_TIME, after=after):
        yield from rows
        after = row_key(rows[-1])


def chosen_rows(context: CommandContext, library: Library, since: datetime | None, *, folded: bool = False) -> Sequence[Headline]:
    """Return the stories that the options select, newest first: without muted stories, and without stories before `since`.

    If `since` is None, the date doesn't matter. Muted stories are included if an option asks for them. If `folded`, stories about
    the same news share one row, provided that the options select the stories of all papers. Raises NotFoundError for a list or
    group that doesn't exist.
    """
    options, chosen = context.options, chosen_filter(context, library)
    chosen = chosen._replace(groups_same_news=folded and chosen.category is None and not chosen.papers and not chosen.is_own)
    rows = tuple(takewhile(lambda row: since is None or row.published >= since, all_rows(library, chosen)))
    if query := options.query:
        found = set(library.search.story_ids(query, now=clock(), within=chosen))
        rows = tuple(row for row in rows if not found.isdisjoint((row.id, *(other.story for other in row.others))))
    if not options.muted and context.has_mutes(library):
        return mutes(context, library).filter_rows(library, chosen, rows)
    return rows


def require_category(library: Library, slug: str | None) -> None:
    """Raise NotFoundError if the library lacks the category `slug`, which an option names; None means that no option does.

    Called if a verb finds no stories, to explain the reason.
    """
    slugs = [known.category.slug for known in library.categories()] if slug else []
    if slug and slug not in slugs:
        hint = did_you_mean(slug, slugs) or message("`bpost categories` lists them.")
        raise NotFoundError(Reason("no category '{slug}' in the library", slug=slug[:80]), hint=hint)


def note_query(context: CommandContext, console: Console, library: Library, query: str | None) -> None:
    """Print notes on how a query is understood (`note_search`). `query` is None if the options have no query."""
    if query:
        note_search(context, console, library.search.find(query, limit=1, now=clock()))


def note_search(context: CommandContext, console: Console, result: SearchResult) -> None:
    """Print the problem of a query, such as a missing quote, and the words searched for if they differ from the typed words.

    For example, Bengali words are searched for instead of Roman letters. `result` is the result of the query.
    """
    if result.problem:
        from bpost_tui.core.wording import problem_line

        console.write_note(problem_line(result.problem, context.language))
    if result.interpretation:
        console.write_note(context.language.text("Understood as: {reading}", reading=result.interpretation))


# ── printing ────────────────────────────────────────────────────────────────


def paper_labels(rows: Sequence[Headline], paper_list: PaperList) -> Mapping[str, str]:
    """Return the names of papers to print with the stories `rows`, by the papers' keys.

    Empty if all stories are of one paper of the session, so that no name is needed. A paper that isn't followed any more is marked
    so. `paper_list` has the papers of the session.
    """
    keys = {row.paper for row in rows}
    return paper_list.labels() if len(keys) > 1 or keys - paper_list.names().keys() else UNMIXED


def note_unfollowed(rows: Sequence[Headline], paper_list: PaperList, console: Console) -> None:
    """Print the names of those papers with stories in `rows` that the reader no longer follows, each marked so.

    The column of names beside the headlines has no room for this mark.
    """
    names, keys = paper_list.labels(), {row.paper for row in rows} - paper_list.names().keys()
    for key in sorted(keys & names.keys()):
        console.write_note(names[key])


def story_lines(rows: Sequence[Headline], language: Language, cells: int | None, papers: Mapping[str, str] = UNMIXED) -> list[str]:
    """Return a line for each story: id, marks, age, paper if there are several, headline.

    `cells` is the maximum width of a line; None for no limit. `papers` maps papers' keys to names, and is empty for a single paper.
    """
    now = clock()
    numbers = column([str(row.id) for row in rows], right=True)
    ages = column([age_line(row, language, now) for row in rows], right=True)
    marks = [(" " if row.read else UNREAD) + (STARRED if row.starred else " ") for row in rows]
    titles = [" · ".join(filter(None, (change_line(row, language), shown_title(row.title, language)))) for row in rows]
    if papers:
        own = [papers.get(row.paper, row.paper) for row in rows]
        names = column(own if cells is None else [truncate_words(name, _NAME_CELLS) for name in own])
        ages = [f"{age}  {name}" for age, name in zip(ages, names, strict=True)]
    heads = [f"{number} {mark} {age}  " for number, mark, age in zip(numbers, marks, ages, strict=True)]
    if cells is not None:
        titles = [truncate_words(title, max(1, cells - cell_width(head))) for head, title in zip(heads, titles, strict=True)]
    lines = [head + title for head, title in zip(heads, titles, strict=True)]
    return lines if cells is None else [truncate(line, cells) for line in lines]


def snippet_pieces(hit: Hit) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of the snippet of a search result (`hit`) as pairs: the text, and whether it matches the query."""
    at = 0
    for start, end in hit.snippet_ranges:
        yield from ((hit.snippet[at:start], False), (hit.snippet[start:end], True))
        at = end
    yield hit.snippet[at:], False


def column(texts: Sequence[str], *, right: bool = False) -> list[str]:
    """Return texts padded to the width of the widest text, with spaces after each text, or before each text if `right`."""
    width = max(map(cell_width, texts), default=0)
    fills = [" " * (width - cell_width(text)) for text in texts]
    return [fill + text if right else text + fill for text, fill in zip(texts, fills, strict=True)]
