"""One call of the command line: what was asked, of whom, and where the answer goes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Problem, Settings, load, portal_address
from ..errors import UsageError
from ..i18n import Language
from ..paths import Folders, folders, make_private
from .console import Console

if TYPE_CHECKING:
    from ..store.library import Library


@dataclass(frozen=True, slots=True)
class Call:
    """What a verb needs to do its work."""

    options: argparse.Namespace
    settings: Settings
    language: Language
    folders: Folders
    folder: Path
    """Where the library of the portal is, or will be."""
    offline: bool

    @contextmanager
    def library(self, console: Console) -> Iterator[Library]:
        """Open the library, and say what is odd about its files; raises StoreError."""
        from ..store.library import Library

        with Library(make_private(self.folder)) as library:
            yield library
            for notice in library.notices:
                console.note(notice)


def clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def in_language(line: str, language: Language) -> str:
    """Return an error's line in a language as far as the catalogue knows it: whole, or without the subject before its colon."""
    subject, colon, reason = line.partition(": ")
    return f"{subject}: {language.text(reason)}" if colon else language.text(line)


def configured(config: Path | None, environ: Mapping[str, str]) -> tuple[Settings, Sequence[Problem]]:
    """Return the settings of the config file and the environment.

    Raises:
        UsageError: The file that was named can't be found, or BPOST_PORTAL is no address.
        StoreError: The environment names no place for a config.
    """
    from ..ui.actions import ACTIONS

    path = config or folders().config / "config.toml"
    if config is not None:
        try:
            config.stat()
        except OSError as error:
            raise UsageError(f"{config}: {error.strerror}") from error
    settings, problems = load(path, actions=[action.id for action in ACTIONS])
    if portal := environ.get("BPOST_PORTAL"):
        settings = replace(settings, portal=portal_address(portal))
    return settings, problems


def call_of(options: argparse.Namespace, settings: Settings, language: Language) -> Call:
    """Return the call: the settings with the options of the command line over them."""
    given = {name: getattr(options, name) for name in ("portal", "language", "text") if hasattr(options, name)}
    settings = replace(settings, **given)
    where = folders(getattr(options, "data_dir", None))
    return Call(options, settings, language, where, where.library(settings.portal), getattr(options, "offline", False))
