from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.store.identity import link_key

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
def test_link_key_of_variants_is_one(variant: str) -> None:
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
def test_link_key_of_what_names_no_story_is_none(link: str | None) -> None:
    assert link_key(link) is None


@given(st.text())
def test_link_key_of_any_text_never_fails(text: str) -> None:
    link_key(text)
