"""Main program of the parser process: parses the bodies that the portal sends. Run by `parser_process`.

It may be killed at any time, and has only the rights that parsing needs. It reads requests from standard input and writes an
answer to each on standard output, in frames (`child_process`) packed by `wire`. A request is two frames, a `ParserTask` and the
body. An answer is one frame, ("ok", value) or ("error", line, hint), with each story in a line of its own.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from typing import cast

from bpost_tui.child_process import encode_frame, end_with_parent, read_frame
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.portal.feed.opml_parser import parse_opml
from bpost_tui.portal.html.feed_links import read_site
from bpost_tui.portal.html.markdown_text import read_markdown
from bpost_tui.portal.image_processing import prepare_picture, render_picture
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.parse_results import ParsedPage, ParserTask
from bpost_tui.portal.wordpress.wp_json_parser import read_categories, read_posts
from bpost_tui.portal.worker import sandbox, wire

_ORPHAN_S = 30
"""Time in seconds after which the parser process ends itself if it is still busy with one document.

The limit is for a process whose parent has died; a parent that runs ends the parser process earlier.
"""


def _read_page(task: ParserTask, body: bytes) -> ParsedPage:
    from bpost_tui.portal.html.article_page import read_page  # 10 ms; a refresh without pages doesn't need it

    return read_page(body, task.content_type, task.address, task.now, task.text_selector)


_FEED_PARSERS = {name: kind.parser() for name, kind in KINDS.items()}
_Tasks = Mapping[str, Callable[[ParserTask, bytes], object]]
_TASKS: _Tasks = {
    "feed": lambda task, body: _FEED_PARSERS[task.kind](task, body),
    "page": _read_page,
    "site": lambda task, body: read_site(body, task.content_type, task.address),
    "opml": lambda _, body: parse_opml(body),
    "markdown": lambda _, body: read_markdown(body),
    "posts": lambda task, body: read_posts(body, task.address, task.now),
    "categories": lambda _, body: read_categories(body),
    "picture": lambda _, body: prepare_picture(body),
    "render": lambda task, body: render_picture(body, *task.size),
}
"""Parsers by the name of their task.

A new task also needs a check of its answer in `validation._CHECKS`. Types in the answer that aren't from `parse_results` must be
added to `wire._TYPES`.
"""


def main() -> None:
    """Give up all rights that parsing doesn't need, then answer requests until standard input ends."""
    end_with_parent()
    state = sandbox.lock_down(sandbox.library_paths())
    tasks = {**_TASKS, "sandbox": lambda *_: state}
    set_alarm = getattr(signal, "alarm", lambda _: None)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while (request := read_frame(stdin)) is not None:
        body = read_frame(stdin) or b""
        set_alarm(_ORPHAN_S)
        answer = _answer(tasks, request, body)
        set_alarm(0)
        stdout.write(encode_frame(answer))
        stdout.flush()


def _answer(tasks: _Tasks, request: bytes, body: bytes) -> bytes:
    try:
        task = cast(ParserTask, wire.load(request))
        return wire.dump_answer(("ok", tasks[task.name](task, body)))
    except ContentError as error:
        return wire.dump(("error", error.message, error.hint))
    except MemoryError:
        return wire.dump(("error", Reason("takes too much memory to read"), ""))
    except Exception as error:  # noqa: BLE001 -- any error of a library on foreign bytes is reported in one line
        return wire.dump(("error", Reason("can't be read ({kind})", kind=type(error).__name__), ""))
