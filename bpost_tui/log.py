"""A log for finding faults: a line for each request, save, failure and parser process, with times. Off unless asked for.

    2026-11-24T06:30:00.123Z 4711 request method=GET host=thebengalpost.net path=/feed/ status=200 bytes=48211 ms=312

A line is TIME PID EVENT and fields: `-` is an empty value, a value with spaces is quoted as in JSON. Each line is one write, so
lines of several processes in one file don't mix. Nothing of a story's text is logged, nor what is searched for; the addresses of
stories are.
"""

from __future__ import annotations

import os
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from bpost_tui.errors import BPostError, NotFoundError, ProgramError, UsageError
from bpost_tui.i18n import Reason

T = TypeVar("T")
_LONGEST_VALUE = 300


class LoggableResponse(Protocol):
    """What is logged of an answer; httpx's has it."""

    status_code: int

    @property
    def num_bytes_downloaded(self) -> int:
        """Bytes of the body that have come, compressed as they were."""


class RequestRecord:
    """A request under way; its maker sets `response` once there is one."""

    response: LoggableResponse | None = None


class _Log:
    descriptor: int | None = None
    """Of the open file; None while nothing is logged."""
    fault: BaseException | str | None = None
    """The last one that was logged."""


_log = _Log()


def descriptor() -> int | None:
    """Return that of the open log, for a process that `resume_log`s it; None while nothing is logged."""
    return _log.descriptor


def resume_log(descriptor: int | None) -> None:
    """Append to the log of the process that started this one, which has handed its descriptor on."""
    _log.descriptor = descriptor


def start(path: Path) -> None:
    """Append to a file from now on; a new one is readable by its owner only (0600). Raises OSError, also at another user's link."""
    from bpost_tui.atomic import resolve_links  # 1 ms, and only for those who log

    _log.descriptor = os.open(resolve_links(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def log_event(name: str, *, since: float | None = None, **fields: object) -> None:
    """Write a line, if there is a log and room on its disk.

    Args:
        name: What happened.
        since: When it began, by `time.monotonic`: adds how long it took, as `ms`.
        fields: What else to say, in this order.
    """
    if _log.descriptor is None:
        return
    if since is not None:
        fields["ms"] = round(1000 * (time.monotonic() - since))
    now = time.time()
    stamp = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03}Z"
    line = " ".join([stamp, str(os.getpid()), name, *(f"{field}={_value(value)}" for field, value in fields.items())])
    try:
        os.write(_log.descriptor, f"{line}\n".encode("utf-8", "replace"))
    except OSError:
        return


@contextmanager
def log_request(method: str, address: str) -> Iterator[RequestRecord]:
    """Write a line on a request when the block ends, whether by an answer or by an error."""
    exchange, since, error = RequestRecord(), time.monotonic(), ""
    try:
        yield exchange
    except BaseException as raised:
        error = _error_name(raised)
        raise
    finally:
        if _log.descriptor is not None:
            parts, response = urlsplit(address), exchange.response
            answer = {"status": response.status_code, "bytes": response.num_bytes_downloaded} if response else {"status": ""}
            failure = {"error": error} if error else {}
            log_event("request", since=since, method=method, host=parts.netloc, path=parts.path or "/", **answer, **failure)


def log_error(error: BaseException | str) -> None:
    """Write a line on something that failed, once, though the same error may be passed on and reported again."""
    if _log.descriptor is not None and error is not _log.fault:
        _log.fault = error
        log_event("fault", error=error if isinstance(error, str) else _error_name(error))


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end and return what it returns."""
    import asyncio

    take_asyncio()
    return asyncio.run(main)


def take_asyncio() -> None:
    """Have asyncio report here what goes wrong in a loop's callbacks, not on the terminal; called where a loop is started."""
    import logging  # asyncio has loaded it

    class Faults(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log_error(record.exc_info[1] if record.exc_info and record.exc_info[1] else record.getMessage())

    logger = logging.getLogger("asyncio")
    logger.handlers, logger.propagate = [Faults()], False


def _error_name(error: BaseException) -> str:
    """Return an error's class, with its message where that quotes neither a story nor what the reader typed."""
    reason = error.args[0] if error.args else ""
    if isinstance(error, NotFoundError | UsageError | ProgramError):
        message = reason.message if isinstance(reason, Reason) else ""
    elif isinstance(error, OSError):
        message = error.strerror or ""
    else:
        message = str(reason) if isinstance(reason, Reason) or isinstance(error, BPostError) else ""
    name = type(error).__name__.lstrip("_")
    return f"{name}: {message}" if message else name


def _value(value: object) -> str:
    text = str(value)[:_LONGEST_VALUE] if value is not None else ""
    if not text:
        return "-"
    if text.isprintable() and " " not in text and '"' not in text:
        return text
    import json  # 5 ms, and only for those who log

    return json.dumps(text, ensure_ascii=not text.isprintable())
