"""Where bpost stores its files: in the platform's usual folders, private to the reader (0700)."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bpost_tui.errors import StoreError
from bpost_tui.i18n import message

_HINT = message("Set HOME, or choose a folder with --data-dir.")


LIBRARY, SAMPLE = "library", "demo"
"""The folders in the data folder: of the library, of the sample's library."""


class Folders(NamedTuple):
    """The three folders; they may not exist yet."""

    data: Path
    """Of the library, and the sample's: what must not be lost."""
    config: Path
    """Of `config.toml` and the reader's own themes."""
    state: Path
    """Of what was chosen by key, and of reports of bugs."""

    @property
    def library(self) -> Path:
        """The folder of the library."""
        return self.data / LIBRARY


def folders(data_dir: Path | None = None) -> Folders:
    """Return the folders of this reader, with `data_dir` as the data folder if it is given.

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
    """Return a folder that platformdirs finds; raises StoreError if it depends on a missing or relative HOME."""
    try:
        folder = find("bpost", appauthor=False)
    except RuntimeError:  # no home folder can be determined
        folder = Path()
    if not folder.is_absolute():
        raise StoreError(message("HOME names no folder"), hint=_HINT)
    return folder


def make_private(folder: Path) -> Path:
    """Make a folder, and missing ones above it, that only the reader can enter (0700), and return it.

    A folder of theirs that others can look into is closed to them, even if somebody else made it: what is read, and when, is
    nobody's business.

    Raises:
        StoreError: It can't be made, or is no folder.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _close(folder)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}", hint=_HINT) from error
    return folder


def close_within(folder: Path) -> None:
    """Close the folders in one of the reader's to others, as `make_private` does; what a link leads to is not ours."""
    with suppress(OSError):  # what is wrong with the folder is said where it is used
        for each in os.scandir(folder):
            if each.is_dir(follow_symlinks=False):
                _close(Path(each))


def _close(folder: Path) -> None:
    found = folder.stat()
    if found.st_mode & 0o077 and found.st_uid == os.geteuid():
        try:
            folder.chmod(0o700)
        except OSError as error:
            if error.errno != errno.EROFS:  # on such a disk one can still read
                raise
