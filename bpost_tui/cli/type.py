"""Verb `type`: shows any text typeset in a pager. If the output is a pipe, the text is written unchanged."""

from __future__ import annotations

import gc
import os
import re
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from bpost_tui.cli.shared.command_context import CommandContext
from bpost_tui.clock import utc_now
from bpost_tui.console import Console, stdin_bytes
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language, message, prefix_reason
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line, clean_text
from bpost_tui.typesetting.typeset.items import Item, Para, Run

if TYPE_CHECKING:
    from bpost_tui.model.story import Story

_STDIN = "-"
_CHUNK_BYTES = 1 << 16
_MAX_MARKDOWN_BYTES = 2 << 20
"""Maximum number of bytes read of a Markdown file: enough for the longest story (`limits.MAX_CHARS` letters of three bytes)."""
_MAX_LINE_BYTES = 4_000
"""Maximum length in bytes of a line that becomes one paragraph.

Longer lines are split, so that the first page of an endless line is shown at once.
"""
_LOOKED_INTO_BYTES = 8_000
_WAIT_S = 0.05
"""Maximum time in seconds to wait for more text between two checks of the keyboard."""
_TAB_CELLS = 8
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")
"""Pattern of the escape sequences (ECMA-48's control functions, and OSC) that programs use to colour their output."""


def type_(context: CommandContext, console: Console) -> int:
    """Show a file, or stdin, typeset in a pager; if the output is a pipe, write it unchanged. Return the exit status, 0.

    Raises UsageError if no text is given, or if the file can't be opened or isn't text.
    """
    options = context.options
    name = "" if options.file in (None, _STDIN) else options.file
    with ExitStack() as stack:
        if not name and sys.stdin is not None and sys.stdin.isatty():
            raise UsageError(message("Nothing to show"), hint=message("Name a file, or send it text through a pipe."))
        file = stack.enter_context(_opened(name)) if name else stdin_bytes()
        if console.cells is None:
            while data := file.read(_CHUNK_BYTES):
                console.data(data)
            return 0
        if name and not _is_text(file.fileno()):
            raise UsageError(prefix_reason(name, message("this isn't text")), hint=message("Piped output is left as it is."))
        gc.disable()  # until the first page: 7 ms
        from bpost_tui.cli.shared.pager import Pager  # with the typesetter, 60 ms
        from bpost_tui.cli.shared.typeset_output import type_setup

        items = _markdown(file, name or _STDIN, context.language) if options.markdown else _lines(file)
        width, title = options.width or context.settings.text_width, clean_line(Path(name).name, MAX_NAME_CHARS)
        Pager(type_setup(context), items, width=width, name=title, language=context.language, finder=_finder).run()
    return 0


def _opened(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error


def _is_text(fd: int) -> bool:
    """Whether the first bytes of the file with the descriptor `fd` have no NUL. A file that can't be read counts as text."""
    with suppress(OSError):
        return b"\0" not in os.pread(fd, _LOOKED_INTO_BYTES, 0)
    return True


def _lines(file: IO[bytes]) -> Iterator[Item | None]:
    """Yield each line of the text in `file` as a paragraph, and an empty line as vertical space.

    Yield None while the file is open but no line arrives, so that the caller can check the keyboard.
    """
    empty = 0
    for line in _cut(_chunks(file.fileno())):
        if line is None:
            yield None
            continue
        text = clean_text(_ESCAPE.sub("", line.decode("utf-8", "replace")).rstrip("\r"), _MAX_LINE_BYTES)
        text = text.replace("\n", " ").expandtabs(_TAB_CELLS)  # of the line ends within a line, such as a form feed
        if text.strip():
            yield Para((Run(text),), before=min(empty, 2) * 0.9)
            empty = 0
        else:
            empty += 1


def _chunks(fd: int) -> Iterator[bytes | None]:
    """Yield data from the file descriptor `fd` as it arrives; yield None while none arrives."""
    while True:
        if not select.select([fd], [], [], _WAIT_S)[0]:
            yield None
        elif data := os.read(fd, _CHUNK_BYTES):
            yield data
        else:
            return


def _cut(chunks: Iterator[bytes | None]) -> Iterator[bytes | None]:
    """Join `chunks` of bytes and yield their lines, without line ends; yield None for each None in `chunks`.

    Long lines are split after a space or between characters (UTF-8, RFC 3629).
    """
    rest = b""
    for chunk in chunks:
        if chunk is None:
            yield None
            continue
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield from _parts(line)
        *parts, rest = _parts(rest)
        yield from parts
    if rest:
        yield rest


def _parts(line: bytes) -> Iterator[bytes]:
    start = 0
    while len(line) - start > _MAX_LINE_BYTES:
        end = line.rfind(b" ", start, start + _MAX_LINE_BYTES) + 1 or start + _MAX_LINE_BYTES
        while end > start + 1 and line[end] & 0xC0 == 0x80:
            end -= 1
        yield line[start:end]
        start = end
    yield line[start:]


def _markdown(file: IO[bytes], name: str, language: Language) -> Iterator[Item]:
    """Yield the paragraphs and other items of a Markdown file, which a parser process reads.

    Raises ContentError, with `name` in the message, if parsing takes too long or too much memory.
    """
    from bpost_tui.cli.shared.parsed_file import parse_file
    from bpost_tui.core.templates.story_page import body

    story = cast("Story", parse_file("markdown", name, file.read(_MAX_MARKDOWN_BYTES), utc_now()))
    return iter(body(story.blocks, language))


def _finder(words: str) -> Callable[[str], Sequence[tuple[int, int]]]:
    """Return a function that finds `words` in a line of text, ignoring case. It returns the start and end of each match."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    return lambda text: [match.span() for match in pattern.finditer(text) if match[0]]
