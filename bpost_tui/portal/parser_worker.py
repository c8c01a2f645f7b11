"""The parser process: parses what the portal sent, where it can be killed and can't use too much memory. Run by `parser_process`.

It takes requests on standard input and answers each on standard output, in frames: four bytes of length, big-endian, and that many
bytes, packed by `wire`. A request is two frames, a `wire.Task` and the body it is about. An answer is one frame, ("ok", value) or
("error", line, hint).
"""

from __future__ import annotations

import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, cast

from bpost_tui.errors import ContentError
from bpost_tui.portal import wire
from bpost_tui.portal.feed.parser import parse_feed
from bpost_tui.portal.html.article import read_page
from bpost_tui.portal.images import prepare_picture, render_picture
from bpost_tui.portal.wire import Task
from bpost_tui.portal.wordpress.api_parser import read_categories, read_posts

MAX_MEMORY_BYTES = 200 << 20
"""Address space of the process; it starts with about 60 MB."""
MAX_FRAME_BYTES = 64 << 20
_ORPHAN_S = 30
"""After so long on one document the process ends by itself, in case nobody is left to kill it."""
LENGTH = struct.Struct(">I")


_TASKS: dict[str, Callable[[Task, bytes], object]] = {
    "feed": lambda task, body: parse_feed(body, task.content_type, task.address, known=task.known, now=task.now, seen=task.seen),
    "page": lambda task, body: read_page(body, task.content_type, task.address, task.now),
    "posts": lambda task, body: read_posts(body, task.address, task.now),
    "categories": lambda _, body: read_categories(body),
    "picture": lambda _, body: prepare_picture(body),
    "render": lambda task, body: render_picture(body, *task.size),
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
        task = cast(Task, wire.load(request))
        return wire.dump(("ok", _TASKS[task.name](task, body)))
    except ContentError as error:
        return wire.dump(("error", error.message, error.hint))
    except MemoryError:
        return wire.dump(("error", "takes too much memory to read", ""))
    except Exception as error:  # noqa: BLE001 -- whatever a library raises on foreign bytes is reported in one line
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
