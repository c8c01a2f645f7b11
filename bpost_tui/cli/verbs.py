"""Table of the command line's verbs (subcommands, such as `bpost export`).

To add a verb, add an entry here and a module with a function that is named like the verb, with a `_` at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bpost_tui.cli.shared.options import Argument, Option, age, at_most, factor, moment, number, pages
from bpost_tui.typesetting.text.named_tuple import NamedTuple

SHELLS = ("bash", "zsh", "fish")
NAMES = ("lists", "groups", "papers", "settings")
MARKS = ("read", "unread", "star", "unstar", "later", "unlater")
FORMATS = ("json", "markdown", "html", "epub")
PASSAGE_FORMATS = ("text", "markdown", "json")
DIGEST_FORMATS = ("text", "markdown", "html", "epub")
LIBRARY_TASKS = ("stats", "verify", "compact", "prune")
LIST_TASKS = ("show", "make", "put", "take", "rename", "delete")
PORTAL_TASKS = ("list", "add", "remove", "move", "rename", "import", "export")
SERVICE_TASKS = ("status", "sync", "check", "fetch-starred", "import", "export")
CONFIG_TASKS = ("path", "show", "set", "check", "edit", "default", "schema")


class Verb(NamedTuple):
    """Verb of the command line: a subcommand, such as `export` in `bpost export`."""

    module: str
    """Name of the module in this package that has the verb's function."""
    help: str
    """Help text in English. It is also a message id: the key of its translation."""
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    """Options that only this verb has; `EVERYWHERE` lists the options that all verbs share."""


_JSON = Option(("--json",), "print JSON")
_LIMIT = Option(("-n",), "at most N stories, 0 for all (default: 20)", "N", read=at_most, default=20, name="limit")
_MUTED = Option(("--muted",), "include stories that are muted")
_SINCE = Option(("--since",), "only stories published since a date, or within an age: 2024-01-31, 7d", "DATE|AGE", read=moment)
_OUTPUT = Option(("-o", "--output"), "the file to write (default: stdout)", "FILE", read=Path)
_STORY = Argument("story", "a story's number in `bpost list`, or its address", "STORY")
_FETCHED = (
    Option(("-c", "--category"), "fetch a category in place of the front page; may be repeated", "SLUG", repeats=True),
    Option(("--since",), "fetch all stories since a date, or within an age: 2024-01-31, 2024, 30d, 6m", "DATE|AGE", read=moment),
    Option(("--full",), "fetch the whole text of stories that the feed cuts short"),
)
_FILTERS = (
    Option(("-c", "--category"), "only stories of a category", "SLUG"),
    Option(("-g", "--group"), "only stories of a group of papers", "NAME", names="groups"),
    Option(("--unread",), "only unread stories"),
    Option(("--starred",), "only starred stories"),
    Option(("--later",), "only stories in Read later"),
    Option(("--changed",), "only stories that changed since you read them"),
    Option(("-l", "--list"), "only stories in a list of your own", "NAME", names="lists"),
    Option(("-q", "--query"), "only stories that this query finds, as in `bpost search`", "QUERY", takes_dashes=True),
)

VERBS: Final[Mapping[str, Verb]] = {
    "read": Verb("read", "open the reader, at a story if you name one", (_STORY._replace(is_optional=True),)),
    "refresh": Verb(
        "refresh",
        "fetch new stories",
        options=(
            *_FETCHED,
            Option(
                ("--pages",),
                "how many pages of the feed to fetch, about ten stories each; all: everything the portal has",
                "N|all",
                read=pages,
                default=1,
            ),
            Option(("--notify",), "notify the desktop of new stories: of those that `notify` in the config names, if it names any"),
            _JSON,
        ),
    ),
    "fetch": Verb(
        "fetch",
        "save stories with their texts and pictures for reading offline",
        options=(
            *_FETCHED,
            Option(("-q", "--query"), "the saved stories that this query finds, as in `bpost search`", "QUERY", takes_dashes=True),
            Option(("--images",), "also fetch their pictures"),
            _JSON,
        ),
    ),
    "categories": Verb("list", "list the categories, with how many stories are unread and saved", options=(_JSON,)),
    "list": Verb("list", "list saved stories, newest first", options=(_MUTED, *_FILTERS, _SINCE, _LIMIT, _JSON)),
    "search": Verb(
        "list",
        "search headlines and texts, in Bengali or in Roman letters",
        (
            Argument(
                "query",
                'words, "a phrase", -word, or, tag:, category:, author:, before:, after:, '
                "is:unread, is:starred, is:later, is:changed, has:image, passage:, portal:, list:, like:",
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
        (Option(("--links",), "also list its links, with their real addresses"), _JSON),
    ),
    "card": Verb(
        "card",
        "write a story's headline as a picture to pass on, 1080 pixels wide",
        (_STORY,),
        (
            Option(("--passage",), "a passage of the story's text that it has below the headline", "TEXT"),
            Option(("--theme",), "the card's theme (default: newsprint)", "NAME"),
            _OUTPUT,
        ),
    ),
    "open": Verb("show", "open a story in the browser", (_STORY,)),
    "type": Verb(
        "type",
        "page through any text in real type",
        (Argument("file", "the file to show; -, or none: stdin", "FILE", is_optional=True),),
        (
            Option(
                ("-w", "--width"), "maximum width of a line, in cells (default: `text_width` in the config)", "CELLS", read=number
            ),
            Option(("--markdown",), "it is Markdown"),
        ),
    ),
    "mark": Verb(
        "mark",
        "mark stories as read, starred or to read later",
        (
            Argument("mark", "the mark to set or remove", choices=MARKS),
            Argument(
                "stories",
                "stories: their numbers in `bpost list`, or addresses; -: read them from stdin, the first word of each line",
                "STORY",
                repeats=True,
            ),
        ),
    ),
    "lists": Verb(
        "mark",
        "show your own lists; create one, add stories to it or remove them, rename it, delete it",
        (
            Argument("task", "what to do (default: show)", choices=LIST_TASKS, default="show", is_optional=True),
            Argument(
                "name",
                {", ".join(LIST_TASKS[1:]): "list name (`put` creates it, unless another has almost this name)"},
                "NAME",
                is_optional=True,
            ),
            Argument(
                "what",
                {
                    "put, take": "stories by their numbers in `bpost list`, or addresses, or - for stdin",
                    "rename": "the new name",
                },
                "STORY|NAME",
                is_optional=True,
                repeats=True,
            ),
        ),
        (Option(("--json",), {"show": "print JSON"}),),
    ),
    "export": Verb(
        "export.export",
        "write saved stories to a file: JSON with all marks, Markdown, HTML or EPUB",
        options=(
            Option(("--format",), "json (for `import`), or a readable format", choices=FORMATS, default="json"),
            *_FILTERS,
            _OUTPUT,
        ),
    ),
    "passages": Verb(
        "passages",
        "print the passages you keep with their notes, or write them as Markdown or JSON",
        options=(
            Option(("-q", "--query"), "only passages with these words, in text, note or headline", "QUERY", takes_dashes=True),
            Option(("--format",), "how to write them; json is what `import` reads", choices=PASSAGE_FORMATS),
            _OUTPUT,
            _JSON,
        ),
    ),
    "digest": Verb(
        "export.digest",
        "print the news of the last day by category, unread stories first, or write it as HTML, EPUB or Markdown",
        options=(
            Option(
                ("--since",),
                "stories published since a date, or within an age: 2024-01-31, 7d (default: 24h)",
                "DATE|AGE",
                read=moment,
            ),
            *_FILTERS,
            _MUTED,
            Option(("--format",), "how to write it", choices=DIGEST_FORMATS, default="text"),
            _OUTPUT,
        ),
    ),
    "listen": Verb(
        "listen",
        "read stories aloud, newest first, or write their sound as WAV: a file each, or one of all",
        options=(
            *_FILTERS,
            _SINCE,
            _MUTED,
            _LIMIT,
            Option(("--speed",), "how fast, as a factor: 0.5 to 3 (default: as chosen by key)", "FACTOR", read=factor),
            Option(("-o", "--output"), "a .wav file to write, or a folder for a file of each story", "PATH", read=Path),
        ),
    ),
    "import": Verb(
        "import_",
        "merge the stories and marks that `export --format json` wrote",
        (Argument("file", "the file to read; -: stdin", "FILE"),),
    ),
    "library": Verb(
        "library",
        "manage the library: figures, checks, freeing space, removing old stories",
        (Argument("task", "what to do (default: stats)", choices=LIBRARY_TASKS, default="stats", is_optional=True),),
        (
            Option(
                ("--older-than",),
                {"prune": "remove stories older than AGE: 90d, 6m, 2y (default: `keep` in the config)"},
                "AGE",
                read=age,
            ),
            Option(("--dry-run",), {"prune": "only say how many stories it would remove"}),
            _JSON,
        ),
    ),
    "portals": Verb(
        "portals",
        "list the papers that are read; add one by the address of any page of its site; remove, move, rename, import, export",
        (
            Argument("task", "what to do (default: list)", choices=PORTAL_TASKS, default="list", is_optional=True),
            Argument(
                "what",
                {"add": "ADDRESS", "remove, move, rename": "ADDRESS or NAME", "import, export": "OPML FILE or -"},
                "URL|NAME|FILE",
                is_optional=True,
            ),
            Argument(
                "name",
                {"add, rename": "its name for you", "move": "its new ADDRESS (default: as `portals` names it)"},
                "NAME|URL",
                is_optional=True,
            ),
        ),
        (
            Option(("--private",), {"add, import": "also what is in your own network"}),
            Option(("--unmark",), {"remove": "also take its stories out of Starred, Read later and your lists"}),
            Option(("--json",), {"list": "print JSON"}),
        ),
    ),
    "service": Verb(
        "service",
        "sync marks with the server in the config, show the state, test it, fetch its stars, import its feeds or export papers",
        (Argument("task", "what to do (default: status)", choices=SERVICE_TASKS, default="status", is_optional=True),),
        (
            Option(("--dry-run",), {"import, export": "only say what would be added"}),
            Option(("--private",), {"import, export": "also what is in your own network"}),
            Option(("--json",), {"status": "print JSON"}),
        ),
    ),
    "unread": Verb("list", "print how many stories are unread", options=(_MUTED, Option(("--count",), "print only the number"))),
    "doctor": Verb(
        "doctor.doctor",
        "show what this terminal can do, how it draws type, and what would improve it; for a story, where its text came from",
        (_STORY._replace(is_optional=True),),
        (_JSON,),
    ),
    "config": Verb(
        "config",
        "show, check or edit the config file, set one value in it; print its path, its defaults or its schema",
        (
            Argument("task", "what to do (default: show)", choices=CONFIG_TASKS, default="show", is_optional=True),
            Argument("name", {"set, show": "a setting, such as language"}, "NAME", is_optional=True),
            Argument("value", {"set": "the new value, such as bn"}, "VALUE", is_optional=True),
        ),
    ),
    "completions": Verb(
        "completions",
        "print a script that makes a shell complete bpost's verbs, options and names",
        (
            Argument(
                "shell",
                "the shell; lists, groups, papers or settings: print their names, for such a script",
                choices=(*SHELLS, *NAMES),
            ),
        ),
    ),
    "demo": Verb("read", "read the sample edition, which needs no network"),
}
