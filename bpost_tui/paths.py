"""Folders of bpost's files: the usual folders of the platform, which only the reader may open (0700)."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bpost_tui.errors import StoreError
from bpost_tui.i18n import message
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_HINT = message("Set HOME, or choose a folder with --data-dir.")


LIBRARY, SAMPLE = "library", "demo"
"""Names of two folders in the data folder: for the library, and for the library of the sample edition."""


class Folders(NamedTuple):
    """Paths of the data, config and state folders. The folders may not exist yet."""

    data: Path
    """Data folder. It has the library and the sample edition's library, and everything else that must not be lost."""
    config: Path
    """Config folder. It has `config.toml` and the reader's own themes."""
    state: Path
    """State folder. It has choices that were made with keys, and bug reports."""

    @property
    def library(self) -> Path:
        """Path of the library's folder."""
        return self.data / LIBRARY


def folders(data_dir: Path | None = None) -> Folders:
    """Return the reader's folders. `data_dir` is used as the data folder; if it is None, the platform's usual folder.

    Raises:
        StoreError: There is no home folder.
    """
    import platformdirs  # 18 ms

    return Folders(
        data=data_dir.absolute() if data_dir else _usable(platformdirs.user_data_path),
        config=_usable(platformdirs.user_config_path),
        state=_usable(platformdirs.user_state_path),
    )


def _usable(find: Callable[..., Path]) -> Path:
    """Return the folder that `find`, a function of platformdirs, returns.

    Raises StoreError if the folder depends on the variable HOME, and HOME is missing or relative.
    """
    try:
        folder = find("bpost", appauthor=False)
    except RuntimeError:  # no home folder can be determined
        folder = Path()
    if not folder.is_absolute():
        raise StoreError(message("HOME names no folder"), hint=_HINT)
    return folder


def make_private(folder: Path) -> Path:
    """Create a folder and its missing parents for this user only (0700), and return the folder.

    An existing folder of the reader's is also closed to other users, even if another program made it, because nobody else should
    see the reader's stories and times.

    Raises:
        StoreError: The folder can't be made, or the path isn't a folder.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _close(folder)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}", hint=_HINT) from error
    return folder


def close_within(folder: Path) -> None:
    """Deny other users access to the folders inside one of the reader's folders. Links aren't followed."""
    with suppress(OSError):  # an error of the folder is reported by its user
        for each in os.scandir(folder):
            if each.is_dir(follow_symlinks=False):
                _close(Path(each))


def _close(folder: Path) -> None:
    found = folder.stat()
    if found.st_mode & 0o077 and found.st_uid == os.geteuid():
        try:
            folder.chmod(0o700)
        except OSError as error:
            if error.errno != errno.EROFS:  # a read-only disk can still be read
                raise
