"""Errors of bpost, a small tree. Imports only modules that Python has loaded already.

    BPostError
    ├── NotFoundError   the requested thing isn't in the library or on the portal
    ├── UsageError      the command line or the config has a mistake
    ├── ProgramError    a program that bpost runs can't be started, or fails
    ├── PortalError     the portal can't be reached, or refuses
    ├── ContentError    the portal's answer can't be read
    └── StoreError      the library's files can't be read or written

Each has a line for the reader and, if there is a remedy, a hint. The exit codes are a promise of the command line.
"""

from __future__ import annotations

import errno
import os


class BPostError(Exception):
    """An error that is reported to the reader in one line."""

    exit_code = 70
    """Exit status of a process that this error ends; 70 (EX_SOFTWARE of sysexits.h) is also the status after a bug."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        """Line that names the error and its subject."""
        self.hint = hint
        """Line with a remedy, or empty."""


class NotFoundError(BPostError):
    """The library or the portal doesn't have the requested thing."""

    exit_code = 1


class UsageError(BPostError):
    """The command line or the config has a mistake."""

    exit_code = 2


class ProgramError(BPostError):
    """A program that bpost runs (a voice, a player, one of the reader's own) can't be started, or fails."""

    exit_code = 2


class PortalError(BPostError):
    """The portal can't be reached, or refuses."""

    exit_code = 3

    def __init__(
        self, message: str, *, address: str = "", hint: str = "", retry_after_s: float | None = None, final: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.address = address
        """Requested address."""
        self.final = final
        """Whether another request would fail in the same way."""
        self.retry_after_s = retry_after_s
        """Seconds to wait, as the portal requested, or None."""


class ContentError(BPostError):
    """The portal's answer can't be read."""

    exit_code = 4

    def __init__(self, message: str, *, address: str = "", hint: str = "", is_unread: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.address = address
        """Address of the unreadable content."""
        self.is_unread = is_unread
        """Whether the parser process failed, so that the content is unknown."""


class StoreError(BPostError):
    """The library's files can't be read or written."""

    exit_code = 5

    def __init__(self, message: str, *, hint: str = "", is_earlier: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.is_older_format = is_earlier
        """Whether an earlier bpost made the files; the next command that may write updates them."""


_OF_SYSTEM = frozenset(
    (
        *(errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ESTALE),
        *(errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM),
    )
)
"""Error numbers of a failing system: no resources left, an invalid name, or no permission."""


def system_error_message(error: BaseException) -> StoreError | None:
    """Return the StoreError that reports an error of the system, or None for a bug of bpost."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(system_error_message, error.exceptions)), None)
    if isinstance(error, OSError) and error.errno in _OF_SYSTEM:
        return StoreError(f"{error.filename}: {error.strerror}" if error.filename else os.strerror(error.errno or 0))
    if isinstance(error, MemoryError):
        return StoreError(os.strerror(errno.ENOMEM))
    if isinstance(error, RuntimeError) and "start new thread" in str(error):  # CPython's only clue
        return StoreError(os.strerror(errno.EAGAIN))
    return None
