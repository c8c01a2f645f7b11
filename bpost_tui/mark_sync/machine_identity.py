"""Which machine this is, among those of one reader."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line

try:
    from _blake2 import blake2b  # the same, without OpenSSL's 9 ms
except ImportError:
    from hashlib import blake2b

_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_ID_BYTES = 8


class MachineIdentity(NamedTuple):
    """A machine, or rather a library on one: with another folder of libraries, bpost is another one to the others."""

    id: str
    """16 hexadecimal digits."""
    host: str
    """What the machine is called."""


def identify_machine(library: Path, *, ids: Iterable[Path] = _ID_FILES, host: str | None = None) -> MachineIdentity:
    """Return the machine that a library's folder is on.

    The id is worked out, not kept: so a home that is copied to another machine is another one at once. It is made of the system's
    own id, hashed as machine-id(5) asks, or the host's name where the system has none, and of the folder's path.
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
