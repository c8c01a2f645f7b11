"""The errors, a small tree. Imports nothing that Python hasn't loaded.

    BPostError
    ├── NotFoundError        what was asked for isn't in the library, or the portal doesn't have it
    ├── UsageError      the command line or the config can't be followed
    ├── ProgramError    a program that bpost runs can't be started, or fails
    ├── PortalError     the portal can't be reached, or refuses
    ├── ContentError    what the portal sent can't be read
    └── StoreError      the library's files can't be read or written

Each has one line for the reader and, if something can be done, a hint. The exit codes are a promise of the command line.
"""

from __future__ import annotations

import errno
import os


class BPostError(Exception):
    """An error that is reported to the reader in one line."""

    exit_code = 70
    """The process's exit status when this error ends it; 70 (EX_SOFTWARE of sysexits.h) is also that of a bug."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        """One line: what is wrong, and with what."""
        self.hint = hint
        """One line: what the reader can do about it, or empty."""


class NotFoundError(BPostError):
    """What was asked for isn't in the library, or the portal doesn't have it."""

    exit_code = 1


class UsageError(BPostError):
    """The command line or the config can't be followed."""

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
        """The address that was asked for."""
        self.final = final
        """Whether asking again would end the same way."""
        self.retry_after_s = retry_after_s
        """How many seconds the portal asked us to wait, if it did."""


class ContentError(BPostError):
    """What the portal sent can't be read."""

    exit_code = 4

    def __init__(self, message: str, *, address: str = "", hint: str = "", is_unread: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.address = address
        """The address of what can't be read."""
        self.is_unread = is_unread
        """Whether what reads it failed, so that nobody knows what it says."""


class StoreError(BPostError):
    """The library's files can't be read or written."""

    exit_code = 5

    def __init__(self, message: str, *, hint: str = "", is_earlier: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.is_older_format = is_earlier
        """Whether an earlier bpost made them, and the next command that may write brings them up to date."""


_OF_SYSTEM = frozenset(
    (
        *(errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ESTALE),
        *(errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM),
    )
)
"""What a system says that is unwell or has no more of something; or of a name that is none, or not for the reader."""


def system_error_message(error: BaseException) -> StoreError | None:
    """Return what is said of an error that the system made, whatever was being done; None for a bug of ours."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(system_error_message, error.exceptions)), None)
    if isinstance(error, OSError) and error.errno in _OF_SYSTEM:
        return StoreError(f"{error.filename}: {error.strerror}" if error.filename else os.strerror(error.errno or 0))
    if isinstance(error, MemoryError):
        return StoreError(os.strerror(errno.ENOMEM))
    if isinstance(error, RuntimeError) and "start new thread" in str(error):  # CPython says no more of it
        return StoreError(os.strerror(errno.EAGAIN))
    return None
