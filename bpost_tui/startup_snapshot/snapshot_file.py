"""The file of a kept front page: what it was made under, and the bytes that show it. Loads next to nothing.

A page is true as long as all that it was made of is as it was then: the kind of start, and files. Who can write the page is the
reader; what is checked keeps accidents out: a file that was cut short, or put there by somebody else.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_BYTES = 512 << 10
"""Of a file; a first screen of type in kitty takes 90 kB, in sixel 140. Larger ones, as with a photograph, aren't kept."""
MAX_TEXT_BYTES = 64 << 10
"""Of a file that is compared letter by letter."""
_MAGIC = b"bpost front page 2\n"
_SUFFIX = ".page"
_TICK_NS = 20_000_000
"""Two writes within so much may get the same time (4 ms with a usual kernel): only what was written earlier is certain."""
WHETHER = "?"
"""Behind a variable that counts only as set or unset: each window has another value."""


class SnapshotFile:
    """A kept page: everything in it is bytes."""

    def __init__(
        self, start: bytes, queries: bytes, answers: bytes, frame: bytes, freeing: bytes, sources: Sequence[tuple[bytes, bytes]]
    ) -> None:
        self.start = start
        """The start that it is for; see `start_of`."""
        self.queries = queries
        """What the terminal is to be asked; empty for one that is asked nothing."""
        self.answers = answers
        """What it answered to that, as `settled` makes it; empty where it is one that answers nothing."""
        self.frame = frame
        """What draws it on an empty screen."""
        self.freeing = freeing
        """What frees the pictures in it."""
        self.sources = sources
        """The files that it was made of, each with its `state`."""

    def is_true(self) -> bool:
        """Whether all that it was made of is as it was then."""
        return all(state(path, is_text=known[:1] == b"=") == known for path, known in self.sources)

    def renewed(self) -> SnapshotFile | None:
        """Return the page as one of the files as they are now, which show the same; None where a text among them has changed."""
        sources = [(path, state(path, is_text=known[:1] == b"=")) for path, known in self.sources]
        if any(now != known for (_, now), (_, known) in zip(sources, self.sources, strict=True) if known[:1] == b"="):
            return None
        return SnapshotFile(self.start, self.queries, self.answers, self.frame, self.freeing, sources)


def start_of(
    arguments: Sequence[str], environ: Mapping[str, str], version: str, window: Sequence[int], names: Sequence[str]
) -> bytes:
    """Return all that tells one start of the reader from another.

    Args:
        arguments: Of the command line.
        environ: The environment.
        version: Of bpost.
        window: Columns, rows, width and height in pixels.
        names: The variables of the environment that count, each perhaps with `WHETHER` behind it.
    """
    variables = [_variable(name, environ) for name in names]
    size = " ".join(map(str, window))
    folder = os.getcwd() if arguments else "/"  # paths among them go from there
    return os.fsencode("\0".join((version, size, folder, *variables, "", *arguments)))


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if name.endswith(WHETHER):
        return f"{name}=1" if environ.get(name.removesuffix(WHETHER)) else name
    return f"{name}={environ[name]}" if name in environ else name


def started_with(start: bytes) -> tuple[list[int], str, dict[str, str | None], list[str]]:
    """Return the window, the working folder, the variables (None: not set) and the arguments of a start."""
    before, has_arguments, after = os.fsdecode(start).partition("\0\0")
    _, size, folder, *variables = before.removesuffix("\0").split("\0")
    parts = [variable.partition("=") for variable in variables]
    named = {name.removesuffix(WHETHER): value if is_set else None for name, is_set, value in parts}
    return [int(number) for number in size.split()], folder, named, after.split("\0") if has_arguments else []


def _names_in(start: bytes) -> list[str]:
    """Return the variables that count for a start, as `start_of` took them."""
    variables = os.fsdecode(start).partition("\0\0")[0].removesuffix("\0").split("\0")[3:]
    return [variable.partition("=")[0] for variable in variables]


def find(
    folder: str, arguments: Sequence[str], environ: Mapping[str, str], version: str, window: Sequence[int]
) -> SnapshotFile | None:
    """Return the page for a start, true or not: each says itself which variables count for it. None where there is none."""
    pages = filter(None, map(read, pages_in(folder)))
    return next(
        (page for page in pages if page.start == start_of(arguments, environ, version, window, _names_in(page.start))), None
    )


def folder_of(environ: Mapping[str, str]) -> str | None:
    """Return the folder of the pages, in the state folder as `paths.folders` finds it; None where that has no place."""
    import sys

    home = environ.get("HOME", "")
    usual = f"{home}/Library/Application Support" if sys.platform == "darwin" else f"{home}/.local/state"
    state_home = environ.get("XDG_STATE_HOME") or usual
    return f"{state_home}/bpost/pages" if state_home.startswith("/") else None


def path_of(folder: str, start: bytes) -> str:
    """Return the file of the page of a start."""
    from zlib import crc32  # 0.2 ms

    return f"{folder}/{crc32(start):08x}{_SUFFIX}"


def pages_in(folder: str) -> list[str]:
    """Return the files of all pages, the newest first."""
    try:
        found = [entry for entry in os.scandir(folder) if entry.name.endswith(_SUFFIX)]
        return [entry.path for entry in sorted(found, key=lambda entry: -entry.stat(follow_symlinks=False).st_mtime_ns)]
    except OSError:
        return []


def state(path: bytes, *, is_text: bool) -> bytes:
    """Return what a file is now: of a text all of it, of others a value that changes whenever it is written.

    Raises:
        ValueError: A text is too long.
    """
    if is_text:
        try:
            with open(path, "rb") as file:
                text = file.read(MAX_TEXT_BYTES + 1)
        except OSError:
            return b"="
        if len(text) > MAX_TEXT_BYTES:
            raise ValueError(path)
        return b"=" + text + b"."
    try:
        found = os.stat(path)
    except OSError:
        return b"#"
    if not found.st_size:  # a log that somebody reads by is made, and removed, without a change
        return b"#"
    # the change time can't be set: a file that was put in another's place has another
    return b"#%d %d %d %d %d" % (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def are_settled(sources: Sequence[tuple[bytes, bytes]]) -> bool:
    """Wait until whatever is written from now on will have another time than what was written before; return whether it will."""
    import time

    times = [int(number) for _, known in sources if known[:1] == b"#" for number in known.split()[3:]]
    while (left_ns := max(times, default=0) + _TICK_NS - time.time_ns()) > 0:
        if left_ns > _TICK_NS:  # the clock was set back
            return False
        time.sleep(left_ns / 1e9)
    return True


def settled(answers: bytes, *, has_px: bool) -> bytes:
    """Return a terminal's answers without what changes from start to start: the row that the cursor is in.

    With `has_px`, the kernel knows the size of the window, too, and what the terminal says of that is left out.
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


def packed(page: SnapshotFile) -> bytes:
    """Return the file of a page."""
    from zlib import crc32

    fields = [
        page.start,
        page.queries,
        page.answers,
        page.frame,
        page.freeing,
        *(each for source in page.sources for each in source),
    ]
    body = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return _MAGIC + crc32(body).to_bytes(4, "big") + body


def read(path: str) -> SnapshotFile | None:
    """Return the page in a file; None where there is none, it isn't whole, or the file isn't the reader's alone."""
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
    start, queries, answers, frame, freeing, *sources = fields
    return SnapshotFile(start, queries, answers, frame, freeing, list(zip(sources[::2], sources[1::2], strict=True)))


def _fields(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "big")
        yield body[at + 4 : end]
        at = end
