"""Options and arguments of verbs as data: the parser, the completions and the manual page are made from these tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from bpost_tui.config.settings import LANGUAGES, TEXTS
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Reason
from bpost_tui.model import durations
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import paper_address

Help = str | Mapping[str, str]
"""Help text in English, which is also a message id: the key of its translation.

If only some tasks of the verb take the option or argument, the help is a mapping from these tasks to their texts. Tasks with the
same text share a key: {"remove, move": "address or name"}.
"""


def help_text(help: Help, text: Callable[[str], str]) -> str:
    """Return a help text, translated by `text`, with the tasks before their texts."""
    return text(help) if isinstance(help, str) else "; ".join(f"{tasks}: {text(each)}" for tasks, each in help.items())


def tasks_of(help: Help) -> tuple[str, ...]:
    """Return the tasks that take the option or argument with this help text; empty if all do."""
    return () if isinstance(help, str) else tuple(", ".join(help).split(", "))


class Option(NamedTuple):
    """Option of a verb: a flag such as `-n N` or `--full`."""

    flags: tuple[str, ...]
    help: Help
    value: str = ""
    """Placeholder for the option's value in help, such as `N`; empty for a switch, or if `choices` are given."""
    choices: tuple[str, ...] = ()
    """Valid values, if there are only a few; otherwise empty."""
    read: Callable[[str], object] | None = None
    """Function that converts the typed text to a value; raises UsageError if the text is invalid. None keeps the text."""
    default: object = None
    name: str = ""
    """Name of the option's attribute after parsing. If it is empty, the attribute has the name of the last flag."""
    repeats: bool = False
    names: Literal["", "lists", "groups", "papers"] = ""
    """Kind of names that completions offer for the option's value; empty if the value isn't such a name."""
    takes_dashes: bool = False
    """Whether the value may have a leading dash, such as `-word` in a query, unless it is an option itself."""
    does: Literal["", "help", "version"] = ""
    """Effect that the flag has at once (printing help or the version); empty for a switch, and for an option with a value."""

    @property
    def dest(self) -> str:
        """Name of the option's attribute after parsing."""
        return self.name or self.flags[-1].lstrip("-").replace("-", "_")

    @property
    def label(self) -> str:
        """Name of the option in error messages: `-c/--category`."""
        return "/".join(self.flags)

    @property
    def takes_value(self) -> bool:
        """Whether a value follows the flag. If not, the option is a switch."""
        return bool(self.value or self.choices)

    @property
    def placeholder(self) -> str:
        """Placeholder for the option's value in the manual page and completions: `SLUG`, `auto|bn|en`; empty for a switch."""
        return self.value or "|".join(self.choices)


class Argument(NamedTuple):
    """Argument of a verb, typed without a flag, such as `STORY`."""

    name: str
    """Name of the argument's attribute after parsing."""
    help: Help
    value: str = ""
    """Placeholder for the argument in help; empty if `choices` are given."""
    choices: tuple[str, ...] = ()
    default: str | None = None
    is_optional: bool = False
    repeats: bool = False
    takes_dashes: bool = False
    """Whether words with a leading dash may be part of the argument, such as `-word` in a query, unless they are flags."""

    @property
    def label(self) -> str:
        """Name of the argument in error messages."""
        return self.value or self.name

    @property
    def placeholder(self) -> str:
        """Placeholder for the argument in the manual page and completions."""
        return self.value or "|".join(self.choices)


# ── readers of values ───────────────────────────────────────────────────────


def number(text: str) -> int:
    """Return typed text as a whole number. Raises UsageError unless it is from 1 to 99,999,999."""
    if not (text.isdecimal() and len(text) < 9 and int(text) > 0):
        raise UsageError(Reason("“{what}” isn't a whole number from 1 to 99999999", what=text))
    return int(text)


def at_most(text: str) -> int:
    """Return typed text as a maximum, a whole number; 0 means no limit, and gives the largest number.

    Raises UsageError if the text isn't a whole number, or is above 99,999,999.
    """
    try:
        return sys.maxsize >> 1 if text == "0" else number(text)
    except UsageError as error:
        raise UsageError(Reason("“{what}” isn't a whole number from 0 (no limit) to 99999999", what=text)) from error


def factor(text: str) -> float:
    """Return typed text as a factor. Raises UsageError unless it is a number from 0.5 to 3."""
    with suppress(ValueError):
        if 0.5 <= (value := float(text)) <= 3:
            return value
    raise UsageError(Reason("“{what}” isn't a number from 0.5 to 3", what=text))


def pages(text: str) -> int | None:
    """Return typed text as a number of pages, or None for "all". Raises UsageError for any other text."""
    try:
        return None if text == "all" else number(text)
    except UsageError as error:
        raise UsageError(Reason("“{what}” isn't a whole number from 1 to 99999999, or “all”", what=text)) from error


def age(text: str) -> timedelta:
    """Return a typed age, such as 90d, 6m or 2y, as a time span. Raises UsageError if the text isn't an age."""
    found = durations.parse_age(text)
    if not found:
        raise UsageError(Reason("“{what}” isn't an age like 90d, 6m or 2y", what=text))
    return found


def moment(text: str) -> datetime:
    """Return a typed time: the start of a day, month or year (2024-01-31, 2024), or a time span before now (30d, 6m, 2y).

    Raises UsageError if the text isn't a time.
    """
    from bpost_tui.store.search import query_parser  # 3 ms

    if (when := query_parser.parse_moment(text, datetime.now(UTC))) is None:
        raise UsageError(Reason("“{what}” isn't a date or an age like 2024-01-31, 2024, 30d, 6m or 2y", what=text))
    return when


def paper(text: str) -> str:
    """Return a paper's address in its normal form.

    Text that may be a name is returned unchanged; `command_context` looks names up. Raises UsageError for an empty text, and for a
    text with `://` that isn't the address of a portal.
    """
    try:
        return paper_address(text)
    except UsageError:
        if "://" in text or not text.strip():
            raise
        return text


# ── the options of every verb ───────────────────────────────────────────────

EVERYWHERE: Final = (
    Option(("-h", "--help"), "print this help", does="help"),
    Option(
        ("--portal",),
        "read one of the papers alone, by its address or name, or another portal",
        "URL|NAME",
        read=paper,
        names="papers",
    ),
    Option(("--offline",), "don't use the network"),
    Option(("--data-dir",), "folder to keep the libraries in", "DIR", read=Path),
    Option(("--config",), "use another config file", "FILE", read=Path),
    Option(("--language",), "language of the interface", choices=LANGUAGES),
    Option(("--text",), "how to draw type", choices=TEXTS),
    Option(("--plain",), "read line by line, for screen readers and braille"),
    Option(("--log",), "append a line to a file for each request, save and failure", "FILE", read=Path),
    Option(("-V", "--version"), "print the version", does="version"),
)
