"""Verb `import`: merges stories and marks from the file that another library exported. Newer data is never overwritten."""

from __future__ import annotations

import io
import os
import stat
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sized
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import IO, TypeVar

from bpost_tui import log
from bpost_tui.cli.export.library_json import FORMAT, VERSION
from bpost_tui.cli.import_validation import imported_passage, imported_story, paper_of_file, paper_of_story
from bpost_tui.cli.shared.command_context import CommandContext, clock, sync_local_marks
from bpost_tui.cli.shared.progress_bar import ProgressBar
from bpost_tui.console import Console, stdin_bytes
from bpost_tui.core.wording import paper_name
from bpost_tui.errors import ContentError, UsageError, write_error
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.limits import MAX_LISTS, MAX_PAPERS, MAX_PASSAGES, MAX_PIPE_BYTES, MAX_SEARCHES, MAX_STORIES
from bpost_tui.model.exported_story import ImportedStory, ImportResult
from bpost_tui.model.own_list import OwnList, clean_own_list
from bpost_tui.model.paper import Paper
from bpost_tui.model.passage import Passage
from bpost_tui.model.sanitize import clean_line
from bpost_tui.model.search_values import SavedSearch, clean_search
from bpost_tui.untrusted import JsonStream, Rejection, read_one
from bpost_tui.urls import portal_key

T = TypeVar("T")
STDIN = "-"
_AT_A_TIME = 25
"""Number of stories saved in one transaction. Between transactions, other processes can write to the library."""


def import_(context: CommandContext, console: Console) -> int:
    """Check the whole file that the arguments name, then read it again and merge its stories; return the exit status.

    Raises ContentError if the file isn't valid; the library is then unchanged.
    """
    name = context.options.file
    try:
        with _opened(name) as file:
            found = _File(file, context)
            merged, passages = _merge(found, context, console)
    except ContentError as error:
        raise ContentError(prefix_reason(name, error.message), hint=error.hint) from error
    new, updated, marked = (sum(getattr(each, what) for each in merged) for what in ("new", "updated", "marked"))
    text, plural = context.language.text, context.language.plural
    counts = plural("{n} new story", "{n} new stories", new), text("{n} updated", n=updated), text("{n} marked", n=marked)
    kept = (plural("{n} passage", "{n} passages", passages),) if found.passages else ()
    console.write_result(", ".join((*counts, *kept)))
    _note_unsubscribed_papers(found, context, console)
    return 0


def _merge(found: _File, context: CommandContext, console: Console) -> tuple[list[ImportResult], int]:
    """Check all of the file `found`, then merge it into the library. Return the results, and the number of new passages."""
    name, count, merged = context.options.file, 0, list[ImportResult]()
    with ProgressBar(console, context.language) as progress, closing(found.stories()) as stories:
        for count, _ in enumerate(stories, 1):
            if count % _AT_A_TIME == 0:
                progress.update(name, *found.read_bytes())
    with context.library(console) as library:
        with ProgressBar(console, context.language) as progress, closing(found.stories()) as stories:
            while some := tuple(islice(stories, _AT_A_TIME)):
                progress.update_stories(len(merged) * _AT_A_TIME, count)
                since = monotonic()
                merged.append(library.import_export.merge(some, now=clock()))
                log.log_event("save", since=since, new=merged[-1].new, updated=merged[-1].updated)
        names = {search.name for search in library.saved_searches.all()}
        passages = library.passages.merge(found.passages, now=clock()) if found.passages else 0
        for search in found.searches:
            if search.name not in names:
                library.saved_searches.save(search.name, search.query, now=clock())
        if found.lists:
            library.own_lists.merge(found.lists, now=clock())
        sync_local_marks(context, library, console)
    return merged, passages


def _note_unsubscribed_papers(found: _File, context: CommandContext, console: Console) -> None:
    """Print the papers in the imported file `found` that the reader isn't subscribed to, and how to subscribe to them."""
    subscribed = {paper.key for paper in context.subscriptions.papers}
    for key, paper in found.papers.items():
        if paper.key not in subscribed and (n := found.counts[key]):
            language, name = context.language, paper_name(paper.address, context.language, configured_name=paper.name)
            saved = language.plural("{name}: {n} story saved", "{name}: {n} stories saved", n, name=name)
            console.write_note(
                f"{saved}. {language.text('To read this paper: bpost portals add {address}', address=paper.address)}"
            )


class _File:
    """File that `export` has written from a library. It can be read more than once."""

    def __init__(self, file: IO[bytes], context: CommandContext) -> None:
        self._file = file
        self._context = context
        self.searches: tuple[SavedSearch, ...] = ()
        """Saved searches in the file; complete after all stories have been read."""
        self.passages: tuple[Passage, ...] = ()
        """Passages in the file; complete after all stories have been read."""
        self.papers: dict[str, Paper] = {}
        """Papers by their key in the file; complete after the file has been read."""
        self._only: Paper | None = None
        """Paper of all stories if the file has no list of papers. None means the first paper of the config."""
        self.counts = Counter[str]()
        """Number of stories of each paper in the file."""
        self.lists: tuple[OwnList, ...] = ()
        """Reader's own lists in the file; complete after all stories have been read."""

    def read_bytes(self) -> tuple[int, int]:
        """Return the number of bytes read so far, and the size of the file in bytes."""
        return self._file.tell(), os.fstat(self._file.fileno()).st_size

    def stories(self) -> Generator[ImportedStory]:
        """Yield the stories, from the file's beginning; close this generator before the file.

        Raises:
            ContentError: The file isn't valid.
            UsageError: The file can't be read, or the stories are of a portal that isn't subscribed to.
        """
        self.counts.clear()
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, encoding="utf-8-sig")
        try:
            yield from self._read(JsonStream(text))
        except OSError as error:
            raise _unreadable(self._context.options.file, error) from error
        finally:
            text.detach()

    def _read(self, stream: JsonStream) -> Iterator[ImportedStory]:
        head: dict[str, object] = {}
        for name in stream.members():
            if name == "stories":
                yield from self._stories(stream)
            elif name == "papers":
                self.papers = {}
                for key, paper in map(paper_of_file, stream.elements()):
                    self.papers[key] = paper
                    _require_few(self.papers)
            elif name == "searches":
                self.searches = _first(MAX_SEARCHES, map(_search, stream.elements()))
            elif name == "passages":
                self.passages = _first(MAX_PASSAGES, map(_passage, enumerate(stream.elements(), 1)))
            elif name == "lists":
                self.lists = _first(MAX_LISTS, map(_list, stream.elements()))
            else:
                head[name] = value if isinstance(value := stream.value(), str | int) else None
        stream.end()
        version = head.get("version")
        if head.get("format") != FORMAT or not isinstance(version, int):
            raise ContentError(message("not a library that bpost exported"))
        if version > VERSION:
            raise ContentError(message("exported by a newer bpost"), hint=message("Update bpost."))
        self._require_papers(head.get("portal"))

    def _require_papers(self, portal: object) -> None:
        """Raise ContentError if the file lacks a story's paper, and UsageError if the reader isn't subscribed to any of its papers.

        `portal` is the address of the only paper, in a file that has no list of papers.
        """
        if not self.counts.keys() <= self.papers.keys():
            raise ContentError(message("a story's paper isn't among the papers of the file"))
        subscriptions = self._context.subscriptions
        subscribed = {paper.key: paper for paper in (*subscriptions.papers, subscriptions.first)}
        addresses = [paper.address for paper in self.papers.values()] or ([portal] if isinstance(portal, str) else [])
        keys = set(map(portal_key, addresses))
        if keys and keys.isdisjoint(subscribed):
            raise UsageError(
                Reason("exported from another portal, {portal}", portal=clean_line(addresses[0], 200)),
                hint=message("To import it, name that portal: --portal URL."),
            )
        self._only = subscribed[keys.pop()] if keys and not self.papers else None

    def _stories(self, stream: JsonStream) -> Iterator[ImportedStory]:
        for number, value in enumerate(stream.elements(), 1):
            if number > MAX_STORIES:
                raise ContentError(message("more than a million stories"))
            story, key = _parse_or_refuse(
                value, lambda value: (imported_story(value), paper_of_story(value)), Reason("story {n}", n=number)
            )
            if key is not None:
                self.counts[key] += 1
                _require_few(self.counts)
            yield story._replace(paper=self._only if key is None else self.papers.get(key))


def _first(most: int, each: Iterator[T]) -> tuple[T, ...]:
    """Return the first `most` elements of the iterator `each`, but read all elements, because reading also checks them."""
    first = tuple(islice(each, most))
    deque(each, 0)
    return first


def _require_few(papers: Sized) -> None:
    if len(papers) > MAX_PAPERS:
        raise ContentError(Reason("more than {n} papers", n=MAX_PAPERS))


def _passage(numbered: tuple[int, object]) -> Passage:
    number, value = numbered
    return _parse_or_refuse(value, imported_passage, Reason("passage {n}", n=number))


def _parse_or_refuse(value: object, read: Callable[[object], T], where: Reason) -> T:
    """Return `value` converted by the function `read`.

    If the conversion fails for any reason, raise ContentError, so that the whole file is refused. The message begins with `where`,
    the position in the file, such as “story 3”.
    """
    found = read_one(value, read)
    if isinstance(found, Rejection):
        raise ContentError(prefix_reason(where, found.reason))
    return found


def _search(value: object) -> SavedSearch:
    name, query = (value.get("name"), value.get("query")) if isinstance(value, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(query, str):
        raise ContentError(message("a saved search has no name or no query"))
    return clean_search(SavedSearch(name, query))


def _list(value: object) -> OwnList:
    key, name = (value.get("key"), value.get("name")) if isinstance(value, dict) else (None, None)
    if not isinstance(key, str) or not isinstance(name, str) or not all(cleaned := clean_own_list(OwnList(key, name))):
        raise ContentError(message("a list has no key or no name"))
    return cleaned


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    """Yield the file `name` (stdin for "-"), opened so that it can be read again from its beginning.

    A pipe is first copied to a temporary file.

    Raises:
        UsageError: The file can't be opened, or the pipe can't be read.
        ContentError: More than `MAX_PIPE_BYTES` come through a pipe.
        StoreError: The temporary file can't be written.
    """
    with _open(name) as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            yield file
        else:
            with _copied(name, file) as copy:
                yield copy


def _open(name: str) -> IO[bytes]:
    try:
        return stdin_bytes() if name == STDIN else Path(name).open("rb")
    except OSError as error:
        raise _unreadable(name, error) from error


def _copied(name: str, file: IO[bytes]) -> IO[bytes]:
    """Return a temporary file with all bytes of `file`, whose name is `name`.

    Raises ContentError if there are more than `MAX_PIPE_BYTES`, and StoreError if the temporary file can't be written.
    """
    try:
        with ExitStack() as on_error:
            copy = on_error.enter_context(tempfile.TemporaryFile())
            for part in _parts(name, file):
                copy.write(part)
                if copy.tell() > MAX_PIPE_BYTES:
                    raise ContentError(Reason("more than {n} MB", n=MAX_PIPE_BYTES >> 20))
            copy.flush()
            on_error.pop_all()
            return copy
    except OSError as error:
        raise write_error(tempfile.tempdir, error) from error


def _parts(name: str, file: IO[bytes]) -> Iterator[bytes]:
    try:
        while part := file.read(1 << 16):
            yield part
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> UsageError:
    return UsageError(f"{name}: {error.strerror or error}")
