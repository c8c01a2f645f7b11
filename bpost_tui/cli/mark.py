"""`mark`: the reader's marks, set and taken away by scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from bpost_tui.cli.console import Console
from bpost_tui.cli.context import Context, clock
from bpost_tui.errors import NotFound, UsageError
from bpost_tui.i18n import message

STDIN = "-"
MAX_STDIN_BYTES = 16 << 20


def mark_(context: Context, console: Console) -> int:
    """Mark the stories that are here, in one go, and say how many that changed; 1 where one isn't here."""
    wanted = tuple(dict.fromkeys(_wanted(context.options.stories)))
    name = context.options.mark
    on = not name.startswith("un")
    with context.library(console) as library:
        save = {"read": library.mark_read, "star": library.mark_starred, "later": library.mark_later}[name.removeprefix("un")]
        found = library.find_all(wanted)
        changed = save(found.values(), on, now=clock())
    for one in wanted:
        if one not in found:
            console.note(context.language.text("no story {wanted} in the library", wanted=one[:80]))
    console.result(context.language.plural("{n} story changed", "{n} stories changed", len(changed)))
    return NotFound.exit_code if len(found) < len(wanted) else 0


def _wanted(named: Sequence[str]) -> Iterator[str]:
    for one in named:
        if one == STDIN:
            yield from (words[0] for words in map(str.split, _stdin().splitlines()) if words)
        else:
            yield one.strip()


def _stdin() -> str:
    read = sys.stdin.buffer.read(MAX_STDIN_BYTES + 1)
    if len(read) > MAX_STDIN_BYTES:
        raise UsageError(message("stdin: more than 16 MB of stories' numbers"))
    return read.decode("utf-8", "replace")
