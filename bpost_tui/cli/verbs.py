"""The table of verbs. A new verb is an entry here and a function in its module, called by the verb's name and a `_`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from bpost_tui.cli.options import Argument, Option, age, moment, number, pages

SHELLS = ("bash", "zsh", "fish")
MARKS = ("read", "unread", "star", "unstar", "later", "unlater")
FORMATS = ("json", "markdown", "html", "epub")
LIBRARY_TASKS = ("stats", "verify", "compact", "prune")
CONFIG_TASKS = ("path", "show", "check", "edit", "default", "schema")


class Verb(NamedTuple):
    """What can be asked of bpost."""

    module: str
    """The module beside this one that does it."""
    help: str
    """A message id."""
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    """Its own, besides those of every verb."""


_JSON = Option(("--json",), "print JSON")
_LIMIT = Option(("-n",), "at most this many (20)", "N", read=number, default=20, name="limit")
_MUTED = Option(("--muted",), "include those that the config mutes")
_STORY = Argument("story", "a story's number in `bpost list`, or its address", "ID|URL")
_FETCHED = (
    Option(("-c", "--category"), "of a category, not the front page; may be repeated", "SLUG", repeats=True),
    Option(("--since",), "everything back to a day or an age: 2024-01-31, 2024, 30d, 6m, 2y", "DATE|AGE", read=moment),
    Option(("--full",), "fetch the whole text of stories the feed cuts short"),
)
_FILTERS = (
    Option(("-c", "--category"), "only of a category", "SLUG"),
    Option(("--unread",), "only what hasn't been read"),
    Option(("--starred",), "only what has a star"),
    Option(("--later",), "only what is kept to be read later"),
    Option(("-q", "--query"), "only what this finds, as in `bpost search`", "QUERY"),
)

VERBS: Final[Mapping[str, Verb]] = {
    "read": Verb("read", "open the reader, on a story if one is named", (_STORY._replace(is_optional=True),)),
    "refresh": Verb(
        "refresh",
        "fetch what is new",
        options=(
            *_FETCHED,
            Option(
                ("--pages",),
                "how many pages of the feed, each of some ten stories; all: everything the portal has",
                "N|all",
                read=pages,
                default=1,
            ),
            _JSON,
        ),
    ),
    "fetch": Verb(
        "fetch",
        "save stories with texts and pictures for reading without a network",
        options=(
            *_FETCHED,
            Option(("-q", "--query"), "what this finds among what is saved, as in `bpost search`", "QUERY"),
            Option(("--images",), "fetch their pictures, too"),
            _JSON,
        ),
    ),
    "categories": Verb("list", "list the categories: unread and saved stories of each", options=(_JSON,)),
    "list": Verb("list", "list saved stories, newest first", options=(_MUTED, *_FILTERS, _LIMIT, _JSON)),
    "search": Verb(
        "search",
        "search headlines and texts, in Bengali or in Roman letters",
        (
            Argument(
                "query",
                'words, "a phrase", -word, or, tag:, category:, author:, before:, after:, '
                "is:unread, is:starred, is:later, has:image",
                "QUERY",
                repeats=True,
                takes_dashes=True,
            ),
        ),
        (_LIMIT, _JSON),
    ),
    "show": Verb(
        "show",
        "print a saved story",
        (_STORY,),
        (Option(("--links",), "list its links too, with where they really lead"), _JSON),
    ),
    "open": Verb("show", "open a story in the browser", (_STORY,)),
    "mark": Verb(
        "mark",
        "mark stories: read, starred, to be read later",
        (
            Argument("mark", "the mark to set, or to take away", choices=MARKS),
            Argument(
                "stories",
                "stories' numbers, guids or addresses; - reads them from stdin, the first word of each line",
                "ID|URL",
                repeats=True,
            ),
        ),
    ),
    "export": Verb(
        "export.export",
        "write saved stories to a file: JSON with all marks, Markdown, a page, a book",
        options=(
            Option(("--format",), "json, which `import` reads, or one to be read", choices=FORMATS, default="json"),
            *_FILTERS,
            Option(("-o", "--output"), "the file to write; stdout if not given", "FILE", read=Path),
        ),
    ),
    "import": Verb(
        "import_",
        "merge what `export --format json` wrote: stories and marks",
        (Argument("file", "the file; - is stdin", "FILE"),),
    ),
    "library": Verb(
        "library",
        "look after what is saved: figures, checks, freeing space, removing old stories",
        (Argument("task", "what to do; stats if not given", choices=LIBRARY_TASKS, default="stats", is_optional=True),),
        (
            Option(
                ("--older-than",),
                "prune: how old a story must be to go, as 90d, 6m or 2y; if not given, what `keep` says in the config",
                "AGE",
                read=age,
            ),
            Option(("--dry-run",), "prune: only say how many would go"),
            _JSON,
        ),
    ),
    "unread": Verb("list", "say how many stories are unread", options=(_MUTED, Option(("--count",), "print the bare number"))),
    "doctor": Verb("doctor", "say what this terminal can do, how type is drawn in it, and what would help", options=(_JSON,)),
    "config": Verb(
        "config",
        "the config file: its path, the settings in force, what is wrong in it, editing it, the usual settings",
        (Argument("task", "what to do with it; show if not given", choices=CONFIG_TASKS, default="show", is_optional=True),),
    ),
    "completions": Verb(
        "completions",
        "print what makes a shell complete bpost's verbs and options",
        (Argument("shell", "the shell", choices=SHELLS),),
    ),
    "demo": Verb("read", "read the sample edition, which needs no network"),
}
