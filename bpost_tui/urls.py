"""Rules for addresses: which addresses may be opened or fetched, their host and site, and keys that all spellings share. Pure.

No other module of bpost parses addresses by its own rules, except `portal.paper_addresses`: the forms of a paper's address.
`portal.wordpress` builds WordPress's addresses.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from bpost_tui.errors import UsageError
from bpost_tui.i18n import Reason, message
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

MAX_LINK_CHARS = 2048
"""Maximum length of an address in characters. A percent-encoded Bengali slug has at most 600."""

_MAX_CACHED = 1 << 12
"""Maximum number of results in the cache of `feed_address`, and in the cache of `portal_key`.

The config, the subscriptions and the library each call these functions for the addresses of all papers.
"""

_BAD_IN_LINK = lazy_pattern(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]|%0[0ad]", re.IGNORECASE)
_HOST = lazy_pattern(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9])?\.?")
_PLAIN = lazy_pattern(r"https?://[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?/[A-Za-z0-9._/~-]{0,800}(?:\?[A-Za-z0-9._/~=&-]{1,800})?")
"""Pattern of addresses that are certainly in normal form. Most addresses match, which saves time: each command reads thousands."""
_HOST_CHARS = 253  # RFC 1035 §2.3.4
_USUAL_PORTS = frozenset((80, 443))
_PRIVILEGED_PORTS = 1024
_BLOCKED_PORTS = frozenset(
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
)
"""Ports from 1024 on that browsers refuse to connect to (WHATWG fetch, "bad port")."""
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
"""Network of all global unicast addresses (RFC 4291 §2.4).

Addresses that contain an IPv4 address are outside this network or in _NOT_PUBLIC.
"""
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        # IANA's IPv4 special-purpose registry, and multicast
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # IANA's IPv6 special-purpose registry, as far as it is within 2000::/3: Teredo, ORCHID, documentation, 6to4, AS112
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
"""Networks that aren't public. bpost has its own table, because Python's table differs between versions (CVE-2024-4032)."""
TRACKERS = ("utm_", "fbclid", "gclid")
"""Beginnings of the names of query fields that record how a reader found a link; `link_key` leaves these fields out."""
_LONGEST_QUOTED = 80
_LONGEST_KEY = 80
_MAIL = lazy_pattern(r"mailto:[A-Za-z0-9.!#$'*+/=^_{|}~@,%-]*\?[A-Za-z0-9._~%=&+-]*")
_LIKE_A_PORT = lazy_pattern(r"-[0-9]{1,5}$")

# ── from outside ────────────────────────────────────────────────────────────


def clean_link(address: str, base: str | None = None) -> str | None:
    """Return an absolute http or https address in ASCII, or None if `address` may not be opened or fetched.

    A relative address is resolved against `base`; without it, the result is None. A user name and password are dropped, since they
    can look like the host (RFC 3986 §7.6). A host name in other letters becomes its ASCII name (RFC 5891, after UTS 46's mapping).

    >>> clean_link("//user:word@Example.org/খবর?a b", base="https://example.org/")
    'https://example.org/%E0%A6%96%E0%A6%AC%E0%A6%B0?a%20b'
    """
    address = address.strip()
    if not address or len(address) > MAX_LINK_CHARS or address.startswith("-") or _BAD_IN_LINK.search(address):
        return None
    try:
        parts = urlsplit(address)
        if base and not parts.scheme:
            parts = urlsplit(urljoin(base, address))
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:  # an unbalanced bracket, a port out of range, a host name no resolver takes
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    authority = host if port is None else f"{host}:{port}"
    path, query, fragment = (quote(part, safe="%/:@!$&'()*+,;=~?[]") for part in (parts.path, parts.query, parts.fragment))
    link = urlunsplit((parts.scheme, authority, path, query, fragment))
    return link if len(link) <= MAX_LINK_CHARS else None


def shareable(address: str) -> bool:
    """Whether an address may be opened in the browser to share a story: a web address, or a mailto address (RFC 6068)."""
    if address.startswith("mailto:"):
        return len(address) <= MAX_LINK_CHARS and not _BAD_IN_LINK.search(address) and _MAIL.fullmatch(address) is not None
    return clean_link(address) is not None


def portal_address(text: str) -> str:
    """Return a portal's address in its normal form: with a scheme, and without a trailing slash, query or fragment.

    Raises:
        UsageError: The text isn't an http or https address of a host.
    """
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or re.search(r"[^\w.:\-\[\]]", parts.netloc):
        raise _no_portal(text)
    is_word = "://" not in text and port is None and not re.search(r"[.:]|^localhost$", host)
    if is_word:  # a host of the local network needs a scheme
        raise _no_portal(text)
    host = f"[{host}]" if ":" in host else host
    usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}{'' if usual else f':{port}'}{re.sub('/+', '/', parts.path).rstrip('/')}"


def portal_base(text: str) -> str:
    """Return a portal's address in its normal form and in ASCII, for requests.

    Raises:
        UsageError: The text isn't an http or https address of a host.
    """
    base = clean_link(portal_address(text))
    if base is None:
        raise _no_portal(text)
    return base


@lru_cache(maxsize=_MAX_CACHED)
def feed_address(text: str) -> str:
    """Return a feed's address in ASCII, for requests: with a scheme and without a fragment. Path and query stay the same.

    Raises:
        UsageError: The text isn't an http or https address of a host.
    """
    if _PLAIN.fullmatch(text):
        return text
    portal_address(text)
    text = text.strip()
    link = clean_link((text if "://" in text else f"https://{text}").partition("#")[0])
    if link is None:
        raise _no_portal(text)
    return link


def service_address(text: str, *, allows_http: bool = False) -> str:
    """Return the address of a server of feeds in its normal form.

    The scheme must be https, unless the server is on this machine, or in a local network if `allows_http`.

    Raises:
        UsageError: The text isn't an address of a host, or has the scheme http where https is required.
    """
    address = portal_base(text)
    parts = urlsplit(address)
    is_allowed = parts.hostname in ("localhost", "127.0.0.1", "::1") or (allows_http and is_private(address))
    if parts.scheme != "https" and not is_allowed:
        raise UsageError(Reason("“{what}” isn't an https address", what=text[:_LONGEST_QUOTED]))
    return address


def paper_address(text: str) -> str:
    """Return the address that names a paper.

    An address with a query is a feed's address. Any other is a portal's address, and is returned in its normal form.

    Raises:
        UsageError: The text isn't an http or https address of a host.
    """
    return feed_address(text) if "?" in text else portal_address(text)


def _no_portal(text: str) -> UsageError:
    return UsageError(
        Reason("“{what}” isn't a portal's address", what=text[:_LONGEST_QUOTED]),
        hint=message("Give an address like https://thebengalpost.net."),
    )


def _ascii_host(host: str) -> str:
    """Return a host name in ASCII, or "" if the name isn't valid. Raises ValueError if IDNA refuses the name."""
    if ":" in host:  # IPv6; urlsplit has checked the brackets
        return f"[{host}]" if re.fullmatch("[0-9a-f:.]+", host) else ""
    name = host if host.isascii() else _idna(host)
    return name if len(name) <= _HOST_CHARS and _HOST.fullmatch(name) else ""


def _idna(host: str) -> str:
    """Return a host name's ASCII form by IDNA 2008; "" if the name is too long. Raises ValueError if IDNA refuses the name.

    Zero-width joiners are letters here, so ক্‍ষ.in and ক্ষ.in are two hosts.
    """
    if len(host) > _HOST_CHARS:  # its ASCII form is longer still
        return ""
    import idna  # 8 ms

    labels = idna.uts46_remap(host, std3_rules=False).split(".")  # an ASCII label may have characters that IDNA refuses: `a_b`
    return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels)


# ── host and site of an address (all take results of `clean_link` or `portal_address`) ──


def site_of(address: str) -> str:
    """Return the host of an address, without `www.`; "" if the text is no address."""
    return _site(urlsplit(address))


def port_of(address: str) -> int:
    """Return the port of an address, or the default port of its scheme (443 for https, else 80) if the address has no port."""
    parts = urlsplit(address)
    return parts.port or (443 if parts.scheme == "https" else 80)


def front_of(address: str) -> str:
    """Return the address of the front page of the host in `address`, without a trailing slash."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_own(address: str, site: str) -> bool:
    """Whether `address` is on the same server as `site`.

    The hosts must be equal, with or without `www.`, and the ports as well. Ports 80 and 443 count as equal.
    """
    return server_of(address) == server_of(site)


def server_of(address: str) -> str:
    """Return the host of an address without `www.`, and with the port unless the port is 80 or 443."""
    port = port_of(address)
    return site_of(address) if port in _USUAL_PORTS else f"{site_of(address)}:{port}"


def is_of_site(address: str, site: str) -> bool:
    """Whether `address` is a page of the site whose front page is `site`: on the same server, and below the front page's path."""
    return is_own(address, site) and f"{urlsplit(address).path}/".startswith(f"{urlsplit(site).path.rstrip('/')}/")


def is_public(ip: str) -> bool:
    """Whether an IP address is public, according to IANA's special-purpose registries of November 2026."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address not in _PUBLIC_IPV6 or address.scope_id):
        return False
    return not any(address in network for network in _NOT_PUBLIC)


def is_private(address: str) -> bool:
    """Whether an address names a host in a local network.

    Such a host has an IP address that isn't public, a reserved name such as `printer.local`, or a name without a dot.
    """
    host = (urlsplit(address).hostname or "").rstrip(".").lower()
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # RFC 6761, 6762, 8375, and ICANN's reservation of .internal in 2024
        is_reserved = host.endswith(("localhost", ".localdomain", ".local", ".internal", ".home.arpa", ".lan")) or "." not in host
        # 127.1, 0x7f.0.0.1: no name ends in a number, but inet_aton(3) takes these
        return is_reserved or host.rpartition(".")[2][:1].isdigit()
    return not is_public(host)


def is_open_port(port: int) -> bool:
    """Whether requests to the TCP port `port` are allowed.

    Allowed are 80, 443, and the ports from 1024 on, except those that browsers block because another protocol uses them.
    """
    return port in _USUAL_PORTS or (port >= _PRIVILEGED_PORTS and port not in _BLOCKED_PORTS)


def secured(address: str) -> str:
    """Return an address with https instead of http. Port 80 becomes the default port, and any other port stays.

    >>> secured("http://example.org:80/a"), secured("http://example.org:8080/a")
    ('https://example.org/a', 'https://example.org:8080/a')
    """
    parts = urlsplit(address)
    if parts.scheme != "http":
        return address
    port = "" if port_of(address) in _USUAL_PORTS else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return urlunsplit(("https", f"{host}{port}", *parts[2:]))


def with_slash(address: str) -> str:
    """Return an address whose path ends in a slash.

    >>> with_slash("https://example.org/feed?paged=2")
    'https://example.org/feed/?paged=2'
    """
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/"))


def _site(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").removeprefix("www.")


# ── parts of an address ─────────────────────────────────────────────────────


def decoded_path(address: str) -> str:
    """Return the path of an address with percent signs decoded: `/category/খবর/`."""
    return unquote(urlsplit(address).path)


def last_part(address: str) -> str:
    """Return the last part of an address's path, with percent signs decoded: `খবর` for `/category/খবর/`."""
    return _last_part(urlsplit(address).path)


def category_of(address: str) -> str | None:
    """Return the slug of the category `b` from an address in WordPress's usual form, `/category/a/b`.

    Return None for any other address, and for text that isn't an address.
    """
    try:
        _, found, path = urlsplit(address).path.partition("/category/")
    except ValueError:  # an unbalanced bracket in the host
        return None
    return _last_part(path) or None if found else None


@lru_cache(maxsize=1 << 10)  # saving a story needs the same link's key four times
def link_key(link: str | None) -> str | None:
    """Return the key that all variants of `link` share; None if `link` is None, or doesn't identify a story.

    Variants differ in scheme, `www.`, the host's case, a default port, percent signs, trailing slashes, `/amp`, the fragment and
    trackers (`utm_*`, `fbclid`, `gclid`). A site's bare front page identifies no story. Libraries store these keys.

    >>> link_key("https://www.example.org:443/a/b.html/amp?utm_source=rss#top")
    'example.org/a/b.html'
    """
    page, pairs = page_and_query(link)
    query = urlencode([pair for pair in pairs if not pair[0].lower().startswith(TRACKERS)])
    return page + (f"?{query}" if query else "") if "/" in page or (page and query) else None


def page_key(link: str | None) -> str | None:
    """Return the key that all links to a page share, whatever query they have.

    If the path is empty, return the link's key (`link_key`), which has the query. Return None if `link` is no http or https
    address, or has neither a path nor a query.

    >>> page_key("https://example.org/a/b.html?share=mail"), page_key("https://example.org/?p=423")
    ('example.org/a/b.html', 'example.org?p=423')
    """
    page, _ = page_and_query(link)
    return page.lower() if "/" in page else link_key(link)


def page_and_query(link: str | None) -> tuple[str, list[tuple[str, str]]]:
    """Return the host and path of `link` in the form that its variants share, and its query fields as (name, value).

    The form has no scheme, `www.`, default port, trailing slash or `/amp`. Both results are empty if the link is None, or isn't an
    http or https address.
    """
    try:
        parts = urlsplit(link if link and "://" in link else f"https://{link or ''}")
        host, port = _site(parts), parts.port
        path = unquote(parts.path).rstrip("/").removesuffix("/amp").rstrip("/")
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "", []
    if parts.scheme.lower() not in ("http", "https") or not host:
        return "", []
    return host + ("" if port is None or port in _USUAL_PORTS else f":{port}") + path, pairs


@lru_cache(maxsize=_MAX_CACHED)
def portal_key(address: str) -> str:
    """Return the readable, safe key of a paper's address: `thebengalpost.net`, `localhost-8080`, `example.org-news-1a2b3c4d`.

    The scheme and `www.` make no difference. The colon before a port becomes a hyphen. A short hash keeps addresses apart if
    any other character was replaced, if the key was cut, if the host's name ends like a port, or if a feed's address has a query.

    >>> portal_key("http://localhost:8080"), portal_key("http://localhost-8080")
    ('localhost-8080', 'localhost-8080-0ced2497')
    """
    parts = urlsplit(address)
    host = parts.netloc.lower().removeprefix("www.")
    exact = host.replace(":", "-", 1 if host.count(":") == 1 else 0) + parts.path.rstrip("/")
    key = re.sub(r"[^a-z0-9.-]+", "-", exact)[:_LONGEST_KEY].strip(".-")
    key = key if key == exact else f"{key}-{_hash(exact)}".lstrip("-")
    key = f"{key}-{_hash(f'//{host}')}" if _LIKE_A_PORT.search(host) else key
    return f"{key}-{_hash(f'?{parts.query}')}" if parts.query else key


def _hash(text: str) -> str:
    import hashlib  # 3 ms

    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _last_part(path: str) -> str:
    return unquote(path).rstrip("/").rpartition("/")[2]
