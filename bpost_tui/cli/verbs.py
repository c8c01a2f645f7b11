"""The table of the command line's verbs. A new verb is a line here, and a function in its module, called by its name and a `_`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from bpost_tui.i18n import message
from bpost_tui.model.durations import age

SHELLS = ("bash", "zsh", "fish")
MARKS = ("read", "unread", "star", "unstar", "later", "unlater")
FORMATS = ("json", "markdown", "html", "epub")
LIBRARY_TASKS = ("stats", "verify", "compact", "prune")
CONFIG_TASKS = ("path", "show", "check", "edit", "default", "schema")

Text = Callable[..., str]
"""`Language.text`: a message id → the message."""


class Verb(NamedTuple):
    """What can be asked of bpost."""

    module: str
    """The module beside this one that does it."""
    help: str
    """A message id."""
    fill: Callable[[argparse.ArgumentParser, Text], None] = lambda parser, text: None
    """Tells a parser what the verb takes."""
    json: bool = False
    """Whether it takes `--json`."""


def _read(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("story", metavar="ID|URL", nargs="?", help=text("a story's number in `bpost list`, or its address"))


def _refresh(parser: argparse.ArgumentParser, text: Text) -> None:
    _refreshed(parser, text)
    parser.add_argument(
        "--pages",
        metavar="N|all",
        type=_pages(text),
        default=1,
        help=text("how many pages of the feed, each of some ten stories; all: everything the portal has"),
    )


def _refreshed(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument(
        "-c",
        "--category",
        metavar="SLUG",
        action="append",
        default=[],
        help=text("of a category, not the front page; may be repeated"),
    )
    parser.add_argument(
        "--since",
        metavar="DATE|AGE",
        type=_moment(text),
        help=text("everything back to a day or an age: 2024-01-31, 2024, 30d, 6m, 2y"),
    )
    parser.add_argument("--full", action="store_true", help=text("fetch the whole text of stories the feed cuts short"))


def _fetch(parser: argparse.ArgumentParser, text: Text) -> None:
    _refreshed(parser, text)
    parser.add_argument("-q", "--query", metavar="QUERY", help=text("what this finds among what is saved, as in `bpost search`"))
    parser.add_argument("--images", action="store_true", help=text("fetch their pictures, too"))


def _list(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("--muted", action="store_true", help=text("include those that the config mutes"))
    _narrowing(parser, text)
    parser.add_argument("-n", metavar="N", dest="limit", type=_number(text), default=20, help=text("at most this many (20)"))


def _narrowing(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("-c", "--category", metavar="SLUG", help=text("only of a category"))
    parser.add_argument("--unread", action="store_true", help=text("only what hasn't been read"))
    parser.add_argument("--starred", action="store_true", help=text("only what has a star"))
    parser.add_argument("--later", action="store_true", help=text("only what is kept to be read later"))
    parser.add_argument("-q", "--query", metavar="QUERY", help=text("only what this finds, as in `bpost search`"))


def _export(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("--format", choices=FORMATS, default="json", help=text("json, which `import` reads, or one to be read"))
    _narrowing(parser, text)
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help=text("the file to write; stdout if not given"))


def _search(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument(
        "query",
        metavar="QUERY",
        nargs="+",
        help=text(
            'words, "a phrase", -word, or, tag:, category:, author:, before:, after:, is:unread, is:starred, is:later, has:image'
        ),
    )
    parser.add_argument("-n", metavar="N", dest="limit", type=_number(text), default=20, help=text("at most this many (20)"))


def _import(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("file", metavar="FILE", help=text("the file; - is stdin"))


def _library(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("task", choices=LIBRARY_TASKS, nargs="?", default="stats", help=text("what to do; stats if not given"))
    old = text("prune: how old a story must be to go, as 90d, 6m or 2y; if not given, what `keep` says in the config")
    parser.add_argument("--older-than", metavar="AGE", type=_age(text), help=old)
    parser.add_argument("--dry-run", action="store_true", help=text("prune: only say how many would go"))


def _show(parser: argparse.ArgumentParser, text: Text) -> None:
    _open(parser, text)
    parser.add_argument("--links", action="store_true", help=text("list its links too, with where they really lead"))


def _open(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("story", metavar="ID|URL", help=text("a story's number in `bpost list`, or its address"))


def _mark(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("mark", choices=MARKS, help=text("the mark to set, or to take away"))
    stories = text("stories' numbers, guids or addresses; - reads them from stdin, the first word of each line")
    parser.add_argument("stories", metavar="ID|URL", nargs="+", help=stories)


def _unread(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("--muted", action="store_true", help=text("include those that the config mutes"))
    parser.add_argument("--count", action="store_true", help=text("print the bare number"))


def _config(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("task", choices=CONFIG_TASKS, nargs="?", default="show", help=text("what to do with it; show if not given"))


def _completions(parser: argparse.ArgumentParser, text: Text) -> None:
    parser.add_argument("shell", choices=SHELLS, help=text("the shell"))


VERBS: Final[Mapping[str, Verb]] = {
    "read": Verb("read", message("open the reader, on a story if one is named"), _read),
    "refresh": Verb("refresh", message("fetch what is new"), _refresh, json=True),
    "fetch": Verb("fetch", message("save stories with texts and pictures for reading without a network"), _fetch, json=True),
    "categories": Verb("list", message("list the categories: unread and saved stories of each"), json=True),
    "list": Verb("list", message("list saved stories, newest first"), _list, json=True),
    "search": Verb("search", message("search headlines and texts, in Bengali or in Roman letters"), _search, json=True),
    "show": Verb("show", message("print a saved story"), _show, json=True),
    "open": Verb("show", message("open a story in the browser"), _open),
    "mark": Verb("mark", message("mark stories: read, starred, to be read later"), _mark),
    "export": Verb(
        "export.command", message("write saved stories to a file: JSON with all marks, Markdown, a page, a book"), _export
    ),
    "import": Verb("import_", message("merge what `export --format json` wrote: stories and marks"), _import),
    "library": Verb(
        "library",
        message("look after what is saved: figures, checks, freeing space, removing old stories"),
        _library,
        json=True,
    ),
    "unread": Verb("list", message("say how many stories are unread"), _unread),
    "doctor": Verb("doctor", message("say what this terminal can do, how type is drawn in it, and what would help"), json=True),
    "config": Verb(
        "config",
        message("the config file: its path, the settings in force, what is wrong in it, editing it, the usual settings"),
        _config,
    ),
    "completions": Verb("completions", message("print what makes a shell complete bpost's verbs and options"), _completions),
    "demo": Verb("read", message("read the sample edition, which needs no network")),
}


def _number(text: Text) -> Callable[[str], int]:
    """Return what reads a whole number from 1."""

    def read(given: str) -> int:
        if not (given.isdecimal() and len(given) < 9 and int(given) > 0):
            raise argparse.ArgumentTypeError(text("“{what}” isn't a whole number from 1 up", what=given))
        return int(given)

    return read


def _moment(text: Text) -> Callable[[str], datetime]:
    def read(given: str) -> datetime:
        from bpost_tui.store.search.query import moment  # 3 ms

        if (when := moment(given, datetime.now(UTC))) is None:
            told = text("“{what}” is neither a day nor an age, such as 2024-01-31, 2024, 30d, 6m or 2y", what=given)
            raise argparse.ArgumentTypeError(told)
        return when

    return read


def _age(text: Text) -> Callable[[str], timedelta]:
    def read(given: str) -> timedelta:
        found = age(given)
        if not found:
            raise argparse.ArgumentTypeError(text("“{what}” isn't an age like 90d, 6m or 2y", what=given))
        return found

    return read


def _pages(text: Text) -> Callable[[str], int | None]:
    number = _number(text)
    return lambda given: None if given == "all" else number(given)
