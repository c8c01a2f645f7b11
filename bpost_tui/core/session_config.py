"""Configuration of a reading session, and the steps after a refresh that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.config import Settings
from bpost_tui.core.after_refresh import Steps
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.lists.subscriptions import Subscriptions
from bpost_tui.i18n import Language, prefix_reason

if TYPE_CHECKING:
    from bpost_tui.core.state.preferences import Preferences
    from bpost_tui.model.story import Headline
    from bpost_tui.refresh import RefreshResult
    from bpost_tui.store.library import Library

_FOLDER_TIMEOUT_S = 10.0
"""Time in seconds after which a sync folder that doesn't answer is given up."""


class SessionConfig(NamedTuple):
    """Configuration of a reading session: settings, folders, papers, and the options of the command line."""

    settings: Settings
    """Settings in force."""
    folder: Path
    """Folder of the library."""
    language: Language
    """Language of the interface."""
    themes_folder: Path
    """Folder of the reader's own themes; need not exist."""
    preferences: Preferences
    """Choices that the reader made with keys."""
    paper_selection: Subscriptions
    """Papers to read."""
    offline: bool = False
    """Whether all requests are forbidden."""
    render_mode: str | None = None
    """Way to draw type, from the command line; "auto" ignores the reader's earlier choice. None if no option is given."""


def sync_folder_marks(settings: Settings, library: Library, language: Language, report: Callable[[str], None]) -> bool:
    """Sync marks with the reader's other machines if the config names a sync folder. Return False and report why if it fails."""
    errors = sync_with_folder(settings, library)
    for error in errors:
        report(language.reason(error))
    return not errors


def sync_with_folder(settings: Settings, library: Library) -> tuple[str, ...]:
    """Sync marks with the reader's other machines if the config names a sync folder, and return the failures."""
    if not settings.sync_folder:
        return ()
    from bpost_tui.mark_sync.folder_peer import FolderPeer, sync_with_timeout  # 5 ms

    error = sync_with_timeout(FolderPeer(library, Path(settings.sync_folder)), _FOLDER_TIMEOUT_S).error
    return () if error is None else (prefix_reason("sync_folder", error.message),)


def steps_after(config: SessionConfig, library: Library, result: RefreshResult, *, folder: bool, hook: bool = True) -> Steps:
    """Return the steps after a refresh that the command line and `--plain` share; a desktop notification isn't among them.

    Args:
        config: Configuration of the session.
        library: Library that the refresh saved into.
        result: Result of the refresh.
        folder: Whether to sync with the sync folder. False if the sync before the refresh failed: a second try may take 10 s.
        hook: Whether to run the hook.
    """
    with_folder = (partial(sync_with_folder, config.settings, library),) if folder else ()
    syncs = (*with_folder, partial(_sync_with_service, config, library, result))
    return Steps(syncs, partial(_run_hook, config, library) if hook and config.settings.hooks.get("new_stories") else None)


def _sync_with_service(config: SessionConfig, library: Library, result: RefreshResult) -> tuple[str, ...]:
    if not config.settings.service or config.offline:
        return ()
    from bpost_tui.mark_sync.greader_account import account_from_config  # 3 ms
    from bpost_tui.mark_sync.greader_peer import sync_after_refresh  # 40 ms
    from bpost_tui.store.database import utc_now

    account = account_from_config(config.settings.service)
    return sync_after_refresh(library, account, result, utc_now) if account is not None else ()


def _run_hook(config: SessionConfig, library: Library, stories: Sequence[Headline]) -> None:
    from bpost_tui.core.external_programs import ExternalProgram, run_hook

    names = PaperList.load(library, config.language, config.paper_selection).names()
    run_hook(ExternalProgram(config.settings.hooks["new_stories"]), stories, names)
