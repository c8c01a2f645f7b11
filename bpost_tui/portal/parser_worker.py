"""The worker: reads what the portal sent, in a process that can be killed and can't grow. Run by `portal.reader_process`.

It takes requests on standard input and answers each on standard output, in frames: four bytes of length, big-endian, and that many
bytes. A request is two frames, a task (`wire`: the fields of `Task`) and the body it is about; an answer is one, ("ok", value) or
("error", line, hint).
"""

from __future__ import annotations

import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from bpost_tui.errors import ContentError
from bpost_tui.model.story import Category
from bpost_tui.portal import wire
from bpost_tui.portal.feed.parser import parse_feed
from bpost_tui.portal.html.article import read_page
from bpost_tui.portal.images import keepable, printed
from bpost_tui.portal.wordpress.api_parser import read_categories, read_posts

MAX_MEMORY_BYTES = 200 << 20
"""Address space of the process; it starts with about 60 MB."""
MAX_FRAME_BYTES = 64 << 20
_ORPHAN_S = 30
"""After so long on one document the worker ends by itself, should nobody be left to kill it."""
LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Task:
    """What to read a body as."""

    name: str
    content_type: str
    address: str
    known: tuple[Category, ...]
    now: datetime
    print: tuple[int, int, int] = (1, 1, 0)
    """Of a picture's print: its width and height in pixels, and how many colours it may have (0 is any)."""
    seen: str = ""
    """Of a feed: the digests of items that needn't be read again."""


_TASKS: dict[str, Callable[[Task, bytes], object]] = {
    "feed": lambda task, body: parse_feed(body, task.content_type, task.address, known=task.known, now=task.now, seen=task.seen),
    "page": lambda task, body: read_page(body, task.content_type, task.address, task.now),
    "posts": lambda task, body: read_posts(body, task.address, task.now),
    "categories": lambda _, body: read_categories(body),
    "picture": lambda _, body: keepable(body),
    "print": lambda task, body: printed(body, *task.print),
}


def main() -> None:
    """Answer until standard input ends."""
    _limit_memory()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while (request := _read_frame(stdin)) is not None:
        body = _read_frame(stdin) or b""
        if hasattr(signal, "alarm"):
            signal.alarm(_ORPHAN_S)
        answer = _answer(request, body)
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        stdout.write(LENGTH.pack(len(answer)) + answer)
        stdout.flush()


def _answer(request: bytes, body: bytes) -> bytes:
    try:
        task = Task(*cast(tuple[str, str, str, tuple[Category, ...], datetime, tuple[int, int, int], str], wire.load(request)))
        return wire.dump(("ok", _TASKS[task.name](task, body)))
    except ContentError as error:
        return wire.dump(("error", error.message, error.hint))
    except MemoryError:
        return wire.dump(("error", "takes too much memory to read", ""))
    except Exception as error:  # noqa: BLE001 -- the edge: whatever strangers' bytes make a library raise is their fault, in one line
        return wire.dump(("error", f"can't be read ({type(error).__name__})", ""))


def _read_frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):  # Windows has none; macOS refuses
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


if __name__ == "__main__":
    main()
