"""Pictures stored for reading without a network: a file each, named by the hash of its address, within a limit for all.

A file is a header and the picture; by the header's length and checksum, a file that was cut off or damaged is known, and counts as
none. A header without a picture means that the address has none. A file's time is when it was last shown. What is stored is no more
trusted than what was sent: it is decoded in the worker process each time.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bpost_tui.atomic import replace_file
from bpost_tui.errors import StoreError
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.paths import make_private

MISSING_S = 24 * 3600.0
"""How long an address without a picture isn't asked again."""
FOLDER = "pictures"
_HEADER = struct.Struct(">8sIIIII")  # what it is, width, height, bytes sent, bytes stored, checksum
_MAGIC = b"bpostpi1"
_MAX_BYTES = 32 << 20
_NAME_CHARS = 40
_ENDING = ".picture"
_STALE_DRAFT_S = 3600.0
"""After this time, an unfinished file belongs to no living process."""


@dataclass(frozen=True, slots=True)
class MissingPicture:
    """An address has no picture."""


class PictureUsage(NamedTuple):
    """How many pictures are stored, and what they take."""

    pictures: int
    stored_bytes: int
    sent_bytes: int
    """What the portal sent for them."""


class PictureStore:
    """The pictures of a library's folder; for any number of threads and processes at once.

    Args:
        folder: The library's.
        max_bytes: Of all pictures; where it is exceeded, those shown longest ago are deleted.
        marked: Gives the addresses of pictures that are deleted last, as their stories are starred or to be read later.
        clock: Seconds since 1970, as of files.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int,
        marked: Callable[[], Collection[str]] = frozenset,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder / FOLDER
        self.max_bytes = max_bytes
        self._marked = marked
        self._clock = clock

    def find(self, address: str, *, is_shown: bool = True) -> StoredPicture | MissingPicture | None:
        """Return what is known of an address: its picture, that it has none (Missing), or None.

        Those shown last are kept longest; with `is_shown` false, the picture isn't counted as shown now.
        """
        path = self._path(address)
        try:
            data = path.read_bytes()
            written = path.stat().st_mtime
        except OSError:
            return None
        found = _read(data)
        if isinstance(found, MissingPicture):
            return found if 0 <= self._clock() - written < MISSING_S else None
        if found is not None and is_shown:
            with suppress(OSError):  # on a disk that can't be written, the order stays as it was
                os.utime(path, (self._clock(), self._clock()))
        return found

    def save(self, address: str, picture: StoredPicture) -> None:
        """Store a picture, and delete others where they exceed the limit.

        Raises:
            StoreError: It can't be written; what was stored before still is.
        """
        self._write(address, picture)
        self._trim(self._path(address).name)

    def save_missing(self, address: str) -> None:
        """Note that an address has no picture; raises as `save` does."""
        self._write(address, StoredPicture(0, 0, b""))

    def usage(self) -> PictureUsage:
        """Return how much is stored."""
        pictures = stored_bytes = sent_bytes = 0
        for path, size, _ in self._files():
            with suppress(OSError), path.open("rb") as file:
                header = file.read(_HEADER.size)
                if len(header) == _HEADER.size and (size := size - _HEADER.size):
                    pictures, stored_bytes, sent_bytes = pictures + 1, stored_bytes + size, sent_bytes + _HEADER.unpack(header)[3]
        return PictureUsage(pictures, stored_bytes, sent_bytes)

    def _path(self, address: str) -> Path:
        import hashlib  # 3 ms

        return self._folder / (hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:_NAME_CHARS] + _ENDING)

    def _write(self, address: str, picture: StoredPicture) -> None:
        path = self._path(address)
        sides = picture.width_px, picture.height_px
        header = _HEADER.pack(_MAGIC, *sides, picture.sent_bytes, len(picture.data), zlib.crc32(picture.data))
        make_private(self._folder)
        try:
            with replace_file(path) as new:
                new.write_bytes(header + picture.data)
                os.utime(new, (self._clock(), self._clock()))
        except OSError as error:
            raise StoreError(
                f"{self._folder}: {error.strerror or error}", hint="The picture is shown, but couldn't be saved."
            ) from error

    def _trim(self, newest: str) -> None:
        """Delete what was shown longest ago, marked stories' pictures last, until the rest is within the limit."""
        files = list(self._files())
        total = sum(size for _, size, _ in files)
        if total <= self.max_bytes:
            return
        spared = {self._path(address).name for address in self._marked()} | {newest}
        for path, size, _ in sorted(files, key=lambda file: (file[0].name == newest, file[0].name in spared, file[2])):
            if total <= self.max_bytes:
                break
            with suppress(OSError):
                path.unlink()
                total -= size

    def _files(self) -> Iterator[tuple[Path, int, float]]:
        """Yield path, bytes and time of each picture; delete what a process that died left unfinished."""
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(OSError):  # gone meanwhile
                    status = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(_ENDING):
                        yield Path(entry.path), status.st_size, status.st_mtime
                    elif self._clock() - status.st_mtime > _STALE_DRAFT_S:
                        Path(entry.path).unlink()


def _read(data: bytes) -> StoredPicture | MissingPicture | None:
    if not _HEADER.size <= len(data) <= _MAX_BYTES:
        return None
    magic, width_px, height_px, sent_bytes, length, checksum = _HEADER.unpack_from(data)
    body = data[_HEADER.size :]
    if magic != _MAGIC or len(body) != length or zlib.crc32(body) != checksum:
        return None
    return StoredPicture(width_px, height_px, body, sent_bytes) if body else MissingPicture()
