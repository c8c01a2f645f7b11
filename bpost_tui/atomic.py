"""Atomic writes, bounded reads and locks of files.

The obvious way to write a file is `open(path, "w")`. But it empties the file first, so after a crash or on a full disk, or
for a process that reads it at the wrong moment, the file is empty or half written. So data goes into a draft beside the file,
on the same file system, and `rename` replaces the file in one step (POSIX). `fsync` before the rename keeps the file from being
empty after a power cut; files that can be made again are written without it. Each writer's draft has a name of its own, so two
writers never share a draft. `locked` orders writers that read a file before they change it.

The folder itself isn't synced, so after a power cut the old file may be back, but undamaged.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic_ns
from typing import IO

_MOST_LINKS = 40
_LONGEST_STEM = 50
"""Maximum number of characters of the file's name that are repeated in the draft's name.

File systems allow 255 bytes in a name, and a character may need four.
"""


@contextmanager
def replace_file(path: Path, *, private: bool = True, sync: bool = True) -> Iterator[Path]:
    """Yield the path of an empty file that replaces `path` when the block ends; if the block fails, the old file stays.

    Until then the new file is beside `path` as `.NAME.PID.NANOSECONDS.part`. A symbolic link is replaced itself, not its target.

    Args:
        path: Path of the file to write; its folder must exist.
        private: Whether only the owner may read the file (0600). If not, the file gets the mode of the replaced file, or of any
            new file (umask).
        sync: Whether to wait until the file is on the disk. If not, the file may be empty after a power cut.

    Raises:
        OSError: The file can't be written.
    """
    part = path.with_name(f".{path.name[:_LONGEST_STEM]}.{os.getpid()}.{monotonic_ns()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666))
        yield part
        if sync:
            _sync(part)
        if not private and path.exists():
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Write a file that only its owner can read (0600), entirely or not at all.

    Unless `sync`, the function doesn't wait until the file is on the disk; the file may then be empty after a power cut.

    Raises OSError if the file can't be written.
    """
    with replace_file(path, sync=sync) as part:
        part.write_bytes(data)


def read_whole(path: Path, most_bytes: int) -> bytes:
    """Return the content of a file of at most `most_bytes`.

    The function doesn't block, even if another user has replaced the file with a pipe or a device.

    Raises:
        OSError: The file can't be read, is larger, or isn't a regular file.
    """
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > most_bytes:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return file.read(most_bytes)


@contextmanager
def open_regular(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file for reading.

    Raises OSError if the file can't be opened or isn't a regular file: reading a pipe would block, and a device has no end.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        with open(descriptor, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait for the lock of a folder, and hold it until the block ends. Other processes that want the lock wait meanwhile.

    If a process dies, its lock is released. Raises OSError if the folder can't be opened.
    """
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def resolve_links(named: Path) -> Path:
    """Return the target of the path `named`, with all symbolic links followed.

    Raises PermissionError at a link that belongs neither to this user nor to the owner of its folder. In a folder that all may
    write to, such as /tmp, another user may have planted such a link. The kernel has a similar rule, but doesn't apply it if a file
    is replaced by `rename` (https://docs.kernel.org/admin-guide/sysctl/fs.html#protected-symlinks).
    """
    path, ahead = Path("/"), list(reversed(named.absolute().parts[1:]))
    links = 0
    while ahead:
        part = ahead.pop()
        here = path.parent if part == ".." else path / part
        if not here.is_symlink():
            path = here
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(named))
        if here.lstat().st_uid not in (os.geteuid(), path.stat().st_uid):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(here))
        target = here.readlink()
        if here.exists() and not (path / target).exists():  # an open file or pipe, such as the target of /dev/stdout (proc(5))
            path = here
            continue
        path = Path("/") if target.is_absolute() else path
        ahead += reversed(target.parts[1:] if target.is_absolute() else target.parts)
    return path


def _sync(path: Path) -> None:
    """Wait until a file's data is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def try_lock(file: Path) -> Iterator[bool]:
    """Try to lock `file`, and yield whether that succeeded. The lock is held until the block ends or the process dies.

    The result is also True if `file` can't be created, because then no process can write to its folder anyway. It is True as well
    if the file system has no locks.
    """
    try:
        lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        yield True
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_locked = True
    except OSError as error:
        is_locked = not isinstance(error, BlockingIOError)
    try:
        yield is_locked
    finally:
        os.close(lock)
