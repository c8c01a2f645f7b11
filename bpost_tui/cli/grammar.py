"""What the parser takes, as values: for completions and the manual page, which then can't forget a verb or an option."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from bpost_tui.cli.parser import build
from bpost_tui.i18n import Language


@dataclass(frozen=True, slots=True)
class Option:
    """An option."""

    flags: tuple[str, ...]
    value: str
    """What stands for its value; empty where it takes none."""
    choices: tuple[str, ...]
    """The values there are, where they are few."""
    help: str
    repeats: bool


@dataclass(frozen=True, slots=True)
class Argument:
    """What stands without a flag."""

    name: str
    choices: tuple[str, ...]
    optional: bool
    repeats: bool
    help: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb with its own options, those of every verb left out."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The whole command line."""

    description: str
    epilog: str
    everywhere: tuple[Option, ...]
    """The options of every verb."""
    verbs: tuple[Verb, ...]


def grammar(language: Language) -> Grammar:
    """Return what the parser takes, its help in a language."""
    parser = build(language)
    everywhere = _options(parser, without=())
    (verbs,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return Grammar(
        parser.description or "",
        parser.epilog or "",
        everywhere,
        tuple(_verb(name, one, everywhere) for name, one in verbs.choices.items()),
    )


def _verb(name: str, parser: argparse.ArgumentParser, everywhere: Sequence[Option]) -> Verb:
    arguments = (
        Argument(_value(action), _choices(action), action.nargs == "?", action.nargs == "+", action.help or "")
        for action in parser._actions
        if not action.option_strings
    )
    return Verb(name, parser.description or "", tuple(arguments), _options(parser, without=everywhere))


def _options(parser: argparse.ArgumentParser, *, without: Sequence[Option]) -> tuple[Option, ...]:
    known = {option.flags for option in without}
    return tuple(
        Option(
            tuple(action.option_strings),
            _value(action) if action.nargs != 0 else "",
            _choices(action),
            action.help or "",
            isinstance(action, argparse._AppendAction),
        )
        for action in parser._actions
        if action.option_strings and tuple(action.option_strings) not in known
    )


def _value(action: argparse.Action) -> str:
    return str(action.metavar or "|".join(_choices(action)) or action.dest)


def _choices(action: argparse.Action) -> tuple[str, ...]:
    return tuple(map(str, action.choices or ()))
