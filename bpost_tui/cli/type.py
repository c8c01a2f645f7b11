"""`type`: any text as a pager in real type; into a pipe it goes as it came."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from bpost_tui.cli.shared.console import Console, stdin_bytes
from bpost_tui.cli.shared.context import Context
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.type.typeset.items import Item, Para, Run

_CHUNK_BYTES = 1 << 16
_MAX_MARKDOWN_BYTES = 8 << 20
_MAX_LINE_CHARS = 20_000
_TAB_CELLS = 8
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")
"""ECMA-48's control functions, as programs colour their lines with, and OSC."""


def type_(context: Context, console: Console) -> int:
    """Show a file, or what comes in at stdin, as a pager in real type."""
    options = context.options
    name = "" if options.file in (None, "-") else options.file
    with ExitStack() as stack:
        if not name and sys.stdin is not None and sys.stdin.isatty():
            raise UsageError(message("Nothing to show"), hint=message("Name a file, or send it text through a pipe."))
        file = stack.enter_context(_opened(name)) if name else stdin_bytes()
        if console.cells is None:
            while data := file.read(_CHUNK_BYTES):
                console.data(data)
            return 0
        from bpost_tui.cli.shared.pager import Pager  # with the typesetter, 60 ms
        from bpost_tui.cli.shared.show_in_type import type_here

        items = _markdown(file, context.language) if options.markdown else _lines(file)
        width = options.width or context.settings.text_width
        Pager(type_here(context), items, width=width, name=Path(name).name, language=context.language, finder=_finder).run()
    return 0


def _opened(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error


def _lines(file: IO[bytes]) -> Iterator[Item]:
    """Yield each line of a text as a paragraph; empty ones are white."""
    empty = 0
    for line in iter(lambda: file.readline(4 * _MAX_LINE_CHARS), b""):
        text = _ESCAPE.sub("", line.decode("utf-8", "replace")).rstrip("\r\n").expandtabs(_TAB_CELLS)
        if text.strip():
            yield Para((Run(text),), before=min(empty, 2) * 0.9)
            empty = 0
        else:
            empty += 1


def _markdown(file: IO[bytes], language: Language) -> Iterator[Item]:
    """Yield the items of a Markdown text (CommonMark, with tables): its HTML is read as a paper's is."""
    from markdown_it import MarkdownIt  # 40 ms, and Textual's own

    from bpost_tui.portal.html.blocks import blocks_under
    from bpost_tui.portal.html.guard import parse
    from bpost_tui.reading.templates.article import body

    text = file.read(_MAX_MARKDOWN_BYTES).decode("utf-8", "replace")
    root = parse(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    yield from body(blocks_under(root, None), language) if root is not None else ()


def _finder(words: str) -> Callable[[str], Sequence[tuple[int, int]]]:
    """Return what finds words in a line, whether their letters are large or small."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    return lambda text: [match.span() for match in pattern.finditer(text) if match[0]]
