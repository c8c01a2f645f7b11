"""Store of pictures for reading offline: one file per picture, named by the hash of its address, within a size limit.

A file is a header and the picture. The picture's length and checksum in the header reveal a damaged or incomplete file, which is
ignored. A header without a picture records that the address has no picture. A file's modification time is the time when the
picture was last shown. Stored pictures are as untrusted as a portal's answer: each is decoded in the worker process every time.
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

from bpost_tui.atomic import open_regular, read_whole, replace_file
from bpost_tui.errors import write_error
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.paths import make_private
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MISSING_S = 24 * 3600.0
"""Time in seconds after which an address that had no picture is requested again."""
FOLDER = "pictures"
_HEADER = struct.Struct(">8sIIIII")  # magic, width, height, bytes sent, bytes stored, checksum
_MAGIC = b"bpostpi1"
_MAX_BYTES = 32 << 20
_NAME_CHARS = 40
_ENDING = ".picture"
_STALE_DRAFT_S = 3600.0
"""Age in seconds after which an incomplete file is deleted, because no running process writes it any more."""


@dataclass(frozen=True, slots=True)
class MissingPicture:
    """Result of a search in the store if the address is known to have no picture."""


class PictureUsage(NamedTuple):
    """Number of stored pictures, and their size."""

    pictures: int
    stored_bytes: int
    sent_bytes: int
    """Number of bytes that portals sent for these pictures, before bpost made smaller files of them."""


class PictureStore:
    """Store of pictures in a library's folder. Any number of threads and processes may use it at once.

    Args:
        folder: Folder of the library.
        max_bytes: Maximum size in bytes of all pictures. Above it, the pictures shown longest ago are deleted.
        marked: Function that returns the addresses of pictures to delete last, because their stories are marked.
        clock: Function that returns seconds since 1970.
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
        """Return the stored picture of an address, MissingPicture if the address is known to have no picture, otherwise None.

        If `is_shown`, the picture is recorded as shown now. The pictures that were shown last are kept longest.
        """
        path = self._path(address)
        try:
            data = read_whole(path, _MAX_BYTES)
            written = path.stat().st_mtime
        except OSError:
            return None
        found = _read(data)
        if isinstance(found, MissingPicture):
            return found if 0 <= self._clock() - written < MISSING_S else None
        if found is not None and is_shown:
            with suppress(OSError):  # on a read-only disk, the order stays as it was
                os.utime(path, (self._clock(), self._clock()))
        return found

    def save(self, address: str, picture: StoredPicture) -> None:
        """Store a picture. If the store is then larger than its size limit, delete the pictures that were shown longest ago.

        Raises:
            StoreError: The picture can't be written; stored pictures stay.
        """
        self._write(address, picture)
        self._trim(self._path(address).name)

    def save_missing(self, address: str) -> None:
        """Record that an address has no picture. Raises StoreError if the record can't be written."""
        self._write(address, StoredPicture(0, 0, b""))

    def usage(self) -> PictureUsage:
        """Return the number of stored pictures and their size in bytes."""
        pictures = stored_bytes = sent_bytes = 0
        for path, size, _ in self._files():
            with suppress(OSError), open_regular(path) as file:
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
            raise write_error(self._folder, error) from error

    def _trim(self, newest: str) -> None:
        """Delete pictures until the store is within its size limit, beginning with the picture that was shown longest ago.

        Pictures of marked stories are deleted after all others, and the picture just saved last of all: `newest` is the name of its
        file.
        """
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
        """Yield the path of each picture's file, its size in bytes, and the time when the picture was last shown.

        Incomplete files of processes that died are deleted.
        """
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(OSError):  # deleted meanwhile
                    status = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(_ENDING):
                        yield Path(entry.path), status.st_size, status.st_mtime
                    elif self._clock() - status.st_mtime > _STALE_DRAFT_S:
                        Path(entry.path).unlink()


def _read(data: bytes) -> StoredPicture | MissingPicture | None:
    if len(data) < _HEADER.size:
        return None
    magic, width_px, height_px, sent_bytes, length, checksum = _HEADER.unpack_from(data)
    body = data[_HEADER.size :]
    if magic != _MAGIC or len(body) != length or zlib.crc32(body) != checksum:
        return None
    return StoredPicture(width_px, height_px, body, sent_bytes) if body else MissingPicture()
