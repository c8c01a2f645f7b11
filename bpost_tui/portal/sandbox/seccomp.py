"""A seccomp filter: system calls that a parser never needs are refused with EPERM. Linux on x86-64 and 64-bit ARM only.

Source: the kernel's docs/userspace-api/seccomp_filter and uapi/linux/{seccomp,filter,audit}.h; the numbers are those of
arch/x86/entry/syscalls/syscall_64.tbl and of scripts/syscall.tbl. Landlock refuses files and TCP; this refuses the rest: other
sockets, other processes, and what has been a way into kernels.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from errno import EPERM
from struct import Struct
from typing import NamedTuple

_SET_MODE_FILTER = 1

# one row: a name, its number on x86-64, and on 64-bit ARM (-1 where it has none)
_REFUSED = """
socket 41 198, connect 42 203, accept 43 202, sendto 44 206, sendmsg 46 211, bind 49 200, listen 50 201, socketpair 53 199
accept4 288 242, sendmmsg 307 269
clone 56 220, fork 57 -1, vfork 58 -1, execve 59 221, execveat 322 281, clone3 435 435
kill 62 129, tkill 200 130, tgkill 234 131, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240
pidfd_send_signal 424 424, pidfd_open 434 434, pidfd_getfd 438 438
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, process_madvise 440 440, kcmp 312 272
prlimit64 302 261, setrlimit 160 164, setpriority 141 140
truncate 76 45, rename 82 -1, renameat 264 38, renameat2 316 276, mkdir 83 -1, mkdirat 258 34, rmdir 84 -1
creat 85 -1, link 86 -1, linkat 265 37, symlink 88 -1, symlinkat 266 36, unlink 87 -1, unlinkat 263 35, mknod 133 -1, mknodat 259 33
chmod 90 -1, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -1, fchown 93 55, lchown 94 -1, fchownat 260 54
setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7, removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16
utime 132 -1, utimes 235 -1, futimesat 261 -1, utimensat 280 88
name_to_handle_at 303 264, open_by_handle_at 304 265, memfd_create 319 279, memfd_secret 447 447
shmget 29 194, shmat 30 196, semget 64 190, msgget 68 186, mq_open 240 180
chroot 161 51, pivot_root 155 41, mount 165 40, umount2 166 39, unshare 272 97, setns 308 268, mount_setattr 442 442
open_tree 428 428, move_mount 429 429, fsopen 430 430, fsconfig 431 431, fsmount 432 432, fspick 433 433
bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, seccomp 317 277, personality 135 92
io_uring_setup 425 425, io_uring_enter 426 426, io_uring_register 427 427
add_key 248 217, request_key 249 218, keyctl 250 219
init_module 175 105, finit_module 313 273, delete_module 176 106, kexec_load 246 104, kexec_file_load 320 294
reboot 169 142, swapon 167 224, swapoff 168 225
"""


class Machine(NamedTuple):
    """What differs between machines."""

    audit_arch: int
    """AUDIT_ARCH_… of uapi/linux/audit.h."""
    column: int
    """Of the numbers in a row, counted from 0."""
    seccomp: int
    """The number of the system call that installs a filter."""
    first_foreign: int
    """From this number on, system calls belong to another ABI (x32)."""


MACHINES = {
    "x86_64": Machine(0xC000003E, 0, 317, 0x40000000),
    "aarch64": Machine(0xC00000B7, 1, 277, 0x40000000),
}

# instructions of classic BPF: code, jump if true, jump if false, value
_INSTRUCTION = Struct("=HBBI")
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCH_AT = 0, 4
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | EPERM, 0x80000000


def machine() -> Machine | None:
    """Return what is to be known of this machine; None where there is no filter for it."""
    is_64_bit = sys.maxsize > 1 << 32
    return MACHINES.get(os.uname().machine) if sys.platform.startswith("linux") and is_64_bit else None


def refused(on: Machine) -> dict[str, int]:
    """Return the system calls that are refused on a machine: their names and numbers."""
    rows = (row.split() for line in _REFUSED.strip().splitlines() for row in line.split(","))
    numbers = {name: int(columns[on.column]) for name, *columns in rows}
    return {name: number for name, number in numbers.items() if number >= 0}


def program(on: Machine) -> bytes:
    """Return the filter, as instructions of classic BPF."""
    return b"".join(_INSTRUCTION.pack(*each) for each in _instructions(on))


def _instructions(on: Machine) -> Iterator[tuple[int, int, int, int]]:
    numbers = sorted(set(refused(on).values()))
    yield _LOAD, 0, 0, _ARCH_AT
    yield _IF_EQUAL, 1, 0, on.audit_arch
    yield _RETURN, 0, 0, _KILL  # system calls of another machine have other numbers
    yield _LOAD, 0, 0, _NUMBER_AT
    yield _IF_AT_LEAST, len(numbers) + 1, 0, on.first_foreign
    for at, number in enumerate(numbers):
        yield _IF_EQUAL, len(numbers) - at, 0, number
    yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _REFUSE


def install(on: Machine) -> None:
    """Refuse this process the system calls above from now on. There is no way back.

    PR_SET_NO_NEW_PRIVS must have been set.

    Raises:
        OSError: The kernel has no filters; nothing is refused.
    """
    import ctypes

    code = program(on)

    class Program(ctypes.Structure):
        """`struct sock_fprog`."""

        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    given = Program(len(code) // _INSTRUCTION.size, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(on.seccomp), ctypes.c_long(_SET_MODE_FILTER), ctypes.c_long(0), ctypes.byref(given)) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
