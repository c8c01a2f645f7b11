"""Whom a request may go to, and what is noted of it: every request passes here, before it is made and at each redirect.

What decides what is read (feeds, wp-json, pages of stories) comes from the portal's own host; a picture may be on any public one.
A portal that is https is asked by https alone, and others for its pictures, too, as browsers do (W3C Mixed Content, §4.1).
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
"""What a request is for."""

_HAS_MOVED = message("If the portal has moved there, choose its new address: `portal` in the config, or --portal.")
_IN_A_NETWORK = message("If it is in your own network: remove it, and add it yourself with `bpost portals add`.")


class RequestLog(Protocol):
    """What requests have to know of those of earlier runs; each note is made when there is something to note."""

    async def note_contact(self, host: str) -> None:
        """Note that a request of a host is about to be made."""

    async def retry_at(self) -> datetime | None:
        """Return when the portal may be asked again; None where it never said so."""

    async def note_retry_at(self, until: datetime) -> None:
        """Note when the portal may be asked again."""

    async def was_public(self) -> bool:
        """Whether the portal's name ever led to a public address, or has to, as others named it."""

    async def note_public(self) -> None:
        """Note that the portal's name leads to a public address."""


class InMemoryRequestLog:
    """Notes that end with the process."""

    def __init__(self) -> None:
        self._retry_at: datetime | None = None
        self._was_public = False

    async def note_contact(self, host: str) -> None:
        """Note nothing."""

    async def retry_at(self) -> datetime | None:
        """Return what was noted in this process."""
        return self._retry_at

    async def note_retry_at(self, until: datetime) -> None:
        """Note it for this process."""
        self._retry_at = until

    async def was_public(self) -> bool:
        """Return what was noted in this process."""
        return self._was_public

    async def note_public(self) -> None:
        """Note it for this process."""
        self._was_public = True


class RequestPolicy:
    """Judges the requests made for one portal.

    Args:
        portal: Its address.
        notes: What is known of earlier requests.
        clock: The time, aware, to compare Retry-After with.
    """

    def __init__(self, portal: str, notes: RequestLog, clock: Callable[[], datetime]) -> None:
        self._portal = portal
        self._notes = notes
        self._clock = clock
        self._foreign_retry_at: dict[str, datetime] = {}
        self._is_public = False

    def is_own(self, address: str) -> bool:
        """Whether an address is on the portal's host."""
        return is_own(address, self._portal)

    # ── by the address ──────────────────────────────────────────────────────

    def allowed_address(self, address: str, kind: ResourceKind) -> str:
        """Return the address to ask in place of one that a feed, a page or the reader names.

        Raises:
            PortalError: Nobody may be asked for this.
        """
        refusal = self._refusal(address, kind)
        if refusal is not None:
            raise PortalError(prefix_reason(address, refusal), address=address, final=True)
        return self._secured(address)

    def redirect(self, address: str, location: str, kind: ResourceKind) -> str:
        """Return the address to ask next, where an address redirects to another.

        Raises:
            PortalError: It leads to no address, to somebody who may not be asked for this, or from https down to http.
        """
        named = clean_link(location, address)
        if named is None:
            raise PortalError(
                prefix_reason(address, Reason("redirects to an address that is neither http nor https")),
                address=address,
                final=True,
            )
        refusal = self._refusal(named, kind)
        if refusal is not None:
            what = Reason("redirects to {address}: {why}", address=named, why=refusal)
            hint = _HAS_MOVED if kind in ("feed", "json") else ""
            raise PortalError(prefix_reason(address, what), address=address, final=True, hint=hint)
        target = self._secured(named)
        if target == address != named:
            raise PortalError(prefix_reason(address, Reason("redirects from https to http")), address=address, final=True)
        return target

    def _refusal(self, address: str, kind: ResourceKind) -> Reason | None:
        """Return why an address may not be asked for something."""
        if self.is_own(address):
            return None
        if kind != "picture":
            return Reason("blocked: it is on another site than the portal")
        port = port_of(address)
        return None if is_open_port(port) else Reason("blocked: port {port} isn't a web port", port=str(port))

    def _secured(self, address: str) -> str:
        return secured(address) if self._portal.startswith("https:") else address

    # ── by the time ─────────────────────────────────────────────────────────

    async def check_wait(self, address: str) -> None:
        """Raise PortalError where the site of an address asked us to wait (Retry-After), and the time isn't over."""
        until = await self._notes.retry_at() if self.is_own(address) else self._foreign_retry_at.get(site_of(address))
        left_s = (until - self._clock()).total_seconds() if until else 0.0
        if 0 < left_s <= MAX_WAIT_S:  # a longer wait means that the clock was put back
            what = Reason("the portal asked us to wait: next try in {wait}", wait=format_wait(left_s))
            raise PortalError(prefix_reason(address, what), address=address, retry_after_s=left_s)

    async def note_wait(self, address: str, wait_s: float) -> None:
        """Take note that the site of an address wants to be left alone for some seconds."""
        until = self._clock() + timedelta(seconds=wait_s)
        if self.is_own(address):
            await self._notes.note_retry_at(until)
        else:
            self._foreign_retry_at[site_of(address)] = until

    # ── by where a name leads ───────────────────────────────────────────────

    async def allowed_ips(self, address: str, ips: Sequence[str]) -> Sequence[str]:
        """Return those of a host's IP addresses that may be connected to, having noted that the host is asked.

        Public ones, as a rule. The portal's own host may be in a private network where the reader named it, unless it ever was
        public: a name that turns private may have been turned by somebody who means to reach the reader's router (DNS rebinding).

        Raises:
            PortalError: There is none.
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
        """Raise PortalError where the portal's host has no public address now, but had one; note the first time that it has one."""
        if public and not self._is_public:
            await self._notes.note_public()
            self._is_public = True
        elif not public and await self._notes.was_public():
            what = Reason("blocked: its name leads into a private network")
            raise PortalError(prefix_reason(address, what), address=address, hint=_IN_A_NETWORK)
