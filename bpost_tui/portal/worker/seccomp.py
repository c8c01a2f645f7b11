"""Filter for seccomp: only the system calls that a parser needs are allowed, all others fail with EPERM.

For Linux on x86-64 and 64-bit ARM. Source: the kernel's docs/userspace-api/seccomp_filter and uapi/linux/{seccomp,filter,audit}.h;
the numbers are from arch/x86/entry/syscalls/syscall_64.tbl and scripts/syscall.tbl.

Landlock decides which files may be read; this filter refuses the rest: sockets, programs, other processes, and calls that have been
a way into kernels.

The obvious way is a list of forbidden calls. Such a list missed `fcntl`'s signals and a dozen other ways to reach the reader, and
each new kernel adds calls. So the filter names the calls that are allowed, some seventy. `fcntl`, `ioctl` and `prctl` are allowed
with a few values of one argument, `open` and `openat` only without flags for writing. Other calls fail with EPERM instead of
killing the process. A C library that tries a new call then falls back on an old one, as on a kernel without the new call. Only a
call by another machine's ABI kills the process, since its numbers mean other calls.

The filter doesn't judge paths: it sees only pointers to them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from errno import EPERM
from struct import Struct

from bpost_tui.typesetting.text.named_tuple import NamedTuple

_SET_MODE_FILTER = 1

# Each entry: a name, its number on x86-64, and on 64-bit ARM (-1 if it has none).
_ALLOWED = """
read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, close 3 57, close_range 436 436, lseek 8 62
getdents64 217 61, stat 4 -1, lstat 6 -1, fstat 5 80, newfstatat 262 79, statx 332 291
access 21 -1, faccessat 269 48, faccessat2 439 439, readlink 89 -1, readlinkat 267 78, getcwd 79 17, fadvise64 221 223
dup 32 23, dup2 33 -1, dup3 292 24, poll 7 -1, ppoll 271 73, select 23 -1, pselect6 270 72
mmap 9 222, mprotect 10 226, munmap 11 215, mremap 25 216, brk 12 214, madvise 28 233, mincore 27 232
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, sigaltstack 131 132, restart_syscall 219 128
alarm 37 -1, setitimer 38 103, getitimer 36 102, nanosleep 35 101, clock_nanosleep 230 115
clock_gettime 228 113, clock_getres 229 114, gettimeofday 96 169, time 201 -1, times 100 153, getrusage 98 165
getpid 39 172, getppid 110 173, gettid 186 178, getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177
futex 202 98, set_robust_list 273 99, set_tid_address 218 96, rseq 334 293, membarrier 324 283, arch_prctl 158 -1
sched_yield 24 124, getcpu 309 168, getrlimit 97 163, getrandom 318 278, uname 63 160, sysinfo 99 179
exit 60 93, exit_group 231 94
"""
_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_DUPFD_CLOEXEC = 0, 1, 2, 3, 1030
_TCGETS, _TCGETS2, _FIONCLEX, _FIOCLEX = 0x5401, 0x802C542A, 0x5450, 0x5451
_PR_GET_SECCOMP = 21
_BY_ARGUMENT: Mapping[str, tuple[tuple[int, int], int, Sequence[int]]] = {
    # fcntl and ioctl can also make the kernel signal another process (F_SETOWN, FIOSETOWN) or type into a terminal (TIOCSTI)
    "fcntl": ((72, 25), 1, (_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_DUPFD_CLOEXEC)),
    "ioctl": ((16, 29), 1, (_TCGETS, _TCGETS2, _FIONCLEX, _FIOCLEX)),
    "prctl": ((157, 167), 0, (_PR_GET_SECCOMP,)),
}
"""System calls, by name, that the filter allows only if one argument has one of a few values.

Each entry has the call's numbers on x86_64 and aarch64, the index (from 0) of the argument, and its allowed values.
"""
_O_WRITING = 0o3 | 0o100 | 0o1000
"""Bit mask of the flags of `open` that allow writing: O_ACCMODE, O_CREAT and O_TRUNC."""
_OPENING = (((2, -1), 1), ((257, 56), 2))
"""System calls that open files, `open` and `openat`. The filter allows them only without the flags of `_O_WRITING`.

Each entry has the call's numbers on x86_64 and aarch64 (-1 if the call doesn't exist), and the index, from 0, of the argument with
the flags.
"""


class Architecture(NamedTuple):
    """Values for seccomp that differ between types of processor."""

    audit_arch: int
    """Kernel's number of the processor type (AUDIT_ARCH_… in uapi/linux/audit.h), which the filter compares."""
    column: int
    """Index (from 0) of this processor type among the numbers that a table such as `_ALLOWED` has for each system call."""
    seccomp: int
    """Number of the `seccomp` system call, which installs a filter."""
    first_foreign: int
    """Lowest number of the system calls of a foreign ABI (x32). The filter refuses calls with this number or a higher one."""


ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, 0, 317, 0x40000000),
    "aarch64": Architecture(0xC00000B7, 1, 277, 0x40000000),
}

# Instructions of classic BPF: code, jump if true, jump if false, value.
_INSTRUCTION = Struct("=HBBI")
_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT, _ARGUMENT_BYTES = 0, 4, 16, 8
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | EPERM, 0x80000000


def architecture() -> Architecture | None:
    """Return seccomp's values for this machine's processor; None if there is no filter for it."""
    is_64_bit = sys.maxsize > 1 << 32
    return ARCHITECTURES.get(os.uname().machine) if sys.platform.startswith("linux") and is_64_bit else None


def allowed_calls(arch: Architecture) -> dict[str, int]:
    """Return the system calls that the filter for `arch` allows with any arguments, as a map from names to numbers."""
    rows = (row.split() for line in _ALLOWED.strip().splitlines() for row in line.split(","))
    numbers = {name: int(columns[arch.column]) for name, *columns in rows}
    return {name: number for name, number in numbers.items() if number >= 0}


def argument_rules(arch: Architecture) -> dict[int, tuple[int, Sequence[int]]]:
    """Return the system calls, by their number on `arch`, that the filter allows only if one argument has one of a few values.

    Each is mapped to the index (from 0) of the argument, and its allowed values.
    """
    return {numbers[arch.column]: (argument, values) for numbers, argument, values in _BY_ARGUMENT.values()}


def open_calls(arch: Architecture) -> dict[int, int]:
    """Map the number of each system call of `arch` that opens files to the index (from 0) of its argument with the flags.

    The filter allows these calls if the flags don't let the process write.
    """
    return {numbers[arch.column]: argument for numbers, argument in _OPENING if numbers[arch.column] >= 0}


def bpf_program(arch: Architecture) -> bytes:
    """Return the filter for the processor type `arch`, as instructions of classic BPF."""
    return b"".join(_INSTRUCTION.pack(*each) for each in _instructions(arch))


def _instructions(arch: Architecture) -> Iterator[tuple[int, int, int, int]]:
    yield _LOAD, 0, 0, _ARCH_AT
    yield _IF_EQUAL, 1, 0, arch.audit_arch
    yield _RETURN, 0, 0, _KILL  # system calls of another machine have other numbers
    yield _LOAD, 0, 0, _NUMBER_AT
    yield _IF_AT_LEAST, 0, 1, arch.first_foreign
    yield _RETURN, 0, 0, _REFUSE
    for number, (argument, values) in argument_rules(arch).items():
        yield _IF_EQUAL, 0, len(values) + 3, number
        # low half of the argument; the kernel looks at no more
        yield _LOAD, 0, 0, _ARGUMENTS_AT + argument * _ARGUMENT_BYTES
        for at, value in enumerate(values):
            yield _IF_EQUAL, len(values) - at, 0, value
        yield _RETURN, 0, 0, _REFUSE
        yield _RETURN, 0, 0, _ALLOW
    for number, argument in open_calls(arch).items():
        yield _IF_EQUAL, 0, 5, number
        yield _LOAD, 0, 0, _ARGUMENTS_AT + argument * _ARGUMENT_BYTES
        yield _AND, 0, 0, _O_WRITING
        yield _IF_EQUAL, 1, 0, 0
        yield _RETURN, 0, 0, _REFUSE
        yield _RETURN, 0, 0, _ALLOW
    numbers = sorted(allowed_calls(arch).values())
    for at, number in enumerate(numbers):
        yield _IF_EQUAL, len(numbers) - at, 0, number
    yield _RETURN, 0, 0, _REFUSE
    yield _RETURN, 0, 0, _ALLOW


def install(arch: Architecture) -> None:
    """Install the filter for the processor type `arch`. This is irreversible.

    From now on, this process may use only the system calls that this module lists.

    PR_SET_NO_NEW_PRIVS must have been set.

    Raises:
        OSError: The kernel has no seccomp filters; no call is refused.
    """
    import ctypes

    code = bpf_program(arch)

    class _SockFprog(ctypes.Structure):
        """C structure `struct sock_fprog`, which hands a filter (number of instructions, pointer to them) to the kernel."""

        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    program = _SockFprog(len(code) // _INSTRUCTION.size, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(arch.seccomp), ctypes.c_long(_SET_MODE_FILTER), ctypes.c_long(0), ctypes.byref(program)) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
