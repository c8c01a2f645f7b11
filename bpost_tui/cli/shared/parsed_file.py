"""Reading of one file from outside, such as a list of feeds, in a parser process, as all foreign data is read."""

from __future__ import annotations

from datetime import datetime

from bpost_tui import log


def parse_file(task: str, name: str, body: bytes, now: datetime, kind: str = "") -> object:
    """Return the value that a parser process reads from `body`.

    Args:
        task: Name of the task, a key of the table of parsers in `parser_worker`.
        name: Name of the file, for messages.
        body: Content of the file.
        now: Current time (aware).
        kind: Kind of the paper whose feed is read, a key of `kinds.KINDS`; empty if the body is no feed.

    Raises:
        ContentError: The content can't be read, or not within the limits of time and memory.
    """
    from bpost_tui.portal.parse_results import ParserTask
    from bpost_tui.portal.worker.parser_process import ParserProcess  # 30 ms, asyncio's processes

    async def parsed() -> object:
        parser = ParserProcess()
        try:
            return await parser.parse(ParserTask(task, "", name, now, kind), body)
        finally:
            await parser.aclose()

    return log.run_loop(parsed())
