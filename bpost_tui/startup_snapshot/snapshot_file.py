"""File of a saved page (bpost's first screen): the start that it is for, the files that it was made of, the bytes that draw it.

A page is current as long as the files that it was made of are unchanged. Only the reader can write the file. So its form is checked
only against accidents: the file may have been cut short, or another program may have put it there.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_BYTES = 512 << 10
"""Maximum size in bytes of a saved page's file. A first screen takes 90 kB in kitty, 140 kB in sixel; larger screens, for example
with a photograph, aren't saved."""
_MAGIC = b"bpost startup snapshot 3\n"
_SUFFIX = ".page"
IF_SET = "?"
"""Suffix for the name of an environment variable that only counts as set or not set. Its value is ignored: each terminal window
has another value, but all can show the same saved page."""


class SnapshotFile:
    """Page (first screen of bpost) as saved, with the facts that show whether it is up to date."""

    def __init__(
        self, start: bytes, queries: bytes, answers: bytes, frame: bytes, release: bytes, sources: Sequence[tuple[bytes, bytes]]
    ) -> None:
        self.start = start
        """Key of the starts of bpost that show this page: a text of their arguments, environment and window size (`start_key`)."""
        self.queries = queries
        """Queries to send to the terminal; empty if the terminal must not be queried."""
        self.answers = answers
        """Answers of the terminal to the queries, as `comparable_answers` returns them; empty if the terminal gave none."""
        self.frame = frame
        """Bytes that draw the page on an empty screen."""
        self.release = release
        """Escape sequence that frees the terminal's memory for the page's pictures."""
        self.sources = sources
        """Paths of the files that the page was made of, each with its size and times (`file_state`) when the page was drawn."""

    def is_current(self) -> bool:
        """Whether all files that the page was made of are unchanged."""
        return all(file_state(path) == state for path, state in self.sources)

    def packed(self) -> bytes:
        """Return the page as the bytes of a file, with a checksum; `read` reads them."""
        from zlib import crc32

        fields = (
            self.start,
            self.queries,
            self.answers,
            self.frame,
            self.release,
            *(each for pair in self.sources for each in pair),
        )
        body = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
        return _MAGIC + crc32(body).to_bytes(4, "big") + body


def start_key(
    arguments: Sequence[str], environ: Mapping[str, str], version: str, window: Sequence[int], names: Sequence[str]
) -> bytes:
    """Return a key for a start of bpost, in bytes. Starts with the same key may show the same saved page (first screen).

    Args:
        arguments: Arguments of the command line.
        environ: The environment.
        version: Version of bpost.
        window: Columns, rows, width and height in pixels.
        names: Names of the environment variables that the page depends on; with the suffix `IF_SET`, the page depends only on
            whether the variable is set.
    """
    variables = [_variable(name, environ) for name in names]
    size = " ".join(map(str, window))
    folder = os.getcwd() if arguments else "/"  # relative paths among the arguments start there
    return os.fsencode("\0".join((version, size, folder, *variables, "", *arguments)))


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if name.endswith(IF_SET):
        return f"{name}=1" if environ.get(name.removesuffix(IF_SET)) else name
    return f"{name}={environ[name]}" if name in environ else name


def _names_in(start: bytes) -> list[str]:
    """Return the names of the environment variables in `start`, a key that `start_key` has made."""
    variables = os.fsdecode(start).partition("\0\0")[0].removesuffix("\0").split("\0")[3:]
    return [variable.partition("=")[0] for variable in variables]


def find(
    folder: str, arguments: Sequence[str], environ: Mapping[str, str], version: str, window: Sequence[int]
) -> SnapshotFile | None:
    """Return the page (first screen) saved for a start like this one, up to date or not; None if no page is saved for it.

    Only the environment variables that the saved page depends on are compared.

    Args:
        folder: Folder of the saved pages.
        arguments: Arguments of the command line.
        environ: The environment.
        version: Version of bpost.
        window: Columns, rows, width and height in pixels.
    """
    pages = filter(None, map(read, pages_in(folder)))
    return next(
        (page for page in pages if page.start == start_key(arguments, environ, version, window, _names_in(page.start))), None
    )


def snapshot_folder(environ: Mapping[str, str]) -> str | None:
    """Return the folder of the saved pages; None if neither HOME nor XDG_STATE_HOME in `environ` has an absolute path for it."""
    import sys

    home = environ.get("HOME", "")
    usual = f"{home}/Library/Application Support" if sys.platform == "darwin" else f"{home}/.local/state"
    state_home = environ.get("XDG_STATE_HOME") or usual
    return f"{state_home}/bpost/pages" if state_home.startswith("/") else None


def path_of(folder: str, start: bytes) -> str:
    """Return the path of the file that keeps the page for a start of bpost; `start` is the key of the start."""
    from zlib import crc32  # 0.2 ms

    return f"{folder}/{crc32(start):08x}{_SUFFIX}"


def pages_in(folder: str) -> list[str]:
    """Return the paths of the files of saved pages in a folder, the newest first; none if the folder can't be read."""
    try:
        found = [entry for entry in os.scandir(folder) if entry.name.endswith(_SUFFIX)]
        return [entry.path for entry in sorted(found, key=lambda entry: -entry.stat(follow_symlinks=False).st_mtime_ns)]
    except OSError:
        return []


def file_state(path: bytes) -> bytes:
    """Return a file's device, inode, size and times; empty if the file is missing or empty.

    The value changes when the file is written, except if the clock hasn't ticked and the size is the same.
    """
    try:
        found = os.stat(path)
    except OSError:
        return b""
    if not found.st_size:  # readers of a database make and remove an empty log
        return b""
    # the change time can't be set: a file that replaces another has a different one
    return b"%d %d %d %d %d" % (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def comparable_answers(answers: bytes, *, has_px: bool) -> bytes:
    """Return a terminal's answers without the parts that differ from start to start, such as the cursor's row.

    With `has_px`, the kernel knows the size of the window in pixels, so the terminal's report of that size is left out as well.
    """
    parts = []
    for part in answers.split(b"\x1b["):
        first, _, rest = part.partition(b";")
        number, mark, _ = rest.partition(b"R")
        if first.isdigit() and mark and number.isdigit():
            parts.append(b"1;" + rest)
        elif has_px and first == b"4" and b"t" in rest:
            parts[-1] += rest.partition(b"t")[2]
        else:
            parts.append(part)
    return b"\x1b[".join(parts)


def read(path: str) -> SnapshotFile | None:
    """Return the saved page in a file; None if the file is missing, damaged or too large, or another user may read or owns it."""
    from zlib import crc32

    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = os.fstat(fd)
        is_plain = found.st_mode & 0o170000 == 0o100000
        if not is_plain or found.st_uid != os.geteuid() or found.st_mode & 0o077 or found.st_size > MAX_BYTES:
            return None
        data = os.read(fd, MAX_BYTES)
    except OSError:
        return None
    finally:
        os.close(fd)
    body = data[len(_MAGIC) + 4 :]
    if data[: len(_MAGIC)] != _MAGIC or data[len(_MAGIC) : len(_MAGIC) + 4] != crc32(body).to_bytes(4, "big"):
        return None
    fields = list(_fields(body))
    if len(fields) < 5 or not len(fields) % 2:
        return None
    start, queries, answers, frame, release, *sources = fields
    return SnapshotFile(start, queries, answers, frame, release, list(zip(sources[::2], sources[1::2], strict=True)))


def _fields(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "big")
        yield body[at + 4 : end]
        at = end
