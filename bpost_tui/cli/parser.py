"""The command line's grammar. Global options may stand before or after the verb."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NoReturn

from bpost_tui import __version__
from bpost_tui.cli import argparse_messages
from bpost_tui.cli.verbs import VERBS
from bpost_tui.config import LANGUAGES, TEXTS
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.urls import portal_address

_TRY_HELP = message("`bpost --help` lists the verbs and options.")


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint."""
        raise UsageError(argparse_messages.reason(message), hint=_TRY_HELP)


def early(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the two options that are needed before the others can be read: `language` and `config`, None where not given."""
    parser = Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--language")
    parser.add_argument("--config", type=Path)
    try:
        return parser.parse_known_args(arguments)[0]
    except UsageError:  # told in full, in the right language, by the whole parser
        return argparse.Namespace(language=None, config=None)


def parse(arguments: Sequence[str], language: Language) -> argparse.Namespace:
    """Return what the arguments ask; raises UsageError, and SystemExit where they ask for help or the version."""
    named = [argument for argument in arguments if argument in VERBS]
    try:
        # none is wanted where none is named: all of them are 10 ms of the reader's start
        return build(language, named or (VERBS if _asks_help(arguments) else ())).parse_args(arguments)
    except UsageError:  # the complaint of the whole parser knows every verb
        return build(language).parse_args(arguments)


def _asks_help(arguments: Sequence[str]) -> bool:
    return not {"-h", "--help"}.isdisjoint(arguments)


def build(language: Language, verbs: Collection[str] = VERBS) -> Parser:
    """Return the parser of some verbs, 0.5 ms each, its help in a language; `verb` is the verb, "read" where there is none."""
    text = language.text
    parser = Parser(
        prog="bpost",
        description=text("The Bengal Post in a terminal. Without a verb, the reader opens."),
        parents=[_global_options(language)],
        add_help=False,
        allow_abbrev=False,
        epilog=text("Exit status: 0 done, 1 not found, 2 usage, 3 portal, 4 content, 5 storage, 70 a bug."),
    )
    parser.set_defaults(verb="read", story=None)
    group = parser.add_subparsers(title=text("verbs"), metavar="VERB", parser_class=Parser)
    for name in verbs:
        verb, help = VERBS[name], text(VERBS[name].help)
        # each takes the global options itself; they don't overwrite what was said before the verb
        added = group.add_parser(
            name, help=help, description=help, parents=[_global_options(language)], add_help=False, allow_abbrev=False
        )
        added._positionals.title, added._optionals.title = text("arguments"), text("options")
        added.set_defaults(verb=name)
        verb.fill(added, text)
        if verb.json:
            added.add_argument("--json", action="store_true", help=text("print JSON"))
    return parser


def _global_options(language: Language) -> Parser:
    """Return the options of every verb; SUPPRESS keeps what was said before the verb from being forgotten after it."""
    text = language.text
    options = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = options.add_argument_group(text("for every verb"))
    group.add_argument("-h", "--help", action="help", help=text("print this help"))
    group.add_argument("--portal", metavar="URL", type=_portal(language), help=text("another WordPress portal"))
    group.add_argument("--offline", action="store_true", help=text("make no request"))
    group.add_argument("--data-dir", metavar="DIR", type=Path, help=text("keep the libraries there"))
    group.add_argument("--config", metavar="FILE", type=Path, help=text("another config file"))
    group.add_argument("--language", choices=LANGUAGES, help=text("of the interface"))
    group.add_argument("--text", choices=TEXTS, help=text("how type is drawn"))
    group.add_argument("--plain", action="store_true", help=text("one thing after another, in lines: for screen readers, braille"))
    group.add_argument("--log", metavar="FILE", type=Path, help=text("append a line on each request, save and failure to a file"))
    group.add_argument("--version", action="version", version=f"bpost {__version__}", help=text("print the version"))
    return options


def _portal(language: Language) -> Callable[[str], str]:
    """Return what reads a portal's address."""

    def read(given: str) -> str:
        try:
            return portal_address(given)
        except UsageError as error:
            raise argparse.ArgumentTypeError(language.reason(error.message)) from error

    return read
