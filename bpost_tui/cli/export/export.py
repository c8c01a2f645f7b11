"""Verb `export`: writes stories, with their marks, to a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bpost_tui.atomic import replace_file, resolve_links
from bpost_tui.cli.export.edition import Edition, EditionSection, sanitize_paper, sanitize_story
from bpost_tui.cli.shared.command_context import CommandContext, clock, papers
from bpost_tui.cli.shared.story_table import all_rows, chosen_filter, note_query, require_category
from bpost_tui.console import Console, without_controls
from bpost_tui.errors import NotFoundError, StoreError, UsageError, write_error
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.model.own_list import clean_own_list
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.search_values import clean_search
from bpost_tui.model.stored_picture import StoredPicture

if TYPE_CHECKING:
    from bpost_tui.model.exported_story import ExportedStory
    from bpost_tui.store.library import Library

_MODULES = {"json": "library_json", "markdown": "markdown", "html": "html_page"}
"""Maps each text format to the module of this package that writes it. The module's function `lines` yields the file's lines."""
_AT_A_TIME = 100
_IN_MEMORY_BYTES = 8 << 20


def export_(context: CommandContext, console: Console) -> int:
    """Write the stories that the options select, in the format of `--format`; return the exit status, 0.

    Raises NotFoundError if the options select no stories.
    """
    options = context.options
    require_writable_output(options.format, options.output, console)
    with context.library(console) as library:
        note_query(context, console, library, options.query)
        stories = export_stories(library, _story_ids(library, context))
        first = next(stories, None)
        if first is None:
            require_category(library, options.category)
            raise NotFoundError(message("Nothing found"))
        publish(
            build_edition(context, library, (EditionSection("", chain([first], stories)),)), options.format, options.output, console
        )
    return 0


def require_writable_output(name: str, output: Path | None, console: Console) -> None:
    """Raise UsageError if the export would go to a terminal (`output` is None), and a terminal can't show the format `name`."""
    if name == "epub" and output is None and console.cells is not None:
        raise UsageError(message("An EPUB can't be shown in a terminal"), hint=message("Name a file: -o FILE."))


def build_edition(context: CommandContext, library: Library, sections: Iterable[EditionSection]) -> Edition:
    """Return an edition with `sections`, and with the library's papers, passages and lists as they are now."""
    paper_list = papers(context, library)
    return Edition(
        context.settings.portal,
        clean_line(paper_list.title(), MAX_NAME_CHARS),
        clock(),
        context.language,
        sections,
        tuple(map(clean_search, library.saved_searches.all())),
        library.passages.all(),
        tuple(map(clean_own_list, library.own_lists.all())),
        _pictures(context),
        tuple(sanitize_paper(count.paper) for count in (*paper_list.all, *paper_list.unfollowed)),
        {clean_line(key, MAX_NAME_CHARS): clean_line(name, MAX_NAME_CHARS) for key, name in paper_list.all_names().items()},
        unfollowed=frozenset(clean_line(count.paper.key, MAX_NAME_CHARS) for count in paper_list.unfollowed),
    )


def publish(edition: Edition, name: str, output: Path | None, console: Console) -> None:
    """Write an edition in the format `name` to the file `output`, or to stdout if it is None; raises StoreError on failure."""
    if name != "epub":
        write_lines(import_module(f"bpost_tui.cli.export.{_MODULES[name]}").lines(edition), output, console)
        return
    from bpost_tui.cli.export.epub import write  # 10 ms, zipfile

    if output is not None:
        with open_replacement(output) as file:
            write(edition, file)
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as book:
        write(edition, book)
        book.seek(0)
        while part := book.read(1 << 16):
            console.data(part)


def write_lines(lines: Iterable[str], output: Path | None, console: Console) -> None:
    """Write lines to the file `output`, or to stdout if it is None; raises StoreError if they can't be written."""
    if output is None:
        for line in lines:
            console.write_result(line)
        return
    with open_replacement(output) as file:
        for line in lines:
            file.write(without_controls(line).encode("utf-8", "replace") + b"\n")


def write_data(data: bytes, output: Path | None, console: Console) -> None:
    """Write bytes to the file `output`, or to stdout if it is None; raises StoreError if they can't be written."""
    if output is None:
        console.data(data)
        return
    with open_replacement(output) as file:
        file.write(data)


def export_stories(library: Library, story_ids: Iterator[int]) -> Iterator[ExportedStory]:
    """Yield the stories with the ids `story_ids`, with all that the library has about each. They are read in batches."""
    while some := tuple(islice(story_ids, _AT_A_TIME)):
        yield from map(sanitize_story, library.import_export.export(some))


def _pictures(context: CommandContext) -> Callable[[str], StoredPicture | None]:
    """Return a function that finds the saved picture for an address, if it is JPEG or PNG, which all e-book readers can show."""
    from bpost_tui.picture_store import PictureStore  # 3 ms

    store = PictureStore(context.folder, max_bytes=context.settings.pictures_mb << 20)

    def find(address: str) -> StoredPicture | None:
        found = store.find(address, is_shown=False)
        return found if isinstance(found, StoredPicture) and found.media_type else None

    return find


def _story_ids(library: Library, context: CommandContext) -> Iterator[int]:
    """Yield the ids of the stories that the options select, newest first, also of papers that the reader no longer follows."""
    chosen = chosen_filter(context, library)
    if not (query := context.options.query):
        yield from (row.id for row in all_rows(library, chosen, unfollowed=True))
        return
    if (unfollowed := library.unsubscribed_papers()) and not chosen.papers:
        chosen = chosen._replace(papers=tuple(count.paper.key for count in (*library.papers(), *unfollowed)))
    yield from library.search.story_ids(query, now=clock(), within=chosen)


@contextmanager
def open_replacement(named: Path, *, makes_folder: bool = False) -> Iterator[IO[bytes]]:
    """Yield a new file that replaces the file `named` once it is complete and on the disk; until then, the old file stays.

    Exception: a pipe or device is written to directly. With `makes_folder`, a missing folder is created.

    Raises:
        StoreError: The file can't be written.
    """
    try:
        if makes_folder:
            named.parent.mkdir(parents=True, exist_ok=True)
        path = resolve_links(named)  # a link is kept, and its target replaced
        if path.exists() and not path.is_file():  # a pipe or a device can't be replaced
            with path.open("wb") as file:
                yield file
        else:
            with replace_file(path, private=False) as part, part.open("wb") as file:
                yield file
    except OSError as error:
        if isinstance(error, PermissionError) and Path(error.filename or "").is_symlink():
            raise StoreError(
                prefix_reason(str(named), Reason("another user made this link")), hint=message("Name the file itself.")
            ) from error
        if not (makes_folder or named.parent.is_dir()):
            raise StoreError(prefix_reason(str(named.parent), Reason("there is no such folder"))) from error
        raise write_error(named, error) from error
