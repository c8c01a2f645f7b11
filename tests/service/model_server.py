"""Model of a server with the Google Reader API: it answers as Miniflux does, by the servers' documentation.

`labels`: items can have labels, as in FreshRSS (freshrss.github.io/FreshRSS/en/developers/06_GoogleReader_API.html). `dated`: a
changed mark changes `updated`, as in Miniflux. test_two_machines.py tests the same syncs with both real servers.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import httpx

from bpost_tui.mark_sync.greader_api import LATER, STARRED

TOKEN, EDIT_TOKEN = "reader/0123456789abcdef", "of one session"
STREAM = "feed/52"
"""Stream of the feed that the server reads."""


class AnsweringTransport(httpx.AsyncBaseTransport):
    """Transport that answers each request by a function. `httpx.MockTransport` gives answers that were read already."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        answer = self._answer(request)
        stream = httpx.ByteStream(answer.content) if hasattr(answer, "_content") else answer.stream
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)


class Entry:
    """Item of a feed."""

    def __init__(self, link: str, now_s: float, stream: str) -> None:
        self.link, self.stream = link, stream
        self.made_ms = int(now_s * 1000) + 7
        self.updated_s = int(now_s)
        self.tags: set[str] = set()
        self.title, self.text, self.published_s = "শিরোনাম", "<p>লেখা</p>", 1_790_000_000


class ModelServer:
    """Server that reads a feed of the library, and perhaps others."""

    def __init__(self, feed: str, *, labels: bool, dated: bool) -> None:
        self.feed, self.labels, self.dated = feed, labels, dated
        self.now_s: float = 1_790_000_000
        self.other_feeds: dict[str, str] = {}
        """Stream → address of the other feeds."""
        self.entries: dict[int, Entry] = {}
        self.has_label = False
        """Whether the label was ever given to an item."""
        self.last = 0
        self.answers = 0
        self.requests: list[str] = []
        """Requests received, apart from later pages of an answer."""
        self.fails_at = -1
        """Index of the request without an answer, counted from the next; -1 for none."""
        self.fails_late = False
        """Whether the failing request is carried out all the same."""
        self.password = "secret"
        self.refuses = ""
        """Operation that is answered by an error."""
        self.page = 3
        """Number of items on a page: small, so that there are several pages."""
        self.leads_s: Sequence[int] = (0,)
        """Leads in seconds of the header Date over the server's time, of one answer after another, from the beginning again."""

    # ── events at the server ────────────────────────────────────────────────

    def add(self, link: str, stream: str = STREAM) -> int:
        self.last += 1
        self.entries[self.last] = Entry(link, self.now_s, stream)
        return self.last

    def number_of(self, link: str) -> int | None:
        return next((number for number, entry in self.entries.items() if entry.link == link), None)

    def tag(self, number: int, tag: str, on: bool) -> bool:
        """Change a mark, and return whether its value changed."""
        entry = self.entries[number]
        if (tag in entry.tags) is on:
            return False
        entry.tags ^= {tag}
        self.has_label |= tag == LATER
        entry.updated_s = int(self.now_s) if self.dated else entry.updated_s
        return True

    def backup(self) -> tuple[dict[int, Entry], int]:
        return copy.deepcopy(self.entries), self.last

    def restore(self, backup: tuple[dict[int, Entry], int]) -> None:
        self.entries, self.last = copy.deepcopy(backup)

    # ── answers ─────────────────────────────────────────────────────────────

    def transport(self) -> AnsweringTransport:
        return AnsweringTransport(self._answer)

    @contextmanager
    def on_this_machine(self) -> Iterator[str]:
        """Serve the model over HTTP on this machine until the context ends."""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:
                content = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
                url = f"http://127.0.0.1{handler.path}"
                try:
                    answer = self._answer(httpx.Request(handler.command, url, headers=[*handler.headers.items()], content=content))
                except httpx.ReadError:  # the model gives no answer
                    return
                handler.send_response_only(answer.status_code)
                handler.send_header("Date", answer.headers["Date"])
                handler.send_header("Content-Length", str(len(answer.content)))
                handler.end_headers()
                handler.wfile.write(answer.content)

            do_POST = do_GET

            def log_message(handler, *_: object) -> None:
                """Keep no log."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
            thread = Thread(target=listening.serve_forever, args=(0.05,))
            thread.start()
            try:
                yield f"http://127.0.0.1:{listening.server_port}"
            finally:  # otherwise a trial that is interrupted would never end
                listening.shutdown()
                thread.join()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/greader.php")
        if "c" not in request.url.params:
            self.requests.append(path)
        fails = self.fails_at == 0
        self.fails_at = max(self.fails_at - 1, -1)
        if fails and not self.fails_late:
            raise httpx.ReadError("it went away", request=request)
        response = self._answered(request, path)
        if fails:
            raise httpx.ReadError("it went away", request=request)
        lead_s = self.leads_s[self.answers % len(self.leads_s)]
        self.answers += 1
        response.headers["Date"] = formatdate(self.now_s + lead_s, usegmt=True)
        return response

    def _answered(self, request: httpx.Request, path: str) -> httpx.Response:
        form = parse_qs(request.content.decode()) if request.method == "POST" else {}
        if path == "/accounts/ClientLogin":
            if form.get("Passwd") != [self.password]:
                return httpx.Response(401, text="Error=BadAuthentication\n")
            return httpx.Response(200, text=f"SID={TOKEN}\nLSID=null\nAuth={TOKEN}\n")
        if request.headers.get("Authorization") != f"GoogleLogin auth={TOKEN}":
            return httpx.Response(401, text="Unauthorized")
        operation = path.removeprefix("/reader/api/0/")
        if request.method == "POST" and form.get("T") != [EDIT_TOKEN]:
            return httpx.Response(401, text="Unauthorized")
        if operation == self.refuses:
            return httpx.Response(418)
        match operation:
            case "token":
                return httpx.Response(200, text=f"{EDIT_TOKEN}\n")
            case "subscription/list":
                feeds = {STREAM: self.feed, **self.other_feeds}
                rows = [{"id": each, "title": "কাগজ", "url": url, "htmlUrl": "", "categories": []} for each, url in feeds.items()]
                return httpx.Response(200, json={"subscriptions": rows})
            case "subscription/edit":  # ignored: the feed stays subscribed
                return httpx.Response(200, text="OK")
            case "tag/list":
                names = [STARRED, *([LATER] if self.has_label else [])]
                return httpx.Response(200, json={"tags": [{"id": name} for name in names]})
            case "stream/items/ids":
                return self._ids(request)
            case "stream/items/contents":
                numbers = [int(each.rpartition("/")[2], 16) for each in form["i"]]
                items = [self._item(number) for number in numbers if number in self.entries]
                return httpx.Response(200, json={"id": "user/-/state/com.google/reading-list", "items": items})
            case "edit-tag":
                on, tag = ("a" in form), form.get("a", form.get("r", [""]))[0]
                if tag == LATER and not self.labels:
                    return httpx.Response(500, json={"error_message": "unsupported tag type"})
                for number in (int(each.rpartition("/")[2], 16) for each in form["i"]):
                    if number in self.entries:
                        self.tag(number, tag, on)
                return httpx.Response(200, text="OK")
        return httpx.Response(404)

    def _ids(self, request: httpx.Request) -> httpx.Response:
        stream, exclude = request.url.params["s"], request.url.params.get("xt", "")
        if stream == LATER and not self.labels:
            return httpx.Response(500, json={"error_message": "unknown stream type"})
        numbers = sorted(self.entries, reverse=True)
        if stream == STARRED or (stream == LATER and self.has_label):  # FreshRSS lists all items of an unknown label
            numbers = [number for number in numbers if stream in self.entries[number].tags]
        if stream.startswith("feed/"):
            numbers = [number for number in numbers if stream == self.entries[number].stream]
        numbers = [number for number in numbers if exclude not in self.entries[number].tags]
        at = int(request.url.params.get("c", "0"))
        page = numbers[at : at + self.page]
        more = {"continuation": str(at + self.page)} if len(numbers) > at + self.page else {}
        return httpx.Response(200, json={"itemRefs": [{"id": str(number)} for number in page], **more})

    def _item(self, number: int) -> dict[str, object]:
        entry = self.entries[number]
        categories = ["user/-/state/com.google/reading-list", *sorted(entry.tags)]
        if self.dated:  # Miniflux names the user
            categories = [each.replace("user/-/", "user/1/") for each in categories]
        return {
            "id": f"tag:google.com,2005:reader/item/{number:016x}",
            "crawlTimeMsec": str(entry.made_ms),
            "timestampUsec": str(entry.made_ms * 1000),
            "published": entry.published_s,
            **({"updated": entry.updated_s} if self.dated else {}),
            "title": entry.title,
            "canonical": [{"href": entry.link}],
            "alternate": [{"href": entry.link}],
            "categories": categories,
            "origin": {"streamId": entry.stream},
            "summary": {"content": entry.text},
        }
