"""Unsafe places for a library: network drives, and folders that a program synchronizes.

SQLite's WAL mode needs memory that all processes share (https://sqlite.org/wal.html), and a network drive doesn't offer such
memory. If a program copies a database while the database is written, the copy is damaged (https://sqlite.org/howtocorrupt.html).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from bpost_tui.i18n import message
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MOUNTS = Path("/proc/mounts")

_NETWORK_FILE_SYSTEMS = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "ncpfs", "davfs", "glusterfs", "beegfs", "fuse.sshfs")
)
_NETWORK_PREFIXES = ("fuse.rclone", "fuse.gvfsd", "fuse.s3fs", "fuse.davfs", "fuse.glusterfs", "fuse.ceph", "fuse.onedriver")
_MARKERS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
}
"""Maps the name of a file that a synchronizing program leaves in its folder to the name of the program."""
_FOLDER_NAMES = {
    "Dropbox": "Dropbox",
    "OneDrive": "OneDrive",
    "Nextcloud": "Nextcloud",
    "ownCloud": "ownCloud",
    "Mobile Documents": "iCloud",
    "iCloudDrive": "iCloud",
    "Google Drive": "Google Drive",
    "CloudStorage": "CloudStorage",
    "MEGAsync": "MEGA",
    "pCloudDrive": "pCloud",
}
"""Maps the usual name of a synchronized folder to the name of the program that synchronizes it."""


class UnsafeLocation(NamedTuple):
    """Location that is unsafe for a library, with the reason why it is unsafe."""

    cause: str
    """Reason why the location is unsafe: the type of its network file system, or the name of the program that synchronizes it."""
    line: str
    """Warning for the reader, as an English message id, which is the key of its translations."""


def unsafe_location(folder: Path, mounts: Path = MOUNTS) -> UnsafeLocation | None:
    """Return why `folder` is unsafe for a library, for example a network drive; None if there is no sign of danger.

    `mounts` is the file that lists the mounted file systems. A call takes 0.3 ms.
    """
    folder = Path(os.path.realpath(folder))
    kind = _file_system(folder, mounts)
    if kind in _NETWORK_FILE_SYSTEMS or kind.startswith(_NETWORK_PREFIXES):
        return UnsafeLocation(kind, message("the library is on a network drive; use it from one machine at a time"))
    above = (folder, *folder.parents)
    program = _by_name(above) or _by_marker(above)
    if program:
        return UnsafeLocation(
            program, message("the library is in a folder that is synchronised, which may damage it; choose another with --data-dir")
        )
    return None


def _by_name(folders: Iterable[Path]) -> str:
    # a company's folder is called `OneDrive - Company`
    return next((_FOLDER_NAMES[name] for folder in folders if (name := folder.name.partition(" - ")[0]) in _FOLDER_NAMES), "")


def _by_marker(folders: Iterable[Path]) -> str:
    # Dropbox has a folder `.dropbox` in the home folder too, but synchronises none of the files there
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.expanduser fails without a home folder
    marked = ((folder, name) for folder in folders if folder != home for name in _MARKERS)
    return next((_MARKERS[name] for folder, name in marked if os.path.exists(folder / name)), "")  # noqa: PTH110 - Path.exists may raise PermissionError


def _file_system(folder: Path, mounts: Path) -> str:
    """Return the type of the file system that contains a folder, or "" if unknown.

    `mounts` is the file that lists all mounted file systems (proc_mounts(5)).
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    found, kind = -1, ""
    for fields in map(str.split, lines):
        if len(fields) > 2:
            point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
            if len(point.parts) >= found and folder.is_relative_to(point):  # the last mount at a place covers earlier ones
                found, kind = len(point.parts), fields[2]
    return kind
