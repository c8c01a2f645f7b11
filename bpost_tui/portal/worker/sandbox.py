"""Sandbox of the parser process: before the process reads a foreign byte, it gives up every right the system can take.

A right that the system can't take away is kept, without an error.

The obvious way is to limit time and memory, which works everywhere, and to trust the parsers otherwise. But libraries in C read
what strangers wrote (Lexbor, Pillow, expat). An attacker who takes over one of them would have the reader's files, network and
terminal.

On Linux, the process therefore gives up new privileges, files and TCP (`landlock`), and all system calls but some seventy
(`seccomp`). The limits of `RESOURCE_LIMITS` hold in addition. Landlock comes first, because the seccomp filter forbids its calls.
Each part is done through `ctypes` and left out if the system lacks it: a kernel without Landlock mustn't keep anybody from
reading. `lock_down` returns the restrictions that the kernel confirms, and `bpost doctor` reports them.

No container or helper program is used, so nothing has to be installed. macOS refuses the memory limit and has neither Landlock nor
seccomp. There, only the limits inside the parsers hold. A parser that was taken over can still lie about its document and use the
processor until it is killed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import bpost_tui
from bpost_tui.portal.worker import landlock, seccomp
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_MEMORY_BYTES = 200 << 20
"""Maximum address space of the process in bytes; at its start it uses about 60 MB."""
RESOURCE_LIMITS = {"AS": MAX_MEMORY_BYTES, "NPROC": 0, "FSIZE": 0, "NOFILE": 64, "CORE": 0}
"""Resource limits by their name in `setrlimit`. Their units are, in this order: bytes, processes, bytes, files, bytes."""

_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/nix/store", "/gnu/store")
"""Folders of a system's libraries (Filesystem Hierarchy Standard 3.0 §3, 4), and the stores of Nix and Guix."""
_SET_NO_NEW_PRIVILEGES, _GET_NO_NEW_PRIVILEGES, _GET_SECCOMP = 38, 39, 21
_FILTERED = 2
_UNSUPPORTED = (OSError, ImportError, MemoryError, AttributeError)
"""Errors raised if the kernel, Python's `ctypes` or the C library's `prctl` lacks what the sandbox needs."""


class SandboxState(NamedTuple):
    """Restrictions in force for a process, as its kernel confirms them."""

    landlock: int = 0
    """Version of Landlock's ABI; all rights that it knows are refused. 0 if the process runs without Landlock."""
    seccomp: bool = False
    no_new_privileges: bool = False
    limits: tuple[tuple[str, int], ...] = ()
    """Resource limits (`setrlimit`) in force, each as (name, value)."""

    @property
    def refused(self) -> tuple[str, ...]:
        """Names of the rights that the process has lost: any of reading, writing, tcp, sockets, programs and processes."""
        files, tcp = self.landlock > 0, self.landlock >= landlock.TCP_ABI or self.seccomp
        holds = {"reading": files, "writing": files or self.seccomp, "tcp": tcp, "sockets": self.seccomp}
        holds |= {"programs": files or self.seccomp, "processes": self.seccomp}
        return tuple(right for right, is_refused in holds.items() if is_refused)


def lock_down(readable: Iterable[str]) -> SandboxState:
    """Restrict this process for good to the rights that parsing needs, and return the restrictions in force.

    Args:
        readable: Paths of the files and folders that stay readable, such as those of Python's libraries.
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
    """Yield the folders that parsing reads: libraries of Python and the system, and this package; never the home folder itself."""
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
    """Call `prctl` with the option `what` and the argument `value`, and return the result; -1 if it fails or doesn't exist."""
    if not sys.platform.startswith("linux"):
        return -1
    import ctypes

    number = ctypes.c_ulong
    result: int = ctypes.CDLL(None).prctl(ctypes.c_int(what), number(value), number(0), number(0), number(0))
    return result
