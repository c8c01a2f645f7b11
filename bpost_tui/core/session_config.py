"""Configuration of a reading session, and the steps that it requires after a refresh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.config import Settings
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.lists.subscriptions import Subscriptions
from bpost_tui.i18n import Language
from bpost_tui.mark_sync.configured_peers import NO_PEERS, PeerSettings, local_peers, network_peers
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.after_refresh import Steps
    from bpost_tui.core.state.preferences import Preferences
    from bpost_tui.model.story import Headline
    from bpost_tui.refresh import RefreshResult
    from bpost_tui.store.library import Library


class SessionConfig(NamedTuple):
    """Configuration of a reading session: settings, folders, papers, and the options of the command line."""

    settings: Settings
    """Settings that apply in this session."""
    folder: Path
    """Folder of the library."""
    language: Language
    """Language of the interface."""
    themes_folder: Path
    """Folder of the themes that the reader made; need not exist."""
    preferences: Preferences
    """Choices that the reader made with keys."""
    subscriptions: Subscriptions
    """Papers to read."""
    offline: bool = False
    """Whether requests to the network are forbidden."""
    render_mode: str | None = None
    """Render mode from the command line, such as "cells"; None if the option isn't given.

    "auto" ignores the choice that the reader made earlier.
    """


def peer_settings(settings: Settings) -> PeerSettings:
    """Return the part of the settings that names peers (machines, servers, files) to sync marks with."""
    return PeerSettings(settings.sync_folder, {**settings.service})


def without_peers(settings: Settings) -> Settings:
    """Return the settings with syncing to all peers (sync folder, server of feeds) switched off."""
    return settings._replace(**NO_PEERS._asdict())


def sync_local_marks(settings: Settings, library: Library, language: Language, report: Callable[[str], None]) -> bool:
    """Sync marks with the peers in `settings` that need no network (a sync folder). Return True if all succeed or there are none.

    If a sync fails, return False and call `report` with the reason.
    """
    if not (peers := local_peers(library, peer_settings(settings))):
        return True
    from bpost_tui.mark_sync.peer import sync_all

    errors = sync_all(peers)
    for error in errors:
        report(language.reason(error))
    return not errors


def steps_after(config: SessionConfig, library: Library, result: RefreshResult, *, local: bool, hook: bool = True) -> Steps:
    """Return the steps after a refresh that the command line and `--plain` share: syncing marks, and the hook.

    Args:
        config: Configuration of the session.
        library: Library that the refresh saved into.
        result: Result of the refresh.
        local: Whether to sync with peers that need no network, such as a sync folder. It is False if such a sync failed before the
            refresh, because a second try may take 10 s.
        hook: Whether to run the hook.
    """
    from bpost_tui.core.after_refresh import Steps  # 1 ms, only after a refresh

    named = peer_settings(config.settings)
    peers = (*(local_peers(library, named) if local else ()), *(() if config.offline else network_peers(library, named)))
    runs_hook = hook and config.settings.hooks.get("new_stories")
    return Steps(peers, partial(_run_hook, config, library) if runs_hook else None, is_offline=result.is_offline)


def _run_hook(config: SessionConfig, library: Library, stories: Sequence[Headline]) -> None:
    from bpost_tui.core.external_programs import ExternalProgram, run_hook

    names = PaperList.load(library, config.language, config.subscriptions).names()
    run_hook(ExternalProgram(config.settings.hooks["new_stories"]), stories, names)
