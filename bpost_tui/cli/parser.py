"""What may be written on the command line. Global options stand before or after the verb."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from .. import __version__
from ..config import LANGUAGES, TEXTS, portal_address
from ..errors import UsageError
from ..i18n import Language, message

SHELLS = ("bash", "zsh", "fish")
CONFIG_TASKS = ("path", "show", "check", "edit", "default")

_TRY_HELP = message("`bpost --help` lists what can be asked.")


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint."""
        raise UsageError(message, hint=_TRY_HELP)


def early(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the two options that are needed before the others can be read: `language` and `config`, None where not given."""
    parser = Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--language")
    parser.add_argument("--config", type=Path)
    try:
        return parser.parse_known_args(arguments)[0]
    except UsageError:  # told in full, in the right language, by the whole parser
        return argparse.Namespace(language=None, config=None)


def build(language: Language) -> Parser:
    """Return the parser, its help in a language; `verb` is the verb, "read" where there is none."""
    text = language.text
    parser = Parser(
        prog="bpost",
        description=text("The Bengal Post in a terminal. Without a verb, the reader opens."),
        parents=[_global_options(text)],
        allow_abbrev=False,
        epilog=text("Exit status: 0 done, 1 not found, 2 usage, 3 portal, 4 content, 5 storage, 70 a bug."),
    )
    parser.set_defaults(verb="read", story=None)
    verbs = parser.add_subparsers(title=text("verbs"), metavar="VERB", parser_class=Parser)

    def verb(name: str, help: str) -> argparse.ArgumentParser:
        # each says so itself, that the options of both places need not overwrite each other
        added = verbs.add_parser(name, help=help, description=help, parents=[_global_options(text)], allow_abbrev=False)
        added.set_defaults(verb=name)
        return added

    read = verb("read", text("open the reader, on a story if one is named"))
    read.add_argument("story", metavar="ID|URL", nargs="?", help=text("a story's number in `bpost list`, or its address"))
    refresh = verb("refresh", text("fetch what is new"))
    refresh.add_argument(
        "-c",
        "--category",
        metavar="SLUG",
        action="append",
        default=[],
        help=text("of a category, not the front page; may be repeated"),
    )
    refresh.add_argument(
        "--pages", metavar="N|all", type=_pages, default=1, help=text("how many pages of the feed, each of some ten stories")
    )
    refresh.add_argument("--full", action="store_true", help=text("fetch the whole text of stories the feed cuts short"))
    categories = verb("categories", text("list the categories: unread and saved stories of each"))
    listing = verb("list", text("list saved stories, newest first"))
    listing.add_argument("-c", "--category", metavar="SLUG", help=text("only of a category"))
    listing.add_argument("--unread", action="store_true", help=text("only what hasn't been read"))
    listing.add_argument("--starred", action="store_true", help=text("only what has a star"))
    listing.add_argument("-n", metavar="N", dest="limit", type=_count, default=20, help=text("at most so many (20)"))
    listing.add_argument("-q", "--query", metavar="QUERY", help=text("only what this finds, as in `bpost search`"))
    search = verb("search", text("search headlines and texts, in Bengali or in Roman letters"))
    search.add_argument(
        "query",
        metavar="QUERY",
        nargs="+",
        help=text('words, "a phrase", -word, or, tag:, category:, author:, before:, after:, is:unread, is:starred, has:image'),
    )
    search.add_argument("-n", metavar="N", dest="limit", type=_count, default=20, help=text("at most so many (20)"))
    show = verb("show", text("print a saved story"))
    show.add_argument("story", metavar="ID|URL", help=text("a story's number in `bpost list`, or its address"))
    show.add_argument("--plain", action="store_true", help=text("only the words, each paragraph on one line"))
    opening = verb("open", text("open a story in the browser"))
    opening.add_argument("story", metavar="ID|URL", help=text("a story's number in `bpost list`, or its address"))
    unread = verb("unread", text("say how many stories are unread"))
    unread.add_argument("--count", action="store_true", help=text("print the bare number"))
    doctor = verb("doctor", text("say what this terminal can, how type is drawn in it, and what would help"))
    config = verb(
        "config", text("the config file: its path, the settings in force, what is wrong in it, editing it, the usual settings")
    )
    config.add_argument(
        "task", choices=CONFIG_TASKS, nargs="?", default="show", help=text("what of it; show where nothing is said")
    )
    completions = verb("completions", text("print what makes a shell complete bpost's verbs and options"))
    completions.add_argument("shell", choices=SHELLS, help=text("the shell"))
    verb("demo", text("read the sample edition, which needs no network"))
    for each in (refresh, categories, listing, search, show, doctor):
        each.add_argument("--json", action="store_true", help=text("print JSON"))
    return parser


def _global_options(text: Callable[..., str]) -> Parser:
    """Return the options of every verb; SUPPRESS keeps what was said before the verb from being forgotten after it."""
    options = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = options.add_argument_group(text("for every verb"))
    group.add_argument("--portal", metavar="URL", type=_portal, help=text("another WordPress portal"))
    group.add_argument("--offline", action="store_true", help=text("make no request"))
    group.add_argument("--data-dir", metavar="DIR", type=Path, help=text("keep the libraries there"))
    group.add_argument("--config", metavar="FILE", type=Path, help=text("another config file"))
    group.add_argument("--language", choices=LANGUAGES, help=text("of the interface"))
    group.add_argument("--text", choices=TEXTS, help=text("how type is drawn"))
    group.add_argument("--version", action="version", version=f"bpost {__version__}", help=text("print the version"))
    return options


def _portal(text: str) -> str:
    try:
        return portal_address(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(error.message) from error


def _pages(text: str) -> int | None:
    return None if text == "all" else _count(text)


def _count(text: str) -> int:
    if not (text.isdecimal() and len(text) < 9 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)
