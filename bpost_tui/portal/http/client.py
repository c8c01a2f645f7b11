"""HTTP client: requests bounded in time, size and redirects, few at a time, only to addresses that the policy allows.

The obvious way is httpx's client. It obeys proxy variables, keeps cookies, follows redirects and decompresses on its own. It limits
neither the size of an answer nor the time for all of it: a server that sends a byte a second keeps it busy for ever, and 265 bytes
in three layers of gzip become 1 GB. It also looks up a host name for the connection, after any check made before the request. The
name may have another address by then, for example in the reader's own network (DNS rebinding).

So httpx's transports are used without its client: no cookies, no proxies from the environment, no redirects or decoding of its own.
This module follows redirects (`MAX_HOPS`), and the policy checks each target as a new address. It resolves host names itself, and
connects to exactly the IP address that was checked, with the name in `Host` and in TLS. Bodies are read in counted pieces, with one
layer of gzip at most. One deadline covers a fetch with its redirects and its second try.

It doesn't race IPv4 against IPv6: up to `_MAX_ADDRESSES` addresses are tried in order. Connections aren't shared by names with the
same IP address, since their certificates differ.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from ipaddress import IPv4Address
from urllib.parse import urlsplit

import httpx  # 30 ms; this module is imported only to use the network

from bpost_tui import __version__, log
from bpost_tui.errors import PortalError
from bpost_tui.i18n import Reason, format_wait, message, prefix_reason
from bpost_tui.model.sanitize import clean_line
from bpost_tui.model.story import Validators
from bpost_tui.model.text_end import text_end_of
from bpost_tui.portal.http.policy import InMemoryRequestLog, RequestLog, RequestPolicy, ResourceKind
from bpost_tui.portal.http.transport import SMALL_READ_BYTES, Body, BodyError, StepTransport, read_body, retry_after_s
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import port_of

MAX_BODY_BYTES: Mapping[ResourceKind, int] = {"feed": 16 << 20, "json": 16 << 20, "page": 8 << 20, "picture": 8 << 20}
"""Maximum size of a decompressed body in bytes, by the kind of resource."""
DEADLINE_S = 25.0
MAX_HOPS = 5
MAX_REQUESTS_AT_ONCE = 2
RETRY_PAUSE_S = 1.0
_CONNECT_TIMEOUT_S = 8.0
_READ_TIMEOUT_S = 12.0
_MAX_ADDRESSES = 4
_TIMED_OUT = message("timed out")
_SYSTEM_REASONS = {
    errno.ECONNREFUSED: message("connection refused"),
    errno.ECONNRESET: message("connection reset"),
    errno.EHOSTUNREACH: message("no route to the host"),
    errno.ENETUNREACH: message("network unreachable"),
}
"""Reasons why a connection fails, as messages for the reader, by the system's error number (errno)."""

_ACCEPT: Mapping[ResourceKind, str] = {
    "feed": "application/rss+xml, application/atom+xml;q=0.9, application/feed+json;q=0.9, application/xml;q=0.8, */*;q=0.1",
    "json": "application/json",
    "page": "text/html, */*;q=0.1",
    "picture": "image/jpeg, image/png, image/webp, image/gif",
}
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT_REDIRECTS = frozenset((301, 308))
"""Statuses of permanent redirects (RFC 9110, 15.4.2 and 15.4.9)."""
_REFUSALS = frozenset((401, 403, 429))
"""HTTP statuses of a refusal. The error message then names a service in front of the site (Cloudflare), which may have refused."""
_WRONG_CERTIFICATE = "CERTIFICATE_VERIFY_FAILED"
"""Name of OpenSSL's error for a wrong certificate. After this error, http isn't tried instead of https."""
_RETURNED = frozenset((200, 304, 400, 401, 403, 404, 410))
"""HTTP statuses that `fetch` returns to its caller; any other status raises an error."""
_SERVICES = (
    ("server", "cloudflare", "Cloudflare"),
    ("cf-mitigated", "", "Cloudflare"),
    ("server", "akamai", "Akamai"),
    ("server", "sucuri", "Sucuri"),
    ("server", "ddos-guard", "DDoS-Guard"),
    ("x-datadome", "", "DataDome"),
    ("x-iinfo", "", "Imperva"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("server", "cloudfront", "CloudFront"),
    ("x-vercel-mitigated", "", "Vercel"),
)
"""Services in front of sites, such as Cloudflare, that may refuse requests of programs, and the headers that reveal them.

Each entry has a header's name, the beginning of its value in lower case, and the service's name.
"""
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{1,200}")
_CHECK_NETWORK = message("Check your internet connection; saved stories can still be read.")


class HttpResponse(NamedTuple):
    """Complete and decompressed HTTP response. Its status is 200, 304, 400, 401, 403, 404 or 410; any other raises an error."""

    status: int
    body: Body
    content_type: str
    address: str
    """Address that this response came from, after all redirects."""
    validators: Validators | None
    page_count: str = ""
    """Value of the X-WP-TotalPages header: the number of pages of a WordPress list."""
    total: str = ""
    """Value of the X-WP-Total header: the number of entries of a WordPress list."""
    moved_to: str = ""
    """New address of the resource, if all redirects to it were permanent; otherwise empty."""
    service: str = ""
    """Name of the service in front of the site, such as Cloudflare, if the headers show that it has answered; otherwise empty."""


class _TransientError(Exception):
    """Error that may not occur again at the next try, such as a broken connection."""

    def __init__(self, why: Reason, *, unanswered: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.unanswered = unanswered


class HttpClient:
    """HTTP client of one portal (a paper's website). From other hosts it fetches only the kinds of resource that the policy allows.

    Args:
        origin: The portal's address.
        notes: Record of the requests to the portal, also by earlier runs of bpost; this client adds its own.
        offline: Whether to refuse every fetch.
        deadline_s: Maximum time in seconds for one fetch, with its redirects and its second try, until the last byte.
        read_bytes: Number of bytes read from a connection before other tasks get their turn.
        clock: Function that returns the current time with its time zone; Retry-After is compared with it.
        slots: Limit on simultaneous requests, shared with other clients of the same host; None for a limit of its own.
    """

    def __init__(
        self,
        origin: str,
        *,
        notes: RequestLog | None = None,
        offline: bool = False,
        deadline_s: float = DEADLINE_S,
        read_bytes: int = SMALL_READ_BYTES,
        clock: Callable[[], datetime],
        slots: asyncio.Semaphore | None = None,
    ) -> None:
        self.policy = RequestPolicy(origin, notes or InMemoryRequestLog(), clock)
        """Policy that decides which hosts this client may send requests to."""
        self._offline = offline
        self._deadline_s = deadline_s
        self._read_bytes = read_bytes
        self._clock = clock
        self._slots = slots or asyncio.Semaphore(MAX_REQUESTS_AT_ONCE)
        self._picture_slots = asyncio.Semaphore(MAX_REQUESTS_AT_ONCE)  # text never waits for pictures
        self._transports: dict[tuple[str, str], httpx.AsyncHTTPTransport] = {}

    async def aclose(self) -> None:
        """Close all connections."""
        transports, self._transports = list(self._transports.values()), {}
        for transport in transports:
            await transport.aclose()

    async def fetch(self, address: str, kind: ResourceKind, validators: Validators | None = None) -> HttpResponse:
        """Return the answer to a GET request. If the request fails for a reason that may soon pass, it is sent a second time.

        Args:
            address: Address to request.
            kind: Kind of resource, which decides the maximum size and the allowed hosts.
            validators: Validators of an earlier answer, to make the request conditional; None for an unconditional request.

        Raises:
            PortalError: The answer is incomplete, or its status is an error. Also raised if bpost is offline, if the site asked us
                to wait, or if the policy refuses this kind of resource from the address.
        """
        if self._offline:
            raise PortalError(
                Reason("offline: nothing is fetched"),
                address=address,
                hint="Leave out --offline to use the network.",
            )
        async with self._picture_slots if kind == "picture" else self._slots:
            try:
                async with asyncio.timeout(self._deadline_s):
                    return await self._with_retry(address, kind, validators)
            except TimeoutError as error:
                what = Reason("no complete answer within {seconds} s", seconds=f"{self._deadline_s:g}")
                raise PortalError(prefix_reason(address, what), address=address, hint=_CHECK_NETWORK) from error

    async def _with_retry(self, address: str, kind: ResourceKind, validators: Validators | None) -> HttpResponse:
        try:
            return await self._follow_redirects(address, kind, validators)
        except _TransientError:
            await asyncio.sleep(RETRY_PAUSE_S)
        try:
            return await self._follow_redirects(address, kind, validators)
        except _TransientError as error:
            raise PortalError(
                prefix_reason(address, error.why), address=address, hint=_CHECK_NETWORK, unanswered=error.unanswered
            ) from error

    async def _follow_redirects(self, address: str, kind: ResourceKind, validators: Validators | None) -> HttpResponse:
        here, moved_to, is_permanent = self.policy.allowed_address(address, kind), "", True
        for _ in range(MAX_HOPS + 1):
            await self.policy.check_wait(here)
            with log.log_request("GET", here) as record:
                async with self._send(here, kind, validators) as response:
                    record.response = response
                    if response.status_code not in _REDIRECTS:
                        answer = await self._read(response, here, kind, conditional=validators is not None)
                        return answer._replace(moved_to=moved_to)
                    location = response.headers.get("location", "")
                    is_permanent = is_permanent and response.status_code in _PERMANENT_REDIRECTS
            try:
                here = self.policy.redirect(here, location, kind)
            except PortalError as error:
                error.moved_to = error.redirects_to if is_permanent else ""
                raise
            moved_to = here if is_permanent else moved_to
        raise PortalError(prefix_reason(address, Reason("more than {n} redirects", n=MAX_HOPS)), address=address, final=True)

    @asynccontextmanager
    async def _send(self, address: str, kind: ResourceKind, validators: Validators | None) -> AsyncIterator[httpx.Response]:
        parts = urlsplit(address)
        host = parts.hostname or ""
        headers = {
            "Host": parts.netloc,
            "User-Agent": f"bpost/{__version__} (+terminal reader)",
            "Accept": _ACCEPT[kind],
            "Accept-Encoding": "gzip",
            **(_conditional_headers(validators) if validators and self.policy.is_own(address) else {}),
        }
        try:
            url = httpx.URL(address).copy_with(fragment=None)
        except httpx.InvalidURL as error:  # 0177.0.0.1 and the like, which resolvers accept
            raise PortalError(
                prefix_reason(address, Reason("nothing can be fetched from this address")), address=address, final=True
            ) from error
        timeout = httpx.Timeout(_READ_TIMEOUT_S, connect=_CONNECT_TIMEOUT_S).as_dict()
        failure, unanswered = Reason("no IP address found to connect to"), False
        found = await self.policy.allowed_ips(address, await _resolve(host, port_of(address)))
        for ip in found[:_MAX_ADDRESSES]:
            extensions = {"timeout": timeout, "sni_hostname": host}
            request = httpx.Request("GET", url.copy_with(host=ip), headers=headers, extensions=extensions)
            try:
                response = await self._transport(url.scheme, host).handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = Reason("can't connect ({said})", said=_describe(error))
                unanswered = _WRONG_CERTIFICATE not in str(error)
                continue
            except httpx.TransportError as error:
                raise _TransientError(Reason("no answer ({said})", said=_describe(error))) from error
            try:
                yield response
            finally:
                await response.aclose()
            return
        raise _TransientError(failure, unanswered=unanswered)

    async def _read(self, response: httpx.Response, address: str, kind: ResourceKind, *, conditional: bool) -> HttpResponse:
        status, headers = response.status_code, response.headers
        if status not in _RETURNED or (status == 304 and not conditional):
            raise await self._status_error(status, headers, address)
        try:
            # a 304 has no body (RFC 9110, 15.4.5), but httpcore closes a connection that wasn't read to the end
            body = await (response.aread() if status == 304 else read_body(response, MAX_BODY_BYTES[kind]))
        except httpx.TransportError as error:
            raise _TransientError(Reason("the answer was cut short ({said})", said=_describe(error))) from error
        except BodyError as error:
            raise PortalError(prefix_reason(address, error.why), address=address, final=True) from error
        return HttpResponse(
            status,
            body,
            clean_line(headers.get("content-type", ""), 200),
            address,
            _validators(headers),
            page_count=clean_line(headers.get("x-wp-totalpages", ""), 20),
            total=clean_line(headers.get("x-wp-total", ""), 20),
            service=_service(headers),
        )

    async def _status_error(self, status: int, headers: httpx.Headers, address: str) -> Exception:
        """Return an error for an HTTP status. Its message has the standard's phrase for the status, not the server's.

        If the headers ask for a wait (Retry-After), the wait is recorded in the policy.
        """
        what = status_reason(status, _service(headers))
        wait_s = retry_after_s(headers.get("retry-after", ""), self._clock())
        if wait_s is None and 500 <= status < 600:
            return _TransientError(what)
        hint = ""
        if wait_s is not None:
            await self.policy.note_wait(address, wait_s)
            hint = Reason("The portal asked bpost to wait; next try in {wait}.", wait=format_wait(wait_s))
        end = text_end_of(status, _service(headers))
        return PortalError(prefix_reason(address, what), address=address, hint=hint, retry_after_s=wait_s, text_end=end)

    def _transport(self, scheme: str, host: str) -> httpx.AsyncHTTPTransport:
        """Return the httpx transport for requests to one host by http or https (`scheme`).

        Hosts that share an IP address don't share connections, because their certificates differ.
        """
        if (scheme, host) not in self._transports:
            # for plain http, httpx wants TLS settings and doesn't use them
            tls = self._authorities if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._transports[scheme, host] = StepTransport(tls, self._read_bytes)
        return self._transports[scheme, host]

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(trust_env=False)  # 20 ms


def status_reason(status: int, service: str = "") -> Reason:
    """Return the error message for an HTTP status, with the standard's phrase, such as `Not Found`.

    For a refusal (401, 403, 429), it names `service`, the service in front of the site, unless that is empty.
    """
    phrase = next((known.phrase for known in HTTPStatus if known == status), "unknown status")
    if 500 <= status < 600:
        return Reason("the server is having problems ({status} {phrase})", status=str(status), phrase=phrase)
    if service and status in _REFUSALS:
        return Reason("{service} answered {status} {phrase} for the server", service=service, status=str(status), phrase=phrase)
    return Reason("the server answered {status} {phrase}", status=str(status), phrase=phrase)


def _service(headers: httpx.Headers) -> str:
    """Return the name of the service in front of a site, such as Cloudflare, that `headers` reveal; empty if they reveal none."""
    values = {header: [value.lower() for value in headers.get_list(header)] for header, _, _ in _SERVICES}
    shown = (name for header, begin, name in _SERVICES if any(value.startswith(begin) for value in values[header]))
    return next(shown, "")


async def _resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of `host` for connections to `port`. If `host` is an IP address, return only this address.

    Raises _TransientError if the name can't be resolved.
    """
    with suppress(ValueError):
        return [str(IPv4Address(host))]  # without a thread
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _TransientError(Reason("can't find {host}: are you online?", host=host)) from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _conditional_headers(validators: Validators) -> dict[str, str]:
    """Return the headers, by name, that make a request conditional (RFC 9110 §13.1)."""
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value and _HEADER_VALUE.fullmatch(value)}


def _validators(headers: httpx.Headers) -> Validators | None:
    """Return the validators (ETag, Last-Modified) in the headers, for the next request, without `W/`; None if there are none.

    Compressing proxies add `W/`, and WordPress never matches a validator that has it.
    """
    etag = headers.get("etag", "").removeprefix("W/")
    modified = headers.get("last-modified", "")
    sendable = [value if _HEADER_VALUE.fullmatch(value) else None for value in (etag, modified)]
    return Validators(*sendable) if any(sendable) else None


def _describe(error: httpx.TransportError) -> str:
    """Return the reason why a connection failed, for the reader. It can be translated for a timeout and for usual system errors.

    The text of `error` itself is of no use: "All connection attempts failed" for every connection that can't be made, and empty for
    a timeout. So the reason is derived from the system's error that caused `error`.
    """
    if isinstance(error, httpx.TimeoutException):
        return Reason(_TIMED_OUT)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _SYSTEM_REASONS:
            return Reason(_SYSTEM_REASONS[cause.errno])
        cause = cause.__cause__ or cause.__context__
    return clean_line(str(error), 120) or type(error).__name__
