"""Locks the parser process in, before it has seen a foreign byte: what this system can refuse, it refuses. Never fails.

On Linux: Landlock (files, TCP), a seccomp filter (sockets, programs, other processes), no new privileges, and limits. Elsewhere:
limits. `bpost doctor` says what holds here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import bpost_tui
from bpost_tui.portal.worker import landlock, seccomp

MAX_MEMORY_BYTES = 200 << 20
"""Address space of the process; it starts with about 60 MB."""
RESOURCE_LIMITS = {"AS": MAX_MEMORY_BYTES, "NPROC": 0, "FSIZE": 0, "NOFILE": 64, "CORE": 0}
"""The resource limits, as `setrlimit` names them: bytes, processes, bytes, files, bytes."""

_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/nix/store", "/gnu/store")
"""Where a system's libraries are (Filesystem Hierarchy Standard 3.0 §3, 4), with the stores of Nix and Guix."""
_SET_NO_NEW_PRIVILEGES, _GET_NO_NEW_PRIVILEGES, _GET_SECCOMP = 38, 39, 21
_FILTERED = 2
_UNSUPPORTED = (OSError, ImportError, MemoryError, AttributeError)
"""What is raised where a system lacks something: its kernel, a Python without ctypes, or a C library without `prctl`."""


class SandboxState(NamedTuple):
    """What holds for a process, as its kernel confirms it."""

    landlock: int = 0
    """The ABI whose rights are all refused; 0 where there is none."""
    seccomp: bool = False
    no_new_privileges: bool = False
    limits: tuple[tuple[str, int], ...] = ()
    """Those of `RESOURCE_LIMITS` that hold."""

    @property
    def refused(self) -> tuple[str, ...]:
        """What the process can't do: some of reading, writing, tcp, sockets, programs, processes."""
        files, tcp = self.landlock > 0, self.landlock >= landlock.TCP_ABI or self.seccomp
        holds = {"reading": files, "writing": files or self.seccomp, "tcp": tcp, "sockets": self.seccomp}
        holds |= {"programs": files or self.seccomp, "processes": self.seccomp}
        return tuple(what for what, is_refused in holds.items() if is_refused)


def lock_down(readable: Iterable[str]) -> SandboxState:
    """Give up what this process doesn't need, for ever, and return what holds.

    Args:
        readable: Files and folders that may be read from now on; see `library_paths`.
    """
    limits = tuple(_set_limits())
    no_new_privileges, abi, filtered = False, 0, False
    with suppress(*_UNSUPPORTED):
        no_new_privileges = _prctl(_SET_NO_NEW_PRIVILEGES, 1) == 0 and _prctl(_GET_NO_NEW_PRIVILEGES) == 1
    with suppress(*_UNSUPPORTED):
        if known := landlock.kernel_abi():
            landlock.restrict(readable, known)
            abi = known
    with suppress(*_UNSUPPORTED):
        if (machine := seccomp.architecture()) is not None:
            seccomp.install(machine)
            filtered = _prctl(_GET_SECCOMP) == _FILTERED
    return SandboxState(abi, filtered, no_new_privileges, limits)


def library_paths() -> Iterator[str]:
    """Yield what parsing needs to read: Python's and the system's libraries, and this package; never the home folder itself."""
    home = os.path.realpath(Path.home())
    of_python = f"{sys.base_prefix}/lib"  # Conda, pyenv and uv keep libraries in C there
    for path in (*sys.path, *bpost_tui.__path__, of_python, *_SYSTEM):
        real = os.path.realpath(path)
        if path and os.path.commonpath((real, home)) != real:
            yield real


def _set_limits() -> Iterator[tuple[str, int]]:
    try:
        import resource
    except ImportError:
        return
    for name, most in RESOURCE_LIMITS.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        with suppress(OSError, ValueError):  # macOS refuses to limit memory
            hard = resource.getrlimit(kind)[1]
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (allowed, allowed))
            yield name, resource.getrlimit(kind)[0]


def _prctl(what: int, value: int = 0) -> int:
    """Return what `prctl` answers; -1 where it fails, or there is none."""
    if not sys.platform.startswith("linux"):
        return -1
    import ctypes

    number = ctypes.c_ulong
    result: int = ctypes.CDLL(None).prctl(ctypes.c_int(what), number(value), number(0), number(0), number(0))
    return result
