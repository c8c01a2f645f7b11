"""Verbs `mark`, which sets and removes marks of stories, and `lists`, which changes the reader's own lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bpost_tui.cli.shared.command_context import CommandContext, clock, sync_local_marks
from bpost_tui.cli.shared.story_table import column
from bpost_tui.console import Console, stdin_bytes
from bpost_tui.core.json_api import to_json_text
from bpost_tui.errors import NotFoundError, UsageError
from bpost_tui.i18n import Reason, message
from bpost_tui.model.marks import MarkName
from bpost_tui.model.own_list import OwnList
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library

_MAX_STDIN_BYTES = 16 << 20
_MARKS: dict[str, MarkName] = {"read": "read", "star": "starred", "later": "later"}


def mark_(context: CommandContext, console: Console) -> int:
    """Mark the named stories, and print how many marks have changed. Return 1 if any of the stories isn't in the library, else 0.

    Raises NotFoundError if no story is named.
    """
    name: str = context.options.mark
    is_on = not name.startswith("un")
    with context.library(console) as library:
        references, found = _resolve_stories(context.options.stories, library)
        changed = library.set_mark(_MARKS[name.removeprefix("un")], found.values(), is_on, now=clock())
        sync_local_marks(context, library, console)
    status = _report_missing(context, console, references, found)
    console.write_result(context.language.plural("{n} story changed", "{n} stories changed", len(changed)))
    return status


def lists_(context: CommandContext, console: Console) -> int:
    """Run the task of `bpost lists` that the arguments name, and return the exit status.

    The status is 1 if a story named to `put` or `take` isn't in the library, else 0.
    """
    tasks = {"show": _show, "make": _make, "put": _put, "take": _put, "rename": _rename, "delete": _delete}
    with context.library(console) as library:
        status = tasks[context.options.task](context, console, library)
        if context.options.task != "show":
            sync_local_marks(context, library, console)
    return status


# ── lists ───────────────────────────────────────────────────────────────────


def _show(context: CommandContext, console: Console, library: Library) -> int:
    lists = library.own_lists.all()
    counts = [tuple(library.count(ListFilter(own_list=each.key, unread=unread)) for unread in (True, False)) for each in lists]
    if context.options.json:
        console.write_result(
            to_json_text(
                [{"name": each.name, "saved": total, "unread": unread} for each, (unread, total) in zip(lists, counts, strict=True)]
            )
        )
        return 0
    number = context.language.number
    unread, total = (column([number(count[at]) for count in counts], right=True) for at in (0, 1))
    for new, all_, each in zip(unread, total, lists, strict=True):
        console.write_result(f"{new} / {all_}  {each.name}")
    if not lists:
        console.write_note(context.language.text("You have no lists yet. `bpost lists make NAME` creates one."))
    return 0


def _make(context: CommandContext, console: Console, library: Library) -> int:
    before = library.own_lists.all()
    each = library.own_lists.create(_name(context), now=clock())
    done = message("There is a list “{name}” already") if each in before else message("List “{name}” created")
    console.write_result(context.language.text(done, name=each.name))
    return 0


def _put(context: CommandContext, console: Console, library: Library) -> int:
    """Add stories to a list, which is created if it is missing, or remove stories from it.

    Return the exit status: 1 if any of the stories isn't in the library, else 0. Raises NotFoundError if no story or no list is
    named, if the list to take stories from is missing, or if the list to create has almost the name of another.
    """
    on, lists = context.options.task == "put", library.own_lists
    references, found = _resolve_stories(context.options.what, library)
    each = _list_to_fill(context, console, library) if on else lists.find(_name(context))
    changed = lists.set_entries(each.key, found.values(), on, now=clock())
    console.write_result(context.language.plural("{n} story changed", "{n} stories changed", len(changed)))
    return _report_missing(context, console, references, found)


def _list_to_fill(context: CommandContext, console: Console, library: Library) -> OwnList:
    """Return the list that the task `put` is to add stories to; if it is missing, create it, and print a note.

    If there is a list with almost the same name, raise NotFoundError instead of creating one: the name is probably misspelt.
    """
    name, lists = _name(context), library.own_lists
    try:
        return lists.find(name)
    except NotFoundError as error:
        from bpost_tui.nearest import closest_match  # 2 ms, for a missing list only

        if near := closest_match(name, [each.name for each in lists.all()]):
            hint = Reason("Did you mean {near}? `bpost lists make` makes a new one.", near=near)
            raise NotFoundError(error.message, hint=hint) from error
    made = lists.create(name, now=clock())
    console.write_note(context.language.text("List “{name}” created", name=made.name))
    return made


def _rename(context: CommandContext, console: Console, library: Library) -> int:
    each, new = library.own_lists.find(_name(context)), context.options.what
    if len(new) != 1:
        raise UsageError(message("rename takes a list's name, and a new one"))
    library.own_lists.rename(each.key, new[0], now=clock())
    return 0


def _delete(context: CommandContext, console: Console, library: Library) -> int:
    library.own_lists.delete(library.own_lists.find(_name(context)).key, now=clock())
    return 0


def _name(context: CommandContext) -> str:
    name: str | None = context.options.name
    if name is None:
        raise NotFoundError(message("No list was named"))
    return name


# ── references to stories ───────────────────────────────────────────────────


def _resolve_stories(named: Sequence[str], library: Library) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """Return all references to stories in `named`, and the ids of the stories that the library has, by reference.

    A reference is a number, a guid or an address. The reference `-` means that the lines of stdin are references.

    Raises:
        NotFoundError: No story is named.
    """
    references = tuple(dict.fromkeys(_references(named)))
    if not references:
        raise NotFoundError(message("No story was named"))
    return references, library.find_all(references)


def _report_missing(context: CommandContext, console: Console, references: Sequence[str], found: Mapping[str, int]) -> int:
    """Print the `references` that name no story in the library, and return the exit status: 1 if there are any, else 0.

    `found` has the other references.
    """
    for reference in references:
        if reference not in found:
            console.write_note("bpost: " + context.language.text("no story {wanted} in the library", wanted=reference[:80]))
    return NotFoundError.exit_code if len(found) < len(references) else 0


def _references(named: Sequence[str]) -> Iterator[str]:
    """Yield the numbers, guids or addresses that the arguments name. For `-`, yield the lines of stdin."""
    for reference in named:
        if reference == "-":
            yield from (words[0] for words in map(str.split, _stdin().splitlines()) if words)
        else:
            yield reference.strip()


def _stdin() -> str:
    read = stdin_bytes().read(_MAX_STDIN_BYTES + 1)
    if len(read) > _MAX_STDIN_BYTES:
        raise UsageError(message("stdin: more than 16 MB of stories' numbers"))
    return read.decode("utf-8", "replace")
