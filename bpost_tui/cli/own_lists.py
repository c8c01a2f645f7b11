"""`lists`: the reader's own lists: which there are, putting stories into them and taking them out, renaming and deleting them."""

from __future__ import annotations

from bpost_tui.cli.mark import found_stories, told_missing
from bpost_tui.cli.shared.console import Console
from bpost_tui.cli.shared.context import Context, clock, exchange_marks
from bpost_tui.cli.shared.story_lists import column
from bpost_tui.errors import NotFound, UsageError
from bpost_tui.i18n import message
from bpost_tui.model.story import ListFilter
from bpost_tui.reading.passing_on.json_output import as_json
from bpost_tui.store.library import Library


def lists_(context: Context, console: Console) -> int:
    """Do the task that is named."""
    tasks = {"show": _show, "make": _make, "put": _put, "take": _put, "rename": _rename, "delete": _delete}
    with context.library(console) as library:
        status = tasks[context.options.task](context, console, library)
        if context.options.task != "show":
            exchange_marks(context, library, console)
    return status


def _show(context: Context, console: Console, library: Library) -> int:
    lists = library.own_lists.all()
    counts = [tuple(library.count(ListFilter(own=each.key, unread=unread)) for unread in (True, False)) for each in lists]
    if context.options.json:
        console.result(
            as_json(
                [{"name": each.name, "saved": total, "unread": unread} for each, (unread, total) in zip(lists, counts, strict=True)]
            )
        )
        return 0
    number = context.language.number
    unread, total = (column([number(count[at]) for count in counts], right=True) for at in (0, 1))
    for new, all_, each in zip(unread, total, lists, strict=True):
        console.result(f"{new} / {all_}  {each.name}")
    return 0


def _make(context: Context, console: Console, library: Library) -> int:
    each = library.own_lists.make(_name(context), now=clock())
    console.result(context.language.text("List “{name}” created", name=each.name))
    return 0


def _put(context: Context, console: Console, library: Library) -> int:
    """Put stories into a list, which is made where it isn't there, or take them out."""
    on, lists = context.options.task == "put", library.own_lists
    references, found = found_stories(context.options.what, library)
    name = _name(context)
    each = lists.make(name, now=clock()) if on else lists.named(name)
    changed = lists.put(each.key, found.values(), on, now=clock())
    console.result(context.language.plural("{n} story changed", "{n} stories changed", len(changed)))
    return told_missing(context, console, references, found)


def _rename(context: Context, console: Console, library: Library) -> int:
    each, new = library.own_lists.named(_name(context)), context.options.what
    if len(new) != 1:
        raise UsageError(message("rename takes a list's name, and a new one"))
    library.own_lists.rename(each.key, new[0], now=clock())
    return 0


def _delete(context: Context, console: Console, library: Library) -> int:
    library.own_lists.delete(library.own_lists.named(_name(context)).key, now=clock())
    return 0


def _name(context: Context) -> str:
    name: str | None = context.options.name
    if name is None:
        raise NotFound(message("No list was named"))
    return name
