"""Where bpost stores its files: in the platform's usual folders, each portal in its own, private to the reader (0700)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bpost_tui.errors import StoreError
from bpost_tui.i18n import message
from bpost_tui.urls import earlier_portal_key, is_own, portal_key

_HINT = message("Set HOME, or choose a folder with --data-dir.")


class Folders(NamedTuple):
    """The three folders; they may not exist yet."""

    data: Path
    """Of the libraries: what must not be lost."""
    config: Path
    """Of `config.toml` and the reader's own themes."""
    state: Path
    """Of what was chosen by key, and of reports of bugs."""

    def library(self, portal: str) -> Path:
        """Return the folder of a portal's library: an earlier one, where that has the portal's stories."""
        folder, earlier = self.data / portal_key(portal), self.data / earlier_portal_key(portal)
        return earlier if folder != earlier and not folder.exists() and _has_stories_of(earlier, portal) else folder


def _has_stories_of(folder: Path, portal: str) -> bool:
    """Whether the newest stories of a folder's library are a portal's."""
    import sqlite3  # only where a host's name ends as if with a port
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"{(folder / 'stories.db').as_uri()}?mode=ro", uri=True)) as db:
            links = db.execute("SELECT link FROM stories WHERE link IS NOT NULL ORDER BY id DESC LIMIT 20").fetchall()
    except sqlite3.Error:
        return False
    return any(is_own(link, portal) for (link,) in links)


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

    A folder of theirs that others can look into, whoever made it, is closed to them: what is read, and when, is nobody's business.

    Raises:
        StoreError: It can't be made, or is no folder.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.stat()
        if found.st_mode & 0o077 and found.st_uid == os.geteuid():
            folder.chmod(0o700)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}", hint=_HINT) from error
    return folder
