"""One exchange of marks with the reader's service: one more peer of what `OtherMachines` exchanges; blocks on the network.

The service's items are matched with our stories by paper and link, or by a guid that is the link. Two requests say which items are
unread and starred (a third which to read later, where items can have labels); while that is as it was, and nothing was changed
here, there is no more. Otherwise each paper's items are listed, of new ones the links are asked for, and of each mark it is decided
whose holds (`merge_rule`). What is taken is saved before it counts as agreed on, and what is sent once the server has said so:
killed anywhere between, the next exchange does the rest, and says nothing else.

What is taken has its time by the server's clock, the same on all machines: by one that is fast, an earlier change would win in the
folder. It isn't said there by itself, since each machine with the service learns it there.

The server may have gone back to a backup. It is known by an item that it made at another time than before, or, where it dates marks
(found out by a mark of ours), by one whose last change was undone. Then nothing counts as agreed on any longer.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from bpost_tui import log
from bpost_tui.atomic import write_whole
from bpost_tui.errors import BPostError, PortalError
from bpost_tui.i18n import prefix_reason, unreadable_reason
from bpost_tui.mark_changes.field_changes import LINK, MARK_FIELDS, MAX_TIME_US, FieldChange, Subject
from bpost_tui.mark_changes.merge_rule import merge_action, next_time_us
from bpost_tui.mark_sync.greader_api import LATER, READ, READING_LIST, STARRED, TAGS, GreaderApi, GreaderItem, item_batches
from bpost_tui.portal.kinds import KINDS
from bpost_tui.store.greader_items import GreaderState, MarkComparison, StoredGreaderItem
from bpost_tui.store.row_mapping import to_us
from bpost_tui.store.sqlite_files import try_lock
from bpost_tui.urls import portal_key

if TYPE_CHECKING:
    from bpost_tui.mark_sync.greader_account import GreaderAccount
    from bpost_tui.refresh.refresh_events import RefreshResult
    from bpost_tui.store.library import Library

_LOCK, _TOKEN = "exchange-service.lock", "service-token"
_ROLLBACK_PROBES: Final = 5
"""Items whose last change shows whether the server has gone back."""
_MAX_FETCHED_ITEMS: Final = 500
"""Changed items of which it is asked when they were."""
_CLOCK_SLACK_S = 2
_TIME_LIMIT_S: Final = 1500.0
"""For an exchange in all, as for a refresh that was asked for more; the next one goes on."""
ItemSets = dict[str, frozenset[int]]
"""Mark → the items that have it there; of `read`, those that don't."""


class GreaderSyncResult(NamedTuple):
    """What came of an exchange."""

    received: int = 0
    """Stories whose marks were changed there, and are so here now."""
    sent: int = 0
    """Marks that were changed here, and are so there now."""


class GreaderPeer:
    """Exchanges a library's marks; of several processes that would do so at once, one does.

    Args:
        library: The library.
        account: The reader's account.
        clock: The time, aware.
        api: In place of the network's, for tests.
    """

    def __init__(
        self,
        library: Library,
        account: GreaderAccount,
        clock: Callable[[], datetime],
        api: Callable[[GreaderAccount, str], GreaderApi] = GreaderApi,
    ) -> None:
        self._library, self._account, self._clock, self._api = library, account, clock, api
        self.papers = {key: each.paper.key for each in library.papers() for key in paper_keys(each.paper.address)}
        """What a paper or its feed is known by → its key."""

    def sync(self) -> GreaderSyncResult:
        """Take over what was changed there, and send what was changed here.

        Raises:
            PortalError: The server can't be reached, or refuses; what it took before that is taken.
            ProgramError: The command for the password fails.
            StoreError: The library can't be read or written.
        """
        with try_lock(self._library.folder / _LOCK) as is_alone:
            if not is_alone:
                return GreaderSyncResult()
            with self.open_api() as api:
                api.set_time_limit(_TIME_LIMIT_S)
                return _GreaderSync(self._library, self._account.key, self.papers, self._clock, api).run()

    @contextmanager
    def open_api(self) -> Iterator[GreaderApi]:
        """Yield the server; that it is asked is noted before."""
        kept = self._load_token()
        self._library.fetch_log.count_requests({self._account.host: 1}, self._clock())
        with closing(self._api(self._account, kept)) as api:
            try:
                yield api
            finally:
                self._save_token(api.token, kept)

    @property
    def state(self) -> GreaderState:
        """How the server was at the last exchange."""
        return self._library.greader_items.state(self._account.key)

    def pending_count(self) -> int:
        """Return how many stories have marks that the server, which has them, doesn't know yet."""
        marks = self.state.marks
        return sum(_has_unsent_marks(each, marks) for each in self._library.greader_items.compare_marks())

    def _load_token(self) -> str:
        try:
            account, _, token = (self._library.folder / _TOKEN).read_text("ascii").partition("\n")
        except (OSError, UnicodeDecodeError):
            return ""
        return token.strip() if account == self._account.key else ""

    def _save_token(self, token: str, before: str) -> None:
        """Keep what the login gave where only the reader may read: a password manager may ask at each use."""
        with suppress(OSError):
            if token and token != before:
                write_whole(self._library.folder / _TOKEN, f"{self._account.key}\n{token}\n".encode("ascii"))


def paper_keys(address: str) -> set[str]:
    """Return what a paper may be known by: its own address and, of whichever kind it is, that of its feed."""
    return {portal_key(address), *(portal_key(kind.feed(address)) for kind in KINDS.values())}


def sync_after_refresh(
    library: Library, account: GreaderAccount, refresh_result: RefreshResult, clock: Callable[[], datetime]
) -> tuple[str, ...]:
    """Exchange marks after a refresh, and return a sentence on what went wrong; nothing where no paper could be reached either."""
    try:
        GreaderPeer(library, account, clock).sync()
    except BPostError as error:
        is_offline = isinstance(error, PortalError) and not refresh_result.fetched and bool(refresh_result.errors)
        return () if is_offline else (prefix_reason("service", error.message),)
    except Exception as bug:  # noqa: BLE001 -- what is only beside reading never ends it
        log.log_error(bug)
        return (prefix_reason("service", unreadable_reason(bug)),)
    return ()


class _GreaderSync:
    """One of them in progress."""

    def __init__(
        self, library: Library, account: str, papers: Mapping[str, str], clock: Callable[[], datetime], api: GreaderApi
    ) -> None:
        self._library, self._account, self._papers, self._clock, self._api = library, account, papers, clock, api
        self._items = library.greader_items
        self._state = self._items.state(account)

    def run(self) -> GreaderSyncResult:
        sets = self._fetch_item_sets()
        has_changed = any(_has_unsent_marks(each, self._state.marks) for each in self._items.compare_marks())
        if self._state.digest == self._digest(sets) and not has_changed:
            self._save_state(sets)
            return GreaderSyncResult()
        self._items.save_state(self._account, self._state._replace(digest=""))  # another account's items aren't this one's
        known = self._items.all()
        there = self._fetch_item_papers(known)
        new, has_gone_back = self._fetch_items(known, there, sets)
        if has_gone_back:
            self._items.forget(known)
            new |= {item.id: item for item in self._api.items(known.keys() & there.keys() - new.keys())}
            known = {}
        else:
            self._items.forget(known.keys() - there.keys())
        self._items.save(
            StoredGreaderItem(item.id, there[item.id], item.link, item.link_key, item.crawled_ms, item.updated_s)
            for item in new.values()
            if item.link_key and item.id in there
        )
        return self._reconcile(sets, new, is_dated=self._state.is_dated and not has_gone_back)

    # ── what is there ───────────────────────────────────────────────────────

    def _fetch_item_sets(self) -> ItemSets:
        """Return which items are unread, starred and, where there are labels, to be read later."""
        sets = {"read": self._api.item_ids(READING_LIST, exclude=READ)[0], "starred": self._api.item_ids(STARRED)[0]}
        if self._state.has_labels is not False:
            try:
                sets["later"] = self._api.item_ids(LATER)[0]
                self._state = self._state._replace(has_labels=True)
            except PortalError as error:  # Miniflux: items have no labels there
                if not error.final:
                    raise
                self._state = self._state._replace(has_labels=False)
        return sets

    def _fetch_item_papers(self, known: Mapping[int, StoredGreaderItem]) -> dict[int, str]:
        """Return the items that the server has of the papers here, with the papers' keys."""
        there: dict[int, str] = {}
        for feed in self._api.subscriptions():
            paper = self._papers.get(portal_key(feed.address)) or (self._papers.get(portal_key(feed.site)) if feed.site else None)
            if paper is None:
                continue
            numbers, is_whole = self._api.item_ids(feed.stream)
            there |= dict.fromkeys(numbers, paper)
            if not is_whole:  # those before them are asked for no longer, and not taken for removed
                there |= {number: paper for number, item in known.items() if item.paper == paper}
        return there

    def _fetch_items(
        self, known: Mapping[int, StoredGreaderItem], there: Mapping[int, str], sets: ItemSets
    ) -> tuple[dict[int, GreaderItem], bool]:
        """Return what the server says of new items and of changed ones, and whether it has gone back to an earlier day."""
        left = {number: item for number, item in known.items() if number in there}
        marks = self._state.marks
        changed = [number for number, item in left.items() if _server_marks(number, sets, marks) != item.last_synced[: len(marks)]]
        newest = {item.paper: number for number, item in sorted(left.items())}.values()
        witnesses = sorted(left, key=lambda number: left[number].updated_s)[-_ROLLBACK_PROBES:]
        wanted = {*(there.keys() - left.keys()), *newest, *witnesses, *sorted(changed)[-_MAX_FETCHED_ITEMS:]}
        said = {item.id: item for item in self._api.items(wanted)}
        if any(said[number].updated_s > left[number].updated_s for number in changed if number in said):
            self._state = self._state._replace(is_dated=True)
        has_gone_back = any(_was_rolled_back(said[number], item, self._state) for number, item in left.items() if number in said)
        return said, has_gone_back

    # ── what follows ────────────────────────────────────────────────────────

    def _reconcile(self, sets: ItemSets, said: Mapping[int, GreaderItem], *, is_dated: bool) -> GreaderSyncResult:
        """Take and send what follows of what is there, and return what that was."""
        ahead_s, marks = self._api.server_now_s - to_us(self._clock()) // 1_000_000, self._state.marks
        takes: dict[Subject, dict[str, FieldChange]] = defaultdict(dict)
        agreed: dict[str, dict[int, bool]] = {mark: {} for mark in MARK_FIELDS}
        sends: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for each in self._items.compare_marks():
            item, number = each.item, each.item.id
            theirs = _server_marks(number, sets, marks)
            if number in said and item.last_synced == (None, None, None):  # it may have come after the sets
                theirs = tuple(mark in said[number].tags for mark in marks)
            updated_s = max(item.updated_s if is_dated else 0, item.crawled_ms // 1000) - ahead_s  # no mark is older than its item
            for mark, before, ours, ours_us, is_so in zip(
                marks, item.last_synced, each.local_marks, each.times_us, theirs, strict=False
            ):
                holds = merge_action(before, ours, ours_us, is_so, updated_s)
                if holds == "send":
                    sends[mark, ours].append(number)
                    continue
                if holds == "take":
                    changed_s = item.updated_s if is_dated and item.updated_s else self._api.server_now_s
                    taken_us = min(next_time_us(changed_s * 1_000_000, ours_us), MAX_TIME_US)
                    takes[each.subject] |= {mark: FieldChange(taken_us, is_so), LINK: FieldChange(0, item.link_key)}
                if before is not is_so:
                    agreed[mark][number] = is_so
        taken = self._library.changes.merge(takes) if takes else 0
        for mark, values in agreed.items():
            self._items.set_last_synced(mark, values.items())
        sent = sum(self._send(mark, on, numbers, sets) for (mark, on), numbers in sends.items())
        self._save_state(sets)
        return GreaderSyncResult(taken, sent)

    def _send(self, mark: str, on: bool, numbers: Sequence[int], sets: ItemSets) -> int:
        """Set a mark of items there, or take it away, and note it batch by batch; return how many that were."""
        for batch in item_batches(numbers):
            self._api.edit_tag(batch, TAGS[mark], on=on)
            self._items.set_last_synced(mark, [(number, on) for number in batch])
            sets[mark] = sets[mark] | set(batch) if on is not (mark == "read") else sets[mark] - set(batch)
        self._probe_timestamps(max(numbers))
        return len(numbers)

    def _probe_timestamps(self, number: int) -> None:
        """Find out by an item that was just marked when the server says it was changed; it is a witness from now on."""
        before = self._api.server_now_s
        for item in self._api.items([number]):
            known = self._items.all()[number]
            is_dated = abs(item.updated_s - before) <= _CLOCK_SLACK_S and item.updated_s > known.updated_s
            self._state = self._state._replace(is_dated=self._state.is_dated or is_dated)
            self._items.save([known._replace(updated_s=item.updated_s)])

    def _save_state(self, sets: ItemSets) -> None:
        self._state = self._state._replace(digest=self._digest(sets), at_us=to_us(self._clock()))
        self._items.save_state(self._account, self._state)

    def _digest(self, sets: ItemSets) -> str:
        """Return what stays the same while there is nothing new, there or here."""
        text = json.dumps(
            [self._items.newest_story_id(), {mark: sorted(numbers) for mark, numbers in sets.items()}], sort_keys=True
        )
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


def _server_marks(number: int, sets: ItemSets, marks: Sequence[str]) -> tuple[bool, ...]:
    """Return which of the marks an item has there that was there already when the sets were asked for."""
    return tuple((number in sets[mark]) is not (mark == "read") for mark in marks)


def _has_unsent_marks(each: MarkComparison, marks: Sequence[str]) -> bool:
    return each.item.last_synced[: len(marks)] != each.local_marks[: len(marks)]


def _was_rolled_back(item: GreaderItem, known: StoredGreaderItem, state: GreaderState) -> bool:
    """Whether an item's number was given to another since, or a change of it was undone."""
    return 0 != item.crawled_ms != known.crawled_ms != 0 or (state.is_dated and 0 < item.updated_s < known.updated_s)
