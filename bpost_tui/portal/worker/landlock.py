"""Landlock: from then on, this process reads files in some folders, and does nothing else with files, TCP and signals. Linux only.

Source: the kernel's docs/userspace-api/landlock, and uapi/linux/landlock.h. Numbers of system calls are the same on all machines.
What a kernel can refuse grows with its ABI; asked for more than it knows it would refuse nothing, so it is asked for what it knows.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from struct import Struct
from typing import NamedTuple

TCP_ABI = 4
"""The first ABI that refuses TCP."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3

_RULESET = Struct("=QQQ")
_RULE = Struct("=Qi")


class LandlockRights(NamedTuple):
    """The rights that an ABI knows of, as masks; what isn't granted by a rule is refused."""

    files: int
    """Bits 0 to 12: executing, reading, writing, making, removing; 13: renaming between folders; 14: truncating; 15: ioctl."""
    tcp: int
    """Binding and connecting."""
    scopes: int
    """Abstract Unix sockets of, and signals to, processes outside."""


def rights_of_abi(abi: int) -> LandlockRights:
    """Return all rights that an ABI knows of; an ABI newer than 7 may know more, which are left as they are."""
    files = (1 << 13) - 1
    for first_abi, bit in ((2, 13), (3, 14), (5, 15)):
        files |= (abi >= first_abi) << bit
    return LandlockRights(files, 0b11 if abi >= TCP_ABI else 0, 0b11 if abi >= 6 else 0)


def kernel_abi() -> int:
    """Return the kernel's ABI, 0 where it has no Landlock or doesn't use it."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return _call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], abi: int) -> None:
    """Refuse this process every right that an ABI knows of, but reading the files and folders named. There is no way back.

    PR_SET_NO_NEW_PRIVS must have been set. Files and folders that aren't there are left out.

    Raises:
        OSError: The kernel refused; nothing is restricted.
    """
    ruleset = _call(_CREATE_RULESET, _RULESET.pack(*rights_of_abi(abi)), _RULESET.size, 0)
    try:
        for path in readable:
            _grant(ruleset, path)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _grant(ruleset: int, path: str) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        allowed = _READ_FILE | _READ_DIR if is_folder else _READ_FILE  # a rule for a file may name rights of files alone
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, _RULE.pack(allowed, opened), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: int | bytes | None) -> int:
    import ctypes  # 7 ms

    libc = ctypes.CDLL(None, use_errno=True)
    given = (ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
    result: int = libc.syscall(ctypes.c_long(number), *given)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
