from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.errors import UsageError
from bpost_tui.urls import (
    _PLAIN,
    category_of,
    clean_link,
    feed_address,
    is_of_site,
    is_open_port,
    is_own,
    is_private,
    is_public,
    link_key,
    portal_address,
    portal_key,
    secured,
)

ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=400)

LINK = "https://thebengalpost.net/arrested/robbers-arrested.html"


@pytest.mark.parametrize(
    "variant",
    [
        "http://thebengalpost.net/arrested/robbers-arrested.html",
        "https://www.thebengalpost.net/arrested/robbers-arrested.html",
        "HTTPS://WWW.TheBengalPost.NET/arrested/robbers-arrested.html/",
        "https://thebengalpost.net:443/arrested/robbers-arrested.html",
        "https://thebengalpost.net/arrested/robbers-arrested.html/amp",
        "https://thebengalpost.net/arrested/robbers-arrested.html?utm_source=rss&utm_medium=feed&fbclid=x",
        "https://thebengalpost.net/arrested/robbers-arrested.html#more",
        "thebengalpost.net/arrested/robbers-arrested.html",
    ],
)
def test_link_key_is_equal_for_variants(variant: str) -> None:
    assert link_key(variant) == link_key(LINK)


@pytest.mark.parametrize(
    "other",
    [
        "https://thebengalpost.net/arrested/Robbers-arrested.html",
        "https://thebengalpost.net/health/robbers-arrested.html",
        "https://example.net/arrested/robbers-arrested.html",
        "https://thebengalpost.net:8080/arrested/robbers-arrested.html",
        "https://thebengalpost.net/arrested/robbers-arrested.html?p=2",
    ],
)
def test_link_key_of_other_stories_differs(other: str) -> None:
    assert link_key(other) not in (None, link_key(LINK))


def test_link_key_of_bengali_slug_ignores_percent_signs() -> None:
    assert link_key("https://thebengalpost.net/%E0%A6%96%E0%A6%AC%E0%A6%B0.html") == link_key("https://thebengalpost.net/খবর.html")


def test_link_key_of_short_link_keeps_its_number() -> None:
    assert link_key("https://thebengalpost.net/?p=7") != link_key("https://thebengalpost.net/?p=8")


@pytest.mark.parametrize(
    "link",
    [None, "", "https://thebengalpost.net", "https://www.thebengalpost.net/", "mailto:a@b.net", "http://[::1", "http://a.net:x/b"],
)
def test_link_key_of_other_addresses_is_none(link: str | None) -> None:
    assert link_key(link) is None


@given(st.text())
def test_link_key_of_any_text_never_fails(text: str) -> None:
    link_key(text)


@given(ANYTHING | st.text(alphabet="htps:/\\@?#%.-[]1a\r\n\x1bক ", max_size=60))
def test_clean_link_of_any_text_is_ascii_http_or_none(address: str) -> None:
    for link in (clean_link(address), clean_link(address, "https://thebengalpost.net/feed")):
        if link is not None:
            assert link.isascii() and link.isprintable() and " " not in link and "\\" not in link
            parts = urlsplit(link)
            assert parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
            assert clean_link(link) == link


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://thebengalpost.net/a.html", "https://thebengalpost.net/a.html"),
        ("/b?x=1&y=2#z", "https://thebengalpost.net/b?x=1&y=2#z"),
        ("//www.thebengalpost.net/c", "https://www.thebengalpost.net/c"),
        (" https://a.org/খবর ছবি.jpg ", "https://a.org/%E0%A6%96%E0%A6%AC%E0%A6%B0%20%E0%A6%9B%E0%A6%AC%E0%A6%BF.jpg"),
        ("https://a.org/%e0%a6%96", "https://a.org/%e0%a6%96"),
        ("https://thebengalpost.net@evil.example/", "https://evil.example/"),
        ("https://аpple.com/", "https://xn--pple-43d.com/"),
        ("https://ক্‍ষ.in/", "https://xn--p5b2ezc687j.in/"),
        ("https://ক্‌ষ.in/", "https://xn--p5b2ezc287j.in/"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://a_b.খবর/", "https://a_b.xn--q5b8bm/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://a.org/$(reboot)'", "https://a.org/$(reboot)'"),
    ],
)
def test_clean_link_of_an_openable_address_is_absolute(address: str, expected: str) -> None:
    assert clean_link(address, "https://thebengalpost.net/feed") == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.org/",
        "-version",
        "\\\\server\\share",
        "https://a.org\\@b.org/",
        "https://a.org/\r\nHost: b",
        "https://a.org/%0d%0aX: y",
        "https://a.org/\x1b[31m",
        "https://[::1",
        "https://a.org:99999/",
        "https://\u200d.in/",
        "https://-খ.in/",
        f"https://{'খ' * 200}.in/",
        "https://",
        "https://a.org/" + "x" * 3000,
        "mailto:a@b.org",
    ],
)
def test_clean_link_of_an_unsafe_address_is_none(address: str) -> None:
    assert clean_link(address, "https://thebengalpost.net/feed") is None


@pytest.mark.parametrize(
    ("address", "site", "is_its"),
    [
        ("https://thebengalpost.net/a", "https://thebengalpost.net", True),
        ("http://www.thebengalpost.net", "https://thebengalpost.net", True),
        ("https://thebengalpost.net.evil.example/a", "https://thebengalpost.net", False),
        ("https://evil.example/thebengalpost.net", "https://thebengalpost.net", False),
        ("https://example.org/blog/a", "https://example.org/blog", True),
        ("https://example.org/blogs/a", "https://example.org/blog", False),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:80", False),
    ],
)
def test_page_of_a_site_is_distinguished_from_others(address: str, site: str, *, is_its: bool) -> None:
    assert is_of_site(address, site) is is_its


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("https://x.example/category/education/", "education"),
        ("https://x.example/blog/category/news/%e0%a6%a8%e0%a6%a6%e0%a7%80?paged=2", "নদী"),
        ("https://x.example/category/", None),
        ("https://x.example/category-of-one", None),
        ("https://[x.example/category/education", None),
    ],
)
def test_category_of_an_address_is_its_last_path_part(address: str, slug: str | None) -> None:
    assert category_of(address) == slug


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        *(("8.8.8.8", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("0.0.0.0", False), ("::1", False), ("::", False)),
        *(("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::ffff:8.8.8.8", False), ("fd00::1", False)),
        *(("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("fe80::1%eth0", False), ("nonsense", False)),
        # with an IPv4 address inside, local or unassigned; the answer of Python itself depends on its version
        *(("fec0::1", False), ("::127.0.0.1", False), ("64:ff9b:1::a00:1", False), ("::ffff:0:10.0.0.1", False)),
        *(("::8.8.8.8", False), ("ff02::1", False)),
        *(("3fff::1", False), ("5f00::1", False), ("2001::1", False), ("2001:db8::1", False), ("4000::1", False)),
        *(("192.88.99.1", False), ("192.0.0.9", False), ("198.18.0.1", False), ("169.254.169.254", False), ("240.0.0.1", False)),
        *(("1.1.1.1", True), ("2400:cb00::1", True), ("2a00:1450::1", True), ("2600::1%eth0", False)),
    ],
)
def test_is_public_accepts_only_public_addresses(ip: str, public: bool) -> None:
    assert is_public(ip) is public


@pytest.mark.parametrize(
    ("port", "open_"),
    [(80, True), (443, True), (8080, True), (65535, True), (22, False), (25, False), (1023, False), (2049, False), (6667, False)],
)
def test_open_port_excludes_ports_of_known_services(port: int, *, open_: bool) -> None:
    assert is_open_port(port) is open_


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://a.org/b?c#d", "https://a.org/b?c#d"),
        ("http://a.org:443", "https://a.org"),
        ("http://[::1]:80/x", "https://[::1]/x"),
        ("http://[::1]:81/x", "https://[::1]:81/x"),
        ("https://a.org:80/", "https://a.org:80/"),
    ],
)
def test_secured_address_is_https(address: str, expected: str) -> None:
    assert secured(address) == expected


@pytest.mark.parametrize(
    ("origin", "address", "own"),
    [
        ("https://thebengalpost.net", "https://www.thebengalpost.net/feed", True),
        ("http://www.thebengalpost.net", "https://thebengalpost.net/feed", True),
        ("https://thebengalpost.net", "https://thebengalpost.net:8443/", False),
        ("https://thebengalpost.net", "https://thebengalpost.net.evil.example/", False),
        ("http://127.0.0.1:8099", "http://127.0.0.1:8099/x", True),
        ("http://127.0.0.1:8099", "http://127.0.0.1:8098/x", False),
        ("http://127.0.0.1:8099", "http://localhost:8099/x", False),
    ],
)
def test_own_host_includes_its_www_variant(origin: str, address: str, own: bool) -> None:
    assert is_own(address, origin) is own


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://thebengalpost.net", "thebengalpost.net"),
        ("https://www.thebengalpost.net", "thebengalpost.net"),
        ("http://thebengalpost.net", "thebengalpost.net"),
        ("http://localhost:8080", "localhost-8080"),
    ],
)
def test_portal_key_of_a_plain_host_is_the_host(address: str, key: str) -> None:
    assert portal_key(address) == key


@pytest.mark.parametrize("address", ["https://example.org/news", "http://[::1]:8080", "https://খবর.in", "https://h/../.."])
def test_portal_key_of_other_addresses_ends_in_a_hash(address: str) -> None:
    assert re.fullmatch(r"[a-z0-9.-]*[0-9a-f]{8}", portal_key(address))


@pytest.mark.parametrize("path", ["", "/news"])
def test_portal_key_with_a_port_differs_from_any_host(path: str) -> None:
    keys = {portal_key(f"http://{host}{path}") for host in ("localhost:8080", "localhost-8080", "www.localhost-8080", "localhost")}
    assert len(keys) == 3


def test_portal_key_differs_for_different_paths() -> None:
    keys = {portal_key(f"https://example.org{path}") for path in ("", "/a", "/a/b", "/a-b", "/A")}
    assert len(keys) == 5


def test_portal_key_of_a_feed_includes_its_query() -> None:
    keys = {portal_key(f"https://example.org/feed{query}") for query in ("", "?a=1", "?a=2", "?a=%20")}
    assert len(keys) == 4 and all(re.fullmatch(r"[a-z0-9.-]*[0-9a-f]{8}", key) for key in keys)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("example.org/rss.xml", "https://example.org/rss.xml"),
        (" HTTP://Example.org/feed/?a=খ#top ", "http://example.org/feed/?a=%E0%A6%96"),
        ("http://127.0.0.1:8080/x?y", "http://127.0.0.1:8080/x?y"),
    ],
)
def test_feed_address_keeps_its_query(text: str, address: str) -> None:
    assert feed_address(text) == address


HOSTS, PATHS = st.text("ab09.-", max_size=9), st.text("Aab09._/~-%=&?#:@+ é", max_size=12)


@given(st.builds("{}://{}/{}".format, st.sampled_from(["http", "https"]), HOSTS, PATHS))
def test_quickly_accepted_feed_address_equals_the_full_check(text: str) -> None:
    if _PLAIN.fullmatch(text):
        assert portal_address(text) and clean_link(text.partition("#")[0]) == text == feed_address(text)


@pytest.mark.parametrize("text", ["", "news", "file:///etc/passwd", "https://a@b.example/feed", "https://x.example/%0a"])
def test_feed_address_of_other_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="isn't a portal's address"):
        feed_address(text)


@given(st.text(max_size=200))
def test_portal_key_of_any_path_is_one_safe_name(path: str) -> None:
    key = portal_key("https://example.org/" + path.replace("[", "").replace("]", ""))
    assert key.startswith("example.org")
    assert key.isascii() and not set(key) & set("/\\:\0")
    assert len(key) <= 100


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("thebengalpost.net", "https://thebengalpost.net"),
        ("  https://thebengalpost.net/  ", "https://thebengalpost.net"),
        ("HTTP://Host/news//", "http://host/news"),
        ("localhost:8080", "https://localhost:8080"),
        ("https://h:443/?p=1#x", "https://h"),
        ("http://h:80", "http://h"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ],
)
def test_portal_address_of_a_web_address_is_normalised(text: str, address: str) -> None:
    assert portal_address(text) == address
    assert portal_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "http://",
        "ftp://h",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://u:p@h",
        "http://h:99999",
        "http://a b",
        "//h",
        "http://h\x1b",
    ],
)
def test_portal_address_of_other_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        portal_address(text)


@given(st.text(max_size=60))
def test_portal_address_of_any_text_is_normal_or_refused(text: str) -> None:
    try:
        address = portal_address(text)
    except UsageError:
        return
    assert address.startswith(("https://", "http://"))
    assert portal_address(address) == address


@pytest.mark.parametrize(
    "host",
    [
        *"127.1 0x7f.0.0.1 3232235777 0 192.168.0.1. user:pw@10.0.0.1 [::ffff:192.168.1.1] [fe80::1] 100.64.0.1".split(),
        *"localhost. router.local printer nas.home.arpa foo.internal a.lan 192.168.257 0300.0250.1.1 localhost.localdomain".split(),
    ],
)
def test_private_host_is_recognised_in_any_notation(host: str) -> None:
    assert is_private(f"http://{host}/feed")
    assert (
        not is_private("https://example.org/feed")
        and not is_private("https://24.example/feed")
        and not is_private("http://8.8.8.8/")
    )
