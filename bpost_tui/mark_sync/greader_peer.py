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
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from bpost_tui.atomic import write_whole
from bpost_tui.errors import PortalError
from bpost_tui.mark_changes.field_changes import LINK, MARK_FIELDS, MAX_TIME_US, FieldChange, Subject
from bpost_tui.mark_changes.merge_rule import merge_action, next_time_us
from bpost_tui.mark_sync.greader_api import LATER, READ, READING_LIST, STARRED, TAGS, GreaderApi, GreaderItem, item_batches
from bpost_tui.mark_sync.peer import PeerSession, SyncResult
from bpost_tui.portal.kinds import KINDS
from bpost_tui.store.greader_items import GreaderState, MarkComparison, StoredGreaderItem
from bpost_tui.store.row_mapping import to_us
from bpost_tui.urls import portal_key

if TYPE_CHECKING:
    from bpost_tui.mark_changes.field_changes import Changes
    from bpost_tui.mark_changes.marks_file import ChangeConsumer
    from bpost_tui.mark_sync.greader_account import GreaderAccount
    from bpost_tui.store.library import Library

_LOGIN_FILE = "service-token"
_ROLLBACK_PROBES: Final = 5
"""Items whose last change shows whether the server has gone back."""
_MAX_FETCHED_ITEMS: Final = 500
"""Changed items of which it is asked when they were."""
_CLOCK_SLACK_S = 2
_TIME_LIMIT_S: Final = 1500.0
"""For an exchange in all, as for a refresh that was asked for more; the next one goes on."""
ItemSets = dict[str, frozenset[int]]
"""Mark → the items that have it there; of `read`, those that don't."""


class GreaderPeer:
    """Server of feeds as a peer: marks of the stories that it has too.

    Args:
        library: Library whose marks are synced.
        account: Account of the reader on the server.
        clock: Clock that returns the time, aware.
        api: Class to use in place of `GreaderApi`, for tests.
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
    def papers(self) -> Mapping[str, str]:
        """Key of each paper, by what it or its feed is known by on the server (`paper_keys`)."""
        return {key: each.paper.key for each in self.library.papers() for key in paper_keys(each.paper.address)}

    def is_due(self) -> bool:
        """Whether a story has marks that the server, which has it, doesn't know yet."""
        return self.pending_count() > 0

    @contextmanager
    def session(self) -> Iterator[PeerSession]:
        """Yield a sync with the server.

        Raises:
            PortalError: The server can't be reached, or refuses.
            ProgramError: The command for the password fails.
        """
        with self.open_api() as api:
            api.set_time_limit(_TIME_LIMIT_S)
            yield _GreaderSession(self.library, self._account.key, self.papers, self._clock, api)

    @contextmanager
    def open_api(self) -> Iterator[GreaderApi]:
        """Yield the server; that it is asked is noted before."""
        kept = self._load_token()
        self.library.fetch_log.count_requests({self._account.host: 1}, self._clock())
        with closing(self._api(self._account, kept)) as api:
            try:
                yield api
            finally:
                self._save_token(api.token, kept)

    @property
    def state(self) -> GreaderState:
        """How the server was at the last exchange."""
        return self.library.greader_items.state(self._account.key)

    def pending_count(self) -> int:
        """Return how many stories have marks that the server, which has them, doesn't know yet."""
        marks = self.state.marks
        return sum(_has_unsent_marks(each, marks) for each in self.library.greader_items.compare_marks())

    def _load_token(self) -> str:
        try:
            account, _, token = (self.library.folder / _LOGIN_FILE).read_text("ascii").partition("\n")
        except (OSError, UnicodeDecodeError):
            return ""
        return token.strip() if account == self._account.key else ""

    def _save_token(self, token: str, before: str) -> None:
        """Keep what the login gave where only the reader may read: a password manager may ask at each use."""
        with suppress(OSError):
            if token and token != before:
                write_whole(self.library.folder / _LOGIN_FILE, f"{self._account.key}\n{token}\n".encode("ascii"))


def paper_keys(address: str) -> set[str]:
    """Return what a paper may be known by: its own address and, of whichever kind it is, that of its feed."""
    return {portal_key(address), *(portal_key(kind.feed(address)) for kind in KINDS.values())}


class _Decisions(NamedTuple):
    """What follows from a comparison of all marks."""

    takes: Changes
    """Changes to merge here."""
    agreed: Mapping[str, Mapping[int, bool]]
    """Values that both sides agree on once `takes` are merged, by mark and item."""
    sends: Mapping[tuple[str, bool], Sequence[int]]
    """Items whose mark is to be set or taken back on the server, by mark and value."""


class _GreaderSession:
    """Sync with the server in progress."""

    def __init__(
        self, library: Library, account: str, papers: Mapping[str, str], clock: Callable[[], datetime], api: GreaderApi
    ) -> None:
        self._account, self._papers, self._clock, self._api = account, papers, clock, api
        self._items = library.greader_items
        self._state = self._items.state(account)
        self._sets: ItemSets = {}
        self._sends: Mapping[tuple[str, bool], Sequence[int]] = {}
        """Items whose mark is to be set or taken back there, by mark and value."""

    def read_changes(self, merge: ChangeConsumer) -> None:
        """Merge the marks that were changed on the server, and note that both sides agree on them.

        Raises:
            PortalError: The server can't be reached, or refuses.
            ProgramError: The command for the password fails.
            StoreError: The library can't be read or written.
        """
        sets = self._sets = self._fetch_item_sets()
        has_changed = any(_has_unsent_marks(each, self._state.marks) for each in self._items.compare_marks())
        if self._state.digest == self._digest(sets) and not has_changed:
            return
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
        decisions = self._decide(sets, new, is_dated=self._state.is_dated and not has_gone_back)
        if decisions.takes:
            merge(decisions.takes)
        for mark, values in decisions.agreed.items():
            self._items.set_last_synced(mark, values.items())
        self._sends = decisions.sends

    def write_changes(self) -> SyncResult:
        """Set the marks on the server that were changed here, and note how it is then.

        Raises:
            PortalError: The server can't be reached, or refuses.
            StoreError: The library can't be written.
        """
        sent = sum(self._send(mark, on, numbers, self._sets) for (mark, on), numbers in self._sends.items())
        self._save_state(self._sets)
        return SyncResult(sent=sent)

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

    def _decide(self, sets: ItemSets, said: Mapping[int, GreaderItem], *, is_dated: bool) -> _Decisions:
        """Return what to do about each mark of each story that is here and on the server."""
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
        return _Decisions(takes, agreed, sends)

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
