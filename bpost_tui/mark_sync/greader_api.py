"""Client of the part of the Google Reader API that bpost needs. Every call blocks.

Requests are made as for portals, by an event loop in a thread of its own, so that one deadline ends a request wherever it hangs.
The obvious way is httpx's synchronous client. It checks the time only between decoded pieces of a body, so it waits without end for
a server that sends a header a second, interim answers (103), or gzip that decodes to nothing.

Answers are foreign data, so `untrusted` reads them. Sources: Miniflux's handler of the API, feedhq.readthedocs.io/en/latest/api and
FreshRSS's developer pages, 06_GoogleReader_API.

A stream is a list of items on the server: the items of a feed, or the items with a tag. A mark is such a tag.

An item's id has two forms: decimal digits, and 16 hexadecimal digits after the prefix `tag:google.com,2005:reader/item/`. This
module sends the second form, which all servers read alike. It reads both, since servers send either.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from math import inf
from threading import Thread
from typing import Any, Final

import httpx  # 30 ms; this module is imported only if a service is set

from bpost_tui import __version__
from bpost_tui.errors import ContentError, PortalError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.limits import (
    MAX_GROUPS,
    MAX_PAPERS,
    MAX_SERVICE_BYTES,
    MAX_SERVICE_IDS_BYTES,
    MAX_SERVICE_ITEMS,
    MAX_SERVICE_ITEMS_IN_ALL,
)
from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.portal.http.transport import READ_BYTES, BodyError, StepTransport, read_body
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.untrusted import Fields, objects_in, read_json, text_or_empty, value_or_none
from bpost_tui.urls import MAX_LINK_CHARS, clean_link, link_key

READING_LIST: Final = "user/-/state/com.google/reading-list"
READ: Final = "user/-/state/com.google/read"
STARRED: Final = "user/-/state/com.google/starred"
LATER: Final = "user/-/label/Read later"
TAGS: Final[Mapping[str, str]] = {"read": READ, "starred": STARRED, "later": LATER}
"""Maps each mark to the API's tag for it."""
CLOCK_SLACK_S: Final = 2
"""Maximum difference in seconds between two times that count as equal, if one of them is by the server's clock."""
_PAGE = 10_000
"""Maximum number of items (stories on the server) whose ids are requested at once, in one page of a list."""
_BATCH_ITEMS = 200
"""Maximum number of items (stories on the server) in one request, for their contents or for a change of their tag."""
_LONG_ID_PREFIX = "tag:google.com,2005:reader/item/"
_MAX_PAGES = 500
"""Maximum number of pages read of one stream (list of items). It is high because some servers send at most 100 items a page."""
_EXTENSIONS = {"timeout": httpx.Timeout(30.0, connect=8.0).as_dict()}
_HEADERS = {"User-Agent": f"bpost/{__version__}", "Accept-Encoding": "gzip", "Accept": "application/json, text/plain"}
_ANSWER_S = 120.0
"""Maximum time in seconds from a request to the last byte of its answer."""
_OK, _UNAUTHORIZED, _UNAVAILABLE = 200, 401, 503
_UNSUPPORTED = (400, 404, 500, 501)
"""HTTP statuses that a server sends if it doesn't support a request."""
_DIGITS = re.compile(r"[0-9]{1,16}")
_ITEM_ID = re.compile(rf"{re.escape(_LONG_ID_PREFIX)}([0-9a-fA-F]{{1,16}})|-?[0-9]{{1,20}}")
_TOKEN, _AUTH = re.compile(r"[\x21-\x7e]{1,1000}"), re.compile(rb"^Auth=([\x21-\x7e]{1,1000})\s*$", re.MULTILINE)
_ADDRESS_HINT = message("Is `address` of `[service]` right?")
_API_OFF_HINT = message("Is the API on? Miniflux: Settings, Integrations, Google Reader; FreshRSS: Settings, Authentication.")


class GreaderSubscription(NamedTuple):
    """Feed that the user has subscribed to on the server."""

    stream: str
    """Name that the server gives to the feed's stream, which is the list of the feed's stories there."""
    address: str
    site: str
    """Address of the front page of the feed's website, or empty."""
    title: str
    labels: tuple[str, ...]


class GreaderItem(NamedTuple):
    """Item of a feed on the server: a story, with its times and marks on the server."""

    id: int
    link: str
    link_key: str
    crawled_ms: int
    """Time when the server first had the item, by the server's clock, in milliseconds since 1970; 0 if unknown."""
    updated_s: int
    """Time of the item's last change, in seconds since 1970; 0 if unknown. On Miniflux, a changed mark counts as a change."""
    tags: frozenset[str]
    """Marks that the item has on the server."""
    stream: str = ""
    """Name of the stream that the item is in."""


class GreaderApi:
    """Connection to a server, as one of its users.

    Args:
        account: Account of the user.
        token: Token of an earlier login, or empty.
        transport: Transport to use instead of the network, for tests.
    """

    def __init__(self, account: GreaderAccount, token: str = "", transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._account = account
        self.token = token if _TOKEN.fullmatch(token) else ""
        """Token of the last login. It is as good as the password, so it is saved in a file that no other user may read."""
        self.server_now_s = 0
        """Time of the server's last answer by the server's clock, in seconds since 1970.

        If the server sends no time, this machine's clock is used.
        """
        self._server_leads_s: list[float] = []
        self._edit_token = ""
        self._most_s, self._began = inf, time.monotonic()
        if transport is None:
            is_https = account.address.startswith("https:")
            tls = httpx.create_ssl_context(trust_env=False) if is_https else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            transport = StepTransport(tls, READ_BYTES)
        self._transport = transport
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="service", daemon=True)  # Ctrl+C doesn't wait for it
        self._thread.start()

    def close(self) -> None:
        """Close all connections."""
        asyncio.run_coroutine_threadsafe(self._transport.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def set_time_limit(self, seconds: float) -> None:
        """Set a deadline `seconds` from now. Every request after the deadline raises PortalError."""
        self._most_s, self._began = seconds, time.monotonic()

    @property
    def has_consistent_clock(self) -> bool:
        """Whether the server's clock, read from the header Date, has run evenly: as fast as this machine's, give or take 2 s."""
        return max(self._server_leads_s) - min(self._server_leads_s) <= CLOCK_SLACK_S

    # ── reading ───────────────────────────────────────────────────────────

    def login(self) -> None:
        """Log in with the user and the password, and keep the token that the server returns.

        Raises:
            PortalError: The server can't be reached, or refuses the user or the password.
            ProgramError: The command for the password fails.
        """
        form = {"Email": self._account.user, "Passwd": self._account.password(), "service": "reader"}
        status, body = self._request("POST", "/accounts/ClientLogin", data=form)
        if status in (400, _UNAUTHORIZED, 403):
            raise self._error(message("the user or the password isn't right, or the API is off"), hint=_API_OFF_HINT)
        if status == _UNAVAILABLE:
            raise self._error(message("the API is off, or the server isn't ready"), hint=_API_OFF_HINT)
        if status != _OK or not (found := _AUTH.search(body[:8192])):
            raise self._error(message("no feed server answers there"), hint=_ADDRESS_HINT)
        self.token, self._edit_token = found[1].decode("ascii"), ""

    def subscriptions(self) -> tuple[GreaderSubscription, ...]:
        """Return the user's subscriptions, except to feeds without an address.

        Raises PortalError if there are more than MAX_PAPERS.
        """
        found = objects_in(member(self._json("GET", "subscription/list", params={"output": "json"}), "subscriptions"))
        if len(found) > MAX_PAPERS:
            raise self._error(Reason("more than {n} papers", n=MAX_PAPERS))
        return tuple(filter(None, map(_subscription, found)))

    def item_ids(self, stream: str, *, most: int = MAX_SERVICE_ITEMS) -> frozenset[int]:
        """Return the ids of the newest items (stories on the server) of a stream, at most `most` items.

        A stream is a feed, or all items with a tag.
        """
        return self._item_ids(stream, "", most)[0]

    def all_item_ids(self, stream: str, *, exclude: str = "") -> frozenset[int]:
        """Return the ids of all items (stories on the server) of a stream, without the items with the tag `exclude`.

        A stream is a feed, or all items with a tag. Raises PortalError if the list has no end or more than MAX_SERVICE_ITEMS_IN_ALL
        items, because items left out of the set would seem unmarked. In such a case, if `stream` is the label for reading later
        and the server has no such label, the result is empty instead: FreshRSS then lists all its items.
        """
        ids, is_whole = self._item_ids(stream, exclude, MAX_SERVICE_ITEMS_IN_ALL)
        if not is_whole:
            if stream == LATER and not self.has_label(LATER):
                return frozenset()
            if len(ids) < MAX_SERVICE_ITEMS_IN_ALL:
                raise self._error(Reason("its list of stories has no end"))
            raise self._error(Reason("more than {n} unread or starred stories", n=MAX_SERVICE_ITEMS_IN_ALL))
        return ids

    def _item_ids(self, stream: str, exclude: str, most: int) -> tuple[frozenset[int], bool]:
        """Return the ids of at most `most` of a stream's newest items, and whether the stream has no other items.

        A stream is a feed, or all items (stories on the server) with a tag. Items with the tag `exclude` are left out, unless it is
        empty.
        """
        ids: set[int] = set()
        more, seen = "", set[str]()
        while len(ids) < most and len(seen) < _MAX_PAGES and more not in seen:
            params = {"output": "json", "s": stream, "n": str(min(most, _PAGE))}
            params |= {name: value for name, value in (("xt", exclude), ("c", more)) if value}
            found = self._json("GET", "stream/items/ids", params=params, max_bytes=MAX_SERVICE_IDS_BYTES)
            read = dict.fromkeys(_parse_item_id(each.get("id")) for each in objects_in(member(found, "itemRefs")))
            new, left = [item for item in read if item is not None and item not in ids], most - len(ids)
            ids.update(new[:left])
            seen.add(more)
            more = text_or_empty(member(found, "continuation"))
            if not more:
                return frozenset(ids), len(new) <= left
        return frozenset(ids), False

    def has_label(self, tag: str) -> bool:
        """Return whether the server has the label `tag`. Raises PortalError if the server can't be reached, or refuses."""
        tags = objects_in(member(self._json("GET", "tag/list", params={"output": "json"}), "tags"))
        return any(_is_tag(text_or_empty(each.get("id")), tag) for each in tags)

    def items(self, ids: Collection[int]) -> Iterator[GreaderItem]:
        """Yield the items (stories on the server) with these ids, without their texts.

        The result lacks items that the server no longer has, and items that are too big. Raises PortalError if the server can't be
        reached, or refuses.
        """
        for rows in self.item_contents(ids):
            yield from (item for item in map(_item, rows) if item is not None and item.id in ids)

    def item_contents(self, ids: Collection[int]) -> Iterator[list[Fields]]:
        """Yield the items (stories on the server) with these ids as JSON objects, with their texts, in a list for each answer.

        Items that the server no longer has are missing. If an answer is too big, its items are requested again in smaller parts; an
        item that is too big by itself is left out.
        """
        for batch in item_batches(ids):
            yield from self._item_contents(batch)

    def _item_contents(self, ids: Sequence[int]) -> Iterator[list[Fields]]:
        form = {"output": "json", "i": [_long_item_id(item) for item in ids]}
        try:
            found = self._json("POST", "stream/items/contents", params={"output": "json"}, data=form)
        except PortalError as error:
            if not (isinstance(error.__cause__, BodyError) and error.__cause__.is_too_big):
                raise
            half = len(ids) // 2
            for some in (ids[:half], ids[half:]) if half else ():
                yield from self._item_contents(some)
        else:
            yield objects_in(member(found, "items"))

    # ── writing ────────────────────────────────────────────────────────────

    def edit_tag(self, ids: Sequence[int], tag: str, *, on: bool) -> None:
        """Add a tag to the items (stories on the server) with these ids, at most 200, or remove the tag if `on` is False.

        Returns once the server has made the change. Raises PortalError if the server can't be reached, or refuses.
        """
        form = {"i": [_long_item_id(item) for item in ids], "a" if on else "r": tag}
        self._post("edit-tag", form)

    def subscribe(self, address: str, title: str, label: str) -> None:
        """Subscribe to the feed at `address` under a title, and with a label unless `label` is empty.

        Raises PortalError if the server can't be reached, or refuses.
        """
        form = {"ac": "subscribe", "s": f"feed/{address}", "t": title, "a": f"user/-/label/{label}" if label else ""}
        self._post("subscription/edit", {name: value for name, value in form.items() if value})

    def _post(self, what: str, form: Mapping[str, Any]) -> None:
        if self._authorized_request("POST", what, data=form).strip()[:2] != b"OK":
            raise self._error(Reason("{what} was refused ({status})", what=what, status=_OK))

    # ── requests ────────────────────────────────────────────────────────────

    def _json(self, method: str, what: str, **more: Any) -> object:  # noqa: ANN401 -- httpx's own arguments
        try:
            return read_json(self._authorized_request(method, what, **more))
        except ContentError as error:
            raise self._error(error.message) from error

    def _authorized_request(self, method: str, what: str, **more: Any) -> bytes:  # noqa: ANN401
        """Return the body of the answer to a request with the login token.

        `what` is the path of the address after `/reader/api/0/`; `more` has further arguments of `httpx.Request`. If the server
        refuses the token, log in and repeat the request once.
        """
        for is_new in (False, True):
            if not self.token:
                self.login()
            headers = {"Authorization": f"GoogleLogin auth={self.token}"}
            if method == "POST":
                if not self._edit_token:
                    status, body = self._request("GET", "/reader/api/0/token", headers=headers)
                    self._edit_token = body.strip().decode("ascii", "replace") if status == _OK else ""
                more["data"] = {**more["data"], "T": self._edit_token}
            status, body = self._request(method, f"/reader/api/0/{what}", headers=headers, **more)
            if status == _OK:
                return body
            if status != _UNAUTHORIZED:
                raise self._error(Reason("{what} was refused ({status})", what=what, status=status), status=status)
            if not is_new:
                self.token = self._edit_token = ""
        raise self._error(message("the user or the password isn't right, or the API is off"), hint=_API_OFF_HINT)

    def _request(self, method: str, path: str, *, max_bytes: int = MAX_SERVICE_BYTES, **more: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Make a request to `path` on the server, and return the status and the body of the answer.

        `more` has further arguments of `httpx.Request`. Raises PortalError if the server can't be reached or redirects, or if its
        answer is too slow or has more than `max_bytes`.
        """
        limit_s = min(_ANSWER_S, self._began + self._most_s - time.monotonic())
        try:
            if limit_s <= 0:
                raise TimeoutError
            headers = {**_HEADERS, **more.pop("headers", {})}
            request = httpx.Request(method, f"{self._account.address}{path}", headers=headers, extensions=_EXTENSIONS, **more)
            response, body = asyncio.run_coroutine_threadsafe(self._fetch(request, max_bytes, limit_s), self._loop).result()
        except TimeoutError as error:
            seconds = self._most_s if limit_s < _ANSWER_S else _ANSWER_S
            raise self._error(Reason("it took longer than {seconds} s", seconds=f"{seconds:g}"), unanswered=True) from error
        except BodyError as error:
            raise self._error(error.why) from error
        except httpx.HTTPError as error:
            is_false = "CERTIFICATE_VERIFY" in str(error)
            why = message("its certificate isn't valid") if is_false else message("it can't be reached")
            raise self._error(why, unanswered=not is_false) from error
        self.server_now_s = _time_s(response.headers.get("date", ""))
        self._server_leads_s.append(self.server_now_s - time.monotonic())
        if response.is_redirect:
            raise self._error(message("it leads elsewhere, which isn't followed"), hint=_ADDRESS_HINT)
        return response.status_code, body

    async def _fetch(self, request: httpx.Request, max_bytes: int, limit_s: float) -> tuple[httpx.Response, bytes]:
        async with asyncio.timeout(limit_s):
            response = await self._transport.handle_async_request(request)
            try:
                return response, (await read_body(response, max_bytes))[:]  # bytes, even if the body is in a file
            finally:
                await response.aclose()

    def _error(self, why: str, *, hint: str = "", status: int = 0, unanswered: bool = False) -> PortalError:
        what, is_final = prefix_reason(self._account.host, why), status in _UNSUPPORTED
        return PortalError(what, address=self._account.address, hint=hint, final=is_final, unanswered=unanswered)


def item_batches(ids: Collection[int]) -> Iterable[list[int]]:
    """Yield ids of items (stories on the server) in batches of at most 200, the lowest (oldest) first."""
    ordered = sorted(ids)
    return (ordered[at : at + _BATCH_ITEMS] for at in range(0, len(ordered), _BATCH_ITEMS))


# ── parsing of answers ─────────────────────────────────────────────────────


def member(answer: object, name: str) -> object:
    """Return the value of `name` in a JSON object, or None if `answer` is no object or has no such name."""
    return answer.get(name) if isinstance(answer, Mapping) else None


def _parse_item_id(value: object) -> int | None:
    """Return the number in `value`, the id of an item (a story on the server), as a signed 64-bit integer, as SQLite stores it.

    Return None if `value` has no number.
    """
    if not (found := _ITEM_ID.fullmatch(text_or_empty(value))):
        return None
    number = int(found[1], 16) if found[1] else int(found[0])
    return (number + (1 << 63)) % (1 << 64) - (1 << 63) if -(1 << 63) <= number < 1 << 64 else None


def _long_item_id(number: int) -> str:
    return f"{_LONG_ID_PREFIX}{number & ((1 << 64) - 1):016x}"


def _subscription(fields: Mapping[str, Any]) -> GreaderSubscription | None:
    stream, address = text_or_empty(fields.get("id")), clean_link(text_or_empty(fields.get("url")))
    address = address or clean_link(stream.removeprefix("feed/"))
    if not stream.startswith("feed/") or len(stream) > MAX_LINK_CHARS or address is None:
        return None
    labels = (clean_line(text_or_empty(each.get("label")), MAX_NAME_CHARS) for each in objects_in(fields.get("categories")))
    title = clean_line(text_or_empty(fields.get("title")), MAX_NAME_CHARS)
    site = clean_link(text_or_empty(fields.get("htmlUrl"))) or ""
    return GreaderSubscription(stream, address, site, title, tuple(filter(None, labels))[:MAX_GROUPS])


def _item(fields: Mapping[str, Any]) -> GreaderItem | None:
    number, link = _parse_item_id(fields.get("id")), item_link(fields)
    if number is None:
        return None
    categories = [text_or_empty(each) for each in named] if isinstance(named := fields.get("categories"), list) else []
    tags = frozenset(mark for mark, tag in TAGS.items() if any(_is_tag(each, tag) for each in categories))
    made, updated = _non_negative_int(fields.get("crawlTimeMsec")), _non_negative_int(fields.get("updated"))
    stream = text_or_empty(member(fields.get("origin"), "streamId"))
    return GreaderItem(number, link, link_key(link) or "", made, updated, tags, stream)


def item_link(fields: Fields) -> str:
    """Return the first usable link of an item (story on the server), or "" if it has none; `fields` is the item's JSON object."""
    hrefs = (text_or_empty(each.get("href")) for name in ("canonical", "alternate") for each in objects_in(fields.get(name)))
    return next(filter(None, map(clean_link, hrefs)), "")


def _is_tag(name: str, tag: str) -> bool:
    """Whether `name` is the server's name of `tag`.

    bpost's tags begin with `user/-`. A server may put the user's number in place of the hyphen.
    """
    return name.endswith(tag.removeprefix("user/-"))


def _non_negative_int(value: object) -> int:
    """Return `value`, a whole number or a text of digits, as a number that is at least 0. Return 0 for anything else."""
    text = text_or_empty(value)
    return int(text) if _DIGITS.fullmatch(text) else max(value_or_none(value, int) or 0, 0)


def _time_s(date: str) -> int:
    try:
        return int(parsedate_to_datetime(date).timestamp())
    except (ValueError, OverflowError):
        return int(time.time())
