"""`mark`: set and take away marks of stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bpost_tui.cli.shared.console import Console, stdin_bytes
from bpost_tui.cli.shared.context import Context, clock, exchange_marks
from bpost_tui.errors import NotFound, UsageError
from bpost_tui.i18n import message
from bpost_tui.store.library import Library
from bpost_tui.store.lists.marks import Mark

STDIN = "-"
MAX_STDIN_BYTES = 16 << 20
_MARKS: dict[str, Mark] = {"read": "read", "star": "starred", "later": "later"}


def mark_(context: Context, console: Console) -> int:
    """Mark those stories that are in the library and print how many changed; return 1 if one isn't there."""
    name: str = context.options.mark
    is_on = not name.startswith("un")
    with context.library(console) as library:
        references, found = found_stories(context.options.stories, library)
        changed = library.mark(_MARKS[name.removeprefix("un")], found.values(), is_on, now=clock())
        exchange_marks(context, library, console)
    status = told_missing(context, console, references, found)
    console.result(context.language.plural("{n} story changed", "{n} stories changed", len(changed)))
    return status


def found_stories(named: Sequence[str], library: Library) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """Return the references to stories that are typed, or on stdin, and the numbers of those that are in the library.

    Raises:
        NotFound: None is named.
    """
    references = tuple(dict.fromkeys(_references(named)))
    if not references:
        raise NotFound(message("No story was named"))
    return references, library.find_all(references)


def told_missing(context: Context, console: Console, references: Sequence[str], found: Mapping[str, int]) -> int:
    """Say which stories aren't in the library, and return the exit status."""
    for reference in references:
        if reference not in found:
            console.note("bpost: " + context.language.text("no story {wanted} in the library", wanted=reference[:80]))
    return NotFound.exit_code if len(found) < len(references) else 0


def _references(named: Sequence[str]) -> Iterator[str]:
    """Yield the numbers, guids or addresses that are named, those on stdin in place of `-`."""
    for reference in named:
        if reference == STDIN:
            yield from (words[0] for words in map(str.split, _stdin().splitlines()) if words)
        else:
            yield reference.strip()


def _stdin() -> str:
    read = stdin_bytes().read(MAX_STDIN_BYTES + 1)
    if len(read) > MAX_STDIN_BYTES:
        raise UsageError(message("stdin: more than 16 MB of stories' numbers"))
    return read.decode("utf-8", "replace")
