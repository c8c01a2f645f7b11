"""Server of feeds as a peer: a sync reads marks from the server and sets marks on it. Its functions block on the network."""

# The obvious way is to copy marks by time, as with the sync folder: whichever side changed a mark last wins. But the Google Reader
# API gives no times of marks. Some servers (Miniflux) date the last change of an item, without the mark that changed; others date
# nothing. And items aren't known by the stories' guids. So three things have to be found out.
#
# The story of an item: items are matched with stories by paper and link, or by a guid that is the link.
#
# The changes: two requests return the items that are unread and starred, a third the items to read later if the server has labels.
# If these sets and this library are as they were after the last sync, the sync ends there. Otherwise the changed and the new items
# are requested (`_fetch_new`, `_fetch_whole`).
#
# The side that made a change: the library keeps, for each item and mark, the server's last known state. The side that differs from
# this state has changed the mark (`merge_rule.merge_action`). A mark that is taken over is saved before the state, and the state of
# a mark that is sent is saved once the server has confirmed it. If the process is killed in between, the next sync does the rest
# and nothing twice.
#
# A mark that is taken over gets its time from the server's clock, which is the same for all machines. With the time of a machine
# with a fast clock, an earlier change would win in the sync folder. The folder gets such a mark together with the server's state
# (`_server_state`), so that other machines know which marks have reached the server.
#
# A server may have been restored from a backup. This shows in an item that has another creation time than before. If the server
# dates changes (found out by sending a mark), it also shows in an item with an earlier last change than before. Then no state
# counts as known any longer.
#
# The header Date gives the server's clock. But the header may be wrong, or come from several computers with different clocks. Then
# a time of change computed from it would be later than the item's real one, and the server would seem restored. So the header is
# compared with times of change only if it is consistent (`_is_clock_consistent`). Otherwise these times are requested.

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from bpost_tui.atomic import read_whole, write_whole
from bpost_tui.clock import to_us
from bpost_tui.errors import BPostError, PortalError
from bpost_tui.limits import MAX_SERVICE_ITEMS_IN_ALL
from bpost_tui.mark_changes.field_changes import LINK, MARK_FIELDS, MAX_TIME_US, SERVER_MARK_FIELDS, FieldChange, Subject
from bpost_tui.mark_changes.merge_rule import merge_action, next_time_us
from bpost_tui.mark_sync.greader_api import (
    CLOCK_SLACK_S,
    LATER,
    READ,
    READING_LIST,
    STARRED,
    TAGS,
    GreaderApi,
    GreaderItem,
    GreaderSubscription,
    item_batches,
)
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.paper_addresses import paper_keys, paper_variants_key
from bpost_tui.store.greader_items import GreaderState, MarkComparison, StoredGreaderItem
from bpost_tui.urls import server_of

if TYPE_CHECKING:
    from bpost_tui.mark_sync.greader_account import GreaderAccount
    from bpost_tui.store.library import Library

_LOGIN_FILE = "service-token"
_MAX_LOGIN_BYTES = 64 << 10
_ROLLBACK_PROBES: Final = 5
"""Number of items (stories on the server) that a sync checks to find out whether the server was restored from a backup.

This number of items that changed last is checked, and as many items with the highest ids.
"""
_MAX_FETCHED_ITEMS: Final = 500
"""Maximum number of changed items (stories on the server) whose times of change are requested in one sync."""
_SAVED_AT_ONCE: Final = 1000
"""Maximum number of fetched items (stories on the server) that are saved in one transaction."""
_MAX_LEAD_US: Final = 60_000_000
"""Maximum time in microseconds that the date of a mark taken from the server may be ahead of this machine's clock."""
_MAX_DIFFERENCE_US: Final = 24 * 3_600_000_000
"""Maximum difference in microseconds between the server's clock and this machine's, for the server's clock to be used."""
_US_PER_S: Final = 1_000_000
_TIME_LIMIT_S: Final = 1500.0
"""Maximum time in seconds of a sync, as long as a long refresh (`refresh_job.LONG_LIMIT_S`). The next sync does the rest."""
_SAMPLE: Final = 20
"""Number of a feed's newest items whose links are compared with the links of saved stories to find the feed's paper."""
_KnownItems = Mapping[int, StoredGreaderItem]
"""Items on the server that the library knows from earlier syncs, by id."""
_ChangedItems = Mapping[int, int]
"""Maps the id of each item (story on the server) with a mark that has changed there to the time of the mark's last known state.

The time is in microseconds since 1970, 0 if no state is known. If several marks have changed, it is the latest of their times.
"""
_FetchedItems = tuple[dict[int, GreaderItem], dict[int, str], bool]
"""Result of a fetch: fetched items by id, paper keys by item id, and whether the server was restored from a backup.

The paper keys are those of all items (stories on the server) of the library's papers, fetched or not.
"""
_PaperOfItem = Callable[[GreaderItem], str]
"""Function that returns the key of the paper of an item (a story on the server), or "" if it is of no paper in the library."""
ItemSets = dict[str, frozenset[int]]
"""Sets of items (ids of stories on the server) by the name of a mark, in the order of `MARK_FIELDS`.

For `starred` and `later`, the set has the items with the mark; for `read`, the unread items.
"""


class GreaderPeer:
    """Server of feeds as a peer, which is a place to sync marks with.

    Only the marks of stories that are both in the library and on the server are synced.

    Args:
        library: Library whose marks are synced.
        account: Account of the reader on the server.
        clock: Function that returns the current time as a datetime with a time zone.
        api: Class to use instead of `GreaderApi`, for tests.
    """

    setting = "service"
    lock_name = "exchange-service.lock"
    timeout_s: float | None = None

    def __init__(
        self,
        library: Library,
        account: GreaderAccount,
        clock: Callable[[], datetime],
        api: Callable[[GreaderAccount, str], GreaderApi] = GreaderApi,
    ) -> None:
        self.library, self._account, self._clock, self._api = library, account, clock, api
        self.place = account.host

    @cached_property
    def _papers(self) -> Mapping[str, str]:
        """Maps the keys made from all addresses under which the server may list a paper of the library to the paper's own key."""
        named = {each.paper.address: each.paper.key for each in self.library.papers()}
        moved = {address: key for address, key in self.library.moved_addresses().items() if key in named.values()}
        papers = moved | named
        feeds = {key: paper for address, paper in papers.items() for key in paper_keys(address, KINDS.values())}
        return feeds | {paper_variants_key(address): paper for address, paper in papers.items()}

    def match_feeds(self, api: GreaderApi) -> list[tuple[GreaderSubscription, str]]:
        """Return each feed on the server with the key of its paper, or with "" if it is no paper of the library.

        A paper is found by its address or its site. Another feed on the same host is the paper as well if most of its newest items
        are stories of the paper: a site may have the same feed at several addresses.
        """
        hosts: dict[str, set[str]] = defaultdict(set)
        for each in self.library.papers():
            hosts[server_of(each.paper.address)].add(each.paper.key)
        matched: list[tuple[GreaderSubscription, str]] = []
        for feed in api.subscriptions():
            named = (self._papers.get(paper_variants_key(each), "") for each in (feed.address, feed.site) if each)
            on_host = hosts[server_of(feed.address)] | hosts[server_of(feed.site)]
            matched.append((feed, next(filter(None, named), "") or self._paper_by_links(api, feed, on_host)))
        return matched

    def stream_papers(self, api: GreaderApi) -> dict[str, str]:
        """Map the feeds on the server to the keys of their papers. Feeds that are no papers of the library are left out.

        A feed is given as its stream: the server's name of the list of its items. Raises PortalError if the server can't be
        reached, or refuses.
        """
        return {feed.stream: paper for feed, paper in self.match_feeds(api) if paper}

    def _paper_by_links(self, api: GreaderApi, feed: GreaderSubscription, papers: Collection[str]) -> str:
        """Return the key in `papers` of the paper that has at least half of the feed's newest stories, or "" if none has."""
        ids = api.item_ids(feed.stream, most=_SAMPLE) if papers else frozenset()
        items = self.library.greader_items
        found = Counter(items.papers_of(papers, ids))
        if ids and 2 * found.total() < len(ids):
            found = Counter(items.papers_of_links(papers, {item.link_key for item in api.items(ids)}))
        paper, count = max(found.items(), key=itemgetter(1), default=("", 0))
        return paper if 2 * count >= len(ids) else ""

    def is_due(self) -> bool:
        """Whether any marks still have to be sent to the server. Marks of stories that the server doesn't have don't count."""
        return self.pending_counts()[0] > 0

    def sync_locked(self) -> None:
        """Merge the marks that were changed on the server into the library, then set the marks there that were changed here.

        Raises:
            PortalError: The server can't be reached, or refuses.
            ProgramError: The command for the password fails.
            StoreError: The library can't be read or written.
        """
        try:
            with self.open_api() as api:
                api.set_time_limit(_TIME_LIMIT_S)
                _GreaderSync(self, self._account.key, self._clock, api).run()
        except BPostError as error:
            from bpost_tui.portal.worker import wire  # 5 ms

            failed = self.state._replace(tried_us=to_us(self._clock()), failure=wire.dump(error.message).decode())
            self.library.greader_items.save_state(self._account.key, failed)
            raise

    @contextmanager
    def open_api(self) -> Iterator[GreaderApi]:
        """Yield a connection to the server, and save its login token at the end.

        At the start, 1 is added to the number of requests to this server that the library stores.
        """
        kept = self._load_token()
        self.library.fetch_log.count_requests({self._account.host: 1}, self._clock())
        with closing(self._api(self._account, kept)) as api:
            try:
                yield api
            finally:
                self._save_token(api.token, kept)

    @property
    def state(self) -> GreaderState:
        """State of the server after the last sync."""
        return self.library.greader_items.state(self._account.key)

    @property
    def failure(self) -> str:
        """Reason why the last sync failed, or "" if it succeeded."""
        from bpost_tui.portal.worker import wire  # 5 ms

        failure = self.state.failure
        try:
            reason = wire.load(failure.encode())
            return reason if isinstance(reason, str) else failure
        except ValueError:  # a plain sentence, from an earlier bpost
            return failure

    def pending_counts(self) -> tuple[int, int]:
        """Return the number of stories with marks to be sent to the server, and of marked stories that the server lacks."""
        marks, items = self.state.marks, self.library.greader_items
        compared = items.compare_marks()
        missing = items.count_marked_elsewhere({each.subject for each in compared})
        return sum(_has_unsent_marks(each, marks) for each in compared), missing

    def _load_token(self) -> str:
        try:
            account, _, token = read_whole(self.library.folder / _LOGIN_FILE, _MAX_LOGIN_BYTES).decode("ascii").partition("\n")
        except (OSError, UnicodeDecodeError):
            return ""
        return token.strip() if account == self._account.key else ""

    def _save_token(self, token: str, before: str) -> None:
        """Save the login token in a file that only the reader may read, unless it is still the token `before`.

        Without a saved token, a password manager might ask the reader for permission at each sync.
        """
        with suppress(OSError):
            if token and token != before:
                write_whole(self.library.folder / _LOGIN_FILE, f"{self._account.key}\n{token}\n".encode("ascii"))


class _GreaderSync:
    """Sync in progress with the server of feeds."""

    def __init__(self, peer: GreaderPeer, account: str, clock: Callable[[], datetime], api: GreaderApi) -> None:
        self._peer, self._account, self._clock, self._api = peer, account, clock, api
        self._items, self._changes = peer.library.greader_items, peer.library.changes
        self._state = self._items.state(account)
        self._sets: ItemSets = {}
        self._fetched_us = 0
        """Time when the sets of items were fetched, by the server's clock, in microseconds since 1970; 0 before that."""
        self._max_id = _max_id(self._state.digest)
        """Highest id of all stories on the server that were listed, of papers in the library or of other feeds."""

    def run(self) -> None:
        """Merge the marks changed on the server into the library, set those changed here on the server, and save its state."""
        for (mark, on), items in self._receive().items():
            self._send(mark, on, items)
        self._save_state()

    def _receive(self) -> Mapping[tuple[str, bool], Sequence[MarkComparison]]:
        """Fetch the changes on the server, merge them into the library, and return the stories whose marks are to be sent.

        The result maps (name of the mark, True to set it or False to remove it) to these stories.
        """
        sets = self._sets = self._fetch_item_sets()
        compared, marks = self._items.compare_marks(), self._state.marks
        changed = {each.item.id: seen_us for each in compared if (seen_us := _last_seen_us(each, sets)) is not None}
        if self._state.digest == self._digest() and not (changed or any(_has_unsent_marks(each, marks) for each in compared)):
            # A mark that was changed and changed back has the server's value again. The server's times are whole seconds: as a
            # change still to be sent, the mark would win against a change made there in the same second, but later.
            return self._merge_marks([each for each in compared if _has_unsent_changes(each, marks)], {}, was_restored=False)
        self._items.save_state(self._account, self._state._replace(digest=""))  # another account's items aren't this one's
        known = self._items.all()
        is_listed = self._is_listed() and bool(known) and len(changed) <= _MAX_FETCHED_ITEMS
        fetch = self._fetch_new if is_listed else self._fetch_whole
        new, item_papers, was_restored = fetch(known, changed)
        if was_restored and is_listed:
            new, item_papers, _ = self._fetch_whole(known, changed)
        self._items.forget(known if was_restored else known.keys() - item_papers.keys())
        if was_restored:
            again = known.keys() & item_papers.keys() - new.keys()
            new |= self._fetch_and_save(again, again, lambda item: item_papers[item.id])
        self._save_items(new.values(), lambda item: item_papers.get(item.id, ""))
        self._max_id = max(self._listed(item_papers), default=0)  # other feeds' items too: they aren't requested again
        stories = self._items.compare_marks()
        starred_elsewhere = len(sets["starred"] - {each.item.id for each in stories})
        self._state = self._state._replace(starred_elsewhere=starred_elsewhere)
        return self._merge_marks(stories, new, was_restored=was_restored)

    # ── reading the server ──────────────────────────────────────────────────

    def _fetch_item_sets(self) -> ItemSets:
        """Return the unread and starred items (stories on the server) and, if the server has labels, the items to read later."""
        sets = {"read": self._api.all_item_ids(READING_LIST, exclude=READ)}
        self._fetched_us = self._server_now_us()
        sets["starred"] = self._api.all_item_ids(STARRED)
        if self._state.has_labels is not False:
            try:
                later = self._api.all_item_ids(LATER)
                # FreshRSS lists all items for a label that doesn't exist: only a list with all unread items needs this check
                exists = not (later and later >= sets["read"]) or self._api.has_label(LATER)
                sets["later"] = later if exists else frozenset()
                self._state = self._state._replace(has_labels=True)
            except PortalError as error:  # Miniflux, whose items have no labels, answers 500
                # but so does any server with a fault: if the label exists, it only failed this time
                if not error.final or (self._state.has_labels and self._api.has_label(LATER)):
                    raise
                self._state = self._state._replace(has_labels=False)
        return sets

    def _listed(self, more: Iterable[int] = ()) -> frozenset[int]:
        """Return the ids of all items (stories on the server) that are unread, starred or to be read later, and the ids `more`."""
        return frozenset(more).union(*self._sets.values())

    # Listing each paper's items takes a request for each paper. So it is done only at first, after a fault, after many changes, and
    # if there are new stories here, which may have been read on the phone already. Otherwise only the changed items are requested,
    # and items with a higher id than any listed before.

    def _fetch_new(self, known: _KnownItems, changed: _ChangedItems) -> _FetchedItems:
        """Fetch the items (stories on the server) in `changed`, and new items, which have higher ids than all items listed before.

        `known` has all items that the library knows, and `changed` those whose marks have changed on the server. Return the fetched
        items, the paper keys of all items on the server, and whether the server was restored from a backup.
        """
        new = {item_id for item_id in self._listed() if item_id > self._max_id} - known.keys()
        if not new and not changed:  # one mark takes no more requests than four
            return {}, {item_id: item.paper for item_id, item in known.items()}, False
        papers = self._peer.stream_papers(self._api) if new else {}
        server_items, was_restored = self._fetch_items(known, new, changed, lambda item: papers.get(item.stream, ""))
        item_papers = {item_id: item.paper for item_id, item in known.items() if item_id not in changed or item_id in server_items}
        item_papers |= {item.id: papers[item.stream] for item in server_items.values() if item.id in new and item.stream in papers}
        return server_items, item_papers, was_restored

    def _fetch_whole(self, known: _KnownItems, changed: _ChangedItems) -> _FetchedItems:
        """List the server's items (stories) of each paper, and fetch the listed items that are in `changed` or not in `known`.

        `known` has all items that the library knows, and `changed` those whose marks have changed on the server. A known item that
        isn't listed was removed from the server. Return the fetched items, the paper keys of all items on the server, and whether
        the server was restored from a backup.
        """
        item_papers: dict[int, str] = {}
        for stream, paper in self._peer.stream_papers(self._api).items():
            if len(item_papers) < MAX_SERVICE_ITEMS_IN_ALL:
                item_papers |= dict.fromkeys(self._api.item_ids(stream), paper)
        left = {item_id: item for item_id, item in known.items() if item_id in item_papers}
        changed_left = {item_id: seen_us for item_id, seen_us in changed.items() if item_id in left}
        new = item_papers.keys() - left.keys()
        server_items, was_restored = self._fetch_items(left, new, changed_left, lambda item: item_papers[item.id])
        return server_items, item_papers, was_restored

    def _fetch_items(
        self, known: _KnownItems, new: Collection[int], changed: _ChangedItems, paper_of: _PaperOfItem
    ) -> tuple[dict[int, GreaderItem], bool]:
        """Fetch the items (stories on the server) whose ids are in `new` or `changed`.

        Return the items by id, and whether the server was restored from a backup. The items in `new` are also saved; `paper_of`
        returns the key of an item's paper. To notice a restored server, a few of the items in `known` are fetched as well.
        """
        witnesses = sorted(known, key=lambda item_id: known[item_id].updated_s)[-_ROLLBACK_PROBES:]
        wanted = {*new, *sorted(known)[-_ROLLBACK_PROBES:], *witnesses, *sorted(changed)[-_MAX_FETCHED_ITEMS:]}
        server_items = self._fetch_and_save(wanted, new, paper_of)
        if any(server_items[item_id].updated_s > known[item_id].updated_s for item_id in changed if item_id in server_items):
            self._state = self._state._replace(is_dated=True)
        was_restored = any(
            _was_rolled_back(server_items[item_id], item, changed.get(item_id, 0), self._state)
            for item_id, item in known.items()
            if item_id in server_items
        )
        return server_items, was_restored

    def _fetch_and_save(self, ids: Collection[int], new: Collection[int], paper_of: _PaperOfItem) -> dict[int, GreaderItem]:
        """Fetch the items (stories on the server) with these ids, save the items in `new`, and return all fetched items by id.

        Items are saved in short transactions.

        `paper_of` returns the key of an item's paper. In the result, the items in `new` have no links, because 200,000 links would
        take more memory than all else in a sync.
        """
        found: dict[int, GreaderItem] = {}
        items = self._api.items(ids)
        while some := tuple(islice(items, _SAVED_AT_ONCE)):
            self._save_items((item for item in some if item.id in new), paper_of)
            found |= {item.id: item._replace(link="", link_key="") if item.id in new else item for item in some}
        return found

    def _save_items(self, items: Iterable[GreaderItem], paper_of: _PaperOfItem) -> None:
        """Save the items (stories on the server) that have a link and are from a paper of the library.

        `paper_of` returns the key of an item's paper, or "" if the library lacks the paper.
        """
        self._items.save(
            StoredGreaderItem(item.id, paper, item.link, item.link_key, item.crawled_ms, item.updated_s)
            for item in items
            if item.link_key and (paper := paper_of(item))
        )

    # ── comparing, writing ──────────────────────────────────────────────────

    def _merge_marks(
        self, stories: Sequence[MarkComparison], server_items: Mapping[int, GreaderItem], *, was_restored: bool
    ) -> Mapping[tuple[str, bool], Sequence[MarkComparison]]:
        """Merge the marks that were changed on the server into the library, and return the stories whose marks are to be sent.

        The result maps (name of the mark, True to set it or False to remove it) to these stories. Also record which marks are now
        the same in the library and on the server.

        Args:
            stories: Marks of the stories in the library, with their last known states on the server.
            server_items: Items fetched from the server, by id.
            was_restored: Whether the server was restored from a backup, so that its times of change mean nothing.
        """
        now_us, marks = to_us(self._clock()), self._state.marks
        is_dated = self._state.is_dated and not was_restored
        takes: dict[Subject, dict[str, FieldChange]] = defaultdict(dict)
        states: dict[Subject, dict[str, FieldChange]] = defaultdict(dict)
        agreed: dict[str, dict[int, bool]] = {mark: {} for mark in MARK_FIELDS}
        sends: dict[tuple[str, bool], list[MarkComparison]] = defaultdict(list)
        for each in stories:
            item, item_id = each.item, each.item.id
            server_values = _server_marks(item_id, self._sets)
            if item_id in server_items and item.last_synced == (None, None, None):  # the item may be newer than the sets
                server_values = tuple(mark in server_items[item_id].tags for mark in marks)
            updated_s = item.updated_s if is_dated else 0
            earliest_s = max(updated_s, item.crawled_ms // 1000)  # no mark is older than its item
            for mark, compared, server_value in zip(marks, each.marks, server_values, strict=False):
                ours, last_known = compared.ours, None if was_restored else compared.last_known
                ours_us, is_unsent = (None, False) if ours is None else (ours.at_us, not ours.is_synced)
                is_dated_unsent = is_unsent and updated_s > 0
                action = merge_action(last_known, compared.value, ours_us, server_value, earliest_s, is_unsent=is_dated_unsent)
                if action == "send":
                    sends[mark, compared.value].append(each)
                    continue
                changed_us = min(updated_s * _US_PER_S, self._fetched_us) or self._fetched_us
                if action == "take":
                    at_us = min(next_time_us(min(changed_us, now_us + _MAX_LEAD_US), ours_us), MAX_TIME_US)
                    ours = FieldChange(at_us, server_value)
                    takes[each.subject] |= {mark: ours, LINK: FieldChange(0, item.link_key)}
                is_new = server_value is not bool(compared.last_known) or is_unsent
                if action == "take" or is_new:
                    states[each.subject] |= _server_state(each, mark, server_value, self._recorded_us(item, changed_us), ours)
                if last_known is not server_value:
                    agreed[mark][item_id] = server_value
        self._changes.merge(takes)
        self._changes.merge(states, is_new=True)  # other machines can't know these states yet
        for mark, values in agreed.items():
            self._items.set_last_synced(mark, values.items())
        return sends

    def _send(self, mark: str, on: bool, items: Sequence[MarkComparison]) -> None:
        """Set the mark `mark` of items (stories on the server), or remove it if `on` is False.

        After each batch, record in the library that the mark of these items is now the same on the server.
        """
        sets, by_id = self._sets, {each.item.id: each for each in items}
        for batch in item_batches(by_id):
            self._api.edit_tag(batch, TAGS[mark], on=on)
            seen_us = self._server_now_us()
            at, marked = MARK_FIELDS.index(mark), self._with_new_times([by_id[item_id] for item_id in batch])
            states = {
                each.subject: _server_state(each, mark, on, self._recorded_us(each.item, seen_us), each.marks[at].ours)
                for each in marked
            }
            self._changes.merge(states, is_new=True)
            self._items.set_last_synced(mark, [(item_id, on) for item_id in batch])
            sets[mark] = sets[mark] | set(batch) if on is not (mark == "read") else sets[mark] - set(batch)
        if not self._state.is_dated:
            self._probe_timestamps(by_id[max(by_id)].item)

    def _with_new_times(self, marked: Sequence[MarkComparison]) -> Sequence[MarkComparison]:
        """Return `marked`, stories whose marks were just changed on the server, with their items' new times of change there.

        The times are saved. They are the present time by the server's clock or, if that clock isn't consistent, requested from the
        server. Without them, other machines couldn't notice that the server was restored from a backup. A server that dates no
        changes has no new times.
        """
        if not self._state.is_dated:
            return marked
        if self._is_clock_consistent():
            marked_s = self._api.server_now_s - CLOCK_SLACK_S
            times_s = {each.item.id: max(marked_s, each.item.updated_s) for each in marked}
        else:
            times_s = {item.id: item.updated_s for item in self._api.items({each.item.id for each in marked})}
        dated = [
            each._replace(item=each.item._replace(updated_s=times_s.get(each.item.id, each.item.updated_s))) for each in marked
        ]
        self._items.save(each.item for each in dated)
        return dated

    def _server_now_us(self) -> int:
        """Return the time by the server's clock, in microseconds since 1970.

        It is the time by this machine's clock if the two differ by more than a day.
        """
        now_us, server_us = to_us(self._clock()), self._api.server_now_s * _US_PER_S
        return server_us if abs(server_us - now_us) <= _MAX_DIFFERENCE_US else now_us

    def _is_clock_consistent(self) -> bool:
        """Whether the server's clock is as far from this machine's clock as in the last sync, in all answers of this sync.

        The header Date of an answer gives the server's time. The result is False if there was no earlier sync, or if the clocks
        differ by more than a day.
        """
        lead_us = to_us(self._clock()) - self._api.server_now_s * _US_PER_S
        is_known = self._state.at_us is not None and abs(lead_us) <= _MAX_DIFFERENCE_US
        return is_known and self._api.has_consistent_clock and abs(lead_us - self._state.lead_us) <= CLOCK_SLACK_S * _US_PER_S

    def _recorded_us(self, item: StoredGreaderItem, seen_us: int) -> int:
        """Return the time to record for a mark's state on the server: `seen_us`, if the server's clock can be trusted.

        It can be trusted if it is as far from this machine's clock as in the last sync (`_is_clock_consistent`). Otherwise the
        result is the last known time of change of the mark's `item`, or `seen_us` if that is unknown. A time too late would make
        other machines believe that the server was restored from a backup; with a time too early, they wouldn't notice it.
        """
        return seen_us if self._is_clock_consistent() else item.updated_s * _US_PER_S or seen_us

    def _probe_timestamps(self, known: StoredGreaderItem) -> None:
        """Find out whether the server updates the time of an item (a story) when a mark of it changes, and save that time.

        `known` is an item that was just marked.
        """
        before = self._api.server_now_s
        for item in self._api.items([known.id]):
            is_dated = abs(item.updated_s - before) <= CLOCK_SLACK_S and item.updated_s > known.updated_s
            self._state = self._state._replace(is_dated=self._state.is_dated or is_dated)
            self._items.save([known._replace(updated_s=item.updated_s)])

    def _save_state(self) -> None:
        now_us = to_us(self._clock())
        lead_us = now_us - self._server_now_us() if self._api.has_consistent_clock else 0
        self._state = self._state._replace(
            digest=self._digest(),
            at_us=now_us,
            tried_us=now_us,
            failure="",
            lead_us=lead_us if abs(lead_us) > CLOCK_SLACK_S * _US_PER_S else 0,
        )
        self._items.save_state(self._account, self._state)

    def _is_listed(self) -> bool:
        """Whether all papers' items (stories on the server) were listed after the library got its newest story.

        False if a sync has failed since then.
        """
        stories, _, rest = self._state.digest.partition(":")
        return bool(rest) and stories == str(self._items.newest_story_id())

    def _digest(self) -> str:
        """Return a text that shows at the next sync whether the library or the server has changed.

        Its parts are the id of the library's newest story, the highest id of a story on the server, and a hash of the server's sets
        of unread, starred and read-later stories.
        """
        text = json.dumps({mark: sorted(ids) for mark, ids in self._sets.items()}, sort_keys=True)
        digest = hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
        return f"{self._items.newest_story_id()}:{self._max_id}:{digest}"


def _max_id(digest: str) -> int:
    item_id = digest.partition(":")[2].partition(":")[0]
    return int(item_id) if item_id else 0


def _server_marks(item_id: int, sets: ItemSets) -> tuple[bool, ...]:
    """Return the values of the marks of an item (a story on the server): for each mark in `sets`, whether the item has it.

    `sets` maps each mark to the items with the mark, except that "read" is mapped to the unread items. The item with the id
    `item_id` must have been on the server when `sets` were fetched.
    """
    return tuple((item_id in items) is not (mark == "read") for mark, items in sets.items())


def _last_seen_us(each: MarkComparison, sets: ItemSets) -> int | None:
    """Return the time of the last known state of a story's marks that have changed on the server, or None if no mark has changed.

    A mark has changed if its value on the server isn't its value in the last known state. The result is in microseconds since 1970,
    the latest time if several marks have changed, and 0 if no state was ever sent or received.

    Args:
        each: Story with the last known states of its marks.
        sets: Items on the server by mark.
    """
    server_values = _server_marks(each.item.id, sets)
    changed = (mark for mark, value in zip(each.marks, server_values, strict=False) if mark.last_known is not value)
    return max((mark.seen_us or 0 for mark in changed), default=None)


def _has_unsent_marks(each: MarkComparison, marks: Sequence[str]) -> bool:
    return any(compared.value is not compared.last_known for compared in each.marks[: len(marks)])


def _has_unsent_changes(each: MarkComparison, marks: Sequence[str]) -> bool:
    changes = (compared.ours for compared in each.marks[: len(marks)])
    return any(change is not None and not change.is_synced for change in changes)


def _server_state(each: MarkComparison, mark: str, on: bool, seen_us: int, change: FieldChange | None) -> dict[str, FieldChange]:
    """Return the fields that report the state of a mark on the server to other machines.

    The result is empty if the server doesn't date its items, because other machines couldn't recognise the server then.

    Args:
        each: Story with its marks.
        mark: Name of the mark.
        on: Whether the server has the mark.
        seen_us: Time when the server had this state, in microseconds since 1970.
        change: Change of the mark that a machine of the reader has made, if the server has this change; otherwise None.
    """
    at, item_ms = MARK_FIELDS.index(mark), each.item.crawled_ms
    if not item_ms:
        return {}
    seen_us = min(next_time_us(seen_us, each.marks[at].seen_us), MAX_TIME_US)
    synced = {} if change is None else {mark: change._replace(is_synced=True)}
    return {SERVER_MARK_FIELDS[at]: FieldChange(seen_us, item_ms if on else -item_ms), **synced}


def _was_rolled_back(item: GreaderItem, known: StoredGreaderItem, seen_us: int, state: GreaderState) -> bool:
    """Whether the server was set back to an earlier state since the last sync, judged by `item`, a story on the server.

    `known` is the same item as the library knows it, and `state` the server's state at the last sync. `seen_us` is the time of the
    last known state of the item's changed marks in microseconds since 1970, or 0. Another machine may have seen this state.

    The server was set back if the item's id now belongs to another item, or if the item's last change on the server is earlier than
    a change seen before.
    """
    known_s = max(known.updated_s, seen_us // _US_PER_S - CLOCK_SLACK_S)
    return 0 != item.crawled_ms != known.crawled_ms != 0 or (state.is_dated and 0 < item.updated_s < known_s)
