"""Sync with any peer (place to sync marks with): a peer in memory needs neither a folder nor a server."""

from __future__ import annotations

import os
import pkgutil
import threading
import time
from importlib import import_module
from inspect import isclass, isfunction
from typing import Any
from unittest.mock import create_autospec

import pytest

from bpost_tui import mark_sync
from bpost_tui.atomic import try_lock
from bpost_tui.config import Settings
from bpost_tui.core.session_config import peer_settings, without_peers
from bpost_tui.errors import BPostError, PortalError, StoreError
from bpost_tui.mark_changes.field_changes import Changes
from bpost_tui.mark_changes.merge_rule import merge_changes
from bpost_tui.mark_sync import configured_peers
from bpost_tui.mark_sync.configured_peers import NO_PEERS, PeerSettings, local_peers, network_peers
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.mark_sync.greader_api import GreaderApi, GreaderSubscription
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.mark_sync.peer import Peer, sync, sync_all, sync_within
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests.conftest import NOW


class MemoryPeer:
    """A peer (place to sync marks with) that keeps all changes in memory, as an example of a third kind."""

    setting, lock_name, place = "memory", "memory.lock", "memory.example"
    timeout_s: float | None = None

    def __init__(self, library: Library, known: Changes | None = None) -> None:
        self.library = library
        self.known: Changes = known or {}
        self.error: Exception | None = None
        self.problem: BPostError | None = None
        self.delay_s = 0.0

    def is_due(self) -> bool:
        return self.library.changes.all_changes() != self.known

    def sync_locked(self) -> BPostError | None:
        time.sleep(self.delay_s)
        if self.error is not None:
            raise self.error
        self.library.changes.merge(self.known)
        self.known = merge_changes([self.known, self.library.changes.all_changes()])
        return self.problem


@pytest.fixture
def peer(library: Library) -> MemoryPeer:
    """Return a peer of a library with one story, marked read."""
    library.set_subscriptions([Paper("example.org", "https://example.org")])
    (story,) = library.save([Story("guid", "title", "https://example.org/1", published=NOW)], now=NOW).new
    library.set_mark("read", [story], True, now=NOW)
    return MemoryPeer(library)


def test_sync_works_with_a_third_kind_of_peer(peer: MemoryPeer) -> None:
    assert peer.is_due()
    assert sync(peer) is None
    assert not peer.is_due()
    assert sync(peer) is None
    assert {name for fields in peer.known.values() for name in fields} >= {"read"}


def test_failing_peer_gives_an_error(peer: MemoryPeer) -> None:
    peer.error = PortalError("memory.example: it can't be reached", unanswered=True)
    assert sync(peer) is peer.error
    assert sync_all([peer, peer]) == ("memory: memory.example: it can't be reached",) * 2
    assert sync_all([peer], is_offline=True) == ()
    peer.error = PortalError("memory.example: refused")
    assert sync_all([peer], is_offline=True) == ("memory: memory.example: refused",)
    peer.error = ZeroDivisionError()
    assert sync_all([peer], is_offline=True) == ("memory: memory.example: it can't be read (ZeroDivisionError)",)
    bug = sync(peer)
    assert bug is not None and isinstance(bug.__cause__, ZeroDivisionError)


def test_problem_of_a_completed_sync_is_reported(peer: MemoryPeer) -> None:
    peer.problem = StoreError("memory.example: a change waits")
    assert sync(peer) is peer.problem
    assert sync_all([peer], is_offline=True) == ("memory: memory.example: a change waits",)
    assert peer.known


def test_peer_is_skipped_while_another_process_syncs_with_it(peer: MemoryPeer) -> None:
    with try_lock(peer.library.folder / peer.lock_name):
        assert sync(peer) is None
    assert peer.known == {}


def test_unresponsive_peer_ends_at_the_timeout(peer: MemoryPeer) -> None:
    peer.delay_s = 0.5
    began, others = time.monotonic(), threading.enumerate()
    error = sync_within(peer, 0.05)
    assert time.monotonic() - began < 0.4
    assert error is not None and "memory.example: the folder doesn't answer" in error.message
    for abandoned in set(threading.enumerate()) - set(others):
        abandoned.join()  # before its library is closed
    assert sync_within(peer, 5.0) is sync_within(peer, None) is None


def test_peers_are_made_from_the_config(library: Library) -> None:
    settings = PeerSettings("/nowhere/Sync", {"address": "https://reader.example", "user": "me"})
    assert [type(peer) for peer in (*local_peers(library, settings), *network_peers(library, settings))] == [
        FolderPeer,
        GreaderPeer,
    ]
    without_user = PeerSettings("", {"address": "https://reader.example"})
    for named in (NO_PEERS, without_user):
        assert (local_peers(library, named), network_peers(library, named)) == ((), ())


def test_every_kind_of_peer_has_a_row() -> None:
    steps = {name for name, value in vars(Peer).items() if isfunction(value) and not name.startswith("_")}
    modules = [import_module(f"{mark_sync.__name__}.{module.name}") for module in pkgutil.iter_modules(mark_sync.__path__)]
    kinds = {
        name: module.__name__
        for module in modules
        for name, value in vars(module).items()
        if isclass(value) and value.__module__ == module.__name__ and value is not Peer and steps <= {*dir(value)}
    }
    assert kinds.keys() >= {"FolderPeer", "GreaderPeer"}
    rows = (*configured_peers._LOCAL_KINDS, *configured_peers._NETWORK_KINDS)
    made = {name for row in rows for name in row.__code__.co_names}
    assert {name: module for name, module in kinds.items() if name not in made} == {}
    functions = [value for value in vars(configured_peers).values() if isfunction(value)]
    makers = [each for each in functions if each.__annotations__.get("return") == "Peer | None"]
    assert {*makers} >= {*rows}
    assert [maker.__name__ for maker in makers if maker not in rows] == []


def test_every_peer_can_be_switched_off() -> None:
    assert {*PeerSettings._fields} <= {*Settings._fields}
    assert peer_settings(Settings()) == NO_PEERS
    empty = NO_PEERS._asdict()
    values: dict[str, Any] = {name: f"/{name}" if isinstance(value, str) else {"address": name} for name, value in empty.items()}
    named = NO_PEERS._replace(**values)
    settings = Settings(story_order="oldest")._replace(**named._asdict())
    assert peer_settings(settings) == named
    assert without_peers(settings) == Settings(story_order="oldest")


def test_feed_on_the_server_is_found_by_every_address_of_a_papers_feed(library: Library) -> None:
    library.set_subscriptions([Paper("feed", "https://a.example/atom"), Paper("site", "https://a.example")])
    addresses = {"https://a.example/rss2": "site", "https://a.example/?feed=rdf": "site", "https://a.example/atom": "feed"}
    feeds = [GreaderSubscription(f"feed/{address}", address, "", "", ()) for address in addresses]
    api = create_autospec(GreaderApi, instance=True)
    api.subscriptions.return_value = feeds
    peer = GreaderPeer(library, GreaderAccount("https://reader.example", "me"), lambda: NOW)
    assert peer.match_feeds(api) == list(zip(feeds, addresses.values(), strict=True))


def test_pipe_in_place_of_the_login_file_is_not_waited_for(library: Library) -> None:
    os.mkfifo(library.folder / "service-token")
    peer = GreaderPeer(library, GreaderAccount("https://reader.example", "me", ("true",)), lambda: NOW)
    with peer.open_api() as api:
        assert not api.token
