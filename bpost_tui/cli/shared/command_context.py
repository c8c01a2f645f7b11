"""Context of a verb: parsed options, settings in force, language, folders."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.config import ConfigProblem, Settings, read
from bpost_tui.console import Console
from bpost_tui.core.lists.subscriptions import Subscriptions, paper_named, paper_names, reported_library, select_papers
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language, did_you_mean, message, prefix_reason
from bpost_tui.paths import Folders, close_within, folders, make_private
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import paper_address

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings
    from bpost_tui.core.lists.mutes import Mutes
    from bpost_tui.core.lists.outlook import Outlook
    from bpost_tui.core.lists.paper_list import PaperList
    from bpost_tui.core.session_config import SessionConfig
    from bpost_tui.core.state.preferences import Preferences
    from bpost_tui.startup_snapshot import StartupSnapshot
    from bpost_tui.store.library import Library

USED_FROM_NEXT_START = message("A bpost that is open uses it from its next start.")
PORTALS_LISTS_THEM = message("`bpost portals` lists them.")


class CommandContext(NamedTuple):
    """Context of a verb: options, settings in force, language and folders."""

    options: argparse.Namespace
    settings: Settings
    language: Language
    folders: Folders
    folder: Path
    """Folder of the library; it may not exist yet."""
    subscriptions: Subscriptions
    """Papers that the reader is subscribed to."""
    offline: bool
    plain: bool
    """Whether to print in plain lines, for screen readers and braille displays."""
    problems: Sequence[ConfigProblem] = ()
    """Problems of the config file; entries with problems are ignored."""
    configured_names: frozenset[str] = frozenset()
    """Names of the settings that the config file has."""
    snapshot: StartupSnapshot | None = None
    """Startup snapshot (saved first screen) and the terminal that shows it; None if the process began without one."""

    @property
    def text(self) -> str | None:
        """Render mode (how text is drawn) that an option asks for; None if no option does."""
        text: str | None = self.options.text
        return text

    def private_folder(self) -> Path:
        """Return the library's folder, created if missing, and accessible to its owner only; raises StoreError if that fails."""
        if self.options.data_dir is None:  # otherwise the folder of the libraries is the reader's own
            make_private(self.folders.data)
        close_within(make_private(self.folder))
        return self.folder

    def preferences(self) -> Preferences:
        """Return the preferences that the reader has set by keys, not in the config."""
        from bpost_tui.core.state.preferences import Preferences

        return Preferences(self.folders.state, self.configured_names)

    def has_mutes(self, library: Library) -> bool:
        """Whether any mute rules exist, in the config or in the library."""
        return bool(self.settings.mute or library.mutes.rules())

    def session_config(self) -> SessionConfig:
        """Return the configuration of a reading session. A missing library folder is created; raises StoreError if that fails."""
        from bpost_tui.core.session_config import SessionConfig

        return SessionConfig(
            self.settings,
            self.private_folder(),
            self.language,
            self.folders.config / "themes",
            self.preferences(),
            self.subscriptions,
            self.offline,
            self.text,
        )

    def library(self, console: Console) -> AbstractContextManager[Library]:
        """Return a context manager that opens the library.

        When the block ends, problems of the library's files are printed to stderr. Raises StoreError if the library can't be
        opened.
        """
        return reported_library(self.private_folder(), self.subscriptions, self.settings, self.language, console.write_note)


def sync_local_marks(context: CommandContext, library: Library, console: Console) -> bool:
    """Sync marks with the peers that need no network (a sync folder); if that fails, print the reason and return False."""
    from bpost_tui.core import session_config

    return session_config.sync_local_marks(context.settings, library, context.language, console.write_note)


def papers(context: CommandContext, library: Library) -> PaperList:
    """Return the papers that the reader reads, with the number of stories that the library has of each."""
    from bpost_tui.core.lists.paper_list import PaperList

    return PaperList.load(library, context.language, context.subscriptions)


def listings(context: CommandContext, library: Library) -> Listings:
    """Return the object through which a verb reads the lists and stories of a library."""
    from bpost_tui.core.lists.listings import Listings

    return Listings(library, context.language, clock)


def outlook(context: CommandContext, library: Library) -> Outlook:
    """Return the outlook (choices that decide how lists are read) for a verb that doesn't group stories about the same news."""
    from bpost_tui.core.lists.outlook import Outlook

    return Outlook.of(context.settings, papers(context, library), mutes(context, library), same_news_once=False)


def mutes(context: CommandContext, library: Library) -> Mutes:
    """Return the mute rules of the config and the library together."""
    from bpost_tui.core.lists.mutes import Mutes

    return Mutes.load(context.settings.mute, library)


def clock() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(UTC)


def config_path(named: Path | None) -> Path:
    """Return the path of the config file: `named`, or the default path if `named` is None.

    Raises StoreError if there is no folder for the default.
    """
    return named or folders().config / "config.toml"


def default_keys() -> Mapping[str, tuple[str, ...]]:
    """Return the default keys of each action that the config's table `[keys]` may name, by the action's id."""
    from bpost_tui.core.keys.actions import ACTIONS

    return {action.id: action.keys for action in ACTIONS}


def require_config(named: Path | None) -> None:
    """Raise UsageError if `named`, the config file that an option names, doesn't exist. If `named` is None, do nothing."""
    try:
        if named is not None:
            named.stat()
    except OSError as error:
        raise UsageError(f"{named}: {error.strerror}") from error


class LoadedConfig(NamedTuple):
    """Settings of the config file and the environment."""

    settings: Settings
    problems: Sequence[ConfigProblem] = ()
    """Problems of the config file."""
    named: frozenset[str] = frozenset()
    """Names of the settings in the config file."""
    portal: str | None = None
    """Address of the only paper to read, from the environment variable BPOST_PORTAL; None if the variable isn't set."""

    def require_usable(self, language: Language) -> None:
        """Raise UsageError if nothing in the config file can be used, because bpost would then read the default paper."""
        for problem in self.problems:
            if problem.is_fatal:
                hint = message("Correct it: `bpost config edit` opens the file.")
                raise UsageError(problem.format(language), hint=hint)


def load_config(config: Path | None, environ: Mapping[str, str]) -> LoadedConfig:
    """Return the settings of the config file `config` (the default file if None) and of the environment.

    A missing file counts as empty.

    Raises:
        UsageError: BPOST_PORTAL isn't an address.
        StoreError: The environment has no folder for a config.
    """
    path = config_path(config)
    # without a file, the actions' keys aren't needed: 2 ms
    values, problems = read(path, actions=default_keys()) if path.exists() else ({}, ())
    named = environ.get("BPOST_PORTAL")
    return LoadedConfig(Settings(**values).of_portals(), problems, frozenset(values), paper_address(named) if named else None)


def _single_paper_address(name: str, settings: Settings, library: Path, language: Language) -> str:
    """Return the address of the only paper to read, which the option names by address, name or key (`name`).

    `library` is the folder of the library, which has the names that papers give themselves. Raises UsageError if `name` is neither
    an address nor the name of a paper.
    """
    papers = settings.papers
    if (known := paper_named(name, {each.key: each.name for each in papers if each.name}, papers)) is not None:
        return known.address
    try:
        return paper_address(name)
    except UsageError as error:
        names = paper_names(papers, library, language)  # papers' own names are in the library
        if (known := paper_named(name, names, papers)) is not None:
            return known.address
        raise UsageError(prefix_reason("--portal", error.message), hint=did_you_mean(name, names.values()) or error.hint) from error


def command_context(
    options: argparse.Namespace, config: LoadedConfig, language: Language, snapshot: StartupSnapshot | None = None
) -> CommandContext:
    """Return the context of a verb. Its options on the command line take precedence over the settings in `config`.

    `snapshot` is the startup snapshot (saved first screen), or None if the process began without one. Raises UsageError if an
    option names a paper that is neither known nor an address.
    """
    chosen = {name: getattr(options, name) for name in ("language", "text")}
    settings = config.settings._replace(**{name: value for name, value in chosen.items() if value is not None})
    where = folders(options.data_dir)
    alone = _single_paper_address(options.portal, config.settings, where.library, language) if options.portal else config.portal
    settings = settings.of_portal(alone) if alone else settings
    return CommandContext(
        options,
        settings,
        language,
        where,
        where.library,
        select_papers(config.settings, alone),
        options.offline,
        options.plain,
        config.problems,
        config.named,
        snapshot,
    )
