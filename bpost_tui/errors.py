"""Errors of bpost, in a small class hierarchy. Imports only modules that Python has loaded already.

    BPostError
    ├── NotFoundError   the requested thing isn't in the library or on the portal
    ├── UsageError      the command line or the config has a mistake
    ├── ProgramError    a program that bpost runs can't be started, or fails
    ├── PortalError     the portal can't be reached, or refuses
    ├── ContentError    the portal's answer can't be read
    └── StoreError      the library's files can't be read or written

Each has a line for the reader and, if there is a remedy, a hint. The exit codes are a part of the command line's documented
interface.
"""

from __future__ import annotations

import errno
import os


class BPostError(Exception):
    """Error that is reported to the reader in one line. All other errors of this module are subclasses of it."""

    exit_code = 70
    """Exit status of a process that ends because of this error. 70 (EX_SOFTWARE of sysexits.h) is also the status after a bug."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        """Line for the reader that names the error, and the file, address or program that has failed."""
        self.hint = hint
        """Line for the reader with a remedy, or empty."""


class NotFoundError(BPostError):
    """Error: the library or the portal doesn't have the requested story, list, paper or picture."""

    exit_code = 1


class UsageError(BPostError):
    """Error: the command line or the config has a mistake."""

    exit_code = 2


class ProgramError(BPostError):
    """Error: a program that bpost runs (a voice, a player, one of the reader's own) can't be started, or fails."""

    exit_code = 2


class PortalError(BPostError):
    """Error: the portal can't be reached, or refuses the request."""

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        address: str = "",
        hint: str = "",
        retry_after_s: float | None = None,
        final: bool = False,
        unanswered: bool = False,
        redirects_to: str = "",
        text_end: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.address = address
        """Address that was requested."""
        self.redirects_to = redirects_to
        """Address on another site, not requested, because the paper's feed redirects to it; empty if there was no such redirect."""
        self.moved_to = ""
        """The address in `redirects_to` if the redirect is permanent; otherwise empty."""
        self.final = final
        """Whether the error is final: another request for the same address would fail in the same way."""
        self.retry_after_s = retry_after_s
        """Time in seconds that the portal asked to wait before another request; None if it didn't ask."""
        self.text_end = text_end
        """Reason for a text that wasn't sent (`subscribers`, `gone`, `refused`), by the answer's status; empty if it gives none."""
        self.unanswered = unanswered
        """Whether no server answered at the address with its scheme, so that the other scheme (https or http) may be tried."""


class ContentError(BPostError):
    """Error: the portal's answer, or other data from outside, can't be read."""

    exit_code = 4

    def __init__(self, message: str, *, address: str = "", hint: str = "", is_unread: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.address = address
        """Address of the content that can't be read."""
        self.is_unread = is_unread
        """Whether nothing is known about the content, because the parser process failed before it had read it."""


class StoreError(BPostError):
    """Error: the library's files, or other files of bpost, can't be read or written."""

    exit_code = 5

    def __init__(self, message: str, *, hint: str = "", is_older_format: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.is_older_format = is_older_format
        """Whether the files have an older format, because an older version of bpost wrote them.

        The next command that may write converts them to the current format.
        """


_SYSTEM_ERRNOS = frozenset(
    (
        *(errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ESTALE),
        *(errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM),
    )
)
"""Numbers (errno) of errors that are no bugs of bpost: no resources left, an invalid path, or no permission."""


def write_error(where: object, error: OSError) -> StoreError:
    """Return a StoreError, with a hint, for a file or folder that can't be written. `where` is its path, or None if unknown."""
    reason = error.strerror or str(error)
    return StoreError(
        f"{where}: {reason}" if where else reason,
        hint="Check that the folder exists, that you may write to it, and that the disk has space.",
    )


def as_store_error(error: BaseException) -> StoreError | None:
    """Return a StoreError that reports `error` if the system caused it (full disk, no memory, impossible clock), otherwise None."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(as_store_error, error.exceptions)), None)
    if isinstance(error, OSError) and error.errno in _SYSTEM_ERRNOS:
        return StoreError(f"{error.filename}: {error.strerror}" if error.filename else os.strerror(error.errno or 0))
    if isinstance(error, MemoryError):
        return StoreError(os.strerror(errno.ENOMEM))
    if isinstance(error, RuntimeError) and "start new thread" in str(error):  # CPython's only clue
        return StoreError(os.strerror(errno.EAGAIN))
    if isinstance(error, OverflowError) and "timestamp too large" in str(error):  # Python counts nanoseconds in 64 bits
        return StoreError("This machine's clock shows a year after 2261: set it right")
    return None
