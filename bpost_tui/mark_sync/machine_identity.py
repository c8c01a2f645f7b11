"""Identity of this machine, to distinguish it from the reader's other machines."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from pathlib import Path

from bpost_tui.digests import blake2b
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_ID_BYTES = 8


class MachineIdentity(NamedTuple):
    """Identity of a machine with a library. Two libraries on one machine count as two machines."""

    id: str
    """Id of the machine, as 16 hexadecimal digits."""
    host: str
    """Name of the machine."""


def identify_machine(library: Path, *, ids: Iterable[Path] = _ID_FILES, host: str | None = None) -> MachineIdentity:
    """Return the identity of the machine that has the library in the folder `library`.

    The id is computed, not saved, so that a copy of the home folder on another machine has another id at once. It is a hash of the
    folder's path and of the system's id, since that id itself must stay on the machine (machine-id(5)). One of the files `ids` has
    the system's id. If the system has no id, the host's name replaces it. `host` is this name, or None for the name that the system
    reports.
    """
    name = clean_line(socket.gethostname() if host is None else host, MAX_NAME_CHARS)
    system = next(filter(None, map(_system_id, ids)), None) or name
    digest = blake2b(f"{system}\0{library.absolute()}".encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES, key=b"bpost")
    return MachineIdentity(digest.hexdigest(), name)


def _system_id(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")[:64].strip()
    except (OSError, ValueError):
        return ""
