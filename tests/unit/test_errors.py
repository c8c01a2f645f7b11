"""Tests of errors of the system, which are reported in a line, unlike bugs."""

from __future__ import annotations

import errno
import os

import pytest

from bpost_tui.errors import StoreError, as_store_error


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            OverflowError("timestamp too large to convert to C _PyTime_t"),
            "This machine's clock shows a year after 2261: set it right",
        ),
        (ExceptionGroup("", [MemoryError()]), os.strerror(errno.ENOMEM)),
        (RuntimeError("can't start new thread"), os.strerror(errno.EAGAIN)),
        (OSError(errno.ENOSPC, "full", "a.db"), "a.db: full"),
    ],
    ids=["clock past 2261", "memory", "threads", "disk"],
)
def test_error_of_the_system_is_no_bug(error: BaseException, line: str) -> None:
    reported = as_store_error(error)
    assert isinstance(reported, StoreError) and reported.message == line


@pytest.mark.parametrize("error", [OverflowError("int too large"), RuntimeError("loop"), OSError(errno.EINVAL, "")])
def test_other_errors_are_bugs(error: BaseException) -> None:
    assert as_store_error(error) is None
