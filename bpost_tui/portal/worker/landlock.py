"""Landlock: a process gives up access to files outside of some folders, to TCP, and to signals for other processes. Linux only.

Source: the kernel's docs/userspace-api/landlock, and uapi/linux/landlock.h. Landlock's system calls have the same numbers on all
machines.

The obvious way is one ruleset with every right there is. But the rights that a kernel knows grow with its ABI, and a ruleset that
names an unknown right is rejected as a whole: it would restrict nothing. So the kernel is asked for its ABI, and the ruleset names
all rights of that ABI (`rights_of_abi`). ABI 1 has rights to files, 2 adds renaming between folders, 3 truncating, 4 TCP, 5 ioctl,
and 6 abstract Unix sockets and signals. Rights that ABIs newer than 7 add aren't given up.

Reading can't be given up as a whole: Python loads modules when they are first needed. So the folders of libraries stay readable,
and nothing else. Landlock doesn't restrict other sockets, other system calls, or processor time: `seccomp` and `sandbox` do.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from struct import Struct

from bpost_tui.typesetting.text.named_tuple import NamedTuple

TCP_ABI = 4
"""First version of Landlock's ABI that can refuse TCP."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3

_RULESET = Struct("=QQQ")
_RULE = Struct("=Qi")


class LandlockRights(NamedTuple):
    """Rights that a version of Landlock's ABI knows, as bit masks; a right that no rule grants is refused."""

    files: int
    """Mask of rights to files.

    Bits 0 to 12: execute, read, write, make, remove; 13: rename between folders; 14: truncate; 15: ioctl.
    """
    tcp: int
    """Mask of rights to TCP: binding a port and connecting."""
    scopes: int
    """Mask of scopes: access to abstract Unix sockets of other processes, and signals to other processes."""


def rights_of_abi(abi: int) -> LandlockRights:
    """Return all rights that version `abi` of Landlock knows. A version newer than 7 may know more; these aren't restricted."""
    files = (1 << 13) - 1
    for first_abi, bit in ((2, 13), (3, 14), (5, 15)):
        files |= (abi >= first_abi) << bit
    return LandlockRights(files, 0b11 if abi >= TCP_ABI else 0, 0b11 if abi >= 6 else 0)


def kernel_abi() -> int:
    """Return the version of the kernel's Landlock ABI; 0 if the kernel has no Landlock, or Landlock is switched off."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return _call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], abi: int) -> None:
    """Take away from this process all rights that version `abi` of Landlock knows, except reading the paths in `readable`.

    This is irreversible. PR_SET_NO_NEW_PRIVS must have been set. Files and folders that don't exist are left out.

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
        allowed = _READ_FILE | _READ_DIR if is_folder else _READ_FILE  # a rule for a file may only name rights of files
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, _RULE.pack(allowed, opened), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: int | bytes | None) -> int:
    import ctypes  # 7 ms

    libc = ctypes.CDLL(None, use_errno=True)
    converted = (ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
    result: int = libc.syscall(ctypes.c_long(number), *converted)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
