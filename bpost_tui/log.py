"""Debug log: a line for each request, save, failure and parser process, with times. Off by default.

    2026-11-24T06:30:00.123Z 4711 request method=GET host=thebengalpost.net path=/feed/ status=200 bytes=48211 ms=312

A line is TIME PID EVENT and fields: `-` is an empty value, a value with spaces is quoted as in JSON. Each line is a single write,
so lines of several processes in the same file don't mix. The log has addresses of stories, but no text of stories and no queries.
"""

from __future__ import annotations

import os
import time
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from bpost_tui.errors import BPostError, NotFoundError, ProgramError, UsageError
from bpost_tui.i18n import Reason

T = TypeVar("T")
_LONGEST_VALUE = 300


class LoggableResponse(Protocol):
    """Attributes of an HTTP answer that the log needs. Answers of httpx have these attributes."""

    status_code: int

    @property
    def num_bytes_downloaded(self) -> int:
        """Number of bytes of the answer's body that were received, before decompression."""


class RequestRecord:
    """Request that is in progress. The caller sets `response` when the answer arrives."""

    response: LoggableResponse | None = None


class _Log:
    descriptor: int | None = None
    """File descriptor of the open log, or None if there is no log."""
    fault: BaseException | str | None = None
    """Error that was logged last; None if none was."""


_log = _Log()


def descriptor() -> int | None:
    """Return the file descriptor of the open log, or None if there is no log. A child process passes it to `resume_log`."""
    return _log.descriptor


def resume_log(descriptor: int | None) -> None:
    """Continue the log of the parent process in this child, which has inherited `descriptor`, or got None if there is no log."""
    _log.descriptor = descriptor


def start(path: Path) -> None:
    """Start a log in a file. If the file is new, only its owner may read it (0600).

    Raises OSError, also if the path is a link that another user made.
    """
    from bpost_tui.atomic import resolve_links  # 1 ms, only with a log

    _log.descriptor = os.open(resolve_links(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def log_event(name: str, *, since: float | None = None, **fields: object) -> None:
    """Write a line to the log. Nothing is written if there is no log or if its disk is full.

    Args:
        name: Name of the event.
        since: Time when the event began, by `time.monotonic`. If it isn't None, the field `ms` has the duration in milliseconds.
        fields: Fields of the line, in this order.
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
    """Log the request that is made in the `with` block, with its answer or error, when the block ends."""
    record, since, error = RequestRecord(), time.monotonic(), ""
    try:
        yield record
    except BaseException as raised:
        error = _error_name(raised)
        raise
    finally:
        if _log.descriptor is not None:
            parts, response = urlsplit(address), record.response
            answer = {"status": response.status_code, "bytes": response.num_bytes_downloaded} if response else {"status": ""}
            failure = {"error": error} if error else {}
            log_event("request", since=since, method=method, host=parts.netloc, path=parts.path or "/", **answer, **failure)


def log_error(error: BaseException | str) -> None:
    """Log an error. An error that is passed on and reported several times is logged only once."""
    if _log.descriptor is not None and error is not _log.fault:
        _log.fault = error
        log_event("fault", error=error if isinstance(error, str) else _error_name(error))


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine `main` to its end, with asyncio's errors logged, and return its result."""
    with closing(main):  # else Python warns that `main` never ran if the import fails, as with a clock after 2261
        import asyncio

        log_asyncio_errors()
        return asyncio.run(main)


def log_asyncio_errors() -> None:
    """Make asyncio log errors in callbacks of its loops instead of printing them. Call this before a loop starts."""
    import logging  # asyncio has loaded it

    class Faults(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log_error(record.exc_info[1] if record.exc_info and record.exc_info[1] else record.getMessage())

    logger = logging.getLogger("asyncio")
    logger.handlers, logger.propagate = [Faults()], False


def _error_name(error: BaseException) -> str:
    """Return the name of an error's class, with the error's message if the message is safe to log.

    A message isn't safe if it may contain a story's text or text typed by the reader.
    """
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
    import json  # 5 ms, only with a log

    return json.dumps(text, ensure_ascii=not text.isprintable())
