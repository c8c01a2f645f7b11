"""Options and arguments as data: what each is called, takes and means. The parser, completions and manual page are made from it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple

from bpost_tui.config.settings import LANGUAGES, TEXTS
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Reason
from bpost_tui.model import durations
from bpost_tui.urls import paper_address


class Option(NamedTuple):
    """What is chosen by a flag, such as `-n N` or `--full`."""

    flags: tuple[str, ...]
    help: str
    """A message id."""
    value: str = ""
    """What stands for its value in help; empty for a switch, and where there are choices."""
    choices: tuple[str, ...] = ()
    """The values there are, where they are few."""
    read: Callable[[str], object] | None = None
    """Returns the value that was typed as something else than a text; raises UsageError if it can't be that."""
    default: object = None
    name: str = ""
    """What it is called among the parsed options, where that isn't its last flag."""
    repeats: bool = False
    does: Literal["", "help", "version"] = ""
    """What it does at once, in place of having a value."""

    @property
    def dest(self) -> str:
        """What it is called among the parsed options."""
        return self.name or self.flags[-1].lstrip("-").replace("-", "_")

    @property
    def label(self) -> str:
        """What an error about it begins with: `-c/--category`."""
        return "/".join(self.flags)

    @property
    def takes_value(self) -> bool:
        """Whether a value follows it; else it is a switch."""
        return bool(self.value or self.choices)

    @property
    def placeholder(self) -> str:
        """What stands for its value in the manual page and for shells: `SLUG`, `auto|bn|en`; empty for a switch."""
        return self.value or "|".join(self.choices)


class Argument(NamedTuple):
    """What is typed without a flag, such as `ID|URL`."""

    name: str
    """What it is called among the parsed options."""
    help: str
    """A message id."""
    value: str = ""
    """What stands for it in help; empty where there are choices."""
    choices: tuple[str, ...] = ()
    default: str | None = None
    is_optional: bool = False
    repeats: bool = False
    takes_dashes: bool = False
    """Whether words with a dash before them belong to it, unless they are flags: `-word` in a query."""

    @property
    def label(self) -> str:
        """What an error about it begins with."""
        return self.value or self.name

    @property
    def placeholder(self) -> str:
        """What stands for it in the manual page and for shells."""
        return self.value or "|".join(self.choices)


# ── readers of values ───────────────────────────────────────────────────────


def number(given: str) -> int:
    """Return a whole number from 1."""
    if not (given.isdecimal() and len(given) < 9 and int(given) > 0):
        raise UsageError(Reason("“{what}” isn't a whole number from 1 up", what=given))
    return int(given)


def at_most(given: str) -> int:
    """Return how many at most: a whole number, 0 for all there are."""
    return sys.maxsize >> 1 if given == "0" else number(given)


def factor(given: str) -> float:
    """Return a factor from 0.5 to 3."""
    with suppress(ValueError):
        if 0.5 <= (value := float(given)) <= 3:
            return value
    raise UsageError(Reason("“{what}” isn't a number from 0.5 to 3", what=given))


def pages(given: str) -> int | None:
    """Return a number of pages; None for "all"."""
    try:
        return None if given == "all" else number(given)
    except UsageError as error:
        raise UsageError(Reason("“{what}” is neither a whole number from 1 up nor “all”", what=given)) from error


def age(given: str) -> timedelta:
    """Return an age: 90d, 6m, 2y."""
    found = durations.parse_age(given)
    if not found:
        raise UsageError(Reason("“{what}” isn't an age like 90d, 6m or 2y", what=given))
    return found


def moment(given: str) -> datetime:
    """Return the beginning of a day, month or year, or a moment so long ago: 2024-01-31, 2024, 30d, 6m, 2y."""
    from bpost_tui.store.search import query_parser  # 3 ms

    if (when := query_parser.parse_moment(given, datetime.now(UTC))) is None:
        raise UsageError(Reason("“{what}” isn't a date or an age like 2024-01-31, 2024, 30d, 6m or 2y", what=given))
    return when


def paper(given: str) -> str:
    """Return a paper's address in its normal form, or, where it may be a name, as it was given; context.py looks for it."""
    try:
        return paper_address(given)
    except UsageError:
        if "://" in given or not given.strip():
            raise
        return given


# ── the options of every verb ───────────────────────────────────────────────

EVERYWHERE: Final = (
    Option(("-h", "--help"), "print this help", does="help"),
    Option(("--portal",), "read one of the papers alone, by its address or name, or another portal", "URL|NAME", read=paper),
    Option(("--offline",), "don't use the network"),
    Option(("--data-dir",), "folder to keep the libraries in", "DIR", read=Path),
    Option(("--config",), "use another config file", "FILE", read=Path),
    Option(("--language",), "language of the interface", choices=LANGUAGES),
    Option(("--text",), "how to draw type", choices=TEXTS),
    Option(("--plain",), "read line by line, for screen readers and braille"),
    Option(("--log",), "append a line to a file for each request, save and failure", "FILE", read=Path),
    Option(("-V", "--version"), "print the version", does="version"),
)
