"""Targets for sharing a story: addresses and arguments contain only the story's title and link."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.core.sharing.share_targets import MAIL, SERVICES, fill_address, fill_command
from bpost_tui.model.sanitize import clean_line
from bpost_tui.urls import shareable

LINK = "https://thebengalpost.net/recent/a-b.html?p=1&q=2#x"
TITLES = ["Midnapore: ঝড়ে ভাঙল গাছ", "a&text=b", "{link}", "%0a%0d", '"; rm -rf ~ #', "a#b?c=d&e", "ক" * 290]


@pytest.mark.parametrize("title", TITLES)
def test_service_address_keeps_title_link_and_host(title: str) -> None:
    for target, field in zip(SERVICES.values(), ("text", "url"), strict=True):
        address = fill_address(target, LINK, title)
        assert address is not None
        parts, before = urlsplit(address), urlsplit(target)
        assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", before.netloc, before.path, "")
        assert LINK in parse_qs(parts.query)[field][0]
        assert set(parse_qs(parts.query)) <= {"text", "url"}
    whatsapp = parse_qs(urlsplit(str(fill_address(SERVICES["WhatsApp"], LINK, TITLES[0]))).query)["text"]
    assert whatsapp == [f"{TITLES[0]} {LINK}"]


@given(st.text(max_size=60))
def test_mail_address_keeps_title_and_link_for_any_title(title: str) -> None:
    address = fill_address(MAIL, LINK, title)
    assert address is not None and shareable(address)
    fields = dict(part.split("=", 1) for part in address.removeprefix("mailto:?").split("&"))
    assert unquote(fields["body"]) == LINK
    assert unquote(fields["subject"]) in (clean_line(title, 300), "")


def test_title_is_omitted_when_the_address_is_too_long() -> None:
    long = f"https://example.org/{'a' * 1500}"
    assert fill_address(SERVICES["WhatsApp"], long, "ক" * 100) == fill_address(SERVICES["WhatsApp"], long, "")
    assert fill_address(SERVICES["WhatsApp"], f"https://example.org/{'/' * 1500}", "") is None


@pytest.mark.parametrize(
    ("title", "argument"),
    [("$(reboot) `x`; 'y'", "$(reboot) `x`; 'y'"), ("--output=/etc/x", "output=/etc/x"), ("- -x", "x"), ("{link}", "{link}")],
)
def test_share_program_gets_separate_arguments_that_are_no_options(title: str, argument: str) -> None:
    assert fill_command(("send", "--to={link}", "{title}"), LINK, title) == ("send", f"--to={LINK}", argument)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://wa.me/?text=a", True),
        ("mailto:?subject=%E0%A6%95&body=a", True),
        ("mailto:friend@example.org?body=a", True),
        ("mailto:?subject=a%0ABcc:b@example.org", False),
        ("mailto:?subject=a b", False),
        ("mailto:?body=" + "a" * 3000, False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("tel:1", False),
    ],
)
def test_only_web_and_mail_addresses_go_to_the_browser(address: str, may: bool) -> None:
    assert shareable(address) is may
