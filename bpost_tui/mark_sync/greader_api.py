"""The Google Reader API, as much of it as bpost needs; whatever comes is foreign and passes `foreign`. Every call blocks.

Sources: Miniflux's own handler of it, feedhq.readthedocs.io/en/latest/api and FreshRSS's developer pages, 06_GoogleReader_API.
Numbers of items go out in their long form, which all of them read alike; they come in decimal digits or as that.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from math import inf
from typing import Any, Final, NamedTuple

import httpx  # 30 ms; this module is imported only where a service is set

from bpost_tui import __version__
from bpost_tui.errors import ContentError, PortalError
from bpost_tui.i18n import Reason, about, message
from bpost_tui.limits import MAX_GROUPS, MAX_PAPERS, MAX_SERVICE_BYTES, MAX_SERVICE_ITEMS
from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.untrusted import maybe, objects, read_json, string
from bpost_tui.urls import MAX_LINK_CHARS, clean_link, link_key

READING_LIST: Final = "user/-/state/com.google/reading-list"
READ: Final = "user/-/state/com.google/read"
STARRED: Final = "user/-/state/com.google/starred"
LATER: Final = "user/-/label/Read later"
TAGS: Final[Mapping[str, str]] = {"read": READ, "starred": STARRED, "later": LATER}
"""Mark → the tag of an item that has it."""
_PAGE = 10_000
_AT_ONCE = 200
"""Items asked for in one request, or tagged in one."""
_LONG = "tag:google.com,2005:reader/item/"
_MOST_PAGES = 500
"""Of one stream: some servers have a hundred items in one."""
_TIMEOUTS = httpx.Timeout(30.0, connect=8.0)
_ANSWER_S = 120.0
"""How long one answer may take to its last byte."""
_ENCODINGS = ("", "identity", "gzip")
"""Of an answer: each further layer would make a thousand times as much of a few bytes before they are counted."""
_OK, _UNAUTHORIZED, _UNAVAILABLE = 200, 401, 503
_DOES_NOT = (400, 404, 500, 501)
"""What a server answers that doesn't know what it is asked for."""
_DIGITS = re.compile(r"[0-9]{1,16}")
_NUMBER = re.compile(rf"{re.escape(_LONG)}([0-9a-fA-F]{{1,16}})|-?[0-9]{{1,20}}")
_TOKEN, _AUTH = re.compile(r"[\x21-\x7e]{1,1000}"), re.compile(rb"^Auth=([\x21-\x7e]{1,1000})\s*$", re.MULTILINE)
_ADDRESS = message("Is `address` of `[service]` right?")
_OFF = message("Is the API on? Miniflux: Settings, Integrations, Google Reader; FreshRSS: Settings, Authentication.")


class GreaderSubscription(NamedTuple):
    """A feed that the server reads."""

    stream: str
    """The feed's own name there."""
    address: str
    site: str
    """Its site's front page, or empty."""
    title: str
    labels: tuple[str, ...]


class GreaderItem(NamedTuple):
    """What the server says of a story."""

    number: int
    link: str
    link_key: str
    made_ms: int
    """When the server first had it, by its own clock; 0 where it doesn't say."""
    updated_s: int
    """When it was changed; of a server such as Miniflux, when a mark was. 0 where it doesn't say."""
    tags: frozenset[str]
    """The marks it has."""


class GreaderApi:
    """A server, asked as one of its users.

    Args:
        account: Whose marks.
        token: What an earlier login gave, or empty.
        transport: In place of the network, for tests.
    """

    def __init__(self, account: GreaderAccount, token: str = "", transport: httpx.BaseTransport | None = None) -> None:
        self._account = account
        self.token = token if _TOKEN.fullmatch(token) else ""
        """What the last login gave: as good as the password, so it is kept where only the reader may read."""
        self.now_s = 0
        """The server's clock at the last answer, in seconds since 1970; ours where it has none."""
        self._edit_token = ""
        self._most_s, self._began = inf, time.monotonic()
        headers = {"User-Agent": f"bpost/{__version__}", "Accept-Encoding": "gzip", "Accept": "application/json, text/plain"}
        tls: ssl.SSLContext | bool = account.address.startswith("https:") and httpx.create_ssl_context(trust_env=False)
        self._client = httpx.Client(
            verify=tls, trust_env=False, follow_redirects=False, timeout=_TIMEOUTS, headers=headers, transport=transport
        )
        self.close = self._client.close

    def end_after(self, seconds: float) -> None:
        """Ask nothing more so long from now on: PortalError is raised instead."""
        self._most_s, self._began = seconds, time.monotonic()

    # ── what it knows ───────────────────────────────────────────────────────

    def login(self) -> None:
        """Get a token for the user and the password.

        Raises:
            PortalError: The server can't be reached, or doesn't take them.
            ProgramError: The command for the password fails.
        """
        form = {"Email": self._account.user, "Passwd": self._account.password(), "service": "reader"}
        status, body = self._sent("POST", "/accounts/ClientLogin", data=form)
        if status in (400, _UNAUTHORIZED, 403):
            raise self._refused(message("the user or the password isn't right, or the API is off"), hint=_OFF)
        if status == _UNAVAILABLE:
            raise self._refused(message("the API is off, or the server isn't ready"), hint=_OFF)
        if status != _OK or not (found := _AUTH.search(body[:8192])):
            raise self._refused(message("no server of feeds answers there"), hint=_ADDRESS)
        self.token, self._edit_token = found[1].decode("ascii"), ""

    def subscriptions(self) -> tuple[GreaderSubscription, ...]:
        """Return the feeds that the server reads, but for those without an address; raises PortalError where there are too many."""
        found = objects(_of(self._json("GET", "subscription/list", params={"output": "json"}), "subscriptions"))
        if len(found) > MAX_PAPERS:
            raise self._refused(Reason("more than {n} papers", n=MAX_PAPERS))
        return tuple(filter(None, map(_subscription, found)))

    def numbers(self, stream: str, *, exclude: str = "") -> tuple[frozenset[int], bool]:
        """Return the numbers of a stream's items, the newest so many, and whether these are all."""
        numbers: set[int] = set()
        more, seen = "", set[str]()
        while len(numbers) < MAX_SERVICE_ITEMS and len(seen) < _MOST_PAGES:
            params = {"output": "json", "s": stream, "n": str(_PAGE)}
            params |= {name: value for name, value in (("xt", exclude), ("c", more)) if value}
            found = self._json("GET", "stream/items/ids", params=params)
            numbers.update(number for each in objects(_of(found, "itemRefs")) if (number := _number(each.get("id"))) is not None)
            seen.add(more)
            more = string(_of(found, "continuation"))
            if not more or more in seen:
                return frozenset(numbers), True
        return frozenset(numbers), False

    def items(self, numbers: Collection[int]) -> list[GreaderItem]:
        """Return what the server says of items; those that it doesn't have any longer are missing."""
        result: list[GreaderItem] = []
        for some in batches(numbers):
            form = {"output": "json", "i": [_long(number) for number in some]}
            found = self._json("POST", "stream/items/contents", params={"output": "json"}, data=form)
            read = map(_item, objects(_of(found, "items")))
            result += [item for item in read if item is not None and item.number in some]
        return result

    # ── what it is asked to do ──────────────────────────────────────────────

    def tag(self, numbers: Sequence[int], tag: str, *, on: bool) -> None:
        """Give a tag to items, 200 at most, or take it from them; it is done when this returns."""
        form = {"i": [_long(number) for number in numbers], "a" if on else "r": tag}
        self._done("edit-tag", form)

    def subscribe(self, address: str, title: str, label: str) -> None:
        """Have the server read a feed."""
        form = {"ac": "subscribe", "s": f"feed/{address}", "t": title, "a": f"user/-/label/{label}" if label else ""}
        self._done("subscription/edit", {name: value for name, value in form.items() if value})

    def _done(self, what: str, form: Mapping[str, Any]) -> None:
        if self._asked("POST", what, data=form).strip()[:2] != b"OK":
            raise self._refused(Reason("{what} was refused ({status})", what=what, status=_OK))

    # ── requests ────────────────────────────────────────────────────────────

    def _json(self, method: str, what: str, **more: Any) -> object:  # noqa: ANN401 -- httpx's own arguments
        try:
            return read_json(self._asked(method, what, **more))
        except ContentError as error:
            raise self._refused(error.message) from error

    def _asked(self, method: str, what: str, **more: Any) -> bytes:  # noqa: ANN401
        """Ask with the token, and again with a new one where that isn't taken any longer."""
        for is_new in (False, True):
            if not self.token:
                self.login()
            headers = {"Authorization": f"GoogleLogin auth={self.token}"}
            if method == "POST":
                if not self._edit_token:
                    status, body = self._sent("GET", "/reader/api/0/token", headers=headers)
                    self._edit_token = body.strip().decode("ascii", "replace") if status == _OK else ""
                more["data"] = {**more["data"], "T": self._edit_token}
            status, body = self._sent(method, f"/reader/api/0/{what}", headers=headers, **more)
            if status == _OK:
                return body
            if status != _UNAUTHORIZED:
                raise self._refused(Reason("{what} was refused ({status})", what=what, status=status), status=status)
            if not is_new:
                self.token = self._edit_token = ""
        raise self._refused(message("the user or the password isn't right, or the API is off"), hint=_OFF)

    def _sent(self, method: str, path: str, **more: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Return the status and the body of one answer; raises PortalError where there is none, or one that is too big."""
        began, body = time.monotonic(), bytearray()
        if began > self._began + self._most_s:
            raise self._refused(Reason("it took longer than {seconds} s", seconds=f"{self._most_s:g}"))
        try:
            with self._client.stream(method, f"{self._account.address}{path}", **more) as response:
                if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
                    raise self._refused(message("the answer is compressed in a way that wasn't requested"))
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MAX_SERVICE_BYTES:
                        raise self._refused(Reason("the answer is too big ({n} bytes)", n=len(body)))
                    if time.monotonic() > began + _ANSWER_S:
                        raise self._refused(Reason("it took longer than {seconds} s", seconds=f"{_ANSWER_S:g}"))
                self.now_s = _time_s(response.headers.get("date", ""))
                if response.is_redirect:
                    raise self._refused(message("it leads elsewhere, which isn't followed"), hint=_ADDRESS)
                return response.status_code, bytes(body)
        except httpx.HTTPError as error:  # or what it sent can't be decoded
            is_false = "CERTIFICATE_VERIFY" in str(error)
            raise self._refused(message("its certificate isn't valid") if is_false else message("it can't be reached")) from error

    def _refused(self, why: str, *, hint: str = "", status: int = 0) -> PortalError:
        is_final = status in _DOES_NOT
        return PortalError(about(self._account.host, why), address=self._account.address, hint=hint, final=is_final)


def batches(numbers: Collection[int]) -> Iterable[list[int]]:
    """Yield numbers as many at a time as are tagged at once, the oldest first."""
    ordered = sorted(numbers)
    return (ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE))


# ── what an answer says ─────────────────────────────────────────────────────


def _of(answer: object, name: str) -> object:
    return answer.get(name) if isinstance(answer, Mapping) else None


def _number(given: object) -> int | None:
    """Return an item's number, of 64 bits with a sign as SQLite has it."""
    if not (found := _NUMBER.fullmatch(string(given))):
        return None
    number = int(found[1], 16) if found[1] else int(found[0])
    return (number + (1 << 63)) % (1 << 64) - (1 << 63) if -(1 << 63) <= number < 1 << 64 else None


def _long(number: int) -> str:
    return f"{_LONG}{number & ((1 << 64) - 1):016x}"


def _subscription(fields: Mapping[str, Any]) -> GreaderSubscription | None:
    stream, address = string(fields.get("id")), clean_link(string(fields.get("url")))
    address = address or clean_link(stream.removeprefix("feed/"))
    if not stream.startswith("feed/") or len(stream) > MAX_LINK_CHARS or address is None:
        return None
    labels = (clean_line(string(each.get("label")), MAX_NAME_CHARS) for each in objects(fields.get("categories")))
    title, site = clean_line(string(fields.get("title")), MAX_NAME_CHARS), clean_link(string(fields.get("htmlUrl"))) or ""
    return GreaderSubscription(stream, address, site, title, tuple(filter(None, labels))[:MAX_GROUPS])


def _item(fields: Mapping[str, Any]) -> GreaderItem | None:
    number = _number(fields.get("id"))
    hrefs = (string(each.get("href")) for name in ("canonical", "alternate") for each in objects(fields.get(name)))
    link = next(filter(None, map(clean_link, hrefs)), "")
    if number is None:
        return None
    categories = [string(each) for each in named] if isinstance(named := fields.get("categories"), list) else []
    tags = frozenset(mark for mark, tag in TAGS.items() if any(each.endswith(tag.removeprefix("user/-")) for each in categories))
    made, updated = _whole(fields.get("crawlTimeMsec")), _whole(fields.get("updated"))
    return GreaderItem(number, link, link_key(link) or "", made, updated, tags)


def _whole(given: object) -> int:
    """Return a number of at least 0, which may be written as text; 0 for anything else."""
    text = string(given)
    return int(text) if _DIGITS.fullmatch(text) else max(maybe(given, int) or 0, 0)


def _time_s(date: str) -> int:
    try:
        return int(parsedate_to_datetime(date).timestamp())
    except (ValueError, OverflowError):
        return int(time.time())
