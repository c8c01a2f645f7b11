"""Policy of requests: decides which hosts may be asked, before each request and each redirect, and records contacts.

The obvious way is to request any address that a feed names. But a feed's writer could name `http://127.0.0.1:631/` or
`http://169.254.169.254/` and make the reader's machine ask hosts that only it can reach (SSRF). A story's link on the writer's own
server would report who reads the story, and when. Checking the host name alone isn't enough: it may lead elsewhere at the next
look-up (DNS rebinding).

So feeds, wp-json and pages of stories come only from the portal's own host; a picture may be on any public host, at a port of the
web. An https portal is asked only by https, and so are other hosts for its pictures, as in browsers (W3C Mixed Content, §4.1).
Addresses are judged twice: as written (`allowed_address`, `redirect`) and by their IP addresses (`allowed_ips`). The portal's own
host may be in a private network, unless it was public once. Each contact is recorded in the library before it is made, so that an
interrupted run loses none; this costs 1 ms.

A portal that has moved isn't followed: the reader sees its new address and decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol
from urllib.parse import urlsplit

from bpost_tui.errors import PortalError
from bpost_tui.i18n import Reason, format_wait, message, prefix_reason
from bpost_tui.portal.http.transport import MAX_WAIT_S
from bpost_tui.urls import clean_link, is_open_port, is_own, is_public, port_of, secured, site_of

ResourceKind = Literal["feed", "json", "page", "picture"]
"""Kind of resource that a request is for."""

_IN_A_NETWORK = message("If it is in your own network, remove it and add it yourself with `bpost portals add`.")


class RequestLog(Protocol):
    """Record of past requests, kept for later runs of bpost. Each note is stored at once."""

    async def note_contact(self, host: str) -> None:
        """Note that a request to `host` is about to be made."""

    async def retry_at(self) -> datetime | None:
        """Return the end of the wait that the portal asked for (Retry-After); None if it never asked."""

    async def note_retry_at(self, until: datetime) -> None:
        """Note `until` as the end of the wait that the portal asks for."""

    async def was_public(self) -> bool:
        """Whether the portal's host name must have a public IP address: it had one before, or the reader didn't type the name."""

    async def note_public(self) -> None:
        """Note that the portal's host name has a public IP address."""


class InMemoryRequestLog:
    """Request log that is kept in memory, until the process ends."""

    def __init__(self) -> None:
        self._retry_at: datetime | None = None
        self._was_public = False

    async def note_contact(self, host: str) -> None:
        """Do nothing: a log in memory keeps no contacts."""

    async def retry_at(self) -> datetime | None:
        """Return the time until which the site asked this process to wait; None if it hasn't asked."""
        return self._retry_at

    async def note_retry_at(self, until: datetime) -> None:
        """Keep in memory `until`, the time until which the site asked to wait."""
        self._retry_at = until

    async def was_public(self) -> bool:
        """Whether the portal's host name had a public IP address in this process (`note_public` was called)."""
        return self._was_public

    async def note_public(self) -> None:
        """Note, until the process ends, that the portal's host name has a public IP address."""
        self._was_public = True


class RequestPolicy:
    """Policy that decides which requests may be made for one portal.

    Args:
        portal: The portal's address.
        notes: Record of earlier requests.
        clock: Function that returns the current time with its time zone; Retry-After is compared with it.
    """

    def __init__(self, portal: str, notes: RequestLog, clock: Callable[[], datetime]) -> None:
        self._portal = portal
        self._notes = notes
        self._clock = clock
        self._foreign_retry_at: dict[str, datetime] = {}
        self._is_public = False

    def is_own(self, address: str) -> bool:
        """Whether an address is on the portal's own host."""
        return is_own(address, self._portal)

    # ── by address ──────────────────────────────────────────────────────────

    def allowed_address(self, address: str, kind: ResourceKind) -> str:
        """Return `address`, from a feed, a page or the reader, in the form to request: with https if the portal has https.

        Raises:
            PortalError: This kind of resource may not be requested from the host of `address`.
        """
        refusal = self._refusal(address, kind)
        if refusal is not None:
            raise PortalError(prefix_reason(address, refusal), address=address, final=True)
        return self._secured(address)

    def redirect(self, address: str, location: str, kind: ResourceKind) -> str:
        """Return the address to request next if `address` redirects to `location`.

        Raises:
            PortalError: `location` is no address, may not be requested for this kind of resource, or leads from https to http.
        """
        named = clean_link(location, address)
        if named is None:
            raise PortalError(
                prefix_reason(address, Reason("redirects to an address that isn't http or https")),
                address=address,
                final=True,
            )
        refusal = self._refusal(named, kind)
        if refusal is not None:
            what = Reason("redirects to {address}: {why}", address=named, why=refusal)
            paper = self._paper_at(address, named) if kind == "feed" else ""
            raise PortalError(prefix_reason(address, what), address=address, final=True, redirects_to=paper)
        target = self._secured(named)
        if target == address != named:
            raise PortalError(prefix_reason(address, Reason("redirects from https to http")), address=address, final=True)
        return target

    def _paper_at(self, address: str, named: str) -> str:
        """Return the paper's probable new address, if its feed at `address` is redirected to `named` on another site.

        If the paper is a whole site with a feed for each category, the result is the site's new address, not the feed's.
        """
        here, there, portal = urlsplit(address), urlsplit(named), urlsplit(self._portal)
        path = there.path.rstrip("/")
        if (here.path, here.query) == (portal.path, portal.query) or not (path or there.query):
            return named
        feed = here.path.rstrip("/").removeprefix(portal.path.rstrip("/"))
        site = path.removesuffix(feed) if path.endswith(feed) else ""
        return f"{there.scheme}://{there.netloc}{site}/"

    def _refusal(self, address: str, kind: ResourceKind) -> Reason | None:
        """Return the reason why an address may not be requested for this kind of resource; None if it may."""
        if self.is_own(address):
            return None
        if kind != "picture":
            return Reason("blocked: it is on another site than the portal")
        port = port_of(address)
        return None if is_open_port(port) else Reason("blocked: port {port} isn't a web port", port=str(port))

    def _secured(self, address: str) -> str:
        return secured(address) if self._portal.startswith("https:") else address

    # ── by time ─────────────────────────────────────────────────────────────

    async def check_wait(self, address: str) -> None:
        """Raise PortalError if the site of `address` asked us to wait (Retry-After) and that time isn't over."""
        until = await self._notes.retry_at() if self.is_own(address) else self._foreign_retry_at.get(site_of(address))
        left_s = (until - self._clock()).total_seconds() if until else 0.0
        if 0 < left_s <= MAX_WAIT_S:  # a longer wait means that the clock was put back
            what = Reason("the portal asked bpost to wait; next try in {wait}", wait=format_wait(left_s))
            raise PortalError(prefix_reason(address, what), address=address, retry_after_s=left_s)

    async def note_wait(self, address: str, wait_s: float) -> None:
        """Record that no request may go to the site of `address` for `wait_s` seconds, because the site asked for it."""
        until = self._clock() + timedelta(seconds=wait_s)
        if self.is_own(address):
            await self._notes.note_retry_at(until)
        else:
            self._foreign_retry_at[site_of(address)] = until

    # ── by IP address ───────────────────────────────────────────────────────

    async def allowed_ips(self, address: str, ips: Sequence[str]) -> Sequence[str]:
        """Return the IP addresses of a host that may be connected to, and record that the host is contacted.

        Usually only public addresses may be connected to. The portal's own host may be in a private network if the reader named
        it. But if the host ever was public, its private addresses are refused, because an attacker may have changed them to reach
        the reader's router (DNS rebinding).

        Raises:
            PortalError: None of the addresses may be connected to.
        """
        public = [ip for ip in ips if is_public(ip)]
        if self.is_own(address):
            await self._check_own(address, public)
        elif not public:
            raise PortalError(
                prefix_reason(address, Reason("blocked: the address is in a private network")), address=address, final=True
            )
        await self._notes.note_contact(urlsplit(address).hostname or "")
        return public or ips

    async def _check_own(self, address: str, public: Sequence[str]) -> None:
        """Raise PortalError if the portal's host had a public IP address before but has none now.

        Record when the host first has a public address.
        """
        if public and not self._is_public:
            await self._notes.note_public()
            self._is_public = True
        elif not public and await self._notes.was_public():
            what = Reason("blocked: its name leads into a private network")
            raise PortalError(prefix_reason(address, what), address=address, hint=_IN_A_NETWORK)
